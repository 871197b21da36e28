//! Reading the layers, section by section, and collecting every problem.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use figment::Figment;
use figment::providers::{Env, Format, Toml};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::wording::{dotted, mentioned, quoted, value_at, without_excerpt};
use super::{
    AuthConfig, ClawConfig, Config, ConfigError, FacilityConfig, HttpConfig, Problem, RulesConfig,
    StoreConfig, clinic, secrets,
};
use crate::auth::{ConfiguredKey, DemoUser};
use crate::domain::access::Scope;
use crate::domain::id::RoomId;
use crate::domain::role::Role;
use crate::hub;
use crate::ledger::Clock;
use crate::sensing::{CameraConfig, VisionConfig};
use crate::telemetry;

/// Every section, and the key that stands outside of them.
const TOP_LEVEL: [&str; 11] =
    ["assets", "facility", "http", "store", "hub", "rules", "vision", "cameras", "auth", "claw", "mqtt"];
const TELEMETRY: &str = "telemetry";

/// Type errors that are collected per section before giving up on it: each costs a pass.
const TYPE_ERRORS_MAX: usize = 32;

/// Loads and checks the configuration: the file if given, and the environment (`CARESYNC_HTTP__LISTEN` …).
///
/// # Errors
///
/// Every problem at once.
pub fn load(file: Option<&Path>) -> Result<Config, ConfigError> {
    let (mut reading, top) = layers(file);
    let folder = file.and_then(Path::parent).unwrap_or(Path::new("")).to_owned();
    let config = reading.sections(&top, &folder);
    if reading.problems.is_empty() { Ok(config) } else { Err(ConfigError(reading.problems)) }
}

/// Loads where the store is, and nothing else: secrets of the service are not readable at every console.
///
/// # Errors
///
/// Every problem of the file as a whole and of `[store]`.
pub fn load_store(file: Option<&Path>) -> Result<StoreConfig, ConfigError> {
    let (mut reading, top) = layers(file);
    let store: StoreConfig = reading.section(&top, "store");
    for (key, remedy) in store.problems() {
        reading.report_key(&format!("store.{key}"), remedy);
    }
    if reading.problems.is_empty() { Ok(store) } else { Err(ConfigError(reading.problems)) }
}

fn layers(file: Option<&Path>) -> (Reading, Map<String, Value>) {
    let mut reading = Reading { figment: Figment::new(), problems: Vec::new() };
    if let Some(file) = file {
        if file.is_file() {
            reading.figment = reading.figment.merge(Toml::file_exact(file));
        } else {
            reading.report("--config", file.display(), "there is no such file; name a TOML file");
        }
    }
    reading.figment = reading.figment.merge(Env::prefixed("CARESYNC_").split("__"));
    let top = reading.top_level();
    (reading, top)
}

pub(super) struct Reading {
    figment: Figment,
    problems: Vec<Problem>,
}

impl Reading {
    fn report(&mut self, key: impl Into<String>, place: impl ToString, remedy: impl Into<String>) {
        self.problems.push(Problem { key: key.into(), place: place.to_string(), remedy: remedy.into() });
    }

    /// Says what is wrong with the value of `key`, and where that value stands.
    pub(super) fn report_key(&mut self, key: &str, remedy: impl Into<String>) {
        let problem = self.problem(key, remedy);
        self.problems.push(problem);
    }

    pub(super) fn problem(&self, key: &str, remedy: impl Into<String>) -> Problem {
        // An element of a list has no place of its own: `cameras[0].fps` stands where `cameras` does.
        let named = key.split('[').next().unwrap_or(key);
        let metadata = self.figment.find_metadata(key).or_else(|| self.figment.find_metadata(named));
        let place = match metadata {
            Some(metadata) => match &metadata.source {
                Some(source) => source.to_string(),
                None => format!("environment variable CARESYNC_{}", key.to_uppercase().replace('.', "__")),
            },
            None => "not set".into(),
        };
        Problem { key: key.into(), place, remedy: remedy.into() }
    }

    /// Everything that was given, as one JSON object. A file that is no TOML is a problem of its own.
    fn top_level(&mut self) -> Map<String, Value> {
        let top: Map<String, Value> = match self.figment.extract() {
            Ok(top) => top,
            Err(error) => {
                for error in error {
                    let place =
                        error.metadata.as_ref().and_then(|it| it.source.as_ref()).map(ToString::to_string);
                    self.report(
                        "the file",
                        place.unwrap_or_default(),
                        without_excerpt(&error.kind.to_string()),
                    );
                }
                return Map::new();
            }
        };
        let known = TOP_LEVEL.iter().chain([&TELEMETRY]).copied().collect::<Vec<_>>();
        for key in top.keys().filter(|key| !known.contains(&key.as_str())) {
            self.report_key(key, format!("is no known key; the sections are {}", known.join(", ")));
        }
        top
    }

    fn sections(&mut self, top: &Map<String, Value>, folder: &Path) -> Config {
        let facility: FacilityConfig = self.section(top, "facility");
        let http: HttpConfig = self.section(top, "http");
        let store: StoreConfig = self.section(top, "store");
        let hub: hub::Limits = self.section(top, "hub");
        let rules: RulesConfig = self.section(top, "rules");
        let vision: VisionConfig = self.section(top, "vision");
        let auth: AuthConfig = self.section(top, "auth");
        let claw: ClawConfig = self.section(top, "claw");
        let telemetry: telemetry::Config = self.section(top, TELEMETRY);
        let cameras = self.cameras(top);
        for (section, problems) in [
            ("http", http.problems()),
            ("store", store.problems()),
            ("hub", hub.problems()),
            ("rules", rules.problems()),
            ("vision", vision.problems()),
            ("auth", auth.problems()),
            (TELEMETRY, telemetry.problems()),
        ] {
            for (key, remedy) in problems {
                self.report_key(&format!("{section}.{key}"), remedy);
            }
        }
        for (key, remedy) in facility.problems() {
            self.report_key(&format!("facility.{key}"), remedy);
        }
        let clinic = self.clinic(&facility, folder, &cameras, &rules);
        let keys = self.keys(&auth, &http);
        let (session_lasts, key_requests_per_s) = (auth.session_lasts(), auth.key_requests_per_s);
        let demo_users = self.demo_users(auth, &http);
        let mut warnings = self.certificate(&http);
        let (mqtt, mqtt_warnings) = self.mqtt(top, &facility, &clinic);
        warnings.extend(mqtt_warnings);
        let endpoints = self.endpoints(&claw);
        let agent = self.agent(&claw, &facility, &http);
        let cameras = cameras.into_iter().map(|(_, camera)| camera).collect();
        let assets = self.assets(top);
        Config {
            assets,
            facility,
            clinic,
            http,
            store,
            hub,
            rules,
            vision,
            cameras,
            claw,
            session_lasts,
            key_requests_per_s,
            keys,
            demo_users,
            telemetry,
            mqtt,
            endpoints,
            agent,
            warnings,
        }
    }

    /// Reads the certificate as the listener will, and returns what is worth saying about it.
    fn certificate(&mut self, http: &HttpConfig) -> Vec<Problem> {
        let Some(files) = http.tls.files() else { return Vec::new() };
        match files.read() {
            Err((key, remedy)) => {
                self.report_key(&format!("http.{key}"), remedy);
                Vec::new()
            }
            Ok(certificate) => {
                let warnings = certificate.warnings(Clock::System.now()).into_iter();
                let warning = |(key, remedy)| self.problem(&format!("http.{key}"), remedy);
                warnings.map(warning).collect()
            }
        }
    }

    fn assets(&mut self, top: &Map<String, Value>) -> PathBuf {
        match top.get("assets") {
            None => ".cache/assets".into(),
            Some(Value::String(folder)) => folder.into(),
            Some(_) => {
                self.report_key("assets", "is a folder, written as a string");
                PathBuf::new()
            }
        }
    }

    pub(super) fn section<T: DeserializeOwned + Serialize + Default>(
        &mut self,
        top: &Map<String, Value>,
        name: &str,
    ) -> T {
        let Some(given) = top.get(name) else { return T::default() };
        let known = serde_json::to_value(T::default()).expect("defaults serialise");
        self.parse(given, name, &known).unwrap_or_default()
    }

    /// Parses `given`, and reports each value of the wrong type and each unknown key. `known` names the keys.
    pub(super) fn parse<T: DeserializeOwned>(
        &mut self,
        given: &Value,
        name: &str,
        known: &Value,
    ) -> Option<T> {
        if !given.is_object() {
            self.report_key(name, format!("is a section: [{name}] with keys below it"));
            return None;
        }
        let mut given = given.clone();
        let mut wrong = BTreeSet::new();
        for _ in 0..TYPE_ERRORS_MAX {
            let mut unknown = Vec::new();
            let mut track = serde_path_to_error::Track::new();
            let parsed: Result<T, _> = {
                let json = serde_path_to_error::Deserializer::new(given.clone(), &mut track);
                serde_ignored::deserialize(json, |path| unknown.push(path.to_string()))
            };
            let path = track.path();
            let wrong_value = value_at(&given, &path).and_then(quoted);
            let path = path.to_string();
            match parsed {
                Ok(parsed) => {
                    for key in unknown {
                        self.report_unknown(name, &key, known);
                    }
                    return Some(parsed);
                }
                Err(error) => {
                    let key = path.split(['.', '[']).next().unwrap_or("").to_owned();
                    let missing = given.get(&key).is_none();
                    if !(missing && wrong.contains(&mentioned(&error))) {
                        // The value may be a secret in the wrong place: its key is enough to find it.
                        let what = match &wrong_value {
                            Some(value) => error.to_string().replace(value, ""),
                            None => error.to_string(),
                        };
                        self.report_key(&dotted(name, &path), what);
                    }
                    if missing {
                        return None;
                    }
                    given.as_object_mut().expect("checked above").remove(&key);
                    wrong.insert(key);
                }
            }
        }
        None
    }

    /// Says that `key` of the section `name` is unknown; `known` names the section's own keys.
    fn report_unknown(&mut self, name: &str, key: &str, known: &Value) {
        let (mut path, mut is_nested) = (name.to_owned(), false);
        for part in key.split('.') {
            is_nested |= part.parse::<usize>().is_ok();
            path += &if part.parse::<usize>().is_ok() { format!("[{part}]") } else { format!(".{part}") };
        }
        let (section, known) = match key.rsplit_once('.').filter(|_| !is_nested) {
            Some((within, _)) => (format!("{name}.{within}"), known.get(within)),
            None => (name.to_owned(), Some(known)),
        };
        let keys = known.and_then(Value::as_object).map(|keys| keys.keys().cloned().collect::<Vec<_>>());
        let remedy = match keys.filter(|_| !is_nested) {
            Some(keys) => format!("is no known key; the keys of {section} are {}", keys.join(", ")),
            None => "is no known key".into(),
        };
        self.report_key(&path, remedy);
    }

    /// The cameras that can be read, each with its place in the list.
    fn cameras(&mut self, top: &Map<String, Value>) -> Vec<(usize, CameraConfig)> {
        let known = serde_json::json!({ "id": 0, "source": 0, "room": 0, "zones": 0, "rotate": 0, "fps": 0, "hold_s": 0 });
        let given = match top.get("cameras") {
            None => return Vec::new(),
            Some(Value::Array(given)) => given,
            Some(_) => {
                self.report_key("cameras", "is a list: one [[cameras]] section for each");
                return Vec::new();
            }
        };
        let mut cameras: Vec<(usize, CameraConfig)> = Vec::new();
        for (n, given) in given.iter().enumerate() {
            let name = format!("cameras[{n}]");
            let Some(camera) = self.parse::<CameraConfig>(given, &name, &known) else { continue };
            for (key, remedy) in camera.problems() {
                self.report_key(&format!("{name}.{key}"), remedy);
            }
            if cameras.iter().any(|(_, other)| other.id == camera.id) {
                self.report_key(
                    &format!("{name}.id"),
                    format!("\"{}\" is the id of another camera", camera.id),
                );
            }
            cameras.push((n, camera));
        }
        cameras
    }

    fn clinic(
        &mut self,
        facility: &FacilityConfig,
        folder: &Path,
        cameras: &[(usize, CameraConfig)],
        rules: &RulesConfig,
    ) -> crate::domain::command::Clinic {
        let Some(seed_file) = &facility.seed_file else { return Default::default() };
        match clinic::read(&folder.join(seed_file)) {
            Ok(clinic) => {
                let is_room = |room: &RoomId| clinic.rooms.iter().any(|(id, ..)| id == room);
                for room in rules.automation.rooms.keys().filter(|room| !is_room(room)) {
                    let remedy = format!("\"{room}\" is no room of {}", seed_file.display());
                    self.report_key(&format!("rules.automation.rooms.{room}"), remedy);
                }
                for (n, camera) in cameras {
                    if !is_room(&camera.room) {
                        let remedy = format!("\"{}\" is no room of {}", camera.room, seed_file.display());
                        self.report_key(&format!("cameras[{n}].room"), remedy);
                    }
                }
                clinic
            }
            Err(remedy) => {
                self.report_key("facility.seed_file", remedy);
                Default::default()
            }
        }
    }

    fn keys(&mut self, auth: &AuthConfig, http: &HttpConfig) -> Vec<ConfiguredKey> {
        let mut keys: Vec<ConfiguredKey> = Vec::new();
        for (n, key) in auth.keys.iter().enumerate() {
            if key.role.is_of_a_person() || key.role == Role::Kiosk {
                self.report_key(&format!("auth.keys[{n}].role"), "of a key is device, agent or peer");
            }
            if keys.iter().any(|other| other.id == key.id) {
                self.report_key(&format!("auth.keys[{n}].id"), "is the id of another key; give each its own");
            }
            let scopes = key.scopes.clone().unwrap_or_else(|| Scope::usual(key.role));
            match secrets::read(key, http.is_loopback()) {
                Ok(secret) => keys.push(ConfiguredKey { id: key.id.clone(), role: key.role, scopes, secret }),
                Err((field, remedy)) => self.report_key(&format!("auth.keys[{n}].{field}"), remedy),
            }
        }
        keys
    }

    /// Users with passwords that stand in a file are for a demo on loopback.
    fn demo_users(&mut self, auth: AuthConfig, http: &HttpConfig) -> Vec<DemoUser> {
        for (n, user) in auth.demo_users.iter().enumerate() {
            if !user.role.is_of_a_person() {
                self.report_key(
                    &format!("auth.demo_users[{n}].role"),
                    "is that of a machine; use [[auth.keys]]",
                );
            }
        }
        if !auth.demo_users.is_empty() && !http.listen.ip().is_loopback() {
            let remedy = "are for a listener on loopback; make real ones with: caresync-gateway user add";
            self.report_key("auth.demo_users", remedy);
        }
        auth.demo_users
    }
}
