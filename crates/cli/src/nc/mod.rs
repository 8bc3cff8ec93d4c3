//! `simcom nc`: stdin and stdout through a module.

mod stdin;
mod talk;

use simcom_at::{Action, Context, Link, Settings, Transport};

use crate::args::Nc;
use crate::connect::{Contact, contact};
use crate::driver::Driver;
use crate::error::{Error, Result};
use crate::record::Recorder;
use crate::tap::{InOrder, Tap as _};

use stdin::Stdin;
use talk::Talk;

/// The link that is used.
const LINK: Link = Link(0);

/// Runs `simcom nc`.
pub fn run(args: &Nc) -> Result<()> {
    check(args)?;
    let contact = contact(&args.port, args.dialect.0)?;
    let recorder = match &args.record {
        Some(path) => {
            let recorder = Recorder::create(path, contact.dialect, &contact.place.to_string())?;
            Some(InOrder::new(contact.dialect, recorder))
        }
        None => None,
    };
    let stdin = Stdin::new(contact.user.clone());
    let mut driver = drive(contact, args, recorder);
    let result = job(&mut driver, args, stdin);
    // What was recorded tells why it failed.
    result.and(driver.tap.finish())
}

fn drive(
    contact: Contact,
    args: &Nc,
    recorder: Option<InOrder<Recorder>>,
) -> Driver<Option<InOrder<Recorder>>> {
    let settings = Settings { single: args.single, push: args.push, ..Settings::default() };
    contact.drive(settings, recorder, args.verbose)
}

fn job(driver: &mut Driver<Option<InOrder<Recorder>>>, args: &Nc, stdin: Stdin) -> Result<()> {
    driver.complete(Action::Probe, |session, now| session.probe(now), |_, _| {})?;
    driver.complete(
        Action::Attach,
        |session, now| session.attach(now, Context(0), &args.apn, &args.user, &args.password),
        |_, _| {},
    )?;
    let transport = if args.udp { Transport::Udp } else { Transport::Tcp };
    let mut talk = Talk::new(args, driver.session.max_payload());
    driver.complete(
        Action::Open,
        |session, now| session.open(now, LINK, transport, &args.host, args.remote, 0),
        |event, text| talk.event(event, text),
    )?;
    talk.run(driver, stdin)
}

/// What would end in a refusal is refused before anything is sent.
fn check(args: &Nc) -> Result<()> {
    text("the host name", &args.host, 1)?;
    text("the access point name", &args.apn, 0)?;
    text("the user name", &args.user, 0)?;
    text("the password", &args.password, 0)
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
            assert_eq!(error.exit, crate::error::Exit::Usage, "{bad}");
        }
        assert!(text("the host name", &"x".repeat(101), 1).is_err());
        assert!(text("the host name", "example.com", 1).is_ok() && text("the user name", "", 0).is_ok());
    }
}
