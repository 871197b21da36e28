//! The audit trail: what is in it, and that nobody changes it unseen.

use super::idempotency::{command, nurse, under};
use super::*;
use crate::domain::audit::{AuditEntry, AuditFilter, AuditNote, AuditOutcome, OutcomeFilter};
use crate::domain::camera::Camera;
use crate::domain::command::Observation;
use crate::domain::entity::{Change, Entity};
use crate::domain::occupancy::{Method, Sensor};
use crate::domain::rejection::Rejection;

impl Desk {
    fn trail(&self) -> Vec<AuditEntry> {
        let page = self.handle().audit(None, &AuditFilter::default(), 1_000).unwrap();
        assert_eq!(page.unreadable, [0; 0]);
        page.entries
    }

    /// Ends the writer and gives its store.
    fn store(self) -> (TempDir, Store) {
        self.ledger.join().unwrap();
        let store = Store::open(self.folder.path(), 32).unwrap().store;
        (self.folder, store)
    }
}

fn from(origin: &str) -> Terms {
    Terms { origin: Some(origin.into()), ..Terms::default() }
}

#[tokio::test]
async fn what_people_change_is_in_the_trail_with_who_what_and_where_from() {
    let desk = Desk::new().with_room().await;
    let ask = set_room(StaffStatus::Maintenance);
    let receipt = soon(desk.handle().submit_with(command(nurse(), ask), from("10.0.0.7"))).await.unwrap();
    let entry = desk.trail().remove(0);
    assert_eq!((entry.n, entry.at, entry.actor), (2, at_start(), Some(nurse())));
    assert_eq!((entry.verb.as_str(), entry.subject.as_deref()), ("set_room_status", Some("room:room-1")));
    assert_eq!((entry.outcome, entry.origin.as_deref()), (AuditOutcome::Done, Some("10.0.0.7")));
    assert_eq!((entry.seq, entry.times), (Some(receipt.seq), 1));
    // Saying it again changes nothing, and neither does a repeat.
    desk.ask(set_room(StaffStatus::Maintenance)).await.unwrap();
    for _ in 0..2 {
        soon(desk.handle().submit_with(command(nurse(), new_task()), under("k", "b"))).await.unwrap();
    }
    assert_eq!(desk.trail().len(), 3);
    let desk = desk.reopen();
    desk.ask(new_task()).await.unwrap();
    let (_folder, store) = desk.store();
    let report = verify(&store).unwrap();
    assert_eq!((report.entries, report.head.n, report.breaks), (4, 4, vec![]));
}

#[tokio::test]
async fn what_machines_do_is_not_in_the_trail_unless_it_touches_access() {
    let desk = Desk::new().with_room().await;
    let before = desk.trail().len();
    let submit = async |actor, ask| soon(desk.handle().submit(actor, ask)).await.unwrap();
    submit(Actor::Gateway, new_task()).await;
    let seen = Observation {
        room_id: "room-1".parse().unwrap(),
        source: "webhook:opencv:cam-1".parse().unwrap(),
        sensor: Sensor::Webhook,
        occupied: true,
        people: None,
        confidence: None,
        method: Method::External,
        synthetic: false,
        observed_at: at_start(),
        doctor_id: None,
    };
    submit(Actor::Device("opencv".parse().unwrap()), Ask::Observe(seen)).await;
    submit(Actor::Camera("cam-1".parse().unwrap()), Ask::AdvanceClock).await;
    assert_eq!(desk.trail().len(), before);
    let camera = Camera::starting("cam-9".parse().unwrap(), "room-1".parse().unwrap(), false, at_start());
    submit(Actor::Gateway, Ask::Record(Change::Put(Entity::Camera(Arc::new(camera))))).await;
    let entry = desk.trail().remove(0);
    assert_eq!((entry.subject.as_deref(), entry.seq), (Some("camera:cam-9"), None));
}

#[tokio::test]
async fn a_failed_login_is_in_the_trail_before_its_caller_hears() {
    let desk = Desk::new();
    let failed = || AuditNote {
        actor: None,
        verb: "log_in",
        subject: None,
        outcome: AuditOutcome::Refused("wrong_password".into()),
        stretch: None,
    };
    soon(desk.handle().note(failed(), Some("10.0.0.9".into()))).await.unwrap();
    // What a kill -9 at this moment would leave.
    let killed_here = tempfile::tempdir().unwrap();
    copy_folder(desk.folder.path(), killed_here.path());
    let store = Store::open(killed_here.path(), 32).unwrap().store;
    let entry = store.audit(None, &AuditFilter::default(), 10).unwrap().entries.remove(0);
    assert_eq!(
        (entry.actor, entry.verb.as_str(), entry.origin.as_deref()),
        (None, "log_in", Some("10.0.0.9"))
    );
    // Texts from outside have an end.
    soon(desk.handle().note(failed(), Some("x".repeat(10_000).into()))).await.unwrap();
    assert!(desk.trail()[0].origin.as_ref().unwrap().len() < 100);
}

#[tokio::test]
async fn what_is_forbidden_is_in_the_trail_a_few_times_and_then_counted() {
    let desk = Desk::new();
    for _ in 0..50 {
        let refused = soon(desk.handle().submit(nurse(), Ask::Forbid)).await.unwrap_err();
        assert!(matches!(refused, SubmitError::Rejected(Rejection::Forbidden { .. })));
    }
    let of_the_nurse = |desk: &Desk| desk.trail().into_iter().filter(|it| it.actor == Some(nurse())).count();
    assert_eq!(of_the_nurse(&desk), AUDIT_REFUSALS_PER_S as usize);
    desk.clock.advance(Duration::from_secs(1));
    desk.ask(Ask::AdvanceClock).await.unwrap();
    let counted = desk.trail().remove(0);
    assert_eq!((counted.times, counted.verb.as_str()), (45, "forbid"));
    assert_eq!(counted.outcome, AuditOutcome::Refused("forbidden".into()));
    // Other refusals are answers, not attempts.
    desk.ask(set_room(StaffStatus::Available)).await.unwrap_err();
    assert_eq!(desk.trail().remove(0), counted);
    // What is counted when the writer ends is written, too.
    for _ in 0..7 {
        soon(desk.handle().submit(nurse(), Ask::Forbid)).await.unwrap_err();
    }
    let (_folder, store) = desk.store();
    assert_eq!(store.audit(None, &AuditFilter::default(), 1).unwrap().entries[0].times, 2);
    assert_eq!(verify(&store).unwrap().breaks, []);
}

#[tokio::test]
async fn the_trail_is_asked_by_who_what_when_and_what_came_of_it() {
    let desk = Desk::new().with_room().await;
    desk.ask(new_task()).await.unwrap();
    let refused = soon(desk.handle().submit(Actor::Local, Ask::Forbid)).await;
    assert!(matches!(refused, Err(SubmitError::Rejected(Rejection::Forbidden { .. }))));
    desk.clock.advance(Duration::from_secs(60));
    let noon = desk.clock.now();
    desk.ask(set_room(StaffStatus::Maintenance)).await.unwrap();
    let of = |filter: AuditFilter| -> Vec<u64> {
        desk.handle().audit(None, &filter, 100).unwrap().entries.iter().map(|entry| entry.n).collect()
    };
    let all = of(AuditFilter::default());
    let (last, forbidden) = (all[0], all[1]);
    assert_eq!(of(AuditFilter { actor: Some("staff".into()), ..AuditFilter::default() }), [forbidden]);
    assert_eq!(of(AuditFilter { verb: Some("forbid".into()), ..AuditFilter::default() }), [forbidden]);
    let outcome = |word: &str| {
        of(AuditFilter { outcome: Some(OutcomeFilter::from(word.to_owned())), ..AuditFilter::default() })
    };
    assert_eq!(
        (outcome("refused"), outcome("forbidden"), outcome("busy")),
        (vec![forbidden], vec![forbidden], vec![])
    );
    assert_eq!(outcome("done").len(), all.len() - 1);
    assert_eq!(of(AuditFilter { from: Some(noon), ..AuditFilter::default() }), [last]);
    assert_eq!(of(AuditFilter { to: Some(noon), ..AuditFilter::default() }), all[1..]);
    let subject = desk.trail()[0].subject.clone();
    assert!(subject.is_some());
    assert_eq!(of(AuditFilter { subject, ..AuditFilter::default() }), [last]);
}

#[tokio::test]
async fn pages_of_the_trail_come_newest_first() {
    let desk = Desk::new();
    for _ in 0..10 {
        desk.ask(new_task()).await.unwrap();
    }
    let places = |before, max| -> Vec<u64> {
        desk.handle()
            .audit(before, &AuditFilter::default(), max)
            .unwrap()
            .entries
            .iter()
            .map(|entry| entry.n)
            .collect()
    };
    assert_eq!(places(None, 4), [10, 9, 8, 7]);
    assert_eq!(places(Some(7), 100), [6, 5, 4, 3, 2, 1]);
    assert_eq!(places(Some(1), 100), [0; 0]);
    // A filter that few entries fit reads no more than its share for one page, and says where to go on.
    let (_folder, store) = desk.store();
    let filter = AuditFilter { verb: Some("nothing".into()), ..AuditFilter::default() };
    let older = |before| store.audit_among(4, before, &filter, 100).unwrap().older;
    assert_eq!((older(None), older(Some(7)), older(Some(3))), (Some(7), Some(3), None));
    assert_eq!(store.audit(None, &AuditFilter::default(), 10).unwrap().older, None, "it is the last page");
}

/// A store whose trail has the entries 1 to 6.
async fn six() -> (TempDir, Store) {
    let desk = Desk::new();
    for _ in 0..6 {
        desk.ask(new_task()).await.unwrap();
    }
    desk.store()
}

fn found(store: &Store) -> Vec<String> {
    verify(store).unwrap().breaks.iter().map(ToString::to_string).collect()
}

#[tokio::test]
async fn whichever_byte_of_an_entry_is_flipped_the_chain_names_that_entry() {
    let (_folder, store) = six().await;
    assert_eq!(found(&store), [""; 0]);
    for n in 1..=6 {
        let whole = store.sealed_audit(Some(n + 1)).next_back().unwrap().unwrap().json.unwrap();
        for at in 0..whole.len() {
            let mut json = whole.clone();
            json[at] ^= 1;
            store.overwrite_audit(n, Some(&json));
            let named = format!("entry {n} ");
            let found = found(&store);
            assert!(found.len() == 1 && found[0].starts_with(&named), "byte {at} of entry {n}: {found:?}");
        }
        store.overwrite_audit(n, Some(&whole));
    }
    assert_eq!(found(&store), [""; 0]);
}

#[tokio::test]
async fn an_entry_that_was_taken_out_is_missed() {
    for (gone, said) in [
        (vec![1], "entry 1 is missing"),
        (vec![3], "entry 3 is missing"),
        (vec![3, 4], "entries 3 to 4 are missing"),
        (vec![6], "entry 6 is missing"),
    ] {
        let (_folder, store) = six().await;
        gone.iter().for_each(|n| store.overwrite_audit(*n, None));
        assert_eq!(found(&store), [said]);
    }
}

#[tokio::test]
async fn two_damages_are_both_named() {
    let (_folder, store) = six().await;
    store.overwrite_audit(2, Some(b"{"));
    store.overwrite_audit(5, None);
    assert_eq!(found(&store), ["entry 2 cannot be read", "entry 5 is missing"]);
}

#[tokio::test]
async fn a_damaged_trail_stops_nothing_and_goes_on_after_its_last_entry() {
    for broken in [Some(b"{".as_slice()), None] {
        let (folder, store) = six().await;
        store.overwrite_audit(6, broken);
        drop(store);
        let clock = ManualClock::new(at_start());
        let ledger = open(folder.path(), &clock, Duration::from_secs(86_400));
        let desk = Desk { folder, clock, ledger };
        desk.ask(new_task()).await.unwrap();
        let page = desk.handle().audit(None, &AuditFilter::default(), 3).unwrap();
        let verbs: Vec<_> = page.entries.iter().map(|it| (it.n, it.verb.as_str())).collect();
        assert_eq!(verbs[..2], [(8, "create_task"), (7, "audit_repaired")]);
        let (_folder, store) = desk.store();
        assert_eq!(found(&store).len(), 1, "{:?}", found(&store));
        assert_eq!(verify(&store).unwrap().repaired, [7]);
    }
}

#[tokio::test]
async fn a_trail_that_was_trimmed_still_begins_somewhere() {
    let desk = Desk::new();
    for _ in 0..6 {
        desk.ask(new_task()).await.unwrap();
    }
    desk.clock.advance(Duration::from_secs(399 * 86_400));
    desk.ask(new_task()).await.unwrap();
    desk.clock.advance(Duration::from_secs(2 * 86_400));
    desk.ask(new_task()).await.unwrap();
    desk.ask(new_task()).await.unwrap();
    let (_folder, store) = desk.store();
    let report = verify(&store).unwrap();
    assert_eq!((report.first, report.head.n, report.breaks), (Some(7), 9, vec![]));
    let anchor = store.audit_anchor().unwrap().unwrap();
    let mut batch = crate::store::Batch::default();
    batch.anchor_audit(crate::store::Link { n: anchor.n, hash: Default::default() });
    store.commit(batch).unwrap();
    assert_eq!(found(&store), ["the record of what was trimmed before entry 7 was changed or is gone"]);
    store.overwrite_audit(7, None);
    assert_eq!(found(&store), ["entry 7 is missing"]);
}
