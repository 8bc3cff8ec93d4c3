//! The dialects: one file each, reading like the vendor's manual.

use crate::row::{Notice, Row};

pub mod a7600;
mod family;
pub mod kingcom;
#[cfg(test)]
mod made_up;
mod params;
pub mod rda8955;
pub mod sim7000;
pub mod sim800;
pub mod sim800e;
#[cfg(test)]
mod tests;

/// The name of a dialect.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Dialect {
    /// SIM800 series (document 002).
    Sim800 = 0,
    /// SIM800E (document 001).
    Sim800e = 1,
    /// SIM7000 series (document 000).
    Sim7000 = 2,
    /// Kingcom G series (document 003).
    Kingcom = 3,
    /// A7600 series (document 004).
    A7600 = 4,
    /// Clones on the RDA8955 chip (A6, A9, Air202); no manual of these is among the documents.
    Rda8955 = 5,
}

impl Dialect {
    /// All dialects.
    pub const ALL: &[Self] =
        &[Self::Sim800, Self::Sim800e, Self::Sim7000, Self::Kingcom, Self::A7600, Self::Rda8955];

    /// The name used everywhere: `sim800`, `a7600` …
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Sim800 => "sim800",
            Self::Sim800e => "sim800e",
            Self::Sim7000 => "sim7000",
            Self::Kingcom => "kingcom",
            Self::A7600 => "a7600",
            Self::Rda8955 => "rda8955",
        }
    }

    /// The dialect of that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|d| d.name() == name)
    }

    /// The number of links.
    #[must_use]
    pub const fn links(self) -> u8 {
        match self {
            Self::Sim800 | Self::Sim800e => 6,
            Self::Sim7000 | Self::Rda8955 => 8,
            Self::Kingcom => 1,
            Self::A7600 => 10,
        }
    }

    /// The rows of its manual: every command form.
    #[must_use]
    pub const fn rows(self) -> &'static [Row] {
        match self {
            Self::Sim800 => sim800::ROWS,
            Self::Sim800e => sim800e::ROWS,
            Self::Sim7000 => sim7000::ROWS,
            Self::Kingcom => kingcom::ROWS,
            Self::A7600 => a7600::ROWS,
            Self::Rda8955 => rda8955::ROWS,
        }
    }

    /// The notices and headers of its manual.
    #[must_use]
    pub const fn notices(self) -> &'static [Notice] {
        match self {
            Self::Sim800 => sim800::NOTICES,
            Self::Sim800e => sim800e::NOTICES,
            Self::Sim7000 => sim7000::NOTICES,
            Self::Kingcom => kingcom::NOTICES,
            Self::A7600 => a7600::NOTICES,
            Self::Rda8955 => rda8955::NOTICES,
        }
    }
}
