//! Links, servers and PDP contexts.

use crate::profile::Profile;
use alloc::collections::VecDeque;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use simcom_at::{Ipv4Addr, SocketAddrV4, Transport};

/// Where a link is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Phase {
    /// Never used.
    Initial,
    /// The network is asked to open it.
    Connecting,
    /// Open.
    Connected,
    /// The peer has closed; data is still to be read or pushed.
    RemoteClosing,
    /// Closed by a quick close that the peer has not confirmed yet.
    Closing,
    /// Closed, its address is still shown.
    Closed,
}

/// A block on its way to the network.
#[derive(Debug)]
pub(crate) struct Outgoing {
    pub(crate) bytes: Vec<u8>,
    pub(crate) to: Option<SocketAddrV4>,
    /// Of `bytes`, so many have been taken.
    pub(crate) taken: usize,
}

/// A link.
#[derive(Debug)]
pub(crate) struct Link {
    pub(crate) phase: Phase,
    pub(crate) transport: Transport,
    /// The peer, as known; unspecified for a UDP socket without one.
    pub(crate) peer: SocketAddrV4,
    pub(crate) context: u8,
    /// The server that accepted it.
    pub(crate) server: Option<u8>,
    /// Data that came in, by sender.
    pub(crate) received: VecDeque<(Option<SocketAddrV4>, Vec<u8>)>,
    pub(crate) buffered: usize,
    /// The network has been told to stop.
    pub(crate) paused: bool,
    /// The host has been told that data waits.
    pub(crate) notified: bool,
    /// The peer has closed and the host has not been told yet.
    pub(crate) closing: bool,
    pub(crate) outgoing: VecDeque<Outgoing>,
    /// A `Request::Send` is out.
    pub(crate) asked: bool,
    /// Bytes given to the network, acknowledged by the peer, received.
    pub(crate) sent: u32,
    pub(crate) acked: u32,
    pub(crate) total: u32,
    /// Bytes the network has taken.
    pub(crate) given: u32,
    /// A7600 with `AT+CIPSENDMODE=1`: up to which byte each report waits for the acknowledgement, and its length.
    pub(crate) reports: VecDeque<(u32, usize)>,
    /// A7600: a short write made it unusable.
    pub(crate) broken: bool,
    /// `AT+CLPORT`: TCP, UDP.
    pub(crate) ports: [u16; 2],
    /// `AT+CIPUDPMODE`: mode and destination.
    pub(crate) udp_mode: u8,
    pub(crate) udp_to: Option<SocketAddrV4>,
}

impl Link {
    pub(crate) fn new() -> Self {
        Self {
            phase: Phase::Initial,
            transport: Transport::Tcp,
            peer: SocketAddrV4::new(Ipv4Addr::UNSPECIFIED, 0),
            context: 0,
            server: None,
            received: VecDeque::new(),
            buffered: 0,
            paused: false,
            notified: false,
            closing: false,
            outgoing: VecDeque::new(),
            asked: false,
            sent: 0,
            acked: 0,
            total: 0,
            given: 0,
            reports: VecDeque::new(),
            broken: false,
            ports: [0, 0],
            udp_mode: 0,
            udp_to: None,
        }
    }

    /// Begins a new life; the port and UDP mode settings stay.
    pub(crate) fn begin(&mut self, phase: Phase, transport: Transport, peer: SocketAddrV4, context: u8) {
        let (ports, udp_mode, udp_to) = (self.ports, self.udp_mode, self.udp_to);
        *self = Self { phase, transport, peer, context, ports, udp_mode, udp_to, ..Self::new() };
    }

    /// Ends its life: what was not read or sent is dropped.
    pub(crate) fn end(&mut self) {
        self.phase = Phase::Closed;
        self.received.clear();
        self.buffered = 0;
        self.outgoing.clear();
        self.reports.clear();
        self.asked = false;
        self.closing = false;
        self.notified = false;
    }

    /// Whether the network holds a socket for it.
    pub(crate) fn in_network(&self) -> bool {
        match self.phase {
            Phase::Connecting | Phase::Connected => true,
            Phase::Initial | Phase::RemoteClosing | Phase::Closing | Phase::Closed => false,
        }
    }

    /// Whether its number is taken.
    pub(crate) fn in_use(&self) -> bool {
        match self.phase {
            Phase::Connecting | Phase::Connected | Phase::RemoteClosing => true,
            Phase::Initial | Phase::Closing | Phase::Closed => false,
        }
    }

    pub(crate) fn is_open(&self) -> bool {
        self.phase == Phase::Connected
    }

    pub(crate) fn is_tcp(&self) -> bool {
        self.transport == Transport::Tcp
    }

    /// Stores data that came in.
    pub(crate) fn store(&mut self, bytes: Vec<u8>, from: Option<SocketAddrV4>) {
        self.total = self.total.wrapping_add(u32::try_from(bytes.len()).unwrap_or(u32::MAX));
        self.buffered = self.buffered.saturating_add(bytes.len());
        self.received.push_back((from, bytes));
    }

    /// Takes at most `max` bytes. `whole`: never more than one block as it came in; `one_sender`: never of two senders.
    pub(crate) fn take(
        &mut self,
        max: usize,
        whole: bool,
        one_sender: bool,
    ) -> (Vec<u8>, Option<SocketAddrV4>) {
        let mut taken = Vec::new();
        let mut sender = None;
        while taken.len() < max {
            let Some((from, block)) = self.received.front_mut() else { break };
            if !taken.is_empty() && (whole || (one_sender && *from != sender)) {
                break;
            }
            sender = *from;
            let n = block.len().min(max.saturating_sub(taken.len()));
            taken.extend(block.drain(..n));
            if block.is_empty() {
                self.received.pop_front();
            }
        }
        self.buffered = self.buffered.saturating_sub(taken.len());
        (taken, sender)
    }

    /// Bytes that wait for the network.
    pub(crate) fn unsent(&self) -> usize {
        self.outgoing.iter().map(|o| o.bytes.len().saturating_sub(o.taken)).sum()
    }
}

/// A listening server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Server {
    pub(crate) phase: ServerPhase,
    pub(crate) port: u16,
    pub(crate) transport: Transport,
    pub(crate) context: u8,
    /// Most clients.
    pub(crate) backlog: u8,
}

/// Where a server is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ServerPhase {
    Off,
    Opening,
    Listening,
    /// Stopped by the host, which has not been told yet.
    Closing,
}

impl Server {
    pub(crate) const OFF: Self =
        Self { phase: ServerPhase::Off, port: 0, transport: Transport::Tcp, context: 0, backlog: 0 };

    pub(crate) fn on(&self) -> bool {
        self.phase != ServerPhase::Off
    }
}

/// Where a PDP context is in its life, as `AT+CIPSTATUS` names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Pdp {
    Initial,
    Start,
    Config,
    GprsAct,
    Status,
    Deact,
}

/// A PDP context.
#[derive(Debug)]
pub(crate) struct Context {
    pub(crate) pdp: Pdp,
    pub(crate) apn: String,
    pub(crate) user: String,
    pub(crate) password: String,
}

impl Context {
    pub(crate) fn new() -> Self {
        Self { pdp: Pdp::Initial, apn: "CMNET".to_string(), user: String::new(), password: String::new() }
    }

    /// Whether it has an address.
    pub(crate) fn active(&self) -> bool {
        match self.pdp {
            Pdp::GprsAct | Pdp::Status => true,
            Pdp::Initial | Pdp::Start | Pdp::Config | Pdp::Deact => false,
        }
    }
}

/// What the module knows of the mobile network.
#[derive(Debug)]
pub(crate) struct Cell {
    /// `<stat>` of `AT+CREG`.
    pub(crate) registration: u8,
    pub(crate) attached: bool,
    /// `AT+CGACT` (`kingcom`: what `AT+CIPSTART` needs).
    pub(crate) active: bool,
    /// `AT+NETOPEN`.
    pub(crate) net: Net,
    pub(crate) cfun: u8,
}

/// The network service of A7600.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Net {
    Closed,
    Opening,
    Open,
}

impl Cell {
    pub(crate) fn new(profile: &Profile) -> Self {
        Self { registration: profile.registration, attached: true, active: false, net: Net::Closed, cfun: 1 }
    }

    /// Whether a context can be activated.
    pub(crate) fn serves(&self) -> bool {
        self.attached && matches!(self.registration, 1 | 5)
    }
}
