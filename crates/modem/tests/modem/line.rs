//! The command line itself: ends, echo, blanks, joined commands, result codes, notices at line boundaries.

use crate::rig::{Rig, seen};
use simcom_at::Dialect;
use simcom_modem::{Notify, Profile};

#[test]
fn every_module_names_itself() {
    for dialect in Dialect::ALL {
        let profile =
            Profile { maker: "Maker".to_owned(), model: "Model".to_owned(), ..Profile::new(*dialect) };
        let revision = profile.revision.clone();
        let mut rig = Rig::with(Profile { echo: false, ..profile });
        rig.session(&[
            ("AT+CGMI\r", "\r\nMaker\r\n\r\nOK\r\n"),
            ("AT+GMM\r", "\r\nModel\r\n\r\nOK\r\n"),
            ("AT+CGMR\r", &format!("\r\n{revision}\r\n\r\nOK\r\n")),
            ("AT+CGSN\r", "\r\n004999010640000\r\n\r\nOK\r\n"),
            ("AT+CGSN=?\r", "\r\nOK\r\n"),
        ]);
    }
}

#[test]
fn the_echo_is_what_was_typed_and_line_feeds_are_not() {
    let mut rig = Rig::with(Profile::new(Dialect::Sim800));
    rig.session(&[
        ("AT\r", "AT\r\r\nOK\r\n"),
        ("at\r\n", "at\r\r\nOK\r\n"),
        ("AT+CSQ\n", "AT+CSQ\r\n+CSQ: 20,0\r\n\r\nOK\r\n"),
        ("\r", "\r"),
        ("ATE0\r", "ATE0\r\r\nOK\r\n"),
        ("AT\r", "\r\nOK\r\n"),
        ("ATE\r", "\r\nOK\r\n"),
        ("ATE1V1&D2\r", "\r\nOK\r\n"),
        ("A/", "A/\r\nOK\r\n"),
    ]);
}

#[test]
fn joined_commands_have_one_final_result() {
    let mut rig = Rig::new(Dialect::Sim800);
    rig.session(&[
        ("AT+CSQ;+CREG?\r", "\r\n+CSQ: 20,0\r\n\r\n+CREG: 0,1\r\n\r\nOK\r\n"),
        ("AT+CIPHEAD=1;+NONSENSE;+CIPSRIP=1\r", "\r\nERROR\r\n"),
        ("AT+CIPHEAD?;+CIPSRIP?\r", "\r\n+CIPHEAD: 1\r\n\r\n+CIPSRIP: 0\r\n\r\nOK\r\n"),
        ("AT + CIPHEAD = 0 ; + CIPHEAD ?\r", "\r\n+CIPHEAD: 0\r\n\r\nOK\r\n"),
        ("noise\u{7f}AT\r", "\r\nOK\r\n"),
        ("no command\r", ""),
        ("AT+CSTT=\"a;b,c\"\r", "\r\nOK\r\n"),
        ("AT+CSTT?\r", "\r\n+CSTT: \"a;b,c\",\"\",\"\"\r\n\r\nOK\r\n"),
        ("AT+CSTT=\"open\r", "\r\nERROR\r\n"),
    ]);
}

#[test]
fn numbers_instead_of_words() {
    let mut rig = Rig::new(Dialect::Sim800);
    rig.session(&[
        ("ATV0\r", "0\r"),
        ("AT+CSQ\r", "+CSQ: 20,0\r\n0\r"),
        ("AT+NONSENSE\r", "4\r"),
        ("ATO\r", "4\r"),
        ("AT+CIPSHUT\r", "\r\nSHUT OK\r\n"),
        ("ATV1\r", "\r\nOK\r\n"),
    ]);
}

#[test]
fn data_mode_has_numbers_too() {
    let mut rig = Rig::new(Dialect::A7600);
    rig.session(&[
        ("AT+CIPMODE=1\r", "\r\nOK\r\n"),
        ("AT+NETOPEN\r", "\r\nOK\r\n\r\n+NETOPEN: 0\r\n"),
        ("ATV0\r", "0\r"),
        ("ATO\r", "3\r"),
        ("ATV1\r", "\r\nOK\r\n"),
        ("AT+CIPOPEN=0,\"TCP\",\"192.0.2.7\",80\r", "\r\nCONNECT 115200\r\n"),
    ]);
    rig.pass(1000);
    assert_eq!(rig.host(b"+++") + &rig.pass(1000), seen("\r\nOK\r\n"));
    rig.pass(1500);
    rig.session(&[("ATV0\r", "0\r"), ("ATO\r", "1\r")]);
}

#[test]
fn too_long_a_line_is_an_error() {
    let mut rig = Rig::new(Dialect::Sim800);
    let line = "AT".to_string() + &"x".repeat(600) + "\r";
    rig.session(&[(&line, "\r\nERROR\r\n"), ("AT\r", "\r\nOK\r\n")]);
}

#[test]
fn notices_wait_for_the_end_of_a_typed_line_but_not_for_ever() {
    let mut rig = Rig::with(Profile::new(Dialect::Sim800));
    assert_eq!(rig.host(b"AT+C"), "AT+C");
    assert_eq!(rig.notify(Notify::Ring), "");
    assert_eq!(rig.host(b"SQ\r"), seen("SQ\r\r\n+CSQ: 20,0\r\n\r\nOK\r\n\r\nRING\r\n"));
    rig.host(b"AT");
    assert_eq!(rig.notify(Notify::Sms(3)), "");
    assert_eq!(rig.pass(1000), seen("\r\n+CMTI: \"SM\",3\r\n"));

    let mut rig = Rig::with(Profile { interleave: true, ..Profile::new(Dialect::Sim800) });
    rig.host(b"A");
    rig.notify(Notify::Ring);
    assert_eq!(rig.host(b"T\r"), seen("T\r\r\nRING\r\n\r\nOK\r\n"));
}

#[test]
fn notices_wait_for_the_end_of_a_payload() {
    let mut rig = Rig::with(Profile::new(Dialect::Sim800));
    rig.host(b"AT+CIPSTART=\"TCP\",\"1.2.3.4\",80\r");
    assert_eq!(rig.host(b"AT+CIPSEND=4\r\n"), seen("AT+CIPSEND=4\r\r\n> "));
    rig.host(b"ab");
    assert_eq!(rig.notify(Notify::Ring), "");
    assert_eq!(rig.data(0, b"x"), "");
    // Behind the payload notices may come, while the peer's acknowledgement is still on its way.
    assert_eq!(rig.host(b"\n\x1a"), seen("\n\x1a\r\nRING\r\nx\r\nSEND OK\r\n"));
}

#[test]
fn registration_is_reported_as_asked() {
    let mut rig = Rig::new(Dialect::Sim800);
    assert_eq!(rig.notify(Notify::Registration(2)), "");
    rig.session(&[("AT+CREG=2\r", "\r\nOK\r\n"), ("AT+CREG=3\r", "\r\nERROR\r\n")]);
    assert_eq!(rig.notify(Notify::Registration(5)), seen("\r\n+CREG: 5,\"1814\",\"0A1F\"\r\n"));
    rig.session(&[("AT+CREG?\r", "\r\n+CREG: 2,5,\"1814\",\"0A1F\"\r\n\r\nOK\r\n")]);
    rig.session(&[("AT+CREG=1\r", "\r\nOK\r\n")]);
    assert_eq!(rig.notify(Notify::Registration(0)), seen("\r\n+CREG: 0\r\n"));
}

#[test]
fn a_line_feed_that_comes_alone_is_not_payload_when_the_prompt_takes_its_time() {
    let mut rig = Rig::with(Profile { echo: false, prompt_ms: 2, ..Profile::new(Dialect::Sim800) });
    rig.host(b"AT+CIPSTART=\"TCP\",\"1.2.3.4\",80\r");
    assert_eq!(rig.host(b"AT+CIPSEND=2\r"), "");
    assert_eq!(rig.host(b"\n"), "");
    assert_eq!(rig.pass(2), seen("\r\n> "));
    assert_eq!(rig.host(b"\nb"), seen("\r\nSEND OK\r\n"));
}

#[test]
fn a_line_feed_that_comes_with_the_prompts_time_is_not_payload() {
    let mut rig = Rig::with(Profile { echo: false, prompt_ms: 2, ..Profile::new(Dialect::Sim800) });
    rig.host(b"AT+CIPSTART=\"TCP\",\"1.2.3.4\",80\r");
    assert_eq!(rig.host(b"AT+CIPSEND=2\r"), "");
    rig.skip(2);
    assert_eq!(rig.host(b"\n"), seen("\r\n> "));
    // The host has seen the prompt now: this one is meant.
    assert_eq!(rig.host(b"\nb"), seen("\r\nSEND OK\r\n"));
}
