//! SIGHUP: what can change while the gateway runs is read again. Nobody is disconnected, and of a configuration that is
//! wrong nothing is taken.

use std::path::Path;

use super::listener::Serving;
use crate::claw::endpoints::Endpoints;
use crate::config::{self, Config};
use crate::mqtt::Mqtt;

/// What it takes to read again.
pub(super) struct Reload<'a> {
    pub(super) serving: &'a Serving,
    pub(super) mqtt: &'a Mqtt,
    pub(super) endpoints: &'a Endpoints,
    /// The configuration's file.
    pub(super) file: Option<&'a Path>,
    /// What the gateway was started with.
    pub(super) before: &'a Config,
}

impl Reload<'_> {
    /// Reads the certificate, the bindings and the endpoints again.
    pub(super) async fn all(&self) {
        self.serving.reload();
        let file = self.file.map(Path::to_owned);
        // Files are read, and a slow disk must not hold up a signal to end for longer than that.
        let Ok(loaded) = tokio::task::spawn_blocking(move || config::load(file.as_deref())).await else {
            return;
        };
        let config = match loaded {
            Ok(config) => config,
            Err(problems) => {
                tracing::error!(%problems, "the changed configuration is refused; the one before stays");
                return;
            }
        };
        let bound = config.mqtt.bindings.len();
        match self.mqtt.rebind(config.mqtt.bindings.clone()).await {
            Ok(()) => tracing::info!(bound, "the bindings of devices were read again"),
            Err(error) => tracing::error!(%error, "the bindings of devices stay as they were"),
        }
        let configured = config.endpoints.endpoints.len();
        match self.endpoints.reload(config.endpoints.clone()).await {
            Ok(()) => tracing::info!(configured, "the webhook endpoints were read again"),
            Err(error) => tracing::error!(%error, "the webhook endpoints stay as they were"),
        }
        self.say_what_waits(&config);
    }

    /// Says which sections have changed that only a start reads.
    fn say_what_waits(&self, now: &Config) {
        let text = |part: &dyn std::fmt::Debug| format!("{part:?}");
        let before = self.before;
        let sections = [
            ("assets", text(&before.assets), text(&now.assets)),
            ("http", text(&before.http), text(&now.http)),
            ("store", text(&before.store), text(&now.store)),
            ("hub", text(&before.hub), text(&now.hub)),
            ("rules", text(&before.rules), text(&now.rules)),
            ("vision", text(&before.vision), text(&now.vision)),
            ("cameras", text(&before.cameras), text(&now.cameras)),
            ("facility", text(&before.facility), text(&now.facility)),
            (
                "mqtt",
                text(&(&before.mqtt.access, &before.mqtt.base_topic)),
                text(&(&now.mqtt.access, &now.mqtt.base_topic)),
            ),
            ("claw", text(&(&before.claw, &before.agent)), text(&(&now.claw, &now.agent))),
            ("auth", text(&auth(before)), text(&auth(now))),
            ("telemetry", text(&before.telemetry), text(&now.telemetry)),
        ];
        for (section, _, _) in sections.iter().filter(|(_, before, now)| before != now) {
            tracing::warn!(section, "this section has changed; it needs a restart");
        }
    }
}

/// What a start reads of `[auth]`. Of a secret its digest, which tells another one without telling it.
fn auth(config: &Config) -> impl std::fmt::Debug {
    let keys =
        config.keys.iter().map(|key| (&key.id, key.role, &key.scopes, String::from(key.secret.digest())));
    (config.session_lasts, config.key_requests_per_s, keys.collect::<Vec<_>>(), &config.demo_users)
}
