//! The host's bytes: command lines, payload, and what each makes pending.

use super::{Modes, ask_of, final_of, is_error};
use crate::classify::{Ask, Quirks};
use crate::line::Fields;
use crate::reader::Asked;
use crate::report::{Kind, Told};
use crate::row::{Command, Finals, Form, Row};
use crate::spec::Spec;

/// What the next host byte is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Input {
    /// Part of a command line.
    Command,
    /// One of so many payload bytes.
    Fixed(u16),
    /// Payload up to Ctrl-Z or ESC; the flag: the byte before was the escape 0x03.
    Variable(bool),
}

/// The host side of an observer.
#[derive(Clone, Debug)]
pub(super) struct Host<B> {
    /// The last command line without its end, then the payload behind it.
    buf: B,
    /// Length of the line that is being written, or of the last whole one.
    line_len: usize,
    line_whole: bool,
    payload_len: usize,
    /// Payload bytes that the module has repeated.
    echoed: usize,
    /// Where the repetition that is going on began.
    echo_from: usize,
    input: Input,
    row: Option<&'static Row>,
    ask: Ask,
    finals: Finals,
    /// The form of payload that a prompt will ask for.
    payload: Option<Input>,
    prompt: bool,
    pub(super) pending: bool,
    pub(super) escape: bool,
}

/// What a module byte is to the payload that was just sent.
pub(super) enum Echoed {
    /// Its repetition.
    Yes,
    /// Something else.
    No,
    /// Something else, and so were the bytes from..to before it.
    Never(usize, usize),
}

impl<B: AsRef<[u8]> + AsMut<[u8]>> Host<B> {
    pub(super) fn new(buf: B) -> Self {
        Self {
            buf,
            line_len: 0,
            line_whole: true,
            payload_len: 0,
            echoed: 0,
            echo_from: 0,
            input: Input::Command,
            row: None,
            ask: Ask::Other,
            finals: Finals::NONE,
            payload: None,
            prompt: false,
            pending: false,
            escape: false,
        }
    }

    pub(super) fn asked(&self) -> Asked<'_> {
        Asked {
            ask: self.ask,
            prompt: self.prompt && self.line_whole,
            echo: self.line(),
            escape: self.escape,
            carrier: None,
        }
    }

    fn line(&self) -> &[u8] {
        self.buf.as_ref().get(..self.line_len).unwrap_or_default()
    }

    /// The row of the command that still has no final and is no send: unknown lines may be its answer.
    pub(super) fn question(&self) -> Option<&'static Row> {
        let sends = |row: &Row| row.command == Command::Cipsend && matches!(row.form, Form::Set | Form::Exec);
        self.row.filter(|row| self.pending && !sends(row))
    }

    /// Takes bytes; true when a command line was among them.
    pub(super) fn bytes(&mut self, bytes: &[u8], spec: &Spec, multi: bool) -> bool {
        let mut command = false;
        if self.prompt
            && self.input == Input::Command
            && !starts_with_at(bytes)
            && !bytes.iter().all(u8::is_ascii_whitespace)
        {
            // No prompt was printed (AT+CIPSPRT=0), yet payload comes.
            self.begin_payload();
        }
        for &byte in bytes {
            match self.input {
                Input::Command => command |= self.command_byte(byte, spec, multi),
                Input::Fixed(left) => {
                    self.payload_byte(byte);
                    self.input = if left > 1 { Input::Fixed(left - 1) } else { Input::Command };
                }
                Input::Variable(escaped) => {
                    if !escaped && matches!(byte, 0x1a | 0x1b) {
                        self.input = Input::Command;
                    } else {
                        self.payload_byte(byte);
                        let escapes = spec.quirks.has(Quirks::MANY_LINKS);
                        self.input = Input::Variable(escapes && !escaped && byte == 3);
                    }
                }
            }
        }
        command
    }

    /// Takes a byte of a command line; true when it ends one.
    fn command_byte(&mut self, byte: u8, spec: &Spec, multi: bool) -> bool {
        if matches!(byte, b'\r' | b'\n') {
            let ends = !self.line_whole;
            self.line_whole = true;
            if ends {
                self.command(spec, multi);
            }
            return ends;
        }
        if self.line_whole {
            self.line_whole = false;
            self.line_len = 0;
            self.payload_len = 0;
            self.echoed = 0;
        }
        if let Some(slot) = self.buf.as_mut().get_mut(self.line_len) {
            *slot = byte;
            self.line_len += 1;
        }
        false
    }

    fn payload_byte(&mut self, byte: u8) {
        if let Some(slot) = self.buf.as_mut().get_mut(self.line_len + self.payload_len) {
            *slot = byte;
            self.payload_len += 1;
        }
    }

    pub(super) fn payload_part(&self, start: usize, end: usize) -> &[u8] {
        self.buf.as_ref().get(self.line_len + start..self.line_len + end).unwrap_or_default()
    }

    /// A command line is whole.
    fn command(&mut self, spec: &Spec, multi: bool) {
        let line = self.buf.as_ref().get(..self.line_len).unwrap_or_default();
        if !starts_with_at(line) {
            return;
        }
        let (name, form, args_at) = parse(line);
        let row = spec
            .dialect
            .rows()
            .iter()
            .find(|row| row.form == form && name.eq_ignore_ascii_case(row.command.name().as_bytes()));
        self.payload = match row {
            Some(row) if row.command == Command::Cipsend && matches!(form, Form::Set | Form::Exec) => {
                Some(payload_form(line, args_at, multi))
            }
            _ => None,
        };
        let clone = spec.quirks.has(Quirks::CLONE);
        self.ask = row.map_or(Ask::Other, |row| ask_of(row.command, form, clone));
        self.finals =
            row.map_or(Finals::OK.or(Finals::DATA_MODE).or(Finals::NO_CARRIER), |row| match row.command {
                Command::Cipstart => row.finals.or(Finals::OK),
                _ => row.finals,
            });
        // `AT+CIFSR;E0` and its kind: what comes last ends the line.
        if line.contains(&b';') {
            self.finals = Finals::OK;
        }
        self.row = row;
        self.prompt = self.payload.is_some();
        self.pending = true;
    }

    fn begin_payload(&mut self) {
        self.prompt = false;
        self.input = self.payload.take().unwrap_or(Input::Command);
        self.payload_len = 0;
        self.echoed = 0;
        self.echo_from = 0;
    }

    /// Lets a report of the module change what is pending.
    pub(super) fn report(&mut self, report: &Told, modes: &mut Modes) {
        if report.kind == Kind::Prompt {
            self.begin_payload();
            return;
        }
        if self.escape && report.kind == Kind::Ok {
            self.escape = false;
            return;
        }
        let ok = final_of(report).meets(self.finals);
        if !self.pending || !(ok || is_error(report)) {
            return;
        }
        self.pending = false;
        self.prompt = false;
        if is_error(report) {
            self.input = Input::Command;
        }
        if self.ask != Ask::Status {
            self.ask = Ask::Other;
        }
        if let (true, Some(row)) = (ok, self.row)
            && row.form == Form::Set
            && let Some(value) = Fields::new(self.line(), parse(self.line()).2).byte()
        {
            match (row.command, value) {
                (Command::Cipmux, _) => modes.multi = value == 1,
                (Command::Cipmode, _) => modes.transparent = value == 1,
                (Command::Ciphead, _) => modes.header = value == 1,
                (Command::Ciprxget, 0 | 1) => modes.on_request = value == 1,
                _ => {}
            }
        }
    }

    /// Compares a module byte with the payload that was sent.
    pub(super) fn echo_step(&mut self, byte: u8) -> Echoed {
        let next = self.payload_part(self.echoed, self.echoed + 1).first().copied();
        if next == Some(byte) && self.echoed < self.payload_len {
            self.echoed += 1;
            return Echoed::Yes;
        }
        let (from, to) = (self.echo_from, self.echoed);
        self.echo_from = to;
        if from == to || to == self.payload_len {
            return Echoed::No;
        }
        // A front that only looked like the echo: what stands behind its last line end begins a line.
        let part = self.payload_part(from, to);
        let start = part.iter().rposition(|b| *b == b'\n').map_or(from, |at| from + at + 1);
        self.echoed = self.payload_len;
        Echoed::Never(start, to)
    }
}

fn starts_with_at(bytes: &[u8]) -> bool {
    bytes.get(..2).is_some_and(|at| at.eq_ignore_ascii_case(b"AT"))
}

/// The name behind `AT`, the form, and where the arguments start.
fn parse(line: &[u8]) -> (&[u8], Form, usize) {
    let body = line.get(2..).unwrap_or_default();
    let len = body.iter().position(|b| matches!(b, b'=' | b'?' | b';' | b' ')).unwrap_or(body.len());
    let mut name = body.get(..len).unwrap_or_default();
    let behind = body.get(len..).unwrap_or_default().trim_ascii_start();
    let form = match behind {
        [b'=', b'?', ..] => Form::Test,
        [b'=', ..] => Form::Set,
        [b'?', ..] => Form::Read,
        _ => Form::Exec,
    };
    // ATE0, AT&D1: the digit is an argument.
    if let [front @ .., b'0'..=b'9'] = name
        && !name.starts_with(b"+")
    {
        name = front;
        return (name, Form::Set, 2 + name.len());
    }
    (name, form, (line.len() - behind.len() + 1).min(line.len()))
}

/// The form of payload that `AT+CIPSEND…` asks for.
fn payload_form(line: &[u8], args_at: usize, multi: bool) -> Input {
    let mut args = Fields::new(line, args_at);
    if multi {
        args.byte();
    }
    match args.short() {
        Some(len) if len > 0 => Input::Fixed(len),
        _ => Input::Variable(false),
    }
}
