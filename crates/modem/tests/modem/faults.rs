//! Each fault does what its name says, once.

use crate::rig::{Rig, seen};
use simcom_at::Dialect;
use simcom_modem::Fault;

fn rig() -> Rig {
    let mut rig = Rig::new(Dialect::Sim800);
    rig.host(b"AT+CIPHEAD=1\r");
    rig.host(b"AT+CIPSTART=\"TCP\",\"1.2.3.4\",80\r");
    rig
}

#[test]
fn final_results() {
    let mut rig = rig();
    rig.fault(Fault::DropFinal);
    rig.session(&[("AT+CSQ\r", "\r\n+CSQ: 20,0\r\n"), ("AT\r", "\r\nOK\r\n")]);
    rig.fault(Fault::DoubleFinal);
    rig.session(&[("AT\r", "\r\nOK\r\n\r\nOK\r\n"), ("AT\r", "\r\nOK\r\n")]);
    rig.fault(Fault::LateFinal(300));
    rig.session(&[("AT\rAT\r", "")]);
    assert_eq!(rig.pass(299), "");
    assert_eq!(rig.pass(1), seen("\r\nOK\r\n\r\nOK\r\n"));
    rig.fault(Fault::Refuse { command: "+CSQ".into(), code: 100 });
    rig.session(&[
        ("AT+CMEE=1\r", "\r\nOK\r\n"),
        ("AT+CSQ\r", "\r\n+CME ERROR: 100\r\n"),
        ("AT+CSQ\r", "\r\n+CSQ: 20,0\r\n\r\nOK\r\n"),
    ]);
    rig.fault(Fault::Notice { at: 4, bytes: b"\r\nRING\r\n".to_vec() });
    rig.session(&[("AT+CSQ\r", "\r\n+C\r\nRING\r\nSQ: 20,0\r\n\r\nOK\r\n")]);
    assert!(rig.modem.faults().is_empty());
}

#[test]
fn sending() {
    let mut rig = rig();
    rig.fault(Fault::NoPrompt);
    rig.session(&[("AT+CIPSEND=2\r", ""), ("ab", "\r\nSEND OK\r\n")]);
    rig.fault(Fault::SendFail);
    rig.session(&[("AT+CIPSEND=2\r", "\r\n> "), ("ab", "\r\nSEND FAIL\r\n")]);
    rig.fault(Fault::RestartInPayload(3));
    rig.session(&[("AT+CIPSEND=9\r", "\r\n> "), ("abcdef", "")]);
    let boot = "\r\nRDY\r\n\r\n+CFUN: 1\r\n\r\n+CPIN: READY\r\n\r\nCall Ready\r\n\r\nSMS Ready\r\n";
    assert_eq!(rig.pass(5000), seen(boot));
}

#[test]
fn payloads() {
    let mut rig = rig();
    rig.fault(Fault::ShortPayload(2));
    assert_eq!(rig.data(0, b"hello"), seen("\r\n+IPD,5:hel"));
    rig.fault(Fault::WrongLength(3));
    assert_eq!(rig.data(0, b"hello"), seen("\r\n+IPD,8:hello"));
    assert_eq!(rig.data(0, b"hello"), seen("\r\n+IPD,5:hello"));
}

#[test]
fn a_hang_swallows_everything() {
    let mut rig = rig();
    rig.fault(Fault::Hang(500));
    rig.session(&[("AT\r", "")]);
    assert_eq!(rig.data(0, b"x"), "");
    assert_eq!(rig.pass(499), "");
    assert_eq!(rig.pass(1), seen("\r\n+IPD,1:x"));
    rig.session(&[("AT\r", "\r\nOK\r\n")]);
}

#[test]
fn a_hang_between_prompt_and_payload_leaves_the_send_open() {
    let mut rig = rig();
    rig.session(&[("AT+CIPSEND=4\r", "\r\n> "), ("ab", "")]);
    rig.fault(Fault::Hang(500));
    rig.session(&[("lost", "")]);
    assert_eq!(rig.pass(500), "");
    rig.session(&[("cd", "\r\nSEND OK\r\n")]);
}

#[test]
fn a_standing_fault_stays() {
    let mut rig = rig();
    rig.modem.faults().always(Fault::SendFail);
    for _ in 0..3 {
        rig.session(&[("AT+CIPSEND=2\r", "\r\n> "), ("ab", "\r\nSEND FAIL\r\n")]);
    }
}
