//! The native part of the npm package `simcom-at`: the core, the virtual modem and the transcripts as classes.
//!
//! Straight lines only: what is here converts, counts nothing and decides nothing. The package around it is in `js`.
// The macro of wasm-bindgen writes `unsafe` code for its exports; there is none of ours.
#![deny(unsafe_code)]
// Each of the two modules needs a part of what converts.
#![cfg_attr(not(all(feature = "host", feature = "virtual")), allow(dead_code))]

mod convert;
mod dialect;
#[cfg(feature = "host")]
mod event;
#[cfg(feature = "virtual")]
mod fault;
#[cfg(feature = "virtual")]
mod modem;
#[cfg(feature = "host")]
mod observer;
#[cfg(feature = "virtual")]
mod profile;
#[cfg(feature = "host")]
mod rows;
#[cfg(feature = "host")]
mod session;
#[cfg(feature = "host")]
mod transcript;

#[cfg(feature = "host")]
use wasm_bindgen::prelude::*;

/// The version of the library.
#[cfg(feature = "host")]
#[wasm_bindgen]
pub fn version() -> String {
    env!("CARGO_PKG_VERSION").to_owned()
}
