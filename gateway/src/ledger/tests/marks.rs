//! Messages of devices that come again after a restart: each counts once.

use super::*;
use crate::domain::device::{DeviceBinding, DeviceReport, Said, Target};
use crate::domain::id::DeviceId;
use crate::domain::reading::Quantity;
use crate::domain::state::Note;

fn fridge() -> DeviceId {
    "fridge".parse().unwrap()
}

impl Desk {
    async fn with_fridge(self) -> Self {
        let binding = DeviceBinding {
            device_id: fridge(),
            target: Target::Environment("fridge-1".parse().unwrap()),
            in_use_above: None,
            debounce: Duration::ZERO,
            stale_after: None,
            min: None,
            max: None,
            delay: Duration::from_secs(600),
        };
        let submit = |ask| self.handle().submit(Actor::Gateway, ask);
        let started = Ask::GatewayStarted { version: "0.1.0".into(), cameras: Vec::new() };
        soon(submit(started)).await.unwrap();
        soon(submit(Ask::BindDevices(vec![binding]))).await.unwrap();
        self
    }

    /// Another process on what the disk has at this moment. The one before writes nothing more to it.
    fn after_a_kill(&self) -> Self {
        let (folder, clock) = (tempfile::tempdir().unwrap(), self.clock.clone());
        copy_folder(self.folder.path(), folder.path());
        let ledger = open(folder.path(), &clock, Duration::from_secs(7 * 86_400));
        Self { folder, clock, ledger }
    }

    /// What came of the fridge's `n`-th message.
    async fn degrees(&self, n: u64) -> Option<Note> {
        let said = vec![Said::Measured(Quantity::Temperature, 4.0)];
        let counter = Some(n);
        let report = DeviceReport { device_id: fridge(), said, observed_at: None, counter, is_replay: false };
        let submitted = self.handle().submit(Actor::Sensor(fridge()), Ask::ReportDevice(report));
        soon(submitted).await.unwrap().note
    }

    /// How many readings there are of it.
    fn kept(&self) -> u32 {
        let now = self.clock.now();
        let span = now.shifted(-3_600_000)..now.shifted(60_000);
        let series = "environment:fridge-1:temperature".parse().unwrap();
        let points = self.handle().readings_in(&series, &span, Duration::from_secs(60)).unwrap();
        points.iter().map(|point| point.count).sum()
    }
}

#[tokio::test]
async fn a_message_that_comes_again_after_a_restart_counts_once() {
    let desk = Desk::new().with_fridge().await;
    assert_eq!((desk.degrees(7).await, desk.degrees(8).await), (None, None));
    let again = desk.after_a_kill().with_fridge().await;
    assert_eq!(again.degrees(8).await, Some(Note::Repeated), "its acknowledgement was lost with the process");
    assert_eq!(again.degrees(7).await, Some(Note::Outdated));
    assert_eq!(again.degrees(9).await, None);
    assert_eq!(again.kept(), 3);
}
