//! `[[claw.endpoints]]`.

use std::path::{Path, PathBuf};
use std::time::Duration;

use axum::http::HeaderValue;
use serde::{Deserialize, Serialize};

use crate::auth::{Secret, is_signing_secret};
use crate::domain::action::Urgency;
use crate::domain::endpoint::{
    Endpoint, EndpointKind, EndpointUrl, Filter, Hidden, Payload, RATE_PER_S_USUAL, SigningSecret,
    kind_matches,
};
use crate::domain::id::{EndpointId, RoomId};
use crate::domain::time::Timestamp;
use crate::wire::frame::EVENT_KINDS;

/// What a phone is told unless somebody says otherwise: what needs a person now.
const FOR_PHONES: [&str; 3] = ["action:created", "task:created", "alarm:raised"];

/// What holds for all endpoints, and those that the configuration names.
#[derive(Clone, Debug)]
pub struct Settings {
    /// What the configuration names.
    pub endpoints: Vec<Endpoint>,
    /// Hosts that admins may add endpoints at.
    pub allowed_hosts: Vec<String>,
    /// Who signed the certificates of the clinic's own systems.
    pub ca_file: Option<PathBuf>,
    /// How long an endpoint may fail before it is sent nothing more.
    pub drop_after: Duration,
    /// What every pause between retries is multiplied by.
    pub retry_scale: f64,
}

/// One `[[claw.endpoints]]`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct EndpointConfig {
    id: EndpointId,
    url: String,
    #[serde(default)]
    kind: EndpointKind,
    #[serde(default)]
    events: Vec<String>,
    #[serde(default)]
    rooms: Vec<RoomId>,
    #[serde(default)]
    urgency: Vec<Urgency>,
    #[serde(default)]
    payload: Payload,
    #[serde(default = "on")]
    enabled: bool,
    #[serde(default = "usual_rate")]
    rate_per_s: u32,
    #[serde(default)]
    secret_file: Option<PathBuf>,
    #[serde(default)]
    old_secret_file: Option<PathBuf>,
    #[serde(default)]
    bearer_file: Option<PathBuf>,
}

fn on() -> bool {
    true
}

fn usual_rate() -> u32 {
    RATE_PER_S_USUAL
}

impl EndpointConfig {
    /// An object with every key.
    pub fn known() -> serde_json::Value {
        serde_json::json!({
            "id": 0, "url": 0, "kind": 0, "events": 0, "rooms": 0, "urgency": 0, "payload": 0, "enabled": 0,
            "rate_per_s": 0, "secret_file": 0, "old_secret_file": 0, "bearer_file": 0,
        })
    }

    /// The endpoint; `read` gives the text of a secret's file.
    ///
    /// # Errors
    ///
    /// Each key that is wrong, and the remedy.
    pub fn read(
        self,
        read: impl Fn(&Path) -> Result<Secret, String>,
    ) -> Result<Endpoint, Vec<(&'static str, String)>> {
        let mut wrong = Vec::new();
        let url =
            self.url.parse::<EndpointUrl>().map_err(|error| wrong.push(("url", error.to_string()))).ok();
        let filter = filter(self.kind, self.events, self.rooms, self.urgency);
        let filter = filter.map_err(|remedy| wrong.push(("events", remedy))).ok();
        let mut secrets = Vec::new();
        // The newest last: receivers that know only the old one find it all the same.
        for (key, file) in [("old_secret_file", &self.old_secret_file), ("secret_file", &self.secret_file)] {
            let Some(file) = file else { continue };
            match read(file).and_then(signing) {
                Ok(secret) => secrets.push(SigningSecret { secret, expires_at: None }),
                Err(remedy) => wrong.push((key, remedy)),
            }
        }
        let bearer = self.bearer_file.as_deref().map(|file| read(file).and_then(bearer));
        let bearer = bearer.transpose().map_err(|remedy| wrong.push(("bearer_file", remedy))).ok().flatten();
        let (Some(url), Some(filter), true) = (url, filter, wrong.is_empty()) else { return Err(wrong) };
        let endpoint = Endpoint {
            id: self.id,
            url,
            kind: self.kind,
            filter,
            payload: self.payload,
            enabled: self.enabled,
            rate_per_s: self.rate_per_s,
            secrets,
            bearer,
            created_at: Timestamp::default(),
            revision: 0,
        };
        endpoint.check().map_err(|problem| vec![problem])?;
        Ok(endpoint)
    }
}

/// The filter of an endpoint of `kind`, with what is usual for it where nothing is said.
///
/// # Errors
///
/// The pattern that takes no event there is, and the remedy.
pub(super) fn filter(
    kind: EndpointKind,
    events: Vec<String>,
    rooms: Vec<RoomId>,
    urgency: Vec<Urgency>,
) -> Result<Filter, String> {
    let is_for_phones = kind == EndpointKind::Ntfy && events.is_empty();
    let events = if is_for_phones { FOR_PHONES.map(str::to_owned).into() } else { events };
    let urgency = if is_for_phones && urgency.is_empty() { vec![Urgency::Urgent] } else { urgency };
    let mut patterns = Vec::new();
    for text in events {
        if !EVENT_KINDS.iter().any(|kind| kind_matches(&text, kind)) {
            let kinds = EVENT_KINDS.join(", ");
            return Err(format!("\"{}\" takes no event; there are {kinds}", text.escape_default()));
        }
        patterns.push(text.parse().map_err(|error| format!("\"{}\" {error}", text.escape_default()))?);
    }
    Ok(Filter { events: patterns, rooms, urgency })
}

fn signing(secret: Secret) -> Result<Hidden, String> {
    if is_signing_secret(secret.expose()) {
        return Ok(Hidden(secret.expose().into()));
    }
    Err("holds no signing secret of 24 to 64 bytes; make one with: echo whsec_$(openssl rand -base64 32)"
        .into())
}

/// A token that can stand in a header.
pub(super) fn bearer(secret: Secret) -> Result<Hidden, String> {
    let text = secret.expose();
    let is_token = !text.is_empty() && text.len() <= 4_096 && !text.contains(' ');
    if is_token && HeaderValue::from_str(text).is_ok() {
        return Ok(Hidden(text.into()));
    }
    Err("holds no token: visible letters without spaces, on one line".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: serde_json::Value) -> Result<Endpoint, Vec<(&'static str, String)>> {
        let config: EndpointConfig = serde_json::from_value(json).unwrap();
        config.read(|file| match file.to_str() {
            Some("short") => Ok(Secret::new("short".into())),
            Some("none") => Err("none cannot be read".into()),
            _ => Ok(Secret::new("a-secret-of-more-than-24-letters".into())),
        })
    }

    #[test]
    fn everything_that_is_wrong_is_said_at_once() {
        let wrong = read(serde_json::json!({
            "id": "emr", "url": "http://user@emr.lan/", "events": ["rooms:updated"], "secret_file": "short", "bearer_file": "none",
        }));
        let keys: Vec<&str> = wrong.unwrap_err().into_iter().map(|(key, _)| key).collect();
        assert_eq!(keys, ["url", "events", "secret_file", "bearer_file"]);
    }

    #[test]
    fn what_cannot_go_together_is_refused() {
        let with = |more: serde_json::Value| {
            let mut all = serde_json::json!({ "id": "emr", "url": "http://emr.lan/", "secret_file": "s", "bearer_file": "b" });
            all.as_object_mut().unwrap().append(more.clone().as_object_mut().unwrap());
            read(all).map_err(|wrong| wrong[0].0)
        };
        assert!(with(serde_json::json!({ "payload": "full" })).is_ok());
        assert_eq!(with(serde_json::json!({ "secret_file": null })), Err("secret_file"));
        assert_eq!(with(serde_json::json!({ "kind": "openclaw", "bearer_file": null })), Err("bearer_file"));
        assert_eq!(with(serde_json::json!({ "kind": "openclaw", "payload": "full" })), Err("payload"));
        assert_eq!(with(serde_json::json!({ "kind": "ntfy", "payload": "full" })), Err("payload"));
        assert_eq!(with(serde_json::json!({ "rate_per_s": 0 })), Err("rate_per_s"));
        let phone = with(serde_json::json!({ "kind": "ntfy", "secret_file": null })).unwrap();
        assert_eq!((phone.filter.events.len(), &phone.filter.urgency[..]), (3, &[Urgency::Urgent][..]));
        assert!(!format!("{phone:?}").contains("a-secret"), "no secret is printed");
    }
}
