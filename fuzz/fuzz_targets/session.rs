//! A session under any calls, bytes and times: see [`simcom_fuzz::session`].
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| simcom_fuzz::session::check(data));
