//! Every value that a command stores.

use crate::profile::Profile;
use alloc::string::String;
use alloc::vec::Vec;
use simcom_at::{Dialect, Ipv4Addr};

/// The values of the settings commands, as the dialect starts.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    pub(crate) echo: bool,
    pub(crate) verbose: bool,
    pub(crate) cmee: u8,
    pub(crate) creg: u8,
    pub(crate) cgreg: u8,
    pub(crate) mux: u8,
    pub(crate) mode: u8,
    pub(crate) head: u8,
    pub(crate) srip: u8,
    pub(crate) showtp: u8,
    pub(crate) sprt: u8,
    pub(crate) qsend: u8,
    pub(crate) rxget: u8,
    pub(crate) sendmode: u8,
    pub(crate) csclk: u8,
    pub(crate) sendhex: u8,
    pub(crate) hexs: u8,
    pub(crate) option: u8,
    pub(crate) cfgri: u8,
    pub(crate) dtr: u8,
    pub(crate) dcd: u8,
    pub(crate) data_echo: bool,
    /// `AT+CIPATS`: mode, seconds.
    pub(crate) ats: [u32; 2],
    /// `AT+CIPCCFG`; SIM800 has 7 values, SIM800E 4, A7600 8.
    pub(crate) ccfg: [u32; 8],
    /// `AT+CIPDPDP`: mode, interval, timer.
    pub(crate) dpdp: [u32; 3],
    /// `AT+CIPRDTIMER`.
    pub(crate) rdtimer: [u32; 2],
    /// `AT+CIPTKA`.
    pub(crate) tka: [u32; 4],
    /// `AT+IFC`.
    pub(crate) ifc: [u32; 2],
    /// `AT+CIPTIMEOUT`: open the network, open a link, send; ms.
    pub(crate) timeouts: [u32; 3],
    /// `AT+CIPCSGP` 0: CSD, 1: GPRS.
    pub(crate) csgp: u8,
    /// The bit rate of CSD.
    pub(crate) csd_rate: u32,
    /// `AT+CIPRXGET=5`: the sender is named as well.
    pub(crate) name_sender: bool,
    /// `AT+CDNSCFG`.
    pub(crate) dns: [Ipv4Addr; 2],
    /// `AT+CGDCONT`: number, type, APN.
    pub(crate) cgdcont: Vec<(u8, String, String)>,
    /// `AT+CIPSCONT` has saved the present values.
    pub(crate) saved: bool,
}

impl Settings {
    pub(crate) fn new(profile: &Profile) -> Self {
        let a7600 = profile.dialect == Dialect::A7600;
        let kingcom = profile.dialect == Dialect::Kingcom;
        Self {
            echo: profile.echo,
            verbose: true,
            cmee: profile.cmee,
            creg: u8::from(kingcom),
            cgreg: 0,
            mux: u8::from(a7600),
            mode: 0,
            head: u8::from(a7600),
            srip: u8::from(a7600),
            showtp: 0,
            sprt: 1,
            qsend: 0,
            rxget: 0,
            sendmode: 0,
            csclk: 0,
            sendhex: 0,
            hexs: 0,
            option: 0,
            cfgri: 0,
            dtr: 0,
            dcd: 1,
            data_echo: true,
            ats: [0, 0],
            ccfg: ccfg(profile.dialect),
            dpdp: [1, 10, 3],
            rdtimer: [2000, 3500],
            tka: [1, 7200, 75, 9],
            ifc: [0, 0],
            timeouts: [120_000; 3],
            csgp: 1,
            csd_rate: 2,
            name_sender: false,
            dns: [Ipv4Addr::UNSPECIFIED; 2],
            cgdcont: Vec::new(),
            saved: false,
        }
    }
}

/// The defaults of `AT+CIPCCFG`.
pub(crate) fn ccfg(dialect: Dialect) -> [u32; 8] {
    match dialect {
        Dialect::Sim800 | Dialect::Sim7000 | Dialect::Kingcom | Dialect::Rda8955 => {
            [5, 2, 1024, 1, 0, 1460, 50, 0]
        }
        Dialect::Sim800e => [3, 2, 1024, 1, 0, 1460, 50, 0],
        Dialect::A7600 => [10, 0, 0, 1, 0, 0, 500, 0],
    }
}
