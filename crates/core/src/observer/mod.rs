//! Both directions of a line → reports: a reader whose pending question comes from the host's bytes.
//!
//! For transcripts, recordings and sniffers. It knows every documented form, also those that a session never uses.

mod host;
mod raw;

use crate::classify::Ask;
use crate::reader::{Asked, Read, Reader};
use crate::report::{Kind, Told};
use crate::row::Finals;
use crate::spec::Spec;
use crate::time::Instant;
use host::Host;
use raw::Raw;

/// An observer over buffer `B`, which remembers what the host sent last, to know its echo by. 4,096 bytes are plenty;
/// with less, the echo of a longer payload comes as `Line`s.
#[derive(Clone, Debug)]
pub struct Observer<B> {
    spec: &'static Spec,
    reader: Reader,
    host: Host<B>,
    raw: Raw,
    modes: Modes,
    /// A gap has passed: what waits is given up.
    silent: bool,
    /// The last report's line is with `raw`.
    raw_line: bool,
}

/// What the settings of the module make of its output.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Modes {
    pub(crate) multi: bool,
    pub(crate) transparent: bool,
    pub(crate) header: bool,
    pub(crate) on_request: bool,
    pub(crate) connected: bool,
}

impl<B: AsRef<[u8]> + AsMut<[u8]>> Observer<B> {
    /// An observer of a module of this dialect, in the dialect's default modes.
    pub fn new(spec: &'static Spec, buf: B) -> Self {
        Self {
            spec,
            reader: Reader::new(spec.dialect, 1000),
            host: Host::new(buf),
            raw: Raw::default(),
            modes: Modes {
                multi: spec.dialect.links() == 10,
                transparent: false,
                header: spec.dialect.links() == 10,
                on_request: false,
                connected: false,
            },
            silent: false,
            raw_line: false,
        }
    }

    /// Sets a mode that holds before the first byte: `mux` `single`/`multi`, `mode` `transparent`/`normal`,
    /// `ciphead` `ciprxget` `connected` `0`/`1`, `echo` `on`/`off`. False: no such key or value.
    pub fn configure(&mut self, key: &str, value: &str) -> bool {
        let on = matches!(value, "1" | "on" | "multi" | "transparent" | "data");
        if !on && !matches!(value, "0" | "off" | "single" | "normal") {
            return false;
        }
        match key {
            "mux" => self.modes.multi = on,
            "mode" => {
                self.modes.transparent = on;
                self.reader.set_transparent(on);
            }
            "ciphead" => self.modes.header = on,
            "ciprxget" => self.modes.on_request = on,
            "connected" => self.modes.connected = on,
            "echo" => {}
            _ => return false,
        }
        true
    }

    /// Takes bytes that the host sent: one chunk, as it was written. In data mode a chunk that is exactly `+++` is the
    /// escape.
    pub fn host(&mut self, bytes: &[u8]) {
        if self.reader.is_data_mode() {
            self.host.escape = bytes == b"+++";
            return;
        }
        if self.host.bytes(bytes, self.spec, self.modes.multi) {
            self.reader.echoed = false;
        }
    }

    /// The next report of the module's bytes; `None`: the input is used up.
    pub fn module<'i>(&mut self, input: &mut &'i [u8]) -> Option<Read<'i>> {
        if input.is_empty() && self.silent {
            let read = self.raw.flush();
            self.raw_line = read.is_some();
            let asked = self.host.asked();
            let now = Instant::from_millis(0);
            let late = now.after(u32::from(self.reader.gap_ms()));
            let read = read.or_else(|| self.reader.poll(late, input, &Asked::default()));
            let read = read.or_else(|| self.reader.poll(now, input, &asked));
            self.silent = read.is_some();
            if let Some(read) = &read {
                self.note(&read.told);
            }
            return read;
        }
        loop {
            if self.reader.is_at_line_start() && self.reader.echoed {
                self.swallow_payload_echo(input);
            }
            let asked = self.host.asked();
            self.raw_line = self.raw.is_on(&self.modes, self.reader.is_at_line_start());
            let read = if self.raw_line {
                self.raw.poll(input, &mut self.reader, &asked, self.host.question())
            } else {
                self.reader.poll(Instant::from_millis(0), input, &asked)
            };
            match read {
                Some(read) => {
                    self.note(&read.told);
                    return Some(read);
                }
                None if input.is_empty() => return None,
                None => {}
            }
        }
    }

    /// Silence of `ms` milliseconds: call [`module`](Self::module) with an empty input until it gives `None`.
    pub fn silence(&mut self, ms: u32) {
        self.silent = ms >= 1000;
    }

    /// The line behind a report: spans point into it.
    #[must_use]
    pub fn text<'a>(&'a self, read: &Read<'a>) -> &'a [u8] {
        match read.piece {
            _ if !self.raw_line || read.told.kind == Kind::Data => self.reader.text(read),
            [] => self.raw.text(),
            line => line,
        }
    }

    /// A line that was cut by the end of the recording, if there is one. Call it after the last [`silence`](Self::silence).
    pub fn finish<'i>(&mut self) -> Option<Read<'i>> {
        self.reader.finish()
    }

    /// Whether the newest command has no final result yet.
    #[must_use]
    pub fn is_pending(&self) -> bool {
        self.host.pending
    }

    /// Drops module bytes that repeat the payload the host has just sent.
    fn swallow_payload_echo(&mut self, input: &mut &[u8]) {
        while let Some((&byte, behind)) = input.split_first() {
            match self.host.echo_step(byte) {
                host::Echoed::Yes => *input = behind,
                host::Echoed::No => return,
                host::Echoed::Never(start, end) => {
                    let repeated = self.host.payload_part(start, end);
                    self.reader.stash(repeated);
                    return;
                }
            }
        }
    }

    /// Lets a report change what is pending and which modes hold.
    fn note(&mut self, told: &Told) {
        let modes = &mut self.modes;
        match told.kind {
            Kind::ConnectOk | Kind::Accepted | Kind::AlreadyConnected => {
                modes.connected |= matches!(told.link, Told::SINGLE | Told::DATA);
            }
            Kind::Closed | Kind::CloseOk | Kind::Shut | Kind::PdpDeact | Kind::ConnectFail => {
                modes.connected = false;
            }
            Kind::Boot if told.is_set() => modes.connected = false,
            _ => {}
        }
        self.host.report(told, modes);
        self.reader.set_transparent(self.modes.transparent);
    }
}

/// The final that a report is, if it is one.
pub(crate) fn final_of(told: &Told) -> Finals {
    match told.kind {
        Kind::Ok => Finals::OK,
        Kind::SendOk => Finals::SEND_OK,
        Kind::SendFail => Finals::SEND_FAIL,
        Kind::DataAccept => Finals::DATA_ACCEPT,
        Kind::CloseOk => Finals::CLOSE_OK,
        Kind::Shut => Finals::SHUT,
        Kind::LocalIp => Finals::ADDRESS,
        Kind::DataMode => Finals::DATA_MODE,
        Kind::ConnectOk => Finals::CONNECT_OK,
        Kind::ConnectFail => Finals::CONNECT_FAIL,
        _ => Finals::NONE,
    }
}

/// Whether a report ends every command line.
pub(crate) fn is_error(told: &Told) -> bool {
    matches!(told.kind, Kind::Error | Kind::CmeError | Kind::CmsError)
}

/// The question that changes the meaning of a line.
pub(crate) const fn ask_of(command: crate::row::Command, form: crate::row::Form, clone: bool) -> Ask {
    use crate::row::{Command, Form};
    match (command, form) {
        (Command::Cipstatus, Form::Exec) => Ask::Status,
        (Command::Cifsr, Form::Exec) => Ask::Address,
        (Command::Netopen, Form::Read) => Ask::NetState,
        (Command::Ciprxget, Form::Read) => Ask::RxMode,
        (Command::Ciprxget, Form::Set) if clone => Ask::RxMode,
        (Command::Creg | Command::Cgreg, Form::Read) => Ask::Registration,
        _ => Ask::Other,
    }
}
