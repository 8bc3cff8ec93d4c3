//! The scenes of the demo: the whole job of a module, each step checked.

use simcom_at::{Action, Context, Link, Refused, Transport, Value};

use super::payload::nasty;
use super::servers::burst;
use super::stage::{Count, HOST, Stage};
use crate::driver::refused;
use crate::error::{Error, Result};

/// Each way over one link.
const LONG: usize = 64 * 1024;
/// Each way over each of several links.
const SHORT: usize = 8 * 1024;
/// A datagram.
const DATAGRAM: usize = 500;

impl Stage {
    /// Plays all scenes.
    pub fn play(&mut self) -> Result<Count> {
        self.start()?;
        self.resolve()?;
        self.echo()?;
        if self.dialect.links() > 1 {
            self.several()?;
        }
        self.datagram()?;
        self.peer_close()?;
        self.more()?;
        self.detach()?;
        Ok(self.count.clone())
    }

    fn start(&mut self) -> Result<()> {
        self.scene("attach to the network");
        self.command(Action::Probe, |session, now| session.probe(now))?;
        self.command(Action::Signal, |session, now| session.signal(now))?;
        self.command(Action::Registration, |session, now| session.registration(now))?;
        self.attach(Context(0), "CMNET")
    }

    fn resolve(&mut self) -> Result<()> {
        self.scene(&format!("look up {HOST}"));
        match self.command(Action::Resolve, |session, now| session.resolve(now, HOST))? {
            Some(Value::Addresses(address, _)) if address.is_loopback() => Ok(()),
            Some(other) => Err(Error::module(format!("{HOST} was found as {other:?}"))),
            None => {
                self.note("(this dialect has no such command)");
                Ok(())
            }
        }
    }

    fn echo(&mut self) -> Result<()> {
        self.scene(&format!("open a TCP link and move {LONG} bytes each way"));
        self.open(Link(0), Transport::Tcp, self.servers.echo)?;
        self.command(Action::Address, |session, now| session.address(now))?;
        let payload = nasty(LONG, 1, self.is_plain());
        self.exchange(&[(Link(0), payload)])?;
        self.count.links = self.count.links.max(1);
        self.close(Link(0))
    }

    fn several(&mut self) -> Result<()> {
        let links: Vec<Link> = (0..self.dialect.links().min(4)).map(Link).collect();
        self.scene(&format!("{} links at once, {SHORT} bytes each way on each", links.len()));
        for &link in &links {
            self.open(link, Transport::Tcp, self.servers.echo)?;
        }
        self.command(Action::Status, |session, now| session.status(now))?;
        let plan: Vec<_> =
            links.iter().map(|&link| (link, nasty(SHORT, 10 + u32::from(link.0), self.is_plain()))).collect();
        self.exchange(&plan)?;
        self.count.links = u8::try_from(links.len()).unwrap_or(u8::MAX);
        for &link in &links {
            self.close(link)?;
        }
        Ok(())
    }

    fn datagram(&mut self) -> Result<()> {
        self.scene(&format!("a datagram of {DATAGRAM} bytes each way"));
        self.open(Link(0), Transport::Udp, self.servers.udp_echo)?;
        let payload = nasty(DATAGRAM, 50, self.is_plain());
        self.exchange(&[(Link(0), payload)])?;
        self.close(Link(0))
    }

    /// The peer closes while its bytes are still unread: all of them come, then the close.
    fn peer_close(&mut self) -> Result<()> {
        self.scene("the peer closes with unread data");
        self.open(Link(0), Transport::Tcp, self.servers.burst)?;
        let now = self.driver.now();
        let can_wait = match self.driver.session.receive(now, Link(0), 0) {
            Ok(()) => true,
            Err(Refused::Unlimited | Refused::NotInDialect) => false,
            Err(why) => return Err(refused(Action::Open, why)),
        };
        if can_wait {
            self.until("the close of the peer", |board| board.link(Link(0)).peer_closed)?;
            if !self.board.link(Link(0)).received.is_empty() {
                return Err(Error::module("data came although none was wanted"));
            }
            self.note("(the program takes no data yet; now it does)");
            let now = self.driver.now();
            self.driver.session.receive(now, Link(0), u16::MAX).map_err(|why| refused(Action::Open, why))?;
        }
        self.until("the end of the link", |board| board.link(Link(0)).closed.is_some())?;
        self.check(Link(0), &burst())
    }

    fn detach(&mut self) -> Result<()> {
        self.scene("leave the network");
        self.command(Action::Detach, |session, now| session.detach(now))?;
        Ok(())
    }
}
