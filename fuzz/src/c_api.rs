//! The C interface, called with raw bytes as settings, lengths, texts and numbers.
//!
//! * Whatever is called, in any order, with NULL or with numbers that mean nothing: a result comes back, and the address
//!   sanitizer finds no access beyond what was given. Each input and each text lies in memory of its own.
//! * `poll` comes to an end, and takes all that is there.
//! * A call that was refused leaves nothing to send.

use std::ffi::{CString, c_char};
use std::ptr::{null, null_mut};

use simcom_c::*;

/// The calls' arguments, taken from the input.
struct Bytes<'a>(&'a [u8]);

impl Bytes<'_> {
    fn byte(&mut self) -> u8 {
        let Some((&first, rest)) = self.0.split_first() else { return 0 };
        self.0 = rest;
        first
    }

    fn short(&mut self) -> u16 {
        u16::from_le_bytes([self.byte(), self.byte()])
    }

    /// Some bytes, in memory of their own.
    fn bytes(&mut self, most: u8) -> Vec<u8> {
        let len = usize::from(self.byte() % most.max(1)).min(self.0.len());
        let (bytes, rest) = self.0.split_at(len);
        self.0 = rest;
        bytes.to_vec().into_boxed_slice().into_vec()
    }

    /// A text, or none.
    fn text(&mut self) -> Option<CString> {
        let what = self.byte();
        let ready: Option<&[u8]> = match what {
            0 => None,
            1 => Some(b"localhost"),
            2 => Some(b"127.0.0.1"),
            3 => Some(b"AT+CSQ"),
            4 => Some(b"1234"),
            5 => Some(&[b'a'; 1100]),
            _ => {
                let bytes: Vec<u8> = self.bytes(what).into_iter().filter(|byte| *byte != 0).collect();
                return CString::new(bytes).ok();
            }
        };
        ready.and_then(|bytes| CString::new(bytes).ok())
    }
}

fn at(text: &Option<CString>) -> *const c_char {
    text.as_ref().map_or(null(), |text| text.as_ptr())
}

fn dialect(number: u8) -> *const simcom_dialect {
    match number % 7 {
        0 => simcom_dialect_sim800(),
        1 => simcom_dialect_sim800e(),
        2 => simcom_dialect_sim7000(),
        3 => simcom_dialect_kingcom(),
        4 => simcom_dialect_a7600(),
        5 => simcom_dialect_rda8955(),
        _ => null(),
    }
}

/// Settings out of any bytes; the size is mostly right.
fn settings(input: &mut Bytes<'_>) -> simcom_settings {
    let mut settings = simcom_settings {
        size: 0,
        send_ms: u32::from(input.short()),
        pause_ms: input.short(),
        gap_ms: input.short(),
        prompt_ms: input.short(),
        poll_ms: input.short(),
        drain_ms: input.short(),
        single: input.byte() % 3,
        push: input.byte() & 1,
        quick: input.byte() & 1,
        retries: input.byte(),
        transparent: input.byte() & 1,
        any_peer: input.byte() & 1,
        flow_control: input.byte() & 1,
        modem_lines: input.byte() & 1,
        reserved: u16::from(input.byte() == 9),
    };
    settings.size = size_of::<simcom_settings>() as u32 + u32::from(input.byte() / 250) * 4;
    settings
}

/// A session of C, with everything that it borrows.
struct Host {
    session: Box<simcom_session>,
    buffer: Box<[u8]>,
    now: u32,
}

impl Host {
    fn init(&mut self, input: &mut Bytes<'_>) -> simcom_result {
        let given = settings(input);
        let given: *const simcom_settings = if input.byte() % 4 == 0 { null() } else { &given };
        let abi = SIMCOM_ABI + u32::from(input.byte() / 250);
        let mut buffer = vec![0; usize::from(input.short() % 2048)].into_boxed_slice();
        let dialect = dialect(input.byte());
        let (at, len, now) = (buffer.as_mut_ptr(), buffer.len(), self.now);
        let begun = unsafe { simcom_session_init(&mut *self.session, abi, dialect, given, at, len, now) };
        if begun == simcom_result::SIMCOM_OK {
            // Until then the old session has the old one.
            self.buffer = buffer;
        }
        begun
    }

    fn poll(&mut self, bytes: &[u8]) {
        let own = bytes.to_vec();
        let (mut at, mut len) = (own.as_ptr(), own.len());
        let mut event = core::mem::MaybeUninit::<simcom_event>::uninit();
        for turns in 0.. {
            assert!(turns < 10_000 + 100 * bytes.len(), "poll finds no end");
            let session: *mut simcom_session = &mut *self.session;
            match unsafe { simcom_session_poll(session, self.now, &mut at, &mut len, event.as_mut_ptr()) } {
                1 => {
                    let event = unsafe { event.assume_init_ref() };
                    let data = unsafe { slice(event.data, event.len) };
                    assert!(data.is_empty() || event.kind == simcom_event_kind::SIMCOM_EVENT_RECEIVED as u8);
                    let mut text_len = 0;
                    let text = unsafe { simcom_session_text(&*self.session, &mut text_len) };
                    core::hint::black_box(sum(unsafe { slice(text, text_len) }) + sum(data));
                }
                0 => {
                    assert_eq!(len, 0, "input was left");
                    return;
                }
                error => {
                    assert_eq!(error, simcom_result::SIMCOM_NOT_INITIALISED as i32);
                    return;
                }
            }
        }
    }

    fn pending(&self) -> usize {
        let mut len = 0;
        let at = unsafe { simcom_session_transmit(&*self.session, &mut len) };
        core::hint::black_box(sum(unsafe { slice(at, len) }));
        len
    }

    fn call(&mut self, what: u8, input: &mut Bytes<'_>) -> simcom_result {
        let s: *mut simcom_session = if what == 255 { null_mut() } else { &mut *self.session };
        let now = self.now;
        unsafe {
            match what % 28 {
                0 => simcom_session_probe(s, now),
                1 => simcom_session_sim(s, now, at(&input.text())),
                2 => simcom_session_signal(s, now),
                3 => simcom_session_registration(s, now),
                4 | 5 => {
                    let texts = [input.text(), input.text(), input.text()];
                    simcom_session_attach(
                        s,
                        now,
                        input.byte() % 4,
                        at(&texts[0]),
                        at(&texts[1]),
                        at(&texts[2]),
                    )
                }
                6 => simcom_session_detach(s, now),
                7 => simcom_session_address(s, now),
                8..=10 => {
                    let (link, how, host) = (input.byte() % 12, input.byte() % 3, input.text());
                    simcom_session_open(s, now, link, how, at(&host), input.short(), input.short())
                }
                11..=13 => {
                    let (link, bytes) = (input.byte() % 12, input.bytes(255));
                    let to = simcom_address { ip: [10, 0, 0, 1], port: input.short() };
                    let to: *const simcom_address = if input.byte() % 4 == 0 { &to } else { null() };
                    simcom_session_send(s, now, link, bytes.as_ptr(), bytes.len(), to)
                }
                14 => simcom_session_receive(s, now, input.byte() % 12, input.short()),
                15 => simcom_session_close(s, now, input.byte() % 12, input.byte() % 3),
                16 => simcom_session_shut(s, now),
                17 => simcom_session_resolve(s, now, at(&input.text())),
                18 => simcom_session_status(s, now),
                19 => simcom_session_raw(s, now, at(&input.text()), u32::from(input.short())),
                20 => simcom_session_listen(
                    s,
                    now,
                    input.byte() % 5,
                    input.byte() % 3,
                    input.short(),
                    input.byte(),
                ),
                21 => simcom_session_unlisten(s, now, input.byte() % 5),
                22 => simcom_session_context(s, now, input.byte() % 4),
                23 => {
                    let to = simcom_address { ip: [10, 0, 0, 2], port: input.short() };
                    simcom_session_udp_peer(s, now, input.byte() % 12, &to)
                }
                24 => simcom_session_acknowledged(s, now, input.byte() % 12),
                25 => simcom_session_room(s, now, input.byte() % 12),
                26 => simcom_session_enter_data(s, now),
                _ => simcom_session_leave_data(s, now),
            }
        }
    }
}

unsafe fn slice<'a>(at: *const u8, len: usize) -> &'a [u8] {
    // SAFETY: as the interface says: NULL and 0, or so many bytes.
    if at.is_null() { &[] } else { unsafe { core::slice::from_raw_parts(at, len) } }
}

/// Touches every byte, so that the sanitizer sees it.
fn sum(bytes: &[u8]) -> u32 {
    bytes.iter().map(|byte| u32::from(*byte)).sum()
}

/// One input: the first byte says whether the session is begun at all; then steps.
pub fn check(data: &[u8]) {
    let mut input = Bytes(data);
    let session = unsafe { Box::new(core::mem::MaybeUninit::<simcom_session>::zeroed().assume_init()) };
    let mut host = Host { session, buffer: Box::default(), now: u32::MAX - 20_000 };
    if input.byte() != 0 {
        let _ = host.init(&mut input);
    }
    while !input.0.is_empty() {
        match input.byte() {
            0 => {
                let _ = host.init(&mut input);
            }
            1 => unsafe {
                simcom_session_reset(&mut *host.session, host.now);
            },
            2 => unsafe {
                simcom_session_abandon(&mut *host.session, host.now);
            },
            3 => unsafe {
                simcom_session_dcd(&mut *host.session, host.now, input.byte() % 3);
            },
            4..=70 => {
                let bytes = input.bytes(255);
                host.poll(&bytes);
            }
            71..=110 => {
                let wait = unsafe { simcom_session_wait_ms(&*host.session, host.now) };
                let most = u32::from(input.short());
                host.now = host.now.wrapping_add(wait.min(most));
                host.poll(&[]);
            }
            111..=160 => {
                let pending = host.pending();
                let taken = usize::from(input.byte());
                let session: *mut simcom_session = &mut *host.session;
                let told = unsafe { simcom_session_transmitted(session, host.now, taken) };
                let fits = taken <= pending;
                assert!(fits || told != simcom_result::SIMCOM_OK, "more was sent than there was");
            }
            what => {
                let before = host.pending();
                if host.call(what, &mut input) != simcom_result::SIMCOM_OK {
                    assert_eq!(host.pending(), before, "a refused call changed what is to be sent");
                }
            }
        }
        unsafe {
            core::hint::black_box((
                simcom_session_is_ready(&*host.session),
                simcom_session_is_data_mode(&*host.session),
                simcom_session_dtr(&*host.session),
                simcom_session_needed(&*host.session),
                simcom_session_reason(&*host.session),
                simcom_session_max_payload(&*host.session),
            ));
        }
    }
}
