//! Between the core's types and Python's.

use std::convert::Infallible;
use std::fmt::Debug;
use std::net::{Ipv4Addr, SocketAddrV4};

use pyo3::buffer::PyBuffer;
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyBytes, PyDict, PyString};
use simcom_at::{Dialect, Instant, Link};

/// Bytes from Python: those of `bytes` as they lie, those of any other buffer copied.
pub enum Input<'py> {
    /// `bytes`.
    Borrowed(Bound<'py, PyBytes>),
    /// `bytearray`, `memoryview`, an array …
    Owned(Vec<u8>),
}

impl Input<'_> {
    /// The bytes.
    pub fn bytes(&self) -> &[u8] {
        match self {
            Self::Borrowed(bytes) => bytes.as_bytes(),
            Self::Owned(bytes) => bytes,
        }
    }
}

impl<'a, 'py> FromPyObject<'a, 'py> for Input<'py> {
    type Error = PyErr;

    fn extract(object: Borrowed<'a, 'py, PyAny>) -> PyResult<Self> {
        if let Ok(bytes) = object.cast::<PyBytes>() {
            return Ok(Self::Borrowed(bytes.to_owned()));
        }
        let Ok(buffer) = PyBuffer::<u8>::get(&object) else {
            let name = object.get_type().name()?;
            return Err(PyTypeError::new_err(format!("a bytes-like object is required, not '{name}'")));
        };
        Ok(Self::Owned(buffer.to_vec(object.py())?))
    }
}

/// A clock in seconds as Python has it, and the same in the core's milliseconds.
#[derive(Clone, Copy, Debug)]
pub struct Clock {
    base: f64,
    ms: u64,
}

impl Clock {
    /// A clock that stands at `now` seconds.
    pub fn new(now: f64) -> PyResult<Self> {
        if now.is_finite() { Ok(Self { base: now, ms: 0 }) } else { Err(bad_time()) }
    }

    /// Sets it to `now`, or leaves it where it is; it never goes back.
    pub fn set(&mut self, now: Option<f64>) -> PyResult<Instant> {
        if let Some(now) = now {
            // A deadline was rounded on its way through `f64`: a microsecond too early counts as in time.
            let ms = (now - self.base) * 1000.0 + 0.001;
            if !ms.is_finite() || ms > 1e15 {
                return Err(bad_time());
            }
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "bounded above")]
            let ms = ms.max(0.0) as u64;
            self.ms = self.ms.max(ms);
        }
        Ok(self.now())
    }

    /// The time.
    pub fn now(&self) -> Instant {
        #[expect(clippy::cast_possible_truncation, reason = "the core's clock wraps")]
        Instant::from_millis(self.ms as u32)
    }

    /// A moment that is not long ago, in the caller's seconds.
    pub fn seconds(&self, at: Instant) -> f64 {
        #[expect(clippy::cast_precision_loss, reason = "a program that runs for 285,000 years")]
        let ms = (self.ms + u64::from(self.now().until(at))) as f64;
        self.base + ms / 1000.0
    }
}

fn bad_time() -> PyErr {
    PyValueError::new_err("now must be a finite number of seconds")
}

/// A dialect: its name, or a member of the enum, which is a `str`.
pub struct Named(pub Dialect);

impl<'a, 'py> FromPyObject<'a, 'py> for Named {
    type Error = PyErr;

    fn extract(object: Borrowed<'a, 'py, PyAny>) -> PyResult<Self> {
        let name: String = object.extract()?;
        Dialect::from_name(&name).map(Self).ok_or_else(|| {
            let names: Vec<&str> = Dialect::ALL.iter().map(|dialect| dialect.name()).collect();
            PyValueError::new_err(format!("unknown dialect {name:?}; it must be one of {}", names.join(", ")))
        })
    }
}

/// A member of one of the package's enums.
pub struct Member(pub Py<PyAny>);

impl<'a, 'py> FromPyObject<'a, 'py> for Member {
    type Error = PyErr;

    fn extract(object: Borrowed<'a, 'py, PyAny>) -> PyResult<Self> {
        object.cast::<PyString>()?;
        Ok(Self(object.to_owned().unbind()))
    }
}

impl<'py> IntoPyObject<'py> for &Member {
    type Target = PyAny;
    type Output = Bound<'py, PyAny>;
    type Error = Infallible;

    fn into_pyobject(self, py: Python<'py>) -> Result<Self::Output, Infallible> {
        Ok(self.0.bind(py).clone())
    }
}

impl<'py> IntoPyObject<'py> for Member {
    type Target = PyAny;
    type Output = Bound<'py, PyAny>;
    type Error = Infallible;

    fn into_pyobject(self, py: Python<'py>) -> Result<Self::Output, Infallible> {
        Ok(self.0.into_bound(py))
    }
}

/// The member of the enum `class` that is called as the core's variant is: `NotSent` is `not_sent`. One that the package
/// does not know yet comes as plain `str`.
pub fn member(py: Python<'_>, class: &str, variant: &impl Debug) -> PyResult<Member> {
    member_named(py, class, &snake(&format!("{variant:?}")))
}

/// The member of the enum `class` with this value.
pub fn member_named(py: Python<'_>, class: &str, name: &str) -> PyResult<Member> {
    static MEMBERS: PyOnceLock<Py<PyDict>> = PyOnceLock::new();
    let members = MEMBERS.get_or_try_init(py, || {
        let found = py.import("simcom_at._enums")?.getattr("MEMBERS")?.cast_into::<PyDict>()?;
        Ok::<_, PyErr>(found.unbind())
    })?;
    let found = match members.bind(py).get_item(class)? {
        Some(class) => class.cast::<PyDict>()?.get_item(name)?,
        None => None,
    };
    Ok(Member(found.unwrap_or_else(|| PyString::new(py, name).into_any()).unbind()))
}

/// `NotSent` and `NotSent(3)` as `not_sent`.
pub fn snake(variant: &str) -> String {
    let mut name = String::new();
    for letter in variant.chars().take_while(|letter| letter.is_ascii_alphanumeric()) {
        if letter.is_ascii_uppercase() && !name.is_empty() {
            name.push('_');
        }
        name.push(letter.to_ascii_lowercase());
    }
    name
}

/// An exception class of the package.
pub fn exception<'py>(py: Python<'py>, name: &str) -> PyResult<Bound<'py, PyAny>> {
    py.import("simcom_at._errors")?.getattr(name)
}

/// An address as Python's sockets have it: `("10.0.0.2", 80)`.
#[derive(Clone, Debug)]
pub struct Peer(pub SocketAddrV4);

impl<'py> IntoPyObject<'py> for &Peer {
    type Target = pyo3::types::PyTuple;
    type Output = Bound<'py, Self::Target>;
    type Error = PyErr;

    fn into_pyobject(self, py: Python<'py>) -> PyResult<Self::Output> {
        (self.0.ip().to_string(), self.0.port()).into_pyobject(py)
    }
}

impl<'py> IntoPyObject<'py> for Peer {
    type Target = pyo3::types::PyTuple;
    type Output = Bound<'py, Self::Target>;
    type Error = PyErr;

    fn into_pyobject(self, py: Python<'py>) -> PyResult<Self::Output> {
        (&self).into_pyobject(py)
    }
}

impl<'a, 'py> FromPyObject<'a, 'py> for Peer {
    type Error = PyErr;

    fn extract(object: Borrowed<'a, 'py, PyAny>) -> PyResult<Self> {
        let (host, port): (String, u16) = object.extract()?;
        Ok(Self(SocketAddrV4::new(address(&host)?, port)))
    }
}

/// An IPv4 address.
pub fn address(text: &str) -> PyResult<Ipv4Addr> {
    text.parse().map_err(|_| PyValueError::new_err(format!("{text:?} is no IPv4 address")))
}

/// A link's number.
pub fn number(link: Option<Link>) -> Option<u8> {
    link.map(|link| link.0)
}
