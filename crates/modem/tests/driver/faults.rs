//! Every fault of the virtual modem at every command: each call still has one end, no byte is invented, and the line is in
//! step again.

use crate::main_job::{DIALECTS, nasty, network};
use crate::pair::{Pair, What};
use simcom_at::{Action, Context, Dialect, Event, How, Link, Outcome, Settings, Transport, Value};
use simcom_modem::Fault;
use simcom_modem::net::Socket;
use simcom_modem::wire::{Faults, Wire, WireSettings};

fn faults() -> Vec<Fault> {
    let mut faults = vec![Fault::DropFinal, Fault::DoubleFinal, Fault::NoPrompt, Fault::SendFail];
    faults.extend([1, 30, 500, 8_990, 9_100, 12_000].map(Fault::LateFinal));
    faults.extend([1, 900, 8_000, 9_500, 13_000].map(Fault::Hang));
    faults.extend([1, 5, 100].map(Fault::ShortPayload));
    faults.extend([-3, 1, 40].map(Fault::WrongLength));
    faults.extend([1, 4].map(Fault::RestartInPayload));
    faults
}

/// The steps of the exchange at which a fault is put in.
const STEPS: usize = 9;

/// Does a step; `false`: it did not end well (which a fault may bring about).
fn step(pair: &mut Pair, step: usize, safe: bool) -> bool {
    let now = pair.now();
    let from = pair.told.len();
    let s = &mut pair.session;
    let (given, action) = match step {
        0 => (s.probe(now), Action::Probe),
        1 => (s.attach(now, Context(0), "CMNET", "", ""), Action::Attach),
        2 => (s.open(now, Link(0), Transport::Tcp, "localhost", 7, 0), Action::Open),
        3 => (s.send(now, Link(0), &nasty(20, safe), None), Action::Send),
        4 => (s.signal(now), Action::Signal),
        5 => (s.status(now), Action::Status),
        6 => (s.send(now, Link(0), &nasty(300, safe), None), Action::Send),
        7 => (s.close(now, Link(0), How::Slow), Action::Close),
        _ => (s.shut(now), Action::Shut),
    };
    if given.is_err() {
        return false;
    }
    let ends = |what: &What| match what {
        What::Other(Event::Opened { .. }) => action == Action::Open,
        What::Other(Event::Sent { .. }) => action == Action::Send,
        What::Other(Event::Done { action: a, .. }) => *a == action,
        What::Failed { action: a, .. } => *a == action,
        _ => false,
    };
    let count = |pair: &Pair| pair.told[from..].iter().filter(|t| ends(&t.what)).count();
    let ended = pair.until(900_000, |p| count(p) > 0 && p.session.is_ready());
    assert!(ended, "{action:?} never ended\n{}", pair.tail());
    pair.until(40_000, |_| false);
    assert_eq!(count(pair), 1, "{action:?} has one end\n{}", pair.tail());
    pair.told[from..].iter().any(|t| match &t.what {
        What::Other(Event::Opened { .. }) => true,
        What::Other(Event::Sent { outcome, .. }) => {
            matches!(outcome, Outcome::Delivered | Outcome::Accepted(_))
        }
        What::Other(Event::Done { action: a, .. }) => *a == action,
        _ => false,
    })
}

/// The exchange with one fault in it, and then once more without.
fn run(dialect: Dialect, settings: Settings, at: usize, fault: &Fault) {
    let safe = dialect == Dialect::Kingcom;
    let mut pair = Pair::new(dialect, settings, network(1));
    let mut fine = true;
    for n in 0..STEPS {
        if n == at {
            pair.desk.modem.faults().once(fault.clone());
        }
        let mut well = step(&mut pair, n, safe);
        fine &= well;
        // What the rest stands on is tried again.
        for _ in 0..3 {
            if well || n > 2 {
                break;
            }
            well = step(&mut pair, n, safe);
        }
    }
    pair.desk.modem.faults().clear();
    pair.until(700_000, |_| false);
    // What came in on the link is what was sent back: nothing invented, nothing doubled.
    let got = pair.received(0);
    let back: Vec<u8> = pair.desk.network.peers().flat_map(|p| p.sent().bytes()).collect();
    let damaged = matches!(fault, Fault::ShortPayload(_) | Fault::WrongLength(_));
    if !damaged {
        assert!(is_part(&got, &back), "bytes that nobody sent\n{}", pair.tail());
    }
    if fine && !damaged {
        assert!(
            got == back,
            "all went well, and {} of {} bytes came\n{}",
            got.len(),
            back.len(),
            pair.tail()
        );
    }
    again(&mut pair);
}

/// Whether the bytes come in this order in the others.
fn is_part(part: &[u8], whole: &[u8]) -> bool {
    let mut rest = whole.iter();
    part.iter().all(|byte| rest.any(|other| other == byte))
}

/// All is well again: a fresh start works at once.
fn again(pair: &mut Pair) {
    let from = pair.told.len();
    let now = pair.now();
    let links = 0..1;
    for link in links {
        if pair.session.close(now, Link(link), How::Quick).is_ok() {
            pair.expect(30_000, from, |w| {
                matches!(w, What::Other(Event::Done { action: Action::Close, .. }))
            });
            pair.ready();
        }
    }
    pair.done(Action::Probe, |s, now| s.probe(now).unwrap());
    let from = pair.told.len();
    pair.done(Action::Attach, |s, now| s.attach(now, Context(0), "CMNET", "", "").unwrap());
    crate::main_job::open(pair, 0, Transport::Tcp, 7);
    pair.send(0, b"once more");
    let all = |pair: &Pair| -> Vec<u8> {
        let bytes = |t: &crate::pair::Told| {
            if let What::Received { bytes, .. } = &t.what { bytes.clone() } else { vec![] }
        };
        pair.told[from..].iter().flat_map(bytes).collect()
    };
    assert!(pair.until(30_000, |p| all(p) == b"once more"), "{}", pair.tail());
    let signal = pair.done(Action::Signal, |s, now| s.signal(now).unwrap());
    assert!(matches!(signal, Value::Signal(20 | 23, 0)), "{signal:?}");
}

fn every_fault(dialect: Dialect) {
    for settings in [
        Settings::default(),
        Settings { push: true, quick: false, ..Settings::default() },
        Settings { single: true, ..Settings::default() },
    ] {
        for at in 0..STEPS {
            for fault in faults() {
                let result = std::panic::catch_unwind(|| run(dialect, settings, at, &fault));
                if let Err(cause) = result {
                    eprintln!("{dialect:?} {fault:?} at step {at}, {settings:?}");
                    std::panic::resume_unwind(cause);
                }
            }
        }
    }
}

#[test]
fn every_fault_at_every_command_of_sim800() {
    every_fault(Dialect::Sim800);
}

#[test]
fn every_fault_at_every_command_of_sim800e() {
    every_fault(Dialect::Sim800e);
}

#[test]
fn every_fault_at_every_command_of_sim7000() {
    every_fault(Dialect::Sim7000);
}

#[test]
fn every_fault_at_every_command_of_kingcom() {
    every_fault(Dialect::Kingcom);
}

#[test]
fn every_fault_at_every_command_of_a7600() {
    every_fault(Dialect::A7600);
}

#[test]
fn every_fault_at_every_command_of_rda8955() {
    every_fault(Dialect::Rda8955);
}

#[test]
fn a_notice_at_any_byte_of_any_answer_damages_at_most_its_line() {
    // In the middle of a line it does damage: then the command may fail, but it ends, and the next one is whole.
    for dialect in DIALECTS {
        for at in 0..30 {
            for command in [4, 5, 2] {
                let mut pair = Pair::new(dialect, Settings::default(), network(2));
                let safe = dialect == Dialect::Kingcom;
                for n in [0, 1] {
                    assert!(step(&mut pair, n, safe));
                }
                pair.desk
                    .modem
                    .faults()
                    .once(Fault::Notice { at, bytes: b"\r\n+CMTI: \"SM\",7\r\n".to_vec() });
                step(&mut pair, command, safe);
                pair.desk.modem.faults().clear();
                pair.until(100_000, |_| false);
                assert!(
                    pair.has(|e| *e == Event::Sms { index: 7 }),
                    "{dialect:?} {command} {at}\n{}",
                    pair.tail()
                );
                if at == 0 {
                    assert!(
                        !pair.told.iter().any(|t| matches!(t.what, What::Failed { .. })),
                        "{dialect:?} {command}"
                    );
                }
                again(&mut pair);
            }
        }
    }
}

#[test]
fn each_refusal_of_the_module_ends_its_command_with_the_code() {
    for dialect in DIALECTS {
        let commands: &[(usize, &str)] = match dialect {
            Dialect::A7600 => &[
                (1, "+NETOPEN"),
                (2, "+CIPOPEN"),
                (3, "+CIPSEND"),
                (4, "+CSQ"),
                (5, "+CIPOPEN"),
                (8, "+NETCLOSE"),
            ],
            Dialect::Kingcom => &[
                (1, "+CGATT"),
                (1, "+CGACT"),
                (2, "+CIPSTART"),
                (3, "+CIPSEND"),
                (4, "+CSQ"),
                (5, "+CIPSTATUS"),
                (8, "+CGACT"),
            ],
            _ => &[
                (1, "+CGATT"),
                (1, "+CIICR"),
                (1, "+CIFSR"),
                (2, "+CIPSTART"),
                (3, "+CIPSEND"),
                (4, "+CSQ"),
                (5, "+CIPSTATUS"),
                (8, "+CIPSHUT"),
            ],
        };
        for (at, command) in commands {
            let mut pair = Pair::new(dialect, Settings::default(), network(3));
            for n in 0..*at {
                assert!(step(&mut pair, n, true), "{dialect:?} {n}\n{}", pair.tail());
            }
            pair.desk.modem.faults().once(Fault::Refuse { command: (*command).to_owned(), code: 100 });
            let from = pair.told.len();
            assert!(!step(&mut pair, *at, true), "{dialect:?} {command}\n{}", pair.tail());
            let told = pair.told[from..].iter().any(|t| match &t.what {
                What::Failed { text, .. } => text.contains("ERROR"),
                What::Other(Event::Sent { outcome, .. }) => *outcome == Outcome::NotSent,
                _ => false,
            });
            assert!(told, "{dialect:?} {command}\n{}", pair.tail());
            pair.desk.modem.faults().clear();
            again(&mut pair);
        }
    }
}

#[test]
fn bytes_that_are_lost_flipped_or_doubled_on_the_line_are_got_over() {
    for dialect in DIALECTS {
        for seed in 0..12 {
            let mut pair = Pair::new(dialect, Settings::default(), network(4));
            let safe = dialect == Dialect::Kingcom;
            for n in [0, 1, 2] {
                assert!(step(&mut pair, n, safe), "{dialect:?} {n}\n{}", pair.tail());
            }
            let faults = Faults { drop_ppm: 3000, flip_ppm: 1000, double_ppm: 1000, ..Faults::default() };
            pair.desk.to_host = Wire::new(WireSettings { faults, ..WireSettings::default() }, seed);
            for n in [3, 4, 6, 5, 3, 6, 4] {
                step(&mut pair, n, safe);
            }
            pair.desk.to_host = Wire::unpaced();
            pair.until(700_000, |_| false);
            // The module may think a link open that a damaged line has ended for the host.
            step(&mut pair, 8, safe);
            again(&mut pair);
            assert!(pair.desk.network.peer_of(Socket(0)).is_some(), "{dialect:?} {seed}");
        }
    }
}

#[test]
fn a_payload_that_is_echoed_is_not_read() {
    for dialect in DIALECTS {
        for settings in [Settings::default(), Settings { push: true, ..Settings::default() }] {
            let mut pair = Pair::new(dialect, settings, network(5));
            pair.done(Action::Attach, |s, now| s.attach(now, Context(0), "CMNET", "", "").unwrap());
            crate::main_job::open(&mut pair, 0, Transport::Tcp, 9);
            for len in [20, 100, 300] {
                pair.send(0, &nasty(len, dialect == Dialect::Kingcom));
                pair.until(2000, |_| false);
            }
            assert!(pair.received(0).is_empty(), "{dialect:?}\n{}", pair.tail());
            assert!(
                !pair.has(|e| matches!(e, Event::Closed { .. } | Event::PeerClosed { .. })),
                "{dialect:?}\n{}",
                pair.tail()
            );
        }
    }
}
