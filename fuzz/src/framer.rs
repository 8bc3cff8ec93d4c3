//! The reader over any bytes, whole and in pieces.
//!
//! Input: one byte for the dialect, one for what the host has asked ([`Setup`]), one that says how the bytes are cut, then
//! the bytes from the module.
//!
//! * No input makes it panic, and none makes it run for ever.
//! * However the bytes are cut, the same reports come.
//! * Of each counted payload exactly as many bytes are handed out or reported lost as its header announced, and they are
//!   bytes of the input.

use simcom_at::{Ask, Asked, Dialect, Instant, Read, Reader, Report};

/// Before the module's bytes.
pub const PREFIX: usize = 3;

const NOW: Instant = Instant::from_millis(0);

const ASKS: [Ask; 6] = [Ask::Other, Ask::Status, Ask::Address, Ask::NetState, Ask::RxMode, Ask::Registration];

/// What the first two bytes of the input say.
#[derive(Clone, Copy, Debug)]
pub struct Setup {
    /// The dialect: the first byte, modulo their number.
    pub dialect: Dialect,
    /// The low four bits of the second byte, modulo their number.
    pub ask: Ask,
    /// 0x10: a prompt is due.
    pub prompt: bool,
    /// 0x20: transparent mode.
    pub transparent: bool,
    /// 0x40: `+++` has been sent.
    pub escape: bool,
}

impl Setup {
    fn read(dialect: u8, asked: u8) -> Self {
        Self {
            dialect: Dialect::ALL[usize::from(dialect) % Dialect::ALL.len()],
            ask: ASKS[usize::from(asked & 15) % ASKS.len()],
            prompt: asked & 0x10 != 0,
            transparent: asked & 0x20 != 0,
            escape: asked & 0x40 != 0,
        }
    }

    fn reader(self) -> Reader {
        let mut reader = Reader::new(self.dialect.spec(), 1000);
        reader.set_transparent(self.transparent);
        reader
    }
}

/// The target.
pub fn check(data: &[u8]) {
    let Some((&[dialect, asked, cuts], bytes)) = data.split_first_chunk::<PREFIX>() else { return };
    let setup = Setup::read(dialect, asked);
    let whole = Seen::all(setup, &[bytes]);
    let pieces = cut(bytes, cuts);
    assert_eq!(whole.reports, Seen::all(setup, &pieces).reports, "{setup:?} {pieces:?}");
    if bytes.len() < 300 {
        let single: Vec<&[u8]> = bytes.chunks(1).collect();
        assert_eq!(whole.reports, Seen::all(setup, &single).reports, "{setup:?} byte by byte");
    }
}

/// Pieces of 1 to 16 or of 1 to 256 bytes, from a small generator.
fn cut(mut bytes: &[u8], seed: u8) -> Vec<&[u8]> {
    let longest = if seed & 1 == 0 { 16 } else { 256 };
    let mut state = u32::from(seed).wrapping_mul(2_654_435_761) | 1;
    let mut pieces = Vec::new();
    while !bytes.is_empty() {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let (piece, rest) = bytes.split_at((1 + (state >> 8) as usize % longest).min(bytes.len()));
        pieces.push(piece);
        bytes = rest;
    }
    pieces
}

/// A report with the text behind it; the pieces of one payload are one.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Owned {
    Data { header: String, len: usize, hex: bool, counted: bool, bytes: Vec<u8>, left: usize },
    Other { report: String, text: Vec<u8> },
}

#[derive(Default)]
struct Seen {
    reports: Vec<Owned>,
}

impl Seen {
    /// All reports over these pieces, and those that come at the end of the file.
    fn all(setup: Setup, pieces: &[&[u8]]) -> Self {
        let asked = Asked { ask: setup.ask, prompt: setup.prompt, echo: b"", escape: setup.escape };
        let mut reader = setup.reader();
        let mut seen = Self::default();
        for piece in pieces {
            let mut input = *piece;
            let mut polls = 0;
            while let Some(read) = reader.poll(NOW, &mut input, &asked) {
                seen.take(&reader, &read, piece);
                polls += 1;
                assert!(polls <= 2 * piece.len() + 4, "it does not come to an end");
            }
            assert!(input.is_empty(), "input is left over");
        }
        for _ in 0..8 {
            let Some(read) = reader.expire() else { break };
            seen.take(&reader, &read, b"");
        }
        assert!(reader.expire().is_none(), "expiring does not come to an end");
        if let Some(read) = reader.finish() {
            seen.take(&reader, &read, b"");
        }
        seen.settle();
        seen
    }

    fn take(&mut self, reader: &Reader, read: &Read<'_>, piece: &[u8]) {
        let Report::Data(data) = read.report else {
            if let Report::Lost { bytes } = read.report {
                self.lost(usize::from(bytes));
            } else {
                self.settle();
            }
            let text = reader.text(read).to_vec();
            self.reports.push(Owned::Other { report: format!("{:?}", read.report), text });
            return;
        };
        let header = format!("{:?} {:?} {:?} {:?}", data.link, data.rest, data.from, data.proto);
        let counted = data.len > 0;
        if counted {
            assert!(!data.bytes.is_empty(), "a piece of payload without bytes");
            assert!(piece.as_ptr_range().contains(&data.bytes.as_ptr()), "payload that is not of the input");
        }
        match self.reports.last_mut() {
            Some(Owned::Data { header: before, bytes, left, counted: true, .. }) if *left > 0 => {
                assert!(counted && *before == header, "a payload changed its header");
                bytes.extend_from_slice(data.bytes);
                *left = usize::from(data.left);
            }
            Some(Owned::Data { header: before, bytes, counted: false, .. })
                if !counted && *before == header =>
            {
                bytes.extend_from_slice(data.bytes);
            }
            _ => self.reports.push(Owned::Data {
                header,
                len: usize::from(data.len),
                hex: data.hex,
                counted,
                bytes: data.bytes.to_vec(),
                left: usize::from(data.left),
            }),
        }
        if let Some(Owned::Data { len, hex, counted: true, bytes, left, .. }) = self.reports.last() {
            let announced = if *hex { 2 * len } else { *len };
            assert_eq!(bytes.len() + left, announced, "payload bytes and those to come");
        }
    }

    /// The last payload must have ended.
    fn settle(&self) {
        if let Some(Owned::Data { left, counted: true, .. }) = self.reports.last() {
            assert_eq!(*left, 0, "a payload ended early, and nothing was reported lost");
        }
    }

    /// So many bytes of the last payload never came.
    fn lost(&mut self, missing: usize) {
        if let Some(Owned::Data { left, hex, counted: true, .. }) = self.reports.last_mut() {
            let due = if *hex { left.div_ceil(2) } else { *left };
            assert_eq!(due, missing, "bytes reported lost");
            *left = 0;
        }
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn small_inputs_pass() {
        let streams: [&[u8]; 4] = [
            b"\r\n+RECEIVE,1,5:\r\nhello\r\n1, CLOSED\r\n",
            b"\r\n+CIPRXGET: 3,0,2,9\r\n4142\r\n\r\nOK\r\n",
            b"\r\nRECV FROM:1.2.3.4:5\r\n+IPD3\r\nab",
            b"\r\n+IPD,4,TCP:\r\n\r\n\r\n> STATE: X\r\n\r\nCONNECT FAIL\r\n",
        ];
        for stream in streams {
            for first in 0..6_u8 {
                for second in [0, 1, 0x10, 0x20, 0x61] {
                    let mut data = vec![first, second, 7];
                    data.extend_from_slice(stream);
                    super::check(&data);
                }
            }
        }
    }
}
