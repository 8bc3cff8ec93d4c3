//! The search of a microcontroller: the rows in the order of their bytes, each without what it shares with the one in front
//! of it.

use super::{ROWS, text_of};
use crate::layout::{Layout, code};
use crate::line::Fields;

const MOST: usize = 1024;

/// Whether `a` stands in front of `b`; and how many bytes they share.
#[expect(clippy::indexing_slicing, reason = "at compile time")]
const fn compare(a: &[u8], b: &[u8]) -> (bool, usize) {
    let mut i = 0;
    while i < a.len() && i < b.len() && a[i] == b[i] {
        i += 1;
    }
    (i == a.len() || (i < b.len() && a[i] < b[i]), i)
}

#[expect(clippy::cast_possible_truncation, clippy::indexing_slicing, reason = "at compile time")]
const fn build() -> ([u8; MOST], usize) {
    let mut bytes = [0; MOST];
    let mut len = 0;
    let mut before: &[u8] = b"";
    let mut done = 0;
    while done < ROWS.len() {
        // The smallest of those that are larger than the last.
        let mut next = ROWS.len();
        let mut row = 0;
        while row < ROWS.len() {
            let text = text_of(row);
            let is_new = done == 0 || (compare(before, text).0 && !compare(text, before).0);
            if is_new && (next == ROWS.len() || compare(text, text_of(next)).0) {
                next = row;
            }
            row += 1;
        }
        let text = text_of(next);
        let (_, shared) = compare(before, text);
        assert!(shared < 16 && text.len() - shared < 16, "both are half a byte");
        bytes[len] = (shared << 4 | (text.len() - shared)) as u8;
        bytes[len + 1] = ROWS[next].1.0;
        len += 2;
        let mut i = shared;
        while i < text.len() {
            bytes[len] = text[i];
            len += 1;
            i += 1;
        }
        before = text;
        done += 1;
    }
    (bytes, len)
}

/// All rows, one behind the other. Each: how many bytes it shares with the one in front of it, and how many others it has;
/// its layout; its other bytes.
pub(crate) const ROWS_LEN: usize = build().1;
#[expect(clippy::indexing_slicing, reason = "at compile time")]
pub(crate) const fn rows<const LEN: usize>(mut all: [u8; LEN]) -> [u8; LEN] {
    let (bytes, len) = build();
    let mut i = 0;
    while i < len {
        all[i] = bytes[i];
        i += 1;
    }
    all
}

/// What the line is; `f` stands behind the text that says so.
#[inline(never)]
pub(crate) fn find(f: &mut Fields<'_>) -> Layout {
    let mut best = (Layout::BARE_IP, 0);
    let mut row = 0;
    let start = f.at;
    let mut at = start;
    while row < ROWS_LEN {
        let sizes = usize::from(code(row));
        let next = row + 2 + (sizes & 15);
        let shared = (sizes >> 4) + start;
        if shared < at {
            break;
        }
        if shared == at {
            let layout = code(row + 1);
            row += 2;
            while row < next && f.byte_at(at) == u32::from(code(row)) {
                row += 1;
                at += 1;
            }
            if row == next {
                best = (Layout(layout), at);
            }
        }
        row = next;
    }
    f.at = best.1;
    best.0
}
