//! The fields of a line.

use crate::report::Span;

/// No byte: the end of the line.
const END: u32 = 256;

/// A set of bytes from the blank to `?`.
#[expect(clippy::indexing_slicing, reason = "at compile time")]
const fn set(bytes: &[u8]) -> u32 {
    let mut set = 0;
    let mut i = 0;
    while i < bytes.len() {
        set |= 1 << (bytes[i] - b' ');
        i += 1;
    }
    set
}

/// Reads the fields of a line from left to right. Blanks are allowed around every field, quotes around every text.
#[derive(Clone, Copy)]
pub(crate) struct Fields<'l> {
    line: &'l [u8],
    /// Where the next byte stands in the line.
    pub(crate) at: usize,
}

impl<'l> Fields<'l> {
    /// Fields of `line` from byte `at` on.
    pub(crate) fn new(line: &'l [u8], at: usize) -> Self {
        Self { line, at }
    }

    /// The line.
    #[cfg(not(small))]
    pub(crate) fn line(&self) -> &'l [u8] {
        self.line
    }

    /// The next byte, or [`END`].
    #[inline]
    fn next(&self) -> u32 {
        self.byte_at(self.at)
    }

    /// The byte there, or [`END`].
    #[inline]
    pub(crate) fn byte_at(&self, at: usize) -> u32 {
        self.line.get(at).map_or(END, |byte| u32::from(*byte))
    }

    /// Whether nothing is left.
    #[inline]
    pub(crate) fn is_end(&self) -> bool {
        self.at >= self.line.len()
    }

    /// Takes all bytes at the front that are in this set: a bit for each, from the blank on.
    #[cfg_attr(small, inline(never))]
    #[cfg_attr(not(small), inline(always))]
    fn skip(&mut self, set: u32) {
        while set.checked_shr(self.next().wrapping_sub(u32::from(b' '))).is_some_and(|set| set & 1 != 0) {
            self.at += 1;
        }
    }

    /// Takes all blanks at the front.
    #[inline(always)]
    pub(crate) fn blanks(&mut self) {
        self.skip(const { set(b" ") });
    }

    /// Takes what may stand around a number.
    #[inline(always)]
    fn padding(&mut self) {
        self.skip(const { set(b" \")") });
    }

    /// Takes `byte`, with blanks before and behind it, if it is next.
    #[inline]
    pub(crate) fn take(&mut self, byte: u8) -> bool {
        self.blanks();
        let found = self.next() == u32::from(byte);
        self.at += usize::from(found);
        found
    }

    /// Takes what stands between a keyword and its first field.
    #[inline]
    pub(crate) fn separator(&mut self) {
        #[cfg(not(small))]
        match self.line.get(self.at..) {
            Some([b':', b' ', b'0'..=b'9', ..]) => {
                self.at += 2;
                return;
            }
            Some([b':', b'0'..=b'9', ..]) => {
                self.at += 1;
                return;
            }
            _ => {}
        }
        self.skip(const { set(b" :,(") });
    }

    /// A number of up to nine digits, and what ends it: a comma, or the dot or the colon of an address. Quotes, blanks and a
    /// bracket may stand around it. Of what is none nothing is taken.
    #[cfg_attr(small, inline(never))]
    #[cfg_attr(not(small), inline)]
    pub(crate) fn number(&mut self) -> Option<u32> {
        let begin = self.at;
        self.padding();
        let start = self.at;
        let mut value = 0u32;
        loop {
            let digit = self.next().wrapping_sub(u32::from(b'0'));
            if digit > 9 {
                break;
            }
            value = value.wrapping_mul(10).wrapping_add(digit);
            self.at += 1;
        }
        let digits = self.at.wrapping_sub(start);
        self.padding();
        let next = self.next();
        let is_end =
            next == u32::from(b',') || next == END || next == u32::from(b'.') || next == u32::from(b':');
        if is_end && digits.wrapping_sub(1) < 9 {
            self.at += 1;
            return Some(value);
        }
        self.at = begin;
        None
    }

    /// A whole number field that fits a byte.
    pub(crate) fn byte(&mut self) -> Option<u8> {
        self.number().filter(|number| *number <= 0xff).map(low)
    }

    /// A whole number field that fits 16 bits.
    pub(crate) fn short(&mut self) -> Option<u16> {
        self.number().filter(|number| *number <= 0xffff).map(half)
    }

    /// A text field, without its quotes and the comma behind it.
    #[inline]
    pub(crate) fn text(&mut self) -> Span {
        self.part(b',')
    }

    /// Everything that is left, trimmed, and without the quotes around it.
    #[cfg(small)]
    pub(crate) fn rest(&mut self) -> Span {
        // No line has an LF.
        self.part(b'\n')
    }

    /// Everything that is left, trimmed, and without the quotes around it.
    #[cfg(not(small))]
    pub(crate) fn rest(&mut self) -> Span {
        self.padding();
        let start = low_of(self.at);
        let mut end = self.line.len();
        while let Some(b' ' | b'"') = self.line.get(end.wrapping_sub(1)) {
            end -= 1;
        }
        self.at = self.line.len() + 1;
        Span { start, end: start.max(low_of(end)) }
    }

    /// Everything in front of `stop`, trimmed, a field without its quotes; takes that too.
    #[cfg_attr(small, inline(never))]
    fn part(&mut self, stop: u8) -> Span {
        self.padding();
        let start = self.at;
        let mut end = start;
        loop {
            let byte = self.next();
            self.at += 1;
            if byte == END || byte == u32::from(stop) {
                return Span { start: low_of(start), end: low_of(end) };
            }
            if byte != u32::from(b' ') && byte != u32::from(b'"') {
                end = self.at;
            }
        }
    }

    /// Dotted decimal, and what ends it.
    #[inline]
    pub(crate) fn ip(&mut self) -> Option<u32> {
        let mut address = 0u32;
        for _ in 0..4 {
            let octet = self.number().filter(|octet| *octet < 256)?;
            address = address << 8 | octet;
        }
        Some(address)
    }
}

/// A number of up to nine digits, and what is behind it.
#[cfg(not(small))]
pub(crate) fn digits(text: &[u8]) -> Option<(u32, &[u8])> {
    let mut value = 0u32;
    let mut rest = text;
    while let [byte, behind @ ..] = rest
        && byte.is_ascii_digit()
    {
        value = value.wrapping_mul(10).wrapping_add(u32::from(byte - b'0'));
        rest = behind;
    }
    (text.len().wrapping_sub(rest.len()).wrapping_sub(1) < 9).then_some((value, rest))
}

/// The low byte of a number.
pub(crate) fn low(number: u32) -> u8 {
    let [low, ..] = number.to_le_bytes();
    low
}

/// The low half of a number.
pub(crate) fn half(number: u32) -> u16 {
    let [low, high, ..] = number.to_le_bytes();
    u16::from_le_bytes([low, high])
}

/// A position in a line: lines are shorter than 256 bytes.
pub(crate) fn low_of(position: usize) -> u8 {
    let [low, ..] = position.to_le_bytes();
    low
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(line: &[u8]) -> Fields<'_> {
        Fields::new(line, 0)
    }

    #[test]
    fn numbers_may_have_blanks_and_quotes_but_no_tail() {
        let mut f = fields(b" 3, \"17\" ,x");
        assert_eq!((f.byte(), f.short(), f.short()), (Some(3), Some(17), None));
        assert_eq!(fields(b"70000").short(), None);
        assert_eq!(fields(b"1234567890").number(), None);
        assert_eq!(fields(b"5x").number(), None);
    }

    #[test]
    fn texts_lose_quotes_and_blanks() {
        let line = b"\" CLOSED \",80, bare ,\"a b\"";
        let mut f = fields(line);
        let got: Vec<&[u8]> = (0..4).map(|_| f.text().of(line)).collect();
        assert_eq!(got, [&b"CLOSED"[..], b"80", b"bare", b"a b"]);
        assert!(f.is_end());
    }

    #[test]
    fn an_address_has_four_bytes() {
        let mut f = fields(b"10.78.103.220: 5678");
        assert_eq!((f.ip(), f.number()), (Some(0x0a4e_67dc), Some(5678)));
        assert_eq!(fields(b"10.78.103").ip(), None);
        assert_eq!(fields(b"10.78.103.256:5").ip(), None);
    }
}
