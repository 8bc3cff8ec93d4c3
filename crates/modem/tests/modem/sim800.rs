//! SIM800: the examples of document 002 and the states of the manual.

use crate::rig::{Rig, seen};
use simcom_at::{Dialect, SocketAddrV4};
use simcom_modem::{Notify, OpenError, Profile, Request, Socket};

const UP: &[(&str, &str)] = &[
    ("AT+CSTT=\"CMNET\"\r", "\r\nOK\r\n"),
    ("AT+CIICR\r", "\r\nOK\r\n"),
    ("AT+CIFSR\r", "\r\n10.0.0.2\r\n"),
];

fn rig() -> Rig {
    Rig::new(Dialect::Sim800)
}

fn multi() -> Rig {
    let mut rig = rig();
    rig.session(&[("AT+CIPMUX=1\r", "\r\nOK\r\n")]);
    rig.session(UP);
    rig
}

#[test]
fn the_single_client_of_the_note() {
    let mut rig = rig();
    rig.session(&[
        ("AT+CPIN?\r", "\r\n+CPIN: READY\r\n\r\nOK\r\n"),
        ("AT+CSQ\r", "\r\n+CSQ: 20,0\r\n\r\nOK\r\n"),
        ("AT+CREG?\r", "\r\n+CREG: 0,1\r\n\r\nOK\r\n"),
        ("AT+CGATT?\r", "\r\n+CGATT: 1\r\n\r\nOK\r\n"),
        ("AT+CIPHEAD=1\r", "\r\nOK\r\n"),
    ]);
    rig.session(UP);
    rig.session(&[
        ("AT+CIPSTART=\"TCP\",\"116.228.221.51\",\"8500\"\r", "\r\nOK\r\n\r\nCONNECT OK\r\n"),
        ("AT+CIPSTATUS\r", "\r\nOK\r\n\r\nSTATE: CONNECT OK\r\n"),
        ("AT+CIPSEND=5\r", "\r\n> "),
        ("hello", "\r\nSEND OK\r\n"),
        ("AT+CIPSEND\r", "\r\n> "),
        ("hello TCP serve\x1a", "\r\nSEND OK\r\n"),
    ]);
    assert_eq!(rig.data(0, b"hello SIM800"), seen("\r\n+IPD,12:hello SIM800"));
    rig.session(&[
        ("AT+CIPSEND?\r", "\r\n+CIPSEND: 1460\r\n\r\nOK\r\n"),
        ("AT+CIPSEND=1461\r", "\r\nERROR\r\n"),
        ("AT+CIPCLOSE\r", "\r\nCLOSE OK\r\n"),
        ("AT+CIPSTATUS\r", "\r\nOK\r\n\r\nSTATE: TCP CLOSED\r\n"),
        ("AT+CIPCLOSE\r", "\r\nERROR\r\n"),
        ("AT+CIPSHUT\r", "\r\nSHUT OK\r\n"),
        ("AT+CIPSTATUS\r", "\r\nOK\r\n\r\nSTATE: IP INITIAL\r\n"),
    ]);
}

#[test]
fn the_multi_client_and_server_of_the_note() {
    let mut rig = multi();
    rig.session(&[("AT+CIPSERVER=1,8888\r", "\r\nOK\r\n\r\nSERVER OK\r\n")]);
    let peer = SocketAddrV4::new([10, 76, 40, 73].into(), 2020);
    let server = Socket(Socket::SERVER);
    let printed = rig.notify(Notify::Incoming { socket: server, token: 7, peer });
    assert_eq!(printed, seen("\r\n0, REMOTE IP: 10.76.40.73\r\n"));
    assert!(rig.requests.contains(&Request::Accept { token: 7, socket: Socket(0) }));
    assert_eq!(rig.data(0, b"hello"), seen("\r\n+RECEIVE,0,5:\r\nhello"));
    rig.session(&[
        ("AT+CIPSTART=1,\"TCP\",\"116.228.221.51\",8500\r", "\r\nOK\r\n\r\n1, CONNECT OK\r\n"),
        ("AT+CIPSTART=2,\"UDP\",\"116.228.221.51\",\"9600\"\r", "\r\nOK\r\n\r\n2, CONNECT OK\r\n"),
        ("AT+CIPQSEND=1\r", "\r\nOK\r\n"),
        ("AT+CIPSEND=1,3\r", "\r\n> "),
        ("TCP", "\r\nDATA ACCEPT:1,3\r\n"),
        ("AT+CIPACK=1\r", "\r\n+CIPACK: 3, 3, 0\r\n\r\nOK\r\n"),
        ("AT+CIPSEND=2\r", "\r\n> "),
        ("UDP\x1a", "\r\nDATA ACCEPT:2,3\r\n"),
        ("AT+CIPACK=2\r", "\r\n+CIPACK: 3, 0, 3\r\n\r\nOK\r\n"),
        (
            "AT+CIPSTATUS=1\r",
            "\r\n+CIPSTATUS: 1,0,\"TCP\",\"116.228.221.51\",\"8500\",\"CONNECTED\"\r\n\r\nOK\r\n",
        ),
        ("AT+CIPCLOSE=2\r", "\r\n2, CLOSE OK\r\n"),
        (
            "AT+CIPSTATUS\r",
            "\r\nOK\r\n\r\nSTATE: IP PROCESSING\r\n\r\nS: 0,0,\"8888\",\"LISTENING\"\r\n\
             C: 0,0,\"TCP\",\"10.76.40.73\",\"2020\",\"CONNECTED\"\r\n\
             C: 1,0,\"TCP\",\"116.228.221.51\",\"8500\",\"CONNECTED\"\r\n\
             C: 2,0,\"UDP\",\"116.228.221.51\",\"9600\",\"CLOSED\"\r\n\
             C: 3,,\"\",\"\",\"\",\"INITIAL\"\r\n\
             C: 4,,\"\",\"\",\"\",\"INITIAL\"\r\n\
             C: 5,,\"\",\"\",\"\",\"INITIAL\"\r\n",
        ),
    ]);
    assert_eq!(rig.closed(0), seen("\r\n0, CLOSED\r\n"));
    rig.session(&[
        ("AT+CIPSERVER=0\r", "\r\nOK\r\n\r\nSERVER CLOSE\r\n"),
        ("AT+CIPSHUT\r", "\r\nSHUT OK\r\n"),
    ]);
}

#[test]
fn data_on_request_in_both_modes() {
    let mut rig = multi();
    rig.session(&[
        ("AT+CIPRXGET=1\r", "\r\nOK\r\n"),
        ("AT+CIPSTART=1,\"TCP\",\"116.228.221.51\",5555\r", "\r\nOK\r\n\r\n1, CONNECT OK\r\n"),
        ("AT+CIPRXGET=2,1,10\r", "\r\n+CIPRXGET: 2,1,0,0\r\n\r\nOK\r\n"),
    ]);
    assert_eq!(rig.data(1, b"HELLO WORLD"), seen("\r\n+CIPRXGET: 1,1\r\n"));
    assert_eq!(rig.data(1, b""), "");
    rig.session(&[
        ("AT+CIPRXGET=4,1\r", "\r\n+CIPRXGET: 4,1,11\r\n\r\nOK\r\n"),
        ("AT+CIPRXGET=2,1,5\r", "\r\n+CIPRXGET: 2,1,5,6\r\nHELLO\r\nOK\r\n"),
        ("AT+CIPRXGET=3,1,730\r", "\r\n+CIPRXGET: 3,1,6,0\r\n20574F524C44\r\nOK\r\n"),
        ("AT+CIPRXGET=3,1,731\r", "\r\nERROR\r\n"),
        ("AT+CIPRXGET=4,2\r", "\r\nERROR\r\n"),
        ("AT+CIPRXGET=0\r", "\r\nERROR\r\n"),
    ]);

    let mut rig = self::rig();
    rig.session(&[
        ("AT+CIPRXGET=1\r", "\r\nOK\r\n"),
        ("AT+CIPSTART=\"TCP\",\"116.228.221.51\",5555\r", "\r\nOK\r\n\r\nCONNECT OK\r\n"),
    ]);
    assert_eq!(rig.data(0, b"HELLO WORLD"), seen("\r\n+CIPRXGET: 1\r\n"));
    rig.session(&[("AT+CIPRXGET=2,1460\r", "\r\n+CIPRXGET: 2,11,0\r\nHELLO WORLD\r\nOK\r\n")]);
}

#[test]
fn unread_data_outlives_the_peer() {
    let mut rig = multi();
    rig.session(&[
        ("AT+CIPRXGET=1\r", "\r\nOK\r\n"),
        ("AT+CIPSTART=0,\"TCP\",\"1.2.3.4\",80\r", "\r\nOK\r\n\r\n0, CONNECT OK\r\n"),
    ]);
    rig.data(0, b"abc");
    assert_eq!(rig.closed(0), seen("\r\n0, CLOSED\r\n"));
    rig.session(&[
        (
            "AT+CIPSTATUS=0\r",
            "\r\n+CIPSTATUS: 0,0,\"TCP\",\"1.2.3.4\",\"80\",\"REMOTE CLOSING\"\r\n\r\nOK\r\n",
        ),
        ("AT+CIPRXGET=2,0,2\r", "\r\n+CIPRXGET: 2,0,2,1\r\nab\r\nOK\r\n"),
        ("AT+CIPCLOSE=0\r", "\r\n0, CLOSE OK\r\n"),
        ("AT+CIPCLOSE=0\r", "\r\nERROR\r\n"),
    ]);
}

#[test]
fn headers_of_pushed_data_in_single_mode() {
    let table = [
        (0, 0, 0, "test1"),
        (1, 0, 0, "\r\n+IPD,5:test1"),
        (1, 0, 1, "\r\n+IPD,5,TCP:test1"),
        (0, 1, 0, "\r\nRECV FROM:1.2.3.4:80\r\ntest1"),
        (1, 1, 0, "\r\nRECV FROM:1.2.3.4:80\r\n\r\n+IPD,5:test1"),
    ];
    for (head, srip, showtp, expected) in table {
        let mut rig = rig();
        rig.host(format!("AT+CIPHEAD={head};+CIPSRIP={srip};+CIPSHOWTP={showtp}\r").as_bytes());
        rig.host(b"AT+CIPSTART=\"TCP\",\"1.2.3.4\",80\r");
        assert_eq!(rig.data(0, b"test1"), seen(expected));
    }
}

#[test]
fn failures_of_an_open() {
    let mut rig = rig();
    rig.opens = vec![Err(OpenError::Refused)];
    rig.session(&[
        ("AT+CIPSTART=\"TCP\",\"1.2.3.4\",80\r", "\r\nOK\r\n\r\nSTATE: TCP CLOSED\r\n\r\nCONNECT FAIL\r\n"),
        ("AT+CIPSTART=\"TCP\",\"1.2.3.4\",80\r", "\r\nOK\r\n\r\nCONNECT OK\r\n"),
        ("AT+CIPSTART=\"TCP\",\"1.2.3.4\",80\r", "\r\nERROR\r\n\r\nALREADY CONNECT\r\n"),
        ("AT+CIPSTART=\"TCP\",\"1.2.3.4\",80000\r", "\r\nERROR\r\n"),
        ("AT+CIPSTART=\"SCTP\",\"1.2.3.4\",80\r", "\r\nERROR\r\n"),
    ]);

    let mut rig = multi();
    rig.answers = false;
    rig.session(&[("AT+CIPSTART=0,\"TCP\",\"1.2.3.4\",80\r", "\r\nOK\r\n")]);
    assert_eq!(rig.pass(74_999), "");
    assert_eq!(rig.pass(2), seen("\r\n0, CONNECT FAIL\r\n"));
}

#[test]
fn commands_outside_their_state_are_refused() {
    let mut rig = rig();
    rig.session(&[
        ("AT+CIICR\r", "\r\nERROR\r\n"),
        ("AT+CIFSR\r", "\r\nERROR\r\n"),
        ("AT+CMEE=1;+CIFSR\r", "\r\n+CME ERROR: 3\r\n"),
        ("AT+CMEE=2;+CIFSR\r", "\r\n+CME ERROR: operation not allowed\r\n"),
        ("AT+CMEE=0\r", "\r\nOK\r\n"),
        ("AT+CIPSEND\r", "\r\nERROR\r\n"),
        ("AT+CSTT\r", "\r\nOK\r\n"),
        ("AT+CSTT\r", "\r\nERROR\r\n"),
        ("AT+CIPMUX=1\r", "\r\nERROR\r\n"),
        ("AT+CIPSTATUS\r", "\r\nOK\r\n\r\nSTATE: IP START\r\n"),
        ("AT+CIICR\r", "\r\nOK\r\n"),
        ("AT+CIPSTATUS\r", "\r\nOK\r\n\r\nSTATE: IP GPRSACT\r\n"),
        ("AT+CIPSTART=\"TCP\",\"1.2.3.4\",80\r", "\r\nERROR\r\n"),
        ("AT+CIFSR;E0\r", "\r\n10.0.0.2\r\n\r\nOK\r\n"),
        ("AT+CIPSTATUS\r", "\r\nOK\r\n\r\nSTATE: IP STATUS\r\n"),
        ("AT+CGATT=0\r", "\r\nOK\r\n\r\n+PDP: DEACT\r\n"),
        ("AT+CIPSTATUS\r", "\r\nOK\r\n\r\nSTATE: PDP DEACT\r\n"),
        ("AT+CIPSHUT\r", "\r\nSHUT OK\r\n"),
        ("AT+CIPSTART=\"TCP\",\"1.2.3.4\",80\r", "\r\nOK\r\n\r\nSTATE: PDP DEACT\r\n\r\nCONNECT FAIL\r\n"),
    ]);
}

#[test]
fn normal_send_waits_for_the_peer_and_gives_up_after_645_seconds() {
    let mut rig = multi();
    rig.acks = false;
    rig.session(&[
        ("AT+CIPSTART=0,\"TCP\",\"1.2.3.4\",80\r", "\r\nOK\r\n\r\n0, CONNECT OK\r\n"),
        ("AT+CIPSTART=1,\"UDP\",\"1.2.3.4\",80\r", "\r\nOK\r\n\r\n1, CONNECT OK\r\n"),
        ("AT+CIPSEND=1,2\r", "\r\n> "),
        ("ab", "\r\n1, SEND OK\r\n"),
        ("AT+CIPSEND=0,2\r", "\r\n> "),
        ("abAT\r", ""),
    ]);
    assert_eq!(rig.data(0, b"x"), seen("\r\n+RECEIVE,0,1:\r\nx"));
    assert_eq!(rig.pass(644_999), "");
    assert_eq!(rig.pass(1), seen("\r\n0, CLOSED\r\n\r\nOK\r\n"));
}

#[test]
fn the_second_context_has_its_own_life() {
    let mut rig = multi();
    rig.session(&[
        ("AT+CIPSTART=0,\"TCP\",\"116.236.221.75\",5555\r", "\r\nOK\r\n\r\n0, CONNECT OK\r\n"),
        ("AT+CIPSGTXT=1\r", "\r\nOK\r\n"),
        ("AT+CSTT=\"CMWAP\"\r", "\r\nOK\r\n"),
        ("AT+CIICR\r", "\r\nOK\r\n"),
        ("AT+CIFSR\r", "\r\n10.0.1.2\r\n"),
        ("AT+CIPSTART=1,\"TCP\",\"116.236.221.75\",5555\r", "\r\nOK\r\n\r\n1, CONNECT OK\r\n"),
        ("AT+CIPSHUT\r", "\r\nSHUT OK\r\n"),
        ("AT+CIPSEND=0,1\r", "\r\n> "),
        ("x", "\r\n0, SEND OK\r\n"),
        ("AT+CIPSGTXT=0\r", "\r\nOK\r\n"),
        ("AT+CIPSHUT\r", "\r\nSHUT OK\r\n"),
        ("AT+CIPSEND=0,1\r", "\r\nERROR\r\n"),
    ]);
}

#[test]
fn names_are_resolved_behind_the_result() {
    let mut rig = rig();
    rig.session(UP);
    rig.session(&[
        (
            "AT+CDNSGIP =www.baidu.com\r",
            "\r\nOK\r\n\r\n+CDNSGIP: 1,\"www.baidu.com\",\"119.75.218.77\",\"119.75.217.56\"\r\n",
        ),
        ("AT+CDNSGIP=\"abctest\"\r", "\r\nOK\r\n\r\n+CDNSGIP: 0,8\r\n"),
        ("AT+CDNSCFG=\"8.8.8.8\"\r", "\r\nOK\r\n"),
        ("AT+CDNSCFG?\r", "\r\nPrimaryDns: 8.8.8.8\r\nSecondaryDns: 0.0.0.0\r\n\r\nOK\r\n"),
    ]);
}

#[test]
fn transparent_mode_of_the_note() {
    let mut rig = rig();
    rig.session(&[("AT+CIPMODE=1\r", "\r\nOK\r\n")]);
    rig.session(UP);
    rig.session(&[("AT+CIPSTART=\"TCP\",\"116.228.221.51\",\"8500\"\r", "\r\nOK\r\n\r\nCONNECT\r\n")]);
    assert_eq!(rig.data(0, b"SIM800 channel test"), seen("SIM800 channel test"));
    assert_eq!(rig.notify(Notify::Ring), "");
    rig.pass(1000);
    rig.host(b"data+++");
    assert_eq!(rig.pass(2000), "", "no silence in front");
    rig.host(b"+++");
    assert_eq!(rig.pass(1000), seen("\r\nOK\r\n\r\nRING\r\n"));
    assert_eq!(rig.data(0, b"later"), "");
    rig.session(&[("AT\r", "\r\nOK\r\n"), ("ATO\r", "\r\nCONNECT\r\nlater")]);
    assert_eq!(rig.closed(0), seen("\r\nCLOSED\r\n"));
    rig.session(&[("ATO\r", "\r\nERROR\r\n"), ("AT\r", "\r\nOK\r\n")]);
    let sent: Vec<u8> = rig
        .requests
        .iter()
        .filter_map(|r| if let Request::Send { bytes, .. } = r { Some(bytes.clone()) } else { None })
        .flatten()
        .collect();
    assert_eq!(sent, b"data+++");
}

fn transparent() -> Rig {
    let mut rig = rig();
    rig.host(b"AT+CIPMODE=1\r");
    rig.host(b"AT+CIPSTART=\"TCP\",\"1.2.3.4\",80\r");
    rig
}

#[test]
fn behind_the_end_of_data_mode_there_is_silence() {
    let mut rig = transparent();
    assert_eq!(rig.notify(Notify::Ring), "");
    assert_eq!(rig.closed(0), seen("\r\nCLOSED\r\n"));
    assert_eq!(rig.pass(1499), "");
    assert_eq!(rig.pass(1), seen("\r\nRING\r\n"));

    let mut rig = transparent();
    rig.notify(Notify::Ring);
    assert_eq!(rig.notify(Notify::ContextLost(0)), seen("\r\n+PDP: DEACT\r\n"));
    assert_eq!(rig.pass(1500), seen("\r\nRING\r\n"));
}

#[test]
fn what_came_in_command_mode_is_not_lost_when_the_peer_closes() {
    let mut rig = transparent();
    rig.pass(1000);
    rig.host(b"+++");
    assert_eq!(rig.pass(1000), seen("\r\nOK\r\n"));
    assert_eq!(rig.data(0, b"late"), "");
    assert_eq!(rig.closed(0), "");
    rig.session(&[("ATO\r", "\r\nCONNECT\r\nlate\r\nCLOSED\r\n")]);
}

/// What has gone to the network, block by block.
fn blocks(rig: &Rig) -> Vec<Vec<u8>> {
    let sent = |r: &Request| if let Request::Send { bytes, .. } = r { Some(bytes.clone()) } else { None };
    rig.requests.iter().filter_map(sent).collect()
}

#[test]
fn data_mode_input_is_packed_by_size_and_by_time() {
    let mut rig = rig();
    rig.host(b"AT+CIPCCFG=5,3,10,1\r");
    rig.host(b"AT+CIPMODE=1\r");
    rig.host(b"AT+CIPSTART=\"TCP\",\"1.2.3.4\",80\r");
    rig.host(b"0123456789ab");
    assert_eq!(blocks(&rig), [b"0123456789".to_vec()]);
    rig.pass(299);
    assert_eq!(blocks(&rig).len(), 1);
    rig.pass(1);
    assert_eq!(blocks(&rig), [b"0123456789".to_vec(), b"ab".to_vec()]);
}

#[test]
fn plus_signs_that_miss_their_times_are_data() {
    for (escapes, way) in [(1, "+@999+"), (1, "+@1001+@1+"), (1, "+++@999x"), (1, "++++"), (0, "+++")] {
        let mut rig = rig();
        rig.host(format!("AT+CIPCCFG=5,2,1024,{escapes}\r").as_bytes());
        rig.host(b"AT+CIPMODE=1\r");
        rig.host(b"AT+CIPSTART=\"TCP\",\"1.2.3.4\",80\r");
        rig.pass(5000);
        let mut wanted = Vec::new();
        for piece in way.split_inclusive('+').flat_map(|piece| piece.split_inclusive('x')) {
            let (ms, bytes) = match piece.strip_prefix('@') {
                Some(piece) => piece.split_at(piece.len() - 1),
                None => ("0", piece),
            };
            rig.pass(ms.parse().unwrap());
            assert_eq!(rig.host(bytes.as_bytes()), "");
            wanted.extend_from_slice(bytes.as_bytes());
        }
        assert_eq!(rig.pass(5000), "", "{way}: it is no escape");
        assert_eq!(blocks(&rig).concat(), wanted, "{way}");
    }
}

#[test]
fn data_mode_output_is_paced_as_asked() {
    let mut rig = rig();
    rig.host(b"AT+CIPCCFG=5,2,1024,1,1,50,100\r");
    rig.host(b"AT+CIPMODE=1\r");
    rig.host(b"AT+CIPSTART=\"TCP\",\"1.2.3.4\",80\r");
    assert_eq!(rig.data(0, &[b'x'; 120]).len(), 50);
    assert_eq!(rig.pass(99), "");
    assert_eq!(rig.pass(1).len(), 50);
    assert_eq!(rig.pass(100).len(), 20);
}

#[test]
fn the_network_is_told_to_stop_and_to_go_on() {
    let mut rig = multi();
    rig.session(&[
        ("AT+CIPRXGET=1\r", "\r\nOK\r\n"),
        ("AT+CIPSTART=0,\"TCP\",\"1.2.3.4\",80\r", "\r\nOK\r\n\r\n0, CONNECT OK\r\n"),
    ]);
    rig.data(0, &[b'x'; 3000]);
    let stop = Request::Receive { socket: Socket(0), ready: false };
    assert_eq!(rig.requests.last(), Some(&stop));
    rig.host(b"AT+CIPRXGET=2,0,1460\r");
    assert_eq!(rig.requests.last(), Some(&stop));
    rig.host(b"AT+CIPRXGET=2,0,1460\r");
    assert_eq!(rig.requests.last(), Some(&Request::Receive { socket: Socket(0), ready: true }));
}

#[test]
fn the_context_is_lost_and_the_module_restarts() {
    let mut rig = multi();
    rig.host(b"AT+CIPSTART=0,\"TCP\",\"1.2.3.4\",80\r");
    assert_eq!(rig.notify(Notify::ContextLost(0)), seen("\r\n+PDP: DEACT\r\n"));
    rig.session(&[(
        "AT+CIPSTATUS=0\r",
        "\r\n+CIPSTATUS: 0,0,\"TCP\",\"1.2.3.4\",\"80\",\"CLOSED\"\r\n\r\nOK\r\n",
    )]);
    assert_eq!(rig.notify(Notify::Restart), "");
    assert_eq!(rig.host(b"AT\r"), "");
    let boot = "\r\nRDY\r\n\r\n+CFUN: 1\r\n\r\n+CPIN: READY\r\n\r\nCall Ready\r\n\r\nSMS Ready\r\n";
    assert_eq!(rig.pass(10_000), seen(boot));
    rig.session(&[("AT+CIPMUX?\r", "\r\n+CIPMUX: 0\r\n\r\nOK\r\n")]);
}

#[test]
fn prompt_settings_and_automatic_sending() {
    let mut rig = rig();
    rig.session(&[
        ("AT+CIPSTART=\"UDP\",\"1.2.3.4\",80\r", "\r\nOK\r\n\r\nCONNECT OK\r\n"),
        ("AT+CIPSPRT=0\r", "\r\nOK\r\n"),
        ("AT+CIPSEND=2\r", ""),
        ("ab", "\r\nSEND OK\r\n"),
        ("AT+CIPSPRT=2\r", "\r\nOK\r\n"),
        ("AT+CIPSEND=2\r", ""),
        ("ab", ""),
        ("AT+CIPSPRT=1\r", "\r\nOK\r\n"),
        ("AT+CIPATS=1,10\r", "\r\nOK\r\n"),
        ("AT+CIPSEND\r", "\r\n> "),
        ("timed", ""),
    ]);
    assert_eq!(rig.pass(9_999), "");
    assert_eq!(rig.pass(1), seen("\r\nSEND OK\r\n"));
    rig.session(&[("AT+CIPSEND\r", "\r\n> "), ("x\x1b", "\r\nOK\r\n")]);
    rig.host(b"AT+CIPSEND\r");
    rig.host(&[b'1'; 1461]);
    assert_eq!(rig.host(b"\x1a"), seen("\r\nERROR\r\n"));
}

#[test]
fn link_spelling_follows_the_profile() {
    let profile = Profile { echo: false, link_space: false, ..Profile::new(Dialect::Sim800) };
    let mut rig = Rig::with(profile);
    rig.host(b"AT+CIPMUX=1;+CSTT;+CIICR\r");
    rig.session(&[
        ("AT+CIFSR\r", "\r\n10.0.0.2\r\n"),
        ("AT+CIPSTART=0,\"TCP\",\"1.2.3.4\",80\r", "\r\nOK\r\n\r\n0,CONNECT OK\r\n"),
    ]);
}

#[test]
fn a_client_does_not_get_the_number_of_a_link_whose_payload_is_on_its_way() {
    let mut rig = multi();
    rig.session(&[
        ("AT+CIPSERVER=1,8888\r", "\r\nOK\r\n\r\nSERVER OK\r\n"),
        ("AT+CIPSTART=0,\"TCP\",\"116.228.221.51\",8500\r", "\r\nOK\r\n\r\n0, CONNECT OK\r\n"),
        ("AT+CIPSEND=0,3\r", "\r\n> "),
    ]);
    rig.closed(0);
    let peer = SocketAddrV4::new([10, 76, 40, 73].into(), 2020);
    rig.notify(Notify::Incoming { socket: Socket(Socket::SERVER), token: 7, peer });
    let printed = rig.host(b"abc");
    assert!(printed.contains("0, CLOSED") && printed.contains("1, REMOTE IP: 10.76.40.73"), "{printed}");
    assert!(rig.requests.contains(&Request::Accept { token: 7, socket: Socket(1) }));
    assert!(!rig.requests.iter().any(|request| matches!(request, Request::Send { .. })));
}
