//! Plays a script or a vector, on the module and in front of a reader, with one row masked or none.

use super::list::{Item, Kind, command_of};
use super::script::{self, Act, Script};
use simcom_at::Dialect;
use simcom_vectors::{Reading, Step, Vector, unescape};
use std::collections::BTreeMap;

/// A row that is switched off on one side.
#[derive(Clone, Copy)]
pub struct Mask<'a> {
    pub items: &'a [Item],
    /// Its place, where the module does not know the command, or does not print the line.
    off: Option<usize>,
    /// Its place, where the reader is not told of the command, or cannot know the line.
    spoiled: Option<usize>,
}

impl<'a> Mask<'a> {
    /// Everything is as it should be.
    pub const fn none(items: &'a [Item]) -> Self {
        Self { items, off: None, spoiled: None }
    }

    /// The module without a row.
    pub fn module(items: &'a [Item], place: usize) -> Self {
        Self { off: Some(place), ..Self::none(items) }
    }

    /// The reader without a row.
    pub fn reader(items: &'a [Item], place: usize) -> Self {
        Self { spoiled: Some(place), ..Self::none(items) }
    }

    fn is_line(&self, place: Option<usize>, line: &[u8], multi: bool) -> bool {
        let item = place.map(|at| &self.items[at]);
        item.is_some_and(|item| item.kind == Kind::Line && item.is(&text(line), multi))
    }

    /// What the reader hears of the host: nothing of a command that is spoiled.
    fn heard<'b>(&self, place: Option<usize>, bytes: &'b [u8]) -> &'b [u8] {
        if place.is_some() && place == self.spoiled { b"" } else { bytes }
    }

    /// What the reader sees of the module's bytes: the first byte of a line that is spoiled is another.
    fn seen(&self, bytes: &[u8], multi: bool) -> Vec<u8> {
        let mut all = Vec::new();
        for line in bytes.split_inclusive(|b| *b == b'\n') {
            let spoiled = self.is_line(self.spoiled, line, multi);
            all.extend_from_slice(if spoiled { b"~" } else { &line[..1] });
            all.extend_from_slice(&line[1..]);
        }
        all
    }
    fn hides_command(&self, dialect: Dialect, multi: bool, line: &str) -> bool {
        self.off.is_some() && command_of(self.items, dialect, multi, line) == self.off
    }

    /// What the module takes instead of `line`.
    pub fn command(&self, dialect: Dialect, multi: bool, line: &str) -> String {
        if self.hides_command(dialect, multi, line) {
            "AT+UNKNOWN".to_string() + "\r"
        } else {
            line.to_string()
        }
    }

    /// What is left of the module's lines.
    pub fn printed(&self, bytes: Vec<u8>, multi: bool) -> Vec<u8> {
        if self.off.is_none() {
            return bytes;
        }
        let shown = |line: &&[u8]| !self.is_line(self.off, line, multi);
        bytes.split_inclusive(|b| *b == b'\n').filter(shown).flatten().copied().collect()
    }
}

fn text(line: &[u8]) -> String {
    line.iter().map(|b| char::from(*b)).collect::<String>().trim_matches(['\r', '\n']).to_string()
}

/// What was seen while a script or vector was played without a mask.
#[derive(Default)]
pub struct Seen {
    /// The items that the module gave, by their places.
    pub module: Vec<usize>,
    /// The items that the reader understood, and how often.
    pub reader: BTreeMap<usize, usize>,
}

impl Seen {
    fn note(list: &mut Vec<usize>, place: usize) {
        if !list.contains(&place) {
            list.push(place);
        }
    }

    fn understood(&mut self, place: usize, times: usize) {
        if times > 0 {
            *self.reader.entry(place).or_default() += times;
        }
    }

    /// Commands whose end a reader knows.
    fn command(&mut self, place: usize) {
        Self::note(&mut self.module, place);
    }
}

/// Keeps track of `AT+CIPMUX`.
pub fn follow(multi: &mut bool, line: &str) {
    match line.trim_end().to_ascii_uppercase().as_str() {
        "AT+CIPMUX=1" => *multi = true,
        "AT+CIPMUX=0" => *multi = false,
        _ => {}
    }
}

/// The printed lines that are not empty.
fn lines(printed: &[u8]) -> Vec<String> {
    printed.split(|b| *b == b'\n').map(text).filter(|l| !l.is_empty()).collect()
}

/// Plays a script on the module; the first line that is not as wanted is the error.
pub fn script(script: &Script, dialect: Dialect, mask: Mask<'_>) -> Result<Seen, String> {
    let mut rig = script.rig(dialect);
    let mut seen = Seen::default();
    let mut multi = dialect == Dialect::A7600;
    let mut reading = Reading::new(dialect, [("ciphead", "0")], false);
    if dialect == Dialect::A7600 {
        reading = Reading::new(dialect, [], false);
    }
    let mut asked = None;
    // The reader knows that the command's answer is still to come.
    let mut due = false;
    for step in &script.steps {
        let mut said = Vec::new();
        let printed = match step.act {
            Act::Line(line) => {
                let line = format!("{line}\r");
                asked = command_of(mask.items, dialect, multi, &line);
                let before = reading.is_pending();
                said.extend(reading.host(mask.heard(asked, line.as_bytes())));
                due = !before && reading.is_pending();
                let printed = rig.host(mask.command(dialect, multi, &line).as_bytes());
                follow(&mut multi, &line);
                printed
            }
            Act::Bytes(line) => {
                asked = command_of(mask.items, dialect, multi, line).filter(|_| line == "+++").or(asked);
                said.extend(reading.host(mask.heard(asked.filter(|_| line == "+++"), &script::bytes(line))));
                due &= line != "+++";
                let typed = if line == "+++" { mask.command(dialect, multi, line) } else { line.to_string() };
                rig.host(&script::bytes(&typed))
            }
            Act::Outside(what) => script::outside(&mut rig, what),
            Act::Pass(ms) => rig.pass(ms),
        };
        let printed = mask.printed(unescape(printed.replace("\\'", "'").as_bytes()).expect("escaped"), multi);
        let got = lines(&printed);
        let wanted: Vec<String> = step.wanted.iter().map(|l| text(&script::bytes(l))).collect();
        // `...`: the lines that follow are not compared.
        let (got_so_far, wanted_so_far) = match wanted.split_last() {
            Some((last, head)) if last == "..." => (got.get(..head.len()).unwrap_or(&got), head),
            _ => (&got[..], &wanted[..]),
        };
        if got_so_far != wanted_so_far {
            return Err(format!(
                "{} ({}): {:?}: {got:?} instead of {wanted:?}",
                script.name,
                dialect.name(),
                step.act
            ));
        }
        said.extend(reading.module(&mask.seen(&printed, multi)));
        if !matches!(step.act, Act::Line(_)) {
            said.extend(reading.silence(1000));
        }
        if let (Act::Line(_) | Act::Bytes("+++"), Some(place)) = (step.act, asked) {
            seen.command(place);
        }
        // In data mode `OK` is a result only for who knows of the escape.
        let escaped = asked.is_some_and(|at| mask.items[at].text == "+++")
            && said.iter().any(|(said, _)| said.name == "Ok");
        if let Some(place) = asked.filter(|_| escaped || due && !reading.is_pending()) {
            seen.understood(place, 1);
        }
        note_lines(&mut seen, mask.items, dialect, multi, &got, &said);
    }
    Ok(seen)
}

fn note_lines(
    seen: &mut Seen,
    items: &[Item],
    dialect: Dialect,
    multi: bool,
    printed: &[String],
    said: &[(simcom_vectors::Said, Vec<u8>)],
) {
    for (place, item) in items.iter().enumerate() {
        if item.kind != Kind::Line || !item.dialects.contains(&dialect) {
            continue;
        }
        if !printed.iter().any(|line| item.is(line, multi)) {
            continue;
        }
        Seen::note(&mut seen.module, place);
        // Of a header the report is enough, and that it has the sender where the text has one.
        let sender = item.text.ends_with("<ip>:<port>");
        let understood = said.iter().filter(|(said, _)| said.name == item.report).filter(|(said, line)| {
            if said.name == "Data" {
                !sender || said.field("from").is_some()
            } else {
                item.is(&text(line), multi)
            }
        });
        seen.understood(place, understood.count());
    }
}

/// The items that a vector names and its reports understand.
pub fn vector(vector: &Vector, dialect: Dialect, mask: Mask<'_>) -> Seen {
    let items = mask.items;
    let transcript = &vector.transcript;
    let mut seen = Seen::default();
    let mut multi = dialect == Dialect::A7600 || transcript.config_value("mux") == Some("multi");
    let mut reading = Reading::new(dialect, transcript.config(), false);
    let (mut printed, mut said) = (Vec::new(), Vec::new());
    let (mut asked, mut due) = (None, false);
    for step in &transcript.steps {
        match step {
            Step::Host(bytes) => {
                let line = text(bytes);
                let command = command_of(items, dialect, multi, &line);
                let before = reading.is_pending();
                said.extend(reading.host(mask.heard(command, bytes)));
                note_lines(&mut seen, items, dialect, multi, &lines(&printed), &said);
                (printed, said) = (Vec::new(), Vec::new());
                if let Some(place) = command {
                    (asked, due) = (command, !before && reading.is_pending());
                    seen.command(place);
                }
                follow(&mut multi, &line);
            }
            Step::Module(bytes) => {
                printed.extend_from_slice(bytes);
                said.extend(reading.module(&mask.seen(bytes, multi)));
                if let Some(place) = asked.filter(|_| due && !reading.is_pending()) {
                    seen.understood(place, 1);
                }
            }
            Step::Silence(ms) => said.extend(reading.silence(*ms)),
        }
    }
    said.extend(reading.end());
    note_lines(&mut seen, items, dialect, multi, &lines(&printed), &said);
    seen
}
