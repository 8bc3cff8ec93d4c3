//! The usual spellings of payload headers and lines, read at a glance.
//!
//! This decides how fast a host is. A microcontroller leaves it out: there, all goes the way that knows every spelling,
//! with the same result.

use super::{Asked, CARRY, Found, Mode, Reader};
use crate::classify::{Ask, Context, MAX_ANNOUNCED, Quirks, fields, prefix};
use crate::layout::Layout;
use crate::line::{Fields, digits, low_of};
use crate::report::{Kind, Told};
use crate::scan::{find_near, is_in_short};
use crate::word::grouped::find;

/// So few bytes are more likely a cut line than a whole one.
const SHORT: usize = 17;

impl Reader {
    /// The next line, or what it starts.
    #[inline(never)]
    pub(super) fn usual<'i>(&mut self, input: &mut &'i [u8], asked: &Asked<'_>) -> Found<'i> {
        if self.len > self.front {
            return self.rest_of_line(input, asked);
        }
        if self.mode != Mode::Line {
            return self.bytes(input, asked);
        }
        self.clear();
        let data = match *input {
            [b'\r', b'\n', data @ ..] | [b'\n', data @ ..] => data,
            data => data,
        };
        if data.len() < SHORT {
            if let [] | [b'\r'] = data {
                *input = &[];
                return None;
            }
            if self.may_keep(data) && !is_in_short(b'\n', data) {
                return self.keep_all(data, input);
            }
        }
        if may_be_header(data)
            && let Some(behind) = header(data, &mut self.context)
        {
            *input = behind;
            self.prompted = false;
            return self.payload(input, asked);
        }
        if let Some(end) = glance(data, asked.ask, &mut self.context) {
            *input = data.get(end + 2..)?;
            self.prompted = false;
            return data.get(..end);
        }
        if data.len() < CARRY && self.may_keep(data) && memchr::memchr(b'\n', data).is_none() {
            return self.keep_all(data, input);
        }
        self.bytes(input, asked)
    }

    /// Whether these bytes begin a line that is none of those with payload behind it.
    #[inline(always)]
    fn may_keep(&self, data: &[u8]) -> bool {
        matches!(data, [b'0'..=b'9' | b'A'..=b'Z' | b'+', ..]) && !may_be_inline(data, self.context.quirks)
    }

    /// Keeps a cut line.
    #[inline(always)]
    fn keep_all<'i>(&mut self, data: &[u8], input: &mut &'i [u8]) -> Found<'i> {
        *input = &[];
        self.prompted = false;
        self.keep(data);
        None
    }

    /// What is behind a header.
    #[inline]
    fn payload<'i>(&mut self, input: &mut &'i [u8], asked: &Asked<'_>) -> Found<'i> {
        self.begin();
        if self.mode == Mode::Payload { self.counted(input) } else { self.bytes(input, asked) }
    }

    /// The rest of a cut line.
    #[inline(never)]
    fn rest_of_line<'i>(&mut self, input: &mut &'i [u8], asked: &Asked<'_>) -> Found<'i> {
        self.drop_front();
        let data = *input;
        let room = CARRY - usize::from(self.len);
        if self.mode == Mode::Line
            && let Some(end) = find_near(b'\n', data.get(..data.len().min(room))?)
        {
            self.keep(data.get(..=end)?);
            let line = self.carry.get(usize::from(self.front)..usize::from(self.len))?;
            if may_be_header(line) && header(line, &mut self.context).is_some_and(<[u8]>::is_empty) {
                *input = data.get(end + 1..)?;
                return self.payload(input, asked);
            }
            if !may_be_inline(line, self.context.quirks)
                && let Some(len) = glance(line, asked.ask, &mut self.context)
            {
                *input = data.get(end + 1..)?;
                self.len = self.front + low_of(len);
                self.front = self.len;
                return Some(&[]);
            }
            self.len -= low_of(end + 1);
        }
        self.bytes(input, asked)
    }
}

/// What the line at the front of `data` says, when it is spelled as usual; gives where its text ends: CR LF follows.
#[inline(always)]
fn glance(data: &[u8], ask: Ask, context: &mut Context) -> Option<usize> {
    let (link, text) = prefix(data);
    let (layout, len) = find(text)?;
    let at = data.len() - text.len() + len;
    if let Some([b'\r', b'\n', ..]) = data.get(at..) {
        if layout < Layout::REMOTE_IP {
            let link = link.unwrap_or(context.unnumbered);
            context.told.become_a(layout.kind());
            context.told.link = link;
            return Some(at);
        }
        if layout < Layout::RESTART && layout > Layout::REMOTE_IP && link.is_none() {
            context.told.become_a(layout.kind());
            return Some(at);
        }
    }
    if layout < Layout::RESTART || link.is_some() {
        return None;
    }
    context.ask = ask;
    with_fields(layout, at, data, context)
}

/// A line without a number in front and with more behind its row.
#[inline(never)]
fn with_fields(layout: Layout, at: usize, data: &[u8], context: &mut Context) -> Option<usize> {
    let window = data.get(..data.len().min(CARRY + 1))?;
    let end = at + find_near(b'\n', window.get(at..)?)?;
    let [line @ .., b'\r'] = window.get(..end)? else { return None };
    if line.last() == Some(&b'\r') {
        return None;
    }
    if layout < Layout::NO_RESPONSE && line.len() == at {
        let told = &mut context.told;
        told.become_a(layout.kind());
        told.text.end = low_of(at);
        told.first(u32::from(layout == Layout::RESTART));
        return Some(at);
    }
    let on = context.unnumbered;
    fields(layout, on, &mut Fields::new(line, at), context)?;
    (!is_odd(context.told.kind)).then_some(line.len())
}

/// Whether payload may follow on the same line.
#[inline]
fn may_be_inline(line: &[u8], quirks: Quirks) -> bool {
    let [b'+', line @ ..] = line else { return false };
    match line {
        [b'I', b'P', b'D', ..] => !quirks.has(Quirks::MANY_LINKS),
        [b'R' | b'C', ..] => quirks.has(Quirks::CLONE),
        _ => false,
    }
}

/// Whether a line may be the header of a payload.
#[inline(always)]
fn may_be_header(line: &[u8]) -> bool {
    matches!(line, [b'+', _, b'E' | b'I' | b'P', ..])
}

/// Whether more is to be done with a report than to give it.
fn is_odd(kind: Kind) -> bool {
    matches!(kind, Kind::Data | Kind::Raw | Kind::State | Kind::DataMode)
}

/// Reads a header at the start of `input`, when it is whole and spelled as usual; gives what is behind it.
#[inline(never)]
fn header<'i>(input: &'i [u8], context: &mut Context) -> Option<&'i [u8]> {
    let quirks = context.quirks;
    let (link, len, rest, behind);
    if let Some(text) = input.strip_prefix(b"+RECEIVE,") {
        let [digit @ b'0'..=b'9', b',', text @ ..] = text else { return None };
        let (number, text) = digits(text)?;
        behind = text.strip_prefix(b":\r\n")?;
        (link, len, rest) = (digit - b'0', number, None);
        if quirks.has(Quirks::CLONE) {
            return None;
        }
    } else if let Some(text) = input.strip_prefix(b"+CIPRXGET: 2,") {
        let [digit @ b'0'..=b'9', b',', text @ ..] = text else { return None };
        let (number, text) = digits(text)?;
        let (left, text) = digits(text.strip_prefix(b",")?)?;
        behind = text.strip_prefix(b"\r\n")?;
        (link, len, rest) = (digit - b'0', number, Some(left));
        if quirks.has(Quirks::CLONE) {
            return None;
        }
    } else {
        let (number, text) = digits(input.strip_prefix(b"+IPD,")?)?;
        behind = text.strip_prefix(b":")?;
        (link, len, rest) = (context.unnumbered, number, None);
        if quirks.has(Quirks::MANY_LINKS) {
            return None;
        }
    }
    if len > MAX_ANNOUNCED {
        return None;
    }
    let mut told = Told { link, ..Told::UNCOUNTED };
    told.number = [len, 0, rest.unwrap_or(0), 0, 0];
    if rest.is_some() {
        told.has |= Told::THIRD;
    }
    context.told = told;
    Some(behind)
}
