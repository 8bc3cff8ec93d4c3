//! The real network: TCP, UDP and names over the host's own sockets, IPv4 only.
//!
//! Nothing here waits: sockets are non-blocking, and each connect and each resolution has a short-lived thread of its own,
//! so that one that hangs holds up nothing. What the host's sockets do not tell is not invented, with one exception:
//! they do not say what the peer has acknowledged, so `Acked` follows at once when the stack has taken the bytes. The local
//! port of an outgoing TCP connection is the host's choice.

use alloc::collections::{BTreeMap, VecDeque};
use alloc::vec;
use alloc::vec::Vec;
use core::ops::Bound;
use simcom_at::{Instant, Ipv4Addr, SocketAddrV4, Transport};
use std::io;
use std::net::{SocketAddr, TcpListener, TcpStream};

use crate::net::{Arrival, Host, Network, Notify, OpenError, Reply, Request, Socket};
use stream::{Closing, Stream};
use udp::Udp;
use work::{Done, Workers};

mod stream;
mod udp;
mod work;

/// The host's own network.
#[derive(Debug)]
pub struct Sockets {
    bind: Ipv4Addr,
    poll_ms: u32,
    sockets: BTreeMap<Socket, Entry>,
    /// Closed by the modem, with bytes still to be sent.
    closing: Vec<Closing>,
    /// Announced, and neither accepted nor refused yet.
    callers: BTreeMap<u32, Caller>,
    arrivals: VecDeque<Arrival>,
    workers: Workers,
    /// The socket that had its turn last.
    turn: Socket,
    tokens: u32,
    now: Instant,
    buffer: Vec<u8>,
}

#[derive(Debug)]
enum Entry {
    /// A worker with this number opens it; the local port that is wanted.
    Opening(u32, u16),
    Tcp(Stream),
    Udp(Udp),
    Listener(TcpListener),
}

#[derive(Debug)]
struct Caller {
    stream: TcpStream,
    peer: SocketAddrV4,
    listener: Socket,
}

/// Callers that wait to be accepted; more stay in the host's own queue.
const CALLERS: usize = 16;

impl Default for Sockets {
    fn default() -> Self {
        Self::new()
    }
}

impl Sockets {
    /// The host's network; listening sockets are bound to 127.0.0.1, where only this machine reaches them.
    #[must_use]
    pub fn new() -> Self {
        Self {
            bind: Ipv4Addr::LOCALHOST,
            poll_ms: 5,
            sockets: BTreeMap::new(),
            closing: Vec::new(),
            callers: BTreeMap::new(),
            arrivals: VecDeque::new(),
            workers: Workers::new(),
            turn: Socket(0),
            tokens: 0,
            now: Instant::from_millis(0),
            buffer: vec![0; usize::from(u16::MAX)],
        }
    }

    /// Binds listening sockets, and UDP sockets until they send to another machine, to this address.
    ///
    /// 0.0.0.0 lets the whole network in.
    #[must_use]
    pub const fn bind(mut self, address: Ipv4Addr) -> Self {
        self.bind = address;
        self
    }

    /// Milliseconds until [`Network::deadline`] asks for the next look at the sockets; 5 unless told.
    #[must_use]
    pub const fn poll_ms(mut self, ms: u32) -> Self {
        self.poll_ms = ms;
        self
    }

    /// Milliseconds until a connect is given up as [`OpenError::Timeout`], for each address of a name; 75,000 unless told.
    #[must_use]
    pub const fn connect_ms(mut self, ms: u32) -> Self {
        self.workers.connect_ms = ms;
        self
    }

    /// The local address of a socket; `None`: it has none yet.
    #[must_use]
    pub fn local(&self, socket: Socket) -> Option<SocketAddrV4> {
        let address = match self.sockets.get(&socket)? {
            Entry::Opening(..) => return None,
            Entry::Tcp(stream) => stream.local(),
            Entry::Udp(udp) => udp.local(),
            Entry::Listener(listener) => listener.local_addr(),
        };
        v4(address.ok()?)
    }

    fn reply(&mut self, reply: Reply) {
        self.arrivals.push_back(Arrival::Reply(reply));
    }

    fn open(&mut self, socket: Socket, transport: Transport, peer: Option<(Host, u16)>, local: u16) {
        match (transport, peer) {
            (Transport::Udp, None) => self.open_udp(socket, None, local),
            (Transport::Udp, Some((Host::Address(ip), port))) => {
                self.open_udp(socket, Some(SocketAddrV4::new(ip, port)), local);
            }
            (Transport::Tcp, None) => self.reply(Reply::Opened { socket, result: Err(OpenError::Local) }),
            (Transport::Tcp | Transport::Udp, Some((host, port))) => {
                let id = self.token();
                if self.workers.open(id, socket, transport, host, port) {
                    self.sockets.insert(socket, Entry::Opening(id, local));
                } else {
                    self.reply(Reply::Opened { socket, result: Err(OpenError::Local) });
                }
            }
        }
    }

    fn open_udp(&mut self, socket: Socket, peer: Option<SocketAddrV4>, local: u16) {
        let result = match Udp::open(self.bind, peer, local) {
            Ok(udp) => {
                self.sockets.insert(socket, Entry::Udp(udp));
                Ok(peer)
            }
            Err(_) => Err(OpenError::Local),
        };
        self.reply(Reply::Opened { socket, result });
    }

    fn listen(&mut self, socket: Socket, transport: Transport, port: u16) {
        let entry = match transport {
            Transport::Tcp => listener(SocketAddrV4::new(self.bind, port)).map(Entry::Listener),
            Transport::Udp => Udp::open(self.bind, None, port).map(Entry::Udp),
        };
        let ok = entry.is_ok();
        if let Ok(entry) = entry {
            self.sockets.insert(socket, entry);
        }
        self.reply(Reply::Listening { socket, ok });
    }

    fn accept(&mut self, token: u32, socket: Socket) {
        let stream =
            self.callers.remove(&token).and_then(|caller| Stream::new(caller.stream, caller.peer).ok());
        match stream {
            Some(stream) => {
                self.sockets.insert(socket, Entry::Tcp(stream));
            }
            None => self.arrivals.push_back(Arrival::Notify(Notify::PeerClosed { socket })),
        }
    }

    fn send(&mut self, socket: Socket, bytes: Vec<u8>, to: Option<SocketAddrV4>) {
        let result = match self.sockets.get_mut(&socket) {
            Some(Entry::Tcp(stream)) => return stream.send(bytes),
            Some(Entry::Udp(udp)) => Ok(udp.send(&bytes, to)),
            Some(Entry::Opening(..) | Entry::Listener(_)) | None => Err(()),
        };
        self.reply(Reply::Sent { socket, result });
    }

    fn close(&mut self, socket: Socket) {
        self.arrivals.retain(|arrival| socket_of(arrival) != Some(socket));
        self.callers.retain(|_, caller| caller.listener != socket);
        if let Some(Entry::Tcp(stream)) = self.sockets.remove(&socket) {
            self.closing.push(stream.close(self.now));
        }
    }

    /// Takes what the workers have done; what belongs to a socket that is closed by now is dropped.
    fn collect(&mut self) {
        while let Some(done) = self.workers.poll() {
            let (id, socket) = match &done {
                Done::Resolved(addresses) => {
                    self.reply(Reply::Resolved(addresses.clone()));
                    continue;
                }
                Done::Found { id, socket, .. } | Done::Connected { id, socket, .. } => (*id, *socket),
            };
            let local = match self.sockets.get(&socket) {
                Some(Entry::Opening(mine, local)) if *mine == id => *local,
                Some(_) | None => continue,
            };
            self.sockets.remove(&socket);
            match done {
                Done::Found { result: Ok(peer), .. } => self.open_udp(socket, Some(peer), local),
                Done::Connected { result: Ok((stream, peer)), .. } => {
                    let stream = Stream::new(stream, peer).map_err(|_| OpenError::Local);
                    let result = stream.map(|stream| {
                        self.sockets.insert(socket, Entry::Tcp(stream));
                        Some(peer)
                    });
                    self.reply(Reply::Opened { socket, result });
                }
                Done::Found { result: Err(error), .. } | Done::Connected { result: Err(error), .. } => {
                    self.reply(Reply::Opened { socket, result: Err(error) });
                }
                Done::Resolved(_) => {}
            }
        }
    }

    fn write(&mut self) {
        for (&socket, entry) in &mut self.sockets {
            if let Entry::Tcp(stream) = entry {
                stream.write(socket, &mut self.arrivals);
            }
        }
        let now = self.now;
        self.closing.retain_mut(|closing| closing.goes_on(now));
    }

    /// What one socket has for the modem; each has its turn.
    fn read(&mut self) -> Option<Arrival> {
        let behind = (Bound::Excluded(self.turn), Bound::Unbounded);
        let turns = self.sockets.range(behind).chain(self.sockets.range(..=self.turn));
        let turns: Vec<Socket> = turns.map(|(&socket, _)| socket).collect();
        for socket in turns {
            let notify = match self.sockets.get_mut(&socket) {
                Some(Entry::Tcp(stream)) => stream.read(socket, &mut self.buffer),
                Some(Entry::Udp(udp)) => udp.read(socket, &mut self.buffer),
                Some(Entry::Listener(listener)) if self.callers.len() < CALLERS => match listener.accept() {
                    Ok((stream, SocketAddr::V4(peer))) => {
                        let token = self.token();
                        self.callers.insert(token, Caller { stream, peer, listener: socket });
                        Some(Notify::Incoming { socket, token, peer })
                    }
                    Ok((_, SocketAddr::V6(_))) | Err(_) => None,
                },
                Some(Entry::Listener(_) | Entry::Opening(..)) | None => None,
            };
            if let Some(notify) = notify {
                self.turn = socket;
                return Some(Arrival::Notify(notify));
            }
        }
        None
    }

    const fn token(&mut self) -> u32 {
        self.tokens = self.tokens.wrapping_add(1);
        self.tokens
    }
}

impl Network for Sockets {
    fn request(&mut self, now: Instant, request: Request) {
        self.now = now;
        match request {
            Request::Resolve { name } => {
                if !self.workers.resolve(name) {
                    self.reply(Reply::Resolved(Vec::new()));
                }
            }
            Request::Open { socket, transport, peer, local } => {
                self.close(socket);
                self.open(socket, transport, peer, local);
            }
            Request::Listen { socket, transport, port } => {
                self.close(socket);
                self.listen(socket, transport, port);
            }
            Request::Accept { token, socket } => {
                self.close(socket);
                self.accept(token, socket);
            }
            Request::Refuse { token } => {
                self.callers.remove(&token);
            }
            Request::Send { socket, bytes, to } => self.send(socket, bytes, to),
            Request::Receive { socket, ready } => match self.sockets.get_mut(&socket) {
                Some(Entry::Tcp(stream)) => stream.ready = ready,
                Some(Entry::Udp(udp)) => udp.ready = ready,
                Some(Entry::Opening(..) | Entry::Listener(_)) | None => {}
            },
            Request::Close { socket } => self.close(socket),
        }
    }

    fn poll(&mut self, now: Instant) -> Option<Arrival> {
        self.now = now;
        self.collect();
        self.write();
        self.arrivals.pop_front().or_else(|| self.read())
    }

    /// A few milliseconds after the last look while there is anything to look at.
    fn deadline(&self) -> Option<Instant> {
        if !self.arrivals.is_empty() {
            return Some(self.now);
        }
        let idle = self.sockets.is_empty() && self.closing.is_empty() && self.workers.are_idle();
        if idle { None } else { Some(self.now.after(self.poll_ms.max(1))) }
    }
}

/// The socket of what must not be reported once that is closed.
const fn socket_of(arrival: &Arrival) -> Option<Socket> {
    match arrival {
        Arrival::Reply(
            Reply::Opened { socket, .. } | Reply::Listening { socket, .. } | Reply::Sent { socket, .. },
        )
        | Arrival::Notify(
            Notify::Data { socket, .. }
            | Notify::Acked { socket, .. }
            | Notify::PeerClosed { socket }
            | Notify::Incoming { socket, .. },
        ) => Some(*socket),
        Arrival::Reply(Reply::Resolved(_))
        | Arrival::Notify(
            Notify::ContextLost(_)
            | Notify::Registration(_)
            | Notify::Restart
            | Notify::Ring
            | Notify::Sms(_)
            | Notify::Line(_),
        ) => None,
    }
}

fn listener(address: SocketAddrV4) -> io::Result<TcpListener> {
    let listener = TcpListener::bind(address)?;
    listener.set_nonblocking(true)?;
    Ok(listener)
}

const fn v4(address: SocketAddr) -> Option<SocketAddrV4> {
    match address {
        SocketAddr::V4(address) => Some(address),
        SocketAddr::V6(_) => None,
    }
}

#[cfg(test)]
mod tests;
