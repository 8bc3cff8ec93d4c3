//! `include/simcom.h`: for now the version of the library.

use std::fs;
use std::path::PathBuf;

use crate::shell::{Fallible, root};

fn path() -> PathBuf {
    root().join("include").join("simcom.h")
}

/// The header for the version of the workspace, which is this crate's version too.
fn text() -> String {
    format!(
        "/* simcom.h: the C interface of simcom-at.\n   Written by `cargo xtask header`; do not edit. */\n\
         #ifndef SIMCOM_H\n#define SIMCOM_H\n\n\
         #define SIMCOM_VERSION_MAJOR {}\n#define SIMCOM_VERSION_MINOR {}\n#define SIMCOM_VERSION_PATCH {}\n\
         #define SIMCOM_VERSION \"{}\"\n\n#endif\n",
        env!("CARGO_PKG_VERSION_MAJOR"),
        env!("CARGO_PKG_VERSION_MINOR"),
        env!("CARGO_PKG_VERSION_PATCH"),
        env!("CARGO_PKG_VERSION"),
    )
}

/// Writes the header.
pub fn write() -> Fallible {
    fs::write(path(), text())?;
    println!("wrote {}", path().display());
    Ok(())
}

/// Fails when the committed header is not the one that [`write()`] would write.
pub fn check() -> Fallible {
    match fs::read_to_string(path()) {
        Ok(found) if found == text() => Ok(()),
        Ok(_) => Err("include/simcom.h is not current: run `cargo xtask header`".into()),
        Err(error) => Err(format!("include/simcom.h: {error}").into()),
    }
}
