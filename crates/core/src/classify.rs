//! One line → one report: a single `match` on the keyword, what was asked, and the fields.

use crate::ids::{On, SocketAddrV4, Transport};
use crate::line::{Fields, span};
use crate::report::{Code, Report, Span};
use crate::word::Word;

/// What the host has asked and not yet had answered, as far as it changes the meaning of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Ask {
    /// Nothing that changes a meaning.
    #[default]
    Other,
    /// `AT+CIPSTATUS`: `STATE:` is its answer, and not the reason of a `CONNECT FAIL`.
    Status,
    /// `AT+CIFSR`: a bare address is its answer.
    Address,
    /// `AT+NETOPEN?`: `+NETOPEN:` is its answer, and not the result of `AT+NETOPEN`.
    NetState,
    /// `AT+CIPRXGET?`, or on clones `AT+CIPRXGET=1`: `+CIPRXGET: 1` is its answer, and no notice.
    RxMode,
    /// `AT+CREG?`, `AT+CGREG?`: the answer has the mode in front of the state.
    Registration,
}

/// How a dialect's spelling differs where a line alone does not show it. A bit set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Quirks(pub(crate) u8);

impl Quirks {
    /// `+IPD` names no link although there are several, and its payload starts on the next line in every spelling.
    pub(crate) const MANY_LINKS: u8 = 1;
    /// Payload follows the colon of `+RECEIVE` and `+CIPRCV` on the same line; `+CIPRXGET: n` names a link; a read's
    /// answer counts what was asked and what it got.
    pub(crate) const CLONE: u8 = 2;

    pub(crate) const fn has(self, quirk: u8) -> bool {
        self.0 & quirk != 0
    }
}

/// What a payload header says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Header {
    pub(crate) link: On,
    pub(crate) len: u32,
    pub(crate) rest: Option<u32>,
    pub(crate) from: Option<SocketAddrV4>,
    pub(crate) proto: Option<Transport>,
    pub(crate) hex: bool,
}

impl Header {
    fn new(link: On, len: u32) -> Self {
        Self { link, len, rest: None, from: None, proto: None, hex: false }
    }
}

/// What a line is.
pub(crate) enum Meaning {
    /// A report of its own.
    Report(Report<'static>),
    /// A payload follows.
    Header(Header),
    /// It belongs to the line behind it: `RECV FROM:…`.
    From(SocketAddrV4),
    /// It belongs to the line behind it, if that is `CONNECT FAIL`: `STATE: …`.
    State(Span),
    /// None of ours.
    Unknown,
    /// An empty line.
    Nothing,
    /// The echo of what was just sent.
    Echo,
}

use Meaning::Unknown;

/// Classifies `line` (without its end). `unnumbered` is the link of lines that carry no number.
pub(crate) fn classify(line: &[u8], quirks: Quirks, ask: Ask, unnumbered: On) -> Meaning {
    let (link, start) = prefix(line);
    let Some((word, len)) = line.get(start..).and_then(Word::find) else {
        return bare_address(line, ask);
    };
    let rest_at = start + len;
    let rest = line.get(rest_at..).unwrap_or_default().trim_ascii_end();
    let on = link.map_or(unnumbered, On::Link);
    let mut f = Fields::new(line, rest_at);
    if !f.take(b':') {
        f.take(b',');
    }
    let report = match word {
        Word::Connect => match rest {
            b" OK" => Report::ConnectOk { link: on },
            b" FAIL" => Report::ConnectFail { link: on, err: None, state: Span::default() },
            _ if link.is_none() && (rest.is_empty() || rest.first() == Some(&b' ')) => {
                Report::DataMode { text: f.rest() }
            }
            _ => return Unknown,
        },
        Word::Already | Word::Alreay if rest.starts_with(b" CONNECT") => {
            Report::AlreadyConnected { link: on }
        }
        Word::Send => match rest {
            b" OK" => Report::SendOk { link: on, taken: None },
            b" FAIL" => Report::SendFail { link: on },
            _ => return Unknown,
        },
        Word::Close if rest == b" OK" => Report::CloseOk { link: on },
        Word::Closed if rest.is_empty() => Report::Closed { link: on, reason: None },
        Word::Remote if rest.starts_with(b" IP:") => {
            f = Fields::new(line, rest_at + 4);
            Report::Accepted { link: on, ip: f.rest(), port: None, server: None }
        }
        _ if link.is_some() => return Unknown,
        Word::Ok if rest.is_empty() => Report::Ok,
        Word::Error if rest.is_empty() => Report::Error { text: Span::default() },
        Word::Command if matches!(rest, b" NO RESPONSE!" | b" NOT RESPONSE" | b" NO RESPONSE") => {
            Report::Error { text: span(0, line.trim_ascii_end().len()) }
        }
        Word::Shut if rest == b" OK" => Report::Shut,
        Word::Server => match rest {
            b" OK" => Report::ServerOk,
            b" CLOSE" | b" CLOSED" => Report::ServerClose,
            _ => return Unknown,
        },
        Word::Ring if rest.is_empty() => Report::Ring,
        Word::Rdy | Word::Ready if rest.is_empty() => boot(line, true),
        Word::AtReady if rest == b": 1" => boot(line, true),
        Word::Init if rest == b"..." => boot(line, false),
        Word::Call | Word::Sms if rest == b" Ready" => boot(line, false),
        Word::Sms | Word::Pb if rest == b" DONE" => boot(line, false),
        Word::Normal | Word::Under | Word::Over => return power(word, line, rest),
        Word::RecvFrom | Word::PlusRecv if rest.starts_with(b" FROM:") => {
            return match Fields::new(line, rest_at + 6).peer() {
                Some(from) => Meaning::From(from),
                None => Unknown,
            };
        }
        Word::State if rest.starts_with(b":") => {
            let text = f.rest();
            if ask != Ask::Status {
                return Meaning::State(text);
            }
            Report::State { text }
        }
        Word::IpStatus if rest.starts_with(b":") => Report::State { text: f.rest() },
        Word::Cme | Word::Cms | Word::Ip | Word::CipError => return error(word, line, rest_at, rest),
        Word::Pdp if rest.ends_with(b"DEACT") => Report::PdpDeact,
        Word::CipEvent if rest.ends_with(b"NETWORK CLOSED UNEXPECTEDLY") => Report::NetLost,
        Word::Receive | Word::CipRcv => return receive(&mut f),
        Word::Ipd => return ipd(line, rest_at, quirks, unnumbered),
        Word::CipRxGet => return rx_get(&mut f, quirks, ask, unnumbered),
        _ => return fields(word, &mut f, line, ask, unnumbered),
    };
    Meaning::Report(report)
}

/// Lines that are a keyword and fields.
fn fields(word: Word, f: &mut Fields<'_>, line: &[u8], ask: Ask, unnumbered: On) -> Meaning {
    let report = match word {
        Word::Data => data_accept(line, unnumbered),
        Word::Client | Word::Cli | Word::PlainCli | Word::CipStatus => link_row(f, line),
        Word::ServerRow | Word::PlainSer => server_row(f),
        Word::CipOpen => cip_open(f, line),
        Word::CipSend => cip_send(f),
        Word::CipClose => cip_close(f),
        Word::IpClose => {
            f.byte().and_then(|n| Some(Report::Closed { link: On::Link(n), reason: Some(f.byte()?) }))
        }
        Word::TcpClosed => f.byte().map(|n| Report::Closed { link: On::Link(n), reason: None }),
        Word::NetOpen => f.byte().map(|err| match ask {
            Ask::NetState => Report::NetState { open: err == 1 },
            _ => Report::NetOpen { err },
        }),
        Word::NetClose => f.byte().map(|err| Report::NetClose { err }),
        Word::IpAddr => {
            let mut probe = *f;
            probe.ip().map(|_| Report::LocalIp { ip: f.rest() })
        }
        Word::Dns => dns(f),
        Word::ServerStop => {
            f.byte().and_then(|server| Some(Report::ServerStopped { server, err: f.byte()? }))
        }
        Word::Accept => accepted(f),
        Word::Csq => f.byte().and_then(|rssi| Some(Report::Signal { rssi, ber: f.byte()? })),
        Word::Creg | Word::Cgreg => registration(word, f, ask),
        Word::Cpin => Some(Report::Sim { text: f.rest() }),
        Word::Cgatt => f.byte().filter(|n| *n < 2).map(|n| Report::Attach { on: n == 1 }),
        Word::CipAck => {
            f.number().and_then(|sent| Some(Report::Ack { sent, acked: f.number()?, third: f.number()? }))
        }
        Word::Cmti => {
            f.text();
            f.short().map(|index| Report::Sms { index })
        }
        _ => None,
    };
    match report {
        Some(report) if f.is_end() || matches!(word, Word::NetOpen | Word::Data) => Meaning::Report(report),
        _ => Unknown,
    }
}

/// `n, ` or `n,` in front of a keyword: the number, and where the keyword starts.
fn prefix(line: &[u8]) -> (Option<u8>, usize) {
    match line {
        [d @ b'0'..=b'9', b',', b' ', ..] => (Some(d - b'0'), 3),
        [d @ b'0'..=b'9', b',', ..] => (Some(d - b'0'), 2),
        _ => (None, 0),
    }
}

fn bare_address(line: &[u8], ask: Ask) -> Meaning {
    let mut f = Fields::new(line, 0);
    if ask == Ask::Address && f.ip().is_some() && f.rest().is_empty() {
        return Meaning::Report(Report::LocalIp { ip: Fields::new(line, 0).rest() });
    }
    Unknown
}

fn boot(line: &[u8], restart: bool) -> Report<'static> {
    Report::Boot { text: span(0, line.trim_ascii_end().len()), restart }
}

fn power(word: Word, line: &[u8], rest: &[u8]) -> Meaning {
    let text = span(0, line.trim_ascii_end().len());
    let voltage = rest.starts_with(b"-VOLTAGE");
    if rest.ends_with(b" POWER DOWN") && (voltage || word == Word::Normal) {
        Meaning::Report(Report::PowerDown { text })
    } else if voltage {
        Meaning::Report(Report::PowerWarn { text })
    } else {
        Unknown
    }
}

/// `+CME ERROR: …`, `+CMS ERROR: …`, `+IP ERROR: …`, `+CIPERROR: …`.
fn error(word: Word, line: &[u8], rest_at: usize, rest: &[u8]) -> Meaning {
    let skip = if word == Word::CipError { 0 } else { 6 };
    if skip > 0 && !rest.starts_with(b" ERROR") {
        return Unknown;
    }
    let mut f = Fields::new(line, rest_at + skip);
    f.take(b':');
    let code = match f.short() {
        Some(code) if f.is_end() => Code::Number(code),
        _ => {
            f = Fields::new(line, rest_at + skip);
            f.take(b':');
            Code::Text(f.rest())
        }
    };
    Meaning::Report(match word {
        Word::Cme => Report::CmeError(code),
        Word::Cms => Report::CmsError(code),
        Word::Ip => Report::IpError(code),
        _ => Report::CipError(code),
    })
}

/// `DATA ACCEPT:[n,]len`.
fn data_accept(line: &[u8], unnumbered: On) -> Option<Report<'static>> {
    let at = if line.starts_with(b"DATA ACCEPT:") { 12 } else { return None };
    let mut f = Fields::new(line, at);
    let first = f.short()?;
    Some(match f.short() {
        Some(len) => Report::DataAccept { link: On::Link(u8::try_from(first).ok()?), len },
        None if f.is_end() => Report::DataAccept { link: unnumbered, len: first },
        None => return None,
    })
}

/// `C: n,bearer,"TCP","ip","port","state"` and its kin; unused rows have empty texts, `+Cli:` one more of them.
fn link_row(f: &mut Fields<'_>, line: &[u8]) -> Option<Report<'static>> {
    let link = On::Link(f.byte()?);
    let bearer = f.byte();
    if bearer.is_none() {
        f.take(b',');
    }
    let proto = transport(f.text().of(line));
    let ip = f.text();
    let port = f.short();
    if port.is_none() {
        f.text();
    }
    let mut state = f.text();
    while !f.is_end() {
        state = f.text();
    }
    (!state.is_empty()).then_some(Report::LinkState {
        link,
        bearer,
        proto,
        ip,
        port: port.unwrap_or(0),
        state,
        server: None,
    })
}

fn transport(text: &[u8]) -> Option<Transport> {
    match text {
        b"TCP" => Some(Transport::Tcp),
        b"UDP" => Some(Transport::Udp),
        _ => None,
    }
}

/// `S: 0,bearer,"port","state"`, `Ser: 0,bearer,"TCP","port","state"`.
fn server_row(f: &mut Fields<'_>) -> Option<Report<'static>> {
    f.byte()?;
    f.byte()?;
    let mut port = f.short();
    if port.is_none() {
        f.text();
        port = f.short();
    }
    Some(Report::ServerState { port: port?, state: f.text() })
}

/// `+CIPOPEN: n`, `n,err`, `n,"TCP","ip",port,server`.
fn cip_open(f: &mut Fields<'_>, line: &[u8]) -> Option<Report<'static>> {
    let link = On::Link(f.byte()?);
    let mut row = (None, Span::default(), 0, None);
    if !f.is_end() {
        if let Some(err) = f.byte() {
            return Some(match err {
                0 => Report::ConnectOk { link },
                _ => Report::ConnectFail { link, err: Some(err), state: Span::default() },
            });
        }
        row.0 = Some(transport(f.text().of(line))?);
        row.1 = f.text();
        row.2 = f.short().unwrap_or(0);
        let minus = f.take(b'-');
        row.3 = f.byte().and_then(|n| i8::try_from(n).ok()).map(|n| if minus { -n } else { n });
    }
    let (proto, ip, port, server) = row;
    Some(Report::LinkState { link, bearer: None, proto, ip, port, state: Span::default(), server })
}

/// `+CIPSEND: n,req,cnf`; cnf −1 when the link is gone.
fn cip_send(f: &mut Fields<'_>) -> Option<Report<'static>> {
    let link = On::Link(f.byte()?);
    let asked = f.short()?;
    if f.take(b'-') {
        f.short()?;
        return Some(Report::SendFail { link });
    }
    Some(Report::SendOk { link, taken: Some((asked, f.short()?)) })
}

/// `+CIPCLOSE: n,err`, or one or more than two flags.
fn cip_close(f: &mut Fields<'_>) -> Option<Report<'static>> {
    let (mut first, mut second) = (0, 0);
    let (mut count, mut open) = (0u8, 0u16);
    while let Some(n) = f.byte() {
        match count {
            0 => first = n,
            1 => second = n,
            _ => {}
        }
        open |= u16::from(n != 0).checked_shl(u32::from(count))?;
        count += 1;
    }
    Some(match count {
        0 => return None,
        2 if second == 0 => Report::CloseOk { link: On::Link(first) },
        2 => Report::CloseErr { link: On::Link(first), err: second },
        _ => Report::LinkVector { count, open },
    })
}

/// `+CDNSGIP: 1,"name","ip"[,"ip"]`, `1,ip`, `0,code`.
fn dns(f: &mut Fields<'_>) -> Option<Report<'static>> {
    if f.number()? == 0 {
        return f.short().map(|code| Report::DnsFail { code });
    }
    let first = f.text();
    let (host, ips) = if f.is_end() { (Span::default(), first) } else { (first, f.rest()) };
    (!ips.is_empty()).then_some(Report::Dns { host, ips })
}

/// `+CLIENT: n,server,ip:port`.
fn accepted(f: &mut Fields<'_>) -> Option<Report<'static>> {
    let link = On::Link(f.byte()?);
    let server = Some(f.byte()?);
    let mut probe = *f;
    let port = probe.peer().map(|p| p.port())?;
    let all = f.rest();
    let digits = match port {
        0..10 => 1,
        10..100 => 2,
        100..1000 => 3,
        1000..10_000 => 4,
        10_000.. => 5,
    };
    let ip = Span { start: all.start, end: all.end.saturating_sub(digits + 1) };
    Some(Report::Accepted { link, ip, port: Some(port), server })
}

/// `+CREG: mode,stat[,"lac","ci"]` as the answer, `+CREG: stat[,"lac","ci"]` as a notice.
fn registration(word: Word, f: &mut Fields<'_>, ask: Ask) -> Option<Report<'static>> {
    let mut stat = f.byte()?;
    if let (Ask::Registration, Some(second)) = (ask, f.byte()) {
        stat = second;
    }
    f.rest();
    (stat < 11).then_some(Report::Registration { packet: word == Word::Cgreg, stat })
}

/// `+RECEIVE,n,len[,ip:port][:]`, `+RECEIVE: n, len`, `+CIPRCV,n,len:`, `+CIPRCV:n,len,`.
fn receive(f: &mut Fields<'_>) -> Meaning {
    let mut header = || {
        let link = On::Link(f.digits().and_then(|n| u8::try_from(n).ok())?);
        f.take(b',').then_some(())?;
        let mut header = Header::new(link, f.digits()?);
        if f.take(b',') && !f.is_end() {
            header.from = Some(f.peer()?);
        }
        f.take(b':');
        f.is_end().then_some(header)
    };
    header().map_or(Unknown, Meaning::Header)
}

/// `+IPD,len:`, `+IPD,len,TCP:`, `+IPD:len`, `+IPDlen`, `+IPD(len)`.
fn ipd(line: &[u8], at: usize, quirks: Quirks, unnumbered: On) -> Meaning {
    let mut f = Fields::new(line, at);
    let _ = f.take(b',') || f.take(b':') || f.take(b'(');
    let link = if quirks.has(Quirks::MANY_LINKS) { On::Unnamed } else { unnumbered };
    let mut header = || {
        let mut header = Header::new(link, f.digits()?);
        f.take(b')');
        if f.take(b',') {
            let word = f.rest().of(line);
            header.proto = Some(transport(word.strip_suffix(b":").unwrap_or(word))?);
        }
        f.take(b':');
        f.is_end().then_some(header)
    };
    header().map_or(Unknown, Meaning::Header)
}

/// `+CIPRXGET: mode,…`, decided by the mode digit and what was asked.
fn rx_get(f: &mut Fields<'_>, quirks: Quirks, ask: Ask, unnumbered: On) -> Meaning {
    let clone = quirks.has(Quirks::CLONE);
    let Some(mode) = f.byte() else { return Unknown };
    let first = f.number();
    let second = if first.is_some() { f.number() } else { None };
    let third = if second.is_some() { f.number() } else { None };
    let link = |n: u32| u8::try_from(n).map_or(On::Unnamed, On::Link);
    let report = match (mode, first, second, third) {
        (_, None, ..) if clone && f.is_end() && ask != Ask::RxMode => {
            Report::RxPending { link: On::Link(mode) }
        }
        (1, None, ..) if ask != Ask::RxMode => Report::RxPending { link: unnumbered },
        (1, Some(n), ..) => Report::RxPending { link: link(n) },
        (4, Some(len), None, _) if f.is_end() => Report::RxAvail { link: unnumbered, len },
        (4, Some(n), Some(len), None) if f.is_end() => Report::RxAvail { link: link(n), len },
        (2 | 3, Some(a), Some(b), third) => {
            let (link, asked, other) = match third {
                Some(rest) => (link(a), b, rest),
                None => (unnumbered, a, b),
            };
            let mut header = if clone {
                Header::new(link, other)
            } else {
                Header { rest: Some(other), ..Header::new(link, asked) }
            };
            header.hex = mode == 3;
            if !f.is_end() {
                header.from = f.peer();
                if header.from.is_none() {
                    return Unknown;
                }
            }
            return Meaning::Header(header);
        }
        _ => return Unknown,
    };
    Meaning::Report(report)
}
