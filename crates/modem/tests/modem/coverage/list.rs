//! The list of all that the documents name: `docs/coverage.txt`.

use super::pattern;
use simcom_at::Dialect;

const LIST: &str = include_str!("../../../../../docs/coverage.txt");

/// What a line of the list is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A command form.
    Command,
    /// A line that the module prints: a notice, a header, a result, a state, an error.
    Line,
}

/// In which connection mode.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    Any,
    Single,
    Multi,
}

impl Mode {
    /// Whether something of this mode exists in that one.
    pub fn in_multi(self, multi: bool) -> bool {
        match self {
            Self::Any => true,
            Self::Single => !multi,
            Self::Multi => multi,
        }
    }
}

/// One line of the list.
#[derive(Clone, Debug)]
pub struct Item {
    pub kind: Kind,
    /// The word of the list: `command`, `notice`, `state`, `error`.
    pub word: &'static str,
    pub mode: Mode,
    pub mode_word: &'static str,
    pub text: &'static str,
    /// The report of a line; empty for a command.
    pub report: &'static str,
    pub dialects: Vec<Dialect>,
    pub source: &'static str,
    /// Why the virtual modem never comes there; empty: it does.
    pub never: &'static str,
}

impl Item {
    /// Whether a line of the module is this one. Of a header only the beginning counts.
    pub fn is(&self, line: &str, multi: bool) -> bool {
        self.mode.in_multi(multi) && pattern::matches(self.text, line.trim_end(), self.report == "Data")
    }
}

/// All lines of the list.
pub fn items() -> Vec<Item> {
    LIST.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).map(item).collect()
}

fn item(line: &'static str) -> Item {
    let parts: Vec<&'static str> = line.split(" | ").map(str::trim).collect();
    let (parts, never) = parts.split_at(6.min(parts.len()));
    let [word, mode_word, text, report, dialects, source] = parts[..] else { panic!("six parts: {line}") };
    let never = never.first().copied().unwrap_or_default();
    let kind = match word {
        "command" => Kind::Command,
        "notice" | "state" | "error" => Kind::Line,
        _ => panic!("{word}: {line}"),
    };
    let mode = match mode_word {
        "-" => Mode::Any,
        "single" => Mode::Single,
        "multi" => Mode::Multi,
        _ => panic!("{mode_word}: {line}"),
    };
    let report = if report == "-" { "" } else { report };
    assert_eq!(kind == Kind::Command, report.is_empty(), "{line}");
    let dialects = dialects.split(' ').map(|d| Dialect::from_name(d).expect(line)).collect();
    Item { kind, word, mode, mode_word, text, report, dialects, source, never }
}

/// The command form that a host's line is, by its place in `items`.
pub fn command_of(items: &[Item], dialect: Dialect, multi: bool, line: &str) -> Option<usize> {
    let known = items.iter().enumerate().filter(|(_, item)| {
        item.kind == Kind::Command
            && item.dialects.contains(&dialect)
            && item.mode.in_multi(multi || dialect == Dialect::A7600)
            && pattern::matches(item.text, line.trim_end(), false)
    });
    known.max_by_key(|(_, item)| pattern::weight(item.text)).map(|(place, _)| place)
}
