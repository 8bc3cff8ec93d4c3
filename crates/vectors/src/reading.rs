//! Reads along with both sides of a line: whole reports, one per payload and line.

use simcom_at::{Dialect, Kind, Observer};

use crate::join::Joiner;
use crate::said::Said;

/// A silence that ends what waits for more.
const SILENCE_MS: u32 = 1000;
/// Room for the longest run of bytes that a host sends and a module echoes.
const HOST_BYTES: usize = 4096;

/// An observer with the joiner behind it.
pub struct Reading {
    observer: Observer<Vec<u8>>,
    joiner: Joiner,
    by_side: bool,
    prompted: bool,
}

/// An observer as this program uses it.
pub fn observer(dialect: Dialect) -> Observer<Vec<u8>> {
    Observer::new(dialect.spec(), vec![0; HOST_BYTES])
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
        Self { observer, joiner: Joiner::default(), by_side, prompted: false }
    }

    /// Whether the last command still has no final result.
    pub fn is_pending(&self) -> bool {
        self.observer.is_pending()
    }

    /// The host sends, after a silence; gives what the module said before.
    pub fn host(&mut self, bytes: &[u8]) -> Vec<(Said, Vec<u8>)> {
        let mut before = self.silence(SILENCE_MS);
        if self.by_side {
            self.joiner.finish(|said| before.push((said, Vec::new())));
        }
        self.observer.host(bytes);
        self.prompted = false;
        before
    }

    /// Whether the module waits for payload: what the host sends next is that.
    pub fn is_prompted(&self) -> bool {
        self.prompted
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
        let mut last = self.silence(SILENCE_MS);
        if let Some(read) = self.observer.finish() {
            let line = self.observer.text(&read).to_vec();
            self.joiner.push(&read.report(), &line, |said| last.push((said, line.clone())));
        }
        self.joiner.finish(|said| last.push((said, Vec::new())));
        if self.observer.is_pending() {
            last.push((Said::new("NoFinal"), Vec::new()));
        }
        last
    }

    fn pump(&mut self, mut bytes: &[u8]) -> Vec<(Said, Vec<u8>)> {
        let mut all = Vec::new();
        while let Some(read) = self.observer.module(&mut bytes) {
            let line = self.observer.text(&read);
            self.prompted = read.told.kind == Kind::Prompt;
            self.joiner.push(&read.report(), line, |said| all.push((said, line.to_vec())));
        }
        all
    }
}
