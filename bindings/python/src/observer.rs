//! `Observer`: reads along with both sides of a line.

use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::PyDict;
use simcom_vectors::{Reading, Said};

use crate::convert::{Input, Member, Named, member_named};
use crate::report::Report;

/// Reads along with both sides of a line, and says what the module says.
///
/// The keywords are the modes that hold before the first byte: `mux` (`"single"`, `"multi"`), `mode` (`"normal"`,
/// `"transparent"`), `echo`, `ciphead`, `ciprxget`, `connected` (`True`, `False`).
#[pyclass(module = "simcom_at._core")]
pub struct Observer {
    reading: Reading,
    dialect: Named,
}

fn reports(said: Vec<(Said, Vec<u8>)>) -> Vec<Report> {
    said.into_iter().map(|(said, line)| Report::new(said, line)).collect()
}

#[pymethods]
impl Observer {
    #[new]
    #[pyo3(signature = (dialect, **modes))]
    fn new(dialect: Named, modes: Option<&Bound<'_, PyDict>>) -> PyResult<Self> {
        let mut config: Vec<(String, String)> = Vec::new();
        for (key, value) in modes.into_iter().flatten() {
            let value = match value.extract::<bool>() {
                Ok(on) => if on { "1" } else { "0" }.to_owned(),
                Err(_) => value.str()?.to_string(),
            };
            config.push((key.extract()?, value));
        }
        let mut checked = simcom_vectors::observer(dialect.0);
        if let Some((key, value)) = config.iter().find(|(key, value)| !checked.configure(key, value)) {
            return Err(PyValueError::new_err(format!("no such mode: {key}={value}")));
        }
        let config = config.iter().map(|(key, value)| (key.as_str(), value.as_str()));
        Ok(Self { reading: Reading::new(dialect.0, config, false), dialect })
    }

    /// Takes bytes of the module and gives the reports that are whole.
    fn receive_data(&mut self, data: Input<'_>) -> Vec<Report> {
        reports(self.reading.module(data.bytes()))
    }

    /// Takes bytes of the host, one chunk as it was written; gives what the module said before and now counts as whole.
    fn receive_host_data(&mut self, data: Input<'_>) -> Vec<Report> {
        reports(self.reading.host(data.bytes()))
    }

    /// Nothing comes for so long: what waits for more is given up after 1,000 ms.
    fn silence(&mut self, ms: u32) -> Vec<Report> {
        reports(self.reading.silence(ms))
    }

    /// The traffic ends.
    fn end(&mut self) -> Vec<Report> {
        reports(self.reading.end())
    }

    /// The dialect.
    #[getter]
    fn dialect(&self, py: Python<'_>) -> PyResult<Member> {
        member_named(py, "Dialect", self.dialect.0.name())
    }

    fn __repr__(&self) -> String {
        format!("<Observer {}>", self.dialect.0.name())
    }
}
