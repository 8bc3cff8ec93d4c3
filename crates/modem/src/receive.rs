//! Receiving: pushed with the headers of each dialect, or on request (`AT+CIPRXGET`).

use crate::command::{Args, Command};
use crate::faults::Fault;
use crate::link::Phase;
use crate::modem::{Mode, Modem};
use crate::net::{Request, Socket};
use crate::run::{ERROR, NOT_ALLOWED, OK, Outcome};
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use simcom_at::row::Form::{Exec, Read, Set, Test};
use simcom_at::{Dialect, SocketAddrV4};

impl Modem {
    /// Data has come in.
    pub(crate) fn data_came(&mut self, n: u8, bytes: Vec<u8>, from: Option<SocketAddrV4>) {
        let on_request = self.set.rxget == 1;
        let max = self.profile.receive_buffer;
        let each = self.profile.notify_each;
        let Some(link) = self.link_mut(n).filter(|l| l.is_open() && !bytes.is_empty()) else { return };
        let from = from.or(Some(link.peer));
        link.store(bytes, from);
        if link.buffered >= max && !link.paused {
            link.paused = true;
            self.requests.push_back(Request::Receive { socket: Socket(n), ready: false });
        }
        let Some(link) = self.link_mut(n) else { return };
        if on_request && (!link.notified || each) {
            link.notified = true;
            self.notify_pending(n, from);
        }
    }

    /// `+CIPRXGET: 1[,n]`.
    fn notify_pending(&mut self, n: u8, from: Option<SocketAddrV4>) {
        if self.is_clone() {
            return self.out.notice(&format!("+CIPRXGET:{n}"));
        }
        let blank = if self.profile.read_space { " " } else { "" };
        let number = if self.multi() { format!(",{n}") } else { String::new() };
        let classic = self.profile.dialect != Dialect::A7600;
        let sender = match from {
            Some(from) if classic && self.set.srip == 1 => format!(",{from}"),
            _ => String::new(),
        };
        self.out.notice(&format!("+CIPRXGET:{blank}1{number}{sender}"));
        if let Some(from) = from.filter(|_| self.set.name_sender) {
            self.out.notice(&format!("+CIPRXGETIP:{from}"));
        }
    }

    /// Moves data of links in push mode towards the host, as far as there is room, then reports what the peer closed.
    pub(crate) fn pump(&mut self) {
        if matches!(self.mode, Mode::Deaf) {
            return;
        }
        let mut moved = true;
        while moved {
            moved = false;
            for n in self.numbers() {
                let pushes = self.set.rxget == 0 || self.transparent(n);
                let waits = self.link(n).is_some_and(|l| l.buffered > 0);
                let ahead = if self.transparent(n) { self.out.pending().len() } else { self.out.waiting() };
                if waits && pushes && ahead < self.profile.queue_max {
                    moved |= self.push_block(n);
                }
                self.relieve(n);
                if self.link(n).is_some_and(|l| l.closing && l.buffered == 0) {
                    self.announce_closed(n);
                }
            }
        }
    }

    /// Tells the network that a link has room again.
    fn relieve(&mut self, n: u8) {
        let low = self.profile.receive_buffer / 2;
        let Some(link) = self.link_mut(n).filter(|l| l.paused && l.buffered <= low) else { return };
        link.paused = false;
        if link.is_open() {
            self.requests.push_back(Request::Receive { socket: Socket(n), ready: true });
        }
    }

    /// Pushes one block; whether it could.
    fn push_block(&mut self, n: u8) -> bool {
        if self.transparent(n) {
            return self.push_transparent(n);
        }
        let max = self.profile.push_max;
        let Some(link) = self.link_mut(n) else { return false };
        let udp = !link.is_tcp();
        let (bytes, from) = link.take(if udp { usize::MAX } else { max }, udp, true);
        let (bytes, announced) = self.spoil(bytes);
        let mut block = self.header(n, announced, from);
        let hex = self.set.hexs == 2 && self.set.head == 1;
        if hex {
            block.extend(upper_hex(&bytes).bytes())
        } else {
            block.extend(bytes)
        }
        if self.profile.push_crlf || self.set.hexs > 0 && self.set.head == 1 {
            block.extend(b"\r\n");
        }
        self.out.queue_bytes(block);
        true
    }

    /// Pushes all that is buffered, whatever the room (before the link is lost).
    pub(crate) fn push_all(&mut self) {
        for n in self.numbers() {
            while self.set.rxget == 0
                && !self.transparent(n)
                && self.link(n).is_some_and(|l| l.buffered > 0)
                && self.push_block(n)
            {}
        }
    }

    /// The faults of a payload: bytes missing at its end, a header that says something else.
    pub(crate) fn spoil(&mut self, mut bytes: Vec<u8>) -> (Vec<u8>, usize) {
        let len = bytes.len();
        let delta = self.faults.take(|f| if let Fault::WrongLength(d) = f { Some(*d) } else { None });
        let missing = self.faults.take(|f| if let Fault::ShortPayload(k) = f { Some(*k) } else { None });
        bytes.truncate(len.saturating_sub(missing.unwrap_or(0)));
        let delta = isize::try_from(delta.unwrap_or(0)).unwrap_or(0);
        (bytes, len.saturating_add_signed(delta))
    }

    /// What comes in front of pushed data.
    fn header(&self, n: u8, len: usize, from: Option<SocketAddrV4>) -> Vec<u8> {
        let start = if self.profile.header_crlf { "\r\n" } else { "" };
        let from_address = from;
        let from = from.map(|f| f.to_string()).unwrap_or_default();
        let text = self.profile.from_text;
        let head = self.set.head == 1;
        let srip = self.set.srip == 1;
        let header = match self.profile.dialect {
            Dialect::Kingcom if !head => String::new(),
            Dialect::Kingcom if self.profile.kingcom_comma => format!("{start}+IPD,{len}:"),
            Dialect::Kingcom => format!("{start}+IPD:{len}\r\n"),
            Dialect::A7600 => {
                let [.., header_type, _, _, _] = self.set.ccfg;
                let sender = if srip { format!("{text}{from}\r\n") } else { String::new() };
                let length = match (head, header_type) {
                    (false, _) => String::new(),
                    (true, 0) => format!("+IPD{len}\r\n"),
                    (true, _) => format!("+RECEIVE,{n},{len}\r\n"),
                };
                if srip || head { format!("{start}{sender}{length}") } else { String::new() }
            }
            Dialect::Rda8955 => self.clone_header(n, len, from_address),
            Dialect::Sim800 | Dialect::Sim800e | Dialect::Sim7000 if self.multi() => {
                let sender = if srip { format!(",{from}") } else { String::new() };
                let colon = if srip { self.profile.receive_from_colon } else { self.profile.receive_colon };
                let colon = if colon { ":" } else { "" };
                if head || !self.profile.receive_needs_head {
                    format!("{start}+RECEIVE,{n},{len}{sender}{colon}\r\n")
                } else {
                    String::new()
                }
            }
            Dialect::Sim800 | Dialect::Sim800e | Dialect::Sim7000 => {
                let blank = if self.profile.from_blank_line { start } else { "" };
                let word = self.link(n).map_or("", |l| l.transport.word());
                let protocol = if self.set.showtp == 1 { format!(",{word}") } else { String::new() };
                match (srip, head) {
                    (false, false) => String::new(),
                    (true, false) => format!("{start}{text}{from}\r\n"),
                    (false, true) => format!("{start}+IPD,{len}{protocol}:"),
                    (true, true) => format!("{start}{text}{from}\r\n{blank}+IPD,{len}{protocol}:"),
                }
            }
        };
        header.into_bytes()
    }

    /// The peer has closed.
    pub(crate) fn peer_closed(&mut self, n: u8) {
        let on_request = self.set.rxget == 1 && !self.transparent(n);
        let Some(link) = self.link_mut(n).filter(|l| l.is_open()) else { return };
        link.phase = Phase::RemoteClosing;
        link.closing = true;
        // The network's side is gone; what came in stays.
        self.requests.push_back(Request::Close { socket: Socket(n) });
        self.report_unsent(n);
        if matches!(self.wait, crate::run::Wait::Sent { link, .. } if link == n) {
            self.go_on(crate::run::Answer::Nothing);
        }
        if on_request {
            self.announce_closed(n);
        }
    }

    /// Tells the host that the peer has closed.
    fn announce_closed(&mut self, n: u8) {
        let transparent = self.transparent(n);
        let text = match self.profile.dialect {
            Dialect::A7600 if transparent => format!("CLOSED\r\n\r\n+IPCLOSE: {n},1"),
            Dialect::A7600 => format!("+IPCLOSE: {n},1"),
            Dialect::Rda8955 => self.clone_closed(n),
            Dialect::Sim800 | Dialect::Sim800e | Dialect::Sim7000 | Dialect::Kingcom => self.on(n, "CLOSED"),
        };
        match self.mode {
            Mode::Data(_) if transparent => self.end_data_mode(n, &text),
            Mode::Data(_) | Mode::Command | Mode::Payload(_) | Mode::Deaf => self.out.notice(&text),
        }
        let Some(link) = self.link_mut(n) else { return };
        link.closing = false;
        if link.buffered == 0 {
            link.end();
        }
    }

    pub(crate) fn classic_receive(&mut self, c: &Command) -> Option<Outcome> {
        if c.name != "+CIPRXGET" || self.profile.dialect == Dialect::Sim800e {
            return None;
        }
        Some(match c.form {
            Read => self.answer(&format!("+CIPRXGET: {}", self.set.rxget)),
            Set => self.rxget(&c.args),
            Test | Exec => ERROR,
        })
    }

    fn rxget(&mut self, args: &Args) -> Outcome {
        let mode = args.small(0, 0, 4)?;
        if mode < 2 {
            let open = self.links.iter().any(|l| matches!(l.phase, Phase::Connecting | Phase::Connected));
            let same = mode == self.set.rxget && self.profile.same_value;
            if args.len() > 1 || open && !same {
                return if args.len() > 1 { ERROR } else { NOT_ALLOWED };
            }
            self.set.rxget = mode;
            return OK;
        }
        let (n, at) = if self.multi() { (args.small(1, 0, self.last_link())?, 2) } else { (0, 1) };
        let (Ok(used), true) =
            (self.link(n).map(|l| l.phase != Phase::Initial).ok_or(()), self.set.rxget == 1)
        else {
            return NOT_ALLOWED;
        };
        if !used {
            return NOT_ALLOWED;
        }
        if mode == 4 {
            if args.len() > at {
                return ERROR;
            }
            let rest = self.link(n).map_or(0, |l| l.buffered);
            return self.answer(&format!("{}{rest}", self.read_head(4, n)));
        }
        let most = if mode == 2 { self.profile.read_max } else { self.profile.read_max / 2 };
        let most = u32::try_from(most).unwrap_or(1460);
        let want = args.number_or(at, 1, most, most)?;
        if args.len() > at.saturating_add(1) {
            return ERROR;
        }
        self.print_read(mode, n, usize::try_from(want).unwrap_or(0), b"\r\n");
        OK
    }

    /// `+CIPRXGET: m,[n,]`.
    fn read_head(&self, mode: u8, n: u8) -> String {
        let blank = if self.profile.read_space { " " } else { "" };
        let number = if self.multi() { format!("{n},") } else { String::new() };
        format!("+CIPRXGET:{blank}{mode},{number}")
    }

    /// Prints the header and the data of a read. `end` is what ends the line of the header.
    ///
    /// Data is a stream of bytes, datagrams too; with `AT+CIPSRIP=1` one read never mixes two senders.
    pub(crate) fn print_read(&mut self, mode: u8, n: u8, want: usize, end: &[u8]) {
        if self.is_clone() {
            return self.clone_read(mode, n, want);
        }
        let classic = self.profile.dialect != Dialect::A7600;
        let name_sender = classic && self.set.srip == 1;
        let Some(link) = self.link_mut(n) else { return };
        let (bytes, from) = link.take(want, false, name_sender);
        let rest = link.buffered;
        link.notified &= rest > 0;
        if rest == 0 && link.phase == Phase::RemoteClosing && !link.closing {
            link.end();
        }
        let (bytes, announced) = self.spoil(bytes);
        let sender = match from {
            Some(from) if name_sender => format!(",{from}"),
            _ => String::new(),
        };
        let head = self.read_head(mode, n);
        if self.set.verbose {
            self.out.raw(b"\r\n");
        }
        self.out.raw(format!("{head}{announced},{rest}{sender}").as_bytes());
        self.out.raw(end);
        if mode == 3 {
            self.out.raw(upper_hex(&bytes).as_bytes());
        } else {
            self.out.raw(&bytes);
        }
    }
}

fn upper_hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02X}")).collect()
}
