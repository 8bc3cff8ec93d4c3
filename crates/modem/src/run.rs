//! Executing a command line: one command after the other, one final result.

use crate::codes::cme_word;
use crate::command::{self, Bad, Command};
use crate::faults::Fault;
use crate::modem::Modem;
use crate::timers::Timer;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use simcom_at::Dialect;
use simcom_at::row::{Form, Mux};

/// What a command ends in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    /// `OK`, when it is the last of its line.
    Ok,
    /// This line takes the place of `OK`.
    Text(String),
    /// Nothing at all.
    Nothing,
    /// The line ends here.
    Fail(Fail),
    /// The result comes later.
    Wait(Wait),
}

/// How a command fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fail {
    /// `ERROR`.
    Error,
    /// No such command: `ERROR`, whatever `AT+CMEE` says.
    Unknown,
    /// `+CME ERROR`, as `AT+CMEE` says.
    Cme(u16),
}

/// What a command line in execution waits for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Wait {
    /// No line is in execution.
    Idle,
    /// The time of the prompt.
    Prompt,
    /// The payload.
    Payload,
    /// The acknowledgement of a send up to this byte; for UDP that the network took it.
    Sent { link: u8, goal: u32 },
    /// The activation of the context.
    Activate,
    /// `AT+CDNSGIP` of A7600.
    Resolve,
    /// `AT+CIPOPEN` of a UDP link or in transparent mode.
    Open(u8),
    /// A server that shall listen.
    Listen(u8),
    /// The slow close of a clone.
    Closed(u8),
    /// A final result that a fault holds back.
    Late(Vec<u8>),
}

impl Wait {
    /// Whether host bytes are taken.
    pub(crate) fn listens(&self) -> bool {
        match self {
            Self::Idle | Self::Payload => true,
            Self::Prompt
            | Self::Sent { .. }
            | Self::Activate
            | Self::Resolve
            | Self::Open(_)
            | Self::Listen(_)
            | Self::Closed(_)
            | Self::Late(_) => false,
        }
    }
}

/// What a command's function gives: `Bad` is a parameter that is not what it should be.
pub(crate) type Outcome = Result<Answer, Bad>;

/// Refused by the present state.
pub(crate) const NOT_ALLOWED: Outcome = Ok(Answer::Fail(Fail::Cme(3)));
/// `ERROR`.
pub(crate) const ERROR: Outcome = Ok(Answer::Fail(Fail::Error));
/// `OK`.
pub(crate) const OK: Outcome = Ok(Answer::Ok);

impl Modem {
    /// A line is complete.
    pub(crate) fn run_line(&mut self, text: &[u8]) {
        let Some(commands) = command::split(text) else { return };
        self.out.begin_reply();
        match commands {
            Ok(list) => {
                self.commands = list.into();
                self.go_on(Answer::Ok);
            }
            Err(Bad) => self.go_on(Answer::Fail(Fail::Error)),
        }
    }

    /// A line is complete and was longer than the module takes.
    pub(crate) fn run_too_long(&mut self) {
        self.out.begin_reply();
        self.go_on(Answer::Fail(Fail::Error));
    }

    /// The last command has its answer: on to the next, or the end of the line.
    pub(crate) fn go_on(&mut self, last: Answer) {
        let mut answer = last;
        self.wait = Wait::Idle;
        if !matches!(answer, Answer::Wait(_)) {
            self.timers.clear(Timer::Wait);
        }
        loop {
            match answer {
                Answer::Wait(wait) => {
                    self.wait = wait;
                    return;
                }
                Answer::Fail(_) => self.commands.clear(),
                Answer::Ok | Answer::Text(_) | Answer::Nothing => {}
            }
            let Some(next) = self.commands.pop_front() else { break };
            if let Answer::Text(text) = &answer {
                self.out.info(text, self.set.verbose);
            }
            self.out.begin_command();
            answer = self.execute(&next).unwrap_or(Answer::Fail(Fail::Error));
        }
        self.finish(&answer);
    }

    fn execute(&mut self, command: &Command) -> Outcome {
        let refused = self.faults.take(|f| match f {
            Fault::Refuse { command: name, code } if *name == command.name => Some(*code),
            Fault::Refuse { .. }
            | Fault::Notice { .. }
            | Fault::DropFinal
            | Fault::LateFinal(_)
            | Fault::DoubleFinal
            | Fault::NoPrompt
            | Fault::SendFail
            | Fault::OwnError { .. }
            | Fault::DnsFail(_)
            | Fault::ShortPayload(_)
            | Fault::WrongLength(_)
            | Fault::RestartInPayload(_)
            | Fault::Hang(_) => None,
        });
        if let Some(code) = refused {
            return Ok(Answer::Fail(Fail::Cme(code)));
        }
        if let Some(outcome) = self.test_form(command) {
            return outcome;
        }
        let of_dialect = match self.profile.dialect {
            Dialect::Sim800 | Dialect::Sim800e | Dialect::Sim7000 => self.classic(command),
            Dialect::Rda8955 => self.clone(command).or_else(|| self.classic(command)),
            Dialect::Kingcom => self.kingcom(command),
            Dialect::A7600 => self.failure_on_purpose(command).or_else(|| self.netopen_family(command)),
        };
        of_dialect
            .or_else(|| self.plain(command))
            .or_else(|| self.basic(command))
            .or_else(|| self.mobile(command))
            .or_else(|| self.who(command))
            .unwrap_or(Ok(Answer::Fail(Fail::Unknown)))
    }

    /// A test form: what the manual's row prints.
    fn test_form(&mut self, command: &Command) -> Option<Outcome> {
        let wanted = if self.multi() { Mux::Multi } else { Mux::Single };
        let row = self.profile.dialect.rows().iter().find(|row| {
            let here = row.mux == Mux::Any || row.mux == wanted;
            command.form == Form::Test && row.form == Form::Test && here && row.command.name() == command.name
        })?;
        for text in row.replies.iter().filter(|text| **text != "OK") {
            self.out.info(text, self.set.verbose);
        }
        Some(OK)
    }

    /// An information line, then `OK`.
    pub(crate) fn answer(&mut self, text: &str) -> Outcome {
        self.info(text);
        OK
    }

    /// An information line.
    pub(crate) fn info(&mut self, text: &str) {
        let verbose = self.set.verbose;
        match self.profile.dialect {
            Dialect::Rda8955 => self.out.info(&Self::clone_text(text), verbose),
            _ => self.out.info(text, verbose),
        }
    }

    /// A line that comes directly behind the final result.
    pub(crate) fn later(&mut self, text: &str) {
        self.behind.push(format!("\r\n{text}\r\n").into_bytes());
    }

    fn finish(&mut self, answer: &Answer) {
        let mut bytes = match answer {
            Answer::Ok => self.code("OK", 0),
            Answer::Text(text) if text.starts_with("CONNECT") && !text.starts_with("CONNECT FAIL") => {
                self.code(text, 1)
            }
            Answer::Text(text) if text == "NO CARRIER" => self.code(text, 3),
            Answer::Text(text) => format!("\r\n{text}\r\n").into_bytes(),
            Answer::Nothing | Answer::Wait(_) => Vec::new(),
            Answer::Fail(fail) => self.failure(*fail),
        };
        if !bytes.is_empty() {
            if self.faults.hit(&Fault::DropFinal) {
                bytes.clear();
            } else if let Some(ms) =
                self.faults.take(|f| if let Fault::LateFinal(ms) = f { Some(*ms) } else { None })
            {
                self.wait = Wait::Late(bytes);
                self.timers.set(Timer::Wait, self.now.after(ms));
                return;
            } else if self.faults.hit(&Fault::DoubleFinal) {
                bytes.extend_from_within(..);
            }
        }
        self.end_line(&bytes);
    }

    /// The line ends with these bytes.
    pub(crate) fn end_line(&mut self, bytes: &[u8]) {
        self.wait = Wait::Idle;
        self.out.raw(bytes);
        self.notice_fault();
        for bytes in core::mem::take(&mut self.behind) {
            self.out.raw(&bytes);
        }
    }

    /// Puts in the notice that a fault asks for.
    pub(crate) fn notice_fault(&mut self) {
        let notice = self
            .faults
            .take(|f| if let Fault::Notice { at, bytes } = f { Some((*at, bytes.clone())) } else { None });
        if let Some((at, bytes)) = notice {
            self.out.insert(at, &bytes);
        }
    }

    fn code(&self, word: &str, number: u8) -> Vec<u8> {
        if self.set.verbose { format!("\r\n{word}\r\n") } else { format!("{number}\r") }.into_bytes()
    }

    /// A failure as `AT+CMEE` says.
    fn failure(&self, fail: Fail) -> Vec<u8> {
        let fail = match self.profile.dialect {
            Dialect::Rda8955 => Self::clone_failure(fail),
            _ => fail,
        };
        match fail {
            Fail::Error | Fail::Unknown => self.code("ERROR", 4),
            Fail::Cme(code) => match self.set.cmee {
                0 => self.code("ERROR", 4),
                _ => format!("\r\n{}\r\n", self.cme(code)).into_bytes(),
            },
        }
    }

    /// `+CME ERROR: …`, as a number or as text.
    pub(crate) fn cme(&self, code: u16) -> String {
        let blank = if self.profile.cme_space { " " } else { "" };
        let text = if self.set.cmee == 2 { cme_word(self.profile.dialect, code) } else { None };
        format!("+CME ERROR:{blank}{}", text.map_or_else(|| code.to_string(), ToString::to_string))
    }

    /// The time of what the line waits for is over.
    pub(crate) fn wait_over(&mut self) {
        match core::mem::replace(&mut self.wait, Wait::Idle) {
            Wait::Idle | Wait::Prompt | Wait::Payload => {}
            Wait::Sent { link, .. } => self.never_acknowledged(link),
            Wait::Activate => {
                let answer = self.activated();
                self.go_on(answer);
            }
            Wait::Resolve | Wait::Open(_) | Wait::Listen(_) => self.go_on(Answer::Fail(Fail::Error)),
            Wait::Closed(n) => {
                self.drop_link(n);
                self.go_on(Answer::Text(self.on(n, "CLOSE OK")));
            }
            Wait::Late(bytes) => self.end_line(&bytes),
        }
    }
}
