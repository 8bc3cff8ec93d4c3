//! What a function returns.

use core::ffi::{CStr, c_char};

use simcom_at::Refused;

/// The version of this interface. `simcom_session_init` and `simcom_reader_init` take it, so that a header and a library
/// that do not belong together are found out at the start.
pub const SIMCOM_ABI: u32 = 1;

/// What a function returns: 0, or why nothing was done. Whenever it is not 0, nothing has changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(i32)]
pub enum simcom_result {
    /// Taken.
    SIMCOM_OK = 0,
    /// The dialect's document has no such command.
    SIMCOM_NOT_IN_DIALECT = -1,
    /// An earlier command still holds the line, or this link, resolver or context waits for its result. Wait for
    /// `SIMCOM_EVENT_READY`, or for the link's result.
    SIMCOM_BUSY = -2,
    /// The number is not a link of this dialect.
    SIMCOM_NO_SUCH_LINK = -3,
    /// `open` on a link that is not free.
    SIMCOM_LINK_IN_USE = -4,
    /// The link is not open.
    SIMCOM_NOT_OPEN = -5,
    /// Text with a quote, a line end, another control byte, or a byte that is not ASCII.
    SIMCOM_BAD_TEXT = -6,
    /// Text or a host name that is too long for the dialect, or empty where it may not be.
    SIMCOM_BAD_LENGTH = -7,
    /// The payload is empty or longer than one send takes; see `simcom_session_max_payload`.
    SIMCOM_PAYLOAD_LENGTH = -8,
    /// A dialect that ends payload by Ctrl-Z cannot carry the bytes 0x1A and 0x1B.
    SIMCOM_UNSENDABLE = -9,
    /// The session's buffer is too small for this command; `simcom_session_needed` says how large it must be.
    SIMCOM_SMALL_BUFFER = -10,
    /// A limit on pushed data: the module cannot hold it back.
    SIMCOM_UNLIMITED = -11,
    /// It would break the framing of an open link.
    SIMCOM_FRAMING = -12,
    /// Wrong in the present mode or state: `attach` first, close the links first.
    SIMCOM_STATE = -13,
    /// A UDP destination is missing, or is given where it cannot be.
    SIMCOM_DESTINATION = -14,
    /// Refused for a reason that this header does not know.
    SIMCOM_REFUSED = -99,
    /// A pointer is NULL that must not be, or is not aligned.
    SIMCOM_NULL = -100,
    /// Header and library do not belong together.
    SIMCOM_BAD_ABI = -101,
    /// The size of a struct, or a length, is wrong.
    SIMCOM_BAD_SIZE = -102,
    /// A number is none of its constants.
    SIMCOM_BAD_VALUE = -103,
    /// The object was not initialised.
    SIMCOM_NOT_INITIALISED = -104,
    /// Time stands still in the virtual modem: an error of the library.
    SIMCOM_LIVELOCK = -105,
}

use simcom_result::*;

impl From<Refused> for simcom_result {
    fn from(refused: Refused) -> Self {
        match refused {
            Refused::NotInDialect => SIMCOM_NOT_IN_DIALECT,
            Refused::Busy => SIMCOM_BUSY,
            Refused::NoSuchLink => SIMCOM_NO_SUCH_LINK,
            Refused::LinkInUse => SIMCOM_LINK_IN_USE,
            Refused::NotOpen => SIMCOM_NOT_OPEN,
            Refused::BadText => SIMCOM_BAD_TEXT,
            Refused::BadLength => SIMCOM_BAD_LENGTH,
            Refused::PayloadLength => SIMCOM_PAYLOAD_LENGTH,
            Refused::Unsendable => SIMCOM_UNSENDABLE,
            Refused::SmallBuffer { .. } => SIMCOM_SMALL_BUFFER,
            Refused::Unlimited => SIMCOM_UNLIMITED,
            Refused::Framing => SIMCOM_FRAMING,
            Refused::State => SIMCOM_STATE,
            Refused::Destination => SIMCOM_DESTINATION,
            _ => SIMCOM_REFUSED,
        }
    }
}

impl From<Result<(), simcom_result>> for simcom_result {
    fn from(result: Result<(), simcom_result>) -> Self {
        result.err().unwrap_or(SIMCOM_OK)
    }
}

/// The meaning of a result, as a text that lives as long as the program. Any number may be given.
#[unsafe(no_mangle)]
pub extern "C" fn simcom_strerror(result: i32) -> *const c_char {
    let text: &'static CStr = match result {
        0 => c"ok",
        -1 => c"this dialect has no such command",
        -2 => c"busy: wait for the event READY, or for this link's result",
        -3 => c"no such link in this dialect",
        -4 => c"the link is in use",
        -5 => c"the link is not open",
        -6 => c"the text holds a quote, a line end, a control byte or a byte that is not ASCII",
        -7 => c"the text is empty or too long",
        -8 => c"the payload is empty or longer than one send takes",
        -9 => c"the payload holds 0x1A or 0x1B, which this dialect cannot send",
        -10 => c"the session's buffer is too small for this command",
        -11 => c"pushed data cannot be held back in this dialect",
        -12 => c"this would break the framing of the session",
        -13 => c"not possible in the present state",
        -14 => c"a destination is missing or cannot be given here",
        -99 => c"refused",
        -100 => c"a pointer is NULL or not aligned",
        -101 => c"header and library do not belong together",
        -102 => c"the size of a struct, or a length, is wrong",
        -103 => c"a number is none of its constants",
        -104 => c"the object was not initialised",
        -105 => c"time stands still in the virtual modem",
        _ => c"unknown result",
    };
    text.as_ptr()
}

/// The version of the library, such as `0.1.0`; lives as long as the program.
#[unsafe(no_mangle)]
pub extern "C" fn simcom_version() -> *const c_char {
    const TEXT: &str = concat!(env!("CARGO_PKG_VERSION"), "\0");
    TEXT.as_ptr().cast()
}

/// The version of the interface that the library has: equal to `SIMCOM_ABI` when header and library belong together.
#[unsafe(no_mangle)]
pub extern "C" fn simcom_abi() -> u32 {
    SIMCOM_ABI
}
