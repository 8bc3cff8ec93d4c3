//! `cargo xtask dist-c`: what a C project gets, in `target/dist`; and that such a project can use it.

use std::fs;
use std::path::Path;

use crate::archive::{self, HOST, RISCV, TARGETS, Target, V7M, dist, llvm};
use crate::c::{HOST_LIBRARIES, WARNINGS};
use crate::shell::{Fallible, command, output, root, run, target};
use crate::sizes;
use crate::tools::{self, Tool};

/// Builds everything and tries it out.
pub fn start() -> Fallible {
    tools::ensure(&[Tool::ArmGcc, Tool::Cmake])?;
    for of in TARGETS {
        archive::build(of)?;
    }
    install()?;
    two_libraries(V7M)?;
    newlib_nano(V7M)?;
    alone(RISCV)?;
    delivered()?;
    with_pkg_config()?;
    with_cmake()?;
    println!("installed below {}", dist().display());
    Ok(())
}

/// Header, CMake and pkg-config files, sizes and licences.
fn install() -> Fallible {
    let from = root().join("bindings").join("c");
    let copy = |file: &Path, to: &[&str]| -> Fallible {
        let to = to.iter().fold(dist(), |path, part| path.join(part));
        fs::create_dir_all(to.parent().unwrap_or(&to))?;
        let text = fs::read_to_string(file)?.replace("@VERSION@", env!("CARGO_PKG_VERSION"));
        Ok(fs::write(to, text)?)
    };
    copy(&root().join("include").join("simcom.h"), &["include", "simcom.h"])?;
    for name in ["simcom-config.cmake", "simcom-config-version.cmake"] {
        copy(&from.join("install").join(name), &["lib", "cmake", "simcom", name])?;
    }
    copy(&from.join("install").join("simcom.pc"), &["lib", "pkgconfig", "simcom.pc"])?;
    copy(&sizes::path(), &["share", "doc", "simcom", "SIZES.md"])?;
    for name in ["LICENSE-APACHE", "LICENSE-MIT"] {
        copy(&root().join(name), &["share", "doc", "simcom", name])?;
    }
    Ok(())
}

/// Another library in Rust beside ours, with its own panic handler and runtime, all of both in one image.
fn two_libraries(of: Target) -> Fallible {
    let work = target().join("c").join("two");
    fs::create_dir_all(&work)?;
    let source = "#![no_std]\n#[panic_handler]\nfn panic(_: &core::panic::PanicInfo<'_>) -> ! { loop {} }\n\
                  #[unsafe(no_mangle)]\npub extern \"C\" fn other(x: &mut [u32; 9], n: usize) -> u32 { x[n] / x[n + 1] }\n";
    fs::write(work.join("other.rs"), source)?;
    let mut rustc =
        command("rustc", &["--crate-type", "staticlib", "--edition", "2024", "--target", of.triple]);
    rustc.args(["-O", "-C", "panic=abort", "-A", "improper_ctypes_definitions", "-o"]);
    run(rustc.arg(work.join("libother.a")).arg(work.join("other.rs")))?;
    let mut link = command("arm-none-eabi-gcc", of.gcc);
    link.args(["-nostdlib", "-Wl,-e,simcom_abi", "-Wl,--no-warn-rwx-segments", "-o"])
        .arg(work.join("two.elf"));
    link.args(["-Wl,--no-warn-execstack", "-Wl,--whole-archive"]);
    link.arg(dist().join("lib").join(of.triple).join("libsimcom.a"));
    run(link.arg(work.join("libother.a")).arg("-Wl,--no-whole-archive"))?;
    println!("{}: links with another Rust library, all of both in one image", of.triple);
    Ok(())
}

/// Linked whole, with nothing else, by the toolchain's own linker: where there is no other for the target.
fn alone(of: Target) -> Fallible {
    let mut link =
        command(&llvm("rust-lld")?, &["-flavor", "gnu", "-e", "simcom_session_poll", "--whole-archive"]);
    link.arg(dist().join("lib").join(of.triple).join("libsimcom.a"));
    output(link.arg("-o").arg(target().join("c").join("alone.elf")))?;
    println!("{}: links alone, with nothing left undefined", of.triple);
    Ok(())
}

/// Linked with newlib-nano, as most firmware is.
fn newlib_nano(of: Target) -> Fallible {
    let work = target().join("c");
    let mut link = command("arm-none-eabi-gcc", of.gcc);
    link.args(["-std=c99", "-Os", "--specs=nano.specs", "--specs=nosys.specs", "-Iinclude"]).args(WARNINGS);
    link.arg("bindings/c/examples/size/size_client.c")
        .args(["-Wl,--no-warn-rwx-segments,--no-warn-execstack", "-o"]);
    link.arg(work.join("nano.elf")).arg(format!("-L{}", dist().join("lib").join(of.triple).display()));
    output(link.arg("-lsimcom"))?;
    println!("{}: links with newlib-nano", of.triple);
    Ok(())
}

const CONSUMER: &str = "bindings/c/tests/consumer";

/// A program that is built with what pkg-config says.
fn with_pkg_config() -> Fallible {
    let program = target().join("c").join("with-pkg-config");
    let mut pkg_config = command("pkg-config", &["--cflags", "--libs", "--static", "simcom"]);
    pkg_config.env("PKG_CONFIG_PATH", dist().join("lib").join("pkgconfig"));
    let flags = output(&mut pkg_config)?;
    let mut gcc = command("gcc", &["-std=c99", &format!("{CONSUMER}/main.c"), "-o"]);
    run(gcc.arg(&program).args(flags.split_whitespace()))?;
    run(&mut command(&program.to_string_lossy(), &[]))
}

/// A CMake project that finds the package.
fn with_cmake() -> Fallible {
    let build = target().join("c").join("with-cmake");
    let prefix = format!("-DCMAKE_PREFIX_PATH={}", dist().display());
    run(command("cmake", &["-S", CONSUMER, &prefix, "-B"]).arg(&build))?;
    run(command("cmake", &["--build"]).arg(&build))?;
    run(&mut command(&build.join("consumer").to_string_lossy(), &[]))
}

/// The driver against the virtual modem, linked with the archive that is delivered.
fn delivered() -> Fallible {
    let program = target().join("c").join("delivered");
    let mut gcc =
        command("gcc", &["-std=c99", "-O2", "-DSIMCOM_HOST=1", "-Iinclude", "bindings/c/tests/c/pair.c"]);
    gcc.arg(dist().join("lib").join(HOST.triple).join("libsimcom.a")).args(HOST_LIBRARIES);
    output(gcc.arg("-o").arg(&program))?;
    output(&mut command(&program.to_string_lossy(), &[]))?;
    println!("{}: driver and virtual modem, all dialects", HOST.triple);
    Ok(())
}
