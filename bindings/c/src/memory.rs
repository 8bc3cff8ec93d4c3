//! Pointers of a C caller, checked as far as they can be.

use core::ffi::c_char;

use crate::simcom_result::{self, *};

/// The longest text of any command.
const TEXT: usize = 1024;

/// So many bytes; none for NULL with length 0.
pub(crate) unsafe fn bytes<'a>(data: *const u8, len: usize) -> Result<&'a [u8], simcom_result> {
    if len == 0 {
        return Ok(&[]);
    }
    if data.is_null() {
        return Err(SIMCOM_NULL);
    }
    if isize::try_from(len).is_err() {
        return Err(SIMCOM_BAD_SIZE);
    }
    // SAFETY: the caller promises `len` bytes at `data`, which is not NULL; a slice of bytes needs no alignment.
    Ok(unsafe { core::slice::from_raw_parts(data, len) })
}

/// A text that ends in NUL, without it; `None` for NULL. Its bytes are ASCII, so it is UTF-8.
pub(crate) unsafe fn text<'a>(text: *const c_char) -> Result<Option<&'a str>, simcom_result> {
    if text.is_null() {
        return Ok(None);
    }
    let text = text.cast::<u8>();
    let mut len = 0;
    loop {
        // SAFETY: the caller promises a NUL at the end; no byte behind it is read.
        match unsafe { text.add(len).read() } {
            0 => break,
            0x80.. => return Err(SIMCOM_BAD_TEXT),
            _ if len == TEXT => return Err(SIMCOM_BAD_LENGTH),
            _ => len += 1,
        }
    }
    // SAFETY: the bytes before the NUL have just been read, and each of them is ASCII.
    Ok(Some(unsafe { core::str::from_utf8_unchecked(core::slice::from_raw_parts(text, len)) }))
}

/// A text that must be there.
pub(crate) unsafe fn some_text<'a>(given: *const c_char) -> Result<&'a str, simcom_result> {
    // SAFETY: as the caller's.
    unsafe { text(given) }?.ok_or(SIMCOM_NULL)
}

/// A text that may be left out: NULL is the empty text.
pub(crate) unsafe fn any_text<'a>(given: *const c_char) -> Result<&'a str, simcom_result> {
    // SAFETY: as the caller's.
    Ok(unsafe { text(given) }?.unwrap_or(""))
}

/// Writes to a place that the caller gives.
pub(crate) unsafe fn put<T>(place: *mut T, value: T) -> Result<(), simcom_result> {
    if !usable(place) {
        return Err(SIMCOM_NULL);
    }
    // SAFETY: it is not NULL and aligned, and the caller promises that it is a `T`'s place.
    unsafe { place.write(value) };
    Ok(())
}

/// Whether a pointer is neither NULL nor misaligned.
pub(crate) fn usable<T>(place: *const T) -> bool {
    !place.is_null() && place.is_aligned()
}

/// Bytes for the caller: the pointer, and the length at `len` where that is given. No bytes are NULL and 0.
pub(crate) unsafe fn give(bytes: &[u8], len: *mut usize) -> *const u8 {
    // SAFETY: `len` is NULL, which is refused there, or the caller's place for a length.
    let _ = unsafe { put(len, bytes.len()) };
    if bytes.is_empty() { core::ptr::null() } else { bytes.as_ptr() }
}

/// The caller's input: a pointer to the bytes and their number, both moved on by what is used.
pub(crate) struct Input<'i> {
    pub(crate) bytes: &'i [u8],
    at: *mut *const u8,
    len: *mut usize,
}

impl Input<'_> {
    /// Both NULL: there is no input.
    pub(crate) unsafe fn take(at: *mut *const u8, len: *mut usize) -> Result<Self, simcom_result> {
        if at.is_null() && len.is_null() {
            return Ok(Self { bytes: &[], at, len });
        }
        if !usable(at) || !usable(len) {
            return Err(SIMCOM_NULL);
        }
        // SAFETY: both are neither NULL nor misaligned, and the caller promises that the length is that of the bytes.
        let bytes = unsafe { bytes(at.read(), len.read()) }?;
        Ok(Self { bytes, at, len })
    }

    /// Tells the caller what is left.
    pub(crate) unsafe fn give_back(self) {
        if !self.at.is_null() && !self.bytes.is_empty() {
            // SAFETY: `take` has found both places usable.
            unsafe { self.at.write(self.bytes.as_ptr()) };
        } else if !self.at.is_null() {
            // SAFETY: as above; all bytes are used, so the pointer goes behind the last of them.
            unsafe { self.at.write(self.at.read().wrapping_add(self.len.read())) };
        }
        if !self.len.is_null() {
            // SAFETY: `take` has found both places usable.
            unsafe { self.len.write(self.bytes.len()) };
        }
    }
}
