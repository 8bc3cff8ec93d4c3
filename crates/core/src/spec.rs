//! What of a dialect goes into an image: the few facts that reader and session need at run time.

use crate::classify::Quirks;
use crate::dialect::Dialect;

/// The wire facts of a dialect; one `static` each, so that an image carries only those it names.
#[derive(Debug)]
pub struct Spec {
    /// Which dialect it is.
    pub dialect: Dialect,
    pub(crate) quirks: Quirks,
}

/// SIM800 series.
pub static SIM800: Spec = Spec { dialect: Dialect::Sim800, quirks: Quirks(0) };
/// SIM800E.
pub static SIM800E: Spec = Spec { dialect: Dialect::Sim800e, quirks: Quirks(0) };
/// SIM7000 series.
pub static SIM7000: Spec = Spec { dialect: Dialect::Sim7000, quirks: Quirks(0) };
/// Kingcom G series.
pub static KINGCOM: Spec = Spec { dialect: Dialect::Kingcom, quirks: Quirks(0) };
/// A7600 series.
pub static A7600: Spec = Spec { dialect: Dialect::A7600, quirks: Quirks(Quirks::MANY_LINKS) };
/// Clones on the RDA8955 chip.
pub static RDA8955: Spec = Spec { dialect: Dialect::Rda8955, quirks: Quirks(Quirks::CLONE) };

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
