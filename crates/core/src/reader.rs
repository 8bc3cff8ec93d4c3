//! Module bytes → reports: lines by their end, payload by its count.
//!
//! The reader owns no payload: payload is handed out as slices of the caller's input, and so is a line that lies whole in
//! it. Only a line that is cut, or that waits for the line behind it, is carried.

use crate::classify::{Ask, Context, Quirks, classify};
use crate::dialect::Dialect;
use crate::end_text::{EndText, Step};
use crate::line::{half, low_of, trim_end};
use crate::report::{Kind, Report, Span, Told};
use crate::scan::{find, find_either};
use crate::time::Instant;
use core::ops::ControlFlow::{self, Break, Continue};

pub use crate::classify::MAX_ANNOUNCED;

#[cfg(not(target_os = "none"))]
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
    /// The payload, or the line when it lies in the input (or is a fixed text); `None`: the reader has it.
    pub(crate) piece: Piece<'i>,
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
        if self.told.kind == Kind::Data { self.piece.unwrap_or_default() } else { &[] }
    }
}

/// What belongs to a report and lies in the input; `None`: the line is carried.
pub(crate) type Piece<'i> = Option<&'i [u8]>;

/// What a poll finds: nothing, or a report with its piece. What it is stands in the reader.
type Found<'i> = Option<Piece<'i>>;

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

/// What the front of the carry holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Held {
    /// Nothing.
    Nothing,
    /// `RECV FROM:…` in front of a header.
    From,
    /// `STATE: …` in front of `CONNECT FAIL`.
    State,
}

/// A resumable reader of one module's bytes.
///
/// **Next**: call [`poll`](Self::poll) until it gives `None`; the input is empty then. Call it again with new bytes, or with
/// none at the [`deadline`](Self::deadline).
#[derive(Clone, Debug)]
#[repr(C)] // The small fields first: a Cortex-M0 reaches them without an address in a register.
pub struct Reader {
    mode: Mode,
    held: Held,
    /// Bytes of the carry in use.
    len: u8,
    /// Bytes of the carry that are a held line.
    held_len: u8,
    /// Bytes at the front of the carry that the next poll drops: they have been reported.
    spent: u8,
    /// The carry's cut line is whole and waits for its turn.
    ready: bool,
    /// A prompt has just come: one blank may still belong to it.
    prompted: bool,
    /// The last command's echo has been seen.
    pub(crate) echoed: bool,
    end_text: EndText,
    /// The reported text is `carry[text.start..text.end]`.
    text: Span,
    gap_ms: u16,
    /// The most that a payload may hold, where it was asked for: a header that says more is damaged.
    pub(crate) limit: u16,
    /// When bytes came last.
    last: Instant,
    /// What lines mean, and what was read last; of a payload what its header said, and what of it is still to come.
    context: Context,
    /// A held line, then a cut one.
    carry: [u8; CARRY],
}

impl Reader {
    /// A reader for modules of this dialect; `gap_ms`: silence after which a payload that stopped is given up.
    #[must_use]
    pub const fn new(dialect: Dialect, gap_ms: u16) -> Self {
        Self {
            mode: Mode::Line,
            held: Held::Nothing,
            len: 0,
            held_len: 0,
            spent: 0,
            ready: false,
            prompted: false,
            echoed: false,
            context: Context {
                quirks: Quirks::of(dialect),
                ask: Ask::Other,
                unnumbered: Told::SINGLE,
                told: Told::new(Kind::Line),
            },
            end_text: EndText::NOTHING,
            text: Span { start: 0, end: 0 },
            gap_ms,
            limit: u16::MAX,
            last: Instant::from_millis(0),
            carry: [0; CARRY],
        }
    }

    /// The line behind a report: spans point into it.
    #[must_use]
    pub fn text<'a>(&'a self, read: &Read<'a>) -> &'a [u8] {
        match read.piece {
            _ if read.told.kind == Kind::Data => &[],
            Some(line) => line,
            None => self.text.of(&self.carry),
        }
    }

    /// Keeps the line behind a report until the next poll, so that it outlives the input.
    pub(crate) fn remember(&mut self, read: &Read<'_>) {
        let Some(line) = read.piece else { return };
        if matches!(self.mode, Mode::Line | Mode::Long) && self.len == 0 {
            let fits = line.get(..CARRY).unwrap_or(line);
            self.keep(fits);
            self.spend(self.len);
        }
    }

    /// The line that was kept.
    pub(crate) fn remembered(&self) -> &[u8] {
        self.text.of(&self.carry)
    }

    pub(crate) fn gap_ms(&self) -> u16 {
        self.gap_ms
    }

    /// When to poll without new bytes: a payload, a held line or an end text waits.
    #[must_use]
    pub fn deadline(&self) -> Option<Instant> {
        self.is_waiting().then(|| self.last.after(u32::from(self.gap_ms)))
    }

    /// Whether what has come may be given up after the gap.
    fn is_waiting(&self) -> bool {
        match self.mode {
            Mode::Payload => true,
            Mode::Data => !self.end_text.is_empty(),
            Mode::Line => self.held != Held::Nothing,
            Mode::Long => false,
        }
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
        self.context.unnumbered = if on { Told::DATA } else { Told::SINGLE };
    }

    /// The next report.
    ///
    /// Takes from the front of `input` what it has used; bounded: one report, or `None` with the input empty. With no
    /// input it looks at the time: what has waited for its gap is given up.
    #[inline]
    pub fn poll<'i>(&mut self, now: Instant, input: &mut &'i [u8], asked: &Asked<'_>) -> Option<Read<'i>> {
        let piece = self.next(now, input, asked)?;
        Some(Read { told: self.context.told, piece })
    }

    #[inline]
    fn next<'i>(&mut self, now: Instant, input: &mut &'i [u8], asked: &Asked<'_>) -> Found<'i> {
        if input.is_empty() && !self.ready {
            let late = now.reached(self.last.after(u32::from(self.gap_ms)));
            return if late || asked.carrier.is_some() { self.waited(late, asked.carrier) } else { None };
        }
        self.last = now;
        if self.mode == Mode::Payload {
            return self.payload(input);
        }
        if self.mode == Mode::Line {
            return self.line(input, asked);
        }
        self.uncounted(input, asked.escape)
    }

    /// What has waited for its gap, or for DCD, is given up.
    #[inline(never)]
    fn waited<'i>(&mut self, late: bool, carrier: Option<bool>) -> Found<'i> {
        let online = self.mode == Mode::Data;
        if !self.is_waiting() || !(late || (online && carrier == Some(false))) {
            return None;
        }
        if online && carrier == Some(true) {
            let text = self.end_text.release();
            return self.data_piece(text);
        }
        self.give_up()
    }

    #[inline(never)]
    fn uncounted<'i>(&mut self, input: &mut &'i [u8], escape: bool) -> Found<'i> {
        self.drop_spent();
        if self.mode == Mode::Data { self.data(input, escape) } else { self.long(input) }
    }

    /// Gives up what waits, as if its gap had passed; `None` when nothing does. Call it until it gives `None`.
    pub fn expire<'i>(&mut self) -> Option<Read<'i>> {
        let piece = self.give_up()?;
        Some(Read { told: self.context.told, piece })
    }

    #[inline(never)]
    fn give_up<'i>(&mut self) -> Found<'i> {
        self.drop_spent();
        match self.mode {
            Mode::Payload => {
                self.mode = Mode::Line;
                let told = &mut self.context.told;
                let [_, left, ..] = told.number;
                let bytes = if told.has(Told::HEX) { left.div_ceil(2) } else { left };
                told.become_a(Kind::Lost);
                told.first(bytes);
                Some(Some(b""))
            }
            Mode::Data if self.end_text.is_empty() => None,
            Mode::Data if self.end_text.is_whole() => self.leave_data_mode(),
            Mode::Data => {
                let text = self.end_text.release();
                self.data_piece(text)
            }
            Mode::Line => self.release_held(),
            Mode::Long => None,
        }
    }

    /// Reports a line that was not whole as it is, when nothing more is to come; `None` when there is none.
    pub fn finish<'i>(&mut self) -> Option<Read<'i>> {
        self.drop_spent();
        if self.mode == Mode::Long || self.len == self.held_len {
            return None;
        }
        self.text = Span { start: self.held_len, end: self.len };
        self.spent = self.len;
        self.context.told.become_line(false);
        Some(Read { told: self.context.told, piece: None })
    }

    /// A `CONNECT` was not meant, or is over: bytes are lines again.
    pub(crate) fn set_line_mode(&mut self) {
        if self.mode == Mode::Data {
            self.mode = Mode::Line;
            self.end_text.release();
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
        self.drop_spent();
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

    /// Drops what has been reported from the front of the carry.
    fn drop_spent(&mut self) {
        if self.spent == self.len {
            (self.len, self.held_len, self.spent) = (0, 0, 0);
        } else if self.spent > 0 {
            self.move_front();
        }
    }

    #[inline(never)]
    fn move_front(&mut self) {
        let spent = core::mem::take(&mut self.spent);
        let mut to = 0;
        for from in usize::from(spent)..usize::from(self.len) {
            let byte = self.carry.get(from).copied().unwrap_or_default();
            if let Some(slot) = self.carry.get_mut(to) {
                *slot = byte;
            }
            to += 1;
        }
        self.len = low_of(to);
        self.held_len = self.held_len.saturating_sub(spent);
    }

    fn payload<'i>(&mut self, input: &mut &'i [u8]) -> Found<'i> {
        let [_, left, ..] = &mut self.context.told.number;
        let take = usize::from(half(*left)).min(input.len());
        let (bytes, behind) = input.split_at_checked(take)?;
        if take == 0 {
            return None;
        }
        *input = behind;
        #[expect(clippy::cast_possible_truncation, reason = "take is at most left")]
        {
            *left -= take as u32;
        }
        if *left == 0 {
            self.mode = Mode::Line;
        }
        Some(Some(bytes))
    }

    #[inline(never)]
    fn line<'i>(&mut self, input: &mut &'i [u8], asked: &Asked<'_>) -> Found<'i> {
        if self.len > 0 {
            self.drop_spent();
        }
        #[cfg(not(target_os = "none"))]
        if self.len == 0 {
            return self.usual(input, asked);
        }
        #[cfg(not(target_os = "none"))]
        return self.rest_of_line(input, asked);
        #[cfg(target_os = "none")]
        self.lines(input, asked)
    }

    /// Lines until one gives a report.
    #[inline(never)]
    fn lines<'i>(&mut self, input: &mut &'i [u8], asked: &Asked<'_>) -> Found<'i> {
        self.context.ask = asked.ask;
        while self.mode == Mode::Line {
            #[cfg(not(target_os = "none"))]
            let step = if self.len == 0 { self.any_line(input, asked) } else { self.carried(input, asked) };
            #[cfg(target_os = "none")]
            let step = self.carried(input, asked);
            if let Break(read) = step {
                return read;
            }
        }
        self.payload(input)
    }

    /// A line that is cut, or behind a held line.
    fn carried<'i>(&mut self, input: &mut &'i [u8], asked: &Asked<'_>) -> ControlFlow<Found<'i>> {
        if self.len == self.held_len {
            let before = *input;
            if self.skip(input, asked.prompt) {
                if self.held != Held::Nothing {
                    *input = before;
                    self.prompted = false;
                    return Break(self.release_held());
                }
                return Break(self.prompt());
            }
        }
        match self.fill(input) {
            Filled::Line => {
                let line = trim_end(cut(&self.carry, self.held_len, self.len), b'\r');
                let ours = classify(line, &mut self.context).is_some();
                self.odd(ours, None, asked.echo)
            }
            Filled::Part => Break(None),
            Filled::Full if self.held == Held::Nothing => {
                self.mode = Mode::Long;
                self.spend(self.len);
                self.context.told.become_line(true);
                Break(Some(None))
            }
            Filled::Full => Break(self.release_held()),
            Filled::Header => {
                self.begin();
                Continue(())
            }
        }
    }

    /// What becomes of a whole line, the held line in front of it considered. `ours`: it is one of ours; `line`: it lies in
    /// the input.
    #[inline(never)]
    fn odd<'i>(&mut self, ours: bool, line: Piece<'i>, echo: &[u8]) -> ControlFlow<Found<'i>> {
        let echo =
            !ours && echo == line.unwrap_or(trim_end(cut(&self.carry, self.held_len, self.len), b'\r'));
        if !ours {
            self.context.told.become_line(false);
        }
        let told = &mut self.context.told;
        if self.held != Held::Nothing && !echo {
            if told.kind == Kind::ConnectFail && told.has == 0 && self.held == Held::State {
                // The failure with the state's text.
                let link = told.link;
                self.held_again();
                self.context.told.kind = Kind::ConnectFail;
                self.context.told.link = link;
                self.ready = false;
                self.spend(self.held_len);
                self.spent = self.len;
                return Break(Some(None));
            }
            if told.kind != Kind::Data || self.held != Held::From {
                return Break(self.release_held());
            }
        }
        self.ready = false;
        if told.kind == Kind::Data {
            self.begin();
            return Continue(());
        }
        if echo {
            self.echoed = true;
            self.len = self.held_len;
            return Continue(());
        }
        let kind = told.kind;
        self.held = if kind == Kind::Raw {
            Held::From
        } else if kind == Kind::State && self.is_reason(line) {
            Held::State
        } else {
            self.enter(kind);
            if line.is_none() {
                self.spend(self.len);
            }
            return Break(Some(line));
        };
        match line {
            Some(line) => self.keep(line),
            None => self.len = low_of(trim_end(cut(&self.carry, 0, self.len), b'\r').len()),
        }
        self.held_len = self.len;
        Continue(())
    }

    /// Whether a state's line may be the reason of a failure in the next line: `STATE:`, unless it was asked for.
    fn is_reason(&self, line: Option<&[u8]>) -> bool {
        let first = line.map_or(self.carry.first(), |line| line.first());
        self.context.ask != Ask::Status && first == Some(&b'S')
    }

    /// Skips line ends, and the blank behind a prompt; true: a prompt has come.
    fn skip(&mut self, input: &mut &[u8], prompt: bool) -> bool {
        let mut data = *input;
        let mut found = false;
        while let [first, behind @ ..] = data {
            match first {
                b'\r' | b'\n' => {}
                b' ' if self.prompted => self.prompted = false,
                b'>' if prompt => found = true,
                _ => break,
            }
            data = behind;
            if found {
                break;
            }
        }
        if found || !data.is_empty() {
            self.prompted = found;
        }
        *input = data;
        found
    }

    /// Takes bytes into the carry up to the end of the line, or of a header with its payload on the same line.
    #[inline(never)]
    fn fill(&mut self, input: &mut &[u8]) -> Filled {
        if self.ready {
            return Filled::Line;
        }
        let data = *input;
        if data.is_empty() {
            return Filled::Part;
        }
        let old = self.len;
        let room = CARRY - usize::from(old);
        let window = data.get(..=room).unwrap_or(data);
        let end = find(b'\n', window);
        // A long line behind a held one is none of its kin, and need not be carried.
        if end.is_none()
            && data.len() > room
            && old > 0
            && old == self.held_len
            && inline_header(window.get(..room).unwrap_or(window), 4, &mut self.context).is_none()
        {
            return Filled::Full;
        }
        let part = window.get(..end.unwrap_or(room)).unwrap_or(window);
        self.keep(part);
        let before = usize::from(old - self.held_len);
        let line = cut(&self.carry, self.held_len, self.len);
        if let Some(end) = inline_header(line, before, &mut self.context) {
            self.len = old;
            if self.held == Held::State {
                return Filled::Full;
            }
            *input = data.get(end - before..).unwrap_or_default();
            return Filled::Header;
        }
        self.ready = end.is_some();
        *input = data.get(part.len() + usize::from(self.ready)..).unwrap_or_default();
        if self.ready {
            Filled::Line
        } else if input.is_empty() {
            Filled::Part
        } else {
            Filled::Full
        }
    }

    /// What a whole line means, if it is one of ours.
    pub(crate) fn meaning(&mut self, line: &[u8], ask: Ask) -> Option<Told> {
        self.context.ask = ask;
        classify(line, &mut self.context).map(|()| self.context.told)
    }

    /// Begins the payload of the header; an empty one is over at once.
    pub(crate) fn begin(&mut self) {
        let told = &mut self.context.told;
        let hex = told.has(Told::HEX);
        let [len, left, ..] = &mut told.number;
        let len = *len;
        *left = if hex { len * 2 } else { len.min(u32::from(self.limit)) };
        told.has |= Told::SECOND;
        if self.held == Held::From {
            // They are still where the line in front of the header left them.
            told.has |= Told::IP | Told::PORT;
        }
        self.held = Held::Nothing;
        self.held_len = 0;
        self.len = 0;
        if len > 0 {
            self.mode = Mode::Payload;
        }
    }

    /// Copies the front of a line into the carry; the caller has seen that it fits.
    fn keep(&mut self, bytes: &[u8]) {
        let at = usize::from(self.len);
        if let Some(free) = self.carry.get_mut(at..at + bytes.len()) {
            free.copy_from_slice(bytes);
        }
        self.len = low_of(at + bytes.len());
    }

    /// Marks the front of the carry as the reported text, and as spent.
    fn spend(&mut self, end: u8) {
        let line = cut(&self.carry, 0, end);
        self.text = Span { start: 0, end: low_of(trim_end(line, b'\r').len()) };
        self.spent = end;
        self.held = Held::Nothing;
    }

    /// Reads a held state once more.
    fn held_again(&mut self) {
        // It is one of ours, or it would not be held.
        let _ = classify(cut(&self.carry, 0, self.held_len), &mut self.context);
    }

    fn release_held<'i>(&mut self) -> Found<'i> {
        match self.held {
            Held::Nothing => return None,
            Held::From => self.context.told.become_line(false),
            Held::State => self.held_again(),
        }
        self.spend(self.held_len);
        Some(None)
    }

    /// The rest of a line that is too long: pieces without the CRs.
    fn long<'i>(&mut self, input: &mut &'i [u8]) -> Found<'i> {
        self.context.told.become_line(false);
        loop {
            let data = *input;
            let (&first, behind) = data.split_first()?;
            *input = behind;
            match first {
                b'\r' => {}
                b'\n' => {
                    self.mode = Mode::Line;
                    return Some(Some(b""));
                }
                _ => {
                    // No piece is longer than what can be remembered of it.
                    let front = data.get(..CARRY).unwrap_or(data);
                    let end = find_either(b'\r', b'\n', front).unwrap_or(front.len());
                    let (line, behind) = data.split_at_checked(end)?;
                    *input = behind;
                    self.context.told.first(1);
                    return Some(Some(line));
                }
            }
        }
    }

    fn data<'i>(&mut self, input: &mut &'i [u8], escape: bool) -> Found<'i> {
        loop {
            let data = *input;
            let (&first, behind) = data.split_first()?;
            match self.end_text.step(first, escape, self.context.quirks.has(Quirks::MANY_LINKS)) {
                Step::Held => {
                    *input = behind;
                    if self.end_text.is_escaped() {
                        return self.leave_data_mode();
                    }
                }
                Step::Release(text) => return self.data_piece(text),
                Step::Payload => {
                    let end = find(b'\r', data).unwrap_or(data.len());
                    let (piece, behind) = data.split_at_checked(end)?;
                    *input = behind;
                    return self.data_piece(piece);
                }
            }
        }
    }

    /// Payload without a header.
    #[inline(never)]
    fn data_piece<'i>(&mut self, bytes: &'i [u8]) -> Found<'i> {
        let told = &mut self.context.told;
        told.become_a(Kind::Data);
        told.link = Told::DATA;
        told.has = Told::FIRST | Told::SECOND;
        Some(Some(bytes))
    }

    /// A prompt has come.
    fn prompt<'i>(&mut self) -> Found<'i> {
        self.context.told.become_a(Kind::Prompt);
        Some(Some(b">"))
    }

    /// The text that is held ends data mode: between its line ends stands a line like others.
    #[inline(never)]
    fn leave_data_mode<'i>(&mut self) -> Found<'i> {
        self.mode = Mode::Line;
        let text = self.end_text.release();
        let line = text.get(2..).unwrap_or_default();
        let line = line.get(..find(b'\r', line).unwrap_or_default()).unwrap_or_default();
        if classify(line, &mut self.context).is_none() {
            self.context.told.become_line(false);
        }
        if self.context.told.kind == Kind::Closed {
            self.context.told.link = Told::DATA;
            // On `a7600` the notice with the reason may have come along: it is the next line.
            let notice = text.get(12..).unwrap_or_default();
            self.keep(notice.get(..find(b'\r', notice).unwrap_or_default()).unwrap_or_default());
            self.ready = self.len > 0;
        }
        Some(Some(line))
    }
}

/// What the carry has come to.
enum Filled {
    /// A whole line.
    Line,
    /// The input is used up first.
    Part,
    /// A header, and its payload follows.
    Header,
    /// It is full, or what is held has to be reported first.
    Full,
}

/// Whether payload may follow on the same line.
#[inline]
fn may_be_inline(line: &[u8], quirks: Quirks) -> bool {
    let [b'+', line @ ..] = line else { return false };
    match line {
        [b'I', b'P', b'D', ..] => !quirks.has(Quirks::MANY_LINKS),
        [b'R' | b'C', ..] => quirks.has(Quirks::CLONE),
        _ => false,
    }
}

/// The length of a header at the start of `line` whose payload follows on the same line; it ends behind `from`.
#[inline(never)]
fn inline_header(line: &[u8], from: usize, context: &mut Context) -> Option<usize> {
    let comma = match line {
        _ if !may_be_inline(line, context.quirks) => return None,
        [b'+', b'I' | b'R', ..] => b':',
        [b'+', b'C', b'I', b'P', b'R', b'C', ..] => b',',
        _ => return None,
    };
    let mut at = from;
    loop {
        let byte = *line.get(at)?;
        at += 1;
        if byte == b'\n' {
            return None;
        }
        if (byte == b':' || byte == comma)
            && let Some(front) = line.get(..at)
            && classify(front, context).is_some()
            && context.told.kind == Kind::Data
        {
            return Some(at);
        }
    }
}

/// The cut line in the carry.
fn cut(carry: &[u8; CARRY], from: u8, to: u8) -> &[u8] {
    carry.get(usize::from(from)..usize::from(to)).unwrap_or_default()
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
