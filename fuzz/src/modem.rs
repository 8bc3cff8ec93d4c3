//! A virtual modem that is given host bytes, network events and time.
//!
//! Input: a byte for the dialect, one for the profile, one for the network's seed; then steps, each with a first byte that
//! says what it is ([`check`]).
//!
//! * Nothing makes it panic, and time never stands still ([`simcom_modem::bench::Livelock`]).
//! * An observer between host and module understands both without panic or end.

use simcom_at::{Dialect, Instant, Observer, SocketAddrV4, Transport};
use simcom_modem::bench::Desk;
use simcom_modem::faults::Fault;
use simcom_modem::loopback::{Loopback, LoopbackSettings};
use simcom_modem::net::{Arrival, Notify, OpenError, Reply, Socket};
use simcom_modem::{Modem, Profile};

/// What a host says; `#` stands for a digit.
const LINES: [&str; 64] = [
    "AT\r",
    "ATE0\r",
    "ATV#\r",
    "AT+CMEE=#\r",
    "AT+CIPMUX=1\r",
    "AT+CIPMUX=0\r",
    "AT+CIPMODE=1\r",
    "AT+CIPMODE=0\r",
    "AT+CGATT=#\r",
    "AT+CSTT=\"CMNET\"\r",
    "AT+CIICR\r",
    "AT+CIFSR\r",
    "AT+CIPSTART=\"TCP\",\"localhost\",7\r",
    "AT+CIPSTART=#,\"TCP\",\"localhost\",7\r",
    "AT+CIPSTART=#,\"UDP\",\"127.0.0.1\",7\r",
    "AT+CIPSTART=\"UDP\",\"127.0.0.1\",9\r",
    "AT+CIPSEND\r",
    "AT+CIPSEND=#\r",
    "AT+CIPSEND=#,5\r",
    "hello",
    "hello\x1a",
    "\x1b",
    "AT+CIPSEND?\r",
    "AT+CIPQSEND=#\r",
    "AT+CIPATS=1,#\r",
    "AT+CIPSPRT=#\r",
    "AT+CIPHEAD=#\r",
    "AT+CIPSHOWTP=#\r",
    "AT+CIPSRIP=#\r",
    "AT+CIPRXGET=#\r",
    "AT+CIPRXGET=2,#,100\r",
    "AT+CIPRXGET=3,#\r",
    "AT+CIPRXGET=4,#\r",
    "AT+CIPRXGET=2,100\r",
    "AT+CIPCLOSE\r",
    "AT+CIPCLOSE=#\r",
    "AT+CIPCLOSE=#,1\r",
    "AT+CIPSHUT\r",
    "AT+CIPSTATUS\r",
    "AT+CIPSTATUS=#\r",
    "AT+CIPSERVER=1,8888\r",
    "AT+CIPSERVER=0\r",
    "AT+CIPSGTXT=#\r",
    "AT+CIPUDPMODE=#,1\r",
    "AT+CIPUDPMODE=2,\"10.0.0.1\",7\r",
    "AT+CLPORT=\"UDP\",4000\r",
    "AT+CDNSGIP=\"example.com\"\r",
    "AT+CDNSGIP=\"nowhere.invalid\"\r",
    "AT+CIPACK=#\r",
    "AT+NETOPEN\r",
    "AT+NETCLOSE\r",
    "AT+CIPOPEN=#,\"TCP\",\"localhost\",7\r",
    "AT+CIPOPEN=#,\"UDP\",,,4000\r",
    "AT+CIPSEND=#,5,\"127.0.0.1\",7\r",
    "AT+SERVERSTART=8888,#\r",
    "AT+SERVERSTOP=#\r",
    "AT+CIPCCFG=5,2,100,1,1,100,50\r",
    "AT+CIPSENDMODE=#\r",
    "+++",
    "ATO\r",
    "A/",
    "AT+CGDCONT=1,\"IP\",\"CMNET\";+CGACT=1,1\r",
    "AT+CSCLK=#\r",
    "AT&D#&C1\r",
];

/// The module with its network, and an observer of the line.
struct Bench {
    desk: Desk<Loopback>,
    observer: Observer<Vec<u8>>,
    trace: bool,
}

/// The target. A step's first byte:
///
/// * 0x00–0x3f: so many and one host bytes follow.
/// * 0x40–0x7f: a line of a host; the next byte is its digit.
/// * 0x80–0xaf: something happens in the network; the next byte says with what.
/// * 0xb0–0xbf: something goes wrong; likewise.
/// * 0xc0–0xff: time goes on, by steps from 1 ms to 700 s.
pub fn check(data: &[u8]) {
    let Some((&[dialect, bits, seed], mut steps)) = data.split_first_chunk::<3>() else { return };
    let dialect = Dialect::ALL[usize::from(dialect) % Dialect::ALL.len()];
    let mut bench = Bench::new(dialect, bits, seed);
    while let Some((&step, rest)) = steps.split_first() {
        steps = rest;
        if step < 0x40 {
            let (bytes, rest) = steps.split_at(steps.len().min(usize::from(step) + 1));
            steps = rest;
            bench.host(bytes);
            continue;
        }
        let arg = steps.first().copied().unwrap_or(0);
        if step < 0xc0 {
            steps = steps.get(1..).unwrap_or_default();
        }
        match step {
            0..0x80 => {
                let digit = char::from(b'0' + arg % 10).to_string();
                bench.host(LINES[usize::from(step & 0x3f)].replace('#', &digit).as_bytes());
            }
            0x80..0xb0 => happens(&mut bench.desk, step & 0x3f, arg),
            0xb0..0xc0 => goes_wrong(&mut bench.desk, step & 15, arg),
            0xc0..=0xff => {
                bench.wait([1, 20, 200, 1000, 1001, 10_000, 75_000, 700_000][usize::from(step & 7)]);
            }
        }
        bench.wait(0);
    }
    bench.wait(1_000_000);
}

impl Bench {
    fn new(dialect: Dialect, bits: u8, seed: u8) -> Self {
        let now = Instant::from_millis(u32::from(seed) << 24);
        let mut profile = Profile::new(dialect);
        profile.interleave = bits & 1 != 0;
        profile.notify_each = bits & 2 != 0;
        profile.push_crlf = bits & 4 != 0;
        profile.receive_from_colon = bits & 8 != 0;
        profile.prompt_ms = u32::from(bits >> 4 & 1) * 30;
        profile.attach_ms = u32::from(bits >> 5 & 1) * 2000;
        profile.strict = bits & 64 != 0;
        profile.quiet_ms = if bits & 128 == 0 { 1000 } else { 0 };
        let settings = LoopbackSettings {
            latency_ms: u32::from(seed & 15) * 10,
            piece: if seed & 16 == 0 { 1460 } else { 7 },
            cut: seed & 32 != 0,
            ..LoopbackSettings::default()
        };
        let network = Loopback::new(settings, u64::from(seed));
        let desk = Desk::new(Modem::new(profile, now), network, now).with_turns(100_000);
        Self { desk, observer: Observer::new(dialect.spec(), vec![0; 512]), trace: crate::trace() }
    }

    fn host(&mut self, bytes: &[u8]) {
        if self.trace {
            eprintln!("> {}", bytes.escape_ascii());
        }
        assert_eq!(self.desk.host_write(bytes), bytes.len(), "the line took less");
        self.observer.host(bytes);
        self.wait(0);
    }

    fn wait(&mut self, ms: u32) {
        self.desk.run_for(ms).unwrap_or_else(|livelock| panic!("{livelock}"));
        while self.desk.is_readable() {
            let bytes = self.desk.host_read();
            if self.trace {
                eprintln!("< {:>8} {}", self.desk.now().millis(), bytes.escape_ascii());
            }
            let (mut input, mut reports) = (&bytes[..], 0);
            while let Some(read) = self.observer.module(&mut input) {
                let _ = self.observer.text(&read);
                reports += 1;
                assert!(reports < 2 * bytes.len() + 100, "reports without end");
            }
        }
    }
}

/// The network does something, also what it never would.
fn happens(desk: &mut Desk<Loopback>, what: u8, arg: u8) {
    let now = desk.now();
    let socket = Socket(if arg & 0x80 == 0 { arg & 15 } else { Socket::SERVER + (arg & 3) });
    let peer = SocketAddrV4::new([10, 1, 1, arg].into(), 7);
    let bytes = vec![b'x'; usize::from(arg) * 20 + 1];
    let notify = |what| Arrival::Notify(what);
    let arrival = match what % 20 {
        0 => notify(Notify::Data { socket, bytes, from: Some(peer) }),
        1 => notify(Notify::Data { socket, bytes: Vec::new(), from: None }),
        2 => notify(Notify::PeerClosed { socket }),
        3 => notify(Notify::Acked { socket, bytes: usize::from(arg) }),
        4 => notify(Notify::Incoming { socket, token: u32::from(arg), peer }),
        5 => notify(Notify::ContextLost(arg)),
        6 => notify(Notify::Registration(arg)),
        7 => notify(Notify::Restart),
        8 => notify(Notify::Ring),
        9 => notify(Notify::Sms(u16::from(arg))),
        10 => notify(Notify::Line("UNDER-VOLTAGE WARNNING".to_owned())),
        11 => Arrival::Reply(Reply::Opened { socket, result: Ok(Some(peer)) }),
        12 => Arrival::Reply(Reply::Opened { socket, result: Err(OpenError::Refused) }),
        13 => Arrival::Reply(Reply::Sent { socket, result: Ok(usize::from(arg)) }),
        14 => Arrival::Reply(Reply::Sent { socket, result: Err(()) }),
        15 => Arrival::Reply(Reply::Listening { socket, ok: arg & 16 == 0 }),
        16 => Arrival::Reply(Reply::Resolved(vec![[1, 2, 3, 4].into(); usize::from(arg & 3)])),
        17 => {
            let _ = desk.network.connect(now, 8888);
            return;
        }
        18 => {
            let token = desk.network.peers().nth_back(usize::from(arg & 3)).map(|peer| peer.token());
            if let Some(token) = token {
                let _ = desk.network.peer_send(now, token, &bytes);
                if arg & 16 != 0 {
                    let _ = desk.network.peer_close(now, token);
                }
            }
            return;
        }
        _ => {
            desk.network.serve(Transport::Tcp, 7, simcom_modem::loopback::Service::BlackHole);
            return;
        }
    };
    desk.modem.arrival(now, arrival);
}

fn goes_wrong(desk: &mut Desk<Loopback>, what: u8, arg: u8) {
    let now = desk.now();
    let fault = match what % 12 {
        0 => Fault::Notice { at: usize::from(arg), bytes: b"\r\nRING\r\n".to_vec() },
        1 => Fault::DropFinal,
        2 => Fault::LateFinal(u32::from(arg) * 100),
        3 => Fault::DoubleFinal,
        4 => Fault::NoPrompt,
        5 => Fault::SendFail,
        6 => Fault::Refuse { command: "+CIPSTART".to_owned(), code: u16::from(arg) },
        7 => Fault::ShortPayload(usize::from(arg)),
        8 => Fault::WrongLength(i32::from(arg) - 128),
        9 => Fault::RestartInPayload(usize::from(arg)),
        10 => Fault::Hang(u32::from(arg) * 100),
        _ => {
            desk.modem.dtr(now, arg & 1 == 0);
            return;
        }
    };
    desk.modem.faults().once(fault);
}

#[cfg(test)]
mod tests {
    #[test]
    fn small_inputs_pass() {
        for dialect in 0..6 {
            for line in 0x40..0x80 {
                let up = [0x44, 0, 0x48, 1, 0x49, 0, 0x4a, 0, 0x4b, 0, 0x71, 0, 0x4d, 1, 0x73, 1, 0xc3];
                super::check(
                    &[&[dialect, line, line], &up[..], &[line, 1, 0xc1, 0x53, 0, 0x80, 1, 0xc3]].concat(),
                );
            }
        }
    }
}
