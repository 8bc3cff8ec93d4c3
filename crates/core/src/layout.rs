//! What stands behind the text of a line: its fields, one list for each way a module spells them.
//!
//! A layout has one or more alternatives, tried in order. Each says what the line is (a [`Kind`]) and lists its fields;
//! it is the right one when each of them is there and nothing is left of the line.

use crate::classify::{Ask, Quirks};
use crate::report::{Kind, Told};
#[cfg(any(small, test))]
use crate::word::sorted::{ROWS_LEN, rows};

/// The link in front of the line, or the one of lines without a number.
pub(crate) const LINK_IN_FRONT: u8 = 0x01;
/// The link: several, and none is named.
pub(crate) const UNNAMED: u8 = 0x02;
/// What follows may be left out as a whole.
pub(crate) const OR_END: u8 = 0x03;
/// Something has to follow.
pub(crate) const MORE: u8 = 0x04;
/// `TCP`, `UDP`, or nothing between its quotes.
pub(crate) const TRANSPORT: u8 = 0x05;
/// A dotted address: as numbers, and as the text.
pub(crate) const IP: u8 = 0x06;
/// One number for each link, not 0: it is open.
pub(crate) const LINKS: u8 = 0x07;
/// The text begins with the line; without a text, it is what has been read.
pub(crate) const WHOLE: u8 = 0x08;
/// A text that ends in `POWER DOWN` says more.
pub(crate) const POWER: u8 = 0x09;
/// Anything may follow.
const ANYTHING: u8 = 0x0c;
/// Sets the second number, to -1.
pub(crate) const MINUS_ONE: u8 = 0x0d;
/// The payload follows on the same line, behind a colon or a comma: the second number is set already.
const INLINE: u8 = MINUS_ONE;
/// Sets the first number.
pub(crate) const NO: u8 = 0x0e;
/// Sets the first number to 1.
pub(crate) const YES: u8 = 0x0f;

/// What follows is only tried if this has been asked: with the number of an [`Ask`].
pub(crate) const ASKED: u8 = 0x10;
const fn asked(ask: Ask) -> u8 {
    ASKED | ask as u8
}

/// What follows is only tried with one of these sets of [`Quirks`].
pub(crate) const QUIRK: u8 = 0x18;
const MANY_LINKS: u8 = QUIRK | 1 << Quirks::MANY_LINKS;
const CLONE: u8 = QUIRK | 1 << Quirks::CLONE;
const NO_CLONE: u8 = QUIRK | 1 << Quirks::MANY_LINKS | 1;

/// A text: a field; with [`ALL`], all that is left; with [`LAST`], the last of the fields. Into text, text2 or nowhere.
pub(crate) const TEXTS: u8 = 0x30;
pub(crate) const ALL: u8 = 4;
pub(crate) const LAST: u8 = 8;
const TEXT: u8 = TEXTS;
const TEXT2: u8 = TEXTS | 1;
const SKIP_TEXT: u8 = TEXTS | 2;
const LAST_TEXT: u8 = TEXT | LAST;
const REST: u8 = TEXT | ALL;
const REST2: u8 = TEXT2 | ALL;

/// A number: where it goes, and up to which of the [`LIMITS`] it may be.
pub(crate) const NUMBERS: u8 = 0x40;
pub(crate) static LIMITS: [u16; 6] = [1, 10, Told::UNNAMED as u16 - 1, 255, MAX_LEN, u16::MAX];
/// The most that a header may announce.
pub(crate) const MAX_LEN: u16 = 4096;
/// Where a number goes: one of the numbers of [`Told`], the link, nowhere.
const TO_PORT: u8 = 4;
pub(crate) const TO_LINK: u8 = 5;
const NOWHERE: u8 = 6;
/// No limit, but the number that it has to be.
pub(crate) const EQUALS: u8 = 7;
/// 2, or 3 and then the payload is hex digits.
pub(crate) const MODE: u8 = number(EQUALS, 7);
const fn number(to: u8, limit: u8) -> u8 {
    NUMBERS | to << 3 | limit
}
const fn equals(number: u8) -> u8 {
    self::number(EQUALS, number)
}
const BIT: u8 = number(0, 0);
const STAT: u8 = number(1, 1);
const BYTE: u8 = number(0, 3);
const BYTE2: u8 = number(1, 3);
const LEN: u8 = number(0, 4);
const SHORT: u8 = number(0, 5);
const SHORT2: u8 = number(1, 5);
const NUMBER: u8 = number(0, 7);
const NUMBER2: u8 = number(1, 7);
const NUMBER3: u8 = number(2, 7);
const LINK: u8 = number(TO_LINK, 2);
const PORT: u8 = number(TO_PORT, 5);
const SKIP: u8 = number(NOWHERE, 7);

/// With a [`Kind`]: an alternative begins.
pub(crate) const BEGIN: u8 = 0x80;
/// With [`BEGIN`]: it is the first of its layout.
pub(crate) const FIRST: u8 = 0x40;
pub(crate) const FIRST_BEGIN: u8 = BEGIN | FIRST;

/// The layout of a line: where its first alternative begins in [`CODE`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Layout(pub(crate) u8);

macro_rules! layouts {
    ($($name:ident = $($kind:ident [$($field:expr),*])|+;)*) => {
        #[expect(non_camel_case_types, clippy::upper_case_acronyms, reason = "names of constants")]
        enum Number { $($name,)* }
        const LISTS: &[&[u8]] = &[$(&[$(BEGIN | Kind::$kind as u8 $(, $field)*),+]),*];
        impl Layout {
            $(pub(crate) const $name: Self = Self(start(Number::$name as usize));)*
        }
    };
}

// In front those that may carry a link number, up to `REMOTE_IP`; then texts, up to `DATA_MODE`. `classify` compares with these.
layouts! {
    CONNECT_OK = ConnectOk [LINK_IN_FRONT];
    CONNECT_FAIL = ConnectFail [LINK_IN_FRONT];
    SEND_OK = SendOk [LINK_IN_FRONT];
    SEND_FAIL = SendFail [LINK_IN_FRONT];
    CLOSE_OK = CloseOk [LINK_IN_FRONT];
    CLOSED = Closed [LINK_IN_FRONT];
    ALREADY = AlreadyConnected [LINK_IN_FRONT, ANYTHING];
    REMOTE_IP = Accepted [LINK_IN_FRONT, REST];

    OK = Ok [];
    ERROR = Error [];
    SHUT = Shut [];
    SERVER_OK = ServerOk [];
    RING = Ring [];
    PDP_DEACT = PdpDeact [];
    SERVER_CLOSE = ServerClose [ANYTHING];
    NET_LOST = NetLost [ANYTHING];
    RESTART = Boot [WHOLE, YES];
    BOOT = Boot [WHOLE, NO];
    NO_RESPONSE = Error [REST, WHOLE];
    NORMAL = PowerDown [REST, WHOLE];
    VOLTAGE = PowerWarn [REST, WHOLE, POWER];

    DATA_MODE = DataMode [REST];
    // It may be the reason of a failure in the next line, unless it was asked for.
    STATE = State [asked(Ask::Status), REST] | State [REST, YES];
    IP_STATUS = State [REST];
    SIM = Sim [REST];
    RECV_FROM = Raw [UNNAMED, IP, PORT];
    LOCAL_IP = LocalIp [IP];
    BARE_IP = LocalIp [asked(Ask::Address), IP];
    SMS = Sms [SKIP_TEXT, SHORT];
    NET_OPEN = NetState [asked(Ask::NetState), BYTE, ANYTHING] | NetOpen [BYTE, ANYTHING];
    NET_CLOSE = NetClose [BYTE];
    SERVER_STOP = ServerStopped [BYTE, BYTE2];
    CSQ = Signal [BYTE, BYTE2];
    CREG = Registration [asked(Ask::Registration), SKIP, STAT, NO, ANYTHING] | Registration [STAT, NO, ANYTHING];
    CGREG = Registration [asked(Ask::Registration), SKIP, STAT, YES, ANYTHING] | Registration [STAT, YES, ANYTHING];
    CGATT = Attach [BIT];
    SERVER_ROW = ServerState [SKIP, SKIP, PORT, TEXT] | ServerState [SKIP, SKIP, SKIP_TEXT, PORT, TEXT];
    IP_CLOSE = Closed [LINK, BYTE];
    TCP_CLOSED = Closed [LINK];
    CLIENT = Accepted [LINK, BYTE, IP, PORT];
    LINK_ROW = LinkState [LINK, BYTE, TRANSPORT, TEXT2, PORT, LAST_TEXT] | LinkState [LINK, BYTE, TRANSPORT, TEXT2, LAST_TEXT]
        | LinkState [LINK, LAST_TEXT];
    OPEN = ConnectOk [LINK, equals(0)] | ConnectFail [LINK, BYTE]
        | LinkState [LINK, OR_END, TRANSPORT, TEXT2, PORT, BYTE2] | LinkState [LINK, TRANSPORT, TEXT2, PORT, SKIP_TEXT, MINUS_ONE];
    CLOSE = CloseOk [LINK, equals(0)] | CloseErr [LINK, BYTE] | LinkVector [LINKS];
    SEND = SendOk [LINK, SHORT, SHORT2] | SendFail [LINK, SKIP, MORE, SKIP_TEXT];
    DATA_ACCEPT = DataAccept [LINK, SHORT] | DataAccept [LINK_IN_FRONT, SHORT];
    DNS = DnsFail [equals(0), SHORT] | Dns [equals(1), TEXT, MORE, REST2] | Dns [equals(1), MORE, TEXT2];
    CME_ERROR = CmeError [SHORT] | CmeError [REST];
    CMS_ERROR = CmsError [SHORT] | CmsError [REST];
    IP_ERROR = IpError [SHORT] | IpError [REST];
    CIP_ERROR = CipError [SHORT] | CipError [REST];
    ACK = Ack [NUMBER, NUMBER2, NUMBER3];
    RECEIVE = Raw [CLONE, LINK, SKIP, IP, PORT] | Data [CLONE, LINK, LEN, INLINE]
        | Data [NO_CLONE, LINK, LEN, OR_END, IP, PORT];
    RCV = Data [CLONE, LINK, LEN, INLINE] | Data [LINK, LEN];
    IPD = Data [MANY_LINKS, UNNAMED, LEN, OR_END, TRANSPORT] | Data [LINK_IN_FRONT, LEN, INLINE, OR_END, TRANSPORT];
    // `Line`: the answer, and none of ours.
    RX_GET = RxPending [equals(1), LINK, ANYTHING] | Line [asked(Ask::RxMode), SKIP]
        | RxPending [CLONE, LINK] | RxPending [equals(1), LINK_IN_FRONT, ANYTHING]
        | RxAvail [equals(4), LINK, NUMBER] | RxAvail [equals(4), LINK_IN_FRONT, NUMBER]
        | Data [CLONE, MODE, LINK, SKIP, LEN, OR_END, IP, PORT]
        | Data [CLONE, MODE, LINK_IN_FRONT, SKIP, LEN, OR_END, IP, PORT]
        | Data [NO_CLONE, MODE, LINK, LEN, NUMBER3, OR_END, IP, PORT]
        | Data [NO_CLONE, MODE, LINK_IN_FRONT, LEN, NUMBER3, OR_END, IP, PORT];
}

#[expect(clippy::cast_possible_truncation, clippy::indexing_slicing, reason = "at compile time")]
const fn start(number: usize) -> u8 {
    let mut at = 0;
    let mut i = 0;
    while i < number {
        at += LISTS[i].len();
        i += 1;
    }
    assert!(at < 256, "an offset is a byte");
    at as u8
}

#[expect(clippy::indexing_slicing, reason = "at compile time")]
const ALL_LEN: usize = {
    let mut len = 1;
    let mut i = 0;
    while i < LISTS.len() {
        len += LISTS[i].len();
        i += 1;
    }
    len
};

#[cfg(not(any(small, test)))]
const ROWS_LEN: usize = 0;
#[cfg(not(any(small, test)))]
const fn rows<const LEN: usize>(all: [u8; LEN]) -> [u8; LEN] {
    all
}

/// All layouts, one behind the other, and a mark of the end. In front of them, where code is small, the rows that name them.
#[expect(clippy::indexing_slicing, reason = "at compile time")]
static CODE: [u8; ROWS_LEN + ALL_LEN] = {
    let mut code = rows([BEGIN | FIRST; ROWS_LEN + ALL_LEN]);
    let mut at = ROWS_LEN;
    let mut list = 0;
    while list < LISTS.len() {
        let mut i = 0;
        while i < LISTS[list].len() {
            code[at] = LISTS[list][i] | if i == 0 { FIRST } else { 0 };
            at += 1;
            i += 1;
        }
        list += 1;
    }
    code
};

impl Layout {
    /// Where its first alternative begins.
    #[inline]
    pub(crate) fn start(self) -> usize {
        ROWS_LEN + usize::from(self.0)
    }

    /// What the line mostly is.
    #[cfg(not(small))]
    #[inline(always)]
    pub(crate) fn kind(self) -> Kind {
        Kind::of(code(self.start()) & !FIRST_BEGIN)
    }
}

/// A byte of [`CODE`].
#[cfg_attr(small, inline(never))]
#[cfg_attr(not(small), inline(always))]
pub(crate) fn code(at: usize) -> u8 {
    CODE.get(at).copied().unwrap_or(FIRST_BEGIN)
}
