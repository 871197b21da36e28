//! The agent's limits, what it is offered, what becomes of its proposals, and what staff say of it.

use proptest::prelude::*;

use crate::domain::action::{ActionDraft, ActionKind, ActionStatus};
use crate::domain::agent::{
    AgentAnswer, AgentPhase, AgentRails, AgentWork, FEEDBACK_KEPT, Feedback, Verdict,
};
use crate::domain::id::TaskId;
use crate::domain::task::{Assignee, TaskDraft, TaskEdit, TaskStatus};

use super::arbitrary::{Step, agents, cases, facts};
use super::*;

fn agent() -> Actor {
    Actor::Agent("claw".parse().unwrap())
}

/// An agent that is called, and may clean by itself.
fn clinic(agent_phase: AgentPhase) -> Clinic {
    let agent = AgentRails {
        allowed_kinds: vec!["cleaning".into()],
        per_hour_max: 4,
        open_max: 3,
        expires_after: minutes(10),
        answers_within: Some(seconds(5)),
    };
    Clinic::new().rules(Rules { agent_phase, agent, ..Rules::default() }).room("room-1").open()
}

fn draft(kind: &str, assignee: Assignee) -> TaskDraft {
    TaskDraft { kind: kind.into(), assignee, reasoning: None, ..items::task_draft() }
}

fn newest(clinic: &Clinic) -> TaskId {
    clinic.state.tasks.keys().next_back().unwrap().clone()
}

/// Staff give the agent something to do.
fn offered(clinic: &mut Clinic) -> TaskId {
    clinic.ask(Ask::CreateTask(draft("delivery", Assignee::Agent))).unwrap();
    newest(clinic)
}

fn proposed(clinic: &mut Clinic) -> TaskId {
    clinic.ask_as(agent(), Ask::CreateTask(draft("cleaning", Assignee::Agent))).unwrap();
    newest(clinic)
}

fn open_items(clinic: &Clinic) -> Vec<Arc<crate::domain::action::ActionItem>> {
    clinic.state.actions.values().filter(|it| it.status != ActionStatus::Completed).cloned().collect()
}

fn answers(task_id: &TaskId, answer: AgentAnswer) -> Ask {
    Ask::AnswerTask { task_id: task_id.clone(), answer }
}

fn taken() -> AgentAnswer {
    AgentAnswer::Taken { reasoning: Some("the robot is near".into()) }
}

fn decides(task_id: &TaskId, approved: bool, reason: Option<&str>) -> Ask {
    Ask::DecideProposal { task_id: task_id.clone(), approved, reason: reason.map(Into::into) }
}

#[test]
fn an_admin_switches_the_phase_and_the_configuration_sets_only_the_first() {
    let mut clinic = clinic(AgentPhase::Autonomous);
    clinic.ask(Ask::ImportAgentPhase(AgentPhase::Assisted)).unwrap();
    assert_eq!(clinic.state.agent_phase(), AgentPhase::Assisted);
    clinic.ask(Ask::SetAgentPhase(AgentPhase::Observation)).unwrap();
    assert!(clinic.ask(Ask::ImportAgentPhase(AgentPhase::Autonomous)).unwrap().is_empty());
    assert_eq!(clinic.state.agent_phase(), AgentPhase::Observation);
    assert_eq!(clinic.state.agent.as_ref().unwrap().revision, 2);
    let refused = clinic.ask_as(agent(), Ask::SetAgentPhase(AgentPhase::Autonomous));
    assert!(matches!(refused, Err(Rejection::Forbidden { .. })), "{refused:?}");
    clinic.ask_as(agent(), Ask::CreateTask(draft("cleaning", Assignee::Staff))).unwrap();
    assert_eq!(clinic.state.tasks.len(), 0);
}

#[test]
fn what_the_agent_does_itself_is_on_the_list_and_what_it_hands_to_staff_is_not() {
    let mut clinic = clinic(AgentPhase::Autonomous);
    let itself = clinic.ask_as(agent(), Ask::CreateTask(draft("delivery", Assignee::Agent)));
    assert!(matches!(itself, Err(Rejection::Forbidden { .. })), "{itself:?}");
    assert_eq!((clinic.state.tasks.len(), clinic.state.agent_use.made), (0, 0));
    clinic.ask_as(agent(), Ask::CreateTask(draft("delivery", Assignee::Staff))).unwrap();
    let (task_id, assignee) = (newest(&clinic), Some(Assignee::Agent));
    let edit = Box::new(TaskEdit { assignee, ..TaskEdit::default() });
    let later = clinic.ask_as(agent(), Ask::EditTask { task_id, edit });
    assert!(matches!(later, Err(Rejection::Forbidden { .. })), "{later:?}");
    proposed(&mut clinic);
}

#[test]
fn the_agent_writes_so_much_an_hour_and_deleting_it_gives_nothing_back() {
    let mut clinic = clinic(AgentPhase::Autonomous);
    for _ in 0..4 {
        clinic.ask_as(agent(), Ask::CreateAction(items::action_draft())).unwrap();
        let id = clinic.state.actions.keys().next_back().unwrap().clone();
        clinic.ask_as(agent(), Ask::DeleteAction(id)).unwrap();
    }
    let ask = || Ask::CreateTask(draft("delivery", Assignee::Staff));
    let refused = clinic.ask_as(agent(), ask()).unwrap_err();
    assert!(
        matches!(&refused, Rejection::OverLimit { reason, .. } if reason.contains("an hour")),
        "{refused}"
    );
    clinic.ask(ask()).unwrap();
    clinic.wait(minutes(60));
    clinic.ask_as(agent(), ask()).unwrap();
}

#[test]
fn the_agent_has_so_much_open_at_a_time() {
    let mut clinic = clinic(AgentPhase::Autonomous);
    let ask = || Ask::CreateTask(draft("delivery", Assignee::Staff));
    for _ in 0..3 {
        clinic.ask_as(agent(), ask()).unwrap();
    }
    let refused = clinic.ask_as(agent(), ask()).unwrap_err();
    assert!(matches!(&refused, Rejection::OverLimit { reason, .. } if reason.contains("open")), "{refused}");
    let task_id = newest(&clinic);
    clinic.ask(Ask::SetTaskStatus { task_id, status: TaskStatus::Completed }).unwrap();
    clinic.ask_as(agent(), ask()).unwrap();
}

#[test]
fn what_the_agent_does_not_answer_is_for_staff_once_and_a_restart_forgets_nothing() {
    let mut clinic = clinic(AgentPhase::Autonomous);
    let task_id = offered(&mut clinic);
    clinic.ask(clinic.started()).unwrap();
    clinic.wait(Duration::from_millis(4_900));
    assert_eq!(open_items(&clinic).len(), 0);
    clinic.wait(Duration::from_millis(200));
    let items = open_items(&clinic);
    assert_eq!((items.len(), items[0].draft.kind), (1, ActionKind::Escalation));
    assert_eq!(items[0].draft.context["task_id"], task_id.as_str());
    assert_eq!(clinic.state.tasks[&task_id].draft.assignee, Assignee::Staff);
    clinic.wait(minutes(60));
    assert_eq!(open_items(&clinic).len(), 1);
    let late = clinic.ask_as(agent(), answers(&task_id, taken()));
    assert!(matches!(late, Err(Rejection::Conflict(_))), "{late:?}");
    clinic.ask(Ask::SetTaskStatus { task_id, status: TaskStatus::Completed }).unwrap();
    assert_eq!(open_items(&clinic).len(), 0, "who does the task has done the item");
}

#[test]
fn what_the_agent_takes_it_does_and_what_it_hands_back_carries_its_reasoning() {
    let mut clinic = clinic(AgentPhase::Assisted);
    let task_id = offered(&mut clinic);
    clinic.ask_as(agent(), answers(&task_id, taken())).unwrap();
    let task = clinic.state.tasks[&task_id].clone();
    assert_eq!((task.status, task.answer_by), (TaskStatus::InProgress, None));
    assert_eq!((&*task.notes[0].text, &task.notes[0].by), ("the robot is near", &agent()));
    clinic.wait(minutes(1));
    assert_eq!(open_items(&clinic).len(), 0);
    let back = AgentAnswer::HandedBack { reasoning: "the lift is out".into() };
    clinic.ask_as(agent(), answers(&task_id, back.clone())).unwrap();
    assert!(clinic.ask_as(agent(), answers(&task_id, back)).unwrap().is_empty(), "once");
    let items = open_items(&clinic);
    assert_eq!((items.len(), items[0].draft.reasoning.as_deref()), (1, Some("the lift is out")));
    assert_eq!(clinic.state.tasks[&task_id].draft.assignee, Assignee::Staff);
}

#[test]
fn only_the_agent_answers_and_only_what_is_its_own() {
    let mut clinic = clinic(AgentPhase::Autonomous);
    let task_id = offered(&mut clinic);
    let by_staff = clinic.ask(answers(&task_id, taken()));
    assert!(matches!(by_staff, Err(Rejection::Forbidden { .. })), "{by_staff:?}");
    clinic.ask(Ask::CreateTask(draft("delivery", Assignee::Staff))).unwrap();
    let task_id = newest(&clinic);
    let not_its_own = clinic.ask_as(agent(), answers(&task_id, taken()));
    assert!(matches!(not_its_own, Err(Rejection::Conflict(_))), "{not_its_own:?}");
    proposed(&mut clinic);
    assert_eq!(clinic.state.offered_tasks().count(), 1, "what it took upon itself is not offered to it");
}

#[test]
fn a_proposal_ends_when_nobody_decides() {
    let mut clinic = clinic(AgentPhase::Assisted);
    let task_id = proposed(&mut clinic);
    clinic.wait(minutes(9));
    assert_eq!(clinic.state.tasks[&task_id].status, TaskStatus::Proposed);
    clinic.wait(minutes(2));
    let task = &clinic.state.tasks[&task_id];
    assert_eq!((task.status, task.expires_at), (TaskStatus::Cancelled, None));
    assert!(task.end_time.is_some());
}

#[test]
fn staff_approve_and_reject_with_a_reason() {
    let mut clinic = clinic(AgentPhase::Assisted);
    let task_id = proposed(&mut clinic);
    for reason in [None, Some(" ")] {
        let unsaid = clinic.ask(decides(&task_id, false, reason));
        assert!(matches!(unsaid, Err(Rejection::Invalid { field: "reason", .. })), "{unsaid:?}");
    }
    let own = clinic.ask_as(agent(), decides(&task_id, true, None));
    assert!(matches!(own, Err(Rejection::Forbidden { .. })), "{own:?}");
    clinic.ask(decides(&task_id, false, Some("It is clean already"))).unwrap();
    assert!(
        clinic.ask(decides(&task_id, false, Some("It is clean"))).unwrap().is_empty(),
        "decided is decided"
    );
    let task = &clinic.state.tasks[&task_id];
    assert_eq!((task.status, &*task.notes[0].text), (TaskStatus::Cancelled, "It is clean already"));
    let late = clinic.ask(decides(&task_id, true, None));
    assert!(matches!(late, Err(Rejection::Conflict(_))), "{late:?}");
    let task_id = proposed(&mut clinic);
    clinic.ask(decides(&task_id, true, None)).unwrap();
    let task = &clinic.state.tasks[&task_id];
    assert_eq!((task.status, task.expires_at), (TaskStatus::Pending, None));
    assert!(task.answer_by.is_some(), "the agent hears that it was approved");
}

#[test]
fn what_staff_take_over_the_agent_leaves_alone() {
    let mut clinic = clinic(AgentPhase::Autonomous);
    let task_id = proposed(&mut clinic);
    let assignee = Some(Assignee::User(NURSE.parse().unwrap()));
    let edit = Box::new(TaskEdit { assignee, ..TaskEdit::default() });
    clinic.ask(Ask::EditTask { task_id: task_id.clone(), edit }).unwrap();
    let cancels = Ask::SetTaskStatus { task_id: task_id.clone(), status: TaskStatus::Cancelled };
    for ask in [cancels, Ask::DeleteTask(task_id)] {
        let refused = clinic.ask_as(agent(), ask);
        assert!(matches!(refused, Err(Rejection::Forbidden { .. })), "{refused:?}");
    }
}

#[test]
fn everything_of_the_agents_says_why() {
    let mut clinic = clinic(AgentPhase::Autonomous);
    let task_id = proposed(&mut clinic);
    let unsaid = Some("the agent gave no reason");
    assert_eq!(clinic.state.tasks[&task_id].draft.reasoning.as_deref(), unsaid);
    let item = ActionDraft { reasoning: Some("I saw it".into()), ..items::action_draft() };
    clinic.ask_as(agent(), Ask::CreateAction(item)).unwrap();
    assert_eq!(open_items(&clinic)[0].draft.reasoning.as_deref(), Some("I saw it"));
    clinic.ask(Ask::CreateTask(draft("delivery", Assignee::Staff))).unwrap();
    assert_eq!(clinic.state.tasks[&newest(&clinic)].draft.reasoning, None);
}

#[test]
fn each_persons_newest_opinion_is_kept_and_no_more_than_the_limit() {
    let mut clinic = clinic(AgentPhase::Autonomous);
    let task_id = proposed(&mut clinic);
    let rate = |verdict, comment: Option<&str>| Ask::RateAgent {
        work: AgentWork::Task(task_id.clone()),
        verdict,
        comment: comment.map(Into::into),
    };
    clinic.ask(rate(Verdict::Helpful, None)).unwrap();
    clinic.ask(rate(Verdict::Wrong, Some("It was clean"))).unwrap();
    clinic.ask_as(Actor::User("nurse-2".parse().unwrap()), rate(Verdict::Helpful, None)).unwrap();
    let kept: Vec<_> = clinic.state.feedback.values().map(|it| (it.verdict, it.comment.clone())).collect();
    assert_eq!(kept, [(Verdict::Wrong, Some("It was clean".into())), (Verdict::Helpful, None)]);
    let by_agent = clinic.ask_as(agent(), rate(Verdict::Helpful, None));
    assert!(matches!(by_agent, Err(Rejection::Forbidden { .. })), "{by_agent:?}");
    let theirs = offered(&mut clinic);
    let work = AgentWork::Task(theirs);
    let not_its_work = clinic.ask(Ask::RateAgent { work, verdict: Verdict::Wrong, comment: None });
    assert!(matches!(not_its_work, Err(Rejection::Conflict(_))), "{not_its_work:?}");
    let some = clinic.state.feedback.get_max().unwrap().1.clone();
    for n in clinic.state.feedback.len()..FEEDBACK_KEPT {
        let id = uuid::Uuid::from_u128(n as u128).into();
        let by = Actor::Peer(format!("peer-{n}").parse().unwrap());
        clinic.state.touch(Entity::Feedback(Arc::new(Feedback { id, by, ..(*some).clone() })));
    }
    let oldest = clinic.state.feedback.get_min().unwrap().0.clone();
    clinic.ask_as(Actor::Console, rate(Verdict::Helpful, None)).unwrap();
    assert_eq!(clinic.state.feedback.len(), FEEDBACK_KEPT);
    assert!(!clinic.state.feedback.contains_key(&oldest), "the oldest makes place");
}

#[test]
fn a_task_with_a_deadline_leaves_room_for_what_time_does_to_it() {
    let mut clinic = clinic(AgentPhase::Assisted);
    let long = || "\u{1}".repeat(1_040);
    let full = TaskDraft { description: long(), ..draft("cleaning", Assignee::Staff) };
    clinic.ask(Ask::CreateTask(full.clone())).unwrap();
    let refused = clinic.ask_as(agent(), Ask::CreateTask(full)).unwrap_err();
    assert!(matches!(refused, Rejection::TooLarge { .. }), "{refused:?}");
}

#[test]
fn deadlines_move_along_with_the_clock() {
    let mut clinic = clinic(AgentPhase::Autonomous);
    let task_id = offered(&mut clinic);
    clinic.ask_as(Actor::Gateway, Ask::ClockStepped { by_ms: 3_600_000 }).unwrap();
    clinic.now = clinic.now.plus(minutes(60));
    clinic.settle();
    assert_eq!(clinic.state.tasks[&task_id].draft.assignee, Assignee::Agent);
    clinic.wait(seconds(6));
    assert_eq!(clinic.state.tasks[&task_id].draft.assignee, Assignee::Staff);
}

#[test]
fn an_approved_cleaning_of_the_agents_is_the_rooms_cleaning() {
    let mut clinic = clinic(AgentPhase::Assisted);
    let room_id = Some(room_id("room-1"));
    clinic
        .ask_as(agent(), Ask::CreateTask(TaskDraft { room_id, ..draft("cleaning", Assignee::Staff) }))
        .unwrap();
    clinic.ask(decides(&newest(&clinic), true, None)).unwrap();
    assert_eq!(clinic.status("room-1"), RoomStatus::NeedsCleaning);
    assert_eq!(clinic.open_cleanings("room-1").len(), 1, "no second one beside it");
}

proptest! {
    #![proptest_config(cases(256))]

    #[test]
    fn whatever_the_agent_tries_it_stays_between_its_rails(
        phase in prop::sample::select(vec![
            AgentPhase::Observation, AgentPhase::Assisted, AgentPhase::Autonomous,
        ]),
        moves in prop::collection::vec((0_usize..6, agents::moved(), 0_u64..900), 1..60),
    ) {
        let mut clinic = clinic(phase);
        for (n, what, pause_s) in moves {
            clinic.wait(seconds(pause_s));
            let step = Step::Agents(n, what);
            let command = clinic.meant(&step).unwrap();
            let (before, now) = (clinic.state.clone(), clinic.now);
            let answer = clinic.take(&command);
            for (_, event) in clinic.journal.iter().filter(|_| answer.is_ok()) {
                if let Event::TaskCreated(task) = event {
                    prop_assert!(matches!(task.created_by, Actor::Agent(_)) && task.draft.reasoning.is_some());
                    prop_assert_eq!(phase == AgentPhase::Assisted, task.status == TaskStatus::Proposed);
                }
            }
            if clinic.state.tasks.len() > before.tasks.len() {
                prop_assert!(phase != AgentPhase::Observation);
                prop_assert!(before.agent_use.at(now).made < 4 && before.open_agents_work() < 3);
            }
            if answer.is_err() {
                prop_assert_eq!(facts(&clinic.state), facts(&before));
            }
        }
    }
}
