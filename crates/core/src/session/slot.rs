//! A link as the session sees it.

use crate::event::Closing;
use crate::ids::{Ipv4Addr, SocketAddrV4};
use crate::time::{Instant, Tick};

/// Where a link is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum State {
    /// Its number may be opened.
    Free,
    /// `open` was given, or its result is still to come (until the deadline).
    Opening,
    /// Data goes both ways.
    Open,
    /// The peer has closed; what the module still holds is being read.
    Draining,
    /// `close` was given, or its result is still to come (until the deadline).
    Closing,
}

/// A set of marks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub(super) struct Marks(u16);

impl Marks {
    /// It is UDP.
    pub(super) const UDP: u16 = 1;
    /// Data waits in the module, or may.
    pub(super) const HINT: u16 = 1 << 1;
    /// The result of a send is still to come (until the deadline).
    pub(super) const SENDING: u16 = 1 << 2;
    /// The module may think it open although the session does not: it is to be closed.
    pub(super) const DROP: u16 = 1 << 3;
    /// A read failed: the link's state is to be asked for.
    pub(super) const QUERY: u16 = 1 << 4;
    /// `receive` has set no limit.
    pub(super) const NO_LIMIT: u16 = 1 << 5;
    /// The caller has been told of its end by no event yet, but by `certain: false` it will.
    pub(super) const UNCERTAIN: u16 = 1 << 6;
    /// It was opened on the second context.
    pub(super) const SECOND: u16 = 1 << 7;
    // Events that are due, in the order in which they are given.
    /// `Sent`, unknown.
    pub(super) const TELL_SENT: u16 = 1 << 8;
    /// `Failed` of `open`.
    pub(super) const TELL_FAILED: u16 = 1 << 9;
    /// `PeerClosed`.
    pub(super) const TELL_PEER: u16 = 1 << 10;
    /// `Lost`, unread.
    pub(super) const TELL_LOST: u16 = 1 << 11;
    /// `Closed`.
    pub(super) const TELL_CLOSED: u16 = 1 << 12;
    /// `Done` of `close`.
    pub(super) const TELL_DONE: u16 = 1 << 13;
    /// `Accepted`.
    pub(super) const TELL_ACCEPTED: u16 = 1 << 14;
    /// `Sent`, taken: data mode has no other result.
    pub(super) const TELL_TAKEN: u16 = 1 << 15;
    /// All events.
    pub(super) const TELL: u16 = 0xff00;

    pub(super) const fn has(self, mark: u16) -> bool {
        self.0 & mark != 0
    }

    pub(super) fn set(&mut self, mark: u16) {
        self.0 |= mark;
    }

    pub(super) fn clear(&mut self, mark: u16) {
        self.0 &= !mark;
    }

    /// Clears the mark; whether it was set.
    pub(super) fn take(&mut self, mark: u16) -> bool {
        let was = self.has(mark);
        self.clear(mark);
        was
    }
}

/// One link.
#[derive(Clone, Copy, Debug)]
pub(super) struct Slot {
    pub(super) state: State,
    pub(super) why: Closing,
    pub(super) marks: Marks,
    /// Bytes the caller still takes; without meaning under `NO_LIMIT`.
    pub(super) credit: u16,
    /// Bytes that wait in the module, as far as it has said.
    pub(super) waiting: u16,
    /// Bytes of the send whose result is still to come.
    pub(super) sent: u16,
    pub(super) port: u16,
    /// The peer: of a datagram link that needs it in each send, or of an accepted link.
    pub(super) ip: [u8; 4],
    /// Until when a result may come, or until when a closed link waits for credit.
    pub(super) deadline: Tick,
}

impl Slot {
    pub(super) const FREE: Self = Self {
        state: State::Free,
        why: Closing::Unsaid,
        marks: Marks(Marks::NO_LIMIT),
        credit: 0,
        waiting: 0,
        sent: 0,
        port: 0,
        ip: [0; 4],
        deadline: Tick::at(Instant::from_millis(0)),
    };

    pub(super) fn peer(&self) -> SocketAddrV4 {
        SocketAddrV4::new(Ipv4Addr::from(self.ip), self.port)
    }

    /// Whether data may be asked for.
    pub(super) fn is_readable(&self) -> bool {
        matches!(self.state, State::Open | State::Draining)
    }

    /// Whether it waits for something until its deadline.
    pub(super) fn is_timed(&self) -> bool {
        matches!(self.state, State::Opening | State::Closing | State::Draining)
            || self.marks.has(Marks::SENDING)
    }

    /// Bytes the caller takes now.
    pub(super) fn takes(&self) -> u16 {
        if self.marks.has(Marks::NO_LIMIT) { u16::MAX } else { self.credit }
    }

    /// Ends the link: the events that are due become so, the number stays taken until they are given.
    pub(super) fn end(&mut self, why: Closing, certain: bool) {
        if self.state == State::Free {
            return;
        }
        if self.marks.take(Marks::SENDING) {
            self.marks.set(Marks::TELL_SENT);
        }
        match self.state {
            State::Opening => self.marks.set(Marks::TELL_FAILED),
            State::Open | State::Draining | State::Closing | State::Free => {
                if self.waiting > 0 {
                    self.marks.set(Marks::TELL_LOST);
                }
                self.marks.set(Marks::TELL_CLOSED);
                if self.state == State::Closing {
                    self.marks.set(Marks::TELL_DONE);
                }
            }
        }
        self.state = State::Free;
        self.why = why;
        self.marks.clear(Marks::HINT | Marks::QUERY | Marks::UNCERTAIN);
        if !certain {
            self.marks.set(Marks::UNCERTAIN);
        }
    }
}
