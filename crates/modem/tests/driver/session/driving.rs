//! Driving a session: buffers, partial writes, deadlines that move, time that wraps.

use super::script::{CSQ, Script};
use super::{opened, received, sent};
use crate::main_job::{DIALECTS, nasty, network, open, up};
use crate::pair::{Pair, What};
use simcom_at::{
    Action, Context, Dialect, Event, Instant, Link, Outcome, Reason, Session, Settings, Transport,
};

/// The same short exchange over any buffer.
fn exchange<B: AsRef<[u8]> + AsMut<[u8]>>(buf: B) -> Vec<String> {
    let now = Instant::from_millis(5);
    let mut session = Session::new(Dialect::Sim800.spec(), Settings::default(), now, buf);
    session.open(now, Link(0), Transport::Tcp, "10.1.1.1", 80, 0).unwrap();
    let mut out = Vec::new();
    let answers: [&[u8]; 4] =
        [b"\r\nOK\r\n\r\n0, CONNECT OK\r\n", b"\r\n> ", b"\r\nDATA ACCEPT:0,5\r\n", b""];
    let mut now = now;
    for answer in answers {
        now = now.after(20);
        while let Some(event) = session.poll(now, &mut &b""[..]) {
            out.push(format!("{event:?}"));
        }
        out.push(session.transmit().escape_ascii().to_string());
        let n = session.transmit().len();
        session.transmitted(now, n);
        let mut input = answer;
        while let Some(event) = session.poll(now, &mut input) {
            out.push(format!("{event:?}"));
        }
        if session.is_ready() && answer.ends_with(b"CONNECT OK\r\n") {
            session.send(now, Link(0), b"hello", None).unwrap();
        }
    }
    out
}

#[test]
fn the_buffer_may_be_an_array_a_slice_or_a_vec() {
    let mut slice = [0; 256];
    let of_array = exchange([0; 256]);
    assert_eq!(of_array, exchange(&mut slice[..]));
    assert_eq!(of_array, exchange(vec![0; 256]));
    assert!(of_array.iter().any(|line| line.contains("Accepted(5)")), "{of_array:?}");
}

#[test]
fn a_port_that_takes_one_byte_at_a_time_changes_nothing() {
    let talk = |dialect, port| {
        let mut s = Script::new(dialect, Settings { push: true, ..Settings::default() });
        s.port = port;
        s.open(0);
        s.give_payload(0, b"hello");
        s.module(match dialect {
            Dialect::Kingcom => "\r\nOK\r\n",
            Dialect::A7600 => "\r\nOK\r\n\r\n+CIPSEND: 0,5,5\r\n",
            Dialect::Sim800e => "\r\n0, SEND OK\r\n",
            _ => "\r\nDATA ACCEPT:0,5\r\n",
        });
        s.session.signal(s.now()).unwrap();
        s.talk(&[("AT+CSQ\r", CSQ)]);
        s.all_events()
    };
    for dialect in DIALECTS {
        let at_once = talk(dialect, usize::MAX);
        for port in [1, 2, 7] {
            assert_eq!(talk(dialect, port), at_once, "{dialect:?} {port}");
        }
    }
}

#[test]
fn transmitted_takes_no_more_than_there_is() {
    let now = Instant::from_millis(0);
    let mut session = Session::new(Dialect::Sim800.spec(), Settings::default(), now, [0; 64]);
    session.transmitted(now, 100);
    session.signal(now).unwrap();
    assert_eq!(session.poll(now, &mut &b""[..]), None);
    session.transmitted(now, 0);
    assert_eq!(session.transmit(), b"AT+CSQ\r");
    session.transmitted(now, usize::MAX);
    assert!(session.transmit().is_empty());
}

#[test]
fn a_prompt_is_waited_for_from_the_last_byte_of_the_line_on() {
    let mut s = Script::new(Dialect::Sim800, Settings { push: true, ..Settings::default() });
    s.open(0);
    let now = s.now().after(20);
    s.session.send(now, Link(0), b"hello", None).unwrap();
    assert_eq!(s.session.poll(now, &mut &b""[..]), None);
    // The port is stopped for a while.
    s.session.transmitted(now, 3);
    let later = now.after(4000);
    assert_eq!(s.session.poll(later, &mut &b""[..]), None);
    let rest = s.session.transmit().len();
    s.session.transmitted(later, rest);
    assert_eq!(s.session.deadline(), Some((later.after(5000), Reason::Answer)));
}

#[test]
fn an_idle_session_has_no_deadline() {
    for dialect in DIALECTS {
        let mut s = Script::new(dialect, Settings::default());
        assert_eq!(s.session.deadline(), None);
        s.session.signal(s.now()).unwrap();
        assert_eq!(s.reason(), Some(Reason::Pause), "{dialect:?}");
        s.talk(&[("AT+CSQ\r", CSQ)]);
        assert_eq!(s.session.deadline(), None, "{dialect:?}");
        assert!(s.session.transmit().is_empty());
    }
}

#[test]
fn time_may_wrap_in_the_middle_of_everything() {
    for dialect in DIALECTS {
        for before in [0, 30, 5_000, 100_000] {
            let mut s = Script::at(dialect, Settings::default(), Instant::from_millis(u32::MAX - before));
            s.open(0);
            s.give_send(0, b"hello");
            s.module("\r\n> ");
            s.host(if dialect == Dialect::Kingcom { "hello\x1a" } else { "hello" });
            s.module(match dialect {
                Dialect::Kingcom => "\r\nOK\r\n",
                Dialect::A7600 => "\r\nOK\r\n\r\n+CIPSEND: 0,5,5\r\n",
                Dialect::Sim800e => "\r\n0, SEND OK\r\n",
                _ => "\r\nDATA ACCEPT:0,5\r\n",
            });
            assert_eq!(s.events().len(), 1, "{dialect:?} {before}");
            s.session.signal(s.now()).unwrap();
            let heard = s.wait(100);
            assert!(heard == "AT+CSQ\r" || heard.starts_with("AT+CIPRXGET"), "{heard}");
            s.pass(40_000);
        }
    }
}

#[test]
fn time_that_goes_back_does_no_harm() {
    let mut s = Script::new(Dialect::Sim800, Settings { push: true, ..Settings::default() });
    s.open(0);
    s.session.signal(s.now().after(1000)).unwrap();
    let early = Instant::from_millis(0);
    assert_eq!(s.session.poll(early, &mut &b""[..]), None);
    s.talk(&[("AT+CSQ\r", CSQ)]);
    assert_eq!(s.events().len(), 1);
}

#[test]
fn a_deadline_that_is_met_late_is_met() {
    // A host that sleeps for minutes: every timer has passed at once.
    for dialect in DIALECTS {
        let mut s = Script::new(dialect, Settings::default());
        s.open(0);
        s.give_send(0, b"hello");
        let late = s.now().after(1_000_000);
        let mut events = Vec::new();
        for turn in 0..40u32 {
            let now = late.after(turn * 100_000);
            while let Some(event) = s.session.poll(now, &mut &b""[..]) {
                events.push(format!("{event:?}"));
            }
            let n = s.session.transmit().len();
            s.session.transmitted(now, n);
        }
        let sent = events.iter().filter(|e| e.starts_with("Sent")).count();
        assert_eq!(sent, 1, "{dialect:?} {events:?}");
    }
}

#[test]
fn one_poll_gives_one_event_and_takes_its_bytes_in_order() {
    let now = Instant::from_millis(0);
    let mut session =
        Session::new(Dialect::Sim800.spec(), Settings { push: true, ..Settings::default() }, now, [0; 64]);
    let mut input = &b"\r\nRING\r\n\r\n+CREG: 1\r\n\r\nxyz\r\n"[..];
    let mut left = vec![input.len()];
    assert_eq!(session.poll(now, &mut input), Some(Event::Ring));
    left.push(input.len());
    assert_eq!(session.poll(now, &mut input), Some(Event::Registration { packet: false, stat: 1 }));
    left.push(input.len());
    assert_eq!(session.poll(now, &mut input), Some(Event::Line { more: false }));
    assert_eq!(session.text(), b"xyz");
    assert_eq!(session.poll(now, &mut input), None);
    assert!(input.is_empty() && left.windows(2).all(|w| w[0] > w[1]), "{left:?}");
}

#[test]
fn any_cut_of_the_modules_bytes_gives_the_same_events() {
    let script = b"\r\nRING\r\n\r\n+RECEIVE,0,21:\r\n\r\nOK\r\n> 0, CLOSED\r\n\r\n+PDP: hello\r\n\r\n0, CLOSED\r\n\r\nRDY\r\n";
    let run = |cut: usize| {
        let mut s = Script::new(Dialect::Sim800, Settings { push: true, ..Settings::default() });
        s.open(0);
        for piece in [&script[..cut], &script[cut..]] {
            s.module(piece);
        }
        let mut joined: Vec<What> = Vec::new();
        for what in s.events() {
            if let (
                Some(What::Received { bytes: all, left: rest @ 1.., .. }),
                What::Received { bytes, left, .. },
            ) = (joined.last_mut(), &what)
            {
                all.extend_from_slice(bytes);
                *rest = *left;
            } else {
                joined.push(what);
            }
        }
        joined
    };
    let whole = run(0);
    assert!(whole.contains(&received(0, b"\r\nOK\r\n> 0, CLOSED\r\n\r\n", 0)), "{whole:?}");
    for cut in 1..script.len() {
        assert_eq!(run(cut), whole, "cut at {cut}");
    }
}

#[test]
fn the_same_inputs_give_the_same_outputs() {
    let run = || {
        let mut pair = Pair::new(Dialect::A7600, Settings::default(), network(42));
        up(&mut pair);
        for link in 0..3 {
            open(&mut pair, link, Transport::Tcp, 7);
            pair.send(link, &nasty(700, false));
        }
        pair.until(20_000, |_| false);
        pair.log
    };
    assert_eq!(run(), run());
}

#[test]
fn commands_may_be_given_while_events_are_taken() {
    // Each event gives the next command, without a turn of the loop between.
    let mut s = Script::new(Dialect::Sim800, Settings { push: true, ..Settings::default() });
    s.session.attach(s.now(), Context(0), "a", "", "").unwrap();
    s.serve(1000, |line| {
        if line == "AT+CIFSR\r" {
            "\r\n10.0.0.7\r\n"
        } else if line == "AT+CIPSHUT\r" {
            "\r\nSHUT OK\r\n"
        } else {
            "\r\nOK\r\n"
        }
        .to_owned()
    });
    assert!(s.session.is_ready());
    s.events();
    s.session.open(s.now(), Link(0), Transport::Tcp, "10.1.1.1", 80, 0).unwrap();
    s.host(s.open_line(0));
    let now = s.now();
    let mut input = &b"\r\nOK\r\n\r\n0, CONNECT OK\r\n"[..];
    let mut given = false;
    while let Some(event) = s.session.poll(now, &mut input) {
        if event == (Event::Opened { link: Link(0) }) {
            s.session.send(now, Link(0), b"at once", None).unwrap();
            given = true;
        }
    }
    assert!(given);
    s.host("AT+CIPSEND=0,7\r");
    s.module("\r\n> ");
    s.host("at once");
    s.module("\r\nDATA ACCEPT:0,7\r\n");
    assert_eq!(s.events(), [sent(0, Outcome::Accepted(7))]);
    let _ = (opened(0), Action::Open);
}
