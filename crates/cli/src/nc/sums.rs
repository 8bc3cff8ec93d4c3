//! What has become of the bytes that were sent.

/// The sums of one link, and what is unknown of all.
#[derive(Debug, Default)]
pub struct Sums {
    /// Bytes that the module took and whose arrival nobody has confirmed.
    unconfirmed: usize,
    /// Bytes of which nobody knows whether they arrived.
    unknown: usize,
}

impl Sums {
    /// The module took bytes.
    pub fn accepted(&mut self, len: usize) {
        self.unconfirmed += len;
    }

    /// The peer has all so far.
    pub fn delivered(&mut self) {
        self.unconfirmed = 0;
    }

    /// The peer has all but so many.
    pub fn all_but(&mut self, len: usize) {
        self.unconfirmed = self.unconfirmed.min(len);
    }

    /// Whether there is anything to be asked for.
    pub fn is_open(&self) -> bool {
        self.unconfirmed > 0
    }

    /// These may have been sent or not.
    pub fn unknown(&mut self, len: usize) {
        self.unknown += len;
    }

    /// The link is gone: what nobody has confirmed stays unknown. Gives how many bytes that is.
    pub fn lost(&mut self) -> usize {
        let lost = std::mem::take(&mut self.unconfirmed);
        self.unknown += lost;
        lost
    }

    /// Bytes of which nobody knows whether they arrived.
    pub fn all_unknown(&self) -> usize {
        self.unknown
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_confirmed_when_the_link_is_lost_stays_unknown() {
        let mut sums = Sums::default();
        sums.accepted(10);
        sums.accepted(5);
        sums.all_but(3);
        assert!(sums.is_open());
        assert_eq!((sums.lost(), sums.lost()), (3, 0));
        sums.accepted(7);
        sums.delivered();
        sums.unknown(4);
        assert_eq!((sums.lost(), sums.all_unknown()), (0, 7));
    }
}
