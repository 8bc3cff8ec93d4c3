//! Time: what is late, and making sure of the line after it.

use super::line::{Holder, InFlight, Phase};
use super::slot::{Marks, Slot, State};
use super::{Action, Event, PAYLOAD_OUT, SAID, Session, flag};
use crate::error::{Remedy, Why};
use crate::event::{Closing, Outcome};
use crate::ids::Link;
use crate::observer::{final_of, is_error};
use crate::out::Out;
use crate::reader::Read;
use crate::report::Kind;
use crate::row::{Finals, Later};
use crate::spec::PayloadEnd;
use crate::template::{Args, render};
use crate::text::begins;
use crate::time::Tick;

/// How often `AT` is sent to a module that does not answer.
const PROBES: u8 = 10;
/// Which of them is `+++`, where the module may be in data mode without our knowing.
pub(super) const ESCAPE_AT: u8 = 2;
/// How often the marker is asked.
const TRIES: u8 = 3;

impl<B: AsRef<[u8]> + AsMut<[u8]>> Session<B> {
    /// Gives up the caller's command, as if its time were over.
    pub fn abandon(&mut self, now: crate::time::Instant) {
        self.now = now;
        if self.line.holder == Holder::App {
            self.line.deadline = now;
        }
    }

    /// What is late.
    #[inline(never)]
    pub(super) fn timers(&mut self) -> Option<Event<'static>> {
        let now = self.now;
        if self.line.holder != Holder::Nobody && now.reached(self.line.deadline) {
            let event = self.line_late();
            if event.is_some() {
                return event;
            }
        }
        if self.marks.has(flag::RESOLVING) && self.resolve_by.reached(now) {
            self.marks.clear(flag::RESOLVING);
            let (action, link, step) = (Action::Resolve, None, 0);
            return Some(Event::Failed { action, link, step, why: Why::Timeout, remedy: Remedy::None });
        }
        if self.polls() && self.poll_at.reached(now) {
            self.poll_at = Tick::at(now.after(u32::from(self.settings.poll_ms)));
            for slot in self.slots.iter_mut().filter(|slot| slot.state == State::Open) {
                slot.marks.set(Marks::HINT);
            }
        }
        let busy = self.busy_link();
        for n in 0..self.spec.dialect.links() {
            let late = |slot: &mut Slot| slot.is_timed() && slot.deadline.reached(now) && busy != Some(n);
            if self.slot(n).is_some_and(late) {
                self.link_late(n);
            }
        }
        None
    }

    /// What a link waited for did not come in time.
    fn link_late(&mut self, n: u8) {
        let Some(slot) = self.slot(n) else { return };
        match slot.state {
            State::Opening => {
                slot.marks.set(Marks::DROP);
                self.end_link(n, Closing::Unsaid, false);
            }
            State::Closing => {
                slot.marks.set(Marks::DROP);
                self.end_link(n, Closing::Local, false);
            }
            State::Draining if slot.takes() == 0 => self.end_link(n, Closing::Peer, true),
            State::Draining | State::Open | State::Free => {
                if slot.marks.take(Marks::SENDING) {
                    slot.marks.set(Marks::TELL_SENT);
                }
            }
        }
    }

    /// The line's deadline has passed.
    fn line_late(&mut self) -> Option<Event<'static>> {
        if self.line.holder == Holder::Leave {
            return self.leave_late();
        }
        let sends = self.app.is_some_and(|app| app.action == Action::Send);
        if sends && self.is_data_mode() && self.line.holder == Holder::App {
            return self.data_stuck();
        }
        let spec = self.spec;
        let Some(app) = self.app.as_mut().filter(|_| self.line.holder == Holder::App) else {
            self.own_late();
            return self.given_up();
        };
        let step = app.step(spec)?;
        if self.line.said {
            app.flags |= SAID;
        }
        if app.action == Action::Probe && app.step == 0 && app.repeats < PROBES && app.flags & SAID == 0 {
            app.repeats += 1;
            let astray = app.repeats == ESCAPE_AT;
            self.free();
            if astray && self.settings.transparent() {
                self.pause = self.now.after(super::data::GUARD_MS);
            }
            return None;
        }
        if self.line.phase == Phase::Later {
            if step.later == Later::Status {
                self.line.met = true;
                return self.step_done();
            }
            return self.step_failed(Why::Timeout);
        }
        if app.action == Action::Probe && app.step == 0 {
            return self.step_failed(Why::Timeout);
        }
        self.broken = Holder::App;
        self.tries = 0;
        self.marks.clear(flag::UNSURE);
        let payload = matches!(self.line.phase, Phase::Prompt | Phase::Result);
        if payload {
            self.begin_escape()
        } else {
            self.begin_marker()
        }
        None
    }

    fn own_late(&mut self) {
        let probes = self.app.as_mut().filter(|app| app.action == Action::Probe);
        if let (Holder::Undo, Some(app)) = (self.line.holder, probes) {
            app.repeats += 1;
            return self.free();
        }
        match self.line.holder {
            Holder::Escape => self.begin_marker(),
            Holder::Marker => {
                self.tries += 1;
                if self.tries < TRIES {
                    self.begin_marker();
                }
            }
            Holder::Waiting | Holder::Read | Holder::Query | Holder::Drop | Holder::Undo => {
                self.broken = self.line.holder;
                self.tries = 0;
                self.begin_marker();
            }
            Holder::App | Holder::Leave | Holder::Nobody => {}
        }
    }

    /// Takes a module out of a prompt that nobody wants any more. What fills a counted payload may go to a client that has
    /// the number by now: its link is not in order.
    pub(super) fn escape_prompt(&mut self) {
        let Some(app) = &mut self.app else { return };
        app.flags |= SAID;
        let link = app.link;
        if self.spec.payload_end == PayloadEnd::Counted
            && let Some(slot) = self.slot(link).filter(|slot| slot.state == State::Open)
        {
            slot.marks.set(Marks::DROP);
            slot.end(Closing::Unsaid, false);
        }
        self.broken = Holder::App;
        self.tries = 0;
        self.begin_escape();
    }

    /// Takes a module out of a prompt, or fills up a payload that it may be counting.
    fn begin_escape(&mut self) {
        let len = self.app.as_ref().map_or(0, |app| app.len);
        let mut line = InFlight { holder: Holder::Escape, phase: Phase::Prompt, ..InFlight::FREE };
        line.to = match self.spec.payload_end {
            PayloadEnd::Counted => len,
            PayloadEnd::CtrlZ => {
                let mut out = Out::new(&mut self.own);
                out.bytes(b"\x1b\r");
                2
            }
        };
        line.deadline = self.now.after(u32::from(self.settings.prompt_ms));
        self.line = line;
    }

    pub(super) fn begin_marker(&mut self) {
        let link = self.line.link;
        self.begin_own(Holder::Marker, link);
        self.line.phase = Phase::Prompt;
        self.line.finals = Finals::OK;
    }

    /// Lines while the line is made sure of. Outer `None`: none of them.
    pub(super) fn marker_answer<'i>(&mut self, read: &Read<'i>) -> Option<Option<Event<'i>>> {
        let told = &read.told;
        let text = self.reader.text(read);
        match told.kind {
            Kind::Prompt => self.marks.set(flag::UNSURE),
            Kind::Line if text.starts_with(b">") => self.marks.set(flag::UNSURE),
            _ if self.is_marker(read) => self.line.met = self.line.holder == Holder::Marker,
            _ if is_error(told) || final_of(told).meets(Finals::OK) => {
                if self.line.met {
                    return Some(self.in_step());
                }
            }
            _ => return None,
        }
        Some(None)
    }

    /// Whether it is the answer that the marker asks for.
    pub(super) fn is_marker(&self, read: &Read<'_>) -> bool {
        let marker = self.spec.marker.as_bytes();
        match read.told.kind {
            Kind::Line => !marker.is_empty() && begins(self.reader.text(read), marker),
            Kind::NetState | Kind::State => marker.is_empty(),
            _ => false,
        }
    }

    /// The line is in step again: what failed is told, or tried once more.
    fn in_step(&mut self) -> Option<Event<'static>> {
        let n = self.line.link;
        self.marks.clear(flag::ASTRAY);
        self.free();
        let event = match core::mem::replace(&mut self.broken, Holder::Nobody) {
            Holder::App => self.app_late(),
            broken => {
                self.own_failed(broken, n);
                None
            }
        };
        if self.tries > 0 && self.line.holder == Holder::Nobody {
            // The markers before may still be answered.
            self.pause = self.now.after(super::run::SETTLE_MS);
        }
        event
    }

    fn app_late(&mut self) -> Option<Event<'static>> {
        let app = self.app?;
        if app.flags & SAID != 0 {
            self.end_app();
            return None;
        }
        if app.action == Action::Send {
            return self.send_late();
        }
        let step = app.step(self.spec)?;
        if step.undo.is_empty() || app.repeats >= self.settings.retries {
            return self.step_failed(Why::Timeout);
        }
        let mut out = Out::new(&mut self.own);
        render(&mut out, step.undo, &Args { link: app.link, ..Args::default() });
        out.byte(b'\r');
        let end = u16::try_from(out.len()).unwrap_or(0);
        let deadline = self.now.after(9000);
        self.line = InFlight::begin(Holder::Undo, app.link, &step, 0, end, deadline);
        self.line.finals = Finals::OK.or(Finals::CLOSE_OK);
        None
    }

    /// A send without a result: whether its bytes went anywhere depends on what came meanwhile.
    fn send_late(&mut self) -> Option<Event<'static>> {
        let app = self.app?;
        self.end_app();
        let unsure = self.marks.has(flag::UNSURE);
        let slot = self.slot(app.link)?;
        let told = !slot.marks.take(Marks::SENDING);
        if unsure {
            slot.marks.set(Marks::DROP);
            self.end_link(app.link, Closing::Unsaid, false);
        }
        if told {
            return None;
        }
        let out = unsure || app.flags & PAYLOAD_OUT != 0;
        let outcome = if out { Outcome::Unknown(app.len) } else { Outcome::NotSent };
        Some(Event::Sent { link: Link(app.link), outcome })
    }

    /// A line of our own got no answer.
    fn own_failed(&mut self, broken: Holder, n: u8) {
        let can_query = self.can_query();
        let Some(slot) = self.slot(n) else { return };
        match broken {
            Holder::Waiting | Holder::Read if slot.state == State::Draining => {
                self.end_link(n, Closing::Peer, false);
            }
            Holder::Waiting | Holder::Read if can_query => slot.marks.set(Marks::QUERY),
            Holder::Waiting | Holder::Read | Holder::Query => {
                // When the module hears again, it may still have the link.
                slot.marks.set(Marks::DROP);
                self.end_link(n, Closing::Unsaid, false);
            }
            Holder::Drop => slot.marks.clear(Marks::DROP),
            Holder::Undo => {
                if let Some(app) = &mut self.app {
                    app.repeats += 1;
                }
            }
            Holder::App | Holder::Escape | Holder::Leave | Holder::Marker | Holder::Nobody => {}
        }
    }

    /// The marker was not answered often enough: only a restart helps.
    fn given_up(&mut self) -> Option<Event<'static>> {
        if self.line.holder != Holder::Marker || self.tries < TRIES {
            return None;
        }
        let broken = core::mem::replace(&mut self.broken, Holder::Nobody);
        self.tries = 0;
        self.marks.set(flag::ASTRAY);
        let n = self.line.link;
        self.free();
        if broken != Holder::App {
            self.own_failed(broken, n);
        }
        let app = self.app?;
        if app.flags & SAID != 0 {
            self.end_app();
            return None;
        }
        if app.action == Action::Send {
            return self.send_late();
        }
        self.end_app();
        let event = self.fail(&app, Why::Timeout)?;
        Some(match event {
            Event::Failed { action, link, step, why, .. } => {
                Event::Failed { action, link, step, why, remedy: Remedy::Restart }
            }
            other => other,
        })
    }
}
