//! `simcom demo`: the whole job against a virtual module with real sockets, every byte checked.

mod board;
mod paths;
mod payload;
mod scenes;
mod servers;
mod show;
mod stage;

use std::io::Write as _;
use std::sync::mpsc;
use std::time::{Duration, Instant};

use simcom_at::{Dialect, Settings};

use crate::args::Demo;
use crate::connect::Contact;
use crate::error::{Error, Result};
use crate::ports::{Place, virtual_modem};
use crate::style::{Colour, Style};
use crate::tap::{InOrder, Tap as _};

use servers::Servers;
use show::Show;
use stage::{Count, Stage};

/// The speed of the serial line.
const BAUD: u32 = 921_600;

/// How one dialect went.
struct Outcome {
    dialect: Dialect,
    result: Result<Count>,
    /// The annotated exchange.
    text: String,
    time: Duration,
}

/// Runs `simcom demo`.
pub fn run(args: &Demo) -> Result<()> {
    let dialects: Vec<Dialect> = match args.dialect.0 {
        Some(dialect) => vec![dialect],
        None => Dialect::ALL.to_vec(),
    };
    let servers = Servers::start()
        .map_err(|error| Error::port(format!("cannot listen on the loopback address: {error}")))?;
    // Most of the time is waiting, as on a real line: the dialects do it side by side.
    let outcomes = std::thread::scope(|scope| {
        let play = |dialect| scope.spawn(move || one(args, dialect, servers));
        let plays: Vec<_> = dialects.into_iter().map(play).collect();
        let mut outcomes = Vec::new();
        for play in plays {
            let outcome = play.join().map_err(|_| Error::module("the demo has a fault"))??;
            print(&format!("\n== {} ==\n{}", outcome.dialect.name(), outcome.text))?;
            if let Err(error) = &outcome.result {
                print(&format!("FAILED: {error}\n"))?;
            }
            outcomes.push(outcome);
        }
        Ok(outcomes)
    })?;
    summary(&outcomes)?;
    outcomes.into_iter().try_for_each(|outcome| outcome.result.map(|_| ()))
}

fn one(args: &Demo, dialect: Dialect, servers: Servers) -> Result<Outcome> {
    let start = Instant::now();
    let (user, inputs) = mpsc::sync_channel(64);
    let place = Place::Virtual(dialect);
    let baud = if args.unpaced { 0 } else { BAUD };
    let port = virtual_modem::open(dialect, baud, user.clone());
    let world = port.world();
    let port = Box::new(port);
    let contact = Contact { place, port, inputs, user, dialect };
    let show = InOrder::new(dialect, Show::new(dialect, args.verbose));
    let mut stage = Stage::new(contact.drive(Settings::default(), show, false), dialect, servers, world);
    let result = stage.play();
    stage.driver.tap.finish()?;
    let text = stage.driver.tap.tap.take();
    Ok(Outcome { dialect, result, text, time: start.elapsed() })
}

fn summary(outcomes: &[Outcome]) -> Result<()> {
    let colour = Colour::of_stdout();
    print("\n== summary ==\n")?;
    for Outcome { dialect, result, time, .. } in outcomes {
        let (style, text) = match result {
            Ok(Count { sent, received, links, paths }) => {
                let links = if *links == 1 { "1 link".to_owned() } else { format!("{links} links at once") };
                let paths = paths.join(", ");
                let text = format!("{sent} bytes sent, {received} received, all equal; {links}; {paths}");
                (Style::Module, text)
            }
            Err(error) => (Style::Bad, error.message.clone()),
        };
        let line = format!("{:<9}{text}; {:.1} s", dialect.name(), time.as_secs_f64());
        print(&format!("{}\n", colour.paint(style, &line)))?;
    }
    Ok(())
}

fn print(text: &str) -> Result<()> {
    let mut out = std::io::stdout().lock();
    out.write_all(text.as_bytes()).and_then(|()| out.flush()).map_err(|error| Error::stdout(&error))
}
