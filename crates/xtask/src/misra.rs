//! `cargo xtask misra`: cppcheck's MISRA addon over the header and the firmware, against the list of deviations.

use std::collections::BTreeMap;
use std::fs;

use crate::shell::{Fallible, command, root};
use crate::tools::{self, Tool};

/// Fails on a rule that is not in the list.
pub fn start() -> Fallible {
    tools::ensure(&[Tool::Cppcheck])?;
    let list = fs::read_to_string(root().join("bindings").join("c").join("MISRA.md"))?;
    let listed = listed(&list);
    let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for board in ["lm3s6965evb", "microbit"] {
        let mut cppcheck = command("cppcheck", &["--std=c99", "--addon=misra", "--quiet", "-Iinclude"]);
        cppcheck.args(["--platform=unix32", "--enable=warning,portability"]);
        for source in ["main", "startup", board] {
            cppcheck.arg(format!("bindings/c/examples/firmware/{source}.c"));
        }
        let output = cppcheck.output()?;
        let text = [output.stdout, output.stderr].concat();
        for line in String::from_utf8_lossy(&text).lines() {
            let place = line.split(" style: ").next().unwrap_or_default();
            match rule(line) {
                Some(rule) => found.entry(rule.to_owned()).or_default().push(place.to_owned()),
                None if line.contains(": error:") || line.contains(": warning:") => {
                    found.entry("cppcheck".to_owned()).or_default().push(line.to_owned());
                }
                None => {}
            }
        }
    }
    if found.is_empty() {
        return Err("the addon found nothing at all: it does not run".into());
    }
    let news = found.iter().filter(|(rule, _)| !listed.contains(&rule.as_str()));
    let news: Vec<String> = news.map(|(rule, places)| format!("{rule}: {}", places.join(" "))).collect();
    if !news.is_empty() {
        return Err(format!("deviations that are not in bindings/c/MISRA.md:\n{}", news.join("\n")).into());
    }
    println!("{} rules deviated from, all of them listed", found.len());
    Ok(())
}

/// The rule of a line such as `file:1:2: style: … [misra-c2012-11.4]`.
fn rule(line: &str) -> Option<&str> {
    line.split_once("[misra-c2012-")?.1.strip_suffix(']')
}

/// The first column of the table.
fn listed(text: &str) -> Vec<&str> {
    let rows = text.lines().filter_map(|line| line.strip_prefix("| ")?.split(" |").next());
    rows.filter(|cell| cell.starts_with(|c: char| c.is_ascii_digit())).collect()
}

#[cfg(test)]
mod tests {
    use super::{listed, rule};

    #[test]
    fn rules_are_read() {
        assert_eq!(rule("a.c:1:2: style: x [misra-c2012-11.4]"), Some("11.4"));
        assert_eq!(rule("a.c:1:2: error: x [nullPointer]"), None);
        assert_eq!(listed("| rule | a |\n|---|---|\n| 2.3 | x |\n| 15.5 | y |\n"), ["2.3", "15.5"]);
    }
}
