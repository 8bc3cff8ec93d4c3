//! A7600: the examples of document 004.

use crate::rig::{Rig, seen};
use simcom_at::{Dialect, Ipv4Addr, SocketAddrV4};
use simcom_modem::{Notify, OpenError, Profile, Reply, Request, Socket};

const OPEN: (&str, &str) = ("AT+NETOPEN\r", "\r\nOK\r\n\r\n+NETOPEN: 0\r\n");
const CLIENT: (&str, &str) =
    ("AT+CIPOPEN=1,\"TCP\",\"117.131.85.139\",5253\r", "\r\nOK\r\n\r\n+CIPOPEN: 1,0\r\n");

fn rig() -> Rig {
    let mut rig = Rig::new(Dialect::A7600);
    rig.session(&[OPEN]);
    rig
}

#[test]
fn the_context_of_the_note() {
    let mut rig = Rig::new(Dialect::A7600);
    rig.session(&[
        ("AT+CSQ\r", "\r\n+CSQ: 23,0\r\n\r\nOK\r\n"),
        ("AT+CGREG?\r", "\r\n+CGREG: 0,1\r\n\r\nOK\r\n"),
        ("AT+CGDCONT=1,\"IP\",\"CMNET\"\r", "\r\nOK\r\n"),
        ("AT+NETOPEN?\r", "\r\n+NETOPEN: 0\r\n\r\nOK\r\n"),
        ("AT+NETCLOSE\r", "\r\n+NETCLOSE: 2\r\n\r\nERROR\r\n"),
        OPEN,
        ("AT+NETOPEN?\r", "\r\n+NETOPEN: 1\r\n\r\nOK\r\n"),
        ("AT+NETOPEN\r", "\r\n+IP ERROR: Network is already opened\r\n\r\nERROR\r\n"),
        ("AT+IPADDR\r", "\r\n+IPADDR: 10.0.0.2\r\n\r\nOK\r\n"),
        ("AT+NETCLOSE\r", "\r\nOK\r\n\r\n+NETCLOSE: 0\r\n"),
        ("AT+IPADDR\r", "\r\n+IP ERROR: Network not opened\r\n\r\nERROR\r\n"),
    ]);
}

#[test]
fn a_tcp_client_in_push_mode() {
    let mut rig = rig();
    rig.session(&[
        CLIENT,
        ("AT+CIPSEND=1,5\r", "\r\n>"),
        ("HELLO", "\r\nOK\r\n\r\n+CIPSEND: 1,5,5\r\n"),
        ("AT+CIPSEND=1,\r", "\r\n>"),
        ("a\x03\x1ab\x1a", "\r\nOK\r\n\r\n+CIPSEND: 1,3,3\r\n"),
        ("AT+CIPSEND=1\r", "\r\n>"),
        ("a\x1b", "\r\nERROR\r\n"),
    ]);
    let header = "\r\nRECV FROM:117.131.85.139:5253\r\n+IPD16\r\n";
    assert_eq!(rig.data(1, b"data from server"), seen(&format!("{header}data from server")));
    rig.session(&[("AT+CIPCCFG=,,,,1\r", "\r\nOK\r\n")]);
    let header = "\r\nRECV FROM:117.131.85.139:5253\r\n+RECEIVE,1,4\r\n";
    assert_eq!(rig.data(1, b"data"), seen(&format!("{header}data")));
    rig.session(&[
        ("AT+CIPACK=1\r", "\r\n+CIPACK: 8,8,20\r\n\r\nOK\r\n"),
        ("AT+CIPACK=2\r", "\r\n+IP ERROR: Connection is not created\r\n\r\nERROR\r\n"),
        ("AT+CIPCLOSE?\r", "\r\n+CIPCLOSE: 0,1,0,0,0,0,0,0,0,0\r\n\r\nOK\r\n"),
        ("AT+CIPCLOSE=1\r", "\r\nOK\r\n\r\n+CIPCLOSE: 1,0\r\n"),
        ("AT+CIPCLOSE=1\r", "\r\n+CIPCLOSE: 1,4\r\n\r\nERROR\r\n"),
        ("AT+CIPSEND=1,5\r", "\r\n+CIPERROR: 4\r\n\r\nERROR\r\n"),
    ]);
}

#[test]
fn data_on_request() {
    let mut rig = rig();
    rig.session(&[("AT+CIPRXGET=1\r", "\r\nOK\r\n"), CLIENT]);
    assert_eq!(rig.data(1, b"data from "), seen("\r\n+CIPRXGET: 1,1\r\n"));
    assert_eq!(rig.data(1, b"server"), "");
    rig.session(&[
        ("AT+CIPRXGET=4,1\r\n", "\r\n+CIPRXGET: 4,1,16\r\n\r\nOK\r\n"),
        ("AT+CIPRXGET=2,1,5\r\n", "\r\n+CIPRXGET: 2,1,5,11\r\ndata \r\n\r\nOK\r\n"),
        ("AT+CIPRXGET=3,1,5\r\n", "\r\n+CIPRXGET: 3,1,5,6\r\n66726F6D20\r\n\r\nOK\r\n"),
        ("AT+CIPRXGET=4,1\r\n", "\r\n+CIPRXGET: 4,1,6\r\n\r\nOK\r\n"),
        ("AT+CIPRXGET=2,2\r\n", "\r\n+IP ERROR: No data\r\n\r\nERROR\r\n"),
    ]);
    assert_eq!(rig.closed(1), seen("\r\n+IPCLOSE: 1,1\r\n"));
    rig.session(&[
        ("AT+CIPRXGET=2,1\r\n", "\r\n+CIPRXGET: 2,1,6,0\r\nserver\r\n\r\nOK\r\n"),
        ("AT+CIPRXGET=4,1\r\n", "\r\n+CIPRXGET: 4,1,0\r\n\r\nOK\r\n"),
        ("AT+CIPCCFG=,,,0\r", "\r\nOK\r\n"),
        ("AT+CIPRXGET=2,1\r\n", "\r\n+IP ERROR: 22\r\n\r\nERROR\r\n"),
    ]);
}

#[test]
fn a_udp_client() {
    let mut rig = rig();
    rig.session(&[
        ("AT+CIPOPEN=1,\"UDP\",,,5000\r", "\r\n+CIPOPEN: 1,0\r\n\r\nOK\r\n"),
        ("AT+CIPOPEN=2,\"UDP\",\"1.2.3.4\",5000\r", "\r\n+CIPOPEN: 2,3\r\n\r\nERROR\r\n"),
        ("AT+CIPSEND=1,,\"117.131.85.139\",5254\r", "\r\n>"),
        ("HELLOSERVER\x1a", "\r\nOK\r\n\r\n+CIPSEND: 1,11,11\r\n"),
        ("AT+CIPSEND=1,5\r", "\r\n+CIPERROR: 3\r\n\r\nERROR\r\n"),
        ("AT+CIPSEND=1,5,\"117.131.85.139\",5254\r", "\r\n>"),
        ("HELLO", "\r\nOK\r\n\r\n+CIPSEND: 1,5,5\r\n"),
    ]);
    let to = Some(SocketAddrV4::new(Ipv4Addr::new(117, 131, 85, 139), 5254));
    let sent = Request::Send { socket: Socket(1), bytes: b"HELLO".to_vec(), to };
    assert!(rig.requests.contains(&sent));
    let header = "\r\nRECV FROM:117.131.85.139:5254\r\n+IPD14\r\n";
    let printed = rig.data_from(1, b"HELLO CLIENT\r\n", "117.131.85.139:5254");
    assert_eq!(printed, seen(&format!("{header}HELLO CLIENT\r\n")));
    rig.session(&[("AT+CIPCLOSE=1\r", "\r\n+CIPCLOSE: 1,0\r\n\r\nOK\r\n")]);
}

#[test]
fn servers() {
    let mut rig = rig();
    rig.session(&[
        ("AT+SERVERSTART=8080, 0\r", "\r\nOK\r\n"),
        ("AT+SERVERSTART=9090, 1\r", "\r\nOK\r\n"),
        ("AT+SERVERSTART=9090, 2\r", "\r\n+CIPERROR: 7\r\n\r\nERROR\r\n"),
        ("AT+SERVERSTART?\r", "\r\n+SERVERSTART: 0,8080\r\n+SERVERSTART: 1,9090\r\n\r\nOK\r\n"),
    ]);
    let peer = "192.168.108.5:57202".parse().unwrap();
    let printed = rig.notify(Notify::Incoming { socket: Socket(Socket::SERVER + 1), token: 1, peer });
    assert_eq!(printed, seen("\r\n+CLIENT: 0,1,192.168.108.5:57202\r\n"));
    let mut rows = "\r\n+CIPOPEN: 0,\"TCP\",\"192.168.108.5\",57202,1\r\n".to_string();
    (1..10).for_each(|n| rows += &format!("+CIPOPEN: {n}\r\n"));
    rig.session(&[
        ("AT+CIPOPEN?\r", &(rows + "\r\nOK\r\n")),
        ("AT+CIPSEND=0,5\r", "\r\n>"),
        ("HELLO", "\r\nOK\r\n\r\n+CIPSEND: 0,5,5\r\n"),
        ("AT+SERVERSTOP=1\r", "\r\n+SERVERSTOP: 1,0\r\n\r\nOK\r\n"),
        ("AT+SERVERSTOP=1\r", "\r\n+SERVERSTOP: 1,4\r\n\r\nERROR\r\n"),
    ]);
    assert_eq!(rig.closed(0), seen("\r\n+IPCLOSE: 0,1\r\n"));
    rig.session(&[("AT+NETCLOSE\r", "\r\nOK\r\n\r\n+NETCLOSE: 0\r\n")]);
    assert!(rig.requests.contains(&Request::Close { socket: Socket(Socket::SERVER) }));
}

#[test]
fn transparent_mode() {
    let mut rig = Rig::new(Dialect::A7600);
    rig.session(&[
        ("AT+CIPMODE=1\r", "\r\nOK\r\n"),
        OPEN,
        ("AT+CIPOPEN=0,\"TCP\",\"117.131.85.139\",5253\r", "\r\nCONNECT 115200\r\n"),
    ]);
    assert_eq!(rig.data(0, b"HELLO CLIENT"), "HELLO CLIENT");
    rig.pass(1000);
    rig.host(b"+++");
    assert_eq!(rig.pass(1000), seen("\r\nOK\r\n"));
    rig.session(&[("ATO\r", "\r\nCONNECT 115200\r\n")]);
    assert_eq!(rig.closed(0), seen("\r\nCLOSED\r\n\r\n+IPCLOSE: 0,1\r\n"));
    rig.opens = vec![Err(OpenError::Timeout)];
    rig.session(&[
        ("AT+CIPOPEN=0,\"TCP\",\"117.131.85.139\",5253\r", "\r\nCONNECT FAIL\r\n"),
        ("AT+CIPOPEN=0,\"UDP\",\"117.131.85.139\",5254,5000\r", "\r\nCONNECT 115200\r\n"),
    ]);
    rig.pass(1000);
    rig.host(b"+++");
    rig.pass(1000);
    rig.session(&[("AT+CIPCLOSE=0\r", "\r\nCLOSED\r\n+CIPCLOSE: 0,0\r\n\r\nOK\r\n")]);
}

#[test]
fn what_goes_wrong_has_its_number() {
    let mut rig = rig();
    rig.opens = vec![Err(OpenError::Dns), Err(OpenError::Timeout), Err(OpenError::Local)];
    rig.session(&[
        ("AT+CIPOPEN=10,\"TCP\",\"1.2.3.4\",80\r", "\r\n+IP ERROR: Invalid parameter\r\n\r\nERROR\r\n"),
        ("AT+CIPOPEN=1,\"TCP\"\r", "\r\n+CIPOPEN: 1,3\r\n\r\nERROR\r\n"),
        ("AT+CIPOPEN=1,\"TCP\",\"none.example\",80\r", "\r\nOK\r\n\r\n+CIPOPEN: 1,11\r\n"),
        ("AT+CIPOPEN=1,\"TCP\",\"1.2.3.4\",80\r", "\r\nOK\r\n\r\n+CIPOPEN: 1,10\r\n"),
        ("AT+CIPOPEN=1,\"UDP\",,,80\r", "\r\n+CIPOPEN: 1,6\r\n\r\nERROR\r\n"),
        (
            "AT+CDNSGIP=\"www.baidu.com\"\r",
            "\r\n+CDNSGIP: 1,\"www.baidu.com\",\"119.75.218.77\"\r\n\r\nOK\r\n",
        ),
        ("AT+CDNSGIP=\"abctest\"\r", "\r\n+CDNSGIP: 0,10\r\n\r\nERROR\r\n"),
        ("AT+CIPTIMEOUT=3000,4000\r", "\r\nOK\r\n"),
        ("AT+CIPTIMEOUT?\r", "\r\n+CIPTIMEOUT: 3000,4000,120000\r\n\r\nOK\r\n"),
        CLIENT,
        ("AT+CIPOPEN=1,\"TCP\",\"1.2.3.4\",80\r", "\r\n+CIPOPEN: 1,4\r\n\r\nERROR\r\n"),
    ]);
    rig.answers = false;
    rig.session(&[("AT+CIPOPEN=2,\"TCP\",\"1.2.3.4\",80\r", "\r\nOK\r\n")]);
    assert_eq!(rig.pass(3_999), "");
    assert_eq!(rig.pass(1), seen("\r\n+CIPOPEN: 2,10\r\n"));
    assert_eq!(rig.notify(Notify::ContextLost(0)), seen("\r\n+CIPEVENT: NETWORK CLOSED UNEXPECTEDLY\r\n"));
    rig.session(&[("AT+CIPOPEN=1,\"TCP\",\"1.2.3.4\",80\r", "\r\n+CIPOPEN: 1,2\r\n\r\nERROR\r\n")]);
}

#[test]
fn a_short_write_and_a_late_acknowledgement() {
    let mut rig = rig();
    rig.takes = false;
    rig.session(&[
        CLIENT,
        ("AT+CIPSENDMODE=1\r", "\r\nOK\r\n"),
        ("AT+CIPSEND=1,5\r", "\r\n>"),
        ("HELLO", "\r\nOK\r\n"),
    ]);
    assert_eq!(rig.reply(Reply::Sent { socket: Socket(1), result: Ok(5) }), "");
    let acked = Notify::Acked { socket: Socket(1), bytes: 5 };
    assert_eq!(rig.notify(acked), seen("\r\n+CIPSEND: 1,5,5\r\n"));
    rig.session(&[
        ("AT+CIPSENDMODE=0\r", "\r\nOK\r\n"),
        ("AT+CIPSEND=1,5\r", "\r\n>"),
        ("HELLO", "\r\nOK\r\n"),
    ]);
    let short = Reply::Sent { socket: Socket(1), result: Ok(3) };
    assert_eq!(rig.reply(short), seen("\r\n+CIPSEND: 1,5,3\r\n"));
    rig.session(&[("AT+CIPSEND=1,5\r", "\r\n+CIPERROR: 4\r\n\r\nERROR\r\n")]);
}

#[test]
fn a_send_that_nobody_takes_closes_the_link() {
    let mut rig = rig();
    rig.takes = false;
    rig.session(&[
        CLIENT,
        ("AT+CIPTIMEOUT=,,3000\r", "\r\nOK\r\n"),
        ("AT+CIPSEND=1,5\r", "\r\n>"),
        ("HELLO", "\r\nOK\r\n"),
    ]);
    assert_eq!(rig.pass(2999), "");
    assert_eq!(rig.pass(1), seen("\r\n+CIPSEND: 1,5,-1\r\n\r\n+IPCLOSE: 1,2\r\n"));
    rig.takes = true;
    rig.session(&[CLIENT, ("AT+CIPSEND=1,5\r", "\r\n>"), ("HELLO", "\r\nOK\r\n\r\n+CIPSEND: 1,5,5\r\n")]);
    assert_eq!(rig.pass(10_000), "");
}

#[test]
fn a_close_in_the_middle_of_a_send_reports_both() {
    let mut rig = rig();
    rig.takes = false;
    rig.session(&[CLIENT, ("AT+CIPSEND=1,5\r", "\r\n>"), ("HELLO", "\r\nOK\r\n")]);
    assert_eq!(rig.closed(1), seen("\r\n+CIPSEND: 1,5,-1\r\n\r\n+IPCLOSE: 1,1\r\n"));
}

#[test]
fn netclose_reports_each_link_where_its_transport_has_it() {
    let mut rig = rig();
    rig.session(&[
        CLIENT,
        ("AT+CIPOPEN=3,\"UDP\",,,5000\r", "\r\n+CIPOPEN: 3,0\r\n\r\nOK\r\n"),
        ("AT+NETCLOSE\r", "\r\n+CIPCLOSE: 3,0\r\n\r\nOK\r\n\r\n+CIPCLOSE: 1,0\r\n\r\n+NETCLOSE: 0\r\n"),
    ]);
}

#[test]
fn payload_echo_has_its_own_switch() {
    let mut rig = Rig::with(Profile::new(Dialect::A7600));
    rig.session(&[
        ("AT+NETOPEN\r", "AT+NETOPEN\r\r\nOK\r\n\r\n+NETOPEN: 0\r\n"),
        (CLIENT.0, &format!("{}{}", CLIENT.0, CLIENT.1)),
        ("AT+CIPSEND=1,2\r", "AT+CIPSEND=1,2\r\r\n>"),
        ("ab", "ab\r\nOK\r\n\r\n+CIPSEND: 1,2,2\r\n"),
        ("AT+CIPCFG=\"DATAECHO\",OFF\r", "AT+CIPCFG=\"DATAECHO\",OFF\r\r\nOK\r\n"),
        ("AT+CIPSEND=1,2\r", "AT+CIPSEND=1,2\r\r\n>"),
        ("ab", "\r\nOK\r\n\r\n+CIPSEND: 1,2,2\r\n"),
    ]);
}
