//! The command line as clap reads it.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use simcom_at::Dialect;
use simcom_vectors::Chunking;

const EXIT_CODES: &str = "Exit codes: 0 ok, 1 module error or data mismatch, 2 usage or bad input file, 3 port, 4 timeout.

Dialects: sim800, sim800e, sim7000, kingcom, a7600, rda8955.
Ports: a device such as /dev/ttyUSB0 or a pty, tcp:HOST:PORT, or virtual:DIALECT, a virtual module inside this program.";

/// Explain, emulate and use SIMCom-type cellular modules.
#[derive(Debug, Parser)]
#[command(name = "simcom", version, after_help = EXIT_CODES)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// The subcommands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Explain a transcript or a raw log of serial traffic.
    Decode(Decode),
    /// Show the whole job against a virtual module and check every byte.
    Demo(Demo),
    /// Connect stdin and stdout to a host through a module.
    Nc(Nc),
    /// Be a module: a virtual one on a pty or a TCP port, with real sockets behind it.
    Emulate(Emulate),
    /// Find the baud rate and say which module is there, its SIM, signal and registration.
    Probe(Probe),
}

/// `simcom decode`.
#[derive(Debug, Args)]
pub struct Decode {
    /// The file, or `-` for stdin. Without any `< ` or `> ` line it is a raw log: the bytes of both directions as they
    /// came; the module's echo tells them apart.
    pub file: PathBuf,
    /// The dialect, or `auto`: the file's `# dialect:` line, else found out from the traffic.
    #[arg(long, default_value = "auto", value_parser = dialect_or_auto)]
    pub dialect: DialectOrAuto,
    /// Only the reports, one a line, as in `# expect:` lines.
    #[arg(long, conflicts_with = "json")]
    pub reports: bool,
    /// One JSON object a line. Text and bytes are escaped as in transcripts (`\r`, `\x1a`), then as JSON.
    #[arg(long)]
    pub json: bool,
    /// How the module's bytes are cut before they are read: as-is, whole, bytes, or a number of bytes. The reports are
    /// the same for all.
    #[arg(long, default_value = "as-is", value_parser = chunks)]
    pub chunks: Chunking,
}

/// `simcom demo`.
#[derive(Debug, Args)]
pub struct Demo {
    /// Which dialect, or `all`.
    #[arg(long, default_value = "all", value_parser = dialect_or_all)]
    pub dialect: DialectOrAll,
    /// Run the serial line as fast as it goes instead of at 921,600 baud.
    #[arg(long)]
    pub unpaced: bool,
    /// Print every line of the exchange, not only the first of each kind.
    #[arg(long, short)]
    pub verbose: bool,
}

/// How to reach the module.
#[derive(Debug, Args)]
pub struct PortArgs {
    /// A device, tcp:HOST:PORT or virtual:DIALECT.
    #[arg(long, default_value = "virtual:sim7000", value_name = "PORT")]
    pub port: String,
    /// The speed of a device.
    #[arg(long, value_name = "BAUD", value_parser = clap::value_parser!(u32).range(300..=4_000_000))]
    pub baud: Option<u32>,
    /// RTS and CTS are wired: hardware flow control, on the device and in the module.
    #[arg(long)]
    pub rtscts: bool,
}

/// `simcom nc`.
#[derive(Debug, Args)]
pub struct Nc {
    /// The host to connect to: a name or an address.
    #[arg(required_unless_present = "listen")]
    pub host: Option<String>,
    /// The port to connect to.
    #[arg(value_name = "PORT", value_parser = clap::value_parser!(u16).range(1..),
        required_unless_present = "listen")]
    pub remote: Option<u16>,
    /// UDP instead of TCP.
    #[arg(long)]
    pub udp: bool,
    /// Let the module listen on this port, and serve the first client that comes.
    #[arg(long, value_name = "PORT", value_parser = clap::value_parser!(u16).range(1..),
        conflicts_with_all = ["host", "remote", "reconnect"])]
    pub listen: Option<u16>,
    /// Use the module's transparent mode, where the dialect has it: no lengths, no prompts.
    #[arg(long, conflicts_with_all = ["push", "single"])]
    pub transparent: bool,
    /// When the link, the context or the module is lost: do what helps and open again, at most so many times (5 unless
    /// told). What may have been lost on the way is said and not sent twice; then the exit code is 1.
    #[arg(long, value_name = "N", num_args = 0..=1, require_equals = true, default_missing_value = "5",
        value_parser = clap::value_parser!(u32).range(1..))]
    pub reconnect: Option<u32>,
    /// How to reach the module.
    #[command(flatten)]
    pub port: PortArgs,
    /// The dialect, or `auto`: ask the module.
    #[arg(long, default_value = "auto", value_parser = dialect_or_auto)]
    pub dialect: DialectOrAuto,
    /// The access point name.
    #[arg(long, default_value = "CMNET")]
    pub apn: String,
    /// The user name of the access point.
    #[arg(long, default_value = "")]
    pub user: String,
    /// The password of the access point.
    #[arg(long, default_value = "")]
    pub password: String,
    /// After the end of stdin: close when so many seconds went by without data.
    #[arg(long, default_value = "2", value_name = "SECONDS", value_parser = seconds)]
    pub idle: f64,
    /// Write the serial traffic to this file, as a transcript that `simcom decode` reads.
    #[arg(long, value_name = "FILE")]
    pub record: Option<PathBuf>,
    /// Have data pushed by the module instead of read on request, where the dialect has both.
    #[arg(long)]
    pub push: bool,
    /// Use the module's single-connection mode, where the dialect has both.
    #[arg(long)]
    pub single: bool,
    /// Say on stderr what happens.
    #[arg(long, short)]
    pub verbose: bool,
}

/// `simcom emulate`.
#[derive(Debug, Args)]
#[command(group = clap::ArgGroup::new("where").required(true).args(["pty", "tcp"]))]
pub struct Emulate {
    /// Which module to be.
    #[arg(long, value_parser = dialect)]
    pub dialect: Dialect,
    /// Serve on a new pty; its path is the first line on stdout.
    #[arg(long)]
    pub pty: bool,
    /// A symbolic link to the pty's path, made at the start and removed at the end.
    #[arg(long, value_name = "PATH", requires = "pty")]
    pub link: Option<PathBuf>,
    /// Serve on this TCP address (`127.0.0.1:0` takes a free port); the real one is the first line on stdout.
    #[arg(long, value_name = "HOST:PORT")]
    pub tcp: Option<String>,
    /// The address on which the module's own servers listen.
    #[arg(long, default_value = "127.0.0.1", value_name = "ADDR")]
    pub bind: std::net::Ipv4Addr,
    /// Say on stderr what goes over the line.
    #[arg(long, short)]
    pub verbose: bool,
}

/// `simcom probe`.
#[derive(Debug, Args)]
pub struct Probe {
    /// How to reach the module.
    #[command(flatten)]
    pub port: PortArgs,
    /// The dialect, or `auto`: ask the module.
    #[arg(long, default_value = "auto", value_parser = dialect_or_auto)]
    pub dialect: DialectOrAuto,
}

/// A dialect, or to be found out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DialectOrAuto(pub Option<Dialect>);

/// A dialect, or all five.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DialectOrAll(pub Option<Dialect>);

fn names(also: &str) -> String {
    let names: Vec<_> = Dialect::ALL.iter().map(|dialect| dialect.name()).collect();
    format!("{}{also}", names.join(", "))
}

fn dialect(name: &str) -> Result<Dialect, String> {
    Dialect::from_name(name).ok_or_else(|| format!("unknown dialect; use one of {}", names("")))
}

fn dialect_or_auto(name: &str) -> Result<DialectOrAuto, String> {
    if name == "auto" {
        return Ok(DialectOrAuto(None));
    }
    let found = Dialect::from_name(name).map(|dialect| DialectOrAuto(Some(dialect)));
    found.ok_or_else(|| format!("unknown dialect; use one of {}", names(", or auto")))
}

fn dialect_or_all(name: &str) -> Result<DialectOrAll, String> {
    if name == "all" {
        return Ok(DialectOrAll(None));
    }
    let found = Dialect::from_name(name).map(|dialect| DialectOrAll(Some(dialect)));
    found.ok_or_else(|| format!("unknown dialect; use one of {}", names(", or all")))
}

fn chunks(text: &str) -> Result<Chunking, String> {
    match text {
        "as-is" => Ok(Chunking::AsIs),
        "whole" => Ok(Chunking::Whole),
        "bytes" => Ok(Chunking::Bytes),
        _ => match text.parse() {
            Ok(size) if size > 0 => Ok(Chunking::Every(size)),
            _ => Err("use as-is, whole, bytes, or a number of bytes above 0".to_owned()),
        },
    }
}

fn seconds(text: &str) -> Result<f64, String> {
    let value: f64 = text.parse().map_err(|_| "not a number of seconds".to_owned())?;
    if (0.0..=86_400.0).contains(&value) { Ok(value) } else { Err("use 0 to 86400 seconds".to_owned()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn an_unknown_dialect_is_told_the_names() {
        let error = dialect_or_auto("sim900").unwrap_err();
        assert!(error.contains("sim800, sim800e, sim7000, kingcom, a7600, rda8955, or auto"), "{error}");
        assert_eq!(dialect_or_auto("auto"), Ok(DialectOrAuto(None)));
    }

    #[test]
    fn chunks_are_words_or_a_size() {
        assert_eq!(chunks("7"), Ok(Chunking::Every(7)));
        assert_eq!(chunks("bytes"), Ok(Chunking::Bytes));
        assert!(chunks("0").is_err() && chunks("every:3").is_err() && chunks("").is_err());
    }
}
