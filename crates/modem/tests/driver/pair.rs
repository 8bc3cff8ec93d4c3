//! A session and a virtual modem over a serial line, under virtual time.

use crate::interleave::Tap;
use simcom_at::{Action, Event, Instant, Link, Outcome, Pin, Session, Settings, Value};
use simcom_modem::bench::Desk;
use simcom_modem::loopback::Loopback;
use simcom_modem::{Modem, Profile};

/// An event with its bytes and its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    pub what: What,
    pub at: u32,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    Received { link: Option<u8>, bytes: Vec<u8>, left: u16 },
    Line(String),
    Failed { action: Action, link: Option<u8>, text: String, event: Event<'static> },
    Other(Event<'static>),
}

pub struct Pair {
    pub session: Session<Vec<u8>>,
    pub desk: Desk<Loopback>,
    pub told: Vec<Told>,
    /// What went over the line, for people.
    pub log: String,
    /// The sender of each whole payload, in order.
    pub senders: Vec<String>,
    /// Where notices can be put in.
    pub tap: Tap,
    pub settings: Settings,
    /// DTR and DCD are wired.
    pub wired: bool,
    input: Vec<u8>,
}

impl Pair {
    pub fn new(dialect: simcom_at::Dialect, settings: Settings, network: Loopback) -> Self {
        let now = Instant::from_millis(0);
        let modem = Modem::new(Profile::new(dialect), now);
        let desk = Desk::new(modem, network, now);
        let session = Session::new(dialect.spec(), settings, now, vec![0; 2048]);
        Self {
            session,
            desk,
            told: Vec::new(),
            log: String::new(),
            senders: Vec::new(),
            tap: Tap::default(),
            settings,
            wired: false,
            input: Vec::new(),
        }
    }

    pub fn now(&self) -> Instant {
        self.desk.now()
    }

    /// One turn: takes events, sends bytes; whether anything happened.
    pub fn turn(&mut self) -> bool {
        let now = self.desk.now();
        if self.wired {
            self.session.pin(now, Pin::Dcd, self.desk.modem.pins().dcd);
            self.desk.modem.dtr(now, self.session.pins().dtr);
        }
        let mut moved = false;
        let input = std::mem::take(&mut self.input);
        let mut rest = &input[..];
        let mut turns = 0;
        while let Some(event) = self.session.poll(now, &mut rest) {
            turns += 1;
            assert!(turns < 100_000, "poll gives events for ever: {event:?}\n{}", self.tail());
            moved = true;
            if let Event::Received { bytes, left, .. } = event {
                self.tap.payload(&input, bytes, left);
            }
            if let Event::Received { from, left: 0, .. } = event {
                self.senders.push(from.map_or(String::new(), |from| from.to_string()));
            }
            let text = String::from_utf8_lossy(self.session.text()).into_owned();
            let what = what_of(event, text);
            let line = match &what {
                What::Received { link, bytes, left } => {
                    format!("Received {link:?} {} left {left}", show(bytes))
                }
                other => format!("{other:?}"),
            };
            self.log.push_str(&format!("  {:>8} {line}\n", now.millis()));
            self.told.push(Told { what, at: now.millis() });
        }
        assert!(rest.is_empty(), "poll gave None and left input");
        self.tap.taken(self.session.is_data_mode());
        loop {
            let bytes = self.session.transmit();
            if bytes.is_empty() {
                break;
            }
            let n = match self.tap.write(bytes) {
                Some(damaged) => {
                    self.desk.host_write(&damaged);
                    bytes.len()
                }
                None => self.desk.host_write(bytes),
            };
            self.log.push_str(&format!("> {}\n", show(&bytes[..n])));
            if n == 0 {
                break;
            }
            self.session.transmitted(now, n);
            moved = true;
        }
        moved
    }

    /// Lets things happen until `done`, or for `ms`; whether it came.
    pub fn until(&mut self, ms: u32, mut done: impl FnMut(&Self) -> bool) -> bool {
        let end = self.desk.now().after(ms);
        let mut still = 0;
        loop {
            let moved = self.turn();
            if done(self) {
                return true;
            }
            if self.desk.now().reached(end) {
                return false;
            }
            let mut next = end;
            if let Some((at, _)) = self.session.deadline() {
                next = next.earlier(at);
            }
            let before = self.desk.now();
            let readable = self.desk.wait(next).unwrap_or_else(|e| panic!("{e}\n{}", self.tail()));
            if readable {
                loop {
                    let bytes = self.desk.host_read();
                    if bytes.is_empty() {
                        break;
                    }
                    let bytes = self.tap.read(bytes);
                    self.log.push_str(&format!("< {}\n", show(&bytes)));
                    self.input.extend_from_slice(&bytes);
                }
            }
            still = if moved || readable || self.desk.now() != before { 0 } else { still + 1 };
            assert!(
                still < 1000,
                "time stands still at {:?}, deadline {:?}\n{}",
                before,
                self.session.deadline(),
                self.tail()
            );
        }
    }

    /// Waits for the event and returns it; panics with the log when it does not come.
    pub fn expect(&mut self, ms: u32, from: usize, want: impl Fn(&What) -> bool) -> What {
        let found = |pair: &Self| pair.told[from..].iter().any(|t| want(&t.what));
        assert!(self.until(ms, found), "it did not come in {ms} ms\n{}", self.tail());
        self.told[from..].iter().find(|t| want(&t.what)).map(|t| t.what.clone()).expect("it was found")
    }

    /// Gives a command and waits for its `Done`.
    pub fn done(&mut self, action: Action, give: impl FnOnce(&mut Session<Vec<u8>>, Instant)) -> Value {
        let from = self.told.len();
        let now = self.now();
        give(&mut self.session, now);
        let want = |w: &What| {
            matches!(w, What::Other(Event::Done { action: a, .. }) if *a == action)
                || matches!(w, What::Failed { action: a, .. } if *a == action)
        };
        let got = self.expect(400_000, from, want);
        self.ready();
        match got {
            What::Other(Event::Done { value, .. }) => value,
            other => panic!("{other:?}\n{}", self.tail()),
        }
    }

    pub fn ready(&mut self) {
        assert!(self.until(400_000, |p| p.session.is_ready()), "never ready\n{}", self.tail());
    }

    /// Sends and waits for the outcome.
    pub fn send(&mut self, link: u8, bytes: &[u8]) -> Outcome {
        let from = self.told.len();
        let now = self.now();
        self.session.send(now, Link(link), bytes, None).unwrap_or_else(|e| panic!("{e}\n{}", self.tail()));
        let want = |w: &What| matches!(w, What::Other(Event::Sent { link: l, .. }) if l.0 == link);
        let got = self.expect(800_000, from, want);
        self.ready();
        match got {
            What::Other(Event::Sent { outcome, .. }) => outcome,
            other => panic!("{other:?}"),
        }
    }

    /// All bytes received on a link.
    pub fn received(&self, link: u8) -> Vec<u8> {
        self.told.iter().fold(Vec::new(), |mut all, told| {
            if let What::Received { link: Some(l), bytes, .. } = &told.what
                && *l == link
            {
                all.extend_from_slice(bytes);
            }
            all
        })
    }

    pub fn has(&self, want: impl Fn(&Event<'static>) -> bool) -> bool {
        self.told.iter().any(|t| match &t.what {
            What::Other(event) => want(event),
            What::Failed { event, .. } => want(event),
            What::Received { .. } | What::Line(_) => false,
        })
    }

    pub fn tail(&self) -> String {
        let lines: Vec<&str> = self.log.lines().collect();
        lines[lines.len().saturating_sub(80)..].join("\n")
    }
}

/// An event with its bytes and its text, for later.
pub fn what_of(event: Event<'_>, text: String) -> What {
    match event {
        Event::Received { link, bytes, left, .. } => {
            What::Received { link: link.map(|l| l.0), bytes: bytes.to_vec(), left }
        }
        Event::Line { .. } => What::Line(text),
        Event::Failed { action, link, step, why, remedy } => What::Failed {
            action,
            link: link.map(|l| l.0),
            text,
            event: Event::Failed { action, link, step, why, remedy },
        },
        other => What::Other(detach(other)),
    }
}

fn show(bytes: &[u8]) -> String {
    let text = bytes.escape_ascii().to_string();
    if text.len() > 160 { format!("{}… ({} bytes)", &text[..160], bytes.len()) } else { text }
}

/// An event without borrowed bytes.
fn detach(event: Event<'_>) -> Event<'static> {
    match event {
        Event::Received { link, from, left, .. } => Event::Received { link, from, bytes: b"", left },
        Event::Ready => Event::Ready,
        Event::Done { action, link, value } => Event::Done { action, link, value },
        Event::Failed { action, link, step, why, remedy } => {
            Event::Failed { action, link, step, why, remedy }
        }
        Event::Opened { link } => Event::Opened { link },
        Event::Accepted { link, from } => Event::Accepted { link, from },
        Event::Sent { link, outcome } => Event::Sent { link, outcome },
        Event::PeerClosed { link } => Event::PeerClosed { link },
        Event::Closed { link, why, certain } => Event::Closed { link, why, certain },
        Event::LinkStatus { link, state } => Event::LinkStatus { link, state },
        Event::NetworkDown { context } => Event::NetworkDown { context },
        Event::Registration { packet, stat } => Event::Registration { packet, stat },
        Event::Restarted => Event::Restarted,
        Event::Power { down } => Event::Power { down },
        Event::Ring => Event::Ring,
        Event::Sms { index } => Event::Sms { index },
        Event::Line { more } => Event::Line { more },
        Event::Lost { what, link, bytes } => Event::Lost { what, link, bytes },
        _ => Event::Line { more: false },
    }
}
