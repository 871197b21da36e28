//! docs/logs.md names every line that an operator can find in the log: level, message and fields, as the code
//! writes them.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use harness::repository;

/// A line of the log: level, message, fields.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Line {
    level: String,
    message: String,
    fields: BTreeSet<String>,
}

const LEVELS: [&str; 3] = ["error", "warn", "info"];

/// The lines that the sources under `root` write, and what is wrong with how they do it.
fn written(root: &Path) -> (BTreeSet<Line>, Vec<String>) {
    let (mut lines, mut complaints) = (BTreeSet::new(), Vec::new());
    for tree in ["gateway/src", "vision/src"] {
        for file in crate::house::sources(&root.join(tree)) {
            let is_test = file.iter().any(|part| part == "tests" || part == "tests.rs");
            let text = fs::read_to_string(&file).expect("a source is text");
            let text = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
            for (level, at) in LEVELS.iter().flat_map(|level| calls(text, level)).filter(|_| !is_test) {
                match line(level, text, at) {
                    Ok(line) => drop(lines.insert(line)),
                    Err(complaint) => complaints.push(format!("{}: {complaint}", file.display())),
                }
            }
        }
    }
    (lines, complaints)
}

/// Where the arguments of each call of the macro `level` begin.
fn calls<'a>(text: &'a str, level: &'a str) -> impl Iterator<Item = (&'a str, usize)> {
    let name = format!("{level}!(");
    let found: Vec<usize> = text.match_indices(&name).map(|(at, _)| at).collect();
    let is_word =
        |at: usize| text[..at].chars().next_back().is_some_and(|it| it.is_alphanumeric() || it == '_');
    found.into_iter().filter(move |at| !is_word(*at)).map(move |at| (level, at + name.len()))
}

fn line(level: &str, text: &str, at: usize) -> Result<Line, String> {
    if !text[..at].ends_with(&format!("tracing::{level}!(")) {
        return Err(format!("{level}! is written tracing::{level}!, so that it can be found"));
    }
    let mut fields = arguments(&text[at..]);
    let message = fields.pop().unwrap_or_default();
    let message = message.strip_prefix('"').and_then(|it| it.strip_suffix('"'));
    let message = message.ok_or(format!("a {level} line has no message at its end: {fields:?}"))?;
    if message.contains('{') {
        return Err(format!("a message reads alone, what varies is a field: {message}"));
    }
    let field =
        |it: String| it.split('=').next().unwrap_or_default().trim_matches([' ', '%', '?']).to_owned();
    let fields = fields.into_iter().map(field).collect();
    Ok(Line { level: level.into(), message: message.into(), fields })
}

/// The arguments up to the parenthesis that closes the call.
fn arguments(text: &str) -> Vec<String> {
    let (mut arguments, mut argument) = (Vec::new(), String::new());
    let (mut depth, mut in_string, mut letters) = (0, false, text.chars());
    while let Some(letter) = letters.next() {
        match letter {
            '\\' if in_string => argument.extend([letter].into_iter().chain(letters.next())),
            '"' => {
                in_string = !in_string;
                argument.push(letter);
            }
            _ if in_string => argument.push(letter),
            ')' if depth == 0 => break,
            ',' if depth == 0 => arguments.push(std::mem::take(&mut argument)),
            letter => {
                depth += i32::from("([{".contains(letter)) - i32::from(")]}".contains(letter));
                argument.push(letter);
            }
        }
    }
    arguments.push(argument);
    arguments.into_iter().map(|it| it.trim().to_owned()).filter(|it| !it.is_empty()).collect()
}

/// The rows of the page: level, message, fields.
fn documented(page: &str) -> BTreeSet<Line> {
    let row = |row: &str| {
        let cells: Vec<&str> = row.split('|').map(str::trim).collect();
        let [_, level, message, fields, ..] = cells[..] else { return None };
        let fields = fields.split(',').map(|it| it.trim().trim_matches('`').to_owned());
        LEVELS.contains(&level).then(|| Line {
            level: level.into(),
            message: message.into(),
            fields: fields.filter(|it| !it.is_empty()).collect(),
        })
    };
    page.lines().filter_map(row).collect()
}

#[test]
fn the_page_names_every_line_of_the_log_and_no_other() {
    let (written, complaints) = written(&repository());
    assert!(complaints.is_empty(), "{complaints:#?}");
    let page = fs::read_to_string(repository().join("docs/logs.md")).expect("the page is there");
    let documented = documented(&page);
    let unnamed: Vec<_> = written.difference(&documented).collect();
    let unwritten: Vec<_> = documented.difference(&written).collect();
    assert!(
        unnamed.is_empty() && unwritten.is_empty(),
        "docs/logs.md differs from the code\nnot on the page: {unnamed:#?}\nnot in the code: {unwritten:#?}"
    );
}

#[test]
fn the_reader_of_this_story_sees_what_is_written() {
    let root = tempfile::tempdir().expect("a temporary folder can be made");
    let folder = root.path().join("gateway/src");
    fs::create_dir_all(&folder).expect("a folder can be made");
    let source = "fn f() {\n    tracing::warn!(\n        room.id = %id(1, 2),\n        ?close,\n        \"gone, (for \\\"now\\\")\"\n    );\n    \
                  tracing::info!(\"here\");\n    tracing::debug!(\"not told\");\n}\n\
                  #[cfg(test)]\nmod tests {\n    fn g() { tracing::error!(\"in a test\") }\n}\n";
    fs::write(folder.join("a.rs"), source).expect("a file can be written");
    let (lines, complaints) = written(root.path());
    let told: Vec<_> =
        lines.iter().map(|it| (it.level.as_str(), it.message.as_str(), it.fields.len())).collect();
    assert_eq!(
        (told, complaints),
        (vec![("info", "here", 0), ("warn", "gone, (for \\\"now\\\")", 2)], vec![])
    );

    for bad in [
        "use tracing::info; fn f() { info!(\"x\") }",
        "fn f() { tracing::error!(\"x {y}\") }",
        "fn f() { tracing::warn!(x) }",
    ] {
        fs::write(folder.join("a.rs"), bad).expect("a file can be written");
        assert_eq!(written(root.path()).1.len(), 1, "{bad}");
    }
}
