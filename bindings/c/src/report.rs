//! Reports of the reader, flattened.

use simcom_at::report::{Code, Data, Report, Span};
use simcom_at::{On, SocketAddrV4, Transport};

use crate::SIMCOM_NO_LINK;

/// `link` of a report: single-connection mode, no number on the wire.
pub const SIMCOM_LINK_SINGLE: u8 = 254;
/// `link` of a report: data mode.
pub const SIMCOM_LINK_DATA: u8 = 253;
/// `link` of a report: the wire names no link although there are several.
pub const SIMCOM_LINK_UNNAMED: u8 = 252;

/// `has` of a report: `number[0]` is set.
pub const SIMCOM_HAS_FIRST: u8 = 1;
/// `has` of a report: `number[1]` is set.
pub const SIMCOM_HAS_SECOND: u8 = 2;
/// `has` of a report: `number[2]` is set.
pub const SIMCOM_HAS_THIRD: u8 = 4;
/// `has` of a report: `ip` is set.
pub const SIMCOM_HAS_IP: u8 = 8;
/// `has` of a report: `port` is set.
pub const SIMCOM_HAS_PORT: u8 = 16;
/// `has` of a report: it is about TCP.
pub const SIMCOM_HAS_TCP: u8 = 32;
/// `has` of a report: it is about UDP.
pub const SIMCOM_HAS_UDP: u8 = 64;
/// `has` of a report: the payload is hex digits.
pub const SIMCOM_HAS_HEX: u8 = 128;

/// What a line or a payload says. In brackets: `number[0]`, `number[1]` …, the two texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum simcom_report_kind {
    /// `OK`.
    SIMCOM_REPORT_OK = 1,
    /// `ERROR` (text: empty, or `COMMAND NO RESPONSE!`).
    SIMCOM_REPORT_ERROR = 2,
    /// `+CME ERROR` (number, or text).
    SIMCOM_REPORT_CME_ERROR = 3,
    /// `+CMS ERROR` (number, or text).
    SIMCOM_REPORT_CMS_ERROR = 4,
    /// `+IP ERROR` (number, or text).
    SIMCOM_REPORT_IP_ERROR = 5,
    /// `+CIPERROR` (number, or text).
    SIMCOM_REPORT_CIP_ERROR = 6,
    /// The module waits for payload.
    SIMCOM_REPORT_PROMPT = 7,
    /// `CONNECT OK` and its kind.
    SIMCOM_REPORT_CONNECT_OK = 8,
    /// `CONNECT FAIL` and its kind (err; text: the state in front).
    SIMCOM_REPORT_CONNECT_FAIL = 9,
    /// `ALREADY CONNECT`.
    SIMCOM_REPORT_ALREADY_CONNECTED = 10,
    /// `CONNECT`: data mode begins (text behind it).
    SIMCOM_REPORT_DATA_MODE = 11,
    /// `SEND OK`, `+CIPSEND` (asked for, taken).
    SIMCOM_REPORT_SEND_OK = 12,
    /// `SEND FAIL` and its kind.
    SIMCOM_REPORT_SEND_FAIL = 13,
    /// `DATA ACCEPT` (bytes).
    SIMCOM_REPORT_DATA_ACCEPT = 14,
    /// `+CIPRXGET: 1`: data waits.
    SIMCOM_REPORT_RX_PENDING = 15,
    /// `+CIPRXGET: 4` (bytes that wait).
    SIMCOM_REPORT_RX_AVAIL = 16,
    /// A piece of payload: `data` and `data_len` (announced bytes, 0 without a header; bytes still to come; bytes that wait).
    SIMCOM_REPORT_DATA = 17,
    /// `CLOSED` (reason of `+IPCLOSE`).
    SIMCOM_REPORT_CLOSED = 18,
    /// `CLOSE OK`.
    SIMCOM_REPORT_CLOSE_OK = 19,
    /// `+CIPCLOSE: n,e` (err).
    SIMCOM_REPORT_CLOSE_ERR = 20,
    /// `SHUT OK`.
    SIMCOM_REPORT_SHUT = 21,
    /// `+NETOPEN: e` (err).
    SIMCOM_REPORT_NET_OPEN = 22,
    /// `+NETCLOSE: e` (err).
    SIMCOM_REPORT_NET_CLOSE = 23,
    /// The answer to `AT+NETOPEN?` (1: open).
    SIMCOM_REPORT_NET_STATE = 24,
    /// `+CIPEVENT: NETWORK CLOSED UNEXPECTEDLY`.
    SIMCOM_REPORT_NET_LOST = 25,
    /// `+PDP: DEACT`.
    SIMCOM_REPORT_PDP_DEACT = 26,
    /// `STATE: …` (text).
    SIMCOM_REPORT_STATE = 27,
    /// A link's row (context; server, 0xFFFFFFFF for a client; text: state; text2: address; `port`).
    SIMCOM_REPORT_LINK_STATE = 28,
    /// The server's row (text: state; `port`).
    SIMCOM_REPORT_SERVER_STATE = 29,
    /// `+CIPCLOSE: f0,f1,…` (how many; bit n: the n-th is not 0).
    SIMCOM_REPORT_LINK_VECTOR = 30,
    /// The local address (text).
    SIMCOM_REPORT_LOCAL_IP = 31,
    /// `+CDNSGIP: 1` (text: name; text2: addresses as printed).
    SIMCOM_REPORT_DNS = 32,
    /// `+CDNSGIP: 0` (code).
    SIMCOM_REPORT_DNS_FAIL = 33,
    /// `SERVER OK`.
    SIMCOM_REPORT_SERVER_OK = 34,
    /// `SERVER CLOSE`.
    SIMCOM_REPORT_SERVER_CLOSE = 35,
    /// `+SERVERSTOP` (server, err).
    SIMCOM_REPORT_SERVER_STOPPED = 36,
    /// `REMOTE IP`, `+CLIENT` (server; text: address; `port`).
    SIMCOM_REPORT_ACCEPTED = 37,
    /// A start-up line (1: the module has started anew; text).
    SIMCOM_REPORT_BOOT = 38,
    /// `… POWER DOWN` (text).
    SIMCOM_REPORT_POWER_DOWN = 39,
    /// `…VOLTAGE…` (text).
    SIMCOM_REPORT_POWER_WARN = 40,
    /// `+CSQ` (rssi, ber).
    SIMCOM_REPORT_SIGNAL = 41,
    /// `+CREG`, `+CGREG` (1 for `+CGREG`, state).
    SIMCOM_REPORT_REGISTRATION = 42,
    /// `+CPIN` (text).
    SIMCOM_REPORT_SIM = 43,
    /// `+CGATT` (1: attached).
    SIMCOM_REPORT_ATTACH = 44,
    /// `+CIPACK` (three numbers).
    SIMCOM_REPORT_ACK = 45,
    /// `RING`.
    SIMCOM_REPORT_RING = 46,
    /// `+CMTI` (number in the store).
    SIMCOM_REPORT_SMS = 47,
    /// Any other line, or a piece of a long one (1: another piece follows).
    SIMCOM_REPORT_LINE = 48,
    /// A payload stopped short (bytes that never came).
    SIMCOM_REPORT_LOST = 49,
}

/// A part of a report's line: offsets of its first byte and behind its last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
#[repr(C)]
pub struct simcom_span {
    /// The first byte.
    pub start: u8,
    /// Behind the last byte; not behind `start`: it is empty.
    pub end: u8,
}

/// A report. `simcom_report_kind` says what the numbers and texts are, `has` which of them are set.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct simcom_report {
    /// Payload.
    pub data: *const u8,
    /// Bytes at `data`.
    pub data_len: usize,
    /// The line, without its end; valid until the next call on the reader, and as long as the input.
    pub line: *const u8,
    /// Bytes at `line`.
    pub line_len: usize,
    /// Numbers.
    pub number: [u32; 3],
    /// The sender's address.
    pub ip: [u8; 4],
    /// A port.
    pub port: u16,
    /// A part of the line.
    pub text: simcom_span,
    /// Another part of the line.
    pub text2: simcom_span,
    /// `simcom_report_kind`.
    pub kind: u8,
    /// The link, `SIMCOM_LINK_SINGLE`, `_DATA`, `_UNNAMED`, or `SIMCOM_NO_LINK`.
    pub link: u8,
    /// Which of the members are set: `SIMCOM_HAS_…`.
    pub has: u8,
    /// 0.
    pub reserved: [u8; 3],
}

use simcom_report_kind::*;

impl simcom_report {
    pub(crate) fn new(report: &Report<'_>, line: &[u8]) -> Self {
        let mut flat = Self {
            data: core::ptr::null(),
            data_len: 0,
            line: line.as_ptr(),
            line_len: line.len(),
            number: [0; 3],
            ip: [0; 4],
            port: 0,
            text: simcom_span::default(),
            text2: simcom_span::default(),
            kind: 0,
            link: SIMCOM_NO_LINK,
            has: 0,
            reserved: [0; 3],
        };
        flat.kind = flat.fill(report, line) as u8;
        flat
    }

    fn first(&mut self, number: impl Into<u32>) -> &mut Self {
        self.number[0] = number.into();
        self.has |= SIMCOM_HAS_FIRST;
        self
    }

    fn second(&mut self, number: impl Into<u32>) -> &mut Self {
        self.number[1] = number.into();
        self.has |= SIMCOM_HAS_SECOND;
        self
    }

    fn third(&mut self, number: u32) -> &mut Self {
        self.number[2] = number;
        self.has |= SIMCOM_HAS_THIRD;
        self
    }

    fn maybe_first(&mut self, number: Option<u8>) -> &mut Self {
        if let Some(number) = number { self.first(number) } else { self }
    }

    fn text(&mut self, text: Span) -> &mut Self {
        self.text = simcom_span { start: text.start, end: text.end };
        self
    }

    fn text2(&mut self, text: Span) -> &mut Self {
        self.text2 = simcom_span { start: text.start, end: text.end };
        self
    }

    fn port(&mut self, port: u16) -> &mut Self {
        self.port = port;
        self.has |= SIMCOM_HAS_PORT;
        self
    }

    fn code(&mut self, code: Code) -> &mut Self {
        match code {
            Code::Number(number) => self.first(number),
            Code::Text(text) => self.text(text),
        }
    }

    fn on(&mut self, link: On) -> &mut Self {
        self.link = match link {
            On::Link(number) => number,
            On::Single => SIMCOM_LINK_SINGLE,
            On::Data => SIMCOM_LINK_DATA,
            On::Unnamed => SIMCOM_LINK_UNNAMED,
        };
        self
    }

    fn from(&mut self, from: Option<SocketAddrV4>) -> &mut Self {
        let Some(from) = from else { return self };
        self.ip = from.ip().octets();
        self.has |= SIMCOM_HAS_IP;
        self.port(from.port())
    }

    fn transport(&mut self, transport: Option<Transport>) -> &mut Self {
        self.has |= match transport {
            None => 0,
            Some(Transport::Tcp) => SIMCOM_HAS_TCP,
            Some(Transport::Udp) => SIMCOM_HAS_UDP,
        };
        self
    }

    fn bytes(&mut self, bytes: &[u8]) -> &mut Self {
        self.data = bytes.as_ptr();
        self.data_len = bytes.len();
        self
    }

    fn data(&mut self, data: &Data<'_>) {
        let Data { link, bytes, len, left, rest, from, proto, hex } = *data;
        self.on(link).bytes(bytes).first(len).second(left).from(from).transport(proto);
        if let Some(rest) = rest {
            self.third(rest);
        }
        if hex {
            self.has |= SIMCOM_HAS_HEX;
        }
    }

    fn fill(&mut self, report: &Report<'_>, line: &[u8]) -> simcom_report_kind {
        match *report {
            Report::Ok => SIMCOM_REPORT_OK,
            Report::Error { text } => {
                self.text(text);
                SIMCOM_REPORT_ERROR
            }
            Report::CmeError(code) => {
                self.code(code);
                SIMCOM_REPORT_CME_ERROR
            }
            Report::CmsError(code) => {
                self.code(code);
                SIMCOM_REPORT_CMS_ERROR
            }
            Report::IpError(code) => {
                self.code(code);
                SIMCOM_REPORT_IP_ERROR
            }
            Report::CipError(code) => {
                self.code(code);
                SIMCOM_REPORT_CIP_ERROR
            }
            Report::Prompt => SIMCOM_REPORT_PROMPT,
            Report::ConnectOk { link } => {
                self.on(link);
                SIMCOM_REPORT_CONNECT_OK
            }
            Report::ConnectFail { link, err, state } => {
                self.on(link).maybe_first(err).text(state);
                SIMCOM_REPORT_CONNECT_FAIL
            }
            Report::AlreadyConnected { link } => {
                self.on(link);
                SIMCOM_REPORT_ALREADY_CONNECTED
            }
            Report::DataMode { text } => {
                self.text(text);
                SIMCOM_REPORT_DATA_MODE
            }
            Report::SendOk { link, taken } => {
                self.on(link);
                if let Some((asked, taken)) = taken {
                    self.first(asked).second(taken);
                }
                SIMCOM_REPORT_SEND_OK
            }
            Report::SendFail { link } => {
                self.on(link);
                SIMCOM_REPORT_SEND_FAIL
            }
            Report::DataAccept { link, len } => {
                self.on(link).first(len);
                SIMCOM_REPORT_DATA_ACCEPT
            }
            Report::RxPending { link } => {
                self.on(link);
                SIMCOM_REPORT_RX_PENDING
            }
            Report::RxAvail { link, len } => {
                self.on(link).first(len);
                SIMCOM_REPORT_RX_AVAIL
            }
            Report::Data(ref data) => {
                self.data(data);
                SIMCOM_REPORT_DATA
            }
            Report::Raw { link, from } => {
                self.on(link).from(from).bytes(line).first(0_u8).second(0_u8);
                SIMCOM_REPORT_DATA
            }
            Report::Closed { link, reason } => {
                self.on(link).maybe_first(reason);
                SIMCOM_REPORT_CLOSED
            }
            Report::CloseOk { link } => {
                self.on(link);
                SIMCOM_REPORT_CLOSE_OK
            }
            Report::CloseErr { link, err } => {
                self.on(link).first(err);
                SIMCOM_REPORT_CLOSE_ERR
            }
            Report::Shut => SIMCOM_REPORT_SHUT,
            Report::NetOpen { err } => {
                self.first(err);
                SIMCOM_REPORT_NET_OPEN
            }
            Report::NetClose { err } => {
                self.first(err);
                SIMCOM_REPORT_NET_CLOSE
            }
            Report::NetState { open } => {
                self.first(open);
                SIMCOM_REPORT_NET_STATE
            }
            Report::NetLost => SIMCOM_REPORT_NET_LOST,
            Report::PdpDeact => SIMCOM_REPORT_PDP_DEACT,
            Report::State { text } => {
                self.text(text);
                SIMCOM_REPORT_STATE
            }
            Report::LinkState { link, bearer, proto, ip, port, state, server } => {
                self.on(link).maybe_first(bearer).transport(proto).text(state).text2(ip).port(port);
                if let Some(server) = server {
                    self.second(i32::from(server).cast_unsigned());
                }
                SIMCOM_REPORT_LINK_STATE
            }
            Report::ServerState { port, state } => {
                self.port(port).text(state);
                SIMCOM_REPORT_SERVER_STATE
            }
            Report::LinkVector { count, open } => {
                self.first(count).second(open);
                SIMCOM_REPORT_LINK_VECTOR
            }
            Report::LocalIp { ip } => {
                self.text(ip);
                SIMCOM_REPORT_LOCAL_IP
            }
            Report::Dns { host, ips } => {
                self.text(host).text2(ips);
                SIMCOM_REPORT_DNS
            }
            Report::DnsFail { code } => {
                self.first(code);
                SIMCOM_REPORT_DNS_FAIL
            }
            Report::ServerOk => SIMCOM_REPORT_SERVER_OK,
            Report::ServerClose => SIMCOM_REPORT_SERVER_CLOSE,
            Report::ServerStopped { server, err } => {
                self.first(server).second(err);
                SIMCOM_REPORT_SERVER_STOPPED
            }
            Report::Accepted { link, ip, port, server } => {
                self.on(link).text(ip).maybe_first(server);
                if let Some(port) = port {
                    self.port(port);
                }
                SIMCOM_REPORT_ACCEPTED
            }
            Report::Boot { text, restart } => {
                self.text(text).first(restart);
                SIMCOM_REPORT_BOOT
            }
            Report::PowerDown { text } => {
                self.text(text);
                SIMCOM_REPORT_POWER_DOWN
            }
            Report::PowerWarn { text } => {
                self.text(text);
                SIMCOM_REPORT_POWER_WARN
            }
            Report::Signal { rssi, ber } => {
                self.first(rssi).second(ber);
                SIMCOM_REPORT_SIGNAL
            }
            Report::Registration { packet, stat } => {
                self.first(packet).second(stat);
                SIMCOM_REPORT_REGISTRATION
            }
            Report::Sim { text } => {
                self.text(text);
                SIMCOM_REPORT_SIM
            }
            Report::Attach { on } => {
                self.first(on);
                SIMCOM_REPORT_ATTACH
            }
            Report::Ack { sent, acked, third } => {
                self.first(sent).second(acked).third(third);
                SIMCOM_REPORT_ACK
            }
            Report::Ring => SIMCOM_REPORT_RING,
            Report::Sms { index } => {
                self.first(index);
                SIMCOM_REPORT_SMS
            }
            Report::Line { more } => {
                self.first(more);
                SIMCOM_REPORT_LINE
            }
            Report::Lost { bytes } => {
                self.first(bytes);
                SIMCOM_REPORT_LOST
            }
        }
    }
}
