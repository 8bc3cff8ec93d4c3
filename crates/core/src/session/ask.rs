//! Servers, contexts, destinations, and questions about sending.

use super::slot::{Marks, State};
use super::{Session, TELL_DONE, flag};
use crate::error::Refused;
use crate::event::Action;
use crate::ids::{Context, Link, SocketAddrV4, Transport};
use crate::step::Which;
use crate::template::Args;
use crate::time::Instant;

impl<B: AsRef<[u8]> + AsMut<[u8]>> Session<B> {
    /// Begins to listen on `port`. `server`: 0, or 0–3 on `a7600`; `backlog`: clients that may wait, where the dialect
    /// takes a number (1–5 on `sim800e`, 1–3 on `a7600`).
    ///
    /// **Next**: `Done`, then `Accepted` for each client; or `Failed`.
    /// # Errors
    /// [`Refused::Busy`]; [`Refused::NotInDialect`], also for UDP where only TCP can listen; [`Refused::NoSuchLink`] for
    /// the server; [`Refused::SmallBuffer`]; [`Refused::State`] when `set` has changed what framing rests on, and no
    /// `attach` came since. Nothing changed then.
    pub fn listen(
        &mut self,
        now: Instant,
        server: u8,
        transport: Transport,
        port: u16,
        backlog: u8,
    ) -> Result<(), Refused> {
        let udp = transport == Transport::Udp;
        if udp && self.spec.dialect != crate::Dialect::Sim800e {
            return Err(Refused::NotInDialect);
        }
        if server >= self.spec.servers {
            return Err(if self.spec.servers == 0 { Refused::NotInDialect } else { Refused::NoSuchLink });
        }
        if self.marks.has(flag::UNSET) {
            return Err(Refused::State);
        }
        let local = u16::from(backlog.clamp(1, if self.spec.servers > 1 { 3 } else { 5 }));
        let args = Args { link: server, transport: Some(transport), port, local, ..Args::default() };
        self.give(now, Action::Listen, Which::Listen, &args, &[], 0)
    }

    /// Stops listening; links that were accepted stay.
    ///
    /// **Next**: `Done` or `Failed`.
    /// # Errors
    /// [`Refused::Busy`], [`Refused::NotInDialect`], [`Refused::NoSuchLink`] for the server. Nothing changed then.
    pub fn unlisten(&mut self, now: Instant, server: u8) -> Result<(), Refused> {
        if server >= self.spec.servers {
            return Err(if self.spec.servers == 0 { Refused::NotInDialect } else { Refused::NoSuchLink });
        }
        let args = Args { link: server, ..Args::default() };
        self.give(now, Action::Unlisten, Which::Unlisten, &args, &[], 0)
    }

    /// Selects the context that `open`, `address`, `resolve` and `shut` are about; links keep the one they were opened on.
    ///
    /// **Next**: `Done` or `Failed`.
    /// # Errors
    /// [`Refused::Busy`]; [`Refused::NotInDialect`] where there is one context only, and in single-connection mode.
    /// Nothing changed then.
    pub fn context(&mut self, now: Instant, context: Context) -> Result<(), Refused> {
        if context.0 > 1 || self.settings.single() {
            return Err(Refused::NotInDialect);
        }
        let args = Args { link: context.0, ..Args::default() };
        self.give(now, Action::Context, Which::Context, &args, &[], 0)
    }

    /// Gives a UDP link another destination; needs [`Settings::any_peer`](crate::Settings::any_peer), but on `a7600`.
    ///
    /// **Next**: `Done` or `Failed`.
    /// # Errors
    /// [`Refused::NoSuchLink`], [`Refused::NotOpen`], [`Refused::Destination`] for a TCP link, [`Refused::Busy`],
    /// [`Refused::NotInDialect`], [`Refused::State`] without `any_peer`. Nothing changed then.
    pub fn udp_peer(&mut self, now: Instant, link: Link, to: SocketAddrV4) -> Result<(), Refused> {
        self.check_link(link)?;
        let slot = *self.slot(link.0).ok_or(Refused::NoSuchLink)?;
        if slot.state != State::Open {
            return Err(Refused::NotOpen);
        }
        if !slot.marks.has(Marks::UDP) {
            return Err(Refused::Destination);
        }
        let args = Args { link: link.0, ip: Some(*to.ip()), port: to.port(), ..Args::default() };
        if self.spec.datagram_to {
            // The destination is part of each send: there is nothing to tell the module.
            self.give(now, Action::UdpPeer, Which::Signal, &args, &[], 0)?;
            self.tell |= TELL_DONE;
        } else {
            let has = !self.spec.procedures.get(Which::Peer).is_empty();
            if has && !self.settings.any_peer() {
                return Err(Refused::State);
            }
            self.give(now, Action::UdpPeer, Which::Peer, &args, &[], 0)?;
        }
        if let Some(slot) = self.slot(link.0) {
            slot.ip = to.ip().octets();
            slot.port = to.port();
        }
        Ok(())
    }

    /// Asks how many bytes of a link the peer has acknowledged (`AT+CIPACK`).
    ///
    /// **Next**: `Done` with [`Value::Ack`](crate::Value::Ack), or `Failed`.
    /// # Errors
    /// [`Refused::NoSuchLink`], [`Refused::NotOpen`], [`Refused::Busy`], [`Refused::NotInDialect`]. Nothing changed then.
    pub fn acknowledged(&mut self, now: Instant, link: Link) -> Result<(), Refused> {
        self.ask_link(now, link, Action::Acknowledged, Which::Acknowledged)
    }

    /// Asks how many bytes one send of a link takes now (`AT+CIPSEND?`).
    ///
    /// **Next**: `Done` with [`Value::Room`](crate::Value::Room), or `Failed`.
    /// # Errors
    /// [`Refused::NoSuchLink`], [`Refused::NotOpen`], [`Refused::Busy`], [`Refused::NotInDialect`]. Nothing changed then.
    pub fn room(&mut self, now: Instant, link: Link) -> Result<(), Refused> {
        self.ask_link(now, link, Action::Room, Which::Room)
    }

    fn ask_link(&mut self, now: Instant, link: Link, action: Action, which: Which) -> Result<(), Refused> {
        self.check_link(link)?;
        if self.slot(link.0).is_none_or(|slot| slot.state != State::Open) {
            return Err(Refused::NotOpen);
        }
        self.give(now, action, which, &Args { link: link.0, ..Args::default() }, &[], 0)
    }
}
