//! Ends of many links at once: restart, loss of the context, shut, detach; their order.

use super::script::{CSQ, OK, Script};
use super::{cause, closed, done, sent, unread};
use crate::main_job::DIALECTS;
use crate::pair::What;
use simcom_at::{
    Action, Closing, Context, Dialect, Event, Ipv4Addr, Link, Outcome, Refused, Settings, Transport, Value,
    Why,
};

const NUMBERED: [Dialect; 4] = [Dialect::Sim800, Dialect::Sim800e, Dialect::Sim7000, Dialect::A7600];

fn push() -> Settings {
    Settings { push: true, ..Settings::default() }
}

fn down() -> What {
    What::Other(Event::NetworkDown { context: Context(0) })
}

#[test]
fn a_restart_closes_all_links_and_then_restarted_comes() {
    for text in ["RDY", "READY", "*ATREADY: 1"] {
        for dialect in NUMBERED {
            let mut s = Script::new(dialect, push());
            for link in [0, 2, 5] {
                s.open(link);
            }
            s.give_open(3);
            s.module(OK);
            s.events();
            s.module(format!("\r\n{text}\r\n"));
            let events = s.events();
            assert_eq!(events.len(), 5, "{events:?}");
            for (at, link) in [(0, 0), (1, 2), (3, 5)] {
                assert_eq!(events[at], closed(link, Closing::Restart, true), "{dialect:?}");
            }
            assert_eq!(
                cause(&events[2]).map(|c| (c.0, c.1, c.2)),
                Some((Action::Open, Some(3), Why::Interrupted))
            );
            assert_eq!(events[4], What::Other(Event::Restarted), "{dialect:?}");
            assert!(s.session.is_ready());
            s.quiet(100_000);
            s.open(2);
        }
    }
}

#[test]
fn other_start_lines_are_only_lines() {
    for text in [
        "Call Ready",
        "SMS Ready",
        "SMS DONE",
        "PB DONE",
        "Init...",
        "+CFUN: 1",
        "RDY 1",
        "*ATREADY: 0",
        "READY!",
        "NOT RDY",
    ] {
        let mut s = Script::new(Dialect::Sim800, push());
        s.open(1);
        s.module(format!("\r\n{text}\r\n"));
        assert_eq!(s.events(), [super::line(text)]);
        s.give_payload(1, b"x");
    }
    // In a payload they are nothing at all.
    let mut s = Script::new(Dialect::Sim800, push());
    s.open(1);
    s.module("\r\n+RECEIVE,1,9:\r\n\r\nRDY\r\n\r\n");
    assert_eq!(s.events(), [super::received(1, b"\r\nRDY\r\n\r\n", 0)]);
}

#[test]
fn a_restart_ends_the_command_in_flight_and_the_resolver() {
    for dialect in [Dialect::Sim800, Dialect::Sim7000] {
        let mut s = Script::new(dialect, push());
        s.session.resolve(s.now(), "a.test").unwrap();
        s.talk(&[("AT+CDNSGIP=\"a.test\"\r", OK)]);
        s.session.signal(s.now()).unwrap();
        s.host("AT+CSQ\r");
        s.module("\r\nRDY\r\n");
        let events = s.events();
        let mut causes: Vec<_> = events.iter().filter_map(cause).map(|c| (c.0 as u8, c.2)).collect();
        causes.sort_by_key(|c| c.0);
        let wanted = [(Action::Signal as u8, Why::Interrupted), (Action::Resolve as u8, Why::Interrupted)];
        assert_eq!(causes, wanted, "{dialect:?} {events:?}");
        assert!(events.contains(&What::Other(Event::Restarted)));
        // The old answers mean nothing any more.
        s.session.registration(s.now()).unwrap();
        s.talk(&[("AT+CREG?\r", "\r\n+CREG: 0,1\r\n\r\nOK\r\n")]);
        let wanted = Event::Done { action: Action::Registration, link: None, value: Value::Registration(1) };
        assert_eq!(s.events(), [What::Other(wanted)]);
        s.module("\r\n+CDNSGIP: 1,\"a.test\",\"1.2.3.4\"\r\n");
        assert_eq!(s.events(), [super::line("+CDNSGIP: 1,\"a.test\",\"1.2.3.4\"")]);
    }
}

#[test]
fn a_restart_with_a_send_and_unread_data_says_all_of_it() {
    let mut s = Script::new(Dialect::Sim800, Settings { quick: false, ..Settings::default() });
    s.open(0);
    s.session.receive(s.now(), Link(0), 1).unwrap();
    s.module("\r\n+CIPRXGET: 1,0\r\n");
    s.talk(&[
        ("AT+CIPRXGET=4,0\r", "\r\n+CIPRXGET: 4,0,9\r\n\r\nOK\r\n"),
        ("AT+CIPRXGET=2,0,1\r", "\r\n+CIPRXGET: 2,0,1,8\r\nx\r\nOK\r\n"),
    ]);
    s.give_payload(0, b"hello");
    s.events();
    s.module("\r\nRDY\r\n");
    let wanted = [
        sent(0, Outcome::Unknown(5)),
        unread(0, 8),
        closed(0, Closing::Restart, true),
        What::Other(Event::Restarted),
    ];
    assert_eq!(s.events(), wanted);
}

#[test]
fn a_restart_between_two_pieces_of_a_payload_is_found_behind_the_gap() {
    let mut s = Script::new(Dialect::Sim800, push());
    s.open(0);
    s.module("\r\n+RECEIVE,0,10:\r\nhel");
    s.pass(1000);
    s.module("\r\nRDY\r\n");
    let events = s.events();
    assert_eq!(events[0], super::received(0, b"hel", 7));
    assert!(matches!(events[1], What::Other(Event::Lost { bytes: 7, .. })), "{events:?}");
    assert_eq!(events[2..], [closed(0, Closing::Restart, true), What::Other(Event::Restarted)]);
}

#[test]
fn a_lost_context_closes_all_links_and_then_the_network_is_down() {
    let texts = |dialect| match dialect {
        Dialect::A7600 => ["+CIPEVENT: NETWORK CLOSED UNEXPECTEDLY", "+PDP: DEACT"],
        _ => ["+PDP: DEACT", "+PDP DEACT"],
    };
    for dialect in NUMBERED {
        for text in texts(dialect) {
            let mut s = Script::new(dialect, push());
            s.open(0);
            s.open(4);
            s.give_open(2);
            s.module(OK);
            s.events();
            s.module(format!("\r\n{text}\r\n"));
            let events = s.events();
            assert_eq!(events.len(), 4, "{dialect:?} {events:?}");
            assert_eq!(events[0], closed(0, Closing::Network, true), "{dialect:?}");
            assert_eq!(cause(&events[1]).map(|c| (c.0, c.1)), Some((Action::Open, Some(2))), "{dialect:?}");
            assert_eq!(events[2], closed(4, Closing::Network, true), "{dialect:?}");
            assert_eq!(events[3], down(), "{dialect:?}");
            // Late lines of the links mean nothing any more.
            s.module(s.closed(0) + &s.closed(4));
            assert_eq!(s.events(), [], "{dialect:?}");
            s.quiet(100_000);
            // Nothing loops: a second loss is one event.
            s.module(format!("\r\n{text}\r\n"));
            assert_eq!(s.events(), [down()], "{dialect:?}");
            s.quiet(100_000);
        }
    }
    let mut s = Script::new(Dialect::Kingcom, push());
    s.open(0);
    s.module("\r\n+PDP: DEACT\r\n");
    assert_eq!(s.events(), [closed(0, Closing::Network, true), down()]);
}

#[test]
fn a_lost_context_in_the_middle_of_a_send_frees_the_line_soon() {
    for dialect in DIALECTS {
        let mut s = Script::new(dialect, Settings { quick: false, push: true, ..Settings::default() });
        s.open(0);
        s.give_payload(0, b"hello");
        s.module("\r\n+PDP: DEACT\r\n");
        let wanted = [sent(0, Outcome::Unknown(5)), closed(0, Closing::Network, true), down()];
        assert_eq!(s.events(), wanted, "{dialect:?}");
        s.serve(20_000, |line| match line {
            "AT+CIPMUX?\r" => "\r\n+CIPMUX: 1\r\n\r\nOK\r\n".to_owned(),
            "AT+NETOPEN?\r" => "\r\n+NETOPEN: 1\r\n\r\nOK\r\n".to_owned(),
            "AT+CIPSTATUS\r" => "\r\n+IPSTATUS: PDP DEACT\r\n\r\nOK\r\n".to_owned(),
            _ => String::new(),
        });
        assert!(s.session.is_ready(), "{dialect:?}\n{}", s.log);
        assert_eq!(s.events(), [], "{dialect:?}");
    }
}

#[test]
fn shut_closes_every_link_before_it_is_done() {
    for dialect in DIALECTS {
        let mut s = Script::new(dialect, push());
        s.open(0);
        if dialect != Dialect::Kingcom {
            s.open(3);
        }
        s.session.shut(s.now()).unwrap();
        match dialect {
            Dialect::Kingcom => s.talk(&[("AT+CIPSHUT\r", OK), ("AT+CGACT=0,1\r", OK)]),
            Dialect::A7600 => s.talk(&[(
                "AT+NETCLOSE\r",
                "\r\nOK\r\n\r\n+CIPCLOSE: 0,0\r\n\r\n+CIPCLOSE: 3,0\r\n\r\n+NETCLOSE: 0\r\n",
            )]),
            _ => s.talk(&[("AT+CIPSHUT\r", "\r\nSHUT OK\r\n")]),
        }
        let events = s.events();
        let links: Vec<u8> = events
            .iter()
            .filter_map(|w| match w {
                What::Other(Event::Closed { link, .. }) => Some(link.0),
                _ => None,
            })
            .collect();
        assert_eq!(
            links,
            if dialect == Dialect::Kingcom { vec![0] } else { vec![0, 3] },
            "{dialect:?} {events:?}"
        );
        assert_eq!(events.last(), Some(&done(Action::Shut)), "{dialect:?} {events:?}");
        s.quiet(100_000);
        s.open(0);
    }
}

#[test]
fn a_network_that_is_closed_already_is_shut() {
    let mut s = Script::new(Dialect::A7600, push());
    s.session.shut(s.now()).unwrap();
    s.talk(&[("AT+NETCLOSE\r", "\r\n+NETCLOSE: 2\r\n\r\nERROR\r\n")]);
    assert_eq!(s.events(), [done(Action::Shut)]);
    s.session.detach(s.now()).unwrap();
    s.talk(&[("AT+NETCLOSE\r", "\r\n+NETCLOSE: 2\r\n\r\nERROR\r\n")]);
    assert_eq!(s.events(), [done(Action::Detach)]);
}

#[test]
fn a_shut_that_fails_leaves_the_links_as_they_are() {
    for dialect in [Dialect::Sim800, Dialect::A7600] {
        let mut s = Script::new(dialect, push());
        s.open(0);
        s.session.shut(s.now()).unwrap();
        s.wait(60);
        s.module("\r\nERROR\r\n");
        let events = s.events();
        assert_eq!(
            events.iter().filter_map(cause).map(|c| c.0).collect::<Vec<_>>(),
            [Action::Shut],
            "{dialect:?}"
        );
        assert_eq!(events.len(), 1, "{dialect:?}");
        s.give_payload(0, b"still");
    }
}

#[test]
fn detach_shuts_and_detaches() {
    for dialect in [Dialect::Sim800, Dialect::Sim800e, Dialect::Sim7000] {
        let mut s = Script::new(dialect, push());
        s.open(0);
        s.session.detach(s.now()).unwrap();
        s.talk(&[("AT+CIPSHUT\r", "\r\nSHUT OK\r\n"), ("AT+CGATT=0\r", OK)]);
        let events = s.events();
        assert_eq!(events, [closed(0, Closing::Local, true), done(Action::Detach)], "{dialect:?}");
    }
    let mut s = Script::new(Dialect::Kingcom, push());
    s.session.detach(s.now()).unwrap();
    s.talk(&[("AT+CGACT=0,1\r", "\r\n+CME ERROR: 50\r\n"), ("AT+CGATT=0\r", OK)]);
    assert_eq!(s.events(), [done(Action::Detach)]);
}

#[test]
fn a_name_is_resolved_before_or_behind_ok_as_the_dialect_has_it() {
    let one = Value::Addresses(Ipv4Addr::new(1, 2, 3, 4), None);
    let two = Value::Addresses(Ipv4Addr::new(1, 2, 3, 4), Some(Ipv4Addr::new(5, 6, 7, 8)));
    let good = |value| What::Other(Event::Done { action: Action::Resolve, link: None, value });
    for dialect in [Dialect::Sim800, Dialect::Sim7000] {
        let mut s = Script::new(dialect, push());
        s.session.resolve(s.now(), "a.test").unwrap();
        s.talk(&[("AT+CDNSGIP=\"a.test\"\r", OK)]);
        assert!(s.session.is_ready(), "the resolver does not hold the line");
        assert_eq!(s.session.resolve(s.now(), "b.test"), Err(Refused::Busy));
        s.session.signal(s.now()).unwrap();
        s.host("AT+CSQ\r");
        s.module("\r\n+CDNSGIP: 1,\"a.test\",\"1.2.3.4\",\"5.6.7.8\"\r\n");
        assert_eq!(s.events(), [good(two)], "{dialect:?}");
        s.module(CSQ);
        s.events();
        s.session.resolve(s.now(), "b.test").unwrap();
        s.talk(&[("AT+CDNSGIP=\"b.test\"\r", "\r\nOK\r\n\r\n+CDNSGIP: 0,8\r\n")]);
        assert_eq!(
            s.events().iter().filter_map(cause).map(|c| (c.0, c.2)).collect::<Vec<_>>(),
            [(Action::Resolve, Why::Dns(8))]
        );
        s.session.resolve(s.now(), "c.test").unwrap();
        s.talk(&[("AT+CDNSGIP=\"c.test\"\r", OK)]);
        s.quiet(13_900);
        assert_eq!(s.events(), []);
        s.pass(200);
        assert_eq!(
            s.events().iter().filter_map(cause).map(|c| (c.0, c.2)).collect::<Vec<_>>(),
            [(Action::Resolve, Why::Timeout)]
        );
    }
    let mut s = Script::new(Dialect::A7600, push());
    s.session.resolve(s.now(), "a.test").unwrap();
    s.talk(&[("AT+CDNSGIP=\"a.test\"\r", "\r\n+CDNSGIP: 1,\"a.test\",\"1.2.3.4\"\r\n")]);
    assert_eq!(s.events(), []);
    s.module(OK);
    assert_eq!(s.events(), [good(one)]);
    s.session.resolve(s.now(), "a.test").unwrap();
    s.talk(&[("AT+CDNSGIP=\"a.test\"\r", "\r\n+CDNSGIP: 0,10\r\n\r\nERROR\r\n")]);
    assert_eq!(
        s.events().iter().filter_map(cause).map(|c| (c.0, c.2)).collect::<Vec<_>>(),
        [(Action::Resolve, Why::Dns(10))]
    );
    let mut s = Script::new(Dialect::Sim800e, push());
    s.session.resolve(s.now(), "a.test").unwrap();
    s.talk(&[("AT+CDNSGIP=\"a.test\"\r", "\r\nOK\r\n\r\n+CDNSGIP:1,1.2.3.4\r\n")]);
    assert_eq!(s.events(), [good(one)]);
    assert_eq!(
        Script::new(Dialect::Kingcom, push()).session.resolve(s.now(), "a.test"),
        Err(Refused::NotInDialect)
    );
}

#[test]
fn a_late_address_of_another_name_is_not_the_answer() {
    let mut s = Script::new(Dialect::Sim800, push());
    s.session.resolve(s.now(), "a.test").unwrap();
    s.talk(&[("AT+CDNSGIP=\"a.test\"\r", OK)]);
    s.pass(15_000);
    s.events();
    s.session.resolve(s.now(), "b.test").unwrap();
    s.talk(&[("AT+CDNSGIP=\"b.test\"\r", OK)]);
    s.module("\r\n+CDNSGIP: 1,\"a.test\",\"1.2.3.4\"\r\n");
    assert!(!s.events().iter().any(|w| matches!(w, What::Other(Event::Done { .. }))), "{}", s.log);
    s.module("\r\n+CDNSGIP: 1,\"b.test\",\"5.6.7.8\"\r\n");
    let value = Value::Addresses(Ipv4Addr::new(5, 6, 7, 8), None);
    assert_eq!(s.events(), [What::Other(Event::Done { action: Action::Resolve, link: None, value })]);
}

#[test]
fn reset_forgets_everything_and_says_nothing() {
    for dialect in DIALECTS {
        let mut s = Script::new(dialect, push());
        s.open(0);
        s.give_payload(0, b"hello");
        s.events();
        let now = s.now();
        s.session.reset(now);
        s.quiet(300_000);
        assert_eq!(s.all_events(), [], "{dialect:?}");
        s.session.open(s.now(), Link(0), Transport::Tcp, "10.1.1.1", 80, 0).unwrap();
        s.session.reset(now);
        s.open(0);
    }
}
