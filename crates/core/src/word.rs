//! The lines that modules print, as one table, and the search for the row that a line matches.
//!
//! A row is the text of a line; a star at its end stands for anything, mostly fields. Two bytes of a line choose a group of
//! rows, which is nearly always a single one, so that a line is compared once, whatever the number of rows.

use crate::line::trim_end;

macro_rules! kinds {
    ($($kind:ident)*) => {
        /// What a line is, by its text alone; its fields are still to be read.
        ///
        /// The order counts, see the list.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        #[repr(u8)]
        pub(crate) enum Kind { $($kind,)* }
        impl Kind {
            const fn of(number: u8) -> Self {
                $(if number == Self::$kind as u8 { return Self::$kind; })*
                Self::Ok
            }
        }
    };
}

// By lines: those that may carry a link number in front; texts; texts with others in them; number fields up to 255, up to
// 65535, and above. `classify` compares with the first of each.
kinds! {
    ConnectOk ConnectFail Already SendOk SendFail CloseOk Closed RemoteIp
    Ok Error Shut ServerOk Ring PdpDeact Restart Boot NoResponse ServerClose NetLost Power
    DataMode From State Cpin IpAddr Cmti
    IpClose TcpClosed NetOpen NetClose ServerStop Csq Creg Cgreg Cgatt Accept LinkRow ServerRow CipOpen CipClose
    CipSend DataAccept Dns CmeError CmsError IpError CipError
    CipAck RxGet Receive Ipd
}

/// Of two rows in one group, the one that comes more often stands first, and before any that is its beginning.
const ROWS: &[(&str, Kind)] = &[
    ("OK", Kind::Ok),
    ("ERROR", Kind::Error),
    ("C:*", Kind::LinkRow),
    ("CONNECT OK", Kind::ConnectOk),
    ("CONNECT FAIL", Kind::ConnectFail),
    ("CONNECT *", Kind::DataMode),
    ("CONNECT", Kind::DataMode),
    ("COMMAND NO*", Kind::NoResponse),
    ("CLOSED", Kind::Closed),
    ("CLOSE OK", Kind::CloseOk),
    ("Call Ready", Kind::Boot),
    ("Cli:*", Kind::LinkRow),
    ("ALREADY CONNECT*", Kind::Already),
    ("ALREAY CONNECT*", Kind::Already),
    ("SEND OK", Kind::SendOk),
    ("SEND FAIL", Kind::SendFail),
    ("SERVER OK", Kind::ServerOk),
    ("SERVER CLOSE*", Kind::ServerClose),
    ("SHUT OK", Kind::Shut),
    ("SMS Ready", Kind::Boot),
    ("SMS DONE", Kind::Boot),
    ("STATE:*", Kind::State),
    ("S:*", Kind::ServerRow),
    ("Ser:*", Kind::ServerRow),
    ("DATA ACCEPT:*", Kind::DataAccept),
    ("RDY", Kind::Restart),
    ("RING", Kind::Ring),
    ("*ATREADY: 1", Kind::Restart),
    ("Init...", Kind::Boot),
    ("PB DONE", Kind::Boot),
    ("NORMAL POWER DOWN", Kind::Power),
    ("UNDER-VOLTAGE*", Kind::Power),
    ("+RECEIVE*", Kind::Receive),
    ("+RECV FROM:*", Kind::From),
    ("+IPD*", Kind::Ipd),
    ("+IPCLOSE*", Kind::IpClose),
    ("+IPSTATUS:*", Kind::State),
    ("+IPADDR*", Kind::IpAddr),
    ("+IP ERROR*", Kind::IpError),
    ("+PDP: DEACT", Kind::PdpDeact),
    ("+PDP DEACT", Kind::PdpDeact),
    ("+NETOPEN*", Kind::NetOpen),
    ("+NETCLOSE*", Kind::NetClose),
    ("+TCPCLOSED*", Kind::TcpClosed),
    ("+SERVERSTOP*", Kind::ServerStop),
    ("+CIPRXGET*", Kind::RxGet),
    ("+CIPRCV*", Kind::Receive),
    ("+CIPSEND*", Kind::CipSend),
    ("+CIPSTATUS*", Kind::LinkRow),
    ("+CIPCLOSE*", Kind::CipClose),
    ("+CIPOPEN*", Kind::CipOpen),
    ("+CIPERROR*", Kind::CipError),
    ("+CIPEVENT: NETWORK CLOSED*", Kind::NetLost),
    ("+CIPACK*", Kind::CipAck),
    ("+CREG*", Kind::Creg),
    ("+CSQ*", Kind::Csq),
    ("+CME ERROR*", Kind::CmeError),
    ("+CMS ERROR*", Kind::CmsError),
    ("+CMTI*", Kind::Cmti),
    ("+CGREG*", Kind::Cgreg),
    ("+CGATT*", Kind::Cgatt),
    ("+CDNSGIP*", Kind::Dns),
    ("+CLIENT*", Kind::Accept),
    ("+CPIN:*", Kind::Cpin),
    ("+Cli:*", Kind::LinkRow),
    ("OVER-VOLTAGE*", Kind::Power),
    ("RECV FROM:*", Kind::From),
    ("REMOTE IP:*", Kind::RemoteIp),
    ("READY", Kind::Restart),
];

/// Rows are kept in so many groups.
const GROUPS: usize = 64;
/// With a length: anything may follow the text of this row.
const ANY: u8 = 0x40;
/// With a length: the last row of its group.
const LAST: u8 = 0x80;

/// Whether other lines may follow behind the end of the one that is looked for.
const MORE: bool = cfg!(not(target_os = "none"));

/// Group → where its rows are in `TEXT`.
static STARTS: [u16; GROUPS] = build().starts;
/// Each row: its length with [`ANY`] and [`LAST`], its kind, its text.
static TEXT: [u8; build().len] = text();

/// The group of a line, by two bytes that every row has.
const fn group(line: &[u8]) -> Option<usize> {
    let (high, low) = match line {
        [b'+', _, high, low, ..] | [high, low, ..] => (*high, *low),
        _ => return None,
    };
    Some((high as usize * 46 + low as usize) % GROUPS)
}

struct Table {
    bytes: [u8; 1024],
    len: usize,
    starts: [u16; GROUPS],
}

#[expect(clippy::cast_possible_truncation, clippy::indexing_slicing, reason = "at compile time, 1,024 bytes")]
const fn build() -> Table {
    let mut table = Table { bytes: [0; 1024], len: 0, starts: [1023; GROUPS] };
    let mut g = 0;
    while g < GROUPS {
        let mut last = None;
        let mut row = 0;
        while row < ROWS.len() {
            let text = ROWS[row].0.as_bytes();
            if matches!(group(text), Some(own) if own == g) {
                let any = text[text.len() - 1] == b'*';
                let len = if any { text.len() - 1 } else { text.len() };
                let at = table.len;
                if last.is_none() {
                    table.starts[g] = at as u16;
                }
                last = Some(at);
                table.bytes[at] = len as u8 | if any { ANY } else { 0 };
                table.bytes[at + 1] = ROWS[row].1 as u8;
                let mut i = 0;
                while i < len {
                    table.bytes[at + 2 + i] = text[i];
                    i += 1;
                }
                table.len = at + 2 + len;
            }
            row += 1;
        }
        if let Some(at) = last {
            table.bytes[at] |= LAST;
        }
        g += 1;
    }
    table
}

#[expect(clippy::indexing_slicing, reason = "at compile time")]
const fn text() -> [u8; build().len] {
    let all = build().bytes;
    let mut text = [0; build().len];
    let mut i = 0;
    while i < text.len() {
        text[i] = all[i];
        i += 1;
    }
    text
}

impl Kind {
    /// What `line` is, and how many of its bytes say so; other lines may follow behind its end.
    #[cfg_attr(not(target_os = "none"), inline(always))]
    pub(crate) fn find(line: &[u8]) -> Option<(Self, usize)> {
        let mut rows = TEXT.get(usize::from(*STARTS.get(group(line)?)?)..)?;
        loop {
            let (&[mark, kind], behind) = rows.split_first_chunk()?;
            let (text, next) = behind.split_at_checked(usize::from(mark & !(ANY | LAST)))?;
            if begins(line, text)
                && let Some(rest) = line.get(text.len()..)
                && (mark & ANY != 0 || (MORE && rest.starts_with(b"\r\n")) || trim_end(rest, b' ').is_empty())
            {
                return Some((Self::of(kind), text.len()));
            }
            if mark & LAST != 0 {
                return None;
            }
            rows = next;
        }
    }
}

/// Whether `line` begins with `text`.
#[inline]
fn begins(line: &[u8], text: &[u8]) -> bool {
    let Some(line) = line.get(..text.len()) else { return false };
    // Rows are short: on a host two words that may overlap take fewer instructions than a call.
    #[cfg(not(target_os = "none"))]
    if text.len() <= 16
        && let (Some(a), Some(b)) = (line.first_chunk::<8>(), text.first_chunk::<8>())
    {
        return a == b && line.last_chunk::<8>() == text.last_chunk::<8>();
    } else if text.len() <= 8
        && let (Some(a), Some(b)) = (line.first_chunk::<4>(), text.first_chunk::<4>())
    {
        return a == b && line.last_chunk::<4>() == text.last_chunk::<4>();
    }
    line == text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(line: &str) -> Option<(Kind, &str)> {
        Kind::find(line.as_bytes()).map(|(kind, len)| (kind, &line[len..]))
    }

    #[test]
    fn every_row_is_found_by_its_own_text() {
        for (row, kind) in ROWS {
            let line = format!("{}{}", &row[..1], row[1..].replace('*', ""));
            assert_eq!(found(&line).map(|found| found.0), Some(*kind), "{row}");
        }
    }

    #[test]
    fn what_stands_behind_a_star_is_left_for_the_fields() {
        assert_eq!(found("+CSQ: 21,0"), Some((Kind::Csq, ": 21,0")));
        assert_eq!(found("+CME ERROR: 3"), Some((Kind::CmeError, ": 3")));
        assert_eq!(found("+IPD176"), Some((Kind::Ipd, "176")));
        assert_eq!(found("CONNECT OKAY"), Some((Kind::DataMode, "OKAY")));
        assert_eq!(found("OK  "), Some((Kind::Ok, "  ")));
    }

    #[test]
    fn other_lines_are_none_of_ours() {
        for line in ["", "++", "17", "OKX", "OK 1", "CLOSEDX", "SEND", "SEND OKAY", "+cme ERROR: 1", "kOK"] {
            assert_eq!(found(line), None, "{line}");
        }
    }

    #[test]
    fn groups_are_small() {
        let largest =
            (0..GROUPS).map(|g| ROWS.iter().filter(|r| group(r.0.as_bytes()) == Some(g)).count()).max();
        assert_eq!(largest, Some(9), "nine begin with +CIP");
    }
}
