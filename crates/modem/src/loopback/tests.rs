use super::*;
use crate::net::{Host, OpenError};
use alloc::string::ToString;
use alloc::vec;
use proptest::prelude::*;

const LINK: Socket = Socket(0);
const SERVER: Socket = Socket(Socket::SERVER);

fn at(ms: u32) -> Instant {
    Instant::from_millis(ms)
}

fn network() -> Loopback {
    Loopback::new(LoopbackSettings::default(), 1)
}

fn slow() -> Loopback {
    Loopback::new(LoopbackSettings { latency_ms: 10, ..LoopbackSettings::default() }, 1)
}

fn open(network: &mut Loopback, now: Instant, transport: Transport, host: &str, port: u16) {
    let host = host.parse().map_or_else(|_| Host::Name(host.to_string()), Host::Address);
    let peer = Some((host, port));
    network.request(now, Request::Open { socket: LINK, transport, peer, local: 0 });
}

fn send(network: &mut Loopback, now: Instant, bytes: &[u8]) {
    network.request(now, Request::Send { socket: LINK, bytes: bytes.to_vec(), to: None });
}

/// All that comes until nothing is under way any more, with its time.
fn drain(network: &mut Loopback) -> Vec<(u32, Arrival)> {
    let mut arrivals = Vec::new();
    while let Some(due) = network.deadline() {
        assert_eq!(network.poll(at(due.millis().wrapping_sub(1))), None, "nothing comes before its time");
        arrivals.push((due.millis(), network.poll(due).unwrap()));
    }
    assert_eq!(network.poll(at(u32::MAX / 4)), None);
    arrivals
}

fn data(arrivals: &[(u32, Arrival)]) -> Vec<u8> {
    let bytes = |arrival: &Arrival| match arrival {
        Arrival::Notify(Notify::Data { bytes, .. }) => bytes.clone(),
        Arrival::Notify(_) | Arrival::Reply(_) => vec![],
    };
    arrivals.iter().flat_map(|(_, arrival)| bytes(arrival)).collect()
}

fn opened(arrivals: &[(u32, Arrival)]) -> Vec<(u32, Result<Option<SocketAddrV4>, OpenError>)> {
    let result = |(ms, arrival): &(u32, Arrival)| match arrival {
        Arrival::Reply(Reply::Opened { result, .. }) => Some((*ms, *result)),
        Arrival::Reply(_) | Arrival::Notify(_) => None,
    };
    arrivals.iter().filter_map(result).collect()
}

fn peer_closed(socket: Socket) -> Arrival {
    Arrival::Notify(Notify::PeerClosed { socket })
}

#[test]
fn an_echo_takes_two_trips_and_is_acknowledged() {
    let mut network = slow();
    open(&mut network, at(0), Transport::Tcp, "localhost", 7);
    let local = SocketAddrV4::new(Ipv4Addr::LOCALHOST, 7);
    assert_eq!(opened(&drain(&mut network)), [(40, Ok(Some(local)))], "the name and the connect");
    send(&mut network, at(100), b"hello");
    assert_eq!(
        drain(&mut network),
        [
            (100, Arrival::Reply(Reply::Sent { socket: LINK, result: Ok(5) })),
            (120, Arrival::Notify(Notify::Acked { socket: LINK, bytes: 5 })),
            (
                120,
                Arrival::Notify(Notify::Data { socket: LINK, bytes: b"hello".to_vec(), from: Some(local) })
            ),
        ]
    );
    assert_eq!(network.peer_received(LINK), b"hello");
    assert_eq!(network.peer_of(LINK).unwrap().sent().bytes(), b"hello");
}

#[test]
fn an_open_fails_for_an_unknown_name_a_closed_port_and_never_ends_at_the_black_hole() {
    let mut network = network();
    open(&mut network, at(0), Transport::Tcp, "nosuchhost.test", 7);
    assert_eq!(opened(&drain(&mut network)), [(0, Err(OpenError::Dns))]);
    open(&mut network, at(0), Transport::Tcp, "somewhere.else", 7);
    assert_eq!(opened(&drain(&mut network)), [(0, Err(OpenError::Dns))]);
    open(&mut network, at(0), Transport::Tcp, "10.1.2.3", 8);
    assert_eq!(opened(&drain(&mut network)), [(0, Err(OpenError::Refused))]);
    open(&mut network, at(0), Transport::Tcp, "10.1.2.3", Loopback::BLACK_HOLE);
    assert_eq!(drain(&mut network), []);
    network.request(at(9), Request::Close { socket: LINK });
    assert_eq!(drain(&mut network), []);
}

#[test]
fn names_can_be_given_taken_and_left_unanswered() {
    let mut network = network();
    let resolve = |network: &mut Loopback, name: &str| {
        network.request(at(0), Request::Resolve { name: name.to_string() });
        drain(network).pop().map(|(_, arrival)| arrival)
    };
    let resolved = |addresses: &[Ipv4Addr]| Some(Arrival::Reply(Reply::Resolved(addresses.to_vec())));
    assert_eq!(resolve(&mut network, "LocalHost"), resolved(&[Ipv4Addr::LOCALHOST]));
    assert_eq!(resolve(&mut network, "10.9.8.7"), resolved(&[Ipv4Addr::new(10, 9, 8, 7)]));
    assert_eq!(resolve(&mut network, "nosuchhost"), resolved(&[]));
    let two = [Ipv4Addr::new(1, 2, 3, 4), Ipv4Addr::new(5, 6, 7, 8)];
    network.name("Two.Example", &two);
    assert_eq!(resolve(&mut network, "two.example"), resolved(&two));
    network.name("localhost", &[]);
    assert_eq!(resolve(&mut network, "localhost"), resolved(&[]));
    network.name_unanswered("example.com");
    assert_eq!(resolve(&mut network, "example.com"), None);
}

#[test]
fn a_service_that_closes_does_so_behind_its_data() {
    let mut network = network();
    network.serve(Transport::Tcp, 2_000, Service::Burst(3_000));
    open(&mut network, at(0), Transport::Tcp, "a.test", 2_000);
    let arrivals = drain(&mut network);
    assert_eq!(data(&arrivals), pattern(3_000));
    assert_eq!(arrivals.last().unwrap().1, peer_closed(LINK));
    send(&mut network, at(1), b"too late");
    assert_eq!(drain(&mut network), [(1, Arrival::Reply(Reply::Sent { socket: LINK, result: Err(()) }))]);
    assert_eq!(network.peer_received(LINK), b"");
}

#[test]
fn data_waits_while_the_modem_takes_none_and_so_does_the_close_behind_it() {
    let mut network = network();
    open(&mut network, at(0), Transport::Tcp, "localhost", 80);
    send(&mut network, at(0), b"GET /bytes/100 HTTP/1.1\r\n\r\n");
    network.request(at(0), Request::Receive { socket: LINK, ready: false });
    let before = drain(&mut network);
    assert_eq!((before.len(), data(&before)), (3, vec![]), "the open, the send and its acknowledgement");
    network.request(at(500), Request::Receive { socket: LINK, ready: true });
    let after = drain(&mut network);
    assert!(data(&after).ends_with(&pattern(100)));
    assert_eq!(after.last().unwrap().1, peer_closed(LINK));
}

#[test]
fn nothing_is_reported_after_a_close() {
    let mut network = slow();
    open(&mut network, at(0), Transport::Tcp, "localhost", 7);
    drain(&mut network);
    send(&mut network, at(100), b"hello");
    network.request(at(100), Request::Close { socket: LINK });
    assert_eq!(drain(&mut network), []);
    assert_eq!(network.peer_received(LINK), b"hello", "what the network took arrives all the same");
    assert_eq!(network.peer_of(LINK).unwrap().state(), State::Closed);
}

#[test]
fn a_caller_waits_for_accept_with_all_it_sent() {
    let mut network = slow();
    assert_eq!(network.connect(at(0), 1_234), None);
    network.request(at(0), Request::Listen { socket: SERVER, transport: Transport::Tcp, port: 1_234 });
    let token = network.connect(at(0), 1_234).unwrap();
    assert!(network.peer_send(at(5), token, b"first"));
    let peer = network.peer(token).unwrap().address().unwrap();
    assert_eq!(
        drain(&mut network),
        [
            (0, Arrival::Reply(Reply::Listening { socket: SERVER, ok: true })),
            (10, Arrival::Notify(Notify::Incoming { socket: SERVER, token, peer })),
        ]
    );
    network.request(at(20), Request::Accept { token, socket: LINK });
    network.request(at(20), Request::Send { socket: LINK, bytes: b"hi".to_vec(), to: None });
    assert!(network.peer_close(at(30), token));
    assert!(!network.peer_send(at(31), token, b"no more"));
    let arrivals = drain(&mut network);
    assert_eq!(data(&arrivals), b"first");
    assert_eq!(arrivals.last().unwrap(), &(40, peer_closed(LINK)));
    assert_eq!(network.peer_received(LINK), b"hi");
    assert_eq!(network.peer(token).unwrap().delivered(), 5);
}

#[test]
fn a_refused_caller_and_the_callers_of_a_closed_server_are_gone() {
    let mut network = network();
    network.request(at(0), Request::Listen { socket: SERVER, transport: Transport::Tcp, port: 80 });
    let (one, two) = (network.connect(at(0), 80).unwrap(), network.connect(at(0), 80).unwrap());
    drain(&mut network);
    network.request(at(1), Request::Refuse { token: one });
    assert_eq!(network.peer(one).unwrap().state(), State::Closed);
    network.request(at(2), Request::Close { socket: SERVER });
    assert!(!network.peer_send(at(3), two, b"x"));
    network.request(at(3), Request::Accept { token: two, socket: LINK });
    assert_eq!(drain(&mut network), [(3, peer_closed(LINK))]);
    assert_eq!(network.connect(at(4), 80), None);
}

#[test]
fn a_broken_connection_loses_what_is_under_way() {
    let mut network = slow();
    open(&mut network, at(0), Transport::Tcp, "10.0.0.9", 9);
    drain(&mut network);
    let token = network.peer_of(LINK).unwrap().token();
    network.peer_send(at(100), token, b"never seen");
    assert!(network.peer_reset(at(105), token));
    assert_eq!(drain(&mut network), [(115, peer_closed(LINK))]);
}

#[test]
fn datagrams_stay_whole_and_name_their_sender() {
    let mut network =
        Loopback::new(LoopbackSettings { cut: true, piece: 3, ..LoopbackSettings::default() }, 5);
    network
        .request(at(0), Request::Open { socket: LINK, transport: Transport::Udp, peer: None, local: 5_000 });
    let echo = SocketAddrV4::new(Ipv4Addr::new(10, 0, 0, 9), 7);
    network.request(at(0), Request::Send { socket: LINK, bytes: vec![7; 900], to: Some(echo) });
    let anyone = SocketAddrV4::new(Ipv4Addr::new(8, 8, 8, 8), 53);
    assert!(network.datagram(at(1), anyone, 5_000, b""));
    assert!(!network.datagram(at(1), anyone, 5_001, b"x"));
    assert_eq!(
        drain(&mut network),
        [
            (0, Arrival::Reply(Reply::Opened { socket: LINK, result: Ok(None) })),
            (0, Arrival::Reply(Reply::Sent { socket: LINK, result: Ok(900) })),
            (0, Arrival::Notify(Notify::Data { socket: LINK, bytes: vec![7; 900], from: Some(echo) })),
            (1, Arrival::Notify(Notify::Data { socket: LINK, bytes: vec![], from: Some(anyone) })),
        ]
    );
    network.request(at(2), Request::Send { socket: LINK, bytes: vec![0; 70_000], to: Some(echo) });
    assert_eq!(drain(&mut network), [(2, Arrival::Reply(Reply::Sent { socket: LINK, result: Ok(0) }))]);
    assert_eq!(network.peer_of(LINK).unwrap().received().each(), [(echo, vec![7; 900])]);
}

#[test]
fn a_deaf_peer_never_acknowledges() {
    let mut network = network();
    network.serve(Transport::Tcp, 2_001, Service::Deaf);
    open(&mut network, at(0), Transport::Tcp, "localhost", 2_001);
    send(&mut network, at(0), b"hello?");
    assert_eq!(
        drain(&mut network).pop().unwrap().1,
        Arrival::Reply(Reply::Sent { socket: LINK, result: Ok(6) })
    );
}

#[test]
fn a_local_port_can_be_had_once() {
    let mut network = network();
    network.request(at(0), Request::Listen { socket: SERVER, transport: Transport::Tcp, port: 100 });
    network.request(at(0), Request::Listen { socket: Socket(0x81), transport: Transport::Tcp, port: 100 });
    let peer = Some((Host::Address(Ipv4Addr::LOCALHOST), 7));
    network.request(at(0), Request::Open { socket: LINK, transport: Transport::Tcp, peer, local: 100 });
    let arrivals = drain(&mut network);
    assert_eq!(arrivals[1].1, Arrival::Reply(Reply::Listening { socket: Socket(0x81), ok: false }));
    assert_eq!(opened(&arrivals), [(0, Err(OpenError::Local))]);
}

#[test]
fn scripted_events_come_at_their_time() {
    let mut network = network();
    network.at(at(50), Notify::Restart);
    network.at(at(20), Notify::Registration(2));
    assert_eq!(
        drain(&mut network),
        [(20, Arrival::Notify(Notify::Registration(2))), (50, Arrival::Notify(Notify::Restart))]
    );
}

#[test]
fn a_slow_network_carries_no_more_than_its_rate() {
    let settings = LoopbackSettings { bytes_per_s: 1_000, piece: 100, ..LoopbackSettings::default() };
    let mut network = Loopback::new(settings, 1);
    network.serve(Transport::Tcp, 2_000, Service::Burst(1_000));
    open(&mut network, at(0), Transport::Tcp, "localhost", 2_000);
    assert_eq!(drain(&mut network).last().unwrap(), &(1_000, peer_closed(LINK)));
}

#[test]
fn the_record_of_a_peer_is_bounded_and_so_are_the_closed_peers() {
    let mut network = Loopback::new(LoopbackSettings { record: 10, ..LoopbackSettings::default() }, 1);
    for _ in 0..1_100 {
        open(&mut network, at(0), Transport::Tcp, "localhost", 9);
        send(&mut network, at(0), b"123456");
        send(&mut network, at(0), b"789012");
    }
    assert_eq!(network.peer_received(LINK), b"1234567890");
    assert_eq!(network.peer_of(LINK).unwrap().received().total(), 12);
    assert_eq!(network.peers().count(), 1_025);
}

proptest! {
    #[test]
    fn a_stream_comes_in_order_however_it_is_cut_and_delayed(
        seed: u64, latency_ms in 0..30u32, jitter_ms in 0..30u32, piece in 0..50u32, cut: bool,
        sends in prop::collection::vec((0..20u32, prop::collection::vec(any::<u8>(), 1..200)), 0..20),
    ) {
        let settings = LoopbackSettings { latency_ms, jitter_ms, piece, cut, ..LoopbackSettings::default() };
        let mut network = Loopback::new(settings, seed);
        open(&mut network, at(0), Transport::Tcp, "localhost", 7);
        let (mut now, mut sent, mut arrivals) = (at(0), Vec::new(), drain(&mut network));
        for (wait_ms, bytes) in sends {
            now = now.after(wait_ms);
            send(&mut network, now, &bytes);
            while let Some(arrival) = network.poll(now) {
                arrivals.push((now.millis(), arrival));
            }
            sent.extend(bytes);
        }
        arrivals.extend(drain(&mut network));
        prop_assert_eq!(data(&arrivals), sent.clone());
        prop_assert_eq!(network.peer_received(LINK), sent.clone());
        let acked = |arrival: &Arrival| match arrival {
            Arrival::Notify(Notify::Acked { bytes, .. }) => *bytes,
            Arrival::Notify(_) | Arrival::Reply(_) => 0,
        };
        prop_assert_eq!(arrivals.iter().map(|(_, arrival)| acked(arrival)).sum::<usize>(), sent.len());
    }
}
