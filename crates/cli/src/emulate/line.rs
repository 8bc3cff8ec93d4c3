//! The line between a client and the virtual module: threads that read and write, so that neither side waits.

use std::io::{self, Read, Write};
use std::sync::mpsc::{self, SyncSender, TrySendError};

/// How many pieces may wait.
pub const QUEUE: usize = 64;
/// The longest piece that is written at once. A client that does not read holds up at most a few of them.
const PIECE: usize = 1024;

/// What the module is told.
pub enum Happening {
    /// A client has come.
    Client(Outlet),
    /// It sends.
    Bytes(Vec<u8>),
    /// It has gone.
    Gone,
    /// The program is to end.
    Stop,
}

/// The way to the client.
pub struct Outlet(SyncSender<Vec<u8>>);

impl Outlet {
    /// Starts the writer.
    pub fn new(mut writer: impl Write + Send + 'static) -> Self {
        let (sender, pieces) = mpsc::sync_channel::<Vec<u8>>(4);
        std::thread::spawn(move || {
            for piece in pieces {
                // A client that has gone is noticed by the reader.
                let _ = writer.write_all(&piece).and_then(|()| writer.flush());
            }
        });
        Self(sender)
    }

    /// Sends what there is room for; gives how many bytes that is.
    pub fn send(&self, bytes: &[u8]) -> usize {
        let mut taken = 0;
        for piece in bytes.chunks(PIECE) {
            match self.0.try_send(piece.to_vec()) {
                Ok(()) | Err(TrySendError::Disconnected(_)) => taken += piece.len(),
                Err(TrySendError::Full(_)) => break,
            }
        }
        taken
    }
}

/// Reads until the client has gone; `false` when the module has gone.
pub fn read(mut reader: impl Read, module: &SyncSender<Happening>) -> bool {
    let mut buffer = [0; 4096];
    loop {
        match reader.read(&mut buffer) {
            Ok(0) => return true,
            Ok(len) => {
                if module.send(Happening::Bytes(buffer[..len].to_vec())).is_err() {
                    return false;
                }
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(_) => return true,
        }
    }
}
