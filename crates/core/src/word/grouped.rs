//! The search of a host: two bytes of a line choose a group of rows, which is nearly always a single one, so that a line is
//! compared once, whatever the number of rows.

use super::{ROWS, text_of};
use crate::layout::Layout;

/// Rows are kept in so many groups.
const GROUPS: usize = 64;
/// With a length: the last row of its group.
const LAST: u8 = 0x80;

/// Group → where its rows are in `TEXT`.
static STARTS: [u16; GROUPS] = build().starts;
/// Each row: its length with [`LAST`], its kind, its text.
static TEXT: [u8; build().len] = text();

/// The group of a line, by two bytes that every row has.
const fn group(line: &[u8]) -> Option<usize> {
    let (high, low) = match line {
        [b'+', _, high, low, ..] | [high, low, ..] => (*high, *low),
        _ => return None,
    };
    Some((high as usize * 46 + low as usize) % GROUPS)
}

struct Table {
    bytes: [u8; 1024],
    len: usize,
    starts: [u16; GROUPS],
}

#[expect(clippy::cast_possible_truncation, clippy::indexing_slicing, reason = "at compile time, 1,024 bytes")]
const fn build() -> Table {
    let mut table = Table { bytes: [0; 1024], len: 0, starts: [1023; GROUPS] };
    let mut g = 0;
    while g < GROUPS {
        let mut last = None;
        let mut row = 0;
        while row < ROWS.len() {
            let text = text_of(row);
            if matches!(group(text), Some(own) if own == g) {
                let len = text.len();
                let at = table.len;
                if last.is_none() {
                    table.starts[g] = at as u16;
                }
                last = Some(at);
                table.bytes[at] = len as u8;
                table.bytes[at + 1] = ROWS[row].1.0;
                let mut i = 0;
                while i < len {
                    table.bytes[at + 2 + i] = text[i];
                    i += 1;
                }
                table.len = at + 2 + len;
            }
            row += 1;
        }
        if let Some(at) = last {
            table.bytes[at] |= LAST;
        }
        g += 1;
    }
    table
}

#[expect(clippy::indexing_slicing, reason = "at compile time")]
const fn text() -> [u8; build().len] {
    let all = build().bytes;
    let mut text = [0; build().len];
    let mut i = 0;
    while i < text.len() {
        text[i] = all[i];
        i += 1;
    }
    text
}

/// What `line` is, and how many of its bytes say so; other lines may follow behind its end.
#[inline(always)]
pub(crate) fn find(line: &[u8]) -> Option<(Layout, usize)> {
    let mut rows = TEXT.get(usize::from(*STARTS.get(group(line)?)?)..)?;
    loop {
        let (&[mark, kind], behind) = rows.split_first_chunk()?;
        let (text, next) = behind.split_at_checked(usize::from(mark & !LAST))?;
        if begins(line, text) {
            return Some((Layout(kind), text.len()));
        }
        if mark & LAST != 0 {
            return None;
        }
        rows = next;
    }
}

/// Whether `line` begins with `text`.
#[inline]
fn begins(line: &[u8], text: &[u8]) -> bool {
    let Some(line) = line.get(..text.len()) else { return false };
    // Rows are short: two words that may overlap take fewer instructions than a call.
    if text.len() <= 16
        && let (Some(a), Some(b)) = (line.first_chunk::<8>(), text.first_chunk::<8>())
    {
        return a == b && line.last_chunk::<8>() == text.last_chunk::<8>();
    } else if text.len() <= 8
        && let (Some(a), Some(b)) = (line.first_chunk::<4>(), text.first_chunk::<4>())
    {
        return a == b && line.last_chunk::<4>() == text.last_chunk::<4>();
    }
    line == text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_are_small() {
        let largest =
            (0..GROUPS).map(|g| (0..ROWS.len()).filter(|&r| group(text_of(r)) == Some(g)).count()).max();
        assert_eq!(largest, Some(9), "nine begin with +CIP");
    }
}
