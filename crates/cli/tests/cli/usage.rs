//! Bad input: a clear message, the right exit code, nothing sent.

use crate::{run, simcom, stderr, stdout};

fn refused(args: &[&str], code: i32, words: &[&str]) {
    let output = run(args, b"");
    let text = stderr(&output);
    assert_eq!(output.status.code(), Some(code), "{args:?}: {text}");
    for word in words {
        assert!(text.contains(word), "{args:?} should say {word:?}: {text}");
    }
    assert!(output.stdout.is_empty(), "{args:?}");
}

#[test]
fn usage_errors_end_with_2() {
    refused(&[], 2, &["Usage"]);
    refused(&["decode"], 2, &["<FILE>"]);
    refused(&["decode", "--dialect", "sim900", "-"], 2, &["unknown dialect", "sim800e", "auto"]);
    refused(&["decode", "--reports", "--json", "-"], 2, &["cannot be used with"]);
    refused(&["decode", "--chunks", "0", "-"], 2, &["as-is"]);
    refused(&["demo", "--dialect", "x"], 2, &["unknown dialect"]);
    refused(&["emulate", "--dialect", "sim800"], 2, &["--pty", "--tcp"]);
    for dialect in ["kingcom", "rda8955"] {
        let port = format!("virtual:{dialect}");
        refused(&["nc", "localhost", "80", "--transparent", "--port", &port], 2, &["no transparent mode"]);
    }
    refused(&["nc", "localhost"], 2, &["PORT"]);
    refused(&["nc", "localhost", "0"], 2, &["0"]);
    refused(&["nc", "localhost", "80", "--idle", "-1"], 2, &[]);
    refused(&["nc", "localhost", "80", "--listen", "8080"], 2, &["cannot be used with"]);
    refused(&["nc", "--listen", "8080", "--reconnect"], 2, &["cannot be used with"]);
    refused(&["nc", "--listen", "0"], 2, &["0"]);
    refused(&["nc", "localhost", "80", "--reconnect=0"], 2, &["0"]);
    refused(&["nc", "localhost", "80", "--transparent", "--push"], 2, &["cannot be used with"]);
}

#[test]
fn bad_files_end_with_2_and_name_the_place() {
    refused(&["decode", "/nowhere/x.txt"], 2, &["/nowhere/x.txt", "hint"]);
    let output = run(&["decode", "-"], b"# dialect: sim800\n< ok\n> AT\\q\n");
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("<stdin>:3:5: bad escape"), "{}", stderr(&output));
    let output = run(&["decode", "-"], b"# dialect: sim9\n< ok\n");
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("unknown dialect `sim9`"), "{}", stderr(&output));
}

#[test]
fn names_that_could_become_commands_are_refused_before_anything_is_sent() {
    for host in ["a\"b", "a\rb", "a\nb", "a\x1ab", ""] {
        refused(&["nc", host, "80", "--port", "/nowhere/tty"], 2, &["host name"]);
    }
    refused(&["nc", &"x".repeat(300), "80", "--port", "/nowhere/tty"], 2, &["host name"]);
    refused(&["nc", "h", "80", "--apn", "a\"", "--port", "/nowhere/tty"], 2, &["access point"]);
}

#[test]
fn bad_ports_end_with_2_or_3() {
    refused(&["nc", "h", "80", "--port", "virtual:sim9"], 2, &["unknown dialect", "sim7000"]);
    refused(&["nc", "h", "80", "--port", "tcp:localhost"], 2, &["tcp:HOST:PORT"]);
    refused(&["nc", "h", "80", "--port", "/nowhere/tty"], 3, &["/nowhere/tty", "hint"]);
    refused(&["probe", "--port", "/dev/null"], 3, &["/dev/null", "serial device"]);
    refused(&["probe", "--port", "tcp:127.0.0.1:1"], 3, &["127.0.0.1:1"]);
    refused(&["emulate", "--dialect", "sim800", "--tcp", "256.0.0.1:0"], 3, &["256.0.0.1"]);
}

#[test]
fn what_the_dialect_does_not_have_is_refused_before_the_port_is_opened() {
    let at = ["--port", "/nowhere/tty", "--dialect", "kingcom"];
    refused(&[&["nc", "h", "80", "--transparent"], &at[..]].concat(), 2, &["no transparent mode"]);
    refused(&[&["nc", "--listen", "80"], &at[..]].concat(), 2, &["cannot listen"]);
    let at = ["--port", "virtual:sim7000"];
    refused(&[&["nc", "--listen", "80", "--udp"], &at[..]].concat(), 2, &["TCP only"]);
}

#[test]
fn flow_control_needs_the_lines() {
    for command in [&["probe"][..], &["nc", "127.0.0.1", "80"]] {
        for place in ["virtual:sim800", "tcp:127.0.0.1:9"] {
            refused(&[command, &["--rtscts", "--port", place]].concat(), 2, &["no RTS and CTS lines"]);
        }
    }
    #[cfg(unix)]
    {
        let module = crate::Emulator::start(&["--dialect", "sim800", "--pty"]);
        let args = ["nc", "127.0.0.1", "80", "--rtscts", "--port", &module.name];
        refused(&args, 3, &["no RTS and CTS lines", "leave --rtscts out"]);
    }
}

#[test]
fn help_lists_the_exit_codes() {
    let output = simcom(&["--help"]).output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    let text = stdout(&output);
    assert!(text.contains("Exit codes: 0 ok, 1 module error"), "{text}");
    for command in ["decode", "demo", "nc", "emulate", "probe"] {
        assert!(text.contains(command), "{text}");
    }
}

#[test]
fn a_reader_that_goes_away_is_no_failure() {
    let log: Vec<u8> = b"\r\nRING\r\n".repeat(100_000);
    let file = std::env::temp_dir().join(format!("simcom-test-{}.log", std::process::id()));
    std::fs::write(&file, log).unwrap();
    let mut child = simcom(&["decode", "--reports", file.to_str().unwrap()]).spawn().unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    std::fs::remove_file(&file).unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert!(stderr(&output).is_empty());
}
