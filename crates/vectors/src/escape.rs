//! Bytes as printable text and back.

use std::fmt::Write as _;

/// An escape that cannot be read.
///
/// **Units**: `offset` is in bytes from the start of the text, and points at the backslash.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BadEscape {
    /// Where the escape starts.
    pub offset: usize,
}

/// The bytes that an escaped text stands for.
///
/// **Shape**: `\r \n \t \\ \" \xNN`; every other byte stands for itself, also one above 0x7f.
/// **Errors**: [`BadEscape`] for a backslash at the end, an unknown letter, or an `\x` without two hex digits.
pub fn unescape(text: &[u8]) -> Result<Vec<u8>, BadEscape> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut offset = 0;
    while let Some(&byte) = text.get(offset) {
        if byte != b'\\' {
            bytes.push(byte);
            offset += 1;
            continue;
        }
        let (value, used) = one_escape(&text[offset + 1..]).ok_or(BadEscape { offset })?;
        bytes.push(value);
        offset += 1 + used;
    }
    Ok(bytes)
}

/// The value of the escape behind a backslash, and how many bytes it takes.
fn one_escape(text: &[u8]) -> Option<(u8, usize)> {
    match text {
        [b'r', ..] => Some((b'\r', 1)),
        [b'n', ..] => Some((b'\n', 1)),
        [b't', ..] => Some((b'\t', 1)),
        [b'\\', ..] => Some((b'\\', 1)),
        [b'"', ..] => Some((b'"', 1)),
        [b'x', high, low, ..] => Some((hex_digit(*high)? << 4 | hex_digit(*low)?, 3)),
        _ => None,
    }
}

fn hex_digit(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        b'A'..=b'F' => Some(digit - b'A' + 10),
        _ => None,
    }
}

/// Bytes as the text of a `> ` or `< ` line: printable ASCII stays, all else is escaped, and so is a blank at either end.
pub fn escape(bytes: &[u8]) -> String {
    escaped(bytes, false)
}

/// Bytes as a quoted value of a report: as [`escape`], with `"` escaped too and quotes around it.
pub fn quote(bytes: &[u8]) -> String {
    format!("\"{}\"", escaped(bytes, true))
}

fn escaped(bytes: &[u8], quotes: bool) -> String {
    let mut text = String::with_capacity(bytes.len() + 8);
    let last = bytes.len().saturating_sub(1);
    for (at, &byte) in bytes.iter().enumerate() {
        match byte {
            b'\r' => text.push_str("\\r"),
            b'\n' => text.push_str("\\n"),
            b'\t' => text.push_str("\\t"),
            b'\\' => text.push_str("\\\\"),
            b'"' if quotes => text.push_str("\\\""),
            b' ' if at == 0 || at == last => text.push_str("\\x20"),
            b' '..=b'~' => text.push(char::from(byte)),
            _ => write!(text, "\\x{byte:02x}").expect("a string takes all"),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_comes_back() {
        let all: Vec<u8> = (0..=255).collect();
        assert_eq!(unescape(escape(&all).as_bytes()).unwrap(), all);
        let quoted = quote(&all);
        assert_eq!(unescape(&quoted.as_bytes()[1..quoted.len() - 1]).unwrap(), all);
    }

    #[test]
    fn blanks_are_escaped_at_the_ends_only() {
        assert_eq!(escape(b"\r\n> "), "\\r\\n>\\x20");
        assert_eq!(escape(b" a b "), "\\x20a b\\x20");
        assert_eq!(escape(b" "), "\\x20");
        assert_eq!(escape(b"\"a\""), "\"a\"");
        assert_eq!(quote(b"\"a\" "), "\"\\\"a\\\"\\x20\"");
    }

    #[test]
    fn a_bad_escape_is_pointed_at() {
        for (text, offset) in [("ab\\", 2), ("\\q", 0), ("a\\x1", 1), ("a\\x1g", 1), ("\\\\\\x", 2)] {
            assert_eq!(unescape(text.as_bytes()), Err(BadEscape { offset }), "{text}");
        }
    }

    #[test]
    fn raw_bytes_stand_for_themselves() {
        assert_eq!(unescape(b"\xff\\xFe\x80").unwrap(), b"\xff\xfe\x80");
    }
}
