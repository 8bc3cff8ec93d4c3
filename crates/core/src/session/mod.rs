//! The host side of the line: commands and bytes in, events and bytes out.
//!
//! ```text
//! loop {
//!     while let Some(event) = session.poll(now, &mut input) { … }    // until None: the input is used up
//!     session.transmit() → port; session.transmitted(now, n)         // as much as the port takes
//!     wait for input, or until session.deadline()
//! }
//! ```
//! Commands may be given between any two calls, also while events are taken.

mod answer;
mod ask;
mod commands;
mod data;
mod due;
mod kept;
mod line;
mod links;
mod raw;
mod receive;
mod report;
mod resync;
mod run;
mod set;
mod sleep;
mod slot;

use crate::event::{Action, Event, Value};
use crate::ids::Link;
use crate::reader::{Asked, Reader};
use crate::settings::Settings;
use crate::spec::Spec;
use crate::step::{Step, Which};
use crate::time::{Instant, Tick};
pub use data::{Pin, Pins};
use kept::Kept;
use line::{Holder, InFlight, Phase};
use slot::{Marks, Slot, State};

/// Most links of any dialect.
const LINKS: usize = 10;
/// The longest line of the session's own.
const OWN: usize = 21;
/// Fill bytes for a module that may be counting payload.
static FILL: [u8; 64] = [b'\r'; 64];

/// Why the session wants to be polled at its deadline.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
#[repr(u8)]
pub enum Reason {
    /// A final result, a prompt or a later result is due.
    Answer = 1,
    /// A payload or a held line has a gap.
    Gap = 2,
    /// The pause after a final result.
    Pause = 3,
    /// The poll timer for notices that may have been lost.
    Poll = 4,
    /// A closed link waits for credit.
    Drain = 5,
}

/// How to close a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum How {
    /// Wait for the peer's acknowledgement, where the dialect tells the two apart.
    #[default]
    Slow,
    /// At once.
    Quick,
}

/// The caller's command.
#[derive(Clone, Copy, Debug)]
struct App {
    action: Action,
    link: u8,
    which: Which,
    step: u8,
    /// How often this step was repeated.
    repeats: u8,
    /// Where the present step's line starts in the buffer.
    at: u16,
    /// The payload's place in the buffer; without one, both are the end of the lines.
    payload: u16,
    end: u16,
    /// The payload bytes that count, without a terminator; of a raw line, how long its final may take, in units of 64 ms,
    /// 0 as its row says.
    len: u16,
    value: Value,
    flags: u8,
}

/// A host name was given where an address can be.
const NAMED: u8 = 1;
/// A local port was given.
const LOCAL: u8 = 2;
/// The network service is open already.
const NET_OPEN: u8 = 4;
/// The SIM waits for its PIN.
const PIN_DUE: u8 = 8;
/// The payload has begun to go out.
const PAYLOAD_OUT: u8 = 16;
/// How it ended has been told; only the line is still to become free.
const SAID: u8 = 32;

/// It is about a UDP link.
const DATAGRAM: u8 = 64;

/// What holds at present.
mod flag {
    /// A prompt or a send result came while the line was made sure of.
    pub(super) const UNSURE: u16 = 1;
    /// The resolver owes an answer.
    pub(super) const RESOLVING: u16 = 1 << 1;
    /// Markers were not answered: the next command begins with one.
    pub(super) const ASTRAY: u16 = 1 << 2;
    /// `attach` has set the modes.
    pub(super) const CONFIGURED: u16 = 1 << 3;
    /// Echo has been switched off.
    pub(super) const ECHO_OFF: u16 = 1 << 6;
    /// `Ready` is to be told, once no transparent link is opening.
    pub(super) const READY_DUE: u16 = 1 << 7;
    /// A client has come to a transparent server: its `CONNECT` is to follow.
    pub(super) const CONNECT_DUE: u16 = 1 << 8;
    /// The server was started on the second context.
    pub(super) const SECOND_LISTENS: u16 = 1 << 9;
    /// A setting that framing rests on was changed: `attach` sets it before the next link.
    pub(super) const UNSET: u16 = 1 << 9;
    /// DTR lets the module sleep: no line is begun.
    pub(super) const ASLEEP: u16 = 1 << 10;
    /// It is a read's turn before the caller's command.
    pub(super) const READ_TURN: u16 = 1 << 4;
    /// DTR is to be off.
    pub(super) const DTR_OFF: u16 = 1 << 5;
}

/// Events that are due and belong to no link.
const TELL_DOWN: u8 = 1;
const TELL_RESTARTED: u8 = 2;
const TELL_DONE: u8 = 4;
const TELL_READY: u8 = 8;
const TELL_UNRESOLVED: u8 = 16;
/// The last event has a text; no event of its own.
const HAS_TEXT: u8 = 32;

/// A protocol session over buffer `B`, which holds rendered commands and payload.
#[derive(Debug)]
pub struct Session<B> {
    spec: &'static Spec,
    settings: Kept,
    reader: Reader,
    buf: B,
    app: Option<App>,
    line: InFlight,
    slots: [Slot; LINKS],
    own: [u8; OWN],
    /// Until when no line is begun.
    pause: Instant,
    /// When to ask all links for data.
    poll_at: Tick,
    /// Until when the resolver may answer.
    resolve_by: Tick,
    now: Instant,
    /// What failed and waits for the line to be in step again.
    broken: Holder,
    /// How often the marker was asked.
    tries: u8,
    /// The name that was last asked for, in short.
    name: u16,
    /// The context that is selected, and which ones are up (bit n: context n) or were lost.
    context: u8,
    up: u8,
    down: u8,
    online: data::Online,
    /// DCD, where it is wired: `None` until the caller has told it.
    carrier: Option<bool>,
    /// The link that was read last.
    last_read: u8,
    /// The link of the payload that is coming in; above all links: none, or not named.
    data_link: u8,
    /// Failures since the last success, of opening links.
    strikes: u8,
    /// The `+` that went out in data mode with nothing else since the last silence.
    pluses: u8,
    tell: u8,
    /// What holds at present; see [`flag`].
    marks: Marks,
}

/// Without its buffer, a session is no larger than this anywhere.
const _: () = assert!(size_of::<Session<[u8; 0]>>() <= 512);

impl<B: AsRef<[u8]> + AsMut<[u8]>> Session<B> {
    /// A session with a module of this dialect. `buf` holds one rendered command and its payload: 256 bytes do for short
    /// names and payloads; see [`Refused::SmallBuffer`](crate::Refused::SmallBuffer).
    pub fn new(spec: &'static Spec, settings: Settings, now: Instant, buf: B) -> Self {
        let gap_ms = settings.gap_ms;
        let settings = Kept::new(spec, &settings);
        let mut reader = Reader::new(spec.dialect, gap_ms);
        reader.set_transparent(settings.transparent());
        Self {
            spec,
            settings,
            reader,
            buf,
            app: None,
            line: InFlight::FREE,
            slots: [Slot::FREE; LINKS],
            own: [0; OWN],
            pause: now,
            poll_at: Tick::at(now),
            resolve_by: Tick::at(now),
            now,
            broken: Holder::Nobody,
            tries: 0,
            name: 0,
            context: 0,
            up: 0,
            down: 0,
            online: data::Online::Command,
            carrier: None,
            last_read: 0,
            data_link: u8::MAX,
            strikes: 0,
            pluses: 0,
            tell: 0,
            marks: Marks::default(),
        }
    }

    /// Forgets everything, as after [`new`](Self::new): the module was switched off, or another one was connected.
    pub fn reset(&mut self, now: Instant) {
        self.reader = Reader::new(self.spec.dialect, self.reader.gap_ms());
        self.reader.set_transparent(self.settings.transparent());
        self.online = data::Online::Command;
        (self.context, self.up, self.down) = (0, 0, 0);
        self.marks = Marks::default();
        self.app = None;
        self.line = InFlight::FREE;
        self.slots = [Slot::FREE; LINKS];
        self.pause = now;
        self.now = now;
        self.broken = Holder::Nobody;
        self.strikes = 0;
        self.tell = 0;
    }

    /// The next event, or `None` when the input is used up and nothing is due.
    ///
    /// Takes from the front of `input` what it has used. Call it again with new bytes, and with none at the
    /// [`deadline`](Self::deadline). One event a call, bounded work.
    pub fn poll<'i>(&mut self, now: Instant, input: &mut &'i [u8]) -> Option<Event<'i>> {
        if now.reached(self.now) {
            self.now = now;
        }
        self.tell &= !HAS_TEXT;
        // What follows is in parts that are never inlined: the stack is that of the deepest, not of all together.
        loop {
            if let Some(event) = self.due() {
                return Some(event);
            }
            let escape = self.may_be_left();
            let text = if self.line.is_own() { &self.own[..] } else { self.buf.as_ref() };
            let end = usize::from(self.line.end).saturating_sub(1);
            let asked = Asked {
                ask: self.line.ask,
                prompt: self.line.is_out() && matches!(self.line.phase, Phase::Prompt),
                echo: text.get(usize::from(self.line.start)..end).unwrap_or_default(),
                escape,
                carrier: self.carrier,
            };
            if let Some(read) = self.reader.poll(self.now, input, &asked) {
                if let Some(event) = self.report(&read) {
                    return Some(event);
                }
            } else if let Some(event) = self.timers() {
                return Some(event);
            } else if !self.has_due() && !self.begin() {
                return None;
            }
        }
    }

    /// The module's text behind the last event: the line of `Line` and `Failed`. Valid until the next call.
    pub fn text(&self) -> &[u8] {
        if self.tell & HAS_TEXT == 0 { &[] } else { self.reader.remembered() }
    }

    /// Keeps the line behind a report for [`text`](Self::text).
    fn remember(&mut self, read: &crate::reader::Read<'_>) {
        self.reader.remember(read);
        self.tell |= HAS_TEXT;
    }

    /// Bytes for the module; empty: none.
    pub fn transmit(&self) -> &[u8] {
        let line = &self.line;
        let (from, to) = (usize::from(line.from), usize::from(line.to));
        match line.holder {
            Holder::Escape if self.spec.payload_end == crate::spec::PayloadEnd::Counted => {
                FILL.get(..to.saturating_sub(from).min(FILL.len())).unwrap_or_default()
            }
            Holder::Nobody => &[],
            Holder::App => self.buf.as_ref().get(from..to).unwrap_or_default(),
            Holder::Waiting
            | Holder::Read
            | Holder::Query
            | Holder::Drop
            | Holder::Undo
            | Holder::Escape
            | Holder::Leave
            | Holder::Marker => self.own.get(from..to).unwrap_or_default(),
        }
    }

    /// The port has taken the first `n` bytes of [`transmit`](Self::transmit); less than all is normal.
    pub fn transmitted(&mut self, now: Instant, n: usize) {
        if now.reached(self.now) {
            self.now = now;
        }
        let line = &mut self.line;
        let left = usize::from(line.to.saturating_sub(line.from));
        line.from += u16::try_from(n.min(left)).unwrap_or(0);
        if left > 0 && line.is_out() {
            self.all_out();
        } else if n > 0 && self.is_data_mode() && self.line.holder == Holder::App {
            self.line.deadline = self.now.after(data::STUCK_MS);
        }
    }

    /// When to call [`poll`](Self::poll) again at the latest, and why; `None`: only when bytes come.
    pub fn deadline(&self) -> Option<(Instant, Reason)> {
        let mut first: Option<(Instant, Reason)> = None;
        let mut consider = |at: Instant, reason| {
            if first.is_none_or(|(other, _)| !at.reached(other)) {
                first = Some((at, reason));
            }
        };
        if self.has_due() {
            consider(self.now, Reason::Answer);
        }
        if self.line.holder != Holder::Nobody {
            consider(self.line.deadline, Reason::Answer);
        } else if self.has_next() {
            consider(self.pause, Reason::Pause);
        }
        if let Some(at) = self.reader.deadline() {
            consider(at, Reason::Gap);
        }
        if self.marks.has(flag::RESOLVING) {
            consider(self.resolve_by.instant(self.now), Reason::Answer);
        }
        if self.polls() {
            consider(self.poll_at.instant(self.now), Reason::Poll);
        }
        let busy = self.busy_link();
        let timed = (0u8..).zip(&self.slots).filter(|(n, slot)| slot.is_timed() && busy != Some(*n));
        for (_, slot) in timed {
            let drains = slot.state == State::Draining;
            if !drains {
                consider(slot.deadline.instant(self.now), Reason::Answer);
            } else if slot.takes() == 0 {
                consider(slot.deadline.instant(self.now), Reason::Drain);
            }
        }
        first.map(|(at, reason)| (if self.now.reached(at) { self.now } else { at }, reason))
    }

    /// Whether a command that needs the line would be taken; [`Event::Ready`] tells when it becomes so.
    pub fn is_ready(&self) -> bool {
        // In data mode a `Sent` that has not been told yet still counts the bytes.
        let taken = self.slots.first().is_some_and(|slot| slot.marks.has(Marks::TELL_TAKEN));
        self.app.is_none() && !taken && !self.may_go_online()
    }

    /// Whether a transparent link is opening: data mode may begin at any moment, so no line may be begun.
    fn may_go_online(&self) -> bool {
        self.settings.transparent() && self.slots.first().is_some_and(|slot| slot.state == State::Opening)
    }

    /// How many links there are with these settings: their numbers are below it.
    pub fn links(&self) -> u8 {
        if self.settings.single() { 1 } else { self.spec.dialect.links() }
    }

    /// Whether payload comes unasked: then no link can be held back by [`receive`](Self::receive).
    pub fn is_pushed(&self) -> bool {
        self.settings.push()
    }

    /// Most payload of one [`send`](Self::send).
    ///
    /// **Units**: bytes.
    pub fn max_payload(&self) -> u16 {
        self.spec.max_payload
    }

    /// The link that the caller's command is about: its deadline is the line's.
    fn busy_link(&self) -> Option<u8> {
        self.app.filter(|app| app.named_link().is_some()).map(|app| app.link)
    }

    /// Whether the poll timer runs.
    fn polls(&self) -> bool {
        !self.settings.push()
            && !self.is_asleep()
            && self.settings.poll_ms > 0
            && self.slots.iter().any(|slot| slot.state == State::Open)
    }

    fn slot(&mut self, link: u8) -> Option<&mut Slot> {
        let links = self.spec.dialect.links();
        self.slots.get_mut(usize::from(link)).filter(|_| link < links)
    }
}

impl App {
    /// The link, where the command is about one.
    fn named_link(&self) -> Option<Link> {
        matches!(self.action, Action::Open | Action::Send | Action::Close).then_some(Link(self.link))
    }

    fn step(&self, spec: &Spec) -> Option<Step> {
        spec.procedures.get(self.which).behind(self.step).next()
    }
}
