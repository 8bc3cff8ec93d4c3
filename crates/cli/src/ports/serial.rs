//! A serial device or a pty.

use std::fs::{File, OpenOptions};
use std::io::{self, Write as _};
use std::sync::mpsc::SyncSender;
use std::time::Duration;

use serialport::{ErrorKind, FlowControl, SerialPort};

use super::{Input, Port, read_all, taken, write_time};
use crate::error::{Error, Result};

/// Opens a device at a speed, 8N1, with hardware flow control or without any.
pub fn open(path: &str, baud: u32, rtscts: bool, inputs: SyncSender<Input>) -> Result<Box<dyn Port>> {
    // The reader blocks until something comes; it ends with the program or with the device.
    let name = path.to_owned();
    let flow = if rtscts { FlowControl::Hardware } else { FlowControl::None };
    let builder = serialport::new(path, baud).timeout(Duration::from_secs(3600)).flow_control(flow);
    match builder.open() {
        Ok(reader) => {
            let writer = reader.try_clone().and_then(|mut writer| {
                writer.set_timeout(write_time())?;
                Ok(writer)
            });
            let mut writer = writer.map_err(|error| failed(path, error))?;
            if rtscts && !has_lines(writer.as_mut()) {
                return Err(without_lines(path));
            }
            std::thread::spawn(move || read_all(&name, reader, &inputs));
            Ok(Box::new(Serial(writer)))
        }
        Err(error) => match plain(path, &error) {
            Some(_) if rtscts => Err(without_lines(path)),
            Some((reader, writer)) => {
                std::thread::spawn(move || read_all(&name, reader, &inputs));
                Ok(Box::new(Plain(writer)))
            }
            None => Err(failed(path, error)),
        },
    }
}

struct Serial(Box<dyn SerialPort>);

impl Port for Serial {
    fn send(&mut self, bytes: &[u8]) -> io::Result<usize> {
        taken(self.0.write(bytes))
    }

    fn set_baud(&mut self, baud: u32) -> io::Result<bool> {
        self.0.set_baud_rate(baud)?;
        Ok(true)
    }
}

/// A terminal that takes none of a serial line's settings.
struct Plain(File);

impl Port for Plain {
    fn send(&mut self, bytes: &[u8]) -> io::Result<usize> {
        taken(self.0.write(bytes))
    }

    fn set_baud(&mut self, _baud: u32) -> io::Result<bool> {
        Ok(false)
    }
}

/// The device as a plain file, when it is there and free but knows no serial settings (some ptys).
fn plain(path: &str, error: &serialport::Error) -> Option<(File, File)> {
    let is_setting = match error.kind() {
        ErrorKind::Unknown | ErrorKind::InvalidInput => !is_taken(error),
        ErrorKind::Io(kind) => kind == io::ErrorKind::Unsupported || kind == io::ErrorKind::Other,
        ErrorKind::NoDevice => false,
    };
    if !is_setting {
        return None;
    }
    let reader = OpenOptions::new().read(true).write(true).open(path).ok().filter(is_terminal)?;
    let writer = reader.try_clone().ok()?;
    Some((reader, writer))
}

#[cfg(unix)]
fn is_terminal(file: &File) -> bool {
    rustix::termios::isatty(file)
}

#[cfg(not(unix))]
fn is_terminal(_file: &File) -> bool {
    false
}

/// Another program holds the device or its lock.
fn is_taken(error: &serialport::Error) -> bool {
    let text = error.description.to_ascii_lowercase();
    matches!(error.kind(), ErrorKind::Io(io::ErrorKind::WouldBlock | io::ErrorKind::ResourceBusy))
        || ["busy", "lock", "resource temporarily"].iter().any(|word| text.contains(word))
}

fn failed(path: &str, error: serialport::Error) -> Error {
    if is_taken(&error) {
        return Error::port(format!("{path} is in use by another program"))
            .hint("close the program that holds it");
    }
    let missing = match error.kind() {
        ErrorKind::NoDevice => true,
        ErrorKind::Io(kind) => kind == io::ErrorKind::NotFound,
        ErrorKind::Unknown | ErrorKind::InvalidInput => false,
    };
    if missing {
        return Error::port(format!("cannot open {path}: {error}")).hint(present());
    }
    if matches!(error.kind(), ErrorKind::Io(io::ErrorKind::PermissionDenied)) {
        return Error::port(format!("may not open {path}: {error}"))
            .hint("join the group that owns it, often `dialout`");
    }
    Error::port(format!("cannot open {path}: {error}")).hint("is it a serial device or a pty?")
}

/// Whether it has taken the flow control, and has the lines for it: a pty may take the one and lack the others.
fn has_lines(port: &mut dyn SerialPort) -> bool {
    let has_taken = port.flow_control().is_ok_and(|flow| flow == FlowControl::Hardware);
    has_taken && port.read_clear_to_send().is_ok()
}

/// It is there, but takes no flow control.
fn without_lines(path: &str) -> Error {
    Error::port(format!("{path} has no RTS and CTS lines: it refuses --rtscts"))
        .hint("a pty has none; leave --rtscts out")
}

/// The devices that are there.
fn present() -> String {
    let names: Vec<_> =
        serialport::available_ports().unwrap_or_default().into_iter().map(|port| port.port_name).collect();
    if names.is_empty() {
        "there is no serial device here".to_owned()
    } else {
        format!("there is {}", names.join(", "))
    }
}
