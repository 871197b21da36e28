//! What the days came to, over the end of a process.

use std::collections::BTreeSet;

use super::*;
use crate::domain::analytics::{RoomDay, utilization};

fn minutes(n: u64) -> Duration {
    Duration::from_secs(60 * n)
}

fn days_of(state: &State) -> Vec<RoomDay> {
    state.analytics.room_days().map(|day| RoomDay::clone(day)).collect()
}

#[tokio::test]
async fn a_session_over_a_restart_is_counted_as_the_journal_tells_it() {
    let desk = Desk::new().with_room().await;
    desk.ask(set_room(StaffStatus::Occupied)).await.unwrap();
    desk.clock.advance(minutes(10));
    desk.ask(new_task()).await.unwrap();
    // Nobody knows how much of this hour the gateway ran.
    let desk = desk.down_for(minutes(60));
    desk.ask(Ask::GatewayStarted { version: "0.1.0".into(), cameras: Vec::new() }).await.unwrap();
    desk.clock.advance(minutes(5));
    let receipt = desk.ask(set_room(StaffStatus::Available)).await.unwrap();

    let counted = &receipt.snapshot.state;
    let [room] = &utilization(counted, desk.clock.now()).rooms[..] else { panic!("there is one room") };
    assert_eq!((room.today.occupied_minutes, room.today.sessions), (Some(15.0), Some(1)));
    assert_eq!(room.today.average_session_minutes, Some(15.0));
    let mut told = State::new(Rules::default(), []);
    for event in desk.told().await.after(Seq(0), 1_000).unwrap().unwrap() {
        told.apply(&event.event, &mut BTreeSet::new(), event.at);
    }
    assert_eq!(days_of(&told), days_of(counted));
}
