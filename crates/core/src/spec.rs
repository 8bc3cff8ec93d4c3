//! What of a dialect goes into an image: the few facts that reader and session need at run time.

use crate::classify::Quirks;
use crate::code::Procedures;
use crate::dialect::Dialect;
use crate::dialect::{a7600, kingcom, rda8955, sim800, sim800e, sim7000};
use crate::procedures;
use crate::setting::{Forms, forms};

/// How payload is ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PayloadEnd {
    /// By its length.
    Counted,
    /// By Ctrl-Z, which cannot be payload, nor can ESC.
    CtrlZ,
}

/// The wire facts of a dialect; one `static` each, so that an image carries only those it names.
#[derive(Debug)]
pub struct Spec {
    /// Which dialect it is.
    pub dialect: Dialect,
    pub(crate) quirks: Quirks,
    pub(crate) procedures: &'static Procedures,
    /// The forms that its settings have.
    pub(crate) forms: Forms,
    /// The most payload of one send and of one read.
    pub(crate) max_payload: u16,
    pub(crate) payload_end: PayloadEnd,
    /// It can only push.
    pub(crate) push_only: bool,
    /// A TCP `SEND OK` is the peer's acknowledgement.
    pub(crate) acknowledges: bool,
    /// Each datagram needs its destination; `open` opens no UDP peer.
    pub(crate) datagram_to: bool,
    /// A context may have a user and a password.
    pub(crate) has_login: bool,
    /// A local port can be given for these transports: TCP, UDP.
    pub(crate) local_port: [bool; 2],
    /// From DTR on to the first byte that a sleeping module understands.
    pub(crate) wake_ms: u8,
    /// How many servers may listen at once.
    pub(crate) servers: u8,
    /// Longest host name.
    pub(crate) host_len: u8,
    /// The text in front of the marker's answer; empty where that is a typed report.
    pub(crate) marker: &'static str,
}

/// What SIM800-type modules share.
const CLASSIC: Spec = Spec {
    dialect: Dialect::Sim800,
    quirks: Quirks::of(Dialect::Sim800),
    procedures: &procedures::SIM800,
    forms: forms(sim800::ROWS),
    max_payload: 1460,
    payload_end: PayloadEnd::Counted,
    push_only: false,
    acknowledges: true,
    datagram_to: false,
    has_login: true,
    local_port: [true, true],
    wake_ms: 50,
    servers: 1,
    host_len: 100,
    marker: "+CIPMUX:",
};

/// SIM800 series.
pub static SIM800: Spec = CLASSIC;
/// SIM800E.
pub static SIM800E: Spec = Spec {
    dialect: Dialect::Sim800e,
    procedures: &procedures::SIM800E,
    forms: forms(sim800e::ROWS),
    push_only: true,
    ..CLASSIC
};
/// SIM7000 series.
pub static SIM7000: Spec = Spec {
    dialect: Dialect::Sim7000,
    procedures: &procedures::SIM7000,
    forms: forms(sim7000::ROWS),
    ..CLASSIC
};
/// Kingcom G series.
pub static KINGCOM: Spec = Spec {
    dialect: Dialect::Kingcom,
    procedures: &procedures::KINGCOM,
    forms: forms(kingcom::ROWS),
    max_payload: 1024,
    payload_end: PayloadEnd::CtrlZ,
    push_only: true,
    acknowledges: false,
    has_login: false,
    servers: 0,
    local_port: [false, false],
    marker: "",
    ..CLASSIC
};
/// A7600 series.
pub static A7600: Spec = Spec {
    dialect: Dialect::A7600,
    quirks: Quirks::of(Dialect::A7600),
    procedures: &procedures::A7600,
    forms: forms(a7600::ROWS),
    max_payload: 1500,
    acknowledges: false,
    datagram_to: true,
    wake_ms: 20,
    servers: 4,
    has_login: false,
    local_port: [true, true],
    marker: "",
    ..CLASSIC
};
/// Clones on the RDA8955 chip. Nothing says that their `SEND OK` is the peer's acknowledgement.
pub static RDA8955: Spec = Spec {
    dialect: Dialect::Rda8955,
    quirks: Quirks::of(Dialect::Rda8955),
    procedures: &procedures::RDA8955,
    forms: forms(rda8955::ROWS),
    acknowledges: false,
    ..CLASSIC
};

impl Dialect {
    /// The wire facts of this dialect. Firmware names its own `static` instead, so that only that one is linked.
    #[must_use]
    pub const fn spec(self) -> &'static Spec {
        match self {
            Self::Sim800 => &SIM800,
            Self::Sim800e => &SIM800E,
            Self::Sim7000 => &SIM7000,
            Self::Kingcom => &KINGCOM,
            Self::A7600 => &A7600,
            Self::Rda8955 => &RDA8955,
        }
    }
}
