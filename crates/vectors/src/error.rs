//! What is wrong with a transcript, where, and what to do.

use std::fmt;

/// A transcript that cannot be read: the place, and the problem.
///
/// Prints as `file:line:column: what is wrong; what to do`.
/// **Units**: line and column count from 1, the column in bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParseError {
    /// The name of the file, as the caller gave it.
    pub file: String,
    /// The line.
    pub line: usize,
    /// The column.
    pub column: usize,
    /// What is wrong there.
    pub problem: Problem,
}

/// What can be wrong with a line of a transcript.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Problem {
    /// The line starts with none of `# `, `> `, `< `, `~ `.
    UnknownMark,
    /// The mark has no blank behind it.
    NoBlank,
    /// A backslash with something behind it that is no escape.
    BadEscape,
    /// A `~` line without a whole number of milliseconds below 2^32.
    BadSilence,
    /// An `# expect:` line that is no report; the text says why.
    BadReport(String),
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Problem::UnknownMark => f.write_str(
                "unknown mark; start the line with `# ` (header), `> ` (host), `< ` (module) or `~ ` (silence)",
            ),
            Problem::NoBlank => f.write_str(
                "no blank behind the mark; write the mark, one blank, then the bytes (a first byte that is a blank is \\x20)",
            ),
            Problem::BadEscape => {
                f.write_str("bad escape; use \\r \\n \\t \\\\ \\\" or \\x with two hex digits")
            }
            Problem::BadSilence => {
                f.write_str("bad silence; write `~ ` and the milliseconds as a decimal number, such as `~ 1000`")
            }
            Problem::BadReport(why) => {
                write!(f, "bad report: {why}; write `Name` or `Name{{key=value,...}}`, text in double quotes")
            }
        }
    }
}

impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}: {}", self.file, self.line, self.column, self.problem)
    }
}

impl std::error::Error for ParseError {}
