//! Settings of the module: one function each to set, to ask, and to ask for the ranges.

use core::ffi::c_char;
use core::net::Ipv4Addr;

use simcom_at::{Field, Instant, Setting};

use crate::memory::{bytes, give, text, usable};
use crate::session::command;
use crate::simcom_result::{self, *};
use crate::simcom_session;

/// A setting, by the name of its command. What it means, and which values it takes, is in the module's manual.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum simcom_setting {
    /// `AT+CDNSCFG`.
    SIMCOM_SETTING_CDNSCFG = 0,
    /// `AT+CFUN`.
    SIMCOM_SETTING_CFUN = 1,
    /// `AT+CGACT`.
    SIMCOM_SETTING_CGACT = 2,
    /// `AT+CGATT`.
    SIMCOM_SETTING_CGATT = 3,
    /// `AT+CGDCONT`.
    SIMCOM_SETTING_CGDCONT = 4,
    /// `AT+CGREG`.
    SIMCOM_SETTING_CGREG = 5,
    /// `AT+CIPATS`.
    SIMCOM_SETTING_CIPATS = 6,
    /// `AT+CIPCCFG`.
    SIMCOM_SETTING_CIPCCFG = 7,
    /// `AT+CIPCSGP`.
    SIMCOM_SETTING_CIPCSGP = 8,
    /// `AT+CIPDPDP`.
    SIMCOM_SETTING_CIPDPDP = 9,
    /// `AT+CIPHEAD`.
    SIMCOM_SETTING_CIPHEAD = 10,
    /// `AT+CIPMODE`.
    SIMCOM_SETTING_CIPMODE = 11,
    /// `AT+CIPMUX`.
    SIMCOM_SETTING_CIPMUX = 12,
    /// `AT+CIPQSEND`.
    SIMCOM_SETTING_CIPQSEND = 13,
    /// `AT+CIPRXGET`.
    SIMCOM_SETTING_CIPRXGET = 14,
    /// `AT+CIPSCONT`.
    SIMCOM_SETTING_CIPSCONT = 15,
    /// `AT+CIPSENDMODE`.
    SIMCOM_SETTING_CIPSENDMODE = 16,
    /// `AT+CIPSHOWTP`.
    SIMCOM_SETTING_CIPSHOWTP = 17,
    /// `AT+CIPSPRT`.
    SIMCOM_SETTING_CIPSPRT = 18,
    /// `AT+CIPSRIP`.
    SIMCOM_SETTING_CIPSRIP = 19,
    /// `AT+CIPTIMEOUT`.
    SIMCOM_SETTING_CIPTIMEOUT = 20,
    /// `AT+CIPUDPMODE`.
    SIMCOM_SETTING_CIPUDPMODE = 21,
    /// `AT+CLPORT`.
    SIMCOM_SETTING_CLPORT = 22,
    /// `AT+CMEE`.
    SIMCOM_SETTING_CMEE = 23,
    /// `AT+CREG`.
    SIMCOM_SETTING_CREG = 24,
    /// `AT+CSCLK`.
    SIMCOM_SETTING_CSCLK = 25,
    /// `AT+CSTT`.
    SIMCOM_SETTING_CSTT = 26,
    /// `AT+IFC`.
    SIMCOM_SETTING_IFC = 27,
    /// `AT&C`.
    SIMCOM_SETTING_DCD = 28,
    /// `AT&D`.
    SIMCOM_SETTING_DTR = 29,
    /// `AT&W`.
    SIMCOM_SETTING_WRITE = 30,
}

/// `number` of a field that is left out: the module keeps what it has, or takes its default.
pub const SIMCOM_SKIP: u32 = u32::MAX;

/// The most fields of one setting.
pub const SIMCOM_FIELDS: usize = 8;

/// A value of a setting.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct simcom_field {
    /// A text, which is quoted on the wire; NULL: it is `number`.
    pub text: *const c_char,
    /// A number, or `SIMCOM_SKIP`.
    pub number: u32,
}

fn setting_of(setting: u8) -> Result<Setting, simcom_result> {
    Setting::ALL.get(usize::from(setting)).copied().ok_or(SIMCOM_BAD_VALUE)
}

/// Changes a setting: `fields`, `count` of them, in the order of the manual; none for a form without values (`AT+CIPSCONT`,
/// `AT&W`).
///
/// Next: `DONE` or `FAILED`. Errors: `SIMCOM_NULL`, `SIMCOM_BAD_VALUE` (no such setting), `SIMCOM_BAD_SIZE` (more than
/// `SIMCOM_FIELDS`), `SIMCOM_NOT_IN_DIALECT`, `SIMCOM_STATE` (a link is in use, or a context is up, where the setting is
/// about them), `SIMCOM_FRAMING` (a read by `AT+CIPRXGET`), `SIMCOM_BAD_TEXT`, `SIMCOM_BAD_LENGTH`, `SIMCOM_BUSY`,
/// `SIMCOM_SMALL_BUFFER`. Behind a change of what framing rests on, links open only after the next `attach`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn simcom_session_set(
    session: *mut simcom_session,
    now_ms: u32,
    setting: u8,
    fields: *const simcom_field,
    count: usize,
) -> simcom_result {
    let mut all = [Field::Skip; SIMCOM_FIELDS];
    let take = |all: &mut [Field<'_>; SIMCOM_FIELDS]| {
        let Some(all) = all.get_mut(..count) else { return Err(SIMCOM_BAD_SIZE) };
        if count > 0 && !usable(fields) {
            return Err(SIMCOM_NULL);
        }
        for (place, slot) in all.iter_mut().enumerate() {
            // SAFETY: the caller promises `count` fields at `fields`, which is neither NULL nor misaligned.
            let field = unsafe { fields.add(place).read() };
            // SAFETY: `text` is NULL or a text that ends in NUL.
            *slot = match (unsafe { text(field.text) }?, field.number) {
                (Some(text), _) => Field::Text(text),
                (None, SIMCOM_SKIP) => Field::Skip,
                (None, number) => Field::Number(number),
            };
        }
        Ok(())
    };
    if let Err(why) = take(&mut all) {
        return why;
    }
    let values = all.get(..count).unwrap_or_default();
    // SAFETY: `session` is NULL or the caller's session.
    unsafe { command(session, |s| Ok(s.set(Instant::from_millis(now_ms), setting_of(setting)?, values)?)) }
}

/// Asks for a setting.
///
/// Next: a `LINE` for each line of the answer (`simcom_session_text`, `simcom_line_field`), then `DONE`, or `FAILED`. Errors:
/// `SIMCOM_BAD_VALUE`, `SIMCOM_NOT_IN_DIALECT`, `SIMCOM_BUSY`, `SIMCOM_SMALL_BUFFER`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn simcom_session_ask(
    session: *mut simcom_session,
    now_ms: u32,
    setting: u8,
) -> simcom_result {
    // SAFETY: `session` is NULL or the caller's session.
    unsafe { command(session, |s| Ok(s.ask(Instant::from_millis(now_ms), setting_of(setting)?)?)) }
}

/// Asks what a setting may be.
///
/// Next and errors: as of `simcom_session_ask`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn simcom_session_ranges(
    session: *mut simcom_session,
    now_ms: u32,
    setting: u8,
) -> simcom_result {
    // SAFETY: `session` is NULL or the caller's session.
    unsafe { command(session, |s| Ok(s.ranges(Instant::from_millis(now_ms), setting_of(setting)?)?)) }
}

/// Gives the module its name servers: four numbers each; `second` may be NULL.
///
/// Next: `DONE` or `FAILED`. Errors: `SIMCOM_NULL`, `SIMCOM_NOT_IN_DIALECT`, `SIMCOM_BUSY`, `SIMCOM_SMALL_BUFFER`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn simcom_session_set_dns(
    session: *mut simcom_session,
    now_ms: u32,
    first: *const u8,
    second: *const u8,
) -> simcom_result {
    let address = |at: *const u8| {
        // SAFETY: the caller promises four bytes where it is not NULL, which is refused there.
        let octets = unsafe { bytes(at, 4) }?;
        <[u8; 4]>::try_from(octets).map(Ipv4Addr::from).map_err(|_| SIMCOM_NULL)
    };
    // SAFETY: `session` is NULL or the caller's session.
    unsafe {
        command(session, |s| {
            let second = if second.is_null() { None } else { Some(address(second)?) };
            Ok(s.set_dns(Instant::from_millis(now_ms), address(first)?, second)?)
        })
    }
}

/// A field of a line of an answer, `index` from 0: what stands behind its colon between commas, without quotes and blanks
/// around it. NULL, and 0 at `field_len`: there is no such field, or it is empty.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn simcom_line_field(
    line: *const u8,
    len: usize,
    index: usize,
    field_len: *mut usize,
) -> *const u8 {
    // SAFETY: the caller promises `len` bytes at `line`.
    let line = unsafe { bytes(line, len) }.unwrap_or_default();
    let field = simcom_at::fields(line).nth(index).unwrap_or_default();
    // SAFETY: `field_len` is NULL, which is refused there, or the caller's place for a length.
    unsafe { give(field, field_len) }
}
