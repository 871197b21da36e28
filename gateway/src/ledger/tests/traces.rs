//! What a writer says of its steps, and a way to hold it between two of them.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Condvar, Mutex, OnceLock};
use std::thread::ThreadId;
use std::time::Instant;

use tracing::field::{Field, Visit};
use tracing::{Event, Metadata, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::{Context, SubscriberExt};

const STEPS: [&str; 4] = ["committed", "published", "answered", "broadcast"];

#[derive(Default)]
struct Traces {
    said: Mutex<HashMap<ThreadId, Vec<String>>>,
    gates: Mutex<HashMap<ThreadId, Arc<Gate>>>,
}

fn traces() -> &'static Traces {
    static TRACES: OnceLock<Traces> = OnceLock::new();
    TRACES.get_or_init(Traces::default)
}

/// Records what every writer of this process says, from now on.
pub(super) fn record() {
    static ONCE: OnceLock<()> = OnceLock::new();
    ONCE.get_or_init(|| {
        let recorder = tracing_subscriber::registry().with(Recorder);
        tracing::subscriber::set_global_default(recorder).expect("no other test takes the process's logs");
    });
}

/// What the writer on this thread has said.
pub(super) fn of(thread: ThreadId) -> Vec<String> {
    traces().said.lock().unwrap().remove(&thread).unwrap_or_default()
}

/// Waits until the writer on this thread has said `step` last.
pub(super) fn wait_for_last(thread: ThreadId, step: &str) {
    let began = Instant::now();
    while traces()
        .said
        .lock()
        .unwrap()
        .get(&thread)
        .and_then(|said| said.last())
        .is_none_or(|last| last != step)
    {
        assert!(began.elapsed() < super::LIVENESS, "the writer never came to {step}");
        std::thread::yield_now();
    }
}

/// Holds the writer on this thread after each of `points`.
pub(super) fn gate(thread: ThreadId, points: &'static [&'static str]) -> Arc<Gate> {
    let gate = Arc::new(Gate { points, state: Mutex::default(), moved: Condvar::new() });
    traces().gates.lock().unwrap().insert(thread, gate.clone());
    gate
}

/// A gate that the writer stops at.
pub(super) struct Gate {
    points: &'static [&'static str],
    state: Mutex<State>,
    moved: Condvar,
}

#[derive(Default)]
struct State {
    held_at: Option<String>,
    open: bool,
}

impl Gate {
    /// Waits until the writer stands at `point`.
    pub(super) fn wait_held_at(&self, point: &str) {
        let (state, limit) = (self.state.lock().unwrap(), super::LIVENESS);
        let held = |state: &mut State| state.held_at.as_deref() != Some(point);
        let (_state, late) = self.moved.wait_timeout_while(state, limit, held).unwrap();
        assert!(!late.timed_out(), "the writer never came to {point}");
    }

    /// Lets the writer go on to the next point.
    pub(super) fn release(&self) {
        self.state.lock().unwrap().held_at = None;
        self.moved.notify_all();
    }

    /// Lets the writer go for good.
    pub(super) fn open(&self) {
        let mut state = self.state.lock().unwrap();
        (state.held_at, state.open) = (None, true);
        self.moved.notify_all();
    }

    fn pass(&self, point: &str) {
        let mut state = self.state.lock().unwrap();
        if state.open || !self.points.contains(&point) {
            return;
        }
        state.held_at = Some(point.into());
        self.moved.notify_all();
        drop(self.moved.wait_while(state, |state| state.held_at.is_some()).unwrap());
    }
}

struct Recorder;

impl<S: Subscriber> Layer<S> for Recorder {
    fn enabled(&self, metadata: &Metadata<'_>, _: Context<'_, S>) -> bool {
        metadata.target().ends_with("::ledger::writer")
    }

    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let mut message = Message::default();
        event.record(&mut message);
        if !STEPS.contains(&message.0.as_str()) {
            return;
        }
        let thread = std::thread::current().id();
        traces().said.lock().unwrap().entry(thread).or_default().push(message.0.clone());
        let gate = traces().gates.lock().unwrap().get(&thread).cloned();
        if let Some(gate) = gate {
            gate.pass(&message.0);
        }
    }
}

#[derive(Default)]
struct Message(String);

impl Visit for Message {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        if field.name() == "message" {
            self.0 = format!("{value:?}");
        }
    }
}
