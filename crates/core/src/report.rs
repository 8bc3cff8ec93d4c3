//! What a line or a payload of the module says, in one vocabulary for all dialects.

use crate::ids::{Ipv4Addr, On, SocketAddrV4, Transport};
use crate::line::{half, low};

/// A part of the line behind a report: byte offsets into the text that came with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Span {
    /// Offset of the first byte.
    pub start: u8,
    /// Offset behind the last byte.
    pub end: u8,
}

impl Span {
    /// The bytes of `line` that the span names; empty when it does not fit.
    #[must_use]
    pub fn of(self, line: &[u8]) -> &[u8] {
        line.get(usize::from(self.start)..usize::from(self.end)).unwrap_or_default()
    }

    /// Whether it names nothing.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.start >= self.end
    }
}

/// The reason behind an error line: a number, or text when the module prints names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Code {
    /// `+CME ERROR: 3`.
    Number(u16),
    /// `+CME ERROR: operation not allowed`.
    Text(Span),
}

/// What a [`Told`] is: each is a [`Report`], which says more about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Kind {
    /// [`Report::Ok`].
    Ok = 1,
    /// [`Report::Error`]: text.
    Error = 2,
    /// [`Report::CmeError`]: the first number, or text.
    CmeError = 3,
    /// [`Report::CmsError`], likewise.
    CmsError = 4,
    /// [`Report::IpError`], likewise.
    IpError = 5,
    /// [`Report::CipError`], likewise.
    CipError = 6,
    /// [`Report::Prompt`].
    Prompt = 7,
    /// [`Report::ConnectOk`].
    ConnectOk = 8,
    /// [`Report::ConnectFail`]: err; text: the state in front.
    ConnectFail = 9,
    /// [`Report::AlreadyConnected`].
    AlreadyConnected = 10,
    /// [`Report::DataMode`]: text.
    DataMode = 11,
    /// [`Report::SendOk`]: bytes asked for, bytes taken.
    SendOk = 12,
    /// [`Report::SendFail`].
    SendFail = 13,
    /// [`Report::DataAccept`]: bytes taken.
    DataAccept = 14,
    /// [`Report::RxPending`].
    RxPending = 15,
    /// [`Report::RxAvail`]: bytes that wait.
    RxAvail = 16,
    /// [`Report::Data`]: length, bytes to come, bytes that wait in the module.
    Data = 17,
    /// [`Report::Closed`]: reason.
    Closed = 18,
    /// [`Report::CloseOk`].
    CloseOk = 19,
    /// [`Report::CloseErr`]: err.
    CloseErr = 20,
    /// [`Report::Shut`].
    Shut = 21,
    /// [`Report::NetOpen`]: err.
    NetOpen = 22,
    /// [`Report::NetClose`]: err.
    NetClose = 23,
    /// [`Report::NetState`]: 1 is open.
    NetState = 24,
    /// [`Report::NetLost`].
    NetLost = 25,
    /// [`Report::PdpDeact`].
    PdpDeact = 26,
    /// [`Report::State`]: text; 1 is one that was not asked for: it may be the reason of a failure.
    State = 27,
    /// [`Report::LinkState`]: bearer, server; text: state; text2: address.
    LinkState = 28,
    /// [`Report::ServerState`]: text, port.
    ServerState = 29,
    /// [`Report::LinkVector`]: how many, bits.
    LinkVector = 30,
    /// [`Report::LocalIp`]: text.
    LocalIp = 31,
    /// [`Report::Dns`]: text: name; text2: addresses.
    Dns = 32,
    /// [`Report::DnsFail`]: code.
    DnsFail = 33,
    /// [`Report::ServerOk`].
    ServerOk = 34,
    /// [`Report::ServerClose`].
    ServerClose = 35,
    /// [`Report::ServerStopped`]: server, err.
    ServerStopped = 36,
    /// [`Report::Accepted`]: server; text: address; port.
    Accepted = 37,
    /// [`Report::Boot`]: 1 is a restart; text.
    Boot = 38,
    /// [`Report::PowerDown`]: text.
    PowerDown = 39,
    /// [`Report::PowerWarn`]: text.
    PowerWarn = 40,
    /// [`Report::Signal`]: rssi, ber.
    Signal = 41,
    /// [`Report::Registration`]: 1 is `+CGREG`, stat.
    Registration = 42,
    /// [`Report::Sim`]: text.
    Sim = 43,
    /// [`Report::Attach`]: 1 is attached.
    Attach = 44,
    /// [`Report::Ack`]: three numbers.
    Ack = 45,
    /// [`Report::Ring`].
    Ring = 46,
    /// [`Report::Sms`]: number in the store.
    Sms = 47,
    /// [`Report::Line`]: 1 is another piece follows.
    Line = 48,
    /// [`Report::Lost`]: bytes.
    Lost = 49,
    /// [`Report::Raw`].
    Raw = 50,
}

impl Kind {
    /// The one of this number.
    pub(crate) const fn of(number: u8) -> Self {
        match number {
            1 => Self::Ok,
            2 => Self::Error,
            3 => Self::CmeError,
            4 => Self::CmsError,
            5 => Self::IpError,
            6 => Self::CipError,
            7 => Self::Prompt,
            8 => Self::ConnectOk,
            9 => Self::ConnectFail,
            10 => Self::AlreadyConnected,
            11 => Self::DataMode,
            12 => Self::SendOk,
            13 => Self::SendFail,
            14 => Self::DataAccept,
            15 => Self::RxPending,
            16 => Self::RxAvail,
            17 => Self::Data,
            18 => Self::Closed,
            19 => Self::CloseOk,
            20 => Self::CloseErr,
            21 => Self::Shut,
            22 => Self::NetOpen,
            23 => Self::NetClose,
            24 => Self::NetState,
            25 => Self::NetLost,
            26 => Self::PdpDeact,
            27 => Self::State,
            28 => Self::LinkState,
            29 => Self::ServerState,
            30 => Self::LinkVector,
            31 => Self::LocalIp,
            32 => Self::Dns,
            33 => Self::DnsFail,
            34 => Self::ServerOk,
            35 => Self::ServerClose,
            36 => Self::ServerStopped,
            37 => Self::Accepted,
            38 => Self::Boot,
            39 => Self::PowerDown,
            40 => Self::PowerWarn,
            41 => Self::Signal,
            42 => Self::Registration,
            43 => Self::Sim,
            44 => Self::Attach,
            45 => Self::Ack,
            46 => Self::Ring,
            47 => Self::Sms,
            49 => Self::Lost,
            50 => Self::Raw,
            _ => Self::Line,
        }
    }
}

/// A report with all its numbers in fixed places, so that it takes little code to make and to use; see [`Kind`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(C)]
pub struct Told {
    /// What it is.
    pub kind: Kind,
    /// The link, or one of the numbers from [`Told::UNNAMED`] on.
    pub link: u8,
    /// What of the rest is set: `FIRST`, `SECOND` …
    pub has: u8,
    /// A part of the line.
    pub text: Span,
    /// Another part of the line.
    pub text2: Span,
    /// Nothing; named, so that no byte is left out when a new one is written.
    pub(crate) spare: u8,
    /// Three numbers, as [`Kind`] says; then the sender's address, its first byte the highest, and the sender's or the peer's
    /// port. Only those count of which `has` has the bit; [`ip`](Self::ip) and [`port`](Self::port) ask for it.
    pub number: [u32; 5],
}

impl Told {
    /// `link`: the report is about no link.
    pub const NO_LINK: u8 = 255;
    /// `link`: no number on the wire, in single-connection mode.
    pub const SINGLE: u8 = 254;
    /// `link`: the transparent link.
    pub const DATA: u8 = 253;
    /// `link`: the wire names no link although there are several.
    pub const UNNAMED: u8 = 252;

    /// `has`: `number[0]`.
    pub const FIRST: u8 = 1;
    /// `has`: `number[1]`.
    pub const SECOND: u8 = 2;
    /// `has`: `number[2]`.
    pub const THIRD: u8 = 4;
    /// `has`: `number[3]`, the address.
    pub const IP: u8 = 8;
    /// `has`: `number[4]`, the port.
    pub const PORT: u8 = 16;
    /// `has`: it is about TCP.
    pub const TCP: u8 = 32;
    /// `has`: it is about UDP.
    pub const UDP: u8 = 64;
    /// `has`: the payload is hex digits.
    pub const HEX: u8 = 128;

    /// Only what it is.
    #[inline]
    pub(crate) const fn new(kind: Kind) -> Self {
        Self {
            kind,
            link: Self::NO_LINK,
            has: 0,
            text: Span { start: 0, end: 0 },
            text2: Span { start: 0, end: 0 },
            spare: 0,
            number: [0; 5],
        }
    }

    /// Becomes a line; `more`: 1 if another piece of it follows.
    #[cfg_attr(small, inline(never))]
    #[cfg_attr(not(small), inline)]
    pub(crate) fn become_line(&mut self, more: u32) {
        self.become_a(Kind::Line);
        self.set(0, more);
    }

    /// Becomes what this kind is, with nothing set. One place for all: on a microcontroller it is a row of stores. Address
    /// and port stay in their places, for the header behind a line that says them.
    #[cfg_attr(small, inline(never))]
    #[cfg_attr(not(small), inline)]
    pub(crate) fn become_a(&mut self, kind: Kind) {
        let Self { number: [first, second, third, ..], .. } = self;
        (*first, *second, *third) = (0, 0, 0);
        (self.kind, self.link, self.has, self.spare) = (kind, Self::NO_LINK, 0, 0);
        (self.text, self.text2) = (Span { start: 0, end: 0 }, Span { start: 0, end: 0 });
    }

    /// Sets a number.
    #[cfg_attr(not(small), inline)]
    pub(crate) fn set(&mut self, to: u8, number: u32) {
        if let Some(slot) = self.number.get_mut(usize::from(to)) {
            *slot = number;
            self.has |= 1 << to;
        }
    }

    /// Sets the first number.
    #[inline(always)]
    pub(crate) fn first(&mut self, number: u32) {
        self.set(0, number);
    }

    /// Payload without a header.
    #[cfg(not(small))]
    pub(crate) const UNCOUNTED: Self =
        Self { link: Self::DATA, has: Self::FIRST | Self::SECOND, ..Self::new(Kind::Data) };

    /// Whether one of these is set.
    #[must_use]
    pub const fn has(&self, what: u8) -> bool {
        self.has & what != 0
    }

    /// Whether the first number is 1: of those that say yes or no.
    #[must_use]
    pub const fn is_set(&self) -> bool {
        self.number[0] == 1
    }

    fn maybe(&self, what: u8, number: u32) -> Option<u32> {
        self.has(what).then_some(number)
    }

    /// How the line names its link.
    #[must_use]
    pub const fn on(&self) -> On {
        match self.link {
            Self::SINGLE => On::Single,
            Self::DATA => On::Data,
            Self::UNNAMED | Self::NO_LINK => On::Unnamed,
            number => On::Link(number),
        }
    }

    /// The sender.
    #[must_use]
    pub fn from(&self) -> Option<SocketAddrV4> {
        self.has(Self::IP).then(|| SocketAddrV4::new(Ipv4Addr::from(self.ip()), self.port()))
    }

    /// The sender's address; zeros when there is none.
    #[must_use]
    pub fn ip(&self) -> [u8; 4] {
        let [.., ip, _] = self.number;
        self.maybe(Self::IP, ip).unwrap_or_default().to_be_bytes()
    }

    /// The sender's or the peer's port; 0 when there is none.
    #[must_use]
    pub fn port(&self) -> u16 {
        let [.., port] = self.number;
        self.maybe(Self::PORT, port).map_or(0, half)
    }

    fn transport(&self) -> Option<Transport> {
        if self.has(Self::TCP) {
            return Some(Transport::Tcp);
        }
        self.has(Self::UDP).then_some(Transport::Udp)
    }

    /// The code of an error.
    pub(crate) fn code(&self) -> Code {
        let [first, ..] = self.number;
        if self.has(Self::FIRST) { Code::Number(half(first)) } else { Code::Text(self.text) }
    }

    /// The same with a name for every number; `bytes`: the payload.
    #[must_use]
    pub fn report<'i>(&self, bytes: &'i [u8]) -> Report<'i> {
        let link = self.on();
        let [first, second, third, ..] = self.number;
        let (text, text2, port) = (self.text, self.text2, self.port());
        match self.kind {
            Kind::Ok => Report::Ok,
            Kind::Error => Report::Error { text },
            Kind::CmeError => Report::CmeError(self.code()),
            Kind::CmsError => Report::CmsError(self.code()),
            Kind::IpError => Report::IpError(self.code()),
            Kind::CipError => Report::CipError(self.code()),
            Kind::Prompt => Report::Prompt,
            Kind::ConnectOk => Report::ConnectOk { link },
            Kind::ConnectFail => {
                Report::ConnectFail { link, err: self.maybe(Self::FIRST, first).map(low), state: text }
            }
            Kind::AlreadyConnected => Report::AlreadyConnected { link },
            Kind::DataMode => Report::DataMode { text },
            Kind::SendOk => Report::SendOk {
                link,
                taken: self.maybe(Self::FIRST, first).map(|n| (half(n), half(second))),
            },
            Kind::SendFail => Report::SendFail { link },
            Kind::DataAccept => Report::DataAccept { link, len: half(first) },
            Kind::RxPending => Report::RxPending { link },
            Kind::RxAvail => Report::RxAvail { link, len: first },
            Kind::Data => Report::Data(Data {
                link,
                bytes,
                len: half(first),
                left: half(second),
                rest: self.maybe(Self::THIRD, third),
                from: self.from(),
                proto: self.transport(),
                hex: self.has(Self::HEX),
            }),
            Kind::Closed => Report::Closed { link, reason: self.maybe(Self::FIRST, first).map(low) },
            Kind::CloseOk => Report::CloseOk { link },
            Kind::CloseErr => Report::CloseErr { link, err: low(first) },
            Kind::Shut => Report::Shut,
            Kind::NetOpen => Report::NetOpen { err: low(first) },
            Kind::NetClose => Report::NetClose { err: low(first) },
            Kind::NetState => Report::NetState { open: first == 1 },
            Kind::NetLost => Report::NetLost,
            Kind::PdpDeact => Report::PdpDeact,
            Kind::State => Report::State { text },
            Kind::LinkState => Report::LinkState {
                link,
                bearer: self.maybe(Self::FIRST, first).map(low),
                proto: self.transport(),
                ip: text2,
                port,
                state: text,
                server: self.maybe(Self::SECOND, second).map(|n| low(n).cast_signed()),
            },
            Kind::ServerState => Report::ServerState { port, state: text },
            Kind::LinkVector => Report::LinkVector { count: low(first), open: half(second) },
            Kind::LocalIp => Report::LocalIp { ip: text },
            Kind::Dns => Report::Dns { host: text, ips: text2 },
            Kind::DnsFail => Report::DnsFail { code: half(first) },
            Kind::ServerOk => Report::ServerOk,
            Kind::ServerClose => Report::ServerClose,
            Kind::ServerStopped => Report::ServerStopped { server: low(first), err: low(second) },
            Kind::Accepted => Report::Accepted {
                link,
                ip: text,
                port: self.has(Self::PORT).then_some(port),
                server: self.maybe(Self::FIRST, first).map(low),
            },
            Kind::Boot => Report::Boot { text, restart: first == 1 },
            Kind::PowerDown => Report::PowerDown { text },
            Kind::PowerWarn => Report::PowerWarn { text },
            Kind::Signal => Report::Signal { rssi: low(first), ber: low(second) },
            Kind::Registration => Report::Registration { packet: first == 1, stat: low(second) },
            Kind::Sim => Report::Sim { text },
            Kind::Attach => Report::Attach { on: first == 1 },
            Kind::Ack => Report::Ack { sent: first, acked: second, third },
            Kind::Ring => Report::Ring,
            Kind::Sms => Report::Sms { index: half(first) },
            Kind::Line => Report::Line { more: first == 1 },
            Kind::Lost => Report::Lost { bytes: half(first) },
            Kind::Raw => Report::Raw { link, from: self.from() },
        }
    }
}

/// A complete line or a piece of payload, as a reader understands it.
///
/// Numbers are what the wire says; [`Span`]s point into the line that came with the report. Payload bytes are slices of
/// the caller's input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Report<'i> {
    /// The module waits for payload.
    Prompt,
    /// `CONNECT`, `CONNECT <text>`: data mode begins.
    DataMode {
        /// The text behind `CONNECT`; may be empty.
        text: Span,
    },
    /// Pushed payload without a header; the bytes are the text behind the report, not a slice of the input. Only an
    /// observer gives it: a session never configures push without a header.
    Raw {
        /// The link.
        link: On,
        /// The sender, where the module says so.
        from: Option<SocketAddrV4>,
    },
    /// `STATE: …`, `+IPSTATUS: …`.
    State {
        /// The state's text.
        text: Span,
    },
    /// `OK`.
    Ok,
    /// `ERROR`, or `COMMAND NO RESPONSE!` with its text.
    Error {
        /// Empty for the bare `ERROR`.
        text: Span,
    },
    /// `+CME ERROR: …`.
    CmeError(Code),
    /// `+CMS ERROR: …`.
    CmsError(Code),
    /// `+IP ERROR: …`.
    IpError(Code),
    /// `+CIPERROR: …`.
    CipError(Code),
    /// `CONNECT OK`, `n, CONNECT OK`, `+CIPOPEN: n,0`.
    ConnectOk {
        /// The link.
        link: On,
    },
    /// `CONNECT FAIL`, `+CIPOPEN: n,e`.
    ConnectFail {
        /// The link.
        link: On,
        /// The code of `+CIPOPEN`.
        err: Option<u8>,
        /// The state that was printed in front; empty when none was.
        state: Span,
    },
    /// `ALREADY CONNECT`.
    AlreadyConnected {
        /// The link.
        link: On,
    },
    /// `SEND OK`, `+CIPSEND: n,req,cnf`.
    SendOk {
        /// The link.
        link: On,
        /// Bytes asked for and bytes taken, where the line says so.
        taken: Option<(u16, u16)>,
    },
    /// `SEND FAIL`, `+CIPSEND: n,req,-1`.
    SendFail {
        /// The link.
        link: On,
    },
    /// `DATA ACCEPT:n,len`.
    DataAccept {
        /// The link.
        link: On,
        /// Bytes taken.
        len: u16,
    },
    /// `+CIPRXGET: 1,n`: data waits in the module.
    RxPending {
        /// The link.
        link: On,
    },
    /// `+CIPRXGET: 4,n,len`.
    RxAvail {
        /// The link.
        link: On,
        /// Bytes that wait.
        len: u32,
    },
    /// A piece of payload.
    Data(Data<'i>),
    /// `CLOSED`, `n, CLOSED`, `+IPCLOSE: n,r`.
    Closed {
        /// The link.
        link: On,
        /// The reason of `+IPCLOSE`.
        reason: Option<u8>,
    },
    /// `CLOSE OK`, `+CIPCLOSE: n,0`.
    CloseOk {
        /// The link.
        link: On,
    },
    /// `+CIPCLOSE: n,e`.
    CloseErr {
        /// The link.
        link: On,
        /// The code.
        err: u8,
    },
    /// `SHUT OK`.
    Shut,
    /// `+NETOPEN: e`.
    NetOpen {
        /// 0 is success.
        err: u8,
    },
    /// `+NETCLOSE: e`.
    NetClose {
        /// 0 is success.
        err: u8,
    },
    /// `+NETOPEN: x` as the answer to `AT+NETOPEN?`.
    NetState {
        /// 1 is open.
        open: bool,
    },
    /// `+CIPEVENT: NETWORK CLOSED UNEXPECTEDLY`.
    NetLost,
    /// `+PDP: DEACT`.
    PdpDeact,
    /// A link's row: `C:`, `+Cli:`, `+CIPSTATUS:`, `+CIPOPEN:`.
    LinkState {
        /// The link.
        link: On,
        /// The context's column.
        bearer: Option<u8>,
        /// The transport, where the row is used.
        proto: Option<Transport>,
        /// The peer's address; empty where the row is unused.
        ip: Span,
        /// The peer's port.
        port: u16,
        /// The state's text; empty where the dialect prints none.
        state: Span,
        /// The server's column of `+CIPOPEN:`, −1 for a client.
        server: Option<i8>,
    },
    /// `S: 0,0,"8888","LISTENING"`.
    ServerState {
        /// The listening port.
        port: u16,
        /// The state's text.
        state: Span,
    },
    /// `+CIPCLOSE: f0,f1,…`.
    LinkVector {
        /// How many numbers.
        count: u8,
        /// Bit n: number n is not 0.
        open: u16,
    },
    /// The address: bare, or `+IPADDR: …`.
    LocalIp {
        /// The address as printed.
        ip: Span,
    },
    /// `+CDNSGIP: 1,…`.
    Dns {
        /// The name; empty where the line has none.
        host: Span,
        /// The addresses as printed, from the first to the last, with the quotes and commas between them.
        ips: Span,
    },
    /// `+CDNSGIP: 0,code`.
    DnsFail {
        /// The code.
        code: u16,
    },
    /// `SERVER OK`.
    ServerOk,
    /// `SERVER CLOSE`.
    ServerClose,
    /// `+SERVERSTOP: i,e`.
    ServerStopped {
        /// The server.
        server: u8,
        /// 0 is success.
        err: u8,
    },
    /// `REMOTE IP: …`, `n, REMOTE IP: …`, `+CLIENT: n,s,ip:port`.
    Accepted {
        /// The link.
        link: On,
        /// The peer's address.
        ip: Span,
        /// The peer's port, where the line has it.
        port: Option<u16>,
        /// The server, where the line has it.
        server: Option<u8>,
    },
    /// A start-up line.
    Boot {
        /// The line.
        text: Span,
        /// Whether the module has started anew: `RDY`, `READY`, `*ATREADY: 1`.
        restart: bool,
    },
    /// `… POWER DOWN`.
    PowerDown {
        /// The line.
        text: Span,
    },
    /// `…VOLTAGE…`.
    PowerWarn {
        /// The line.
        text: Span,
    },
    /// `+CSQ: rssi,ber`.
    Signal {
        /// 0–31, or 99 for unknown.
        rssi: u8,
        /// 0–7, or 99 for unknown.
        ber: u8,
    },
    /// `+CREG: …`, `+CGREG: …`, as an answer or a notice.
    Registration {
        /// `+CGREG` (packet) rather than `+CREG`.
        packet: bool,
        /// 0–5 as the manuals list them; 1 home, 5 roaming.
        stat: u8,
    },
    /// `+CPIN: …`.
    Sim {
        /// The state's text.
        text: Span,
    },
    /// `+CGATT: n`.
    Attach {
        /// 1 is attached.
        on: bool,
    },
    /// `+CIPACK: a,b,c`.
    Ack {
        /// The first number: bytes sent.
        sent: u32,
        /// The second: bytes that the peer acknowledged.
        acked: u32,
        /// The third: not acknowledged; on `a7600` received bytes.
        third: u32,
    },
    /// `RING`.
    Ring,
    /// `+CMTI: "SM",n`.
    Sms {
        /// The message's number in its store.
        index: u16,
    },
    /// Any other line, or a piece of one that is too long to carry.
    Line {
        /// Another piece of the same line follows.
        more: bool,
    },
    /// A counted payload stopped short; so many bytes of it never came.
    Lost {
        /// The missing bytes.
        bytes: u16,
    },
}

/// A piece of payload and what its header said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Data<'i> {
    /// The link.
    pub link: On,
    /// The bytes, a slice of the caller's input; hex digits when `hex` is set.
    pub bytes: &'i [u8],
    /// The header's length: payload bytes, also with `hex`; 0 when there is no header (data mode, raw push).
    pub len: u16,
    /// Bytes of this payload on the wire that are still to come.
    pub left: u16,
    /// Bytes that wait in the module, where the header says so.
    pub rest: Option<u32>,
    /// The sender, where the module says so.
    pub from: Option<SocketAddrV4>,
    /// The transport, where the header says so.
    pub proto: Option<Transport>,
    /// The bytes are hex digits (`AT+CIPRXGET=3`).
    pub hex: bool,
}
