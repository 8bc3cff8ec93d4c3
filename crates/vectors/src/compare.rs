//! Do the reports of a reader satisfy the expectations of a file?

use std::fmt;

use crate::report::Report;

/// `Line`, and the typed reports that may stand in its place.
pub const TYPED_LINES: [&str; 11] =
    ["Line", "Signal", "Registration", "Sim", "Attach", "Ack", "Ring", "Sms", "Clock", "Info", "Identity"];

/// What to do with the reports of [`TYPED_LINES`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Lines {
    /// Leave them out on both sides. The usual choice: noise and unknown lines are free.
    #[default]
    LeftOut,
    /// Compare them as all others.
    Compared,
}

/// The first place where the reports are not as expected.
///
/// **Units**: `index` counts from 0 in the reports that are compared (joined, and without the lines left out).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mismatch {
    /// The place.
    pub index: usize,
    /// The expectation there; `None` when no more is expected.
    pub want: Option<Report>,
    /// The report there; `None` when no more came.
    pub got: Option<Report>,
}

impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = |report: &Option<Report>| report.as_ref().map_or("nothing".to_owned(), Report::to_string);
        write!(f, "at report {}: want {}, got {}", self.index, text(&self.want), text(&self.got))
    }
}

impl std::error::Error for Mismatch {}

/// Neighbouring pieces of one payload made one.
///
/// A `Data` whose `left` is there, not empty and not 0, takes the `Data` of the same link that follows it: the bytes
/// are put together, `left` becomes that of the later piece.
pub fn join_data(reports: impl IntoIterator<Item = Report>) -> Vec<Report> {
    let mut joined: Vec<Report> = Vec::new();
    for report in reports {
        match joined.last_mut() {
            Some(before) if continues(before, &report) => {
                let mut bytes = before.field("bytes").unwrap_or_default().to_vec();
                bytes.extend_from_slice(report.field("bytes").unwrap_or_default());
                before.set("bytes", bytes);
                before.set("left", report.field("left").unwrap_or(b"0").to_vec());
            }
            _ => joined.push(report),
        }
    }
    joined
}

fn continues(before: &Report, report: &Report) -> bool {
    let more = !matches!(before.field("left"), None | Some(b"" | b"0"));
    report.name == "Data" && before.name == "Data" && more && before.field("link") == report.field("link")
}

/// Compares: each expected report must come, in order, with at least its fields; nothing else may come.
///
/// Pieces of one payload in `got` are joined first.
/// **Errors**: [`Mismatch`], the first difference.
pub fn compare(want: &[Report], got: &[Report], lines: Lines) -> Result<(), Mismatch> {
    let counts = |report: &Report| lines == Lines::Compared || !TYPED_LINES.contains(&report.name.as_str());
    let want: Vec<&Report> = want.iter().filter(|report| counts(report)).collect();
    let got: Vec<Report> = join_data(got.iter().cloned()).into_iter().filter(counts).collect();
    for index in 0..want.len().max(got.len()) {
        let (expected, came) = (want.get(index).copied(), got.get(index));
        let same = expected.zip(came).is_some_and(|(expected, came)| expected.accepts(came));
        if !same {
            return Err(Mismatch { index, want: expected.cloned(), got: came.cloned() });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reports(lines: &[&str]) -> Vec<Report> {
        lines.iter().map(|line| Report::parse(line).unwrap()).collect()
    }

    #[test]
    fn lines_are_left_out_unless_asked_for() {
        let want = reports(&["Ok", "Line{\"+CSQ: 9,0\"}", "Shut"]);
        let got = reports(&["Line{\"noise\"}", "Ok", "Signal{rssi=9}", "Shut"]);
        assert_eq!(compare(&want, &got, Lines::LeftOut), Ok(()));
        assert_eq!(compare(&want, &got, Lines::Compared).unwrap_err().index, 0);
        assert_eq!(compare(&want, &want, Lines::Compared), Ok(()));
    }

    #[test]
    fn the_first_difference_is_named() {
        let want = reports(&["Ok", "Closed{link=0}"]);
        let error = compare(&want, &reports(&["Ok", "Closed{link=1}"]), Lines::LeftOut).unwrap_err();
        assert_eq!(error.to_string(), "at report 1: want Closed{link=0}, got Closed{link=1}");
        let error = compare(&want, &reports(&["Ok"]), Lines::LeftOut).unwrap_err();
        assert_eq!(error.to_string(), "at report 1: want Closed{link=0}, got nothing");
        let error = compare(&[], &want, Lines::LeftOut).unwrap_err();
        assert_eq!(error.to_string(), "at report 0: want nothing, got Ok");
    }

    #[test]
    fn pieces_of_a_payload_are_joined() {
        let want = reports(&["Data{link=0,len=5,bytes=\"hello\"}"]);
        let pieces = [
            "Data{link=0,len=5,bytes=\"he\",left=3}",
            "Data{link=0,len=5,bytes=\"l\",left=2}",
            "Data{link=0,len=5,bytes=\"lo\",left=0}",
        ];
        assert_eq!(compare(&want, &reports(&pieces), Lines::LeftOut), Ok(()));
        assert_eq!(compare(&want, &reports(&pieces[..2]), Lines::LeftOut).unwrap_err().index, 0);
    }

    #[test]
    fn whole_payloads_and_other_links_are_not_joined() {
        for second in ["Data{link=0,len=2,bytes=\"cd\"}", "Data{link=1,len=2,bytes=\"cd\"}"] {
            for first in ["Data{link=0,len=2,bytes=\"ab\"}", "Data{link=0,len=2,bytes=\"ab\",left=0}"] {
                assert_eq!(join_data(reports(&[first, second])).len(), 2);
            }
        }
        let other_link =
            reports(&["Data{link=0,len=4,bytes=\"ab\",left=2}", "Data{link=1,len=2,bytes=\"cd\"}"]);
        assert_eq!(join_data(other_link).len(), 2);
    }
}
