//! The project's tasks: `cargo xtask …`. Needs nothing but the standard library, so that it always builds at once.

mod archive;
mod budget;
mod c;
mod coverage;
mod dist_c;
mod firmware;
mod foreign;
mod fuzz;
mod header;
mod instr;
mod link_check;
mod miri;
mod misra;
mod python;
mod shell;
mod sizes;
mod test;
mod tools;
mod wasm;

use std::process::ExitCode;

use shell::Fallible;

const USAGE: &str = "\
usage: cargo xtask TASK

  test                     everything; says first what it installs (needs root where apt packages are missing)
  test core                formatting, clippy, documentation, all Rust tests; installs nothing by apt
  fuzz [TARGET] [--seconds N] [--seed N]
                           the fuzz targets, N seconds each (default 30), with new inputs each time or with a seed
  instr                    instructions per byte of the workloads A-E, against benches/budget.txt
  panic-free               the reader on thumbv6m: no panic, no heap, no core::fmt; prints its size
  foreign [DIALECT]        foreign programs against `simcom emulate`, and `simcom nc` over a pty
  python                   the Python wheel, built and tested in an environment of its own
  wheels                   the wheel for publishing, manylinux2014 on Linux, and the sdist, in target/wheels
  tools                    installs what the others need, after saying what that is
  coverage                 everything that the documents name: writes docs/coverage.md, prints the open rows
  header                   writes include/simcom.h from bindings/c
  diagrams [--check]       writes docs/states from the table of the states in crates/modem
  docs [--check]           writes docs/protocol.md from the rows of the dialects
  c                        the C interface, tested in C under the sanitizers
  dist-c                   what a C project gets: archives, header, CMake and pkg-config files, in target/dist
  firmware                 the example firmware on two emulated boards, against `simcom emulate`
  miri                     the tests of the C interface under Miri
  misra                    the header and the firmware under cppcheck's MISRA addon
  sizes                    what the library costs in firmware: bindings/c/SIZES.md
  wasm                     builds the npm package, bindings/wasm/dist
  wasm test                the package's tests and the page's, in Node and in Chromium
  web                      builds the page and serves it on http://localhost:8123

REQUIRE_ALL=1 makes a missing tool an error; without it the part is skipped, and says so.";

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    match run(&args) {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            eprintln!("xtask: {problem}");
            ExitCode::FAILURE
        }
    }
}

fn run(args: &[&str]) -> Fallible {
    match args {
        ["test"] => test::all(),
        ["test", "core"] => test::core(),
        ["fuzz", rest @ ..] => fuzz::start(rest),
        ["instr"] => instr::start(),
        ["panic-free"] => link_check::start(),
        ["foreign"] => foreign::start(None),
        ["foreign", dialect] => foreign::start(Some(dialect)),
        ["python"] => python::start(),
        ["wheels"] => python::wheels(),
        ["tools"] => tools::install(),
        ["header"] => header::write(),
        ["docs"] => header::write_docs(),
        ["docs", "--check"] => header::check_docs(),
        ["diagrams"] => header::write_diagrams(),
        ["diagrams", "--check"] => header::check_diagrams(),
        ["coverage"] => coverage::write(),
        ["c"] => c::start(),
        ["dist-c"] => dist_c::start(),
        ["firmware"] => firmware::start(),
        ["sizes"] => sizes::start(),
        ["misra"] => misra::start(),
        ["miri"] => miri::start(),
        ["wasm"] => wasm::build(),
        ["wasm", "test"] => wasm::test(),
        ["web"] => wasm::serve(),
        ["help" | "--help" | "-h"] => {
            println!("{USAGE}");
            Ok(())
        }
        _ => Err(format!("no such task\n\n{USAGE}").into()),
    }
}
