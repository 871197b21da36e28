//! Bodies of answers, for the API's document. Handlers build the same from the view of whoever asks.

use std::collections::BTreeMap;

use utoipa::ToSchema;
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::Schema;

use crate::domain::analytics::{DayReport, Trends};
use crate::wire::access::{KeyBody, TokenBody, UserBody};
use crate::wire::entity::{ActionBody, AlarmBody, DeviceBody, DoctorBody, EquipmentBody, RoomBody, TaskBody};

/// Schemas whose every field is always there; what is not known is `null`.
const WHOLE: [&str; 11] = [
    "Changes",
    "DayReport",
    "HourReport",
    "Numbers",
    "RoomAverage",
    "RoomDayReport",
    "RoomUtilization",
    "TaskReport",
    "Trend",
    "Trends",
    "Utilization",
];

macro_rules! answers {
    ($($one:ident, $many:ident: $noun:ident, $nouns:ident, $body:ident;)*) => {$(
        #[derive(ToSchema)]
        #[expect(dead_code, reason = "describes an answer, and is never built")]
        pub(super) struct $one {
            $noun: $body<'static>,
        }

        #[derive(ToSchema)]
        #[expect(dead_code, reason = "describes an answer, and is never built")]
        pub(super) struct $many {
            $nouns: Vec<$body<'static>>,
            /// Asks for the next page; absent on the last.
            #[schema(nullable = false)]
            next_cursor: Option<String>,
        }
    )*};
}

answers! {
    RoomAnswer, RoomsAnswer: room, rooms, RoomBody;
    EquipmentAnswer, EquipmentListAnswer: equipment, equipment, EquipmentBody;
    DoctorAnswer, DoctorsAnswer: doctor, doctors, DoctorBody;
    ActionAnswer, ActionsAnswer: action, actions, ActionBody;
    TaskAnswer, TasksAnswer: task, tasks, TaskBody;
    AlarmAnswer, AlarmsAnswer: alarm, alarms, AlarmBody;
    DeviceAnswer, DevicesAnswer: device, devices, DeviceBody;
    UserAnswer, UsersAnswer: user, users, UserBody;
}

macro_rules! described {
    ($($(#[$doc:meta])* $name:ident { $($(#[$more:meta])* $field:ident: $kind:ty,)* })*) => {$(
        $(#[$doc])*
        #[derive(ToSchema)]
        #[expect(dead_code, reason = "describes an answer, and is never built")]
        pub(super) struct $name {
            $($(#[$more])* $field: $kind,)*
        }
    )*};
}

described! {
    TokensAnswer {
        tokens: Vec<TokenBody<'static>>,
        #[schema(nullable = false)]
        next_cursor: Option<String>,
    }
    /// A token, and its secret, told once.
    NewTokenAnswer {
        secret: String,
        token: TokenBody<'static>,
    }
    KeysAnswer {
        keys: Vec<KeyBody<'static>>,
        #[schema(nullable = false)]
        next_cursor: Option<String>,
    }
    /// A key, and its secret, told once.
    NewKeyAnswer {
        secret: String,
        key: KeyBody<'static>,
    }
    DailyAnswer {
        metrics: DayReport,
    }
    TrendsAnswer {
        trends: Trends,
    }
}

/// Says of each schema in [`WHOLE`] that all its fields are there.
pub(super) fn require_whole(schemas: &mut BTreeMap<String, RefOr<Schema>>) {
    for name in WHOLE {
        if let Some(RefOr::T(Schema::Object(shape))) = schemas.get_mut(name) {
            shape.required = shape.properties.keys().cloned().collect();
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    #[test]
    fn what_is_always_there_is_required() {
        let document: Value = serde_json::from_str(&crate::api::document(Default::default())).unwrap();
        for name in WHOLE {
            let shape = &document["components"]["schemas"][name];
            let properties =
                shape["properties"].as_object().unwrap_or_else(|| panic!("{name} is described nowhere"));
            let required: Vec<&str> =
                shape["required"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
            assert!(
                properties.keys().all(|field| required.contains(&field.as_str())),
                "{name}: {required:?}"
            );
        }
    }
}
