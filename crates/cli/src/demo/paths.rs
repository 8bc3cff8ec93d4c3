//! More scenes: every other way to move data, and the way back after a lost context.

use simcom_at::{Action, Closing, Context, Dialect, Link, Settings, SocketAddrV4, Transport};
use simcom_modem::Notify;
use std::net::{Ipv4Addr, TcpStream};

use super::payload::nasty;
use super::servers::{Client, FAREWELL, free_port};
use super::stage::{Stage, compare};
use crate::error::{Error, Result};

/// Each way in transparent mode.
const LONG: usize = 64 * 1024;
/// Each way over a link where that is enough.
const SHORT: usize = 4 * 1024;
/// A datagram.
const DATAGRAM: usize = 300;

impl Stage {
    /// Plays those that the dialect has.
    pub fn more(&mut self) -> Result<()> {
        let is_clone = self.dialect == Dialect::Rda8955;
        let is_classic = matches!(self.dialect, Dialect::Sim800 | Dialect::Sim7000) || is_clone;
        let is_kingcom = self.dialect == Dialect::Kingcom;
        if !is_kingcom {
            self.path("server", Self::server)?;
        }
        if is_classic {
            self.path("two contexts", Self::contexts)?;
        }
        self.path("recovery", Self::recovery)?;
        if is_classic || self.dialect == Dialect::A7600 {
            self.path("any peer", Self::any_peer)?;
        }
        if !is_kingcom && !is_clone {
            self.path("transparent", Self::transparent)?;
        }
        Ok(())
    }

    fn path(&mut self, name: &'static str, play: fn(&mut Self) -> Result<()>) -> Result<()> {
        play(self)?;
        self.count.paths.push(name);
        Ok(())
    }

    fn server(&mut self) -> Result<()> {
        self.scene("a server: a client comes, a link goes out beside it, the server ends, its client stays");
        let failed = |error| Error::module(format!("the client of the module's server: {error}"));
        let port = free_port().map_err(failed)?;
        self.command(Action::Listen, |session, now| session.listen(now, 0, Transport::Tcp, port, 3))?;
        self.note(&format!("(a client connects to 127.0.0.1:{port})"));
        let mut client = Client::connect(port).map_err(failed)?;
        self.board.accepted = None;
        self.until("the client", |board| board.accepted.is_some())?;
        let link = self.board.accepted.unwrap_or(Link(0));
        let other = Link(u8::from(link.0 == 0));
        self.open(other, Transport::Tcp, self.servers.echo)?;
        let (up, down, echo) = (nasty(SHORT, 60, false), nasty(SHORT, 61, false), nasty(SHORT, 62, false));
        client.send(&up).map_err(failed)?;
        self.send_all(&[(link, down.clone()), (other, echo.clone())], |board| {
            let is_here = board.link(link).received.len() >= up.len();
            is_here && board.link(other).received.len() >= echo.len() && client.received().len() >= down.len()
        })?;
        self.check(link, &up)?;
        self.check(other, &echo)?;
        compare("the client", &client.received(), &down)?;

        self.command(Action::Unlisten, |session, now| session.unlisten(now, 0))?;
        if TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_ok() {
            return Err(Error::module("a client could connect to a server that had ended"));
        }
        let (ask, reply) = (nasty(SHORT, 63, false), nasty(SHORT, 64, false));
        client.send(&ask).map_err(failed)?;
        self.send_all(&[(link, reply.clone())], |board| {
            let came = client.received().len();
            board.link(link).received.len() >= ask.len() && came >= down.len() + reply.len()
        })?;
        self.check(link, &ask)?;
        compare("the client", &client.received(), &[down, reply].concat())?;
        self.exchange(&[(other, echo)])?;
        self.close(link)?;
        self.until("the close at the client", |_| client.is_over())?;
        self.close(other)
    }

    fn contexts(&mut self) -> Result<()> {
        self.scene("two contexts with a link each; shutting one leaves the other");
        self.open(Link(0), Transport::Tcp, self.servers.echo)?;
        self.attach(Context(1), "CMWAP")?;
        self.open(Link(1), Transport::Tcp, self.servers.echo)?;
        self.exchange(&[(Link(0), nasty(SHORT, 70, false)), (Link(1), nasty(SHORT, 71, false))])?;
        self.command(Action::Shut, |session, now| session.shut(now))?;
        self.until("the end of the second context's link", |board| board.link(Link(1)).closed.is_some())?;
        if self.board.link(Link(0)).closed.is_some() {
            return Err(Error::module("the link of the first context was closed as well"));
        }
        self.exchange(&[(Link(0), nasty(SHORT, 72, false))])?;
        self.command(Action::Context, |session, now| session.context(now, Context(0)))?;
        self.close(Link(0))
    }

    fn recovery(&mut self) -> Result<()> {
        self.scene("the context is lost under an open link: shut, attach, open again");
        self.open(Link(0), Transport::Tcp, self.servers.echo)?;
        self.exchange(&[(Link(0), nasty(SHORT, 80, self.is_plain()))])?;
        self.note("(the network takes the context away)");
        self.board.down = None;
        self.board.may_go_down = true;
        self.world.notify(Notify::ContextLost(0));
        self.until("the loss", |board| board.down.is_some() && board.link(Link(0)).closed.is_some())?;
        self.board.may_go_down = false;
        match self.board.link(Link(0)).closed {
            Some(Closing::Network) => {}
            other => {
                return Err(Error::module(format!("the link of a lost context was closed by {other:?}")));
            }
        }
        self.command(Action::Shut, |session, now| session.shut(now))?;
        self.attach(Context(0), "CMNET")?;
        self.open(Link(0), Transport::Tcp, self.servers.echo)?;
        self.exchange(&[(Link(0), nasty(SHORT, 81, self.is_plain()))])?;
        self.close(Link(0))
    }

    fn any_peer(&mut self) -> Result<()> {
        self.scene("one UDP link, two peers; each datagram tells its sender");
        // What names the sender in this dialect is the header of pushed data.
        let push = self.dialect == Dialect::A7600;
        self.renew(Settings { any_peer: true, push, ..Settings::default() })?;
        let peers = [self.servers.udp_echo, self.servers.other_udp_echo]
            .map(|port| SocketAddrV4::new(Ipv4Addr::LOCALHOST, port));
        self.open(Link(0), Transport::Udp, self.servers.udp_echo)?;
        self.exchange(&[(Link(0), nasty(DATAGRAM, 90, false))])?;
        // On this dialect the module is not told: each send has its destination.
        let [_, other] = peers;
        self.command(Action::UdpPeer, |session, now| session.udp_peer(now, Link(0), other))?;
        self.exchange(&[(Link(0), nasty(DATAGRAM, 91, false))])?;
        let senders = self.board.link(Link(0)).senders.clone();
        if senders != peers {
            return Err(Error::module(format!("the senders were {senders:?} instead of {peers:?}")));
        }
        self.note(&format!("(one came from {}, one from {})", peers[0], peers[1]));
        self.close(Link(0))
    }

    fn transparent(&mut self) -> Result<()> {
        self.scene(&format!("transparent mode: {LONG} bytes each way, out of data mode and in again"));
        self.renew(Settings { transparent: true, ..Settings::default() })?;
        self.open(Link(0), Transport::Tcp, self.servers.parting)?;
        self.exchange(&[(Link(0), nasty(LONG, 95, false))])?;
        self.command(Action::LeaveData, |session, now| session.leave_data(now))?;
        self.command(Action::Signal, |session, now| session.signal(now))?;
        self.command(Action::EnterData, |session, now| session.enter_data(now))?;
        let last = [b"+++, \r\nCLOSED\r\n and more".to_vec(), nasty(SHORT, 96, false), FAREWELL.to_vec()];
        self.exchange(&[(Link(0), last.concat())])?;
        self.until("the close of the peer", |board| board.link(Link(0)).closed.is_some())?;
        self.check(Link(0), &[])?;
        // Commands are understood again.
        self.command(Action::Signal, |session, now| session.signal(now))?;
        Ok(())
    }
}
