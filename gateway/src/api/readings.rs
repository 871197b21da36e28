//! Readings: the newest of each series, and what they came to over time.

use std::time::Duration;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::routes;

use super::Api;
use super::answer::{id_of, no_such, read};
use super::document::Routes;
use crate::domain::reading::{Measured, Series};
use crate::domain::rejection::Rejection;
use crate::domain::role::Topic;
use crate::domain::rollup::Point;
use crate::domain::time::Timestamp;
use crate::wire::caller::Caller;
use crate::wire::json::json_response;
use crate::wire::page::{Page, QueryOf, page};
use crate::wire::path::PathId;
use crate::wire::problem::Problem;
use crate::wire::reading::ReadingBody;
use crate::wire::schema::Time;

/// The most points of one answer: a day of minutes, and some.
const POINTS_MAX: u64 = 1_500;
/// The longest time that one answer looks at: it reads a record for each minute of it.
const SPAN_MAX: Duration = Duration::from_secs(31 * 24 * 3_600);
/// The time that is looked at when the caller names none.
const SPAN_USUAL: Duration = Duration::from_secs(24 * 3_600);
/// The longest step, in seconds: a day.
const STEP_S_MAX: u32 = 86_400;

/// The routes, below `/api`.
pub(super) fn routes() -> Routes {
    vec![routes!(newest), routes!(points)]
}

/// Which readings.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Filter {
    /// What is measured, such as `equipment:eq-1`, `room:room-1`, `environment:fridge-1` or `device:plug-1`.
    #[param(pattern = "^(equipment|room|environment|device):[A-Za-z0-9._:-]{1,96}$")]
    of: Option<String>,
    #[param(minimum = 1, maximum = 500)]
    limit: Option<u16>,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
}

/// The newest value of each series.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes an answer, and is never built")]
struct ReadingsAnswer {
    readings: Vec<ReadingBody>,
    /// Asks for the next page; absent on the last.
    #[schema(nullable = false)]
    next_cursor: Option<String>,
}

#[utoipa::path(get, path = "/readings", operation_id = "list_readings", tag = "readings", params(Filter),
    responses((status = 200, description = "The newest value of each series, by series, however old it is.", body = ReadingsAnswer)))]
async fn newest(
    State(api): State<Api>,
    caller: Caller,
    QueryOf(filter): QueryOf<Filter>,
) -> Result<Response, Problem> {
    caller.hears(Topic::Metrics)?;
    let of = filter.of.map(|of| of.parse::<Measured>()).transpose();
    let of =
        of.map_err(|_| Rejection::invalid("of", "names a thing that is measured, such as equipment:eq-1"))?;
    let newest = api.ledger.newest_readings().list(of.as_ref());
    let readings = newest.iter().map(|it| (it.series.to_string(), ReadingBody::from(it))).collect();
    let Page { items, next_cursor } = page("readings", readings, filter.limit, filter.cursor.as_deref())?;
    let items = items.into_iter().map(|it| serde_json::to_value(it).expect("a reading serialises")).collect();
    Ok(api.listed("readings", Page { items, next_cursor }, &api.ledger.snapshot()))
}

/// Which time, in which steps.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct SpanQuery {
    /// From when; a day before `to` when there is none. Moved back to where a step begins.
    #[param(value_type = Option<Time>)]
    from: Option<Timestamp>,
    /// Up to and without this; now when there is none.
    #[param(value_type = Option<Time>)]
    to: Option<Timestamp>,
    /// How long a step is, in seconds: less than a minute, or a whole number of minutes.
    #[param(minimum = 1, maximum = 86400)]
    #[serde(default = "a_minute")]
    step_s: u32,
}

fn a_minute() -> u32 {
    60
}

/// What the readings of one step of time came to.
#[derive(Serialize, ToSchema)]
#[schema(as = ReadingPoint)]
struct PointBody {
    /// When the step begins.
    #[schema(value_type = Time)]
    at: Timestamp,
    min: f64,
    max: f64,
    mean: f64,
    /// How many readings there were; of a step below a minute, how many seconds had one.
    count: u32,
}

impl From<Point> for PointBody {
    fn from(Point { at, min, max, mean, count }: Point) -> Self {
        Self { at, min, max, mean, count }
    }
}

/// A series over time.
#[derive(Serialize, ToSchema)]
struct PointsAnswer {
    series: String,
    /// The unit as people write it; empty for a bare number.
    #[schema(value_type = String)]
    unit: &'static str,
    /// How long a step is, in seconds.
    step_s: u32,
    /// Oldest first. A step without readings has no point.
    points: Vec<PointBody>,
}

#[utoipa::path(get, path = "/readings/{series}", operation_id = "show_readings", tag = "readings",
    params(("series" = String, Path, description = "The series, such as `equipment:eq-1:power`."), SpanQuery),
    description = "What the readings of a series came to, by steps of time. Minutes are kept; a step below a minute shows \
                   the last value of each second. Confidence that a camera of the gateway reports may be a minute late.",
    responses((status = 200, description = "The points of the series.", body = PointsAnswer)))]
async fn points(
    State(api): State<Api>,
    caller: Caller,
    PathId(series): PathId,
    QueryOf(query): QueryOf<SpanQuery>,
) -> Result<Response, Problem> {
    caller.hears(Topic::Metrics)?;
    let series: Series = id_of("series", &series)?;
    if api.ledger.newest_readings().of(&series).is_none() {
        return Err(no_such("series", &series));
    }
    let now = api.ledger.now();
    let (span, step) = (span(&query, now)?, Duration::from_secs(query.step_s.into()));
    let (ledger, of) = (api.ledger.clone(), series.clone());
    let points = read(move || ledger.readings_in(&of, &span, step)).await?;
    let body = PointsAnswer {
        series: series.to_string(),
        unit: series.quantity.unit(),
        step_s: query.step_s,
        points: points.into_iter().map(PointBody::from).collect(),
    };
    Ok(json_response(StatusCode::OK, &body))
}

/// The time that is asked for, from where a step begins, if it can be answered.
fn span(query: &SpanQuery, now: Timestamp) -> Result<std::ops::Range<Timestamp>, Rejection> {
    let step_s = query.step_s;
    if !(1..=STEP_S_MAX).contains(&step_s) || (step_s >= 60 && !step_s.is_multiple_of(60)) {
        let reason =
            format!("is {step_s}; it can be 1 to 59, or a whole number of minutes up to {STEP_S_MAX}");
        return Err(Rejection::invalid("step_s", reason));
    }
    let to = query.to.unwrap_or(now);
    let day_before = to.shifted(-i64::try_from(SPAN_USUAL.as_millis()).expect("a day"));
    let from = query.from.unwrap_or(day_before);
    if from >= to {
        return Err(Rejection::invalid("from", "is not before \"to\""));
    }
    if to.since(from) > SPAN_MAX {
        return Err(Rejection::invalid("from", "is more than 31 days before \"to\"; ask for less at a time"));
    }
    let step_ms = i64::from(step_s) * 1_000;
    let from = Timestamp::from_unix_ms(from.unix_ms().div_euclid(step_ms) * step_ms);
    let steps = to.since(from).as_secs().div_ceil(step_s.into());
    if steps > POINTS_MAX + 1 {
        let reason =
            format!("makes {steps} points; the most is {POINTS_MAX}: ask for longer steps, or less time");
        return Err(Rejection::invalid("step_s", reason));
    }
    Ok(from..to)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(from: Option<i64>, to: Option<i64>, step_s: u32) -> Result<(i64, i64), &'static str> {
        let at = |s: i64| Timestamp::from_unix_ms(s * 1_000);
        let query = SpanQuery { from: from.map(at), to: to.map(at), step_s };
        match span(&query, at(1_000_000)) {
            Ok(span) => Ok((span.start.unix_ms() / 1_000, span.end.unix_ms() / 1_000)),
            Err(Rejection::Invalid { field, .. }) => Err(field),
            Err(other) => panic!("{other}"),
        }
    }

    #[test]
    fn a_day_of_minutes_is_what_is_shown_unless_something_else_is_asked_for() {
        assert_eq!(asked(None, None, 60), Ok((913_560, 1_000_000)));
        assert_eq!(asked(Some(130), Some(200), 60), Ok((120, 200)));
        assert_eq!(asked(Some(0), Some(1_500), 1), Ok((0, 1_500)));
        assert_eq!(asked(Some(0), Some(31 * 86_400), 3_600), Ok((0, 31 * 86_400)));
    }

    #[test]
    fn too_much_is_refused_with_the_parameter_that_is_wrong() {
        for step_s in [0, 61, 90, STEP_S_MAX + 60] {
            assert_eq!(asked(None, None, step_s), Err("step_s"), "{step_s}");
        }
        assert_eq!(asked(None, None, 30), Err("step_s"), "a day of half minutes is too many points");
        assert_eq!(asked(Some(200), Some(200), 60), Err("from"));
        assert_eq!(asked(Some(0), Some(32 * 86_400), 86_400), Err("from"));
    }
}
