//! Readings: on the disk when they are acknowledged, in their minute after a restart, and no sync for cameras alone.

use super::*;
use crate::domain::command::{CameraBinding, EquipmentReport, Observation};
use crate::domain::equipment::EquipmentStatus;
use crate::domain::occupancy::{Method, Sensor};
use crate::domain::reading::{Reading, Series};
use crate::domain::rollup::{Minute, Rollup};
use crate::store::{Batch, Store};

use super::super::readings::Readings;

fn power() -> Series {
    "equipment:eq-1:power".parse().unwrap()
}

fn confidence() -> Series {
    "room:room-1:confidence".parse().unwrap()
}

impl Desk {
    /// A clinic with a room and a piece of equipment.
    async fn with_equipment(self) -> Self {
        let rooms = vec![("room-1".parse().unwrap(), "Room 1".into(), RoomKind::Examination)];
        let equipment = vec![("eq-1".parse().unwrap(), "Washer".into(), "washer".into(), None)];
        self.ask(Ask::ImportClinic(Clinic { rooms, equipment, ..Clinic::default() })).await.unwrap();
        let (camera_id, room_id) = ("cam-1".parse().unwrap(), "room-1".parse().unwrap());
        let cameras = vec![CameraBinding { camera_id, room_id, synthetic: false }];
        soon(self.handle().submit(Actor::Gateway, Ask::GatewayStarted { version: "0.1.0".into(), cameras }))
            .await
            .unwrap();
        self
    }

    async fn reports(&self, power_w: f64, observed_at: Timestamp) -> Result<Receipt, SubmitError> {
        let report = EquipmentReport {
            equipment_id: "eq-1".parse().unwrap(),
            source: "webhook:opencv:plug-1".parse().unwrap(),
            status: EquipmentStatus::Operational,
            confidence: None,
            observed_at,
            power_w: Some(power_w),
        };
        soon(self.handle().submit(Actor::Device("opencv".parse().unwrap()), Ask::ReportEquipment(report)))
            .await
    }

    /// Power now, as a device reports it.
    async fn power(&self, power_w: f64) {
        self.reports(power_w, self.clock.now()).await.unwrap();
    }

    /// A look of the gateway's own camera.
    async fn look_at_room(&self, confidence: f32) {
        let camera_id: crate::domain::id::CameraId = "cam-1".parse().unwrap();
        let seen = Observation {
            room_id: "room-1".parse().unwrap(),
            source: crate::domain::id::SourceId::of_camera(&camera_id),
            sensor: Sensor::Camera { camera_id: camera_id.clone() },
            occupied: true,
            people: Some(1),
            confidence: Some(confidence),
            method: Method::Model,
            synthetic: false,
            observed_at: self.clock.now(),
            doctor_id: None,
        };
        soon(self.handle().submit(Actor::Camera(camera_id), Ask::Observe(seen))).await.unwrap();
    }

    /// What the disk holds of a minute.
    fn on_disk(&self, series: &Series, at: Timestamp) -> Option<Rollup> {
        self.handle().store().minute(series, Minute::of(at).0).unwrap()
    }

    fn newest(&self, series: &Series) -> Option<f64> {
        self.handle().newest_readings().of(series).map(|it| it.value)
    }

    fn bytes_written(&self) -> u64 {
        self.handle().store_figures().unwrap().bytes_written
    }
}

#[tokio::test]
async fn an_acknowledged_reading_is_on_the_disk_though_nothing_else_changed() {
    let desk = Desk::new().with_equipment().await;
    desk.power(43.2).await;
    let seq = desk.handle().snapshot().seq;
    desk.power(44.0).await;
    assert_eq!(desk.handle().snapshot().seq, seq, "no event follows from a measurement");
    let minute = desk.on_disk(&power(), at_start()).unwrap();
    assert_eq!((minute.count, minute.min, minute.max, minute.last), (2, 43.2, 44.0, 44.0));
    assert_eq!(desk.newest(&power()), Some(44.0));
    // As after a kill: the folder as it lies there, while the process still holds it.
    let copy = tempfile::tempdir().unwrap();
    copy_folder(desk.folder.path(), copy.path());
    let ledger = open(copy.path(), &desk.clock, Duration::from_secs(86_400));
    assert_eq!(ledger.handle.newest_readings().of(&power()).map(|it| it.value), Some(44.0));
    ledger.join().unwrap();
}

#[tokio::test]
async fn a_minute_goes_on_after_a_restart_and_the_next_one_begins() {
    let desk = Desk::new().with_equipment().await;
    desk.power(10.0).await;
    let desk = desk.down_for(Duration::from_secs(20)).reopen();
    assert_eq!(desk.newest(&power()), Some(10.0));
    desk.power(30.0).await;
    let minute = desk.on_disk(&power(), at_start()).unwrap();
    assert_eq!((minute.count, minute.sum, minute.samples), (2, 40.0, vec![(0, 10.0), (20, 30.0)]));
    desk.clock.advance(Duration::from_secs(40));
    desk.power(50.0).await;
    let next = desk.on_disk(&power(), at_start().plus(Duration::from_secs(60))).unwrap();
    assert_eq!((next.count, next.last), (1, 50.0));
    let span = at_start()..at_start().plus(Duration::from_secs(3_600));
    let points = desk.handle().readings_in(&power(), &span, Duration::from_secs(60)).unwrap();
    let shown: Vec<_> = points.iter().map(|it| (it.min, it.max, it.mean, it.count)).collect();
    assert_eq!(shown, [(10.0, 30.0, 20.0, 2), (50.0, 50.0, 50.0, 1)]);
}

#[tokio::test]
async fn a_late_reading_goes_to_its_own_minute_and_does_not_become_the_newest() {
    let desk = Desk::new().with_equipment().await;
    desk.power(10.0).await;
    desk.clock.advance(Duration::from_secs(600));
    // A source whose own word must not go back says it by another one.
    desk.power(50.0).await;
    let desk = desk.reopen();
    let late = Reading { series: power(), value: 20.0, at: at_start().plus(Duration::from_secs(5)) };
    let gone = Reading { at: at_start().shifted(-3_600_000), ..late.clone() };
    desk.ledger.join().unwrap();
    let store = Arc::new(Store::open(desk.folder.path(), 16).unwrap().store);
    let mut readings = Readings::open(&store).unwrap();
    let now = desk.clock.now();
    readings.take(vec![late.clone(), gone.clone()], false, now).unwrap();
    assert!(!readings.is_due(now.plus(UNWRITTEN_MAX - Duration::from_millis(1))), "nobody is answered");
    assert!(readings.is_due(now.plus(UNWRITTEN_MAX)));
    readings.take(vec![], true, now).unwrap();
    assert!(!readings.is_due(now), "nothing was measured");
    readings.publish();
    assert_eq!(readings.newest().of(&power()).unwrap().value, 50.0);
    let mut batch = Batch::default();
    readings.write(&mut batch);
    store.commit(batch).unwrap();
    readings.written();
    assert_eq!(store.minute(&power(), Minute::of(late.at).0).unwrap().unwrap().sum, 30.0, "it goes on");
    assert_eq!(store.minute(&power(), Minute::of(gone.at).0).unwrap(), None, "an hour is too late");
    assert_eq!(
        store.minute(&power(), Minute::of(now).0).unwrap().unwrap().count,
        1,
        "the newest minute stays"
    );
    assert!(!readings.is_unwritten());
}

#[tokio::test]
async fn a_cameras_readings_are_shown_at_once_and_wait_for_a_commit_or_a_minute() {
    let desk = Desk::new().with_equipment().await;
    desk.look_at_room(0.9).await;
    desk.look_at_room(0.9).await;
    desk.clock.advance(Duration::from_secs(1));
    desk.power(1.0).await;
    let before = desk.bytes_written();
    for n in 0..5_u8 {
        desk.clock.advance(Duration::from_secs(2));
        desk.look_at_room(0.9 + f32::from(n) / 100.0).await;
    }
    assert_eq!(desk.bytes_written(), before, "a camera is worth no sync");
    assert_eq!(desk.newest(&confidence()), Some(0.94));
    assert_eq!(desk.on_disk(&confidence(), at_start()).map(|it| it.count), Some(2));
    desk.power(2.0).await;
    assert_eq!(desk.on_disk(&confidence(), at_start()).map(|it| it.count), Some(7), "it rides along");
    desk.look_at_room(0.5).await;
    desk.clock.advance(UNWRITTEN_MAX + Duration::from_secs(1));
    // The writer wakes by itself; until it has, the disk says so.
    let written = async {
        while desk.on_disk(&confidence(), at_start()).map(|it| it.count) != Some(8) {
            tokio::task::yield_now().await;
        }
    };
    soon(written).await;
}

#[tokio::test]
async fn what_waits_is_written_at_the_end() {
    let desk = Desk::new().with_equipment().await;
    desk.look_at_room(0.9).await;
    desk.look_at_room(0.8).await;
    let desk = desk.reopen();
    assert_eq!(desk.on_disk(&confidence(), at_start()).map(|it| it.count), Some(2));
}

#[tokio::test]
async fn what_is_no_number_or_no_power_is_refused() {
    let desk = Desk::new().with_equipment().await;
    for wrong in [f64::NAN, f64::INFINITY, -0.1, 1e6 + 1.0] {
        let refused = desk.reports(wrong, at_start()).await.unwrap_err();
        assert!(refused.to_string().contains("powerW"), "{wrong}: {refused}");
    }
    assert_eq!(desk.newest(&power()), None);
    let ahead = at_start().plus(Duration::from_secs(600));
    desk.reports(5.0, ahead).await.unwrap();
    assert_eq!(desk.handle().newest_readings().of(&power()).map(|it| it.at), Some(at_start()), "never ahead");
}

#[tokio::test]
async fn a_paused_room_is_not_measured() {
    let desk = Desk::new().with_equipment().await;
    let room_id = "room-1".parse().unwrap();
    desk.ask(Ask::PauseSensing { room_id, paused: true }).await.unwrap();
    desk.look_at_room(0.9).await;
    assert_eq!(desk.newest(&confidence()), None);
}

#[test]
fn a_series_too_many_is_refused_and_no_old_one_is_lost() {
    let folder = tempfile::tempdir().unwrap();
    let store = Arc::new(Store::open(folder.path(), 16).unwrap().store);
    let mut readings = Readings::open(&store).unwrap();
    let of = |n: usize| Reading {
        series: format!("device:d-{n}:battery").parse().unwrap(),
        value: 50.0,
        at: at_start(),
    };
    readings.take((0..=SERIES_MAX).map(of).collect(), true, at_start()).unwrap();
    readings.take(vec![of(0)], true, at_start()).unwrap();
    readings.publish();
    assert_eq!(readings.newest().list(None).len(), SERIES_MAX);
    assert_eq!(readings.newest().of(&of(SERIES_MAX).series), None);
    let mut batch = Batch::default();
    readings.write(&mut batch);
    store.commit(batch).unwrap();
    readings.written();
    assert_eq!(store.minute(&of(0).series, Minute::of(at_start()).0).unwrap().unwrap().count, 2);
    assert!(!store.has_blobs());
    readings.forget(at_start().plus(Duration::from_secs(1)));
    readings.take(vec![of(SERIES_MAX)], true, at_start()).unwrap();
    assert_eq!(readings.newest().list(None), [], "what is old makes room");
}

#[tokio::test]
async fn old_readings_go_with_their_days() {
    let desk = Desk::new().with_equipment().await;
    desk.power(1.0).await;
    desk.clock.advance(Duration::from_secs(20 * 86_400));
    desk.power(2.0).await;
    desk.clock.advance(Duration::from_secs(11 * 86_400));
    desk.ask(Ask::AdvanceClock).await.unwrap();
    desk.ask(Ask::AdvanceClock).await.unwrap();
    assert_eq!(desk.on_disk(&power(), at_start()), None);
    assert_eq!(desk.newest(&power()), Some(2.0));
    desk.clock.advance(Duration::from_secs(20 * 86_400));
    desk.ask(Ask::AdvanceClock).await.unwrap();
    desk.ask(Ask::AdvanceClock).await.unwrap();
    assert_eq!(desk.newest(&power()), None, "a series that nothing is left of is forgotten");
}
