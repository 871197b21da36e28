//! Offering the agent the work that is assigned to it.
//!
//! How long it has is a deadline of the task, in the domain. Here is only asked, and again while there is time; who does
//! not answer loses the task to staff, whether this process is still there or not.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use axum::http::HeaderValue;
use serde::Deserialize;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep};

use super::link::Link;
use super::metrics::{self, Said};
use super::status::Offer;
use crate::claw::http::Reply;
use crate::domain::actor::Actor;
use crate::domain::agent::AgentAnswer;
use crate::domain::command::Ask;
use crate::domain::id::TaskId;
use crate::domain::rules::TEXT_BYTES_MAX;
use crate::domain::task::Task;
use crate::domain::time::Timestamp;

/// Offers under way at a time. More than an agent decides on in five seconds; the next ones wait for a place.
const OFFERS_AT_ONCE_MAX: usize = 16;
/// The pause before an offer that did not get through is made again.
const OFFER_AGAIN_AFTER: Duration = Duration::from_millis(500);

/// What the agent answers to an offer.
#[derive(Debug, Deserialize)]
struct Answer {
    #[serde(default = "yes")]
    accepted: bool,
    #[serde(default)]
    reasoning: Option<String>,
}

fn yes() -> bool {
    true
}

/// Offers each task once for each time that it is given to the agent, until it is dropped.
pub(super) async fn keep(link: Arc<Link>) {
    let mut head = link.ledger.feed().head();
    let mut offered: BTreeSet<(TaskId, Option<Timestamp>)> = BTreeSet::new();
    let mut under_way = JoinSet::new();
    loop {
        let snapshot = link.ledger.snapshot();
        let waiting: Vec<&Arc<Task>> = snapshot.state.offered_tasks().collect();
        let still: BTreeSet<_> = waiting.iter().map(|task| (task.id.clone(), task.answer_by)).collect();
        offered.retain(|offer| still.contains(offer));
        for task in waiting {
            if under_way.len() >= OFFERS_AT_ONCE_MAX {
                break;
            }
            if offered.insert((task.id.clone(), task.answer_by)) {
                let (link, task) = (link.clone(), task.clone());
                under_way.spawn(async move { offer(&link, &task).await });
            }
        }
        tokio::select! {
            // Cancel safe, both.
            moved = head.changed() => if moved.is_err() { return },
            Some(_) = under_way.join_next() => {}
        }
    }
}

/// Offers `task`, again and again while there is time, and submits what the agent says.
async fn offer(link: &Link, task: &Task) {
    let Some(answer_by) = task.answer_by else { return };
    let until = Instant::now() + answer_by.since(link.ledger.now());
    let answer = match ask(link, task, until).await {
        Ok(answer) => answer,
        Err(said) => return metrics::said(said),
    };
    let said = match &answer {
        AgentAnswer::Taken { .. } => Said::Taken,
        AgentAnswer::HandedBack { .. } => Said::HandedBack,
    };
    let ask = Ask::AnswerTask { task_id: task.id.clone(), answer };
    match link.ledger.submit(Actor::Agent(link.way.agent.clone()), ask).await {
        Ok(receipt) if receipt.note.is_none() => metrics::said(said),
        Ok(_) => metrics::said(Said::Void),
        Err(error) => {
            metrics::said(Said::Void);
            tracing::info!(task.id = %task.id, reason = error_word(&error), "the agent's answer does not count");
        }
    }
}

/// The answer's refusal in a word: its text may quote the agent.
fn error_word(error: &crate::ledger::SubmitError) -> &'static str {
    use crate::ledger::SubmitError;
    match error {
        SubmitError::Rejected(rejection) => rejection.code(),
        SubmitError::Busy => "busy",
        SubmitError::Stopped => "stopped",
    }
}

async fn ask(link: &Link, task: &Task, until: Instant) -> Result<AgentAnswer, Said> {
    loop {
        let left = until.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(Said::Nothing);
        }
        let offer = Offer {
            timestamp: link.ledger.now(),
            facility_id: &link.facility_id,
            answer_by: task.answer_by,
            task: task.into(),
        };
        let key = HeaderValue::from_str(&format!("task:{}", task.id)).ok();
        let answer = link.post(&link.way.task, &offer, key, left).await;
        let outcome = match &answer {
            Ok(reply) if reply.status.is_success() => "ok",
            Ok(_) => "failed",
            Err(error) => error.as_str(),
        };
        metrics::called("task", outcome);
        match answer {
            Ok(reply) if reply.status.is_success() => return said(&reply).ok_or(Said::Nothing),
            Ok(reply) if !reply.status.is_server_error() && reply.status.as_u16() != 429 => {
                return Err(Said::Refused);
            }
            // It may be starting: there is time for another try.
            Ok(_) | Err(_) => sleep(OFFER_AGAIN_AFTER.min(left)).await,
        }
    }
}

/// What the agent says: yes when it says nothing more than that it took the message; `None` for what is no answer.
fn said(reply: &Reply) -> Option<AgentAnswer> {
    let body = reply.body.as_ref()?;
    if body.is_empty() {
        return Some(AgentAnswer::Taken { reasoning: None });
    }
    let Answer { accepted, reasoning } = serde_json::from_slice(body).ok()?;
    let reasoning = reasoning.map(capped).filter(|text| !text.trim().is_empty());
    Some(if accepted {
        AgentAnswer::Taken { reasoning }
    } else {
        AgentAnswer::HandedBack { reasoning: reasoning.unwrap_or_else(|| "the agent gave no reason".into()) }
    })
}

/// As much of `text` as can be stored.
fn capped(mut text: String) -> String {
    let mut end = text.len().min(TEXT_BYTES_MAX);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.truncate(end);
    text
}

#[cfg(test)]
mod tests {
    use axum::http::StatusCode;

    use super::*;

    fn reply(body: Option<&str>) -> Reply {
        let body = body.map(|text| text.to_owned().into());
        Reply { status: StatusCode::OK, retry_after: None, body }
    }

    #[test]
    fn a_bare_yes_is_a_yes_and_what_cannot_be_understood_is_none() {
        let taken = |reasoning: Option<&str>| AgentAnswer::Taken { reasoning: reasoning.map(Into::into) };
        assert_eq!(said(&reply(Some(""))), Some(taken(None)));
        assert_eq!(said(&reply(Some("{}"))), Some(taken(None)));
        let why = r#"{"accepted":true,"reasoning":"near","runId":1}"#;
        assert_eq!(said(&reply(Some(why))), Some(taken(Some("near"))));
        for garbage in [Some("<html>"), Some("[1"), Some("\"ok\""), Some(r#"{"accepted":"no"}"#), None] {
            assert_eq!(said(&reply(garbage)), None, "{garbage:?}");
        }
    }

    #[test]
    fn who_hands_back_gives_a_reason_that_can_be_stored() {
        let back = |reasoning: &str| {
            let body = serde_json::json!({ "accepted": false, "reasoning": reasoning }).to_string();
            match said(&reply(Some(&body))) {
                Some(AgentAnswer::HandedBack { reasoning }) => reasoning,
                other => panic!("{other:?}"),
            }
        };
        assert_eq!(back("no hands"), "no hands");
        assert_eq!(back("  "), "the agent gave no reason");
        let long = back(&"å".repeat(3_000));
        assert!(long.len() <= TEXT_BYTES_MAX && long.len() > TEXT_BYTES_MAX - 2, "{}", long.len());
    }
}
