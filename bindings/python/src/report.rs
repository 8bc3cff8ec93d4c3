//! `Report`: what a line or a payload of the module says.

use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};

use pyo3::exceptions::{PyKeyError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict, PyList, PyString, PyTuple};
use simcom_vectors::{Said, Value};

use crate::convert::{Input, Member, member_named};

/// The names that reports and their fields can have.
const KINDS: &[&str] = &[
    "Ok",
    "Error",
    "CmeError",
    "CmsError",
    "IpError",
    "CipError",
    "Prompt",
    "ConnectOk",
    "ConnectFail",
    "AlreadyConnected",
    "DataMode",
    "SendOk",
    "SendFail",
    "DataAccept",
    "RxPending",
    "RxAvail",
    "Data",
    "Closed",
    "CloseOk",
    "CloseErr",
    "Shut",
    "NetOpen",
    "NetClose",
    "NetState",
    "NetLost",
    "PdpDeact",
    "State",
    "LinkState",
    "ServerState",
    "LinkVector",
    "LocalIp",
    "Dns",
    "DnsFail",
    "ServerOk",
    "ServerClose",
    "ServerStopped",
    "Accepted",
    "Boot",
    "PowerDown",
    "PowerWarn",
    "Signal",
    "Registration",
    "Sim",
    "Attach",
    "Ack",
    "Ring",
    "Sms",
    "Line",
    "Lost",
    "NoFinal",
];
const KEYS: &[&str] = &[
    "", "text", "link", "code", "err", "state", "req", "cnf", "len", "bytes", "rest", "from", "proto", "enc",
    "reason", "open", "bearer", "ip", "port", "server", "host", "ips", "packet", "stat", "rssi", "ber", "on",
    "sent", "acked", "third", "index",
];

/// What a line or a payload of the module says.
///
/// `report["len"]` is a field, `report.kind` the kind, `str(report)` the text of the transcripts' `# expect:` lines, and
/// `report.line` the line behind it. Text that stands alone is the field `text`, numbers that stand alone `open`.
#[pyclass(frozen, mapping, module = "simcom_at._core")]
pub struct Report {
    said: Said,
    line: Vec<u8>,
}

impl Report {
    /// With the line behind it.
    pub fn new(said: Said, line: Vec<u8>) -> Self {
        Self { said, line }
    }

    /// The field under its Python name.
    fn field(&self, key: &str) -> Option<(&'static str, &Value)> {
        let named = self.said.fields.iter().find(|(name, value)| python_key(name, value) == key);
        named.map(|(name, value)| (*name, value))
    }
}

fn python_key(key: &'static str, value: &Value) -> &'static str {
    match (key, value) {
        ("", Value::Numbers(_)) => "open",
        ("", Value::Number(_) | Value::Text(_) | Value::Texts(_)) => "text",
        (key, _) => key,
    }
}

/// How bytes that are no text come through `str`.
const UNDECODABLE: (&str, &str) = ("utf-8", "surrogateescape");

/// Payload is `bytes`, a link its number or `"s"`, `"t"`, `"?"`; all other text is `str`.
fn object<'py>(py: Python<'py>, key: &str, value: &Value) -> PyResult<Bound<'py, PyAny>> {
    Ok(match value {
        Value::Number(number) => number.into_pyobject(py)?.into_any(),
        Value::Text(text) if key == "bytes" => PyBytes::new(py, text).into_any(),
        Value::Text(text) => match std::str::from_utf8(text) {
            Ok(words) => match words.parse::<u8>() {
                Ok(link) if key == "link" => link.into_pyobject(py)?.into_any(),
                _ => words.into_pyobject(py)?.into_any(),
            },
            Err(_) => PyBytes::new(py, text).call_method1("decode", UNDECODABLE)?,
        },
        Value::Numbers(numbers) => PyTuple::new(py, numbers)?.into_any(),
        Value::Texts(texts) => PyTuple::new(py, texts)?.into_any(),
    })
}

#[pymethods]
impl Report {
    #[new]
    #[pyo3(signature = (kind, fields = None, line = None))]
    fn make(kind: &str, fields: Option<&Bound<'_, PyDict>>, line: Option<Input<'_>>) -> PyResult<Self> {
        let find = |names: &[&'static str], name: &str| {
            let found = names.iter().find(|other| **other == name).copied();
            found.ok_or_else(|| PyValueError::new_err(format!("no report has {name:?}")))
        };
        let mut said = Said::new(find(KINDS, kind)?);
        for (key, value) in fields.into_iter().flatten() {
            let key: String = key.extract()?;
            let value = if let Ok(number) = value.extract::<i64>() {
                if key == "link" { Value::Text(number.to_string().into()) } else { Value::Number(number) }
            } else if let Ok(text) = value.cast::<PyString>() {
                Value::Text(
                    text.call_method1("encode", UNDECODABLE)?.extract::<Input<'_>>()?.bytes().to_vec(),
                )
            } else if let Ok(bytes) = value.extract::<Input<'_>>() {
                Value::Text(bytes.bytes().to_vec())
            } else if let Ok(numbers) = value.extract::<Vec<i64>>() {
                Value::Numbers(numbers)
            } else {
                Value::Texts(value.extract()?)
            };
            let alone = match (&value, key.as_str()) {
                (Value::Numbers(_), "open") => true,
                (_, "text") => matches!(kind, "State" | "Boot" | "PowerDown" | "PowerWarn" | "Sim" | "Line"),
                _ => false,
            };
            said.fields.push((find(KEYS, if alone { "" } else { &key })?, value));
        }
        Ok(Self { said, line: line.map(|line| line.bytes().to_vec()).unwrap_or_default() })
    }

    #[classattr]
    fn __match_args__() -> (&'static str, &'static str) {
        ("kind", "link")
    }

    /// The kind, a member of `ReportKind`.
    #[getter]
    fn kind(&self, py: Python<'_>) -> PyResult<Member> {
        member_named(py, "ReportKind", self.said.name)
    }

    /// The link's number, `"s"` in single-connection mode, `"t"` in data mode, `"?"` where the line names none of
    /// several; `None`: it is not about a link.
    #[getter]
    fn link<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        self.field("link").map(|(key, value)| object(py, key, value)).transpose()
    }

    /// The fields in their order.
    #[getter]
    fn fields<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let fields = PyDict::new(py);
        for (key, value) in &self.said.fields {
            fields.set_item(python_key(key, value), object(py, key, value)?)?;
        }
        Ok(fields)
    }

    /// The line behind it, without its end.
    #[getter]
    fn line<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        PyBytes::new(py, &self.line)
    }

    fn __getitem__<'py>(&self, py: Python<'py>, key: &str) -> PyResult<Bound<'py, PyAny>> {
        let (name, value) = self.field(key).ok_or_else(|| PyKeyError::new_err(key.to_owned()))?;
        object(py, name, value)
    }

    fn __contains__(&self, key: &str) -> bool {
        self.field(key).is_some()
    }

    fn __len__(&self) -> usize {
        self.said.fields.len()
    }

    fn __iter__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        Ok(PyList::new(py, self.keys())?.try_iter()?.into_any())
    }

    /// The names of the fields.
    fn keys(&self) -> Vec<&'static str> {
        self.said.fields.iter().map(|(key, value)| python_key(key, value)).collect()
    }

    /// The field, or `default`.
    #[pyo3(signature = (key, default = None))]
    fn get<'py>(
        &self,
        py: Python<'py>,
        key: &str,
        default: Option<Bound<'py, PyAny>>,
    ) -> PyResult<Option<Bound<'py, PyAny>>> {
        match self.field(key) {
            Some((name, value)) => object(py, name, value).map(Some),
            None => Ok(default),
        }
    }

    fn __str__(&self) -> String {
        self.said.to_text()
    }

    /// One JSON object, as `simcom decode --json` prints it.
    fn to_json(&self) -> String {
        self.said.to_json()
    }

    fn __repr__(&self) -> String {
        format!("<Report {}>", self.said.to_text())
    }

    fn __eq__(&self, other: &Self) -> bool {
        self.said == other.said && self.line == other.line
    }

    fn __hash__(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        (self.said.to_text(), &self.line).hash(&mut hasher);
        hasher.finish()
    }

    fn __reduce__<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyTuple>> {
        let (py, this) = (slf.py(), slf.get());
        (slf.get_type(), (this.said.name, this.fields(py)?, this.line(py))).into_pyobject(py)
    }
}
