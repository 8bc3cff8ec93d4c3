//! Sleep: DTR off lets the module sleep; only DTR wakes it for commands.

use super::{Session, flag};
use crate::error::Refused;
use crate::event::Action;
use crate::step::Which;
use crate::template::Args;
use crate::time::Instant;

impl<B: AsRef<[u8]> + AsMut<[u8]>> Session<B> {
    /// Lets the module sleep (`AT+CSCLK=1`), and switches DTR off behind the answer; [`pins`](Self::pins) tells it. Links stay
    /// open: data, calls and messages wake the module, and are told; what it says in push mode is received, what it keeps is
    /// read after [`wake`](Self::wake). Nothing is sent meanwhile.
    ///
    /// Needs DTR ([`Settings::modem_lines`](crate::Settings::modem_lines)). **Next**: `Done` or `Failed`.
    /// # Errors
    /// [`Refused::NotInDialect`]; [`Refused::State`] without DTR, asleep, or in data mode; [`Refused::Busy`]. Nothing changed
    /// then.
    pub fn sleep(&mut self, now: Instant) -> Result<(), Refused> {
        if !self.settings.modem_lines() {
            return Err(Refused::State);
        }
        self.give(now, Action::Sleep, Which::Sleep, &Args::default(), &[], 0)
    }

    /// Wakes the module: DTR on, the time that it needs (50 ms, 20 ms on `a7600`), and `AT` until it answers.
    ///
    /// **Next**: `Done`, then commands are taken; or `Failed` where nobody answers.
    /// # Errors
    /// [`Refused::State`] when it does not sleep. Nothing changed then.
    pub fn wake(&mut self, now: Instant) -> Result<(), Refused> {
        if !self.marks.take(flag::ASLEEP) {
            return Err(Refused::State);
        }
        if let Err(why) = self.give(now, Action::Wake, Which::Wake, &Args::default(), &[], 0) {
            self.marks.set(flag::ASLEEP);
            return Err(why);
        }
        self.marks.clear(flag::DTR_OFF);
        self.pause = self.now.after(u32::from(self.spec.wake_ms));
        Ok(())
    }

    /// Whether the module may sleep: every other command is [`Refused::State`] until [`wake`](Self::wake).
    pub fn is_asleep(&self) -> bool {
        self.marks.has(flag::ASLEEP)
    }
}
