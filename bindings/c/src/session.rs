//! The session: its memory, its life, and what is done with it between two commands.

use core::mem::ManuallyDrop;

use simcom_at::{Instant, Reason, Session};

use crate::memory::{self, Input};
use crate::simcom_result::{self, *};
use crate::{SIMCOM_ABI, dialect, event, settings, simcom_dialect, simcom_event, simcom_settings};

/// The size of a session, in words of 8 bytes. It may change with SIMCOM_ABI only.
pub const SIMCOM_SESSION_WORDS: usize = 64;

/// `simcom_session_wait_ms`: nothing is due, wait for bytes.
pub const SIMCOM_FOREVER: u32 = u32::MAX;

/// A session with one module. The caller owns its memory, static or on the stack; it must not be moved or copied, and needs
/// no end. Its size is the same on 32 and 64 bit. A session that is all zero is not initialised, and every function says so.
#[repr(C)]
pub struct simcom_session {
    opaque: [u64; SIMCOM_SESSION_WORDS],
}

/// What is in there.
struct Inner {
    magic: u32,
    /// The buffer size that the last `SIMCOM_SMALL_BUFFER` asked for.
    needed: u16,
    session: Session<Buffer>,
}

// Does it fail? The core has grown: raise the number above, and run `cargo xtask header`.
const _: () = assert!(size_of::<Inner>() <= size_of::<simcom_session>());
const _: () = assert!(align_of::<Inner>() <= align_of::<simcom_session>());

/// "SIM" and the version of the interface: memory that was not initialised does not have it.
const MAGIC: u32 = 0x5349_4D00 | SIMCOM_ABI;

/// The caller's buffer.
pub(crate) struct Buffer {
    at: *mut u8,
    len: u16,
}

impl AsRef<[u8]> for Buffer {
    fn as_ref(&self) -> &[u8] {
        // SAFETY: `simcom_session_init` has checked that it is not NULL (or empty and dangling), and the caller has promised
        // so many bytes for as long as the session is used, and to leave them alone.
        unsafe { core::slice::from_raw_parts(self.at, self.len.into()) }
    }
}

impl AsMut<[u8]> for Buffer {
    fn as_mut(&mut self) -> &mut [u8] {
        // SAFETY: as above.
        unsafe { core::slice::from_raw_parts_mut(self.at, self.len.into()) }
    }
}

/// The core's session in the caller's memory.
pub(crate) unsafe fn enter<'a>(
    session: *mut simcom_session,
) -> Result<&'a mut Session<Buffer>, simcom_result> {
    // SAFETY: as the caller's.
    unsafe { inner(session) }.map(|inner| &mut inner.session)
}

unsafe fn inner<'a>(session: *mut simcom_session) -> Result<&'a mut Inner, simcom_result> {
    // SAFETY: as the caller's.
    let inner = unsafe { valid(session) }?;
    // SAFETY: it is valid, and the caller promises that no other call on this session runs.
    Ok(unsafe { &mut *inner.cast_mut() })
}

/// The same for what only looks.
pub(crate) unsafe fn look<'a>(session: *const simcom_session) -> Result<&'a Session<Buffer>, simcom_result> {
    // SAFETY: as the caller's.
    let inner = unsafe { valid(session) }?;
    // SAFETY: it is valid, and the caller promises that nothing changes it during the call.
    Ok(unsafe { &(*inner).session })
}

/// The pointer, if `simcom_session_init` has written there.
unsafe fn valid(session: *const simcom_session) -> Result<*const Inner, simcom_result> {
    let inner = session.cast::<Inner>();
    if !memory::usable(session) {
        return Err(SIMCOM_NULL);
    }
    // SAFETY: neither NULL nor misaligned, and as large as the assertions above say.
    match unsafe { (&raw const (*inner).magic).read() } {
        MAGIC => Ok(inner),
        _ => Err(SIMCOM_NOT_INITIALISED),
    }
}

/// Gives a command, and remembers how large the buffer should have been.
pub(crate) unsafe fn command(
    session: *mut simcom_session,
    give: impl FnOnce(&mut Session<Buffer>) -> Result<(), Stop>,
) -> simcom_result {
    // SAFETY: as the caller's.
    let inner = match unsafe { inner(session) } {
        Ok(inner) => inner,
        Err(result) => return result,
    };
    match give(&mut inner.session) {
        Ok(()) => SIMCOM_OK,
        Err(Stop::Checked(result)) => result,
        Err(Stop::Refused(refused)) => {
            if let simcom_at::Refused::SmallBuffer { need } = refused {
                inner.needed = need;
            }
            refused.into()
        }
    }
}

/// Why a command was not taken: by a check of this layer, or by the core.
pub(crate) enum Stop {
    Checked(simcom_result),
    Refused(simcom_at::Refused),
}

impl From<simcom_result> for Stop {
    fn from(result: simcom_result) -> Self {
        Self::Checked(result)
    }
}

impl From<simcom_at::Refused> for Stop {
    fn from(refused: simcom_at::Refused) -> Self {
        Self::Refused(refused)
    }
}

/// Begins a session with a module of this dialect.
///
/// `abi`: `SIMCOM_ABI`. `settings`: NULL for the defaults. `buffer`: at most 65,535 bytes that hold one command and its
/// payload, the caller's until the session is no longer used; the largest payload and 128 bytes are always enough, and a
/// smaller one only makes larger commands `SIMCOM_SMALL_BUFFER`. `now_ms`: milliseconds of any clock that goes forward; it
/// may wrap.
///
/// Errors: `SIMCOM_NULL` (session, dialect, or buffer with a length); `SIMCOM_BAD_ABI`; `SIMCOM_BAD_SIZE` (settings of
/// another header, buffer too long); `SIMCOM_BAD_VALUE` (a flag of the settings that is neither 0 nor 1).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn simcom_session_init(
    session: *mut simcom_session,
    abi: u32,
    dialect: *const simcom_dialect,
    settings: *const simcom_settings,
    buffer: *mut u8,
    buffer_len: usize,
    now_ms: u32,
) -> simcom_result {
    let begin = || {
        if abi != SIMCOM_ABI {
            return Err(SIMCOM_BAD_ABI);
        }
        if !memory::usable(session) || (buffer.is_null() && buffer_len != 0) {
            return Err(SIMCOM_NULL);
        }
        // SAFETY: `dialect` is NULL or comes from a function of this library.
        let spec = unsafe { dialect::take(dialect) }.ok_or(SIMCOM_NULL)?;
        let len = u16::try_from(buffer_len).map_err(|_| SIMCOM_BAD_SIZE)?;
        // SAFETY: `settings` is NULL or the caller's struct.
        let settings = unsafe { settings::take(settings) }?;
        let at = if len == 0 { core::ptr::dangling_mut() } else { buffer };
        let new = Session::new(spec, settings, Instant::from_millis(now_ms), Buffer { at, len });
        let new = ManuallyDrop::new(Inner { magic: MAGIC, needed: 0, session: new });
        // SAFETY: neither NULL nor misaligned, and large enough; what was there needs no end.
        unsafe { session.cast::<ManuallyDrop<Inner>>().write(new) };
        Ok(())
    };
    begin().into()
}

/// Forgets everything, as after `simcom_session_init`: the module was switched off, or another one was connected.
///
/// Errors: `SIMCOM_NULL`, `SIMCOM_NOT_INITIALISED`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn simcom_session_reset(session: *mut simcom_session, now_ms: u32) -> simcom_result {
    // SAFETY: `session` is NULL or the caller's session.
    unsafe { enter(session) }.map(|session| session.reset(Instant::from_millis(now_ms))).into()
}

/// Gives up the command that is under way, if there is one; it ends in `SIMCOM_EVENT_FAILED` or `SIMCOM_EVENT_SENT`, and the
/// session makes sure of the line before the next.
///
/// Errors: `SIMCOM_NULL`, `SIMCOM_NOT_INITIALISED`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn simcom_session_abandon(session: *mut simcom_session, now_ms: u32) -> simcom_result {
    // SAFETY: `session` is NULL or the caller's session.
    unsafe { enter(session) }.map(|session| session.abandon(Instant::from_millis(now_ms))).into()
}

/// The next event. Returns 1: there is one; 0: the input is used up and nothing is due; less than 0: an error.
///
/// `*in` and `*len` are the bytes that came from the module; both are moved on by what was used. Both pointers NULL: no bytes
/// have come. Call it until it returns 0, and again when bytes have come or `simcom_session_wait_ms` has passed. The bytes may
/// be in any pieces. `data` of an event points into the input, so take it before the input's memory is used again.
///
/// Errors: `SIMCOM_NULL`, `SIMCOM_BAD_SIZE`, `SIMCOM_NOT_INITIALISED`; no input was taken then.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn simcom_session_poll(
    session: *mut simcom_session,
    now_ms: u32,
    r#in: *mut *const u8,
    len: *mut usize,
    event: *mut simcom_event,
) -> i32 {
    if !memory::usable(event) {
        return SIMCOM_NULL as i32;
    }
    // SAFETY: `in` and `len` are NULL or the caller's places.
    let mut input = match unsafe { Input::take(r#in, len) } {
        Ok(input) => input,
        Err(result) => return result as i32,
    };
    // SAFETY: `session` is NULL or the caller's session.
    let session = match unsafe { enter(session) } {
        Ok(session) => session,
        Err(result) => return result as i32,
    };
    let next = session.poll(Instant::from_millis(now_ms), &mut input.bytes);
    // SAFETY: the places of the input are those that were taken, and `event` was found usable above.
    unsafe {
        input.give_back();
        next.map_or(0, |next| {
            event::put(event, &next);
            1
        })
    }
}

/// The module's text behind the last event: the line of `SIMCOM_EVENT_LINE` and `SIMCOM_EVENT_FAILED`, not ended by NUL.
/// `*len` is its length. Valid until the next call that changes the session. NULL: there is none, or the session is bad.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn simcom_session_text(session: *const simcom_session, len: *mut usize) -> *const u8 {
    // SAFETY: `session` is NULL or the caller's session, `len` NULL or the caller's place.
    unsafe { memory::give(look(session).map_or(&[], |session| session.text()), len) }
}

/// The bytes that are for the module; NULL and 0: none.
///
/// A UART or a DMA may read them from where they are: they stay there, unchanged, until `simcom_session_transmitted` has taken
/// them, or the command they belong to has ended (its time limit is 9 s and more), or `reset`. Asking again is free.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn simcom_session_transmit(
    session: *const simcom_session,
    len: *mut usize,
) -> *const u8 {
    // SAFETY: `session` is NULL or the caller's session, `len` NULL or the caller's place.
    unsafe { memory::give(look(session).map_or(&[], |session| session.transmit()), len) }
}

/// The port has taken the first `n` bytes of `simcom_session_transmit`; less than all is normal.
///
/// Errors: `SIMCOM_NULL`, `SIMCOM_NOT_INITIALISED`; `SIMCOM_BAD_SIZE` for more bytes than there were.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn simcom_session_transmitted(
    session: *mut simcom_session,
    now_ms: u32,
    n: usize,
) -> simcom_result {
    // SAFETY: `session` is NULL or the caller's session.
    let taken = unsafe { enter(session) }.and_then(|session| {
        if n > session.transmit().len() {
            return Err(SIMCOM_BAD_SIZE);
        }
        session.transmitted(Instant::from_millis(now_ms), n);
        Ok(())
    });
    taken.into()
}

/// In how many milliseconds `simcom_session_poll` must be called at the latest; `SIMCOM_FOREVER`: only when bytes come. 0 for
/// a session that is NULL or not initialised.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn simcom_session_wait_ms(session: *const simcom_session, now_ms: u32) -> u32 {
    // SAFETY: `session` is NULL or the caller's session.
    match unsafe { look(session) }.map(|session| session.deadline()) {
        Ok(Some((at, _))) => Instant::from_millis(now_ms).until(at),
        Ok(None) => SIMCOM_FOREVER,
        Err(_) => 0,
    }
}

/// Why a session wants to be polled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum simcom_reason {
    /// It does not.
    SIMCOM_REASON_NONE = 0,
    /// A final result, a prompt or a later result is due.
    SIMCOM_REASON_ANSWER = 1,
    /// A payload or a held line has a gap.
    SIMCOM_REASON_GAP = 2,
    /// The pause after a final result.
    SIMCOM_REASON_PAUSE = 3,
    /// The poll timer for notices that may have been lost.
    SIMCOM_REASON_POLL = 4,
    /// A closed link waits for credit.
    SIMCOM_REASON_DRAIN = 5,
    /// A reason that this header does not know.
    SIMCOM_REASON_OTHER = 255,
}

/// Why `simcom_session_wait_ms` says what it says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn simcom_session_reason(session: *const simcom_session) -> simcom_reason {
    use simcom_reason::*;
    // SAFETY: `session` is NULL or the caller's session.
    let reason = unsafe { look(session) }.ok().and_then(|session| session.deadline());
    match reason.map(|(_, reason)| reason) {
        None => SIMCOM_REASON_NONE,
        Some(Reason::Answer) => SIMCOM_REASON_ANSWER,
        Some(Reason::Gap) => SIMCOM_REASON_GAP,
        Some(Reason::Pause) => SIMCOM_REASON_PAUSE,
        Some(Reason::Poll) => SIMCOM_REASON_POLL,
        Some(Reason::Drain) => SIMCOM_REASON_DRAIN,
        Some(_) => SIMCOM_REASON_OTHER,
    }
}

/// 1: a command that needs the line would be taken. 0: wait for `SIMCOM_EVENT_READY`; or the session is bad.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn simcom_session_is_ready(session: *const simcom_session) -> u8 {
    // SAFETY: `session` is NULL or the caller's session.
    unsafe { look(session) }.is_ok_and(|session| session.is_ready()).into()
}

/// The most payload of one `simcom_session_send`, in bytes. 0 for a session that is NULL or not initialised.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn simcom_session_max_payload(session: *const simcom_session) -> u16 {
    // SAFETY: `session` is NULL or the caller's session.
    unsafe { look(session) }.map_or(0, |session| session.max_payload())
}

/// How many bytes of buffer the command needed that was last refused with `SIMCOM_SMALL_BUFFER`; 0: none was.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn simcom_session_needed(session: *const simcom_session) -> u16 {
    // SAFETY: `session` is NULL or the caller's session.
    unsafe { valid(session).map_or(0, |inner| (*inner).needed) }
}
