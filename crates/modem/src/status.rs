//! `AT+CIPSTATUS` and `AT+CIPACK` of the SIM800 family.

use crate::command::{Args, Command};
use crate::link::{Link, Pdp, Phase, Server, ServerPhase};
use crate::modem::Modem;
use crate::run::{ERROR, NOT_ALLOWED, OK, Outcome};
use crate::timers::Timer;
use alloc::format;
use alloc::string::{String, ToString};
use simcom_at::row::Form::{Exec, Set};
use simcom_at::{Dialect, Transport};

impl Modem {
    pub(crate) fn classic_status(&mut self, c: &Command) -> Option<Outcome> {
        let counts = self.profile.dialect != Dialect::Sim800e;
        Some(match (c.name.as_str(), c.form) {
            ("+CIPSTATUS", Exec) => self.status(),
            ("+CIPSTATUS", Set) => self.status_of(&c.args),
            ("+CIPACK", Exec) if counts && !self.multi() => self.acknowledged(0),
            ("+CIPACK", Set) if counts && self.multi() => match c.args.small(0, 0, self.last_link()) {
                Ok(n) => self.acknowledged(n),
                Err(bad) => Err(bad),
            },
            _ => return None,
        })
    }

    /// The state as `AT+CIPSTATUS` prints it.
    pub(crate) fn state(&self) -> String {
        if self.is_clone() {
            return self.clone_state().to_string();
        }
        let link = self.links.first().filter(|_| !self.multi());
        let transport = link.map_or(Transport::Tcp, |l| l.transport).word();
        let listens = self.servers.iter().any(Server::on);
        match self.pdp() {
            Pdp::Initial => "IP INITIAL".to_string(),
            Pdp::Start => "IP START".to_string(),
            Pdp::Config if self.gets_address() => "IP IND".to_string(),
            Pdp::Config => "IP CONFIG".to_string(),
            Pdp::GprsAct => "IP GPRSACT".to_string(),
            Pdp::Deact => "PDP DEACT".to_string(),
            Pdp::Status => match link.map(|l| l.phase) {
                None if listens || self.links.iter().any(Link::in_use) => "IP PROCESSING".to_string(),
                None => "IP STATUS".to_string(),
                Some(Phase::Connecting) => format!("{transport} CONNECTING"),
                Some(Phase::Connected) => "CONNECT OK".to_string(),
                Some(Phase::RemoteClosing | Phase::Closing) => format!("{transport} CLOSING"),
                Some(Phase::Initial | Phase::Closed) if listens => "SERVER LISTENING".to_string(),
                Some(Phase::Initial) => "IP STATUS".to_string(),
                Some(Phase::Closed) if self.profile.closed_without_d => format!("{transport} CLOSE"),
                Some(Phase::Closed) => format!("{transport} CLOSED"),
            },
        }
    }

    /// SIM800E: the second half of a bring-up in one step, in which the address is awaited.
    fn gets_address(&self) -> bool {
        let rest = self.timers.at(Timer::Network).map(|end| self.now.until(end));
        let half = self.profile.attach_ms / 2;
        self.profile.dialect == Dialect::Sim800e && rest.is_some_and(|rest| rest <= half)
    }

    fn status(&mut self) -> Outcome {
        if self.multi() && self.profile.dialect == Dialect::Sim800e {
            return self.status_sim800e();
        }
        let state = self.state();
        self.later(&format!("STATE: {state}"));
        if self.multi() {
            let mut rows = "\r\n".to_string();
            for server in self.servers.iter().filter(|s| s.on()) {
                let word = server_word(server);
                rows.push_str(&format!("S: 0,{},\"{}\",\"{word}\"\r\n", server.context, server.port));
            }
            for (n, link) in self.numbers().zip(&self.links) {
                rows.push_str(&format!("C: {}\r\n", row(n, link)));
            }
            self.behind.push(rows.into_bytes());
        }
        OK
    }

    fn status_of(&mut self, args: &Args) -> Outcome {
        let n = args.small(0, 0, self.last_link())?;
        let text = self.link(n).map(|l| format!("+CIPSTATUS: {}", row(n, l)));
        match text {
            Some(text) if self.multi() => self.answer(&text),
            _ => ERROR,
        }
    }

    /// The rows of the example: `+Cli:`, then `OK`; the bearer is 1 for GPRS.
    fn status_sim800e(&mut self) -> Outcome {
        for server in self.servers.clone().iter().filter(|s| s.on()) {
            let word = server_word(server);
            self.info(&format!("Ser: 0,1,\"{}\",\"{}\",\"{word}\"", server.transport.word(), server.port));
        }
        for n in self.numbers() {
            let Some(link) = self.link(n) else { continue };
            let text = match link.phase {
                Phase::Initial => format!("+Cli:{n},1,\"\",\"\",\"\",\"\",\"INITIAL\""),
                Phase::Connecting
                | Phase::Connected
                | Phase::RemoteClosing
                | Phase::Closing
                | Phase::Closed => format!(
                    "+Cli:{n},1,\"{}\",\"{}\",\"{}\",\"{}\"",
                    link.transport.word(),
                    link.peer.ip(),
                    link.peer.port(),
                    if link.phase == Phase::RemoteClosing { "REMOTE CLOSED" } else { word(link.phase) }
                ),
            };
            self.info(&text);
        }
        OK
    }

    fn acknowledged(&mut self, n: u8) -> Outcome {
        let Some(link) = self.link(n).filter(|l| l.is_open()) else { return NOT_ALLOWED };
        let open = link.sent.wrapping_sub(link.acked);
        let blank = if self.profile.ack_space { " " } else { "" };
        let text = format!("+CIPACK: {},{blank}{},{blank}{open}", link.sent, link.acked);
        self.answer(&text)
    }
}

/// `n,bearer,"TCP","ip","port","state"`; an unused link has neither bearer nor address.
fn row(n: u8, link: &Link) -> String {
    let state = word(link.phase);
    match link.phase {
        Phase::Initial => format!("{n},,\"\",\"\",\"\",\"{state}\""),
        Phase::Connecting | Phase::Connected | Phase::RemoteClosing | Phase::Closing | Phase::Closed => {
            format!(
                "{n},{},\"{}\",\"{}\",\"{}\",\"{state}\"",
                link.context,
                link.transport.word(),
                link.peer.ip(),
                link.peer.port()
            )
        }
    }
}

fn word(phase: Phase) -> &'static str {
    match phase {
        Phase::Initial => "INITIAL",
        Phase::Connecting => "CONNECTING",
        Phase::Connected => "CONNECTED",
        Phase::RemoteClosing => "REMOTE CLOSING",
        Phase::Closing => "CLOSING",
        Phase::Closed => "CLOSED",
    }
}

fn server_word(server: &Server) -> &'static str {
    match server.phase {
        ServerPhase::Off | ServerPhase::Opening => "OPENING",
        ServerPhase::Listening => "LISTENING",
        ServerPhase::Closing => "CLOSING",
    }
}
