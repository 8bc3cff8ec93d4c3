//! Instructions per byte of the receive path, counted by callgrind.

use std::fs;
use std::path::Path;

use crate::budget::Budget;
use crate::shell::{Fallible, command, output, release_binary, target};
use crate::tools::Tool;

/// The sizes of the pieces in which the bytes come.
const CHUNKS: [usize; 2] = [64, 4096];

/// Bytes of each workload.
const SIZE: usize = 1 << 20;

/// The function whose instructions are counted; nothing else of the program is.
const MEASURED: &str = "*measured_pass*";

/// Measures all workloads, prints the table, and fails above the budget.
pub fn start() -> Fallible {
    Tool::Valgrind.ensure()?;
    let program = release_binary("simcom-benches", "instr")?;
    let budget = Budget::read()?;
    println!("instructions per byte (x86-64, {SIZE} bytes each; budget in brackets)");
    println!("      {:>18}{:>18}", "64-byte chunks", "4096-byte chunks");
    let mut above = Vec::new();
    for workload in ["A", "B", "C", "D", "E"] {
        let mut row = format!("  {workload}   ");
        for (chunk, limit) in CHUNKS.into_iter().zip(budget.instructions(workload)?) {
            let (instructions, bytes) = measure(&program, workload, chunk)?;
            let per_byte = instructions as f64 / bytes as f64;
            row += &format!("{:>18}", format!("{per_byte:.2} [{limit}]"));
            if per_byte > limit {
                above.push(format!("{workload} at {chunk}: {per_byte:.2} > {limit}"));
            }
        }
        println!("{row}");
    }
    if above.is_empty() { Ok(()) } else { Err(format!("above the budget: {}", above.join(", ")).into()) }
}

/// One run; the program itself makes sure that everything arrived, and says how many bytes it read.
fn measure(program: &Path, workload: &str, chunk: usize) -> Fallible<(u64, u64)> {
    let folder = target().join("instr");
    fs::create_dir_all(&folder)?;
    let profile = folder.join(format!("{workload}-{chunk}.callgrind"));
    let mut valgrind = command("valgrind", &["--quiet", "--tool=callgrind"]);
    valgrind.arg(format!("--toggle-collect={MEASURED}"));
    valgrind.arg(format!("--callgrind-out-file={}", profile.display()));
    valgrind.arg(program).args([workload, &chunk.to_string(), &SIZE.to_string()]);
    let said = output(&mut valgrind)?;
    let bytes = said.split_whitespace().next().and_then(|word| word.parse().ok());
    let bytes = bytes.ok_or_else(|| format!("the program did not say how many bytes it read: {said:?}"))?;
    let text = fs::read_to_string(&profile)?;
    let total = text.lines().find_map(|line| line.strip_prefix("totals: "));
    let instructions: u64 = total.ok_or("callgrind wrote no total")?.trim().parse()?;
    if instructions == 0 {
        return Err("callgrind counted nothing: the measured function was inlined or renamed".into());
    }
    Ok((instructions, bytes))
}
