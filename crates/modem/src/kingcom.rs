//! The commands of Kingcom G: one link, contexts by number.

use crate::classic::HOST;
use crate::command::{Args, Command};
use crate::link::{Pdp, Phase};
use crate::modem::Modem;
use crate::run::{Answer, ERROR, Fail, OK, Outcome};
use alloc::borrow::ToOwned;
use alloc::format;
use alloc::string::{String, ToString};
use simcom_at::row::Form::{Exec, Read, Set};
use simcom_at::{Dialect, Transport};

impl Modem {
    /// Executes the command if it is one of this dialect's own.
    pub(crate) fn kingcom(&mut self, c: &Command) -> Option<Outcome> {
        Some(match (c.name.as_str(), c.form) {
            ("+CIFSR", Read) => self.answer("+CIFSR:"),
            ("+CIFSR", Exec) => self.kingcom_address(),
            ("+CIPSTART", Set) => self.kingcom_start(&c.args),
            ("+CIPSEND", Exec) => {
                if self.link(0).is_some_and(|l| l.is_open()) {
                    return Some(Ok(self.begin_payload(0, None, None)));
                }
                ERROR
            }
            ("+CIPCLOSE", Exec) => {
                if !self.link(0).is_some_and(|l| l.in_use()) {
                    return Some(ERROR);
                }
                self.drop_link(0);
                OK
            }
            ("+CIPSTATUS", Read) => OK,
            ("+CIPSTATUS", Exec) => {
                let state = self.kingcom_state();
                self.answer(&format!("+IPSTATUS: {state}"))
            }
            ("+CIPSHUT", Exec) => {
                self.drop_link(0);
                self.set_pdp(Pdp::Initial);
                if let Some(link) = self.link_mut(0) {
                    link.phase = Phase::Initial;
                }
                if self.profile.kingcom_shut_ok { Ok(Answer::Text("SHUT OK".to_owned())) } else { OK }
            }
            _ => return None,
        })
    }

    fn kingcom_state(&self) -> String {
        let Some(link) = self.link(0).filter(|_| self.pdp() != Pdp::Deact) else {
            return "PDP DEACT".to_string();
        };
        match link.phase {
            Phase::Initial => "IP INITIAL".to_string(),
            Phase::Connecting => format!("{} CONNECTING", link.transport.word()),
            Phase::Connected => "CONNECT OK".to_string(),
            Phase::RemoteClosing | Phase::Closing | Phase::Closed => "IP CLOSE".to_string(),
        }
    }

    /// Only from the first open on: activating the context does not change the state.
    fn kingcom_address(&mut self) -> Outcome {
        let used = self.link(0).is_some_and(|l| l.phase != Phase::Initial);
        if !used || !self.cell.active || self.pdp() == Pdp::Deact {
            return ERROR;
        }
        self.answer(&self.profile.address.to_string())
    }

    /// A right format is `OK`; everything else fails later, without a word why.
    fn kingcom_start(&mut self, args: &Args) -> Outcome {
        let transport: Transport = args.transport(0)?;
        let host = args.text(1, HOST)?.to_owned();
        let port = args.port(2)?;
        if host.is_empty() || args.len() != 3 {
            return ERROR;
        }
        let in_use = self.link(0).is_some_and(|l| l.in_use());
        if in_use || !self.cell.active || !self.cell.serves() || self.pdp() == Pdp::Deact {
            let failure = self.kingcom_failure();
            self.later(&failure);
            let closes = !in_use && self.pdp() != Pdp::Deact;
            if let Some(link) = self.link_mut(0).filter(|_| closes) {
                link.phase = Phase::Closed;
            }
            return OK;
        }
        self.open_link(0, transport, &host, port);
        Ok(if self.profile.kingcom_ok_last { Answer::Wait(crate::run::Wait::Open(0)) } else { Answer::Ok })
    }

    /// `+CME ERROR: 50`, or `ERROR` with `AT+CMEE=0`.
    pub(crate) fn kingcom_failure(&self) -> String {
        if self.set.cmee == 0 { "ERROR".to_owned() } else { self.cme(50) }
    }

    /// `AT+CGACT=1` has ended.
    pub(crate) fn activated_by_number(&mut self, well: bool) -> Answer {
        self.cell.active = well;
        if self.profile.dialect != Dialect::Kingcom {
            return if well { Answer::Ok } else { Answer::Fail(Fail::Cme(148)) };
        }
        if well && self.pdp() == Pdp::Deact {
            self.set_pdp(Pdp::Initial);
        }
        if well { Answer::Ok } else { Answer::Fail(Fail::Cme(50)) }
    }

    /// `AT+CGACT=0`.
    pub(crate) fn deactivate_by_number(&mut self) {
        let was = core::mem::take(&mut self.cell.active);
        if was && self.profile.dialect == Dialect::Kingcom {
            self.drop_link(0);
            self.set_pdp(Pdp::Deact);
            if let Some(link) = self.link_mut(0) {
                link.phase = Phase::Initial;
            }
        }
    }
}
