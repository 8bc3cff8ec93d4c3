//! Rows of `sim800`: the SIM800 series TCPIP application note V1.02, and the AT manual V1.09 where the note is silent.

use super::family::{self, Tcpip};
use super::params::{
    ATI, CFUN, CGREG, CMEE, CPIN, CREG, CSQ, IFC, LEVEL, LINE, MODEM_LINES, Section, cgatt, count, exec, may,
    notice, read, rows, set, test,
};
use crate::row::Command::{Cipccfg, Cipscont, Csclk};
use crate::row::{Kind, Notice, Row};

/// The command forms, in the order of the manual.
pub const ROWS: &[Row] = &rows::<{ count(MANUAL) }>(MANUAL);

type M = Tcpip<5>;

const MANUAL: &[Section] = &[
    ("SIM800 AT manual §2.2.7", LINE),
    ("SIM800 AT manual §2.2.9", ATI),
    ("SIM800 TCPIP note §2.2.4", family::DATA_MODE),
    ("SIM800 TCPIP note §2.2.4", MODEM_LINES),
    ("SIM800 TCPIP note §2.2.1", IFC),
    ("SIM800 AT manual §19.1", CMEE),
    ("3GPP TS 27.007 §8.2", CFUN),
    ("SIM800 TCPIP note §2.1.1", CPIN),
    ("SIM800 TCPIP note §2.1.1", CSQ),
    ("SIM800 TCPIP note §2.1.1", CREG),
    ("3GPP TS 27.007 §10.1.20", CGREG),
    ("SIM800 TCPIP note §11", CSCLK),
    ("SIM800 TCPIP note §2.1.1", &cgatt(10_000)),
    ("SIM800 TCPIP note §2", family::CIPMUX),
    ("SIM800 TCPIP note §3.1", M::CIPSTART),
    ("SIM800 TCPIP note §6.1", M::CIPSEND),
    ("SIM800 TCPIP note §6.4", family::CIPQSEND),
    ("SIM800 TCPIP note §6.5", M::CIPACK),
    ("SIM800 TCPIP note §9", M::CIPCLOSE),
    ("SIM800 TCPIP note §9", family::CIPSHUT),
    ("SIM800 TCPIP note §2.3", M::CLPORT),
    ("SIM800 TCPIP note §2.1.1", family::CSTT),
    ("SIM800 TCPIP note §2.1.1", family::CIICR),
    ("SIM800 TCPIP note §2.1.1", family::CIFSR),
    ("SIM800 TCPIP note §10", M::CIPSTATUS),
    ("SIM800 AT manual §8.2.13", family::CDNSCFG),
    ("SIM800 TCPIP note §5", family::CDNSGIP),
    ("SIM800 TCPIP note §7.1", family::CIPHEAD),
    ("SIM800 TCPIP note §6.2", family::CIPATS),
    ("SIM800 AT manual §8.2.17", family::CIPSPRT),
    ("SIM800 TCPIP note §2.1.3", family::CIPSERVER),
    ("SIM800 AT manual §8.2.19", family::CIPCSGP),
    ("SIM800 TCPIP note §7.1", family::CIPSRIP),
    ("SIM800 AT manual §8.2.21", family::CIPDPDP),
    ("SIM800 TCPIP note §2.1", family::CIPMODE),
    ("SIM800 TCPIP note §2.2.2", CIPCCFG),
    ("SIM800 TCPIP note §7.1", family::CIPSHOWTP),
    ("SIM800 TCPIP note §2.1.4", M::CIPUDPMODE),
    ("SIM800 TCPIP note §7.2", M::CIPRXGET),
    ("SIM800 AT manual §8.2.27", CIPSCONT),
    ("SIM800 TCPIP note §4", family::CIPSGTXT),
];

/// `AT+CSCLK`: sleep.
const CSCLK: &[Row] = &[
    test(Csclk, "AT+CSCLK=?", &["+CSCLK: (0,1,2)", "OK"]),
    read(Csclk, "AT+CSCLK?", &["+CSCLK: <n>", "OK"]),
    set(Csclk, "AT+CSCLK=<n>", &[LEVEL]),
];

/// `AT+CIPCCFG`: transfer in data mode.
const CIPCCFG: &[Row] = &[
    test(
        Cipccfg,
        "AT+CIPCCFG=?",
        &[
            "+CIPCCFG: (NmRetry:3-8),(WaitTm:2-10),(SendSz:1-1460),(esc:0,1) ,(Rxmode:0,1),(RxSize:50-1460),(Rxtimer:20-1000)",
            "OK",
        ],
    ),
    read(
        Cipccfg,
        "AT+CIPCCFG?",
        &["+CIPCCFG: <NmRetry>,<WaitTm>,<SendSz>,<esc>,<Rxmode>,<RxSize>,<Rxtimer>", "OK"],
    ),
    set(
        Cipccfg,
        "AT+CIPCCFG=<NmRetry>,<WaitTm>,<SendSz>,<esc>[,<Rxmode>,<RxSize>,<Rxtimer>]",
        &[
            may("NmRetry", Kind::Number(3, 8), "5"),
            may("WaitTm", Kind::Number(2, 10), "2"),
            may("SendSz", Kind::Number(1, 1460), "1024"),
            may("esc", Kind::Number(0, 1), "1"),
            may("Rxmode", Kind::Number(0, 1), "0"),
            may("RxSize", Kind::Number(50, 1460), "1460"),
            may("Rxtimer", Kind::Number(20, 1000), "50"),
        ],
    )
    .single(),
];

/// `AT+CIPSCONT`: the settings kept over a restart.
const CIPSCONT: &[Row] = &[
    test(Cipscont, "AT+CIPSCONT=?", &["OK"]),
    read(
        Cipscont,
        "AT+CIPSCONT?",
        &[
            "+CIPSCONT: <saved>",
            "+CIPCSGP: <mode>",
            "Gprs Config APN: <apn>",
            "Gprs Config UserId: <user>",
            "Gprs Config Password: <password>",
            "+CIPHEAD: <mode>",
            "+CIPSHOWTP: <mode>",
            "+CIPSRIP: <mode>",
            "+CIPATS: <mode>,<time>",
            "+CIPSPRT: <mode>",
            "+CIPQSEND: <mode>",
            "+CIPMODE: <mode>",
            "+CIPCCFG: <NmRetry>,<WaitTm>,<SendSz>,<esc>,<Rxmode>,<RxSize>,<Rxtimer>",
            "+CIPMUX: <n>",
            "+CIPDPDP: <mode>,<interval>,<timer>",
            "+CIPRXGET: <mode>",
            "+CIPRDTIMER: <s>,<m>",
            "OK",
        ],
    ),
    exec(Cipscont, "AT+CIPSCONT", &["OK"]),
];

/// The notices and headers.
pub const NOTICES: &[Notice] = &[
    notice("[<n>, ]CONNECT OK", "ConnectOk", "connection open", "SIM800 TCPIP note §2.1.1"),
    notice("[<n>, ]CONNECT FAIL", "ConnectFail", "connection not open", "SIM800 AT manual §8.2.2"),
    notice("[<n>, ]ALREADY CONNECT", "AlreadyConnected", "link in use", "SIM800 AT manual §8.2.2"),
    notice("CONNECT", "DataMode", "data mode begins", "SIM800 TCPIP note §2.2.3"),
    notice("[<n>, ]SEND OK", "SendOk", "TCP: acknowledged; UDP: sent", "SIM800 TCPIP note §2.1.1"),
    notice("[<n>, ]SEND FAIL", "SendFail", "not sent", "SIM800 AT manual §8.2.3"),
    notice("DATA ACCEPT:[<n>,]<len>", "DataAccept", "queued by quick send", "SIM800 TCPIP note §6.4"),
    notice("[<n>, ]CLOSED", "Closed", "peer closed", "SIM800 TCPIP note §2.1.1"),
    notice("STATE: <state>", "State", "state, also in front of CONNECT FAIL", "SIM800 TCPIP note §10"),
    notice(
        r#"C: <n>,<bearer>,"<proto>","<ip>","<port>","<state>""#,
        "LinkState",
        "link, behind STATE",
        "SIM800 TCPIP note §3.1",
    ),
    notice(
        r#"S: 0,<bearer>,"<port>","<state>""#,
        "ServerState",
        "server, behind STATE",
        "SIM800 TCPIP note §3.2",
    ),
    notice(r#"+CDNSGIP: 1,"<host>","<ip>"[,"<ip>"]"#, "Dns", "name found", "SIM800 TCPIP note §5"),
    notice("+CDNSGIP: 0,<code>", "DnsFail", "name not found", "SIM800 TCPIP note §5"),
    notice("SERVER OK", "ServerOk", "server listens", "SIM800 TCPIP note §2.1.3"),
    notice("SERVER CLOSE", "ServerClose", "server stopped", "SIM800 TCPIP note §2.1.3"),
    notice("[<n>, ]REMOTE IP: <ip>", "Accepted", "client connected", "SIM800 TCPIP note §3.2"),
    notice("+RECEIVE,<n>,<len>:", "Data", "header, multi; data on the next line", "SIM800 TCPIP note §3.1"),
    notice("+RECEIVE,<n>,<len>,<ip>:<port>:", "Data", "the same with CIPSRIP=1", "SIM800 AT manual §8.2.20"),
    notice("+IPD,<len>:", "Data", "header, single; data behind the colon", "SIM800 TCPIP note §2.1.4"),
    notice("+IPD,<len>,<proto>:", "Data", "the same with CIPSHOWTP=1", "SIM800 AT manual §8.2.24"),
    notice("RECV FROM:<ip>:<port>", "Data", "sender, in front of the data", "SIM800 TCPIP note §2.1.4"),
    notice("+CIPRXGET: 1[,<n>][,<ip>:<port>]", "RxPending", "data waits", "SIM800 TCPIP note §7.2"),
    notice("+CIPRXGET: 2,[<n>,]<read>,<rest>", "Data", "header of a read", "SIM800 TCPIP note §7.2"),
    notice("+CIPRXGET: 3,[<n>,]<read>,<rest>", "Data", "header of a read in hex", "SIM800 TCPIP note §7.2"),
    notice("+PDP: DEACT", "PdpDeact", "context lost", "SIM800 TCPIP note §2.2.4"),
    notice("+SAPBR <cid>: DEACT", "Line", "bearer lost", "SIM800 AT manual §19.3"),
    notice(
        r#"+CREG: <stat>[,"<lac>","<ci>"]"#,
        "Registration",
        "registration changed",
        "SIM800 AT manual §19.3",
    ),
    notice(
        r#"+CGREG: <stat>[,"<lac>","<ci>"]"#,
        "Registration",
        "registration changed",
        "SIM800 AT manual §19.3",
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
