//! The settings as a session keeps them: in as few bytes as they need.

use crate::settings::Settings;
use crate::spec::Spec;
use crate::step::Which;

const SINGLE: u8 = 1;
const PUSH: u8 = 1 << 1;
const QUICK: u8 = 1 << 2;
const TRANSPARENT: u8 = 1 << 3;
const ANY_PEER: u8 = 1 << 4;
const FLOW: u8 = 1 << 5;
const LINES: u8 = 1 << 6;

/// The settings of a session, with what the dialect makes of them.
#[derive(Clone, Copy, Debug)]
pub(super) struct Kept {
    modes: u8,
    pub(super) retries: u8,
    pub(super) pause_ms: u16,
    pub(super) prompt_ms: u16,
    pub(super) poll_ms: u16,
    pub(super) drain_ms: u16,
    /// In units of 64 ms.
    send: u16,
}

impl Kept {
    pub(super) fn new(spec: &Spec, given: &Settings) -> Self {
        let links = spec.dialect.links();
        let transparent = given.transparent && !spec.procedures.get(Which::Online).is_empty();
        let push = given.push || spec.push_only || transparent;
        let single = links == 1 || ((given.single || transparent) && links != 10);
        let mark = |on: bool, mode: u8| if on { mode } else { 0 };
        Self {
            modes: mark(single, SINGLE)
                | mark(push, PUSH)
                | mark(given.quick, QUICK)
                | mark(transparent, TRANSPARENT)
                | mark(given.any_peer, ANY_PEER)
                | mark(given.flow_control, FLOW)
                | mark(given.modem_lines, LINES),
            retries: given.retries,
            pause_ms: given.pause_ms,
            prompt_ms: given.prompt_ms,
            poll_ms: given.poll_ms,
            drain_ms: given.drain_ms,
            send: u16::try_from(given.send_ms.div_ceil(64)).unwrap_or(u16::MAX),
        }
    }

    const fn has(self, mode: u8) -> bool {
        self.modes & mode != 0
    }

    pub(super) const fn single(self) -> bool {
        self.has(SINGLE)
    }

    pub(super) const fn push(self) -> bool {
        self.has(PUSH)
    }

    pub(super) const fn quick(self) -> bool {
        self.has(QUICK)
    }

    pub(super) const fn transparent(self) -> bool {
        self.has(TRANSPARENT)
    }

    pub(super) const fn any_peer(self) -> bool {
        self.has(ANY_PEER)
    }

    pub(super) const fn flow_control(self) -> bool {
        self.has(FLOW)
    }

    pub(super) const fn modem_lines(self) -> bool {
        self.has(LINES)
    }

    /// 0: the row's own time.
    pub(super) fn send_ms(self) -> u32 {
        u32::from(self.send) * 64
    }
}
