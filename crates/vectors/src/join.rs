//! Pieces of one payload, or of one long line, become one report.

use simcom_at::{Data, On, Report};

use crate::said::{Said, data_said, said};

/// Takes reports as they come and gives each whole one once, however the input was cut.
#[derive(Debug, Default)]
pub struct Joiner {
    data: Option<(Data<'static>, Vec<u8>)>,
    line: Option<Vec<u8>>,
}

impl Joiner {
    /// Takes the next report; `text` is the line behind it.
    pub fn push(&mut self, report: &Report<'_>, text: &[u8], mut out: impl FnMut(Said)) {
        match report {
            Report::Data(piece) => self.piece(piece, piece.bytes, &mut out),
            Report::Raw { link, from } => {
                let (link, from) = (*link, *from);
                let piece =
                    Data { link, bytes: &[], len: 0, left: 0, rest: None, from, proto: None, hex: false };
                self.piece(&piece, text, &mut out);
            }
            Report::Line { more } => {
                self.end_data(&mut out);
                let line = self.line.get_or_insert_default();
                line.extend_from_slice(text);
                if !more {
                    self.finish(&mut out);
                }
            }
            _ => {
                self.finish(&mut out);
                out(said(report, text));
            }
        }
    }

    /// Gives what is still held: at the end of the input.
    pub fn finish(&mut self, mut out: impl FnMut(Said)) {
        self.end_data(&mut out);
        if let Some(line) = self.line.take() {
            out(said(&Report::Line { more: false }, &line));
        }
    }

    fn piece(&mut self, piece: &Data<'_>, bytes: &[u8], out: &mut impl FnMut(Said)) {
        if self.data.as_ref().is_none_or(|(held, _)| !continues(held, piece)) {
            self.finish(&mut *out);
        }
        let (held, all) = self.data.get_or_insert_with(|| (header(piece), Vec::new()));
        all.extend_from_slice(bytes);
        held.left = piece.left;
        if held.left == 0 && held.len != 0 {
            self.finish(out);
        }
    }

    fn end_data(&mut self, out: &mut impl FnMut(Said)) {
        if let Some((header, bytes)) = self.data.take() {
            out(data_said(&header, &bytes));
        }
    }
}

/// A counted payload goes on while bytes are left; one without a count until another report comes.
fn continues(held: &Data<'_>, piece: &Data<'_>) -> bool {
    held.link == piece.link && (held.left > 0 || (held.len == 0 && piece.len == 0 && uncounted(piece.link)))
}

fn uncounted(link: On) -> bool {
    match link {
        On::Single | On::Data => true,
        On::Link(_) | On::Unnamed => false,
    }
}

/// What the header said, without the bytes.
fn header(piece: &Data<'_>) -> Data<'static> {
    Data { bytes: &[], ..*piece }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn piece(link: On, len: u16, bytes: &'static str, left: u16) -> Report<'static> {
        let bytes = bytes.as_bytes();
        Report::Data(Data { link, bytes, len, left, rest: None, from: None, proto: None, hex: false })
    }

    fn joined(reports: &[Report<'_>]) -> Vec<String> {
        let mut texts = Vec::new();
        let mut joiner = Joiner::default();
        for report in reports {
            joiner.push(report, b"text", |said| texts.push(said.to_text()));
        }
        joiner.finish(|said| texts.push(said.to_text()));
        texts
    }

    #[test]
    fn a_counted_payload_is_one_report() {
        let link = On::Link(0);
        let reports = [piece(link, 5, "he", 3), piece(link, 5, "l", 2), piece(link, 5, "lo", 0), Report::Ok];
        assert_eq!(joined(&reports), ["Data{link=0,len=5,bytes=\"hello\"}", "Ok"]);
        let two = [piece(link, 1, "a", 0), piece(link, 1, "b", 0)];
        assert_eq!(joined(&two).len(), 2);
    }

    #[test]
    fn a_payload_that_stops_comes_before_its_loss() {
        let reports = [piece(On::Link(0), 5, "he", 3), Report::Lost { bytes: 3 }];
        assert_eq!(joined(&reports), ["Data{link=0,len=5,bytes=\"he\"}", "Lost{bytes=3}"]);
    }

    #[test]
    fn data_mode_is_one_report_between_two_others() {
        let link = On::Data;
        let reports = [piece(link, 0, "a", 0), piece(link, 0, "b", 0), Report::Ok, piece(link, 0, "c", 0)];
        assert_eq!(
            joined(&reports),
            ["Data{link=t,len=2,bytes=\"ab\"}", "Ok", "Data{link=t,len=1,bytes=\"c\"}"]
        );
    }

    #[test]
    fn hex_digits_are_decoded_when_all_are_there() {
        let hex = |bytes, left| match piece(On::Link(1), 2, bytes, left) {
            Report::Data(data) => Report::Data(Data { hex: true, ..data }),
            other => other,
        };
        let reports = [hex("4", 3), hex("14", 1), hex("2", 0)];
        assert_eq!(joined(&reports), ["Data{link=1,len=2,bytes=\"AB\",enc=hex}"]);
    }

    #[test]
    fn a_long_line_is_one_report() {
        let reports = [Report::Line { more: true }, Report::Line { more: false }, Report::Ok];
        assert_eq!(joined(&reports), ["Line{\"texttext\"}", "Ok"]);
    }
}
