//! Utilisation and daily metrics, as a dashboard asks for them.

use harness::{Gateway, Setup};
use serde_json::{Value, json};

/// The demo's clinic without its cameras.
fn setup() -> Setup {
    Setup::without_cameras("[rules]\nwebhook_max_age_s = 0")
}

fn room(gateway: &Gateway, path: &str, id: &str) -> Value {
    let answer = gateway.http().get(path);
    assert_eq!(answer.status, 200, "{answer:?}");
    let rooms = answer.body["rooms"].as_array().expect("rooms are a list").clone();
    rooms.into_iter().find(|room| room["room_id"] == id).expect("each room has its use")
}

#[test]
fn a_fresh_store_has_empty_charts_and_a_session_fills_them() {
    let setup = setup();
    let gateway = setup.start();
    let empty = room(&gateway, "/api/utilization", "room-1");
    assert_eq!(
        (&empty["today"]["sessions"], &empty["today"]["utilization_ratio"]),
        (&Value::Null, &Value::Null)
    );
    assert_eq!(empty["hours"].as_array().map(Vec::len), Some(24));
    assert_eq!(empty["history"].as_array().map(Vec::len), Some(7));

    for status in ["occupied", "available"] {
        assert_eq!(gateway.http().put("/api/rooms/room-1/status", &json!({ "status": status })).status, 200);
    }
    for path in ["/api/utilization", "/api/facility/utilization"] {
        assert_eq!(room(&gateway, path, "room-1")["today"]["sessions"], json!(1), "{path}");
    }
    let daily = gateway.http().get("/api/metrics/daily").body["metrics"].clone();
    assert_eq!((&daily["numbers"]["sessions"], &daily["recorded"]), (&json!(1.0), &json!(true)));

    // What was counted is on the disk, not in the process.
    gateway.kill();
    let gateway = setup.start();
    assert_eq!(room(&gateway, "/api/utilization", "room-1")["today"]["sessions"], json!(1));
    let trends = gateway.http().get("/api/metrics/trends?days=3").body["trends"].clone();
    let days = trends["days"].as_array().expect("days are a list");
    assert_eq!(days.len(), 3);
    assert_eq!((&days[2]["date"], &days[2]["numbers"]["sessions"]), (&daily["date"], &json!(1.0)));
    assert_eq!((&days[0]["recorded"], &days[0]["numbers"]["sessions"]), (&json!(false), &Value::Null));
}

#[test]
fn a_day_can_be_asked_for_and_what_is_no_day_is_refused() {
    let gateway = setup().start();
    let past = gateway.http().get("/api/metrics/daily?date=2020-02-29").body["metrics"].clone();
    assert_eq!(
        (&past["date"], &past["recorded"], &past["complete"]),
        (&json!("2020-02-29"), &json!(false), &json!(true))
    );
    for (path, code) in [
        ("/api/metrics/daily?date=2026-02-30", "invalid_field"),
        ("/api/metrics/daily?date=2026-02-06T14:30:00Z", "invalid_field"),
        ("/api/metrics/daily?day=2026-02-06", "invalid_query"),
        ("/api/metrics/trends?days=0", "invalid_field"),
        ("/api/metrics/trends?days=31", "invalid_field"),
        ("/api/metrics/trends?days=many", "invalid_query"),
        ("/api/utilization?room=room-1", "invalid_query"),
    ] {
        let answer = gateway.http().get(path);
        assert_eq!((answer.status, &answer.body["code"]), (422, &json!(code)), "{path}: {answer:?}");
    }
}
