//! Data mode: a transparent link, where nothing is counted and silence is part of the protocol.

use super::line::{Holder, InFlight, Phase};
use super::slot::{Marks, State};
use super::{App, SAID, Session, TELL_DONE, flag};
use crate::error::{Refused, Why};
use crate::event::{Action, Event, Outcome, Value};
use crate::ids::Link;
use crate::observer::is_error;
use crate::out::Out;
use crate::reader::Read;
use crate::report::Kind;
use crate::row::Finals;
use crate::step::Which;
use crate::template::Args;
use crate::time::Instant;

/// Silence before and behind `+++`, and how long DTR stays off.
pub(super) const GUARD_MS: u32 = 1000;
/// How long the last bytes may still be on the way to the module, whose silence begins with them.
const ON_THE_WAY_MS: u32 = 500;
/// How long the module may take to say `OK` behind the silence.
const ANSWER_MS: u32 = 3000;

/// How long a port may take nothing of a send in data mode: flow control may hold it up.
pub(super) const STUCK_MS: u32 = 60_000;

/// Something else than `+` was sent since the last silence.
const MIXED: u8 = u8::MAX;

/// Where a transparent link is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Online {
    /// There is none, or it was left: commands are understood.
    Command,
    /// Every byte is payload.
    Data,
}

/// A modem line that the caller tells of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Pin {
    /// DCD: on while a transparent link is connected (`AT&C1`).
    Dcd,
}

/// The modem lines that the caller drives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Pins {
    /// DTR is on. Off for a second leaves data mode.
    pub dtr: bool,
}

impl<B: AsRef<[u8]> + AsMut<[u8]>> Session<B> {
    /// How the modem lines are to be driven, where they are wired.
    pub fn pins(&self) -> Pins {
        Pins { dtr: !self.marks.has(flag::DTR_OFF) }
    }

    /// Tells the level of a modem line; call it when it changes, and before the first byte.
    pub fn pin(&mut self, now: Instant, pin: Pin, on: bool) {
        if now.reached(self.now) {
            self.now = now;
        }
        match pin {
            Pin::Dcd => self.carrier = Some(on),
        }
    }

    /// Whether the transparent link is in data mode: `send` gives raw bytes, other commands are [`Refused::State`].
    pub fn is_data_mode(&self) -> bool {
        self.online == Online::Data
    }

    /// Leaves data mode: silence, `+++`, silence; or DTR off for a second, where it is wired. The link stays open.
    ///
    /// **Next**: `Done`, then commands are taken; or `Failed`, and data mode goes on.
    /// # Errors
    /// [`Refused::State`] outside data mode, [`Refused::Busy`] while a send is going on. Nothing changed then.
    pub fn leave_data(&mut self, now: Instant) -> Result<(), Refused> {
        if !self.is_data_mode() {
            return Err(Refused::State);
        }
        if !self.is_ready() {
            return Err(Refused::Busy);
        }
        self.begin_app(now, Action::LeaveData, 0);
        self.pause = self.now.after(GUARD_MS + ON_THE_WAY_MS);
        Ok(())
    }

    /// Whether an `OK` can be the answer to `+++`: the module keeps the silence behind it first, by its own clock.
    pub(super) fn may_be_left(&self) -> bool {
        let line = &self.line;
        let kept = self.now.until(line.deadline) <= super::run::FINAL_MS + GUARD_MS / 2;
        line.holder == Holder::Leave && (self.settings.modem_lines() || (line.is_out() && kept))
    }

    /// Goes back to data mode (`ATO`).
    ///
    /// **Next**: `Done`, or `Failed`.
    /// # Errors
    /// [`Refused::NotInDialect`]; [`Refused::State`] without a transparent link, or in data mode; [`Refused::Busy`].
    /// Nothing changed then.
    pub fn enter_data(&mut self, now: Instant) -> Result<(), Refused> {
        let open = self.slot(0).is_some_and(|slot| slot.state == State::Open);
        if !self.settings.transparent() || !open {
            return Err(Refused::State);
        }
        self.give(now, Action::EnterData, Which::Online, &Args::default(), &[], 0)
    }

    /// `send` on the transparent link.
    pub(super) fn send_transparent(&mut self, now: Instant, payload: &[u8]) -> Result<(), Refused> {
        if !self.is_data_mode() {
            return Err(Refused::State);
        }
        if !self.is_ready() {
            return Err(Refused::Busy);
        }
        let pluses = self.pluses(now, payload);
        if pluses == 3 {
            return Err(Refused::Unsendable);
        }
        let mut out = Out::new(self.buf.as_mut());
        out.bytes(payload);
        let len = u16::try_from(payload.len()).unwrap_or(u16::MAX);
        if !out.fits() {
            return Err(Refused::SmallBuffer { need: len });
        }
        self.pluses = pluses;
        self.begin_app(now, Action::Send, len);
        if let Some(slot) = self.slot(0) {
            slot.sent = len;
        }
        Ok(())
    }

    /// How many `+` with nothing else will have gone out since the last silence: three of them, alone between two
    /// silences, are the escape. How long silence is for the module depends on the line, so both are taken with a margin.
    fn pluses(&self, now: Instant, payload: &[u8]) -> u8 {
        let len = payload.iter().take(4).take_while(|byte| **byte == b'+').count();
        if len < payload.len() {
            return MIXED;
        }
        let len = u8::try_from(len).unwrap_or(MIXED);
        let since = |ms| now.reached(self.pause.after(ms));
        match self.pluses {
            _ if len == 3 || since(2 * GUARD_MS) => len,
            MIXED if !since(GUARD_MS / 2) => MIXED,
            MIXED => len,
            before => before.saturating_add(len),
        }
    }

    fn begin_app(&mut self, now: Instant, action: Action, len: u16) {
        if now.reached(self.now) {
            self.now = now;
        }
        self.tell &= !super::TELL_READY;
        self.marks.clear(flag::READY_DUE);
        let which = Which::Raw;
        self.app = Some(App {
            action,
            link: 0,
            which,
            step: 0,
            repeats: 0,
            at: 0,
            payload: 0,
            end: len,
            len,
            value: Value::None,
            flags: 0,
        });
    }

    /// The module is in data mode: the transparent link is open, or was gone back to. Outer `None`: nobody waits for it.
    pub(super) fn data_mode<'i>(&mut self) -> Option<Option<Event<'i>>> {
        let holds = self.line.holder == Holder::App;
        let state = self.slot(0)?.state;
        if self.marks.take(flag::CONNECT_DUE) && state == State::Open {
            return Some(self.data_mode_of_a_client());
        }
        let wanted = if holds {
            let about = self.app.is_some_and(|app| app.link == 0);
            about && self.line.is_out() && self.line.finals.meets(Finals::DATA_MODE)
        } else {
            self.app.is_none() && matches!(state, State::Opening | State::Open)
        };
        if !wanted {
            self.reader.set_line_mode();
            return None;
        }
        self.online = Online::Data;
        if !holds {
            // What a line of our own asked is not answered any more.
            self.line = InFlight::FREE;
            self.broken = Holder::Nobody;
        }
        match (state, self.app) {
            (State::Opening, _) => Some(self.connected(0)),
            (_, Some(app)) if app.action == Action::EnterData => None,
            _ => Some(None),
        }
    }

    /// A client of a server begins data mode, whatever is under way: a command in flight gets no answer any more.
    fn data_mode_of_a_client(&mut self) -> Option<Event<'static>> {
        self.online = Online::Data;
        self.broken = Holder::Nobody;
        self.pause = self.now;
        let line = core::mem::replace(&mut self.line, InFlight::FREE);
        let app = self.app.filter(|_| self.tell & TELL_DONE == 0)?;
        self.end_app();
        let said = (line.said && line.holder == Holder::App) || app.flags & SAID != 0;
        if said { None } else { self.fail(&app, Why::Interrupted) }
    }

    /// Begins what the caller has given in data mode.
    pub(super) fn begin_in_data_mode(&mut self) -> bool {
        let data = |app: &App| matches!(app.action, Action::Send | Action::LeaveData);
        let Some(app) = self.app.filter(data) else { return false };
        let now = self.now;
        let mut line = InFlight { holder: Holder::App, phase: Phase::Result, to: app.end, ..InFlight::FREE };
        line.deadline = now.after(STUCK_MS);
        if app.action == Action::LeaveData {
            line.holder = Holder::Leave;
            line.finals = Finals::OK;
            line.to = 0;
            // A second by the module's clock, too.
            line.deadline = now.after(GUARD_MS + ON_THE_WAY_MS);
            if self.settings.modem_lines() {
                self.marks.set(flag::DTR_OFF);
            } else {
                let mut out = Out::new(&mut self.own);
                out.bytes(b"+++");
                line.to = 3;
                line.deadline = now.after(GUARD_MS + ANSWER_MS);
            }
        }
        self.line = line;
        true
    }

    /// All bytes of a send in data mode are out: that is all that can be known of them.
    pub(super) fn data_out(&mut self) {
        if let Some(slot) = self.slot(0) {
            slot.marks.set(Marks::TELL_TAKEN);
        }
        self.line = InFlight::FREE;
        self.pause = self.now;
        self.end_app();
    }

    /// The port has taken nothing of a send for long: the rest of it is given up.
    pub(super) fn data_stuck(&mut self) -> Option<Event<'static>> {
        let app = self.app?;
        let taken = self.line.from;
        self.line = InFlight::FREE;
        self.pause = self.now;
        self.end_app();
        let outcome = if taken == 0 { Outcome::NotSent } else { Outcome::Unknown(app.len) };
        Some(Event::Sent { link: Link(0), outcome })
    }

    /// Lines while data mode is being left. Outer `None`: none of them.
    pub(super) fn leave_answer<'i>(&mut self, read: &Read<'i>) -> Option<Option<Event<'i>>> {
        if read.told.kind == Kind::Ok || is_error(&read.told) {
            self.no_data_mode();
            return Some(None);
        }
        None
    }

    /// The deadline of leaving has passed: DTR goes on again, or the module did not answer.
    pub(super) fn leave_late(&mut self) -> Option<Event<'static>> {
        if self.marks.has(flag::DTR_OFF) {
            self.marks.clear(flag::DTR_OFF);
            self.line.deadline = self.now.after(ANSWER_MS);
            return None;
        }
        let app = self.app?;
        self.line = InFlight::FREE;
        self.pause = self.now;
        self.end_app();
        self.fail(&app, Why::Timeout)
    }

    /// Data mode is over, by whatever means; what the caller had given for it ends.
    pub(super) fn no_data_mode(&mut self) {
        if !self.is_data_mode() {
            return;
        }
        self.online = Online::Command;
        self.marks.clear(flag::DTR_OFF);
        let Some(app) = self.app else { return };
        match app.action {
            Action::LeaveData => {
                self.free();
                self.tell |= TELL_DONE;
            }
            Action::Send => {
                self.free();
                self.end_app();
            }
            _ => {}
        }
    }
}
