//! `simcom decode`: explains a transcript or a raw log.

mod input;
mod raw;

use std::io::{self, BufWriter, Write};

use simcom_vectors::{Chunking, Step};

use crate::annotate;
use crate::args::Decode;
use crate::error::{Error, Result};
use crate::style::Colour;
use simcom_vectors::Reading;
use simcom_vectors::Said;

use input::Input;

/// Runs `simcom decode`.
pub fn run(args: &Decode) -> Result<()> {
    let input = Input::read(&args.file, args.dialect.0)?;
    let mut out = BufWriter::new(io::stdout().lock());
    let written = if args.json {
        reports(&input, args.chunks, |said| writeln!(out, "{}", said.to_json()))
    } else if args.reports {
        reports(&input, args.chunks, |said| writeln!(out, "{}", said.to_text()))
    } else {
        explain(&input, args.chunks, &mut out)
    };
    written.and_then(|()| out.flush()).map_err(|error| Error::stdout(&error))
}

/// The reports and nothing else.
fn reports(
    input: &Input,
    chunks: Chunking,
    mut print: impl FnMut(&Said) -> io::Result<()>,
) -> io::Result<()> {
    let mut reading = Reading::new(input.dialect, input.transcript.config(), false);
    for step in chunks.steps(&input.transcript) {
        let said = match step {
            Step::Host(bytes) => reading.host(&bytes),
            Step::Module(bytes) => reading.module(&bytes),
            Step::Silence(ms) => reading.silence(ms),
        };
        said.iter().try_for_each(|(said, _)| print(said))?;
    }
    reading.end().iter().try_for_each(|(said, _)| print(said))
}

/// The exchange for people.
fn explain(input: &Input, chunks: Chunking, out: &mut impl Write) -> io::Result<()> {
    let colour = Colour::of_stdout();
    let mut reading = Reading::new(input.dialect, input.transcript.config(), true);
    writeln!(out, "{}", input.title())?;
    for step in chunks.steps(&input.transcript) {
        let is_payload = reading.is_prompted();
        let (said, line) = match step {
            Step::Host(bytes) => (reading.host(&bytes), annotate::host(&bytes, is_payload, colour)),
            Step::Module(bytes) => (reading.module(&bytes), String::new()),
            Step::Silence(ms) => (reading.silence(ms), annotate::silence(ms, colour)),
        };
        said.iter().try_for_each(|(said, text)| {
            writeln!(out, "{}", annotate::module(said, text, input.dialect, colour))
        })?;
        if !line.is_empty() {
            writeln!(out, "{line}")?;
        }
    }
    reading
        .end()
        .iter()
        .try_for_each(|(said, text)| writeln!(out, "{}", annotate::module(said, text, input.dialect, colour)))
}
