//! A session and a virtual modem over a noisy line: see [`simcom_fuzz::duplex`].
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| simcom_fuzz::duplex::check(data));
