//! A session whose module is the test: every host byte is looked at, every module byte is given.

use crate::pair::{What, what_of};
use simcom_at::{Dialect, Event, How, Instant, Link, Reason, Session, Settings, Transport};

/// What the module answers to `AT+CSQ` where a test does not care.
pub const CSQ: &str = "\r\n+CSQ: 20,0\r\n\r\nOK\r\n";
pub const OK: &str = "\r\nOK\r\n";
pub const ERROR: &str = "\r\nERROR\r\n";

/// A session and what went to and fro.
pub struct Script {
    pub session: Session<Vec<u8>>,
    pub dialect: Dialect,
    pub single: bool,
    /// The whole exchange, for people.
    pub log: String,
    /// How many bytes the port takes at once.
    pub port: usize,
    now: Instant,
    heard: Vec<u8>,
    told: Vec<What>,
    seen: usize,
}

impl Script {
    pub fn new(dialect: Dialect, settings: Settings) -> Self {
        Self::at(dialect, settings, Instant::from_millis(0))
    }

    /// The same at another time.
    pub fn at(dialect: Dialect, settings: Settings, now: Instant) -> Self {
        let single = settings.single || dialect == Dialect::Kingcom;
        Self {
            session: Session::new(dialect.spec(), settings, now, vec![0; 2048]),
            dialect,
            single,
            log: String::new(),
            port: usize::MAX,
            now,
            heard: Vec::new(),
            told: Vec::new(),
            seen: 0,
        }
    }

    pub fn now(&self) -> Instant {
        self.now
    }

    /// Gives the session these module bytes, in one piece.
    pub fn module(&mut self, bytes: impl AsRef<[u8]>) {
        self.log.push_str(&format!("< {}\n", bytes.as_ref().escape_ascii()));
        self.turn(bytes.as_ref());
    }

    /// The host writes exactly this, within the pause that it keeps between lines.
    pub fn host(&mut self, bytes: impl AsRef<[u8]>) {
        let heard = self.heard(60);
        let (heard, wanted) = (heard.escape_ascii().to_string(), bytes.as_ref().escape_ascii().to_string());
        assert_eq!(heard, wanted, "\n{}", self.log);
    }

    /// Host lines and what the module says to each.
    pub fn talk(&mut self, lines: &[(&str, &str)]) {
        for (host, module) in lines {
            self.host(host);
            self.module(module);
        }
    }

    /// So much time passes, and the host writes nothing.
    pub fn quiet(&mut self, ms: u32) {
        self.pass(ms);
        assert_eq!(self.heard.escape_ascii().to_string(), "", "\n{}", self.log);
    }

    /// So much time passes, in jumps from deadline to deadline.
    pub fn pass(&mut self, ms: u32) {
        let end = self.now.after(ms);
        let mut still = 0;
        loop {
            let before = (self.told.len(), self.heard.len());
            self.turn(&[]);
            if self.now.reached(end) {
                return;
            }
            let due = self.session.deadline().map_or(end, |(at, _)| at.earlier(end));
            let moved = before != (self.told.len(), self.heard.len()) || due != self.now;
            still = if moved { 0 } else { still + 1 };
            assert!(still < 4, "the deadline {:?} does not move\n{}", self.session.deadline(), self.log);
            self.now = due;
        }
    }

    /// Lets time pass until the host writes, and gives what it wrote; empty: nothing in that time.
    pub fn wait(&mut self, ms: u32) -> String {
        String::from_utf8_lossy(&self.heard(ms)).into_owned()
    }

    fn heard(&mut self, ms: u32) -> Vec<u8> {
        let end = self.now.after(ms);
        self.turn(&[]);
        while self.heard.is_empty() && !self.now.reached(end) {
            let due = self.session.deadline().map_or(end, |(at, _)| at.earlier(end));
            self.pass(self.now.until(due).max(1));
        }
        std::mem::take(&mut self.heard)
    }

    /// Answers every host line with what `answer` says, for so long.
    pub fn serve(&mut self, ms: u32, mut answer: impl FnMut(&str) -> String) {
        let end = self.now.after(ms);
        while !self.now.reached(end) {
            let line = self.wait(self.now.until(end));
            if !line.is_empty() {
                let bytes = answer(&line);
                self.module(bytes);
            }
        }
    }

    /// What was told since the last call, without `Ready`.
    pub fn events(&mut self) -> Vec<What> {
        let new = self.told[self.seen..]
            .iter()
            .filter(|what| **what != What::Other(Event::Ready))
            .cloned()
            .collect();
        self.seen = self.told.len();
        new
    }

    /// Everything that was told since the last call.
    pub fn all_events(&mut self) -> Vec<What> {
        let new = self.told[self.seen..].to_vec();
        self.seen = self.told.len();
        new
    }

    /// All payload told since the last call, with its links.
    pub fn data(&mut self) -> Vec<(u8, String)> {
        let mut all: Vec<(u8, String)> = Vec::new();
        for what in self.events() {
            let What::Received { link: Some(link), bytes, .. } = what else { continue };
            let text = String::from_utf8_lossy(&bytes).into_owned();
            match all.last_mut() {
                Some((last, before)) if *last == link => before.push_str(&text),
                _ => all.push((link, text)),
            }
        }
        all
    }

    pub fn reason(&self) -> Option<Reason> {
        self.session.deadline().map(|(_, reason)| reason)
    }

    /// `n, ` where the module numbers its lines.
    pub fn on(&self, link: u8) -> String {
        if self.single { String::new() } else { format!("{link}, ") }
    }

    /// `n,` in a command's or an answer's fields.
    pub fn field(&self, link: u8) -> String {
        if self.single { String::new() } else { format!("{link},") }
    }

    /// The host line that opens a TCP link to 10.1.1.1, port 80.
    pub fn open_line(&self, link: u8) -> String {
        match self.dialect {
            Dialect::A7600 => format!("AT+CIPOPEN={link},\"TCP\",\"10.1.1.1\",80\r"),
            _ => format!("AT+CIPSTART={}\"TCP\",\"10.1.1.1\",80\r", self.field(link)),
        }
    }

    /// What says that a link is open.
    pub fn connected(&self, link: u8) -> String {
        match self.dialect {
            Dialect::A7600 => format!("\r\n+CIPOPEN: {link},0\r\n"),
            _ => format!("\r\n{}CONNECT OK\r\n", self.on(link)),
        }
    }

    /// Pushed payload with its header, as the session has it.
    pub fn pushed(&self, link: u8, bytes: &str) -> String {
        let len = bytes.len();
        match (self.dialect, self.single) {
            (Dialect::Kingcom, _) => format!("\r\n+IPD:{len}\r\n{bytes}"),
            (Dialect::A7600, _) => format!("\r\n+RECEIVE,{link},{len}\r\n{bytes}"),
            (_, true) => format!("\r\n+IPD,{len}:{bytes}"),
            (Dialect::Rda8955, _) => format!("\r\n+RECEIVE,{link},{len}:{bytes}\r\n"),
            _ => format!("\r\n+RECEIVE,{link},{len}:\r\n{bytes}"),
        }
    }

    /// What says that the peer has closed a link.
    pub fn closed(&self, link: u8) -> String {
        match self.dialect {
            Dialect::A7600 => format!("\r\n+IPCLOSE: {link},1\r\n"),
            _ => format!("\r\n{}CLOSED\r\n", self.on(link)),
        }
    }

    /// Gives `open`; the lines it needs in front are answered, the last one is out.
    pub fn give_open(&mut self, link: u8) {
        let now = self.now;
        self.session.open(now, Link(link), Transport::Tcp, "10.1.1.1", 80, 0).unwrap();
        let line = self.open_line(link);
        loop {
            let host = self.wait(60);
            if host == line {
                return;
            }
            assert!(
                host.starts_with("AT+CIPMUX=1\r") || host.starts_with("AT+CIPHEAD=1\r"),
                "{host}\n{}",
                self.log
            );
            self.module(OK);
        }
    }

    /// Opens a TCP link.
    pub fn open(&mut self, link: u8) {
        self.give_open(link);
        self.module(OK);
        self.module(self.connected(link));
        let opened = What::Other(Event::Opened { link: Link(link) });
        assert_eq!(self.events(), [opened], "\n{}", self.log);
    }

    /// Gives `send`; its line is out.
    pub fn give_send(&mut self, link: u8, bytes: &[u8]) {
        let now = self.now;
        self.session.send(now, Link(link), bytes, None).unwrap();
        let line = match self.dialect {
            Dialect::Kingcom => "AT+CIPSEND\r".to_owned(),
            _ => format!("AT+CIPSEND={}{}\r", self.field(link), bytes.len()),
        };
        self.host(line);
    }

    /// The same, and the payload is out too.
    pub fn give_payload(&mut self, link: u8, bytes: &[u8]) {
        self.give_send(link, bytes);
        self.module("\r\n> ");
        let mut wanted = bytes.to_vec();
        if self.dialect == Dialect::Kingcom {
            wanted.push(0x1a);
        }
        self.host(wanted);
    }

    /// Gives `close`; its line is out.
    pub fn give_close(&mut self, link: u8) {
        let now = self.now;
        self.session.close(now, Link(link), How::Slow).unwrap();
        let line = match (self.dialect, self.single) {
            (Dialect::Kingcom, _) | (Dialect::Sim800e, true) => "AT+CIPCLOSE\r".to_owned(),
            (Dialect::Sim800e | Dialect::A7600, _) => format!("AT+CIPCLOSE={link}\r"),
            (_, true) => "AT+CIPCLOSE=0\r".to_owned(),
            _ => format!("AT+CIPCLOSE={link},0\r"),
        };
        self.host(line);
    }

    fn turn(&mut self, mut input: &[u8]) {
        let mut turns = 0;
        loop {
            while let Some(event) = self.session.poll(self.now, &mut input) {
                turns += 1;
                assert!(turns < 10_000, "poll gives events for ever: {event:?}\n{}", self.log);
                let text = String::from_utf8_lossy(self.session.text()).into_owned();
                let what = what_of(event, text);
                self.log.push_str(&format!("  {:>8} {what:?}\n", self.now.millis()));
                self.told.push(what);
            }
            assert!(input.is_empty(), "poll gave None and left input");
            let deadline = self.session.deadline();
            assert_eq!(self.session.poll(self.now, &mut input), None, "polled twice\n{}", self.log);
            assert_eq!(self.session.deadline(), deadline, "polled twice\n{}", self.log);
            let bytes = self.session.transmit().to_vec();
            if bytes.is_empty() || self.port == 0 {
                return;
            }
            let n = bytes.len().min(self.port);
            self.log.push_str(&format!("> {}\n", bytes[..n].escape_ascii()));
            self.heard.extend_from_slice(&bytes[..n]);
            self.session.transmitted(self.now, n);
        }
    }
}
