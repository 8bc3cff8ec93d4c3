//! The one line in flight: who holds it, which bytes are still to go, what ends it.

use crate::classify::Ask;
use crate::row::Finals;
use crate::step::Step;
use crate::time::Instant;

/// Who holds the line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Holder {
    /// Nobody: a line may be begun after the pause.
    Nobody,
    /// The caller's command.
    App,
    /// Our question how many bytes wait.
    Waiting,
    /// Our read.
    Read,
    /// Our question for a link's state.
    Query,
    /// Our closing of a link that should not be open.
    Drop,
    /// The undo of a step that timed out.
    Undo,
    /// What takes a module out of a prompt it may be in.
    Escape,
    /// `+++`, or DTR, to leave data mode.
    Leave,
    /// Our query with a known answer.
    Marker,
}

/// What the holder waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Phase {
    /// The final of a line.
    Final,
    /// A prompt.
    Prompt,
    /// The result of a payload.
    Result,
    /// What comes behind the final and belongs to the step.
    Later,
}

/// The line in flight.
#[derive(Clone, Copy, Debug)]
pub(super) struct InFlight {
    pub(super) holder: Holder,
    pub(super) phase: Phase,
    /// The link of a line of our own.
    pub(super) link: u8,
    /// The failure has been told; the final only frees the line.
    pub(super) said: bool,
    /// Something that the line is to bring has come: data of a read, the marker's answer, the step's later result.
    pub(super) met: bool,
    pub(super) ask: Ask,
    pub(super) finals: Finals,
    /// The line's bytes, its end included.
    pub(super) start: u16,
    pub(super) end: u16,
    /// Bytes that are still to go: `from..to`.
    pub(super) from: u16,
    pub(super) to: u16,
    pub(super) deadline: Instant,
}

impl InFlight {
    pub(super) const FREE: Self = Self {
        holder: Holder::Nobody,
        phase: Phase::Final,
        link: 0,
        said: false,
        met: false,
        ask: Ask::Other,
        finals: Finals::NONE,
        start: 0,
        end: 0,
        from: 0,
        to: 0,
        deadline: Instant::from_millis(0),
    };

    /// A line of these bytes, about to be sent.
    pub(super) fn begin(
        holder: Holder,
        link: u8,
        step: &Step,
        start: u16,
        end: u16,
        deadline: Instant,
    ) -> Self {
        Self {
            holder,
            phase: Phase::Final,
            link,
            said: false,
            met: false,
            ask: step.ask,
            finals: step.finals,
            start,
            end,
            from: start,
            to: end,
            deadline,
        }
    }

    /// Whether all bytes are out.
    pub(super) fn is_out(&self) -> bool {
        self.from >= self.to
    }

    /// Whether the bytes are in the session's own buffer rather than in the caller's.
    pub(super) fn is_own(&self) -> bool {
        !matches!(self.holder, Holder::App | Holder::Nobody)
    }
}
