//! What a test bench may look at: the module's own view of itself and of its links, whatever network is behind it.

use simcom_at::{Dialect, SocketAddrV4, Transport};

use crate::link::{Net, Phase};
use crate::modem::{Mode, Modem};

/// A link as the module sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct LinkView {
    /// Where it is in its life: `initial`, `connecting`, `connected`, `remote_closing`, `closing`, `closed`.
    pub state: &'static str,
    /// TCP or UDP.
    pub transport: Transport,
    /// The peer; `None`: not known, or it has none.
    pub peer: Option<SocketAddrV4>,
    /// The server that accepted it; `None`: the host opened it.
    pub server: Option<u8>,
    /// Bytes of the peer that the host has not got yet.
    pub unread: usize,
    /// Bytes of the host that the network has not taken yet.
    pub unsent: usize,
    /// All bytes of the host in this life.
    pub sent: u32,
    /// Of those, how many the peer has acknowledged.
    pub acknowledged: u32,
    /// All bytes of the peer in this life.
    pub received: u32,
}

/// The module as it sees itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ModemView {
    /// What host bytes are: `command`, `payload` of a send, `data` of a transparent link; or `deaf`: it starts, or hangs.
    pub mode: &'static str,
    /// `<stat>` of `AT+CREG`: 1 home, 5 roaming.
    pub registration: u8,
    /// Whether it is attached.
    pub attached: bool,
    /// Whether the selected context is up.
    pub online: bool,
}

impl Modem {
    /// Link `n` as the module sees it; `None`: the dialect has no such link.
    #[must_use]
    pub fn link_view(&self, n: u8) -> Option<LinkView> {
        let link = self.link(n)?;
        Some(LinkView {
            state: match link.phase {
                Phase::Initial => "initial",
                Phase::Connecting => "connecting",
                Phase::Connected => "connected",
                Phase::RemoteClosing => "remote_closing",
                Phase::Closing => "closing",
                Phase::Closed => "closed",
            },
            transport: link.transport,
            peer: Some(link.peer).filter(|peer| !peer.ip().is_unspecified()),
            server: link.server,
            unread: link.buffered,
            unsent: link.unsent(),
            sent: link.sent,
            acknowledged: link.acked,
            received: link.total,
        })
    }

    /// The module as it sees itself.
    #[must_use]
    pub fn view(&self) -> ModemView {
        ModemView {
            mode: match self.mode {
                _ if self.hangs() => "deaf",
                Mode::Command => "command",
                Mode::Payload(_) => "payload",
                Mode::Data(_) => "data",
                Mode::Deaf => "deaf",
            },
            registration: self.cell.registration,
            attached: self.cell.attached,
            online: match self.profile.dialect {
                Dialect::A7600 => self.cell.net == Net::Open,
                Dialect::Kingcom => self.cell.active,
                Dialect::Sim800 | Dialect::Sim800e | Dialect::Sim7000 | Dialect::Rda8955 => {
                    self.contexts.get(usize::from(self.selected)).is_some_and(|context| context.active())
                }
            },
        }
    }
}
