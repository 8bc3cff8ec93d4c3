//! Every transcript gives its reports, however the module's bytes are cut.
#![expect(clippy::unwrap_used, clippy::panic)]

use simcom_at::Dialect;
use simcom_vectors::{
    Chunking, Lines, Reading, Report, Step, Vector, all, compare, cut_positions, join_data,
};

/// The reports of a transcript under a chunking, as text.
fn reports(vector: &Vector, chunking: Chunking) -> Vec<String> {
    let transcript = &vector.transcript;
    let dialect = Dialect::from_name(vector.dialect()).unwrap_or_else(|| panic!("{}", vector.name));
    let mut reading = Reading::new(dialect, transcript.config(), false);
    let mut all = Vec::new();
    for step in chunking.steps(transcript) {
        all.extend(match step {
            Step::Host(bytes) => reading.host(&bytes),
            Step::Module(bytes) => reading.module(&bytes),
            Step::Silence(ms) => reading.silence(ms),
        });
    }
    all.extend(reading.end());
    all.into_iter().map(|(said, _)| said.to_text()).collect()
}

#[test]
fn every_transcript_gives_its_reports_at_every_cut() {
    let mut runs = 0;
    for vector in all() {
        let want = vector.transcript.expected(vector.name).unwrap();
        let whole = reports(&vector, Chunking::AsIs);
        let got: Vec<Report> = whole.iter().map(|text| Report::parse(text).unwrap()).collect();
        if let Err(mismatch) = compare(&want, &join_data(got), Lines::LeftOut) {
            panic!("{}: {mismatch}", vector.name);
        }
        let cuts = cut_positions(&vector.transcript).into_iter().map(Chunking::CutAt);
        let fixed =
            [Chunking::Whole, Chunking::Bytes, Chunking::Every(2), Chunking::Every(3), Chunking::Every(7)];
        for chunking in fixed.into_iter().chain(cuts) {
            runs += 1;
            assert_eq!(reports(&vector, chunking), whole, "{} {chunking:?}", vector.name);
        }
    }
    assert!(runs > 10_000, "only {runs} runs");
}
