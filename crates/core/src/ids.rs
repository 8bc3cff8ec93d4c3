//! Small names: links, contexts, transports, and how a line names a link.

pub use core::net::{Ipv4Addr, SocketAddrV4};

/// A link (a connection), by the number the module gives it.
///
/// **Units**: 0–5 on `sim800` and `sim800e`, 0–7 on `sim7000`, 0–9 on `a7600`; always 0 on `kingcom` and in single mode.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Link(pub u8);

/// A PDP context as the host counts them: 0 is the first, 1 the second (`AT+CIPSGTXT`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub struct Context(pub u8);

/// The transport of a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Transport {
    /// `"TCP"`.
    Tcp,
    /// `"UDP"`.
    Udp,
}

impl Transport {
    /// The word on the wire: `TCP` or `UDP`.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Tcp => "TCP",
            Self::Udp => "UDP",
        }
    }
}

/// Which link a line of the module is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum On {
    /// The line carries this number.
    Link(u8),
    /// Single-connection mode: no number on the wire (`s` in the vectors).
    Single,
    /// Transparent mode (`t` in the vectors).
    Data,
    /// The wire names no link although there are several (`?` in the vectors).
    Unnamed,
}
