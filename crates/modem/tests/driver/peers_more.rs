//! Two more rows of the table of peers, and the table itself: `docs/peers.md` names what is there.

use crate::main_job::{network, open, up};
use crate::pair::Pair;
use crate::session::script::{OK, Script};
use crate::session::{done, sent};
use simcom_at::{Action, Dialect, Outcome, Refused, Settings, Transport};
use simcom_modem::net::Socket;

#[test]
fn peer_12_a_command_ends_in_other_words_on_other_firmware() {
    // The guide does not show how AT+CIPSHUT ends.
    for end in [OK, "\r\nSHUT OK\r\n"] {
        let mut s = Script::new(Dialect::Kingcom, Settings::default());
        s.session.shut(s.now()).unwrap();
        s.serve(1000, |line| if line == "AT+CIPSHUT\r" { end.to_owned() } else { OK.to_owned() });
        assert!(s.log.contains("AT+CIPSHUT"), "{}", s.log);
        assert_eq!(s.events(), [done(Action::Shut)], "{end:?}");
    }
    // Firmware that does not know quick send, or knows nothing else.
    for dialect in [Dialect::Sim800, Dialect::Sim7000] {
        for quick in [true, false] {
            for (end, outcome) in [
                ("\r\n0, SEND OK\r\n", Outcome::Delivered),
                ("\r\nDATA ACCEPT:0,5\r\n", Outcome::Accepted(5)),
                ("\r\nDATA ACCEPT: 0,5\r\n", Outcome::Accepted(5)),
            ] {
                let mut s = Script::new(dialect, Settings { push: true, quick, ..Settings::default() });
                s.open(0);
                s.give_send(0, b"hello");
                s.module("\r\n> ");
                s.host("hello");
                s.module(end);
                assert_eq!(s.events(), [sent(0, outcome)], "{dialect:?} {quick} {end:?}");
            }
        }
    }
}

#[test]
fn peer_42_an_escape_is_missed_or_seen_in_the_payload() {
    for dialect in [Dialect::Sim800, Dialect::Sim800e, Dialect::Sim7000, Dialect::A7600] {
        let settings = Settings { transparent: true, ..Settings::default() };
        let mut pair = Pair::new(dialect, settings, network(3));
        up(&mut pair);
        open(&mut pair, 0, Transport::Tcp, 9);
        let now = pair.now();
        assert_eq!(pair.session.send(now, simcom_at::Link(0), b"+++", None), Err(Refused::Unsendable));
        let mut wanted = Vec::new();
        for bytes in [&b"a+++"[..], b"+++b", b"++++", b"+++ATH\r", b"x", b"\r\n+++\r\n"] {
            // Silence as around an escape.
            pair.until(3000, |_| false);
            assert_eq!(pair.send(0, bytes), Outcome::Accepted(bytes.len() as u16), "{dialect:?}");
            wanted.extend_from_slice(bytes);
        }
        pair.until(10_000, |_| false);
        assert!(pair.session.is_data_mode(), "{dialect:?}\n{}", pair.tail());
        let got = pair.desk.network.peer_received(Socket(0));
        assert_eq!(got.escape_ascii().to_string(), wanted.escape_ascii().to_string(), "{dialect:?}");
        // And the escape that is meant is one, at once behind payload too.
        pair.send(0, b"last");
        wanted.extend_from_slice(b"last");
        pair.done(Action::LeaveData, |s, now| s.leave_data(now).unwrap());
        assert!(!pair.session.is_data_mode(), "{dialect:?}\n{}", pair.tail());
        pair.done(Action::Signal, |s, now| s.signal(now).unwrap());
        pair.done(Action::EnterData, |s, now| s.enter_data(now).unwrap());
        assert_eq!(pair.desk.network.peer_received(Socket(0)), wanted, "{dialect:?}: no plus sign more");
    }
}

#[test]
fn the_table_of_peers_names_the_tests_that_there_are() {
    const TABLE: &str = include_str!("../../../../docs/peers.md");
    const TESTS: [&str; 3] = [
        include_str!("peers.rs"),
        include_str!("peers_more.rs"),
        include_str!("../../../../python/tests/test_aio.py"),
    ];
    let rows: Vec<Vec<&str>> = TABLE
        .lines()
        .filter(|line| line.starts_with("| ") && !line.starts_with("| #"))
        .map(|line| line.trim_matches('|').split(" | ").map(|cell| cell.trim().trim_matches('`')).collect())
        .collect();
    let numbers: Vec<String> = rows.iter().map(|row| row[0].to_string()).collect();
    assert_eq!(numbers, (1..=47).map(|n| n.to_string()).collect::<Vec<_>>());
    for row in &rows {
        let [number, elsewhere, here, test] = row[..] else { panic!("four cells: {row:?}") };
        assert!(!elsewhere.is_empty() && !here.is_empty(), "{number}");
        let (rust, python) = (format!("\nfn {test}() {{"), format!("\ndef {test}() -> None:"));
        assert!(TESTS.iter().any(|file| file.contains(&rust) || file.contains(&python)), "no test {test}");
        assert!(
            number == "45" || test.starts_with(&format!("peer_{number:0>2}_")),
            "{test} is not row {number}"
        );
    }
    for name in TESTS.iter().flat_map(|file| file.split("\nfn peer_").skip(1)) {
        let name = name.split('(').next().unwrap_or_default();
        assert!(rows.iter().any(|row| row[3] == format!("peer_{name}")), "peer_{name} is not in the table");
    }
}
