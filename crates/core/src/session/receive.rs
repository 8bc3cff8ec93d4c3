//! Receiving: payload that comes, and asking for payload that waits, as far as the caller has given credit.

use super::line::Holder;
use super::slot::{Marks, State};
use super::{Event, LINKS, Session, flag};
use crate::event::{Closing, Loss};
use crate::ids::Link;
use crate::line::half;
use crate::observer::{final_of, is_error};
use crate::reader::Read;
use crate::report::{Kind, Told};
use crate::row::Later;
use crate::step::Which;
use crate::text::look_up;
use crate::time::Tick;

impl<B: AsRef<[u8]> + AsMut<[u8]>> Session<B> {
    /// A piece of payload.
    pub(super) fn received<'i>(&mut self, read: &Read<'i>) -> Option<Event<'i>> {
        let told = &read.told;
        let (from, bytes) = (told.from(), read.bytes());
        let [whole, left, rest, ..] = told.number;
        let left = half(left);
        let reads = self.line.holder == Holder::Read;
        let n = match told.link {
            // Whatever digit the line has turned: an answer is about the link that was read.
            _ if reads => Some(self.line.link),
            Told::UNNAMED => self.only_open(),
            link => self.number(link),
        };
        self.data_link = n.filter(|_| left > 0).unwrap_or(u8::MAX);
        self.line.met |= reads;
        let len = u16::try_from(bytes.len()).unwrap_or(u16::MAX);
        let Some(n) = n else {
            return Some(Event::Received { link: None, from, bytes, left });
        };
        // Hex is never asked for: the digit of the mode was damaged.
        if told.has(Told::HEX) {
            let lost = Event::Lost { what: Loss::Unread, link: Some(Link(n)), bytes: half(whole) };
            return (left == 0).then_some(lost);
        }
        let drain_by = self.now.after(u32::from(self.settings.drain_ms));
        let slot = self.slot(n)?;
        if slot.state == State::Free {
            return Some(Event::Lost { what: Loss::Unread, link: Some(Link(n)), bytes: len });
        }
        slot.credit = slot.credit.saturating_sub(len);
        if slot.state == State::Draining {
            slot.deadline = Tick::at(drain_by);
        }
        if reads {
            // The first piece brings the header's news; a notice behind it is newer.
            if u32::from(left) + u32::from(len) == whole {
                slot.marks.clear(Marks::HINT);
                slot.waiting = u16::try_from(rest).unwrap_or(u16::MAX);
                if rest != 0 || !told.has(Told::THIRD) {
                    slot.marks.set(Marks::HINT);
                }
            }
        }
        Some(Event::Received { link: Some(Link(n)), from, bytes, left })
    }

    /// The only link that is open, if there is just one.
    fn only_open(&self) -> Option<u8> {
        let mut only = None;
        for (n, slot) in (0u8..).zip(&self.slots) {
            if slot.state == State::Open {
                if only.is_some() {
                    return None;
                }
                only = Some(n);
            }
        }
        only
    }

    /// The next line of the session's own.
    pub(super) fn next_own(&self) -> Option<(Holder, u8)> {
        // A module that is deaf is not told; it is when it hears again.
        let hears = !self.marks.has(flag::ASTRAY);
        if let Some(n) = self.marked(Marks::DROP).filter(|_| hears) {
            return Some((Holder::Drop, n));
        }
        if self.settings.push() {
            return None;
        }
        if let Some(n) = self.marked(Marks::QUERY) {
            return Some((Holder::Query, n));
        }
        // In turn: the link behind the one that was read last is first.
        let mut n = self.last_read;
        for _ in 0..LINKS {
            n = if usize::from(n) + 1 < LINKS { n + 1 } else { 0 };
            let slot = self.slots.get(usize::from(n))?;
            // What a closed link still holds is asked for without credit too: to say at least what is lost.
            let wanted = slot.takes() > 0 || (slot.state == State::Draining && slot.waiting == 0);
            if slot.is_readable() && (slot.marks.has(Marks::HINT) || slot.waiting > 0) && wanted {
                return Some((if slot.waiting == 0 { Holder::Waiting } else { Holder::Read }, n));
            }
        }
        None
    }

    /// The first link with this mark.
    fn marked(&self, mark: u16) -> Option<u8> {
        for (n, slot) in (0u8..).zip(&self.slots) {
            if slot.marks.has(mark) {
                return Some(n);
            }
        }
        None
    }

    /// Whether the dialect has a question for one link's state, in the present mode.
    pub(super) fn can_query(&self) -> bool {
        let query = if self.settings.single() { Which::Query } else { Which::QueryMulti };
        !self.spec.procedures.get(query).is_empty()
    }

    /// How many bytes to read now.
    pub(super) fn read_len(&self, link: u8) -> u16 {
        let slot = self.slots.get(usize::from(link));
        slot.map_or(0, |slot| slot.waiting.min(slot.takes()).min(self.spec.max_payload))
    }

    /// Lines that answer a line of our own. Outer `None`: they do not.
    pub(super) fn own_answer<'i>(&mut self, read: &Read<'i>) -> Option<Option<Event<'i>>> {
        let (holder, n) = (self.line.holder, self.line.link);
        let told = &read.told;
        let [first, second, ..] = told.number;
        let about = self.number(told.link) == Some(n);
        match (holder, told.kind) {
            (Holder::Waiting, Kind::RxAvail) if about => {
                self.line.met = true;
                let slot = self.slot(n)?;
                slot.waiting = u16::try_from(first).unwrap_or(u16::MAX);
                if first == 0 {
                    slot.marks.clear(Marks::HINT);
                }
                return Some(None);
            }
            (Holder::Waiting | Holder::Read, Kind::IpError) => {
                self.line.said = true;
                self.line.met = is_no_data(told, self.reader.text(read));
                if self.line.met {
                    let slot = self.slot(n)?;
                    slot.marks.clear(Marks::HINT);
                    if slot.state == State::Open {
                        slot.waiting = 0;
                    }
                }
                return Some(None);
            }
            (Holder::Query, Kind::LinkState) if about => {
                self.line.met = true;
                let state = told.text.of(self.reader.text(read));
                let open = look_up(b"CONNECTED\0CONNECT OK\0REMOTE CLOSING\0\0", state).is_some();
                self.queried(n, open);
                return Some(None);
            }
            (Holder::Query, Kind::LinkVector) => {
                self.line.met = true;
                self.queried(n, second.checked_shr(u32::from(n)).unwrap_or(0) & 1 == 1);
                return Some(None);
            }
            (Holder::Query, Kind::LinkState) => return Some(None),
            (Holder::Drop, Kind::IpError | Kind::CipError) => return Some(None),
            _ => {}
        }
        let failed = is_error(told);
        if !failed && !final_of(told).meets(self.line.finals) {
            return None;
        }
        let met = self.line.met;
        let beside = self.spec.procedures.get(Which::Drop).any(|step| step.later == Later::Close);
        if holder == Holder::Drop && beside && !failed && !met {
            self.line.said = true;
            return Some(None);
        }
        self.free();
        self.last_read = n;
        let can_query = self.can_query();
        let slot = self.slot(n)?;
        match holder {
            Holder::Waiting | Holder::Read if slot.state == State::Draining => {
                let empty = slot.waiting == 0 && !slot.marks.has(Marks::HINT);
                let answered = met && !failed;
                if !answered || empty || (holder == Holder::Waiting && slot.waiting == 0) {
                    self.end_link(n, Closing::Peer, true);
                }
            }
            Holder::Waiting | Holder::Read if failed && !met => {
                slot.marks.clear(Marks::HINT);
                slot.waiting = 0;
                if can_query {
                    slot.marks.set(Marks::QUERY);
                } else {
                    self.end_link(n, Closing::Unsaid, false);
                }
            }
            Holder::Read if !met => {
                slot.marks.clear(Marks::HINT);
                slot.waiting = 0;
            }
            Holder::Query if !met || failed => self.queried(n, !failed),
            Holder::Drop => self.dropped(n),
            Holder::Undo => {
                if let Some(app) = &mut self.app {
                    app.repeats += 1;
                }
            }
            _ => {}
        }
        Some(None)
    }

    /// The answer to our question for a link's state.
    pub(super) fn queried(&mut self, n: u8, open: bool) {
        if let Some(slot) = self.slot(n) {
            slot.marks.clear(Marks::QUERY);
        }
        if !open {
            self.end_link(n, Closing::Unsaid, false);
        }
    }
}

/// `+IP ERROR: No data`, as text or number.
fn is_no_data(told: &Told, line: &[u8]) -> bool {
    let [code, ..] = told.number;
    if told.has(Told::FIRST) { code == 22 } else { told.text.of(line).eq_ignore_ascii_case(NO_DATA) }
}

/// What the module says when nothing waits.
static NO_DATA: &[u8] = b"No data";
