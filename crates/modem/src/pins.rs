//! The lines beside the data: DTR in, DCD and RI out; and sleep, which DTR or the host's bytes end.

use crate::modem::{Mode, Modem};
use crate::timers::Timer;
use simcom_at::{Dialect, Instant};

/// The lines that the module drives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pins {
    /// DCD is on (low): with `AT&C1` while a link is connected, with `AT&C0` always.
    pub dcd: bool,
    /// RI is on (low): a pulse for a call, a message, or as `AT+CFGRI` says.
    pub ri: bool,
}

/// DTR and sleep.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sleep {
    /// DTR is on.
    dtr: bool,
    /// Since when it is as it is.
    since: Instant,
    asleep: bool,
}

impl Sleep {
    pub(crate) fn new(now: Instant) -> Self {
        Self { dtr: true, since: now, asleep: false }
    }
}

impl Modem {
    /// The lines that the module drives.
    #[must_use]
    pub fn pins(&self) -> Pins {
        let connected = self.links.iter().any(|l| l.is_open());
        Pins { dcd: self.set.dcd == 0 || connected, ri: self.timers.runs(Timer::RingOff) }
    }

    /// The host switches DTR on (low) or off.
    pub fn dtr(&mut self, now: Instant, on: bool) {
        self.now = now;
        if self.sleep.dtr == on {
            return;
        }
        let was = self.sleep.since.until(now);
        self.sleep.dtr = on;
        self.sleep.since = now;
        let a7600 = self.profile.dialect == Dialect::A7600;
        let leaves = if a7600 { !on } else { on && was >= 1000 };
        if leaves && self.set.dtr > 0 {
            self.leave_data();
        }
        if on && self.sleep.asleep {
            self.timers.set(Timer::Awake, now.after(if a7600 { 20 } else { 50 }));
        } else if !on {
            self.host_was_here();
        }
        self.speak();
    }

    /// Data mode ends as after `+++`.
    pub(crate) fn leave_data(&mut self) {
        if matches!(self.mode, Mode::Data(_)) {
            self.pack();
            self.timers.clear(Timer::Guard);
            self.mode = Mode::Command;
            self.out.raw(b"\r\nOK\r\n");
        }
    }

    /// The time until sleep begins anew.
    pub(crate) fn host_was_here(&mut self) {
        if self.set.csclk > 0 && !self.sleep.asleep {
            self.timers.set(Timer::Asleep, self.now.after(self.profile.sleep_ms));
        }
    }

    /// Long enough nothing came in.
    pub(crate) fn fall_asleep(&mut self) {
        self.sleep.asleep = match self.set.csclk {
            0 => false,
            1 => !self.sleep.dtr,
            _ => !matches!(self.mode, Mode::Payload(_)),
        };
    }

    pub(crate) fn wake(&mut self) {
        self.sleep.asleep = false;
        self.host_was_here();
    }

    /// Whether the host's bytes are lost because the module sleeps. With `AT+CSCLK=2` the first ones wake it.
    pub(crate) fn sleeps_through(&mut self) -> bool {
        if self.sleep.asleep && self.set.csclk == 2 && !self.timers.runs(Timer::Awake) {
            self.timers.set(Timer::Awake, self.now.after(100));
        }
        self.sleep.asleep
    }

    /// A pulse on RI.
    pub(crate) fn ring_pulse(&mut self, ms: u32) {
        self.timers.set(Timer::RingOff, self.now.after(ms));
    }

    /// The pulse of a call: short in data mode.
    pub(crate) fn call_pulse_ms(&self) -> u32 {
        match self.profile.dialect {
            Dialect::A7600 => 5900,
            Dialect::Sim800 | Dialect::Sim800e | Dialect::Sim7000 | Dialect::Kingcom | Dialect::Rda8955 => 50,
        }
    }
}
