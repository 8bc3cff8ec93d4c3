//! `raw`: any other command line, as long as it leaves the session's framing alone.

use super::Session;
use super::slot::State;
use crate::error::Refused;
use crate::event::Action;
use crate::row::Finals;
use crate::step::Which;
use crate::template::Args;
use crate::time::Instant;

/// Never: they end in payload or in data mode.
const NEVER: [&str; 3] = ["+CIPSEND", "D", "O"];
/// Not with a link open: they change what the session relies on, or the links behind its back.
const MODES: [&str; 14] = [
    "+CIPMUX",
    "+CIPHEAD",
    "+CIPSHOWTP",
    "+CIPSRIP",
    "+CIPSPRT",
    "+CIPRXGET",
    "+CIPMODE",
    "+CIPCCFG",
    "+CIPSTART",
    "+CIPOPEN",
    "+CIPCLOSE",
    "+CIPSHUT",
    "+NETCLOSE",
    "+CIPSERVER",
];

impl<B: AsRef<[u8]> + AsMut<[u8]>> Session<B> {
    /// Sends a command line as it is, without its end. `timeout_ms`: how long its final may take, 0 for 9 s.
    ///
    /// **Next**: a `Line` for each line of the answer, then `Done` or `Failed`.
    /// # Errors
    /// [`Refused::Busy`]; [`Refused::BadText`] for a line end or a control byte; [`Refused::BadLength`];
    /// [`Refused::Framing`] for what would break the session's framing (`AT+CIPSEND`, `A/`, and with a link open also
    /// echo, modes, opening and closing); [`Refused::SmallBuffer`]. Nothing changed then.
    pub fn raw(&mut self, now: Instant, line: &str, timeout_ms: u32) -> Result<(), Refused> {
        if line.bytes().any(|b| b < b' ' || b == 0x7f) {
            return Err(Refused::BadText);
        }
        if line.is_empty() {
            return Err(Refused::BadLength);
        }
        if line.starts_with("+++") || begins(line, "A/") {
            return Err(Refused::Framing);
        }
        let body = line.get(2..).unwrap_or_default();
        let open = self.slots.iter().any(|slot| slot.state != State::Free);
        let mut which = Which::Raw;
        let own = self.spec.procedures;
        let ends = |which, finals| own.get(which).next().is_some_and(|step| step.finals == finals);
        for part in body.split(';').map(str::trim) {
            if part.ends_with('?') {
                continue;
            }
            if NEVER.iter().any(|name| begins(part, name)) {
                return Err(Refused::Framing);
            }
            // Basic commands need no separator: with a link open only the identity passes, as it is.
            let basic = !(part.is_empty() || part.starts_with('+') || part.eq_ignore_ascii_case("I"));
            if open && (basic || MODES.iter().any(|name| begins(part, name))) {
                return Err(Refused::Framing);
            }
            // What comes last ends the line.
            which = match () {
                () if part.eq_ignore_ascii_case("+CIFSR") && ends(Which::Address, Finals::ADDRESS) => {
                    Which::RawAddress
                }
                () if begins(part, "+CIPCLOSE") && ends(Which::Close, Finals::CLOSE_OK) => Which::RawClose,
                () if part.eq_ignore_ascii_case("+CIPSHUT") && ends(Which::Shut, Finals::SHUT) => {
                    Which::RawShut
                }
                () => Which::Raw,
            };
        }
        self.give(now, Action::Raw, which, &Args { host: line, ..Args::default() }, &[], 0)?;
        if let Some(app) = &mut self.app {
            app.len = u16::try_from(timeout_ms.div_ceil(64)).unwrap_or(u16::MAX);
        }
        Ok(())
    }
}

/// Whether `text` begins with `name`, in upper or lower case.
fn begins(text: &str, name: &str) -> bool {
    text.as_bytes().get(..name.len()).is_some_and(|front| front.eq_ignore_ascii_case(name.as_bytes()))
}
