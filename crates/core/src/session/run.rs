//! Beginning lines and ending them: the caller's procedure, step by step, and the session's own lines between.

use super::data::GUARD_MS;
use super::line::{Holder, InFlight, Phase};
use super::resync::ESCAPE_AT;
use super::slot::{Marks, State};
use super::{App, DATAGRAM, LOCAL, NAMED, NET_OPEN, PAYLOAD_OUT, PIN_DUE, SAID, Session, TELL_DONE, flag};
use crate::error::{Remedy, Why};
use crate::event::{Action, Closing, Event, Outcome};
use crate::ids::Link;
use crate::out::Out;
use crate::row::{Finals, Later};
use crate::step::{Step, When, Which};
use crate::template::{Args, render};
use crate::time::Tick;

/// Silence that shows that nothing comes late.
pub(super) const SETTLE_MS: u32 = 1000;
/// How long a final may take when the row's time is for what comes later.
pub(super) const FINAL_MS: u32 = 9000;

impl<B: AsRef<[u8]> + AsMut<[u8]>> Session<B> {
    /// Whether a step is part of the command at all.
    pub(super) fn applies(&self, step: &Step, flags: u8) -> bool {
        let set = &self.settings;
        match step.when {
            When::Always | When::NetClosed | When::NetOpen | When::PinDue => true,
            When::Single => set.single(),
            When::Multi => !set.single(),
            When::Push => set.push(),
            When::Request => !set.push(),
            When::Quick => set.quick() && !set.single(),
            When::Normal => !set.quick() || set.single(),
            When::Header => set.push() && !set.transparent(),
            When::Transparent => set.transparent(),
            When::Framed => !set.transparent(),
            When::Lines => set.modem_lines(),
            When::Flow => set.flow_control(),
            When::Reselect => self.context != 0,
            When::AnyPeer => set.any_peer(),
            When::AnySingle => set.any_peer() && set.single() && flags & DATAGRAM != 0,
            When::AnyMulti => set.any_peer() && !set.single() && flags & DATAGRAM != 0,
            When::NoLocal => flags & LOCAL == 0,
            When::LocalSingle => set.single() && flags & LOCAL != 0,
            When::LocalMulti => !set.single() && flags & LOCAL != 0,
            When::Named => flags & NAMED != 0,
            When::EchoOn => !self.marks.has(flag::ECHO_OFF),
            When::MultiUnset => !set.single() && !self.marks.has(flag::CONFIGURED),
        }
    }

    /// Whether a line would be begun after the pause.
    pub(super) fn has_next(&self) -> bool {
        if self.is_asleep() {
            return false;
        }
        if self.is_data_mode() {
            return self.app.is_some_and(|app| matches!(app.action, Action::Send | Action::LeaveData));
        }
        self.app.is_some() || self.next_own().is_some()
    }

    /// Begins the next line, if the line is free; whether it did.
    #[inline(never)]
    pub(super) fn begin(&mut self) -> bool {
        if self.line.holder != Holder::Nobody || !self.now.reached(self.pause) || self.is_asleep() {
            return false;
        }
        self.tries = 0;
        if self.is_data_mode() {
            return self.begin_in_data_mode();
        }
        let inside = self.app.is_some_and(|app| app.at > 0 || app.repeats > 0);
        let own = if inside { None } else { self.next_own() };
        match (own, self.app) {
            (Some((holder, link)), app)
                if app.is_none() || self.marks.has(flag::READ_TURN) || holder == Holder::Drop =>
            {
                self.marks.clear(flag::READ_TURN);
                self.begin_own(holder, link);
                true
            }
            (_, Some(app)) if self.marks.has(flag::ASTRAY) && app.action != Action::Probe => {
                self.begin_marker();
                true
            }
            (_, Some(app)) => {
                self.marks.set(flag::READ_TURN);
                self.marks.clear(flag::ASTRAY);
                self.begin_step(app);
                true
            }
            _ => false,
        }
    }

    /// `+++` to a module that answers nothing: it may be in data mode.
    fn begin_probing_escape(&mut self) {
        let mut out = Out::new(&mut self.own);
        out.bytes(b"+++");
        self.line = InFlight { holder: Holder::Undo, finals: Finals::OK, to: 3, ..InFlight::FREE };
        self.line.deadline = self.now.after(4 * GUARD_MS);
    }

    /// Begins the present step of the caller's command, or ends the command when none is left.
    fn begin_step(&mut self, mut app: App) {
        // What has been told before its first byte went out never goes.
        if app.flags & SAID != 0 {
            return self.end_app();
        }
        self.reader.limit = u16::MAX;
        if app.action == Action::Probe {
            self.reader.set_line_mode();
            if app.step == 0 && app.repeats == ESCAPE_AT && self.settings.transparent() {
                return self.begin_probing_escape();
            }
        }
        while let Some(step) = app.step(self.spec) {
            let applies = self.applies(&step, app.flags);
            let runs = match step.when {
                When::NetClosed => app.flags & NET_OPEN == 0,
                When::NetOpen => app.flags & NET_OPEN != 0,
                When::PinDue => app.flags & PIN_DUE != 0,
                _ => true,
            };
            let line =
                self.buf.as_ref().get(usize::from(app.at)..usize::from(app.payload)).unwrap_or_default();
            let len = line.iter().position(|b| *b == b'\r').map_or(line.len(), |at| at + 1);
            let end = app.at + u16::try_from(len).unwrap_or(0);
            if applies && runs {
                // Towards data mode `CONNECT` itself is the final.
                let long = self.settings.transparent() && step.finals.meets(Finals::DATA_MODE);
                let ms = if step.later == Later::Nothing || long {
                    step.timeout_ms
                } else {
                    step.timeout_ms.min(FINAL_MS)
                };
                let own = matches!(app.action, Action::Raw | Action::Set | Action::Ask) && app.len > 0;
                let ms = if own { u32::from(app.len) * 64 } else { ms };
                self.line = InFlight::begin(Holder::App, app.link, &step, app.at, end, self.now.after(ms));
                if app.action == Action::Send {
                    self.line.phase = Phase::Prompt;
                }
                self.app = Some(app);
                return;
            }
            if applies {
                app.at = end;
            }
            app.step += 1;
        }
        self.app = Some(app);
        self.tell |= TELL_DONE;
    }

    /// Begins a line of our own about a link.
    pub(super) fn begin_own(&mut self, holder: Holder, link: u8) {
        let single = self.settings.single();
        let which = match holder {
            Holder::Waiting if single => Which::Waiting,
            Holder::Waiting => Which::WaitingMulti,
            Holder::Read if single => Which::Read,
            Holder::Read => Which::ReadMulti,
            Holder::Query if single => Which::Query,
            Holder::Query => Which::QueryMulti,
            Holder::Drop => Which::Drop,
            Holder::Marker => Which::Marker,
            Holder::Undo | Holder::Escape | Holder::Leave | Holder::App | Holder::Nobody => return,
        };
        let step = self.spec.procedures.get(which).find(|step| self.applies(step, 0));
        let len = self.read_len(link);
        let Some(step) = step else { return };
        self.reader.limit = if holder == Holder::Read { len } else { u16::MAX };
        let mut out = Out::new(&mut self.own);
        render(&mut out, step.text, &Args { link, len, how: 1, ..Args::default() });
        out.byte(b'\r');
        let end = u16::try_from(out.len()).unwrap_or(0);
        self.line =
            InFlight::begin(holder, link, &step, 0, end, self.now.after(step.timeout_ms.min(FINAL_MS)));
    }

    /// All bytes of the line, or of the payload, are out.
    pub(super) fn all_out(&mut self) {
        let sends = self.app.is_some_and(|app| app.action == Action::Send);
        if self.is_data_mode() && self.line.holder == Holder::App && sends {
            return self.data_out();
        }
        let ms = match (self.line.holder, self.line.phase, self.app.as_ref()) {
            (Holder::App, Phase::Prompt, _) => u32::from(self.settings.prompt_ms),
            (Holder::App, Phase::Result, Some(app)) => {
                let step_ms = app.step(self.spec).map_or(FINAL_MS, |step| step.timeout_ms);
                if self.settings.send_ms() > 0 { self.settings.send_ms() } else { step_ms }
            }
            (Holder::Escape, ..) => 100,
            (Holder::Leave, ..) => GUARD_MS + FINAL_MS,
            _ => return,
        };
        self.line.deadline = self.now.after(ms);
    }

    /// The line is free again; the next one waits for the pause.
    pub(super) fn free(&mut self) {
        self.line = InFlight::FREE;
        self.pause = self.now.after(u32::from(self.settings.pause_ms));
    }

    /// The prompt has come: the payload goes out, unless its link has ended: the number may be another one's by now.
    pub(super) fn prompted(&mut self) {
        if self.line.said || self.app.is_some_and(|app| app.flags & SAID != 0) {
            return self.escape_prompt();
        }
        if let Some(app) = &mut self.app {
            app.flags |= PAYLOAD_OUT;
            (self.line.from, self.line.to) = (app.payload, app.end);
            self.line.phase = Phase::Result;
            self.line.deadline = self.now.after(u32::from(self.settings.prompt_ms).wrapping_mul(4));
        }
    }

    /// The step's line has ended well: what is next?
    pub(super) fn step_done(&mut self) -> Option<Event<'static>> {
        let spec = self.spec;
        let app = self.app.as_mut()?;
        let step = app.step(spec)?;
        let holds = matches!(
            app.action,
            Action::Attach
                | Action::Detach
                | Action::Shut
                | Action::Status
                | Action::Listen
                | Action::Unlisten
        );
        if holds && step.later != Later::Nothing && !self.line.met {
            self.line.phase = Phase::Later;
            let ms = if step.later == Later::Status { 1000 } else { step.timeout_ms };
            self.line.deadline = self.now.after(ms);
            return None;
        }
        let (action, link) = (app.action, app.link);
        let said = self.line.said || app.flags & SAID != 0;
        let (later, met, which) = (step.later, self.line.met, app.which);
        let by = self.now.after(step.timeout_ms);
        let repeated = app.repeats > 0;
        app.at = self.line.end;
        app.step += 1;
        app.repeats = 0;
        let mut more = spec.procedures.get(app.which).behind(app.step);
        let flags = app.flags;
        let settles = action == Action::Probe && repeated;
        let ends = !more.any(|step| self.applies(&step, flags));
        self.free();
        if settles {
            self.pause = self.now.after(SETTLE_MS);
        }
        if said {
            self.end_app();
            return None;
        }
        if !ends {
            return None;
        }
        match action {
            Action::Close if later == Later::Nothing => {
                if let Some(slot) = self.slot(link) {
                    slot.end(Closing::Local, true);
                }
                self.end_app();
            }
            Action::Open | Action::Close => {
                if let Some(slot) = self.slot(link) {
                    slot.deadline = Tick::at(by);
                }
                self.end_app();
            }
            Action::Send => self.end_app(),
            Action::Resolve if later == Later::Dns && !met => {
                self.marks.set(flag::RESOLVING);
                self.resolve_by = Tick::at(by);
                self.end_app();
            }
            Action::Probe => {
                self.marks.set(flag::ECHO_OFF);
                self.tell |= TELL_DONE;
            }
            Action::Attach => {
                self.marks.set(flag::CONFIGURED | flag::ECHO_OFF);
                if which == Which::Attach {
                    self.marks.clear(flag::UNSET);
                }
                self.context = u8::from(which == Which::Second);
                self.up |= 1 << self.context;
                self.tell |= TELL_DONE;
            }
            Action::Context => {
                self.context = link;
                self.tell |= TELL_DONE;
            }
            Action::Sleep => {
                self.marks.set(flag::ASLEEP | flag::DTR_OFF);
                self.tell |= TELL_DONE;
            }
            Action::Shut => {
                self.end_context(self.context, Closing::Local);
                self.tell |= TELL_DONE;
            }
            Action::Detach => {
                self.end_all(Closing::Local);
                self.tell |= TELL_DONE;
            }
            Action::Listen => {
                self.marks.clear(flag::SECOND_LISTENS);
                if self.context == 1 {
                    self.marks.set(flag::SECOND_LISTENS);
                }
                self.tell |= TELL_DONE;
            }
            _ => self.tell |= TELL_DONE,
        }
        None
    }

    /// The caller's command no longer holds the line.
    pub(super) fn end_app(&mut self) {
        self.app = None;
        self.marks.set(flag::READY_DUE);
    }

    /// The step's line has ended badly.
    pub(super) fn step_failed(&mut self, why: Why) -> Option<Event<'static>> {
        let app = self.app?;
        let lenient = app
            .step(self.spec)
            .is_some_and(|step| step.lenient || (step.later == Later::NetClose && self.line.met));
        if lenient {
            // Nothing more comes behind an error.
            self.line.met = true;
            return self.step_done();
        }
        let said = self.line.said || app.flags & SAID != 0;
        self.free();
        self.end_app();
        if said {
            return None;
        }
        self.fail(&app, why)
    }

    /// The event of a command that failed, and what it means to its link.
    pub(super) fn fail(&mut self, app: &App, why: Why) -> Option<Event<'static>> {
        let link = app.link;
        match app.action {
            Action::Send => {
                if let Some(slot) = self.slot(link) {
                    slot.marks.clear(Marks::SENDING);
                }
                let outcome =
                    if app.flags & PAYLOAD_OUT == 0 { Outcome::NotSent } else { Outcome::Unknown(app.len) };
                return Some(Event::Sent { link: Link(link), outcome });
            }
            Action::Open => {
                if let Some(slot) = self.slot(link) {
                    slot.state = State::Free;
                }
                self.strikes = self.strikes.saturating_add(1);
            }
            // It weighs as much as two opens.
            Action::Attach if why != Why::Interrupted => self.strikes = self.strikes.saturating_add(2),
            Action::Close => {
                // A close of a closed link is done; without an answer the module may still have it.
                if let Some(slot) = self.slot(link) {
                    if why == Why::Timeout {
                        slot.marks.set(Marks::DROP);
                    }
                    slot.end(Closing::Local, false);
                }
                return None;
            }
            _ => {}
        }
        let remedy = self.remedy(app.action, why);
        let (action, link, step) = (app.action, app.named_link(), self.step_number(app));
        Some(Event::Failed { action, link, step, why, remedy })
    }

    /// Which of the procedure's lines it is, counting those that are part of it.
    pub(super) fn step_number(&self, app: &App) -> u8 {
        let mut steps = self.spec.procedures.get(app.which);
        let mut part = 0;
        for _ in 0..app.step {
            if steps.next().is_some_and(|step| self.applies(&step, app.flags)) {
                part += 1;
            }
        }
        part
    }

    /// The documents' ladder: again, then the link, then the context, then the module.
    pub(super) fn remedy(&self, action: Action, why: Why) -> Remedy {
        match (action, why) {
            (Action::Open, Why::AlreadyConnected) => Remedy::Reopen,
            (Action::Open, _) => match self.strikes {
                0..=2 => Remedy::Reopen,
                3..=5 => Remedy::Shut,
                _ => Remedy::Restart,
            },
            (Action::Attach, _) if self.strikes < 6 => Remedy::Shut,
            (Action::Attach, _) => Remedy::Restart,
            (Action::Sim | Action::Raw | Action::Resolve | Action::Set | Action::Ask, _) => Remedy::None,
            _ => Remedy::Retry,
        }
    }

    /// Ends a link and with it the caller's command about it: one that has not begun never does, of one that has only
    /// the final is waited for.
    pub(super) fn end_link(&mut self, n: u8, why: Closing, certain: bool) {
        let begun = self.line.holder == Holder::App;
        let about = self.app.filter(|app| app.link == n && app.named_link().is_some());
        if let Some(app) = about {
            if let (Action::Send, 0, Some(slot)) = (app.action, app.flags & PAYLOAD_OUT, self.slot(n)) {
                slot.sent = 0;
            }
            if begun || app.repeats > 0 || self.broken == Holder::App {
                self.line.said = true;
                // A final that still comes is not worth a long wait.
                let soon = self.now.after(u32::from(self.settings.prompt_ms));
                self.line.deadline = self.line.deadline.earlier(soon);
                self.app = Some(App { flags: app.flags | SAID, ..app });
            } else {
                self.end_app();
            }
        }
        if let Some(slot) = self.slot(n) {
            slot.end(why, certain);
        }
    }

    /// Ends the links of one context, and what waits for them; on dialects with one context, every link.
    pub(super) fn end_context(&mut self, context: u8, why: Closing) {
        self.up &= !(1 << context);
        for n in 0..self.spec.dialect.links() {
            let mark = if context == 0 { 0 } else { Marks::SECOND };
            let of_it = |slot: &mut super::Slot| slot.marks.has(Marks::SECOND) == (mark != 0);
            if self.slot(n).is_some_and(of_it) {
                self.end_link(n, why, true);
                if let Some(slot) = self.slot(n) {
                    slot.marks.clear(Marks::DROP);
                }
            }
        }
        self.no_data_mode();
    }

    /// Ends every link, and what waits for them.
    pub(super) fn end_all(&mut self, why: Closing) {
        self.end_context(0, why);
        self.end_context(1, why);
    }
}
