//! One direction of a serial line: bytes pushed in come out later, in pieces, and as damaged as asked for.
//!
//! The order of what happens to a byte: it waits in the sender, goes over the line at the line's pace (here it may be
//! dropped, flipped, doubled or follow noise), travels for the delay, and lies in the receiver's buffer until it is read.

use alloc::collections::VecDeque;
use alloc::vec::Vec;
use simcom_at::Instant;

use crate::random::Random;

/// What a [`Wire`] is like; the default is perfect: unpaced, uncut, undamaged, without limits.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct WireSettings {
    /// Bits per second, ten of them for a byte; 0: no pacing.
    pub baud: u32,
    /// The time from the sender's end to the receiver's, in milliseconds.
    pub delay_ms: u32,
    /// The longest piece one [`Wire::pull`] gives, the length of each drawn from 1 to this; 0: all that has come.
    pub piece: u32,
    /// How often, per million bytes, the sender stops before a byte.
    pub pause_ppm: u32,
    /// The longest such stop, in milliseconds.
    pub pause_ms: u32,
    /// The bytes the sender's queue takes; 0: no limit.
    pub sender: usize,
    /// The bytes the receiver holds unread; 0: no limit. What comes beyond it is lost, unless there is flow control.
    pub receiver: usize,
    /// RTS/CTS: a full receiver stops the sender, and nothing is lost.
    pub flow_control: bool,
    /// How bytes are damaged.
    pub faults: Faults,
}

/// How often, per million bytes, something happens to a byte on the line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Faults {
    /// The byte is lost.
    pub drop_ppm: u32,
    /// One bit of it is turned.
    pub flip_ppm: u32,
    /// It comes twice.
    pub double_ppm: u32,
    /// Noise comes before it.
    pub noise_ppm: u32,
    /// The longest burst of noise, in bytes; a burst has at least one.
    pub noise_len: u32,
}

/// What a [`Wire`] has done so far, in bytes.
///
/// When all bytes have been read, `delivered = pushed + doubled + noise - dropped - overrun`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Statistics {
    /// Taken from the sender.
    pub pushed: u64,
    /// Read by the receiver.
    pub delivered: u64,
    /// Lost on the line.
    pub dropped: u64,
    /// Changed by one bit.
    pub flipped: u64,
    /// Come twice (counted once).
    pub doubled: u64,
    /// Invented.
    pub noise: u64,
    /// Lost because the receiver's buffer was full.
    pub overrun: u64,
}

/// One direction of a serial line.
#[derive(Clone, Debug)]
pub struct Wire {
    settings: WireSettings,
    /// Damage and pauses have their own numbers, so that they do not depend on when the receiver reads.
    damage: Random,
    cuts: Random,
    statistics: Statistics,
    /// In the sender.
    waiting: VecDeque<u8>,
    /// When the line is free for the next byte, while it is in use.
    free: Option<Clock>,
    /// The line was stopped by flow control.
    stopped: bool,
    /// The pause before the next byte is already part of `free`.
    paused: bool,
    /// Sent, with the time of arrival.
    travelling: VecDeque<(Instant, u8)>,
    /// In the receiver's buffer, and since when.
    arrived: VecDeque<u8>,
    since: Instant,
}

impl Wire {
    /// A line; the seed decides all that is random in it.
    #[must_use]
    pub fn new(settings: WireSettings, seed: u64) -> Self {
        let mut seeds = Random::new(seed);
        let mut random = || Random::new(u64::from(seeds.word()));
        Self {
            settings,
            damage: random(),
            cuts: random(),
            statistics: Statistics::default(),
            waiting: VecDeque::new(),
            free: None,
            stopped: false,
            paused: false,
            travelling: VecDeque::new(),
            arrived: VecDeque::new(),
            since: Instant::from_millis(0),
        }
    }

    /// A perfect line: what is pushed can be pulled at once, in one piece.
    #[must_use]
    pub fn unpaced() -> Self {
        Self::new(WireSettings::default(), 0)
    }

    /// Gives bytes to the sender; returns how many its queue took, from the first on.
    pub fn push(&mut self, now: Instant, bytes: &[u8]) -> usize {
        self.advance(now);
        let room = match self.settings.sender {
            0 => bytes.len(),
            limit => limit.saturating_sub(self.waiting.len()),
        };
        let taken = bytes.len().min(room);
        if taken > 0 && self.free.is_none() {
            self.free = Some(Clock::starting(now));
        }
        self.waiting.extend(bytes.iter().take(taken));
        self.statistics.pushed += taken as u64;
        self.advance(now);
        taken
    }

    /// Appends the next piece that has come to `out` and returns its length; 0: nothing is there. Call until it is 0.
    pub fn pull(&mut self, now: Instant, out: &mut Vec<u8>) -> usize {
        self.advance(now);
        let there = self.arrived.len();
        let longest = there.min(self.settings.piece as usize);
        let len = match u32::try_from(longest) {
            Ok(longest @ 1..) => self.cuts.up_to(longest - 1) as usize + 1,
            Ok(0) | Err(_) => there,
        };
        out.extend(self.arrived.drain(..len));
        self.statistics.delivered += len as u64;
        if len > 0 && self.stopped {
            self.stopped = false;
            self.free = Some(Clock::starting(now));
            self.advance(now);
        }
        len
    }

    /// When `pull` may give something next (now or earlier: it does already); `None`: not before a push.
    #[must_use]
    pub fn deadline(&self) -> Option<Instant> {
        if !self.arrived.is_empty() {
            return Some(self.since);
        }
        if let Some(&(due, _)) = self.travelling.front() {
            return Some(due);
        }
        match self.free {
            Some(clock) if !self.waiting.is_empty() && !self.stopped => {
                let (finished, _) = clock.after_byte(self.settings.baud);
                Some(finished.after(self.settings.delay_ms))
            }
            Some(_) | None => None,
        }
    }

    /// When a full sender has room again; `None`: it has, or the receiver must read first.
    #[must_use]
    pub fn room(&self) -> Option<Instant> {
        let full = self.settings.sender != 0 && self.waiting.len() >= self.settings.sender;
        self.free.filter(|_| full && !self.stopped).map(|clock| clock.after_byte(self.settings.baud).0)
    }

    /// Whether nothing is on its way: not in the sender, on the line or in the receiver.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.waiting.is_empty() && self.travelling.is_empty() && self.arrived.is_empty()
    }

    /// What the line has done so far.
    #[must_use]
    pub const fn statistics(&self) -> Statistics {
        self.statistics
    }

    /// The line's settings, to be changed while it runs; bytes on their way keep their times.
    pub const fn settings_mut(&mut self) -> &mut WireSettings {
        &mut self.settings
    }

    /// Sends what the line had time for until `now`, and moves into the receiver's buffer what has arrived.
    fn advance(&mut self, now: Instant) {
        self.transmit(now);
        while let Some(&(due, byte)) = self.travelling.front() {
            if !now.reached(due) {
                break;
            }
            self.travelling.pop_front();
            if self.is_full(self.arrived.len()) && !self.settings.flow_control {
                self.statistics.overrun += 1;
                continue;
            }
            if self.arrived.is_empty() {
                self.since = due;
            }
            self.arrived.push_back(byte);
        }
    }

    fn transmit(&mut self, now: Instant) {
        while let (Some(clock), false) = (self.free, self.stopped) {
            let Some(&byte) = self.waiting.front() else {
                if now.reached(clock.finished()) {
                    self.free = None;
                }
                return;
            };
            if self.settings.flow_control && self.is_full(self.travelling.len() + self.arrived.len()) {
                self.stopped = true;
                return;
            }
            if !self.paused && self.damage.chance(self.settings.pause_ppm) {
                self.paused = true;
                self.free = Some(clock.later(self.damage.up_to(self.settings.pause_ms)));
                continue;
            }
            let (finished, next) = clock.after_byte(self.settings.baud);
            if !now.reached(finished) {
                return;
            }
            self.waiting.pop_front();
            self.paused = false;
            self.free = Some(next);
            self.damaged(byte, finished.after(self.settings.delay_ms));
        }
    }

    /// Puts one byte on the line, with all that the line does to it.
    fn damaged(&mut self, byte: u8, due: Instant) {
        let faults = self.settings.faults;
        if self.damage.chance(faults.noise_ppm) {
            let len = 1 + self.damage.up_to(faults.noise_len.saturating_sub(1));
            for _ in 0..len {
                let noise = self.damage.byte();
                self.travelling.push_back((due, noise));
            }
            self.statistics.noise += u64::from(len);
        }
        if self.damage.chance(faults.drop_ppm) {
            self.statistics.dropped += 1;
            return;
        }
        let mut byte = byte;
        if self.damage.chance(faults.flip_ppm) {
            byte ^= 1 << self.damage.up_to(7);
            self.statistics.flipped += 1;
        }
        self.travelling.push_back((due, byte));
        if self.damage.chance(faults.double_ppm) {
            self.travelling.push_back((due, byte));
            self.statistics.doubled += 1;
        }
    }

    const fn is_full(&self, held: usize) -> bool {
        self.settings.receiver != 0 && held >= self.settings.receiver
    }
}

/// A moment finer than a millisecond: `parts` of 1/baud ms behind `at`.
#[derive(Clone, Copy, Debug)]
struct Clock {
    at: Instant,
    parts: u32,
}

impl Clock {
    const fn starting(at: Instant) -> Self {
        Self { at, parts: 0 }
    }

    const fn later(self, ms: u32) -> Self {
        Self { at: self.at.after(ms), parts: self.parts }
    }

    /// The first whole millisecond at which this moment has passed.
    const fn finished(self) -> Instant {
        if self.parts == 0 { self.at } else { self.at.after(1) }
    }

    /// One byte later: when the receiver can have it, and when the line is free again.
    const fn after_byte(self, baud: u32) -> (Instant, Self) {
        if baud == 0 {
            return (self.finished(), self);
        }
        // Ten bits take 10,000/baud ms.
        let parts = self.parts.saturating_add(10_000);
        let next = Self { at: self.at.after(parts / baud), parts: parts % baud };
        (next.finished(), next)
    }
}

#[cfg(test)]
mod tests;
