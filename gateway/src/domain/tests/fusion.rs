//! How evidence is weighed.

use crate::domain::automation::Proposal;
use crate::domain::id::DeviceId;
use crate::domain::occupancy::{Freshness, Presence};
use crate::domain::rules::{DEVICE_ID_BYTES_MAX, NAME_BYTES_MAX, SOURCES_PER_ROOM_MAX};

use super::*;

fn two_cameras() -> Clinic {
    Clinic::new().room("room-1").camera("cam-1", "room-1").camera("cam-2", "room-1").doctor("doc-001").open()
}

fn sure(clinic: &Clinic, occupied: bool, confidence: f32) -> Observation {
    Observation { confidence: Some(confidence), ..clinic.sight("cam-1", "room-1", occupied) }
}

#[test]
fn one_source_that_sees_somebody_makes_the_room_occupied() {
    let mut clinic = two_cameras();
    clinic.sees("cam-1", "room-1", false);
    assert_eq!(clinic.at("room-1").occupancy.state, Presence::Empty);
    clinic.sees("cam-2", "room-1", true);
    assert_eq!(clinic.at("room-1").occupancy.state, Presence::Occupied);
    assert_eq!(clinic.why("room-1"), "camera cam-2 sees somebody");
    clinic.sees("cam-2", "room-1", false);
    assert_eq!(clinic.at("room-1").occupancy.state, Presence::Empty);
    assert_eq!(clinic.why("room-1"), "camera cam-1 sees nobody; camera cam-2 sees nobody");
}

#[test]
fn a_lost_source_proves_nothing_and_the_others_decide() {
    let mut clinic = two_cameras();
    clinic.sees("cam-1", "room-1", true);
    clinic.watch("cam-2", "room-1", false, seconds(21));
    assert_eq!(clinic.at("room-1").occupancy.state, Presence::Empty);
    assert_eq!(clinic.why("room-1"), "camera cam-2 sees nobody");
    clinic.wait(seconds(20));
    assert_eq!(clinic.at("room-1").occupancy.state, Presence::Unknown);
    assert_eq!(clinic.why("room-1"), "nothing fresh from camera:cam-1, camera:cam-2");
}

#[test]
fn evidence_is_stale_at_five_seconds_and_lost_at_twenty_and_not_before() {
    let mut clinic = two_cameras();
    clinic.sees("cam-1", "room-1", true);
    let is = |clinic: &Clinic| (clinic.at("room-1").occupancy.state, clinic.at("room-1").occupancy.freshness);
    let moment = Duration::from_millis(1);
    clinic.wait(seconds(5) - moment);
    assert_eq!(is(&clinic), (Presence::Occupied, Freshness::Fresh));
    clinic.wait(moment);
    assert_eq!(is(&clinic), (Presence::Occupied, Freshness::Stale));
    assert_eq!(clinic.why("room-1"), "camera cam-1 sees somebody, but has fallen silent");
    clinic.wait(seconds(15) - moment);
    assert_eq!(is(&clinic), (Presence::Occupied, Freshness::Stale));
    clinic.wait(moment);
    assert_eq!(is(&clinic), (Presence::Unknown, Freshness::Lost));
}

#[test]
fn a_webhook_may_be_silent_for_fifteen_minutes() {
    let mut clinic = Clinic::new().room("room-1").open();
    clinic.observe(clinic.report("key:cam-9", "room-1", true));
    clinic.wait(seconds(900) - Duration::from_millis(1));
    assert_eq!(clinic.status("room-1"), RoomStatus::Occupied);
    clinic.wait(Duration::from_millis(1));
    assert_eq!(clinic.status("room-1"), RoomStatus::Unknown);
    assert_eq!(clinic.why("room-1"), "nothing fresh from webhook:key:cam-9");
}

fn told(clinic: &Clinic, occupied: bool, confidence: f32) -> Observation {
    Observation { confidence: Some(confidence), ..clinic.report("key:cam-9", "room-1", occupied) }
}

#[test]
fn entering_takes_seven_tenths_and_staying_four() {
    let mut clinic = Clinic::new().room("room-1").open();
    let below = |needed| Some(Note::BelowThreshold { needed });
    assert_eq!(clinic.observe(told(&clinic, true, 0.69)), 0);
    assert_eq!((clinic.note.clone(), clinic.at("room-1").has_sensors()), (below(0.7), false));
    assert_eq!(clinic.observe(told(&clinic, true, 0.7)), 1);
    assert_eq!(clinic.status("room-1"), RoomStatus::Occupied);
    clinic.wait(seconds(600));
    assert_eq!(clinic.observe(told(&clinic, true, 0.41)), 0);
    clinic.wait(seconds(600));
    assert_eq!(clinic.at("room-1").occupancy.freshness, Freshness::Fresh, "0.41 keeps it");
    assert_eq!(clinic.observe(told(&clinic, true, 0.39)), 0);
    assert_eq!(clinic.note, below(0.4));
    clinic.wait(seconds(300));
    assert_eq!(clinic.status("room-1"), RoomStatus::Unknown, "0.39 does not renew it");
}

#[test]
fn a_camera_of_our_own_is_not_judged_twice() {
    let mut clinic = two_cameras();
    clinic.observe(sure(&clinic, true, 0.41));
    assert_eq!((clinic.note.clone(), clinic.status("room-1")), (None, RoomStatus::Occupied));
}

#[test]
fn a_webhook_that_sees_nobody_needs_the_confidence_of_entering() {
    let mut clinic = Clinic::new().room("room-1").open();
    let report = |clinic: &Clinic, occupied, sure| Observation {
        confidence: Some(sure),
        ..clinic.report("key:cam-9", "room-1", occupied)
    };
    clinic.observe(report(&clinic, true, 0.9));
    clinic.observe(report(&clinic, false, 0.69));
    assert_eq!(clinic.note, Some(Note::BelowThreshold { needed: 0.7 }));
    assert_eq!(clinic.status("room-1"), RoomStatus::Occupied);
    clinic.observe(report(&clinic, false, 0.7));
    assert_eq!(clinic.status("room-1"), RoomStatus::Available);
}

#[test]
fn a_camera_that_sees_nobody_is_believed_because_it_held_on_before_it_said_so() {
    let mut clinic = two_cameras();
    clinic.observe(sure(&clinic, true, 0.9));
    clinic.observe(sure(&clinic, false, 0.1));
    assert_eq!((clinic.note.clone(), clinic.status("room-1")), (None, RoomStatus::Available));
}

#[test]
fn what_was_lost_must_enter_again() {
    let mut clinic = Clinic::new().room("room-1").open();
    clinic.observe(told(&clinic, true, 0.9));
    clinic.wait(seconds(900));
    clinic.observe(told(&clinic, true, 0.5));
    assert_eq!(clinic.note, Some(Note::BelowThreshold { needed: 0.7 }));
    assert_eq!(clinic.status("room-1"), RoomStatus::Unknown);
}

#[test]
fn a_source_that_does_not_say_how_sure_it_is_is_believed() {
    let mut clinic = two_cameras();
    clinic.observe(Observation { confidence: None, ..clinic.sight("cam-1", "room-1", true) });
    assert_eq!(clinic.status("room-1"), RoomStatus::Occupied);
}

#[test]
fn a_confidence_that_is_none_is_refused() {
    let mut clinic = two_cameras();
    for wrong in [-0.1, 1.1, f32::NAN, f32::INFINITY] {
        let refused = clinic.ask(Ask::Observe(sure(&clinic, true, wrong))).unwrap_err();
        assert!(matches!(refused, Rejection::Invalid { field: "confidence", .. }), "{wrong}: {refused}");
    }
}

#[test]
fn the_same_observation_with_another_confidence_is_no_event() {
    let mut clinic = two_cameras();
    clinic.observe(sure(&clinic, true, 0.9));
    clinic.wait(seconds(1));
    assert_eq!(clinic.observe(sure(&clinic, true, 0.8)), 0);
    assert_eq!(clinic.at("room-1").occupancy.confidence, Some(0.8), "it is a touch all the same");
}

#[test]
fn what_is_older_than_the_sources_last_word_is_ignored() {
    let mut clinic = two_cameras();
    clinic.sees("cam-1", "room-1", true);
    let late = Observation { observed_at: clinic.now.shifted(-1), ..clinic.sight("cam-1", "room-1", false) };
    assert_eq!(clinic.observe(late), 0);
    assert_eq!(clinic.note, Some(Note::Outdated));
    assert_eq!(clinic.status("room-1"), RoomStatus::Occupied);
}

#[test]
fn a_sender_whose_clock_runs_ahead_does_not_outdate_what_it_says_next() {
    let mut clinic = two_cameras();
    let ahead =
        Observation { observed_at: clinic.now.plus(minutes(60)), ..clinic.sight("cam-1", "room-1", true) };
    clinic.observe(ahead);
    assert_eq!(clinic.at("room-1").evidence[0].observed_at, clinic.now);
    clinic.wait(seconds(1));
    clinic.sees("cam-1", "room-1", false);
    assert_eq!((clinic.note.clone(), clinic.status("room-1")), (None, RoomStatus::Available));
}

#[test]
fn what_rests_on_a_drawn_scene_says_so() {
    let mut clinic = two_cameras();
    let drawn = Observation { synthetic: true, people: Some(2), ..clinic.sight("cam-1", "room-1", true) };
    clinic.observe(drawn);
    assert!(clinic.at("room-1").occupancy.synthetic);
    assert_eq!(clinic.why("room-1"), "synthetic camera cam-1 sees 2 people");
    clinic.watch("cam-2", "room-1", false, seconds(21));
    assert!(!clinic.at("room-1").occupancy.synthetic, "what is lost no longer colours the answer");
}

#[test]
fn the_reason_names_who_sees_how_many_and_how() {
    let mut clinic = two_cameras();
    let mut why = |people, method| {
        clinic.observe(Observation { people, method, ..clinic.sight("cam-1", "room-1", true) });
        clinic.why("room-1").to_owned()
    };
    assert_eq!(why(Some(1), Method::Model), "camera cam-1 sees 1 person");
    assert_eq!(why(Some(3), Method::Model), "camera cam-1 sees 3 people");
    assert_eq!(why(None, Method::Model), "camera cam-1 sees somebody");
    assert_eq!(why(None, Method::Motion), "camera cam-1 sees somebody move or stand");
    let mut clinic = Clinic::new().room("room-1").open();
    assert_eq!(clinic.why("room-1"), "no sensor and no staff member has said anything yet");
    clinic.observe(clinic.report("key:cam-9", "room-1", true));
    assert_eq!(clinic.why("room-1"), "sensor webhook:key:cam-9 sees somebody");
}

#[test]
fn the_people_are_those_of_the_source_that_sees_the_most() {
    let mut clinic = two_cameras();
    clinic.observe(Observation { people: Some(2), ..clinic.sight("cam-1", "room-1", true) });
    clinic.observe(Observation { people: Some(3), ..clinic.sight("cam-2", "room-1", true) });
    assert_eq!(clinic.at("room-1").occupancy.people, Some(3));
}

#[test]
fn a_doctor_who_is_recognised_is_the_rooms_doctor_while_somebody_is_there() {
    let mut clinic = two_cameras();
    let doctor_id = "doc-001".parse().ok();
    clinic.observe(Observation { doctor_id: doctor_id.clone(), ..clinic.sight("cam-1", "room-1", false) });
    assert_eq!(clinic.at("room-1").current_doctor_id, None);
    clinic.observe(Observation { doctor_id: doctor_id.clone(), ..clinic.sight("cam-1", "room-1", true) });
    assert_eq!(clinic.at("room-1").current_doctor_id, doctor_id);
}

#[test]
fn a_room_has_a_limit_of_sources_and_the_longest_lost_makes_place() {
    let mut clinic = Clinic::new().room("room-1").open();
    for n in 0..SOURCES_PER_ROOM_MAX {
        clinic.observe(clinic.report(&format!("key:cam-{n}"), "room-1", false));
        clinic.wait(seconds(1));
    }
    let one_more = clinic.report("key:one-more", "room-1", true);
    assert!(matches!(clinic.ask(Ask::Observe(one_more.clone())), Err(Rejection::Conflict(_))));
    let known = clinic.report("key:cam-3", "room-1", false);
    assert!(clinic.ask(Ask::Observe(known)).is_ok(), "a known source needs no new place");
    clinic.wait(seconds(899));
    clinic.observe(Observation { observed_at: clinic.now, ..one_more });
    let sources: Vec<&str> = clinic.at("room-1").evidence.iter().map(|e| e.source.as_str()).collect();
    assert_eq!(sources.len(), SOURCES_PER_ROOM_MAX);
    assert!(sources.contains(&"webhook:key:one-more") && !sources.contains(&"webhook:key:cam-0"));
    assert!(sources.is_sorted());
}

/// The longest id that is plain, so that escapes do not come into it.
fn longest(n: usize) -> String {
    format!("{n:0>3}{}", "x".repeat(crate::domain::id::ID_BYTES_MAX - 3 - "webhook:".len()))
}

#[test]
fn the_fullest_room_still_fits_into_a_record() {
    let mut clinic = Clinic::new().room(&"r".repeat(96)).doctor(&"d".repeat(96));
    clinic.seed.rooms[0].1 = "\u{1}".repeat(NAME_BYTES_MAX);
    let mut clinic = clinic.open();
    let room = "r".repeat(96);
    for n in 0..SOURCES_PER_ROOM_MAX {
        clinic.wait(Duration::from_millis(1));
        let full = Observation {
            people: Some(u32::MAX),
            confidence: Some(0.712_345_6),
            ..clinic.report(&longest(n), &room, true)
        };
        clinic.observe(Observation { doctor_id: "d".repeat(96).parse().ok(), ..full });
    }
    let patient = Some(Some("p".repeat(96).parse().unwrap()));
    let free_at = Some(Some(clinic.now.plus(minutes(20))));
    clinic
        .ask(Ask::SetRoomStatus(SetRoomStatus {
            current_patient_id: patient,
            estimated_available_at: free_at,
            ..set(&room, StaffStatus::Occupied)
        }))
        .unwrap();
    let claimed = clinic.at(&room).clone();
    clinic.wait(minutes(15));
    let largest = |room: &Room| serde_json::to_vec(room).unwrap().len();
    let mut fresh = claimed.clone();
    fresh.claim = None;
    fresh.occupancy =
        crate::domain::occupancy::fuse(&fresh.evidence, None, &fresh.occupancy, false, clinic.now);
    fresh.claim.clone_from(&claimed.claim);
    let proposal = |would_set| Proposal {
        would_set,
        action_id: uuid::Uuid::from_u128(1).into(),
        opened_at: clinic.now,
        settled: false,
    };
    (fresh.cleaned_at, fresh.noted_stay) = (Some(clinic.now), true);
    fresh.occupancy.advisory = true;
    fresh.proposals = vec![proposal(true), proposal(false)];
    fresh.occupancy.why += &clinic.why(&room).repeat(2);
    let mut inferred = fresh.clone();
    for (n, evidence) in inferred.evidence.iter_mut().enumerate() {
        let device_id: DeviceId = format!("{n}{}", "e".repeat(DEVICE_ID_BYTES_MAX - 1)).parse().unwrap();
        evidence.source = SourceId::of_device(&device_id);
        evidence.sensor = Sensor::InUse { equipment_id: "q".repeat(96).parse().unwrap() };
        evidence.method = Method::Sensor;
    }
    let fused = crate::domain::occupancy::fuse(&inferred.evidence, None, &fresh.occupancy, false, clinic.now);
    inferred.occupancy.sources = fused.sources;
    inferred.occupancy.why = fused.why + &clinic.why(&room).repeat(2);
    // The rest of the record: seq, time, actor, ids and the event's name.
    let envelope = 512;
    for full in [fresh, inferred] {
        let bytes = largest(&full) + envelope;
        assert!(bytes <= crate::domain::rules::RECORD_BYTES_MAX, "{bytes} bytes");
    }
}

#[test]
fn names_of_webhooks_cameras_do_not_lock_out_a_camera_of_our_own() {
    let mut clinic = two_cameras();
    for n in 0..SOURCES_PER_ROOM_MAX {
        clinic.observe(clinic.report(&format!("key:cam-{n}"), "room-1", false));
    }
    clinic.observe(sure(&clinic, true, 0.9));
    assert_eq!(clinic.status("room-1"), RoomStatus::Occupied);
}

#[test]
fn a_source_that_is_silent_for_a_week_is_forgotten_and_with_the_last_one_that_the_room_was_sensed() {
    let week = Rules::default().source_forgotten;
    let mut clinic = Clinic::new().room("room-1").open();
    clinic.observe(clinic.report("key:cam-9", "room-1", false));
    clinic.wait(seconds(900) + week - minutes(10));
    assert_eq!(clinic.status("room-1"), RoomStatus::Unknown);
    clinic.restart();
    clinic.wait(minutes(10) - Duration::from_millis(1));
    assert_eq!(clinic.status("room-1"), RoomStatus::Unknown, "a restart begins no new week, and ends none");
    assert_eq!(clinic.wait(Duration::from_millis(1)), 1);
    assert!(!clinic.at("room-1").has_sensors());
    assert_eq!(clinic.status("room-1"), RoomStatus::Available);
    assert_eq!(clinic.state.next_deadline(), None);
}

#[test]
fn a_stay_that_a_forgotten_source_began_leaves_a_room_to_clean() {
    let mut clinic = Clinic::new().room("room-1").open();
    clinic.observe(clinic.report("key:cam-9", "room-1", true));
    let forget =
        |source: &str| Ask::ForgetSource { room_id: room_id("room-1"), source: source.parse().unwrap() };
    clinic.wait(minutes(1));
    assert_eq!(clinic.ask(forget("webhook:key:cam-8")).unwrap().len(), 0);
    assert_eq!(clinic.ask(forget("webhook:key:cam-9")).unwrap().len(), 2, "the room and its cleaning");
    assert_eq!(clinic.status("room-1"), RoomStatus::NeedsCleaning, "nobody will see it empty");
    assert_eq!(clinic.ask(forget("webhook:key:cam-9")).unwrap().len(), 0);
}

#[test]
fn a_camera_of_our_own_is_missed_and_never_forgotten() {
    let mut clinic = two_cameras();
    clinic.sees("cam-1", "room-1", false);
    clinic.wait(minutes(60 * 24 * 30));
    assert_eq!(clinic.status("room-1"), RoomStatus::Unknown);
    let source = "camera:cam-1".parse().unwrap();
    let refused = clinic.ask(Ask::ForgetSource { room_id: room_id("room-1"), source }).unwrap_err();
    assert!(refused.to_string().contains("[[cameras]]"), "{refused}");
}
