//! Pushed data without a header: single mode, `AT+CIPHEAD=0`. What is no echo, result or notice is data.

use super::Modes;
use crate::ids::SocketAddrV4;
use crate::reader::{Asked, CARRY, Read, Reader};
use crate::report::{Kind, Told};
use crate::row::{Command, Row};

/// What has come and is neither reported nor known to be data: a line end, then a line that is not whole.
#[derive(Clone, Debug)]
pub(super) struct Raw {
    buf: [u8; CARRY],
    len: usize,
    /// Bytes at the front that have been reported.
    spent: usize,
    /// Which of them are the reported text.
    text: (usize, usize),
    from: Option<SocketAddrV4>,
}

impl Default for Raw {
    fn default() -> Self {
        Self { buf: [0; CARRY], len: 0, spent: 0, text: (0, 0), from: None }
    }
}

impl Raw {
    /// Whether bytes come here: unless the reader is inside something, or the modes give every payload a header.
    pub(super) fn is_on(&self, modes: &Modes, line_start: bool) -> bool {
        let headless = !(modes.multi || modes.transparent || modes.header || modes.on_request);
        self.len > self.spent || (headless && modes.connected && line_start)
    }

    pub(super) fn text(&self) -> &[u8] {
        self.buf.get(self.text.0..self.text.1).unwrap_or_default()
    }

    /// What waits, as data: nothing else is to come.
    pub(super) fn flush<'i>(&mut self) -> Option<Read<'i>> {
        self.drop_spent();
        (self.len > 0).then(|| self.data(self.len))
    }

    fn drop_spent(&mut self) {
        self.buf.copy_within(self.spent.., 0);
        self.len -= self.spent;
        self.spent = 0;
    }

    /// Reports the first `len` bytes as data.
    fn data<'i>(&mut self, len: usize) -> Read<'i> {
        self.text = (0, len);
        self.spent = len;
        let mut told = Told { link: Told::SINGLE, ..Told::new(Kind::Raw) };
        if let Some(from) = self.from {
            told.set(3, u32::from(*from.ip()));
            told.set(4, u32::from(from.port()));
        }
        Read { told, piece: &[] }
    }

    pub(super) fn poll<'i>(
        &mut self,
        input: &mut &'i [u8],
        reader: &mut Reader,
        asked: &Asked<'_>,
        question: Option<&'static Row>,
    ) -> Option<Read<'i>> {
        self.drop_spent();
        loop {
            let (&byte, behind) = input.split_first()?;
            let lead = self.lead();
            let at_start = lead == self.len;
            if at_start && lead > 0 && matches!(byte, b'\r' | b'\n') && !(self.len == 1 && byte == b'\n') {
                return Some(self.data(lead));
            }
            if at_start && byte == b'>' && asked.prompt {
                *input = behind;
                self.len = 0;
                reader.prompted();
                return Some(Read { told: Told::new(Kind::Prompt), piece: b">" });
            }
            if self.len == CARRY {
                return Some(self.data(CARRY));
            }
            if at_start && lead == 0 && byte == b' ' && reader.take_prompted() {
                *input = behind;
                continue;
            }
            if let Some(slot) = self.buf.get_mut(self.len) {
                *slot = byte;
            }
            self.len += 1;
            *input = behind;
            if byte == b'\n' && self.len > lead + 1 && !at_start {
                if let Some(read) = self.whole_line(lead, reader, asked, question) {
                    return Some(read);
                }
                if self.len == 0 {
                    return None;
                }
            }
        }
    }

    /// Length of the line end at the front.
    fn lead(&self) -> usize {
        match self.buf.get(..self.len).unwrap_or_default() {
            [b'\r', b'\n', ..] => 2,
            [b'\r' | b'\n', ..] => 1,
            _ => 0,
        }
    }

    /// A line behind `lead` is whole: a report, or data up to its end; `None`: nothing to report, the buffer is empty.
    fn whole_line<'i>(
        &mut self,
        lead: usize,
        reader: &mut Reader,
        asked: &Asked<'_>,
        question: Option<&'static Row>,
    ) -> Option<Read<'i>> {
        let whole = self.buf.get(lead..self.len).unwrap_or_default();
        let text_len = whole.len() - whole.iter().rev().take_while(|b| matches!(b, b'\r' | b'\n')).count();
        let line = whole.get(..text_len).unwrap_or_default();
        if line.is_empty() {
            self.len = 0;
            return None;
        }
        let told = match reader.meaning(line, asked.ask) {
            Some(told) if told.kind == Kind::Raw => {
                self.from = told.from();
                self.len = 0;
                return None;
            }
            Some(told) if told.kind == Kind::Data => {
                reader.begin();
                self.len = 0;
                return None;
            }
            Some(told) => told,
            None if line == asked.echo => {
                reader.echoed = true;
                self.len = 0;
                return None;
            }
            None if question.is_some_and(|row| answers(row, line)) => Told::new(Kind::Line).with(0),
            None => return Some(self.data(lead + text_len)),
        };
        reader.enter(told.kind);
        self.from = None;
        self.text = (lead, lead + text_len);
        self.spent = self.len;
        Some(Read { told, piece: &[] })
    }
}

/// Whether a line that means nothing by itself may be the answer to this command.
fn answers(row: &Row, line: &[u8]) -> bool {
    let name = row.command.name().as_bytes();
    if row.command == Command::Identity
        || (name.len() > 1 && line.get(..name.len()).is_some_and(|l| l.eq_ignore_ascii_case(name)))
    {
        return true;
    }
    row.replies.iter().any(|reply| {
        let literal = reply.split('<').next().unwrap_or_default().trim_end();
        !literal.is_empty() && line.starts_with(literal.as_bytes())
    })
}
