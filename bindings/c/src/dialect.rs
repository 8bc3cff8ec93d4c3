//! The dialects: one function each, so that a program carries only those that it names.

use core::ffi::{c_char, c_void};

use simcom_at::{Dialect, Spec, spec};

/// The wire facts of a dialect. Only pointers to it are given.
pub struct simcom_dialect {
    _facts: c_void,
}

/// The dialects by number, for a reader.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum simcom_dialect_id {
    /// SIM800 series.
    SIMCOM_DIALECT_SIM800 = 0,
    /// SIM800E.
    SIMCOM_DIALECT_SIM800E = 1,
    /// SIM7000 series.
    SIMCOM_DIALECT_SIM7000 = 2,
    /// Kingcom G series.
    SIMCOM_DIALECT_KINGCOM = 3,
    /// A7600 series.
    SIMCOM_DIALECT_A7600 = 4,
    /// Clones on the RDA8955 chip.
    SIMCOM_DIALECT_RDA8955 = 5,
}

/// The dialect of this number.
pub(crate) fn numbered(number: u8) -> Option<Dialect> {
    Dialect::ALL.get(usize::from(number)).copied()
}

#[expect(clippy::indexing_slicing, reason = "at compile time")]
const _: () = {
    let mut number = 0;
    while number < Dialect::ALL.len() {
        assert!(Dialect::ALL[number] as usize == number);
        number += 1;
    }
};

pub(crate) fn give(spec: &'static Spec) -> *const simcom_dialect {
    core::ptr::from_ref(spec).cast()
}

/// The dialect behind a pointer of [`give`].
pub(crate) unsafe fn take(dialect: *const simcom_dialect) -> Option<&'static Spec> {
    // SAFETY: such a pointer comes from `give`, so it points to a `Spec` that lives as long as the program; or it is NULL.
    unsafe { dialect.cast::<Spec>().as_ref() }
}

/// SIM800 series (the TCPIP application note): 6 links.
#[unsafe(no_mangle)]
pub extern "C" fn simcom_dialect_sim800() -> *const simcom_dialect {
    give(&spec::SIM800)
}

/// SIM800E: 6 links; pushes its data.
#[unsafe(no_mangle)]
pub extern "C" fn simcom_dialect_sim800e() -> *const simcom_dialect {
    give(&spec::SIM800E)
}

/// SIM7000 series: 8 links.
#[unsafe(no_mangle)]
pub extern "C" fn simcom_dialect_sim7000() -> *const simcom_dialect {
    give(&spec::SIM7000)
}

/// Kingcom G series: 1 link; payload ends by Ctrl-Z; pushes its data.
#[unsafe(no_mangle)]
pub extern "C" fn simcom_dialect_kingcom() -> *const simcom_dialect {
    give(&spec::KINGCOM)
}

/// A7600 series: 10 links.
#[unsafe(no_mangle)]
pub extern "C" fn simcom_dialect_a7600() -> *const simcom_dialect {
    give(&spec::A7600)
}

/// Clones on the RDA8955 chip: for `simcom_reader` and `simcom_observer` only.
#[unsafe(no_mangle)]
pub extern "C" fn simcom_dialect_rda8955() -> *const simcom_dialect {
    give(&spec::RDA8955)
}

/// The dialect of that name (`sim800`, `sim800e`, `sim7000`, `kingcom`, `a7600`, `rda8955`); NULL: there is none. Carries all
/// dialects into the program.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn simcom_dialect_by_name(name: *const c_char) -> *const simcom_dialect {
    // SAFETY: `name` is NULL or a text that ends in NUL.
    let name = unsafe { crate::memory::text(name) };
    let found = name.ok().flatten().and_then(Dialect::from_name);
    found.map_or(core::ptr::null(), |dialect| give(dialect.spec()))
}

/// The number of links of a dialect: links are 0 to this less one. 0 for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn simcom_dialect_links(dialect: *const simcom_dialect) -> u8 {
    // SAFETY: `dialect` is NULL or comes from a function of this library.
    unsafe { take(dialect) }.map_or(0, |spec| spec.dialect.links())
}

/// The number of a dialect, a `simcom_dialect_id`; 255 for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn simcom_dialect_number(dialect: *const simcom_dialect) -> u8 {
    // SAFETY: `dialect` is NULL or comes from a function of this library.
    unsafe { take(dialect) }.map_or(u8::MAX, |spec| spec.dialect as u8)
}
