//! `simcom probe`: which module is there, and how is it?

use simcom_at::{Action, Settings, Value};

use crate::args::Probe;
use crate::connect::{self, Contact};
use crate::driver::Driver;
use crate::error::{Error, Exit, Result};
use crate::identify::Stranger;
use crate::ports::{Input, Place};
use crate::tap::Nobody;
use crate::words;

/// The speeds that modules are found at, the most usual first.
const SPEEDS: [u32; 8] = [115_200, 9_600, 57_600, 38_400, 19_200, 230_400, 460_800, 921_600];

/// Runs `simcom probe`.
pub fn run(args: &Probe) -> Result<()> {
    let place = Place::parse(&args.port.port)?;
    let told = args.dialect.0;
    let (user, inputs) = std::sync::mpsc::sync_channel::<Input>(64);
    let speeds = match (&place, args.port.baud) {
        (Place::Device(_), None) => SPEEDS.to_vec(),
        (_, baud) => vec![baud.unwrap_or(0)],
    };
    let speed = speeds.first().copied().filter(|&baud| baud > 0);
    let mut port = place.open(speed, args.port.rtscts, user.clone())?;
    let mut found = None;
    for baud in speeds {
        if baud > 0 {
            port.set_baud(baud).map_err(|error| Error::port(format!("cannot set {baud} baud: {error}")))?;
        }
        if Stranger::new(port.as_mut(), &inputs).answers()? {
            found = Some(baud);
            break;
        }
    }
    let Some(baud) = found else {
        return Err(connect::silent(&place));
    };
    let identity = Stranger::new(port.as_mut(), &inputs).identify();
    let (lines, dialect) = match (identity, told) {
        (Ok(identity), told) => (identity.lines, told.unwrap_or(identity.dialect)),
        (Err(_), Some(dialect)) => (Vec::new(), dialect),
        (Err(error), None) => return Err(error),
    };
    say("port", &place.to_string())?;
    if baud > 0 {
        say("speed", &format!("{baud} baud"))?;
    }
    say("module", &lines.join(", "))?;
    say("dialect", dialect.name())?;
    let contact = Contact { place, port, inputs, user, dialect };
    let mut driver = contact.drive(Settings::default(), Nobody, false);
    driver.complete(Action::Probe, |session, now| session.probe(now), |_, _| {})?;
    state(&mut driver)
}

/// The SIM, the signal and the registration. One that fails does not hide the others.
fn state(driver: &mut Driver<Nobody>) -> Result<()> {
    let mut text = String::new();
    let sim = driver.complete(
        Action::Sim,
        |session, now| session.sim(now, None),
        |_, line| {
            if !line.is_empty() {
                text = simcom_vectors::escape(line);
            }
        },
    );
    let sim = match worst(sim)? {
        Ok(Value::Sim(true)) => "ready".to_owned(),
        Ok(_) if text.is_empty() => "not ready".to_owned(),
        Ok(_) => format!("not ready: {text}"),
        Err(why) => why,
    };
    say("SIM", &sim)?;
    let signal = driver.complete(Action::Signal, |session, now| session.signal(now), |_, _| {});
    let signal = match worst(signal)? {
        Ok(Value::Signal(rssi, _)) => words::signal(rssi.into()).replace("signal: ", ""),
        Ok(_) => "not known".to_owned(),
        Err(why) => why,
    };
    say("signal", &signal)?;
    let registration =
        driver.complete(Action::Registration, |session, now| session.registration(now), |_, _| {});
    let registration = match worst(registration)? {
        Ok(Value::Registration(stat)) => words::registration(stat.into()).to_owned(),
        Ok(_) => "not known".to_owned(),
        Err(why) => why,
    };
    say("network", &registration)
}

/// What the module refuses is an answer; a port that is gone is not.
fn worst(result: Result<Value>) -> Result<std::result::Result<Value, String>> {
    match result {
        Ok(value) => Ok(Ok(value)),
        Err(error) if matches!(error.exit, Exit::Module) => Ok(Err(error.message)),
        Err(error) => Err(error),
    }
}

fn say(what: &str, value: &str) -> Result<()> {
    use std::io::Write as _;
    writeln!(std::io::stdout(), "{what:<9}{value}").map_err(|error| Error::stdout(&error))
}
