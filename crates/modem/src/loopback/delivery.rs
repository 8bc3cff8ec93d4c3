//! What is under way to the modem, and in which order it comes.

use alloc::vec::Vec;
use simcom_at::{Instant, SocketAddrV4};

use super::peer::State;
use super::service::Answer;
use super::{Due, Loopback, What};
use crate::net::{Arrival, Reply};

impl Loopback {
    /// The time of one trip.
    pub(super) fn trip(&mut self) -> u32 {
        let jitter = match self.settings.jitter_ms {
            0 => 0,
            most => self.random.up_to(most),
        };
        self.settings.latency_ms.saturating_add(jitter)
    }

    pub(super) const fn token(&mut self) -> u32 {
        self.tokens = self.tokens.wrapping_add(1);
        self.tokens
    }

    /// Keeps the queue in order of arrival; behind what comes at the same time.
    pub(super) fn schedule(&mut self, due: Due) {
        let later = |queued: &&Due| due.at.until(queued.at) > 0;
        let place = self.queue.len() - self.queue.iter().rev().take_while(later).count();
        self.queue.insert(place, due);
    }

    pub(super) fn reply(&mut self, at: Instant, token: Option<u32>, reply: Reply) {
        self.schedule(Due { at, token, what: What::Arrival(Arrival::Reply(reply)) });
    }

    /// The place in the queue of what comes next: the first that nothing holds back.
    pub(super) fn next(&self) -> Option<usize> {
        let mut held = Vec::new();
        self.queue.iter().position(|due| {
            let (Some(token), What::Data { .. } | What::End) = (due.token, &due.what) else { return true };
            let peer = self.peers.get(&token);
            let attached = peer.is_some_and(|peer| peer.state == State::Open);
            let ready = peer.is_some_and(|peer| peer.ready) || matches!(due.what, What::End);
            let free = attached && ready && !held.contains(&token);
            if !free {
                held.push(token);
            }
            free
        })
    }

    pub(super) fn deliver_datagram(&mut self, token: u32, at: Instant, from: SocketAddrV4, bytes: &[u8]) {
        let record = self.settings.record;
        if let Some(peer) = self.peers.get_mut(&token) {
            peer.sent.add(record, from, bytes);
        }
        if !self.random.chance(self.settings.datagram_loss_ppm) {
            self.schedule(Due { at, token: Some(token), what: What::Data { bytes: bytes.to_vec(), from } });
        }
    }

    /// What a service says at `there` comes to the modem from `back` on.
    pub(super) fn answer(&mut self, token: u32, there: Instant, back: Instant, answer: &Answer) {
        self.stream(token, back, &answer.bytes);
        if answer.close {
            self.end(token, there, back);
        }
    }

    /// Sends bytes of a TCP peer on their way, in pieces, behind all it has sent so far.
    pub(super) fn stream(&mut self, token: u32, at: Instant, bytes: &[u8]) {
        let Some(peer) = self.peers.get_mut(&token) else { return };
        let Some(from) = peer.address.filter(|_| !bytes.is_empty()) else { return };
        peer.sent.add(self.settings.record, from, bytes);
        let mut at = self.behind(token, at);
        let mut rest = bytes;
        while !rest.is_empty() {
            let most = self.settings.piece.max(1);
            let len = if self.settings.cut { 1 + self.random.up_to(most - 1) } else { most };
            let (piece, more) = rest.split_at_checked(len as usize).unwrap_or((rest, &[]));
            rest = more;
            if self.settings.bytes_per_s > 0 {
                let ms = (piece.len() as u64 * 1_000).div_ceil(u64::from(self.settings.bytes_per_s));
                at = at.after(u32::try_from(ms).unwrap_or(u32::MAX));
            }
            self.schedule(Due { at, token: Some(token), what: What::Data { bytes: piece.to_vec(), from } });
        }
    }

    /// The peer closes at `there`; the modem hears of it from `back` on, behind the data.
    pub(super) fn end(&mut self, token: u32, there: Instant, back: Instant) {
        let Some(peer) = self.peers.get_mut(&token) else { return };
        peer.ends = Some(there);
        let at = self.behind(token, back);
        self.schedule(Due { at, token: Some(token), what: What::End });
    }

    /// The earliest time from `at` on that is not before what is under way already: a stream keeps its order.
    fn behind(&self, token: u32, at: Instant) -> Instant {
        match self.queue.iter().rev().find(|due| due.token == Some(token)) {
            Some(last) if at.until(last.at) > 0 => last.at,
            Some(_) | None => at,
        }
    }
}
