//! Finding the module and bringing a context up: exact host bytes, in order.

use super::script::{CSQ, ERROR, OK, Script};
use super::{cause, closed, done, line};
use crate::main_job::DIALECTS;
use crate::pair::What;
use simcom_at::{Action, Closing, Code, Context, Dialect, Event, Ipv4Addr, Remedy, Settings, Value, Why};

const ADDRESS: Value = Value::Address(Ipv4Addr::new(10, 0, 0, 7));

fn up(value: Value) -> What {
    What::Other(Event::Done { action: Action::Attach, link: None, value })
}

#[test]
fn at_is_sent_until_it_answers() {
    for dialect in DIALECTS {
        let mut s = Script::new(dialect, Settings::default());
        s.session.probe(s.now()).unwrap();
        s.host("AT\r");
        for _ in 0..4 {
            s.quiet(900);
            s.pass(100);
            s.host("AT\r");
        }
        s.module(OK);
        // What may still come from the earlier ones is waited out.
        s.pass(1000);
        s.talk(&[("ATE0\r", "ATE0\r\r\nOK\r\n"), ("AT+CMEE=1\r", OK), ("ATI\r", "\r\nSIM R1\r\n\r\nOK\r\n")]);
        assert_eq!(s.events(), [line("SIM R1"), done(Action::Probe)], "{dialect:?}");
        s.quiet(60_000);
    }
}

#[test]
fn a_module_that_never_answers_is_given_up_after_ten_seconds() {
    let mut s = Script::new(Dialect::Sim800, Settings::default());
    s.session.probe(s.now()).unwrap();
    s.pass(9000);
    assert_eq!(s.events(), []);
    s.pass(3000);
    let events = s.events();
    let why = (Action::Probe, None, Why::Timeout, Remedy::Retry);
    assert_eq!(events.iter().map(cause).collect::<Vec<_>>(), [Some(why)], "{events:?}");
    assert!(s.session.is_ready());
    let heard = s.wait(1);
    assert!((30..36).contains(&heard.len()) && heard.replace("AT\r", "").is_empty(), "{heard:?}");
    s.quiet(60_000);
}

#[test]
fn echo_may_be_on_or_off_and_a_notice_may_come_behind_the_echo() {
    for (dialect, echo) in DIALECTS.into_iter().flat_map(|d| [(d, true), (d, false)]) {
        let mut s = Script::new(dialect, Settings::default());
        s.session.probe(s.now()).unwrap();
        let said = |line: &str, answer: &str| format!("{}{answer}", if echo { line } else { "" });
        s.host("AT\r");
        s.module(said("AT\r", "\r\n+CREG: 1\r\n\r\nOK\r\n"));
        s.host("ATE0\r");
        s.module(said("ATE0\r", OK));
        s.talk(&[("AT+CMEE=1\r", ERROR), ("ATI\r", "\r\nX\r\n\r\nOK\r\n")]);
        let notice = What::Other(Event::Registration { packet: false, stat: 1 });
        assert_eq!(s.events(), [notice, line("X"), done(Action::Probe)], "{dialect:?} {echo}");
    }
}

#[test]
fn late_answers_to_the_first_ats_complete_nothing_that_comes_later() {
    // A module that wakes up slowly answers every line it was sent, one every 100 ms.
    let mut s = Script::new(Dialect::Sim800, Settings::default());
    s.session.probe(s.now()).unwrap();
    s.pass(4500);
    let mut lines: Vec<String> = s.wait(1).split_inclusive('\r').map(str::to_owned).collect();
    assert!(lines.len() > 3, "{lines:?}");
    let mut asked = false;
    for _ in 0..60 {
        if !lines.is_empty() {
            let answer = match lines.remove(0).as_str() {
                "ATI\r" => "\r\nSIM R1\r\n\r\nOK\r\n",
                "AT+CSQ\r" => "\r\n+CSQ: 7,0\r\n\r\nOK\r\n",
                _ => OK,
            };
            s.module(answer);
        }
        if s.session.is_ready() && !asked {
            s.session.signal(s.now()).unwrap();
            asked = true;
        }
        s.pass(100);
        let heard = s.wait(0);
        lines.extend(heard.split_inclusive('\r').map(str::to_owned));
    }
    let signal = Event::Done { action: Action::Signal, link: None, value: Value::Signal(7, 0) };
    assert!(s.events().contains(&What::Other(signal)), "{}", s.log);
}

#[test]
fn sim800_and_sim7000_attach_line_by_line() {
    for dialect in [Dialect::Sim800, Dialect::Sim7000] {
        let mut s = Script::new(dialect, Settings::default());
        s.session.attach(s.now(), Context(0), "internet", "me", "secret").unwrap();
        s.talk(&[("ATE0\r", OK)]);
        s.talk(&[
            ("AT+CIPSHUT\r", "\r\nSHUT OK\r\n"),
            ("AT+CGATT=1\r", OK),
            ("AT+CIPMODE=0\r", OK),
            ("AT+CIPMUX=1\r", OK),
            ("AT+CIPSPRT=1\r", OK),
            ("AT+CIPRXGET=1\r", OK),
            ("AT+CIPQSEND=1\r", OK),
            ("AT+CSTT=\"internet\",\"me\",\"secret\"\r", OK),
            ("AT+CIICR\r", OK),
            ("AT+CIFSR\r", "\r\n10.0.0.7\r\n"),
        ]);
        assert_eq!(s.events(), [up(ADDRESS)], "{dialect:?}");
        s.quiet(60_000);
    }
    let settings = Settings { single: true, push: true, quick: false, ..Settings::default() };
    let mut s = Script::new(Dialect::Sim800, settings);
    s.session.attach(s.now(), Context(0), "a", "", "").unwrap();
    s.talk(&[("ATE0\r", OK)]);
    s.talk(&[
        ("AT+CIPSHUT\r", ERROR),
        ("AT+CGATT=1\r", OK),
        ("AT+CIPMODE=0\r", OK),
        ("AT+CIPMUX=0\r", OK),
        ("AT+CIPSPRT=1\r", OK),
        ("AT+CIPRXGET=0\r", OK),
        ("AT+CIPHEAD=1\r", OK),
        ("AT+CIPQSEND=0\r", OK),
        ("AT+CSTT=\"a\",\"\",\"\"\r", OK),
        ("AT+CIICR\r", OK),
        ("AT+CIFSR\r", "\r\n10.0.0.7\r\n"),
    ]);
    assert_eq!(s.events(), [up(ADDRESS)]);
}

#[test]
fn sim800e_attaches_line_by_line() {
    let mut s = Script::new(Dialect::Sim800e, Settings::default());
    s.session.attach(s.now(), Context(0), "a", "", "").unwrap();
    s.talk(&[("ATE0\r", OK)]);
    s.talk(&[
        ("AT+CIPSHUT\r", "\r\nSHUT OK\r\n"),
        ("AT+CGATT=1\r", OK),
        ("AT+CIPMODE=0\r", OK),
        ("AT+CIPMUX=1\r", OK),
        ("AT+CIPSPRT=1\r", OK),
        ("AT+CSTT=\"a\",\"\",\"\"\r", OK),
        ("AT+CIICR\r", OK),
        ("AT+CIFSR\r", "\r\n10.0.0.7\r\n"),
    ]);
    assert_eq!(s.events(), [up(ADDRESS)]);
    s.session.open(s.now(), simcom_at::Link(0), simcom_at::Transport::Tcp, "10.1.1.1", 80, 0).unwrap();
    s.host("AT+CIPSTART=0,\"TCP\",\"10.1.1.1\",80\r");
}

#[test]
fn sim800e_opens_in_one_step_without_attach_and_again_after_a_restart_in_a_probe() {
    let mut s = Script::new(Dialect::Sim800e, Settings::default());
    s.session.attach(s.now(), Context(0), "a", "", "").unwrap();
    s.talk(&[("ATE0\r", OK)]);
    s.serve(1000, |line| {
        if line == "AT+CIFSR\r" { "\r\n10.0.0.7\r\n" } else { "\r\nSHUT OK\r\n\r\nOK\r\n" }.to_owned()
    });
    s.events();
    s.session.probe(s.now()).unwrap();
    s.host("AT\r");
    s.module("\r\nRDY\r\n");
    s.pass(1000);
    s.serve(4000, |_| OK.to_owned());
    assert!(s.events().contains(&done(Action::Probe)), "{}", s.log);
    s.session.open(s.now(), simcom_at::Link(0), simcom_at::Transport::Tcp, "10.1.1.1", 80, 0).unwrap();
    s.talk(&[("AT+CIPMUX=1\r", OK)]);
    s.host("AT+CIPSTART=0,\"TCP\",\"10.1.1.1\",80\r");
}

#[test]
fn a7600_opens_the_network_and_holds_the_line_until_it_is_open() {
    let mut s = Script::new(Dialect::A7600, Settings::default());
    s.session.attach(s.now(), Context(0), "a", "", "").unwrap();
    s.talk(&[("ATE0\r", OK)]);
    s.talk(&[
        ("AT+CIPMODE=0\r", OK),
        ("AT+CGDCONT=1,\"IP\",\"a\"\r", OK),
        ("AT+CIPRXGET=1\r", OK),
        ("AT+NETOPEN?\r", "\r\n+NETOPEN: 0\r\n\r\nOK\r\n"),
        ("AT+NETOPEN\r", OK),
    ]);
    s.quiet(100_000);
    assert_eq!((s.events(), s.session.is_ready()), (vec![], false));
    s.module("\r\n+NETOPEN: 0\r\n");
    s.talk(&[("AT+IPADDR\r", "\r\n+IPADDR: 10.0.0.7\r\n\r\nOK\r\n")]);
    assert_eq!(s.events(), [up(ADDRESS)]);

    let mut s = Script::new(Dialect::A7600, Settings { push: true, ..Settings::default() });
    s.session.attach(s.now(), Context(0), "a", "", "").unwrap();
    s.talk(&[("ATE0\r", OK)]);
    s.talk(&[
        ("AT+CIPMODE=0\r", OK),
        ("AT+CGDCONT=1,\"IP\",\"a\"\r", OK),
        ("AT+CIPRXGET=0\r", OK),
        ("AT+CIPCCFG=,,,,1\r", OK),
        ("AT+CIPSRIP=1\r", OK),
        ("AT+NETOPEN?\r", "\r\n+NETOPEN: 0\r\n\r\nOK\r\n"),
        ("AT+NETOPEN\r", "\r\nOK\r\n\r\n+NETOPEN: 0\r\n"),
        ("AT+IPADDR\r", "\r\n+IPADDR: 10.0.0.7\r\n\r\nOK\r\n"),
    ]);
    assert_eq!(s.events(), [up(ADDRESS)]);
}

#[test]
fn a_network_that_is_open_already_is_closed_first_with_the_links_of_a_host_before_us() {
    let before: &[(&str, &str)] = &[
        ("ATE0\r", OK),
        ("AT+CIPMODE=0\r", OK),
        ("AT+CGDCONT=1,\"IP\",\"a\"\r", ERROR),
        ("AT+CIPRXGET=1\r", OK),
        ("AT+NETOPEN?\r", "\r\n+NETOPEN: 1\r\n\r\nOK\r\n"),
    ];
    let address: &[(&str, &str)] = &[("AT+IPADDR\r", "\r\n+IPADDR: 10.0.0.7\r\n\r\nOK\r\n")];
    let closed = "\r\nOK\r\n\r\n+NETCLOSE: 0\r\n";
    for (answer, opens) in [(closed, true), ("\r\n+NETCLOSE: 1\r\n\r\nERROR\r\n", false)] {
        let mut s = Script::new(Dialect::A7600, Settings::default());
        s.session.attach(s.now(), Context(0), "a", "", "").unwrap();
        s.talk(before);
        s.talk(&[("AT+NETCLOSE\r", answer)]);
        if opens {
            s.talk(&[("AT+NETOPEN\r", "\r\nOK\r\n\r\n+NETOPEN: 0\r\n")]);
        }
        s.talk(address);
        assert_eq!(s.events(), [up(ADDRESS)]);
    }
}

#[test]
fn a_network_that_does_not_open_fails_with_its_code() {
    for (answer, why) in [
        ("\r\nOK\r\n\r\n+NETOPEN: 1\r\n", Why::Err(1)),
        ("\r\n+CME ERROR: 30\r\n", Why::Cme(Code::Number(30))),
        (
            "\r\n+IP ERROR: Network is already opened\r\n\r\nERROR\r\n",
            Why::Ip(Code::Text(simcom_at::Span { start: 11, end: 36 })),
        ),
    ] {
        let mut s = Script::new(Dialect::A7600, Settings::default());
        s.session.attach(s.now(), Context(0), "a", "", "").unwrap();
        s.talk(&[("ATE0\r", OK)]);
        s.talk(&[
            ("AT+CIPMODE=0\r", OK),
            ("AT+CGDCONT=1,\"IP\",\"a\"\r", OK),
            ("AT+CIPRXGET=1\r", OK),
            ("AT+NETOPEN?\r", "\r\n+NETOPEN: 0\r\n\r\nOK\r\n"),
            ("AT+NETOPEN\r", answer),
        ]);
        let events = s.events();
        assert_eq!(
            events.iter().map(cause).collect::<Vec<_>>(),
            [Some((Action::Attach, None, why, Remedy::Shut))]
        );
        s.quiet(300_000);
    }
}

#[test]
fn kingcom_attaches_line_by_line_and_has_no_address_yet() {
    let mut s = Script::new(Dialect::Kingcom, Settings::default());
    s.session.attach(s.now(), Context(0), "CMNET", "", "").unwrap();
    s.talk(&[("ATE0\r", OK), ("AT+CIPCLOSE\r", ERROR)]);
    s.talk(&[
        ("AT+CGATT=1\r", OK),
        ("AT+CGDCONT=1,\"IP\",\"CMNET\"\r", OK),
        ("AT+CGACT=1,1\r", OK),
        ("AT+CIPHEAD=1\r", OK),
    ]);
    assert_eq!(s.events(), [up(Value::None)]);
}

const STATUS: &str = "\r\n+IPSTATUS: IP INITIAL\r\n\r\nOK\r\n";

#[test]
fn a_kingcom_step_without_an_answer_is_taken_back_and_repeated_twice() {
    type Lines = &'static [(&'static str, &'static str)];
    let gprs: Lines = &[("AT+CGATT=1\r", OK), ("AT+CGDCONT=1,\"IP\",\"a\"\r", OK)];
    let steps: [(Lines, &str, &str); 2] =
        [(&[], "AT+CGATT=1\r", "AT+CGATT=0\r"), (gprs, "AT+CGACT=1,1\r", "AT+CGACT=0,1\r")];
    for (before, step, undo) in steps {
        let mut s = Script::new(Dialect::Kingcom, Settings::default());
        s.session.attach(s.now(), Context(0), "a", "", "").unwrap();
        s.talk(&[("ATE0\r", OK), ("AT+CIPCLOSE\r", ERROR)]);
        s.talk(before);
        s.host(step);
        for _ in 0..2 {
            s.quiet(29_900);
            s.pass(100);
            s.talk(&[("AT+CIPSTATUS\r", STATUS), (undo, OK)]);
            s.host(step);
        }
        s.quiet(29_900);
        s.pass(100);
        s.talk(&[("AT+CIPSTATUS\r", STATUS)]);
        let events = s.events();
        let why = (Action::Attach, None, Why::Timeout, Remedy::Shut);
        assert_eq!(events.iter().map(cause).collect::<Vec<_>>(), [Some(why)], "{events:?}");
        s.quiet(300_000);
    }
}

#[test]
fn a_repeated_step_that_succeeds_goes_on_with_the_next() {
    let mut s = Script::new(Dialect::Kingcom, Settings::default());
    s.session.attach(s.now(), Context(0), "a", "", "").unwrap();
    s.talk(&[("ATE0\r", OK), ("AT+CIPCLOSE\r", ERROR)]);
    s.host("AT+CGATT=1\r");
    s.pass(30_000);
    s.talk(&[
        ("AT+CIPSTATUS\r", STATUS),
        ("AT+CGATT=0\r", "\r\n+CME ERROR: 50\r\n"),
        ("AT+CGATT=1\r", OK),
        ("AT+CGDCONT=1,\"IP\",\"a\"\r", OK),
        ("AT+CGACT=1,1\r", OK),
        ("AT+CIPHEAD=1\r", OK),
    ]);
    assert_eq!(s.events(), [up(Value::None)]);
}

#[test]
fn the_number_of_repeats_is_a_setting() {
    let mut s = Script::new(Dialect::Kingcom, Settings { retries: 0, ..Settings::default() });
    s.session.attach(s.now(), Context(0), "a", "", "").unwrap();
    s.talk(&[("ATE0\r", OK), ("AT+CIPCLOSE\r", ERROR)]);
    s.host("AT+CGATT=1\r");
    s.pass(30_000);
    s.talk(&[("AT+CIPSTATUS\r", STATUS)]);
    assert!(matches!(s.events()[..], [What::Failed { action: Action::Attach, .. }]), "{}", s.log);
}

#[test]
fn kingcoms_own_timeout_text_ends_a_step() {
    let mut s = Script::new(Dialect::Kingcom, Settings::default());
    s.session.attach(s.now(), Context(0), "a", "", "").unwrap();
    s.talk(&[("ATE0\r", OK), ("AT+CIPCLOSE\r", ERROR)]);
    s.talk(&[("AT+CGATT=1\r", "\r\nCOMMAND NO RESPONSE!\r\n")]);
    let events = s.events();
    let why = (Action::Attach, None, Why::NoResponse, Remedy::Shut);
    assert_eq!(events.iter().map(cause).collect::<Vec<_>>(), [Some(why)]);
    assert!(matches!(&events[0], What::Failed { text, .. } if text == "COMMAND NO RESPONSE!"));
}

#[test]
fn a_failed_step_of_attach_says_which_and_its_text() {
    let mut s = Script::new(Dialect::Sim7000, Settings::default());
    s.session.attach(s.now(), Context(0), "a", "", "").unwrap();
    s.talk(&[("ATE0\r", OK)]);
    s.talk(&[("AT+CIPSHUT\r", "\r\nSHUT OK\r\n"), ("AT+CGATT=1\r", "\r\n+CME ERROR: 148\r\n")]);
    let [What::Failed { text, event: Event::Failed { step, why, .. }, .. }] = &s.events()[..] else {
        panic!("{}", s.log)
    };
    assert_eq!((text.as_str(), *why), ("+CME ERROR: 148", Why::Cme(Code::Number(148))));
    assert!(*step > 0);
    s.session.signal(s.now()).unwrap();
    s.talk(&[("AT+CSQ\r", CSQ)]);
}

#[test]
fn the_pin_is_given_once_and_only_when_it_is_due() {
    for dialect in DIALECTS {
        let mut s = Script::new(dialect, Settings::default());
        s.session.sim(s.now(), Some("1234")).unwrap();
        s.talk(&[
            ("AT+CPIN?\r", "\r\n+CPIN: SIM PIN\r\n\r\nOK\r\n"),
            ("AT+CPIN=\"1234\"\r", OK),
            ("AT+CPIN?\r", "\r\n+CPIN: READY\r\n\r\nOK\r\n"),
        ]);
        s.pass(50);
        let ready = Event::Done { action: Action::Sim, link: None, value: Value::Sim(true) };
        assert_eq!(s.events(), [What::Other(ready)], "{dialect:?}");
        s.session.sim(s.now(), Some("1234")).unwrap();
        s.talk(&[("AT+CPIN?\r", "\r\n+CPIN:READY\r\n\r\nOK\r\n")]);
        s.pass(50);
        assert_eq!(s.events(), [What::Other(ready)], "{dialect:?}");
        s.session.sim(s.now(), Some("1234")).unwrap();
        s.talk(&[
            ("AT+CPIN?\r", "\r\n+CPIN: SIM PIN\r\n\r\nOK\r\n"),
            ("AT+CPIN=\"1234\"\r", "\r\n+CME ERROR: 16\r\n"),
        ]);
        let why = (Action::Sim, None, Why::Cme(Code::Number(16)), Remedy::None);
        assert_eq!(s.events().iter().map(cause).collect::<Vec<_>>(), [Some(why)], "{dialect:?}");
        // A PIN without an answer is not given again either.
        s.session.sim(s.now(), Some("1234")).unwrap();
        s.talk(&[("AT+CPIN?\r", "\r\n+CPIN: SIM PIN\r\n\r\nOK\r\n")]);
        s.host("AT+CPIN=\"1234\"\r");
        s.pass(100_000);
        assert!(!s.wait(1).contains("1234"), "{dialect:?}");
    }
}

#[test]
fn restart_lines_in_an_attach_fail_it_and_restarted_comes() {
    for (dialect, text) in
        [(Dialect::Sim800, "RDY"), (Dialect::Kingcom, "READY"), (Dialect::A7600, "*ATREADY: 1")]
    {
        let mut s = Script::new(dialect, Settings::default());
        s.session.attach(s.now(), Context(0), "a", "", "").unwrap();
        s.talk(&[("ATE0\r", OK)]);
        s.pass(1);
        s.module(format!("\r\n{text}\r\n"));
        let events = s.events();
        assert_eq!(events.len(), 2, "{events:?}");
        assert_eq!(
            events.iter().filter_map(cause).next().map(|c| c.2),
            Some(Why::Interrupted),
            "{dialect:?}"
        );
        assert!(events.contains(&What::Other(Event::Restarted)), "{dialect:?}");
        assert!(s.session.is_ready());
        assert!(!events.contains(&closed(0, Closing::Restart, true)));
    }
}

#[test]
fn a_network_that_does_not_open_three_times_wants_a_restart() {
    let mut s = Script::new(Dialect::A7600, Settings::default());
    for remedy in [Remedy::Shut, Remedy::Shut, Remedy::Restart] {
        s.session.attach(s.now(), Context(0), "a", "", "").unwrap();
        s.serve(1000, |line| {
            match line {
                "AT+NETOPEN?\r" => "\r\n+NETOPEN: 0\r\n\r\nOK\r\n",
                "AT+NETOPEN\r" => "\r\nOK\r\n\r\n+NETOPEN: 1\r\n",
                _ => OK,
            }
            .to_owned()
        });
        let why = (Action::Attach, None, Why::Err(1), remedy);
        assert_eq!(s.events().iter().map(cause).collect::<Vec<_>>(), [Some(why)], "{}", s.log);
    }
}
