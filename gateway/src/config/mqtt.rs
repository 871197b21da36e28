//! `[mqtt]` and `[[mqtt.bindings]]`, with everything that is wrong with them.

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::{Map, Value};

use super::load::Reading;
use super::{FacilityConfig, Problem, secrets};
use crate::domain::command::Clinic;
use crate::domain::device::Target;
use crate::mqtt::config::{BINDINGS_MAX, Binding};
use crate::mqtt::{BindingConfig, MqttConfig, Settings};

impl Reading {
    /// The settings of MQTT, and what is worth saying about them. What is wrong is reported.
    pub(super) fn mqtt(
        &mut self,
        top: &Map<String, Value>,
        facility: &FacilityConfig,
        clinic: &Clinic,
    ) -> (Settings, Vec<Problem>) {
        let config: MqttConfig = self.section(top, "mqtt");
        let mut settings =
            match config.settings((&facility.id, &facility.name), |file: &Path| secrets::read_text(file)) {
                Ok(settings) => settings,
                Err(problems) => {
                    for (key, remedy) in problems {
                        self.report_key(&format!("mqtt.{key}"), remedy);
                    }
                    Settings::off()
                }
            };
        let mut warnings = Vec::new();
        settings.bindings = self.bindings(&config.bindings, &mut warnings);
        if facility.seed_file.is_some() {
            for binding in &settings.bindings {
                warnings.extend(self.stranger(binding, clinic));
            }
        }
        (settings, warnings)
    }

    fn bindings(&mut self, given: &[Value], warnings: &mut Vec<Problem>) -> Vec<Binding> {
        if given.len() > BINDINGS_MAX {
            let remedy = format!("{} are too many; the most is {BINDINGS_MAX}", given.len());
            self.report_key("mqtt.bindings", remedy);
            return Vec::new();
        }
        let (mut bindings, mut ids) = (Vec::new(), BTreeSet::new());
        for (n, given) in given.iter().enumerate() {
            let name = format!("mqtt.bindings[{n}]");
            let Some(config) = self.parse::<BindingConfig>(given, &name, &BindingConfig::known()) else {
                continue;
            };
            let warning = config.warning();
            warnings.extend(warning.map(|(key, remedy)| self.problem(&format!("{name}.{key}"), remedy)));
            match config.read() {
                Ok(binding) if ids.insert(binding.id().clone()) => bindings.push(binding),
                Ok(binding) => {
                    let remedy = format!("\"{}\" is the id of another binding", binding.id());
                    self.report_key(&format!("{name}.id"), remedy);
                }
                Err(wrong) => {
                    for (key, remedy) in wrong {
                        self.report_key(&format!("{name}.{key}"), remedy);
                    }
                }
            }
        }
        bindings
    }

    /// A target that the seed file does not know. It may be made later, by REST, so it is only a warning.
    fn stranger(&self, binding: &Binding, clinic: &Clinic) -> Option<Problem> {
        let is_known = match binding.target() {
            Target::Room(id) | Target::Door(id) | Target::Button(id) => {
                clinic.rooms.iter().any(|(room, ..)| room == id)
            }
            Target::Equipment(id) => clinic.equipment.iter().any(|(it, ..)| it == id),
            Target::Environment(_) => true,
        };
        let remedy = || {
            format!(
                "what \"{}\" is about is not in facility.seed_file; it counts once it is made",
                binding.id()
            )
        };
        (!is_known).then(|| self.problem("mqtt.bindings", remedy()))
    }
}
