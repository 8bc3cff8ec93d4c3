//! One line → what it means: the row of the table that it matches, what was asked, and the fields.

use crate::dialect::Dialect;
use crate::ids::SocketAddrV4;
use crate::line::{Fields, half, low, low_of, trim_end};
use crate::report::{Kind, Told};
use crate::word::Word;

/// The most payload a header may announce; above it, the line is no header.
pub const MAX_ANNOUNCED: u32 = 4096;

/// What the host has asked and not yet had answered, as far as it changes the meaning of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Ask {
    /// Nothing that changes a meaning.
    #[default]
    Other,
    /// `AT+CIPSTATUS`: `STATE:` is its answer, and not the reason of a `CONNECT FAIL`.
    Status,
    /// `AT+CIFSR`: a bare address is its answer.
    Address,
    /// `AT+NETOPEN?`: `+NETOPEN:` is its answer, and not the result of `AT+NETOPEN`.
    NetState,
    /// `AT+CIPRXGET?`, or on clones `AT+CIPRXGET=1`: `+CIPRXGET: 1` is its answer, and no notice.
    RxMode,
    /// `AT+CREG?`, `AT+CGREG?`: the answer has the mode in front of the state.
    Registration,
}

impl Ask {
    /// The one of this number.
    pub(crate) const fn of(number: u8) -> Self {
        match number {
            1 => Self::Status,
            2 => Self::Address,
            3 => Self::NetState,
            4 => Self::RxMode,
            5 => Self::Registration,
            _ => Self::Other,
        }
    }
}

/// How a dialect's spelling differs where a line alone does not show it. A bit set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Quirks(pub(crate) u8);

impl Quirks {
    /// `+IPD` names no link although there are several, and its payload starts on the next line in every spelling.
    pub(crate) const MANY_LINKS: u8 = 1;
    /// Payload follows the colon of `+RECEIVE` and `+CIPRCV` on the same line; `+CIPRXGET: n` names a link; a read's
    /// answer counts what was asked and what it got.
    pub(crate) const CLONE: u8 = 2;

    /// Those of a dialect.
    pub(crate) const fn of(dialect: Dialect) -> Self {
        match dialect {
            Dialect::A7600 => Self(Self::MANY_LINKS),
            Dialect::Rda8955 => Self(Self::CLONE),
            Dialect::Sim800 | Dialect::Sim800e | Dialect::Sim7000 | Dialect::Kingcom => Self(0),
        }
    }

    pub(crate) const fn has(self, quirk: u8) -> bool {
        self.0 & quirk != 0
    }
}

/// What decides the meaning of a line besides its bytes, and what it is.
#[derive(Clone, Debug)]
#[repr(C)]
pub(crate) struct Context {
    pub(crate) quirks: Quirks,
    pub(crate) ask: Ask,
    /// The link of lines that carry no number.
    pub(crate) unnumbered: u8,
    /// What the last line was, if it was one of ours; while a payload comes, what its header said.
    pub(crate) told: Told,
}

/// Finds out what `line` (without its end) is, and leaves it in `context.told`; `None`: none of ours.
///
/// A payload header is [`Kind::Data`]; `RECV FROM:…`, which stands in front of one, is [`Kind::Raw`].
#[inline(never)]
pub(crate) fn classify(line: &[u8], context: &mut Context) -> Option<()> {
    let (link, text) = prefix(line);
    let Some((word, len)) = Word::find(text) else { return bare_address(line, context) };
    let on = link.unwrap_or(context.unnumbered);
    if word < Word::RemoteIp {
        numbered(word, on, &mut context.told);
        return Some(());
    }
    if link.is_some() && word > Word::RemoteIp {
        return None;
    }
    if word > Word::RemoteIp && word < Word::DataMode {
        plain(word, line, &mut context.told);
        return Some(());
    }
    fields(word, on, line, line.len() - text.len() + len, context)
}

/// `n, ` or `n,` in front of a line, and what is behind it.
pub(crate) fn prefix(line: &[u8]) -> (Option<u8>, &[u8]) {
    let [d @ b'0'..=b'9', b',', text @ ..] = line else { return (None, line) };
    (Some(d - b'0'), if let [b' ', text @ ..] = text { text } else { text })
}

/// What a line of this kind is, when it has more than texts to tell; its fields begin at `at`.
#[cfg_attr(not(target_os = "none"), inline(always))]
pub(crate) fn fields(word: Word, on: u8, line: &[u8], at: usize, context: &mut Context) -> Option<()> {
    let mut f = Fields::new(line, at);
    f.separator();
    if word < Word::RxGet {
        typed(word, on, &mut f, line, context)?
    } else {
        payload(word, on, &mut f, line, context)?
    }
    (word < Word::Cmti || f.is_end()).then_some(())
}

/// Lines that are only text, but for a link in front.
#[cfg_attr(not(target_os = "none"), inline(always))]
pub(crate) fn numbered(word: Word, link: u8, told: &mut Told) {
    told.become_a(word.kind());
    told.link = link;
}

/// Lines that are only text.
#[cfg_attr(not(target_os = "none"), inline(always))]
pub(crate) fn plain(word: Word, line: &[u8], told: &mut Told) {
    told.become_a(word.kind());
    if word >= Word::Restart && word <= Word::Power {
        told.text.end = low_of(trim_end(line, b' ').len());
        if word == Word::Power && told.text.of(line).ends_with(b" POWER DOWN") {
            told.kind = Kind::PowerDown;
        }
        if word <= Word::Boot {
            told.first(u32::from(word == Word::Restart));
        }
    }
}

impl Told {
    /// With the first number.
    pub(crate) const fn with(self, number: u32) -> Self {
        Self { number: [number, 0, 0], has: self.has | Self::FIRST, ..self }
    }

    pub(crate) fn first(&mut self, number: u32) {
        let [first, ..] = &mut self.number;
        *first = number;
        self.has |= Self::FIRST;
    }

    fn second(&mut self, number: u32) {
        let [_, second, _] = &mut self.number;
        *second = number;
        self.has |= Self::SECOND;
    }

    pub(crate) fn sender(&mut self, from: SocketAddrV4) {
        self.ip = from.ip().octets();
        self.has |= Self::IP;
        self.set_port(from.port());
    }

    fn set_port(&mut self, port: u16) {
        self.port = port;
        self.has |= Self::PORT;
    }

    /// A number that names a link.
    fn set_link(&mut self, number: u32) -> Option<()> {
        self.link = low(number);
        (number < u32::from(Self::UNNAMED)).then_some(())
    }

    /// `TCP`, `UDP`; `None`: neither.
    fn set_transport(&mut self, text: &[u8]) -> Option<()> {
        self.has |= match text {
            [b'T', b'C', b'P', ..] => Self::TCP,
            [b'U', b'D', b'P', ..] => Self::UDP,
            _ => return None,
        };
        Some(())
    }
}

/// Lines with fields.
#[inline(never)]
fn typed(word: Word, on: u8, f: &mut Fields<'_>, line: &[u8], context: &mut Context) -> Option<()> {
    let ask = context.ask;
    let told = &mut context.told;
    told.become_a(word.kind());
    let begin = f.left;
    let mut n = [0; 4];
    let mut count = 0;
    if word >= Word::NetOpen {
        count = f.numbers(&mut n);
    }
    let [n0, n1, n2, _] = n;
    if word < Word::CipSend && (n0 | n1) > 0xff || word < Word::CipAck && (n0 | n1 | n2) > 0xffff {
        return None;
    }
    // What most of them are: so many numbers, of which the first may name a link.
    let mut numbers = count;
    if word >= Word::IpClose && word <= Word::DataAccept && (count > 1 || word <= Word::CipOpen) {
        told.set_link(n0)?;
        told.number = [n1, n2, 0];
        numbers = count.wrapping_sub(1);
    } else {
        told.number = [n0, n1, n2];
    }
    told.has = (1 << numbers.min(3)) - 1;
    let right = match word {
        Word::RemoteIp => {
            told.link = on;
            told.text = f.rest();
            true
        }
        Word::DataMode | Word::State | Word::Cpin => {
            told.text = f.rest();
            true
        }
        Word::From => {
            told.link = Told::UNNAMED;
            told.sender(f.peer()?);
            f.rest().is_empty()
        }
        Word::IpAddr => {
            f.ip()?;
            f.left = begin;
            told.text = f.rest();
            true
        }
        Word::Cmti => {
            f.text();
            told.first(u32::from(f.short()?));
            true
        }
        Word::NetOpen | Word::Creg | Word::Cgreg => {
            f.rest();
            told.has = Told::FIRST;
            if word != Word::NetOpen {
                let stat = if ask == Ask::Registration && count > 1 { n1 } else { n0 };
                if stat > 10 {
                    return None;
                }
                told.number = [u32::from(word == Word::Cgreg), 0, 0];
                told.second(stat);
            } else {
                told.number = [n0, 0, 0];
                if ask == Ask::NetState {
                    told.kind = Kind::NetState;
                    told.first(u32::from(n0 == 1));
                }
            }
            count > 0
        }
        Word::TcpClosed | Word::NetClose => count == 1,
        Word::Cgatt => count == 1 && n0 < 2,
        Word::IpClose | Word::ServerStop | Word::Csq => count == 2,
        Word::CipAck => count == 3,
        Word::Accept => {
            // The address ends where the port's colon begins.
            let mut probe = *f;
            probe.ip()?;
            told.text = f.rest();
            told.text.end = low_of(probe.at());
            told.set_port(probe.port()?);
            count == 2
        }
        Word::LinkRow => {
            told.has &= Told::FIRST;
            if count == 1 {
                f.take(b',');
            }
            told.set_transport(f.text().of(line));
            told.text2 = f.text();
            let port = f.short();
            if port.is_none() {
                f.text();
            }
            told.set_port(port.unwrap_or(0));
            told.text = f.text();
            while !f.is_end() {
                told.text = f.text();
            }
            count > 0
        }
        Word::ServerRow => {
            told.has = 0;
            let mut port = half(n2);
            if count == 2 {
                f.text();
                port = f.short()?;
            }
            told.set_port(port);
            told.text = f.text();
            count > 1
        }
        Word::CipOpen => {
            if count == 1 {
                return client_row(f, line, told);
            }
            told.kind = Kind::ConnectFail;
            if n1 == 0 {
                told.kind = Kind::ConnectOk;
                told.has = 0;
            }
            count == 2
        }
        Word::CipClose if count == 2 => {
            if n1 == 0 {
                told.kind = Kind::CloseOk;
                told.has = 0;
            }
            true
        }
        Word::CipClose => {
            told.kind = Kind::LinkVector;
            told.link = Told::NO_LINK;
            f.left = begin;
            let (mut many, mut open) = (0, 0);
            while let Some(number) = f.number() {
                open |= u16::from(number != 0).checked_shl(many)?;
                many += 1;
            }
            told.number = [many, u32::from(open), 0];
            told.has = Told::FIRST | Told::SECOND;
            count > 0
        }
        Word::CipSend if count == 2 => {
            told.kind = Kind::SendFail;
            told.has = 0;
            f.take(b'-') && f.digits().is_some()
        }
        Word::CipSend => count == 3,
        Word::DataAccept => {
            if count == 1 {
                told.link = on;
            }
            count == 1 || count == 2
        }
        Word::Dns => {
            told.has = 0;
            if n0 == 0 {
                told.kind = Kind::DnsFail;
                told.first(n1);
                count == 2
            } else {
                told.text2 = f.text();
                if !f.is_end() {
                    told.text = told.text2;
                    told.text2 = f.rest();
                }
                !told.text2.is_empty()
            }
        }
        _ => {
            // The errors: a number, or whatever else.
            if count != 1 || !f.is_end() {
                told.has = 0;
                f.left = begin;
                told.text = f.rest();
            }
            true
        }
    };
    right.then_some(())
}

/// A bare address, as the answer to `AT+CIFSR`.
#[cold]
#[inline(never)]
fn bare_address(line: &[u8], context: &mut Context) -> Option<()> {
    let mut f = Fields::new(line, 0);
    (context.ask == Ask::Address && f.ip().is_some() && f.rest().is_empty()).then_some(())?;
    context.told.become_a(Kind::LocalIp);
    context.told.text = Fields::new(line, 0).rest();
    Some(())
}

/// `+CIPOPEN: n`, `n,"TCP","ip",port,server`.
fn client_row(f: &mut Fields<'_>, line: &[u8], told: &mut Told) -> Option<()> {
    told.set_port(0);
    if !f.is_end() {
        told.set_transport(f.text().of(line))?;
        told.text2 = f.text();
        told.port = f.short().unwrap_or(0);
        let minus = f.take(b'-');
        if let Some(number) = f.byte().filter(|number| *number < 128) {
            let number = u32::from(number);
            told.second(if minus { number.wrapping_neg() } else { number });
        }
    }
    Some(())
}

/// Payload headers, and `+CIPRXGET:` where it is none.
#[inline(never)]
fn payload(word: Word, on: u8, f: &mut Fields<'_>, line: &[u8], context: &mut Context) -> Option<()> {
    let mut n = [0; 4];
    let count = f.numbers(&mut n);
    let [n0, n1, n2, n3] = n;
    let told = &mut context.told;
    told.become_a(Kind::Data);
    told.has = Told::FIRST | Told::SECOND;
    told.link = on;
    let mut link = Some(n0);
    let mut len = n1;
    if word == Word::Ipd {
        link = None;
        len = n0;
        if !f.is_end() {
            told.set_transport(f.rest().of(line))?;
        }
        if count != 1 {
            return None;
        }
        if context.quirks.has(Quirks::MANY_LINKS) {
            told.link = Told::UNNAMED;
        }
    } else if word == Word::Receive {
        if count != 2 {
            return None;
        }
    } else {
        let clone = context.quirks.has(Quirks::CLONE);
        if count == 1 || n0 == 1 {
            let alone = count == 1;
            let short = alone && clone && f.is_end();
            if alone && context.ask == Ask::RxMode || n0 != 1 && !short {
                return None;
            }
            f.rest();
            told.kind = Kind::RxPending;
            told.has = 0;
            if short || !alone {
                told.set_link(if short { n0 } else { n1 })?;
            }
            return Some(());
        }
        // The link, if there is one, stands in front of one number or two.
        let others = match n0 {
            4 => 1,
            2 | 3 => 2,
            _ => return None,
        };
        let (first, second);
        if count == others + 2 {
            (link, first, second) = (Some(n1), n2, n3);
        } else if count == others + 1 {
            (link, first, second) = (None, n1, n2);
        } else {
            return None;
        }
        len = if clone { second } else { first };
        if others == 1 {
            told.kind = Kind::RxAvail;
            told.has = Told::FIRST;
            len = first;
        } else {
            if n0 == 3 {
                told.has |= Told::HEX;
            }
            if !clone {
                told.number = [0, 0, second];
                told.has |= Told::THIRD;
            }
        }
    }
    if let Some(link) = link {
        told.set_link(link)?;
    }
    told.first(len);
    if told.kind == Kind::RxAvail {
        return Some(());
    }
    if !f.is_end() {
        told.sender(f.peer()?);
        // Clones: the sender has a line of its own, in front of the header.
        if word == Word::Receive && context.quirks.has(Quirks::CLONE) {
            told.kind = Kind::Raw;
            return f.is_end().then_some(());
        }
    }
    (len <= MAX_ANNOUNCED).then_some(())
}
