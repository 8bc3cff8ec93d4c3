//! The program as its users call it: arguments, exit codes, output.

mod decode;
mod demo;
mod emulate;
mod nc;
mod paths;
mod rig;
mod usage;

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{Ipv4Addr, TcpListener};
use std::process::{Child, Command, Output, Stdio};

/// The program.
fn simcom(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_simcom"));
    command.args(args).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// Runs it to its end, with these bytes on stdin.
fn run(args: &[&str], stdin: &[u8]) -> Output {
    let mut child = simcom(args).stdin(Stdio::piped()).spawn().unwrap();
    let mut pipe = child.stdin.take().unwrap();
    let bytes = stdin.to_vec();
    // A program that refuses its input does not read it.
    let writer = std::thread::spawn(move || pipe.write_all(&bytes));
    let output = child.wait_with_output().unwrap();
    let _ = writer.join().unwrap();
    output
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// A `simcom emulate` that is stopped at the end of the test.
struct Emulator {
    child: Child,
    /// The first line on its stdout.
    name: String,
}

impl Emulator {
    fn start(args: &[&str]) -> Self {
        let mut child = simcom(&[&["emulate"], args].concat()).stderr(Stdio::inherit()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        assert!(line.ends_with('\n'), "{line:?}");
        Self { child, name: line.trim_end_matches('\n').to_owned() }
    }

    /// Stops it as a user would; gives the exit code.
    fn stop(&mut self, signal: &str) -> Option<i32> {
        let kill = Command::new("kill").args([signal, &self.child.id().to_string()]).status().unwrap();
        assert!(kill.success());
        self.child.wait().unwrap().code()
    }
}

impl Drop for Emulator {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A server on a free port that sends back what it gets.
fn echo_server() -> u16 {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            std::thread::spawn(move || {
                let mut all = stream.try_clone().unwrap();
                let (sender, pieces) = std::sync::mpsc::channel::<Vec<u8>>();
                std::thread::spawn(move || pieces.iter().all(|piece| all.write_all(&piece).is_ok()));
                let mut buffer = [0; 4096];
                while let Ok(len @ 1..) = stream.read(&mut buffer) {
                    let _ = sender.send(buffer[..len].to_vec());
                }
            });
        }
    });
    port
}
