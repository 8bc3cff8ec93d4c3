//! The virtual modem's knobs by name.

use simcom_modem::profile::Escape;
use simcom_modem::{ClonePush, Profile};
use wasm_bindgen::prelude::*;

use crate::convert::{Given, address, each, text, type_error};

/// Sets the knobs that are named.
pub fn apply(profile: &mut Profile, knobs: &JsValue) -> Result<(), JsValue> {
    each(knobs, "the virtual modem", |key, value| set(profile, key, value))
}

fn set(profile: &mut Profile, key: &str, value: &JsValue) -> Result<bool, JsValue> {
    macro_rules! knobs {
        ($($name:ident)*) => {
            match key {
                $(stringify!($name) => profile.$name = Given::given(key, value)?,)*
                "address" => profile.address = address(&text(key, value)?)?,
                "rssi" => profile.signal.0 = Given::given(key, value)?,
                "ber" => profile.signal.1 = Given::given(key, value)?,
                "escape" => {
                    profile.escape = match text(key, value)?.as_str() {
                        "ok" => Escape::Ok,
                        "error" => Escape::Error,
                        "silent" => Escape::Silent,
                        _ => return Err(type_error("escape must be ok, error or silent")),
                    }
                }
                "clone_push" => {
                    profile.clone_push = match text(key, value)?.as_str() {
                        "receive" => ClonePush::Receive,
                        "a9" => ClonePush::A9,
                        "a6" => ClonePush::A6,
                        "next_line" => ClonePush::NextLine,
                        _ => return Err(type_error("clone_push must be receive, a9, a6 or next_line")),
                    }
                }
                _ => return Ok(false),
            }
        };
    }
    knobs! {
        identity maker model revision serial boot sim registration cmee echo line_max send_max read_max push_max receive_buffer queue_max send_buffer
        attach_ms boot_ms prompt_ms open_ms close_ms ack_ms sleep_ms quiet_ms typing_ms link_space receive_colon
        receive_from_colon receive_needs_head header_crlf push_crlf from_blank_line echo_end already_ok
        start_from_closed shut_in_initial same_value send_query_error accept_space ack_space read_space notify_each
        interleave wait_unit_ms activate_fails_to_start cme_space kingcom_ok_last kingcom_comma kingcom_shut_ok
        closed_without_d dns_one_line udp_ok_first read_crlf address_error strict tcp_closed connect_text
    }
    Ok(true)
}
