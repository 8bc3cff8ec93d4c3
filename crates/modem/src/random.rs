//! Seeded random numbers: the same seed gives the same run on every target.

/// A small generator (xorshift64*), good enough to cut bytes and to damage them; not for secrets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Random(u64);

impl Random {
    /// The generator of this seed; any seed will do, also 0.
    #[must_use]
    pub const fn new(seed: u64) -> Self {
        // One splitmix64 round: neighbouring seeds start far apart, and the state is never 0.
        let mut z = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^= z >> 31;
        Self(if z == 0 { 1 } else { z })
    }

    /// Any 32 bits.
    pub const fn word(&mut self) -> u32 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let [a, b, c, d, ..] = self.0.wrapping_mul(0x2545_f491_4f6c_dd1d).to_be_bytes();
        u32::from_be_bytes([a, b, c, d])
    }

    /// Any byte.
    pub const fn byte(&mut self) -> u8 {
        let [byte, ..] = self.word().to_be_bytes();
        byte
    }

    /// A number from 0 to `max`, `max` included.
    pub const fn up_to(&mut self, max: u32) -> u32 {
        match max.checked_add(1) {
            Some(count) => self.word() % count,
            None => self.word(),
        }
    }

    /// True `ppm` times in a million. 0 and 1,000,000 take no number, so that a switched-off fault changes no other.
    pub const fn chance(&mut self, ppm: u32) -> bool {
        match ppm {
            0 => false,
            1_000_000.. => true,
            some => self.word() % 1_000_000 < some,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Random;

    #[test]
    fn the_same_seed_gives_the_same_numbers_and_another_seed_others() {
        let run = |seed| {
            let mut random = Random::new(seed);
            [random.word(), random.word(), random.word()]
        };
        assert_eq!(run(0), run(0));
        assert_ne!(run(0), run(1));
    }

    #[test]
    fn numbers_stay_in_their_range_and_reach_both_ends() {
        let mut random = Random::new(7);
        let mut seen = [false; 4];
        for _ in 0..200 {
            seen[random.up_to(3) as usize] = true;
        }
        assert_eq!(seen, [true; 4]);
        assert_eq!(random.up_to(0), 0);
    }

    #[test]
    fn a_chance_comes_about_as_often_as_asked() {
        let mut random = Random::new(3);
        let hits = (0..10_000).filter(|_| random.chance(250_000)).count();
        assert!((2_300..2_700).contains(&hits), "{hits}");
        assert!(!random.chance(0) && random.chance(1_000_000));
    }
}
