//! The module on the network in memory, behind a serial line: nothing is lost, nothing invented.

use simcom_at::{Dialect, Instant};
use simcom_modem::bench::Desk;
use simcom_modem::loopback::{Loopback, LoopbackSettings, Service, pattern};
use simcom_modem::wire::{Wire, WireSettings};
use simcom_modem::{Modem, Profile};

fn desk(dialect: Dialect, service: Service) -> Desk<Loopback> {
    let now = Instant::from_millis(0);
    let settings =
        LoopbackSettings { latency_ms: 40, jitter_ms: 30, cut: true, ..LoopbackSettings::default() };
    let mut network = Loopback::new(settings, 7);
    network.serve(simcom_at::Transport::Tcp, 4000, service);
    let line = || Wire::new(WireSettings::default(), 1);
    let modem = Modem::new(Profile { echo: false, ..Profile::new(dialect) }, now);
    Desk::new(modem, network, now).with_wires(line(), line())
}

/// Writes a line and reads until a text has come, at most 200 seconds.
fn ask(desk: &mut Desk<Loopback>, line: &[u8], until: &str) -> Vec<u8> {
    desk.host_write(line);
    let mut all = Vec::new();
    let end = desk.now().after(200_000);
    while !all.windows(until.len()).any(|w| w == until.as_bytes()) {
        assert!(desk.wait(end).unwrap(), "{until:?} after {:?}", line.escape_ascii().to_string());
        all.extend(desk.host_read());
    }
    all
}

/// All the bytes of the next `ms` milliseconds.
fn listen(desk: &mut Desk<Loopback>, ms: u32) -> Vec<u8> {
    let mut all = Vec::new();
    let end = desk.now().after(ms);
    while desk.wait(end).unwrap() {
        all.extend(desk.host_read());
    }
    all
}

#[test]
fn a_large_burst_comes_through_a_slow_line_in_push_mode() {
    let mut desk = desk(Dialect::Sim800, Service::Burst(100_000));
    desk.host_write(b"AT+CIPSTART=\"TCP\",\"1.2.3.4\",4000\r");
    let all = listen(&mut desk, 60_000);
    let head = b"\r\nOK\r\n\r\nCONNECT OK\r\n";
    let tail = b"\r\nCLOSED\r\n";
    assert!(all.starts_with(head) && all.ends_with(tail));
    assert_eq!(all[head.len()..all.len() - tail.len()], pattern(100_000));
}

#[test]
fn and_on_request() {
    for dialect in [Dialect::Sim800, Dialect::Sim7000, Dialect::A7600] {
        let mut desk = desk(dialect, Service::Burst(50_000));
        let a7600 = dialect == Dialect::A7600;
        if a7600 {
            ask(&mut desk, b"AT+NETOPEN\r", "+NETOPEN: 0\r\n");
            ask(&mut desk, b"AT+CIPRXGET=1\r", "OK\r\n");
            ask(&mut desk, b"AT+CIPOPEN=0,\"TCP\",\"1.2.3.4\",4000\r", "+CIPRXGET: 1,0\r\n");
        } else {
            ask(&mut desk, b"AT+CIPRXGET=1\r", "OK\r\n");
            ask(&mut desk, b"AT+CIPSTART=\"TCP\",\"1.2.3.4\",4000\r", "+CIPRXGET: 1\r\n");
        }
        let mut got = Vec::new();
        for _ in 0..2000 {
            let line: &[u8] = if a7600 { b"AT+CIPRXGET=2,0,1000\r" } else { b"AT+CIPRXGET=2,1000\r" };
            desk.host_write(line);
            let answer = listen(&mut desk, 300);
            let Some(at) = answer.windows(13).position(|w| w == b"+CIPRXGET: 2,") else { continue };
            let end = at + answer[at..].iter().position(|b| *b == b'\n').unwrap() + 1;
            let text = String::from_utf8(answer[at..end].to_vec()).unwrap();
            let numbers: Vec<usize> = text.trim_end()[11..].split(',').map(|n| n.parse().unwrap()).collect();
            let len = numbers[numbers.len() - 2];
            got.extend_from_slice(&answer[end..end + len]);
            if got.len() == 50_000 {
                break;
            }
        }
        assert_eq!(got, pattern(50_000), "{dialect:?}");
    }
}

#[test]
fn what_is_sent_is_echoed_and_acknowledged() {
    let mut desk = desk(Dialect::Sim7000, Service::Echo);
    ask(&mut desk, b"AT+CIPHEAD=1\r", "OK\r\n");
    ask(&mut desk, b"AT+CIPSTART=\"TCP\",\"1.2.3.4\",4000\r", "CONNECT OK\r\n");
    ask(&mut desk, b"AT+CIPSEND=5\r", "> ");
    let answer = [ask(&mut desk, b"hello", "SEND OK\r\n"), listen(&mut desk, 1000)].concat();
    let text = String::from_utf8(answer).unwrap();
    assert!(text.contains("+IPD,") && text.contains("SEND OK"), "{text:?}");
    let ack = ask(&mut desk, b"AT+CIPACK\r", "OK\r\n");
    assert_eq!(ack.escape_ascii().to_string(), "\\r\\n+CIPACK: 5,5,0\\r\\n\\r\\nOK\\r\\n");
}

#[test]
fn a_peer_that_answers_and_closes_at_once_still_acknowledges() {
    for seed in 0..40 {
        let now = Instant::from_millis(0);
        let settings =
            LoopbackSettings { latency_ms: 40, jitter_ms: 30, cut: true, ..LoopbackSettings::default() };
        let modem = Modem::new(Profile { echo: false, ..Profile::new(Dialect::Sim800) }, now);
        let mut desk = Desk::new(modem, Loopback::new(settings, seed), now);
        ask(&mut desk, b"AT+CIPSTART=\"TCP\",\"1.2.3.4\",80\r", "CONNECT OK\r\n");
        ask(&mut desk, b"AT+CIPSEND\r", "> ");
        desk.host_write(b"GET / HTTP/1.0\r\n\r\n\x1a");
        let answer = String::from_utf8_lossy(&listen(&mut desk, 5000)).into_owned();
        assert!(answer.contains("SEND OK\r\n") && answer.ends_with("\r\nCLOSED\r\n"), "{seed}: {answer:?}");
    }
}

#[test]
fn a_deaf_peer_ends_a_send_after_645_seconds() {
    let mut desk = desk(Dialect::Sim800, Service::Deaf);
    ask(&mut desk, b"AT+CIPSTART=\"TCP\",\"1.2.3.4\",4000\r", "CONNECT OK\r\n");
    ask(&mut desk, b"AT+CIPSEND=5\r", "> ");
    desk.host_write(b"hello");
    assert_eq!(listen(&mut desk, 644_000), b"");
    assert_eq!(listen(&mut desk, 2_000), b"\r\nCLOSED\r\n");
}

#[test]
fn a_name_that_nobody_knows_and_a_port_that_nobody_serves() {
    let mut desk = desk(Dialect::Kingcom, Service::Echo);
    ask(&mut desk, b"AT+CGACT=1,1\r", "OK\r\n");
    ask(&mut desk, b"AT+CIPSTART=\"TCP\",\"nobody.invalid\",4000\r", "+CME ERROR: 50\r\n");
    ask(&mut desk, b"AT+CIPSTART=\"TCP\",\"1.2.3.4\",4001\r", "+CME ERROR: 50\r\n");
    ask(&mut desk, b"AT+CIPSTART=\"TCP\",\"1.2.3.4\",4000\r", "CONNECT OK\r\n");
}
