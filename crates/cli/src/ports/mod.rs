//! The way to a module: a serial device or pty, a TCP connection, or a virtual module in this program.

mod serial;
mod tcp;
pub mod virtual_modem;

use std::fmt;
use std::io;
use std::sync::mpsc::SyncSender;
use std::time::Duration;

use simcom_at::Dialect;

use crate::error::{Error, Result};

/// What the program waits for: bytes of the module, and of its user.
#[derive(Debug)]
pub enum Input {
    /// The module sent bytes.
    Line(Vec<u8>),
    /// The port is gone; why.
    LineGone(String),
    /// The user gave bytes.
    User(Vec<u8>),
    /// The user gives no more.
    UserEnd,
    /// The user wants an end.
    Interrupt,
}

/// How long one write may hold up the program.
const WRITE_MS: u64 = 200;

/// The speed of a device unless told.
pub const BAUD: u32 = 115_200;

/// The sending half of an open port. The receiving half is a thread that sends [`Input`]s.
pub trait Port {
    /// Sends; gives how many bytes were taken, 0 when none could be for now.
    fn send(&mut self, bytes: &[u8]) -> io::Result<usize>;

    /// Changes the speed; `false` where there is none to change.
    fn set_baud(&mut self, baud: u32) -> io::Result<bool>;
}

/// What `--port` names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// A serial device or a pty.
    Device(String),
    /// `tcp:HOST:PORT`.
    Tcp(String),
    /// `virtual:DIALECT`.
    Virtual(Dialect),
}

impl Place {
    /// Reads `--port`.
    pub fn parse(text: &str) -> Result<Self> {
        if let Some(name) = text.strip_prefix("virtual:") {
            return virtual_dialect(name).map(Self::Virtual);
        }
        if let Some(address) = text.strip_prefix("tcp:") {
            let is_whole = address.rsplit_once(':').is_some_and(|(host, port)| {
                !host.is_empty() && port.parse::<u16>().is_ok_and(|port| port > 0)
            });
            return if is_whole {
                Ok(Self::Tcp(address.to_owned()))
            } else {
                Err(Error::usage(format!("bad port `{text}`"))
                    .hint("write tcp:HOST:PORT, such as tcp:127.0.0.1:7000"))
            };
        }
        if text.is_empty() {
            return Err(Error::usage("the port has no name").hint(KINDS));
        }
        Ok(Self::Device(text.to_owned()))
    }

    /// Opens it; a virtual module's line takes no time unless a speed is given. `rtscts`: hardware flow control, which only
    /// a device has. A thread sends what the module says to `inputs`.
    pub fn open(&self, baud: Option<u32>, rtscts: bool, inputs: SyncSender<Input>) -> Result<Box<dyn Port>> {
        match self {
            Self::Device(path) => serial::open(path, baud.unwrap_or(BAUD), rtscts, inputs),
            Self::Tcp(_) | Self::Virtual(_) if rtscts => {
                Err(Error::usage(format!("--rtscts: {self} has no RTS and CTS lines"))
                    .hint("only a serial device has them"))
            }
            Self::Tcp(address) => tcp::open(address, inputs),
            Self::Virtual(dialect) => Ok(Box::new(virtual_modem::open(*dialect, baud.unwrap_or(0), inputs))),
        }
    }
}

const KINDS: &str = "give a device such as /dev/ttyUSB0, tcp:HOST:PORT, or virtual:DIALECT";

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Device(path) => f.write_str(path),
            Self::Tcp(address) => write!(f, "tcp:{address}"),
            Self::Virtual(dialect) => write!(f, "virtual:{}", dialect.name()),
        }
    }
}

fn virtual_dialect(name: &str) -> Result<Dialect> {
    Dialect::from_name(name)
        .ok_or_else(|| Error::usage(format!("unknown dialect `{name}` behind virtual:")).hint(one_of()))
}

fn one_of() -> String {
    let names: Vec<_> = Dialect::ALL.iter().map(|dialect| dialect.name()).collect();
    format!("use one of {}", names.join(", "))
}

/// Reads until the port is gone or nobody listens any more.
fn read_all(name: &str, mut port: impl io::Read, inputs: &SyncSender<Input>) {
    let mut buffer = [0; 4096];
    loop {
        let input = match port.read(&mut buffer) {
            Ok(0) => Input::LineGone(format!("{name} was closed by the other side")),
            Ok(len) => Input::Line(buffer[..len].to_vec()),
            Err(error) if is_nothing(&error) => continue,
            Err(error) => Input::LineGone(format!("{name}: {error}")),
        };
        let is_last = matches!(input, Input::LineGone(_));
        if inputs.send(input).is_err() || is_last {
            return;
        }
    }
}

/// No failure: nothing came, or nothing could be taken, for a while.
fn is_nothing(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::TimedOut | io::ErrorKind::WouldBlock | io::ErrorKind::Interrupted)
}

/// The bytes a write took.
fn taken(result: io::Result<usize>) -> io::Result<usize> {
    match result {
        Ok(0) => Err(io::ErrorKind::WriteZero.into()),
        Err(error) if is_nothing(&error) => Ok(0),
        other => other,
    }
}

/// How long one write may take.
const fn write_time() -> Duration {
    Duration::from_millis(WRITE_MS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_is_a_device_an_address_or_a_virtual_module() {
        assert_eq!(Place::parse("/dev/ttyS9").unwrap(), Place::Device("/dev/ttyS9".to_owned()));
        assert_eq!(Place::parse("tcp:localhost:7000").unwrap(), Place::Tcp("localhost:7000".to_owned()));
        assert_eq!(Place::parse("virtual:a7600").unwrap(), Place::Virtual(Dialect::A7600));
        for bad in ["tcp:localhost", "tcp::5", "tcp:h:0", "tcp:h:99999", "virtual:", "virtual:sim9", ""] {
            let error = Place::parse(bad).unwrap_err();
            assert_eq!(error.exit, crate::error::Exit::Usage, "{bad}");
            assert!(!error.hint.is_empty(), "{bad}");
        }
    }
}
