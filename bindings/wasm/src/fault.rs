//! Faults and notices by name.

use simcom_modem::{Fault, Notify};
use wasm_bindgen::prelude::*;

use crate::convert::{Words, type_error};

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
/** What is to go wrong in the virtual modem. */
export type Fault =
  | { kind: "notice"; bytes: Uint8Array; at?: number }
  | { kind: "drop_final" } | { kind: "double_final" } | { kind: "no_prompt" } | { kind: "send_fail" }
  | { kind: "late_final"; ms: number } | { kind: "hang"; ms: number }
  | { kind: "refuse"; command: string; code: number }
  | { kind: "own_error"; command: string; code: number } | { kind: "dns_fail"; code: number }
  | { kind: "short_payload"; size: number } | { kind: "restart_in_payload"; size: number }
  | { kind: "wrong_length"; by: number };

/** What happens to the virtual modem by itself. */
export type Notify =
  | { kind: "restart" } | { kind: "ring" }
  | { kind: "context_lost"; context?: number }
  | { kind: "registration"; stat: number }
  | { kind: "sms"; index: number }
  | { kind: "line"; text: string };
"#;

#[wasm_bindgen]
extern "C" {
    /// The type `Fault`.
    #[wasm_bindgen(typescript_type = "Fault")]
    pub type JsFault;
    /// The type `Notify`.
    #[wasm_bindgen(typescript_type = "Notify")]
    pub type JsNotify;
}

/// What is to go wrong.
pub fn fault(given: &JsValue) -> Result<Fault, JsValue> {
    let words = Words::new(given);
    let kind = words.text("kind")?;
    let fault = match kind.as_str() {
        "notice" => Fault::Notice { at: words.whole_or("at", 0)?, bytes: words.bytes("bytes")? },
        "drop_final" => Fault::DropFinal,
        "late_final" => Fault::LateFinal(words.whole("ms")?),
        "double_final" => Fault::DoubleFinal,
        "no_prompt" => Fault::NoPrompt,
        "send_fail" => Fault::SendFail,
        "refuse" => {
            let command = words.text("command")?.to_ascii_uppercase();
            let command = command.strip_prefix("AT").map_or(command.clone(), str::to_owned);
            Fault::Refuse { command, code: words.whole("code")? }
        }
        "own_error" => {
            let command = words.text("command")?.to_ascii_uppercase();
            let command = command.strip_prefix("AT").map_or(command.clone(), str::to_owned);
            Fault::OwnError { command, code: words.whole("code")? }
        }
        "dns_fail" => Fault::DnsFail(words.whole("code")?),
        "short_payload" => Fault::ShortPayload(words.whole("size")?),
        "wrong_length" => Fault::WrongLength(words.whole("by")?),
        "restart_in_payload" => Fault::RestartInPayload(words.whole("size")?),
        "hang" => Fault::Hang(words.whole("ms")?),
        _ => return Err(type_error(&format!("no such fault: {kind}"))),
    };
    words.end(&kind).map(|()| fault)
}

/// What happens by itself.
pub fn notify(given: &JsValue) -> Result<Notify, JsValue> {
    let words = Words::new(given);
    let kind = words.text("kind")?;
    let notify = match kind.as_str() {
        "restart" => Notify::Restart,
        "ring" => Notify::Ring,
        "context_lost" => Notify::ContextLost(words.whole_or("context", 0)?),
        "registration" => Notify::Registration(words.whole("stat")?),
        "sms" => Notify::Sms(words.whole("index")?),
        "line" => Notify::Line(words.text("text")?),
        _ => return Err(type_error(&format!("nothing like {kind} happens by itself"))),
    };
    words.end(&kind).map(|()| notify)
}
