//! The host side of the line: commands in, events out. (Signatures; the body is being written.)

use crate::dialect::Dialect;
use crate::error::Refused;
use crate::event::Event;
use crate::ids::{Context, Link, SocketAddrV4, Transport};
use crate::settings::Settings;
use crate::time::Instant;

/// Why the session wants to be polled at its deadline.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
#[repr(u8)]
pub enum Reason {
    /// A final result, a prompt or a later result is due.
    Answer = 1,
    /// A payload or a held line has a gap.
    Gap = 2,
    /// The pause after a final result.
    Pause = 3,
    /// The poll timer for notices that may have been lost.
    Poll = 4,
    /// A closed link waits for credit.
    Drain = 5,
}

/// How to close a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum How {
    /// Wait for the peer's acknowledgement, where the dialect tells the two apart.
    #[default]
    Slow,
    /// At once.
    Quick,
}

/// A protocol session over buffer `B`, which holds rendered commands and payload.
pub struct Session<B> {
    buf: B,
}

#[expect(
    missing_docs,
    unused_variables,
    clippy::todo,
    clippy::missing_panics_doc,
    clippy::missing_errors_doc
)]
impl<B: AsRef<[u8]> + AsMut<[u8]>> Session<B> {
    pub fn new(dialect: Dialect, settings: Settings, now: Instant, buf: B) -> Self {
        Self { buf }
    }
    pub fn poll<'i>(&mut self, now: Instant, input: &mut &'i [u8]) -> Option<Event<'i>> {
        todo!()
    }
    /// The module's text behind the last event: the line of `Line` and `Failed`.
    pub fn text(&self) -> &[u8] {
        todo!()
    }
    pub fn transmit(&self) -> &[u8] {
        todo!()
    }
    pub fn transmitted(&mut self, now: Instant, n: usize) {
        todo!()
    }
    pub fn deadline(&self) -> Option<(Instant, Reason)> {
        todo!()
    }
    /// Whether a new command would be taken (no command in flight).
    pub fn is_ready(&self) -> bool {
        todo!()
    }
    /// The most payload one `send` takes.
    pub fn max_payload(&self) -> u16 {
        todo!()
    }
    pub fn probe(&mut self, now: Instant) -> Result<(), Refused> {
        todo!()
    }
    pub fn sim(&mut self, now: Instant, pin: Option<&str>) -> Result<(), Refused> {
        todo!()
    }
    pub fn signal(&mut self, now: Instant) -> Result<(), Refused> {
        todo!()
    }
    pub fn registration(&mut self, now: Instant) -> Result<(), Refused> {
        todo!()
    }
    pub fn attach(
        &mut self,
        now: Instant,
        context: Context,
        apn: &str,
        user: &str,
        password: &str,
    ) -> Result<(), Refused> {
        todo!()
    }
    pub fn detach(&mut self, now: Instant) -> Result<(), Refused> {
        todo!()
    }
    pub fn address(&mut self, now: Instant) -> Result<(), Refused> {
        todo!()
    }
    /// `local`: the local port, 0 for any. A7600 UDP needs one; 0 lets the session choose 10000 + link.
    pub fn open(
        &mut self,
        now: Instant,
        link: Link,
        transport: Transport,
        host: &str,
        port: u16,
        local: u16,
    ) -> Result<(), Refused> {
        todo!()
    }
    /// `to`: destination of a datagram; `None`: the peer of `open`.
    pub fn send(
        &mut self,
        now: Instant,
        link: Link,
        payload: &[u8],
        to: Option<SocketAddrV4>,
    ) -> Result<(), Refused> {
        todo!()
    }
    /// Bytes that the caller takes on this link from now on; `u32::MAX`: no limit (the default), 0: stop.
    pub fn receive(&mut self, now: Instant, link: Link, credit: u32) -> Result<(), Refused> {
        todo!()
    }
    pub fn close(&mut self, now: Instant, link: Link, how: How) -> Result<(), Refused> {
        todo!()
    }
    pub fn shut(&mut self, now: Instant) -> Result<(), Refused> {
        todo!()
    }
    pub fn resolve(&mut self, now: Instant, host: &str) -> Result<(), Refused> {
        todo!()
    }
    pub fn status(&mut self, now: Instant) -> Result<(), Refused> {
        todo!()
    }
    /// `timeout_ms` 0: the row's own, or 9 s.
    pub fn raw(&mut self, now: Instant, line: &str, timeout_ms: u32) -> Result<(), Refused> {
        todo!()
    }
    /// Takes back all buffers, forgets everything; as after `new`.
    pub fn reset(&mut self, now: Instant) {
        todo!()
    }
}
