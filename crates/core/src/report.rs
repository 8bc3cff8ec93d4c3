//! What a line or a payload of the module says, in one vocabulary for all dialects.

use crate::ids::{On, SocketAddrV4, Transport};

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
        /// The addresses as printed, from the first to the last, quotes and commas included.
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
