//! What a session can be told at its start.

/// How a session uses the module. Every value has the default of the project's design notes; `Default` gives those.
///
/// **Units**: every number that ends in `_ms` is milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settings {
    /// One connection only (`AT+CIPMUX=0`); `kingcom` knows nothing else, `a7600` only many.
    pub single: bool,
    /// Payload is pushed with a header instead of read on request; `kingcom` and `sim800e` know nothing else.
    pub push: bool,
    /// Link 0 is transparent (`AT+CIPMODE=1`): what goes in comes out, without lengths, until
    /// [`leave_data`](crate::Session::leave_data); single-connection mode, but on `a7600`, where the other links stay
    /// usable in command mode. Not on `kingcom` and `rda8955`.
    pub transparent: bool,
    /// UDP links take datagrams of any peer, and each tells its sender (`AT+CIPUDPMODE=1`, `AT+CIPSRIP=1`); `a7600`
    /// always does, with pushed payload.
    pub any_peer: bool,
    /// RTS and CTS are wired: hardware flow control (`AT+IFC=2,2`).
    pub flow_control: bool,
    /// DTR and DCD are wired: DTR leaves data mode (`AT&D1`), DCD tells its end (`AT&C1`).
    pub modem_lines: bool,
    /// `AT+CIPQSEND=1` where the dialect has it: `send` ends when the module has taken the bytes. In multi mode only.
    pub quick: bool,
    /// Silence after a final result, so that notices get out.
    pub pause_ms: u16,
    /// Silence after which a payload that stopped is given up.
    pub gap_ms: u16,
    /// How long a prompt may take.
    pub prompt_ms: u16,
    /// How often to ask for data whose notice may have been lost; 0: never.
    pub poll_ms: u16,
    /// How long a closed link's data waits for credit.
    pub drain_ms: u16,
    /// How long a send result may take; 0: the dialect's default.
    pub send_ms: u32,
    /// How often a step of a procedure is repeated after a timeout.
    pub retries: u8,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            single: false,
            push: false,
            transparent: false,
            any_peer: false,
            flow_control: false,
            modem_lines: false,
            quick: true,
            pause_ms: 20,
            gap_ms: 1000,
            prompt_ms: 5000,
            poll_ms: 10_000,
            drain_ms: 30_000,
            send_ms: 0,
            retries: 2,
        }
    }
}
