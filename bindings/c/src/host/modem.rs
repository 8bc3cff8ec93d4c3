//! A virtual modem with a network in memory, under virtual time.

use std::boxed::Box;
use std::collections::VecDeque;

use ::simcom_modem::bench::Desk;
use ::simcom_modem::loopback::{Loopback, LoopbackSettings, State};
use ::simcom_modem::{Fault, Modem, Notify, Profile, Socket};
use simcom_at::Instant;

use crate::memory;
use crate::simcom_result::{self, *};
use crate::{dialect, simcom_dialect};

/// A virtual module, a network in memory behind it, and a clock that goes on only when it is told to. What happens depends on
/// nothing but the calls and the seed.
///
/// Peers live by port: echo 7, discard 9, daytime 13, character generator 19, HTTP 80; every address has them. `localhost`,
/// `example.com` and all of `.test` resolve. A connection to any other port is refused.
pub struct simcom_modem {
    desk: Desk<Loopback>,
    unread: VecDeque<u8>,
}

/// What can go wrong on purpose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum simcom_fault {
    /// The module starts anew, now.
    SIMCOM_FAULT_RESTART = 1,
    /// The module starts anew when it has taken `number` bytes of the next send's payload.
    SIMCOM_FAULT_RESTART_IN_PAYLOAD = 2,
    /// The module is deaf and dumb for `number` ms.
    SIMCOM_FAULT_HANG = 3,
    /// The next final result is not printed.
    SIMCOM_FAULT_DROP_FINAL = 4,
    /// The next final result comes `number` ms late.
    SIMCOM_FAULT_LATE_FINAL = 5,
    /// The next final result is printed twice.
    SIMCOM_FAULT_DOUBLE_FINAL = 6,
    /// The next send gets no prompt.
    SIMCOM_FAULT_NO_PROMPT = 7,
    /// The next send fails.
    SIMCOM_FAULT_SEND_FAIL = 8,
    /// Of the next received payload `number` bytes are missing at the end.
    SIMCOM_FAULT_SHORT_PAYLOAD = 9,
    /// The PDP context `number` (0 or 1) is lost, now.
    SIMCOM_FAULT_CONTEXT_LOST = 10,
}

unsafe fn enter<'a>(modem: *mut simcom_modem) -> Result<&'a mut simcom_modem, simcom_result> {
    // SAFETY: it is NULL or comes from `simcom_modem_new` and was not freed, and no other call on it runs.
    unsafe { modem.as_mut() }.ok_or(SIMCOM_NULL)
}

/// A module of this dialect that has started and registered, at time 0. NULL: `dialect` is NULL. Free it with
/// `simcom_modem_free`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn simcom_modem_new(dialect: *const simcom_dialect, seed: u64) -> *mut simcom_modem {
    // SAFETY: `dialect` is NULL or comes from a function of this library.
    let Some(spec) = (unsafe { dialect::take(dialect) }) else { return core::ptr::null_mut() };
    let now = Instant::from_millis(0);
    let network = Loopback::new(LoopbackSettings::default(), seed);
    let desk = Desk::new(Modem::new(Profile::new(spec.dialect), now), network, now);
    Box::into_raw(Box::new(simcom_modem { desk, unread: VecDeque::new() }))
}

/// Frees a modem; NULL is let pass.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn simcom_modem_free(modem: *mut simcom_modem) {
    if !modem.is_null() {
        // SAFETY: it comes from `simcom_modem_new`, and the caller gives it up.
        drop(unsafe { Box::from_raw(modem) });
    }
}

/// The virtual time in milliseconds: what the session is given as `now_ms`. 0 for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn simcom_modem_now(modem: *const simcom_modem) -> u32 {
    // SAFETY: `modem` is NULL or of this library.
    unsafe { modem.as_ref() }.map_or(0, |modem| modem.desk.now().millis())
}

/// The host writes to the module; returns how many bytes were taken. 0 for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn simcom_modem_write(modem: *mut simcom_modem, bytes: *const u8, len: usize) -> usize {
    // SAFETY: `modem` is NULL or of this library, `bytes` NULL or so many bytes.
    let given = unsafe { enter(modem).and_then(|modem| Ok((modem, memory::bytes(bytes, len)?))) };
    given.map_or(0, |(modem, bytes)| modem.desk.host_write(bytes))
}

/// The host reads what has come from the module, at most `len` bytes; returns how many. 0 for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn simcom_modem_read(modem: *mut simcom_modem, bytes: *mut u8, len: usize) -> usize {
    // SAFETY: `modem` is NULL or of this library.
    let Ok(modem) = (unsafe { enter(modem) }) else { return 0 };
    if bytes.is_null() {
        return 0;
    }
    loop {
        let more = modem.desk.host_read();
        if more.is_empty() {
            break;
        }
        modem.unread.extend(more);
    }
    let count = modem.unread.len().min(len);
    for (n, byte) in modem.unread.drain(..count).enumerate() {
        // SAFETY: `n` is less than `len`, and the caller promises so many bytes of room.
        unsafe { bytes.add(n).write(byte) };
    }
    count
}

/// Lets time go on until the host can read something, at most `ms` milliseconds. Returns 1: it can; 0: the time has passed;
/// less than 0: an error (`SIMCOM_NULL`, `SIMCOM_LIVELOCK`).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn simcom_modem_wait(modem: *mut simcom_modem, ms: u32) -> i32 {
    let wait = || {
        // SAFETY: `modem` is NULL or of this library.
        let modem = unsafe { enter(modem) }?;
        if !modem.unread.is_empty() {
            return Ok(1);
        }
        // Longer than that could not be told from a time that has passed.
        let until = modem.desk.now().after(ms.min(u32::MAX / 4));
        modem.desk.wait(until).map(i32::from).map_err(|_| SIMCOM_LIVELOCK)
    };
    wait().unwrap_or_else(|result| result as i32)
}

/// Lets something go wrong. `fault`: `simcom_fault`; `number`: what the fault says.
///
/// Errors: `SIMCOM_NULL`, `SIMCOM_BAD_VALUE`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn simcom_modem_fault(
    modem: *mut simcom_modem,
    fault: u8,
    number: u32,
) -> simcom_result {
    // SAFETY: `modem` is NULL or of this library.
    let modem = match unsafe { enter(modem) } {
        Ok(modem) => modem,
        Err(result) => return result,
    };
    let now = modem.desk.now();
    let bytes = number as usize;
    let fault = match fault {
        1 => {
            modem.desk.modem.notify(now, Notify::Restart);
            return SIMCOM_OK;
        }
        10 if number < 2 => {
            modem.desk.modem.notify(now, Notify::ContextLost(if number == 0 { 0 } else { 1 }));
            return SIMCOM_OK;
        }
        2 => Fault::RestartInPayload(bytes),
        3 => Fault::Hang(number),
        4 => Fault::DropFinal,
        5 => Fault::LateFinal(number),
        6 => Fault::DoubleFinal,
        7 => Fault::NoPrompt,
        8 => Fault::SendFail,
        9 => Fault::ShortPayload(bytes),
        _ => return SIMCOM_BAD_VALUE,
    };
    modem.desk.modem.faults().once(fault);
    SIMCOM_OK
}

fn peer(modem: &simcom_modem, link: u8) -> Result<u32, simcom_result> {
    let peer = modem.desk.network.peer_of(Socket(link)).ok_or(SIMCOM_NOT_OPEN)?;
    if peer.state() == State::Open { Ok(peer.token()) } else { Err(SIMCOM_NOT_OPEN) }
}

/// The TCP peer of a link sends bytes.
///
/// Errors: `SIMCOM_NULL`, `SIMCOM_BAD_SIZE`, `SIMCOM_NOT_OPEN`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn simcom_modem_peer_send(
    modem: *mut simcom_modem,
    link: u8,
    bytes: *const u8,
    len: usize,
) -> simcom_result {
    let send = || {
        // SAFETY: `modem` is NULL or of this library, `bytes` NULL or so many bytes.
        let (modem, bytes) = unsafe { (enter(modem)?, memory::bytes(bytes, len)?) };
        let token = peer(modem, link)?;
        let now = modem.desk.now();
        if modem.desk.network.peer_send(now, token, bytes) { Ok(()) } else { Err(SIMCOM_NOT_OPEN) }
    };
    send().into()
}

/// The TCP peer of a link closes.
///
/// Errors: `SIMCOM_NULL`, `SIMCOM_NOT_OPEN`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn simcom_modem_peer_close(modem: *mut simcom_modem, link: u8) -> simcom_result {
    let close = || {
        // SAFETY: `modem` is NULL or of this library.
        let modem = unsafe { enter(modem) }?;
        let token = peer(modem, link)?;
        let now = modem.desk.now();
        if modem.desk.network.peer_close(now, token) { Ok(()) } else { Err(SIMCOM_NOT_OPEN) }
    };
    close().into()
}

/// What the peer of a link has got so far: copies at most `len` bytes, and returns how many there are. 0: no such peer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn simcom_modem_peer_received(
    modem: *const simcom_modem,
    link: u8,
    bytes: *mut u8,
    len: usize,
) -> usize {
    // SAFETY: `modem` is NULL or of this library.
    let Some(modem) = (unsafe { modem.as_ref() }) else { return 0 };
    let all = modem.desk.network.peer_received(Socket(link));
    if !bytes.is_null() {
        for (n, byte) in all.iter().take(len).enumerate() {
            // SAFETY: `n` is less than `len`, and the caller promises so many bytes of room.
            unsafe { bytes.add(n).write(*byte) };
        }
    }
    all.len()
}
