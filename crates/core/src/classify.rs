//! One line → what it means: the row of the table that it matches, what was asked, and the fields.

use crate::dialect::Dialect;
use crate::ids::{On, SocketAddrV4, Transport};
use crate::line::{Fields, half, low, low_of, trim_end};
use crate::report::{Code, Data, Report, Span};
use crate::word::Kind;

/// The most payload a header may announce; above it, the line is no header.
pub const MAX_ANNOUNCED: u32 = 4096;

/// What a payload header said, and what of its payload is still to come; see [`Data`].
#[derive(Clone, Copy, Debug)]
pub(crate) struct Header {
    pub(crate) link: On,
    pub(crate) len: u16,
    pub(crate) left: u16,
    pub(crate) rest: Option<u32>,
    pub(crate) from: Option<SocketAddrV4>,
    pub(crate) proto: Option<Transport>,
    pub(crate) hex: bool,
}

impl Header {
    /// The report of a piece of its payload.
    #[inline]
    pub(crate) fn data(self, bytes: &[u8]) -> Data<'_> {
        let Self { link, len, left, rest, from, proto, hex } = self;
        Data { link, bytes, len, left, rest, from, proto, hex }
    }
}

/// Payload without a header.
pub(crate) const UNCOUNTED: Header =
    Header { link: On::Data, len: 0, left: 0, rest: None, from: None, proto: None, hex: false };

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

impl Ask {
    /// The one of this number.
    pub(crate) const fn of(number: u8) -> Self {
        match number {
            1 => Self::Status,
            2 => Self::Address,
            3 => Self::NetState,
            4 => Self::RxMode,
            5 => Self::Registration,
            _ => Self::Other,
        }
    }
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

    /// Those of a dialect.
    pub(crate) const fn of(dialect: Dialect) -> Self {
        match dialect {
            Dialect::A7600 => Self(Self::MANY_LINKS),
            Dialect::Rda8955 => Self(Self::CLONE),
            Dialect::Sim800 | Dialect::Sim800e | Dialect::Sim7000 | Dialect::Kingcom => Self(0),
        }
    }

    pub(crate) const fn has(self, quirk: u8) -> bool {
        self.0 & quirk != 0
    }
}

/// What decides the meaning of a line besides its bytes, and what does not fit a report.
#[derive(Clone, Debug)]
pub(crate) struct Context {
    pub(crate) quirks: Quirks,
    pub(crate) ask: Ask,
    /// The link of lines that carry no number.
    pub(crate) unnumbered: On,
    /// What the last payload header said.
    pub(crate) header: Header,
}

/// What `line` (without its end) is, if it is one of ours. A payload header is left in `context.header`, and its report is
/// [`Report::Prompt`]; that of `RECV FROM:…`, which stands in front of one, is [`Report::Raw`].
#[inline(never)]
pub(crate) fn classify(line: &[u8], context: &mut Context) -> Option<Report<'static>> {
    let (link, text) = prefix(line);
    let Some((kind, len)) = Kind::find(text) else { return bare_address(line, context.ask) };
    let on = link.unwrap_or(context.unnumbered);
    if kind < Kind::RemoteIp {
        return Some(numbered(kind, on));
    }
    if link.is_some() && kind > Kind::RemoteIp {
        return None;
    }
    if kind > Kind::RemoteIp && kind < Kind::DataMode {
        return Some(plain(kind, line));
    }
    fields(kind, on, line, line.len() - text.len() + len, context)
}

/// `n, ` or `n,` in front of a line, and what is behind it.
pub(crate) fn prefix(line: &[u8]) -> (Option<On>, &[u8]) {
    match line {
        [d @ b'0'..=b'9', b',', b' ', text @ ..] | [d @ b'0'..=b'9', b',', text @ ..] => {
            (Some(On::Link(d - b'0')), text)
        }
        _ => (None, line),
    }
}

/// What a line of this kind is, when it has more than texts to tell; its fields begin at `at`.
#[cfg_attr(not(target_os = "none"), inline(always))]
pub(crate) fn fields(
    kind: Kind,
    on: On,
    line: &[u8],
    at: usize,
    context: &mut Context,
) -> Option<Report<'static>> {
    let mut f = Fields::new(line, at);
    let mut report = if kind < Kind::RxGet {
        typed(kind, on, &mut f, line, context.ask)
    } else {
        payload(kind, on, &mut f, line, context)
    };
    if kind >= Kind::Cmti && !f.is_end() {
        report = None;
    }
    report
}

/// Lines that are only text, but for a link in front.
pub(crate) fn numbered(kind: Kind, link: On) -> Report<'static> {
    match kind {
        Kind::ConnectOk => Report::ConnectOk { link },
        Kind::ConnectFail => Report::ConnectFail { link, err: None, state: Span::default() },
        Kind::Already => Report::AlreadyConnected { link },
        Kind::SendOk => Report::SendOk { link, taken: None },
        Kind::SendFail => Report::SendFail { link },
        Kind::CloseOk => Report::CloseOk { link },
        _ => Report::Closed { link, reason: None },
    }
}

/// Lines that are only text.
#[inline(always)]
pub(crate) fn plain(kind: Kind, line: &[u8]) -> Report<'static> {
    let text = Span { start: 0, end: low_of(trim_end(line, b' ').len()) };
    match kind {
        Kind::Ok => Report::Ok,
        Kind::Error => Report::Error { text: Span::default() },
        Kind::NoResponse => Report::Error { text },
        Kind::Shut => Report::Shut,
        Kind::ServerOk => Report::ServerOk,
        Kind::ServerClose => Report::ServerClose,
        Kind::Ring => Report::Ring,
        Kind::NetLost => Report::NetLost,
        Kind::PdpDeact => Report::PdpDeact,
        Kind::Restart => Report::Boot { text, restart: true },
        Kind::Boot => Report::Boot { text, restart: false },
        _ if text.of(line).ends_with(b" POWER DOWN") => Report::PowerDown { text },
        _ => Report::PowerWarn { text },
    }
}

/// Lines with fields.
#[inline(never)]
fn typed(kind: Kind, on: On, f: &mut Fields<'_>, line: &[u8], ask: Ask) -> Option<Report<'static>> {
    f.separator();
    let begin = f.left;
    let mut n = [0; 4];
    let mut count = 0;
    if kind >= Kind::IpClose {
        count = f.numbers(&mut n);
    }
    let [n0, n1, n2, _] = n;
    if kind < Kind::CipSend && (n0 | n1) > 0xff || kind < Kind::CipAck && (n0 | n1 | n2) > 0xffff {
        return None;
    }
    let link = On::Link(low(n0));
    match kind {
        Kind::RemoteIp => Some(Report::Accepted { link: on, ip: f.rest(), port: None, server: None }),
        Kind::DataMode => Some(Report::DataMode { text: f.rest() }),
        Kind::From => {
            let from = f.peer();
            if !f.rest().is_empty() {
                return None;
            }
            Some(Report::Raw { link: On::Unnamed, from: Some(from?) })
        }
        Kind::State => Some(Report::State { text: f.rest() }),
        Kind::Cpin => Some(Report::Sim { text: f.rest() }),
        Kind::IpAddr => {
            f.ip()?;
            f.left = begin;
            Some(Report::LocalIp { ip: f.rest() })
        }
        Kind::Cmti => {
            f.text();
            Some(Report::Sms { index: f.short()? })
        }
        Kind::NetOpen | Kind::Creg | Kind::Cgreg if count > 0 => {
            f.rest();
            let second = ask == Ask::Registration && count > 1;
            match kind {
                Kind::NetOpen if ask == Ask::NetState => Some(Report::NetState { open: n0 == 1 }),
                Kind::NetOpen => Some(Report::NetOpen { err: low(n0) }),
                _ => {
                    let stat = if second { n1 } else { n0 };
                    if stat > 10 {
                        return None;
                    }
                    Some(Report::Registration { packet: kind == Kind::Cgreg, stat: low(stat) })
                }
            }
        }
        Kind::TcpClosed if count == 1 => Some(Report::Closed { link, reason: None }),
        Kind::NetClose if count == 1 => Some(Report::NetClose { err: low(n0) }),
        Kind::Cgatt if count == 1 && n0 < 2 => Some(Report::Attach { on: n0 == 1 }),
        Kind::IpClose if count == 2 => Some(Report::Closed { link, reason: Some(low(n1)) }),
        Kind::ServerStop if count == 2 => Some(Report::ServerStopped { server: low(n0), err: low(n1) }),
        Kind::Csq if count == 2 => Some(Report::Signal { rssi: low(n0), ber: low(n1) }),
        Kind::Accept if count == 2 => accepted(f, link, low(n1)),
        Kind::CipAck if count == 3 => Some(Report::Ack { sent: n0, acked: n1, third: n2 }),
        Kind::LinkRow if count > 0 => Some(link_row(f, line, link, (count > 1).then_some(low(n1)))),
        Kind::ServerRow if count > 1 => {
            let mut port = half(n2);
            if count == 2 {
                f.text();
                port = f.short()?;
            }
            Some(Report::ServerState { port, state: f.text() })
        }
        Kind::CipOpen => match count {
            2 if n1 == 0 => Some(Report::ConnectOk { link }),
            2 => Some(Report::ConnectFail { link, err: Some(low(n1)), state: Span::default() }),
            1 => client_row(f, line, link),
            _ => None,
        },
        Kind::CipClose => match count {
            0 => None,
            2 if n1 == 0 => Some(Report::CloseOk { link }),
            2 => Some(Report::CloseErr { link, err: low(n1) }),
            _ => {
                f.left = begin;
                let (mut count, mut open) = (0, 0);
                while let Some(number) = f.number() {
                    open |= u16::from(number != 0).checked_shl(count)?;
                    count += 1;
                }
                Some(Report::LinkVector { count: low(count), open })
            }
        },
        Kind::CipSend if n0 < 256 => match count {
            3 => Some(Report::SendOk { link, taken: Some((half(n1), half(n2))) }),
            2 if f.take(b'-') && f.digits().is_some() => Some(Report::SendFail { link }),
            _ => None,
        },
        Kind::DataAccept => match count {
            1 => Some(Report::DataAccept { link: on, len: half(n0) }),
            2 if n0 < 256 => Some(Report::DataAccept { link, len: half(n1) }),
            _ => None,
        },
        Kind::Dns if n0 > 0 => {
            let name = f.text();
            let (host, ips) = if f.is_end() { (Span::default(), name) } else { (name, f.rest()) };
            if ips.is_empty() {
                return None;
            }
            Some(Report::Dns { host, ips })
        }
        Kind::Dns if count == 2 => Some(Report::DnsFail { code: half(n1) }),
        Kind::CmeError | Kind::CmsError | Kind::IpError | Kind::CipError => {
            let mut code = Code::Number(half(n0));
            if count != 1 || !f.is_end() {
                f.left = begin;
                code = Code::Text(f.rest());
            }
            match kind {
                Kind::CmeError => Some(Report::CmeError(code)),
                Kind::CmsError => Some(Report::CmsError(code)),
                Kind::IpError => Some(Report::IpError(code)),
                _ => Some(Report::CipError(code)),
            }
        }
        _ => None,
    }
}

/// A bare address, as the answer to `AT+CIFSR`.
#[cold]
#[inline(never)]
fn bare_address(line: &[u8], ask: Ask) -> Option<Report<'static>> {
    let mut f = Fields::new(line, 0);
    (ask == Ask::Address && f.ip().is_some() && f.rest().is_empty()).then_some(())?;
    Some(Report::LocalIp { ip: Fields::new(line, 0).rest() })
}

/// `+CLIENT: n,server,ip:port`.
fn accepted(f: &mut Fields<'_>, link: On, server: u8) -> Option<Report<'static>> {
    let mut probe = *f;
    probe.ip()?;
    let mut ip = f.rest();
    ip.end = low_of(probe.at());
    let port = probe.port()?;
    Some(Report::Accepted { link, ip, port: Some(port), server: Some(server) })
}

/// `C: n,bearer,"TCP","ip","port","state"` and its kin; unused rows have empty texts, `+Cli:` one more of them.
fn link_row(f: &mut Fields<'_>, line: &[u8], link: On, bearer: Option<u8>) -> Report<'static> {
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
    Report::LinkState { link, bearer, proto, ip, port: port.unwrap_or(0), state, server: None }
}

/// `+CIPOPEN: n`, `n,"TCP","ip",port,server`.
fn client_row(f: &mut Fields<'_>, line: &[u8], link: On) -> Option<Report<'static>> {
    let mut row = (None, Span::default(), 0, None);
    if !f.is_end() {
        row.0 = Some(transport(f.text().of(line))?);
        row.1 = f.text();
        row.2 = f.short().unwrap_or(0);
        let minus = f.take(b'-');
        row.3 = f.byte().and_then(|n| i8::try_from(n).ok()).map(|n| if minus { -n } else { n });
    }
    let (proto, ip, port, server) = row;
    Some(Report::LinkState { link, bearer: None, proto, ip, port, state: Span::default(), server })
}

fn transport(text: &[u8]) -> Option<Transport> {
    match text {
        [b'T', b'C', b'P', ..] => Some(Transport::Tcp),
        [b'U', b'D', b'P', ..] => Some(Transport::Udp),
        _ => None,
    }
}

/// Payload headers, and `+CIPRXGET:` where it is none.
#[inline(never)]
fn payload(
    kind: Kind,
    on: On,
    f: &mut Fields<'_>,
    line: &[u8],
    context: &mut Context,
) -> Option<Report<'static>> {
    f.separator();
    let mut n = [0; 4];
    let count = f.numbers(&mut n);
    let [n0, n1, n2, n3] = n;
    let data = &mut context.header;
    *data = UNCOUNTED;
    let mut link = Some(n0);
    let mut len = n1;
    if kind == Kind::Ipd {
        link = None;
        len = n0;
        if !f.is_end() {
            data.proto = Some(transport(f.rest().of(line))?);
        }
        if count != 1 {
            return None;
        }
    } else if kind == Kind::Receive {
        if count != 2 {
            return None;
        }
    } else {
        let clone = context.quirks.has(Quirks::CLONE);
        if count == 1 || n0 == 1 {
            let alone = count == 1;
            let short = alone && clone && f.is_end();
            if alone && context.ask == Ask::RxMode || n0 != 1 && !short {
                return None;
            }
            f.rest();
            let link = if short { n0 } else { n1 };
            return Some(Report::RxPending { link: name((short || !alone).then_some(link), on)? });
        }
        // The link, if there is one, stands in front of one number or two.
        let others = match n0 {
            4 => 1,
            2 | 3 => 2,
            _ => return None,
        };
        let (first, second);
        if count == others + 2 {
            (link, first, second) = (Some(n1), n2, n3);
        } else if count == others + 1 {
            (link, first, second) = (None, n1, n2);
        } else {
            return None;
        }
        if others == 1 {
            return Some(Report::RxAvail { link: name(link, on)?, len: first });
        }
        data.hex = n0 == 3;
        len = if clone { second } else { first };
        data.rest = (!clone).then_some(second);
    }
    data.link = name(link, on)?;
    if kind == Kind::Ipd && context.quirks.has(Quirks::MANY_LINKS) {
        data.link = On::Unnamed;
    }
    if !f.is_end() {
        data.from = Some(f.peer()?);
        // Clones: the sender has a line of its own, in front of the header.
        if kind == Kind::Receive && context.quirks.has(Quirks::CLONE) {
            return f.is_end().then_some(Report::Raw { link: data.link, from: data.from });
        }
    }
    data.len = half(len);
    (len <= MAX_ANNOUNCED).then_some(Report::Prompt)
}

/// The link with this number, or the one of lines without a number.
fn name(link: Option<u32>, unnumbered: On) -> Option<On> {
    match link {
        None => Some(unnumbered),
        Some(number) if number < 256 => Some(On::Link(low(number))),
        Some(_) => None,
    }
}
