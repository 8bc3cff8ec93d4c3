//! The same bytes, cut in another way.

use std::fmt;
use std::str::FromStr;

use crate::transcript::{Step, Transcript};

/// How the module's bytes are cut. The reports must be the same for all of them.
///
/// The bytes between two host steps (or silences) are one run; no piece reaches over the end of a run.
/// **Shape** as text: `as-is`, `whole`, `bytes`, `every:N`, `cut:N`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Chunking {
    /// As the file has them.
    AsIs,
    /// Each run in one piece.
    Whole,
    /// Byte by byte.
    Bytes,
    /// Each run in pieces of so many bytes, the last one shorter. 0 counts as 1.
    Every(usize),
    /// As `Whole`, with one cut in front of this module byte, counted from 0 over the whole file.
    CutAt(usize),
}

impl Chunking {
    /// The steps of a transcript, its module bytes cut like this. Only `AsIs` can give an empty piece.
    pub fn steps(self, transcript: &Transcript) -> Vec<Step> {
        if self == Chunking::AsIs {
            return transcript.steps.clone();
        }
        let mut steps = Vec::new();
        let mut before = 0;
        for part in parts(&transcript.steps) {
            match part {
                Part::Other(step) => steps.push(step.clone()),
                Part::Run(run) => {
                    steps.extend(self.pieces(&run, before).map(|piece| Step::Module(piece.to_vec())));
                    before += run.len();
                }
            }
        }
        steps
    }

    /// Cuts one run; `before` module bytes came before it.
    fn pieces(self, run: &[u8], before: usize) -> impl Iterator<Item = &[u8]> {
        let (first, rest) = match self {
            Chunking::CutAt(position) => run.split_at(position.saturating_sub(before).min(run.len())),
            Chunking::AsIs | Chunking::Whole | Chunking::Bytes | Chunking::Every(_) => {
                (run, &run[run.len()..])
            }
        };
        let size = match self {
            Chunking::AsIs | Chunking::Whole | Chunking::CutAt(_) => run.len().max(1),
            Chunking::Bytes => 1,
            Chunking::Every(size) => size.max(1),
        };
        first.chunks(size).chain(rest.chunks(size))
    }
}

/// All positions at which [`Chunking::CutAt`] gives something else than [`Chunking::Whole`].
///
/// **Units**: module bytes from the start of the file.
pub fn cut_positions(transcript: &Transcript) -> Vec<usize> {
    let mut positions = Vec::new();
    let mut before = 0;
    for part in parts(&transcript.steps) {
        if let Part::Run(run) = part {
            positions.extend(before + 1..before + run.len());
            before += run.len();
        }
    }
    positions
}

enum Part<'a> {
    Run(Vec<u8>),
    Other(&'a Step),
}

fn parts(steps: &[Step]) -> Vec<Part<'_>> {
    let mut parts: Vec<Part<'_>> = Vec::new();
    for step in steps {
        match (step, parts.last_mut()) {
            (Step::Module(bytes), Some(Part::Run(run))) => run.extend_from_slice(bytes),
            (Step::Module(bytes), _) => parts.push(Part::Run(bytes.clone())),
            (Step::Host(_) | Step::Silence(_), _) => parts.push(Part::Other(step)),
        }
    }
    parts
}

/// A text that names no chunking.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadChunking(String);

impl fmt::Display for BadChunking {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "unknown chunking `{}`; use as-is, whole, bytes, every:N or cut:N", self.0)
    }
}

impl std::error::Error for BadChunking {}

impl FromStr for Chunking {
    type Err = BadChunking;

    /// **Errors**: [`BadChunking`] for another word, a missing number, or `every:0`.
    fn from_str(text: &str) -> Result<Chunking, BadChunking> {
        let number = |digits: &str| digits.parse::<usize>().ok();
        let found = match text.split_once(':') {
            None if text == "as-is" => Some(Chunking::AsIs),
            None if text == "whole" => Some(Chunking::Whole),
            None if text == "bytes" => Some(Chunking::Bytes),
            Some(("every", digits)) => number(digits).filter(|&size| size > 0).map(Chunking::Every),
            Some(("cut", digits)) => number(digits).map(Chunking::CutAt),
            _ => None,
        };
        found.ok_or_else(|| BadChunking(text.to_owned()))
    }
}

impl fmt::Display for Chunking {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Chunking::AsIs => f.write_str("as-is"),
            Chunking::Whole => f.write_str("whole"),
            Chunking::Bytes => f.write_str("bytes"),
            Chunking::Every(size) => write!(f, "every:{size}"),
            Chunking::CutAt(position) => write!(f, "cut:{position}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(chunking: Chunking) -> String {
        let transcript = Transcript::parse("x.txt", "< ab\n< c\n> h\n< \n~ 5\n< defg\n").unwrap();
        let words = chunking.steps(&transcript).into_iter().map(|step| match step {
            Step::Host(bytes) => format!(">{}", String::from_utf8(bytes).unwrap()),
            Step::Module(bytes) => String::from_utf8(bytes).unwrap(),
            Step::Silence(ms) => format!("~{ms}"),
        });
        words.collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn pieces_end_at_host_steps_and_silences() {
        assert_eq!(cut(Chunking::AsIs), "ab c >h  ~5 defg");
        assert_eq!(cut(Chunking::Whole), "abc >h ~5 defg");
        assert_eq!(cut(Chunking::Bytes), "a b c >h ~5 d e f g");
        assert_eq!(cut(Chunking::Every(2)), "ab c >h ~5 de fg");
        assert_eq!(cut(Chunking::Every(0)), cut(Chunking::Bytes));
        assert_eq!(cut(Chunking::Every(usize::MAX)), cut(Chunking::Whole));
        assert_eq!(cut(Chunking::CutAt(1)), "a bc >h ~5 defg");
        assert_eq!(cut(Chunking::CutAt(5)), "abc >h ~5 de fg");
        for same in [0, 3, 7, 99] {
            assert_eq!(cut(Chunking::CutAt(same)), cut(Chunking::Whole), "{same}");
        }
    }

    #[test]
    fn cut_positions_lie_inside_the_runs() {
        let transcript = Transcript::parse("x.txt", "< ab\n< c\n> h\n< \n~ 5\n< defg\n").unwrap();
        assert_eq!(cut_positions(&transcript), [1, 2, 4, 5, 6]);
        assert!(cut_positions(&Transcript::default()).is_empty());
    }

    #[test]
    fn names_are_read_and_written() {
        for chunking in
            [Chunking::AsIs, Chunking::Whole, Chunking::Bytes, Chunking::Every(7), Chunking::CutAt(0)]
        {
            assert_eq!(chunking.to_string().parse(), Ok(chunking));
        }
        for bad in ["", "all", "every", "every:", "every:0", "every:x", "cut:-1", "bytes:1"] {
            assert!(bad.parse::<Chunking>().is_err(), "{bad}");
        }
    }
}
