//! `docs/states/*.svg` and `bindings/wasm/web/states.json`, from the table `simcom_modem::states`.

use std::error::Error;
use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;

use simcom_modem::states::{ALL, Diagram, Edge, Lane, Of, Part, State};

use crate::header::root;

/// A box, and the way to the next one.
const WIDTH: f64 = 158.0;
const LINE: f64 = 15.0;
const GAP: f64 = 26.0;
/// From a box to the first lane, and from lane to lane.
const LANE: f64 = 21.0;
const MARGIN: f64 = 8.0;
/// Above the first box of a part: its heading.
const HEAD: f64 = 26.0;

/// Colors are the page's where the picture is part of one, else its own.
const STYLE: &str = "\
svg.states:root{--text:#1b1f24;--quiet:#545d68;--card:#fff;--accent:#0b5cad;--on-accent:#fff}\
@media (prefers-color-scheme:dark){svg.states:root{--text:#e4e8ee;--quiet:#a3adb9;--card:#1c2026;--accent:#7cb7f5;--on-accent:#10151b}}\
.states{font:11px ui-monospace,'DejaVu Sans Mono',monospace}\
.states text{fill:var(--text);text-anchor:middle}\
.states .of{fill:var(--quiet);font-weight:600}\
.states .label{fill:var(--quiet);font-size:10px;paint-order:stroke;stroke:var(--card);stroke-width:3px;stroke-linejoin:round}\
.states .beside{text-anchor:start}\
.states .edge path{fill:none;stroke:var(--quiet);stroke-width:1.2}\
.states .head{fill:var(--quiet)}\
.states rect{fill:var(--card);stroke:var(--quiet);stroke-width:1.2}\
.states .lit rect{fill:var(--accent);stroke:var(--accent)}\
.states .lit text{fill:var(--on-accent);font-weight:600}";

/// Everything that is generated: its path and its text.
fn files() -> Vec<(PathBuf, String)> {
    let mut files: Vec<_> = ALL
        .iter()
        .map(|diagram| (root().join(format!("docs/states/{}.svg", diagram.name)), svg(diagram)))
        .collect();
    files.push((root().join("bindings/wasm/web/states.json"), json()));
    files
}

/// Writes them.
pub fn write() -> Result<(), Box<dyn Error>> {
    fs::create_dir_all(root().join("docs/states"))?;
    for (path, text) in files() {
        fs::write(&path, text)?;
        println!("wrote {}", path.strip_prefix(root())?.display());
    }
    Ok(())
}

/// Fails when a committed file is not the one that [`write()`] would write.
pub fn check() -> Result<(), Box<dyn Error>> {
    for (path, text) in files() {
        if fs::read_to_string(&path).ok().as_deref() != Some(&text) {
            return Err(format!("{} is not current: run `cargo xtask diagrams`", path.display()).into());
        }
    }
    Ok(())
}

/// Where the box of a state lies.
struct Placed {
    state: &'static State,
    top: f64,
    height: f64,
}

/// A part with its boxes.
struct Column {
    part: &'static Part,
    head: f64,
    boxes: Vec<Placed>,
}

impl Column {
    fn of(&self, word: &str) -> &Placed {
        let found = self.boxes.iter().find(|place| place.state.words.first() == Some(&word));
        found.unwrap_or_else(|| panic!("no state {word}"))
    }

    /// Where an edge leaves or enters a box at the side: the ends on one side are spread over it, so that those of the
    /// outer lanes do not cross those of the inner ones.
    fn end(&self, word: &str, edge: &Edge) -> f64 {
        let here = self.of(word);
        let mut ends: Vec<(i32, &str)> = Vec::new();
        for other in self.part.edges.iter().filter(|other| side(other.lane) == side(edge.lane)) {
            let Some(number) = number(other.lane) else { continue };
            let goes_up = if other.to == word {
                other.from.iter().all(|from| self.of(from).top < here.top)
            } else if other.from.contains(&word) {
                self.of(other.to).top < here.top
            } else {
                continue;
            };
            ends.push((if goes_up { number - 100 } else { 100 - number }, other.label));
        }
        ends.sort_unstable();
        let place = ends.iter().position(|(_, label)| *label == edge.label).unwrap_or(0);
        here.top + here.height * (place as f64 + 1.0) / (ends.len() as f64 + 1.0)
    }
}

/// −1 left, 1 right.
fn side(lane: Lane) -> f64 {
    match lane {
        Lane::Down => 0.0,
        Lane::Left(_) => -1.0,
        Lane::Right(_) => 1.0,
    }
}

fn number(lane: Lane) -> Option<i32> {
    match lane {
        Lane::Down => None,
        Lane::Left(n) | Lane::Right(n) => Some(i32::from(n)),
    }
}

/// The room that the lanes of one side take.
fn room(diagram: &Diagram, wanted: f64) -> f64 {
    let lanes = diagram.parts.iter().flat_map(|part| part.edges).filter(|edge| side(edge.lane) == wanted);
    let most = lanes.filter_map(|edge| number(edge.lane)).max().map_or(0.0, |n| f64::from(n) + 1.0);
    MARGIN + most * LANE + 1.5 * LINE
}

fn svg(diagram: &Diagram) -> String {
    let left = room(diagram, -1.0);
    let width = left + WIDTH + room(diagram, 1.0);
    let mut y = MARGIN;
    let mut columns = Vec::new();
    for part in diagram.parts {
        let head = y;
        y += HEAD;
        let mut boxes = Vec::new();
        for state in part.states {
            let height = LINE * state.text.len() as f64 + 11.0;
            boxes.push(Placed { state, top: y, height });
            y += height + GAP;
        }
        columns.push(Column { part, head, boxes });
    }
    let height = y - GAP + MARGIN;
    let (title, mut text) = (diagram.title, String::new());
    let _ = writeln!(
        text,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"states\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" \
         height=\"{height}\" role=\"img\" aria-label=\"States of {title}\">\n<style>{STYLE}</style>"
    );
    for column in &columns {
        draw(&mut text, column, left);
    }
    text + "</svg>\n"
}

fn draw(text: &mut String, column: &Column, left: f64) {
    let middle = left + WIDTH / 2.0;
    let heading = match column.part.of {
        Of::Context => "module",
        Of::Link => "each link",
        Of::Server => "each server",
    };
    let _ = writeln!(
        text,
        "<g data-of=\"{}\">\n<text class=\"of\" x=\"{middle}\" y=\"{}\">{heading}</text>",
        of(column.part.of),
        column.head + 13.0
    );
    for edge in column.part.edges {
        text.push_str("<g class=\"edge\">");
        match side(edge.lane) {
            0.0 => straight(text, column, edge, middle),
            side => around(text, column, edge, side, middle),
        }
        text.push_str("</g>\n");
    }
    for edge in column.part.edges {
        label(text, column, edge, middle);
    }
    for place in &column.boxes {
        let name = place.state.words.first().copied().unwrap_or_default();
        let _ = write!(
            text,
            "<g class=\"state\" data-state=\"{name}\"><rect x=\"{left}\" y=\"{}\" width=\"{WIDTH}\" height=\"{}\" rx=\"6\"/>",
            place.top, place.height
        );
        for (line, words) in place.state.text.iter().enumerate() {
            let y = place.top + 16.0 + LINE * line as f64;
            let _ = write!(text, "<text x=\"{middle}\" y=\"{y}\">{words}</text>");
        }
        text.push_str("</g>\n");
    }
    text.push_str("</g>\n");
}

/// From one box to the one below it.
fn straight(text: &mut String, column: &Column, edge: &Edge, middle: f64) {
    let Some(from) = edge.from.first().map(|from| column.of(from)) else { return };
    let (top, end) = (from.top + from.height, column.of(edge.to).top);
    let _ = write!(text, "<path d=\"M{middle} {top}V{}\"/>", end - 5.0);
    head(text, middle, end, 0.0);
}

/// Out of a box at its side, along a lane, into another.
fn around(text: &mut String, column: &Column, edge: &Edge, side: f64, middle: f64) {
    let near = middle + side * WIDTH / 2.0;
    let lane = near + side * (f64::from(number(edge.lane).unwrap_or(0)) + 1.0) * LANE;
    let into = column.end(edge.to, edge);
    for from in edge.from {
        let out = column.end(from, edge);
        let turn = if out < into { 6.0 } else { -6.0 };
        let (before, behind) = (lane - side * 6.0, near + side * 5.0);
        let _ = write!(
            text,
            "<path d=\"M{near} {out}H{before}Q{lane} {out} {lane} {}V{}Q{lane} {into} {before} {into}H{behind}\"/>",
            out + turn,
            into - turn
        );
    }
    head(text, near, into, side);
}

/// What leads there, beside the line; in two lines where one is too long.
fn label(text: &mut String, column: &Column, edge: &Edge, middle: f64) {
    let side = side(edge.lane);
    let ends = edge.from.iter().chain([&edge.to]).map(|word| column.end(word, edge));
    let (low, high) = ends.fold((f64::MAX, 0.0f64), |(low, high), y| (low.min(y), high.max(y)));
    let (room, class, place) = match (number(edge.lane), edge.from.first()) {
        (Some(number), _) => {
            let lane = middle + side * (WIDTH / 2.0 + (f64::from(number) + 1.0) * LANE);
            let place = format!("translate({} {}) rotate(-90)", lane + side * 3.0, (low + high) / 2.0);
            (high - low, "label", place)
        }
        (None, from) => {
            let top = from.map_or(low, |from| column.of(from).top + column.of(from).height);
            let y = (top + column.of(edge.to).top) / 2.0 - 1.0;
            (WIDTH / 2.0, "label beside", format!("translate({} {y})", middle + 8.0))
        }
    };
    let lines = split(edge.label, room);
    // Lines in a rotated text go from left to right: away from the lane on its right side, towards it on its left.
    let first = match (number(edge.lane), side < 0.0, lines.len()) {
        (None, _, lines) => 9.0 - 5.5 * lines as f64,
        (Some(_), true, lines) => -11.0 * (lines as f64 - 1.0),
        (Some(_), false, _) => 7.0,
    };
    for (line, words) in lines.iter().enumerate() {
        let y = first + 11.0 * line as f64;
        let _ = writeln!(text, "<text class=\"{class}\" transform=\"{place}\" y=\"{y}\">{words}</text>");
    }
}

/// One line, or two where there is a comma and no room.
fn split(label: &str, room: f64) -> Vec<&str> {
    const LETTER: f64 = 6.0;
    let fits = label.len() as f64 * LETTER <= room;
    let commas = label.match_indices(", ").map(|(at, _)| at);
    match commas.min_by_key(|at| at.abs_diff(label.len() / 2)).filter(|_| !fits) {
        Some(at) => vec![label.get(..=at).unwrap_or(label), label.get(at + 2..).unwrap_or_default()],
        None => vec![label],
    }
}

/// The head of an arrow that ends there: from above (0), from the left (−1) or from the right (1).
fn head(text: &mut String, x: f64, y: f64, side: f64) {
    let path =
        if side == 0.0 { format!("M{x} {y}l-3.5 -7h7z") } else { format!("M{x} {y}l{} -3.5v7z", side * 7.0) };
    let _ = write!(text, "<path class=\"head\" style=\"fill:var(--quiet);stroke:none\" d=\"{path}\"/>");
}

const fn of(of: Of) -> &'static str {
    match of {
        Of::Context => "context",
        Of::Link => "link",
        Of::Server => "server",
    }
}

/// The table for the page: what shows on the wire that a way was taken.
fn json() -> String {
    let list = |words: &[&str]| {
        let quoted: Vec<String> = words.iter().map(|word| format!("\"{word}\"")).collect();
        format!("[{}]", quoted.join(", "))
    };
    let diagrams: Vec<String> = ALL
        .iter()
        .map(|diagram| {
            let parts: Vec<String> = diagram
                .parts
                .iter()
                .map(|part| {
                    let states: Vec<String> = part.states.iter().map(|state| list(state.words)).collect();
                    let edges: Vec<String> = part
                        .edges
                        .iter()
                        .map(|e| {
                            format!(
                                "      {{ \"from\": {}, \"to\": \"{}\", \"signs\": {} }}",
                                list(e.from),
                                e.to,
                                list(e.signs)
                            )
                        })
                        .collect();
                    format!(
                        "    {{ \"of\": \"{}\", \"states\": [{}], \"edges\": [\n{}\n    ] }}",
                        of(part.of),
                        states.join(", "),
                        edges.join(",\n")
                    )
                })
                .collect();
            format!("  \"{}\": [\n{}\n  ]", diagram.name, parts.join(",\n"))
        })
        .collect();
    format!("{{\n{}\n}}\n", diagrams.join(",\n"))
}

#[cfg(test)]
mod tests {
    use super::{ALL, check, svg};

    #[test]
    fn the_committed_diagrams_are_current() {
        check().unwrap();
    }

    /// The numbers behind a letter or an attribute.
    fn behind<'a>(text: &'a str, mark: &'a str) -> impl Iterator<Item = f64> + 'a {
        let number = |rest: &'a str| {
            let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.' && c != '-').unwrap_or(rest.len());
            rest[..end].parse::<f64>().ok()
        };
        text.split(mark).skip(1).filter_map(number)
    }

    #[test]
    fn nothing_is_drawn_outside_of_the_picture() {
        for diagram in ALL {
            let picture = svg(diagram);
            let (width, height) = (
                behind(&picture, " width=\"").next().unwrap(),
                behind(&picture, " height=\"").next().unwrap(),
            );
            let all = |marks: &[&str]| -> Vec<f64> {
                marks.iter().flat_map(|mark| behind(&picture, mark)).collect()
            };
            let across = all(&["<path d=\"M", "H", "Q", "rect x=\"", "translate("]);
            let down = all(&["V", " y=\""]);
            assert!(
                across.len() > 20 && across.iter().all(|x| (0.0..=width).contains(x)),
                "{}",
                diagram.name
            );
            // A rotated label counts from its own place, up to two lines before it.
            assert!(down.len() > 20 && down.iter().all(|y| (-11.0..=height).contains(y)), "{}", diagram.name);
            let boxes: usize = diagram.parts.iter().map(|part| part.states.len()).sum();
            assert_eq!(picture.matches("class=\"state\"").count(), boxes);
        }
    }
}
