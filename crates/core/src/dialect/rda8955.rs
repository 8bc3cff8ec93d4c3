//! Rows of `rda8955`: clones of the SIM800 on the RDA8955 chip (A6, A9, Air202), as their firmware speaks.
//!
//! No manual of these is among the documents: the rows say what the firmware's own sources print. It has the commands of
//! SIM800 with eight links, spelled without the blank behind the colon, and some answers of its own. Its data mode sends only
//! full blocks and knows no escape, so no row of data mode is here.

use super::family::{self, Tcpip, closes};
use super::params::{
    APN, ATI, CFUN, CGDCONT, CGREG, CID, CMEE, CREG, CSQ, HOST, LEVEL, LINE, MODE, MODE_2, PASSWORD, PIN,
    PORT, STATE, SWITCH, Section, TRANSPORT, USER, USUAL_MS, cgatt, count, exec, may, must, notice, number,
    read, rows, set, test,
};
use crate::row::Command::{
    Cdnscfg, Cdnsgip, Cgact, Cifsr, Ciicr, Cipack, Cipats, Cipccfg, Cipclose, Cipcsgp, Ciphead, Cipmux,
    Cipqsend, Ciprxget, Cipscont, Cipsend, Cipserver, Cipsgtxt, Cipshowtp, Cipshut, Cipsprt, Cipsrip,
    Cipstart, Cipstatus, Cipudpmode, Clport, Cpin, Csclk, Cstt, Ifc,
};
use crate::row::{Finals, Kind, Later, Notice, Param, Row};

/// The command forms, in the order of the firmware's table.
pub const ROWS: &[Row] = &rows::<{ count(MANUAL) }>(MANUAL);

type M = Tcpip<7>;

const TCPIP: &str = "RDA8955 firmware, at_cmd_tcpip";
const MODULE: &str = "RDA8955 firmware, at_module";
const GENERAL: &str = "RDA8955 firmware, at_cmd_gc";

const MANUAL: &[Section] = &[
    (MODULE, LINE),
    (MODULE, ATI),
    (GENERAL, IFC),
    (MODULE, CMEE),
    ("3GPP TS 27.007 §8.2", CFUN),
    ("3GPP TS 27.007 §8.3", CPIN),
    ("3GPP TS 27.007 §8.5", CSQ),
    ("3GPP TS 27.007 §7.2", CREG),
    ("3GPP TS 27.007 §10.1.20", CGREG),
    (GENERAL, CSCLK),
    ("3GPP TS 27.007 §10.1.9", &cgatt(30_000)),
    ("3GPP TS 27.007 §10.1.1", CGDCONT),
    ("3GPP TS 27.007 §10.1.10", CGACT),
    (TCPIP, CIPMUX),
    (TCPIP, CIPSTART),
    (TCPIP, CIPSEND),
    (TCPIP, CIPQSEND),
    (TCPIP, CIPACK),
    (TCPIP, CIPCLOSE),
    (TCPIP, CIPSHUT),
    (TCPIP, CLPORT),
    (TCPIP, CSTT),
    (TCPIP, CIICR),
    (TCPIP, CIFSR),
    (TCPIP, CIPSTATUS),
    (TCPIP, CDNSCFG),
    (TCPIP, CDNSGIP),
    (TCPIP, CIPHEAD),
    (TCPIP, CIPATS),
    (TCPIP, CIPSPRT),
    (TCPIP, CIPSERVER),
    (TCPIP, CIPCSGP),
    (TCPIP, CIPSRIP),
    (TCPIP, CIPCCFG),
    (TCPIP, CIPSHOWTP),
    (TCPIP, CIPUDPMODE),
    (TCPIP, CIPRXGET),
    (TCPIP, CIPSCONT),
    (TCPIP, CIPSGTXT),
];

const CONNECTED: &[&str] = family::CONNECTED;
const PROCESSING: &[&str] = family::PROCESSING;
const N: Param = M::N;
const HOW: Param = may("how", Kind::Number(0, 1), "0");
const PEER_IP: Param = may("ip", Kind::Host, "");
const PEER_PORT: Param = may("port", Kind::Port, "");
const HEX_LEN: Param = may("len", Kind::Number(1, 730), "730");

/// `AT+IFC`: flow control, none or RTS and CTS.
const IFC: &[Row] = &[
    test(Ifc, "AT+IFC=?", &["+IFC: (0,2),(0,2)", "OK"]),
    read(Ifc, "AT+IFC?", &["+IFC: <dce>,<dte>", "OK"]),
    set(Ifc, "AT+IFC=<dce>[,<dte>]", &[number("dce", 0, 2), may("dte", Kind::Number(0, 2), "")]),
];

/// `AT+CSCLK`: sleep.
const CSCLK: &[Row] = &[
    test(Csclk, "AT+CSCLK=?", &["+CSCLK: (0,1,2)", "OK"]),
    read(Csclk, "AT+CSCLK?", &["+CSCLK: <n>", "OK"]),
    set(Csclk, "AT+CSCLK=<n>", &[LEVEL]),
];

/// `AT+CPIN`: the answer has no blank.
const CPIN: &[Row] = &[
    test(Cpin, "AT+CPIN=?", &["OK"]),
    read(Cpin, "AT+CPIN?", &["+CPIN:<code>", "OK"]),
    set(Cpin, r#"AT+CPIN="<pin>""#, &[PIN]),
];

/// `AT+CGACT`: a context by its number.
const CGACT: &[Row] = &[
    test(Cgact, "AT+CGACT=?", &["+CGACT: (0,1)", "OK"]),
    read(Cgact, "AT+CGACT?", &["+CGACT: <cid>,<state>", "OK"]),
    set(Cgact, "AT+CGACT=<state>,<cid>", &[STATE, CID]).within(30_000),
];

/// `AT+CIPMUX`: one connection or several; the present value may be set again at any time.
const CIPMUX: &[Row] = &[
    test(Cipmux, "AT+CIPMUX=?", &["+CIPMUX:(0,1)", "OK"]),
    read(Cipmux, "AT+CIPMUX?", &["+CIPMUX:<n>", "OK"]),
    set(Cipmux, "AT+CIPMUX=<n>", &[SWITCH]).allowed(family::INITIAL),
];

/// `AT+CIPSTART`: `OK`, then the result; from `IP INITIAL` with the whole bring-up in single mode.
const CIPSTART: &[Row] = &[
    test(
        Cipstart,
        "AT+CIPSTART=?",
        &[r#"+CIPSTART: (0-7), ("TCP", "UDP"), ("(0-255).(0-255).(0-255).(0-255)"), (0-65535)"#, "OK"],
    ),
    set(Cipstart, r#"AT+CIPSTART="<mode>","<host>",<port>"#, &[TRANSPORT, HOST, PORT])
        .gives(&["OK", "CONNECT OK"])
        .single()
        .allowed(&["IP INITIAL", "IP STATUS", "CLOSED"])
        .leads_to("CONNECT OK")
        .later(Later::Connect, 160_000),
    set(Cipstart, r#"AT+CIPSTART=<n>,"<mode>","<host>",<port>"#, &[N, TRANSPORT, HOST, PORT])
        .gives(&["OK", "<n>,CONNECT OK"])
        .multi()
        .allowed(&["IP STATUS", "IP PROCESSING"])
        .leads_to("IP PROCESSING")
        .later(Later::Connect, 75_000),
];

/// `AT+CIPSEND`: sends; the question prints its own help and no number.
const CIPSEND: &[Row] = &[
    test(Cipsend, "AT+CIPSEND=?", &["+CIPSEND:<length>", "OK"]).single(),
    test(Cipsend, "AT+CIPSEND=?", &["+CIPSEND:<0-7>,<length>", "OK"]).multi(),
    read(Cipsend, "AT+CIPSEND?", &["+CIPSEND:<size>", "OK"]).single(),
    read(Cipsend, "AT+CIPSEND?", &["+CIPSEND:<n>,<size>", "OK"]).multi(),
    sends(exec(Cipsend, "AT+CIPSEND", SENT)).single().allowed(CONNECTED),
    sends(set(Cipsend, "AT+CIPSEND=<len>", &[family::LEN]).gives(SENT)).single().allowed(CONNECTED),
    sends(set(Cipsend, "AT+CIPSEND=<n>", &[N]).gives(N_SENT)).multi().allowed(PROCESSING),
    sends(set(Cipsend, "AT+CIPSEND=<n>,<len>", &[N, family::LEN]).gives(N_SENT)).multi().allowed(PROCESSING),
];
const SENT: &[&str] = family::SENT;
const N_SENT: &[&str] = &["> ", "<n>,SEND OK"];

const fn sends(row: Row) -> Row {
    row.ends(Finals::SEND).within(family::SEND_MS)
}

/// `AT+CIPQSEND`: quick send; an empty line follows `DATA ACCEPT` when the data is out.
const CIPQSEND: &[Row] = &[
    test(Cipqsend, "AT+CIPQSEND=?", &["+CIPQSEND:(0,1)", "OK"]),
    read(Cipqsend, "AT+CIPQSEND?", &["+CIPQSEND:<mode>", "OK"]),
    set(Cipqsend, "AT+CIPQSEND=<mode>", &[MODE]),
];

/// `AT+CIPACK`: what the peer has acknowledged.
const CIPACK: &[Row] = &[
    test(Cipack, "AT+CIPACK=?", &["OK"]),
    exec(Cipack, "AT+CIPACK", &["+CIPACK:<txlen>,<acklen>,<nacklen>", "OK"]).single().allowed(CONNECTED),
    set(Cipack, "AT+CIPACK=<n>", &[N])
        .gives(&["+CIPACK:<txlen>,<acklen>,<nacklen>", "OK"])
        .multi()
        .allowed(PROCESSING),
];

/// `AT+CIPCLOSE`: slowly (0) after the time of `AT+CIPRDTIMER`, or at once (1).
const CIPCLOSE: &[Row] = &[
    test(Cipclose, "AT+CIPCLOSE=?", &["OK"]),
    closes(exec(Cipclose, "AT+CIPCLOSE", &["CLOSE OK"])).single().allowed(CONNECTED).leads_to("CLOSED"),
    closes(set(Cipclose, "AT+CIPCLOSE=<how>", &[HOW]).gives(&["CLOSE OK"]))
        .single()
        .allowed(CONNECTED)
        .leads_to("CLOSED"),
    closes(set(Cipclose, "AT+CIPCLOSE=<n>", &[N]).gives(&["<n>,CLOSE OK"])).multi().allowed(PROCESSING),
    closes(set(Cipclose, "AT+CIPCLOSE=<n>,<how>", &[N, HOW]).gives(&["<n>,CLOSE OK"]))
        .multi()
        .allowed(PROCESSING),
];

/// `AT+CIPSHUT`: an error in `IP INITIAL`.
const CIPSHUT: &[Row] = &[
    test(Cipshut, "AT+CIPSHUT=?", &["OK"]),
    exec(Cipshut, "AT+CIPSHUT", &["SHUT OK"])
        .allowed(&[
            "IP START",
            "IP CONFIG",
            "IP GPRSACT",
            "IP STATUS",
            "CONNECT OK",
            "CLOSED",
            "IP PROCESSING",
        ])
        .leads_to("IP INITIAL")
        .ends(Finals::SHUT)
        .within(65_000),
];

/// `AT+CLPORT`: the local port of clients, 0 for any.
const CLPORT: &[Row] = &[
    test(Clport, "AT+CLPORT=?", &[r#"+CLPORT: ("TCP","UDP"),(0-65535)"#, "OK"]).single(),
    test(Clport, "AT+CLPORT=?", &[r#"+CLPORT: (0-7),("TCP","UDP"),(0-65535)"#, "OK"]).multi(),
    read(Clport, "AT+CLPORT?", &["+CLPORT:TCP:<tcp>,UDP:<udp>", "OK"]).single(),
    read(Clport, "AT+CLPORT?", &["+CLPORT:<n>,TCP:<tcp>,UDP:<udp>", "OK"]).multi(),
    set(Clport, r#"AT+CLPORT="<mode>",<port>"#, &[TRANSPORT, PORT]).single(),
    set(Clport, r#"AT+CLPORT=<n>,"<mode>",<port>"#, &[N, TRANSPORT, PORT]).multi(),
];

/// `AT+CSTT`: the access point.
const CSTT: &[Row] = &[
    test(Cstt, "AT+CSTT=?", &[r#"+CSTT: "APN", "USER", "PWD""#, "OK"]),
    read(Cstt, "AT+CSTT?", &[r#"+CSTT: "<apn>",  "<user>", "<password>""#, "OK"]),
    set(Cstt, r#"AT+CSTT="<apn>"[,"<user>"]"#, &[APN, USER]).allowed(family::INITIAL).leads_to("IP START"),
    set(Cstt, r#"AT+CSTT="<apn>","<user>","<password>""#, &[APN, USER, PASSWORD])
        .allowed(family::INITIAL)
        .leads_to("IP START"),
    exec(Cstt, "AT+CSTT", &["OK"]).allowed(family::INITIAL).leads_to("IP START"),
];

/// `AT+CIICR`: brings the context up.
const CIICR: &[Row] = &[
    test(Ciicr, "AT+CIICR=?", &["OK"]),
    exec(Ciicr, "AT+CIICR", &["OK"]).allowed(&["IP START"]).leads_to("IP GPRSACT").within(85_000),
];

/// `AT+CIFSR`: the local address, with `OK`.
const CIFSR: &[Row] = &[
    test(Cifsr, "AT+CIFSR=?", &["OK"]),
    exec(Cifsr, "AT+CIFSR", &["<ip>", "OK"])
        .allowed(&["IP GPRSACT", "IP STATUS", "CONNECT OK", "CLOSED", "IP PROCESSING"])
        .leads_to("IP STATUS"),
];

/// `AT+CIPSTATUS`: the state, in multi mode with every link; a blank stands at the end of each row.
const CIPSTATUS: &[Row] = &[
    test(Cipstatus, "AT+CIPSTATUS=?", &["OK"]),
    exec(Cipstatus, "AT+CIPSTATUS", &["OK", "STATE:<state> "]).single().later(Later::Status, USUAL_MS),
    exec(
        Cipstatus,
        "AT+CIPSTATUS",
        &[
            "OK",
            "STATE:<state> ",
            r#"S:0,0,"<port>","LISTENING" "#,
            "C:<n>,<bearer>,<proto>,<ip>,<port>,<state> ",
        ],
    )
    .multi()
    .later(Later::Status, USUAL_MS),
    set(Cipstatus, "AT+CIPSTATUS=<n>", &[N])
        .gives(&["+CIPSTATUS:<n>,<bearer>,<proto>,<ip>,<port>,<state> ", "OK"])
        .multi(),
];

/// `AT+CDNSCFG`: the name servers.
const CDNSCFG: &[Row] = &[
    test(Cdnscfg, "AT+CDNSCFG=?", &[r#"+CDNSCFG: ("PrimaryDNS"),("SecondaryDNS")"#, "OK"]),
    read(Cdnscfg, "AT+CDNSCFG?", &["PrimaryDns: <first>", "SecondaryDns: <second>", "OK"]),
    set(
        Cdnscfg,
        r#"AT+CDNSCFG="<first>"[,"<second>"]"#,
        &[must("first", Kind::Host), may("second", Kind::Host, "0.0.0.0")],
    ),
];

/// `AT+CDNSGIP`: one address of a name.
const CDNSGIP: &[Row] = &[
    test(Cdnsgip, "AT+CDNSGIP=?", &["OK"]),
    set(Cdnsgip, r#"AT+CDNSGIP="<host>""#, &[HOST])
        .gives(&["OK", r#"+CDNSGIP: 1,"<host>","<ip>""#])
        .later(Later::Dns, 60_000),
];

/// `AT+CIPHEAD`: a header in front of pushed data, and inside the data of a read.
const CIPHEAD: &[Row] = &[
    test(Ciphead, "AT+CIPHEAD=?", &["+CIPHEAD:(0,1)", "OK"]),
    read(Ciphead, "AT+CIPHEAD?", &["+CIPHEAD:<mode>", "OK"]),
    set(Ciphead, "AT+CIPHEAD=<mode>", &[MODE]),
];

/// `AT+CIPATS`: a time after which the typed data goes out.
const CIPATS: &[Row] = &[
    test(Cipats, "AT+CIPATS=?", &["+CIPATS:(0,1),(1-100)", "OK"]),
    read(Cipats, "AT+CIPATS?", &["+CIPATS:<mode>,<time>", "OK"]),
    set(Cipats, "AT+CIPATS=<mode>[,<time>]", &[MODE, may("time", Kind::Number(1, 100), "")]),
];

/// `AT+CIPSPRT`: prompt and `SEND OK` (1), no prompt (0), neither (2).
const CIPSPRT: &[Row] = &[
    test(Cipsprt, "AT+CIPSPRT=?", &["+CIPSPRT:(0,1,2)", "OK"]),
    read(Cipsprt, "AT+CIPSPRT?", &["+CIPSPRT:<mode>", "OK"]),
    set(Cipsprt, "AT+CIPSPRT=<mode>", &[MODE_2]),
];

/// `AT+CIPSERVER`: listens.
const CIPSERVER: &[Row] = &[
    test(Cipserver, "AT+CIPSERVER=?", &["+CIPSERVER:(0-CLOSE SERVER,1-OPEN SERVER),(1,65535)", "OK"]),
    read(Cipserver, "AT+CIPSERVER?", &["+CIPSERVER:<mode>[,<port>]", "OK"]),
    set(Cipserver, "AT+CIPSERVER=1,<port>", &[family::SERVER_PORT])
        .gives(&["OK", "SERVER OK"])
        .later(Later::Server, 160_000),
    set(Cipserver, "AT+CIPSERVER=0", &[]).gives(&["OK", "SERVER CLOSED"]).later(Later::ServerClose, USUAL_MS),
];

/// `AT+CIPCSGP`: GPRS only.
const CIPCSGP: &[Row] = &[
    read(Cipcsgp, "AT+CIPCSGP?", &[r#"+CIPCSGP:1,"<apn>","<user>","<password>""#, "OK"]),
    set(Cipcsgp, r#"AT+CIPCSGP=1,"<apn>","<user>","<password>""#, &[APN, USER, PASSWORD]),
];

/// `AT+CIPSRIP`: the sender in front of pushed data; of datagrams it is always printed.
const CIPSRIP: &[Row] = &[
    test(Cipsrip, "AT+CIPSRIP=?", &["+CIPSRIP:(0,1)", "OK"]),
    read(Cipsrip, "AT+CIPSRIP?", &["+CIPSRIP:<mode>", "OK"]),
    set(Cipsrip, "AT+CIPSRIP=<mode>", &[MODE]),
];

/// `AT+CIPCCFG`: transfer in data mode.
const CIPCCFG: &[Row] = &[
    test(
        Cipccfg,
        "AT+CIPCCFG=?",
        &[
            "+CIPCCFG: (NmRetry:3-8),(WaitTm:1-10),(SendSz:1-1460),(esc:0,1),(Rxmode:0,1),(RxSize:50-1460),(Rxtimer:20-1000)",
            "OK",
        ],
    ),
    read(
        Cipccfg,
        "AT+CIPCCFG?",
        &["+CIPCCFG:<NmRetry>,<WaitTm>,<SendSz>,<esc>,<Rxmode>,<RxSize>,<Rxtimer>", "OK"],
    ),
    set(
        Cipccfg,
        "AT+CIPCCFG=<NmRetry>,<WaitTm>,<SendSz>,<esc>[,<Rxmode>,<RxSize>,<Rxtimer>]",
        &[
            may("NmRetry", Kind::Number(3, 8), "5"),
            may("WaitTm", Kind::Number(1, 10), "2"),
            may("SendSz", Kind::Number(1, 1460), "1024"),
            may("esc", Kind::Number(0, 1), "1"),
            may("Rxmode", Kind::Number(0, 1), "0"),
            may("RxSize", Kind::Number(50, 1460), "1460"),
            may("Rxtimer", Kind::Number(20, 1000), "50"),
        ],
    )
    .single(),
];

/// `AT+CIPSHOWTP`: the transport in the `+IPD` header.
const CIPSHOWTP: &[Row] = &[
    test(Cipshowtp, "AT+CIPSHOWTP=?", &["+CIPSHOWTP: (0,1)", "OK"]),
    read(Cipshowtp, "AT+CIPSHOWTP?", &["+CIPSHOWTP:<mode>", "OK"]),
    set(Cipshowtp, "AT+CIPSHOWTP=<mode>", &[MODE]),
];

/// `AT+CIPUDPMODE`: datagrams from and to anyone.
const CIPUDPMODE: &[Row] = &[
    test(
        Cipudpmode,
        "AT+CIPUDPMODE=?",
        &[r#"+CIPUDPMODE: (0-2),("(0-255).(0-255).(0-255).(0-255)"),(1-65535)"#, "OK"],
    )
    .single(),
    test(
        Cipudpmode,
        "AT+CIPUDPMODE=?",
        &[r#"+CIPUDPMODE: (0-7),(0-2),("(0-255).(0-255).(0-255).(0-255)"),(1-65535)"#, "OK"],
    )
    .multi(),
    read(Cipudpmode, "AT+CIPUDPMODE?", &["+CIPUDPMODE:<mode>,<ip>,<port>", "OK"]).single(),
    read(Cipudpmode, "AT+CIPUDPMODE?", &["+CIPUDPMODE:<n>,<mode>,<ip>,<port>", "OK"]).multi(),
    set(Cipudpmode, r#"AT+CIPUDPMODE=<mode>[,"<ip>",<port>]"#, &[MODE_2, PEER_IP, PEER_PORT]).single(),
    set(Cipudpmode, r#"AT+CIPUDPMODE=<n>,<mode>[,"<ip>",<port>]"#, &[N, MODE_2, PEER_IP, PEER_PORT]).multi(),
];

/// `AT+CIPRXGET`: receive on request. The two numbers of a read are what was asked for and what it got.
const CIPRXGET: &[Row] = &[
    test(Ciprxget, "AT+CIPRXGET=?", &["+CIPRXGET:(0-4), (1-1460)", "OK"]).single(),
    test(Ciprxget, "AT+CIPRXGET=?", &["+CIPRXGET:(0-4), (0-7), (1-1460)", "OK"]).multi(),
    read(Ciprxget, "AT+CIPRXGET?", &["+CIPRXGET:<mode>", "OK"]),
    set(Ciprxget, "AT+CIPRXGET=<mode>", &[MODE]),
    set(Ciprxget, "AT+CIPRXGET=2,<len>", &[family::LEN])
        .gives(&["+CIPRXGET:2,<asked>,<read>", "<data>", "OK"])
        .single(),
    set(Ciprxget, "AT+CIPRXGET=2,<n>,<len>", &[N, family::LEN])
        .gives(&["+CIPRXGET:2,<n>,<asked>,<read>", "<data>", "OK"])
        .multi(),
    set(Ciprxget, "AT+CIPRXGET=3,<len>", &[HEX_LEN])
        .gives(&["+CIPRXGET:3,<asked>,<read>", "<hex>", "OK"])
        .single(),
    set(Ciprxget, "AT+CIPRXGET=3,<n>,<len>", &[N, HEX_LEN])
        .gives(&["+CIPRXGET:3,<n>,<asked>,<read>", "<hex>", "OK"])
        .multi(),
    set(Ciprxget, "AT+CIPRXGET=4", &[]).gives(&["+CIPRXGET:4,<rest>", "OK"]).single(),
    set(Ciprxget, "AT+CIPRXGET=4,<n>", &[N]).gives(&["+CIPRXGET:4,<n>,<rest>", "OK"]).multi(),
];

/// `AT+CIPSCONT`: the settings kept over a restart; it prints three of them.
const CIPSCONT: &[Row] = &[
    read(Cipscont, "AT+CIPSCONT?", &["+CIPSPRT: <mode>", "+CIPHEAD: <mode>", "+CIPSRIP: <mode>", "OK"]),
    exec(Cipscont, "AT+CIPSCONT", &["OK"]),
];

/// `AT+CIPSGTXT`: which of the two contexts the other commands mean.
const CIPSGTXT: &[Row] = &[set(Cipsgtxt, "AT+CIPSGTXT=<mode>", &[MODE]).multi()];

/// The notices and headers.
pub const NOTICES: &[Notice] = &[
    notice("[<n>,]CONNECT OK", "ConnectOk", "connection open", TCPIP),
    notice(
        "[<n>,]CONNECT FAIL",
        "ConnectFail",
        "connection not open; in single mode behind STATE:<state>",
        TCPIP,
    ),
    notice("[<n>,]ALREAY CONNECT", "AlreadyConnected", "link in use; behind OK", TCPIP),
    notice("[<n>,]SEND OK", "SendOk", "sent", TCPIP),
    notice("[<n>,]SEND FAIL", "SendFail", "not sent", TCPIP),
    notice("DATA ACCEPT:[<n>,]<len>", "DataAccept", "queued by quick send", TCPIP),
    notice("[<n>,]CLOSED", "Closed", "peer closed", TCPIP),
    notice("+TCPCLOSED:<n>", "Closed", "the same on an A9", "observed: variants-connect-send-close"),
    notice("STATE:<state> ", "State", "state, also in front of CONNECT FAIL", TCPIP),
    notice("C:<n>,<bearer>,<proto>,<ip>,<port>,<state> ", "LinkState", "link, behind STATE", TCPIP),
    notice(r#"S:0,0,"<port>","LISTENING" "#, "ServerState", "server, behind STATE", TCPIP),
    notice(r#"+CDNSGIP: 1,"<host>","<ip>""#, "Dns", "name found", TCPIP),
    notice("+CDNSGIP: 0,<code>", "DnsFail", "name not found", TCPIP),
    notice("SERVER OK", "ServerOk", "server listens", TCPIP),
    notice("SERVER CLOSED", "ServerClose", "server stopped", TCPIP),
    notice("<n>, REMOTE IP: <ip>", "Accepted", "client connected; with blanks", TCPIP),
    notice("+RECEIVE,<n>,<len>:", "Data", "header, multi; data behind the colon", TCPIP),
    notice("+RECEIVE,<n>,<len>,<ip>:<port>", "Data", "sender, a line in front of the header", TCPIP),
    notice("+IPD,<len>:", "Data", "header, single; data behind the colon", TCPIP),
    notice("+IPD,<len>,<proto>:", "Data", "the same with CIPSHOWTP=1", TCPIP),
    notice("+RECV FROM:<ip>:<port>", "Data", "sender, single, a line in front of the header", TCPIP),
    notice("+CIPRCV,<n>,<len>:", "Data", "header of an A9", "observed: variants-push"),
    notice("+CIPRCV:<n>,<len>,", "Data", "header of an A6", "observed: variants-push"),
    notice("+CIPRXGET:<n>", "RxPending", "data waits", TCPIP),
    notice("+CIPRXGET:2,[<n>,]<asked>,<read>[,<ip>:<port>]", "Data", "header of a read", TCPIP),
    notice("+CIPRXGET:3,[<n>,]<asked>,<read>[,<ip>:<port>]", "Data", "header of a read in hex", TCPIP),
    notice("+PDP: DEACT", "PdpDeact", "context lost", "inferred: as on SIM800"),
    notice("COMMAND NO RESPONSE!", "Error", "the running command timed out", MODULE),
    notice("+CREG: <stat>", "Registration", "registration changed", "3GPP TS 27.007 §7.2"),
    notice("RING", "Ring", "call", MODULE),
    notice(r#"+CMTI: "<mem>",<index>"#, "Sms", "short message", MODULE),
    notice("READY", "Boot", "restarted", "observed: variants-start"),
    notice("Init...", "Boot", "starting", "observed: variants-start"),
];
