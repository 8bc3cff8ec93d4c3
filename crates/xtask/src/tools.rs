//! The tools that the tasks need, and how each is installed.

use std::process::Command;

use crate::shell::{Fallible, command, output, run, succeeds};

/// A tool that is no part of the Rust toolchain the workspace is built with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tool {
    /// The C++ compiler, for the fuzzing runtime.
    Compiler,
    /// valgrind with callgrind.
    Valgrind,
    /// Python 3 with pyserial.
    Pyserial,
    /// Python 3.11 or newer with venv, for the package.
    Venv,
    /// `chat(8)`.
    Chat,
    /// `socat`.
    Socat,
    /// `gammu`.
    Gammu,
    /// ModemManager, and a bus for it.
    ModemManager,
    /// `llvm-nm` and `llvm-size` of the toolchain.
    LlvmTools,
    /// The standard library of `thumbv6m-none-eabi`.
    Thumb,
    /// A nightly toolchain, for the fuzz targets.
    Nightly,
    /// cargo-fuzz.
    CargoFuzz,
    /// The C compiler for Cortex-M, with newlib.
    ArmGcc,
    /// The emulator of Cortex-M boards.
    Qemu,
    /// CMake and pkg-config.
    Cmake,
    /// cppcheck with its MISRA addon.
    Cppcheck,
    /// Node 20 or newer, with npm.
    Node,
    /// Chromium, with a font so that pages have text.
    Browser,
    /// A screen for a browser that has windows, and hands for it.
    Screen,
    /// The standard library of `wasm32-unknown-unknown`.
    Wasm,
}

use Tool::{
    ArmGcc, Browser, CargoFuzz, Chat, Cmake, Compiler, Cppcheck, Gammu, LlvmTools, ModemManager, Nightly,
    Node, Pyserial, Qemu, Screen, Socat, Thumb, Valgrind, Venv, Wasm,
};

/// What installs a tool.
enum Source {
    /// An apt package.
    Apt(&'static [&'static str]),
    /// `rustup` with these arguments.
    Rustup(&'static [&'static str]),
    /// A crate, by `cargo install`.
    Cargo(&'static str),
}

/// The Python interpreters to try: the first that has pyserial is used.
const PYTHONS: [&str; 2] = ["python3", "/usr/bin/python3"];

/// The Python interpreter that has pyserial.
pub fn python() -> Option<&'static str> {
    PYTHONS.into_iter().find(|python| succeeds(python, &["-c", "import serial"]))
}

impl Tool {
    /// All of them, in the order in which they are installed.
    pub const ALL: [Self; 20] = [
        Compiler,
        Valgrind,
        Pyserial,
        Venv,
        Chat,
        Socat,
        Gammu,
        ModemManager,
        LlvmTools,
        Thumb,
        Nightly,
        CargoFuzz,
        Node,
        Browser,
        Screen,
        Wasm,
        ArmGcc,
        Qemu,
        Cmake,
        Cppcheck,
    ];

    fn source(self) -> Source {
        match self {
            Compiler => Source::Apt(&["g++"]),
            Valgrind => Source::Apt(&["valgrind"]),
            Pyserial => Source::Apt(&["python3", "python3-serial"]),
            Venv => Source::Apt(&["python3", "python3-venv"]),
            Chat => Source::Apt(&["ppp"]),
            Socat => Source::Apt(&["socat"]),
            Gammu => Source::Apt(&["gammu"]),
            ModemManager => Source::Apt(&["modemmanager", "dbus"]),
            LlvmTools => Source::Rustup(&["component", "add", "llvm-tools"]),
            Thumb => Source::Rustup(&["target", "add", "thumbv6m-none-eabi"]),
            Nightly => Source::Rustup(&["toolchain", "install", "nightly", "--profile", "minimal"]),
            CargoFuzz => Source::Cargo("cargo-fuzz"),
            ArmGcc => Source::Apt(&["gcc-arm-none-eabi", "libnewlib-arm-none-eabi"]),
            Qemu => Source::Apt(&["qemu-system-arm"]),
            Cmake => Source::Apt(&["cmake", "make", "pkg-config"]),
            Cppcheck => Source::Apt(&["cppcheck"]),
            Node => Source::Apt(&["nodejs", "npm"]),
            Browser => Source::Apt(&["chromium", "fonts-dejavu-core"]),
            Screen => Source::Apt(&["xvfb", "openbox", "xdotool"]),
            Wasm => Source::Rustup(&["target", "add", "wasm32-unknown-unknown"]),
        }
    }

    /// Whether it is there.
    pub fn present(self) -> bool {
        let installed =
            |kind| output(&mut command("rustup", &[kind, "list", "--installed"])).unwrap_or_default();
        match self {
            Compiler => succeeds("c++", &["--version"]),
            Valgrind => succeeds("valgrind", &["--version"]),
            Pyserial => python().is_some(),
            Venv => crate::python::is_there(),
            Chat => succeeds("sh", &["-c", "PATH=$PATH:/usr/sbin command -v chat"]),
            Socat => succeeds("socat", &["-V"]),
            Gammu => succeeds("gammu", &["--version"]),
            ModemManager => succeeds("mmcli", &["--version"]) && succeeds("dbus-run-session", &["--version"]),
            LlvmTools => installed("component").contains("llvm-tools"),
            Thumb => installed("target").contains("thumbv6m-none-eabi"),
            Nightly => succeeds("rustup", &["run", "nightly", "rustc", "--version"]),
            CargoFuzz => succeeds("cargo", &["fuzz", "--version"]),
            ArmGcc => succeeds("arm-none-eabi-gcc", &["--specs=nano.specs", "-E", "-x", "c", "/dev/null"]),
            Qemu => succeeds("qemu-system-arm", &["--version"]),
            Cmake => succeeds("cmake", &["--version"]) && succeeds("pkg-config", &["--version"]),
            Cppcheck => succeeds("cppcheck", &["--version"]),
            Node => succeeds("node", &["-e", "if (parseInt(process.versions.node) < 20) process.exit(1)"]),
            Browser => succeeds("chromium", &["--version"]),
            Screen => succeeds("sh", &["-c", "command -v Xvfb && command -v openbox && command -v xdotool"]),
            Wasm => installed("target").contains("wasm32-unknown-unknown"),
        }
    }

    /// Installs it where it is missing.
    pub fn ensure(self) -> Fallible {
        ensure(&[self])
    }

    fn words(self) -> String {
        match self.source() {
            Source::Apt(packages) => format!("apt: {}", packages.join(" ")),
            Source::Rustup(words) => format!("rustup {}", words.join(" ")),
            Source::Cargo(name) => format!("cargo install {name}"),
        }
    }
}

/// Says what is missing of all tools, and installs it.
pub fn install() -> Fallible {
    ensure(&announce(&Tool::ALL))
}

/// Says what is missing and how it will be installed. Nothing is changed.
pub fn announce(tools: &[Tool]) -> Vec<Tool> {
    let missing: Vec<Tool> = tools.iter().copied().filter(|tool| !tool.present()).collect();
    if missing.is_empty() {
        println!("All tools are there; nothing will be installed.");
    } else {
        println!("This will be installed:");
        for tool in &missing {
            println!("  {}", tool.words());
        }
    }
    missing
}

/// Installs those that are missing, all apt packages in one go.
pub fn ensure(tools: &[Tool]) -> Fallible {
    let missing: Vec<Tool> = tools.iter().copied().filter(|tool| !tool.present()).collect();
    let mut packages = Vec::new();
    for tool in &missing {
        if let Source::Apt(names) = tool.source() {
            packages.extend_from_slice(names);
        }
    }
    // One that cannot be installed does not keep the others away.
    let mut outcome = if packages.is_empty() { Ok(()) } else { apt(&packages) };
    for tool in &missing {
        let done = match tool.source() {
            Source::Apt(_) => Ok(()),
            Source::Rustup(words) => twice(|| command("rustup", words)),
            Source::Cargo(name) => cargo_install(name),
        };
        outcome = outcome.and(done);
    }
    outcome?;
    match missing.into_iter().find(|tool| !tool.present()) {
        Some(tool) => Err(format!("{tool:?} is still missing after: {}", tool.words()).into()),
        None => Ok(()),
    }
}

fn apt(packages: &[&str]) -> Fallible {
    let root = output(&mut command("id", &["-u"]))?.trim() == "0";
    if !root || !succeeds("apt-get", &["--version"]) {
        let why = if root { "there is no apt-get here" } else { "installing them needs root" };
        return Err(format!("missing apt packages ({why}): {}", packages.join(" ")).into());
    }
    let apt_get = |words: &[&str]| {
        let mut apt_get = command("apt-get", &["-o", "DPkg::Lock::Timeout=600"]);
        apt_get.args(words).args(packages).env("DEBIAN_FRONTEND", "noninteractive");
        apt_get
    };
    let install: &[&str] = &["install", "--yes", "--quiet", "--no-install-recommends"];
    if run(&mut apt_get(install)).is_ok() {
        return Ok(());
    }
    run(&mut command("apt-get", &["-o", "DPkg::Lock::Timeout=600", "--quiet", "update"]))?;
    run(&mut apt_get(install))
}

/// `--locked` first; a registry that lags behind the tool's lock file makes that fail, then without.
fn cargo_install(name: &str) -> Fallible {
    let locked = run(&mut command("cargo", &["install", name, "--locked"]));
    locked.or_else(|_| run(&mut command("cargo", &["install", name])))
}

fn twice(command: impl Fn() -> Command) -> Fallible {
    run(&mut command()).or_else(|_| run(&mut command()))
}

/// Whether a missing tool is an error.
pub fn all_required() -> bool {
    std::env::var_os("REQUIRE_ALL").is_some_and(|value| value == "1")
}
