//! One TCP connection: what waits to be sent, and what is read.

use alloc::collections::VecDeque;
use alloc::vec::Vec;
use simcom_at::{Instant, SocketAddrV4};
use std::io::{self, ErrorKind, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};

use crate::net::{Arrival, Notify, Reply, Socket};

/// An open connection.
#[derive(Debug)]
pub(super) struct Stream {
    tcp: TcpStream,
    peer: SocketAddrV4,
    /// Sends the stack has not taken yet, the first one perhaps in part.
    outgoing: VecDeque<Outgoing>,
    /// The modem takes data.
    pub ready: bool,
    /// The modem was told that the peer closed.
    ended: bool,
}

#[derive(Debug)]
struct Outgoing {
    bytes: Vec<u8>,
    taken: usize,
}

/// The largest piece that is read at once: what fits into a segment.
const PIECE: usize = 1_460;
/// How long a connection that the modem closed may take to send the rest.
const LINGER_MS: u32 = 5_000;

impl Stream {
    pub fn new(tcp: TcpStream, peer: SocketAddrV4) -> io::Result<Self> {
        tcp.set_nonblocking(true)?;
        tcp.set_nodelay(true)?;
        Ok(Self { tcp, peer, outgoing: VecDeque::new(), ready: true, ended: false })
    }

    pub fn local(&self) -> io::Result<SocketAddr> {
        self.tcp.local_addr()
    }

    pub fn send(&mut self, bytes: Vec<u8>) {
        self.outgoing.push_back(Outgoing { bytes, taken: 0 });
    }

    /// Gives the stack what it takes, and tells of each send that it has taken, or cannot take any more.
    pub fn write(&mut self, socket: Socket, arrivals: &mut VecDeque<Arrival>) {
        let broken = flush(&mut self.tcp, &mut self.outgoing, |bytes| {
            arrivals.push_back(Arrival::Reply(Reply::Sent { socket, result: Ok(bytes) }));
            arrivals.push_back(Arrival::Notify(Notify::Acked { socket, bytes }));
        })
        .is_err();
        if broken {
            // The close itself is told when all data before it has been read.
            for _ in self.outgoing.drain(..) {
                arrivals.push_back(Arrival::Reply(Reply::Sent { socket, result: Err(()) }));
            }
        }
    }

    /// A piece of data, or the close behind the last one.
    pub fn read(&mut self, socket: Socket, buffer: &mut [u8]) -> Option<Notify> {
        if !self.ready || self.ended {
            return None;
        }
        let buffer = buffer.get_mut(..PIECE)?;
        match self.tcp.read(buffer) {
            Ok(len @ 1..) => {
                let bytes = buffer.get(..len)?.to_vec();
                Some(Notify::Data { socket, bytes, from: Some(self.peer) })
            }
            Err(error) if is_later(&error) => None,
            Ok(0) | Err(_) => {
                self.ended = true;
                Some(Notify::PeerClosed { socket })
            }
        }
    }

    /// The modem closes: the connection lives on until the peer has all that was sent.
    pub fn close(self, now: Instant) -> Closing {
        Closing { tcp: self.tcp, outgoing: self.outgoing, finished: false, until: now.after(LINGER_MS) }
    }
}

/// A connection that the modem has closed.
///
/// Dropping a socket with unread data resets the connection, and the peer may lose what it has not read yet. So the rest is
/// written, the end marked, and what still comes is thrown away until the peer closes too.
#[derive(Debug)]
pub(super) struct Closing {
    tcp: TcpStream,
    outgoing: VecDeque<Outgoing>,
    /// Our end is marked.
    finished: bool,
    until: Instant,
}

impl Closing {
    /// Goes on with it; `false`: it is over.
    pub fn goes_on(&mut self, now: Instant) -> bool {
        if now.reached(self.until) || flush(&mut self.tcp, &mut self.outgoing, |_| ()).is_err() {
            return false;
        }
        if self.outgoing.is_empty() && !self.finished {
            self.finished = true;
            if self.tcp.shutdown(Shutdown::Write).is_err() {
                return false;
            }
        }
        match self.tcp.read(&mut [0; 4_096]) {
            Ok(0) => !self.finished,
            Ok(_) => true,
            Err(error) => is_later(&error),
        }
    }
}

/// Writes until the stack takes no more.
fn flush(
    tcp: &mut TcpStream,
    outgoing: &mut VecDeque<Outgoing>,
    mut sent: impl FnMut(usize),
) -> io::Result<()> {
    while let Some(first) = outgoing.front_mut() {
        while let Some(rest @ [_, ..]) = first.bytes.get(first.taken..) {
            match tcp.write(rest) {
                Ok(0) => return Err(ErrorKind::WriteZero.into()),
                Ok(taken) => first.taken += taken,
                Err(error) if is_later(&error) => return Ok(()),
                Err(error) => return Err(error),
            }
        }
        sent(first.bytes.len());
        outgoing.pop_front();
    }
    Ok(())
}

fn is_later(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::Interrupted)
}
