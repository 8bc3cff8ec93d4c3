//! A row of a vendor's manual: one command form with all that the manual says of it.
//!
//! The rows of a dialect are `const`: the observer, the virtual modem, the documents and the tests read them whole; a
//! firmware image holds only the wire parts that its session uses, taken out of the rows at compile time.

/// The command of a row. Each has its name on the wire ([`Command::name`]).
macro_rules! commands {
    ($($(#[$doc:meta])* $id:ident = $name:literal,)*) => {
        /// Every command that a dialect's document names, by its name on the wire.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Command { $(#[doc = concat!("`AT", $name, "`.")] $(#[$doc])* $id,)* }
        impl Command {
            /// All commands.
            pub const ALL: &[Command] = &[$(Command::$id,)*];
            /// The name behind `AT`, in upper case; empty for the bare `AT`.
            #[must_use]
            pub const fn name(self) -> &'static str { match self { $(Command::$id => $name,)* } }
        }
    };
}

commands! {
    At = "", Echo = "E", Identity = "I", Verbose = "V", Online = "O", Write = "&W", Dtr = "&D", Dcd = "&C",
    Escape = "+++",
    Cdnscfg = "+CDNSCFG", Cdnsgip = "+CDNSGIP", Cfun = "+CFUN", Cgact = "+CGACT", Cgatt = "+CGATT",
    Cgdcont = "+CGDCONT", Cgreg = "+CGREG", Ciicr = "+CIICR", Cifsr = "+CIFSR", Cipack = "+CIPACK",
    Cipats = "+CIPATS", Cipccfg = "+CIPCCFG", Cipclose = "+CIPCLOSE", Cipcsgp = "+CIPCSGP",
    Cipdpdp = "+CIPDPDP", Ciphead = "+CIPHEAD", Cipmode = "+CIPMODE", Cipmux = "+CIPMUX", Cipopen = "+CIPOPEN",
    Cipqsend = "+CIPQSEND", Ciprxget = "+CIPRXGET", Cipscont = "+CIPSCONT", Cipsend = "+CIPSEND",
    Cipsendmode = "+CIPSENDMODE", Cipserver = "+CIPSERVER", Cipsgtxt = "+CIPSGTXT",
    Cipshowtp = "+CIPSHOWTP", Cipshut = "+CIPSHUT", Cipsprt = "+CIPSPRT", Cipsrip = "+CIPSRIP",
    Cipstart = "+CIPSTART", Cipstatus = "+CIPSTATUS", Ciptimeout = "+CIPTIMEOUT", Cipudpmode = "+CIPUDPMODE",
    Clport = "+CLPORT", Cmee = "+CMEE", Cpin = "+CPIN", Creg = "+CREG", Csclk = "+CSCLK", Csq = "+CSQ",
    Cstt = "+CSTT", Ifc = "+IFC", Ipaddr = "+IPADDR", Netclose = "+NETCLOSE", Netopen = "+NETOPEN",
    Serverstart = "+SERVERSTART", Serverstop = "+SERVERSTOP",
}

/// The form in which a command is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Form {
    /// `AT+X=?`.
    Test,
    /// `AT+X?`.
    Read,
    /// `AT+X=…`.
    Set,
    /// `AT+X`.
    Exec,
}

/// In which connection mode (`AT+CIPMUX`) a form exists.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Mux {
    /// Both, or the dialect knows only one mode.
    Any,
    /// `AT+CIPMUX=0`.
    Single,
    /// `AT+CIPMUX=1`.
    Multi,
}

/// What a parameter may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A number from the first to the second value, both included.
    Number(i32, i32),
    /// Quoted text of at most so many bytes.
    Text(u16),
    /// One of these words, quoted, compared without case.
    Word(&'static [&'static str]),
    /// A port, 0–65535, with or without quotes.
    Port,
    /// An address as dotted decimal or a host name, quoted.
    Host,
}

/// A parameter of a command form, in the order of the manual.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Param {
    /// The manual's name, without the brackets: `n`, `mode`, `port`.
    pub name: &'static str,
    /// What it may be.
    pub kind: Kind,
    /// The value taken when it is left out; `None`: it must be given.
    pub default: Option<&'static str>,
}

/// A set of reports that end a command line. `ERROR`, `+CME ERROR`, `+CMS ERROR` and `COMMAND NO RESPONSE!` end every line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Finals(pub u16);

impl Finals {
    /// Only an error can end it.
    pub const NONE: Self = Self(0);
    /// `OK`.
    pub const OK: Self = Self(1);
    /// `SEND OK`, `n, SEND OK`.
    pub const SEND_OK: Self = Self(1 << 1);
    /// `SEND FAIL`.
    pub const SEND_FAIL: Self = Self(1 << 2);
    /// `DATA ACCEPT:…`.
    pub const DATA_ACCEPT: Self = Self(1 << 3);
    /// `CLOSE OK`.
    pub const CLOSE_OK: Self = Self(1 << 4);
    /// `SHUT OK`.
    pub const SHUT: Self = Self(1 << 5);
    /// The bare address of `AT+CIFSR`.
    pub const ADDRESS: Self = Self(1 << 6);
    /// `CONNECT`, `CONNECT <text>`: data mode begins.
    pub const DATA_MODE: Self = Self(1 << 7);
    /// `CONNECT OK`.
    pub const CONNECT_OK: Self = Self(1 << 8);
    /// `CONNECT FAIL`.
    pub const CONNECT_FAIL: Self = Self(1 << 9);
    /// `NO CARRIER`.
    pub const NO_CARRIER: Self = Self(1 << 10);
    /// All that ends a send on SIM800-type modules.
    pub const SEND: Self = Self(0b1110);

    /// Both sets.
    #[must_use]
    pub const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether the sets share a report.
    #[must_use]
    pub const fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }
}

/// What still comes after the final result of a line and belongs to a link, the listener, the resolver or the network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Later {
    /// Nothing.
    Nothing,
    /// `CONNECT OK`, `n, CONNECT OK`, `+CIPOPEN: n,e`, `CONNECT FAIL`, `CONNECT`.
    Connect,
    /// `+CIPSEND: n,req,cnf`.
    Sent,
    /// `+CIPCLOSE: n,e`.
    Close,
    /// `+NETOPEN: e`.
    NetOpen,
    /// `+NETCLOSE: e`.
    NetClose,
    /// `+CDNSGIP: …`.
    Dns,
    /// `SERVER OK`, `CONNECT FAIL`.
    Server,
    /// `SERVER CLOSE`.
    ServerClose,
    /// `STATE: …` and its rows.
    Status,
}

impl Later {
    /// The one of this number.
    pub(crate) const fn of(number: u8) -> Self {
        match number {
            1 => Self::Connect,
            2 => Self::Sent,
            3 => Self::Close,
            4 => Self::NetOpen,
            5 => Self::NetClose,
            6 => Self::Dns,
            7 => Self::Server,
            8 => Self::ServerClose,
            9 => Self::Status,
            _ => Self::Nothing,
        }
    }
}

/// One command form of a dialect, as the manual has it.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    /// The command.
    pub command: Command,
    /// The form.
    pub form: Form,
    /// The connection mode in which the form exists.
    pub mux: Mux,
    /// The line without its `<CR>`: literal text with `<name>` for each parameter; `[` `]` around what may be left out.
    pub text: &'static str,
    /// The parameters, in order.
    pub params: &'static [Param],
    /// The answer's information lines and results in order, with `<name>` for what varies; one entry a line.
    pub replies: &'static [&'static str],
    /// The states (as `AT+CIPSTATUS` prints them) in which it is allowed; empty: in all.
    pub states: &'static [&'static str],
    /// The state after success; empty: unchanged.
    pub next: &'static str,
    /// What ends the line.
    pub finals: Finals,
    /// What comes later.
    pub later: Later,
    /// How long the final may take.
    pub timeout_ms: u32,
    /// Document and section.
    pub source: &'static str,
}

/// A line that a module sends by itself, or a header of pushed data.
#[derive(Clone, Copy, Debug)]
pub struct Notice {
    /// The line, with `<name>` for what varies.
    pub text: &'static str,
    /// The report it gives.
    pub report: &'static str,
    /// What it means, in a few words.
    pub meaning: &'static str,
    /// Document and section.
    pub source: &'static str,
}
