//! What the module keeps over a restart: settings of the line (`AT&W`) and of TCP/IP (`AT+CIPSCONT`).

use crate::modem::Modem;
use crate::settings::Settings;
use alloc::string::String;
use simcom_at::Dialect;

/// The two parts, where the host has saved them.
#[derive(Debug, Default)]
pub(crate) struct Memory {
    line: Option<Settings>,
    tcpip: Option<Tcpip>,
}

/// What `AT+CIPSCONT` saves: the settings, the access point, and the local ports of link 0.
#[derive(Debug)]
struct Tcpip {
    set: Settings,
    access: [String; 3],
    ports: [u16; 2],
}

impl Modem {
    /// `AT&W`.
    pub(crate) fn save_line(&mut self) {
        self.memory.line = Some(self.set.clone());
    }

    /// `ATZ`, and a start: the line as it was saved.
    pub(crate) fn recall_line(&mut self) {
        let Some(kept) = &self.memory.line else { return };
        let (set, kept) = (&mut self.set, kept.clone());
        set.echo = kept.echo;
        set.verbose = kept.verbose;
        set.dtr = kept.dtr;
        set.dcd = kept.dcd;
        set.csclk = kept.csclk;
        // Only these manuals say that it is kept.
        if matches!(self.profile.dialect, Dialect::Sim800 | Dialect::Sim800e) {
            set.cmee = kept.cmee;
        }
    }

    /// `AT+CIPSCONT`.
    pub(crate) fn save_tcpip(&mut self) {
        self.set.saved = true;
        let [context, _] = &self.contexts;
        self.memory.tcpip = Some(Tcpip {
            set: self.set.clone(),
            access: [context.apn.clone(), context.user.clone(), context.password.clone()],
            ports: self.link(0).map_or([0, 0], |link| link.ports),
        });
    }

    /// A start: the settings that `AT+CIPSCONT` lists.
    pub(crate) fn recall_tcpip(&mut self) {
        let Some(Tcpip { set: kept, access, ports }) = &self.memory.tcpip else { return };
        let set = &mut self.set;
        (set.csgp, set.csd_rate) = (kept.csgp, kept.csd_rate);
        (set.head, set.showtp, set.srip) = (kept.head, kept.showtp, kept.srip);
        (set.ats, set.sprt, set.qsend) = (kept.ats, kept.sprt, kept.qsend);
        (set.mode, set.mux, set.rxget) = (kept.mode, kept.mux, kept.rxget);
        (set.ccfg, set.dpdp, set.rdtimer) = (kept.ccfg, kept.dpdp, kept.rdtimer);
        set.saved = true;
        let [context, _] = &mut self.contexts;
        [context.apn, context.user, context.password] = access.clone();
        if let Some(link) = self.links.first_mut() {
            link.ports = *ports;
        }
    }
}
