//! The states of a module as diagrams: one table, from which the pictures in `docs/states` and the browser page's live
//! diagram are made.
//!
//! Source: SIM7000 TCPIP document §9, SIM800 TCPIP note §8, Kingcom guide §§2–8, A7600 TCPIP note §§1–3. A test walks the
//! virtual modem along every line that is drawn here, and compares the command rows.

/// A picture.
#[derive(Clone, Copy, Debug)]
pub struct Diagram {
    /// Its file name.
    pub name: &'static str,
    /// What it shows.
    pub title: &'static str,
    /// The machines in it, from top to bottom.
    pub parts: &'static [Part],
}

/// One state machine.
#[derive(Clone, Copy, Debug)]
pub struct Part {
    /// What has these states.
    pub of: Of,
    /// The states, from top to bottom; the first is where it starts.
    pub states: &'static [State],
    /// The ways between them.
    pub edges: &'static [Edge],
}

/// What has the states of a part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Of {
    /// The module, or its context.
    Context,
    /// Each link.
    Link,
    /// The server, or each of them.
    Server,
}

/// A state.
#[derive(Clone, Copy, Debug)]
pub struct State {
    /// The words by which the module calls it (for A7600, which prints none, ours); the first also in [`Edge`].
    pub words: &'static [&'static str],
    /// The lines of its box.
    pub text: &'static [&'static str],
}

/// A way from one state, or from several, to another.
#[derive(Clone, Copy, Debug)]
pub struct Edge {
    /// From each of these.
    pub from: &'static [&'static str],
    /// To this one.
    pub to: &'static str,
    /// What leads there, as the manual writes it.
    pub label: &'static str,
    /// What on the wire shows that it was taken: `>+CIICR` a command was given, `=+CIICR` it succeeded, `!+CIICR` it
    /// failed, `Shut` that report came; `NetOpen!` it came with an error; `Idle`: no link and no server is left.
    pub signs: &'static [&'static str],
    /// Where it is drawn.
    pub lane: Lane,
}

/// Where an edge is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lane {
    /// Straight to the next box.
    Down,
    /// Around on the left side, the first lane next to the boxes.
    Left(u8),
    /// Around on the right side.
    Right(u8),
}

use Lane::{Down, Left, Right};

/// All of them.
pub const ALL: &[Diagram] = &[SINGLE, MULTI, KINGCOM, A7600];

/// SIM800, SIM800E, SIM7000 with `AT+CIPMUX=0`.
pub const SINGLE: Diagram = Diagram {
    name: "single",
    title: "SIM800, SIM800E, SIM7000: one connection",
    parts: &[Part {
        of: Of::Context,
        states: &[
            state(&["IP INITIAL"]),
            state(&["IP START"]),
            state(&["IP CONFIG"]),
            state(&["IP GPRSACT"]),
            state(&["IP STATUS"]),
            State {
                words: &["TCP CONNECTING", "UDP CONNECTING", "SERVER LISTENING"],
                text: &["TCP/UDP CONNECTING", "SERVER LISTENING"],
            },
            state(&["CONNECT OK"]),
            State { words: &["TCP CLOSING", "UDP CLOSING"], text: &["TCP/UDP CLOSING"] },
            State {
                words: &["TCP CLOSED", "UDP CLOSED", "TCP CLOSE", "UDP CLOSE"],
                text: &["TCP/UDP CLOSED"],
            },
            state(&["PDP DEACT"]),
        ],
        edges: &[
            edge(&["IP INITIAL"], "IP START", "CSTT", &["=+CSTT"], Down),
            edge(&["IP START"], "IP CONFIG", "CIICR", &[">+CIICR"], Down),
            edge(&["IP CONFIG"], "IP GPRSACT", "activated", &["=+CIICR"], Down),
            edge(&["IP GPRSACT"], "IP STATUS", "CIFSR", &["LocalIp", "=+CIFSREX"], Down),
            edge(&["IP STATUS"], "TCP CONNECTING", "CIPSTART, CIPSERVER", &["=+CIPSTART", "ServerOk"], Down),
            edge(
                &["TCP CONNECTING"],
                "CONNECT OK",
                "connected",
                &["ConnectOk", "DataMode", "Accepted"],
                Down,
            ),
            edge(&["CONNECT OK"], "TCP CLOSING", "CIPCLOSE", &[">+CIPCLOSE"], Down),
            edge(&["TCP CLOSING"], "TCP CLOSED", "CLOSE OK", &["CloseOk"], Down),
            edge(&["TCP CLOSED"], "TCP CONNECTING", "CIPSTART", &["=+CIPSTART", "ServerOk"], Right(0)),
            edge(&["TCP CONNECTING"], "TCP CLOSED", "CONNECT FAIL", &["ConnectFail", "CloseOk"], Right(1)),
            edge(&["CONNECT OK"], "TCP CLOSED", "CLOSED", &["Closed"], Right(2)),
            edge(&["CONNECT OK"], "TCP CONNECTING", "client gone", &["ClientGone"], Left(0)),
            edge(&["TCP CONNECTING"], "IP STATUS", "server off", &["ServerClose"], Left(1)),
            edge(
                &["IP INITIAL"],
                "TCP CONNECTING",
                "CIPSTART, CIPSERVER",
                &["=+CIPSTART", "ServerOk"],
                Right(3),
            ),
            edge(
                &[
                    "IP CONFIG",
                    "IP GPRSACT",
                    "IP STATUS",
                    "TCP CONNECTING",
                    "CONNECT OK",
                    "TCP CLOSING",
                    "TCP CLOSED",
                ],
                "PDP DEACT",
                "CGATT=0, +PDP: DEACT",
                &["PdpDeact", "=+CGATT=0", "!+CIICR"],
                Right(4),
            ),
            edge(
                &[
                    "IP START",
                    "IP CONFIG",
                    "IP GPRSACT",
                    "IP STATUS",
                    "TCP CONNECTING",
                    "CONNECT OK",
                    "TCP CLOSING",
                    "TCP CLOSED",
                    "PDP DEACT",
                ],
                "IP INITIAL",
                "CIPSHUT",
                &["Shut"],
                Left(2),
            ),
        ],
    }],
};

/// SIM800, SIM800E, SIM7000 with `AT+CIPMUX=1`.
pub const MULTI: Diagram = Diagram {
    name: "multi",
    title: "SIM800, SIM800E, SIM7000: many connections",
    parts: &[
        Part {
            of: Of::Context,
            states: &[
                state(&["IP INITIAL"]),
                state(&["IP START"]),
                state(&["IP CONFIG"]),
                state(&["IP GPRSACT"]),
                state(&["IP STATUS"]),
                state(&["IP PROCESSING"]),
                state(&["PDP DEACT"]),
            ],
            edges: &[
                edge(&["IP INITIAL"], "IP START", "CSTT", &["=+CSTT"], Down),
                edge(&["IP START"], "IP CONFIG", "CIICR", &[">+CIICR"], Down),
                edge(&["IP CONFIG"], "IP GPRSACT", "activated", &["=+CIICR"], Down),
                edge(&["IP GPRSACT"], "IP STATUS", "CIFSR", &["LocalIp", "=+CIFSREX"], Down),
                edge(
                    &["IP STATUS"],
                    "IP PROCESSING",
                    "CIPSTART, CIPSERVER",
                    &["=+CIPSTART", "ServerOk", "=+CIPSERVER", "Accepted"],
                    Down,
                ),
                edge(&["IP PROCESSING"], "IP STATUS", "last link gone", &["Idle"], Left(0)),
                edge(
                    &["IP INITIAL"],
                    "IP PROCESSING",
                    "CIPSTART (SIM800E)",
                    &["=+CIPSTART", "ConnectOk"],
                    Right(0),
                ),
                edge(
                    &["IP CONFIG", "IP GPRSACT", "IP STATUS", "IP PROCESSING"],
                    "PDP DEACT",
                    "CGATT=0, +PDP: DEACT",
                    &["PdpDeact", "=+CGATT=0", "!+CIICR"],
                    Right(1),
                ),
                edge(
                    &["IP START", "IP CONFIG", "IP GPRSACT", "IP STATUS", "IP PROCESSING", "PDP DEACT"],
                    "IP INITIAL",
                    "CIPSHUT",
                    &["Shut"],
                    Left(1),
                ),
            ],
        },
        Part {
            of: Of::Link,
            states: &[
                state(&["INITIAL"]),
                state(&["CONNECTING"]),
                state(&["CONNECTED"]),
                State { words: &["REMOTE CLOSING", "REMOTE CLOSED"], text: &["REMOTE CLOSING"] },
                state(&["CLOSED"]),
            ],
            edges: &[
                edge(&["INITIAL"], "CONNECTING", "CIPSTART", &["=+CIPSTART"], Down),
                edge(&["CONNECTING"], "CONNECTED", "CONNECT OK", &["ConnectOk"], Down),
                edge(&["CONNECTED"], "REMOTE CLOSING", "peer closes", &[], Down),
                edge(&["REMOTE CLOSING"], "CLOSED", "read, CIPCLOSE", &["Closed", "CloseOk"], Down),
                edge(&["CONNECTED"], "CLOSED", "CLOSED", &["Closed", "CloseOk"], Right(0)),
                edge(&["CONNECTING"], "CLOSED", "CONNECT FAIL", &["ConnectFail", "CloseOk"], Right(1)),
                edge(&["CLOSED"], "CONNECTING", "CIPSTART", &["=+CIPSTART"], Left(0)),
                edge(&["INITIAL", "CLOSED"], "CONNECTED", "REMOTE IP", &["Accepted"], Right(2)),
                edge(
                    &["CONNECTING", "CONNECTED", "REMOTE CLOSING", "CLOSED"],
                    "INITIAL",
                    "CIPSHUT",
                    &["Shut"],
                    Left(1),
                ),
                edge(
                    &["CONNECTING", "CONNECTED", "REMOTE CLOSING"],
                    "CLOSED",
                    "+PDP: DEACT",
                    &["PdpDeact", "=+CGATT=0"],
                    Right(3),
                ),
            ],
        },
    ],
};

/// Kingcom G.
pub const KINGCOM: Diagram = Diagram {
    name: "kingcom",
    title: "Kingcom G",
    parts: &[Part {
        of: Of::Context,
        states: &[
            state(&["IP INITIAL"]),
            State { words: &["TCP CONNECTING", "UDP CONNECTING"], text: &["TCP/UDP CONNECTING"] },
            state(&["CONNECT OK"]),
            state(&["IP CLOSE"]),
            state(&["PDP DEACT"]),
        ],
        edges: &[
            edge(&["IP INITIAL"], "TCP CONNECTING", "CIPSTART", &[">+CIPSTART"], Down),
            edge(&["TCP CONNECTING"], "CONNECT OK", "CONNECT OK", &["ConnectOk"], Down),
            edge(&["CONNECT OK"], "IP CLOSE", "CLOSED, CIPCLOSE", &["Closed", "=+CIPCLOSE"], Down),
            edge(
                &["TCP CONNECTING"],
                "IP CLOSE",
                "+CME ERROR: 50",
                &["!+CIPSTART", "CmeError", "ConnectFail", "Closed", "=+CIPCLOSE"],
                Right(0),
            ),
            edge(&["IP CLOSE"], "TCP CONNECTING", "CIPSTART", &[">+CIPSTART"], Right(1)),
            edge(&["PDP DEACT"], "IP INITIAL", "CGACT=1", &["=+CGACT=1"], Left(0)),
            edge(
                &["IP INITIAL", "TCP CONNECTING", "CONNECT OK", "IP CLOSE"],
                "PDP DEACT",
                "CGACT=0, +PDP: DEACT",
                &["PdpDeact", "=+CGACT=0"],
                Right(2),
            ),
            edge(
                &["TCP CONNECTING", "CONNECT OK", "IP CLOSE", "PDP DEACT"],
                "IP INITIAL",
                "CIPSHUT",
                &["Shut", "=+CIPSHUT"],
                Left(1),
            ),
        ],
    }],
};

/// A7600 prints no words for its states: a flag for the network, flags for the links, a list of servers.
pub const A7600: Diagram = Diagram {
    name: "a7600",
    title: "A7600",
    parts: &[
        Part {
            of: Of::Context,
            states: &[state(&["network closed"]), state(&["network opening"]), state(&["network open"])],
            edges: &[
                edge(&["network closed"], "network opening", "NETOPEN", &["=+NETOPEN"], Down),
                edge(&["network opening"], "network open", "+NETOPEN: 0", &["NetOpen"], Down),
                edge(&["network opening"], "network closed", "+NETOPEN: 1", &["NetOpen!"], Left(0)),
                edge(
                    &["network opening", "network open"],
                    "network closed",
                    "NETCLOSE, network lost",
                    &["NetClose", "NetLost"],
                    Right(0),
                ),
            ],
        },
        Part {
            of: Of::Link,
            states: &[state(&["link free"]), state(&["link opening"]), state(&["link open"])],
            edges: &[
                edge(&["link free"], "link opening", "CIPOPEN", &[">+CIPOPEN"], Down),
                edge(&["link opening"], "link open", "+CIPOPEN: n,0", &["ConnectOk", "DataMode"], Down),
                edge(
                    &["link opening"],
                    "link free",
                    "+CIPOPEN: n,err",
                    &["ConnectFail", "!+CIPOPEN"],
                    Left(0),
                ),
                edge(&["link free"], "link open", "+CLIENT", &["Accepted"], Right(0)),
                edge(
                    &["link opening", "link open"],
                    "link free",
                    "CIPCLOSE, +IPCLOSE, network lost",
                    &["CloseOk", "Closed", "NetClose", "NetLost"],
                    Right(1),
                ),
            ],
        },
        Part {
            of: Of::Server,
            states: &[state(&["server off"]), state(&["server listening"])],
            edges: &[
                edge(&["server off"], "server listening", "SERVERSTART", &["=+SERVERSTART"], Down),
                edge(
                    &["server listening"],
                    "server off",
                    "SERVERSTOP, network lost",
                    &["ServerStopped", "NetClose", "NetLost"],
                    Right(0),
                ),
            ],
        },
    ],
};

/// A state whose box says its word.
const fn state(words: &'static [&'static str]) -> State {
    State { words, text: words }
}

const fn edge(
    from: &'static [&'static str],
    to: &'static str,
    label: &'static str,
    signs: &'static [&'static str],
    lane: Lane,
) -> Edge {
    Edge { from, to, label, signs, lane }
}
