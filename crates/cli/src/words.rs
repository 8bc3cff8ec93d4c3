//! Reports and commands in plain words, for the annotated outputs.

use simcom_vectors::escape;

use simcom_at::Dialect;
use simcom_modem::codes::{self, Codes};
use simcom_vectors::Said;

/// What a report means; empty for lines that speak for themselves. The same number is another error in another dialect.
pub fn report(said: &Said, dialect: Dialect) -> String {
    let link = || match said.get_text("link").as_str() {
        "s" => "the link".to_owned(),
        "t" => "the transparent link".to_owned(),
        "?" => "a link that is not named".to_owned(),
        number => format!("link {number}"),
    };
    let number = |key: &str| said.get_number(key).unwrap_or_default();
    let reason = |tables: &[Codes]| match (said.get_number("code"), said.get_text("text")) {
        (Some(code), _) => format!("code {}", named(code, tables)),
        (None, text) => text,
    };
    let err = || named(number("err"), &[codes::err_table(dialect)]);
    match said.name {
        "Ok" => "done".to_owned(),
        "Error" => "refused".to_owned(),
        "CmeError" => format!("refused: {}", reason(&codes::cme_tables(dialect))),
        "IpError" => format!("refused: {}", reason(&[codes::ip_error_table(dialect)])),
        "CipError" => format!("refused: {}", reason(&[codes::err_table(dialect)])),
        "CmsError" => format!("refused: {}", reason(&[])),
        "Prompt" => "ready for payload".to_owned(),
        "ConnectOk" => format!("{} is connected", link()),
        "ConnectFail" => match (said.get_number("err"), said.get_text("state")) {
            (Some(_), _) => format!("{} could not connect: error {}", link(), err()),
            (None, state) if !state.is_empty() => format!("{} could not connect: {state}", link()),
            _ => format!("{} could not connect", link()),
        },
        "AlreadyConnected" => format!("{} is in use already", link()),
        "DataMode" => "data mode: all bytes are payload from here on".to_owned(),
        "SendOk" => match (said.get_number("req"), said.get_number("cnf")) {
            (Some(req), Some(cnf)) => format!("{}: {cnf} of {} sent", link(), bytes(req)),
            _ => format!("{}: sent", link()),
        },
        "SendFail" => format!("{}: sending failed", link()),
        "DataAccept" => format!("{}: {} taken, not yet acknowledged", link(), bytes(number("len"))),
        "RxPending" => format!("{}: data waits in the module", link()),
        "RxAvail" => format!("{}: {} waiting in the module", link(), bytes(number("len"))),
        "Data" => data(said, &link()),
        "Closed" => match said.get_number("reason") {
            Some(0) => format!("{} was closed on this side", link()),
            Some(2) => format!("{} was closed: sending timed out, or DTR went off", link()),
            _ => format!("{} was closed by the peer", link()),
        },
        "CloseOk" => format!("{} is closed", link()),
        "CloseErr" => format!("{} could not be closed: error {}", link(), err()),
        "Shut" => "all links are closed, the context is down".to_owned(),
        "NetOpen" if number("err") == 0 => "the network service is up".to_owned(),
        "NetOpen" => format!("the network service did not start: error {}", err()),
        "NetClose" if number("err") == 0 => "the network service is down".to_owned(),
        "NetClose" => format!("the network service did not stop: error {}", err()),
        "NetState" if number("open") == 1 => "the network service is up".to_owned(),
        "NetState" => "the network service is down".to_owned(),
        "NetLost" => "the network was lost: all links are gone".to_owned(),
        "PdpDeact" => "the context was lost: all links are gone".to_owned(),
        "State" => "the state of the context".to_owned(),
        "LinkState" => row(said, &link()),
        "ServerState" => format!("server on port {}: {}", number("port"), said.get_text("state")),
        "LinkVector" => "which links are open".to_owned(),
        "LocalIp" => "the module's own address".to_owned(),
        "Dns" => match said.get_text("host") {
            host if host.is_empty() => format!("the name is {}", said.get_text("ips")),
            host => format!("{host} is {}", said.get_text("ips")),
        },
        "DnsFail" => {
            format!("the name was not found: code {}", named(number("code"), &[codes::dns_table(dialect)]))
        }
        "ServerOk" => "the server listens".to_owned(),
        "ServerClose" => "the server is closed".to_owned(),
        "ServerStopped" if number("err") == 0 => format!("server {} is closed", number("server")),
        "ServerStopped" => format!("server {} did not stop: error {}", number("server"), err()),
        "Accepted" => format!("{} was opened by {}", link(), said.get_text("ip")),
        "Boot" => "the module starts".to_owned(),
        "PowerDown" => "the module switches off".to_owned(),
        "PowerWarn" => "the supply voltage is out of range".to_owned(),
        "Signal" => signal(number("rssi")),
        "Registration" => registration(number("stat")).to_owned(),
        "Sim" => "the state of the SIM".to_owned(),
        "Attach" if number("on") == 1 => "attached to the packet network".to_owned(),
        "Attach" => "not attached to the packet network".to_owned(),
        "Ack" => format!("{} sent, {} acknowledged by the peer", bytes(number("sent")), number("acked")),
        "Ring" => "a call comes in".to_owned(),
        "Sms" => format!("a message came in, number {}", number("index")),
        "Lost" => format!("{} of this payload never came", bytes(number("bytes"))),
        "NoFinal" => "the last command has no final result".to_owned(),
        _ => String::new(),
    }
}

/// A number, and in brackets what it means where a table says so.
fn named(code: i64, tables: &[Codes]) -> String {
    let number = u16::try_from(code).ok();
    match number.and_then(|number| tables.iter().find_map(|table| codes::word(table, number))) {
        Some(word) => format!("{code} ({word})"),
        None => code.to_string(),
    }
}

fn data(said: &Said, link: &str) -> String {
    let mut text = format!("{link}: {}", bytes(said.get_number("len").unwrap_or_default()));
    let from = said.get_text("from");
    if !from.is_empty() {
        text.push_str(&format!(" from {from}"));
    }
    match said.get_number("rest") {
        Some(rest) if rest > 0 => text.push_str(&format!(", {rest} more waiting in the module")),
        _ => {}
    }
    text
}

fn row(said: &Said, link: &str) -> String {
    let (ip, state) = (said.get_text("ip"), said.get_text("state"));
    let peer = match ip.as_str() {
        "" => String::new(),
        ip => format!(" {} {ip}:{}", said.get_text("proto"), said.get_text("port")),
    };
    match (peer.as_str(), state.as_str()) {
        ("", "") => format!("{link}: not used"),
        (peer, "") => format!("{link}:{peer}"),
        (peer, state) => format!("{link}:{peer} {state}"),
    }
}

/// `1 byte`, `2 bytes`.
pub fn bytes(count: i64) -> String {
    format!("{count} byte{}", if count == 1 { "" } else { "s" })
}

/// `<rssi>` in words.
pub fn signal(rssi: i64) -> String {
    match rssi {
        0 => "signal: -113 dBm or less".to_owned(),
        1..=30 => format!("signal: {} dBm", 2 * rssi - 113),
        31 => "signal: -51 dBm or more".to_owned(),
        _ => "signal: not known".to_owned(),
    }
}

/// `<stat>` in words.
pub fn registration(stat: i64) -> &'static str {
    match stat {
        0 => "not registered, not searching",
        1 => "registered, home network",
        2 => "not registered, searching",
        3 => "registration denied",
        5 => "registered, roaming",
        _ => "registration not known",
    }
}

/// A command line, or the escape from data mode.
pub fn is_command(bytes: &[u8]) -> bool {
    bytes == b"+++" || bytes.get(..2).is_some_and(|head| head.eq_ignore_ascii_case(b"AT"))
}

/// What a command line asks for; empty for one that is not known.
pub fn command(bytes: &[u8]) -> String {
    let line = escape(bytes.trim_ascii());
    let upper = line.to_ascii_uppercase();
    if upper == "+++" {
        return "leave data mode".to_owned();
    }
    let Some(body) = upper.strip_prefix("AT") else {
        return String::new();
    };
    let end = body.find(['=', '?', ';']).unwrap_or(body.len());
    let (name, rest) = body.split_at(end);
    if rest == "=?" {
        return "which values are allowed?".to_owned();
    }
    let what = match name {
        "" => "are you there?",
        "E0" => "echo off",
        "E1" | "E" => "echo on",
        "I" => "who are you?",
        "O" => "back to data mode",
        "+CMEE" => "how errors are printed",
        "+CPIN" => "the SIM",
        "+CSQ" => "signal strength",
        "+CREG" => "registration",
        "+CGREG" => "packet registration",
        "+CGATT" if rest == "=0" => "leave the packet network",
        "+CGATT" if rest == "?" => "attached to the packet network?",
        "+CGATT" => "attach to the packet network",
        "+CGDCONT" => "define the context",
        "+CGACT" if rest.starts_with("=0") => "take the context down",
        "+CGACT" => "activate the context",
        "+CSTT" => "access point, user, password",
        "+CIICR" => "bring the context up",
        "+CIFSR" | "+IPADDR" => "my address?",
        "+CIPMUX" => "one link or many",
        "+CIPMODE" => "transparent mode",
        "+CIPHEAD" => "headers on received data",
        "+CIPSRIP" => "the sender's address on received data",
        "+CIPQSEND" => "do not wait for the peer's acknowledgement",
        "+CIPSPRT" => "the prompt",
        "+CIPCCFG" => "transfer settings",
        "+CIPSTART" | "+CIPOPEN" if rest.starts_with('=') => "open a link",
        "+CIPSTATUS" | "+CIPOPEN" => "the state of the links?",
        "+CIPSEND" if rest == "?" => "how much can be sent?",
        "+CIPSEND" => "send",
        "+CIPRXGET" => receive(rest),
        "+CIPACK" => "how much was acknowledged?",
        "+CIPCLOSE" if rest == "?" => "which links are open?",
        "+CIPCLOSE" => "close a link",
        "+CIPSHUT" => "close all, take the context down",
        "+CIPSGTXT" => "which context?",
        "+CIPUDPMODE" => "datagrams of any peer",
        "+CLPORT" => "the local port",
        "+IFC" => "flow control",
        "+CIPSERVER" if rest == "=0" => "stop the server",
        "+CIPSERVER" | "+SERVERSTART" => "the server",
        "+SERVERSTOP" => "stop the server",
        "+CDNSGIP" => "look up a name",
        "+CDNSCFG" => "name servers",
        "+NETOPEN" if rest == "?" => "is the network service up?",
        "+NETOPEN" => "start the network service",
        "+NETCLOSE" => "stop the network service",
        _ => "",
    };
    what.to_owned()
}

fn receive(rest: &str) -> &'static str {
    match rest.get(..2) {
        Some("=0") => "push received data",
        Some("=1") => "keep received data until it is asked for",
        Some("=2") => "read received data",
        Some("=3") => "read received data as hex",
        Some("=4") => "how much data waits?",
        _ => "how received data comes",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use simcom_at::{Code, On, Report};
    use simcom_vectors::said;

    #[test]
    fn reports_are_told_in_words() {
        let words = |report: Report<'_>| super::report(&said(&report, b"x"), Dialect::Sim800);
        assert_eq!(words(Report::ConnectOk { link: On::Link(3) }), "link 3 is connected");
        assert_eq!(
            words(Report::Closed { link: On::Single, reason: None }),
            "the link was closed by the peer"
        );
        assert_eq!(words(Report::Signal { rssi: 20, ber: 0 }), "signal: -73 dBm");
        assert_eq!(words(Report::Line { more: false }), "");
    }

    #[test]
    fn numbers_of_errors_are_told_in_the_dialects_words() {
        let cme = |dialect| super::report(&said(&Report::CmeError(Code::Number(50)), b"x"), dialect);
        assert_eq!(cme(Dialect::A7600), "refused: code 50 (Incorrect parameters)");
        assert_eq!(cme(Dialect::Kingcom), "refused: code 50 (any failure)");
        assert_eq!(cme(Dialect::Sim800), "refused: code 50");
        let a7600 = |report: Report<'_>| super::report(&said(&report, b"x"), Dialect::A7600);
        assert_eq!(a7600(Report::IpError(Code::Number(8))), "refused: code 8 (Network not opened)");
        assert_eq!(a7600(Report::CipError(Code::Number(3))), "refused: code 3 (wrong parameter)");
        assert_eq!(a7600(Report::DnsFail { code: 10 }), "the name was not found: code 10 (not resolved)");
        assert_eq!(
            a7600(Report::NetOpen { err: 1 }),
            "the network service did not start: error 1 (network failure)"
        );
    }

    #[test]
    fn commands_are_told_in_words() {
        assert_eq!(command(b"AT\r"), "are you there?");
        assert_eq!(command(b"at+cipstart=0,\"TCP\",\"h\",1\r\n"), "open a link");
        assert_eq!(command(b"AT+CIPRXGET=2,0,1460\r"), "read received data");
        assert_eq!(command(b"AT+CIPSTATUS=?\r"), "which values are allowed?");
        assert_eq!(command(b"hello"), "");
    }
}
