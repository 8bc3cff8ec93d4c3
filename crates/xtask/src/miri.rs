//! `cargo xtask miri`: the tests of the C interface under Miri, which looks at every pointer.

use std::process::Command;
use std::time::Duration;

use crate::shell::{Fallible, command, run, run_within, target};

/// The time that it may take.
const LIMIT: Duration = Duration::from_secs(5 * 60);

/// Installs Miri where it is missing, and runs the tests.
pub fn start() -> Fallible {
    run(&mut command("rustup", &["component", "add", "--toolchain", "nightly", "miri", "rust-src"]))?;
    let mut miri: Command =
        command("rustup", &["run", "nightly", "cargo", "miri", "test", "--package", "simcom-c"]);
    for variable in ["RUSTUP_TOOLCHAIN", "CARGO", "RUSTC", "RUSTDOC"] {
        miri.env_remove(variable);
    }
    miri.args(["--test", "api"]).env("MIRIFLAGS", "-Zmiri-disable-isolation");
    run_within(miri.env("CARGO_TARGET_DIR", target().join("miri-target")), LIMIT)
}
