//! A virtual modem under any host bytes, network events and times: see [`simcom_fuzz::modem`].
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| simcom_fuzz::modem::check(data));
