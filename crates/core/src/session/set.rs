//! Settings: `set`, `ask`, `ranges`.

use super::Session;
use super::flag;
use super::slot::State;
use crate::classify::Quirks;
use crate::error::Refused;
use crate::event::Action;
use crate::ids::Ipv4Addr;
use crate::out::Out;
use crate::session::commands::{Begun, check};
use crate::setting::{BARE, Field, MULTI, READ, Rule, SINGLE, Setting, TEST};
use crate::step::Which;
use crate::time::Instant;

/// Longest text of a value.
const TEXT_LEN: usize = 100;
/// How long the final of a slow setting may take, in units of 64 ms: the longest that a manual allows.
const SLOW: u16 = 1344;

impl<B: AsRef<[u8]> + AsMut<[u8]>> Session<B> {
    /// Changes a setting of the module: its values in the order of the manual, none for a form without values
    /// (`AT+CIPSCONT`, `AT&W`).
    ///
    /// What the session's framing rests on (`Cipmux`, `Cipmode`, `Ciphead`, `Cipsprt`, `Ciprxget`, and `Cipccfg` of an
    /// `a7600`) waits for [`attach`](Self::attach), which sets it as the session needs it, before the next link.
    ///
    /// **Shape**: `AT+CIPCCFG=5,2,,1`. **Next**: `Done`, or `Failed` where the module refuses the values.
    /// # Errors
    /// [`Refused::NotInDialect`], also for a form that the present connection mode does not have; [`Refused::State`] while a
    /// link is in use, where the setting is about links or framing, and for `Cipmux` and `Cipmode` while a context is up;
    /// [`Refused::Framing`] for an `AT+CIPRXGET` that reads; [`Refused::BadText`], [`Refused::BadLength`], [`Refused::Busy`],
    /// [`Refused::SmallBuffer`]. Nothing changed then.
    pub fn set(&mut self, now: Instant, setting: Setting, values: &[Field<'_>]) -> Result<(), Refused> {
        let mode = if self.settings.single() { SINGLE } else { MULTI };
        self.check_form(setting, if values.is_empty() { BARE } else { mode })?;
        for value in values {
            let Field::Text(text) = value else { continue };
            check(text)?;
            if text.len() > TEXT_LEN {
                return Err(Refused::BadLength);
            }
        }
        if setting == Setting::Ciprxget && !matches!(values, [Field::Number(0 | 1)]) {
            return Err(Refused::Framing);
        }
        let rule = match setting.rule() {
            // One of its values is the header of pushed data.
            Rule::Links if setting == Setting::Cipccfg && self.spec.quirks.has(Quirks::MANY_LINKS) => {
                Rule::Framing
            }
            rule => rule,
        };
        let in_use = rule != Rule::Free && self.slots.iter().any(|slot| slot.state != State::Free);
        if in_use || (rule == Rule::Context && self.up != 0) {
            return Err(Refused::State);
        }
        self.say(now, Action::Set, Which::Raw, setting, |out| {
            let sign = setting.name().starts_with('&');
            for (place, value) in values.iter().enumerate() {
                match (place, sign) {
                    (0, true) => {}
                    (0, false) => out.byte(b'='),
                    _ => out.byte(b','),
                }
                match *value {
                    Field::Number(number) => out.long(number),
                    Field::Text(text) => {
                        out.byte(b'"');
                        out.bytes(text.as_bytes());
                        out.byte(b'"');
                    }
                    Field::Skip => {}
                }
            }
        })?;
        if matches!(rule, Rule::Framing | Rule::Context) {
            self.marks.set(flag::UNSET);
        }
        Ok(())
    }

    /// Gives the module its name servers (`AT+CDNSCFG`).
    ///
    /// **Next**: `Done` or `Failed`.
    /// # Errors
    /// [`Refused::NotInDialect`], [`Refused::Busy`], [`Refused::SmallBuffer`]. Nothing changed then.
    pub fn set_dns(
        &mut self,
        now: Instant,
        first: Ipv4Addr,
        second: Option<Ipv4Addr>,
    ) -> Result<(), Refused> {
        self.check_form(Setting::Cdnscfg, SINGLE)?;
        self.say(now, Action::Set, Which::Raw, Setting::Cdnscfg, |out| {
            out.bytes(b"=\"");
            out.address(first);
            if let Some(second) = second {
                out.bytes(b"\",\"");
                out.address(second);
            }
            out.byte(b'"');
        })
    }

    /// Asks for a setting (`AT+X?`).
    ///
    /// **Next**: a `Line` for each line of the answer, which [`fields`](crate::fields) takes apart; then `Done`, or `Failed`.
    /// # Errors
    /// [`Refused::NotInDialect`], [`Refused::Busy`], [`Refused::SmallBuffer`]. Nothing changed then.
    pub fn ask(&mut self, now: Instant, setting: Setting) -> Result<(), Refused> {
        self.check_form(setting, READ)?;
        let which = match setting {
            // The mode stands in front of the state.
            Setting::Creg | Setting::Cgreg => Which::Registration,
            // A line of the answer looks like the notice of waiting data.
            Setting::Ciprxget | Setting::Cipscont => Which::AskMode,
            _ => Which::Raw,
        };
        self.say(now, Action::Ask, which, setting, |out| out.byte(b'?'))
    }

    /// Asks what a setting may be (`AT+X=?`).
    ///
    /// **Next**: a `Line` for each line of the answer, then `Done`; or `Failed`.
    /// # Errors
    /// As of [`ask`](Self::ask).
    pub fn ranges(&mut self, now: Instant, setting: Setting) -> Result<(), Refused> {
        self.check_form(setting, TEST)?;
        self.say(now, Action::Ask, Which::Raw, setting, |out| out.bytes(b"=?"))
    }

    /// Whether the dialect has one of these forms of the setting.
    fn check_form(&self, setting: Setting, wanted: u8) -> Result<(), Refused> {
        let forms = self.spec.forms.get(usize::from(setting as u8)).copied().unwrap_or(0);
        if forms & wanted == 0 { Err(Refused::NotInDialect) } else { Ok(()) }
    }

    /// Gives the setting's line, with what is behind its name.
    fn say(
        &mut self,
        now: Instant,
        action: Action,
        which: Which,
        setting: Setting,
        behind: impl FnOnce(&mut Out<'_>),
    ) -> Result<(), Refused> {
        self.check_ready()?;
        let mut out = Out::new(self.buf.as_mut());
        out.bytes(b"AT");
        out.bytes(setting.name().as_bytes());
        behind(&mut out);
        out.byte(b'\r');
        let (lines, fits) = (out.len(), out.fits());
        let slow = matches!(setting, Setting::Cfun | Setting::Cgact | Setting::Cgatt);
        let len = if slow { SLOW } else { 0 };
        self.take(now, Begun { action, which, link: setting as u8, len, lines, end: lines, fits, flags: 0 })
    }
}
