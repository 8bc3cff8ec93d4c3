//! Rows of `kingcom`: the Kingcom G series TCP/UDP guide V1.72.
//!
//! One connection, no numbers. Failures name nothing, so the result of `AT+CIPSTART` holds its line.

use super::params::{
    CFUN, CGDCONT, CGREG, CID, CMEE, CREG, CSQ, HOST, LINE, MODE, PIN, PORT, STATE, Section, TRANSPORT,
    cgatt, count, exec, notice, read, rows, set, test,
};
use crate::row::Command::{
    Cgact, Cifsr, Cipclose, Ciphead, Cipsend, Cipshut, Cipstart, Cipstatus, Cpin, Identity,
};
use crate::row::{Finals, Notice, Row};

/// The command forms, in the order of the manual.
pub const ROWS: &[Row] = &rows::<{ count(MANUAL) }>(MANUAL);

const MANUAL: &[Section] = &[
    ("Kingcom guide §2", LINE),
    ("Kingcom guide §2", ATI),
    ("Kingcom guide §9", CMEE),
    ("3GPP TS 27.007 §8.2", CFUN),
    ("Kingcom guide §2", CPIN),
    ("3GPP TS 27.007 §8.5", CSQ),
    ("Kingcom guide §2", CREG),
    ("3GPP TS 27.007 §10.1.20", CGREG),
    ("Kingcom guide §2", &cgatt(STEP_MS)),
    ("Kingcom guide §2", CGDCONT),
    ("Kingcom guide §2", CGACT),
    ("Kingcom guide §3", CIFSR),
    ("Kingcom guide §4", CIPSTART),
    ("Kingcom guide §5", CIPSEND),
    ("Kingcom guide §6", CIPHEAD),
    ("Kingcom guide §7", CIPCLOSE),
    ("Kingcom guide §8", CIPSTATUS),
    ("Kingcom guide §4", CIPSHUT),
];

/// The time that §9 gives every step of the bring-up.
const STEP_MS: u32 = 30_000;

/// `ATI`: maker, model and firmware.
const ATI: &[Row] = &[exec(Identity, "ATI", &["<maker>", "<model>", "", "Revision: <revision>", "OK"])];

/// `AT+CPIN`: the card; the answer has no blank.
const CPIN: &[Row] = &[
    test(Cpin, "AT+CPIN=?", &["OK"]),
    read(Cpin, "AT+CPIN?", &["+CPIN:<code>", "OK"]),
    set(Cpin, r#"AT+CPIN="<pin>""#, &[PIN]),
];

/// `AT+CGACT`: activates a context.
const CGACT: &[Row] = &[
    test(Cgact, "AT+CGACT=?", &["+CGACT: (0,1)", "OK"]),
    read(Cgact, "AT+CGACT?", &["+CGACT: <cid>,<state>", "OK"]),
    set(Cgact, "AT+CGACT=<state>,<cid>", &[STATE, CID]).within(STEP_MS),
];

/// `AT+CIFSR`: the local address.
const CIFSR: &[Row] = &[
    test(Cifsr, "AT+CIFSR=?", &["+CIFSR:", "OK"]),
    read(Cifsr, "AT+CIFSR?", &["+CIFSR:", "OK"]),
    exec(Cifsr, "AT+CIFSR", &["<ip>", "OK"]).allowed(&[
        "IP GPRSACT",
        "TCP CONNECTING",
        "UDP CONNECTING",
        "CONNECT OK",
        "IP CLOSE",
    ]),
];

/// `AT+CIPSTART`: opens the connection.
const CIPSTART: &[Row] = &[
    test(Cipstart, "AT+CIPSTART=?", &[r#"+CIPSTART: ("TCP","UDP"),(IP address range),(port range)"#, "OK"]),
    set(Cipstart, r#"AT+CIPSTART="<mode>","<host>",<port>"#, &[TRANSPORT, HOST, PORT])
        .gives(&["OK", "CONNECT OK"])
        .allowed(&["IP INITIAL", "IP STATUS", "IP CLOSE"])
        .leads_to("CONNECT OK")
        .ends(Finals::CONNECT_OK.or(Finals::CONNECT_FAIL))
        .within(STEP_MS),
];

/// `AT+CIPSEND`: sends what is typed up to Ctrl-Z; `OK` means queued.
const CIPSEND: &[Row] = &[
    test(Cipsend, "AT+CIPSEND=?", &["OK"]),
    exec(Cipsend, "AT+CIPSEND", &["> ", "OK"]).allowed(&["CONNECT OK"]).within(75_000),
];

/// `AT+CIPHEAD`: a header in front of pushed data.
const CIPHEAD: &[Row] = &[
    test(Ciphead, "AT+CIPHEAD=?", &["+CIPHEAD: (0,1)", "OK"]),
    read(Ciphead, "AT+CIPHEAD?", &["+CIPHEAD: <mode>", "OK"]),
    set(Ciphead, "AT+CIPHEAD=<mode>", &[MODE]),
];

/// `AT+CIPCLOSE`: closes the connection.
const CIPCLOSE: &[Row] = &[
    test(Cipclose, "AT+CIPCLOSE=?", &["OK"]),
    exec(Cipclose, "AT+CIPCLOSE", &["OK"])
        .allowed(&["TCP CONNECTING", "UDP CONNECTING", "CONNECT OK"])
        .leads_to("IP CLOSE")
        .within(10_000),
];

/// `AT+CIPSTATUS`: the state, in front of `OK`.
const CIPSTATUS: &[Row] = &[
    test(Cipstatus, "AT+CIPSTATUS=?", &["+CIPSTATUS:", "OK"]),
    read(Cipstatus, "AT+CIPSTATUS?", &["OK"]),
    exec(Cipstatus, "AT+CIPSTATUS", &["+IPSTATUS: <state>", "OK"]),
];

/// `AT+CIPSHUT`: back to `IP INITIAL`. The guide names it without its answer.
const CIPSHUT: &[Row] = &[exec(Cipshut, "AT+CIPSHUT", &["OK"])
    .leads_to("IP INITIAL")
    .ends(Finals::OK.or(Finals::SHUT))
    .within(65_000)];

/// The notices and headers.
pub const NOTICES: &[Notice] = &[
    notice("CONNECT OK", "ConnectOk", "connection open", "Kingcom guide §4"),
    notice("+CME ERROR: 50", "CmeError", "any failure of the running command", "Kingcom guide §9"),
    notice("COMMAND NO RESPONSE!", "Error", "the running command timed out", "Kingcom guide §9"),
    notice("CLOSED", "Closed", "peer closed", "Kingcom guide §9"),
    notice("+IPD:<len>", "Data", "header; data on the next line", "Kingcom guide §6"),
    notice("+IPSTATUS: <state>", "State", "answer to AT+CIPSTATUS", "Kingcom guide §8"),
    notice("+CPIN:<code>", "Sim", "card; without a blank", "Kingcom guide §2"),
    notice("+CREG: <stat>", "Registration", "registration changed", "Kingcom guide §2"),
];
