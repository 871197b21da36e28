//! RFC 6455, rule by rule, as far as we rely on it: what a peer may do is understood, what it must not do ends its
//! connection with the documented code, and nobody else notices.

use harness::{
    BINARY, CLOSE, CONTINUATION, Client, End, FIN, Gateway, PING, PONG, Peer, Setup, TEXT, Wire, masked,
};
use serde_json::json;

const PING_FRAME: &[u8] = br#"{"type":"ping"}"#;

fn gateway() -> Gateway {
    Setup::without_cameras("").start()
}

fn peer(gateway: &Gateway) -> Peer {
    Peer::connect(gateway.port())
}

/// A client that hears of every change, and asserts in the end that it was not disturbed.
struct Bystander(Client);

impl Bystander {
    fn of(gateway: &Gateway) -> Self {
        let mut client = gateway.connect();
        client.subscribe("facility");
        Self(client)
    }

    fn assert_undisturbed(mut self, gateway: &Gateway) {
        for status in ["occupied", "needs_cleaning", "available"] {
            assert_eq!(
                gateway.http().put("/api/rooms/room-1/status", &json!({ "status": status })).status,
                200
            );
            assert_eq!(self.0.frame()["data"]["status"], status);
        }
    }
}

/// Sends each of `cases` on a connection of its own, and asserts how the gateway ends it.
fn assert_ends(cases: &[(&str, Vec<u8>)], allowed: &[End]) {
    let gateway = gateway();
    let bystander = Bystander::of(&gateway);
    for (what, bytes) in cases {
        let mut peer = peer(&gateway);
        assert!(peer.write(bytes), "{what}: the gateway takes bytes");
        let end = peer.end();
        assert!(allowed.contains(&end), "{what}: {end:?}, not one of {allowed:?}");
    }
    bystander.assert_undisturbed(&gateway);
}

/// A frame that announces `length`, in the long form, and has nothing behind its mask.
fn announcing(length: u64) -> Vec<u8> {
    [&[FIN | TEXT, 0x80 | 127][..], &length.to_be_bytes(), &[0; 4]].concat()
}

#[test]
fn a_broken_frame_closes_with_4400() {
    let unmasked = [&[FIN | TEXT, 15][..], PING_FRAME].concat();
    let mut cases = vec![
        ("a frame without a mask", unmasked),
        ("a ping in fragments", masked(PING, b"a")),
        ("a close in fragments", masked(CLOSE, &1000_u16.to_be_bytes())),
        ("a ping of 126 bytes", masked(FIN | PING, &[0; 126])),
        ("a close of 126 bytes", masked(FIN | CLOSE, &[&1000_u16.to_be_bytes()[..], &[b'x'; 124]].concat())),
        ("a continuation of nothing", masked(FIN | CONTINUATION, PING_FRAME)),
        ("a message within a message", [masked(TEXT, b"{"), masked(FIN | TEXT, PING_FRAME)].concat()),
        ("bytes within a message", [masked(TEXT, b"{"), masked(FIN | BINARY, PING_FRAME)].concat()),
    ];
    for (what, bit) in [("the first reserved bit", 0x40), ("the second", 0x20), ("the third", 0x10)] {
        cases.push((what, masked(FIN | bit | TEXT, PING_FRAME)));
        cases.push((what, masked(FIN | bit | PING, b"")));
    }
    for opcode in (3..8).chain(11..16) {
        cases.push(("an unknown opcode", masked(FIN | opcode, b"")));
    }
    assert_ends(&cases, &[End::Code(4400)]);
}

#[test]
fn a_text_that_is_no_utf_8_closes_with_4400() {
    let split = |head: &[u8], tail: &[u8]| [masked(TEXT, head), masked(FIN | CONTINUATION, tail)].concat();
    let cases = vec![
        ("a byte that never occurs", masked(FIN | TEXT, b"{\"type\":\"\xff\"}")),
        ("an overlong form", masked(FIN | TEXT, b"{\"type\":\"\xc0\xaf\"}")),
        ("a surrogate", masked(FIN | TEXT, b"{\"type\":\"\xed\xa0\x80\"}")),
        ("a letter that is cut off", masked(FIN | TEXT, b"{\"type\":\"\xc3")),
        ("a letter that goes wrong in the next fragment", split(b"{\"type\":\"\xe2\x82", b"\"}")),
        ("a letter that is cut off in the last fragment", split(b"{\"type\":\"", b"\xe2\x82")),
    ];
    assert_ends(&cases, &[End::Code(4400)]);
}

#[test]
fn a_broken_close_frame_is_no_farewell() {
    let close = |code: u16, reason: &[u8]| masked(FIN | CLOSE, &[&code.to_be_bytes()[..], reason].concat());
    let mut cases =
        vec![("half a code", masked(FIN | CLOSE, &[3])), ("a reason that is no UTF-8", close(1000, b"\xff"))];
    for code in [0, 999, 1004, 1005, 1006, 1015, 2999, 5000, u16::MAX] {
        cases.push(("a code that is never sent", close(code, b"")));
    }
    // 1002 is the standard's own word for it, 4400 is the hub's.
    assert_ends(&cases, &[End::Code(4400), End::Code(1002)]);
}

#[test]
fn a_length_that_is_too_large_is_refused_by_its_announcement() {
    let limit = 64 * 1024;
    let over = |first, length: u64| [&[first, 0x80 | 127][..], &length.to_be_bytes(), &[0; 4]].concat();
    let half = vec![b' '; limit / 2 + 1];
    let cases = vec![
        ("one byte too many", announcing(limit as u64 + 1)),
        ("a terabyte", announcing(1 << 40)),
        ("all there is", announcing((1 << 63) - 1)),
        ("a terabyte of bytes", over(FIN | BINARY, 1 << 40)),
        ("a terabyte of a fragment", [masked(TEXT, b"{"), over(CONTINUATION, 1 << 40)].concat()),
        ("two fragments", [masked(TEXT, &half), masked(FIN | CONTINUATION, &half)].concat()),
    ];
    assert_ends(&cases, &[End::Code(4413)]);
}

#[test]
fn a_length_with_its_highest_bit_set_is_refused() {
    let cases = vec![("the highest bit alone", announcing(1 << 63)), ("every bit", announcing(u64::MAX))];
    assert_ends(&cases, &[End::Code(4400), End::Code(4413)]);
}

#[test]
fn every_form_of_a_good_frame_is_understood() {
    let gateway = Setup::without_cameras("[hub]\nframes_per_s = 1000").start();
    let mut peer = peer(&gateway);
    let padded = |length: usize| {
        let room = length - r#"{"type":"ping","data":""}"#.len();
        format!(r#"{{"type":"ping","data":"{}"}}"#, "x".repeat(room)).into_bytes()
    };
    for length in [25, 125, 126, 127, 65_535, 65_536] {
        peer.send(FIN | TEXT, &padded(length));
        assert_eq!(peer.text()["type"], "pong", "{length} bytes");
    }
    assert!(masked(FIN | TEXT, PING_FRAME).iter().all(|byte| peer.write(&[*byte])));
    assert_eq!(peer.text()["type"], "pong", "a frame that comes byte by byte");
    let many: Vec<_> = (0..20).flat_map(|_| masked(FIN | TEXT, PING_FRAME)).collect();
    assert!(peer.write(&many));
    (0..20).for_each(|n| assert_eq!(peer.text()["type"], "pong", "{n} of 20 frames in one write"));
    // A letter of three bytes, divided at each of its bytes, with fragments of nothing between.
    let text = r#"{"id":"€","type":"ping"}"#.as_bytes();
    for at in 7..10 {
        peer.send(TEXT, &text[..at]);
        peer.send(CONTINUATION, b"");
        peer.send(FIN | CONTINUATION, &text[at..]);
        assert_eq!(peer.text()["id"], "€", "divided at {at}");
    }
    peer.send(FIN | BINARY, PING_FRAME);
    assert_eq!(peer.text()["data"]["code"], "binary_frame");
    peer.send(FIN | TEXT, b"");
    assert_eq!(peer.text()["data"]["code"], "malformed_json", "an empty text is a frame");
}

#[test]
fn a_ping_is_answered_with_its_own_payload_also_between_fragments() {
    let gateway = gateway();
    let mut peer = peer(&gateway);
    for payload in [&b""[..], b"hello", &[0xff; 125]] {
        peer.send(FIN | PING, payload);
        assert_eq!(peer.frame(), Some((FIN | PONG, payload.to_vec())));
    }
    peer.send(TEXT, br#"{"type":"#);
    peer.send(FIN | PING, b"between");
    assert_eq!(peer.frame(), Some((FIN | PONG, b"between".to_vec())), "before the message is whole");
    peer.send(FIN | PONG, b"nobody asked");
    peer.send(FIN | CONTINUATION, br#""ping"}"#);
    assert_eq!(peer.text()["type"], "pong", "what came between was no part of it");
}

#[test]
fn a_close_is_answered_with_its_own_code() {
    let gateway = gateway();
    let bystander = Bystander::of(&gateway);
    for code in [1000, 1001, 1011, 3000, 4000, 4999_u16] {
        let mut peer = peer(&gateway);
        peer.send(FIN | CLOSE, &[&code.to_be_bytes()[..], "schön".as_bytes()].concat());
        assert_eq!(peer.end(), End::Code(code));
        assert_eq!(peer.frame(), None, "and that is the end");
    }
    let mut silent = peer(&gateway);
    silent.send(FIN | CLOSE, b"");
    assert_eq!(silent.end(), End::NoCode);
    let mut within = peer(&gateway);
    within.send(TEXT, b"{");
    within.send(FIN | CLOSE, &1001_u16.to_be_bytes());
    assert_eq!(within.end(), End::Code(1001), "in the middle of a message too");
    let mut gone = peer(&gateway);
    gone.shut();
    assert_eq!(gone.end(), End::Cut, "who only goes is let go");
    bystander.assert_undisturbed(&gateway);
}

/// Asks for an upgrade with these lines of a head.
fn ask(gateway: &Gateway, request: &str, lines: &[&str], more: &[u8]) -> (String, Peer) {
    let host = format!("Host: 127.0.0.1:{}", gateway.port());
    let head = [&[request, &host], lines].concat().join("\r\n");
    Peer::ask(Wire::plain(gateway.port()).expect("the gateway listens"), &head, more)
}

fn status(head: &str) -> &str {
    head.split(' ').nth(1).expect("an answer begins with a status line")
}

const GET: &str = "GET /ws HTTP/1.1";
const LINES: [&str; 4] = [
    "Connection: Upgrade",
    "Upgrade: websocket",
    "Sec-WebSocket-Version: 13",
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
];

/// The lines of a good upgrade with another one in the place of the `n`-th.
fn with(n: usize, line: &'static str) -> Vec<&'static str> {
    let mut lines = LINES.to_vec();
    lines[n] = line;
    lines
}

#[test]
fn a_good_upgrade_is_accepted_with_the_standards_own_answer() {
    let gateway = gateway();
    let forms = [
        LINES.to_vec(),
        with(0, "Connection: keep-alive, Upgrade"),
        with(0, "connection: UPGRADE"),
        with(1, "UPGRADE: WebSocket"),
        [&LINES[..], &["Sec-WebSocket-Protocol: other", "Sec-WebSocket-Extensions: permessage-deflate"]]
            .concat(),
    ];
    for lines in forms {
        let (head, mut peer) = ask(&gateway, GET, &lines, b"");
        assert_eq!(status(&head), "101", "{lines:?}: {head}");
        let value = |name: &str| {
            let line = head.lines().find(|line| line.to_ascii_lowercase().starts_with(name))?;
            line.split_once(": ").map(|(_, value)| value)
        };
        assert_eq!(value("sec-websocket-accept:"), Some("s3pPLMBiTxaQ9kYGzzhZRbK+xOo="));
        assert!(value("upgrade:").is_some_and(|it| it.eq_ignore_ascii_case("websocket")), "{head}");
        assert!(value("connection:").is_some_and(|it| it.eq_ignore_ascii_case("upgrade")), "{head}");
        let agreed = (value("sec-websocket-protocol:"), value("sec-websocket-extensions:"));
        assert_eq!(agreed, (None, None), "nothing is agreed on that the hub does not do");
        assert_eq!(peer.text()["type"], "connected");
    }
}

#[test]
fn what_comes_in_one_segment_with_the_upgrade_is_not_lost() {
    let gateway = gateway();
    let frames =
        [masked(FIN | TEXT, PING_FRAME), masked(FIN | PING, b"first"), masked(TEXT, br#"{"type":"#)].concat();
    let (head, mut peer) = ask(&gateway, GET, &LINES, &frames);
    assert_eq!(status(&head), "101", "{head}");
    assert_eq!((&peer.text()["type"], &peer.text()["type"]), (&json!("connected"), &json!("pong")));
    assert_eq!(peer.frame(), Some((FIN | PONG, b"first".to_vec())));
    peer.send(FIN | CONTINUATION, br#""ping"}"#);
    assert_eq!(peer.text()["type"], "pong", "the message went on");
}

#[test]
fn an_upgrade_that_is_none_is_refused() {
    let gateway = gateway();
    let bystander = Bystander::of(&gateway);
    for (what, request, lines, allowed) in [
        ("no upgrade", GET, LINES[2..].to_vec(), "426"),
        ("another protocol", GET, with(1, "Upgrade: h2c"), "426"),
        ("no Connection: Upgrade", GET, with(0, "Connection: keep-alive"), "426"),
        ("a post", "POST /ws HTTP/1.1", [&LINES[..], &["Content-Length: 0"]].concat(), "405 426"),
        ("HTTP/1.0", "GET /ws HTTP/1.0", LINES.to_vec(), "400 426 505"),
    ] {
        let (head, _) = ask(&gateway, request, &lines, b"");
        assert!(allowed.split(' ').any(|it| it == status(&head)), "{what}: not {allowed}, but {head}");
    }
    bystander.assert_undisturbed(&gateway);
}

#[test]
fn another_version_is_told_which_one_is_spoken() {
    let gateway = gateway();
    for lines in [with(2, "Sec-WebSocket-Version: 8"), with(2, "Sec-WebSocket-Version: 14")] {
        let (head, _) = ask(&gateway, GET, &lines, b"");
        assert_eq!(status(&head), "426", "{lines:?}: {head}");
        let told = head.to_ascii_lowercase().contains("\r\nsec-websocket-version: 13\r\n");
        assert!(told, "{lines:?}: {head}");
    }
}

#[test]
fn a_key_that_is_none_is_refused() {
    let gateway = gateway();
    for key in [
        "X: no key at all",
        "Sec-WebSocket-Key:",
        "Sec-WebSocket-Key: short",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZSB0b28gbG9uZw==",
        "Sec-WebSocket-Key: %%%%%%%%%%%%%%%%%%%%%%==",
    ] {
        let (head, _) = ask(&gateway, GET, &with(3, key), b"");
        assert_eq!(status(&head), "400", "{key}: {head}");
    }
}
