//! A notice of each kind at every point where a module may send one, in every exchange: the same events in the same order,
//! and the notice besides.
//!
//! An exchange is run once to see what the module sends; then once for each kind of notice and each point: in front of a
//! reply, between two of its lines, behind a payload, and directly behind a reply (also behind a prompt). Not a point is a
//! place inside a line, between a header and its payload, in a payload, and in data mode, where a module holds notices back.

use crate::main_job::{DIALECTS, nasty, network, open, up};
use crate::pair::{Pair, What};
use simcom_at::{Action, Closing, Context, Dialect, Event, How, Link, Settings, SocketAddrV4, Transport};
use simcom_modem::loopback::Loopback;
use simcom_modem::net::Socket;

/// Sees what comes from the module, and puts a notice in.
#[derive(Debug, Default)]
pub struct Tap {
    /// All that has come.
    stream: Vec<u8>,
    /// Where in it the last bytes that were read begin.
    last: usize,
    /// For each read: where it begins, and whether that is in data mode; the same of its end.
    reads: Vec<[(usize, bool); 2]>,
    /// Payload.
    payloads: Vec<(usize, usize)>,
    fresh: bool,
    in_payload: bool,
    in_data_mode: bool,
    /// From where on points count, and up to where those about the other link.
    from: usize,
    other_until: Option<usize>,
    notice: Option<(Point, Vec<u8>)>,
    /// Bytes the host has sent.
    sent: usize,
    /// One byte that is damaged: from the module, or from the host.
    pub damage: Option<(Way, usize, Damage)>,
}

/// A direction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    ToHost,
    ToModem,
}

/// What happens to a byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Damage {
    Lost,
    Doubled,
    /// These bits of it are turned.
    Flipped(u8),
}

/// Where a notice is put in: at this byte of the stream; if that is where a read ends and the next begins, the notice
/// belongs to the one or to the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Point {
    at: usize,
    behind: bool,
}

impl Tap {
    /// These bytes have come; those that the session is to get instead.
    pub fn read(&mut self, mut bytes: Vec<u8>) -> Vec<u8> {
        let (start, end) = (self.stream.len(), self.stream.len() + bytes.len());
        self.stream.extend_from_slice(&bytes);
        (self.last, self.fresh) = (start, true);
        self.reads.push([(start, self.in_data_mode), (end, true)]);
        let here = |p: Point| {
            if p.behind { (start + 1..=end).contains(&p.at) } else { (start..end).contains(&p.at) }
        };
        if let Some((_, at, damage)) =
            self.damage.take_if(|(way, at, _)| *way == Way::ToHost && (start..end).contains(at))
        {
            damage.does(&mut bytes, at - start);
        }
        if let Some((point, notice)) = self.notice.take_if(|(point, _)| here(*point)) {
            bytes.splice(point.at - start..point.at - start, notice);
        }
        bytes
    }

    /// The host sends these bytes; what goes over the line instead, if it is something else.
    pub fn write(&mut self, bytes: &[u8]) -> Option<Vec<u8>> {
        let start = self.sent;
        self.sent += bytes.len();
        let (_, at, damage) = self
            .damage
            .take_if(|(way, at, _)| *way == Way::ToModem && (start..start + bytes.len()).contains(at))?;
        let mut bytes = bytes.to_vec();
        damage.does(&mut bytes, at - start);
        Some(bytes)
    }

    /// Bytes that have come from the module, and that the host has sent.
    pub fn counts(&self) -> (usize, usize) {
        (self.stream.len(), self.sent)
    }

    /// The session has found payload in the bytes that were read last.
    pub fn payload(&mut self, input: &[u8], bytes: &[u8], left: u16) {
        self.in_payload = left > 0;
        if input.as_ptr_range().contains(&bytes.as_ptr()) {
            let start = self.last + (bytes.as_ptr().addr() - input.as_ptr().addr());
            self.payloads.push((start, start + bytes.len()));
        }
    }

    /// The session has taken all that was read.
    pub fn taken(&mut self, data_mode: bool) {
        self.in_data_mode = data_mode;
        let fresh = std::mem::take(&mut self.fresh);
        if let Some([_, end]) = self.reads.last_mut().filter(|_| fresh) {
            end.1 = data_mode || self.in_payload;
        }
    }

    /// All points.
    fn points(&self) -> Vec<Point> {
        let mut points = Vec::new();
        let begins = |at| self.payloads.iter().any(|(start, _)| *start == at);
        for [(start, start_data), (end, end_data)] in &self.reads {
            if !start_data
                && !begins(*start)
                && !self.payloads.iter().any(|(s, e)| (s + 1..*e).contains(start))
            {
                points.push(Point { at: *start, behind: false });
            }
            for at in start + 1..*end {
                let inside = self.payloads.iter().any(|(s, e)| (*s..*e).contains(&at));
                if !inside
                    && !start_data
                    && (self.ends_line(at) || self.payloads.iter().any(|(_, e)| *e == at))
                {
                    points.push(Point { at, behind: false });
                }
            }
            if !end_data && !begins(*end) {
                points.push(Point { at: *end, behind: true });
            }
        }
        points.retain(|p| p.at >= self.from);
        points
    }

    /// Whether a line that is not empty and not followed by another part of its message ends at this place.
    fn ends_line(&self, at: usize) -> bool {
        let line = self.stream[..at].strip_suffix(b"\r\n").unwrap_or_default();
        let start = line.iter().rposition(|b| *b == b'\n').map_or(0, |p| p + 1);
        let line = &line[start..];
        let begins =
            [&b"RECV FROM"[..], b"+RECV FROM", b"STATE: TCP CLOSED", b"STATE: UDP CLOSED", b"STATE:CLOSED"];
        // A clone's line with the sender of what follows.
        let sender = line.starts_with(b"+RECEIVE,") && line.contains(&b'.');
        !line.is_empty() && !sender && !begins.iter().any(|begin| line.starts_with(begin))
    }

    fn around(&self, at: usize) -> String {
        let (a, b) = (at.saturating_sub(40), (at + 40).min(self.stream.len()));
        format!("{} ^ {}", self.stream[a..at].escape_ascii(), self.stream[at..b].escape_ascii())
    }
}

impl Damage {
    fn does(self, bytes: &mut Vec<u8>, at: usize) {
        match self {
            Self::Lost => {
                bytes.remove(at);
            }
            Self::Doubled => bytes.insert(at, bytes[at]),
            Self::Flipped(bits) => bytes[at] ^= bits,
        }
    }
}

/// A kind of notice: its line, and what the session is to tell of it.
struct Notice {
    bytes: Vec<u8>,
    tells: Vec<What>,
    about_other: bool,
}

fn notice(line: &str, tells: What) -> Notice {
    Notice { bytes: format!("\r\n{line}\r\n").into_bytes(), tells: vec![tells], about_other: false }
}

/// The link of which notices tell: it is open, and nothing happens on it.
const OTHER: u8 = 3;

fn notices(dialect: Dialect, settings: Settings, other: bool) -> Vec<Notice> {
    let line = |text: &str| notice(text, What::Line(text.to_owned()));
    let tells = |text: &str, event| notice(text, What::Other(event));
    let mut all = vec![
        tells("+CREG: 5", Event::Registration { packet: false, stat: 5 }),
        tells("+CGREG: 5", Event::Registration { packet: true, stat: 5 }),
        line(r#"*PSUTTZ: 21,6,1,12,30,00,"+32",0"#),
        line("+CFUN: 1"),
        line("weather: fine, 21 degrees"),
    ];
    if dialect == Dialect::Kingcom {
        all.push(line("+CSCON: 1"));
    } else {
        all.push(tells("RING", Event::Ring));
        all.push(tells(r#"+CMTI: "SM",3"#, Event::Sms { index: 3 }));
    }
    match dialect {
        Dialect::A7600 => all.extend([line("SMS DONE"), line("PB DONE")]),
        Dialect::Kingcom => {}
        _ => {
            all.push(tells("UNDER-VOLTAGE WARNNING", Event::Power { down: false }));
            all.extend([line("SMS Ready"), line("Call Ready")]);
        }
    }
    if other {
        let closed = if dialect == Dialect::A7600 {
            format!("+IPCLOSE: {OTHER},1")
        } else {
            format!("{OTHER}, CLOSED")
        };
        let link = Link(OTHER);
        let told = [Event::PeerClosed { link }, Event::Closed { link, why: Closing::Peer, certain: true }];
        let bytes = format!("\r\n{closed}\r\n").into_bytes();
        all.push(Notice { bytes, tells: told.map(What::Other).to_vec(), about_other: true });
        if settings.push || dialect == Dialect::Sim800e {
            let head = match dialect {
                Dialect::A7600 => "\r\n",
                Dialect::Rda8955 => ":",
                _ => ":\r\n",
            };
            let bytes = format!("\r\n+RECEIVE,{OTHER},11{head}\r\nERROR\r\n> ").into_bytes();
            let told = What::Received { link: Some(OTHER), bytes: b"\r\nERROR\r\n> ".to_vec(), left: 0 };
            all.push(Notice { bytes, tells: vec![told], about_other: true });
        } else {
            let text = if dialect == Dialect::Rda8955 { "+CIPRXGET:" } else { "+CIPRXGET: 1," };
            let bytes = format!("\r\n{text}{OTHER}\r\n").into_bytes();
            all.push(Notice { bytes, tells: Vec::new(), about_other: true });
        }
    }
    all
}

/// An exchange: what comes before it, and what it is.
struct Exchange {
    name: &'static str,
    transparent: bool,
    run: fn(&mut Pair, Dialect),
}

const EXCHANGES: [Exchange; 6] = [
    Exchange { name: "bring-up", transparent: false, run: bring_up },
    Exchange { name: "questions", transparent: false, run: questions },
    Exchange { name: "links", transparent: false, run: links },
    Exchange { name: "ends", transparent: false, run: ends },
    Exchange { name: "server", transparent: false, run: server },
    Exchange { name: "transparent", transparent: true, run: transparent },
];

/// Up, with the other link open where there is one; points count from here on.
fn ready(pair: &mut Pair, dialect: Dialect) {
    up(pair);
    if has_other(dialect, pair) {
        open(pair, OTHER, Transport::Tcp, 9);
    }
    settle(pair);
    pair.tap.from = pair.tap.stream.len();
}

fn has_other(dialect: Dialect, pair: &Pair) -> bool {
    let Settings { single, transparent, .. } = pair.settings;
    dialect != Dialect::Kingcom && !single && (!transparent || dialect == Dialect::A7600)
}

fn settle(pair: &mut Pair) {
    pair.until(3000, |_| false);
    pair.ready();
}

fn bring_up(pair: &mut Pair, _: Dialect) {
    pair.done(Action::Probe, |s, now| s.probe(now).unwrap());
    pair.done(Action::Sim, |s, now| s.sim(now, None).unwrap());
    pair.done(Action::Signal, |s, now| s.signal(now).unwrap());
    pair.done(Action::Registration, |s, now| s.registration(now).unwrap());
    pair.done(Action::Attach, |s, now| s.attach(now, Context(0), "CMNET", "", "").unwrap());
    pair.done(Action::Shut, |s, now| s.shut(now).unwrap());
    pair.done(Action::Detach, |s, now| s.detach(now).unwrap());
}

fn questions(pair: &mut Pair, dialect: Dialect) {
    ready(pair, dialect);
    if dialect != Dialect::Kingcom {
        pair.done(Action::Address, |s, now| s.address(now).unwrap());
        pair.done(Action::Resolve, |s, now| s.resolve(now, "example.com").unwrap());
        failed(pair, Action::Resolve, |p, now| p.session.resolve(now, "nowhere.invalid").unwrap());
    }
    pair.done(Action::Status, |s, now| s.status(now).unwrap());
    pair.done(Action::Raw, |s, now| s.raw(now, "AT+CGATT?", 0).unwrap());
    failed(pair, Action::Raw, |p, now| p.session.raw(now, "AT+NOSUCH", 0).unwrap());
    open(pair, 0, Transport::Tcp, 7);
    if matches!(dialect, Dialect::Sim800 | Dialect::Sim7000) {
        pair.done(Action::Room, |s, now| s.room(now, Link(0)).unwrap());
        pair.done(Action::Acknowledged, |s, now| s.acknowledged(now, Link(0)).unwrap());
    }
}

fn failed(pair: &mut Pair, action: Action, give: impl FnOnce(&mut Pair, simcom_at::Instant)) {
    let (from, now) = (pair.told.len(), pair.now());
    give(pair, now);
    pair.expect(400_000, from, |w| matches!(w, What::Failed { action: a, .. } if *a == action));
    settle(pair);
}

/// Opened, refused, sent on, read from, closed by us.
fn links(pair: &mut Pair, dialect: Dialect) {
    ready(pair, dialect);
    open(pair, 0, Transport::Tcp, 7);
    let safe = dialect == Dialect::Kingcom;
    let mut len = 0;
    for n in [3, 400] {
        pair.send(0, &nasty(n, safe));
        len += n;
        assert!(pair.until(60_000, |p| p.received(0).len() >= len), "{}", pair.tail());
        settle(pair);
    }
    let (from, now) = (pair.told.len(), pair.now());
    pair.session.close(now, Link(0), How::Slow).unwrap();
    pair.expect(200_000, from, |w| matches!(w, What::Other(Event::Done { action: Action::Close, .. })));
    settle(pair);
    failed(pair, Action::Open, |p, now| {
        p.session.open(now, Link(0), Transport::Tcp, "10.1.1.1", 4444, 0).unwrap()
    });
    open(pair, 0, Transport::Udp, 7);
    pair.send(0, b"a datagram");
    assert!(pair.until(60_000, |p| p.received(0).len() >= len + 10), "{}", pair.tail());
    settle(pair);
    let (from, now) = (pair.told.len(), pair.now());
    pair.session.close(now, Link(0), How::Quick).unwrap();
    pair.expect(200_000, from, |w| matches!(w, What::Other(Event::Done { action: Action::Close, .. })));
    settle(pair);
}

/// Closed by the peer with unread data, shut, and the context lost.
fn ends(pair: &mut Pair, dialect: Dialect) {
    ready(pair, dialect);
    open(pair, 0, Transport::Tcp, 9);
    let token = pair.desk.network.peer_of(Socket(0)).unwrap().token();
    let (from, now) = (pair.told.len(), pair.now());
    pair.desk.network.peer_send(now, token, &nasty(1800, true));
    pair.desk.network.peer_close(now, token);
    pair.expect(60_000, from, |w| matches!(w, What::Other(Event::Closed { link: Link(0), .. })));
    settle(pair);
    open(pair, 0, Transport::Tcp, 9);
    pair.tap.other_until = Some(pair.tap.stream.len());
    pair.done(Action::Shut, |s, now| s.shut(now).unwrap());
    settle(pair);
    pair.done(Action::Attach, |s, now| s.attach(now, Context(0), "CMNET", "", "").unwrap());
    open(pair, 0, Transport::Tcp, 9);
    pair.done(Action::Detach, |s, now| s.detach(now).unwrap());
    settle(pair);
}

/// A server: its start, a client, its end; and a second context.
fn server(pair: &mut Pair, dialect: Dialect) {
    ready(pair, dialect);
    if dialect != Dialect::Kingcom {
        pair.done(Action::Listen, |s, now| s.listen(now, 0, Transport::Tcp, 8888, 3).unwrap());
        let from = pair.told.len();
        let token = pair.desk.network.connect(pair.now(), 8888).unwrap();
        let accepted = |w: &What| matches!(w, What::Other(Event::Accepted { .. }));
        let What::Other(Event::Accepted { link, .. }) = pair.expect(10_000, from, accepted) else { panic!() };
        let now = pair.now();
        pair.desk.network.peer_send(now, token, b"hello server");
        assert!(pair.until(60_000, |p| p.received(link.0).len() >= 12), "{}", pair.tail());
        settle(pair);
        pair.send(link.0, b"hello client");
        pair.done(Action::Unlisten, |s, now| s.unlisten(now, 0).unwrap());
        settle(pair);
    }
    if has_other(dialect, pair) && matches!(dialect, Dialect::Sim800 | Dialect::Sim7000 | Dialect::Rda8955) {
        pair.done(Action::Attach, |s, now| s.attach(now, Context(1), "CMWAP", "", "").unwrap());
        open(pair, 1, Transport::Udp, 7);
        pair.done(Action::Context, |s, now| s.context(now, Context(0)).unwrap());
        pair.done(Action::Context, |s, now| s.context(now, Context(1)).unwrap());
        pair.done(Action::Shut, |s, now| s.shut(now).unwrap());
    }
    if dialect == Dialect::A7600 {
        let (from, now) = (pair.told.len(), pair.now());
        pair.session.open(now, Link(1), Transport::Udp, "127.0.0.1", 7, 4000).unwrap();
        pair.expect(60_000, from, |w| matches!(w, What::Other(Event::Opened { .. })));
        pair.ready();
        let to: SocketAddrV4 = "10.9.8.7:7".parse().unwrap();
        let (from, now) = (pair.told.len(), pair.now());
        pair.session.send(now, Link(1), b"to another", Some(to)).unwrap();
        pair.expect(60_000, from, |w| matches!(w, What::Other(Event::Sent { .. })));
    }
    settle(pair);
}

/// Into data mode, out of it and in again, and its end.
fn transparent(pair: &mut Pair, dialect: Dialect) {
    ready(pair, dialect);
    open(pair, 0, Transport::Tcp, 7);
    pair.send(0, b"transparent");
    pair.until(3000, |_| false);
    pair.done(Action::LeaveData, |s, now| s.leave_data(now).unwrap());
    pair.done(Action::Signal, |s, now| s.signal(now).unwrap());
    pair.done(Action::EnterData, |s, now| s.enter_data(now).unwrap());
    let token = pair.desk.network.peer_of(Socket(0)).unwrap().token();
    let (from, now) = (pair.told.len(), pair.now());
    pair.desk.network.peer_close(now, token);
    pair.expect(60_000, from, |w| matches!(w, What::Other(Event::Closed { link: Link(0), .. })));
    settle(pair);
    pair.done(Action::Signal, |s, now| s.signal(now).unwrap());
}

/// The events; of the other link only those that matter.
fn events(pair: &Pair, closes: bool) -> Vec<What> {
    let of_other = |what: &What| {
        matches!(what, What::Other(Event::Closed { link: Link(OTHER), why, .. }) if *why != Closing::Peer)
            || *what == What::Line(format!("+CIPCLOSE: {OTHER},0"))
            || matches!(what, What::Other(Event::LinkStatus { link: Link(OTHER), .. }))
    };
    pair.told.iter().map(|told| told.what.clone()).filter(|what| !closes || !of_other(what)).collect()
}

/// The same with payload that came in several pieces in one.
fn joined(events: Vec<What>) -> Vec<What> {
    let mut all: Vec<What> = Vec::new();
    for what in events {
        match (what, all.last_mut()) {
            (What::Received { link, bytes, .. }, Some(What::Received { link: before, bytes: start, .. }))
                if link == *before =>
            {
                start.extend_from_slice(&bytes);
            }
            (What::Received { link, bytes, .. }, _) => all.push(What::Received { link, bytes, left: 0 }),
            (what, _) => all.push(what),
        }
    }
    all
}

struct Setup {
    dialect: Dialect,
    settings: Settings,
}

impl Setup {
    fn pair(&self) -> Pair {
        let net: Loopback = network(7);
        Pair::new(self.dialect, self.settings, net)
    }

    fn run(&self, exchange: &Exchange, notice: Option<(Point, &Notice)>) -> Result<Pair, String> {
        let mut pair = self.pair();
        pair.tap.notice = notice.map(|(point, notice)| (point, notice.bytes.clone()));
        let whole = || {
            (exchange.run)(&mut pair, self.dialect);
            settle(&mut pair);
        };
        let result = std::panic::catch_unwind(std::panic::AssertUnwindSafe(whole));
        result.map(|()| pair).map_err(|cause| {
            let text = cause.downcast_ref::<String>().cloned();
            text.or_else(|| cause.downcast_ref::<&str>().map(|t| (*t).to_owned())).unwrap_or_default()
        })
    }

    /// One exchange with every notice at every point; the number of runs.
    fn exchange(&self, exchange: &Exchange, wrong: &mut Vec<String>) -> usize {
        let clean = self.run(exchange, None).unwrap_or_else(|e| panic!("{} {e}", exchange.name));
        let other = has_other(self.dialect, &clean) && exchange.name != "bring-up";
        let points = clean.tap.points();
        let mut runs = 0;
        for notice in notices(self.dialect, self.settings, other) {
            let closes = notice.tells.len() == 2;
            let want = events(&clean, closes);
            let until = clean.tap.other_until.filter(|_| notice.about_other).unwrap_or(usize::MAX);
            for &point in points.iter().filter(|point| point.at < until) {
                runs += 1;
                let problem = match self.run(exchange, Some((point, &notice))) {
                    Ok(pair) => {
                        same(&want, events(&pair, closes), &notice).map(|e| format!("{e}\n{}", pair.tail()))
                    }
                    Err(text) => Some(text),
                };
                if let Some(problem) = problem {
                    let (bytes, around) = (notice.bytes.escape_ascii(), clean.tap.around(point.at));
                    let Setup { dialect, settings } = self;
                    wrong.push(format!(
                        "{dialect:?} single {} push {} {}: {bytes} at {} {}: {around}\n{problem}",
                        settings.single, settings.push, exchange.name, point.at, point.behind
                    ));
                }
            }
        }
        runs
    }
}

/// The same events, and what the notice tells besides.
fn same(want: &[What], mut got: Vec<What>, notice: &Notice) -> Option<String> {
    for tells in &notice.tells {
        let count = |all: &[What]| all.iter().filter(|what| *what == tells).count();
        let (had, has) = (count(want), count(&got));
        if has != had + 1 {
            return Some(format!("{tells:?} told {has} times, {had} without the notice"));
        }
        let at = (0..got.len()).find(|at| got[*at] == *tells && want.get(*at) != Some(tells));
        got.remove(at.unwrap_or_default());
    }
    let (want, got) = (joined(want.to_vec()), joined(got));
    let at = (0..want.len().max(got.len())).find(|at| want.get(*at) != got.get(*at))?;
    Some(format!("event {at}: {:?} instead of {:?}", got.get(at), want.get(at)))
}

#[test]
fn a_notice_at_any_point_of_any_exchange_changes_nothing_else() {
    let (mut runs, mut wrong) = (0, Vec::new());
    for dialect in DIALECTS {
        let modes: &[(bool, bool, bool)] = match dialect {
            Dialect::Kingcom => &[(true, true, false)],
            Dialect::Sim800e => &[(false, true, false), (true, true, false)],
            Dialect::A7600 => &[(false, false, false), (false, true, false)],
            _ => &[
                (false, false, true),
                (false, false, false),
                (true, false, false),
                (false, true, true),
                (true, true, false),
            ],
        };
        for &(single, push, quick) in modes {
            for exchange in &EXCHANGES {
                if exchange.transparent && (matches!(dialect, Dialect::Kingcom | Dialect::Rda8955) || !push) {
                    continue;
                }
                let settings = Settings {
                    single,
                    push,
                    quick,
                    transparent: exchange.transparent,
                    ..Settings::default()
                };
                runs += Setup { dialect, settings }.exchange(exchange, &mut wrong);
            }
        }
    }
    println!("{runs} runs");
    let show = std::env::var("SHOW").ok().and_then(|n| n.parse().ok()).unwrap_or(5);
    assert!(
        wrong.is_empty(),
        "{} of {runs}:\n{}",
        wrong.len(),
        wrong.iter().take(show).map(|w| format!("{w}\n\n")).collect::<String>()
    );
}
