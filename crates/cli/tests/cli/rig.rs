//! What the tests of `simcom nc` need: a module in this process that things happen to, a peer with a script, a program
//! that runs while they do.

use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, Shutdown, TcpListener, TcpStream};
use std::process::{Child, ChildStdin, Stdio};
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use simcom_at::{Dialect, Instant as Time};
use simcom_modem::net::Network as _;
use simcom_modem::sockets::Sockets;
use simcom_modem::{Modem, Profile};

use crate::simcom;

/// How long anything may take.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// Waits until it is so.
pub fn until(what: &str, mut is_so: impl FnMut() -> bool) {
    let end = Instant::now() + PATIENCE;
    while !is_so() {
        assert!(Instant::now() < end, "{what}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

type Happening = Box<dyn FnOnce(&mut Modem, Time) + Send>;

/// A module with real sockets, behind a TCP port of this process.
pub struct Module {
    /// For `--port`.
    pub place: String,
    happenings: Sender<Happening>,
}

impl Module {
    pub fn start(dialect: Dialect) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let place = format!("tcp:{}", listener.local_addr().unwrap());
        let (happenings, happen) = mpsc::channel();
        std::thread::spawn(move || serve(dialect, &listener, &happen));
        Self { place, happenings }
    }

    pub fn does(&self, happening: impl FnOnce(&mut Modem, Time) + Send + 'static) {
        self.happenings.send(Box::new(happening)).unwrap();
    }
}

fn serve(dialect: Dialect, listener: &TcpListener, happen: &Receiver<Happening>) {
    let start = Instant::now();
    let now = || Time::from_millis(u32::try_from(start.elapsed().as_millis()).unwrap());
    let mut modem = Modem::new(Profile::new(dialect), now());
    let mut sockets = Sockets::new();
    let (mut line, _) = listener.accept().unwrap();
    line.set_read_timeout(Some(Duration::from_millis(1))).unwrap();
    let mut buffer = [0; 4096];
    loop {
        let mut host = match line.read(&mut buffer) {
            Ok(0) => return,
            Ok(len) => &buffer[..len],
            Err(_) => &[],
        };
        for happening in happen.try_iter() {
            happening(&mut modem, now());
        }
        let mut moves = true;
        while moves {
            moves = false;
            while let Some(request) = modem.poll(now(), &mut host) {
                sockets.request(now(), request);
                moves = true;
            }
            while let Some(arrival) = sockets.poll(now()) {
                modem.arrival(now(), arrival);
                moves = true;
            }
        }
        let len = modem.transmit().len();
        if line.write_all(modem.transmit()).is_err() {
            return;
        }
        modem.transmitted(now(), len);
    }
}

/// A server that collects what each of its connections gets.
pub struct Peer {
    pub port: u16,
    connections: Arc<Mutex<Vec<Connection>>>,
}

/// One connection.
struct Connection {
    stream: TcpStream,
    got: Vec<u8>,
    is_over: bool,
}

impl Peer {
    pub fn start() -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let connections = Arc::new(Mutex::new(Vec::new()));
        let shared = Arc::clone(&connections);
        std::thread::spawn(move || {
            for (index, stream) in listener.incoming().flatten().enumerate() {
                let mut reader = stream.try_clone().unwrap();
                shared.lock().unwrap().push(Connection { stream, got: Vec::new(), is_over: false });
                let shared = Arc::clone(&shared);
                std::thread::spawn(move || {
                    let mut buffer = [0; 4096];
                    while let Ok(len @ 1..) = reader.read(&mut buffer) {
                        shared.lock().unwrap()[index].got.extend_from_slice(&buffer[..len]);
                    }
                    shared.lock().unwrap()[index].is_over = true;
                });
            }
        });
        Self { port, connections }
    }

    pub fn connections(&self) -> usize {
        self.connections.lock().unwrap().len()
    }

    pub fn got(&self, index: usize) -> Vec<u8> {
        self.connections.lock().unwrap().get(index).map_or(Vec::new(), |it| it.got.clone())
    }

    pub fn is_over(&self, index: usize) -> bool {
        self.connections.lock().unwrap().get(index).is_some_and(|it| it.is_over)
    }

    pub fn send(&self, index: usize, bytes: &[u8]) {
        self.connections.lock().unwrap()[index].stream.write_all(bytes).unwrap();
    }

    pub fn close(&self, index: usize) {
        self.connections.lock().unwrap()[index].stream.shutdown(Shutdown::Both).unwrap();
    }
}

/// A `simcom` that runs.
pub struct Running {
    child: Child,
    stdin: Option<ChildStdin>,
    stdout: Arc<Mutex<Vec<u8>>>,
    stderr: Arc<Mutex<Vec<u8>>>,
}

impl Running {
    pub fn start(args: &[&str]) -> Self {
        let mut child = simcom(args).stdin(Stdio::piped()).spawn().unwrap();
        let stdin = child.stdin.take();
        let stdout = collect(child.stdout.take().unwrap());
        let stderr = collect(child.stderr.take().unwrap());
        Self { child, stdin, stdout, stderr }
    }

    pub fn give(&mut self, bytes: &[u8]) {
        let stdin = self.stdin.as_mut().unwrap();
        stdin.write_all(bytes).unwrap();
        stdin.flush().unwrap();
    }

    pub fn end_stdin(&mut self) {
        self.stdin = None;
    }

    pub fn signal(&self, name: &str) {
        let pid = self.child.id().to_string();
        assert!(std::process::Command::new("kill").args([name, &pid]).status().unwrap().success());
    }

    pub fn stdout(&self) -> Vec<u8> {
        self.stdout.lock().unwrap().clone()
    }

    pub fn stderr(&self) -> String {
        String::from_utf8_lossy(&self.stderr.lock().unwrap()).into_owned()
    }

    /// Waits for its end; gives the exit code.
    pub fn wait(&mut self) -> Option<i32> {
        let mut code = None;
        until("the end of the program", || {
            code = self.child.try_wait().unwrap();
            code.is_some()
        });
        code.and_then(|status| status.code())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn collect(mut pipe: impl std::io::Read + Send + 'static) -> Arc<Mutex<Vec<u8>>> {
    let all = Arc::new(Mutex::new(Vec::new()));
    let shared = Arc::clone(&all);
    std::thread::spawn(move || {
        let mut buffer = [0; 4096];
        while let Ok(len @ 1..) = pipe.read(&mut buffer) {
            shared.lock().unwrap().extend_from_slice(&buffer[..len]);
        }
    });
    all
}
