//! How the modules name themselves.

use crate::command::Command;
use crate::modem::Modem;
use crate::run::{OK, Outcome};
use simcom_at::Dialect;
use simcom_at::row::Form::{Exec, Test};

/// The names of a module.
pub(crate) struct Names {
    /// The lines of `ATI`.
    pub(crate) identity: &'static [&'static str],
    pub(crate) maker: &'static str,
    pub(crate) model: &'static str,
    pub(crate) revision: &'static str,
}

const SIM800: Names = Names {
    identity: &["SIM800 R14.18"],
    maker: "SIMCOM_Ltd",
    model: "SIMCOM_SIM800",
    revision: "Revision:R14.18",
};
const SIM800E: Names = Names {
    identity: &["SIM800E R13.08"],
    maker: "SIMCOM_Ltd",
    model: "SIMCOM_SIM800E",
    revision: "Revision:R13.08",
};
const SIM7000: Names = Names {
    identity: &["SIM7000 R1351"],
    maker: "SIMCOM_Ltd",
    model: "SIMCOM_SIM7000",
    revision: "Revision:R1351",
};
const KINGCOM: Names = Names {
    identity: &["Kingcom_Ltd", "Kingcom_G3524", "", "Revision: G3524_SHNZ_B5_R04_A01_D160927"],
    maker: "Kingcom_Ltd",
    model: "Kingcom_G3524",
    revision: "Revision: G3524_SHNZ_B5_R04_A01_D160927",
};
const A7600: Names = Names {
    identity: &["Manufacturer: SIMCOM INCORPORATED", "Model: A7600C", "Revision: A7600C_V1.0"],
    maker: "SIMCOM INCORPORATED",
    model: "A7600C",
    revision: "+CGMR: A7600C_V1.0",
};
const RDA8955: Names =
    Names { identity: &["RDA8955"], maker: "RDA", model: "RDA8955", revision: "Revision:W17.44" };

pub(crate) const fn of(dialect: Dialect) -> Names {
    match dialect {
        Dialect::Sim800 => SIM800,
        Dialect::Sim800e => SIM800E,
        Dialect::Sim7000 => SIM7000,
        Dialect::Kingcom => KINGCOM,
        Dialect::A7600 => A7600,
        Dialect::Rda8955 => RDA8955,
    }
}

impl Modem {
    /// The questions that every phone answers (3GPP TS 27.007 §5.1–5.4, ITU-T V.250 §6.1.4–6.1.7), whatever its manual names.
    pub(crate) fn who(&mut self, c: &Command) -> Option<Outcome> {
        let profile = &self.profile;
        let text = match c.name.as_str() {
            "+CGMI" | "+GMI" => &profile.maker,
            "+CGMM" | "+GMM" => &profile.model,
            "+CGMR" | "+GMR" => &profile.revision,
            "+CGSN" | "+GSN" => &profile.serial,
            _ => return None,
        };
        match c.form {
            Exec => {
                let text = text.clone();
                Some(self.answer(&text))
            }
            Test => Some(OK),
            _ => None,
        }
    }
}
