//! SIM7000: what differs from SIM800 (document 000).

use crate::rig::{Rig, seen};
use simcom_at::{Dialect, SocketAddrV4};
use simcom_modem::{Notify, Request, Socket};

#[test]
fn eight_links_and_its_own_spellings() {
    let mut rig = Rig::new(Dialect::Sim7000);
    rig.session(&[
        ("AT+CIPMUX=1\r", "\r\nOK\r\n"),
        ("AT+CSTT=\"CMNET\"\r", "\r\nOK\r\n"),
        ("AT+CIICR\r", "\r\nOK\r\n"),
        ("AT+CIFSR\r", "\r\n10.0.0.2\r\n"),
        ("AT+CIFSREX\r", "\r\n+CIFSREX: 10.0.0.2\r\n\r\nOK\r\n"),
        ("AT+CIPSTART=7,\"TCP\",\"116.228.221.51\",\"8500\"\r", "\r\nOK\r\n\r\n7, CONNECT OK\r\n"),
        ("AT+CIPSEND=?\r", "\r\n+CIPSEND: (0-7),<length>\r\n\r\nOK\r\n"),
        ("AT+CIPSEND?\r", "\r\n+CIPSEND: 7,1460\r\n\r\nOK\r\n"),
        ("AT+CIPSEND=7\r", "\r\n> "),
        ("TCP test\x1a", "\r\n7, SEND OK\r\n"),
        ("AT+CIPACK=7\r", "\r\n+CIPACK: 8,8,0\r\n\r\nOK\r\n"),
    ]);
    assert_eq!(rig.data(7, b"SIM7000 TCP test\r"), seen("\r\n+RECEIVE,7,17:\r\nSIM7000 TCP test\r"));
    assert_eq!(rig.closed(7), seen("\r\n7, CLOSED\r\n"));
    let rows: String = (0..7).map(|n| format!("C: {n},,\"\",\"\",\"\",\"INITIAL\"\r\n")).collect();
    let last = "C: 7,0,\"TCP\",\"116.228.221.51\",\"8500\",\"CLOSED\"\r\n";
    let status = format!("\r\nOK\r\n\r\nSTATE: IP STATUS\r\n\r\n{rows}{last}");
    rig.session(&[("AT+CIPSTATUS\r", &status)]);
}

#[test]
fn a_single_server_takes_one_client() {
    let mut rig = Rig::new(Dialect::Sim7000);
    rig.session(&[
        ("AT+CIPSERVER=1,1234\r", "\r\nOK\r\n\r\nSERVER OK\r\n"),
        ("AT+CIFSR\r", "\r\n10.0.0.2\r\n"),
        ("AT+CIPSTATUS\r", "\r\nOK\r\n\r\nSTATE: SERVER LISTENING\r\n"),
    ]);
    let peer = SocketAddrV4::new([10, 78, 103, 220].into(), 40_000);
    let server = Socket(Socket::SERVER);
    let printed = rig.notify(Notify::Incoming { socket: server, token: 1, peer });
    assert_eq!(printed, seen("\r\nREMOTE IP: 10.78.103.220\r\n"));
    assert_eq!(rig.notify(Notify::Incoming { socket: server, token: 2, peer }), "");
    assert_eq!(rig.requests.last(), Some(&Request::Refuse { token: 2 }));
    assert_eq!(rig.data(0, b"hello server"), "hello server");
    rig.session(&[
        ("AT+CIPSEND\r", "\r\n> "),
        ("hello client\x1a", "\r\nSEND OK\r\n"),
        ("AT+CIPSERVER=0\r", "\r\nOK\r\n\r\nSERVER CLOSE\r\n"),
        ("AT+CIPSTATUS\r", "\r\nOK\r\n\r\nSTATE: CONNECT OK\r\n"),
        ("AT+CIPCLOSE\r", "\r\nCLOSE OK\r\n"),
    ]);
}

#[test]
fn extended_udp_of_the_note() {
    let mut rig = Rig::new(Dialect::Sim7000);
    rig.session(&[
        ("AT+CSTT=\"CMNET\"\r", "\r\nOK\r\n"),
        ("AT+CIICR\r", "\r\nOK\r\n"),
        ("AT+CIFSR\r", "\r\n10.0.0.2\r\n"),
        ("AT+CLPORT=\"UDP\",8888\r", "\r\nOK\r\n"),
        ("AT+CIPSRIP=1\r", "\r\nOK\r\n"),
        ("AT+CIPUDPMODE=1\r", "\r\nOK\r\n"),
        ("AT+CIPHEAD=1\r", "\r\nOK\r\n"),
        ("AT+CIPSTART=\"UDP\",\"116.228.221.51\",\"9600\"\r", "\r\nOK\r\n\r\nCONNECT OK\r\n"),
        ("AT+CIPUDPMODE?\r", "\r\n+CIPUDPMODE: 1,\"116.228.221.51\",9600\r\n\r\nOK\r\n"),
    ]);
    let printed = rig.data_from(0, b"test2", "116.228.221.51:1234");
    assert_eq!(printed, seen("\r\nRECV FROM:116.228.221.51:1234\r\n\r\n+IPD,5:test2"));
    rig.session(&[
        ("AT+CIPUDPMODE=2,\"211.136.131.65\",4500\r", "\r\nOK\r\n"),
        ("AT+CIPUDPMODE?\r", "\r\n+CIPUDPMODE: 1,\"211.136.131.65\",4500\r\n\r\nOK\r\n"),
        ("AT+CIPSEND\r", "\r\n> "),
        ("Hello 4500\x1a", "\r\nSEND OK\r\n"),
    ]);
    let to = "211.136.131.65:4500".parse().ok();
    let sent = Request::Send { socket: Socket(0), bytes: b"Hello 4500".to_vec(), to };
    assert!(rig.requests.contains(&sent));
    assert!(rig.requests.iter().any(|r| matches!(r, Request::Open { local: 8888, .. })));
}

#[test]
fn quick_send_of_the_note() {
    let mut rig = Rig::new(Dialect::Sim7000);
    rig.session(&[
        ("AT+CIPQSEND=1\r", "\r\nOK\r\n"),
        ("AT+CIPSTART=\"TCP\",\"116.236.221.75\",5107\r", "\r\nOK\r\n\r\nCONNECT OK\r\n"),
        ("AT+CIPSEND\r", "\r\n> "),
        ("012345678912\x1a", "\r\nDATA ACCEPT:12\r\n"),
        ("AT+CIPACK\r", "\r\n+CIPACK: 12,12,0\r\n\r\nOK\r\n"),
    ]);
}
