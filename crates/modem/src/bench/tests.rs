use super::*;
use crate::loopback::{Loopback, LoopbackSettings};
use crate::net::{Host, Socket};
use crate::wire::WireSettings;
use alloc::collections::VecDeque;
use alloc::string::ToString;
use alloc::vec;
use proptest::prelude::*;
use simcom_at::Transport;

const LINK: Socket = Socket(0);

/// A module without commands: it connects to the echo service, and carries bytes both ways.
#[derive(Default)]
struct Pipe {
    requests: VecDeque<Request>,
    out: Vec<u8>,
    open: bool,
    waiting: Vec<u8>,
    alarm: Option<Instant>,
}

impl Pipe {
    fn new() -> Self {
        let peer = Some((Host::Name("localhost".to_string()), 7));
        let open = Request::Open { socket: LINK, transport: Transport::Tcp, peer, local: 0 };
        Self { requests: VecDeque::from([open]), ..Self::default() }
    }

    fn send(&mut self) {
        if self.open && !self.waiting.is_empty() {
            let bytes = core::mem::take(&mut self.waiting);
            self.requests.push_back(Request::Send { socket: LINK, bytes, to: None });
        }
    }
}

impl Module for Pipe {
    fn poll(&mut self, now: Instant, host: &mut &[u8]) -> Option<Request> {
        self.waiting.extend_from_slice(host);
        *host = &[];
        self.send();
        if self.alarm.is_some_and(|due| now.reached(due)) {
            self.alarm = None;
            self.out.extend(b"RING");
        }
        self.requests.pop_front()
    }

    fn reply(&mut self, _: Instant, reply: Reply) {
        if let Reply::Opened { result: Ok(_), .. } = reply {
            self.open = true;
            self.send();
        }
    }

    fn notify(&mut self, _: Instant, notify: Notify) {
        if let Notify::Data { bytes, .. } = notify {
            self.out.extend(bytes);
        }
    }

    fn transmit(&self) -> &[u8] {
        &self.out
    }

    fn transmitted(&mut self, _: Instant, n: usize) {
        self.out.drain(..n);
    }

    fn deadline(&self) -> Option<Instant> {
        self.alarm
    }
}

/// A module that never comes to rest, one way or the other.
struct Restless {
    asks: bool,
}

impl Module for Restless {
    fn poll(&mut self, _: Instant, _: &mut &[u8]) -> Option<Request> {
        self.asks.then_some(Request::Close { socket: LINK })
    }
    fn reply(&mut self, _: Instant, _: Reply) {}
    fn notify(&mut self, _: Instant, _: Notify) {}
    fn transmit(&self) -> &[u8] {
        &[]
    }
    fn transmitted(&mut self, _: Instant, _: usize) {}
    fn deadline(&self) -> Option<Instant> {
        (!self.asks).then_some(at(7))
    }
}

fn at(ms: u32) -> Instant {
    Instant::from_millis(ms)
}

fn network(latency_ms: u32) -> Loopback {
    Loopback::new(LoopbackSettings { latency_ms, ..LoopbackSettings::default() }, 1)
}

#[test]
fn what_the_host_writes_comes_back_by_way_of_the_network_and_the_line() {
    let line = || Wire::new(WireSettings { baud: 10_000, ..WireSettings::default() }, 1);
    let mut desk = Desk::new(Pipe::new(), network(100), at(0)).with_wires(line(), line());
    assert_eq!(desk.host_write(b"abc"), 3);
    assert_eq!(desk.wait(at(5_000)), Ok(true));
    assert_eq!(desk.now(), at(601), "name, connect, echo: two trips each; and a byte on the line");
    assert_eq!(desk.host_read(), b"a");
    assert_eq!(desk.run_for(10), Ok(()));
    assert_eq!((desk.now(), desk.host_read()), (at(611), b"bc".to_vec()));
    assert_eq!(desk.next_deadline(), None);
}

#[test]
fn time_stops_where_it_was_asked_to_and_a_deadline_in_between_is_kept() {
    let mut desk = Desk::new(Pipe { alarm: Some(at(60_000)), ..Pipe::new() }, network(0), at(0));
    assert_eq!(desk.run_until(at(59_999)), Ok(()));
    assert_eq!((desk.now(), desk.is_readable()), (at(59_999), false));
    assert_eq!(desk.next_deadline(), Some(at(60_000)));
    assert_eq!(desk.wait(at(90_000)), Ok(true));
    assert_eq!((desk.now(), desk.host_read()), (at(60_000), b"RING".to_vec()));
    assert_eq!(desk.wait(at(90_000)), Ok(false));
    assert_eq!(desk.now(), at(90_000));
    assert_eq!(desk.run_until(at(5)), Ok(()), "a moment that has passed is no journey");
    assert_eq!(desk.now(), at(90_000));
}

#[test]
fn time_may_wrap() {
    let start = at(u32::MAX - 10);
    let mut desk = Desk::new(Pipe { alarm: Some(start.after(20)), ..Pipe::new() }, network(0), start);
    assert_eq!(desk.wait(start.after(50)), Ok(true));
    assert_eq!(desk.now(), start.after(20));
}

#[test]
fn a_full_line_holds_the_module_back_and_loses_nothing() {
    let settings = WireSettings { baud: 10_000, sender: 4, ..WireSettings::default() };
    let mut desk =
        Desk::new(Pipe::new(), network(0), at(0)).with_wires(Wire::unpaced(), Wire::new(settings, 1));
    desk.host_write(&[b'x'; 500]);
    assert_eq!(desk.run_for(300), Ok(()));
    assert_eq!(desk.host_read().len(), 300, "the line is used without a gap although nobody reads");
    assert_eq!(desk.run_for(200), Ok(()));
    assert_eq!(desk.host_read().len(), 200);
}

#[test]
fn who_finds_no_end_is_reported_and_not_waited_for() {
    let mut desk = Desk::new(Restless { asks: true }, network(0), at(3)).with_turns(1_000);
    assert_eq!(desk.run_for(10), Err(Livelock { at: at(3), who: Who::Turns }));
    let mut desk = Desk::new(Restless { asks: false }, network(0), at(3));
    assert_eq!(desk.run_for(10), Err(Livelock { at: at(7), who: Who::Modem }));
    assert_eq!(desk.now(), at(7));
}

proptest! {
    #[test]
    fn the_way_there_and_back_loses_nothing_and_two_runs_are_the_same(
        seed: u64, latency_ms in 0..50u32, piece in 0..9u32,
        writes in prop::collection::vec((0..30u32, prop::collection::vec(any::<u8>(), 0..40)), 1..20),
    ) {
        let run = || {
            let settings = LoopbackSettings { latency_ms, jitter_ms: 20, cut: true, ..LoopbackSettings::default() };
            let line = |seed| Wire::new(WireSettings { baud: 9_600, piece, ..WireSettings::default() }, seed);
            let network = Loopback::new(settings, seed);
            let mut desk = Desk::new(Pipe::new(), network, at(0)).with_wires(line(seed), line(!seed));
            let mut got = vec![];
            for (wait_ms, bytes) in &writes {
                desk.host_write(bytes);
                desk.run_for(*wait_ms).unwrap();
            }
            while desk.wait(at(1_000_000)).unwrap() {
                got.push((desk.now(), desk.host_read()));
            }
            got
        };
        let sent: Vec<u8> = writes.iter().flat_map(|(_, bytes)| bytes.clone()).collect();
        let first = run();
        prop_assert_eq!(first.iter().flat_map(|(_, bytes)| bytes.clone()).collect::<Vec<u8>>(), sent);
        prop_assert_eq!(run(), first);
    }
}
