//! What may block: connects and resolutions, each in a thread of its own.

use alloc::string::String;
use alloc::vec::Vec;
use core::time::Duration;
use simcom_at::{Ipv4Addr, SocketAddrV4, Transport};
use std::io::ErrorKind;
use std::net::{SocketAddr, TcpStream, ToSocketAddrs};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;

use super::v4;
use crate::net::{Host, OpenError, Socket};

/// What a worker has done.
#[derive(Debug)]
pub(super) enum Done {
    /// A name's addresses.
    Resolved(Vec<Ipv4Addr>),
    /// The peer of a UDP socket.
    Found { id: u32, socket: Socket, result: Result<SocketAddrV4, OpenError> },
    /// A TCP connection.
    Connected { id: u32, socket: Socket, result: Result<(TcpStream, SocketAddrV4), OpenError> },
}

/// The workers, and what they report.
#[derive(Debug)]
pub(super) struct Workers {
    pub connect_ms: u32,
    report: Sender<Done>,
    reports: Receiver<Done>,
    at_work: usize,
}

/// The most threads at a time: a host that opens and closes in a loop must not fill the machine.
const WORKERS: usize = 64;
/// The addresses of a name that are tried.
const ADDRESSES: usize = 3;

impl Workers {
    pub fn new() -> Self {
        let (report, reports) = channel();
        Self { connect_ms: 75_000, report, reports, at_work: 0 }
    }

    pub const fn are_idle(&self) -> bool {
        self.at_work == 0
    }

    pub fn poll(&mut self) -> Option<Done> {
        let done = self.reports.try_recv().ok()?;
        self.at_work -= 1;
        Some(done)
    }

    /// `false`: no worker is to be had.
    pub fn resolve(&mut self, name: String) -> bool {
        self.start(move || {
            Done::Resolved(addresses(&Host::Name(name), 0).iter().map(|peer| *peer.ip()).collect())
        })
    }

    /// `false`: no worker is to be had.
    pub fn open(&mut self, id: u32, socket: Socket, transport: Transport, host: Host, port: u16) -> bool {
        let timeout = Duration::from_millis(u64::from(self.connect_ms.max(1)));
        self.start(move || {
            let peers = addresses(&host, port);
            match transport {
                Transport::Tcp => Done::Connected { id, socket, result: connect(&peers, timeout) },
                Transport::Udp => {
                    Done::Found { id, socket, result: peers.first().copied().ok_or(OpenError::Dns) }
                }
            }
        })
    }

    fn start(&mut self, work: impl FnOnce() -> Done + Send + 'static) -> bool {
        if self.at_work >= WORKERS {
            return false;
        }
        let report = self.report.clone();
        // Nobody listens any more when the network is gone; then nobody needs the result.
        let started = thread::Builder::new().spawn(move || drop(report.send(work()))).is_ok();
        self.at_work += usize::from(started);
        started
    }
}

fn addresses(host: &Host, port: u16) -> Vec<SocketAddrV4> {
    match host {
        Host::Address(ip) => Vec::from([SocketAddrV4::new(*ip, port)]),
        Host::Name(name) => {
            let found = (name.as_str(), port).to_socket_addrs();
            found.map_or_else(|_| Vec::new(), |found| found.filter_map(v4).collect())
        }
    }
}

fn connect(peers: &[SocketAddrV4], timeout: Duration) -> Result<(TcpStream, SocketAddrV4), OpenError> {
    let mut result = Err(OpenError::Dns);
    for &peer in peers.iter().take(ADDRESSES) {
        match TcpStream::connect_timeout(&SocketAddr::V4(peer), timeout) {
            Ok(stream) => return Ok((stream, peer)),
            Err(error) => result = Err(reason(error.kind())),
        }
    }
    result
}

const fn reason(kind: ErrorKind) -> OpenError {
    match kind {
        ErrorKind::ConnectionRefused | ErrorKind::ConnectionReset => OpenError::Refused,
        ErrorKind::AddrInUse
        | ErrorKind::AddrNotAvailable
        | ErrorKind::PermissionDenied
        | ErrorKind::InvalidInput
        | ErrorKind::OutOfMemory => OpenError::Local,
        _ => OpenError::Timeout,
    }
}
