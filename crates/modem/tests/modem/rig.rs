//! A module on a scripted network: everything succeeds at once unless a test says otherwise.

use simcom_at::{Dialect, Instant, Ipv4Addr, SocketAddrV4, Transport};
use simcom_modem::{Fault, Host, Modem, Notify, OpenError, Profile, Reply, Request, Socket};

pub struct Rig {
    pub modem: Modem,
    pub now: Instant,
    /// All requests so far.
    pub requests: Vec<Request>,
    /// What the network answers to the next opens; then success.
    pub opens: Vec<Result<(), OpenError>>,
    /// The network acknowledges what it takes.
    pub acks: bool,
    /// The network takes sends at all.
    pub takes: bool,
    /// The network answers opens at all.
    pub answers: bool,
    /// Whether the network listens when it is asked to; `None`: it does not answer.
    pub listens: Option<bool>,
    transports: [Transport; 10],
}

impl Rig {
    pub fn new(dialect: Dialect) -> Self {
        Self::with(Profile { echo: false, ..Profile::new(dialect) })
    }

    pub fn with(profile: Profile) -> Self {
        let now = Instant::from_millis(5_000);
        Self {
            modem: Modem::new(profile, now),
            now,
            requests: Vec::new(),
            opens: Vec::new(),
            acks: true,
            takes: true,
            answers: true,
            listens: Some(true),
            transports: [Transport::Tcp; 10],
        }
    }

    /// Gives host bytes and returns all the module prints for them, network answers included.
    pub fn host(&mut self, bytes: &[u8]) -> String {
        let mut input = bytes;
        while let Some(request) = self.modem.poll(self.now, &mut input) {
            self.answer(&request);
            self.requests.push(request);
        }
        assert!(input.is_empty(), "all host bytes are taken");
        self.printed()
    }

    /// Lets time pass, deadline by deadline.
    pub fn pass(&mut self, ms: u32) -> String {
        let end = self.now.after(ms);
        let mut text = String::new();
        while let Some(next) = self.modem.deadline().filter(|d| end.reached(*d)) {
            self.now = if self.now.reached(next) { self.now } else { next };
            text += &self.host(b"");
        }
        self.now = end;
        text + &self.host(b"")
    }

    /// Lets time pass in which nobody looks at the module.
    pub fn skip(&mut self, ms: u32) {
        self.now = self.now.after(ms);
    }

    pub fn notify(&mut self, notify: Notify) -> String {
        self.modem.notify(self.now, notify);
        self.host(b"")
    }

    pub fn reply(&mut self, reply: Reply) -> String {
        self.modem.reply(self.now, reply);
        self.host(b"")
    }

    pub fn data(&mut self, link: u8, bytes: &[u8]) -> String {
        self.notify(Notify::Data { socket: Socket(link), bytes: bytes.to_vec(), from: None })
    }

    pub fn data_from(&mut self, link: u8, bytes: &[u8], from: &str) -> String {
        let from = from.parse().ok();
        self.notify(Notify::Data { socket: Socket(link), bytes: bytes.to_vec(), from })
    }

    pub fn closed(&mut self, link: u8) -> String {
        self.notify(Notify::PeerClosed { socket: Socket(link) })
    }

    pub fn fault(&mut self, fault: Fault) {
        self.modem.faults().once(fault);
    }

    fn printed(&mut self) -> String {
        let mut bytes = Vec::new();
        while !self.modem.transmit().is_empty() {
            bytes.extend_from_slice(self.modem.transmit());
            let n = self.modem.transmit().len();
            self.modem.transmitted(self.now, n);
        }
        bytes.escape_ascii().to_string()
    }

    fn answer(&mut self, request: &Request) {
        let now = self.now;
        match request {
            Request::Resolve { name } if name == "www.baidu.com" => {
                let list = vec![Ipv4Addr::new(119, 75, 218, 77), Ipv4Addr::new(119, 75, 217, 56)];
                self.modem.reply(now, Reply::Resolved(list));
            }
            Request::Resolve { name } if name == "simcom.example" => {
                self.modem.reply(now, Reply::Resolved(vec![Ipv4Addr::new(119, 75, 218, 77)]));
            }
            Request::Resolve { .. } => self.modem.reply(now, Reply::Resolved(Vec::new())),
            Request::Open { socket, transport, peer, .. } => {
                self.transports[usize::from(socket.0)] = *transport;
                if !self.answers {
                    return;
                }
                let verdict = if self.opens.is_empty() { Ok(()) } else { self.opens.remove(0) };
                let peer = peer.as_ref().map(|(host, port)| match host {
                    Host::Address(ip) => SocketAddrV4::new(*ip, *port),
                    Host::Name(_) => SocketAddrV4::new(Ipv4Addr::new(93, 184, 216, 34), *port),
                });
                self.modem.reply(now, Reply::Opened { socket: *socket, result: verdict.map(|()| peer) });
            }
            Request::Listen { socket, .. } => {
                if let Some(ok) = self.listens {
                    self.modem.reply(now, Reply::Listening { socket: *socket, ok });
                }
            }
            Request::Send { socket, bytes, .. } if self.takes => {
                let len = bytes.len();
                self.modem.reply(now, Reply::Sent { socket: *socket, result: Ok(len) });
                if self.acks && self.transports[usize::from(socket.0)] == Transport::Tcp {
                    self.modem.notify(now, Notify::Acked { socket: *socket, bytes: len });
                }
            }
            Request::Send { .. }
            | Request::Accept { .. }
            | Request::Refuse { .. }
            | Request::Receive { .. }
            | Request::Close { .. } => {}
        }
    }

    /// Runs a session: host bytes, then exactly what the module prints for them.
    pub fn session(&mut self, steps: &[(&str, &str)]) {
        for (host, expected) in steps {
            let printed = self.host(host.as_bytes());
            let expected = expected.as_bytes().escape_ascii().to_string();
            assert_eq!(printed, expected, "after {host:?}");
        }
    }
}

/// What `text` looks like as printed by [`Rig::host`].
pub fn seen(text: &str) -> String {
    text.as_bytes().escape_ascii().to_string()
}
