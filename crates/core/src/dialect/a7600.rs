//! Rows of `a7600`: the A7600 series TCPIP application note V1.00, and the A76XX AT manual V1.09 where it is silent.
//!
//! Ten links (0–9) and four servers (0–3); no modes of connection. Only link 0 and server 0 know data mode.

use super::params::{
    ATI, CFUN, CGDCONT, CGREG, CMEE, CPIN, CREG, CSQ, HOST, IFC, LEVEL, LINE, MODE, MODEM_LINES, PORT,
    Section, cgatt, count, exec, may, must, notice, number, read, rows, set, test,
};
use crate::row::Command::{
    Cdnscfg, Cdnsgip, Cipack, Cipccfg, Cipclose, Ciphead, Cipmode, Cipopen, Ciprxget, Cipsend, Cipsendmode,
    Cipsrip, Ciptimeout, Csclk, Escape, Ipaddr, Netclose, Netopen, Online, Serverstart, Serverstop,
};
use crate::row::{Finals, Kind, Later, Notice, Param, Row};

/// The command forms, in the order of the manual.
pub const ROWS: &[Row] = &rows::<{ count(MANUAL) }>(MANUAL);

const MANUAL: &[Section] = &[
    ("A76XX AT manual §2.2", LINE),
    ("A76XX AT manual §2.2", ATI),
    ("A7600 TCPIP note §1.6", DATA_MODE),
    ("A7600 TCPIP note §1.6", MODEM_LINES),
    ("ITU-T V.250 §6.2.12", IFC),
    ("A76XX AT manual §3.2.11", CMEE),
    ("3GPP TS 27.007 §8.2", CFUN),
    ("A7600 TCPIP note §1.5.1", CPIN),
    ("A7600 TCPIP note §3.1.1", CSQ),
    ("A7600 TCPIP note §3.1.1", CREG),
    ("A7600 TCPIP note §3.1.1", CGREG),
    ("A76XX UART note §4.4", CSCLK),
    ("3GPP TS 27.007 §10.1.9", &cgatt(9_000)),
    ("A7600 TCPIP note §3.1.2", CGDCONT),
    ("A7600 TCPIP note §3.1.3", NETOPEN),
    ("A7600 TCPIP note §3.1.4", NETCLOSE),
    ("A7600 TCPIP note §3.2.1", CIPOPEN),
    ("A7600 TCPIP note §3.2.1", CIPSEND),
    ("A7600 TCPIP note §3.2.2", CIPRXGET),
    ("A7600 TCPIP note §3.2.1", CIPCLOSE),
    ("A7600 TCPIP note §3.1.3", IPADDR),
    ("A76XX AT manual §15.2.8", CIPHEAD),
    ("A76XX AT manual §15.2.9", CIPSRIP),
    ("A7600 TCPIP note §1.6", CIPMODE),
    ("A76XX AT manual §15.2.11", CIPSENDMODE),
    ("A76XX AT manual §15.2.12", CIPTIMEOUT),
    ("A76XX AT manual §15.2.13", CIPCCFG),
    ("A7600 TCPIP note §3.4.1", SERVERSTART),
    ("A7600 TCPIP note §3.4.2", SERVERSTOP),
    ("A76XX AT manual §15.2.16", CIPACK),
    ("A76XX AT manual §15.2.17", CDNSGIP),
    ("A76XX AT manual ch. 15", CDNSCFG),
];

const N: Param = number("n", 0, 9);
const LEN: Param = number("len", 1, 1500);
const HEX_LEN: Param = may("len", Kind::Number(1, 750), "750");
const LOCAL: Param = must("local", Kind::Port);
const IP: Param = must("ip", Kind::Host);
const SERVER: Param = number("server", 0, 3);

/// The longest that the network may take; `AT+CIPTIMEOUT` shortens it.
const NETWORK_MS: u32 = 120_000;

/// `+++`, `ATO`: between data mode and command mode.
const DATA_MODE: &[Row] = &[
    exec(Escape, "+++", &["OK"]),
    exec(Online, "ATO", &["CONNECT <baud>"]).ends(Finals::DATA_MODE.or(Finals::NO_CARRIER)),
];

/// `AT+CSCLK`: sleep.
const CSCLK: &[Row] = &[
    test(Csclk, "AT+CSCLK=?", &["+CSCLK: (0,1,2)", "OK"]),
    read(Csclk, "AT+CSCLK?", &["+CSCLK: <n>", "OK"]),
    set(Csclk, "AT+CSCLK=<n>", &[LEVEL]),
];

/// `AT+NETOPEN`: starts the network service. In the answer to the query 1 means open, in the result 0 means success.
const NETOPEN: &[Row] = &[
    test(Netopen, "AT+NETOPEN=?", &["OK"]),
    read(Netopen, "AT+NETOPEN?", &["+NETOPEN: <open>", "OK"]),
    exec(Netopen, "AT+NETOPEN", &["OK", "+NETOPEN: <err>"]).later(Later::NetOpen, NETWORK_MS),
];

/// `AT+NETCLOSE`: stops it; each link that was open is reported.
const NETCLOSE: &[Row] = &[
    test(Netclose, "AT+NETCLOSE=?", &["OK"]),
    exec(Netclose, "AT+NETCLOSE", &["OK", "+CIPCLOSE: <n>,<err>", "+NETCLOSE: <err>"])
        .later(Later::NetClose, NETWORK_MS),
];

/// `AT+CIPOPEN`: opens a link. With UDP the result comes in front of `OK`.
const CIPOPEN: &[Row] = &[
    test(Cipopen, "AT+CIPOPEN=?", &[r#"+CIPOPEN: (0-9),("TCP","UDP","UDP SERVER")"#, "OK"])
        .from("A76XX AT manual §15.2.3"),
    read(Cipopen, "AT+CIPOPEN?", &[r#"+CIPOPEN: <n>[,"<type>","<ip>",<port>,<server>]"#, "OK"])
        .from("A7600 TCPIP note §3.4.3"),
    opens(set(Cipopen, r#"AT+CIPOPEN=<n>,"TCP","<host>",<port>"#, &[N, HOST, PORT])),
    opens(set(Cipopen, r#"AT+CIPOPEN=<n>,"TCP","<host>",<port>,<local>"#, &[N, HOST, PORT, LOCAL])),
    opens(set(Cipopen, r#"AT+CIPOPEN=<n>,"UDP",,,<local>"#, &[N, LOCAL]))
        .gives(&["+CIPOPEN: <n>,<err>", "OK"])
        .from("A7600 TCPIP note §3.3.1"),
    opens(set(Cipopen, r#"AT+CIPOPEN=<n>,"UDP","<host>",<port>,<local>"#, &[N, HOST, PORT, LOCAL]))
        .gives(&["+CIPOPEN: <n>,<err>", "OK"])
        .from("A7600 TCPIP note §3.3.3"),
];

/// In data mode `CONNECT <baud>` or `CONNECT FAIL` comes instead of `OK`.
const fn opens(row: Row) -> Row {
    row.gives(&["OK", "+CIPOPEN: <n>,<err>"])
        .ends(Finals::OK.or(Finals::DATA_MODE).or(Finals::CONNECT_FAIL))
        .later(Later::Connect, NETWORK_MS)
}

/// `AT+CIPSEND`: sends; without a length up to Ctrl-Z, with ETX in front of Ctrl-Z, ESC and ETX in the data.
const CIPSEND: &[Row] = &[
    test(Cipsend, "AT+CIPSEND=?", &["+CIPSEND: (0-9),(1-1500)", "OK"]),
    read(Cipsend, "AT+CIPSEND?", &["+CIPSEND: (0-9),(1-1500)", "OK"]),
    sends(set(Cipsend, "AT+CIPSEND=<n>", &[N])),
    sends(set(Cipsend, "AT+CIPSEND=<n>,", &[N])),
    sends(set(Cipsend, "AT+CIPSEND=<n>,<len>", &[N, LEN])),
    sends(set(Cipsend, r#"AT+CIPSEND=<n>,,"<ip>",<port>"#, &[N, IP, PORT])).from("A7600 TCPIP note §3.3.1"),
    sends(set(Cipsend, r#"AT+CIPSEND=<n>,<len>,"<ip>",<port>"#, &[N, LEN, IP, PORT]))
        .from("A7600 TCPIP note §3.3.1"),
];

const fn sends(row: Row) -> Row {
    row.gives(&[">", "OK", "+CIPSEND: <n>,<req>,<cnf>"]).later(Later::Sent, NETWORK_MS)
}

/// `AT+CIPRXGET`: push (0) or receive on request (1): 2 as it is, 3 in hexadecimal, 4 how much there is,
/// 5 with the sender.
const CIPRXGET: &[Row] = &[
    test(Ciprxget, "AT+CIPRXGET=?", &["+CIPRXGET: (0-5),(0-9),(1-1500)", "OK"])
        .from("A76XX AT manual §15.2.5"),
    read(Ciprxget, "AT+CIPRXGET?", &["+CIPRXGET: <mode>", "OK"]),
    set(Ciprxget, "AT+CIPRXGET=<mode>", &[MODE]),
    set(Ciprxget, "AT+CIPRXGET=2,<n>", &[N]).gives(&["+CIPRXGET: 2,<n>,<read>,<rest>", "<data>", "OK"]),
    set(Ciprxget, "AT+CIPRXGET=2,<n>,<len>", &[N, LEN]).gives(&[
        "+CIPRXGET: 2,<n>,<read>,<rest>",
        "<data>",
        "OK",
    ]),
    set(Ciprxget, "AT+CIPRXGET=3,<n>[,<len>]", &[N, HEX_LEN]).gives(&[
        "+CIPRXGET: 3,<n>,<read>,<rest>",
        "<hex>",
        "OK",
    ]),
    set(Ciprxget, "AT+CIPRXGET=4,<n>", &[N]).gives(&["+CIPRXGET: 4,<n>,<rest>", "OK"]),
    set(Ciprxget, "AT+CIPRXGET=5", &[]).from("A76XX AT manual §15.2.5"),
];

/// `AT+CIPCLOSE`: closes a link. With UDP the result comes in front of `OK`.
const CIPCLOSE: &[Row] = &[
    test(Cipclose, "AT+CIPCLOSE=?", &["+CIPCLOSE: (0-9)", "OK"]),
    read(Cipclose, "AT+CIPCLOSE?", &["+CIPCLOSE: <0>,<1>,<2>,<3>,<4>,<5>,<6>,<7>,<8>,<9>", "OK"])
        .from("A7600 TCPIP note §3.4.3"),
    set(Cipclose, "AT+CIPCLOSE=<n>", &[N])
        .gives(&["OK", "+CIPCLOSE: <n>,<err>"])
        .later(Later::Close, NETWORK_MS),
];

/// `AT+IPADDR`: the local address.
const IPADDR: &[Row] =
    &[test(Ipaddr, "AT+IPADDR=?", &["OK"]), exec(Ipaddr, "AT+IPADDR", &["+IPADDR: <ip>", "OK"])];

/// `AT+CIPHEAD`: the `+IPD` header; without a value 1.
const CIPHEAD: &[Row] = &[
    test(Ciphead, "AT+CIPHEAD=?", &["+CIPHEAD: (0,1)", "OK"]),
    read(Ciphead, "AT+CIPHEAD?", &["+CIPHEAD: <mode>", "OK"]),
    set(Ciphead, "AT+CIPHEAD=<mode>", &[MODE]),
    exec(Ciphead, "AT+CIPHEAD", &["OK"]),
];

/// `AT+CIPSRIP`: the sender in front of pushed data; without a value 1.
const CIPSRIP: &[Row] = &[
    test(Cipsrip, "AT+CIPSRIP=?", &["+CIPSRIP: (0,1)", "OK"]),
    read(Cipsrip, "AT+CIPSRIP?", &["+CIPSRIP: <mode>", "OK"]),
    set(Cipsrip, "AT+CIPSRIP=<mode>", &[MODE]),
    exec(Cipsrip, "AT+CIPSRIP", &["OK"]),
];

/// `AT+CIPMODE`: data mode, given before `AT+NETOPEN`; without a value 0.
const CIPMODE: &[Row] = &[
    test(Cipmode, "AT+CIPMODE=?", &["+CIPMODE: (0,1)", "OK"]),
    read(Cipmode, "AT+CIPMODE?", &["+CIPMODE: <mode>", "OK"]),
    set(Cipmode, "AT+CIPMODE=<mode>", &[MODE]),
    exec(Cipmode, "AT+CIPMODE", &["OK"]),
];

/// `AT+CIPSENDMODE`: whether the send result waits for the peer's acknowledgement.
const CIPSENDMODE: &[Row] = &[
    test(Cipsendmode, "AT+CIPSENDMODE=?", &["+CIPSENDMODE: (0,1)", "OK"]),
    read(Cipsendmode, "AT+CIPSENDMODE?", &["+CIPSENDMODE: <mode>", "OK"]),
    set(Cipsendmode, "AT+CIPSENDMODE=<mode>", &[MODE]),
];

const TIMEOUT: Kind = Kind::Number(3_000, 120_000);

/// `AT+CIPTIMEOUT`: how long NETOPEN, CIPOPEN and CIPSEND may take, in milliseconds.
const CIPTIMEOUT: &[Row] = &[
    read(Ciptimeout, "AT+CIPTIMEOUT?", &["+CIPTIMEOUT: <netopen>,<cipopen>,<cipsend>", "OK"]),
    set(
        Ciptimeout,
        "AT+CIPTIMEOUT=[<netopen>][,[<cipopen>][,[<cipsend>]]]",
        &[
            may("netopen", TIMEOUT, "120000"),
            may("cipopen", TIMEOUT, "120000"),
            may("cipsend", TIMEOUT, "120000"),
        ],
    ),
];

const HEADER_TYPE: Param = may("headertype", Kind::Number(0, 1), "0");

/// `AT+CIPCCFG`: the sockets; without values the defaults.
const CIPCCFG: &[Row] = &[
    test(
        Cipccfg,
        "AT+CIPCCFG=?",
        &["+CIPCCFG: (0-10),(0-1000),(0),(0,1),(0,1),(0,1),(500-120000),(0,1)", "OK"],
    ),
    read(
        Cipccfg,
        "AT+CIPCCFG?",
        &[
            "+CIPCCFG: <nmretry>,<delaytm>,<ack>,<errmode>,<headertype>,<asyncmode>,<timeoutval>,<udprecvmode>",
            "OK",
        ],
    ),
    set(
        Cipccfg,
        "AT+CIPCCFG=[<nmretry>][,[<delaytm>][,[<ack>][,[<errmode>][,[<headertype>][,[<asyncmode>][,[<timeoutval>][,[<udprecvmode>]]]]]]]]",
        &[
            may("nmretry", Kind::Number(0, 10), "10"),
            may("delaytm", Kind::Number(0, 1000), "0"),
            may("ack", Kind::Number(0, 0), "0"),
            may("errmode", Kind::Number(0, 1), "1"),
            HEADER_TYPE,
            may("asyncmode", Kind::Number(0, 1), "0"),
            may("timeoutval", Kind::Number(500, 120_000), "500"),
            may("udprecvmode", Kind::Number(0, 1), "0"),
        ],
    ),
    set(Cipccfg, "AT+CIPCCFG=,,,,<headertype>", &[HEADER_TYPE]),
    exec(Cipccfg, "AT+CIPCCFG", &["OK"]),
];

/// `AT+SERVERSTART`: listens.
const SERVERSTART: &[Row] = &[
    test(Serverstart, "AT+SERVERSTART=?", &["+SERVERSTART: (0-65535),(0-3)", "OK"]),
    read(Serverstart, "AT+SERVERSTART?", &["+SERVERSTART: <server>,<port>", "OK"]),
    set(Serverstart, "AT+SERVERSTART=<port>,<server>", &[PORT, SERVER]),
    set(
        Serverstart,
        "AT+SERVERSTART=<port>,<server>,<backlog>",
        &[PORT, SERVER, may("backlog", Kind::Number(1, 3), "3")],
    ),
];

/// `AT+SERVERSTOP`: stops listening. The result comes in front of `OK` as a rule, behind it at times.
const SERVERSTOP: &[Row] = &[
    test(Serverstop, "AT+SERVERSTOP=?", &["+SERVERSTOP: (0-3)", "OK"]),
    set(Serverstop, "AT+SERVERSTOP=<server>", &[SERVER])
        .gives(&["+SERVERSTOP: <server>,<err>", "OK"])
        .later(Later::ServerClose, 9_000),
];

/// `AT+CIPACK`: what was sent, acknowledged and received.
const CIPACK: &[Row] = &[
    test(Cipack, "AT+CIPACK=?", &["+CIPACK: (0-9)", "OK"]),
    set(Cipack, "AT+CIPACK=<n>", &[N]).gives(&["+CIPACK: <sent>,<acked>,<received>", "OK"]),
];

/// `AT+CDNSGIP`: the addresses of a name, in front of `OK`.
const CDNSGIP: &[Row] = &[
    test(Cdnsgip, "AT+CDNSGIP=?", &["OK"]),
    set(Cdnsgip, r#"AT+CDNSGIP="<host>""#, &[HOST])
        .gives(&[r#"+CDNSGIP: 1,"<host>","<ip>""#, "OK"])
        .within(6_000),
];

/// `AT+CDNSCFG`: the name servers.
const CDNSCFG: &[Row] = &[
    read(Cdnscfg, "AT+CDNSCFG?", &["Primary IPv4 DNS: <first>,Secondary IPv4 DNS: <second>", "OK"]),
    set(
        Cdnscfg,
        r#"AT+CDNSCFG="<first>"[,"<second>"]"#,
        &[must("first", Kind::Host), may("second", Kind::Host, "")],
    ),
];

/// The notices and headers.
pub const NOTICES: &[Notice] = &[
    notice("+NETOPEN: <err>", "NetOpen", "network service started, 0: well", "A7600 TCPIP note §3.1.3"),
    notice("+NETCLOSE: <err>", "NetClose", "network service stopped", "A7600 TCPIP note §3.1.4"),
    notice(
        "+CIPOPEN: <n>,<err>",
        "ConnectOk",
        "link open; err not 0: ConnectFail",
        "A7600 TCPIP note §3.2.1",
    ),
    notice("CONNECT <baud>", "DataMode", "data mode begins", "A7600 TCPIP note §3.2.3"),
    notice("CONNECT FAIL", "ConnectFail", "link 0 not open in data mode", "A76XX AT manual §15.2.3"),
    notice("+CIPSEND: <n>,<req>,<cnf>", "SendOk", "taken; cnf -1: SendFail", "A7600 TCPIP note §3.2.1"),
    notice("+CIPERROR: <err>", "CipError", "refused, in front of ERROR", "A76XX AT manual §15.2.4"),
    notice("+IP ERROR: <info>", "IpError", "refused, in front of ERROR", "A7600 TCPIP note §4.1"),
    notice("+CIPRXGET: 1,<n>", "RxPending", "data waits", "A7600 TCPIP note §3.2.2"),
    notice("+CIPRXGET: 2,<n>,<read>,<rest>", "Data", "header of a read", "A7600 TCPIP note §3.2.2"),
    notice("+CIPRXGET: 3,<n>,<read>,<rest>", "Data", "header of a read in hex", "A7600 TCPIP note §3.2.2"),
    notice("+CIPRXGETIP:<ip>:<port>", "Line", "sender, after AT+CIPRXGET=5", "A76XX AT manual §15.2.5"),
    notice("RECV FROM:<ip>:<port>", "Data", "sender, in front of the header", "A7600 TCPIP note §3.2.1"),
    notice("+IPD<len>", "Data", "header; data on the next line", "A7600 TCPIP note §3.2.1"),
    notice(
        "+RECEIVE,<n>,<len>",
        "Data",
        "header with HeaderType 1; data on the next line",
        "A76XX AT manual §15.2.13",
    ),
    notice("+CIPCLOSE: <n>,<err>", "CloseOk", "link closed; err not 0: CloseErr", "A7600 TCPIP note §3.2.1"),
    notice(
        "+IPCLOSE: <n>,<reason>",
        "Closed",
        "0 by us, 1 by the peer, 2 timeout or DTR",
        "A7600 TCPIP note §4.2",
    ),
    notice("CLOSED", "Closed", "link 0 closed in data mode", "A7600 TCPIP note §3.2.3"),
    notice("+CLIENT: <n>,<server>,<ip>:<port>", "Accepted", "client connected", "A7600 TCPIP note §4.2"),
    notice("+SERVERSTOP: <server>,<err>", "ServerStopped", "server stopped", "A7600 TCPIP note §3.4.2"),
    notice(
        "+CDNSGIP: 1,\"<host>\",\"<ip>\"",
        "Dns",
        "name found, in front of OK",
        "A76XX AT manual §15.2.17",
    ),
    notice("+CDNSGIP: 0,<code>", "DnsFail", "name not found, in front of ERROR", "A76XX AT manual §15.2.17"),
    notice("+CIPEVENT: NETWORK CLOSED UNEXPECTEDLY", "NetLost", "network lost", "A7600 TCPIP note §4.2"),
    notice(
        r#"+CREG: <stat>[,"<lac>","<ci>"]"#,
        "Registration",
        "registration changed",
        "3GPP TS 27.007 §7.2",
    ),
    notice(
        r#"+CGREG: <stat>[,"<lac>","<ci>"]"#,
        "Registration",
        "registration changed",
        "3GPP TS 27.007 §10.1.20",
    ),
    notice("NO CARRIER", "Line", "ATO without a connection", "A76XX AT manual §2.2.6"),
    notice("RING", "Ring", "call", "ITU-T V.250 §6.3"),
    notice(r#"+CMTI: "<mem>",<index>"#, "Sms", "short message", "3GPP TS 27.005 §3.4"),
    notice("*ATREADY: 1", "Boot", "restarted", "observed: start-up logs"),
    notice("SMS DONE", "Boot", "messages possible", "observed: start-up logs"),
    notice("PB DONE", "Boot", "phone book ready", "observed: start-up logs"),
    notice("+CPIN: <code>", "Sim", "card at start", "A7600 TCPIP note §1.5.1"),
];
