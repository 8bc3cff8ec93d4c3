//! The settings of a module, by the names of the manuals: what `set`, `ask` and `ranges` are about.

use crate::row::{Command, Form, Mux, Row};

/// When a setting may be changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rule {
    /// At any time.
    Free,
    /// With no link in use.
    Links,
    /// With no link in use, and `attach` has to set it again before the next link: the session's framing rests on it.
    Framing,
    /// The same, and only while no context is up, as the modules want it.
    Context,
}

macro_rules! settings {
    ($($(#[$doc:meta])* $id:ident = $number:literal, $rule:ident;)*) => {
        /// A setting of the module, by the name of its command.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[repr(u8)]
        pub enum Setting { $($(#[$doc])* $id = $number,)* }

        impl Setting {
            /// All settings.
            pub const ALL: &[Self] = &[$(Self::$id,)*];

            /// The command behind `AT`: `+CIPMUX`, `&W`.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$id => Command::$id.name(),)* }
            }

            /// The setting of that name, in upper or lower case: `cipmux`; `dcd`, `dtr` and `write` for `AT&C`, `AT&D` and `AT&W`.
            #[must_use]
            pub fn from_name(name: &str) -> Option<Self> {
                let names: &[&str] = &[$(stringify!($id),)*];
                let place = names.iter().position(|known| known.eq_ignore_ascii_case(name))?;
                Self::ALL.get(place).copied()
            }

            const fn command(self) -> Command {
                match self { $(Self::$id => Command::$id,)* }
            }

            pub(crate) const fn rule(self) -> Rule {
                match self { $(Self::$id => Rule::$rule,)* }
            }
        }
    };
}

settings! {
    /// The name servers.
    Cdnscfg = 0, Free;
    /// The function level: radio on or off.
    Cfun = 1, Links;
    /// Contexts by their number.
    Cgact = 2, Links;
    /// The attachment to the packet network.
    Cgatt = 3, Links;
    /// The definition of contexts.
    Cgdcont = 4, Free;
    /// Notices of the packet registration.
    Cgreg = 5, Free;
    /// The timer that sends what was typed.
    Cipats = 6, Free;
    /// Transfer in data mode; on `a7600` also the form of errors and headers.
    Cipccfg = 7, Links;
    /// CSD or GPRS, with the access point.
    Cipcsgp = 8, Free;
    /// The watch over the attachment.
    Cipdpdp = 9, Free;
    /// The header of pushed data.
    Ciphead = 10, Framing;
    /// Data mode.
    Cipmode = 11, Context;
    /// One connection or several.
    Cipmux = 12, Context;
    /// Quick send.
    Cipqsend = 13, Free;
    /// Receiving on request: 0 or 1.
    Ciprxget = 14, Framing;
    /// Saves the settings (`set` without values), or shows what was saved.
    Cipscont = 15, Free;
    /// `a7600`: a send ends when the peer has acknowledged.
    Cipsendmode = 16, Free;
    /// The transport in the header of pushed data.
    Cipshowtp = 17, Links;
    /// Prompt and `SEND OK`.
    Cipsprt = 18, Framing;
    /// The sender of pushed data.
    Cipsrip = 19, Links;
    /// `a7600`: how long the network, a link and a send may take.
    Ciptimeout = 20, Free;
    /// Datagrams of any peer.
    Cipudpmode = 21, Free;
    /// The local port of links.
    Clport = 22, Free;
    /// The form of errors.
    Cmee = 23, Free;
    /// Notices of the registration.
    Creg = 24, Free;
    /// Sleep.
    Csclk = 25, Free;
    /// The access point of the next bring-up.
    Cstt = 26, Free;
    /// Flow control.
    Ifc = 27, Free;
    /// What DCD says.
    Dcd = 28, Links;
    /// What DTR does.
    Dtr = 29, Links;
    /// Saves the settings of the line (`set` without values).
    Write = 30, Free;
}

/// The forms of every setting in one dialect.
pub(crate) type Forms = [u8; Setting::ALL.len()];

/// It can be asked for.
pub(crate) const READ: u8 = 1;
/// Its ranges can be asked for.
pub(crate) const TEST: u8 = 2;
/// It can be set, in single-connection mode.
pub(crate) const SINGLE: u8 = 4;
/// It can be set, in multi-connection mode.
pub(crate) const MULTI: u8 = 8;
/// It can be set without a value.
pub(crate) const BARE: u8 = 16;

/// What a manual's rows say of all settings.
#[expect(clippy::indexing_slicing, reason = "runs at compile time")]
pub(crate) const fn forms(rows: &[Row]) -> Forms {
    let mut forms: Forms = [0; Setting::ALL.len()];
    let mut n = 0;
    while n < forms.len() {
        let command = Setting::ALL[n].command() as u8;
        let mut i = 0;
        while i < rows.len() {
            let row = &rows[i];
            if row.command as u8 == command {
                forms[n] |= match (row.form, row.params.is_empty()) {
                    (Form::Read, _) => READ,
                    (Form::Test, _) => TEST,
                    (Form::Exec, true) => BARE,
                    (Form::Set, _) | (Form::Exec, false) => match row.mux {
                        Mux::Any => SINGLE | MULTI,
                        Mux::Single => SINGLE,
                        Mux::Multi => MULTI,
                    },
                };
            }
            i += 1;
        }
        n += 1;
    }
    forms
}

/// A value to be set, in the place that the manual gives it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field<'a> {
    /// A number.
    Number(u32),
    /// Text; it is quoted on the wire.
    Text(&'a str),
    /// Left out: the module keeps what it has, or takes its default.
    Skip,
}

/// The fields of a line of an answer: what stands behind its colon, between commas; quotes and blanks around a field are
/// taken off.
///
/// ```
/// let mut fields = simcom_at::fields(br#"+CIPCSGP: 1,"CMNET","",""#);
/// assert_eq!(fields.next(), Some(&b"1"[..]));
/// assert_eq!(fields.next(), Some(&b"CMNET"[..]));
/// assert_eq!(fields.next(), Some(&b""[..]));
/// ```
pub fn fields(line: &[u8]) -> impl Iterator<Item = &[u8]> {
    let colon = line.iter().position(|byte| *byte == b':').map_or(0, |at| at + 1);
    let mut left = line.get(colon..);
    core::iter::from_fn(move || {
        let text = left?;
        let mut quoted = false;
        let end = text.iter().position(|byte| {
            quoted ^= *byte == b'"';
            *byte == b',' && !quoted
        });
        let field = text.get(..end.unwrap_or(text.len())).unwrap_or_default();
        left = end.and_then(|end| text.get(end + 1..));
        let field = field.trim_ascii();
        Some(field.strip_prefix(b"\"").and_then(|field| field.strip_suffix(b"\"")).unwrap_or(field))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect::Dialect;

    #[test]
    fn numbers_are_places_in_the_table() {
        for (place, setting) in Setting::ALL.iter().enumerate() {
            assert_eq!(*setting as usize, place);
        }
    }

    #[test]
    fn names_are_found_in_any_case() {
        assert_eq!(Setting::from_name("cipccfg"), Some(Setting::Cipccfg));
        assert_eq!(Setting::from_name("CLPORT"), Some(Setting::Clport));
        assert_eq!(Setting::from_name("write"), Some(Setting::Write));
        assert_eq!(Setting::from_name("+CIPMUX"), None);
    }

    #[test]
    fn every_setting_is_one_of_some_manual() {
        for setting in Setting::ALL {
            let place = usize::from(*setting as u8);
            assert!(Dialect::ALL.iter().any(|d| forms(d.rows())[place] != 0), "{setting:?}");
        }
    }

    #[test]
    fn forms_are_those_of_the_manuals() {
        let form = |dialect: Dialect, setting: Setting| forms(dialect.rows())[setting as usize];
        assert_eq!(form(Dialect::Sim800, Setting::Cipmux), READ | TEST | SINGLE | MULTI);
        assert_eq!(form(Dialect::Sim800, Setting::Cipccfg), READ | TEST | SINGLE);
        assert_eq!(form(Dialect::Sim800e, Setting::Clport) & (SINGLE | MULTI), SINGLE);
        assert_eq!(form(Dialect::Sim7000, Setting::Cipscont), 0);
        assert_eq!(form(Dialect::A7600, Setting::Ciptimeout), READ | SINGLE | MULTI);
        assert_eq!(form(Dialect::A7600, Setting::Ciphead), READ | TEST | SINGLE | MULTI | BARE);
        assert_eq!(form(Dialect::Kingcom, Setting::Cdnscfg), 0);
        assert_eq!(form(Dialect::Sim800, Setting::Write), BARE);
        assert_eq!(form(Dialect::Sim800, Setting::Dtr), SINGLE | MULTI);
    }

    #[test]
    fn fields_stand_between_commas() {
        let all = |line: &'static str| -> Vec<String> {
            fields(line.as_bytes()).map(|f| String::from_utf8_lossy(f).into_owned()).collect()
        };
        assert_eq!(all("+CIPCCFG: 5,2,1024,1,0,1460,50"), ["5", "2", "1024", "1", "0", "1460", "50"]);
        assert_eq!(all(r#"+CGDCONT: 1,"IP","a,b","0.0.0.0",0,0"#), ["1", "IP", "a,b", "0.0.0.0", "0", "0"]);
        assert_eq!(all("PrimaryDns: 8.8.8.8"), ["8.8.8.8"]);
        assert_eq!(all("+CSTT: \"CMNET\",  \"\", \"\""), ["CMNET", "", ""]);
        assert_eq!(all("+X: ,,"), ["", "", ""]);
        assert_eq!(all("no colon"), ["no colon"]);
    }
}
