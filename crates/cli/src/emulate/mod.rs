//! `simcom emulate`: a virtual module on a pty or a TCP port.

mod line;
#[cfg(unix)]
mod pty;
mod tcp;

use std::io::Write as _;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};

use simcom_modem::Profile;

use crate::args::Emulate;
use crate::engine::Engine;
use crate::error::{Error, Result};

use line::{Happening, Outlet, QUEUE};

/// From `AT+CIPSEND` to the prompt.
const PROMPT_MS: u32 = 5;

/// Runs `simcom emulate` until SIGINT or SIGTERM.
pub fn run(args: &Emulate) -> Result<()> {
    let dialect = args.dialect;
    let (sender, happenings) = mpsc::sync_channel(QUEUE);
    let stop = sender.clone();
    ctrlc::set_handler(move || {
        // The receiver is gone only when the program ends anyway.
        let _ = stop.send(Happening::Stop);
    })
    .map_err(|error| Error::usage(format!("cannot catch signals: {error}")))?;
    // What is named here lives, and is taken away again, as long as the module is served.
    let (name, _published) = publish(args, sender)?;
    announce(&name)?;
    // A real module takes its time too. So the `<LF>` of a host that ends lines by `<CR><LF>` is never taken for payload,
    // even when it comes a moment after its `<CR>`.
    let profile = Profile { prompt_ms: PROMPT_MS, ..Profile::new(dialect) };
    serve(Engine::new(profile, args.bind), &happenings, args.verbose);
    Ok(())
}

/// What ends with the program.
type Published = Box<dyn std::any::Any>;

fn publish(args: &Emulate, sender: mpsc::SyncSender<Happening>) -> Result<(String, Published)> {
    if let Some(address) = &args.tcp {
        let name = tcp::serve(address, sender)?;
        return Ok((name, Box::new(())));
    }
    #[cfg(unix)]
    {
        let pty = pty::serve(args.link.as_deref(), sender)?;
        Ok((pty.name().to_owned(), Box::new(pty)))
    }
    #[cfg(not(unix))]
    {
        Err(Error::usage("there are no ptys on this system").hint("use --tcp 127.0.0.1:0"))
    }
}

/// The first line on stdout, for programs that wait for it.
fn announce(name: &str) -> Result<()> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{name}").and_then(|()| out.flush()).map_err(|error| Error::stdout(&error))
}

fn serve(mut engine: Engine, happenings: &Receiver<Happening>, verbose: bool) {
    let mut client: Option<Outlet> = None;
    loop {
        match happenings.recv_timeout(engine.wait()) {
            Ok(Happening::Client(outlet)) => client = Some(outlet),
            Ok(Happening::Bytes(bytes)) => {
                say(verbose, '>', &bytes);
                engine.turn(&bytes);
            }
            Ok(Happening::Gone) => client = None,
            Ok(Happening::Stop) | Err(RecvTimeoutError::Disconnected) => return,
            Err(RecvTimeoutError::Timeout) => engine.turn(&[]),
        }
        let output = engine.output();
        let taken = match &client {
            Some(outlet) => outlet.send(output),
            // As on a UART that nobody reads.
            None => output.len(),
        };
        say(verbose, '<', output.get(..taken).unwrap_or_default());
        engine.sent(taken);
    }
}

fn say(verbose: bool, mark: char, bytes: &[u8]) {
    if verbose && !bytes.is_empty() {
        eprintln!("{mark} {}", simcom_vectors::escape(bytes));
    }
}
