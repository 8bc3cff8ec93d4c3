//! Events that are due of themselves, one at a time: links first, in their order, then what is about all.

use super::slot::{Marks, Slot};
use super::{HAS_TEXT, Session, TELL_DONE, TELL_DOWN, TELL_READY, TELL_RESTARTED, TELL_UNRESOLVED, flag};
use crate::error::{Remedy, Why};
use crate::event::{Action, Event, Loss, Outcome, Value};
use crate::ids::{Context, Link};

impl<B: AsRef<[u8]> + AsMut<[u8]>> Session<B> {
    /// Whether an event is due.
    pub(super) fn has_due(&self) -> bool {
        let ready = self.marks.has(flag::READY_DUE) && !self.may_go_online();
        ready || self.tell & !HAS_TEXT != 0 || self.is_link_due()
    }

    pub(super) fn is_link_due(&self) -> bool {
        self.slots.iter().any(|slot| slot.marks.has(Marks::TELL))
    }

    /// The next event that is due of itself: links first, in their order, then what is about all.
    #[inline(never)]
    pub(super) fn due(&mut self) -> Option<Event<'static>> {
        if self.is_link_due() {
            for (n, slot) in (0u8..).zip(self.slots.iter_mut()) {
                if let Some(event) = link_due(Link(n), slot) {
                    return Some(event);
                }
            }
        }
        if self.marks.has(flag::READY_DUE) && !self.may_go_online() {
            self.marks.clear(flag::READY_DUE);
            self.tell |= TELL_READY;
        }
        if self.tell & !HAS_TEXT == 0 {
            return None;
        }
        if self.tell & TELL_DOWN != 0 {
            let context = u8::from(self.down & 1 == 0);
            self.down &= !(1 << context);
            if self.down == 0 {
                self.tell &= !TELL_DOWN;
            }
            return Some(Event::NetworkDown { context: Context(context) });
        }
        if self.told(TELL_RESTARTED) {
            return Some(Event::Restarted);
        }
        if self.told(TELL_UNRESOLVED) {
            let (link, step) = (None, 0);
            let (why, remedy) = (Why::Interrupted, Remedy::Retry);
            return Some(Event::Failed { action: Action::Resolve, link, step, why, remedy });
        }
        if self.told(TELL_DONE) {
            let app = self.app.take()?;
            self.tell |= TELL_READY;
            return Some(Event::Done { action: app.action, link: app.named_link(), value: app.value });
        }
        self.told(TELL_READY).then_some(Event::Ready)
    }

    fn told(&mut self, what: u8) -> bool {
        let due = self.tell & what != 0;
        self.tell &= !what;
        due
    }
}

/// The next event of one link that is due of itself.
fn link_due(link: Link, slot: &mut Slot) -> Option<Event<'static>> {
    let certain = !slot.marks.has(Marks::UNCERTAIN);
    if slot.marks.take(Marks::TELL_TAKEN) {
        return Some(Event::Sent { link, outcome: Outcome::Accepted(slot.sent) });
    }
    if slot.marks.take(Marks::TELL_SENT) {
        let outcome = if slot.sent == 0 { Outcome::NotSent } else { Outcome::Unknown(slot.sent) };
        return Some(Event::Sent { link, outcome });
    }
    if slot.marks.take(Marks::TELL_FAILED) {
        let (action, step) = (Action::Open, 0);
        let (why, remedy) =
            if certain { (Why::Interrupted, Remedy::Retry) } else { (Why::Timeout, Remedy::Reopen) };
        return Some(Event::Failed { action, link: Some(link), step, why, remedy });
    }
    if slot.marks.take(Marks::TELL_PEER) {
        return Some(Event::PeerClosed { link });
    }
    if slot.marks.take(Marks::TELL_LOST) {
        let bytes = core::mem::take(&mut slot.waiting);
        return Some(Event::Lost { what: Loss::Unread, link: Some(link), bytes });
    }
    if slot.marks.take(Marks::TELL_CLOSED) {
        return Some(Event::Closed { link, why: slot.why, certain });
    }
    if slot.marks.take(Marks::TELL_DONE) {
        return Some(Event::Done { action: Action::Close, link: Some(link), value: Value::None });
    }
    if slot.marks.take(Marks::TELL_ACCEPTED) {
        return Some(Event::Accepted { link, from: slot.peer() });
    }
    None
}
