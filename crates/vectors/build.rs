//! Writes the list of the data files, so that they are part of the crate.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

fn main() {
    let root =
        PathBuf::from(env::var("CARGO_MANIFEST_DIR").expect("cargo sets CARGO_MANIFEST_DIR")).join("data");
    println!("cargo::rerun-if-changed={}", root.display());
    let mut names = Vec::new();
    for dialect in sorted(&root) {
        if dialect.is_dir() {
            println!("cargo::rerun-if-changed={}", dialect.display());
            names.extend(
                sorted(&dialect).into_iter().filter(|file| file.extension().is_some_and(|e| e == "txt")),
            );
        }
    }
    let mut list = String::from("&[\n");
    for file in &names {
        let name = file.strip_prefix(&root).expect("found below the root").with_extension("");
        let name = name.to_str().expect("names of data files are ASCII").replace('\\', "/");
        let file = file.to_str().expect("the path of the checkout is UTF-8");
        writeln!(list, "    ({name:?}, include_bytes!({file:?})),").expect("a string takes all");
    }
    list.push_str("]\n");
    let out = Path::new(&env::var("OUT_DIR").expect("cargo sets OUT_DIR")).join("files.rs");
    fs::write(out, list).expect("the build directory can be written");
}

fn sorted(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("the data folder can be read");
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("a readable entry").path()).collect();
    paths.sort();
    paths
}
