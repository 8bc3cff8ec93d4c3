//! A virtual module with real sockets behind it, in real time.

use std::net::Ipv4Addr;
use std::time::Duration;

use simcom_modem::net::Network as _;
use simcom_modem::sockets::Sockets;
use simcom_modem::{Modem, Notify, Profile};

use crate::clock::Clock;

/// How often the sockets are looked at while there is traffic, when all is quiet, and when there is no socket.
const BUSY: Duration = Duration::from_millis(1);
const QUIET: Duration = Duration::from_millis(10);
const NO_SOCKET: Duration = Duration::from_secs(1);
/// How long traffic keeps the sockets busy.
const BUSY_TIME: Duration = Duration::from_secs(1);

/// A module, its network and its clock.
pub struct Engine {
    modem: Modem,
    sockets: Sockets,
    clock: Clock,
    last_traffic: std::time::Instant,
}

impl Engine {
    /// A module that has booted; its servers bind to this address.
    pub fn new(profile: Profile, bind: Ipv4Addr) -> Self {
        let clock = Clock::start();
        let modem = Modem::new(profile, clock.now());
        Self { modem, sockets: Sockets::new().bind(bind), clock, last_traffic: std::time::Instant::now() }
    }

    /// Takes bytes of the host, carries requests and answers between the module and its network.
    pub fn turn(&mut self, mut host: &[u8]) {
        let now = self.clock.now();
        let mut has_traffic = !host.is_empty();
        loop {
            let mut has_moved = false;
            while let Some(request) = self.modem.poll(now, &mut host) {
                self.sockets.request(now, request);
                has_moved = true;
            }
            while let Some(arrival) = self.sockets.poll(now) {
                self.modem.arrival(now, arrival);
                has_moved = true;
            }
            has_traffic |= has_moved;
            if !has_moved {
                break;
            }
        }
        if has_traffic {
            self.last_traffic = std::time::Instant::now();
        }
    }

    /// Something happens to the module.
    pub fn notify(&mut self, notify: Notify) {
        self.modem.notify(self.clock.now(), notify);
    }

    /// The module's bytes for the host.
    pub fn output(&self) -> &[u8] {
        self.modem.transmit()
    }

    /// So many of them are on their way.
    pub fn sent(&mut self, len: usize) {
        self.modem.transmitted(self.clock.now(), len);
    }

    /// How long nothing needs to be done if the host is silent.
    pub fn wait(&self) -> Duration {
        let pace = match self.sockets.deadline() {
            None => NO_SOCKET,
            Some(_) if self.last_traffic.elapsed() < BUSY_TIME => BUSY,
            Some(_) => QUIET,
        };
        let due = self.modem.deadline().map(|due| Duration::from_millis(self.clock.now().until(due).into()));
        due.map_or(pace, |due| due.clamp(Duration::from_micros(100), pace))
    }
}
