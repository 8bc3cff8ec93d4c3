//! `include/simcom.h`: written by `xtask-tools`, which has cbindgen.

use crate::shell::{Fallible, command, run};

const TOOLS: [&str; 5] = ["run", "--quiet", "--package", "xtask-tools", "--"];

/// Writes the header.
pub fn write() -> Fallible {
    run(command("cargo", &TOOLS).arg("header"))
}

/// Fails when the committed header is not the one that [`write()`] would write.
pub fn check() -> Fallible {
    run(command("cargo", &TOOLS).args(["header", "--check"]))
}
