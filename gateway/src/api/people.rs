//! Who is who: the names behind the ids that tasks, items and alarms carry.

use axum::extract::State;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::routes;

use super::Api;
use super::auth::unstored;
use super::document::Routes;
use crate::domain::access::User;
use crate::domain::id::UserId;
use crate::domain::role::{Role, Verb};
use crate::wire::caller::Caller;
use crate::wire::page::{QueryOf, page};
use crate::wire::problem::Problem;
use crate::wire::schema::Id;

/// The routes, below `/api`.
pub(super) fn routes() -> Routes {
    vec![routes!(list)]
}

/// Which people.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Filter {
    #[param(minimum = 1, maximum = 500)]
    limit: Option<u16>,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
}

/// Somebody who has, or had, an account. What else an account holds is for admins: `/api/users`.
#[derive(Serialize, ToSchema)]
#[schema(as = Colleague)]
struct ColleagueBody<'a> {
    #[schema(value_type = Id)]
    id: &'a UserId,
    #[schema(value_type = String)]
    name: &'a str,
    role: Role,
    /// Whether the account is open. What a leaver did goes on naming them.
    open: bool,
}

impl<'a> From<&'a User> for ColleagueBody<'a> {
    fn from(user: &'a User) -> Self {
        Self { id: &user.id, name: &user.name, role: user.role, open: user.is_open() }
    }
}

/// A page of people.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes an answer, and is never built")]
struct PeopleAnswer {
    people: Vec<ColleagueBody<'static>>,
    /// Asks for the next page; absent on the last.
    #[schema(nullable = false)]
    next_cursor: Option<String>,
}

#[utoipa::path(get, path = "/people", operation_id = "list_people", tag = "users", params(Filter),
    description = "The names behind the ids of staff, for everybody with an account. No addresses.",
    responses((status = 200, description = "The people, by id.", body = PeopleAnswer)))]
async fn list(
    State(api): State<Api>,
    caller: Caller,
    QueryOf(filter): QueryOf<Filter>,
) -> Result<Response, Problem> {
    // A wall screen and machines need no names of staff; who has an account meets them every day.
    caller.may(Verb::OwnAccess)?;
    let snapshot = api.ledger.snapshot();
    let people = snapshot.state.access.users.values();
    let people = people.map(|user| (user.id.clone(), json!(ColleagueBody::from(&**user)))).collect();
    let page = page("people", people, filter.limit, filter.cursor.as_deref())?;
    Ok(unstored(api.listed("people", page, &snapshot)))
}
