//! A transcript of the serial traffic, in the format that `simcom decode` and the tests read.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

use simcom_at::{Dialect, Instant};
use simcom_vectors::escape;

use crate::error::{Error, Result};
use crate::tap::Tap;

/// A pause that is worth a line.
const SILENCE_MS: u32 = 1000;

/// Writes a transcript while the traffic goes on.
pub struct Recorder {
    file: BufWriter<File>,
    name: String,
    last: Option<Instant>,
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
        Ok(Self { file, name, last: None })
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
    fn host(&mut self, now: Instant, bytes: &[u8]) -> Result<()> {
        self.line(now, '>', bytes)
    }

    fn module(&mut self, now: Instant, bytes: &[u8]) -> Result<()> {
        self.line(now, '<', bytes)
    }

    fn finish(&mut self) -> Result<()> {
        self.file.flush().map_err(|error| self.failed(&error))
    }
}
