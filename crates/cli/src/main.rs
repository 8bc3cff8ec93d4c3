//! `simcom`: explain, emulate and use SIMCom-type cellular modules from the command line.
#![forbid(unsafe_code)]

mod annotate;
mod args;
mod clock;
mod connect;
mod decode;
mod demo;
mod driver;
mod emulate;
mod engine;
mod error;
mod guess;
mod identify;
mod nc;
mod ports;
mod probe;
mod record;
mod style;
mod tap;
mod words;

use std::process::ExitCode;

use clap::Parser as _;

use crate::args::{Cli, Command};
use crate::error::{Error, Exit};

fn main() -> ExitCode {
    let result: Result<(), Error> = match Cli::parse().command {
        Command::Decode(args) => decode::run(&args),
        Command::Demo(args) => demo::run(&args),
        Command::Nc(args) => nc::run(&args),
        Command::Emulate(args) => emulate::run(&args),
        Command::Probe(args) => probe::run(&args),
    };
    let exit = match result {
        Ok(()) => Exit::Ok,
        Err(error) => {
            if !error.message.is_empty() {
                eprintln!("simcom: {error}");
            }
            error.exit
        }
    };
    ExitCode::from(exit as u8)
}
