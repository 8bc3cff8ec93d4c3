//! Each dialect's one best way to do what a session does: its rows in order.

use crate::code::{Code, Procedures};
use crate::dialect::{a7600, kingcom, rda8955, sim800, sim800e, sim7000};
use crate::row::Row;
use crate::step::{Plan, Step, When, row};

/// What of a plan goes into an image.
macro_rules! image {
    ($($name:ident = $plan:ident;)*) => {
        $(pub(crate) static $name: Procedures = {
            const CODE: Code = Code::of(&$plan);
            static TEXT: [u8; CODE.len] = CODE.text();
            Procedures { starts: CODE.starts, code: &TEXT }
        };)*
    };
}

image! {
    SIM800 = SIM800_PLAN;
    SIM800E = SIM800E_PLAN;
    SIM7000 = SIM7000_PLAN;
    KINGCOM = KINGCOM_PLAN;
    A7600 = A7600_PLAN;
    RDA8955 = RDA8955_PLAN;
}

/// `AT` until it answers, then what every dialect has.
const fn probe(rows: &[Row]) -> [Step; 4] {
    [
        row(rows, "AT").within(1000),
        row(rows, "ATE0").lenient(),
        row(rows, "AT+CMEE=<n>").say("AT+CMEE=1").lenient(),
        row(rows, "ATI").lenient(),
    ]
}

const fn sim(rows: &[Row]) -> [Step; 3] {
    [
        row(rows, "AT+CPIN?"),
        row(rows, "AT+CPIN=\"<pin>\"").when(When::PinDue),
        row(rows, "AT+CPIN?").when(When::PinDue),
    ]
}

/// SIM800 and SIM7000: the context, from whatever state.
const fn classic_attach(rows: &[Row]) -> [Step; 21] {
    [
        row(rows, "ATE0").when(When::EchoOn).lenient(),
        row(rows, "AT+CIPSGTXT=<mode>").say("AT+CIPSGTXT=0").when(When::Reselect),
        row(rows, "AT+CIPSHUT").lenient(),
        row(rows, "AT+CGATT=<state>").say("AT+CGATT=1"),
        row(rows, "AT+IFC=<dce>[,<dte>]").say("AT+IFC=2,2").when(When::Flow),
        row(rows, "AT&C<mode>").say("AT&C1").when(When::Lines),
        row(rows, "AT&D<mode>").say("AT&D1").when(When::Lines),
        row(rows, "AT+CIPMODE=<mode>").say("AT+CIPMODE=0").when(When::Framed).lenient(),
        row(rows, "AT+CIPMUX=<n>").say("AT+CIPMUX=0").when(When::Single),
        row(rows, "AT+CIPMUX=<n>").say("AT+CIPMUX=1").when(When::Multi),
        row(rows, "AT+CIPMODE=<mode>").say("AT+CIPMODE=1").when(When::Transparent),
        row(rows, "AT+CIPSPRT=<mode>").say("AT+CIPSPRT=1"),
        row(rows, "AT+CIPRXGET=<mode>").say("AT+CIPRXGET=1").when(When::Request),
        row(rows, "AT+CIPRXGET=<mode>").say("AT+CIPRXGET=0").when(When::Push),
        row(rows, "AT+CIPHEAD=<mode>").say("AT+CIPHEAD=1").when(When::Header),
        row(rows, "AT+CIPQSEND=<mode>").say("AT+CIPQSEND=1").when(When::Quick),
        row(rows, "AT+CIPQSEND=<mode>").say("AT+CIPQSEND=0").when(When::Normal),
        row(rows, "AT+CIPSRIP=<mode>").say("AT+CIPSRIP=1").when(When::AnyPeer),
        row(rows, "AT+CSTT=\"<apn>\",\"<user>\",\"<password>\""),
        row(rows, "AT+CIICR"),
        row(rows, "AT+CIFSR"),
    ]
}

/// Clones: without data mode and its lines. `AT+CIPHEAD=1` would put a header into what is read.
const fn clone_attach(rows: &[Row]) -> [Step; 18] {
    [
        row(rows, "ATE0").when(When::EchoOn).lenient(),
        row(rows, "AT+CIPSGTXT=<mode>").say("AT+CIPSGTXT=0").when(When::Reselect),
        row(rows, "AT+CIPSHUT").lenient(),
        row(rows, "AT+CGATT=<state>").say("AT+CGATT=1"),
        row(rows, "AT+IFC=<dce>[,<dte>]").say("AT+IFC=2,2").when(When::Flow),
        row(rows, "AT+CIPMUX=<n>").say("AT+CIPMUX=0").when(When::Single),
        row(rows, "AT+CIPMUX=<n>").say("AT+CIPMUX=1").when(When::Multi),
        row(rows, "AT+CIPSPRT=<mode>").say("AT+CIPSPRT=1"),
        row(rows, "AT+CIPRXGET=<mode>").say("AT+CIPRXGET=1").when(When::Request),
        row(rows, "AT+CIPRXGET=<mode>").say("AT+CIPRXGET=0").when(When::Push),
        row(rows, "AT+CIPHEAD=<mode>").say("AT+CIPHEAD=1").when(When::Header),
        row(rows, "AT+CIPHEAD=<mode>").say("AT+CIPHEAD=0").when(When::Request),
        row(rows, "AT+CIPQSEND=<mode>").say("AT+CIPQSEND=1").when(When::Quick),
        row(rows, "AT+CIPQSEND=<mode>").say("AT+CIPQSEND=0").when(When::Normal),
        row(rows, "AT+CIPSRIP=<mode>").say("AT+CIPSRIP=1").when(When::AnyPeer),
        row(rows, "AT+CSTT=\"<apn>\",\"<user>\",\"<password>\""),
        row(rows, "AT+CIICR"),
        row(rows, "AT+CIFSR"),
    ]
}

/// SIM800, SIM7000 and the clones, which share their rows' texts.
macro_rules! classic {
    ($rows:expr, $attach:expr, $room:expr, $online:expr) => {{
        const R: &[Row] = $rows;
        Plan {
            probe: &const { probe(R) },
            sim: &const { sim(R) },
            signal: &const { [row(R, "AT+CSQ")] },
            registration: &const { [row(R, "AT+CREG?")] },
            attach: &const { $attach },
            second: &const {
                [
                    row(R, "AT+CIPSGTXT=<mode>").say("AT+CIPSGTXT=1"),
                    row(R, "AT+CIPSHUT").lenient(),
                    row(R, "AT+CSTT=\"<apn>\",\"<user>\",\"<password>\""),
                    row(R, "AT+CIICR"),
                    row(R, "AT+CIFSR"),
                ]
            },
            context: &const { [row(R, "AT+CIPSGTXT=<mode>").say("AT+CIPSGTXT=<n>")] },
            detach: &const { [row(R, "AT+CIPSHUT").lenient(), row(R, "AT+CGATT=<state>").say("AT+CGATT=0")] },
            address: &const { [row(R, "AT+CIFSR")] },
            open: [&const {
                [
                    row(R, "AT+CLPORT=\"<mode>\",<port>")
                        .say("AT+CLPORT=\"<mode>\",<local>")
                        .when(When::LocalSingle),
                    row(R, "AT+CLPORT=<n>,\"<mode>\",<port>")
                        .say("AT+CLPORT=<n>,\"<mode>\",<local>")
                        .when(When::LocalMulti),
                    row(R, "AT+CIPUDPMODE=<mode>[,\"<ip>\",<port>]")
                        .say("AT+CIPUDPMODE=1")
                        .when(When::AnySingle),
                    row(R, "AT+CIPUDPMODE=<n>,<mode>[,\"<ip>\",<port>]")
                        .say("AT+CIPUDPMODE=<n>,1")
                        .when(When::AnyMulti),
                    row(R, "AT+CIPSTART=\"<mode>\",\"<host>\",<port>").when(When::Single),
                    row(R, "AT+CIPSTART=<n>,\"<mode>\",\"<host>\",<port>").when(When::Multi),
                ]
            }; 2],
            send: [
                &const {
                    [
                        row(R, "AT+CIPSEND=<len>").when(When::Single),
                        row(R, "AT+CIPSEND=<n>,<len>").when(When::Multi),
                    ]
                },
                &[],
            ],
            close: &const {
                [
                    row(R, "AT+CIPCLOSE=<how>").when(When::Single),
                    row(R, "AT+CIPCLOSE=<n>,<how>").when(When::Multi),
                ]
            },
            shut: &const { [row(R, "AT+CIPSHUT")] },
            resolve: &const { [row(R, "AT+CDNSGIP=\"<host>\"")] },
            status: &const { [row(R, "AT+CIPSTATUS")] },
            waiting: [&const { [row(R, "AT+CIPRXGET=4")] }, &const { [row(R, "AT+CIPRXGET=4,<n>")] }],
            read: [
                &const { [row(R, "AT+CIPRXGET=2,<len>")] },
                &const { [row(R, "AT+CIPRXGET=2,<n>,<len>")] },
            ],
            query: [&[], &const { [row(R, "AT+CIPSTATUS=<n>")] }],
            drop: &const {
                [
                    row(R, "AT+CIPCLOSE=<how>").when(When::Single),
                    row(R, "AT+CIPCLOSE=<n>,<how>").when(When::Multi),
                ]
            },
            marker: &const { [row(R, "AT+CIPMUX?").within(2000)] },
            listen: &const { [row(R, "AT+CIPSERVER=1,<port>")] },
            unlisten: &const { [row(R, "AT+CIPSERVER=0")] },
            acknowledged: &const {
                [row(R, "AT+CIPACK").when(When::Single), row(R, "AT+CIPACK=<n>").when(When::Multi)]
            },
            room: $room,
            peer: &const {
                [
                    row(R, "AT+CIPUDPMODE=<mode>[,\"<ip>\",<port>]")
                        .say("AT+CIPUDPMODE=2,\"<ip>\",<port>")
                        .when(When::Single),
                    row(R, "AT+CIPUDPMODE=<n>,<mode>[,\"<ip>\",<port>]")
                        .say("AT+CIPUDPMODE=<n>,2,\"<ip>\",<port>")
                        .when(When::Multi),
                ]
            },
            online: $online,
            sleep: &const { [row(R, "AT+CSCLK=<n>").say("AT+CSCLK=1")] },
        }
    }};
}

/// What SIM800 and SIM7000 have besides.
macro_rules! whole {
    ($rows:expr) => {
        classic!(
            $rows,
            classic_attach($rows),
            &const { [row($rows, "AT+CIPSEND?")] },
            &const { [row($rows, "ATO")] }
        )
    };
}

pub(crate) const SIM800_PLAN: Plan = whole!(sim800::ROWS);
pub(crate) const SIM7000_PLAN: Plan = whole!(sim7000::ROWS);
pub(crate) const RDA8955_PLAN: Plan = classic!(rda8955::ROWS, clone_attach(rda8955::ROWS), &[], &[]);

pub(crate) const SIM800E_PLAN: Plan = {
    const R: &[Row] = sim800e::ROWS;
    Plan {
        probe: &const { probe(R) },
        sim: &const { sim(R) },
        signal: &const { [row(R, "AT+CSQ")] },
        registration: &const { [row(R, "AT+CREG?")] },
        attach: &const {
            [
                row(R, "ATE0").when(When::EchoOn).lenient(),
                row(R, "AT+CIPSHUT").lenient(),
                row(R, "AT+CGATT=<state>").say("AT+CGATT=1"),
                row(R, "AT+IFC=<dce>[,<dte>]").say("AT+IFC=2,2").when(When::Flow),
                row(R, "AT&C<mode>").say("AT&C1").when(When::Lines),
                row(R, "AT&D<mode>").say("AT&D1").when(When::Lines),
                row(R, "AT+CIPMODE=<mode>").say("AT+CIPMODE=0").when(When::Framed).lenient(),
                row(R, "AT+CIPMUX=<n>").say("AT+CIPMUX=0").when(When::Single),
                row(R, "AT+CIPMUX=<n>").say("AT+CIPMUX=1").when(When::Multi),
                row(R, "AT+CIPMODE=<mode>").say("AT+CIPMODE=1").when(When::Transparent),
                row(R, "AT+CIPSPRT=<mode>").say("AT+CIPSPRT=1"),
                row(R, "AT+CIPHEAD=<mode>").say("AT+CIPHEAD=1").when(When::Single),
                row(R, "AT+CSTT=\"<apn>\",\"<user>\",\"<password>\""),
                row(R, "AT+CIICR"),
                row(R, "AT+CIFSR"),
            ]
        },
        detach: &const { [row(R, "AT+CIPSHUT").lenient(), row(R, "AT+CGATT=<state>").say("AT+CGATT=0")] },
        address: &const { [row(R, "AT+CIFSR")] },
        open: [&const {
            [
                // One step from IP INITIAL: the modes have to be set here when `attach` was left out.
                row(R, "AT+CIPMUX=<n>").say("AT+CIPMUX=1").when(When::MultiUnset),
                row(R, "AT+CIPHEAD=<mode>").say("AT+CIPHEAD=1").when(When::Single),
                row(R, "AT+CLPORT=\"<mode>\",<port>")
                    .say("AT+CLPORT=\"<mode>\",<local>")
                    .when(When::LocalSingle),
                row(R, "AT+CIPSTART=\"<mode>\",\"<host>\",<port>").when(When::Single),
                row(R, "AT+CIPSTART=<n>,\"<mode>\",\"<host>\",<port>").within(160_000).when(When::Multi),
            ]
        }; 2],
        send: [
            &const {
                [
                    row(R, "AT+CIPSEND=<len>").when(When::Single),
                    row(R, "AT+CIPSEND=<n>,<len>").when(When::Multi),
                ]
            },
            &[],
        ],
        close: &const { [row(R, "AT+CIPCLOSE").when(When::Single), row(R, "AT+CIPCLOSE=<n>").when(When::Multi)] },
        shut: &const { [row(R, "AT+CIPSHUT")] },
        resolve: &const { [row(R, "AT+CDNSGIP=\"<host>\"")] },
        status: &const { [row(R, "AT+CIPSTATUS")] },
        waiting: [&[], &[]],
        read: [&[], &[]],
        query: [&[], &[]],
        drop: &const { [row(R, "AT+CIPCLOSE").when(When::Single), row(R, "AT+CIPCLOSE=<n>").when(When::Multi)] },
        marker: &const { [row(R, "AT+CIPMUX?").within(2000)] },
        listen: &const {
            [row(R, "AT+CIPSERVER=<port>[,<type>[,<bearer>[,<blog>]]]")
                .say("AT+CIPSERVER=<port>,<type>,1,<backlog>")]
        },
        unlisten: &const { [row(R, "AT+CIPSERVER=0")] },
        room: &const { [row(R, "AT+CIPSEND?")] },
        online: &const { [row(R, "ATO")] },
        sleep: &[],
        second: &[],
        context: &[],
        acknowledged: &[],
        peer: &[],
    }
};

pub(crate) const KINGCOM_PLAN: Plan = {
    const R: &[Row] = kingcom::ROWS;
    Plan {
        probe: &const { probe(R) },
        sim: &const { sim(R) },
        signal: &const { [row(R, "AT+CSQ")] },
        registration: &const { [row(R, "AT+CREG?")] },
        attach: &const {
            [
                row(R, "ATE0").when(When::EchoOn).lenient(),
                // A link that a host before us has left open ends here.
                row(R, "AT+CIPCLOSE").lenient(),
                row(R, "AT+CGATT=<state>").say("AT+CGATT=1").undo("AT+CGATT=0"),
                row(R, "AT+CGDCONT=<cid>,\"IP\",\"<apn>\"").say("AT+CGDCONT=1,\"IP\",\"<apn>\""),
                row(R, "AT+CGACT=<state>,<cid>").say("AT+CGACT=1,1").undo("AT+CGACT=0,1"),
                row(R, "AT+CIPHEAD=<mode>").say("AT+CIPHEAD=1"),
            ]
        },
        detach: &const {
            [
                row(R, "AT+CGACT=<state>,<cid>").say("AT+CGACT=0,1").lenient(),
                row(R, "AT+CGATT=<state>").say("AT+CGATT=0"),
            ]
        },
        address: &const { [row(R, "AT+CIFSR")] },
        open: [&const { [row(R, "AT+CIPSTART=\"<mode>\",\"<host>\",<port>").undo("AT+CIPCLOSE")] }; 2],
        send: [&const { [row(R, "AT+CIPSEND")] }, &[]],
        close: &const { [row(R, "AT+CIPCLOSE")] },
        shut: &const { [row(R, "AT+CIPSHUT").lenient(), row(R, "AT+CGACT=<state>,<cid>").say("AT+CGACT=0,1")] },
        resolve: &[],
        status: &const { [row(R, "AT+CIPSTATUS")] },
        waiting: [&[], &[]],
        read: [&[], &[]],
        query: [&[], &[]],
        drop: &const { [row(R, "AT+CIPCLOSE")] },
        marker: &const { [row(R, "AT+CIPSTATUS").within(2000)] },
        listen: &[],
        unlisten: &[],
        room: &[],
        online: &[],
        sleep: &[],
        second: &[],
        context: &[],
        acknowledged: &[],
        peer: &[],
    }
};

pub(crate) const A7600_PLAN: Plan = {
    const R: &[Row] = a7600::ROWS;
    Plan {
        probe: &const { probe(R) },
        sim: &const { sim(R) },
        signal: &const { [row(R, "AT+CSQ")] },
        registration: &const { [row(R, "AT+CREG?")] },
        attach: &const {
            [
                row(R, "ATE0").when(When::EchoOn).lenient(),
                row(R, "AT+IFC=<dce>[,<dte>]").say("AT+IFC=2,2").when(When::Flow),
                row(R, "AT&C<mode>").say("AT&C1").when(When::Lines),
                row(R, "AT&D<mode>").say("AT&D1").when(When::Lines),
                row(R, "AT+NETCLOSE").when(When::Transparent).lenient(),
                row(R, "AT+CIPMODE=<mode>").say("AT+CIPMODE=1").when(When::Transparent),
                row(R, "AT+CIPMODE=<mode>").say("AT+CIPMODE=0").when(When::Framed).lenient(),
                row(R, "AT+CGDCONT=<cid>,\"IP\",\"<apn>\"").say("AT+CGDCONT=1,\"IP\",\"<apn>\"").lenient(),
                row(R, "AT+CIPRXGET=<mode>").say("AT+CIPRXGET=1").when(When::Request),
                row(R, "AT+CIPRXGET=<mode>").say("AT+CIPRXGET=0").when(When::Push),
                row(R, "AT+CIPCCFG=,,,,<headertype>").say("AT+CIPCCFG=,,,,1").when(When::Push),
                row(R, "AT+CIPSRIP=<mode>").say("AT+CIPSRIP=1").when(When::Push),
                row(R, "AT+NETOPEN?"),
                // Links that a host before us has left open end with it.
                row(R, "AT+NETCLOSE").when(When::NetOpen).lenient(),
                row(R, "AT+NETOPEN").when(When::NetClosed),
                row(R, "AT+IPADDR"),
            ]
        },
        detach: &const { [row(R, "AT+NETCLOSE")] },
        address: &const { [row(R, "AT+IPADDR")] },
        open: [
            &const {
                [
                    row(R, "AT+CIPOPEN=<n>,\"TCP\",\"<host>\",<port>").when(When::NoLocal),
                    row(R, "AT+CIPOPEN=<n>,\"TCP\",\"<host>\",<port>,<local>").when(When::LocalMulti),
                ]
            },
            &const {
                [
                    row(R, "AT+CIPOPEN=<n>,\"UDP\",\"<host>\",<port>,<local>").when(When::Transparent),
                    row(R, "AT+CDNSGIP=\"<host>\"").when(When::Named),
                    row(R, "AT+CIPOPEN=<n>,\"UDP\",,,<local>").when(When::Framed),
                ]
            },
        ],
        send: [
            &const { [row(R, "AT+CIPSEND=<n>,<len>")] },
            &const { [row(R, "AT+CIPSEND=<n>,<len>,\"<ip>\",<port>")] },
        ],
        close: &const { [row(R, "AT+CIPCLOSE=<n>")] },
        shut: &const { [row(R, "AT+NETCLOSE")] },
        resolve: &const { [row(R, "AT+CDNSGIP=\"<host>\"")] },
        status: &const { [row(R, "AT+CIPOPEN?")] },
        waiting: [&[], &const { [row(R, "AT+CIPRXGET=4,<n>")] }],
        read: [&[], &const { [row(R, "AT+CIPRXGET=2,<n>,<len>")] }],
        query: [&[], &const { [row(R, "AT+CIPCLOSE?")] }],
        drop: &const { [row(R, "AT+CIPCLOSE=<n>")] },
        marker: &const { [row(R, "AT+NETOPEN?").within(2000)] },
        listen: &const { [row(R, "AT+SERVERSTART=<port>,<server>,<backlog>")] },
        unlisten: &const { [row(R, "AT+SERVERSTOP=<server>")] },
        acknowledged: &const { [row(R, "AT+CIPACK=<n>")] },
        room: &[],
        online: &const { [row(R, "ATO")] },
        sleep: &const { [row(R, "AT+CSCLK=<n>").say("AT+CSCLK=1")] },
        second: &[],
        context: &[],
        peer: &[],
    }
};
