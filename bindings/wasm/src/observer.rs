//! `Observer`: reads along with both sides of a line.

use js_sys::Array;
use simcom_at::Dialect;
use simcom_vectors::{Reading, Said, Value};
use wasm_bindgen::prelude::*;

use crate::convert::{Make, bytes, range_error, text, texts};
use crate::dialect::{JsDialect, dialect_of};

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
/** The modes that hold before the first byte. */
export interface Modes {
  mux?: "single" | "multi";
  mode?: "normal" | "transparent";
  echo?: boolean;
  ciphead?: boolean;
  ciprxget?: boolean;
  connected?: boolean;
}

/**
 * What a line or a payload of the module says. `kind` is the report's name, `text` its text as in the transcripts
 * (`Data{link=0,len=5,bytes="hello"}`), `line` the line behind it; the other properties are the fields. Text that stands alone is
 * `word`, numbers that stand alone are `open`; a `link` is its number, `"s"`, `"t"` or `"?"`.
 */
export interface Report {
  kind: string;
  text: string;
  line: Uint8Array;
  link?: number | "s" | "t" | "?";
  bytes?: Uint8Array;
  [field: string]: unknown;
}
"#;

#[wasm_bindgen]
extern "C" {
    /// The type `Modes | undefined`.
    #[wasm_bindgen(typescript_type = "Modes | undefined")]
    pub type JsModes;
    /// The type `Report[]`.
    #[wasm_bindgen(typescript_type = "Report[]")]
    pub type Reports;
}

/// Reads along with both sides of a line, and says what the module says.
#[wasm_bindgen]
pub struct Observer {
    reading: Reading,
    dialect: Dialect,
}

/// The reports as objects.
pub fn reports(said: Vec<(Said, Vec<u8>)>) -> Reports {
    let all: Array = said.iter().map(|(said, line)| report(said, line)).collect();
    all.unchecked_into()
}

/// One report as an object.
pub fn report(said: &Said, line: &[u8]) -> JsValue {
    let mut it = Make::new().word("kind", said.name);
    for (key, value) in &said.fields {
        it = match (*key, value) {
            ("", Value::Numbers(all)) => it.value("open", numbers(all)),
            ("text", Value::Text(words)) => it.text("word", &String::from_utf8_lossy(words)),
            ("", Value::Text(words)) if said.name == "Line" => it.value("bytes", bytes(words)),
            ("", Value::Text(words)) => it.text("word", &String::from_utf8_lossy(words)),
            ("bytes", Value::Text(data)) => it.value("bytes", bytes(data)),
            ("link", Value::Text(words)) => match String::from_utf8_lossy(words).parse::<u8>().ok() {
                Some(link) => it.number("link", link),
                None => it.word("link", &String::from_utf8_lossy(words)),
            },
            (key, Value::Text(words)) => it.text(key, &String::from_utf8_lossy(words)),
            #[expect(clippy::cast_precision_loss, reason = "numbers of a line are small")]
            (key, Value::Number(number)) => it.number(key, *number as f64),
            (key, Value::Numbers(all)) => it.value(key, numbers(all)),
            (key, Value::Texts(all)) => it.value(key, texts(all.iter().map(String::as_str))),
        };
    }
    it.text("text", &said.to_text()).value("line", bytes(line)).done()
}

fn numbers(all: &[i64]) -> Array {
    #[expect(clippy::cast_precision_loss, reason = "numbers of a line are small")]
    all.iter().map(|number| JsValue::from(*number as f64)).collect()
}

/// The modes as keys and values.
fn modes(given: &JsValue) -> Result<Vec<(String, String)>, JsValue> {
    let mut config = Vec::new();
    if let Some(given) = given.dyn_ref::<js_sys::Object>() {
        for pair in js_sys::Object::entries(given).iter() {
            let pair = Array::from(&pair);
            let (key, value) = (text("mode", &pair.get(0))?, pair.get(1));
            let value = match value.as_bool() {
                Some(on) => if on { "1" } else { "0" }.to_owned(),
                None => text(&key, &value)?,
            };
            config.push((key, value));
        }
    }
    Ok(config)
}

#[wasm_bindgen]
impl Observer {
    /// An observer of a module of this dialect. `bySide`: what the module said before a host line is told before it, even
    /// when a payload goes on behind it.
    #[wasm_bindgen(constructor)]
    pub fn new(
        dialect: &JsDialect,
        given: &JsModes,
        #[wasm_bindgen(js_name = bySide)] by_side: Option<bool>,
    ) -> Result<Observer, JsValue> {
        let dialect = dialect_of(dialect)?;
        let config = modes(given)?;
        let mut checked = simcom_vectors::observer(dialect);
        if let Some((key, value)) = config.iter().find(|(key, value)| !checked.configure(key, value)) {
            return Err(range_error(&format!("no such mode: {key}={value}")));
        }
        let config = config.iter().map(|(key, value)| (key.as_str(), value.as_str()));
        Ok(Self { reading: Reading::new(dialect, config, by_side.unwrap_or(false)), dialect })
    }

    /// Takes bytes of the module and gives the reports that are whole.
    pub fn receive(&mut self, data: &[u8]) -> Reports {
        reports(self.reading.module(data))
    }

    /// Takes bytes of the host, one chunk as it was written; gives what the module said before and now counts as whole.
    #[wasm_bindgen(js_name = receiveHost)]
    pub fn receive_host(&mut self, data: &[u8]) -> Reports {
        reports(self.reading.host(data))
    }

    /// Nothing comes for so long: what waits for more is given up after 1,000 ms.
    pub fn silence(&mut self, ms: u32) -> Reports {
        reports(self.reading.silence(ms))
    }

    /// The traffic ends.
    pub fn end(&mut self) -> Reports {
        reports(self.reading.end())
    }

    /// Whether the module waits for payload: what the host sends next is that.
    #[wasm_bindgen(getter, js_name = isPrompted)]
    pub fn is_prompted(&self) -> bool {
        self.reading.is_prompted()
    }

    /// The dialect.
    #[wasm_bindgen(getter, unchecked_return_type = "Dialect")]
    pub fn dialect(&self) -> String {
        self.dialect.name().to_owned()
    }
}
