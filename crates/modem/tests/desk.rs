//! The virtual module on a desk, with a network in memory and a serial line.

use proptest::prelude::*;
use simcom_at::{Dialect, Instant, Transport};
use simcom_modem::bench::Desk;
use simcom_modem::loopback::{Loopback, LoopbackSettings, Service, pattern};
use simcom_modem::wire::{Faults, Wire, WireSettings};
use simcom_modem::{Modem, Profile, Socket};

fn at(ms: u32) -> Instant {
    Instant::from_millis(ms)
}

fn desk(dialect: Dialect, latency_ms: u32) -> Desk<Loopback> {
    let network = Loopback::new(LoopbackSettings { latency_ms, ..LoopbackSettings::default() }, 1);
    Desk::new(Modem::new(Profile::new(dialect), at(0)), network, at(0))
}

/// Writes, and reads until this text has come.
#[track_caller]
fn ask(desk: &mut Desk<Loopback>, line: &str, end: &str) -> String {
    assert_eq!(desk.host_write(line.as_bytes()), line.len());
    let until = desk.now().after(100_000);
    let mut text = String::new();
    while !text.contains(end) {
        assert_eq!(desk.wait(until), Ok(true), "{line:?}: {text:?} without {end:?}");
        text += &String::from_utf8(desk.host_read()).unwrap();
    }
    text
}

#[test]
fn the_echo_service_answers_on_a_sim800() {
    let mut desk = desk(Dialect::Sim800, 30);
    ask(&mut desk, "AT+CIPMUX=1\r", "OK\r\n");
    ask(&mut desk, "AT+CSTT=\"internet\"\r", "OK\r\n");
    ask(&mut desk, "AT+CIICR\r", "OK\r\n");
    ask(&mut desk, "AT+CIFSR\r", "10.0.0.2\r\n");
    ask(&mut desk, "AT+CIPSTART=0,\"TCP\",\"localhost\",7\r", "0, CONNECT OK\r\n");
    ask(&mut desk, "AT+CIPSEND=0,5\r", "> ");
    let echo = ask(&mut desk, "hello", "+RECEIVE,0,5:\r\nhello");
    assert!(echo.contains("0, SEND OK\r\n"), "{echo:?}");
    assert_eq!(desk.network.peer_received(Socket(0)), b"hello");
}

#[test]
fn the_echo_service_answers_on_an_a7600() {
    let mut desk = desk(Dialect::A7600, 30);
    ask(&mut desk, "AT+NETOPEN\r", "+NETOPEN: 0\r\n");
    ask(&mut desk, "AT+CIPOPEN=3,\"TCP\",\"echo.test\",7\r", "+CIPOPEN: 3,0\r\n");
    ask(&mut desk, "AT+CIPSEND=3,5\r", ">");
    let echo = ask(&mut desk, "hello", "+IPD5\r\nhello");
    assert!(echo.contains("+CIPSEND: 3,5,5\r\n") && echo.contains("RECV FROM:198.51.100."), "{echo:?}");
}

#[test]
fn the_echo_service_answers_on_a_kingcom() {
    let mut desk = desk(Dialect::Kingcom, 30);
    ask(&mut desk, "AT+CGDCONT=1,\"IP\",\"internet\"\r", "OK\r\n");
    ask(&mut desk, "AT+CGACT=1,1\r", "OK\r\n");
    ask(&mut desk, "AT+CIPSTART=\"TCP\",\"localhost\",7\r", "CONNECT OK\r\n");
    ask(&mut desk, "AT+CIPSEND\r", ">");
    ask(&mut desk, "hello\u{1a}", "hello");
    assert_eq!(desk.network.peer_received(Socket(0)), b"hello");
}

#[test]
fn a_caller_reaches_a_listening_a7600() {
    let mut desk = desk(Dialect::A7600, 5);
    ask(&mut desk, "AT+NETOPEN\r", "+NETOPEN: 0\r\n");
    ask(&mut desk, "AT+SERVERSTART=8080,0\r", "OK\r\n");
    let token = desk.network.connect(desk.now(), 8080).unwrap();
    ask(&mut desk, "", "+CLIENT: 0,0,203.0.113.1:");
    assert!(desk.network.peer_send(desk.now(), token, b"hi"));
    ask(&mut desk, "", "+IPD2\r\nhi");
    assert!(desk.network.peer_close(desk.now(), token));
    ask(&mut desk, "", "+IPCLOSE: 0,1\r\n");
}

#[test]
fn a_peer_that_sends_much_waits_until_the_host_reads_and_nothing_is_lost() {
    let mut desk = desk(Dialect::Sim7000, 5);
    desk.network.serve(Transport::Tcp, 2_000, Service::Burst(30_000));
    for line in ["ATE0", "AT+CIPMUX=1", "AT+CIPRXGET=1", "AT+CSTT=\"internet\"", "AT+CIICR"] {
        ask(&mut desk, &format!("{line}\r"), "OK\r\n");
    }
    ask(&mut desk, "AT+CIFSR\r", "10.0.0.2\r\n");
    ask(&mut desk, "AT+CIPSTART=1,\"TCP\",\"localhost\",2000\r", "1, CONNECT OK\r\n");
    desk.run_for(60_000).unwrap();
    assert!(desk.network.peer_of(Socket(1)).unwrap().delivered() < 10_000, "the module's buffer is small");
    let mut got = Vec::new();
    while got.len() < 30_000 {
        let text = ask(&mut desk, "AT+CIPRXGET=2,1,1460\r", "OK\r\n");
        let (header, rest) = text.trim_start().split_once("\r\n").unwrap();
        let len: usize = header.split(',').nth(2).unwrap().parse().unwrap();
        got.extend_from_slice(&rest.as_bytes()[..len]);
        desk.run_for(20).unwrap();
    }
    assert!(got == pattern(30_000));
}

fn commands() -> impl Strategy<Value = Vec<u8>> {
    let line = prop::sample::select(vec![
        "AT",
        "ATE0",
        "AT+CMEE=2",
        "AT+CIPMUX=1",
        "AT+CIPMODE=1",
        "AT+CIPRXGET=1",
        "AT+CIPRXGET=2,0,100",
        "AT+CIPRXGET=2,50",
        "AT+CIPHEAD=1;+CIPSRIP=1",
        "AT+CSTT=\"a\"",
        "AT+CIICR",
        "AT+CIFSR",
        "AT+CIPSTATUS",
        "AT+CGACT=1,1",
        "AT+CIPSTART=0,\"TCP\",\"localhost\",19",
        "AT+CIPSTART=\"TCP\",\"localhost\",7",
        "AT+CIPSTART=1,\"UDP\",\"localhost\",7",
        "AT+CIPSERVER=1,80",
        "AT+CIPSEND=0,4",
        "AT+CIPSEND=4",
        "AT+CIPSEND",
        "AT+CIPACK=0",
        "AT+CIPCLOSE=0",
        "AT+CIPCLOSE",
        "AT+CIPSHUT",
        "AT+CDNSGIP=\"example.com\"",
        "AT+NETOPEN",
        "AT+CIPOPEN=0,\"TCP\",\"localhost\",80",
        "AT+CIPOPEN=2,\"UDP\",,,5000",
        "AT+CIPSEND=2,3,\"127.0.0.1\",7",
        "AT+SERVERSTART=80,1",
        "AT+SERVERSTOP=1",
        "AT+NETCLOSE",
        "AT+CFUN=1,1",
        "GET /bytes/3000 HTTP/1.1\r\n\r\n",
        "\u{1a}",
        "\u{1b}",
        "+++",
    ]);
    prop_oneof![
        8 => line.prop_map(|line| format!("{line}\r").into_bytes()),
        1 => prop::collection::vec(any::<u8>(), 0..80),
    ]
}

proptest! {
    #[test]
    fn whatever_the_host_writes_and_the_line_makes_of_it_time_goes_on(
        dialect in prop::sample::select(Dialect::ALL), seed: u64, ppm in 0..20_000u32, up: bool, multi: bool,
        writes in prop::collection::vec((0..3_000u32, commands(), 0..6u8), 0..60),
    ) {
        let faults = Faults { drop_ppm: ppm, flip_ppm: ppm, double_ppm: ppm, noise_ppm: ppm, noise_len: 8 };
        let settings = WireSettings { baud: 115_200, piece: 40, receiver: 500, faults, ..WireSettings::default() };
        let run = || {
            let network = Loopback::new(
                LoopbackSettings { latency_ms: 50, jitter_ms: 30, cut: true, ..LoopbackSettings::default() },
                seed,
            );
            let mut desk = Desk::new(Modem::new(Profile::new(dialect), at(0)), network, at(0))
                .with_wires(Wire::new(settings.clone(), seed), Wire::new(settings.clone(), !seed))
                .with_turns(100_000);
            let mut got = Vec::new();
            // Each dialect takes what it knows of this, so that some of the rest finds a network.
            let mux = if multi { "AT+CIPMUX=1" } else { "AT+CIPMUX=0" };
            for line in [mux, "AT+CSTT=\"a\"", "AT+CIICR", "AT+CIFSR", "AT+CGACT=1,1", "AT+NETOPEN"] {
                if up {
                    desk.host_write(line.as_bytes());
                    desk.host_write(b"\r");
                    desk.run_for(500)?;
                }
            }
            for (wait_ms, bytes, peer) in &writes {
                desk.host_write(bytes);
                let open: Vec<u32> = desk.network.peers().map(|peer| peer.token()).collect();
                let token = open.get(usize::from(*peer)).copied().unwrap_or(0);
                match peer {
                    0 => { desk.network.connect(desk.now(), 80); }
                    1 => { desk.network.peer_send(desk.now(), token, &pattern(2_000)); }
                    2 => { desk.network.peer_close(desk.now(), token); }
                    _ => {}
                }
                desk.run_for(*wait_ms)?;
                got.extend(desk.host_read());
            }
            desk.run_for(700_000).map(|()| got)
        };
        let first = run();
        prop_assert!(first.is_ok(), "{first:?}");
        prop_assert_eq!(run(), first);
    }
}
