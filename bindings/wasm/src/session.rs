//! `Session`: the host side of the line.

use js_sys::{Array, Uint8Array};
use simcom_at::{
    Context, Dialect, Field, How, Instant, Link, Pin, Refused, Session as Core, Setting, Settings, Transport,
};
use wasm_bindgen::prelude::*;

use crate::convert::{self, Clock, Given, Words};
use crate::dialect::{JsDialect, JsPeer, dialect_of};
use crate::event;

/// Room for the longest command and its payload.
const BUFFER: usize = 8192;

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
/** How a session uses the module; what is left out is the dialect's default. All `…Ms` are milliseconds. */
export interface Settings {
  /** One connection only. */
  single?: boolean;
  /** Payload is pushed instead of read on request. */
  push?: boolean;
  /** Link 0 is transparent: what goes in comes out, until `leaveData`. */
  transparent?: boolean;
  /** UDP links take datagrams of any peer. */
  anyPeer?: boolean;
  /** RTS and CTS are wired. */
  flowControl?: boolean;
  /** DTR and DCD are wired. */
  modemLines?: boolean;
  /** A send ends when the module has taken the bytes. */
  quick?: boolean;
  pauseMs?: number;
  gapMs?: number;
  promptMs?: number;
  pollMs?: number;
  drainMs?: number;
  sendMs?: number;
  retries?: number;
}

/** Why a call was not taken; nothing changed and nothing was sent. */
export type RefusedReason =
  | "not_in_dialect" | "busy" | "no_such_link" | "link_in_use" | "not_open" | "bad_text" | "bad_length"
  | "payload_length" | "unsendable" | "small_buffer" | "unlimited" | "framing" | "state" | "destination";

/** Thrown by the commands of a `Session`; its `name` is `"Refused"`. */
export interface RefusedError extends Error { name: "Refused"; reason: RefusedReason; }
"#;

#[wasm_bindgen]
extern "C" {
    /// The type `Settings | undefined`.
    #[wasm_bindgen(typescript_type = "Settings | undefined")]
    pub type JsSettings;
    /// The type `Event[]`.
    #[wasm_bindgen(typescript_type = "Event[]")]
    pub type Events;
}

/// The host side of the line, without any input or output of its own.
///
/// Bytes of the module go in by `receive`, which gives events; `dataToSend` gives bytes for the module; `nextTimeout` tells
/// when to call `handleTimeout` at the latest. `now` is any clock in milliseconds that never goes back; where it is left
/// out, the time is the latest one that was given. Commands throw a `RefusedError` when they are not taken.
#[wasm_bindgen]
pub struct Session {
    core: Core<Vec<u8>>,
    clock: Clock,
    dialect: Dialect,
    /// Events that came up while none were asked for.
    waiting: Array,
}

impl Session {
    fn give(
        &mut self,
        now: Option<f64>,
        command: impl FnOnce(&mut Core<Vec<u8>>, Instant) -> Result<(), Refused>,
    ) -> Result<(), JsValue> {
        let now = self.clock.set(now)?;
        command(&mut self.core, now).map_err(convert::refused)
    }

    fn run(&mut self, now: Instant, mut input: &[u8]) {
        while let Some(event) = self.core.poll(now, &mut input) {
            self.waiting.push(&event::object(&event, self.core.text()));
        }
    }

    fn take(&mut self) -> Events {
        std::mem::take(&mut self.waiting).unchecked_into()
    }
}

fn settings(given: &JsValue) -> Result<Settings, JsValue> {
    let mut settings = Settings::default();
    let words = Words::new(given);
    macro_rules! flags {
        ($($key:literal $name:ident)*) => { $(settings.$name = words.flag_or($key, settings.$name)?;)* };
    }
    macro_rules! numbers {
        ($($key:literal $name:ident)*) => { $(settings.$name = words.whole_or($key, settings.$name)?;)* };
    }
    flags!("single" single "push" push "transparent" transparent "anyPeer" any_peer "flowControl" flow_control
        "modemLines" modem_lines "quick" quick);
    numbers!("pauseMs" pause_ms "gapMs" gap_ms "promptMs" prompt_ms "pollMs" poll_ms "drainMs" drain_ms
        "sendMs" send_ms "retries" retries);
    words.end("settings").map(|()| settings)
}

#[wasm_bindgen]
impl Session {
    /// A session with a module of this dialect.
    #[wasm_bindgen(constructor)]
    pub fn new(dialect: &JsDialect, given: &JsSettings, now: Option<f64>) -> Result<Session, JsValue> {
        let dialect = dialect_of(dialect)?;
        let settings = settings(given)?;
        let clock = Clock::new(now)?;
        let core = Core::new(dialect.spec(), settings, clock.now(), vec![0; BUFFER]);
        Ok(Self { core, clock, dialect, waiting: Array::new() })
    }

    /// Takes bytes of the module and gives the events.
    pub fn receive(&mut self, data: &[u8], now: Option<f64>) -> Result<Events, JsValue> {
        let now = self.clock.set(now)?;
        self.run(now, data);
        Ok(self.take())
    }

    /// Does what is due, and gives the events.
    #[wasm_bindgen(js_name = handleTimeout)]
    pub fn handle_timeout(&mut self, now: Option<f64>) -> Result<Events, JsValue> {
        self.receive(&[], now)
    }

    /// Bytes for the module, not more than `size`; empty: none now. They count as taken.
    #[wasm_bindgen(js_name = dataToSend)]
    pub fn data_to_send(&mut self, size: Option<u32>, now: Option<f64>) -> Result<Uint8Array, JsValue> {
        let now = self.clock.set(now)?;
        let size = size.map_or(usize::MAX, |size| size as usize);
        let mut bytes = Vec::new();
        loop {
            self.run(now, &[]);
            let next = self.core.transmit();
            let taken = next.len().min(size - bytes.len());
            if taken == 0 {
                return Ok(convert::bytes(&bytes));
            }
            bytes.extend_from_slice(next.get(..taken).unwrap_or_default());
            self.core.transmitted(now, taken);
        }
    }

    /// When to call `handleTimeout` at the latest, by the clock of `now`; `undefined`: when bytes come.
    #[wasm_bindgen(js_name = nextTimeout)]
    pub fn next_timeout(&self) -> Option<f64> {
        if self.waiting.length() > 0 {
            return Some(self.clock.millis(self.clock.now()));
        }
        self.core.deadline().map(|(at, _)| self.clock.millis(at))
    }

    /// Why the session waits until `nextTimeout`.
    #[wasm_bindgen(
        js_name = timeoutReason,
        unchecked_return_type = "\"answer\" | \"gap\" | \"pause\" | \"poll\" | \"drain\" | undefined"
    )]
    pub fn timeout_reason(&self) -> Option<String> {
        self.core.deadline().map(|(_, reason)| convert::variant(&reason))
    }

    /// Forgets everything: the module was switched off, or another one was connected.
    pub fn reset(&mut self, now: Option<f64>) -> Result<(), JsValue> {
        let now = self.clock.set(now)?;
        self.core.reset(now);
        self.waiting = Array::new();
        Ok(())
    }

    /// The dialect.
    #[wasm_bindgen(getter, unchecked_return_type = "Dialect")]
    pub fn dialect(&self) -> String {
        self.dialect.name().to_owned()
    }

    /// The number of links.
    #[wasm_bindgen(getter)]
    pub fn links(&self) -> u8 {
        self.core.links()
    }

    /// Whether payload is pushed: then no link can be held back.
    #[wasm_bindgen(getter, js_name = isPushed)]
    pub fn is_pushed(&self) -> bool {
        self.core.is_pushed()
    }

    /// Whether a command that needs the line would be taken.
    #[wasm_bindgen(getter, js_name = isReady)]
    pub fn is_ready(&self) -> bool {
        self.core.is_ready()
    }

    /// Whether the transparent link is in data mode.
    #[wasm_bindgen(getter, js_name = isDataMode)]
    pub fn is_data_mode(&self) -> bool {
        self.core.is_data_mode()
    }

    /// Most payload of one `send`, in bytes.
    #[wasm_bindgen(getter, js_name = maxPayload)]
    pub fn max_payload(&self) -> u16 {
        self.core.max_payload()
    }

    /// Whether DTR is to be on, where it is wired.
    #[wasm_bindgen(getter)]
    pub fn dtr(&self) -> bool {
        self.core.pins().dtr
    }

    /// Tells the level of DCD, where it is wired.
    #[wasm_bindgen(js_name = setDcd)]
    pub fn set_dcd(&mut self, on: bool, now: Option<f64>) -> Result<(), JsValue> {
        let now = self.clock.set(now)?;
        self.core.pin(now, Pin::Dcd, on);
        Ok(())
    }

    // The commands: one method of the core each.

    /// Finds the module and makes the line ready.
    pub fn probe(&mut self, now: Option<f64>) -> Result<(), JsValue> {
        self.give(now, |core, now| core.probe(now))
    }

    /// Asks for the SIM's state, and gives the PIN if one is due.
    pub fn sim(&mut self, pin: Option<String>, now: Option<f64>) -> Result<(), JsValue> {
        self.give(now, |core, now| core.sim(now, pin.as_deref()))
    }

    /// Asks for the signal's strength.
    pub fn signal(&mut self, now: Option<f64>) -> Result<(), JsValue> {
        self.give(now, |core, now| core.signal(now))
    }

    /// Asks for the registration.
    pub fn registration(&mut self, now: Option<f64>) -> Result<(), JsValue> {
        self.give(now, |core, now| core.registration(now))
    }

    /// Brings a context up: modes, attach, APN, activation, address.
    pub fn attach(
        &mut self,
        apn: &str,
        user: Option<String>,
        password: Option<String>,
        context: Option<u8>,
        now: Option<f64>,
    ) -> Result<(), JsValue> {
        let (user, password) = (user.unwrap_or_default(), password.unwrap_or_default());
        let context = Context(context.unwrap_or(0));
        self.give(now, |core, now| core.attach(now, context, apn, &user, &password))
    }

    /// Shuts the context and detaches.
    pub fn detach(&mut self, now: Option<f64>) -> Result<(), JsValue> {
        self.give(now, |core, now| core.detach(now))
    }

    /// Asks for the local address.
    pub fn address(&mut self, now: Option<f64>) -> Result<(), JsValue> {
        self.give(now, |core, now| core.address(now))
    }

    /// Opens a link to `host` and `port`.
    pub fn open(
        &mut self,
        link: u8,
        host: &str,
        port: u16,
        udp: Option<bool>,
        #[wasm_bindgen(js_name = localPort)] local_port: Option<u16>,
        now: Option<f64>,
    ) -> Result<(), JsValue> {
        let transport = transport(udp);
        let local = local_port.unwrap_or(0);
        self.give(now, |core, now| core.open(now, Link(link), transport, host, port, local))
    }

    /// Sends payload; `to`: the destination of a datagram where the dialect takes one.
    pub fn send(&mut self, link: u8, data: &[u8], to: &JsPeer, now: Option<f64>) -> Result<(), JsValue> {
        let to = convert::peer_from(to)?;
        self.give(now, |core, now| core.send(now, Link(link), data, to))
    }

    /// How many bytes the caller takes on this link from now on; `undefined`: no limit, 0: stop.
    #[wasm_bindgen(js_name = setCredit)]
    pub fn set_credit(&mut self, link: u8, credit: Option<u16>, now: Option<f64>) -> Result<(), JsValue> {
        let credit = credit.unwrap_or(u16::MAX);
        self.give(now, |core, now| core.receive(now, Link(link), credit))
    }

    /// Closes a link; `quick`: without waiting for the peer.
    pub fn close(&mut self, link: u8, quick: Option<bool>, now: Option<f64>) -> Result<(), JsValue> {
        let how = if quick.unwrap_or(false) { How::Quick } else { How::Slow };
        self.give(now, |core, now| core.close(now, Link(link), how))
    }

    /// Shuts the context; every link is closed.
    pub fn shut(&mut self, now: Option<f64>) -> Result<(), JsValue> {
        self.give(now, |core, now| core.shut(now))
    }

    /// Asks for the addresses of a name.
    pub fn resolve(&mut self, host: &str, now: Option<f64>) -> Result<(), JsValue> {
        self.give(now, |core, now| core.resolve(now, host))
    }

    /// Asks for the state of the links.
    pub fn status(&mut self, now: Option<f64>) -> Result<(), JsValue> {
        self.give(now, |core, now| core.status(now))
    }

    /// Begins to listen; `server`: 0, or 0–3 on `a7600`.
    pub fn listen(
        &mut self,
        port: u16,
        server: Option<u8>,
        udp: Option<bool>,
        backlog: Option<u8>,
        now: Option<f64>,
    ) -> Result<(), JsValue> {
        let (server, backlog) = (server.unwrap_or(0), backlog.unwrap_or(3));
        let transport = transport(udp);
        self.give(now, |core, now| core.listen(now, server, transport, port, backlog))
    }

    /// Stops listening; accepted links stay.
    pub fn unlisten(&mut self, server: Option<u8>, now: Option<f64>) -> Result<(), JsValue> {
        self.give(now, |core, now| core.unlisten(now, server.unwrap_or(0)))
    }

    /// Selects the context that `open`, `address`, `resolve` and `shut` are about.
    pub fn context(&mut self, context: u8, now: Option<f64>) -> Result<(), JsValue> {
        self.give(now, |core, now| core.context(now, Context(context)))
    }

    /// Gives a UDP link another destination.
    #[wasm_bindgen(js_name = udpPeer)]
    pub fn udp_peer(&mut self, link: u8, to: &JsPeer, now: Option<f64>) -> Result<(), JsValue> {
        let to = convert::peer_from(to)?.ok_or_else(|| convert::type_error("a destination is missing"))?;
        self.give(now, |core, now| core.udp_peer(now, Link(link), to))
    }

    /// Asks how many bytes of a link the peer has acknowledged.
    pub fn acknowledged(&mut self, link: u8, now: Option<f64>) -> Result<(), JsValue> {
        self.give(now, |core, now| core.acknowledged(now, Link(link)))
    }

    /// Asks how many bytes one send of a link takes now.
    pub fn room(&mut self, link: u8, now: Option<f64>) -> Result<(), JsValue> {
        self.give(now, |core, now| core.room(now, Link(link)))
    }

    /// Goes back to data mode.
    #[wasm_bindgen(js_name = enterData)]
    pub fn enter_data(&mut self, now: Option<f64>) -> Result<(), JsValue> {
        self.give(now, |core, now| core.enter_data(now))
    }

    /// Leaves data mode; the link stays open.
    #[wasm_bindgen(js_name = leaveData)]
    pub fn leave_data(&mut self, now: Option<f64>) -> Result<(), JsValue> {
        self.give(now, |core, now| core.leave_data(now))
    }

    /// Lets the module sleep while DTR is off.
    pub fn sleep(&mut self, now: Option<f64>) -> Result<(), JsValue> {
        self.give(now, |core, now| core.sleep(now))
    }

    /// Wakes the module by DTR.
    pub fn wake(&mut self, now: Option<f64>) -> Result<(), JsValue> {
        self.give(now, |core, now| core.wake(now))
    }

    /// Whether the module may sleep: no command is taken until `wake`.
    #[wasm_bindgen(getter, js_name = isAsleep)]
    pub fn is_asleep(&self) -> bool {
        self.core.is_asleep()
    }

    /// Changes a setting: its values in the order of the manual; `undefined` leaves one out.
    pub fn set(
        &mut self,
        #[wasm_bindgen(unchecked_param_type = "Setting")] setting: &str,
        #[wasm_bindgen(unchecked_param_type = "(number | string | undefined)[]")] values: &Array,
        now: Option<f64>,
    ) -> Result<(), JsValue> {
        let setting = named(setting)?;
        let texts: Vec<Option<String>> = values.iter().map(|value| value.as_string()).collect();
        let mut fields = Vec::new();
        for (value, text) in values.iter().zip(&texts) {
            fields.push(match text {
                Some(text) => Field::Text(text),
                None if value.is_undefined() || value.is_null() => Field::Skip,
                None => Field::Number(Given::given("a value", &value)?),
            });
        }
        self.give(now, |core, now| core.set(now, setting, &fields))
    }

    /// Asks for a setting; the lines of the answer come as `Line`.
    pub fn ask(
        &mut self,
        #[wasm_bindgen(unchecked_param_type = "Setting")] setting: &str,
        now: Option<f64>,
    ) -> Result<(), JsValue> {
        let setting = named(setting)?;
        self.give(now, |core, now| core.ask(now, setting))
    }

    /// Asks what a setting may be; the lines of the answer come as `Line`.
    pub fn ranges(
        &mut self,
        #[wasm_bindgen(unchecked_param_type = "Setting")] setting: &str,
        now: Option<f64>,
    ) -> Result<(), JsValue> {
        let setting = named(setting)?;
        self.give(now, |core, now| core.ranges(now, setting))
    }

    /// Gives the module its name servers.
    #[wasm_bindgen(js_name = setDns)]
    pub fn set_dns(&mut self, first: &str, second: Option<String>, now: Option<f64>) -> Result<(), JsValue> {
        let second = second.as_deref().map(convert::address).transpose()?;
        let first = convert::address(first)?;
        self.give(now, |core, now| core.set_dns(now, first, second))
    }

    /// Sends a command line as it is, without its end; `timeoutMs`: how long its final result may take.
    pub fn raw(
        &mut self,
        line: &str,
        #[wasm_bindgen(js_name = timeoutMs)] timeout_ms: Option<u32>,
        now: Option<f64>,
    ) -> Result<(), JsValue> {
        self.give(now, |core, now| core.raw(now, line, timeout_ms.unwrap_or(0)))
    }
}

fn named(setting: &str) -> Result<Setting, JsValue> {
    Setting::from_name(setting).ok_or_else(|| convert::type_error(&format!("no such setting: {setting}")))
}

fn transport(udp: Option<bool>) -> Transport {
    if udp.unwrap_or(false) { Transport::Udp } else { Transport::Tcp }
}
