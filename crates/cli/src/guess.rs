//! Which dialect is this? From what the module says of itself, else from spellings that only one dialect has.

use simcom_at::Dialect;

/// A dialect, and what gave it away.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Guess {
    /// The dialect.
    pub dialect: Dialect,
    /// The line that gave it away; empty when nothing did.
    pub because: String,
}

/// The dialect of traffic; `sim800`, the most common one, when nothing tells.
pub fn from_traffic(bytes: &[u8]) -> Guess {
    let lines = || bytes.split(|byte| matches!(byte, b'\r' | b'\n')).filter(|line| !line.is_empty());
    type Test = fn(&[u8]) -> Option<Dialect>;
    let tests: [Test; 2] = [from_identity, from_spelling];
    for test in tests {
        // The rarest spelling first: what is in an earlier dialect's manual may be in a later one's, not the reverse.
        for dialect in [
            Dialect::A7600,
            Dialect::Kingcom,
            Dialect::Sim800e,
            Dialect::Sim7000,
            Dialect::Rda8955,
            Dialect::Sim800,
        ] {
            if let Some(line) = lines().find(|line| test(line) == Some(dialect)) {
                return Guess { dialect, because: simcom_vectors::escape(line) };
            }
        }
    }
    Guess { dialect: Dialect::Sim800, because: String::new() }
}

/// The dialect of a module that names itself: a line of the answer to `ATI`.
pub fn from_identity(line: &[u8]) -> Option<Dialect> {
    let line = std::str::from_utf8(line).ok().filter(|line| line.len() <= 60)?.to_ascii_uppercase();
    if line.starts_with("AT+") {
        return None;
    }
    let name = line.strip_prefix("MODEL:").unwrap_or(&line).trim();
    let name = name.strip_prefix("SIMCOM_").or_else(|| name.strip_prefix("SIMCOM ")).unwrap_or(name);
    if name.starts_with("KINGCOM") {
        return Some(Dialect::Kingcom);
    }
    if name.starts_with("RDA8955") {
        return Some(Dialect::Rda8955);
    }
    let number = |text: &str| -> String { text.chars().take_while(char::is_ascii_digit).collect() };
    if let Some(rest) = name.strip_prefix('A') {
        return (number(rest).starts_with("76") && number(rest).len() == 4).then_some(Dialect::A7600);
    }
    let rest = name.strip_prefix("SIM")?;
    let digits = number(rest);
    let family = digits.get(..2).unwrap_or_default();
    match (digits.len(), family) {
        (3, "80") if digits == "800" && rest.get(3..).is_some_and(|tail| tail.starts_with('E')) => {
            Some(Dialect::Sim800e)
        }
        (3, "80" | "84" | "86" | "90") => Some(Dialect::Sim800),
        (4, "70") => Some(Dialect::Sim7000),
        (4, "52" | "53" | "71" | "75" | "76" | "78") => Some(Dialect::A7600),
        _ => None,
    }
}

/// The dialect that alone has this line, from either side.
fn from_spelling(line: &[u8]) -> Option<Dialect> {
    let line = std::str::from_utf8(line).ok()?.to_ascii_uppercase();
    let starts = |words: &[&str]| words.iter().any(|word| line.starts_with(word));
    const A7600: &[&str] = &[
        "AT+CIPOPEN",
        "AT+NETOPEN",
        "AT+NETCLOSE",
        "AT+IPADDR",
        "AT+SERVERSTART",
        "AT+SERVERSTOP",
        "+NETOPEN:",
        "+NETCLOSE:",
        "+CIPOPEN:",
        "+IPCLOSE:",
        "+IP ERROR:",
        "+CIPERROR:",
        "+CIPEVENT:",
        "+CLIENT:",
        "+SERVERSTOP:",
        "+IPADDR:",
    ];
    const KINGCOM: &[&str] = &["+IPSTATUS", "KINGCOM", "COMMAND NO RESPONSE!", "+IPD:", "AT+CGACT=1,1"];
    const SIM800E: &[&str] = &["+CLI:", "+SER:", "AT+CIPSRIPIP", "AT+CIPSRIIP", "+CIPSRIPIP"];
    const SIM7000: &[&str] =
        &["AT+CIFSREX", "+CIFSREX", "AT+CIPSENDHEX", "AT+CIPHEXS", "AT+CIPOPTION", "+APP PDP"];
    if starts(A7600) || is_push_header(&line) {
        return Some(Dialect::A7600);
    }
    if starts(KINGCOM) {
        return Some(Dialect::Kingcom);
    }
    if starts(SIM800E) || serves_port_first(&line) || is_bare_dns(&line) {
        return Some(Dialect::Sim800e);
    }
    if starts(SIM7000) || is_link_above_five(&line) {
        return Some(Dialect::Sim7000);
    }
    is_without_blank(&line).then_some(Dialect::Rda8955)
}

fn number(text: &str) -> Option<u32> {
    text.trim().parse().ok()
}

/// `+IPD176`: the header of the A7600.
fn is_push_header(line: &str) -> bool {
    line.strip_prefix("+IPD").is_some_and(|rest| number(rest).is_some())
}

/// `AT+CIPSERVER=5555…`: the port comes first.
fn serves_port_first(line: &str) -> bool {
    let first = line.strip_prefix("AT+CIPSERVER=").and_then(|rest| number(rest.split(',').next()?));
    first.is_some_and(|first| first > 1)
}

/// `+CDNSGIP:1,119.75.218.45`: no name, no quotes.
fn is_bare_dns(line: &str) -> bool {
    let rest = line.strip_prefix("+CDNSGIP:").and_then(|rest| rest.trim().strip_prefix("1,"));
    rest.is_some_and(|ip| ip.parse::<std::net::Ipv4Addr>().is_ok())
}

/// A row or a command for link 6 or 7: `C: 7,…`, `AT+CIPSTART=6,…`, `7, CONNECT OK`.
fn is_link_above_five(line: &str) -> bool {
    let heads = ["C:", "AT+CIPSTART=", "AT+CIPSEND=", "AT+CIPSTATUS=", "+CIPSTATUS:"];
    let head = heads.iter().find_map(|head| line.strip_prefix(head));
    let first = head.and_then(|rest| rest.split_once(',')).and_then(|(first, _)| number(first));
    let notice =
        line.split_once(", ").filter(|(_, word)| matches!(*word, "CONNECT OK" | "SEND OK" | "CLOSED"));
    matches!(first.or_else(|| notice.and_then(|(link, _)| number(link))), Some(6 | 7))
}

/// `0,CONNECT OK`: the clones leave the blank out.
fn is_without_blank(line: &str) -> bool {
    let split = line.split_once(',').filter(|(link, _)| number(link).is_some());
    split.is_some_and(|(_, word)| matches!(word, "CONNECT OK" | "SEND OK" | "CONNECT FAIL"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dialect(text: &str) -> Dialect {
        from_traffic(text.as_bytes()).dialect
    }

    #[test]
    fn a_module_that_names_itself_is_believed() {
        for (text, want) in [
            ("ATI\r\r\nSIM800 R14.18\r\n\r\nOK\r\n", Dialect::Sim800),
            ("\r\nSIM800E R01\r\n", Dialect::Sim800e),
            ("\r\nSIM900A\r\n", Dialect::Sim800),
            ("\r\nSIMCOM_SIM7000G\r\n", Dialect::Sim7000),
            ("\r\nModel: SIMCOM_SIM7600E-H\r\n", Dialect::A7600),
            ("\r\nModel: A7670E-FASE\r\n", Dialect::A7600),
            ("\r\nKingcom_G3524\r\n", Dialect::Kingcom),
        ] {
            assert_eq!(dialect(text), want, "{text}");
        }
    }

    #[test]
    fn spellings_tell_the_rest() {
        for (text, want) in [
            ("AT+CIPOPEN=0,\"TCP\",\"h\",80\r\r\nOK\r\n", Dialect::A7600),
            ("\r\nRECV FROM:1.2.3.4:5\r\n+IPD3\r\nabc", Dialect::A7600),
            ("\r\n+IPSTATUS: CONNECT OK\r\n", Dialect::Kingcom),
            ("\r\n+Cli:0,1,\"TCP\"\r\n", Dialect::Sim800e),
            ("at+cipserver=5555,0,1,5\r", Dialect::Sim800e),
            ("+CDNSGIP:1,119.75.218.45\r\n", Dialect::Sim800e),
            ("C: 7,,\"\",\"\",\"\",\"INITIAL\"\r\n", Dialect::Sim7000),
            ("\r\n0,CONNECT OK\r\n", Dialect::Rda8955),
            ("\r\n0, CONNECT OK\r\n\r\n0,CLOSED\r\n", Dialect::Sim800),
            ("", Dialect::Sim800),
        ] {
            assert_eq!(dialect(text), want, "{text}");
        }
    }
}
