//! The order that the events of a session keep, whatever the module says.
//!
//! * A link's events lie between `Opened` or `Accepted` and `Closed`; it opens only when it was asked to or accepted.
//! * Each `open` has one result, each `send` one `Sent`, each `close` one `Done` behind `Closed`, everything else one `Done`
//!   or `Failed`; nothing ends that was not given.
//! * A payload's pieces follow one another on one link, and count down to 0 or to what is reported lost.
//! * `Restarted` comes when no link is open, and `Ready` when a command would be taken.

use simcom_at::{Action, Event, Link, Loss};

/// What a caller knows of a session.
#[derive(Clone, Debug, Default)]
pub struct Order {
    links: [Life; 10],
    /// The command that holds the line, where it is not about a link.
    waits: Option<Action>,
    resolving: bool,
    /// The link of a payload that is not whole yet, and the bytes that are to come.
    payload: Option<(Option<u8>, u16)>,
}

/// A link.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Life {
    /// Between `Opened` or `Accepted` and `Closed`.
    pub open: bool,
    /// `open` waits for its result.
    pub opening: bool,
    /// `send` waits for its result.
    pub sending: bool,
    /// `close` waits for its result.
    pub closing: bool,
    /// `PeerClosed` has been told.
    pub peer_closed: bool,
}

impl Order {
    /// A link as the events tell it.
    pub fn link(&self, n: u8) -> Life {
        self.links[usize::from(n)]
    }

    /// The command that holds the line, where it is not about a link.
    pub fn waits(&self) -> Option<Action> {
        self.waits
    }

    /// Whether anything still waits for its result.
    pub fn is_waiting(&self) -> bool {
        let waits = |life: &Life| life.opening || life.sending || life.closing;
        self.waits.is_some() || self.resolving || self.links.iter().any(waits)
    }

    /// The session took a command.
    pub fn given(&mut self, action: Action, link: Link) {
        match action {
            Action::Open => {
                let life = self.life(link);
                assert!(!life.open && !life.opening, "open of a link that is in use: {link:?}");
                life.opening = true;
            }
            Action::Send => {
                let life = self.life(link);
                assert!(life.open && !life.sending, "send on {link:?}: {life:?}");
                life.sending = true;
            }
            Action::Close => {
                let life = self.life(link);
                assert!(life.open && !life.closing, "close of {link:?}: {life:?}");
                life.closing = true;
            }
            Action::Resolve => {
                assert!(!self.resolving, "two resolutions");
                self.resolving = true;
            }
            _ => {
                assert_eq!(self.waits, None, "{action:?} was taken while another command waits");
                self.waits = Some(action);
            }
        }
    }

    /// The session has told this; `ready`: a command would be taken now.
    pub fn event(&mut self, event: &Event<'_>, ready: bool) {
        match *event {
            Event::Ready => assert!(ready, "Ready while no command would be taken"),
            Event::Opened { link } => {
                let life = self.life(link);
                assert!(life.opening && !life.open, "Opened {link:?}: {life:?}");
                *life = Life { open: true, ..Life::default() };
            }
            Event::Accepted { link, .. } => {
                let life = self.life(link);
                assert_eq!(*life, Life::default(), "Accepted {link:?}");
                life.open = true;
            }
            Event::Sent { link, .. } => {
                let life = self.life(link);
                assert!(life.open && life.sending, "Sent {link:?}: {life:?}");
                life.sending = false;
            }
            Event::Received { link, bytes, left, .. } => self.received(link, bytes, left),
            Event::PeerClosed { link } => {
                let life = self.life(link);
                assert!(life.open && !life.peer_closed, "PeerClosed {link:?}: {life:?}");
                life.peer_closed = true;
            }
            Event::Closed { link, .. } => {
                let life = self.life(link);
                assert!(life.open && !life.sending, "Closed {link:?}: {life:?}");
                life.open = false;
                life.peer_closed = false;
            }
            Event::Done { action: Action::Close, link: Some(link), .. } => {
                let life = self.life(link);
                assert!(life.closing && !life.open, "Done of close {link:?}: {life:?}");
                life.closing = false;
            }
            Event::Failed { action: Action::Open, link: Some(link), .. } => {
                let life = self.life(link);
                assert!(life.opening, "open of {link:?} failed: {life:?}");
                life.opening = false;
            }
            Event::Done { action: Action::Resolve, .. } | Event::Failed { action: Action::Resolve, .. } => {
                assert!(std::mem::take(&mut self.resolving), "resolved, and nobody asked");
            }
            Event::Done { action, .. } | Event::Failed { action, .. } => {
                assert_eq!(self.waits.take(), Some(action), "{event:?}");
            }
            Event::Lost { what, link, bytes } => self.lost(what, link, bytes),
            Event::Restarted => {
                assert!(!self.links.iter().any(|life| life.open), "Restarted, and links are open");
            }
            _ => {}
        }
    }

    fn life(&mut self, link: Link) -> &mut Life {
        &mut self.links[usize::from(link.0)]
    }

    fn received(&mut self, link: Option<Link>, bytes: &[u8], left: u16) {
        assert!(!bytes.is_empty() || left == 0, "no bytes, and more to come");
        if let Some(link) = link {
            let life = self.life(link);
            // A payload may overtake the result of `open`.
            assert!(life.open || life.opening, "data of {link:?}, which is not open");
        }
        let link = link.map(|link| link.0);
        if let Some((before, due)) = self.payload.take() {
            assert_eq!(before, link, "a payload goes on, on another link");
            assert_eq!(
                usize::from(due),
                bytes.len() + usize::from(left),
                "a payload goes on, with another length"
            );
        }
        self.payload = (left > 0).then_some((link, left));
    }

    fn lost(&mut self, what: Loss, link: Option<Link>, bytes: u16) {
        assert!(bytes > 0, "nothing is lost");
        match (what, self.payload) {
            (Loss::Payload, Some((_, due))) => {
                assert!(bytes == due || bytes == due.div_ceil(2), "{bytes} lost, {due} were due");
                self.payload = None;
            }
            // The link was closed in the middle of a payload.
            (Loss::Unread, Some((of, due))) if of == link.map(|l| l.0) => {
                self.payload = due.checked_sub(bytes).filter(|due| *due > 0).map(|due| (of, due));
            }
            _ => {}
        }
    }
}
