//! Patient flow.

use crate::domain::id::PatientId;
use crate::domain::rules::{VISIT_FORGOTTEN_AFTER, VISITS_OPEN_MAX};
use crate::domain::visit::{VisitCounts, VisitStatus, counts};

use super::*;

fn patient(n: usize) -> PatientId {
    format!("patient-{n}").parse().unwrap()
}

fn arrives(clinic: &mut Clinic, n: usize) -> Result<Vec<Event>, Rejection> {
    clinic.ask(Ask::PatientArrived { patient_id: patient(n), status: VisitStatus::Waiting })
}

fn moves(clinic: &mut Clinic, n: usize, status: VisitStatus) -> usize {
    clinic.ask(Ask::PatientMoved { patient_id: patient(n), status }).unwrap().len()
}

#[test]
fn a_visit_has_its_times_and_leaves_memory_when_it_is_over() {
    let mut clinic = Clinic::new().open();
    let arrived = clinic.now;
    arrives(&mut clinic, 1).unwrap();
    clinic.wait(minutes(20));
    assert_eq!(moves(&mut clinic, 1, VisitStatus::InExamination), 1);
    let examined = clinic.now;
    clinic.restart();
    clinic.wait(minutes(15));
    moves(&mut clinic, 1, VisitStatus::InTreatment);
    moves(&mut clinic, 1, VisitStatus::CheckingOut);
    assert_eq!(counts(&clinic.state), VisitCounts { checking_out: 1, ..VisitCounts::default() });
    clinic.wait(minutes(5));
    let left = clinic.ask(Ask::PatientDeparted { patient_id: patient(1) }).unwrap();
    let [Event::VisitClosed(visit)] = &left[..] else { panic!("{left:?}") };
    assert_eq!((visit.arrived_at, visit.examined_at), (arrived, Some(examined)));
    assert_eq!(visit.departed_at, Some(clinic.now));
    assert!(clinic.state.visits.is_empty() && counts(&clinic.state) == VisitCounts::default());
    assert!(
        clinic.ask(Ask::PatientDeparted { patient_id: patient(1) }).unwrap().is_empty(),
        "it is so already"
    );
}

#[test]
fn who_arrives_again_is_heard_of_and_not_counted_twice() {
    let mut clinic = Clinic::new().open();
    assert_eq!(arrives(&mut clinic, 1).unwrap().len(), 1);
    clinic.wait(minutes(1));
    assert_eq!(arrives(&mut clinic, 1).unwrap().len(), 0);
    assert_eq!(counts(&clinic.state).waiting, 1);
    assert_eq!(clinic.state.visits[&patient(1)].heard_at, clinic.now);
    let unknown = clinic.ask(Ask::PatientMoved { patient_id: patient(2), status: VisitStatus::Waiting });
    assert!(matches!(unknown, Err(Rejection::NotFound { .. })));
}

#[test]
fn a_visit_of_which_nothing_is_heard_for_a_day_is_forgotten_without_a_departure() {
    let mut clinic = Clinic::new().open();
    arrives(&mut clinic, 1).unwrap();
    clinic.restart();
    clinic.wait(VISIT_FORGOTTEN_AFTER - Duration::from_millis(1));
    assert_eq!(counts(&clinic.state).waiting, 1);
    assert_eq!(clinic.wait(Duration::from_millis(1)), 1);
    let Some((_, Event::VisitClosed(visit))) = clinic.journal.last() else {
        panic!("{:?}", clinic.journal.last())
    };
    assert_eq!((visit.departed_at, clinic.state.visits.len()), (None, 0));
}

#[test]
fn a_clinic_has_a_limit_of_open_visits() {
    let mut clinic = Clinic::new().open();
    for n in 0..VISITS_OPEN_MAX {
        arrives(&mut clinic, n).unwrap();
    }
    assert!(matches!(arrives(&mut clinic, VISITS_OPEN_MAX), Err(Rejection::Conflict(_))));
    assert!(arrives(&mut clinic, 7).is_ok(), "who is here already needs no place");
    clinic.ask(Ask::PatientDeparted { patient_id: patient(0) }).unwrap();
    assert!(arrives(&mut clinic, VISITS_OPEN_MAX).is_ok());
}
