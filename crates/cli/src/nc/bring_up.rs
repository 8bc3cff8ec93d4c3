//! From wherever the module is to an open link.

use std::time::{Duration, Instant};

use simcom_at::{Action, Context, Dialect, How, Instant as Time, Link, Refused, Remedy, Session, Transport};

use super::Line;
use super::talk::Talk;
use crate::args::Nc;
use crate::connect::local_port;
use crate::error::{Error, Exit, Result};

/// Where to begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Start {
    /// With the link.
    Open,
    /// With taking the context down.
    Shut,
    /// With the first contact.
    Probe,
}

impl Start {
    /// What is done from there, in words.
    pub fn words(self) -> &'static str {
        match self {
            Self::Open => "open the link again",
            Self::Shut => "shut the context, attach, open the link again",
            Self::Probe => "look for the module, attach, open the link again",
        }
    }
}

/// How long the module may take from the client's arrival to data mode.
const ONLINE: Duration = Duration::from_secs(5);

/// Brings the link up.
pub fn run(driver: &mut Line, args: &Nc, dialect: Dialect, start: Start, talk: &mut Talk) -> Result<()> {
    match start {
        Start::Probe => {
            let now = driver.now();
            driver.session.reset(now);
            command(driver, talk, Action::Probe, |session, now| session.probe(now))
                .map_err(|error| error.and_then(Remedy::Restart))?;
        }
        Start::Shut => {
            // A context that is gone cannot be shut; what matters is the attach behind it.
            forgiving(command(driver, talk, Action::Shut, |session, now| session.shut(now)))?;
        }
        Start::Open => {}
    }
    if start != Start::Open {
        command(driver, talk, Action::Attach, |session, now| {
            session.attach(now, Context(0), &args.apn, &args.user, &args.password)
        })?;
    }
    let transport = if args.udp { Transport::Udp } else { Transport::Tcp };
    match (args.listen, &args.host, args.remote) {
        (Some(port), ..) => listen(driver, talk, transport, port),
        (None, Some(host), Some(port)) => {
            let local = local_port(dialect, transport);
            talk.opens();
            command(driver, talk, Action::Open, |session, now| {
                session.open(now, Link(0), transport, host, port, local)
            })
            .map_err(|error| if talk.is_down() { error.and_then(Remedy::Shut) } else { error })
        }
        (None, ..) => Err(Error::usage("there is no host to connect to")),
    }
}

/// Waits for the client; the first one is served.
fn listen(driver: &mut Line, talk: &mut Talk, transport: Transport, port: u16) -> Result<()> {
    // The client may come before the command's end.
    talk.listens(true);
    let result =
        command(driver, talk, Action::Listen, |session, now| session.listen(now, 0, transport, port, 1));
    if result.is_err() {
        talk.listens(false);
        return result;
    }
    eprintln!("simcom: the module listens on port {port}");
    let link = loop {
        if let Some(link) = talk.accepted() {
            break link;
        }
        driver.keep(Duration::from_secs(60), |event, text| talk.event(event, text))?;
    };
    if let Some(peer) = talk.peer() {
        eprintln!("simcom: {} has come, on link {}", peer.ip(), link.0);
    }
    if talk.is_transparent() {
        // Commands are not understood any more: the server ends with the talk.
        let end = Instant::now() + ONLINE;
        while !driver.session.is_data_mode() {
            if Instant::now() > end {
                return Err(Error::timeout("the module does not go into data mode"));
            }
            driver.keep(Duration::from_millis(100), |event, text| talk.event(event, text))?;
        }
        return Ok(());
    }
    talk.stop_listening(driver)
}

impl Talk {
    /// Ends the server, if there is one; a module that refuses that is not asked again.
    pub fn stop_listening(&mut self, driver: &mut Line) -> Result<()> {
        if !self.listens(false) {
            return Ok(());
        }
        forgiving(command(driver, self, Action::Unlisten, |session, now| session.unlisten(now, 0)))?;
        for link in self.others() {
            // Somebody who came in between.
            forgiving(command(driver, self, Action::Close, |session, now| {
                session.close(now, link, How::Quick)
            }))?;
        }
        Ok(())
    }
}

fn command(
    driver: &mut Line,
    talk: &mut Talk,
    action: Action,
    give: impl FnOnce(&mut Session<Vec<u8>>, Time) -> std::result::Result<(), Refused>,
) -> Result<()> {
    driver.complete(action, give, |event, text| talk.event(event, text)).map(|_| ())
}

/// What the module refuses does not matter here.
fn forgiving(result: Result<()>) -> Result<()> {
    match result {
        Err(error) if matches!(error.exit, Exit::Module | Exit::Timeout) && error != Error::interrupted() => {
            Ok(())
        }
        other => other,
    }
}
