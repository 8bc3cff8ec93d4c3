//! A session and a virtual modem over a noisy line, with a network that does what it likes.
//!
//! Input: a byte for the dialect, one for the settings, one for the line, one for the seed; then steps ([`check`]).
//!
//! * Nothing makes either side panic, and time never stands still.
//! * The session's events keep their [`Order`].
//! * When the noise is over, everything that waits ends within an hour, and after a `probe` the pair is in step: the module
//!   answers a question with its answer.

use crate::calls::{Host, call, settings};
use crate::order::Order;
use simcom_at::{Action, Dialect, Event, Instant, Link, Value};
use simcom_modem::bench::Desk;
use simcom_modem::faults::Fault;
use simcom_modem::loopback::{Loopback, LoopbackSettings};
use simcom_modem::net::Notify;
use simcom_modem::wire::{Faults, Wire, WireSettings};
use simcom_modem::{Modem, Profile};

struct Bench {
    session: Host,
    desk: Desk<Loopback>,
    order: Order,
    input: Vec<u8>,
    /// The value of the last command.
    value: Option<Result<Value, Event<'static>>>,
    trace: bool,
}

/// The target. A step's first byte:
///
/// * 0x00–0x7f: a call; two bytes say which.
/// * 0x80–0xaf: something happens in the network; the next byte says with what.
/// * 0xb0–0xbf: the line: how noisy it is each way, and the module's own mistakes.
/// * 0xc0–0xff: time goes on, by steps from 1 ms to 100 s, or until nothing waits.
pub fn check(data: &[u8]) {
    let Some((&[dialect, bits, line, seed], mut steps)) = data.split_first_chunk::<4>() else { return };
    let dialect = Dialect::ALL[usize::from(dialect) % Dialect::ALL.len()];
    let mut bench = Bench::new(dialect, bits, line, seed);
    let mut byte = || -> Option<u8> {
        let (&byte, rest) = steps.split_first()?;
        steps = rest;
        Some(byte)
    };
    while let Some(step) = byte() {
        match step {
            0..0x80 => {
                let (what, arg) = (byte().unwrap_or(0), byte().unwrap_or(0));
                let now = bench.desk.now();
                call(&mut bench.session, now, &mut bench.order, what, arg);
                bench.run(0);
            }
            0x80..0xb0 => {
                bench.happens(step & 0x3f, byte().unwrap_or(0));
                bench.run(0);
            }
            0xb0..0xc0 => bench.line(step & 15, byte().unwrap_or(0)),
            0xc0..0xf0 => bench.run([1, 20, 100, 1000, 2000, 10_000, 30_000, 100_000][usize::from(step & 7)]),
            0xf0..=0xff => drop(bench.rest(400_000)),
        }
    }
    bench.end();
}

impl Bench {
    fn new(dialect: Dialect, bits: u8, line: u8, seed: u8) -> Self {
        let now = Instant::from_millis(u32::from(seed) << 24);
        let wire = WireSettings {
            baud: if line & 1 == 0 { 0 } else { 9600 },
            delay_ms: u32::from(line >> 1 & 3),
            piece: u32::from(line >> 3 & 31),
            ..WireSettings::default()
        };
        let network = LoopbackSettings {
            latency_ms: u32::from(seed & 15) * 10,
            piece: 1 + u32::from(seed) * 5,
            cut: true,
            ..LoopbackSettings::default()
        };
        let network = Loopback::new(network, u64::from(seed));
        let mut desk = Desk::new(Modem::new(Profile::new(dialect), now), network, now).with_turns(100_000);
        desk.to_modem = Wire::new(wire.clone(), u64::from(seed));
        desk.to_host = Wire::new(wire, u64::from(seed) + 1);
        Self {
            session: Host::new(dialect.spec(), settings(bits & !32), now, vec![0; 2048]),
            desk,
            order: Order::default(),
            input: Vec::new(),
            value: None,
            trace: crate::trace(),
        }
    }

    fn happens(&mut self, what: u8, arg: u8) {
        let now = self.desk.now();
        let network = &mut self.desk.network;
        let token = network.peers().nth_back(usize::from(arg & 3)).map(|peer| peer.token());
        let bytes = crate::calls::payload(what, arg);
        match (what % 10, token) {
            (0 | 1, Some(token)) => drop(network.peer_send(now, token, &bytes)),
            (2, Some(token)) => drop(network.peer_close(now, token)),
            (3, Some(token)) => drop(network.peer_reset(now, token)),
            (4, _) => drop(network.connect(now, 8888)),
            (5, _) => network.at(now, Notify::ContextLost(arg & 1)),
            (6, _) if arg & 7 == 0 => network.at(now, Notify::Restart),
            (7, _) => network.at(now, Notify::Ring),
            (8, _) => network.at(now, Notify::Sms(u16::from(arg))),
            _ => network.at(now, Notify::Registration(arg & 7)),
        }
    }

    fn line(&mut self, what: u8, arg: u8) {
        let rate = u32::from(arg) * 40;
        let faults = Faults {
            drop_ppm: if what & 1 == 0 { 0 } else { rate },
            flip_ppm: if what & 2 == 0 { 0 } else { rate },
            double_ppm: if what & 4 == 0 { 0 } else { rate },
            noise_ppm: if arg & 1 == 0 { 0 } else { rate / 4 },
            noise_len: 20,
        };
        match what {
            0..8 if arg & 2 == 0 => self.desk.to_host.settings_mut().faults = faults,
            0..8 => self.desk.to_modem.settings_mut().faults = faults,
            8 => self.desk.modem.faults().once(Fault::DropFinal),
            9 => self.desk.modem.faults().once(Fault::LateFinal(u32::from(arg) * 100)),
            10 => self.desk.modem.faults().once(Fault::DoubleFinal),
            11 => self.desk.modem.faults().once(Fault::NoPrompt),
            12 => self.desk.modem.faults().once(Fault::SendFail),
            13 => self.desk.modem.faults().once(Fault::ShortPayload(usize::from(arg))),
            14 => self.desk.modem.faults().once(Fault::RestartInPayload(usize::from(arg))),
            _ => self.desk.modem.faults().once(Fault::Hang(u32::from(arg) * 100)),
        }
    }

    /// Takes all events, and sends what is to be sent; whether anything moved.
    fn turn(&mut self) -> bool {
        let now = self.desk.now();
        let bytes = std::mem::take(&mut self.input);
        let (mut input, mut events) = (&bytes[..], 0);
        while let Some(event) = self.session.poll(now, &mut input) {
            if self.trace {
                let text = self.session.text().escape_ascii();
                eprintln!("  {:>8} {event:?} {text}", now.millis());
            }
            self.order.event(&event, self.session.is_ready());
            match event {
                Event::Done { value, .. } => self.value = Some(Ok(value)),
                Event::Failed { action, link, step, why, remedy } => {
                    self.value = Some(Err(Event::Failed { action, link, step, why, remedy }));
                }
                _ => {}
            }
            events += 1;
            assert!(events < 2 * bytes.len() + 200, "events without end");
        }
        assert!(input.is_empty(), "poll gave None and left input");
        let mut moved = events > 0;
        while !self.session.transmit().is_empty() {
            let bytes = self.session.transmit();
            if self.trace {
                eprintln!("> {}", bytes.escape_ascii());
            }
            let count = self.desk.host_write(bytes);
            self.session.transmitted(now, count);
            moved = true;
        }
        moved
    }

    /// Lets time go on.
    fn run(&mut self, ms: u32) {
        let end = self.desk.now().after(ms);
        let mut still = 0;
        loop {
            let moved = self.turn();
            if self.desk.now().reached(end) && !moved {
                return;
            }
            let before = self.desk.now();
            let next = self.session.deadline().map_or(end, |(at, _)| at.earlier(end));
            let readable = self.desk.wait(next).unwrap_or_else(|livelock| panic!("{livelock}"));
            while readable {
                let bytes = self.desk.host_read();
                if bytes.is_empty() {
                    break;
                }
                if self.trace {
                    eprintln!("< {}", bytes.escape_ascii());
                }
                self.input.extend(bytes);
            }
            still = if moved || readable || self.desk.now() != before { 0 } else { still + 1 };
            assert!(still < 100, "time stands still: {:?}", self.session.deadline());
        }
    }

    /// Until nothing waits, for at most so long; whether it came.
    fn rest(&mut self, ms: u32) -> bool {
        for _ in 0..ms / 1000 {
            if !self.order.is_waiting() && self.session.is_ready() {
                return true;
            }
            self.run(1000);
        }
        false
    }

    /// The noise is over, and the line is fast enough for all that has gathered.
    fn end(&mut self) {
        for wire in [&mut self.desk.to_modem, &mut self.desk.to_host] {
            *wire.settings_mut() = WireSettings::default();
        }
        self.desk.modem.faults().clear();
        assert!(self.rest(3_600_000), "this never ends: {:?}", self.order);
        self.run(120_000);
        if self.session.is_data_mode() {
            self.call(Action::LeaveData);
        }
        if self.session.is_data_mode() {
            return;
        }
        for _ in 0..3 {
            if matches!(self.call(Action::Probe), Some(Ok(_))) {
                let value = self.call(Action::Signal);
                assert!(matches!(value, Some(Ok(Value::Signal(..)))), "not in step: {value:?}");
                return;
            }
        }
        panic!("the module is not found: {:?}", self.value);
    }

    fn call(&mut self, action: Action) -> Option<Result<Value, Event<'static>>> {
        let now = self.desk.now();
        assert!(self.rest(400_000), "this never ends: {:?}", self.order);
        self.value = None;
        let taken = match action {
            Action::LeaveData => self.session.leave_data(now),
            Action::Probe => self.session.probe(now),
            _ => self.session.signal(now),
        };
        taken.unwrap_or_else(|refused| panic!("{action:?}: {refused:?}"));
        self.order.given(action, Link(0));
        assert!(self.rest(400_000), "this never ends: {:?}", self.order);
        self.value
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn small_inputs_pass() {
        for dialect in 0..6 {
            for bits in 0..32 {
                for what in [0xb1, 0xb2, 0xb4, 0xb7] {
                    let up = [0, 10, 0, 0xf0, 0, 11, 0, 0xf0, 0, 0, 0, 0xf0];
                    let noise = [what, 61, what, 63, 0, 4, 0x80, 0xc3, 0, 4, 0xa0, 0x80, 0x40, 0xf0];
                    super::check(&[&[dialect, bits, bits, what], &up[..], &noise[..]].concat());
                }
            }
        }
    }
}
