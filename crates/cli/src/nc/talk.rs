//! The talk over an open link: stdin is sent, what comes goes to stdout, until one side has ended.

use std::collections::VecDeque;
use std::io::{self, Write as _};
use std::time::{Duration, Instant};

use simcom_at::{Action, Closing, Event, How, Outcome, Refused};

use super::LINK;
use super::stdin::Stdin;
use crate::args::Nc;
use crate::driver::{Driver, Wake, failed, refused};
use crate::error::{Error, Result};
use crate::tap::Tap;

/// A piece of stdin for a stream.
const PIECE: usize = 16 * 1024;
/// How often a payload that the module did not take is sent again.
const TRIES: u32 = 3;
/// How long to wait where the session's own deadlines are what matters.
const LONG: Duration = Duration::from_secs(600);

/// The state of the talk.
pub struct Talk {
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
    idle: Duration,
    /// The most one send takes.
    max: usize,
    is_udp: bool,
    is_closing: bool,
    closed: Option<Closing>,
    problem: Option<Error>,
}

impl Talk {
    /// Before the link is open.
    pub fn new(args: &Nc, max_payload: u16) -> Self {
        Self {
            waiting: VecDeque::new(),
            sending: None,
            tries: 0,
            is_reading: false,
            stdin_ended: false,
            last: Instant::now(),
            idle: Duration::from_secs_f64(args.idle),
            max: usize::from(max_payload).max(1),
            is_udp: args.udp,
            is_closing: false,
            closed: None,
            problem: None,
        }
    }

    /// Talks until one side has ended.
    pub fn run<T: Tap>(mut self, driver: &mut Driver<T>, mut stdin: Stdin) -> Result<()> {
        self.last = Instant::now();
        loop {
            if let Some(why) = self.closed {
                return self.end(why);
            }
            self.give(driver)?;
            self.read(&mut stdin);
            let wait = self.wait();
            let wake = driver.turn(wait, |event, text| {
                self.event(event, text);
                Ok(())
            })?;
            match wake {
                Wake::User(bytes) => {
                    self.is_reading = false;
                    self.waiting.extend(bytes);
                }
                Wake::UserEnd => self.stdin_ended = true,
                Wake::Line | Wake::Interrupt => {}
            }
        }
    }

    /// Gives the session the next send, or the close.
    fn give<T: Tap>(&mut self, driver: &mut Driver<T>) -> Result<()> {
        if self.is_closing || self.sending.is_some() || !driver.session.is_ready() {
            return Ok(());
        }
        let now = driver.now();
        if self.problem.is_none() && !self.waiting.is_empty() {
            let len = self.waiting.len().min(self.max);
            let payload: Vec<u8> = self.waiting.iter().copied().take(len).collect();
            match driver.session.send(now, LINK, &payload, None) {
                Ok(()) => self.sending = Some(len),
                // A link that is closing: its last events say so.
                Err(Refused::Busy | Refused::NotOpen) => {}
                Err(why) => self.problem = Some(refused(Action::Send, why)),
            }
        }
        let is_over = self.waiting.is_empty() && self.stdin_ended && self.last.elapsed() >= self.idle;
        if self.sending.is_none() && (is_over || self.problem.is_some()) {
            let how = if self.problem.is_some() { How::Quick } else { How::Slow };
            match driver.session.close(now, LINK, how) {
                Ok(()) => self.is_closing = true,
                Err(Refused::Busy | Refused::NotOpen) => {}
                Err(why) => return Err(refused(Action::Close, why)),
            }
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

    /// Until the idle time is over, if it runs.
    fn wait(&self) -> Duration {
        let is_idle =
            self.stdin_ended && self.waiting.is_empty() && self.sending.is_none() && !self.is_closing;
        if is_idle {
            self.idle.saturating_sub(self.last.elapsed()).max(Duration::from_millis(1))
        } else {
            LONG
        }
    }

    /// Takes an event of the session.
    pub fn event(&mut self, event: Event<'_>, text: &[u8]) {
        match event {
            Event::Received { bytes, .. } => {
                self.last = Instant::now();
                self.write(bytes);
            }
            Event::Sent { outcome, .. } => self.sent(outcome),
            Event::Closed { why, .. } => self.closed = Some(why),
            Event::Lost { bytes, .. } => {
                self.problem(Error::module(format!("{bytes} received bytes were lost")));
            }
            Event::Failed { action: Action::Close, .. } if self.is_closing => {
                self.closed = Some(Closing::Local)
            }
            Event::Failed { action: action @ Action::Send, why, remedy, .. } => {
                self.problem(failed(action, why, remedy, text));
            }
            _ => {}
        }
    }

    fn write(&mut self, bytes: &[u8]) {
        let mut out = io::stdout().lock();
        if let Err(error) = out.write_all(bytes).and_then(|()| out.flush()) {
            self.problem(Error::stdout(&error));
        }
    }

    fn sent(&mut self, outcome: Outcome) {
        let len = self.sending.take().unwrap_or_default();
        self.last = Instant::now();
        self.tries += 1;
        match outcome {
            Outcome::Delivered => self.taken(len),
            Outcome::Accepted(taken) if usize::from(taken) == len => self.taken(len),
            Outcome::Accepted(taken) => {
                self.problem(Error::module(format!("the module took {taken} of {len} bytes")));
            }
            Outcome::NotSent if self.tries < TRIES => {}
            Outcome::NotSent => self.problem(Error::module("the module does not take the data")),
            Outcome::Unknown(bytes) => {
                self.problem(Error::module(format!(
                    "it is not known whether the last {bytes} bytes were sent"
                )));
            }
            _ => self.problem(Error::module("the send ended in an unknown way")),
        }
    }

    fn taken(&mut self, len: usize) {
        self.tries = 0;
        self.waiting.drain(..len.min(self.waiting.len()));
    }

    /// The first problem is the one to tell.
    fn problem(&mut self, error: Error) {
        self.problem.get_or_insert(error);
    }

    fn end(self, why: Closing) -> Result<()> {
        if let Some(problem) = self.problem {
            return Err(problem);
        }
        let unsent = self.waiting.len();
        match why {
            Closing::Local => Ok(()),
            Closing::Peer | Closing::Unsaid if unsent == 0 => Ok(()),
            Closing::Peer | Closing::Unsaid => {
                Err(Error::module(format!("the peer closed before the last {unsent} bytes were sent")))
            }
            Closing::Network => Err(Error::module("the network was lost")),
            Closing::Restart => Err(Error::module("the module restarted")),
            _ => Err(Error::module("the link was lost")),
        }
    }
}
