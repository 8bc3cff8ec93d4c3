//! The texts that end data mode, found in a stream that has no lengths.

use crate::line::low_of;

/// What ends data mode, when silence follows it. Between two is [`MARK`] and how many bytes the second shares with the
/// first, behind the last the mark alone.
///
/// The first is the answer to `+++`, which counts only while it is due; the last three are of `a7600`, and no other module
/// would send them.
const TEXTS: &[u8] = b"\r\nOK\r\n\
    \x82\r\nNO CARRIER\r\n\
    \x82\r\n+PDP: DEACT\r\n\
    \x82\r\nCLOSED\r\n\
    \x8a\r\nCLOSED\r\n\r\n+IPCLOSE: 0,0\r\n\
    \x98\r\nCLOSED\r\n\r\n+IPCLOSE: 0,1\r\n\
    \x98\r\nCLOSED\r\n\r\n+IPCLOSE: 0,2\r\n\x80";
/// Between two texts; no text has such a byte.
const MARK: u8 = 0x80;
/// Where the answer to `+++` ends.
const ESCAPED: u8 = 6;

/// How much of a text is held back: so many bytes of [`TEXTS`] in front of `to`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct EndText {
    to: u8,
    held: u8,
}

impl EndText {
    /// Nothing is held back.
    pub(crate) const NOTHING: Self = Self { to: 0, held: 0 };

    /// Whether nothing is held back.
    pub(crate) fn is_empty(&self) -> bool {
        self.held == 0
    }

    /// Takes the next byte, if it belongs to a text; else what is held is payload after all, and so is this byte unless it
    /// is taken then.
    pub(crate) fn take(&mut self, byte: u32) -> bool {
        let mut at = usize::from(self.to);
        let mut skip = 0;
        while let Some(&one) = TEXTS.get(at) {
            at += 1;
            if one >= MARK {
                if one - MARK < self.held {
                    return false;
                }
                skip = usize::from(self.held);
                continue;
            }
            if skip == 0 && u32::from(one) == byte {
                self.to = low_of(at);
                self.held += 1;
                return true;
            }
            skip = skip.wrapping_sub(1);
        }
        false
    }

    /// What is held.
    #[inline(always)]
    pub(crate) fn held(&self) -> &'static [u8] {
        text(usize::from(self.to), usize::from(self.held))
    }

    /// Gives up what is held: it was payload. A text ends with the CRLF that another may begin with: that much is kept at
    /// first.
    pub(crate) fn release(&mut self) -> Option<&'static [u8]> {
        let text = self.held();
        let mut keep = match text {
            [.., b'\n'] => 2,
            [.., b'\r'] => 1,
            _ => 0,
        };
        if keep >= text.len() {
            keep = 0;
        }
        self.held = low_of(keep);
        self.to = self.held;
        text.get(..text.len() - keep)
    }

    /// Leaves so many bytes at the end of what is held.
    pub(crate) fn leave(&mut self, len: usize) {
        self.held = low_of(len);
        if len == 0 {
            self.to = 0;
        }
    }

    /// Whether what is held is a whole text.
    pub(crate) fn is_whole(&self) -> bool {
        TEXTS.get(usize::from(self.to)).is_some_and(|one| *one >= MARK)
    }

    /// Whether the answer to `+++` is held, which needs no silence behind it.
    pub(crate) fn is_escaped(&self) -> bool {
        self.to == ESCAPED
    }
}

/// So many bytes of the texts in front of `to`.
#[cfg_attr(small, inline(never))]
fn text(to: usize, len: usize) -> &'static [u8] {
    let to = to.min(TEXTS.len());
    TEXTS.get(to - len.min(to)..to).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(bytes: &[u8]) -> (Vec<u8>, Option<&'static [u8]>) {
        let (mut state, mut out) = (EndText::NOTHING, Vec::new());
        for &byte in bytes {
            while !state.take(u32::from(byte)) {
                if state.is_empty() {
                    out.push(byte);
                    break;
                }
                out.extend_from_slice(state.release().unwrap());
            }
        }
        (out, state.is_whole().then(|| state.held()))
    }

    #[test]
    fn an_end_text_is_found_wherever_it_starts() {
        let closed = Some(&b"\r\nCLOSED\r\n"[..]);
        assert_eq!(run(b"ab\r\nCLOSED\r\n"), (b"ab".to_vec(), closed));
        assert_eq!(run(b"\r\r\nCLOSED\r\n"), (b"\r".to_vec(), closed));
        assert_eq!(run(b"\r\nCLOSED\r\nCLOSED\r\n"), (b"\r\nCLOSED".to_vec(), closed));
        assert_eq!(run(b"\r\nCLOSED\r\r\nCLOSED\r\n"), (b"\r\nCLOSED\r".to_vec(), closed));
        assert_eq!(run(b"\r\n\r\nNO CARRIER\r\n"), (b"\r\n".to_vec(), Some(&b"\r\nNO CARRIER\r\n"[..])));
    }

    #[test]
    fn every_text_is_found_and_says_what_it_shares() {
        let texts: Vec<&[u8]> = TEXTS.split(|byte| *byte >= MARK).filter(|text| !text.is_empty()).collect();
        let shares = TEXTS.iter().filter(|byte| **byte >= MARK).map(|byte| usize::from(byte - MARK));
        assert_eq!((texts.len(), texts[0].len()), (7, usize::from(ESCAPED)));
        for (two, shares) in texts.windows(2).zip(shares) {
            assert_eq!(two[0].iter().zip(two[1]).take_while(|(one, two)| one == two).count(), shares);
        }
        for (i, text) in texts.iter().enumerate() {
            let mut state = EndText::NOTHING;
            assert!(!state.is_whole());
            assert!(text.iter().all(|byte| state.take(u32::from(*byte))) && state.is_whole());
            assert_eq!((state.held(), state.is_escaped()), (*text, i == 0));
        }
    }

    #[test]
    fn anything_behind_it_makes_it_payload() {
        let bytes = b"\r\nCLOSED\r\nmore\r\nOK\r\nx";
        assert_eq!(run(bytes), (bytes.to_vec(), None));
    }
}
