//! What a view shows of a thing: its wire shape, without the fields that the domain's table withholds.

use serde::Serialize;
use serde_json::{Map, Value};

use super::entity::{
    ActionBody, AlarmBody, CameraBody, DeviceBody, DoctorBody, EquipmentBody, RoomBody, TaskBody,
};
use crate::domain::action::ActionItem;
use crate::domain::alarm::Alarm;
use crate::domain::bound_device::Device;
use crate::domain::camera::Camera;
use crate::domain::doctor::Doctor;
use crate::domain::entity::Entity;
use crate::domain::equipment::Equipment;
use crate::domain::room::Room;
use crate::domain::task::Task;
use crate::domain::time::Timestamp;
use crate::domain::view::{Kind, View};

/// A room as `view` shows it.
pub fn room(room: &Room, view: View) -> Value {
    show(Kind::Room, &RoomBody::from(room), view)
}

/// A piece of equipment as `view` shows it.
pub fn equipment(equipment: &Equipment, view: View) -> Value {
    show(Kind::Equipment, &EquipmentBody::from(equipment), view)
}

/// An action item as `view` shows it.
pub fn action(item: &ActionItem, view: View) -> Value {
    show(Kind::Action, &ActionBody::from(item), view)
}

/// An action item as `view` shows it, with how long it has waited at `now`.
pub fn waiting_action(item: &ActionItem, view: View, now: Timestamp) -> Value {
    show(Kind::Action, &ActionBody::from(item).waiting(now), view)
}

/// A doctor as `view` shows it.
pub fn doctor(doctor: &Doctor, view: View) -> Value {
    show(Kind::Doctor, &DoctorBody::from(doctor), view)
}

/// A thing of any kind that REST shows: its noun, and what `view` shows of it.
pub fn entity(entity: &Entity, view: View) -> Option<(&'static str, Value)> {
    Some(match entity {
        Entity::Room(it) => ("room", room(it, view)),
        Entity::Equipment(it) => ("equipment", equipment(it, view)),
        Entity::Doctor(it) => ("doctor", doctor(it, view)),
        Entity::Action(it) => ("action", action(it, view)),
        Entity::Task(it) => ("task", task(it, view)),
        Entity::Alarm(it) => ("alarm", alarm(it, view)),
        Entity::Camera(it) => ("camera", camera(it, view)),
        Entity::Device(it) => ("device", device(it, view)),
        Entity::Facility(_)
        | Entity::User(_)
        | Entity::Token(_)
        | Entity::Key(_)
        | Entity::Automation(_)
        | Entity::Agent(_)
        | Entity::AgentUse(_)
        | Entity::Feedback(_)
        | Entity::Visit(_)
        | Entity::Day(_)
        | Entity::RoomDay(_)
        | Entity::HubDay(_)
        | Entity::Endpoint(_)
        | Entity::Delivery(_) => return None,
    })
}

/// A task as `view` shows it.
pub fn task(task: &Task, view: View) -> Value {
    show(Kind::Task, &TaskBody::from(task), view)
}

/// A technical alarm as `view` shows it.
pub fn alarm(alarm: &Alarm, view: View) -> Value {
    show(Kind::Alarm, &AlarmBody::from(alarm), view)
}

/// A camera's health as `view` shows it.
pub fn camera(camera: &Camera, view: View) -> Value {
    show(Kind::Camera, &CameraBody::from(camera), view)
}

/// A bound device as `view` shows it.
pub fn device(device: &Device, view: View) -> Value {
    show(Kind::Device, &DeviceBody::from(device), view)
}

/// `body`, the whole wire shape of a thing of `kind`, as `view` shows it. A field that the table does not
/// name is shown to nobody.
fn show(kind: Kind, body: &impl Serialize, view: View) -> Value {
    let Value::Object(whole) = serde_json::to_value(body).expect("our bodies serialise") else {
        unreachable!("a body is an object")
    };
    let mut shown = Map::new();
    for (name, mut value) in whole {
        let is_shown = kind.fields().iter().any(|(field, class)| *field == name && view.shows(*class));
        if !is_shown {
            continue;
        }
        if let Value::Object(inner) = &mut value {
            withhold_inner(kind, &name, inner, view);
        }
        shown.insert(name, value);
    }
    Value::Object(shown)
}

/// A field of an inner object is shown with the object, unless the table names it: `occupancy.why`.
fn withhold_inner(kind: Kind, outer: &str, inner: &mut Map<String, Value>, view: View) {
    for (field, class) in kind.fields() {
        let named = field.strip_prefix(outer).and_then(|rest| rest.strip_prefix('.'));
        if let Some(name) = named.filter(|_| !view.shows(*class)) {
            inner.remove(name);
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    #[test]
    fn each_view_shows_its_own_fields() {
        let room = json!({
            "id": "room-1", "name": "Exam Room 1", "current_patient_id": "pat-1", "unheard_of": 1,
            "occupancy": { "state": "occupied", "why": "nurse-1 said it is occupied" },
        });
        let keys = |view| {
            let shown = show(Kind::Room, &room, view);
            let mut keys: Vec<String> = shown.as_object().unwrap().keys().cloned().collect();
            keys.extend(shown["occupancy"]["why"].is_string().then(|| "why".into()));
            keys.join(" ")
        };
        assert_eq!(keys(View::Full), "current_patient_id id name occupancy why");
        assert_eq!(keys(View::Limited), "current_patient_id id name occupancy why");
        assert_eq!(keys(View::DeIdentified), "id name occupancy why");
        assert_eq!(keys(View::Machine), "current_patient_id id occupancy");
        assert_eq!(keys(View::Nothing), "");
    }

    /// Names of fields: those of any kind, and some that no table knows.
    fn names() -> impl Strategy<Value = String> {
        let known: Vec<String> =
            Kind::EVERY.iter().flat_map(|kind| kind.fields()).map(|(name, _)| (*name).to_owned()).collect();
        prop_oneof![4 => prop::sample::select(known), 1 => "[a-z_]{1,12}"]
    }

    proptest! {
        #[test]
        fn no_view_shows_a_field_that_the_table_does_not_give_it(
            kind in prop::sample::select(Kind::EVERY.to_vec()),
            view in prop::sample::select(View::EVERY.to_vec()),
            fields in prop::collection::btree_set(names(), 0..24),
        ) {
            let mut whole = Map::new();
            for name in &fields {
                let value = Value::from(format!("canary of {name}"));
                match name.split_once('.') {
                    Some((outer, inner)) => {
                        let inside = whole.entry(outer).or_insert_with(|| json!({}));
                        if let Value::Object(inside) = inside {
                            inside.insert(inner.into(), value);
                        }
                    }
                    None => drop(whole.entry(name.as_str()).or_insert(value)),
                }
            }
            let told = show(kind, &Value::Object(whole), view).to_string();
            for name in &fields {
                let class = kind.fields().iter().find(|(field, _)| field == name).map(|(_, class)| *class);
                let is_inner = name.contains('.');
                let may_show = class.map_or(is_inner, |class| view.shows(class));
                let is_shown = told.contains(&format!("canary of {name}\""));
                prop_assert!(!is_shown || may_show, "{} of a {} in {}: {}", name, kind.as_str(), view.as_str(), told);
            }
        }
    }
}
