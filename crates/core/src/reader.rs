//! Module bytes → reports: lines by their end, payload by its count.
//!
//! The reader owns no payload: payload is handed out as slices of the caller's input. Lines are carried, but for those that lie
//! whole in the input and are spelled as usual, which stay there (where code is small, none does).

use crate::classify::{Ask, Context, Quirks, classify};
use crate::dialect::Dialect;
use crate::end_text::EndText;
use crate::line::{low, low_of};
use crate::report::{Kind, Report, Told};
use crate::scan::find;
use crate::time::Instant;

pub use crate::classify::MAX_ANNOUNCED;

#[cfg(not(small))]
mod usual;

/// The longest line that is typed and carried, in bytes, its end not counted.
pub const CARRY: usize = 136;

/// What the host has out on the line: it decides what some lines mean.
#[derive(Clone, Copy, Debug, Default)]
pub struct Asked<'a> {
    /// The question, where one changes the meaning of a line.
    pub ask: Ask,
    /// A prompt is due and all bytes of the command are out.
    pub prompt: bool,
    /// The last command line sent, without its end, to know its echo by.
    pub echo: &'a [u8],
    /// `+++` has been sent and its `OK` is due.
    pub escape: bool,
    /// DCD, where it is wired: with it on no text ends data mode, and off it needs no silence behind it.
    pub carrier: Option<bool>,
}

/// A report and the line behind it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Read<'i> {
    /// What was read.
    pub told: Told,
    /// The payload, or the line when it lies in the input; empty: the reader has it.
    pub(crate) piece: &'i [u8],
}

impl<'i> Read<'i> {
    /// The report.
    #[must_use]
    pub fn report(&self) -> Report<'i> {
        self.told.report(self.bytes())
    }

    /// The payload: a slice of the input.
    #[must_use]
    pub fn bytes(&self) -> &'i [u8] {
        if self.told.kind == Kind::Data { self.piece } else { &[] }
    }
}

/// What a poll finds: nothing, or a report with its piece. What it is stands in the reader.
type Found<'i> = Option<&'i [u8]>;

/// Where the next byte belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd)]
enum Mode {
    /// In a line.
    Line,
    /// In the line behind a held `RECV FROM:…`: a header may come.
    From,
    /// In the line behind a held `STATE: …`: a `CONNECT FAIL` may come.
    State,
    /// In the rest of a line that has been too long for the carry.
    Long,
    /// In data mode.
    Data,
    /// At the end of data mode: a line of its end text is still to be read.
    Ended,
    /// In a counted payload.
    Payload,
}

/// What has become of a byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd)]
#[repr(u32)] // A register.
enum Step {
    /// It is taken.
    Taken,
    /// It is taken, and there is a report.
    Report,
    /// There is a report of what stands in front of it: it has to be given again.
    Before,
    /// It begins a piece of payload, or is behind the end of data mode.
    Payload,
}

/// A resumable reader of one module's bytes.
///
/// **Next**: call [`poll`](Self::poll) until it gives `None`; the input is empty then. Call it again with new bytes, or with
/// none at the [`deadline`](Self::deadline).
#[derive(Clone, Debug)]
#[repr(C)] // The small fields first: a Cortex-M0 reaches them without an address in a register.
pub struct Reader {
    mode: Mode,
    /// Bytes of the carry in use.
    len: u8,
    /// Where the line at the front of the carry begins, and where it ends: a held one, or the one that was reported last. A
    /// cut line stands behind it.
    start: u8,
    front: u8,
    /// A prompt has just come: one blank may still belong to it.
    prompted: bool,
    /// The last command's echo has been seen.
    pub(crate) echoed: bool,
    end_text: EndText,
    gap_ms: u16,
    /// The most that a payload may hold, where it was asked for: a header that says more is damaged.
    pub(crate) limit: u16,
    /// When bytes came last.
    last: Instant,
    /// What lines mean, and what was read last; of a payload what its header said, and what of it is still to come.
    context: Context,
    /// The line at the front, then a cut one.
    carry: [u8; CARRY],
}

impl Reader {
    /// A reader for modules of this dialect; `gap_ms`: silence after which a payload that stopped is given up.
    #[must_use]
    pub const fn new(dialect: Dialect, gap_ms: u16) -> Self {
        Self {
            mode: Mode::Line,
            len: 0,
            start: 0,
            front: 0,
            prompted: false,
            echoed: false,
            context: Context {
                quirks: Quirks::of(dialect),
                ask: Ask::Other,
                unnumbered: Told::SINGLE,
                told: Told::new(Kind::Line),
            },
            end_text: EndText::NOTHING,
            gap_ms,
            limit: u16::MAX,
            last: Instant::from_millis(0),
            carry: [0; CARRY],
        }
    }

    /// The line behind a report: spans point into it.
    #[must_use]
    pub fn text<'a>(&'a self, read: &Read<'a>) -> &'a [u8] {
        // On a microcontroller every line is carried, and none is while payload comes.
        match read.piece {
            #[cfg(not(small))]
            _ if read.told.kind == Kind::Data => &[],
            #[cfg(not(small))]
            line @ [_, ..] => line,
            _ => self.remembered(),
        }
    }

    /// Keeps the line behind a report until the next poll, so that it outlives the input.
    pub(crate) fn remember(&mut self, read: &Read<'_>) {
        let line = read.piece;
        if self.mode == Mode::Line && self.len == 0 {
            self.keep(line.get(..CARRY).unwrap_or(line));
            self.front = self.len;
        }
    }

    /// The line that was kept.
    pub(crate) fn remembered(&self) -> &[u8] {
        part(&self.carry, self.start, self.front)
    }

    pub(crate) fn gap_ms(&self) -> u16 {
        self.gap_ms
    }

    /// When to poll without new bytes: a payload, a held line or an end text waits.
    #[must_use]
    pub fn deadline(&self) -> Option<Instant> {
        let waits = match self.mode {
            Mode::Payload | Mode::From | Mode::State => true,
            Mode::Data => !self.end_text.is_empty(),
            Mode::Line | Mode::Long | Mode::Ended => false,
        };
        waits.then(|| self.last.after(u32::from(self.gap_ms)))
    }

    /// Whether the next byte starts a line.
    #[must_use]
    pub fn is_at_line_start(&self) -> bool {
        self.mode < Mode::Long && self.len == self.front
    }

    /// Whether the module is in data mode, as far as the reader knows.
    #[must_use]
    pub fn is_data_mode(&self) -> bool {
        self.mode == Mode::Data
    }

    /// `AT+CIPMODE=1` is set (or not): what carries no number is about the transparent link.
    pub fn set_transparent(&mut self, on: bool) {
        self.context.unnumbered = if on { Told::DATA } else { Told::SINGLE };
    }

    /// The next report.
    ///
    /// Takes from the front of `input` what it has used; bounded: one report, or `None` with the input empty. With no
    /// input it looks at the time: what has waited for its gap is given up.
    #[inline]
    pub fn poll<'i>(&mut self, now: Instant, input: &mut &'i [u8], asked: &Asked<'_>) -> Option<Read<'i>> {
        let found = self.next(now, input, asked);
        self.read(found)
    }

    #[cfg(not(small))]
    #[inline]
    fn next<'i>(&mut self, now: Instant, input: &mut &'i [u8], asked: &Asked<'_>) -> Found<'i> {
        if input.is_empty() {
            let waits = self.mode != Mode::Line && (asked.carrier.is_some() || self.is_late(now));
            return if waits || self.mode == Mode::Ended { self.any(now, input, asked) } else { None };
        }
        self.last = now;
        match self.mode {
            Mode::Payload => self.counted(input),
            Mode::Line | Mode::From | Mode::State | Mode::Long => self.usual(input, asked),
            Mode::Data | Mode::Ended => self.any(now, input, asked),
        }
    }

    #[cfg(small)]
    fn next<'i>(&mut self, now: Instant, input: &mut &'i [u8], asked: &Asked<'_>) -> Found<'i> {
        self.any(now, input, asked)
    }

    /// Whether the gap has passed.
    fn is_late(&self, now: Instant) -> bool {
        now.reached(self.last.after(u32::from(self.gap_ms)))
    }

    /// What comes next, of whatever kind.
    #[cfg_attr(not(small), inline(never))]
    fn any<'i>(&mut self, now: Instant, input: &mut &'i [u8], asked: &Asked<'_>) -> Found<'i> {
        let mut found = None;
        if self.mode != Mode::Ended {
            if input.is_empty() {
                if self.is_late(now) || (self.mode == Mode::Data && asked.carrier == Some(false)) {
                    found = self.give_up(input, asked);
                }
            } else {
                self.last = now;
                found = self.bytes(input, asked);
            }
        }
        if self.mode == Mode::Ended { self.end_lines(asked) } else { found }
    }

    /// What the next bytes are, one by one.
    fn bytes<'i>(&mut self, input: &mut &'i [u8], asked: &Asked<'_>) -> Found<'i> {
        match self.steps(input, asked) {
            Step::Taken => None,
            Step::Payload => self.piece(input),
            Step::Report | Step::Before => Some(&[]),
        }
    }

    #[cfg_attr(not(small), inline(always))]
    fn read<'i>(&self, found: Found<'i>) -> Option<Read<'i>> {
        found.map(|piece| Read { told: self.context.told, piece })
    }

    /// What has waited for its gap is given up. With DCD on no text ends data mode.
    #[cfg_attr(not(small), inline(never))]
    fn give_up<'i>(&mut self, input: &mut &'i [u8], asked: &Asked<'_>) -> Found<'i> {
        if self.mode == Mode::Data {
            if asked.carrier != Some(true) && self.end_text.is_whole() {
                self.mode = Mode::Ended;
                return None;
            }
            return self.piece(input);
        }
        if self.is_held() {
            self.release();
            return Some(&[]);
        }
        if self.mode != Mode::Payload {
            return None;
        }
        self.mode = Mode::Line;
        let told = &mut self.context.told;
        let [_, left, ..] = told.number;
        let hex = told.has >> 7;
        told.become_line((left + u32::from(hex)) >> hex);
        told.kind = Kind::Lost;
        Some(&[])
    }

    /// Reports a line that was not whole as it is, when nothing more is to come; `None` when there is none.
    pub fn finish<'i>(&mut self) -> Option<Read<'i>> {
        if self.len == self.front {
            return None;
        }
        self.mode = Mode::Line;
        self.start = self.front;
        self.front = self.len;
        self.context.told.become_line(0);
        self.read(Some(&[]))
    }

    /// A `CONNECT` was not meant, or is over: bytes are lines again.
    pub(crate) fn set_line_mode(&mut self) {
        if self.mode == Mode::Data {
            self.mode = Mode::Line;
            self.end_text = EndText::NOTHING;
        }
    }

    /// What was read may change what the next byte is.
    pub(crate) fn enter(&mut self, kind: Kind) {
        if kind == Kind::DataMode {
            self.mode = Mode::Data;
        }
    }

    /// Puts bytes back that looked like something else: they begin a line.
    pub(crate) fn stash(&mut self, bytes: &[u8]) {
        self.drop_front();
        let skip = bytes.iter().take_while(|b| matches!(b, b'\r' | b'\n')).count();
        let line = bytes.get(skip..).unwrap_or_default();
        let room = CARRY - usize::from(self.len);
        self.keep(line.get(..room).unwrap_or(line));
    }

    /// A prompt has been read outside; a blank may follow.
    pub(crate) fn prompted(&mut self) {
        self.prompted = true;
    }

    /// Whether a blank still belongs to the prompt.
    pub(crate) fn take_prompted(&mut self) -> bool {
        core::mem::take(&mut self.prompted)
    }

    /// Drops the line at the front of the carry, unless it is held. A cut line behind it stays where it is.
    fn drop_front(&mut self) {
        if self.is_held() {
            return;
        }
        self.start = self.front;
        if self.len == self.front {
            self.clear();
        }
    }

    /// Whether the line at the front waits for the one behind it.
    #[inline]
    fn is_held(&self) -> bool {
        matches!(self.mode, Mode::From | Mode::State)
    }

    /// Drops all that is carried.
    fn clear(&mut self) {
        (self.start, self.front, self.len) = (0, 0, 0);
    }

    /// A piece of payload, if there is one. Behind the end of data mode none is left.
    #[cfg_attr(small, inline(never))]
    fn piece<'i>(&mut self, input: &mut &'i [u8]) -> Found<'i> {
        let told = &mut self.context.told;
        if self.mode == Mode::Data {
            told.become_a(Kind::Data);
            told.link = Told::DATA;
            told.has = Told::FIRST | Told::SECOND;
            if !self.end_text.is_empty() {
                return self.end_text.release();
            }
            told.number[1] = u32::try_from(find(b'\r', input).unwrap_or(input.len())).unwrap_or(u32::MAX);
        }
        self.counted(input)
    }

    /// As many bytes as are left of the payload.
    #[inline(always)]
    fn counted<'i>(&mut self, input: &mut &'i [u8]) -> Found<'i> {
        let [_, left, ..] = &mut self.context.told.number;
        let take = usize::try_from(*left).unwrap_or(usize::MAX).min(input.len());
        let (bytes, behind) = input.split_at_checked(take)?;
        if take == 0 {
            return None;
        }
        *input = behind;
        #[expect(clippy::cast_possible_truncation, reason = "take is at most left")]
        {
            *left -= take as u32;
        }
        if *left == 0 && self.mode == Mode::Payload {
            self.mode = Mode::Line;
        }
        Some(bytes)
    }

    /// Takes bytes until there is a report, or payload comes.
    #[inline(never)]
    fn steps(&mut self, input: &mut &[u8], asked: &Asked<'_>) -> Step {
        self.drop_front();
        self.context.ask = asked.ask;
        loop {
            let Some((byte, behind)) = input.split_first() else { return Step::Taken };
            let step = self.step(u32::from(*byte), asked);
            if step <= Step::Report {
                *input = behind;
            }
            if step != Step::Taken {
                return step;
            }
        }
    }

    /// Takes a byte: in a whole register, so that nothing has to mask it before it is compared.
    #[cfg_attr(small, inline(never))]
    fn step(&mut self, byte: u32, asked: &Asked<'_>) -> Step {
        if self.mode < Mode::Data {
            return self.byte(byte, asked);
        }
        if self.mode == Mode::Data && self.text_byte(byte, asked.escape) {
            return Step::Taken;
        }
        Step::Payload
    }

    /// Takes a byte in data mode, if it belongs to an end text.
    fn text_byte(&mut self, byte: u32, escape: bool) -> bool {
        // The `K` is that of `OK`.
        let known = byte != u32::from(b'K') || escape;
        let taken = known && self.end_text.take(byte);
        if taken && self.end_text.is_escaped() {
            self.mode = Mode::Ended;
        }
        taken
    }

    /// Takes a byte of a line.
    fn byte(&mut self, byte: u32, asked: &Asked<'_>) -> Step {
        if self.len == self.front && self.mode != Mode::Long {
            if byte == u32::from(b'\r') || byte == u32::from(b'\n') {
                return Step::Taken;
            }
            let prompted = core::mem::take(&mut self.prompted);
            if byte == u32::from(b' ') && prompted {
                return Step::Taken;
            }
            if byte == u32::from(b'>') && asked.prompt {
                return self.prompt();
            }
        }
        let end = byte == u32::from(b'\n');
        if end {
            self.trim();
        }
        if end || self.may_end_header(byte) {
            let line = part(&self.carry, self.front, self.len);
            let ours = self.mode != Mode::Long && classify(line, &mut self.context).is_some();
            if end || (ours && is_inline_header(&self.context.told)) {
                return self.line(ours, asked);
            }
        }
        if let Some(free) = self.carry.get_mut(usize::from(self.len)) {
            *free = low(byte);
            self.len += 1;
            return Step::Taken;
        }
        if self.is_held() {
            return self.release();
        }
        self.mode = Mode::Long;
        self.front = self.len;
        self.context.told.become_line(1);
        Step::Before
    }

    /// Whether this byte may end a header whose payload follows on the same line: a colon that of `+IPD` and `+RECEIVE`; a
    /// comma, too, that of `+CIPRCV`, whose sixth byte is a C.
    #[inline]
    fn may_end_header(&self, byte: u32) -> bool {
        let front = usize::from(self.front);
        let second = self.carry.get(front + 1);
        if byte == u32::from(b':') && (second == Some(&b'I') || second == Some(&b'R')) {
            return true;
        }
        let sixth = front + 5;
        (byte == u32::from(b':') || byte == u32::from(b','))
            && sixth < usize::from(self.len)
            && self.carry.get(sixth) == Some(&b'C')
    }

    /// A prompt has come.
    fn prompt(&mut self) -> Step {
        if self.is_held() {
            return self.release();
        }
        self.prompted = true;
        self.carry[0] = b'>';
        self.len = 1;
        self.front = 1;
        self.context.told.become_a(Kind::Prompt);
        Step::Report
    }

    /// Drops the CRs at the end of the cut line; the one in front of it has none.
    fn trim(&mut self) {
        while let Some(b'\r') = self.carry.get(usize::from(self.len).wrapping_sub(1)) {
            self.len -= 1;
        }
    }

    /// What becomes of a whole line, the held one in front of it considered. `ours`: it is one of ours.
    fn line(&mut self, ours: bool, asked: &Asked<'_>) -> Step {
        if !ours {
            if self.mode != Mode::Long && part(&self.carry, self.front, self.len) == asked.echo {
                self.echoed = true;
                self.len = self.front;
                return Step::Taken;
            }
            self.context.told.become_line(0);
        }
        let Told { kind, link, has, .. } = self.context.told;
        if self.mode == Mode::State && kind == Kind::ConnectFail && has == 0 {
            // The failure with the state's text.
            self.len = self.front;
            self.release();
            let told = &mut self.context.told;
            (told.kind, told.link, told.has) = (kind, link, 0);
            return Step::Report;
        }
        if self.mode == Mode::State || (self.mode == Mode::From && kind != Kind::Data) {
            return self.release();
        }
        if kind == Kind::Data {
            self.begin();
            return Step::Taken;
        }
        self.front = self.len;
        self.mode = Mode::Line;
        if kind == Kind::Raw || (kind == Kind::State && has != 0) {
            self.mode = if kind == Kind::Raw { Mode::From } else { Mode::State };
            return Step::Taken;
        }
        self.enter(kind);
        Step::Report
    }

    /// Reports the held line.
    #[inline(never)]
    fn release(&mut self) -> Step {
        self.mode = Mode::Line;
        // It is one of ours, or it would not be held.
        let _ = classify(part(&self.carry, self.start, self.front), &mut self.context);
        if self.context.told.kind == Kind::Raw {
            self.context.told.become_line(0);
        }
        Step::Before
    }

    /// What a whole line means, if it is one of ours.
    pub(crate) fn meaning(&mut self, line: &[u8], ask: Ask) -> Option<Told> {
        self.context.ask = ask;
        classify(line, &mut self.context).map(|()| self.context.told)
    }

    /// Begins the payload of the header; an empty one is over at once.
    pub(crate) fn begin(&mut self) {
        let told = &mut self.context.told;
        if self.mode == Mode::From {
            // What the held line said is there still.
            told.has |= Told::IP | Told::PORT;
        }
        let [len, left, ..] = &mut told.number;
        *left = (*len).min(u32::from(self.limit)) << (told.has >> 7);
        told.has |= Told::SECOND;
        self.mode = if *len > 0 { Mode::Payload } else { Mode::Line };
        self.clear();
    }

    /// Copies the front of a line into the carry; the caller has seen that it fits.
    fn keep(&mut self, bytes: &[u8]) {
        let at = usize::from(self.len);
        if let Some(free) = self.carry.get_mut(at..at + bytes.len()) {
            free.copy_from_slice(bytes);
        }
        self.len = low_of(at + bytes.len());
    }

    /// The text that is held ends data mode: it is lines like others. On `a7600` a notice with the reason may have come
    /// along: it is the next line.
    #[cfg_attr(not(small), inline(never))]
    fn end_lines<'i>(&mut self, asked: &Asked<'_>) -> Found<'i> {
        self.mode = Mode::Line;
        let mut text = self.end_text.held();
        self.steps(&mut text, asked);
        self.end_text.leave(text.len());
        if !text.is_empty() {
            self.mode = Mode::Ended;
        }
        Some(&[])
    }
}

/// Whether what was read is a header whose payload follows on the same line.
fn is_inline_header(told: &Told) -> bool {
    told.kind == Kind::Data && told.has(Told::SECOND)
}

/// A part of the carry.
#[cfg_attr(small, inline(never))]
fn part(carry: &[u8; CARRY], from: u8, to: u8) -> &[u8] {
    let to = usize::from(to).min(CARRY);
    carry.get(usize::from(from).min(to)..to).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sender_stays_with_a_payload_that_fills_the_carry() {
        let mut bytes = b"\r\nRECV FROM:1.2.3.4:5\r\n+RECEIVE,0,300:".to_vec();
        bytes.extend([b'x'; 300]);
        let mut reader = Reader::new(Dialect::Rda8955, 1000);
        let mut input = &bytes[..];
        let read = reader.poll(Instant::from_millis(0), &mut input, &Asked::default()).unwrap();
        let Report::Data(data) = read.report() else { panic!("{read:?}") };
        assert_eq!((data.bytes.len(), data.from.map(|from| from.port())), (300, Some(5)));
    }

    #[test]
    fn data_mode_ends_by_any_text_each_time() {
        let mut reader = Reader::new(Dialect::A7600, 1000);
        reader.set_transparent(true);
        let ask = Asked::default();
        for end in ["CLOSED", "+PDP: DEACT", "NO CARRIER", "CLOSED\r\n\r\n+IPCLOSE: 0,1", "+PDP: DEACT"] {
            let bytes = format!("\r\nCONNECT 115200\r\nab\r\n{end}\r\n");
            let mut input = bytes.as_bytes();
            let read = reader.poll(Instant::from_millis(0), &mut input, &ask).unwrap();
            assert_eq!(read.told.kind, Kind::DataMode);
            let late = Instant::from_millis(1000);
            assert!(reader.poll(late, &mut b"".as_slice(), &ask).is_none() && reader.is_data_mode());
            let read = reader.poll(Instant::from_millis(0), &mut input, &ask).unwrap();
            assert_eq!((read.told.link, read.bytes()), (Told::DATA, &b"ab"[..]));
            assert!(reader.poll(Instant::from_millis(0), &mut input, &ask).is_none() && input.is_empty());
            assert!(reader.is_data_mode() && reader.deadline() == Some(Instant::from_millis(1000)));
            let lines: Vec<String> = std::iter::from_fn(|| {
                let read = reader.poll(Instant::from_millis(1000), &mut input, &ask)?;
                Some(reader.text(&read).iter().map(|&b| char::from(b)).collect())
            })
            .collect();
            assert_eq!(lines, end.split("\r\n\r\n").collect::<Vec<_>>());
            assert!(!reader.is_data_mode() && reader.is_at_line_start());
        }
    }

    /// What a reader reports, as text, when its bytes come in chunks of this length.
    fn told(dialect: Dialect, bytes: &[u8], chunk: usize) -> String {
        let mut reader = Reader::new(dialect, 1000);
        let mut told = String::new();
        for mut input in bytes.chunks(chunk) {
            while let Some(read) = reader.poll(Instant::from_millis(0), &mut input, &Asked::default()) {
                match read.report() {
                    Report::Data(data) => told.extend(data.bytes.iter().map(|&b| char::from(b))),
                    Report::Line { .. } => {
                        told.extend(reader.text(&read).iter().map(|&b| char::from(b)));
                    }
                    report => panic!("{report:?}"),
                }
            }
        }
        told
    }

    #[test]
    fn only_a_header_with_its_payload_behind_it_ends_within_a_line() {
        let lines: &[(Dialect, &[u8], &str)] = &[
            (Dialect::Sim800, b"1, CLOSEC\r\n+IPD5,TCP:hello\r\n", "1, CLOSEChello"),
            (Dialect::Sim800, b"1, CLOSEX\r\n+IPD5:hello\r\n", "1, CLOSEXhello"),
            (Dialect::Sim800, b"12345C\r\n+IPD5,TCP:hello\r\n", "12345Chello"),
            (Dialect::Sim800, b"\r\n+CIPRXGET: 2,5,0:\r\nhello\r\n", "hello"),
            (Dialect::Rda8955, b"\r\n+CIPRXGET:2,1,5,5:\r\nhello\r\n", "hello"),
            (Dialect::Rda8955, b"\r\n+CIPRCV,0,5,hello\r\n", "hello"),
            (Dialect::Sim7000, b"\r\n+CIPRCV,0,5:x\r\n\r\n+CIPRCV,0,5:\r\nhello\r\n", "+CIPRCV,0,5:xhello"),
            (Dialect::Rda8955, b"\r\n+RECEIVE,0,5,1.2.3.4:80\r\n+RECEIVE,0,5:hello\r\n", "hello"),
        ];
        for (dialect, bytes, wanted) in lines {
            for chunk in 1..=bytes.len() {
                let whole = told(*dialect, bytes, chunk);
                assert_eq!(whole, *wanted, "{} {chunk}", bytes.escape_ascii());
            }
        }
    }

    #[test]
    fn a_header_that_is_longer_than_the_carry_is_none_wherever_it_is_cut() {
        for dialect in [Dialect::Sim7000, Dialect::Rda8955] {
            for junk in CARRY - 16..CARRY + 4 {
                let bytes = [b"+IPD,5,TCP".as_slice(), &vec![0xE7; junk], b":hello\r\n"].concat();
                let whole = told(dialect, &bytes, bytes.len());
                for chunk in 1..bytes.len() {
                    assert_eq!(told(dialect, &bytes, chunk), whole, "{dialect:?} {junk} {chunk}");
                }
            }
        }
    }
}
