//! The hub's numbers, day by day.

use crate::domain::hub_day::{HUB_DAYS_KEPT, HubCounts};

use super::*;

fn counted(clients_max: u64, frames_sent: u64) -> Ask {
    let closes = [("4507".to_owned(), 1)].into();
    Ask::CountHub(HubCounts { clients_max, frames_sent, closes, ..HubCounts::default() })
}

fn count(clinic: &mut Clinic, ask: Ask) {
    let command = clinic.command(Actor::Gateway, ask);
    assert_eq!(clinic.take(&command), Ok(Vec::new()), "numbers are no events");
}

#[test]
fn what_is_counted_on_a_day_adds_up_and_outlives_a_restart() {
    let mut clinic = Clinic::new().open();
    count(&mut clinic, counted(3, 10));
    clinic.restart();
    count(&mut clinic, counted(2, 5));
    let days: Vec<_> = clinic.state.hub_days.values().cloned().collect();
    let [day] = days.as_slice() else { panic!("one day, not {days:?}") };
    assert_eq!((day.counts.clients_max, day.counts.frames_sent), (3, 15));
    assert_eq!(day.counts.closes, [("4507".to_owned(), 2)].into());
}

#[test]
fn each_day_has_its_own_numbers_and_the_oldest_go() {
    let mut clinic = Clinic::new().open();
    for n in 0..HUB_DAYS_KEPT as u64 + 2 {
        count(&mut clinic, counted(n, 1));
        clinic.wait(Duration::from_secs(86_400));
    }
    let days: Vec<u64> = clinic.state.hub_days.values().map(|day| day.counts.clients_max).collect();
    assert_eq!(days, (2..HUB_DAYS_KEPT as u64 + 2).collect::<Vec<_>>());
}

#[test]
fn nobody_but_the_gateway_counts() {
    let mut clinic = Clinic::new().open();
    let command = clinic.command(Actor::Local, counted(1, 1));
    assert_eq!(clinic.take(&command).unwrap_err().code(), "forbidden");
}
