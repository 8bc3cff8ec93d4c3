//! Lines that answer the holder of the line: finals, values, results of a send.

use super::line::{Holder, Phase};
use super::slot::Marks;
use super::{NET_OPEN, PAYLOAD_OUT, PIN_DUE, SAID, Session, flag};
use crate::error::Why;
use crate::event::{Action, Event, LinkState, Outcome, Value};
use crate::ids::Link;
use crate::line::{Fields, half, low};
use crate::observer::{final_of, is_error};
use crate::reader::Read;
use crate::report::{Kind, Told};
use crate::text::{begins, look_up, same};
use crate::time::Tick;

impl<B: AsRef<[u8]> + AsMut<[u8]>> Session<B> {
    /// Lines that answer the holder of the line. Outer `None`: they do not.
    #[inline(never)]
    pub(super) fn answer<'i>(&mut self, read: &Read<'i>) -> Option<Option<Event<'i>>> {
        match self.line.holder {
            Holder::Nobody => self.late_answer(read),
            Holder::App => self.app_answer(read),
            Holder::Leave => self.leave_answer(read),
            Holder::Marker | Holder::Escape => self.marker_answer(read),
            Holder::Waiting | Holder::Read | Holder::Query | Holder::Drop | Holder::Undo => {
                self.own_answer(read)
            }
        }
    }

    /// A module that wakes up may answer every `AT` or marker it was sent: what comes late is waited out.
    fn late_answer<'i>(&mut self, read: &Read<'i>) -> Option<Option<Event<'i>>> {
        let probes = self.app.as_ref().is_some_and(|app| app.action == Action::Probe && app.step == 1);
        let late = is_error(&read.told) || read.told.kind == Kind::Ok || self.is_marker(read);
        if !(probes || self.tries > 0) || !late {
            return None;
        }
        self.pause = self.now.after(super::run::SETTLE_MS);
        Some(None)
    }

    fn app_answer<'i>(&mut self, read: &Read<'i>) -> Option<Option<Event<'i>>> {
        let told = &read.told;
        let [first, second, ..] = told.number;
        let action = self.app.as_ref()?.action;
        if told.kind == Kind::Prompt {
            self.prompted();
            return Some(None);
        }
        if self.line.phase == Phase::Later {
            return self.later_answer(read);
        }
        if is_error(told) {
            let why = match told.kind {
                Kind::CmeError => Why::Cme(told.code()),
                Kind::CmsError => Why::Cms(told.code()),
                _ if !told.text.is_empty() => Why::NoResponse,
                _ => Why::Error,
            };
            self.remember(read);
            return Some(self.step_failed(why));
        }
        let code = match told.kind {
            Kind::IpError => Some(Why::Ip(told.code())),
            Kind::CipError if told.has(Told::FIRST) => Some(Why::Err(half(first))),
            // "Network not opened": that is what was wanted, and the ERROR behind it changes nothing.
            Kind::NetClose if first == 2 => {
                self.line.met = true;
                return Some(None);
            }
            Kind::NetClose if first != 0 => Some(Why::Err(half(first))),
            Kind::ServerStopped if second != 0 => Some(Why::Err(half(second))),
            _ => None,
        };
        if let Some(why) = code {
            let app = self.app?;
            let lenient = app.step(self.spec).is_some_and(|step| step.lenient);
            if lenient || self.line.said || app.flags & SAID != 0 {
                return Some(None);
            }
            self.remember(read);
            self.line.said = true;
            return Some(self.fail(&app, why));
        }
        if let Some(event) = self.value(read) {
            return Some(if self.line.said { None } else { event });
        }
        // A result that should come behind the final may come in front of it.
        if self.is_later(told) {
            self.line.met = true;
            return Some(None);
        }
        if self.is_about_another(told) {
            return None;
        }
        if !final_of(told).meets(self.line.finals)
            || (action == Action::Send && self.line.phase == Phase::Prompt)
        {
            // An `OK` in front of the real final says only that the line was understood.
            return (told.kind == Kind::Ok).then_some(None);
        }
        let taken = action == Action::Send && told.kind == Kind::Ok && self.app?.flags & SAID == 0;
        let event = if taken { self.send_taken() } else { None };
        let next = self.step_done();
        Some(event.or(next))
    }

    /// Whether it is a result that names another link than the caller's command.
    fn is_about_another(&self, told: &Told) -> bool {
        let own = self.app.and_then(|app| app.named_link());
        if told.kind == Kind::DataMode {
            return own.is_some_and(|own| own.0 != 0);
        }
        let names = matches!(
            told.kind,
            Kind::SendOk
                | Kind::SendFail
                | Kind::DataAccept
                | Kind::CloseOk
                | Kind::CloseErr
                | Kind::ConnectOk
                | Kind::ConnectFail
        );
        names && own.is_some() && self.number(told.link) != own.map(|own| own.0)
    }

    /// Whether it is what the step still waits for behind its final.
    fn is_later(&mut self, told: &Told) -> bool {
        if let (Kind::NetClose, 0, Some(app)) = (told.kind, told.number[0], &mut self.app) {
            app.flags &= !NET_OPEN;
        }
        let action = self.app.as_ref().map(|app| app.action);
        let [first, second, ..] = told.number;
        match told.kind {
            Kind::NetOpen => first == 0 && action == Some(Action::Attach),
            Kind::NetClose => {
                first == 0 && matches!(action, Some(Action::Attach | Action::Shut | Action::Detach))
            }
            Kind::ServerOk => action == Some(Action::Listen),
            Kind::ServerClose => action == Some(Action::Unlisten),
            Kind::ServerStopped => second == 0 && action == Some(Action::Unlisten),
            _ => false,
        }
    }

    fn later_answer<'i>(&mut self, read: &Read<'i>) -> Option<Option<Event<'i>>> {
        let told = &read.told;
        let [first, second, ..] = told.number;
        if self.is_later(told) {
            self.line.met = true;
            return Some(self.step_done());
        }
        let app = self.app?;
        let failed = match told.kind {
            Kind::NetOpen if app.action == Action::Attach => Some(first),
            Kind::NetClose => Some(first),
            Kind::ServerStopped => Some(second),
            _ => None,
        };
        if app.action == Action::Listen && told.kind == Kind::ConnectFail {
            self.remember(read);
            return Some(self.step_failed(Why::ConnectFail));
        }
        if let Some(err) = failed {
            self.remember(read);
            return Some(self.step_failed(Why::Err(half(err))));
        }
        self.value(read)
    }

    /// Takes an answer's value out of a line. Outer `None`: it is none.
    fn value<'i>(&mut self, read: &Read<'i>) -> Option<Option<Event<'i>>> {
        let app = self.app.as_ref()?;
        let told = &read.told;
        let [first, second, ..] = told.number;
        let line = self.reader.text(read);
        let text = told.text.of(line);
        let mut flags = 0;
        let value = match (app.action, told.kind) {
            (Action::Signal, Kind::Signal) => Value::Signal(low(first), low(second)),
            (Action::Sim, Kind::Sim) => {
                if same(text, b"SIM PIN") {
                    flags = PIN_DUE;
                }
                Value::Sim(same(text, b"READY"))
            }
            (_, Kind::LocalIp) => Value::Address(Fields::new(text, 0).ip()?.into()),
            (Action::Attach, Kind::NetState) => {
                flags = if told.is_set() { NET_OPEN } else { 0 };
                app.value
            }
            (Action::Status, Kind::State | Kind::LinkState | Kind::ServerState) => {
                return Some(self.status_row(read));
            }
            (Action::Attach, Kind::Attach) => app.value,
            (Action::Acknowledged, Kind::Ack) => Value::Ack { sent: first, acked: second },
            (Action::Room, Kind::Line) => {
                let mut f = Fields::new(line, if begins(line, b"+CIPSEND:") { 9 } else { return None });
                if !self.settings.single() && f.byte()? != app.link {
                    return Some(None);
                }
                Value::Room(f.short()?)
            }
            _ => return None,
        };
        let app = self.app.as_mut()?;
        app.value = value;
        app.flags |= flags;
        // The bare address is a value and the final at once.
        let is_final = told.kind == Kind::LocalIp && final_of(told).meets(self.line.finals);
        Some(if is_final { self.step_done() } else { None })
    }

    /// A row of `status`.
    fn status_row(&mut self, read: &Read<'_>) -> Option<Event<'static>> {
        if self.line.phase == Phase::Later {
            self.line.deadline = self.now.after(200);
        }
        let line = self.reader.text(read);
        let told = &read.told;
        let text = told.text.of(line);
        let (link, state) = match told.kind {
            Kind::LinkState if text.is_empty() => {
                let used = told.has(Told::TCP | Told::UDP);
                (self.number(told.link)?, if used { LinkState::Connected } else { LinkState::Initial })
            }
            Kind::LinkState => (self.number(told.link)?, state_of(text)),
            Kind::State if self.settings.single() => (0, state_of(text)),
            _ => {
                self.remember(read);
                return Some(Event::Line { more: false });
            }
        };
        Some(Event::LinkStatus { link: Link(link), state })
    }

    /// `OK` ended a send's line: on some dialects that is the result, on others it is still to come.
    fn send_taken(&mut self) -> Option<Event<'static>> {
        let app = self.app?;
        let link = Link(app.link);
        if self.spec.quirks.has(crate::classify::Quirks::MANY_LINKS) {
            let ms = if self.settings.send_ms() > 0 { self.settings.send_ms() } else { 120_000 };
            let by = self.now.after(ms);
            let slot = self.slot(app.link)?;
            if slot.marks.has(Marks::SENDING) {
                slot.deadline = Tick::at(by);
            }
            return None;
        }
        self.slot(app.link)?.marks.clear(Marks::SENDING);
        Some(Event::Sent { link, outcome: Outcome::Accepted(app.len) })
    }

    /// `SEND OK` and its kin.
    pub(super) fn send_result<'i>(&mut self, read: &Read<'i>, n: u8) -> Option<Option<Event<'i>>> {
        let link = Link(n);
        let about = self.app.as_ref().is_some_and(|app| app.action == Action::Send && app.link == n);
        if about && matches!(self.line.holder, Holder::Escape | Holder::Marker) {
            self.marks.set(flag::UNSURE);
            return Some(None);
        }
        // In front of its payload it belongs to an earlier send.
        if about && self.app.is_some_and(|app| app.flags & PAYLOAD_OUT == 0) {
            return None;
        }
        let many = self.spec.quirks.has(crate::classify::Quirks::MANY_LINKS);
        let acknowledges = self.spec.acknowledges;
        let slot = self.slot(n)?;
        let udp = slot.marks.has(Marks::UDP);
        let sent = slot.sent;
        if !slot.marks.take(Marks::SENDING) {
            return None;
        }
        let told = &read.told;
        let [first, taken, ..] = told.number;
        let outcome = match told.kind {
            Kind::SendOk if told.has(Told::FIRST) && taken == 0 => Outcome::NotSent,
            Kind::SendOk if told.has(Told::FIRST) => Outcome::Accepted(half(taken)),
            Kind::SendOk if acknowledges && !udp => Outcome::Delivered,
            Kind::SendOk => Outcome::Accepted(sent),
            Kind::DataAccept => Outcome::Accepted(half(first)),
            _ if many => Outcome::NotSent,
            _ => Outcome::Unknown(sent),
        };
        let holds = self.line.holder == Holder::App
            && self.app.as_ref().is_some_and(|app| app.action == Action::Send && app.link == n);
        if holds && final_of(told).meets(self.line.finals) {
            self.free();
            self.end_app();
        }
        self.told_app(Action::Send, n);
        Some(Some(Event::Sent { link, outcome }))
    }
}

/// The states by their number in the list of names.
static STATES: &[LinkState] = &[
    LinkState::Initial,
    LinkState::Connecting,
    LinkState::Connected,
    LinkState::RemoteClosing,
    LinkState::Closing,
    LinkState::Closed,
];
/// The names of a link's states, and of the module's where it has one link.
static NAMES: &[u8] = b"INITIAL\0IP INITIAL\0IP START\0IP CONFIG\0IP IND\0IP GPRSACT\0IP STATUS\0\
                        CONNECTING\x01IP PROCESSING\x01TCP CONNECTING\x01UDP CONNECTING\x01TCP/UDP CONNECTING\x01\
                        CONNECTED\x02CONNECT OK\x02REMOTE CLOSING\x03REMOTE CLOSED\x03\
                        CLOSING\x04IP CLOSING\x04TCP CLOSING\x04UDP CLOSING\x04\
                        CLOSED\x05TCP CLOSED\x05UDP CLOSED\x05TCP CLOSE\x05UDP CLOSE\x05IP CLOSE\x05";

/// The state of this name.
#[inline(never)]
fn state_of(text: &[u8]) -> LinkState {
    let state = look_up(NAMES, text).and_then(|state| STATES.get(usize::from(state)));
    state.copied().unwrap_or(LinkState::Other)
}

#[cfg(test)]
mod tests {
    use super::{LinkState, state_of};

    #[test]
    fn a_state_is_known_by_its_whole_name() {
        assert_eq!(state_of(b"INITIAL"), LinkState::Initial);
        assert_eq!(state_of(b"REMOTE CLOSING"), LinkState::RemoteClosing);
        assert_eq!(state_of(b"CLOSED"), LinkState::Closed);
        assert_eq!(state_of(b"TCP CLOSE"), LinkState::Closed);
        assert_eq!(state_of(b"TCP/UDP CONNECTING"), LinkState::Connecting);
        for other in [&b""[..], b"CLOSE", b"CLOSED ", b"closed", b"INITIAL\0CONNECTING"] {
            assert_eq!(state_of(other), LinkState::Other);
        }
    }
}
