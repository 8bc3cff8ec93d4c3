//! The stage of the demo: the session at the virtual module, the peers, and how a scene drives and checks them.

use std::time::{Duration, Instant};

use simcom_at::{Action, Context, Dialect, How, Link, Refused, Settings, Transport, Value};

use super::board::Board;
use super::servers::Servers;
use super::show::Show;
use crate::driver::{Driver, refused};
use crate::error::{Error, Result};
use crate::ports::virtual_modem::World;
use crate::tap::InOrder;

/// The name of this machine: what the demo resolves and connects to.
pub const HOST: &str = "localhost";
/// Nothing has moved for so long: it is stuck.
const STUCK: Duration = Duration::from_secs(20);
/// How often a peer is looked at that gives no event.
const LOOK: Duration = Duration::from_millis(20);

/// What the demo has counted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Count {
    /// Bytes to the module.
    pub sent: usize,
    /// Bytes from the module, all equal to what was expected.
    pub received: usize,
    /// Links that were open at once.
    pub links: u8,
    /// What else was shown.
    pub paths: Vec<&'static str>,
}

/// The demo in one dialect.
pub struct Stage {
    /// The session at the virtual module.
    pub driver: Driver<InOrder<Show>>,
    /// What happens to the module.
    pub world: World,
    /// Its dialect.
    pub dialect: Dialect,
    /// The peers.
    pub servers: Servers,
    /// What the events have made of the links.
    pub board: Board,
    /// What was moved.
    pub count: Count,
}

impl Stage {
    /// Before the first scene.
    pub fn new(driver: Driver<InOrder<Show>>, dialect: Dialect, servers: Servers, world: World) -> Self {
        Self { driver, world, dialect, servers, board: Board::new(), count: Count::default() }
    }

    /// Another scene begins.
    pub fn scene(&mut self, title: &str) {
        self.driver.tap.tap.scene(title);
    }

    /// A remark in the exchange.
    pub fn note(&mut self, text: &str) {
        self.driver.tap.tap.note(text);
    }

    /// Gives a command and waits for its end; `None` when the dialect has no such command.
    pub fn command(
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

    /// A new session, with other settings, at the same module; no link is open.
    pub fn renew(&mut self, settings: Settings) -> Result<()> {
        self.driver.renew(self.dialect, settings);
        self.command(Action::Probe, |session, now| session.probe(now))?;
        self.attach(Context(0), "CMNET")
    }

    /// Brings a context up.
    pub fn attach(&mut self, context: Context, apn: &str) -> Result<()> {
        self.command(Action::Attach, |session, now| session.attach(now, context, apn, "", ""))?;
        Ok(())
    }

    /// Opens a link to a port of this machine.
    pub fn open(&mut self, link: Link, transport: Transport, port: u16) -> Result<()> {
        self.board.renew(link);
        let local = crate::connect::local_port(self.dialect, transport);
        self.command(Action::Open, |session, now| session.open(now, link, transport, HOST, port, local))?;
        Ok(())
    }

    /// Closes a link.
    pub fn close(&mut self, link: Link) -> Result<()> {
        // A clone takes seconds for a slow close.
        let how = if self.dialect == Dialect::Rda8955 { How::Quick } else { How::Slow };
        self.command(Action::Close, |session, now| session.close(now, link, how))?;
        Ok(())
    }

    /// Whether the payload must do without the bytes that end it on a Ctrl-Z dialect.
    pub fn is_plain(&self) -> bool {
        self.dialect == Dialect::Kingcom
    }

    /// Sends all payloads, the links in turn, while their echoes come in; then compares.
    pub fn exchange(&mut self, plan: &[(Link, Vec<u8>)]) -> Result<()> {
        self.send_all(plan, |board| {
            plan.iter().all(|(link, payload)| board.link(*link).received.len() >= payload.len())
        })?;
        plan.iter().try_for_each(|(link, payload)| self.check(*link, payload))
    }

    /// Sends all payloads, the links in turn, until all is there.
    pub fn send_all(
        &mut self,
        plan: &[(Link, Vec<u8>)],
        is_there: impl Fn(&mut Board) -> bool,
    ) -> Result<()> {
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
            let is_sent = |(link, payload): &(Link, Vec<u8>)| self.board.link(*link).sent >= payload.len();
            if plan.iter().all(is_sent) && is_there(&mut self.board) {
                plan.iter().for_each(|(link, _)| self.board.link(*link).sent = 0);
                return Ok(());
            }
            self.turn("the data", &mut stuck)?;
        }
    }

    /// Goes on until something has happened.
    pub fn until(&mut self, what: &str, mut done: impl FnMut(&mut Board) -> bool) -> Result<()> {
        let mut stuck = Stuck::new();
        while !done(&mut self.board) {
            self.turn(what, &mut stuck)?;
        }
        Ok(())
    }

    fn turn(&mut self, what: &str, stuck: &mut Stuck) -> Result<()> {
        let board = &mut self.board;
        self.driver.turn(LOOK, |event, _| {
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

    /// Takes what has come over a link, and compares.
    pub fn check(&mut self, link: Link, want: &[u8]) -> Result<()> {
        let got = std::mem::take(&mut self.board.link(link).received);
        self.count.received += got.len();
        compare(&format!("link {}", link.0), &got, want)
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

/// Every byte must be equal.
pub fn compare(what: &str, got: &[u8], want: &[u8]) -> Result<()> {
    if got == want {
        return Ok(());
    }
    let (came, expected) = (got.len(), want.len());
    let at = got.iter().zip(want).position(|(got, want)| got != want).unwrap_or(came.min(expected));
    Err(Error::module(format!("{what}: byte {at} differs, {came} bytes came, {expected} were expected")))
}
