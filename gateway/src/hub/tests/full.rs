//! Sockets that take a part of a delivery, or nothing, or are gone.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use bytes::Bytes;
use rustix::net::sockopt;
use rustls::crypto::ring;
use rustls::pki_types::{PrivatePkcs8KeyDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, ServerConfig, ServerConnection, StreamOwned};

use super::delivery::{connection, fan_out, follow_to, subjects, welcome};
use super::{Parts, parts};
use crate::domain::event::Seq;
use crate::hub::close::Close;
use crate::hub::connection::Client;
use crate::hub::fanout::FanOut;
use crate::hub::outbox::Piece;
use crate::hub::socket::Socket;

/// Little enough that some dozen events fill it. The system doubles it, and has a least of its own.
const SYSTEM_BYTES: usize = 4_096;
/// Far more than what fits.
const ALARMS_MAX: usize = 20_000;

/// A plain connection on which little is on its way at a time.
fn narrow() -> (TcpStream, TcpStream) {
    let (stream, peer) = connection();
    sockopt::set_socket_send_buffer_size(&stream, SYSTEM_BYTES).unwrap();
    sockopt::set_socket_recv_buffer_size(&peer, SYSTEM_BYTES).unwrap();
    (stream, peer)
}

/// The same through TLS.
fn encrypted() -> (Socket, StreamOwned<ClientConnection, TcpStream>) {
    let made = rcgen::generate_simple_self_signed(vec!["localhost".into()]).unwrap();
    let key = PrivatePkcs8KeyDer::from(made.signing_key.serialize_der()).into();
    let provider = Arc::new(ring::default_provider());
    let server = ServerConfig::builder_with_provider(provider.clone()).with_safe_default_protocol_versions();
    let server = server.unwrap().with_no_client_auth().with_single_cert(vec![made.cert.der().clone()], key);
    let mut roots = RootCertStore::empty();
    roots.add(made.cert.der().clone()).unwrap();
    let client = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    let client = client.with_root_certificates(roots).with_no_client_auth();
    let name = ServerName::try_from("localhost").unwrap();

    let (mut stream, mut peer) = narrow();
    let mut server = ServerConnection::new(Arc::new(server.unwrap())).unwrap();
    let mut client = ClientConnection::new(Arc::new(client), name).unwrap();
    stream.set_nonblocking(false).unwrap();
    thread::scope(|scope| {
        scope.spawn(|| client.complete_io(&mut peer).unwrap());
        while server.is_handshaking() {
            server.complete_io(&mut stream).unwrap();
        }
    });
    stream.set_nonblocking(true).unwrap();
    (Socket::tls(stream, server), StreamOwned::new(client, peer))
}

/// Delivers alarms, `at_once` in each delivery, until the client of key 0 has not taken everything. Returns how many.
async fn deliver_until_full(parts: &Parts, fan_out: &mut FanOut, at_once: usize) -> usize {
    for from in (0..ALARMS_MAX).step_by(at_once) {
        follow_to(fan_out, parts.raise_each(from..from + at_once).await);
        let Client { socket, cohort, connection } = &fan_out.clients[0];
        let has_all = socket.is_flushed() && connection.outbox.is_empty();
        assert_eq!(cohort.is_some(), has_all, "who is up to date has everything, and nobody else is");
        assert_eq!(fan_out.watched.contains(&0), !has_all, "who takes nothing more is on its way to be cut");
        if !has_all {
            return from + at_once;
        }
    }
    panic!("{ALARMS_MAX} alarms fit");
}

/// What the client of `key` hears, served until it is up to date again.
fn hear(fan_out: &mut FanOut, key: usize, peer: &mut impl Read) -> Vec<String> {
    const END: &[u8] = b"the end";
    let (mut heard, mut buffer) = (Vec::new(), [0; 1_024]);
    let mut is_up_to_date = false;
    while !(is_up_to_date && heard.windows(END.len()).any(|it| it == END)) {
        fan_out.with(key, |client, cx| {
            if client.cohort.is_some() && !std::mem::replace(&mut is_up_to_date, true) {
                client.connection.outbox.push(Piece::Bytes(Bytes::from_static(END)));
            }
            client.serve(cx)
        });
        let taken = peer.read(&mut buffer).unwrap();
        heard.extend_from_slice(&buffer[..taken]);
    }
    let mut subjects = subjects(&String::from_utf8_lossy(&heard));
    subjects.sort_by_key(|number| number.parse::<usize>().unwrap());
    subjects
}

/// The numbers from 0 to before `end`, as text.
fn numbers(end: usize) -> Vec<String> {
    (0..end).map(|number| number.to_string()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn who_takes_a_part_of_a_delivery_gets_the_rest_once() {
    for at_once in [1, 7, 100] {
        let parts = parts();
        let mut fan_out = fan_out(&parts);
        let (stream, mut peer) = narrow();
        welcome(&mut fan_out, Socket::plain(stream)).await;
        let raised = deliver_until_full(&parts, &mut fan_out, at_once).await;
        follow_to(&mut fan_out, parts.raise_each(raised..raised + 5).await);
        assert_eq!(hear(&mut fan_out, 0, &mut peer), numbers(raised + 5), "{at_once} at once");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_tls_could_not_send_yet_is_not_sent() {
    let parts = parts();
    let mut fan_out = fan_out(&parts);
    let (socket, mut peer) = encrypted();
    welcome(&mut fan_out, socket).await;
    let raised = deliver_until_full(&parts, &mut fan_out, 1).await;
    assert!(fan_out.clients[0].connection.outbox.is_empty(), "TLS has taken it all");
    follow_to(&mut fan_out, parts.raise_each(raised..raised + 5).await);
    assert_eq!(hear(&mut fan_out, 0, &mut peer), numbers(raised + 5));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slow_reader_is_no_stuck_one_while_tls_takes_more() {
    let parts = parts();
    let mut fan_out = fan_out(&parts);
    let (socket, mut peer) = encrypted();
    welcome(&mut fan_out, socket).await;
    let raised = deliver_until_full(&parts, &mut fan_out, 1).await;
    follow_to(&mut fan_out, parts.raise_each(raised..raised + 200).await);
    let close_after = |fan_out: &mut FanOut, step: Duration| {
        fan_out.cx.now += step;
        fan_out.clients[0].connection.check_lag(&fan_out.cx).err()
    };
    assert_eq!(close_after(&mut fan_out, Duration::from_secs(3)), None);
    while !fan_out.clients[0].socket.flush().unwrap() {
        peer.read_exact(&mut [0; 256]).unwrap();
    }
    fan_out.with(0, Client::serve);
    assert!(fan_out.clients[0].connection.is_full(), "there is more than fits");
    assert_eq!(close_after(&mut fan_out, Duration::from_secs(3)), None);
    assert_eq!(close_after(&mut fan_out, Duration::from_secs(3)), Some(Close::TooSlow));
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_lost_in_the_middle_of_a_delivery_disturbs_nobody() {
    let parts = parts();
    let mut fan_out = fan_out(&parts);
    let (lost, mut its_peer) = narrow();
    let (stays, mut peer) = connection();
    welcome(&mut fan_out, Socket::plain(lost)).await;
    welcome(&mut fan_out, Socket::plain(stays)).await;
    its_peer.write_all(b"nobody reads this").unwrap();
    // With something unread, the end of a socket is a reset of the connection.
    let mut begun = [0; 1];
    its_peer.read_exact(&mut begun).unwrap();
    drop(its_peer);
    follow_to(&mut fan_out, parts.raise(3).await);
    assert_eq!(fan_out.clients.iter().map(|(key, _)| key).collect::<Vec<_>>(), [1]);
    assert_eq!(fan_out.clients[1].cohort.map(|_| fan_out.cx.head.seq), Some(Seq(3)));
    assert_eq!(hear(&mut fan_out, 1, &mut peer), numbers(3));
}
