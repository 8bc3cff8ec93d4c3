//! The talk over an open link: stdin is sent, what comes goes to stdout, until one side has ended.

mod end;
mod events;

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use simcom_at::{Action, Closing, How, Link, Refused, SocketAddrV4};

use super::Line;
use super::bring_up::Start;
use super::stdin::Stdin;
use super::sums::Sums;
use crate::args::Nc;
use crate::driver::{Wake, refused};
use crate::error::{Error, Result};

/// A piece of stdin for a stream.
const PIECE: usize = 16 * 1024;
/// How long to wait where the session's own deadlines are what matters.
const LONG: Duration = Duration::from_secs(600);
/// How often the peer's acknowledgement is asked for.
const ASK: Duration = Duration::from_secs(1);
/// Behind a piece of nothing but `+` in data mode: what comes later does not make it an escape.
const GUARD: Duration = Duration::from_millis(2100);
/// How long bytes of data mode may be on their way to the module: its silence begins when it has the last.
const ON_THE_WAY: Duration = Duration::from_millis(500);

/// The state of the talk.
pub struct Talk {
    link: Link,
    /// From stdin, not yet sent.
    waiting: VecDeque<u8>,
    /// Bytes of the send that is under way.
    sending: Option<usize>,
    tries: u32,
    /// A piece of stdin is on its way.
    is_reading: bool,
    stdin_ended: bool,
    /// Data came, or was sent, last.
    last: Instant,
    /// Data was sent last.
    last_sent: Instant,
    idle: Duration,
    /// The most one send takes.
    max: usize,
    is_udp: bool,
    is_transparent: bool,
    /// The link is opened again when it is lost.
    follows: bool,
    is_opening: bool,
    is_open: bool,
    is_closing: bool,
    is_listening: bool,
    accepted: Option<(Link, SocketAddrV4)>,
    /// Further clients.
    others: Vec<Link>,
    closed: Option<Closing>,
    /// The context is lost.
    is_down: bool,
    /// The module has started anew.
    has_restarted: bool,
    problem: Option<Error>,
    sums: Sums,
    /// When the acknowledgement may be asked for again; `None`: the dialect does not know it.
    ask_at: Option<Instant>,
    /// Nothing is sent until then.
    quiet_until: Option<Instant>,
}

impl Talk {
    /// Before the link is open.
    pub fn new(args: &Nc, max_payload: u16) -> Self {
        let follows = args.reconnect.is_some();
        let asks = follows && !args.udp && !args.transparent;
        Self {
            link: Link(0),
            waiting: VecDeque::new(),
            sending: None,
            tries: 0,
            is_reading: false,
            stdin_ended: false,
            last: Instant::now(),
            last_sent: Instant::now(),
            idle: Duration::from_secs_f64(args.idle),
            max: usize::from(max_payload).max(1),
            is_udp: args.udp,
            is_transparent: args.transparent,
            follows,
            is_opening: false,
            is_open: false,
            is_closing: false,
            is_listening: false,
            accepted: None,
            others: Vec::new(),
            closed: None,
            is_down: false,
            has_restarted: false,
            problem: None,
            sums: Sums::default(),
            ask_at: asks.then(Instant::now),
            quiet_until: None,
        }
    }

    /// The link is about to be opened: nothing of an earlier one counts.
    pub fn opens(&mut self) {
        (self.sending, self.tries, self.closed, self.problem) = (None, 0, None, None);
        (self.is_opening, self.is_open, self.is_closing) = (true, false, false);
        (self.is_down, self.has_restarted) = (false, false);
    }

    /// Whether the context was lost since.
    pub fn is_down(&self) -> bool {
        self.is_down
    }

    /// What has been lost since the link was opened last: how much is to be set up anew.
    pub fn needs(&self) -> Start {
        match (self.has_restarted, self.is_down) {
            (true, _) => Start::Probe,
            (false, true) => Start::Shut,
            (false, false) => Start::Open,
        }
    }

    /// Whether data mode is used.
    pub fn is_transparent(&self) -> bool {
        self.is_transparent
    }

    /// The server begins or ends; whether there was one.
    pub fn listens(&mut self, is_listening: bool) -> bool {
        std::mem::replace(&mut self.is_listening, is_listening)
    }

    /// The first client.
    pub fn accepted(&self) -> Option<Link> {
        self.accepted.map(|(link, _)| link)
    }

    /// Who it is.
    pub fn peer(&self) -> Option<SocketAddrV4> {
        self.accepted.map(|(_, peer)| peer)
    }

    /// Further clients, which are to be closed.
    pub fn others(&mut self) -> Vec<Link> {
        std::mem::take(&mut self.others)
    }

    /// Talks until one side has ended.
    pub fn run(&mut self, driver: &mut Line, stdin: &mut Stdin) -> Result<()> {
        self.last = Instant::now();
        while let Some(wake) = driver.kept() {
            self.wake(wake)?;
        }
        loop {
            if let Some(why) = self.closed {
                return self.end(why);
            }
            self.give(driver)?;
            self.read(stdin);
            let wait = self.wait();
            let wake = driver.turn(wait, |event, text| {
                self.event(event, text);
                Ok(())
            })?;
            self.wake(wake)?;
        }
    }

    fn wake(&mut self, wake: Wake) -> Result<()> {
        match wake {
            Wake::User(bytes) => {
                self.is_reading = false;
                self.waiting.extend(bytes);
            }
            Wake::UserEnd => (self.is_reading, self.stdin_ended) = (false, true),
            Wake::Line => {}
            Wake::Interrupt => return Err(Error::interrupted()),
        }
        Ok(())
    }

    /// Gives the session the next send, a question, or the close.
    fn give(&mut self, driver: &mut Line) -> Result<()> {
        if self.is_closing || self.sending.is_some() || !driver.session.is_ready() {
            return Ok(());
        }
        if self.problem.is_none() {
            self.ask(driver)?;
            self.send(driver);
        }
        let is_over = self.waiting.is_empty() && self.stdin_ended && self.last.elapsed() >= self.idle;
        if self.sending.is_none() && (is_over || self.problem.is_some()) {
            let how = if self.problem.is_some() { How::Quick } else { How::Slow };
            self.close(driver, how)?;
        }
        Ok(())
    }

    fn send(&mut self, driver: &mut Line) {
        if self.waiting.is_empty() || !driver.session.is_ready() || self.is_quiet() {
            return;
        }
        let len = self.piece();
        let payload: Vec<u8> = self.waiting.iter().copied().take(len).collect();
        match driver.session.send(driver.now(), self.link, &payload, None) {
            Ok(()) => self.sending = Some(len),
            // A link that is closing: its last events say so.
            Err(Refused::Busy | Refused::NotOpen | Refused::State) => {}
            Err(why) => self.problem(refused(Action::Send, why)),
        }
    }

    /// How many bytes go out next. In data mode `+++` alone is the escape: pieces of nothing but `+` are cut shorter, and
    /// a silence follows them.
    fn piece(&mut self) -> usize {
        let len = self.waiting.len().min(self.max);
        if self.is_transparent && len <= 3 && self.waiting.iter().all(|byte| *byte == b'+') {
            self.quiet_until = Some(Instant::now() + GUARD);
            return len.min(2);
        }
        len
    }

    fn is_quiet(&self) -> bool {
        self.quiet_until.is_some_and(|until| Instant::now() < until)
    }

    /// Asks how much the peer has acknowledged.
    fn ask(&mut self, driver: &mut Line) -> Result<()> {
        let is_due = self.ask_at.is_some_and(|at| Instant::now() >= at);
        if !is_due || !self.sums.is_open() {
            return Ok(());
        }
        self.ask_at = match driver.session.acknowledged(driver.now(), self.link) {
            Ok(()) => Some(Instant::now() + ASK),
            Err(Refused::Busy | Refused::NotOpen) => self.ask_at,
            Err(Refused::NotInDialect | Refused::State) => None,
            Err(why) => return Err(refused(Action::Acknowledged, why)),
        };
        Ok(())
    }

    /// Closes the link; data mode has to be left first.
    fn close(&mut self, driver: &mut Line, how: How) -> Result<()> {
        let now = driver.now();
        if driver.session.is_data_mode() {
            if self.last_sent.elapsed() < ON_THE_WAY {
                return Ok(());
            }
            return match driver.session.leave_data(now) {
                Ok(()) | Err(Refused::Busy) => Ok(()),
                Err(why) => Err(refused(Action::LeaveData, why)),
            };
        }
        match driver.session.close(now, self.link, how) {
            Ok(()) => self.is_closing = true,
            Err(Refused::Busy | Refused::NotOpen) => {}
            Err(why) => return Err(refused(Action::Close, why)),
        }
        Ok(())
    }

    fn read(&mut self, stdin: &mut Stdin) {
        if self.waiting.is_empty() && !self.is_reading && !self.stdin_ended && !self.is_closing {
            self.is_reading = true;
            // One read is one datagram.
            stdin.want(if self.is_udp { self.max } else { PIECE });
        }
    }

    /// Until something is due that the session does not know of.
    fn wait(&self) -> Duration {
        let now = Instant::now();
        let is_idle =
            self.stdin_ended && self.waiting.is_empty() && self.sending.is_none() && !self.is_closing;
        let wants_end = is_idle || self.problem.is_some();
        let on_the_way = self.last_sent + ON_THE_WAY;
        let gone = (wants_end && self.is_transparent && on_the_way > now).then_some(on_the_way);
        let idle = is_idle.then(|| self.last + self.idle).filter(|idle| gone.is_none() || *idle > now);
        let ask = self.ask_at.filter(|_| self.sums.is_open());
        let quiet = self.quiet_until.filter(|until| *until > now && !self.waiting.is_empty());
        let due = [idle, gone, ask, quiet].into_iter().flatten().min();
        due.map_or(LONG, |due| due.saturating_duration_since(now).max(Duration::from_millis(1)))
    }
}
