//! `simcom demo` and `simcom probe`.

use crate::{Emulator, run, stderr, stdout};

const PATHS: [(&str, &str); 6] = [
    ("sim800", "server, two contexts, recovery, any peer, transparent"),
    ("sim800e", "server, recovery, transparent"),
    ("sim7000", "server, two contexts, recovery, any peer, transparent"),
    ("kingcom", "recovery"),
    ("a7600", "server, recovery, any peer, transparent"),
    ("rda8955", "server, two contexts, recovery, any peer"),
];

#[test]
fn the_demo_matches_every_byte_in_each_dialect() {
    let output = run(&["demo"], b"");
    let text = stdout(&output);
    assert_eq!(output.status.code(), Some(0), "{text}\n{}", stderr(&output));
    assert!(text.contains("are you there?"), "the exchange is annotated: {text}");
    let heads: Vec<_> = text.lines().filter(|line| line.starts_with("== ")).collect();
    let want = PATHS.map(|(name, _)| name).into_iter().chain(["summary"]);
    assert_eq!(heads, want.map(|name| format!("== {name} ==")).collect::<Vec<_>>());
    let summary: Vec<_> = text.lines().rev().take(PATHS.len()).collect();
    for ((dialect, paths), line) in PATHS.iter().zip(summary.iter().rev()) {
        assert!(line.starts_with(dialect) && line.contains("all equal"), "{line}");
        assert!(line.contains(&format!("; {paths}; ")), "{line}");
    }
}

#[test]
fn one_dialect_can_be_shown_without_the_time_of_the_line() {
    let output = run(&["demo", "--unpaced", "--dialect", "kingcom"], b"");
    let text = stdout(&output);
    assert_eq!(output.status.code(), Some(0), "{text}\n{}", stderr(&output));
    assert!(text.lines().last().unwrap().starts_with("kingcom "), "{text}");
}

#[test]
fn probe_tells_the_module_apart() {
    for (dialect, name) in [
        ("sim800", "SIM800"),
        ("sim800e", "SIM800E"),
        ("sim7000", "SIM7000"),
        ("kingcom", "Kingcom"),
        ("a7600", "A7600"),
        ("rda8955", "RDA8955"),
    ] {
        let module = Emulator::start(&["--dialect", dialect, "--tcp", "127.0.0.1:0"]);
        let output = run(&["probe", "--port", &format!("tcp:{}", module.name)], b"");
        let text = stdout(&output);
        assert_eq!(output.status.code(), Some(0), "{text}\n{}", stderr(&output));
        assert!(text.contains(&format!("dialect  {dialect}\n")) && text.contains(name), "{text}");
        assert!(text.contains("SIM      ready\n") && text.contains("dBm"), "{text}");
        assert!(text.contains("network  registered"), "{text}");
    }
}
