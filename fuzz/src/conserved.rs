//! No byte lost: what lies between two reports is a line end, a blank, a prompt or a header.

use std::collections::BTreeSet;

/// What a line must hold to be without a report of its own: a header; or the second line of a failure, whose text is
/// that of the first (`STATE: …`).
const SILENT: [&[u8]; 6] = [b"+RECEIVE", b"+IPD", b"+CIPRXGET", b"+CIPRCV", b"RECV FROM", b"CONNECT FAIL"];

/// Walks over the input, from one report's bytes to the next. A line that was carried may stand in several places: all of
/// them count until what follows decides.
pub struct Walk<'i> {
    input: &'i [u8],
    at: BTreeSet<usize>,
}

impl<'i> Walk<'i> {
    /// From the first byte.
    pub fn new(input: &'i [u8]) -> Self {
        Self { input, at: BTreeSet::from([0]) }
    }

    /// The next report's bytes: a line or payload; `more`: another piece of the same line follows. Those that are no slice
    /// of the input must be in it all the same.
    pub fn step(&mut self, bytes: &[u8], more: bool) {
        if bytes.is_empty() {
            return;
        }
        let starts: Vec<usize> = if self.input.as_ptr_range().contains(&bytes.as_ptr()) {
            vec![bytes.as_ptr().addr() - self.input.as_ptr().addr()]
        } else {
            let places = self.input.windows(bytes.len()).enumerate().filter(|(_, window)| *window == bytes);
            let places = places.map(|(place, _)| place);
            places.filter(|start| more || self.ends(start + bytes.len(), bytes)).collect()
        };
        let ends = starts.into_iter().filter(|&start| self.reaches(start)).map(|start| start + bytes.len());
        self.at = ends.collect();
        assert!(!self.at.is_empty(), "lost, or not in the input: {}", bytes.escape_ascii());
    }

    /// The end of the input, and the line that stood there without its end.
    pub fn end(mut self, last: &[u8]) {
        let place = self.input.windows(last.len().max(1)).rposition(|window| window == last);
        if !last.is_empty() {
            let start =
                place.filter(|&start| self.reaches(start)).expect("a last line that is not at the end");
            self.at = BTreeSet::from([start + last.len()]);
        }
        assert!(self.reaches(self.input.len()), "lost at the end");
    }

    /// Whether nothing is lost in front of this place.
    fn reaches(&self, start: usize) -> bool {
        self.at.range(..=start).any(|&at| !self.is_lost(at, start))
    }

    /// Whether a text that was carried ends here: a prompt anywhere, a line before its end.
    fn ends(&self, end: usize, text: &[u8]) -> bool {
        text == b">" || self.input.get(end).is_none_or(u8::is_ascii_whitespace)
    }

    /// Whether a line between these places should have had a report.
    fn is_lost(&self, from: usize, to: usize) -> bool {
        self.input[from..to].split(|&byte| byte == b'\n').any(|line| {
            let bare = line.iter().all(|byte| byte.is_ascii_whitespace() || *byte == b'>');
            let silent = SILENT.iter().any(|word| line.windows(word.len()).any(|window| window == *word));
            !bare && !silent
        })
    }
}
