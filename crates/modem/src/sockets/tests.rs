use super::*;
use alloc::string::ToString;
use std::io::{Read, Write};
use std::net::UdpSocket;
use std::time::{Duration, Instant as Clock};

const LINK: Socket = Socket(0);
const SERVER: Socket = Socket(Socket::SERVER);

/// The longest that any of these tests waits for the kernel.
const PATIENCE: Duration = Duration::from_secs(20);

struct Rig {
    network: Sockets,
    start: Clock,
}

impl Rig {
    fn new() -> Self {
        Self { network: Sockets::new(), start: Clock::now() }
    }

    fn now(&self) -> Instant {
        Instant::from_millis(u32::try_from(self.start.elapsed().as_millis()).unwrap())
    }

    fn request(&mut self, request: Request) {
        let now = self.now();
        self.network.request(now, request);
    }

    fn poll(&mut self) -> Option<Arrival> {
        let now = self.now();
        self.network.poll(now)
    }

    /// The next thing that comes.
    #[track_caller]
    fn next(&mut self) -> Arrival {
        let waiting = Clock::now();
        loop {
            if let Some(arrival) = self.poll() {
                return arrival;
            }
            assert!(waiting.elapsed() < PATIENCE, "nothing came");
            std::thread::sleep(Duration::from_micros(200));
        }
    }

    /// Asserts that nothing comes, as far as that can be seen without waiting long.
    #[track_caller]
    fn nothing(&mut self) {
        for _ in 0..20 {
            assert_eq!(self.poll(), None);
            std::thread::sleep(Duration::from_millis(1));
        }
    }

    /// Data until so many bytes have come.
    #[track_caller]
    fn data(&mut self, len: usize) -> Vec<u8> {
        let mut got = Vec::new();
        while got.len() < len {
            match self.next() {
                Arrival::Notify(Notify::Data { bytes, .. }) => got.extend(bytes),
                other => panic!("{other:?} after {} bytes", got.len()),
            }
        }
        got
    }

    fn open(&mut self, transport: Transport, host: Host, port: u16) -> Arrival {
        self.request(Request::Open { socket: LINK, transport, peer: Some((host, port)), local: 0 });
        self.next()
    }

    /// A connection, and its other end.
    fn connected() -> (Self, TcpStream) {
        let mut rig = Self::new();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let SocketAddr::V4(address) = listener.local_addr().unwrap() else { panic!() };
        let opened = rig.open(Transport::Tcp, Host::Address(*address.ip()), address.port());
        assert_eq!(opened, Arrival::Reply(Reply::Opened { socket: LINK, result: Ok(Some(address)) }));
        let (peer, _) = listener.accept().unwrap();
        peer.set_read_timeout(Some(PATIENCE)).unwrap();
        (rig, peer)
    }

    fn send(&mut self, bytes: &[u8]) {
        self.request(Request::Send { socket: LINK, bytes: bytes.to_vec(), to: None });
    }
}

fn peer_closed(socket: Socket) -> Arrival {
    Arrival::Notify(Notify::PeerClosed { socket })
}

#[test]
fn bytes_go_both_ways_and_are_acknowledged() {
    let (mut rig, mut peer) = Rig::connected();
    rig.send(b"hello");
    assert_eq!(rig.next(), Arrival::Reply(Reply::Sent { socket: LINK, result: Ok(5) }));
    assert_eq!(rig.next(), Arrival::Notify(Notify::Acked { socket: LINK, bytes: 5 }));
    let mut got = [0; 5];
    peer.read_exact(&mut got).unwrap();
    assert_eq!(&got, b"hello");
    peer.write_all(&[7; 5_000]).unwrap();
    assert_eq!(rig.data(5_000), [7; 5_000]);
}

#[test]
fn the_close_of_the_peer_comes_behind_all_its_data() {
    let (mut rig, mut peer) = Rig::connected();
    peer.write_all(&[1; 4_000]).unwrap();
    drop(peer);
    assert_eq!(rig.data(4_000), [1; 4_000]);
    assert_eq!(rig.next(), peer_closed(LINK));
    rig.nothing();
}

#[test]
fn nothing_is_read_while_the_modem_takes_no_data() {
    let (mut rig, mut peer) = Rig::connected();
    rig.request(Request::Receive { socket: LINK, ready: false });
    peer.write_all(b"wait").unwrap();
    drop(peer);
    rig.nothing();
    rig.request(Request::Receive { socket: LINK, ready: true });
    assert_eq!(rig.data(4), b"wait");
    assert_eq!(rig.next(), peer_closed(LINK));
}

#[test]
fn a_send_that_the_stack_takes_in_parts_is_answered_when_it_has_all() {
    let (mut rig, mut peer) = Rig::connected();
    let len = 32 << 20;
    rig.send(&alloc::vec![9; len]);
    rig.nothing();
    let reader = std::thread::spawn(move || {
        let mut got = alloc::vec![0; len];
        peer.read_exact(&mut got).map(|()| got.iter().all(|byte| *byte == 9)).unwrap()
    });
    assert_eq!(rig.next(), Arrival::Reply(Reply::Sent { socket: LINK, result: Ok(len) }));
    assert!(reader.join().unwrap());
}

#[test]
fn what_was_sent_before_a_close_arrives_although_data_was_left_unread() {
    let (mut rig, mut peer) = Rig::connected();
    peer.write_all(b"never read").unwrap();
    let len = 8 << 20;
    rig.send(&alloc::vec![9; len]);
    rig.request(Request::Close { socket: LINK });
    let reader = std::thread::spawn(move || {
        let mut got = Vec::new();
        peer.read_to_end(&mut got).map(|_| got.len()).unwrap()
    });
    let waiting = Clock::now();
    while rig.network.deadline().is_some() {
        assert_eq!(rig.poll(), None, "nothing is reported of a closed socket");
        assert!(waiting.elapsed() < PATIENCE);
        std::thread::sleep(Duration::from_micros(200));
    }
    assert_eq!(reader.join().unwrap(), len);
}

#[test]
fn a_send_into_a_broken_connection_fails() {
    let (mut rig, peer) = Rig::connected();
    rig.request(Request::Receive { socket: LINK, ready: false });
    drop(peer);
    loop {
        rig.send(b"anybody there?");
        match rig.next() {
            Arrival::Reply(Reply::Sent { result: Err(()), .. }) => break,
            Arrival::Reply(Reply::Sent { result: Ok(14), .. }) => {
                assert_eq!(rig.next(), Arrival::Notify(Notify::Acked { socket: LINK, bytes: 14 }));
            }
            other => panic!("{other:?}"),
        }
    }
    rig.request(Request::Receive { socket: LINK, ready: true });
    assert_eq!(rig.next(), peer_closed(LINK));
}

#[test]
fn a_closed_port_refuses_and_an_unknown_name_is_not_found() {
    let mut rig = Rig::new();
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let refused = Arrival::Reply(Reply::Opened { socket: LINK, result: Err(OpenError::Refused) });
    assert_eq!(rig.open(Transport::Tcp, Host::Address(Ipv4Addr::LOCALHOST), free), refused);
    let unknown = Arrival::Reply(Reply::Opened { socket: LINK, result: Err(OpenError::Dns) });
    assert_eq!(rig.open(Transport::Tcp, Host::Name("".to_string()), 80), unknown);
    rig.request(Request::Resolve { name: "127.0.0.1".to_string() });
    assert_eq!(rig.next(), Arrival::Reply(Reply::Resolved(Vec::from([Ipv4Addr::LOCALHOST]))));
    assert_eq!(rig.network.deadline(), None, "there is nothing to look at");
}

#[test]
fn a_socket_closed_while_it_connects_reports_nothing() {
    let mut rig = Rig::new();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let peer = Some((Host::Address(Ipv4Addr::LOCALHOST), port));
    rig.request(Request::Open { socket: LINK, transport: Transport::Tcp, peer, local: 0 });
    rig.request(Request::Close { socket: LINK });
    let waiting = Clock::now();
    while rig.network.deadline().is_some() {
        assert_eq!(rig.poll(), None);
        assert!(waiting.elapsed() < PATIENCE);
    }
}

#[test]
fn callers_are_announced_accepted_and_refused() {
    let mut rig = Rig::new();
    rig.request(Request::Listen { socket: SERVER, transport: Transport::Tcp, port: 0 });
    assert_eq!(rig.next(), Arrival::Reply(Reply::Listening { socket: SERVER, ok: true }));
    let address = rig.network.local(SERVER).unwrap();
    assert!(address.ip().is_loopback());
    let caller = |rig: &mut Rig| {
        let stream = TcpStream::connect(address).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        match rig.next() {
            Arrival::Notify(Notify::Incoming { socket: SERVER, token, peer }) => {
                assert_eq!(SocketAddr::V4(peer), stream.local_addr().unwrap());
                (stream, token)
            }
            other => panic!("{other:?}"),
        }
    };
    let (mut one, token) = caller(&mut rig);
    one.write_all(b"hi").unwrap();
    rig.nothing();
    rig.request(Request::Accept { token, socket: LINK });
    assert_eq!(rig.data(2), b"hi");
    let (mut two, token) = caller(&mut rig);
    rig.request(Request::Refuse { token });
    assert_eq!(two.read(&mut [0; 1]).unwrap_or(0), 0);
    let (mut three, token) = caller(&mut rig);
    rig.request(Request::Close { socket: SERVER });
    assert_eq!(three.read(&mut [0; 1]).unwrap_or(0), 0);
    rig.request(Request::Accept { token, socket: Socket(1) });
    assert_eq!(rig.next(), peer_closed(Socket(1)));
}

#[test]
fn a_taken_port_is_not_listened_on() {
    let mut rig = Rig::new();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port();
    rig.request(Request::Listen { socket: SERVER, transport: Transport::Tcp, port });
    assert_eq!(rig.next(), Arrival::Reply(Reply::Listening { socket: SERVER, ok: false }));
}

#[test]
fn datagrams_go_both_ways_whole_and_to_whom_they_are_meant() {
    let mut rig = Rig::new();
    let bind = || UdpSocket::bind("127.0.0.1:0").unwrap();
    let (one, two) = (bind(), bind());
    let v4 = |socket: &UdpSocket| v4(socket.local_addr().unwrap()).unwrap();
    let opened = rig.open(Transport::Udp, Host::Address(Ipv4Addr::LOCALHOST), v4(&one).port());
    assert_eq!(opened, Arrival::Reply(Reply::Opened { socket: LINK, result: Ok(Some(v4(&one))) }));
    rig.send(&[5; 1_400]);
    assert_eq!(rig.next(), Arrival::Reply(Reply::Sent { socket: LINK, result: Ok(1_400) }));
    rig.request(Request::Send { socket: LINK, bytes: b"two".to_vec(), to: Some(v4(&two)) });
    assert_eq!(rig.next(), Arrival::Reply(Reply::Sent { socket: LINK, result: Ok(3) }));
    let mut buffer = [0; 2_000];
    for (peer, len) in [(&one, 1_400), (&two, 3)] {
        peer.set_read_timeout(Some(PATIENCE)).unwrap();
        let (got, from) = peer.recv_from(&mut buffer).unwrap();
        assert_eq!(got, len);
        peer.send_to(&buffer[..got], from).unwrap();
        let back = Notify::Data { socket: LINK, bytes: buffer[..got].to_vec(), from: Some(v4(peer)) };
        assert_eq!(rig.next(), Arrival::Notify(back));
    }
    rig.send(&alloc::vec![0; 70_000]);
    assert_eq!(
        rig.next(),
        Arrival::Reply(Reply::Sent { socket: LINK, result: Ok(0) }),
        "too large for a datagram"
    );
}

#[test]
fn a_name_finds_the_peer_of_a_datagram() {
    let mut rig = Rig::new();
    let address = SocketAddrV4::new(Ipv4Addr::LOCALHOST, 9);
    let opened = rig.open(Transport::Udp, Host::Name("127.0.0.1".to_string()), 9);
    assert_eq!(opened, Arrival::Reply(Reply::Opened { socket: LINK, result: Ok(Some(address)) }));
}
