//! Sans-IO protocol core for the TCP/IP AT commands of SIMCom-type cellular modules.
//!
//! Bytes, commands and the time go in; bytes, events and the next deadline come out. No port, no clock, no heap.
//!
//! The feature `small` takes the reader's code that has the fewest bytes instead of the fewest steps, with the same reports; it
//! is always on where there is no operating system.
#![cfg_attr(not(test), no_std)]
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

mod classify;
mod code;
pub mod dialect;
mod end_text;
pub mod error;
pub mod event;
pub mod ids;
mod layout;
mod line;
pub mod observer;
mod out;
mod procedures;
pub mod reader;
pub mod report;
pub mod row;
mod scan;
pub mod session;
pub mod setting;
pub mod settings;
pub mod spec;
mod step;
mod template;
mod text;
pub mod time;
mod word;

pub use classify::Ask;
pub use dialect::Dialect;
pub use error::{Refused, Remedy, Why};
pub use event::{Action, Closing, Event, LinkState, Loss, Outcome, Value};
pub use ids::{Context, Ipv4Addr, Link, On, SocketAddrV4, Transport};
pub use observer::Observer;
pub use reader::{Asked, Read, Reader};
pub use report::{Code, Data, Kind, Report, Span, Told};
pub use session::{How, Pin, Pins, Reason, Session};
pub use setting::{Field, Setting, fields};
pub use settings::Settings;
pub use spec::Spec;
pub use time::Instant;
