//! Out of step: after a timeout the line is made sure of before anything else is said.

use super::script::{CSQ, OK, Script};
use super::{cause, closed, sent};
use crate::main_job::{DIALECTS, network, open, up};
use crate::pair::{Pair, What};
use simcom_at::{
    Action, Closing, Dialect, Event, How, Link, Outcome, Remedy, Settings, Transport, Value, Why,
};
use simcom_modem::Fault;

fn push() -> Settings {
    Settings { quick: false, push: true, ..Settings::default() }
}

/// The marker and its answer.
fn marker(dialect: Dialect) -> (&'static str, &'static str) {
    match dialect {
        Dialect::Kingcom => ("AT+CIPSTATUS\r", "\r\n+IPSTATUS: CONNECT OK\r\n\r\nOK\r\n"),
        Dialect::A7600 => ("AT+NETOPEN?\r", "\r\n+NETOPEN: 1\r\n\r\nOK\r\n"),
        _ => ("AT+CIPMUX?\r", "\r\n+CIPMUX: 1\r\n\r\nOK\r\n"),
    }
}

fn timeout(action: Action, remedy: Remedy) -> Option<(Action, Option<u8>, Why, Remedy)> {
    Some((action, None, Why::Timeout, remedy))
}

#[test]
fn a_command_without_an_answer_is_followed_by_the_marker_and_fails_when_that_is_answered() {
    for dialect in DIALECTS {
        let mut s = Script::new(dialect, push());
        s.session.signal(s.now()).unwrap();
        s.host("AT+CSQ\r");
        s.quiet(8990);
        s.pass(10);
        s.talk(&[marker(dialect)]);
        let events = s.events();
        assert_eq!(
            events.iter().map(cause).collect::<Vec<_>>(),
            [timeout(Action::Signal, Remedy::Retry)],
            "{dialect:?}"
        );
        s.session.signal(s.now()).unwrap();
        s.talk(&[("AT+CSQ\r", CSQ)]);
        let signal = Event::Done { action: Action::Signal, link: None, value: Value::Signal(20, 0) };
        assert_eq!(s.events(), [What::Other(signal)], "{dialect:?}");
    }
}

#[test]
fn late_finals_are_dropped_until_the_marker_is_answered() {
    for dialect in DIALECTS {
        let (ask, answer) = marker(dialect);
        let mut s = Script::new(dialect, push());
        s.session.raw(s.now(), "AT+CREG=1", 0).unwrap();
        s.host("AT+CREG=1\r");
        s.pass(9000);
        s.host(ask);
        s.module("\r\nERROR\r\n");
        s.module(OK);
        assert_eq!(s.events(), [], "{dialect:?}");
        s.module(answer);
        assert_eq!(
            s.events().iter().map(cause).collect::<Vec<_>>(),
            [timeout(Action::Raw, Remedy::None)],
            "{dialect:?}"
        );
    }
}

#[test]
fn the_answers_of_several_markers_do_not_complete_the_next_command() {
    for dialect in DIALECTS {
        let (ask, answer) = marker(dialect);
        let mut s = Script::new(dialect, push());
        s.session.signal(s.now()).unwrap();
        s.host("AT+CSQ\r");
        s.pass(9000);
        s.host(ask);
        s.pass(2000);
        s.host(ask);
        // The module was only slow: it answers all it was asked, over a slow line.
        s.module(CSQ);
        s.pass(50);
        s.module(answer);
        s.pass(10);
        if s.session.is_ready() {
            s.session.registration(s.now()).unwrap();
        }
        let mut heard = s.wait(50);
        s.module(answer);
        if !s.session.is_ready() || heard.is_empty() {
            s.pass(20);
        }
        if s.session.is_ready() && heard.is_empty() && !s.log.contains("CREG") {
            let _ = s.session.registration(s.now());
        }
        for _ in 0..3 {
            heard += &s.wait(5000);
            if std::mem::take(&mut heard) == "AT+CREG?\r" {
                s.module("\r\n+CREG: 0,1\r\n\r\nOK\r\n");
            }
        }
        let done: Vec<_> =
            s.events().into_iter().filter(|w| matches!(w, What::Other(Event::Done { .. }))).collect();
        let wanted = Event::Done { action: Action::Registration, link: None, value: Value::Registration(1) };
        assert_eq!(done, [What::Other(wanted)], "{dialect:?}\n{}", s.log);
    }
}

#[test]
fn three_markers_without_an_answer_mean_restart() {
    for dialect in DIALECTS {
        let (ask, _) = marker(dialect);
        let mut s = Script::new(dialect, push());
        s.session.signal(s.now()).unwrap();
        s.host("AT+CSQ\r");
        s.pass(9000);
        for _ in 0..3 {
            s.host(ask);
            s.quiet(1990);
            s.pass(10);
        }
        let events = s.events();
        assert_eq!(
            events.iter().map(cause).collect::<Vec<_>>(),
            [timeout(Action::Signal, Remedy::Restart)],
            "{dialect:?}"
        );
        assert!(s.session.is_ready());
        s.quiet(100_000);
    }
}

#[test]
fn a_prompt_that_does_not_come_is_left_by_filler_or_escape() {
    for dialect in DIALECTS {
        for len in [1, 5, 63, 64, 65, 200, 1000] {
            let mut s = Script::new(dialect, push());
            s.open(0);
            s.give_send(0, &vec![b'x'; len]);
            s.quiet(4990);
            s.pass(10);
            let heard = s.wait(0);
            let wanted = if dialect == Dialect::Kingcom { "\x1b\r".to_owned() } else { "\r".repeat(len) };
            assert_eq!(heard, wanted, "{dialect:?}");
            // Time for what the filler may bring.
            s.quiet(90);
            s.pass(10);
            s.talk(&[marker(dialect)]);
            assert_eq!(s.events(), [sent(0, Outcome::NotSent)], "{dialect:?}");
            s.give_payload(0, b"again");
        }
    }
}

#[test]
fn a_prompt_or_a_result_meanwhile_makes_the_outcome_unknown_and_the_link_is_closed() {
    for dialect in DIALECTS {
        let result = match dialect {
            Dialect::Kingcom => None,
            Dialect::A7600 => Some("\r\nOK\r\n\r\n+CIPSEND: 0,5,5\r\n"),
            _ => Some("\r\n0, SEND OK\r\n"),
        };
        for text in [Some("\r\n> "), result].into_iter().flatten() {
            for behind_marker in [false, true] {
                let (ask, answer) = marker(dialect);
                let mut s = Script::new(dialect, push());
                s.open(0);
                s.give_send(0, b"hello");
                s.pass(5000);
                s.wait(0);
                if behind_marker {
                    s.pass(100);
                    s.host(ask);
                }
                s.module(text);
                if !behind_marker {
                    s.pass(100);
                    s.host(ask);
                }
                s.module(answer);
                let events = s.events();
                assert_eq!(
                    events,
                    [sent(0, Outcome::Unknown(5)), closed(0, Closing::Unsaid, false)],
                    "{dialect:?} {text:?}\n{}",
                    s.log
                );
                let drop = s.wait(60);
                assert!(drop.starts_with("AT+CIPCLOSE"), "{dialect:?}: {drop:?}");
                s.module(match dialect {
                    Dialect::Kingcom => OK,
                    Dialect::A7600 => "\r\nOK\r\n\r\n+CIPCLOSE: 0,0\r\n",
                    _ => "\r\n0, CLOSE OK\r\n",
                });
                assert_eq!(s.events(), [], "{dialect:?}");
                s.open(0);
            }
        }
    }
}

#[test]
fn a_send_without_a_result_is_unknown_in_every_dialect() {
    for dialect in DIALECTS {
        let mut s = Script::new(dialect, push());
        s.open(0);
        s.give_payload(0, b"hello");
        let ms = if dialect == Dialect::A7600 { 120_000 } else { 75_000 };
        s.quiet(ms - 10);
        assert_eq!(s.events(), [], "{dialect:?}");
        s.pass(10);
        s.wait(0);
        s.pass(100);
        s.talk(&[marker(dialect)]);
        let events = s.events();
        assert_eq!(events[0], sent(0, Outcome::Unknown(5)), "{dialect:?} {events:?}");
        let outcomes = events.iter().filter(|w| matches!(w, What::Other(Event::Sent { .. }))).count();
        assert_eq!(outcomes, 1, "{dialect:?} {events:?}");
    }
}

#[test]
fn the_time_of_a_send_is_a_setting() {
    let mut s = Script::new(Dialect::Sim800, Settings { send_ms: 2000, ..push() });
    s.open(0);
    s.give_payload(0, b"hello");
    s.quiet(1990);
    s.pass(10 + 64);
    assert_eq!(s.wait(0), "\r\r\r\r\r");
}

#[test]
fn a_read_without_an_answer_asks_for_its_own_link() {
    let (ask, answer) = marker(Dialect::Sim800);
    for (dialect, query) in [(Dialect::Sim800, "AT+CIPSTATUS=3\r"), (Dialect::A7600, "AT+CIPCLOSE?\r")] {
        let (ask, answer) = if dialect == Dialect::A7600 { marker(dialect) } else { (ask, answer) };
        let mut s = Script::new(dialect, Settings::default());
        s.open(3);
        s.open(0);
        s.module("\r\n+CIPRXGET: 1,3\r\n");
        s.host("AT+CIPRXGET=4,3\r");
        s.pass(9000);
        s.talk(&[(ask, answer)]);
        s.host(query);
        s.module(match dialect {
            Dialect::A7600 => "\r\n+CIPCLOSE: 1,0,0,0,0,0,0,0,0,0\r\n\r\nOK\r\n",
            _ => "\r\n+CIPSTATUS: 3,0,\"TCP\",\"10.1.1.1\",\"80\",\"CLOSED\"\r\n\r\nOK\r\n",
        });
        assert_eq!(s.events(), [closed(3, Closing::Unsaid, false)], "{dialect:?}");
    }
}

#[test]
fn a_connect_fail_that_comes_during_the_resync_reaches_its_link() {
    let mut s = Script::new(Dialect::Sim800, push());
    s.give_open(4);
    s.module(OK);
    s.events();
    s.session.signal(s.now()).unwrap();
    s.host("AT+CSQ\r");
    s.pass(9000);
    s.host("AT+CIPMUX?\r");
    s.module("\r\n4, CONNECT FAIL\r\n\r\n+CIPMUX: 1\r\n\r\nOK\r\n");
    let events = s.events();
    let causes: Vec<_> = events.iter().filter_map(cause).map(|c| (c.0, c.1, c.2)).collect();
    let wanted = [(Action::Open, Some(4), Why::ConnectFail), (Action::Signal, None, Why::Timeout)];
    assert_eq!(causes, wanted, "{events:?}");
}

#[test]
fn a_command_line_never_lands_in_a_payload() {
    // The module waits for its payload without a prompt: what it gets is filler, and nothing of the next line.
    for dialect in DIALECTS {
        for quick in [true, false] {
            let mut pair = Pair::new(dialect, Settings { quick, ..Settings::default() }, network(6));
            up(&mut pair);
            open(&mut pair, 0, Transport::Tcp, 9);
            pair.desk.modem.faults().once(Fault::NoPrompt);
            let outcome = pair.send(0, b"hello world");
            pair.until(30_000, |_| false);
            let got: Vec<u8> = pair.desk.network.peers().flat_map(|p| p.received().bytes()).collect();
            match dialect {
                Dialect::Kingcom => assert_eq!((outcome, got), (Outcome::NotSent, vec![]), "{}", pair.tail()),
                _ => {
                    assert_eq!(outcome, Outcome::Unknown(11), "{dialect:?}\n{}", pair.tail());
                    assert_eq!(got, b"\r".repeat(11), "{dialect:?}\n{}", pair.tail());
                    assert!(pair.has(|e| matches!(e, Event::Closed { certain: false, .. })), "{dialect:?}");
                }
            }
            if dialect != Dialect::Kingcom {
                open(&mut pair, 0, Transport::Tcp, 7);
            }
            pair.send(0, b"again");
            if dialect != Dialect::Kingcom {
                assert!(pair.until(5000, |p| p.received(0) == b"again"), "{dialect:?}\n{}", pair.tail());
            }
        }
    }
}

#[test]
fn abandon_ends_a_command_like_its_timeout() {
    for dialect in DIALECTS {
        let mut s = Script::new(dialect, push());
        s.session.signal(s.now()).unwrap();
        s.host("AT+CSQ\r");
        s.pass(500);
        let now = s.now();
        s.session.abandon(now);
        s.talk(&[marker(dialect)]);
        assert_eq!(
            s.events().iter().map(cause).collect::<Vec<_>>(),
            [timeout(Action::Signal, Remedy::Retry)],
            "{dialect:?}"
        );
        // Nothing to abandon: nothing happens.
        s.session.abandon(now);
        s.quiet(60_000);
        assert_eq!(s.events(), []);
    }
}

#[test]
fn a_command_that_has_not_begun_can_be_abandoned_too() {
    let mut s = Script::new(Dialect::Sim800, Settings::default());
    s.open(0);
    s.module("\r\n+CIPRXGET: 1,0\r\n");
    s.host("AT+CIPRXGET=4,0\r");
    let now = s.now();
    s.session.signal(now).unwrap();
    s.session.abandon(now);
    s.module("\r\n+CIPRXGET: 4,0,0\r\n\r\nOK\r\n");
    s.serve(300_000, |line| match line {
        "AT+CIPMUX?\r" => "\r\n+CIPMUX: 1\r\n\r\nOK\r\n".to_owned(),
        "AT+CSQ\r" => CSQ.to_owned(),
        _ => "\r\n+CIPRXGET: 4,0,0\r\n\r\nOK\r\n".to_owned(),
    });
    let ends = s
        .events()
        .iter()
        .filter(|w| {
            matches!(
                w,
                What::Failed { action: Action::Signal, .. }
                    | What::Other(Event::Done { action: Action::Signal, .. })
            )
        })
        .count();
    assert_eq!(ends, 1);
}

#[test]
fn a_failure_whose_error_line_is_lost_is_told_once() {
    type Case = (fn(&mut Script), &'static str);
    let cases: [Case; 5] = [
        (|s| s.session.address(s.now()).unwrap(), "\r\n+IP ERROR: Network not opened\r\n"),
        (|s| s.session.resolve(s.now(), "a.test").unwrap(), "\r\n+CDNSGIP: 0,10\r\n"),
        (|s| s.session.send(s.now(), Link(0), b"x", None).unwrap(), "\r\n+CIPERROR: 4\r\n"),
        (|s| s.session.open(s.now(), Link(1), Transport::Tcp, "a", 1, 0).unwrap(), "\r\n+CIPOPEN: 1,4\r\n"),
        (|s| s.session.close(s.now(), Link(0), How::Slow).unwrap(), "\r\n+CIPCLOSE: 0,4\r\n"),
    ];
    for (give, answer) in cases {
        let mut s = Script::new(Dialect::A7600, push());
        s.open(0);
        give(&mut s);
        s.wait(60);
        s.module(answer);
        let told = s.events();
        let wanted = if answer.contains("CIPCLOSE") { 2 } else { 1 };
        assert_eq!(told.len(), wanted, "{answer:?} {told:?}");
        s.serve(300_000, |line| {
            if line == "AT+NETOPEN?\r" { marker(Dialect::A7600).1 } else { "" }.to_owned()
        });
        assert_eq!(s.events(), [], "{answer:?}\n{}", s.log);
        assert!(s.session.is_ready(), "{answer:?}");
        s.session.signal(s.now()).unwrap();
        s.talk(&[("AT+CSQ\r", CSQ)]);
        assert_eq!(s.events().len(), 1, "{answer:?}");
    }
}

/// A late final of one command, and others behind it: no answer is taken for another's.
fn slow(dialect: Dialect, ms: u32) {
    let mut pair = Pair::new(dialect, Settings::default(), network(7));
    up(&mut pair);
    pair.desk.modem.faults().once(Fault::LateFinal(ms));
    let from = pair.told.len();
    let now = pair.now();
    pair.session.signal(now).unwrap();
    assert!(pair.until(200_000, |p| p.session.is_ready()), "{}", pair.tail());
    for turn in 0..9 {
        let from = pair.told.len();
        let now = pair.now();
        pair.session.registration(now).unwrap();
        assert!(pair.until(200_000, |p| p.session.is_ready()), "{}", pair.tail());
        let ends = pair.told[from..].iter().find_map(|t| match &t.what {
            What::Other(Event::Done { action: Action::Registration, value, .. }) => Some(Some(*value)),
            What::Failed { action: Action::Registration, .. } => Some(None),
            _ => None,
        });
        let right = ends == Some(Some(Value::Registration(1))) || (turn < 8 && ends == Some(None));
        assert!(right, "{dialect:?} {ms} {turn}: {ends:?}\n{}", pair.tail());
    }
    let ends = pair.told[from..].iter().filter(|t| {
        matches!(
            t.what,
            What::Failed { action: Action::Signal, .. }
                | What::Other(Event::Done { action: Action::Signal, .. })
        )
    });
    assert_eq!(ends.count(), 1, "{dialect:?} {ms}\n{}", pair.tail());
}

#[test]
fn a_late_final_is_got_over_and_no_answer_is_taken_for_another() {
    for dialect in DIALECTS {
        for ms in [500, 8_000, 8_999, 9_000, 9_001, 9_500, 11_000, 13_500, 14_900] {
            slow(dialect, ms);
        }
    }
}

#[test]
fn a_final_that_comes_behind_the_last_marker_is_taken_for_no_other() {
    for dialect in DIALECTS {
        for ms in [15_100, 20_000, 60_000] {
            slow(dialect, ms);
        }
    }
}

#[test]
fn a_deaf_module_is_got_over() {
    for dialect in DIALECTS {
        for ms in [500, 9_500, 12_000, 14_000] {
            let mut pair = Pair::new(dialect, Settings::default(), network(8));
            up(&mut pair);
            let now = pair.now();
            pair.session.signal(now).unwrap();
            pair.desk.modem.faults().once(Fault::Hang(ms));
            assert!(pair.until(60_000, |p| p.session.is_ready()), "{dialect:?} {ms}\n{}", pair.tail());
            let registered = pair.done(Action::Registration, |s, now| s.registration(now).unwrap());
            assert_eq!(registered, Value::Registration(1), "{dialect:?} {ms}\n{}", pair.tail());
        }
    }
}

#[test]
fn the_text_of_a_timeout_is_empty() {
    let mut s = Script::new(Dialect::Sim800, push());
    s.session.signal(s.now()).unwrap();
    s.talk(&[("AT+CSQ\r", "\r\n+CME ERROR: 3\r\n")]);
    s.events();
    s.session.signal(s.now()).unwrap();
    s.host("AT+CSQ\r");
    s.pass(9000);
    s.talk(&[marker(Dialect::Sim800)]);
    let [What::Failed { text, .. }] = &s.events()[..] else { panic!("{}", s.log) };
    assert_eq!(text, "");
}
