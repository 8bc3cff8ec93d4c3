//! Programs that take the module for a phone: gammu and ModemManager. They ask much that no document of ours names; every
//! question must get its answer at once.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use super::LIMIT;
use crate::shell::{self, Fallible, command, output, succeeds, target};

/// How long any answer may take.
const ANSWER: Duration = Duration::from_secs(1);

/// A running `simcom emulate -v`, and when each of its lines came.
struct Watched {
    child: Child,
    pty: String,
    heard: JoinHandle<Vec<(Instant, String)>>,
}

impl Watched {
    fn start(simcom: &Path, dialect: &str) -> Fallible<Self> {
        let mut emulate = Command::new(simcom);
        emulate.args(["emulate", "--dialect", dialect, "--pty", "-v"]);
        let mut child = emulate.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
        let (stdout, stderr) = child.stdout.take().zip(child.stderr.take()).ok_or("simcom has no pipes")?;
        let mut pty = String::new();
        BufReader::new(stdout).read_line(&mut pty)?;
        let heard = thread::spawn(move || {
            BufReader::new(stderr).lines().map_while(Result::ok).map(|line| (Instant::now(), line)).collect()
        });
        Ok(Self { child, pty: pty.trim_end().to_owned(), heard })
    }

    /// Ends it; how many commands there were, and the one that waited longest.
    fn end(mut self) -> Fallible<(usize, Duration, String)> {
        shell::output(&mut command("kill", &["-TERM", &self.child.id().to_string()]))?;
        shell::wait(&mut self.child, "simcom emulate", LIMIT)?;
        slowest(&self.heard.join().map_err(|_| "the reading thread panicked")?)
    }
}

/// Goes through what went over the line (`> AT+X\r`, `< …`, with escapes).
fn slowest(lines: &[(Instant, String)]) -> Fallible<(usize, Duration, String)> {
    let (mut count, mut longest) = (0, (Duration::ZERO, String::new()));
    let (mut typed, mut asked) = (String::new(), None::<(Instant, String)>);
    for (at, line) in lines {
        if let Some(bytes) = line.strip_prefix("> ") {
            typed.push_str(bytes);
            let Some(end) = typed.rfind("\\r") else { continue };
            let whole = typed[..end].rsplit("\\r").next().unwrap_or_default().to_owned();
            typed.clear();
            if !whole.to_ascii_uppercase().starts_with("AT") {
                continue;
            }
            if let Some((_, command)) = asked.replace((*at, whole)) {
                return Err(format!("{command} got no answer").into());
            }
        } else if line.contains("OK\\r") || line.contains("ERROR") {
            let Some((since, command)) = asked.take() else { continue };
            count += 1;
            longest = longest.max((at.duration_since(since), command));
        }
    }
    match asked {
        Some((_, command)) => Err(format!("{command} got no answer").into()),
        None if longest.0 > ANSWER => {
            Err(format!("{} waited {} ms", longest.1, longest.0.as_millis()).into())
        }
        None => Ok((count, longest.0, longest.1)),
    }
}

/// Once more, where the machine and not the module may have been slow.
pub fn patiently(check: impl Fn() -> Fallible) -> Fallible {
    check().or_else(|problem| {
        println!("{problem}: once more");
        check()
    })
}

/// `gammu --identify` prints who the module is.
pub fn gammu(simcom: &Path, dialect: &str) -> Fallible {
    let modem = Watched::start(simcom, dialect)?;
    let config = target().join(format!("gammu-{dialect}"));
    std::fs::write(&config, format!("[gammu]\ndevice={}\nconnection=at115200\n", modem.pty))?;
    let mut gammu = command("gammu", &["--config"]);
    let told = output(gammu.arg(&config).arg("--identify"))?;
    let (count, longest, slow) = modem.end()?;
    let (maker, model, revision) = names(dialect);
    for word in [maker, model, revision, "004999010640000"] {
        if !told.contains(word) {
            return Err(format!("gammu does not say {word}:\n{told}").into());
        }
    }
    println!("{dialect}: gammu found {model}; {count} commands, {slow} took {} ms", longest.as_millis());
    Ok(())
}

fn names(dialect: &str) -> (&'static str, &'static str, &'static str) {
    match dialect {
        "sim800" => ("SIMCOM_Ltd", "SIMCOM_SIM800", "R14.18"),
        "sim800e" => ("SIMCOM_Ltd", "SIMCOM_SIM800E", "R13.08"),
        "sim7000" => ("SIMCOM_Ltd", "SIMCOM_SIM7000", "R1351"),
        "kingcom" => ("Kingcom_Ltd", "Kingcom_G3524", "G3524_SHNZ_B5_R04_A01_D160927"),
        "a7600" => ("SIMCOM INCORPORATED", "A7600C", "A7600C_V1.0"),
        _ => ("RDA", "RDA8955", "W17.44"),
    }
}

/// ModemManager finds the module and lists it.
pub fn modem_manager(simcom: &Path, dialect: &str) -> Fallible {
    // No installation helps where the machine has no such port.
    if !succeeds("unshare", &["--mount", "sh", "-c", "mount --bind /dev/null /dev/ttyS0"]) {
        println!("SKIP(ModemManager needs root, /dev/ttyS0 and a mount namespace of its own)");
        return Ok(());
    }
    let modem = Watched::start(simcom, dialect)?;
    let folder = target().join("modemmanager");
    std::fs::create_dir_all(&folder)?;
    let script = "crates/xtask/foreign/modemmanager.sh";
    let mut run = command("dbus-run-session", &["--", "unshare", "--mount", "sh", script, &modem.pty]);
    let told = output(run.arg(&folder))?;
    let (count, longest, slow) = modem.end()?;
    let (maker, model, revision) = names(dialect);
    for word in [maker, model, revision, "004999010640000"] {
        if !told.contains(word) {
            return Err(format!("ModemManager does not say {word}:\n{told}").into());
        }
    }
    println!(
        "{dialect}: ModemManager lists {model}; {count} commands, {slow} took {} ms",
        longest.as_millis()
    );
    Ok(())
}
