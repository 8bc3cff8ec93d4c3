//! The lines that modules print, as one table, and the search for the row that a line matches.
//!
//! A row is the text at the front of a line; what may follow it, its layout says. The search is one of two, with the same
//! result: the one that takes the fewest steps on a host, the one that takes the fewest bytes on a microcontroller.

use crate::layout::Layout;

#[cfg(not(small))]
pub(crate) mod grouped;
#[cfg(any(small, test))]
pub(crate) mod sorted;

/// The layout of the line; `f` stands behind the text that says so. Of a line that has no row, the one of a bare address.
#[cfg(small)]
pub(crate) use sorted::find;

/// The layout of the line; `f` stands behind the text that says so. Of a line that has no row, the one of a bare address.
#[cfg(not(small))]
#[inline(always)]
pub(crate) fn find(f: &mut crate::line::Fields<'_>) -> Layout {
    let found = f.line().get(f.at..).and_then(grouped::find);
    f.at = found.map_or(0, |(_, len)| f.at + len);
    found.map_or(Layout::BARE_IP, |(layout, _)| layout)
}

/// What is behind a bar tells no two rows apart and is not looked at. Of two rows in one group, the one that comes more often
/// stands first, and before any that is its beginning.
const ROWS: &[(&str, Layout)] = &[
    ("OK", Layout::OK),
    ("ERROR", Layout::ERROR),
    ("C:", Layout::LINK_ROW),
    ("CONNECT OK", Layout::CONNECT_OK),
    ("CONNECT FAIL", Layout::CONNECT_FAIL),
    ("CONNECT ", Layout::DATA_MODE),
    ("CONNECT", Layout::DATA_MODE),
    ("COMMAND N|O RESPONSE!", Layout::NO_RESPONSE),
    ("CLOSED", Layout::CLOSED),
    ("CLOSE OK", Layout::CLOSE_OK),
    ("Call Ready", Layout::BOOT),
    ("Cli:", Layout::LINK_ROW),
    ("ALREADY CONNECT", Layout::ALREADY),
    ("ALREAY C|ONNECT", Layout::ALREADY),
    ("SEND OK", Layout::SEND_OK),
    ("SEND FAIL", Layout::SEND_FAIL),
    ("SERVER OK", Layout::SERVER_OK),
    ("SERVER C|LOSE", Layout::SERVER_CLOSE),
    ("SHUT OK", Layout::SHUT),
    ("SMS Ready", Layout::BOOT),
    ("SMS DONE", Layout::BOOT),
    ("STATE:", Layout::STATE),
    ("S:", Layout::SERVER_ROW),
    ("Ser:", Layout::SERVER_ROW),
    ("DATA ACCEPT", Layout::DATA_ACCEPT),
    ("RDY", Layout::RESTART),
    ("RING", Layout::RING),
    ("*ATREADY: 1", Layout::RESTART),
    ("Init...", Layout::BOOT),
    ("PB DONE", Layout::BOOT),
    ("NORMAL P|OWER DOWN", Layout::NORMAL),
    ("UNDER-V|OLTAGE", Layout::VOLTAGE),
    ("+RECEIVE", Layout::RECEIVE),
    ("+RECV FROM", Layout::RECV_FROM),
    ("+IPD", Layout::IPD),
    ("+IPCLOSE", Layout::IP_CLOSE),
    ("+IPSTATUS", Layout::IP_STATUS),
    ("+IPADDR", Layout::LOCAL_IP),
    ("+IP ERROR", Layout::IP_ERROR),
    ("+PDP: DEACT", Layout::PDP_DEACT),
    ("+PDP DEACT", Layout::PDP_DEACT),
    ("+NETOPEN", Layout::NET_OPEN),
    ("+NETCLOSE", Layout::NET_CLOSE),
    ("+TCPCLOSED", Layout::TCP_CLOSED),
    ("+SERVERSTOP", Layout::SERVER_STOP),
    ("+CIPRXGET", Layout::RX_GET),
    ("+CIPRCV", Layout::RCV),
    ("+CIPSEND", Layout::SEND),
    ("+CIPSTATUS", Layout::LINK_ROW),
    ("+CIPCLOSE", Layout::CLOSE),
    ("+CIPOPEN", Layout::OPEN),
    ("+CIPERROR", Layout::CIP_ERROR),
    ("+CIPEVENT: NET|WORK CLOSED", Layout::NET_LOST),
    ("+CIPACK", Layout::ACK),
    ("+CREG", Layout::CREG),
    ("+CSQ", Layout::CSQ),
    ("+CME ERROR", Layout::CME_ERROR),
    ("+CMS ERROR", Layout::CMS_ERROR),
    ("+CMTI", Layout::SMS),
    ("+CGREG", Layout::CGREG),
    ("+CGATT", Layout::CGATT),
    ("+CDNSGIP", Layout::DNS),
    ("+CLIENT", Layout::CLIENT),
    ("+CPIN", Layout::SIM),
    ("+Cli:", Layout::LINK_ROW),
    ("OVER-V|OLTAGE", Layout::VOLTAGE),
    ("RECV FROM", Layout::RECV_FROM),
    ("REMOTE IP", Layout::REMOTE_IP),
    ("READY", Layout::RESTART),
];

/// The text of a row, as far as it is looked at.
#[expect(clippy::indexing_slicing, reason = "at compile time")]
const fn text_of(row: usize) -> &'static [u8] {
    let text = ROWS[row].0.as_bytes();
    let mut i = 0;
    while i < text.len() && text[i] != b'|' {
        i += 1;
    }
    text.split_at(i).0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::classify::{Ask, Context, Quirks, classify};
    use crate::line::Fields;
    use crate::report::{Kind, Told};

    fn found(line: &str) -> Option<(Layout, &str)> {
        let mut f = Fields::new(line.as_bytes(), 0);
        let layout = find(&mut f);
        (f.at > 0).then(|| (layout, &line[f.at..]))
    }

    #[test]
    fn every_row_is_found_by_its_own_text() {
        for (row, kind) in ROWS {
            let (front, behind) = row.split_once('|').unwrap_or((row, ""));
            assert_eq!(found(&format!("{front}{behind}")), Some((*kind, behind)), "{row}");
        }
    }

    #[test]
    fn what_stands_behind_a_row_is_left_for_the_fields() {
        assert_eq!(found("+CSQ: 21,0"), Some((Layout::CSQ, ": 21,0")));
        assert_eq!(found("+CME ERROR: 3"), Some((Layout::CME_ERROR, ": 3")));
        assert_eq!(found("+IPD176"), Some((Layout::IPD, "176")));
        assert_eq!(found("CONNECT 9600"), Some((Layout::DATA_MODE, "9600")));
        assert_eq!(found("CONNECT OK"), Some((Layout::CONNECT_OK, "")));
        assert_eq!(found("OK  "), Some((Layout::OK, "  ")));
    }

    #[test]
    fn other_lines_are_none_of_ours() {
        for line in [
            "",
            "++",
            "17",
            "OKX",
            "OK 1",
            "CLOSEDX",
            "SEND",
            "SEND OKAY",
            "+cme ERROR: 1",
            "kOK",
            "RINGS",
            "RDYX",
            "READY to go",
        ] {
            let mut context = Context {
                quirks: Quirks(0),
                ask: Ask::Other,
                unnumbered: Told::SINGLE,
                told: Told::new(Kind::Line),
            };
            assert_eq!(classify(line.as_bytes(), &mut context), None, "{line}");
        }
    }

    #[test]
    #[cfg(not(small))]
    fn both_searches_find_the_same() {
        for (row, _) in ROWS {
            for line in ["", " ", "x", ": 1", "1,2"].map(|behind| format!("{}{behind}", row.replace('|', "")))
            {
                for line in [&line[..], &line[..line.len() - 1], &line[1..]] {
                    let mut f = [Fields::new(line.as_bytes(), 0); 2];
                    let [one, two] = &mut f;
                    assert_eq!((find(one), one.at), (sorted::find(two), two.at), "{line}");
                }
            }
        }
    }
}
