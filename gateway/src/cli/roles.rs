//! `roles`: the tables of roles, printed from where they are decided.

use std::fmt::Write;

use clap::Args;

use crate::domain::role::{Named, Role, Topic, Verb};
use crate::domain::view::{Kind, View};

#[derive(Args)]
pub(super) struct RolesArgs {
    /// Print Markdown: docs/roles.md is this output.
    #[arg(long)]
    pub(super) markdown: bool,
}

struct Table {
    title: &'static str,
    says: &'static str,
    heads: Vec<String>,
    rows: Vec<Vec<String>>,
}

/// The tables as text.
pub(super) fn tables(markdown: bool) -> String {
    let mut text = String::new();
    if markdown {
        text += "# Roles\n\nWho may do, hear and see what. Printed by `caresync-gateway roles --markdown`, from the \
                 one table that the\ngateway itself decides by (`gateway/src/domain/role.rs` and `view.rs`); do not \
                 edit this page.\n\n";
    }
    for table in [commands(), channels(), views(), fields()] {
        let Table { title, says, .. } = table;
        if markdown {
            write!(text, "## {title}\n\n{says}\n\n{}\n", piped(&table)).expect("a string takes text");
        } else {
            write!(text, "{title}: {says}\n\n{}\n", aligned(&table)).expect("a string takes text");
        }
    }
    text.truncate(text.trim_end().len());
    text + "\n"
}

fn mark(yes: bool) -> String {
    if yes { "x".into() } else { String::new() }
}

fn with_roles(first: &str) -> Vec<String> {
    [first].into_iter().chain(Role::EVERY.map(Role::as_str)).map(str::to_owned).collect()
}

fn commands() -> Table {
    let row = |verb: Verb| {
        let marks = Role::EVERY.map(|role| mark(role.may(verb)));
        [verb.as_str().to_owned()].into_iter().chain(marks).collect()
    };
    Table {
        title: "Role and command",
        says: "What each role may change. An agent changes only its own tasks and items, a medical assistant only \
               what concerns the doctors that the account names.",
        heads: with_roles("command"),
        rows: Verb::EVERY.into_iter().map(row).collect(),
    }
}

fn channels() -> Table {
    let row = |topic: Topic| {
        let marks = Role::EVERY.map(|role| mark(role.hears(topic)));
        [topic.as_str().to_owned()].into_iter().chain(marks).collect()
    };
    let named = |named: Named| {
        let marks = Role::EVERY.map(|role| mark(role.hears_named(named)));
        [format!("{}:<id>", named.as_str())].into_iter().chain(marks).collect()
    };
    Table {
        title: "Role and channel",
        says: "What each role hears on the hub and may list. `all` carries each channel that the role hears. A channel \
               `doctor:<id>` is for that doctor and for those who manage them, `hospital:<id>` for the clinics of that hospital.",
        heads: with_roles("channel"),
        rows: Topic::EVERY.into_iter().map(row).chain(Named::EVERY.into_iter().map(named)).collect(),
    }
}

fn views() -> Table {
    let row = |role: Role| vec![role.as_str().to_owned(), role.view().as_str().to_owned()];
    Table {
        title: "Role and view",
        says: "How much each role sees of what it hears.",
        heads: vec!["role".into(), "view".into()],
        rows: Role::EVERY.into_iter().map(row).collect(),
    }
}

fn fields() -> Table {
    let row = |kind: Kind| {
        kind.fields().iter().map(move |(field, class)| {
            let marks = View::EVERY.map(|view| mark(view.shows(*class)));
            [format!("{}.{field}", kind.as_str())].into_iter().chain(marks).collect()
        })
    };
    let heads = ["field"].into_iter().chain(View::EVERY.map(View::as_str)).map(str::to_owned);
    Table {
        title: "View and field",
        says: "Which fields each view shows. A field that is not named here is shown to nobody.",
        heads: heads.collect(),
        rows: Kind::EVERY.into_iter().flat_map(row).collect(),
    }
}

fn piped(table: &Table) -> String {
    let line = |cells: &[String]| format!("| {} |\n", cells.join(" | "));
    let rule = table.heads.iter().map(|_| "---".to_owned()).collect::<Vec<_>>();
    let rows: String = table.rows.iter().map(|row| line(row)).collect();
    line(&table.heads) + &line(&rule) + &rows
}

fn aligned(table: &Table) -> String {
    let lines = || [&table.heads].into_iter().chain(&table.rows);
    let width = |n: usize| lines().map(|row| row[n].chars().count()).max().unwrap_or(0);
    let line = |row: &Vec<String>| {
        let cells = row.iter().enumerate().map(|(n, cell)| format!("{cell:width$}", width = width(n)));
        cells.collect::<Vec<_>>().join("  ").trim_end().to_owned() + "\n"
    };
    lines().map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_of_roles_is_what_the_table_says() {
        let page = include_str!("../../../docs/roles.md");
        assert!(
            page == tables(true),
            "docs/roles.md is stale; write it anew: caresync-gateway roles --markdown > docs/roles.md"
        );
    }

    #[test]
    fn every_role_command_channel_and_field_has_its_place() {
        let text = tables(false);
        for role in Role::EVERY {
            assert!(text.contains(role.as_str()), "{role}");
        }
        let admin = |line: &str| line.split_whitespace().nth(1) == Some("x");
        for word in Verb::EVERY.map(Verb::as_str).into_iter().chain(Topic::EVERY.map(Topic::as_str)) {
            let line = text.lines().find(|line| line.split(' ').next() == Some(word));
            assert!(line.is_some_and(admin), "{word}");
        }
        assert!(text.contains("room.current_patient_id"));
    }
}
