//! The NETOPEN family (A7600): opening and closing links, sending.

use crate::classic::HOST;
use crate::command::{Args, Bad};
use crate::link::{Net, Phase};
use crate::modem::Modem;
use crate::net::{Host, OpenError, Request, Socket};
use crate::netopen::{Err, INVALID};
use crate::run::{Answer, Fail, OK, Outcome, Wait};
use crate::timers::Timer;
use alloc::borrow::ToOwned;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use simcom_at::{Dialect, Ipv4Addr, SocketAddrV4, Transport};

impl Modem {
    pub(crate) fn links_opened(&mut self) -> Outcome {
        for n in self.numbers() {
            let text = match self.link(n).filter(|l| l.is_open()) {
                Some(link) => {
                    let index = link.server.map_or(-1, i32::from);
                    let (word, ip, port) = (link.transport.word(), link.peer.ip(), link.peer.port());
                    format!("+CIPOPEN: {n},\"{word}\",\"{ip}\",{port},{index}")
                }
                None => format!("+CIPOPEN: {n}"),
            };
            self.info(&text);
        }
        OK
    }

    pub(crate) fn cipopen(&mut self, args: &Args) -> Outcome {
        let Ok(n) = args.small(0, 0, self.last_link()) else { return self.ip_error(INVALID) };
        let head = format!("+CIPOPEN: {n},");
        let Ok((transport, peer, local)) = open_parameters(args) else {
            return self.failed(&head, Err::Parameter);
        };
        let transparent = self.transparent(n);
        if self.set.mode == 1 && !transparent && self.profile.strict {
            return self.failed(&head, Err::Parameter);
        }
        if transparent && peer.is_none() {
            return self.failed(&head, Err::Parameter);
        }
        if self.cell.net != Net::Open {
            return self.failed(&head, Err::NotOpened);
        }
        if self.link(n).is_some_and(|l| l.in_network()) {
            return self.failed(&head, Err::NotSupported);
        }
        self.drop_link(n);
        let shown = match &peer {
            Some((Host::Address(ip), port)) => SocketAddrV4::new(*ip, *port),
            Some((Host::Name(_), port)) => SocketAddrV4::new(Ipv4Addr::UNSPECIFIED, *port),
            None => SocketAddrV4::new(Ipv4Addr::UNSPECIFIED, 0),
        };
        if let Some(link) = self.link_mut(n) {
            link.begin(Phase::Connecting, transport, shown, 0);
        }
        self.requests.push_back(Request::Open { socket: Socket(n), transport, peer, local });
        let [_, limit, _] = self.set.timeouts;
        self.timers.set(Timer::Open(n), self.now.after(limit));
        let result_first = transparent || transport == Transport::Udp && !self.profile.udp_ok_first;
        Ok(if result_first { Answer::Wait(Wait::Open(n)) } else { Answer::Ok })
    }

    /// A link is open.
    pub(crate) fn netopen_connected(&mut self, n: u8) {
        let waits = self.wait == Wait::Open(n);
        if self.transparent(n) {
            self.go_on(Answer::Nothing);
            return self.begin_data(n);
        }
        if waits {
            self.info(&format!("+CIPOPEN: {n},0"));
            return self.go_on(Answer::Ok);
        }
        self.out.notice(&format!("+CIPOPEN: {n},0"));
    }

    /// A link could not be opened.
    pub(crate) fn netopen_refused(&mut self, n: u8, error: OpenError) {
        let err = match error {
            OpenError::Dns => Err::Dns,
            OpenError::Refused => Err::Socket,
            OpenError::Timeout => Err::Timeout,
            OpenError::Local => Err::Bind,
        } as u8;
        if self.wait != Wait::Open(n) {
            return self.out.notice(&format!("+CIPOPEN: {n},{err}"));
        }
        if self.transparent(n) {
            return self.go_on(Answer::Text("CONNECT FAIL".to_owned()));
        }
        self.info(&format!("+CIPOPEN: {n},{err}"));
        self.go_on(Answer::Fail(Fail::Error));
    }

    pub(crate) fn cipclose(&mut self, args: &Args) -> Outcome {
        let Ok(n) = args.small(0, 0, self.last_link()) else { return self.ip_error(INVALID) };
        let Some(link) = self.link(n).filter(|l| l.in_use()) else {
            return self.failed(&format!("+CIPCLOSE: {n},"), Err::NotSupported);
        };
        let udp = !link.is_tcp();
        let transparent = self.transparent(n);
        self.drop_link(n);
        let report = format!("+CIPCLOSE: {n},0");
        if udp && !self.profile.udp_ok_first {
            if transparent {
                self.info("CLOSED");
            }
            return self.answer(&report);
        }
        if transparent {
            self.later("CLOSED");
        }
        self.later(&report);
        OK
    }

    pub(crate) fn cipsend(&mut self, args: &Args) -> Outcome {
        let Ok((n, want, to)) = send_parameters(args) else {
            return self.failed("+CIPERROR: ", Err::Parameter);
        };
        if self.cell.net != Net::Open {
            return self.failed("+CIPERROR: ", Err::NotOpened);
        }
        let Some(link) = self.link(n).filter(|l| l.is_open() && !l.broken) else {
            return self.failed("+CIPERROR: ", Err::NotSupported);
        };
        let without_peer = !link.is_tcp() && to.is_none() && link.peer.port() == 0;
        if link.is_tcp() && to.is_some() || without_peer || self.transparent(n) {
            return self.failed("+CIPERROR: ", Err::Parameter);
        }
        Ok(self.begin_payload(n, want, to))
    }

    /// The network has taken so much of a block: the report, at once or with the acknowledgement.
    pub(crate) fn netopen_report(&mut self, n: u8, asked: usize, taken: Result<usize, ()>) {
        if self.transparent(n) {
            return;
        }
        let with_ack = self.set.sendmode == 1;
        let Some(link) = self.link_mut(n) else { return };
        match taken {
            Ok(taken) if with_ack && link.is_tcp() && taken == asked => {
                link.reports.push_back((link.given, asked));
            }
            Ok(taken) => self.out.notice(&format!("+CIPSEND: {n},{asked},{taken}")),
            Err(()) => self.out.notice(&format!("+CIPSEND: {n},{asked},-1")),
        }
    }

    /// Stops the clock of a link that has nothing under way any more.
    pub(crate) fn sent_all(&mut self, n: u8) {
        if self.link(n).is_some_and(|l| l.outgoing.is_empty() && l.reports.is_empty()) {
            self.timers.clear(Timer::Sending(n));
        }
    }

    /// A send is not through in time: the module closes the link.
    pub(crate) fn send_timed_out(&mut self, n: u8) {
        if self.link(n).is_some_and(|l| l.is_open()) {
            self.report_unsent(n);
            self.drop_link(n);
            self.out.notice(&format!("+IPCLOSE: {n},2"));
        }
    }

    /// The sends that will not come through any more: −1, disconnected.
    pub(crate) fn report_unsent(&mut self, n: u8) {
        let quiet = self.transparent(n) || self.profile.dialect != Dialect::A7600;
        self.timers.clear(Timer::Sending(n));
        let Some(link) = self.link_mut(n) else { return };
        link.asked = false;
        let reports = core::mem::take(&mut link.reports).into_iter().map(|(_, len)| len);
        let waiting = core::mem::take(&mut link.outgoing).into_iter().map(|o| o.bytes.len());
        for len in reports.chain(waiting).filter(|_| !quiet) {
            self.out.notice(&format!("+CIPSEND: {n},{len},-1"));
        }
    }

    /// The peer has acknowledged: reports that waited for it.
    pub(crate) fn netopen_acked(&mut self, n: u8, acked: u32) {
        let Some(link) = self.link_mut(n) else { return };
        let mut done = Vec::new();
        link.reports.retain(|(goal, len)| {
            let reached = crate::send::passed(acked, *goal);
            if reached {
                done.push(*len);
            }
            !reached
        });
        for len in done {
            self.out.notice(&format!("+CIPSEND: {n},{len},{len}"));
        }
        self.sent_all(n);
    }
}

type OpenParameters = (Transport, Option<(Host, u16)>, u16);

fn open_parameters(args: &Args) -> Result<OpenParameters, Bad> {
    let transport = args.transport(1)?;
    let peer = match (args.missing(2), args.missing(3)) {
        (true, true) => None,
        (false, false) => Some((host(args.text(2, HOST)?)?, args.port(3)?)),
        _ => return Err(Bad),
    };
    let local = if args.missing(4) { None } else { Some(args.port(4)?) };
    if args.len() > 5 {
        return Err(Bad);
    }
    match transport {
        Transport::Tcp if peer.is_none() => Err(Bad),
        Transport::Tcp => Ok((transport, peer, local.unwrap_or(0))),
        Transport::Udp => Ok((transport, peer, local.ok_or(Bad)?)),
    }
}

fn host(text: &str) -> Result<Host, Bad> {
    if text.is_empty() {
        return Err(Bad);
    }
    Ok(text.parse().map_or_else(|_| Host::Name(String::from(text)), Host::Address))
}

type SendParameters = (u8, Option<u32>, Option<SocketAddrV4>);

fn send_parameters(args: &Args) -> Result<SendParameters, Bad> {
    let n = args.small(0, 0, 9)?;
    let want = if args.missing(1) { None } else { Some(args.number(1, 1, 1500)?) };
    let to = match args.len() {
        0..=2 => None,
        4 => Some(SocketAddrV4::new(args.address(2)?, args.port(3)?)),
        _ => return Err(Bad),
    };
    Ok((n, want, to))
}
