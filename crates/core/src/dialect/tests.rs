//! What must hold for every row and notice, and the texts that the session looks up.

use super::Dialect;
use crate::row::{Command, Finals, Form, Later, Mux, Row};

const WITH_OWN_ROWS: &[Dialect] = Dialect::ALL;

const EVERYWHERE: &[&str] = &[
    "AT",
    "ATE0",
    "AT+CMEE=<n>",
    "ATI",
    "AT+CPIN?",
    r#"AT+CPIN="<pin>""#,
    "AT+CSQ",
    "AT+CREG?",
    "AT+CGATT=<state>",
    "AT+CGATT?",
];

/// Known to SIM800, SIM800E and SIM7000.
const SIM800_FAMILY: &[&str] = &[
    "AT+CIPMUX=<n>",
    "AT+CIPMUX?",
    "AT+CIPHEAD=<mode>",
    "AT+CIPSPRT=<mode>",
    "AT+CIPSRIP=<mode>",
    r#"AT+CSTT="<apn>","<user>","<password>""#,
    "AT+CIICR",
    "AT+CIFSR",
    "AT+CIPSHUT",
    r#"AT+CIPSTART="<mode>","<host>",<port>"#,
    r#"AT+CIPSTART=<n>,"<mode>","<host>",<port>"#,
    r#"AT+CLPORT="<mode>",<port>"#,
    "AT+CIPSEND=<len>",
    "AT+CIPSEND=<n>,<len>",
    "AT+CIPCLOSE",
    "AT+CIPCLOSE=<n>",
    "AT+CIPSTATUS",
    r#"AT+CDNSGIP="<host>""#,
];

/// Known to SIM800 and SIM7000 only.
const SIM800_AND_SIM7000: &[&str] = &[
    "AT+CIPRXGET=<mode>",
    "AT+CIPQSEND=<mode>",
    r#"AT+CLPORT=<n>,"<mode>",<port>"#,
    "AT+CIPRXGET=2,<len>",
    "AT+CIPRXGET=2,<n>,<len>",
    "AT+CIPRXGET=4",
    "AT+CIPRXGET=4,<n>",
    "AT+CIPCLOSE=<how>",
    "AT+CIPCLOSE=<n>,<how>",
    "AT+CIPSTATUS=<n>",
    "AT+CIPACK=<n>",
    "AT+CIPACK",
];

const KINGCOM: &[&str] = &[
    r#"AT+CGDCONT=<cid>,"IP","<apn>""#,
    "AT+CGACT=<state>,<cid>",
    "AT+CIPHEAD=<mode>",
    r#"AT+CIPSTART="<mode>","<host>",<port>"#,
    "AT+CIPSEND",
    "AT+CIPCLOSE",
    "AT+CIPSTATUS",
    "AT+CIPSHUT",
    "AT+CIFSR",
];

const A7600: &[&str] = &[
    r#"AT+CGDCONT=<cid>,"IP","<apn>""#,
    "AT+NETOPEN",
    "AT+NETOPEN?",
    "AT+NETCLOSE",
    "AT+IPADDR",
    "AT+CIPRXGET=<mode>",
    "AT+CIPRXGET=2,<n>,<len>",
    "AT+CIPRXGET=4,<n>",
    r#"AT+CIPOPEN=<n>,"TCP","<host>",<port>"#,
    r#"AT+CIPOPEN=<n>,"UDP",,,<local>"#,
    "AT+CIPSEND=<n>,<len>",
    r#"AT+CIPSEND=<n>,<len>,"<ip>",<port>"#,
    "AT+CIPCLOSE=<n>",
    "AT+CIPCLOSE?",
    "AT+CIPOPEN?",
    r#"AT+CDNSGIP="<host>""#,
    "AT+CIPCCFG=,,,,<headertype>",
    "AT+CIPHEAD=<mode>",
    "AT+CIPSRIP=<mode>",
    "AT+CIPACK=<n>",
];

fn find(dialect: Dialect, text: &str) -> &'static Row {
    dialect
        .rows()
        .iter()
        .find(|row| row.text == text)
        .unwrap_or_else(|| panic!("{} has no row {text}", dialect.name()))
}

fn find_in(dialect: Dialect, mux: Mux, text: &str) -> &'static Row {
    dialect
        .rows()
        .iter()
        .find(|row| row.text == text && row.mux == mux)
        .unwrap_or_else(|| find(dialect, text))
}

/// The `<names>` of a row's text, in order.
fn placeholders(text: &str) -> Vec<&str> {
    text.split('<').skip(1).map(|part| part.split('>').next().unwrap_or_default()).collect()
}

#[test]
fn every_text_that_the_session_looks_up_is_there() {
    for dialect in WITH_OWN_ROWS.iter().copied() {
        let own: &[&[&str]] = match dialect {
            Dialect::Sim800 | Dialect::Sim7000 | Dialect::Rda8955 => &[SIM800_FAMILY, SIM800_AND_SIM7000],
            Dialect::Sim800e => &[SIM800_FAMILY],
            Dialect::Kingcom => &[KINGCOM],
            Dialect::A7600 => &[A7600],
        };
        for text in own.iter().copied().flatten().chain(EVERYWHERE) {
            find(dialect, text);
        }
    }
}

#[test]
fn every_command_that_a_document_names_has_a_row() {
    use Command::*;
    let note: &[Command] = &[
        Cpin, Csq, Creg, Cgatt, Cstt, Ciicr, Cifsr, Cipstart, Cipsend, Cipclose, Cipserver, Cipstatus,
        Clport, Cipsrip, Ciphead, Cipudpmode, Ifc, Cipmode, Cipccfg, Dtr, Escape, Online, Cipmux, Cipshut,
        Cipsgtxt, Cdnsgip, Cipats, Cipqsend, Cipack, Cipshowtp, Ciprxget, Csclk, Cipsprt,
    ];
    for (dialect, commands) in [
        (Dialect::Sim800, note),
        (Dialect::Sim7000, note),
        (
            Dialect::Sim800e,
            &[
                Creg, Cgreg, Cgatt, Csq, Cipmux, Cipmode, Cstt, Ciicr, Cipshut, Cipscont, Cipstart, Cipsend,
                Cipclose, Cifsr, Cipstatus, Cdnscfg, Cdnsgip, Cipserver, Cipccfg, Clport, Ciphead, Cipats,
                Cipsprt, Cipcsgp, Cipsrip, Cipdpdp, Cipshowtp,
            ],
        ),
        (
            Dialect::Kingcom,
            &[
                Identity, Cpin, Creg, Cgatt, Cgdcont, Cgact, Cifsr, Cipstart, Cipsend, Ciphead, Cipclose,
                Cipstatus, Cipshut,
            ],
        ),
        (
            Dialect::A7600,
            &[
                Netopen,
                Netclose,
                Cipopen,
                Cipsend,
                Ciprxget,
                Cipclose,
                Ipaddr,
                Ciphead,
                Cipsrip,
                Cipmode,
                Cipsendmode,
                Ciptimeout,
                Cipccfg,
                Serverstart,
                Serverstop,
                Cipack,
                Cdnsgip,
                Cpin,
                Csq,
                Creg,
                Cgreg,
                Cgdcont,
                Escape,
                Online,
                Dtr,
            ],
        ),
    ] {
        for command in commands {
            assert!(
                dialect.rows().iter().any(|row| row.command == *command),
                "{} lacks {}",
                dialect.name(),
                command.name()
            );
        }
    }
    for command in Command::ALL {
        assert!(
            WITH_OWN_ROWS.iter().any(|d| d.rows().iter().any(|row| row.command == *command)),
            "no dialect knows {}",
            command.name()
        );
    }
}

#[test]
fn the_old_manual_calls_cipsrip_by_three_names() {
    for text in ["AT+CIPSRIP=<mode>", "AT+CIPSRIPIP=<mode>", "AT+CIPSRIIP=<mode>"] {
        assert_eq!(find(Dialect::Sim800e, text).command, Command::Cipsrip);
    }
}

#[test]
fn placeholders_are_the_parameters_in_order() {
    for dialect in WITH_OWN_ROWS.iter().copied() {
        for row in dialect.rows() {
            let params: Vec<_> = row.params.iter().map(|param| param.name).collect();
            assert_eq!(placeholders(row.text), params, "{} {}", dialect.name(), row.text);
        }
    }
}

#[test]
fn what_may_be_left_out_has_a_default() {
    for dialect in WITH_OWN_ROWS.iter().copied() {
        for row in dialect.rows() {
            let Some(at) = row.text.find('[') else { continue };
            let given = row.text[..at].matches('<').count();
            assert!(
                row.params[given..].iter().all(|p| p.default.is_some()),
                "{} {}",
                dialect.name(),
                row.text
            );
            assert_eq!(row.text.matches('[').count(), row.text.matches(']').count(), "{}", row.text);
        }
    }
}

#[test]
fn a_text_is_the_command_in_its_form() {
    for dialect in WITH_OWN_ROWS.iter().copied() {
        for row in dialect.rows() {
            let place = (dialect.name(), row.text);
            if row.command == Command::Escape {
                assert_eq!(row.text, "+++", "{place:?}");
                continue;
            }
            let rest = row.text.strip_prefix("AT").unwrap_or_else(|| panic!("{place:?}"));
            let alias = dialect == Dialect::Sim800e && row.command == Command::Cipsrip;
            let name = if alias { "+CIPSRI" } else { row.command.name() };
            assert!(rest.starts_with(name), "{place:?}");
            let form = if rest.ends_with("=?") {
                Form::Test
            } else if rest.ends_with('?') {
                Form::Read
            } else if rest.contains('=') {
                Form::Set
            } else {
                Form::Exec
            };
            assert_eq!(row.form, form, "{place:?}");
            assert!(row.text.len() <= 200, "{place:?}");
        }
    }
}

#[test]
fn no_text_is_written_twice() {
    for dialect in WITH_OWN_ROWS.iter().copied() {
        for (at, row) in dialect.rows().iter().enumerate() {
            for other in &dialect.rows()[at + 1..] {
                let apart = row.mux != other.mux && row.mux != Mux::Any && other.mux != Mux::Any;
                assert!(row.text != other.text || apart, "{} {}", dialect.name(), row.text);
            }
        }
    }
}

#[test]
fn every_row_and_notice_is_complete() {
    for dialect in WITH_OWN_ROWS.iter().copied() {
        assert!(!dialect.rows().is_empty() && !dialect.notices().is_empty());
        for row in dialect.rows() {
            assert!(!row.source.is_empty() && !row.replies.is_empty() && row.timeout_ms > 0, "{}", row.text);
            assert!(row.finals != Finals::NONE, "{}", row.text);
            if row.later != Later::Nothing {
                assert!(row.finals.meets(Finals::OK), "{}", row.text);
            }
        }
        for notice in dialect.notices() {
            assert!(!notice.source.is_empty() && !notice.meaning.is_empty(), "{}", notice.text);
        }
    }
}

#[test]
fn reports_of_notices_are_in_the_vocabulary() {
    const VOCABULARY: &str = " Ok Error CmeError CmsError IpError CipError Prompt ConnectOk ConnectFail \
        AlreadyConnected DataMode SendOk SendFail DataAccept RxPending RxAvail Data Closed CloseOk CloseErr Shut NetOpen \
        NetClose NetState NetLost PdpDeact State LinkState ServerState LinkVector LocalIp Dns DnsFail ServerOk \
        ServerClose ServerStopped Accepted Boot PowerDown PowerWarn Line Signal Registration Sim Attach Ack Ring Sms \
        Clock Info Identity ";
    for dialect in WITH_OWN_ROWS.iter().copied() {
        for notice in dialect.notices() {
            assert!(VOCABULARY.contains(&format!(" {} ", notice.report)), "{}", notice.report);
        }
    }
}

#[test]
fn every_later_result_is_among_the_notices() {
    for dialect in WITH_OWN_ROWS.iter().copied() {
        for row in dialect.rows() {
            let report = match row.later {
                Later::Nothing => continue,
                Later::Connect => "ConnectOk",
                Later::Sent => "SendOk",
                Later::Close => "CloseOk",
                Later::NetOpen => "NetOpen",
                Later::NetClose => "NetClose",
                Later::Dns => "Dns",
                Later::Server => "ServerOk",
                Later::ServerClose if dialect == Dialect::A7600 => "ServerStopped",
                Later::ServerClose => "ServerClose",
                Later::Status => "State",
            };
            assert!(dialect.notices().iter().any(|n| n.report == report), "{} {}", dialect.name(), row.text);
        }
    }
}

#[test]
fn links_are_as_many_as_the_dialect_says() {
    for dialect in WITH_OWN_ROWS.iter().copied() {
        let last = i32::from(dialect.links()) - 1;
        for row in dialect.rows().iter().filter(|row| row.mux == Mux::Multi || dialect == Dialect::A7600) {
            for param in row.params.iter().filter(|p| p.name == "n" && row.command != Command::Cmee) {
                if matches!(row.command, Command::Creg | Command::Cgreg | Command::Csclk) {
                    continue;
                }
                assert_eq!(param.kind, crate::row::Kind::Number(0, last), "{} {}", dialect.name(), row.text);
            }
        }
    }
}

#[test]
fn finals_and_times_are_those_of_the_documents() {
    use Mux::{Any, Multi, Single};
    let sim800: &[(Mux, &str, Finals, Later, u32)] = &[
        (Single, r#"AT+CIPSTART="<mode>","<host>",<port>"#, Finals::OK, Later::Connect, 160_000),
        (Multi, r#"AT+CIPSTART=<n>,"<mode>","<host>",<port>"#, Finals::OK, Later::Connect, 75_000),
        (Single, "AT+CIPSEND=<len>", Finals::SEND, Later::Nothing, 75_000),
        (Multi, "AT+CIPSEND=<n>,<len>", Finals::SEND, Later::Nothing, 75_000),
        (Single, "AT+CIPCLOSE=<how>", Finals::CLOSE_OK, Later::Nothing, 10_000),
        (Multi, "AT+CIPCLOSE=<n>,<how>", Finals::CLOSE_OK, Later::Nothing, 10_000),
        (Any, "AT+CIPSHUT", Finals::SHUT, Later::Nothing, 65_000),
        (Any, "AT+CIICR", Finals::OK, Later::Nothing, 85_000),
        (Any, "AT+CIFSR", Finals::ADDRESS, Later::Nothing, 9_000),
        (Single, "AT+CIPSTATUS", Finals::OK, Later::Status, 9_000),
        (Multi, "AT+CIPSTATUS", Finals::OK, Later::Status, 9_000),
        (Multi, "AT+CIPSTATUS=<n>", Finals::OK, Later::Nothing, 9_000),
        (Any, r#"AT+CDNSGIP="<host>""#, Finals::OK, Later::Dns, 14_000),
        (Single, "AT+CIPSERVER=1,<port>", Finals::OK, Later::Server, 160_000),
        (Any, "AT+CIPSERVER=0", Finals::OK, Later::ServerClose, 9_000),
        (Single, "ATO", Finals::DATA_MODE, Later::Nothing, 9_000),
        (Multi, "AT+CIPRXGET=2,<n>,<len>", Finals::OK, Later::Nothing, 9_000),
    ];
    let kingcom: &[(Mux, &str, Finals, Later, u32)] = &[
        (
            Any,
            r#"AT+CIPSTART="<mode>","<host>",<port>"#,
            Finals::CONNECT_OK.or(Finals::CONNECT_FAIL),
            Later::Nothing,
            30_000,
        ),
        (Any, "AT+CIPSEND", Finals::OK, Later::Nothing, 75_000),
        (Any, "AT+CIPCLOSE", Finals::OK, Later::Nothing, 10_000),
        (Any, "AT+CIPSHUT", Finals::OK.or(Finals::SHUT), Later::Nothing, 65_000),
        (Any, "AT+CIFSR", Finals::OK, Later::Nothing, 9_000),
        (Any, "AT+CIPSTATUS", Finals::OK, Later::Nothing, 9_000),
        (Any, "AT+CGATT=<state>", Finals::OK, Later::Nothing, 30_000),
        (Any, "AT+CGACT=<state>,<cid>", Finals::OK, Later::Nothing, 30_000),
    ];
    let open = Finals::OK.or(Finals::DATA_MODE).or(Finals::CONNECT_FAIL);
    let a7600: &[(Mux, &str, Finals, Later, u32)] = &[
        (Any, "AT+NETOPEN", Finals::OK, Later::NetOpen, 120_000),
        (Any, "AT+NETCLOSE", Finals::OK, Later::NetClose, 120_000),
        (Any, r#"AT+CIPOPEN=<n>,"TCP","<host>",<port>"#, open, Later::Connect, 120_000),
        (Any, r#"AT+CIPOPEN=<n>,"UDP",,,<local>"#, open, Later::Connect, 120_000),
        (Any, "AT+CIPSEND=<n>,<len>", Finals::OK, Later::Sent, 120_000),
        (Any, "AT+CIPCLOSE=<n>", Finals::OK, Later::Close, 120_000),
        (Any, r#"AT+CDNSGIP="<host>""#, Finals::OK, Later::Nothing, 6_000),
        (Any, "AT+SERVERSTART=<port>,<server>", Finals::OK, Later::Nothing, 9_000),
        (Any, "AT+SERVERSTOP=<server>", Finals::OK, Later::ServerClose, 9_000),
        (Any, "ATO", Finals::DATA_MODE.or(Finals::NO_CARRIER), Later::Nothing, 9_000),
        (Any, "AT+IPADDR", Finals::OK, Later::Nothing, 9_000),
    ];
    for (dialect, expected) in [
        (Dialect::Sim800, sim800),
        (Dialect::Sim7000, sim800),
        (Dialect::Kingcom, kingcom),
        (Dialect::A7600, a7600),
    ] {
        for &(mux, text, finals, later, timeout_ms) in expected {
            let row = find_in(dialect, mux, text);
            assert_eq!(
                (row.mux, row.finals, row.later, row.timeout_ms),
                (mux, finals, later, timeout_ms),
                "{} {text}",
                dialect.name()
            );
        }
    }
    assert_eq!(find(Dialect::Sim800, "AT+CGATT=<state>").timeout_ms, 10_000);
    assert_eq!(find(Dialect::Sim7000, "AT+CGATT=<state>").timeout_ms, 75_000);
    assert_eq!(
        find(Dialect::Sim800e, "AT+CIPSEND=<n>,<len>").finals,
        Finals::SEND_OK.or(Finals::SEND_FAIL),
        "no quick send"
    );
    assert_eq!(find_in(Dialect::Sim800e, Multi, "AT+CIPSTATUS").later, Later::Nothing, "OK comes last");
}

#[test]
fn states_are_those_that_the_module_prints() {
    const PRINTED: &[&str] = &[
        "IP INITIAL",
        "IP START",
        "IP CONFIG",
        "IP IND",
        "IP GPRSACT",
        "IP STATUS",
        "IP PROCESSING",
        "TCP CONNECTING",
        "UDP CONNECTING",
        "SERVER LISTENING",
        "CONNECT OK",
        "TCP CLOSING",
        "UDP CLOSING",
        "TCP CLOSED",
        "UDP CLOSED",
        "IP CLOSE",
        "PDP DEACT",
        "CLOSED",
    ];
    for dialect in WITH_OWN_ROWS.iter().copied() {
        for row in dialect.rows() {
            for state in row.states.iter().chain([&row.next].into_iter().filter(|next| !next.is_empty())) {
                assert!(PRINTED.contains(state), "{} {} {state}", dialect.name(), row.text);
                assert_ne!(dialect, Dialect::A7600, "no states there");
            }
        }
    }
}
