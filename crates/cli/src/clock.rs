//! The time as sessions and modems count it.

use simcom_at::Instant;

/// A clock that starts with the program's job.
#[derive(Clone, Copy, Debug)]
pub struct Clock(std::time::Instant);

impl Clock {
    /// A clock that starts now.
    pub fn start() -> Self {
        Self(std::time::Instant::now())
    }

    /// Milliseconds since the start, wrapped to 32 bits as all times of the library are.
    pub fn now(self) -> Instant {
        #[expect(clippy::cast_possible_truncation)]
        Instant::from_millis(self.0.elapsed().as_millis() as u32)
    }
}
