//! SIM800E: the examples of document 001.

use crate::rig::{Rig, seen};
use simcom_at::Dialect;
use simcom_modem::{Notify, Socket};

#[test]
fn the_session_of_the_manual() {
    let mut rig = Rig::new(Dialect::Sim800e);
    rig.session(&[
        ("at+cipmux=1\r", "\r\nOK\r\n"),
        ("at+cipstart=0,\"TCP\",\"116.236.221.75\",6780\r", "\r\nOK\r\n\r\n0, CONNECT OK\r\n"),
    ]);
    rig.answers = false;
    let unused = |n: u8| format!("+Cli:{n},1,\"\",\"\",\"\",\"\",\"INITIAL\"\r\n");
    let rows = "\r\n+Cli:0,1,\"TCP\",\"116.236.221.75\",\"6780\",\"CONNECTED\"\r\n\
                +Cli:1,1,\"TCP\",\"116.236.221.75\",\"6780\",\"CONNECTING\"\r\n"
        .to_string()
        + &(2..6).map(unused).collect::<String>()
        + "\r\nOK\r\n";
    rig.session(&[
        ("at+cipstart=1,\"TCP\",\"116.236.221.75\",6780\r", "\r\nOK\r\n"),
        ("at+cipstatus\r", &rows),
        ("at+cipserver=5555,0,1,5\r", "\r\nOK\r\n\r\nSERVER OK\r\n"),
        ("at+cipserver?\r", "\r\n+CIPSERVER: 1,0\r\n\r\nOK\r\n"),
        (
            "at+cdnsgip=\"www.baidu.com\"\r",
            "\r\nOK\r\n\r\n+CDNSGIP:1,119.75.218.77\r\n+CDNSGIP:1,119.75.217.56\r\n",
        ),
        ("at+cipsend=0,15\r", "\r\n> "),
        ("simcom sim800e!", "\r\n0, SEND OK\r\n"),
        ("at+cipclose=0\r", "\r\n0, CLOSE OK\r\n"),
        ("at+cipserver=0\r", "\r\nOK\r\n\r\nSERVER CLOSE\r\n"),
        ("at+cipshut\r", "\r\nSHUT OK\r\n"),
        ("at+cipqsend=1\r", "\r\nERROR\r\n"),
    ]);
}

#[test]
fn one_step_and_several_steps_in_single_mode() {
    let mut rig = Rig::new(Dialect::Sim800e);
    rig.session(&[
        ("at+cipmode=1\r", "\r\nOK\r\n"),
        ("at+cipmux=1\r", "\r\nERROR\r\n"),
        ("at+cipmode=0\r", "\r\nOK\r\n"),
        ("at+cipserver=5555,0,1,5\r", "\r\nOK\r\n\r\nSERVER OK\r\n"),
        ("at+cipshut\r", "\r\nSHUT OK\r\n"),
        ("at+cstt\r", "\r\nOK\r\n"),
        ("at+ciicr\r", "\r\nOK\r\n"),
        ("at+cipstart=\"TCP\",\"116.236.221.75\",6780\r", "\r\nOK\r\n\r\nCONNECT OK\r\n"),
        ("at+cipstatus\r", "\r\nOK\r\n\r\nSTATE: CONNECT OK\r\n"),
        ("at+clport?\r", "\r\nTCP: 0\r\nUDP: 0\r\n\r\nOK\r\n"),
        ("at+cipsripip=1\r", "\r\nOK\r\n"),
        ("at+cipccfg?\r", "\r\n+CIPCCFG: 3,2,1024,1\r\n\r\nOK\r\n"),
        (
            "at+cipscont?\r",
            "\r\n+CIPCSGP:1\r\nGprs Config APN:CMNET\r\nGprs Config UserId:\r\nGprs Config Password:\r\n\
             +CLPORT:0,0\r\n+CIPHEAD:0\r\n+CIPSHOWTP:0\r\n+CIPSRIPIP:1\r\n+CIPATS:0,0\r\n+CIPSPRT:1\r\n\
             +CIPMODE:0\r\n+CIPCCFG:3,2,1024,1\r\n+CIPMUX:0\r\n+CIPDPDP:1,10,3\r\n\r\nOK\r\n",
        ),
    ]);
    assert_eq!(rig.closed(0), seen("\r\nCLOSED\r\n"));
    let peer = "1.2.3.4:5".parse().unwrap();
    assert_eq!(rig.notify(Notify::Incoming { socket: Socket(Socket::SERVER), token: 1, peer }), "");
}
