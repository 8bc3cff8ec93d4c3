//! The coverage table: everything that the documents name, and what proves it.
//!
//! `docs/coverage.txt` is the list. A row is proven on the module's side when a script or an example of a document, byte
//! by byte, comes out of the virtual modem, and does not with that row masked; on the host's side when the reader gives its
//! report and without the row does not, or for a command knows that an answer is due and where it ends. The table is `docs/coverage.md`, written by `cargo xtask coverage`.

mod list;
mod pattern;
mod play;
mod script;

use crate::documents;
use list::{Item, Kind, Mode, items};
pub use play::{Mask, follow};
use simcom_at::Dialect;
use simcom_at::row::{Command, Mux};
use simcom_vectors::by_dialect;
use std::fmt::Write;
use std::path::Path;

/// What proves an item in one dialect.
#[derive(Clone, Default)]
struct Proof {
    /// The script or vector that fails without it.
    modem: Option<String>,
    /// Whether the reader understands it.
    reader: bool,
    /// A vector that has it.
    vector: Option<String>,
}

/// The proofs of all items: by item, by its dialects.
fn prove(items: &[Item]) -> Vec<Vec<Proof>> {
    let mut table: Vec<Vec<Proof>> =
        items.iter().map(|item| vec![Proof::default(); item.dialects.len()]).collect();
    let scripts = script::scripts();
    for dialect in Dialect::ALL.iter().copied() {
        let place_of = |at: usize| items[at].dialects.iter().position(|d| *d == dialect);
        for script in scripts.iter().filter(|s| s.dialects.contains(&dialect)) {
            let seen = match play::script(script, dialect, Mask::none(items)) {
                Ok(seen) => seen,
                Err(_) => continue,
            };
            for (at, times) in seen.reader {
                let Some(place) = place_of(at).filter(|place| !table[at][*place].reader) else { continue };
                let without =
                    play::script(script, dialect, Mask::reader(items, at)).expect("as without a mask");
                table[at][place].reader = without.reader.get(&at).is_none_or(|still| *still < times);
            }
            for at in seen.module {
                let Some(place) = place_of(at) else { continue };
                if table[at][place].modem.is_none()
                    && play::script(script, dialect, Mask::module(items, at)).is_err()
                {
                    table[at][place].modem = Some(script.name.to_string());
                }
            }
        }
        for vector in by_dialect(dialect.name()) {
            let name = vector.name.rsplit('/').next().unwrap_or_default();
            let seen = play::vector(&vector, dialect, Mask::none(items));
            for (at, times) in seen.reader {
                let Some(place) = place_of(at).filter(|place| !table[at][*place].reader) else { continue };
                let without = play::vector(&vector, dialect, Mask::reader(items, at));
                table[at][place].reader = without.reader.get(&at).is_none_or(|still| *still < times);
            }
            for at in seen.module {
                let Some(place) = place_of(at) else { continue };
                let proof = &mut table[at][place];
                proof.vector.get_or_insert_with(|| name.to_string());
                if proof.modem.is_none()
                    && let Some(before) = documents::exact(dialect, &vector)
                    && documents::replay(dialect, &vector.transcript, before, Mask::module(items, at))
                        .is_err()
                {
                    proof.modem = Some(name.to_string());
                }
            }
        }
    }
    table
}

#[test]
fn every_script_comes_out() {
    let items = items();
    let wrong: Vec<String> = script::scripts()
        .iter()
        .flat_map(|script| script.dialects.iter().map(move |dialect| (script, *dialect)))
        .filter_map(|(script, dialect)| play::script(script, dialect, Mask::none(&items)).err())
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_list_has_every_row_and_notice() {
    let items = items();
    let mut missing = Vec::new();
    for dialect in Dialect::ALL.iter().copied() {
        let listed = |text: &str, mode: Option<Mode>| {
            items.iter().any(|i| {
                i.text == text.trim_end()
                    && i.dialects.contains(&dialect)
                    && mode.is_none_or(|mode| i.mode == mode)
            })
        };
        for row in dialect.rows() {
            let mode = match row.mux {
                Mux::Any => Mode::Any,
                Mux::Single => Mode::Single,
                Mux::Multi => Mode::Multi,
            };
            if !listed(row.text, Some(mode)) {
                missing.push(format!("command {} {:?} {}", row.text, row.mux, dialect.name()));
            }
        }
        for notice in dialect.notices().iter().filter(|n| !listed(n.text, None)) {
            missing.push(format!("notice {} {}", notice.text, dialect.name()));
        }
        for item in items.iter().filter(|i| i.kind == Kind::Command && i.dialects.contains(&dialect)) {
            if !dialect.rows().iter().any(|row| row.text == item.text) {
                missing.push(format!("no row {} {}", item.text, dialect.name()));
            }
        }
    }
    assert!(missing.is_empty(), "{}", missing.join("\n"));
    assert!(
        Command::ALL
            .iter()
            .all(|c| items.iter().any(|i| i.kind == Kind::Command && i.text.contains(c.name())))
    );
}

/// Without the variable it compares; `cargo xtask coverage` sets it to write the table anew.
#[test]
fn the_table_is_current() {
    let items = items();
    let table = prove(&items);
    let (text, open) = render(&items, &table);
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/coverage.md");
    if std::env::var_os("SIMCOM_COVERAGE").is_some() {
        std::fs::write(&path, &text).expect("docs/coverage.md can be written");
        println!("{}", open.join("\n"));
        println!("{} rows, {} open", table.iter().map(Vec::len).sum::<usize>(), open.len());
        return;
    }
    let found = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        found == text,
        "docs/coverage.md is not current: run `cargo xtask coverage`; open: {}",
        open.join("\n")
    );
}

/// The table, and the rows that are open.
fn render(items: &[Item], table: &[Vec<Proof>]) -> (String, Vec<String>) {
    let mut open = Vec::new();
    let mut rows = String::new();
    let mut word = "";
    for (item, proofs) in items.iter().zip(table) {
        if item.word != word {
            word = item.word;
            let _ = write!(rows, "\n## {}\n\n{HEAD}", heading(word));
        }
        for (dialect, proof) in item.dialects.iter().zip(proofs) {
            let name = dialect.name();
            let host = if proof.reader { "yes" } else { "**open**" };
            let modem = match (&proof.modem, item.never) {
                (Some(_), "") => "yes",
                (None, "") => "**open**",
                (None, why) => why,
                (Some(test), why) => panic!("{test} has it, so it is not true that {why}"),
            };
            let tests: Vec<&str> =
                [proof.modem.as_deref(), proof.vector.as_deref()].into_iter().flatten().collect();
            let mode = if item.mode == Mode::Any { String::new() } else { format!(" ({})", item.mode_word) };
            let mut tests: Vec<&str> = tests;
            tests.dedup();
            let tests = if tests.is_empty() { "**open**".to_string() } else { tests.join(", ") };
            let text = item.text.replace('|', "\\|");
            let _ =
                writeln!(rows, "| `{text}`{mode} | {name} | {host} | {modem} | {tests} | {} |", item.source);
            for (what, missing) in
                [("host", !proof.reader), ("modem", proof.modem.is_none() && item.never.is_empty())]
            {
                if missing {
                    open.push(format!("open: {what}: {} {}{mode} {name}", item.word, item.text));
                }
            }
        }
    }
    let count: usize = table.iter().map(Vec::len).sum();
    let head = format!(
        "# What the documents name, and what proves it\n\n\
         Written by `cargo xtask coverage` from [coverage.txt](coverage.txt); a test compares it.\n\n\
         - **Host**: the reader gives the line's report, and not when the row is masked; of a command it knows that an answer is\n  due, and where it ends.\n\
         - **Modem**: the virtual modem does it: the first test named in the row fails when the row is masked. Or why it never says that.\n\
         - **Tests**: a script of `crates/modem/tests/modem/coverage/scripts`, or a vector.\n\n\
         {count} rows, {} cells open.\n",
        open.len()
    );
    (head + &rows, open)
}

const HEAD: &str = "| row | dialect | host | modem | tests | source |\n|---|---|---|---|---|---|\n";

fn heading(word: &str) -> &'static str {
    match word {
        "command" => "Commands",
        "notice" => "Notices, headers and results",
        "state" => "States",
        _ => "Errors",
    }
}
