//! Records a session as a transcript.

use std::boxed::Box;
use std::ffi::{CString, c_char};
use std::format;
use std::string::String;

use simcom_at::Instant;
use simcom_vectors::escape;

use crate::memory;
use crate::simcom_result::{self, *};
use crate::{dialect, simcom_dialect};

/// A pause that is worth a line, in ms.
const SILENCE_MS: u32 = 1000;

/// Records what goes over a line, as a transcript that `simcom decode` and the tests read.
pub struct simcom_recorder {
    text: String,
    last: Option<Instant>,
    shown: CString,
}

impl simcom_recorder {
    fn line(&mut self, now: Instant, mark: char, bytes: &[u8]) {
        let pause = self.last.map_or(0, |last| last.until(now));
        self.last = Some(now);
        if pause >= SILENCE_MS {
            self.text.push_str(&format!("~ {pause}\n"));
        }
        self.text.push_str(&format!("{mark} {}\n", escape(bytes)));
    }
}

unsafe fn enter<'a>(recorder: *mut simcom_recorder) -> Result<&'a mut simcom_recorder, simcom_result> {
    // SAFETY: it is NULL or comes from `simcom_recorder_new` and was not freed, and no other call on it runs.
    unsafe { recorder.as_mut() }.ok_or(SIMCOM_NULL)
}

/// Begins a transcript. `source`: one line that says where it comes from. NULL: an argument is NULL or no text. Free it with
/// `simcom_recorder_free`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn simcom_recorder_new(
    dialect: *const simcom_dialect,
    source: *const c_char,
) -> *mut simcom_recorder {
    // SAFETY: `dialect` is NULL or comes from a function of this library, `source` is NULL or ends in NUL.
    let given = unsafe { (dialect::take(dialect), memory::some_text(source)) };
    let (Some(spec), Ok(source)) = given else { return core::ptr::null_mut() };
    let source = source.replace(['\r', '\n'], " ");
    let text = format!("# source: {source}\n# dialect: {}\n# config: echo=on\n", spec.dialect.name());
    Box::into_raw(Box::new(simcom_recorder { text, last: None, shown: CString::default() }))
}

/// Frees a recorder; NULL is let pass.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn simcom_recorder_free(recorder: *mut simcom_recorder) {
    if !recorder.is_null() {
        // SAFETY: it comes from `simcom_recorder_new`, and the caller gives it up.
        drop(unsafe { Box::from_raw(recorder) });
    }
}

unsafe fn record(
    recorder: *mut simcom_recorder,
    now_ms: u32,
    mark: char,
    bytes: *const u8,
    len: usize,
) -> simcom_result {
    let record = || {
        // SAFETY: `recorder` is NULL or of this library, `bytes` NULL or so many bytes.
        let (recorder, bytes) = unsafe { (enter(recorder)?, memory::bytes(bytes, len)?) };
        if !bytes.is_empty() {
            recorder.line(Instant::from_millis(now_ms), mark, bytes);
        }
        Ok(())
    };
    record().into()
}

/// The host has sent these bytes. Errors: `SIMCOM_NULL`, `SIMCOM_BAD_SIZE`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn simcom_recorder_host(
    recorder: *mut simcom_recorder,
    now_ms: u32,
    bytes: *const u8,
    len: usize,
) -> simcom_result {
    // SAFETY: `recorder` is NULL or of this library, `bytes` NULL or so many bytes.
    unsafe { record(recorder, now_ms, '>', bytes, len) }
}

/// The module has sent these bytes. Errors: `SIMCOM_NULL`, `SIMCOM_BAD_SIZE`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn simcom_recorder_module(
    recorder: *mut simcom_recorder,
    now_ms: u32,
    bytes: *const u8,
    len: usize,
) -> simcom_result {
    // SAFETY: `recorder` is NULL or of this library, `bytes` NULL or so many bytes.
    unsafe { record(recorder, now_ms, '<', bytes, len) }
}

/// The transcript so far, ended by NUL; valid until the next call on this recorder. NULL for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn simcom_recorder_text(recorder: *mut simcom_recorder) -> *const c_char {
    // SAFETY: `recorder` is NULL or of this library.
    let Ok(recorder) = (unsafe { enter(recorder) }) else { return core::ptr::null() };
    // Escaped text has no NUL.
    recorder.shown = CString::new(recorder.text.clone()).unwrap_or_default();
    recorder.shown.as_ptr()
}
