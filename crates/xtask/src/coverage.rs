//! `docs/coverage.md`: written by a test of the virtual modem, which compares it in every other run.

use crate::shell::{Fallible, command, run};

/// Writes the table and prints what is open.
pub fn write() -> Fallible {
    let mut test = command("cargo", &["test", "--quiet", "--package", "simcom-modem", "--test", "modem"]);
    test.args(["coverage::the_table_is_current", "--", "--exact", "--nocapture"]);
    run(test.env("SIMCOM_COVERAGE", "1"))
}
