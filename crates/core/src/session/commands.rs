//! The caller's commands: checked, rendered whole into the buffer, and begun when the line is free.

use super::slot::{Marks, Slot, State};
use super::{App, DATAGRAM, How, LOCAL, NAMED, Session, TELL_READY, flag};
use crate::error::Refused;
use crate::event::{Action, Value};
use crate::ids::{Context, Ipv4Addr, Link, SocketAddrV4, Transport};
use crate::line::Fields;
use crate::out::Out;
use crate::session::report::mark_of;
use crate::spec::PayloadEnd;
use crate::step::Which;
use crate::template::{Args, render};
use crate::time::{Instant, Tick};

/// Longer than any result may take: what really bounds the wait is the line's deadline.
const FAR_MS: u32 = 1_200_000;
/// Longest APN, user name or password.
const TEXT_LEN: usize = 50;

impl<B: AsRef<[u8]> + AsMut<[u8]>> Session<B> {
    /// Finds the module and makes the line ready: `AT` until it answers (10 s), echo off, numeric errors, identity.
    ///
    /// **Next**: a `Line` for each line of the identity, then `Done` or `Failed`, then `Ready`.
    /// # Errors
    /// [`Refused::Busy`]. Nothing changed then.
    pub fn probe(&mut self, now: Instant) -> Result<(), Refused> {
        self.give(now, Action::Probe, Which::Probe, &Args::default(), &[], 0)
    }

    /// Asks for the SIM's state; gives the PIN if one is due and `pin` is not `None`. A PIN is given once and never again.
    ///
    /// **Next**: `Done` with [`Value::Sim`], or `Failed`.
    /// # Errors
    /// [`Refused::Busy`], [`Refused::BadText`] and [`Refused::BadLength`] for the PIN (4–8 digits). Nothing changed then.
    pub fn sim(&mut self, now: Instant, pin: Option<&str>) -> Result<(), Refused> {
        if let Some(pin) = pin {
            if !pin.bytes().all(|b| b.is_ascii_digit()) {
                return Err(Refused::BadText);
            }
            if !(4..=8).contains(&pin.len()) {
                return Err(Refused::BadLength);
            }
        }
        let which = if pin.is_some() { Which::Pin } else { Which::Sim };
        self.give(now, Action::Sim, which, &Args { secret: pin.unwrap_or(""), ..Args::default() }, &[], 0)
    }

    /// Asks for the signal's strength (`AT+CSQ`).
    ///
    /// **Next**: `Done` with [`Value::Signal`], or `Failed`.
    /// # Errors
    /// [`Refused::Busy`]. Nothing changed then.
    pub fn signal(&mut self, now: Instant) -> Result<(), Refused> {
        self.give(now, Action::Signal, Which::Signal, &Args::default(), &[], 0)
    }

    /// Asks for the registration (`AT+CREG?`).
    ///
    /// **Next**: `Done` with [`Value::Registration`], or `Failed`.
    /// # Errors
    /// [`Refused::Busy`]. Nothing changed then.
    pub fn registration(&mut self, now: Instant) -> Result<(), Refused> {
        self.give(now, Action::Registration, Which::Registration, &Args::default(), &[], 0)
    }

    /// The whole bring-up of a context: modes, attach, APN, activation, address.
    ///
    /// **Next**: `Done` with [`Value::Address`] (no address on `kingcom`, which has one only while a link is open), or
    /// `Failed` with the step that failed.
    /// # Errors
    /// [`Refused::Busy`]; [`Refused::State`] while a link of the context is in use, and for the second context before the
    /// first is up; [`Refused::BadText`], [`Refused::BadLength`];
    /// [`Refused::NotInDialect`] for a second context where there is none, and for a user or a password where the dialect has none;
    /// [`Refused::SmallBuffer`]. Nothing changed then.
    pub fn attach(
        &mut self,
        now: Instant,
        context: Context,
        apn: &str,
        user: &str,
        password: &str,
    ) -> Result<(), Refused> {
        let login = !(user.is_empty() && password.is_empty());
        let second = context.0 == 1;
        if context.0 > 1 || (second && self.settings.single()) || (login && !self.spec.has_login) {
            return Err(Refused::NotInDialect);
        }
        for text in [apn, user, password] {
            check(text)?;
            if text.len() > TEXT_LEN {
                return Err(Refused::BadLength);
            }
        }
        let in_way = |slot: &Slot| slot.state != State::Free && (!second || slot.marks.has(Marks::SECOND));
        if self.slots.iter().any(in_way) || (second && self.up & 1 == 0) {
            return Err(Refused::State);
        }
        let args = Args { apn, user, secret: password, ..Args::default() };
        let which = if second { Which::Second } else { Which::Attach };
        self.give(now, Action::Attach, which, &args, &[], 0)
    }

    /// Shuts the context and detaches; every link is closed.
    ///
    /// **Next**: `Closed` for each link, then `Done`; or `Failed`.
    /// # Errors
    /// [`Refused::Busy`]. Nothing changed then.
    pub fn detach(&mut self, now: Instant) -> Result<(), Refused> {
        self.give(now, Action::Detach, Which::Detach, &Args::default(), &[], 0)
    }

    /// Asks for the local address.
    ///
    /// **Next**: `Done` with [`Value::Address`], or `Failed`.
    /// # Errors
    /// [`Refused::Busy`]. Nothing changed then.
    pub fn address(&mut self, now: Instant) -> Result<(), Refused> {
        self.give(now, Action::Address, Which::Address, &Args::default(), &[], 0)
    }

    /// Opens a link to `host` (an address or a name) and `port`; `local` is the local port, 0 for any.
    ///
    /// On `a7600` a UDP link always has a local port; 0 lets the session take 10,000 + link. [`attach`](Self::attach) sets
    /// how payload comes; where the context was brought up by other means, that is the caller's: a payload without a header
    /// is read as lines.
    /// **Next**: `Opened` or `Failed` for this link; `Ready` may come before it, and other links may be used meanwhile.
    /// # Errors
    /// [`Refused::NoSuchLink`], [`Refused::LinkInUse`], [`Refused::Busy`], [`Refused::BadText`], [`Refused::BadLength`],
    /// [`Refused::SmallBuffer`]; [`Refused::NotInDialect`] for a local port where the dialect has none;
    /// [`Refused::State`] when `set` has changed what framing rests on, and no `attach` came since. Nothing changed then.
    pub fn open(
        &mut self,
        now: Instant,
        link: Link,
        transport: Transport,
        host: &str,
        port: u16,
        local: u16,
    ) -> Result<(), Refused> {
        self.check_link(link)?;
        check(host)?;
        if host.is_empty() || host.len() > usize::from(self.spec.host_len) {
            return Err(Refused::BadLength);
        }
        if !self.is_ready() {
            return Err(Refused::Busy);
        }
        if self.marks.has(flag::UNSET) {
            return Err(Refused::State);
        }
        let free =
            self.slot(link.0).is_some_and(|slot| slot.state == State::Free && !slot.marks.has(Marks::TELL));
        if !free {
            return Err(Refused::LinkInUse);
        }
        let udp = transport == Transport::Udp;
        let peer = self.spec.datagram_to && udp;
        let has_local = self.spec.local_port.get(usize::from(udp)) == Some(&true);
        if local != 0 && !has_local {
            return Err(Refused::NotInDialect);
        }
        let given = if local == 0 && peer { 10_000 + u16::from(link.0) } else { local };
        let ip = literal(host);
        let mut flags = if given != 0 { LOCAL } else { 0 };
        if ip.is_none() {
            flags |= NAMED;
        }
        if udp {
            flags |= DATAGRAM;
        }
        if self.settings.transparent() && link.0 != 0 && self.settings.single() {
            return Err(Refused::NoSuchLink);
        }
        let args =
            Args { link: link.0, transport: Some(transport), host, port, local: given, ..Args::default() };
        let which = if udp { Which::OpenUdp } else { Which::OpenTcp };
        self.give(now, Action::Open, which, &args, &[], flags)?;
        let second = self.context == 1;
        self.name = name_mark(host.as_bytes());
        if let Some(slot) = self.slot(link.0) {
            let drop = slot.marks.has(Marks::DROP);
            *slot = Slot { state: State::Opening, deadline: Tick::at(now.after(FAR_MS)), ..Slot::FREE };
            let second = if second { Marks::SECOND } else { 0 };
            slot.marks.set(mark_of(transport) | second | if drop { Marks::DROP } else { 0 });
            slot.ip = ip.map_or([0; 4], |ip| ip.octets());
            slot.port = port;
        }
        Ok(())
    }

    /// Sends `payload`, 1 to [`max_payload`](Self::max_payload) bytes; it is copied into the buffer. `to`: the destination
    /// of a datagram, where it is not the peer of [`open`](Self::open); only `a7600` takes one in each send.
    ///
    /// **Next**: `Sent` with the outcome. `Ready` may come before it.
    /// # Errors
    /// [`Refused::NoSuchLink`], [`Refused::NotOpen`], [`Refused::Busy`] (the line, or this link's send),
    /// [`Refused::PayloadLength`], [`Refused::Unsendable`] (a byte that the dialect's payload cannot hold; in data mode what
    /// would complete `+++` alone between two silences), [`Refused::Destination`], [`Refused::SmallBuffer`];
    /// [`Refused::State`] on a transparent link in command mode. Nothing changed then.
    pub fn send(
        &mut self,
        now: Instant,
        link: Link,
        payload: &[u8],
        to: Option<SocketAddrV4>,
    ) -> Result<(), Refused> {
        self.check_link(link)?;
        let slot = *self.slot(link.0).ok_or(Refused::NoSuchLink)?;
        if slot.state != State::Open {
            return Err(Refused::NotOpen);
        }
        if slot.marks.has(Marks::SENDING) {
            return Err(Refused::Busy);
        }
        let len = u16::try_from(payload.len()).unwrap_or(u16::MAX);
        if len == 0 || len > self.spec.max_payload {
            return Err(Refused::PayloadLength);
        }
        if self.settings.transparent() && link.0 == 0 {
            return self.send_transparent(now, payload);
        }
        let ctrl_z = self.spec.payload_end == PayloadEnd::CtrlZ;
        if ctrl_z && payload.iter().any(|b| matches!(b, 0x1a | 0x1b)) {
            return Err(Refused::Unsendable);
        }
        let addressed = self.spec.datagram_to && slot.marks.has(Marks::UDP);
        if to.is_some() && !addressed {
            return Err(Refused::Destination);
        }
        let peer = to.unwrap_or_else(|| slot.peer());
        let args = Args { link: link.0, len, ip: Some(*peer.ip()), port: peer.port(), ..Args::default() };
        let which = if addressed { Which::SendTo } else { Which::Send };
        self.give(now, Action::Send, which, &args, payload, 0)?;
        if let Some(slot) = self.slot(link.0) {
            slot.marks.set(Marks::SENDING);
            slot.sent = len;
            slot.deadline = Tick::at(now.after(FAR_MS));
        }
        Ok(())
    }

    /// How many bytes the caller takes on this link from now on; `u16::MAX`: no limit (the default), 0: stop.
    ///
    /// **Units**: bytes. **Next**: `Received` for at most so many bytes.
    /// # Errors
    /// [`Refused::NoSuchLink`], [`Refused::NotOpen`]; [`Refused::Unlimited`] for a limit where payload is pushed. Nothing
    /// changed then.
    pub fn receive(&mut self, now: Instant, link: Link, credit: u16) -> Result<(), Refused> {
        self.check_link(link)?;
        let drain_by = now.after(u32::from(self.settings.drain_ms));
        if self.settings.push() {
            return if credit == u16::MAX { Ok(()) } else { Err(Refused::Unlimited) };
        }
        let slot = self.slot(link.0).filter(|slot| slot.state != State::Free).ok_or(Refused::NotOpen)?;
        slot.credit = credit;
        if slot.state == State::Draining && credit > 0 {
            slot.deadline = Tick::at(drain_by);
        }
        if credit == u16::MAX {
            slot.marks.set(Marks::NO_LIMIT);
        } else {
            slot.marks.clear(Marks::NO_LIMIT);
        }
        Ok(())
    }

    /// Closes a link. Data that still waits in the module is dropped.
    ///
    /// **Next**: `Lost` if data was dropped, `Closed`, `Done`.
    /// # Errors
    /// [`Refused::NoSuchLink`], [`Refused::NotOpen`], [`Refused::Busy`] (the line, or this link's send). Nothing changed
    /// then.
    pub fn close(&mut self, now: Instant, link: Link, how: How) -> Result<(), Refused> {
        self.check_link(link)?;
        let slot = *self.slot(link.0).ok_or(Refused::NoSuchLink)?;
        if !slot.is_readable() {
            return Err(Refused::NotOpen);
        }
        if slot.marks.has(Marks::SENDING) {
            return Err(Refused::Busy);
        }
        let args = Args { link: link.0, how: u8::from(how == How::Quick), ..Args::default() };
        self.give(now, Action::Close, Which::Close, &args, &[], 0)?;
        if let Some(slot) = self.slot(link.0) {
            slot.state = State::Closing;
            slot.deadline = Tick::at(now.after(FAR_MS));
        }
        Ok(())
    }

    /// Shuts the context; every link is closed.
    ///
    /// **Next**: `Closed` for each link, then `Done`; or `Failed`.
    /// # Errors
    /// [`Refused::Busy`]. Nothing changed then.
    pub fn shut(&mut self, now: Instant) -> Result<(), Refused> {
        self.give(now, Action::Shut, Which::Shut, &Args::default(), &[], 0)
    }

    /// Asks for the addresses of a name.
    ///
    /// **Next**: `Done` with [`Value::Addresses`], or `Failed`; `Ready` may come before it.
    /// # Errors
    /// [`Refused::NotInDialect`], [`Refused::Busy`] (the line, or the resolver), [`Refused::BadText`],
    /// [`Refused::BadLength`], [`Refused::SmallBuffer`]. Nothing changed then.
    pub fn resolve(&mut self, now: Instant, host: &str) -> Result<(), Refused> {
        check(host)?;
        if host.is_empty() || host.len() > usize::from(self.spec.host_len) {
            return Err(Refused::BadLength);
        }
        if self.marks.has(flag::RESOLVING) {
            return Err(Refused::Busy);
        }
        self.give(now, Action::Resolve, Which::Resolve, &Args { host, ..Args::default() }, &[], 0)?;
        self.name = name_mark(host.as_bytes());
        Ok(())
    }

    /// Asks for the state of the links.
    ///
    /// **Next**: a `LinkStatus` for each row, a `Line` for rows about other things, then `Done` or `Failed`.
    /// # Errors
    /// [`Refused::Busy`]. Nothing changed then.
    pub fn status(&mut self, now: Instant) -> Result<(), Refused> {
        self.give(now, Action::Status, Which::Status, &Args::default(), &[], 0)
    }

    pub(super) fn check_link(&self, link: Link) -> Result<(), Refused> {
        if link.0 < self.links() { Ok(()) } else { Err(Refused::NoSuchLink) }
    }

    /// Renders a command's lines and its payload; the line begins when it is free.
    pub(super) fn give(
        &mut self,
        now: Instant,
        action: Action,
        which: Which,
        args: &Args<'_>,
        payload: &[u8],
        flags: u8,
    ) -> Result<(), Refused> {
        let procedure = self.spec.procedures.get(which);
        if procedure.is_empty() {
            return Err(Refused::NotInDialect);
        }
        self.check_ready()?;
        // The lowest bit: the first step.
        let applies = procedure.fold((0_u32, 1), |(all, bit), step| {
            (all | if self.applies(&step, flags) { bit } else { 0 }, bit << 1)
        });
        let mut applies = applies.0;
        let mut out = Out::new(self.buf.as_mut());
        for step in procedure {
            if applies & 1 != 0 {
                render(&mut out, step.text, args);
                out.byte(b'\r');
            }
            applies >>= 1;
        }
        let lines = out.len();
        out.bytes(payload);
        if !payload.is_empty() && self.spec.payload_end == PayloadEnd::CtrlZ {
            out.byte(0x1a);
        }
        let (end, fits) = (out.len(), out.fits());
        self.take(now, Begun { action, which, link: args.link, len: args.len, lines, end, fits, flags })
    }

    /// Whether a command that needs the line would be taken.
    pub(super) fn check_ready(&self) -> Result<(), Refused> {
        if !self.is_ready() {
            return Err(Refused::Busy);
        }
        if self.is_data_mode() || self.is_asleep() { Err(Refused::State) } else { Ok(()) }
    }

    /// Takes a command whose lines and payload are in the buffer.
    pub(super) fn take(&mut self, now: Instant, given: Begun) -> Result<(), Refused> {
        let Begun { action, which, link, len, lines, end, fits, flags } = given;
        let end = u16::try_from(end).unwrap_or(u16::MAX);
        if !fits || end == u16::MAX {
            return Err(Refused::SmallBuffer { need: end });
        }
        if now.reached(self.now) {
            self.now = now;
        }
        self.tell &= !TELL_READY;
        self.marks.clear(flag::READY_DUE);
        self.app = Some(App {
            action,
            link,
            which,
            step: 0,
            repeats: 0,
            at: 0,
            payload: u16::try_from(lines).unwrap_or(0),
            end,
            len,
            value: Value::None,
            flags,
        });
        Ok(())
    }
}

/// A command that has been rendered.
pub(super) struct Begun {
    pub(super) action: Action,
    pub(super) which: Which,
    pub(super) link: u8,
    pub(super) len: u16,
    /// Bytes of its lines, and with the payload.
    pub(super) lines: usize,
    pub(super) end: usize,
    /// Whether they found room.
    pub(super) fits: bool,
    pub(super) flags: u8,
}

/// No byte of it may end the text, the line, or a payload.
pub(super) fn check(text: &str) -> Result<(), Refused> {
    let bad = |b: u8| b < b' ' || matches!(b, b'"' | 0x7f);
    if text.bytes().any(bad) { Err(Refused::BadText) } else { Ok(()) }
}

/// Two bytes that tell names apart, so that a late answer is not taken for another name's.
pub(super) fn name_mark(name: &[u8]) -> u16 {
    let step =
        |mark: u16, byte: &u8| mark.wrapping_mul(31).wrapping_add(u16::from(byte.to_ascii_lowercase()));
    name.iter().fold(0, step)
}

/// The address, if `host` is one.
fn literal(host: &str) -> Option<Ipv4Addr> {
    let mut f = Fields::new(host.as_bytes(), 0);
    f.ip().filter(|_| f.at > host.len()).map(Ipv4Addr::from)
}
