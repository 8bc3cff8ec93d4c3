//! `seeds TARGET FOLDER`: writes a first corpus for a fuzz target, made of the transcripts in `crates/vectors`.

use std::error::Error;
use std::path::Path;

use simcom_at::Dialect;
use simcom_vectors::{Step, Transcript};

fn main() -> Result<(), Box<dyn Error>> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    match words.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["framer", folder] => framer(Path::new(folder)),
        _ => Err("usage: seeds framer FOLDER".into()),
    }
}

/// Each transcript's module bytes, with and without a prompt being due; see `simcom_fuzz::framer` for the first bytes.
fn framer(folder: &Path) -> Result<(), Box<dyn Error>> {
    for vector in simcom_vectors::all() {
        let dialect = Dialect::ALL.iter().position(|dialect| dialect.name() == vector.dialect());
        let dialect = u8::try_from(dialect.ok_or("a transcript of no dialect")?)?;
        let transparent = if vector.name.contains("transparent") { 0x20 } else { 0 };
        for asked in [0, 0x10, 0x20, 0x71].map(|bits| bits | transparent) {
            let mut seed = vec![dialect, asked, seed_of_cuts(vector.name)];
            seed.extend(module_bytes(&vector.transcript));
            let name = format!("{}-{asked:02x}", vector.name.replace('/', "-"));
            std::fs::write(folder.join(name), seed)?;
        }
    }
    Ok(())
}

fn module_bytes(transcript: &Transcript) -> Vec<u8> {
    let chunks = transcript.steps.iter().filter_map(|step| match step {
        Step::Module(bytes) => Some(&**bytes),
        Step::Host(_) | Step::Silence(_) => None,
    });
    chunks.collect::<Vec<_>>().concat()
}

/// A different way of cutting for each file.
fn seed_of_cuts(name: &str) -> u8 {
    name.bytes().fold(0, |sum, byte| sum.wrapping_mul(31).wrapping_add(byte))
}
