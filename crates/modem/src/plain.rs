//! Settings of one small number: test, read, set.

use crate::command::Command;
use crate::link::Pdp;
use crate::modem::Modem;
use crate::run::{Answer, NOT_ALLOWED, OK, Outcome};
use crate::settings::Settings;
use alloc::format;
use simcom_at::Dialect;
use simcom_at::row::Form;

/// Such a setting.
struct Plain {
    /// Where it is kept.
    place: fn(&mut Settings) -> &mut u8,
    max: u8,
    /// What the test form prints behind the name; `None`: just `OK`.
    test: Option<&'static str>,
    /// What the exec form sets, where there is one.
    exec: Option<u8>,
}

impl Modem {
    /// Executes the command if it is such a setting.
    pub(crate) fn plain(&mut self, c: &Command) -> Option<Outcome> {
        let name = c.name.as_str();
        let plain = find(name, self.profile.dialect)?;
        let counts_more = matches!(name, "+CREG" | "+CGREG");
        Some(match c.form {
            Form::Test => match plain.test {
                Some(text) => self.answer(&format!("{name}: {text}")),
                None => OK,
            },
            Form::Read if counts_more => return None,
            Form::Read => {
                let value = *(plain.place)(&mut self.set);
                self.answer(&format!("{name}: {value}"))
            }
            Form::Set if c.args.len() == 1 && c.args.missing(0) && name == "+CGREG" => {
                self.set_plain(name, &plain, 0)
            }
            Form::Set if c.args.len() == 1 => match c.args.small(0, 0, plain.max) {
                Ok(value) => self.set_plain(name, &plain, value),
                Err(bad) => Err(bad),
            },
            Form::Exec => {
                let value = plain.exec?;
                self.set_plain(name, &plain, value)
            }
            Form::Set => return None,
        })
    }

    fn set_plain(&mut self, name: &str, plain: &Plain, value: u8) -> Outcome {
        let present = *(plain.place)(&mut self.set);
        if value == present && self.profile.same_value {
            return OK;
        }
        let open = self.links.iter().any(|l| l.in_use());
        let a7600 = self.profile.dialect == Dialect::A7600;
        let everything_shut = self.contexts.iter().all(|c| c.pdp == Pdp::Initial);
        let allowed = match name {
            "+CIPMUX" if value == 1 => everything_shut && self.set.mode == 0,
            "+CIPMUX" => everything_shut,
            "+CIPMODE" if a7600 => !self.network_opened(),
            "+CIPMODE" => everything_shut || self.set.mux == 1,
            _ => true,
        };
        if !allowed || (value == present && open) {
            return NOT_ALLOWED;
        }
        *(plain.place)(&mut self.set) = value;
        self.set.saved = false;
        Ok(Answer::Ok)
    }
}

fn find(name: &str, dialect: Dialect) -> Option<Plain> {
    let a7600 = dialect == Dialect::A7600;
    let sim7000 = dialect == Dialect::Sim7000;
    let sim800e = dialect == Dialect::Sim800e;
    let sim800 = matches!(dialect, Dialect::Sim800 | Dialect::Rda8955);
    let kingcom = dialect == Dialect::Kingcom;
    let classic = sim800 || sim800e || sim7000;
    let plain = |place, max, test| Some(Plain { place, max, test: Some(test), exec: None });
    match name {
        "+CMEE" => plain(|s| &mut s.cmee, 2, "(0-2)"),
        "+CREG" => plain(|s| &mut s.creg, 2, "(0-2)"),
        "+CGREG" => plain(|s| &mut s.cgreg, 2, "(0-2)"),
        "+CSCLK" if sim7000 => plain(|s| &mut s.csclk, 1, "(0,1)"),
        "+CSCLK" => plain(|s| &mut s.csclk, 2, "(0-2)"),
        "+CFGRI" if !kingcom => plain(|s| &mut s.cfgri, 2, "(0-2)"),
        "+CIPHEAD" if a7600 => {
            Some(Plain { place: |s| &mut s.head, max: 1, test: Some("(0,1)"), exec: Some(1) })
        }
        "+CIPHEAD" => plain(|s| &mut s.head, 1, "(0,1)"),
        "+CIPSRIP" if a7600 => {
            Some(Plain { place: |s| &mut s.srip, max: 1, test: Some("(0,1)"), exec: Some(1) })
        }
        "+CIPSRIP" if classic => plain(|s| &mut s.srip, 1, "(0,1)"),
        "+CIPSRIPIP" | "+CIPSRIIP" if sim800e => plain(|s| &mut s.srip, 1, "(0,1)"),
        "+CIPMODE" if a7600 => {
            Some(Plain { place: |s| &mut s.mode, max: 1, test: Some("(0-1)"), exec: Some(0) })
        }
        "+CIPMODE" if classic => plain(|s| &mut s.mode, 1, "(0-NORMAL MODE,1-TRANSPARENT MODE)"),
        "+CIPSENDMODE" if a7600 => plain(|s| &mut s.sendmode, 1, "(0,1)"),
        "+CIPMUX" if classic => plain(|s| &mut s.mux, 1, "(0,1)"),
        "+CIPSHOWTP" if classic => plain(|s| &mut s.showtp, 1, "(0,1)"),
        "+CIPSPRT" if classic => plain(|s| &mut s.sprt, 2, "(0-2)"),
        "+CIPQSEND" if sim800 || sim7000 => plain(|s| &mut s.qsend, 1, "(0,1)"),
        "+CIPHEXS" if sim7000 => plain(|s| &mut s.hexs, 2, "(0-2)"),
        "+CIPSENDHEX" if sim7000 => plain(|s| &mut s.sendhex, 1, "(0,1)"),
        "+CIPOPTION" if sim7000 => plain(|s| &mut s.option, 1, "(0,1)"),
        _ => None,
    }
}
