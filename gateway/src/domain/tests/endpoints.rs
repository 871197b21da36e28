//! Webhook endpoints: how far they are, what is said about them, and what the journal waits for.

use crate::domain::alarm::{AlarmCause, alarm_id};
use crate::domain::endpoint::{
    DEAD_LETTERS_MAX, DeadLetter, Delivery, DeliveryNote, EndReason, Endpoint, EndpointAsk, EndpointEdit,
    Hidden, SigningSecret,
};
use crate::domain::event::Seq;
use crate::domain::id::EndpointId;

use super::*;

fn id(text: &str) -> EndpointId {
    text.parse().unwrap()
}

fn ask(clinic: &mut Clinic, ask: EndpointAsk) -> Result<Vec<Event>, Rejection> {
    let command = clinic.command(Actor::Gateway, Ask::Endpoints(ask));
    clinic.take(&command)
}

fn bind(clinic: &mut Clinic, configured: &[(&str, bool)], head: u64) {
    let configured = configured.iter().map(|(name, is_on)| (id(name), *is_on)).collect();
    ask(clinic, EndpointAsk::Bind { configured, head: Seq(head) }).unwrap();
}

fn note(name: &str, cursor: u64) -> DeliveryNote {
    DeliveryNote {
        endpoint_id: id(name),
        cursor: Seq(cursor),
        attempts: 0,
        failures: 0,
        failing_since: None,
        retry_at: None,
        delivered_at: None,
        ended: None,
        dead: Vec::new(),
        raised: Vec::new(),
    }
}

fn dead(seq: u64) -> DeadLetter {
    let kind = "room:updated".to_owned();
    DeadLetter { seq: Seq(seq), kind, at: at_start(), attempts: 10, outcome: "status 400".into() }
}

fn say(clinic: &mut Clinic, note: DeliveryNote) -> Vec<Event> {
    ask(clinic, EndpointAsk::Note(Box::new(note))).unwrap()
}

fn delivery(clinic: &Clinic, name: &str) -> Delivery {
    Delivery::clone(&clinic.state.deliveries[&id(name)])
}

fn stands(clinic: &Clinic, cause: AlarmCause, name: &str) -> bool {
    clinic.state.alarms.get(&alarm_id(cause, name)).is_some_and(|alarm| alarm.is_standing())
}

fn endpoint(name: &str) -> Endpoint {
    Endpoint {
        id: id(name),
        url: "http://10.0.0.7:9000/hook".parse().unwrap(),
        kind: Default::default(),
        filter: Default::default(),
        payload: Default::default(),
        enabled: true,
        rate_per_s: 10,
        secrets: vec![SigningSecret { secret: Hidden("one".into()), expires_at: None }],
        bearer: None,
        created_at: Timestamp::default(),
        revision: 0,
    }
}

#[test]
fn a_configured_endpoint_begins_at_the_head_goes_on_where_it_was_and_is_forgotten_with_its_line() {
    let mut clinic = Clinic::new().open();
    bind(&mut clinic, &[("emr", true), ("lab", true)], 7);
    assert_eq!(delivery(&clinic, "emr").cursor, Seq(7));
    say(&mut clinic, note("emr", 9));
    bind(&mut clinic, &[("emr", true)], 12);
    assert_eq!(delivery(&clinic, "emr").cursor, Seq(9), "it goes on where it was");
    assert!(!clinic.state.deliveries.contains_key(&id("lab")));
    bind(&mut clinic, &[("emr", false)], 12);
    assert_eq!(clinic.state.delivered_by_all(), None, "who is turned off is not waited for");
    bind(&mut clinic, &[("emr", true)], 20);
    assert_eq!(delivery(&clinic, "emr").cursor, Seq(20), "and is told what happens from now on");
    bind(&mut clinic, &[("emr", true)], 3);
    assert_eq!(delivery(&clinic, "emr").cursor, Seq(3), "the journal was restored, and is shorter");
}

#[test]
fn the_journal_waits_for_the_slowest_that_lives() {
    let mut clinic = Clinic::new().open();
    bind(&mut clinic, &[("emr", true), ("lab", true), ("off", false)], 5);
    say(&mut clinic, note("emr", 9));
    assert_eq!(clinic.state.delivered_by_all(), Some(Seq(5)));
    say(&mut clinic, DeliveryNote { ended: Some(EndReason::Dropped), ..note("lab", 6) });
    assert_eq!(clinic.state.delivered_by_all(), Some(Seq(9)), "who was dropped is not waited for");
}

#[test]
fn an_endpoint_that_fails_is_one_alarm_until_it_takes_something() {
    let mut clinic = Clinic::new().open();
    bind(&mut clinic, &[("emr", true)], 5);
    for (failures, events) in [(1, 0), (2, 0), (3, 1), (4, 0)] {
        let said = say(&mut clinic, DeliveryNote { failures, ..note("emr", 5) });
        assert_eq!(said.len(), events, "{failures} failures");
    }
    assert!(stands(&clinic, AlarmCause::EndpointFailing, "emr"));
    say(&mut clinic, note("emr", 6));
    assert!(!stands(&clinic, AlarmCause::EndpointFailing, "emr"));
}

#[test]
fn an_endpoint_that_ended_stays_so_until_somebody_resumes_it() {
    let mut clinic = Clinic::new().open();
    bind(&mut clinic, &[("emr", true)], 5);
    say(&mut clinic, DeliveryNote { failures: 9, ended: Some(EndReason::Gone), ..note("emr", 6) });
    assert!(stands(&clinic, AlarmCause::EndpointEnded, "emr"), "it says so");
    assert!(!stands(&clinic, AlarmCause::EndpointFailing, "emr"), "and only so");
    say(&mut clinic, note("emr", 99));
    assert_eq!(delivery(&clinic, "emr").cursor, Seq(6), "a late word of the delivery counts no more");
    bind(&mut clinic, &[("emr", true)], 10);
    assert!(delivery(&clinic, "emr").ended.is_some(), "a restart is no reason");
    ask(&mut clinic, EndpointAsk::Resume { endpoint_id: id("emr"), after: None }).unwrap();
    let resumed = delivery(&clinic, "emr");
    assert_eq!((resumed.cursor, resumed.failures, resumed.ended), (Seq(6), 0, None));
    assert!(!stands(&clinic, AlarmCause::EndpointEnded, "emr"));
}

#[test]
fn dead_letters_are_few_and_an_alarm_until_they_are_raised_or_dismissed() {
    let mut clinic = Clinic::new().open();
    bind(&mut clinic, &[("emr", true)], 0);
    let many: Vec<_> = (1..=DEAD_LETTERS_MAX as u64 + 3).map(dead).collect();
    say(&mut clinic, DeliveryNote { dead: many, ..note("emr", 50) });
    let seqs: Vec<u64> = delivery(&clinic, "emr").dead.iter().map(|it| it.seq.0).collect();
    assert_eq!((seqs.len(), seqs[0]), (DEAD_LETTERS_MAX, 4), "the oldest go");
    let record = Entity::Delivery(clinic.state.deliveries[&id("emr")].clone());
    assert!(serde_json::to_vec(&record).unwrap().len() < 7_000, "they fit into one record");
    assert!(stands(&clinic, AlarmCause::DeadLetters, "emr"));
    let raised: Vec<Seq> = seqs.iter().map(|seq| Seq(*seq)).collect();
    say(&mut clinic, DeliveryNote { raised, ..note("emr", 50) });
    assert!(!stands(&clinic, AlarmCause::DeadLetters, "emr"));
    say(&mut clinic, DeliveryNote { dead: vec![dead(51)], ..note("emr", 51) });
    ask(&mut clinic, EndpointAsk::DismissDead(id("emr"))).unwrap();
    assert!(!stands(&clinic, AlarmCause::DeadLetters, "emr"));
}

#[test]
fn what_an_admin_adds_is_edited_rotated_and_removed_and_what_is_configured_is_not() {
    let mut clinic = Clinic::new().open();
    bind(&mut clinic, &[("emr", true)], 5);
    let new = |name: &str| EndpointAsk::Create { endpoint: Box::new(endpoint(name)), after: Seq(2) };
    assert_eq!(ask(&mut clinic, new("emr")).unwrap_err().code(), "conflict");
    ask(&mut clinic, new("lab")).unwrap();
    let edit = EndpointEdit { enabled: Some(false), ..EndpointEdit::default() };
    let edited =
        |name: &str| EndpointAsk::Edit { endpoint_id: id(name), edit: Box::new(edit.clone()), head: Seq(9) };
    assert_eq!(ask(&mut clinic, edited("emr")).unwrap_err().code(), "conflict", "its file says how it is");
    assert_eq!(ask(&mut clinic, edited("none")).unwrap_err().code(), "not_found");
    ask(&mut clinic, edited("lab")).unwrap();
    assert!(!delivery(&clinic, "lab").is_on);
    for n in 0..4 {
        let secret = Hidden(format!("secret {n}").into());
        ask(&mut clinic, EndpointAsk::Rotate { endpoint_id: id("lab"), secret, overlap: seconds(60) })
            .unwrap();
    }
    let now = clinic.now;
    let live = |clinic: &Clinic, at| {
        clinic.state.endpoints[&id("lab")].secrets.iter().filter(|it| it.is_live(at)).count()
    };
    assert_eq!(
        (live(&clinic, now), live(&clinic, now.plus(seconds(60)))),
        (3, 1),
        "the old ones overlap, and end"
    );
    assert!(!format!("{:?}", clinic.state.endpoints).contains("secret 3"), "no secret is printed");
    ask(&mut clinic, EndpointAsk::Delete(id("lab"))).unwrap();
    assert!(clinic.state.endpoints.is_empty() && !clinic.state.deliveries.contains_key(&id("lab")));
}

#[test]
fn one_that_an_admin_added_comes_back_when_the_configuration_names_it_no_more() {
    let mut clinic = Clinic::new().open();
    let new = EndpointAsk::Create { endpoint: Box::new(endpoint("lab")), after: Seq(2) };
    ask(&mut clinic, new).unwrap();
    bind(&mut clinic, &[("lab", true)], 5);
    assert_eq!(ask(&mut clinic, EndpointAsk::Delete(id("lab"))).unwrap_err().code(), "conflict");
    bind(&mut clinic, &[], 6);
    let lab = delivery(&clinic, "lab");
    assert_eq!((lab.is_configured, lab.is_on, lab.cursor), (false, true, Seq(2)));
    ask(&mut clinic, EndpointAsk::Delete(id("lab"))).unwrap();
    assert!(clinic.state.deliveries.is_empty());
}

#[test]
fn nobody_but_admins_and_the_gateway_ask() {
    let mut clinic = Clinic::new().open();
    for what in [
        EndpointAsk::Create { endpoint: Box::new(endpoint("lab")), after: Seq(0) },
        EndpointAsk::Note(Box::new(note("lab", 1))),
    ] {
        let command = clinic.command(Actor::Local, Ask::Endpoints(what));
        assert_eq!(clinic.take(&command).unwrap_err().code(), "forbidden");
    }
    let unsigned = Endpoint { secrets: Vec::new(), ..endpoint("lab") };
    let refused = ask(&mut clinic, EndpointAsk::Create { endpoint: Box::new(unsigned), after: Seq(0) });
    assert_eq!(refused.unwrap_err().code(), "invalid_field");
}
