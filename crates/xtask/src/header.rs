//! What is generated and committed: `include/simcom.h`, the tables of the protocol, and the diagrams of the states. `xtask-tools` writes it.

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

/// Writes the tables of the protocol, `docs/protocol.md`.
pub fn write_docs() -> Fallible {
    run(command("cargo", &TOOLS).arg("docs"))
}

/// Fails when the committed tables are not those that [`write_docs()`] would write.
pub fn check_docs() -> Fallible {
    run(command("cargo", &TOOLS).args(["docs", "--check"]))
}

/// Writes the diagrams of the states, `docs/states`.
pub fn write_diagrams() -> Fallible {
    run(command("cargo", &TOOLS).arg("diagrams"))
}

/// Fails when a committed diagram is not the one that [`write_diagrams()`] would write.
pub fn check_diagrams() -> Fallible {
    run(command("cargo", &TOOLS).args(["diagrams", "--check"]))
}
