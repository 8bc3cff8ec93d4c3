//! Rows of `sim800e`: the SIM800E manual V1.00 of 2011, which knows no quick send and no receive on request.
//!
//! What it has in common with SIM800 is taken from there; the manual gives no times, so those are SIM800's too.

use super::family::{
    self, CONNECTED, INITIAL, LEN, N_SENT, PROCESSING, SEND_MS, SENT, SERVER_PORT, WITH_CONTEXT, closes,
};
use super::params::{
    APN, ATI, CFUN, CGREG, CMEE, CPIN, CREG, CSQ, HOST, IFC, LINE, MODE, MODEM_LINES, PASSWORD, PORT,
    Section, TRANSPORT, USER, USUAL_MS, cgatt, count, exec, may, notice, number, read, rows, set, test,
};
use crate::row::Command::{
    Cdnsgip, Cipccfg, Cipclose, Cipscont, Cipsend, Cipserver, Cipsrip, Cipstart, Cipstatus, Clport, Cstt,
};
use crate::row::{Finals, Kind, Later, Notice, Param, Row};

/// The command forms, in the order of the manual.
pub const ROWS: &[Row] = &rows::<{ count(MANUAL) }>(MANUAL);

const MANUAL: &[Section] = &[
    ("SIM800 AT manual §2.2.7", LINE),
    ("SIM800 AT manual §2.2.9", ATI),
    ("SIM800 AT manual §2.2.12", family::DATA_MODE),
    ("SIM800 AT manual §2.2.29", MODEM_LINES),
    ("SIM800 TCPIP note §2.2.1", IFC),
    ("SIM800 AT manual §19.1", CMEE),
    ("3GPP TS 27.007 §8.2", CFUN),
    ("3GPP TS 27.007 §8.3", CPIN),
    ("SIM800E manual §4.1", CSQ),
    ("SIM800E manual §3.1.1", CREG),
    ("SIM800E manual §3.2.1", CGREG),
    ("SIM800E manual §3.3", &cgatt(10_000)),
    ("SIM800E manual §3.4.1", family::CIPMUX),
    ("SIM800E manual §3.5.1", CIPSTART),
    ("SIM800E manual §3.6.1", CIPSEND),
    ("SIM800E manual §3.6.1 (CIPCLOSE)", CIPCLOSE),
    ("SIM800E manual §3.6.2", family::CIPSHUT),
    ("SIM800E manual §3.7", CSTT),
    ("SIM800E manual §3.8", family::CIICR),
    ("SIM800E manual §3.9", family::CIFSR),
    ("SIM800E manual §3.10", CIPSTATUS),
    ("SIM800E manual §3.11", family::CDNSCFG),
    ("SIM800E manual §3.12", CDNSGIP),
    ("SIM800E manual §3.13", family::CIPHEAD),
    ("SIM800E manual §3.14", family::CIPATS),
    ("SIM800E manual §3.15", family::CIPSPRT),
    ("SIM800E manual §3.16", CIPSERVER),
    ("SIM800E manual §3.17", CLPORT),
    ("SIM800E manual §3.18", family::CIPCSGP),
    ("SIM800E manual §3.19", family::CIPSRIP),
    ("SIM800E manual §3.19", CIPSRIP_ALIASES),
    ("SIM800E manual §3.20", family::CIPDPDP),
    ("SIM800E manual §3.21", family::CIPMODE),
    ("SIM800E manual §3.22", CIPCCFG),
    ("SIM800E manual §3.23", family::CIPSHOWTP),
    ("SIM800E manual §4.2.9", CIPSCONT),
];

const N: Param = number("n", 0, 5);

/// `AT+CIPSTART`: opens a connection; from `IP INITIAL` with the whole bring-up, in multi mode too (§4.2.3). `AT+CIFSR` in
/// front of it is optional (§4.2.4), and so in front of the other commands.
const CIPSTART: &[Row] = &[
    test(
        Cipstart,
        "AT+CIPSTART=?",
        &[
            r#"+CIPSTART: ("TCP","UDP"),(IP address range),(port range)"#,
            r#"+CIPSTART: ("TCP","UDP"),(domain name),(port range)"#,
            "OK",
        ],
    )
    .single(),
    test(
        Cipstart,
        "AT+CIPSTART=?",
        &[
            r#"+CIPSTART: (0-5),("TCP","UDP"),(IP address range),(port range)"#,
            r#"+CIPSTART: (0-5),("TCP","UDP"),(domain name),(port range)"#,
            "OK",
        ],
    )
    .multi(),
    set(Cipstart, r#"AT+CIPSTART="<mode>","<host>",<port>"#, &[TRANSPORT, HOST, PORT])
        .gives(&["OK", "CONNECT OK"])
        .single()
        .allowed(&["IP INITIAL", "IP GPRSACT", "IP STATUS", "TCP CLOSED", "UDP CLOSED"])
        .leads_to("CONNECT OK")
        .later(Later::Connect, 160_000),
    set(Cipstart, r#"AT+CIPSTART=<n>,"<mode>","<host>",<port>"#, &[N, TRANSPORT, HOST, PORT])
        .gives(&["OK", "<n>, CONNECT OK"])
        .multi()
        .allowed(&["IP INITIAL", "IP GPRSACT", "IP STATUS", "IP PROCESSING"])
        .leads_to("IP PROCESSING")
        .later(Later::Connect, 75_000),
];

/// `AT+CIPSEND`: sends; without a length up to Ctrl-Z.
const CIPSEND: &[Row] = &[
    read(Cipsend, "AT+CIPSEND?", &["+CIPSEND: <size>", "OK"]).single(),
    read(Cipsend, "AT+CIPSEND?", &["+CIPSEND: <n>,<size>", "OK"]).multi(),
    sends(exec(Cipsend, "AT+CIPSEND", SENT)).single().allowed(CONNECTED),
    sends(set(Cipsend, "AT+CIPSEND=<len>", &[LEN]).gives(SENT)).single().allowed(CONNECTED),
    sends(set(Cipsend, "AT+CIPSEND=<n>", &[N]).gives(N_SENT)).multi().allowed(PROCESSING),
    sends(set(Cipsend, "AT+CIPSEND=<n>,<len>", &[N, LEN]).gives(N_SENT)).multi().allowed(PROCESSING),
];

const fn sends(row: Row) -> Row {
    row.ends(Finals::SEND_OK.or(Finals::SEND_FAIL)).within(SEND_MS)
}

/// `AT+CIPCLOSE`: closes a connection.
const CIPCLOSE: &[Row] = &[
    test(Cipclose, "AT+CIPCLOSE=?", &["OK"]),
    closes(exec(Cipclose, "AT+CIPCLOSE", &["CLOSE OK"]))
        .single()
        .allowed(&["TCP CONNECTING", "UDP CONNECTING", "CONNECT OK"])
        .leads_to("TCP CLOSED"),
    closes(set(Cipclose, "AT+CIPCLOSE=<n>", &[N]).gives(&["<n>, CLOSE OK"])).multi().allowed(PROCESSING),
];

/// `AT+CSTT`: the access point; all three values or none.
const CSTT: &[Row] = &[
    test(Cstt, "AT+CSTT=?", &[r#"+CSTT: "APN","USER","PWD""#, "OK"]),
    read(Cstt, "AT+CSTT?", &[r#"+CSTT: "<apn>","<user>","<password>""#, "OK"]),
    set(Cstt, r#"AT+CSTT="<apn>","<user>","<password>""#, &[APN, USER, PASSWORD])
        .allowed(INITIAL)
        .leads_to("IP START"),
    exec(Cstt, "AT+CSTT", &["OK"]).allowed(INITIAL).leads_to("IP START"),
];

/// `AT+CIPSTATUS`: the state behind `OK` in single mode, the links in front of it in multi mode (§4.2.8.2).
const CIPSTATUS: &[Row] = &[
    test(Cipstatus, "AT+CIPSTATUS=?", &["OK"]),
    exec(Cipstatus, "AT+CIPSTATUS", &["OK", "STATE: <state>"]).single().later(Later::Status, USUAL_MS),
    exec(Cipstatus, "AT+CIPSTATUS", &[r#"+Cli:<n>,<bearer>,"<proto>","<ip>","<port>","<state>""#, "OK"])
        .multi(),
];

/// `AT+CDNSGIP`: the addresses of a name, one a line.
const CDNSGIP: &[Row] = &[
    test(Cdnsgip, "AT+CDNSGIP=?", &["OK"]),
    set(Cdnsgip, r#"AT+CDNSGIP="<host>""#, &[HOST])
        .gives(&["OK", "+CDNSGIP:1,<ip>"])
        .allowed(WITH_CONTEXT)
        .later(Later::Dns, 14_000),
];

/// `AT+CIPSERVER`: listens; the port comes first. The manual shows no way to stop; 0 is inferred.
const CIPSERVER: &[Row] = &[
    test(Cipserver, "AT+CIPSERVER=?", &["+CIPSERVER:(1-65535),(0-1),(0-1),(1-5)", "OK"]),
    read(Cipserver, "AT+CIPSERVER?", &["+CIPSERVER: <mode>,<num>", "OK"]),
    serves(set(Cipserver, SERVER_TEXT, SERVER_PARAMS))
        .single()
        .allowed(&["IP INITIAL", "IP GPRSACT", "IP STATUS"])
        .leads_to("SERVER LISTENING")
        .later(Later::Server, 160_000),
    serves(set(Cipserver, SERVER_TEXT, SERVER_PARAMS))
        .multi()
        .allowed(&["IP GPRSACT", "IP STATUS"])
        .leads_to("IP PROCESSING")
        .later(Later::Server, USUAL_MS),
    set(Cipserver, "AT+CIPSERVER=0", &[]).gives(&["OK", "SERVER CLOSE"]).later(Later::ServerClose, USUAL_MS),
];
const SERVER_TEXT: &str = "AT+CIPSERVER=<port>[,<type>[,<bearer>[,<blog>]]]";
const SERVER_PARAMS: &[Param] = &[
    SERVER_PORT,
    may("type", Kind::Number(0, 1), "0"),
    may("bearer", Kind::Number(0, 1), "1"),
    may("blog", Kind::Number(1, 5), "5"),
];

const fn serves(row: Row) -> Row {
    row.gives(&["OK", "SERVER OK"])
}

/// `AT+CLPORT`: the local port of a client, in single mode only.
const CLPORT: &[Row] = &[
    test(Clport, "AT+CLPORT=?", &["+CLPORT: (0-65535)", "OK"]),
    read(Clport, "AT+CLPORT?", &["TCP: <port>", "UDP: <port>", "OK"]),
    set(Clport, r#"AT+CLPORT="<mode>",<port>"#, &[TRANSPORT, PORT]).single(),
];

/// `AT+CIPSRIP` under the two other names that the manual uses for it.
const CIPSRIP_ALIASES: &[Row] = &[
    test(Cipsrip, "AT+CIPSRIPIP=?", &["+CIPSRIPIP: (0,1)", "OK"]),
    read(Cipsrip, "AT+CIPSRIPIP?", &["+CIPSRIPIP: <mode>", "OK"]),
    set(Cipsrip, "AT+CIPSRIPIP=<mode>", &[MODE]),
    test(Cipsrip, "AT+CIPSRIIP=?", &["+CIPSRIIP: (0,1)", "OK"]),
    read(Cipsrip, "AT+CIPSRIIP?", &["+CIPSRIIP: <mode>", "OK"]),
    set(Cipsrip, "AT+CIPSRIIP=<mode>", &[MODE]),
];

/// `AT+CIPCCFG`: transfer in data mode; `WaitTm` counts 200 ms.
const CIPCCFG: &[Row] = &[
    test(Cipccfg, "AT+CIPCCFG=?", &["+CIPCCFG: (NmRetry:3-8),(WaitTm:2-10),(SendSz:1-1460),(esc:0,1)", "OK"]),
    read(Cipccfg, "AT+CIPCCFG?", &["+CIPCCFG: <NmRetry>,<WaitTm>,<SendSz>,<esc>", "OK"]),
    set(
        Cipccfg,
        "AT+CIPCCFG=<NmRetry>,<WaitTm>,<SendSz>,<esc>",
        &[
            may("NmRetry", Kind::Number(3, 8), "3"),
            may("WaitTm", Kind::Number(2, 10), "2"),
            may("SendSz", Kind::Number(1, 1460), "1024"),
            may("esc", Kind::Number(0, 1), "1"),
        ],
    )
    .single(),
];

/// `AT+CIPSCONT`: the settings kept over a restart.
const CIPSCONT: &[Row] = &[
    read(
        Cipscont,
        "AT+CIPSCONT?",
        &[
            "+CIPCSGP:<mode>",
            "Gprs Config APN:<apn>",
            "Gprs Config UserId:<user>",
            "Gprs Config Password:<password>",
            "+CLPORT:<tcp>,<udp>",
            "+CIPHEAD:<mode>",
            "+CIPSHOWTP:<mode>",
            "+CIPSRIPIP:<mode>",
            "+CIPATS:<mode>,<time>",
            "+CIPSPRT:<mode>",
            "+CIPMODE:<mode>",
            "+CIPCCFG:<NmRetry>,<WaitTm>,<SendSz>,<esc>",
            "+CIPMUX:<n>",
            "+CIPDPDP:<mode>,<interval>,<timer>",
            "OK",
        ],
    ),
    exec(Cipscont, "AT+CIPSCONT", &["OK"]).from("SIM800E manual §2.2"),
];

/// The notices and headers.
pub const NOTICES: &[Notice] = &[
    notice("[<n>, ]CONNECT OK", "ConnectOk", "connection open", "SIM800E manual §3.5.1"),
    notice("[<n>, ]CONNECT FAIL", "ConnectFail", "connection or server not open", "SIM800E manual §3.5.1"),
    notice("[<n>, ]ALREADY CONNECT", "AlreadyConnected", "link in use", "SIM800E manual §3.5.1"),
    notice("CONNECT", "DataMode", "data mode begins", "SIM800 TCPIP note §2.2.3"),
    notice("[<n>, ]SEND OK", "SendOk", "sent", "SIM800E manual §3.6.1"),
    notice("[<n>, ]SEND FAIL", "SendFail", "not sent", "SIM800E manual §3.6.1"),
    notice("[<n>, ]CLOSED", "Closed", "peer closed", "SIM800 TCPIP note §2.1.1"),
    notice("STATE: <state>", "State", "state, also in front of CONNECT FAIL", "SIM800E manual §3.10"),
    notice(
        r#"+Cli:<n>,<bearer>,"<proto>","<ip>","<port>","<state>""#,
        "LinkState",
        "link; unused ones have five empty fields",
        "SIM800E manual §4.2.8.2",
    ),
    notice(
        r#"Ser: 0,<bearer>,"<proto>","<port>","<state>""#,
        "ServerState",
        "server, behind STATE",
        "SIM800E manual §3.10",
    ),
    notice("+CDNSGIP:1,<ip>", "Dns", "one address of the name", "SIM800E manual §4.2.10"),
    notice(
        r#"+CDNSGIP: 1,"<host>","<ip>""#,
        "Dns",
        "name found, in the form of the table",
        "SIM800E manual §3.12",
    ),
    notice("+CDNSGIP:0,<code>", "DnsFail", "name not found", "SIM800E manual §3.12"),
    notice("SERVER OK", "ServerOk", "server listens", "SIM800E manual §3.16"),
    notice("SERVER CLOSE", "ServerClose", "server stopped", "SIM800 TCPIP note §2.1.3"),
    notice("[<n>, ]REMOTE IP: <ip>", "Accepted", "client connected", "SIM800 TCPIP note §3.2"),
    notice("+RECEIVE,<n>,<len>:", "Data", "header, multi; data on the next line", "SIM800 TCPIP note §3.1"),
    notice("+IPD,<len>:", "Data", "header, single; data behind the colon", "SIM800E manual §3.13"),
    notice("+IPD,<len>,<proto>:", "Data", "the same with CIPSHOWTP=1", "SIM800E manual §3.23"),
    notice("RECV FROM:<ip>:<port>", "Data", "sender, in front of the data", "SIM800E manual §3.19"),
    notice("+PDP: DEACT", "PdpDeact", "context lost", "SIM800E manual §3.20"),
    notice(
        r#"+CREG: <stat>[,"<lac>","<ci>"]"#,
        "Registration",
        "registration changed",
        "SIM800E manual §3.1.1",
    ),
    notice(
        r#"+CGREG: <stat>[,"<lac>","<ci>"]"#,
        "Registration",
        "registration changed",
        "SIM800E manual §3.2.1",
    ),
    notice("RING", "Ring", "call", "SIM800 TCPIP note §2.2.5"),
    notice(r#"+CMTI: "<mem>",<index>"#, "Sms", "short message", "SIM800 TCPIP note §2.2.5"),
    notice("RDY", "Boot", "restarted", "SIM800 AT manual §19.3"),
    notice("+CFUN: <fun>", "Line", "function level at start", "SIM800 AT manual §19.3"),
    notice("+CPIN: <code>", "Sim", "card at start", "SIM800 AT manual §19.3"),
    notice("Call Ready", "Boot", "calls possible", "SIM800 AT manual §19.3"),
    notice("SMS Ready", "Boot", "messages possible", "SIM800 AT manual §19.3"),
    notice("NORMAL POWER DOWN", "PowerDown", "switched off", "SIM800 AT manual §19.3"),
    notice("UNDER-VOLTAGE POWER DOWN", "PowerDown", "switched off", "SIM800 AT manual §19.3"),
    notice("UNDER-VOLTAGE WARNNING", "PowerWarn", "supply low", "SIM800 AT manual §19.3"),
    notice("OVER-VOLTAGE POWER DOWN", "PowerDown", "switched off", "SIM800 AT manual §19.3"),
    notice("OVER-VOLTAGE WARNNING", "PowerWarn", "supply high", "SIM800 AT manual §19.3"),
];
