//! A line that loses, turns, doubles and invents bytes, both ways.
//!
//! What can hold on a line without checksums, and is tested here:
//!
//! * Whatever happens to the bytes: nothing panics, time goes on, each call has one result, and the events keep their order
//!   (`Order`, which the fuzz targets use too). Of each payload that a header announces, exactly so many bytes are handed
//!   out on one link or reported lost.
//! * What is behind the damage is whole: when the line is good again, the pair is in step after its deadlines, by itself or
//!   by the remedy it has named (a restart, which the test then does); and links that are still open carry bytes exactly.
//! * One damaged byte is noticed, or it changes no count (but for a turned digit of a pushed header, which cannot be noticed): if the bytes that came are not those the peer sent, then there is
//!   an event that tells so (`Lost`, `Closed`, `Failed`, a send that is not sure, a `Line`), or as many bytes came as were
//!   sent: a turned byte of payload, or one that was lost and whose place the next byte took, cannot be noticed.
//! * One damaged byte from the module never brings payload to another link; but in a pushed header with another number
//!   than the module gave it, which cannot be noticed.

use crate::interleave::{Damage, Way};
use crate::main_job::{DIALECTS, nasty, network};
use crate::pair::{Pair, What};
use simcom_at::{Action, Context, Dialect, Event, Link, Loss, Outcome, Remedy, Settings, Transport};
use simcom_modem::loopback::{Loopback, LoopbackSettings};
use simcom_modem::net::{Notify, Socket};
use simcom_modem::random::Random;
use simcom_modem::wire::{Faults, Wire, WireSettings};

#[expect(dead_code, reason = "the fuzz targets use more of it")]
#[path = "../../../../fuzz/src/order.rs"]
mod order;

use order::Order;

/// The longest that anything may take to end: sim7000's `open` from nothing (160 s), and making sure of the line.
const END_MS: u32 = 400_000;

struct Noisy {
    pair: Pair,
    order: Order,
    seen: usize,
}

impl Noisy {
    fn new(dialect: Dialect, settings: Settings, network: Loopback) -> Self {
        Self { pair: Pair::new(dialect, settings, network), order: Order::default(), seen: 0 }
    }

    /// Takes in what was told.
    fn take_in(&mut self) {
        for told in &self.pair.told[self.seen..] {
            let event = match &told.what {
                What::Received { link, bytes, left } => {
                    Event::Received { link: link.map(Link), from: None, bytes, left: *left }
                }
                What::Line(_) => Event::Line { more: false },
                What::Failed { event, .. } | What::Other(event) => *event,
            };
            self.order.event(&event, true);
        }
        self.seen = self.pair.told.len();
    }

    fn wait(&mut self, ms: u32) {
        self.pair.until(ms, |_| false);
        self.take_in();
    }

    /// Until nothing waits for its result.
    fn rest(&mut self) {
        self.take_in();
        let end = self.pair.now().after(END_MS);
        while self.order.is_waiting() || !self.pair.session.is_ready() {
            let count = self.pair.told.len();
            self.pair.until(10_000, |pair| pair.told.len() > count);
            self.take_in();
            assert!(!self.pair.now().reached(end), "this never ends: {:?}\n{}", self.order, self.pair.tail());
        }
    }

    /// Gives a command and waits for its end; whether that was a good one.
    fn give(&mut self, action: Action, link: u8, bytes: &[u8]) -> bool {
        self.rest();
        let (now, from) = (self.pair.now(), self.pair.told.len());
        let s = &mut self.pair.session;
        let given = match action {
            Action::Probe => s.probe(now),
            Action::Attach => s.attach(now, Context(0), "CMNET", "", ""),
            Action::Open => s.open(now, Link(link), Transport::Tcp, "localhost", 7, 0),
            Action::Send => s.send(now, Link(link), bytes, None),
            Action::Shut => s.shut(now),
            _ => s.signal(now),
        };
        if given.is_err() {
            return false;
        }
        self.order.given(action, Link(link));
        self.rest();
        self.pair.told[from..].iter().any(|told| match &told.what {
            What::Other(Event::Opened { .. }) => action == Action::Open,
            What::Other(Event::Sent { outcome, .. }) => {
                action == Action::Send && matches!(outcome, Outcome::Delivered | Outcome::Accepted(_))
            }
            What::Other(Event::Done { action: done, .. }) => *done == action,
            _ => false,
        })
    }

    /// The pair is in step, by itself or by the remedy that was named; and bytes go through.
    fn in_step(&mut self, link: u8, safe: bool) {
        self.rest();
        if !self.give(Action::Signal, 0, b"") && !self.give(Action::Probe, 0, b"") {
            let restart = |told: &crate::pair::Told| {
                matches!(told.what, What::Failed { event: Event::Failed { remedy: Remedy::Restart, .. }, .. })
            };
            assert!(self.pair.told.iter().any(restart), "out of step, and no remedy\n{}", self.pair.tail());
            let now = self.pair.now();
            self.pair.desk.network.at(now, Notify::Restart);
            self.wait(10_000);
            assert!(self.give(Action::Probe, 0, b""), "not found after a restart\n{}", self.pair.tail());
            assert!(self.give(Action::Attach, 0, b""), "no network after a restart\n{}", self.pair.tail());
        }
        if !self.order.link(link).open {
            // What the noise has done to the module's settings is undone by the whole bring-up.
            let mut opened = false;
            for _ in 0..3 {
                opened = self.give(Action::Open, link, b"");
                if opened {
                    break;
                }
                self.give(Action::Probe, 0, b"");
                self.give(Action::Shut, 0, b"");
                self.give(Action::Attach, 0, b"");
            }
            assert!(opened, "no link\n{}", self.pair.tail());
        }
        let before = self.pair.received(link).len();
        let bytes = nasty(300, safe);
        assert!(self.give(Action::Send, link, &bytes), "not sent\n{}", self.pair.tail());
        self.pair.until(60_000, |pair| pair.received(link).len() >= before + bytes.len());
        self.take_in();
        assert!(self.pair.received(link)[before..] == bytes, "the echo differs\n{}", self.pair.tail());
    }
}

impl Drop for Noisy {
    fn drop(&mut self) {
        if std::thread::panicking() && std::env::var("NOISE").is_ok() {
            eprintln!("{}", self.pair.log);
        }
    }
}

/// The exchange for one damaged byte: two links, bytes both ways on the first.
struct Exchange {
    dialect: Dialect,
    settings: Settings,
}

impl Exchange {
    /// The exchange as far as the bytes that may be damaged go.
    fn run(&self, damage: Option<(Way, usize, Damage)>) -> Noisy {
        let mut noisy = Noisy::new(self.dialect, self.settings, network(7));
        noisy.pair.tap.damage = damage;
        noisy.give(Action::Probe, 0, b"");
        noisy.give(Action::Attach, 0, b"");
        if self.other() {
            noisy.give(Action::Open, 1, b"");
        }
        noisy.give(Action::Open, 0, b"");
        noisy.wait(1000);
        noisy
    }

    fn other(&self) -> bool {
        self.dialect != Dialect::Kingcom && !self.settings.single
    }

    /// Bytes go out and come back on link 0.
    fn echo(noisy: &mut Noisy, safe: bool) {
        noisy.give(Action::Send, 0, &plain(40, safe));
        noisy.wait(30_000);
        noisy.give(Action::Send, 0, &plain(3, safe));
        noisy.wait(30_000);
        noisy.rest();
        noisy.wait(20_000);
    }

    fn damaged(&self, damage: (Way, usize, Damage), clean: &[What]) {
        let safe = self.dialect == Dialect::Kingcom;
        let mut noisy = self.run(None);
        let token = noisy.pair.desk.network.peer_of(Socket(0)).unwrap().token();
        noisy.pair.tap.damage = Some(damage);
        Self::echo(&mut noisy, safe);
        // A line without its end is told with the next one.
        noisy.give(Action::Signal, 0, b"");
        let theirs = noisy.pair.desk.network.peer(token).unwrap().sent().bytes();
        let got = noisy.pair.received(0);
        let reports = |what: &What| match what {
            What::Other(event) => matches!(
                event,
                Event::Lost { .. }
                    | Event::Closed { .. }
                    | Event::Restarted
                    | Event::Sent { outcome: Outcome::Unknown(_) | Outcome::NotSent, .. }
            ),
            What::Failed { .. } | What::Line(_) => true,
            What::Received { .. } => false,
        };
        let told = noisy.pair.told.iter().map(|told| &told.what).filter(|what| reports(what)).count();
        let noticed = told > clean.iter().filter(|what| reports(what)).count();
        let tail = || noisy.pair.tail();
        // A pushed header with another digit cannot be told from a true one.
        let renumbered = self.settings.push && matches!(damage.2, Damage::Flipped(_));
        if damage.0 == Way::ToHost && !renumbered {
            let others = (1..10).any(|link| !noisy.pair.received(link).is_empty());
            assert!(!others, "payload on another link\n{}", tail());
        }
        let counted = noticed || renumbered || got.len() == theirs.len();
        assert!(got == theirs || counted, "{} bytes became {}\n{}", theirs.len(), got.len(), tail());
        noisy.in_step(u8::from(self.other()), safe);
        noisy.in_step(0, safe);
    }
}

/// Bytes that look like nothing a module says, each different from its neighbours.
fn plain(len: usize, _safe: bool) -> Vec<u8> {
    (b'a'..=b'z').cycle().take(len).collect()
}

fn modes(dialect: Dialect) -> &'static [(bool, bool)] {
    match dialect {
        Dialect::Kingcom => &[(true, true)],
        Dialect::Sim800e => &[(false, true), (true, true)],
        Dialect::A7600 => &[(false, false), (false, true)],
        _ => &[(false, false), (true, false), (false, true), (true, true)],
    }
}

#[test]
fn one_damaged_byte_is_noticed_or_changes_no_count_and_the_line_is_in_step_again() {
    let (mut runs, mut wrong) = (0, Vec::new());
    for dialect in DIALECTS {
        for &(single, push) in modes(dialect) {
            let exchange = Exchange { dialect, settings: Settings { single, push, ..Settings::default() } };
            let mut clean = exchange.run(None);
            let (came, sent) = clean.pair.tap.counts();
            Exchange::echo(&mut clean, dialect == Dialect::Kingcom);
            let (all_came, all_sent) = clean.pair.tap.counts();
            let told: Vec<What> = clean.pair.told.iter().map(|told| told.what.clone()).collect();
            let places = (came..all_came)
                .map(|at| (Way::ToHost, at))
                .chain((sent..all_sent).map(|at| (Way::ToModem, at)));
            for (way, at) in places {
                for damage in
                    [Damage::Lost, Damage::Doubled, Damage::Flipped(1), Damage::Flipped(1 << (at % 8))]
                {
                    runs += 1;
                    let run = || exchange.damaged((way, at, damage), &told);
                    if let Err(cause) = std::panic::catch_unwind(std::panic::AssertUnwindSafe(run)) {
                        let text = cause.downcast_ref::<String>().cloned().unwrap_or_default();
                        wrong.push(format!(
                            "{dialect:?} single {single} push {push} {way:?} {at} {damage:?}: {text}"
                        ));
                    }
                }
            }
        }
    }
    println!("{runs} runs");
    let show = std::env::var("SHOW").ok().and_then(|n| n.parse().ok()).unwrap_or(3);
    assert!(
        wrong.is_empty(),
        "{} of {runs}:\n{}",
        wrong.len(),
        wrong.iter().take(show).map(|w| format!("{w}\n\n")).collect::<String>()
    );
}

/// What a line does to bytes, by a number.
fn faults(kind: u64, rate: u32) -> Faults {
    let none = Faults::default();
    match kind % 5 {
        0 => Faults { drop_ppm: rate, ..none },
        1 => Faults { flip_ppm: rate, ..none },
        2 => Faults { double_ppm: rate, ..none },
        3 => Faults { noise_ppm: rate, noise_len: 40, ..none },
        _ => Faults { drop_ppm: rate, flip_ppm: rate, double_ppm: rate, noise_ppm: rate / 4, noise_len: 8 },
    }
}

/// Links that come and go, bytes both ways, and noise; then a good line.
fn noise(dialect: Dialect, seed: u64) {
    let mut dice = Random::new(seed ^ ((dialect as u64) << 40));
    let settings = Settings {
        single: dice.chance(250_000),
        push: dice.chance(400_000),
        quick: dice.chance(500_000),
        ..Settings::default()
    };
    let slow = LoopbackSettings {
        latency_ms: dice.up_to(100),
        piece: 1 + dice.up_to(1459),
        cut: true,
        ..LoopbackSettings::default()
    };
    let mut noisy = Noisy::new(dialect, settings, Loopback::new(slow, seed));
    let rate = [100, 1000, 10_000][dice.up_to(2) as usize];
    let safe = dialect == Dialect::Kingcom;
    let good = WireSettings { baud: 115_200, piece: 1 + dice.up_to(60), ..WireSettings::default() };
    // A receiver that is not emptied in time.
    let receiver = if dice.chance(200_000) { 64 } else { 0 };
    let bad = |faults| WireSettings { faults, receiver, ..good.clone() };
    noisy.give(Action::Probe, 0, b"");
    noisy.give(Action::Attach, 0, b"");
    let (both, kind) = (dice.up_to(2), u64::from(dice.up_to(4)));
    let wire = |on: bool, seed| Wire::new(if on { bad(faults(kind, rate)) } else { good.clone() }, seed);
    noisy.pair.desk.to_host = wire(both != 1, seed);
    noisy.pair.desk.to_modem = wire(both != 0, seed + 1);
    for _ in 0..12 {
        let link = dice.up_to(2) as u8;
        let now = noisy.pair.now();
        let token = noisy.pair.desk.network.peer_of(Socket(link)).map(|peer| peer.token());
        match (dice.up_to(9), token) {
            (0..4, _) => drop(noisy.give(Action::Send, link, &nasty(1 + dice.up_to(400) as usize, safe))),
            (4, Some(token)) => drop(noisy.pair.desk.network.peer_send(now, token, &nasty(700, safe))),
            (5, Some(token)) if dice.chance(300_000) => drop(noisy.pair.desk.network.peer_close(now, token)),
            (6, _) => drop(noisy.give(Action::Signal, 0, b"")),
            (7, _) if !noisy.give(Action::Signal, 0, b"") => {
                noisy.give(Action::Probe, 0, b"");
                noisy.give(Action::Attach, 0, b"");
            }
            _ => drop(noisy.give(Action::Open, link, b"")),
        }
        noisy.wait(dice.up_to(3000));
    }
    for wire in [&mut noisy.pair.desk.to_host, &mut noisy.pair.desk.to_modem] {
        *wire.settings_mut() = good.clone();
    }
    noisy.wait(20_000);
    noisy.in_step(0, safe);
    let lost = noisy.pair.has(|event| matches!(event, Event::Lost { what: Loss::Payload, bytes: 0, .. }));
    assert!(!lost, "nothing is lost, and told\n{}", noisy.pair.tail());
}

#[test]
fn a_noisy_line_is_survived() {
    if let Ok(one) = std::env::var("NOISE") {
        let (name, seed) = one.split_once(':').unwrap();
        return noise(Dialect::from_name(name).unwrap(), seed.parse().unwrap());
    }
    let programs: u64 = std::env::var("PROGRAMS").ok().and_then(|n| n.parse().ok()).unwrap_or(200);
    let (mut runs, mut wrong) = (0, Vec::new());
    for dialect in DIALECTS {
        for seed in 0..programs {
            runs += 1;
            if std::panic::catch_unwind(|| noise(dialect, seed)).is_err() {
                wrong.push(format!("NOISE={}:{seed}", dialect.name()));
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {runs}: {}", wrong.len(), wrong.join(" "));
}
