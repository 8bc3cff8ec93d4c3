//! The receive core as a firmware would link it. Only looked at, never run; on a host it is an empty program.
#![cfg_attr(target_os = "none", no_std, no_main)]

#[cfg(not(target_os = "none"))]
fn main() {}

#[cfg(target_os = "none")]
#[path = "../receive.rs"]
mod image;
#[cfg(target_os = "none")]
#[path = "../start.rs"]
mod start;
