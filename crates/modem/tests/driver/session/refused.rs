//! Calls that are not taken: which error, and that nothing changed.

use super::script::{CSQ, Script};
use super::{done, opened};
use crate::main_job::DIALECTS;
use simcom_at::{
    Action, Context, Dialect, How, Instant, Ipv4Addr, Link, Refused, Session, Settings, SocketAddrV4,
    Transport,
};

const TCP: Transport = Transport::Tcp;
const NOW: Instant = Instant::from_millis(0);

fn push() -> Settings {
    Settings { push: true, ..Settings::default() }
}

/// Every call there is, as the caller may give it at any time.
type Call = (&'static str, fn(&mut Session<Vec<u8>>, Instant) -> Result<(), Refused>);
const CALLS: [Call; 13] = [
    ("probe", |s, now| s.probe(now)),
    ("sim", |s, now| s.sim(now, Some("1234"))),
    ("signal", |s, now| s.signal(now)),
    ("registration", |s, now| s.registration(now)),
    ("attach", |s, now| s.attach(now, Context(0), "a", "", "")),
    ("detach", |s, now| s.detach(now)),
    ("address", |s, now| s.address(now)),
    ("open", |s, now| s.open(now, Link(0), TCP, "10.9.9.9", 9, 0)),
    ("send", |s, now| s.send(now, Link(0), b"overwritten?", None)),
    ("close", |s, now| s.close(now, Link(0), How::Quick)),
    ("shut", |s, now| s.shut(now)),
    ("status", |s, now| s.status(now)),
    ("raw", |s, now| s.raw(now, "AT+CSQ", 0)),
];

#[test]
fn busy_changes_nothing_whatever_is_called_and_wherever_the_line_is() {
    for dialect in DIALECTS {
        for (name, call) in CALLS {
            // In the middle of a line, of a wait, and of a payload.
            let mut s = Script::new(dialect, push());
            s.open(0);
            s.port = 3;
            s.session.send(s.now(), Link(0), b"hello", None).unwrap();
            let now = s.now().after(20);
            assert_eq!(s.session.poll(now, &mut &b""[..]), None);
            s.session.transmitted(now, 5);
            let before = (s.session.transmit().to_vec(), s.session.deadline());
            let refused = call(&mut s.session, now).expect_err(name);
            assert!(
                matches!(refused, Refused::Busy | Refused::LinkInUse | Refused::State),
                "{dialect:?} {name}: {refused}"
            );
            assert_eq!((s.session.transmit().to_vec(), s.session.deadline()), before, "{dialect:?} {name}");
            let rest = s.session.transmit().len();
            s.session.transmitted(now, rest);
            assert!(call(&mut s.session, now).is_err());
            s.port = usize::MAX;
            s.pass(20);
            s.module("\r\n> ");
            assert!(call(&mut s.session, now).is_err());
            s.host(if dialect == Dialect::Kingcom { "hello\x1a" } else { "hello" });
            assert!(call(&mut s.session, now).is_err());
            s.module(match dialect {
                Dialect::Kingcom => "\r\nOK\r\n",
                Dialect::A7600 => "\r\nOK\r\n\r\n+CIPSEND: 0,5,5\r\n",
                _ => "\r\n0, SEND OK\r\n",
            });
            assert_eq!(s.events().len(), 1, "{dialect:?} {name}\n{}", s.log);
            assert!(s.session.is_ready());
            s.quiet(60_000);
        }
    }
}

#[test]
fn ready_comes_once_for_each_command_and_a_new_command_takes_it_back() {
    let mut s = Script::new(Dialect::Sim800, push());
    s.session.signal(s.now()).unwrap();
    s.talk(&[("AT+CSQ\r", CSQ)]);
    let ready = |events: Vec<crate::pair::What>| {
        events.iter().filter(|w| **w == crate::pair::What::Other(simcom_at::Event::Ready)).count()
    };
    assert_eq!(ready(s.all_events()), 1);
    s.quiet(100_000);
    assert_eq!(ready(s.all_events()), 0);
}

#[test]
fn links_that_do_not_exist_or_are_in_the_wrong_state_are_refused() {
    for dialect in DIALECTS {
        let mut s = Script::new(dialect, push());
        let beyond = Link(dialect.links());
        for link in [beyond, Link(99), Link(255)] {
            assert_eq!(s.session.open(NOW, link, TCP, "a", 1, 0), Err(Refused::NoSuchLink), "{dialect:?}");
            assert_eq!(s.session.send(NOW, link, b"x", None), Err(Refused::NoSuchLink));
            assert_eq!(s.session.close(NOW, link, How::Slow), Err(Refused::NoSuchLink));
            assert_eq!(s.session.receive(NOW, link, 1), Err(Refused::NoSuchLink));
        }
        assert_eq!(s.session.send(NOW, Link(0), b"x", None), Err(Refused::NotOpen));
        assert_eq!(s.session.close(NOW, Link(0), How::Slow), Err(Refused::NotOpen));
        s.open(0);
        assert_eq!(s.session.open(s.now(), Link(0), TCP, "a", 1, 0), Err(Refused::LinkInUse));
        assert_eq!(s.session.attach(s.now(), Context(0), "a", "", ""), Err(Refused::State));
        s.quiet(60_000);
        assert_eq!(s.events(), []);
    }
    let mut s = Script::new(Dialect::Sim800, Settings { single: true, ..push() });
    assert_eq!(s.session.open(NOW, Link(1), TCP, "a", 1, 0), Err(Refused::NoSuchLink));
    let mut s = Script::new(Dialect::Sim800, Settings::default());
    assert_eq!(s.session.receive(NOW, Link(0), 5), Err(Refused::NotOpen));
}

#[test]
fn text_that_could_leave_its_quotes_or_its_line_never_reaches_the_wire() {
    for dialect in DIALECTS {
        for bad in ["a\"b", "a\rb", "a\nb", "a\x1ab", "a\x1bb", "a\0b", "\x7f", "a\tb"] {
            let mut s = Script::new(dialect, push());
            assert_eq!(s.session.open(NOW, Link(0), TCP, bad, 1, 0), Err(Refused::BadText), "{bad:?}");
            assert_eq!(s.session.attach(NOW, Context(0), bad, "", ""), Err(Refused::BadText), "{bad:?}");
            let login = s.session.attach(NOW, Context(0), "a", bad, bad);
            assert!(matches!(login, Err(Refused::BadText | Refused::NotInDialect)), "{bad:?}");
            let name = s.session.resolve(NOW, bad);
            assert!(matches!(name, Err(Refused::BadText | Refused::NotInDialect)), "{dialect:?} {bad:?}");
            assert_eq!(s.session.sim(NOW, Some(&bad.repeat(2))), Err(Refused::BadText), "{bad:?}");
            if !bad.contains('"') {
                assert_eq!(s.session.raw(NOW, bad, 0), Err(Refused::BadText), "{bad:?}");
            }
            s.quiet(60_000);
        }
    }
}

#[test]
fn text_that_is_empty_or_too_long_is_refused() {
    for dialect in DIALECTS {
        let mut s = Script::new(dialect, push());
        let (good, bad) = ("h".repeat(100), "h".repeat(300));
        assert_eq!(s.session.open(NOW, Link(0), TCP, "", 1, 0), Err(Refused::BadLength));
        assert_eq!(s.session.open(NOW, Link(0), TCP, &bad, 1, 0), Err(Refused::BadLength));
        assert_eq!(s.session.attach(NOW, Context(0), &bad, "", ""), Err(Refused::BadLength));
        for pin in ["", "123", "123456789"] {
            assert_eq!(s.session.sim(NOW, Some(pin)), Err(Refused::BadLength));
        }
        assert_eq!(s.session.raw(NOW, "", 0), Err(Refused::BadLength));
        s.quiet(60_000);
        assert_eq!(s.session.open(s.now(), Link(0), TCP, &good, 1, 0), Ok(()));
    }
}

#[test]
fn a_pin_is_digits() {
    for pin in ["12a4", "12 4", "+1234", "12;4"] {
        let mut s = Script::new(Dialect::Sim800, push());
        assert!(s.session.sim(NOW, Some(pin)).is_err(), "{pin}");
        s.quiet(1000);
    }
}

#[test]
fn what_a_dialect_does_not_have_is_refused() {
    let mut s = Script::new(Dialect::Kingcom, push());
    assert_eq!(s.session.resolve(NOW, "a"), Err(Refused::NotInDialect));
    assert_eq!(s.session.attach(NOW, Context(0), "a", "me", ""), Err(Refused::NotInDialect));
    assert_eq!(s.session.open(NOW, Link(0), TCP, "a", 1, 5000), Err(Refused::NotInDialect));
    s.quiet(1000);
    for dialect in DIALECTS {
        let mut s = Script::new(dialect, push());
        assert_eq!(s.session.attach(NOW, Context(2), "a", "", ""), Err(Refused::NotInDialect), "{dialect:?}");
    }
}

#[test]
fn payload_that_a_dialect_cannot_carry_is_refused() {
    for dialect in DIALECTS {
        let mut s = Script::new(dialect, push());
        s.open(0);
        for byte in [0x1a, 0x1b] {
            let given = s.session.send(s.now(), Link(0), &[b'a', byte, b'b'], None);
            if dialect == Dialect::Kingcom {
                assert_eq!(given, Err(Refused::Unsendable));
            } else {
                given.unwrap();
                let now = s.now();
                s.session.reset(now);
                s.open(0);
            }
        }
        let max = usize::from(s.session.max_payload());
        for len in [0, max + 1, 65_535, 65_536, 100_000] {
            assert_eq!(
                s.session.send(s.now(), Link(0), &vec![b'x'; len], None),
                Err(Refused::PayloadLength),
                "{dialect:?} {len}"
            );
        }
        s.quiet(60_000);
    }
}

#[test]
fn a_destination_is_only_for_datagrams_of_a7600() {
    let to = Some(SocketAddrV4::new(Ipv4Addr::new(10, 2, 2, 2), 5));
    for dialect in DIALECTS {
        let mut s = Script::new(dialect, push());
        s.open(0);
        assert_eq!(s.session.send(s.now(), Link(0), b"x", to), Err(Refused::Destination), "{dialect:?}");
    }
    let mut s = Script::new(Dialect::A7600, push());
    s.session.open(s.now(), Link(1), Transport::Udp, "10.1.1.1", 9, 0).unwrap();
    s.talk(&[("AT+CIPOPEN=1,\"UDP\",,,10001\r", "\r\n+CIPOPEN: 1,0\r\n\r\nOK\r\n")]);
    assert_eq!(s.events(), [opened(1)]);
    s.session.send(s.now(), Link(1), b"x", to).unwrap();
    s.host("AT+CIPSEND=1,1,\"10.2.2.2\",5\r");
}

/// Gives the call with ever larger buffers; the size that the refusal names is the first that does.
fn needs(dialect: Dialect, call: impl Fn(&mut Session<Vec<u8>>) -> Result<(), Refused>) {
    let mut small = Session::new(dialect.spec(), push(), NOW, vec![0; 3]);
    let Err(Refused::SmallBuffer { need }) = call(&mut small) else { panic!("{dialect:?}: 3 bytes do") };
    for size in [0, 4, usize::from(need) - 1] {
        let mut session = Session::new(dialect.spec(), push(), NOW, vec![0; size]);
        assert_eq!(call(&mut session), Err(Refused::SmallBuffer { need }), "{dialect:?} {size}");
        assert!(session.is_ready());
        assert_eq!(session.poll(NOW, &mut &b""[..]), None);
        assert!(session.transmit().is_empty() && session.deadline().is_none());
    }
    let mut session = Session::new(dialect.spec(), push(), NOW, vec![0; usize::from(need)]);
    assert_eq!(call(&mut session), Ok(()), "{dialect:?}");
}

#[test]
fn a_buffer_that_is_too_small_is_refused_with_the_size_it_needs() {
    for dialect in DIALECTS {
        needs(dialect, |s| s.signal(NOW));
        needs(dialect, |s| s.probe(NOW));
        needs(dialect, |s| s.attach(NOW, Context(0), "internet.example", "", ""));
        needs(dialect, |s| s.open(NOW, Link(0), TCP, "a.host.example", 65_535, 0));
        needs(dialect, |s| s.raw(NOW, "AT+CGDCONT=1,\"IP\",\"a.long.name\"", 0));
    }
}

#[test]
fn a_send_that_does_not_fit_leaves_the_link_as_it_was() {
    let mut session = Session::new(Dialect::Sim800.spec(), push(), NOW, [0; 64]);
    session.open(NOW, Link(0), TCP, "10.1.1.1", 80, 0).unwrap();
    assert_eq!(session.poll(NOW, &mut &b""[..]), None);
    let n = session.transmit().len();
    session.transmitted(NOW, n);
    let mut input = &b"\r\nOK\r\n\r\n0, CONNECT OK\r\n"[..];
    while session.poll(NOW, &mut input).is_some() {}
    let need = "AT+CIPSEND=0,100\r".len() as u16 + 100;
    assert_eq!(session.send(NOW, Link(0), &[b'x'; 100], None), Err(Refused::SmallBuffer { need }));
    assert_eq!(session.send(NOW, Link(0), b"fits", None), Ok(()));
}

#[test]
fn a_refused_open_leaves_the_link_free() {
    let mut s = Script::new(Dialect::Sim800, push());
    for refused in
        [s.session.open(NOW, Link(0), TCP, "a\"", 1, 0), s.session.open(NOW, Link(0), TCP, "", 1, 0)]
    {
        assert!(refused.is_err());
    }
    assert_eq!(s.session.send(NOW, Link(0), b"x", None), Err(Refused::NotOpen));
    s.open(0);
    s.session.signal(s.now()).unwrap();
    assert_eq!(s.session.open(s.now(), Link(1), TCP, "a", 1, 0), Err(Refused::Busy));
    s.talk(&[("AT+CSQ\r", CSQ)]);
    s.events();
    s.open(1);
    let _ = done(Action::Raw);
}

#[test]
fn the_links_and_the_push_of_a_session_follow_from_dialect_and_settings() {
    let of = |dialect: Dialect, settings: Settings| {
        let session = Session::new(dialect.spec(), settings, Instant::from_millis(0), [0; 64]);
        (session.links(), session.is_pushed())
    };
    let single = Settings { single: true, ..Settings::default() };
    let transparent = Settings { transparent: true, ..Settings::default() };
    assert_eq!(of(Dialect::Sim800, Settings::default()), (6, false));
    assert_eq!(of(Dialect::Sim800, single), (1, false));
    assert_eq!(of(Dialect::Sim800, transparent), (1, true));
    assert_eq!(of(Dialect::Sim800e, single), (1, true));
    assert_eq!(of(Dialect::A7600, transparent), (10, true));
    assert_eq!(of(Dialect::A7600, single), (10, false));
    // No data mode, so nothing changes.
    assert_eq!(of(Dialect::Kingcom, transparent), (1, true));
    assert_eq!(of(Dialect::Rda8955, transparent), (8, false));
}
