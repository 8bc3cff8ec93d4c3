//! The virtual module's line as a TCP server, one client at a time.

use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::SyncSender;
use std::time::Duration;

use super::line::{Happening, Outlet, read};
use crate::error::{Error, Result};

/// How long a client that sends no more is served.
const LINGER: Duration = Duration::from_millis(200);

/// Listens; gives the real `HOST:PORT`.
pub fn serve(address: &str, module: SyncSender<Happening>) -> Result<String> {
    let failed = |error| {
        Error::port(format!("cannot listen on {address}: {error}"))
            .hint("write HOST:PORT; port 0 takes a free one")
    };
    let listener = TcpListener::bind(address).map_err(failed)?;
    let port = listener.local_addr().map_err(failed)?.port();
    let host = address.rsplit_once(':').map_or(address, |(host, _)| host);
    let name = format!("{host}:{port}");
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            if !serve_one(&stream, &module) {
                return;
            }
        }
    });
    Ok(name)
}

/// Serves a client until it goes; the next ones wait in the listener's queue. `false` when the module has gone.
fn serve_one(stream: &TcpStream, module: &SyncSender<Happening>) -> bool {
    let Ok(writer) = stream.set_nodelay(true).and_then(|()| stream.try_clone()) else {
        return true;
    };
    let has_module = module.send(Happening::Client(Outlet::new(writer))).is_ok() && read(stream, module);
    // A client that only sends no more still gets its answers.
    std::thread::sleep(LINGER);
    // Both halves, so that the writer does not keep the client waiting.
    let _ = stream.shutdown(std::net::Shutdown::Both);
    has_module && module.send(Happening::Gone).is_ok()
}
