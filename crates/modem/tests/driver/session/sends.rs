//! Sending: each outcome in each dialect, and what may come between.

use super::script::{CSQ, ERROR, OK, Script};
use super::{closed, closed_by_us, line, opened, peer_closed, sent};
use crate::main_job::{DIALECTS, nasty, network, open, up};
use crate::pair::{Pair, What};
use simcom_at::{Action, Closing, Dialect, Event, Link, Outcome, Refused, Settings, Transport};
use simcom_modem::Fault;

const CLASSIC: [Dialect; 3] = [Dialect::Sim800, Dialect::Sim800e, Dialect::Sim7000];
const NUMBERED: [Dialect; 4] = [Dialect::Sim800, Dialect::Sim800e, Dialect::Sim7000, Dialect::A7600];

fn normal() -> Settings {
    Settings { quick: false, push: true, ..Settings::default() }
}

/// Sends `hello` on link 0 of a fresh session, with this as all the module says behind the payload.
fn outcome(dialect: Dialect, settings: Settings, result: &str) -> Vec<What> {
    let mut s = Script::new(dialect, settings);
    s.open(0);
    s.give_payload(0, b"hello");
    s.module(result);
    assert!(s.session.is_ready(), "{dialect:?} {result:?}\n{}", s.log);
    s.quiet(4000);
    s.events()
}

#[test]
fn send_ok_of_tcp_is_delivered_and_of_udp_accepted() {
    for dialect in CLASSIC {
        for single in [false, true] {
            let settings = Settings { single, ..normal() };
            let text = if single { "\r\nSEND OK\r\n" } else { "\r\n0, SEND OK\r\n" };
            assert_eq!(
                outcome(dialect, settings, text),
                [sent(0, Outcome::Delivered)],
                "{dialect:?} {single}"
            );
            let mut s = Script::new(dialect, settings);
            s.session.open(s.now(), Link(0), Transport::Udp, "10.1.1.1", 9, 0).unwrap();
            s.serve(100, |line| {
                let end = if single { "CONNECT OK\r\n" } else { "0, CONNECT OK\r\n" };
                if line.contains("CIPSTART") { format!("\r\nOK\r\n\r\n{end}") } else { OK.to_owned() }
            });
            assert_eq!(s.events(), [opened(0)], "{dialect:?}");
            s.give_payload(0, b"hello");
            s.module(text);
            assert_eq!(s.events(), [sent(0, Outcome::Accepted(5))], "{dialect:?} {single}");
        }
    }
}

#[test]
fn quick_sends_and_kingcoms_ok_are_accepted() {
    let quick = Settings { push: true, ..Settings::default() };
    for text in ["\r\nDATA ACCEPT:0,5\r\n", "\r\nDATA ACCEPT: 0,5\r\n"] {
        for dialect in [Dialect::Sim800, Dialect::Sim7000] {
            assert_eq!(outcome(dialect, quick, text), [sent(0, Outcome::Accepted(5))], "{dialect:?}");
        }
    }
    assert_eq!(outcome(Dialect::Kingcom, quick, OK), [sent(0, Outcome::Accepted(5))]);
}

#[test]
fn a_failed_send_is_unknown_and_a_refused_one_not_sent() {
    for dialect in CLASSIC {
        assert_eq!(
            outcome(dialect, normal(), "\r\n0, SEND FAIL\r\n"),
            [sent(0, Outcome::Unknown(5))],
            "{dialect:?}"
        );
        assert_eq!(outcome(dialect, normal(), ERROR), [sent(0, Outcome::Unknown(5))], "{dialect:?}");
    }
    assert_eq!(
        outcome(Dialect::Sim800, Settings { push: true, ..Settings::default() }, "\r\n0, SEND FAIL\r\n"),
        [sent(0, Outcome::Unknown(5))]
    );
    assert_eq!(outcome(Dialect::Kingcom, normal(), ERROR), [sent(0, Outcome::Unknown(5))]);
    for refusal in [ERROR, "\r\n+CME ERROR: 3\r\n", "\r\n+CME ERROR: operation not allowed\r\n"] {
        for dialect in DIALECTS {
            let mut s = Script::new(dialect, normal());
            s.open(0);
            s.give_send(0, b"hello");
            s.module(refusal);
            assert_eq!(s.events(), [sent(0, Outcome::NotSent)], "{dialect:?}");
            s.session.signal(s.now()).unwrap();
            s.talk(&[("AT+CSQ\r", CSQ)]);
            // The link is as it was.
            s.events();
            s.give_payload(0, b"again");
        }
    }
}

#[test]
fn a7600_says_how_much_was_taken() {
    let cases = [
        ("\r\nOK\r\n\r\n+CIPSEND: 0,5,5\r\n", Outcome::Accepted(5)),
        ("\r\n+CIPSEND: 0,5,5\r\n\r\nOK\r\n", Outcome::Accepted(5)),
        ("\r\nOK\r\n\r\n+CIPSEND: 0,5,3\r\n", Outcome::Accepted(3)),
        ("\r\nOK\r\n\r\n+CIPSEND: 0,5,0\r\n", Outcome::NotSent),
        ("\r\nOK\r\n\r\n+CIPSEND: 0,5,-1\r\n", Outcome::NotSent),
    ];
    for (text, wanted) in cases {
        assert_eq!(outcome(Dialect::A7600, normal(), text), [sent(0, wanted)], "{text:?}");
    }
    let mut s = Script::new(Dialect::A7600, normal());
    s.open(0);
    s.give_send(0, b"hello");
    s.module("\r\n+CIPERROR: 4\r\n");
    assert_eq!(s.events(), [sent(0, Outcome::NotSent)]);
    assert!(!s.session.is_ready(), "the ERROR behind it is still to come");
    s.module(ERROR);
    assert_eq!((s.events(), s.session.is_ready()), (vec![], true));
}

#[test]
fn on_a7600_the_line_is_free_at_ok_and_the_result_belongs_to_its_link() {
    let mut s = Script::new(Dialect::A7600, normal());
    s.open(0);
    s.open(1);
    s.give_payload(0, b"zero");
    s.module(OK);
    assert!(s.session.is_ready());
    assert_eq!(s.session.send(s.now(), Link(0), b"x", None), Err(Refused::Busy));
    s.give_payload(1, b"first");
    s.module("\r\nOK\r\n\r\n+CIPSEND: 1,5,5\r\n");
    assert_eq!(s.events(), [sent(1, Outcome::Accepted(5))]);
    s.module("\r\n+CIPSEND: 0,4,4\r\n");
    assert_eq!(s.events(), [sent(0, Outcome::Accepted(4))]);
}

#[test]
fn a_result_that_never_comes_on_a7600_is_unknown_after_120_s() {
    let mut s = Script::new(Dialect::A7600, normal());
    s.open(0);
    s.give_payload(0, b"hello");
    s.module(OK);
    s.quiet(119_000);
    assert_eq!(s.events(), []);
    s.pass(2000);
    assert_eq!(s.events(), [sent(0, Outcome::Unknown(5))]);
}

#[test]
fn a_late_result_of_an_earlier_send_does_not_complete_the_next() {
    // In front of the prompt no result can be this send's.
    for (dialect, late) in [
        (Dialect::A7600, "\r\n+CIPSEND: 0,5,5\r\n"),
        (Dialect::Sim800, "\r\n0, SEND OK\r\n"),
        (Dialect::Sim7000, "\r\nDATA ACCEPT:0,5\r\n"),
    ] {
        let mut s = Script::new(dialect, normal());
        s.open(0);
        s.give_send(0, b"world");
        s.module(late);
        assert!(
            !s.events().iter().any(|w| matches!(w, What::Other(Event::Sent { .. }))),
            "{dialect:?}\n{}",
            s.log
        );
        s.module("\r\n> ");
        s.host("world");
        s.module(if dialect == Dialect::A7600 {
            "\r\nOK\r\n\r\n+CIPSEND: 0,5,5\r\n"
        } else {
            "\r\n0, SEND OK\r\n"
        });
        let outcomes =
            s.events().into_iter().filter(|w| matches!(w, What::Other(Event::Sent { .. }))).count();
        assert_eq!(outcomes, 1, "{dialect:?}\n{}", s.log);
    }
}

#[test]
fn a_send_is_told_once_even_if_the_ok_behind_its_result_is_lost() {
    let mut s = Script::new(Dialect::A7600, normal());
    s.open(0);
    s.give_payload(0, b"hello");
    s.module("\r\n+CIPSEND: 0,5,5\r\n");
    assert_eq!(s.events(), [sent(0, Outcome::Accepted(5))]);
    s.serve(400_000, |line| match line {
        "AT+NETOPEN?\r" => "\r\n+NETOPEN: 1\r\n\r\nOK\r\n".to_owned(),
        _ => String::new(),
    });
    assert!(!s.events().iter().any(|w| matches!(w, What::Other(Event::Sent { .. }))), "{}", s.log);
    assert!(s.session.is_ready());
}

#[test]
fn the_prompt_counts_with_or_without_a_blank_and_cut_anywhere() {
    for prompt in ["\r\n> ", "\r\n>", "> ", ">", "\r\n>\r\n", "\n> "] {
        let mut s = Script::new(Dialect::Sim800, normal());
        s.open(0);
        s.give_send(0, b"hello");
        for byte in prompt.bytes() {
            s.module([byte]);
        }
        s.host("hello");
        s.module("\r\n0, SEND OK\r\n");
        assert_eq!(s.events(), [sent(0, Outcome::Delivered)], "{prompt:?}");
    }
}

#[test]
fn a_prompt_counts_only_at_the_start_of_a_line_and_when_all_of_the_command_is_out() {
    let mut s = Script::new(Dialect::Sim800, normal());
    s.open(0);
    s.give_send(0, b"hello");
    s.module("\r\n+CUSD: 0,\"a > b\"\r\n+X: ");
    s.quiet(100);
    s.module("> 1\r\n");
    s.quiet(100);
    assert_eq!(s.events(), [line("+CUSD: 0,\"a > b\""), line("+X: > 1")]);
    s.module("\r\n> ");
    s.host("hello");

    let mut s = Script::new(Dialect::Sim800, normal());
    s.open(0);
    s.session.send(s.now(), Link(0), b"hello", None).unwrap();
    let now = s.now().after(100);
    assert_eq!(s.session.poll(now, &mut &b""[..]), None);
    assert_eq!(s.session.transmit(), b"AT+CIPSEND=0,5\r");
    s.session.transmitted(now, 14);
    let mut input = &b"\r\n> stray\r\n"[..];
    assert_eq!(s.session.poll(now, &mut input), Some(Event::Line { more: false }));
    assert_eq!(s.session.transmit(), b"\r");
}

#[test]
fn notices_may_come_between_command_prompt_payload_and_result() {
    for dialect in DIALECTS {
        let mut s = Script::new(dialect, normal());
        s.open(0);
        s.give_send(0, b"hello");
        s.module("\r\nRING\r\n\r\n+CREG: 5\r\n");
        s.quiet(1000);
        s.module("\r\n> \r\nRING\r\n");
        s.host(if dialect == Dialect::Kingcom { "hello\x1a" } else { "hello" });
        s.module("\r\n+CMTI: \"SM\",3\r\n");
        s.module(match dialect {
            Dialect::Kingcom => OK,
            Dialect::A7600 => "\r\nOK\r\n\r\nRING\r\n\r\n+CIPSEND: 0,5,5\r\n",
            _ => "\r\n0, SEND OK\r\n",
        });
        let events = s.events();
        let outcomes: Vec<_> =
            events.iter().filter(|w| matches!(w, What::Other(Event::Sent { .. }))).collect();
        assert_eq!(outcomes.len(), 1, "{dialect:?}: {events:?}");
        let rings = events.iter().filter(|w| **w == What::Other(Event::Ring)).count();
        assert_eq!(rings, if dialect == Dialect::A7600 { 3 } else { 2 }, "{dialect:?}");
    }
}

#[test]
fn a_close_in_the_middle_of_a_send_ends_both_each_once() {
    for dialect in DIALECTS {
        let settings = normal();
        // In front of the prompt: nothing was sent.
        let mut s = Script::new(dialect, settings);
        s.open(0);
        s.give_send(0, b"hello");
        s.module(s.closed(0));
        s.module(ERROR);
        s.quiet(200_000);
        let events = s.events();
        assert_eq!(
            events.iter().filter(|w| **w == sent(0, Outcome::NotSent)).count(),
            1,
            "{dialect:?} {events:?}"
        );
        assert_eq!(events.last(), Some(&closed(0, Closing::Peer, true)), "{dialect:?} {events:?}");
        assert_eq!(events.len(), 3, "{dialect:?} {events:?}");
        // Behind the payload: nobody knows. No result comes.
        let mut s = Script::new(dialect, settings);
        s.open(0);
        s.give_payload(0, b"hello");
        s.module(s.closed(0));
        // Soon, not when the send's own time is over.
        s.serve(8000, |line| answer(dialect, line));
        let events = s.events();
        assert_eq!(
            events.iter().filter(|w| **w == sent(0, Outcome::Unknown(5))).count(),
            1,
            "{dialect:?} {events:?}"
        );
        let outcomes = events.iter().filter(|w| matches!(w, What::Other(Event::Sent { .. }))).count();
        let ends = events.iter().filter(|w| matches!(w, What::Other(Event::Closed { .. }))).count();
        assert_eq!((outcomes, ends), (1, 1), "{dialect:?} {events:?}");
        assert!(events.contains(&peer_closed(0)), "{dialect:?} {events:?}");
        assert!(matches!(events.last(), Some(What::Other(Event::Closed { .. }))), "{dialect:?} {events:?}");
        assert!(s.session.is_ready(), "{dialect:?}");
    }
}

/// What a module in step says to the lines of a resync.
fn answer(dialect: Dialect, line: &str) -> String {
    match (dialect, line) {
        (_, "AT+CIPMUX?\r") => "\r\n+CIPMUX: 1\r\n\r\nOK\r\n",
        (_, "AT+NETOPEN?\r") => "\r\n+NETOPEN: 1\r\n\r\nOK\r\n",
        (_, "AT+CIPSTATUS\r") => "\r\n+IPSTATUS: IP CLOSE\r\n\r\nOK\r\n",
        _ if line.trim_matches(['\r', '\x1b']).is_empty() => "",
        _ => ERROR,
    }
    .to_owned()
}

#[test]
fn a_restart_in_the_payload_makes_the_outcome_unknown() {
    for dialect in DIALECTS {
        let mut pair = Pair::new(dialect, normal(), network(3));
        up(&mut pair);
        open(&mut pair, 0, Transport::Tcp, 9);
        pair.desk.modem.faults().once(Fault::RestartInPayload(3));
        let from = pair.told.len();
        assert_eq!(pair.send(0, b"hello"), Outcome::Unknown(5), "{dialect:?}");
        pair.until(20_000, |p| p.has(|e| *e == Event::Restarted));
        let order: Vec<What> = pair.told[from..]
            .iter()
            .map(|t| t.what.clone())
            .filter(|w| !matches!(w, What::Line(_)))
            .collect();
        let wanted =
            [sent(0, Outcome::Unknown(5)), closed(0, Closing::Restart, true), What::Other(Event::Restarted)];
        assert_eq!(order[..3], wanted, "{dialect:?}: {order:?}");
        pair.ready();
        up(&mut pair);
        open(&mut pair, 0, Transport::Tcp, 7);
        pair.send(0, b"again");
        assert!(pair.until(10_000, |p| p.received(0) == b"again"), "{}", pair.tail());
    }
}

#[test]
fn every_length_up_to_the_limit_goes_and_one_more_is_refused() {
    for dialect in DIALECTS {
        let mut pair = Pair::new(dialect, Settings::default(), network(4));
        up(&mut pair);
        open(&mut pair, 0, Transport::Tcp, 9);
        let max = usize::from(pair.session.max_payload());
        for len in [1, 2, max - 1, max] {
            pair.send(0, &nasty(len, dialect == Dialect::Kingcom));
        }
        let now = pair.now();
        for len in [0, max + 1, 70_000] {
            assert_eq!(pair.session.send(now, Link(0), &vec![b'x'; len], None), Err(Refused::PayloadLength));
        }
    }
}

#[test]
fn a_send_that_the_module_fails_has_its_outcome_and_the_next_one_goes() {
    for dialect in DIALECTS {
        for quick in [true, false] {
            let mut pair = Pair::new(dialect, Settings { quick, ..Settings::default() }, network(5));
            up(&mut pair);
            open(&mut pair, 0, Transport::Tcp, 7);
            pair.desk.modem.faults().once(Fault::SendFail);
            let wanted = if dialect == Dialect::A7600 { Outcome::NotSent } else { Outcome::Unknown(5) };
            assert_eq!(pair.send(0, b"hello"), wanted, "{dialect:?}");
            pair.send(0, b"there");
            assert!(pair.until(30_000, |p| p.received(0) == b"there"), "{dialect:?}\n{}", pair.tail());
        }
    }
}

#[test]
fn the_close_of_a_link_is_told_with_its_done_in_every_spelling() {
    for dialect in DIALECTS {
        let answers: &[&str] = match dialect {
            Dialect::Kingcom => &[OK],
            Dialect::A7600 => &["\r\nOK\r\n\r\n+CIPCLOSE: 0,0\r\n", "\r\n+CIPCLOSE: 0,0\r\n\r\nOK\r\n"],
            _ => &["\r\n0, CLOSE OK\r\n", "\r\n0,CLOSE OK\r\n"],
        };
        for answer in answers {
            let mut s = Script::new(dialect, normal());
            s.open(0);
            s.give_close(0);
            s.module(answer);
            assert_eq!(
                s.events(),
                [closed(0, Closing::Local, true), closed_by_us(0)],
                "{dialect:?} {answer:?}"
            );
            assert!(s.session.is_ready());
        }
        // A close of a closed link is done, though nobody is certain.
        let refusals: &[&str] = match dialect {
            Dialect::A7600 => &["\r\n+CIPCLOSE: 0,4\r\n\r\nERROR\r\n", ERROR],
            _ => &[ERROR, "\r\n+CME ERROR: 3\r\n"],
        };
        for answer in refusals {
            let mut s = Script::new(dialect, normal());
            s.open(0);
            s.give_close(0);
            s.module(answer);
            assert_eq!(
                s.events(),
                [closed(0, Closing::Local, false), closed_by_us(0)],
                "{dialect:?} {answer:?}"
            );
            assert!(s.session.is_ready());
            s.open(0);
        }
    }
}

#[test]
fn a_peer_that_closes_while_we_close_changes_nothing() {
    for dialect in NUMBERED {
        let mut s = Script::new(dialect, normal());
        s.open(0);
        s.give_close(0);
        s.module(s.closed(0));
        assert_eq!(s.events(), [], "{dialect:?}");
        s.module(ERROR);
        assert_eq!(s.events(), [closed(0, Closing::Local, false), closed_by_us(0)], "{dialect:?}");
    }
}

#[test]
fn a_send_is_done_before_a_close_may_be_given() {
    let mut s = Script::new(Dialect::A7600, normal());
    s.open(0);
    s.give_payload(0, b"hello");
    s.module(OK);
    assert_eq!(s.session.close(s.now(), Link(0), simcom_at::How::Slow), Err(Refused::Busy));
    s.module("\r\n+CIPSEND: 0,5,5\r\n");
    s.give_close(0);
    s.events();
    s.module("\r\nOK\r\n\r\n+CIPCLOSE: 0,0\r\n");
    assert!(s.events().contains(&What::Other(Event::Done {
        action: Action::Close,
        link: Some(Link(0)),
        value: simcom_at::Value::None
    })));
}
