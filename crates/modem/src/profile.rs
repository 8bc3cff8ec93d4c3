//! How this module differs from others of its dialect: every fact the documents leave open, with its default.

use crate::clone::ClonePush;
use crate::names;
use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::vec::Vec;
use simcom_at::{Dialect, Ipv4Addr};

/// What the module answers when ESC cancels a send.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Escape {
    /// `OK`.
    Ok,
    /// `ERROR`.
    Error,
    /// Nothing.
    Silent,
}

/// The knobs of a virtual module. [`Profile::new`] gives the defaults of a dialect.
#[derive(Clone, Debug)]
pub struct Profile {
    /// The dialect.
    pub dialect: Dialect,
    /// Its address; default 10.0.0.2.
    pub address: Ipv4Addr,
    /// The lines of `ATI`.
    pub identity: Vec<String>,
    /// `AT+CGMI`, `AT+GMI`.
    pub maker: String,
    /// `AT+CGMM`, `AT+GMM`.
    pub model: String,
    /// `AT+CGMR`, `AT+GMR`.
    pub revision: String,
    /// `AT+CGSN`, `AT+GSN`: the IMEI.
    pub serial: String,
    /// The lines of a start, in order.
    pub boot: Vec<String>,
    /// `<rssi>,<ber>` of `AT+CSQ`.
    pub signal: (u8, u8),
    /// What `AT+CPIN?` says: `READY`, `SIM PIN` …
    pub sim: String,
    /// `<stat>` of `AT+CREG?` at the start.
    pub registration: u8,
    /// `AT+CMEE` at the start.
    pub cmee: u8,
    /// Echo at the start.
    pub echo: bool,

    /// Longest command line, without its end.
    pub line_max: usize,
    /// Most bytes of one send.
    pub send_max: usize,
    /// Most bytes of one `AT+CIPRXGET=2`, half of it for mode 3.
    pub read_max: usize,
    /// Most bytes of one pushed block.
    pub push_max: usize,
    /// Bytes a link keeps before the network is told to stop.
    pub receive_buffer: usize,
    /// Bytes waiting to be transmitted above which no more data is pushed.
    pub queue_max: usize,
    /// Bytes of a link that may wait for the network (quick send).
    pub send_buffer: usize,

    /// How long activating a context takes (`AT+CIICR`, `AT+NETOPEN`, `AT+CGACT`, one-step open).
    pub attach_ms: u32,
    /// From restart to the first line, and from line to line.
    pub boot_ms: u32,
    /// From `AT+CIPSEND` to the prompt. Above 0 a `<LF>` that comes alone behind the `<CR>` is never taken for payload.
    pub prompt_ms: u32,
    /// When a connection attempt gives up (`a7600`: `AT+CIPTIMEOUT` instead).
    pub open_ms: u32,
    /// How long a link is `CLOSING` behind a quick close (on SIM800E, which has but one, behind every close), and a
    /// server in front of `SERVER CLOSE`.
    pub close_ms: u32,
    /// When a send without acknowledgement ends and the link is reported closed.
    pub ack_ms: u32,
    /// Without a byte for so long the module sleeps, where `AT+CSCLK` allows it.
    pub sleep_ms: u32,
    /// From the text that ends data mode to the notices that waited meanwhile; 0: at once.
    pub quiet_ms: u32,
    /// A line stopped for so long no longer holds notices back.
    pub typing_ms: u32,

    /// `n, CONNECT OK` with a blank (part b, 1).
    pub link_space: bool,
    /// `+RECEIVE,n,len:` with a colon (part b, 2).
    pub receive_colon: bool,
    /// `+RECEIVE,n,len,ip:port:` with a colon (part b, 3).
    pub receive_from_colon: bool,
    /// `+RECEIVE` only with `AT+CIPHEAD=1` (part b, 4).
    pub receive_needs_head: bool,
    /// CRLF in front of a header of pushed data (part b, 5).
    pub header_crlf: bool,
    /// CRLF behind pushed data (part b, 6).
    pub push_crlf: bool,
    /// An empty line between `RECV FROM` and `+IPD` (part b, 7).
    pub from_blank_line: bool,
    /// `RECV FROM:`, as printed (part b, 8).
    pub from_text: &'static str,
    /// The prompt (part b, 9).
    pub prompt: &'static [u8],
    /// The answer to ESC (part b, 10).
    pub escape: Escape,
    /// Ctrl-Z is echoed as well (part b, 11).
    pub echo_end: bool,
    /// `OK`, not `ERROR`, in front of `ALREADY CONNECT` (part b, 14).
    pub already_ok: bool,
    /// `AT+CIPSTART` from `TCP CLOSED` in single mode (part b, 15).
    pub start_from_closed: bool,
    /// `AT+CIPSHUT` in `IP INITIAL` succeeds (part b, 16).
    pub shut_in_initial: bool,
    /// Setting a mode to the value it has succeeds while links are open (part b, 17).
    pub same_value: bool,
    /// `AT+CIPSEND?` without a connected link is `ERROR` in multi mode (part b, 18).
    pub send_query_error: bool,
    /// `DATA ACCEPT: 5` with a blank (part b, 19).
    pub accept_space: bool,
    /// `+CIPACK: 1, 1, 0` with blanks (part b, 20).
    pub ack_space: bool,
    /// `+CIPRXGET: 1` with a blank (part b, 21).
    pub read_space: bool,
    /// Every arrival is notified in manual mode, not only the first into an empty buffer.
    pub notify_each: bool,
    /// Notices that wait when a command line ends come before its answer (part b, 24).
    pub interleave: bool,
    /// The unit of WaitTm of `AT+CIPCCFG` in ms (part b, 31).
    pub wait_unit_ms: u32,
    /// State after a failed activation is `IP START`, not `PDP DEACT` (part b, 46).
    pub activate_fails_to_start: bool,
    /// `+CME ERROR: 50` with a blank (part b, 33).
    pub cme_space: bool,
    /// Kingcom: `CONNECT OK` in front of `OK` (part b, 34).
    pub kingcom_ok_last: bool,
    /// Kingcom: `+IPD,n:` instead of `+IPD:n<CR><LF>` (part b, 35).
    pub kingcom_comma: bool,
    /// Kingcom: `SHUT OK` instead of `OK` (part b, 36).
    pub kingcom_shut_ok: bool,
    /// SIM800E: `TCP CLOSE` instead of `TCP CLOSED`.
    pub closed_without_d: bool,
    /// SIM800E: `+CDNSGIP: 1,"name","address"` as in the table, not a line for each address as in the example.
    pub dns_one_line: bool,
    /// A7600: `OK` in front of `+CIPOPEN`/`+CIPCLOSE` of UDP links (part b, 40).
    pub udp_ok_first: bool,
    /// A7600: CRLF behind the payload of a read (part b, 41).
    pub read_crlf: bool,
    /// A7600: `+IPADDR: Network not opened` instead of `+IP ERROR: …` (part b, 42).
    pub address_error: bool,
    /// A7600: only link 0 with `AT+CIPMODE=1`, and a server with clients is not stopped (part b, 43).
    pub strict: bool,
    /// Clones: the header of pushed data.
    pub clone_push: ClonePush,
    /// Clones: `+TCPCLOSED:n` instead of `n,CLOSED`.
    pub tcp_closed: bool,
    /// A7600: the speed behind `CONNECT`.
    pub connect_text: String,
}

impl Profile {
    /// The defaults of a dialect.
    #[must_use]
    pub fn new(dialect: Dialect) -> Self {
        let a7600 = dialect == Dialect::A7600;
        let kingcom = dialect == Dialect::Kingcom;
        let clone = dialect == Dialect::Rda8955;
        let name = names::of(dialect);
        Self {
            dialect,
            address: Ipv4Addr::new(10, 0, 0, 2),
            identity: lines(name.identity),
            maker: name.maker.to_owned(),
            model: name.model.to_owned(),
            revision: name.revision.to_owned(),
            // A number for tests: no module has it.
            serial: "004999010640000".to_owned(),
            boot: lines(boot(dialect)),
            signal: (if a7600 { 23 } else { 20 }, 0),
            sim: "READY".to_owned(),
            registration: 1,
            cmee: match dialect {
                Dialect::Sim800 | Dialect::Sim800e | Dialect::Sim7000 | Dialect::Rda8955 => 0,
                Dialect::Kingcom => 1,
                Dialect::A7600 => 2,
            },
            echo: true,
            line_max: match dialect {
                Dialect::Sim800 | Dialect::Sim800e | Dialect::Kingcom | Dialect::Rda8955 => 556,
                Dialect::Sim7000 => 559,
                Dialect::A7600 => 3071,
            },
            send_max: match dialect {
                Dialect::Sim800 | Dialect::Sim800e | Dialect::Sim7000 | Dialect::Rda8955 => 1460,
                Dialect::Kingcom => 1024,
                Dialect::A7600 => 1500,
            },
            read_max: if a7600 { 1500 } else { 1460 },
            push_max: if a7600 { 1500 } else { 1460 },
            receive_buffer: if a7600 { 8 * 1500 } else { 2 * 1460 },
            queue_max: 4096,
            send_buffer: if a7600 { 8 * 1500 } else { 4 * 1460 },
            attach_ms: 0,
            boot_ms: 500,
            prompt_ms: 0,
            open_ms: if kingcom { 40_000 } else { 75_000 },
            close_ms: 0,
            ack_ms: 645_000,
            sleep_ms: if a7600 { 10_000 } else { 5_000 },
            quiet_ms: 1500,
            typing_ms: 1000,
            link_space: !clone,
            receive_colon: true,
            receive_from_colon: false,
            receive_needs_head: false,
            header_crlf: !clone,
            push_crlf: clone,
            from_blank_line: true,
            from_text: if clone { "+RECV FROM:" } else { "RECV FROM:" },
            prompt: if a7600 { b"\r\n>" } else { b"\r\n> " },
            escape: if a7600 { Escape::Error } else { Escape::Ok },
            echo_end: false,
            already_ok: clone,
            start_from_closed: true,
            shut_in_initial: !clone,
            same_value: true,
            send_query_error: false,
            accept_space: false,
            ack_space: matches!(dialect, Dialect::Sim800 | Dialect::Sim800e),
            read_space: !clone,
            notify_each: false,
            interleave: false,
            wait_unit_ms: if dialect == Dialect::Sim800e { 200 } else { 100 },
            activate_fails_to_start: false,
            cme_space: true,
            kingcom_ok_last: false,
            kingcom_comma: false,
            kingcom_shut_ok: false,
            closed_without_d: false,
            dns_one_line: false,
            udp_ok_first: false,
            read_crlf: true,
            address_error: false,
            strict: false,
            clone_push: ClonePush::Receive,
            tcp_closed: false,
            connect_text: if a7600 { "115200" } else { "" }.to_owned(),
        }
    }
}

fn lines(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|t| (*t).to_owned()).collect()
}

fn boot(dialect: Dialect) -> &'static [&'static str] {
    match dialect {
        Dialect::Rda8955 => &["READY", "Init...", "+CPIN:READY"],
        Dialect::Sim7000 => &["RDY", "+CFUN: 1", "+CPIN: READY", "SMS Ready"],
        Dialect::Sim800 | Dialect::Sim800e => &["RDY", "+CFUN: 1", "+CPIN: READY", "Call Ready", "SMS Ready"],
        Dialect::Kingcom => &["READY", "+CPIN:READY"],
        Dialect::A7600 => &["*ATREADY: 1", "+CPIN: READY", "SMS DONE", "PB DONE"],
    }
}
