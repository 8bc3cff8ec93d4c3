//! Which module is there? A few commands before there is a session, because a session needs the dialect.

use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use simcom_at::Dialect;

use crate::error::{Error, Result};
use crate::guess;
use crate::ports::{Input, Port};

/// How long a module may take for such a command.
const ANSWER: Duration = Duration::from_millis(1500);
/// How often `AT` is said before nobody is there. The first may be lost in a sleeping module, or finds its speed.
const TRIES: usize = 4;
/// How long `AT` may take.
const CONTACT: Duration = Duration::from_millis(500);

/// The answer to one command.
struct Answer {
    /// Its lines, without echo, empty lines and the final.
    lines: Vec<Vec<u8>>,
    /// Whether it ended in `OK`.
    ok: bool,
}

/// A module without a session.
pub struct Stranger<'a> {
    port: &'a mut dyn Port,
    inputs: &'a Receiver<Input>,
}

/// What a module says of itself.
#[derive(Debug, PartialEq, Eq)]
pub struct Identity {
    /// The lines of `ATI`, escaped.
    pub lines: Vec<String>,
    /// The dialect.
    pub dialect: Dialect,
}

impl<'a> Stranger<'a> {
    /// A module behind a port.
    pub fn new(port: &'a mut dyn Port, inputs: &'a Receiver<Input>) -> Self {
        Self { port, inputs }
    }

    /// Whether a module answers at this speed.
    pub fn answers(&mut self) -> Result<bool> {
        for _ in 0..TRIES {
            if self.ask("AT", CONTACT)?.is_some_and(|answer| answer.ok) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Asks the module who it is; where its name says nothing, which commands it knows.
    pub fn identify(&mut self) -> Result<Identity> {
        let lines = self.ask("ATI", ANSWER)?.map_or(Vec::new(), |answer| answer.lines);
        let named = lines.iter().find_map(|line| guess::from_identity(line));
        let dialect = match named {
            Some(dialect) => dialect,
            None => self.behaviour()?,
        };
        let lines = lines.iter().map(|line| simcom_vectors::escape(line)).collect();
        Ok(Identity { lines, dialect })
    }

    /// Test commands that only some dialects know. They change nothing.
    fn behaviour(&mut self) -> Result<Dialect> {
        if self.knows("AT+CIPOPEN=?")? {
            return Ok(Dialect::A7600);
        }
        if self.knows("AT+CIFSREX=?")? || self.knows("AT+CIPSENDHEX=?")? {
            return Ok(Dialect::Sim7000);
        }
        if self.knows("AT+CIPRXGET=?")? {
            // Clones print no blank.
            let mode = self.ask("AT+CIPMUX?", ANSWER)?.map_or(Vec::new(), |answer| answer.lines);
            let is_clone = mode.iter().any(|line| matches!(&line[..], b"+CIPMUX:0" | b"+CIPMUX:1"));
            return Ok(if is_clone { Dialect::Rda8955 } else { Dialect::Sim800 });
        }
        if self.knows("AT+CIPMUX=?")? {
            return Ok(Dialect::Sim800e);
        }
        if self.knows("AT+CIPSTATUS=?")? {
            return Ok(Dialect::Kingcom);
        }
        Err(Error::module("the module answers, but knows none of the TCP/IP commands")
            .hint("give its dialect with --dialect"))
    }

    fn knows(&mut self, command: &str) -> Result<bool> {
        Ok(self.ask(command, ANSWER)?.is_some_and(|answer| answer.ok))
    }

    /// One command; `None` when no final came in time.
    fn ask(&mut self, command: &str, time: Duration) -> Result<Option<Answer>> {
        self.send(format!("{command}\r").as_bytes())?;
        let end = Instant::now() + time;
        let mut bytes = Vec::new();
        loop {
            match self.inputs.recv_timeout(end.saturating_duration_since(Instant::now())) {
                Ok(Input::Line(piece)) => bytes.extend_from_slice(&piece),
                Ok(Input::LineGone(why)) => return Err(Error::port(format!("the port is gone: {why}"))),
                Ok(Input::User(_) | Input::UserEnd | Input::Interrupt) => {}
                Err(RecvTimeoutError::Timeout) => return Ok(None),
                Err(RecvTimeoutError::Disconnected) => return Err(Error::port("the port is gone")),
            }
            if let Some(answer) = answer(&bytes, command) {
                return Ok(Some(answer));
            }
        }
    }

    fn send(&mut self, mut bytes: &[u8]) -> Result<()> {
        let end = Instant::now() + ANSWER;
        while !bytes.is_empty() {
            let taken = self
                .port
                .send(bytes)
                .map_err(|error| Error::port(format!("cannot write to the port: {error}")))?;
            bytes = bytes.get(taken..).unwrap_or_default();
            if Instant::now() > end {
                return Err(
                    Error::timeout("the port takes no bytes").hint("is flow control on, and nobody there?")
                );
            }
        }
        Ok(())
    }
}

/// The answer, once its final line is whole.
fn answer(bytes: &[u8], command: &str) -> Option<Answer> {
    let whole = bytes.iter().rposition(|&byte| byte == b'\n')?;
    let mut lines = Vec::new();
    for line in bytes.get(..whole)?.split(|byte| matches!(byte, b'\r' | b'\n')) {
        let is_error = line == b"ERROR" || line.starts_with(b"+CME ERROR");
        if line == b"OK" || is_error {
            return Some(Answer { lines, ok: !is_error });
        }
        if !line.is_empty() && line != command.as_bytes() {
            lines.push(line.to_vec());
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_ends_with_its_final_line() {
        assert!(answer(b"ATI\r\r\nSIM800 R14.18\r\n\r\nO", "ATI").is_none());
        let whole = answer(b"ATI\r\r\nSIM800 R14.18\r\n\r\nOK\r\n", "ATI").unwrap();
        assert!(whole.ok);
        assert_eq!(whole.lines, [b"SIM800 R14.18".to_vec()]);
        assert!(!answer(b"\r\n+CME ERROR: 3\r\n", "ATI").unwrap().ok);
    }
}
