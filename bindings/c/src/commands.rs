//! One function for each command of a session.
//!
//! Adding one: its documentation, its arguments as plain numbers, `const char *` texts or pointer and length, and one line
//! `command(session, |s| Ok(s.method(…)?))`. Then `cargo xtask header`.

use core::ffi::c_char;
use core::net::{Ipv4Addr, SocketAddrV4};

use simcom_at::{Context, How, Instant, Link, Pin, Transport};

use crate::memory::{any_text, bytes, some_text, text, usable};
use crate::session::{command, enter, look};
use crate::simcom_result::{self, *};
use crate::simcom_session;

/// The transport of a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum simcom_transport {
    /// TCP.
    SIMCOM_TCP = 0,
    /// UDP.
    SIMCOM_UDP = 1,
}

/// How to close a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum simcom_how {
    /// Wait for the peer's acknowledgement, where the dialect tells the two apart.
    SIMCOM_CLOSE_SLOW = 0,
    /// At once.
    SIMCOM_CLOSE_QUICK = 1,
}

/// `simcom_session_receive`: no limit.
pub const SIMCOM_NO_LIMIT: u16 = u16::MAX;

/// An address and a port.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
#[repr(C)]
pub struct simcom_address {
    /// The four numbers of the address, as they are written.
    pub ip: [u8; 4],
    /// The port, as a number.
    pub port: u16,
}

fn at(now_ms: u32) -> Instant {
    Instant::from_millis(now_ms)
}

/// Finds the module and makes the line ready: `AT` until it answers (10 s), echo off, numeric errors, identity.
///
/// Next: a `LINE` for each line of the identity, then `DONE` or `FAILED`, then `READY`. Errors: `SIMCOM_BUSY`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn simcom_session_probe(session: *mut simcom_session, now_ms: u32) -> simcom_result {
    // SAFETY: `session` is NULL or the caller's session.
    unsafe { command(session, |s| Ok(s.probe(at(now_ms))?)) }
}

/// Asks for the SIM's state; gives the PIN if one is due. `pin`: 4 to 8 digits, or NULL. A PIN is given once, never again.
///
/// Next: `DONE` with `SIMCOM_VALUE_SIM`, or `FAILED`. Errors: `SIMCOM_BUSY`, `SIMCOM_BAD_TEXT`, `SIMCOM_BAD_LENGTH`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn simcom_session_sim(
    session: *mut simcom_session,
    now_ms: u32,
    pin: *const c_char,
) -> simcom_result {
    // SAFETY: `session` is NULL or the caller's session, `pin` NULL or a text that ends in NUL.
    unsafe { command(session, |s| Ok(s.sim(at(now_ms), text(pin)?)?)) }
}

/// Asks for the signal's strength.
///
/// Next: `DONE` with `SIMCOM_VALUE_SIGNAL`, or `FAILED`. Errors: `SIMCOM_BUSY`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn simcom_session_signal(session: *mut simcom_session, now_ms: u32) -> simcom_result {
    // SAFETY: `session` is NULL or the caller's session.
    unsafe { command(session, |s| Ok(s.signal(at(now_ms))?)) }
}

/// Asks for the registration.
///
/// Next: `DONE` with `SIMCOM_VALUE_REGISTRATION`, or `FAILED`. Errors: `SIMCOM_BUSY`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn simcom_session_registration(
    session: *mut simcom_session,
    now_ms: u32,
) -> simcom_result {
    // SAFETY: `session` is NULL or the caller's session.
    unsafe { command(session, |s| Ok(s.registration(at(now_ms))?)) }
}

/// The whole bring-up of a context: modes, attach, APN, activation, address. `context`: 0, or 1 for
/// a second one behind the first, where the dialect has it. `user` and `password`: NULL for
/// none; only some dialects take them.
///
/// Next: `DONE` with `SIMCOM_VALUE_ADDRESS` (`kingcom` has no address then), or `FAILED` with the step that failed.
/// Errors: `SIMCOM_NULL` (`apn`), `SIMCOM_BUSY`, `SIMCOM_STATE` (a link of the context is in use), `SIMCOM_BAD_TEXT`, `SIMCOM_BAD_LENGTH`,
/// `SIMCOM_NOT_IN_DIALECT`, `SIMCOM_SMALL_BUFFER`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn simcom_session_attach(
    session: *mut simcom_session,
    now_ms: u32,
    context: u8,
    apn: *const c_char,
    user: *const c_char,
    password: *const c_char,
) -> simcom_result {
    // SAFETY: `session` is NULL or the caller's session, the others are NULL or texts that end in NUL.
    unsafe {
        command(session, |s| {
            Ok(s.attach(at(now_ms), Context(context), some_text(apn)?, any_text(user)?, any_text(password)?)?)
        })
    }
}

/// Shuts the context and detaches; every link is closed.
///
/// Next: `CLOSED` for each link, then `DONE`; or `FAILED`. Errors: `SIMCOM_BUSY`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn simcom_session_detach(session: *mut simcom_session, now_ms: u32) -> simcom_result {
    // SAFETY: `session` is NULL or the caller's session.
    unsafe { command(session, |s| Ok(s.detach(at(now_ms))?)) }
}

/// Asks for the local address.
///
/// Next: `DONE` with `SIMCOM_VALUE_ADDRESS`, or `FAILED`. Errors: `SIMCOM_BUSY`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn simcom_session_address(session: *mut simcom_session, now_ms: u32) -> simcom_result {
    // SAFETY: `session` is NULL or the caller's session.
    unsafe { command(session, |s| Ok(s.address(at(now_ms))?)) }
}

/// Opens a link to `host` (an address or a name) and `port`. `transport`: `SIMCOM_TCP` or `SIMCOM_UDP`. `local`: the local
/// port, 0 for any.
///
/// Next: `OPENED` or `FAILED` for this link; `READY` may come before it, and other links may be used meanwhile.
/// Errors: `SIMCOM_NULL` (`host`), `SIMCOM_BAD_VALUE` (`transport`), `SIMCOM_NO_SUCH_LINK`, `SIMCOM_LINK_IN_USE`, `SIMCOM_BUSY`,
/// `SIMCOM_BAD_TEXT`, `SIMCOM_BAD_LENGTH`, `SIMCOM_SMALL_BUFFER`; `SIMCOM_NOT_IN_DIALECT` (a local port where there is none).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn simcom_session_open(
    session: *mut simcom_session,
    now_ms: u32,
    link: u8,
    transport: u8,
    host: *const c_char,
    port: u16,
    local: u16,
) -> simcom_result {
    // SAFETY: `session` is NULL or the caller's session, `host` NULL or a text that ends in NUL.
    unsafe {
        command(session, |s| {
            Ok(s.open(at(now_ms), Link(link), transport_of(transport)?, some_text(host)?, port, local)?)
        })
    }
}

fn transport_of(transport: u8) -> Result<Transport, simcom_result> {
    match transport {
        0 => Ok(Transport::Tcp),
        1 => Ok(Transport::Udp),
        _ => Err(SIMCOM_BAD_VALUE),
    }
}

/// Sends a payload of 1 to `simcom_session_max_payload` bytes; it is copied into the session's buffer. `to`: the destination
/// of a datagram where it is not the peer of `open`, else NULL; only `a7600` takes one.
///
/// Next: `SENT` with the outcome. `READY` may come before it.
/// Errors: `SIMCOM_NULL`, `SIMCOM_NO_SUCH_LINK`, `SIMCOM_NOT_OPEN`, `SIMCOM_BUSY` (the line, or this link's send),
/// `SIMCOM_PAYLOAD_LENGTH`, `SIMCOM_UNSENDABLE`, `SIMCOM_DESTINATION`, `SIMCOM_SMALL_BUFFER`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn simcom_session_send(
    session: *mut simcom_session,
    now_ms: u32,
    link: u8,
    payload: *const u8,
    len: usize,
    to: *const simcom_address,
) -> simcom_result {
    // SAFETY: `session` is NULL or the caller's session, `payload` NULL or `len` bytes, `to` NULL or the caller's.
    unsafe { command(session, |s| Ok(s.send(at(now_ms), Link(link), bytes(payload, len)?, address(to)?)?)) }
}

unsafe fn address(given: *const simcom_address) -> Result<Option<SocketAddrV4>, simcom_result> {
    if given.is_null() {
        return Ok(None);
    }
    if !usable(given) {
        return Err(SIMCOM_NULL);
    }
    // SAFETY: neither NULL nor misaligned, and the caller promises that it is an address.
    let simcom_address { ip, port } = unsafe { given.read() };
    Ok(Some(SocketAddrV4::new(Ipv4Addr::from(ip), port)))
}

/// How many bytes the caller takes on this link from now on: `SIMCOM_NO_LIMIT` (the default), or a number; 0: stop.
///
/// Next: `RECEIVED` for at most so many bytes. Errors: `SIMCOM_NO_SUCH_LINK`, `SIMCOM_NOT_OPEN`; `SIMCOM_UNLIMITED` for a limit
/// where payload is pushed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn simcom_session_receive(
    session: *mut simcom_session,
    now_ms: u32,
    link: u8,
    credit: u16,
) -> simcom_result {
    // SAFETY: `session` is NULL or the caller's session.
    unsafe { command(session, |s| Ok(s.receive(at(now_ms), Link(link), credit)?)) }
}

/// Closes a link. Data that still waits in the module is dropped. `how`: `SIMCOM_CLOSE_SLOW` or `SIMCOM_CLOSE_QUICK`.
///
/// Next: `LOST` if data was dropped, `CLOSED`, `DONE`. Errors: `SIMCOM_BAD_VALUE` (`how`), `SIMCOM_NO_SUCH_LINK`,
/// `SIMCOM_NOT_OPEN`, `SIMCOM_BUSY` (the line, or this link's send).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn simcom_session_close(
    session: *mut simcom_session,
    now_ms: u32,
    link: u8,
    how: u8,
) -> simcom_result {
    let how = match how {
        0 => Ok(How::Slow),
        1 => Ok(How::Quick),
        _ => Err(SIMCOM_BAD_VALUE),
    };
    // SAFETY: `session` is NULL or the caller's session.
    unsafe { command(session, |s| Ok(s.close(at(now_ms), Link(link), how?)?)) }
}

/// Shuts the context; every link is closed.
///
/// Next: `CLOSED` for each link, then `DONE`; or `FAILED`. Errors: `SIMCOM_BUSY`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn simcom_session_shut(session: *mut simcom_session, now_ms: u32) -> simcom_result {
    // SAFETY: `session` is NULL or the caller's session.
    unsafe { command(session, |s| Ok(s.shut(at(now_ms))?)) }
}

/// Asks for the addresses of a name.
///
/// Next: `DONE` with `SIMCOM_VALUE_ADDRESSES`, or `FAILED`; `READY` may come before it. Errors: `SIMCOM_NULL` (`host`),
/// `SIMCOM_NOT_IN_DIALECT`, `SIMCOM_BUSY` (the line, or the resolver), `SIMCOM_BAD_TEXT`, `SIMCOM_BAD_LENGTH`,
/// `SIMCOM_SMALL_BUFFER`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn simcom_session_resolve(
    session: *mut simcom_session,
    now_ms: u32,
    host: *const c_char,
) -> simcom_result {
    // SAFETY: `session` is NULL or the caller's session, `host` NULL or a text that ends in NUL.
    unsafe { command(session, |s| Ok(s.resolve(at(now_ms), some_text(host)?)?)) }
}

/// Asks for the state of the links.
///
/// Next: a `LINK_STATUS` for each row, a `LINE` for other rows, then `DONE` or `FAILED`. Errors: `SIMCOM_BUSY`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn simcom_session_status(session: *mut simcom_session, now_ms: u32) -> simcom_result {
    // SAFETY: `session` is NULL or the caller's session.
    unsafe { command(session, |s| Ok(s.status(at(now_ms))?)) }
}

/// Sends a command line as it is, without its end. `timeout_ms`: how long its final result may take; 0: 9 s.
///
/// Next: a `LINE` for each line of the answer, then `DONE` or `FAILED`. Errors: `SIMCOM_NULL` (`line`), `SIMCOM_BUSY`,
/// `SIMCOM_BAD_TEXT`, `SIMCOM_BAD_LENGTH`, `SIMCOM_SMALL_BUFFER`; `SIMCOM_FRAMING` for what would break the session's framing
/// (`AT+CIPSEND`, `A/`; with a link open also echo, modes, opening and closing).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn simcom_session_raw(
    session: *mut simcom_session,
    now_ms: u32,
    line: *const c_char,
    timeout_ms: u32,
) -> simcom_result {
    // SAFETY: `session` is NULL or the caller's session, `line` NULL or a text that ends in NUL.
    unsafe { command(session, |s| Ok(s.raw(at(now_ms), some_text(line)?, timeout_ms)?)) }
}

/// Begins to listen on `port`. `server`: 0, or 0 to 3 on `a7600`; `transport`: `SIMCOM_TCP`, and on `sim800e` `SIMCOM_UDP`;
/// `backlog`: clients that may wait, where the dialect takes a number.
///
/// Next: `DONE`, then `ACCEPTED` for each client; or `FAILED`. Errors: `SIMCOM_BUSY`, `SIMCOM_NOT_IN_DIALECT`,
/// `SIMCOM_NO_SUCH_LINK` (`server`), `SIMCOM_BAD_VALUE` (`transport`), `SIMCOM_SMALL_BUFFER`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn simcom_session_listen(
    session: *mut simcom_session,
    now_ms: u32,
    server: u8,
    transport: u8,
    port: u16,
    backlog: u8,
) -> simcom_result {
    // SAFETY: `session` is NULL or the caller's session.
    unsafe {
        command(session, |s| Ok(s.listen(at(now_ms), server, transport_of(transport)?, port, backlog)?))
    }
}

/// Stops listening; links that were accepted stay.
///
/// Next: `DONE` or `FAILED`. Errors: `SIMCOM_BUSY`, `SIMCOM_NOT_IN_DIALECT`, `SIMCOM_NO_SUCH_LINK` (`server`).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn simcom_session_unlisten(
    session: *mut simcom_session,
    now_ms: u32,
    server: u8,
) -> simcom_result {
    // SAFETY: `session` is NULL or the caller's session.
    unsafe { command(session, |s| Ok(s.unlisten(at(now_ms), server)?)) }
}

/// Selects the context (0 or 1) that `open`, `address`, `resolve` and `shut` are about; links keep theirs.
///
/// Next: `DONE` or `FAILED`. Errors: `SIMCOM_BUSY`, `SIMCOM_NOT_IN_DIALECT`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn simcom_session_context(
    session: *mut simcom_session,
    now_ms: u32,
    context: u8,
) -> simcom_result {
    // SAFETY: `session` is NULL or the caller's session.
    unsafe { command(session, |s| Ok(s.context(at(now_ms), Context(context))?)) }
}

/// Gives a UDP link another destination; needs `any_peer` in the settings, but on `a7600`.
///
/// Next: `DONE` or `FAILED`. Errors: `SIMCOM_NULL` (`to`), `SIMCOM_NO_SUCH_LINK`, `SIMCOM_NOT_OPEN`, `SIMCOM_DESTINATION` (a TCP
/// link), `SIMCOM_BUSY`, `SIMCOM_NOT_IN_DIALECT`, `SIMCOM_STATE` (without `any_peer`).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn simcom_session_udp_peer(
    session: *mut simcom_session,
    now_ms: u32,
    link: u8,
    to: *const simcom_address,
) -> simcom_result {
    // SAFETY: `session` is NULL or the caller's session, `to` NULL or the caller's.
    unsafe { command(session, |s| Ok(s.udp_peer(at(now_ms), Link(link), address(to)?.ok_or(SIMCOM_NULL)?)?)) }
}

/// Asks how many bytes of a link the peer has acknowledged.
///
/// Next: `DONE` with `SIMCOM_VALUE_ACK`, or `FAILED`. Errors: `SIMCOM_NO_SUCH_LINK`, `SIMCOM_NOT_OPEN`, `SIMCOM_BUSY`,
/// `SIMCOM_NOT_IN_DIALECT`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn simcom_session_acknowledged(
    session: *mut simcom_session,
    now_ms: u32,
    link: u8,
) -> simcom_result {
    // SAFETY: `session` is NULL or the caller's session.
    unsafe { command(session, |s| Ok(s.acknowledged(at(now_ms), Link(link))?)) }
}

/// Asks how many bytes one send of a link takes now.
///
/// Next: `DONE` with `SIMCOM_VALUE_ROOM`, or `FAILED`. Errors: as `simcom_session_acknowledged`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn simcom_session_room(
    session: *mut simcom_session,
    now_ms: u32,
    link: u8,
) -> simcom_result {
    // SAFETY: `session` is NULL or the caller's session.
    unsafe { command(session, |s| Ok(s.room(at(now_ms), Link(link))?)) }
}

/// Goes back to data mode.
///
/// Next: `DONE` or `FAILED`. Errors: `SIMCOM_NOT_IN_DIALECT`, `SIMCOM_STATE` (no transparent link, or in data mode),
/// `SIMCOM_BUSY`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn simcom_session_enter_data(
    session: *mut simcom_session,
    now_ms: u32,
) -> simcom_result {
    // SAFETY: `session` is NULL or the caller's session.
    unsafe { command(session, |s| Ok(s.enter_data(at(now_ms))?)) }
}

/// Leaves data mode: silence, `+++`, silence; or DTR off for a second, where it is wired. The link stays open.
///
/// Next: `DONE`, then commands are taken; or `FAILED`, and data mode goes on. Errors: `SIMCOM_STATE` (not in data mode),
/// `SIMCOM_BUSY`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn simcom_session_leave_data(
    session: *mut simcom_session,
    now_ms: u32,
) -> simcom_result {
    // SAFETY: `session` is NULL or the caller's session.
    unsafe { command(session, |s| Ok(s.leave_data(at(now_ms))?)) }
}

/// 1: the transparent link is in data mode: `send` gives raw bytes, other commands are `SIMCOM_STATE`. 0: it is not; or the
/// session is bad.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn simcom_session_is_data_mode(session: *const simcom_session) -> u8 {
    // SAFETY: `session` is NULL or the caller's session; nothing is written.
    unsafe { look(session) }.is_ok_and(|s| s.is_data_mode()).into()
}

/// Lets the module sleep (`AT+CSCLK=1`), and switches DTR off behind the answer (`simcom_session_dtr`). Links stay open: data,
/// calls and messages wake the module and are told; nothing is sent until `simcom_session_wake`.
///
/// Next: `DONE` or `FAILED`. Errors: `SIMCOM_NOT_IN_DIALECT`, `SIMCOM_STATE` (without `modem_lines`, asleep, in data mode),
/// `SIMCOM_BUSY`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn simcom_session_sleep(session: *mut simcom_session, now_ms: u32) -> simcom_result {
    // SAFETY: `session` is NULL or the caller's session.
    unsafe { command(session, |s| Ok(s.sleep(at(now_ms))?)) }
}

/// Wakes the module: DTR on, the time that it needs, and `AT` until it answers.
///
/// Next: `DONE`, then commands are taken; or `FAILED`. Errors: `SIMCOM_STATE` (it does not sleep).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn simcom_session_wake(session: *mut simcom_session, now_ms: u32) -> simcom_result {
    // SAFETY: `session` is NULL or the caller's session.
    unsafe { command(session, |s| Ok(s.wake(at(now_ms))?)) }
}

/// 1: the module may sleep: commands are `SIMCOM_STATE` until `simcom_session_wake`. 0: it may not; or the session is bad.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn simcom_session_is_asleep(session: *const simcom_session) -> u8 {
    // SAFETY: `session` is NULL or the caller's session; nothing is written.
    unsafe { look(session) }.is_ok_and(|s| s.is_asleep()).into()
}

/// How DTR is to be driven, where it is wired: 1 on, 0 off. Look at it after each poll and command.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn simcom_session_dtr(session: *const simcom_session) -> u8 {
    // SAFETY: `session` is NULL or the caller's session; nothing is written.
    unsafe { look(session) }.map_or(1, |s| s.pins().dtr.into())
}

/// Tells the level of DCD, where it is wired: 1 on, 0 off. Call it when it changes, and before the first byte.
///
/// Errors: `SIMCOM_NULL`, `SIMCOM_NOT_INITIALISED`, `SIMCOM_BAD_VALUE`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn simcom_session_dcd(
    session: *mut simcom_session,
    now_ms: u32,
    on: u8,
) -> simcom_result {
    if on > 1 {
        return SIMCOM_BAD_VALUE;
    }
    // SAFETY: `session` is NULL or the caller's session.
    unsafe { enter(session) }.map(|s| s.pin(at(now_ms), Pin::Dcd, on == 1)).into()
}
