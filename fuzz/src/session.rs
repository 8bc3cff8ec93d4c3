//! A session that is given calls, bytes of a module and time.
//!
//! Input: a byte for the dialect, one for the settings, one for the length of the buffer; then steps, each with a first byte
//! that says what it is ([`Steps`]).
//!
//! * Nothing makes it panic; `poll` comes to an end, and takes all that is there.
//! * With nothing to read, its deadline lies ahead.
//! * Its events keep their [`Order`].
//! * When the module falls silent, every command ends within an hour, after a bounded number of polls.

use crate::calls::{Host, call, settings};
use crate::order::Order;
use simcom_at::{Dialect, Event, Instant, Pin};

/// What a module says; `#` stands for a link's number.
const PHRASES: [&str; 64] = [
    "\r\nOK\r\n",
    "\r\nERROR\r\n",
    "\r\n> ",
    "\r\n#, CONNECT OK\r\n",
    "\r\nCONNECT OK\r\n",
    "\r\n#, CONNECT FAIL\r\n",
    "\r\nSTATE: TCP CLOSED\r\n\r\nCONNECT FAIL\r\n",
    "\r\n#, SEND OK\r\n",
    "\r\nSEND OK\r\n",
    "\r\n#, SEND FAIL\r\n",
    "\r\nDATA ACCEPT:#,5\r\n",
    "\r\n#, CLOSED\r\n",
    "\r\nCLOSED\r\n",
    "\r\n#, CLOSE OK\r\n",
    "\r\nCLOSE OK\r\n",
    "\r\nSHUT OK\r\n",
    "\r\n+CIPRXGET: 1,#\r\n",
    "\r\n+CIPRXGET: 4,#,5\r\n",
    "\r\n+CIPRXGET: 4,#,0\r\n",
    "\r\n+CIPRXGET: 2,#,5,0\r\nhello",
    "\r\n+CIPRXGET: 2,#,5,9\r\nhello",
    "\r\n+CIPRXGET: 2,#,50,0\r\nhel",
    "\r\n+CIPRXGET: 1\r\n",
    "\r\n+CIPRXGET: 4,5\r\n",
    "\r\n+CIPRXGET: 2,5,0\r\nhello",
    "\r\n+RECEIVE,#,5:\r\nhello",
    "\r\n+RECEIVE,#,50:\r\nhello",
    "\r\n+RECEIVE,#,5\r\nhello",
    "\r\n+IPD,5:hello",
    "\r\n+IPD5\r\nhello",
    "\r\nRECV FROM:1.2.3.4:80\r\n\r\n+IPD5\r\nhello",
    "\r\n+IPD:5\r\nhello",
    "\r\n+PDP: DEACT\r\n",
    "\r\n+CIPEVENT: NETWORK CLOSED UNEXPECTEDLY\r\n",
    "\r\nRDY\r\n",
    "\r\n*ATREADY: 1\r\n",
    "\r\nREADY\r\n",
    "\r\n10.0.0.2\r\n",
    "\r\n+CIPMUX: 1\r\n",
    "\r\n+NETOPEN: 1\r\n",
    "\r\n+NETOPEN: 0\r\n",
    "\r\n+NETCLOSE: 0\r\n",
    "\r\n+CIPOPEN: #,0\r\n",
    "\r\n+CIPOPEN: #,4\r\n",
    "\r\n+CIPCLOSE: #,0\r\n",
    "\r\n+CIPCLOSE: #,4\r\n",
    "\r\n+CIPSEND: #,5,5\r\n",
    "\r\n+CIPSEND: #,5,-1\r\n",
    "\r\n+IPCLOSE: #,1\r\n",
    "\r\n+CIPERROR: 4\r\n",
    "\r\n+IP ERROR: No data\r\n",
    "\r\n+CLIENT: #,0,1.2.3.4:5678\r\n",
    "\r\n#, REMOTE IP: 1.2.3.4\r\n",
    "\r\nREMOTE IP: 1.2.3.4\r\n",
    "\r\nSERVER OK\r\n",
    "\r\nSERVER CLOSE\r\n",
    "\r\n+SERVERSTOP: 0,0\r\n",
    "\r\nCONNECT\r\n",
    "\r\nCONNECT 115200\r\n",
    "\r\n+CDNSGIP: 1,\"example.com\",\"1.2.3.4\"\r\n",
    "\r\n+CDNSGIP: 0,8\r\n",
    "\r\nSTATE: IP STATUS\r\nC: #,0,\"TCP\",\"1.2.3.4\",\"80\",\"CONNECTED\"\r\n",
    "\r\n+IPSTATUS: IP STATUS\r\n",
    "\r\n+CREG: 0,1\r\n",
];

/// The steps of an input.
///
/// * 0x00–0x3f: so many and one bytes of the module follow.
/// * 0x40–0x7f: a phrase of a module; the next byte is the link, and where it is cut.
/// * 0x80–0xbf: a call; two bytes say which.
/// * 0xc0–0xdf: time goes on, by steps from 1 ms to 1,000 s.
/// * 0xe0–0xef: time goes on to the deadline.
/// * 0xf0–0xff: the rest: the port takes nothing or little for a while, DCD changes, a command is given up, all is forgotten.
struct Steps<'a>(&'a [u8]);

impl<'a> Steps<'a> {
    fn byte(&mut self) -> Option<u8> {
        let (&byte, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(byte)
    }

    fn bytes(&mut self, count: usize) -> &'a [u8] {
        let (bytes, rest) = self.0.split_at(count.min(self.0.len()));
        self.0 = rest;
        bytes
    }
}

struct Bench {
    session: Host,
    order: Order,
    now: Instant,
    /// How many bytes the port takes at once.
    port: usize,
    /// `TRACE=1` shows the exchange.
    trace: bool,
}

/// The target.
pub fn check(data: &[u8]) {
    let Some((&[dialect, bits, buffer], steps)) = data.split_first_chunk::<3>() else { return };
    let spec = Dialect::ALL[usize::from(dialect) % Dialect::ALL.len()].spec();
    let now = Instant::from_millis(u32::from(buffer) << 25);
    let buf = vec![0; [0, 64, 256, 2048][usize::from(buffer) & 3]];
    let session = Host::new(spec, settings(bits), now, buf);
    let mut bench = Bench { session, order: Order::default(), now, port: usize::MAX, trace: crate::trace() };
    let mut steps = Steps(steps);
    bench.poll(b"");
    while let Some(step) = steps.byte() {
        bench.step(step, &mut steps);
    }
    bench.silence();
}

impl Bench {
    fn step(&mut self, step: u8, steps: &mut Steps<'_>) {
        match step {
            0..0x40 => self.poll(steps.bytes(usize::from(step) + 1)),
            0x40..0x80 => {
                let arg = steps.byte().unwrap_or(0);
                let digit = char::from(b'0' + (arg & 15) % 10).to_string();
                let text = PHRASES[usize::from(step & 0x3f)].replace('#', &digit);
                let cut =
                    if arg & 0x80 == 0 { text.len() } else { usize::from(arg >> 4 & 7) * text.len() / 8 };
                self.poll(&text.as_bytes()[..cut]);
                self.poll(&text.as_bytes()[cut..]);
            }
            0x80..0xc0 => {
                let (what, arg) = (steps.byte().unwrap_or(0), steps.byte().unwrap_or(0));
                call(&mut self.session, self.now, &mut self.order, what, arg);
                self.poll(b"");
            }
            0xc0..0xe0 => self.wait([1, 19, 20, 200, 999, 1000, 10_000, 1_000_000][usize::from(step & 7)]),
            0xe0..0xf0 => self.deadline(),
            0xf0..0xf4 => self.port = [0, 1, 7, usize::MAX][usize::from(step & 3)],
            0xf4 | 0xf5 => self.session.pin(self.now, Pin::Dcd, step & 1 == 0),
            0xf6 => self.session.abandon(self.now),
            0xf7 => {
                self.session.reset(self.now);
                self.order = Order::default();
            }
            0xf8..=0xff => self.poll(b""),
        }
        self.poll(b"");
    }

    fn wait(&mut self, ms: u32) {
        self.now = self.now.after(ms);
        self.poll(b"");
    }

    fn deadline(&mut self) {
        if let Some((at, _)) = self.session.deadline() {
            self.wait(self.now.until(at));
        }
    }

    /// Takes all events, and sends what the port takes.
    fn poll(&mut self, bytes: &[u8]) {
        let mut input = bytes;
        let mut events = 0;
        if self.trace && !bytes.is_empty() {
            eprintln!("< {}", bytes.escape_ascii());
        }
        while let Some(event) = self.session.poll(self.now, &mut input) {
            self.tell(&event);
            events += 1;
            assert!(events < 2 * bytes.len() + 200, "events without end: {event:?}");
        }
        assert!(input.is_empty(), "poll gave None and left input");
        let mut left = self.port;
        while left > 0 && !self.session.transmit().is_empty() {
            let count = self.session.transmit().len().min(left);
            left -= count;
            if self.trace {
                eprintln!("> {}", self.session.transmit()[..count].escape_ascii());
            }
            self.session.transmitted(self.now, count);
        }
        let mut none: &[u8] = b"";
        while let Some(event) = self.session.poll(self.now, &mut none) {
            self.tell(&event);
        }
        if let Some((at, reason)) = self.session.deadline() {
            assert!(!self.now.reached(at), "a deadline that has passed: {reason:?}");
        }
        assert!(
            !self.session.is_ready() || self.order.waits().is_none(),
            "ready, and {:?} waits",
            self.order.waits()
        );
    }

    fn tell(&mut self, event: &Event<'_>) {
        if self.trace {
            eprintln!("  {:>8} {event:?} {}", self.now.millis(), self.session.text().escape_ascii());
        }
        self.order.event(event, self.session.is_ready());
    }

    /// The module says nothing any more: everything ends.
    fn silence(&mut self) {
        self.port = usize::MAX;
        self.poll(b"");
        let mut passed = 0;
        let mut polls = 0;
        while self.order.is_waiting() || !self.session.is_ready() {
            let deadline = self.session.deadline();
            let Some((at, reason)) = deadline else {
                panic!("no deadline, and this waits: {:?}", self.order)
            };
            passed += self.now.until(at);
            polls += 1;
            assert!(
                polls < 3000 && passed < 3_600_000,
                "{polls} polls, {passed} ms, {reason:?}: {:?}",
                self.order
            );
            self.deadline();
        }
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn small_inputs_pass() {
        for dialect in 0..6 {
            for bits in 0..64 {
                for step in 0x40..0x80 {
                    let calls = [0x80, 0, 0x10, step, 0, 0x80, 4, 0x40, 0x42, 0, step, 0, 0xe0, step, 0x80];
                    let attach = [0x80, 11, 0, 0x40, 0, 0xe0, 0x40, 0, 0xe0];
                    super::check(&[&[dialect, bits, 3], &attach[..], &calls[..]].concat());
                }
            }
        }
    }
}
