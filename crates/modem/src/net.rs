//! What a virtual modem asks of the network, and what the network tells it.
//!
//! The modem numbers its sockets itself: a link n is socket n, a listening server i is socket `SERVER + i`.

use alloc::string::String;
use alloc::vec::Vec;
use simcom_at::{Instant, Ipv4Addr, SocketAddrV4, Transport};

/// A socket, by the modem's number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Socket(pub u8);

impl Socket {
    /// The number of the first listening server.
    pub const SERVER: u8 = 0x80;
}

/// The host of a connection: an address or a name to be resolved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Host {
    /// Dotted decimal.
    Address(Ipv4Addr),
    /// A name.
    Name(String),
}

/// What the modem wants of the network. Each `Open`, `Listen`, `Resolve` and `Send` is answered by one [`Reply`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Request {
    /// Resolve a name.
    Resolve {
        /// The name.
        name: String,
    },
    /// Open a connection, or a UDP socket.
    Open {
        /// The socket's number from now on.
        socket: Socket,
        /// TCP or UDP.
        transport: Transport,
        /// The peer; `None` for a UDP socket without one.
        peer: Option<(Host, u16)>,
        /// The local port, 0 for any.
        local: u16,
    },
    /// Listen.
    Listen {
        /// The socket's number from now on.
        socket: Socket,
        /// TCP or UDP.
        transport: Transport,
        /// The local port.
        port: u16,
    },
    /// Take a connection that [`Notify::Incoming`] announced.
    Accept {
        /// Its token.
        token: u32,
        /// The socket's number from now on.
        socket: Socket,
    },
    /// Refuse a connection that [`Notify::Incoming`] announced.
    Refuse {
        /// Its token.
        token: u32,
    },
    /// Send bytes (TCP) or one datagram (UDP).
    Send {
        /// The socket.
        socket: Socket,
        /// The bytes.
        bytes: Vec<u8>,
        /// The destination, where it is not the peer of `Open`.
        to: Option<SocketAddrV4>,
    },
    /// The modem's buffer of this socket is full (`false`) or has room again (`true`): stop or go on delivering.
    Receive {
        /// The socket.
        socket: Socket,
        /// Whether the modem takes data.
        ready: bool,
    },
    /// Close; nothing of this socket is reported afterwards. No reply.
    Close {
        /// The socket.
        socket: Socket,
    },
}

/// The answer to a [`Request`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reply {
    /// `Resolve` ended; no address: it failed.
    Resolved(Vec<Ipv4Addr>),
    /// `Open` ended.
    Opened {
        /// The socket.
        socket: Socket,
        /// The peer's address where there is one, or why it failed.
        result: Result<Option<SocketAddrV4>, OpenError>,
    },
    /// `Listen` ended.
    Listening {
        /// The socket.
        socket: Socket,
        /// Whether it listens.
        ok: bool,
    },
    /// `Send` ended: so many bytes were taken by the host's stack (all of a datagram or nothing).
    Sent {
        /// The socket.
        socket: Socket,
        /// The bytes taken, or `Err` when the connection is gone.
        result: Result<usize, ()>,
    },
}

/// Why `Open` failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum OpenError {
    /// The name is unknown.
    Dns,
    /// The peer refused.
    Refused,
    /// No answer.
    Timeout,
    /// The local port is taken, or no socket could be made.
    Local,
}

/// What happens by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Notify {
    /// Bytes (TCP) or one datagram (UDP) came in.
    Data {
        /// The socket.
        socket: Socket,
        /// The bytes.
        bytes: Vec<u8>,
        /// The sender.
        from: Option<SocketAddrV4>,
    },
    /// The peer has acknowledged so many more bytes.
    Acked {
        /// The socket.
        socket: Socket,
        /// The bytes.
        bytes: usize,
    },
    /// The peer closed the connection, or it broke.
    PeerClosed {
        /// The socket.
        socket: Socket,
    },
    /// A peer wants to connect to a listening socket.
    Incoming {
        /// The listening socket.
        socket: Socket,
        /// A name for `Accept` and `Refuse`.
        token: u32,
        /// The peer.
        peer: SocketAddrV4,
    },
    /// The PDP context (0 or 1) is lost.
    ContextLost(u8),
    /// The registration changed: `<stat>` of `+CREG`.
    Registration(u8),
    /// The module starts anew.
    Restart,
    /// A call comes in.
    Ring,
    /// A message came in, with its number in the store.
    Sms(u16),
    /// Any line the module prints by itself (`UNDER-VOLTAGE WARNNING`).
    Line(String),
}

/// What comes from the network.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Arrival {
    /// An answer.
    Reply(Reply),
    /// Something by itself.
    Notify(Notify),
}

/// The network behind a virtual modem.
pub trait Network {
    /// Takes a request of the modem.
    fn request(&mut self, now: Instant, request: Request);
    /// The next thing that has come, if any.
    fn poll(&mut self, now: Instant) -> Option<Arrival>;
    /// When `poll` may have something by itself; `None`: only after a request. Real sockets are polled often instead.
    fn deadline(&self) -> Option<Instant>;
}
