//! What ends the program early: the message, a hint, the exit code.

use std::fmt;
use std::io;

use simcom_at::Remedy;

/// The exit codes. They are part of the interface; `simcom --help` lists them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// All well.
    Ok = 0,
    /// The module or the network said no, or the bytes did not match.
    Module = 1,
    /// Wrong usage, or an input file that cannot be read.
    Usage = 2,
    /// The port is missing, taken or gone.
    Port = 3,
    /// No answer in time.
    Timeout = 4,
}

/// Why the program ends early.
#[derive(Debug, PartialEq, Eq)]
pub struct Error {
    /// The exit code.
    pub exit: Exit,
    /// What happened.
    pub message: String,
    /// What to do about it; may be empty.
    pub hint: String,
    /// What the program itself can do about it.
    pub remedy: Remedy,
}

/// What a subcommand gives.
pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    fn new(exit: Exit, message: impl fmt::Display) -> Self {
        Self { exit, message: message.to_string(), hint: String::new(), remedy: Remedy::None }
    }

    /// Exit code 1.
    pub fn module(message: impl fmt::Display) -> Self {
        Self::new(Exit::Module, message)
    }

    /// Exit code 2.
    pub fn usage(message: impl fmt::Display) -> Self {
        Self::new(Exit::Usage, message)
    }

    /// Exit code 3.
    pub fn port(message: impl fmt::Display) -> Self {
        Self::new(Exit::Port, message)
    }

    /// Exit code 4.
    pub fn timeout(message: impl fmt::Display) -> Self {
        Self::new(Exit::Timeout, message)
    }

    /// The same with a hint.
    #[must_use]
    pub fn hint(mut self, hint: impl fmt::Display) -> Self {
        self.hint = hint.to_string();
        self
    }

    /// The user wants an end.
    pub fn interrupted() -> Self {
        Self::new(Exit::Module, "interrupted")
    }

    /// The same with what can be done about it.
    #[must_use]
    pub fn remedy(self, remedy: Remedy) -> Self {
        Self { remedy, ..self }
    }

    /// The same with another remedy, if it has one at all.
    #[must_use]
    pub fn and_then(self, remedy: Remedy) -> Self {
        if self.remedy == Remedy::None { self } else { self.remedy(remedy) }
    }

    /// Writing to stdout failed. A reader that has gone away (`simcom decode … | head`) is no failure.
    pub fn stdout(error: &io::Error) -> Self {
        let exit = if error.kind() == io::ErrorKind::BrokenPipe { Exit::Ok } else { Exit::Usage };
        let message =
            if exit == Exit::Ok { String::new() } else { format!("cannot write to stdout: {error}") };
        Self { exit, message, hint: String::new(), remedy: Remedy::None }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.message)?;
        if !self.hint.is_empty() {
            write!(f, "\n  hint: {}", self.hint)?;
        }
        Ok(())
    }
}
