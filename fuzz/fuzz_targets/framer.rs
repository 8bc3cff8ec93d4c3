//! The receive headers of all dialects: see [`simcom_fuzz::framer`].
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| simcom_fuzz::framer::check(data));
