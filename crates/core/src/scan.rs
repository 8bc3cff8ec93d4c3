//! Looking for a byte: with `memchr` on hosts, by a plain loop where every byte of code counts.

#[cfg(not(small))]
pub(crate) use memchr::memchr as find;

/// Where `byte` is in `text` first, when it is most likely among the first eight: a word at once, without a call.
#[cfg(not(small))]
#[inline(always)]
pub(crate) fn find_near(byte: u8, text: &[u8]) -> Option<usize> {
    let Some((first, rest)) = text.split_first_chunk::<8>() else {
        return text.iter().position(|other| *other == byte);
    };
    let found = matches(byte, *first);
    if found != 0 {
        return Some(found.trailing_zeros() as usize / 8);
    }
    find(byte, rest).map(|at| at + 8)
}

/// The lowest bit that is set is in the first byte that is `byte`; no bit: none is.
#[cfg(not(small))]
const fn matches(byte: u8, text: [u8; 8]) -> u64 {
    const ONES: u64 = u64::from_le_bytes([1; 8]);
    let differ = u64::from_le_bytes(text) ^ (ONES * byte as u64);
    differ.wrapping_sub(ONES) & !differ & (ONES << 7)
}

/// Whether `byte` is in a text of at most 16 bytes.
#[cfg(not(small))]
#[inline(always)]
pub(crate) fn is_in_short(byte: u8, text: &[u8]) -> bool {
    match (text.first_chunk(), text.last_chunk()) {
        (Some(first), Some(last)) => matches(byte, *first) | matches(byte, *last) != 0,
        _ => text.contains(&byte),
    }
}

/// Where `byte` is in `text` first.
#[cfg(small)]
pub(crate) fn find(byte: u8, text: &[u8]) -> Option<usize> {
    text.iter().position(|other| *other == byte)
}

#[cfg(all(test, not(small)))]
mod tests {
    use super::{find_near, is_in_short};

    #[test]
    fn words_find_what_a_loop_finds() {
        for len in 0..40 {
            for at in 0..=len {
                let mut text = vec![b'\x0b'; len];
                text[at..].fill(b'\n');
                assert_eq!(find_near(b'\n', &text), (at < len).then_some(at));
                assert!(len > 16 || is_in_short(b'\n', &text) == (at < len));
            }
        }
    }
}
