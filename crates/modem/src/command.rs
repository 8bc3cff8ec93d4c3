//! Reading a command line: the bytes into a line, the line into commands, the commands into parameters.

use alloc::string::String;
use alloc::vec::Vec;
use simcom_at::row::Form;
use simcom_at::{Ipv4Addr, Transport};

/// The line as typed so far.
#[derive(Debug, Default)]
pub(crate) struct LineReader {
    text: Vec<u8>,
    too_long: bool,
    /// The last line ended with `<CR>`: a `<LF>` that follows belongs to it.
    pub(crate) skip_lf: bool,
    last: Vec<u8>,
}

/// What a byte did to the line.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Typed {
    /// Nothing that matters, and it is not echoed.
    Ignored,
    /// It belongs to the line.
    Taken,
    /// The line is complete.
    Line(Vec<u8>),
    /// The line is complete and was too long.
    TooLong,
}

impl LineReader {
    /// Whether a line has been begun.
    pub(crate) fn begun(&self) -> bool {
        !self.text.is_empty()
    }

    /// Takes a byte.
    pub(crate) fn byte(&mut self, byte: u8, max: usize) -> Typed {
        let behind_cr = core::mem::take(&mut self.skip_lf);
        match byte {
            b'\n' if behind_cr => Typed::Ignored,
            b'\r' | b'\n' => {
                self.skip_lf = byte == b'\r';
                let text = core::mem::take(&mut self.text);
                if core::mem::take(&mut self.too_long) {
                    return Typed::TooLong;
                }
                if !text.is_empty() {
                    self.last.clone_from(&text);
                }
                Typed::Line(text)
            }
            0x08 => {
                self.text.pop();
                Typed::Taken
            }
            b'/' if self.text.eq_ignore_ascii_case(b"A") => {
                self.text.clear();
                Typed::Line(self.last.clone())
            }
            _ => {
                if self.text.len() < max {
                    self.text.push(byte);
                } else {
                    self.too_long = true;
                }
                Typed::Taken
            }
        }
    }
}

/// A command of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Command {
    /// The name behind `AT`, in upper case: `+CIPSTART`, `E`, `&D`; empty for the bare `AT`.
    pub(crate) name: String,
    /// The form.
    pub(crate) form: Form,
    /// The parameters of the set form; the number behind a letter.
    pub(crate) args: Args,
}

/// The parameters of a command.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Args(Vec<Arg>);

#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Arg {
    text: Vec<u8>,
    quoted: bool,
}

/// A parameter that is not what it should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Bad;

/// The commands of a line; `None`: the line has no `AT`, so it is none.
pub(crate) fn split(line: &[u8]) -> Option<Result<Vec<Command>, Bad>> {
    let at = line.windows(2).position(|two| two.eq_ignore_ascii_case(b"AT"))?;
    let text = without_blanks(line.get(at.saturating_add(2)..).unwrap_or_default());
    Some(commands(&text))
}

fn without_blanks(text: &[u8]) -> Vec<u8> {
    let mut quoted = false;
    text.iter()
        .copied()
        .filter(|b| {
            quoted ^= *b == b'"';
            quoted || !matches!(b, b' ' | b'\t')
        })
        .collect()
}

fn commands(text: &[u8]) -> Result<Vec<Command>, Bad> {
    let mut list = Vec::new();
    let mut rest = text;
    while let Some((first, behind)) = rest.split_first() {
        match first {
            b';' => rest = behind,
            b'+' | b'*' | b'^' | b'$' | b'#' => {
                let end = end_of_command(rest);
                let (one, tail) = rest.split_at(end);
                list.push(extended(one)?);
                rest = tail;
            }
            b'&' | b'a'..=b'z' | b'A'..=b'Z' => {
                let letters = if *first == b'&' { 2 } else { 1 };
                let digits = rest.iter().skip(letters).take_while(|b| b.is_ascii_digit()).count();
                let (one, tail) = rest.split_at_checked(letters.saturating_add(digits)).ok_or(Bad)?;
                list.push(basic(one, letters)?);
                rest = tail;
            }
            _ => return Err(Bad),
        }
    }
    if list.is_empty() {
        list.push(Command { name: String::new(), form: Form::Exec, args: Args::default() });
    }
    Ok(list)
}

/// Where the `;` behind the first command is, outside quotes, or the end.
fn end_of_command(text: &[u8]) -> usize {
    let mut quoted = false;
    text.iter()
        .position(|b| {
            quoted ^= *b == b'"';
            !quoted && *b == b';'
        })
        .unwrap_or(text.len())
}

fn basic(text: &[u8], letters: usize) -> Result<Command, Bad> {
    let (name, number) = text.split_at_checked(letters).ok_or(Bad)?;
    let args = if number.is_empty() {
        Args::default()
    } else {
        Args(alloc::vec![Arg { text: number.to_vec(), quoted: false }])
    };
    Ok(Command { name: upper(name)?, form: Form::Exec, args })
}

fn extended(text: &[u8]) -> Result<Command, Bad> {
    let end = text.iter().position(|b| matches!(b, b'=' | b'?')).unwrap_or(text.len());
    let (name, rest) = text.split_at(end);
    let (form, args) = match rest {
        b"" => (Form::Exec, Args::default()),
        b"?" => (Form::Read, Args::default()),
        b"=?" => (Form::Test, Args::default()),
        [b'=', values @ ..] => (Form::Set, Args::parse(values)?),
        _ => return Err(Bad),
    };
    Ok(Command { name: upper(name)?, form, args })
}

fn upper(name: &[u8]) -> Result<String, Bad> {
    let name = String::from_utf8(name.to_ascii_uppercase()).map_err(|_| Bad)?;
    if name.is_ascii() { Ok(name) } else { Err(Bad) }
}

impl Args {
    fn parse(text: &[u8]) -> Result<Self, Bad> {
        let mut args = Vec::new();
        let mut arg = Arg::default();
        let mut quoted = false;
        for byte in text {
            match byte {
                b'"' => {
                    quoted = !quoted;
                    arg.quoted = true;
                }
                b',' if !quoted => args.push(core::mem::take(&mut arg)),
                _ => arg.text.push(*byte),
            }
        }
        args.push(arg);
        if quoted { Err(Bad) } else { Ok(Self(args)) }
    }

    /// How many there are, empty ones included.
    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether it is left out.
    pub(crate) fn missing(&self, index: usize) -> bool {
        self.0.get(index).is_none_or(|a| a.text.is_empty() && !a.quoted)
    }

    /// A number in a range.
    pub(crate) fn number(&self, index: usize, low: u32, high: u32) -> Result<u32, Bad> {
        let arg = self.0.get(index).filter(|a| !a.quoted).ok_or(Bad)?;
        in_range(&arg.text, low, high)
    }

    /// A number in a range, or the default when it is left out.
    pub(crate) fn number_or(&self, index: usize, low: u32, high: u32, default: u32) -> Result<u32, Bad> {
        if self.missing(index) { Ok(default) } else { self.number(index, low, high) }
    }

    /// A small number in a range.
    pub(crate) fn small(&self, index: usize, low: u8, high: u8) -> Result<u8, Bad> {
        let value = self.number(index, u32::from(low), u32::from(high))?;
        u8::try_from(value).map_err(|_| Bad)
    }

    /// A port, with or without quotes.
    pub(crate) fn port(&self, index: usize) -> Result<u16, Bad> {
        let arg = self.0.get(index).ok_or(Bad)?;
        u16::try_from(in_range(&arg.text, 0, 65535)?).map_err(|_| Bad)
    }

    /// Text of at most `max` bytes, with or without quotes.
    pub(crate) fn text(&self, index: usize, max: usize) -> Result<&str, Bad> {
        let arg = self.0.get(index).ok_or(Bad)?;
        let text = core::str::from_utf8(&arg.text).map_err(|_| Bad)?;
        let printable = text.bytes().all(|b| (0x20..0x7f).contains(&b));
        if printable && text.len() <= max { Ok(text) } else { Err(Bad) }
    }

    /// Text, or the empty text when it is left out.
    pub(crate) fn text_or_empty(&self, index: usize, max: usize) -> Result<&str, Bad> {
        if self.missing(index) { Ok("") } else { self.text(index, max) }
    }

    /// `"TCP"` or `"UDP"`, without case.
    pub(crate) fn transport(&self, index: usize) -> Result<Transport, Bad> {
        let word = self.text(index, 3)?;
        [Transport::Tcp, Transport::Udp].into_iter().find(|t| word.eq_ignore_ascii_case(t.word())).ok_or(Bad)
    }

    /// An address in dotted decimal.
    pub(crate) fn address(&self, index: usize) -> Result<Ipv4Addr, Bad> {
        self.text(index, 15)?.parse().map_err(|_| Bad)
    }
}

fn in_range(digits: &[u8], low: u32, high: u32) -> Result<u32, Bad> {
    if digits.is_empty() || digits.len() > 9 || !digits.iter().all(u8::is_ascii_digit) {
        return Err(Bad);
    }
    let value = digits.iter().fold(0u32, |v, d| v.saturating_mul(10).saturating_add(u32::from(d & 0x0f)));
    if (low..=high).contains(&value) { Ok(value) } else { Err(Bad) }
}
