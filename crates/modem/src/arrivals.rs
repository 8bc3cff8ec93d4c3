//! What the network answers and what happens by itself.

use crate::faults::Fault;
use crate::link::{Pdp, Phase};
use crate::modem::{Mode, Modem};
use crate::net::{Notify, OpenError, Reply, Socket};
use crate::run::{Answer, Fail, Wait};
use crate::timers::Timer;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use simcom_at::{Dialect, Ipv4Addr, SocketAddrV4};

impl Modem {
    pub(crate) fn take_reply(&mut self, reply: Reply) {
        match reply {
            Reply::Resolved(addresses) => self.resolved(&addresses),
            Reply::Opened { socket, result: Ok(peer) } => self.opened(socket.0, peer),
            Reply::Opened { socket, result: Err(error) } => self.not_opened(socket.0, error),
            Reply::Listening { socket, ok } => self.listening(socket, ok),
            Reply::Sent { socket, result } => self.offered(socket.0, result),
        }
    }

    pub(crate) fn take_notify(&mut self, notify: Notify) {
        match notify {
            Notify::Data { socket, bytes, from } => self.data_came(socket.0, bytes, from),
            Notify::Acked { socket, bytes } => self.acked(socket.0, bytes),
            Notify::PeerClosed { socket } if self.is_clone() => {
                if self.link(socket.0).is_some_and(|l| l.is_open()) {
                    self.timers.set(Timer::Gone(socket.0), self.now.after(self.close_ms()));
                }
            }
            Notify::PeerClosed { socket } => self.peer_closed(socket.0),
            Notify::Incoming { socket, token, peer } => self.incoming(socket, token, peer),
            Notify::ContextLost(context) => {
                for bytes in self.context_lost(context) {
                    self.out.queue_bytes(bytes);
                }
            }
            Notify::Registration(stat) => self.registration(stat),
            Notify::Restart => self.restart(),
            Notify::Ring => {
                self.ring_pulse(self.call_pulse_ms());
                self.out.notice("RING");
            }
            Notify::Sms(index) => {
                self.ring_pulse(120);
                self.out.notice(&format!("+CMTI: \"SM\",{index}"));
            }
            Notify::Line(text) => self.out.notice(&text),
        }
    }

    fn resolved(&mut self, addresses: &[Ipv4Addr]) {
        let Some(Some(name)) = self.resolving.pop_front() else { return };
        let quoted = |a: &Ipv4Addr| format!(",\"{a}\"");
        let failed = self.faults.take(|f| if let Fault::DnsFail(code) = f { Some(*code) } else { None });
        let addresses = if failed.is_some() { &[] } else { addresses };
        match self.profile.dialect {
            Dialect::A7600 if self.wait != Wait::Resolve => {}
            Dialect::A7600 => {
                let answer = match addresses.first() {
                    Some(first) => {
                        self.info(&format!("+CDNSGIP: 1,\"{name}\",\"{first}\""));
                        Answer::Ok
                    }
                    None => {
                        self.info(&format!("+CDNSGIP: 0,{}", failed.unwrap_or(10)));
                        Answer::Fail(Fail::Error)
                    }
                };
                self.go_on(answer);
            }
            Dialect::Sim800e if addresses.is_empty() => {
                self.out.notice(&format!("+CDNSGIP:0,{}", failed.unwrap_or(8)));
            }
            Dialect::Sim800e if !self.profile.dns_one_line => {
                let rows: Vec<String> = addresses.iter().map(|a| format!("+CDNSGIP:1,{a}")).collect();
                self.out.notice(&rows.join("\r\n"));
            }
            Dialect::Sim800 | Dialect::Sim800e | Dialect::Sim7000 | Dialect::Kingcom | Dialect::Rda8955 => {
                let most = if self.is_clone() { 1 } else { 2 };
                let list: String = addresses.iter().take(most).map(quoted).collect();
                let text = if list.is_empty() {
                    format!("0,{}", failed.unwrap_or(8))
                } else {
                    format!("1,\"{name}\"{list}")
                };
                self.out.notice(&format!("+CDNSGIP: {text}"));
            }
        }
    }

    fn opened(&mut self, n: u8, peer: Option<SocketAddrV4>) {
        let Some(link) = self.link_mut(n).filter(|l| l.phase == Phase::Connecting) else { return };
        link.phase = Phase::Connected;
        link.peer = peer.unwrap_or(link.peer);
        self.timers.clear(Timer::Open(n));
        match self.profile.dialect {
            Dialect::A7600 => self.netopen_connected(n),
            Dialect::Kingcom if self.wait == Wait::Open(n) => {
                self.out.raw(b"\r\nCONNECT OK\r\n");
                self.go_on(Answer::Ok);
            }
            _ if self.transparent(n) => self.begin_data(n),
            _ => {
                let text = self.on(n, "CONNECT OK");
                self.out.notice(&text);
            }
        }
    }

    fn not_opened(&mut self, n: u8, error: OpenError) {
        let Some(link) = self.link_mut(n).filter(|l| l.phase == Phase::Connecting) else { return };
        let state = format!("{} CLOSED", link.transport.word());
        link.end();
        self.timers.clear(Timer::Open(n));
        match self.profile.dialect {
            Dialect::A7600 => self.netopen_refused(n, error),
            Dialect::Kingcom => {
                let text = match error {
                    OpenError::Timeout => "COMMAND NO RESPONSE!".to_string(),
                    OpenError::Dns | OpenError::Refused | OpenError::Local => self.kingcom_failure(),
                };
                if self.wait == Wait::Open(n) {
                    return self.go_on(Answer::Text(text));
                }
                self.out.notice(&text);
            }
            Dialect::Sim800 | Dialect::Sim800e | Dialect::Sim7000 | Dialect::Rda8955 => {
                self.connect_fail(n, &state);
            }
        }
    }

    /// The network never answered.
    pub(crate) fn open_timed_out(&mut self, n: u8) {
        if self.link(n).is_some_and(|l| l.phase == Phase::Connecting) {
            self.not_opened(n, OpenError::Timeout);
            self.requests.push_back(crate::net::Request::Close { socket: Socket(n) });
        }
    }

    /// The time of the one-step bring-up or of `AT+NETOPEN` is over.
    pub(crate) fn network_up(&mut self) {
        match self.profile.dialect {
            Dialect::A7600 => self.net_opened(),
            Dialect::Sim800 | Dialect::Sim800e | Dialect::Sim7000 | Dialect::Kingcom | Dialect::Rda8955 => {
                self.one_step_through();
            }
        }
    }

    /// `AT+CGATT=0` and the like: what it costs is printed behind the final result.
    pub(crate) fn context_lost_behind(&mut self) {
        for context in [0, 1] {
            let lines = self.context_lost(context);
            self.behind.extend(lines);
        }
    }

    /// A context is gone with all that ran on it; the lines that say so.
    fn context_lost(&mut self, context: u8) -> Vec<Vec<u8>> {
        let line = |text: &str| format!("\r\n{text}\r\n").into_bytes();
        let classic = match self.profile.dialect {
            Dialect::Sim800 | Dialect::Sim800e | Dialect::Sim7000 | Dialect::Rda8955 => true,
            Dialect::Kingcom | Dialect::A7600 => false,
        };
        let active = match self.profile.dialect {
            Dialect::A7600 => context == 0 && self.network_opened(),
            Dialect::Kingcom => context == 0 && self.cell.active,
            _ => self.contexts.get(usize::from(context)).is_some_and(|c| match c.pdp {
                Pdp::Config | Pdp::GprsAct | Pdp::Status => true,
                Pdp::Initial | Pdp::Start | Pdp::Deact => false,
            }),
        };
        self.cell.active = false;
        if !active {
            return Vec::new();
        }
        self.push_all();
        let mine = |l: &&crate::link::Link| l.context == context;
        let connecting: Vec<u8> = self
            .numbers()
            .filter(|n| self.link(*n).filter(mine).is_some_and(|l| l.phase == Phase::Connecting))
            .collect();
        let activating = self.wait == Wait::Activate;
        let waits_for = match self.wait {
            Wait::Sent { link, .. } | Wait::Open(link) => self.link(link).filter(mine).is_some(),
            Wait::Listen(_) | Wait::Resolve => true,
            Wait::Idle | Wait::Prompt | Wait::Payload | Wait::Activate | Wait::Closed(_) | Wait::Late(_) => {
                false
            }
        };
        let in_data = matches!(self.mode, Mode::Data(_));
        while in_data && self.link(0).is_some_and(|l| l.buffered > 0) {
            self.timers.clear(Timer::Pace);
            self.push_transparent(0);
        }
        self.end_context(context);
        let mut lines = Vec::new();
        match self.profile.dialect {
            Dialect::A7600 => {
                self.net_forgotten();
                self.end_data_mode(0, "CLOSED\r\n\r\n+IPCLOSE: 0,1");
                lines.push(line("+CIPEVENT: NETWORK CLOSED UNEXPECTEDLY"));
            }
            _ => {
                if let Some(context) = self.contexts.get_mut(usize::from(context)).filter(|_| !activating) {
                    context.pdp = Pdp::Deact;
                }
                if let Some(link) = self.link_mut(0).filter(|_| !classic) {
                    link.phase = Phase::Initial;
                }
                if in_data {
                    self.end_data_mode(0, "+PDP: DEACT");
                } else {
                    lines.push(line("+PDP: DEACT"));
                }
            }
        }
        for n in connecting.iter().filter(|_| classic) {
            if !self.multi() {
                lines.push(line("STATE: PDP DEACT"));
            }
            lines.push(line(&self.on(*n, "CONNECT FAIL")));
        }
        if waits_for {
            let answer = match (&self.wait, self.profile.dialect) {
                (Wait::Sent { .. }, _) => Answer::Nothing,
                _ => Answer::Fail(Fail::Error),
            };
            self.resolving.iter_mut().for_each(|name| *name = None);
            self.go_on(answer);
        }
        lines
    }

    /// The network has been away for as long as `AT+CIPDPDP` says: the contexts are lost.
    pub(crate) fn detached(&mut self) {
        match self.profile.dialect {
            Dialect::Kingcom | Dialect::A7600 => {}
            Dialect::Sim800 | Dialect::Sim800e | Dialect::Sim7000 | Dialect::Rda8955 => {
                for context in [0, 1] {
                    for bytes in self.context_lost(context) {
                        self.out.queue_bytes(bytes);
                    }
                }
            }
        }
    }

    fn registration(&mut self, stat: u8) {
        let before = self.cell.registration;
        self.cell.registration = stat;
        if before == stat {
            return;
        }
        let [watch, interval, times] = self.set.dpdp;
        if matches!(stat, 1 | 5) {
            self.timers.clear(Timer::Detached);
        } else if watch == 1 && !self.timers.runs(Timer::Detached) {
            let seconds = interval.saturating_mul(times);
            self.timers.set(Timer::Detached, self.now.after(seconds.saturating_mul(1000)));
        }
        if self.set.creg > 0 {
            let text = self.registered(self.set.creg);
            self.out.notice(&format!("+CREG: {text}"));
        }
        if self.set.cgreg > 0 {
            let text = self.registered(self.set.cgreg);
            self.out.notice(&format!("+CGREG: {text}"));
        }
    }
}
