//! `Session`: the host side of the line.

use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::PyBytes;
use simcom_at::session::Pin;
use simcom_at::{Context, Field, How, Instant, Link, Refused, Session as Core, Setting, Settings, Transport};

use crate::convert::{Clock, Input, Member, Named, Peer, address, exception, member};
use crate::event;

/// Room for the longest command and its payload.
const BUFFER: usize = 8192;

/// The host side of the line, without any input or output of its own.
///
/// Bytes of the module go in by `receive_data`, which gives events; `data_to_send` gives bytes for the module;
/// `next_timeout` tells when to call `handle_timeout` at the latest. `now` is any clock in seconds that never goes back;
/// where it is left out, the time is the latest one that was given.
#[pyclass(module = "simcom_at._core")]
pub struct Session {
    core: Core<Vec<u8>>,
    clock: Clock,
    dialect: Named,
    /// Events that came up while no list of events was asked for.
    waiting: Vec<Py<PyAny>>,
}

impl Session {
    /// Gives one command.
    fn give(
        &mut self,
        py: Python<'_>,
        now: Option<f64>,
        command: impl FnOnce(&mut Core<Vec<u8>>, Instant) -> Result<(), Refused>,
    ) -> PyResult<()> {
        let now = self.clock.set(now)?;
        command(&mut self.core, now).map_err(|why| refused(py, why))
    }

    /// Runs the core over these bytes; the events are in `waiting`.
    fn run(&mut self, py: Python<'_>, now: Instant, mut input: &[u8]) -> PyResult<()> {
        while let Some(event) = self.core.poll(now, &mut input) {
            self.waiting.push(event::object(py, &event, self.core.text())?);
        }
        Ok(())
    }
}

#[pymethods]
impl Session {
    #[new]
    #[pyo3(signature = (dialect, *, now = 0.0, single = None, push = None, transparent = None, any_peer = None,
        flow_control = None, modem_lines = None, quick = None, pause_ms = None, gap_ms = None, prompt_ms = None,
        poll_ms = None, drain_ms = None, send_ms = None, retries = None))]
    #[expect(clippy::too_many_arguments, reason = "keyword arguments")]
    fn new(
        dialect: Named,
        now: f64,
        single: Option<bool>,
        push: Option<bool>,
        transparent: Option<bool>,
        any_peer: Option<bool>,
        flow_control: Option<bool>,
        modem_lines: Option<bool>,
        quick: Option<bool>,
        pause_ms: Option<u16>,
        gap_ms: Option<u16>,
        prompt_ms: Option<u16>,
        poll_ms: Option<u16>,
        drain_ms: Option<u16>,
        send_ms: Option<u32>,
        retries: Option<u8>,
    ) -> PyResult<Self> {
        let mut settings = Settings::default();
        macro_rules! set {
            ($($name:ident)*) => { $(if let Some(value) = $name { settings.$name = value; })* };
        }
        set!(single push transparent any_peer flow_control modem_lines quick pause_ms gap_ms prompt_ms poll_ms drain_ms);
        set!(send_ms retries);
        let clock = Clock::new(now)?;
        let core = Core::new(dialect.0.spec(), settings, clock.now(), vec![0; BUFFER]);
        Ok(Self { core, clock, dialect, waiting: Vec::new() })
    }

    /// Takes bytes of the module and gives the events.
    #[pyo3(signature = (data, now = None))]
    fn receive_data(
        &mut self,
        py: Python<'_>,
        data: Input<'_>,
        now: Option<f64>,
    ) -> PyResult<Vec<Py<PyAny>>> {
        let now = self.clock.set(now)?;
        self.run(py, now, data.bytes())?;
        Ok(std::mem::take(&mut self.waiting))
    }

    /// Does what is due, and gives the events.
    #[pyo3(signature = (now = None))]
    fn handle_timeout(&mut self, py: Python<'_>, now: Option<f64>) -> PyResult<Vec<Py<PyAny>>> {
        let now = self.clock.set(now)?;
        self.run(py, now, &[])?;
        Ok(std::mem::take(&mut self.waiting))
    }

    /// Bytes for the module, not more than `size`; `b""`: none now.
    #[pyo3(signature = (size = None, now = None))]
    fn data_to_send<'py>(
        &mut self,
        py: Python<'py>,
        size: Option<usize>,
        now: Option<f64>,
    ) -> PyResult<Bound<'py, PyBytes>> {
        let now = self.clock.set(now)?;
        let size = size.unwrap_or(usize::MAX);
        let mut bytes = Vec::new();
        loop {
            self.run(py, now, &[])?;
            let next = self.core.transmit();
            let taken = next.len().min(size - bytes.len());
            if taken == 0 {
                return Ok(PyBytes::new(py, &bytes));
            }
            bytes.extend_from_slice(next.get(..taken).unwrap_or_default());
            self.core.transmitted(now, taken);
        }
    }

    /// When to call `handle_timeout` at the latest, by the clock of `now`; `None`: when bytes come.
    fn next_timeout(&self) -> Option<f64> {
        if self.waiting.is_empty() {
            self.core.deadline().map(|(at, _)| self.clock.seconds(at))
        } else {
            Some(self.clock.seconds(self.clock.now()))
        }
    }

    /// Why the session waits until `next_timeout`.
    fn timeout_reason(&self, py: Python<'_>) -> PyResult<Option<Member>> {
        let reason = self.core.deadline().map(|(_, reason)| member(py, "Reason", &reason));
        reason.transpose()
    }

    /// Forgets everything: the module was switched off, or another one was connected.
    #[pyo3(signature = (now = None))]
    fn reset(&mut self, now: Option<f64>) -> PyResult<()> {
        let now = self.clock.set(now)?;
        self.core.reset(now);
        self.waiting.clear();
        Ok(())
    }

    /// The dialect.
    #[getter]
    fn dialect(&self, py: Python<'_>) -> PyResult<Member> {
        crate::convert::member_named(py, "Dialect", self.dialect.0.name())
    }

    /// The number of links.
    #[getter]
    fn links(&self) -> u8 {
        self.core.links()
    }

    /// Whether payload is pushed: then no link can be held back.
    #[getter]
    fn is_pushed(&self) -> bool {
        self.core.is_pushed()
    }

    /// Whether a command that needs the line would be taken.
    #[getter]
    fn is_ready(&self) -> bool {
        self.core.is_ready()
    }

    /// Whether the transparent link is in data mode.
    #[getter]
    fn is_data_mode(&self) -> bool {
        self.core.is_data_mode()
    }

    /// Whether DTR is to be on, where it is wired.
    #[getter]
    fn dtr(&self) -> bool {
        self.core.pins().dtr
    }

    /// Tells the level of DCD, where it is wired: when it changes, and before the first byte.
    #[pyo3(signature = (on, now = None))]
    fn set_dcd(&mut self, on: bool, now: Option<f64>) -> PyResult<()> {
        let now = self.clock.set(now)?;
        self.core.pin(now, Pin::Dcd, on);
        Ok(())
    }

    /// Gives the command in flight up, as if its time had run out.
    #[pyo3(signature = (now = None))]
    fn abandon(&mut self, now: Option<f64>) -> PyResult<()> {
        let now = self.clock.set(now)?;
        self.core.abandon(now);
        Ok(())
    }

    /// Most payload of one `send`.
    #[getter]
    fn max_payload(&self) -> u16 {
        self.core.max_payload()
    }

    fn __repr__(&self) -> String {
        let ready = if self.core.is_ready() { "ready" } else { "busy" };
        format!("<Session {} {ready}>", self.dialect.0.name())
    }

    // The commands: one method of the core each.

    /// Finds the module and makes the line ready.
    #[pyo3(signature = (*, now = None))]
    fn probe(&mut self, py: Python<'_>, now: Option<f64>) -> PyResult<()> {
        self.give(py, now, |core, now| core.probe(now))
    }

    /// Asks for the SIM's state, and gives the PIN if one is due.
    #[pyo3(signature = (pin = None, *, now = None))]
    fn sim(&mut self, py: Python<'_>, pin: Option<&str>, now: Option<f64>) -> PyResult<()> {
        self.give(py, now, |core, now| core.sim(now, pin))
    }

    /// Asks for the signal's strength.
    #[pyo3(signature = (*, now = None))]
    fn signal(&mut self, py: Python<'_>, now: Option<f64>) -> PyResult<()> {
        self.give(py, now, |core, now| core.signal(now))
    }

    /// Asks for the registration.
    #[pyo3(signature = (*, now = None))]
    fn registration(&mut self, py: Python<'_>, now: Option<f64>) -> PyResult<()> {
        self.give(py, now, |core, now| core.registration(now))
    }

    /// Brings a context up: modes, attach, APN, activation, address.
    #[pyo3(signature = (apn, user = "", password = "", *, context = 0, now = None))]
    fn attach(
        &mut self,
        py: Python<'_>,
        apn: &str,
        user: &str,
        password: &str,
        context: u8,
        now: Option<f64>,
    ) -> PyResult<()> {
        self.give(py, now, |core, now| core.attach(now, Context(context), apn, user, password))
    }

    /// Shuts the context and detaches.
    #[pyo3(signature = (*, now = None))]
    fn detach(&mut self, py: Python<'_>, now: Option<f64>) -> PyResult<()> {
        self.give(py, now, |core, now| core.detach(now))
    }

    /// Asks for the local address.
    #[pyo3(signature = (*, now = None))]
    fn address(&mut self, py: Python<'_>, now: Option<f64>) -> PyResult<()> {
        self.give(py, now, |core, now| core.address(now))
    }

    /// Opens a link to `host` and `port`.
    #[pyo3(signature = (link, host, port, *, udp = false, local_port = 0, now = None))]
    #[expect(clippy::too_many_arguments, reason = "keyword arguments")]
    fn open(
        &mut self,
        py: Python<'_>,
        link: u8,
        host: &str,
        port: u16,
        udp: bool,
        local_port: u16,
        now: Option<f64>,
    ) -> PyResult<()> {
        let transport = if udp { Transport::Udp } else { Transport::Tcp };
        self.give(py, now, |core, now| core.open(now, Link(link), transport, host, port, local_port))
    }

    /// Sends payload; `to`: the destination of a datagram where the dialect takes one.
    #[pyo3(signature = (link, data, *, to = None, now = None))]
    fn send(
        &mut self,
        py: Python<'_>,
        link: u8,
        data: Input<'_>,
        to: Option<Peer>,
        now: Option<f64>,
    ) -> PyResult<()> {
        self.give(py, now, |core, now| core.send(now, Link(link), data.bytes(), to.map(|peer| peer.0)))
    }

    /// How many bytes the caller takes on this link from now on; `None`: no limit, 0: stop.
    #[pyo3(signature = (link, credit, *, now = None))]
    fn receive(&mut self, py: Python<'_>, link: u8, credit: Option<u16>, now: Option<f64>) -> PyResult<()> {
        let credit = credit.unwrap_or(u16::MAX);
        self.give(py, now, |core, now| core.receive(now, Link(link), credit))
    }

    /// Closes a link; `quick`: without waiting for the peer.
    #[pyo3(signature = (link, *, quick = false, now = None))]
    fn close(&mut self, py: Python<'_>, link: u8, quick: bool, now: Option<f64>) -> PyResult<()> {
        let how = if quick { How::Quick } else { How::Slow };
        self.give(py, now, |core, now| core.close(now, Link(link), how))
    }

    /// Shuts the context; every link is closed.
    #[pyo3(signature = (*, now = None))]
    fn shut(&mut self, py: Python<'_>, now: Option<f64>) -> PyResult<()> {
        self.give(py, now, |core, now| core.shut(now))
    }

    /// Asks for the addresses of a name.
    #[pyo3(signature = (host, *, now = None))]
    fn resolve(&mut self, py: Python<'_>, host: &str, now: Option<f64>) -> PyResult<()> {
        self.give(py, now, |core, now| core.resolve(now, host))
    }

    /// Asks for the state of the links.
    #[pyo3(signature = (*, now = None))]
    fn status(&mut self, py: Python<'_>, now: Option<f64>) -> PyResult<()> {
        self.give(py, now, |core, now| core.status(now))
    }

    /// Begins to listen on a port.
    #[pyo3(signature = (port, *, server = 0, udp = false, backlog = 3, now = None))]
    fn listen(
        &mut self,
        py: Python<'_>,
        port: u16,
        server: u8,
        udp: bool,
        backlog: u8,
        now: Option<f64>,
    ) -> PyResult<()> {
        let transport = if udp { Transport::Udp } else { Transport::Tcp };
        self.give(py, now, |core, now| core.listen(now, server, transport, port, backlog))
    }

    /// Stops listening; links that were accepted stay.
    #[pyo3(signature = (server = 0, *, now = None))]
    fn unlisten(&mut self, py: Python<'_>, server: u8, now: Option<f64>) -> PyResult<()> {
        self.give(py, now, |core, now| core.unlisten(now, server))
    }

    /// Selects the context that `open`, `address`, `resolve` and `shut` are about.
    #[pyo3(signature = (context, *, now = None))]
    fn context(&mut self, py: Python<'_>, context: u8, now: Option<f64>) -> PyResult<()> {
        self.give(py, now, |core, now| core.context(now, Context(context)))
    }

    /// Gives a UDP link another destination.
    #[pyo3(signature = (link, to, *, now = None))]
    fn udp_peer(&mut self, py: Python<'_>, link: u8, to: Peer, now: Option<f64>) -> PyResult<()> {
        self.give(py, now, |core, now| core.udp_peer(now, Link(link), to.0))
    }

    /// Asks how many bytes of this link the peer has acknowledged.
    #[pyo3(signature = (link, *, now = None))]
    fn acknowledged(&mut self, py: Python<'_>, link: u8, now: Option<f64>) -> PyResult<()> {
        self.give(py, now, |core, now| core.acknowledged(now, Link(link)))
    }

    /// Asks how many bytes one `send` takes now.
    #[pyo3(signature = (link, *, now = None))]
    fn room(&mut self, py: Python<'_>, link: u8, now: Option<f64>) -> PyResult<()> {
        self.give(py, now, |core, now| core.room(now, Link(link)))
    }

    /// Goes back to data mode.
    #[pyo3(signature = (*, now = None))]
    fn enter_data(&mut self, py: Python<'_>, now: Option<f64>) -> PyResult<()> {
        self.give(py, now, |core, now| core.enter_data(now))
    }

    /// Leaves data mode; the link stays open.
    #[pyo3(signature = (*, now = None))]
    fn leave_data(&mut self, py: Python<'_>, now: Option<f64>) -> PyResult<()> {
        self.give(py, now, |core, now| core.leave_data(now))
    }

    /// Lets the module sleep while DTR is off.
    #[pyo3(signature = (*, now = None))]
    fn sleep(&mut self, py: Python<'_>, now: Option<f64>) -> PyResult<()> {
        self.give(py, now, |core, now| core.sleep(now))
    }

    /// Wakes the module by DTR.
    #[pyo3(signature = (*, now = None))]
    fn wake(&mut self, py: Python<'_>, now: Option<f64>) -> PyResult<()> {
        self.give(py, now, |core, now| core.wake(now))
    }

    /// Whether the module may sleep: no command is taken until `wake`.
    #[getter]
    fn is_asleep(&self) -> bool {
        self.core.is_asleep()
    }

    /// Changes a setting: its values in the order of the manual; `None` leaves one out.
    #[pyo3(signature = (setting, *values, now = None))]
    fn set(
        &mut self,
        py: Python<'_>,
        setting: &str,
        values: Vec<Option<Held>>,
        now: Option<f64>,
    ) -> PyResult<()> {
        let setting = named(setting)?;
        let fields: Vec<Field<'_>> = values.iter().map(|value| Held::field(value.as_ref())).collect();
        self.give(py, now, |core, now| core.set(now, setting, &fields))
    }

    /// Asks for a setting; the lines of the answer come as `Line`.
    #[pyo3(signature = (setting, *, now = None))]
    fn ask(&mut self, py: Python<'_>, setting: &str, now: Option<f64>) -> PyResult<()> {
        let setting = named(setting)?;
        self.give(py, now, |core, now| core.ask(now, setting))
    }

    /// Asks what a setting may be; the lines of the answer come as `Line`.
    #[pyo3(signature = (setting, *, now = None))]
    fn ranges(&mut self, py: Python<'_>, setting: &str, now: Option<f64>) -> PyResult<()> {
        let setting = named(setting)?;
        self.give(py, now, |core, now| core.ranges(now, setting))
    }

    /// Gives the module its name servers.
    #[pyo3(signature = (first, second = None, *, now = None))]
    fn set_dns(
        &mut self,
        py: Python<'_>,
        first: &str,
        second: Option<&str>,
        now: Option<f64>,
    ) -> PyResult<()> {
        let (first, second) = (address(first)?, second.map(address).transpose()?);
        self.give(py, now, |core, now| core.set_dns(now, first, second))
    }

    /// Sends a command line as it is, without its end.
    #[pyo3(signature = (line, *, timeout_ms = 0, now = None))]
    fn raw(&mut self, py: Python<'_>, line: &str, timeout_ms: u32, now: Option<f64>) -> PyResult<()> {
        self.give(py, now, |core, now| core.raw(now, line, timeout_ms))
    }
}

/// A value of a setting.
#[derive(FromPyObject)]
enum Held {
    Number(u32),
    Text(String),
}

impl Held {
    fn field(value: Option<&Self>) -> Field<'_> {
        match value {
            None => Field::Skip,
            Some(Self::Number(number)) => Field::Number(*number),
            Some(Self::Text(text)) => Field::Text(text),
        }
    }
}

fn named(setting: &str) -> PyResult<Setting> {
    Setting::from_name(setting).ok_or_else(|| PyValueError::new_err(format!("no such setting: {setting}")))
}

/// The exception for a call that was not taken.
fn refused(py: Python<'_>, why: Refused) -> PyErr {
    let make = || {
        let reason = member(py, "Refusal", &why)?;
        exception(py, "Refused")?.call1((&reason, why.to_string()))
    };
    make().map_or_else(|error| error, PyErr::from_value)
}
