//! The network behind a virtual modem: in memory, or the host's own sockets.

use simcom_at::Instant;
use simcom_modem::loopback::Loopback;
use simcom_modem::net::{Arrival, Network, Request};
use simcom_modem::sockets::Sockets;

/// One of the two.
pub enum Net {
    /// In memory.
    Loopback(Box<Loopback>),
    /// Real sockets.
    Sockets(Box<Sockets>),
}

impl Net {
    fn inner(&self) -> &dyn Network {
        match self {
            Self::Loopback(network) => &**network,
            Self::Sockets(network) => &**network,
        }
    }

    fn inner_mut(&mut self) -> &mut dyn Network {
        match self {
            Self::Loopback(network) => &mut **network,
            Self::Sockets(network) => &mut **network,
        }
    }
}

impl Network for Net {
    fn request(&mut self, now: Instant, request: Request) {
        self.inner_mut().request(now, request);
    }

    fn poll(&mut self, now: Instant) -> Option<Arrival> {
        self.inner_mut().poll(now)
    }

    fn deadline(&self) -> Option<Instant> {
        self.inner().deadline()
    }
}
