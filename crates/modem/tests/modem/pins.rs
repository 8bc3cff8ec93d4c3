//! DTR, DCD, RI and sleep.

use crate::rig::{Rig, seen};
use simcom_at::Dialect;
use simcom_modem::{Notify, Pins};

#[test]
fn dtr_leaves_data_mode_where_the_host_asked_for_it() {
    let mut rig = Rig::new(Dialect::Sim800);
    rig.host(b"AT&D1+CIPMODE=1\r");
    rig.host(b"AT+CIPSTART=\"TCP\",\"1.2.3.4\",80\r");
    assert_eq!(rig.modem.pins(), Pins { dcd: true, ri: false });
    rig.modem.dtr(rig.now, false);
    assert_eq!(rig.pass(1000), "");
    rig.modem.dtr(rig.now, true);
    assert_eq!(rig.host(b""), seen("\r\nOK\r\n"));
    rig.session(&[("ATO\r", "\r\nCONNECT\r\n")]);
    rig.closed(0);
    assert_eq!(rig.modem.pins(), Pins { dcd: false, ri: false });
}

#[test]
fn ri_pulses() {
    let mut rig = Rig::new(Dialect::Sim7000);
    rig.notify(Notify::Sms(1));
    assert!(rig.modem.pins().ri);
    rig.pass(119);
    assert!(rig.modem.pins().ri);
    rig.pass(1);
    assert!(!rig.modem.pins().ri);
}

#[test]
fn sleep_by_dtr() {
    let mut rig = Rig::new(Dialect::Sim800);
    rig.session(&[("AT+CSCLK=1\r", "\r\nOK\r\n")]);
    rig.modem.dtr(rig.now, false);
    rig.pass(4_999);
    rig.session(&[("AT\r", "\r\nOK\r\n")]);
    rig.pass(5_000);
    rig.session(&[("AT\r", "")]);
    assert_eq!(rig.notify(Notify::Ring), seen("\r\nRING\r\n"));
    rig.session(&[("AT\r", "")]);
    rig.modem.dtr(rig.now, true);
    rig.pass(50);
    rig.session(&[("AT\r", "\r\nOK\r\n")]);
}

#[test]
fn sleep_by_silence() {
    let mut rig = Rig::new(Dialect::Sim800);
    rig.session(&[("AT+CSCLK=2\r", "\r\nOK\r\n")]);
    rig.pass(5_000);
    rig.session(&[("AT\r", "")]);
    rig.pass(100);
    rig.session(&[("AT\r", "\r\nOK\r\n")]);
}

#[test]
fn a_network_that_stays_away_costs_the_context() {
    let mut rig = Rig::new(Dialect::Sim800);
    rig.host(b"AT+CIPSTART=\"TCP\",\"1.2.3.4\",80\r");
    rig.notify(Notify::Registration(2));
    assert_eq!(rig.pass(29_999), "");
    assert_eq!(rig.pass(1), seen("\r\n+PDP: DEACT\r\n"));
}
