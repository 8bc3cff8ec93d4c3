//! What the modem asks for: names, sockets, sends, closes.

use alloc::vec::Vec;
use simcom_at::{Instant, Ipv4Addr, SocketAddrV4, Transport};

use super::peer::{Peer, State, is_tcp};
use super::service::{self, Answer, Running, Service};
use super::{Due, Loopback, What};
use crate::net::{Arrival, Host, Notify, OpenError, Reply, Socket};

/// The largest datagram of UDP over IPv4.
const LARGEST_DATAGRAM: usize = 65_507;
/// Closed peers that are kept for the test.
const CLOSED_KEPT: usize = 1_024;

impl Loopback {
    /// The addresses of a name, none when it is unknown; `None`: it is never answered.
    pub(super) fn resolve(&self, name: &str) -> Option<Vec<Ipv4Addr>> {
        let name = name.to_ascii_lowercase();
        match self.names.get(&name) {
            Some(addresses) => addresses.clone(),
            None => Some(name.parse().ok().or_else(|| service::built_in(&name)).into_iter().collect()),
        }
    }

    pub(super) fn open(
        &mut self,
        now: Instant,
        socket: Socket,
        transport: Transport,
        to: Option<(Host, u16)>,
        local: u16,
    ) {
        self.close(socket);
        let token = self.token();
        self.sockets.insert(socket, token);
        let mut at = now;
        let address = match to {
            None => Ok(None),
            Some((Host::Address(address), port)) => Ok(Some(SocketAddrV4::new(address, port))),
            Some((Host::Name(name), port)) => {
                let Some(addresses) = self.resolve(&name) else { return };
                at = at.after(self.trip()).after(self.trip());
                addresses.first().map(|address| Some(SocketAddrV4::new(*address, port))).ok_or(OpenError::Dns)
            }
        };
        let result = match address {
            Ok(Some(address)) if is_tcp(transport) => {
                at = at.after(self.trip()).after(self.trip());
                match self.services.get(&(true, address.port())) {
                    Some(Service::BlackHole) => return,
                    Some(_) => Ok(Some(address)),
                    None => Err(OpenError::Refused),
                }
            }
            Ok(None) if is_tcp(transport) => Err(OpenError::Local),
            Ok(address) => Ok(address),
            Err(error) => Err(error),
        };
        let local = self.local(local);
        let result = match result {
            Ok(address) if self.is_taken(transport, address, local) => Err(OpenError::Local),
            Ok(_) | Err(_) => result,
        };
        self.reply(at, Some(token), Reply::Opened { socket, result });
        let Ok(address) = result else { return };
        let service = address.and_then(|address| self.services.get(&(true, address.port())));
        let (running, greeting) = match (transport, service) {
            (Transport::Tcp, Some(service)) => Running::start(*service, at),
            (Transport::Tcp, None) | (Transport::Udp, _) => {
                (Running::start(Service::Discard, at).0, Answer::default())
            }
        };
        let peer = Peer::new(token, transport, address, local, running);
        self.peers.insert(token, Peer { socket: Some(socket), ..peer });
        self.answer(token, at, at, &greeting);
    }

    pub(super) fn listen(&mut self, now: Instant, socket: Socket, transport: Transport, port: u16) {
        self.close(socket);
        let token = self.token();
        self.sockets.insert(socket, token);
        let ok = !self.is_taken(transport, None, port);
        self.reply(now, Some(token), Reply::Listening { socket, ok });
        match transport {
            Transport::Tcp if ok => {
                self.listeners.insert(socket, port);
            }
            Transport::Udp if ok => {
                let (running, _) = Running::start(Service::Discard, now);
                let peer = Peer::new(token, transport, None, port, running);
                self.peers.insert(token, Peer { socket: Some(socket), ..peer });
            }
            Transport::Tcp | Transport::Udp => {}
        }
    }

    pub(super) fn accept(&mut self, now: Instant, token: u32, socket: Socket) {
        self.close(socket);
        match self.peers.get_mut(&token) {
            Some(peer) if matches!(peer.state, State::Waiting(_)) => {
                peer.state = State::Open;
                peer.socket = Some(socket);
                self.sockets.insert(socket, token);
            }
            Some(_) | None => {
                let gone = Arrival::Notify(Notify::PeerClosed { socket });
                let token = self.token();
                self.sockets.insert(socket, token);
                self.schedule(Due { at: now, token: Some(token), what: What::Arrival(gone) });
            }
        }
    }

    pub(super) fn send(&mut self, now: Instant, socket: Socket, bytes: &[u8], to: Option<SocketAddrV4>) {
        let token = self.sockets.get(&socket).copied();
        let record = self.settings.record;
        let there = now.after(self.trip());
        let back = there.after(self.trip());
        let open = |peer: &&mut Peer| peer.state == State::Open;
        let Some(peer) = token.and_then(|token| self.peers.get_mut(&token)).filter(open) else {
            return self.reply(now, token, Reply::Sent { socket, result: Err(()) });
        };
        let token = peer.token;
        let to = to.or(peer.address);
        let (Transport::Tcp, Some(address)) = (peer.transport, to) else {
            return self.send_datagram(now, there, token, socket, bytes, to);
        };
        let ended = peer.ends.is_some_and(|ends| there.reached(ends));
        let mut said = Answer::default();
        let mut acknowledged = false;
        if !ended {
            peer.received.add(record, address, bytes);
            said = peer.running.feed(bytes);
            acknowledged = peer.running.service != Service::Deaf;
        }
        self.reply(now, Some(token), Reply::Sent { socket, result: Ok(bytes.len()) });
        if acknowledged {
            let acked = Arrival::Notify(Notify::Acked { socket, bytes: bytes.len() });
            self.schedule(Due { at: back, token: Some(token), what: What::Arrival(acked) });
        }
        self.answer(token, there, back, &said);
    }

    fn send_datagram(
        &mut self,
        now: Instant,
        there: Instant,
        token: u32,
        socket: Socket,
        bytes: &[u8],
        to: Option<SocketAddrV4>,
    ) {
        let destination = to.filter(|_| bytes.len() <= LARGEST_DATAGRAM);
        let taken = destination.map_or(0, |_| bytes.len());
        self.reply(now, Some(token), Reply::Sent { socket, result: Ok(taken) });
        let Some(to) = destination else { return };
        if self.random.chance(self.settings.datagram_loss_ppm) {
            return;
        }
        let record = self.settings.record;
        if let Some(peer) = self.peers.get_mut(&token) {
            peer.received.add(record, to, bytes);
        }
        let service = self.services.get(&(false, to.port())).copied();
        if let Some(answer) = service.and_then(|service| service::datagram(service, there, bytes)) {
            let back = there.after(self.trip());
            self.deliver_datagram(token, back, to, &answer);
        }
    }

    /// Forgets a socket and all that is under way to it.
    pub(super) fn close(&mut self, socket: Socket) {
        let Some(token) = self.sockets.remove(&socket) else { return };
        self.finish(token);
        if self.listeners.remove(&socket).is_some() {
            let waiting = |peer: &&Peer| peer.state == State::Waiting(socket);
            let tokens: Vec<u32> = self.peers.values().filter(waiting).map(Peer::token).collect();
            for token in tokens {
                self.finish(token);
            }
        }
    }

    /// Ends the modem's side of a connection, and forgets the oldest of too many.
    pub(super) fn finish(&mut self, token: u32) {
        self.queue.retain(|due| due.token != Some(token));
        if let Some(peer) = self.peers.get_mut(&token) {
            peer.state = State::Closed;
        }
        let closed = |peer: &&Peer| !peer.is_live();
        if self.peers.values().filter(closed).count() > CLOSED_KEPT {
            let oldest = self.peers.values().find(closed).map(Peer::token);
            oldest.map(|token| self.peers.remove(&token));
        }
    }

    /// The local port: the one asked for, or the next free number of the dynamic ones.
    fn local(&mut self, asked: u16) -> u16 {
        if asked != 0 {
            return asked;
        }
        self.ephemeral = (self.ephemeral + 1) % 16_384;
        49_152 + self.ephemeral
    }

    /// Whether a port is in use so that this socket cannot have it.
    fn is_taken(&self, transport: Transport, address: Option<SocketAddrV4>, local: u16) -> bool {
        let listening = is_tcp(transport) && self.listeners.values().any(|port| *port == local);
        let clashes = |peer: &Peer| match transport {
            Transport::Udp => true,
            Transport::Tcp => peer.address == address,
        };
        listening
            || self.peers.values().any(|peer| {
                peer.is_live() && peer.transport == transport && peer.local == local && clashes(peer)
            })
    }
}
