//! `VirtualModem`: a module with a network in memory, on the far end of a serial line.

use js_sys::Uint8Array;
use simcom_at::{Dialect, Instant, SocketAddrV4, Transport};
use simcom_modem::bench::{Desk, Livelock};
use simcom_modem::loopback::{Loopback, LoopbackSettings, Peer, Service, State};
use simcom_modem::wire::{Wire, WireSettings};
use simcom_modem::{Modem, Profile, Socket};
use wasm_bindgen::prelude::*;

use crate::convert::{self, Clock, Given, Make, Words, each, range_error, text};
use crate::dialect::{JsDialect, JsPeer, dialect_of};
use crate::fault::{self, JsFault, JsNotify};
use crate::profile;

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
/** What the serial line to the virtual modem is like; without anything it is perfect. `…Ppm`: per million bytes. */
export interface Line {
  baud?: number; delayMs?: number; piece?: number; pausePpm?: number; pauseMs?: number; sender?: number; receiver?: number;
  flowControl?: boolean; dropPpm?: number; flipPpm?: number; doublePpm?: number; noisePpm?: number; noiseLen?: number;
}

/** What the network in memory is like; without anything it answers at once. */
export interface LoopbackNetwork {
  latencyMs?: number; jitterMs?: number; bytesPerS?: number; piece?: number; cut?: boolean; datagramLossPpm?: number;
  record?: number;
}

/** How a virtual modem is made. The same seed and the same calls give the same bytes. */
export interface VirtualModemOptions {
  seed?: number;
  line?: Line;
  network?: LoopbackNetwork;
  /** The knobs of the module itself, such as `attachMs`, `rssi` or `identity`; see the manual of the virtual modem. */
  knobs?: Record<string, number | boolean | string | string[]>;
}

/** What stands behind a port of the network in memory. */
export type Service = "echo" | "discard" | "daytime" | "chargen" | "burst" | "http" | "deaf" | "black_hole";

/** The other end of a connection. */
export interface VirtualPeer {
  token: number; link?: number; udp: boolean; address?: Peer; localPort: number;
  state: "waiting" | "open" | "peer_closed" | "closed"; received: Uint8Array; sent: Uint8Array; delivered: number;
}

/** What one direction of the line has done so far, in bytes. */
export interface LineStatistics {
  pushed: number; delivered: number; dropped: number; flipped: number; doubled: number; noise: number; overrun: number;
}
"#;

#[wasm_bindgen]
extern "C" {
    /// The type `VirtualModemOptions | undefined`.
    #[wasm_bindgen(typescript_type = "VirtualModemOptions | undefined")]
    pub type JsOptions;
    /// The type `Line`.
    #[wasm_bindgen(typescript_type = "Line")]
    pub type JsLine;
    /// The type `LoopbackNetwork`.
    #[wasm_bindgen(typescript_type = "LoopbackNetwork")]
    pub type JsNetwork;
    /// The type `Service | undefined`.
    #[wasm_bindgen(typescript_type = "Service | undefined")]
    pub type JsService;
    /// The type `VirtualPeer[]`.
    #[wasm_bindgen(typescript_type = "VirtualPeer[]")]
    pub type JsPeers;
    /// The type of `statistics`.
    #[wasm_bindgen(typescript_type = "{ fromHost: LineStatistics; toHost: LineStatistics }")]
    pub type JsStatistics;
}

/// A virtual module with a network in memory, without any input or output of its own.
///
/// Bytes of the host go in by `receive`, `dataToSend` gives those for the host, `nextTimeout` tells when to call
/// `handleTimeout` at the latest. `now` is any clock in milliseconds.
#[wasm_bindgen]
pub struct VirtualModem {
    desk: Desk<Loopback>,
    clock: Clock,
    dialect: Dialect,
}

fn stands_still(livelock: Livelock) -> JsValue {
    js_sys::Error::new(&livelock.to_string()).into()
}

fn no_connection(found: bool) -> Result<(), JsValue> {
    if found { Ok(()) } else { Err(range_error("there is no such open connection")) }
}

macro_rules! settings {
    ($key:expr, $value:expr, $settings:expr, { $($name:literal => $($field:ident).+),* $(,)? }) => {
        match $key {
            $($name => $settings.$($field).+ = Given::given($key, $value)?,)*
            _ => return Ok(false),
        }
    };
}

fn set_wire(settings: &mut WireSettings, given: &JsValue) -> Result<(), JsValue> {
    each(given, "the line", |key, value| {
        settings!(key, value, settings, {
            "baud" => baud, "delay_ms" => delay_ms, "piece" => piece, "pause_ppm" => pause_ppm, "pause_ms" => pause_ms,
            "sender" => sender, "receiver" => receiver, "flow_control" => flow_control,
            "drop_ppm" => faults.drop_ppm, "flip_ppm" => faults.flip_ppm, "double_ppm" => faults.double_ppm,
            "noise_ppm" => faults.noise_ppm, "noise_len" => faults.noise_len,
        });
        Ok(true)
    })
}

fn set_network(settings: &mut LoopbackSettings, given: &JsValue) -> Result<(), JsValue> {
    each(given, "the network", |key, value| {
        settings!(key, value, settings, {
            "latency_ms" => latency_ms, "jitter_ms" => jitter_ms, "bytes_per_s" => bytes_per_s, "piece" => piece,
            "cut" => cut, "datagram_loss_ppm" => datagram_loss_ppm, "record" => record,
        });
        Ok(true)
    })
}

impl VirtualModem {
    /// The module does what is due up to now.
    fn run(&mut self, now: Option<f64>) -> Result<Instant, JsValue> {
        let now = self.clock.set(now)?;
        self.desk.run_until(now).map_err(stands_still)?;
        Ok(now)
    }

    fn go_on(&mut self, now: Instant) -> Result<(), JsValue> {
        self.desk.run_until(now).map_err(stands_still)
    }
}

#[wasm_bindgen]
impl VirtualModem {
    /// A module that has started and registered.
    #[wasm_bindgen(constructor)]
    pub fn new(dialect: &JsDialect, options: &JsOptions, now: Option<f64>) -> Result<VirtualModem, JsValue> {
        let dialect = dialect_of(dialect)?;
        let clock = Clock::new(now)?;
        let words = Words::new(options);
        let seed = u64::from(words.whole_or::<u32>("seed", 0)?);
        let mut profile = Profile::new(dialect);
        profile::apply(&mut profile, &words.find("knobs").unwrap_or_default())?;
        let mut wire = WireSettings::default();
        set_wire(&mut wire, &words.find("line").unwrap_or_default())?;
        let mut network = LoopbackSettings::default();
        set_network(&mut network, &words.find("network").unwrap_or_default())?;
        words.end("the virtual modem")?;
        let wires = (Wire::new(wire.clone(), seed), Wire::new(wire, seed.wrapping_add(1)));
        let modem = Modem::new(profile, clock.now());
        let desk = Desk::new(modem, Loopback::new(network, seed), clock.now());
        Ok(Self { desk: desk.with_wires(wires.0, wires.1), clock, dialect })
    }

    /// Takes bytes of the host; gives how many the line took, which is all unless the line's `sender` says otherwise.
    pub fn receive(&mut self, data: &[u8], now: Option<f64>) -> Result<u32, JsValue> {
        let now = self.run(now)?;
        let taken = self.desk.host_write(data);
        self.go_on(now)?;
        Ok(u32::try_from(taken).unwrap_or(u32::MAX))
    }

    /// Does what is due.
    #[wasm_bindgen(js_name = handleTimeout)]
    pub fn handle_timeout(&mut self, now: Option<f64>) -> Result<(), JsValue> {
        self.run(now).map(|_| ())
    }

    /// Bytes for the host; empty: none now.
    #[wasm_bindgen(js_name = dataToSend)]
    pub fn data_to_send(&mut self, now: Option<f64>) -> Result<Uint8Array, JsValue> {
        let now = self.run(now)?;
        let mut bytes = Vec::new();
        loop {
            let piece = self.desk.host_read();
            if piece.is_empty() {
                return Ok(convert::bytes(&bytes));
            }
            bytes.extend_from_slice(&piece);
            self.go_on(now)?;
        }
    }

    /// When to call `handleTimeout` at the latest, by the clock of `now`; `undefined`: when bytes come.
    #[wasm_bindgen(js_name = nextTimeout)]
    pub fn next_timeout(&self) -> Option<f64> {
        self.desk.next_deadline().map(|at| self.clock.millis(at))
    }

    /// The dialect.
    #[wasm_bindgen(getter, unchecked_return_type = "Dialect")]
    pub fn dialect(&self) -> String {
        self.dialect.name().to_owned()
    }

    /// Whether the module's DCD is on.
    #[wasm_bindgen(getter)]
    pub fn dcd(&self) -> bool {
        self.desk.modem.pins().dcd
    }

    /// Whether the module's RI is on.
    #[wasm_bindgen(getter)]
    pub fn ri(&self) -> bool {
        self.desk.modem.pins().ri
    }

    /// The host switches DTR on or off.
    #[wasm_bindgen(js_name = setDtr)]
    pub fn set_dtr(&mut self, on: bool, now: Option<f64>) -> Result<(), JsValue> {
        let now = self.run(now)?;
        self.desk.modem.dtr(now, on);
        self.go_on(now)
    }

    /// What is to go wrong, once or (`always`) on every occasion.
    pub fn fault(&mut self, given: &JsFault, always: Option<bool>) -> Result<(), JsValue> {
        let fault = fault::fault(given)?;
        let faults = self.desk.modem.faults();
        if always.unwrap_or(false) {
            faults.always(fault);
        } else {
            faults.once(fault);
        }
        Ok(())
    }

    /// Forgets all faults that wait.
    #[wasm_bindgen(js_name = clearFaults)]
    pub fn clear_faults(&mut self) {
        self.desk.modem.faults().clear();
    }

    /// The number of faults that wait.
    #[wasm_bindgen(getter)]
    pub fn faults(&mut self) -> u32 {
        u32::try_from(self.desk.modem.faults().len()).unwrap_or(u32::MAX)
    }

    /// Lets something happen by itself.
    pub fn notify(&mut self, given: &JsNotify, now: Option<f64>) -> Result<(), JsValue> {
        let notify = fault::notify(given)?;
        let now = self.run(now)?;
        self.desk.modem.notify(now, notify);
        self.go_on(now)
    }

    /// Changes the serial line while it runs.
    #[wasm_bindgen(js_name = setLine)]
    pub fn set_line(&mut self, given: &JsLine) -> Result<(), JsValue> {
        set_wire(self.desk.to_modem.settings_mut(), given)?;
        set_wire(self.desk.to_host.settings_mut(), given)
    }

    /// Changes the network while it runs; what is under way keeps its time.
    #[wasm_bindgen(js_name = setNetwork)]
    pub fn set_network(&mut self, given: &JsNetwork) -> Result<(), JsValue> {
        set_network(self.desk.network.settings_mut(), given)
    }

    /// What the line has done so far.
    pub fn statistics(&self) -> JsStatistics {
        let one = |wire: &Wire| {
            let seen = wire.statistics();
            #[expect(clippy::cast_precision_loss, reason = "fewer than 2^53 bytes")]
            Make::new()
                .number("pushed", seen.pushed as f64)
                .number("delivered", seen.delivered as f64)
                .number("dropped", seen.dropped as f64)
                .number("flipped", seen.flipped as f64)
                .number("doubled", seen.doubled as f64)
                .number("noise", seen.noise as f64)
                .number("overrun", seen.overrun as f64)
                .done()
        };
        let both = Make::new().value("fromHost", one(&self.desk.to_modem));
        both.value("toHost", one(&self.desk.to_host)).done().unchecked_into()
    }

    /// The other ends, the oldest first.
    pub fn peers(&self) -> JsPeers {
        let all: js_sys::Array = self.desk.network.peers().map(peer_object).collect();
        all.unchecked_into()
    }

    /// The latest other end of this link.
    #[wasm_bindgen(unchecked_return_type = "VirtualPeer | undefined")]
    pub fn peer(&self, link: u8) -> JsValue {
        self.desk.network.peer_of(Socket(link)).map_or(JsValue::UNDEFINED, peer_object)
    }

    /// A client connects to the module's server on this port; gives the peer's token.
    pub fn connect(&mut self, port: u16, now: Option<f64>) -> Result<u32, JsValue> {
        let now = self.run(now)?;
        let token = self.desk.network.connect(now, port);
        self.go_on(now)?;
        token.ok_or_else(|| range_error(&format!("the module does not listen on port {port}")))
    }

    /// The peer of this token sends.
    #[wasm_bindgen(js_name = peerSend)]
    pub fn peer_send(&mut self, token: u32, data: &[u8], now: Option<f64>) -> Result<(), JsValue> {
        let now = self.run(now)?;
        let found = self.desk.network.peer_send(now, token, data);
        self.go_on(now)?;
        no_connection(found)
    }

    /// The peer of this token closes, behind all it sent; `reset`: at once.
    #[wasm_bindgen(js_name = peerClose)]
    pub fn peer_close(&mut self, token: u32, reset: Option<bool>, now: Option<f64>) -> Result<(), JsValue> {
        let now = self.run(now)?;
        let network = &mut self.desk.network;
        let found = if reset.unwrap_or(false) {
            network.peer_reset(now, token)
        } else {
            network.peer_close(now, token)
        };
        self.go_on(now)?;
        no_connection(found)
    }

    /// A datagram for the module's port.
    pub fn datagram(
        &mut self,
        from: &JsPeer,
        port: u16,
        data: &[u8],
        now: Option<f64>,
    ) -> Result<(), JsValue> {
        let now = self.run(now)?;
        let from: SocketAddrV4 =
            convert::peer_from(from)?.ok_or_else(|| convert::type_error("a sender is missing"))?;
        let found = self.desk.network.datagram(now, from, port, data);
        self.go_on(now)?;
        no_connection(found)
    }

    /// Puts a service behind a port, or nothing; `size` is for `chargen` and `burst`.
    pub fn serve(
        &mut self,
        port: u16,
        service: &JsService,
        size: Option<u32>,
        udp: Option<bool>,
    ) -> Result<(), JsValue> {
        let transport = if udp.unwrap_or(false) { Transport::Udp } else { Transport::Tcp };
        let size = size.unwrap_or(4096) as usize;
        if service.is_undefined() || service.is_null() {
            self.desk.network.unserve(transport, port);
            return Ok(());
        }
        let service = match text("service", service)?.as_str() {
            "echo" => Service::Echo,
            "discard" => Service::Discard,
            "daytime" => Service::Daytime,
            "http" => Service::Http,
            "deaf" => Service::Deaf,
            "black_hole" => Service::BlackHole,
            "chargen" => Service::Chargen(size),
            "burst" => Service::Burst(size),
            other => return Err(range_error(&format!("no such service: {other}"))),
        };
        self.desk.network.serve(transport, port, service);
        Ok(())
    }

    /// Gives a name its addresses; none: it cannot be resolved.
    pub fn name(&mut self, name: &str, addresses: Vec<String>) -> Result<(), JsValue> {
        let addresses: Vec<_> = addresses.iter().map(|at| convert::address(at)).collect::<Result<_, _>>()?;
        self.desk.network.name(name, &addresses);
        Ok(())
    }
}

fn peer_object(peer: &Peer) -> JsValue {
    let state = match peer.state() {
        State::Waiting(_) => "waiting",
        State::Open => "open",
        State::PeerClosed => "peer_closed",
        State::Closed => "closed",
    };
    let it =
        Make::new().number("token", peer.token()).number_if("link", peer.socket().map(|socket| socket.0));
    let it = it.value("udp", peer.transport() == Transport::Udp);
    let it = match peer.address() {
        Some(at) => it.value("address", convert::peer(at)),
        None => it,
    };
    #[expect(clippy::cast_precision_loss, reason = "fewer than 2^53 bytes")]
    it.number("localPort", peer.local())
        .word("state", state)
        .value("received", convert::bytes(&peer.received().bytes()))
        .value("sent", convert::bytes(&peer.sent().bytes()))
        .number("delivered", peer.delivered() as f64)
        .done()
}
