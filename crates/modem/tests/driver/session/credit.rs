//! Receiving by credit: exact, per link, fair; the poll timer; draining.

use super::script::{CSQ, ERROR, OK, Script};
use super::{closed, closed_by_us, peer_closed, received, unread};
use crate::main_job::{DIALECTS, nasty, network, open, up};
use crate::pair::{Pair, What};
use simcom_at::{Closing, Dialect, Event, Link, Reason, Refused, Settings, Transport};
use simcom_modem::Fault;
use simcom_modem::loopback::{Loopback, LoopbackSettings, Service};
use simcom_modem::net::Socket;

/// The dialects that read on request.
const ON_REQUEST: [Dialect; 3] = [Dialect::Sim800, Dialect::Sim7000, Dialect::A7600];

/// What the module says to a read.
fn read(dialect: Dialect, link: u8, bytes: &str, rest: usize) -> String {
    let end = if dialect == Dialect::A7600 { "\r\n\r\nOK\r\n" } else { "\r\nOK\r\n" };
    format!("\r\n+CIPRXGET: 2,{link},{},{rest}\r\n{bytes}{end}", bytes.len())
}

fn waiting(link: u8, len: usize) -> String {
    format!("\r\n+CIPRXGET: 4,{link},{len}\r\n\r\nOK\r\n")
}

#[test]
fn a_notice_leads_to_one_question_and_reads_of_what_is_there() {
    for dialect in ON_REQUEST {
        let mut s = Script::new(dialect, Settings::default());
        s.open(2);
        s.module("\r\n+CIPRXGET: 1,2\r\n");
        let max = usize::from(s.session.max_payload());
        s.host("AT+CIPRXGET=4,2\r");
        s.module(waiting(2, max + 5));
        s.host(format!("AT+CIPRXGET=2,2,{max}\r"));
        s.module(read(dialect, 2, &"x".repeat(max), 5));
        // The rest that the read names serves: no further question.
        s.host("AT+CIPRXGET=2,2,5\r");
        s.module(read(dialect, 2, "hello", 0));
        assert_eq!(s.data(), [(2, "x".repeat(max) + "hello")], "{dialect:?}");
        s.quiet(5000);
    }
}

#[test]
fn credit_is_never_exceeded_and_never_asked_for_in_vain() {
    for dialect in ON_REQUEST {
        let mut s = Script::new(dialect, Settings { poll_ms: 0, ..Settings::default() });
        s.open(1);
        s.session.receive(s.now(), Link(1), 7).unwrap();
        s.module("\r\n+CIPRXGET: 1,1\r\n");
        s.host("AT+CIPRXGET=4,1\r");
        s.module(waiting(1, 100));
        s.host("AT+CIPRXGET=2,1,7\r");
        s.module(read(dialect, 1, "abcdefg", 93));
        s.quiet(60_000);
        s.session.receive(s.now(), Link(1), 3).unwrap();
        s.host("AT+CIPRXGET=2,1,3\r");
        s.module(read(dialect, 1, "hij", 90));
        s.quiet(60_000);
        s.session.receive(s.now(), Link(1), u16::MAX).unwrap();
        s.host("AT+CIPRXGET=2,1,90\r");
        s.module(read(dialect, 1, &"k".repeat(90), 0));
        assert_eq!(s.data(), [(1, "abcdefghij".to_owned() + &"k".repeat(90))], "{dialect:?}");
        s.quiet(60_000);
    }
}

#[test]
fn credit_0_stops_only_its_link() {
    for dialect in ON_REQUEST {
        let mut s = Script::new(dialect, Settings { poll_ms: 0, ..Settings::default() });
        s.open(0);
        s.open(1);
        s.session.receive(s.now(), Link(0), 0).unwrap();
        s.module("\r\n+CIPRXGET: 1,0\r\n\r\n+CIPRXGET: 1,1\r\n");
        s.host("AT+CIPRXGET=4,1\r");
        s.module(waiting(1, 2));
        s.host("AT+CIPRXGET=2,1,2\r");
        s.module(read(dialect, 1, "ok", 0));
        s.quiet(60_000);
        s.session.receive(s.now(), Link(0), 1).unwrap();
        s.host("AT+CIPRXGET=4,0\r");
        s.module(waiting(0, 9));
        s.host("AT+CIPRXGET=2,0,1\r");
        s.module(read(dialect, 0, "z", 8));
        assert_eq!(s.data(), [(1, "ok".to_owned()), (0, "z".to_owned())], "{dialect:?}");
    }
}

#[test]
fn links_are_read_in_rotation_and_in_turn_with_the_callers_commands() {
    for dialect in ON_REQUEST {
        let mut s = Script::new(dialect, Settings { poll_ms: 0, ..Settings::default() });
        for link in 0..3 {
            s.open(link);
        }
        for link in 0..3 {
            s.session.receive(s.now(), Link(link), u16::MAX).unwrap();
            s.module(format!("\r\n+CIPRXGET: 1,{link}\r\n"));
        }
        let (mut order, mut signals) = (Vec::new(), 0);
        let mut given = false;
        for _ in 0..60 {
            if s.session.is_ready() {
                if given {
                    signals += 1;
                }
                s.session.signal(s.now()).unwrap();
                given = true;
            }
            let line = s.wait(100);
            let link = |at: usize| line.as_bytes()[at] - b'0';
            if line == "AT+CSQ\r" {
                s.module(CSQ);
            } else if line.starts_with("AT+CIPRXGET=4,") {
                s.module(waiting(link(14), 5000));
            } else {
                let link = link(14);
                order.push(link);
                s.module(read(dialect, link, "0123456789", 5000));
            }
        }
        assert!(order.len() > 20 && signals > 20, "{dialect:?}: {} reads, {signals} commands", order.len());
        for turn in order.chunks_exact(3).skip(2) {
            let mut sorted = turn.to_vec();
            sorted.sort_unstable();
            assert_eq!(sorted, [0, 1, 2], "{dialect:?}: {order:?}");
        }
    }
}

#[test]
fn a_poll_timer_finds_notices_that_were_lost() {
    for dialect in ON_REQUEST {
        let mut s = Script::new(dialect, Settings::default());
        s.open(0);
        s.open(3);
        for _ in 0..3 {
            s.quiet(9740);
            assert_eq!(s.reason(), Some(Reason::Poll));
            s.quiet(100);
            let mut asked = 0;
            // Timers of links may be 64 ms late.
            s.serve(260, |line| {
                asked += 1;
                waiting(if line == "AT+CIPRXGET=4,0\r" { 0 } else { 3 }, 0)
            });
            assert_eq!(asked, 2, "{dialect:?}");
        }
        s.serve(11_000, |line| match line {
            "AT+CIPRXGET=4,0\r" => waiting(0, 4),
            "AT+CIPRXGET=4,3\r" => waiting(3, 0),
            "AT+CIPRXGET=2,0,4\r" => read(dialect, 0, "lost", 0),
            other => panic!("{other}"),
        });
        assert_eq!(s.data(), [(0, "lost".to_owned())], "{dialect:?}\n{}", s.log);
    }
    let mut s = Script::new(Dialect::Sim800, Settings { poll_ms: 0, ..Settings::default() });
    s.open(0);
    s.quiet(1_000_000);
}

#[test]
fn a_slow_reader_on_one_link_does_not_hold_up_the_others() {
    for dialect in ON_REQUEST {
        let mut network = Loopback::new(LoopbackSettings::default(), 5);
        network.serve(Transport::Tcp, 5000, Service::Chargen(20_000));
        let mut pair = Pair::new(dialect, Settings::default(), network);
        up(&mut pair);
        for link in 0..3 {
            open(&mut pair, link, Transport::Tcp, 5000);
            let now = pair.now();
            pair.session.receive(now, Link(link), if link == 1 { 10 } else { u16::MAX }).unwrap();
        }
        assert!(
            pair.until(60_000, |p| p.received(0).len() == 20_000 && p.received(2).len() == 20_000),
            "{}",
            pair.tail()
        );
        let got = pair.received(1).len();
        assert!(got <= 1500 + 10, "{dialect:?}: {got}");
        let mut before = got;
        for credit in [1, 100, 2000] {
            let now = pair.now();
            pair.session.receive(now, Link(1), credit).unwrap();
            pair.until(20_000, |_| false);
            let got = pair.received(1).len();
            assert_eq!(got - before, usize::from(credit), "{dialect:?}");
            before = got;
        }
        let now = pair.now();
        pair.session.receive(now, Link(1), u16::MAX).unwrap();
        assert!(pair.until(60_000, |p| p.received(1).len() == 20_000), "{}", pair.tail());
        assert_eq!(pair.received(1), pair.received(0), "{dialect:?}");
    }
}

#[test]
fn an_error_on_a_read_leads_to_one_question_and_a_closed_link() {
    for (dialect, query, answer) in [
        (
            Dialect::Sim800,
            "AT+CIPSTATUS=2\r",
            "\r\n+CIPSTATUS: 2,0,\"TCP\",\"10.1.1.1\",\"80\",\"CLOSED\"\r\n\r\nOK\r\n",
        ),
        (Dialect::Sim7000, "AT+CIPSTATUS=2\r", "\r\n+CIPSTATUS: 2,,\"\",\"\",\"\",\"INITIAL\"\r\n\r\nOK\r\n"),
        (Dialect::A7600, "AT+CIPCLOSE?\r", "\r\n+CIPCLOSE: 1,1,0,1,1,1,1,1,1,1\r\n\r\nOK\r\n"),
    ] {
        for question in [true, false] {
            for failure in [ERROR, "\r\n+CME ERROR: 3\r\n"] {
                let mut s = Script::new(dialect, Settings::default());
                s.open(2);
                s.module("\r\n+CIPRXGET: 1,2\r\n");
                if question {
                    s.talk(&[("AT+CIPRXGET=4,2\r", &waiting(2, 3))]);
                    s.talk(&[("AT+CIPRXGET=2,2,3\r", failure)]);
                } else {
                    s.talk(&[("AT+CIPRXGET=4,2\r", failure)]);
                }
                s.talk(&[(query, answer)]);
                let events = s.events();
                assert_eq!(events.last(), Some(&closed(2, Closing::Unsaid, false)), "{dialect:?} {events:?}");
                assert!(
                    !events.iter().any(|w| matches!(w, What::Failed { .. })),
                    "own reads never raise Failed"
                );
                s.quiet(100_000);
            }
        }
    }
}

#[test]
fn an_error_on_a_read_of_a_link_that_is_open_after_all_does_not_repeat_for_ever() {
    for dialect in [Dialect::Sim800, Dialect::Sim7000] {
        let mut s = Script::new(dialect, Settings::default());
        s.open(0);
        s.module("\r\n+CIPRXGET: 1,0\r\n");
        s.talk(&[
            ("AT+CIPRXGET=4,0\r", ERROR),
            (
                "AT+CIPSTATUS=0\r",
                "\r\n+CIPSTATUS: 0,0,\"TCP\",\"10.1.1.1\",\"80\",\"CONNECTED\"\r\n\r\nOK\r\n",
            ),
        ]);
        s.quiet(5000);
        let mut lines = 0;
        s.serve(600_000, |_| {
            lines += 1;
            ERROR.to_owned()
        });
        assert!(lines < 10, "{dialect:?}: {lines} lines");
        assert_eq!(s.events(), [closed(0, Closing::Unsaid, false)], "{dialect:?}");
    }
}

#[test]
fn an_error_on_a_read_in_single_mode_ends_the_link_too() {
    for dialect in [Dialect::Sim800, Dialect::Sim7000] {
        for in_time in [true, false] {
            let mut s = Script::new(dialect, Settings { single: true, ..Settings::default() });
            s.open(0);
            s.module("\r\n+CIPRXGET: 1\r\n");
            s.host("AT+CIPRXGET=4\r");
            if in_time {
                s.module(ERROR);
            } else {
                s.pass(9000);
                s.talk(&[("AT+CIPMUX?\r", "\r\n+CIPMUX: 0\r\n\r\nOK\r\n")]);
            }
            s.serve(30_000, |line| {
                if line.contains("MUX") { "\r\n+CIPMUX: 0\r\n\r\nOK\r\n" } else { ERROR }.to_owned()
            });
            let events = s.events();
            assert_eq!(
                events.last(),
                Some(&closed(0, Closing::Unsaid, false)),
                "{dialect:?} {in_time} {events:?}"
            );
        }
    }
}

#[test]
fn no_data_is_nothing_on_an_open_link() {
    let mut s = Script::new(Dialect::A7600, Settings { poll_ms: 0, ..Settings::default() });
    s.open(0);
    for text in ["\r\n+IP ERROR: No data\r\n\r\nERROR\r\n", "\r\n+IP ERROR: 22\r\n\r\nERROR\r\n"] {
        s.module("\r\n+CIPRXGET: 1,0\r\n");
        s.talk(&[("AT+CIPRXGET=4,0\r", &waiting(0, 3)), ("AT+CIPRXGET=2,0,3\r", text)]);
        s.quiet(100_000);
        assert_eq!(s.events(), []);
    }
    let mut s = Script::new(Dialect::Sim800, Settings { poll_ms: 0, ..Settings::default() });
    s.open(0);
    s.module("\r\n+CIPRXGET: 1,0\r\n");
    s.talk(&[
        ("AT+CIPRXGET=4,0\r", &waiting(0, 3)),
        ("AT+CIPRXGET=2,0,3\r", "\r\n+CIPRXGET: 2,0,0,0\r\n\r\nOK\r\n"),
    ]);
    s.quiet(100_000);
    assert_eq!(s.events(), []);
}

#[test]
fn data_that_waits_is_read_before_closed() {
    for dialect in ON_REQUEST {
        let mut s = Script::new(dialect, Settings::default());
        s.open(1);
        s.module(s.closed(1));
        assert_eq!(s.events(), [peer_closed(1)], "{dialect:?}");
        assert_eq!(s.session.send(s.now(), Link(1), b"x", None), Err(Refused::NotOpen));
        assert_eq!(s.session.open(s.now(), Link(1), Transport::Tcp, "a", 1, 0), Err(Refused::LinkInUse));
        s.host("AT+CIPRXGET=4,1\r");
        s.module(waiting(1, 8));
        s.host("AT+CIPRXGET=2,1,8\r");
        s.module(read(dialect, 1, "the last", 0));
        assert_eq!(s.events(), [received(1, b"the last", 0), closed(1, Closing::Peer, true)], "{dialect:?}");
        s.open(1);
    }
}

#[test]
fn a_drain_ends_at_0_at_an_error_and_at_no_data() {
    let cases: [(Dialect, &str, &[What]); 6] = [
        (Dialect::Sim800, "\r\n+CIPRXGET: 4,1,0\r\n\r\nOK\r\n", &[]),
        (Dialect::Sim7000, ERROR, &[]),
        (Dialect::A7600, ERROR, &[]),
        (Dialect::A7600, "\r\n+IP ERROR: No data\r\n\r\nERROR\r\n", &[]),
        (Dialect::A7600, "\r\n+IP ERROR: 11\r\n\r\nERROR\r\n", &[]),
        (Dialect::Sim7000, "\r\n+CME ERROR: 3\r\n", &[]),
    ];
    for (dialect, answer, before) in cases {
        let mut s = Script::new(dialect, Settings::default());
        s.open(1);
        s.module(s.closed(1));
        s.events();
        s.talk(&[("AT+CIPRXGET=4,1\r", answer)]);
        let mut wanted = before.to_vec();
        wanted.push(closed(1, Closing::Peer, true));
        assert_eq!(s.events(), wanted, "{dialect:?} {answer:?}");
        s.quiet(100_000);
    }
    // More had been promised: it is said.
    for answer in [ERROR, "\r\n+CIPRXGET: 2,1,0,0\r\n\r\nOK\r\n"] {
        let mut s = Script::new(Dialect::Sim800, Settings::default());
        s.open(1);
        s.module(s.closed(1));
        s.events();
        s.talk(&[("AT+CIPRXGET=4,1\r", &waiting(1, 40)), ("AT+CIPRXGET=2,1,40\r", answer)]);
        assert_eq!(s.events(), [unread(1, 40), closed(1, Closing::Peer, true)], "{answer:?}");
    }
}

#[test]
fn without_credit_a_drain_waits_for_it_but_not_for_ever() {
    for dialect in ON_REQUEST {
        // Credit comes in time.
        let mut s = Script::new(dialect, Settings { poll_ms: 0, ..Settings::default() });
        s.open(1);
        s.session.receive(s.now(), Link(1), 0).unwrap();
        s.module("\r\n+CIPRXGET: 1,1\r\n");
        s.module(s.closed(1));
        s.serve(
            20_000,
            |line| if line.starts_with("AT+CIPRXGET=4") { waiting(1, 6) } else { panic!("{line}") },
        );
        assert_eq!(s.events(), [peer_closed(1)], "{dialect:?}");
        s.session.receive(s.now(), Link(1), 4).unwrap();
        s.serve(1000, |line| match line {
            "AT+CIPRXGET=4,1\r" => waiting(1, 6),
            "AT+CIPRXGET=2,1,4\r" => read(dialect, 1, "abcd", 2),
            other => panic!("{other}"),
        });
        s.session.receive(s.now(), Link(1), 4).unwrap();
        s.talk(&[("AT+CIPRXGET=2,1,2\r", &read(dialect, 1, "ef", 0))]);
        let wanted = [received(1, b"abcd", 0), received(1, b"ef", 0), closed(1, Closing::Peer, true)];
        assert_eq!(s.events(), wanted, "{dialect:?}");

        // It does not come: what is left is lost, and said.
        let mut s = Script::new(dialect, Settings { poll_ms: 0, drain_ms: 5000, ..Settings::default() });
        s.open(1);
        s.session.receive(s.now(), Link(1), 4).unwrap();
        s.module(s.closed(1));
        s.talk(&[
            ("AT+CIPRXGET=4,1\r", &waiting(1, 6)),
            ("AT+CIPRXGET=2,1,4\r", &read(dialect, 1, "abcd", 2)),
        ]);
        assert_eq!(s.reason(), Some(Reason::Drain));
        assert_eq!(s.events(), [peer_closed(1), received(1, b"abcd", 0)], "{dialect:?}");
        s.quiet(4800);
        assert_eq!(s.events(), [], "{dialect:?}");
        s.quiet(300);
        assert_eq!(s.events(), [unread(1, 2), closed(1, Closing::Peer, true)], "{dialect:?}");
        s.open(1);
    }
}

#[test]
fn a_slow_module_may_take_longer_than_drain_ms_when_there_is_credit() {
    for dialect in ON_REQUEST {
        let mut s = Script::new(dialect, Settings { drain_ms: 500, ..Settings::default() });
        s.open(1);
        s.module(s.closed(1));
        s.host("AT+CIPRXGET=4,1\r");
        s.quiet(4000);
        s.module(waiting(1, 4));
        s.host("AT+CIPRXGET=2,1,4\r");
        s.quiet(4000);
        s.module(read(dialect, 1, "slow", 0));
        let wanted = [peer_closed(1), received(1, b"slow", 0), closed(1, Closing::Peer, true)];
        assert_eq!(s.events(), wanted, "{dialect:?}");
    }
}

#[test]
fn payload_of_a_link_that_is_not_open_is_said_to_be_lost() {
    for dialect in [Dialect::Sim800, Dialect::Sim800e, Dialect::Sim7000, Dialect::A7600] {
        let mut s = Script::new(dialect, Settings { push: true, ..Settings::default() });
        s.open(0);
        let colon = if dialect == Dialect::A7600 { "" } else { ":" };
        s.module(format!("\r\n+RECEIVE,3,5{colon}\r\nhello\r\n+RECEIVE,0,2{colon}\r\nok"));
        assert_eq!(s.events(), [unread(3, 5), received(0, b"ok", 0)], "{dialect:?}");
    }
}

#[test]
fn what_a_drain_without_credit_gives_up_is_said_even_if_it_was_never_asked_for() {
    for dialect in ON_REQUEST {
        let mut pair = Pair::new(dialect, Settings::default(), network(9));
        up(&mut pair);
        open(&mut pair, 0, Transport::Tcp, 9);
        let now = pair.now();
        pair.session.receive(now, Link(0), 0).unwrap();
        let token = pair.desk.network.peer_of(Socket(0)).unwrap().token();
        pair.desk.network.peer_send(now, token, &nasty(500, false));
        pair.desk.network.peer_close(now, token);
        let from = pair.told.len();
        pair.expect(60_000, from, |w| *w == closed(0, Closing::Peer, true));
        let told: Vec<What> = pair.told[from..].iter().map(|t| t.what.clone()).collect();
        assert_eq!(
            told,
            [peer_closed(0), unread(0, 500), closed(0, Closing::Peer, true)],
            "{dialect:?}\n{}",
            pair.tail()
        );
        let ms = pair.now().millis() - now.millis();
        assert!((29_000..31_000).contains(&ms), "{dialect:?}: {ms} ms");
    }
}

#[test]
fn a_slow_reader_that_goes_on_asking_gets_all_of_a_closed_link() {
    for dialect in ON_REQUEST {
        let mut pair = Pair::new(dialect, Settings::default(), network(10));
        up(&mut pair);
        open(&mut pair, 0, Transport::Tcp, 9);
        let now = pair.now();
        pair.session.receive(now, Link(0), 10).unwrap();
        let token = pair.desk.network.peer_of(Socket(0)).unwrap().token();
        let bytes = nasty(500, false);
        pair.desk.network.peer_send(now, token, &bytes);
        pair.desk.network.peer_close(now, token);
        for _ in 0..60 {
            pair.until(2000, |_| false);
            let now = pair.now();
            let _ = pair.session.receive(now, Link(0), 10);
        }
        assert!(pair.received(0) == bytes, "{dialect:?}: {} bytes\n{}", pair.received(0).len(), pair.tail());
        assert!(pair.has(|e| matches!(e, Event::Closed { why: Closing::Peer, .. })));
    }
}

#[test]
fn close_drops_what_waits_and_says_so() {
    for dialect in ON_REQUEST {
        for draining in [false, true] {
            let mut s = Script::new(dialect, Settings { poll_ms: 0, ..Settings::default() });
            s.open(1);
            s.session.receive(s.now(), Link(1), 4).unwrap();
            s.module("\r\n+CIPRXGET: 1,1\r\n");
            s.talk(&[
                ("AT+CIPRXGET=4,1\r", &waiting(1, 6)),
                ("AT+CIPRXGET=2,1,4\r", &read(dialect, 1, "abcd", 2)),
            ]);
            if draining {
                s.module(s.closed(1));
            }
            s.events();
            s.give_close(1);
            s.module(match dialect {
                Dialect::A7600 => "\r\nOK\r\n\r\n+CIPCLOSE: 1,0\r\n",
                _ => "\r\n1, CLOSE OK\r\n",
            });
            let wanted = [unread(1, 2), closed(1, Closing::Local, true), closed_by_us(1)];
            assert_eq!(s.events(), wanted, "{dialect:?}");
            s.quiet(60_000);
        }
    }
}

#[test]
fn pushed_data_is_delivered_at_once_and_no_limit_can_be_set() {
    for dialect in DIALECTS {
        let mut s = Script::new(dialect, Settings { push: true, ..Settings::default() });
        s.open(0);
        s.module(s.pushed(0, "hello"));
        assert_eq!(s.events(), [received(0, b"hello", 0)], "{dialect:?}");
        for credit in [0, 1, 65_534] {
            assert_eq!(s.session.receive(s.now(), Link(0), credit), Err(Refused::Unlimited), "{dialect:?}");
        }
        assert_eq!(s.session.receive(s.now(), Link(0), u16::MAX), Ok(()));
        s.module(s.closed(0));
        assert_eq!(s.events(), [peer_closed(0), closed(0, Closing::Peer, true)], "{dialect:?}");
        s.quiet(100_000);
    }
}

#[test]
fn a_push_that_names_no_link_goes_to_the_only_open_one_or_to_nobody() {
    let mut s = Script::new(Dialect::A7600, Settings { push: true, ..Settings::default() });
    s.open(4);
    s.module("\r\nRECV FROM:10.1.1.1:80\r\n+IPD2\r\nab");
    assert_eq!(s.events(), [received(4, b"ab", 0)]);
    s.open(5);
    s.module("\r\nRECV FROM:10.1.1.1:80\r\n+IPD2\r\ncd");
    assert_eq!(s.events(), [What::Received { link: None, bytes: b"cd".to_vec(), left: 0 }]);
}

#[test]
fn a_payload_that_stops_short_is_told_and_the_line_goes_on() {
    for dialect in DIALECTS {
        for push in [true, false] {
            let mut pair = Pair::new(dialect, Settings { push, ..Settings::default() }, network(11));
            up(&mut pair);
            open(&mut pair, 0, Transport::Tcp, 7);
            pair.desk.modem.faults().once(Fault::ShortPayload(40));
            let from = pair.told.len();
            pair.send(0, &[b'x'; 100]);
            pair.expect(30_000, from, |w| matches!(w, What::Other(Event::Lost { .. })));
            pair.until(60_000, |_| false);
            let got = pair.received(0).len();
            let lost: u32 = pair
                .told
                .iter()
                .map(|t| match t.what {
                    What::Other(Event::Lost { bytes, .. }) => u32::from(bytes),
                    _ => 0,
                })
                .sum();
            assert_eq!(got + lost as usize, 100, "{dialect:?} {push}\n{}", pair.tail());
            if !pair.has(|e| matches!(e, Event::Closed { .. })) {
                pair.send(0, b"again");
                assert!(
                    pair.until(30_000, |p| p.received(0).ends_with(b"again")),
                    "{dialect:?} {push}\n{}",
                    pair.tail()
                );
            }
        }
    }
}

#[test]
fn a_read_in_pieces_says_how_much_is_left() {
    let mut s = Script::new(Dialect::Sim800, Settings::default());
    s.open(0);
    s.module("\r\n+CIPRXGET: 1,0\r\n");
    s.talk(&[("AT+CIPRXGET=4,0\r", &waiting(0, 5))]);
    s.host("AT+CIPRXGET=2,0,5\r");
    s.module("\r\n+CIPRXGET: 2,0,5,0\r\nhe");
    s.module("l");
    s.module("lo\r\nOK\r\n");
    assert_eq!(s.events(), [received(0, b"he", 3), received(0, b"l", 2), received(0, b"lo", 0)]);
    let _ = OK;
}
