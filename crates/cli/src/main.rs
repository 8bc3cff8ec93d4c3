//! `simcom`: explain, emulate and use SIMCom-type cellular modules from the command line.
#![forbid(unsafe_code)]

mod args;
mod error;
mod join;
mod report_text;

use std::process::ExitCode;

use clap::Parser as _;

use crate::args::{Cli, Command};
use crate::error::{Error, Exit};

fn main() -> ExitCode {
    let result: Result<(), Error> = match Cli::parse().command {
        Command::Decode(_args) => todo!(),
        Command::Demo(_args) => todo!(),
        Command::Nc(_args) => todo!(),
        Command::Emulate(_args) => todo!(),
        Command::Probe(_args) => todo!(),
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
