//! The usual spellings of payload headers and lines, read at a glance.
//!
//! This decides how fast a host is. A microcontroller leaves it out: there, all goes the way that knows every spelling,
//! with the same result.

use super::{Asked, CARRY, Found, Held, Mode, Reader, inline_header, may_be_inline};
use crate::classify::{Context, MAX_ANNOUNCED, Quirks, classify, fields, numbered, prefix};
use crate::line::{Fields, digits, low_of, trim_end};
use crate::report::{Kind, Span, Told};
use crate::scan::{find, find_near, is_in_short};
use crate::layout::Layout;
use crate::word::grouped::find as find_word;
use core::ops::ControlFlow::{self, Break, Continue};

/// So few bytes are more likely a cut line than a whole one.
const SHORT: usize = 17;

impl Reader {
    /// The next line, or what it starts; the carry holds nothing.
    #[inline(always)]
    pub(super) fn usual<'i>(&mut self, input: &mut &'i [u8], asked: &Asked<'_>) -> Found<'i> {
        let data = match *input {
            [b'\r', b'\n', data @ ..] => data,
            data => data,
        };
        if data.len() < SHORT
            && let [b'0'..=b'9' | b'A'..=b'Z' | b'+', ..] = data
            && !may_be_inline(data, self.context.quirks)
            && !is_in_short(b'\n', data)
        {
            *input = &[];
            self.prompted = false;
            self.keep(data);
            return None;
        }
        if may_be_header(data)
            && let Some(behind) = header(data, &mut self.context)
        {
            *input = behind;
            self.prompted = false;
            self.begin();
            return self.lines(input, asked);
        }
        let (link, text) = prefix(data);
        let Some((layout, len)) = find_word(text) else { return self.lines(input, asked) };
        let at = data.len() - text.len() + len;
        let Some((line, behind)) = data.split_at_checked(at) else { return self.lines(input, asked) };
        if let [b'\r', b'\n', behind @ ..] = behind {
            if layout < Layout::REMOTE_IP {
                *input = behind;
                self.prompted = false;
                let link = link.unwrap_or(self.context.unnumbered);
                numbered(layout, link, &mut self.context.told);
                return Some(Some(line));
            }
            if layout < Layout::RESTART && layout > Layout::REMOTE_IP && link.is_none() {
                *input = behind;
                self.prompted = false;
                self.context.told.become_a(layout.kind());
                return Some(Some(line));
            }
        }
        if layout >= Layout::RESTART && link.is_none() {
            return self.with_fields(layout, at, data, input, asked);
        }
        self.lines(input, asked)
    }

    /// A line without a number in front and with more behind its text.
    #[inline(never)]
    fn with_fields<'i>(
        &mut self,
        layout: Layout,
        at: usize,
        data: &'i [u8],
        input: &mut &'i [u8],
        asked: &Asked<'_>,
    ) -> Found<'i> {
        self.context.ask = asked.ask;
        let window = data.get(..data.len().min(CARRY + 1))?;
        if let Some(end) = find_near(b'\n', window.get(at..)?)
            && let [line @ .., b'\r'] = window.get(..at + end)?
            && line.last() != Some(&b'\r')
        {
            if layout < Layout::NO_RESPONSE && line.len() == at {
                *input = data.get(at + end + 1..)?;
                self.prompted = false;
                let told = &mut self.context.told;
                told.become_a(Kind::Boot);
                told.text.end = low_of(at);
                told.first(u32::from(layout == Layout::RESTART));
                return Some(Some(line));
            }
            let unnumbered = self.context.unnumbered;
            if fields(layout, unnumbered, &mut Fields::new(line, at), &mut self.context).is_some()
                && !is_odd(self.context.told.kind)
            {
                *input = data.get(at + end + 1..)?;
                self.prompted = false;
                return Some(Some(line));
            }
        }
        self.lines(input, asked)
    }

    /// The rest of a cut line.
    #[inline(never)]
    pub(super) fn rest_of_line<'i>(&mut self, input: &mut &'i [u8], asked: &Asked<'_>) -> Found<'i> {
        self.context.ask = asked.ask;
        let data = *input;
        let room = CARRY - usize::from(self.len);
        if self.held == Held::Nothing
            && !self.ready
            && let Some(end) = find_near(b'\n', data.get(..data.len().min(room))?)
        {
            self.keep(data.get(..=end)?);
            let line = self.carry.get(..usize::from(self.len))?;
            if may_be_header(line) && header(line, &mut self.context).is_some_and(<[u8]>::is_empty) {
                *input = data.get(end + 1..)?;
                self.begin();
                return self.lines(input, asked);
            }
            self.len -= 1;
            let line = trim_end(self.carry.get(..usize::from(self.len))?, b'\r');
            if !may_be_inline(line, self.context.quirks) {
                let len = low_of(line.len());
                match classify(line, &mut self.context).map(|()| self.context.told.kind) {
                    Some(Kind::Data) => {
                        *input = data.get(end + 1..)?;
                        self.begin();
                        return self.lines(input, asked);
                    }
                    Some(kind) if !is_odd(kind) => {
                        *input = data.get(end + 1..)?;
                        self.text = Span { start: 0, end: len };
                        self.spent = self.len;
                        return Some(None);
                    }
                    _ => {}
                }
            }
            self.len -= low_of(end);
        }
        self.lines(input, asked)
    }

    /// Any line that lies whole in the input, at the start of a line.
    #[inline(never)]
    pub(super) fn any_line<'i>(&mut self, input: &mut &'i [u8], asked: &Asked<'_>) -> ControlFlow<Found<'i>> {
        if self.skip(input, asked.prompt) {
            return Break(self.prompt());
        }
        let data = *input;
        let window = data.get(..=CARRY).unwrap_or(data);
        if let Some(end) = inline_header(window, 4, &mut self.context)
            && end <= CARRY
        {
            *input = data.get(end..).unwrap_or_default();
            self.begin();
            return Continue(());
        }
        let Some(end) = find(b'\n', window) else {
            let mut found = None;
            let (piece, behind) = data.split_at_checked(CARRY).unwrap_or((data, &[]));
            if data.len() > CARRY {
                self.mode = Mode::Long;
                self.context.told.become_line(true);
                found = Some(Some(trim_end(piece, b'\r')));
            } else {
                self.keep(data);
            }
            *input = behind;
            return Break(found);
        };
        *input = data.get(end + 1..).unwrap_or_default();
        let line = trim_end(window.get(..end).unwrap_or_default(), b'\r');
        let ours = classify(line, &mut self.context).is_some();
        self.odd(ours, Some(line), asked.echo)
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
