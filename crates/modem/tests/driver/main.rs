//! The driver against the virtual modem: both were written from the documents, so each can catch the other.
#![expect(clippy::unwrap_used, clippy::panic, clippy::expect_used, clippy::indexing_slicing)]

mod clones;
mod faults;
mod interleave;
mod main_job;
mod noise;
mod pair;
mod paths;
mod peers;
mod peers_more;
mod programs;
mod session;
mod sleep;
