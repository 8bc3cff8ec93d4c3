//! The C interface: `include/simcom.h` is generated from this crate.
//!
//! A thin layer: it checks pointers and numbers, calls the core, and flattens what comes back. All `unsafe` of the project is
//! here. What a C caller promises is written once, at the top of the header: a pointer is NULL or points to what its type
//! and length say, and no two calls on the same object run at the same time. Everything else is checked.
#![no_std]
#![allow(non_camel_case_types, reason = "the names of the C header")]
#![allow(
    clippy::missing_safety_doc,
    reason = "what callers promise is the same for all functions, and written above"
)]
#![cfg_attr(
    not(test),
    deny(
        clippy::indexing_slicing,
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::unreachable,
        clippy::string_slice
    )
)]

#[cfg(simcom_host)]
extern crate std;

mod commands;
mod dialect;
mod event;
#[cfg(simcom_host)]
mod host;
mod memory;
mod reader;
mod report;
mod result;
#[cfg(all(target_arch = "arm", target_os = "none"))]
mod runtime;
mod session;
mod setting;
mod settings;

pub use commands::*;
pub use dialect::*;
pub use event::*;
#[cfg(simcom_host)]
pub use host::*;
pub use reader::*;
pub use report::*;
pub use result::*;
pub use session::*;
pub use setting::*;
pub use settings::*;

/// The panic handler of a program without an operating system. The library has no panic path, so nothing calls it and the
/// linker drops it; a program in which it is needed does not return.
#[cfg(all(target_os = "none", feature = "panic-handler"))]
#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    loop {
        core::hint::spin_loop();
    }
}
