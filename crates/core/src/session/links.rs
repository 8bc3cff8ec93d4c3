//! What happens to links: opened, refused, closed by either side.

use super::line::{Holder, Phase};
use super::slot::{Marks, State};
use super::{Action, Event, SAID, Session};
use crate::error::Why;
use crate::event::Closing;
use crate::ids::Link;
use crate::reader::Read;
use crate::report::{Kind, Told};
use crate::row::Finals;
use crate::time::Tick;

impl<B: AsRef<[u8]> + AsMut<[u8]>> Session<B> {
    /// Whether the caller's command about this link holds the line.
    fn holds(&self, action: Action, n: u8) -> bool {
        self.line.holder == Holder::App
            && self.app.as_ref().is_some_and(|app| app.action == action && app.link == n)
    }

    /// Whether the caller's command closes every link.
    fn shuts(&self) -> bool {
        self.app.as_ref().is_some_and(|app| matches!(app.action, Action::Shut | Action::Detach))
    }

    /// The result of the caller's command has been told: what is left of its line only frees it.
    pub(super) fn told_app(&mut self, action: Action, n: u8) {
        if let Some(app) = self.app.as_mut().filter(|app| app.action == action && app.link == n) {
            app.flags |= SAID;
            if self.line.holder == Holder::App {
                self.line.said = true;
            }
        }
    }

    /// `CONNECT OK` and its kin.
    pub(super) fn connected(&mut self, n: u8) -> Option<Event<'static>> {
        let poll_at = Tick::at(self.now.after(u32::from(self.settings.poll_ms)));
        let first = !self.slots.iter().any(|slot| slot.state == State::Open);
        let slot = self.slot(n)?;
        match slot.state {
            State::Opening => {}
            // A link that the session has given up: the module is to close it.
            State::Free => {
                slot.marks.set(Marks::DROP);
                return None;
            }
            State::Open | State::Draining | State::Closing => return None,
        }
        slot.state = State::Open;
        self.strikes = 0;
        if first {
            self.poll_at = poll_at;
        }
        let by_connect = self.line.finals.meets(Finals::CONNECT_OK)
            || (self.is_data_mode() && self.line.finals.meets(Finals::DATA_MODE));
        if self.holds(Action::Open, n) && by_connect {
            self.free();
            self.end_app();
        }
        self.told_app(Action::Open, n);
        Some(Event::Opened { link: Link(n) })
    }

    /// `CONNECT FAIL` and its kin. Outer `None`: nobody has asked.
    pub(super) fn not_connected<'i>(
        &mut self,
        read: &Read<'i>,
        n: u8,
        why: Why,
    ) -> Option<Option<Event<'i>>> {
        let holds = self.holds(Action::Open, n);
        let slot = self.slot(n)?;
        if slot.state == State::Free && why == Why::AlreadyConnected {
            slot.marks.set(Marks::DROP);
        }
        if slot.state != State::Opening {
            return None;
        }
        slot.state = State::Free;
        if why == Why::AlreadyConnected {
            // Only the module thinks it open: it is closed before the next `open`.
            slot.marks.set(Marks::DROP);
        }
        self.remember(read);
        let mut step = 0;
        if holds {
            step = self.app.map_or(0, |app| self.step_number(&app));
            let is_final = read.told.kind == Kind::ConnectFail && !read.told.has(Told::FIRST);
            if is_final && self.line.finals.meets(Finals::CONNECT_FAIL) {
                self.free();
                self.end_app();
            }
        }
        self.told_app(Action::Open, n);
        self.strikes = self.strikes.saturating_add(1);
        let remedy = self.remedy(Action::Open, why);
        Some(Some(Event::Failed { action: Action::Open, link: Some(Link(n)), step, why, remedy }))
    }

    /// `CLOSED` and its kin: the peer has closed.
    pub(super) fn peer_closed(&mut self, n: u8) {
        if self.holds(Action::Send, n) && self.line.phase == Phase::Result && self.line.is_out() {
            // The result may not come any more.
            let soon = self.now.after(u32::from(self.settings.prompt_ms));
            self.line.deadline = self.line.deadline.earlier(soon);
        }
        let drain_by = self.now.after(u32::from(self.settings.drain_ms));
        let push = self.settings.push();
        let transparent = n == 0 && self.settings.transparent();
        let shuts = transparent && self.shuts() && self.line.holder == Holder::App && self.line.is_out();
        let Some(slot) = self.slot(n) else { return };
        match slot.state {
            // Our own doing, although A7600 says it as if the peer had closed.
            State::Open if shuts => self.end_link(n, Closing::Local, true),
            State::Open => {
                slot.marks.set(Marks::TELL_PEER);
                if push {
                    // Without DCD the end of data mode is only inferred from silence.
                    let certain = !(n == 0 && self.is_data_mode()) || self.carrier == Some(false);
                    self.end_link(n, Closing::Peer, certain);
                    if n == 0 {
                        self.no_data_mode();
                    }
                } else {
                    slot.state = State::Draining;
                    slot.marks.set(Marks::HINT);
                    slot.deadline = Tick::at(drain_by);
                }
            }
            State::Opening => self.end_link(n, Closing::Peer, true),
            State::Free | State::Draining | State::Closing => {}
        }
    }

    /// A link that should not be open is not open any more; nor is a client's that came to its number meanwhile.
    pub(super) fn dropped(&mut self, n: u8) {
        if let Some(slot) = self.slot(n) {
            slot.marks.clear(Marks::DROP);
        }
        if self.slot(n).is_some_and(|slot| slot.state == State::Open) {
            self.end_link(n, Closing::Unsaid, false);
        }
    }

    /// `CLOSE OK`, `+CIPCLOSE: n,e`. Outer `None`: nobody has asked.
    pub(super) fn close_result<'i>(&mut self, read: &Read<'i>, n: u8) -> Option<Option<Event<'i>>> {
        let certain = read.told.kind == Kind::CloseOk;
        let is_final = certain && self.line.finals.meets(Finals::CLOSE_OK);
        if self.line.holder == Holder::Drop && self.line.link == n {
            // Where the result comes beside an `OK`, in either order, both belong to the line.
            if is_final || (certain && self.line.said) {
                self.free();
                self.dropped(n);
            } else {
                self.line.met = true;
            }
            return Some(None);
        }
        let holds = self.holds(Action::Close, n);
        let shuts = self.shuts();
        let slot = self.slot(n)?;
        match slot.state {
            State::Free => return if shuts { Some(None) } else { None },
            State::Opening => return Some(None),
            State::Open | State::Draining | State::Closing if shuts => {
                self.end_link(n, Closing::Local, true);
                return Some(None);
            }
            State::Open | State::Draining | State::Closing => {}
        }
        if slot.state != State::Closing && !holds {
            self.end_link(n, Closing::Unsaid, false);
            return Some(None);
        }
        slot.end(Closing::Local, certain);
        if holds && is_final {
            self.free();
            self.end_app();
        }
        self.told_app(Action::Close, n);
        Some(None)
    }
}
