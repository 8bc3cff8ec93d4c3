//! The reports of all vectors as text, by the library itself: what the package must print in every engine.

use simcom_at::Dialect;
use simcom_vectors::{Chunking, Reading, Step};

fn main() {
    for vector in simcom_vectors::all() {
        let Some(dialect) = Dialect::from_name(vector.dialect()) else { continue };
        for chunking in [Chunking::AsIs, Chunking::Whole, Chunking::Bytes, Chunking::Every(7)] {
            println!("## {} {chunking}", vector.name);
            let mut reading = Reading::new(dialect, vector.transcript.config(), false);
            let mut said = Vec::new();
            for step in chunking.steps(&vector.transcript) {
                said.extend(match step {
                    Step::Host(bytes) => reading.host(&bytes),
                    Step::Module(bytes) => reading.module(&bytes),
                    Step::Silence(ms) => reading.silence(ms),
                });
            }
            said.extend(reading.end());
            for (said, _) in said {
                println!("{}", said.to_text());
            }
        }
    }
}
