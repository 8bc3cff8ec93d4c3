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
