//! What all frozen classes of the package have in common.

use pyo3::basic::CompareOp;
use pyo3::prelude::*;
use pyo3::types::{PyString, PyTuple};

/// Defines a frozen class: one `get` for each field, the constructor, `__match_args__`, `repr`, `==`, `hash`, pickling.
macro_rules! record {
    ($(#[$doc:meta])* $name:ident { $($(#[$field_doc:meta])* $field:ident: $type:ty,)* }) => {
        $(#[$doc])*
        #[pyclass(frozen, module = "simcom_at._core")]
        pub struct $name {
            $($(#[$field_doc])* #[pyo3(get)] pub $field: $type,)*
        }

        #[pymethods]
        impl $name {
            #[new]
            #[allow(clippy::too_many_arguments, reason = "one a field")]
            fn new($($field: $type),*) -> Self {
                Self { $($field),* }
            }

            #[classattr]
            fn __match_args__(py: Python<'_>) -> PyResult<Py<pyo3::types::PyTuple>> {
                let names: &[&str] = &[$(stringify!($field)),*];
                Ok(pyo3::types::PyTuple::new(py, names)?.unbind())
            }

            fn __repr__(slf: &Bound<'_, Self>) -> PyResult<String> {
                let names: &[&str] = &[$(stringify!($field)),*];
                crate::record::repr(stringify!($name), names, &Self::fields(slf)?)
            }

            fn __richcmp__(
                slf: &Bound<'_, Self>,
                other: &Bound<'_, PyAny>,
                op: pyo3::basic::CompareOp,
            ) -> PyResult<Py<PyAny>> {
                let other = match other.cast::<Self>() {
                    Ok(other) => Some(Self::fields(other)?),
                    Err(_) => None,
                };
                crate::record::compare(&Self::fields(slf)?, other.as_ref(), op)
            }

            fn __hash__(slf: &Bound<'_, Self>) -> PyResult<isize> {
                (stringify!($name), Self::fields(slf)?).into_pyobject(slf.py())?.hash()
            }

            fn __reduce__<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, pyo3::types::PyTuple>> {
                (slf.get_type(), Self::fields(slf)?).into_pyobject(slf.py())
            }
        }

        impl $name {
            fn fields<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, pyo3::types::PyTuple>> {
                #[allow(unused_variables, reason = "a class without fields")]
                let (py, this) = (slf.py(), slf.get());
                let fields: Vec<Bound<'py, PyAny>> =
                    vec![$(pyo3::IntoPyObjectExt::into_bound_py_any(&this.$field, py)?),*];
                pyo3::types::PyTuple::new(py, fields)
            }
        }
    };
}
pub(crate) use record;

/// `Name(field=value, …)`.
pub fn repr(name: &str, names: &[&str], fields: &Bound<'_, PyTuple>) -> PyResult<String> {
    let mut text = format!("{name}(");
    for (place, (name, field)) in names.iter().zip(fields.iter()).enumerate() {
        if place > 0 {
            text.push_str(", ");
        }
        text.push_str(name);
        text.push('=');
        // A member of an enum is a `str`; its value says enough.
        match field.cast::<PyString>() {
            Ok(word) => text.push_str(&word.as_any().str()?.repr()?.to_string()),
            Err(_) => text.push_str(&field.repr()?.to_string()),
        }
    }
    text.push(')');
    Ok(text)
}

/// Equal when the class and all fields are; no order.
pub fn compare(
    left: &Bound<'_, PyTuple>,
    right: Option<&Bound<'_, PyTuple>>,
    op: CompareOp,
) -> PyResult<Py<PyAny>> {
    let py = left.py();
    let equal = match (op, right) {
        (CompareOp::Eq | CompareOp::Ne, Some(right)) => left.eq(right)?,
        _ => return Ok(py.NotImplemented()),
    };
    let holds = equal == matches!(op, CompareOp::Eq);
    Ok(holds.into_pyobject(py)?.to_owned().into_any().unbind())
}
