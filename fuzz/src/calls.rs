//! Calls of a session, made of bytes.

use crate::order::Order;
use simcom_at::{Action, Context, How, Instant, Link, Refused, Session, Settings, SocketAddrV4, Transport};

/// A session over a buffer of the length under test.
pub type Host = Session<Vec<u8>>;

/// Settings by the bits of a byte.
pub fn settings(bits: u8) -> Settings {
    Settings {
        single: bits & 1 != 0,
        push: bits & 2 != 0,
        transparent: bits & 4 != 0,
        any_peer: bits & 8 != 0,
        quick: bits & 16 != 0,
        modem_lines: bits & 32 != 0,
        flow_control: bits & 64 != 0,
        ..Settings::default()
    }
}

const HOSTS: [&str; 8] =
    ["localhost", "127.0.0.1", "example.com", "10.1.1.1", "nowhere.invalid", "", "a\"b", "255.255.255.255"];
const PORTS: [u16; 8] = [7, 9, 19, 13, 80, 4444, 6666, 65_535];
const LINES: [&str; 8] =
    ["AT", "AT+CGATT?", "AT+CIPSTATUS", "ATI", "AT+CIFSR", "AT+NOSUCH", "AT+CIPCLOSE", "AT+CSQ;+CREG?"];

/// One call: `what` says which, `arg` with what. Tells `order` when the session took it.
pub fn call(session: &mut Host, now: Instant, order: &mut Order, what: u8, arg: u8) {
    let link = Link(arg % 11);
    let bits = arg >> 4;
    let text = |texts: [&'static str; 8]| texts[usize::from(bits & 7)];
    let (action, taken) = match what % 27 {
        0..=3 => {
            let udp = what & 64 != 0;
            let transport = if udp { Transport::Udp } else { Transport::Tcp };
            let host = HOSTS[usize::from(what >> 5)];
            let port = PORTS[usize::from(bits & 7)];
            (Action::Open, session.open(now, link, transport, host, port, u16::from(what & 128) * 20))
        }
        4..=7 => {
            let to = SocketAddrV4::new([10, 9, 8, arg].into(), 7);
            let payload = payload(what, arg);
            (Action::Send, session.send(now, link, &payload, Some(to).filter(|_| what & 128 != 0)))
        }
        8 => {
            let credit = [0, 1, 100, 1460, u16::MAX][usize::from(bits) % 5];
            let _ = session.receive(now, link, credit);
            return;
        }
        9 => {
            let how = if bits & 1 == 0 { How::Slow } else { How::Quick };
            (Action::Close, session.close(now, link, how))
        }
        10 => (Action::Probe, session.probe(now)),
        11 | 12 => (Action::Attach, session.attach(now, Context(u8::from(what % 27 == 12)), "CMNET", "", "")),
        13 => (Action::Shut, session.shut(now)),
        14 => (Action::Detach, session.detach(now)),
        15 => (Action::Resolve, session.resolve(now, text(HOSTS))),
        16 => (Action::Status, session.status(now)),
        17 => (Action::Raw, session.raw(now, text(LINES), u32::from(arg & 15) * 100)),
        18 => (Action::Sim, session.sim(now, Some("1234").filter(|_| bits & 1 == 0))),
        19 => match bits & 3 {
            0 => (Action::Signal, session.signal(now)),
            1 => (Action::Registration, session.registration(now)),
            2 => (Action::Address, session.address(now)),
            _ => (Action::Room, session.room(now, link)),
        },
        20 => (Action::Acknowledged, session.acknowledged(now, link)),
        21 => (Action::Context, session.context(now, Context(bits & 1))),
        22 => {
            let transport = if bits & 4 == 0 { Transport::Tcp } else { Transport::Udp };
            (Action::Listen, session.listen(now, bits & 3, transport, 8888, arg & 7))
        }
        23 => (Action::Unlisten, session.unlisten(now, bits & 3)),
        24 => (Action::UdpPeer, session.udp_peer(now, link, SocketAddrV4::new([10, 0, 0, arg].into(), 9))),
        25 => (Action::EnterData, session.enter_data(now)),
        _ => (Action::LeaveData, session.leave_data(now)),
    };
    match taken {
        Ok(()) => order.given(action, link),
        Err(Refused::Busy) if matches!(action, Action::Signal | Action::Registration) => {
            assert!(!session.is_ready(), "{action:?} is refused as busy, and the session is ready");
        }
        Err(_) => {}
    }
}

/// Payload that looks like what a module says.
pub fn payload(what: u8, arg: u8) -> Vec<u8> {
    let len = [1, 2, 5, 17, 100, 730, 1024, 1460][usize::from(arg >> 5)];
    let text = b"\r\nOK\r\n> \r\n+RECEIVE,1,5:\r\n\r\n0, CLOSED\r\nERROR\r\n+IPD5\r\n+++";
    text.iter().copied().cycle().skip(usize::from(what)).take(len).collect()
}
