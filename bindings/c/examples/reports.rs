//! The reports of all transcripts that are named, as `file: report`: what the C test must print too.

use simcom_at::Dialect;
use simcom_vectors::{Reading, Step, Transcript};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    for file in std::env::args().skip(1) {
        let transcript = Transcript::parse_bytes(&file, &std::fs::read(&file)?)?;
        let dialect = Dialect::from_name(transcript.dialect()).ok_or("no such dialect")?;
        let mut reading = Reading::new(dialect, transcript.config(), false);
        let mut all = Vec::new();
        for step in &transcript.steps {
            all.extend(match step {
                Step::Host(bytes) => reading.host(bytes),
                Step::Module(bytes) => reading.module(bytes),
                Step::Silence(ms) => reading.silence(*ms),
            });
        }
        all.extend(reading.end());
        for (said, _) in all {
            println!("{file}: {}", said.to_text());
        }
    }
    Ok(())
}
