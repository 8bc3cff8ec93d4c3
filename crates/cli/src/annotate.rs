//! The exchange for people: who said what, and what it means.

use simcom_vectors::escape;

use crate::style::{Colour, Style};
use crate::words;
use simcom_at::Dialect;
use simcom_vectors::Said;

/// Where the explanations begin.
const COLUMN: usize = 56;

/// A line of the host: a command with its meaning, or payload.
pub fn host(bytes: &[u8], is_payload: bool, colour: Colour) -> String {
    if is_payload || !words::is_command(bytes) {
        let count = i64::try_from(bytes.len()).unwrap_or(i64::MAX);
        let words = format!("{} of payload", words::bytes(count));
        return row(">", &escape(bytes), &words, Style::Payload, colour);
    }
    row(">", &escape(bytes.trim_ascii_end()), &words::command(bytes), Style::Host, colour)
}

/// A silence.
pub fn silence(ms: u32, colour: Colour) -> String {
    row("~", "", &format!("{ms} ms of silence"), Style::Dim, colour)
}

/// A report; `line` is the module's text behind it.
pub fn module(said: &Said, line: &[u8], dialect: Dialect, colour: Colour) -> String {
    let (text, style) = match said.name {
        "Data" => (said.get_text("bytes"), Style::Payload),
        "Line" => (said.get_text(""), Style::Module),
        "Prompt" => (">".to_owned(), Style::Module),
        "NoFinal" | "Lost" => (String::new(), Style::Bad),
        "Error" | "CmeError" | "CmsError" | "IpError" | "CipError" | "ConnectFail" | "SendFail" => {
            (escape(line), Style::Bad)
        }
        _ => (escape(line), Style::Module),
    };
    row("<", &text, &words::report(said, dialect), style, colour)
}

fn row(mark: &str, text: &str, words: &str, style: Style, colour: Colour) -> String {
    let text = shortened(text);
    let pad = " ".repeat(COLUMN.saturating_sub(text.len()).max(1));
    let words = colour.paint(Style::Dim, words);
    let line = format!("{mark} {}{pad}{words}", colour.paint(style, &text));
    line.trim_end().to_owned()
}

/// Escaped text is ASCII, so bytes are characters.
fn shortened(text: &str) -> String {
    let longest = COLUMN - 2;
    match text.get(..longest - 3) {
        Some(head) if text.len() > longest => format!("{head}..."),
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use simcom_at::{On, Report};
    use simcom_vectors::said;

    #[test]
    fn each_line_has_its_side_and_its_meaning() {
        let line = host(b"AT+CSQ\r\n", false, Colour::none());
        assert_eq!(line, format!("> AT+CSQ{}signal strength", " ".repeat(COLUMN - 6)));
        let report = said(&Report::ConnectOk { link: On::Link(0) }, b"");
        let line = module(&report, b"0, CONNECT OK", Dialect::Sim800, Colour::none());
        assert!(line.starts_with("< 0, CONNECT OK  ") && line.ends_with("  link 0 is connected"), "{line}");
    }

    #[test]
    fn long_payload_is_shortened() {
        let line = host(&[b'x'; 900], true, Colour::none());
        assert!(line.contains("xxx... ") && line.ends_with("900 bytes of payload"), "{line}");
        assert!(line.len() < 90);
    }
}
