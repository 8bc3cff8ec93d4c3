//! What is left over of a link, a command or a context whose end was told already.

use super::script::{CSQ, Script};
use super::{cause, closed, opened, sent};
use crate::main_job::{DIALECTS, network, open, up};
use crate::pair::{Pair, What};
use simcom_at::{
    Action, Closing, Context, Dialect, Event, Link, LinkState, Outcome, Refused, Remedy, Settings, Transport,
    Why,
};
use simcom_modem::Notify;
use simcom_modem::loopback::Loopback;

fn push() -> Settings {
    Settings { quick: false, push: true, ..Settings::default() }
}

fn transparent(dialect: Dialect) -> Script {
    let mut s =
        Script::new(dialect, Settings { transparent: true, single: dialect != Dialect::A7600, ..push() });
    s.give_open(0);
    s.module("\r\nOK\r\n\r\nCONNECT\r\n");
    assert_eq!(s.events(), [opened(0)], "{dialect:?}\n{}", s.log);
    s
}

#[test]
fn a_restart_tells_the_end_of_a_command_that_waits_behind_a_line_of_our_own() {
    for dialect in [Dialect::Sim800, Dialect::Sim7000] {
        let mut s = Script::new(dialect, Settings { quick: false, ..Settings::default() });
        s.open(0);
        s.module("\r\n+CIPRXGET: 1,0\r\n");
        s.host("AT+CIPRXGET=4,0\r");
        s.session.signal(s.now()).unwrap();
        s.module("\r\n+IP ERROR: 21\r\n");
        s.events();
        s.module("\r\nRDY\r\n");
        let events = s.events();
        let wanted = (Action::Signal, None, Why::Interrupted, Remedy::Retry);
        assert_eq!(events.iter().filter_map(cause).collect::<Vec<_>>(), [wanted], "{dialect:?}\n{}", s.log);
        assert!(s.session.is_ready());
    }
}

#[test]
fn a_prompt_for_a_link_that_has_ended_gets_no_payload() {
    for dialect in DIALECTS {
        let mut s = Script::new(dialect, push());
        s.open(0);
        s.give_send(0, b"secret");
        s.module(s.closed(0));
        let mut ends = s.events();
        ends.retain(|what| *what != super::peer_closed(0));
        assert_eq!(
            ends,
            [sent(0, Outcome::NotSent), closed(0, Closing::Peer, true)],
            "{dialect:?}\n{}",
            s.log
        );
        let client = match dialect {
            Dialect::A7600 => "\r\n+CLIENT: 0,0,10.1.1.2:5000\r\n".to_owned(),
            _ => format!("\r\n{}REMOTE IP: 10.1.1.2\r\n", s.on(0)),
        };
        s.module(client);
        assert!(
            matches!(s.events()[..], [What::Other(Event::Accepted { link: Link(0), .. })]),
            "{dialect:?}\n{}",
            s.log
        );
        s.module("\r\n> ");
        // Out of the prompt again: by an escape, or by as many bytes as are counted; those may have gone to the client.
        if dialect == Dialect::Kingcom {
            s.host("\x1b\r");
            assert_eq!(s.events(), []);
        } else {
            s.host("\r\r\r\r\r\r");
            assert_eq!(s.events(), [closed(0, Closing::Unsaid, false)], "{dialect:?}\n{}", s.log);
        }
        s.serve(30_000, |line| match line {
            "AT+CIPMUX?\r" => "\r\n+CIPMUX: 1\r\n\r\nOK\r\n".to_owned(),
            "AT+NETOPEN?\r" => "\r\n+NETOPEN: 1\r\n\r\nOK\r\n".to_owned(),
            "AT+CIPSTATUS\r" => "\r\n+IPSTATUS: CONNECT OK\r\n\r\nOK\r\n".to_owned(),
            "AT+CIPCLOSE=0\r" if dialect == Dialect::A7600 => "\r\nOK\r\n\r\n+CIPCLOSE: 0,0\r\n".to_owned(),
            _ if line.starts_with("AT+CIPCLOSE=0") => "\r\n0, CLOSE OK\r\n".to_owned(),
            other => panic!("{dialect:?} {other:?}"),
        });
        let asked = |line: &str| s.log.contains(&format!("> {line}"));
        assert_eq!(asked("AT+CIPCLOSE"), dialect != Dialect::Kingcom, "{dialect:?}\n{}", s.log);
        assert!(!s.log.contains("secret"), "{dialect:?}\n{}", s.log);
        assert!(!s.events().iter().any(|what| matches!(what, What::Other(Event::Sent { .. }))), "{}", s.log);
        assert!(s.session.is_ready());
    }
}

#[test]
fn a_send_that_the_port_does_not_take_ends_and_no_command_goes_out_as_payload() {
    for dialect in [Dialect::Sim800, Dialect::Sim800e, Dialect::Sim7000, Dialect::A7600] {
        for taken in [0, 2] {
            let mut s = transparent(dialect);
            s.port = 0;
            s.session.send(s.now(), Link(0), b"hello", None).unwrap();
            s.pass(100);
            s.session.transmitted(s.now(), taken);
            s.pass(59_000);
            assert_eq!(s.events(), [], "{dialect:?}");
            s.pass(2000);
            let outcome = if taken == 0 { Outcome::NotSent } else { Outcome::Unknown(5) };
            assert_eq!(s.events(), [sent(0, outcome)], "{dialect:?}\n{}", s.log);
            s.port = usize::MAX;
            s.quiet(5000);
            assert!(s.session.is_data_mode() && s.session.is_ready());
        }
    }
}

#[test]
fn pieces_of_plus_signs_never_make_an_escape() {
    for dialect in [Dialect::Sim800, Dialect::Sim800e, Dialect::Sim7000, Dialect::A7600] {
        let mut s = transparent(dialect);
        let send = |s: &mut Script, bytes: &[u8], after: u32| {
            s.pass(after);
            let given = s.session.send(s.now(), Link(0), bytes, None);
            if given.is_ok() {
                s.host(bytes);
            }
            s.pass(1);
            given
        };
        assert_eq!(send(&mut s, b"+++", 5000), Err(Refused::Unsendable));
        assert_eq!(send(&mut s, b"+", 0), Ok(()));
        assert_eq!(send(&mut s, b"++", 300), Err(Refused::Unsendable), "{dialect:?}");
        assert_eq!(send(&mut s, b"+", 0), Ok(()));
        assert_eq!(send(&mut s, b"+", 900), Err(Refused::Unsendable), "{dialect:?}");
        // Behind two seconds it is a new beginning; behind another byte it is no escape.
        assert_eq!(send(&mut s, b"+", 2100), Ok(()));
        assert_eq!(send(&mut s, b"a", 100), Ok(()));
        assert_eq!(send(&mut s, b"++", 100), Ok(()));
        assert_eq!(send(&mut s, b"+", 100), Ok(()));
        assert_eq!(send(&mut s, b"++", 700), Ok(()));
        assert_eq!(send(&mut s, b"+", 100), Err(Refused::Unsendable), "{dialect:?}");
        assert_eq!(send(&mut s, b"++", 100), Ok(()), "four are none");
        assert!(s.session.is_data_mode());
    }
}

#[test]
fn the_closed_of_our_own_shut_is_not_the_peers() {
    let mut pair =
        Pair::new(Dialect::A7600, Settings { transparent: true, ..Settings::default() }, network(3));
    up(&mut pair);
    open(&mut pair, 0, Transport::Tcp, 7);
    pair.done(Action::LeaveData, |s, now| s.leave_data(now).unwrap());
    let from = pair.told.len();
    pair.done(Action::Shut, |s, now| s.shut(now).unwrap());
    let ends: Vec<_> = pair.told[from..].iter().map(|told| told.what.clone()).collect();
    assert!(ends.contains(&closed(0, Closing::Local, true)), "{}", pair.tail());
    assert!(!ends.contains(&super::peer_closed(0)), "{}", pair.tail());
}

/// Links on both contexts, the second one last.
fn both(dialect: Dialect) -> Pair {
    let mut pair = Pair::new(dialect, Settings::default(), network(5));
    up(&mut pair);
    open(&mut pair, 0, Transport::Tcp, 7);
    pair.done(Action::Attach, |s, now| s.attach(now, Context(1), "CMWAP", "", "").unwrap());
    open(&mut pair, 1, Transport::Tcp, 7);
    pair
}

/// The links that are open in the module.
fn open_in_module(pair: &mut Pair) -> Vec<u8> {
    let from = pair.told.len();
    pair.done(Action::Status, |s, now| s.status(now).unwrap());
    let rows = pair.told[from..].iter().filter_map(|told| match told.what {
        What::Other(Event::LinkStatus { link, state: LinkState::Connected }) => Some(link.0),
        _ => None,
    });
    rows.collect()
}

#[test]
fn a_lost_context_without_a_name_leaves_no_link_open_in_the_module() {
    for dialect in [Dialect::Sim800, Dialect::Sim7000] {
        let mut pair = both(dialect);
        assert_eq!(open_in_module(&mut pair), [0, 1]);
        let (from, now) = (pair.told.len(), pair.now());
        pair.desk.modem.notify(now, Notify::ContextLost(0));
        pair.expect(60_000, from, |w| matches!(w, What::Other(Event::NetworkDown { .. })));
        pair.until(60_000, |_| false);
        assert_eq!(open_in_module(&mut pair), [0u8; 0], "{dialect:?}\n{}", pair.tail());
    }
}

#[test]
fn a_client_belongs_to_the_context_of_its_server() {
    for dialect in [Dialect::Sim800, Dialect::Sim7000] {
        let mut pair = both(dialect);
        pair.done(Action::Listen, |s, now| s.listen(now, 0, Transport::Tcp, 8888, 3).unwrap());
        let from = pair.told.len();
        pair.desk.network.connect(pair.now(), 8888).unwrap();
        let accepted = pair.expect(60_000, from, |w| matches!(w, What::Other(Event::Accepted { .. })));
        let What::Other(Event::Accepted { link, .. }) = accepted else { unreachable!() };
        pair.done(Action::Context, |s, now| s.context(now, Context(0)).unwrap());
        let from = pair.told.len();
        pair.done(Action::Shut, |s, now| s.shut(now).unwrap());
        let ended = |pair: &Pair, from: usize, n: u8| {
            pair.told[from..].iter().any(|told| told.what == closed(n, Closing::Local, true))
        };
        assert!(ended(&pair, from, 0) && !ended(&pair, from, link.0), "{dialect:?}\n{}", pair.tail());
        assert_eq!(pair.send(link.0, b"still here"), Outcome::Accepted(10), "{dialect:?}\n{}", pair.tail());
    }
}

#[test]
fn a_transparent_open_waits_as_long_as_the_module_does() {
    let mut pair =
        Pair::new(Dialect::A7600, Settings { transparent: true, ..Settings::default() }, network(3));
    up(&mut pair);
    let (from, now) = (pair.told.len(), pair.now());
    pair.session.open(now, Link(0), Transport::Tcp, "192.0.2.1", Loopback::BLACK_HOLE, 0).unwrap();
    let failed = pair.expect(200_000, from, |w| matches!(w, What::Failed { .. }));
    let took = pair.now().millis() - now.millis();
    assert!(took > 15_000, "{took}\n{}", pair.tail());
    assert!(matches!(cause(&failed), Some((Action::Open, Some(0), _, Remedy::Reopen))), "{failed:?}");
}

#[test]
fn links_that_were_given_up_are_closed_when_the_module_hears_again() {
    for dialect in [Dialect::Sim800, Dialect::Sim7000] {
        let mut s = Script::new(dialect, Settings { quick: false, poll_ms: 0, ..Settings::default() });
        s.open(0);
        s.module("\r\n+CIPRXGET: 1,0\r\n");
        // Deaf: neither the question, nor the link's state, nor any marker is answered.
        s.pass(200_000);
        assert_eq!(s.events(), [closed(0, Closing::Unsaid, false)], "{dialect:?}\n{}", s.log);
        s.wait(1);
        s.session.signal(s.now()).unwrap();
        s.talk(&[
            ("AT+CIPMUX?\r", "\r\n+CIPMUX: 1\r\n\r\nOK\r\n"),
            ("AT+CIPCLOSE=0,1\r", "\r\n0, CLOSE OK\r\n"),
            ("AT+CSQ\r", CSQ),
        ]);
        assert!(s.session.is_ready(), "{dialect:?}\n{}", s.log);
    }
}

#[test]
fn a_connect_for_another_link_than_the_transparent_one_is_only_a_line() {
    let mut s = Script::new(Dialect::A7600, Settings { transparent: true, ..push() });
    s.give_open(6);
    s.module("\r\nCONNECT 115200\r\n");
    assert_eq!(s.events(), [super::line("CONNECT 115200")]);
    assert!(!s.session.is_data_mode());
    s.module("\r\nOK\r\n\r\n+CIPOPEN: 6,0\r\n");
    assert_eq!(s.events(), [opened(6)]);
}

#[test]
fn a_close_without_an_answer_is_made_sure_of_before_the_number_is_opened_again() {
    for dialect in DIALECTS {
        let mut s = Script::new(dialect, push());
        s.open(0);
        s.give_close(0);
        // The module was deaf; the marker it hears again.
        let marker = |line: &str| match line {
            "AT+CIPMUX?\r" => Some("\r\n+CIPMUX: 1\r\n\r\nOK\r\n"),
            "AT+NETOPEN?\r" => Some("\r\n+NETOPEN: 1\r\n\r\nOK\r\n"),
            "AT+CIPSTATUS\r" => Some("\r\n+IPSTATUS: CONNECT OK\r\n\r\nOK\r\n"),
            _ => None,
        };
        let mut closes = 0;
        s.serve(300_000, |line| {
            closes += usize::from(line.starts_with("AT+CIPCLOSE"));
            marker(line).unwrap_or("\r\nERROR\r\n").to_owned()
        });
        let events = s.events();
        assert!(events.contains(&closed(0, Closing::Local, false)), "{dialect:?} {events:?}\n{}", s.log);
        assert_eq!(closes, 1, "{dialect:?}\n{}", s.log);
        s.open(0);
    }
}

#[test]
fn a_registration_that_was_asked_for_as_raw_text_is_text() {
    for dialect in DIALECTS {
        let mut s = Script::new(dialect, push());
        s.session.raw(s.now(), "AT+CREG?", 0).unwrap();
        s.talk(&[("AT+CREG?\r", "\r\n+CREG: 0,1\r\n\r\nOK\r\n")]);
        assert_eq!(s.events(), [super::line("+CREG: 0,1"), super::done(Action::Raw)], "{dialect:?}");
    }
}
