//! Sending: the prompt, the payload, and how each dialect reports the end.

use crate::command::{Args, Command};
use crate::faults::Fault;
use crate::link::Outgoing;
use crate::modem::{Mode, Modem};
use crate::net::{Request, Socket};
use crate::profile::Escape;
use crate::run::{Answer, ERROR, Fail, NOT_ALLOWED, OK, Outcome, Wait};
use crate::timers::Timer;
use alloc::borrow::ToOwned;
use alloc::format;
use alloc::vec::Vec;
use simcom_at::row::Form::{Exec, Read, Set};
use simcom_at::{Dialect, SocketAddrV4};

/// A payload on its way into the module.
#[derive(Debug)]
pub(crate) struct Payload {
    link: u8,
    /// Its length; `None`: until Ctrl-Z.
    want: Option<usize>,
    bytes: Vec<u8>,
    /// Bytes taken from the host, terminator and escapes included.
    taken: usize,
    too_long: bool,
    /// The byte before was ETX (A7600).
    escaped: bool,
    to: Option<SocketAddrV4>,
}

impl Modem {
    pub(crate) fn classic_send(&mut self, c: &Command) -> Option<Outcome> {
        let max = self.profile.send_max;
        Some(match (c.name.as_str(), c.form) {
            ("+CIPSEND", Read) if self.multi() => self.room_of_each(),
            ("+CIPSEND", Read) => {
                let room = if self.link(0).is_some_and(|l| l.is_open()) { self.room(0) } else { max };
                self.answer(&format!("+CIPSEND: {room}"))
            }
            ("+CIPSEND", Exec) if self.multi() => ERROR,
            ("+CIPSEND", Exec | Set) => self.classic_cipsend(&c.args),
            _ => return None,
        })
    }

    /// One line for each connected link.
    fn room_of_each(&mut self) -> Outcome {
        let mut any = false;
        for n in self.numbers() {
            if self.link(n).is_some_and(|l| l.is_open()) {
                any = true;
                self.info(&format!("+CIPSEND: {n},{}", self.room(n)));
            }
        }
        if any || !self.profile.send_query_error { OK } else { ERROR }
    }

    /// How much one send may carry now.
    fn room(&self, n: u8) -> usize {
        let waiting = self.link(n).map_or(0, |l| l.unsent());
        self.profile.send_max.min(self.profile.send_buffer.saturating_sub(waiting))
    }

    fn classic_cipsend(&mut self, args: &Args) -> Outcome {
        let (n, at) = self.link_first(args)?;
        if args.len() > at.saturating_add(1) {
            return ERROR;
        }
        let room = u32::try_from(self.room(n)).unwrap_or(0);
        let want = if args.len() > at { Some(args.number(at, 1, room)?) } else { None };
        if !self.link(n).is_some_and(|l| l.is_open()) {
            return NOT_ALLOWED;
        }
        let to = self.link(n).and_then(|l| l.udp_to.filter(|_| !l.is_tcp()));
        Ok(self.begin_payload(n, want, to))
    }

    /// Whether a send to this link is under way: its number is nobody else's, even when the peer has closed.
    pub(crate) fn sends_to(&self, n: u8) -> bool {
        matches!(&self.mode, Mode::Payload(payload) if payload.link == n)
            || matches!(self.wait, Wait::Sent { link, .. } if link == n)
    }

    /// Prints the prompt, at once or when its time has come.
    pub(crate) fn begin_payload(&mut self, link: u8, want: Option<u32>, to: Option<SocketAddrV4>) -> Answer {
        let want = want.and_then(|w| usize::try_from(w).ok());
        let payload =
            Payload { link, want, bytes: Vec::new(), taken: 0, too_long: false, escaped: false, to };
        self.mode = Mode::Payload(payload);
        if self.profile.prompt_ms == 0 {
            self.prompt();
            return Answer::Wait(Wait::Payload);
        }
        self.timers.set(Timer::Prompt, self.now.after(self.profile.prompt_ms));
        Answer::Wait(Wait::Prompt)
    }

    /// The time of the prompt has come.
    pub(crate) fn prompt_now(&mut self) {
        if self.fifo.front() == Some(&b'\n') && core::mem::take(&mut self.reader.skip_lf) {
            self.fifo.pop_front();
        }
        // With nothing here yet, the <LF> may come along with what is about to.
        self.reader.skip_lf &= self.fifo.is_empty();
        self.wait = Wait::Payload;
        self.prompt();
    }

    fn prompt(&mut self) {
        let variable = matches!(&self.mode, Mode::Payload(p) if p.want.is_none());
        let [automatic, seconds] = self.set.ats;
        if variable && automatic == 1 {
            self.timers.set(Timer::AutoSend, self.now.after(seconds.saturating_mul(1000)));
        }
        if self.set.sprt == 1 && !self.faults.hit(&Fault::NoPrompt) {
            self.out.raw(self.profile.prompt);
        }
        self.notice_fault();
    }

    /// `AT+CIPATS`: the time is over, what is there goes out.
    pub(crate) fn auto_send(&mut self) {
        if let Mode::Payload(payload) = core::mem::replace(&mut self.mode, Mode::Command) {
            self.payload_complete(payload);
        }
    }

    /// A byte behind the prompt.
    pub(crate) fn payload_byte(&mut self, byte: u8) {
        // The <LF> of the command line, when it comes together with its <CR>.
        let of_the_line = self.line_ended_now || !self.out.pending().is_empty();
        if core::mem::take(&mut self.reader.skip_lf) && byte == b'\n' && of_the_line {
            return;
        }
        let Mode::Payload(mut payload) = core::mem::replace(&mut self.mode, Mode::Command) else { return };
        let ends = payload.want.is_none() && !payload.escaped && matches!(byte, 0x1a | 0x1b);
        if self.set.echo && self.set.data_echo && (!ends || self.profile.echo_end) {
            self.out.raw(&[byte]);
        }
        payload.taken = payload.taken.saturating_add(1);
        let taken = payload.taken;
        let restart = self.faults.take(|f| match f {
            Fault::RestartInPayload(at) if *at <= taken => Some(()),
            _ => None,
        });
        if restart.is_some() {
            self.restart();
            return;
        }
        match (payload.want, byte) {
            (None, 0x1a) if !payload.escaped => return self.payload_complete(payload),
            (None, 0x1b) if !payload.escaped => return self.payload_cancelled(),
            (None, 0x03) if !payload.escaped && self.profile.dialect == Dialect::A7600 => {
                payload.escaped = true;
            }
            (want, _) => {
                payload.escaped = false;
                if payload.bytes.len() < want.unwrap_or(self.profile.send_max) {
                    payload.bytes.push(byte);
                } else {
                    payload.too_long = true;
                }
                if want == Some(payload.bytes.len()) {
                    return self.payload_complete(payload);
                }
            }
        }
        self.mode = Mode::Payload(payload);
    }

    fn payload_cancelled(&mut self) {
        self.timers.clear(Timer::AutoSend);
        let answer = match self.profile.escape {
            Escape::Ok => Answer::Ok,
            Escape::Error => Answer::Fail(Fail::Error),
            Escape::Silent => Answer::Nothing,
        };
        self.go_on(answer);
    }

    fn payload_complete(&mut self, payload: Payload) {
        self.timers.clear(Timer::AutoSend);
        let answer = if payload.too_long || payload.bytes.is_empty() {
            Answer::Fail(Fail::Error)
        } else {
            match self.profile.dialect {
                Dialect::Sim800 | Dialect::Sim800e | Dialect::Sim7000 | Dialect::Rda8955 => {
                    self.classic_sent(payload)
                }
                Dialect::Kingcom => self.kingcom_sent(payload),
                Dialect::A7600 => self.netopen_sent(payload),
            }
        };
        self.go_on(answer);
    }

    fn classic_sent(&mut self, payload: Payload) -> Answer {
        let n = payload.link;
        let bytes = if self.set.sendhex == 1 { unhex(&payload.bytes) } else { Some(payload.bytes) };
        let Some(bytes) = bytes else { return Answer::Fail(Fail::Error) };
        if self.faults.hit(&Fault::SendFail) {
            return Answer::Text(self.on(n, "SEND FAIL"));
        }
        let Some(link) = self.link(n).filter(|l| l.is_open()) else {
            // Closed behind the prompt: `CLOSED` is printed in any case.
            return Answer::Nothing;
        };
        let goal = link.sent.wrapping_add(u32::try_from(bytes.len()).unwrap_or(0));
        let len = bytes.len();
        self.give(n, bytes, payload.to);
        if self.set.qsend == 0 {
            self.timers.set(Timer::Wait, self.now.after(self.profile.ack_ms));
            return Answer::Wait(Wait::Sent { link: n, goal });
        }
        if self.set.sprt == 2 {
            return Answer::Nothing;
        }
        let blank = if self.profile.accept_space { " " } else { "" };
        let number = if self.multi() { format!("{n},") } else { "".to_owned() };
        Answer::Text(format!("DATA ACCEPT:{blank}{number}{len}"))
    }

    fn kingcom_sent(&mut self, payload: Payload) -> Answer {
        let open = self.link(0).is_some_and(|l| l.is_open());
        if !open || self.faults.hit(&Fault::SendFail) {
            return Answer::Fail(Fail::Error);
        }
        self.give(0, payload.bytes, None);
        Answer::Ok
    }

    fn netopen_sent(&mut self, payload: Payload) -> Answer {
        let (n, len) = (payload.link, payload.bytes.len());
        let open = self.link(n).is_some_and(|l| l.is_open());
        if !open || self.faults.hit(&Fault::SendFail) {
            self.later(&format!("+CIPSEND: {n},{len},-1"));
            return Answer::Ok;
        }
        self.give(n, payload.bytes, payload.to);
        let [_, _, limit] = self.set.timeouts;
        self.timers.set(Timer::Sending(n), self.now.after(limit));
        Answer::Ok
    }

    /// Puts bytes on their way to the network.
    pub(crate) fn give(&mut self, n: u8, bytes: Vec<u8>, to: Option<SocketAddrV4>) {
        if let Some(link) = self.link_mut(n) {
            link.sent = link.sent.wrapping_add(u32::try_from(bytes.len()).unwrap_or(0));
            link.outgoing.push_back(Outgoing { bytes, to, taken: 0 });
        }
        self.offer(n);
    }

    /// Offers the network the next block of a link.
    pub(crate) fn offer(&mut self, n: u8) {
        let Some(link) = self.link_mut(n).filter(|l| l.is_open() && !l.asked) else { return };
        let Some(next) = link.outgoing.front() else { return };
        let bytes = next.bytes.get(next.taken..).unwrap_or_default().to_vec();
        let request = Request::Send { socket: Socket(n), bytes, to: next.to };
        link.asked = true;
        self.requests.push_back(request);
    }

    /// The network has taken so many bytes of the block offered, or none any more.
    pub(crate) fn offered(&mut self, n: u8, result: Result<usize, ()>) {
        let a7600 = self.profile.dialect == Dialect::A7600;
        let Some(link) = self.link_mut(n).filter(|l| l.asked) else { return };
        link.asked = false;
        let Some(front) = link.outgoing.front_mut() else { return };
        let all = front.bytes.len();
        front.taken = front.taken.saturating_add(result.unwrap_or(0)).min(all);
        let taken = front.taken;
        link.given = link.given.wrapping_add(u32::try_from(result.unwrap_or(0)).unwrap_or(0));
        let udp = !link.is_tcp();
        if taken == all || a7600 || udp || result.is_err() {
            link.outgoing.pop_front();
        }
        if result.is_err() {
            link.outgoing.clear();
        }
        if a7600 {
            link.broken |= taken < all && !udp;
            self.netopen_report(n, all, result.map(|_| taken));
            self.sent_all(n);
        } else if result.is_err() {
            self.send_failed(n);
        } else if self.is_clone() && self.set.qsend == 1 && taken == all {
            // The stack has sent it: a result without a text.
            self.out.notice("");
        } else if udp && self.wait == (Wait::Sent { link: n, goal: self.goal(n) }) {
            let answer = if taken == all { self.send_ok(n) } else { Answer::Text(self.on(n, "SEND FAIL")) };
            self.go_on(answer);
        } else if result == Ok(0) && !udp {
            self.timers.set(Timer::Retry(n), self.now.after(50));
            return;
        }
        self.offer(n);
    }

    fn goal(&self, n: u8) -> u32 {
        self.link(n).map_or(0, |l| l.sent)
    }

    fn send_ok(&self, n: u8) -> Answer {
        if self.set.sprt == 2 { Answer::Nothing } else { Answer::Text(self.on(n, "SEND OK")) }
    }

    fn send_failed(&mut self, n: u8) {
        let text = self.on(n, "SEND FAIL");
        match self.wait {
            Wait::Sent { link, .. } if link == n => self.go_on(Answer::Text(text)),
            _ if self.profile.dialect == Dialect::Kingcom => {}
            _ => self.out.notice(&text),
        }
    }

    /// The peer has acknowledged more bytes.
    pub(crate) fn acked(&mut self, n: u8, bytes: usize) {
        let Some(link) = self.link_mut(n) else { return };
        let open = link.sent.wrapping_sub(link.acked);
        link.acked = link.acked.wrapping_add(u32::try_from(bytes).unwrap_or(u32::MAX).min(open));
        let acked = link.acked;
        let whole = match self.wait {
            Wait::Sent { link, goal } => link == n && passed(acked, goal),
            _ => false,
        };
        if whole {
            let answer = self.send_ok(n);
            self.go_on(answer);
        }
        self.netopen_acked(n, acked);
    }

    /// No acknowledgement within the time of the manual: the link is reported closed.
    pub(crate) fn never_acknowledged(&mut self, n: u8) {
        self.drop_link(n);
        let text = self.on(n, "CLOSED");
        self.go_on(Answer::Text(text));
    }
}

/// Whether a counter that may wrap has passed a value.
pub(crate) fn passed(counter: u32, goal: u32) -> bool {
    counter.wrapping_sub(goal) <= u32::MAX / 2
}

fn unhex(digits: &[u8]) -> Option<Vec<u8>> {
    if !digits.len().is_multiple_of(2) {
        return None;
    }
    digits.chunks(2).map(|pair| u8::from_str_radix(core::str::from_utf8(pair).ok()?, 16).ok()).collect()
}
