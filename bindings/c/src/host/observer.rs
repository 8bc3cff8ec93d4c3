//! Reads along with both sides of a line.

use std::boxed::Box;
use std::collections::VecDeque;
use std::ffi::{CString, c_char};
use std::vec::Vec;

use simcom_at::Observer;
use simcom_vectors::Joiner;

use crate::memory::{self, Input};
use crate::simcom_result::{self, *};
use crate::{dialect, simcom_dialect, simcom_report};

/// Reads along with both sides of a line, and knows every documented form: for tests, recordings and sniffers.
pub struct simcom_observer {
    observer: Observer<Vec<u8>>,
    joiner: Joiner,
    texts: VecDeque<CString>,
    shown: CString,
}

impl simcom_observer {
    fn say(&mut self, said: &simcom_vectors::Said) {
        // Report text is printable ASCII, so it has no NUL.
        self.texts.push_back(CString::new(said.to_text()).unwrap_or_default());
    }
}

unsafe fn enter<'a>(observer: *mut simcom_observer) -> Result<&'a mut simcom_observer, simcom_result> {
    // SAFETY: it is NULL or comes from `simcom_observer_new` and was not freed, and no other call on it runs.
    unsafe { observer.as_mut() }.ok_or(SIMCOM_NULL)
}

/// An observer of a module of this dialect, in the dialect's default modes. NULL: `dialect` is NULL. Free it with
/// `simcom_observer_free`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn simcom_observer_new(dialect: *const simcom_dialect) -> *mut simcom_observer {
    // SAFETY: `dialect` is NULL or comes from a function of this library.
    let Some(spec) = (unsafe { dialect::take(dialect) }) else { return core::ptr::null_mut() };
    let new = simcom_observer {
        observer: simcom_vectors::observer(spec.dialect),
        joiner: Joiner::default(),
        texts: VecDeque::new(),
        shown: CString::default(),
    };
    Box::into_raw(Box::new(new))
}

/// Frees an observer; NULL is let pass.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn simcom_observer_free(observer: *mut simcom_observer) {
    if !observer.is_null() {
        // SAFETY: it comes from `simcom_observer_new`, and the caller gives it up.
        drop(unsafe { Box::from_raw(observer) });
    }
}

/// Sets a mode that holds before the first byte: `mux` `single`/`multi`, `mode` `transparent`/`normal`, `ciphead` `ciprxget`
/// `connected` `0`/`1`, `echo` `on`/`off`.
///
/// Errors: `SIMCOM_NULL`, `SIMCOM_BAD_TEXT`; `SIMCOM_BAD_VALUE`: no such key or value.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn simcom_observer_configure(
    observer: *mut simcom_observer,
    key: *const c_char,
    value: *const c_char,
) -> simcom_result {
    let set = || {
        // SAFETY: `observer` is NULL or of this library, the texts are NULL or end in NUL.
        let (observer, key, value) =
            unsafe { (enter(observer)?, memory::some_text(key)?, memory::some_text(value)?) };
        if observer.observer.configure(key, value) { Ok(()) } else { Err(SIMCOM_BAD_VALUE) }
    };
    set().into()
}

/// Takes bytes that the host sent: one chunk, as it was written. A host sends after the module has been silent: call
/// `simcom_observer_silence` and poll before it, unless it really interrupts.
///
/// Errors: `SIMCOM_NULL`, `SIMCOM_BAD_SIZE`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn simcom_observer_host(
    observer: *mut simcom_observer,
    bytes: *const u8,
    len: usize,
) -> simcom_result {
    // SAFETY: `observer` is NULL or of this library, `bytes` NULL or so many bytes.
    let given = unsafe { enter(observer).and_then(|observer| Ok((observer, memory::bytes(bytes, len)?))) };
    given.map(|(observer, bytes)| observer.observer.host(bytes)).into()
}

/// The module was silent for so long. Poll with no input behind it.
///
/// Errors: `SIMCOM_NULL`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn simcom_observer_silence(observer: *mut simcom_observer, ms: u32) -> simcom_result {
    // SAFETY: `observer` is NULL or of this library.
    unsafe { enter(observer) }.map(|observer| observer.observer.silence(ms)).into()
}

/// The next report of the module's bytes. Returns 1: there is one; 0: the input is used up; less than 0: an error.
///
/// `*in` and `*len`: as in `simcom_session_poll`. Errors: `SIMCOM_NULL`, `SIMCOM_BAD_SIZE`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn simcom_observer_poll(
    observer: *mut simcom_observer,
    r#in: *mut *const u8,
    len: *mut usize,
    report: *mut simcom_report,
) -> i32 {
    let next = || {
        if !memory::usable(report) {
            return Err(SIMCOM_NULL);
        }
        // SAFETY: `observer` is NULL or of this library, the others are NULL or the caller's places.
        let (this, mut input) = unsafe { (enter(observer)?, Input::take(r#in, len)?) };
        let next = this.observer.module(&mut input.bytes);
        // SAFETY: `take` has found the places usable.
        unsafe { input.give_back() };
        let Some(read) = next else { return Ok(0) };
        let mut said = Vec::new();
        let line = this.observer.text(&read);
        this.joiner.push(&read.report(), line, |whole| said.push(whole));
        let flat = simcom_report::of_observer(&read, line);
        // SAFETY: it was found usable above.
        unsafe { memory::put(report, flat) }?;
        said.iter().for_each(|whole| this.say(whole));
        Ok(1)
    };
    next().unwrap_or_else(|result| result as i32)
}

/// A line that was cut by the end of the traffic, if there is one: 1. 0: none. Less than 0: an error. Call it behind the last
/// silence, and then `simcom_observer_text` for what was still held.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn simcom_observer_finish(
    observer: *mut simcom_observer,
    report: *mut simcom_report,
) -> i32 {
    let last = || {
        if !memory::usable(report) {
            return Err(SIMCOM_NULL);
        }
        // SAFETY: `observer` is NULL or of this library.
        let this = unsafe { enter(observer) }?;
        let mut said = Vec::new();
        let mut found = 0;
        if let Some(read) = this.observer.finish() {
            let line = this.observer.text(&read);
            this.joiner.push(&read.report(), line, |whole| said.push(whole));
            let flat = simcom_report::of_observer(&read, line);
            // SAFETY: it was found usable above.
            unsafe { memory::put(report, flat) }?;
            found = 1;
        }
        this.joiner.finish(|whole| said.push(whole));
        if this.observer.is_pending() {
            said.push(simcom_vectors::Said::new("NoFinal"));
        }
        said.iter().for_each(|whole| this.say(whole));
        Ok(found)
    };
    last().unwrap_or_else(|result| result as i32)
}

/// 1: the newest command has no final result yet. 0: it has one; or `observer` is NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn simcom_observer_is_pending(observer: *const simcom_observer) -> u8 {
    // SAFETY: `observer` is NULL or of this library.
    unsafe { observer.as_ref() }.is_some_and(|this| this.observer.is_pending()).into()
}

/// The next whole report as text, as in the transcripts (`Data{link=0,len=5,bytes="hello"}`): one for each payload and each line,
/// however they were cut. NULL: none yet. Valid until the next call of this function.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn simcom_observer_text(observer: *mut simcom_observer) -> *const c_char {
    // SAFETY: `observer` is NULL or of this library.
    let next = unsafe { enter(observer) }.ok().and_then(|this| {
        this.shown = this.texts.pop_front()?;
        Some(this.shown.as_ptr())
    });
    next.unwrap_or(core::ptr::null())
}
