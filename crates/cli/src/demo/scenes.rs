//! The scenes of the demo: the whole job of a module, each step checked.

use std::time::{Duration, Instant};

use simcom_at::{Action, Context, Dialect, How, Link, Refused, Transport, Value};

use super::board::Board;
use super::payload::nasty;
use super::servers::{Servers, burst};
use super::show::Show;
use crate::driver::{Driver, refused};
use crate::error::{Error, Result};
use crate::tap::InOrder;

/// The name of this machine: what the demo resolves and connects to.
const HOST: &str = "localhost";
/// Each way over one link.
const LONG: usize = 64 * 1024;
/// Each way over each of several links.
const SHORT: usize = 8 * 1024;
/// A datagram.
const DATAGRAM: usize = 500;
/// Nothing has moved for so long: it is stuck.
const STUCK: Duration = Duration::from_secs(20);

/// What the demo has counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count {
    /// Bytes to the module.
    pub sent: usize,
    /// Bytes from the module, all equal to what was expected.
    pub received: usize,
    /// Links that were open at once.
    pub links: u8,
}

/// The demo in one dialect.
pub struct Stage {
    /// The session at the virtual module.
    pub driver: Driver<InOrder<Show>>,
    dialect: Dialect,
    servers: Servers,
    board: Board,
    count: Count,
}

impl Stage {
    /// Before the first scene.
    pub fn new(driver: Driver<InOrder<Show>>, dialect: Dialect, servers: Servers) -> Self {
        Self { driver, dialect, servers, board: Board::new(), count: Count::default() }
    }

    /// Plays all scenes.
    pub fn play(&mut self) -> Result<Count> {
        self.attach()?;
        self.resolve()?;
        self.echo()?;
        if self.dialect.links() > 1 {
            self.several()?;
        }
        self.datagram()?;
        self.peer_close()?;
        self.detach()?;
        Ok(self.count)
    }

    fn scene(&mut self, title: &str) {
        self.driver.tap.tap.scene(title);
    }

    fn note(&mut self, text: &str) {
        self.driver.tap.tap.note(text);
    }

    /// Gives a command and waits for its end; `None` when the dialect has no such command.
    fn command(
        &mut self,
        action: Action,
        give: impl FnOnce(
            &mut simcom_at::Session<Vec<u8>>,
            simcom_at::Instant,
        ) -> std::result::Result<(), Refused>,
    ) -> Result<Option<Value>> {
        let mut is_known = true;
        let board = &mut self.board;
        let result = self.driver.complete(
            action,
            |session, now| {
                let given = give(session, now);
                is_known = given != Err(Refused::NotInDialect);
                given
            },
            |event, _| board.event(event),
        );
        if is_known { result.map(Some) } else { Ok(None) }
    }

    fn attach(&mut self) -> Result<()> {
        self.scene("attach to the network");
        self.command(Action::Probe, |session, now| session.probe(now))?;
        self.command(Action::Signal, |session, now| session.signal(now))?;
        self.command(Action::Registration, |session, now| session.registration(now))?;
        self.command(Action::Attach, |session, now| session.attach(now, Context(0), "CMNET", "", ""))?;
        Ok(())
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

    fn open(&mut self, link: Link, transport: Transport, port: u16) -> Result<()> {
        self.board.renew(link);
        self.command(Action::Open, |session, now| session.open(now, link, transport, HOST, port, 0))?;
        Ok(())
    }

    fn close(&mut self, link: Link) -> Result<()> {
        self.command(Action::Close, |session, now| session.close(now, link, How::Slow))?;
        Ok(())
    }

    fn is_plain(&self) -> bool {
        self.dialect == Dialect::Kingcom
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
        self.until("the end of the link", |board| board.link(Link(0)).closed)?;
        self.check(Link(0), &burst())
    }

    fn detach(&mut self) -> Result<()> {
        self.scene("leave the network");
        self.command(Action::Detach, |session, now| session.detach(now))?;
        Ok(())
    }

    /// Sends all payloads, the links in turn, while their echoes come in; then compares.
    fn exchange(&mut self, plan: &[(Link, Vec<u8>)]) -> Result<()> {
        let max = usize::from(self.driver.session.max_payload());
        let mut turn = 0;
        let mut stuck = Stuck::new();
        loop {
            if self.driver.session.is_ready() {
                for step in 0..plan.len() {
                    let (link, payload) = &plan[(turn + step) % plan.len()];
                    let line = self.board.link(*link);
                    let rest = &payload[line.sent..];
                    if line.sending.is_some() || rest.is_empty() {
                        continue;
                    }
                    let piece = &rest[..rest.len().min(max)];
                    let now = self.driver.now();
                    match self.driver.session.send(now, *link, piece, None) {
                        Ok(()) => {
                            self.board.link(*link).sending = Some(piece.len());
                            self.count.sent += piece.len();
                            turn += step + 1;
                            break;
                        }
                        Err(Refused::Busy) => {}
                        Err(why) => return Err(refused(Action::Send, why)),
                    }
                }
            }
            if plan.iter().all(|(link, payload)| self.board.link(*link).received.len() >= payload.len()) {
                break;
            }
            self.turn("the echo", &mut stuck)?;
        }
        plan.iter().try_for_each(|(link, payload)| self.check(*link, payload))
    }

    fn until(&mut self, what: &str, mut done: impl FnMut(&mut Board) -> bool) -> Result<()> {
        let mut stuck = Stuck::new();
        while !done(&mut self.board) {
            self.turn(what, &mut stuck)?;
        }
        Ok(())
    }

    fn turn(&mut self, what: &str, stuck: &mut Stuck) -> Result<()> {
        let board = &mut self.board;
        self.driver.turn(Duration::from_secs(1), |event, _| {
            board.event(event);
            Ok(())
        })?;
        if let Some(problem) = &self.board.problem {
            return Err(Error::module(problem));
        }
        if stuck.is_stuck(self.board.moved) {
            return Err(Error::timeout(format!("nothing moves any more, while waiting for {what}")));
        }
        Ok(())
    }

    fn check(&mut self, link: Link, want: &[u8]) -> Result<()> {
        let got = &self.board.link(link).received;
        self.count.received += got.len();
        if got == want {
            return Ok(());
        }
        let at =
            got.iter().zip(want).position(|(got, want)| got != want).unwrap_or(got.len().min(want.len()));
        let message = format!(
            "link {}: byte {at} differs, {} bytes came, {} were expected",
            link.0,
            got.len(),
            want.len()
        );
        Err(Error::module(message))
    }
}

/// Watches whether anything moves.
struct Stuck {
    moved: u64,
    since: Instant,
}

impl Stuck {
    fn new() -> Self {
        Self { moved: u64::MAX, since: Instant::now() }
    }

    fn is_stuck(&mut self, moved: u64) -> bool {
        if moved != self.moved {
            *self = Self { moved, since: Instant::now() };
        }
        self.since.elapsed() > STUCK
    }
}
