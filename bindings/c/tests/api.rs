//! The C interface, called as C calls it. Also for Miri, which looks at every pointer: `cargo +nightly miri test -p simcom-c`.
#![cfg(not(target_os = "none"))]
#![allow(clippy::undocumented_unsafe_blocks, reason = "a test calls the interface as the header says")]

use std::ffi::{CStr, CString};
use std::mem::MaybeUninit;
use std::ptr::{null, null_mut};

use simcom_at::{Action, Closing, LinkState, Loss, Remedy, Setting};
use simcom_c::*;
use simcom_vectors::{Step, Vector, all, by_name};

/// An observer that is freed.
struct Observer(*mut simcom_observer);

impl Observer {
    fn new(vector: &Vector) -> Self {
        let name = CString::new(vector.dialect()).unwrap();
        let observer = unsafe { simcom_observer_new(simcom_dialect_by_name(name.as_ptr())) };
        assert!(!observer.is_null());
        for (key, value) in vector.transcript.config() {
            let (key, value) = (CString::new(key).unwrap(), CString::new(value).unwrap());
            unsafe { simcom_observer_configure(observer, key.as_ptr(), value.as_ptr()) };
        }
        Self(observer)
    }

    fn texts(&self, texts: &mut Vec<String>) {
        loop {
            let text = unsafe { simcom_observer_text(self.0) };
            if text.is_null() {
                return;
            }
            texts.push(unsafe { CStr::from_ptr(text) }.to_str().unwrap().to_owned());
        }
    }

    fn module(&self, bytes: &[u8], texts: &mut Vec<String>) {
        // Memory of its own, so that nothing outside of it can be read.
        let own = bytes.to_vec();
        let (mut at, mut len) = (own.as_ptr(), own.len());
        let mut report = MaybeUninit::<simcom_report>::uninit();
        while unsafe { simcom_observer_poll(self.0, &mut at, &mut len, report.as_mut_ptr()) } == 1 {
            let report = unsafe { report.assume_init_ref() };
            if !report.data.is_null() {
                let data = unsafe { std::slice::from_raw_parts(report.data, report.data_len) };
                assert!(
                    data.len() <= own.len() || report.kind == simcom_report_kind::SIMCOM_REPORT_DATA as u8
                );
            }
            self.texts(texts);
        }
        assert_eq!(len, 0);
        assert_eq!(at, own.as_ptr_range().end);
    }

    fn silence(&self, ms: u32, texts: &mut Vec<String>) {
        assert_eq!(unsafe { simcom_observer_silence(self.0, ms) }, simcom_result::SIMCOM_OK);
        self.module(&[], texts);
    }
}

impl Drop for Observer {
    fn drop(&mut self) {
        unsafe { simcom_observer_free(self.0) };
    }
}

fn texts(vector: &Vector, cut: usize) -> Vec<String> {
    let observer = Observer::new(vector);
    let mut texts = Vec::new();
    for step in &vector.transcript.steps {
        match step {
            Step::Host(bytes) => {
                observer.silence(1000, &mut texts);
                unsafe { simcom_observer_host(observer.0, bytes.as_ptr(), bytes.len()) };
            }
            Step::Module(bytes) => bytes.chunks(cut).for_each(|piece| observer.module(piece, &mut texts)),
            Step::Silence(ms) => observer.silence(*ms, &mut texts),
        }
    }
    observer.silence(1000, &mut texts);
    let mut report = MaybeUninit::<simcom_report>::uninit();
    unsafe { simcom_observer_finish(observer.0, report.as_mut_ptr()) };
    observer.texts(&mut texts);
    texts
}

#[test]
fn every_transcript_gives_the_same_reports_when_it_is_cut() {
    // Miri takes its time: one of each dialect.
    let few = [
        "sim800/s2-10-link-check",
        "sim800e/s1-3.14-cipats",
        "kingcom/s3-5-cipsend",
        "a7600/s4-1.6-buffer-access",
    ];
    let vectors = if cfg!(miri) { few.iter().filter_map(|name| by_name(name)).collect() } else { all() };
    assert!(vectors.len() >= few.len());
    for vector in &vectors {
        assert_eq!(texts(vector, usize::MAX), texts(vector, 5), "{}", vector.name);
    }
}

/// A session with a modem behind it.
struct Pair {
    session: *mut simcom_session,
    buffer: Vec<u8>,
    modem: *mut simcom_modem,
    kinds: Vec<u8>,
    received: Vec<u8>,
}

impl Pair {
    fn new(dialect: *const simcom_dialect) -> Self {
        let session =
            Box::into_raw(Box::new(unsafe { MaybeUninit::<simcom_session>::zeroed().assume_init() }));
        let mut buffer = vec![0; 512];
        let (at, len) = (buffer.as_mut_ptr(), buffer.len());
        let modem = unsafe { simcom_modem_new(dialect, 3) };
        let begun = unsafe { simcom_session_init(session, SIMCOM_ABI, dialect, null(), at, len, 0) };
        assert_eq!(begun, simcom_result::SIMCOM_OK);
        Self { session, buffer, modem, kinds: Vec::new(), received: Vec::new() }
    }

    fn now(&self) -> u32 {
        unsafe { simcom_modem_now(self.modem) }
    }

    fn turn(&mut self) {
        let session = self.session;
        let now = self.now();
        let mut bytes = [0; 64];
        let mut len = 0;
        unsafe {
            let out = simcom_session_transmit(session, &mut len);
            let taken = simcom_modem_write(self.modem, out, len);
            assert_eq!(simcom_session_transmitted(session, now, taken), simcom_result::SIMCOM_OK);
            assert!(simcom_modem_wait(self.modem, simcom_session_wait_ms(session, now).min(1000)) >= 0);
            len = simcom_modem_read(self.modem, bytes.as_mut_ptr(), bytes.len());
        }
        let mut at = bytes.as_ptr();
        let mut event = MaybeUninit::<simcom_event>::uninit();
        while unsafe { simcom_session_poll(session, self.now(), &mut at, &mut len, event.as_mut_ptr()) } == 1
        {
            let event = unsafe { event.assume_init_ref() };
            self.kinds.push(event.kind);
            if event.kind == simcom_event_kind::SIMCOM_EVENT_RECEIVED as u8 {
                let data = unsafe { std::slice::from_raw_parts(event.data, event.len) };
                self.received.extend_from_slice(data);
            }
        }
    }

    fn until(&mut self, kind: simcom_event_kind) {
        self.kinds.clear();
        while !self.kinds.contains(&(kind as u8)) {
            assert!(self.now() < 1_000_000, "{kind:?} never came: {:?}", self.kinds);
            self.turn();
        }
        while unsafe { simcom_session_is_ready(self.session) } == 0 {
            self.turn();
        }
    }
}

impl Drop for Pair {
    fn drop(&mut self) {
        unsafe { simcom_modem_free(self.modem) };
        drop(unsafe { Box::from_raw(self.session) });
        assert!(!self.buffer.is_empty());
    }
}

#[test]
fn a_session_does_its_job_with_memory_of_the_caller() {
    use simcom_event_kind::*;
    let mut pair = Pair::new(simcom_dialect_sim7000());
    let ok = simcom_result::SIMCOM_OK;
    let session = pair.session;
    assert_eq!(unsafe { simcom_session_attach(session, 0, 0, c"internet".as_ptr(), null(), null()) }, ok);
    pair.until(SIMCOM_EVENT_DONE);
    let now = pair.now();
    assert_eq!(unsafe { simcom_session_open(session, now, 0, 0, c"localhost".as_ptr(), 7, 0) }, ok);
    pair.until(SIMCOM_EVENT_OPENED);
    let payload = b"\r\nOK\r\n\x1a and more";
    let now = pair.now();
    assert_eq!(unsafe { simcom_session_send(session, now, 0, payload.as_ptr(), payload.len(), null()) }, ok);
    pair.until(SIMCOM_EVENT_SENT);
    while pair.received.len() < payload.len() {
        pair.turn();
    }
    assert_eq!(pair.received, payload);
    let now = pair.now();
    assert_eq!(unsafe { simcom_session_close(session, now, 0, 0) }, ok);
    pair.until(SIMCOM_EVENT_CLOSED);
}

#[test]
fn pointers_that_are_null_or_not_aligned_are_errors() {
    let mut words = [0_u64; SIMCOM_SESSION_WORDS + 1];
    let odd = words.as_mut_ptr().cast::<u8>().wrapping_add(4).cast::<simcom_session>();
    let dialect = simcom_dialect_a7600();
    for session in [null_mut(), odd] {
        let begun = unsafe { simcom_session_init(session, SIMCOM_ABI, dialect, null(), null_mut(), 0, 0) };
        assert_eq!(begun, simcom_result::SIMCOM_NULL);
        assert_eq!(unsafe { simcom_session_probe(session, 0) }, simcom_result::SIMCOM_NULL);
        assert!(unsafe { simcom_session_transmit(session, null_mut()) }.is_null());
    }
    assert_eq!(words, [0; SIMCOM_SESSION_WORDS + 1]);
}

#[test]
fn the_numbers_are_those_of_the_core() {
    let actions = [
        (Action::Probe as u8, simcom_action::SIMCOM_ACTION_PROBE),
        (Action::Sim as u8, simcom_action::SIMCOM_ACTION_SIM),
        (Action::Signal as u8, simcom_action::SIMCOM_ACTION_SIGNAL),
        (Action::Registration as u8, simcom_action::SIMCOM_ACTION_REGISTRATION),
        (Action::Attach as u8, simcom_action::SIMCOM_ACTION_ATTACH),
        (Action::Detach as u8, simcom_action::SIMCOM_ACTION_DETACH),
        (Action::Address as u8, simcom_action::SIMCOM_ACTION_ADDRESS),
        (Action::Open as u8, simcom_action::SIMCOM_ACTION_OPEN),
        (Action::Send as u8, simcom_action::SIMCOM_ACTION_SEND),
        (Action::Close as u8, simcom_action::SIMCOM_ACTION_CLOSE),
        (Action::Shut as u8, simcom_action::SIMCOM_ACTION_SHUT),
        (Action::Resolve as u8, simcom_action::SIMCOM_ACTION_RESOLVE),
        (Action::Status as u8, simcom_action::SIMCOM_ACTION_STATUS),
        (Action::Raw as u8, simcom_action::SIMCOM_ACTION_RAW),
        (Action::Listen as u8, simcom_action::SIMCOM_ACTION_LISTEN),
        (Action::Unlisten as u8, simcom_action::SIMCOM_ACTION_UNLISTEN),
        (Action::Acknowledged as u8, simcom_action::SIMCOM_ACTION_ACKNOWLEDGED),
        (Action::Room as u8, simcom_action::SIMCOM_ACTION_ROOM),
        (Action::Context as u8, simcom_action::SIMCOM_ACTION_CONTEXT),
        (Action::UdpPeer as u8, simcom_action::SIMCOM_ACTION_UDP_PEER),
        (Action::EnterData as u8, simcom_action::SIMCOM_ACTION_ENTER_DATA),
        (Action::LeaveData as u8, simcom_action::SIMCOM_ACTION_LEAVE_DATA),
        (Action::Set as u8, simcom_action::SIMCOM_ACTION_SET),
        (Action::Ask as u8, simcom_action::SIMCOM_ACTION_ASK),
        (Action::Sleep as u8, simcom_action::SIMCOM_ACTION_SLEEP),
        (Action::Wake as u8, simcom_action::SIMCOM_ACTION_WAKE),
    ];
    let header = include_str!("../../../include/simcom.h");
    for setting in Setting::ALL {
        let line = format!("SIMCOM_SETTING_{setting:?} = {},", *setting as u8).to_ascii_uppercase();
        assert!(header.contains(&line), "{line}");
    }
    assert!(actions.iter().all(|(core, c)| *core == *c as u8), "{actions:?}");
    let remedies = [
        (Remedy::None as u8, simcom_remedy::SIMCOM_REMEDY_NONE),
        (Remedy::Retry as u8, simcom_remedy::SIMCOM_REMEDY_RETRY),
        (Remedy::Reopen as u8, simcom_remedy::SIMCOM_REMEDY_REOPEN),
        (Remedy::Shut as u8, simcom_remedy::SIMCOM_REMEDY_SHUT),
        (Remedy::Restart as u8, simcom_remedy::SIMCOM_REMEDY_RESTART),
    ];
    assert!(remedies.iter().all(|(core, c)| *core == *c as u8), "{remedies:?}");
    let closings = [
        (Closing::Local as u8, simcom_closed::SIMCOM_CLOSED_LOCAL),
        (Closing::Peer as u8, simcom_closed::SIMCOM_CLOSED_PEER),
        (Closing::Network as u8, simcom_closed::SIMCOM_CLOSED_NETWORK),
        (Closing::Restart as u8, simcom_closed::SIMCOM_CLOSED_RESTART),
        (Closing::Unsaid as u8, simcom_closed::SIMCOM_CLOSED_UNSAID),
    ];
    assert!(closings.iter().all(|(core, c)| *core == *c as u8), "{closings:?}");
    let states = [
        (LinkState::Initial as u8, simcom_link_state::SIMCOM_LINK_INITIAL),
        (LinkState::Connecting as u8, simcom_link_state::SIMCOM_LINK_CONNECTING),
        (LinkState::Connected as u8, simcom_link_state::SIMCOM_LINK_CONNECTED),
        (LinkState::RemoteClosing as u8, simcom_link_state::SIMCOM_LINK_REMOTE_CLOSING),
        (LinkState::Closing as u8, simcom_link_state::SIMCOM_LINK_CLOSING),
        (LinkState::Closed as u8, simcom_link_state::SIMCOM_LINK_CLOSED),
        (LinkState::Other as u8, simcom_link_state::SIMCOM_LINK_OTHER),
    ];
    assert!(states.iter().all(|(core, c)| *core == *c as u8), "{states:?}");
    assert_eq!(Loss::Payload as u8, simcom_lost::SIMCOM_LOST_PAYLOAD as u8);
    assert_eq!(Loss::Unread as u8, simcom_lost::SIMCOM_LOST_UNREAD as u8);
}
