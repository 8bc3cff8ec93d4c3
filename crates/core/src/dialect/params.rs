//! What the dialect files are written with: parameters that several manuals share, and short constructors of rows.
//!
//! All of it runs at compile time only.

use crate::row::Command::{
    At, Cfun, Cgatt, Cgdcont, Cgreg, Cmee, Cpin, Creg, Csq, Dcd, Dtr, Echo, Identity, Ifc, Verbose, Write,
};
use crate::row::{Command, Finals, Form, Kind, Later, Mux, Notice, Param, Row};

/// One section of a manual: document and section, and the command forms described there.
pub(super) type Section = (&'static str, &'static [Row]);

/// How long a final result may take where no document says more.
pub(super) const USUAL_MS: u32 = 9_000;

/// A parameter that must be given.
pub(super) const fn must(name: &'static str, kind: Kind) -> Param {
    Param { name, kind, default: None }
}

/// A parameter that may be left out, and the value it then has.
pub(super) const fn may(name: &'static str, kind: Kind, default: &'static str) -> Param {
    Param { name, kind, default: Some(default) }
}

/// A number that must be given.
pub(super) const fn number(name: &'static str, first: i32, last: i32) -> Param {
    must(name, Kind::Number(first, last))
}

/// `<mode>`, `<n>` or `<state>` that is 0 or 1.
pub(super) const MODE: Param = number("mode", 0, 1);
/// See [`MODE`].
pub(super) const SWITCH: Param = number("n", 0, 1);
/// See [`MODE`].
pub(super) const STATE: Param = number("state", 0, 1);
/// `<n>` or `<mode>` from 0 to 2.
pub(super) const LEVEL: Param = number("n", 0, 2);
/// See [`LEVEL`].
pub(super) const MODE_2: Param = number("mode", 0, 2);
/// `"TCP"` or `"UDP"`.
pub(super) const TRANSPORT: Param = must("mode", Kind::Word(&["TCP", "UDP"]));
/// An address or a name.
pub(super) const HOST: Param = must("host", Kind::Host);
/// A port.
pub(super) const PORT: Param = must("port", Kind::Port);
/// The PIN of the SIM card.
pub(super) const PIN: Param = must("pin", Kind::Text(8));
/// `<cid>`, the number of a context.
pub(super) const CID: Param = number("cid", 1, 15);
/// The access point.
pub(super) const APN: Param = must("apn", Kind::Text(50));
/// The user of the access point.
pub(super) const USER: Param = may("user", Kind::Text(50), "");
/// The password of the access point.
pub(super) const PASSWORD: Param = may("password", Kind::Text(50), "");

const fn row(command: Command, form: Form, text: &'static str, replies: &'static [&'static str]) -> Row {
    Row {
        command,
        form,
        mux: Mux::Any,
        text,
        params: &[],
        replies,
        states: &[],
        next: "",
        finals: Finals::OK,
        later: Later::Nothing,
        timeout_ms: USUAL_MS,
        source: "",
    }
}

/// `AT+X=?`.
pub(super) const fn test(command: Command, text: &'static str, replies: &'static [&'static str]) -> Row {
    row(command, Form::Test, text, replies)
}

/// `AT+X?`.
pub(super) const fn read(command: Command, text: &'static str, replies: &'static [&'static str]) -> Row {
    row(command, Form::Read, text, replies)
}

/// `AT+X=…`, answered by `OK`.
pub(super) const fn set(command: Command, text: &'static str, params: &'static [Param]) -> Row {
    row(command, Form::Set, text, &["OK"]).with(params)
}

/// `AT+X`.
pub(super) const fn exec(command: Command, text: &'static str, replies: &'static [&'static str]) -> Row {
    row(command, Form::Exec, text, replies)
}

impl Row {
    /// Its parameters.
    pub(super) const fn with(self, params: &'static [Param]) -> Self {
        Self { params, ..self }
    }

    /// Its answer.
    pub(super) const fn gives(self, replies: &'static [&'static str]) -> Self {
        Self { replies, ..self }
    }

    /// Only with `AT+CIPMUX=0`.
    pub(super) const fn single(self) -> Self {
        Self { mux: Mux::Single, ..self }
    }

    /// Only with `AT+CIPMUX=1`.
    pub(super) const fn multi(self) -> Self {
        Self { mux: Mux::Multi, ..self }
    }

    /// Only in these states.
    pub(super) const fn allowed(self, states: &'static [&'static str]) -> Self {
        Self { states, ..self }
    }

    /// The state after success.
    pub(super) const fn leads_to(self, next: &'static str) -> Self {
        Self { next, ..self }
    }

    /// Its line ends with one of these, not just with `OK`.
    pub(super) const fn ends(self, finals: Finals) -> Self {
        Self { finals, ..self }
    }

    /// The time it may take.
    pub(super) const fn within(self, timeout_ms: u32) -> Self {
        Self { timeout_ms, ..self }
    }

    /// What comes behind the final result, and how long that may take.
    pub(super) const fn later(self, later: Later, timeout_ms: u32) -> Self {
        Self { later, timeout_ms, ..self }
    }

    /// Its own source, where that is not the one of its section.
    pub(super) const fn from(self, source: &'static str) -> Self {
        Self { source, ..self }
    }

    const fn in_section(self, source: &'static str) -> Self {
        if self.source.is_empty() { self.from(source) } else { self }
    }
}

/// How many rows a manual has.
pub(super) const fn count(mut manual: &[Section]) -> usize {
    let mut sum = 0;
    while let Some(((_, rows), rest)) = manual.split_first() {
        sum += rows.len();
        manual = rest;
    }
    sum
}

/// The rows of a manual in one table, each with the source of its section.
#[allow(clippy::indexing_slicing, reason = "runs at compile time only, where a slip is a compile error")]
pub(super) const fn rows<const N: usize>(mut manual: &[Section]) -> [Row; N] {
    let mut table = [row(Command::At, Form::Exec, "", &[]); N];
    let mut at = 0;
    while let Some((section, others)) = manual.split_first() {
        let (source, mut forms) = *section;
        while let Some((form, behind)) = forms.split_first() {
            table[at] = form.in_section(source);
            at += 1;
            forms = behind;
        }
        manual = others;
    }
    table
}

/// A notice, a header or a later result.
pub(super) const fn notice(
    text: &'static str,
    report: &'static str,
    meaning: &'static str,
    source: &'static str,
) -> Notice {
    Notice { text, report, meaning, source }
}

// The general commands, alike in all dialects.

/// `AT`, `ATE`, `ATV`, `AT&W`.
pub(super) const LINE: &[Row] = &[
    exec(At, "AT", &["OK"]),
    exec(Echo, "ATE0", &["OK"]).from("ITU-T V.250 §6.2.4"),
    exec(Echo, "ATE1", &["OK"]).from("ITU-T V.250 §6.2.4"),
    exec(Verbose, "ATV<mode>", &["OK"]).with(&[MODE]).from("ITU-T V.250 §6.2.6"),
    exec(Write, "AT&W", &["OK"]),
];

/// `AT&C`, `AT&D`.
pub(super) const MODEM_LINES: &[Row] =
    &[exec(Dcd, "AT&C<mode>", &["OK"]).with(&[MODE]), exec(Dtr, "AT&D<mode>", &["OK"]).with(&[MODE_2])];

/// `AT+IFC`.
pub(super) const IFC: &[Row] = &[
    test(Ifc, "AT+IFC=?", &["+IFC: (0-2),(0-2)", "OK"]),
    read(Ifc, "AT+IFC?", &["+IFC: <dce>,<dte>", "OK"]),
    set(Ifc, "AT+IFC=<dce>[,<dte>]", &[number("dce", 0, 2), may("dte", Kind::Number(0, 2), "")]),
];

/// `ATI`.
pub(super) const ATI: &[Row] = &[exec(Identity, "ATI", &["<text>", "OK"])];

/// `AT+CMEE`.
pub(super) const CMEE: &[Row] = &[
    test(Cmee, "AT+CMEE=?", &["+CMEE: (0-2)", "OK"]),
    read(Cmee, "AT+CMEE?", &["+CMEE: <n>", "OK"]),
    set(Cmee, "AT+CMEE=<n>", &[LEVEL]),
];

/// `AT+CFUN`.
pub(super) const CFUN: &[Row] = &[
    test(Cfun, "AT+CFUN=?", &["+CFUN: (0,1,4),(0,1)", "OK"]),
    read(Cfun, "AT+CFUN?", &["+CFUN: <fun>", "OK"]),
    set(Cfun, "AT+CFUN=<fun>[,<reset>]", &[number("fun", 0, 4), may("reset", Kind::Number(0, 1), "0")]),
];

/// `AT+CPIN`.
pub(super) const CPIN: &[Row] = &[
    test(Cpin, "AT+CPIN=?", &["OK"]),
    read(Cpin, "AT+CPIN?", &["+CPIN: <code>", "OK"]),
    set(Cpin, r#"AT+CPIN="<pin>""#, &[PIN]),
    set(Cpin, r#"AT+CPIN="<puk>","<pin>""#, &[must("puk", Kind::Text(8)), PIN]),
];

/// `AT+CSQ`.
pub(super) const CSQ: &[Row] = &[
    test(Csq, "AT+CSQ=?", &["+CSQ: (0-31,99),(0-7,99)", "OK"]),
    exec(Csq, "AT+CSQ", &["+CSQ: <rssi>,<ber>", "OK"]),
];

/// `AT+CREG`.
pub(super) const CREG: &[Row] = &[
    test(Creg, "AT+CREG=?", &["+CREG: (0-2)", "OK"]),
    read(Creg, "AT+CREG?", &[r#"+CREG: <n>,<stat>[,"<lac>","<ci>"]"#, "OK"]),
    set(Creg, "AT+CREG=<n>", &[LEVEL]),
];

/// `AT+CGREG`.
pub(super) const CGREG: &[Row] = &[
    test(Cgreg, "AT+CGREG=?", &["+CGREG: (0-2)", "OK"]),
    read(Cgreg, "AT+CGREG?", &[r#"+CGREG: <n>,<stat>[,"<lac>","<ci>"]"#, "OK"]),
    set(Cgreg, "AT+CGREG=[<n>]", &[may("n", Kind::Number(0, 2), "0")]),
];

/// `AT+CGATT`; the time differs.
pub(super) const fn cgatt(timeout_ms: u32) -> [Row; 3] {
    [
        test(Cgatt, "AT+CGATT=?", &["+CGATT: (0,1)", "OK"]),
        read(Cgatt, "AT+CGATT?", &["+CGATT: <state>", "OK"]),
        set(Cgatt, "AT+CGATT=<state>", &[STATE]).within(timeout_ms),
    ]
}

/// `AT+CGDCONT`.
pub(super) const CGDCONT: &[Row] = &[
    test(Cgdcont, "AT+CGDCONT=?", &[r#"+CGDCONT: (1-15),"IP",,,(0,1),(0,1)"#, "OK"]),
    read(Cgdcont, "AT+CGDCONT?", &[r#"+CGDCONT: <cid>,"IP","<apn>","<ip>",0,0"#, "OK"]),
    set(Cgdcont, r#"AT+CGDCONT=<cid>,"IP","<apn>""#, &[CID, APN]),
];
