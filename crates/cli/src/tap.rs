//! Who sees the traffic go by: a recorder, or an annotated print.

use simcom_at::{Dialect, Instant, Observer, Report};

use crate::error::Result;
use simcom_vectors::observer;

/// Sees the traffic.
pub trait Tap {
    /// Bytes of the host went out.
    fn host(&mut self, now: Instant, bytes: &[u8]) -> Result<()>;
    /// Bytes of the module came in.
    fn module(&mut self, now: Instant, bytes: &[u8]) -> Result<()>;
    /// There will be no more.
    fn finish(&mut self) -> Result<()>;
}

/// Nobody.
pub struct Nobody;

impl Tap for Nobody {
    fn host(&mut self, _now: Instant, _bytes: &[u8]) -> Result<()> {
        Ok(())
    }

    fn module(&mut self, _now: Instant, _bytes: &[u8]) -> Result<()> {
        Ok(())
    }

    fn finish(&mut self) -> Result<()> {
        Ok(())
    }
}

/// Nobody, or somebody.
impl<T: Tap> Tap for Option<T> {
    fn host(&mut self, now: Instant, bytes: &[u8]) -> Result<()> {
        self.as_mut().map_or(Ok(()), |tap| tap.host(now, bytes))
    }

    fn module(&mut self, now: Instant, bytes: &[u8]) -> Result<()> {
        self.as_mut().map_or(Ok(()), |tap| tap.module(now, bytes))
    }

    fn finish(&mut self) -> Result<()> {
        self.as_mut().map_or(Ok(()), Tap::finish)
    }
}

/// Both directions in one order that a reader understands.
///
/// A line is full duplex, but to a reader a host line counts as a silence, and it would give up a payload that is still
/// coming in. So the host's bytes are shown behind that payload.
pub struct InOrder<T> {
    /// To whom they are shown.
    pub tap: T,
    observer: Observer<Vec<u8>>,
    /// Bytes of a payload that are still to come.
    left: u16,
    held: Vec<Vec<u8>>,
}

impl<T: Tap> InOrder<T> {
    /// In front of `tap`.
    pub fn new(dialect: Dialect, tap: T) -> Self {
        Self { tap, observer: observer(dialect), left: 0, held: Vec::new() }
    }

    fn release(&mut self, now: Instant) -> Result<()> {
        for bytes in std::mem::take(&mut self.held) {
            self.observer.host(&bytes);
            self.tap.host(now, &bytes)?;
        }
        Ok(())
    }
}

impl<T: Tap> Tap for InOrder<T> {
    fn host(&mut self, now: Instant, bytes: &[u8]) -> Result<()> {
        self.held.push(bytes.to_vec());
        if self.left == 0 { self.release(now) } else { Ok(()) }
    }

    fn module(&mut self, now: Instant, bytes: &[u8]) -> Result<()> {
        self.tap.module(now, bytes)?;
        let mut input = bytes;
        while let Some(read) = self.observer.module(&mut input) {
            self.left = match read.report {
                Report::Data(data) => data.left,
                _ => 0,
            };
        }
        if self.left == 0 { self.release(now) } else { Ok(()) }
    }

    fn finish(&mut self) -> Result<()> {
        self.release(Instant::default())?;
        self.tap.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Default)]
    struct Seen(String);

    impl Tap for Seen {
        fn host(&mut self, _now: Instant, bytes: &[u8]) -> Result<()> {
            self.0.push_str(&format!(">{} ", simcom_vectors::escape(bytes)));
            Ok(())
        }

        fn module(&mut self, _now: Instant, bytes: &[u8]) -> Result<()> {
            self.0.push_str(&format!("<{} ", simcom_vectors::escape(bytes)));
            Ok(())
        }

        fn finish(&mut self) -> Result<()> {
            Ok(())
        }
    }

    #[test]
    fn host_bytes_are_shown_behind_a_payload_that_comes_in() {
        let now = Instant::default();
        let mut order = InOrder::new(Dialect::Sim800, Seen::default());
        order.host(now, b"AT\r").unwrap();
        order.module(now, b"\r\n+RECEIVE,0,4:\r\nab").unwrap();
        order.host(now, b"AT+CSQ\r").unwrap();
        order.module(now, b"cd").unwrap();
        order.module(now, b"\r\nOK\r\n").unwrap();
        let want = ">AT\\r <\\r\\n+RECEIVE,0,4:\\r\\nab <cd >AT+CSQ\\r <\\r\\nOK\\r\\n ";
        assert_eq!(order.tap.0, want);
    }
}
