//! Random programs of calls and network events against a model of what every peer sent and got.
//!
//! A failing program prints its dialect and seed; `PROGRAM=sim800:17 cargo test -p simcom-modem --test driver` runs it alone
//! and prints the whole exchange.

use crate::main_job::{DIALECTS, nasty, open, up};
use crate::pair::{Pair, What};
use simcom_at::{
    Action, Closing, Context, Dialect, Event, How, Link, LinkState, Loss, Outcome, Refused, Settings,
    SocketAddrV4, Transport,
};
use simcom_modem::loopback::{Loopback, LoopbackSettings};
use simcom_modem::net::{Notify, Socket};
use simcom_modem::random::Random;
use simcom_modem::wire::{Wire, WireSettings};
use simcom_modem::{Modem, Profile};

/// One life of a link.
#[derive(Debug, Default)]
struct Life {
    token: u32,
    udp: bool,
    /// Bytes that were given to `send` and certainly went, and whether one more may have gone in part.
    sent: Vec<u8>,
    unsure: bool,
    got: Vec<u8>,
    lost: usize,
    peer_closed: bool,
    /// Its end was only inferred.
    inferred: bool,
    /// Its context was lost in data mode, which may look like the peer's close.
    cut: bool,
    closed: Option<Closing>,
}

/// Numbers below a bound.
struct Dice(Random);

impl Dice {
    fn below(&mut self, bound: usize) -> usize {
        self.0.up_to(bound as u32 - 1) as usize
    }
}

struct Program {
    pair: Pair,
    random: Dice,
    dialect: Dialect,
    lives: Vec<Life>,
    /// The life of each link that is open.
    open: [Option<usize>; 10],
    /// A link's `open`, `send` (its bytes) and `close` that wait for their result.
    opening: [Option<bool>; 10],
    sending: [Option<Vec<u8>>; 10],
    closing: [bool; 10],
    waits: Option<Action>,
    resolving: bool,
    /// The contexts that are up, and the one that is selected or will be.
    up: [bool; 2],
    selected: usize,
    listens: bool,
    restarted: bool,
    rows: Vec<(u8, LinkState)>,
    /// Peers up to this one are from before the last restart.
    before: u32,
    /// Links that were given up without a word of the module.
    doubtful: [bool; 10],
    seen: usize,
}

impl Program {
    fn new(dialect: Dialect, seed: u64) -> Self {
        let mut random = Dice(Random::new(seed ^ ((dialect as u64) << 32)));
        let settings = Settings {
            single: random.below(4) == 0,
            push: random.below(3) == 0,
            quick: random.below(2) == 0,
            transparent: random.below(5) == 0 && dialect != Dialect::Kingcom,
            any_peer: random.below(4) == 0,
            ..Settings::default()
        };
        let network = LoopbackSettings {
            latency_ms: random.below(200) as u32,
            jitter_ms: random.below(50) as u32,
            piece: 1 + random.below(1460) as u32,
            cut: true,
            ..LoopbackSettings::default()
        };
        let wire = WireSettings {
            baud: if random.below(2) == 0 { 115_200 } else { 0 },
            delay_ms: random.below(5) as u32,
            piece: 1 + random.below(80) as u32,
            ..WireSettings::default()
        };
        let mut pair = Pair::new(dialect, settings, Loopback::new(network, seed));
        // A module's notices come later than the silence that ends data mode.
        let profile = Profile { quiet_ms: 1500, ..Profile::new(dialect) };
        pair.desk.modem = Modem::new(profile, pair.now());
        pair.desk.to_host = Wire::new(wire.clone(), seed);
        pair.desk.to_modem = Wire::new(wire, seed + 1);
        Self {
            pair,
            random,
            dialect,
            lives: Vec::new(),
            open: [None; 10],
            opening: [None; 10],
            sending: std::array::from_fn(|_| None),
            closing: [false; 10],
            waits: None,
            resolving: false,
            up: [false; 2],
            selected: 0,
            listens: false,
            restarted: true,
            rows: Vec::new(),
            before: 0,
            doubtful: [false; 10],
            seen: 0,
        }
    }

    /// Lets time go on for a while and takes in what was told.
    fn wait(&mut self, ms: u32) {
        let mut left = ms;
        while left > 0 {
            let before = self.pair.now();
            let count = self.pair.told.len();
            self.pair.until(left, |p| p.told.len() > count);
            self.take_in();
            let passed = before.until(self.pair.now());
            left = left.saturating_sub(passed);
            if self.pair.told.len() == count {
                return;
            }
        }
    }

    fn take_in(&mut self) {
        while self.seen < self.pair.told.len() {
            let what = self.pair.told[self.seen].what.clone();
            self.seen += 1;
            self.take(what);
        }
    }

    fn life(&mut self, link: u8) -> &mut Life {
        let index = self.open[usize::from(link)];
        let index = index.unwrap_or_else(|| panic!("link {link} is not open\n{}", self.pair.tail()));
        &mut self.lives[index]
    }

    fn take(&mut self, what: What) {
        match what {
            What::Received { link, bytes, .. } => {
                let link = link.unwrap_or_else(|| panic!("no link\n{}", self.pair.tail()));
                let life = self.life(link);
                life.got.extend_from_slice(&bytes);
            }
            What::Line(_) => {}
            What::Failed { action, link, .. } => self.failed(action, link),
            What::Other(event) => self.event(event),
        }
    }

    fn failed(&mut self, action: Action, link: Option<u8>) {
        match action {
            Action::Open => self.opening[usize::from(link.unwrap())] = None,
            Action::Resolve => self.resolving = false,
            _ => assert_eq!(self.waits.take(), Some(action), "{}", self.pair.tail()),
        }
    }

    fn event(&mut self, event: Event<'static>) {
        match event {
            Event::Opened { link } => {
                let n = usize::from(link.0);
                let udp = self.opening[n].take().unwrap_or_else(|| panic!("{event:?}\n{}", self.pair.tail()));
                self.begins(link, udp, None);
            }
            Event::Accepted { link, from } => {
                self.begins(link, false, Some(from));
            }
            Event::LinkStatus { link, state } => self.rows.push((link.0, state)),
            Event::Sent { link, outcome } => {
                let bytes = self.sending[usize::from(link.0)].take();
                let bytes = bytes.unwrap_or_else(|| panic!("{event:?}\n{}", self.pair.tail()));
                let tail = self.pair.tail();
                let life = self.life(link.0);
                match outcome {
                    Outcome::Delivered => life.sent.extend_from_slice(&bytes),
                    Outcome::Accepted(n) => {
                        assert_eq!(usize::from(n), bytes.len(), "{tail}");
                        life.sent.extend_from_slice(&bytes);
                    }
                    Outcome::NotSent => {}
                    Outcome::Unknown(_) => life.unsure = true,
                    _ => panic!("{outcome:?}"),
                }
            }
            Event::PeerClosed { link } => self.life(link.0).peer_closed = true,
            Event::Lost { what: Loss::Unread, link: Some(link), bytes } => {
                self.life(link.0).lost += usize::from(bytes);
            }
            Event::Lost { .. } => panic!("{event:?} on a clean line\n{}", self.pair.tail()),
            Event::Closed { link, why, certain } => {
                self.doubtful[usize::from(link.0)] = !certain && !self.pair.settings.transparent;
                // The module may say of a shut of ours that the link was closed.
                let ours = matches!(self.waits, Some(Action::Shut | Action::Detach));
                self.life(link.0).inferred = !certain && !self.pair.settings.transparent;
                self.life(link.0).closed = Some(if ours { Closing::Local } else { why });
                self.open[usize::from(link.0)] = None;
            }
            Event::Done { action: Action::Close, link, .. } => {
                let n = usize::from(link.unwrap().0);
                assert!(self.open[n].is_none(), "{}", self.pair.tail());
                self.closing[n] = false;
            }
            Event::Done { action: Action::Resolve, .. } => self.resolving = false,
            Event::Done { action, .. } => {
                assert_eq!(self.waits.take(), Some(action), "{}", self.pair.tail());
                match action {
                    Action::Probe => self.restarted = false,
                    Action::Attach => self.up[self.selected] = true,
                    Action::Shut => {
                        self.up[self.selected] = false;
                        self.listens = false;
                    }
                    Action::Detach => (self.up, self.listens) = ([false; 2], false),
                    Action::Listen => self.listens = true,
                    Action::Unlisten => self.listens = false,
                    _ => {}
                }
            }
            Event::NetworkDown { context } => {
                self.up[usize::from(context.0)] = false;
                self.listens = false;
            }
            Event::Restarted => {
                (self.up, self.selected, self.listens) = ([false; 2], 0, false);
                self.restarted = true;
                self.before = self.pair.desk.network.peers().next_back().map_or(0, |peer| peer.token());
                self.closing = [false; 10];
            }
            _ => {}
        }
    }

    /// A life of a link begins; `from`: its client, where it was accepted.
    fn begins(&mut self, link: Link, udp: bool, from: Option<SocketAddrV4>) {
        let n = usize::from(link.0);
        assert!(self.open[n].is_none(), "link {n} is open\n{}", self.pair.tail());
        let network = &self.pair.desk.network;
        let mut peers = network.peers().filter(|peer| peer.socket() == Some(Socket(link.0)));
        let token = match from {
            // The number may have gone to the next client by now.
            Some(from) => peers.find(|peer| {
                let fresh = !self.lives.iter().any(|life| life.token == peer.token());
                let its =
                    peer.address().is_some_and(|a| a == from || (from.port() == 0 && a.ip() == from.ip()));
                fresh && its && peer.token() > self.before
            }),
            None => peers.next_back(),
        };
        let token = token.map_or(0, |peer| peer.token());
        assert!(token > 0, "no such peer\n{}", self.pair.tail());
        self.open[n] = Some(self.lives.len());
        self.doubtful[n] = false;
        self.lives.push(Life { token, udp, ..Life::default() });
    }

    fn payload(&mut self) -> Vec<u8> {
        let max = usize::from(self.pair.session.max_payload());
        let len = match self.random.below(4) {
            0 => 1 + self.random.below(8),
            1 => max,
            _ => 1 + self.random.below(300),
        };
        let mut bytes = nasty(len, self.dialect == Dialect::Kingcom);
        let turn = self.random.below(bytes.len());
        bytes.rotate_left(turn);
        if self.pair.settings.transparent && bytes.len() > 40 {
            // What ends data mode, and what leaves it: with more behind it, both are payload.
            let texts: [&[u8]; 4] =
                [b"\r\nCLOSED\r\n", b"\r\nNO CARRIER\r\n", b"\r\n+PDP: DEACT\r\n", b"+++"];
            let text = texts[self.random.below(4)];
            let at = self.random.below(bytes.len() - 20);
            bytes[at..at + text.len()].copy_from_slice(text);
        }
        bytes
    }

    /// One random call or network event.
    fn step(&mut self) {
        let now = self.pair.now();
        if self.pair.session.is_ready() {
            if self.restarted {
                self.pair.session.probe(now).unwrap();
                self.waits = Some(Action::Probe);
            } else if self.up == [false; 2] {
                match self.pair.session.attach(now, Context(0), "CMNET", "", "") {
                    Ok(()) => (self.waits, self.selected) = (Some(Action::Attach), 0),
                    Err(Refused::State) => {}
                    Err(e) => panic!("{e}\n{}", self.pair.tail()),
                }
            } else if self.pair.session.is_data_mode() {
                self.call_in_data_mode();
            } else {
                self.call();
            }
        }
        if self.up != [false; 2] && self.random.below(3) == 0 {
            self.network_event();
        }
    }

    fn call_in_data_mode(&mut self) {
        let now = self.pair.now();
        let under_way = self.open[0].is_some_and(|at| {
            let life = &self.lives[at];
            self.pair.desk.network.peer(life.token).is_some_and(|peer| {
                peer.sent().total() > life.got.len() || peer.received().total() < life.sent.len()
            })
        });
        if self.random.below(6) == 0 && !under_way && self.sending[0].is_none() {
            match self.pair.session.leave_data(now) {
                Ok(()) => self.waits = Some(Action::LeaveData),
                Err(e) => panic!("{e}\n{}", self.pair.tail()),
            }
            return;
        }
        let bytes = self.payload();
        match self.pair.session.send(now, Link(0), &bytes, None) {
            Ok(()) => self.sending[0] = Some(bytes),
            // Single `+++`.
            Err(Refused::Unsendable | Refused::Busy) => {}
            Err(e) => panic!("{e}\n{}", self.pair.tail()),
        }
    }

    fn call(&mut self) {
        let link = self.random.below(usize::from(self.dialect.links())) as u8;
        match self.random.below(16) {
            0..4 => self.call_open(link),
            4..8 => self.call_send(link),
            8 => {
                let credit = [0, 1, 100, 1460, u16::MAX][self.random.below(5)];
                let now = self.pair.now();
                let _ = self.pair.session.receive(now, Link(link), credit);
            }
            9 if self.random.below(2) == 0 => {
                let now = self.pair.now();
                match self.pair.session.close(now, Link(link), How::Slow) {
                    Ok(()) => self.closing[usize::from(link)] = true,
                    Err(Refused::NotOpen | Refused::Busy | Refused::NoSuchLink) => {}
                    Err(e) => panic!("{e}\n{}", self.pair.tail()),
                }
            }
            10 => {
                let now = self.pair.now();
                match self.pair.session.resolve(now, "example.com") {
                    Ok(()) => self.resolving = true,
                    Err(Refused::NotInDialect | Refused::Busy) => {}
                    Err(e) => panic!("{e}\n{}", self.pair.tail()),
                }
            }
            11 | 12 => self.call_network(link),
            _ => self.ask(),
        }
    }

    fn call_open(&mut self, link: u8) {
        let now = self.pair.now();
        let udp = self.random.below(3) == 0;
        let transport = if udp { Transport::Udp } else { Transport::Tcp };
        let port = match self.random.below(12) {
            0..6 => 7,
            6..10 => 9,
            10 => 4444,
            _ => 6666,
        };
        let port = if udp && port > 9 { 7 } else { port };
        let host = if self.random.below(2) == 0 { "localhost" } else { "127.0.0.1" };
        match self.pair.session.open(now, Link(link), transport, host, port, 0) {
            Ok(()) => self.opening[usize::from(link)] = Some(udp),
            Err(Refused::LinkInUse | Refused::NoSuchLink | Refused::Busy) => {}
            Err(e) => panic!("{e}\n{}", self.pair.tail()),
        }
    }

    fn call_send(&mut self, link: u8) {
        let now = self.pair.now();
        let bytes = self.payload();
        let udp = self.open[usize::from(link)].is_some_and(|at| self.lives[at].udp);
        let to = SocketAddrV4::new([10, 9, 8, 7].into(), 9);
        let to = (udp && self.dialect == Dialect::A7600 && self.random.below(2) == 0).then_some(to);
        match self.pair.session.send(now, Link(link), &bytes, to) {
            Ok(()) => self.sending[usize::from(link)] = Some(bytes),
            Err(Refused::NotOpen | Refused::Busy | Refused::NoSuchLink) => {}
            Err(Refused::State | Refused::Unsendable | Refused::Destination)
                if self.pair.settings.transparent => {}
            Err(e) => panic!("{e}\n{}", self.pair.tail()),
        }
    }

    /// Servers, contexts, destinations, data mode.
    fn call_network(&mut self, link: u8) {
        let now = self.pair.now();
        let n = self.random.below(2);
        let s = &mut self.pair.session;
        let (action, given) = match self.random.below(10) {
            0..3 if !self.listens && self.selected == 0 => {
                (Action::Listen, s.listen(now, 0, Transport::Tcp, 8888, 3))
            }
            3 if self.listens => (Action::Unlisten, s.unlisten(now, 0)),
            4 if !self.up[1] => (Action::Attach, s.attach(now, Context(1), "CMWAP", "", "")),
            5 if self.up[n] => (Action::Context, s.context(now, Context(n as u8))),
            6 => {
                (Action::UdpPeer, s.udp_peer(now, Link(link), SocketAddrV4::new([10, 9, 8, link].into(), 9)))
            }
            7 if self.random.below(6) == 0 => (Action::Shut, s.shut(now)),
            _ => (Action::EnterData, s.enter_data(now)),
        };
        if given.is_ok() {
            self.waits = Some(action);
            self.selected = match action {
                Action::Attach => 1,
                Action::Context => n,
                _ => self.selected,
            };
        }
    }

    fn ask(&mut self) {
        let now = self.pair.now();
        let s = &mut self.pair.session;
        let (action, given) = match self.random.below(5) {
            0 => (Action::Signal, s.signal(now)),
            1 => (Action::Registration, s.registration(now)),
            2 => (Action::Status, s.status(now)),
            3 => (Action::Raw, s.raw(now, "AT+CGATT?", 0)),
            _ => (Action::Sim, s.sim(now, None)),
        };
        match given {
            Ok(()) => self.waits = Some(action),
            Err(Refused::Busy) if self.pair.settings.transparent => {}
            Err(e) => panic!("{e}\n{}", self.pair.tail()),
        }
    }

    fn network_event(&mut self) {
        let now = self.pair.now();
        let kind = self.random.below(46);
        let bytes = self.payload();
        let idle = !self.waits();
        let network = &mut self.pair.desk.network;
        let live: Vec<u32> =
            self.open.iter().flatten().map(|i| &self.lives[*i]).filter(|l| !l.udp).map(|l| l.token).collect();
        let leaves = self.waits == Some(Action::LeaveData);
        let some = live.get(self.random.below(live.len().max(1))).copied().filter(|_| !leaves);
        let datagram = self.open.iter().flatten().map(|i| &self.lives[*i]).find(|l| l.udp).map(|l| l.token);
        let datagram = datagram.filter(|_| !leaves);
        let port = datagram.and_then(|token| network.peer(token)).map(|peer| peer.local());
        let any_peer = self.pair.settings.any_peer || self.dialect == Dialect::A7600;
        // In data mode a module that starts anew looks like a peer that says so.
        let transparent =
            self.pair.settings.transparent && (self.open[0].is_some() || self.opening[0].is_some());
        match (kind, some) {
            (0..26, Some(token)) => {
                network.peer_send(now, token, &bytes);
            }
            (26..30, Some(token)) => {
                network.peer_close(now, token);
            }
            (30..32, _) => network.at(now, Notify::Ring),
            (32..34, _) => network.at(now, Notify::Sms(3)),
            (34..36, _) => network.at(now, Notify::Registration(5)),
            // The notice names no context, so it tells something only while one is up.
            (36, _) if self.up != [true; 2] => {
                network.at(now, Notify::ContextLost(u8::from(self.up[1])));
                if self.pair.session.is_data_mode()
                    && let Some(at) = self.open[0]
                {
                    self.lives[at].cut = true;
                }
            }
            (37, _) if !transparent => network.at(now, Notify::Restart),
            (38..43, _) if !self.pair.settings.transparent => {
                let _ = network.connect(now, 8888);
            }
            // A command on its way when a client's data mode begins would be the client's.
            (38..43, _) if idle => {
                let _ = network.connect(now, 8888);
                self.wait(1000);
            }
            (43..46, _) if any_peer => {
                let from = SocketAddrV4::new([10, 3, 3, 3].into(), 333);
                let _ = port.map(|port| network.datagram(now, from, port, &bytes));
            }
            _ => {}
        }
    }

    /// Whether something still waits for its result.
    fn waits(&self) -> bool {
        self.waits.is_some()
            || self.resolving
            || self.opening.iter().any(Option::is_some)
            || self.sending.iter().any(Option::is_some)
            || self.closing.contains(&true)
            || !self.pair.session.is_ready()
    }

    fn run(&mut self) {
        for _ in 0..60 {
            self.step();
            let ms =
                if self.random.below(3) == 0 { 1 + self.random.below(3000) } else { self.random.below(60) };
            self.wait(ms as u32);
        }
        for link in 0..self.dialect.links() {
            let now = self.pair.now();
            let _ = self.pair.session.receive(now, Link(link), u16::MAX);
        }
        self.rest();
        if self.pair.session.is_data_mode() && self.dialect == Dialect::A7600 {
            // What came for the other links meanwhile comes in command mode.
            self.wait(5000);
            let now = self.pair.now();
            if self.pair.session.leave_data(now).is_ok() {
                self.waits = Some(Action::LeaveData);
            }
            self.rest();
            self.wait(30_000);
        }
        self.wait(if self.pair.settings.transparent { 30_000 } else { 1 });
        let now = self.pair.now();
        if !self.pair.session.is_data_mode() && self.pair.session.enter_data(now).is_ok() {
            // What came for the transparent link meanwhile comes now.
            self.waits = Some(Action::EnterData);
            self.rest();
        }
        // A module that waits for an acknowledgement hears nothing for up to 645 s.
        let unsure = self.lives.iter().any(|life| life.unsure);
        self.wait(if unsure { 720_000 } else { 60_000 });
        self.check();
        self.compare_tables();
    }

    /// Until everything has ended.
    fn rest(&mut self) {
        for _ in 0..40 {
            if !self.waits() {
                return;
            }
            self.wait(30_000);
        }
        panic!("something never ended\n{}", self.pair.tail());
    }

    /// The module's links are those the session has told of.
    fn compare_tables(&mut self) {
        let give = |this: &mut Self, action| {
            let now = this.pair.now();
            let s = &mut this.pair.session;
            let given = match action {
                Action::LeaveData => s.leave_data(now),
                Action::Probe => s.probe(now),
                _ => s.status(now),
            };
            given.unwrap_or_else(|e| panic!("{action:?}: {e}\n{}", this.pair.tail()));
            this.waits = Some(action);
            this.rest();
        };
        if self.pair.session.is_data_mode() {
            give(self, Action::LeaveData);
        }
        if self.restarted {
            give(self, Action::Probe);
        }
        self.rows.clear();
        give(self, Action::Status);
        for (n, open) in (0u8..).zip(self.open) {
            if self.doubtful[usize::from(n)] {
                continue;
            }
            let state = self.rows.iter().find(|(link, _)| *link == n).map(|(_, state)| *state);
            let theirs = matches!(state, Some(LinkState::Connected | LinkState::RemoteClosing));
            assert_eq!(open.is_some(), theirs, "link {n}: {state:?}\n{}", self.pair.tail());
        }
    }

    fn check(&self) {
        for life in &self.lives {
            let peer = self.pair.desk.network.peer(life.token);
            let peer = peer.unwrap_or_else(|| panic!("no peer {life:?}\n{}", self.pair.tail()));
            let tail = || format!("{life:?}\n{}", self.pair.log);
            let (theirs, got) = (peer.sent().bytes(), life.got.clone());
            let ended = life.cut || life.inferred || !matches!(life.closed, None | Some(Closing::Peer));
            if life.udp {
                // The network may change the order of datagrams, never their bytes.
                let sorted = |mut bytes: Vec<u8>| {
                    bytes.sort_unstable();
                    bytes
                };
                assert!(ended || sorted(theirs) == sorted(got), "datagrams differ: {}", tail());
            } else {
                assert!(
                    theirs.starts_with(&got),
                    "bytes came that were not sent, or in another order: {}",
                    tail()
                );
                assert!(ended || theirs.len() == got.len() + life.lost, "bytes are missing: {}", tail());
            }
            let ours = peer.received().bytes();
            let (sent, got) = (life.sent.len(), ours.len());
            if life.unsure {
                let same = ours.starts_with(&life.sent) || life.sent.starts_with(&ours);
                assert!(same, "{sent} bytes were sent, the peer got {got} others: {}", tail());
            } else if life.peer_closed || life.closed.is_some() {
                assert!(
                    life.sent.starts_with(&ours),
                    "{sent} bytes were sent, the peer got {got}: {}",
                    tail()
                );
            } else {
                assert!(life.sent == ours, "{sent} bytes were sent, the peer got {got}: {}", tail());
            }
        }
    }
}

/// Runs a program; whether it went well.
fn program(dialect: Dialect, seed: u64) -> bool {
    let mut program = Program::new(dialect, seed);
    std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| program.run())).is_ok()
}

#[test]
fn random_programs_lose_double_and_misroute_nothing_and_never_hang() {
    if let Ok(one) = std::env::var("PROGRAM") {
        let (name, seed) = one.split_once(':').unwrap();
        let mut program = Program::new(Dialect::from_name(name).unwrap(), seed.parse().unwrap());
        let result = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| program.run()));
        eprintln!("{}", program.pair.log);
        if let Err(cause) = result {
            std::panic::resume_unwind(cause);
        }
        return;
    }
    let programs = std::env::var("PROGRAMS").ok().and_then(|n| n.parse().ok()).unwrap_or(1000);
    let of_dialect = |dialect: Dialect| {
        let failed = (0..programs).filter(|seed| !program(dialect, *seed));
        failed.map(|seed| format!("PROGRAM={}:{seed}", dialect.name())).collect::<Vec<_>>()
    };
    let wrong = std::thread::scope(|scope| {
        let threads = DIALECTS.map(|dialect| scope.spawn(move || of_dialect(dialect)));
        threads
            .into_iter()
            .flat_map(|thread| thread.join().expect("programs catch their panics"))
            .collect::<Vec<_>>()
    });
    assert!(wrong.is_empty(), "{} of {}: {}", wrong.len(), programs * 5, wrong.join(" "));
}

#[test]
fn a_connect_that_hangs_and_a_reader_without_credit_hold_up_nobody_else() {
    for dialect in DIALECTS.into_iter().filter(|dialect| *dialect != Dialect::Kingcom) {
        for push in [false, true] {
            let settings = Settings { push, ..Settings::default() };
            let mut pair = Pair::new(dialect, settings, Loopback::new(LoopbackSettings::default(), 1));
            up(&mut pair);
            open(&mut pair, 0, Transport::Tcp, 9);
            let slow = pair.desk.network.peer_of(Socket(0)).unwrap().token();
            let now = pair.now();
            let limited = pair.session.receive(now, Link(0), 0).is_ok();
            let flood = nasty(20_000, false);
            assert!(!limited || pair.desk.network.peer_send(now, slow, &flood));
            pair.session.open(now, Link(1), Transport::Tcp, "10.1.1.1", 6666, 0).unwrap();
            pair.ready();
            open(&mut pair, 2, Transport::Tcp, 7);
            let start = pair.now();
            let bytes = nasty(600, false);
            for count in 1..=20 {
                pair.send(2, &bytes);
                let came = pair.until(2000, |pair| pair.received(2).len() == count * bytes.len());
                assert!(came, "{dialect:?} push {push}: held up\n{}", pair.tail());
            }
            let took = start.until(pair.now());
            assert!(took < 5000, "{dialect:?} push {push}: {took} ms");
            assert_eq!(pair.received(2), bytes.repeat(20));
            assert!(pair.received(0).is_empty() && !pair.has(|e| matches!(e, Event::Failed { .. })));
            // With credit again the slow reader gets all that was kept back.
            let now = pair.now();
            if limited {
                pair.session.receive(now, Link(0), u16::MAX).unwrap();
                assert!(pair.until(60_000, |pair| pair.received(0).len() == flood.len()), "{}", pair.tail());
                assert_eq!(pair.received(0), flood);
            }
        }
    }
}
