//! `cargo xtask sizes`: what the library costs in firmware, in `bindings/c/SIZES.md`.

use std::fs;
use std::path::{Path, PathBuf};

use crate::archive::{self, TARGETS, Target, V6M, llvm};
use crate::c::WARNINGS;
use crate::shell::{Fallible, command, output, root, target};
use crate::tools::{self, Tool};

/// The committed table.
pub fn path() -> PathBuf {
    root().join("bindings").join("c").join("SIZES.md")
}

/// Programs that are measured: name, source, flags.
const PROGRAMS: [(&str, &str, &[&str]); 3] = [
    ("reader alone", "size_reader.c", &[]),
    ("client, one dialect", "size_client.c", &[]),
    ("client, all dialects", "size_client.c", &["-DALL_DIALECTS"]),
];

/// The goals for thumbv6m, in bytes of `.text` and `.rodata`.
const GOALS: [(u64, u64); 3] = [(3072, 2253), (9216, 7168), (14_336, 10_240)];

/// Bytes of a linked program.
#[derive(Clone, Copy, Default)]
struct Size {
    text: u64,
    rodata: u64,
    data: u64,
    bss: u64,
}

/// Measures, prints and writes the table. `stack`: lines of the firmware's runs, where they were made.
pub fn start() -> Fallible {
    tools::ensure(&[Tool::ArmGcc])?;
    let mut table = String::from(
        "| target | program | `.text` | `.rodata` | both | `.data` | `.bss` |\n|---|---|--:|--:|--:|--:|--:|\n",
    );
    let mut reached = String::new();
    for of in TARGETS.into_iter().filter(|of| !of.gcc.is_empty()) {
        let library = archive::build(of)?;
        for ((name, source, flags), (goal, stretch)) in PROGRAMS.into_iter().zip(GOALS) {
            let Size { text, rodata, data, bss } = measure(of, &library, source, flags)?;
            let both = text + rodata;
            table += &format!("| {} | {name} | {text} | {rodata} | {both} | {data} | {bss} |\n", of.triple);
            if of.triple == V6M.triple {
                let word = if both <= goal { "reached" } else { "not reached" };
                reached += &format!("| {name} | {both} | {goal} ({stretch}) | {word} |\n");
            }
        }
    }
    let sessions = objects()?;
    let text = fs::read_to_string(path()).unwrap_or_default();
    let text = replace(&text, "programs", &table);
    let text = replace(
        &text,
        "goals",
        &format!("| program | bytes | goal (stretch) | |\n|---|--:|--:|---|\n{reached}"),
    );
    let text = replace(&text, "memory", &sessions);
    fs::write(path(), &text)?;
    println!("{table}\n{reached}\n{sessions}");
    Ok(())
}

/// Puts lines between `<!-- name -->` and `<!-- end -->`.
pub fn replace(text: &str, name: &str, lines: &str) -> String {
    let mark = format!("<!-- {name} -->\n");
    let Some((front, rest)) = text.split_once(&mark) else { return text.to_owned() };
    let behind = rest.split_once("<!-- end -->").map_or("", |(_, behind)| behind);
    format!("{front}{mark}{lines}<!-- end -->{behind}")
}

/// Links a program as firmware is linked, without a library of C or of the chip.
fn measure(of: Target, library: &Path, source: &str, flags: &[&str]) -> Fallible<Size> {
    let folder = "bindings/c/examples/size";
    let program = target().join("c").join("size.elf");
    fs::create_dir_all(target().join("c"))?;
    let mut gcc = command("arm-none-eabi-gcc", of.gcc);
    gcc.args([
        "-std=c99",
        "-Os",
        "-ffreestanding",
        "-ffunction-sections",
        "-fdata-sections",
        "-nostdlib",
        "-Iinclude",
    ]);
    gcc.args(WARNINGS)
        .args(flags)
        .args(["-Wl,--gc-sections,--no-warn-rwx-segments,--no-warn-execstack", "-T"]);
    gcc.arg(format!("{folder}/link.ld")).arg(format!("{folder}/{source}")).arg(format!("{folder}/start.c"));
    output(gcc.arg(library).args(["-lgcc", "-o"]).arg(&program))?;
    let table = output(command(&llvm("llvm-size")?, &["-A", "--radix=10"]).arg(&program))?;
    let section = |name: &str| -> u64 {
        let row = table.lines().find(|line| line.split_whitespace().next() == Some(name));
        row.and_then(|row| row.split_whitespace().nth(1)?.parse().ok()).unwrap_or(0)
    };
    Ok(Size {
        text: section(".text"),
        rodata: section(".rodata"),
        data: section(".data"),
        bss: section(".bss"),
    })
}

/// What a session and a reader take of memory, by the header.
fn objects() -> Fallible<String> {
    let header = fs::read_to_string(root().join("include").join("simcom.h"))?;
    let words = |name: &str| -> Fallible<u64> {
        let line = header.lines().find_map(|line| line.strip_prefix(&format!("#define {name} ")));
        Ok(line.ok_or_else(|| format!("no {name} in the header"))?.trim().parse()?)
    };
    let (session, reader) = (8 * words("SIMCOM_SESSION_WORDS")?, 8 * words("SIMCOM_READER_WORDS")?);
    Ok(format!(
        "| object | bytes | goal |\n|---|--:|--:|\n| `simcom_session` | {session} | 512 |\n| `simcom_reader` | {reader} | |\n"
    ))
}

#[cfg(test)]
mod tests {
    use super::replace;

    #[test]
    fn only_what_is_between_the_marks_changes() {
        let text = "a\n<!-- x -->\nold\n<!-- end -->\nb\n<!-- y -->\nother\n<!-- end -->\n";
        let want = "a\n<!-- x -->\nnew\n<!-- end -->\nb\n<!-- y -->\nother\n<!-- end -->\n";
        assert_eq!(replace(text, "x", "new\n"), want);
        assert_eq!(replace(text, "z", "new\n"), text);
    }
}
