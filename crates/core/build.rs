//! `small`: code that takes the fewest bytes, where there is a choice; else code that takes the fewest steps.

use std::env;

fn main() {
    println!("cargo::rustc-check-cfg=cfg(small)");
    println!("cargo::rerun-if-changed=build.rs");
    let bare = env::var("CARGO_CFG_TARGET_OS").is_ok_and(|os| os == "none");
    if bare || env::var_os("CARGO_FEATURE_SMALL").is_some() {
        println!("cargo::rustc-cfg=small");
    }
}
