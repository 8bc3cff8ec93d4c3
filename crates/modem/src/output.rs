//! What the module prints: results, information lines, and notices that wait for a line boundary.

use alloc::collections::VecDeque;
use alloc::format;
use alloc::vec::Vec;

/// The bytes on their way to the host, and behind them what waits.
#[derive(Debug, Default)]
pub(crate) struct Output {
    bytes: Vec<u8>,
    /// So many of `bytes` have been transmitted.
    head: usize,
    /// Where the reply to the command line in execution begins in `bytes`.
    mark: usize,
    /// No information line of the command in execution has been printed yet.
    first: bool,
    /// Notices and pushed data, each whole, in order.
    queue: VecDeque<Vec<u8>>,
    queued: usize,
}

impl Output {
    /// What is to be transmitted.
    pub(crate) fn pending(&self) -> &[u8] {
        self.bytes.get(self.head..).unwrap_or_default()
    }

    /// `n` bytes have been transmitted.
    pub(crate) fn transmitted(&mut self, n: usize) {
        self.head = self.head.saturating_add(n).min(self.bytes.len());
        if self.head == self.bytes.len() || self.head > 8192 {
            self.bytes.drain(..self.head);
            self.mark = self.mark.saturating_sub(self.head);
            self.head = 0;
        }
    }

    /// Bytes waiting, printed or not.
    pub(crate) fn waiting(&self) -> usize {
        self.pending().len().saturating_add(self.queued)
    }

    /// Bytes as they are.
    pub(crate) fn raw(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
    }

    /// A command begins: its first information line carries a leading CRLF.
    pub(crate) fn begin_command(&mut self) {
        self.first = true;
    }

    /// A command line begins: its reply starts here.
    pub(crate) fn begin_reply(&mut self) {
        self.mark = self.bytes.len();
    }

    /// An information line.
    pub(crate) fn info(&mut self, text: &str, verbose: bool) {
        if verbose && self.first {
            self.raw(b"\r\n");
        }
        self.first = false;
        self.raw(text.as_bytes());
        self.raw(b"\r\n");
    }

    /// Puts bytes at byte `at` of the reply printed so far, as far as it has not been transmitted yet.
    pub(crate) fn insert(&mut self, at: usize, bytes: &[u8]) {
        let place = self.mark.saturating_add(at).max(self.head).min(self.bytes.len());
        let tail = self.bytes.split_off(place);
        self.bytes.extend_from_slice(bytes);
        self.bytes.extend_from_slice(&tail);
    }

    /// A notice: waits for its turn.
    pub(crate) fn notice(&mut self, text: &str) {
        self.queue_bytes(format!("\r\n{text}\r\n").into_bytes());
    }

    /// Pushed data with its header: waits for its turn, together with the notices.
    pub(crate) fn queue_bytes(&mut self, bytes: Vec<u8>) {
        self.queued = self.queued.saturating_add(bytes.len());
        self.queue.push_back(bytes);
    }

    /// Prints all notices that wait.
    pub(crate) fn flush(&mut self) {
        while let Some(bytes) = self.queue.pop_front() {
            self.bytes.extend_from_slice(&bytes);
        }
        self.queued = 0;
    }
}
