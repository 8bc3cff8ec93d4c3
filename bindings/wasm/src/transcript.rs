//! `Transcript`: what went over a line, as text and back.

use js_sys::{Array, Uint8Array};
use simcom_at::Dialect;
use simcom_vectors::{Chunking, Lines, Reading, Report as Expected, Step, Transcript as Core, compare};
use wasm_bindgen::prelude::*;

use crate::convert::{Make, bytes, range_error, texts};
use crate::dialect::dialect_of;
use crate::observer::{Reports, report, reports};

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
/** One step of a transcript. */
export type Step =
  | { type: "host"; bytes: Uint8Array }
  | { type: "module"; bytes: Uint8Array }
  | { type: "silence"; ms: number };

/** A row for people: of the host its text, of the module a report. */
export interface Row { mark: ">" | "<" | "~"; text: string; report?: Report; }
"#;

/// What went over a line: header lines, then steps.
#[wasm_bindgen]
pub struct Transcript {
    core: Core,
}

fn chunking(given: Option<String>) -> Result<Chunking, JsValue> {
    given.as_deref().unwrap_or("as-is").parse().map_err(|error| range_error(&format!("{error}")))
}

impl Transcript {
    fn chosen(&self, dialect: &JsValue) -> Result<Dialect, JsValue> {
        if !dialect.is_undefined() {
            return dialect_of(dialect);
        }
        let named = Dialect::from_name(self.core.dialect());
        named.ok_or_else(|| {
            range_error("the transcript does not say its dialect (# dialect: sim800); give it")
        })
    }
}

#[wasm_bindgen]
impl Transcript {
    /// An empty transcript.
    #[wasm_bindgen(constructor)]
    pub fn new(
        #[wasm_bindgen(unchecked_param_type = "Dialect | undefined")] dialect: &JsValue,
    ) -> Result<Transcript, JsValue> {
        let mut core = Core::default();
        if !dialect.is_undefined() {
            core.push_header("dialect", dialect_of(dialect)?.name());
        }
        Ok(Self { core })
    }

    /// Reads a transcript; `file` is the name that errors carry.
    pub fn parse(
        #[wasm_bindgen(unchecked_param_type = "string | Uint8Array")] text: &JsValue,
        file: Option<String>,
    ) -> Result<Transcript, JsValue> {
        let file = file.as_deref().unwrap_or("transcript");
        let parsed = match text.dyn_ref::<Uint8Array>() {
            Some(bytes) => Core::parse_bytes(file, &bytes.to_vec()),
            None => Core::parse(file, &crate::convert::text("text", text)?),
        };
        let core = parsed.map_err(|error| JsValue::from(js_sys::SyntaxError::new(&error.to_string())))?;
        Ok(Self { core })
    }

    /// The transcript as text; reading it gives an equal transcript.
    #[wasm_bindgen(js_name = toText)]
    pub fn to_text(&self) -> String {
        self.core.to_text()
    }

    /// The dialect it is written in; empty when it does not say.
    #[wasm_bindgen(getter)]
    pub fn dialect(&self) -> String {
        self.core.dialect().to_owned()
    }

    /// The header lines, key and value, in their order; a remark has an empty key.
    #[wasm_bindgen(getter, unchecked_return_type = "[key: string, value: string][]")]
    pub fn headers(&self) -> Array {
        pairs(self.core.headers.iter().map(|header| (header.key.as_str(), header.value.as_str())))
    }

    /// The modes that hold before the first byte, key and value; `Object.fromEntries` of them are the modes of an `Observer`.
    #[wasm_bindgen(getter, unchecked_return_type = "[key: string, value: string][]")]
    pub fn config(&self) -> Array {
        pairs(self.core.config())
    }

    /// The expected reports, as text.
    #[wasm_bindgen(getter, unchecked_return_type = "string[]")]
    pub fn expected(&self) -> Array {
        texts(self.core.all_headers("expect"))
    }

    /// Whether it has no single right answer.
    #[wasm_bindgen(getter, js_name = isAmbiguous)]
    pub fn is_ambiguous(&self) -> bool {
        self.core.is_ambiguous()
    }

    /// The number of steps.
    #[wasm_bindgen(getter)]
    pub fn length(&self) -> u32 {
        u32::try_from(self.core.steps.len()).unwrap_or(u32::MAX)
    }

    /// The steps; `chunking` cuts the module's bytes anew: `as-is`, `whole`, `bytes`, `every:N`, `cut:N`.
    #[wasm_bindgen(unchecked_return_type = "Step[]")]
    pub fn steps(&self, #[wasm_bindgen(js_name = chunking)] cut: Option<String>) -> Result<Array, JsValue> {
        let make = |name: &str| Make::new().word("type", name);
        let object = |step: Step| match step {
            Step::Host(data) => make("host").value("bytes", bytes(&data)).done(),
            Step::Module(data) => make("module").value("bytes", bytes(&data)).done(),
            Step::Silence(ms) => make("silence").number("ms", ms).done(),
        };
        Ok(chunking(cut)?.steps(&self.core).into_iter().map(object).collect())
    }

    /// What the module says in it.
    pub fn reports(
        &self,
        #[wasm_bindgen(unchecked_param_type = "Dialect | undefined")] dialect: &JsValue,
        #[wasm_bindgen(js_name = chunking)] cut: Option<String>,
    ) -> Result<Reports, JsValue> {
        let mut reading = Reading::new(self.chosen(dialect)?, self.core.config(), false);
        let mut said = Vec::new();
        for step in chunking(cut)?.steps(&self.core) {
            said.extend(match step {
                Step::Host(bytes) => reading.host(&bytes),
                Step::Module(bytes) => reading.module(&bytes),
                Step::Silence(ms) => reading.silence(ms),
            });
        }
        said.extend(reading.end());
        Ok(reports(said))
    }

    /// The exchange for people, row by row.
    #[wasm_bindgen(unchecked_return_type = "Row[]")]
    pub fn exchange(
        &self,
        #[wasm_bindgen(unchecked_param_type = "Dialect | undefined")] dialect: &JsValue,
    ) -> Result<Array, JsValue> {
        let mut reading = Reading::new(self.chosen(dialect)?, self.core.config(), true);
        let row = |mark: &str, text: &str| Make::new().word("mark", mark).text("text", text);
        let rows = Array::new();
        let spoken = |said: Vec<(simcom_vectors::Said, Vec<u8>)>| {
            for (said, line) in said {
                let text =
                    if said.name == "Data" { said.get_text("bytes") } else { simcom_vectors::escape(&line) };
                rows.push(&row("<", &text).value("report", report(&said, &line)).done());
            }
        };
        for step in &self.core.steps {
            match step {
                Step::Host(data) => {
                    spoken(reading.host(data));
                    rows.push(&row(">", &simcom_vectors::escape(data)).done());
                }
                Step::Module(data) => spoken(reading.module(data)),
                Step::Silence(ms) => {
                    spoken(reading.silence(*ms));
                    rows.push(&row("~", &format!("{ms} ms")).done());
                }
            }
        }
        spoken(reading.end());
        Ok(rows)
    }

    /// Adds a header line.
    #[wasm_bindgen(js_name = addHeader)]
    pub fn add_header(&mut self, key: &str, value: &str) {
        self.core.push_header(key, value);
    }

    /// Adds bytes of the host, one chunk.
    #[wasm_bindgen(js_name = addHost)]
    pub fn add_host(&mut self, data: &[u8]) {
        self.core.steps.push(Step::Host(data.to_vec()));
    }

    /// Adds bytes of the module, one chunk.
    #[wasm_bindgen(js_name = addModule)]
    pub fn add_module(&mut self, data: &[u8]) {
        self.core.steps.push(Step::Module(data.to_vec()));
    }

    /// Adds a silence.
    #[wasm_bindgen(js_name = addSilence)]
    pub fn add_silence(&mut self, ms: u32) {
        self.core.steps.push(Step::Silence(ms));
    }
}

fn pairs<'a>(all: impl Iterator<Item = (&'a str, &'a str)>) -> Array {
    all.map(|(key, value)| texts([key, value])).collect()
}

/// Bytes as printable text: `\r`, `\n`, `\xNN` …
#[wasm_bindgen]
pub fn escape(data: &[u8]) -> String {
    simcom_vectors::escape(data)
}

/// The bytes that `escape` made this text of.
#[wasm_bindgen]
pub fn unescape(text: &str) -> Result<Uint8Array, JsValue> {
    let unescaped = simcom_vectors::unescape(text.as_bytes());
    let unescaped = unescaped.map_err(|bad| range_error(&format!("bad escape at {}", bad.offset)))?;
    Ok(bytes(&unescaped))
}

/// The first place where reports are not as expected, in words; `undefined`: they are. Both as text; a report that is
/// expected needs to have at least the fields that are named, and noise is free.
#[wasm_bindgen]
pub fn mismatch(expected: Vec<String>, reports: Vec<String>) -> Result<Option<String>, JsValue> {
    let parse = |texts: &[String]| -> Result<Vec<Expected>, JsValue> {
        let parsed = texts.iter().map(|text| Expected::parse(text));
        parsed.collect::<Result<_, _>>().map_err(|bad| range_error(&bad.to_string()))
    };
    let compared = compare(&parse(&expected)?, &parse(&reports)?, Lines::LeftOut);
    Ok(compared.err().map(|mismatch| mismatch.to_string()))
}
