//! A virtual module on a thread of its own, without a serial line in between.

use std::io;
use std::net::Ipv4Addr;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender, SyncSender};

use simcom_at::Dialect;

use super::{Input, Port};
use crate::engine::Engine;

/// Starts a virtual module.
pub fn open(dialect: Dialect, inputs: SyncSender<Input>) -> Box<dyn Port> {
    let (sender, host) = mpsc::channel();
    std::thread::spawn(move || serve(dialect, &host, &inputs));
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

fn serve(dialect: Dialect, host: &Receiver<Vec<u8>>, inputs: &SyncSender<Input>) {
    let mut engine = Engine::new(dialect, Ipv4Addr::LOCALHOST);
    loop {
        match host.recv_timeout(engine.wait()) {
            Ok(bytes) => engine.turn(&bytes),
            Err(RecvTimeoutError::Timeout) => engine.turn(&[]),
            Err(RecvTimeoutError::Disconnected) => return,
        }
        let output = engine.output().to_vec();
        if !output.is_empty() {
            engine.sent(output.len());
            if inputs.send(Input::Line(output)).is_err() {
                return;
            }
        }
    }
}
