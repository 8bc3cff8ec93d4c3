//! `seeds TARGET FOLDER`: writes a first corpus for a fuzz target, made of the transcripts in `crates/vectors`.

use std::error::Error;
use std::path::Path;

use simcom_at::Dialect;
use simcom_vectors::{Step, Transcript, Vector};

fn main() -> Result<(), Box<dyn Error>> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    match words.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["framer", folder] => framer(Path::new(folder)),
        ["session", folder] => session(Path::new(folder)),
        ["modem", folder] => modem(Path::new(folder)),
        ["duplex", folder] => duplex(Path::new(folder)),
        _ => Err("usage: seeds framer|session|modem|duplex FOLDER".into()),
    }
}

/// Each transcript's module bytes, with and without a prompt being due; see `simcom_fuzz::framer` for the first bytes.
fn framer(folder: &Path) -> Result<(), Box<dyn Error>> {
    for vector in simcom_vectors::all() {
        let dialect = dialect(&vector)?;
        let transparent = if vector.name.contains("transparent") { 0x20 } else { 0 };
        for asked in [0, 0x10, 0x20, 0x71].map(|bits| bits | transparent) {
            let mut seed = vec![dialect, asked, seed_of_cuts(vector.name)];
            seed.extend(module_bytes(&vector.transcript));
            write(folder, &vector, asked, &seed)?;
        }
    }
    Ok(())
}

/// Each transcript's module bytes, in pieces, behind the calls that wait for them; see `simcom_fuzz::session`.
fn session(folder: &Path) -> Result<(), Box<dyn Error>> {
    const ATTACH: [u8; 3] = [0x80, 11, 0];
    const OPEN: [u8; 3] = [0x80, 0, 0];
    const SEND: [u8; 3] = [0x80, 4, 0x40];
    for vector in simcom_vectors::all() {
        let transparent = if vector.name.contains("transparent") { 4 } else { 0 };
        for bits in [0, 1, 2, 3].map(|bits| bits | transparent) {
            let mut seed = vec![dialect(&vector)?, bits, 3];
            seed.extend(ATTACH);
            for (n, piece) in module_bytes(&vector.transcript).chunks(40).enumerate() {
                seed.extend(pieces(piece));
                seed.extend([0xe0].iter().chain(if n % 2 == 0 { &OPEN } else { &SEND }));
            }
            write(folder, &vector, bits, &seed)?;
        }
    }
    Ok(())
}

/// Each transcript's host bytes; see `simcom_fuzz::modem`.
fn modem(folder: &Path) -> Result<(), Box<dyn Error>> {
    for vector in simcom_vectors::all() {
        for bits in [0, 0x30] {
            let mut seed = vec![dialect(&vector)?, bits, 3];
            for step in &vector.transcript.steps {
                match step {
                    Step::Host(bytes) => seed.extend(pieces(bytes)),
                    Step::Silence(_) => seed.push(0xc3),
                    Step::Module(_) => seed.push(0xc1),
                }
            }
            write(folder, &vector, bits, &seed)?;
        }
    }
    Ok(())
}

/// The main job over a good and a bad line; see `simcom_fuzz::duplex`.
fn duplex(folder: &Path) -> Result<(), Box<dyn Error>> {
    const UP: [u8; 12] = [0, 10, 0, 0xf0, 0, 11, 0, 0xf0, 0, 0, 0, 0xf0];
    const JOB: [u8; 14] = [0, 4, 0xa0, 0xc3, 0x80, 0x80, 0xc3, 0, 16, 0, 0xf0, 0, 4, 0x20];
    for dialect in 0..u8::try_from(Dialect::ALL.len())? {
        for bits in 0..32 {
            for noise in [0, 0xb1, 0xb7] {
                let mut seed = vec![dialect, bits, bits, bits];
                seed.extend(UP);
                seed.extend([noise.max(0xb0), if noise == 0 { 0 } else { 61 }]);
                seed.extend(JOB);
                std::fs::write(folder.join(format!("{dialect}-{bits:02x}-{noise:02x}")), seed)?;
            }
        }
    }
    Ok(())
}

fn write(folder: &Path, vector: &Vector, bits: u8, seed: &[u8]) -> std::io::Result<()> {
    std::fs::write(folder.join(format!("{}-{bits:02x}", vector.name.replace('/', "-"))), seed)
}

fn dialect(vector: &Vector) -> Result<u8, Box<dyn Error>> {
    let dialect = Dialect::ALL.iter().position(|dialect| dialect.name() == vector.dialect());
    Ok(u8::try_from(dialect.ok_or("a transcript of no dialect")?)?)
}

/// Steps that give these bytes.
fn pieces(bytes: &[u8]) -> Vec<u8> {
    let piece = |piece: &[u8]| [&[u8::try_from(piece.len() - 1).unwrap_or(0)], piece].concat();
    bytes.chunks(64).flat_map(piece).collect()
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
