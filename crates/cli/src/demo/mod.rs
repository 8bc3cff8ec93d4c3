//! `simcom demo`: the whole job against a virtual module with real sockets, every byte checked.

mod board;
mod payload;
mod scenes;
mod servers;
mod show;

use std::io::Write as _;
use std::sync::mpsc;
use std::time::{Duration, Instant};

use simcom_at::{Dialect, Settings};

use crate::args::Demo;
use crate::connect::Contact;
use crate::error::{Error, Result};
use crate::ports::{Place, check_spoken, spoken};
use crate::style::{Colour, Style};
use crate::tap::{InOrder, Tap as _};

use scenes::{Count, Stage};
use servers::Servers;
use show::Show;

/// The speed of the serial line.
const BAUD: u32 = 921_600;

/// How one dialect went.
struct Outcome {
    dialect: Dialect,
    result: Result<Count>,
    time: Duration,
}

/// Runs `simcom demo`.
pub fn run(args: &Demo) -> Result<()> {
    let dialects: Vec<Dialect> = match args.dialect.0 {
        Some(dialect) => vec![check_spoken(dialect)?],
        None => spoken().collect(),
    };
    let servers = Servers::start()
        .map_err(|error| Error::port(format!("cannot listen on the loopback address: {error}")))?;
    let mut outcomes = Vec::new();
    for dialect in dialects {
        outcomes.push(one(args, dialect, servers)?);
    }
    summary(&outcomes)?;
    outcomes.into_iter().try_for_each(|outcome| outcome.result.map(|_| ()))
}

fn one(args: &Demo, dialect: Dialect, servers: Servers) -> Result<Outcome> {
    print(&format!("\n== {} ==\n", dialect.name()))?;
    let start = Instant::now();
    let (user, inputs) = mpsc::sync_channel(64);
    let place = Place::Virtual(dialect);
    let baud = if args.unpaced { 0 } else { BAUD };
    let port = place.open(Some(baud), user.clone())?;
    let contact = Contact { place, port, inputs, user, dialect };
    let show = InOrder::new(dialect, Show::new(dialect, args.verbose));
    let mut stage = Stage::new(contact.drive(Settings::default(), show, false), dialect, servers);
    let result = stage.play();
    stage.driver.tap.finish()?;
    print(&stage.driver.tap.tap.take())?;
    if let Err(error) = &result {
        print(&format!("FAILED: {error}\n"))?;
    }
    Ok(Outcome { dialect, result, time: start.elapsed() })
}

fn summary(outcomes: &[Outcome]) -> Result<()> {
    let colour = Colour::of_stdout();
    print("\n== summary ==\n")?;
    for Outcome { dialect, result, time } in outcomes {
        let (style, text) = match result {
            Ok(Count { sent, received, links }) => {
                let links = if *links == 1 { "1 link".to_owned() } else { format!("{links} links at once") };
                (Style::Module, format!("{sent} bytes sent, {received} received, all equal; {links}"))
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
