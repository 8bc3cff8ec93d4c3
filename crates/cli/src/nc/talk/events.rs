//! What the session's events make of the talk.

use std::io::{self, Write as _};
use std::time::Instant;

use simcom_at::{Action, Closing, Event, Outcome, Remedy, Value};

use super::Talk;
use crate::driver::failed;
use crate::error::Error;

/// How often a payload that the module did not take is sent again.
const TRIES: u32 = 3;

impl Talk {
    /// Takes an event of the session.
    pub fn event(&mut self, event: Event<'_>, text: &[u8]) {
        match event {
            Event::Opened { .. } => (self.is_opening, self.is_open) = (false, true),
            Event::Accepted { link, from } if self.is_listening && self.accepted.is_none() => {
                self.opens();
                (self.is_opening, self.is_open, self.link) = (false, true, link);
                self.accepted = Some((link, from));
            }
            Event::Accepted { link, .. } => self.others.push(link),
            // Of a client that nobody serves.
            Event::Received { link: Some(link), .. } if link != self.link => {}
            Event::Received { bytes, .. } => {
                self.last = Instant::now();
                self.write(bytes);
            }
            Event::Sent { link, outcome } if link == self.link => self.sent(outcome),
            Event::Closed { link, why, .. } if link == self.link => {
                (self.closed, self.is_open) = (Some(why), false);
            }
            Event::Closed { link, .. } => self.others.retain(|other| *other != link),
            Event::NetworkDown { .. } => self.is_down = true,
            Event::Restarted => self.has_restarted = true,
            Event::Lost { bytes, .. } => {
                self.problem(Error::module(format!("{bytes} received bytes were lost")));
            }
            Event::Done { action: Action::Acknowledged, value: Value::Ack { sent, acked }, .. } => {
                self.sums.all_but(usize::try_from(sent.wrapping_sub(acked)).unwrap_or(usize::MAX));
            }
            Event::Failed { action: Action::Open, .. } => self.is_opening = false,
            Event::Failed { action: Action::Close, .. } if self.is_closing => {
                (self.closed, self.is_open) = (Some(Closing::Local), false);
            }
            Event::Failed { action: action @ Action::Send, why, remedy, .. } => {
                self.problem(failed(action, why, remedy, text));
            }
            Event::Failed { action: action @ Action::LeaveData, why, .. } => {
                // Without commands nothing can be closed.
                self.problem(failed(action, why, Remedy::Restart, text));
                (self.closed, self.is_open) = (Some(Closing::Local), false);
            }
            _ => {}
        }
    }

    fn write(&mut self, bytes: &[u8]) {
        let mut out = io::stdout().lock();
        if let Err(error) = out.write_all(bytes).and_then(|()| out.flush()) {
            self.problem(Error::stdout(&error));
        }
    }

    fn sent(&mut self, outcome: Outcome) {
        let len = self.sending.take().unwrap_or_default();
        self.last = Instant::now();
        self.last_sent = self.last;
        self.tries += 1;
        match outcome {
            Outcome::Delivered => {
                self.sums.delivered();
                self.taken(len);
            }
            Outcome::Accepted(taken) if usize::from(taken) == len => {
                self.accepted_bytes(len);
                self.taken(len);
            }
            Outcome::Accepted(taken) => {
                self.accepted_bytes(taken.into());
                self.taken(taken.into());
                self.fails(&format!("the module took {taken} of {len} bytes"));
            }
            Outcome::NotSent if self.tries < TRIES => {}
            Outcome::NotSent => self.fails("the module does not take the data"),
            Outcome::Unknown(bytes) => {
                self.sums.unknown(bytes.into());
                self.taken(len);
                self.fails(&format!("it is not known whether the last {bytes} bytes were sent"));
            }
            _ => self.fails("the send ended in an unknown way"),
        }
    }

    /// A datagram is never confirmed.
    fn accepted_bytes(&mut self, len: usize) {
        if self.follows && !self.is_udp {
            self.sums.accepted(len);
        }
    }

    pub(super) fn taken(&mut self, len: usize) {
        self.tries = 0;
        self.waiting.drain(..len.min(self.waiting.len()));
    }

    fn fails(&mut self, message: &str) {
        self.problem(Error::module(message).remedy(Remedy::Reopen));
    }

    /// The first problem is the one to tell.
    pub(super) fn problem(&mut self, error: Error) {
        self.problem.get_or_insert(error);
    }
}
