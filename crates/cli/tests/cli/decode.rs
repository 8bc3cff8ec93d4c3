//! `simcom decode`.

use simcom_vectors::{Lines, Report, all, compare};

use crate::{run, stderr, stdout};

#[test]
fn every_vector_gives_its_reports_however_it_is_cut() {
    for vector in all() {
        if vector.transcript.is_ambiguous() {
            continue;
        }
        for chunks in ["as-is", "whole", "bytes", "7"] {
            let output = run(&["decode", "--reports", "--chunks", chunks, "-"], vector.text);
            assert_eq!(output.status.code(), Some(0), "{}: {}", vector.name, stderr(&output));
            let got: Vec<Report> = stdout(&output).lines().map(|line| line.parse().unwrap()).collect();
            if let Err(mismatch) = compare(&vector.expected, &got, Lines::LeftOut) {
                panic!("{} [{chunks}]: {mismatch}", vector.name);
            }
        }
    }
}

#[test]
fn json_is_one_object_a_line() {
    let output =
        run(&["decode", "--json", "--dialect", "sim800", "-"], b"< \\r\\n+RECEIVE,0,5:\\r\\nhello\n");
    assert_eq!(
        stdout(&output),
        "{\"v\":1,\"report\":\"Data\",\"link\":\"0\",\"len\":5,\"bytes\":\"hello\"}\n"
    );
    let output =
        run(&["decode", "--json", "-"], b"# dialect: sim800\n< \\r\\n+RECEIVE,0,3:\\r\\n\\r\\x00\"\n");
    assert!(stdout(&output).contains(r#""len":3,"bytes":"\\r\\x00\"""#), "{}", stdout(&output));
}

#[test]
fn a_raw_log_is_told_apart_by_its_echo() {
    let log = b"AT+CIPMUX=1\r\r\nOK\r\nAT+CIPSEND=0,6\r\r\n> AT\r\nOK\r\n0, SEND OK\r\n\r\n+RECEIVE,0,8:\r\nAT+CSQ\r\n";
    let output = run(&["decode", "--reports", "-"], log);
    let want = "Ok\nPrompt\nSendOk{link=0}\nData{link=0,len=8,bytes=\"AT+CSQ\\r\\n\"}\n";
    assert_eq!(stdout(&output), want);
    let output = run(&["decode", "-"], log);
    let text = stdout(&output);
    assert!(text.starts_with("# dialect: sim800 ("), "{text}");
    assert!(text.lines().any(|line| line.starts_with("> AT+CIPMUX=1 ")), "{text}");
    assert!(text.lines().any(|line| line.starts_with("> AT\\r\\nOK ")), "{text}");
    assert!(!text.contains('\x1b'), "no colour in a pipe");
}

#[test]
fn the_dialect_is_found_out() {
    for (log, want) in [
        (&b"AT+NETOPEN\r\r\nOK\r\n\r\n+NETOPEN: 0\r\n"[..], "a7600"),
        (b"\r\n+IPSTATUS: CONNECT OK\r\n\r\nOK\r\n", "kingcom"),
        (b"AT\r\r\nOK\r\n", "sim800"),
    ] {
        let text = stdout(&run(&["decode", "-"], log));
        assert!(text.starts_with(&format!("# dialect: {want} (")), "{text}");
    }
}

#[test]
fn odd_traffic_is_no_error() {
    let noise: Vec<u8> = (0..=255).cycle().take(5000).collect();
    for dialect in ["sim800", "sim800e", "sim7000", "kingcom", "a7600", "rda8955"] {
        let output = run(&["decode", "--dialect", dialect, "-"], &noise);
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    }
    assert_eq!(run(&["decode", "--reports", "-"], b"").stdout, b"");
}

#[test]
fn an_unfinished_command_is_told_at_the_end() {
    let output = run(&["decode", "--reports", "-"], b"# dialect: sim800\n> AT\\r\n< AT\\r\\r\\n\n");
    assert_eq!(stdout(&output), "NoFinal\n");
}
