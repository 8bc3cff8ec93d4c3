//! Running other programs.

use std::error::Error;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// What a task gives back: the text of its error is all that is shown.
pub type Fallible<T = ()> = Result<T, Box<dyn Error>>;

/// The folder of the workspace.
pub fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).unwrap_or(here).to_path_buf()
}

/// Where cargo builds.
pub fn target() -> PathBuf {
    match std::env::var_os("CARGO_TARGET_DIR") {
        Some(dir) => root().join(dir),
        None => root().join("target"),
    }
}

/// A command in the workspace folder: a program and its arguments.
pub fn command(program: &str, args: &[&str]) -> Command {
    let mut command = Command::new(program);
    command.args(args).current_dir(root());
    command
}

/// The command as one would type it.
pub fn typed(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(|word| word.to_string_lossy().into_owned()).collect::<Vec<_>>().join(" ")
}

/// Says what it runs, runs it, and fails when it fails.
pub fn run(command: &mut Command) -> Fallible {
    println!("$ {}", typed(command));
    let status = command.status().map_err(|error| format!("{}: {error}", typed(command)))?;
    if status.success() { Ok(()) } else { Err(format!("{} failed ({status})", typed(command)).into()) }
}

/// As [`run`], in a process group of its own that is ended when it takes too long. For machines: Ctrl-C does not reach it.
pub fn run_within(command: &mut Command, limit: Duration) -> Fallible {
    println!("$ {}", typed(command));
    let name = typed(command);
    let mut child = command.process_group(0).spawn().map_err(|error| format!("{name}: {error}"))?;
    let ended = wait(&mut child, &name, limit);
    if ended.is_err() {
        succeeds("kill", &["-KILL", "--", &format!("-{}", child.id())]);
    }
    ended
}

/// Waits for our own child, and ends it when it takes too long.
pub fn wait(child: &mut Child, name: &str, limit: Duration) -> Fallible {
    let begun = Instant::now();
    loop {
        if let Some(status) = child.try_wait()? {
            return if status.success() { Ok(()) } else { Err(format!("{name} failed ({status})").into()) };
        }
        if begun.elapsed() > limit {
            child.kill()?;
            child.wait()?;
            return Err(format!("{name} took longer than {} s", limit.as_secs()).into());
        }
        thread::sleep(Duration::from_millis(20));
    }
}

/// Runs it quietly and gives what it printed; its errors are shown when it fails.
pub fn output(command: &mut Command) -> Fallible<String> {
    let output = command.output().map_err(|error| format!("{}: {error}", typed(command)))?;
    if !output.status.success() {
        let errors = String::from_utf8_lossy(&output.stderr);
        return Err(format!("{} failed ({})\n{errors}", typed(command), output.status).into());
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Whether it runs and succeeds; prints nothing.
pub fn succeeds(program: &str, args: &[&str]) -> bool {
    let mut command = command(program, args);
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

/// Builds a binary of the workspace in the release profile and gives its path.
pub fn release_binary(package: &str, binary: &str) -> Fallible<PathBuf> {
    run(&mut command("cargo", &["build", "--quiet", "--release", "--package", package, "--bin", binary]))?;
    Ok(target().join("release").join(binary))
}
