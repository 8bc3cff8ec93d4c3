//! A virtual SIMCom-type cellular module.
//!
//! The mirror image of `simcom-at`: host bytes, network events and the time go in; module bytes, network requests and the
//! next deadline come out.
#![no_std]
#![forbid(unsafe_code)]

extern crate alloc;
#[cfg(any(feature = "std", test))]
extern crate std;

pub mod bench;
pub mod loopback;
pub mod net;
pub mod random;
#[cfg(feature = "std")]
pub mod sockets;
pub mod wire;
