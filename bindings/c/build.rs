//! `simcom_host`: everywhere but on bare metal. A `cfg` of our own, so that the header can say `#if SIMCOM_HOST`.

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rustc-check-cfg=cfg(simcom_host)");
    if std::env::var("CARGO_CFG_TARGET_OS").is_ok_and(|os| os != "none") {
        println!("cargo:rustc-cfg=simcom_host");
    }
}
