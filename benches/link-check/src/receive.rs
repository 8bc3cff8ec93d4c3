//! Calls the whole reader API with bytes that the optimizer cannot know.

use core::hint::black_box;

use simcom_at::{Ask, Asked, Dialect, Instant, Read, Reader};

/// The program around the reader; its size does not count.
#[inline(never)]
pub fn harness(bytes: &[u8]) {
    let mut reader = new();
    reader.set_transparent(black_box(false));
    // From here on it could be the reader of any dialect.
    black_box(&mut reader);
    let asked = Asked {
        ask: black_box(Ask::Other),
        prompt: black_box(true),
        echo: bytes,
        escape: black_box(false),
        carrier: black_box(None),
    };
    let mut input = bytes;
    while let Some(read) = poll(&mut reader, &mut input, &asked) {
        black_box(text(&reader, &read));
        black_box(read);
    }
    black_box((reader.deadline(), reader.is_at_line_start(), reader.is_data_mode()));
    black_box(end(&mut reader));
    #[cfg(feature = "control")]
    control(bytes);
}

// Not inlined, so that the reader's code does not count as the harness's.

#[inline(never)]
fn new() -> Reader {
    Reader::new(Dialect::Sim800, 1000)
}

#[inline(never)]
fn poll<'i>(reader: &mut Reader, input: &mut &'i [u8], asked: &Asked<'_>) -> Option<Read<'i>> {
    reader.poll(black_box(Instant::from_millis(0)), input, asked)
}

#[inline(never)]
fn text<'a>(reader: &'a Reader, read: &Read<'a>) -> &'a [u8] {
    reader.text(read)
}

#[inline(never)]
fn end(reader: &mut Reader) -> Option<Read<'static>> {
    reader.finish()
}

/// The negative control: an index that may be out of bounds.
#[cfg(feature = "control")]
fn control(bytes: &[u8]) {
    black_box(bytes[black_box(7_usize)]);
}
