//! The lines of a procedure, taken out of a dialect's rows at compile time: this much of a manual goes into an image.

use crate::classify::Ask;
use crate::observer::ask_of;
use crate::row::{Finals, Later, Row};

/// When a step is part of its procedure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
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

impl When {
    /// The one of this number.
    pub(crate) const fn of(number: u8) -> Self {
        match number {
            1 => Self::Single,
            2 => Self::Multi,
            3 => Self::Push,
            4 => Self::Request,
            5 => Self::Quick,
            6 => Self::Normal,
            7 => Self::Header,
            8 => Self::Transparent,
            9 => Self::Framed,
            10 => Self::Lines,
            11 => Self::Flow,
            12 => Self::Reselect,
            13 => Self::AnyPeer,
            14 => Self::AnySingle,
            15 => Self::AnyMulti,
            16 => Self::NoLocal,
            17 => Self::LocalSingle,
            18 => Self::LocalMulti,
            19 => Self::Named,
            20 => Self::EchoOn,
            21 => Self::MultiUnset,
            22 => Self::NetClosed,
            23 => Self::NetOpen,
            24 => Self::PinDue,
            _ => Self::Always,
        }
    }
}

/// One line of a procedure.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Step {
    /// The line, with `<name>` for what the call gives; in an image in code, see [`crate::code`].
    pub(crate) text: &'static [u8],
    /// The line that takes it back after a timeout; empty: none.
    pub(crate) undo: &'static [u8],
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
                text: text.as_bytes(),
                undo: b"",
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
        Self { text: text.as_bytes(), ..self }
    }

    pub(crate) const fn when(self, when: When) -> Self {
        Self { when, ..self }
    }

    pub(crate) const fn undo(self, undo: &'static str) -> Self {
        Self { undo: undo.as_bytes(), ..self }
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
    [Step { text: b"<host>", undo: b"", finals, later, timeout_ms: 9000, ask, when, lenient: false }]
}

/// The procedures: those of the caller's commands, then the session's own.
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
    Sleep,
    Wake,
    Drop,
    Marker,
    Waiting,
    WaitingMulti,
    Read,
    ReadMulti,
    Query,
    QueryMulti,
}

/// How many there are.
pub(crate) const PROCEDURES: usize = Which::QueryMulti as usize + 1;

/// The lines of a session's commands in one dialect; empty where the dialect has no such command.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Plan {
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
    /// Lets the module sleep while DTR is off.
    pub(crate) sleep: &'static [Step],
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

impl Plan {
    /// The procedures in the order of [`Which`].
    pub(crate) const fn list(&self) -> [&'static [Step]; PROCEDURES] {
        let [open_tcp, open_udp] = self.open;
        let [send, send_to] = self.send;
        let [waiting, waiting_multi] = self.waiting;
        let [read, read_multi] = self.read;
        let [query, query_multi] = self.query;
        let (sim, _) = self.sim.split_at(1);
        let (wake, _) = self.probe.split_at(1);
        [
            self.probe,
            sim,
            self.sim,
            self.signal,
            self.registration,
            self.attach,
            self.detach,
            self.address,
            open_tcp,
            open_udp,
            send,
            send_to,
            self.close,
            self.shut,
            self.resolve,
            self.status,
            self.second,
            self.context,
            self.listen,
            self.unlisten,
            self.acknowledged,
            self.room,
            self.peer,
            self.online,
            &const { raw(Finals::OK, Ask::Other) },
            &const { raw(Finals::ADDRESS, Ask::Address) },
            &const { raw(Finals::CLOSE_OK, Ask::Other) },
            &const { raw(Finals::SHUT, Ask::Other) },
            &const { raw(Finals::OK, Ask::RxMode) },
            self.sleep,
            wake,
            self.drop,
            self.marker,
            waiting,
            waiting_multi,
            read,
            read_multi,
            query,
            query_multi,
        ]
    }
}
