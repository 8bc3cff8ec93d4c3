//! `cargo xtask test` and `cargo xtask test core`.

use std::process::Command;
use std::time::Duration;

use crate::shell::{Fallible, command, run, run_within};
use crate::tools::{self, Tool};
use crate::{c, dist_c, firmware, foreign, fuzz, header, instr, link_check, miri, misra, python, wasm};

/// The time that the Rust tests may take, where nobody is there to end them.
const LIMIT: Duration = Duration::from_secs(15 * 60);

/// A part of the tests: what it needs, and what it does.
struct Part {
    name: &'static str,
    needs: &'static [Tool],
    run: fn() -> Fallible,
}

/// The crates without a foreign language: they build in a minute.
const PLAIN: [&str; 6] =
    ["simcom-at", "simcom-modem", "simcom-vectors", "simcom-cli", "simcom-benches", "xtask"];

/// What needs no tool but the Rust toolchain, without the tests themselves.
const CORE: [Part; 6] = [
    Part { name: "header", needs: &[], run: header::check },
    Part { name: "diagrams", needs: &[], run: header::check_diagrams },
    Part { name: "docs", needs: &[], run: header::check_docs },
    Part { name: "format", needs: &[], run: format },
    Part { name: "clippy", needs: &[], run: clippy },
    Part { name: "documentation", needs: &[], run: documentation },
];

/// What needs more.
const REST: [Part; 13] = [
    Part { name: "c", needs: &[Tool::Compiler], run: c::start },
    Part { name: "dist-c", needs: &[Tool::LlvmTools, Tool::ArmGcc, Tool::Cmake], run: dist_c::start },
    Part { name: "miri", needs: &[Tool::Nightly], run: miri::start },
    Part { name: "misra", needs: &[Tool::Cppcheck], run: misra::start },
    Part { name: "firmware", needs: &[Tool::LlvmTools, Tool::ArmGcc, Tool::Qemu], run: firmware::start },
    Part { name: "panic-free", needs: &[Tool::LlvmTools, Tool::Thumb], run: link_check::start },
    Part { name: "instr", needs: &[Tool::Valgrind], run: instr::start },
    Part {
        name: "fuzz",
        needs: &[Tool::Compiler, Tool::Nightly, Tool::CargoFuzz],
        run: || fuzz::start(&["--seed", "1"]),
    },
    Part { name: "small", needs: &[], run: small },
    Part { name: "programs", needs: &[], run: programs },
    Part { name: "python", needs: &[Tool::Venv], run: python::start },
    Part { name: "wasm", needs: &[Tool::Node, Tool::Browser, Tool::Wasm], run: wasm::test },
    Part { name: "foreign", needs: foreign::NEEDS, run: || foreign::start(None) },
];

/// Formatting, clippy, documentation and all Rust tests.
pub fn core() -> Fallible {
    finish(CORE.iter().map(Part::outcome).collect(), true)
}

/// Everything.
pub fn all() -> Fallible {
    let missing = tools::announce(&Tool::ALL);
    if let Err(problem) = tools::ensure(&missing) {
        if tools::all_required() {
            return Err(problem);
        }
        println!("Not everything could be installed: {problem}");
        println!("The parts that need it are skipped. As root, everything is installed and run.");
    }
    let whole = [Part { name: "bindings", needs: &[], run: bindings }];
    finish(CORE.iter().chain(&whole).chain(&REST).map(Part::outcome).collect(), false)
}

/// How a part went.
struct Outcome {
    name: &'static str,
    word: String,
    failed: bool,
}

impl Part {
    fn outcome(&self) -> Outcome {
        println!("\n== {} ==", self.name);
        let missing: Vec<Tool> = self.needs.iter().copied().filter(|tool| !tool.present()).collect();
        let (word, failed) = if !missing.is_empty() {
            (format!("SKIP(no {missing:?})"), tools::all_required())
        } else {
            match (self.run)() {
                Ok(()) => ("ok".to_owned(), false),
                Err(problem) => (format!("FAILED: {problem}"), true),
            }
        };
        println!("== {}: {word}", self.name);
        Outcome { name: self.name, word, failed }
    }
}

/// Shows how the parts went, then runs the Rust tests, so that their own summary is what stands last.
fn finish(outcomes: Vec<Outcome>, plain: bool) -> Fallible {
    println!("\n== summary ==");
    for outcome in &outcomes {
        println!("  {:<14}{}", outcome.name, outcome.word);
    }
    println!("\n== tests ==");
    let mut test = command("cargo", &["test", "--no-fail-fast"]);
    // The same inputs each time; `cargo test` alone takes new ones and prints what fails.
    test.env("PROPTEST_RNG_SEED", "1");
    if plain {
        // The command line's tests mostly wait for time to pass: many can wait at once.
        test.args(packages()).env("RUST_TEST_THREADS", "8");
    } else {
        test.arg("--workspace");
    }
    let tests = if tools::all_required() { run_within(&mut test, LIMIT) } else { run(&mut test) };
    let failed: Vec<&str> =
        outcomes.iter().filter(|outcome| outcome.failed).map(|outcome| outcome.name).collect();
    match tests {
        Ok(()) if failed.is_empty() => Ok(()),
        Ok(()) => Err(format!("failed: {}", failed.join(", ")).into()),
        Err(problem) if failed.is_empty() => Err(problem),
        Err(problem) => Err(format!("{problem}; failed too: {}", failed.join(", ")).into()),
    }
}

fn format() -> Fallible {
    run(&mut command("cargo", &["fmt", "--all", "--check"]))?;
    run(&mut command("cargo", &["fmt", "--manifest-path", "fuzz/Cargo.toml", "--check"]))
}

/// The code that a microcontroller has, on a host: the same tests of the core, the vectors and the driver.
fn small() -> Fallible {
    let clippy = ["clippy", "--quiet", "--all-targets", "--package", "simcom-at", "--features", "small"];
    run(command("cargo", &clippy).args(["--", "--deny", "warnings"]))?;
    let mut test = command("cargo", &["test", "--quiet", "--features", "simcom-at/small"]);
    test.args(["--package", "simcom-at", "--package", "simcom-vectors", "--package", "simcom-modem"]);
    run_within(&mut test, LIMIT)
}

/// 10,000 random programs in each dialect; the plain tests run a tenth of them.
fn programs() -> Fallible {
    let package =
        ["test", "--quiet", "--release", "--package", "simcom-modem", "--test", "driver", "random_programs"];
    run_within(command("cargo", &package).env("PROGRAMS", "10000"), LIMIT)
}

/// The packages of the core tier.
fn packages() -> impl Iterator<Item = &'static str> {
    PLAIN.iter().flat_map(|name| ["--package", name])
}

fn clippy() -> Fallible {
    let mut clippy = command("cargo", &["clippy", "--quiet", "--all-targets"]);
    clippy.args(packages()).args(["--", "--deny", "warnings"]);
    run(&mut clippy)
}

/// The crates of the other languages, and the tools that make them.
fn bindings() -> Fallible {
    run(&mut command(
        "cargo",
        &["clippy", "--quiet", "--workspace", "--all-targets", "--", "--deny", "warnings"],
    ))
}

fn documentation() -> Fallible {
    let mut doc: Command = command("cargo", &["doc", "--quiet", "--no-deps"]);
    run(doc.args(packages()).env("RUSTDOCFLAGS", "--deny warnings"))
}
