//! The usual spellings of payload headers, read at a glance.
//!
//! Bulk data is headers and payload, so this decides how fast a host is. A microcontroller leaves it out: these headers
//! then go the way of every line, which knows all spellings, with the same result.

use crate::classify::{Context, MAX_ANNOUNCED, Quirks, UNCOUNTED};
use crate::ids::On;
use crate::line::{digits, half};
use crate::report::Data;

/// Reads a header at the start of `input`, when it is whole and spelled as usual; gives what is behind it.
pub(crate) fn usual<'i>(input: &'i [u8], context: &mut Context) -> Option<&'i [u8]> {
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
    context.header = Data { link, len: half(len), rest, ..UNCOUNTED };
    Some(behind)
}
