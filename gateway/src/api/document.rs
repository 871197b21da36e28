//! The API's document (OpenAPI 3.1), made from the handlers, and its pages.
//!
//! What every operation shares is added here once: the answers of the gate and of the proof, the terms of a write,
//! the problems. What a field's view may withhold is not required, by the domain's own table.

use axum::Router;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use axum::routing::get;
use utoipa::openapi::content::ContentBuilder;
use utoipa::openapi::header::HeaderBuilder;
use utoipa::openapi::path::{Operation, ParameterBuilder, ParameterIn, PathItem};
use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::openapi::security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{
    Components, InfoBuilder, OpenApi, OpenApiBuilder, Ref, RefOr, Required, Response, ResponseBuilder,
    SecurityRequirement,
};
use utoipa::{PartialSchema, ToSchema};
use utoipa_axum::router::{OpenApiRouter, UtoipaMethodRouter};
use utoipa_swagger_ui::{Config, SwaggerUi};

use super::Api;
use crate::wire::problem::Problem;
use crate::wire::schema::{Id, require_what_all_see};

/// Routes with what they say of themselves.
pub(super) type Routes = Vec<UtoipaMethodRouter<Api>>;

/// Where the document is.
const DOCUMENT: &str = "/api/openapi.json";
/// Operations that need no proof.
const PUBLIC: [&str; 4] = ["login", "show_health", "show_webhooks_health", "show_frames"];
/// An account: it has a revision, and no other terms.
const ACCOUNT: &str = "/api/users/{id}";
/// What only admins look at, in an open demo too.
const CLOSED: [&str; 7] = [
    "/api/users",
    "/api/tokens",
    "/api/keys",
    "/api/audit",
    "/api/journal",
    "/api/connections",
    "/api/endpoints",
];
/// What they change has a revision, and their answers are not kept for repeats.
const REVISED: [&str; 2] = ["edit_endpoint", "delete_endpoint"];
/// Staff give them, and only admins read them.
const OPINIONS: &str = "/api/agent/feedback";

/// What can be wrong with a request, by status.
const PROBLEMS: [(u16, &str); 13] = [
    (400, "The body is no JSON, or the path or a header cannot be read."),
    (401, "This needs proof of who asks."),
    (403, "The role, the key or the page's origin does not allow this."),
    (404, "Something that the request names does not exist."),
    (409, "What is there does not allow this."),
    (412, "Somebody changed it meanwhile; `current` is what is there now."),
    (413, "The body is too large."),
    (415, "The body does not come as JSON."),
    (421, "The gateway does not answer to this Host."),
    (
        422,
        "A field or parameter is unknown, or its value cannot be taken; or the Idempotency-Key came with another body.",
    ),
    (429, "Too many tries failed, or requests came; `Retry-After` says how long to wait."),
    (500, "The gateway failed on this request."),
    (503, "The gateway is busy, stopping or unavailable; ask again in a moment."),
];

/// Every route of the API, and the document of them and of what other `doors` serve.
///
/// `POST /api/setup` and its page are not among them. They stand before the doors of a gateway that nobody has set up,
/// which serves nothing else, this document neither; and where the document is served, they are gone for good.
pub(super) fn router(doors: OpenApi) -> (Router<Api>, OpenApi) {
    let mut router = OpenApiRouter::with_openapi(base());
    for noun in [super::rooms::routes, super::equipment::routes, super::doctors::routes] {
        router = add(router, "/api", "", noun());
        router = add(router, "/api/facility", "facility_", noun());
    }
    router = add(router, "/api/facility", "", super::facility::routes());
    router = add(router, "/api/facility", "facility_", super::metrics::facility_routes());
    for noun in [super::actions::routes, super::tasks::routes, super::alarms::routes] {
        router = add(router, "/api", "", noun());
    }
    for part in [
        super::auth::routes,
        super::users::routes,
        super::people::routes,
        super::tokens::routes,
        super::keys::routes,
        super::metrics::routes,
        super::automation::routes,
        super::audit::routes,
        super::health::routes,
        super::webhooks::routes,
        super::devices::routes,
        super::readings::routes,
        super::agent::routes,
    ] {
        router = add(router, "/api", "", part());
    }
    let (router, mut document) = router.split_for_parts();
    document.merge(doors);
    complete(&mut document);
    (router, document)
}

/// The document, and pages to read it with that need no other site.
pub(super) fn pages(document: &OpenApi) -> Router<Api> {
    let text = document.to_pretty_json().expect("our document serialises");
    let shown =
        get(async move || ([(header::CONTENT_TYPE, "application/json")], text.clone()).into_response());
    // Else the pages would show the document to a site that judges it.
    let config = Config::from(DOCUMENT).validator_url("none");
    let pages = SwaggerUi::new("/api/docs").config(config);
    Router::new().route(DOCUMENT, shown).merge(Router::from(pages))
}

/// Adds `routes` below `prefix`; `named` makes their operations' ids their own.
fn add(router: OpenApiRouter<Api>, prefix: &str, named: &str, routes: Routes) -> OpenApiRouter<Api> {
    routes.into_iter().fold(router, |router, (schemas, mut paths, methods)| {
        let below = std::mem::take(&mut paths.paths);
        for (path, mut item) in below {
            for operation in operations(&mut item) {
                operation.operation_id = operation.operation_id.take().map(|id| format!("{named}{id}"));
            }
            paths.paths.insert(format!("{prefix}{path}"), item);
        }
        router.routes((schemas, paths, methods))
    })
}

fn base() -> OpenApi {
    let info = InfoBuilder::new()
        .title("CareSync gateway")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some(
            "Rooms, equipment, doctors, action items and tasks of one clinic. A field that the caller's role may not \
             see is absent. Times are RFC 3339 in UTC.",
        ));
    let mut components = Components::new();
    let bearer = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build();
    components.add_security_scheme("bearer", SecurityScheme::Http(bearer));
    for (name, header) in [("opencv_key", "X-OpenCV-API-Key"), ("claw_key", "X-CLAW-API-Key")] {
        components
            .add_security_scheme(name, SecurityScheme::ApiKey(ApiKey::Header(ApiKeyValue::new(header))));
    }
    components.schemas.insert("Problem".into(), Problem::schema());
    components.schemas.insert("Id".into(), Id::schema());
    let mut schemas = Vec::new();
    Problem::schemas(&mut schemas);
    components.schemas.extend(schemas);
    components.responses.extend(problems().map(|(name, response)| (name, response.into())));
    OpenApiBuilder::new().info(info.build()).components(Some(components)).build()
}

/// Adds what all operations share.
fn complete(document: &mut OpenApi) {
    for (path, item) in &mut document.paths.paths {
        let writes = [item.post.is_some(), item.put.is_some(), item.patch.is_some(), item.delete.is_some()];
        debug_assert!(item.get.is_some() || writes.contains(&true), "{path} has no operation");
        let reads = item.get.as_mut().map(|operation| (operation, true));
        let others = [&mut item.post, &mut item.put, &mut item.patch, &mut item.delete];
        let others = others.into_iter().filter_map(|it| it.as_mut().map(|operation| (operation, false)));
        for (operation, is_read) in reads.into_iter().chain(others) {
            describe(path, operation, is_read);
        }
    }
    let Some(components) = &mut document.components else { return };
    require_what_all_see(&mut components.schemas);
    super::shapes::require_whole(&mut components.schemas);
}

fn describe(path: &str, operation: &mut Operation, is_read: bool) {
    let id = operation.operation_id.clone().unwrap_or_default();
    let is_public = PUBLIC.contains(&id.as_str());
    let has_body = operation.request_body.is_some();
    let is_closed = CLOSED.iter().any(|closed| path.starts_with(closed)) || (is_read && path == OPINIONS);
    let names_one = path.contains("{id}");
    let mut problems = vec![403, 421, 429, 500, 503];
    if path.contains("{series}") {
        problems.extend([400, 404]);
    }
    if names_one {
        let schema = Some(Ref::from_schema_name("Id"));
        let parameter =
            ParameterBuilder::new().name("id").parameter_in(ParameterIn::Path).required(Required::True);
        operation.parameters.get_or_insert_default().insert(0, parameter.schema(schema).build().into());
        problems.extend([400, 404]);
    }
    if !is_public {
        problems.push(401);
        operation.security = Some(security(is_read && !is_closed));
    }
    if is_read && operation.parameters.as_ref().is_some_and(|all| all.len() > usize::from(names_one)) {
        problems.push(422);
    }
    let is_webhook = !is_read && path.starts_with("/api/webhooks/");
    let has_revision = names_one || path.starts_with("/api/automation") || path == "/api/agent";
    let has_terms = !is_read && !path.starts_with("/api/auth/") && !is_closed && !is_webhook;
    if has_terms {
        terms(operation);
        problems.extend([400, 409, 422]);
    }
    if (has_terms && has_revision) || (!is_read && path == ACCOUNT) {
        if_match(operation);
        problems.push(412);
    }
    if REVISED.contains(&id.as_str()) {
        if_match(operation);
        headers(operation);
        problems.push(412);
    }
    if is_closed && names_one {
        problems.extend([409, 422]);
    }
    if is_webhook {
        terms(operation);
    }
    if has_body {
        problems.extend([400, 404, 409, 413, 415, 422]);
    }
    for status in problems {
        let shared = RefOr::Ref(Ref::from_response_name(name_of(status)));
        operation.responses.responses.entry(status.to_string()).or_insert(shared);
    }
    let is_change = has_terms && names_one && operation.responses.responses.contains_key("200");
    if is_change {
        let response =
            ResponseBuilder::new().description("It is done, and the caller's role sees nothing of it.");
        operation.responses.responses.insert("204".into(), response.build().into());
    }
    if is_read || has_terms {
        headers(operation);
    }
}

/// A shared answer's name in the document.
fn name_of(status: u16) -> String {
    format!("Problem{status}")
}

/// The answers that say what is wrong, each once.
fn problems() -> impl Iterator<Item = (String, Response)> {
    PROBLEMS.iter().map(|(status, description)| {
        let content = ContentBuilder::new().schema(Some(Ref::from_schema_name("Problem"))).build();
        let response = ResponseBuilder::new().description(*description);
        let mut response = response.content("application/problem+json", content).build();
        if *status == 503 {
            add_header(&mut response, "Retry-After", "Seconds until asking again may succeed.");
        }
        (name_of(*status), response)
    })
}

/// Who may ask: an open demo lets anybody look.
fn security(is_read: bool) -> Vec<SecurityRequirement> {
    let named = |name: &str| SecurityRequirement::new(name, Vec::<String>::new());
    let mut all: Vec<_> = ["bearer", "opencv_key", "claw_key"].into_iter().map(named).collect();
    if is_read {
        all.push(SecurityRequirement::default());
    }
    all
}

/// The header that makes a write safe to repeat.
fn terms(operation: &mut Operation) {
    let meaning =
        "A repeat with the same key and body within 24 h gets the first answer, and nothing is done twice.";
    may_bring(operation, "Idempotency-Key", meaning, (1, 255, "^[!-~]+$"));
}

/// The header that names the revision which an edit rests on.
fn if_match(operation: &mut Operation) {
    may_bring(operation, "If-Match", "The ETag that the edit rests on.", (1, 32, "^(\\*|\"[0-9]{1,18}\")$"));
}

/// A header that a request may bring: what it means, its least and most length, and its pattern.
fn may_bring(
    operation: &mut Operation,
    name: &str,
    meaning: &str,
    (least, most, pattern): (usize, usize, &str),
) {
    let schema =
        ObjectBuilder::new().schema_type(Type::String).min_length(Some(least)).max_length(Some(most));
    let parameter = ParameterBuilder::new()
        .name(name)
        .parameter_in(ParameterIn::Header)
        .required(Required::False)
        .description(Some(meaning))
        .schema(Some(schema.pattern(Some(pattern)).build()))
        .build();
    operation.parameters.get_or_insert_default().push(parameter.into());
}

/// The headers of answers.
fn headers(operation: &mut Operation) {
    for (status, response) in &mut operation.responses.responses {
        let RefOr::T(response) = response else { continue };
        match status.as_str() {
            "200" => add_header(response, "ETag", "The revision, on single things that have one."),
            "201" => {
                add_header(response, "ETag", "The revision.");
                add_header(response, "Location", "Where the new thing is.");
            }
            _ => {}
        }
    }
}

fn add_header(response: &mut Response, name: &str, description: &str) {
    let text = ObjectBuilder::new().schema_type(Type::String).build();
    let header = HeaderBuilder::new().schema(Some(text)).description(Some(description)).build();
    response.headers.insert(name.into(), header.into());
}

fn operations(item: &mut PathItem) -> impl Iterator<Item = &mut Operation> {
    [&mut item.get, &mut item.put, &mut item.post, &mut item.patch, &mut item.delete]
        .into_iter()
        .filter_map(Option::as_mut)
}

/// A path that takes no such method.
pub(super) async fn no_such_method() -> Problem {
    let detail = "this path does not take this method; see the Allow header";
    Problem::new(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", detail)
}

#[cfg(test)]
mod tests {
    use super::super::document;
    use super::*;
    use crate::domain::view::{Class, Kind};

    #[test]
    fn every_operation_has_a_name_of_its_own_and_every_reference_leads_somewhere() {
        let (_, mut document) = router(OpenApi::default());
        let ids: Vec<String> = document
            .paths
            .paths
            .values_mut()
            .flat_map(|item| operations(item).map(|it| it.operation_id.clone().unwrap()).collect::<Vec<_>>())
            .collect();
        let different: std::collections::BTreeSet<_> = ids.iter().collect();
        assert_eq!(different.len(), ids.len(), "{ids:?}");
        let text = document.to_json().unwrap();
        let named = &document.components.as_ref().unwrap().schemas;
        for reference in text.split("#/components/schemas/").skip(1) {
            let name = reference.split('"').next().unwrap();
            assert!(named.contains_key(name), "{name} is described nowhere");
        }
    }

    #[test]
    fn what_a_view_withholds_is_not_required() {
        let document: serde_json::Value = serde_json::from_str(&document(OpenApi::default())).unwrap();
        let kinds = [
            (Kind::Room, "Room"),
            (Kind::Equipment, "Equipment"),
            (Kind::Doctor, "Doctor"),
            (Kind::Action, "Action"),
            (Kind::Task, "Task"),
            (Kind::Alarm, "Alarm"),
        ];
        for (kind, name) in kinds {
            let required = document["components"]["schemas"][name]["required"].as_array().unwrap();
            let withheld = kind.fields().iter().filter(|(_, class)| *class != Class::Fact);
            for (field, _) in withheld {
                assert!(!required.iter().any(|required| required == field), "{name}.{field}");
            }
            assert!(required.iter().any(|required| required == "id"), "{name}");
        }
    }
}
