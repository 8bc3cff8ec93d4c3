//! Every way to move data: transparent mode, servers, UDP to any peer, two contexts.

use crate::main_job::{DIALECTS, nasty, network, open, up};
use crate::pair::{Pair, What};
use simcom_at::{
    Action, Closing, Context, Dialect, Event, How, Link, Outcome, Pin, Refused, Settings, SocketAddrV4,
    Transport, Value,
};
use simcom_modem::net::Socket;

const TRANSPARENT: [Dialect; 4] = [Dialect::Sim800, Dialect::Sim800e, Dialect::Sim7000, Dialect::A7600];
const SERVERS: [Dialect; 5] =
    [Dialect::Sim800, Dialect::Sim800e, Dialect::Sim7000, Dialect::A7600, Dialect::Rda8955];

fn transparent(dialect: Dialect, transport: Transport, port: u16) -> Pair {
    let settings = Settings { transparent: true, ..Settings::default() };
    let mut pair = Pair::new(dialect, settings, network(3));
    up(&mut pair);
    open(&mut pair, 0, transport, port);
    assert!(pair.session.is_data_mode(), "{}", pair.tail());
    pair
}

#[test]
fn transparent_mode_carries_anything_out_and_in_again() {
    for dialect in TRANSPARENT {
        for transport in [Transport::Tcp, Transport::Udp] {
            let mut pair = transparent(dialect, transport, 7);
            let mut sent = Vec::new();
            for len in [1, 17, 1000] {
                let bytes = nasty(len, false);
                assert_eq!(pair.send(0, &bytes), Outcome::Accepted(len as u16));
                sent.extend_from_slice(&bytes);
            }
            let len = sent.len();
            assert!(
                pair.until(60_000, |p| p.received(0).len() >= len),
                "{dialect:?} {transport:?}\n{}",
                pair.tail()
            );
            assert!(pair.received(0) == sent, "{dialect:?} {transport:?}\n{}", pair.tail());
        }
    }
}

#[test]
fn data_mode_is_left_by_the_escape_and_entered_again() {
    for dialect in TRANSPARENT {
        let mut pair = transparent(dialect, Transport::Tcp, 7);
        pair.send(0, b"before");
        let now = pair.now();
        assert_eq!(pair.session.signal(now), Err(Refused::State));
        assert_eq!(pair.session.send(now, Link(0), b"+++", None), Err(Refused::Unsendable));
        pair.done(Action::LeaveData, |s, now| s.leave_data(now).unwrap());
        assert!(!pair.session.is_data_mode());
        pair.done(Action::Signal, |s, now| s.signal(now).unwrap());
        let now = pair.now();
        assert_eq!(pair.session.send(now, Link(0), b"no", None), Err(Refused::State));
        pair.done(Action::EnterData, |s, now| s.enter_data(now).unwrap());
        assert!(pair.session.is_data_mode(), "{}", pair.tail());
        pair.send(0, b" and behind");
        assert!(pair.until(60_000, |p| p.received(0).len() >= 17), "{}", pair.tail());
        assert_eq!(pair.received(0), b"before and behind", "{}", pair.tail());
        assert_eq!(pair.desk.network.peer_received(Socket(0)), b"before and behind");
    }
}

#[test]
fn data_mode_ends_when_the_peer_closes() {
    for dialect in TRANSPARENT {
        let mut pair = transparent(dialect, Transport::Tcp, 9);
        let token = pair.desk.network.peer_of(Socket(0)).unwrap().token();
        let (from, now) = (pair.told.len(), pair.now());
        pair.desk.network.peer_send(now, token, b"\r\nCLOSED\r\nnot yet\r\nNO CARRIER\r\n.");
        pair.desk.network.peer_close(now, token);
        pair.expect(60_000, from, |w| {
            matches!(w, What::Other(Event::Closed { why: Closing::Peer, certain: false, .. }))
        });
        assert_eq!(pair.received(0), b"\r\nCLOSED\r\nnot yet\r\nNO CARRIER\r\n.", "{}", pair.tail());
        assert!(!pair.session.is_data_mode());
        pair.ready();
        pair.done(Action::Signal, |s, now| s.signal(now).unwrap());
    }
}

#[test]
fn a_server_takes_clients_and_its_links_outlive_it() {
    for dialect in SERVERS {
        let mut pair = Pair::new(dialect, Settings::default(), network(5));
        up(&mut pair);
        pair.done(Action::Listen, |s, now| s.listen(now, 0, Transport::Tcp, 8888, 3).unwrap());
        let from = pair.told.len();
        let token = pair.desk.network.connect(pair.now(), 8888).unwrap();
        let accepted = |w: &What| matches!(w, What::Other(Event::Accepted { .. }));
        let What::Other(Event::Accepted { link, .. }) = pair.expect(10_000, from, accepted) else { panic!() };
        let now = pair.now();
        pair.desk.network.peer_send(now, token, b"hello server");
        assert!(pair.until(60_000, |p| p.received(link.0).len() >= 12), "{dialect:?}\n{}", pair.tail());
        pair.send(link.0, b"hello client");
        let other = if link.0 == 0 { 1 } else { 0 };
        open(&mut pair, other, Transport::Tcp, 7);
        pair.done(Action::Unlisten, |s, now| s.unlisten(now, 0).unwrap());
        pair.send(link.0, b" and more");
        assert_eq!(pair.desk.network.peer(token).unwrap().received().bytes(), b"hello client and more");
        assert!(pair.desk.network.connect(pair.now(), 8888).is_none());
        let (from, now) = (pair.told.len(), pair.now());
        pair.session.close(now, link, How::Slow).unwrap();
        pair.expect(30_000, from, |w| matches!(w, What::Other(Event::Done { action: Action::Close, .. })));
    }
}

#[test]
fn four_servers_listen_at_once_on_a7600() {
    let mut pair = Pair::new(Dialect::A7600, Settings::default(), network(5));
    up(&mut pair);
    for server in 0..4 {
        let port = 7000 + u16::from(server);
        pair.done(Action::Listen, |s, now| s.listen(now, server, Transport::Tcp, port, 1).unwrap());
    }
    let now = pair.now();
    assert_eq!(pair.session.listen(now, 4, Transport::Tcp, 1, 1), Err(Refused::NoSuchLink));
    for server in 0..4u16 {
        let from = pair.told.len();
        assert!(pair.desk.network.connect(pair.now(), 7000 + server).is_some());
        pair.expect(10_000, from, |w| matches!(w, What::Other(Event::Accepted { .. })));
    }
    for server in 0..4 {
        pair.done(Action::Unlisten, |s, now| s.unlisten(now, server).unwrap());
    }
}

#[test]
fn a_datagram_goes_to_any_peer_and_tells_its_sender() {
    for (dialect, push) in [
        (Dialect::Sim800, false),
        (Dialect::Sim800, true),
        (Dialect::Sim7000, false),
        (Dialect::Sim7000, true),
        (Dialect::A7600, true),
        (Dialect::Rda8955, false),
        (Dialect::Rda8955, true),
    ] {
        for single in [false, true] {
            let settings = Settings { any_peer: true, push, single, ..Settings::default() };
            let mut pair = Pair::new(dialect, settings, network(5));
            up(&mut pair);
            let now = pair.now();
            let from = pair.told.len();
            pair.session.open(now, Link(0), Transport::Udp, "127.0.0.1", 7, 4000).unwrap();
            pair.expect(60_000, from, |w| matches!(w, What::Other(Event::Opened { .. })));
            pair.ready();
            pair.send(0, b"first");
            let other: SocketAddrV4 = "10.9.8.7:7".parse().unwrap();
            if dialect == Dialect::A7600 {
                let now = pair.now();
                pair.session.send(now, Link(0), b"second", Some(other)).unwrap();
                pair.until(1000, |_| false);
            } else {
                pair.done(Action::UdpPeer, |s, now| s.udp_peer(now, Link(0), other).unwrap());
                pair.send(0, b"second");
            }
            let got = |p: &Pair| p.received(0).len() >= 11;
            assert!(pair.until(60_000, got), "{dialect:?} push {push} single {single}\n{}", pair.tail());
            assert_eq!(
                pair.senders,
                ["127.0.0.1:7", "10.9.8.7:7"],
                "{dialect:?} push {push}\n{}",
                pair.tail()
            );
        }
    }
}

#[test]
fn two_contexts_carry_links_and_shutting_one_leaves_the_other() {
    for dialect in [Dialect::Sim800, Dialect::Sim7000, Dialect::Rda8955] {
        let mut pair = Pair::new(dialect, Settings::default(), network(5));
        up(&mut pair);
        open(&mut pair, 0, Transport::Tcp, 7);
        pair.done(Action::Attach, |s, now| s.attach(now, Context(1), "CMWAP", "", "").unwrap());
        open(&mut pair, 1, Transport::Tcp, 7);
        pair.send(0, b"zero");
        pair.send(1, b"one");
        assert!(
            pair.until(60_000, |p| p.received(0) == b"zero" && p.received(1) == b"one"),
            "{}",
            pair.tail()
        );
        let from = pair.told.len();
        pair.done(Action::Shut, |s, now| s.shut(now).unwrap());
        pair.expect(1, from, |w| matches!(w, What::Other(Event::Closed { link: Link(1), .. })));
        pair.send(0, b" again");
        assert!(pair.until(60_000, |p| p.received(0) == b"zero again"), "{}", pair.tail());
        pair.done(Action::Context, |s, now| s.context(now, Context(0)).unwrap());
        let from = pair.told.len();
        pair.done(Action::Shut, |s, now| s.shut(now).unwrap());
        pair.expect(1, from, |w| matches!(w, What::Other(Event::Closed { link: Link(0), .. })));
    }
}

#[test]
fn room_and_acknowledgement_are_asked_for() {
    for dialect in [Dialect::Sim800, Dialect::Sim7000, Dialect::Rda8955] {
        for single in [false, true] {
            let mut pair = Pair::new(dialect, Settings { single, ..Settings::default() }, network(5));
            up(&mut pair);
            open(&mut pair, 0, Transport::Tcp, 7);
            if dialect == Dialect::Rda8955 {
                // It prints its help instead of a number.
                assert_eq!(pair.session.room(pair.now(), Link(0)), Err(Refused::NotInDialect));
            } else {
                let room = pair.done(Action::Room, |s, now| s.room(now, Link(0)).unwrap());
                assert_eq!(room, Value::Room(1460), "{}", pair.tail());
            }
            pair.send(0, b"12345");
            pair.until(1000, |_| false);
            let ack = pair.done(Action::Acknowledged, |s, now| s.acknowledged(now, Link(0)).unwrap());
            assert_eq!(ack, Value::Ack { sent: 5, acked: 5 }, "{}", pair.tail());
        }
    }
}

#[test]
fn with_dcd_wired_no_payload_ends_data_mode_and_its_end_is_certain() {
    for dialect in TRANSPARENT {
        let settings = Settings { transparent: true, modem_lines: true, ..Settings::default() };
        let mut pair = Pair::new(dialect, settings, network(3));
        let now = pair.now();
        pair.session.pin(now, Pin::Dcd, true);
        up(&mut pair);
        open(&mut pair, 0, Transport::Tcp, 9);
        let token = pair.desk.network.peer_of(Socket(0)).unwrap().token();
        let now = pair.now();
        pair.desk.network.peer_send(now, token, b"\r\nCLOSED\r\n");
        pair.until(10_000, |_| false);
        assert_eq!(pair.received(0), b"\r\nCLOSED\r\n", "{dialect:?}\n{}", pair.tail());
        assert!(pair.session.is_data_mode());
        let (from, now) = (pair.told.len(), pair.now());
        pair.desk.network.peer_close(now, token);
        pair.until(500, |_| false);
        let now = pair.now();
        pair.session.pin(now, Pin::Dcd, false);
        pair.expect(100, from, |w| {
            matches!(w, What::Other(Event::Closed { why: Closing::Peer, certain: true, .. }))
        });
        assert_eq!(pair.received(0), b"\r\nCLOSED\r\n", "{dialect:?}\n{}", pair.tail());
    }
}

#[test]
fn dtr_leaves_data_mode_where_it_is_wired() {
    for dialect in TRANSPARENT {
        let settings = Settings { transparent: true, modem_lines: true, ..Settings::default() };
        let mut pair = Pair::new(dialect, settings, network(3));
        up(&mut pair);
        open(&mut pair, 0, Transport::Tcp, 7);
        let now = pair.now();
        pair.session.leave_data(now).unwrap();
        let from = pair.told.len();
        let mut low = 0;
        for _ in 0..80 {
            let dtr = pair.session.pins().dtr;
            low += u32::from(!dtr);
            let now = pair.now();
            pair.desk.modem.dtr(now, dtr);
            pair.until(50, |_| false);
        }
        // A7600 answers at the edge, the others after a second of their own clock: there is a margin.
        let long = if dialect == Dialect::A7600 { 1..34 } else { 30..34 };
        assert!(long.contains(&low), "{dialect:?}: off for {low} × 50 ms\n{}", pair.tail());
        pair.expect(1, from, |w| matches!(w, What::Other(Event::Done { action: Action::LeaveData, .. })));
        assert!(!pair.log.contains("+++"), "{dialect:?}");
        pair.done(Action::Signal, |s, now| s.signal(now).unwrap());
    }
}

#[test]
fn a_client_that_takes_the_number_of_an_open_in_flight_keeps_it() {
    for dialect in SERVERS {
        for later in [0, 1, 5, 20, 40, 49, 50, 51, 55] {
            let mut pair = Pair::new(dialect, Settings::default(), network(50));
            up(&mut pair);
            pair.done(Action::Listen, |s, now| s.listen(now, 0, Transport::Tcp, 8888, 3).unwrap());
            let from = pair.told.len();
            let token = pair.desk.network.connect(pair.now(), 8888).unwrap();
            let at = pair.now().after(later);
            pair.until(later, |p| p.now().reached(at));
            let number = if dialect == Dialect::Sim7000 { 1 } else { 0 };
            let now = pair.now();
            let _ = pair.session.open(now, Link(number), Transport::Tcp, "192.0.2.1", 7, 0);
            pair.until(20_000, |_| false);
            let told: Vec<_> = pair.told[from..].iter().map(|t| t.what.clone()).collect();
            let failed = |w: &&What| matches!(w, What::Other(Event::Failed { .. }));
            let opened = |w: &&What| matches!(w, What::Other(Event::Opened { .. }));
            assert!(
                told.iter().filter(failed).count() + told.iter().filter(opened).count() <= 1,
                "{}",
                pair.tail()
            );
            let link = told.iter().find_map(|w| match w {
                What::Other(Event::Accepted { link, .. }) => Some(link.0),
                _ => None,
            });
            let link = link.unwrap_or_else(|| panic!("{dialect:?} {later}\n{}", pair.tail()));
            pair.send(link, b"hello");
            assert_eq!(pair.desk.network.peer(token).unwrap().received().bytes(), b"hello");
        }
    }
}

#[test]
fn attach_ends_the_links_that_a_host_before_us_has_left_open() {
    for dialect in DIALECTS {
        let mut pair = Pair::new(dialect, Settings::default(), network(7));
        up(&mut pair);
        open(&mut pair, 0, Transport::Tcp, 7);
        // The host starts anew and knows of nothing.
        pair.session.reset(pair.desk.now());
        up(&mut pair);
        open(&mut pair, 0, Transport::Tcp, 7);
        pair.send(0, b"anew");
        assert!(pair.until(60_000, |p| p.received(0) == b"anew"), "{dialect:?}\n{}", pair.tail());
    }
}
