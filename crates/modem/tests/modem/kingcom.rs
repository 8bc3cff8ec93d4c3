//! Kingcom G: the examples of document 003.

use crate::rig::{Rig, seen};
use simcom_at::Dialect;
use simcom_modem::{Notify, OpenError, Profile};

const START: &str = "AT+CIPSTART=\"TCP\",\"117.143.237.70\",1100\r";

fn rig() -> Rig {
    let mut rig = Rig::new(Dialect::Kingcom);
    rig.session(&[
        ("AT+CPIN?\r", "\r\n+CPIN:READY\r\n\r\nOK\r\n"),
        ("AT+CREG?\r", "\r\n+CREG: 1,1\r\n\r\nOK\r\n"),
        ("AT+CGATT=1\r", "\r\nOK\r\n"),
        ("AT+CGDCONT=1,\"IP\",\"CMNET\"\r", "\r\nOK\r\n"),
        ("AT+CGACT=1,1\r", "\r\nOK\r\n"),
    ]);
    rig
}

#[test]
fn the_session_of_the_guide() {
    let mut rig = rig();
    rig.session(&[
        (
            "ATI\r",
            "\r\nKingcom_Ltd\r\nKingcom_G3524\r\n\r\nRevision: G3524_SHNZ_B5_R04_A01_D160927\r\n\r\nOK\r\n",
        ),
        ("AT+CIPSTATUS\r", "\r\n+IPSTATUS: IP INITIAL\r\n\r\nOK\r\n"),
        ("AT+CIFSR\r", "\r\nERROR\r\n"),
        ("AT+CIFSR=?\r", "\r\n+CIFSR:\r\n\r\nOK\r\n"),
        ("AT+CIFSR?\r", "\r\n+CIFSR:\r\n\r\nOK\r\n"),
        ("AT+CIPHEAD=1\r", "\r\nOK\r\n"),
        (START, "\r\nOK\r\n\r\nCONNECT OK\r\n"),
        ("AT+CIFSR\r", "\r\n10.0.0.2\r\n\r\nOK\r\n"),
        ("AT+CIPSEND=?\r", "\r\nOK\r\n"),
        ("AT+CIPSEND\r", "\r\n> "),
        ("1\x1a", "\r\nOK\r\n"),
        ("AT+CIPSEND\r", "\r\n> "),
        ("\x1a", "\r\nERROR\r\n"),
        ("AT+CIPSEND=5\r", "\r\nERROR\r\n"),
    ]);
    assert_eq!(rig.data(0, b"KINGCOMTEST"), seen("\r\n+IPD:11\r\nKINGCOMTEST"));
    rig.session(&[("AT+CIPHEAD=0\r", "\r\nOK\r\n")]);
    assert_eq!(rig.data(0, b"KINGCOMTEST"), "KINGCOMTEST");
    rig.session(&[
        ("AT+CIPSTATUS=?\r", "\r\n+CIPSTATUS:\r\n\r\nOK\r\n"),
        ("AT+CIPSTATUS?\r", "\r\nOK\r\n"),
        ("AT+CIPSTATUS\r", "\r\n+IPSTATUS: CONNECT OK\r\n\r\nOK\r\n"),
        (START, "\r\nOK\r\n\r\n+CME ERROR: 50\r\n"),
        ("AT+CIPCLOSE\r", "\r\nOK\r\n"),
        ("AT+CIPSTATUS\r", "\r\n+IPSTATUS: IP CLOSE\r\n\r\nOK\r\n"),
        ("AT+CIPCLOSE\r", "\r\nERROR\r\n"),
        ("AT+CIPSEND\r", "\r\nERROR\r\n"),
        (START, "\r\nOK\r\n\r\nCONNECT OK\r\n"),
    ]);
    assert_eq!(rig.closed(0), seen("\r\nCLOSED\r\n"));
    rig.session(&[
        ("AT+CIPSHUT\r", "\r\nOK\r\n"),
        ("AT+CIPSTATUS\r", "\r\n+IPSTATUS: IP INITIAL\r\n\r\nOK\r\n"),
    ]);
}

#[test]
fn failures_have_no_names() {
    let mut rig = rig();
    rig.opens = vec![Err(OpenError::Refused), Err(OpenError::Timeout)];
    rig.session(&[
        (START, "\r\nOK\r\n\r\n+CME ERROR: 50\r\n"),
        (START, "\r\nOK\r\n\r\nCOMMAND NO RESPONSE!\r\n"),
        ("AT+CIPSTATUS\r", "\r\n+IPSTATUS: IP CLOSE\r\n\r\nOK\r\n"),
        ("AT+CIPSTART=\"TCP\",\"1.2.3.4\"\r", "\r\nERROR\r\n"),
    ]);
    rig.answers = false;
    rig.session(&[(START, "\r\nOK\r\n"), ("AT+CIPSTATUS\r", "\r\n+IPSTATUS: TCP CONNECTING\r\n\r\nOK\r\n")]);
    assert_eq!(rig.pass(39_999), "");
    assert_eq!(rig.pass(1), seen("\r\nCOMMAND NO RESPONSE!\r\n"));
    rig.session(&[
        ("AT+CGACT=0,1\r", "\r\nOK\r\n"),
        ("AT+CIPSTATUS\r", "\r\n+IPSTATUS: PDP DEACT\r\n\r\nOK\r\n"),
        (START, "\r\nOK\r\n\r\n+CME ERROR: 50\r\n"),
        ("AT+CGACT=1,1\r", "\r\nOK\r\n"),
    ]);
    rig.answers = true;
    rig.session(&[(START, "\r\nOK\r\n\r\nCONNECT OK\r\n")]);
    assert_eq!(rig.notify(Notify::ContextLost(0)), seen("\r\n+PDP: DEACT\r\n"));
}

#[test]
fn without_a_context_the_open_fails() {
    let mut rig = Rig::new(Dialect::Kingcom);
    rig.session(&[
        (START, "\r\nOK\r\n\r\n+CME ERROR: 50\r\n"),
        ("AT+CMEE=0\r", "\r\nOK\r\n"),
        (START, "\r\nOK\r\n\r\nERROR\r\n"),
    ]);
}

#[test]
fn knobs_of_the_family() {
    let profile = Profile {
        echo: false,
        kingcom_ok_last: true,
        kingcom_comma: true,
        kingcom_shut_ok: true,
        cme_space: false,
        ..Profile::new(Dialect::Kingcom)
    };
    let mut rig = Rig::with(profile);
    rig.session(&[
        ("AT+CGACT=1,1;+CIPHEAD=1\r", "\r\nOK\r\n"),
        (START, "\r\nCONNECT OK\r\n\r\nOK\r\n"),
        (START, "\r\nOK\r\n\r\n+CME ERROR:50\r\n"),
    ]);
    assert_eq!(rig.data(0, b"x"), seen("\r\n+IPD,1:x"));
    rig.session(&[("AT+CIPSHUT\r", "\r\nSHUT OK\r\n")]);
}
