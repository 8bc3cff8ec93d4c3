//! The peers of the demo, on this machine: echoes over TCP and UDP, one that sends and hangs up, one that hangs up when
//! told to, and a client.

use std::io::{self, Read as _, Write as _};
use std::net::{Ipv4Addr, Shutdown, TcpListener, TcpStream, UdpSocket};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// The ports of the servers. They run until the program ends.
#[derive(Clone, Copy, Debug)]
pub struct Servers {
    /// Sends back what it gets.
    pub echo: u16,
    /// Sends back each datagram.
    pub udp_echo: u16,
    /// The same, another one.
    pub other_udp_echo: u16,
    /// Sends back what it gets, and closes behind [`FAREWELL`].
    pub parting: u16,
    /// Sends [`burst`] a moment after the connect, and closes.
    pub burst: u16,
}

/// What makes the parting server close.
pub const FAREWELL: &[u8] = b"\r\nfarewell\r\n";

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
        let (parting, parting_listener) = listen()?;
        let (udp_echo, udp) = datagrams()?;
        let (other_udp_echo, other_udp) = datagrams()?;
        std::thread::spawn(move || each(&echo_listener, serve_echo));
        std::thread::spawn(move || each(&burst_listener, serve_burst));
        std::thread::spawn(move || each(&parting_listener, serve_parting));
        std::thread::spawn(move || serve_udp(&udp));
        std::thread::spawn(move || serve_udp(&other_udp));
        Ok(Self { echo, udp_echo, other_udp_echo, parting, burst })
    }
}

fn listen() -> io::Result<(u16, TcpListener)> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    Ok((listener.local_addr()?.port(), listener))
}

fn datagrams() -> io::Result<(u16, UdpSocket)> {
    let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0))?;
    Ok((socket.local_addr()?.port(), socket))
}

fn each(listener: &TcpListener, serve: fn(TcpStream) -> io::Result<()>) {
    for stream in listener.incoming().flatten() {
        // A connection that breaks is seen on the other side.
        std::thread::spawn(move || serve(stream));
    }
}

fn serve_echo(stream: TcpStream) -> io::Result<()> {
    echo_until(stream, |_| false)
}

fn serve_parting(stream: TcpStream) -> io::Result<()> {
    let mut tail = Vec::new();
    echo_until(stream, move |piece| {
        tail.extend_from_slice(piece);
        tail.drain(..tail.len().saturating_sub(FAREWELL.len()));
        tail == FAREWELL
    })
}

fn echo_until(mut stream: TcpStream, mut is_over: impl FnMut(&[u8]) -> bool) -> io::Result<()> {
    // Reads on while it writes, so that a peer which sends before it reads does not block itself.
    let (sender, pieces) = std::sync::mpsc::channel::<Vec<u8>>();
    let mut writer = stream.try_clone()?;
    let back = std::thread::spawn(move || pieces.iter().try_for_each(|piece| writer.write_all(&piece)));
    let mut buffer = [0; 4096];
    loop {
        let len = stream.read(&mut buffer)?;
        if len == 0 || sender.send(buffer[..len].to_vec()).is_err() || is_over(&buffer[..len]) {
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

/// A client that connects to the module.
pub struct Client {
    stream: TcpStream,
    seen: Arc<Mutex<Seen>>,
}

/// What a client has got.
#[derive(Default)]
struct Seen {
    bytes: Vec<u8>,
    is_over: bool,
}

impl Client {
    /// Connects to a port of this machine; its thread collects what comes.
    pub fn connect(port: u16) -> io::Result<Self> {
        let stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port))?;
        let seen = Arc::new(Mutex::new(Seen::default()));
        let (mut reader, collected) = (stream.try_clone()?, Arc::clone(&seen));
        std::thread::spawn(move || {
            let mut buffer = [0; 4096];
            while let Ok(len @ 1..) = reader.read(&mut buffer) {
                locked(&collected).bytes.extend_from_slice(&buffer[..len]);
            }
            locked(&collected).is_over = true;
        });
        Ok(Self { stream, seen })
    }

    /// Sends; so little that it fits the buffers between here and the module.
    pub fn send(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.stream.write_all(bytes)
    }

    /// What has come.
    pub fn received(&self) -> Vec<u8> {
        locked(&self.seen).bytes.clone()
    }

    /// Whether the module has closed.
    pub fn is_over(&self) -> bool {
        locked(&self.seen).is_over
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        // The thread that reads ends too.
        let _ = self.stream.shutdown(Shutdown::Both);
    }
}

fn locked(seen: &Mutex<Seen>) -> MutexGuard<'_, Seen> {
    seen.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A TCP port that nobody listens on.
pub fn free_port() -> io::Result<u16> {
    listen().map(|(port, _)| port)
}
