//! A virtual module on a thread of its own, behind a serial line as slow as asked for.

use std::io;
use std::net::Ipv4Addr;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender, SyncSender};
use std::time::Duration;

use simcom_at::{Dialect, Instant};
use simcom_modem::wire::{Wire, WireSettings};
use simcom_modem::{Notify, Profile};

use super::{Input, Port};
use crate::clock::Clock;
use crate::engine::Engine;

/// Starts a virtual module; `baud` 0: the line takes no time.
pub fn open(dialect: Dialect, baud: u32, inputs: SyncSender<Input>) -> Virtual {
    let (sender, host) = mpsc::channel();
    std::thread::spawn(move || serve(dialect, baud, &host, &inputs));
    Virtual(sender)
}

/// What a virtual module is given.
enum Given {
    /// Bytes of the host.
    Bytes(Vec<u8>),
    /// Something that happens in its world.
    Notify(Notify),
}

/// The line to a virtual module.
pub struct Virtual(Sender<Given>);

/// The world around a virtual module.
pub struct World(Sender<Given>);

impl Virtual {
    /// The world around it.
    pub fn world(&self) -> World {
        World(self.0.clone())
    }
}

impl World {
    /// Lets something happen.
    pub fn notify(&self, notify: Notify) {
        // A module that has gone is noticed on its line.
        let _ = self.0.send(Given::Notify(notify));
    }
}

impl Port for Virtual {
    fn send(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.send(Given::Bytes(bytes.to_vec())).map_err(|_| io::Error::from(io::ErrorKind::BrokenPipe))?;
        Ok(bytes.len())
    }

    fn set_baud(&mut self, _baud: u32) -> io::Result<bool> {
        Ok(false)
    }
}

fn serve(dialect: Dialect, baud: u32, host: &Receiver<Given>, inputs: &SyncSender<Input>) {
    let clock = Clock::start();
    let mut engine = Engine::new(Profile::new(dialect), Ipv4Addr::LOCALHOST);
    let line = || Wire::new(WireSettings { baud, ..WireSettings::default() }, 0);
    let (mut up, mut down) = (line(), line());
    loop {
        let now = clock.now();
        let due = [up.deadline(), down.deadline()].into_iter().flatten().map(|due| now.until(due).max(1));
        let due = due.min().map_or(Duration::MAX, |ms| Duration::from_millis(ms.into()));
        match host.recv_timeout(engine.wait().min(due)) {
            Ok(Given::Bytes(bytes)) => _ = up.push(clock.now(), &bytes),
            Ok(Given::Notify(notify)) => engine.notify(notify),
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return,
        }
        let now = clock.now();
        engine.turn(&pulled(&mut up, now));
        let taken = down.push(now, engine.output());
        engine.sent(taken);
        let output = pulled(&mut down, now);
        if !output.is_empty() && inputs.send(Input::Line(output)).is_err() {
            return;
        }
    }
}

fn pulled(line: &mut Wire, now: Instant) -> Vec<u8> {
    let mut bytes = Vec::new();
    while line.pull(now, &mut bytes) > 0 {}
    bytes
}
