//! Row text with its `<name>`s filled in.

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

/// Writes `text` with its names filled in, without a line end.
pub(crate) fn render(out: &mut Out<'_>, text: &str, args: &Args<'_>) {
    let mut rest = text.as_bytes();
    while let Some((&byte, behind)) = rest.split_first() {
        rest = behind;
        if byte != b'<' {
            out.byte(byte);
            continue;
        }
        let len = rest.iter().position(|b| *b == b'>').unwrap_or(rest.len());
        let name = rest.get(..len).unwrap_or_default();
        rest = rest.get(len + 1..).unwrap_or_default();
        match name {
            b"n" | b"server" => out.number(u16::from(args.link)),
            b"mode" => out.bytes(args.transport.map_or("", Transport::word).as_bytes()),
            b"host" => out.bytes(args.host.as_bytes()),
            b"port" => out.number(args.port),
            b"local" => out.number(args.local),
            b"type" => out.number(u16::from(args.transport == Some(Transport::Udp))),
            b"backlog" => out.number(args.local),
            b"len" => out.number(args.len),
            b"how" => out.number(u16::from(args.how)),
            b"apn" => out.bytes(args.apn.as_bytes()),
            b"user" => out.bytes(args.user.as_bytes()),
            b"password" | b"pin" => out.bytes(args.secret.as_bytes()),
            b"ip" => out.address(args.ip.unwrap_or(Ipv4Addr::UNSPECIFIED)),
            _ => out.bytes(name),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
        render(&mut out, "AT+CIPSTART=<n>,\"<mode>\",\"<host>\",<port>", &args);
        render(&mut out, " <ip>", &args);
        let len = out.len();
        assert_eq!(&buf[..len], b"AT+CIPSTART=3,\"TCP\",\"example.com\",8500 10.0.0.255");
    }
}
