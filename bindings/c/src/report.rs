//! Reports of the reader, flattened.

use simcom_at::{Kind, Read, Told};

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
    /// `STATE: …` (text; first: 1 where it was not asked for).
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

/// The kinds have the core's numbers, and so have the links and what is set.
const _: () = {
    use simcom_report_kind::*;
    let kinds = [
        (SIMCOM_REPORT_OK, Kind::Ok),
        (SIMCOM_REPORT_ERROR, Kind::Error),
        (SIMCOM_REPORT_CME_ERROR, Kind::CmeError),
        (SIMCOM_REPORT_CMS_ERROR, Kind::CmsError),
        (SIMCOM_REPORT_IP_ERROR, Kind::IpError),
        (SIMCOM_REPORT_CIP_ERROR, Kind::CipError),
        (SIMCOM_REPORT_PROMPT, Kind::Prompt),
        (SIMCOM_REPORT_CONNECT_OK, Kind::ConnectOk),
        (SIMCOM_REPORT_CONNECT_FAIL, Kind::ConnectFail),
        (SIMCOM_REPORT_ALREADY_CONNECTED, Kind::AlreadyConnected),
        (SIMCOM_REPORT_DATA_MODE, Kind::DataMode),
        (SIMCOM_REPORT_SEND_OK, Kind::SendOk),
        (SIMCOM_REPORT_SEND_FAIL, Kind::SendFail),
        (SIMCOM_REPORT_DATA_ACCEPT, Kind::DataAccept),
        (SIMCOM_REPORT_RX_PENDING, Kind::RxPending),
        (SIMCOM_REPORT_RX_AVAIL, Kind::RxAvail),
        (SIMCOM_REPORT_DATA, Kind::Data),
        (SIMCOM_REPORT_CLOSED, Kind::Closed),
        (SIMCOM_REPORT_CLOSE_OK, Kind::CloseOk),
        (SIMCOM_REPORT_CLOSE_ERR, Kind::CloseErr),
        (SIMCOM_REPORT_SHUT, Kind::Shut),
        (SIMCOM_REPORT_NET_OPEN, Kind::NetOpen),
        (SIMCOM_REPORT_NET_CLOSE, Kind::NetClose),
        (SIMCOM_REPORT_NET_STATE, Kind::NetState),
        (SIMCOM_REPORT_NET_LOST, Kind::NetLost),
        (SIMCOM_REPORT_PDP_DEACT, Kind::PdpDeact),
        (SIMCOM_REPORT_STATE, Kind::State),
        (SIMCOM_REPORT_LINK_STATE, Kind::LinkState),
        (SIMCOM_REPORT_SERVER_STATE, Kind::ServerState),
        (SIMCOM_REPORT_LINK_VECTOR, Kind::LinkVector),
        (SIMCOM_REPORT_LOCAL_IP, Kind::LocalIp),
        (SIMCOM_REPORT_DNS, Kind::Dns),
        (SIMCOM_REPORT_DNS_FAIL, Kind::DnsFail),
        (SIMCOM_REPORT_SERVER_OK, Kind::ServerOk),
        (SIMCOM_REPORT_SERVER_CLOSE, Kind::ServerClose),
        (SIMCOM_REPORT_SERVER_STOPPED, Kind::ServerStopped),
        (SIMCOM_REPORT_ACCEPTED, Kind::Accepted),
        (SIMCOM_REPORT_BOOT, Kind::Boot),
        (SIMCOM_REPORT_POWER_DOWN, Kind::PowerDown),
        (SIMCOM_REPORT_POWER_WARN, Kind::PowerWarn),
        (SIMCOM_REPORT_SIGNAL, Kind::Signal),
        (SIMCOM_REPORT_REGISTRATION, Kind::Registration),
        (SIMCOM_REPORT_SIM, Kind::Sim),
        (SIMCOM_REPORT_ATTACH, Kind::Attach),
        (SIMCOM_REPORT_ACK, Kind::Ack),
        (SIMCOM_REPORT_RING, Kind::Ring),
        (SIMCOM_REPORT_SMS, Kind::Sms),
        (SIMCOM_REPORT_LINE, Kind::Line),
        (SIMCOM_REPORT_LOST, Kind::Lost),
    ];
    let mut rest: &[_] = &kinds;
    while let Some(((ours, core), behind)) = rest.split_first() {
        assert!(*ours as u8 == *core as u8);
        rest = behind;
    }
    assert!(SIMCOM_NO_LINK == Told::NO_LINK && SIMCOM_LINK_SINGLE == Told::SINGLE);
    assert!(SIMCOM_LINK_DATA == Told::DATA && SIMCOM_LINK_UNNAMED == Told::UNNAMED);
    assert!(
        SIMCOM_HAS_FIRST == Told::FIRST
            && SIMCOM_HAS_SECOND == Told::SECOND
            && SIMCOM_HAS_THIRD == Told::THIRD
    );
    assert!(SIMCOM_HAS_IP == Told::IP && SIMCOM_HAS_PORT == Told::PORT && SIMCOM_HAS_HEX == Told::HEX);
    assert!(SIMCOM_HAS_TCP == Told::TCP && SIMCOM_HAS_UDP == Told::UDP);
};

impl simcom_report {
    #[inline]
    pub(crate) fn new(read: &Read<'_>, line: &[u8]) -> Self {
        let Told { kind, link, has, text, text2, number: [first, second, third, ..], .. } = read.told;
        let bytes = read.bytes();
        Self {
            data: if kind == Kind::Data { bytes.as_ptr() } else { core::ptr::null() },
            data_len: bytes.len(),
            line: line.as_ptr(),
            line_len: line.len(),
            number: [first, second, third],
            ip: read.told.ip(),
            port: read.told.port(),
            text: simcom_span { start: text.start, end: text.end },
            text2: simcom_span { start: text2.start, end: text2.end },
            kind: kind as u8,
            link,
            has,
            reserved: [0; 3],
        }
    }

    /// Data that was pushed without a header, which only an observer gives: it is the line.
    #[cfg(simcom_host)]
    pub(crate) fn of_observer(read: &Read<'_>, line: &[u8]) -> Self {
        let flat = Self::new(read, line);
        if read.told.kind != Kind::Raw {
            return flat;
        }
        Self {
            data: line.as_ptr(),
            data_len: line.len(),
            kind: simcom_report_kind::SIMCOM_REPORT_DATA as u8,
            has: flat.has | SIMCOM_HAS_FIRST | SIMCOM_HAS_SECOND,
            ..flat
        }
    }
}
