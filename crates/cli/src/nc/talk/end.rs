//! How a talk ends.

use std::time::{Duration, Instant};

use simcom_at::{Closing, How, Remedy};

use super::Talk;
use crate::driver::Wake;
use crate::error::{Error, Exit, Result};
use crate::nc::Line;

/// How long a close may take when the user wants an end.
const QUIT: Duration = Duration::from_secs(8);

impl Talk {
    /// The link is closed: what that means.
    pub(super) fn end(&mut self, why: Closing) -> Result<()> {
        let unsent = self.waiting.len();
        let lost = match why {
            Closing::Local => None,
            Closing::Peer | Closing::Unsaid if unsent > 0 => {
                let message = format!("the peer closed before the last {unsent} bytes were sent");
                Some(Error::module(message).remedy(Remedy::Reopen))
            }
            // Who wants the link to stay has not ended yet.
            Closing::Peer | Closing::Unsaid if self.follows && !self.stdin_ended => {
                Some(Error::module("the peer closed").remedy(Remedy::Reopen))
            }
            Closing::Peer | Closing::Unsaid => None,
            Closing::Network => Some(Error::module("the network was lost").remedy(Remedy::Shut)),
            Closing::Restart => Some(Error::module("the module restarted").remedy(Remedy::Restart)),
            _ => Some(Error::module("the link was lost").remedy(Remedy::Reopen)),
        };
        let problem = match (self.problem.take(), &lost) {
            // What the link was lost by says more about what helps.
            (Some(problem), Some(lost)) if problem.remedy != Remedy::None => {
                Some(problem.remedy(lost.remedy))
            }
            (problem, _) => problem,
        };
        problem.or(lost).map_or(Ok(()), Err)
    }

    /// The link is gone for good: says what nobody knows of the bytes that went out over it.
    pub fn lost(&mut self) {
        let mut unknown = self.sums.lost();
        if let Some(len) = self.sending.take() {
            self.sums.unknown(len);
            self.taken(len);
            unknown += len;
        }
        if unknown > 0 {
            eprintln!("simcom: nobody has confirmed the last {unknown} bytes; they are not sent again");
        }
    }

    /// How the talk went, when its end was a good one.
    pub fn verdict(&self) -> Result<()> {
        match self.sums.all_unknown() {
            0 => Ok(()),
            unknown => {
                Err(Error::module(format!("it is not known whether {unknown} of the bytes sent arrived")))
            }
        }
    }

    /// The user wants an end: closes the link, but not for long.
    pub fn quit(&mut self, driver: &mut Line) -> Result<()> {
        let was_open = self.is_open;
        let end = Instant::now() + QUIT;
        while self.is_open || self.is_opening {
            if Instant::now() >= end {
                eprintln!("simcom: the link could not be closed in time");
                break;
            }
            if self.is_open && !self.is_closing && driver.session.is_ready() {
                self.close(driver, How::Quick)?;
            }
            let wake = driver.turn(Duration::from_millis(100), |event, text| {
                self.event(event, text);
                Ok(())
            })?;
            if let Wake::User(bytes) = wake {
                self.waiting.extend(bytes);
            }
        }
        if driver.session.is_ready() {
            self.stop_listening(driver)?;
        }
        let unsent = self.waiting.len();
        if !was_open {
            return Err(Error::interrupted());
        }
        if unsent > 0 {
            return Err(Error::module(format!("interrupted before the last {unsent} bytes were sent")));
        }
        match self.problem.take() {
            Some(problem) if problem.exit != Exit::Ok => Err(problem),
            _ => self.verdict(),
        }
    }
}
