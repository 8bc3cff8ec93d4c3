//! The lines that modules print, as one table, and the search for the row that a line matches.
//!
//! A row is the text of a line; a star at its end stands for anything, mostly fields. Two bytes of a line choose a group of
//! rows, which is nearly always a single one, so that a line is compared once, whatever the number of rows.

use crate::line::trim_end;
use crate::report::Kind;

macro_rules! words {
    ($($word:ident $kind:ident,)*) => {
        /// What a line is, by its text alone; its fields are still to be read.
        ///
        /// The order counts, see the list.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        #[repr(u8)]
        pub(crate) enum Word { $($word,)* }
        impl Word {
            const fn of(number: u8) -> Self {
                $(if number == Self::$word as u8 { return Self::$word; })*
                Self::Ok
            }

            /// The report that it mostly is; the fields may say otherwise.
            #[cfg_attr(not(target_os = "none"), inline(always))]
            pub(crate) const fn kind(self) -> Kind {
                match self { $(Self::$word => Kind::$kind,)* }
            }
        }
    };
}

// By lines: those that may carry a link number in front; texts, of which some are told; texts with others in them; number
// fields up to 255, the same with a link in front, the same up to 65535, those without a link, and above. `classify` compares
// with the first or the last of each.
words! {
    ConnectOk ConnectOk, ConnectFail ConnectFail, Already AlreadyConnected, SendOk SendOk, SendFail SendFail, CloseOk CloseOk,
    Closed Closed, RemoteIp Accepted,
    Ok Ok, Error Error, Shut Shut, ServerOk ServerOk, Ring Ring, PdpDeact PdpDeact, Restart Boot, Boot Boot, NoResponse Error,
    Power PowerWarn, ServerClose ServerClose, NetLost NetLost,
    DataMode DataMode, From Raw, State State, Cpin Sim, IpAddr LocalIp, Cmti Sms,
    NetOpen NetOpen, NetClose NetClose, ServerStop ServerStopped, Csq Signal, Creg Registration, Cgreg Registration,
    Cgatt Attach, ServerRow ServerState,
    IpClose Closed, TcpClosed Closed, Accept Accepted, LinkRow LinkState, CipOpen LinkState, CipClose CloseErr,
    CipSend SendOk, DataAccept DataAccept,
    Dns Dns, CmeError CmeError, CmsError CmsError, IpError IpError, CipError CipError,
    CipAck Ack, RxGet Data, Receive Data, Ipd Data,
}

/// Of two rows in one group, the one that comes more often stands first, and before any that is its beginning.
const ROWS: &[(&str, Word)] = &[
    ("OK", Word::Ok),
    ("ERROR", Word::Error),
    ("C:*", Word::LinkRow),
    ("CONNECT OK", Word::ConnectOk),
    ("CONNECT FAIL", Word::ConnectFail),
    ("CONNECT *", Word::DataMode),
    ("CONNECT", Word::DataMode),
    ("COMMAND NO*", Word::NoResponse),
    ("CLOSED", Word::Closed),
    ("CLOSE OK", Word::CloseOk),
    ("Call Ready", Word::Boot),
    ("Cli:*", Word::LinkRow),
    ("ALREADY CONNECT*", Word::Already),
    ("ALREAY CONNECT*", Word::Already),
    ("SEND OK", Word::SendOk),
    ("SEND FAIL", Word::SendFail),
    ("SERVER OK", Word::ServerOk),
    ("SERVER CLOSE*", Word::ServerClose),
    ("SHUT OK", Word::Shut),
    ("SMS Ready", Word::Boot),
    ("SMS DONE", Word::Boot),
    ("STATE:*", Word::State),
    ("S:*", Word::ServerRow),
    ("Ser:*", Word::ServerRow),
    ("DATA ACCEPT:*", Word::DataAccept),
    ("RDY", Word::Restart),
    ("RING", Word::Ring),
    ("*ATREADY: 1", Word::Restart),
    ("Init...", Word::Boot),
    ("PB DONE", Word::Boot),
    ("NORMAL POWER DOWN", Word::Power),
    ("UNDER-VOLTAGE*", Word::Power),
    ("+RECEIVE*", Word::Receive),
    ("+RECV FROM:*", Word::From),
    ("+IPD*", Word::Ipd),
    ("+IPCLOSE*", Word::IpClose),
    ("+IPSTATUS:*", Word::State),
    ("+IPADDR*", Word::IpAddr),
    ("+IP ERROR*", Word::IpError),
    ("+PDP: DEACT", Word::PdpDeact),
    ("+PDP DEACT", Word::PdpDeact),
    ("+NETOPEN*", Word::NetOpen),
    ("+NETCLOSE*", Word::NetClose),
    ("+TCPCLOSED*", Word::TcpClosed),
    ("+SERVERSTOP*", Word::ServerStop),
    ("+CIPRXGET*", Word::RxGet),
    ("+CIPRCV*", Word::Receive),
    ("+CIPSEND*", Word::CipSend),
    ("+CIPSTATUS*", Word::LinkRow),
    ("+CIPCLOSE*", Word::CipClose),
    ("+CIPOPEN*", Word::CipOpen),
    ("+CIPERROR*", Word::CipError),
    ("+CIPEVENT: NETWORK CLOSED*", Word::NetLost),
    ("+CIPACK*", Word::CipAck),
    ("+CREG*", Word::Creg),
    ("+CSQ*", Word::Csq),
    ("+CME ERROR*", Word::CmeError),
    ("+CMS ERROR*", Word::CmsError),
    ("+CMTI*", Word::Cmti),
    ("+CGREG*", Word::Cgreg),
    ("+CGATT*", Word::Cgatt),
    ("+CDNSGIP*", Word::Dns),
    ("+CLIENT*", Word::Accept),
    ("+CPIN:*", Word::Cpin),
    ("+Cli:*", Word::LinkRow),
    ("OVER-VOLTAGE*", Word::Power),
    ("RECV FROM:*", Word::From),
    ("REMOTE IP:*", Word::RemoteIp),
    ("READY", Word::Restart),
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

impl Word {
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

    fn found(line: &str) -> Option<(Word, &str)> {
        Word::find(line.as_bytes()).map(|(kind, len)| (kind, &line[len..]))
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
        assert_eq!(found("+CSQ: 21,0"), Some((Word::Csq, ": 21,0")));
        assert_eq!(found("+CME ERROR: 3"), Some((Word::CmeError, ": 3")));
        assert_eq!(found("+IPD176"), Some((Word::Ipd, "176")));
        assert_eq!(found("CONNECT OKAY"), Some((Word::DataMode, "OKAY")));
        assert_eq!(found("OK  "), Some((Word::Ok, "  ")));
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
