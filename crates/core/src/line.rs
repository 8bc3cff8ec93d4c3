//! The parts of a line: link prefix, keyword, fields.

use crate::ids::{Ipv4Addr, SocketAddrV4};
use crate::report::Span;

/// Reads the fields of a line from left to right. Blanks are allowed around every field, quotes around every text.
#[derive(Clone, Copy)]
pub(crate) struct Fields<'l> {
    line: &'l [u8],
    at: usize,
}

impl<'l> Fields<'l> {
    /// Fields of `line` from byte `at` on.
    pub(crate) fn new(line: &'l [u8], at: usize) -> Self {
        Self { line, at }
    }

    fn peek(&self) -> Option<u8> {
        self.line.get(self.at).copied()
    }

    fn blanks(&mut self) {
        while self.peek() == Some(b' ') {
            self.at += 1;
        }
    }

    /// Whether nothing is left.
    pub(crate) fn is_end(&self) -> bool {
        self.at >= self.line.len()
    }

    /// Takes `byte`, with blanks before and behind it, if it is next.
    pub(crate) fn take(&mut self, byte: u8) -> bool {
        self.blanks();
        let found = self.peek() == Some(byte);
        if found {
            self.at += 1;
            self.blanks();
        }
        found
    }

    /// A run of up to nine digits; `None` (and nothing taken) when there is none or there are more.
    pub(crate) fn digits(&mut self) -> Option<u32> {
        let mut value = 0u32;
        let mut at = self.at;
        while let Some(digit) = self.line.get(at).map(|b| b.wrapping_sub(b'0')).filter(|d| *d < 10) {
            value = value.wrapping_mul(10).wrapping_add(u32::from(digit));
            at += 1;
        }
        let len = at.wrapping_sub(self.at);
        if len == 0 || len > 9 {
            return None;
        }
        self.at = at;
        Some(value)
    }

    /// A whole number field and the comma behind it; quotes are allowed around it.
    pub(crate) fn number(&mut self) -> Option<u32> {
        let start = self.at;
        self.blanks();
        let quoted = self.take(b'"');
        let value = self.digits();
        if quoted {
            self.take(b'"');
        }
        self.blanks();
        match self.peek() {
            None => {}
            Some(b',') => self.at += 1,
            Some(_) => {
                self.at = start;
                return None;
            }
        }
        if value.is_none() {
            self.at = start;
        }
        value
    }

    /// A whole number field that fits a byte.
    pub(crate) fn byte(&mut self) -> Option<u8> {
        self.number().and_then(|n| u8::try_from(n).ok())
    }

    /// A whole number field that fits 16 bits.
    pub(crate) fn short(&mut self) -> Option<u16> {
        self.number().and_then(|n| u16::try_from(n).ok())
    }

    /// A text field, without its quotes and the comma behind it; what is not quoted ends at the comma and is trimmed.
    pub(crate) fn text(&mut self) -> Span {
        self.blanks();
        let quoted = self.peek() == Some(b'"');
        if quoted {
            self.at += 1;
        }
        let start = self.at;
        let stop = if quoted { b'"' } else { b',' };
        while self.peek().is_some_and(|b| b != stop) {
            self.at += 1;
        }
        let span = trimmed(self.line, start, self.at);
        while self.peek().is_some_and(|b| b != b',') {
            self.at += 1;
        }
        self.at += 1;
        span
    }

    /// Everything that is left, trimmed.
    pub(crate) fn rest(&mut self) -> Span {
        let start = self.at;
        self.at = self.line.len();
        trimmed(self.line, start, self.at)
    }

    /// Dotted decimal.
    pub(crate) fn ip(&mut self) -> Option<Ipv4Addr> {
        let mut octets = [0u8; 4];
        for (i, octet) in octets.iter_mut().enumerate() {
            if i > 0 && self.peek() != Some(b'.') {
                return None;
            }
            self.at += usize::from(i > 0);
            *octet = self.digits().and_then(|n| u8::try_from(n).ok())?;
        }
        Some(Ipv4Addr::from(octets))
    }

    /// `ip:port`, with blanks around the colon allowed, and an optional colon behind it.
    pub(crate) fn peer(&mut self) -> Option<SocketAddrV4> {
        self.blanks();
        let ip = self.ip()?;
        self.take(b':').then_some(())?;
        let port = self.digits().and_then(|n| u16::try_from(n).ok())?;
        self.take(b':');
        Some(SocketAddrV4::new(ip, port))
    }
}

/// The span from `start` to `end` without blanks at either end.
fn trimmed(line: &[u8], mut start: usize, mut end: usize) -> Span {
    while start < end && line.get(start) == Some(&b' ') {
        start += 1;
    }
    while end > start && line.get(end - 1) == Some(&b' ') {
        end -= 1;
    }
    span(start, end)
}

/// A span; what does not fit a line is cut.
pub(crate) fn span(start: usize, end: usize) -> Span {
    let cut = |n: usize| u8::try_from(n).unwrap_or(u8::MAX);
    Span { start: cut(start), end: cut(end) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_may_have_blanks_and_quotes_but_no_tail() {
        let mut f = Fields::new(b" 3, \"17\" ,x", 0);
        assert_eq!((f.number(), f.number(), f.number()), (Some(3), Some(17), None));
        assert_eq!(Fields::new(b"70000", 0).short(), None);
        assert_eq!(Fields::new(b"1234567890", 0).number(), None);
        assert_eq!(Fields::new(b"5x", 0).number(), None);
    }

    #[test]
    fn texts_lose_quotes_and_blanks() {
        let line = b"\" CLOSED \",80, bare ,\"a,b\"";
        let mut f = Fields::new(line, 0);
        let got: Vec<&[u8]> = (0..4).map(|_| f.text().of(line)).collect();
        assert_eq!(got, [&b"CLOSED"[..], b"80", b"bare", b"a,b"]);
        assert!(f.is_end());
    }

    #[test]
    fn a_peer_is_an_address_and_a_port() {
        let peer = Fields::new(b"10.78.103.220: 5678", 0).peer().unwrap();
        assert_eq!((peer.ip().octets(), peer.port()), ([10, 78, 103, 220], 5678));
        assert_eq!(Fields::new(b"10.78.103:5", 0).peer(), None);
        assert_eq!(Fields::new(b"10.78.103.256:5", 0).peer(), None);
    }
}
