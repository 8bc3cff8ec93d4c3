//! The NETOPEN family (A7600): the network service, links, status.

use crate::classic::HOST;
use crate::codes;
use crate::command::{Args, Command};
use crate::faults::Fault;
use crate::link::{Link, Net, Phase, Server, ServerPhase};
use crate::modem::Modem;
use crate::net::Request;
use crate::run::{Answer, ERROR, OK, Outcome, Wait};
use crate::settings::ccfg;
use crate::timers::Timer;
use crate::values::joined;
use alloc::borrow::ToOwned;
use alloc::format;
use alloc::string::ToString;
use alloc::vec::Vec;
use simcom_at::Dialect;
use simcom_at::row::Form::{Exec, Read, Set};

/// `<err>` of most of these commands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Err {
    Network = 1,
    NotOpened = 2,
    Parameter = 3,
    NotSupported = 4,
    Socket = 5,
    Bind = 6,
    Listening = 7,
    Timeout = 10,
    Dns = 11,
}

/// `<err_info>` of `+IP ERROR`, by its number.
#[derive(Clone, Copy)]
pub(crate) struct Info(u8);

const ALREADY_OPENED: Info = Info(4);
const NOT_OPENED: Info = Info(8);
const NOT_CREATED: Info = Info(11);
pub(crate) const INVALID: Info = Info(12);
const NOT_SUPPORTED: Info = Info(13);
const NO_DATA: Info = Info(22);

impl Modem {
    /// Executes the command if it is one of this family's own.
    pub(crate) fn netopen_family(&mut self, c: &Command) -> Option<Outcome> {
        Some(match (c.name.as_str(), c.form) {
            ("+NETOPEN", Read) => self.answer(&format!("+NETOPEN: {}", u8::from(self.cell.net == Net::Open))),
            ("+NETOPEN", Exec) => self.net_open(),
            ("+NETCLOSE", Exec) => self.net_close(),
            ("+IPADDR", Exec) => match self.cell.net {
                Net::Open => self.answer(&format!("+IPADDR: {}", self.profile.address)),
                Net::Closed | Net::Opening if self.profile.address_error => {
                    self.info("+IPADDR: Network not opened");
                    ERROR
                }
                Net::Closed | Net::Opening => self.ip_error(NOT_OPENED),
            },
            ("+CIPOPEN", Read) => self.links_opened(),
            ("+CIPOPEN", Set) => self.cipopen(&c.args),
            ("+CIPCLOSE", Read) => {
                let flags: Vec<u32> = self.links.iter().map(|l| u32::from(l.is_open())).collect();
                self.answer(&format!("+CIPCLOSE: {}", joined(&flags)))
            }
            ("+CIPCLOSE", Set) => self.cipclose(&c.args),
            ("+CIPSEND", Read) => self.answer("+CIPSEND: (0-9),(1-1500)"),
            ("+CIPSEND", Set) => self.cipsend(&c.args),
            ("+CIPRXGET", Read) => self.answer(&format!("+CIPRXGET: {}", self.set.rxget)),
            ("+CIPRXGET", Set) => self.read_on_request(&c.args),
            ("+CIPACK", Set) => self.cipack(&c.args),
            ("+CDNSCFG", Read) => {
                let [first, second] = self.set.dns;
                self.answer(&format!("Primary IPv4 DNS: {first},Secondary IPv4 DNS: {second}"))
            }
            ("+CDNSCFG", Set) => self.name_servers(&c.args),
            ("+CDNSGIP", Set) => self.resolve_now(&c.args),
            ("+SERVERSTART", Read) => self.servers_started(),
            ("+SERVERSTART", Set) => self.serverstart(&c.args),
            ("+SERVERSTOP", Set) => self.serverstop(&c.args),
            ("+CIPTIMEOUT", Read) => self.answer(&format!("+CIPTIMEOUT: {}", joined(&self.set.timeouts))),
            ("+CIPTIMEOUT", Set) => self.set_timeouts(&c.args),
            ("+CIPCCFG", Read) => self.answer(&format!("+CIPCCFG: {}", joined(&self.set.ccfg))),
            ("+CIPCCFG", Exec) => {
                self.set.ccfg = ccfg(Dialect::A7600);
                OK
            }
            ("+CIPCCFG", Set) => self.configure(&c.args),
            ("+CIPCFG", Set) => self.configure_by_name(&c.args),
            ("+CSOCKSETPN", Read) => self.answer("+CSOCKSETPN: 1"),
            ("+CSOCKSETPN", Set) => c.args.number(0, 1, 16).map(|_| Answer::Ok),
            _ => return None,
        })
    }

    pub(crate) fn network_opened(&self) -> bool {
        self.cell.net != Net::Closed
    }

    /// `+IP ERROR: …`, then `ERROR`; `errMode` chooses between text and number.
    pub(crate) fn ip_error(&mut self, info: Info) -> Outcome {
        let [_, _, _, as_text, ..] = self.set.ccfg;
        let table = codes::ip_error_table(self.profile.dialect);
        let words = codes::word(table, info.0.into()).filter(|_| as_text == 1);
        let what = words.map_or_else(|| info.0.to_string(), ToOwned::to_owned);
        self.info(&format!("+IP ERROR: {what}"));
        ERROR
    }

    /// `<command>: [n,]<err>`, then `ERROR`.
    pub(crate) fn failed(&mut self, head: &str, err: Err) -> Outcome {
        self.info(&format!("{head}{}", err as u8));
        ERROR
    }

    /// A fault that asks for the command's own error.
    pub(crate) fn failure_on_purpose(&mut self, c: &Command) -> Option<Outcome> {
        let code = self.faults.take(|f| {
            if let Fault::OwnError { command, code } = f {
                (*command == c.name).then_some(*code)
            } else {
                None
            }
        })?;
        let index = c.args.small(0, 0, self.last_link()).unwrap_or_default();
        let head = match c.name.as_str() {
            "+CIPACK" | "+CIPRXGET" => return Some(self.ip_error(Info(code))),
            "+NETOPEN" => {
                self.later(&format!("+NETOPEN: {code}"));
                return Some(OK);
            }
            "+CIPOPEN" | "+CIPCLOSE" | "+SERVERSTOP" => format!("{}: {index},", c.name),
            "+NETCLOSE" => "+NETCLOSE: ".to_string(),
            _ => "+CIPERROR: ".to_string(),
        };
        self.info(&format!("{head}{code}"));
        Some(ERROR)
    }

    fn net_open(&mut self) -> Outcome {
        if self.network_opened() {
            return self.ip_error(ALREADY_OPENED);
        }
        self.cell.net = Net::Opening;
        self.timers.set(Timer::Network, self.now.after(self.profile.attach_ms));
        OK
    }

    /// `AT+NETOPEN` ends.
    pub(crate) fn net_opened(&mut self) {
        if self.cell.net != Net::Opening {
            return;
        }
        let well = self.cell.serves();
        self.cell.net = if well { Net::Open } else { Net::Closed };
        let err = if well { 0 } else { Err::Network as u8 };
        self.out.notice(&format!("+NETOPEN: {err}"));
    }

    fn net_close(&mut self) -> Outcome {
        if !self.network_opened() {
            return self.failed("+NETCLOSE: ", Err::NotOpened);
        }
        for index in self.server_numbers() {
            self.drop_server(index);
        }
        for n in self.numbers() {
            let Some(link) = self.link(n).filter(|l| l.in_network()) else { continue };
            // The document's example reports no close of a link that a server accepted (§3.4.2).
            let (tcp, open) = (link.is_tcp(), link.is_open() && link.server.is_none());
            let transparent = self.transparent(n);
            self.drop_link(n);
            if !open {
                continue;
            }
            if tcp && transparent {
                self.later("CLOSED");
            }
            if tcp {
                self.later(&format!("+CIPCLOSE: {n},0"));
            } else {
                self.info(&format!("+CIPCLOSE: {n},0"));
            }
        }
        self.net_forgotten();
        self.later("+NETCLOSE: 0");
        OK
    }

    /// The network service is closed: no link keeps anything.
    pub(crate) fn net_forgotten(&mut self) {
        self.timers.clear(Timer::Network);
        self.cell.net = Net::Closed;
        for n in self.numbers() {
            self.drop_link(n);
            if let Some(link) = self.link_mut(n) {
                link.phase = Phase::Initial;
            }
        }
    }

    fn read_on_request(&mut self, args: &Args) -> Outcome {
        let Ok(mode) = args.small(0, 0, 5) else { return self.ip_error(INVALID) };
        if mode == 5 {
            self.set.name_sender |= args.len() == 1;
            return if args.len() == 1 { OK } else { self.ip_error(INVALID) };
        }
        if mode < 2 {
            if args.len() > 1 {
                return self.ip_error(INVALID);
            }
            self.set.rxget = mode;
            return OK;
        }
        let Ok(n) = args.small(1, 0, self.last_link()) else { return self.ip_error(INVALID) };
        if self.set.rxget == 0 {
            return self.ip_error(NOT_SUPPORTED);
        }
        let waits = self.link(n).map_or(0, |l| l.buffered);
        if mode == 4 {
            return self.answer(&format!("+CIPRXGET: 4,{n},{waits}"));
        }
        let most = if mode == 2 { self.profile.read_max } else { self.profile.read_max / 2 };
        let most = u32::try_from(most).unwrap_or(1500);
        let Ok(want) = args.number_or(2, 1, most, most) else { return self.ip_error(INVALID) };
        if waits == 0 {
            return self.ip_error(NO_DATA);
        }
        self.print_read(mode, n, usize::try_from(want).unwrap_or(0), b"\r\n");
        if self.profile.read_crlf {
            self.out.raw(b"\r\n");
        }
        OK
    }

    fn cipack(&mut self, args: &Args) -> Outcome {
        let Ok(n) = args.small(0, 0, self.last_link()) else { return self.ip_error(INVALID) };
        let Some(link) = self.link(n).filter(|l| l.is_open() && l.is_tcp()) else {
            return self.ip_error(NOT_CREATED);
        };
        let text = format!("+CIPACK: {},{},{}", link.sent, link.acked, link.total);
        self.answer(&text)
    }

    fn resolve_now(&mut self, args: &Args) -> Outcome {
        let name = args.text(0, HOST)?.to_owned();
        if name.is_empty() {
            return ERROR;
        }
        if self.cell.net != Net::Open {
            self.info("+CDNSGIP: 0,10");
            return ERROR;
        }
        self.requests.push_back(Request::Resolve { name: name.clone() });
        self.resolving.push_back(Some(name));
        Ok(Answer::Wait(Wait::Resolve))
    }

    fn servers_started(&mut self) -> Outcome {
        if self.cell.net != Net::Open {
            return self.failed("+CIPERROR: ", Err::NotOpened);
        }
        for index in self.server_numbers() {
            let server = self.server(index);
            if server.on() {
                self.info(&format!("+SERVERSTART: {index},{}", server.port));
            }
        }
        OK
    }

    fn serverstart(&mut self, args: &Args) -> Outcome {
        let (Ok(port), Ok(index), Ok(backlog)) =
            (args.port(0), args.small(1, 0, 3), args.number_or(2, 1, 3, 3))
        else {
            return self.failed("+CIPERROR: ", Err::Parameter);
        };
        if self.cell.net != Net::Open {
            return self.failed("+CIPERROR: ", Err::NotOpened);
        }
        let taken = self.servers.iter().any(|s| s.on() && s.port == port);
        if self.server(index).on() || taken {
            return self.failed("+CIPERROR: ", Err::Listening);
        }
        let backlog = u8::try_from(backlog).unwrap_or(3);
        self.set_server(index, Server { phase: ServerPhase::Opening, port, backlog, ..Server::OFF });
        self.ask_to_listen(index);
        Ok(Answer::Wait(Wait::Listen(index)))
    }

    fn serverstop(&mut self, args: &Args) -> Outcome {
        let Ok(index) = args.small(0, 0, 3) else { return self.failed("+CIPERROR: ", Err::Parameter) };
        let clients = self.links.iter().any(|l: &Link| l.is_open() && l.server == Some(index));
        if !self.server(index).on() || clients && self.profile.strict {
            return self.failed(&format!("+SERVERSTOP: {index},"), Err::NotSupported);
        }
        self.drop_server(index);
        self.answer(&format!("+SERVERSTOP: {index},0"))
    }

    fn set_timeouts(&mut self, args: &Args) -> Outcome {
        if args.len() > 3 {
            return ERROR;
        }
        let [open, link, send] = self.set.timeouts;
        self.set.timeouts = [
            args.number_or(0, 3000, 120_000, open)?,
            args.number_or(1, 3000, 120_000, link)?,
            args.number_or(2, 3000, 120_000, send)?,
        ];
        OK
    }

    fn configure(&mut self, args: &Args) -> Outcome {
        let [retry, delay, ack, mode, header, asynchronous, timeout, udp] = self.set.ccfg;
        if args.len() > 8 {
            return ERROR;
        }
        self.set.ccfg = [
            args.number_or(0, 0, 10, retry)?,
            args.number_or(1, 0, 1000, delay)?,
            args.number_or(2, 0, 0, ack)?,
            args.number_or(3, 0, 1, mode)?,
            args.number_or(4, 0, 1, header)?,
            args.number_or(5, 0, 1, asynchronous)?,
            args.number_or(6, 500, 120_000, timeout)?,
            args.number_or(7, 0, 1, udp)?,
        ];
        OK
    }

    fn configure_by_name(&mut self, args: &Args) -> Outcome {
        let name = args.text(0, 20)?.to_ascii_uppercase();
        match name.as_str() {
            "DATAECHO" => {
                let word = args.text(1, 3)?.to_ascii_uppercase();
                self.set.data_echo = match word.as_str() {
                    "ON" => true,
                    "OFF" => false,
                    _ => return ERROR,
                };
                OK
            }
            "TRANSWAITTM" => args.number(1, 5, 1000).map(|_| Answer::Ok),
            _ => ERROR,
        }
    }
}
