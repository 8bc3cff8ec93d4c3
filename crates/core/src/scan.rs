//! Looking for a byte: with `memchr` on hosts, by a plain loop where every byte of code counts.

#[cfg(not(target_os = "none"))]
pub(crate) use memchr::{memchr as find, memchr2 as find_either};

/// Where `byte` is in `text` first.
#[cfg(target_os = "none")]
pub(crate) fn find(byte: u8, text: &[u8]) -> Option<usize> {
    find_either(byte, byte, text)
}

/// Where either byte is in `text` first.
#[cfg(target_os = "none")]
#[inline(never)]
pub(crate) fn find_either(one: u8, two: u8, text: &[u8]) -> Option<usize> {
    text.iter().position(|other| *other == one || *other == two)
}
