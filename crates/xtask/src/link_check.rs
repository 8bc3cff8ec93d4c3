//! `cargo xtask panic-free`: what is in the firmware image of the receive core, and what must not be.

use std::path::{Path, PathBuf};

use crate::budget::Budget;
use crate::shell::{Fallible, command, output, run, target};
use crate::tools::{self, Tool};

const TARGET: &str = "thumbv6m-none-eabi";

/// Parts of symbol names that must not occur, and what they would mean.
const FORBIDDEN: [(&str, &[&str]); 4] = [
    (
        "a panic path",
        &[
            "panic",
            "unwrap_failed",
            "begin_unwind",
            "expect_failed",
            "slice_index_fail",
            "slice_error_fail",
            "mismatch_fail",
        ],
    ),
    ("a heap", &["__rust_alloc", "__rg_alloc", "__rust_dealloc", "__rust_realloc", "alloc::", "malloc"]),
    ("core::fmt", &["core::fmt", "fmt::"]),
    ("floating point", &["__aeabi_f", "__aeabi_d", "__aeabi_i2f", "__aeabi_i2d", "__aeabi_ui2"]),
];

/// Symbols of the program around the reader: its start and its input.
const HARNESS: &[&str] = &["_start", "harness"];

/// Symbols of the runtime library: copying, filling, comparing, dividing.
const RUNTIME: &[&str] = &[
    "compiler_builtins",
    "__aeabi_",
    "memcpy",
    "memmove",
    "memset",
    "memcmp",
    "bcmp",
    "__udiv",
    "__umod",
    "__mul",
];

/// Builds the images, looks at them, prints the sizes.
pub fn start() -> Fallible {
    tools::ensure(&[Tool::LlvmTools, Tool::Thumb])?;
    let control = symbols(&build("receive-image", &["--features", "control"])?)?;
    let found = problems(&control);
    if !found.iter().any(|problem| problem.contains("panic_bounds_check")) {
        return Err("the negative control has a panic path, and the check did not find it".into());
    }
    println!("negative control: found {}", found.join(", "));
    let mut failed = Vec::new();
    for (image, part) in [("receive-image", "receive-core"), ("session-image", "session")] {
        let built = build(image, &[])?;
        let symbols = symbols(&built)?;
        let mut found = problems(&symbols);
        let size = size(part, &built, &symbols)?;
        match Budget::read()?.bytes(part) {
            Some(limit) => {
                println!("  {part}: {size} bytes of code and constants (budget {limit})");
                found.extend((size > limit).then(|| format!("{size} bytes, more than {limit}")));
            }
            None => println!("  {part}: {size} bytes of code and constants, the reader included"),
        }
        match found.is_empty() {
            true => println!("  {part}: no panic path, heap, core::fmt, floating point or global variable"),
            false => failed.push(format!("{part} has {}", found.join(", "))),
        }
    }
    if failed.is_empty() { Ok(()) } else { Err(failed.join("; ").into()) }
}

/// A symbol with its size in bytes and its kind: `t` code, `r` constants, `d` and `b` variables.
struct Symbol {
    size: u64,
    kind: char,
    name: String,
}

impl Symbol {
    fn is(&self, parts: &[&str]) -> bool {
        parts.iter().any(|part| self.name.contains(part))
    }
}

fn build(image: &str, features: &[&str]) -> Fallible<PathBuf> {
    let mut build = command("cargo", &["build", "--quiet", "--package", "link-check", "--bin", image]);
    run(build.args(["--profile", "firmware", "--target", TARGET]).args(features))?;
    Ok(target().join(TARGET).join("firmware").join(image))
}

/// A program of the toolchain's `llvm-tools`.
fn llvm(name: &str) -> Fallible<PathBuf> {
    let sysroot = output(&mut command("rustc", &["--print", "sysroot"]))?;
    let host = output(&mut command("rustc", &["--print", "host-tuple"]))?;
    Ok(Path::new(sysroot.trim()).join("lib").join("rustlib").join(host.trim()).join("bin").join(name))
}

fn symbols(image: &Path) -> Fallible<Vec<Symbol>> {
    let nm = llvm("llvm-nm")?;
    let mut nm = command(&nm.to_string_lossy(), &["--demangle", "--print-size", "--size-sort", "--radix=d"]);
    parse(&output(nm.arg(image))?)
}

/// Lines of address, size, kind and name.
fn parse(table: &str) -> Fallible<Vec<Symbol>> {
    let mut symbols = Vec::new();
    for line in table.lines() {
        let mut words = line.splitn(4, ' ');
        let (Some(_), Some(size), Some(kind), Some(name)) =
            (words.next(), words.next(), words.next(), words.next())
        else {
            return Err(format!("llvm-nm printed {line:?}").into());
        };
        let kind = kind.chars().next().unwrap_or('?').to_ascii_lowercase();
        symbols.push(Symbol { size: size.parse()?, kind, name: name.to_owned() });
    }
    if symbols.is_empty() { Err("llvm-nm found no symbol".into()) } else { Ok(symbols) }
}

fn problems(symbols: &[Symbol]) -> Vec<String> {
    let mut problems = Vec::new();
    for (what, parts) in FORBIDDEN {
        problems
            .extend(symbols.iter().filter(|symbol| symbol.is(parts)).map(|s| format!("{what} ({})", s.name)));
    }
    let variables = symbols.iter().filter(|symbol| matches!(symbol.kind, 'd' | 'b'));
    problems.extend(variables.map(|symbol| format!("a global variable ({})", symbol.name)));
    problems
}

/// All code and all constants, less the program around it and the runtime library.
fn size(part: &str, image: &Path, symbols: &[Symbol]) -> Fallible<u64> {
    let size = llvm("llvm-size")?;
    let table = output(command(&size.to_string_lossy(), &["-A", "--radix=10"]).arg(image))?;
    let section = |name: &str| -> u64 {
        let row = table.lines().find(|line| line.split_whitespace().next() == Some(name));
        row.and_then(|row| row.split_whitespace().nth(1)?.parse().ok()).unwrap_or(0)
    };
    let sum = |parts: &[&str]| -> u64 {
        symbols.iter().filter(|symbol| symbol.kind == 't' && symbol.is(parts)).map(|symbol| symbol.size).sum()
    };
    let (code, constants) = (section(".text"), section(".rodata"));
    let (harness, runtime) = (sum(HARNESS), sum(RUNTIME));
    println!(
        "{part}: .text {code} + .rodata {constants} bytes; harness {harness}, runtime library {runtime}"
    );
    for symbol in symbols.iter().rev().filter(|symbol| !symbol.is(HARNESS) && !symbol.is(RUNTIME)).take(12) {
        println!("  {:>6}  {} {}", symbol.size, symbol.kind, symbol.name);
    }
    Ok(code + constants - harness - runtime)
}

#[cfg(test)]
mod tests {
    use super::{parse, problems};

    #[test]
    fn each_forbidden_kind_of_symbol_is_found() {
        let clean =
            "00000020 00002284 t simcom_at::reader::Reader::poll\n00000900 00000012 r simcom_at::TABLE\n";
        assert!(problems(&parse(clean).unwrap()).is_empty());
        for bad in [
            "00000000 00000006 t core::panicking::panic_fmt",
            "00000000 00000008 t core::slice::index::slice_index_fail",
            "00000000 00000008 t core::option::expect_failed",
            "00000000 00000008 t core::result::unwrap_failed",
            "00000000 00000008 t __rust_alloc",
            "00000000 00000008 t <u32 as core::fmt::Display>::fmt",
            "00000000 00000008 t __aeabi_fadd",
            "20000000 00000004 b simcom_at::COUNTER",
        ] {
            assert_eq!(problems(&parse(bad).unwrap()).len(), 1, "{bad}");
        }
    }

    #[test]
    fn a_table_that_cannot_be_read_is_an_error() {
        assert!(parse("").is_err() && parse("what").is_err());
    }
}
