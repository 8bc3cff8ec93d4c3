//! The C interface under any calls, also with NULL and nonsense: see [`simcom_fuzz::c_api`]. Run with the address sanitizer.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| simcom_fuzz::c_api::check(data));
