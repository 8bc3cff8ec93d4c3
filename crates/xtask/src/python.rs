//! `cargo xtask python`: the wheel, built and tested in an environment of its own.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use crate::shell::{Fallible, command, output, release_binary, root, run, run_within, succeeds, target};
use crate::tools::all_required;

/// What building and testing needs, from PyPI.
const NEEDED: [&str; 5] = ["maturin>=1.9.4,<2", "pytest>=8", "pyserial", "mypy>=1.18", "typing_extensions"];
/// The foreign programs that talk over our links, and the library that ours is measured beside. One that cannot be had
/// skips its test.
const FOREIGN: [&str; 6] = ["trustme", "httpx", "aiohttp", "paho-mqtt>=2", "amqtt", "python-gsmmodem-new"];
/// The interpreters to look for: the first is built and tested with, all others run the same wheel.
const PYTHONS: [&str; 6] =
    ["python3", "/usr/bin/python3", "python3.11", "python3.12", "python3.13", "python3.14"];
/// How the wheel for Linux is linked: glibc 2.17, which every distribution since 2014 has.
const OLD_LINUX: &[&str] = &["--zig", "--compatibility", "manylinux2014"];
/// How long the tests may take.
const LIMIT: Duration = Duration::from_secs(8 * 60);

/// Builds the wheel, installs it, and runs its tests; then runs it on every other CPython that is there.
pub fn start() -> Fallible {
    let pythons = pythons();
    let Some((first, others)) = pythons.split_first() else {
        return skip("no Python from 3.11 on with venv (apt: python3-venv)");
    };
    let dir = target().join("python");
    let venv = environment(first, &dir.join("venv"))?;
    if let Err(problem) = pip(&venv, &NEEDED) {
        return skip(&problem.to_string());
    }
    for package in FOREIGN {
        if let Err(problem) = pip(&venv, &[package]) {
            skip(&problem.to_string())?;
        }
    }
    let wheel = maturin(&venv, &dir.join("dist"), &[])?;
    install(&venv, &wheel)?;
    test(&venv, &dir)?;
    demo_on(others, &[version(first)?], &wheel, &dir)
}

/// `cargo xtask wheels`: what is published, in `target/wheels`: the wheel for old systems too, and the sdist.
///
/// The linker is zig's, which knows the symbols of every glibc: maturin refuses a wheel that needs a newer one than it says.
pub fn wheels() -> Fallible {
    let pythons = pythons();
    let Some(first) = pythons.first() else {
        return Err("no Python from 3.11 on with venv (apt: python3-venv)".into());
    };
    let dir = target().join("python");
    let venv = environment(first, &dir.join("venv"))?;
    pip(&venv, &NEEDED)?;
    pip(&venv, &["ziglang"])?;
    let dist = target().join("wheels");
    let old = if cfg!(target_os = "linux") { OLD_LINUX } else { &[] };
    let wheel = maturin(&venv, &dist, &[&["--sdist"], old].concat())?;
    demo_on(&pythons, &[], &wheel, &dir)?;
    println!("{}", dist.display());
    Ok(())
}

/// Installs the wheel in a fresh environment of each interpreter whose version was not seen yet, and runs its demo.
fn demo_on(pythons: &[String], seen: &[String], wheel: &Path, dir: &Path) -> Fallible {
    let mut seen = seen.to_vec();
    for python in pythons {
        let version = version(python)?;
        if !seen.contains(&version) {
            let venv = environment(python, &dir.join(format!("venv-{version}")))?;
            install(&venv, wheel)?;
            run(Command::new(bin(&venv, "python")).args(["-m", "simcom_at", "demo"]).current_dir(dir))?;
            println!("the same wheel runs on CPython {version}");
            seen.push(version);
        }
    }
    Ok(())
}

/// Whether there is an interpreter that will do.
pub fn is_there() -> bool {
    !pythons().is_empty()
}

/// All that are there: those that are on the path, and those of pyenv, which are not until they are chosen.
fn pythons() -> Vec<String> {
    let home = std::env::var_os("HOME").map(|home| PathBuf::from(home).join(".pyenv"));
    let pyenv = std::env::var_os("PYENV_ROOT").map(PathBuf::from).or(home);
    let versions = pyenv.and_then(|root| std::fs::read_dir(root.join("versions")).ok());
    let mut found: Vec<String> = versions
        .into_iter()
        .flatten()
        .filter_map(|entry| entry.ok()?.path().join("bin/python3").into_os_string().into_string().ok())
        .collect();
    found.sort();
    let named = PYTHONS.into_iter().map(str::to_owned);
    named.chain(found).filter(|python| is_usable(python)).collect()
}

/// What cannot be had is an error only where nothing may be skipped.
fn skip(reason: &str) -> Fallible {
    if all_required() {
        return Err(reason.into());
    }
    println!("SKIP({reason})");
    Ok(())
}

fn is_usable(python: &str) -> bool {
    let code = "import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11) or sys.implementation.name != 'cpython')";
    succeeds(python, &["-c", code])
}

fn version(python: &str) -> Fallible<String> {
    let code = "import sys; print('%d.%d' % sys.version_info[:2])";
    output(&mut command(python, &["-c", code])).map(|version| version.trim().to_owned())
}

/// An environment of its own; one that an interpreter has left is made anew.
fn environment(python: &str, venv: &Path) -> Fallible<PathBuf> {
    if !Command::new(bin(venv, "python")).args(["-c", ""]).status().is_ok_and(|status| status.success()) {
        run(command(python, &["-m", "venv", "--clear"]).arg(venv))?;
    }
    Ok(venv.to_owned())
}

fn bin(venv: &Path, name: &str) -> PathBuf {
    venv.join("bin").join(name)
}

/// Installs packages by name, with one retry: a registry may be short of breath.
fn pip(venv: &Path, packages: &[&str]) -> Fallible {
    let once = || {
        let mut pip = Command::new(bin(venv, "python"));
        run(pip.args(["-m", "pip", "--disable-pip-version-check", "install", "--quiet"]).args(packages))
    };
    once().or_else(|_| once())
}

/// Builds the wheel and gives its path.
fn maturin(venv: &Path, dist: &Path, words: &[&str]) -> Fallible<PathBuf> {
    if dist.exists() {
        std::fs::remove_dir_all(dist)?;
    }
    let mut maturin = Command::new(bin(venv, "maturin"));
    maturin.args(["build", "--release", "--out"]).arg(dist).arg("--interpreter").arg(bin(venv, "python"));
    // The virtual environment's own programs first: maturin looks for `python -m ziglang` there.
    let path = std::env::var_os("PATH").unwrap_or_default();
    let path = std::env::join_paths(std::iter::once(venv.join("bin")).chain(std::env::split_paths(&path)))?;
    run(maturin
        .args(words)
        .env("PATH", path)
        .env("VIRTUAL_ENV", venv)
        .env("CARGO_TARGET_DIR", target())
        .current_dir(root().join("python")))?;
    let found = std::fs::read_dir(dist)?.filter_map(Result::ok).map(|entry| entry.path());
    found
        .into_iter()
        .find(|path| path.extension().is_some_and(|extension| extension == "whl"))
        .ok_or_else(|| "maturin made no wheel".into())
}

fn install(venv: &Path, wheel: &Path) -> Fallible {
    let mut pip = Command::new(bin(venv, "python"));
    pip.args([
        "-m",
        "pip",
        "--disable-pip-version-check",
        "install",
        "--quiet",
        "--force-reinstall",
        "--no-deps",
    ]);
    run(pip.arg(wheel))
}

/// The package's tests against the installed wheel; the text of its reports beside that of the command line.
fn test(venv: &Path, dir: &Path) -> Fallible {
    let simcom = release_binary("simcom-cli", "simcom")?;
    let mut pytest = Command::new(bin(venv, "pytest"));
    pytest.args(["-p", "no:cacheprovider", "--rootdir"]).arg(root().join("python"));
    pytest
        .arg("-c")
        .arg(root().join("python").join("pyproject.toml"))
        .arg(root().join("python").join("tests"));
    run_within(pytest.env("SIMCOM", simcom).current_dir(dir), LIMIT)
}
