//! The reader alone: module bytes in, reports out, nothing sent.

use core::mem::ManuallyDrop;

use simcom_at::{Ask, Asked, Instant, Reader};

use crate::memory::{self, Input};
use crate::simcom_result::{self, *};
use crate::{SIMCOM_ABI, SIMCOM_FOREVER, dialect, simcom_report};

/// The size of a reader, in words of 8 bytes.
pub const SIMCOM_READER_WORDS: usize = 25;

/// A reader of one module's bytes. The caller owns its memory; it must not be moved or copied, and needs no end. All zero, it
/// is not initialised.
#[repr(C)]
pub struct simcom_reader {
    opaque: [u64; SIMCOM_READER_WORDS],
}

struct Inner {
    magic: u32,
    reader: Reader,
}

const _: () = assert!(size_of::<Inner>() <= size_of::<simcom_reader>());
const _: () = assert!(align_of::<Inner>() <= align_of::<simcom_reader>());

const MAGIC: u32 = 0x5244_5200 | SIMCOM_ABI;

/// What the host has asked and not yet had answered, where it changes the meaning of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum simcom_ask {
    /// Nothing that changes a meaning.
    SIMCOM_ASK_OTHER = 0,
    /// `AT+CIPSTATUS`.
    SIMCOM_ASK_STATUS = 1,
    /// `AT+CIFSR`.
    SIMCOM_ASK_ADDRESS = 2,
    /// `AT+NETOPEN?`.
    SIMCOM_ASK_NET_STATE = 3,
    /// `AT+CIPRXGET?`, and on clones `AT+CIPRXGET=1`.
    SIMCOM_ASK_RX_MODE = 4,
    /// `AT+CREG?`, `AT+CGREG?`.
    SIMCOM_ASK_REGISTRATION = 5,
}

/// What the host has out on the line.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct simcom_asked {
    /// The last command line sent, without its end, to know its echo by; NULL for none.
    pub echo: *const u8,
    /// Bytes at `echo`.
    pub echo_len: usize,
    /// `simcom_ask`.
    pub ask: u8,
    /// 1: a prompt is due, and all bytes of the command are out.
    pub prompt: u8,
    /// 1: `+++` has been sent and its `OK` is due.
    pub escape: u8,
    /// 0.
    pub reserved: u8,
}

unsafe fn enter<'a>(reader: *mut simcom_reader) -> Result<&'a mut Reader, simcom_result> {
    // SAFETY: as the caller's.
    let inner = unsafe { valid(reader) }?;
    // SAFETY: it is valid, and the caller promises that no other call on this reader runs.
    Ok(unsafe { &mut (*inner.cast_mut()).reader })
}

/// The pointer, if `simcom_reader_init` has written there.
unsafe fn valid(reader: *const simcom_reader) -> Result<*const Inner, simcom_result> {
    let inner = reader.cast::<Inner>();
    if !memory::usable(reader) {
        return Err(SIMCOM_NULL);
    }
    // SAFETY: neither NULL nor misaligned, and as large as the assertions above say.
    match unsafe { (&raw const (*inner).magic).read() } {
        MAGIC => Ok(inner),
        _ => Err(SIMCOM_NOT_INITIALISED),
    }
}

unsafe fn take<'a>(asked: *const simcom_asked) -> Result<Asked<'a>, simcom_result> {
    if asked.is_null() {
        return Ok(Asked::default());
    }
    if !memory::usable(asked) {
        return Err(SIMCOM_NULL);
    }
    // SAFETY: neither NULL nor misaligned, and the caller's struct.
    let asked = unsafe { asked.read() };
    let ask = match asked.ask {
        0 => Ask::Other,
        1 => Ask::Status,
        2 => Ask::Address,
        3 => Ask::NetState,
        4 => Ask::RxMode,
        5 => Ask::Registration,
        _ => return Err(SIMCOM_BAD_VALUE),
    };
    // SAFETY: the caller promises so many bytes.
    let echo = unsafe { memory::bytes(asked.echo, asked.echo_len) }?;
    #[allow(clippy::needless_update)]
    Ok(Asked { ask, prompt: asked.prompt != 0, echo, escape: asked.escape != 0, ..Asked::default() })
}

/// Begins a reader for modules of this dialect, a `simcom_dialect_id`: a program that only reads carries nothing of what a
/// session says in it. `gap_ms`: silence after which a payload that stopped is given up.
///
/// Errors: `SIMCOM_NULL`, `SIMCOM_BAD_ABI`, `SIMCOM_BAD_VALUE`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn simcom_reader_init(
    reader: *mut simcom_reader,
    abi: u32,
    dialect: u8,
    gap_ms: u16,
) -> simcom_result {
    if abi != SIMCOM_ABI {
        return SIMCOM_BAD_ABI;
    }
    let Some(dialect) = dialect::numbered(dialect) else { return SIMCOM_BAD_VALUE };
    if !memory::usable(reader) {
        return SIMCOM_NULL;
    }
    let new = ManuallyDrop::new(Inner { magic: MAGIC, reader: Reader::new(dialect, gap_ms) });
    // SAFETY: neither NULL nor misaligned, and large enough; what was there needs no end.
    unsafe { reader.cast::<ManuallyDrop<Inner>>().write(new) };
    SIMCOM_OK
}

/// `AT+CIPMODE=1` is set (1) or not (0): what carries no number is about the transparent link.
///
/// Errors: `SIMCOM_NULL`, `SIMCOM_NOT_INITIALISED`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn simcom_reader_set_transparent(reader: *mut simcom_reader, on: u8) -> simcom_result {
    // SAFETY: `reader` is NULL or the caller's reader.
    unsafe { enter(reader) }.map(|reader| reader.set_transparent(on != 0)).into()
}

/// The next report. Returns 1: there is one; 0: the input is used up; less than 0: an error.
///
/// `asked`: NULL for nothing. `*in` and `*len`: as in `simcom_session_poll`. With no input it looks at the time: what has waited
/// for its gap is given up. Errors: `SIMCOM_NULL`, `SIMCOM_BAD_SIZE`, `SIMCOM_BAD_VALUE`, `SIMCOM_NOT_INITIALISED`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn simcom_reader_poll(
    reader: *mut simcom_reader,
    now_ms: u32,
    asked: *const simcom_asked,
    r#in: *mut *const u8,
    len: *mut usize,
    report: *mut simcom_report,
) -> i32 {
    let next = || {
        if !memory::usable(report) {
            return Err(SIMCOM_NULL);
        }
        // SAFETY: each pointer is NULL or the caller's object of its type.
        let (asked, mut input, reader) = unsafe { (take(asked)?, Input::take(r#in, len)?, enter(reader)?) };
        let next = reader.poll(Instant::from_millis(now_ms), &mut input.bytes, &asked);
        // SAFETY: `give_back` writes where `take` has found the places usable, and so was `report`.
        unsafe {
            input.give_back();
            match next {
                Some(read) => {
                    memory::put(report, simcom_report::new(&read, reader.text(&read)))?;
                    Ok(1)
                }
                None => Ok(0),
            }
        }
    };
    next().unwrap_or_else(|result| result as i32)
}

/// A line that was cut by the end of the input, if there is one: 1. 0: none. Less than 0: an error.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn simcom_reader_finish(reader: *mut simcom_reader, report: *mut simcom_report) -> i32 {
    let last = || {
        // SAFETY: `reader` is NULL or the caller's reader.
        let reader = unsafe { enter(reader) }?;
        let Some(read) = reader.finish() else { return Ok(0) };
        // SAFETY: `report` is NULL or the caller's place.
        unsafe { memory::put(report, simcom_report::new(&read, reader.text(&read))) }?;
        Ok(1)
    };
    last().unwrap_or_else(|result: simcom_result| result as i32)
}

/// In how many milliseconds `simcom_reader_poll` must be called at the latest; `SIMCOM_FOREVER`: only when bytes come. 0 for a
/// reader that is NULL or not initialised.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn simcom_reader_wait_ms(reader: *const simcom_reader, now_ms: u32) -> u32 {
    // SAFETY: `reader` is NULL or the caller's reader; nothing is written.
    match unsafe { valid(reader).map(|inner| (*inner).reader.deadline()) } {
        Ok(Some(at)) => Instant::from_millis(now_ms).until(at),
        Ok(None) => SIMCOM_FOREVER,
        Err(_) => 0,
    }
}
