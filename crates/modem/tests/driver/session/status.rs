//! Questions and their values: status rows, signal, registration, address; notices beside them.

use super::script::{OK, Script};
use super::{cause, done, line};
use crate::main_job::DIALECTS;
use crate::pair::What;
use simcom_at::{Action, Dialect, Event, Ipv4Addr, Link, LinkState, Settings, Value};

fn push() -> Settings {
    Settings { push: true, ..Settings::default() }
}

fn row(link: u8, state: LinkState) -> What {
    What::Other(Event::LinkStatus { link: Link(link), state })
}

#[test]
fn multi_status_is_done_after_200_ms_of_silence_behind_its_rows() {
    for dialect in [Dialect::Sim800, Dialect::Sim7000] {
        let mut s = Script::new(dialect, push());
        s.session.status(s.now()).unwrap();
        s.talk(&[("AT+CIPSTATUS\r", OK)]);
        assert!(!s.session.is_ready());
        s.module("\r\nSTATE: IP PROCESSING\r\n\r\nS: 0,0,\"8888\",\"LISTENING\"\r\n");
        let states = [
            ("CONNECTED", LinkState::Connected),
            ("CONNECTING", LinkState::Connecting),
            ("CLOSED", LinkState::Closed),
            ("CLOSING", LinkState::Closing),
            ("REMOTE CLOSING", LinkState::RemoteClosing),
            ("WEIRD", LinkState::Other),
        ];
        for (n, (text, _)) in states.iter().enumerate() {
            s.quiet(190);
            s.module(format!("C: {n},0,\"TCP\",\"10.1.1.1\",\"80\",\"{text}\"\r\n"));
        }
        if dialect == Dialect::Sim7000 {
            s.module("C: 6,,\"\",\"\",\"\",\"INITIAL\"\r\nC: 7,,\"\",\"\",\"\",\"INITIAL\"\r\n");
        }
        let mut wanted = vec![line("STATE: IP PROCESSING"), line("S: 0,0,\"8888\",\"LISTENING\"")];
        wanted.extend(states.iter().zip(0..).map(|((_, state), n)| row(n, *state)));
        if dialect == Dialect::Sim7000 {
            wanted.extend([row(6, LinkState::Initial), row(7, LinkState::Initial)]);
        }
        assert_eq!(s.events(), wanted, "{dialect:?}");
        s.quiet(190);
        assert_eq!(s.events(), []);
        s.quiet(20);
        assert_eq!(s.events(), [done(Action::Status)], "{dialect:?}");
    }
}

#[test]
fn status_without_rows_ends_too() {
    let mut s = Script::new(Dialect::Sim800, push());
    s.session.status(s.now()).unwrap();
    s.talk(&[("AT+CIPSTATUS\r", OK)]);
    s.quiet(5000);
    assert_eq!(s.events(), [done(Action::Status)]);
}

#[test]
fn a_notice_between_status_rows_is_no_row() {
    let mut s = Script::new(Dialect::Sim800, push());
    s.open(1);
    s.session.status(s.now()).unwrap();
    s.talk(&[("AT+CIPSTATUS\r", "\r\nOK\r\n\r\nSTATE: IP PROCESSING\r\n")]);
    s.module("C: 0,,\"\",\"\",\"\",\"INITIAL\"\r\n\r\n+RECEIVE,1,3:\r\nabc\r\n1, CLOSED\r\nC: 1,0,\"TCP\",\"10.1.1.1\",\"80\",\"CLOSED\"\r\n");
    s.quiet(300);
    let events = s.events();
    let rows: Vec<_> =
        events.iter().filter(|w| matches!(w, What::Other(Event::LinkStatus { .. }))).cloned().collect();
    assert_eq!(rows, [row(0, LinkState::Initial), row(1, LinkState::Closed)]);
    assert!(
        events.contains(&super::received(1, b"abc", 0)) && events.contains(&super::peer_closed(1)),
        "{events:?}"
    );
}

#[test]
fn status_of_one_connection_is_the_state_of_the_module() {
    for (text, state) in [
        ("IP INITIAL", LinkState::Initial),
        ("IP GPRSACT", LinkState::Initial),
        ("TCP CONNECTING", LinkState::Connecting),
        ("CONNECT OK", LinkState::Connected),
        ("TCP CLOSED", LinkState::Closed),
        ("UDP CLOSED", LinkState::Closed),
        ("TCP CLOSING", LinkState::Closing),
        ("PDP DEACT", LinkState::Other),
    ] {
        for dialect in [Dialect::Sim800, Dialect::Sim7000] {
            let mut s = Script::new(dialect, Settings { single: true, ..push() });
            s.session.status(s.now()).unwrap();
            s.talk(&[("AT+CIPSTATUS\r", &format!("\r\nOK\r\n\r\nSTATE: {text}\r\n"))]);
            s.quiet(300);
            assert_eq!(s.events(), [row(0, state), done(Action::Status)], "{dialect:?} {text}");
        }
        let mut s = Script::new(Dialect::Kingcom, push());
        s.session.status(s.now()).unwrap();
        s.talk(&[("AT+CIPSTATUS\r", &format!("\r\n+IPSTATUS: {text}\r\n\r\nOK\r\n"))]);
        assert_eq!(s.events(), [row(0, state), done(Action::Status)], "{text}");
    }
}

#[test]
fn status_of_sim800e_and_a7600_ends_with_ok() {
    let mut s = Script::new(Dialect::Sim800e, push());
    s.session.status(s.now()).unwrap();
    s.host("AT+CIPSTATUS\r");
    s.module("\r\n+Cli:0,1,\"TCP\",\"10.1.1.1\",\"80\",\"CONNECTED\"\r\n+Cli:1,1,\"\",\"\",\"\",\"\",\"INITIAL\"\r\n\r\nOK\r\n");
    s.quiet(1500);
    assert_eq!(
        s.events(),
        [row(0, LinkState::Connected), row(1, LinkState::Initial), done(Action::Status)],
        "{}",
        s.log
    );
    let mut s = Script::new(Dialect::A7600, push());
    s.session.status(s.now()).unwrap();
    let rows: String = (1..10).map(|n| format!("+CIPOPEN: {n}\r\n")).collect();
    s.talk(&[("AT+CIPOPEN?\r", &format!("\r\n+CIPOPEN: 0,\"TCP\",\"10.1.1.1\",80,-1\r\n{rows}\r\nOK\r\n"))]);
    let mut wanted = vec![row(0, LinkState::Connected)];
    wanted.extend((1..10).map(|n| row(n, LinkState::Initial)));
    wanted.push(done(Action::Status));
    assert_eq!(s.events(), wanted);
}

#[test]
fn values_come_with_done() {
    for dialect in DIALECTS {
        let value = |s: &mut Script| match &s.events()[..] {
            [What::Other(Event::Done { value, .. })] => *value,
            other => panic!("{dialect:?} {other:?}"),
        };
        let mut s = Script::new(dialect, push());
        s.session.signal(s.now()).unwrap();
        s.talk(&[("AT+CSQ\r", "\r\n+CSQ: 31,99\r\n\r\nOK\r\n")]);
        assert_eq!(value(&mut s), Value::Signal(31, 99));
        s.session.registration(s.now()).unwrap();
        s.talk(&[("AT+CREG?\r", "\r\n+CREG: 2,5,\"00AB\",\"12CD\"\r\n\r\nOK\r\n")]);
        assert_eq!(value(&mut s), Value::Registration(5));
        s.session.sim(s.now(), None).unwrap();
        s.talk(&[("AT+CPIN?\r", "\r\n+CPIN: SIM PUK\r\n\r\nOK\r\n")]);
        assert_eq!(value(&mut s), Value::Sim(false));
        s.session.address(s.now()).unwrap();
        s.wait(60);
        s.module(match dialect {
            Dialect::A7600 => "\r\n+IPADDR: 10.0.0.7\r\n\r\nOK\r\n",
            Dialect::Kingcom | Dialect::Rda8955 => "\r\n10.0.0.7\r\n\r\nOK\r\n",
            _ => "\r\n10.0.0.7\r\n",
        });
        assert_eq!(value(&mut s), Value::Address(Ipv4Addr::new(10, 0, 0, 7)));
        assert!(s.session.is_ready());
    }
}

#[test]
fn an_address_that_is_none_yet_fails_with_the_modules_words() {
    let mut s = Script::new(Dialect::A7600, push());
    s.session.address(s.now()).unwrap();
    s.talk(&[("AT+IPADDR\r", "\r\n+IP ERROR: Network not opened\r\n")]);
    let [what @ What::Failed { text, .. }] = &s.events()[..] else { panic!("{}", s.log) };
    assert_eq!(cause(what).map(|c| c.0), Some(Action::Address));
    assert_eq!(text, "+IP ERROR: Network not opened");
    s.module("\r\nERROR\r\n");
    assert_eq!(s.events(), []);
}

#[test]
fn notices_of_the_module_are_events_in_every_state() {
    let notices: [(&str, Event<'static>); 7] = [
        ("RING", Event::Ring),
        ("+CMTI: \"SM\",7", Event::Sms { index: 7 }),
        ("+CREG: 5", Event::Registration { packet: false, stat: 5 }),
        ("+CGREG: 1,\"00AB\",\"12CD\"", Event::Registration { packet: true, stat: 1 }),
        ("UNDER-VOLTAGE WARNNING", Event::Power { down: false }),
        ("UNDER-VOLTAGE POWER DOWN", Event::Power { down: true }),
        ("NORMAL POWER DOWN", Event::Power { down: true }),
    ];
    for dialect in DIALECTS {
        for (text, event) in &notices {
            let mut s = Script::new(dialect, push());
            s.module(format!("\r\n{text}\r\n"));
            s.open_with(text);
            let told = s.taken();
            assert_eq!(
                told.iter().filter(|w| **w == What::Other(*event)).count(),
                4,
                "{dialect:?} {text}: {told:?}"
            );
        }
    }
}

impl Script {
    /// Opens a link and sends, with this notice in each place.
    fn open_with(&mut self, text: &str) {
        let notice = format!("\r\n{text}\r\n");
        self.give_open(0);
        self.module(&notice);
        self.module(OK);
        self.module(&notice);
        self.module(self.connected(0));
        self.give_send(0, b"hello");
        self.module(&notice);
        self.module("\r\n> ");
    }

    fn taken(&mut self) -> Vec<What> {
        self.events()
    }
}
