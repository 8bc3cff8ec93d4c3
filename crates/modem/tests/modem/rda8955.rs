//! Clones on the RDA8955 chip: what their firmware prints, byte by byte, and the spellings of their relatives.

use crate::rig::{Rig, seen};
use simcom_at::Dialect;
use simcom_modem::{ClonePush, Notify, Profile, Socket};

/// Up in multi mode.
fn up(rig: &mut Rig) {
    rig.session(&[
        ("AT+CIPMUX=1\r", "\r\nOK\r\n"),
        ("AT+CSTT=\"CMNET\"\r", "\r\nOK\r\n"),
        ("AT+CIICR\r", "\r\nOK\r\n"),
        ("AT+CIFSR\r", "\r\n10.0.0.2\r\n\r\nOK\r\n"),
    ]);
}

#[test]
fn a_session_in_multi_mode() {
    let mut rig = Rig::new(Dialect::Rda8955);
    up(&mut rig);
    rig.session(&[
        ("AT+CIPHEAD=1\r", "\r\nOK\r\n"),
        ("AT+CIPSTART=0,\"TCP\",\"192.0.2.7\",80\r", "\r\nOK\r\n\r\n0,CONNECT OK\r\n"),
        ("AT+CIPSTART=0,\"TCP\",\"192.0.2.7\",80\r", "\r\nOK\r\n\r\n0,ALREAY CONNECT\r\n"),
        ("AT+CIPSEND=0,4\r", "\r\n> "),
        ("ping", "\r\n0,SEND OK\r\n"),
        ("AT+CIPACK=0\r", "\r\n+CIPACK:4,4,0\r\n\r\nOK\r\n"),
    ]);
    assert_eq!(rig.data(0, b"hello"), seen("+RECEIVE,0,5:hello\r\n"));
    let rows: String = (1..8).map(|n| format!("\r\nC:{n},0,TCP,,0,IP INITIAL \r\n")).collect();
    let status =
        format!("\r\nOK\r\n\r\nSTATE:IP PROCESSING \r\n\r\nC:0,0,TCP,192.0.2.7,80,CONNECT OK \r\n{rows}");
    rig.session(&[
        ("AT+CIPSTATUS\r", &status),
        ("AT+CIPSTATUS=0\r", "\r\n+CIPSTATUS:0,0,TCP,192.0.2.7,80,CONNECT OK \r\n\r\nOK\r\n"),
        ("AT+CIPMUX?\r", "\r\n+CIPMUX:1\r\n\r\nOK\r\n"),
        ("AT+CIPSEND?\r", "\r\n+CIPSEND:<n>,<size>\r\n\r\nOK\r\n"),
        ("AT+CIPCLOSE=0,1\r", "\r\n0,CLOSE OK\r\n"),
        ("AT+CIPSTART=0,\"TCP\",\"192.0.2.7\",80\r", "\r\nOK\r\n\r\n0,CONNECT OK\r\n"),
        ("AT+CIPCLOSE=0\r", ""),
    ]);
    assert_eq!(rig.pass(3400), "", "a slow close takes its time");
    assert_eq!(rig.pass(200), seen("\r\n0,CLOSE OK\r\n"));
    rig.session(&[("AT+CIPSHUT\r", "\r\nSHUT OK\r\n"), ("AT+CIPSHUT\r", "\r\nERROR\r\n")]);
}

#[test]
fn the_peers_close_is_told_after_the_time_of_ciprdtimer() {
    let mut rig = Rig::new(Dialect::Rda8955);
    up(&mut rig);
    rig.session(&[
        ("AT+CIPRDTIMER=100,500\r", "\r\nOK\r\n"),
        ("AT+CIPSTART=3,\"TCP\",\"192.0.2.7\",80\r", "\r\nOK\r\n\r\n3,CONNECT OK\r\n"),
    ]);
    assert_eq!(rig.closed(3), "");
    assert_eq!(rig.pass(450), "");
    assert_eq!(rig.pass(100), seen("\r\n3,CLOSED\r\n"));
}

#[test]
fn a_read_says_what_was_asked_and_what_it_got() {
    let mut rig = Rig::new(Dialect::Rda8955);
    up(&mut rig);
    rig.session(&[
        ("AT+CIPRXGET=1\r", "\r\nOK\r\n"),
        ("AT+CIPSTART=2,\"TCP\",\"192.0.2.7\",80\r", "\r\nOK\r\n\r\n2,CONNECT OK\r\n"),
    ]);
    assert_eq!(rig.data(2, b"JKLMhello"), seen("\r\n+CIPRXGET:2\r\n"));
    rig.session(&[
        ("AT+CIPRXGET=4,2\r", "\r\n+CIPRXGET:4,2,9\r\n\r\nOK\r\n"),
        ("AT+CIPRXGET=3,2,4\r", "\r\n+CIPRXGET:3,2,4,4\r\n4a4b4c4d\r\n\r\nOK\r\n"),
        ("AT+CIPHEAD=1\r", "\r\nOK\r\n"),
        ("AT+CIPRXGET=2,2,100\r", "\r\n+CIPRXGET:2,2,100,5\r\n+RECEIVE,2,100:hello\r\n\r\nOK\r\n"),
    ]);
}

#[test]
fn a_datagram_names_its_sender_on_a_line_of_its_own() {
    let mut rig = Rig::new(Dialect::Rda8955);
    up(&mut rig);
    rig.session(&[
        ("AT+CIPHEAD=1\r", "\r\nOK\r\n"),
        ("AT+CIPSTART=1,\"UDP\",\"192.0.2.7\",7\r", "\r\nOK\r\n\r\n1,CONNECT OK\r\n"),
    ]);
    let pushed = rig.data_from(1, b"abc", "192.0.2.9:53");
    assert_eq!(pushed, seen("+RECEIVE,1,3,192.0.2.9:53\r\n+RECEIVE,1,3:abc\r\n"));
}

#[test]
fn single_mode_prints_its_failure_as_one_text_and_mode_1_again_like_a_notice() {
    let mut rig = Rig::new(Dialect::Rda8955);
    rig.answers = false;
    rig.session(&[
        ("AT+CIPRXGET=1\r", "\r\nOK\r\n"),
        ("AT+CIPRXGET=1\r", "\r\n+CIPRXGET:1\r\n\r\nOK\r\n"),
        ("AT+CIPSTART=\"TCP\",\"192.0.2.7\",80\r", "\r\nOK\r\n"),
        ("AT+CIPSTATUS\r", "\r\nOK\r\n\r\nSTATE:IP PROCESSING \r\n"),
    ]);
    assert_eq!(rig.pass(75_000), seen("\r\nSTATE:CLOSED\r\n\r\nCONNECT FAIL\r\n"));
}

#[test]
fn a_server_numbers_its_client_with_blanks_and_says_closed() {
    let mut rig = Rig::new(Dialect::Rda8955);
    up(&mut rig);
    rig.session(&[
        ("AT+CMEE=1\r", "\r\nOK\r\n"),
        ("AT+CIPSERVER=1,80\r", "\r\nOK\r\n\r\nSERVER OK\r\n"),
        ("AT+CIPSERVER=1,81\r", "\r\nAlready opened\r\n\r\n+CME ERROR: 50\r\n"),
        ("AT+CIPSERVER?\r", "\r\n+CIPSERVER:1,80\r\n\r\nOK\r\n"),
    ]);
    let peer = "192.0.2.9:5".parse().unwrap();
    let said = rig.notify(Notify::Incoming { socket: Socket(Socket::SERVER), token: 1, peer });
    assert_eq!(said, seen("\r\n0, REMOTE IP: 192.0.2.9\r\n"));
    rig.session(&[
        ("AT+CIPSERVER=0\r", "\r\nOK\r\n\r\nSERVER CLOSED\r\n"),
        ("AT+CIPSERVER=0\r", "\r\nAlready closed\r\n\r\n+CME ERROR: 50\r\n"),
        ("AT+CIPMUX=7\r", "\r\n+CME ERROR: 53\r\n"),
    ]);
}

#[test]
fn quick_send_is_followed_by_a_result_without_a_text() {
    let mut rig = Rig::new(Dialect::Rda8955);
    up(&mut rig);
    rig.session(&[
        ("AT+CIPQSEND=1\r", "\r\nOK\r\n"),
        ("AT+CIPSTART=0,\"TCP\",\"192.0.2.7\",80\r", "\r\nOK\r\n\r\n0,CONNECT OK\r\n"),
        ("AT+CIPSEND=0,4\r", "\r\n> "),
        ("ping", "\r\nDATA ACCEPT:0,4\r\n\r\n\r\n"),
    ]);
}

#[test]
fn its_relatives_spell_pushed_data_and_the_peers_close_in_their_own_way() {
    for (push, wanted) in [
        (ClonePush::A9, "+CIPRCV,0,5:hello\r\n"),
        (ClonePush::A6, "+CIPRCV:0,5,hello\r\n"),
        (ClonePush::NextLine, "+RECEIVE:0,5\r\nhello\r\n"),
    ] {
        let profile =
            Profile { clone_push: push, tcp_closed: true, echo: false, ..Profile::new(Dialect::Rda8955) };
        let mut rig = Rig::with(profile);
        up(&mut rig);
        rig.session(&[
            ("AT+CIPHEAD=1\r", "\r\nOK\r\n"),
            ("AT+CIPSTART=0,\"TCP\",\"192.0.2.7\",80\r", "\r\nOK\r\n\r\n0,CONNECT OK\r\n"),
        ]);
        assert_eq!(rig.data(0, b"hello"), seen(wanted));
        rig.closed(0);
        assert_eq!(rig.pass(3600), seen("\r\n+TCPCLOSED:0\r\n"));
    }
}
