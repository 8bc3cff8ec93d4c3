//! The file to decode: a transcript or a raw log, and the dialect it is in.

use std::fs;
use std::io::{self, Read};
use std::path::Path;

use simcom_at::Dialect;
use simcom_vectors::{Step, Transcript};

use super::raw;
use crate::error::{Error, Result};
use crate::guess;

/// What there is to read.
pub struct Input {
    /// The steps and the configuration; of a raw log as well.
    pub transcript: Transcript,
    /// The dialect.
    pub dialect: Dialect,
    /// How the dialect is known.
    why: String,
}

impl Input {
    /// Reads a file, or stdin for `-`.
    pub fn read(file: &Path, dialect: Option<Dialect>) -> Result<Self> {
        let (name, bytes) = contents(file)?;
        Self::parse(&name, &bytes, dialect)
    }

    fn parse(name: &str, bytes: &[u8], dialect: Option<Dialect>) -> Result<Self> {
        let log = is_raw(bytes);
        let transcript = if log {
            None
        } else {
            Some(Transcript::parse_bytes(name, bytes).map_err(|error| {
                Error::usage(error)
                    .hint("a raw log, without lines that start with `< ` or `> `, can be decoded too")
            })?)
        };
        let named = transcript.as_ref().map_or("", |transcript| transcript.dialect());
        let (dialect, why) = match (dialect, named) {
            (Some(dialect), _) => (dialect, "as told".to_owned()),
            (None, "") => {
                let guess = match &transcript {
                    Some(transcript) => guess::from_traffic(&all_bytes(transcript)),
                    None => guess::from_traffic(bytes),
                };
                let why = match guess.because.as_str() {
                    "" => "nothing tells, the most common one".to_owned(),
                    line => format!("found out from `{line}`"),
                };
                (guess.dialect, why)
            }
            (None, named) => (
                Dialect::from_name(named).ok_or_else(|| unknown(name, named))?,
                "as the file says".to_owned(),
            ),
        };
        let transcript = transcript.unwrap_or_else(|| raw::split(bytes, dialect));
        Ok(Self { transcript, dialect, why })
    }

    /// The first line of the annotated output.
    pub fn title(&self) -> String {
        format!("# dialect: {} ({})", self.dialect.name(), self.why)
    }
}

fn unknown(file: &str, dialect: &str) -> Error {
    let names: Vec<_> = Dialect::ALL.iter().map(|dialect| dialect.name()).collect();
    Error::usage(format!("{file}: unknown dialect `{dialect}` in its `# dialect:` line"))
        .hint(format!("give --dialect with one of {}", names.join(", ")))
}

fn contents(file: &Path) -> Result<(String, Vec<u8>)> {
    let mut bytes = Vec::new();
    if file == Path::new("-") {
        io::stdin()
            .read_to_end(&mut bytes)
            .map_err(|error| Error::usage(format!("cannot read stdin: {error}")))?;
        return Ok(("<stdin>".to_owned(), bytes));
    }
    let name = file.display().to_string();
    let bytes = fs::read(file).map_err(|error| {
        Error::usage(format!("cannot read {name}: {error}"))
            .hint("give a transcript or a log, or - for stdin")
    })?;
    Ok((name, bytes))
}

/// A transcript has chunks, or nothing but headers. A log may have a line that starts with `> `, the prompt and what was
/// typed behind it, but then it has a command too.
fn is_raw(bytes: &[u8]) -> bool {
    let lines = || bytes.split(|&byte| byte == b'\n').filter(|line| !line.trim_ascii().is_empty());
    let any = |head: &[u8]| lines().any(|line| line.starts_with(head));
    let is_command = |line: &[u8]| line.get(..2).is_some_and(|head| head.eq_ignore_ascii_case(b"AT"));
    if any(b"< ") {
        return false;
    }
    if any(b"> ") {
        return lines().any(is_command);
    }
    lines().any(|line| !line.starts_with(b"# ") && !line.starts_with(b"~ "))
}

fn all_bytes(transcript: &Transcript) -> Vec<u8> {
    let mut bytes = Vec::new();
    for step in &transcript.steps {
        match step {
            Step::Host(chunk) | Step::Module(chunk) => bytes.extend_from_slice(chunk),
            Step::Silence(_) => {}
        }
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_log_is_told_from_a_transcript() {
        assert!(!is_raw(b"# dialect: sim800\n> AT\\r\n< \\r\\nOK\\r\\n\n"));
        assert!(!is_raw(b"# notes: x\n\n"));
        assert!(!is_raw(b"") && !is_raw(b"> AT\\r\n"));
        assert!(is_raw(b"AT\r\r\nOK\r\n"));
        assert!(is_raw(b"AT+CIPSEND\r\r\n> hello\x1a\r\nSEND OK\r\n"));
        assert!(is_raw(b"# noise\r\n\r\nRDY\r\n"));
    }

    #[test]
    fn the_dialect_is_told_or_named_or_found() {
        let dialect = |text: &str, told| Input::parse("f", text.as_bytes(), told).map(|input| input.dialect);
        let named = "# dialect: kingcom\n< +NETOPEN: 0\\r\\n\n";
        assert_eq!(dialect(named, None).unwrap(), Dialect::Kingcom);
        assert_eq!(dialect(named, Some(Dialect::A7600)).unwrap(), Dialect::A7600);
        assert_eq!(dialect("< \\r\\n+NETOPEN: 0\\r\\n\n", None).unwrap(), Dialect::A7600);
        assert_eq!(dialect("< \\r\\n+CIPMUX: 1\\r\\n\n", None).unwrap(), Dialect::Sim800);
        let error = dialect("# dialect: sim9\n< a\n", None).unwrap_err();
        assert_eq!(error.exit, crate::error::Exit::Usage);
        assert!(error.message.contains("unknown dialect `sim9`"), "{error}");
    }

    #[test]
    fn a_bad_escape_is_pointed_at() {
        let error = Input::parse("log.txt", b"< ok\n> AT\\q\n", None).err().unwrap();
        assert_eq!(error.exit, crate::error::Exit::Usage);
        assert!(error.message.starts_with("log.txt:2:5: bad escape"), "{error}");
    }
}
