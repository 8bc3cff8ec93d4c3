//! The JavaScript around the WebAssembly module.

use std::error::Error;
use std::path::Path;

use wasm_bindgen_cli_support::Bindgen;

/// Reads the module as the compiler wrote it, and writes `NAME_bg.wasm`, `NAME.js` and their types.
pub fn bind(module: &str, folder: &str, name: &str) -> Result<(), Box<dyn Error>> {
    let mut bindgen = Bindgen::new();
    bindgen.input_path(Path::new(module)).out_name(name).typescript(true);
    // Without a default path, `load()` would have to be told where the module is.
    bindgen.web(true)?.omit_default_module_path(false);
    bindgen.remove_name_section(true).remove_producers_section(true);
    bindgen.generate(folder)?;
    Ok(())
}
