//! The session's events as plain objects.

use simcom_at::{Code, Event, Outcome, Value, Why};
use wasm_bindgen::prelude::*;

use crate::convert::{Make, bytes, peer, texts, variant};

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
/** The session's commands, as events name them. */
export type Action =
  | "probe" | "sim" | "signal" | "registration" | "attach" | "detach" | "address" | "open" | "send" | "close" | "shut"
  | "resolve" | "status" | "raw" | "listen" | "unlisten" | "acknowledged" | "room" | "context" | "udp_peer"
  | "enter_data" | "leave_data" | "set" | "ask" | "sleep" | "wake";

/** The settings of a module, by the names of their commands; `dcd`, `dtr` and `write` are `AT&C`, `AT&D` and `AT&W`. */
export type Setting =
  | "cdnscfg" | "cfun" | "cgact" | "cgatt" | "cgdcont" | "cgreg" | "cipats" | "cipccfg" | "cipcsgp" | "cipdpdp"
  | "ciphead" | "cipmode" | "cipmux" | "cipqsend" | "ciprxget" | "cipscont" | "cipsendmode" | "cipshowtp" |
  "cipsprt" | "cipsrip" | "ciptimeout" | "cipudpmode" | "clport" | "cmee" | "creg" | "csclk" | "cstt" | "ifc" |
  "dcd" | "dtr" | "write";

/** What a command answered: an address, addresses, a signal, a number, whether the SIM is ready; `undefined`: no more than success. */
export type Value =
  | undefined
  | { type: "address"; address: string }
  | { type: "addresses"; addresses: string[] }
  | { type: "signal"; rssi: number; ber: number }
  | { type: "registration"; stat: number }
  | { type: "sim"; ready: boolean }
  | { type: "room"; bytes: number }
  | { type: "ack"; sent: number; acked: number }
  | { type: "other"; text: string };

/** Why a command failed. */
export type Why =
  | "error" | "cme" | "cms" | "ip" | "err" | "connect_fail" | "already_connected" | "dns" | "no_response" | "timeout"
  | "interrupted";

/** What to do about a failure. */
export type Remedy = "none" | "retry" | "reopen" | "shut" | "restart";

/** What happened. */
export type Event =
  | { type: "Ready" }
  | { type: "Done"; action: Action; link?: number; value: Value }
  | { type: "Failed"; action: Action; link?: number; step: number; why: Why; code?: number | string; remedy: Remedy; text: string }
  | { type: "Opened"; link: number }
  | { type: "Accepted"; link: number; from: Peer }
  | { type: "Sent"; link: number; outcome: "delivered" | "accepted" | "not_sent" | "unknown"; bytes?: number }
  | { type: "Received"; link?: number; from?: Peer; bytes: Uint8Array; left: number }
  | { type: "PeerClosed"; link: number }
  | { type: "Closed"; link: number; why: "local" | "peer" | "network" | "restart" | "unsaid"; certain: boolean }
  | { type: "LinkStatus"; link: number; state: "initial" | "connecting" | "connected" | "remote_closing" | "closing" | "closed" | "other"; text: string }
  | { type: "NetworkDown"; context: number }
  | { type: "Registration"; packet: boolean; stat: number }
  | { type: "Restarted" }
  | { type: "Power"; down: boolean }
  | { type: "Ring" }
  | { type: "Sms"; index: number }
  | { type: "Line"; text: string; more: boolean }
  | { type: "Lost"; what: "payload" | "unread"; link?: number; bytes: number }
  | { type: "Other"; text: string };
"#;

/// The event as an object; `text` is the line behind it.
pub fn object(event: &Event<'_>, text: &[u8]) -> JsValue {
    let make = |name: &str| Make::new().word("type", name);
    let said = || String::from_utf8_lossy(text);
    match *event {
        Event::Received { link, from, bytes: data, left } => {
            let it = make("Received").number_if("link", link.map(|link| link.0));
            let it = match from {
                Some(from) => it.value("from", peer(from)),
                None => it,
            };
            it.value("bytes", bytes(data)).number("left", left).done()
        }
        Event::Sent { link, outcome } => {
            let size = match outcome {
                Outcome::Accepted(size) | Outcome::Unknown(size) => Some(size),
                _ => None,
            };
            let it = make("Sent").number("link", link.0).word("outcome", &variant(&outcome));
            it.number_if("bytes", size).done()
        }
        Event::Ready => make("Ready").done(),
        Event::Done { action, link, value } => {
            let it = make("Done").word("action", &variant(&action));
            it.number_if("link", link.map(|link| link.0)).value("value", value_object(value)).done()
        }
        Event::Failed { action, link, step, why, remedy } => {
            let it = make("Failed").word("action", &variant(&action));
            let it = it.number_if("link", link.map(|link| link.0)).number("step", step);
            let it = code(it.word("why", &variant(&why)), why, text);
            it.word("remedy", &variant(&remedy)).text("text", &said()).done()
        }
        Event::Opened { link } => make("Opened").number("link", link.0).done(),
        Event::Accepted { link, from } => {
            make("Accepted").number("link", link.0).value("from", peer(from)).done()
        }
        Event::PeerClosed { link } => make("PeerClosed").number("link", link.0).done(),
        Event::Closed { link, why, certain } => {
            make("Closed").number("link", link.0).word("why", &variant(&why)).value("certain", certain).done()
        }
        Event::LinkStatus { link, state } => {
            let it = make("LinkStatus").number("link", link.0);
            it.word("state", &variant(&state)).text("text", &said()).done()
        }
        Event::NetworkDown { context } => make("NetworkDown").number("context", context.0).done(),
        Event::Registration { packet, stat } => {
            make("Registration").value("packet", packet).number("stat", stat).done()
        }
        Event::Restarted => make("Restarted").done(),
        Event::Power { down } => make("Power").value("down", down).done(),
        Event::Ring => make("Ring").done(),
        Event::Sms { index } => make("Sms").number("index", index).done(),
        Event::Line { more } => make("Line").text("text", &said()).value("more", more).done(),
        Event::Lost { what, link, bytes } => {
            let it = make("Lost").word("what", &variant(&what));
            it.number_if("link", link.map(|link| link.0)).number("bytes", bytes).done()
        }
        ref other => make("Other").text("text", &format!("{other:?}")).done(),
    }
}

fn value_object(value: Value) -> JsValue {
    let make = |name: &str| Make::new().word("type", name);
    match value {
        Value::None => JsValue::UNDEFINED,
        Value::Address(address) => make("address").text("address", &address.to_string()).done(),
        Value::Addresses(first, second) => {
            let all: Vec<String> = std::iter::once(first).chain(second).map(|ip| ip.to_string()).collect();
            make("addresses").value("addresses", texts(all.iter().map(String::as_str))).done()
        }
        Value::Signal(rssi, ber) => make("signal").number("rssi", rssi).number("ber", ber).done(),
        Value::Registration(stat) => make("registration").number("stat", stat).done(),
        Value::Sim(ready) => make("sim").value("ready", ready).done(),
        Value::Room(room) => make("room").number("bytes", room).done(),
        Value::Ack { sent, acked } => make("ack").number("sent", sent).number("acked", acked).done(),
        other => make("other").text("text", &format!("{other:?}")).done(),
    }
}

/// The number or text of an error.
fn code(it: Make, why: Why, text: &[u8]) -> Make {
    match why {
        Why::Cme(code) | Why::Cms(code) | Why::Ip(code) => match code {
            Code::Number(code) => it.number("code", code),
            Code::Text(span) => it.text("code", &String::from_utf8_lossy(span.of(text))),
        },
        Why::Err(code) | Why::Dns(code) => it.number("code", code),
        _ => it,
    }
}
