//! `cargo xtask firmware`: the example firmware on emulated boards, talking to the real `simcom emulate`.

use std::fs;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use crate::archive::{self, Target, V6M, V7M};
use crate::c::WARNINGS;
use crate::shell::{self, Fallible, command, output, release_binary, target, typed};
use crate::sizes;
use crate::tools::{self, Tool};

/// The time that one board may take.
const LIMIT: Duration = Duration::from_secs(150);
/// Bytes of the first connection, behind which the server closes.
const FIRST: usize = 64 * 1024;
const FOLDER: &str = "bindings/c/examples/firmware";

/// A board and the module it is wired to.
#[derive(Clone, Copy)]
struct Board {
    name: &'static str,
    target: Target,
    dialect: &'static str,
}

const BOARDS: [Board; 2] = [
    Board { name: "lm3s6965evb", target: V7M, dialect: "sim7000" },
    Board { name: "microbit", target: V6M, dialect: "a7600" },
];

/// Both boards at the same time.
pub fn start() -> Fallible {
    tools::ensure(&[Tool::ArmGcc, Tool::Qemu])?;
    let simcom = release_binary("simcom-cli", "simcom")?;
    let mut runs = Vec::new();
    for board in BOARDS {
        let image = build(board)?;
        let simcom = simcom.clone();
        runs.push((
            board,
            thread::spawn(move || play(board, &simcom, &image).map_err(|error| error.to_string())),
        ));
    }
    let mut table = String::from("| board | dialect | stack in use at most | |\n|---|---|--:|---|\n");
    let mut failed = Vec::new();
    for (board, run) in runs {
        match run.join().map_err(|_| "the thread panicked")? {
            Ok(said) => {
                println!("-- {} ({})\n{said}", board.name, board.dialect);
                let stack = number_behind(&said, "stack ").ok_or("the firmware did not tell its stack")?;
                table += &format!(
                    "| `{}`, {} | `{}` | {stack} bytes | with `main` and interrupts |\n",
                    board.name, board.target.triple, board.dialect
                );
            }
            Err(problem) => failed.push(format!("{}: {problem}", board.name)),
        }
    }
    if !failed.is_empty() {
        return Err(failed.join("; ").into());
    }
    println!("{table}");
    let text = fs::read_to_string(sizes::path()).unwrap_or_default();
    if std::env::var_os("CI").is_none() && !tools::all_required() {
        fs::write(sizes::path(), sizes::replace(&text, "stack", &table))?;
    }
    Ok(())
}

fn number_behind(text: &str, word: &str) -> Option<u32> {
    let rest = text.split_once(word)?.1;
    rest.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}

/// Compiles and links the firmware of a board.
fn build(board: Board) -> Fallible<PathBuf> {
    let library = archive::build(board.target)?;
    let image = target().join("c").join(format!("{}.elf", board.name));
    fs::create_dir_all(target().join("c"))?;
    let mut gcc = command("arm-none-eabi-gcc", board.target.gcc);
    gcc.args([
        "-std=c99",
        "-Os",
        "-g",
        "-ffreestanding",
        "-ffunction-sections",
        "-fdata-sections",
        "-nostdlib",
    ]);
    gcc.args(WARNINGS).args(["-Wstrict-prototypes", "-Iinclude", "-L", FOLDER]);
    gcc.arg(format!("-DDIALECT=simcom_dialect_{}", board.dialect));
    gcc.args(["-Wl,--gc-sections,--no-warn-rwx-segments,--no-warn-execstack", "-T"]);
    gcc.arg(format!("{FOLDER}/{}.ld", board.name));
    for source in ["main", "startup", board.name] {
        gcc.arg(format!("{FOLDER}/{source}.c"));
    }
    output(gcc.arg(library).args(["-lgcc", "-o"]).arg(&image))?;
    Ok(image)
}

/// Runs a board with its module and its server; gives what the firmware said.
fn play(board: Board, simcom: &Path, image: &Path) -> Fallible<String> {
    let module = Module::start(simcom, board.dialect)?;
    let port = server()?;
    let mut qemu = Command::new("qemu-system-arm");
    qemu.args(["-machine", board.name, "-display", "none", "-monitor", "none", "-nodefaults"]);
    qemu.arg("-semihosting-config").arg(format!("enable=on,target=native,arg={port}"));
    qemu.arg("-chardev").arg(format!("socket,id=uart,host={},port={}", Ipv4Addr::LOCALHOST, module.port));
    qemu.args(["-serial", "chardev:uart", "-kernel"]).arg(image);
    qemu.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    println!("$ {}", typed(&qemu));
    let mut child = qemu.spawn()?;
    let read = |from: Option<Box<dyn Read + Send>>| {
        thread::spawn(move || {
            let mut all = Vec::new();
            from.map(|mut from| from.read_to_end(&mut all));
            String::from_utf8_lossy(&all).into_owned()
        })
    };
    let out = read(child.stdout.take().map(|pipe| Box::new(pipe) as Box<dyn Read + Send>));
    let errors = read(child.stderr.take().map(|pipe| Box::new(pipe) as Box<dyn Read + Send>));
    let ended = shell::wait(&mut child, "the firmware", LIMIT);
    // Semihosting prints to standard error.
    let said = [out.join().unwrap_or_default(), errors.join().unwrap_or_default()].concat();
    match ended {
        Ok(()) if said.contains("PASS") => Ok(said),
        Ok(()) => Err(format!("it ended without PASS:\n{said}").into()),
        Err(problem) => Err(format!("{problem}:\n{said}").into()),
    }
}

/// A running `simcom emulate`; ended when dropped.
struct Module {
    child: Child,
    port: u16,
}

impl Module {
    fn start(simcom: &Path, dialect: &str) -> Fallible<Self> {
        let mut emulate = Command::new(simcom);
        emulate.args(["emulate", "--dialect", dialect, "--tcp", "127.0.0.1:0"]).stdout(Stdio::piped());
        let mut child = emulate.spawn()?;
        let mut line = String::new();
        if let Some(stdout) = child.stdout.take() {
            BufReader::new(stdout).read_line(&mut line)?;
        }
        let port = line.trim().rsplit_once(':').and_then(|(_, port)| port.parse().ok());
        let module = Self { child, port: port.unwrap_or(0) };
        if module.port == 0 { Err("simcom emulate printed no address".into()) } else { Ok(module) }
    }
}

impl Drop for Module {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// An echo server: it closes the first connection behind its bytes, the others it leaves to the client.
fn server() -> io::Result<u16> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    let port = listener.local_addr()?.port();
    thread::spawn(move || {
        for (number, client) in listener.incoming().flatten().enumerate() {
            let limit = if number == 0 { FIRST } else { usize::MAX };
            thread::spawn(move || echo(client, limit));
        }
    });
    Ok(port)
}

fn echo(mut client: TcpStream, limit: usize) -> io::Result<()> {
    let (mut buffer, mut total) = ([0; 4096], 0);
    while total < limit {
        match client.read(&mut buffer)? {
            0 => break,
            n => {
                client.write_all(buffer.get(..n).unwrap_or_default())?;
                total += n;
            }
        }
    }
    Ok(())
}
