//! Errors by origin: the caller, the module or the network, the line.

use crate::report::Code;

/// The call was not taken; nothing changed and nothing was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
#[repr(u8)]
pub enum Refused {
    /// The dialect's document has no such command.
    #[error("this dialect has no such command")]
    NotInDialect = 1,
    /// An earlier command of the caller still holds the line, or this link, resolver or context waits for its result.
    #[error("busy: wait for the event Ready, or for this link's result")]
    Busy = 2,
    /// The number is not a link of this dialect.
    #[error("no such link in this dialect")]
    NoSuchLink = 3,
    /// `open` on a link that is not free.
    #[error("the link is in use")]
    LinkInUse = 4,
    /// The link is not open.
    #[error("the link is not open")]
    NotOpen = 5,
    /// Text with a quote, CR, LF, Ctrl-Z, ESC or another control byte.
    #[error("the text holds a quote, a line end or a control byte")]
    BadText = 6,
    /// Text or a host name longer than the dialect takes, or empty where it may not be.
    #[error("the text is empty or too long")]
    BadLength = 7,
    /// More payload than one send takes; see `max_payload`.
    #[error("the payload is empty or longer than one send takes")]
    PayloadLength = 8,
    /// A dialect that ends payload by Ctrl-Z cannot carry 0x1A or 0x1B.
    #[error("the payload holds 0x1A or 0x1B, which this dialect cannot send")]
    Unsendable = 9,
    /// The buffer B is too small for this command.
    #[error("the buffer is too small: {need} bytes are needed")]
    SmallBuffer {
        /// The size it needs.
        need: u16,
    } = 10,
    /// A limit on pushed data: the module cannot hold it back.
    #[error("pushed data cannot be held back in this dialect")]
    Unlimited = 11,
    /// It would break the framing of an open link.
    #[error("this would break the framing of the session")]
    Framing = 12,
    /// Wrong in the present mode or state: `attach` first, leave data mode first.
    #[error("not possible in the present state")]
    State = 13,
    /// A UDP destination is missing, or is given where it cannot be.
    #[error("a destination is missing or cannot be given here")]
    Destination = 14,
}

/// What to do next about a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
#[repr(u8)]
pub enum Remedy {
    /// Nothing: the failure is the answer.
    None = 0,
    /// Give the command again.
    Retry = 1,
    /// Close the link and open it again.
    Reopen = 2,
    /// Shut the context (`shut`), then `attach` and `open`.
    Shut = 3,
    /// Restart the module.
    Restart = 4,
}

/// Why a command failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Why {
    /// The module answered `ERROR`.
    Error,
    /// `+CME ERROR`.
    Cme(Code),
    /// `+CMS ERROR`.
    Cms(Code),
    /// `+IP ERROR`.
    Ip(Code),
    /// `<err>` of `+CIPOPEN`, `+NETOPEN`, `+CIPERROR` and their kind.
    Err(u16),
    /// `CONNECT FAIL`.
    ConnectFail,
    /// `ALREADY CONNECT`.
    AlreadyConnected,
    /// `+CDNSGIP: 0,code`.
    Dns(u16),
    /// `COMMAND NO RESPONSE!`.
    NoResponse,
    /// No answer in time.
    Timeout,
    /// The module restarted, or the context was lost.
    Interrupted,
}
