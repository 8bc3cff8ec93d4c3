//! `simcom nc`: byte-exact over a pty in each dialect, and every way in which it ends.

use std::io::Write as _;
use std::net::{Ipv4Addr, TcpListener, UdpSocket};
use std::process::Output;
use std::time::{Duration, Instant};

use crate::{Emulator, echo_server, run, stderr, stdout};

/// Random bytes with line ends and prompts between them; `plain`: without Ctrl-Z and ESC.
pub fn payload(len: usize, plain: bool) -> Vec<u8> {
    let mut state = 7_u32;
    let mut bytes = Vec::with_capacity(len + 16);
    while bytes.len() < len {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let byte = state.to_be_bytes()[0];
        bytes.push(if plain && matches!(byte, 0x1a | 0x1b) { b'.' } else { byte });
        if byte < 4 {
            bytes.extend_from_slice(b"\r\nOK\r\n\r\n> ");
        }
    }
    bytes.truncate(len);
    bytes
}

pub fn assert_same(output: &Output, want: &[u8]) {
    assert_eq!(output.status.code(), Some(0), "{}", stderr(output));
    let differs = output.stdout.iter().zip(want).position(|(got, want)| got != want);
    assert_eq!((output.stdout.len(), differs), (want.len(), None), "{}", stderr(output));
}

#[cfg(unix)]
fn both_ways_over_a_pty(dialect: &str, more: &[&str]) {
    let mut module = Emulator::start(&["--dialect", dialect, "--pty"]);
    let bytes = payload(128 * 1024, dialect == "kingcom");
    let port = echo_server().to_string();
    let args = [&["nc", "127.0.0.1", &port, "--port", &module.name, "--idle", "3"], more].concat();
    assert_same(&run(&args, &bytes), &bytes);
    assert_eq!(module.stop("-TERM"), Some(0));
}

#[cfg(unix)]
#[test]
fn sim800_moves_128_kib_both_ways() {
    both_ways_over_a_pty("sim800", &[]);
}

#[cfg(unix)]
#[test]
fn sim800e_moves_128_kib_both_ways() {
    both_ways_over_a_pty("sim800e", &[]);
}

#[cfg(unix)]
#[test]
fn sim7000_moves_128_kib_both_ways() {
    both_ways_over_a_pty("sim7000", &[]);
}

#[cfg(unix)]
#[test]
fn kingcom_moves_128_kib_both_ways() {
    both_ways_over_a_pty("kingcom", &[]);
}

#[cfg(unix)]
#[test]
fn a7600_moves_128_kib_both_ways() {
    both_ways_over_a_pty("a7600", &[]);
}

#[cfg(unix)]
#[test]
fn pushed_data_and_a_single_link_work_too() {
    both_ways_over_a_pty("sim800", &["--push"]);
    both_ways_over_a_pty("sim7000", &["--single"]);
    both_ways_over_a_pty("a7600", &["--push"]);
}

#[cfg(unix)]
#[test]
fn a_module_can_be_used_again() {
    let module = Emulator::start(&["--dialect", "sim7000", "--pty"]);
    let port = echo_server().to_string();
    for word in [&b"first"[..], b"second", b"third"] {
        let args = ["nc", "127.0.0.1", &port, "--port", &module.name, "--idle", "0.5"];
        assert_same(&run(&args, word), word);
    }
}

#[test]
fn a_record_is_a_transcript_of_the_talk() {
    let port = echo_server().to_string();
    for dialect in ["sim7000", "kingcom", "a7600", "sim800", "sim800e", "rda8955"] {
        let bytes = payload(6000, true);
        let place = format!("virtual:{dialect}");
        let file = std::env::temp_dir().join(format!("simcom-test-{dialect}-{}.txt", std::process::id()));
        let file = file.to_str().unwrap();
        let args = ["nc", "127.0.0.1", &port, "--port", &place, "--idle", "1", "--record", file];
        assert_same(&run(&args, &bytes), &bytes);
        let output = run(&["decode", "--reports", file], b"");
        std::fs::remove_file(file).unwrap();
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
        let mut got = Vec::new();
        for line in stdout(&output).lines() {
            let report: simcom_vectors::Report = line.parse().unwrap();
            assert!(report.name != "Lost" && report.name != "NoFinal", "{dialect}: {line}");
            if report.name == "Data" {
                got.extend_from_slice(report.field("bytes").unwrap());
            }
        }
        assert_eq!(got.len(), bytes.len(), "{dialect}");
        assert!(got == bytes, "{dialect}");
    }
}

#[test]
fn a_datagram_comes_back() {
    let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = socket.local_addr().unwrap().port().to_string();
    std::thread::spawn(move || {
        let mut buffer = [0; 2000];
        while let Ok((len, from)) = socket.recv_from(&mut buffer) {
            socket.send_to(&buffer[..len], from).unwrap();
        }
    });
    for dialect in ["sim7000", "a7600", "kingcom", "sim800", "sim800e", "rda8955"] {
        let place = format!("virtual:{dialect}");
        let args = ["nc", "--udp", "127.0.0.1", &port, "--port", &place, "--idle", "0.7"];
        assert_same(&run(&args, b"a datagram\r\nOK\r\n"), b"a datagram\r\nOK\r\n");
    }
}

#[test]
fn a_close_by_the_peer_ends_it_at_once() {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = listener.local_addr().unwrap().port().to_string();
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            stream.write_all(&payload(5000, true)).unwrap();
        }
    });
    let start = Instant::now();
    let output = run(&["nc", "127.0.0.1", &port, "--idle", "60"], b"");
    assert_same(&output, &payload(5000, true));
    assert!(start.elapsed() < Duration::from_secs(30));
}

#[test]
fn what_goes_wrong_has_its_exit_code() {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let silent = format!("tcp:{}", listener.local_addr().unwrap());
    let output = run(&["nc", "127.0.0.1", "80", "--port", &silent], b"");
    assert_eq!(output.status.code(), Some(4), "{}", stderr(&output));
    assert!(stderr(&output).contains("no module answers"), "{}", stderr(&output));

    let closed =
        TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap().port().to_string();
    for place in ["virtual:sim800", "virtual:a7600", "virtual:kingcom"] {
        let output = run(&["nc", "127.0.0.1", &closed, "--port", place], b"");
        assert_eq!(output.status.code(), Some(1), "{place}: {}", stderr(&output));
        assert!(stderr(&output).contains("the connect failed"), "{place}: {}", stderr(&output));
    }

    let port = echo_server().to_string();
    let output = run(&["nc", "127.0.0.1", &port, "--port", "virtual:kingcom"], b"a\x1ab");
    assert_eq!(output.status.code(), Some(2), "{}", stderr(&output));
    assert!(stderr(&output).contains("0x1A"), "{}", stderr(&output));
}

#[test]
fn a_port_that_goes_away_ends_with_3() {
    let module = Emulator::start(&["--dialect", "sim800", "--tcp", "127.0.0.1:0"]);
    let place = format!("tcp:{}", module.name);
    let port = echo_server().to_string();
    let child = crate::simcom(&["nc", "127.0.0.1", &port, "--port", &place, "--idle", "60"]);
    let mut child = { child }.spawn().unwrap();
    std::thread::sleep(Duration::from_secs(2));
    drop(module);
    let code = child.wait().unwrap().code();
    assert_eq!(code, Some(3));
}

#[cfg(unix)]
#[test]
fn a_port_that_is_taken_is_not_used() {
    let module = Emulator::start(&["--dialect", "sim800", "--pty"]);
    let port = echo_server().to_string();
    let mut first = crate::simcom(&["nc", "127.0.0.1", &port, "--port", &module.name]);
    let mut first = first.stdin(std::process::Stdio::piped()).spawn().unwrap();
    let end = Instant::now() + Duration::from_secs(20);
    // Whichever comes second is refused.
    loop {
        let second = run(&["probe", "--port", &module.name], b"");
        let is_first_refused = first.try_wait().unwrap().is_some_and(|status| status.code() == Some(3));
        if is_first_refused || second.status.code() == Some(3) {
            assert!(is_first_refused || stderr(&second).contains("in use by another program"));
            break;
        }
        assert!(Instant::now() < end, "{}", stderr(&second));
    }
    let _ = first.kill();
    let _ = first.wait();
}
