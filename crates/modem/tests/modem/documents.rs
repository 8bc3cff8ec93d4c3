//! The examples of the documents (vectors `s0-…` to `s4-…`) against the module: the host's lines go in, and exactly the
//! bytes of the vector must come out. What comes from outside (data, a close, a client, a call) is read from the vector
//! and given to the module at its place.

use crate::coverage::{Mask, follow};
use crate::rig::Rig;
use simcom_at::{Dialect, SocketAddrV4};
use simcom_modem::{Notify, OpenError, Profile, Socket};
use simcom_vectors::{Step, Transcript, Vector, by_dialect};

/// What may have happened before the first byte of a vector.
const BEFORE: &[&str] = &[
    "",
    "AT+CSTT;+CIICR\rAT+CIFSR\r",
    "AT+CIPSTART=\"TCP\",\"116.228.221.51\",8500\r",
    "AT+CIPSTART=0,\"TCP\",\"116.228.221.51\",8500\r",
    "AT+CIPSTART=\"UDP\",\"116.228.221.51\",9600\r",
    "AT+CSTT;+CIICR\rAT+CIFSR\rAT+CIPSTART=0,\"TCP\",\"116.228.221.51\",8500\r\
     AT+CIPSTART=1,\"TCP\",\"116.228.221.51\",8500\rAT+CIPSTART=2,\"UDP\",\"116.228.221.51\",9600\r",
    "AT+CSTT;+CIICR\rAT+CIFSR\rAT+CIPSTART=1,\"TCP\",\"116.228.221.51\",8500\r\
     AT+CIPSTART=2,\"UDP\",\"116.228.221.51\",9600\r",
    "AT+CSTT;+CIICR\rAT+CIFSR\rAT+CIPSTART=0,\"TCP\",\"116.236.221.75\",5107\r",
    "AT+CIPSERVER=1,1234\r",
    "AT+CGACT=1,1\r",
    "AT+CGACT=1,1\rAT+CIPSTART=\"TCP\",\"117.143.237.70\",1100\r",
    "AT+NETOPEN\r",
    "AT+NETOPEN\rAT+CIPOPEN=1,\"TCP\",\"117.131.85.139\",5253\r",
    "AT+NETOPEN\rAT+CIPOPEN=1,\"UDP\",,,5000\r",
    "AT+NETOPEN\rAT+CIPOPEN=0,\"TCP\",\"117.131.85.139\",5253\r",
];

/// The vectors that the module as it is by default gives byte by byte. A name that drops out of here is a change of behaviour.
const EXACT: &str = include_str!("documents.txt");

#[test]
fn the_examples_come_out_byte_by_byte() {
    let mut exact = Vec::new();
    let mut report = String::new();
    for dialect in [Dialect::Sim800, Dialect::Sim800e, Dialect::Sim7000, Dialect::Kingcom, Dialect::A7600] {
        for vector in by_dialect(dialect.name()) {
            let name = name_of(&vector);
            let from_a_document = ["s0-", "s1-", "s2-", "s3-", "s4-"].iter().any(|p| name.starts_with(p));
            if !from_a_document {
                continue;
            }
            let tries: Vec<Result<(), String>> = BEFORE
                .iter()
                .map(|before| replay(dialect, transcript_of(&vector), before, NO_MASK))
                .collect();
            if tries.iter().any(Result::is_ok) {
                exact.push(name);
            } else if let Some(Err(longest)) =
                tries.into_iter().max_by_key(|t| t.as_ref().err().map(|e| e.find('|')))
            {
                report += &format!("{name}: {longest}\n");
            }
        }
    }
    let missing: Vec<&str> = EXACT.lines().filter(|l| !exact.iter().any(|n| n == l)).collect();
    if std::env::var_os("SHOW_DOCUMENTS").is_some() {
        println!("{}\n{report}", exact.join("\n"));
    }
    assert!(missing.is_empty(), "no longer: {missing:?}\n{report}");
}

fn name_of(vector: &Vector) -> String {
    vector.name.rsplit('/').next().unwrap_or_default().trim_end_matches(".txt").to_string()
}

fn transcript_of(vector: &Vector) -> &Transcript {
    &vector.transcript
}

const NO_MASK: Mask<'_> = Mask::none(&[]);

/// What must have happened before a vector for it to come out byte by byte; none: it does not.
pub fn exact(dialect: Dialect, vector: &Vector) -> Option<&'static str> {
    if !EXACT.lines().any(|name| name == name_of(vector)) {
        return None;
    }
    BEFORE.iter().copied().find(|before| replay(dialect, &vector.transcript, before, NO_MASK).is_ok())
}

/// Gives the host's part and compares the module's; the error has what was the same, `|`, wanted and got.
pub fn replay(dialect: Dialect, transcript: &Transcript, before: &str, mask: Mask<'_>) -> Result<(), String> {
    let module: Vec<u8> = transcript.module_bytes();
    let mut profile =
        Profile { echo: transcript.config_value("echo") == Some("on"), ..Profile::new(dialect) };
    if let Some(address) = address_in(&module) {
        profile.address = address;
    }
    let mut rig = Rig::with(profile);
    for (key, value) in transcript.config() {
        let line = match (key, value) {
            ("mux", "multi") if dialect != Dialect::A7600 => "AT+CIPMUX=1\r",
            ("mode", "transparent") => "AT+CIPMODE=1\r",
            ("ciphead", "1") => "AT+CIPHEAD=1\r",
            ("ciphead", "0") => "AT+CIPHEAD=0\r",
            ("ciprxget", "1") => "AT+CIPRXGET=1\r",
            ("cipsrip", "1") => "AT+CIPSRIP=1\r",
            ("cipqsend" | "qsend", "1") => "AT+CIPQSEND=1\r",
            _ => continue,
        };
        rig.host(line.as_bytes());
    }
    rig.host(before.as_bytes());
    rig.opens = opens_in(&module);
    let (mut got, mut want) = (Vec::new(), Vec::new());
    let mut multi = dialect == Dialect::A7600 || transcript.config_value("mux") == Some("multi");
    let shown = |printed: Vec<u8>, multi: bool| mask.printed(printed, multi);
    for step in &transcript.steps {
        match step {
            Step::Host(bytes) if bytes == b"+++" => {
                got.extend(shown(plain(&rig.pass(1000)), multi));
                rig.host(mask.command(dialect, multi, "+++").as_bytes());
                got.extend(shown(plain(&rig.pass(1000)), multi));
            }
            Step::Host(bytes) => {
                let line: String = bytes.iter().map(|b| char::from(*b)).collect();
                let typed = mask.command(dialect, multi, &line);
                let masked = typed != line;
                got.extend(shown(plain(&rig.host(if masked { typed.as_bytes() } else { bytes })), multi));
                follow(&mut multi, &line);
            }
            Step::Silence(ms) => got.extend(shown(plain(&rig.pass(*ms)), multi)),
            Step::Module(bytes) => {
                want.extend_from_slice(bytes);
                while got.len() < want.len() && want.starts_with(&got) {
                    let printed = shown(outside(&mut rig, &want[got.len()..]), multi);
                    if printed.is_empty() {
                        break;
                    }
                    got.extend(printed);
                }
            }
        }
        let same = got.iter().zip(&want).take_while(|(a, b)| a == b).count();
        if same < got.len().min(want.len()) || matches!(step, Step::Module(_)) && got.len() < want.len() {
            let (done, wanted) = (want[..same].escape_ascii(), want[same..].escape_ascii());
            return Err(format!("{done} | wanted {wanted} | got {}", got[same..].escape_ascii()));
        }
    }
    if got == want { Ok(()) } else { Err(format!("{} | too much", got.escape_ascii())) }
}

/// What the vector wants next comes from outside: gives it to the module.
fn outside(rig: &mut Rig, want: &[u8]) -> Vec<u8> {
    let text: String = want.iter().map(|b| char::from(*b)).collect();
    let line = text.trim_start_matches(['\r', '\n']).lines().next().unwrap_or_default().to_string();
    let numbers: Vec<usize> = line
        .split(|c: char| !c.is_ascii_digit())
        .filter(|d| !d.is_empty())
        .filter_map(|d| d.parse().ok())
        .collect();
    let first = numbers.first().copied().unwrap_or(0) as u8;
    let printed = if line.ends_with("CLOSED") {
        rig.closed(if line.starts_with("CLOSED") { 0 } else { first })
    } else if line.starts_with("+IPCLOSE: ") {
        rig.closed(first)
    } else if line.contains("REMOTE IP: ") {
        let link_first = line.starts_with(|c: char| c.is_ascii_digit());
        let ip = line.rsplit(' ').next().unwrap_or_default().to_string();
        let peer = SocketAddrV4::new(ip.parse().unwrap(), if link_first { 2020 } else { 1 });
        rig.notify(Notify::Incoming { socket: Socket(Socket::SERVER), token: 1, peer })
    } else if let Some(rest) = line.strip_prefix("+CLIENT: ") {
        let peer = rest.rsplit(',').next().unwrap_or_default().parse().unwrap();
        let server = numbers.get(1).copied().unwrap_or(0) as u8;
        rig.notify(Notify::Incoming { socket: Socket(Socket::SERVER + server), token: 1, peer })
    } else if line.starts_with("+PDP: DEACT") || line.starts_with("+CIPEVENT") {
        rig.notify(Notify::ContextLost(0))
    } else if line == "RING" {
        rig.notify(Notify::Ring)
    } else if line.starts_with("+CMTI") {
        rig.notify(Notify::Sms(numbers[0] as u16))
    } else {
        data_outside(rig, want, &text)
    };
    plain(&printed)
}

/// Pushed data: its header says how much, or all that is left is data.
fn data_outside(rig: &mut Rig, want: &[u8], text: &str) -> String {
    let from = text
        .find("RECV FROM:")
        .map(|at| text[at + 10..].lines().next().unwrap_or_default().trim().to_string());
    let from = from.unwrap_or_default();
    let after = |mark: &str| text.find(mark).map(|at| at + mark.len());
    let number = |at: usize| -> (usize, usize) {
        let digits = text[at..].chars().take_while(char::is_ascii_digit).count();
        (text[at..at + digits].parse().unwrap_or(0), at + digits)
    };
    let (link, len, start) = if let Some(at) = after("+RECEIVE,") {
        let (link, at) = number(at);
        let (len, at) = number(at + 1);
        (link, len, at + text[at..].find('\n').map_or(0, |n| n + 1))
    } else if let Some(at) = after("+IPD,").or_else(|| after("+IPD:")).or_else(|| after("+IPD")) {
        let (len, at) = number(at);
        let colon = text[at..].find(':').filter(|n| *n < 5).map(|n| n + 1);
        (0, len, at + colon.unwrap_or_else(|| text[at..].find('\n').map_or(0, |n| n + 1)))
    } else {
        // Without a header: up to the next notice.
        let end = text.find("\r\n").filter(|at| *at > 0).unwrap_or(text.len());
        (0, end, 0)
    };
    let Some(bytes) = want.get(start..start + len).filter(|b| !b.is_empty()) else { return String::new() };
    let link = (0..10u8).find(|n| usize::from(*n) == link).unwrap_or(0);
    let mut printed = rig.data_from(link, bytes, &from);
    for other in 1..4 {
        // The header of A7600 names no link.
        if printed.is_empty() && link == 0 {
            printed = rig.data_from(other, bytes, &from);
        }
    }
    printed
}

/// How the opens of a vector end, in order.
fn opens_in(module: &[u8]) -> Vec<Result<(), OpenError>> {
    let text: String = module.iter().map(|b| char::from(*b)).collect();
    text.lines()
        .filter_map(|line| match line {
            _ if line.ends_with("CONNECT OK") && !line.starts_with("STATE") && !line.starts_with("+IP") => {
                Some(Ok(()))
            }
            _ if line.starts_with("CONNECT FAIL") || line.ends_with(", CONNECT FAIL") => {
                Some(Err(OpenError::Refused))
            }
            _ if line.starts_with("COMMAND NO RESPONSE") => Some(Err(OpenError::Timeout)),
            _ if line.starts_with("CONNECT") => Some(Ok(())),
            _ => None,
        })
        .collect()
}

/// The first address that stands alone, or behind `+IPADDR:`.
fn address_in(module: &[u8]) -> Option<std::net::Ipv4Addr> {
    let text: String = module.iter().map(|b| char::from(*b)).collect();
    text.lines().find_map(|line| line.trim_start_matches("+IPADDR: ").parse().ok())
}

/// The bytes behind the escapes of [`Rig`].
fn plain(escaped: &str) -> Vec<u8> {
    simcom_vectors::unescape(escaped.replace("\\'", "'").as_bytes()).unwrap()
}
