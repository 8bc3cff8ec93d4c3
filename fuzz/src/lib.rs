//! What the fuzz targets check. Each target is a function over bytes; the same input always does the same.

pub mod c_api;
pub mod calls;
mod conserved;
pub mod duplex;
pub mod framer;
pub mod modem;
pub mod order;
pub mod session;

/// Whether `TRACE` is set: a target then shows what goes on.
fn trace() -> bool {
    std::env::var_os("TRACE").is_some()
}
