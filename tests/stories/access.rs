//! Who may come in: accounts, tokens, keys and tickets, over the doors that people and machines use.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddrV4, TcpStream};
use std::time::Instant;

use harness::{ADMIN, Answer, Client, DOCTOR, Gateway, Http, SOON, Setup};
use rustix::net::{AddressFamily, SocketType, bind, connect, socket};
use serde_json::{Value, json};

const PASSWORD: &str = "a-long-password";
const STATUS: &str = "/api/rooms/room-1/status";

fn gateway() -> Gateway {
    Setup::without_cameras("[rules]\nwebhook_max_age_s = 0").start()
}

fn admin(gateway: &Gateway) -> Http {
    gateway.http().bearing(ADMIN)
}

/// Makes an account of `role` for `email`, and returns its id.
fn account(gateway: &Gateway, email: &str, role: &str) -> String {
    let new = json!({ "email": email, "name": "Somebody", "role": role, "password": PASSWORD });
    let answer = admin(gateway).post("/api/users", &new);
    assert_eq!((answer.status, &answer.body["user"]["role"]), (201, &json!(role)), "{answer:?}");
    answer.body["user"]["id"].as_str().expect("an account has an id").to_owned()
}

fn try_login(gateway: &Gateway, email: &str, password: &str) -> Answer {
    let body = json!({ "email": email, "password": password });
    gateway.http().as_visitor().post("/api/auth/login", &body)
}

/// Logs in, and returns a client with the token and the token itself.
fn login(gateway: &Gateway, email: &str, password: &str) -> (Http, String) {
    let answer = try_login(gateway, email, password);
    assert_eq!((answer.status, &answer.body["user"]["email"]), (200, &json!(email)), "{answer:?}");
    let token = answer.body["token"].as_str().expect("a login gives a token").to_owned();
    (gateway.http().bearing(&token), token)
}

fn occupy(http: &Http) -> u16 {
    http.put(STATUS, &json!({ "status": "occupied" })).status
}

#[test]
fn an_edit_of_an_account_rests_on_the_revision_that_it_names() {
    let gateway = gateway();
    let id = account(&gateway, "two-admins@clinic.example", "nurse");
    let path = format!("/api/users/{id}");
    let edit = |tag: &str, body: Value| {
        let headers = [("Content-Type", "application/json"), ("If-Match", tag)];
        admin(&gateway).send("PATCH", &path, &headers, body.to_string().as_bytes())
    };
    let first = admin(&gateway).get(&path).etag.expect("an account has a revision");
    assert_eq!(edit(&first, json!({ "role": "medical_assistant" })).status, 200);
    // The other admin still sees the nurse.
    let late = edit(&first, json!({ "name": "Somebody Else" }));
    assert_eq!((late.status, &late.body["code"]), (412, &json!("stale")), "{late:?}");
    assert_eq!(edit(&first, json!({ "disabled": true })).status, 412);
    let account = &admin(&gateway).get(&path).body["user"];
    assert_eq!((&account["name"], &account["disabled_at"]), (&json!("Somebody"), &Value::Null), "{account}");
    assert_eq!(edit("*", json!({ "name": "Somebody Else" })).status, 200);
}

#[test]
fn who_logs_in_is_known_until_the_logout() {
    let gateway = gateway();
    let id = account(&gateway, "nurse@clinic.example", "nurse");
    let (http, _) = login(&gateway, "nurse@clinic.example", PASSWORD);
    let me = http.get("/api/auth/me");
    assert_eq!((me.status, &me.body["user"]["id"], &me.body["view"]), (200, &json!(id), &json!("limited")));
    assert!(!me.body.to_string().contains("argon2"), "no hash leaves the gateway: {me:?}");
    assert_eq!(occupy(&http), 200);
    assert_eq!(http.post("/api/auth/logout", &json!({})).status, 204);
    assert_eq!((http.get("/api/auth/me").status, occupy(&http)), (401, 401));
    let other = try_login(&gateway, "nurse@clinic.example", "not-the-password");
    let nobody = try_login(&gateway, "nobody@clinic.example", PASSWORD);
    // But for the request's own id.
    let told = |answer: &Answer| (answer.status, answer.body["code"].clone(), answer.body["detail"].clone());
    assert_eq!(told(&other), told(&nobody), "nobody learns which accounts there are");
    assert_eq!((other.status, &other.body["code"]), (401, &json!("wrong_login")));
}

#[test]
fn a_new_password_ends_every_other_session() {
    let gateway = gateway();
    account(&gateway, "nurse@clinic.example", "nurse");
    let (here, _) = login(&gateway, "nurse@clinic.example", PASSWORD);
    let (elsewhere, token) = login(&gateway, "nurse@clinic.example", PASSWORD);
    let mut socket = Client::bearing(gateway.port(), &token);
    let change = |from: &str, to: &str| {
        here.post("/api/auth/password", &json!({ "current_password": from, "new_password": to }))
    };
    let wrong = change("not-the-password", "another-password");
    assert_eq!((wrong.status, &wrong.body["field"]), (422, &json!("current_password")));
    let short = change(PASSWORD, "short");
    assert_eq!((short.status, &short.body["field"]), (422, &json!("new_password")));
    assert_eq!(elsewhere.get("/api/auth/me").status, 200, "nothing has changed yet");
    assert_eq!(change(PASSWORD, "another-password").status, 204);
    assert_eq!((here.get("/api/auth/me").status, elsewhere.get("/api/auth/me").status), (200, 401));
    assert_eq!(socket.close_code(), 4401);
    assert_eq!(try_login(&gateway, "nurse@clinic.example", PASSWORD).status, 401);
    login(&gateway, "nurse@clinic.example", "another-password");
}

#[test]
fn a_leaver_is_gone_in_one_step() {
    let gateway = gateway();
    let id = account(&gateway, "leaver@clinic.example", "doctor");
    let (http, token) = login(&gateway, "leaver@clinic.example", PASSWORD);
    let mut socket = Client::bearing(gateway.port(), &token);
    socket.subscribe("facility");
    let ticket = http.post("/api/auth/ticket", &json!({})).body["ticket"].clone();
    assert_eq!(admin(&gateway).delete(&format!("/api/users/{id}")).status, 204);
    assert_eq!(socket.close_code(), 4401);
    assert_eq!((http.get("/api/rooms").status, occupy(&http)), (401, 401));
    assert_eq!(try_login(&gateway, "leaver@clinic.example", PASSWORD).status, 401);
    let path = format!("/ws?ticket={}", ticket.as_str().expect("a ticket is text"));
    assert!(Client::try_connect(gateway.port(), &path).is_err(), "nor does a ticket of before");
    let account = admin(&gateway).get(&format!("/api/users/{id}"));
    assert!(
        account.body["user"]["disabled_at"].is_string(),
        "what they did goes on naming them: {account:?}"
    );
    assert_eq!(admin(&gateway).delete(&format!("/api/users/{id}")).status, 204, "it was so already");
    let opened = admin(&gateway).patch(&format!("/api/users/{id}"), &json!({ "disabled": false }));
    assert_eq!((opened.status, &opened.body["user"]["disabled_at"]), (200, &Value::Null), "{opened:?}");
    assert_eq!(http.get("/api/rooms").status, 401, "a token that has ended stays so");
    login(&gateway, "leaver@clinic.example", PASSWORD);
}

#[test]
fn who_has_an_account_knows_the_names_of_all_and_nothing_else_of_them() {
    let gateway = gateway();
    let id = account(&gateway, "leaver@clinic.example", "nurse");
    assert_eq!(admin(&gateway).delete(&format!("/api/users/{id}")).status, 204);
    let answer = gateway.http().bearing(DOCTOR).get("/api/people");
    let people = answer.body["people"].as_array().unwrap_or_else(|| panic!("{answer:?}"));
    let of = |id: &str| people.iter().find(|person| person["id"] == id).cloned();
    assert_eq!(
        of(&id),
        Some(json!({ "id": id, "name": "Somebody", "role": "nurse", "open": false })),
        "what a leaver did goes on naming them"
    );
    assert_eq!(of("demo-doctor").map(|person| person["open"].clone()), Some(json!(true)));
    let kiosk = admin(&gateway).post("/api/tokens", &json!({ "kind": "kiosk", "label": "Corridor" }));
    let kiosk = kiosk.body["secret"].as_str().expect("a token has a secret").to_owned();
    assert_eq!(gateway.http().bearing(&kiosk).get("/api/people").status, 403);
}

#[test]
fn the_last_admin_stays() {
    let gateway = gateway();
    let admin = admin(&gateway);
    let closed = admin.delete("/api/users/demo-admin");
    let demoted = admin.patch("/api/users/demo-admin", &json!({ "role": "viewer" }));
    for answer in [closed, demoted] {
        assert_eq!((answer.status, &answer.body["code"]), (409, &json!("conflict")), "{answer:?}");
    }
    account(&gateway, "second@clinic.example", "admin");
    assert_eq!(admin.delete("/api/users/demo-admin").status, 204);
    assert_eq!(admin.get("/api/users").status, 401, "the token ended with the account");
}

#[test]
fn a_live_socket_obeys_another_role_at_once() {
    let gateway = gateway();
    let id = account(&gateway, "nurse@clinic.example", "nurse");
    let (http, token) = login(&gateway, "nurse@clinic.example", PASSWORD);
    let mut socket = Client::bearing(gateway.port(), &token);
    socket.subscribe("facility");
    let body = json!({ "status": "occupied", "current_patient_id": "patient-7" });
    let seen = |frame: &Value| frame["type"] == "room:updated";
    assert_eq!(http.put(STATUS, &body).status, 200);
    assert_eq!(socket.wait_for(seen)["data"]["current_patient_id"], "patient-7");
    let edit = admin(&gateway).patch(&format!("/api/users/{id}"), &json!({ "role": "viewer" }));
    assert_eq!((edit.status, &edit.body["user"]["role"]), (200, &json!("viewer")), "{edit:?}");
    socket.wait_for(|frame| frame["type"] == "resync");
    assert_eq!(http.put(STATUS, &body).status, 403);
    assert_eq!(gateway.http().put(STATUS, &json!({ "status": "available" })).status, 200);
    let event = socket.wait_for(seen);
    assert!(event["data"].get("current_patient_id").is_none(), "{event}");
}

#[test]
fn a_ticket_opens_one_socket() {
    let gateway = gateway();
    let answer = gateway.http().post("/api/auth/ticket", &json!({}));
    assert_eq!(answer.status, 201, "{answer:?}");
    let path = format!("/ws?ticket={}", answer.body["ticket"].as_str().expect("a ticket is text"));
    let client = Client::try_connect(gateway.port(), &path).expect("a ticket opens a socket");
    assert_eq!(client.greeting["data"]["user"], "demo-doctor");
    assert!(Client::try_connect(gateway.port(), &path).is_err(), "once");
}

#[test]
fn a_wall_screen_sees_the_house_without_patients_and_changes_nothing() {
    let gateway = gateway();
    let body = json!({ "status": "occupied", "current_patient_id": "patient-7" });
    assert_eq!(gateway.http().put(STATUS, &body).status, 200);
    let new = json!({ "kind": "kiosk", "label": "Corridor" });
    let answer = admin(&gateway).post("/api/tokens", &new);
    assert_eq!((answer.status, &answer.body["token"]["expires_at"]), (201, &Value::Null), "{answer:?}");
    let secret = answer.body["secret"].as_str().expect("the secret is told once").to_owned();
    let kiosk = gateway.http().bearing(&secret);
    let room = kiosk.room("room-1");
    assert_eq!(room["status"], "occupied");
    assert!(room.get("current_patient_id").is_none(), "{room}");
    assert_eq!((occupy(&kiosk), kiosk.get("/api/users").status), (403, 403));
    let mut socket = Client::bearing(gateway.port(), &secret);
    let listed = admin(&gateway).get("/api/tokens?kind=kiosk");
    assert_eq!(listed.body["tokens"][0]["label"], "Corridor", "{listed:?}");
    assert!(!listed.body.to_string().contains(&secret), "and never again: {listed:?}");
    let id = answer.body["token"]["id"].as_str().expect("a token has an id");
    assert_eq!(admin(&gateway).delete(&format!("/api/tokens/{id}")).status, 204);
    assert_eq!(socket.close_code(), 4401);
    assert_eq!(kiosk.get("/api/rooms").status, 401);
}

#[test]
fn tokens_and_accounts_are_for_their_owner_and_for_admins() {
    let gateway = gateway();
    let id = account(&gateway, "nurse@clinic.example", "nurse");
    let (nurse, _) = login(&gateway, "nurse@clinic.example", PASSWORD);
    let own = nurse.get("/api/tokens");
    assert_eq!(own.body["tokens"].as_array().map(Vec::len), Some(1), "{own:?}");
    assert_eq!(own.body["tokens"][0]["user_id"], json!(id));
    let all = admin(&gateway).get("/api/tokens");
    assert_eq!(all.body["tokens"].as_array().map(Vec::len), Some(3), "{all:?}");
    let hers = admin(&gateway).get(&format!("/api/tokens?user_id={id}&kind=user"));
    assert_eq!(hers.body, own.body);
    let token = own.body["tokens"][0]["id"].as_str().expect("a token has an id");
    assert_eq!(gateway.http().delete(&format!("/api/tokens/{token}")).status, 403, "another's");
    let edit = json!({ "role": "admin" });
    for (what, status) in [
        ("a list", nurse.get("/api/users").status),
        ("an account", nurse.get(&format!("/api/users/{id}")).status),
        ("a role", nurse.patch(&format!("/api/users/{id}"), &edit).status),
        ("a close", nurse.delete("/api/users/demo-admin").status),
        ("keys", nurse.get("/api/keys").status),
        ("a kiosk", nurse.post("/api/tokens", &json!({ "kind": "kiosk", "label": "x" })).status),
        (
            "a password",
            nurse.post("/api/users/demo-admin/password", &json!({ "new_password": PASSWORD })).status,
        ),
    ] {
        assert_eq!(status, 403, "{what}");
    }
    assert_eq!(gateway.http().as_visitor().get("/api/users").status, 401);
    let unknown = admin(&gateway).get("/api/users?colour=red");
    assert_eq!((unknown.status, &unknown.body["code"]), (422, &json!("invalid_query")));
    let first = admin(&gateway).get("/api/users?limit=2").body;
    let next = first["next_cursor"].as_str().expect("there are three accounts");
    let rest = admin(&gateway).get(&format!("/api/users?limit=2&cursor={next}")).body;
    assert_eq!(
        (first["users"].as_array().map(Vec::len), rest["users"].as_array().map(Vec::len)),
        (Some(2), Some(1))
    );
    assert_eq!(nurse.delete(&format!("/api/tokens/{token}")).status, 204, "one's own");
    assert_eq!(nurse.get("/api/auth/me").status, 401);
}

/// What the webhook says to `key`.
fn report(gateway: &Gateway, key: &str) -> u16 {
    let event = json!({
        "timestamp": "2026-02-06T14:30:00Z", "eventType": "room_occupancy", "entityType": "room",
        "entityId": "room-1", "data": { "occupied": true }, "confidence": 0.95, "cameraId": "cam-1"
    });
    let headers = [("X-OpenCV-API-Key", key), ("Content-Type", "application/json")];
    gateway.http().send("POST", "/api/webhooks/opencv/event", &headers, event.to_string().as_bytes()).status
}

#[test]
fn a_machine_changes_its_key_while_the_old_one_goes_on() {
    let gateway = gateway();
    let admin = admin(&gateway);
    let secret = |answer: &Answer| answer.body["secret"].as_str().expect("a secret is told once").to_owned();
    let made = admin.post("/api/keys", &json!({ "id": "door-cam", "role": "device" }));
    assert_eq!((made.status, &made.body["key"]["scopes"]), (201, &json!(["observe"])), "{made:?}");
    let first = secret(&made);
    assert_eq!((report(&gateway, &first), report(&gateway, "csg_guessed")), (200, 401));
    let rotated = admin.post("/api/keys/door-cam/rotate", &json!({ "overlap_s": 3_600 }));
    assert_eq!(rotated.body["key"]["old_secrets_end_at"].as_array().map(Vec::len), Some(1), "{rotated:?}");
    let second = secret(&rotated);
    assert_eq!((report(&gateway, &first), report(&gateway, &second)), (200, 200), "both, for an hour");
    let third = secret(&admin.post("/api/keys/door-cam/rotate", &json!({ "overlap_s": 0 })));
    assert_eq!(
        (report(&gateway, &first), report(&gateway, &second), report(&gateway, &third)),
        (401, 401, 200)
    );
    let long = admin.post("/api/keys/door-cam/rotate", &json!({ "overlap_s": 31 * 86_400 }));
    assert_eq!((long.status, &long.body["field"]), (422, &json!("overlap_s")), "{long:?}");
    let again = admin.post("/api/keys", &json!({ "id": "door-cam", "role": "device" }));
    assert_eq!(again.status, 409);
    for configured in [
        admin.post("/api/keys", &json!({ "id": "opencv", "role": "device" })),
        admin.post("/api/keys/opencv/rotate", &json!({})),
        admin.delete("/api/keys/opencv"),
    ] {
        assert_eq!(configured.status, 409, "that one stands in a file: {configured:?}");
    }
    let keys = admin.get("/api/keys").body;
    let kept = |id: &str| keys["keys"].as_array().into_iter().flatten().find(|key| key["id"] == id).cloned();
    assert_eq!(kept("opencv").expect("it is listed")["kept_in"], "configuration");
    assert_eq!(kept("door-cam").expect("it is listed")["kept_in"], "store");
    assert_eq!(admin.delete("/api/keys/door-cam").status, 204);
    assert_eq!((report(&gateway, &third), admin.delete("/api/keys/door-cam").status), (401, 404));
}

/// Logs in from a loopback address of its own; status and head of the answer.
fn login_from(address: [u8; 4], port: u16, email: &str, password: &str) -> (u16, String) {
    let own = SocketAddrV4::new(Ipv4Addr::from(address), 0);
    let socket = socket(AddressFamily::INET, SocketType::STREAM, None).expect("a socket can be had");
    bind(&socket, &own).expect("all of 127/8 is ours");
    connect(&socket, &SocketAddrV4::new(Ipv4Addr::LOCALHOST, port)).expect("the gateway listens");
    let mut stream = TcpStream::from(socket);
    stream.set_read_timeout(Some(SOON)).expect("the socket takes a deadline");
    let body = json!({ "email": email, "password": password }).to_string();
    let request = format!(
        "POST /api/auth/login HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: application/json\r\n\
         Content-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(request.as_bytes()).expect("the gateway takes a request");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("the gateway answers");
    let head = answer.split("\r\n\r\n").next().unwrap_or_default().to_ascii_lowercase();
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok());
    (status.expect("an answer begins with a status line"), head)
}

#[test]
fn failed_logins_slow_their_address_down_and_nobody_else() {
    let gateway = gateway();
    account(&gateway, "nurse@clinic.example", "nurse");
    let (port, email) = (gateway.port(), "nurse@clinic.example");
    for n in 0..5 {
        assert_eq!(login_from([127, 0, 0, 3], port, email, "a-wrong-guess").0, 401, "guess {n}");
    }
    let (status, head) = login_from([127, 0, 0, 3], port, email, PASSWORD);
    assert_eq!(status, 429, "even with the right password: {head}");
    let wait = head.lines().find_map(|line| line.strip_prefix("retry-after: "));
    assert!(
        wait.is_some_and(|wait| wait.parse::<u64>().is_ok_and(|wait| (1..=60).contains(&wait))),
        "{head}"
    );
    assert_eq!(login_from([127, 0, 0, 2], port, email, PASSWORD).0, 200, "others come in meanwhile");
    assert_eq!(gateway.http().get("/api/auth/me").status, 200, "and live sessions go on");
    let until = Instant::now() + SOON;
    let mut last = 429;
    while last == 429 && Instant::now() < until {
        last = login_from([127, 0, 0, 3], port, email, PASSWORD).0;
    }
    assert_eq!(last, 200, "the wait ends");
}

#[test]
fn no_secret_and_nobodys_name_is_logged() {
    let gateway = gateway();
    let mut canaries =
        ["canary-mail@clinic.example", "Canary Name", "canary-password", "canary label", "canary-wrong"]
            .map(str::to_owned)
            .to_vec();
    let new = json!({ "email": canaries[0], "name": canaries[1], "role": "nurse", "password": canaries[2] });
    let id =
        admin(&gateway).post("/api/users", &new).body["user"]["id"].as_str().expect("it is made").to_owned();
    assert_eq!(try_login(&gateway, &canaries[0], &canaries[4]).status, 401);
    assert_eq!(try_login(&gateway, "canary-mail-2@clinic.example", &canaries[4]).status, 401);
    let (http, token) = login(&gateway, &canaries[0].clone(), &canaries[2].clone());
    let ticket =
        http.post("/api/auth/ticket", &json!({})).body["ticket"].as_str().expect("a ticket").to_owned();
    assert!(Client::try_connect(gateway.port(), &format!("/ws?ticket={ticket}")).is_ok());
    let kiosk = admin(&gateway).post("/api/tokens", &json!({ "kind": "kiosk", "label": canaries[3] }));
    let key = admin(&gateway).post("/api/keys", &json!({ "id": "door-cam", "role": "device" }));
    let rotated = admin(&gateway).post("/api/keys/door-cam/rotate", &json!({}));
    for answer in [&kiosk, &key, &rotated] {
        canaries.push(answer.body["secret"].as_str().expect("a secret is told once").to_owned());
    }
    let twice =
        json!({ "email": canaries[0], "name": canaries[1], "role": "nurse", "password": canaries[2] });
    let refused = admin(&gateway).post("/api/users", &twice);
    assert_eq!(refused.status, 409);
    let change = json!({ "current_password": canaries[4], "new_password": "canary-new-password" });
    assert_eq!(http.post("/api/auth/password", &change).status, 422);
    assert_eq!(admin(&gateway).delete(&format!("/api/users/{id}")).status, 204);
    canaries.extend([token, ticket, "canary".into(), DOCTOR.into(), ADMIN.into()]);
    let (log, problem) = (gateway.log(), refused.body.to_string());
    assert!(log.contains("a login failed") && log.contains(&id), "what happened is logged:\n{log}");
    for canary in &canaries {
        assert!(!log.contains(canary.as_str()), "{canary} is in the log:\n{log}");
        assert!(!problem.contains(canary.as_str()), "{canary} is in {problem}");
    }
    let stopped = gateway.stop();
    assert!(stopped.success());
}
