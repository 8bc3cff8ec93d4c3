//! Listening servers of all dialects.

use crate::classic::OneStep;
use crate::command::{Args, Command};
use crate::link::{Link, Pdp, Phase, Server, ServerPhase};
use crate::modem::Modem;
use crate::net::{Request, Socket};
use crate::run::{Answer, ERROR, Fail, NOT_ALLOWED, OK, Outcome, Wait};
use crate::timers::Timer;
use alloc::format;
use simcom_at::row::Form::{Exec, Read, Set, Test};
use simcom_at::{Dialect, SocketAddrV4, Transport};

impl Modem {
    /// The numbers of all servers.
    pub(crate) fn server_numbers(&self) -> impl Iterator<Item = u8> + use<> {
        0..u8::try_from(self.servers.len()).unwrap_or(0)
    }

    pub(crate) fn server(&self, index: u8) -> Server {
        self.servers.get(usize::from(index)).copied().unwrap_or(Server::OFF)
    }

    pub(crate) fn set_server(&mut self, index: u8, server: Server) {
        if let Some(place) = self.servers.get_mut(usize::from(index)) {
            *place = server;
        }
    }

    /// Stops a server, without a word to the host; its clients stay.
    pub(crate) fn drop_server(&mut self, index: u8) {
        let server = self.server(index);
        self.set_server(index, Server::OFF);
        if server.on() && server.phase != ServerPhase::Closing {
            self.requests.push_back(Request::Close { socket: server_socket(index) });
        }
    }

    pub(crate) fn classic_server(&mut self, c: &Command) -> Option<Outcome> {
        if c.name != "+CIPSERVER" {
            return None;
        }
        let old = self.profile.dialect == Dialect::Sim800e;
        Some(match c.form {
            Read => self.server_read(old),
            Set if old => self.server_sim800e(&c.args),
            Set => self.server_set(&c.args),
            Test | Exec => ERROR,
        })
    }

    fn server_read(&mut self, old: bool) -> Outcome {
        let server = self.server(0);
        let clients = self.links.iter().filter(|l| l.server.is_some() && l.in_use()).count();
        let text = match server.on() {
            on if old => format!("+CIPSERVER: {},{clients}", u8::from(on)),
            true => format!("+CIPSERVER: 1,{},{},{}", server.port, clients, server.context),
            false => "+CIPSERVER: 0".into(),
        };
        self.answer(&text)
    }

    fn server_set(&mut self, args: &Args) -> Outcome {
        if args.small(0, 0, 1)? == 0 {
            return if args.len() > 1 { ERROR } else { self.server_stop() };
        }
        let port = args.port(1)?;
        if port == 0 || args.len() != 2 {
            return ERROR;
        }
        self.server_start(Server { port, backlog: self.last_link(), ..Server::OFF })
    }

    fn server_sim800e(&mut self, args: &Args) -> Outcome {
        let port = args.port(0)?;
        if port == 0 {
            return if args.len() > 1 { ERROR } else { self.server_stop() };
        }
        let transport = if args.number_or(1, 0, 1, 0)? == 0 { Transport::Tcp } else { Transport::Udp };
        args.number_or(2, 0, 1, 1)?;
        let backlog = u8::try_from(args.number_or(3, 1, 5, 5)?).unwrap_or(5);
        if args.len() > 4 {
            return ERROR;
        }
        self.server_start(Server { port, transport, backlog, ..Server::OFF })
    }

    fn server_stop(&mut self) -> Outcome {
        let server = self.server(0);
        if !server.on() || server.phase == ServerPhase::Closing {
            if self.is_clone() {
                self.info("Already closed");
            }
            return NOT_ALLOWED;
        }
        self.drop_server(0);
        if self.profile.close_ms > 0 {
            self.set_server(0, Server { phase: ServerPhase::Closing, ..server });
            self.timers.set(Timer::ServerClosing, self.now.after(self.profile.close_ms));
            return OK;
        }
        self.later(if self.is_clone() { "SERVER CLOSED" } else { "SERVER CLOSE" });
        OK
    }

    /// The time that a stop takes is over.
    pub(crate) fn server_closed(&mut self) {
        if self.server(0).phase == ServerPhase::Closing {
            self.set_server(0, Server::OFF);
            self.out.notice(if self.is_clone() { "SERVER CLOSED" } else { "SERVER CLOSE" });
        }
    }

    fn server_start(&mut self, server: Server) -> Outcome {
        let old = self.profile.dialect == Dialect::Sim800e;
        let busy = self.links.iter().filter(|l| l.in_use()).count();
        let full = if self.multi() { busy >= self.links.len() } else { busy > 0 };
        if self.server(0).on() && self.is_clone() {
            self.info("Already opened");
        }
        if self.server(0).on() || full {
            return NOT_ALLOWED;
        }
        let one_step = match self.pdp() {
            Pdp::Status => false,
            Pdp::GprsAct if old => false,
            Pdp::Initial if !self.multi() => true,
            Pdp::Initial | Pdp::Start | Pdp::Config | Pdp::GprsAct | Pdp::Deact => return NOT_ALLOWED,
        };
        let context = self.selected;
        self.set_server(0, Server { phase: ServerPhase::Opening, context, ..server });
        if one_step {
            self.set_pdp(Pdp::Config);
            self.one_step = Some(OneStep::Listen);
            self.timers.set(Timer::Network, self.now.after(self.profile.attach_ms));
            return OK;
        }
        self.set_pdp(Pdp::Status);
        self.ask_to_listen(0);
        Ok(if old { Answer::Ok } else { Answer::Wait(Wait::Listen(0)) })
    }

    /// Asks the network to listen.
    pub(crate) fn ask_to_listen(&mut self, index: u8) {
        let server = self.server(index);
        let socket = server_socket(index);
        self.requests.push_back(Request::Listen { socket, transport: server.transport, port: server.port });
    }

    /// The network listens, or does not.
    pub(crate) fn listening(&mut self, socket: Socket, ok: bool) {
        let index = socket.0.wrapping_sub(Socket::SERVER);
        let server = self.server(index);
        if server.phase != ServerPhase::Opening {
            return;
        }
        self.set_server(
            index,
            if ok { Server { phase: ServerPhase::Listening, ..server } } else { Server::OFF },
        );
        let waits = self.wait == Wait::Listen(index);
        match (self.profile.dialect == Dialect::A7600, waits, ok) {
            (true, true, true) => self.go_on(Answer::Ok),
            (true, true, false) => {
                self.info("+CIPERROR: 6");
                self.go_on(Answer::Fail(Fail::Error));
            }
            (false, true, true) => {
                self.later("SERVER OK");
                self.go_on(Answer::Ok);
            }
            (false, true, false) => self.go_on(Answer::Fail(Fail::Error)),
            (false, false, true) => self.out.notice("SERVER OK"),
            (false, false, false) => self.out.notice("CONNECT FAIL"),
            (true, false, _) => {}
        }
    }

    /// A peer wants to connect: to the lowest free link, as long as the server's share allows.
    pub(crate) fn incoming(&mut self, socket: Socket, token: u32, peer: SocketAddrV4) {
        let index = socket.0.wrapping_sub(Socket::SERVER);
        let Some(n) = self.free_link(index) else {
            self.requests.push_back(Request::Refuse { token });
            return;
        };
        if self.timers.runs(Timer::Quiet) && self.transparent(n) {
            match self.knocking {
                None => self.knocking = Some((socket, token, peer)),
                Some(_) => self.requests.push_back(Request::Refuse { token }),
            }
            return;
        }
        let server = self.server(index);
        let Some(link) = self.link_mut(n) else { return };
        link.begin(Phase::Connected, server.transport, peer, server.context);
        link.server = Some(index);
        self.requests.push_back(Request::Accept { token, socket: Socket(n) });
        if self.profile.dialect == Dialect::A7600 {
            self.out.notice(&format!("+CLIENT: {n},{index},{peer}"));
        } else if self.is_clone() {
            self.out.notice(&format!("{n}, REMOTE IP: {}", peer.ip()));
        } else {
            let text = self.on(n, &format!("REMOTE IP: {}", peer.ip()));
            self.out.notice(&text);
        }
        if self.transparent(n) {
            self.begin_data(n);
        }
    }

    /// The quiet time behind data mode is over.
    pub(crate) fn quiet_over(&mut self) {
        if let Some((socket, token, peer)) = self.knocking.take() {
            self.incoming(socket, token, peer);
        }
    }

    fn free_link(&self, index: u8) -> Option<u8> {
        let server = self.server(index);
        if server.phase != ServerPhase::Listening {
            return None;
        }
        let a7600 = self.profile.dialect == Dialect::A7600;
        let used = self.links.iter().filter(|l| l.in_use()).count();
        let clients = self.links.iter().filter(|l| l.in_use() && l.server == Some(index)).count();
        let most = match self.profile.dialect {
            Dialect::A7600 => self.links.len(),
            _ if self.multi() => self.links.len().saturating_sub(1),
            _ => 1,
        };
        if used >= most || !a7600 && clients >= usize::from(server.backlog.max(1)) {
            return None;
        }
        let first = if a7600 && self.set.mode == 1 && index > 0 { 1 } else { 0 };
        let is_free = |n: &u8| self.link(*n).is_some_and(|l: &Link| !l.in_use()) && !self.sends_to(*n);
        self.numbers().skip(first).find(is_free)
    }
}

/// The number of a server's socket.
pub(crate) fn server_socket(index: u8) -> Socket {
    Socket(Socket::SERVER.saturating_add(index))
}
