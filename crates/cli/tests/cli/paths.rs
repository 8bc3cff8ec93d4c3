//! `simcom nc` in transparent mode, as a server, after losses, and when the user wants an end.

use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::time::{Duration, Instant};

use simcom_at::Dialect;
use simcom_modem::{Fault, Notify};

use crate::nc::{assert_same, payload};
use crate::rig::{Module, PATIENCE, Peer, Running, until};
use crate::{echo_server, run, stderr, stdout};

const WITH_DATA_MODE: [&str; 4] = ["sim800", "sim800e", "sim7000", "a7600"];
const ALL: &[Dialect] = Dialect::ALL;

/// Most of each is waiting: side by side.
fn each<T: Send>(items: impl IntoIterator<Item = T>, test: impl Fn(T) + Sync) {
    let test = &test;
    std::thread::scope(|scope| {
        for item in items {
            scope.spawn(move || test(item));
        }
    });
}

fn free_port() -> u16 {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap().port()
}

#[test]
fn transparent_mode_moves_anything() {
    let port = echo_server().to_string();
    each(WITH_DATA_MODE, |dialect| {
        let mut bytes = payload(64 * 1024, false);
        bytes.extend_from_slice(b"+++\r\nCLOSED\r\n+++ and more");
        let place = format!("virtual:{dialect}");
        let args = ["nc", "127.0.0.1", &port, "--port", &place, "--transparent", "--idle", "1"];
        assert_same(&run(&args, &bytes), &bytes);
    });
}

#[test]
fn three_plus_signs_alone_are_data_too() {
    each(WITH_DATA_MODE, |dialect| {
        let peer = Peer::start();
        let (port, place) = (peer.port.to_string(), format!("virtual:{dialect}"));
        let args = ["nc", "127.0.0.1", &port, "--port", &place, "--transparent", "--idle", "1"];
        let mut nc = Running::start(&args);
        until("the connection", || peer.connections() == 1);
        std::thread::sleep(Duration::from_millis(1100));
        nc.give(b"+++");
        until("the signs", || peer.got(0) == b"+++");
        std::thread::sleep(Duration::from_millis(1100));
        for _ in 0..3 {
            nc.give(b"+");
            std::thread::sleep(Duration::from_millis(100));
        }
        until("the same, one by one", || peer.got(0) == b"++++++");
        nc.give(b"more");
        until("the rest", || peer.got(0) == b"++++++more");
        nc.end_stdin();
        assert_eq!(nc.wait(), Some(0), "{dialect}: {}", nc.stderr());
        assert!(nc.stdout().is_empty(), "{dialect}: {:?}", nc.stdout());
    });
}

#[test]
fn a_record_of_data_mode_is_read_back() {
    let port = echo_server().to_string();
    let bytes = b"one\r\nCLOSED\r\ntwo+++\r\nNO CARRIER\r\nthree\r\nOK\r\n, four.".repeat(400);
    each(WITH_DATA_MODE, |dialect| {
        let place = format!("virtual:{dialect}");
        let file =
            std::env::temp_dir().join(format!("simcom-test-data-{dialect}-{}.txt", std::process::id()));
        let file = file.to_str().unwrap();
        let args = ["nc", "127.0.0.1", &port, "--port", &place, "--transparent", "--record", file];
        assert_same(&run(&args, &bytes), &bytes);
        let output = run(&["decode", "--reports", file], b"");
        std::fs::remove_file(file).unwrap();
        let reports = stdout(&output);
        let reports = reports.lines().map(|line| line.parse::<simcom_vectors::Report>().unwrap());
        let data = reports.filter(|report| report.name == "Data");
        let got: Vec<u8> = data.flat_map(|report| report.field("bytes").unwrap().to_vec()).collect();
        assert!(got == bytes, "{dialect}: {} of {}", got.len(), bytes.len());
    });
}

#[test]
fn a_client_of_the_module_is_served() {
    each(WITH_DATA_MODE, |dialect| {
        for more in [&[][..], &["--transparent"], &["--push"]] {
            let (port, place) = (free_port(), format!("virtual:{dialect}"));
            let number = port.to_string();
            let args = [&["nc", "--listen", &number, "--port", &place, "--idle", "1"], more].concat();
            let mut nc = Running::start(&args);
            // Trying to connect until somebody listens would sooner or later connect to itself.
            until("the server", || nc.stderr().contains("listens on port"));
            let mut client = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).unwrap();
            client.set_read_timeout(Some(PATIENCE)).unwrap();
            let (ask, reply) = (payload(6000, false), payload(5000, true));
            client.write_all(&ask).unwrap();
            until("what the client sent", || nc.stdout().len() >= ask.len());
            assert!(nc.stdout() == ask, "{dialect} {more:?}");
            nc.give(&reply);
            nc.end_stdin();
            let mut got = Vec::new();
            client.read_to_end(&mut got).unwrap();
            assert!(got == reply, "{dialect} {more:?}: {} of {}", got.len(), reply.len());
            assert_eq!(nc.wait(), Some(0), "{dialect} {more:?}: {}", nc.stderr());
            assert!(nc.stderr().contains("127.0.0.1 has come"), "{}", nc.stderr());
        }
    });
}

#[test]
fn a_link_that_the_peer_closes_is_opened_again() {
    each(["sim7000", "kingcom", "a7600", "rda8955"], |dialect| {
        let peer = Peer::start();
        let (port, place) = (peer.port.to_string(), format!("virtual:{dialect}"));
        let args = ["nc", "127.0.0.1", &port, "--port", &place, "--reconnect=2", "--idle", "0.5"];
        let mut nc = Running::start(&args);
        nc.give(b"one");
        until("the first word", || peer.got(0) == b"one");
        // The module hears of the acknowledgement, and is asked for it.
        std::thread::sleep(Duration::from_millis(1500));
        peer.close(0);
        until("the next connection", || peer.connections() == 2);
        nc.give(b"two");
        until("the second word", || peer.got(1) == b"two");
        peer.send(1, b"back");
        until("the answer", || nc.stdout() == b"back");
        nc.end_stdin();
        // Kingcom's document knows no way to ask what has arrived.
        let want = if dialect == "kingcom" { 1 } else { 0 };
        assert_eq!(nc.wait(), Some(want), "{dialect}: {}", nc.stderr());
        let said = nc.stderr();
        assert!(said.contains("the peer closed\n") && said.contains("attempt 1 of 2 in 1 s: open"), "{said}");
        assert_eq!(said.contains("nobody has confirmed the last 3 bytes"), dialect == "kingcom", "{said}");
    });
}

/// Something takes the link away in the middle; data flows again.
fn survives(dialect: Dialect, more: &[&str], words: &str, happening: Notify) {
    let (peer, module) = (Peer::start(), Module::start(dialect));
    let port = peer.port.to_string();
    let name = dialect.name();
    let args = ["nc", "127.0.0.1", &port, "--port", &module.place, "--dialect", name, "--reconnect", "-v"];
    let args = [&args[..], &["--idle", "0.5"], more].concat();
    let mut nc = Running::start(&args);
    nc.give(b"one");
    until("the first word", || peer.got(0) == b"one");
    std::thread::sleep(Duration::from_millis(1500));
    module.does(move |modem, now| modem.notify(now, happening));
    until("the next connection", || peer.connections() == 2);
    nc.give(b"two");
    until("the second word", || peer.got(1) == b"two");
    peer.send(1, b"back");
    until("the answer", || nc.stdout() == b"back");
    nc.end_stdin();
    // Here nobody can ask what has arrived of the first word.
    let is_unknown = dialect == Dialect::Kingcom || more.contains(&"--transparent");
    assert_eq!(nc.wait(), Some(i32::from(is_unknown)), "{name}: {}", nc.stderr());
    assert!(nc.stderr().contains(words), "{name}: {}", nc.stderr());
}

#[test]
fn a_lost_context_is_brought_up_again() {
    each(ALL.iter().copied(), |dialect| {
        let words = ": shut the context, attach, open the link again";
        survives(dialect, &[], words, Notify::ContextLost(0));
        if !matches!(dialect, Dialect::Kingcom | Dialect::Rda8955) {
            survives(dialect, &["--transparent"], words, Notify::ContextLost(0));
        }
    });
}

#[test]
fn a_module_that_restarts_is_set_up_again() {
    each(ALL.iter().copied(), |dialect| {
        survives(dialect, &[], "attempt 1 of 5 in 1 s: look for the module", Notify::Restart);
    });
}

#[test]
fn bytes_that_may_have_been_sent_are_not_sent_twice() {
    let (peer, module) = (Peer::start(), Module::start(Dialect::Sim7000));
    let port = peer.port.to_string();
    let args = ["nc", "127.0.0.1", &port, "--port", &module.place, "--dialect", "sim7000", "--idle", "0.5"];
    let mut nc = Running::start(&[&args[..], &["--reconnect=3"]].concat());
    nc.give(b"one");
    until("the first word", || peer.got(0) == b"one");
    module.does(|modem, _| modem.faults().once(Fault::RestartInPayload(2)));
    std::thread::sleep(Duration::from_millis(100));
    nc.give(b"lost");
    until("the next connection", || peer.connections() == 2);
    nc.give(b"two");
    until("the third word", || !peer.got(1).is_empty());
    nc.end_stdin();
    assert_eq!(nc.wait(), Some(1), "{}", nc.stderr());
    assert_eq!((peer.got(0), peer.got(1)), (b"one".to_vec(), b"two".to_vec()), "{}", nc.stderr());
    let said = nc.stderr();
    assert!(said.contains("it is not known whether the last 4 bytes were sent"), "{said}");
    assert!(said.contains("it is not known whether 4 of the bytes sent arrived"), "{said}");
}

#[test]
fn attempts_are_bounded_and_visible() {
    let port = free_port().to_string();
    each([("sim800", "open the link again"), ("a7600", "open the link again")], |(dialect, more)| {
        let place = format!("virtual:{dialect}");
        let start = Instant::now();
        let output = run(&["nc", "127.0.0.1", &port, "--port", &place, "--reconnect=2"], b"x");
        let said = stderr(&output);
        assert_eq!(output.status.code(), Some(1), "{said}");
        assert!(said.contains("attempt 1 of 2 in 1 s") && said.contains("attempt 2 of 2 in 2 s"), "{said}");
        assert!(said.contains(more) && said.contains("this was the last of 2 attempts"), "{said}");
        assert!(start.elapsed() < Duration::from_secs(20));
    });
    let output = run(&["nc", "127.0.0.1", &port, "--port", "virtual:sim800", "--reconnect=3"], b"x");
    assert!(stderr(&output).contains("attempt 3 of 3 in 4 s: shut the context"), "{}", stderr(&output));
}

#[cfg(unix)]
#[test]
fn ctrl_c_closes_the_link_first() {
    each(Dialect::ALL.iter().map(|dialect| dialect.name()), |dialect| {
        for more in [&[][..], &["--transparent"]] {
            if matches!(dialect, "kingcom" | "rda8955") && !more.is_empty() {
                continue;
            }
            let (peer, module) = (Peer::start(), crate::Emulator::start(&["--dialect", dialect, "--pty"]));
            let port = peer.port.to_string();
            let args = ["nc", "127.0.0.1", &port, "--port", &module.name, "--dialect", dialect];
            let mut nc = Running::start(&[&args[..], more].concat());
            nc.give(b"hello");
            until("the word", || peer.got(0) == b"hello");
            let start = Instant::now();
            nc.signal("-INT");
            assert_eq!(nc.wait(), Some(0), "{dialect} {more:?}: {}", nc.stderr());
            assert!(start.elapsed() < Duration::from_secs(10), "{dialect} {more:?}");
            until("the close", || peer.is_over(0));
        }
    });
}

#[cfg(unix)]
#[test]
fn ctrl_c_while_nobody_answers_ends_at_once() {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let place = format!("tcp:{}", listener.local_addr().unwrap());
    let mut nc = Running::start(&["nc", "127.0.0.1", "80", "--port", &place, "--dialect", "sim800"]);
    let (mut line, _) = listener.accept().unwrap();
    assert!(line.read(&mut [0; 10]).unwrap() > 0);
    let start = Instant::now();
    nc.signal("-INT");
    assert_eq!(nc.wait(), Some(1), "{}", nc.stderr());
    assert!(start.elapsed() < Duration::from_secs(3));
    assert!(nc.stderr().contains("interrupted"), "{}", nc.stderr());
}
