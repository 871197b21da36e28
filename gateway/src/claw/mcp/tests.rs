//! What the tools tell holds nothing that anybody typed, and what they take is bounded.

use std::collections::BTreeSet;

use proptest::prelude::*;
use serde_json::{Value, json};

use super::lists::{ListActions, ListAlerts, ListEquipment, ListRooms, ListTasks};
use super::tools::{ToolName, tools};
use crate::claw::canary::laden_after;
use crate::claw::told::{ItemTold, TaskTold};
use crate::domain::tests::arbitrary::{cases, steps};

proptest! {
    #![proptest_config(cases(128))]

    #[test]
    fn no_tool_tells_a_word_that_anybody_typed(steps in steps(40)) {
        let clinic = laden_after(&steps);
        let told = json!([
            ListRooms::default().of(&clinic).unwrap(),
            ListEquipment::default().of(&clinic).unwrap(),
            ListTasks::default().of(&clinic).unwrap(),
            ListActions::default().of(&clinic).unwrap(),
            ListAlerts::default().of(&clinic).unwrap(),
            // What a write answers, of whatever state a task or an item is in.
            clinic.tasks.values().map(|task| TaskTold::from(&**task)).collect::<Vec<_>>(),
            clinic.actions.values().map(|item| ItemTold::from(&**item)).collect::<Vec<_>>(),
        ])
        .to_string();
        prop_assert!(!told.contains("Erika") && !told.contains("patient-"), "{}", told);
    }
}

#[test]
fn the_tools_are_these_and_say_what_they_do_to_the_clinic() {
    let told: Vec<_> = tools()
        .iter()
        .map(|tool| {
            let hints = tool.annotations.as_ref().unwrap();
            (&*tool.name, hints.read_only_hint.unwrap(), hints.idempotent_hint.unwrap())
        })
        .collect();
    let expected = [
        ("list_rooms", true, true),
        ("list_equipment", true, true),
        ("list_tasks", true, true),
        ("list_actions", true, true),
        ("list_alerts", true, true),
        ("create_task", false, false),
        ("create_action", false, false),
        ("complete_task", false, true),
    ];
    assert_eq!(told, expected);
}

#[test]
fn every_argument_is_known_explained_and_bounded() {
    for tool in tools() {
        let schema = Value::Object((*tool.input_schema).clone());
        assert_eq!(schema["additionalProperties"], false, "{}", tool.name);
        for (name, argument) in schema["properties"].as_object().unwrap() {
            check_bounded(&format!("{}.{name}", tool.name), argument);
        }
        for schema in [&tool.input_schema, tool.output_schema.as_ref().unwrap()] {
            let text = json!(schema).to_string();
            assert!(!text.contains("$ref"), "{} points to what a client does not have: {text}", tool.name);
        }
    }
}

#[test]
fn what_the_tools_take_fits_what_they_say_they_take() {
    let fits = |tool: ToolName, arguments: Value| {
        let tool = tools().iter().find(|it| it.name == tool.as_str()).unwrap();
        jsonschema::is_valid(&json!(tool.input_schema), &arguments)
    };
    let task = json!({ "type": "cleaning", "description": "x", "reasoning": "y", "priority": "urgent",
        "assignee": "agent", "roomId": "room-1", "doctorId": null, "estimatedDuration": 5, "idempotencyKey": "k" });
    assert!(fits(ToolName::CreateTask, task.clone()), "{task}");
    for (field, wrong) in [
        ("assignee", "nobody"),
        ("roomId", "no room"),
        ("idempotencyKey", "a b"),
        ("type", "Two words"),
        ("colour", "red"),
    ] {
        let mut task = task.clone();
        task[field] = wrong.into();
        assert!(!fits(ToolName::CreateTask, task.clone()), "{task}");
    }
    let item = json!({ "type": "agent_request", "title": "x", "description": "y", "reasoning": "z",
        "context": { "seen": 2 }, "suggestedActions": ["Go"], "urgency": "low" });
    assert!(fits(ToolName::CreateAction, item));
    assert!(fits(ToolName::CompleteTask, json!({ "taskId": "t-1", "reasoning": "done" })));
    assert!(fits(ToolName::ListRooms, json!({ "status": "unknown", "limit": null })));
    assert!(!fits(ToolName::ListRooms, json!({ "limit": 501 })));
}

/// Text has a limit or is one of a few words, a number has a greatest one, a list a longest one.
fn check_bounded(name: &str, argument: &Value) {
    let kinds = argument["oneOf"].as_array().or_else(|| argument["anyOf"].as_array());
    for kind in kinds.into_iter().flatten() {
        check_bounded(name, kind);
    }
    let types = match &argument["type"] {
        Value::Array(types) => types.iter().filter_map(Value::as_str).collect(),
        one => BTreeSet::from_iter(one.as_str()),
    };
    let has = |bounds: &[&str]| bounds.iter().any(|bound| !argument[*bound].is_null());
    assert!(!types.contains("string") || has(&["maxLength", "pattern", "enum"]), "{name}: {argument}");
    assert!(!types.contains("integer") || has(&["maximum"]), "{name}: {argument}");
    assert!(!types.contains("array") || has(&["maxItems"]), "{name}: {argument}");
    assert!(kinds.is_some() || !types.is_empty(), "{name} is anything: {argument}");
    if types.contains("array") {
        check_bounded(name, &argument["items"]);
    }
}

#[test]
fn whoever_changes_something_says_why() {
    for tool in [ToolName::CreateTask, ToolName::CreateAction, ToolName::CompleteTask] {
        let tool = tools().iter().find(|it| it.name == tool.as_str()).unwrap();
        let schema = Value::Object((*tool.input_schema).clone());
        assert!(schema["required"].as_array().unwrap().contains(&json!("reasoning")), "{schema}");
    }
}
