//! How the fan-out thread, which has no runtime, is woken by futures.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use tokio::sync::watch;

use crate::ledger::Head;

/// Wakes the thread out of its `poll`.
pub(super) struct WakePoll(pub(super) mio::Waker);

impl std::task::Wake for WakePoll {
    fn wake(self: Arc<Self>) {
        if let Err(error) = self.0.wake() {
            tracing::error!(%error, "the fan-out cannot be woken");
        }
    }
}

/// The journal's head, as something that a thread without a runtime can wait for.
pub(super) struct Moved(Pin<Box<dyn Future<Output = watch::Receiver<Head>> + Send>>);

impl Moved {
    pub(super) fn of(mut head: watch::Receiver<Head>) -> Self {
        Self(Box::pin(async move {
            if head.changed().await.is_err() {
                // The writer has ended, and so does the gateway.
                std::future::pending::<()>().await;
            }
            head
        }))
    }

    /// True when the head has moved since this was true before. Else the task is woken when it does.
    pub(super) fn poll(&mut self, task: &mut Context<'_>) -> bool {
        let mut has_moved = false;
        while let Poll::Ready(mut head) = self.0.as_mut().poll(task) {
            head.borrow_and_update();
            *self = Self::of(head);
            has_moved = true;
        }
        has_moved
    }
}
