//! `socat` over a transparent link: `chat(8)` dials, then every byte is payload.

use std::io::{Read, Write};
use std::process::Stdio;
use std::sync::mpsc;
use std::thread;
use std::time::Instant;

use super::{LIMIT, dialogue, echo_server, payload};
use crate::shell::{Fallible, command, typed};

/// Bytes that are moved each way.
const BYTES: usize = 1024 * 1024;

/// Whether the dialect has a transparent mode.
pub fn speaks(dialect: &str) -> bool {
    !matches!(dialect, "kingcom" | "rda8955")
}

/// Opens a transparent link to an echo server, and moves the bytes there and back.
pub fn start(dialect: &str, pty: &str) -> Fallible {
    dial(dialect, pty, echo_server()?)?;
    let mut socat = command("socat", &["-b", "4096", "STDIO"]);
    socat.arg(format!("OPEN:{pty},rawer,noctty")).stdin(Stdio::piped()).stdout(Stdio::piped());
    println!("$ {} < {BYTES} bytes", typed(&socat));
    let begun = Instant::now();
    let mut socat = socat.spawn()?;
    let (mut stdin, mut stdout) = socat.stdin.take().zip(socat.stdout.take()).ok_or("socat has no pipes")?;
    let bytes: Vec<u8> = payload().take(BYTES).collect();
    let there = bytes.clone();
    // Kept open: at the end of its input, socat would not wait for the rest of the echo.
    let writer = thread::spawn(move || stdin.write_all(&there).map(|()| stdin));
    let (sender, back) = mpsc::channel();
    thread::spawn(move || {
        let mut back = vec![0; BYTES];
        let mut len = 0;
        while let Ok(n @ 1..) = stdout.read(&mut back[len..]) {
            len += n;
        }
        back.truncate(len);
        sender.send(back)
    });
    let back = back.recv_timeout(LIMIT);
    socat.kill()?;
    socat.wait()?;
    let _ = writer.join();
    let back = back.map_err(|_| format!("socat took longer than {} s", LIMIT.as_secs()))?;
    if back != bytes {
        let same = back.iter().zip(&bytes).take_while(|(left, right)| left == right).count();
        let came = back.len();
        return Err(format!("socat: {BYTES} bytes sent, {came} came back, the first {same} equal").into());
    }
    println!("{dialect}: socat moved {BYTES} bytes each way in {:.1} s", begun.elapsed().as_secs_f32());
    Ok(())
}

/// The set-up dialogue, up to the end of the line that begins data mode.
fn dial(dialect: &str, pty: &str, port: u16) -> Fallible {
    let start = format!("AT+CIPSTART=\"TCP\",\"127.0.0.1\",\"{port}\"");
    let open = format!("AT+CIPOPEN=0,\"TCP\",\"127.0.0.1\",{port}");
    let context = ["AT+CSTT=\"internet\"", "OK", "AT+CIICR", "OK", "AT+CIFSR", "10.0.0.2"];
    let (before, open, end): (&[&str], _, _) = match dialect {
        "a7600" => (&["AT+NETOPEN", "+NETOPEN: 0"], &open, "CONNECT 115200\\r\\n"),
        // This one brings the context up by itself.
        "sim800e" => (&[], &start, "CONNECT\\r\\n"),
        _ => (&context, &start, "CONNECT\\r\\n"),
    };
    dialogue(pty, &[&["AT+CIPMODE=1", "OK"], before, &[open, end, "\\c"]].concat())
}
