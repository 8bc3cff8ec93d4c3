//! Events, flattened.

use core::net::{Ipv4Addr, SocketAddrV4};

use simcom_at::{Code, Event, Link, Outcome, Value, Why};

use crate::memory;

/// `link` of an event or a report: there is none, or the module did not name it.
pub const SIMCOM_NO_LINK: u8 = 255;

/// `code` of a failure: the module gave no number; its text is `simcom_session_text`.
pub const SIMCOM_CODE_TEXT: u16 = u16::MAX;

/// What an event is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum simcom_event_kind {
    /// The line is free: the next command may be given.
    SIMCOM_EVENT_READY = 1,
    /// A command ended well. `action`, `link`; `value` and what it stands for.
    SIMCOM_EVENT_DONE = 2,
    /// A command ended badly. `action`, `link`, `step`, `why`, `code`, `remedy`; the module's line is `simcom_session_text`.
    SIMCOM_EVENT_FAILED = 3,
    /// A link is open. `link`.
    SIMCOM_EVENT_OPENED = 4,
    /// A peer opened a link to our server. `link`, `ip`, `port` (0 where the module does not say it).
    SIMCOM_EVENT_ACCEPTED = 5,
    /// A send has ended. `link`, `outcome`, `number[0]`: how many bytes it is about.
    SIMCOM_EVENT_SENT = 6,
    /// Payload. `link`, `data`, `len`; `left`: bytes of this payload that still come; with `has_address` the sender.
    SIMCOM_EVENT_RECEIVED = 7,
    /// The peer has closed; unread data may still follow, then `CLOSED`. `link`.
    SIMCOM_EVENT_PEER_CLOSED = 8,
    /// The last event of a link. `link`, `why` (`SIMCOM_CLOSED_…`), `flag`: 1 when it is certain, 0 when inferred.
    SIMCOM_EVENT_CLOSED = 9,
    /// A row of `status`. `link`, `state`.
    SIMCOM_EVENT_LINK_STATUS = 10,
    /// A context or the network is gone. `number[0]`: which context.
    SIMCOM_EVENT_NETWORK_DOWN = 11,
    /// A registration notice. `state`: 0 to 5, 1 home, 5 roaming; `flag`: 1 for `+CGREG`, 0 for `+CREG`.
    SIMCOM_EVENT_REGISTRATION = 12,
    /// The module has started anew; all links are closed.
    SIMCOM_EVENT_RESTARTED = 13,
    /// A power warning. `flag`: 1 when the module switches off.
    SIMCOM_EVENT_POWER = 14,
    /// A call comes in.
    SIMCOM_EVENT_RING = 15,
    /// A message came in. `number[0]`: its number in the store.
    SIMCOM_EVENT_SMS = 16,
    /// A line that the session does not use; it is `simcom_session_text`. `flag`: 1 when another piece of it follows.
    SIMCOM_EVENT_LINE = 17,
    /// Bytes that are lost. `why` (`SIMCOM_LOST_…`), `link`, `number[0]`: how many.
    SIMCOM_EVENT_LOST = 18,
    /// An event that this header does not know.
    SIMCOM_EVENT_OTHER = 255,
}

/// The commands, named in `DONE` and `FAILED`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
#[allow(missing_docs, reason = "the functions of the same names")]
pub enum simcom_action {
    SIMCOM_ACTION_NONE = 0,
    SIMCOM_ACTION_PROBE = 1,
    SIMCOM_ACTION_SIM = 2,
    SIMCOM_ACTION_SIGNAL = 3,
    SIMCOM_ACTION_REGISTRATION = 4,
    SIMCOM_ACTION_ATTACH = 5,
    SIMCOM_ACTION_DETACH = 6,
    SIMCOM_ACTION_ADDRESS = 7,
    SIMCOM_ACTION_OPEN = 8,
    SIMCOM_ACTION_SEND = 9,
    SIMCOM_ACTION_CLOSE = 10,
    SIMCOM_ACTION_SHUT = 11,
    SIMCOM_ACTION_RESOLVE = 12,
    SIMCOM_ACTION_STATUS = 13,
    SIMCOM_ACTION_RAW = 14,
    SIMCOM_ACTION_LISTEN = 15,
    SIMCOM_ACTION_UNLISTEN = 16,
    SIMCOM_ACTION_ACKNOWLEDGED = 17,
    SIMCOM_ACTION_ROOM = 18,
    SIMCOM_ACTION_CONTEXT = 19,
    SIMCOM_ACTION_UDP_PEER = 20,
    SIMCOM_ACTION_ENTER_DATA = 21,
    SIMCOM_ACTION_LEAVE_DATA = 22,
    SIMCOM_ACTION_SET = 23,
    SIMCOM_ACTION_ASK = 24,
    SIMCOM_ACTION_SLEEP = 25,
    SIMCOM_ACTION_WAKE = 26,
}

/// How sure a sent payload is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum simcom_outcome {
    /// No send.
    SIMCOM_OUTCOME_NONE = 0,
    /// The peer's TCP has acknowledged it.
    SIMCOM_DELIVERED = 1,
    /// The module took `number[0]` bytes; less than given: the link is unusable afterwards.
    SIMCOM_ACCEPTED = 2,
    /// Nothing was sent.
    SIMCOM_NOT_SENT = 3,
    /// Between none and `number[0]` bytes were sent.
    SIMCOM_UNKNOWN = 4,
    /// An outcome that this header does not know.
    SIMCOM_OUTCOME_OTHER = 255,
}

/// What `DONE` answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum simcom_value {
    /// Nothing but success.
    SIMCOM_VALUE_NONE = 0,
    /// `ip`.
    SIMCOM_VALUE_ADDRESS = 1,
    /// `ip`, and with `has_address` a second one in `ip2`.
    SIMCOM_VALUE_ADDRESSES = 2,
    /// `number[0]`: rssi, 0 to 31 or 99; `number[1]`: ber, 0 to 7 or 99.
    SIMCOM_VALUE_SIGNAL = 3,
    /// `state`: 0 to 5; 1 home, 5 roaming.
    SIMCOM_VALUE_REGISTRATION = 4,
    /// `flag`: 1 when the SIM is ready; its text is `simcom_session_text`.
    SIMCOM_VALUE_SIM = 5,
    /// `number[0]`: bytes that one send takes now.
    SIMCOM_VALUE_ROOM = 6,
    /// `number[0]`: bytes of this link that were sent; `number[1]`: that the peer has acknowledged.
    SIMCOM_VALUE_ACK = 7,
    /// An answer that this header does not know.
    SIMCOM_VALUE_OTHER = 255,
}

/// `why` of `FAILED`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum simcom_why {
    /// It did not fail.
    SIMCOM_WHY_NONE = 0,
    /// `ERROR`.
    SIMCOM_WHY_ERROR = 1,
    /// `+CME ERROR`, `code`.
    SIMCOM_WHY_CME = 2,
    /// `+CMS ERROR`, `code`.
    SIMCOM_WHY_CMS = 3,
    /// `+IP ERROR`, `code`.
    SIMCOM_WHY_IP = 4,
    /// `<err>` of `+CIPOPEN`, `+NETOPEN`, `+CIPERROR` and their kind, `code`.
    SIMCOM_WHY_ERR = 5,
    /// `CONNECT FAIL`.
    SIMCOM_WHY_CONNECT_FAIL = 6,
    /// `ALREADY CONNECT`.
    SIMCOM_WHY_ALREADY_CONNECTED = 7,
    /// `+CDNSGIP: 0`, `code`.
    SIMCOM_WHY_DNS = 8,
    /// `COMMAND NO RESPONSE!`.
    SIMCOM_WHY_NO_RESPONSE = 9,
    /// No answer in time.
    SIMCOM_WHY_TIMEOUT = 10,
    /// The module restarted, or the context was lost.
    SIMCOM_WHY_INTERRUPTED = 11,
    /// A reason that this header does not know.
    SIMCOM_WHY_OTHER = 255,
}

/// What to do next about a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum simcom_remedy {
    /// Nothing: the failure is the answer.
    SIMCOM_REMEDY_NONE = 0,
    /// Give the command again.
    SIMCOM_REMEDY_RETRY = 1,
    /// Close the link and open it again.
    SIMCOM_REMEDY_REOPEN = 2,
    /// `shut`, then `attach` and `open`.
    SIMCOM_REMEDY_SHUT = 3,
    /// Restart the module.
    SIMCOM_REMEDY_RESTART = 4,
}

/// `why` of `CLOSED`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum simcom_closed {
    /// `close` or `shut` by the caller.
    SIMCOM_CLOSED_LOCAL = 1,
    /// The peer closed it.
    SIMCOM_CLOSED_PEER = 2,
    /// The context or the network was lost.
    SIMCOM_CLOSED_NETWORK = 3,
    /// The module restarted.
    SIMCOM_CLOSED_RESTART = 4,
    /// The module says so and gave no reason, or reused its number.
    SIMCOM_CLOSED_UNSAID = 5,
}

/// `why` of `LOST`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum simcom_lost {
    /// Bytes of a payload never came from the module.
    SIMCOM_LOST_PAYLOAD = 1,
    /// Bytes that waited in the module were dropped with their link.
    SIMCOM_LOST_UNREAD = 2,
}

/// `state` of `LINK_STATUS`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum simcom_link_state {
    /// Never used.
    SIMCOM_LINK_INITIAL = 0,
    /// `CONNECTING`.
    SIMCOM_LINK_CONNECTING = 1,
    /// `CONNECTED`.
    SIMCOM_LINK_CONNECTED = 2,
    /// `REMOTE CLOSING`.
    SIMCOM_LINK_REMOTE_CLOSING = 3,
    /// `CLOSING`.
    SIMCOM_LINK_CLOSING = 4,
    /// `CLOSED`.
    SIMCOM_LINK_CLOSED = 5,
    /// A text that the library does not know.
    SIMCOM_LINK_OTHER = 6,
}

/// What happened. `simcom_event_kind` says which members are set; the others are 0, `link` is `SIMCOM_NO_LINK`.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct simcom_event {
    /// Payload: points into the caller's input.
    pub data: *const u8,
    /// Bytes at `data`.
    pub len: usize,
    /// Numbers; the kind, the value or the outcome says what they are.
    pub number: [u32; 3],
    /// An address, as it is written.
    pub ip: [u8; 4],
    /// A second address.
    pub ip2: [u8; 4],
    /// The port of `ip`.
    pub port: u16,
    /// The number of a failure, or `SIMCOM_CODE_TEXT`.
    pub code: u16,
    /// Bytes of this payload that still come; 0: it is whole.
    pub left: u16,
    /// `simcom_event_kind`.
    pub kind: u8,
    /// The link, or `SIMCOM_NO_LINK`.
    pub link: u8,
    /// `simcom_action`.
    pub action: u8,
    /// The step of a procedure, from 0.
    pub step: u8,
    /// `simcom_why`, `simcom_closed` or `simcom_lost`.
    pub why: u8,
    /// `simcom_remedy`.
    pub remedy: u8,
    /// `simcom_outcome`.
    pub outcome: u8,
    /// `simcom_value`.
    pub value: u8,
    /// `simcom_link_state`, or a registration.
    pub state: u8,
    /// Yes or no; the kind or the value says to what.
    pub flag: u8,
    /// 1: `ip` and `port` are a sender's, or `ip2` is set.
    pub has_address: u8,
    /// 0.
    pub reserved: u8,
}

use simcom_event_kind::*;
use simcom_outcome::*;
use simcom_value::*;
use simcom_why::*;

impl simcom_event {
    const EMPTY: Self = Self {
        data: core::ptr::null(),
        len: 0,
        number: [0; 3],
        ip: [0; 4],
        ip2: [0; 4],
        port: 0,
        code: 0,
        left: 0,
        kind: SIMCOM_EVENT_OTHER as u8,
        link: SIMCOM_NO_LINK,
        action: 0,
        step: 0,
        why: 0,
        remedy: 0,
        outcome: 0,
        value: 0,
        state: 0,
        flag: 0,
        has_address: 0,
        reserved: 0,
    };

    fn from(&mut self, from: SocketAddrV4) {
        self.ip = from.ip().octets();
        self.port = from.port();
        self.has_address = 1;
    }

    fn value(&mut self, value: &Value) {
        let second = |ip: Option<Ipv4Addr>| ip.map_or(([0; 4], 0), |ip| (ip.octets(), 1));
        self.value = match *value {
            Value::None => SIMCOM_VALUE_NONE,
            Value::Address(ip) => {
                self.ip = ip.octets();
                SIMCOM_VALUE_ADDRESS
            }
            Value::Addresses(first, other) => {
                self.ip = first.octets();
                (self.ip2, self.has_address) = second(other);
                SIMCOM_VALUE_ADDRESSES
            }
            Value::Signal(rssi, ber) => {
                self.number = [rssi.into(), ber.into(), 0];
                SIMCOM_VALUE_SIGNAL
            }
            Value::Registration(stat) => {
                self.state = stat;
                SIMCOM_VALUE_REGISTRATION
            }
            Value::Sim(ready) => {
                self.flag = ready.into();
                SIMCOM_VALUE_SIM
            }
            Value::Room(bytes) => {
                self.number[0] = bytes.into();
                SIMCOM_VALUE_ROOM
            }
            Value::Ack { sent, acked } => {
                self.number = [sent, acked, 0];
                SIMCOM_VALUE_ACK
            }
            _ => SIMCOM_VALUE_OTHER,
        } as u8;
    }

    fn why(&mut self, why: Why) {
        let number = |code| match code {
            Code::Number(number) => number,
            Code::Text(_) => SIMCOM_CODE_TEXT,
        };
        let (why, code) = match why {
            Why::Error => (SIMCOM_WHY_ERROR, 0),
            Why::Cme(code) => (SIMCOM_WHY_CME, number(code)),
            Why::Cms(code) => (SIMCOM_WHY_CMS, number(code)),
            Why::Ip(code) => (SIMCOM_WHY_IP, number(code)),
            Why::Err(code) => (SIMCOM_WHY_ERR, code),
            Why::ConnectFail => (SIMCOM_WHY_CONNECT_FAIL, 0),
            Why::AlreadyConnected => (SIMCOM_WHY_ALREADY_CONNECTED, 0),
            Why::Dns(code) => (SIMCOM_WHY_DNS, code),
            Why::NoResponse => (SIMCOM_WHY_NO_RESPONSE, 0),
            Why::Timeout => (SIMCOM_WHY_TIMEOUT, 0),
            Why::Interrupted => (SIMCOM_WHY_INTERRUPTED, 0),
            _ => (SIMCOM_WHY_OTHER, 0),
        };
        (self.why, self.code) = (why as u8, code);
    }

    fn outcome(&mut self, outcome: Outcome) {
        let (outcome, bytes) = match outcome {
            Outcome::Delivered => (SIMCOM_DELIVERED, 0),
            Outcome::Accepted(bytes) => (SIMCOM_ACCEPTED, bytes),
            Outcome::NotSent => (SIMCOM_NOT_SENT, 0),
            Outcome::Unknown(bytes) => (SIMCOM_UNKNOWN, bytes),
            _ => (SIMCOM_OUTCOME_OTHER, 0),
        };
        self.outcome = outcome as u8;
        self.number[0] = bytes.into();
    }

    fn fill(&mut self, event: &Event<'_>) -> simcom_event_kind {
        match *event {
            Event::Ready => SIMCOM_EVENT_READY,
            Event::Done { action, link, ref value } => {
                self.action = action as u8;
                self.link = number(link);
                self.value(value);
                SIMCOM_EVENT_DONE
            }
            Event::Failed { action, link, step, why, remedy } => {
                self.action = action as u8;
                self.link = number(link);
                self.step = step;
                self.why(why);
                self.remedy = remedy as u8;
                SIMCOM_EVENT_FAILED
            }
            Event::Opened { link } => {
                self.link = link.0;
                SIMCOM_EVENT_OPENED
            }
            Event::Accepted { link, from } => {
                self.link = link.0;
                self.from(from);
                SIMCOM_EVENT_ACCEPTED
            }
            Event::Sent { link, outcome } => {
                self.link = link.0;
                self.outcome(outcome);
                SIMCOM_EVENT_SENT
            }
            Event::Received { link, from, bytes, left } => {
                self.link = number(link);
                self.data = bytes.as_ptr();
                self.len = bytes.len();
                self.left = left;
                if let Some(from) = from {
                    self.from(from);
                }
                SIMCOM_EVENT_RECEIVED
            }
            Event::PeerClosed { link } => {
                self.link = link.0;
                SIMCOM_EVENT_PEER_CLOSED
            }
            Event::Closed { link, why, certain } => {
                self.link = link.0;
                self.why = why as u8;
                self.flag = certain.into();
                SIMCOM_EVENT_CLOSED
            }
            Event::LinkStatus { link, state } => {
                self.link = link.0;
                self.state = state as u8;
                SIMCOM_EVENT_LINK_STATUS
            }
            Event::NetworkDown { context } => {
                self.number[0] = context.0.into();
                SIMCOM_EVENT_NETWORK_DOWN
            }
            Event::Registration { packet, stat } => {
                self.state = stat;
                self.flag = packet.into();
                SIMCOM_EVENT_REGISTRATION
            }
            Event::Restarted => SIMCOM_EVENT_RESTARTED,
            Event::Power { down } => {
                self.flag = down.into();
                SIMCOM_EVENT_POWER
            }
            Event::Ring => SIMCOM_EVENT_RING,
            Event::Sms { index } => {
                self.number[0] = index.into();
                SIMCOM_EVENT_SMS
            }
            Event::Line { more } => {
                self.flag = more.into();
                SIMCOM_EVENT_LINE
            }
            Event::Lost { what, link, bytes } => {
                self.link = number(link);
                self.why = what as u8;
                self.number[0] = bytes.into();
                SIMCOM_EVENT_LOST
            }
            _ => SIMCOM_EVENT_OTHER,
        }
    }
}

fn number(link: Option<Link>) -> u8 {
    link.map_or(SIMCOM_NO_LINK, |link| link.0)
}

/// Writes an event to the caller's place, which was found usable.
// Not inlined, or the event would be taken apart before it is known what it is.
#[inline(never)]
pub(crate) unsafe fn put(place: *mut simcom_event, event: &Event<'_>) {
    // SAFETY: as the caller's: it may hold anything before, so it is written whole first.
    let _ = unsafe { memory::put(place, simcom_event::EMPTY) };
    // SAFETY: it holds an event now.
    let flat = unsafe { &mut *place };
    flat.kind = flat.fill(event) as u8;
}
