//! The native part of the npm package `simcom-at`: the core, the virtual modem and the transcripts as classes.
//!
//! Straight lines only: what is here converts, counts nothing and decides nothing. The package around it is in `js`.
// The macro of wasm-bindgen writes `unsafe` code for its exports; there is none of ours.
#![deny(unsafe_code)]

mod convert;
mod event;
mod fault;
mod modem;
mod observer;
mod profile;
mod rows;
mod session;
mod transcript;

use wasm_bindgen::prelude::*;

/// The version of the library.
#[wasm_bindgen]
pub fn version() -> String {
    env!("CARGO_PKG_VERSION").to_owned()
}
