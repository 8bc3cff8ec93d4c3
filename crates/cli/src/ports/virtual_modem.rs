//! A virtual module on a thread of its own, behind a serial line as slow as asked for.

use std::io;
use std::net::Ipv4Addr;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender, SyncSender};
use std::time::Duration;

use simcom_at::{Dialect, Instant};
use simcom_modem::wire::{Wire, WireSettings};

use super::{Input, Port};
use crate::clock::Clock;
use crate::engine::Engine;

/// Starts a virtual module; `baud` 0: the line takes no time.
pub fn open(dialect: Dialect, baud: u32, inputs: SyncSender<Input>) -> Box<dyn Port> {
    let (sender, host) = mpsc::channel();
    std::thread::spawn(move || serve(dialect, baud, &host, &inputs));
    Box::new(Virtual(sender))
}

struct Virtual(Sender<Vec<u8>>);

impl Port for Virtual {
    fn send(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.send(bytes.to_vec()).map_err(|_| io::Error::from(io::ErrorKind::BrokenPipe))?;
        Ok(bytes.len())
    }

    fn set_baud(&mut self, _baud: u32) -> io::Result<bool> {
        Ok(false)
    }
}

fn serve(dialect: Dialect, baud: u32, host: &Receiver<Vec<u8>>, inputs: &SyncSender<Input>) {
    let clock = Clock::start();
    let mut engine = Engine::new(dialect, Ipv4Addr::LOCALHOST);
    let line = || Wire::new(WireSettings { baud, ..WireSettings::default() }, 0);
    let (mut up, mut down) = (line(), line());
    loop {
        let now = clock.now();
        let due = [up.deadline(), down.deadline()].into_iter().flatten().map(|due| now.until(due).max(1));
        let due = due.min().map_or(Duration::MAX, |ms| Duration::from_millis(ms.into()));
        match host.recv_timeout(engine.wait().min(due)) {
            Ok(bytes) => _ = up.push(clock.now(), &bytes),
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
