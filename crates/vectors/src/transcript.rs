//! The file format: header lines, host bytes, module bytes, silences.

use crate::error::{ParseError, Problem};
use crate::escape::{escape, unescape};
use crate::report::Report;

/// One step of a transcript.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// Bytes from the host, one chunk. A host step counts as silence of the module.
    Host(Vec<u8>),
    /// Bytes from the module, one chunk as it came.
    Module(Vec<u8>),
    /// Nothing from either side, in milliseconds.
    Silence(u32),
}

/// One header line, `# key: value`.
///
/// A line behind `# ` that has no key (letters, digits, `-`, `_`, then a colon) is a remark: its key is empty.
#[derive(Debug, Clone)]
pub struct Header {
    /// The key, such as `expect`; empty for a remark.
    pub key: String,
    /// The value, without the blank behind the colon. A byte that is not UTF-8 stands as `\xNN`.
    pub value: String,
    /// The line in the file, from 1; 0 when it came from no file. Not part of a comparison.
    pub line: usize,
}

impl PartialEq for Header {
    fn eq(&self, other: &Header) -> bool {
        self.key == other.key && self.value == other.value
    }
}

impl Eq for Header {}

/// A transcript: header lines, then steps.
///
/// **Next**: [`Chunking`](crate::Chunking) cuts its module bytes anew, [`Transcript::expected`] gives the reports.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Transcript {
    /// The header lines in their order; `notes` and `expect` come more than once.
    pub headers: Vec<Header>,
    /// The steps in their order.
    pub steps: Vec<Step>,
}

impl Transcript {
    /// Reads a transcript; `file` is the name that errors carry.
    ///
    /// **Errors**: [`ParseError`] with line and column, at the first line that cannot be read.
    pub fn parse(file: &str, text: &str) -> Result<Transcript, ParseError> {
        Transcript::parse_bytes(file, text.as_bytes())
    }

    /// Reads a transcript that may hold raw bytes which are not UTF-8.
    ///
    /// In a chunk a raw byte stands for itself, in a header it becomes `\xNN`. Lines may end in LF or CRLF, empty lines
    /// are skipped, and header lines may stand between steps.
    /// **Errors**: as [`Transcript::parse`].
    pub fn parse_bytes(file: &str, text: &[u8]) -> Result<Transcript, ParseError> {
        let mut transcript = Transcript::default();
        let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
        for (at, line) in text.split(|&byte| byte == b'\n').enumerate() {
            let line = line.strip_suffix(b"\r").unwrap_or(line);
            let number = at + 1;
            transcript.line(number, line).map_err(|(column, problem)| ParseError {
                file: file.to_owned(),
                line: number,
                column,
                problem,
            })?;
        }
        Ok(transcript)
    }

    fn line(&mut self, number: usize, line: &[u8]) -> Result<(), (usize, Problem)> {
        let Some((&mark, rest)) = line.split_first() else {
            return Ok(());
        };
        if !matches!(mark, b'#' | b'>' | b'<' | b'~') {
            return Err((1, Problem::UnknownMark));
        }
        let body = match rest.split_first() {
            Some((b' ', body)) => body,
            None if mark == b'#' => rest,
            _ => return Err((2, Problem::NoBlank)),
        };
        let chunk = || unescape(body).map_err(|bad| (bad.offset + 3, Problem::BadEscape));
        match mark {
            b'>' => self.steps.push(Step::Host(chunk()?)),
            b'<' => self.steps.push(Step::Module(chunk()?)),
            b'~' => self.steps.push(Step::Silence(milliseconds(body).ok_or((3, Problem::BadSilence))?)),
            _ => self.headers.push(header(number, body)),
        }
        Ok(())
    }

    /// The value of the first header line with this key.
    pub fn header(&self, key: &str) -> Option<&str> {
        self.headers.iter().find(|header| header.key == key).map(|header| header.value.as_str())
    }

    /// The values of all header lines with this key, in their order.
    pub fn all_headers<'a>(&'a self, key: &'a str) -> impl Iterator<Item = &'a str> {
        self.headers.iter().filter(move |header| header.key == key).map(|header| header.value.as_str())
    }

    /// The dialect it is written in; empty when the file does not say.
    pub fn dialect(&self) -> &str {
        self.header("dialect").map_or("", str::trim)
    }

    /// The words of the `config` lines, as key and value: the state before the first byte. What is not named is the
    /// dialect's default. A word without `=` has an empty value.
    pub fn config(&self) -> impl Iterator<Item = (&str, &str)> {
        self.all_headers("config")
            .flat_map(str::split_whitespace)
            .map(|word| word.split_once('=').unwrap_or((word, "")))
    }

    /// One value of [`Transcript::config`].
    pub fn config_value(&self, key: &str) -> Option<&str> {
        self.config().find(|(name, _)| *name == key).map(|(_, value)| value)
    }

    /// Does an expectation say that the file has no single right answer? Such a file is read, but not compared.
    pub fn is_ambiguous(&self) -> bool {
        self.all_headers("expect").any(|text| text.starts_with("AMBIGUOUS"))
    }

    /// The expected reports, in their order; `file` is the name that errors carry.
    ///
    /// **Errors**: [`ParseError`] at the first `# expect:` line that is no report.
    pub fn expected(&self, file: &str) -> Result<Vec<Report>, ParseError> {
        let lines = self.headers.iter().filter(|header| header.key == "expect");
        lines
            .map(|header| {
                Report::parse(&header.value).map_err(|bad| ParseError {
                    file: file.to_owned(),
                    line: header.line,
                    column: bad.offset + "# expect: ".len() + 1,
                    problem: Problem::BadReport(bad.why.to_owned()),
                })
            })
            .collect()
    }

    /// All bytes from the module, one behind the other: a seed for a fuzzer, or the input of a bench.
    pub fn module_bytes(&self) -> Vec<u8> {
        self.bytes(|step| match step {
            Step::Module(bytes) => Some(bytes),
            Step::Host(_) | Step::Silence(_) => None,
        })
    }

    /// All bytes from the host, one behind the other.
    pub fn host_bytes(&self) -> Vec<u8> {
        self.bytes(|step| match step {
            Step::Host(bytes) => Some(bytes),
            Step::Module(_) | Step::Silence(_) => None,
        })
    }

    fn bytes(&self, side: impl Fn(&Step) -> Option<&Vec<u8>>) -> Vec<u8> {
        self.steps.iter().filter_map(side).flatten().copied().collect()
    }

    /// Adds a header line; a line end in the value becomes a blank.
    pub fn push_header(&mut self, key: &str, value: &str) {
        let value = value.replace(['\r', '\n'], " ");
        self.headers.push(Header { key: key.to_owned(), value, line: 0 });
    }

    /// The transcript as text, headers first. Reading the text gives an equal transcript.
    pub fn to_text(&self) -> String {
        let mut text = String::new();
        for header in &self.headers {
            let line = match (header.key.as_str(), header.value.as_str()) {
                ("", value) => format!("# {value}"),
                (key, value) => format!("# {key}: {value}"),
            };
            text.push_str(line.trim_end());
            text.push('\n');
        }
        for step in &self.steps {
            let line = match step {
                Step::Host(bytes) => format!("> {}\n", escape(bytes)),
                Step::Module(bytes) => format!("< {}\n", escape(bytes)),
                Step::Silence(ms) => format!("~ {ms}\n"),
            };
            text.push_str(&line);
        }
        text
    }
}

fn milliseconds(body: &[u8]) -> Option<u32> {
    let digits = body.trim_ascii();
    // `parse` alone would take a sign.
    let whole = !digits.is_empty() && digits.iter().all(u8::is_ascii_digit);
    whole.then(|| std::str::from_utf8(digits).ok()?.parse().ok()).flatten()
}

fn header(line: usize, body: &[u8]) -> Header {
    let mut text = String::new();
    for chunk in body.utf8_chunks() {
        text.push_str(chunk.valid());
        for byte in chunk.invalid() {
            text.push_str(&format!("\\x{byte:02x}"));
        }
    }
    let text = text.trim_end();
    let is_key = |key: &str| {
        !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
    };
    let (key, value) = match text.split_once(':') {
        Some((key, value)) if is_key(key) => (key, value.strip_prefix(' ').unwrap_or(value)),
        _ => ("", text),
    };
    Header { key: key.to_owned(), value: value.to_owned(), line }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(text: &str) -> (usize, usize, Problem) {
        let error = Transcript::parse("x.txt", text).unwrap_err();
        assert_eq!(error.file, "x.txt");
        (error.line, error.column, error.problem)
    }

    const SAMPLE: &str = "# dialect: sim800\n# config: echo=off mux=multi\n# notes: a: b\n# a remark\n# expect: Ok\n\
                          > AT\\r\n< \\r\\nOK\\r\\n\n~ 1000\n< \\r\\n>\\x20\n";

    #[test]
    fn headers_and_steps_are_read() {
        let transcript = Transcript::parse("x.txt", SAMPLE).unwrap();
        assert_eq!(transcript.dialect(), "sim800");
        assert_eq!(transcript.config_value("mux"), Some("multi"));
        assert_eq!(transcript.config_value("mode"), None);
        assert_eq!(transcript.header("notes"), Some("a: b"));
        assert_eq!(transcript.headers[3].key, "");
        assert_eq!(transcript.expected("x.txt").unwrap(), [Report::new("Ok")]);
        let steps = [
            Step::Host(b"AT\r".to_vec()),
            Step::Module(b"\r\nOK\r\n".to_vec()),
            Step::Silence(1000),
            Step::Module(b"\r\n> ".to_vec()),
        ];
        assert_eq!(transcript.steps, steps);
        assert_eq!(transcript.module_bytes(), b"\r\nOK\r\n\r\n> ");
        assert_eq!(transcript.host_bytes(), b"AT\r");
    }

    #[test]
    fn what_is_written_reads_the_same() {
        let transcript = Transcript::parse("x.txt", SAMPLE).unwrap();
        assert_eq!(transcript.to_text(), SAMPLE);
        let mut odd = Transcript::default();
        odd.push_header("notes", "two\r\nlines");
        odd.push_header("", "");
        odd.steps =
            vec![Step::Module((0..=255).collect()), Step::Host(Vec::new()), Step::Module(b"  ".to_vec())];
        assert_eq!(Transcript::parse("x.txt", &odd.to_text()).unwrap(), odd);
    }

    #[test]
    fn raw_bytes_are_kept() {
        let transcript = Transcript::parse_bytes("x.txt", b"# notes: caf\xe9\r\n< \xff\xfe\\r\r\n").unwrap();
        assert_eq!(transcript.header("notes"), Some("caf\\xe9"));
        assert_eq!(transcript.steps, [Step::Module(b"\xff\xfe\r".to_vec())]);
        assert_eq!(Transcript::parse("x.txt", &transcript.to_text()).unwrap(), transcript);
    }

    #[test]
    fn bad_lines_are_pointed_at() {
        assert_eq!(problem("< ok\n\n< a\\q\n"), (3, 4, Problem::BadEscape));
        assert_eq!(problem("> \\x4"), (1, 3, Problem::BadEscape));
        assert_eq!(problem("OK\n"), (1, 1, Problem::UnknownMark));
        assert_eq!(problem("< a\n >\n"), (2, 1, Problem::UnknownMark));
        assert_eq!(problem("<\\r\\n\n"), (1, 2, Problem::NoBlank));
        assert_eq!(problem(">\n"), (1, 2, Problem::NoBlank));
        assert_eq!(problem("#dialect: x\n"), (1, 2, Problem::NoBlank));
        for bad in ["~ ", "~ x", "~ -1", "~ +1", "~ 1.5", "~ 4294967296"] {
            assert_eq!(problem(bad), (1, 3, Problem::BadSilence), "{bad}");
        }
    }

    #[test]
    fn an_error_says_where_and_what_to_do() {
        let error = Transcript::parse("data/x.txt", "< a\\q").unwrap_err();
        assert!(error.to_string().starts_with("data/x.txt:1:4: bad escape; use \\r"), "{error}");
        let transcript = Transcript::parse("x.txt", "< a\n# expect: Data{len=\"5}\n").unwrap();
        let error = transcript.expected("x.txt").unwrap_err();
        assert_eq!((error.line, error.column), (2, 20));
        assert!(error.to_string().contains("bad report"), "{error}");
    }

    #[test]
    fn an_ambiguous_file_says_so() {
        let transcript = Transcript::parse("x.txt", "# expect: AMBIGUOUS: two answers\n").unwrap();
        assert!(transcript.is_ambiguous());
        assert!(!Transcript::parse("x.txt", SAMPLE).unwrap().is_ambiguous());
    }
}
