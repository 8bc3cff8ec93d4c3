//! A network in memory: deterministic, for tests and for targets without sockets.
//!
//! Peers live by port, like the classic services: echo 7, discard 9, daytime 13, character generator 19, HTTP 80; every
//! address has them. `localhost`, `example.com` and all of `.test` resolve; other names do not. A connection to any other
//! port is refused, and to [`Loopback::BLACK_HOLE`] never answered. All of it can be changed.

use alloc::collections::VecDeque;
use alloc::string::String;
use alloc::vec::Vec;
use simcom_at::{Instant, Ipv4Addr, SocketAddrV4, Transport};

use crate::net::{Arrival, Network, Notify, Reply, Request, Socket};
use crate::random::Random;

mod delivery;
mod map;
mod peer;
mod requests;
mod service;

use map::Map;
pub use peer::{Peer, Record, State};
pub use service::{Service, pattern};

/// What a [`Loopback`] is like; the default answers at once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoopbackSettings {
    /// The time of one trip, in milliseconds; a connect, a resolution and an acknowledgement take two.
    pub latency_ms: u32,
    /// The most that a trip may take longer, in milliseconds, drawn for each.
    pub jitter_ms: u32,
    /// The most that a TCP connection carries to the modem, in bytes per second; 0: no limit.
    pub bytes_per_s: u32,
    /// The largest piece in which TCP bytes come; 0 counts as 1.
    pub piece: u32,
    /// Whether the size of each piece is drawn from 1 to `piece`.
    pub cut: bool,
    /// Lost datagrams per million, either way.
    pub datagram_loss_ppm: u32,
    /// The bytes that are kept of each direction of each peer.
    pub record: usize,
}

impl Default for LoopbackSettings {
    fn default() -> Self {
        Self {
            latency_ms: 0,
            jitter_ms: 0,
            bytes_per_s: 0,
            piece: 1_460,
            cut: false,
            datagram_loss_ppm: 0,
            record: 1 << 20,
        }
    }
}

/// A network in memory.
#[derive(Clone, Debug)]
pub struct Loopback {
    settings: LoopbackSettings,
    random: Random,
    /// By arrival; equal times in the order in which they were given.
    queue: VecDeque<Due>,
    sockets: Map<Socket, u32>,
    /// The ports of the listening TCP sockets.
    listeners: Map<Socket, u16>,
    peers: Map<u32, Peer>,
    services: Map<(bool, u16), Service>,
    names: Map<String, Option<Vec<Ipv4Addr>>>,
    tokens: u32,
    ephemeral: u16,
}

/// Something under way to the modem; it dies with the socket or connection of its token.
#[derive(Clone, Debug)]
struct Due {
    at: Instant,
    token: Option<u32>,
    what: What,
}

#[derive(Clone, Debug)]
enum What {
    Arrival(Arrival),
    /// Waits while the modem takes no data.
    Data {
        bytes: Vec<u8>,
        from: SocketAddrV4,
    },
    /// Waits for the data before it.
    End,
}

impl Loopback {
    /// The TCP and UDP port that never answers.
    pub const BLACK_HOLE: u16 = 6_666;

    /// A network with the classic services.
    #[must_use]
    pub fn new(settings: LoopbackSettings, seed: u64) -> Self {
        let mut this = Self {
            settings,
            random: Random::new(seed),
            queue: VecDeque::new(),
            sockets: Map::new(),
            listeners: Map::new(),
            peers: Map::new(),
            services: Map::new(),
            names: Map::new(),
            tokens: 0,
            ephemeral: 0,
        };
        for transport in [Transport::Tcp, Transport::Udp] {
            this.serve(transport, 7, Service::Echo);
            this.serve(transport, 9, Service::Discard);
            this.serve(transport, 13, Service::Daytime);
            this.serve(transport, 19, Service::Chargen(4_096));
            this.serve(transport, Self::BLACK_HOLE, Service::BlackHole);
        }
        this.serve(Transport::Tcp, 80, Service::Http);
        this
    }

    /// The network's settings, to be changed while it runs; what is under way keeps its time.
    pub const fn settings_mut(&mut self) -> &mut LoopbackSettings {
        &mut self.settings
    }
}

impl Network for Loopback {
    fn request(&mut self, now: Instant, request: Request) {
        match request {
            Request::Resolve { name } => {
                let at = now.after(self.trip()).after(self.trip());
                if let Some(addresses) = self.resolve(&name) {
                    self.reply(at, None, Reply::Resolved(addresses));
                }
            }
            Request::Open { socket, transport, peer, local } => {
                self.open(now, socket, transport, peer, local)
            }
            Request::Listen { socket, transport, port } => self.listen(now, socket, transport, port),
            Request::Accept { token, socket } => self.accept(now, token, socket),
            Request::Refuse { token } => self.finish(token),
            Request::Send { socket, bytes, to } => self.send(now, socket, &bytes, to),
            Request::Receive { socket, ready } => {
                let peer = self.sockets.get(&socket).and_then(|token| self.peers.get_mut(token));
                if let Some(peer) = peer {
                    peer.ready = ready;
                }
            }
            Request::Close { socket } => self.close(socket),
        }
    }

    fn poll(&mut self, now: Instant) -> Option<Arrival> {
        let place = self.next()?;
        if !now.reached(self.queue.get(place)?.at) {
            return None;
        }
        let Due { token, what, .. } = self.queue.remove(place)?;
        let peer = token.and_then(|token| self.peers.get_mut(&token));
        match (what, peer) {
            (What::Arrival(arrival), _) => Some(arrival),
            (What::Data { bytes, from }, Some(peer)) => {
                peer.delivered += bytes.len();
                peer.socket.map(|socket| Arrival::Notify(Notify::Data { socket, bytes, from: Some(from) }))
            }
            (What::End, Some(peer)) => {
                peer.state = State::PeerClosed;
                peer.socket.map(|socket| Arrival::Notify(Notify::PeerClosed { socket }))
            }
            (What::Data { .. } | What::End, None) => None,
        }
    }

    fn deadline(&self) -> Option<Instant> {
        self.next().and_then(|place| self.queue.get(place)).map(|due| due.at)
    }
}

#[cfg(test)]
mod tests;
