//! Every command form that a dialect's manual has is known to the module.

use crate::rig::{Rig, seen};
use simcom_at::Dialect;
use simcom_at::row::{Command, Form, Kind, Mux, Row};

/// A rig in which the form exists and the command is allowed, as far as that can be said in general.
fn ready(dialect: Dialect, row: &Row) -> Rig {
    let mut rig = Rig::new(dialect);
    rig.host(b"AT+CMEE=1\r");
    if row.mux == Mux::Multi {
        rig.host(b"AT+CIPMUX=1\r");
    }
    if dialect == Dialect::A7600 {
        rig.host(b"AT+NETOPEN\r");
        rig.host(b"AT+CIPRXGET=1\r");
    }
    rig
}

#[test]
fn tests_and_queries_are_answered_as_the_rows_say() {
    let mut wrong = Vec::new();
    for dialect in Dialect::ALL.iter().copied() {
        for row in dialect.rows().iter().filter(|r| matches!(r.form, Form::Test | Form::Read)) {
            let mut rig = ready(dialect, row);
            let printed = rig.host(format!("{}\r", row.text).as_bytes());
            let first = seen(row.replies.first().copied().unwrap_or("OK"));
            let whole = if first.contains('<') { String::new() } else { "\\r\\n".to_string() };
            let literal = first.split('<').next().unwrap_or("").to_string() + &whole;
            // Rows that come once for each link, server or context that there is.
            let none = printed == "\\r\\nOK\\r\\n"
                && ["+CIPSEND: <", "+CGDCONT: <", "+SERVERSTART: <"].iter().any(|l| first.starts_with(l));
            if !printed.contains(&literal) && !none {
                wrong.push(format!("{} {}: {printed} instead of {first}", dialect.name(), row.text));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn no_set_or_exec_form_is_unknown() {
    let mut wrong = Vec::new();
    for dialect in Dialect::ALL.iter().copied() {
        for row in dialect.rows().iter().filter(|r| matches!(r.form, Form::Set | Form::Exec)) {
            let mut rig = ready(dialect, row);
            let line = rendered(row);
            if matches!(row.command, Command::Escape | Command::Online) || needs_a_link(dialect, row) {
                continue;
            }
            let printed = rig.host(format!("{line}\r").as_bytes()) + &rig.pass(2000);
            if printed == "\\r\\nERROR\\r\\n" || printed.is_empty() {
                wrong.push(format!("{} {line} ({}): {printed}", dialect.name(), row.text));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The text of a row with all its parameters.
fn rendered(row: &Row) -> String {
    rendered_with(row, |_, kind| value(kind))
}

/// The same with values of one's own, by the parameter's place.
fn rendered_with(row: &Row, value: impl Fn(usize, &Kind) -> String) -> String {
    let mut line = row.text.replace(['[', ']'], "");
    for (at, param) in row.params.iter().enumerate() {
        let place = format!("<{}>", param.name);
        let quoted = line.contains(&format!("\"{place}\""));
        line = line.replacen(&place, value(at, &param.kind).trim_matches(|c| quoted && c == '"'), 1);
    }
    line
}

/// Kingcom says `ERROR`, without a number, where there is no link.
fn needs_a_link(dialect: Dialect, row: &Row) -> bool {
    let without_number = [Command::Cifsr, Command::Cipsend, Command::Cipclose];
    dialect == Dialect::Kingcom && without_number.contains(&row.command)
}

/// A value that is always right.
fn value(kind: &Kind) -> String {
    match kind {
        Kind::Number(low, high) => low.max(&1.min(*high)).to_string(),
        Kind::Text(_) => "\"abc\"".to_string(),
        Kind::Word(words) => format!("\"{}\"", words[0]),
        Kind::Port => "80".to_string(),
        Kind::Host => "\"1.2.3.4\"".to_string(),
    }
}

/// What the module prints for a line, errors as numbers.
fn says(dialect: Dialect, row: &Row, line: &str) -> String {
    let mut rig = ready(dialect, row);
    rig.host(format!("{line}\r").as_bytes()) + &rig.pass(2000)
}

#[test]
fn the_ranges_of_the_rows_are_those_of_the_module() {
    let mut wrong = Vec::new();
    let mut tried = 0;
    for dialect in Dialect::ALL.iter().copied() {
        for row in dialect.rows().iter().filter(|r| r.form == Form::Set) {
            // Where a right value is refused, by the state, a wrong one says nothing.
            if says(dialect, row, &rendered(row)).contains("ERROR") {
                continue;
            }
            for (at, param) in row.params.iter().enumerate() {
                let Kind::Number(low, high) = param.kind else { continue };
                let with = |value: i32| {
                    rendered_with(
                        row,
                        |place, kind| if place == at { value.to_string() } else { self::value(kind) },
                    )
                };
                for (value, fits) in [(low, true), (high, true), (low - 1, false), (high + 1, false)] {
                    if value < 0 {
                        continue;
                    }
                    tried += 1;
                    let printed = says(dialect, row, &with(value));
                    // Not now: `AT+CIPUDPMODE=2` wants mode 1 first, `AT+CIPRXGET=2` a link.
                    if ["+CME ERROR: 3\\r", "+CME ERROR: 50\\r"]
                        .iter()
                        .any(|refused| printed.contains(refused))
                    {
                        continue;
                    }
                    if printed.contains("ERROR") == fits {
                        wrong.push(format!("{} {}: {printed}", dialect.name(), with(value)));
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(tried > 500, "{tried}");
}

#[test]
fn a_command_is_refused_where_its_row_does_not_allow_it_and_nowhere_else() {
    let open = r#"AT+CIPSTART="TCP","1.2.3.4",80"#;
    let ways: [(&str, &[&str]); 7] = [
        ("IP INITIAL", &[]),
        ("IP START", &["AT+CSTT"]),
        ("IP GPRSACT", &["AT+CSTT", "AT+CIICR"]),
        ("IP STATUS", &["AT+CSTT", "AT+CIICR", "AT+CIFSR"]),
        ("CONNECT OK", &[open]),
        ("TCP CLOSED", &[open, "AT+CIPCLOSE"]),
        ("SERVER LISTENING", &["AT+CSTT", "AT+CIICR", "AT+CIFSR", "AT+CIPSERVER=1,80"]),
    ];
    let mut wrong = Vec::new();
    let mut tried = 0;
    for dialect in [Dialect::Sim800, Dialect::Sim800e, Dialect::Sim7000] {
        // Data mode has tests of its own.
        let in_command_mode = |r: &&Row| !matches!(r.command, Command::Escape | Command::Online);
        let rows = dialect.rows().iter().filter(|r| !r.states.is_empty() && r.mux != Mux::Multi);
        for row in rows.filter(in_command_mode) {
            for (state, way) in ways {
                let mut rig = Rig::new(dialect);
                for line in way {
                    let line = if dialect == Dialect::Sim800e {
                        line.replace("=1,80", "=80")
                    } else {
                        (*line).to_string()
                    };
                    rig.host(format!("{line}\r").as_bytes());
                }
                let now = rig.host(b"AT+CIPSTATUS\r");
                assert!(now.contains(&format!("STATE: {state}\\r")), "{now}");
                // No document says what a server does there; the module lets it, as a client.
                if row.command == Command::Cipserver && state == "TCP CLOSED" {
                    continue;
                }
                tried += 1;
                let printed = rig.host(format!("{}\r", rendered(row)).as_bytes());
                if printed.contains("ERROR") == row.states.contains(&state) {
                    wrong.push(format!("{} {} in {state}: {printed}", dialect.name(), rendered(row)));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(tried > 200, "{tried}");
}
