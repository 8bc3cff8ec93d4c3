//! The numbers of errors and their words, by family. The same number means different things: 50 is any failure on Kingcom and
//! a wrong parameter on A7600.

use simcom_at::Dialect;

/// Numbers and what they mean.
pub type Codes = &'static [(u16, &'static str)];

/// `<err>` of `+CME ERROR` in the words of `AT+CMEE=2`: those of all families (3GPP TS 27.007 §9.2).
const CME: Codes = &[
    (0, "phone failure"),
    (3, "operation not allowed"),
    (4, "operation not supported"),
    (10, "SIM not inserted"),
    (11, "SIM PIN required"),
    (13, "SIM failure"),
    (14, "SIM busy"),
    (30, "no network service"),
    (31, "network timeout"),
    (100, "unknown"),
    (103, "Illegal MS"),
    (106, "Illegal ME"),
    (107, "GPRS services not allowed"),
    (111, "PLMN not allowed"),
    (112, "Location area not allowed"),
    (113, "Roaming not allowed in this location area"),
    (132, "service option not supported"),
    (133, "requested service option not subscribed"),
    (134, "service option temporarily out of order"),
    (148, "unspecified GPRS error"),
    (149, "PDP authentication failure"),
    (150, "invalid mobile class"),
];
/// What SIM800, SIM800E and SIM7000 add (SIM800 AT manual §19.1, SIM7000 AT manual §20.1).
const CME_CLASSIC: Codes = &[
    (160, "DNS resolve failed"),
    (161, "Socket open failed"),
    (177, "connection to network failed"),
    (180, "gprs not attached"),
    (181, "tcpip stack busy"),
];
/// What A7600 adds (A76XX AT manual §28.3).
const CME_A7600: Codes = &[(50, "Incorrect parameters"), (151, "AT command timeout")];

/// Clones (RDA8955 firmware, at_errcode).
const CME_CLONE: Codes = &[
    (49, "not supported"),
    (50, "the command failed"),
    (51, "no memory"),
    (53, "wrong parameter"),
    (58, "wrong command line"),
];

/// `<err_info>` of `+IP ERROR`, as the module prints it with `errMode` 1 (document 004 §4.1).
const IP_ERROR: Codes = &[
    (0, "Connection time out"),
    (1, "Bind port failed"),
    (2, "Port overflow"),
    (3, "Create socket failed"),
    (4, "Network is already opened"),
    (5, "Network is already closed"),
    (6, "No clients connected"),
    (7, "No active client"),
    (8, "Network not opened"),
    (9, "Client index overflow"),
    (10, "Connection is already created"),
    (11, "Connection is not created"),
    (12, "Invalid parameter"),
    (13, "Operation not supported"),
    (14, "DNS query failed"),
    (15, "TCP busy"),
    (16, "Net close failed for socket opened"),
    (17, "Sending time out"),
    (18, "Sending failure for network error"),
    (19, "Open failure for network error"),
    (20, "Server is already listening"),
    (21, "Operation failed"),
    (22, "No data"),
];

/// `<err>` of the other commands of A7600 (document 004 §4.1); it is always a number on the wire.
const ERR: Codes = &[
    (0, "success"),
    (1, "network failure"),
    (2, "the network service is not open"),
    (3, "wrong parameter"),
    (4, "operation not supported"),
    (5, "the socket could not be made or connected"),
    (6, "the local port is taken"),
    (7, "the server listens already"),
    (8, "busy"),
    (9, "sockets are open"),
    (10, "no answer in time"),
    (11, "the name was not found"),
    (12, "unknown"),
];

/// The codes of `+CDNSGIP: 0,…`: SIM800E (document 001 §3.12).
const DNS_SIM800E: Codes = &[
    (1, "not authorised"),
    (2, "invalid parameter"),
    (3, "network error"),
    (4, "no server"),
    (5, "timeout"),
    (6, "not configured"),
    (7, "no memory"),
    (8, "unknown"),
];
/// SIM800 and SIM7000 (SIM800 AT manual §8.2.14, SIM7000 AT manual §8.2.15).
const DNS_CLASSIC: Codes = &[(3, "network error"), (8, "common error")];
/// A7600 (A76XX AT manual §15.2.17).
const DNS_A7600: Codes = &[(10, "not resolved")];

/// `+CME ERROR`: what all families have, and what this dialect adds. Kingcom and clones have numbers of their own, without
/// words on the wire.
#[must_use]
pub fn cme_tables(dialect: Dialect) -> [Codes; 2] {
    match dialect {
        Dialect::Sim800 | Dialect::Sim800e | Dialect::Sim7000 => [CME, CME_CLASSIC],
        Dialect::Kingcom => [&[(50, "any failure")], &[]],
        Dialect::Rda8955 => [CME_CLONE, &[]],
        Dialect::A7600 => [CME, CME_A7600],
    }
}

/// `+CDNSGIP: 0,<code>`; empty: the dialect resolves no names.
#[must_use]
pub fn dns_table(dialect: Dialect) -> Codes {
    match dialect {
        Dialect::Sim800 | Dialect::Sim7000 | Dialect::Rda8955 => DNS_CLASSIC,
        Dialect::Sim800e => DNS_SIM800E,
        Dialect::Kingcom => &[],
        Dialect::A7600 => DNS_A7600,
    }
}

/// `+IP ERROR: <err_info>`; empty: the dialect has none.
#[must_use]
pub fn ip_error_table(dialect: Dialect) -> Codes {
    if dialect == Dialect::A7600 { IP_ERROR } else { &[] }
}

/// `<err>` of `+CIPOPEN`, `+NETOPEN`, `+CIPERROR` and others; empty: the dialect has none.
#[must_use]
pub fn err_table(dialect: Dialect) -> Codes {
    if dialect == Dialect::A7600 { ERR } else { &[] }
}

/// The word of a number in a table.
#[must_use]
pub fn word(table: Codes, code: u16) -> Option<&'static str> {
    table.iter().find(|(known, _)| *known == code).map(|(_, word)| *word)
}

/// The word that the module prints for `+CME ERROR` with `AT+CMEE=2`; `None`: it prints the number.
#[must_use]
pub fn cme_word(dialect: Dialect, code: u16) -> Option<&'static str> {
    let prints = !matches!(dialect, Dialect::Kingcom | Dialect::Rda8955);
    cme_tables(dialect).into_iter().filter(|_| prints).find_map(|table| word(table, code))
}
