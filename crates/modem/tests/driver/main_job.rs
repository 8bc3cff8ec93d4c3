//! The main job in every dialect: bring-up, links, data both ways, closing.

use crate::pair::{Pair, What};
use simcom_at::{Action, Context, Dialect, Event, How, Link, Settings, Transport};
use simcom_modem::loopback::{Loopback, LoopbackSettings};

pub const DIALECTS: [Dialect; 6] =
    [Dialect::Sim800, Dialect::Sim800e, Dialect::Sim7000, Dialect::Kingcom, Dialect::A7600, Dialect::Rda8955];

pub fn network(seed: u64) -> Loopback {
    Loopback::new(LoopbackSettings::default(), seed)
}

/// Bytes that look like everything a module says; without what Kingcom cannot send when `safe`.
pub fn nasty(len: usize, safe: bool) -> Vec<u8> {
    let parts: [&[u8]; 9] = [
        b"\r\nOK\r\n",
        b"\r\n> ",
        b"\r\n+RECEIVE,1,5:\r\n",
        b"\r\n0, CLOSED\r\n",
        b"\r\n+IPD5\r\n",
        b"\r\nERROR\r\n",
        b"+CIPRXGET: 2,0,9,0\r\n",
        b"\x00\xff\x7f",
        b"\r\n+CIPSEND: 0,5,5\r\n",
    ];
    let mut out: Vec<u8> = parts.iter().cycle().flat_map(|p| p.iter().copied()).take(len).collect();
    if !safe {
        for (i, b) in out.iter_mut().enumerate().filter(|(i, _)| i % 37 == 5) {
            *b = if i % 2 == 0 { 0x1a } else { 0x1b };
        }
    }
    out
}

pub fn up(pair: &mut Pair) {
    pair.done(Action::Probe, |s, now| s.probe(now).unwrap());
    pair.done(Action::Attach, |s, now| s.attach(now, Context(0), "CMNET", "", "").unwrap());
}

pub fn open(pair: &mut Pair, link: u8, transport: Transport, port: u16) {
    let from = pair.told.len();
    let now = pair.now();
    pair.session.open(now, Link(link), transport, "localhost", port, 0).unwrap();
    let want = |w: &What| {
        matches!(w, What::Other(Event::Opened { link: l }) if l.0 == link)
            || matches!(w, What::Failed { action: Action::Open, .. })
    };
    let got = pair.expect(400_000, from, want);
    assert!(matches!(got, What::Other(Event::Opened { .. })), "{got:?}\n{}", pair.tail());
    pair.ready();
}

fn round(dialect: Dialect, settings: Settings) {
    let mut pair = Pair::new(dialect, settings, network(7));
    up(&mut pair);
    open(&mut pair, 0, Transport::Tcp, 7);
    let safe = dialect == Dialect::Kingcom;
    let max = usize::from(pair.session.max_payload());
    let mut sent = Vec::new();
    for len in [1, 2, 100, max] {
        let bytes = nasty(len, safe);
        pair.send(0, &bytes);
        sent.extend_from_slice(&bytes);
    }
    let want = sent.clone();
    assert!(pair.until(200_000, |p| p.received(0).len() >= want.len()), "echo did not come\n{}", pair.tail());
    assert!(pair.received(0) == sent, "the echo differs\n{}", pair.tail());
    let now = pair.now();
    let from = pair.told.len();
    pair.session.close(now, Link(0), How::Slow).unwrap();
    pair.expect(200_000, from, |w| matches!(w, What::Other(Event::Closed { certain: true, .. })));
    pair.expect(1000, from, |w| matches!(w, What::Other(Event::Done { action: Action::Close, .. })));
    pair.ready();
    pair.done(Action::Shut, |s, now| s.shut(now).unwrap());
    pair.done(Action::Detach, |s, now| s.detach(now).unwrap());
}

#[test]
fn a_tcp_link_carries_anything_both_ways_in_every_dialect_and_mode() {
    for dialect in DIALECTS {
        for (single, push) in [(false, false), (true, false), (false, true), (true, true)] {
            round(dialect, Settings { single, push, ..Settings::default() });
        }
    }
}
