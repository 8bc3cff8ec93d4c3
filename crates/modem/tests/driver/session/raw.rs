//! Raw lines: each kind's own final, and what may not be said while a link is open.

use super::script::{ERROR, OK, Script};
use super::{cause, done, line};
use crate::main_job::DIALECTS;
use crate::pair::What;
use simcom_at::{Action, Code, Dialect, Event, Ipv4Addr, Refused, Settings, Value, Why};

fn push() -> Settings {
    Settings { push: true, ..Settings::default() }
}

#[test]
fn lines_come_as_they_are_and_then_done() {
    for dialect in DIALECTS {
        let mut s = Script::new(dialect, push());
        s.session.raw(s.now(), "AT+CCLK?", 0).unwrap();
        s.talk(&[("AT+CCLK?\r", "\r\n+CCLK: \"20/01/01,00:00:00+00\"\r\n+MORE: 1\r\n\r\nOK\r\n")]);
        let wanted = [line("+CCLK: \"20/01/01,00:00:00+00\""), line("+MORE: 1"), done(Action::Raw)];
        assert_eq!(s.events(), wanted, "{dialect:?}");
    }
}

#[test]
fn each_error_ends_a_raw_line_with_its_code_and_text() {
    let cases = [
        ("\r\nERROR\r\n", Why::Error, "ERROR"),
        ("\r\n+CME ERROR: 100\r\n", Why::Cme(Code::Number(100)), "+CME ERROR: 100"),
        ("\r\n+CME ERROR:53\r\n", Why::Cme(Code::Number(53)), "+CME ERROR:53"),
        ("\r\n+CMS ERROR: 500\r\n", Why::Cms(Code::Number(500)), "+CMS ERROR: 500"),
        ("\r\nCOMMAND NO RESPONSE!\r\n", Why::NoResponse, "COMMAND NO RESPONSE!"),
    ];
    for dialect in DIALECTS {
        for (answer, why, text) in cases {
            let mut s = Script::new(dialect, push());
            s.session.raw(s.now(), "AT+X", 0).unwrap();
            s.talk(&[("AT+X\r", answer)]);
            let [what @ What::Failed { text: told, .. }] = &s.events()[..] else {
                panic!("{dialect:?}\n{}", s.log)
            };
            assert_eq!((cause(what).map(|c| c.2), told.as_str()), (Some(why), text), "{dialect:?}");
            s.quiet(1000);
        }
        let mut s = Script::new(dialect, push());
        s.session.raw(s.now(), "AT+X", 0).unwrap();
        s.talk(&[("AT+X\r", "\r\n+CME ERROR: operation not allowed\r\n")]);
        let [What::Failed { text, event: Event::Failed { why: Why::Cme(Code::Text(span)), .. }, .. }] =
            &s.events()[..]
        else {
            panic!("{dialect:?}\n{}", s.log)
        };
        assert_eq!(span.of(text.as_bytes()), b"operation not allowed", "{dialect:?}");
    }
}

#[test]
fn a_known_line_has_the_final_of_its_row() {
    let address = Value::Address(Ipv4Addr::new(10, 0, 0, 7));
    let cases: [(Dialect, &str, &str, Value); 7] = [
        (Dialect::Sim800, "AT+CIFSR", "\r\n10.0.0.7\r\n", address),
        (Dialect::Sim7000, "at+cifsr", "\r\n10.0.0.7\r\n", address),
        (Dialect::Sim800, "AT+CIPSHUT", "\r\nSHUT OK\r\n", Value::None),
        (Dialect::Sim800e, "AT+CIPSHUT", "\r\nSHUT OK\r\n", Value::None),
        (Dialect::Kingcom, "AT+CIFSR", "\r\n10.0.0.7\r\n\r\nOK\r\n", address),
        (Dialect::Sim800, "AT+CIFSR;E0", "\r\n10.0.0.7\r\n\r\nOK\r\n", Value::None),
        (Dialect::A7600, "AT+IPADDR", "\r\n+IPADDR: 10.0.0.7\r\n\r\nOK\r\n", address),
    ];
    for (dialect, text, answer, value) in cases {
        let mut s = Script::new(dialect, push());
        s.session.raw(s.now(), text, 0).unwrap();
        s.host(format!("{text}\r"));
        s.module(answer);
        let events = s.events();
        let [.., What::Other(Event::Done { action: Action::Raw, value: told, .. })] = &events[..] else {
            panic!("{dialect:?} {text}\n{}", s.log)
        };
        if value != Value::None {
            let said = *told == value || events.contains(&line("10.0.0.7"));
            assert!(said, "{dialect:?} {text}: {events:?}");
        }
        assert!(s.session.is_ready());
        s.quiet(100_000);
        assert_eq!(s.events(), []);
    }
}

#[test]
fn the_time_of_a_raw_line_is_the_callers() {
    for (ms, wanted) in [(0, 9000), (500, 500), (120_000, 120_000)] {
        let mut s = Script::new(Dialect::Sim800, push());
        s.session.raw(s.now(), "AT+COPS=?", ms).unwrap();
        s.host("AT+COPS=?\r");
        s.quiet(wanted - 1);
        s.pass(1);
        s.host("AT+CIPMUX?\r");
    }
}

const NEVER: [&str; 8] =
    ["AT+CIPSEND", "AT+CIPSEND=5", "at+cipsend=0,5", "A/", "a/", "ATD123", "ATO", "AT+CSQ;+CIPSEND=3"];
const NOT_WITH_A_LINK: [&str; 20] = [
    "ATE1",
    "ATE0",
    "ate1",
    "ATV0",
    "ATQ1",
    "ATZ",
    "AT&F",
    "AT+CIPMUX=0",
    "AT+CIPHEAD=0",
    "AT+CIPSPRT=0",
    "AT+CIPRXGET=0",
    "AT+CIPRXGET=2,0,10",
    "AT+CIPSHOWTP=1",
    "AT+CIPSRIP=1",
    "AT+CIPMODE=1",
    "AT+CIPCLOSE=0",
    "AT+CIPSHUT",
    "AT+CIPSTART=1,\"TCP\",\"a\",1",
    "AT+NETCLOSE",
    "AT+CSQ;+CIPMUX=0",
];

#[test]
fn what_would_break_the_framing_is_refused_and_nothing_is_sent() {
    for dialect in DIALECTS {
        for text in NEVER {
            let mut s = Script::new(dialect, push());
            assert_eq!(s.session.raw(s.now(), text, 0), Err(Refused::Framing), "{dialect:?} {text}");
            s.quiet(10_000);
        }
        for text in NOT_WITH_A_LINK {
            let mut s = Script::new(dialect, push());
            s.open(0);
            assert_eq!(s.session.raw(s.now(), text, 0), Err(Refused::Framing), "{dialect:?} {text}");
            s.quiet(10_000);
            let mut s = Script::new(dialect, push());
            s.give_open(0);
            s.module(OK);
            if dialect != Dialect::Kingcom {
                assert_eq!(
                    s.session.raw(s.now(), text, 0),
                    Err(Refused::Framing),
                    "{dialect:?} {text}, opening"
                );
            }
            let mut s = Script::new(dialect, push());
            assert_eq!(s.session.raw(s.now(), text, 0), Ok(()), "{dialect:?} {text}, no link");
        }
    }
}

#[test]
fn a_mode_hidden_behind_a_semicolon_is_refused_too() {
    for text in [
        "ATI;E1",
        "AT+CSQ;E1",
        "AT+CSQ;V0",
        "ATQ0V0",
        "ATIE1",
        "AT+CREG?;E1",
        "AT S0=0 E1",
        "AT+CIPMUX=0;+CIPMUX?",
    ] {
        let mut s = Script::new(Dialect::Sim800, push());
        s.open(0);
        assert_eq!(s.session.raw(s.now(), text, 0), Err(Refused::Framing), "{text}");
    }
}

#[test]
fn harmless_lines_are_taken_with_a_link_open() {
    for text in [
        "AT+CSQ",
        "AT+CIPMUX?",
        "AT+CIPSEND?",
        "AT+CIPRXGET?",
        "AT+CREG=2",
        "AT+CCLK?",
        "AT+COPS=?",
        "AT+CIPACK=0",
        "AT+CMGF=1",
    ] {
        let mut s = Script::new(Dialect::Sim800, push());
        s.open(0);
        s.session.raw(s.now(), text, 0).unwrap_or_else(|e| panic!("{text}: {e}"));
        s.host(format!("{text}\r"));
        s.module(ERROR);
        assert_eq!(s.events().len(), 1);
        s.give_payload(0, b"x");
    }
}

#[test]
fn an_echo_of_the_raw_line_is_not_one_of_its_lines() {
    let mut s = Script::new(Dialect::Sim800, push());
    s.session.raw(s.now(), "AT+CCLK?", 0).unwrap();
    s.talk(&[("AT+CCLK?\r", "AT+CCLK?\r\r\n+CCLK: 1\r\n\r\nOK\r\n")]);
    assert_eq!(s.events(), [line("+CCLK: 1"), done(Action::Raw)]);
}

#[test]
fn a_long_line_comes_in_pieces_with_all_its_text() {
    for cut in [1, 7, 100, 191, 192, 193, 5000] {
        let long: String = ('a'..='z').cycle().take(900).collect();
        let mut s = Script::new(Dialect::Sim800, push());
        s.session.raw(s.now(), "AT+LONG", 0).unwrap();
        s.host("AT+LONG\r");
        for piece in format!("\r\n+LONG: {long}\r\n\r\nOK\r\n").as_bytes().chunks(cut) {
            s.module(piece);
        }
        let events = s.events();
        let text: String = events
            .iter()
            .filter_map(|w| if let What::Line(text) = w { Some(text.as_str()) } else { None })
            .collect();
        assert!(text == format!("+LONG: {long}"), "in pieces of {cut} bytes: {} bytes of text", text.len());
        assert_eq!(events.last(), Some(&done(Action::Raw)));
    }
}
