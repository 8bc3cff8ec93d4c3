//! What each report means to the session: to the line in flight, to a link, or to the caller alone.

use super::line::{Holder, Phase};
use super::slot::{Marks, State};
use super::{
    NET_OPEN, PAYLOAD_OUT, PIN_DUE, Session, TELL_DONE, TELL_DOWN, TELL_READY, TELL_RESTARTED,
    TELL_UNRESOLVED, flag,
};
use crate::error::Why;
use crate::event::{Action, Closing, Event, LinkState, Loss, Outcome, Value};
use crate::ids::{Ipv4Addr, Link, On, Transport};
use crate::line::Fields;
use crate::observer::{final_of, is_error};
use crate::reader::Read;
use crate::report::{Code, Report, Span};
use crate::time::Tick;

impl<B: AsRef<[u8]> + AsMut<[u8]>> Session<B> {
    /// Takes a report; the event it gives at once, if any.
    pub(super) fn report<'i>(&mut self, read: &Read<'i>) -> Option<Event<'i>> {
        let report = read.report;
        if let Report::Data(data) = report {
            return self.received(&data);
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
        let more = matches!(read.report, Report::Line { more: true });
        Some(Event::Line { more })
    }

    /// Lines that mean the same whatever is asked. Outer `None`: not one of them.
    fn notice<'i>(&mut self, read: &Read<'i>) -> Option<Option<Event<'i>>> {
        Some(match read.report {
            Report::RxPending { link } => {
                if let Some(slot) = self.on(link) {
                    slot.marks.set(Marks::HINT);
                }
                None
            }
            Report::Closed { link, .. } => {
                self.peer_closed(self.number(link)?);
                None
            }
            Report::ConnectOk { link } => return self.connected(self.number(link)?).map(Some).or(Some(None)),
            Report::ConnectFail { link, err, .. } => {
                let why = err.map_or(Why::ConnectFail, |err| Why::Err(u16::from(err)));
                return self.not_connected(read, self.number(link)?, why);
            }
            Report::AlreadyConnected { link } => {
                return self.not_connected(read, self.number(link)?, Why::AlreadyConnected);
            }
            Report::SendOk { link, .. } | Report::SendFail { link } | Report::DataAccept { link, .. } => {
                return self.send_result(read, self.number(link)?);
            }
            Report::CloseOk { link } | Report::CloseErr { link, .. } => {
                return self.close_result(read, self.number(link)?);
            }
            Report::Boot { restart: true, .. } => self.restarted(),
            Report::Boot { restart: false, .. } => return None,
            Report::PdpDeact | Report::NetLost => {
                self.tell |= TELL_DOWN;
                self.down = if self.up == 0 { 1 } else { self.up };
                self.end_all(Closing::Network);
                None
            }
            Report::Accepted { link, ip, port, .. } => {
                let ip = self.address_in(read, ip)?;
                let n = self.number(link)?;
                let slot = self.slot(n)?;
                slot.end(Closing::Unsaid, true);
                slot.state = State::Open;
                slot.marks.clear(!Marks::TELL);
                slot.marks.set(Marks::NO_LIMIT);
                slot.ip = ip.octets();
                slot.port = port.unwrap_or(0);
                slot.marks.set(Marks::TELL_ACCEPTED);
                None
            }
            Report::DataMode { .. } if self.settings.transparent() => return self.data_mode(),
            Report::DnsFail { code } => return self.resolved(read, Err(code)),
            Report::Dns { host, ips } => {
                let host = host.of(self.reader.text(read));
                if !host.is_empty() && super::commands::name_mark(host) != self.name {
                    return None;
                }
                let mut f = Fields::new(self.reader.text(read), usize::from(ips.start));
                let mut next = || {
                    f.take(b'"');
                    let ip = f.ip();
                    f.take(b'"');
                    f.take(b',');
                    ip
                };
                let (first, second) = (next()?, next());
                return self.resolved(read, Ok((first, second)));
            }
            Report::PowerDown { .. } => Some(Event::Power { down: true }),
            Report::PowerWarn { .. } => Some(Event::Power { down: false }),
            Report::Ring => Some(Event::Ring),
            Report::Sms { index } => Some(Event::Sms { index }),
            Report::Lost { bytes } => {
                let asked = (self.line.holder == Holder::Read).then_some(self.line.link);
                let named = (self.data_link < self.spec.dialect.links()).then_some(self.data_link);
                let link = named.or(asked).map(Link);
                Some(Event::Lost { what: Loss::Payload, link, bytes })
            }
            Report::Registration { packet, stat } => {
                // The answer has the mode in front of the state, a notice has not.
                let mut f = Fields::new(self.reader.text(read), if packet { 7 } else { 6 });
                f.take(b':');
                let is_answer = f.byte().is_some() && f.byte().is_some();
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

    /// Lines that answer the holder of the line. Outer `None`: they do not.
    fn answer<'i>(&mut self, read: &Read<'i>) -> Option<Option<Event<'i>>> {
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
        let late = is_error(&read.report) || matches!(read.report, Report::Ok) || self.is_marker(read);
        if !(probes || self.tries > 0) || !late {
            return None;
        }
        self.pause = self.now.after(super::run::SETTLE_MS);
        Some(None)
    }

    fn app_answer<'i>(&mut self, read: &Read<'i>) -> Option<Option<Event<'i>>> {
        let report = read.report;
        let action = self.app.as_ref()?.action;
        if matches!(report, Report::Prompt) {
            self.prompted();
            return Some(None);
        }
        if self.line.phase == Phase::Later {
            return self.later_answer(read);
        }
        if is_error(&report) {
            let why = match report {
                Report::CmeError(code) => Why::Cme(code),
                Report::CmsError(code) => Why::Cms(code),
                Report::Error { text } if !text.is_empty() => Why::NoResponse,
                _ => Why::Error,
            };
            self.remember(read);
            return Some(self.step_failed(why));
        }
        let code = match report {
            Report::IpError(code) => Some(Why::Ip(code)),
            Report::CipError(Code::Number(code)) => Some(Why::Err(code)),
            // "Network not opened": that is what was wanted, and the ERROR behind it changes nothing.
            Report::NetClose { err: 2 } => {
                self.line.met = true;
                return Some(None);
            }
            Report::NetClose { err } | Report::ServerStopped { err, .. } if err != 0 => {
                Some(Why::Err(u16::from(err)))
            }
            _ => None,
        };
        if let Some(why) = code {
            let lenient = self.app.as_ref()?.step(self.spec).is_some_and(|step| step.lenient);
            if lenient || self.line.said {
                return Some(None);
            }
            self.remember(read);
            self.line.said = true;
            let app = self.app?;
            return Some(self.fail(&app, why));
        }
        if let Some(event) = self.value(read) {
            return Some(event);
        }
        // A result that should come behind the final may come in front of it.
        if self.is_later(&report) {
            self.line.met = true;
            return Some(None);
        }
        if !final_of(&report).meets(self.line.finals)
            || (action == Action::Send && self.line.phase == Phase::Prompt)
        {
            // An `OK` in front of the real final says only that the line was understood.
            return matches!(report, Report::Ok).then_some(None);
        }
        let event = match (action, report) {
            (Action::Send, Report::Ok) => self.send_taken(),
            _ => None,
        };
        let next = self.step_done();
        Some(event.or(next))
    }

    /// Whether it is what the step still waits for behind its final.
    fn is_later(&self, report: &Report<'_>) -> bool {
        matches!(
            (self.app.as_ref().map(|app| app.action), report),
            (Some(Action::Attach), Report::NetOpen { err: 0 } | Report::NetClose { err: 0 })
                | (Some(Action::Shut | Action::Detach), Report::NetClose { err: 0 })
                | (Some(Action::Listen), Report::ServerOk)
                | (Some(Action::Unlisten), Report::ServerClose | Report::ServerStopped { err: 0, .. })
        )
    }

    fn later_answer<'i>(&mut self, read: &Read<'i>) -> Option<Option<Event<'i>>> {
        let report = read.report;
        if self.is_later(&report) {
            self.line.met = true;
            return Some(self.step_done());
        }
        let app = self.app?;
        let failed = match report {
            Report::NetOpen { err } if app.action == Action::Attach => Some(err),
            Report::NetClose { err } | Report::ServerStopped { err, .. } => Some(err),
            _ => None,
        };
        if matches!((app.action, report), (Action::Listen, Report::ConnectFail { .. })) {
            self.remember(read);
            return Some(self.step_failed(Why::ConnectFail));
        }
        if let Some(err) = failed {
            self.remember(read);
            return Some(self.step_failed(Why::Err(u16::from(err))));
        }
        self.value(read)
    }

    /// Takes an answer's value out of a line. Outer `None`: it is none.
    fn value<'i>(&mut self, read: &Read<'i>) -> Option<Option<Event<'i>>> {
        let app = self.app.as_ref()?;
        let text = |span: Span| span.of(self.reader.text(read));
        let mut flags = 0;
        let value = match (app.action, read.report) {
            (Action::Signal, Report::Signal { rssi, ber }) => Value::Signal(rssi, ber),
            (Action::Sim, Report::Sim { text: span }) => {
                if text(span) == b"SIM PIN" {
                    flags = PIN_DUE;
                }
                Value::Sim(text(span) == b"READY")
            }
            (_, Report::LocalIp { ip }) => Value::Address(Fields::new(text(ip), 0).ip()?),
            (Action::Attach, Report::NetState { open }) => {
                flags = if open { NET_OPEN } else { 0 };
                app.value
            }
            (
                Action::Status,
                Report::State { .. } | Report::LinkState { .. } | Report::ServerState { .. },
            ) => {
                return Some(self.status_row(read));
            }
            (Action::Attach, Report::Attach { .. }) => app.value,
            (Action::Acknowledged, Report::Ack { sent, acked, .. }) => Value::Ack { sent, acked },
            (Action::Room, Report::Line { .. }) => {
                let line = self.reader.text(read);
                let mut f = Fields::new(line, if line.starts_with(b"+CIPSEND:") { 9 } else { return None });
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
        let is_final =
            matches!(read.report, Report::LocalIp { .. }) && final_of(&read.report).meets(self.line.finals);
        Some(if is_final { self.step_done() } else { None })
    }

    /// A row of `status`.
    fn status_row(&mut self, read: &Read<'_>) -> Option<Event<'static>> {
        if self.line.phase == Phase::Later {
            self.line.deadline = self.now.after(200);
        }
        let line = self.reader.text(read);
        let (link, state) = match read.report {
            Report::LinkState { link, state, proto, .. } if state.is_empty() => {
                let used = if proto.is_some() { LinkState::Connected } else { LinkState::Initial };
                (self.number(link)?, used)
            }
            Report::LinkState { link, state, .. } => (self.number(link)?, link_state(state.of(line))),
            Report::State { text } if self.settings.single() => (0, single_state(text.of(line))),
            _ => {
                self.remember(read);
                return Some(Event::Line { more: false });
            }
        };
        Some(Event::LinkStatus { link: Link(link), state })
    }

    /// The number of the link that a line names.
    pub(super) fn number(&self, on: On) -> Option<u8> {
        let n = match on {
            On::Link(n) => n,
            On::Single | On::Data => 0,
            On::Unnamed => return None,
        };
        (n < self.spec.dialect.links()).then_some(n)
    }

    fn on(&mut self, on: On) -> Option<&mut super::Slot> {
        self.number(on).and_then(|n| self.slot(n))
    }

    fn address_in(&self, read: &Read<'_>, ip: Span) -> Option<Ipv4Addr> {
        Fields::new(ip.of(self.reader.text(read)), 0).ip()
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
    fn send_result<'i>(&mut self, read: &Read<'i>, n: u8) -> Option<Option<Event<'i>>> {
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
        let outcome = match read.report {
            Report::SendOk { taken: Some((_, 0)), .. } => Outcome::NotSent,
            Report::SendOk { taken: Some((_, taken)), .. } => Outcome::Accepted(taken),
            Report::SendOk { .. } if acknowledges && !udp => Outcome::Delivered,
            Report::SendOk { .. } => Outcome::Accepted(sent),
            Report::DataAccept { len, .. } => Outcome::Accepted(len),
            _ if many => Outcome::NotSent,
            _ => Outcome::Unknown(sent),
        };
        let holds = self.line.holder == Holder::App
            && self.app.as_ref().is_some_and(|app| app.action == Action::Send && app.link == n);
        if holds && final_of(&read.report).meets(self.line.finals) {
            self.free();
            self.end_app();
        }
        self.told_app(Action::Send, n);
        Some(Some(Event::Sent { link, outcome }))
    }

    /// The module has started anew.
    fn restarted(&mut self) -> Option<Event<'static>> {
        if self.app.as_ref().is_some_and(|app| app.action == Action::Probe) {
            self.tell |= TELL_RESTARTED;
            self.marks.clear(flag::CONFIGURED);
            self.end_all(Closing::Restart);
            return None;
        }
        self.end_all(Closing::Restart);
        let app = self.app.take();
        self.line = super::InFlight::FREE;
        self.broken = Holder::Nobody;
        self.marks.clear(flag::ASTRAY);
        self.marks.clear(flag::CONFIGURED);
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

fn link_state(text: &[u8]) -> LinkState {
    match text {
        b"INITIAL" => LinkState::Initial,
        b"CONNECTING" => LinkState::Connecting,
        b"CONNECTED" | b"CONNECT OK" => LinkState::Connected,
        b"REMOTE CLOSING" | b"REMOTE CLOSED" => LinkState::RemoteClosing,
        b"CLOSING" => LinkState::Closing,
        b"CLOSED" => LinkState::Closed,
        _ => LinkState::Other,
    }
}

/// The one link's state as the whole module's state tells it.
fn single_state(text: &[u8]) -> LinkState {
    match text {
        b"IP INITIAL" | b"IP START" | b"IP CONFIG" | b"IP IND" | b"IP GPRSACT" | b"IP STATUS" => {
            LinkState::Initial
        }
        b"TCP CONNECTING" | b"UDP CONNECTING" | b"TCP/UDP CONNECTING" => LinkState::Connecting,
        b"CONNECT OK" => LinkState::Connected,
        b"TCP CLOSING" | b"UDP CLOSING" => LinkState::Closing,
        b"TCP CLOSED" | b"UDP CLOSED" | b"TCP CLOSE" | b"UDP CLOSE" | b"IP CLOSE" => LinkState::Closed,
        _ => LinkState::Other,
    }
}

/// What a transport's mark is.
pub(super) fn mark_of(transport: Transport) -> u16 {
    match transport {
        Transport::Tcp => 0,
        Transport::Udp => Marks::UDP,
    }
}
