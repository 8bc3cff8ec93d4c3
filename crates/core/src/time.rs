//! Time as the caller counts it: milliseconds of any clock that goes forward.

/// A point in time: milliseconds since any fixed moment, for example since power-on.
///
/// **Units**: milliseconds; wraps after 49.7 days. Two instants are compared by their distance, so the wrap is harmless
/// as long as they are less than 24 days apart, which every deadline of this library is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub struct Instant(u32);

impl Instant {
    /// The moment `ms` milliseconds after the caller's epoch.
    #[must_use]
    pub const fn from_millis(ms: u32) -> Self {
        Self(ms)
    }

    /// Milliseconds since the caller's epoch, wrapped to 32 bits.
    #[must_use]
    pub const fn millis(self) -> u32 {
        self.0
    }

    /// `ms` milliseconds later.
    #[must_use]
    pub const fn after(self, ms: u32) -> Self {
        Self(self.0.wrapping_add(ms))
    }

    /// Milliseconds from `self` until `later`; 0 when that has passed.
    #[must_use]
    pub const fn until(self, later: Self) -> u32 {
        let distance = later.0.wrapping_sub(self.0);
        if distance > u32::MAX / 2 { 0 } else { distance }
    }

    /// Whether `self` is at or behind `deadline`.
    #[must_use]
    pub const fn reached(self, deadline: Self) -> bool {
        self.until(deadline) == 0
    }

    /// The earlier of two moments.
    #[must_use]
    pub const fn earlier(self, other: Self) -> Self {
        if self.reached(other) && self.0 != other.0 { other } else { self }
    }
}

/// A deadline in two bytes: units of 64 ms, up to 34 minutes ahead.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Tick(u16);

impl Tick {
    /// The first tick that is not before `at`.
    #[expect(clippy::cast_possible_truncation, reason = "it wraps, as the time does")]
    pub(crate) const fn at(at: Instant) -> Self {
        Self((at.0.wrapping_add(63) >> 6) as u16)
    }

    /// Ticks from `now` on; 0 or less: it has passed.
    #[expect(clippy::cast_possible_truncation, reason = "it wraps, as the time does")]
    const fn ahead(self, now: Instant) -> i16 {
        self.0.wrapping_sub((now.0 >> 6) as u16).cast_signed()
    }

    /// Whether `now` is at or behind it.
    pub(crate) const fn reached(self, now: Instant) -> bool {
        self.ahead(now) <= 0
    }

    /// The moment it is, seen from `now`.
    pub(crate) fn instant(self, now: Instant) -> Instant {
        let ahead = u32::try_from(self.ahead(now)).unwrap_or(0);
        Instant((now.0 & !63).wrapping_add(ahead << 6))
    }
}

#[cfg(test)]
mod tests {
    use super::{Instant, Tick};

    #[test]
    fn a_tick_is_never_early_and_at_most_64_ms_late() {
        for now in [0, 1, 63, 64, 12_345, u32::MAX - 100, u32::MAX] {
            for ms in [1, 63, 64, 65, 1000, 1_200_000] {
                let now = Instant::from_millis(now);
                let tick = Tick::at(now.after(ms));
                assert!(!tick.reached(now) || ms < 64);
                let late = now.until(tick.instant(now));
                assert!((ms..ms + 64).contains(&late), "{now:?} {ms} {late}");
                assert!(tick.reached(tick.instant(now)));
            }
        }
    }

    #[test]
    fn distance_survives_the_wrap() {
        let late = Instant::from_millis(u32::MAX - 9);
        assert_eq!(late.after(20).millis(), 10);
        assert_eq!(late.until(late.after(20)), 20);
        assert_eq!(late.after(20).until(late), 0);
        assert!(late.after(20).reached(late) && !late.reached(late.after(20)));
        assert_eq!(late.earlier(late.after(20)), late);
        assert_eq!(late.after(20).earlier(late), late);
    }
}
