//! Text into a bounded buffer: what does not fit is still counted, so that the caller learns the size it needs.

use crate::ids::Ipv4Addr;

/// A writer over a buffer.
pub(crate) struct Out<'b> {
    buf: &'b mut [u8],
    len: usize,
}

/// What the digits of a number count.
static UNITS: [u32; 10] =
    [1_000_000_000, 100_000_000, 10_000_000, 1_000_000, 100_000, 10_000, 1000, 100, 10, 1];

impl<'b> Out<'b> {
    pub(crate) fn new(buf: &'b mut [u8]) -> Self {
        Self { buf, len: 0 }
    }

    pub(crate) fn byte(&mut self, byte: u8) {
        if let Some(slot) = self.buf.get_mut(self.len) {
            *slot = byte;
        }
        self.len += 1;
    }

    pub(crate) fn bytes(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.byte(byte);
        }
    }

    pub(crate) fn number(&mut self, number: u16) {
        self.long(u32::from(number));
    }

    /// Dotted decimal.
    pub(crate) fn address(&mut self, ip: Ipv4Addr) {
        for (i, octet) in ip.octets().into_iter().enumerate() {
            if i > 0 {
                self.byte(b'.');
            }
            self.number(u16::from(octet));
        }
    }

    /// In decimal. By subtraction: a Cortex-M0 has no division, and its substitute takes more code than all of this.
    pub(crate) fn long(&mut self, mut number: u32) {
        let start = self.len;
        for &unit in &UNITS {
            let mut digit = b'0';
            while number >= unit {
                number -= unit;
                digit += 1;
            }
            if digit > b'0' || unit == 1 || self.len > start {
                self.byte(digit);
            }
        }
    }

    /// Bytes written or wanted so far.
    pub(crate) fn len(&self) -> usize {
        self.len
    }

    /// Whether everything found room.
    pub(crate) fn fits(&self) -> bool {
        self.len <= self.buf.len()
    }
}

#[cfg(test)]
mod tests {
    use super::Out;

    #[test]
    fn what_does_not_fit_is_counted() {
        let mut buf = [0; 4];
        let mut out = Out::new(&mut buf);
        out.number(0);
        out.number(65_535);
        assert!(!out.fits());
        assert_eq!(out.len(), 6);
        assert_eq!(&buf, b"0655");
    }
}
