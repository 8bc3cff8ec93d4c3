//! `Transcript`: what went over a line, as text and back.

use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyTuple, PyType};
use simcom_at::Dialect;
use simcom_vectors::{Chunking, Lines, Reading, Report as Expected, Step, Transcript as Core, compare};

use crate::convert::{Input, Named};
use crate::record::record;
use crate::report::Report;

record! {
    /// Bytes from the host, one chunk.
    HostBytes { data: Py<PyBytes>, }
}
record! {
    /// Bytes from the module, one chunk.
    ModuleBytes { data: Py<PyBytes>, }
}
record! {
    /// Nothing from either side for so many milliseconds.
    Silence { ms: u32, }
}

/// Puts the classes into the module.
pub fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_class::<HostBytes>()?;
    module.add_class::<ModuleBytes>()?;
    module.add_class::<Silence>()?;
    module.add_class::<Transcript>()?;
    module.add_function(wrap_pyfunction!(escape, module)?)?;
    module.add_function(wrap_pyfunction!(unescape, module)?)?;
    module.add_function(wrap_pyfunction!(mismatch, module)?)
}

/// What went over a line: header lines, then steps.
#[pyclass(subclass, module = "simcom_at._core")]
#[derive(Default)]
pub struct Transcript {
    core: Core,
}

impl Transcript {
    fn chosen(&self, dialect: Option<Named>) -> PyResult<Dialect> {
        match dialect {
            Some(dialect) => Ok(dialect.0),
            None => Dialect::from_name(self.core.dialect()).ok_or_else(|| {
                PyValueError::new_err("the transcript does not say its dialect (# dialect: sim800); give it")
            }),
        }
    }
}

#[pymethods]
impl Transcript {
    #[new]
    #[pyo3(signature = (dialect = None))]
    fn new(dialect: Option<Named>) -> Self {
        let mut this = Self::default();
        if let Some(dialect) = dialect {
            this.core.push_header("dialect", dialect.0.name());
        }
        this
    }

    /// Reads a transcript from text or bytes; `file` is the name that errors carry.
    #[classmethod]
    #[pyo3(signature = (text, file = "transcript"))]
    fn parse<'py>(
        class: &Bound<'py, PyType>,
        text: &Bound<'py, PyAny>,
        file: &str,
    ) -> PyResult<Bound<'py, PyAny>> {
        let parsed = match text.extract::<String>() {
            Ok(text) => Core::parse(file, &text),
            Err(_) => Core::parse_bytes(file, text.extract::<Input<'_>>()?.bytes()),
        };
        let core = parsed.map_err(|error| PyValueError::new_err(error.to_string()))?;
        let made = class.call0()?;
        made.cast::<Self>()?.borrow_mut().core = core;
        Ok(made)
    }

    /// The transcript as text; reading it gives an equal transcript.
    fn to_text(&self) -> String {
        self.core.to_text()
    }

    /// The dialect it is written in; empty when it does not say.
    #[getter]
    fn dialect(&self) -> &str {
        self.core.dialect()
    }

    /// The header lines, key and value, in their order; a remark has an empty key.
    #[getter]
    fn headers(&self) -> Vec<(&str, &str)> {
        self.core.headers.iter().map(|header| (header.key.as_str(), header.value.as_str())).collect()
    }

    /// The modes that hold before the first byte.
    #[getter]
    fn config(&self) -> Vec<(&str, &str)> {
        self.core.config().collect()
    }

    /// The expected reports, as text.
    #[getter]
    fn expected(&self) -> Vec<&str> {
        self.core.all_headers("expect").collect()
    }

    /// Whether it has no single right answer.
    #[getter]
    fn is_ambiguous(&self) -> bool {
        self.core.is_ambiguous()
    }

    /// The steps; `chunking` cuts the module's bytes anew: `as-is`, `whole`, `bytes`, `every:N`, `cut:N`.
    #[pyo3(signature = (chunking = "as-is"))]
    fn steps(&self, py: Python<'_>, chunking: &str) -> PyResult<Vec<Py<PyAny>>> {
        let chunking: Chunking =
            chunking.parse().map_err(|error| PyValueError::new_err(format!("{error}")))?;
        let object = |step: Step| {
            Ok(match step {
                Step::Host(bytes) => {
                    Py::new(py, HostBytes { data: PyBytes::new(py, &bytes).unbind() })?.into_any()
                }
                Step::Module(bytes) => {
                    Py::new(py, ModuleBytes { data: PyBytes::new(py, &bytes).unbind() })?.into_any()
                }
                Step::Silence(ms) => Py::new(py, Silence { ms })?.into_any(),
            })
        };
        chunking.steps(&self.core).into_iter().map(object).collect()
    }

    /// Adds a header line.
    fn add_header(&mut self, key: &str, value: &str) {
        self.core.push_header(key, value);
    }

    /// Adds bytes of the host.
    fn add_host(&mut self, data: Input<'_>) {
        self.core.steps.push(Step::Host(data.bytes().to_vec()));
    }

    /// Adds bytes of the module.
    fn add_module(&mut self, data: Input<'_>) {
        self.core.steps.push(Step::Module(data.bytes().to_vec()));
    }

    /// Adds a silence.
    fn add_silence(&mut self, ms: u32) {
        self.core.steps.push(Step::Silence(ms));
    }

    /// What the module says, report by report.
    #[pyo3(signature = (dialect = None, chunking = "as-is"))]
    fn reports(&self, dialect: Option<Named>, chunking: &str) -> PyResult<Vec<Report>> {
        let said = self.exchange(dialect, chunking, false)?;
        Ok(said.into_iter().filter_map(|(_, _, report)| report).collect())
    }

    /// The exchange for people, row by row: `(mark, text, report)`; mark is `>`, `<` or `~`. A row of the host has no
    /// report.
    #[pyo3(signature = (dialect = None, chunking = "as-is", by_side = true))]
    fn exchange(
        &self,
        dialect: Option<Named>,
        chunking: &str,
        by_side: bool,
    ) -> PyResult<Vec<(&'static str, String, Option<Report>)>> {
        let dialect = self.chosen(dialect)?;
        let chunking: Chunking =
            chunking.parse().map_err(|error| PyValueError::new_err(format!("{error}")))?;
        let mut reading = Reading::new(dialect, self.core.config(), by_side);
        let mut rows = Vec::new();
        for step in chunking.steps(&self.core) {
            let (said, row) = match step {
                Step::Host(bytes) => {
                    let text = simcom_vectors::escape(&bytes);
                    (reading.host(&bytes), Some((">", text, None)))
                }
                Step::Module(bytes) => (reading.module(&bytes), None),
                Step::Silence(ms) => (reading.silence(ms), Some(("~", format!("{ms} ms"), None))),
            };
            rows.extend(said.into_iter().map(spoken));
            rows.extend(row);
        }
        rows.extend(reading.end().into_iter().map(spoken));
        Ok(rows)
    }

    /// All bytes from the module.
    fn module_bytes<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        PyBytes::new(py, &self.core.module_bytes())
    }

    /// All bytes from the host.
    fn host_bytes<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        PyBytes::new(py, &self.core.host_bytes())
    }

    fn __len__(&self) -> usize {
        self.core.steps.len()
    }

    fn __bool__(&self) -> bool {
        true
    }

    fn __eq__(&self, other: &Self) -> bool {
        self.core == other.core
    }

    fn __repr__(&self) -> String {
        let dialect = if self.core.dialect().is_empty() { "no dialect" } else { self.core.dialect() };
        format!("<Transcript {dialect}, {} steps>", self.core.steps.len())
    }

    fn __reduce__<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyTuple>> {
        let text = slf.borrow().core.to_text();
        (slf.get_type().getattr("parse")?, (text,)).into_pyobject(slf.py())
    }
}

/// The module's side of a row: its text, which is the payload where there is one.
fn spoken((said, line): (simcom_vectors::Said, Vec<u8>)) -> (&'static str, String, Option<Report>) {
    let text = if said.name == "Data" { said.get_text("bytes") } else { simcom_vectors::escape(&line) };
    ("<", text, Some(Report::new(said, line)))
}

/// Bytes as printable text: `\r`, `\n`, `\xNN` …
#[pyfunction]
fn escape(data: Input<'_>) -> String {
    simcom_vectors::escape(data.bytes())
}

/// The bytes that `escape` made this text of.
#[pyfunction]
fn unescape<'py>(py: Python<'py>, text: &str) -> PyResult<Bound<'py, PyBytes>> {
    let bytes = simcom_vectors::unescape(text.as_bytes());
    let bytes = bytes.map_err(|bad| PyValueError::new_err(format!("bad escape at {}", bad.offset)))?;
    Ok(PyBytes::new(py, &bytes))
}

/// The first place where reports are not as expected, in words; `None`: they are. Both as text; a report that is expected
/// needs to have at least the fields that are named, and noise is free.
#[pyfunction]
fn mismatch(expected: Vec<String>, reports: Vec<String>) -> PyResult<Option<String>> {
    let parse = |texts: &[String]| -> PyResult<Vec<Expected>> {
        let parsed = texts.iter().map(|text| Expected::parse(text));
        parsed.collect::<Result<_, _>>().map_err(|bad| PyValueError::new_err(bad.to_string()))
    };
    let compared = compare(&parse(&expected)?, &parse(&reports)?, Lines::LeftOut);
    Ok(compared.err().map(|mismatch| mismatch.to_string()))
}
