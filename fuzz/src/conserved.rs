//! No byte lost: what lies between two reports is a line end, a blank, a prompt or a header.

/// What a line must hold to be without a report of its own: a header; or the second line of a failure, whose text is
/// that of the first (`STATE: …`).
const SILENT: [&[u8]; 6] = [b"+RECEIVE", b"+IPD", b"+CIPRXGET", b"+CIPRCV", b"RECV FROM", b"CONNECT FAIL"];

/// Walks over the input, from one report's bytes to the next.
pub struct Walk<'i> {
    input: &'i [u8],
    at: usize,
}

impl<'i> Walk<'i> {
    /// From the first byte.
    pub fn new(input: &'i [u8]) -> Self {
        Self { input, at: 0 }
    }

    /// The next report's bytes: a line or payload; `more`: another piece of the same line follows. Those that are no slice
    /// of the input must be in it all the same.
    pub fn step(&mut self, bytes: &[u8], more: bool) {
        if bytes.is_empty() {
            return;
        }
        let start = if self.input.as_ptr_range().contains(&bytes.as_ptr()) {
            let start = bytes.as_ptr().addr() - self.input.as_ptr().addr();
            assert!(start >= self.at, "bytes that were reported before");
            start
        } else {
            let places = self.input[self.at..].windows(bytes.len()).enumerate();
            let places = places.filter(|(_, window)| *window == bytes).map(|(place, _)| self.at + place);
            let mut places = places.filter(|&start| {
                self.lost(start).is_none() && (more || self.ends(start + bytes.len(), bytes))
            });
            // Where a line begins, if there is such a place: a short line may be the end of a header, too.
            let found = places.clone().find(|&start| self.begins(start)).or_else(|| places.next());
            found.unwrap_or_else(|| panic!("lost, or not in the input: {}", bytes.escape_ascii()))
        };
        self.gap(start);
        self.at = start + bytes.len();
    }

    /// The end of the input, and the line that stood there without its end.
    pub fn end(self, last: &[u8]) {
        let place = self.input.windows(last.len().max(1)).rposition(|window| window == last);
        let start = place.unwrap_or(self.input.len());
        assert!(last.is_empty() || start >= self.at, "a last line that is not at the end");
        self.gap(start);
        Self { input: self.input, at: start + last.len() }.gap(self.input.len());
    }

    fn gap(&self, end: usize) {
        if let Some(line) = self.lost(end) {
            panic!("lost: {}", line.escape_ascii());
        }
    }

    /// Whether a line most likely begins here: behind another, or behind payload.
    fn begins(&self, start: usize) -> bool {
        start == self.at || matches!(self.input[start - 1], b'\r' | b'\n')
    }

    /// Whether a text that was carried ends here: a prompt anywhere, a line before its end.
    fn ends(&self, end: usize, text: &[u8]) -> bool {
        text == b">" || self.input.get(end).is_none_or(u8::is_ascii_whitespace)
    }

    /// A line from here to `end` that should have had a report.
    fn lost(&self, end: usize) -> Option<&'i [u8]> {
        self.input[self.at..end].split(|&byte| byte == b'\n').find(|line| {
            let bare = line.iter().all(|byte| byte.is_ascii_whitespace() || *byte == b'>');
            let silent = SILENT.iter().any(|word| line.windows(word.len()).any(|window| window == *word));
            !bare && !silent
        })
    }
}
