//! The TCP/IP commands that SIM800, SIM800E and SIM7000 have in common. Each dialect names its own section for them.

use super::params::{
    APN, HOST, MODE, MODE_2, PASSWORD, PORT, SWITCH, TRANSPORT, USER, USUAL_MS, exec, may, must, number,
    read, set, test,
};
use crate::row::Command::{
    Cdnscfg, Cdnsgip, Cifsr, Ciicr, Cipack, Cipats, Cipclose, Cipcsgp, Cipdpdp, Ciphead, Cipmode, Cipmux,
    Cipqsend, Ciprxget, Cipsend, Cipserver, Cipsgtxt, Cipshowtp, Cipshut, Cipsprt, Cipsrip, Cipstart,
    Cipstatus, Cipudpmode, Clport, Cstt, Escape, Online,
};
use crate::row::{Finals, Kind, Later, Param, Row};

/// `+++`, `ATO`: between data mode and command mode.
pub(super) const DATA_MODE: &[Row] = &[
    exec(Escape, "+++", &["OK"]).single().allowed(CONNECTED),
    exec(Online, "ATO", &["CONNECT"]).single().allowed(CONNECTED).ends(Finals::DATA_MODE),
];

/// `AT+CIPCSGP`: CSD or GPRS.
pub(super) const CIPCSGP: &[Row] = &[
    test(
        Cipcsgp,
        "AT+CIPCSGP=?",
        &[
            "+CIPCSGP:0-CSD,DIALNUMBER,USER NAME,PASSWORD,RATE(0-3)",
            "+CIPCSGP: 1-GPRS,APN,USER NAME,PASSWORD",
            "OK",
        ],
    ),
    read(Cipcsgp, "AT+CIPCSGP?", &[r#"+CIPCSGP: <mode>,"<apn>","<user>","<password>"[,<rate>]"#, "OK"]),
    set(Cipcsgp, "AT+CIPCSGP=<mode>", &[MODE]),
    set(
        Cipcsgp,
        r#"AT+CIPCSGP=0,"<dial>","<user>","<password>"[,<rate>]"#,
        &[must("dial", Kind::Text(40)), USER, PASSWORD, may("rate", Kind::Number(0, 3), "2")],
    ),
    set(Cipcsgp, r#"AT+CIPCSGP=1,"<apn>","<user>","<password>""#, &[APN, USER, PASSWORD]),
];

pub(super) const INITIAL: &[&str] = &["IP INITIAL"];
pub(super) const PROCESSING: &[&str] = &["IP PROCESSING"];
pub(super) const CONNECTED: &[&str] = &["CONNECT OK"];
const UNCONNECTED: &[&str] = &[
    "IP INITIAL",
    "IP START",
    "IP CONFIG",
    "IP GPRSACT",
    "IP STATUS",
    "SERVER LISTENING",
    "TCP CLOSED",
    "UDP CLOSED",
];
pub(super) const WITH_CONTEXT: &[&str] = &[
    "IP GPRSACT",
    "IP STATUS",
    "TCP CONNECTING",
    "UDP CONNECTING",
    "SERVER LISTENING",
    "CONNECT OK",
    "TCP CLOSING",
    "UDP CLOSING",
    "TCP CLOSED",
    "UDP CLOSED",
    "IP PROCESSING",
];
pub(super) const WITH_ADDRESS: &[&str] = match WITH_CONTEXT {
    [_, rest @ ..] => rest,
    [] => &[],
};

pub(super) const LEN: Param = number("len", 1, 1460);
const HEX_LEN: Param = may("len", Kind::Number(1, 730), "730");
const HOW: Param = may("how", Kind::Number(0, 1), "0");
const PEER_IP: Param = may("ip", Kind::Host, "");
const PEER_PORT: Param = may("port", Kind::Port, "");
pub(super) const SERVER_PORT: Param = number("port", 1, 65_535);

/// How long a send result is waited for. In normal mode the module itself gives up after 645 s only.
pub(super) const SEND_MS: u32 = 75_000;

/// The TCP/IP commands of SIM800 and SIM7000, whose links go from 0 to `LAST`.
pub(super) struct Tcpip<const LAST: i32>;

impl<const LAST: i32> Tcpip<LAST> {
    pub(super) const N: Param = number("n", 0, LAST);
    const ONLY_N: &'static [Param] = &[Self::N];
    const N_LEN: &'static [Param] = &[Self::N, LEN];
    const N_HEX_LEN: &'static [Param] = &[Self::N, HEX_LEN];
    const N_HOW: &'static [Param] = &[Self::N, HOW];
    const N_TARGET: &'static [Param] = &[Self::N, TRANSPORT, HOST, PORT];
    const N_PORT: &'static [Param] = &[Self::N, TRANSPORT, PORT];
    const N_PEER: &'static [Param] = &[Self::N, MODE_2, PEER_IP, PEER_PORT];

    /// `AT+CIPSTART`: opens a connection; from `IP INITIAL` with the whole bring-up.
    pub(super) const CIPSTART: &'static [Row] = &[
        test(
            Cipstart,
            "AT+CIPSTART=?",
            &[
                r#"+CIPSTART: ("TCP","UDP"),("(0-255).(0-255).(0-255).(0-255)"),(0-65535)"#,
                r#"+CIPSTART: ("TCP","UDP"),("DOMAIN NAME"),(0-65535)"#,
                "OK",
            ],
        )
        .single(),
        test(Cipstart, "AT+CIPSTART=?", Self::CIPSTART_TEST).multi(),
        set(Cipstart, r#"AT+CIPSTART="<mode>","<host>",<port>"#, &[TRANSPORT, HOST, PORT])
            .gives(&["OK", "CONNECT OK"])
            .single()
            .allowed(&["IP INITIAL", "IP STATUS", "TCP CLOSED", "UDP CLOSED"])
            .leads_to("CONNECT OK")
            .later(Later::Connect, 160_000),
        set(Cipstart, r#"AT+CIPSTART=<n>,"<mode>","<host>",<port>"#, Self::N_TARGET)
            .gives(&["OK", "<n>, CONNECT OK"])
            .multi()
            .allowed(&["IP STATUS", "IP PROCESSING"])
            .leads_to("IP PROCESSING")
            .later(Later::Connect, 75_000),
    ];
    const CIPSTART_TEST: &'static [&'static str] = if LAST == 5 {
        &[
            r#"+CIPSTART: (0-5),("TCP","UDP"),("(0-255).(0-255).(0-255).(0-255)"),(0-65535)"#,
            r#"+CIPSTART: (0-5),("TCP","UDP"),("DOMAIN NAME"),(0-65535)"#,
            "OK",
        ]
    } else {
        &[
            r#"+CIPSTART: (0-7),("TCP","UDP"),("(0-255).(0-255).(0-255).(0-255)"),(0-65535)"#,
            r#"+CIPSTART: (0-7),("TCP","UDP"),("DOMAIN NAME"),(0-65535)"#,
            "OK",
        ]
    };

    /// `AT+CIPSEND`: sends; without a length up to Ctrl-Z.
    pub(super) const CIPSEND: &'static [Row] = &[
        test(Cipsend, "AT+CIPSEND=?", &["+CIPSEND: <length>", "OK"]).single(),
        test(Cipsend, "AT+CIPSEND=?", Self::CIPSEND_TEST).multi(),
        read(Cipsend, "AT+CIPSEND?", &["+CIPSEND: <size>", "OK"]).single(),
        read(Cipsend, "AT+CIPSEND?", &["+CIPSEND: <n>,<size>", "OK"]).multi(),
        sends(exec(Cipsend, "AT+CIPSEND", SENT)).single().allowed(CONNECTED),
        sends(set(Cipsend, "AT+CIPSEND=<len>", &[LEN]).gives(SENT)).single().allowed(CONNECTED),
        sends(set(Cipsend, "AT+CIPSEND=<n>", Self::ONLY_N).gives(N_SENT)).multi().allowed(PROCESSING),
        sends(set(Cipsend, "AT+CIPSEND=<n>,<len>", Self::N_LEN).gives(N_SENT)).multi().allowed(PROCESSING),
    ];
    const CIPSEND_TEST: &'static [&'static str] =
        if LAST == 5 { &["+CIPSEND: (0-5),<length>", "OK"] } else { &["+CIPSEND: (0-7),<length>", "OK"] };

    /// `AT+CIPACK`: what the peer has acknowledged.
    pub(super) const CIPACK: &'static [Row] = &[
        test(Cipack, "AT+CIPACK=?", &["OK"]),
        exec(Cipack, "AT+CIPACK", Self::ACK).single().allowed(CONNECTED),
        set(Cipack, "AT+CIPACK=<n>", Self::ONLY_N).gives(Self::ACK).multi().allowed(PROCESSING),
    ];
    const ACK: &'static [&'static str] = if LAST == 5 {
        &["+CIPACK: <txlen>, <acklen>, <nacklen>", "OK"]
    } else {
        &["+CIPACK: <txlen>,<acklen>,<nacklen>", "OK"]
    };

    /// `AT+CIPCLOSE`: closes a connection, slowly (0) or at once (1).
    pub(super) const CIPCLOSE: &'static [Row] = &[
        test(Cipclose, "AT+CIPCLOSE=?", &["OK"]),
        closes(exec(Cipclose, "AT+CIPCLOSE", &["CLOSE OK"]))
            .single()
            .allowed(Self::CAN_CLOSE)
            .leads_to("TCP CLOSED"),
        closes(set(Cipclose, "AT+CIPCLOSE=<how>", &[HOW]).gives(&["CLOSE OK"]))
            .single()
            .allowed(Self::CAN_CLOSE)
            .leads_to("TCP CLOSED"),
        closes(set(Cipclose, "AT+CIPCLOSE=<n>", Self::ONLY_N).gives(&["<n>, CLOSE OK"]))
            .multi()
            .allowed(PROCESSING),
        closes(set(Cipclose, "AT+CIPCLOSE=<n>,<how>", Self::N_HOW).gives(&["<n>, CLOSE OK"]))
            .multi()
            .allowed(PROCESSING),
    ];
    /// SIM7000 closes a listening server this way too.
    const CAN_CLOSE: &'static [&'static str] = if LAST == 5 {
        &["TCP CONNECTING", "UDP CONNECTING", "CONNECT OK"]
    } else {
        &["TCP CONNECTING", "UDP CONNECTING", "CONNECT OK", "SERVER LISTENING"]
    };

    /// `AT+CLPORT`: the local port of clients, 0 for any.
    pub(super) const CLPORT: &'static [Row] = &[
        test(Clport, "AT+CLPORT=?", &[r#"+CLPORT: ("TCP","UDP"),(0-65535)"#, "OK"]).single(),
        test(Clport, "AT+CLPORT=?", Self::CLPORT_TEST).multi(),
        read(Clport, "AT+CLPORT?", &["+CLPORT: <tcp>,<udp>", "OK"]).single(),
        read(Clport, "AT+CLPORT?", &["+CLPORT: <n>,<tcp>,<udp>", "OK"]).multi(),
        set(Clport, r#"AT+CLPORT="<mode>",<port>"#, &[TRANSPORT, PORT]).single(),
        set(Clport, r#"AT+CLPORT=<n>,"<mode>",<port>"#, Self::N_PORT).multi(),
    ];
    const CLPORT_TEST: &'static [&'static str] = if LAST == 5 {
        &[r#"+CLPORT: (0-5),("TCP","UDP"),(0-65535)"#, "OK"]
    } else {
        &[r#"+CLPORT: (0-7),("TCP","UDP"),(0-65535)"#, "OK"]
    };

    /// `AT+CIPSTATUS`: the state, in multi mode with every link. The rows come behind `OK`.
    pub(super) const CIPSTATUS: &'static [Row] = &[
        test(Cipstatus, "AT+CIPSTATUS=?", &["OK"]),
        exec(Cipstatus, "AT+CIPSTATUS", &["OK", "STATE: <state>"]).single().later(Later::Status, USUAL_MS),
        exec(
            Cipstatus,
            "AT+CIPSTATUS",
            &[
                "OK",
                "STATE: <state>",
                r#"S: 0,<bearer>,"<port>","<state>""#,
                r#"C: <n>,<bearer>,"<proto>","<ip>","<port>","<state>""#,
            ],
        )
        .multi()
        .later(Later::Status, USUAL_MS),
        set(Cipstatus, "AT+CIPSTATUS=<n>", Self::ONLY_N)
            .gives(&[r#"+CIPSTATUS: <n>,<bearer>,"<proto>","<ip>","<port>","<state>""#, "OK"])
            .multi(),
    ];

    /// `AT+CIPUDPMODE`: datagrams from and to anyone.
    pub(super) const CIPUDPMODE: &'static [Row] = &[
        test(
            Cipudpmode,
            "AT+CIPUDPMODE=?",
            &[r#"+CIPUDPMODE: (0-2),("(0-255).(0-255).(0-255).(0-255)"),(1-65535)"#, "OK"],
        )
        .single(),
        test(Cipudpmode, "AT+CIPUDPMODE=?", Self::CIPUDPMODE_TEST).multi(),
        read(Cipudpmode, "AT+CIPUDPMODE?", &[r#"+CIPUDPMODE: <mode>[,"<ip>",<port>]"#, "OK"]).single(),
        read(Cipudpmode, "AT+CIPUDPMODE?", &[r#"+CIPUDPMODE: <n>,<mode>[,"<ip>",<port>]"#, "OK"]).multi(),
        set(Cipudpmode, r#"AT+CIPUDPMODE=<mode>[,"<ip>",<port>]"#, &[MODE_2, PEER_IP, PEER_PORT]).single(),
        set(Cipudpmode, r#"AT+CIPUDPMODE=<n>,<mode>[,"<ip>",<port>]"#, Self::N_PEER).multi(),
    ];
    const CIPUDPMODE_TEST: &'static [&'static str] = if LAST == 5 {
        &[r#"+CIPUDPMODE: (0-5),(0-2),("(0-255).(0-255).(0-255).(0-255)"),(1-65535)"#, "OK"]
    } else {
        &[r#"+CIPUDPMODE: (0-7),(0-2),("(0-255).(0-255).(0-255).(0-255)"),(1-65535)"#, "OK"]
    };

    /// `AT+CIPRXGET`: receive on request: 2 as it is, 3 in hexadecimal, 4 how much there is.
    pub(super) const CIPRXGET: &'static [Row] = &[
        test(Ciprxget, "AT+CIPRXGET=?", &["+CIPRXGET: (0-4),(1-1460)", "OK"]).single(),
        test(Ciprxget, "AT+CIPRXGET=?", Self::CIPRXGET_TEST).multi(),
        read(Ciprxget, "AT+CIPRXGET?", &["+CIPRXGET: <mode>", "OK"]),
        set(Ciprxget, "AT+CIPRXGET=<mode>", &[MODE]).allowed(UNCONNECTED),
        set(Ciprxget, "AT+CIPRXGET=2", &[]).gives(&["+CIPRXGET: 2,<read>,<rest>", "<data>", "OK"]).single(),
        set(Ciprxget, "AT+CIPRXGET=2,<len>", &[LEN])
            .gives(&["+CIPRXGET: 2,<read>,<rest>", "<data>", "OK"])
            .single(),
        set(Ciprxget, "AT+CIPRXGET=2,<n>", Self::ONLY_N)
            .gives(&["+CIPRXGET: 2,<n>,<read>,<rest>", "<data>", "OK"])
            .multi(),
        set(Ciprxget, "AT+CIPRXGET=2,<n>,<len>", Self::N_LEN)
            .gives(&["+CIPRXGET: 2,<n>,<read>,<rest>", "<data>", "OK"])
            .multi(),
        set(Ciprxget, "AT+CIPRXGET=3[,<len>]", &[HEX_LEN])
            .gives(&["+CIPRXGET: 3,<read>,<rest>", "<hex>", "OK"])
            .single(),
        set(Ciprxget, "AT+CIPRXGET=3,<n>[,<len>]", Self::N_HEX_LEN)
            .gives(&["+CIPRXGET: 3,<n>,<read>,<rest>", "<hex>", "OK"])
            .multi(),
        set(Ciprxget, "AT+CIPRXGET=4", &[]).gives(&["+CIPRXGET: 4,<rest>", "OK"]).single(),
        set(Ciprxget, "AT+CIPRXGET=4,<n>", Self::ONLY_N).gives(&["+CIPRXGET: 4,<n>,<rest>", "OK"]).multi(),
    ];
    const CIPRXGET_TEST: &'static [&'static str] = if LAST == 5 {
        &["+CIPRXGET: (0-4),(0-5),(1-1460)", "OK"]
    } else {
        &["+CIPRXGET: (0-4),(0-7),(1-1460)", "OK"]
    };
}

pub(super) const SENT: &[&str] = &["> ", "SEND OK"];
pub(super) const N_SENT: &[&str] = &["> ", "<n>, SEND OK"];

const fn sends(row: Row) -> Row {
    row.ends(Finals::SEND).within(SEND_MS)
}

pub(super) const fn closes(row: Row) -> Row {
    row.ends(Finals::CLOSE_OK).within(10_000)
}

/// `AT+CIPMUX`: one connection or several.
pub(super) const CIPMUX: &[Row] = &[
    test(Cipmux, "AT+CIPMUX=?", &["+CIPMUX: (0,1)", "OK"]),
    read(Cipmux, "AT+CIPMUX?", &["+CIPMUX: <n>", "OK"]),
    set(Cipmux, "AT+CIPMUX=<n>", &[SWITCH]).allowed(INITIAL),
];

/// `AT+CIPQSEND`: quick send, which ends in `DATA ACCEPT`.
pub(super) const CIPQSEND: &[Row] = &[
    test(Cipqsend, "AT+CIPQSEND=?", &["+CIPQSEND: (0,1)", "OK"]),
    read(Cipqsend, "AT+CIPQSEND?", &["+CIPQSEND: <mode>", "OK"]),
    set(Cipqsend, "AT+CIPQSEND=<mode>", &[MODE]),
];

/// `AT+CIPSHUT`: closes all connections of the selected context, and the context.
pub(super) const CIPSHUT: &[Row] = &[
    test(Cipshut, "AT+CIPSHUT=?", &["OK"]),
    exec(Cipshut, "AT+CIPSHUT", &["SHUT OK"]).leads_to("IP INITIAL").ends(Finals::SHUT).within(65_000),
];

/// `AT+CSTT`: the access point.
pub(super) const CSTT: &[Row] = &[
    test(Cstt, "AT+CSTT=?", &[r#"+CSTT: "APN","USER","PWD""#, "OK"]),
    read(Cstt, "AT+CSTT?", &[r#"+CSTT: "<apn>","<user>","<password>""#, "OK"]),
    set(Cstt, r#"AT+CSTT="<apn>"[,"<user>"]"#, &[APN, USER]).allowed(INITIAL).leads_to("IP START"),
    set(Cstt, r#"AT+CSTT="<apn>","<user>","<password>""#, &[APN, USER, PASSWORD])
        .allowed(INITIAL)
        .leads_to("IP START"),
    exec(Cstt, "AT+CSTT", &["OK"]).allowed(INITIAL).leads_to("IP START"),
];

/// `AT+CIICR`: brings the context up.
pub(super) const CIICR: &[Row] = &[
    test(Ciicr, "AT+CIICR=?", &["OK"]),
    exec(Ciicr, "AT+CIICR", &["OK"]).allowed(&["IP START"]).leads_to("IP GPRSACT").within(85_000),
];

/// `AT+CIFSR`: the local address, without `OK`. Only the first call, in `IP GPRSACT`, changes the state.
pub(super) const CIFSR: &[Row] = &[
    test(Cifsr, "AT+CIFSR=?", &["OK"]),
    exec(Cifsr, "AT+CIFSR", &["<ip>"]).allowed(WITH_CONTEXT).leads_to("IP STATUS").ends(Finals::ADDRESS),
];

/// `AT+CDNSCFG`: the name servers.
pub(super) const CDNSCFG: &[Row] = &[
    test(Cdnscfg, "AT+CDNSCFG=?", &[r#"+CDNSCFG: ("Primary DNS"),("Secondary DNS")"#, "OK"]),
    read(Cdnscfg, "AT+CDNSCFG?", &["PrimaryDns: <first>", "SecondaryDns: <second>", "OK"]),
    set(
        Cdnscfg,
        r#"AT+CDNSCFG="<first>"[,"<second>"]"#,
        &[must("first", Kind::Host), may("second", Kind::Host, "0.0.0.0")],
    ),
];

/// `AT+CDNSGIP`: the addresses of a name. No document limits the time.
pub(super) const CDNSGIP: &[Row] = &[
    test(Cdnsgip, "AT+CDNSGIP=?", &["OK"]),
    set(Cdnsgip, r#"AT+CDNSGIP="<host>""#, &[HOST])
        .gives(&["OK", r#"+CDNSGIP: 1,"<host>","<ip>"[,"<ip>"]"#])
        .allowed(WITH_ADDRESS)
        .later(Later::Dns, 14_000),
];

/// `AT+CIPHEAD`: a header in front of pushed data.
pub(super) const CIPHEAD: &[Row] = &[
    test(Ciphead, "AT+CIPHEAD=?", &["+CIPHEAD: (0,1)", "OK"]),
    read(Ciphead, "AT+CIPHEAD?", &["+CIPHEAD: <mode>", "OK"]),
    set(Ciphead, "AT+CIPHEAD=<mode>", &[MODE]),
];

/// `AT+CIPATS`: a time after which the typed data goes out.
pub(super) const CIPATS: &[Row] = &[
    test(Cipats, "AT+CIPATS=?", &["+CIPATS: (0,1),(1-100)", "OK"]),
    read(Cipats, "AT+CIPATS?", &["+CIPATS: <mode>,<time>", "OK"]),
    set(Cipats, "AT+CIPATS=<mode>[,<time>]", &[MODE, may("time", Kind::Number(1, 100), "")]),
];

/// `AT+CIPSPRT`: prompt and `SEND OK` (1), no prompt (0), neither (2).
pub(super) const CIPSPRT: &[Row] = &[
    test(Cipsprt, "AT+CIPSPRT=?", &["+CIPSPRT: (0-2)", "OK"]),
    read(Cipsprt, "AT+CIPSPRT?", &["+CIPSPRT: <mode>", "OK"]),
    set(Cipsprt, "AT+CIPSPRT=<mode>", &[MODE_2]),
];

/// `AT+CIPSERVER`: listens; in single mode from `IP INITIAL` with the whole bring-up.
pub(super) const CIPSERVER: &[Row] = &[
    test(Cipserver, "AT+CIPSERVER=?", &["+CIPSERVER: (0-CLOSE SERVER, 1-OPEN SERVER),(1-65535)", "OK"]),
    read(Cipserver, "AT+CIPSERVER?", &["+CIPSERVER: <mode>[,<port>,<channel>,<bearer>]", "OK"]),
    set(Cipserver, "AT+CIPSERVER=1,<port>", &[SERVER_PORT])
        .gives(&["OK", "SERVER OK"])
        .single()
        .allowed(&["IP INITIAL", "IP STATUS"])
        .leads_to("SERVER LISTENING")
        .later(Later::Server, 160_000),
    set(Cipserver, "AT+CIPSERVER=1,<port>", &[SERVER_PORT])
        .gives(&["OK", "SERVER OK"])
        .multi()
        .allowed(&["IP STATUS"])
        .leads_to("IP PROCESSING")
        .later(Later::Server, USUAL_MS),
    set(Cipserver, "AT+CIPSERVER=0", &[]).gives(&["OK", "SERVER CLOSE"]).later(Later::ServerClose, USUAL_MS),
];

/// `AT+CIPSRIP`: the sender in front of pushed data.
pub(super) const CIPSRIP: &[Row] = &[
    test(Cipsrip, "AT+CIPSRIP=?", &["+CIPSRIP: (0,1)", "OK"]),
    read(Cipsrip, "AT+CIPSRIP?", &["+CIPSRIP: <mode>", "OK"]),
    set(Cipsrip, "AT+CIPSRIP=<mode>", &[MODE]),
];

/// `AT+CIPDPDP`: watches whether the module is still attached.
pub(super) const CIPDPDP: &[Row] = &[
    test(Cipdpdp, "AT+CIPDPDP=?", &["+CIPDPDP: (0,1),(1-180),(1-10)", "OK"]),
    read(Cipdpdp, "AT+CIPDPDP?", &["+CIPDPDP: <mode>,<interval>,<timer>", "OK"]),
    set(
        Cipdpdp,
        "AT+CIPDPDP=<mode>[,<interval>,<timer>]",
        &[MODE, may("interval", Kind::Number(1, 180), "10"), may("timer", Kind::Number(1, 10), "3")],
    ),
];

/// `AT+CIPMODE`: data mode.
pub(super) const CIPMODE: &[Row] = &[
    test(Cipmode, "AT+CIPMODE=?", &["+CIPMODE: (0-NORMAL MODE,1-TRANSPARENT MODE)", "OK"]),
    read(Cipmode, "AT+CIPMODE?", &["+CIPMODE: <mode>", "OK"]),
    set(Cipmode, "AT+CIPMODE=<mode>", &[MODE]).allowed(INITIAL),
];

/// `AT+CIPSHOWTP`: the transport in the `+IPD` header.
pub(super) const CIPSHOWTP: &[Row] = &[
    test(Cipshowtp, "AT+CIPSHOWTP=?", &["+CIPSHOWTP: (0,1)", "OK"]),
    read(Cipshowtp, "AT+CIPSHOWTP?", &["+CIPSHOWTP: <mode>", "OK"]),
    set(Cipshowtp, "AT+CIPSHOWTP=<mode>", &[MODE]),
];

/// `AT+CIPSGTXT`: which of the two contexts the other commands mean.
pub(super) const CIPSGTXT: &[Row] = &[
    test(Cipsgtxt, "AT+CIPSGTXT=?", &["+CIPSGTXT: (0,1)", "OK"]).multi(),
    set(Cipsgtxt, "AT+CIPSGTXT=<mode>", &[MODE]).multi(),
];
