//! What a session tells its caller.

use crate::error::{Remedy, Why};
use crate::ids::{Context, Ipv4Addr, Link, SocketAddrV4};

/// The session's commands, named in `Done` and `Failed`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
#[repr(u8)]
pub enum Action {
    /// `probe`.
    Probe = 1,
    /// `sim`.
    Sim = 2,
    /// `signal`.
    Signal = 3,
    /// `registration`.
    Registration = 4,
    /// `attach`.
    Attach = 5,
    /// `detach`.
    Detach = 6,
    /// `address`.
    Address = 7,
    /// `open`.
    Open = 8,
    /// `send`.
    Send = 9,
    /// `close`.
    Close = 10,
    /// `shut`.
    Shut = 11,
    /// `resolve`.
    Resolve = 12,
    /// `status`.
    Status = 13,
    /// `raw`.
    Raw = 14,
    /// `listen`.
    Listen = 15,
    /// `unlisten`.
    Unlisten = 16,
    /// `acknowledged`.
    Acknowledged = 17,
    /// `room`.
    Room = 18,
    /// `context`.
    Context = 19,
    /// `udp_peer`.
    UdpPeer = 20,
    /// `enter_data`.
    EnterData = 21,
    /// `leave_data`.
    LeaveData = 22,
    /// `set`, `set_dns`.
    Set = 23,
    /// `ask`, `ranges`.
    Ask = 24,
    /// `sleep`.
    Sleep = 25,
    /// `wake`.
    Wake = 26,
}

/// How sure a sent payload is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Outcome {
    /// The peer's TCP has acknowledged it.
    Delivered,
    /// The module took so many bytes; less than given: the link is unusable afterwards.
    Accepted(u16),
    /// Nothing was sent.
    NotSent,
    /// Between none and so many bytes were sent.
    Unknown(u16),
}

/// What a command answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Value {
    /// Nothing but success.
    None,
    /// `address`.
    Address(Ipv4Addr),
    /// `resolve`: up to two addresses.
    Addresses(Ipv4Addr, Option<Ipv4Addr>),
    /// `signal`: rssi 0–31 or 99, ber 0–7 or 99.
    Signal(u8, u8),
    /// `registration`: `<stat>` 0–5; 1 home, 5 roaming.
    Registration(u8),
    /// `sim`: whether the SIM is ready; its text is behind `text()`.
    Sim(bool),
    /// `room`: bytes that one send takes now.
    Room(u16),
    /// `acknowledged`: bytes of this link so far.
    Ack {
        /// Sent.
        sent: u32,
        /// Acknowledged by the peer; a datagram never is.
        acked: u32,
    },
}

/// Why a link is gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
#[repr(u8)]
pub enum Closing {
    /// `close` or `shut` by the caller.
    Local = 1,
    /// The peer closed it.
    Peer = 2,
    /// The context or the network was lost.
    Network = 3,
    /// The module restarted.
    Restart = 4,
    /// The module says it is closed and gave no reason, or reused its number.
    Unsaid = 5,
}

/// What was lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
#[repr(u8)]
pub enum Loss {
    /// Bytes of a payload never came from the module.
    Payload = 1,
    /// Bytes that waited in the module were dropped with their link.
    Unread = 2,
}

/// A link's state, in a `LinkStatus` row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
#[repr(u8)]
pub enum LinkState {
    /// Never used.
    Initial = 0,
    /// `CONNECTING`.
    Connecting = 1,
    /// `CONNECTED`.
    Connected = 2,
    /// `REMOTE CLOSING`.
    RemoteClosing = 3,
    /// `CLOSING`.
    Closing = 4,
    /// `CLOSED`.
    Closed = 5,
    /// A text the library does not know.
    Other = 6,
}

/// What happened. `Copy`; borrows from the input only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Event<'i> {
    /// The line is free: the next command may be given.
    Ready,
    /// A command ended well.
    Done {
        /// Which.
        action: Action,
        /// For which link, where it has one.
        link: Option<Link>,
        /// Its answer.
        value: Value,
    },
    /// A command ended badly; `text()` is the module's line.
    Failed {
        /// Which.
        action: Action,
        /// For which link, where it has one.
        link: Option<Link>,
        /// The step of a procedure, from 0.
        step: u8,
        /// Why.
        why: Why,
        /// What to do about it.
        remedy: Remedy,
    },
    /// A link is open.
    Opened {
        /// The link.
        link: Link,
    },
    /// A peer opened a link to our server.
    Accepted {
        /// The link.
        link: Link,
        /// The peer; port 0 where the module does not say it.
        from: SocketAddrV4,
    },
    /// A `send` has ended.
    Sent {
        /// The link.
        link: Link,
        /// How.
        outcome: Outcome,
    },
    /// Payload.
    Received {
        /// The link; `None` when the module did not name it.
        link: Option<Link>,
        /// The sender, where the module says so.
        from: Option<SocketAddrV4>,
        /// The bytes.
        bytes: &'i [u8],
        /// Bytes of this payload that still come; 0: it is whole.
        left: u16,
    },
    /// The peer has closed; unread data may still follow, then `Closed`.
    PeerClosed {
        /// The link.
        link: Link,
    },
    /// The last event of a link. When a context is lost, the `Closed` of its links come before `NetworkDown`.
    Closed {
        /// The link.
        link: Link,
        /// Why.
        why: Closing,
        /// False when it was only inferred.
        certain: bool,
    },
    /// A row of `status`.
    LinkStatus {
        /// The link.
        link: Link,
        /// Its state as the module prints it.
        state: LinkState,
    },
    /// The context or the network is gone.
    NetworkDown {
        /// Which context.
        context: Context,
    },
    /// A registration notice: `<stat>`.
    Registration {
        /// `+CGREG` (packet) rather than `+CREG`.
        packet: bool,
        /// 0–5; 1 home, 5 roaming.
        stat: u8,
    },
    /// The module has started anew; all links are closed.
    Restarted,
    /// A power warning; `down`: the module switches off.
    Power {
        /// It switches off.
        down: bool,
    },
    /// A call comes in.
    Ring,
    /// A message came in.
    Sms {
        /// Its number in the store.
        index: u16,
    },
    /// A line the session does not use; it is `text()`.
    Line {
        /// Another piece of the same line follows.
        more: bool,
    },
    /// Bytes that are lost.
    Lost {
        /// What they were.
        what: Loss,
        /// The link, where it is known.
        link: Option<Link>,
        /// How many.
        bytes: u16,
    },
}
