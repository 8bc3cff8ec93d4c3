//! Comparing texts. Never inlined: a comparison with a literal would be spelled out byte by byte, in code.

/// Whether two texts are the same.
#[inline(never)]
pub(crate) fn same(a: &[u8], b: &[u8]) -> bool {
    a == b
}

/// Whether `text` begins with `front`.
#[inline(never)]
pub(crate) fn begins(text: &[u8], front: &[u8]) -> bool {
    text.get(..front.len()).is_some_and(|begin| same(begin, front))
}

/// The number of `name` in a list of names, each with a number below 32 behind it.
#[inline(never)]
pub(crate) fn look_up(list: &[u8], name: &[u8]) -> Option<u8> {
    let mut rest = list;
    loop {
        let end = rest.iter().position(|byte| *byte < b' ')?;
        let (front, behind) = rest.split_at_checked(end)?;
        let (number, behind) = behind.split_first()?;
        if same(front, name) {
            return Some(*number);
        }
        rest = behind;
    }
}
