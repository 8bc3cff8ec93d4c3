//! Runs a session against a port, in real time.

use std::collections::VecDeque;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::Duration;

use simcom_at::{Action, Code, Dialect, Event, Instant, Refused, Remedy, Session, Settings, Value, Why};
use simcom_modem::codes;
use simcom_vectors::escape;

use crate::clock::Clock;
use crate::error::{Error, Result};
use crate::ports::{Input, Port};
use crate::tap::Tap;

/// How long the line may stay busy before a command can be given.
const READY_TIME: Duration = Duration::from_secs(150);

/// The buffer of a session: the longest payload, and the command in front of it.
const BUFFER: usize = 4096;

/// A new session.
pub fn session(dialect: Dialect, settings: Settings, clock: Clock) -> Session<Vec<u8>> {
    Session::new(dialect.spec(), settings, clock.now(), vec![0; BUFFER])
}

/// A session, its port and its clock.
pub struct Driver<T> {
    /// The session.
    pub session: Session<Vec<u8>>,
    port: Box<dyn Port>,
    inputs: Receiver<Input>,
    clock: Clock,
    /// Sees the traffic.
    pub tap: T,
    /// Say on stderr which commands and events there are.
    verbose: bool,
    /// Bytes of the module that the session has not seen.
    line: Vec<u8>,
    /// What the user gave while a command was under way.
    kept: VecDeque<Wake>,
}

/// What ended a turn.
#[derive(Debug)]
pub enum Wake {
    /// The module, or the time.
    Line,
    /// The user gave bytes.
    User(Vec<u8>),
    /// The user gives no more.
    UserEnd,
    /// The user wants an end.
    Interrupt,
}

impl<T: Tap> Driver<T> {
    /// Puts them together.
    pub fn new(
        session: Session<Vec<u8>>,
        port: Box<dyn Port>,
        inputs: Receiver<Input>,
        clock: Clock,
        tap: T,
        verbose: bool,
    ) -> Self {
        Self { session, port, inputs, clock, tap, verbose, line: Vec::new(), kept: VecDeque::new() }
    }

    /// A new session with the same module; the old one has no links.
    pub fn renew(&mut self, dialect: Dialect, settings: Settings) {
        self.session = session(dialect, settings, self.clock);
    }

    /// The time.
    pub fn now(&self) -> Instant {
        self.clock.now()
    }

    /// Sends what is to be sent, waits for input, the session's deadline or `wait`, whichever is first, and gives the
    /// session what has come and the caller the events.
    pub fn turn(
        &mut self,
        wait: Duration,
        mut event: impl FnMut(Event<'_>, &[u8]) -> Result<()>,
    ) -> Result<Wake> {
        let has_told = self.poll(&mut event)?;
        self.send()?;
        // What was told may be all that the caller waits for.
        let wake = self.wait(if has_told { Duration::ZERO } else { wait })?;
        self.poll(&mut event)?;
        self.send()?;
        Ok(wake)
    }

    fn poll(&mut self, event: &mut impl FnMut(Event<'_>, &[u8]) -> Result<()>) -> Result<bool> {
        let mut has_told = false;
        let line = std::mem::take(&mut self.line);
        let mut input = line.as_slice();
        while let Some(next) = self.session.poll(self.clock.now(), &mut input) {
            let text = self.session.text();
            if self.verbose {
                eprintln!("{}", describe(&next, text));
            }
            event(next, text)?;
            has_told = true;
        }
        Ok(has_told)
    }

    fn send(&mut self) -> Result<()> {
        while !self.session.transmit().is_empty() {
            let bytes = self.session.transmit();
            // What the module makes of them, it makes behind this moment.
            let now = self.clock.now();
            let taken = self.port.send(bytes).map_err(|error| gone(&error.to_string()))?;
            if taken == 0 {
                return Ok(());
            }
            self.tap.host(now, bytes.get(..taken).unwrap_or(bytes))?;
            self.session.transmitted(now, taken);
        }
        Ok(())
    }

    fn wait(&mut self, wait: Duration) -> Result<Wake> {
        let now = self.clock.now();
        let due = self.session.deadline().map(|(due, _)| Duration::from_millis(now.until(due).into()));
        // Bytes that the port could not take are tried again soon.
        let again = (!self.session.transmit().is_empty()).then_some(Duration::from_millis(5));
        let wait = [due, again].into_iter().flatten().fold(wait, Duration::min);
        match self.inputs.recv_timeout(wait) {
            Ok(Input::Line(bytes)) => {
                self.tap.module(self.clock.now(), &bytes)?;
                self.line = bytes;
                Ok(Wake::Line)
            }
            Ok(Input::LineGone(why)) => Err(gone(&why)),
            Ok(Input::User(bytes)) => Ok(Wake::User(bytes)),
            Ok(Input::UserEnd) => Ok(Wake::UserEnd),
            Ok(Input::Interrupt) => Ok(Wake::Interrupt),
            Err(RecvTimeoutError::Timeout) => Ok(Wake::Line),
            Err(RecvTimeoutError::Disconnected) => Err(gone("its reader has ended")),
        }
    }

    /// Waits until the next command may be given.
    pub fn ready(&mut self, mut event: impl FnMut(Event<'_>, &[u8])) -> Result<()> {
        let start = std::time::Instant::now();
        while !self.session.is_ready() {
            if start.elapsed() > READY_TIME {
                return Err(Error::timeout("the module's line does not get free"));
            }
            self.keep(READY_TIME, |next, text| event(next, text))?;
        }
        Ok(())
    }

    /// Lets time go by.
    pub fn pause(&mut self, time: Duration, mut event: impl FnMut(Event<'_>, &[u8])) -> Result<()> {
        let end = std::time::Instant::now() + time;
        loop {
            let left = end.saturating_duration_since(std::time::Instant::now());
            if left.is_zero() {
                return Ok(());
            }
            self.keep(left, |next, text| event(next, text))?;
        }
    }

    /// What the user gave while a command was under way.
    pub fn kept(&mut self) -> Option<Wake> {
        self.kept.pop_front()
    }

    /// A turn that leaves what the user gives for later, and ends when the user wants an end.
    pub fn keep(&mut self, wait: Duration, mut event: impl FnMut(Event<'_>, &[u8])) -> Result<()> {
        let wake = self.turn(wait, |next, text| {
            event(next, text);
            Ok(())
        })?;
        match wake {
            Wake::Line => Ok(()),
            Wake::User(_) | Wake::UserEnd => {
                self.kept.push_back(wake);
                Ok(())
            }
            Wake::Interrupt => Err(Error::interrupted()),
        }
    }

    /// Gives a command and waits for its `Done` (or `Opened`); every event goes to `event` too.
    pub fn complete(
        &mut self,
        action: Action,
        give: impl FnOnce(&mut Session<Vec<u8>>, Instant) -> std::result::Result<(), Refused>,
        mut event: impl FnMut(Event<'_>, &[u8]),
    ) -> Result<Value> {
        self.ready(&mut event)?;
        let now = self.now();
        give(&mut self.session, now).map_err(|why| refused(action, why))?;
        let mut end = None;
        while end.is_none() {
            // Every wait of the session has a deadline, so this one ends too.
            self.keep(READY_TIME, |next, text| {
                match next {
                    Event::Done { action: done, value, .. } if done == action => end = Some(Ok(value)),
                    Event::Opened { .. } if action == Action::Open => end = Some(Ok(Value::None)),
                    Event::Failed { action: done, why, remedy, .. } if done == action => {
                        end = Some(Err(failed(action, why, remedy, text)));
                    }
                    _ => {}
                }
                event(next, text);
            })?;
        }
        end.unwrap_or(Ok(Value::None))
    }
}

fn gone(why: &str) -> Error {
    Error::port(format!("the port is gone: {why}"))
}

/// A command in words.
pub fn name(action: Action) -> &'static str {
    match action {
        Action::Probe => "the first contact",
        Action::Sim => "the SIM query",
        Action::Signal => "the signal query",
        Action::Registration => "the registration query",
        Action::Attach => "the attach",
        Action::Detach => "the detach",
        Action::Address => "the address query",
        Action::Open => "the connect",
        Action::Send => "the send",
        Action::Close => "the close",
        Action::Shut => "the shut-down",
        Action::Resolve => "the name look-up",
        Action::Status => "the status query",
        Action::Raw => "the raw command",
        Action::Listen => "the server",
        Action::Unlisten => "the end of the server",
        Action::Acknowledged => "the acknowledgement query",
        Action::Room => "the window query",
        Action::Context => "the choice of the context",
        Action::UdpPeer => "the choice of the peer",
        Action::EnterData => "the way into data mode",
        Action::LeaveData => "the way out of data mode",
        _ => "the command",
    }
}

/// A command that was not taken: wrong input by the user, or a mistake of this program.
pub fn refused(action: Action, why: Refused) -> Error {
    let error = Error::usage(format!("{} is not possible: {why}", name(action)));
    match why {
        Refused::SmallBuffer { need } => error.hint(format!("the buffer must hold {need} bytes")),
        Refused::Unsendable => error.hint("encode the data first, for example with base64"),
        Refused::BadText | Refused::BadLength => error.hint("check the host name and the access point name"),
        _ => error,
    }
}

/// A command that the module or the network refused.
pub fn failed(action: Action, why: Why, remedy: Remedy, text: &[u8]) -> Error {
    let message = format!("{} failed: {}", name(action), reason(why, text));
    let error = if why == Why::Timeout { Error::timeout(message) } else { Error::module(message) };
    let error = error.remedy(remedy);
    match (action, why, remedy) {
        (Action::Probe, Why::Timeout, _) => {
            error.hint("is this the right port and speed? try `simcom probe --port …`")
        }
        (Action::Open, Why::ConnectFail | Why::Err(_) | Why::Cme(_), _) => {
            error.hint("does a server listen there, and is the host's name right?")
        }
        // Document 004 §1.5.
        (Action::Attach, Why::Error | Why::Cme(_), _) => {
            error.hint("is the SIM card in, and READY (AT+CPIN?), and the module registered (AT+CREG?)?")
        }
        (Action::Attach, Why::Err(_) | Why::Ip(_), _) => error.hint(
            "is it open already (AT+NETOPEN?)? If not, and SIM and network are there, restart the module",
        ),
        (_, _, Remedy::Restart) => error.hint("restart the module"),
        (_, _, Remedy::Shut) => error.hint("shut the context and attach again: start over"),
        (_, _, Remedy::Retry | Remedy::Reopen) => error.hint("try again"),
        _ => error,
    }
}

/// Why a command failed, in words; the module's line where there is one.
pub fn reason(why: Why, text: &[u8]) -> String {
    let line = escape(text.trim_ascii());
    let said =
        |what: &str| if line.is_empty() { what.to_owned() } else { format!("the module says `{line}`") };
    match why {
        Why::Error => said("the module says `ERROR`"),
        Why::Cme(Code::Number(code)) => said(&format!("CME error {code}")),
        Why::Cms(Code::Number(code)) => said(&format!("CMS error {code}")),
        Why::Ip(Code::Number(code)) => said(&format!("IP error {code}")),
        Why::Cme(Code::Text(_)) | Why::Cms(Code::Text(_)) | Why::Ip(Code::Text(_)) => said("an error"),
        Why::Err(code) => format!("{} (error {code})", err_name(code)),
        Why::ConnectFail => "the connection could not be made".to_owned(),
        Why::AlreadyConnected => "the link is in use already".to_owned(),
        Why::Dns(code) => format!("the name was not found (code {code})"),
        Why::NoResponse => "the module gave up waiting".to_owned(),
        Why::Timeout => "no answer in time".to_owned(),
        Why::Interrupted => "the module restarted, or its context was lost".to_owned(),
        _ => said("an unknown reason"),
    }
}

/// `<err>` of the NETOPEN family.
fn err_name(code: u16) -> &'static str {
    codes::word(codes::err_table(Dialect::A7600), code).unwrap_or("unknown")
}

/// An event for `--verbose`.
fn describe(event: &Event<'_>, text: &[u8]) -> String {
    match event {
        Event::Received { link, from, bytes, left } => {
            format!("Received {{ link: {link:?}, from: {from:?}, {} bytes, left: {left} }}", bytes.len())
        }
        Event::Line { .. } | Event::Failed { .. } => format!("{event:?} {}", escape(text)),
        _ => format!("{event:?}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_to_do_about_a_failed_attach_depends_on_how_it_failed() {
        let hint = |why, text: &[u8]| failed(Action::Attach, why, Remedy::Shut, text).to_string();
        let network = hint(Why::Err(1), b"+NETOPEN: 1");
        assert!(
            network.contains("network failure (error 1)") && network.contains("AT+NETOPEN?"),
            "{network}"
        );
        let card = hint(Why::Error, b"ERROR");
        assert!(card.contains("AT+CPIN?"), "{card}");
        assert!(hint(Why::NoResponse, b"").contains("start over"));
    }
}
