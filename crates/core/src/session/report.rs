//! What each report means to the session: to the line in flight, to a link, or to the caller alone.

use super::line::Holder;
use super::slot::{Marks, Slot, State};
use super::{App, SAID, Session, TELL_DONE, TELL_DOWN, TELL_READY, TELL_RESTARTED, TELL_UNRESOLVED, flag};
use crate::error::Why;
use crate::event::{Action, Closing, Event, Loss, Value};
use crate::ids::{Ipv4Addr, Link, Transport};
use crate::line::{Fields, half, low};
use crate::reader::Read;
use crate::report::{Kind, Told};

impl<B: AsRef<[u8]> + AsMut<[u8]>> Session<B> {
    /// Takes a report; the event it gives at once, if any.
    #[inline(never)]
    pub(super) fn report<'i>(&mut self, read: &Read<'i>) -> Option<Event<'i>> {
        if read.told.kind == Kind::Data {
            return self.received(read);
        }
        if let Some(event) = self.notice(read) {
            return event;
        }
        if let Some(event) = self.answer(read) {
            return event;
        }
        self.untaken(read)
    }

    /// A line the session has no use for: the caller sees it, so that nothing is lost.
    fn untaken(&mut self, read: &Read<'_>) -> Option<Event<'static>> {
        self.remember(read);
        let more = read.told.kind == Kind::Line && read.told.is_set();
        Some(Event::Line { more })
    }

    /// Lines that mean the same whatever is asked. Outer `None`: not one of them.
    #[inline(never)]
    fn notice<'i>(&mut self, read: &Read<'i>) -> Option<Option<Event<'i>>> {
        let told = &read.told;
        let link = told.link;
        let [first, second, ..] = told.number;
        Some(match told.kind {
            Kind::RxPending => {
                if let Some(slot) = self.on(link) {
                    slot.marks.set(Marks::HINT);
                }
                None
            }
            Kind::Closed => {
                self.peer_closed(self.number(link)?);
                None
            }
            Kind::ConnectOk => return self.connected(self.number(link)?).map(Some).or(Some(None)),
            Kind::ConnectFail => {
                let why = if told.has(Told::FIRST) { Why::Err(half(first)) } else { Why::ConnectFail };
                return self.not_connected(read, self.number(link)?, why);
            }
            Kind::AlreadyConnected => {
                return self.not_connected(read, self.number(link)?, Why::AlreadyConnected);
            }
            Kind::SendOk | Kind::SendFail | Kind::DataAccept => {
                return self.send_result(read, self.number(link)?);
            }
            Kind::CloseOk | Kind::CloseErr => {
                return self.close_result(read, self.number(link)?);
            }
            Kind::Boot if told.is_set() => self.restarted(),
            Kind::Boot => return None,
            Kind::PdpDeact | Kind::NetLost => {
                self.tell |= TELL_DOWN;
                self.down = if self.up == 0 { 1 } else { self.up };
                // It names no context: with both up, the links of one may live on in the module.
                let both = self.up == 3;
                self.end_all(Closing::Network);
                let ended = |slot: &&mut Slot| slot.marks.has(Marks::TELL_CLOSED | Marks::TELL_FAILED);
                for slot in self.slots.iter_mut().filter(|slot| both && ended(slot)) {
                    slot.marks.set(Marks::DROP | Marks::UNCERTAIN);
                }
                None
            }
            Kind::Accepted => {
                let ip = Ipv4Addr::from(Fields::new(told.text.of(self.reader.text(read)), 0).ip()?);
                let n = self.number(link)?;
                self.end_link(n, Closing::Unsaid, true);
                let second = self.marks.has(flag::SECOND_LISTENS);
                let slot = self.slot(n)?;
                slot.state = State::Open;
                slot.marks.clear(!Marks::TELL);
                slot.marks.set(Marks::NO_LIMIT | if second { Marks::SECOND } else { 0 });
                slot.ip = ip.octets();
                slot.port = told.port();
                slot.marks.set(Marks::TELL_ACCEPTED);
                if self.settings.transparent() {
                    self.marks.set(flag::CONNECT_DUE);
                }
                None
            }
            Kind::DataMode if self.settings.transparent() => return self.data_mode(),
            Kind::DnsFail => return self.resolved(read, Err(half(first))),
            Kind::Dns => {
                let host = told.text.of(self.reader.text(read));
                if !host.is_empty() && super::commands::name_mark(host) != self.name {
                    return None;
                }
                let mut f = Fields::new(self.reader.text(read), usize::from(told.text2.start));
                let first = Ipv4Addr::from(f.ip()?);
                let second = f.ip().map(Ipv4Addr::from);
                return self.resolved(read, Ok((first, second)));
            }
            Kind::PowerDown => Some(Event::Power { down: true }),
            Kind::PowerWarn => Some(Event::Power { down: false }),
            Kind::Ring => Some(Event::Ring),
            Kind::Sms => Some(Event::Sms { index: half(first) }),
            Kind::Lost => {
                let asked = (self.line.holder == Holder::Read).then_some(self.line.link);
                let named = (self.data_link < self.spec.dialect.links()).then_some(self.data_link);
                let link = named.or(asked).map(Link);
                Some(Event::Lost { what: Loss::Payload, link, bytes: half(first) })
            }
            Kind::Registration => {
                let (packet, stat) = (told.is_set(), low(second));
                // The answer has the mode in front of the state, a notice has not.
                let mut f = Fields::new(self.reader.text(read), if packet { 7 } else { 6 });
                f.take(b':');
                let is_answer = f.byte().is_some() && f.byte().is_some();
                let as_text = |app: &App| matches!(app.action, Action::Ask | Action::Raw);
                if is_answer && self.app.as_ref().is_some_and(as_text) {
                    return None;
                }
                let asked = self.app.as_mut().filter(|app| app.action == Action::Registration);
                match asked {
                    Some(app) if is_answer && !packet => {
                        app.value = Value::Registration(stat);
                        None
                    }
                    _ => Some(Event::Registration { packet, stat }),
                }
            }
            _ => return None,
        })
    }

    /// The number of the link that a line names.
    pub(super) fn number(&self, link: u8) -> Option<u8> {
        let n = if matches!(link, Told::SINGLE | Told::DATA) { 0 } else { link };
        (n < self.spec.dialect.links()).then_some(n)
    }

    fn on(&mut self, link: u8) -> Option<&mut super::Slot> {
        self.number(link).and_then(|n| self.slot(n))
    }

    /// The module has started anew.
    fn restarted(&mut self) -> Option<Event<'static>> {
        if self.app.as_ref().is_some_and(|app| app.action == Action::Probe) {
            self.tell |= TELL_RESTARTED;
            self.marks.clear(flag::CONFIGURED | flag::ECHO_OFF | flag::ASLEEP | flag::DTR_OFF);
            self.end_all(Closing::Restart);
            return None;
        }
        self.end_all(Closing::Restart);
        let said = self.line.said && self.line.holder == Holder::App;
        let app = self.app.take().filter(|app| !said && app.flags & SAID == 0);
        self.line = super::InFlight::FREE;
        self.broken = Holder::Nobody;
        self.marks.clear(flag::ASTRAY);
        self.marks.clear(flag::CONFIGURED | flag::ECHO_OFF | flag::ASLEEP | flag::DTR_OFF);
        self.pause = self.now.after(u32::from(self.settings.pause_ms));
        self.tell &= !(TELL_DONE | TELL_DOWN);
        self.tell |= TELL_RESTARTED | TELL_READY;
        if self.marks.take(flag::RESOLVING) {
            self.tell |= TELL_UNRESOLVED;
        }
        // What is about a link is told by that link.
        let app = app.filter(|app| app.named_link().is_none())?;
        self.fail(&app, Why::Interrupted)
    }

    /// The resolver's answer.
    fn resolved<'i>(
        &mut self,
        read: &Read<'i>,
        answer: Result<(Ipv4Addr, Option<Ipv4Addr>), u16>,
    ) -> Option<Option<Event<'i>>> {
        let action = self.app.as_ref().map(|app| app.action);
        let asks = self.line.holder == Holder::App && matches!(action, Some(Action::Resolve | Action::Open));
        if !asks && !self.marks.has(flag::RESOLVING) {
            return None;
        }
        match answer {
            Ok((first, second)) if asks && action == Some(Action::Open) => {
                let link = self.app.as_ref()?.link;
                self.slot(link)?.ip = first.octets();
                let _ = second;
                Some(None)
            }
            Ok((first, second)) if asks => {
                self.line.met = true;
                self.app.as_mut()?.value = Value::Addresses(first, second);
                Some(None)
            }
            Ok((first, second)) => {
                self.marks.clear(flag::RESOLVING);
                let value = Value::Addresses(first, second);
                Some(Some(Event::Done { action: Action::Resolve, link: None, value }))
            }
            Err(_) if asks && self.line.said => Some(None),
            Err(code) if asks => {
                self.line.said = true;
                self.remember(read);
                let app = self.app?;
                Some(self.fail(&app, Why::Dns(code)))
            }
            Err(code) => {
                self.marks.clear(flag::RESOLVING);
                self.remember(read);
                let (action, link, step) = (Action::Resolve, None, 0);
                let remedy = crate::error::Remedy::None;
                Some(Some(Event::Failed { action, link, step, why: Why::Dns(code), remedy }))
            }
        }
    }
}

/// What a transport's mark is.
pub(super) fn mark_of(transport: Transport) -> u16 {
    match transport {
        Transport::Tcp => 0,
        Transport::Udp => Marks::UDP,
    }
}
