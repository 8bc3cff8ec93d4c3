//! The virtual module's line as a pty.

use std::fs::{self, File};
use std::io;
use std::os::fd::OwnedFd;
use std::path::{Path, PathBuf};
use std::sync::mpsc::SyncSender;

use rustix::fs::{Mode, OFlags};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{OptionalActions, tcgetattr, tcsetattr};

use super::line::{Happening, Outlet, read};
use crate::error::{Error, Result};

/// A pty that is served; its link is taken away when this is dropped.
pub struct Pty {
    name: String,
    link: Option<PathBuf>,
    /// While this is open, a client that closes the pty does not end it.
    _slave: OwnedFd,
}

impl Pty {
    /// The path of the client's side.
    pub fn name(&self) -> &str {
        &self.name
    }
}

impl Drop for Pty {
    fn drop(&mut self) {
        if let Some(link) = self.link.as_deref().filter(|link| points_to(link, &self.name)) {
            let _ = fs::remove_file(link);
        }
    }
}

/// Makes a pty and serves it.
pub fn serve(link: Option<&Path>, module: SyncSender<Happening>) -> Result<Pty> {
    let (master, slave, name) =
        open().map_err(|error| Error::port(format!("cannot make a pty: {}", io::Error::from(error))))?;
    if let Some(link) = link {
        make_link(link, &name)?;
    }
    let reader = File::from(master);
    let writer = reader.try_clone().map_err(|error| Error::port(format!("cannot make a pty: {error}")))?;
    std::thread::spawn(move || {
        if module.send(Happening::Client(Outlet::new(writer))).is_ok() {
            read(reader, &module);
        }
    });
    Ok(Pty { name, link: link.map(Path::to_owned), _slave: slave })
}

/// Both sides of a new pty. The client's is raw before anybody can open it: no echo, no line editing.
fn open() -> rustix::io::Result<(OwnedFd, OwnedFd, String)> {
    let master = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC)?;
    grantpt(&master)?;
    unlockpt(&master)?;
    let name = ptsname(&master, Vec::new())?.to_string_lossy().into_owned();
    let slave = rustix::fs::open(&name, OFlags::RDWR | OFlags::NOCTTY | OFlags::CLOEXEC, Mode::empty())?;
    let mut settings = tcgetattr(&slave)?;
    settings.make_raw();
    tcsetattr(&slave, OptionalActions::Now, &settings)?;
    Ok((master, slave, name))
}

/// Makes the link; one that an earlier run left behind is replaced, a file is not.
fn make_link(link: &Path, name: &str) -> Result<()> {
    let shown = link.display();
    if fs::symlink_metadata(link).is_ok_and(|file| file.file_type().is_symlink()) {
        let _ = fs::remove_file(link);
    }
    std::os::unix::fs::symlink(name, link).map_err(|error| {
        Error::port(format!("cannot make the link {shown}: {error}"))
            .hint("give a path in a directory that exists, where no file is")
    })
}

fn points_to(link: &Path, name: &str) -> bool {
    fs::read_link(link).is_ok_and(|target| target == Path::new(name))
}
