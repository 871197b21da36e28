//! The roof: builds every part, merges the doors, and owns the order in which they stop.

mod certificate;
mod listener;
mod metrics;
mod passage;
mod reload;
mod requests;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, bail};
use axum::Router;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use utoipa::openapi::OpenApi;

use crate::admin::{Admin, Discover};
use crate::api::{self, Api, MissingAsset, Setup};
use crate::auth::{self, DemoUser, Doorkeeper};
use crate::claw::endpoints::{self, Endpoints};
use crate::claw::http::Http;
use crate::claw::{self, agent::Agent};
use crate::config::Config;
use crate::domain::access::{AccessAsk, Holder, NewUser, Token};
use crate::domain::actor::Actor;
use crate::domain::alarm::{AlarmCause, AlarmNotice};
use crate::domain::command::Ask;
use crate::domain::role::Role;
use crate::domain::rules::Rules;
use crate::hub::{self, Hub};
use crate::ledger::{self, Clock, Handle, Ledger, Recovery, SubmitError};
use crate::mqtt::{self, Mqtt};
use crate::sensing::{self, Detector, Missing, Prepared, Sensing};
use crate::wire::caller::Entrance;
use listener::Listener;
use reload::Reload;

/// How long the last batch has to be written when the gateway stops.
const LEDGER_DRAIN_MAX: Duration = Duration::from_secs(5);

/// Runs the gateway until a signal ends it. `file` is where `config` came from, to be read again on SIGHUP.
///
/// # Errors
///
/// What keeps it from starting, or the failed write that ended it.
pub async fn run(config: Config, file: Option<PathBuf>) -> anyhow::Result<()> {
    let mut signals = Signals::receive().context("signals cannot be received")?;
    let registry = metrics::begin();
    // Before the store is opened: a taken port must not cost a start of the ledger.
    let listener = Listener::bind(&config.http).await?;
    let ledger =
        Ledger::open(&config.store.path, ledger_settings(&config)).context("the ledger cannot be opened")?;
    let exit_hold = Duration::from_secs(config.rules.exit_hold_s.into());
    let (cameras, missing) = sensing::prepare(&config.vision, &config.cameras, &config.assets, exit_hold);
    check_assets(&config, &missing)?;
    first_commands(&ledger, &config, &cameras).await?;
    make_demo_users(&ledger.handle, &config.demo_users).await?;
    let doorkeeper = Doorkeeper::new(config.http.open_demo, config.keys.iter().cloned());
    let entrance = Entrance { doorkeeper, ledger: ledger.handle.clone() };
    let mqtt = Mqtt::start(config.mqtt.clone(), ledger.handle.clone(), &config.store.path)
        .await
        .context("the way to MQTT cannot be opened")?;
    let endpoints = Endpoints::start(config.endpoints.clone(), ledger.handle.clone()).await?;
    let admin = open_console(&entrance, &mqtt, &config);
    let setup = first_admin(&entrance, &config).context("the set-up code cannot be written")?;
    let hospital = config.facility.hospital_id.as_ref().and_then(|id| id.parse().ok());
    let (hub, hub_running) = Hub::start(entrance.clone(), config.hub.clone(), hospital)
        .context("the hub's thread cannot be started")?;
    let devices = mqtt::router(mqtt.clone(), entrance.clone());
    let claw = claw::router(endpoints.clone(), entrance.clone());
    let http = Http::new(config.endpoints.ca_file.as_deref())
        .map_err(anyhow::Error::msg)
        .context("other systems cannot be called")?;
    let agent = Agent::start(config.agent.clone(), http, ledger.handle.clone());
    let api = Api::new(entrance, api_settings(&config, missing, &mqtt, (&endpoints, &agent)));
    let sensing =
        Sensing::start(cameras, &ledger.handle).context("the cameras' threads cannot be started")?;
    let metrics = metrics::router(registry.clone(), ledger.handle.clone());
    let served = api.router(documents()).merge(hub.router()).merge(devices).merge(claw).merge(metrics);
    let router = passage::to(guarded(setup, served), &config.http);
    drop(api);

    let parts = TaskTracker::new();
    let stop = CancellationToken::new();
    parts.spawn(metrics::tidy(registry, stop.clone()));
    let serving = listener.serve(router, &ledger.handle);
    parts.spawn(watchdog(ledger.handle.clone(), stop.clone()));
    ready(&config);

    let reload = Reload {
        serving: &serving,
        mqtt: &mqtt,
        endpoints: &endpoints,
        file: file.as_deref(),
        before: &config,
    };
    let why = wait_for_end(&mut signals, reload, &ledger.handle, &hub_running).await;
    tracing::info!(why, "the gateway stops");
    drop(sd_notify::notify(&[sd_notify::NotifyState::Stopping]));
    hub.stop(hub_running).await;
    if let Some(admin) = admin {
        admin.stop().await;
    }
    stop.cancel();
    tokio::join!(sensing.stop(), serving.stop(), mqtt.stop(), endpoints.stop(), agent.stop());
    drop(hub);
    finish(ledger).await
}

/// What the doors besides the API's say of what they serve.
fn documents() -> OpenApi {
    let mut document = Hub::document();
    document.merge(endpoints::document());
    document
}

/// How the store of `config` is opened.
pub(crate) fn ledger_settings(config: &Config) -> ledger::Settings {
    ledger::Settings {
        cache_mib: config.store.cache_mib,
        journal_kept: Duration::from_secs(u64::from(config.store.journal_days) * 86_400),
        audit_kept: Duration::from_secs(u64::from(config.store.audit_days) * 86_400),
        readings_kept: Duration::from_secs(u64::from(config.store.readings_days) * 86_400),
        budget_bytes: Some(config.store.budget_mib << 20).filter(|budget| *budget > 0),
        clock: Clock::System,
        rules: Rules {
            agent_phase: config.claw.agent.phase,
            agent: config.claw.agent.rails(),
            ..config.rules.to_rules(&config.vision, &config.facility)
        },
    }
}

fn api_settings(
    config: &Config,
    missing: Vec<Missing>,
    mqtt: &Mqtt,
    (endpoints, agent): (&Endpoints, &Agent),
) -> api::Settings {
    let (mqtt, endpoints, agent) = (mqtt.clone(), endpoints.clone(), agent.clone());
    let missing_assets = missing.into_iter().map(|Missing { name, reason }| MissingAsset { name, reason });
    api::Settings {
        session_lasts: config.session_lasts,
        key_requests_per_s: config.key_requests_per_s,
        webhook_age_max: Duration::from_secs(config.rules.webhook_max_age_s.into()),
        missing_assets: missing_assets.collect(),
        parts: vec![
            ("mqtt", Arc::new(move || mqtt.health())),
            ("claw", Arc::new(move || endpoints.health())),
            ("agent", Arc::new(move || agent.health())),
        ],
    }
}

/// What must be known before a door opens: the clinic, and that only sensors' knowledge is gone.
async fn first_commands(ledger: &Ledger, config: &Config, cameras: &[Prepared]) -> anyhow::Result<()> {
    let submit = |ask| ledger.handle.submit(Actor::Gateway, ask);
    if config.facility.seed_file.is_some() {
        submit(Ask::ImportClinic(config.clinic.clone())).await.context("facility.seed_file")?;
    }
    submit(Ask::ImportAutomation(config.rules.automation.clone())).await.context("rules.automation")?;
    submit(Ask::ImportAgentPhase(config.claw.agent.phase)).await.context("claw.agent.phase")?;
    let cameras_bound = sensing::bindings(cameras);
    let clinic = ledger.handle.snapshot();
    if let Some(lost) = cameras_bound.iter().find(|it| !clinic.state.rooms.contains_key(&it.room_id)) {
        bail!(
            "cameras: {} watches room \"{}\", which does not exist; correct its `room`",
            lost.camera_id,
            lost.room_id
        );
    }
    submit(Ask::GatewayStarted { version: env!("CARGO_PKG_VERSION").into(), cameras: cameras_bound }).await?;
    // What an earlier start or run had to say about itself ends with a start that is well.
    let has_certificate = config.http.tls.files().is_some();
    let is_past = |cause| match cause {
        AlarmCause::StoreRecovered | AlarmCause::CommandUndecidable | AlarmCause::ClientsLost => true,
        // One that is served says itself how it does.
        AlarmCause::Certificate => !has_certificate,
        AlarmCause::CameraLost | AlarmCause::StoreBudget | AlarmCause::SenderClock => false,
        // The rules of devices end these themselves.
        AlarmCause::BatteryLow
        | AlarmCause::DevicesOffline
        | AlarmCause::DeviceFlapping
        | AlarmCause::BrokerLost
        | AlarmCause::SensorStuck
        | AlarmCause::TemperatureExcursion
        | AlarmCause::TemperatureUnknown => false,
        // And those of endpoints these.
        AlarmCause::EndpointFailing | AlarmCause::EndpointEnded | AlarmCause::DeadLetters => false,
        // One that is called says itself how it does.
        AlarmCause::AgentOffline => config.agent.way.is_none(),
    };
    for alarm in
        clinic.state.alarms.values().filter(|alarm| alarm.is_standing() && is_past(alarm.notice.cause))
    {
        submit(Ask::ClearAlarm(alarm.id.clone())).await?;
    }
    if let Some(recovery) = &ledger.recovery {
        submit(Ask::RaiseAlarm(recovery_notice(recovery))).await?;
    }
    Ok(())
}

/// Makes the demo's users, each once in the life of a store.
async fn make_demo_users(ledger: &Handle, users: &[DemoUser]) -> anyhow::Result<()> {
    for demo in users {
        let submit = |ask| ledger.submit(Actor::Gateway, Ask::Access(ask));
        if !ledger.snapshot().state.access.users.contains_key(&demo.id) {
            let new = NewUser {
                id: Some(demo.id.clone()),
                email: demo.email.clone(),
                name: demo.name.clone(),
                role: demo.role,
                doctor_id: demo.doctor_id.clone(),
                manages: demo.manages.clone(),
                password: auth::hash(demo.password.clone()).await.context("auth.demo_users.password")?,
            };
            submit(AccessAsk::CreateUser(new)).await.context("auth.demo_users")?;
        }
        let Some(secret) = &demo.token else { continue };
        if ledger.snapshot().state.access.token_of(&secret.digest()).is_none() {
            let token = Token {
                id: uuid::Uuid::now_v7().into(),
                holder: Holder::User(demo.id.clone()),
                digest: secret.digest(),
                label: Some("demo".into()),
                created_at: ledger.now(),
                expires_at: None,
            };
            submit(AccessAsk::OpenToken { token, proved: None }).await.context("auth.demo_users.token")?;
        }
    }
    Ok(())
}

/// Opens the socket of the command line. A clinic without it is better than none.
fn open_console(entrance: &Entrance, mqtt: &Mqtt, config: &Config) -> Option<Admin> {
    let mqtt = mqtt.clone();
    let discover: Discover = Arc::new(move || {
        let mqtt = mqtt.clone();
        Box::pin(async move { serde_json::json!({ "devices": mqtt.discover().await }) })
    });
    let opened = Admin::start(entrance.clone(), Some(discover), &config.store.path);
    opened.inspect_err(|error| tracing::warn!(%error, "the admin socket cannot be opened")).ok()
}

/// What is missing while no admin has an account: on the LAN everything but the page that makes one, on loopback
/// nothing that the console could not do.
fn first_admin(entrance: &Entrance, config: &Config) -> std::io::Result<Option<Setup>> {
    let snapshot = entrance.ledger.snapshot();
    if snapshot.state.access.open_users_of(Role::Admin).next().is_some() {
        Setup::forget(&config.store.path);
        return Ok(None);
    }
    if config.http.listen.ip().is_loopback() {
        let store = config.store.path.display();
        let remedy = format!("caresync-gateway user add --role admin --store {store}");
        tracing::warn!(remedy, "no admin has an account");
        return Ok(None);
    }
    Setup::begin(entrance.clone(), config.http.listen, &config.store.path).map(Some)
}

/// What the console is told, and the clinic, of a store that had to be recovered.
pub(crate) fn recovery_notice(recovery: &Recovery) -> AlarmNotice {
    let (text, remedy) = match recovery {
        Recovery::SnapshotsRebuilt { kept_in } => (
            "the store was damaged and recovered from its log; if the log was damaged too, the newest changes are lost"
                .into(),
            format!("check the disk, and the rooms; the damaged files are kept in {}", kept_in.display()),
        ),
        Recovery::StartedAnew { kept_in } => (
            "the store was damaged beyond recovery; a new one begins with the clinic's seed file".to_owned(),
            format!("check the disk; the damaged store is kept in {}", kept_in.display()),
        ),
    };
    AlarmNotice {
        cause: AlarmCause::StoreRecovered,
        subject: "store".into(),
        text,
        remedy,
        children: Vec::new(),
    }
}

/// What is served, behind the page that sets the gateway up while nobody has.
fn guarded(setup: Option<Setup>, served: Router) -> Router {
    match setup {
        Some(setup) => setup.guard(served),
        None => served,
    }
}

/// Says what is missing. The gateway does without, but for what the configuration insists on.
fn check_assets(config: &Config, missing: &[Missing]) -> anyhow::Result<()> {
    for Missing { name, reason } in missing {
        tracing::warn!(asset = name, reason, "an asset is missing; the gateway does without");
    }
    if config.vision.detector == Detector::Model && missing.iter().any(|it| it.name == config.vision.model) {
        bail!(
            "vision.detector = \"model\", and the model is missing; run make assets, or set it to \"auto\""
        );
    }
    Ok(())
}

fn ready(config: &Config) {
    tracing::info!(
        version = env!("CARGO_PKG_VERSION"),
        http.listen = %config.http.listen,
        facility.id = config.facility.id,
        cameras = config.cameras.len(),
        "the gateway is ready"
    );
    drop(sd_notify::notify(&[sd_notify::NotifyState::Ready]));
}

/// The signals that end the gateway in order, and the one that has files read again. Received from the first moment on: one that came earlier would
/// end it without a goodbye.
struct Signals {
    terminate: Signal,
    interrupt: Signal,
    hangup: Signal,
}

impl Signals {
    fn receive() -> std::io::Result<Self> {
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
            hangup: signal(SignalKind::hangup())?,
        })
    }
}

/// Waits for a signal to end, or for the writer to. SIGHUP ends nothing: files are read again.
async fn wait_for_end(
    signals: &mut Signals,
    reload: Reload<'_>,
    ledger: &Handle,
    hub: &hub::Running,
) -> &'static str {
    loop {
        tokio::select! {
            // Cancel safe, all five.
            _ = signals.terminate.recv() => return "SIGTERM",
            _ = signals.interrupt.recv() => return "SIGINT",
            _ = signals.hangup.recv() => reload.all().await,
            () = ledger.closed() => return "the ledger's writer has ended",
            () = hub.ended() => return "the fan-out has ended",
        }
    }
}

/// Tells systemd that the writer still makes progress: each sign of life is a command's round trip.
async fn watchdog(ledger: Handle, stop: CancellationToken) {
    let Some(timeout) = sd_notify::watchdog_enabled() else { return };
    let mut ticks = tokio::time::interval(timeout / 3);
    loop {
        tokio::select! {
            // Cancel safe, both.
            _ = ticks.tick() => {}
            () = stop.cancelled() => return,
        }
        // A refusal is an answer too: the writer lives, and has raised an alarm about what it set aside.
        let answer = ledger.submit(Actor::Gateway, Ask::AdvanceClock).await;
        if matches!(answer, Ok(_) | Err(SubmitError::Rejected(_))) {
            drop(sd_notify::notify(&[sd_notify::NotifyState::Watchdog]));
        }
    }
}

/// Waits for the last batch. Whoever still holds a handle after the drains is a lost client.
async fn finish(ledger: Ledger) -> anyhow::Result<()> {
    let joined = tokio::task::spawn_blocking(move || ledger.join());
    match tokio::time::timeout(LEDGER_DRAIN_MAX, joined).await {
        Ok(Ok(written)) => written.context("a write failed; the store on disk is the truth, start again"),
        Ok(Err(panicked)) => Err(panicked).context("the ledger's writer panicked"),
        Err(_) => {
            tracing::warn!("a client still holds the ledger; everything acknowledged is on disk");
            Ok(())
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    /// `UPDATE=1 cargo test -p caresync-gateway --lib document` renews the snapshot.
    #[test]
    fn the_snapshot_of_the_document_is_as_the_handlers_say() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/openapi.json");
        let now = format!("{}\n", crate::api::document(documents()));
        if std::env::var_os("UPDATE").is_some() {
            std::fs::write(&path, &now).unwrap();
        }
        let kept = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(kept == now, "docs/openapi.json is stale; renew it with UPDATE=1 and look at what changed");
    }
}
