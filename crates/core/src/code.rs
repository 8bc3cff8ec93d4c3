//! Procedures as they lie in an image: bytes instead of structs, each line a few numbers and its text.
//!
//! A line is: [`When`] with marks; [`Later`] and [`Ask`]; two bytes of [`Finals`]; the seconds it may take; the length of its
//! text, the text. A text is its own ASCII, but a byte below 32 stands for a `<name>` ([`NAMES`]) and one above 127 for a
//! beginning that many have ([`PARTS`]). What several procedures have in common lies in the image once.

use crate::classify::Ask;
use crate::row::{Finals, Later};
use crate::step::{PROCEDURES, Plan, Step, When, Which};

/// What a call gives to its lines: the number of a name is its place here, from 1 on.
pub(crate) const NAMES: [&[u8]; 15] = [
    b"n",
    b"server",
    b"port",
    b"local",
    b"backlog",
    b"len",
    b"type",
    b"how",
    b"host",
    b"apn",
    b"user",
    b"password",
    b"pin",
    b"mode",
    b"ip",
];

/// How many texts begin: the number of a beginning is its place here, from 128 on. A longer one stands first.
pub(crate) const PARTS: [&[u8]; 2] = [b"AT+CIP", b"AT+C"];

/// With a [`When`]: an error changes nothing.
const LENIENT: u8 = 0x20;
/// With a [`When`]: the procedure's last line.
const LAST: u8 = 0x40;
/// With a [`When`]: the line that takes it back stands behind its text, in the same way.
const UNDO: u8 = 0x80;
/// With a [`Later`]: the place of the [`Ask`].
const ASK: u8 = 4;
/// No such procedure.
const NONE: u16 = u16::MAX;

/// The procedures of a dialect.
#[derive(Debug)]
pub(crate) struct Procedures {
    pub(crate) starts: [u16; PROCEDURES],
    pub(crate) code: &'static [u8],
}

impl Procedures {
    /// The lines of a procedure; none: the dialect has no such command.
    pub(crate) fn get(&self, which: Which) -> Steps {
        let start = self.starts.get(which as usize).copied().unwrap_or(NONE);
        Steps(self.code.get(usize::from(start)..).unwrap_or_default())
    }
}

/// The lines of a procedure that are still to be read.
#[derive(Clone, Copy)]
pub(crate) struct Steps(&'static [u8]);

impl Steps {
    /// Whether there is none.
    pub(crate) fn is_empty(self) -> bool {
        self.0.is_empty()
    }
}

impl Steps {
    /// Without the first `n`.
    #[inline(never)]
    pub(crate) fn behind(mut self, n: u8) -> Self {
        for _ in 0..n {
            self.next();
        }
        self
    }
}

impl Iterator for Steps {
    type Item = Step;

    #[inline(never)]
    fn next(&mut self) -> Option<Step> {
        let ([when, later, low, high, seconds], rest) = self.0.split_first_chunk()?;
        let (text, mut rest) = text(rest)?;
        let mut undo: &[u8] = &[];
        if when & UNDO != 0 {
            (undo, rest) = self::text(rest)?;
        }
        self.0 = if when & LAST == 0 { rest } else { &[] };
        Some(Step {
            text,
            undo,
            finals: Finals(u16::from_le_bytes([*low, *high])),
            later: Later::of(later & ((1 << ASK) - 1)),
            timeout_ms: u32::from(*seconds) * 1000,
            ask: Ask::of(later >> ASK),
            when: When::of(when & (LENIENT - 1)),
            lenient: when & LENIENT != 0,
        })
    }
}

/// A text and what is behind it.
fn text(code: &'static [u8]) -> Option<(&'static [u8], &'static [u8])> {
    let (len, rest) = code.split_first()?;
    rest.split_at_checked(usize::from(*len))
}

/// The code of a dialect's procedures, while it is being made.
pub(crate) struct Code {
    bytes: [u8; 2048],
    pub(crate) len: usize,
    pub(crate) starts: [u16; PROCEDURES],
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::indexing_slicing,
    reason = "runs at compile time, where a slip is a compile error"
)]
impl Code {
    pub(crate) const fn of(plan: &Plan) -> Self {
        let mut code = Self { bytes: [0; 2048], len: 0, starts: [NONE; PROCEDURES] };
        let list = plan.list();
        // The longest first: a shorter one may be the end of it.
        let mut len = 32;
        while len > 0 {
            let mut which = 0;
            while which < PROCEDURES {
                if list[which].len() == len {
                    code.starts[which] = code.add(list[which]);
                }
                which += 1;
            }
            len -= 1;
        }
        code
    }

    /// Adds a procedure, unless it is there already; gives its place.
    const fn add(&mut self, steps: &[Step]) -> u16 {
        let start = self.len;
        let mut i = 0;
        while i < steps.len() {
            self.step(&steps[i], i + 1 == steps.len());
            i += 1;
        }
        let mut at = 0;
        while at < start {
            if self.is_same(at, start) {
                self.len = start;
                return at as u16;
            }
            at += 1;
        }
        start as u16
    }

    /// Whether the bytes from `start` on are also at `at`.
    const fn is_same(&self, at: usize, start: usize) -> bool {
        let mut i = 0;
        while start + i < self.len {
            if self.bytes[at + i] != self.bytes[start + i] {
                return false;
            }
            i += 1;
        }
        at + i <= start
    }

    const fn step(&mut self, step: &Step, last: bool) {
        let mut marks = step.when as u8;
        assert!(marks < LENIENT && (step.later as u8) < 1 << ASK, "no room for a mark");
        assert!(
            step.timeout_ms.is_multiple_of(1000) && step.timeout_ms < 256_000,
            "whole seconds, up to 255"
        );
        if step.lenient {
            marks |= LENIENT;
        }
        if last {
            marks |= LAST;
        }
        if !step.undo.is_empty() {
            marks |= UNDO;
        }
        let [low, high] = step.finals.0.to_le_bytes();
        self.byte(marks);
        self.byte(step.later as u8 | (step.ask as u8) << ASK);
        self.byte(low);
        self.byte(high);
        self.byte((step.timeout_ms / 1000) as u8);
        self.text_of(step.text);
        if !step.undo.is_empty() {
            self.text_of(step.undo);
        }
    }

    const fn text_of(&mut self, text: &[u8]) {
        let at = self.len;
        self.byte(0);
        let mut i = 0;
        let mut part = 0;
        while part < PARTS.len() && i == 0 {
            if is_at(text, 0, PARTS[part]) {
                self.byte(128 + part as u8);
                i = PARTS[part].len();
            }
            part += 1;
        }
        while i < text.len() {
            if text[i] == b'<' {
                let name = name_at(text, i + 1);
                self.byte(1 + name as u8);
                i += NAMES[name].len() + 2;
            } else {
                self.byte(text[i]);
                i += 1;
            }
        }
        self.bytes[at] = (self.len - at - 1) as u8;
    }

    const fn byte(&mut self, byte: u8) {
        self.bytes[self.len] = byte;
        self.len += 1;
    }

    pub(crate) const fn text<const N: usize>(&self) -> [u8; N] {
        let mut text = [0; N];
        let mut i = 0;
        while i < N {
            text[i] = self.bytes[i];
            i += 1;
        }
        text
    }
}

/// The number of the name that stands at `at`.
#[expect(clippy::indexing_slicing, clippy::panic, reason = "runs at compile time")]
const fn name_at(text: &[u8], at: usize) -> usize {
    let mut name = 0;
    while name < NAMES.len() {
        if is_at(text, at, NAMES[name]) && text[at + NAMES[name].len()] == b'>' {
            return name;
        }
        name += 1;
    }
    panic!("no call gives a value of this name")
}

#[expect(clippy::indexing_slicing, reason = "runs at compile time")]
const fn is_at(text: &[u8], at: usize, part: &[u8]) -> bool {
    let mut i = 0;
    while i < part.len() {
        if at + i >= text.len() || text[at + i] != part[i] {
            return false;
        }
        i += 1;
    }
    true
}

/// A text in code.
#[cfg(test)]
pub(crate) fn coded(text: &[u8]) -> Vec<u8> {
    let mut code = Code { bytes: [0; 2048], len: 0, starts: [NONE; PROCEDURES] };
    code.text_of(text);
    code.bytes[1..code.len].to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::procedures::{
        A7600, A7600_PLAN, KINGCOM, KINGCOM_PLAN, RDA8955, RDA8955_PLAN, SIM800, SIM800_PLAN, SIM800E,
        SIM800E_PLAN, SIM7000, SIM7000_PLAN,
    };

    #[test]
    fn what_lies_in_an_image_is_what_was_planned() {
        let all = [
            (&SIM800, &SIM800_PLAN),
            (&SIM800E, &SIM800E_PLAN),
            (&SIM7000, &SIM7000_PLAN),
            (&KINGCOM, &KINGCOM_PLAN),
            (&A7600, &A7600_PLAN),
            (&RDA8955, &RDA8955_PLAN),
        ];
        for (image, plan) in all {
            for (start, steps) in image.starts.iter().zip(plan.list()) {
                let mut code = Steps(image.code.get(usize::from(*start)..).unwrap_or_default());
                for step in steps {
                    let want = Step { text: coded(step.text).leak(), undo: coded(step.undo).leak(), ..*step };
                    assert_eq!(format!("{:?}", code.next()), format!("{:?}", Some(want)));
                }
                assert!(code.is_empty());
            }
        }
    }

    #[test]
    fn an_absent_procedure_has_no_lines() {
        assert!(KINGCOM.get(Which::Listen).is_empty());
        assert!(KINGCOM.get(Which::Listen).next().is_none());
        assert_eq!(A7600.get(Which::Sim).count(), 1);
    }
}
