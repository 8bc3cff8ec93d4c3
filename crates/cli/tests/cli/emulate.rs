//! `simcom emulate`, driven by hand.
#![cfg(unix)]

use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::os::unix::fs::OpenOptionsExt as _;
use std::time::{Duration, Instant};

use rustix::fs::OFlags;

use crate::{Emulator, echo_server, simcom};

/// Sends a command and reads until the answer holds this text.
fn ask(line: &mut (impl Read + Write), command: &str, want: &str) -> String {
    line.write_all(command.as_bytes()).unwrap();
    let end = Instant::now() + Duration::from_secs(20);
    let mut answer = Vec::new();
    let mut buffer = [0; 1024];
    while !answer.windows(want.len()).any(|window| window == want.as_bytes()) {
        assert!(Instant::now() < end, "{command:?}: {:?}", String::from_utf8_lossy(&answer));
        match line.read(&mut buffer) {
            Ok(len @ 1..) => answer.extend_from_slice(&buffer[..len]),
            Err(error) if error.kind() == ErrorKind::WouldBlock => {
                std::thread::sleep(Duration::from_millis(1))
            }
            other => panic!("{command:?}: the line is gone: {other:?}"),
        }
    }
    String::from_utf8(answer).unwrap()
}

fn open(path: &str) -> File {
    let flags = OFlags::NONBLOCK | OFlags::NOCTTY;
    let flags = i32::try_from(flags.bits()).unwrap();
    OpenOptions::new().read(true).write(true).custom_flags(flags).open(path).unwrap()
}

#[test]
fn a_pty_is_served_and_its_state_survives_a_reconnect() {
    let link = std::env::temp_dir().join(format!("simcom-test-{}", std::process::id()));
    let link = link.to_str().unwrap();
    let mut module = Emulator::start(&["--dialect", "sim800", "--pty", "--link", link]);
    assert_eq!(std::fs::read_link(link).unwrap().to_str().unwrap(), module.name);
    let port = echo_server();

    let mut line = open(&module.name);
    assert_eq!(ask(&mut line, "ATE0\r", "OK\r\n"), "ATE0\r\r\nOK\r\n");
    for (command, want) in [
        ("AT+CIPMUX=1\r", "OK\r\n"),
        ("AT+CSTT=\"CMNET\"\r", "OK\r\n"),
        ("AT+CIICR\r", "OK\r\n"),
        ("AT+CIFSR\r", "10.0.0.2\r\n"),
    ] {
        ask(&mut line, command, want);
    }
    ask(&mut line, &format!("AT+CIPSTART=0,\"TCP\",\"127.0.0.1\",{port}\r"), "0, CONNECT OK\r\n");
    drop(line);

    let mut line = open(link);
    ask(&mut line, "AT+CIPSEND=0,5\r", "> ");
    ask(&mut line, "hello", "\r\n+RECEIVE,0,5:\r\nhello");
    drop(line);

    assert_eq!(module.stop("-TERM"), Some(0));
    assert!(std::fs::symlink_metadata(link).is_err(), "the link is taken away");
}

#[test]
fn a_tcp_port_is_served_to_one_client_at_a_time() {
    let mut module = Emulator::start(&["--dialect", "a7600", "--tcp", "127.0.0.1:0"]);
    assert!(module.name.starts_with("127.0.0.1:") && !module.name.ends_with(":0"), "{}", module.name);
    let port = echo_server();

    let mut first = TcpStream::connect(&module.name).unwrap();
    ask(&mut first, "ATE0\r", "OK\r\n");
    ask(&mut first, "AT+NETOPEN\r", "+NETOPEN: 0\r\n");
    let mut second = TcpStream::connect(&module.name).unwrap();
    second.write_all(b"AT+NETOPEN?\r").unwrap();
    ask(&mut first, &format!("AT+CIPOPEN=3,\"TCP\",\"127.0.0.1\",{port}\r"), "+CIPOPEN: 3,0\r\n");
    drop(first);
    ask(&mut second, "", "+NETOPEN: 1\r\n");
    ask(&mut second, "AT+CIPCLOSE?\r", "+CIPCLOSE: 0,0,0,1,0,0,0,0,0,0\r\n");

    assert_eq!(module.stop("-INT"), Some(0));
}

/// What comes until there is a silence.
fn heard(line: &mut File) -> String {
    let mut all = Vec::new();
    let mut last = Instant::now();
    let mut buffer = [0; 1024];
    while last.elapsed() < Duration::from_millis(200) {
        if let Ok(len @ 1..) = line.read(&mut buffer) {
            all.extend_from_slice(&buffer[..len]);
            last = Instant::now();
        }
        std::thread::sleep(Duration::from_millis(1));
    }
    String::from_utf8_lossy(&all).into_owned()
}

/// A host that ends its lines by `<CR><LF>`, and whose `<LF>` comes a moment late.
#[test]
fn a_line_feed_behind_the_command_is_no_payload() {
    for dialect in ["sim800", "a7600"] {
        let module = Emulator::start(&["--dialect", dialect, "--pty"]);
        let port = echo_server();
        let mut line = open(&module.name);
        let setup = match dialect {
            "a7600" => {
                vec![
                    ("AT+NETOPEN\r\n".to_owned(), "+NETOPEN: 0\r\n"),
                    (format!("AT+CIPOPEN=0,\"TCP\",\"127.0.0.1\",{port}\r\n"), "+CIPOPEN: 0,0\r\n"),
                ]
            }
            _ => vec![
                ("AT+CIPMUX=1\r\n".to_owned(), "OK\r\n"),
                ("AT+CSTT=\"a\"\r\n".to_owned(), "OK\r\n"),
                ("AT+CIICR\r\n".to_owned(), "OK\r\n"),
                ("AT+CIFSR\r\n".to_owned(), "10.0.0.2\r\n"),
                (format!("AT+CIPSTART=0,\"TCP\",\"127.0.0.1\",{port}\r\n"), "0, CONNECT OK\r\n"),
            ],
        };
        ask(&mut line, "ATE0\r\n", "OK\r\n");
        for (command, want) in setup {
            ask(&mut line, &command, want);
        }
        let header = |len| {
            if dialect == "a7600" { format!("+IPD{len}\r\n") } else { format!("+RECEIVE,0,{len}:\r\n") }
        };
        ask(&mut line, "AT+CIPSEND=0,5\r\n", ">");
        ask(&mut line, "hello", &format!("{}hello", header(5)));
        // On a busy machine a moment may be too long: one of many will do.
        let is_in_time = |line: &mut File| {
            line.write_all(b"AT+CIPSEND=0,1\r").unwrap();
            std::thread::sleep(Duration::from_millis(1));
            ask(line, "\n", ">");
            line.write_all(b"x\r").unwrap();
            heard(line).contains(&format!("{}x", header(1)))
        };
        assert!((0..10).any(|_| is_in_time(&mut line)), "{dialect}");
        // Behind the prompt it is payload.
        ask(&mut line, "AT+CIPSEND=0,5\r", ">");
        std::thread::sleep(Duration::from_millis(20));
        line.write_all(b"\n").unwrap();
        std::thread::sleep(Duration::from_millis(20));
        ask(&mut line, "ello", &format!("{}\nello", header(5)));
    }
}

#[test]
fn a_link_does_not_replace_a_file() {
    let file = std::env::temp_dir().join(format!("simcom-test-file-{}", std::process::id()));
    std::fs::write(&file, "precious").unwrap();
    let output = simcom(&["emulate", "--dialect", "sim800", "--pty", "--link", file.to_str().unwrap()])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(3));
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "precious");
    std::fs::remove_file(&file).unwrap();
}
