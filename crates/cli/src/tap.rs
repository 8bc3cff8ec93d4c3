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
/// coming in, or take the end text inside a transparent payload for the end of data mode. So the host's bytes are shown
/// behind that.
pub struct InOrder<T> {
    /// To whom they are shown.
    pub tap: T,
    observer: Observer<Vec<u8>>,
    /// Bytes of a payload that are still to come.
    left: u16,
    /// The module is in data mode.
    is_data: bool,
    /// Bytes of data mode that the reader has not told yet: they may be its end.
    untold: usize,
    /// When the module spoke last.
    last: Instant,
    held: Vec<Vec<u8>>,
}

/// A silence that shows that a text ended data mode.
const SILENCE_MS: u32 = 1000;

impl<T: Tap> InOrder<T> {
    /// In front of `tap`.
    pub fn new(dialect: Dialect, tap: T) -> Self {
        Self {
            tap,
            observer: observer(dialect),
            left: 0,
            is_data: false,
            untold: 0,
            last: Instant::default(),
            held: Vec::new(),
        }
    }

    fn read(&mut self, mut bytes: &[u8]) {
        while let Some(read) = self.observer.module(&mut bytes) {
            self.left = 0;
            match read.report() {
                Report::Data(data) if self.is_data => {
                    self.untold = self.untold.saturating_sub(data.bytes.len());
                }
                Report::Data(data) => self.left = data.left,
                Report::DataMode { .. } => (self.is_data, self.untold) = (true, bytes.len()),
                // Whatever else is a line, and there are none in data mode.
                _ => (self.is_data, self.untold) = (false, 0),
            }
        }
    }

    fn go_on(&mut self, now: Instant) -> Result<()> {
        if self.left == 0 && self.untold == 0 { self.release(now) } else { Ok(()) }
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
        if self.untold > 0 && self.last.until(now) >= SILENCE_MS {
            self.observer.silence(SILENCE_MS);
            self.read(&[]);
            self.untold = 0;
        }
        self.held.push(bytes.to_vec());
        self.go_on(now)
    }

    fn module(&mut self, now: Instant, bytes: &[u8]) -> Result<()> {
        self.tap.module(now, bytes)?;
        self.last = now;
        if self.is_data {
            self.untold += bytes.len();
        }
        self.read(bytes);
        self.go_on(now)
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

    #[test]
    fn host_bytes_do_not_make_a_silence_behind_what_may_end_data_mode() {
        let at = Instant::from_millis;
        let mut order = InOrder::new(Dialect::Sim800, Seen::default());
        order.host(at(0), b"AT+CIPMODE=1\r").unwrap();
        order.module(at(0), b"\r\nOK\r\n").unwrap();
        order.host(at(0), b"AT+CIPSTART=\"TCP\",\"h\",1\r").unwrap();
        order.module(at(0), b"\r\nOK\r\n\r\nCONNECT\r\n").unwrap();
        order.tap.0.clear();
        order.host(at(1), b"a").unwrap();
        order.module(at(2), b"x\r\nCLOSED\r\n").unwrap();
        order.host(at(3), b"b").unwrap();
        order.module(at(4), b"y").unwrap();
        assert_eq!(order.tap.0, ">a <x\\r\\nCLOSED\\r\\n <y >b ");
        order.tap.0.clear();
        order.module(at(5), b"\r\nCLOSED\r\n").unwrap();
        order.host(at(2000), b"AT\r").unwrap();
        order.host(at(2000), b"AT\r").unwrap();
        assert_eq!(order.tap.0, "<\\r\\nCLOSED\\r\\n >AT\\r >AT\\r ");
    }
}
