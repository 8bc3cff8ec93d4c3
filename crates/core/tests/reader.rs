//! The reader against a model: streams that are made of known lines and payloads, cut anywhere, give what they are made
//! of; and of arbitrary bytes nothing is lost and nothing invented.
//!
//! The seeds are fixed; a failure prints the smallest stream that shows it.
#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

use proptest::collection::vec;
use proptest::prelude::{Just, Strategy, any, prop_oneof};
use proptest::sample::select;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use simcom_at::{Ask, Asked, Code, Data, Dialect, Instant, On, Read, Reader, Report, Span};

const NOW: Instant = Instant::from_millis(0);
/// Behind the gap.
const LATE: Instant = Instant::from_millis(1000);
const ECHO: &str = "AT+CGATT?";

/// A line's spelling and its report; `#n` is a link's number, `#m` a number. `s` is the link without a number.
const LINES: &[(&str, &str)] = &[
    ("OK", "Ok"),
    ("ERROR", "Error"),
    ("COMMAND NO RESPONSE!", "Error{COMMAND NO RESPONSE!}"),
    ("COMMAND NOT RESPONSE", "Error{COMMAND NOT RESPONSE}"),
    ("+CME ERROR: #m", "CmeError{#m}"),
    ("+CME ERROR:#m", "CmeError{#m}"),
    ("+CME ERROR: operation not allowed", "CmeError{operation not allowed}"),
    ("+CME ERROR: SIM failure", "CmeError{SIM failure}"),
    ("+CMS ERROR: #m", "CmsError{#m}"),
    ("+IP ERROR: No data", "IpError{No data}"),
    ("+IP ERROR: Network is already opened", "IpError{Network is already opened}"),
    ("+IP ERROR: #m", "IpError{#m}"),
    ("+CIPERROR: #m", "CipError{#m}"),
    ("CONNECT OK", "ConnectOk{s}"),
    ("#n, CONNECT OK", "ConnectOk{#n}"),
    ("#n,CONNECT OK", "ConnectOk{#n}"),
    ("+CIPOPEN: #n,0", "ConnectOk{#n}"),
    ("+CIPOPEN:#n,0", "ConnectOk{#n}"),
    ("CONNECT FAIL", "ConnectFail{s,-,}"),
    ("#n, CONNECT FAIL", "ConnectFail{#n,-,}"),
    ("#n,CONNECT FAIL", "ConnectFail{#n,-,}"),
    ("STATE: TCP CLOSED\r\n\r\nCONNECT FAIL", "ConnectFail{s,-,TCP CLOSED}"),
    ("STATE:PDP DEACT\r\n\r\nCONNECT FAIL", "ConnectFail{s,-,PDP DEACT}"),
    ("+CIPOPEN: #n,3", "ConnectFail{#n,3,}"),
    ("ALREADY CONNECT", "AlreadyConnected{s}"),
    ("#n, ALREADY CONNECT", "AlreadyConnected{#n}"),
    ("ALREAY CONNECT", "AlreadyConnected{s}"),
    ("SEND OK", "SendOk{s,-}"),
    ("#n, SEND OK", "SendOk{#n,-}"),
    ("#n,SEND OK", "SendOk{#n,-}"),
    ("SEND FAIL", "SendFail{s}"),
    ("#n, SEND FAIL", "SendFail{#n}"),
    ("+CIPSEND: #n,#m,#m", "SendOk{#n,#m/#m}"),
    ("+CIPSEND: #n,1024,512", "SendOk{#n,1024/512}"),
    ("+CIPSEND: #n,#m,-1", "SendFail{#n}"),
    ("DATA ACCEPT:#m", "DataAccept{s,#m}"),
    ("DATA ACCEPT: #m", "DataAccept{s,#m}"),
    ("DATA ACCEPT:#n,#m", "DataAccept{#n,#m}"),
    ("DATA ACCEPT: #n,#m", "DataAccept{#n,#m}"),
    ("CLOSED", "Closed{s,-}"),
    ("#n, CLOSED", "Closed{#n,-}"),
    ("#n,CLOSED", "Closed{#n,-}"),
    ("+IPCLOSE: #n,1", "Closed{#n,1}"),
    ("CLOSE OK", "CloseOk{s}"),
    ("#n, CLOSE OK", "CloseOk{#n}"),
    ("#n,CLOSE OK", "CloseOk{#n}"),
    ("+CIPCLOSE: #n,0", "CloseOk{#n}"),
    ("+CIPCLOSE: #n,4", "CloseErr{#n,4}"),
    ("+CIPCLOSE: 0,1,0,0,0,0,0,0,0,1", "LinkVector{10,1000000010}"),
    ("+CIPCLOSE: 1,0,0,0,0", "LinkVector{5,1}"),
    ("SHUT OK", "Shut"),
    ("+PDP: DEACT", "PdpDeact"),
    ("+PDP DEACT", "PdpDeact"),
    ("+CIPEVENT: NETWORK CLOSED UNEXPECTEDLY", "NetLost"),
    ("+NETOPEN: 0", "NetOpen{0}"),
    ("+NETOPEN: 1", "NetOpen{1}"),
    ("+NETCLOSE: 0", "NetClose{0}"),
    ("+NETCLOSE: 2", "NetClose{2}"),
    ("STATE: IP PROCESSING", "State{IP PROCESSING}"),
    ("STATE: IP STATUS", "State{IP STATUS}"),
    ("+IPSTATUS: CONNECT OK", "State{CONNECT OK}"),
    ("+IPSTATUS:IP CLOSE", "State{IP CLOSE}"),
    ("C: #n,0,\"TCP\",\"10.1.1.1\",\"80\",\"CONNECTED\"", "LinkState{#n,10.1.1.1:80,CONNECTED}"),
    ("C: #n,,\"\",\"\",\"\",\"INITIAL\"", "LinkState{#n,:0,INITIAL}"),
    (
        "+CIPSTATUS: #n,0,\"UDP\",\"10.1.1.1\",\"#m\",\"REMOTE CLOSING\"",
        "LinkState{#n,10.1.1.1:#m,REMOTE CLOSING}",
    ),
    ("+Cli:#n,1,\"TCP\",\"10.1.1.1\",\"80\",\"CLOSED\"", "LinkState{#n,10.1.1.1:80,CLOSED}"),
    ("+Cli:#n,1,\"\",\"\",\"\",\"\",\"INITIAL\"", "LinkState{#n,:0,INITIAL}"),
    ("+CIPOPEN: #n,\"TCP\",\"10.1.1.1\",#m,-1", "LinkState{#n,10.1.1.1:#m,}"),
    ("+CIPOPEN: #n", "LinkState{#n,:0,}"),
    ("S: 0,0,\"8888\",\"LISTENING\"", "ServerState{8888,LISTENING}"),
    ("+IPADDR: 10.1.2.3", "LocalIp{10.1.2.3}"),
    ("+CDNSGIP: 1,\"h.test\",\"1.2.3.4\"", "Dns{h.test,1.2.3.4}"),
    ("+CDNSGIP: 1,\"h.test\",\"1.2.3.4\",\"5.6.7.8\"", "Dns{h.test,1.2.3.4\",\"5.6.7.8}"),
    ("+CDNSGIP:1,119.75.218.45", "Dns{,119.75.218.45}"),
    ("+CDNSGIP: 0,8", "DnsFail{8}"),
    ("SERVER OK", "ServerOk"),
    ("SERVER CLOSE", "ServerClose"),
    ("SERVER CLOSED", "ServerClose"),
    ("+SERVERSTOP: 2,0", "ServerStopped{2,0}"),
    ("REMOTE IP: 1.2.3.4", "Accepted{s,1.2.3.4,-}"),
    ("#n, REMOTE IP: 1.2.3.4", "Accepted{#n,1.2.3.4,-}"),
    ("+CLIENT: #n,0,1.2.3.4:5678", "Accepted{#n,1.2.3.4,5678}"),
    ("RDY", "Boot{RDY,true}"),
    ("READY", "Boot{READY,true}"),
    ("*ATREADY: 1", "Boot{*ATREADY: 1,true}"),
    ("Call Ready", "Boot{Call Ready,false}"),
    ("SMS Ready", "Boot{SMS Ready,false}"),
    ("SMS DONE", "Boot{SMS DONE,false}"),
    ("PB DONE", "Boot{PB DONE,false}"),
    ("Init...", "Boot{Init...,false}"),
    ("NORMAL POWER DOWN", "PowerDown"),
    ("UNDER-VOLTAGE POWER DOWN", "PowerDown"),
    ("UNDER-VOLTAGE WARNNING", "PowerWarn"),
    ("OVER-VOLTAGE WARNNING", "PowerWarn"),
    ("RING", "Ring"),
    ("+CMTI: \"SM\",#m", "Sms{#m}"),
    ("+CSQ: 20,99", "Signal{20,99}"),
    ("+CREG: 5", "Registration{false,5}"),
    ("+CGREG: 1,\"00AB\",\"12CD\"", "Registration{true,1}"),
    ("+CPIN: READY", "Sim{READY}"),
    ("+CPIN:SIM PIN", "Sim{SIM PIN}"),
    ("+CGATT: 1", "Attach{true}"),
    ("+CIPACK: #m, #m, 0", "Ack{#m,#m,0}"),
    ("+CIPACK: #m,#m,0", "Ack{#m,#m,0}"),
    ("+CIPRXGET: 1,#n", "RxPending{#n}"),
    ("+CIPRXGET:1,#n", "RxPending{#n}"),
    ("+CIPRXGET: 4,#n,#m", "RxAvail{#n,#m}"),
    ("+CIPRXGET:4,#n,#m", "RxAvail{#n,#m}"),
    (ECHO, ""),
    ("+SAPBR 1: DEACT", "Line{+SAPBR 1: DEACT}"),
    ("+CGEV: NW PDN DEACT 1", "Line{+CGEV: NW PDN DEACT 1}"),
    ("*PSUTTZ: 2020,12,16,18,3,45,\"+4\",0", "Line{*PSUTTZ: 2020,12,16,18,3,45,\"+4\",0}"),
    ("DST: 0", "Line{DST: 0}"),
    ("+CFUN: 1", "Line{+CFUN: 1}"),
    ("+CUSD: 0,\"a > b\"", "Line{+CUSD: 0,\"a > b\"}"),
    ("#n, CLOSED BY PEER", "Line{#n, CLOSED BY PEER}"),
    ("OK then", "Line{OK then}"),
    ("SEND OK!", "Line{SEND OK!}"),
    ("+RECEIVE,#n,9999:", "Line{+RECEIVE,#n,9999:}"),
    ("x", "Line{x}"),
];

/// What the clones say in another way than the others.
const CLONE_LINES: &[(&str, &str)] =
    &[("+CIPRXGET:#n", "RxPending{#n}"), ("STATE:IP STATUS ", "State{IP STATUS}")];
const OTHER_LINES: &[(&str, &str)] = &[
    ("+CIPRXGET: 1", "RxPending{s}"),
    ("+CIPRXGET:1", "RxPending{s}"),
    ("+CIPRXGET: 4,#m", "RxAvail{s,#m}"),
    ("+CIPRXGET: 4", "Line{+CIPRXGET: 4}"),
    ("+CIPRXGET: 2", "Line{+CIPRXGET: 2}"),
];

/// Headers: `#k` is the payload's length, `#r` what is left in the module. Link, rest, sender, in hex.
type Head = (&'static str, &'static str, bool, bool, bool);
const FROM: bool = true;
const CLASSIC_HEADERS: &[Head] = &[
    ("+IPD,#k:", "s", false, false, false),
    ("+IPD,#k,TCP:", "s", false, false, false),
    ("RECV FROM:1.2.3.4:80\r\n\r\n+IPD,#k:", "s", false, FROM, false),
    ("RECV FROM: 1.2.3.4:80\r\n+IPD,#k:", "s", false, FROM, false),
    ("+RECV FROM:1.2.3.4:80\r\n+IPD,#k:", "s", false, FROM, false),
    ("+RECEIVE,#n,#k:\r\n", "#n", false, false, false),
    ("+RECEIVE,#n,#k\r\n", "#n", false, false, false),
    ("+RECEIVE:#n,#k\r\n", "#n", false, false, false),
    ("+RECEIVE: #n, #k\r\n", "#n", false, false, false),
    ("+RECEIVE,#n,#k,1.2.3.4:80:\r\n", "#n", false, FROM, false),
    ("+RECEIVE,#n,#k,1.2.3.4:80\r\n", "#n", false, FROM, false),
    ("+CIPRXGET: 2,#k,#r\r\n", "s", true, false, false),
    ("+CIPRXGET:2,#k,#r\r\n", "s", true, false, false),
    ("+CIPRXGET: 2,#n,#k,#r\r\n", "#n", true, false, false),
    ("+CIPRXGET:2,#n,#k,#r\r\n", "#n", true, false, false),
    ("+CIPRXGET: 2,#n,#k,#r,1.2.3.4:80\r\n", "#n", true, FROM, false),
    ("+CIPRXGET: 3,#n,#k,#r\r\n", "#n", true, false, true),
];
const KINGCOM_HEADERS: &[Head] =
    &[("+IPD:#k\r\n", "s", false, false, false), ("+IPD,#k:", "s", false, false, false)];
const A7600_HEADERS: &[Head] = &[
    ("+IPD#k\r\n", "?", false, false, false),
    ("+IPD(#k)\r\n", "?", false, false, false),
    ("RECV FROM:1.2.3.4:80\r\n+IPD#k\r\n", "?", false, FROM, false),
    ("RECV FROM: 1.2.3.4:80\r\n+IPD#k\r\n", "?", false, FROM, false),
    ("+RECEIVE,#n,#k\r\n", "#n", false, false, false),
    ("RECV FROM:1.2.3.4:80\r\n+RECEIVE,#n,#k\r\n", "#n", false, FROM, false),
    ("+CIPRXGET: 2,#n,#k,#r\r\n", "#n", true, false, false),
    ("+CIPRXGET: 3,#n,#k,#r\r\n", "#n", true, false, true),
];
const CLONE_HEADERS: &[Head] = &[
    ("+RECEIVE,#n,#k:", "#n", false, false, false),
    ("+IPD,#k:", "s", false, false, false),
    ("+IPD,#k,TCP:", "s", false, false, false),
    ("+CIPRCV,#n,#k:", "#n", false, false, false),
    ("+CIPRCV:#n,#k,", "#n", false, false, false),
    ("+CIPRXGET:2,#n,1460,#k\r\n", "#n", false, false, false),
    ("+CIPRXGET:2,#n,1460,#k,1.2.3.4:80\r\n", "#n", false, FROM, false),
    ("+RECEIVE,#n,#k,1.2.3.4:80\r\n+RECEIVE,#n,#k:", "#n", false, FROM, false),
    ("+RECEIVE,#n,#k,1.2.3.4:80\r\n+CIPRXGET:2,#n,1460,#k\r\n", "#n", false, FROM, false),
    ("+RECV FROM:1.2.3.4:80\r\n+IPD,#k:", "s", false, FROM, false),
];

fn lines(dialect: Dialect) -> Vec<(&'static str, &'static str)> {
    let own = if dialect == Dialect::Rda8955 { CLONE_LINES } else { OTHER_LINES };
    LINES.iter().chain(own).copied().collect()
}

fn headers(dialect: Dialect) -> &'static [Head] {
    match dialect {
        Dialect::Sim800 | Dialect::Sim800e | Dialect::Sim7000 => CLASSIC_HEADERS,
        Dialect::Kingcom => KINGCOM_HEADERS,
        Dialect::A7600 => A7600_HEADERS,
        Dialect::Rda8955 => CLONE_HEADERS,
    }
}

/// A part of a stream, as drawn.
#[derive(Clone, Debug)]
enum Part {
    /// Which spelling, the link, a number, the empty lines in front, the end.
    Line(usize, u8, u16, usize, &'static str),
    /// Which header, the link, the rest in the module, the payload.
    Payload(usize, u8, u16, Vec<u8>),
    /// With a blank or not; the payload goes out, so a line follows.
    Prompt(bool),
    /// A line longer than any that is typed.
    Long(usize),
}

/// Payload: any bytes, or what looks like the module's own lines.
fn payload() -> impl Strategy<Value = Vec<u8>> {
    let nasty = select(vec![
        "\r\nOK\r\n",
        "\r\n> ",
        "\r\n0, CLOSED\r\n",
        "\r\n+RECEIVE,1,5:\r\n",
        "\r\n+IPD,3:",
        "+IPD7\r\n",
        "\r\nRDY\r\n",
        "\n",
        "\r",
        "STATE: X\r\n",
    ]);
    prop_oneof![vec(any::<u8>(), 1..40), vec(nasty, 1..6).prop_map(|parts| parts.concat().into_bytes())]
}

fn part() -> impl Strategy<Value = Part> {
    let end = select(vec!["\r\n", "\r\n", "\r\n", "\n", "\r\r\n"]);
    prop_oneof![
        8 => ((0..1000usize), 0..10u8, 0..5000u16, 0..4usize, end)
            .prop_map(|(which, link, number, empty, end)| Part::Line(which, link, number, empty, end)),
        4 => ((0..1000usize), 0..10u8, 0..5000u16, payload())
            .prop_map(|(which, link, rest, bytes)| Part::Payload(which, link, rest, bytes)),
        1 => any::<bool>().prop_map(Part::Prompt),
        1 => (193..1000usize).prop_map(Part::Long),
    ]
}

/// The bytes of the parts, and the reports they have to give.
fn stream(dialect: Dialect, parts: &[Part]) -> (Vec<u8>, Vec<String>) {
    let (lines, headers) = (lines(dialect), headers(dialect));
    let (mut bytes, mut reports) = (Vec::new(), Vec::new());
    for part in parts {
        match part {
            Part::Line(which, link, number, empty, end) => {
                let (text, report) = lines[which % lines.len()];
                let fill =
                    |text: &str| text.replace("#n", &link.to_string()).replace("#m", &number.to_string());
                bytes.extend_from_slice("\r\n".repeat(*empty).as_bytes());
                bytes.extend_from_slice(fill(text).as_bytes());
                bytes.extend_from_slice(end.as_bytes());
                reports.extend(Some(fill(report)).filter(|report| !report.is_empty()));
            }
            Part::Payload(which, link, rest, payload) => {
                let (text, on, has_rest, from, hex) = headers[which % headers.len()];
                let hex_digits = || payload.iter().flat_map(|b| format!("{b:02X}").into_bytes()).collect();
                let wire: Vec<u8> = if hex { hex_digits() } else { payload.clone() };
                let (n, k, r) = (link.to_string(), payload.len().to_string(), rest.to_string());
                let head = text.replace("#n", &n).replace("#k", &k).replace("#r", &r);
                bytes.extend_from_slice(b"\r\n");
                bytes.extend_from_slice(head.as_bytes());
                bytes.extend_from_slice(&wire);
                let rest = if has_rest { r } else { "-".to_owned() };
                let from = if from { "1.2.3.4:80" } else { "-" };
                let on = on.replace("#n", &n);
                reports.push(format!("Data{{{on},{k},{rest},{from},{hex},{}}}", wire.escape_ascii()));
            }
            Part::Prompt(blank) => {
                bytes.extend_from_slice(if *blank { b"\r\n> " } else { b"\r\n>" });
                reports.push("Prompt".to_owned());
            }
            Part::Long(len) => {
                let text: String = ('a'..='z').cycle().take(*len).collect();
                bytes.extend_from_slice(format!("\r\n{text}\r\n").as_bytes());
                reports.push(format!("Line{{{text}}}"));
            }
        }
    }
    // `STATE: …` that stands in front of a `CONNECT FAIL` by chance belongs to it.
    let mut joined: Vec<String> = Vec::new();
    for report in reports {
        let state = joined
            .last()
            .and_then(|last| last.strip_prefix("State{"))
            .map(|text| text.trim_end_matches('}').to_owned());
        let held = joined.last().is_some_and(|last| HELD.iter().any(|state| last == state));
        match (state, report.strip_suffix(",}")) {
            (Some(state), Some(front))
                if held && front.starts_with("ConnectFail{") && front.ends_with(",-") =>
            {
                joined.pop();
                joined.push(format!("{front},{state}}}"));
            }
            _ => joined.push(report),
        }
    }
    (bytes, joined)
}

/// The states that are printed as `STATE:`.
const HELD: [&str; 2] = ["State{IP PROCESSING}", "State{IP STATUS}"];

/// A report in the words of the model.
fn say(report: &Report<'_>, text: &[u8]) -> String {
    let of = |span: Span| String::from_utf8_lossy(span.of(text)).into_owned();
    let code = |code: Code| match code {
        Code::Number(n) => n.to_string(),
        Code::Text(span) => of(span),
    };
    let or = |n: Option<u16>| n.map_or("-".to_owned(), |n| n.to_string());
    match *report {
        Report::Ok => "Ok".to_owned(),
        Report::Error { text } if text.is_empty() => "Error".to_owned(),
        Report::Error { text } => format!("Error{{{}}}", of(text)),
        Report::CmeError(c) => format!("CmeError{{{}}}", code(c)),
        Report::CmsError(c) => format!("CmsError{{{}}}", code(c)),
        Report::IpError(c) => format!("IpError{{{}}}", code(c)),
        Report::CipError(c) => format!("CipError{{{}}}", code(c)),
        Report::Prompt => "Prompt".to_owned(),
        Report::ConnectOk { link } => format!("ConnectOk{{{}}}", on(link)),
        Report::ConnectFail { link, err, state } => {
            format!("ConnectFail{{{},{},{}}}", on(link), or(err.map(u16::from)), of(state))
        }
        Report::AlreadyConnected { link } => format!("AlreadyConnected{{{}}}", on(link)),
        Report::SendOk { link, taken } => {
            let taken = taken.map_or("-".to_owned(), |(asked, taken)| format!("{asked}/{taken}"));
            format!("SendOk{{{},{taken}}}", on(link))
        }
        Report::SendFail { link } => format!("SendFail{{{}}}", on(link)),
        Report::DataAccept { link, len } => format!("DataAccept{{{},{len}}}", on(link)),
        Report::RxPending { link } => format!("RxPending{{{}}}", on(link)),
        Report::RxAvail { link, len } => format!("RxAvail{{{},{len}}}", on(link)),
        Report::Closed { link, reason } => format!("Closed{{{},{}}}", on(link), or(reason.map(u16::from))),
        Report::CloseOk { link } => format!("CloseOk{{{}}}", on(link)),
        Report::CloseErr { link, err } => format!("CloseErr{{{},{err}}}", on(link)),
        Report::Shut => "Shut".to_owned(),
        Report::NetOpen { err } => format!("NetOpen{{{err}}}"),
        Report::NetClose { err } => format!("NetClose{{{err}}}"),
        Report::NetLost => "NetLost".to_owned(),
        Report::PdpDeact => "PdpDeact".to_owned(),
        Report::State { text } => format!("State{{{}}}", of(text)),
        Report::LinkState { link, ip, port, state, .. } => {
            format!("LinkState{{{},{}:{port},{}}}", on(link), of(ip), of(state))
        }
        Report::ServerState { port, state } => format!("ServerState{{{port},{}}}", of(state)),
        Report::LinkVector { count, open } => format!("LinkVector{{{count},{open:b}}}"),
        Report::LocalIp { ip } => format!("LocalIp{{{}}}", of(ip)),
        Report::Dns { host, ips } => format!("Dns{{{},{}}}", of(host), of(ips).trim_matches('"')),
        Report::DnsFail { code } => format!("DnsFail{{{code}}}"),
        Report::ServerOk => "ServerOk".to_owned(),
        Report::ServerClose => "ServerClose".to_owned(),
        Report::ServerStopped { server, err } => format!("ServerStopped{{{server},{err}}}"),
        Report::Accepted { link, ip, port, .. } => {
            format!("Accepted{{{},{},{}}}", on(link), of(ip), or(port))
        }
        Report::Boot { text, restart } => format!("Boot{{{},{restart}}}", of(text)),
        Report::PowerDown { .. } => "PowerDown".to_owned(),
        Report::PowerWarn { .. } => "PowerWarn".to_owned(),
        Report::Signal { rssi, ber } => format!("Signal{{{rssi},{ber}}}"),
        Report::Registration { packet, stat } => format!("Registration{{{packet},{stat}}}"),
        Report::Sim { text } => format!("Sim{{{}}}", of(text)),
        Report::Attach { on } => format!("Attach{{{on}}}"),
        Report::Ack { sent, acked, third } => format!("Ack{{{sent},{acked},{third}}}"),
        Report::Ring => "Ring".to_owned(),
        Report::Sms { index } => format!("Sms{{{index}}}"),
        Report::Lost { bytes } => format!("Lost{{{bytes}}}"),
        Report::NetState { .. } | Report::DataMode { .. } | Report::Raw { .. } => format!("{report:?}"),
        Report::Data(_) | Report::Line { .. } => panic!("joined by the caller"),
    }
}

fn on(on: On) -> String {
    match on {
        On::Link(n) => n.to_string(),
        On::Single => "s".to_owned(),
        On::Data => "t".to_owned(),
        On::Unnamed => "?".to_owned(),
    }
}

/// What comes out of the reader: pieces of one payload or of one long line are one.
#[derive(Default)]
struct Joined {
    reports: Vec<String>,
    /// A payload that is not whole: its head, and its bytes so far.
    data: Option<(String, Vec<u8>, usize)>,
    /// A long line that is not whole.
    line: Option<Vec<u8>>,
}

impl Joined {
    fn of(dialect: Dialect, pieces: &[&[u8]]) -> Vec<String> {
        let asked = Asked { ask: Ask::Other, prompt: true, echo: ECHO.as_bytes(), ..Asked::default() };
        let mut reader = Reader::new(dialect, 1000);
        let mut joined = Self::default();
        for piece in pieces {
            let mut input = *piece;
            while let Some(read) = reader.poll(NOW, &mut input, &asked) {
                joined.take(&reader, &read);
            }
            assert!(input.is_empty(), "input is left over");
        }
        while let Some(read) = reader.poll(LATE, &mut b"".as_slice(), &Asked::default()) {
            joined.take(&reader, &read);
        }
        assert!(
            joined.data.is_none() && joined.line.is_none(),
            "something did not end: {:?}",
            joined.reports.last()
        );
        joined.reports
    }

    fn take(&mut self, reader: &Reader, read: &Read<'_>) {
        let text = reader.text(read);
        match read.report() {
            Report::Data(data) => self.data(&data),
            Report::Line { more } => {
                let mut line = self.line.take().unwrap_or_default();
                line.extend_from_slice(text);
                if more {
                    self.line = Some(line);
                } else {
                    self.reports.push(format!("Line{{{}}}", String::from_utf8_lossy(&line)));
                }
            }
            report => {
                assert!(self.line.is_none(), "{report:?} in a line");
                if let Some((head, bytes, _)) = self.data.take() {
                    assert!(matches!(report, Report::Lost { .. }), "{report:?} in a payload");
                    self.reports.push(format!("{head}{}}}", bytes.escape_ascii()));
                }
                self.reports.push(say(&report, text));
            }
        }
    }

    fn data(&mut self, data: &Data<'_>) {
        let Data { link, bytes, len, left, rest, from, hex, .. } = *data;
        let rest = rest.map_or("-".to_owned(), |rest| rest.to_string());
        let from = from.map_or("-".to_owned(), |from| from.to_string());
        let head = format!("Data{{{},{len},{rest},{from},{hex},", on(link));
        let (first, mut all, expected) = self
            .data
            .take()
            .unwrap_or_else(|| (head.clone(), Vec::new(), usize::from(len) * if hex { 2 } else { 1 }));
        assert_eq!(first, head, "a payload changed its header");
        all.extend_from_slice(bytes);
        assert_eq!(all.len() + usize::from(left), expected, "bytes of a payload");
        if left == 0 {
            self.reports.push(format!("{head}{}}}", all.escape_ascii()));
        } else {
            self.data = Some((first, all, expected));
        }
    }
}

/// A runner with a fixed seed, which keeps no file.
fn runner(cases: u32, seed: u8) -> TestRunner {
    let config = Config { cases, failure_persistence: None, ..Config::default() };
    TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &[seed; 32]))
}

/// The bytes in pieces of these sizes, in turn.
fn cut<'a>(mut bytes: &'a [u8], sizes: &[usize]) -> Vec<&'a [u8]> {
    let mut pieces = Vec::new();
    let mut sizes = sizes.iter().cycle();
    while !bytes.is_empty() {
        let (piece, rest) = bytes.split_at((*sizes.next().unwrap()).min(bytes.len()));
        pieces.push(piece);
        bytes = rest;
    }
    pieces
}

#[test]
fn every_spelling_gives_its_report_in_every_dialect() {
    for dialect in Dialect::ALL.iter().copied() {
        for (at, (text, _)) in lines(dialect).iter().enumerate() {
            for link in 0..10 {
                for end in ["\r\n", "\n", "\r\r\n"] {
                    let fill = |text: &str| text.replace("#n", &link.to_string()).replace("#m", "1460");
                    let bytes = format!("\r\n{}{end}", fill(text)).into_bytes();
                    let wanted: Vec<String> = Some(fill(lines(dialect)[at].1))
                        .into_iter()
                        .filter(|report| !report.is_empty())
                        .collect();
                    assert_eq!(
                        Joined::of(dialect, &[&bytes]),
                        wanted,
                        "{dialect:?}: {}",
                        bytes.escape_ascii()
                    );
                    for at in 1..bytes.len() {
                        let pieces = [&bytes[..at], &bytes[at..]];
                        assert_eq!(
                            Joined::of(dialect, &pieces),
                            wanted,
                            "{dialect:?}: {} cut at {at}",
                            bytes.escape_ascii()
                        );
                    }
                }
            }
        }
    }
}

#[test]
fn every_header_gives_its_payload_however_it_is_cut() {
    for dialect in Dialect::ALL.iter().copied() {
        for (at, (text, ..)) in headers(dialect).iter().enumerate() {
            let payload = b"\r\nOK\r\n+IPD,2:0, CLOSED\r\n".to_vec();
            let parts = [Part::Payload(at, 3, 77, payload), Part::Prompt(true)];
            let (bytes, wanted) = stream(dialect, &parts);
            assert_eq!(Joined::of(dialect, &[&bytes]), wanted, "{dialect:?} {text}");
            for at in 1..bytes.len() {
                assert_eq!(
                    Joined::of(dialect, &[&bytes[..at], &bytes[at..]]),
                    wanted,
                    "{dialect:?} {text} cut at {at}"
                );
            }
        }
    }
}

#[test]
fn any_cut_of_any_stream_gives_what_it_is_made_of() {
    for (dialect, seed) in Dialect::ALL.iter().copied().zip(1..) {
        let strategy = (vec(part(), 1..25), vec(1..64usize, 1..12));
        let result = runner(400, seed).run(&strategy, |(parts, sizes)| {
            let (bytes, wanted) = stream(dialect, &parts);
            for pieces in [vec![&bytes[..]], cut(&bytes, &sizes), cut(&bytes, &[1])] {
                assert_eq!(Joined::of(dialect, &pieces), wanted, "{}", bytes.escape_ascii());
            }
            Ok(())
        });
        result.unwrap_or_else(|e| panic!("{dialect:?}, seed {seed}: {e}"));
    }
}

#[test]
fn data_waits_on_link_4_of_a_clone() {
    for link in 0..8 {
        let line = format!("\r\n+CIPRXGET:{link}\r\n");
        assert_eq!(Joined::of(Dialect::Rda8955, &[line.as_bytes()]), [format!("RxPending{{{link}}}")]);
    }
}

#[test]
fn a_prompt_does_not_overtake_a_line_that_is_held() {
    let wanted = ["State{IP STATUS}", "Prompt"];
    assert_eq!(Joined::of(Dialect::Sim800, &[b"\r\nSTATE: IP STATUS\r\n\r\n> "]), wanted);
    let wanted = ["Line{RECV FROM:1.2.3.4:80}", "Prompt"];
    assert_eq!(Joined::of(Dialect::Sim800, &[b"\r\nRECV FROM:1.2.3.4:80\r\n\r\n> "]), wanted);
}

#[test]
fn a_payload_that_stops_is_lost_to_the_byte() {
    for (dialect, seed) in Dialect::ALL.iter().copied().zip(11..) {
        let strategy = ((0..1000usize), 0..10u8, payload(), (0..1000usize), vec(1..9usize, 1..5));
        let result = runner(200, seed).run(&strategy, |(which, link, payload, missing, sizes)| {
            let (mut bytes, _) = stream(dialect, &[Part::Payload(which, link, 0, payload.clone())]);
            let hex = headers(dialect)[which % headers(dialect).len()].4;
            let missing = 1 + missing % payload.len();
            bytes.truncate(bytes.len() - missing * if hex { 2 } else { 1 });
            let whole = Joined::of(dialect, &[&bytes]);
            assert_eq!(whole.last().unwrap(), &format!("Lost{{{missing}}}"), "{}", bytes.escape_ascii());
            assert_eq!(Joined::of(dialect, &cut(&bytes, &sizes)), whole, "{}", bytes.escape_ascii());
            Ok(())
        });
        result.unwrap_or_else(|e| panic!("{dialect:?}, seed {seed}: {e}"));
    }
}

/// Walks over the input from report to report; between two lie only line ends, prompts' blanks, echoes and headers.
struct Walk<'i> {
    input: &'i [u8],
    at: usize,
}

impl<'i> Walk<'i> {
    fn step(&mut self, bytes: &[u8]) {
        if bytes.is_empty() {
            return;
        }
        let places = (self.at..self.input.len()).filter(|at| self.input[*at..].starts_with(bytes));
        let place = places.into_iter().find(|at| self.gap(*at).is_none());
        let place = place.unwrap_or_else(|| {
            panic!(
                "invented, out of order, or something in front is lost: {} at {}",
                bytes.escape_ascii(),
                self.at
            )
        });
        self.at = place + bytes.len();
    }

    /// A line in front of `end` that nobody has reported.
    fn gap(&self, end: usize) -> Option<&'i [u8]> {
        self.input[self.at..end].split(|b| *b == b'\n').find(|line| {
            let bare: Vec<u8> = line.iter().copied().filter(|b| *b != b'\r').collect();
            let text = bare.trim_ascii();
            let known = ["+IPD", "+RECEIVE", "+CIPRXGET", "+CIPRCV", "RECV FROM:", "+RECV FROM:"];
            let header = known.iter().any(|word| text.starts_with(word.as_bytes()))
                && text.iter().any(u8::is_ascii_digit);
            let fail = text.strip_prefix(b"CONNECT FAIL").is_some_and(<[u8]>::is_empty)
                || (text.ends_with(b"CONNECT FAIL") && text.len() <= 15 && text[0].is_ascii_digit());
            !(text.is_empty() || text == ECHO.as_bytes() || header || fail)
        })
    }
}

/// Pieces that lie near what the reader knows.
fn rough() -> impl Strategy<Value = Vec<u8>> {
    let words = select(vec![
        "\r\n",
        "\n",
        "\r",
        "\r\r\n",
        "+IPD,",
        "+IPD",
        "+IPD(",
        "+RECEIVE,",
        "+RECEIVE: ",
        "+CIPRXGET: 2,",
        "+CIPRXGET:3,",
        "+CIPRCV:",
        "RECV FROM:",
        "1.2.3.4:80",
        "STATE: ",
        "CONNECT FAIL",
        "CONNECT OK",
        "0, ",
        "5",
        "12",
        "4096",
        "4097",
        ",",
        ":",
        ", ",
        ")",
        "> ",
        ">",
        " ",
        "OK",
        "ERROR",
        ECHO,
        "TCP:",
        "+CME ERROR: ",
        "CLOSED",
        "\u{0}",
    ]);
    let piece = prop_oneof![
        6 => words.prop_map(|word| word.as_bytes().to_vec()),
        2 => vec(any::<u8>(), 0..20),
        1 => (150..260usize).prop_map(|len| vec![b'y'; len]),
        1 => Just(b"\r\n+RECEIVE,1,3:\r\nabc\r\n".to_vec()),
    ];
    vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

#[test]
fn of_arbitrary_bytes_nothing_is_lost_and_nothing_invented() {
    for (dialect, seed) in Dialect::ALL.iter().copied().zip(21..) {
        let result = runner(600, seed).run(&(rough(), any::<bool>()), |(bytes, prompt)| {
            let asked = Asked { ask: Ask::Other, prompt, echo: ECHO.as_bytes(), ..Asked::default() };
            let mut reader = Reader::new(dialect, 1000);
            let mut walk = Walk { input: &bytes, at: 0 };
            let mut input = &bytes[..];
            let mut due = 0;
            let mut polls = 0;
            let mut take = |reader: &Reader, read: &Read<'_>| match read.report() {
                Report::DataMode { .. } => false,
                Report::Data(data) => {
                    let all = usize::from(data.len) * if data.hex { 2 } else { 1 };
                    assert!(
                        due == 0 || due == data.bytes.len() + usize::from(data.left),
                        "bytes of a payload"
                    );
                    assert!(
                        due > 0 || all == data.bytes.len() + usize::from(data.left),
                        "bytes of a payload"
                    );
                    due = usize::from(data.left);
                    walk.step(data.bytes);
                    true
                }
                Report::Lost { bytes } => {
                    assert!(
                        usize::from(bytes) == due || usize::from(bytes) == due.div_ceil(2),
                        "{bytes} lost of {due}"
                    );
                    due = 0;
                    true
                }
                _ => {
                    assert_eq!(due, 0, "a report in a payload");
                    walk.step(reader.text(read));
                    true
                }
            };
            while let Some(read) = reader.poll(NOW, &mut input, &asked) {
                polls += 1;
                assert!(polls <= 2 * bytes.len() + 4, "it does not come to an end");
                if !take(&reader, &read) {
                    return Ok(());
                }
            }
            assert!(input.is_empty(), "input is left over");
            while let Some(read) = reader.poll(LATE, &mut b"".as_slice(), &Asked::default()) {
                take(&reader, &read);
            }
            if let Some(read) = reader.finish() {
                take(&reader, &read);
            }
            let lost = walk.gap(bytes.len());
            assert!(lost.is_none(), "lost: {}", lost.unwrap_or_default().escape_ascii());
            Ok(())
        });
        result.unwrap_or_else(|e| panic!("{dialect:?}, seed {seed}: {e}"));
    }
}

#[test]
fn of_arbitrary_bytes_any_cut_says_the_same() {
    for (dialect, seed) in Dialect::ALL.iter().copied().zip(31..) {
        let result = runner(400, seed).run(&(rough(), vec(1..40usize, 1..8)), |(bytes, sizes)| {
            // Data mode has rules of its own.
            if bytes.windows(7).any(|seven| seven == b"CONNECT") {
                return Ok(());
            }
            // What is cut off at the end counts only when it is whole.
            let bytes = [&bytes[..], b"\r\n"].concat();
            let whole = everything(dialect, &[&bytes]);
            assert_eq!(everything(dialect, &cut(&bytes, &sizes)), whole, "{}", bytes.escape_ascii());
            Ok(())
        });
        result.unwrap_or_else(|e| panic!("{dialect:?}, seed {seed}: {e}"));
    }
}

/// All that is said of these pieces, a payload that stops included.
fn everything(dialect: Dialect, pieces: &[&[u8]]) -> Vec<String> {
    let asked = Asked { ask: Ask::Other, prompt: true, echo: ECHO.as_bytes(), ..Asked::default() };
    let mut reader = Reader::new(dialect, 1000);
    let mut joined = Joined::default();
    for piece in pieces {
        let mut input = *piece;
        while let Some(read) = reader.poll(NOW, &mut input, &asked) {
            joined.take(&reader, &read);
        }
    }
    while let Some(read) = reader.poll(LATE, &mut b"".as_slice(), &Asked::default()) {
        joined.take(&reader, &read);
    }
    let rest = joined.line.take().map(|line| line.escape_ascii().to_string());
    joined.reports.into_iter().chain(rest).collect()
}
