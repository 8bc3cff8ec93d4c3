//! Raw logs: the bytes of both directions as they came over the line, told apart by the module's echo.
//!
//! A line that starts with `AT` is the host's. Behind a prompt comes the echo of the payload: so many bytes as the
//! command announced, or up to Ctrl-Z, ESC or the line with the result. Nothing inside a received payload is taken for
//! a command: an observer reads along.

use simcom_at::{Dialect, Kind, Observer, Report};
use simcom_vectors::{Step, Transcript};

const CTRL_Z: u8 = 0x1a;
const ESC: u8 = 0x1b;
/// No module takes more in one send, its result included.
const LONGEST_SEND: usize = 4096;

/// The steps of a log, with the echo left in the module's bytes.
pub fn split(log: &[u8], dialect: Dialect) -> Transcript {
    let mut splitter = Splitter::new(dialect);
    let mut rest = log;
    while let Some((&byte, behind)) = rest.split_first() {
        if splitter.is_command(rest) {
            let end =
                rest.iter().position(|byte| matches!(byte, b'\r' | b'\n')).map_or(rest.len(), |at| at + 1);
            let (line, behind) = rest.split_at(end);
            splitter.command(line);
            rest = behind;
            continue;
        }
        splitter.module(&[byte]);
        rest = behind;
        if std::mem::take(&mut splitter.prompt) {
            if let Some((b' ', behind)) = rest.split_first() {
                splitter.module(b" ");
                rest = behind;
            }
            let (echo, behind) = rest.split_at(splitter.echo(rest));
            splitter.payload(echo);
            rest = behind;
        }
    }
    splitter.end()
}

struct Splitter {
    observer: Observer<Vec<u8>>,
    steps: Vec<Step>,
    /// The module's bytes since the last host step.
    chunk: Vec<u8>,
    line_start: bool,
    /// Bytes of a received payload that are still to come.
    left: u16,
    prompt: bool,
    multi: bool,
    /// The send command whose prompt is awaited.
    send: Vec<u8>,
}

impl Splitter {
    fn new(dialect: Dialect) -> Self {
        let mut observer = simcom_vectors::observer(dialect);
        observer.configure("echo", "on");
        let steps = Vec::new();
        let send = Vec::new();
        Self {
            observer,
            steps,
            chunk: Vec::new(),
            line_start: true,
            left: 0,
            prompt: false,
            multi: false,
            send,
        }
    }

    fn is_command(&self, rest: &[u8]) -> bool {
        let starts = rest.get(..2).is_some_and(|head| head.eq_ignore_ascii_case(b"AT"));
        self.line_start && self.left == 0 && starts && !self.is_payload(rest)
    }

    /// Would the next byte be the first of a payload? A header that has just been read gives no report yet.
    fn is_payload(&self, rest: &[u8]) -> bool {
        let mut ahead = self.observer.clone();
        let mut next = rest.get(..1).unwrap_or_default();
        ahead.module(&mut next).is_some_and(|read| read.told.kind == Kind::Data)
    }

    fn command(&mut self, line: &[u8]) {
        let text = line.trim_ascii_end().to_ascii_uppercase();
        if text.starts_with(b"AT+CIPMUX=") {
            self.multi = text.ends_with(b"1");
        }
        if text.starts_with(b"AT+CIPSTART=") {
            self.multi = text.get(12).is_some_and(u8::is_ascii_digit);
        }
        if text.starts_with(b"AT+CIPSEND") {
            self.send = text;
        }
        self.host(line);
        self.module(line);
        self.line_start = true;
    }

    fn host(&mut self, bytes: &[u8]) {
        self.flush();
        self.observer.host(bytes);
        self.steps.push(Step::Host(bytes.to_vec()));
    }

    fn module(&mut self, bytes: &[u8]) {
        let mut input = bytes;
        while let Some(report) = self.observer.module(&mut input) {
            match report.report() {
                Report::Prompt => self.prompt = true,
                Report::Data(data) => self.left = data.left,
                _ => self.left = 0,
            }
        }
        self.chunk.extend_from_slice(bytes);
        self.line_start = matches!(bytes.last(), Some(b'\r' | b'\n'));
    }

    /// The payload that was echoed: the host's bytes, with the Ctrl-Z that modules do not echo.
    fn payload(&mut self, echo: &[u8]) {
        if echo.is_empty() {
            return;
        }
        let (body, end) = match (self.length(), echo) {
            (Some(_), _) => (echo, &[][..]),
            (None, [body @ .., CTRL_Z]) => (body, &[CTRL_Z][..]),
            (None, [body @ .., ESC]) => (body, &[ESC][..]),
            (None, _) => (echo, &[CTRL_Z][..]),
        };
        self.host(&[body, end].concat());
        self.module(body);
        self.line_start = false;
    }

    /// How many bytes behind a prompt are the echo of the payload.
    fn echo(&self, rest: &[u8]) -> usize {
        let rest = &rest[..rest.len().min(LONGEST_SEND)];
        let Some(length) = self.length() else {
            let mark = rest.iter().position(|byte| matches!(*byte, CTRL_Z | ESC)).map(|at| at + 1);
            let result =
                (0..rest.len()).find(|&at| rest[at..].starts_with(b"\r\n") && is_result(&rest[at..]));
            return match (mark, result) {
                (Some(mark), Some(result)) => mark.min(result),
                (Some(end), None) | (None, Some(end)) => end,
                (None, None) => rest.len(),
            };
        };
        let length = length.min(rest.len());
        let is_echoed = is_result(&rest[length..]) || !is_result(rest);
        if is_echoed { length } else { 0 }
    }

    /// The length that the send command announces, if it does.
    fn length(&self) -> Option<usize> {
        let at = self.send.iter().position(|&byte| byte == b'=')?;
        let text = std::str::from_utf8(&self.send[at + 1..]).ok()?;
        let fields: Vec<_> = text.split(',').map(str::trim).collect();
        match fields.as_slice() {
            [one] => one.parse().ok().filter(|&length| !self.multi || length > 9),
            [_, length, ..] => length.parse().ok(),
            [] => None,
        }
    }

    fn flush(&mut self) {
        if !self.chunk.is_empty() {
            self.steps.push(Step::Module(std::mem::take(&mut self.chunk)));
        }
    }

    fn end(mut self) -> Transcript {
        self.flush();
        let mut transcript = Transcript { headers: Vec::new(), steps: self.steps };
        transcript.push_header("config", "echo=on");
        transcript
    }
}

/// Does a line that tells how a send ended come next?
fn is_result(rest: &[u8]) -> bool {
    let rest = &rest[rest.iter().position(|byte| !matches!(byte, b'\r' | b'\n')).unwrap_or(rest.len())..];
    let line = rest.split(|byte| matches!(byte, b'\r' | b'\n')).next().unwrap_or_default();
    let digits = line.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let word = match &line[digits..] {
        [b',', word @ ..] if digits > 0 => word.trim_ascii_start(),
        _ => line,
    };
    let starts = |head: &[u8]| word.starts_with(head);
    matches!(word, b"OK" | b"ERROR" | b"SEND OK" | b"SEND FAIL" | b"CLOSED")
        || [&b"DATA ACCEPT"[..], b"+CIPSEND:", b"+CME ERROR", b"+CIPERROR"].into_iter().any(starts)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The steps as `>host` and `<module`, escaped.
    fn steps(log: &str) -> Vec<String> {
        let steps = split(log.as_bytes(), Dialect::Sim800).steps;
        let text = |mark: char, bytes: &[u8]| format!("{mark}{}", simcom_vectors::escape(bytes));
        let step = |step: Step| match step {
            Step::Host(bytes) => text('>', &bytes),
            Step::Module(bytes) => text('<', &bytes),
            Step::Silence(ms) => format!("~{ms}"),
        };
        steps.into_iter().map(step).collect()
    }

    #[test]
    fn lines_that_start_with_at_are_the_hosts() {
        let log = "AT\r\r\nOK\r\nat+csq\r\r\n+CSQ: 9,0\r\n\r\nOK\r\n";
        let want =
            [">AT\\r", "<AT\\r\\r\\nOK\\r\\n", ">at+csq\\r", "<at+csq\\r\\r\\n+CSQ: 9,0\\r\\n\\r\\nOK\\r\\n"];
        assert_eq!(steps(log), want);
    }

    #[test]
    fn the_echo_of_a_payload_is_the_hosts() {
        let fixed = "AT+CIPMUX=1\r\r\nOK\r\nAT+CIPSEND=0,6\r\r\n> AT\r\nOK\r\n0, SEND OK\r\n";
        assert_eq!(steps(fixed)[4..], [">AT\\r\\nOK", "<AT\\r\\nOK\\r\\n0, SEND OK\\r\\n"]);
        let typed = "AT+CIPSEND\r\r\n> a\r\nb\x1a\r\nSEND OK\r\n";
        assert_eq!(steps(typed)[2..], [">a\\r\\nb\\x1a", "<a\\r\\nb\\r\\nSEND OK\\r\\n"]);
        let unseen_end = "AT+CIPSEND\r\r\n> ab\r\nSEND OK\r\n";
        assert_eq!(steps(unseen_end)[2..], [">ab\\x1a", "<ab\\r\\nSEND OK\\r\\n"]);
        let no_echo = "AT+CIPSEND=3\r\r\n> \r\nSEND OK\r\n";
        assert_eq!(steps(no_echo).len(), 2);
    }

    #[test]
    fn a_received_payload_is_the_modules() {
        let log = "\r\n+RECEIVE,0,8:\r\nAT+CSQ\r\n\r\n0, CLOSED\r\n";
        assert_eq!(steps(log).len(), 1);
        let log = "\r\n+RECEIVE,0,10:\r\nx\nAT+CSQ\r\n\r\n0, CLOSED\r\n";
        assert_eq!(steps(log).len(), 1);
    }
}
