//! `docs/protocol.md`: what each dialect's document says of every command, from the rows.

use std::error::Error;
use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;

use simcom_at::Dialect;
use simcom_at::row::{Finals, Kind, Later, Mux, Notice, Param, Row};
use simcom_modem::codes::{Codes, cme_tables, dns_table, err_table, ip_error_table};

use crate::header::root;

/// The dialects, and the picture of their states.
const DIALECTS: [(Dialect, &str); 6] = [
    (Dialect::Sim800, "[one connection](states/single.svg), [several](states/multi.svg)"),
    (Dialect::Sim800e, "[one connection](states/single.svg), [several](states/multi.svg)"),
    (Dialect::Sim7000, "[one connection](states/single.svg), [several](states/multi.svg)"),
    (Dialect::Kingcom, "[its own](states/kingcom.svg)"),
    (Dialect::A7600, "[its own](states/a7600.svg)"),
    (Dialect::Rda8955, "as SIM800, with some words of its own"),
];

const HEAD: &str = "\
# The protocol, dialect by dialect

Written by `cargo xtask docs` from the rows in `crates/core/src/dialect`; a test compares it. What proves each row is in
[coverage.md](coverage.md).

- `<name>` is a value, `[` `]` stands around what may be left out. A line ends with CR.
- **answer**: the lines in order, each with CR LF in front and behind (a prompt has none behind it, a further information line
  none in front).
- **allowed in**: the states, as `AT+CIPSTATUS` prints them; empty: all. **then**: the state after success.
- **ends with**: what ends the line. `ERROR`, `+CME ERROR`, `+CMS ERROR` and `COMMAND NO RESPONSE!` end every line.
- **later**: what comes behind that and belongs to the command; the time is then the time until that.
- **time**: how long the module may take; 9 s where no document says more.
";

fn path() -> PathBuf {
    root().join("docs/protocol.md")
}

/// Writes it.
pub fn write() -> Result<(), Box<dyn Error>> {
    fs::write(path(), text())?;
    println!("wrote docs/protocol.md");
    Ok(())
}

/// Fails when the committed file is not the one that [`write()`] would write.
pub fn check() -> Result<(), Box<dyn Error>> {
    match fs::read_to_string(path()) {
        Ok(found) if found == text() => Ok(()),
        Ok(_) => Err("docs/protocol.md is not current: run `cargo xtask docs`".into()),
        Err(error) => Err(format!("docs/protocol.md: {error}").into()),
    }
}

fn text() -> String {
    let mut out = HEAD.to_owned();
    for (dialect, states) in DIALECTS {
        let name = dialect.name();
        let links = dialect.links();
        let many = if links == 1 { "one link".to_owned() } else { format!("{links} links") };
        let _ = write!(out, "\n## {name}\n\nAt most {many}. States: {states}.\n\n### {name}: commands\n\n");
        out.push_str(
            "| line | mode | parameters | answer | allowed in | then | ends with | later | time | source |\n",
        );
        out.push_str("|---|---|---|---|---|---|---|---|---|---|\n");
        for row in dialect.rows() {
            out.push_str(&command(row));
        }
        let _ = write!(
            out,
            "\n### {name}: lines by itself\n\n| line | report | meaning | source |\n|---|---|---|---|\n"
        );
        for notice in dialect.notices() {
            out.push_str(&line(notice));
        }
        out.push_str(&errors(dialect));
    }
    out
}

fn command(row: &Row) -> String {
    let mode = match row.mux {
        Mux::Any => "",
        Mux::Single => "single",
        Mux::Multi => "multi",
    };
    let params: Vec<String> = row.params.iter().map(param).collect();
    let replies: Vec<String> = row.replies.iter().map(|reply| code(reply)).collect();
    let states: Vec<String> = row.states.iter().map(|state| code(state)).collect();
    let then = if row.next.is_empty() { String::new() } else { code(row.next) };
    let seconds = format!("{} s", f64::from(row.timeout_ms) / 1000.0);
    cells(&[
        &code(row.text),
        mode,
        &params.join("<br>"),
        &replies.join("<br>"),
        &states.join("<br>"),
        &then,
        &finals(row.finals),
        later(row.later),
        &seconds,
        row.source,
    ])
}

fn line(notice: &Notice) -> String {
    cells(&[&code(notice.text), notice.report, notice.meaning, notice.source])
}

/// `name: range, default`.
fn param(param: &Param) -> String {
    let kind = match param.kind {
        Kind::Number(low, high) if low == high => low.to_string(),
        Kind::Number(low, high) => format!("{low}–{high}"),
        Kind::Text(most) => format!("text, at most {most} bytes"),
        Kind::Word(words) => words.iter().map(|word| code(word)).collect::<Vec<_>>().join(", "),
        Kind::Port => "a port, 0–65535".to_owned(),
        Kind::Host => "an address or a name".to_owned(),
    };
    let default = match param.default {
        None => String::new(),
        Some("") => "; may be left out".to_owned(),
        Some(value) => format!("; default {value}"),
    };
    format!("{}: {kind}{default}", code(param.name))
}

fn finals(finals: Finals) -> String {
    const WORDS: [(Finals, &str); 11] = [
        (Finals::OK, "`OK`"),
        (Finals::SEND_OK, "`SEND OK`"),
        (Finals::SEND_FAIL, "`SEND FAIL`"),
        (Finals::DATA_ACCEPT, "`DATA ACCEPT`"),
        (Finals::CLOSE_OK, "`CLOSE OK`"),
        (Finals::SHUT, "`SHUT OK`"),
        (Finals::ADDRESS, "the address"),
        (Finals::DATA_MODE, "`CONNECT`"),
        (Finals::CONNECT_OK, "`CONNECT OK`"),
        (Finals::CONNECT_FAIL, "`CONNECT FAIL`"),
        (Finals::NO_CARRIER, "`NO CARRIER`"),
    ];
    let words: Vec<&str> =
        WORDS.iter().filter(|(one, _)| finals.meets(*one)).map(|(_, word)| *word).collect();
    words.join(", ")
}

fn later(later: Later) -> &'static str {
    match later {
        Later::Nothing => "",
        Later::Connect => "the open's result",
        Later::Sent => "the send's result",
        Later::Close => "the close's result",
        Later::NetOpen => "the network's result",
        Later::NetClose => "the network's end",
        Later::Dns => "the addresses",
        Later::Server => "the server's result",
        Later::ServerClose => "the server's end",
        Later::Status => "the state and its rows",
    }
}

fn errors(dialect: Dialect) -> String {
    let name = dialect.name();
    let mut out = format!("\n### {name}: numbers of errors\n\n| line | number | meaning |\n|---|---|---|\n");
    let mut table = |text: &str, codes: Codes| {
        for (number, word) in codes {
            out.push_str(&cells(&[&code(text), &number.to_string(), word]));
        }
    };
    for codes in cme_tables(dialect) {
        table("+CME ERROR: <err>", codes);
    }
    table("+IP ERROR: <err_info>", ip_error_table(dialect));
    table("…,<err>, +CIPERROR: <err>", err_table(dialect));
    table("+CDNSGIP: 0,<code>", dns_table(dialect));
    out
}

/// As it is on the wire; an empty line is one of blank.
fn code(text: &str) -> String {
    if text.is_empty() { "(empty)".to_owned() } else { format!("`{text}`") }
}

/// A row of a table.
fn cells(cells: &[&str]) -> String {
    let cells: Vec<String> = cells.iter().map(|cell| cell.replace('|', "\\|")).collect();
    format!("| {} |\n", cells.join(" | "))
}

#[cfg(test)]
mod tests {
    use super::{DIALECTS, check, text};

    #[test]
    fn the_committed_tables_are_current() {
        check().unwrap();
    }

    #[test]
    fn every_row_is_a_line_with_all_its_cells() {
        let text = text();
        for (dialect, _) in DIALECTS {
            let own = text.split(&format!("\n## {}\n", dialect.name())).nth(1).unwrap();
            let own = own.split("\n## ").next().unwrap();
            let cells = |line: &str| line.replace("\\|", "").matches('|').count() - 1;
            let lines =
                |count: usize| own.lines().filter(|l| l.starts_with("| ") && cells(l) == count).count();
            // One more for the head of each table.
            assert_eq!(lines(10), dialect.rows().len() + 1, "{}", dialect.name());
            assert_eq!(lines(4), dialect.notices().len() + 1, "{}", dialect.name());
        }
    }
}
