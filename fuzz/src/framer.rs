//! The reader over any bytes, whole and in pieces.
//!
//! Input: one byte for the dialect, one for what the host has asked ([`Setup`]), one that says how the bytes are cut, then
//! the bytes from the module.
//!
//! * No input makes it panic, and none makes it run for ever.
//! * However the bytes are cut, the same reports come.
//! * No byte is lost: what lies between two reports is a line end, a blank, a prompt or a header.
//! * Of each counted payload exactly as many bytes are handed out or reported lost as its header announced, and they are
//!   bytes of the input.

use crate::conserved::Walk;
use simcom_at::{Ask, Asked, Data, Dialect, Instant, Read, Reader, Report};

/// Before the module's bytes.
pub const PREFIX: usize = 3;

const NOW: Instant = Instant::from_millis(0);
/// Behind the gap.
const LATE: Instant = Instant::from_millis(1000);

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
        let mut reader = Reader::new(self.dialect, 1000);
        reader.set_transparent(self.transparent);
        reader
    }
}

/// The target.
pub fn check(data: &[u8]) {
    let Some((&[dialect, asked, cuts], bytes)) = data.split_first_chunk::<PREFIX>() else { return };
    let setup = Setup::read(dialect, asked);
    let whole = Seen::all(setup, &[bytes]);
    whole.same_as(&Seen::all(setup, &cut(bytes, cuts)), setup);
    if bytes.len() < 300 {
        whole.same_as(&Seen::all(setup, &bytes.chunks(1).collect::<Vec<_>>()), setup);
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

/// What came out: the pieces of one payload are one, and so are those of one long line.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Whole<'i> {
    /// Payload: what its first piece said, all its bytes, and how many are still to come.
    Data { head: Data<'i>, bytes: Vec<u8>, left: usize },
    /// A line that is none of ours.
    Line { more: bool, text: Vec<u8> },
    /// Any other report, with its line.
    Other { report: Report<'i>, text: Vec<u8> },
}

#[derive(Default)]
struct Seen<'i> {
    reports: Vec<Whole<'i>>,
    /// Where the reports are in the input, when that is one piece and not in data mode, which has its own rules.
    walk: Option<Walk<'i>>,
}

impl<'i> Seen<'i> {
    /// All reports over these pieces, and those that come at the end of the file.
    fn all(setup: Setup, pieces: &[&'i [u8]]) -> Self {
        let asked =
            Asked { ask: setup.ask, prompt: setup.prompt, echo: b"", escape: setup.escape, carrier: None };
        let mut reader = setup.reader();
        let mut seen = Self::default();
        if let [input] = pieces {
            seen.walk = Some(Walk::new(input));
        }
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
            let Some(read) = reader.poll(LATE, &mut b"".as_slice(), &Asked::default()) else { break };
            seen.take(&reader, &read, b"");
        }
        assert!(
            reader.poll(LATE, &mut b"".as_slice(), &Asked::default()).is_none(),
            "expiring does not come to an end"
        );
        let last = reader.finish();
        if let Some(walk) = seen.walk.take() {
            walk.end(last.as_ref().map(|read| reader.text(read)).unwrap_or_default());
        }
        if let Some(read) = last {
            seen.take(&reader, &read, b"");
        }
        seen.settled();
        seen
    }

    fn take(&mut self, reader: &Reader, read: &Read<'i>, piece: &[u8]) {
        let text = reader.text(read);
        match read.report() {
            Report::Data(data) => {
                self.walk = self.walk.take().filter(|_| data.len > 0);
                self.walk.iter_mut().for_each(|walk| walk.step(data.bytes, false));
                return self.data(data, piece);
            }
            Report::Lost { bytes } => self.lost(usize::from(bytes)),
            Report::DataMode { .. } => self.walk = None,
            _ => self.settled(),
        }
        let more = read.report() == Report::Line { more: true };
        self.walk.iter_mut().for_each(|walk| walk.step(text, more));
        match (read.report(), self.reports.last_mut()) {
            (Report::Line { more }, Some(Whole::Line { more: before @ true, text: start })) => {
                start.extend_from_slice(text);
                *before = more;
            }
            (Report::Line { more }, _) => self.reports.push(Whole::Line { more, text: text.to_vec() }),
            (report, _) => self.reports.push(Whole::Other { report, text: text.to_vec() }),
        }
    }

    fn data(&mut self, data: Data<'i>, piece: &[u8]) {
        let head = Data { bytes: b"", left: 0, ..data };
        if data.len > 0 {
            assert!(!data.bytes.is_empty(), "a piece of payload without bytes");
            assert!(piece.as_ptr_range().contains(&data.bytes.as_ptr()), "payload that is not of the input");
        }
        match self.reports.last_mut() {
            Some(Whole::Data { head: first, bytes, left })
                if *left > 0 || (data.len == 0 && *first == head) =>
            {
                assert_eq!(*first, head, "a payload changed its header");
                bytes.extend_from_slice(data.bytes);
                *left = usize::from(data.left);
            }
            _ => {
                let (bytes, left) = (data.bytes.to_vec(), usize::from(data.left));
                self.reports.push(Whole::Data { head, bytes, left });
            }
        }
        if let Some(Whole::Data { head, bytes, left }) = self.reports.last().filter(|_| data.len > 0) {
            let announced = usize::from(head.len) * if head.hex { 2 } else { 1 };
            assert_eq!(bytes.len() + left, announced, "payload bytes and those to come");
        }
    }

    /// The last payload must have ended.
    fn settled(&self) {
        if let Some(Whole::Data { left, .. }) = self.reports.last() {
            assert_eq!(*left, 0, "a payload ended early, and nothing was reported lost");
        }
    }

    /// So many bytes of the payload that is under way never came; it is a new one when the last had ended.
    fn lost(&mut self, missing: usize) {
        assert!(missing > 0, "nothing is reported lost");
        if let Some(Whole::Data { head, left: left @ 1.., .. }) = self.reports.last_mut() {
            let due = if head.hex { left.div_ceil(2) } else { *left };
            assert_eq!(due, missing, "bytes reported lost");
            *left = 0;
        }
    }

    /// Panics at the first report that is different.
    fn same_as(&self, pieces: &Seen<'_>, setup: Setup) {
        for at in 0..self.reports.len().max(pieces.reports.len()) {
            let (whole, cut) = (self.reports.get(at), pieces.reports.get(at));
            if whole != cut {
                let (whole, cut) = (shown(whole), shown(cut));
                let same = whole.bytes().zip(cut.bytes()).take_while(|(left, right)| left == right).count();
                let around =
                    |text: &str| text.chars().skip(same.saturating_sub(60)).take(160).collect::<String>();
                let (whole, cut) = (around(&whole), around(&cut));
                panic!("{setup:?}, report {at}, character {same}\n whole: …{whole}…\n cut:   …{cut}…");
            }
        }
    }
}

fn shown(report: Option<&Whole<'_>>) -> String {
    match report {
        None => "nothing".to_owned(),
        Some(Whole::Data { head, bytes, left }) => format!("{head:?} left {left}: {}", bytes.escape_ascii()),
        Some(Whole::Line { more, text }) => format!("Line more {more}: {}", text.escape_ascii()),
        Some(Whole::Other { report, text }) => format!("{report:?}: {}", text.escape_ascii()),
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
