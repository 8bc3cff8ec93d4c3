//! `VirtualModem`: the module's side of the line, with its network and the line itself.

use std::net::Ipv4Addr;
use std::sync::{Mutex, PoisonError};

use pyo3::exceptions::{PyRuntimeError, PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict, PyString};
use simcom_at::{Instant, SocketAddrV4, Transport};
use simcom_modem::bench::{Desk, Livelock};
use simcom_modem::loopback::{Loopback, LoopbackSettings, Peer as LoopbackPeer, Service, State};
use simcom_modem::sockets::Sockets;
use simcom_modem::wire::{Wire, WireSettings};
use simcom_modem::{Modem, Profile, Socket};

use crate::convert::{Clock, Input, Member, Named, Peer as Address, address, member_named};
use crate::network::Net;
use crate::record::record;
use crate::{fault, profile};

record! {
    /// The other end of a connection of the virtual modem, or of one of its UDP sockets (network in memory).
    VirtualPeer {
        token: u32,
        link: Option<u8>,
        udp: bool,
        address: Option<Address>,
        local_port: u16,
        state: Member,
        received: Py<PyBytes>,
        sent: Py<PyBytes>,
        delivered: usize,
    }
}

record! {
    /// A link as the virtual modem sees it.
    VirtualLink {
        number: u8,
        state: Member,
        udp: bool,
        peer: Option<Address>,
        server: Option<u8>,
        unread: usize,
        unsent: usize,
        sent: u32,
        acknowledged: u32,
        received: u32,
    }
}

record! {
    /// A virtual modem as it sees itself.
    VirtualState {
        mode: Member,
        registration: u8,
        attached: bool,
        online: bool,
    }
}

/// Puts the classes into the module.
pub fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_class::<VirtualLink>()?;
    module.add_class::<VirtualState>()?;
    module.add_class::<VirtualPeer>()?;
    module.add_class::<VirtualModem>()?;
    module.add_function(wrap_pyfunction!(pattern, module)?)
}

/// The first bytes of the network's character generator (port 19).
#[pyfunction]
fn pattern<'py>(py: Python<'py>, size: usize) -> Bound<'py, PyBytes> {
    PyBytes::new(py, &simcom_modem::loopback::pattern(size))
}

/// The module's side of the line: a virtual module, its network, and the serial line up to the host.
///
/// `network`: `"loopback"` is in memory (echo 7, discard 9, daytime 13, chargen 19, HTTP 80), `"sockets"` is the host's
/// own. `line` and `loopback` are settings of the serial line and of the network in memory, `knobs` those of the module
/// itself. The same seed and the same calls give the same bytes. `now` is any clock in seconds.
#[pyclass(subclass, module = "simcom_at._core")]
pub struct VirtualModem {
    /// Never waited for: Python gives one call at a time.
    desk: Mutex<Desk<Net>>,
    clock: Clock,
    dialect: Named,
    memory: bool,
}

impl VirtualModem {
    fn desk(&mut self) -> &mut Desk<Net> {
        self.desk.get_mut().unwrap_or_else(PoisonError::into_inner)
    }

    /// The module does what is due up to now.
    fn run(&mut self, now: Option<f64>) -> PyResult<Instant> {
        let now = self.clock.set(now)?;
        self.desk().run_until(now).map_err(stands_still)?;
        Ok(now)
    }

    fn loopback(&mut self) -> PyResult<&mut Loopback> {
        match &mut self.desk().network {
            Net::Loopback(network) => Ok(network),
            Net::Sockets(_) => Err(PyRuntimeError::new_err("only the network in memory can do this")),
        }
    }
}

fn stands_still(livelock: Livelock) -> PyErr {
    PyRuntimeError::new_err(livelock.to_string())
}

fn no_connection(found: bool) -> PyResult<()> {
    if found { Ok(()) } else { Err(PyValueError::new_err("there is no such open connection")) }
}

#[pymethods]
impl VirtualModem {
    #[new]
    #[pyo3(signature = (dialect, *, network = "loopback", seed = 0, now = 0.0, baud = 0, bind = "127.0.0.1",
        poll_ms = 5, connect_ms = 75_000, line = None, loopback = None, knobs = None))]
    #[expect(clippy::too_many_arguments, reason = "keyword arguments")]
    fn new(
        dialect: Named,
        network: &str,
        seed: u64,
        now: f64,
        baud: u32,
        bind: &str,
        poll_ms: u32,
        connect_ms: u32,
        line: Option<&Bound<'_, PyDict>>,
        loopback: Option<&Bound<'_, PyDict>>,
        knobs: Option<&Bound<'_, PyDict>>,
    ) -> PyResult<Self> {
        let clock = Clock::new(now)?;
        let mut profile = Profile::new(dialect.0);
        if let Some(knobs) = knobs {
            profile::apply(&mut profile, knobs)?;
        }
        let memory = network == "loopback";
        let network = match network {
            "loopback" => Net::Loopback(Box::new(Loopback::new(loopback_settings(loopback)?, seed))),
            "sockets" if loopback.is_none() => {
                let bind: Ipv4Addr = address(bind)?;
                let sockets = Sockets::new().bind(bind).poll_ms(poll_ms.max(1)).connect_ms(connect_ms);
                Net::Sockets(Box::new(sockets))
            }
            "sockets" => return Err(PyTypeError::new_err("loopback= is for network=\"loopback\"")),
            other => {
                return Err(PyValueError::new_err(format!(
                    "network must be \"loopback\" or \"sockets\", not {other:?}"
                )));
            }
        };
        let settings = wire_settings(baud, line)?;
        let wires = (Wire::new(settings.clone(), seed), Wire::new(settings, seed.wrapping_add(1)));
        let desk = Desk::new(Modem::new(profile, clock.now()), network, clock.now());
        Ok(Self { desk: Mutex::new(desk.with_wires(wires.0, wires.1)), clock, dialect, memory })
    }

    /// Takes bytes of the host; gives how many the line took, which is all unless `line={"sender": …}` says otherwise.
    #[pyo3(signature = (data, now = None))]
    fn receive_data(&mut self, data: Input<'_>, now: Option<f64>) -> PyResult<usize> {
        let now = self.run(now)?;
        let desk = self.desk();
        let taken = desk.host_write(data.bytes());
        desk.run_until(now).map_err(stands_still)?;
        Ok(taken)
    }

    /// Does what is due.
    #[pyo3(signature = (now = None))]
    fn handle_timeout(&mut self, now: Option<f64>) -> PyResult<()> {
        self.run(now).map(|_| ())
    }

    /// Bytes for the host; `b""`: none now.
    #[pyo3(signature = (now = None))]
    fn data_to_send<'py>(&mut self, py: Python<'py>, now: Option<f64>) -> PyResult<Bound<'py, PyBytes>> {
        let now = self.run(now)?;
        let desk = self.desk();
        let mut bytes = Vec::new();
        loop {
            let piece = desk.host_read();
            if piece.is_empty() {
                return Ok(PyBytes::new(py, &bytes));
            }
            bytes.extend_from_slice(&piece);
            desk.run_until(now).map_err(stands_still)?;
        }
    }

    /// When to call `handle_timeout` at the latest, by the clock of `now`; `None`: when bytes come.
    fn next_timeout(&mut self) -> Option<f64> {
        let at = self.desk().next_deadline()?;
        Some(self.clock.seconds(at))
    }

    /// The time, as it was given last.
    #[getter]
    fn now(&self) -> f64 {
        self.clock.seconds(self.clock.now())
    }

    /// The dialect.
    #[getter]
    fn dialect(&self, py: Python<'_>) -> PyResult<Member> {
        member_named(py, "Dialect", self.dialect.0.name())
    }

    /// `"loopback"` or `"sockets"`.
    #[getter]
    fn network(&self) -> &'static str {
        if self.memory { "loopback" } else { "sockets" }
    }

    /// The module as it sees itself: what it takes host bytes for (`command`, `payload`, `data`, `deaf`), its registration,
    /// whether it is attached, and whether its context is up.
    #[getter]
    fn state(&mut self, py: Python<'_>) -> VirtualState {
        let view = self.desk().modem.view();
        VirtualState {
            mode: text(py, view.mode),
            registration: view.registration,
            attached: view.attached,
            online: view.online,
        }
    }

    /// A link as the module sees it, whatever network is behind it: `initial`, `connecting`, `connected`,
    /// `remote_closing`, `closing`, `closed`; `unread` bytes wait for the host, `unsent` for the network.
    fn link(&mut self, number: u8, py: Python<'_>) -> PyResult<VirtualLink> {
        let view = self.desk().modem.link_view(number);
        let Some(view) = view else {
            return Err(PyValueError::new_err(format!("there is no link {number}")));
        };
        Ok(VirtualLink {
            number,
            state: text(py, view.state),
            udp: view.transport == Transport::Udp,
            peer: view.peer.map(Address),
            server: view.server,
            unread: view.unread,
            unsent: view.unsent,
            sent: view.sent,
            acknowledged: view.acknowledged,
            received: view.received,
        })
    }

    /// All links as the module sees them.
    fn links(&mut self, py: Python<'_>) -> PyResult<Vec<VirtualLink>> {
        (0..self.dialect.0.links()).map(|number| self.link(number, py)).collect()
    }

    /// The lines that the module drives: whether DCD is on, and RI.
    #[getter]
    fn pins(&mut self) -> (bool, bool) {
        let pins = self.desk().modem.pins();
        (pins.dcd, pins.ri)
    }

    /// The host switches DTR on or off.
    #[pyo3(signature = (on, now = None))]
    fn set_dtr(&mut self, on: bool, now: Option<f64>) -> PyResult<()> {
        let now = self.run(now)?;
        let desk = self.desk();
        desk.modem.dtr(now, on);
        desk.run_until(now).map_err(stands_still)
    }

    /// What is to go wrong, once or (`always`) on every occasion:
    ///
    /// `notice` (`data`, `at`), `drop_final`, `late_final` (`ms`), `double_final`, `no_prompt`, `send_fail`, `refuse`
    /// (`command`, `code`), `own_error` (`command`, `code`), `dns_fail` (`code`), `short_payload` (`size`), `wrong_length`
    /// (`by`), `restart_in_payload` (`size`), `hang` (`ms`).
    #[pyo3(signature = (kind, *, always = false, **words))]
    fn fault(&mut self, kind: &str, always: bool, words: Option<&Bound<'_, PyDict>>) -> PyResult<()> {
        let fault = fault::fault(kind, words)?;
        let faults = self.desk().modem.faults();
        if always {
            faults.always(fault);
        } else {
            faults.once(fault);
        }
        Ok(())
    }

    /// Forgets all faults that wait.
    fn clear_faults(&mut self) {
        self.desk().modem.faults().clear();
    }

    /// The number of faults that wait.
    #[getter]
    fn faults(&mut self) -> usize {
        self.desk().modem.faults().len()
    }

    /// Lets something happen: `restart`, `ring`, `context_lost` (`context`), `registration` (`stat`), `sms` (`index`),
    /// `line` (`text`).
    #[pyo3(signature = (kind, *, now = None, **words))]
    fn notify(&mut self, kind: &str, now: Option<f64>, words: Option<&Bound<'_, PyDict>>) -> PyResult<()> {
        let notify = fault::notify(kind, words)?;
        let now = self.run(now)?;
        let desk = self.desk();
        desk.modem.notify(now, notify);
        desk.run_until(now).map_err(stands_still)
    }

    /// What the lines have done so far, from the host and to it: bytes pushed, delivered, dropped, flipped, doubled,
    /// noise, overrun.
    #[getter]
    fn statistics<'py>(&mut self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let both = PyDict::new(py);
        let desk = self.desk();
        for (side, wire) in [("from_host", &desk.to_modem), ("to_host", &desk.to_host)] {
            let (seen, one) = (wire.statistics(), PyDict::new(py));
            for (key, value) in [
                ("pushed", seen.pushed),
                ("delivered", seen.delivered),
                ("dropped", seen.dropped),
                ("flipped", seen.flipped),
                ("doubled", seen.doubled),
                ("noise", seen.noise),
                ("overrun", seen.overrun),
            ] {
                one.set_item(key, value)?;
            }
            both.set_item(side, one)?;
        }
        Ok(both)
    }

    /// The address of a link's socket on the host (network of sockets); `None`: it has none.
    fn local_address(&mut self, link: u8) -> PyResult<Option<Address>> {
        match &self.desk().network {
            Net::Sockets(network) => Ok(network.local(Socket(link)).map(Address)),
            Net::Loopback(_) => Err(PyRuntimeError::new_err("only the network of sockets can do this")),
        }
    }

    /// The address of a listening server's socket on the host (network of sockets); `None`: it does not listen.
    #[pyo3(signature = (server = 0))]
    fn server_address(&mut self, server: u8) -> PyResult<Option<Address>> {
        match &self.desk().network {
            Net::Sockets(network) => {
                Ok(network.local(Socket(Socket::SERVER.saturating_add(server))).map(Address))
            }
            Net::Loopback(_) => Err(PyRuntimeError::new_err("only the network of sockets can do this")),
        }
    }

    /// The other ends, the oldest first (network in memory).
    fn peers(&mut self, py: Python<'_>) -> PyResult<Vec<VirtualPeer>> {
        self.loopback()?.peers().map(|peer| peer_object(py, peer)).collect()
    }

    /// The latest other end of this link (network in memory).
    fn peer(&mut self, py: Python<'_>, link: u8) -> PyResult<Option<VirtualPeer>> {
        self.loopback()?.peer_of(Socket(link)).map(|peer| peer_object(py, peer)).transpose()
    }

    /// A client connects to the module's server on this port; gives the peer's token (network in memory).
    #[pyo3(signature = (port, now = None))]
    fn connect(&mut self, port: u16, now: Option<f64>) -> PyResult<u32> {
        let now = self.run(now)?;
        let token = self.loopback()?.connect(now, port);
        token.ok_or_else(|| PyValueError::new_err(format!("the module does not listen on port {port}")))
    }

    /// The peer of this token sends (network in memory).
    #[pyo3(signature = (token, data, now = None))]
    fn peer_send(&mut self, token: u32, data: Input<'_>, now: Option<f64>) -> PyResult<()> {
        let now = self.run(now)?;
        no_connection(self.loopback()?.peer_send(now, token, data.bytes()))
    }

    /// The peer of this token closes, behind all it sent; `reset`: at once (network in memory).
    #[pyo3(signature = (token, *, reset = false, now = None))]
    fn peer_close(&mut self, token: u32, reset: bool, now: Option<f64>) -> PyResult<()> {
        let now = self.run(now)?;
        let network = self.loopback()?;
        no_connection(if reset { network.peer_reset(now, token) } else { network.peer_close(now, token) })
    }

    /// A datagram for the module's port (network in memory).
    #[pyo3(signature = (peer, port, data, now = None))]
    fn datagram(&mut self, peer: Address, port: u16, data: Input<'_>, now: Option<f64>) -> PyResult<()> {
        let now = self.run(now)?;
        let from: SocketAddrV4 = peer.0;
        no_connection(self.loopback()?.datagram(now, from, port, data.bytes()))
    }

    /// Puts a service behind a port: `echo`, `discard`, `daytime`, `http`, `deaf`, `black_hole`, `chargen` and `burst`
    /// (`size`), or `None`: nothing (network in memory).
    #[pyo3(signature = (port, service, *, size = 4096, udp = false))]
    fn serve(&mut self, port: u16, service: Option<&str>, size: usize, udp: bool) -> PyResult<()> {
        let transport = if udp { Transport::Udp } else { Transport::Tcp };
        let network = self.loopback()?;
        let service = match service {
            None => {
                network.unserve(transport, port);
                return Ok(());
            }
            Some("echo") => Service::Echo,
            Some("discard") => Service::Discard,
            Some("daytime") => Service::Daytime,
            Some("http") => Service::Http,
            Some("deaf") => Service::Deaf,
            Some("black_hole") => Service::BlackHole,
            Some("chargen") => Service::Chargen(size),
            Some("burst") => Service::Burst(size),
            Some(other) => return Err(PyValueError::new_err(format!("no such service: {other}"))),
        };
        network.serve(transport, port, service);
        Ok(())
    }

    /// Gives a name its addresses; none: it cannot be resolved (network in memory).
    fn name(&mut self, name: &str, addresses: Vec<String>) -> PyResult<()> {
        let addresses: Vec<Ipv4Addr> = addresses.iter().map(|text| address(text)).collect::<PyResult<_>>()?;
        self.loopback()?.name(name, &addresses);
        Ok(())
    }

    fn __repr__(&self) -> String {
        format!("<VirtualModem {} {}>", self.dialect.0.name(), self.network())
    }
}

fn text(py: Python<'_>, text: &str) -> Member {
    Member(PyString::new(py, text).into_any().unbind())
}

fn peer_object(py: Python<'_>, peer: &LoopbackPeer) -> PyResult<VirtualPeer> {
    let state = match peer.state() {
        State::Waiting(_) => "waiting",
        State::Open => "open",
        State::PeerClosed => "peer_closed",
        State::Closed => "closed",
    };
    Ok(VirtualPeer {
        token: peer.token(),
        link: peer.socket().map(|socket| socket.0),
        udp: peer.transport() == Transport::Udp,
        address: peer.address().map(Address),
        local_port: peer.local(),
        state: text(py, state),
        received: PyBytes::new(py, &peer.received().bytes()).unbind(),
        sent: PyBytes::new(py, &peer.sent().bytes()).unbind(),
        delivered: peer.delivered(),
    })
}

macro_rules! settings {
    ($words:expr, $what:literal, $settings:ident, { $($key:literal => $($field:ident).+),* $(,)? }) => {
        for (key, value) in $words.into_iter().flatten() {
            match key.extract::<String>()?.as_str() {
                $($key => $settings.$($field).+ = value.extract()?,)*
                other => {
                    return Err(PyValueError::new_err(format!("no such setting of {}: {other}", $what)));
                }
            }
        }
    };
}

fn wire_settings(baud: u32, words: Option<&Bound<'_, PyDict>>) -> PyResult<WireSettings> {
    let mut settings = WireSettings { baud, ..WireSettings::default() };
    settings!(words, "the line", settings, {
        "delay_ms" => delay_ms, "piece" => piece, "pause_ppm" => pause_ppm, "pause_ms" => pause_ms, "sender" => sender,
        "receiver" => receiver, "flow_control" => flow_control, "drop_ppm" => faults.drop_ppm,
        "flip_ppm" => faults.flip_ppm, "double_ppm" => faults.double_ppm, "noise_ppm" => faults.noise_ppm,
        "noise_len" => faults.noise_len,
    });
    Ok(settings)
}

fn loopback_settings(words: Option<&Bound<'_, PyDict>>) -> PyResult<LoopbackSettings> {
    let mut settings = LoopbackSettings::default();
    settings!(words, "the network", settings, {
        "latency_ms" => latency_ms, "jitter_ms" => jitter_ms, "bytes_per_s" => bytes_per_s, "piece" => piece,
        "cut" => cut, "datagram_loss_ppm" => datagram_loss_ppm, "record" => record,
    });
    Ok(settings)
}
