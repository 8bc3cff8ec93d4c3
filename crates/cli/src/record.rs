//! A transcript of the serial traffic, in the format that `simcom decode` and the tests read.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

use simcom_at::{Dialect, Instant, Observer, Report};
use simcom_vectors::escape;

use crate::driver::Tap;
use crate::error::{Error, Result};
use crate::reading::observer;

/// A pause that is worth a line.
const SILENCE_MS: u32 = 1000;

/// Writes a transcript while the traffic goes on.
pub struct Recorder {
    file: BufWriter<File>,
    name: String,
    last: Option<Instant>,
    /// Reads along, to know where payload is.
    observer: Observer<Vec<u8>>,
    /// Bytes of a payload that are still to come.
    left: u16,
    /// Host bytes that wait for its end.
    held: Vec<Vec<u8>>,
}

impl Recorder {
    /// Begins a transcript.
    pub fn create(path: &Path, dialect: Dialect, port: &str) -> Result<Self> {
        let name = path.display().to_string();
        let failed = |error: io::Error| Error::usage(format!("cannot write {name}: {error}"));
        let mut file = BufWriter::new(File::create(path).map_err(failed)?);
        let head =
            format!("# source: simcom nc on {port}\n# dialect: {}\n# config: echo=on\n", dialect.name());
        file.write_all(head.as_bytes()).map_err(failed)?;
        let observer = observer(dialect);
        Ok(Self { file, name, last: None, observer, left: 0, held: Vec::new() })
    }

    fn line(&mut self, now: Instant, mark: char, bytes: &[u8]) -> Result<()> {
        let pause = self.last.map_or(0, |last| last.until(now));
        self.last = Some(now);
        let mut text = String::new();
        if pause >= SILENCE_MS {
            text.push_str(&format!("~ {pause}\n"));
        }
        text.push_str(&format!("{mark} {}\n", escape(bytes)));
        self.file.write_all(text.as_bytes()).map_err(|error| self.failed(&error))
    }

    fn failed(&self, error: &io::Error) -> Error {
        Error::usage(format!("cannot write {}: {error}", self.name))
    }
}

impl Tap for Recorder {
    /// A host line counts as a silence to a reader, which would give up a payload that is still coming in. So it is
    /// written behind that payload.
    fn host(&mut self, now: Instant, bytes: &[u8]) -> Result<()> {
        if self.left > 0 {
            self.held.push(bytes.to_vec());
            return Ok(());
        }
        self.line(now, '>', bytes)?;
        self.observer.host(bytes);
        Ok(())
    }

    fn module(&mut self, now: Instant, bytes: &[u8]) -> Result<()> {
        self.line(now, '<', bytes)?;
        let mut input = bytes;
        while let Some(read) = self.observer.module(&mut input) {
            self.left = match read.report {
                Report::Data(data) => data.left,
                _ => 0,
            };
        }
        if self.left == 0 {
            for held in std::mem::take(&mut self.held) {
                self.host(now, &held)?;
            }
        }
        Ok(())
    }

    fn finish(&mut self) -> Result<()> {
        self.left = 0;
        for held in std::mem::take(&mut self.held) {
            self.host(self.last.unwrap_or_default(), &held)?;
        }
        self.file.flush().map_err(|error| self.failed(&error))
    }
}

/// No recorder: nothing to do.
impl<T: Tap> Tap for Option<T> {
    fn host(&mut self, now: Instant, bytes: &[u8]) -> Result<()> {
        self.as_mut().map_or(Ok(()), |tap| tap.host(now, bytes))
    }

    fn module(&mut self, now: Instant, bytes: &[u8]) -> Result<()> {
        self.as_mut().map_or(Ok(()), |tap| tap.module(now, bytes))
    }

    fn finish(&mut self) -> Result<()> {
        self.as_mut().map_or(Ok(()), Tap::finish)
    }
}
