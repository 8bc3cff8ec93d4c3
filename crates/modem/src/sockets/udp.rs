//! One UDP socket.

use simcom_at::{Ipv4Addr, SocketAddrV4};
use std::io;
use std::net::{SocketAddr, UdpSocket};

use crate::net::{Notify, Socket};

/// A UDP socket, with a peer or without; it takes datagrams from anyone, the modem chooses.
#[derive(Debug)]
pub(super) struct Udp {
    /// `None`: the port was lost when the socket had to be bound anew.
    socket: Option<UdpSocket>,
    peer: Option<SocketAddrV4>,
    /// The modem takes data.
    pub ready: bool,
}

impl Udp {
    /// Bound to `bind`, unless the peer is another machine.
    pub fn open(bind: Ipv4Addr, peer: Option<SocketAddrV4>, local: u16) -> io::Result<Self> {
        let bind = match peer {
            Some(peer) if !peer.ip().is_loopback() => Ipv4Addr::UNSPECIFIED,
            Some(_) | None => bind,
        };
        Ok(Self { socket: Some(bound(bind, local)?), peer, ready: true })
    }

    pub fn local(&self) -> io::Result<SocketAddr> {
        self.socket.as_ref().map_or(Err(io::ErrorKind::NotConnected.into()), UdpSocket::local_addr)
    }

    /// Sends one datagram; the bytes taken: all or 0.
    pub fn send(&mut self, bytes: &[u8], to: Option<SocketAddrV4>) -> usize {
        let Some(to) = to.or(self.peer) else { return 0 };
        if !to.ip().is_loopback() {
            self.reach_out();
        }
        let sent = self.socket.as_ref().map(|socket| socket.send_to(bytes, to));
        matches!(sent, Some(Ok(_))).then_some(bytes.len()).unwrap_or_default()
    }

    pub fn read(&mut self, socket: Socket, buffer: &mut [u8]) -> Option<Notify> {
        if !self.ready {
            return None;
        }
        match self.socket.as_ref()?.recv_from(buffer) {
            Ok((len, SocketAddr::V4(from))) => {
                Some(Notify::Data { socket, bytes: buffer.get(..len)?.to_vec(), from: Some(from) })
            }
            Ok((_, SocketAddr::V6(_))) | Err(_) => None,
        }
    }

    /// A socket bound to the loopback address cannot send to other machines: it is bound anew, with the same port.
    fn reach_out(&mut self) {
        if let Ok(SocketAddr::V4(local)) = self.local()
            && local.ip().is_loopback()
        {
            self.socket = None;
            self.socket = bound(Ipv4Addr::UNSPECIFIED, local.port()).ok();
        }
    }
}

fn bound(address: Ipv4Addr, port: u16) -> io::Result<UdpSocket> {
    let socket = UdpSocket::bind(SocketAddrV4::new(address, port))?;
    socket.set_nonblocking(true)?;
    Ok(socket)
}
