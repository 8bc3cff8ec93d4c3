//! The parts of `cargo xtask` that need heavy crates, so that the others build at once.

mod diagrams;
mod docs;
mod header;
mod wasm;

use std::error::Error;
use std::process::ExitCode;

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let done: Result<(), Box<dyn Error>> = match args.as_slice() {
        ["header"] => header::write(),
        ["header", "--check"] => header::check(),
        ["docs"] => docs::write(),
        ["docs", "--check"] => docs::check(),
        ["diagrams"] => diagrams::write(),
        ["diagrams", "--check"] => diagrams::check(),
        ["wasm", module, folder, name] => wasm::bind(module, folder, name),
        _ => Err(
            "usage: xtask-tools header [--check] | diagrams [--check] | docs [--check] | wasm MODULE FOLDER NAME"
                .into(),
        ),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            eprintln!("xtask-tools: {problem}");
            ExitCode::FAILURE
        }
    }
}
