//! Sleep by DTR, and what a call or a message does meanwhile and in data mode.

use crate::main_job::{network, open, up};
use crate::pair::{Pair, What};
use crate::session::script::Script;
use simcom_at::{Action, Closing, Dialect, Event, How, Link, Outcome, Reason, Refused, Settings, Transport};
use simcom_modem::Notify;
use simcom_modem::net::Socket;

const SLEEPERS: [Dialect; 4] = [Dialect::Sim800, Dialect::Sim7000, Dialect::A7600, Dialect::Rda8955];

fn wired(dialect: Dialect, settings: Settings) -> Pair {
    let mut pair = Pair::new(dialect, Settings { modem_lines: true, ..settings }, network(3));
    pair.wired = true;
    up(&mut pair);
    pair
}

/// The session has let it sleep, and it does.
fn asleep(pair: &mut Pair) {
    pair.done(Action::Sleep, |s, now| s.sleep(now).unwrap());
    assert!(pair.session.is_asleep() && !pair.session.pins().dtr);
    pair.until(30_000, |_| false);
}

fn told(event: Event<'static>) -> impl Fn(&What) -> bool {
    move |what| *what == What::Other(event)
}

#[test]
fn what_comes_while_it_sleeps_is_told_and_read_after_waking() {
    for dialect in SLEEPERS {
        for push in [false, true] {
            let mut pair = wired(dialect, Settings { push, ..Settings::default() });
            open(&mut pair, 0, Transport::Tcp, 7);
            asleep(&mut pair);
            let sent = pair.tap.counts().1;
            let token = pair.desk.network.peer_of(Socket(0)).unwrap().token();
            let (from, now) = (pair.told.len(), pair.now());
            pair.desk.network.peer_send(now, token, b"good morning");
            pair.desk.modem.notify(now, Notify::Ring);
            assert!(pair.desk.modem.pins().ri, "{dialect:?}");
            pair.desk.modem.notify(now, Notify::Sms(4));
            pair.expect(1000, from, told(Event::Ring));
            pair.expect(1000, from, told(Event::Sms { index: 4 }));
            pair.until(60_000, |_| false);
            assert_eq!(
                pair.received(0),
                if push { &b"good morning"[..] } else { b"" },
                "{dialect:?}\n{}",
                pair.tail()
            );
            assert_eq!(pair.tap.counts().1, sent, "{dialect:?}: nothing is sent to a module that sleeps");
            let now = pair.now();
            assert_eq!(pair.session.signal(now), Err(Refused::State), "{dialect:?}");
            assert_eq!(pair.session.send(now, Link(0), b"x", None), Err(Refused::State));
            assert_eq!(pair.session.close(now, Link(0), How::Quick), Err(Refused::State));
            assert_eq!(pair.session.sleep(now), Err(Refused::State));
            pair.done(Action::Wake, |s, now| s.wake(now).unwrap());
            assert!(pair.until(1000, |p| p.received(0) == b"good morning"), "{dialect:?}\n{}", pair.tail());
            assert!(matches!(pair.send(0, b"you too"), Outcome::Accepted(7) | Outcome::Delivered));
            assert!(
                pair.until(5000, |p| p.received(0).ends_with(b"you too")),
                "{dialect:?}\n{}",
                pair.tail()
            );
            // And once more, with a peer that closes meanwhile.
            asleep(&mut pair);
            let now = pair.now();
            pair.desk.network.peer_close(now, token);
            pair.until(60_000, |_| false);
            let from = pair.told.len();
            pair.done(Action::Wake, |s, now| s.wake(now).unwrap());
            let closed = Event::Closed { link: Link(0), why: Closing::Peer, certain: true };
            if !push {
                pair.expect(5000, from, told(closed));
            }
            assert!(pair.has(|e| *e == closed), "{dialect:?}\n{}", pair.tail());
        }
    }
}

#[test]
fn the_first_byte_waits_until_the_module_is_awake() {
    for (dialect, ms) in
        [(Dialect::Sim800, 50), (Dialect::Sim7000, 50), (Dialect::A7600, 20), (Dialect::Rda8955, 50)]
    {
        let mut s = Script::new(dialect, Settings { modem_lines: true, ..Settings::default() });
        s.session.sleep(s.now()).unwrap();
        s.talk(&[("AT+CSCLK=1\r", "\r\nOK\r\n")]);
        assert!(!s.session.pins().dtr && s.session.is_asleep());
        s.quiet(600_000);
        assert_eq!(s.session.deadline(), None, "{dialect:?}");
        s.session.wake(s.now()).unwrap();
        assert!(s.session.pins().dtr, "at once");
        assert_eq!(s.reason(), Some(Reason::Pause));
        s.quiet(ms - 1);
        assert_eq!(s.wait(1), "AT\r", "{dialect:?}");
        s.module("\r\nOK\r\n");
        let done = s.events().pop();
        assert!(matches!(done, Some(What::Other(Event::Done { action: Action::Wake, .. }))), "{done:?}");
        assert_eq!(s.session.wake(s.now()), Err(Refused::State));
    }
}

#[test]
fn a_module_that_restarts_in_its_sleep_is_awake_and_one_without_dtr_never_sleeps() {
    let mut s = Script::new(Dialect::Sim800, Settings { modem_lines: true, ..Settings::default() });
    s.session.sleep(s.now()).unwrap();
    s.talk(&[("AT+CSCLK=1\r", "\r\nOK\r\n")]);
    s.module("\r\nRDY\r\n");
    assert!(!s.session.is_asleep() && s.session.pins().dtr);
    s.session.sleep(s.now()).unwrap();
    s.talk(&[("AT+CSCLK=1\r", "\r\nERROR\r\n")]);
    assert!(!s.session.is_asleep() && s.session.pins().dtr, "refused by the module");
    let mut s = Script::new(Dialect::Sim800, Settings::default());
    assert_eq!(s.session.sleep(s.now()), Err(Refused::State));
    for dialect in [Dialect::Sim800e, Dialect::Kingcom] {
        let mut s = Script::new(dialect, Settings { modem_lines: true, ..Settings::default() });
        assert_eq!(s.session.sleep(s.now()), Err(Refused::NotInDialect));
    }
}

#[test]
fn a_call_and_a_message_in_data_mode_only_pulse_ri_and_are_told_behind_it() {
    for dialect in [Dialect::Sim800, Dialect::Sim800e, Dialect::Sim7000, Dialect::A7600] {
        let mut pair = Pair::new(dialect, Settings { transparent: true, ..Settings::default() }, network(3));
        up(&mut pair);
        open(&mut pair, 0, Transport::Tcp, 9);
        assert!(pair.session.is_data_mode());
        let (from, now) = (pair.told.len(), pair.now());
        pair.desk.modem.notify(now, Notify::Ring);
        let pulse = if dialect == Dialect::A7600 { 5900 } else { 50 };
        pair.until(pulse - 1, |_| false);
        assert!(pair.desk.modem.pins().ri, "{dialect:?}");
        pair.until(2, |_| false);
        assert!(!pair.desk.modem.pins().ri, "{dialect:?}");
        let now = pair.now();
        pair.desk.modem.notify(now, Notify::Sms(7));
        pair.until(119, |_| false);
        assert!(pair.desk.modem.pins().ri, "{dialect:?}");
        pair.until(2, |_| false);
        assert!(!pair.desk.modem.pins().ri, "{dialect:?}");
        assert!(pair.told[from..].is_empty() && pair.received(0).is_empty(), "{dialect:?}\n{}", pair.tail());
        pair.done(Action::LeaveData, |s, now| s.leave_data(now).unwrap());
        pair.expect(5000, from, told(Event::Ring));
        pair.expect(5000, from, told(Event::Sms { index: 7 }));
        assert!(pair.received(0).is_empty(), "{dialect:?}\n{}", pair.tail());
    }
}
