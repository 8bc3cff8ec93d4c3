//! The settings of a session.

use simcom_at::Settings;

use crate::memory;
use crate::simcom_result::{self, *};

/// How a session uses the module. `simcom_settings_default` fills it; change what you want changed.
///
/// Every number that ends in `_ms` is milliseconds.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct simcom_settings {
    /// `sizeof(simcom_settings)`.
    pub size: u32,
    /// How long a send result may take; 0: the dialect's default.
    pub send_ms: u32,
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
    /// 1: one connection only (`AT+CIPMUX=0`). `kingcom` knows nothing else, `a7600` only many.
    pub single: u8,
    /// 1: payload is pushed instead of read on request. `kingcom` and `sim800e` know nothing else.
    pub push: u8,
    /// 1: `send` ends when the module has taken the bytes, where the dialect has that.
    pub quick: u8,
    /// How often a step of a procedure is repeated after a timeout.
    pub retries: u8,
    /// 1: link 0 is transparent (`AT+CIPMODE=1`): what goes in comes out, without lengths, until `leave_data`. Not on `kingcom` and `rda8955`.
    pub transparent: u8,
    /// 1: UDP links take datagrams of any peer, and each tells its sender.
    pub any_peer: u8,
    /// 1: RTS and CTS are wired: hardware flow control (`AT+IFC=2,2`).
    pub flow_control: u8,
    /// 1: DTR and DCD are wired: see `simcom_session_dtr` and `simcom_session_dcd`.
    pub modem_lines: u8,
    /// 0.
    pub reserved: u16,
}

const SIZE: u32 = size_of::<simcom_settings>() as u32;

impl From<Settings> for simcom_settings {
    fn from(settings: Settings) -> Self {
        Self {
            size: SIZE,
            send_ms: settings.send_ms,
            pause_ms: settings.pause_ms,
            gap_ms: settings.gap_ms,
            prompt_ms: settings.prompt_ms,
            poll_ms: settings.poll_ms,
            drain_ms: settings.drain_ms,
            single: settings.single.into(),
            push: settings.push.into(),
            quick: settings.quick.into(),
            retries: settings.retries,
            transparent: settings.transparent.into(),
            any_peer: settings.any_peer.into(),
            flow_control: settings.flow_control.into(),
            modem_lines: settings.modem_lines.into(),
            reserved: 0,
        }
    }
}

/// Reads the caller's settings; NULL: the defaults.
pub(crate) unsafe fn take(given: *const simcom_settings) -> Result<Settings, simcom_result> {
    if given.is_null() {
        return Ok(Settings::default());
    }
    if !memory::usable(given) {
        return Err(SIMCOM_NULL);
    }
    // SAFETY: neither NULL nor misaligned; only the first member is read before the size is known to be right.
    if unsafe { (&raw const (*given).size).read() } != SIZE {
        return Err(SIMCOM_BAD_SIZE);
    }
    // SAFETY: the caller says that it is a whole struct.
    let given = unsafe { given.read() };
    let simcom_settings { single, push, quick, transparent, any_peer, flow_control, modem_lines, .. } = given;
    // One comparison for all: a flag has no bit but the lowest.
    if single | push | quick | transparent | any_peer | flow_control | modem_lines > 1 || given.reserved != 0
    {
        return Err(SIMCOM_BAD_VALUE);
    }
    // What the core has and this struct has not keeps its default.
    #[allow(clippy::needless_update)]
    Ok(Settings {
        single: single != 0,
        push: push != 0,
        quick: quick != 0,
        transparent: transparent != 0,
        any_peer: any_peer != 0,
        flow_control: flow_control != 0,
        modem_lines: modem_lines != 0,
        pause_ms: given.pause_ms,
        gap_ms: given.gap_ms,
        prompt_ms: given.prompt_ms,
        poll_ms: given.poll_ms,
        drain_ms: given.drain_ms,
        send_ms: given.send_ms,
        retries: given.retries,
        ..Settings::default()
    })
}

/// Fills the settings with the defaults. `size` is `sizeof(simcom_settings)`.
///
/// Errors: `SIMCOM_NULL`; `SIMCOM_BAD_SIZE` when the caller's header is another one.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn simcom_settings_default(settings: *mut simcom_settings, size: u32) -> simcom_result {
    if size != SIZE {
        return SIMCOM_BAD_SIZE;
    }
    // SAFETY: `settings` is NULL or the caller's, and of that size.
    unsafe { memory::put(settings, Settings::default().into()) }.into()
}
