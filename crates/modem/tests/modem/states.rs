//! The diagrams of `simcom_modem::states` against the virtual modem, and against the command rows.

use crate::rig::Rig;
use simcom_at::Dialect;
use simcom_modem::states::{A7600, ALL, Diagram, Edge, KINGCOM, MULTI, Of, Part, SINGLE};
use simcom_modem::{Notify, Socket};

/// What makes a module change its state.
#[derive(Clone, Copy)]
enum Do {
    /// A command of the host, and the time that it takes.
    Say(&'static str),
    /// The same, and the network answers no open.
    Hang(&'static str),
    /// A client comes to the server.
    Client,
    /// The peer of link 0 closes.
    Close,
    /// It sends, nobody reads, and it closes.
    CloseUnread,
    /// The network takes the context.
    Lost,
}
use Do::{Client, Close, CloseUnread, Hang, Lost, Say};

/// A module on which the transitions are recorded.
struct Walk {
    rig: Rig,
    part: &'static Part,
    /// How the state is asked for.
    state: fn(&mut Rig) -> String,
    at: String,
    /// Each edge of the part, with each of its origins: walked or not.
    left: Vec<(&'static Edge, &'static str)>,
    /// The states in which the line is busy, so that none can be asked for.
    unseen: &'static [&'static str],
}

impl Walk {
    fn new(dialect: Dialect, diagram: &'static Diagram, of: Of, state: fn(&mut Rig) -> String) -> Self {
        let part = diagram.parts.iter().find(|part| part.of == of).unwrap();
        let left = part.edges.iter().flat_map(|edge| edge.from.iter().map(move |from| (edge, *from)));
        let mut rig = Rig::new(dialect);
        rig.host(b"AT+CMEE=1\r");
        let at = part.states[0].words[0].to_string();
        Self { rig, part, state, at, left: left.collect(), unseen: &[] }
    }

    fn unseen(self, unseen: &'static [&'static str]) -> Self {
        Self { unseen, ..self }
    }

    /// The first word of the box that has the word.
    fn named(&self, word: &str) -> &'static str {
        let state = self.part.states.iter().find(|state| state.words.contains(&word));
        state.unwrap_or_else(|| panic!("no box says {word}")).words[0]
    }

    fn act(&mut self, what: Do) {
        let rig = &mut self.rig;
        rig.answers = !matches!(what, Hang(_));
        match what {
            Say(line) | Hang(line) => {
                rig.host(format!("{line}\r").as_bytes());
                rig.pass(if rig.answers { 5_000 } else { 1_000 });
            }
            Client => {
                let peer = "10.9.8.7:1234".parse().unwrap();
                rig.notify(Notify::Incoming { socket: Socket(Socket::SERVER), token: 7, peer });
            }
            Close => drop(rig.closed(0)),
            CloseUnread => {
                rig.data(0, b"unread");
                rig.closed(0);
            }
            Lost => drop(rig.notify(Notify::ContextLost(0))),
        }
    }

    /// Goes one step, which has to be an edge of the table, and none where the state stays.
    fn step(&mut self, what: Do, expected: &'static str) {
        self.act(what);
        let now = (self.state)(&mut self.rig);
        assert_eq!(now, expected, "from {}", self.at);
        let (from, to) = (self.named(&self.at), self.named(&now));
        self.at = now;
        if from == to {
            return;
        }
        let to_here =
            |from: &str| self.part.edges.iter().any(|edge| edge.to == to && edge.from.contains(&from));
        let between = |state: &&&str| {
            to_here(state)
                && self.part.edges.iter().any(|edge| edge.to == **state && edge.from.contains(&from))
        };
        let known = to_here(from) || self.unseen.iter().find(between).is_some();
        assert!(known, "no line is drawn from {from} to {to}");
        self.left.retain(|(edge, origin)| edge.to != to || *origin != from);
    }

    fn steps(&mut self, steps: &[(Do, &'static str)]) {
        for (what, expected) in steps {
            self.step(*what, expected);
        }
    }

    /// Every edge between states that can be asked for was walked.
    fn end(self) {
        let left = self
            .left
            .iter()
            .filter(|(edge, from)| !self.unseen.contains(from) && !self.unseen.contains(&edge.to));
        let left: Vec<String> = left.map(|(edge, from)| format!("{from} to {}", edge.to)).collect();
        assert!(left.is_empty(), "not walked: {}", left.join("; "));
    }
}

/// The word behind `head` in the answer to a query.
fn asked(rig: &mut Rig, query: &str, head: &str) -> String {
    let said = rig.host(format!("{query}\r").as_bytes());
    let rest = said.split_once(head).unwrap_or_else(|| panic!("{query}: {said}")).1;
    rest.split("\\r").next().unwrap().to_string()
}

const OPEN: &str = "AT+CIPSTART=\"TCP\",\"1.2.3.4\",80";
const OPEN_0: &str = "AT+CIPSTART=0,\"TCP\",\"1.2.3.4\",80";
const BRING_UP: &[(Do, &str)] =
    &[(Say("AT+CSTT"), "IP START"), (Say("AT+CIICR"), "IP GPRSACT"), (Say("AT+CIFSR"), "IP STATUS")];
const SHUT: (Do, &str) = (Say("AT+CIPSHUT"), "IP INITIAL");

/// Brings the module up, goes on as told, and shuts it.
fn up_and(walk: &mut Walk, steps: &[(Do, &'static str)]) {
    walk.steps(BRING_UP);
    walk.steps(steps);
    walk.steps(&[SHUT]);
}

#[test]
fn the_virtual_modem_goes_along_the_lines_of_the_single_diagram() {
    let state = |rig: &mut Rig| asked(rig, "AT+CIPSTATUS", "STATE: ");
    let mut walk = Walk::new(Dialect::Sim7000, &SINGLE, Of::Context, state).unseen(&["IP CONFIG"]);
    walk.act(Say("AT+CIPRXGET=1"));
    walk.steps(&[(Say("AT+CSTT"), "IP START"), SHUT]);
    walk.steps(&[(Say("AT+CSTT"), "IP START"), (Say("AT+CIICR"), "IP GPRSACT"), SHUT]);
    walk.steps(&[(Say("AT+CSTT"), "IP START"), (Say("AT+CIICR"), "IP GPRSACT")]);
    walk.steps(&[(Lost, "PDP DEACT"), SHUT]);
    up_and(&mut walk, &[(Lost, "PDP DEACT")]);
    up_and(&mut walk, &[(Hang(OPEN), "TCP CONNECTING"), (Lost, "PDP DEACT")]);
    up_and(&mut walk, &[(Hang(OPEN), "TCP CONNECTING"), (Say("AT+CIPCLOSE"), "TCP CLOSED")]);
    walk.steps(&[(Hang(OPEN), "TCP CONNECTING"), SHUT]);
    let opened =
        |rig: &mut Rig| rig.reply(simcom_modem::Reply::Opened { socket: Socket(0), result: Ok(None) });
    walk.steps(BRING_UP);
    walk.steps(&[(Hang(OPEN), "TCP CONNECTING")]);
    opened(&mut walk.rig);
    walk.steps(&[(Say("AT"), "CONNECT OK"), (Close, "TCP CLOSED"), (Hang(OPEN), "TCP CONNECTING"), SHUT]);
    walk.steps(&[(Hang(OPEN), "TCP CONNECTING")]);
    opened(&mut walk.rig);
    walk.steps(&[(Say("AT"), "CONNECT OK"), SHUT]);
    let connect: &[(Do, &str)] = &[(Hang(OPEN), "TCP CONNECTING")];
    for rest in [
        &[(Lost, "PDP DEACT"), SHUT][..],
        &[(Say("AT+CIPCLOSE"), "TCP CLOSED"), (Lost, "PDP DEACT"), SHUT],
        &[(CloseUnread, "TCP CLOSING"), (Lost, "PDP DEACT"), SHUT],
        &[(CloseUnread, "TCP CLOSING"), (Say("AT+CIPRXGET=2,1460"), "TCP CLOSED"), SHUT],
        &[(CloseUnread, "TCP CLOSING"), SHUT],
    ] {
        walk.steps(BRING_UP);
        walk.steps(connect);
        opened(&mut walk.rig);
        walk.step(Say("AT"), "CONNECT OK");
        walk.steps(rest);
    }
    up_and(
        &mut walk,
        &[(Say("AT+CIPSERVER=1,80"), "SERVER LISTENING"), (Say("AT+CIPSERVER=0"), "IP STATUS")],
    );
    walk.steps(BRING_UP);
    walk.steps(&[(Say("AT+CIPSERVER=1,80"), "SERVER LISTENING"), (Client, "CONNECT OK")]);
    walk.steps(&[(Close, "SERVER LISTENING"), SHUT]);
    walk.end();
}

#[test]
fn the_virtual_modem_goes_along_the_lines_of_the_multi_diagram() {
    let state = |rig: &mut Rig| asked(rig, "AT+CIPSTATUS", "STATE: ");
    let mut walk = Walk::new(Dialect::Sim800, &MULTI, Of::Context, state).unseen(&["IP CONFIG"]);
    walk.act(Say("AT+CIPMUX=1"));
    walk.steps(&[(Say("AT+CSTT"), "IP START"), SHUT]);
    walk.steps(&[(Say("AT+CSTT"), "IP START"), (Say("AT+CIICR"), "IP GPRSACT"), (Lost, "PDP DEACT"), SHUT]);
    walk.steps(&[(Say("AT+CSTT"), "IP START"), (Say("AT+CIICR"), "IP GPRSACT"), SHUT]);
    up_and(&mut walk, &[(Lost, "PDP DEACT")]);
    up_and(&mut walk, &[(Say(OPEN_0), "IP PROCESSING"), (Close, "IP STATUS")]);
    up_and(&mut walk, &[(Say("AT+CIPSERVER=1,80"), "IP PROCESSING"), (Say("AT+CIPSERVER=0"), "IP STATUS")]);
    up_and(&mut walk, &[(Say(OPEN_0), "IP PROCESSING"), (Lost, "PDP DEACT")]);
    up_and(&mut walk, &[(Say(OPEN_0), "IP PROCESSING")]);
    walk.left.retain(|(edge, _)| !edge.label.contains("SIM800E"));
    walk.end();
}

#[test]
fn the_virtual_modem_goes_along_the_lines_of_the_links_of_the_multi_diagram() {
    let state = |rig: &mut Rig| {
        let row = asked(rig, "AT+CIPSTATUS=0", "+CIPSTATUS: ");
        row.rsplit('"').nth(1).unwrap_or_else(|| panic!("{row}")).trim_end_matches('\\').to_string()
    };
    let mut walk = Walk::new(Dialect::Sim800, &MULTI, Of::Link, state);
    for line in ["AT+CIPMUX=1", "AT+CIPRXGET=1"] {
        walk.act(Say(line));
    }
    let opened = |walk: &mut Walk| {
        walk.step(Hang(OPEN_0), "CONNECTING");
        walk.rig.reply(simcom_modem::Reply::Opened { socket: Socket(0), result: Ok(None) });
        walk.step(Say("AT"), "CONNECTED");
    };
    let up = |walk: &mut Walk| {
        for line in ["AT+CIPSHUT", "AT+CSTT", "AT+CIICR", "AT+CIFSR"] {
            walk.act(Say(line));
        }
        walk.at = (walk.state)(&mut walk.rig);
        assert_eq!(walk.at, "INITIAL");
    };
    let shut = (Say("AT+CIPSHUT"), "INITIAL");
    up(&mut walk);
    walk.steps(&[
        (Hang(OPEN_0), "CONNECTING"),
        (Say("AT+CIPCLOSE=0"), "CLOSED"),
        (Hang(OPEN_0), "CONNECTING"),
        shut,
    ]);
    up(&mut walk);
    opened(&mut walk);
    walk.steps(&[(Close, "CLOSED"), shut]);
    up(&mut walk);
    opened(&mut walk);
    walk.steps(&[shut]);
    for rest in [&[(Say("AT+CIPRXGET=2,0,1460"), "CLOSED")][..], &[shut], &[(Lost, "CLOSED")]] {
        up(&mut walk);
        opened(&mut walk);
        walk.step(CloseUnread, "REMOTE CLOSING");
        walk.steps(rest);
    }
    up(&mut walk);
    opened(&mut walk);
    walk.step(Lost, "CLOSED");
    up(&mut walk);
    walk.steps(&[(Hang(OPEN_0), "CONNECTING"), (Lost, "CLOSED")]);
    up(&mut walk);
    walk.act(Say("AT+CIPSERVER=1,80"));
    walk.steps(&[(Client, "CONNECTED"), (Close, "CLOSED"), (Client, "CONNECTED")]);
    walk.end();
}

#[test]
fn the_virtual_modem_goes_along_the_lines_of_the_kingcom_diagram() {
    let state = |rig: &mut Rig| asked(rig, "AT+CIPSTATUS", "+IPSTATUS: ");
    let mut walk = Walk::new(Dialect::Kingcom, &KINGCOM, Of::Context, state);
    walk.act(Say("AT+CGACT=1,1"));
    let [off, on] = [(Say("AT+CGACT=0,1"), "PDP DEACT"), (Say("AT+CGACT=1,1"), "IP INITIAL")];
    walk.steps(&[off, on, off, SHUT, on]);
    let connected = |walk: &mut Walk| {
        walk.step(Hang(OPEN), "TCP CONNECTING");
        walk.rig.reply(simcom_modem::Reply::Opened { socket: Socket(0), result: Ok(None) });
        walk.step(Say("AT"), "CONNECT OK");
    };
    connected(&mut walk);
    walk.steps(&[(Say("AT+CIPCLOSE"), "IP CLOSE"), (Hang(OPEN), "TCP CONNECTING"), SHUT]);
    connected(&mut walk);
    walk.steps(&[off, on]);
    connected(&mut walk);
    walk.steps(&[(Close, "IP CLOSE"), off, on]);
    connected(&mut walk);
    walk.steps(&[(Lost, "PDP DEACT"), on]);
    connected(&mut walk);
    walk.steps(&[SHUT, (Hang(OPEN), "TCP CONNECTING"), (Say("AT+CIPCLOSE"), "IP CLOSE"), SHUT]);
    walk.steps(&[(Hang(OPEN), "TCP CONNECTING"), off, on]);
    walk.end();
}

#[test]
fn the_virtual_modem_goes_along_the_lines_of_the_a7600_diagram() {
    let flag = |rig: &mut Rig| {
        let open = asked(rig, "AT+NETOPEN?", "+NETOPEN: ") == "1";
        if open { "network open" } else { "network closed" }.to_string()
    };
    let mut walk = Walk::new(Dialect::A7600, &A7600, Of::Context, flag).unseen(&["network opening"]);
    walk.steps(&[(Say("AT+NETOPEN"), "network open"), (Say("AT+NETCLOSE"), "network closed")]);
    walk.steps(&[(Say("AT+NETOPEN"), "network open"), (Lost, "network closed")]);
    walk.end();
    let link = |rig: &mut Rig| {
        let rows = asked(rig, "AT+CIPCLOSE?", "+CIPCLOSE: ");
        if rows.starts_with('1') { "link open" } else { "link free" }.to_string()
    };
    let mut walk = Walk::new(Dialect::A7600, &A7600, Of::Link, link).unseen(&["link opening"]);
    walk.act(Say("AT+NETOPEN"));
    const OPEN: &str = "AT+CIPOPEN=0,\"TCP\",\"1.2.3.4\",80";
    for end in [Say("AT+CIPCLOSE=0"), Close, Lost] {
        walk.act(Say("AT+NETOPEN"));
        walk.steps(&[(Say(OPEN), "link open"), (end, "link free")]);
    }
    walk.act(Say("AT+NETOPEN"));
    walk.act(Say("AT+SERVERSTART=80,0"));
    walk.step(Client, "link open");
    walk.end();
    let server = |rig: &mut Rig| {
        let said = rig.host(b"AT+SERVERSTART?\r");
        if said.contains("+SERVERSTART: 0,80") { "server listening" } else { "server off" }.to_string()
    };
    let mut walk = Walk::new(Dialect::A7600, &A7600, Of::Server, server);
    for end in ["AT+SERVERSTOP=0", "AT+NETCLOSE"] {
        walk.act(Say("AT+NETOPEN"));
        walk.steps(&[(Say("AT+SERVERSTART=80,0"), "server listening"), (Say(end), "server off")]);
    }
    walk.end();
}

#[test]
fn every_state_that_a_row_leads_to_is_drawn_with_a_line_of_its_command() {
    for dialect in [Dialect::Sim800, Dialect::Sim800e, Dialect::Sim7000, Dialect::Kingcom, Dialect::A7600] {
        for row in dialect.rows().iter().filter(|row| !row.next.is_empty()) {
            let diagrams: &[&Diagram] = match (dialect, row.mux) {
                (Dialect::Kingcom, _) => &[&KINGCOM],
                (_, simcom_at::row::Mux::Single) => &[&SINGLE],
                (_, simcom_at::row::Mux::Multi) => &[&MULTI],
                (_, simcom_at::row::Mux::Any) => &[&SINGLE, &MULTI],
            };
            for diagram in diagrams {
                let part = &diagram.parts[0];
                // A row tells where its command leads in the end, an edge goes step by step.
                let name = row.command.name().trim_start_matches('+');
                let mut reached: Vec<&str> =
                    part.edges.iter().filter(|e| e.label.contains(name)).map(|e| e.to).collect();
                assert!(!reached.is_empty(), "{}: no line says {name}", diagram.name);
                for _ in part.edges {
                    let further: Vec<&str> = part
                        .edges
                        .iter()
                        .filter(|e| e.from.iter().any(|from| reached.contains(from)))
                        .map(|e| e.to)
                        .collect();
                    reached.extend(further);
                }
                let next = part.states.iter().find(|state| state.words.contains(&row.next));
                let next = next.unwrap_or_else(|| panic!("{}: no box {}", diagram.name, row.next));
                assert!(
                    reached.contains(&next.words[0]),
                    "{}: {name} does not lead to {}",
                    diagram.name,
                    row.next
                );
            }
        }
    }
}

#[test]
fn every_line_of_the_diagrams_has_its_boxes() {
    for diagram in ALL {
        for part in diagram.parts {
            let boxes: Vec<&str> = part.states.iter().map(|state| state.words[0]).collect();
            for edge in part.edges {
                assert!(boxes.contains(&edge.to), "{}: {}", diagram.name, edge.to);
                assert!(
                    edge.from.iter().all(|from| boxes.contains(from)),
                    "{}: {:?}",
                    diagram.name,
                    edge.from
                );
                assert!(!edge.from.contains(&edge.to) && !edge.label.is_empty());
            }
        }
    }
}
