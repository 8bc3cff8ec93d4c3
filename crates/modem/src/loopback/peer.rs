//! The other ends: what each got, what it sent, and the test's hand on them.

use alloc::vec::Vec;
use simcom_at::{Instant, Ipv4Addr, SocketAddrV4, Transport};

use super::service::{self, Running, Service};
use super::{Due, Loopback, What};
use crate::net::{Arrival, Notify, Socket};

/// The other end of one connection, or of one UDP socket with all its senders and receivers.
#[derive(Clone, Debug)]
pub struct Peer {
    pub(super) token: u32,
    pub(super) transport: Transport,
    pub(super) socket: Option<Socket>,
    pub(super) address: Option<SocketAddrV4>,
    pub(super) local: u16,
    pub(super) running: Running,
    pub(super) state: State,
    /// The modem takes data.
    pub(super) ready: bool,
    /// When the peer closed, by its own clock.
    pub(super) ends: Option<Instant>,
    pub(super) received: Record,
    pub(super) sent: Record,
    pub(super) delivered: usize,
}

/// Where a connection is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum State {
    /// It waits to be accepted by this listening socket.
    Waiting(Socket),
    /// Open; a peer that has closed but whose close has not reached the modem yet is open.
    Open,
    /// The modem was told that the peer closed.
    PeerClosed,
    /// The modem closed or refused it.
    Closed,
}

impl Peer {
    /// Its name in this network; for a connection to a listening socket the token of `Incoming`.
    #[must_use]
    pub const fn token(&self) -> u32 {
        self.token
    }

    /// TCP or UDP.
    #[must_use]
    pub const fn transport(&self) -> Transport {
        self.transport
    }

    /// The modem's socket, also when it is closed by now; `None`: not accepted yet, or never.
    #[must_use]
    pub const fn socket(&self) -> Option<Socket> {
        self.socket
    }

    /// Its address; `None` for a UDP socket without a peer.
    #[must_use]
    pub const fn address(&self) -> Option<SocketAddrV4> {
        self.address
    }

    /// The modem's port.
    #[must_use]
    pub const fn local(&self) -> u16 {
        self.local
    }

    /// Where the connection is.
    #[must_use]
    pub const fn state(&self) -> State {
        self.state
    }

    /// What it got from the modem, each send by itself, with its destination. Counted when the network took it.
    #[must_use]
    pub const fn received(&self) -> &Record {
        &self.received
    }

    /// What it sent to the modem, each send by itself, with its sender.
    #[must_use]
    pub const fn sent(&self) -> &Record {
        &self.sent
    }

    /// How many of the bytes it sent the modem has got.
    #[must_use]
    pub const fn delivered(&self) -> usize {
        self.delivered
    }

    /// An open peer that has no socket yet.
    pub(super) fn new(
        token: u32,
        transport: Transport,
        address: Option<SocketAddrV4>,
        local: u16,
        running: Running,
    ) -> Self {
        Self {
            token,
            transport,
            socket: None,
            address,
            local,
            running,
            state: State::Open,
            ready: true,
            ends: None,
            received: Record::default(),
            sent: Record::default(),
            delivered: 0,
        }
    }

    pub(super) fn is_live(&self) -> bool {
        self.state != State::Closed
    }
}

/// The sends of one direction.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Record {
    each: Vec<(SocketAddrV4, Vec<u8>)>,
    kept: usize,
    total: usize,
}

impl Record {
    /// The sends: the far address and the bytes; no more after the first [`super::LoopbackSettings::record`] bytes.
    #[must_use]
    pub fn each(&self) -> &[(SocketAddrV4, Vec<u8>)] {
        &self.each
    }

    /// All bytes in a row, as far as they are kept.
    #[must_use]
    pub fn bytes(&self) -> Vec<u8> {
        self.each.iter().flat_map(|(_, bytes)| bytes).copied().collect()
    }

    /// The number of bytes, kept or not.
    #[must_use]
    pub const fn total(&self) -> usize {
        self.total
    }

    pub(super) fn add(&mut self, limit: usize, address: SocketAddrV4, bytes: &[u8]) {
        self.total += bytes.len();
        let room = limit.saturating_sub(self.kept);
        let kept: Vec<u8> = bytes.iter().take(room).copied().collect();
        self.kept += kept.len();
        if room > 0 || bytes.is_empty() {
            self.each.push((address, kept));
        }
    }
}

/// The test's side. Times may lie ahead: what is done at `at` reaches the modem one trip later.
impl Loopback {
    /// All peers, the oldest first; of the closed ones the last 1,024.
    pub fn peers(&self) -> impl DoubleEndedIterator<Item = &Peer> {
        self.peers.values()
    }

    /// The peer of this token.
    #[must_use]
    pub fn peer(&self, token: u32) -> Option<&Peer> {
        self.peers.get(&token)
    }

    /// The latest peer of this socket, also when it is closed.
    #[must_use]
    pub fn peer_of(&self, socket: Socket) -> Option<&Peer> {
        self.peers().rev().find(|peer| peer.socket == Some(socket))
    }

    /// All bytes that the latest peer of this socket got.
    #[must_use]
    pub fn peer_received(&self, socket: Socket) -> Vec<u8> {
        self.peer_of(socket).map_or_else(Vec::new, |peer| peer.received.bytes())
    }

    /// Connects to a listening TCP socket; the token is that of `Incoming`. `None`: nobody listens there.
    pub fn connect(&mut self, at: Instant, port: u16) -> Option<u32> {
        let (&socket, _) = self.listeners.iter().find(|(_, listening)| **listening == port)?;
        let due = at.after(self.trip());
        let token = self.token();
        let address = service::caller(token);
        let (running, _) = Running::start(Service::Discard, at);
        let peer = Peer::new(token, Transport::Tcp, Some(address), port, running);
        self.peers.insert(token, Peer { state: State::Waiting(socket), ..peer });
        let incoming = Notify::Incoming { socket, token, peer: address };
        self.schedule(Due { at: due, token: Some(token), what: What::Arrival(Arrival::Notify(incoming)) });
        Some(token)
    }

    /// Sends bytes from a TCP peer to the modem. `false`, and nothing is sent: there is no such open connection.
    pub fn peer_send(&mut self, at: Instant, token: u32, bytes: &[u8]) -> bool {
        let trip = self.trip();
        match self.peers.get(&token) {
            Some(peer) if peer.transport == Transport::Tcp && peer.is_live() && peer.ends.is_none() => {
                self.stream(token, at.after(trip), bytes);
                true
            }
            Some(_) | None => false,
        }
    }

    /// Closes a TCP connection from the peer's side, behind all it sent. `false`: there is no such open connection.
    pub fn peer_close(&mut self, at: Instant, token: u32) -> bool {
        let trip = self.trip();
        match self.peers.get(&token) {
            Some(peer) if peer.transport == Transport::Tcp && peer.is_live() && peer.ends.is_none() => {
                self.end(token, at, at.after(trip));
                true
            }
            Some(_) | None => false,
        }
    }

    /// Breaks a TCP connection: what has not reached the modem is lost. `false`: there is no such open connection.
    pub fn peer_reset(&mut self, at: Instant, token: u32) -> bool {
        let trip = self.trip();
        match self.peers.get(&token) {
            Some(peer) if peer.transport == Transport::Tcp && peer.is_live() => {
                self.queue.retain(|due| {
                    due.token != Some(token) || !matches!(due.what, What::Data { .. } | What::End)
                });
                self.end(token, at, at.after(trip));
                true
            }
            Some(_) | None => false,
        }
    }

    /// Sends a datagram to the modem's UDP port. `false`, and nothing is sent: no UDP socket has this port.
    pub fn datagram(&mut self, at: Instant, from: SocketAddrV4, port: u16, bytes: &[u8]) -> bool {
        let due = at.after(self.trip());
        let udp = |peer: &&Peer| peer.is_live() && peer.transport == Transport::Udp && peer.local == port;
        let Some(token) = self.peers.values().find(udp).map(Peer::token) else { return false };
        self.deliver_datagram(token, due, from, bytes);
        true
    }

    /// Lets something happen at a time: a lost context, another registration, a restart, a line.
    pub fn at(&mut self, at: Instant, notify: Notify) {
        self.schedule(Due { at, token: None, what: What::Arrival(Arrival::Notify(notify)) });
    }

    /// Puts a service behind a port; BSD numbers are there already.
    pub fn serve(&mut self, transport: Transport, port: u16, service: Service) {
        self.services.insert((is_tcp(transport), port), service);
    }

    /// Takes the service from a port: connections are refused, datagrams lost.
    pub fn unserve(&mut self, transport: Transport, port: u16) {
        self.services.remove(&(is_tcp(transport), port));
    }

    /// Gives a name its addresses, whatever it had; none: it cannot be resolved.
    pub fn name(&mut self, name: &str, addresses: &[Ipv4Addr]) {
        self.names.insert(name.to_ascii_lowercase(), Some(addresses.to_vec()));
    }

    /// Lets a name never be answered.
    pub fn name_unanswered(&mut self, name: &str) {
        self.names.insert(name.to_ascii_lowercase(), None);
    }
}

pub(super) const fn is_tcp(transport: Transport) -> bool {
    matches!(transport, Transport::Tcp)
}
