//! The rows of a dialect's manual, for completion and explanation.

use js_sys::Array;
use simcom_at::row::Form;
use wasm_bindgen::prelude::*;

use crate::convert::{Make, texts, variant};
use crate::dialect::{JsDialect, dialect_of};

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
/** A command form of a dialect, as its manual has it. */
export interface CommandForm {
  /** The name behind `AT`, and the line without its end, with `<name>` for each parameter. */
  name: string; line: string;
  form: "test" | "read" | "set" | "exec";
  /** The lines of the answer, the states (as `AT+CIPSTATUS` prints them) in which it is allowed, and the state after it. */
  replies: string[]; states: string[]; next: string;
  timeoutMs: number;
  /** Document and section. */
  source: string;
}

/** A line that a module sends by itself, or a header of pushed data. */
export interface NoticeForm { line: string; report: string; meaning: string; source: string; }
"#;

/// Every command form of a dialect.
#[wasm_bindgen(unchecked_return_type = "CommandForm[]")]
pub fn commands(dialect: &JsDialect) -> Result<Array, JsValue> {
    let rows = dialect_of(dialect)?.rows().iter();
    Ok(rows
        .map(|row| {
            let form = match row.form {
                Form::Test | Form::Read | Form::Set | Form::Exec => variant(&row.form),
            };
            Make::new()
                .text("name", row.command.name())
                .text("line", row.text)
                .word("form", &form)
                .value("replies", texts(row.replies.iter().copied()))
                .value("states", texts(row.states.iter().copied()))
                .text("next", row.next)
                .number("timeoutMs", row.timeout_ms)
                .text("source", row.source)
                .done()
        })
        .collect())
}

/// The notices and headers of a dialect.
#[wasm_bindgen(unchecked_return_type = "NoticeForm[]")]
pub fn notices(dialect: &JsDialect) -> Result<Array, JsValue> {
    let rows = dialect_of(dialect)?.notices().iter();
    Ok(rows
        .map(|row| {
            Make::new()
                .text("line", row.text)
                .text("report", row.report)
                .text("meaning", row.meaning)
                .text("source", row.source)
                .done()
        })
        .collect())
}
