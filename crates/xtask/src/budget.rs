//! The committed limits, `benches/budget.txt`.

use std::fs;

use crate::shell::{Fallible, root};

/// Lines of a name and numbers; `#` begins a remark.
pub struct Budget {
    rows: Vec<(String, Vec<f64>)>,
}

impl Budget {
    /// Reads the file.
    pub fn read() -> Fallible<Self> {
        Self::parse(&fs::read_to_string(root().join("benches").join("budget.txt"))?)
    }

    fn parse(text: &str) -> Fallible<Self> {
        let mut rows = Vec::new();
        for line in text.lines() {
            let line = line.split('#').next().unwrap_or_default();
            let mut words = line.split_whitespace();
            let Some(name) = words.next() else { continue };
            rows.push((name.to_owned(), words.map(str::parse).collect::<Result<_, _>>()?));
        }
        Ok(Self { rows })
    }

    fn row(&self, name: &str) -> Fallible<&[f64]> {
        let row = self.rows.iter().find(|(other, _)| other == name);
        row.map(|(_, numbers)| &**numbers)
            .ok_or_else(|| format!("benches/budget.txt has no row {name}").into())
    }

    /// Instructions per byte of a workload at 64 and at 4096-byte chunks.
    pub fn instructions(&self, workload: &str) -> Fallible<[f64; 2]> {
        Ok(self.row(workload)?.try_into().map_err(|_| format!("row {workload} needs two numbers"))?)
    }

    /// The limit of a size in bytes, where there is one.
    pub fn bytes(&self, name: &str) -> Option<u64> {
        self.row(name).ok()?.first().map(|bytes| *bytes as u64)
    }
}

#[cfg(test)]
mod tests {
    use super::Budget;

    #[test]
    fn rows_are_found_by_name_and_remarks_left_out() {
        let budget = Budget::parse("# remark\n\nA  2.0 0.5 # rest\ncore 3584\n").unwrap();
        assert_eq!(budget.instructions("A").unwrap(), [2.0, 0.5]);
        assert_eq!(budget.bytes("core"), Some(3584));
        assert!(budget.instructions("core").is_err() && budget.bytes("remark").is_none());
        assert!(Budget::parse("A two").is_err());
    }

    #[test]
    fn the_committed_budget_is_complete() {
        let budget = Budget::read().unwrap();
        assert!(["A", "B", "C", "D", "E"].iter().all(|name| budget.instructions(name).is_ok()));
        assert!(budget.bytes("receive-core").is_some());
    }
}
