//! One report as text: `Name` or `Name{key=value,...}`.

use std::fmt;
use std::str::FromStr;

use crate::escape::{quote, unescape};

/// One report: its name, and its fields in their order.
///
/// **Shape**: `Data{link=0,len=5,bytes="hello"}`, `LinkVector{[0,1]}`, `Ok`. A value is text in double quotes with
/// escapes, a list in brackets, or bare text up to the next `,key=` or the closing brace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// The name, letters only.
    pub name: String,
    /// Key and value. A field without a key has its place as key: `_0`, `_1`. Values are without quotes and escapes, a
    /// list is its text in brackets without blanks.
    pub fields: Vec<(String, Vec<u8>)>,
}

/// A text that is no report.
///
/// **Units**: `offset` in bytes from the start of the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BadReport {
    /// Where it goes wrong.
    pub offset: usize,
    /// Why.
    pub why: &'static str,
}

impl fmt::Display for BadReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at byte {}", self.why, self.offset)
    }
}

impl std::error::Error for BadReport {}

impl Report {
    /// A report without fields.
    pub fn new(name: &str) -> Report {
        Report { name: name.to_owned(), fields: Vec::new() }
    }

    /// The same report with one more field at its end.
    #[must_use]
    pub fn with(mut self, key: &str, value: impl AsRef<[u8]>) -> Report {
        self.fields.push((key.to_owned(), value.as_ref().to_vec()));
        self
    }

    /// The value of a field.
    pub fn field(&self, key: &str) -> Option<&[u8]> {
        self.fields.iter().find(|(name, _)| name == key).map(|(_, value)| value.as_slice())
    }

    /// The value of a field that is a decimal number.
    pub fn number(&self, key: &str) -> Option<i64> {
        std::str::from_utf8(self.field(key)?).ok()?.parse().ok()
    }

    pub(crate) fn set(&mut self, key: &str, value: Vec<u8>) {
        match self.fields.iter_mut().find(|(name, _)| name == key) {
            Some((_, old)) => *old = value,
            None => self.fields.push((key.to_owned(), value)),
        }
    }

    /// Does `got` satisfy this expectation: the same name, and at least these fields with these values?
    pub fn accepts(&self, got: &Report) -> bool {
        self.name == got.name && self.fields.iter().all(|(key, value)| got.field(key) == Some(value))
    }

    /// Reads one report.
    ///
    /// **Errors**: [`BadReport`] when it has no name, an open quote, bracket or brace, a bad escape, or text behind a value.
    pub fn parse(text: &str) -> Result<Report, BadReport> {
        let start = text.len() - text.trim_start().len();
        let whole = text.trim_end();
        let name_end =
            whole[start..].find(|c: char| !c.is_ascii_alphabetic()).map_or(whole.len(), |at| start + at);
        if name_end == start {
            return Err(BadReport { offset: start, why: "a report starts with a name of letters" });
        }
        let mut report = Report::new(&whole[start..name_end]);
        if name_end == whole.len() {
            return Ok(report);
        }
        if !whole[name_end..].starts_with('{') {
            return Err(BadReport { offset: name_end, why: "only `{` can follow the name" });
        }
        if !whole.ends_with('}') || whole.len() == name_end + 1 {
            return Err(BadReport { offset: whole.len(), why: "the closing `}` is missing" });
        }
        let mut body = Body { text: &whole[..whole.len() - 1], at: name_end + 1 };
        while body.at < body.text.len() {
            let key = body.key().unwrap_or_else(|| format!("_{}", report.fields.len()));
            let value = body.value()?;
            report.set(&key, value);
            body.comma()?;
        }
        Ok(report)
    }
}

impl FromStr for Report {
    type Err = BadReport;

    fn from_str(text: &str) -> Result<Report, BadReport> {
        Report::parse(text)
    }
}

/// The canonical text; reading it gives an equal report.
impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)?;
        if self.fields.is_empty() {
            return Ok(());
        }
        for (place, (key, value)) in self.fields.iter().enumerate() {
            f.write_str(if place == 0 { "{" } else { "," })?;
            if *key != format!("_{place}") {
                write!(f, "{key}=")?;
            }
            match bare(key, value) {
                Some(text) => f.write_str(text)?,
                None => f.write_str(&quote(value))?,
            }
        }
        f.write_str("}")
    }
}

/// The value as text that needs no quotes: a list, or a word. `bytes` and values without a key are always quoted.
fn bare<'a>(key: &str, value: &'a [u8]) -> Option<&'a str> {
    let text = std::str::from_utf8(value).ok()?;
    let is_list = text.starts_with('[')
        && text.find(']') == Some(text.len() - 1)
        && !text.bytes().any(|byte| byte == b' ' || !byte.is_ascii_graphic());
    let is_word = !text.is_empty()
        && key != "bytes"
        && !key.starts_with('_')
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.:_/?".contains(&byte));
    (is_list || is_word).then_some(text)
}

/// The text between the braces, and how far it is read.
struct Body<'a> {
    text: &'a str,
    at: usize,
}

impl Body<'_> {
    fn rest(&self) -> &str {
        &self.text[self.at..]
    }

    fn key(&mut self) -> Option<String> {
        let rest = self.rest().trim_start();
        let end = key_length(rest)?;
        let key = rest[..end].to_owned();
        self.at = self.text.len() - rest.len() + end + 1;
        Some(key)
    }

    fn value(&mut self) -> Result<Vec<u8>, BadReport> {
        let start = self.at;
        match self.rest().as_bytes().first() {
            Some(b'"') => {
                let length = quoted_length(self.rest().as_bytes())
                    .ok_or(BadReport { offset: start, why: "the closing quote is missing" })?;
                let inside = &self.text.as_bytes()[start + 1..start + length - 1];
                self.at += length;
                unescape(inside)
                    .map_err(|bad| BadReport { offset: start + 1 + bad.offset, why: "bad escape" })
            }
            Some(b'[') => {
                let length = self
                    .rest()
                    .find(']')
                    .ok_or(BadReport { offset: start, why: "the closing `]` is missing" })?
                    + 1;
                let list = self.rest()[..length].replace(' ', "").into_bytes();
                self.at += length;
                Ok(list)
            }
            _ => {
                let rest = self.rest();
                let ends = rest
                    .match_indices(',')
                    .map(|(at, _)| at)
                    .find(|at| key_length(&rest[at + 1..]).is_some());
                let length = ends.unwrap_or(rest.len());
                let value = rest[..length].trim().as_bytes().to_vec();
                self.at += length;
                Ok(value)
            }
        }
    }

    fn comma(&mut self) -> Result<(), BadReport> {
        match self.rest().as_bytes().first() {
            None => Ok(()),
            Some(b',') => {
                self.at += 1;
                Ok(())
            }
            Some(_) => Err(BadReport { offset: self.at, why: "only `,` or `}` can follow a value" }),
        }
    }
}

/// The length of a key that stands in front of `=`.
fn key_length(text: &str) -> Option<usize> {
    let end = text.find(|c: char| !(c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_'))?;
    (end > 0 && text[end..].starts_with('=')).then_some(end)
}

/// The length of a quoted text with both quotes.
fn quoted_length(text: &[u8]) -> Option<usize> {
    let mut at = 1;
    loop {
        match text.get(at)? {
            b'"' => return Some(at + 1),
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_fields_are_read() {
        assert_eq!(Report::parse(" Ok ").unwrap(), Report::new("Ok"));
        let data = Report::parse(r#"Data{link=0,len=5,bytes="a\"},\x00\r",from=1.2.3.4:80}"#).unwrap();
        let want = Report::new("Data")
            .with("link", "0")
            .with("len", "5")
            .with("bytes", b"a\"},\x00\r")
            .with("from", "1.2.3.4:80");
        assert_eq!(data, want);
        assert_eq!(data.number("len"), Some(5));
        assert_eq!(data.number("from"), None);
        assert_eq!(Report::parse("Shut{}").unwrap(), Report::new("Shut"));
    }

    #[test]
    fn fields_without_a_key_have_a_place() {
        assert_eq!(Report::parse(r#"State{"IP STATUS"}"#).unwrap().field("_0"), Some(&b"IP STATUS"[..]));
        assert_eq!(Report::parse("LinkVector{[0, 1]}").unwrap().field("_0"), Some(&b"[0,1]"[..]));
        let mixed = Report::parse(r#"X{a="1","two"}"#).unwrap();
        assert_eq!(mixed.field("_1"), Some(&b"two"[..]));
    }

    #[test]
    fn bare_text_runs_to_the_next_key() {
        let report = Report::parse("LinkState{state=TCP CLOSED,link=1,ips=[1.2.3.4, 5.6.7.8]}").unwrap();
        assert_eq!(report.field("state"), Some(&b"TCP CLOSED"[..]));
        assert_eq!(report.field("ips"), Some(&b"[1.2.3.4,5.6.7.8]"[..]));
        assert_eq!(Report::parse("X{a=1,2,b=3}").unwrap().field("a"), Some(&b"1,2"[..]));
        assert_eq!(Report::parse("X{a=,b=3}").unwrap().field("a"), Some(&b""[..]));
    }

    #[test]
    fn bad_text_is_pointed_at() {
        for (text, offset) in [
            ("", 0),
            ("{a=1}", 0),
            ("Ok!", 2),
            ("Data{len=1", 10),
            ("Data{", 5),
            ("Data{bytes=\"a}", 11),
            ("Data{bytes=\"a\\\"}", 11),
            ("Data{bytes=\"a\\q\"}", 13),
            ("Dns{ips=[1,2}", 8),
            ("Data{a=\"1\"b=2}", 10),
        ] {
            assert_eq!(Report::parse(text).unwrap_err().offset, offset, "{text}");
        }
    }

    #[test]
    fn what_is_written_reads_the_same() {
        let all: Vec<u8> = (0..=255).collect();
        let report =
            Report::new("Data").with("link", "?").with("bytes", &all).with("text", "a,b=c").with("empty", "");
        for report in [report, Report::new("X").with("_0", "[1,2]").with("_1", "a]"), Report::new("Ok")] {
            assert_eq!(Report::parse(&report.to_string()).unwrap(), report, "{report}");
        }
    }

    #[test]
    fn an_expectation_allows_more_fields() {
        let want = Report::new("ConnectFail").with("link", "s");
        assert!(want.accepts(&Report::parse("ConnectFail{state=\"X\",link=s}").unwrap()));
        assert!(!want.accepts(&Report::parse("ConnectFail{link=0}").unwrap()));
        assert!(!want.accepts(&Report::parse("ConnectOk{link=s}").unwrap()));
        assert!(!want.accepts(&Report::new("ConnectFail")));
    }
}
