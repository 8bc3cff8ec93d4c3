//! The workloads A–E and the loop that drives a reader over them; shared by the criterion benches and the
//! instruction counts.

pub mod drive;
pub mod workloads;
