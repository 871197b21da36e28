//! What every noun's handlers share: writing with terms, and answering with one thing or a list.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};

use super::Api;
use crate::domain::command::Ask;
use crate::domain::entity::Entity;
use crate::domain::rejection::Rejection;
use crate::domain::view::View;
use crate::ledger::{Receipt, Snapshot, StoreError, Terms};
use crate::wire::caller::Caller;
use crate::wire::json::json_response;
use crate::wire::page::Page;
use crate::wire::problem::Problem;
use crate::wire::terms::refusal;
use crate::wire::view;

/// What a write came to, for whoever answers it.
pub(super) struct Written {
    receipt: Receipt,
    view: View,
}

impl Api {
    /// Submits `ask` for `caller` under `terms`.
    pub(super) async fn write(&self, caller: Caller, terms: Terms, ask: Ask) -> Result<Written, Problem> {
        let view = caller.view();
        let command = self.command(caller.to_write()?, ask);
        let receipt = self.ledger.submit_with(command, terms).await.map_err(|error| refusal(error, view))?;
        Ok(Written { receipt, view })
    }

    /// The thing that a write changed, as it is right after.
    pub(super) fn changed(&self, written: &Written) -> Response {
        let Written { receipt, view } = written;
        let shown = receipt.subject.as_ref().filter(|_| *view != View::Nothing);
        let response = match shown {
            Some(entity) => self.one(entity, *view, &receipt.snapshot, StatusCode::OK),
            // A device that sees nothing, or a repeat of an edit of what is gone by now.
            None => StatusCode::NO_CONTENT.into_response(),
        };
        self.with_cursor(receipt.seq, response)
    }

    /// The thing that a write made, and where it is.
    pub(super) fn created(&self, written: &Written, nouns: &'static str) -> Response {
        let Written { receipt, view } = written;
        let Some(entity) = &receipt.subject else { return self.changed(written) };
        let mut response = self.one(entity, *view, &receipt.snapshot, StatusCode::CREATED);
        let place = format!("/api/{nouns}/{}", entity.key().parts().1);
        let place = HeaderValue::from_str(&place).expect("an id is plain text");
        response.headers_mut().insert(header::LOCATION, place);
        self.with_cursor(receipt.seq, response)
    }

    /// Nothing is left.
    pub(super) fn gone(&self, written: &Written) -> Response {
        self.with_cursor(written.receipt.seq, StatusCode::NO_CONTENT.into_response())
    }

    /// One thing of the snapshot.
    pub(super) fn shown(&self, entity: &Entity, caller: &Caller, snapshot: &Snapshot) -> Response {
        let response = self.one(entity, caller.view(), snapshot, StatusCode::OK);
        self.with_cursor(snapshot.seq, response)
    }

    fn one(&self, entity: &Entity, view: View, snapshot: &Snapshot, status: StatusCode) -> Response {
        let (noun, mut shown) =
            view::entity(entity, view).expect("handlers show what the wire has a shape for");
        if let Entity::Action(item) = entity {
            shown = view::waiting_action(item, view, self.ledger.now().max(snapshot.at));
        }
        let response = json_response(status, &Map::from_iter([(noun.to_owned(), shown)]));
        match entity.revision() {
            Some(revision) => with_revision(revision, response),
            None => response,
        }
    }

    /// One page of `nouns`.
    pub(super) fn listed(&self, nouns: &'static str, page: Page<Value>, snapshot: &Snapshot) -> Response {
        let Page { items, next_cursor } = page;
        let mut body = Map::from_iter([(nouns.to_owned(), Value::Array(items))]);
        if let Some(cursor) = next_cursor {
            body.insert("next_cursor".into(), cursor.into());
        }
        self.with_cursor(snapshot.seq, json_response(StatusCode::OK, &body))
    }
}

/// `response` under the ETag that an edit may rest on.
pub(super) fn with_revision(revision: u64, mut response: Response) -> Response {
    let tag = HeaderValue::from_str(&format!("\"{revision}\"")).expect("a number is plain text");
    response.headers_mut().insert(header::ETAG, tag);
    response
}

/// The id in a path. What cannot be one names nothing.
pub(super) fn id_of<I: std::str::FromStr>(kind: &'static str, text: &str) -> Result<I, Problem> {
    text.parse().map_err(|_| no_such(kind, &text.escape_default()))
}

/// Nothing has this id.
pub(super) fn no_such(kind: &'static str, id: &impl std::fmt::Display) -> Problem {
    Rejection::NotFound { kind, id: id.to_string() }.into()
}

/// Reads the disk off the runtime's threads.
pub(super) async fn read<T: Send + 'static>(
    read: impl FnOnce() -> Result<T, StoreError> + Send + 'static,
) -> Result<T, Problem> {
    // A panic is logged where it happens.
    let done = tokio::task::spawn_blocking(read).await.ok();
    let read = done.and_then(|read| {
        read.inspect_err(|error| {
            tracing::error!(error = error as &dyn std::error::Error, "the store cannot be read")
        })
        .ok()
    });
    read.ok_or_else(|| {
        let detail = "the store cannot be read; see the log, and run caresync-gateway doctor";
        Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "failed", detail)
    })
}

/// Tells a field that is `null` from one that is absent.
pub(super) fn given<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Option<T>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}

/// True when nothing is asked for, or just this.
pub(super) fn fits<T: PartialEq>(wanted: Option<&T>, is: Option<&T>) -> bool {
    wanted.is_none_or(|wanted| is == Some(wanted))
}
