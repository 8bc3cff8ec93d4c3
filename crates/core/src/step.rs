//! The lines of a procedure, taken out of a dialect's rows at compile time: this much of a manual goes into an image.

use crate::classify::Ask;
use crate::observer::ask_of;
use crate::row::{Finals, Later, Row};

/// When a step is part of its procedure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum When {
    /// Always.
    Always,
    /// In single-connection mode.
    Single,
    /// In multi-connection mode.
    Multi,
    /// When payload is pushed.
    Push,
    /// When payload is read on request.
    Request,
    /// With quick send.
    Quick,
    /// Without quick send.
    Normal,
    /// When payload is pushed, with a header: not in transparent mode.
    Header,
    /// In transparent mode.
    Transparent,
    /// Not in transparent mode.
    Framed,
    /// When the modem lines DTR and DCD are wired.
    Lines,
    /// With hardware flow control.
    Flow,
    /// When the second context is selected.
    Reselect,
    /// When datagrams of any peer are taken.
    AnyPeer,
    /// The same for a UDP link, in single-connection mode.
    AnySingle,
    /// The same for a UDP link, in multi-connection mode.
    AnyMulti,
    /// When no local port was given.
    NoLocal,
    /// When a local port was given, in single-connection mode.
    LocalSingle,
    /// When a local port was given, in multi-connection mode.
    LocalMulti,
    /// When the host was given by its name.
    Named,
    /// When echo may still be on: no `probe` has been successful since the start.
    EchoOn,
    /// In multi-connection mode, when `attach` has not set it yet.
    MultiUnset,
    /// Not if the network service is open already (known while the procedure runs).
    NetClosed,
    /// Only if the network service is open already (known while the procedure runs).
    NetOpen,
    /// Only if the SIM waits for its PIN (known while the procedure runs).
    PinDue,
}

/// One line of a procedure.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Step {
    /// The line, with `<name>` for what the call gives.
    pub(crate) text: &'static str,
    /// The line that takes it back after a timeout; empty: none.
    pub(crate) undo: &'static str,
    /// What ends it.
    pub(crate) finals: Finals,
    /// What comes later, and belongs to it.
    pub(crate) later: Later,
    /// How long the final, or what comes later, may take.
    pub(crate) timeout_ms: u32,
    /// The question it is.
    pub(crate) ask: Ask,
    /// When it is part of the procedure.
    pub(crate) when: When,
    /// An error changes nothing.
    pub(crate) lenient: bool,
}

/// The step of the row with this text.
#[expect(clippy::panic, clippy::indexing_slicing, reason = "runs at compile time")]
pub(crate) const fn row(rows: &[Row], text: &'static str) -> Step {
    let mut i = 0;
    while i < rows.len() {
        let row = &rows[i];
        if same(row.text, text) {
            let ask = ask_of(row.command, row.form, false);
            return Step {
                text,
                undo: "",
                finals: row.finals,
                later: row.later,
                timeout_ms: row.timeout_ms,
                ask,
                when: When::Always,
                lenient: false,
            };
        }
        i += 1;
    }
    panic!("no row of the dialect has this text");
}

#[expect(clippy::indexing_slicing, reason = "runs at compile time")]
const fn same(a: &str, b: &str) -> bool {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    if a.len() != b.len() {
        return false;
    }
    let mut i = 0;
    while i < a.len() {
        if a[i] != b[i] {
            return false;
        }
        i += 1;
    }
    true
}

impl Step {
    /// The same with its parameters filled in.
    pub(crate) const fn say(self, text: &'static str) -> Self {
        Self { text, ..self }
    }

    pub(crate) const fn when(self, when: When) -> Self {
        Self { when, ..self }
    }

    pub(crate) const fn undo(self, undo: &'static str) -> Self {
        Self { undo, ..self }
    }

    pub(crate) const fn lenient(self) -> Self {
        Self { lenient: true, ..self }
    }

    pub(crate) const fn within(self, timeout_ms: u32) -> Self {
        Self { timeout_ms, ..self }
    }
}

/// A raw line: whatever it is, with the finals its kind has.
const fn raw(finals: Finals, ask: Ask) -> [Step; 1] {
    let (later, when) = (Later::Nothing, When::Always);
    [Step { text: "<host>", undo: "", finals, later, timeout_ms: 9000, ask, when, lenient: false }]
}

static RAW: [Step; 1] = raw(Finals::OK, Ask::Other);
static RAW_ADDRESS: [Step; 1] = raw(Finals::ADDRESS, Ask::Address);
static RAW_CLOSE: [Step; 1] = raw(Finals::CLOSE_OK, Ask::Other);
static ASK_MODE: [Step; 1] = raw(Finals::OK, Ask::RxMode);
static RAW_SHUT: [Step; 1] = raw(Finals::SHUT, Ask::Other);

/// The procedures of the caller's commands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Which {
    Probe,
    Sim,
    Pin,
    Signal,
    Registration,
    Attach,
    Detach,
    Address,
    OpenTcp,
    OpenUdp,
    Send,
    SendTo,
    Close,
    Shut,
    Resolve,
    Status,
    Second,
    Context,
    Listen,
    Unlisten,
    Acknowledged,
    Room,
    Peer,
    Online,
    Raw,
    RawAddress,
    RawClose,
    RawShut,
    AskMode,
}

impl Procedures {
    /// The lines of a procedure; none: the dialect has no such command.
    pub(crate) fn get(&self, which: Which) -> &'static [Step] {
        let ([open_tcp, open_udp], [send, send_to]) = (self.open, self.send);
        match which {
            Which::Probe => self.probe,
            Which::Sim => self.sim.get(..1).unwrap_or_default(),
            Which::Pin => self.sim,
            Which::Signal => self.signal,
            Which::Registration => self.registration,
            Which::Attach => self.attach,
            Which::Detach => self.detach,
            Which::Address => self.address,
            Which::OpenTcp => open_tcp,
            Which::OpenUdp => open_udp,
            Which::Send => send,
            Which::SendTo => send_to,
            Which::Close => self.close,
            Which::Shut => self.shut,
            Which::Resolve => self.resolve,
            Which::Status => self.status,
            Which::Second => self.second,
            Which::Context => self.context,
            Which::Listen => self.listen,
            Which::Unlisten => self.unlisten,
            Which::Acknowledged => self.acknowledged,
            Which::Room => self.room,
            Which::Peer => self.peer,
            Which::Online => self.online,
            Which::Raw => &RAW,
            Which::RawAddress => &RAW_ADDRESS,
            Which::RawClose => &RAW_CLOSE,
            Which::RawShut => &RAW_SHUT,
            Which::AskMode => &ASK_MODE,
        }
    }
}

/// The lines of a session's commands in one dialect; empty where the dialect has no such command.
#[derive(Debug)]
pub(crate) struct Procedures {
    pub(crate) probe: &'static [Step],
    pub(crate) sim: &'static [Step],
    pub(crate) signal: &'static [Step],
    pub(crate) registration: &'static [Step],
    pub(crate) attach: &'static [Step],
    pub(crate) detach: &'static [Step],
    pub(crate) address: &'static [Step],
    /// `attach` of the second context.
    pub(crate) second: &'static [Step],
    /// Selects a context.
    pub(crate) context: &'static [Step],
    pub(crate) listen: &'static [Step],
    pub(crate) unlisten: &'static [Step],
    pub(crate) acknowledged: &'static [Step],
    pub(crate) room: &'static [Step],
    /// Another destination for a UDP link.
    pub(crate) peer: &'static [Step],
    /// Back to data mode.
    pub(crate) online: &'static [Step],
    /// By transport: TCP, UDP.
    pub(crate) open: [&'static [Step]; 2],
    /// To the peer of `open`, to a given one.
    pub(crate) send: [&'static [Step]; 2],
    pub(crate) close: &'static [Step],
    pub(crate) shut: &'static [Step],
    pub(crate) resolve: &'static [Step],
    pub(crate) status: &'static [Step],
    /// The session's own: bytes that wait, a read, a link's state; each for single and multi mode.
    pub(crate) waiting: [&'static [Step]; 2],
    pub(crate) read: [&'static [Step]; 2],
    pub(crate) query: [&'static [Step]; 2],
    /// Closes a link that should not be open.
    pub(crate) drop: &'static [Step],
    /// A query whose answer is known, to find the line's step again.
    pub(crate) marker: &'static [Step],
}
