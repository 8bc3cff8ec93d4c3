//! `simcom_at._core`: the core, the virtual modem and the transcripts as Python classes.
//!
//! Straight lines only: what is here converts, counts nothing and decides nothing. The typed package around it is in
//! `python/simcom_at`.
#![forbid(unsafe_code)]

mod convert;
mod event;
mod fault;
mod modem;
mod network;
mod observer;
mod profile;
mod record;
mod report;
mod session;
mod transcript;

use pyo3::prelude::*;

/// The native part of `simcom_at`.
#[pymodule(gil_used = true)]
fn _core(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add("__version__", env!("CARGO_PKG_VERSION"))?;
    module.add_class::<session::Session>()?;
    module.add_class::<observer::Observer>()?;
    module.add_class::<report::Report>()?;
    event::register(module)?;
    transcript::register(module)?;
    modem::register(module)
}
