//! The fuzz targets in `fuzz/`.

use std::fs;
use std::process::Command;

use crate::shell::{Fallible, command, root, run, target};
use crate::tools::{self, Tool};

/// `[TARGET] [--seconds N] [--seed N]`: one target or all, so many seconds each; the same seed makes the same inputs in the
/// same order, without one they are new each time.
pub fn start(args: &[&str]) -> Fallible {
    let (mut seconds, mut seed) = (30_u32, 0_u32);
    let mut chosen = None;
    let mut words = args.iter();
    while let Some(&word) = words.next() {
        match word {
            "--seconds" | "--seed" => {
                let number = words.next().ok_or_else(|| format!("{word} needs a number"))?;
                let number = number.parse().map_err(|_| format!("{word} {number}: not a number"))?;
                *(if word == "--seed" { &mut seed } else { &mut seconds }) = number;
            }
            _ if !word.starts_with('-') && chosen.is_none() => chosen = Some(word),
            _ => return Err(format!("fuzz does not know {word}").into()),
        }
    }
    let targets = targets()?;
    let chosen: Vec<&String> =
        targets.iter().filter(|target| chosen.is_none_or(|name| name == target.as_str())).collect();
    if chosen.is_empty() {
        return Err(format!("no such target; there are: {}", targets.join(", ")).into());
    }
    tools::ensure(&[Tool::Compiler, Tool::Nightly, Tool::CargoFuzz])?;
    for target in chosen {
        one(target, seconds, seed)?;
    }
    Ok(())
}

/// The targets: the files in `fuzz/fuzz_targets`.
fn targets() -> Fallible<Vec<String>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(root().join("fuzz").join("fuzz_targets"))? {
        let path = entry?.path();
        if path.extension().is_some_and(|end| end == "rs") {
            names.extend(path.file_stem().map(|stem| stem.to_string_lossy().into_owned()));
        }
    }
    names.sort();
    Ok(names)
}

/// The core has no `unsafe`, so the address sanitizer would find nothing and take half of the runs: it is left out there.
fn one(name: &str, seconds: u32, seed: u32) -> Fallible {
    let work = target().join("fuzz");
    let (found, seeds) = (work.join(name), work.join(format!("{name}-seeds")));
    fs::create_dir_all(&found)?;
    fs::create_dir_all(&seeds)?;
    if name != "c_api" {
        let example = ["run", "--quiet", "--manifest-path", "fuzz/Cargo.toml", "--example", "seeds", "--"];
        run(command("cargo", &example).arg(name).arg(&seeds))?;
    }

    let mut fuzz: Command = command("rustup", &["run", "nightly", "cargo", "fuzz", "run"]);
    for variable in ["RUSTUP_TOOLCHAIN", "CARGO", "RUSTC", "RUSTDOC", "CARGO_TARGET_DIR"] {
        fuzz.env_remove(variable);
    }
    let sanitizer = if name == "c_api" { "address" } else { "none" };
    fuzz.args(["--sanitizer", sanitizer, name]).arg(found).arg(seeds);
    let committed = root().join("fuzz").join("corpus").join(name);
    if committed.is_dir() {
        fuzz.arg(committed);
    }
    fuzz.args([
        "--",
        &format!("-max_total_time={seconds}"),
        &format!("-seed={seed}"),
        "-max_len=4096",
        "-timeout=20",
        "-print_final_stats=1",
    ]);
    let words = root().join("fuzz").join(format!("{name}.dict"));
    if words.is_file() {
        fuzz.arg(format!("-dict={}", words.display()));
    }
    run(&mut fuzz)
}
