//! What the session's events have made of each link.

use simcom_at::{Closing, Context, Event, Link, Outcome, SocketAddrV4};

/// The most links a module has.
const LINKS: usize = 10;

/// The state of one link, as the program sees it.
#[derive(Clone, Debug, Default)]
pub struct Line {
    /// All bytes that came.
    pub received: Vec<u8>,
    /// Bytes of the send that is under way.
    pub sending: Option<usize>,
    /// Bytes that the module has taken.
    pub sent: usize,
    /// The peer has closed; unread bytes may follow.
    pub peer_closed: bool,
    /// It is gone; why.
    pub closed: Option<Closing>,
    /// Who has sent, each time it was another.
    pub senders: Vec<SocketAddrV4>,
}

/// All links, and the first thing that went wrong.
#[derive(Debug)]
pub struct Board {
    lines: Vec<Line>,
    /// What went wrong.
    pub problem: Option<String>,
    /// A context is to be lost: that is no problem.
    pub may_go_down: bool,
    /// It was lost.
    pub down: Option<Context>,
    /// The link that a peer has opened last.
    pub accepted: Option<Link>,
    /// Counts everything that moves, to see when nothing does.
    pub moved: u64,
}

impl Board {
    /// Nothing has happened.
    pub fn new() -> Self {
        Self {
            lines: vec![Line::default(); LINKS],
            problem: None,
            may_go_down: false,
            down: None,
            accepted: None,
            moved: 0,
        }
    }

    /// A link.
    pub fn link(&mut self, link: Link) -> &mut Line {
        &mut self.lines[usize::from(link.0) % LINKS]
    }

    /// A link that is to be opened: nothing of an earlier one counts.
    pub fn renew(&mut self, link: Link) {
        *self.link(link) = Line::default();
    }

    /// Takes an event.
    pub fn event(&mut self, event: Event<'_>) {
        match event {
            Event::Received { link: Some(link), from, bytes, .. } => {
                let line = self.link(link);
                line.received.extend_from_slice(bytes);
                if let Some(from) = from.filter(|from| line.senders.last() != Some(from)) {
                    line.senders.push(from);
                }
                self.moved += 1;
            }
            Event::Received { link: None, .. } => self.wrong("data came without a link"),
            Event::Sent { link, outcome } => self.sent(link, outcome),
            Event::PeerClosed { link } => {
                self.link(link).peer_closed = true;
                self.moved += 1;
            }
            Event::Closed { link, why, .. } => {
                self.link(link).closed = Some(why);
                self.moved += 1;
            }
            Event::Lost { bytes, .. } => self.wrong(&format!("{bytes} bytes were lost")),
            Event::Restarted => self.wrong("the module restarted"),
            Event::Accepted { link, .. } => {
                self.renew(link);
                self.accepted = Some(link);
                self.moved += 1;
            }
            Event::NetworkDown { context } if self.may_go_down => {
                self.down = Some(context);
                self.moved += 1;
            }
            Event::NetworkDown { .. } => self.wrong("the network was lost"),
            _ => {}
        }
    }

    fn sent(&mut self, link: Link, outcome: Outcome) {
        let line = self.link(link);
        let len = line.sending.take().unwrap_or_default();
        let is_whole = match outcome {
            Outcome::Delivered => true,
            Outcome::Accepted(taken) => usize::from(taken) == len,
            _ => false,
        };
        line.sent += len;
        self.moved += 1;
        if !is_whole {
            self.wrong(&format!("a send of {len} bytes on link {} ended in {outcome:?}", link.0));
        }
    }

    fn wrong(&mut self, what: &str) {
        self.problem.get_or_insert_with(|| what.to_owned());
    }
}
