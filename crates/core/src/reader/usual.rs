//! The usual spellings of payload headers and lines, read at a glance.
//!
//! This decides how fast a host is. A microcontroller leaves it out: there, all goes the way that knows every spelling,
//! with the same result.

use super::{Asked, CARRY, Mode, PROMPT, Read, Reader, inline_header, may_be_inline};
use crate::classify::{
    Context, Header, MAX_ANNOUNCED, Quirks, UNCOUNTED, classify, found, numbered, plain, prefix,
};
use crate::ids::On;
use crate::line::{digits, half, trim_end};
use crate::report::Report;
use crate::scan::find;
use crate::word::Kind;
use core::ops::ControlFlow;

impl Reader {
    /// The next line, or what it starts; the carry holds nothing.
    #[inline(always)]
    pub(super) fn usual<'i>(&mut self, input: &mut &'i [u8], asked: &Asked<'_>) -> Option<Read<'i>> {
        let data = match *input {
            [b'\r', b'\n', data @ ..] => data,
            data => data,
        };
        if let [b'+', _, b'E' | b'I' | b'P', ..] = data
            && let Some(behind) = header(data, &mut self.context)
        {
            *input = behind;
            self.prompted = false;
            self.begin();
            return self.payload_or_line(input, asked);
        }
        let (link, text) = prefix(data);
        let Some((kind, len)) = Kind::find(text) else { return self.any_line(input, asked) };
        let at = data.len() - text.len() + len;
        let Some((line, behind)) = data.split_at_checked(at) else { return self.any_line(input, asked) };
        if let [b'\r', b'\n', behind @ ..] = behind {
            if kind < Kind::RemoteIp {
                *input = behind;
                self.prompted = false;
                let link = link.unwrap_or(self.context.unnumbered);
                return Some(Read { report: numbered(kind, link), line: Some(line) });
            }
            if kind < Kind::DataMode && kind > Kind::RemoteIp && link.is_none() {
                *input = behind;
                self.prompted = false;
                return Some(Read { report: plain(kind, line), line: Some(line) });
            }
        } else if kind >= Kind::NoResponse && (link.is_none() || kind == Kind::RemoteIp) {
            return self.fields(kind, at, data, input, asked);
        }
        self.any_line(input, asked)
    }

    /// A line without a number in front and with more behind its text.
    #[inline(never)]
    fn fields<'i>(
        &mut self,
        kind: Kind,
        at: usize,
        data: &'i [u8],
        input: &mut &'i [u8],
        asked: &Asked<'_>,
    ) -> Option<Read<'i>> {
        let window = data.get(..data.len().min(CARRY + 1))?;
        if let Some(end) = find(b'\n', window.get(at..)?)
            && let [line @ .., b'\r'] = window.get(..at + end)?
            && line.last() != Some(&b'\r')
            && let Some(report) = found(kind, None, line, at, &mut self.context)
            && !is_odd(&report)
        {
            *input = data.get(at + end + 1..)?;
            self.prompted = false;
            return Some(Read { report, line: Some(line) });
        }
        self.any_line(input, asked)
    }

    /// Any line that lies whole in the input.
    #[inline(never)]
    fn any_line<'i>(&mut self, input: &mut &'i [u8], asked: &Asked<'_>) -> Option<Read<'i>> {
        if self.skip(input, asked.prompt) {
            return PROMPT;
        }
        let data = *input;
        let window = data.get(..data.len().min(CARRY + 1))?;
        if may_be_inline(window, self.context.quirks)
            && let Some(end) = inline_header(window, 4, &mut self.context)
        {
            *input = data.get(end..)?;
            self.begin();
            return self.payload_or_line(input, asked);
        }
        let Some(end) = find(b'\n', window) else {
            if data.len() > CARRY {
                return self.carried(input, asked);
            }
            self.keep(data);
            *input = &[];
            return None;
        };
        *input = data.get(end + 1..)?;
        let line = trim_end(window.get(..end)?, b'\r');
        let report = classify(line, &mut self.context);
        if let Some(report) = report
            && !is_odd(&report)
        {
            return Some(Read { report, line: Some(line) });
        }
        if let ControlFlow::Break(read) = self.odd(report, Some(line), asked.echo) {
            return read;
        }
        self.payload_or_line(input, asked)
    }

    fn payload_or_line<'i>(&mut self, input: &mut &'i [u8], asked: &Asked<'_>) -> Option<Read<'i>> {
        if self.mode == Mode::Payload { self.payload(input) } else { self.carried(input, asked) }
    }
}

/// Whether more is to be done with a report than to give it.
fn is_odd(report: &Report<'_>) -> bool {
    matches!(report, Report::Prompt | Report::Raw { .. } | Report::State { .. } | Report::DataMode { .. })
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
        (link, len, rest) = (On::Link(digit - b'0'), number, None);
        if quirks.has(Quirks::CLONE) {
            return None;
        }
    } else if let Some(text) = input.strip_prefix(b"+CIPRXGET: 2,") {
        let [digit @ b'0'..=b'9', b',', text @ ..] = text else { return None };
        let (number, text) = digits(text)?;
        let (left, text) = digits(text.strip_prefix(b",")?)?;
        behind = text.strip_prefix(b"\r\n")?;
        (link, len, rest) = (On::Link(digit - b'0'), number, Some(left));
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
    context.header = Header { link, len: half(len), rest, ..UNCOUNTED };
    Some(behind)
}
