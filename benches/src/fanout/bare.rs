//! The floor: a server that does nothing but write. One thread; for each line on its control connection one text
//! frame, written to each client with one call. No protocol, no state, no answer.

use std::io::{self, BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc;

use super::frame;

const GREETING: &[u8] = br#"{"type":"connected"}"#;

/// Serves until the control connection ends. Prints the clients' port and the control port first.
pub(crate) fn serve(out: &mut impl Write) -> anyhow::Result<()> {
    let clients = TcpListener::bind("127.0.0.1:0")?;
    let control = TcpListener::bind("127.0.0.1:0")?;
    writeln!(out, "{} {}", clients.local_addr()?.port(), control.local_addr()?.port())?;
    out.flush()?;
    let (sender, arrived) = mpsc::channel();
    // Ends with the process.
    std::thread::spawn(move || accept(&clients, &sender));
    let (control, _) = control.accept()?;
    control.set_nodelay(true)?;
    let mut lines = BufReader::new(control);
    let (mut sockets, mut line) = (Vec::new(), Vec::new());
    while lines.read_until(b'\n', &mut line)? > 0 {
        sockets.extend(arrived.try_iter());
        let frame = frame::text(line.strip_suffix(b"\n").unwrap_or(&line));
        sockets.retain_mut(|socket: &mut TcpStream| socket.write_all(&frame).is_ok());
        line.clear();
    }
    Ok(())
}

/// Greets whoever comes, after it has its place: who was greeted hears every later line.
fn accept(clients: &TcpListener, arrived: &mpsc::Sender<TcpStream>) {
    for socket in clients.incoming() {
        // One that has gone already is not missed.
        let Ok((socket, mut voice)) = socket.and_then(doubled) else { continue };
        if arrived.send(socket).is_err() {
            return;
        }
        drop(voice.write_all(&frame::text(GREETING)));
    }
}

fn doubled(socket: TcpStream) -> io::Result<(TcpStream, TcpStream)> {
    socket.set_nodelay(true)?;
    let voice = socket.try_clone()?;
    Ok((socket, voice))
}
