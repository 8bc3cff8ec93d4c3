//! Scripts: what a host types, what the module must print for it, and what happens outside.
//!
//! `= name | dialects | knobs` begins one; `> ` a command line (`<CR>` is added), `>> ` bytes as they are; `< ` a line that
//! the module prints (empty lines are not compared, the documents' vectors have every byte; `...` for all that follow); `! ` something outside, see
//! [`outside`]; `~ ` milliseconds pass.

use crate::rig::Rig;
use simcom_at::{Dialect, SocketAddrV4};
use simcom_modem::{ClonePush, Fault, Notify, OpenError, Profile, Socket};

const TEXTS: &[&str] = &[
    include_str!("scripts/general.txt"),
    include_str!("scripts/classic.txt"),
    include_str!("scripts/sim800e.txt"),
    include_str!("scripts/kingcom.txt"),
    include_str!("scripts/a7600.txt"),
    include_str!("scripts/rda8955.txt"),
];

#[derive(Clone, Debug)]
pub struct Script {
    pub name: &'static str,
    pub dialects: Vec<Dialect>,
    knobs: &'static str,
    pub steps: Vec<Step>,
}

#[derive(Clone, Debug)]
pub struct Step {
    pub act: Act,
    pub wanted: Vec<&'static str>,
}

#[derive(Clone, Copy, Debug)]
pub enum Act {
    Line(&'static str),
    Bytes(&'static str),
    Outside(&'static str),
    Pass(u32),
}

/// All scripts.
pub fn scripts() -> Vec<Script> {
    let mut all: Vec<Script> = Vec::new();
    for line in TEXTS.iter().flat_map(|text| text.lines()).filter(|l| !l.is_empty() && !l.starts_with('#')) {
        let (mark, rest) = line.split_once(' ').unwrap_or((line, ""));
        let act = match mark {
            "=" => {
                all.push(begin(rest));
                continue;
            }
            "<" => {
                let step = all.last_mut().and_then(|s| s.steps.last_mut()).expect(line);
                step.wanted.push(rest);
                continue;
            }
            ">" => Act::Line(rest),
            ">>" => Act::Bytes(rest),
            "!" => Act::Outside(rest),
            "~" => Act::Pass(rest.parse().expect(line)),
            _ => panic!("{line}"),
        };
        all.last_mut().expect(line).steps.push(Step { act, wanted: Vec::new() });
    }
    all
}

fn begin(line: &'static str) -> Script {
    let mut parts = line.split('|').map(str::trim);
    let (name, dialects) = (parts.next().expect(line), parts.next().expect(line));
    let dialects = dialects.split(' ').map(|d| Dialect::from_name(d).expect(line)).collect();
    Script { name, dialects, knobs: parts.next().unwrap_or(""), steps: Vec::new() }
}

impl Script {
    /// A module as the script wants it.
    pub fn rig(&self, dialect: Dialect) -> Rig {
        let mut profile = Profile { echo: false, ..Profile::new(dialect) };
        for knob in self.knobs.split(',').map(str::trim).filter(|knob| !knob.is_empty()) {
            let (key, value) = knob.split_once('=').unwrap_or((knob, "1"));
            let number = || value.parse().expect(knob);
            match key {
                "attach" => profile.attach_ms = number(),
                "registration" => profile.registration = value.parse().expect(knob),
                "sim" => profile.sim = value.to_string(),
                "closing" => profile.close_ms = number(),
                "a9" => (profile.clone_push, profile.tcp_closed) = (ClonePush::A9, true),
                "a6" => profile.clone_push = ClonePush::A6,
                "oneline" => profile.dns_one_line = true,
                "close" => profile.closed_without_d = true,
                "colon" => profile.receive_from_colon = true,
                _ => panic!("{knob}"),
            }
        }
        Rig::with(profile)
    }
}

/// The bytes of a step's text.
pub fn bytes(text: &str) -> Vec<u8> {
    simcom_vectors::unescape(text.as_bytes()).expect(text)
}

/// Something outside the module; gives what it prints.
pub fn outside(rig: &mut Rig, what: &str) -> String {
    let (verb, rest) = what.split_once(' ').unwrap_or((what, ""));
    let mut words = rest.split(' ');
    let mut number = || words.next().and_then(|w| w.parse::<u8>().ok()).expect(what);
    let peer: SocketAddrV4 = "10.78.103.220:2020".parse().expect("an address");
    match verb {
        "data" => {
            let link = number();
            rig.data_from(link, &bytes(rest.split_once(' ').expect(what).1), "116.228.221.51:8500")
        }
        "closed" => rig.closed(number()),
        "client" => {
            let socket = Socket(Socket::SERVER + number());
            rig.notify(Notify::Incoming { socket, token: 1, peer })
        }
        "lost" => rig.notify(Notify::ContextLost(number())),
        "registration" => rig.notify(Notify::Registration(number())),
        "restart" => rig.notify(Notify::Restart),
        "ring" => rig.notify(Notify::Ring),
        "sms" => rig.notify(Notify::Sms(u16::from(number()))),
        "line" => rig.notify(Notify::Line(rest.to_string())),
        "open" => {
            rig.answers = rest != "never";
            rig.opens.push(match rest {
                "refused" => Err(OpenError::Refused),
                "dns" => Err(OpenError::Dns),
                "timeout" => Err(OpenError::Timeout),
                "local" => Err(OpenError::Local),
                "never" => return String::new(),
                _ => panic!("{what}"),
            });
            String::new()
        }
        "takes" => {
            rig.takes = rest == "all";
            String::new()
        }
        "acks" => {
            rig.acks = rest == "all";
            String::new()
        }
        "listens" => {
            rig.listens = match rest {
                "not" => Some(false),
                "later" => None,
                _ => panic!("{what}"),
            };
            String::new()
        }
        "refuse" => {
            let (command, code) = rest.split_once(' ').expect(what);
            rig.fault(Fault::Refuse { command: command.to_string(), code: code.parse().expect(what) });
            String::new()
        }
        "err" => {
            let (command, code) = rest.split_once(' ').expect(what);
            rig.fault(Fault::OwnError { command: command.to_string(), code: code.parse().expect(what) });
            String::new()
        }
        "dns" => {
            rig.fault(Fault::DnsFail(number()));
            String::new()
        }
        "fault" => {
            rig.fault(match rest {
                "send-fail" => Fault::SendFail,
                _ => panic!("{what}"),
            });
            String::new()
        }
        _ => panic!("{what}"),
    }
}
