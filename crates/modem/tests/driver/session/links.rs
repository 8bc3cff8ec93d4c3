//! Opening: what ends the line and what comes later, and links that do not come up.

use super::script::{CSQ, ERROR, OK, Script};
use super::{cause, closed, line, opened, received};
use crate::main_job::{network, open, up};
use crate::pair::{Pair, What};
use simcom_at::{
    Action, Closing, Code, Dialect, Event, Link, Refused, Remedy, Settings, Transport, Value, Why,
};
use simcom_modem::loopback::Loopback;

/// The dialects that name the link in an open's result.
pub const NUMBERED: [Dialect; 4] = [Dialect::Sim800, Dialect::Sim800e, Dialect::Sim7000, Dialect::A7600];

#[test]
fn the_next_command_may_be_given_after_ok_while_connect_ok_of_another_link_is_pending() {
    for dialect in NUMBERED {
        let mut s = Script::new(dialect, Settings::default());
        s.give_open(0);
        assert!(!s.session.is_ready());
        s.module(OK);
        assert_eq!(s.all_events(), [What::Other(Event::Ready)], "{dialect:?}");
        s.give_open(1);
        s.module(OK);
        s.session.signal(s.now()).unwrap();
        s.host("AT+CSQ\r");
        s.module(s.connected(1) + &s.connected(0));
        assert_eq!(s.events(), [opened(1), opened(0)], "{dialect:?}");
        s.module(CSQ);
        let signal = Event::Done { action: Action::Signal, link: None, value: Value::Signal(20, 0) };
        assert_eq!(s.events(), [What::Other(signal)], "{dialect:?}");
        s.quiet(1000);
    }
}

#[test]
fn on_kingcom_the_result_itself_holds_the_line() {
    let mut s = Script::new(Dialect::Kingcom, Settings::default());
    s.give_open(0);
    s.module(OK);
    assert_eq!((s.events(), s.session.is_ready()), (vec![], false));
    assert_eq!(s.session.signal(s.now()), Err(Refused::Busy));
    s.quiet(29_000);
    s.module("\r\nCONNECT OK\r\n");
    assert_eq!(s.all_events(), [opened(0), What::Other(Event::Ready)]);
}

#[test]
fn kingcom_may_connect_before_its_ok() {
    let mut s = Script::new(Dialect::Kingcom, Settings::default());
    s.give_open(0);
    s.module("\r\nCONNECT OK\r\n\r\nOK\r\n");
    assert_eq!(s.events()[0], opened(0));
    s.session.signal(s.now()).unwrap();
    s.talk(&[("AT+CSQ\r", CSQ)]);
    assert!(
        s.events().iter().any(|w| matches!(w, What::Other(Event::Done { value: Value::Signal(20, 0), .. })))
    );
}

#[test]
fn udp_on_a7600_has_its_result_in_front_of_ok() {
    let mut s = Script::new(Dialect::A7600, Settings::default());
    s.session.open(s.now(), Link(3), Transport::Udp, "10.1.1.1", 9, 0).unwrap();
    s.talk(&[("AT+CIPOPEN=3,\"UDP\",,,10003\r", "\r\n+CIPOPEN: 3,0\r\n")]);
    assert_eq!(s.events(), [opened(3)]);
    assert!(!s.session.is_ready());
    s.module(OK);
    assert_eq!((s.events(), s.session.is_ready()), (vec![], true));
}

#[test]
fn a_named_udp_peer_on_a7600_is_resolved_first() {
    let mut s = Script::new(Dialect::A7600, Settings::default());
    s.session.open(s.now(), Link(3), Transport::Udp, "b.test", 9, 5000).unwrap();
    s.talk(&[
        ("AT+CDNSGIP=\"b.test\"\r", "\r\n+CDNSGIP: 1,\"b.test\",\"10.2.2.2\"\r\n\r\nOK\r\n"),
        ("AT+CIPOPEN=3,\"UDP\",,,5000\r", "\r\n+CIPOPEN: 3,0\r\n\r\nOK\r\n"),
    ]);
    assert_eq!(s.events(), [opened(3)]);
    s.session.send(s.now(), Link(3), b"x", None).unwrap();
    s.host("AT+CIPSEND=3,1,\"10.2.2.2\",9\r");
}

#[test]
fn a_named_udp_peer_that_is_not_found_fails_once_and_leaves_the_link_free() {
    let mut s = Script::new(Dialect::A7600, Settings::default());
    s.session.open(s.now(), Link(3), Transport::Udp, "b.test", 9, 0).unwrap();
    s.talk(&[("AT+CDNSGIP=\"b.test\"\r", "\r\n+CDNSGIP: 0,10\r\n")]);
    let text = "+CDNSGIP: 0,10";
    let [what @ What::Failed { text: told, .. }] = &s.events()[..] else { panic!("{}", s.log) };
    assert_eq!(
        (cause(what), told.as_str()),
        (Some((Action::Open, Some(3), Why::Dns(10), Remedy::Reopen)), text)
    );
    s.module(ERROR);
    assert_eq!(s.events(), []);
    s.quiet(200_000);
    s.open(3);
}

#[test]
fn a_refused_open_tells_the_code_and_the_line_at_the_line_that_carries_it() {
    let cases: [(Dialect, &[&str], Why, &str); 6] = [
        (Dialect::Sim800, &["\r\nOK\r\n\r\n0, CONNECT FAIL\r\n"], Why::ConnectFail, "0, CONNECT FAIL"),
        (Dialect::Sim800e, &["\r\nOK\r\n", "\r\n0, CONNECT FAIL\r\n"], Why::ConnectFail, "0, CONNECT FAIL"),
        (Dialect::Sim7000, &["\r\n+CME ERROR: 3\r\n"], Why::Cme(Code::Number(3)), "+CME ERROR: 3"),
        (
            Dialect::Kingcom,
            &["\r\nOK\r\n\r\n+CME ERROR: 50\r\n"],
            Why::Cme(Code::Number(50)),
            "+CME ERROR: 50",
        ),
        (Dialect::A7600, &["\r\nOK\r\n\r\n+CIPOPEN: 0,10\r\n"], Why::Err(10), "+CIPOPEN: 0,10"),
        (Dialect::A7600, &["\r\n+CIPOPEN: 0,3\r\n", "\r\nERROR\r\n"], Why::Err(3), "+CIPOPEN: 0,3"),
    ];
    for (dialect, answer, why, text) in cases {
        let mut s = Script::new(dialect, Settings::default());
        s.give_open(0);
        for part in answer {
            s.module(part);
        }
        let [what @ What::Failed { text: told, .. }] = &s.events()[..] else {
            panic!("{dialect:?}\n{}", s.log)
        };
        assert_eq!((cause(what), told.as_str()), (Some((Action::Open, Some(0), why, Remedy::Reopen)), text));
        assert!(s.session.is_ready(), "{dialect:?}");
        s.quiet(5000);
        s.open(0);
    }
}

#[test]
fn already_connect_is_an_outcome_of_its_own_in_either_order() {
    for answer in [
        "\r\nERROR\r\n\r\n2, ALREADY CONNECT\r\n",
        "\r\nOK\r\n\r\n2, ALREAY CONNECT\r\n",
        "\r\n2,ALREADY CONNECT\r\n\r\nERROR\r\n",
    ] {
        let mut s = Script::new(Dialect::Sim800, Settings::default());
        s.give_open(2);
        s.module(answer);
        let events = s.events();
        let failures: Vec<_> = events.iter().filter_map(cause).collect();
        assert_eq!(failures.len(), 1, "{answer}: {events:?}");
        let (action, link, why, _) = failures[0];
        assert_eq!((action, link), (Action::Open, Some(2)));
        assert!(matches!(why, Why::AlreadyConnected | Why::Error), "{answer}: {why:?}");
        assert!(s.session.is_ready());
        // Only the module has it open: it is closed before the next `open`.
        s.talk(&[("AT+CIPCLOSE=2,1\r", "\r\n2, CLOSE OK\r\n")]);
        s.quiet(5000);
    }
}

#[test]
fn a_link_that_only_the_module_has_open_can_be_opened_again() {
    for dialect in [Dialect::Sim800, Dialect::Sim7000] {
        let mut s = Script::new(dialect, Settings::default());
        s.give_open(2);
        s.module("\r\n2, ALREADY CONNECT\r\n\r\nERROR\r\n");
        assert_eq!(s.events().iter().filter_map(cause).count(), 1, "{dialect:?}");
        s.talk(&[("AT+CIPCLOSE=2,1\r", "\r\n2, CLOSE OK\r\n")]);
        s.quiet(5000);
        s.open(2);
    }
}

#[test]
fn the_state_in_front_of_connect_fail_belongs_to_it() {
    let mut s = Script::new(Dialect::Sim800, Settings { single: true, ..Settings::default() });
    s.give_open(0);
    s.module("\r\nOK\r\n\r\nSTATE: TCP CLOSED\r\n\r\nCONNECT FAIL\r\n");
    let [what] = &s.events()[..] else { panic!("{}", s.log) };
    assert_eq!(cause(what), Some((Action::Open, Some(0), Why::ConnectFail, Remedy::Reopen)));
}

#[test]
fn a_connect_that_hangs_fails_after_its_deadline_and_what_comes_later_is_closed() {
    let deadlines = [
        (Dialect::Sim800, 75_000),
        (Dialect::Sim800e, 160_000),
        (Dialect::Sim7000, 75_000),
        (Dialect::A7600, 120_000),
    ];
    for (dialect, ms) in deadlines {
        let mut s = Script::new(dialect, Settings::default());
        s.give_open(2);
        s.module(OK);
        s.events();
        s.quiet(ms - 100);
        assert_eq!(s.events(), [], "{dialect:?}: early");
        s.pass(200);
        let events = s.events();
        let why = (Action::Open, Some(2), Why::Timeout, Remedy::Reopen);
        assert_eq!(events.iter().map(cause).collect::<Vec<_>>(), [Some(why)], "{dialect:?}: {events:?}");
        let drop = match dialect {
            Dialect::Sim800 | Dialect::Sim7000 => "AT+CIPCLOSE=2,1\r",
            _ => "AT+CIPCLOSE=2\r",
        };
        let close_ok = match dialect {
            Dialect::A7600 => "\r\nOK\r\n\r\n+CIPCLOSE: 2,0\r\n",
            _ => "\r\n2, CLOSE OK\r\n",
        };
        s.talk(&[(drop, close_ok)]);
        assert_eq!(s.events(), [], "{dialect:?}");
        // The module connects all the same: the session has given the link up.
        s.module(s.connected(2));
        assert_eq!(s.events(), [], "{dialect:?}");
        s.talk(&[(drop, close_ok)]);
        assert_eq!(s.events(), [], "{dialect:?}");
        s.quiet(60_000);
        s.open(2);
    }
}

#[test]
fn a_link_whose_connect_hangs_holds_up_no_other() {
    for dialect in NUMBERED {
        let mut pair = Pair::new(dialect, Settings::default(), network(1));
        up(&mut pair);
        let now = pair.now();
        pair.session.open(now, Link(0), Transport::Tcp, "localhost", Loopback::BLACK_HOLE, 0).unwrap();
        pair.ready();
        for link in 1..4 {
            open(&mut pair, link, Transport::Tcp, 7);
            pair.send(link, &[b'0' + link; 500]);
        }
        assert!(pair.until(5000, |p| (1..4).all(|link| p.received(link).len() == 500)), "{}", pair.tail());
        let ms = pair.now().millis();
        assert!(ms < 5000, "{dialect:?}: {ms} ms");
        let failed = |w: &What| matches!(w, What::Failed { action: Action::Open, link: Some(0), .. });
        assert!(!pair.told.iter().any(|t| failed(&t.what)), "{dialect:?}");
        pair.expect(170_000, 0, failed);
        pair.until(10_000, |_| false);
        for link in 1..4 {
            pair.send(link, b"!");
        }
        assert!(pair.until(5000, |p| (1..4).all(|link| p.received(link).len() == 501)), "{}", pair.tail());
        open(&mut pair, 0, Transport::Tcp, 7);
        let ends = pair.told.iter().filter(|t| failed(&t.what)).count();
        assert_eq!(ends, 1, "{dialect:?}");
        assert!(!pair.has(|e| matches!(e, Event::Closed { .. })), "{dialect:?}");
    }
}

#[test]
fn a_link_that_is_opened_again_at_once_is_closed_first() {
    // The other link is read in between: then it would be the caller's turn.
    let mut s = Script::new(Dialect::Sim800, Settings { poll_ms: 0, ..Settings::default() });
    s.open(1);
    s.give_open(0);
    s.module(OK);
    s.quiet(70_000);
    s.module("\r\n+CIPRXGET: 1,1\r\n");
    s.talk(&[
        ("AT+CIPRXGET=4,1\r", "\r\n+CIPRXGET: 4,1,1\r\n\r\nOK\r\n"),
        ("AT+CIPRXGET=2,1,1\r", "\r\n+CIPRXGET: 2,1,1,0\r\nx\r\nOK\r\n"),
    ]);
    s.events();
    // Not a turn further than the failure itself: the caller opens again in its own loop.
    while !s.session.is_ready() {
        s.pass(10);
    }
    let (mut now, mut input) = (s.now(), &b""[..]);
    loop {
        if let Some(event) = s.session.poll(now, &mut input) {
            assert!(matches!(event, Event::Failed { action: Action::Open, .. }), "{event:?}");
            break;
        }
        now = s.session.deadline().expect("the open has a deadline").0;
    }
    s.session.open(now, Link(0), Transport::Tcp, "10.1.1.1", 80, 0).unwrap();
    s.pass(now.millis() - s.now().millis());
    s.host("AT+CIPCLOSE=0,1\r");
    s.module("\r\n0, CLOSE OK\r\n");
    s.host(s.open_line(0));
    s.module(OK.to_owned() + &s.connected(0));
    assert_eq!(s.events(), [opened(0)]);
    s.quiet(5000);
}

#[test]
fn the_late_result_of_our_own_close_does_not_end_the_next_open() {
    let mut s = Script::new(Dialect::A7600, Settings::default());
    s.give_open(2);
    s.module(OK);
    s.pass(121_000);
    s.events();
    s.session.open(s.now(), Link(2), Transport::Tcp, "10.1.1.1", 80, 0).unwrap();
    s.talk(&[("AT+CIPCLOSE=2\r", OK)]);
    s.pass(50);
    s.module("\r\n+CIPCLOSE: 2,0\r\n");
    assert_eq!(s.events(), []);
    let line = s.open_line(2);
    assert!(s.log.contains(line.trim_end()) || s.wait(100) == line, "{}", s.log);
    s.module(OK.to_owned() + &s.connected(2));
    assert_eq!(s.events(), [opened(2)]);
}

#[test]
fn kingcom_repeats_an_open_that_got_no_result_twice_with_its_undo_between() {
    let mut s = Script::new(Dialect::Kingcom, Settings::default());
    let start = s.open_line(0);
    let state = "\r\n+IPSTATUS: TCP CONNECTING\r\n\r\nOK\r\n";
    s.give_open(0);
    s.module(OK);
    for _ in 0..2 {
        s.quiet(29_900);
        s.pass(100);
        s.talk(&[("AT+CIPSTATUS\r", state), ("AT+CIPCLOSE\r", OK), (&start, OK)]);
        assert_eq!(s.events(), []);
    }
    s.quiet(29_900);
    s.pass(100);
    s.talk(&[("AT+CIPSTATUS\r", state)]);
    let events = s.events();
    let why = (Action::Open, Some(0), Why::Timeout, Remedy::Reopen);
    assert_eq!(events.iter().map(cause).collect::<Vec<_>>(), [Some(why)], "{events:?}");
}

#[test]
fn an_open_whose_ok_is_lost_has_one_result_only() {
    for dialect in NUMBERED {
        for (result, wins) in [(true, true), (false, false)] {
            let mut s = Script::new(dialect, Settings { push: true, ..Settings::default() });
            s.give_open(1);
            let fails =
                if dialect == Dialect::A7600 { "\r\n+CIPOPEN: 1,1\r\n" } else { "\r\n1, CONNECT FAIL\r\n" };
            s.module(if result { s.connected(1) } else { fails.to_owned() });
            s.serve(400_000, |line| match line {
                "AT+CIPMUX?\r" => "\r\n+CIPMUX: 1\r\n\r\nOK\r\n".to_owned(),
                "AT+NETOPEN?\r" => "\r\n+NETOPEN: 1\r\n\r\nOK\r\n".to_owned(),
                other => panic!("{other}"),
            });
            let events = s.events();
            let opens = events.iter().filter(|w| **w == opened(1)).count();
            let fails = events.iter().filter(|w| cause(w).is_some()).count();
            assert_eq!((opens, fails), if wins { (1, 0) } else { (0, 1) }, "{dialect:?}\n{}", s.log);
            assert!(s.session.is_ready(), "{dialect:?}");
        }
    }
}

#[test]
fn a_result_that_comes_while_the_line_is_made_sure_of_is_the_only_one() {
    for connects in [true, false] {
        let mut s = Script::new(Dialect::Sim800, Settings { push: true, ..Settings::default() });
        s.give_open(1);
        s.pass(9100);
        s.host("AT+CIPMUX?\r");
        s.module(if connects {
            "\r\nOK\r\n\r\n1, CONNECT OK\r\n"
        } else {
            "\r\nOK\r\n\r\n1, CONNECT FAIL\r\n"
        });
        s.module("\r\n+CIPMUX: 1\r\n\r\nOK\r\n");
        s.quiet(300_000);
        let events = s.events();
        assert_eq!(events.len(), 1, "{events:?}");
        assert_eq!(events[0] == opened(1), connects, "{events:?}");
    }
    let mut s = Script::new(Dialect::Kingcom, Settings::default());
    s.give_open(0);
    s.module(OK);
    s.pass(30_000);
    s.host("AT+CIPSTATUS\r");
    s.module("\r\nCONNECT OK\r\n\r\n+IPSTATUS: CONNECT OK\r\n\r\nOK\r\n");
    s.quiet(300_000);
    assert_eq!(s.events(), [opened(0)]);
}

#[test]
fn data_may_come_before_connect_ok() {
    let mut s = Script::new(Dialect::Sim800, Settings { push: true, ..Settings::default() });
    s.give_open(0);
    s.module("\r\nOK\r\n\r\n+RECEIVE,0,5:\r\nhello\r\n0, CONNECT OK\r\n");
    let mut events = s.events();
    events.sort_by_key(|w| *w != opened(0));
    assert_eq!(events, [opened(0), received(0, b"hello", 0)]);
}

#[test]
fn a_close_while_a_link_opens_ends_the_open() {
    for dialect in NUMBERED {
        let mut s = Script::new(dialect, Settings::default());
        s.give_open(4);
        s.module(OK);
        s.module(s.closed(4));
        let events = s.events();
        assert_eq!(
            events.iter().filter_map(cause).map(|c| (c.0, c.1)).collect::<Vec<_>>(),
            [(Action::Open, Some(4))]
        );
        assert_eq!(events.len(), 1, "{dialect:?}: {events:?}");
        s.open(4);
    }
}

#[test]
fn a_stray_connect_fail_is_a_line_and_touches_nothing() {
    let mut s = Script::new(Dialect::Sim800, Settings { push: true, ..Settings::default() });
    s.open(0);
    s.module("\r\n0, CONNECT FAIL\r\n\r\n3, CONNECT FAIL\r\n");
    assert_eq!(s.events(), [line("0, CONNECT FAIL"), line("3, CONNECT FAIL")]);
    s.give_payload(0, b"abc");
}

#[test]
fn an_accepted_link_that_reuses_a_number_ends_the_old_link_first() {
    let mut s = Script::new(Dialect::Sim800, Settings::default());
    s.open(0);
    s.session.receive(s.now(), Link(0), 4).unwrap();
    s.module("\r\n+CIPRXGET: 1,0\r\n");
    s.talk(&[
        ("AT+CIPRXGET=4,0\r", "\r\n+CIPRXGET: 4,0,10\r\n\r\nOK\r\n"),
        ("AT+CIPRXGET=2,0,4\r", "\r\n+CIPRXGET: 2,0,4,6\r\nabcd\r\nOK\r\n"),
    ]);
    s.events();
    s.module("\r\n0, REMOTE IP: 10.9.9.9\r\n");
    let events = s.events();
    assert_eq!(events[..2], [super::unread(0, 6), closed(0, Closing::Unsaid, true)], "{events:?}");
    assert!(matches!(events[2], What::Other(Event::Accepted { link: Link(0), .. })), "{events:?}");
    // The old link's limit is not the new one's.
    s.module("\r\n+CIPRXGET: 1,0\r\n");
    s.talk(&[
        ("AT+CIPRXGET=4,0\r", "\r\n+CIPRXGET: 4,0,3\r\n\r\nOK\r\n"),
        ("AT+CIPRXGET=2,0,3\r", "\r\n+CIPRXGET: 2,0,3,0\r\nnew\r\nOK\r\n"),
    ]);
    assert_eq!(s.data(), [(0, "new".to_owned())]);
}

#[test]
fn strikes_go_up_the_ladder_and_success_takes_them_back() {
    let mut s = Script::new(Dialect::Sim800, Settings { push: true, ..Settings::default() });
    let mut remedies = Vec::new();
    for _ in 0..8 {
        s.give_open(0);
        s.module("\r\nOK\r\n\r\n0, CONNECT FAIL\r\n");
        remedies.extend(s.events().iter().filter_map(cause).map(|c| c.3));
    }
    assert_eq!(remedies.len(), 8);
    assert_eq!(remedies[0], Remedy::Reopen);
    assert_eq!(remedies[7], Remedy::Restart);
    assert!(remedies.contains(&Remedy::Shut), "{remedies:?}");
    let rank = |r: &Remedy| *r as u8;
    assert!(remedies.windows(2).all(|w| rank(&w[0]) <= rank(&w[1])), "{remedies:?}");
    s.open(0);
    s.module(s.closed(0));
    s.events();
    s.give_open(0);
    s.module("\r\nOK\r\n\r\n0, CONNECT FAIL\r\n");
    assert_eq!(cause(&s.events()[0]).map(|c| c.3), Some(Remedy::Reopen));
}
