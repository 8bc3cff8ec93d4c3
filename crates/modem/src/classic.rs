//! The commands of SIM800, SIM800E and SIM7000: contexts, opening and closing links.

use crate::command::{Args, Bad, Command};
use crate::link::{Pdp, Phase, ServerPhase};
use crate::modem::Modem;
use crate::net::{Host, Request, Socket};
use crate::run::{Answer, ERROR, Fail, NOT_ALLOWED, OK, Outcome, Wait};
use crate::timers::Timer;
use alloc::borrow::ToOwned;
use alloc::format;
use alloc::string::{String, ToString};
use simcom_at::row::Form::{Exec, Read, Set};
use simcom_at::{Dialect, Ipv4Addr, SocketAddrV4, Transport};

/// What a one-step bring-up ends in.
#[derive(Debug)]
pub(crate) enum OneStep {
    /// `AT+CIPSTART` from `IP INITIAL`.
    Open { link: u8, transport: Transport, host: String, port: u16 },
    /// `AT+CIPSERVER` from `IP INITIAL`.
    Listen,
}

/// The longest host name or address.
pub(crate) const HOST: usize = 100;

impl Modem {
    /// Executes the command if it is one of these dialects' own.
    pub(crate) fn classic(&mut self, c: &Command) -> Option<Outcome> {
        let context = usize::from(self.selected);
        Some(match (c.name.as_str(), c.form) {
            ("+CSTT", Read) => {
                let text = self
                    .contexts
                    .get(context)
                    .map(|x| format!("+CSTT: \"{}\",\"{}\",\"{}\"", x.apn, x.user, x.password));
                self.answer(&text.unwrap_or_default())
            }
            ("+CSTT", Set | Exec) => self.start_task(&c.args),
            ("+CIICR", Exec) => self.bring_up(),
            ("+CIFSR", Exec) => self.local_address(),
            ("+CIFSREX", Exec) if self.profile.dialect == Dialect::Sim7000 => self.local_address_line(),
            ("+CIPSTART", Set) => self.start(&c.args),
            ("+CIPCLOSE", Set | Exec) => self.close(&c.args),
            ("+CIPSHUT", Exec) => self.shut(),
            ("+CDNSCFG", Read) => {
                let [first, second] = self.set.dns;
                self.info(&format!("PrimaryDns: {first}"));
                self.answer(&format!("SecondaryDns: {second}"))
            }
            ("+CDNSCFG", Set) => self.name_servers(&c.args),
            ("+CDNSGIP", Set) => self.resolve(&c.args),
            ("+CIPSGTXT", Set) if self.two_contexts() => self.select_context(&c.args),
            _ => {
                return self
                    .classic_values(c)
                    .or_else(|| self.classic_status(c))
                    .or_else(|| self.classic_send(c))
                    .or_else(|| self.classic_receive(c))
                    .or_else(|| self.classic_server(c));
            }
        })
    }

    fn two_contexts(&self) -> bool {
        self.profile.dialect != Dialect::Sim800e
    }

    /// Whether the answers carry a link number.
    pub(crate) fn multi(&self) -> bool {
        self.set.mux == 1
    }

    /// `n, TEXT` or `TEXT`.
    pub(crate) fn on(&self, n: u8, text: &str) -> String {
        let blank = if self.profile.link_space { " " } else { "" };
        if self.multi() { format!("{n},{blank}{text}") } else { text.to_owned() }
    }

    pub(crate) fn pdp(&self) -> Pdp {
        self.contexts.get(usize::from(self.selected)).map_or(Pdp::Initial, |c| c.pdp)
    }

    pub(crate) fn set_pdp(&mut self, pdp: Pdp) {
        if let Some(context) = self.contexts.get_mut(usize::from(self.selected)) {
            context.pdp = pdp;
        }
    }

    fn select_context(&mut self, args: &Args) -> Outcome {
        let n = args.small(0, 0, 1)?;
        if !self.multi() {
            return NOT_ALLOWED;
        }
        self.selected = n;
        OK
    }

    fn start_task(&mut self, args: &Args) -> Outcome {
        if args.len() > 3 {
            return ERROR;
        }
        let apn = args.text_or_empty(0, 50)?.to_owned();
        let user = args.text_or_empty(1, 50)?.to_owned();
        let password = args.text_or_empty(2, 50)?.to_owned();
        if self.pdp() != Pdp::Initial {
            return NOT_ALLOWED;
        }
        if let Some(context) = self.contexts.get_mut(usize::from(self.selected)) {
            if args.len() > 0 {
                (context.apn, context.user, context.password) = (apn, user, password);
            }
            context.pdp = Pdp::Start;
        }
        OK
    }

    fn bring_up(&mut self) -> Outcome {
        if self.pdp() != Pdp::Start {
            return NOT_ALLOWED;
        }
        self.set_pdp(Pdp::Config);
        Ok(self.start_activation())
    }

    /// The activation takes its time, then [`Modem::activated`] says how it ended.
    pub(crate) fn start_activation(&mut self) -> Answer {
        self.timers.set(Timer::Wait, self.now.after(self.profile.attach_ms));
        Answer::Wait(Wait::Activate)
    }

    /// The activation has ended.
    pub(crate) fn activated(&mut self) -> Answer {
        let well = self.cell.serves();
        match self.profile.dialect {
            Dialect::Kingcom | Dialect::A7600 => self.activated_by_number(well),
            Dialect::Sim800 | Dialect::Sim800e | Dialect::Sim7000 | Dialect::Rda8955 => {
                if self.pdp() != Pdp::Config {
                    return self.activated_by_number(well);
                }
                let failed = if self.profile.activate_fails_to_start { Pdp::Start } else { Pdp::Deact };
                self.set_pdp(if well { Pdp::GprsAct } else { failed });
                if well { Answer::Ok } else { Answer::Fail(Fail::Error) }
            }
        }
    }

    /// The address, where the state has one; the first time it leads to `IP STATUS`.
    pub(crate) fn address_now(&mut self) -> Option<Ipv4Addr> {
        match self.pdp() {
            Pdp::GprsAct => self.set_pdp(Pdp::Status),
            Pdp::Status => {}
            Pdp::Initial | Pdp::Start | Pdp::Config | Pdp::Deact => return None,
        }
        let [a, b, c, d] = self.profile.address.octets();
        // The second context has an address of its own.
        Some(Ipv4Addr::new(a, b, c.wrapping_add(self.selected), d))
    }

    fn local_address(&mut self) -> Outcome {
        match self.address_now() {
            Some(address) => Ok(Answer::Text(address.to_string())),
            None => NOT_ALLOWED,
        }
    }

    fn local_address_line(&mut self) -> Outcome {
        match self.address_now() {
            Some(address) => self.answer(&format!("+CIFSREX: {address}")),
            None => NOT_ALLOWED,
        }
    }

    pub(crate) fn last_link(&self) -> u8 {
        self.profile.dialect.links().saturating_sub(1)
    }

    /// The link number in front of the other parameters in multi mode, and the place of the next parameter.
    pub(crate) fn link_first(&self, args: &Args) -> Result<(u8, usize), Bad> {
        if self.multi() { Ok((args.small(0, 0, self.last_link())?, 1)) } else { Ok((0, 0)) }
    }

    fn start(&mut self, args: &Args) -> Outcome {
        let (n, at) = self.link_first(args)?;
        let transport = args.transport(at)?;
        let host = args.text(at.saturating_add(1), HOST)?.to_owned();
        let port = args.port(at.saturating_add(2))?;
        if args.len() != at.saturating_add(3) || host.is_empty() {
            return ERROR;
        }
        let phase = self.link(n).map_or(Phase::Initial, |l| l.phase);
        if matches!(phase, Phase::Connecting | Phase::Connected) {
            let text = if self.is_clone() { "ALREAY CONNECT" } else { "ALREADY CONNECT" };
            let text = self.on(n, text);
            self.later(&text);
            return if self.profile.already_ok { OK } else { ERROR };
        }
        let sim800e = self.profile.dialect == Dialect::Sim800e;
        let one_step = match self.pdp() {
            Pdp::Initial => !self.multi() || sim800e,
            Pdp::GprsAct if sim800e => false,
            Pdp::Status => false,
            Pdp::Start | Pdp::Config | Pdp::GprsAct | Pdp::Deact => return NOT_ALLOWED,
        };
        let listening = self.servers.iter().filter(|s| s.on()).count();
        let others = self.links.iter().filter(|l| l.in_use()).count();
        let from_closed = phase == Phase::Closed && !self.multi() && !self.profile.start_from_closed;
        if from_closed
            || phase == Phase::Closing
            || self.pdp() == Pdp::Initial && !one_step
            || listening.saturating_add(others) >= self.links.len()
            || !self.multi() && listening > 0
        {
            return NOT_ALLOWED;
        }
        if self.pdp() == Pdp::GprsAct {
            self.set_pdp(Pdp::Status);
        }
        if one_step {
            self.set_pdp(Pdp::Config);
            self.one_step = Some(OneStep::Open { link: n, transport, host, port });
            self.timers.set(Timer::Network, self.now.after(self.profile.attach_ms));
        } else {
            self.open_link(n, transport, &host, port);
        }
        OK
    }

    /// The one-step bring-up is through.
    pub(crate) fn one_step_through(&mut self) {
        let Some(then) = self.one_step.take() else { return };
        if self.pdp() != Pdp::Config {
            return;
        }
        let well = self.cell.serves();
        self.set_pdp(if well { Pdp::Status } else { Pdp::Deact });
        match then {
            OneStep::Open { link, transport, host, port } if well => {
                self.open_link(link, transport, &host, port);
            }
            OneStep::Open { link, .. } => self.connect_fail(link, "PDP DEACT"),
            OneStep::Listen if well => self.ask_to_listen(0),
            OneStep::Listen => self.out.notice("CONNECT FAIL"),
        }
    }

    /// Asks the network for a link, with the local port of `AT+CLPORT`.
    pub(crate) fn open_link(&mut self, n: u8, transport: Transport, host: &str, port: u16) {
        let context = self.selected;
        self.drop_link(n);
        let Some(link) = self.link_mut(n) else { return };
        let local = match transport {
            Transport::Tcp => link.ports[0],
            Transport::Udp => link.ports[1],
        };
        let address = host.parse().ok();
        let peer = SocketAddrV4::new(address.unwrap_or(Ipv4Addr::UNSPECIFIED), port);
        link.begin(Phase::Connecting, transport, peer, context);
        let host = address.map_or_else(|| Host::Name(host.to_owned()), Host::Address);
        let request = Request::Open { socket: Socket(n), transport, peer: Some((host, port)), local };
        self.requests.push_back(request);
        self.timers.set(Timer::Open(n), self.now.after(self.profile.open_ms));
    }

    /// `CONNECT FAIL`, in single mode with the state in front.
    pub(crate) fn connect_fail(&mut self, n: u8, state: &str) {
        let text = self.on(n, "CONNECT FAIL");
        match self.multi() {
            true => self.out.notice(&text),
            // One text with an empty line in it.
            false if self.is_clone() => {
                let state = self.clone_state();
                self.out.notice(&format!("STATE:{state}\r\n\r\n{text}"));
            }
            false => {
                self.out.notice(&format!("STATE: {state}"));
                self.out.notice(&text);
            }
        }
    }

    fn close(&mut self, args: &Args) -> Outcome {
        let (n, at) = self.link_first(args)?;
        let quick = args.number_or(at, 0, 1, 0)? == 1 || self.profile.dialect == Dialect::Sim800e;
        if args.len() > at.saturating_add(1) {
            return ERROR;
        }
        if self.link(n).is_some_and(|l| l.in_use()) {
            self.drop_link(n);
            if quick && self.profile.close_ms > 0 {
                self.linger(n);
            }
            return Ok(Answer::Text(self.on(n, "CLOSE OK")));
        }
        let listens = self.servers.first().is_some_and(|s| s.phase == ServerPhase::Listening);
        if self.profile.dialect == Dialect::Sim7000 && !self.multi() && listens {
            self.drop_server(0);
            return Ok(Answer::Text("CLOSE OK".to_owned()));
        }
        NOT_ALLOWED
    }

    /// The close is told before the peer has confirmed it.
    fn linger(&mut self, n: u8) {
        if let Some(link) = self.link_mut(n) {
            link.phase = Phase::Closing;
        }
        self.timers.set(Timer::Closing(n), self.now.after(self.profile.close_ms));
    }

    /// The peer has confirmed a quick close.
    pub(crate) fn close_confirmed(&mut self, n: u8) {
        if let Some(link) = self.link_mut(n).filter(|l| l.phase == Phase::Closing) {
            link.phase = Phase::Closed;
        }
    }

    fn shut(&mut self) -> Outcome {
        if self.pdp() == Pdp::Initial && !self.profile.shut_in_initial {
            return ERROR;
        }
        self.end_context(self.selected);
        self.set_pdp(Pdp::Initial);
        for n in self.numbers() {
            let selected = self.selected;
            if let Some(link) = self.link_mut(n).filter(|l| l.context == selected) {
                link.phase = Phase::Initial;
            }
        }
        Ok(Answer::Text("SHUT OK".to_owned()))
    }

    /// Drops all that runs on a context.
    pub(crate) fn end_context(&mut self, context: u8) {
        self.one_step = None;
        self.timers.clear(Timer::Network);
        for n in self.numbers() {
            if self.link(n).is_some_and(|l| l.context == context) {
                self.drop_link(n);
            }
        }
        for index in self.server_numbers() {
            if self.servers.get(usize::from(index)).is_some_and(|s| s.context == context) {
                self.drop_server(index);
            }
        }
    }

    pub(crate) fn name_servers(&mut self, args: &Args) -> Outcome {
        let first = args.address(0)?;
        let second = if args.missing(1) { Ipv4Addr::UNSPECIFIED } else { args.address(1)? };
        self.set.dns = [first, second];
        OK
    }

    fn resolve(&mut self, args: &Args) -> Outcome {
        let name = args.text(0, HOST)?.to_owned();
        if name.is_empty() || args.len() != 1 {
            return ERROR;
        }
        // SIM800 and SIM7000 want the address to have been asked for.
        let strict = matches!(self.profile.dialect, Dialect::Sim800 | Dialect::Sim7000);
        let active = self.contexts.get(usize::from(self.selected)).is_some_and(|c| c.active());
        if !active || strict && self.pdp() == Pdp::GprsAct {
            return NOT_ALLOWED;
        }
        self.requests.push_back(Request::Resolve { name: name.clone() });
        self.resolving.push_back(Some(name));
        OK
    }
}
