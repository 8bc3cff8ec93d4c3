//! The virtual module: bytes, replies and the time in; bytes, requests and the next deadline out.

use crate::command::{Command, LineReader, Typed};
use crate::data::Data;
use crate::faults::{Fault, Faults};
use crate::link::{Cell, Context, Link, Server};
use crate::memory::Memory;
use crate::net::{Arrival, Notify, Reply, Request, Socket};
use crate::output::Output;
use crate::pins::Sleep;
use crate::profile::Profile;
use crate::run::Wait;
use crate::send::Payload;
use crate::settings::Settings;
use crate::timers::{Timer, Timers};
use alloc::collections::VecDeque;
use alloc::string::String;
use alloc::vec::Vec;
use simcom_at::{Dialect, Instant, SocketAddrV4};

/// Host bytes kept while a command line is in execution; more are lost, as in a real UART.
const FIFO: usize = 64 * 1024;

/// A virtual module of one dialect, without any input or output of its own.
///
/// **Next**: give it the host's bytes with [`Modem::poll`], carry its requests to a [`crate::net::Network`], bring back
/// what that answers, and send [`Modem::transmit`] to the host.
#[derive(Debug)]
pub struct Modem {
    pub(crate) profile: Profile,
    pub(crate) set: Settings,
    pub(crate) cell: Cell,
    pub(crate) contexts: [Context; 2],
    /// `AT+CIPSGTXT`.
    pub(crate) selected: u8,
    pub(crate) links: Vec<Link>,
    pub(crate) servers: Vec<Server>,
    pub(crate) out: Output,
    pub(crate) timers: Timers,
    pub(crate) requests: VecDeque<Request>,
    /// A client that came in the quiet time behind data mode: server socket, token, address.
    pub(crate) knocking: Option<(Socket, u32, SocketAddrV4)>,
    pub(crate) faults: Faults,
    pub(crate) memory: Memory,
    pub(crate) now: Instant,
    pub(crate) fifo: VecDeque<u8>,
    pub(crate) reader: LineReader,
    pub(crate) mode: Mode,
    /// The commands of the line in execution that are still to come.
    pub(crate) commands: VecDeque<Command>,
    pub(crate) wait: Wait,
    /// What is printed directly behind the final result of the line.
    pub(crate) behind: Vec<Vec<u8>>,
    /// The names of `AT+CDNSGIP` that the network is asked for; `None`: nobody waits for it any more.
    pub(crate) resolving: VecDeque<Option<String>>,
    /// The link that opens when the one-step bring-up is through.
    pub(crate) one_step: Option<crate::classic::OneStep>,
    pub(crate) sleep: Sleep,
    /// `<CR>` came in this call of `poll`.
    pub(crate) line_ended_now: bool,
}

/// What host bytes are.
#[derive(Debug)]
pub(crate) enum Mode {
    /// Command lines.
    Command,
    /// The payload of a send.
    Payload(Payload),
    /// Data mode.
    Data(Data),
    /// Lost: the module does not run.
    Deaf,
}

impl Modem {
    /// A module that has started and registered; nothing is open, and it is silent.
    #[must_use]
    pub fn new(profile: Profile, now: Instant) -> Self {
        Self {
            set: Settings::new(&profile),
            cell: Cell::new(&profile),
            contexts: [Context::new(), Context::new()],
            selected: 0,
            links: (0..profile.dialect.links()).map(|_| Link::new()).collect(),
            servers: (0..servers(profile.dialect)).map(|_| Server::OFF).collect(),
            out: Output::default(),
            timers: Timers::default(),
            requests: VecDeque::new(),
            knocking: None,
            faults: Faults::default(),
            memory: Memory::default(),
            now,
            fifo: VecDeque::new(),
            reader: LineReader::default(),
            mode: Mode::Command,
            commands: VecDeque::new(),
            wait: Wait::Idle,
            behind: Vec::new(),
            resolving: VecDeque::new(),
            one_step: None,
            sleep: Sleep::new(now),
            line_ended_now: false,
            profile,
        }
    }

    /// Takes all of `host`, does what is due, and gives one request for the network.
    ///
    /// **Next**: call it again until it returns `None`, then not later than [`Modem::deadline`].
    pub fn poll(&mut self, now: Instant, host: &mut &[u8]) -> Option<Request> {
        self.now = now;
        self.line_ended_now = false;
        self.tick();
        let heard = !host.is_empty() && !self.hangs() && !self.sleeps_through();
        if heard && !matches!(self.mode, Mode::Deaf) {
            let room = FIFO.saturating_sub(self.fifo.len());
            self.fifo.extend(host.iter().take(room));
        }
        *host = &[];
        self.work();
        if heard {
            self.host_was_here();
        }
        self.requests.pop_front()
    }

    /// The network's answer to a request.
    pub fn reply(&mut self, now: Instant, reply: Reply) {
        self.now = now;
        self.tick();
        self.take_reply(reply);
        self.work();
    }

    /// Something that happens by itself.
    pub fn notify(&mut self, now: Instant, notify: Notify) {
        self.now = now;
        self.tick();
        self.take_notify(notify);
        self.work();
    }

    /// What came from the network.
    pub fn arrival(&mut self, now: Instant, arrival: Arrival) {
        match arrival {
            Arrival::Reply(reply) => self.reply(now, reply),
            Arrival::Notify(notify) => self.notify(now, notify),
        }
    }

    /// The bytes for the host.
    #[must_use]
    pub fn transmit(&self) -> &[u8] {
        self.out.pending()
    }

    /// The first `n` bytes of [`Modem::transmit`] are on their way.
    pub fn transmitted(&mut self, now: Instant, n: usize) {
        self.now = now;
        self.out.transmitted(n);
        self.speak();
    }

    /// When [`Modem::poll`] must be called at the latest; `None`: when something comes in.
    #[must_use]
    pub fn deadline(&self) -> Option<Instant> {
        if !self.requests.is_empty() {
            return Some(self.now);
        }
        self.timers.at(Timer::Hang).or_else(|| self.timers.next())
    }

    /// The knobs it was made with.
    #[must_use]
    pub fn profile(&self) -> &Profile {
        &self.profile
    }

    /// What is to go wrong.
    pub fn faults(&mut self) -> &mut Faults {
        &mut self.faults
    }

    /// Does all that can be done now.
    fn work(&mut self) {
        loop {
            let moved = self.step();
            self.speak();
            if !self.tick() && !moved {
                break;
            }
        }
    }

    /// Runs what is due; whether there was something.
    fn tick(&mut self) -> bool {
        if let Some(ms) = self.faults.take(|f| if let Fault::Hang(ms) = f { Some(*ms) } else { None }) {
            self.hang(ms);
        }
        let mut any = false;
        if let Some(end) = self.timers.at(Timer::Hang) {
            if !self.now.reached(end) {
                return false;
            }
            self.timers.clear(Timer::Hang);
            any = true;
        }
        while let Some(timer) = self.timers.due(self.now) {
            any = true;
            self.fire(timer);
        }
        any
    }

    fn fire(&mut self, timer: Timer) {
        match timer {
            Timer::Wait => self.wait_over(),
            Timer::Typing => {}
            Timer::Prompt => self.prompt_now(),
            Timer::AutoSend => self.auto_send(),
            Timer::Open(link) => self.open_timed_out(link),
            Timer::Closing(link) => self.close_confirmed(link),
            Timer::ServerClosing => self.server_closed(),
            Timer::Gone(link) => self.peer_closed(link),
            Timer::Retry(link) => self.offer(link),
            Timer::Sending(link) => self.send_timed_out(link),
            Timer::Network => self.network_up(),
            Timer::Boot(line) => self.boot_line(line),
            Timer::Restart => self.restart(),
            Timer::Hang => {}
            Timer::Detached => self.detached(),
            Timer::Asleep => self.fall_asleep(),
            Timer::Awake => self.wake(),
            Timer::Quiet => self.quiet_over(),
            Timer::RingOff | Timer::Pace => {}
            Timer::Guard => self.guard_over(),
            Timer::Pack => self.pack(),
        }
    }

    /// Takes host bytes as long as somebody listens; whether there were any.
    fn step(&mut self) -> bool {
        let mut moved = false;
        while self.wait.listens() && !self.hangs() {
            let Some(byte) = self.fifo.pop_front() else { break };
            moved = true;
            match self.mode {
                Mode::Command => self.command_byte(byte),
                Mode::Payload(_) => self.payload_byte(byte),
                Mode::Data(_) => self.data_byte(byte),
                Mode::Deaf => {}
            }
        }
        moved
    }

    fn command_byte(&mut self, byte: u8) {
        let typed = self.reader.byte(byte, self.profile.line_max);
        if self.set.echo && typed != Typed::Ignored && byte != b'\n' {
            self.out.raw(&[byte]);
        }
        match typed {
            Typed::Ignored => {}
            Typed::Taken => self.timers.set(Timer::Typing, self.now.after(self.profile.typing_ms)),
            Typed::Line(text) => {
                self.line_ends();
                self.run_line(&text);
            }
            Typed::TooLong => {
                self.line_ends();
                self.run_too_long();
            }
        }
    }

    fn line_ends(&mut self) {
        self.line_ended_now = true;
        self.timers.clear(Timer::Typing);
        if self.profile.interleave {
            self.out.flush();
        }
    }

    /// Prints what waits, if this is a line boundary.
    pub(crate) fn speak(&mut self) {
        if self.hangs() {
            return;
        }
        self.pump();
        if self.may_speak() {
            self.out.flush();
        }
    }

    /// Whether a notice may be printed: never inside a line that is typed and echoed, nor between prompt and payload.
    fn may_speak(&self) -> bool {
        match self.mode {
            Mode::Command => {
                let typing = self.set.echo && self.reader.begun() && self.timers.runs(Timer::Typing);
                self.wait != Wait::Prompt && !typing && !self.timers.runs(Timer::Quiet)
            }
            Mode::Payload(_) | Mode::Data(_) | Mode::Deaf => false,
        }
    }

    /// A number of a link, by its place in the list.
    pub(crate) fn link(&self, n: u8) -> Option<&Link> {
        self.links.get(usize::from(n))
    }

    /// The same, to be changed.
    pub(crate) fn link_mut(&mut self, n: u8) -> Option<&mut Link> {
        self.links.get_mut(usize::from(n))
    }

    /// The numbers of all links.
    pub(crate) fn numbers(&self) -> impl Iterator<Item = u8> + use<> {
        0..self.profile.dialect.links()
    }

    /// Closes a link, without a word to the host.
    pub(crate) fn drop_link(&mut self, n: u8) {
        self.timers.clear(Timer::Open(n));
        self.timers.clear(Timer::Closing(n));
        self.timers.clear(Timer::Gone(n));
        self.timers.clear(Timer::Retry(n));
        self.timers.clear(Timer::Sending(n));
        let Some(link) = self.link_mut(n) else { return };
        let in_network = link.in_network();
        if link.in_use() {
            link.end();
        }
        if in_network {
            self.requests.push_back(Request::Close { socket: Socket(n) });
        }
    }

    pub(crate) fn hangs(&self) -> bool {
        self.timers.runs(Timer::Hang)
    }

    fn hang(&mut self, ms: u32) {
        self.fifo.clear();
        self.timers.set(Timer::Hang, self.now.after(ms));
    }

    /// The module starts anew: everything that was not saved is forgotten, sockets are closed, the start's lines follow.
    pub(crate) fn restart(&mut self) {
        for n in self.numbers() {
            self.drop_link(n);
        }
        for index in self.server_numbers() {
            self.drop_server(index);
        }
        if let Some((_, token, _)) = self.knocking {
            self.requests.push_back(Request::Refuse { token });
        }
        let requests = core::mem::take(&mut self.requests);
        let faults = core::mem::take(&mut self.faults);
        let memory = core::mem::take(&mut self.memory);
        let asked = self.resolving.len();
        *self = Self::new(self.profile.clone(), self.now);
        self.requests = requests;
        self.faults = faults;
        self.memory = memory;
        self.recall_line();
        self.recall_tcpip();
        self.resolving = (0..asked).map(|_| None).collect();
        self.mode = Mode::Deaf;
        self.timers.set(Timer::Boot(0), self.now.after(self.profile.boot_ms));
    }

    fn boot_line(&mut self, index: u8) {
        if matches!(self.mode, Mode::Deaf) {
            self.mode = Mode::Command;
        }
        if let Some(text) = self.profile.boot.get(usize::from(index)) {
            self.out.notice(text);
            let next = index.saturating_add(1);
            if usize::from(next) < self.profile.boot.len() {
                self.timers.set(Timer::Boot(next), self.now.after(self.profile.boot_ms));
            }
        }
    }
}

fn servers(dialect: Dialect) -> u8 {
    match dialect {
        Dialect::Sim800 | Dialect::Sim800e | Dialect::Sim7000 | Dialect::Rda8955 => 1,
        Dialect::Kingcom => 0,
        Dialect::A7600 => 4,
    }
}
