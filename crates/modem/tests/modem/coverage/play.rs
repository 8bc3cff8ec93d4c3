//! Plays a script or a vector, on the module and in front of a reader, with one row masked or none.

use super::list::{Item, Kind, command_of};
use super::script::{self, Act, Script};
use simcom_at::Dialect;
use simcom_vectors::{Reading, Step, Vector, unescape};

/// A row that is switched off: a command is unknown to the module; a line is not printed by the module, and not known to
/// the reader.
#[derive(Clone, Copy)]
pub struct Mask<'a> {
    pub items: &'a [Item],
    /// The place in the list; none: nothing is off.
    pub off: Option<usize>,
}

impl Mask<'_> {
    fn hides_command(&self, dialect: Dialect, multi: bool, line: &str) -> bool {
        self.off.is_some() && command_of(self.items, dialect, multi, line) == self.off
    }

    fn hides_line(&self, line: &str, multi: bool) -> bool {
        self.off.is_some_and(|at| self.items[at].kind == Kind::Line && self.items[at].is(line, multi))
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
        let shown = |line: &&[u8]| !self.hides_line(&text(line), multi);
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
    /// The items that the reader understood.
    pub reader: Vec<usize>,
}

impl Seen {
    fn note(list: &mut Vec<usize>, place: usize) {
        if !list.contains(&place) {
            list.push(place);
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
    for step in &script.steps {
        let mut said = Vec::new();
        let printed = match step.act {
            Act::Line(line) => {
                let line = format!("{line}\r");
                asked = command_of(mask.items, dialect, multi, &line);
                said.extend(reading.host(line.as_bytes()));
                let printed = rig.host(mask.command(dialect, multi, &line).as_bytes());
                follow(&mut multi, &line);
                printed
            }
            Act::Bytes(line) => {
                asked = command_of(mask.items, dialect, multi, line).filter(|_| line == "+++").or(asked);
                said.extend(reading.host(&script::bytes(line)));
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
        said.extend(reading.module(&printed));
        if !matches!(step.act, Act::Line(_)) {
            said.extend(reading.silence(1000));
        }
        if let (Act::Line(_) | Act::Bytes("+++"), Some(place)) = (step.act, asked) {
            seen.command(place);
        }
        if let Some(place) = asked.filter(|_| !reading.is_pending()) {
            Seen::note(&mut seen.reader, place);
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
        let understood = said.iter().any(|(said, line)| {
            said.name == item.report && (said.name == "Data" || item.is(&text(line), multi))
        });
        if understood {
            Seen::note(&mut seen.reader, place);
        }
    }
}

/// The items that a vector names and its reports understand.
pub fn vector(vector: &Vector, dialect: Dialect, items: &[Item]) -> Seen {
    let transcript = &vector.transcript;
    let mut seen = Seen::default();
    let mut multi = dialect == Dialect::A7600 || transcript.config_value("mux") == Some("multi");
    let mut reading = Reading::new(dialect, transcript.config(), false);
    let (mut printed, mut said) = (Vec::new(), Vec::new());
    let mut asked = None;
    for step in &transcript.steps {
        match step {
            Step::Host(bytes) => {
                said.extend(reading.host(bytes));
                note_lines(&mut seen, items, dialect, multi, &lines(&printed), &said);
                (printed, said) = (Vec::new(), Vec::new());
                let line = text(bytes);
                asked = command_of(items, dialect, multi, &line).or(asked);
                if let Some(place) = asked {
                    seen.command(place);
                }
                follow(&mut multi, &line);
            }
            Step::Module(bytes) => {
                printed.extend_from_slice(bytes);
                said.extend(reading.module(bytes));
                if let Some(place) = asked.filter(|_| !reading.is_pending()) {
                    Seen::note(&mut seen.reader, place);
                }
            }
            Step::Silence(ms) => said.extend(reading.silence(*ms)),
        }
    }
    said.extend(reading.end());
    note_lines(&mut seen, items, dialect, multi, &lines(&printed), &said);
    seen
}
