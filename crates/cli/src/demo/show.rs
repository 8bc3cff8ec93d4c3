//! The exchange of the demo, annotated: of each kind of line the first ones in a scene, and how many more there were.

use std::collections::HashMap;
use std::fmt::Write as _;

use simcom_at::{Dialect, Instant};

use crate::annotate;
use crate::error::Result;
use crate::style::{Colour, Style};
use crate::tap::Tap;
use crate::words;
use simcom_vectors::Reading;
use simcom_vectors::Said;

/// How many lines of a kind are shown in a scene.
const SHOWN: u32 = 2;

/// Collects the annotated exchange.
pub struct Show {
    dialect: Dialect,
    reading: Reading,
    colour: Colour,
    is_verbose: bool,
    text: String,
    kinds: HashMap<String, u32>,
    /// The host's last line was shown: what the module says to it is too.
    is_open: bool,
    hidden: u32,
}

impl Show {
    /// An exchange in this dialect.
    pub fn new(dialect: Dialect, is_verbose: bool) -> Self {
        Self {
            dialect,
            reading: Reading::new(dialect, [("echo", "on")], true),
            colour: Colour::of_stdout(),
            is_verbose,
            text: String::new(),
            kinds: HashMap::new(),
            is_open: false,
            hidden: 0,
        }
    }

    /// A new scene begins: all kinds are shown again.
    pub fn scene(&mut self, title: &str) {
        self.end_scene();
        self.note(&format!("\n-- {title}"));
    }

    /// A remark.
    pub fn note(&mut self, text: &str) {
        // A string takes all.
        let _ = writeln!(self.text, "{text}");
    }

    /// What has been collected since the last call.
    pub fn take(&mut self) -> String {
        std::mem::take(&mut self.text)
    }

    fn end_scene(&mut self) {
        if self.hidden > 0 {
            let more = format!("  ... {} more lines like these", self.hidden);
            let more = self.colour.paint(Style::Dim, &more);
            self.note(&more);
        }
        self.hidden = 0;
        self.kinds.clear();
    }

    /// Whether a line of this kind is still shown.
    fn counts(&mut self, kind: String) -> bool {
        let count = self.kinds.entry(kind).or_default();
        *count += 1;
        *count <= SHOWN || self.is_verbose
    }

    fn line(&mut self, is_shown: bool, text: &str) {
        if is_shown {
            self.note(text);
        } else {
            self.hidden += 1;
        }
    }

    fn said(&mut self, all: Vec<(Said, Vec<u8>)>) {
        for (said, line) in all {
            let text = annotate::module(&said, &line, self.dialect, self.colour);
            let is_shown = self.counts(said.name.to_owned()) || self.is_open;
            self.line(is_shown, &text);
        }
    }
}

impl Tap for Show {
    fn host(&mut self, _now: Instant, bytes: &[u8]) -> Result<()> {
        let is_payload = self.reading.is_prompted();
        let before = self.reading.host(bytes);
        self.said(before);
        let text = annotate::host(bytes, is_payload, self.colour);
        self.is_open = self.counts(kind(bytes, is_payload));
        self.line(self.is_open, &text);
        Ok(())
    }

    fn module(&mut self, _now: Instant, bytes: &[u8]) -> Result<()> {
        let said = self.reading.module(bytes);
        self.said(said);
        Ok(())
    }

    fn finish(&mut self) -> Result<()> {
        let last = self.reading.end();
        self.said(last);
        self.end_scene();
        Ok(())
    }
}

/// The command up to its numbers (`AT+CIPRXGET=2`), or payload.
fn kind(bytes: &[u8], is_payload: bool) -> String {
    if is_payload || !words::is_command(bytes) {
        return "payload".to_owned();
    }
    let end = bytes.iter().position(|byte| matches!(byte, b',' | b'\r')).unwrap_or(bytes.len());
    let head = simcom_vectors::escape(&bytes[..end]);
    if head.contains("RXGET") { head } else { head.trim_end_matches(|c: char| c.is_ascii_digit()).to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_a_kind_are_counted() {
        assert_eq!(kind(b"AT+CIPRXGET=2,0,1460\r", false), "AT+CIPRXGET=2");
        assert_eq!(kind(b"AT+CIPSEND=0,5\r", false), kind(b"AT+CIPSEND=3,9\r", false));
        assert_eq!(kind(b"hello", false), "payload");
        let mut show = Show::new(Dialect::Sim800, false);
        for _ in 0..5 {
            show.host(Instant::default(), b"AT\r").unwrap();
        }
        show.finish().unwrap();
        let text = show.take();
        assert_eq!(text.lines().filter(|line| line.starts_with("> AT")).count(), 2);
        assert!(text.contains("... 3 more lines"), "{text}");
    }
}
