//! What every image needs: where it starts, and what a panic would call.

use core::panic::PanicInfo;

/// Where the image starts.
#[unsafe(no_mangle)]
extern "C" fn _start() -> ! {
    loop {
        crate::image::harness(core::hint::black_box(&[]));
    }
}

#[panic_handler]
fn panic_handler(_: &PanicInfo<'_>) -> ! {
    loop {}
}
