//! The types that both modules name.

use simcom_at::Dialect;
use wasm_bindgen::prelude::*;

use crate::convert;

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
/** A dialect of the commands, by its name everywhere. */
export type Dialect = "sim800" | "sim800e" | "sim7000" | "kingcom" | "a7600" | "rda8955";

/** An IPv4 address and a port. */
export interface Peer { host: string; port: number; }
"#;

#[wasm_bindgen]
extern "C" {
    /// The type `Peer | undefined`.
    #[wasm_bindgen(typescript_type = "Peer | undefined")]
    pub type JsPeer;
    /// The type `Dialect`.
    #[wasm_bindgen(typescript_type = "Dialect")]
    pub type JsDialect;
}

/// The dialect that a value names.
pub fn dialect_of(name: &JsValue) -> Result<Dialect, JsValue> {
    convert::dialect(&convert::text("dialect", name)?)
}
