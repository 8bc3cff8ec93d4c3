//! The fields of a line.

use crate::ids::{Ipv4Addr, SocketAddrV4};
use crate::report::Span;

/// Reads the fields of a line from left to right. Blanks are allowed around every field, quotes around every text.
#[derive(Clone, Copy)]
pub(crate) struct Fields<'l> {
    /// What is still to be read.
    pub(crate) left: &'l [u8],
    /// Where the line ends, so that positions can be told.
    end: usize,
}

impl<'l> Fields<'l> {
    /// Fields of `line` from byte `at` on.
    pub(crate) fn new(line: &'l [u8], at: usize) -> Self {
        Self { left: line.get(at..).unwrap_or_default(), end: line.len() }
    }

    /// Where the next byte stands in the line.
    pub(crate) fn at(&self) -> usize {
        self.end.wrapping_sub(self.left.len())
    }

    /// Whether nothing is left.
    pub(crate) fn is_end(&self) -> bool {
        self.left.is_empty()
    }

    /// Takes all bytes at the front that are `byte`.
    fn skip(&mut self, byte: u8) {
        while let [b, rest @ ..] = self.left
            && *b == byte
        {
            self.left = rest;
        }
    }

    /// Takes `byte`, with blanks before and behind it, if it is next.
    pub(crate) fn take(&mut self, byte: u8) -> bool {
        self.skip(b' ');
        let [b, rest @ ..] = self.left else { return false };
        if *b != byte {
            return false;
        }
        self.left = rest;
        self.skip(b' ');
        true
    }

    /// A run of up to nine digits; `None` (and nothing taken) when there is none or there are more.
    pub(crate) fn digits(&mut self) -> Option<u32> {
        let (value, rest) = digits(self.left)?;
        self.left = rest;
        Some(value)
    }

    /// Takes what stands between a keyword and its first field.
    #[cfg_attr(not(target_os = "none"), inline(always))]
    pub(crate) fn separator(&mut self) {
        self.skip(b' ');
        if let [b':' | b',' | b'(', rest @ ..] = self.left {
            self.left = rest;
            self.skip(b' ');
        }
    }

    /// A whole number field and the comma behind it; quotes, a bracket and a colon may stand around it.
    pub(crate) fn number(&mut self) -> Option<u32> {
        let mut numbers = [0; 1];
        let count = self.numbers(&mut numbers);
        let [number] = numbers;
        (count > 0).then_some(number)
    }

    /// The number fields that come next, at most so many; gives how many there are.
    #[inline(never)]
    pub(crate) fn numbers(&mut self, numbers: &mut [u32]) -> u8 {
        let mut count = 0;
        for slot in numbers {
            let mut rest = self.left;
            while let [b'"' | b' ', behind @ ..] = rest {
                rest = behind;
            }
            let Some((value, mut rest)) = digits(rest) else { break };
            while let [b'"' | b' ' | b')' | b':', behind @ ..] = rest {
                rest = behind;
            }
            match rest {
                [b',', behind @ ..] => rest = behind,
                [] => {}
                _ => break,
            }
            self.left = rest;
            *slot = value;
            count += 1;
            if rest.is_empty() {
                break;
            }
        }
        count
    }

    /// A whole number field that fits a byte.
    pub(crate) fn byte(&mut self) -> Option<u8> {
        self.number().filter(|number| *number <= 0xff).map(low)
    }

    /// A whole number field that fits 16 bits.
    pub(crate) fn short(&mut self) -> Option<u16> {
        self.number().filter(|number| *number <= 0xffff).map(half)
    }

    /// A text field, without its quotes and the comma behind it; what is not quoted ends at the comma and is trimmed.
    pub(crate) fn text(&mut self) -> Span {
        self.skip(b' ');
        let mut stop = b',';
        if let [b'"', rest @ ..] = self.left {
            self.left = rest;
            self.skip(b' ');
            stop = b'"';
        }
        let text = self.until(stop);
        self.until(b',');
        self.left = self.left.get(1..).unwrap_or_default();
        text
    }

    /// Everything that is left, trimmed.
    pub(crate) fn rest(&mut self) -> Span {
        self.skip(b' ');
        let start = self.at();
        let len = trim_end(self.left, b' ').len();
        self.left = &[];
        Span { start: low_of(start), end: low_of(start.wrapping_add(len)) }
    }

    /// Takes everything in front of `stop`; blanks at its end are left out.
    fn until(&mut self, stop: u8) -> Span {
        let start = self.at();
        let mut end = start;
        while let [b, rest @ ..] = self.left
            && *b != stop
        {
            self.left = rest;
            if *b != b' ' {
                end = self.at();
            }
        }
        Span { start: low_of(start), end: low_of(end) }
    }

    /// Dotted decimal.
    pub(crate) fn ip(&mut self) -> Option<Ipv4Addr> {
        let mut address = 0u32;
        let mut dots = 0;
        loop {
            let octet = self.digits().filter(|octet| *octet < 256)?;
            address = address << 8 | octet;
            if dots == 3 {
                return Some(Ipv4Addr::from(address));
            }
            let [b'.', rest @ ..] = self.left else { return None };
            self.left = rest;
            dots += 1;
        }
    }

    /// `ip:port`, with blanks around the colon allowed, and an optional colon behind it.
    pub(crate) fn peer(&mut self) -> Option<SocketAddrV4> {
        self.skip(b' ');
        let ip = self.ip()?;
        let port = self.port()?;
        Some(SocketAddrV4::new(ip, port))
    }

    /// The `:port` of a peer.
    pub(crate) fn port(&mut self) -> Option<u16> {
        self.take(b':').then_some(())?;
        let port = self.digits().filter(|port| *port <= 0xffff)?;
        self.take(b':');
        Some(half(port))
    }
}

/// A number of up to nine digits, and what is behind it.
pub(crate) fn digits(text: &[u8]) -> Option<(u32, &[u8])> {
    let mut value = 0u32;
    let mut rest = text;
    while let [b, behind @ ..] = rest
        && let digit = b.wrapping_sub(b'0')
        && digit < 10
    {
        value = value.wrapping_mul(10).wrapping_add(u32::from(digit));
        rest = behind;
    }
    let len = text.len().wrapping_sub(rest.len());
    (len.wrapping_sub(1) < 9).then_some((value, rest))
}

/// The line without the bytes at its end that are `byte`.
pub(crate) fn trim_end(mut line: &[u8], byte: u8) -> &[u8] {
    while let [front @ .., last] = line
        && *last == byte
    {
        line = front;
    }
    line
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
        let line = b"\" CLOSED \",80, bare ,\"a,b\"";
        let mut f = fields(line);
        let got: Vec<&[u8]> = (0..4).map(|_| f.text().of(line)).collect();
        assert_eq!(got, [&b"CLOSED"[..], b"80", b"bare", b"a,b"]);
        assert!(f.is_end());
    }

    #[test]
    fn a_peer_is_an_address_and_a_port() {
        let peer = fields(b"10.78.103.220: 5678").peer().unwrap();
        assert_eq!((peer.ip().octets(), peer.port()), ([10, 78, 103, 220], 5678));
        assert_eq!(fields(b"10.78.103:5").peer(), None);
        assert_eq!(fields(b"10.78.103.256:5").peer(), None);
    }
}
