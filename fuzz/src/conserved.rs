//! No byte lost: what lies between two reports is a line end, a blank, a prompt or a header.

/// What a line must hold to be a header, which gives no report of its own.
const HEADERS: [&[u8]; 5] = [b"+RECEIVE", b"+IPD", b"+CIPRXGET", b"+CIPRCV", b"RECV FROM"];

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

    /// The next report's bytes: a line or payload. Those that are no slice of the input must be the next that is there.
    pub fn step(&mut self, bytes: &[u8]) {
        if bytes.is_empty() {
            return;
        }
        let inside = self.input.as_ptr_range().contains(&bytes.as_ptr());
        let start =
            if inside { bytes.as_ptr().addr() - self.input.as_ptr().addr() } else { self.find(bytes) };
        assert!(start >= self.at, "bytes that were reported before");
        self.gap(start);
        self.at = start + bytes.len();
    }

    /// The end of the input.
    pub fn end(mut self) {
        self.gap(self.input.len());
    }

    fn find(&self, bytes: &[u8]) -> usize {
        let found = self.input[self.at..].windows(bytes.len()).position(|window| window == bytes);
        self.at + found.unwrap_or_else(|| panic!("text that is not in the input: {}", bytes.escape_ascii()))
    }

    fn gap(&mut self, end: usize) {
        for line in self.input[self.at..end].split(|&byte| byte == b'\n') {
            let bare = line.iter().all(|byte| byte.is_ascii_whitespace() || *byte == b'>');
            let header = HEADERS.iter().any(|word| line.windows(word.len()).any(|window| window == *word));
            assert!(bare || header, "lost: {}", line.escape_ascii());
        }
    }
}
