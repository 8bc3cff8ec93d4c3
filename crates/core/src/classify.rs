//! One line → what it means: the row of the table that it matches, and the layout of its fields.

use crate::dialect::Dialect;
use crate::layout::{self as is, Layout, code};
use crate::line::{Fields, low, low_of};
use crate::report::{Kind, Told};
use crate::word::find;

/// The most payload a header may announce; above it, the line is no header.
pub const MAX_ANNOUNCED: u32 = is::MAX_LEN as u32;

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
    let mut f = Fields::new(line, 0);
    let mut on = context.unnumbered;
    if let [digit @ b'0'..=b'9', b',', ..] = line {
        on = digit - b'0';
        f.at = 2;
        f.blanks();
    }
    let is_numbered = f.at > 0;
    let layout = find(&mut f);
    if is_numbered && layout > Layout::REMOTE_IP {
        return None;
    }
    fields(layout, on, &mut f, context)
}

/// `n, ` or `n,` in front of a line, and what is behind it.
#[cfg(not(small))]
#[inline(always)]
pub(crate) fn prefix(line: &[u8]) -> (Option<u8>, &[u8]) {
    let [d @ b'0'..=b'9', b',', text @ ..] = line else { return (None, line) };
    (Some(d - b'0'), if let [b' ', text @ ..] = text { text } else { text })
}

/// What a line with this layout is; its fields come next.
#[cfg_attr(not(small), inline(always))]
pub(crate) fn fields(layout: Layout, on: u8, f: &mut Fields<'_>, context: &mut Context) -> Option<()> {
    f.separator();
    let start = f.at;
    let mut at = layout.start();
    loop {
        let kind = Kind::of(code(at) & !is::FIRST_BEGIN);
        at += 1;
        context.told.become_a(kind);
        f.at = start;
        if alternative(at, f, on, context) {
            return (kind != Kind::Line).then_some(());
        }
        while code(at) < is::BEGIN {
            at += 1;
        }
        if code(at) >= is::FIRST_BEGIN {
            return None;
        }
    }
}

/// Reads the fields of one alternative; false: this is not the one.
#[cfg_attr(not(small), inline(always))]
fn alternative(mut at: usize, f: &mut Fields<'_>, on: u8, context: &mut Context) -> bool {
    let told = &mut context.told;
    loop {
        let field = code(at);
        at += 1;
        let right = match field {
            is::BEGIN.. => {
                f.blanks();
                return f.is_end();
            }
            is::NUMBERS.. => number(field, f, told),
            is::TEXTS.. => {
                text(field, f, told);
                true
            }
            is::QUIRK.. => field >> context.quirks.0 & 1 != 0,
            is::ASKED.. => field == is::ASKED | context.ask as u8,
            is::LINK_IN_FRONT => {
                told.link = on;
                true
            }
            is::UNNAMED => {
                told.link = Told::UNNAMED;
                true
            }
            is::OR_END if f.is_end() => return true,
            is::OR_END => true,
            is::MORE => !f.is_end(),
            is::TRANSPORT => transport(f, told),
            is::IP => ip(f, told),
            is::LINKS => links(f, told),
            is::WHOLE => {
                if told.text.is_empty() {
                    told.text.end = low_of(f.at);
                }
                told.text.start = 0;
                true
            }
            is::POWER => {
                // `DOWN`, or `NING`.
                if f.byte_at(usize::from(told.text.end).wrapping_sub(4)) == u32::from(b'D') {
                    told.kind = Kind::PowerDown;
                }
                true
            }
            is::YES | is::NO => {
                told.first(u32::from(field & 1));
                true
            }
            is::MINUS_ONE => {
                told.set(1, u32::MAX);
                true
            }
            // Anything may follow.
            _ => return true,
        };
        if !right {
            return false;
        }
    }
}

/// A text.
#[cfg_attr(not(small), inline(always))]
fn text(field: u8, f: &mut Fields<'_>, told: &mut Told) {
    let mut span;
    loop {
        span = if field & is::ALL != 0 { f.rest() } else { f.text() };
        if field & is::LAST == 0 || f.is_end() {
            break;
        }
    }
    match field & 3 {
        0 => told.text = span,
        1 => told.text2 = span,
        _ => {}
    }
}

/// A transport, known by its first letter; an empty text is one that is not known.
fn transport(f: &mut Fields<'_>, told: &mut Told) -> bool {
    let text = f.text();
    // `T` and `U` are neighbours, and so are the bits.
    let letter = f.byte_at(usize::from(text.start)).wrapping_sub(u32::from(b'T'));
    if letter < 2 {
        told.has |= Told::TCP << letter;
        return true;
    }
    text.is_empty()
}

/// An address.
#[cfg_attr(not(small), cold)]
fn ip(f: &mut Fields<'_>, told: &mut Told) -> bool {
    f.blanks();
    told.text.start = low_of(f.at);
    let Some(ip) = f.ip() else { return false };
    told.text.end = low_of(f.at).wrapping_sub(1);
    told.set(3, ip);
    true
}

/// The links that are open: how many numbers, and a bit for each.
#[cfg_attr(not(small), cold)]
fn links(f: &mut Fields<'_>, told: &mut Told) -> bool {
    let [count, open, ..] = &mut told.number;
    while let Some(number) = f.number() {
        *open |= u32::from(number != 0).wrapping_shl(*count);
        *count += 1;
    }
    told.has = Told::FIRST | Told::SECOND;
    count.wrapping_sub(1) < 16
}

/// A number; false: there is none, or it is too large, or not the one.
#[cfg_attr(not(small), inline(always))]
fn number(field: u8, f: &mut Fields<'_>, told: &mut Told) -> bool {
    let Some(number) = f.number() else { return false };
    let (to, limit) = (field >> 3 & 7, field & 7);
    if to == is::EQUALS {
        if limit == is::MODE & 7 {
            told.has |= low(number) << 7;
            return number & !1 == 2;
        }
        return number == u32::from(limit);
    }
    if to == is::TO_LINK {
        told.link = low(number);
    } else {
        told.set(to, number);
    }
    is::LIMITS.get(usize::from(limit)).is_none_or(|limit| number <= u32::from(*limit))
}

impl Told {
    /// With the first number.
    pub(crate) const fn with(self, number: u32) -> Self {
        Self { number: [number, 0, 0, 0, 0], has: self.has | Self::FIRST, ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(line: &str, ask: Ask) -> Option<Told> {
        let mut context =
            Context { quirks: Quirks(0), ask, unnumbered: Told::SINGLE, told: Told::new(Kind::Line) };
        classify(line.as_bytes(), &mut context).map(|()| context.told)
    }

    #[test]
    fn a_cell_of_digits_only_is_no_state() {
        for line in ["+CREG: 1,\"1234\",\"5678\"", "+CREG: 1", "+CREG: 1,\"00A1\",\"12CD\""] {
            let told = told(line, Ask::Other).unwrap();
            assert_eq!((told.kind, told.number[1]), (Kind::Registration, 1), "{line}");
        }
        let told = told("+CREG: 2,5,\"1234\",\"5678\"", Ask::Registration).unwrap();
        assert_eq!((told.kind, told.number[1]), (Kind::Registration, 5));
    }

    #[test]
    fn the_first_alternative_that_fits_counts() {
        let kind = |line| told(line, Ask::Other).map(|told| (told.kind, told.link, told.number[0]));
        assert_eq!(kind("+CIPOPEN: 3,0"), Some((Kind::ConnectOk, 3, 0)));
        assert_eq!(kind("+CIPOPEN: 3,10"), Some((Kind::ConnectFail, 3, 10)));
        assert_eq!(kind("+CIPOPEN: 3"), Some((Kind::LinkState, 3, 0)));
        assert_eq!(kind("+CIPSEND: 3,5,5"), Some((Kind::SendOk, 3, 5)));
        assert_eq!(kind("+CIPSEND: 3,5,-1"), Some((Kind::SendFail, 3, 0)));
        assert_eq!(kind("+CIPSEND: 3,5"), None);
        assert_eq!(kind("+CIPCLOSE: 3,0"), Some((Kind::CloseOk, 3, 0)));
        assert_eq!(kind("+CIPCLOSE: 3,4"), Some((Kind::CloseErr, 3, 4)));
        assert_eq!(kind("+CIPCLOSE: 1,0,0"), Some((Kind::LinkVector, Told::NO_LINK, 3)));
        assert_eq!(kind("+CIPRXGET: 2,0,5,7"), Some((Kind::Data, 0, 5)));
        assert_eq!(kind("+CIPRXGET: 2,5,7"), Some((Kind::Data, Told::SINGLE, 5)));
        assert_eq!(kind("+CIPRXGET: 2,0,4097,7"), None);
    }
}
