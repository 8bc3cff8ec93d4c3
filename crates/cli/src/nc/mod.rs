//! `simcom nc`: stdin and stdout through a module.

mod bring_up;
mod stdin;
mod sums;
mod talk;

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::SyncSender;
use std::time::Duration;

use simcom_at::{Dialect, Remedy, Settings};

use crate::args::Nc;
use crate::connect::{Contact, contact};
use crate::driver::Driver;
use crate::error::{Error, Exit, Result};
use crate::ports::{Input, Place};
use crate::record::Recorder;
use crate::tap::{InOrder, Tap as _};

use bring_up::Start;
use stdin::Stdin;
use talk::Talk;

/// The driver of a talk.
type Line = Driver<Option<InOrder<Recorder>>>;

/// The longest wait in front of an attempt; the first is [`FIRST_WAIT`], each next one twice as long.
const LAST_WAIT: Duration = Duration::from_secs(16);
const FIRST_WAIT: Duration = Duration::from_secs(1);

/// Runs `simcom nc`.
pub fn run(args: &Nc) -> Result<()> {
    check(args)?;
    let contact = contact(&args.port, args.dialect.0)?;
    check_dialect(args, contact.dialect)?;
    catch_signals(contact.user.clone())?;
    let recorder = match &args.record {
        Some(path) => {
            let recorder = Recorder::create(path, contact.dialect, &contact.place.to_string())?;
            Some(InOrder::new(contact.dialect, recorder))
        }
        None => None,
    };
    let stdin = Stdin::new(contact.user.clone());
    let dialect = contact.dialect;
    let mut driver = drive(contact, args, recorder);
    let result = job(&mut driver, args, dialect, stdin);
    // What was recorded tells why it failed.
    result.and(driver.tap.finish())
}

fn drive(contact: Contact, args: &Nc, recorder: Option<InOrder<Recorder>>) -> Line {
    let settings = Settings {
        single: args.single,
        push: args.push,
        transparent: args.transparent,
        flow_control: args.port.rtscts,
        // Who follows remedies wants to know what the peer has, not what the module has.
        quick: args.reconnect.is_none(),
        ..Settings::default()
    };
    contact.drive(settings, recorder, args.verbose)
}

/// Brings the link up and talks, as often as the remedies and the user allow.
fn job(driver: &mut Line, args: &Nc, dialect: Dialect, mut stdin: Stdin) -> Result<()> {
    let mut talk = Talk::new(args, driver.session.max_payload());
    let mut start = Start::Probe;
    let mut attempts = 0;
    loop {
        let result = bring_up::run(driver, args, dialect, start, &mut talk)
            .and_then(|()| talk.run(driver, &mut stdin))
            .and_then(|()| talk.stop_listening(driver));
        let Err(error) = result else {
            return talk.verdict();
        };
        if error == Error::interrupted() {
            return talk.quit(driver);
        }
        let Some(next) = next(&error, args) else {
            talk.lost();
            return Err(error);
        };
        let most = args.reconnect.unwrap_or_default();
        if attempts == most {
            talk.lost();
            return Err(error.hint(format!("this was the last of {most} attempts; see --reconnect")));
        }
        let wait = (FIRST_WAIT * (1 << attempts.min(8))).min(LAST_WAIT);
        attempts += 1;
        eprintln!("simcom: {}", error.message);
        talk.lost();
        eprintln!("simcom: attempt {attempts} of {most} in {} s: {}", wait.as_secs(), next.words());
        if error.remedy == Remedy::Restart {
            eprintln!("  hint: switch the module off and on if this goes on");
        }
        if let Err(error) = driver.pause(wait, |event, text| talk.event(event, text)) {
            return if error == Error::interrupted() { talk.quit(driver) } else { Err(error) };
        }
        start = next.max(talk.needs());
        if start != next {
            eprintln!("simcom: more than the link is lost: {}", start.words());
        }
    }
}

/// What helps against an error, for those who want it to be done.
fn next(error: &Error, args: &Nc) -> Option<Start> {
    args.reconnect?;
    if !matches!(error.exit, Exit::Module | Exit::Timeout) {
        return None;
    }
    match error.remedy {
        Remedy::Retry | Remedy::Reopen => Some(Start::Open),
        Remedy::Shut => Some(Start::Shut),
        Remedy::Restart => Some(Start::Probe),
        _ => None,
    }
}

/// The first Ctrl-C ends the talk in good order, the second the program.
fn catch_signals(user: SyncSender<Input>) -> Result<()> {
    let was_asked = AtomicBool::new(false);
    let handler = move || {
        let again = was_asked.swap(true, Ordering::SeqCst);
        if again || user.try_send(Input::Interrupt).is_err() {
            std::process::exit(Exit::Module as i32);
        }
    };
    ctrlc::set_handler(handler).map_err(|error| Error::usage(format!("cannot catch signals: {error}")))
}

/// What would end in a refusal is refused before anything is sent.
fn check(args: &Nc) -> Result<()> {
    if let Some(host) = &args.host {
        text("the host name", host, 1)?;
    }
    text("the access point name", &args.apn, 0)?;
    text("the user name", &args.user, 0)?;
    text("the password", &args.password, 0)?;
    let virtual_dialect = match Place::parse(&args.port.port)? {
        Place::Virtual(dialect) => Some(dialect),
        Place::Device(_) | Place::Tcp(_) => None,
    };
    match args.dialect.0.or(virtual_dialect) {
        Some(dialect) => check_dialect(args, dialect),
        None => Ok(()),
    }
}

/// What the dialect does not have.
fn check_dialect(args: &Nc, dialect: Dialect) -> Result<()> {
    let name = dialect.name();
    let is_kingcom = dialect == Dialect::Kingcom;
    if args.transparent && (is_kingcom || dialect == Dialect::Rda8955) {
        return Err(Error::usage(format!("{name} has no transparent mode")).hint("leave --transparent out"));
    }
    if args.listen.is_some() && is_kingcom {
        return Err(Error::usage(format!("{name} cannot listen")).hint("leave --listen out"));
    }
    if args.listen.is_some() && args.udp && dialect != Dialect::Sim800e {
        return Err(Error::usage(format!("{name} listens for TCP only")).hint("leave --udp out"));
    }
    Ok(())
}

fn text(what: &str, value: &str, shortest: usize) -> Result<()> {
    let longest = 100;
    if let Some(bad) = value.bytes().find(|byte| *byte == b'"' || !(b' '..=b'~').contains(byte)) {
        let bad = simcom_vectors::escape(&[bad]);
        return Err(Error::usage(format!("{what} holds the character `{bad}`"))
            .hint("use printable ASCII without quotes"));
    }
    if !(shortest..=longest).contains(&value.len()) {
        return Err(Error::usage(format!("{what} has {} characters", value.len()))
            .hint(format!("use {shortest} to {longest}")));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_that_could_become_a_command_is_refused() {
        for bad in ["a\"b", "a\rb", "a\nb", "a\x1ab", "a\x1bb", "\u{e9}", ""] {
            let error = text("the host name", bad, 1).unwrap_err();
            assert_eq!(error.exit, Exit::Usage, "{bad}");
        }
        assert!(text("the host name", &"x".repeat(101), 1).is_err());
        assert!(text("the host name", "example.com", 1).is_ok() && text("the user name", "", 0).is_ok());
    }
}
