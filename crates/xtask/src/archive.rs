//! The thin `libsimcom.a` of a target: one object, in which only the functions of the header can be seen.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use crate::shell::{Fallible, command, output, root, run, target};
use crate::tools::{self, Tool};

/// A target that the library is delivered for.
#[derive(Clone, Copy, Debug)]
pub struct Target {
    /// Its name in Rust.
    pub triple: &'static str,
    /// How `arm-none-eabi-gcc` is told of it; empty where another compiler is needed.
    pub gcc: &'static [&'static str],
}

impl Target {
    /// Whether it has an operating system, and so the host's part.
    pub fn is_host(self) -> bool {
        self.triple.contains("linux")
    }
}

/// This machine.
pub const HOST: Target = Target { triple: "x86_64-unknown-linux-gnu", gcc: &[] };
/// Cortex-M0.
pub const V6M: Target = Target { triple: "thumbv6m-none-eabi", gcc: &["-mcpu=cortex-m0", "-mthumb"] };
/// Cortex-M3.
pub const V7M: Target = Target { triple: "thumbv7m-none-eabi", gcc: &["-mcpu=cortex-m3", "-mthumb"] };
/// RISC-V without atomics.
pub const RISCV: Target = Target { triple: "riscv32imc-unknown-none-elf", gcc: &[] };
/// All.
pub const TARGETS: [Target; 6] = [
    V6M,
    V7M,
    Target { triple: "thumbv7em-none-eabi", gcc: &["-mcpu=cortex-m4", "-mthumb", "-mfloat-abi=soft"] },
    Target {
        triple: "thumbv7em-none-eabihf",
        gcc: &["-mcpu=cortex-m4", "-mthumb", "-mfloat-abi=hard", "-mfpu=fpv4-sp-d16"],
    },
    RISCV,
    HOST,
];

/// Where everything that is delivered lies.
pub fn dist() -> PathBuf {
    target().join("dist")
}

/// A program of the toolchain's `llvm-tools`, or its linker.
pub fn llvm(name: &str) -> Fallible<String> {
    let sysroot = output(&mut command("rustc", &["--print", "sysroot"]))?;
    let host = output(&mut command("rustc", &["--print", "host-tuple"]))?;
    let path = Path::new(sysroot.trim()).join("lib").join("rustlib").join(host.trim()).join("bin").join(name);
    Ok(path.to_string_lossy().into_owned())
}

/// Adds the standard library of a target where it is missing.
pub fn ensure(target: Target) -> Fallible {
    tools::ensure(&[Tool::LlvmTools])?;
    let installed = output(&mut command("rustup", &["target", "list", "--installed"]))?;
    if installed.lines().any(|line| line.trim() == target.triple) {
        return Ok(());
    }
    run(&mut command("rustup", &["target", "add", target.triple]))
}

/// Builds the archive into `target/dist/lib/<triple>/`, and checks what is in it.
pub fn build(of: Target) -> Fallible<PathBuf> {
    ensure(of)?;
    let cargo =
        ["rustc", "--quiet", "--package", "simcom-c", "--profile", "firmware", "--crate-type", "staticlib"];
    run(command("cargo", &cargo).args(["--target", of.triple]))?;
    let raw = target().join(of.triple).join("firmware").join("libsimcom_c.a");
    let functions = functions(&fs::read_to_string(root().join("include").join("simcom.h"))?, of.is_host());
    let folder = dist().join("lib").join(of.triple);
    fs::create_dir_all(&folder)?;
    let archive = folder.join("libsimcom.a");
    prelink(&raw, &archive, &functions)?;
    check(of, &archive, &functions)?;
    let size = fs::metadata(&archive)?.len();
    println!("{}: {} functions, archive of {size} bytes", of.triple, functions.len());
    Ok(archive)
}

/// One object out of all that the functions need, with nothing else to be seen.
fn prelink(raw: &Path, archive: &Path, functions: &BTreeSet<String>) -> Fallible {
    let file = |end: &str| archive.with_extension(end).to_string_lossy().into_owned();
    let (joined, kept, names) = (file("joined.o"), file("o"), file("names"));
    fs::write(&names, functions.iter().map(|name| format!("{name}\n")).collect::<String>())?;
    let mut link = command(&llvm("rust-lld")?, &["-flavor", "gnu", "-r", "--gc-sections", "-o", &joined]);
    link.args(functions.iter().flat_map(|name| ["-u", name])).arg(raw);
    output(&mut link)?;
    let keep = format!("--keep-global-symbols={names}");
    output(&mut command(&llvm("llvm-objcopy")?, &["--strip-debug", &keep, &joined, &kept]))?;
    output(&mut command(&llvm("llvm-objcopy")?, &["--strip-unneeded", &kept]))?;
    if archive.exists() {
        fs::remove_file(archive)?;
    }
    output(command(&llvm("llvm-ar")?, &["rcsD"]).arg(archive).arg(&kept))?;
    for part in [joined, kept, names] {
        fs::remove_file(part)?;
    }
    Ok(())
}

/// The functions that the header declares, with or without the host's.
fn functions(header: &str, host: bool) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let (mut in_comment, mut of_host) = (false, false);
    for line in header.lines() {
        let text = line.trim();
        if text == "#if SIMCOM_HOST" {
            of_host = true;
        } else if text.starts_with("#endif") {
            of_host = false;
        }
        let code = !in_comment && !text.starts_with("/*") && !text.starts_with('#');
        if text.starts_with("/*") {
            in_comment = true;
        }
        if text.ends_with("*/") {
            in_comment = false;
        }
        if !code || (of_host && !host) {
            continue;
        }
        let Some((front, _)) = text.split_once('(') else { continue };
        let name = front.rsplit(|c: char| !c.is_ascii_alphanumeric() && c != '_').next().unwrap_or_default();
        if name.starts_with("simcom_") {
            found.insert(name.to_owned());
        }
    }
    found
}

/// What may not be in a bare-metal archive, and what it would mean.
const FORBIDDEN: [(&str, &[&str]); 4] = [
    ("a panic path", &["panicking", "unwrap_failed", "begin_unwind", "expect_failed", "_fail17h"]),
    ("a heap", &["__rust_alloc", "__rg_alloc", "__rust_dealloc", "__rust_realloc", "malloc"]),
    ("core::fmt", &["4core3fmt"]),
    (
        "floating point",
        &["__aeabi_f", "__aeabi_d2", "__aeabi_dadd", "__aeabi_dmul", "__aeabi_i2f", "__aeabi_i2d"],
    ),
];

/// What a bare-metal archive may leave to others; ours carries its own.
const RUNTIME: [&str; 9] =
    ["memcpy", "memmove", "memset", "memcmp", "bcmp", "__aeabi_mem", "__aeabi_u", "__aeabi_i", "__udiv"];

fn check(of: Target, archive: &Path, functions: &BTreeSet<String>) -> Fallible {
    let table = output(command(&llvm("llvm-nm")?, &["--format=posix"]).arg(archive))?;
    let mut defined = BTreeSet::new();
    let mut problems = Vec::new();
    for line in table.lines() {
        let mut words = line.split_whitespace();
        let (Some(name), Some(kind)) = (words.next(), words.next()) else { continue };
        let bare = !of.is_host();
        if kind == "U" && bare && !RUNTIME.iter().any(|start| name.starts_with(start)) {
            problems.push(format!("needs {name}"));
        }
        if kind.chars().all(char::is_uppercase) && kind != "U" {
            defined.insert(name.to_owned());
        }
        if matches!(kind, "d" | "D" | "b" | "B") && bare {
            problems.push(format!("a global variable ({name})"));
        }
        for (what, parts) in FORBIDDEN.iter().filter(|_| bare) {
            if parts.iter().any(|part| name.contains(part)) {
                problems.push(format!("{what} ({name})"));
            }
        }
    }
    let missing = functions.difference(&defined).map(|name| format!("{name} is missing"));
    let foreign = defined.difference(functions).map(|name| format!("{name} can be seen"));
    problems.extend(missing.chain(foreign));
    match problems.is_empty() {
        true => Ok(()),
        false => Err(format!("{}: {}", of.triple, problems.join(", ")).into()),
    }
}

#[cfg(test)]
mod tests {
    use super::functions;

    #[test]
    fn functions_are_found_and_comments_are_not() {
        let header = "/*\n simcom_not(this)\n */\n/* nor(this) */\n#define simcom_x(a) a\nint32_t simcom_one(void);\n\
                      #if SIMCOM_HOST\nstruct a *simcom_two(const char *name,\n    size_t len);\n#endif\n";
        assert_eq!(functions(header, false).into_iter().collect::<Vec<_>>(), ["simcom_one"]);
        assert_eq!(functions(header, true).len(), 2);
    }
}
