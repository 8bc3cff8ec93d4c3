//! `include/simcom.h`, from the sources of `bindings/c`.

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

/// The root of the repository.
pub fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).unwrap_or(here).to_path_buf()
}

fn path() -> PathBuf {
    root().join("include").join("simcom.h")
}

/// The header of the present sources.
fn text() -> Result<String, Box<dyn Error>> {
    let folder = root().join("bindings").join("c");
    let mut config = cbindgen::Config::from_file(folder.join("cbindgen.toml"))?;
    config.after_includes = Some(preamble());
    let mut bytes = Vec::new();
    cbindgen::Builder::new().with_crate(&folder).with_config(config).generate()?.write(&mut bytes);
    Ok(polish(&String::from_utf8(bytes)?))
}

fn preamble() -> String {
    format!(
        "\n#ifndef SIMCOM_HOST\n#define SIMCOM_HOST 0\n#endif\n\n\
         #define SIMCOM_VERSION_MAJOR {}\n#define SIMCOM_VERSION_MINOR {}\n#define SIMCOM_VERSION_PATCH {}\n\
         #define SIMCOM_VERSION \"{}\"",
        env!("CARGO_PKG_VERSION_MAJOR"),
        env!("CARGO_PKG_VERSION_MINOR"),
        env!("CARGO_PKG_VERSION_PATCH"),
        env!("CARGO_PKG_VERSION"),
    )
}

/// One `#if` for neighbours, which is right for `SIMCOM_HOST` 0 too; comments without Markdown, short ones on one line.
fn polish(text: &str) -> String {
    let mut text = text.replace("#if defined(SIMCOM_HOST)", "#if SIMCOM_HOST");
    for between in ["#endif\n\n#if SIMCOM_HOST\n", "#endif\n#if SIMCOM_HOST\n"] {
        text = text.replace(between, "\n");
    }
    let mut lines: Vec<String> = Vec::new();
    let mut comment: Option<Vec<String>> = None;
    for line in text.lines() {
        let line = line.trim_end();
        match &mut comment {
            None if line.trim_start() == "/*" => comment = Some(vec![line.to_owned()]),
            None if line.starts_with("/*") && !line.ends_with("*/") => {
                comment = Some(vec![line.replace('`', "")])
            }
            None if line.is_empty() && lines.last().is_some_and(String::is_empty) => {}
            None => lines.push(line.to_owned()),
            Some(held) => {
                held.push(line.replace('`', ""));
                if line.ends_with("*/") {
                    lines.extend(one_line(held).unwrap_or_else(|| held.clone()));
                    comment = None;
                }
            }
        }
    }
    lines.join("\n") + "\n"
}

/// `/*`, a line, `*/` as one line.
fn one_line(comment: &[String]) -> Option<Vec<String>> {
    let [open, text, close] = comment else { return None };
    let line = format!("{open} {} {}", text.trim(), close.trim());
    (open.trim() == "/*" && line.len() <= 120).then(|| vec![line])
}

/// Writes the header.
pub fn write() -> Result<(), Box<dyn Error>> {
    fs::write(path(), text()?)?;
    println!("wrote include/simcom.h");
    Ok(())
}

/// Fails when the committed header is not the one that [`write()`] would write.
pub fn check() -> Result<(), Box<dyn Error>> {
    match fs::read_to_string(path()) {
        Ok(found) if found == text()? => Ok(()),
        Ok(_) => Err("include/simcom.h is not current: run `cargo xtask header`".into()),
        Err(error) => Err(format!("include/simcom.h: {error}").into()),
    }
}

#[cfg(test)]
mod tests {
    use super::polish;

    #[test]
    fn neighbours_share_one_condition() {
        let text = "#if defined(SIMCOM_HOST)\na;\n#endif\n\n#if defined(SIMCOM_HOST)\nb;\n#endif\n";
        assert_eq!(polish(text), "#if SIMCOM_HOST\na;\n\nb;\n#endif\n");
    }

    #[test]
    fn comments_have_no_markdown_and_code_is_left_alone() {
        assert_eq!(polish("  /*\n   `x`\n   */\nchar c = '`';\n"), "  /* x */\nchar c = '`';\n");
        assert_eq!(polish("/*\n `x`\n y\n */\n"), "/*\n x\n y\n */\n");
    }
}
