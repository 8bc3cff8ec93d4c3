//! Calls the whole session API with arguments that the optimizer cannot know.

use core::hint::black_box;

use simcom_at::{Context, Dialect, Event, How, Instant, Link, Session, Settings, SocketAddrV4, Transport};

/// The program around the session; its size does not count.
#[inline(never)]
pub fn harness(bytes: &[u8]) {
    let spec = black_box(Dialect::Sim800).spec();
    let mut session = Session::new(spec, black_box(Settings::default()), now(), [0; 256]);
    commands(&mut session, black_box("text"), black_box(Link(0)), bytes);
    let mut input = bytes;
    while let Some(event) = poll(&mut session, &mut input) {
        black_box(event);
    }
}

// Not inlined, so that the session's code does not count as the harness's.

#[inline(never)]
fn poll<'i>(session: &mut Session<[u8; 256]>, input: &mut &'i [u8]) -> Option<Event<'i>> {
    let event = session.poll(now(), input);
    black_box(session.text());
    let sent = black_box(session.transmit()).len();
    session.transmitted(now(), sent);
    event
}

#[inline(never)]
fn commands(session: &mut Session<[u8; 256]>, text: &str, link: Link, bytes: &[u8]) {
    let number = black_box(1);
    let to: Option<SocketAddrV4> = black_box(None);
    let answers = [
        session.probe(now()),
        session.sim(now(), black_box(Some(text))),
        session.signal(now()),
        session.registration(now()),
        session.attach(now(), Context(0), text, text, text),
        session.detach(now()),
        session.address(now()),
        session.open(now(), link, black_box(Transport::Tcp), text, number, number),
        session.send(now(), link, bytes, to),
        session.receive(now(), link, number),
        session.close(now(), link, black_box(How::Slow)),
        session.shut(now()),
        session.resolve(now(), text),
        session.status(now()),
        session.raw(now(), text, u32::from(number)),
    ];
    let _ = black_box(answers);
    black_box((session.deadline(), session.is_ready(), session.max_payload()));
    session.abandon(now());
    session.reset(now());
}

fn now() -> Instant {
    Instant::from_millis(black_box(0))
}
