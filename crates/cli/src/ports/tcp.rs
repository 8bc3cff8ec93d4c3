//! A module behind a TCP port: a serial server, or `simcom emulate --tcp`.

use std::io::{self, Write as _};
use std::net::{TcpStream, ToSocketAddrs as _};
use std::sync::mpsc::SyncSender;
use std::time::Duration;

use super::{Input, Port, read_all, taken, write_time};
use crate::error::{Error, Result};

const CONNECT_TIME: Duration = Duration::from_secs(10);

/// Connects to `HOST:PORT`.
pub fn open(address: &str, inputs: SyncSender<Input>) -> Result<Box<dyn Port>> {
    let failed = |error: io::Error| {
        Error::port(format!("cannot connect to {address}: {error}"))
            .hint("is `simcom emulate --tcp` or a serial server there?")
    };
    let mut last = io::Error::from(io::ErrorKind::NotFound);
    for address in address.to_socket_addrs().map_err(failed)? {
        match TcpStream::connect_timeout(&address, CONNECT_TIME) {
            Ok(stream) => return start(stream, inputs).map_err(failed),
            Err(error) => last = error,
        }
    }
    Err(failed(last))
}

fn start(stream: TcpStream, inputs: SyncSender<Input>) -> io::Result<Box<dyn Port>> {
    stream.set_nodelay(true)?;
    let reader = stream.try_clone()?;
    let name = stream.peer_addr()?.to_string();
    stream.set_write_timeout(Some(write_time()))?;
    std::thread::spawn(move || read_all(&name, reader, &inputs));
    Ok(Box::new(Tcp(stream)))
}

struct Tcp(TcpStream);

impl Port for Tcp {
    fn send(&mut self, bytes: &[u8]) -> io::Result<usize> {
        taken(self.0.write(bytes))
    }

    fn set_baud(&mut self, _baud: u32) -> io::Result<bool> {
        Ok(false)
    }
}
