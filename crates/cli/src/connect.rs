//! From a port's name to a driver with a session in the right dialect.

use std::net::UdpSocket;
use std::sync::mpsc::{self, Receiver, SyncSender};

use simcom_at::{Dialect, Ipv4Addr, Settings, Transport};

use crate::args::PortArgs;
use crate::clock::Clock;
use crate::driver::{Driver, session};
use crate::error::{Error, Result};
use crate::identify::Stranger;
use crate::ports::{Input, Place, Port};
use crate::tap::Tap;

/// How many inputs may wait; then the readers do.
const QUEUE: usize = 64;

/// A port that is open, and the dialect behind it.
pub struct Contact {
    /// What was opened.
    pub place: Place,
    /// Its sending half.
    pub port: Box<dyn Port>,
    /// What comes in.
    pub inputs: Receiver<Input>,
    /// The way in for the program's user.
    pub user: SyncSender<Input>,
    /// The dialect.
    pub dialect: Dialect,
}

/// Checks what was asked for, then opens the port and finds out the dialect if it was not told.
pub fn contact(args: &PortArgs, dialect: Option<Dialect>) -> Result<Contact> {
    let place = Place::parse(&args.port)?;
    let (user, inputs) = mpsc::sync_channel(QUEUE);
    let mut port = place.open(args.baud, args.rtscts, user.clone())?;
    let dialect = match (dialect, &place) {
        (Some(dialect), _) => dialect,
        (None, Place::Virtual(dialect)) => *dialect,
        (None, Place::Device(_) | Place::Tcp(_)) => {
            let mut stranger = Stranger::new(port.as_mut(), &inputs);
            if !stranger.answers()? {
                return Err(silent(&place));
            }
            stranger.identify()?.dialect
        }
    };
    Ok(Contact { place, port, inputs, user, dialect })
}

/// A local port for a link, where the session's own choice could be taken on this machine; 0: the session's.
pub fn local_port(dialect: Dialect, transport: Transport) -> u16 {
    if dialect != Dialect::A7600 || transport != Transport::Udp {
        return 0;
    }
    let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).and_then(|socket| socket.local_addr());
    socket.map_or(0, |address| address.port())
}

/// Nobody answers.
pub fn silent(place: &Place) -> Error {
    Error::timeout(format!("no module answers on {place}"))
        .hint("is it on, and is this its speed? `simcom probe` tries the usual ones")
}

impl Contact {
    /// A driver with a new session.
    pub fn drive<T: Tap>(self, settings: Settings, tap: T, verbose: bool) -> Driver<T> {
        let clock = Clock::start();
        Driver::new(session(self.dialect, settings, clock), self.port, self.inputs, clock, tap, verbose)
    }
}
