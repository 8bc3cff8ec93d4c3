//! A small made-up dialect, written as `docs/adding-a-dialect.md` says and as no real one is: contexts by number as on
//! Kingcom, six numbered links as on SIM800, and a plain `OK` where those say `SEND OK` and `CLOSE OK`. The engine is not
//! touched for it; only its name is borrowed, since a variant of [`Dialect`] is for real ones.

use super::Dialect;
use super::params::{
    ATI, CGDCONT, CID, CMEE, CPIN, CREG, CSQ, HOST, LINE, MODE, PORT, STATE, Section, TRANSPORT, cgatt,
    count, exec, notice, number, read, rows, set,
};
use crate::code::{Code, Procedures};
use crate::event::{Action, Closing, Event, Outcome, Value};
use crate::ids::{Context, Ipv4Addr, Link, Transport};
use crate::row::Command::{Cgact, Cifsr, Cipclose, Ciphead, Cipmux, Cipsend, Cipstart, Cipstatus};
use crate::row::{Later, Notice, Param, Row};
use crate::session::{How, Session};
use crate::setting::forms;
use crate::settings::Settings;
use crate::spec::{SIM800, Spec};
use crate::step::{Plan, When, row};
use crate::time::Instant;

/// The command forms, in the order of its manual.
const ROWS: &[Row] = &rows::<{ count(MANUAL) }>(MANUAL);

const MANUAL: &[Section] = &[
    ("manual §1", LINE),
    ("manual §1", ATI),
    ("manual §1", CMEE),
    ("manual §2", CPIN),
    ("manual §2", CSQ),
    ("manual §2", CREG),
    ("manual §3", &cgatt(20_000)),
    ("manual §3", CGDCONT),
    ("manual §3", &[set(Cgact, "AT+CGACT=<state>,<cid>", &[STATE, CID]).within(40_000)]),
    ("manual §3", &[exec(Cifsr, "AT+CIFSR", &["<ip>", "OK"])]),
    ("manual §4", &[read(Cipmux, "AT+CIPMUX?", &["+CIPMUX: <n>", "OK"])]),
    ("manual §4", &[set(Ciphead, "AT+CIPHEAD=<mode>", &[MODE])]),
    (
        "manual §4",
        &[set(Cipstart, r#"AT+CIPSTART=<n>,"<mode>","<host>",<port>"#, &[N, TRANSPORT, HOST, PORT])
            .gives(&["OK", "<n>, CONNECT OK"])
            .later(Later::Connect, 30_000)],
    ),
    ("manual §5", &[set(Cipsend, "AT+CIPSEND=<n>,<len>", &[N, LEN]).gives(&["> ", "OK"]).within(30_000)]),
    ("manual §6", &[set(Cipclose, "AT+CIPCLOSE=<n>", &[N])]),
    ("manual §7", &[exec(Cipstatus, "AT+CIPSTATUS", &["STATE: <state>", "OK"])]),
];

const N: Param = number("n", 0, 5);
const LEN: Param = number("len", 1, 512);

/// The notices and headers.
const NOTICES: &[Notice] = &[
    notice("<n>, CONNECT OK", "ConnectOk", "connection open", "manual §4"),
    notice("<n>, CONNECT FAIL", "ConnectFail", "connection not open", "manual §4"),
    notice("<n>, CLOSED", "Closed", "peer closed", "manual §6"),
    notice("+RECEIVE,<n>,<len>:", "Data", "header; data on the next line", "manual §5"),
];

/// What a session does with it.
const PLAN: Plan = {
    const R: &[Row] = ROWS;
    Plan {
        probe: &const { [row(R, "AT").within(1000), row(R, "ATE0").lenient(), row(R, "ATI").lenient()] },
        sim: &const { [row(R, "AT+CPIN?")] },
        signal: &const { [row(R, "AT+CSQ")] },
        registration: &const { [row(R, "AT+CREG?")] },
        attach: &const {
            [
                row(R, "AT+CGATT=<state>").say("AT+CGATT=1"),
                row(R, r#"AT+CGDCONT=<cid>,"IP","<apn>""#).say(r#"AT+CGDCONT=1,"IP","<apn>""#),
                row(R, "AT+CGACT=<state>,<cid>").say("AT+CGACT=1,1").undo("AT+CGACT=0,1"),
                row(R, "AT+CIPHEAD=<mode>").say("AT+CIPHEAD=1").when(When::Header),
                row(R, "AT+CIFSR"),
            ]
        },
        detach: &const { [row(R, "AT+CGACT=<state>,<cid>").say("AT+CGACT=0,1")] },
        address: &const { [row(R, "AT+CIFSR")] },
        open: [&const { [row(R, r#"AT+CIPSTART=<n>,"<mode>","<host>",<port>"#)] }; 2],
        send: [&const { [row(R, "AT+CIPSEND=<n>,<len>")] }, &[]],
        close: &const { [row(R, "AT+CIPCLOSE=<n>")] },
        shut: &const { [row(R, "AT+CGACT=<state>,<cid>").say("AT+CGACT=0,1")] },
        status: &const { [row(R, "AT+CIPSTATUS")] },
        drop: &const { [row(R, "AT+CIPCLOSE=<n>")] },
        marker: &const { [row(R, "AT+CIPMUX?").within(2000)] },
        // It has none of these.
        resolve: &[],
        waiting: [&[], &[]],
        read: [&[], &[]],
        query: [&[], &[]],
        listen: &[],
        unlisten: &[],
        room: &[],
        sleep: &[],
        online: &[],
        second: &[],
        context: &[],
        acknowledged: &[],
        peer: &[],
    }
};

/// What of that goes into an image.
static PROCEDURES: Procedures = {
    const CODE: Code = Code::of(&PLAN);
    static TEXT: [u8; CODE.len] = CODE.text();
    Procedures { starts: CODE.starts, code: &TEXT }
};

/// Its facts.
static MADE_UP: Spec = Spec {
    dialect: Dialect::Sim800,
    procedures: &PROCEDURES,
    forms: forms(ROWS),
    max_payload: 512,
    push_only: true,
    acknowledges: false,
    has_login: false,
    servers: 0,
    local_port: [false, false],
    ..SIM800
};

/// A session of it, and a module that is the test.
struct Talk {
    session: Session<[u8; 640]>,
    now: Instant,
    told: Vec<String>,
}

impl Talk {
    fn new() -> Self {
        let now = Instant::from_millis(0);
        let session = Session::new(&MADE_UP, Settings::default(), now, [0; 640]);
        Self { session, now, told: Vec::new() }
    }

    /// The module says this; what the session tells is kept.
    fn module(&mut self, bytes: &str) {
        let mut input = bytes.as_bytes();
        while let Some(event) = self.session.poll(self.now, &mut input) {
            let text = match event {
                Event::Received { link, bytes, .. } => format!("{link:?} {}", bytes.escape_ascii()),
                other => format!("{other:?}"),
            };
            self.told.push(text);
        }
        assert!(input.is_empty());
    }

    /// The host writes exactly this, and the module answers.
    fn talk(&mut self, host: &str, module: &str) {
        self.now = self.now.after(100);
        self.module("");
        let out = self.session.transmit().escape_ascii().to_string();
        assert_eq!(out, host.as_bytes().escape_ascii().to_string());
        self.session.transmitted(self.now, self.session.transmit().len());
        self.module(module);
    }

    /// What was told since the last time, but for `Ready`.
    fn told(&mut self, events: &[Event<'_>]) {
        let told: Vec<String> =
            core::mem::take(&mut self.told).into_iter().filter(|t| t != "Ready").collect();
        assert_eq!(told, events.iter().map(|e| format!("{e:?}")).collect::<Vec<_>>());
    }
}

const OK: &str = "\r\nOK\r\n";

#[test]
fn a_dialect_is_added_without_touching_the_engine() {
    let mut t = Talk::new();
    t.session.probe(t.now).unwrap();
    t.talk("AT\r", OK);
    t.talk("ATE0\r", OK);
    t.talk("ATI\r", "\r\nMO1\r\n\r\nOK\r\n");
    t.session.attach(t.now, Context(0), "internet", "", "").unwrap();
    t.talk("AT+CGATT=1\r", OK);
    t.talk("AT+CGDCONT=1,\"IP\",\"internet\"\r", OK);
    t.talk("AT+CGACT=1,1\r", OK);
    t.talk("AT+CIPHEAD=1\r", OK);
    t.talk("AT+CIFSR\r", "\r\n10.0.0.7\r\n\r\nOK\r\n");
    t.told.clear();
    t.session.address(t.now).unwrap();
    t.talk("AT+CIFSR\r", "\r\n10.0.0.7\r\n\r\nOK\r\n");
    let value = Value::Address(Ipv4Addr::new(10, 0, 0, 7));
    t.told(&[Event::Done { action: Action::Address, link: None, value }]);

    t.session.open(t.now, Link(3), Transport::Tcp, "example.com", 80, 0).unwrap();
    t.talk("AT+CIPSTART=3,\"TCP\",\"example.com\",80\r", "\r\nOK\r\n\r\n3, CONNECT OK\r\n");
    t.told(&[Event::Opened { link: Link(3) }]);
    t.session.send(t.now, Link(3), b"hello", None).unwrap();
    t.talk("AT+CIPSEND=3,5\r", "\r\n> ");
    t.talk("hello", OK);
    // A plain `OK` says that it is queued, not that the peer has it.
    t.told(&[Event::Sent { link: Link(3), outcome: Outcome::Accepted(5) }]);
    t.module("\r\n+RECEIVE,3,6:\r\n\r\nOK\r\n");
    assert_eq!(core::mem::take(&mut t.told), ["Some(Link(3)) \\r\\nOK\\r\\n"]);
    t.session.close(t.now, Link(3), How::Slow).unwrap();
    t.talk("AT+CIPCLOSE=3\r", OK);
    let done = Event::Done { action: Action::Close, link: Some(Link(3)), value: Value::None };
    t.told(&[Event::Closed { link: Link(3), why: Closing::Local, certain: true }, done]);
    // What it does not have is refused at the call.
    let refused = crate::Refused::NotInDialect;
    assert_eq!(t.session.resolve(t.now, "example.com"), Err(refused));
    assert_eq!(t.session.listen(t.now, 0, Transport::Tcp, 80, 1), Err(refused));
    assert_eq!(t.session.send(t.now, Link(3), &[0; 513], None), Err(crate::Refused::NotOpen));
    assert_eq!(t.session.max_payload(), 512);
}

#[test]
fn its_marker_finds_the_lines_step_again() {
    let mut t = Talk::new();
    t.session.signal(t.now).unwrap();
    t.talk("AT+CSQ\r", "");
    t.now = t.now.after(9000);
    t.talk("AT+CIPMUX?\r", "\r\n+CIPMUX: 1\r\n\r\nOK\r\n");
    t.now = t.now.after(3000);
    t.module("");
    t.told.clear();
    t.session.signal(t.now).unwrap();
    t.talk("AT+CSQ\r", "\r\n+CSQ: 20,0\r\n\r\nOK\r\n");
    t.told(&[Event::Done { action: Action::Signal, link: None, value: Value::Signal(20, 0) }]);
}

#[test]
fn its_rows_are_complete() {
    for row in ROWS {
        assert!(!row.source.is_empty() && !row.replies.is_empty() && row.timeout_ms > 0, "{}", row.text);
    }
    assert!(NOTICES.iter().all(|n| !n.source.is_empty() && !n.report.is_empty()));
}
