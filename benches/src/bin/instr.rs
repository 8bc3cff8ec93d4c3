//! `instr A|B|C|D|E CHUNK SIZE`: one measured pass, for callgrind; prints how many bytes it read.
//!
//! Fails when anything is missing from what comes out. `cargo xtask instr` runs it.

use std::process::ExitCode;

use simcom_benches::drive::{Tally, measured_pass, reader, verify};
use simcom_benches::workloads::{Kind, Workload};

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let [kind, chunk, size] = &*words else { return usage() };
    let (Some(kind), Ok(chunk), Ok(size)) = (Kind::from_name(kind), chunk.parse(), size.parse()) else {
        return usage();
    };
    let workload = Workload::new(kind, size);
    let tally = measured_pass(&mut reader(), &workload.bytes, chunk);
    if tally != Tally::of(&workload) {
        eprintln!("not everything arrived: {tally:?}, but it holds {:?}", Tally::of(&workload));
        return ExitCode::FAILURE;
    }
    if let Err(problem) = verify(&workload, chunk) {
        eprintln!("not everything arrived: {problem}");
        return ExitCode::FAILURE;
    }
    println!("{}", workload.bytes.len());
    ExitCode::SUCCESS
}

fn usage() -> ExitCode {
    eprintln!("usage: instr A|B|C|D|E CHUNK SIZE");
    ExitCode::from(2)
}
