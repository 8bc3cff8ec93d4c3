//! The commands every module has: echo, result codes, identity, SIM, signal, registration, attachment.

use crate::command::{Args, Command};
use crate::modem::Modem;
use crate::run::{Answer, ERROR, Fail, NOT_ALLOWED, OK, Outcome};
use crate::settings::Settings;
use crate::timers::Timer;
use alloc::borrow::ToOwned;
use alloc::format;
use alloc::string::String;
use simcom_at::Dialect;
use simcom_at::row::Form::{Exec, Read, Set};

impl Modem {
    /// `AT`, letters, and settings of the line itself.
    pub(crate) fn basic(&mut self, c: &Command) -> Option<Outcome> {
        let digit = |high: u8| if c.args.len() == 0 { Ok(0) } else { c.args.small(0, 0, high) };
        Some(match (c.name.as_str(), c.form) {
            ("", Exec) => OK,
            ("E", Exec) => digit(1).map(|v| {
                self.set.echo = v == 1;
                Answer::Ok
            }),
            ("V", Exec) => digit(1).map(|v| {
                self.set.verbose = v == 1;
                Answer::Ok
            }),
            ("&D", Exec) => digit(2).map(|v| {
                self.set.dtr = v;
                Answer::Ok
            }),
            ("&C", Exec) => digit(1).map(|v| {
                self.set.dcd = v;
                Answer::Ok
            }),
            ("&W", Exec) => digit(0).map(|_| {
                self.save_line();
                Answer::Ok
            }),
            ("&F", Exec) => digit(0).map(|_| self.factory()),
            ("Z", Exec) => digit(0).map(|_| {
                let answer = self.factory();
                self.recall_line();
                answer
            }),
            ("I", Exec) => digit(9).map(|_| self.identity()),
            ("O", Exec) => self.online(),
            ("+CSQ", Exec) => {
                let (rssi, ber) = self.profile.signal;
                self.answer(&format!("+CSQ: {rssi},{ber}"))
            }
            ("+CPIN", Read) => {
                let tight = matches!(self.profile.dialect, Dialect::Kingcom | Dialect::Rda8955);
                let blank = if tight { "" } else { " " };
                self.answer(&format!("+CPIN:{blank}{}", self.profile.sim))
            }
            ("+CPIN", Set) => self.unlock(&c.args),
            ("+IFC", Read) => {
                let [dce, dte] = self.set.ifc;
                self.answer(&format!("+IFC: {dce},{dte}"))
            }
            ("+IFC", Set) => self.flow_control(&c.args),
            _ => return None,
        })
    }

    fn flow_control(&mut self, args: &Args) -> Outcome {
        let dce = args.number(0, 0, 2)?;
        self.set.ifc = [dce, args.number_or(1, 0, 2, dce)?];
        OK
    }

    /// Settings of the line go back to the start; links and modes of the TCP/IP part stay.
    fn factory(&mut self) -> Answer {
        let start = Settings::new(&self.profile);
        self.set.echo = start.echo;
        self.set.verbose = true;
        self.set.cmee = start.cmee;
        Answer::Ok
    }

    fn identity(&mut self) -> Answer {
        for text in self.profile.identity.clone() {
            self.info(&text);
        }
        Answer::Ok
    }

    fn unlock(&mut self, args: &Args) -> Outcome {
        args.text(0, 8)?;
        args.text_or_empty(1, 8)?;
        if !matches!(self.profile.sim.as_str(), "SIM PIN" | "SIM PUK") {
            return NOT_ALLOWED;
        }
        self.profile.sim = "READY".to_owned();
        OK
    }

    /// Registration, attachment, contexts by number, power.
    pub(crate) fn mobile(&mut self, c: &Command) -> Option<Outcome> {
        Some(match (c.name.as_str(), c.form) {
            ("+CREG", Read) => {
                let text = format!("+CREG: {},{}", self.set.creg, self.registered(self.set.creg));
                self.answer(&text)
            }
            ("+CGREG", Read) => {
                let text = format!("+CGREG: {},{}", self.set.cgreg, self.registered(self.set.cgreg));
                self.answer(&text)
            }
            ("+CGATT", Read) => self.answer(&format!("+CGATT: {}", u8::from(self.cell.attached))),
            ("+CGATT", Set) => self.attach(&c.args),
            ("+CGDCONT", Read) => self.contexts_defined(),
            ("+CGDCONT", Set) => self.define_context(&c.args),
            ("+CGACT", Read) => self.answer(&format!("+CGACT: 1,{}", u8::from(self.cell.active))),
            ("+CGACT", Set) => self.activate_context(&c.args),
            ("+CFUN", Read) => self.answer(&format!("+CFUN: {}", self.cell.cfun)),
            ("+CFUN", Set) => self.functionality(&c.args),
            _ => return None,
        })
    }

    /// `<stat>[,<lac>,<ci>]`; the place only with mode 2 and when registered.
    pub(crate) fn registered(&self, mode: u8) -> String {
        let stat = self.cell.registration;
        if mode == 2 && matches!(stat, 1 | 5) {
            format!("{stat},\"1814\",\"0A1F\"")
        } else {
            format!("{stat}")
        }
    }

    fn attach(&mut self, args: &Args) -> Outcome {
        match args.small(0, 0, 1)? {
            1 if !matches!(self.cell.registration, 1 | 5) => Ok(Answer::Fail(Fail::Cme(30))),
            1 => {
                self.cell.attached = true;
                OK
            }
            _ => {
                self.cell.attached = false;
                self.context_lost_behind();
                OK
            }
        }
    }

    fn contexts_defined(&mut self) -> Outcome {
        for (cid, kind, apn) in self.set.cgdcont.clone() {
            self.info(&format!("+CGDCONT: {cid},\"{kind}\",\"{apn}\",\"0.0.0.0\",0,0"));
        }
        OK
    }

    fn define_context(&mut self, args: &Args) -> Outcome {
        let cid = args.small(0, 1, 15)?;
        let kind = args.text_or_empty(1, 8)?.to_owned();
        let apn = args.text_or_empty(2, 100)?.to_owned();
        self.set.cgdcont.retain(|(known, _, _)| *known != cid);
        if args.len() > 1 {
            let place = self.set.cgdcont.partition_point(|(known, _, _)| *known < cid);
            self.set.cgdcont.insert(place, (cid, kind, apn));
        }
        OK
    }

    fn activate_context(&mut self, args: &Args) -> Outcome {
        let state = args.small(0, 0, 1)?;
        args.number_or(1, 1, 15, 1)?;
        if state == 0 {
            self.deactivate_by_number();
            return OK;
        }
        if self.cell.serves() {
            return Ok(self.start_activation());
        }
        let code = if self.profile.dialect == Dialect::Kingcom { 50 } else { 148 };
        Ok(Answer::Fail(Fail::Cme(code)))
    }

    fn functionality(&mut self, args: &Args) -> Outcome {
        let level = args.small(0, 0, 4)?;
        let reset = args.number_or(1, 0, 1, 0)?;
        if !matches!(level, 0 | 1 | 4) {
            return ERROR;
        }
        if reset == 1 {
            // Late enough for the result to get out.
            self.timers.set(Timer::Restart, self.now.after(100));
            return OK;
        }
        self.cell.cfun = level;
        self.cell.registration = if level == 1 { self.profile.registration } else { 0 };
        self.cell.attached = level == 1;
        if level != 1 {
            self.context_lost_behind();
        }
        OK
    }
}
