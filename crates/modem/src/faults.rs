//! Things that go wrong on purpose.

use alloc::string::String;
use alloc::vec::Vec;

/// A fault.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// These bytes come at byte `at` of the next reply (0: in front of it; behind its end: at its end).
    Notice {
        /// The place, counted from the first byte behind the echo.
        at: usize,
        /// The bytes, as they are.
        bytes: Vec<u8>,
    },
    /// The next final result is not printed.
    DropFinal,
    /// The next final result comes so many milliseconds late.
    LateFinal(u32),
    /// The next final result is printed twice.
    DoubleFinal,
    /// The next send gets no prompt, although the module waits for its payload.
    NoPrompt,
    /// The next send ends in the dialect's failure.
    SendFail,
    /// The next command of this name (`+CIPSTART`) ends in `+CME ERROR` with this number.
    Refuse {
        /// The name behind `AT`, in upper case.
        command: String,
        /// The number.
        code: u16,
    },
    /// A7600: the next command of this name (`+CIPOPEN`) ends in its own error with this number: `<err_info>` of
    /// `+IP ERROR` for `+CIPACK` and `+CIPRXGET`, `<err>` for the others.
    OwnError {
        /// The name behind `AT`, in upper case.
        command: String,
        /// The number.
        code: u8,
    },
    /// The next name is not resolved, with this code.
    DnsFail(u8),
    /// Of the next received payload (pushed or read) so many bytes are missing at the end.
    ShortPayload(usize),
    /// The header of the next received payload says so many bytes more (or less).
    WrongLength(i32),
    /// The module starts anew when it has taken so many bytes of the next send's payload.
    RestartInPayload(usize),
    /// The module is deaf and dumb for so many milliseconds, from now on.
    Hang(u32),
}

/// The faults that wait for their occasion, in order.
#[derive(Debug, Default)]
pub struct Faults(Vec<(Fault, bool)>);

impl Faults {
    /// Adds a fault that happens once.
    pub fn once(&mut self, fault: Fault) {
        self.0.push((fault, false));
    }

    /// Adds a fault that happens on every occasion.
    pub fn always(&mut self, fault: Fault) {
        self.0.push((fault, true));
    }

    /// Forgets all.
    pub fn clear(&mut self) {
        self.0.clear();
    }

    /// The number of faults that wait.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether none waits.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The first fault of which `pick` makes something.
    pub(crate) fn take<T>(&mut self, pick: impl Fn(&Fault) -> Option<T>) -> Option<T> {
        let index = self.0.iter().position(|(f, _)| pick(f).is_some())?;
        let (fault, always) = self.0.get(index)?;
        let found = pick(fault);
        if !*always {
            self.0.remove(index);
        }
        found
    }

    pub(crate) fn hit(&mut self, fault: &Fault) -> bool {
        self.take(|f| (f == fault).then_some(())).is_some()
    }
}
