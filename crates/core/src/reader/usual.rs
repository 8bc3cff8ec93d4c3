//! The usual spellings of payload headers and lines, read at a glance.
//!
//! This decides how fast a host is. A microcontroller leaves it out: there, all goes the way that knows every spelling,
//! with the same result.

use super::{Asked, CARRY, Found, Mode, Reader};
use crate::classify::{Context, MAX_ANNOUNCED, Quirks, classify, fields, numbered, plain, prefix};
use crate::line::{digits, low_of, trim_end};
use crate::report::{Kind, Told};
use crate::scan::{find_near, is_in_short};
use crate::word::Word;

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
        (self.len, self.front) = (0, 0);
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
        if let [b'+', _, b'E' | b'I' | b'P', ..] = data
            && let Some(behind) = header(data, &mut self.context)
        {
            *input = behind;
            self.prompted = false;
            return self.payload(input, asked);
        }
        let (link, text) = prefix(data);
        let Some((word, len)) = Word::find(text) else { return self.bytes(input, asked) };
        let at = data.len() - text.len() + len;
        let Some((line, behind)) = data.split_at_checked(at) else { return self.bytes(input, asked) };
        if let [b'\r', b'\n', behind @ ..] = behind {
            if word < Word::RemoteIp {
                *input = behind;
                self.prompted = false;
                let link = link.unwrap_or(self.context.unnumbered);
                numbered(word, link, &mut self.context.told);
                return Some(line);
            }
            if word < Word::DataMode && word > Word::RemoteIp && link.is_none() {
                *input = behind;
                self.prompted = false;
                plain(word, line, &mut self.context.told);
                return Some(line);
            }
        } else if word >= Word::NoResponse && link.is_none() {
            return self.with_fields(word, at, data, input, asked);
        }
        self.bytes(input, asked)
    }

    /// What is behind a header.
    #[inline]
    fn payload<'i>(&mut self, input: &mut &'i [u8], asked: &Asked<'_>) -> Found<'i> {
        self.begin();
        if self.mode == Mode::Payload { self.counted(input) } else { self.bytes(input, asked) }
    }

    /// A line without a number in front and with more behind its text.
    #[inline(never)]
    fn with_fields<'i>(
        &mut self,
        word: Word,
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
            if word < Word::DataMode {
                *input = data.get(at + end + 1..)?;
                self.prompted = false;
                plain(word, line, &mut self.context.told);
                return Some(line);
            }
            let unnumbered = self.context.unnumbered;
            if fields(word, unnumbered, line, at, &mut self.context).is_some()
                && !is_odd(self.context.told.kind)
            {
                *input = data.get(at + end + 1..)?;
                self.prompted = false;
                return Some(line);
            }
        }
        self.bytes(input, asked)
    }

    /// The rest of a cut line.
    #[inline(never)]
    fn rest_of_line<'i>(&mut self, input: &mut &'i [u8], asked: &Asked<'_>) -> Found<'i> {
        self.drop_front();
        self.context.ask = asked.ask;
        let data = *input;
        let room = CARRY - usize::from(self.len);
        if self.mode == Mode::Line
            && let Some(end) = find_near(b'\n', data.get(..data.len().min(room + 1))?)
        {
            self.keep(data.get(..end)?);
            let line = trim_end(self.carry.get(..usize::from(self.len))?, b'\r');
            if !may_be_inline(line, self.context.quirks) {
                let len = low_of(line.len());
                match classify(line, &mut self.context).map(|()| self.context.told.kind) {
                    Some(Kind::Data) => {
                        *input = data.get(end + 1..)?;
                        return self.payload(input, asked);
                    }
                    Some(kind) if !is_odd(kind) => {
                        *input = data.get(end + 1..)?;
                        self.len = len;
                        self.front = len;
                        return Some(&[]);
                    }
                    _ => {}
                }
            }
            self.len -= low_of(end);
        }
        self.bytes(input, asked)
    }
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
    told.number = [len, 0, rest.unwrap_or(0)];
    if rest.is_some() {
        told.has |= Told::THIRD;
    }
    context.told = told;
    Some(behind)
}
