//! A virtual SIMCom-type cellular module.
//!
//! The mirror image of `simcom-at`: host bytes, network events and the time go in; module bytes, network requests and the
//! next deadline come out.
#![no_std]
#![forbid(unsafe_code)]
#![cfg_attr(
    not(test),
    deny(
        clippy::indexing_slicing,
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::unreachable,
        clippy::string_slice,
        clippy::cast_possible_truncation
    )
)]

extern crate alloc;
#[cfg(any(feature = "std", test))]
extern crate std;

mod arrivals;
mod basic;
pub mod bench;
mod classic;
mod clone;
pub mod codes;
mod command;
mod data;
pub mod faults;
pub mod inspect;
mod kingcom;
mod link;
pub mod loopback;
mod memory;
pub mod modem;
mod names;
pub mod net;
mod netlink;
mod netopen;
mod output;
pub mod pins;
mod plain;
pub mod profile;
pub mod random;
mod receive;
mod run;
mod send;
mod server;
mod settings;
#[cfg(feature = "std")]
pub mod sockets;
pub mod states;
mod status;
mod timers;
mod values;
pub mod wire;

pub use clone::ClonePush;
pub use faults::{Fault, Faults};
pub use inspect::{LinkView, ModemView};
pub use modem::Modem;
pub use net::{Arrival, Host, Network, Notify, OpenError, Reply, Request, Socket};
pub use pins::Pins;
pub use profile::Profile;
