//! Rows of `sim7000`: the SIM7000 series TCPIP application document V1.02, and the AT manual V1.06 where it is silent.
//!
//! The commands are those of SIM800 with eight links; what differs is written here.

use super::family::{self, Tcpip};
use super::params::{
    APN, ATI, CFUN, CGREG, CMEE, CPIN, CREG, CSQ, IFC, LINE, MODEM_LINES, PASSWORD, SWITCH, Section, USER,
    cgatt, count, may, notice, read, rows, set, test,
};
use crate::row::Command::{Cipccfg, Cipcsgp, Csclk};
use crate::row::{Kind, Notice, Row};

/// The command forms, in the order of the manual.
pub const ROWS: &[Row] = &rows::<{ count(MANUAL) }>(MANUAL);

type M = Tcpip<7>;

const MANUAL: &[Section] = &[
    ("SIM7000 AT manual ch. 2", LINE),
    ("SIM7000 AT manual ch. 2", ATI),
    ("SIM7000 TCPIP document §3.2.4", family::DATA_MODE),
    ("SIM7000 TCPIP document §3.2.4", MODEM_LINES),
    ("SIM7000 TCPIP document §3.2.1", IFC),
    ("SIM7000 AT manual §20.1", CMEE),
    ("3GPP TS 27.007 §8.2", CFUN),
    ("SIM7000 TCPIP document §3.1.1", CPIN),
    ("SIM7000 TCPIP document §3.1.1", CSQ),
    ("SIM7000 TCPIP document §3.1", CREG),
    ("3GPP TS 27.007 §10.1.20", CGREG),
    ("SIM7000 TCPIP document §12", CSCLK),
    ("SIM7000 TCPIP document §3.1.1", &cgatt(75_000)),
    ("SIM7000 TCPIP document §2", family::CIPMUX),
    ("SIM7000 TCPIP document §4.1", M::CIPSTART),
    ("SIM7000 TCPIP document §7.1", M::CIPSEND),
    ("SIM7000 TCPIP document §7.4", family::CIPQSEND),
    ("SIM7000 TCPIP document §7.5", M::CIPACK),
    ("SIM7000 TCPIP document §10", M::CIPCLOSE),
    ("SIM7000 TCPIP document §10", family::CIPSHUT),
    ("SIM7000 TCPIP document §3.3", M::CLPORT),
    ("SIM7000 TCPIP document §3.1.1", family::CSTT),
    ("SIM7000 TCPIP document §3.1.1", family::CIICR),
    ("SIM7000 TCPIP document §3.1.1", family::CIFSR),
    ("SIM7000 TCPIP document §11", M::CIPSTATUS),
    ("SIM7000 AT manual §8.2.14", family::CDNSCFG),
    ("SIM7000 TCPIP document §6", family::CDNSGIP),
    ("SIM7000 TCPIP document §8.1", family::CIPHEAD),
    ("SIM7000 TCPIP document §7.2", family::CIPATS),
    ("SIM7000 AT manual §8.2.18", family::CIPSPRT),
    ("SIM7000 TCPIP document §3.1.3", family::CIPSERVER),
    ("SIM7000 AT manual §8.2.20", CIPCSGP),
    ("SIM7000 TCPIP document §8.1", family::CIPSRIP),
    ("SIM7000 AT manual §8.2.22", family::CIPDPDP),
    ("SIM7000 TCPIP document §3", family::CIPMODE),
    ("SIM7000 TCPIP document §3.2.2", CIPCCFG),
    ("SIM7000 TCPIP document §8.1", family::CIPSHOWTP),
    ("SIM7000 TCPIP document §3.1.4", M::CIPUDPMODE),
    ("SIM7000 TCPIP document §8.2", M::CIPRXGET),
    ("SIM7000 TCPIP document §5", family::CIPSGTXT),
];

/// `AT+CSCLK`: sleep, by DTR only.
const CSCLK: &[Row] = &[
    test(Csclk, "AT+CSCLK=?", &["+CSCLK: (0,1)", "OK"]),
    read(Csclk, "AT+CSCLK?", &["+CSCLK: <n>", "OK"]),
    set(Csclk, "AT+CSCLK=<n>", &[SWITCH]),
];

/// `AT+CIPCSGP`: GPRS only.
const CIPCSGP: &[Row] = &[
    test(Cipcsgp, "AT+CIPCSGP=?", &["+CIPCSGP: 1-GPRS,APN,USER NAME,PASSWORD", "OK"]),
    read(Cipcsgp, "AT+CIPCSGP?", &[r#"+CIPCSGP: <mode>,"<apn>","<user>","<password>""#, "OK"]),
    set(Cipcsgp, "AT+CIPCSGP=1", &[]),
    set(Cipcsgp, r#"AT+CIPCSGP=1,"<apn>","<user>","<password>""#, &[APN, USER, PASSWORD]),
];

/// `AT+CIPCCFG`: transfer in data mode; `WaitTm` from 1.
const CIPCCFG: &[Row] = &[
    test(
        Cipccfg,
        "AT+CIPCCFG=?",
        &[
            "+CIPCCFG: (NmRetry:3-8),(WaitTm:1-10),(SendSz:1-1460),(esc:0,1) ,(Rxmode:0,1),(RxSize:50-1460),(Rxtimer:20-1000)",
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

/// The notices and headers.
pub const NOTICES: &[Notice] = &[
    notice("[<n>, ]CONNECT OK", "ConnectOk", "connection open", "SIM7000 TCPIP document §3.1.1"),
    notice("[<n>, ]CONNECT FAIL", "ConnectFail", "connection not open", "SIM7000 AT manual §8.2.2"),
    notice("[<n>, ]ALREADY CONNECT", "AlreadyConnected", "link in use", "SIM7000 AT manual §8.2.2"),
    notice("CONNECT", "DataMode", "data mode begins", "SIM7000 TCPIP document §3.2.3"),
    notice("[<n>, ]SEND OK", "SendOk", "TCP: acknowledged; UDP: sent", "SIM7000 TCPIP document §3.1.2"),
    notice("[<n>, ]SEND FAIL", "SendFail", "not sent", "SIM7000 AT manual §8.2.3"),
    notice("DATA ACCEPT:[<n>,]<len>", "DataAccept", "queued by quick send", "SIM7000 TCPIP document §7.4"),
    notice("[<n>, ]CLOSED", "Closed", "peer closed", "SIM7000 TCPIP document §3.1.1"),
    notice("STATE: <state>", "State", "state, also in front of CONNECT FAIL", "SIM7000 TCPIP document §11"),
    notice(
        r#"C: <n>,<bearer>,"<proto>","<ip>","<port>","<state>""#,
        "LinkState",
        "link, behind STATE",
        "SIM7000 TCPIP document §4.1",
    ),
    notice(
        r#"S: 0,<bearer>,"<port>","<state>""#,
        "ServerState",
        "server, behind STATE",
        "SIM7000 TCPIP document §4.2",
    ),
    notice(r#"+CDNSGIP: 1,"<host>","<ip>"[,"<ip>"]"#, "Dns", "name found", "SIM7000 TCPIP document §6"),
    notice("+CDNSGIP: 0,<code>", "DnsFail", "name not found", "SIM7000 TCPIP document §6"),
    notice("SERVER OK", "ServerOk", "server listens", "SIM7000 TCPIP document §3.1.3"),
    notice("SERVER CLOSE", "ServerClose", "server stopped", "SIM7000 TCPIP document §3.1.3"),
    notice("[<n>, ]REMOTE IP: <ip>", "Accepted", "client connected", "SIM7000 TCPIP document §4.2"),
    notice(
        "+RECEIVE,<n>,<len>:",
        "Data",
        "header, multi; data on the next line",
        "SIM7000 TCPIP document §4.1",
    ),
    notice("+RECEIVE,<n>,<len>,<ip>:<port>:", "Data", "the same with CIPSRIP=1", "SIM7000 AT manual §8.2.21"),
    notice("+IPD,<len>:", "Data", "header, single; data behind the colon", "SIM7000 TCPIP document §3.1.4"),
    notice("+IPD,<len>,<proto>:", "Data", "the same with CIPSHOWTP=1", "SIM7000 TCPIP document §8.1"),
    notice("RECV FROM:<ip>:<port>", "Data", "sender, in front of the data", "SIM7000 TCPIP document §3.1.4"),
    notice("+CIPRXGET: 1[,<n>][,<ip>:<port>]", "RxPending", "data waits", "SIM7000 TCPIP document §8.2"),
    notice("+CIPRXGET: 2,[<n>,]<read>,<rest>", "Data", "header of a read", "SIM7000 TCPIP document §8.2"),
    notice(
        "+CIPRXGET: 3,[<n>,]<read>,<rest>",
        "Data",
        "header of a read in hex",
        "SIM7000 TCPIP document §8.2",
    ),
    notice("+PDP: DEACT", "PdpDeact", "context lost", "SIM7000 TCPIP document §3.2.4"),
    notice("+APP PDP: <state>", "Line", "context of the other stack", "SIM7000 AT manual §20.3"),
    notice(
        r#"+CREG: <stat>[,"<lac>","<ci>"]"#,
        "Registration",
        "registration changed",
        "SIM7000 AT manual §20.3",
    ),
    notice(
        r#"+CGREG: <stat>[,"<lac>","<ci>"]"#,
        "Registration",
        "registration changed",
        "SIM7000 AT manual §20.3",
    ),
    notice("RING", "Ring", "call", "SIM7000 AT manual §20.3"),
    notice(r#"+CMTI: "<mem>",<index>"#, "Sms", "short message", "SIM7000 TCPIP document §3.2.5"),
    notice("RDY", "Boot", "restarted; only at a fixed rate", "SIM7000 AT manual §20.3"),
    notice("+CFUN: <fun>", "Line", "function level at start", "SIM7000 AT manual §20.3"),
    notice("+CPIN: <code>", "Sim", "card at start", "SIM7000 AT manual §20.3"),
    notice("SMS Ready", "Boot", "messages possible", "SIM7000 AT manual §20.3"),
    notice("NORMAL POWER DOWN", "PowerDown", "switched off", "SIM7000 AT manual §20.3"),
    notice("UNDER-VOLTAGE POWER DOWN", "PowerDown", "switched off", "SIM7000 AT manual §20.3"),
    notice("UNDER-VOLTAGE WARNNING", "PowerWarn", "supply low", "SIM7000 AT manual §20.3"),
    notice("OVER-VOLTAGE POWER DOWN", "PowerDown", "switched off", "SIM7000 AT manual §20.3"),
    notice("OVER-VOLTAGE WARNNING", "PowerWarn", "supply high", "SIM7000 AT manual §20.3"),
];
