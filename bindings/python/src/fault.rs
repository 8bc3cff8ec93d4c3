//! Faults and notices by name.

use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::PyDict;
use simcom_modem::{Fault, Notify};

use crate::convert::Input;

/// The keywords of one call, each taken once.
struct Words<'a, 'py> {
    kind: &'a str,
    words: Option<&'a Bound<'py, PyDict>>,
    taken: usize,
}

impl<'a, 'py> Words<'a, 'py> {
    fn new(kind: &'a str, words: Option<&'a Bound<'py, PyDict>>) -> Self {
        Self { kind, words, taken: 0 }
    }

    fn find(&mut self, key: &str) -> PyResult<Option<Bound<'py, PyAny>>> {
        let found = self.words.map(|words| words.get_item(key)).transpose()?.flatten();
        self.taken += usize::from(found.is_some());
        Ok(found)
    }

    fn take(&mut self, key: &str) -> PyResult<Bound<'py, PyAny>> {
        let kind = self.kind;
        self.find(key)?.ok_or_else(|| PyTypeError::new_err(format!("{kind:?} needs the keyword {key}")))
    }

    fn number<T: for<'b> FromPyObject<'b, 'py, Error = PyErr>>(&mut self, key: &str) -> PyResult<T> {
        self.take(key)?.extract()
    }

    /// There is none that was not taken.
    fn end(&self) -> PyResult<()> {
        if self.words.map_or(0, |words| words.len()) == self.taken {
            return Ok(());
        }
        Err(PyTypeError::new_err(format!("{:?} has no such keyword", self.kind)))
    }
}

/// What is to go wrong.
pub fn fault(kind: &str, words: Option<&Bound<'_, PyDict>>) -> PyResult<Fault> {
    let mut words = Words::new(kind, words);
    let fault = match kind {
        "notice" => {
            let at = words.find("at")?.map_or(Ok(0), |at| at.extract())?;
            Fault::Notice { at, bytes: words.take("data")?.extract::<Input<'_>>()?.bytes().to_vec() }
        }
        "drop_final" => Fault::DropFinal,
        "late_final" => Fault::LateFinal(words.number("ms")?),
        "double_final" => Fault::DoubleFinal,
        "no_prompt" => Fault::NoPrompt,
        "send_fail" => Fault::SendFail,
        "refuse" => {
            let command: String = words.take("command")?.extract()?;
            let command = command.to_ascii_uppercase();
            let command = command.strip_prefix("AT").map_or(command.clone(), str::to_owned);
            Fault::Refuse { command, code: words.number("code")? }
        }
        "own_error" => {
            let command: String = words.take("command")?.extract()?;
            let command = command.to_ascii_uppercase();
            let command = command.strip_prefix("AT").map_or(command.clone(), str::to_owned);
            Fault::OwnError { command, code: words.number("code")? }
        }
        "dns_fail" => Fault::DnsFail(words.number("code")?),
        "short_payload" => Fault::ShortPayload(words.number("size")?),
        "wrong_length" => Fault::WrongLength(words.number("by")?),
        "restart_in_payload" => Fault::RestartInPayload(words.number("size")?),
        "hang" => Fault::Hang(words.number("ms")?),
        _ => {
            return Err(PyValueError::new_err(format!(
                "no such fault: {kind}; there are notice, drop_final, late_final, double_final, no_prompt, send_fail, \
                 refuse, own_error, dns_fail, short_payload, wrong_length, restart_in_payload, hang"
            )));
        }
    };
    words.end().map(|()| fault)
}

/// What happens by itself.
pub fn notify(kind: &str, words: Option<&Bound<'_, PyDict>>) -> PyResult<Notify> {
    let mut words = Words::new(kind, words);
    let notify = match kind {
        "restart" => Notify::Restart,
        "ring" => Notify::Ring,
        "context_lost" => Notify::ContextLost(words.find("context")?.map_or(Ok(0), |it| it.extract())?),
        "registration" => Notify::Registration(words.number("stat")?),
        "sms" => Notify::Sms(words.number("index")?),
        "line" => Notify::Line(words.take("text")?.extract()?),
        _ => {
            return Err(PyValueError::new_err(format!(
                "nothing like {kind} happens by itself; there are restart, ring, context_lost, registration, sms, line"
            )));
        }
    };
    words.end().map(|()| notify)
}
