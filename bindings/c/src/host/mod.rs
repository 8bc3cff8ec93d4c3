//! What needs an operating system: reading along, a virtual modem, and recording. `#if SIMCOM_HOST` in the header.

mod modem;
mod observer;
mod recorder;

pub use modem::*;
pub use observer::*;
pub use recorder::*;
