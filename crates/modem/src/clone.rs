//! What clones on the RDA8955 chip do in their own way: spellings, states, reads, slow closing.

use crate::command::{Args, Command};
use crate::link::{Link, Pdp, Phase, Server};
use crate::modem::Modem;
use crate::run::{Answer, ERROR, Fail, NOT_ALLOWED, OK, Outcome, Wait};
use crate::timers::Timer;
use alloc::borrow::ToOwned;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use simcom_at::row::Form::{Exec, Read, Set};
use simcom_at::{Dialect, SocketAddrV4};

/// How a clone spells the header of data that it pushes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClonePush {
    /// `+RECEIVE,n,len:` with the data behind the colon.
    Receive,
    /// `+CIPRCV,n,len:`, as an A9 does.
    A9,
    /// `+CIPRCV:n,len,`, as an A6 does.
    A6,
    /// `+RECEIVE:n,len` with the data on the next line.
    NextLine,
}

impl Modem {
    pub(crate) fn is_clone(&self) -> bool {
        self.profile.dialect == Dialect::Rda8955
    }

    /// Executes the command if clones answer it in their own way.
    pub(crate) fn clone(&mut self, c: &Command) -> Option<Outcome> {
        Some(match (c.name.as_str(), c.form) {
            ("+CIFSR", Exec) => match self.address_now() {
                Some(address) => self.answer(&address.to_string()),
                None => NOT_ALLOWED,
            },
            ("+CSTT", Read) => {
                let context = self.contexts.get(usize::from(self.selected))?;
                let text =
                    format!("+CSTT: \"{}\",  \"{}\", \"{}\"", context.apn, context.user, context.password);
                self.answer(&text)
            }
            ("+CIPSTATUS", Exec) => self.clone_status(),
            ("+CIPSTATUS", Set) if self.multi() => match c.args.small(0, 0, self.last_link()) {
                Ok(n) => {
                    let row = self.clone_row(n);
                    self.answer(&format!("+CIPSTATUS:{row}"))
                }
                Err(bad) => Err(bad),
            },
            // It prints its own help.
            ("+CIPSEND", Read) => {
                self.answer(if self.multi() { "+CIPSEND:<n>,<size>" } else { "+CIPSEND:<size>" })
            }
            ("+CLPORT", Read) => {
                let multi = self.multi();
                for n in self.numbers().filter(|n| multi || *n == 0) {
                    let [tcp, udp] = self.link(n).map_or([0, 0], |l| l.ports);
                    let number = if multi { format!("{n},") } else { String::new() };
                    self.info(&format!("+CLPORT:{number}TCP:{tcp},UDP:{udp}"));
                }
                OK
            }
            ("+CIPUDPMODE", Read) => self.clone_udp_mode(),
            ("+CIPSCONT", Read) => {
                let (sprt, head, srip) = (self.set.sprt, self.set.head, self.set.srip);
                for text in
                    [format!("CIPSPRT: {sprt}"), format!("CIPHEAD: {head}"), format!("CIPSRIP: {srip}")]
                {
                    self.out.info(&format!("+{text}"), self.set.verbose);
                }
                OK
            }
            ("+CIPSERVER", Read) => {
                let server = self.server(0);
                let port = if server.on() { format!(",{}", server.port) } else { String::new() };
                self.answer(&format!("+CIPSERVER:{}{port}", u8::from(server.on())))
            }
            ("+CIPCLOSE", Set | Exec) => self.clone_close(&c.args),
            ("+CIPRXGET", Set) => return self.clone_mode(&c.args),
            ("+CIPDPDP", _) => Ok(Answer::Fail(Fail::Cme(49))),
            _ => return None,
        })
    }

    /// Setting mode 1 again in single mode prints what looks like the notice of waiting data.
    fn clone_mode(&mut self, args: &Args) -> Option<Outcome> {
        let again = args.small(0, 1, 1).is_ok() && args.len() == 1 && self.set.rxget == 1 && !self.multi();
        if again {
            self.info("+CIPRXGET:1");
        }
        None
    }

    fn clone_udp_mode(&mut self) -> Outcome {
        let multi = self.multi();
        for n in self.numbers().filter(|n| multi || *n == 0) {
            let Some(link) = self.link(n) else { continue };
            let to = link.udp_to.unwrap_or(link.peer);
            let number = if multi { format!("{n},") } else { String::new() };
            let text = format!("+CIPUDPMODE:{number}{},{},{}", link.udp_mode, to.ip(), to.port());
            self.info(&text);
        }
        OK
    }

    /// A slow close takes the time of `AT+CIPRDTIMER`, a quick one none. Until then the link keeps its number.
    fn clone_close(&mut self, args: &Args) -> Outcome {
        let (n, at) = self.link_first(args)?;
        let quick = args.number_or(at, 0, 1, 0)? == 1;
        if args.len() > at.saturating_add(1) {
            return ERROR;
        }
        if !self.link(n).is_some_and(Link::in_use) {
            return NOT_ALLOWED;
        }
        if quick {
            self.drop_link(n);
            return Ok(Answer::Text(self.on(n, "CLOSE OK")));
        }
        self.timers.set(Timer::Wait, self.now.after(self.close_ms()));
        Ok(Answer::Wait(Wait::Closed(n)))
    }

    /// The time of a slow close, and from the peer's close to its notice.
    pub(crate) fn close_ms(&self) -> u32 {
        let [single, multi] = self.set.rdtimer;
        if self.multi() { multi } else { single }
    }

    /// The words of the firmware's table.
    fn clone_word(&self, n: u8) -> &'static str {
        match self.link(n).map_or(Phase::Initial, |l| l.phase) {
            Phase::Initial => "IP INITIAL",
            Phase::Connecting => "IP PROCESSING",
            Phase::Connected => "CONNECT OK",
            Phase::RemoteClosing | Phase::Closing => "IP CLOSING",
            Phase::Closed => "CLOSED",
        }
    }

    /// The state as `AT+CIPSTATUS` prints it.
    pub(crate) fn clone_state(&self) -> &'static str {
        let used =
            self.links.iter().any(|l| l.phase != Phase::Initial) || self.servers.iter().any(Server::on);
        match self.pdp() {
            Pdp::Initial => "IP INITIAL",
            Pdp::Start => "IP START",
            Pdp::Config => "IP CONFIG",
            Pdp::GprsAct => "IP GPRSACT",
            Pdp::Deact => "IP PDPDEACT",
            Pdp::Status if !used => "IP STATUS",
            Pdp::Status if self.multi() => "IP PROCESSING",
            Pdp::Status if self.link(0).is_some_and(|l| l.phase == Phase::Initial) => "IP STATUS",
            Pdp::Status => self.clone_word(0),
        }
    }

    /// `OK`, then the rows, each as a notice of its own.
    fn clone_status(&mut self) -> Outcome {
        let state = self.clone_state();
        self.later(&format!("STATE:{state} "));
        if self.multi() {
            let server = self.server(0);
            if server.on() {
                self.later(&format!("S:0,0,\"{}\",\"LISTENING\" ", server.port));
            }
            for n in self.numbers() {
                let row = self.clone_row(n);
                self.later(&format!("C:{row}"));
            }
        }
        OK
    }

    fn clone_row(&self, n: u8) -> String {
        let word = self.clone_word(n);
        let Some(link) = self.link(n).filter(|l| l.phase != Phase::Initial) else {
            return format!("{n},0,TCP,,0,{word} ");
        };
        let (transport, ip, port) = (link.transport.word(), link.peer.ip(), link.peer.port());
        format!("{n},{},{transport},{ip},{port},{word} ", link.context)
    }

    /// What stands in front of pushed data, and the sender's line where one is printed: always for datagrams.
    pub(crate) fn clone_header(&self, n: u8, len: usize, from: Option<SocketAddrV4>) -> String {
        let sender = self.clone_sender(n, len, from, self.set.srip == 1);
        format!("{sender}{}", self.clone_block(n, len))
    }

    fn clone_sender(&self, n: u8, len: usize, from: Option<SocketAddrV4>, asked: bool) -> String {
        let udp = self.link(n).is_some_and(|l| !l.is_tcp());
        match from {
            Some(from) if (udp || asked) && self.multi() => format!("+RECEIVE,{n},{len},{from}\r\n"),
            Some(from) if udp || asked => format!("+RECV FROM:{from}\r\n"),
            _ => String::new(),
        }
    }

    /// The header itself; without `AT+CIPHEAD=1` there is none, in multi mode too.
    fn clone_block(&self, n: u8, len: usize) -> String {
        if self.set.head == 0 {
            return String::new();
        }
        if !self.multi() {
            let word = self.link(n).map_or("", |l| l.transport.word());
            return if self.set.showtp == 1 { format!("+IPD,{len},{word}:") } else { format!("+IPD,{len}:") };
        }
        match self.profile.clone_push {
            ClonePush::Receive => format!("+RECEIVE,{n},{len}:"),
            ClonePush::A9 => format!("+CIPRCV,{n},{len}:"),
            ClonePush::A6 => format!("+CIPRCV:{n},{len},"),
            ClonePush::NextLine => format!("+RECEIVE:{n},{len}\r\n"),
        }
    }

    /// A read: what was asked for and what it got; with `AT+CIPHEAD=1` the pushed header stands in the data as well.
    pub(crate) fn clone_read(&mut self, mode: u8, n: u8, want: usize) {
        let Some(link) = self.link_mut(n) else { return };
        let udp = !link.is_tcp();
        let (bytes, from) = link.take(want, udp, udp);
        let rest = link.buffered;
        link.notified &= rest > 0;
        if rest == 0 && link.phase == Phase::RemoteClosing && !link.closing {
            link.end();
        }
        let (bytes, got) = self.spoil(bytes);
        let number = if self.multi() { format!("{n},") } else { String::new() };
        let by = if self.set.srip == 1 {
            from.map(|f| format!(",{f}")).unwrap_or_default()
        } else {
            String::new()
        };
        let sender = self.clone_sender(n, want, from, false);
        let head = format!("+CIPRXGET:{mode},{number}{want},{got}{by}\r\n{}", self.clone_block(n, want));
        let data: Vec<u8> = match mode {
            3 => bytes.iter().flat_map(|b| format!("{b:02x}").into_bytes()).collect(),
            _ => bytes,
        };
        if self.set.verbose {
            self.out.raw(b"\r\n");
        }
        self.out.raw(sender.as_bytes());
        self.out.raw(head.as_bytes());
        self.out.raw(&data);
        self.out.raw(b"\r\n");
    }

    /// The notice that the peer has closed.
    pub(crate) fn clone_closed(&self, n: u8) -> String {
        if self.profile.tcp_closed { format!("+TCPCLOSED:{n}") } else { self.on(n, "CLOSED") }
    }

    /// The code of a failure: 50 the command failed, 53 a parameter or the line is wrong.
    pub(crate) fn clone_failure(fail: Fail) -> Fail {
        match fail {
            Fail::Error => Fail::Cme(53),
            Fail::Cme(3) => Fail::Cme(50),
            Fail::Unknown | Fail::Cme(_) => fail,
        }
    }

    /// An information line of the TCP/IP commands has no blank behind its colon, but for these.
    pub(crate) fn clone_text(text: &str) -> String {
        let blank = ["+CIPTKA", "+CIPRDTIMER"];
        let tcpip = text.starts_with("+CIP") && !blank.iter().any(|name| text.starts_with(name));
        if tcpip { text.replacen(": ", ":", 1) } else { text.to_owned() }
    }
}
