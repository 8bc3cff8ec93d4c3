//! `simcom demo` and `simcom probe`.

use crate::{Emulator, run, stderr, stdout};

#[test]
fn the_demo_matches_every_byte_in_each_dialect() {
    for (dialect, paths) in [
        ("sim800", "server, two contexts, recovery, any peer, transparent"),
        ("sim800e", "server, recovery, transparent"),
        ("sim7000", "server, two contexts, recovery, any peer, transparent"),
        ("kingcom", "recovery"),
        ("a7600", "server, recovery, any peer, transparent"),
    ] {
        let output = run(&["demo", "--unpaced", "--dialect", dialect], b"");
        let text = stdout(&output);
        assert_eq!(output.status.code(), Some(0), "{text}\n{}", stderr(&output));
        let summary = text.lines().last().unwrap();
        assert!(summary.starts_with(dialect) && summary.contains("all equal"), "{summary}");
        assert!(summary.contains(&format!("; {paths}; ")), "{summary}");
        assert!(text.contains("are you there?"), "the exchange is annotated: {text}");
    }
}

#[test]
fn all_dialects_are_shown_in_order() {
    let output = run(&["demo"], b"");
    let text = stdout(&output);
    assert_eq!(output.status.code(), Some(0), "{text}\n{}", stderr(&output));
    let heads: Vec<_> = text.lines().filter(|line| line.starts_with("== ")).collect();
    let want = ["sim800", "sim800e", "sim7000", "kingcom", "a7600", "summary"];
    assert_eq!(heads, want.map(|name| format!("== {name} ==")));
}

#[test]
fn probe_tells_the_module_apart() {
    for (dialect, name) in [
        ("sim800", "SIM800"),
        ("sim800e", "SIM800E"),
        ("sim7000", "SIM7000"),
        ("kingcom", "Kingcom"),
        ("a7600", "A7600"),
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
