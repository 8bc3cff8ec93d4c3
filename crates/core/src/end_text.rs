//! The texts that end data mode, found in a stream that has no lengths.

use crate::line::low_of;

/// What ends data mode, when silence follows it: a NUL in front of each, and behind the last.
///
/// The first is the answer to `+++`, which counts only while it is due; the last three are of `a7600` alone.
const TEXTS: &[u8] = b"\0\r\nOK\r\n\
    \0\r\nCLOSED\r\n\
    \0\r\nNO CARRIER\r\n\
    \0\r\n+PDP: DEACT\r\n\
    \0\r\nCLOSED\r\n\r\n+IPCLOSE: 0,0\r\n\
    \0\r\nCLOSED\r\n\r\n+IPCLOSE: 0,1\r\n\
    \0\r\nCLOSED\r\n\r\n+IPCLOSE: 0,2\r\n\0";
/// Where the answer to `+++` ends.
const ESCAPED: u8 = 7;

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
    pub(crate) fn is_empty(self) -> bool {
        self.held == 0
    }

    /// Takes the next byte; `escape`: an answer to `+++` is due; `many`: the dialect has the longer texts.
    ///
    /// `None`: it belongs to a text so far. Else what was held and is payload after all, and the byte has to be given
    /// again; with nothing held the byte is payload.
    #[cfg_attr(target_os = "none", inline(always))]
    pub(crate) fn step(&mut self, byte: u8, escape: bool, many: bool) -> Option<&'static [u8]> {
        let so_far = self.held();
        // The `K` is that of `OK`, and the comma that of `+IPCLOSE`.
        let known = match byte {
            b'K' => escape,
            b',' => many,
            _ => true,
        };
        let mut same = 0;
        for (at, one) in TEXTS.iter().enumerate().filter(|_| known) {
            if *one == 0 {
                same = 0;
            } else if one == so_far.get(same).unwrap_or(&byte) {
                if same == so_far.len() {
                    *self = Self { to: low_of(at + 1), held: low_of(same + 1) };
                    return None;
                }
                same += 1;
            } else {
                same = TEXTS.len();
            }
        }
        // A text ends with the CRLF that another may begin with: keep that much.
        let (text, keep) = match so_far {
            [text @ .., _, b'\n'] if !text.is_empty() => (text, 2),
            [text @ .., b'\r'] if !text.is_empty() => (text, 1),
            text => (text, 0),
        };
        *self = Self { to: 1 + keep, held: keep };
        Some(text)
    }

    /// What is held.
    #[cfg_attr(target_os = "none", inline(never))]
    pub(crate) fn held(self) -> &'static [u8] {
        let (to, held) = (usize::from(self.to), usize::from(self.held));
        TEXTS.get(to.wrapping_sub(held)..to).unwrap_or_default()
    }

    /// Leaves so many bytes at the end of what is held.
    pub(crate) fn leave(&mut self, len: usize) {
        self.held = low_of(len);
    }

    /// Whether what is held is a whole text.
    pub(crate) fn is_whole(self) -> bool {
        TEXTS.get(usize::from(self.to)) == Some(&0)
    }

    /// Whether the answer to `+++` is held, which needs no silence behind it.
    pub(crate) fn is_escaped(self) -> bool {
        self.to == ESCAPED
    }

    /// Gives up what is held: it was payload.
    pub(crate) fn release(&mut self) -> &'static [u8] {
        let text = self.held();
        self.held = 0;
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(bytes: &[u8]) -> (Vec<u8>, Option<&'static [u8]>) {
        let (mut state, mut out) = (EndText::NOTHING, Vec::new());
        for &byte in bytes {
            loop {
                match state.step(byte, false, false) {
                    None => break,
                    Some([]) => {
                        out.push(byte);
                        break;
                    }
                    Some(text) => out.extend_from_slice(text),
                }
            }
        }
        (out, (!state.is_empty() && state.is_whole()).then(|| state.release()))
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
    fn every_text_of_its_dialect_is_found_and_ends_with_a_line_end() {
        let texts: Vec<&[u8]> = TEXTS.split(|byte| *byte == 0).filter(|text| !text.is_empty()).collect();
        assert_eq!((texts.len(), texts[0].len() + 1), (7, usize::from(ESCAPED)));
        for (i, text) in texts.iter().enumerate() {
            for (escape, many) in [(false, false), (true, false), (false, true), (true, true)] {
                let mut state = EndText::NOTHING;
                let held = text.iter().filter(|byte| state.step(**byte, escape, many).is_none()).count();
                let known = (i > 0 || escape) && (i < 4 || many);
                assert_eq!(
                    held == text.len() && state.is_whole() && state.held() == *text,
                    known,
                    "{text:?} {escape} {many}"
                );
            }
        }
    }

    #[test]
    fn anything_behind_it_makes_it_payload() {
        let bytes = b"\r\nCLOSED\r\nmore\r\nOK\r\nx";
        assert_eq!(run(bytes), (bytes.to_vec(), None));
    }
}
