//! Data mode (transparent): bytes both ways, `+++` with its silence, `ATO`.

use crate::link::{Link, Phase};
use crate::modem::{Mode, Modem};
use crate::run::{Answer, ERROR, Outcome};
use crate::timers::Timer;
use alloc::format;
use alloc::vec::Vec;
use simcom_at::{Dialect, Instant};

/// The state of data mode.
#[derive(Debug)]
pub(crate) struct Data {
    link: u8,
    /// Bytes not yet packed.
    bytes: Vec<u8>,
    /// How many `+` of an escape have come.
    plus: u8,
    /// When the last byte came.
    last: Instant,
}

/// The silence in front of and behind `+++`.
const GUARD_MS: u32 = 1000;

impl Modem {
    /// Whether this link is the one of transparent mode.
    pub(crate) fn transparent(&self, n: u8) -> bool {
        let single = self.profile.dialect == Dialect::A7600 || !self.multi();
        self.set.mode == 1 && n == 0 && single
    }

    /// `CONNECT`, and data mode begins.
    pub(crate) fn begin_data(&mut self, link: u8) {
        let text = &self.profile.connect_text;
        let line = if text.is_empty() { "\r\nCONNECT\r\n".into() } else { format!("\r\nCONNECT {text}\r\n") };
        self.out.flush();
        self.out.raw(line.as_bytes());
        self.enter_data(link);
    }

    fn enter_data(&mut self, link: u8) {
        self.mode = Mode::Data(Data { link, bytes: Vec::new(), plus: 0, last: self.now });
        self.reader.skip_lf = false;
    }

    /// `ATO`.
    pub(crate) fn online(&mut self) -> Outcome {
        // A peer that has closed meanwhile: what it had sent is still to come, then `CLOSED`.
        let more = |l: &Link| l.phase == Phase::RemoteClosing && l.closing;
        if !self.transparent(0) || !self.link(0).is_some_and(|l| l.is_open() || more(l)) {
            let a7600 = self.profile.dialect == Dialect::A7600;
            return if a7600 { Ok(Answer::Text("NO CARRIER".into())) } else { ERROR };
        }
        self.enter_data(0);
        let text = &self.profile.connect_text;
        Ok(Answer::Text(if text.is_empty() { "CONNECT".into() } else { format!("CONNECT {text}") }))
    }

    /// A byte of the host in data mode.
    pub(crate) fn data_byte(&mut self, byte: u8) {
        let within = if self.profile.dialect == Dialect::A7600 { 900 } else { GUARD_MS };
        let [_, wait, size, escapes, ..] = self.set.ccfg;
        let a7600 = self.profile.dialect == Dialect::A7600;
        let now = self.now;
        let Mode::Data(data) = &mut self.mode else { return };
        let idle = data.last.until(now);
        data.last = now;
        let counts = match data.plus {
            0 => idle >= GUARD_MS,
            1 | 2 => idle <= within,
            _ => false,
        };
        let clone = self.profile.dialect == Dialect::Rda8955;
        // A clone knows no escape, and sends full blocks only.
        if byte == b'+' && counts && !clone && (a7600 || escapes == 1) {
            data.plus = data.plus.saturating_add(1);
            self.timers.set(Timer::Guard, now.after(GUARD_MS));
            return;
        }
        let plus = core::mem::take(&mut data.plus);
        data.bytes.extend((0..plus).map(|_| b'+'));
        data.bytes.push(byte);
        self.timers.clear(Timer::Guard);
        let (size, wait_ms) =
            if a7600 { (1500, 100) } else { (size, wait.saturating_mul(self.profile.wait_unit_ms)) };
        if data.bytes.len() >= usize::try_from(size).unwrap_or(1024) {
            self.pack();
        } else if !clone {
            self.timers.set(Timer::Pack, now.after(wait_ms));
        }
    }

    /// Sends what was typed so far.
    pub(crate) fn pack(&mut self) {
        self.timers.clear(Timer::Pack);
        let Mode::Data(data) = &mut self.mode else { return };
        let bytes = core::mem::take(&mut data.bytes);
        let link = data.link;
        if !bytes.is_empty() && self.link(link).is_some_and(|l| l.is_open()) {
            self.give(link, bytes, None);
        }
    }

    /// The silence behind `+` is complete: `+++` ends data mode, fewer were data.
    pub(crate) fn guard_over(&mut self) {
        let Mode::Data(data) = &mut self.mode else { return };
        let plus = core::mem::take(&mut data.plus);
        if plus < 3 {
            data.bytes.extend((0..plus).map(|_| b'+'));
            self.pack();
        } else {
            self.leave_data();
        }
    }

    /// Data of the peer: as it is; none while the host is in command mode.
    pub(crate) fn push_transparent(&mut self, n: u8) -> bool {
        if !matches!(self.mode, Mode::Data(_)) {
            return false;
        }
        let [_, _, _, _, paced, size, pause, _] = self.set.ccfg;
        let paced = paced == 1 && self.profile.dialect != Dialect::A7600;
        if paced && self.timers.runs(Timer::Pace) {
            return false;
        }
        let max = if paced { usize::try_from(size).unwrap_or(1460) } else { self.profile.push_max };
        let Some(link) = self.link_mut(n) else { return false };
        let (bytes, _) = link.take(max, false, false);
        if paced {
            self.timers.set(Timer::Pace, self.now.after(pause));
        }
        self.out.raw(&bytes);
        true
    }

    /// The link of data mode is gone: this text says so, at once; what else is to be said waits for the quiet time.
    pub(crate) fn end_data_mode(&mut self, n: u8, text: &str) {
        if matches!(&self.mode, Mode::Data(data) if data.link == n) {
            self.timers.clear(Timer::Guard);
            self.timers.clear(Timer::Pack);
            self.mode = Mode::Command;
            self.out.raw(format!("\r\n{text}\r\n").as_bytes());
            if self.profile.quiet_ms > 0 {
                self.timers.set(Timer::Quiet, self.now.after(self.profile.quiet_ms));
            }
        }
    }
}
