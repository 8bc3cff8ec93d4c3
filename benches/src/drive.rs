//! A reader over a workload: once to make sure that everything arrives, once to be measured.

use std::hint::black_box;

use simcom_at::reader::{Asked, Reader};
use simcom_at::{Dialect, Instant, Kind, Report};

use crate::workloads::Workload;

const NOW: Instant = Instant::from_millis(0);

/// A new reader of the dialect that the stream is written in.
#[must_use]
pub fn reader() -> Reader {
    Reader::new(Dialect::Sim800, 1000)
}

/// What came out, counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Payload bytes.
    pub payload: usize,
    /// Payloads that came whole.
    pub frames: usize,
    /// Lines that were understood.
    pub lines: usize,
    /// Lines that were not, and losses.
    pub odd: usize,
}

impl Tally {
    /// What a workload holds.
    #[must_use]
    pub fn of(workload: &Workload) -> Self {
        let (payload, lines) = (workload.payload.len(), workload.lines.len());
        Self { payload, frames: workload.frames, lines, odd: 0 }
    }
}

/// The loop that is measured: the whole stream in pieces of `chunk` bytes.
///
/// Each report is written out in full (`black_box`), as an application would have it, so that no part of it is optimized
/// away.
#[inline(never)]
pub fn measured_pass(reader: &mut Reader, bytes: &[u8], chunk: usize) -> Tally {
    let asked = Asked::default();
    let mut tally = Tally::default();
    for piece in bytes.chunks(chunk) {
        let mut input = piece;
        loop {
            let read = reader.poll(NOW, &mut input, &asked);
            match black_box(&read) {
                None => break,
                Some(read) => match read.told.kind {
                    Kind::Data => {
                        tally.payload += read.bytes().len();
                        tally.frames += usize::from(read.told.number[1] == 0);
                    }
                    Kind::Line | Kind::Lost => tally.odd += 1,
                    _ => tally.lines += 1,
                },
            }
        }
    }
    tally
}

/// Whether every payload byte and every line comes out as it went in.
///
/// **Errors**: what is different, in words.
pub fn verify(workload: &Workload, chunk: usize) -> Result<(), String> {
    let mut reader = reader();
    let mut payload = Vec::new();
    let mut lines = workload.lines.iter();
    for piece in workload.bytes.chunks(chunk) {
        let mut input = piece;
        while let Some(read) = reader.poll(NOW, &mut input, &Asked::default()) {
            match read.report() {
                Report::Data(data) => payload.extend_from_slice(data.bytes),
                Report::Line { .. } | Report::Lost { .. } => return Err(format!("{:?}", read.report())),
                report => {
                    let (came, went) = (reader.text(&read), lines.next().map(String::as_bytes));
                    if Some(came) != went {
                        return Err(format!("{report:?} of {:?}", String::from_utf8_lossy(came)));
                    }
                }
            }
        }
    }
    if let Some(line) = lines.next() {
        return Err(format!("the line {line:?} did not come"));
    }
    if payload == workload.payload {
        Ok(())
    } else {
        Err(format!("{} of {} payload bytes, or other ones", payload.len(), workload.payload.len()))
    }
}

#[cfg(test)]
mod tests {
    use super::verify;
    use crate::workloads::{Kind, Workload};

    #[test]
    fn everything_arrives_in_pieces_of_any_size() {
        for kind in Kind::ALL {
            let workload = Workload::new(kind, 1 << 15);
            for chunk in [1, 2, 3, 7, 64, 1479, 4096, 1 << 20] {
                verify(&workload, chunk).unwrap_or_else(|problem| panic!("{kind:?} at {chunk}: {problem}"));
            }
        }
    }
}
