//! Whatever the host sends: no panic, and every complete command line gets a final result.

use crate::rig::Rig;
use proptest::prelude::*;
use simcom_at::{Dialect, Instant};
use simcom_modem::{Notify, Reply, Socket};

fn dialect() -> impl Strategy<Value = Dialect> {
    prop::sample::select(vec![
        Dialect::Sim800,
        Dialect::Sim800e,
        Dialect::Sim7000,
        Dialect::Kingcom,
        Dialect::A7600,
        Dialect::Rda8955,
    ])
}

/// Pieces of command lines, so that random text comes deep into the commands.
fn piece() -> impl Strategy<Value = Vec<u8>> {
    let words = vec![
        "AT",
        "at+",
        "\r",
        "\n",
        "+CIPSTART=",
        "+CIPSEND",
        "=",
        "?",
        "=?",
        ",",
        ";",
        "\"TCP\"",
        "\"UDP\"",
        "0",
        "1",
        "2",
        "5",
        "1460",
        "\"1.2.3.4\"",
        "80",
        "+CIPMUX=1",
        "+CIPCLOSE=",
        "+CIPRXGET=",
        "+CIPSTATUS",
        "+CIPSHUT",
        "+CSTT",
        "+CIICR",
        "+CIFSR",
        "+CIPSERVER=1,80",
        "+NETOPEN",
        "+NETCLOSE",
        "+CIPOPEN=",
        "+CGACT=1,1",
        "+SERVERSTART=80,0",
        "+SERVERSTOP=0",
        "+CIPMODE=1",
        "+CIPATS=1,1",
        "\x1a",
        "\x1b",
        "+++",
        "ATO\r",
        "A/",
        "+CDNSGIP=\"a\"",
        "+CIPSGTXT=1",
        "+CIPUDPMODE=2,\"1.2.3.4\",5",
        "+CLPORT=",
        "ATE0\r",
        "ATV0\r",
        "+CFUN=1,1",
    ];
    prop_oneof![
        4 => prop::sample::select(words).prop_map(|w| w.as_bytes().to_vec()),
        1 => prop::collection::vec(any::<u8>(), 0..12),
    ]
}

#[derive(Clone, Debug)]
enum Step {
    Host(Vec<u8>),
    Pass(u32),
    Data(u8, usize),
    Closed(u8),
    Lost(u8),
    Incoming(u8),
    Odd(u8),
    Restart,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        12 => prop::collection::vec(piece(), 1..6).prop_map(|p| Step::Host(p.concat())),
        3 => (0u32..3000).prop_map(Step::Pass),
        2 => (0u8..12, 0usize..5000).prop_map(|(n, len)| Step::Data(n, len)),
        1 => (0u8..12).prop_map(Step::Closed),
        1 => (0u8..3).prop_map(Step::Lost),
        1 => (0u8..5).prop_map(Step::Incoming),
        1 => (0u8..12).prop_map(Step::Odd),
        1 => Just(Step::Restart),
    ]
}

fn run(rig: &mut Rig, step: Step) {
    match step {
        Step::Host(bytes) => drop(rig.host(&bytes)),
        Step::Pass(ms) => drop(rig.pass(ms)),
        Step::Data(n, len) => drop(rig.data(n, &vec![b'd'; len])),
        Step::Closed(n) => drop(rig.closed(n)),
        Step::Lost(n) => drop(rig.notify(Notify::ContextLost(n))),
        Step::Incoming(n) => {
            let peer = "1.2.3.4:5".parse().unwrap();
            drop(rig.notify(Notify::Incoming { socket: Socket(Socket::SERVER + n), token: 1, peer }));
        }
        Step::Odd(n) => {
            drop(rig.reply(Reply::Sent { socket: Socket(n), result: Err(()) }));
            drop(rig.reply(Reply::Opened { socket: Socket(n), result: Ok(None) }));
            drop(rig.reply(Reply::Resolved(Vec::new())));
            drop(rig.notify(Notify::Acked { socket: Socket(n), bytes: usize::MAX }));
        }
        Step::Restart => drop(rig.notify(Notify::Restart)),
    }
}

/// Brings the module back to an idle command line, as a host does that has lost its way.
fn settle(rig: &mut Rig) {
    rig.pass(700_000);
    rig.host(b"\x1b");
    rig.host(&[b'\r'; 1600]);
    rig.pass(700_000);
    rig.host(b"+++");
    rig.pass(2_000);
    rig.host(b"\r");
    rig.pass(700_000);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nothing_breaks_it(dialect in dialect(), steps in prop::collection::vec(step(), 0..40)) {
        let mut rig = Rig::new(dialect);
        for step in steps {
            run(&mut rig, step);
        }
        settle(&mut rig);
        let answer = rig.host(b"AT\r") + &rig.pass(1000);
        prop_assert!(answer.ends_with("\\r\\nOK\\r\\n") || answer.ends_with("0\\r"), "{answer:?}");
    }

    #[test]
    fn every_line_gets_a_final_result(dialect in dialect(), body in "[ -~]{0,40}") {
        let mut rig = Rig::new(dialect);
        let line = format!("AT{body}\r");
        let printed = rig.host(line.as_bytes()) + &rig.pass(700_000);
        let finals = ["OK\\r\\n", "ERROR", "0\\r", "4\\r", "10.0.0.2\\r\\n", "> ", ">", "STATE", "RDY", "CONNECT", "NO CARRIER"];
        prop_assert!(finals.iter().any(|f| printed.contains(f)), "{line:?} gave {printed:?}");
    }

    #[test]
    fn any_cut_gives_the_same_bytes(
        dialect in dialect(),
        lines in prop::collection::vec(piece(), 0..30),
        cuts in prop::collection::vec(1usize..7, 1..20),
    ) {
        let bytes = lines.concat();
        let (mut whole, mut pieces) = (Rig::new(dialect), Rig::new(dialect));
        let (mut expected, mut printed) = (String::new(), String::new());
        let mut cuts = cuts.iter().cycle();
        // Line by line: what comes behind a line that was not waited for may come before or behind its late results.
        for line in bytes.split_inclusive(|b| matches!(b, b'\r' | b'\n' | b'/' | 0x1a | 0x1b)) {
            expected += &whole.host(line);
            let mut rest = line;
            while !rest.is_empty() {
                let (head, tail) = rest.split_at(cuts.next().copied().unwrap_or(1).min(rest.len()));
                printed += &pieces.host(head);
                rest = tail;
            }
        }
        // A line feed behind the carriage return of a send is payload only when it comes later: the one exception.
        let ambiguous = bytes.windows(2).any(|w| w == b"\r\n");
        prop_assert!(ambiguous || printed == expected, "{printed:?} instead of {expected:?}");
        prop_assert_eq!(whole.now, Instant::from_millis(5_000));
    }
}
