//! The session against clones and their relatives: every spelling of pushed data, and of the peer's close.

use crate::main_job::{nasty, network, open, up};
use crate::pair::{Pair, What};
use simcom_at::{Closing, Dialect, Event, Instant, Settings, Transport};
use simcom_modem::bench::Desk;
use simcom_modem::net::Socket;
use simcom_modem::{ClonePush, Modem, Profile};

fn relative(clone_push: ClonePush, settings: Settings) -> Pair {
    let mut pair = Pair::new(Dialect::Rda8955, settings, network(7));
    let now = Instant::from_millis(0);
    let profile = Profile { clone_push, tcp_closed: true, ..Profile::new(Dialect::Rda8955) };
    pair.desk = Desk::new(Modem::new(profile, now), network(7), now);
    up(&mut pair);
    pair
}

#[test]
fn what_a_relative_pushes_arrives_whole_and_so_does_its_close() {
    for push in [ClonePush::Receive, ClonePush::A9, ClonePush::A6, ClonePush::NextLine] {
        let mut pair = relative(push, Settings { push: true, ..Settings::default() });
        open(&mut pair, 3, Transport::Tcp, 9);
        let token = pair.desk.network.peer_of(Socket(3)).unwrap().token();
        let bytes = nasty(4000, false);
        let (from, now) = (pair.told.len(), pair.now());
        pair.desk.network.peer_send(now, token, &bytes);
        pair.desk.network.peer_close(now, token);
        pair.expect(60_000, from, |w| {
            matches!(w, What::Other(Event::Closed { why: Closing::Peer, certain: true, .. }))
        });
        assert!(pair.received(3) == bytes, "{push:?}\n{}", pair.tail());
    }
}

#[test]
fn what_waits_in_a_relative_is_read_after_its_close() {
    let mut pair = relative(ClonePush::A9, Settings::default());
    open(&mut pair, 1, Transport::Tcp, 9);
    let token = pair.desk.network.peer_of(Socket(1)).unwrap().token();
    let bytes = nasty(5000, false);
    let (from, now) = (pair.told.len(), pair.now());
    pair.desk.network.peer_send(now, token, &bytes);
    pair.desk.network.peer_close(now, token);
    pair.expect(60_000, from, |w| matches!(w, What::Other(Event::Closed { why: Closing::Peer, .. })));
    assert!(pair.received(1) == bytes, "{}", pair.tail());
}
