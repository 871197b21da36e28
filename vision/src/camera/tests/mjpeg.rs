//! A network camera that stalls, dies and returns, as seen through OpenCV.

use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::thread::JoinHandle;

use opencv::core::{Mat, Vec3b, Vector};

use super::*;
use crate::frames::synthetic::Stage;
use crate::source::Scene;

/// An MJPEG camera on a local port.
struct Server {
    address: SocketAddr,
    mode: Sender<Mode>,
    thread: JoinHandle<()>,
}

/// What the camera does from now on.
#[derive(Clone, Copy, PartialEq)]
enum Mode {
    /// Sends a picture every 50 ms.
    Play,
    /// Keeps the connection open and sends nothing.
    Stall,
    /// Closes everything and ends.
    Die,
}

impl Server {
    fn start(address: SocketAddr) -> Server {
        let listener = TcpListener::bind(address).unwrap();
        let address = listener.local_addr().unwrap();
        listener.set_nonblocking(true).unwrap();
        let (mode, modes) = mpsc::channel();
        let pictures = pictures();
        let thread = std::thread::spawn(move || serve(&listener, &modes, &pictures));
        Server { address, mode, thread }
    }

    fn set(&self, mode: Mode) {
        self.mode.send(mode).unwrap();
    }

    fn die(self) {
        self.set(Mode::Die);
        self.thread.join().unwrap();
    }
}

/// Two seconds of the drawn room as JPEGs.
fn pictures() -> Vec<Vec<u8>> {
    let mut stage = Stage::open(Scene::Room, Pace::Unpaced);
    let jpeg = |frame: Frame| {
        let (rows, columns) = (i32::try_from(frame.height_px()), i32::try_from(frame.width_px()));
        let picture = Mat::new_rows_cols_with_bytes::<Vec3b>(rows.unwrap(), columns.unwrap(), frame.bgr());
        let mut bytes = Vector::<u8>::new();
        assert!(opencv::imgcodecs::imencode_def(".jpg", &picture.unwrap(), &mut bytes).unwrap());
        bytes.as_slice().to_vec()
    };
    (0..20)
        .map(|_| {
            stage.advance().unwrap();
            jpeg(stage.frame().unwrap())
        })
        .collect()
}

/// Serves one client after the other; the wait for a new mode is the clock of the stream.
fn serve(listener: &TcpListener, modes: &Receiver<Mode>, pictures: &[Vec<u8>]) {
    let mut mode = Mode::Play;
    let mut client: Option<TcpStream> = None;
    for picture in pictures.iter().cycle() {
        if let Ok(wanted) = modes.recv_timeout(Duration::from_millis(50)) {
            mode = wanted;
        }
        if mode == Mode::Die {
            break;
        }
        if let Ok((stream, _)) = listener.accept() {
            client = greeted(stream);
        }
        if mode == Mode::Play
            && let Some(stream) = &mut client
            && send(stream, picture).is_err()
        {
            client = None;
        }
    }
    if let Some(stream) = client {
        let _ = stream.shutdown(Shutdown::Both);
    }
}

fn greeted(mut stream: TcpStream) -> Option<TcpStream> {
    stream.set_nonblocking(false).ok()?;
    stream.set_read_timeout(Some(DEADLINE)).ok()?;
    let mut request = [0; 1024];
    let count = stream.read(&mut request).ok()?;
    assert!(request[..count].starts_with(b"GET "), "OpenCV asks for the stream");
    stream
        .write_all(b"HTTP/1.0 200 OK\r\nContent-Type: multipart/x-mixed-replace; boundary=frame\r\n\r\n")
        .ok()?;
    Some(stream)
}

fn send(stream: &mut TcpStream, picture: &[u8]) -> std::io::Result<()> {
    let length = picture.len();
    write!(stream, "--frame\r\nContent-Type: image/jpeg\r\nContent-Length: {length}\r\n\r\n")?;
    stream.write_all(picture)?;
    stream.write_all(b"\r\n")
}

/// Reads away what is waiting, and returns how long after `since` the last fresh report came.
fn last_fresh(reports: &[(Instant, Report)], since: Instant) -> Duration {
    let fresh = reports.iter().filter(|(_, report)| is_fresh(report));
    fresh.map(|(at, _)| at.saturating_duration_since(since)).max().unwrap_or_default()
}

/// Waits for trouble and returns all reports up to it.
fn until_trouble(inbox: &Receiver<(Instant, Report)>) -> Vec<(Instant, Report)> {
    let until = Instant::now() + DEADLINE;
    let mut seen = Vec::new();
    loop {
        let next = inbox.recv_timeout(until.saturating_duration_since(Instant::now()));
        seen.push(next.expect("trouble is reported before the deadline"));
        if matches!(seen.last(), Some((_, Report::Trouble(_)))) {
            return seen;
        }
    }
}

fn until_fresh(inbox: &Receiver<(Instant, Report)>) {
    let until = Instant::now() + DEADLINE;
    while let Ok((_, report)) = inbox.recv_timeout(until.saturating_duration_since(Instant::now())) {
        if is_fresh(&report) {
            return;
        }
    }
    panic!("no fresh report before the deadline");
}

#[test]
fn an_mjpeg_camera_that_stalls_dies_and_returns_is_followed() {
    let server = Server::start(SocketAddr::from(([127, 0, 0, 1], 0)));
    let address = server.address;
    let (reports, inbox) = mpsc::channel();
    let settings = settings(&format!("http://nurse:secret@{address}/stream.mjpg"));
    let camera = Camera::spawn(settings, move |report| drop(reports.send((Instant::now(), report)))).unwrap();
    until_fresh(&inbox);

    server.set(Mode::Stall);
    let stalled = Instant::now();
    let seen = until_trouble(&inbox);
    let known = stalled.elapsed();
    assert!(known < Duration::from_secs(5), "a lost camera is known within 5 s, not {known:?}");
    assert!(last_fresh(&seen, stalled) < Duration::from_secs(3), "reports stop with the pictures");
    let Some((_, Report::Trouble(reason))) = seen.last() else { unreachable!("it ends with trouble") };
    assert!(reason.contains("no frame for") || reason.contains("stalled"), "{reason}");
    assert!(!reason.contains("secret"), "{reason}");

    server.set(Mode::Play);
    until_fresh(&inbox);

    server.die();
    let seen = until_trouble(&inbox);
    assert!(matches!(seen.last(), Some((_, Report::Trouble(reason))) if !reason.is_empty()));

    let server = Server::start(address);
    until_fresh(&inbox);
    camera.stop(DEADLINE);
    server.die();
}
