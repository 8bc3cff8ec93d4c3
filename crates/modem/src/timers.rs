//! The moments at which the module does something by itself.

use alloc::vec::Vec;
use simcom_at::Instant;

/// What is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Timer {
    /// The command line in execution goes on, or gives up.
    Wait,
    /// The host has stopped in the middle of a line: notices may be printed again.
    Typing,
    /// The prompt is printed.
    Prompt,
    /// `AT+CIPATS`: what was typed so far is sent.
    AutoSend,
    /// A connection attempt gives up.
    Open(u8),
    /// A7600: a send is not through within `AT+CIPTIMEOUT`.
    Sending(u8),
    /// A quick close is confirmed.
    Closing(u8),
    /// A server that the host has stopped is gone.
    ServerClosing,
    /// A clone reports that the peer has closed.
    Gone(u8),
    /// What the network did not take is offered again.
    Retry(u8),
    /// `AT+NETOPEN` ends; on SIM800-type modules the one-step bring-up.
    Network,
    /// The n-th line of the start is printed.
    Boot(u8),
    /// The module starts anew.
    Restart,
    /// The end of a hang.
    Hang,
    /// `AT+CIPDPDP`: the network has been away for too long.
    Detached,
    /// Nothing came in for so long that the module may sleep.
    Asleep,
    /// The module has woken up.
    Awake,
    /// The end of a pulse on RI.
    RingOff,
    /// The silence behind the end of data mode is over: notices are printed again.
    Quiet,
    /// Data mode: the pause between two blocks (`AT+CIPCCFG`, Rxtimer) is over.
    Pace,
    /// Data mode: the silence around `+++` is complete.
    Guard,
    /// Data mode: what was typed so far is sent.
    Pack,
}

/// The set of running timers.
#[derive(Debug, Default)]
pub(crate) struct Timers(Vec<(Instant, Timer)>);

impl Timers {
    /// Starts a timer, or moves it.
    pub(crate) fn set(&mut self, timer: Timer, at: Instant) {
        self.clear(timer);
        self.0.push((at, timer));
    }

    /// Stops a timer.
    pub(crate) fn clear(&mut self, timer: Timer) {
        self.0.retain(|(_, t)| *t != timer);
    }

    /// When it is due.
    pub(crate) fn at(&self, timer: Timer) -> Option<Instant> {
        self.0.iter().find(|(_, t)| *t == timer).map(|(at, _)| *at)
    }

    /// Whether it runs.
    pub(crate) fn runs(&self, timer: Timer) -> bool {
        self.0.iter().any(|(_, t)| *t == timer)
    }

    /// The next moment.
    pub(crate) fn next(&self) -> Option<Instant> {
        self.0.iter().map(|(at, _)| *at).reduce(Instant::earlier)
    }

    /// Takes the earliest timer that is due.
    pub(crate) fn due(&mut self, now: Instant) -> Option<Timer> {
        let first = self.next().filter(|at| now.reached(*at))?;
        let index = self.0.iter().position(|(at, _)| *at == first)?;
        Some(self.0.remove(index).1)
    }
}
