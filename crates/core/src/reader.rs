//! Module bytes → reports: lines by their end, payload by its count.
//!
//! The reader owns no payload: payload is handed out as slices of the caller's input, and so is a line that lies whole in
//! it. Only a line that is cut, or that waits for the line behind it, is carried.

use crate::classify::{Ask, Header, Meaning, Quirks, classify};
use crate::end_text::{End, EndText, Step};
use crate::ids::{On, SocketAddrV4};
use crate::report::{Data, Report, Span};
use crate::spec::Spec;
use crate::time::Instant;
use memchr::{memchr, memchr2};

/// The longest line that is typed and carried, in bytes, its end not counted.
pub const CARRY: usize = 192;
/// The most payload a header may announce; above it, the line is no header.
pub const MAX_ANNOUNCED: u32 = 4096;

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
}

/// A report and the line behind it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Read<'i> {
    /// The report.
    pub report: Report<'i>,
    /// The line, when it lies in the input (or is a fixed text); `None`: [`Reader::text`] has it.
    pub line: Option<&'i [u8]>,
}

/// Where the next byte belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mode {
    /// In a line.
    Line,
    /// In a line that is too long to carry.
    Long,
    /// In a counted payload.
    Payload,
    /// In data mode.
    Data,
}

/// What the carry holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Held {
    /// A line that is not whole, or nothing.
    Nothing,
    /// `RECV FROM:…` in front of a header.
    From(SocketAddrV4),
    /// `STATE: …` in front of `CONNECT FAIL`.
    State(Span),
}

/// A resumable reader of one module's bytes.
///
/// **Next**: call [`poll`](Self::poll) until it gives `None`; the input is empty then. Call it again with new bytes, or with
/// none at the [`deadline`](Self::deadline).
#[derive(Clone, Debug)]
pub struct Reader {
    /// A held line, then a cut one.
    carry: [u8; CARRY],
    /// Bytes of the carry in use.
    len: u8,
    /// Bytes of the carry that are a held line.
    held_len: u8,
    held: Held,
    /// The reported text is `carry[text.start..text.end]`.
    text: Span,
    /// Bytes at the front of the carry that the next poll drops: they have been reported.
    spent: u8,
    mode: Mode,
    quirks: Quirks,
    /// The carry's cut line is whole and waits for its turn.
    ready: bool,
    /// A prompt has just come: one blank may still belong to it.
    prompted: bool,
    /// The last command's echo has been seen.
    pub(crate) echoed: bool,
    transparent: bool,
    waiting: bool,
    gap_ms: u16,
    end_text: EndText,
    /// Wire bytes of the payload that are still to come.
    left: u16,
    header: Header,
    deadline: Instant,
}

/// What became of a whole line.
enum Outcome {
    /// It is this report; spans point into the line, or, when the flag is set, into the held line.
    Report(Report<'static>, bool),
    /// It starts a payload.
    Payload,
    /// It waits for the line behind it.
    Hold(Held),
    /// The held line has to be reported first, then this line comes again.
    HeldFirst,
    /// It is empty or our own echo.
    Echo,
}

impl Reader {
    /// A reader for modules of this dialect; `gap_ms`: silence after which a payload that stopped is given up.
    #[must_use]
    pub fn new(spec: &'static Spec, gap_ms: u16) -> Self {
        let quirks = spec.quirks;
        Self {
            carry: [0; CARRY],
            len: 0,
            held_len: 0,
            held: Held::Nothing,
            text: Span::default(),
            spent: 0,
            mode: Mode::Line,
            quirks,
            ready: false,
            prompted: false,
            echoed: false,
            transparent: false,
            waiting: false,
            gap_ms,
            end_text: EndText::default(),
            left: 0,
            header: Header { link: On::Single, len: 0, rest: None, from: None, proto: None, hex: false },
            deadline: Instant::from_millis(0),
        }
    }

    /// The line behind a report: spans point into it.
    #[must_use]
    pub fn text<'a>(&'a self, read: &Read<'a>) -> &'a [u8] {
        read.line.unwrap_or_else(|| self.text.of(&self.carry))
    }

    /// Keeps the line behind a report until the next poll, so that it outlives the input.
    pub(crate) fn remember(&mut self, read: &Read<'_>) {
        let Some(line) = read.line else { return };
        if self.mode == Mode::Line && self.len == 0 {
            let fits = line.get(..CARRY).unwrap_or(line);
            self.keep(fits);
            self.spend(0, self.len);
        }
    }

    /// The line that was kept.
    pub(crate) fn remembered(&self) -> &[u8] {
        self.text.of(&self.carry)
    }

    /// When to poll without new bytes: a payload, a held line or an end text waits.
    #[must_use]
    pub fn deadline(&self) -> Option<Instant> {
        self.waiting.then_some(self.deadline)
    }

    /// Whether the next byte starts a line.
    #[must_use]
    pub fn is_at_line_start(&self) -> bool {
        self.mode == Mode::Line && !self.ready && self.len == self.held_len.max(self.spent)
    }

    /// Whether the module is in data mode, as far as the reader knows.
    #[must_use]
    pub fn is_data_mode(&self) -> bool {
        self.mode == Mode::Data
    }

    /// `AT+CIPMODE=1` is set (or not): what carries no number is about the transparent link.
    pub fn set_transparent(&mut self, on: bool) {
        self.transparent = on;
    }

    /// The next report.
    ///
    /// Takes from the front of `input` what it has used; bounded: one report, or `None` with the input empty. With no
    /// input it looks at the time: what has waited for its gap is given up.
    pub fn poll<'i>(&mut self, now: Instant, input: &mut &'i [u8], asked: &Asked<'_>) -> Option<Read<'i>> {
        if self.spent > 0 {
            self.drop_spent();
        }
        if input.is_empty() && !self.ready {
            return if self.waiting && now.reached(self.deadline) { self.expire() } else { None };
        }
        let read = match self.mode {
            Mode::Payload => self.payload(input),
            Mode::Line => self.line(input, asked),
            Mode::Long => self.long(input),
            Mode::Data => self.data(input, asked.escape),
        };
        self.waiting = match self.mode {
            Mode::Payload => true,
            Mode::Data => !self.end_text.is_empty(),
            Mode::Line => self.held != Held::Nothing,
            Mode::Long => false,
        };
        if self.waiting {
            self.deadline = now.after(u32::from(self.gap_ms));
        }
        read
    }

    /// Gives up what waits, as if its gap had passed; `None` when nothing does. Call it until it gives `None`.
    pub fn expire<'i>(&mut self) -> Option<Read<'i>> {
        if self.spent > 0 {
            self.drop_spent();
        }
        self.waiting = false;
        match self.mode {
            Mode::Payload => {
                self.mode = Mode::Line;
                let bytes = if self.header.hex { self.left.div_ceil(2) } else { self.left };
                Some(Read { report: Report::Lost { bytes }, line: Some(b"") })
            }
            Mode::Data if self.end_text.is_empty() => None,
            Mode::Data => Some(match self.end_text.end() {
                Some(end) => self.leave_data_mode(end),
                None => data_mode(self.end_text.release()),
            }),
            Mode::Line => self.release_held(),
            Mode::Long => None,
        }
    }

    /// Reports a line that was not whole as it is, when nothing more is to come; `None` when there is none.
    pub fn finish<'i>(&mut self) -> Option<Read<'i>> {
        if self.spent > 0 {
            self.drop_spent();
        }
        if self.mode == Mode::Long || self.len == self.held_len {
            return None;
        }
        self.text = Span { start: self.held_len, end: self.len };
        self.spent = self.len;
        Some(Read { report: Report::Line { more: false }, line: None })
    }

    /// A report that changes what the next byte is.
    pub(crate) fn enter(&mut self, report: &Report<'_>) {
        if matches!(report, Report::DataMode { .. }) {
            self.mode = Mode::Data;
        }
    }

    /// Puts bytes back that looked like something else: they begin a line.
    pub(crate) fn stash(&mut self, bytes: &[u8]) {
        if self.spent > 0 {
            self.drop_spent();
        }
        let skip = bytes.iter().take_while(|b| matches!(b, b'\r' | b'\n')).count();
        self.keep(bytes.get(skip..).unwrap_or_default());
    }

    /// A prompt has been read outside; a blank may follow.
    pub(crate) fn prompted(&mut self) {
        self.prompted = true;
    }

    /// Whether a blank still belongs to the prompt.
    pub(crate) fn take_prompted(&mut self) -> bool {
        core::mem::take(&mut self.prompted)
    }

    fn drop_spent(&mut self) {
        self.carry.copy_within(usize::from(self.spent).., 0);
        self.len = self.len.saturating_sub(self.spent);
        self.held_len = self.held_len.saturating_sub(self.spent);
        self.spent = 0;
    }

    fn payload<'i>(&mut self, input: &mut &'i [u8]) -> Option<Read<'i>> {
        let take = usize::from(self.left).min(input.len());
        let (bytes, behind) = input.split_at_checked(take)?;
        if take == 0 {
            return None;
        }
        *input = behind;
        #[expect(clippy::cast_possible_truncation, reason = "take is at most left")]
        {
            self.left -= take as u16;
        }
        if self.left == 0 {
            self.mode = Mode::Line;
        }
        let Header { link, len, rest, from, proto, hex } = self.header;
        #[expect(clippy::cast_possible_truncation, reason = "at most MAX_ANNOUNCED")]
        let len = len as u16;
        let data = Data { link, bytes, len, left: self.left, rest, from, proto, hex };
        Some(Read { report: Report::Data(data), line: Some(b"") })
    }

    fn line<'i>(&mut self, input: &mut &'i [u8], asked: &Asked<'_>) -> Option<Read<'i>> {
        loop {
            if self.ready || self.len > self.held_len {
                match self.cut_line(input, asked) {
                    Next::Report(read) => return Some(read),
                    Next::Again => {}
                    Next::Empty => return None,
                }
            } else {
                let data = *input;
                let (&first, behind) = data.split_first()?;
                match first {
                    b'\r' | b'\n' => {
                        *input = behind;
                        continue;
                    }
                    b'>' if asked.prompt => {
                        *input = behind;
                        self.prompted = true;
                        return Some(Read { report: Report::Prompt, line: Some(b">") });
                    }
                    b' ' if self.prompted => {
                        *input = behind;
                        self.prompted = false;
                        continue;
                    }
                    _ => self.prompted = false,
                }
                match self.line_in_input(input, asked) {
                    Next::Report(read) => return Some(read),
                    Next::Again => {}
                    Next::Empty => return None,
                }
            }
            if self.mode == Mode::Payload {
                return self.payload(input);
            }
        }
    }

    /// A line that starts at the front of the input.
    fn line_in_input<'i>(&mut self, input: &mut &'i [u8], asked: &Asked<'_>) -> Next<'i> {
        let data = *input;
        let room = CARRY - usize::from(self.held_len);
        let window = data.get(..=room).unwrap_or(data);
        if let Some((end, header)) = self.inline_header(window, asked) {
            *input = data.get(end..).unwrap_or_default();
            self.begin(header);
            return Next::Again;
        }
        let Some(end) = memchr(b'\n', window) else {
            if data.len() > room {
                return match self.release_held() {
                    Some(read) => Next::Report(read),
                    None => {
                        let (piece, behind) = data.split_at_checked(room).unwrap_or_default();
                        *input = behind;
                        self.mode = Mode::Long;
                        Next::Report(Read { report: Report::Line { more: true }, line: Some(piece) })
                    }
                };
            }
            self.keep(data);
            *input = &[];
            return Next::Empty;
        };
        let line = trim_cr(data.get(..end).unwrap_or_default());
        let meaning = self.meaning(line, asked);
        let outcome = self.outcome(meaning);
        if !matches!(outcome, Outcome::HeldFirst) {
            *input = data.get(end + 1..).unwrap_or_default();
        }
        match outcome {
            Outcome::Report(report, in_held) => {
                let line = if in_held { self.spend(0, self.held_len) } else { Some(line) };
                Next::Report(Read { report, line })
            }
            Outcome::HeldFirst => self.release_held().map_or(Next::Again, Next::Report),
            Outcome::Hold(held) => {
                self.keep(line);
                self.hold(held);
                Next::Again
            }
            Outcome::Payload | Outcome::Echo => Next::Again,
        }
    }

    /// A line that the carry holds the front of.
    fn cut_line<'i>(&mut self, input: &mut &'i [u8], asked: &Asked<'_>) -> Next<'i> {
        while !self.ready {
            let Some((&byte, behind)) = input.split_first() else { return Next::Empty };
            if byte == b'\n' {
                self.ready = true;
                *input = behind;
                break;
            }
            let Some(slot) = self.carry.get_mut(usize::from(self.len)) else {
                if let Some(read) = self.release_held() {
                    return Next::Report(read);
                }
                self.mode = Mode::Long;
                let line = self.spend(0, self.len);
                return Next::Report(Read { report: Report::Line { more: true }, line });
            };
            *slot = byte;
            self.len += 1;
            *input = behind;
            if matches!(byte, b':' | b',') {
                let header = self.inline_header(self.cut(), asked);
                if let Some((_, header)) = header.filter(|(end, _)| *end == self.cut().len()) {
                    self.len = self.held_len;
                    self.begin(header);
                    return Next::Again;
                }
            }
        }
        let meaning = self.meaning(trim_cr(self.cut()), asked);
        let outcome = self.outcome(meaning);
        self.ready = matches!(outcome, Outcome::HeldFirst);
        match outcome {
            Outcome::Report(report, in_held) => {
                let (start, end) = if in_held { (0, self.held_len) } else { (self.held_len, self.len) };
                let line = self.spend(start, end);
                self.spent = self.len;
                Next::Report(Read { report, line })
            }
            Outcome::HeldFirst => self.release_held().map_or(Next::Again, Next::Report),
            Outcome::Hold(held) => {
                self.hold(held);
                Next::Again
            }
            Outcome::Payload | Outcome::Echo => {
                self.len = self.held_len;
                Next::Again
            }
        }
    }

    /// The cut line in the carry.
    fn cut(&self) -> &[u8] {
        self.carry.get(usize::from(self.held_len)..usize::from(self.len)).unwrap_or_default()
    }

    /// A header at the start of `line` whose payload follows on the same line, and its length.
    fn inline_header(&self, line: &[u8], asked: &Asked<'_>) -> Option<(usize, Header)> {
        let clone = self.quirks.has(Quirks::CLONE);
        let candidate = match line {
            [b'+', b'I', b'P', b'D', ..] => !self.quirks.has(Quirks::MANY_LINKS),
            [b'+', b'R', b'E', b'C', b'E', ..] | [b'+', b'C', b'I', b'P', b'R', b'C', ..] => clone,
            _ => false,
        };
        if !candidate {
            return None;
        }
        for (at, byte) in line.iter().enumerate() {
            match byte {
                b'\n' => return None,
                b':' | b',' => {
                    let front = line.get(..=at)?;
                    if *byte == b',' && front.get(1) != Some(&b'C') {
                        continue;
                    }
                    if let Meaning::Header(header) =
                        classify(front, self.quirks, asked.ask, self.unnumbered())
                        && header.len <= MAX_ANNOUNCED
                    {
                        return Some((at + 1, header));
                    }
                }
                _ => {}
            }
        }
        None
    }

    /// What a whole line means.
    pub(crate) fn meaning(&self, line: &[u8], asked: &Asked<'_>) -> Meaning {
        if line.is_empty() {
            return Meaning::Nothing;
        }
        match classify(line, self.quirks, asked.ask, self.unnumbered()) {
            Meaning::Unknown if line == asked.echo => Meaning::Echo,
            Meaning::Header(header) if header.len > MAX_ANNOUNCED => Meaning::Unknown,
            meaning => meaning,
        }
    }

    /// What becomes of it, the held line in front of it considered.
    fn outcome(&mut self, meaning: Meaning) -> Outcome {
        match (meaning, self.held) {
            (Meaning::Nothing, _) => Outcome::Echo,
            (Meaning::Echo, _) => {
                self.echoed = true;
                Outcome::Echo
            }
            (Meaning::Header(header), Held::Nothing | Held::From(_)) => {
                self.begin(header);
                Outcome::Payload
            }
            (Meaning::Report(Report::ConnectFail { link, err, .. }), Held::State(state)) => {
                Outcome::Report(Report::ConnectFail { link, err, state }, true)
            }
            (_, Held::From(_) | Held::State(_)) => Outcome::HeldFirst,
            (Meaning::Report(report), Held::Nothing) => {
                self.enter(&report);
                Outcome::Report(report, false)
            }
            (Meaning::From(from), Held::Nothing) => Outcome::Hold(Held::From(from)),
            (Meaning::State(text), Held::Nothing) => Outcome::Hold(Held::State(text)),
            (Meaning::Unknown, Held::Nothing) => Outcome::Report(Report::Line { more: false }, false),
        }
    }

    /// Begins the payload of a header; an empty one is over at once.
    pub(crate) fn begin(&mut self, header: Header) {
        let wire = if header.hex { header.len.wrapping_mul(2) } else { header.len };
        let from = match core::mem::replace(&mut self.held, Held::Nothing) {
            Held::From(from) => {
                let held = core::mem::take(&mut self.held_len);
                self.carry.copy_within(usize::from(held).., 0);
                self.len = self.len.saturating_sub(held);
                Some(from)
            }
            Held::State(_) | Held::Nothing => header.from,
        };
        self.header = Header { from, ..header };
        #[expect(clippy::cast_possible_truncation, reason = "at most twice MAX_ANNOUNCED")]
        {
            self.left = wire as u16;
        }
        if self.left > 0 {
            self.mode = Mode::Payload;
        }
    }

    /// Copies the front of a line into the carry; the caller has seen that it fits.
    fn keep(&mut self, bytes: &[u8]) {
        let at = usize::from(self.len);
        if let Some(free) = self.carry.get_mut(at..at + bytes.len()) {
            free.copy_from_slice(bytes);
            #[expect(clippy::cast_possible_truncation, reason = "the carry is shorter than 256 bytes")]
            {
                self.len += bytes.len() as u8;
            }
        }
    }

    /// Makes the line in the carry wait for the line behind it.
    fn hold(&mut self, held: Held) {
        self.held = held;
        self.held_len = self.len;
    }

    /// Marks a part of the carry as the reported text, and everything up to its end as spent.
    fn spend<'i>(&mut self, start: u8, end: u8) -> Option<&'i [u8]> {
        self.text =
            Span { start, end: start + trimmed_len(self.carry.get(usize::from(start)..usize::from(end))) };
        self.spent = end;
        self.held = Held::Nothing;
        None
    }

    fn release_held<'i>(&mut self) -> Option<Read<'i>> {
        let report = match self.held {
            Held::Nothing => return None,
            Held::From(_) => Report::Line { more: false },
            Held::State(text) => Report::State { text },
        };
        let line = self.spend(0, self.held_len);
        Some(Read { report, line })
    }

    /// The rest of a line that is too long: pieces without the CRs.
    fn long<'i>(&mut self, input: &mut &'i [u8]) -> Option<Read<'i>> {
        loop {
            let data = *input;
            let (&first, behind) = data.split_first()?;
            match first {
                b'\r' => *input = behind,
                b'\n' => {
                    *input = behind;
                    self.mode = Mode::Line;
                    return Some(Read { report: Report::Line { more: false }, line: Some(b"") });
                }
                _ => {
                    let end = memchr2(b'\r', b'\n', data).unwrap_or(data.len());
                    let (piece, behind) = data.split_at_checked(end)?;
                    *input = behind;
                    return Some(Read { report: Report::Line { more: true }, line: Some(piece) });
                }
            }
        }
    }

    fn data<'i>(&mut self, input: &mut &'i [u8], escape: bool) -> Option<Read<'i>> {
        loop {
            let data = *input;
            let (&first, behind) = data.split_first()?;
            match self.end_text.step(first, escape, self.quirks.has(Quirks::MANY_LINKS)) {
                Step::Held => {
                    *input = behind;
                    if self.end_text.end() == Some(End::Escaped) {
                        return Some(self.leave_data_mode(End::Escaped));
                    }
                }
                Step::Release(text) => return Some(data_mode(text)),
                Step::Payload => {
                    let end = memchr(b'\r', data).unwrap_or(data.len());
                    let (piece, behind) = data.split_at_checked(end)?;
                    *input = behind;
                    return Some(data_mode(piece));
                }
            }
        }
    }

    fn leave_data_mode<'i>(&mut self, end: End) -> Read<'i> {
        self.mode = Mode::Line;
        let notice = self.end_text.release().get(12..).unwrap_or_default();
        let link = On::Data;
        let (report, line): (_, &[u8]) = match end {
            End::Closed => {
                // On `a7600` the notice with the reason may have come along: it is the next line.
                self.keep(trim_cr(notice.strip_suffix(b"\n").unwrap_or_default()));
                self.ready = self.len > 0;
                (Report::Closed { link, reason: None }, b"CLOSED")
            }
            End::NoCarrier => (Report::Line { more: false }, b"NO CARRIER"),
            End::PdpDeact => (Report::PdpDeact, b"+PDP: DEACT"),
            End::Escaped => (Report::Ok, b"OK"),
        };
        Read { report, line: Some(line) }
    }

    fn unnumbered(&self) -> On {
        if self.transparent { On::Data } else { On::Single }
    }
}

/// What a step of the line reader came to.
enum Next<'i> {
    Report(Read<'i>),
    Again,
    Empty,
}

fn data_mode(bytes: &[u8]) -> Read<'_> {
    let data =
        Data { link: On::Data, bytes, len: 0, left: 0, rest: None, from: None, proto: None, hex: false };
    Read { report: Report::Data(data), line: Some(b"") }
}

fn trim_cr(mut line: &[u8]) -> &[u8] {
    while let [front @ .., b'\r'] = line {
        line = front;
    }
    line
}

fn trimmed_len(line: Option<&[u8]>) -> u8 {
    let len = trim_cr(line.unwrap_or_default()).len();
    u8::try_from(len).unwrap_or(u8::MAX)
}
