//! What the peers of a [`Loopback`](super::Loopback) do with what they get.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::net::SocketAddrV4;
use simcom_at::Instant;

/// What stands behind a port.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Service {
    /// Sends back what it gets (RFC 862).
    Echo,
    /// Takes everything and says nothing (RFC 863). A peer that only the test moves is this one too.
    Discard,
    /// Tells the virtual time since the epoch of the clock, then closes (RFC 867).
    Daytime,
    /// Sends so many bytes of [`pattern`] and goes on listening; over UDP one datagram of at most 512 (RFC 864).
    Chargen(usize),
    /// Answers `GET /` with a page, `GET /bytes/<n>` with n bytes of [`pattern`], and a body with itself; then closes.
    Http,
    /// Sends so many bytes of [`pattern`] and closes.
    Burst(usize),
    /// Takes everything but never acknowledges.
    Deaf,
    /// Never answers: a connect gets no reply.
    BlackHole,
}

/// The first `len` bytes of the character generator: lines of 72 printable characters, each line one further.
#[must_use]
pub fn pattern(len: usize) -> Vec<u8> {
    let printable = || (b' '..=b'~').cycle();
    (0..95).cycle().flat_map(|line| printable().skip(line).take(72).chain(*b"\r\n")).take(len).collect()
}

/// What a service says: bytes, and whether it closes behind them.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub(super) struct Answer {
    pub bytes: Vec<u8>,
    pub close: bool,
}

impl Answer {
    const NOTHING: Self = Self { bytes: Vec::new(), close: false };
}

/// A service in one TCP connection.
#[derive(Clone, Debug)]
pub(super) struct Running {
    pub service: Service,
    /// The request so far, for HTTP.
    request: Vec<u8>,
}

impl Running {
    /// A new connection, and what is said at once.
    pub fn start(service: Service, now: Instant) -> (Self, Answer) {
        let answer = match service {
            Service::Daytime => Answer { bytes: daytime(now), close: true },
            Service::Chargen(len) => Answer { bytes: pattern(len), close: false },
            Service::Burst(len) => Answer { bytes: pattern(len), close: true },
            Service::Echo | Service::Discard | Service::Http | Service::Deaf | Service::BlackHole => {
                Answer::NOTHING
            }
        };
        (Self { service, request: Vec::new() }, answer)
    }

    pub fn feed(&mut self, bytes: &[u8]) -> Answer {
        match self.service {
            Service::Echo => Answer { bytes: bytes.to_vec(), close: false },
            Service::Http => {
                self.request.extend_from_slice(bytes);
                http(&self.request)
            }
            Service::Discard
            | Service::Daytime
            | Service::Chargen(_)
            | Service::Burst(_)
            | Service::Deaf
            | Service::BlackHole => Answer::NOTHING,
        }
    }
}

/// The datagram with which a service answers one, if it does.
pub(super) fn datagram(service: Service, now: Instant, bytes: &[u8]) -> Option<Vec<u8>> {
    match service {
        Service::Echo => Some(bytes.to_vec()),
        Service::Daytime => Some(daytime(now)),
        Service::Chargen(len) => Some(pattern(len.min(512))),
        Service::Burst(len) => Some(pattern(len)),
        Service::Discard | Service::Http | Service::Deaf | Service::BlackHole => None,
    }
}

/// Whether a name is one of the built-in ones, and its address: from the blocks that RFC 5737 keeps for examples.
pub(super) fn built_in(name: &str) -> Option<core::net::Ipv4Addr> {
    use core::net::Ipv4Addr;
    match name {
        "localhost" => Some(Ipv4Addr::LOCALHOST),
        "example.com" | "www.example.com" => Some(Ipv4Addr::new(192, 0, 2, 1)),
        nosuch if nosuch.starts_with("nosuchhost") => None,
        test if test.ends_with(".test") => {
            let sum = test.bytes().fold(0u8, |sum, byte| sum.wrapping_mul(31).wrapping_add(byte));
            Some(Ipv4Addr::new(198, 51, 100, sum))
        }
        _ => None,
    }
}

/// The address from which the n-th caller connects.
pub(super) fn caller(n: u32) -> SocketAddrV4 {
    let port = 40_000 + u16::try_from(n % 20_000).unwrap_or(0);
    SocketAddrV4::new(core::net::Ipv4Addr::new(203, 0, 113, 1), port)
}

/// The virtual time as a date; the clock starts with 1970 and comes round before March.
fn daytime(now: Instant) -> Vec<u8> {
    let seconds = now.millis() / 1_000;
    let (days, hours, minutes) = (seconds / 86_400, seconds / 3_600 % 24, seconds / 60 % 60);
    let (day, month) = if days < 31 { (days + 1, "JAN") } else { (days - 30, "FEB") };
    format!("{day:02} {month} 70 {hours:02}:{minutes:02}:{:02} UTC\r\n", seconds % 60).into_bytes()
}

/// The longest request that is kept.
const LONGEST_REQUEST: usize = 1 << 16;

fn http(request: &[u8]) -> Answer {
    let Some(end) = request.windows(4).position(|four| four == b"\r\n\r\n") else {
        return if request.len() > 8_192 {
            page("431 Request Header Fields Too Large", b"")
        } else {
            Answer::NOTHING
        };
    };
    let (head, body) = request.split_at(end + 4);
    let head = String::from_utf8_lossy(head);
    let body_len = head
        .lines()
        .filter_map(|line| line.split_once(':'))
        .find(|(field, _)| field.eq_ignore_ascii_case("content-length"))
        .map_or(Ok(0), |(_, len)| len.trim().parse::<usize>());
    let Ok(body_len) = body_len else { return page("400 Bad Request", b"") };
    if body_len > LONGEST_REQUEST {
        return page("413 Content Too Large", b"");
    }
    let Some(body) = body.get(..body_len) else { return Answer::NOTHING };
    let mut words = head.split_ascii_whitespace();
    match (words.next(), words.next()) {
        (Some("GET" | "HEAD"), Some("/")) => {
            page("200 OK", b"<!doctype html><title>loopback</title>It works.\n")
        }
        (Some("GET"), Some(path)) => match path.strip_prefix("/bytes/").map(str::parse::<usize>) {
            Some(Ok(len @ ..=LONGEST_REQUEST)) => page("200 OK", &pattern(len)),
            Some(Ok(_) | Err(_)) | None => page("404 Not Found", b""),
        },
        (Some("POST" | "PUT"), Some(_)) => page("200 OK", body),
        (Some(_) | None, Some(_) | None) => page("400 Bad Request", b""),
    }
}

fn page(status: &str, body: &[u8]) -> Answer {
    let mut bytes =
        format!("HTTP/1.1 {status}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", body.len())
            .into_bytes();
    bytes.extend_from_slice(body);
    Answer { bytes, close: true }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pattern_is_the_classic_one() {
        let bytes = pattern(150);
        assert_eq!(bytes.len(), 150);
        assert!(bytes.starts_with(b" !\"#$%&'()*+,-./0123456789"));
        assert_eq!(&bytes[72..77], b"\r\n!\"#");
    }

    #[test]
    fn a_request_in_pieces_is_answered_once_it_is_whole() {
        let (mut web, greeting) = Running::start(Service::Http, Instant::from_millis(0));
        assert_eq!(greeting, Answer::NOTHING);
        assert_eq!(web.feed(b"POST /x HTTP/1.1\r\nContent-Length: 3\r\n\r\na"), Answer::NOTHING);
        let answer = web.feed(b"bc");
        assert!(
            answer.close
                && answer.bytes.starts_with(b"HTTP/1.1 200 OK\r\n")
                && answer.bytes.ends_with(b"\r\n\r\nabc")
        );
    }

    #[test]
    fn a_bad_request_is_an_answer_too() {
        let status =
            |request: &[u8]| String::from_utf8(http(request).bytes).unwrap()[9..12].parse::<u16>().unwrap();
        assert_eq!(status(b"GET /nothing HTTP/1.1\r\n\r\n"), 404);
        assert_eq!(status(b"\r\n\r\n"), 400);
        assert_eq!(status(b"PUT / HTTP/1.1\r\ncontent-length: many\r\n\r\n"), 400);
        assert_eq!(status(b"PUT / HTTP/1.1\r\ncontent-length: 99999999\r\n\r\n"), 413);
        assert_eq!(status(&[b'x'; 9_000]), 431);
    }

    #[test]
    fn the_time_of_day_follows_the_clock() {
        assert_eq!(daytime(Instant::from_millis(3_723_000)), b"01 JAN 70 01:02:03 UTC\r\n");
        assert_eq!(daytime(Instant::from_millis(u32::MAX)), b"19 FEB 70 17:02:47 UTC\r\n");
    }
}
