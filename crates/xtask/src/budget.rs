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
        let mut rows = Vec::new();
        for line in fs::read_to_string(root().join("benches").join("budget.txt"))?.lines() {
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

    /// The limit of a size, in bytes.
    pub fn bytes(&self, name: &str) -> Fallible<u64> {
        Ok(*self.row(name)?.first().ok_or_else(|| format!("row {name} needs a number"))? as u64)
    }
}
