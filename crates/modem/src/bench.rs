//! A desk with a module on it: the module, its network and the serial line in between, under virtual time.
//!
//! The host's program holds the near end of the line: it writes, reads, and says how far time goes on. Time jumps from one
//! deadline to the next, so a timeout of minutes costs nothing; and what happens depends on nothing but inputs and seeds.
//! With a real network, `run_until` the real time, and sleep until `next_deadline`.

use alloc::vec::Vec;
use core::fmt;
use simcom_at::Instant;

use crate::modem::Modem;
use crate::net::{Arrival, Network, Notify, Reply, Request};
use crate::wire::Wire;

/// What a [`Desk`] needs of a module.
pub trait Module {
    /// Takes host bytes from the front of `host`, and gives the next request for the network; `None`: nothing more to do.
    fn poll(&mut self, now: Instant, host: &mut &[u8]) -> Option<Request>;
    /// Takes the answer to a request.
    fn reply(&mut self, now: Instant, reply: Reply);
    /// Takes what happens by itself.
    fn notify(&mut self, now: Instant, notify: Notify);
    /// The bytes for the host.
    fn transmit(&self) -> &[u8];
    /// The first `n` bytes for the host are on their way.
    fn transmitted(&mut self, now: Instant, n: usize);
    /// When `poll` must be called at the latest.
    fn deadline(&self) -> Option<Instant>;
}

impl Module for Modem {
    fn poll(&mut self, now: Instant, host: &mut &[u8]) -> Option<Request> {
        Self::poll(self, now, host)
    }

    fn reply(&mut self, now: Instant, reply: Reply) {
        Self::reply(self, now, reply);
    }

    fn notify(&mut self, now: Instant, notify: Notify) {
        Self::notify(self, now, notify);
    }

    fn transmit(&self) -> &[u8] {
        Self::transmit(self)
    }

    fn transmitted(&mut self, now: Instant, n: usize) {
        Self::transmitted(self, now, n);
    }

    fn deadline(&self) -> Option<Instant> {
        Self::deadline(self)
    }
}

/// A module, its network, and the serial line to the host.
#[derive(Clone, Debug)]
pub struct Desk<N, M = Modem> {
    /// The module.
    pub modem: M,
    /// Its network.
    pub network: N,
    /// The line from the host.
    pub to_modem: Wire,
    /// The line to the host.
    pub to_host: Wire,
    now: Instant,
    turns: u32,
    /// Has come over the line, and the module has not taken it yet.
    pending: Vec<u8>,
}

/// Time does not go on: module and network keep each other busy, or one has a deadline and does nothing about it.
///
/// Nothing is lost; another call tries again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Livelock {
    /// When.
    pub at: Instant,
    /// Who.
    pub who: Who,
}

/// Who is to blame for a [`Livelock`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Who {
    /// The module's deadline has passed, and `poll` does not move it.
    Modem,
    /// The network's deadline has passed, and `poll` gives nothing.
    Network,
    /// There was always something to do, and no end of it.
    Turns,
}

impl fmt::Display for Livelock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = match self.who {
            Who::Modem => "the module does nothing about its deadline",
            Who::Network => "the network does nothing about its deadline",
            Who::Turns => "module and network find no end",
        };
        write!(f, "time stands still at {} ms: {what}", self.at.millis())
    }
}

impl core::error::Error for Livelock {}

impl<N: Network, M: Module> Desk<N, M> {
    /// A module and its network on a perfect line.
    #[must_use]
    pub fn new(modem: M, network: N, now: Instant) -> Self {
        let (to_modem, to_host) = (Wire::unpaced(), Wire::unpaced());
        Self { modem, network, to_modem, to_host, now, turns: 1_000_000, pending: Vec::new() }
    }

    /// The same with this line.
    #[must_use]
    pub fn with_wires(self, to_modem: Wire, to_host: Wire) -> Self {
        Self { to_modem, to_host, ..self }
    }

    /// The same with another limit of turns at one time, behind which [`Who::Turns`] is raised; 1,000,000 unless told.
    #[must_use]
    pub fn with_turns(self, turns: u32) -> Self {
        Self { turns, ..self }
    }

    /// The time on the desk.
    #[must_use]
    pub const fn now(&self) -> Instant {
        self.now
    }

    /// The host writes; returns how many bytes the line took. **Next**: let time go on.
    pub fn host_write(&mut self, bytes: &[u8]) -> usize {
        self.to_modem.push(self.now, bytes)
    }

    /// The host reads the next piece that has come; empty: nothing is there.
    pub fn host_read(&mut self) -> Vec<u8> {
        let mut bytes = Vec::new();
        self.to_host.pull(self.now, &mut bytes);
        bytes
    }

    /// Whether [`Desk::host_read`] has something.
    #[must_use]
    pub fn is_readable(&self) -> bool {
        self.to_host.deadline().is_some_and(|due| self.now.reached(due))
    }

    /// When something happens next, on the desk or at the host's end of the line; `None`: not before the host writes.
    #[must_use]
    pub fn next_deadline(&self) -> Option<Instant> {
        let line = [self.to_host.deadline(), self.inner_deadline()];
        line.into_iter().flatten().reduce(Instant::earlier)
    }

    /// Lets so many milliseconds pass, whether the host reads or not.
    ///
    /// **Errors**: [`Livelock`]; the time stays at which it happened.
    pub fn run_for(&mut self, ms: u32) -> Result<(), Livelock> {
        self.run_until(self.now.after(ms))
    }

    /// Lets time go on until this moment; one that has passed only does what is due now.
    ///
    /// **Errors**: [`Livelock`]; the time stays at which it happened.
    pub fn run_until(&mut self, until: Instant) -> Result<(), Livelock> {
        self.settle()?;
        while !self.now.reached(until) {
            self.step(until)?;
        }
        Ok(())
    }

    /// Lets time go on until there is something to read, not later than this moment. Returns whether there is.
    ///
    /// **Errors**: [`Livelock`]; the time stays at which it happened.
    pub fn wait(&mut self, until: Instant) -> Result<bool, Livelock> {
        self.settle()?;
        while !self.is_readable() && !self.now.reached(until) {
            let readable = self.to_host.deadline().map_or(until, |due| due.earlier(until));
            self.step(readable)?;
        }
        Ok(self.is_readable())
    }

    /// Jumps to the next deadline, not later than `until`, and does what is due there.
    fn step(&mut self, until: Instant) -> Result<(), Livelock> {
        let next = self.inner_deadline().map_or(until, |due| due.earlier(until));
        self.now = if self.now.reached(next) { self.now.after(1) } else { next };
        self.settle()
    }

    /// When the module, its network or the line between them has something to do.
    fn inner_deadline(&self) -> Option<Instant> {
        let room = self.to_host.room().filter(|_| !self.modem.transmit().is_empty());
        let arrival = self.to_modem.deadline().filter(|_| self.pending.is_empty());
        [self.modem.deadline(), self.network.deadline(), arrival, room]
            .into_iter()
            .flatten()
            .reduce(Instant::earlier)
    }

    /// Does all that can be done without time going on.
    fn settle(&mut self) -> Result<(), Livelock> {
        let (at, mut turns) = (self.now, 0);
        while self.turn() {
            turns += 1;
            if turns >= self.turns {
                return Err(Livelock { at, who: Who::Turns });
            }
        }
        let passed = |deadline: Option<Instant>| deadline.is_some_and(|due| at.reached(due));
        if passed(self.modem.deadline()) {
            return Err(Livelock { at, who: Who::Modem });
        }
        if passed(self.network.deadline()) {
            return Err(Livelock { at, who: Who::Network });
        }
        Ok(())
    }

    /// One thing after another, each once; whether anything moved.
    fn turn(&mut self) -> bool {
        let now = self.now;
        if self.pending.is_empty() {
            self.to_modem.pull(now, &mut self.pending);
        }
        let mut host = self.pending.as_slice();
        let request = self.modem.poll(now, &mut host);
        let taken = self.pending.len() - host.len();
        self.pending.drain(..taken);
        let mut moved = taken > 0 || request.is_some();
        if let Some(request) = request {
            self.network.request(now, request);
        }
        if let Some(arrival) = self.network.poll(now) {
            moved = true;
            match arrival {
                Arrival::Reply(reply) => self.modem.reply(now, reply),
                Arrival::Notify(notify) => self.modem.notify(now, notify),
            }
        }
        let sent = self.to_host.push(now, self.modem.transmit());
        if sent > 0 {
            moved = true;
            self.modem.transmitted(now, sent);
        }
        moved
    }
}

#[cfg(test)]
mod tests;
