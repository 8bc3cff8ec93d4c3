//! The texts that end data mode, found in a stream that has no lengths.

/// What ends data mode, when silence follows it.
const TEXTS: [&[u8]; 7] = [
    b"\r\nCLOSED\r\n",
    b"\r\nNO CARRIER\r\n",
    b"\r\n+PDP: DEACT\r\n",
    b"\r\nOK\r\n",
    b"\r\nCLOSED\r\n\r\n+IPCLOSE: 0,0\r\n",
    b"\r\nCLOSED\r\n\r\n+IPCLOSE: 0,1\r\n",
    b"\r\nCLOSED\r\n\r\n+IPCLOSE: 0,2\r\n",
];
/// The answer to `+++`, which counts only while it is due.
const ESCAPED: usize = 3;
/// From here on, the texts of `a7600` alone.
const MANY_LINKS: usize = 4;

/// What the next byte was.
pub(crate) enum Step {
    /// It belongs to a text so far; nothing to hand out yet.
    Held,
    /// So many bytes of a text were payload after all; the byte has to be given again.
    Release(&'static [u8]),
    /// It is payload and nothing is held.
    Payload,
}

/// How much of a text is held back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct EndText {
    text: u8,
    held: u8,
}

impl EndText {
    /// Nothing is held back.
    pub(crate) const NOTHING: Self = Self { text: 0, held: 0 };

    fn text(self) -> &'static [u8] {
        TEXTS.get(usize::from(self.text)).copied().unwrap_or_default()
    }

    /// Whether nothing is held back.
    pub(crate) fn is_empty(self) -> bool {
        self.held == 0
    }

    /// Takes the next byte; `escape`: an answer to `+++` is due; `many`: the dialect has the longer texts.
    #[inline(never)]
    pub(crate) fn step(&mut self, byte: u8, escape: bool, many: bool) -> Step {
        let held = usize::from(self.held);
        let so_far = self.text().get(..held).unwrap_or_default();
        let next = TEXTS.iter().enumerate().position(|(i, t)| {
            t.get(held) == Some(&byte)
                && t.starts_with(so_far)
                && (i != ESCAPED || escape)
                && (i < MANY_LINKS || many)
        });
        if let Some(next) = next {
            #[expect(clippy::cast_possible_truncation, reason = "seven texts")]
            {
                self.text = next as u8;
            }
            self.held += 1;
            return Step::Held;
        }
        if held == 0 {
            return Step::Payload;
        }
        // A text ends with the CRLF that another may begin with: keep that much.
        let keep = if so_far.len() > 2 && so_far.ends_with(b"\r\n") {
            2
        } else {
            usize::from(so_far.len() > 1 && so_far.ends_with(b"\r"))
        };
        #[expect(clippy::cast_possible_truncation, reason = "0, 1 or 2")]
        {
            self.held = keep as u8;
        }
        Step::Release(so_far.get(..held - keep).unwrap_or_default())
    }

    /// Whether a whole text is held.
    pub(crate) fn is_whole(self) -> bool {
        // Of two that are alike so far, the shorter one is found first.
        self.held > 0 && self.text().len() == usize::from(self.held)
    }

    /// Whether the answer to `+++` is held, which needs no silence behind it.
    pub(crate) fn is_escaped(self) -> bool {
        usize::from(self.text) == ESCAPED && self.is_whole()
    }

    /// Gives up what is held: it was payload.
    #[inline(never)]
    pub(crate) fn release(&mut self) -> &'static [u8] {
        let held = usize::from(core::mem::take(&mut self.held));
        self.text().get(..held).unwrap_or_default()
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
                    Step::Held => break,
                    Step::Release(text) => out.extend_from_slice(text),
                    Step::Payload => {
                        out.push(byte);
                        break;
                    }
                }
            }
        }
        (out, state.is_whole().then(|| state.release()))
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
    fn anything_behind_it_makes_it_payload() {
        let bytes = b"\r\nCLOSED\r\nmore\r\nOK\r\nx";
        assert_eq!(run(bytes), (bytes.to_vec(), None));
    }
}
