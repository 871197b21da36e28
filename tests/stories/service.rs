//! As a systemd service: ready when it serves, alive while the writer is, stopping when it stops.

use std::os::unix::net::UnixDatagram;

use harness::{SOON, Setup};

#[test]
fn systemd_hears_of_ready_of_each_sign_of_life_and_of_the_end() {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let path = folder.path().join("notify");
    let systemd = UnixDatagram::bind(&path).expect("the socket can be bound");
    systemd.set_read_timeout(Some(SOON)).expect("the socket takes a deadline");
    let setup = Setup::without_cameras("").env("NOTIFY_SOCKET", &path).env("WATCHDOG_USEC", "600000");
    let hear = |wanted: &str| {
        let mut bytes = [0; 256];
        loop {
            let length =
                systemd.recv(&mut bytes).unwrap_or_else(|error| panic!("{wanted} did not come: {error}"));
            if String::from_utf8_lossy(&bytes[..length]).lines().any(|line| line == wanted) {
                return;
            }
        }
    };
    let gateway = setup.start();
    hear("READY=1");
    hear("WATCHDOG=1");
    hear("WATCHDOG=1");
    gateway.signal("TERM");
    hear("STOPPING=1");
    assert!(gateway.stop().success());
}
