//! The npm package in `bindings/wasm`, its tests and its page.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use crate::shell::{Fallible, command, output, release_binary, root, run, run_within, target};
use crate::tools::Tool;

/// The time that all test programs together may take: long enough for a machine that does much else.
const LIMIT: Duration = Duration::from_secs(25 * 60);

/// The two modules: the feature that each is built with, and its name.
const MODULES: [(&str, &str); 2] = [("host", "simcom_at"), ("virtual", "virtual_modem")];

fn folder() -> PathBuf {
    root().join("bindings").join("wasm")
}

/// A command in the package's folder.
fn here(program: &str, args: &[&str]) -> Command {
    let mut command = command(program, args);
    command.current_dir(folder());
    command
}

/// A program of the package's `node_modules`.
fn tool(name: &str, args: &[&str]) -> Command {
    here(&folder().join("node_modules").join(".bin").join(name).to_string_lossy(), args)
}

/// The packages that the lock file names, once.
fn packages() -> Fallible {
    Tool::Node.ensure()?;
    let (wanted, stamp) =
        (fs::read(folder().join("package-lock.json"))?, folder().join("node_modules/.stamp"));
    if fs::read(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    run(&mut here("npm", &["ci", "--no-fund", "--no-audit"]))?;
    Ok(fs::write(stamp, wanted)?)
}

/// Builds the package: `bindings/wasm/dist`.
pub fn build() -> Fallible {
    packages()?;
    Tool::Wasm.ensure()?;
    for (feature, name) in MODULES {
        module(feature, name)?;
    }
    let bound = folder().join("js/wasm");
    let dist = folder().join("dist");
    if dist.exists() {
        fs::remove_dir_all(&dist)?;
    }
    run(&mut tool("tsc", &["--project", "."]))?;
    copy(&bound, &dist.join("wasm"))?;
    for licence in ["LICENSE-APACHE", "LICENSE-MIT"] {
        fs::copy(root().join(licence), dist.join(licence))?;
    }
    Ok(())
}

/// One WebAssembly module with the JavaScript around it, in `js/wasm`.
fn module(feature: &str, name: &str) -> Fallible {
    let build =
        ["build", "--quiet", "--package", "simcom-wasm", "--profile", "wasm", "--no-default-features"];
    run(command("cargo", &build).args(["--features", feature, "--target", "wasm32-unknown-unknown"]))?;
    let built = target().join("wasm32-unknown-unknown/wasm/simcom_wasm.wasm");
    let bind = ["run", "--quiet", "--package", "xtask-tools", "--", "wasm"];
    run(command("cargo", &bind).arg(built).arg(folder().join("js/wasm")).arg(name))?;
    let file = format!("js/wasm/{name}_bg.wasm");
    run(&mut tool("wasm-opt", &["-Oz", "--converge", "-o", &file, &file]))?;
    let bytes = fs::read(folder().join(&file))?.len();
    let zipped = output(&mut here("sh", &["-c", &format!("gzip -9 -c {file} | wc -c")]))?;
    println!("{name}: {bytes} bytes, {} gzipped", zipped.trim());
    Ok(())
}

fn copy(from: &Path, to: &Path) -> Fallible {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        fs::copy(entry.path(), to.join(entry.file_name()))?;
    }
    Ok(())
}

/// Builds the page on top of the package: `bindings/wasm/web/dist`.
fn build_page() -> Fallible {
    build()?;
    run(&mut tool("tsc", &["--project", "web"]))?;
    run(&mut tool("vite", &["build", "--config", "web/vite.config.ts", "--logLevel", "warn"]))
}

/// Builds the page and serves it on this machine until it is interrupted.
pub fn serve() -> Fallible {
    build_page()?;
    println!("the page: http://localhost:8123 (Ctrl-C ends it)");
    let preview = ["preview", "--config", "web/vite.config.ts", "--port", "8123", "--strictPort"];
    run(&mut tool("vite", &preview))
}

/// The package's tests: Node, the vectors in Node and Chromium, the package as others install it.
pub fn test() -> Fallible {
    build_page()?;
    let reference = target().join("wasm-reports.txt");
    let example = ["run", "--quiet", "--package", "simcom-wasm", "--example", "reports"];
    fs::write(&reference, output(&mut command("cargo", &example))?)?;
    let mut tests = here("node", &["--test", "--test-concurrency=1"]);
    tests.args(programs()?).env("SIMCOM_REPORTS", &reference);
    tests.env("SIMCOM", release_binary("simcom-cli", "simcom")?);
    run_within(&mut tests, LIMIT)?;
    run(&mut tool("publint", &["--strict"]))?;
    // The WebAssembly modules are files for servers; no types belong to them.
    let mut attw = tool("attw", &["--pack", ".", "--profile", "esm-only", "--exclude-entrypoints"]);
    run(attw.args(MODULES.map(|(_, name)| format!("{name}_bg.wasm"))))
}

/// The test programs, `tests/*.test.mjs`.
fn programs() -> Fallible<Vec<String>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder().join("tests"))? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        if name.ends_with(".test.mjs") {
            names.push(format!("tests/{name}"));
        }
    }
    names.sort();
    Ok(names)
}
