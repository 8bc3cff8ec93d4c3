//! Row text with its `<name>`s filled in.

use crate::code::PARTS;
use crate::ids::{Ipv4Addr, Transport};
use crate::out::Out;

/// What a call gives to its lines.
#[derive(Clone, Copy, Default)]
pub(crate) struct Args<'a> {
    pub(crate) link: u8,
    pub(crate) transport: Option<Transport>,
    pub(crate) host: &'a str,
    pub(crate) port: u16,
    pub(crate) local: u16,
    pub(crate) len: u16,
    pub(crate) how: u8,
    pub(crate) ip: Option<Ipv4Addr>,
    pub(crate) apn: &'a str,
    pub(crate) user: &'a str,
    /// The password of a context, or the PIN.
    pub(crate) secret: &'a str,
}

/// Writes `text`, which is in [code](crate::code), with its names filled in, without a line end.
pub(crate) fn render(out: &mut Out<'_>, text: &[u8], args: &Args<'_>) {
    let [first, second] = PARTS;
    for &byte in text {
        let number = match byte {
            1 | 2 => u16::from(args.link),
            3 => args.port,
            4 | 5 => args.local,
            6 => args.len,
            7 => u16::from(args.transport == Some(Transport::Udp)),
            8 => u16::from(args.how),
            15 => {
                out.address(args.ip.unwrap_or(Ipv4Addr::UNSPECIFIED));
                continue;
            }
            _ => {
                let own = [byte];
                out.bytes(match byte {
                    9 => args.host.as_bytes(),
                    10 => args.apn.as_bytes(),
                    11 => args.user.as_bytes(),
                    12 | 13 => args.secret.as_bytes(),
                    14 => args.transport.map_or("", Transport::word).as_bytes(),
                    128 => first,
                    129 => second,
                    _ => &own,
                });
                continue;
            }
        };
        out.number(number);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::code::coded;

    #[test]
    fn names_are_filled_in() {
        let mut buf = [0; 64];
        let mut out = Out::new(&mut buf);
        let args = Args {
            link: 3,
            transport: Some(Transport::Tcp),
            host: "example.com",
            port: 8500,
            ip: Some(Ipv4Addr::new(10, 0, 0, 255)),
            ..Args::default()
        };
        render(&mut out, &coded(b"AT+CIPSTART=<n>,\"<mode>\",\"<host>\",<port>"), &args);
        render(&mut out, &coded(b" <ip>"), &args);
        let len = out.len();
        assert_eq!(&buf[..len], b"AT+CIPSTART=3,\"TCP\",\"example.com\",8500 10.0.0.255");
    }
}
