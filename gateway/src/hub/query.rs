//! What event streams and polls are asked with.

use std::collections::BTreeMap;

use axum::extract::Request;
use axum::http::StatusCode;

use super::Limits;
use super::streams::Asked;
use crate::wire::cursor::Cursor;
use crate::wire::problem::Problem;

/// What every reader may ask, for the API's document.
#[derive(utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "describes a query, and is never built")]
pub(super) struct Channels {
    /// The channels, with commas between them.
    #[param(example = "facility,tasks")]
    channels: String,
    /// Begin with the state.
    snapshot: Option<bool>,
    /// A ticket of `POST /api/auth/ticket`, for who cannot send headers.
    ticket: Option<String>,
}

/// The parameters of a query, each at most once.
pub(super) struct Query(BTreeMap<String, String>);

impl Query {
    /// Reads the query of `request`, which may have the `known` parameters.
    ///
    /// # Errors
    ///
    /// 422 with the parameter that is unknown, or came twice.
    pub(super) fn read(request: &Request, known: &[&str]) -> Result<Self, Problem> {
        let query = request.uri().query().unwrap_or_default();
        let pairs: Vec<(String, String)> = pairs_of(query);
        let mut parameters = BTreeMap::new();
        for (name, value) in pairs {
            if !known.contains(&name.as_str()) {
                let detail = format!("\"{name}\" is no parameter of this; they are {}", known.join(", "));
                return Err(invalid(&name, detail));
            }
            if parameters.insert(name.clone(), value).is_some() {
                return Err(invalid(&name, format!("\"{name}\" came twice")));
            }
        }
        Ok(Self(parameters))
    }

    /// What to read: `channels`, since when (`header`, or the parameter `since`), whether the state comes first.
    ///
    /// # Errors
    ///
    /// 422 with the parameter that is wrong.
    pub(super) fn asked(&self, header: Option<&str>, since: &str, limits: &Limits) -> Result<Asked, Problem> {
        let named = self.0.get("channels").map_or("", String::as_str);
        if named.is_empty() {
            return Err(invalid("channels", "name the channels, as in ?channels=facility,tasks".into()));
        }
        let mut channels = Vec::new();
        for name in named.split(',') {
            let channel = name.trim().parse();
            let channel = channel.map_err(|error| invalid("channels", format!("\"{name}\": {error}")))?;
            if !channels.contains(&channel) {
                channels.push(channel);
            }
        }
        let most = limits.channels_max;
        if channels.len() > most {
            return Err(invalid("channels", format!("at most {most} channels (hub.channels_max)")));
        }
        let parameter = self.0.get(since).map(String::as_str).filter(|text| !text.is_empty());
        let cursor = header.filter(|text| !text.is_empty()).or(parameter);
        let cursor = cursor.map(str::parse::<Cursor>).transpose();
        let since = cursor.map_err(|error| invalid(since, error.to_string()))?;
        let snapshot = match self.0.get("snapshot").map(String::as_str) {
            None | Some("false") => false,
            Some("true") => true,
            Some(_) => return Err(invalid("snapshot", "\"snapshot\" is true or false".into())),
        };
        Ok(Asked { channels, since, snapshot })
    }

    /// A whole number up to `most`.
    ///
    /// # Errors
    ///
    /// 422.
    pub(super) fn number(&self, name: &str, otherwise: u64, most: u64) -> Result<u64, Problem> {
        let Some(text) = self.0.get(name) else { return Ok(otherwise) };
        let number = text.parse().ok().filter(|number| *number <= most);
        number
            .ok_or_else(|| invalid(name, format!("\"{name}\" is a whole number of seconds, at most {most}")))
    }
}

/// The pairs of a query. What cannot be read becomes an unknown parameter, and is refused as such.
fn pairs_of(query: &str) -> Vec<(String, String)> {
    let uri = format!("/?{query}").parse().ok();
    let pairs = uri.and_then(|uri| axum::extract::Query::<Vec<(String, String)>>::try_from_uri(&uri).ok());
    pairs.map_or_else(|| vec![(String::from("?"), String::new())], |axum::extract::Query(pairs)| pairs)
}

fn invalid(field: &str, detail: String) -> Problem {
    Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid_query", detail).field(field)
}
