//! Bodies of answers, for the API's document. Handlers build the same from the view of whoever asks.

use utoipa::ToSchema;

use crate::wire::access::{KeyBody, TokenBody, UserBody};
use crate::wire::entity::{ActionBody, AlarmBody, DoctorBody, EquipmentBody, RoomBody, TaskBody};
use crate::wire::schema::Json;

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
        #[schema(value_type = Object)]
        metrics: Json,
    }
    TrendsAnswer {
        #[schema(value_type = Object)]
        trends: Json,
    }
}

/// How much each room was used.
#[derive(ToSchema)]
#[schema(value_type = Object)]
#[expect(dead_code, reason = "describes an answer, and is never built")]
pub(super) struct UtilizationAnswer(Json);
