//! Settings of several values of the SIM800 family: stored, checked and read back.

use crate::command::{Args, Bad, Command};
use crate::modem::Modem;
use crate::run::{ERROR, NOT_ALLOWED, OK, Outcome};
use alloc::borrow::ToOwned;
use alloc::format;
use alloc::string::String;
use simcom_at::row::Form::{Exec, Read, Set, Test};
use simcom_at::{Dialect, SocketAddrV4, Transport};

impl Modem {
    pub(crate) fn classic_values(&mut self, c: &Command) -> Option<Outcome> {
        let new = self.profile.dialect != Dialect::Sim800e;
        Some(match (c.name.as_str(), c.form) {
            ("+CIPATS", Read) => self.read("+CIPATS", &self.set.ats.clone()),
            ("+CIPATS", Set) => self.set_ats(&c.args),
            ("+CIPCCFG", Read) => {
                let count = if new { 7 } else { 4 };
                let values = self.set.ccfg;
                self.read("+CIPCCFG", values.get(..count).unwrap_or_default())
            }
            ("+CIPCCFG", Set) => self.set_ccfg(&c.args),
            ("+CIPDPDP", Read) => self.read("+CIPDPDP", &self.set.dpdp.clone()),
            ("+CIPDPDP", Set) => self.set_dpdp(&c.args),
            ("+CIPRDTIMER", Test) if new => self.answer("+CIPRDTIMER: (100-4000),(100-7000)"),
            ("+CIPRDTIMER", Read) if new => self.read("+CIPRDTIMER", &self.set.rdtimer.clone()),
            ("+CIPRDTIMER", Set) if new => self.set_rdtimer(&c.args),
            ("+CIPTKA", Test) if new => self.answer("+CIPTKA: (0,1),(30-7200),(30-600),(1-9)"),
            ("+CIPTKA", Read) if new => self.read("+CIPTKA", &self.set.tka.clone()),
            ("+CIPTKA", Set) if new => self.set_tka(&c.args),
            ("+CIPCSGP", Read) => self.csgp_read(),
            ("+CIPCSGP", Set) => self.set_csgp(&c.args),
            ("+CLPORT", Read) => self.port_read(),
            ("+CLPORT", Set) => self.set_port(&c.args),
            ("+CIPUDPMODE", Read) if new => self.udp_mode_read(),
            ("+CIPUDPMODE", Set) if new => self.set_udp_mode(&c.args),
            ("+CIPSCONT", Exec) if self.profile.dialect != Dialect::Sim7000 => {
                self.save_tcpip();
                OK
            }
            ("+CIPSCONT", Read) if self.profile.dialect != Dialect::Sim7000 => self.saved_values(),
            _ => return None,
        })
    }

    /// `+NAME: a,b,c`.
    fn read(&mut self, name: &str, values: &[u32]) -> Outcome {
        let text = format!("{name}: {}", joined(values));
        self.answer(&text)
    }

    fn set_ats(&mut self, args: &Args) -> Outcome {
        let mode = args.number(0, 0, 1)?;
        let [_, before] = self.set.ats;
        let seconds = args.number_or(1, 1, 100, before)?;
        if mode == 1 && seconds == 0 || args.len() > 2 {
            return ERROR;
        }
        self.set.ats = [mode, seconds];
        OK
    }

    fn set_ccfg(&mut self, args: &Args) -> Outcome {
        let new = self.profile.dialect != Dialect::Sim800e;
        if args.len() < 4 || args.len() > if new { 7 } else { 4 } {
            return ERROR;
        }
        let longer = matches!(self.profile.dialect, Dialect::Sim7000 | Dialect::Rda8955);
        let shortest = if longer { 1 } else { 2 };
        let [.., mode, size, timer, _] = self.set.ccfg;
        let values = [
            args.number(0, 3, 8)?,
            args.number(1, shortest, 10)?,
            args.number(2, 1, 1460)?,
            args.number(3, 0, 1)?,
            args.number_or(4, 0, 1, mode)?,
            args.number_or(5, 50, 1460, size)?,
            args.number_or(6, 20, 1000, timer)?,
            0,
        ];
        if self.multi() {
            return NOT_ALLOWED;
        }
        self.set.ccfg = values;
        OK
    }

    fn set_dpdp(&mut self, args: &Args) -> Outcome {
        let [_, interval, timer] = self.set.dpdp;
        let mode = args.number(0, 0, 1)?;
        self.set.dpdp = [mode, args.number_or(1, 1, 180, interval)?, args.number_or(2, 1, 10, timer)?];
        OK
    }

    fn set_rdtimer(&mut self, args: &Args) -> Outcome {
        self.set.rdtimer = [args.number(0, 100, 4000)?, args.number(1, 100, 7000)?];
        OK
    }

    fn set_tka(&mut self, args: &Args) -> Outcome {
        let [_, idle, interval, count] = self.set.tka;
        self.set.tka = [
            args.number(0, 0, 1)?,
            args.number_or(1, 30, 7200, idle)?,
            args.number_or(2, 30, 600, interval)?,
            args.number_or(3, 1, 9, count)?,
        ];
        OK
    }

    fn csgp_read(&mut self) -> Outcome {
        let Some(context) = self.contexts.get(usize::from(self.selected)) else { return ERROR };
        let rate = if self.set.csgp == 0 { format!(",{}", self.set.csd_rate) } else { String::new() };
        let text = format!(
            "+CIPCSGP: {},\"{}\",\"{}\",\"{}\"{rate}",
            self.set.csgp, context.apn, context.user, context.password
        );
        self.answer(&text)
    }

    fn set_csgp(&mut self, args: &Args) -> Outcome {
        let lowest = u8::from(matches!(self.profile.dialect, Dialect::Sim7000 | Dialect::Rda8955));
        let mode = args.small(0, lowest, 1)?;
        let rate = args.number_or(4, 0, 3, self.set.csd_rate)?;
        if args.len() > 5 || mode == 1 && args.len() > 4 {
            return ERROR;
        }
        let apn = args.text_or_empty(1, 50)?.to_owned();
        let user = args.text_or_empty(2, 50)?.to_owned();
        let password = args.text_or_empty(3, 50)?.to_owned();
        if let Some(context) = self.contexts.get_mut(usize::from(self.selected)).filter(|_| args.len() > 1) {
            (context.apn, context.user, context.password) = (apn, user, password);
        }
        (self.set.csgp, self.set.csd_rate) = (mode, rate);
        OK
    }

    fn port_read(&mut self) -> Outcome {
        if self.multi() && self.profile.dialect != Dialect::Sim800e {
            for n in self.numbers() {
                let [tcp, udp] = self.link(n).map_or([0, 0], |l| l.ports);
                self.info(&format!("+CLPORT: {n},{tcp},{udp}"));
            }
            return OK;
        }
        let [tcp, udp] = self.link(0).map_or([0, 0], |l| l.ports);
        if self.profile.dialect == Dialect::Sim800e {
            self.info(&format!("TCP: {tcp}"));
            return self.answer(&format!("UDP: {udp}"));
        }
        self.answer(&format!("+CLPORT: {tcp},{udp}"))
    }

    fn set_port(&mut self, args: &Args) -> Outcome {
        if self.multi() && self.profile.dialect == Dialect::Sim800e {
            return NOT_ALLOWED;
        }
        let (n, at) = self.link_first(args)?;
        let transport = args.transport(at)?;
        let port = args.port(at.saturating_add(1))?;
        if args.len() != at.saturating_add(2) {
            return ERROR;
        }
        if let Some(link) = self.link_mut(n) {
            let [tcp, udp] = link.ports;
            link.ports = match transport {
                Transport::Tcp => [port, udp],
                Transport::Udp => [tcp, port],
            };
        }
        OK
    }

    fn udp_mode_read(&mut self) -> Outcome {
        let multi = self.multi();
        for n in self.numbers().filter(|n| multi || *n == 0) {
            let Some(link) = self.link(n) else { continue };
            let peer = link
                .udp_to
                .or_else(|| (link.udp_mode == 1 && link.in_use() && !link.is_tcp()).then_some(link.peer));
            let to = peer.map(|p| format!(",\"{}\",{}", p.ip(), p.port())).unwrap_or_default();
            let number = if multi { format!("{n},") } else { String::new() };
            let text = format!("+CIPUDPMODE: {number}{}{to}", link.udp_mode);
            self.info(&text);
        }
        OK
    }

    /// Mode 2 gives a new destination and leaves mode 1.
    fn set_udp_mode(&mut self, args: &Args) -> Outcome {
        let (n, at) = self.link_first(args)?;
        let mode = args.small(at, 0, 2)?;
        let to = match args.missing(at.saturating_add(1)) {
            true => None,
            false => {
                let port = args.port(at.saturating_add(2))?;
                Some(SocketAddrV4::new(args.address(at.saturating_add(1))?, port)).filter(|_| port > 0)
            }
        };
        if mode == 2 && to.is_none() {
            return Err(Bad);
        }
        let Some(link) = self.link_mut(n) else { return ERROR };
        if mode == 2 && link.udp_mode == 0 {
            return NOT_ALLOWED;
        }
        link.udp_mode = mode.min(1);
        link.udp_to = if mode == 0 { None } else { to };
        OK
    }

    /// The order of the manual, for SIM800E without blanks and in its own order.
    fn saved_values(&mut self) -> Outcome {
        let old = self.profile.dialect == Dialect::Sim800e;
        let s = &self.set;
        let Some(context) = self.contexts.first() else { return ERROR };
        let [tcp, udp] = self.link(0).map_or([0, 0], |l| l.ports);
        let count = if old { 4 } else { 7 };
        let ccfg = joined(s.ccfg.get(..count).unwrap_or_default());
        let (ats, dpdp, rd) = (joined(&s.ats), joined(&s.dpdp), joined(&s.rdtimer));
        let b = if old { "" } else { " " };
        let mut rows = alloc::vec![
            format!("+CIPCSGP:{b}{}", s.csgp),
            format!("Gprs Config APN:{b}{}", context.apn),
            format!("Gprs Config UserId:{b}{}", context.user),
            format!("Gprs Config Password:{b}{}", context.password),
        ];
        if old {
            rows.extend([
                format!("+CLPORT:{tcp},{udp}"),
                format!("+CIPHEAD:{}", s.head),
                format!("+CIPSHOWTP:{}", s.showtp),
                format!("+CIPSRIPIP:{}", s.srip),
                format!("+CIPATS:{ats}"),
                format!("+CIPSPRT:{}", s.sprt),
                format!("+CIPMODE:{}", s.mode),
                format!("+CIPCCFG:{ccfg}"),
                format!("+CIPMUX:{}", s.mux),
                format!("+CIPDPDP:{dpdp}"),
            ]);
        } else {
            rows.insert(0, format!("+CIPSCONT: {}", u8::from(!s.saved)));
            rows.extend([
                format!("+CIPHEAD: {}", s.head),
                format!("+CIPSHOWTP: {}", s.showtp),
                format!("+CIPSRIP: {}", s.srip),
                format!("+CIPATS: {ats}"),
                format!("+CIPSPRT: {}", s.sprt),
                format!("+CIPQSEND: {}", s.qsend),
                format!("+CIPMODE: {}", s.mode),
                format!("+CIPCCFG: {ccfg}"),
                format!("+CIPMUX: {}", s.mux),
                format!("+CIPDPDP: {dpdp}"),
                format!("+CIPRXGET: {}", s.rxget),
                format!("+CIPRDTIMER: {rd}"),
            ]);
        }
        for row in rows {
            self.info(&row);
        }
        OK
    }
}

/// `a,b,c`.
pub(crate) fn joined(values: &[u32]) -> String {
    let mut text = String::new();
    for (index, value) in values.iter().enumerate() {
        let comma = if index == 0 { "" } else { "," };
        text.push_str(&format!("{comma}{value}"));
    }
    text
}
