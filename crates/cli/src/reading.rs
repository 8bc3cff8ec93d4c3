//! Reads along with both sides of a line: whole reports, one per payload and line.

use simcom_at::{Dialect, Observer};

use crate::join::Joiner;
use crate::report_text::Said;

/// Room for the longest run of bytes that a host sends and a module echoes.
const HOST_BYTES: usize = 4096;

/// An observer with the joiner behind it.
pub struct Reading {
    observer: Observer<Vec<u8>>,
    joiner: Joiner,
    said: Vec<(Said, Vec<u8>)>,
    by_side: bool,
}

/// An observer as this program uses it.
pub fn observer(dialect: Dialect) -> Observer<Vec<u8>> {
    Observer::new(dialect, vec![0; HOST_BYTES])
}

impl Reading {
    /// `by_side`: what the module said before a host line is told before it, even when the payload goes on behind it.
    pub fn new<'a>(
        dialect: Dialect,
        config: impl IntoIterator<Item = (&'a str, &'a str)>,
        by_side: bool,
    ) -> Self {
        let mut observer = observer(dialect);
        for (key, value) in config {
            observer.configure(key, value);
        }
        Self { observer, joiner: Joiner::default(), said: Vec::new(), by_side }
    }

    /// The host sends; gives what the module said before.
    pub fn host(&mut self, bytes: &[u8]) -> Vec<(Said, Vec<u8>)> {
        if self.by_side {
            self.joiner.finish(|said| self.said.push((said, Vec::new())));
        }
        self.observer.host(bytes);
        self.pump(&[])
    }

    /// The module sends.
    pub fn module(&mut self, bytes: &[u8]) -> Vec<(Said, Vec<u8>)> {
        self.pump(bytes)
    }

    /// Nothing comes for a while.
    pub fn silence(&mut self, ms: u32) -> Vec<(Said, Vec<u8>)> {
        self.observer.silence(ms);
        self.pump(&[])
    }

    /// The traffic ends.
    pub fn end(&mut self) -> Vec<(Said, Vec<u8>)> {
        let mut last = self.silence(u32::MAX);
        self.joiner.finish(|said| last.push((said, Vec::new())));
        if self.observer.finish().is_some() {
            last.push((Said::new("NoFinal"), Vec::new()));
        }
        last
    }

    fn pump(&mut self, mut bytes: &[u8]) -> Vec<(Said, Vec<u8>)> {
        while let Some(report) = self.observer.module(&mut bytes) {
            let line = self.observer.text();
            self.joiner.push(&report, line, |said| self.said.push((said, line.to_vec())));
        }
        std::mem::take(&mut self.said)
    }
}
