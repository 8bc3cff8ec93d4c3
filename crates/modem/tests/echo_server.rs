//! The README's echo server, with the virtual modem in place of a module.
#![expect(clippy::unwrap_used, clippy::indexing_slicing)]

use simcom_at::{
    Action, Context, Dialect, Event, Instant, Link, Outcome, Refused, Session, Settings, Transport,
};
use simcom_modem::bench::Desk;
use simcom_modem::loopback::{Loopback, LoopbackSettings, State};
use simcom_modem::{Modem, Profile};

// README: from here …

/// Room for a line and 256 bytes of payload behind it.
type Host = Session<[u8; 288]>;

/// What a client has sent and not got back yet.
#[derive(Clone, Copy)]
struct Echo {
    bytes: [u8; 256],
    len: usize,
    whole: bool,
}

/// Sends back what comes in, to each client its own.
struct EchoServer {
    links: [Echo; 10],
}

impl EchoServer {
    const NOTHING: Echo = Echo { bytes: [0; 256], len: 0, whole: false };

    fn new() -> Self {
        Self { links: [Self::NOTHING; 10] }
    }

    /// Called for every event, inside the poll loop.
    fn on(&mut self, session: &mut Host, now: Instant, event: Event<'_>) -> Result<(), Refused> {
        match event {
            Event::Done { action: Action::Probe, .. } => session.attach(now, Context(0), "internet", "", ""),
            Event::Done { action: Action::Attach, .. } => session.listen(now, 0, Transport::Tcp, 7, 3),
            // A new client may send what fits into its buffer.
            Event::Accepted { link, .. } => self.next(session, now, link),
            Event::Received { link: Some(link), bytes, left, .. } => {
                let echo = &mut self.links[usize::from(link.0)];
                echo.bytes[echo.len..echo.len + bytes.len()].copy_from_slice(bytes);
                echo.len += bytes.len();
                echo.whole = left == 0;
                if left > 0 {
                    return Ok(());
                }
                // No more of it until this is back: the module keeps the rest, and TCP slows the client down.
                session.receive(now, link, 0)?;
                self.send(session, now, link)
            }
            Event::Sent { link, outcome: Outcome::NotSent } => self.send(session, now, link),
            Event::Sent { link, .. } => self.next(session, now, link),
            // The line is free: the first client that waits is next.
            Event::Ready => (0..10).try_for_each(|link| self.send(session, now, Link(link))),
            Event::Closed { link, .. } => {
                self.links[usize::from(link.0)] = Self::NOTHING;
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn send(&mut self, session: &mut Host, now: Instant, link: Link) -> Result<(), Refused> {
        let echo = &self.links[usize::from(link.0)];
        if !echo.whole {
            return Ok(());
        }
        match session.send(now, link, &echo.bytes[..echo.len], None) {
            Ok(()) | Err(Refused::Busy) => Ok(()),
            // The client has gone: what it still sent is only taken away.
            Err(Refused::NotOpen) => self.next(session, now, link),
            Err(other) => Err(other),
        }
    }

    /// The buffer is empty: 256 more bytes are welcome.
    fn next(&mut self, session: &mut Host, now: Instant, link: Link) -> Result<(), Refused> {
        self.links[usize::from(link.0)] = Self::NOTHING;
        match session.receive(now, link, 256) {
            Err(Refused::NotOpen) => Ok(()),
            other => other,
        }
    }
}

// … to here.

struct Bench {
    session: Host,
    server: EchoServer,
    desk: Desk<Loopback>,
    accepted: usize,
    closed: usize,
    listening: bool,
}

impl Bench {
    fn new(dialect: Dialect) -> Self {
        let now = Instant::from_millis(0);
        let settings =
            LoopbackSettings { latency_ms: 30, piece: 700, cut: true, ..LoopbackSettings::default() };
        let modem = Modem::new(Profile::new(dialect), now);
        let mut session = Session::new(dialect.spec(), Settings::default(), now, [0; 288]);
        session.probe(now).unwrap();
        let desk = Desk::new(modem, Loopback::new(settings, 1), now);
        Self { session, server: EchoServer::new(), desk, accepted: 0, closed: 0, listening: false }
    }

    /// The loop of the README, for so long.
    fn run(&mut self, ms: u32) {
        let end = self.desk.now().after(ms);
        let mut bytes = Vec::new();
        while !self.desk.now().reached(end) {
            let now = self.desk.now();
            let mut input = &bytes[..];
            while let Some(event) = self.session.poll(now, &mut input) {
                match event {
                    Event::Accepted { .. } => self.accepted += 1,
                    Event::Closed { .. } => self.closed += 1,
                    Event::Done { action: Action::Listen, .. } => self.listening = true,
                    _ => {}
                }
                self.server.on(&mut self.session, now, event).unwrap();
            }
            while !self.session.transmit().is_empty() {
                let n = self.desk.host_write(self.session.transmit());
                self.session.transmitted(now, n);
            }
            let until = self.session.deadline().map_or(end, |(at, _)| at.earlier(end));
            bytes.clear();
            if self.desk.wait(until).unwrap() {
                bytes = self.desk.host_read();
            }
        }
    }
}

/// Bytes that look like what a module says, another beginning for each client.
fn payload(client: usize, len: usize) -> Vec<u8> {
    let parts: [&[u8]; 5] =
        [b"\r\nOK\r\n", b"\r\n> ", b"\r\n0, CLOSED\r\n", b"\r\n+RECEIVE,0,9:\r\n", b"\x1a\x1b\0\xff"];
    parts.iter().cycle().skip(client).flat_map(|part| part.iter().copied()).take(len).collect()
}

#[test]
fn every_client_gets_its_own_bytes_back() {
    for dialect in [Dialect::Sim800, Dialect::Sim7000, Dialect::A7600] {
        let mut bench = Bench::new(dialect);
        bench.run(5000);
        assert!(bench.listening, "{dialect:?}");
        let clients: Vec<u32> =
            (0..4).map(|_| bench.desk.network.connect(bench.desk.now(), 7).unwrap()).collect();
        bench.run(1000);
        assert_eq!(bench.accepted, 4, "{dialect:?}");
        let lens = [1, 256, 257, 5000];
        for (n, (client, len)) in clients.iter().zip(lens).enumerate() {
            assert!(bench.desk.network.peer_send(bench.desk.now(), *client, &payload(n, len)));
        }
        bench.run(60_000);
        for (n, (client, len)) in clients.iter().zip(lens).enumerate() {
            let back = bench.desk.network.peer(*client).unwrap().received().bytes();
            assert!(back == payload(n, len), "{dialect:?}: client {n} got {} of {len} bytes", back.len());
        }
        // The peers close, one with a send of ours still under way.
        let now = bench.desk.now();
        bench.desk.network.peer_send(now, clients[3], &payload(3, 2000));
        for client in &clients {
            assert!(bench.desk.network.peer_close(now, *client));
        }
        bench.run(60_000);
        assert_eq!(bench.closed, 4, "{dialect:?}");
        let states = clients.iter().map(|client| bench.desk.network.peer(*client).unwrap().state());
        assert!(states.into_iter().all(|state| state != State::Open));
        // Their numbers serve again.
        let again = bench.desk.network.connect(bench.desk.now(), 7).unwrap();
        bench.desk.network.peer_send(bench.desk.now().after(500), again, b"once more");
        bench.run(5000);
        assert_eq!(bench.desk.network.peer(again).unwrap().received().bytes(), b"once more", "{dialect:?}");
    }
}

#[test]
fn the_readme_shows_this_very_code() {
    let own = include_str!("echo_server.rs");
    let behind = own.split_once("// README: from here …").unwrap().1;
    let code = behind.split_once("// … to here.").unwrap().0.trim();
    assert!(include_str!("../../../README.md").contains(code));
}
