//! The peers of the demo, on this machine: an echo over TCP, an echo over UDP, and one that sends and hangs up.

use std::io::{self, Read as _, Write as _};
use std::net::{Ipv4Addr, TcpListener, TcpStream, UdpSocket};
use std::time::Duration;

/// The ports of the servers. They run until the program ends.
#[derive(Clone, Copy, Debug)]
pub struct Servers {
    /// Sends back what it gets.
    pub echo: u16,
    /// Sends back each datagram.
    pub udp_echo: u16,
    /// Sends [`burst`] a moment after the connect, and closes.
    pub burst: u16,
}

/// What the burst server sends: fits any module's buffer, so that the close is seen while it is unread.
pub fn burst() -> Vec<u8> {
    super::payload::nasty(2000, 99, true)
}

/// The time a module has to say that it does not want data yet.
const BEFORE_BURST: Duration = Duration::from_millis(300);

impl Servers {
    /// Starts them on free ports.
    pub fn start() -> io::Result<Self> {
        let (echo, echo_listener) = listen()?;
        let (burst, burst_listener) = listen()?;
        let udp = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0))?;
        let udp_echo = udp.local_addr()?.port();
        std::thread::spawn(move || each(&echo_listener, serve_echo));
        std::thread::spawn(move || each(&burst_listener, serve_burst));
        std::thread::spawn(move || serve_udp(&udp));
        Ok(Self { echo, udp_echo, burst })
    }
}

fn listen() -> io::Result<(u16, TcpListener)> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    Ok((listener.local_addr()?.port(), listener))
}

fn each(listener: &TcpListener, serve: fn(TcpStream) -> io::Result<()>) {
    for stream in listener.incoming().flatten() {
        // A connection that breaks is seen on the other side.
        std::thread::spawn(move || serve(stream));
    }
}

fn serve_echo(mut stream: TcpStream) -> io::Result<()> {
    // Reads on while it writes, so that a peer which sends before it reads does not block itself.
    let (sender, pieces) = std::sync::mpsc::channel::<Vec<u8>>();
    let mut writer = stream.try_clone()?;
    let back = std::thread::spawn(move || pieces.iter().try_for_each(|piece| writer.write_all(&piece)));
    let mut buffer = [0; 4096];
    loop {
        let len = stream.read(&mut buffer)?;
        if len == 0 || sender.send(buffer[..len].to_vec()).is_err() {
            break;
        }
    }
    drop(sender);
    // The rest is written before the connection closes.
    let _ = back.join();
    Ok(())
}

fn serve_burst(mut stream: TcpStream) -> io::Result<()> {
    std::thread::sleep(BEFORE_BURST);
    stream.write_all(&burst())
}

fn serve_udp(socket: &UdpSocket) {
    let mut buffer = [0; 2048];
    while let Ok((len, from)) = socket.recv_from(&mut buffer) {
        let _ = socket.send_to(&buffer[..len], from);
    }
}
