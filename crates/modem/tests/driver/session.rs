//! The contracts of a session one by one, mostly with a scripted module: exact bytes both ways.

mod bring_up;
mod credit;
mod driving;
mod ends;
mod left_over;
mod links;
mod out_of_step;
mod raw;
mod refused;
pub mod script;
mod sends;
mod settings;
mod status;

use crate::pair::What;
use simcom_at::{Action, Closing, Event, Link, Loss, Outcome, Remedy, Value, Why};

pub fn opened(link: u8) -> What {
    What::Other(Event::Opened { link: Link(link) })
}

pub fn peer_closed(link: u8) -> What {
    What::Other(Event::PeerClosed { link: Link(link) })
}

pub fn closed(link: u8, why: Closing, certain: bool) -> What {
    What::Other(Event::Closed { link: Link(link), why, certain })
}

pub fn unread(link: u8, bytes: u16) -> What {
    What::Other(Event::Lost { what: Loss::Unread, link: Some(Link(link)), bytes })
}

pub fn sent(link: u8, outcome: Outcome) -> What {
    What::Other(Event::Sent { link: Link(link), outcome })
}

pub fn done(action: Action) -> What {
    What::Other(Event::Done { action, link: None, value: Value::None })
}

pub fn closed_by_us(link: u8) -> What {
    What::Other(Event::Done { action: Action::Close, link: Some(Link(link)), value: Value::None })
}

pub fn received(link: u8, bytes: &[u8], left: u16) -> What {
    What::Received { link: Some(link), bytes: bytes.to_vec(), left }
}

pub fn line(text: &str) -> What {
    What::Line(text.to_owned())
}

/// Action, link and cause of a failure.
pub fn cause(what: &What) -> Option<(Action, Option<u8>, Why, Remedy)> {
    match what {
        What::Failed { action, link, event: Event::Failed { why, remedy, .. }, .. } => {
            Some((*action, *link, *why, *remedy))
        }
        _ => None,
    }
}
