//! Foreign programs against the virtual modem, and `simcom nc` over its pty.

mod phones;
mod socat;

use std::fs::OpenOptions;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use crate::shell::{self, Fallible, command, release_binary, root, typed};
use crate::tools::{self, Tool};

const DIALECTS: [&str; 6] = ["sim800", "sim800e", "sim7000", "kingcom", "a7600", "rda8955"];

/// The programs that must be there.
pub const NEEDS: &[Tool] = &[Tool::Pyserial, Tool::Chat, Tool::Socat, Tool::Gammu, Tool::ModemManager];

/// Bytes that `simcom nc` moves each way.
const NC_BYTES: usize = 128 * 1024;

/// The time that one program may take.
const LIMIT: Duration = Duration::from_secs(180);

/// Linux: the serial line does not become the terminal of this process.
const O_NOCTTY: i32 = 0o400;

/// All dialects, or one.
pub fn start(dialect: Option<&str>) -> Fallible {
    if let Some(name) = dialect.filter(|name| !DIALECTS.contains(name)) {
        return Err(format!("no dialect {name}; there are: {}", DIALECTS.join(", ")).into());
    }
    tools::ensure(NEEDS)?;
    let simcom = release_binary("simcom-cli", "simcom")?;
    let mut failed = Vec::new();
    for dialect in DIALECTS.into_iter().filter(|name| dialect.is_none_or(|dialect| dialect == *name)) {
        println!("-- {dialect}");
        let mut checked = |what: &str, outcome: Fallible| {
            if let Err(problem) = outcome {
                println!("{dialect}, {what}: {problem}");
                failed.push(format!("{dialect}, {what}"));
            }
        };
        let modem = |how: &[&str]| Modem::start(&simcom, dialect, how);
        let tcp = ["--tcp", "127.0.0.1:0"];
        checked(
            "pyserial over a pty",
            modem(&["--pty"]).and_then(|m| m.serve(|port| pyserial(dialect, port))),
        );
        checked(
            "pyserial over TCP",
            modem(&tcp).and_then(|m| m.serve(|port| pyserial(dialect, &format!("socket://{port}")))),
        );
        if dialect == "sim800" {
            checked("chat", modem(&["--pty"]).and_then(|m| m.serve(chat)));
        }
        if socat::speaks(dialect) {
            checked("socat", modem(&["--pty"]).and_then(|m| m.serve(|port| socat::start(dialect, port))));
        }
        checked("gammu", phones::patiently(|| phones::gammu(&simcom, dialect)));
        if dialect == "sim7000" {
            checked("ModemManager", phones::patiently(|| phones::modem_manager(&simcom, dialect)));
        }
        checked(
            "simcom nc over a pty",
            modem(&["--pty"]).and_then(|m| m.serve(|port| nc(&simcom, dialect, port))),
        );
    }
    if failed.is_empty() { Ok(()) } else { Err(failed.join("; ").into()) }
}

/// A running `simcom emulate`; ended when dropped.
struct Modem {
    child: Child,
    address: String,
}

impl Modem {
    fn start(simcom: &Path, dialect: &str, how: &[&str]) -> Fallible<Self> {
        let mut emulate = Command::new(simcom);
        emulate.args(["emulate", "--dialect", dialect]).args(how).stdout(Stdio::piped());
        let mut child = emulate.spawn()?;
        let mut address = String::new();
        if let Some(stdout) = child.stdout.take() {
            BufReader::new(stdout).read_line(&mut address)?;
        }
        let modem = Self { child, address: address.trim_end().to_owned() };
        if modem.address.is_empty() {
            return Err(format!("{} printed no address", typed(&emulate)).into());
        }
        Ok(modem)
    }

    /// Does the job over its line, then ends it by SIGTERM: it must end at once, and well.
    fn serve(mut self, job: impl FnOnce(&str) -> Fallible) -> Fallible {
        job(&self.address)?;
        shell::output(&mut command("kill", &["-TERM", &self.child.id().to_string()]))?;
        shell::wait(&mut self.child, "simcom emulate", LIMIT)
    }
}

impl Drop for Modem {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn pyserial(dialect: &str, port: &str) -> Fallible {
    let python = tools::python().ok_or("no Python with pyserial")?;
    limited(command(python, &["crates/xtask/foreign/client.py", dialect, port]))
}

/// `chat(8)` as a host: it sends five bytes and waits until they come back.
fn chat(pty: &str) -> Fallible {
    let port = echo_server()?;
    let start = format!("AT+CIPSTART=\"TCP\",\"127.0.0.1\",\"{port}\"");
    let open = ["AT+CIPHEAD=1", "OK", &start, "CONNECT OK"];
    let talk = ["AT+CIPSEND=5", ">", "hello\\c", "+IPD,5:hello", "AT+CIPCLOSE", "CLOSE OK", "\\c"];
    dialogue(pty, &[&open[..], &talk].concat())
}

/// `chat(8)` plays this script behind `ATE0`: what to send, what to wait for, and so on.
fn dialogue(pty: &str, script: &[&str]) -> Fallible {
    let line = OpenOptions::new().read(true).write(true).custom_flags(O_NOCTTY).open(pty)?;
    let mut chat = command("chat", &["-v", "-s", "-t", "20", "ABORT", "ERROR", "ABORT", "FAIL"]);
    chat.args(["", "AT", "OK", "ATE0", "OK"]).args(script);
    chat.env("PATH", format!("{}:/usr/sbin", std::env::var("PATH").unwrap_or_default()));
    chat.stdin(line.try_clone()?).stdout(line);
    println!("$ chat(8) over {pty}");
    let status = chat.status()?;
    if status.success() { Ok(()) } else { Err(format!("chat failed ({status})").into()) }
}

/// `simcom nc` through the module: what goes in must come back.
fn nc(simcom: &Path, dialect: &str, pty: &str) -> Fallible {
    let port = echo_server()?.to_string();
    // A dialect that ends payload by Ctrl-Z cannot carry 0x1A and 0x1B.
    let held = |byte: u8| if dialect == "kingcom" && matches!(byte, 0x1A | 0x1B) { b'.' } else { byte };
    let bytes: Vec<u8> = payload().map(held).take(NC_BYTES).collect();
    let mut nc = Command::new(simcom);
    nc.args(["nc", "127.0.0.1", &port, "--port", pty, "--dialect", dialect]).current_dir(root());
    let begun = Instant::now();
    let back = with_input(nc, &bytes)?;
    if back != bytes {
        let same = back.iter().zip(&bytes).take_while(|(left, right)| left == right).count();
        let (sent, came) = (bytes.len(), back.len());
        return Err(
            format!("nc {dialect}: {sent} bytes sent, {came} came back, the first {same} equal").into()
        );
    }
    println!(
        "{dialect}: simcom nc moved {NC_BYTES} bytes each way in {:.1} s",
        begun.elapsed().as_secs_f32()
    );
    Ok(())
}

/// Bytes that look like protocol now and then, and like noise otherwise.
fn payload() -> impl Iterator<Item = u8> {
    let mut state = 0x9E37_79B9_7F4A_7C15_u64;
    (0_u32..).flat_map(move |block| {
        state = state.wrapping_mul(0x5851_F42D_4C95_7F2D).wrapping_add(0x1405_7B7E_F767_814F);
        let noise = state.to_le_bytes();
        if block % 8 == 0 { b"\r\nOK\r\n> ".to_vec() } else { noise.to_vec() }
    })
}

/// An echo server for one client; gives its port.
fn echo_server() -> Fallible<u16> {
    let listener = TcpListener::bind(("127.0.0.1", 0))?;
    let port = listener.local_addr()?.port();
    thread::spawn(move || -> std::io::Result<()> {
        let (mut client, _) = listener.accept()?;
        let mut buffer = [0; 4096];
        loop {
            match client.read(&mut buffer)? {
                0 => return Ok(()),
                n => client.write_all(&buffer[..n])?,
            }
        }
    });
    Ok(port)
}

/// Runs the program with these bytes as its input and gives its output.
fn with_input(mut program: Command, input: &[u8]) -> Fallible<Vec<u8>> {
    println!("$ {} < {} bytes", typed(&program), input.len());
    let mut child = program.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
    let (stdin, stdout) = (child.stdin.take(), child.stdout.take());
    let bytes = input.to_vec();
    let writer = thread::spawn(move || stdin.map(|mut stdin| stdin.write_all(&bytes)));
    let reader = thread::spawn(move || {
        let mut back = Vec::new();
        stdout.map(|mut stdout| stdout.read_to_end(&mut back)).transpose().map(|_| back)
    });
    let ended = shell::wait(&mut child, &typed(&program), LIMIT);
    let _ = writer.join();
    let back = reader.join().map_err(|_| "the reading thread panicked")??;
    ended.map(|()| back)
}

fn limited(mut program: Command) -> Fallible {
    println!("$ {}", typed(&program));
    shell::wait(&mut program.spawn()?, &typed(&program), LIMIT)
}
