//! `simcom demo` and `simcom probe`.

use crate::{Emulator, run, stderr, stdout};

#[test]
fn the_demo_matches_every_byte_in_each_dialect() {
    for dialect in ["sim800", "sim800e", "sim7000", "kingcom", "a7600"] {
        let output = run(&["demo", "--unpaced", "--dialect", dialect], b"");
        let text = stdout(&output);
        assert_eq!(output.status.code(), Some(0), "{text}\n{}", stderr(&output));
        let summary = text.lines().last().unwrap();
        assert!(summary.starts_with(dialect) && summary.contains("all equal"), "{summary}");
        assert!(text.contains("are you there?"), "the exchange is annotated: {text}");
    }
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
