//! The session's events as frozen classes.

use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyTuple};
use simcom_at::{Code, Event, Outcome, Value, Why};

use crate::convert::{Member, Peer, member, number, snake};
use crate::record::record;

record! {
    /// The line is free: the next command may be given.
    Ready {}
}
record! {
    /// A command ended well; `value` is its answer.
    Done { action: Member, link: Option<u8>, value: Py<PyAny>, }
}
record! {
    /// A command ended badly. `code` is the number or the text that came with it, `text` the module's line.
    Failed {
        action: Member,
        link: Option<u8>,
        step: u8,
        why: Member,
        code: Py<PyAny>,
        remedy: Member,
        text: Py<PyBytes>,
    }
}
record! {
    /// A link is open.
    Opened { link: u8, }
}
record! {
    /// A peer opened a link to our server.
    Accepted { link: u8, peer: Peer, }
}
record! {
    /// A `send` has ended. `size`: the bytes taken (`accepted`), or the most that may have been sent (`unknown`).
    Sent { link: u8, outcome: Member, size: Option<u16>, }
}
record! {
    /// Payload; `left`: bytes of it that still come.
    Received { link: Option<u8>, data: Py<PyBytes>, peer: Option<Peer>, left: u16, }
}
record! {
    /// The peer has closed; unread data may still follow, then `Closed`.
    PeerClosed { link: u8, }
}
record! {
    /// The last event of a link. `certain` is false when it was only inferred.
    Closed { link: u8, why: Member, certain: bool, }
}
record! {
    /// A row of `status`.
    LinkStatus { link: u8, state: Member, }
}
record! {
    /// The context or the network is gone.
    NetworkDown { context: u8, }
}
record! {
    /// A registration notice: `+CGREG` (packet) rather than `+CREG`; 1 home, 5 roaming.
    Registration { packet: bool, stat: u8, }
}
record! {
    /// The module has started anew; all links are closed.
    Restarted {}
}
record! {
    /// A power warning; `down`: the module switches off.
    Power { down: bool, }
}
record! {
    /// A call comes in.
    Ring {}
}
record! {
    /// A message came in; `index` is its number in the store.
    Sms { index: u16, }
}
record! {
    /// A line the session does not use; `more`: another piece of it follows.
    Line { text: Py<PyBytes>, more: bool, }
}
record! {
    /// Bytes that are lost.
    Lost { what: Member, link: Option<u8>, size: u16, }
}
record! {
    /// An event that this version of the package does not know; `text` is its name and fields.
    Other { text: String, }
}
record! {
    /// `signal`'s answer: rssi 0–31, ber 0–7, or 99 for unknown.
    Signal { rssi: u8, ber: u8, }
}

record! {
    /// `acknowledged`'s answer: bytes sent, and acknowledged by the peer, so far.
    Ack { sent: u32, acked: u32, }
}

/// Puts the classes into the module.
pub fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    macro_rules! add {
        ($($name:ident)*) => { $(module.add_class::<$name>()?;)* };
    }
    add!(Ready Done Failed Opened Accepted Sent Received PeerClosed Closed LinkStatus NetworkDown);
    add!(Registration Restarted Power Ring Sms Line Lost Other Signal Ack);
    Ok(())
}

/// The event as a Python object; `text` is the line behind it.
pub fn object(py: Python<'_>, event: &Event<'_>, text: &[u8]) -> PyResult<Py<PyAny>> {
    let bytes = |bytes: &[u8]| PyBytes::new(py, bytes).unbind();
    macro_rules! make {
        ($name:ident { $($field:ident $(: $value:expr)?),* $(,)? }) => {
            Py::new(py, $name { $($field $(: $value)?),* })?.into_any()
        };
    }
    Ok(match *event {
        Event::Received { link, from, bytes: data, left } => {
            make!(Received { link: number(link), data: bytes(data), peer: from.map(Peer), left })
        }
        Event::Sent { link, outcome } => {
            let size = match outcome {
                Outcome::Accepted(size) | Outcome::Unknown(size) => Some(size),
                _ => None,
            };
            make!(Sent { link: link.0, outcome: member(py, "Outcome", &outcome)?, size })
        }
        Event::Ready => make!(Ready {}),
        Event::Done { action, link, value } => {
            let value = value_object(py, value)?;
            make!(Done { action: member(py, "Action", &action)?, link: number(link), value })
        }
        Event::Failed { action, link, step, why, remedy } => {
            make!(Failed {
                action: member(py, "Action", &action)?,
                link: number(link),
                step,
                why: member(py, "Why", &why)?,
                code: code_object(py, why, text)?,
                remedy: member(py, "Remedy", &remedy)?,
                text: bytes(text),
            })
        }
        Event::Opened { link } => make!(Opened { link: link.0 }),
        Event::Accepted { link, from } => make!(Accepted { link: link.0, peer: Peer(from) }),
        Event::PeerClosed { link } => make!(PeerClosed { link: link.0 }),
        Event::Closed { link, why, certain } => {
            make!(Closed { link: link.0, why: member(py, "Closing", &why)?, certain })
        }
        Event::LinkStatus { link, state } => {
            make!(LinkStatus { link: link.0, state: member(py, "LinkState", &state)? })
        }
        Event::NetworkDown { context } => make!(NetworkDown { context: context.0 }),
        Event::Registration { packet, stat } => make!(Registration { packet, stat }),
        Event::Restarted => make!(Restarted {}),
        Event::Power { down } => make!(Power { down }),
        Event::Ring => make!(Ring {}),
        Event::Sms { index } => make!(Sms { index }),
        Event::Line { more } => make!(Line { text: bytes(text), more }),
        Event::Lost { what, link, bytes } => {
            make!(Lost { what: member(py, "Loss", &what)?, link: number(link), size: bytes })
        }
        ref other => make!(Other { text: format!("{other:?}") }),
    })
}

/// A command's answer: `None`, an address, a tuple of addresses, a `Signal`, an `Ack`, a number, or whether the SIM is ready. One
/// that this version does not know comes as a tuple of its name and numbers.
fn value_object(py: Python<'_>, value: Value) -> PyResult<Py<PyAny>> {
    Ok(match value {
        Value::None => py.None(),
        Value::Address(address) => address.to_string().into_pyobject(py)?.into_any().unbind(),
        Value::Addresses(first, second) => {
            let all: Vec<String> = std::iter::once(first).chain(second).map(|ip| ip.to_string()).collect();
            PyTuple::new(py, all)?.into_any().unbind()
        }
        Value::Signal(rssi, ber) => Py::new(py, Signal { rssi, ber })?.into_any(),
        Value::Registration(stat) => stat.into_pyobject(py)?.into_any().unbind(),
        Value::Sim(ready) => ready.into_pyobject(py)?.to_owned().into_any().unbind(),
        Value::Room(room) => room.into_pyobject(py)?.into_any().unbind(),
        Value::Ack { sent, acked } => Py::new(py, Ack { sent, acked })?.into_any(),
        other => {
            let said = format!("{other:?}");
            let digits = said.split(|letter: char| !letter.is_ascii_digit());
            let numbers: Vec<u64> = digits.filter_map(|digits| digits.parse().ok()).collect();
            (snake(&said), numbers).into_pyobject(py)?.into_any().unbind()
        }
    })
}

/// The number or text of an error.
fn code_object(py: Python<'_>, why: Why, text: &[u8]) -> PyResult<Py<PyAny>> {
    let number = |number: u16| Ok(number.into_pyobject(py)?.into_any().unbind());
    match why {
        Why::Cme(code) | Why::Cms(code) | Why::Ip(code) => match code {
            Code::Number(code) => number(code),
            Code::Text(span) => {
                let words = String::from_utf8_lossy(span.of(text)).into_owned();
                Ok(words.into_pyobject(py)?.into_any().unbind())
            }
        },
        Why::Err(code) | Why::Dns(code) => number(code),
        _ => Ok(py.None()),
    }
}
