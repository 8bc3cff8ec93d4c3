//! `cargo xtask c`: the C interface in C: the header, every transcript, the session against the virtual modem, bad input.

use std::fs;
use std::path::{Path, PathBuf};

use crate::shell::{Fallible, command, output, root, run, target};

/// What the library is linked with on a host.
pub const HOST_LIBRARIES: [&str; 3] = ["-lpthread", "-ldl", "-lm"];
/// Warnings that the header and all our C code are free of.
pub const WARNINGS: [&str; 6] = ["-Wall", "-Wextra", "-Wpedantic", "-Wconversion", "-Wundef", "-Werror"];

/// All of it.
pub fn start() -> Fallible {
    header_compiles()?;
    examples_compile()?;
    let library = library()?;
    let programs = target().join("c");
    fs::create_dir_all(&programs)?;
    let build = |name: &str, sources: &[&str]| compile(&library, &programs.join(name), sources);
    run(&mut command(&build("bad_input", &["bad_input.c"])?, &[]))?;
    run(&mut command(&build("pair", &["pair.c"])?, &[]))?;
    vectors(&build("vectors", &["vectors.c", "report_text.c"])?)
}

/// The static library for this host, with its debug assertions.
fn library() -> Fallible<PathBuf> {
    run(&mut command("cargo", &["rustc", "--quiet", "--package", "simcom-c", "--crate-type", "staticlib"]))?;
    Ok(target().join("debug").join("libsimcom_c.a"))
}

/// Compiles a test program with the sanitizers.
fn compile(library: &Path, program: &Path, sources: &[&str]) -> Fallible<String> {
    let sanitize = ["-g", "-O1", "-fsanitize=address,undefined", "-fno-sanitize-recover=all"];
    let mut gcc = command("gcc", &["-std=c99", "-Wstrict-prototypes", "-DSIMCOM_HOST=1", "-Iinclude"]);
    gcc.args(WARNINGS).args(sanitize);
    for source in sources {
        gcc.arg(format!("bindings/c/tests/c/{source}"));
    }
    run(gcc.arg(library).args(HOST_LIBRARIES).arg("-o").arg(program))?;
    Ok(program.to_string_lossy().into_owned())
}

/// The header alone, as C99 and as C++17, with and without the host's part.
fn header_compiles() -> Fallible {
    for host in ["-DSIMCOM_HOST=0", "-DSIMCOM_HOST=1", "-USIMCOM_HOST"] {
        let checked = |compiler: &str, flags: &[&str]| {
            let only = [host, "-fsyntax-only", "-include", "include/simcom.h"];
            run(command(compiler, flags).args(WARNINGS).args(only).arg("/dev/null"))
        };
        checked("gcc", &["-std=c99", "-Wstrict-prototypes", "-x", "c"])?;
        checked("g++", &["-std=c++17", "-x", "c++"])?;
    }
    Ok(())
}

/// The code of the documentation, and the example for POSIX.
fn examples_compile() -> Fallible {
    let text = fs::read_to_string(root().join("docs").join("c.md"))?;
    let work = target().join("c");
    fs::create_dir_all(&work)?;
    let blocks = text.split("```c\n").skip(1).filter_map(|rest| rest.split("```").next());
    let mut sources = vec![root().join("bindings/c/examples/posix/client.c")];
    for (number, block) in blocks.enumerate() {
        sources.push(work.join(format!("docs-{number}.c")));
        fs::write(work.join(format!("docs-{number}.c")), block)?;
    }
    for source in &sources {
        let mut gcc =
            command("gcc", &["-std=c99", "-Wstrict-prototypes", "-fsyntax-only", "-I.", "-Iinclude"]);
        run(gcc.args(WARNINGS).arg(source))?;
    }
    if sources.len() < 3 { Err("docs/c.md has lost its code".into()) } else { Ok(()) }
}

/// Every transcript, in C and in Rust: the same text.
fn vectors(program: &str) -> Fallible {
    let mut files = Vec::new();
    for folder in fs::read_dir(root().join("crates/vectors/data"))? {
        for file in fs::read_dir(folder?.path())? {
            let path = file?.path();
            if path.extension().is_some_and(|end| end == "txt") {
                files.push(path);
            }
        }
    }
    files.sort();
    let in_c = output(command(program, &[]).args(&files))?;
    let example = ["run", "--quiet", "--package", "simcom-c", "--example", "reports", "--"];
    let in_rust = output(command("cargo", &example).args(&files))?;
    if let Some((c, rust)) = in_c.lines().zip(in_rust.lines()).find(|(c, rust)| c != rust) {
        return Err(format!("C:    {c}\nRust: {rust}").into());
    }
    let (c, rust) = (in_c.lines().count(), in_rust.lines().count());
    if c != rust || c == 0 {
        return Err(format!("{c} reports in C, {rust} in Rust").into());
    }
    println!("{} transcripts, {c} reports: the same text in C and in Rust, at five ways to cut", files.len());
    Ok(())
}
