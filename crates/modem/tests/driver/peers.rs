//! Where other drivers fail: each row of the study's table of peers is a test with its number.
//!
//! `docs/peers.md` says for each row what goes wrong elsewhere and what we do; rows 12 and 42 are in `peers_more`, row 45
//! concerns the stream wrappers. That there is no heap (15, 33) is also proven by the link check.

use crate::main_job::{DIALECTS, nasty, network, open, up};
use crate::pair::{Pair, What};
use crate::session::script::{CSQ, ERROR, OK, Script};
use crate::session::{cause, closed, closed_by_us, done, line, opened, peer_closed, received, sent};
use simcom_at::{
    Action, Closing, Context, Dialect, Event, Ipv4Addr, Link, Outcome, Refused, Remedy, Settings, Transport,
    Value, Why,
};
use simcom_modem::Fault;
use simcom_modem::loopback::{Loopback, LoopbackSettings, Service};
use simcom_modem::net::{Notify, Socket};

const ON_REQUEST: [Dialect; 3] = [Dialect::Sim800, Dialect::Sim7000, Dialect::A7600];
const NUMBERED: [Dialect; 4] = [Dialect::Sim800, Dialect::Sim800e, Dialect::Sim7000, Dialect::A7600];

fn push() -> Settings {
    Settings { push: true, ..Settings::default() }
}

fn no_poll() -> Settings {
    Settings { poll_ms: 0, ..Settings::default() }
}

fn waiting(link: u8, len: usize) -> String {
    format!("\r\n+CIPRXGET: 4,{link},{len}\r\n\r\nOK\r\n")
}

fn read(link: u8, bytes: &str, rest: usize) -> String {
    format!("\r\n+CIPRXGET: 2,{link},{},{rest}\r\n{bytes}\r\nOK\r\n", bytes.len())
}

fn token(pair: &Pair, link: u8) -> u32 {
    pair.desk.network.peer_of(Socket(link)).unwrap().token()
}

/// A pair with links to the discard service, and the tokens of their peers.
fn with_links(dialect: Dialect, settings: Settings, links: u8) -> (Pair, Vec<u32>) {
    let mut pair = Pair::new(dialect, settings, network(1));
    up(&mut pair);
    for link in 0..links {
        open(&mut pair, link, Transport::Tcp, 9);
    }
    let tokens = (0..links).map(|link| token(&pair, link)).collect();
    (pair, tokens)
}

#[test]
fn peer_01_rxpending_before_answer() {
    // A `1` line is never the answer, also not of another link or in front of the right one.
    for notice in
        ["\r\n+CIPRXGET: 1,1\r\n", "\r\n+CIPRXGET: 1,0\r\n", "\r\n+CIPRXGET:1,0\r\n\r\n+CIPRXGET: 1,1\r\n"]
    {
        let mut s = Script::new(Dialect::Sim800, no_poll());
        s.open(0);
        s.open(1);
        s.module("\r\n+CIPRXGET: 1,0\r\n");
        s.host("AT+CIPRXGET=4,0\r");
        s.module(format!("{notice}{}", waiting(0, 5)));
        let mut reads = Vec::new();
        s.serve(1000, |line| {
            reads.push(line.to_owned());
            match line {
                "AT+CIPRXGET=2,0,5\r" => format!("{notice}{}", read(0, "hello", 0)),
                "AT+CIPRXGET=4,0\r" => waiting(0, 0),
                "AT+CIPRXGET=4,1\r" => waiting(1, 0),
                other => panic!("{other}"),
            }
        });
        assert!(reads.contains(&"AT+CIPRXGET=2,0,5\r".to_owned()), "{reads:?}");
        assert_eq!(s.data(), [(0, "hello".to_owned())], "{notice:?}");
    }
}

#[test]
fn peer_02_a_nested_wait_eats_closed() {
    // `1, CLOSED` while something else is waited for, whatever it is.
    let waits: [(&str, &str); 4] = [
        ("AT+CSQ\r", CSQ),
        ("AT+CIPSTATUS\r", "\r\nOK\r\n"),
        ("AT+CREG?\r", "\r\n+CREG: 0,1\r\n\r\nOK\r\n"),
        ("AT+CIFSR\r", "\r\n10.0.0.7\r\n"),
    ];
    for (at, (host, answer)) in waits.into_iter().enumerate() {
        let mut s = Script::new(Dialect::Sim800, push());
        s.open(1);
        let now = s.now();
        match at {
            0 => s.session.signal(now),
            1 => s.session.status(now),
            2 => s.session.registration(now),
            _ => s.session.address(now),
        }
        .unwrap();
        s.host(host);
        s.module(format!("\r\n1, CLOSED\r\n{answer}"));
        s.pass(2000);
        let events = s.events();
        assert_eq!(events[..2], [peer_closed(1), closed(1, Closing::Peer, true)], "{host}");
        assert!(matches!(events.last(), Some(What::Other(Event::Done { .. }))), "{host} {events:?}");
    }
}

#[test]
fn peer_03_error_on_a_read_for_ever() {
    for dialect in ON_REQUEST {
        let mut s = Script::new(dialect, Settings::default());
        s.open(0);
        s.module("\r\n+CIPRXGET: 1,0\r\n");
        let mut lines = Vec::new();
        s.serve(600_000, |line| {
            lines.push(line.to_owned());
            ERROR.to_owned()
        });
        assert!(lines.len() <= 3, "{dialect:?}: {lines:?}");
        assert_eq!(s.events(), [closed(0, Closing::Unsaid, false)], "{dialect:?}");
    }
}

#[test]
fn peer_04_an_endless_loop_of_queries() {
    // A module that says nothing any more is asked a bounded number of times, and then it is told.
    for dialect in DIALECTS {
        let mut s = Script::new(dialect, Settings::default());
        s.open(0);
        s.session.status(s.now()).unwrap();
        let mut lines = 0;
        s.serve(120_000, |_| {
            lines += 1;
            String::new()
        });
        assert!(lines <= 40, "{dialect:?}: {lines} lines in two minutes");
        let events = s.events();
        let told = events.iter().filter_map(cause).any(|c| c.2 == Why::Timeout && c.3 == Remedy::Restart);
        assert!(told, "{dialect:?}: {events:?}");
    }
}

#[test]
fn peer_05_a_header_promises_more_than_comes() {
    for (dialect, settings) in DIALECTS.into_iter().flat_map(|d| [(d, push()), (d, Settings::default())]) {
        let on_request = !settings.push && !matches!(dialect, Dialect::Kingcom | Dialect::Sim800e);
        let mut pair = Pair::new(dialect, settings, network(2));
        up(&mut pair);
        open(&mut pair, 0, Transport::Tcp, 7);
        pair.desk.modem.faults().once(Fault::WrongLength(500));
        pair.send(0, b"0123456789");
        pair.until(60_000, |_| false);
        if on_request {
            // No more can come than was asked for: nothing behind it is taken for payload.
            assert_eq!(pair.received(0), b"0123456789", "{dialect:?}");
        } else {
            assert!(pair.has(|e| matches!(e, Event::Lost { .. })), "{dialect:?}\n{}", pair.tail());
            assert!(pair.received(0).starts_with(b"0123456789"), "{dialect:?}");
        }
        // The line is in step again.
        pair.done(Action::Signal, |s, now| s.signal(now).unwrap());
    }
}

#[test]
fn peer_06_data_lost_when_the_peer_closes_right_after_sending() {
    for (dialect, settings) in DIALECTS.into_iter().flat_map(|d| [(d, push()), (d, Settings::default())]) {
        for len in [1, 1460, 1461, 10_000] {
            let mut network = Loopback::new(LoopbackSettings::default(), 3);
            network.serve(Transport::Tcp, 5000, Service::Burst(len));
            let mut pair = Pair::new(dialect, settings, network);
            up(&mut pair);
            open(&mut pair, 0, Transport::Tcp, 5000);
            pair.expect(120_000, 0, |w| matches!(w, What::Other(Event::Closed { .. })));
            assert!(
                pair.received(0) == simcom_modem::loopback::pattern(len),
                "{dialect:?} {len}\n{}",
                pair.tail()
            );
            assert!(matches!(
                pair.told.last().unwrap().what,
                What::Other(Event::Closed { why: Closing::Peer, certain: true, .. } | Event::Ready)
            ));
        }
    }
}

#[test]
fn peer_07_a_short_list_of_links_stalls() {
    // Five numbers instead of ten, and at once.
    let mut s = Script::new(Dialect::A7600, no_poll());
    s.open(2);
    s.module("\r\n+CIPRXGET: 1,2\r\n");
    s.talk(&[("AT+CIPRXGET=4,2\r", ERROR), ("AT+CIPCLOSE?\r", "\r\n+CIPCLOSE: 0,0,0,0,0\r\n\r\nOK\r\n")]);
    assert_eq!(s.events(), [closed(2, Closing::Unsaid, false)]);
    s.open(2);
    s.module("\r\n+CIPRXGET: 1,2\r\n");
    s.talk(&[("AT+CIPRXGET=4,2\r", ERROR), ("AT+CIPCLOSE?\r", "\r\n+CIPCLOSE: 0,0,1,0,0\r\n\r\nOK\r\n")]);
    assert_eq!(s.events(), []);
}

#[test]
fn peer_08_network_closed_unexpectedly() {
    let mut s = Script::new(Dialect::A7600, push());
    s.open(0);
    s.open(9);
    s.module("\r\n+CIPEVENT: NETWORK CLOSED UNEXPECTEDLY\r\n");
    let down = What::Other(Event::NetworkDown { context: Context(0) });
    assert_eq!(s.events(), [closed(0, Closing::Network, true), closed(9, Closing::Network, true), down]);
    assert_eq!(s.session.send(s.now(), Link(0), b"x", None), Err(Refused::NotOpen));
}

#[test]
fn peer_09_connected_stays_true_and_a_close_of_a_closed_link_is_an_error() {
    for dialect in DIALECTS {
        let (mut pair, tokens) = with_links(dialect, Settings::default(), 1);
        let now = pair.now();
        pair.desk.network.peer_close(now, tokens[0]);
        let from = pair.told.len();
        pair.expect(60_000, from, |w| matches!(w, What::Other(Event::Closed { .. })));
        let now = pair.now();
        assert_eq!(pair.session.send(now, Link(0), b"x", None), Err(Refused::NotOpen), "{dialect:?}");
        assert_eq!(
            pair.session.close(now, Link(0), simcom_at::How::Slow),
            Err(Refused::NotOpen),
            "{dialect:?}"
        );
    }
    // The peer was faster: the module refuses the close, and the link is closed all the same.
    let mut s = Script::new(Dialect::Sim800, push());
    s.open(0);
    s.give_close(0);
    s.module("\r\n+CME ERROR: operation not allowed\r\n");
    assert_eq!(s.events(), [closed(0, Closing::Local, false), closed_by_us(0)]);
}

#[test]
fn peer_10_more_than_one_send_takes() {
    for dialect in DIALECTS {
        let mut pair = Pair::new(dialect, Settings::default(), network(4));
        up(&mut pair);
        open(&mut pair, 0, Transport::Tcp, 7);
        let bytes = nasty(5000, dialect == Dialect::Kingcom);
        let max = usize::from(pair.session.max_payload());
        let now = pair.now();
        assert_eq!(pair.session.send(now, Link(0), &bytes, None), Err(Refused::PayloadLength), "{dialect:?}");
        for chunk in bytes.chunks(max) {
            let len = chunk.len() as u16;
            let outcome = pair.send(0, chunk);
            assert!(
                outcome == Outcome::Accepted(len) || outcome == Outcome::Delivered,
                "{dialect:?}: {outcome:?}"
            );
        }
        assert!(pair.until(60_000, |p| p.received(0).len() == bytes.len()), "{dialect:?}");
        assert!(pair.received(0) == bytes, "{dialect:?}");
    }
}

#[test]
fn peer_11_an_unusual_final_of_a_send_costs_no_time() {
    for dialect in DIALECTS {
        for quick in [true, false] {
            let (mut pair, _) = with_links(dialect, Settings { quick, ..Settings::default() }, 1);
            pair.desk.modem.faults().once(Fault::SendFail);
            let before = pair.now();
            pair.send(0, b"hello");
            let ms = before.until(pair.now());
            assert!(ms < 200, "{dialect:?} {quick}: {ms} ms");
        }
    }
}

#[test]
fn peer_13_udp() {
    for dialect in DIALECTS {
        let mut pair = Pair::new(dialect, Settings::default(), network(5));
        up(&mut pair);
        open(&mut pair, 0, Transport::Udp, 7);
        let mut wanted = Vec::new();
        for len in [1, 10, 500, 1000] {
            let bytes = nasty(len, dialect == Dialect::Kingcom);
            let outcome = pair.send(0, &bytes);
            assert_eq!(outcome, Outcome::Accepted(len as u16), "{dialect:?}: a datagram is never Delivered");
            wanted.extend_from_slice(&bytes);
            let sent = wanted.len();
            assert!(pair.until(30_000, |p| p.received(0).len() == sent), "{dialect:?}\n{}", pair.tail());
        }
        assert!(pair.received(0) == wanted, "{dialect:?}");
    }
}

#[test]
fn peer_14_a_server_can_be_reached() {
    for dialect in NUMBERED {
        let mut pair = Pair::new(dialect, Settings::default(), network(6));
        up(&mut pair);
        let from = pair.told.len();
        let now = pair.now();
        pair.session.listen(now, 0, Transport::Tcp, 8888, 3).unwrap_or_else(|e| panic!("{dialect:?} {e}"));
        pair.expect(30_000, from, |w| *w == done(Action::Listen));
        let now = pair.now();
        let client = pair.desk.network.connect(now, 8888).unwrap();
        pair.expect(5000, from, |w| matches!(w, What::Other(Event::Accepted { .. })));
        let now = pair.now();
        pair.desk.network.peer_send(now, client, b"hello server");
        assert!(pair.until(5000, |p| p.received(0) == b"hello server"), "{dialect:?}\n{}", pair.tail());
        pair.send(0, b"hello client");
        pair.until(2000, |_| false);
        assert_eq!(
            pair.desk.network.peer(client).unwrap().received().bytes(),
            b"hello client",
            "{dialect:?}"
        );
    }
}

#[test]
fn peer_15_days_of_work_need_no_more_memory() {
    // One buffer of 96 bytes, given at the start, serves for ever.
    let mut buf = [0; 96];
    let now = simcom_at::Instant::from_millis(0);
    let mut session = simcom_at::Session::new(Dialect::Sim800.spec(), push(), now, &mut buf[..]);
    let mut at = now;
    for _ in 0..2000 {
        at = at.after(100_000);
        session.open(at, Link(0), Transport::Tcp, "10.1.1.1", 80, 0).unwrap();
        let mut say = |bytes: &[u8], count: usize| {
            let mut input = bytes;
            let mut events = 0;
            while session.poll(at, &mut input).is_some() {
                events += 1;
            }
            assert_eq!(events, count, "{}", bytes.escape_ascii());
            let n = session.transmit().len();
            session.transmitted(at, n);
            at = at.after(20);
        };
        say(b"", 0);
        say(b"\r\nOK\r\n\r\n0, CONNECT OK\r\n", 2);
        say(b"\r\n+RECEIVE,0,3:\r\nabc", 1);
        say(b"\r\n0, CLOSED\r\n", 2);
    }
}

#[test]
fn peer_16_ring_and_sms_are_swallowed_as_unhandled() {
    for dialect in DIALECTS {
        let mut s = Script::new(dialect, push());
        s.module("\r\nRING\r\n\r\n+CLIP: \"0123\",129\r\n\r\n+CMTI: \"SM\",3\r\n\r\n+CUSD: 0,\"text\"\r\n\r\nwhatever\r\n");
        let wanted = [
            What::Other(Event::Ring),
            line("+CLIP: \"0123\",129"),
            What::Other(Event::Sms { index: 3 }),
            line("+CUSD: 0,\"text\""),
            line("whatever"),
        ];
        assert_eq!(s.events(), wanted, "{dialect:?}");
    }
}

#[test]
fn peer_17_a_message_at_any_byte_of_an_exchange_breaks_nothing() {
    // At every place where a module may print it: between two lines.
    let notice = "\r\n+CMTI: \"SM\",3\r\n";
    for dialect in DIALECTS {
        for place in 0..40 {
            let mut s = Script::new(dialect, push());
            let mut turn = 0;
            let say = |s: &mut Script, parts: &[String], turn: &mut usize| {
                for part in parts {
                    if *turn == place {
                        s.module(notice);
                    }
                    *turn += 1;
                    s.module(part);
                }
            };
            s.give_open(0);
            let open = [OK.to_owned(), s.connected(0)];
            say(&mut s, &open, &mut turn);
            s.give_send(0, b"hello");
            say(&mut s, &["\r\n> ".to_owned()], &mut turn);
            s.host(if dialect == Dialect::Kingcom { "hello\x1a" } else { "hello" });
            let result: &[&str] = match dialect {
                Dialect::Kingcom => &[OK],
                Dialect::A7600 => &[OK, "\r\n+CIPSEND: 0,5,5\r\n"],
                Dialect::Sim800e => &["\r\n0, SEND OK\r\n"],
                _ => &["\r\nDATA ACCEPT:0,5\r\n"],
            };
            let result: Vec<String> = result.iter().map(|part| (*part).to_owned()).collect();
            say(&mut s, &result, &mut turn);
            let header = s.pushed(0, "abc");
            say(&mut s, &[header, String::new()], &mut turn);
            s.session.signal(s.now()).unwrap();
            s.host("AT+CSQ\r");
            say(&mut s, &["\r\n+CSQ: 20,0\r\n".to_owned(), OK.to_owned()], &mut turn);
            s.give_close(0);
            let close: &[&str] = match dialect {
                Dialect::Kingcom => &[OK],
                Dialect::A7600 => &[OK, "\r\n+CIPCLOSE: 0,0\r\n"],
                _ => &["\r\n0, CLOSE OK\r\n"],
            };
            let close: Vec<String> = close.iter().map(|part| (*part).to_owned()).collect();
            say(&mut s, &close, &mut turn);
            let events = s.events();
            let sms = events.iter().filter(|w| matches!(w, What::Other(Event::Sms { index: 3 }))).count();
            assert_eq!(sms, usize::from(place < turn), "{dialect:?} {place}");
            let outcome =
                if matches!(dialect, Dialect::Sim800e) { Outcome::Delivered } else { Outcome::Accepted(5) };
            let signal =
                What::Other(Event::Done { action: Action::Signal, link: None, value: Value::Signal(20, 0) });
            let wanted = [
                opened(0),
                sent(0, outcome),
                received(0, b"abc", 0),
                signal,
                closed(0, Closing::Local, true),
                closed_by_us(0),
            ];
            let rest: Vec<What> =
                events.into_iter().filter(|w| !matches!(w, What::Other(Event::Sms { .. }))).collect();
            assert_eq!(rest, wanted, "{dialect:?} {place}");
        }
    }
}

#[test]
fn peer_18_a_reset_in_mid_session_is_told_and_got_over() {
    for dialect in DIALECTS {
        let (mut pair, _) = with_links(dialect, Settings::default(), 1);
        let from = pair.told.len();
        let now = pair.now();
        pair.desk.network.at(now, Notify::Restart);
        pair.expect(30_000, from, |w| *w == What::Other(Event::Restarted));
        assert!(pair.told[from..].iter().any(|t| t.what == closed(0, Closing::Restart, true)), "{dialect:?}");
        pair.until(10_000, |_| false);
        // Echo is on again.
        up(&mut pair);
        open(&mut pair, 0, Transport::Tcp, 7);
        pair.send(0, b"again");
        assert!(pair.until(10_000, |p| p.received(0).ends_with(b"again")), "{dialect:?}\n{}", pair.tail());
    }
}

#[test]
fn peer_19_a_buffer_that_overflows_loses_bytes_and_they_are_told() {
    // Lost bytes in the payload: what is missing is said, and behind the gap the next line is a line.
    let mut s = Script::new(Dialect::Sim800, push());
    s.open(0);
    s.module("\r\n+RECEIVE,0,20:\r\n0123456789");
    s.pass(1000);
    let events = s.events();
    assert_eq!(events[0], received(0, b"0123456789", 10));
    assert!(matches!(events[1], What::Other(Event::Lost { bytes: 10, .. })), "{events:?}");
    s.module("\r\n+RECEIVE,0,3:\r\nabc");
    assert_eq!(s.events(), [received(0, b"abc", 0)]);
    // On request the module keeps what the host does not take.
    for dialect in ON_REQUEST {
        let mut network = Loopback::new(LoopbackSettings::default(), 7);
        network.serve(Transport::Tcp, 5000, Service::Chargen(30_000));
        let mut pair = Pair::new(dialect, Settings::default(), network);
        up(&mut pair);
        open(&mut pair, 0, Transport::Tcp, 5000);
        for _ in 0..20_000 {
            let now = pair.now();
            pair.session.receive(now, Link(0), 100).unwrap();
            let before = pair.received(0).len();
            pair.until(15_000, |p| p.received(0).len() > before);
            if pair.received(0).len() == 30_000 {
                break;
            }
        }
        assert!(pair.received(0) == simcom_modem::loopback::pattern(30_000), "{dialect:?}");
    }
}

#[test]
fn peer_20_fragments_of_a_line_are_seen_as_lines() {
    let exchange = |cut: &dyn Fn(&[u8]) -> Vec<Vec<u8>>| {
        let mut s = Script::new(Dialect::Sim7000, push());
        let feed = |s: &mut Script, bytes: &str| {
            for piece in cut(bytes.as_bytes()) {
                s.module(piece);
            }
        };
        s.open(0);
        s.session.status(s.now()).unwrap();
        s.host("AT+CIPSTATUS\r");
        feed(
            &mut s,
            "\r\nOK\r\n\r\nSTATE: IP PROCESSING\r\n\r\nC: 0,0,\"TCP\",\"10.1.1.1\",\"80\",\"CONNECTED\"\r\n",
        );
        s.pass(2000);
        s.give_send(0, b"hello");
        feed(&mut s, "\r\n> ");
        s.host("hello");
        feed(&mut s, "\r\nDATA ACCEPT:0,5\r\n");
        feed(&mut s, "\r\n+RECEIVE,0,6:\r\n\r\nOK\r\n\r\n0, CLOSED\r\n");
        let mut joined: Vec<What> = Vec::new();
        for what in s.events() {
            match (joined.last_mut(), &what) {
                (
                    Some(What::Received { bytes: all, left: rest @ 1.., .. }),
                    What::Received { bytes, left, .. },
                ) => {
                    all.extend_from_slice(bytes);
                    *rest = *left;
                }
                _ => joined.push(what),
            }
        }
        joined
    };
    let whole = exchange(&|bytes| vec![bytes.to_vec()]);
    assert!(whole.contains(&received(0, b"\r\nOK\r\n", 0)), "{whole:?}");
    for size in 1..30 {
        assert_eq!(
            exchange(&|bytes| bytes.chunks(size).map(<[u8]>::to_vec).collect()),
            whole,
            "pieces of {size}"
        );
    }
    for at in 1..90 {
        let cut = |bytes: &[u8]| {
            let (front, back) = bytes.split_at(at.min(bytes.len()));
            vec![front.to_vec(), back.to_vec()]
        };
        assert_eq!(exchange(&cut), whole, "cut at {at}");
    }
}

#[test]
fn peer_21_drops_every_14_hours_go_up_the_ladder() {
    for dialect in NUMBERED {
        let mut s = Script::new(dialect, push());
        let mut remedies = Vec::new();
        for _ in 0..9 {
            s.give_open(0);
            s.module(if dialect == Dialect::A7600 {
                "\r\nOK\r\n\r\n+CIPOPEN: 0,4\r\n"
            } else {
                "\r\nOK\r\n\r\n0, CONNECT FAIL\r\n"
            });
            remedies.extend(s.events().iter().filter_map(cause).map(|c| c.3));
        }
        remedies.dedup();
        assert_eq!(remedies, [Remedy::Reopen, Remedy::Shut, Remedy::Restart], "{dialect:?}");
    }
}

#[test]
fn peer_22_the_code_of_a_failure_is_hidden() {
    let mut s = Script::new(Dialect::A7600, push());
    s.give_open(3);
    s.module("\r\nOK\r\n\r\n+CIPOPEN: 3,11\r\n");
    let [What::Failed { text, .. }] = &s.events()[..] else { panic!("{}", s.log) };
    assert_eq!(text, "+CIPOPEN: 3,11");
    s.session.attach(s.now(), Context(0), "a", "", "").unwrap();
    s.serve(1000, |line| {
        match line {
            "AT+NETOPEN?\r" => "\r\n+NETOPEN: 0\r\n\r\nOK\r\n",
            "AT+NETOPEN\r" => "\r\nOK\r\n\r\n+NETOPEN: 8\r\n",
            _ => OK,
        }
        .to_owned()
    });
    let events = s.events();
    let [what @ What::Failed { text, .. }] = &events[..] else { panic!("{}", s.log) };
    assert_eq!((cause(what).map(|c| c.2), text.as_str()), (Some(Why::Err(8)), "+NETOPEN: 8"));
}

#[test]
fn peer_23_payload_is_looked_at() {
    // Digits at its start, headers, results, notices, prompts: every byte comes.
    for (dialect, settings) in DIALECTS.into_iter().flat_map(|d| [(d, push()), (d, Settings::default())]) {
        let (mut pair, tokens) = with_links(dialect, settings, 1);
        let mut wanted = Vec::new();
        let texts: [&[u8]; 10] = [
            b"1234567",
            b"0, CLOSED\r\n",
            b"\r\nOK\r\n",
            b"\r\n+IPD,5:hello",
            b"\r\n+RECEIVE,0,9999:\r\n",
            b"\r\nRDY\r\n",
            b"\r\n> ",
            b"+PDP: DEACT\r\n",
            b"\r\n+CIPRXGET: 2,0,100,0\r\n",
            b"\n\r\r\n\0\x1a\x1b\xff",
        ];
        for text in texts.iter().cycle().take(30) {
            let now = pair.now();
            pair.desk.network.peer_send(now, tokens[0], text);
            wanted.extend_from_slice(text);
            pair.until(137, |_| false);
        }
        assert!(pair.until(30_000, |p| p.received(0).len() == wanted.len()), "{dialect:?}\n{}", pair.tail());
        assert!(pair.received(0) == wanted, "{dialect:?}");
        assert!(
            !pair.has(|e| matches!(e, Event::Restarted | Event::NetworkDown { .. } | Event::Closed { .. })),
            "{dialect:?}"
        );
    }
}

#[test]
fn peer_24_no_prompt_after_wake() {
    for dialect in DIALECTS {
        let mut s = Script::new(dialect, push());
        s.open(0);
        s.give_send(0, b"hello");
        let mut lines = Vec::new();
        s.serve(8000, |line| {
            lines.push(line.to_owned());
            match line {
                "AT+CIPMUX?\r" => "\r\n+CIPMUX: 1\r\n\r\nOK\r\n",
                "AT+NETOPEN?\r" => "\r\n+NETOPEN: 1\r\n\r\nOK\r\n",
                "AT+CIPSTATUS\r" => "\r\n+IPSTATUS: CONNECT OK\r\n\r\nOK\r\n",
                _ => "",
            }
            .to_owned()
        });
        assert_eq!(s.events(), [sent(0, Outcome::NotSent)], "{dialect:?}");
        assert!(!lines.concat().contains("hello"), "{dialect:?}: {lines:?}");
        s.give_payload(0, b"again");
    }
}

#[test]
fn peer_25_a_greater_than_sign_in_a_notice_is_taken_for_the_prompt() {
    for text in ["\r\n+CUSD: 0,\"1> a\"\r\n", "\r\n+X: > y\r\n", "\r\nA>", " B> \r\n"] {
        let mut s = Script::new(Dialect::Sim800, push());
        s.open(0);
        s.give_send(0, b"hello");
        for byte in text.bytes() {
            s.module([byte]);
        }
        s.quiet(1000);
        s.module("\r\n\r\n> ");
        s.host("hello");
    }
}

#[test]
fn peer_26_ctrl_z_in_a_payload_ends_the_send() {
    let mut s = Script::new(Dialect::Kingcom, push());
    s.open(0);
    for bytes in [&b"a\x1ab"[..], b"\x1b", b"\x1a"] {
        assert_eq!(s.session.send(s.now(), Link(0), bytes, None), Err(Refused::Unsendable));
    }
    for dialect in NUMBERED {
        let mut pair = Pair::new(dialect, Settings::default(), network(8));
        up(&mut pair);
        open(&mut pair, 0, Transport::Tcp, 7);
        pair.send(0, b"a\x1ab\x1b\x03\x08c\x1a");
        assert!(
            pair.until(10_000, |p| p.received(0) == b"a\x1ab\x1b\x03\x08c\x1a"),
            "{dialect:?}\n{}",
            pair.tail()
        );
    }
}

#[test]
fn peer_27_three_kinds_of_connected_are_confused() {
    let end = |answer: &str| {
        let mut s = Script::new(Dialect::Sim800, Settings { single: true, ..push() });
        s.give_open(0);
        s.module(answer);
        s.events()
    };
    assert_eq!(end("\r\nOK\r\n\r\nCONNECT OK\r\n"), [opened(0)]);
    let already = end("\r\nALREADY CONNECT\r\n\r\nERROR\r\n");
    assert_eq!(already.iter().filter_map(cause).map(|c| c.2).collect::<Vec<_>>(), [Why::AlreadyConnected]);
    // The bare `CONNECT` of data mode is not `CONNECT OK`.
    assert!(!end("\r\nOK\r\n\r\nCONNECTED\r\n").contains(&opened(0)));
}

#[test]
fn peer_28_echo_and_a_notice_between_echo_and_answer() {
    for dialect in DIALECTS {
        for echo in ["", "AT+CSQ\r", "AT+CSQ\r\n", "AT+CSQ\r\r\n"] {
            for notice in ["", "\r\nRING\r\n", "\r\n+CREG: 5\r\n"] {
                for front in [true, false] {
                    let mut s = Script::new(dialect, push());
                    s.session.signal(s.now()).unwrap();
                    s.host("AT+CSQ\r");
                    s.module(if front {
                        format!("{notice}{echo}{CSQ}")
                    } else {
                        format!("{echo}{notice}{CSQ}")
                    });
                    let events = s.events();
                    let signal = What::Other(Event::Done {
                        action: Action::Signal,
                        link: None,
                        value: Value::Signal(20, 0),
                    });
                    assert_eq!(events.last(), Some(&signal), "{dialect:?} {echo:?} {notice:?}");
                    assert!(
                        !events.iter().any(|w| matches!(w, What::Line(_))),
                        "{dialect:?} {echo:?} {notice:?}: {events:?}"
                    );
                    assert_eq!(events.len(), if notice.is_empty() { 1 } else { 2 });
                }
            }
        }
    }
}

#[test]
fn peer_29_pdp_deact_every_hour_makes_a_loop() {
    for dialect in DIALECTS {
        let mut s = Script::new(dialect, push());
        for _ in 0..10 {
            s.open(0);
            s.module("\r\n+PDP: DEACT\r\n");
            let down = What::Other(Event::NetworkDown { context: Context(0) });
            assert_eq!(s.events(), [closed(0, Closing::Network, true), down], "{dialect:?}");
            s.quiet(3_600_000);
        }
    }
}

#[test]
fn peer_30_a_connect_that_times_out_is_repeated_for_ever() {
    for dialect in NUMBERED {
        let mut s = Script::new(dialect, push());
        s.give_open(0);
        let mut lines = Vec::new();
        s.module(OK);
        s.serve(1_000_000, |line| {
            lines.push(line.to_owned());
            if dialect == Dialect::A7600 { "\r\nOK\r\n\r\n+CIPCLOSE: 0,0\r\n" } else { "\r\n0, CLOSE OK\r\n" }
                .to_owned()
        });
        // One close, to be sure; nothing else by itself.
        assert_eq!(lines.len(), 1, "{dialect:?}: {lines:?}");
        assert!(lines[0].starts_with("AT+CIPCLOSE"), "{lines:?}");
        assert_eq!(s.events().iter().filter_map(cause).count(), 1);
    }
}

#[test]
fn peer_31_ok_is_expected_where_close_ok_comes() {
    for (dialect, single) in [
        (Dialect::Sim800, false),
        (Dialect::Sim800, true),
        (Dialect::Sim7000, false),
        (Dialect::Sim800e, false),
    ] {
        let mut s = Script::new(dialect, Settings { single, ..push() });
        s.open(0);
        s.give_close(0);
        s.module(format!("\r\n{}CLOSE OK\r\n", s.on(0)));
        assert_eq!(s.events(), [closed(0, Closing::Local, true), closed_by_us(0)], "{dialect:?}");
        s.session.shut(s.now()).unwrap();
        s.talk(&[("AT+CIPSHUT\r", "\r\nSHUT OK\r\n")]);
        assert_eq!(s.events(), [done(Action::Shut)], "{dialect:?}");
        s.session.address(s.now()).unwrap();
        s.talk(&[("AT+CIFSR\r", "\r\n10.0.0.7\r\n")]);
        assert!(s.session.is_ready());
    }
}

#[test]
fn peer_32_the_first_data_is_missed() {
    // Directly behind `CONNECT OK`, in the same piece; and in front of it.
    for dialect in DIALECTS {
        for front in [false, true] {
            let mut s = Script::new(dialect, push());
            s.give_open(0);
            let (connected, header) = (s.connected(0), s.pushed(0, "welcome"));
            s.module(if front {
                format!("{OK}{header}{connected}")
            } else {
                format!("{OK}{connected}{header}")
            });
            let mut events = s.events();
            events.sort_by_key(|w| *w != opened(0));
            assert_eq!(events, [opened(0), received(0, b"welcome", 0)], "{dialect:?} {front}");
        }
    }
}

#[test]
fn peer_33_no_memory_for_a_notice_and_the_receiver_is_dead() {
    let long = "x".repeat(100_000);
    for dialect in DIALECTS {
        let mut s = Script::new(dialect, push());
        s.open(0);
        for piece in format!("\r\n{long}\r\n").as_bytes().chunks(1000) {
            s.module(piece);
        }
        assert!(s.events().iter().all(|w| matches!(w, What::Line(_))), "{dialect:?}");
        s.module(s.pushed(0, "ok"));
        assert_eq!(s.events(), [received(0, b"ok", 0)], "{dialect:?}");
    }
}

#[test]
fn peer_34_bytes_on_the_wrong_link_and_small_packets_lost() {
    for (dialect, settings) in NUMBERED.into_iter().flat_map(|d| [(d, push()), (d, Settings::default())]) {
        let links = dialect.links();
        let (mut pair, tokens) = with_links(dialect, settings, links);
        let mut wanted = vec![Vec::new(); usize::from(links)];
        for turn in 0..60u8 {
            let link = usize::from(turn) * 7 % usize::from(links);
            let bytes = vec![turn; 1 + usize::from(turn % 4)];
            let now = pair.now();
            pair.desk.network.peer_send(now, tokens[link], &bytes);
            wanted[link].extend_from_slice(&bytes);
            let to = turn % links;
            pair.send(to, &[0x80 + to; 3]);
        }
        pair.until(60_000, |_| false);
        for link in 0..links {
            assert!(pair.received(link) == wanted[usize::from(link)], "{dialect:?} link {link}");
            let got = pair.desk.network.peer(tokens[usize::from(link)]).unwrap().received().bytes();
            assert!(
                !got.is_empty() && got.iter().all(|b| *b == 0x80 + link),
                "{dialect:?} link {link}: {got:?}"
            );
        }
    }
}

#[test]
fn peer_35_the_same_text_is_an_answer_or_a_notice() {
    for dialect in DIALECTS {
        let mut s = Script::new(dialect, push());
        let notice = What::Other(Event::Registration { packet: false, stat: 2 });
        s.module("\r\n+CREG: 2\r\n");
        assert_eq!(s.events(), std::slice::from_ref(&notice), "{dialect:?}");
        s.session.registration(s.now()).unwrap();
        s.talk(&[("AT+CREG?\r", "\r\n+CREG: 0,1\r\n\r\nOK\r\n")]);
        let answer = Event::Done { action: Action::Registration, link: None, value: Value::Registration(1) };
        assert_eq!(s.events(), [What::Other(answer)], "{dialect:?}");
        s.module("\r\n+CREG: 2\r\n\r\n+CGREG: 1\r\n");
        assert_eq!(
            s.events(),
            [notice, What::Other(Event::Registration { packet: true, stat: 1 })],
            "{dialect:?}"
        );
    }
    // `+NETOPEN: 1` is "open" as an answer and "failed" as a result.
    let mut s = Script::new(Dialect::A7600, push());
    s.session.attach(s.now(), Context(0), "a", "", "").unwrap();
    s.serve(1000, |line| {
        match line {
            "AT+NETOPEN?\r" => "\r\n+NETOPEN: 1\r\n\r\nOK\r\n",
            "AT+NETCLOSE\r" => "\r\nOK\r\n\r\n+NETCLOSE: 0\r\n",
            "AT+NETOPEN\r" => "\r\nOK\r\n\r\n+NETOPEN: 0\r\n",
            "AT+IPADDR\r" => "\r\n+IPADDR: 10.0.0.7\r\n\r\nOK\r\n",
            _ => OK,
        }
        .to_owned()
    });
    let value = Value::Address(Ipv4Addr::new(10, 0, 0, 7));
    assert_eq!(s.events(), [What::Other(Event::Done { action: Action::Attach, link: None, value })]);
}

#[test]
fn peer_36_unknown_notices_block_and_lines_behind_ok_are_lost() {
    let mut s = Script::new(Dialect::Sim800, push());
    s.session.signal(s.now()).unwrap();
    s.host("AT+CSQ\r");
    s.module("\r\nNO COLON HERE\r\n\r\n+UNKNOWN\r\n");
    s.module(CSQ);
    let signal = What::Other(Event::Done { action: Action::Signal, link: None, value: Value::Signal(20, 0) });
    assert_eq!(s.events(), [line("NO COLON HERE"), line("+UNKNOWN"), signal]);
    // What comes behind `OK` and belongs to the command.
    s.session.status(s.now()).unwrap();
    s.talk(&[("AT+CIPSTATUS\r", OK)]);
    assert!(!s.session.is_ready());
    s.module("\r\nSTATE: IP STATUS\r\n");
    s.pass(300);
    assert_eq!(s.events(), [line("STATE: IP STATUS"), done(Action::Status)]);
}

#[test]
fn peer_37_lone_line_feeds_and_pipes_that_drop_bytes() {
    for end in ["\r\n", "\n", "\r\r\n", "\r\n\r\n"] {
        for dialect in DIALECTS {
            let mut s = Script::new(dialect, push());
            let say = |text: &str| text.replace("\r\n", end);
            s.session.signal(s.now()).unwrap();
            s.talk(&[("AT+CSQ\r", &say(CSQ))]);
            assert_eq!(s.events().len(), 1, "{dialect:?} {end:?}");
            s.give_open(0);
            s.module(say(OK));
            s.module(say(&s.connected(0)));
            assert_eq!(s.events(), [opened(0)], "{dialect:?} {end:?}");
        }
    }
    // A line with a byte lost costs itself: the command is told to have timed out, and the next is whole.
    let mut s = Script::new(Dialect::Sim800, push());
    s.session.signal(s.now()).unwrap();
    s.talk(&[("AT+CSQ\r", "\r\n+CSQ: 20,0\r\n\r\nK\r\n")]);
    s.pass(9000);
    s.talk(&[("AT+CIPMUX?\r", "\r\n+CIPMUX: 1\r\n\r\nOK\r\n")]);
    assert_eq!(s.events().iter().filter_map(cause).map(|c| c.2).collect::<Vec<_>>(), [Why::Timeout]);
    s.session.signal(s.now()).unwrap();
    s.talk(&[("AT+CSQ\r", CSQ)]);
}

#[test]
fn peer_38_a_notice_in_the_middle_of_an_answer() {
    for dialect in DIALECTS {
        let mut s = Script::new(dialect, push());
        s.session.signal(s.now()).unwrap();
        s.host("AT+CSQ\r");
        s.module("\r\n+CSQ: 20,0\r\n\r\n+CMTI: \"SM\",1\r\n");
        s.module("\r\nRING\r\n\r\nO");
        s.module("K\r\n");
        let signal =
            What::Other(Event::Done { action: Action::Signal, link: None, value: Value::Signal(20, 0) });
        assert_eq!(
            s.events(),
            [What::Other(Event::Sms { index: 1 }), What::Other(Event::Ring), signal],
            "{dialect:?}"
        );
    }
}

#[test]
fn peer_39_an_undefined_line_clears_everything() {
    let mut s = Script::new(Dialect::Sim800, push());
    s.open(0);
    s.module(b"\r\n\x00\xff\x80 garbage \x01\r\n+RECEIVE,0,5:\r\n\xff\x00\r\n!");
    let events = s.events();
    assert!(matches!(events[0], What::Line(_)), "{events:?}");
    let data: Vec<u8> = events
        .iter()
        .flat_map(|w| if let What::Received { bytes, .. } = w { bytes.clone() } else { vec![] })
        .collect();
    assert_eq!(data.len(), 5);
    // In the middle of a command too.
    s.give_send(0, b"hello");
    s.module("\r\n???\r\n\r\n> ");
    s.host("hello");
    s.module("\r\n!!!\r\n\r\nDATA ACCEPT:0,5\r\n");
    assert!(s.events().contains(&sent(0, Outcome::Accepted(5))));
}

#[test]
fn peer_40_cr_and_lf_are_stripped_from_payload() {
    for (dialect, settings) in DIALECTS.into_iter().flat_map(|d| [(d, push()), (d, Settings::default())]) {
        let (mut pair, tokens) = with_links(dialect, settings, 1);
        let bytes: Vec<u8> = b"\r\n\r\n\n\n\r\ra\r\n\0\n\r".iter().copied().cycle().take(3000).collect();
        for chunk in bytes.chunks(7) {
            let now = pair.now();
            pair.desk.network.peer_send(now, tokens[0], chunk);
        }
        assert!(pair.until(60_000, |p| p.received(0).len() == bytes.len()), "{dialect:?}\n{}", pair.tail());
        assert!(pair.received(0) == bytes, "{dialect:?}");
        if dialect != Dialect::Kingcom {
            pair.send(0, &bytes[..1400]);
            pair.until(5000, |_| false);
            assert!(
                pair.desk.network.peer(tokens[0]).unwrap().received().bytes() == bytes[..1400],
                "{dialect:?}"
            );
        }
    }
}

#[test]
fn peer_41_a_link_of_the_server_is_an_ordinary_link() {
    for dialect in NUMBERED {
        let mut pair = Pair::new(dialect, Settings::default(), network(9));
        up(&mut pair);
        let from = pair.told.len();
        let now = pair.now();
        pair.session.listen(now, 0, Transport::Tcp, 8888, 3).unwrap();
        pair.expect(30_000, from, |w| *w == done(Action::Listen));
        for turn in 0..3 {
            let now = pair.now();
            let client = pair.desk.network.connect(now, 8888).unwrap();
            let from = pair.told.len();
            let What::Other(Event::Accepted { link, .. }) =
                pair.expect(5000, from, |w| matches!(w, What::Other(Event::Accepted { .. })))
            else {
                panic!()
            };
            let outcome = pair.send(link.0, b"answer");
            assert!(
                !matches!(outcome, Outcome::NotSent | Outcome::Unknown(_)),
                "{dialect:?} {turn}: {outcome:?}"
            );
            let now = pair.now();
            if turn == 1 {
                pair.desk.network.peer_close(now, client);
            } else {
                pair.session.close(now, link, simcom_at::How::Slow).unwrap();
            }
            pair.expect(30_000, from, |w| matches!(w, What::Other(Event::Closed { certain: true, .. })));
            pair.ready();
            assert_eq!(
                pair.desk.network.peer(client).unwrap().received().bytes(),
                b"answer",
                "{dialect:?} {turn}"
            );
        }
    }
}

#[test]
fn peer_43_no_notice_after_a_partial_read() {
    // What a read leaves is read without a notice; and a lost notice is found by the poll timer.
    for dialect in ON_REQUEST {
        let (mut pair, tokens) = with_links(dialect, no_poll(), 1);
        let bytes = nasty(2900, false);
        let now = pair.now();
        pair.desk.network.peer_send(now, tokens[0], &bytes);
        assert!(pair.until(5000, |p| p.received(0).len() == bytes.len()), "{dialect:?}\n{}", pair.tail());
        assert!(pair.received(0) == bytes, "{dialect:?}");
        let mut s = Script::new(dialect, Settings::default());
        s.open(0);
        s.quiet(9900);
        s.pass(100);
        s.host("AT+CIPRXGET=4,0\r");
        s.module(waiting(0, 4));
        s.host("AT+CIPRXGET=2,0,4\r");
        s.module(read(0, "here", 0));
        assert_eq!(s.data(), [(0, "here".to_owned())], "{dialect:?}");
    }
}

#[test]
fn peer_44_notices_are_handled_only_between_commands() {
    // In each wait of each kind a close of another link reaches that link at once.
    for dialect in NUMBERED {
        for wait in 0..5 {
            let mut s = Script::new(dialect, push());
            s.open(0);
            s.open(3);
            let now = s.now();
            match wait {
                0 => s.session.signal(now).unwrap(),
                1 => s.give_send(0, b"x"),
                2 => s.give_payload(0, b"x"),
                3 => s.give_open(1),
                _ => s.give_close(0),
            }
            s.pass(30);
            s.events();
            s.module(s.closed(3));
            assert_eq!(s.events(), [peer_closed(3), closed(3, Closing::Peer, true)], "{dialect:?} {wait}");
        }
        // In the pause behind a final, and in the filler of a resync.
        let mut s = Script::new(dialect, push());
        s.open(0);
        s.open(3);
        s.give_send(0, b"x");
        s.pass(5000);
        s.events();
        s.module(s.closed(3));
        assert_eq!(s.events(), [peer_closed(3), closed(3, Closing::Peer, true)], "{dialect:?}");
    }
}

#[test]
fn peer_46_a_handle_outlives_its_link() {
    // `Closed` is the last event of a link: nothing of the old one can reach the new one.
    for dialect in ON_REQUEST {
        let mut s = Script::new(dialect, Settings::default());
        s.open(0);
        s.module(s.closed(0));
        let again = s.session.open(s.now(), Link(0), Transport::Tcp, "10.1.1.1", 80, 0);
        assert_eq!(again, Err(Refused::LinkInUse), "{dialect:?}");
        s.talk(&[("AT+CIPRXGET=4,0\r", &waiting(0, 3))]);
        s.talk(&[("AT+CIPRXGET=2,0,3\r", &read(0, "old", 0))]);
        let events = s.events();
        assert_eq!(
            events,
            [peer_closed(0), received(0, b"old", 0), closed(0, Closing::Peer, true)],
            "{dialect:?}"
        );
        s.open(0);
        assert_eq!(s.session.receive(s.now(), Link(0), 5), Ok(()));
        // Late lines of the old life are not the new link's end.
        s.module(format!("\r\n+CIPRXGET: 1,{}\r\n", 0));
        s.host("AT+CIPRXGET=4,0\r");
    }
}

#[test]
fn peer_47_data_sent_but_reported_as_nothing_is_sent_twice() {
    // Never NotSent when a byte may have gone: only refusals in front of the prompt are.
    for dialect in DIALECTS {
        for fault in [Fault::DropFinal, Fault::SendFail, Fault::Hang(200_000), Fault::LateFinal(100_000)] {
            let (mut pair, tokens) = with_links(dialect, Settings { quick: false, ..Settings::default() }, 1);
            pair.desk.modem.faults().once(fault.clone());
            let outcome = pair.send(0, b"hello");
            pair.until(300_000, |_| false);
            let got = pair.desk.network.peer(tokens[0]).unwrap().received().bytes();
            if outcome == Outcome::NotSent {
                assert!(
                    got.is_empty(),
                    "{dialect:?} {fault:?}: NotSent, but the peer has {got:?}\n{}",
                    pair.tail()
                );
            }
            if matches!(outcome, Outcome::Delivered | Outcome::Accepted(5)) {
                assert_eq!(got, b"hello", "{dialect:?} {fault:?}\n{}", pair.tail());
            }
        }
        let (mut pair, _) = with_links(dialect, Settings::default(), 1);
        pair.desk.modem.faults().once(Fault::Refuse { command: "+CIPSEND".into(), code: 3 });
        assert_eq!(pair.send(0, b"hello"), Outcome::NotSent, "{dialect:?}");
    }
}
