//! The house test: who may import whom, who may name what, and how large a room may grow.
//!
//! It reads the sources as text. What it cannot see (a macro that writes a path) no reviewer could either.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use harness::{announce, repository};

const DOOR: &[&str] = &["domain", "auth", "ledger", "wire"];
const ANY: &[&str] = &["*"];

/// Each module of the gateway and what it may import of ours (DESIGN, layout and floors).
const MAY_IMPORT: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("store", &["domain"]),
    ("auth", &["domain"]),
    ("ledger", &["domain", "store"]),
    ("wire", &["domain", "auth", "ledger"]),
    ("hub", DOOR),
    ("api", DOOR),
    ("sensing", DOOR),
    ("admin", DOOR),
    ("mqtt", DOOR),
    ("claw", DOOR),
    // The sections that the modules define, and the words that their values are made of.
    ("config", &["domain", "auth", "store", "ledger", "hub", "api", "sensing", "mqtt", "claw", "telemetry"]),
    ("telemetry", &[]),
    ("app", ANY),
    ("cli", ANY),
    ("main", ANY),
    ("lib", ANY),
];

/// A word that only some may name: the word, who may, and why.
const RESERVED: &[(&str, &[&str], &str)] = &[
    ("sled::", &["store"], "only store knows how things lie on the disk"),
    ("mqtt5::", &["mqtt"], "only mqtt/broker.rs knows which broker is embedded"),
    ("rumqttc::", &["mqtt"], "only mqtt/link knows which client speaks to the clinic's broker"),
    ("hyper_rustls::", &["claw"], "only claw/http.rs knows which client calls other systems"),
    ("vision::", &["sensing"], "only sensing knows that there are cameras behind the observations"),
];

/// What the ground does not know: time, chance, the network and the disk are arguments there.
const NOT_IN_DOMAIN: &[&str] =
    &["tokio::", "axum::", "sled::", "rand::", "SystemTime", "Instant", "std::fs", "std::net"];

const LINES_MAX: usize = 500;
const LINES_HINT: usize = 400;

/// Everything in the checkout at `root` that breaks a rule, each with file and line.
fn complaints(root: &Path) -> Vec<String> {
    let mut complaints = Vec::new();
    for file in sources(&root.join("gateway/src")) {
        let module = module_of(&root.join("gateway/src"), &file);
        let Some((_, allowed)) = MAY_IMPORT.iter().find(|(name, _)| *name == module[0]) else {
            complaints.push(format!(
                "{}: \"{}\" has no row in the table of who may import whom: add one to house.rs and DESIGN",
                shown(root, &file),
                module[0]
            ));
            continue;
        };
        for (n, line) in code(&file) {
            let place = format!("{}:{n}", shown(root, &file));
            complaints.extend(imports(&place, &module, allowed, &line));
            complaints.extend(reserved(&place, &module[0], &line));
        }
    }
    for file in sources(&root.join("vision")) {
        let named = code(&file).into_iter().filter(|(_, line)| names(line, "caresync_gateway"));
        let place = |n| format!("{}:{n}: vision knows nothing of the gateway", shown(root, &file));
        complaints.extend(named.map(|(n, _)| place(n)));
    }
    for tree in ["gateway/src", "vision/src"] {
        complaints.extend(without_mod_rs(root, &root.join(tree)));
    }
    for tree in ["gateway", "vision", "tests", "benches"] {
        complaints.extend(sources(&root.join(tree)).iter().filter_map(|file| too_long(root, file)));
    }
    complaints
}

fn imports(place: &str, module: &[String], allowed: &[&str], line: &str) -> Vec<String> {
    let own = &module[0];
    let mut complaints = Vec::new();
    for imported in crate_paths(line) {
        if imported != *own && allowed != ANY && !allowed.contains(&imported.as_str()) {
            let list = if allowed.is_empty() { "nothing of ours".into() } else { allowed.join(", ") };
            complaints.push(format!("{place}: {own} imports {imported}, but may import only {list}"));
        }
    }
    // Within an inline module, which is indented, one `super` leads to the file itself.
    let depth = module.len() + usize::from(line.starts_with(' '));
    if allowed != ANY && supers(line) >= depth {
        complaints
            .push(format!("{place}: super leads out of {own}; write crate:: so that it can be checked"));
    }
    complaints
}

fn reserved(place: &str, own: &str, line: &str) -> Vec<String> {
    let mut complaints = Vec::new();
    for (word, who, why) in RESERVED {
        if names(line, word) && !who.contains(&own) {
            complaints.push(format!("{place}: {own} names {word} but {why}"));
        }
    }
    for word in NOT_IN_DOMAIN.iter().filter(|word| own == "domain" && names(line, word)) {
        complaints
            .push(format!("{place}: domain names {word} but the rules are pure: it comes in as a value"));
    }
    complaints
}

fn without_mod_rs(root: &Path, tree: &Path) -> Vec<String> {
    let files = sources(tree);
    let folders: BTreeSet<_> =
        files.iter().filter_map(|file| file.parent()).filter(|folder| *folder != tree).collect();
    let lacking = folders.into_iter().filter(|folder| !folder.join("mod.rs").is_file());
    lacking.map(|folder| format!("{}: a module that is a folder has a mod.rs", shown(root, folder))).collect()
}

fn too_long(root: &Path, file: &Path) -> Option<String> {
    let lines = fs::read_to_string(file).expect("a source is text").lines().count();
    let place = shown(root, file);
    if lines > LINES_HINT && lines <= LINES_MAX {
        announce(&format!("house: {place} has {lines} lines; from {LINES_HINT} on ask for a second room"));
    }
    (lines > LINES_MAX)
        .then(|| format!("{place}: {lines} lines are more than {LINES_MAX}; give it a second room"))
}

/// The files of Rust below `folder`, in order.
pub(crate) fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let entries =
        fs::read_dir(folder).into_iter().flatten().map(|entry| entry.expect("a folder can be read").path());
    for path in entries.filter(|path| !path.ends_with("target")) {
        if path.is_dir() {
            files.extend(sources(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    files.sort();
    files
}

/// The module that `file` is: `api/rooms.rs` is api, rooms; `api/mod.rs` is api.
fn module_of(tree: &Path, file: &Path) -> Vec<String> {
    let path = file.strip_prefix(tree).expect("it was found there").with_extension("");
    let mut names: Vec<String> = path.iter().map(|name| name.to_string_lossy().into_owned()).collect();
    names.pop_if(|last| last == "mod");
    names
}

fn shown(root: &Path, path: &Path) -> String {
    path.strip_prefix(root).unwrap_or(path).display().to_string()
}

/// The lines of code with their numbers: without comments, and without what stands in strings.
fn code(file: &Path) -> Vec<(usize, String)> {
    let text = fs::read_to_string(file).expect("a source is text");
    let mut lines = Vec::new();
    let mut in_string = false;
    for (n, line) in text.lines().enumerate() {
        lines.push((n + 1, bare(line, &mut in_string)));
    }
    lines
}

fn bare(line: &str, in_string: &mut bool) -> String {
    let (mut bare, mut letters) = (String::new(), line.chars().peekable());
    while let Some(letter) = letters.next() {
        match letter {
            '\\' if *in_string => drop(letters.next()),
            '"' => *in_string = !*in_string,
            _ if *in_string => {}
            // The letter literal '"' opens no string.
            '\'' if letters.peek() == Some(&'"') => drop(letters.next()),
            '/' if letters.peek() == Some(&'/') => break,
            other => bare.push(other),
        }
    }
    bare
}

/// True when `line` names `word`, not as the end of a longer name or of another path.
fn names(line: &str, word: &str) -> bool {
    line.match_indices(word).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        let after = line[at + word.len()..].chars().next();
        let ends = word.ends_with(':') || !after.is_some_and(is_of_name);
        ends && !before.is_some_and(|letter| is_of_name(letter) || (letter == ':' && word.ends_with("::")))
    })
}

fn is_of_name(letter: char) -> bool {
    letter.is_alphanumeric() || letter == '_'
}

/// The modules that paths from `crate` on this line begin with; a group gives each of its own.
fn crate_paths(line: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (at, _) in line.match_indices("crate::") {
        if line[..at].chars().next_back().is_some_and(|letter| is_of_name(letter) || letter == '$') {
            continue;
        }
        let rest = &line[at + "crate::".len()..];
        let Some(group) = rest.strip_prefix('{') else {
            found.push(rest.chars().take_while(|letter| is_of_name(*letter)).collect());
            continue;
        };
        let (mut depth, mut name) = (0, String::new());
        for letter in group.chars() {
            match letter {
                '{' => depth += 1,
                '}' | ',' if depth == 0 => {
                    let first = name.trim().split("::").next().unwrap_or_default().split(' ').next();
                    found.push(first.unwrap_or_default().to_owned());
                    name.clear();
                    if letter == '}' {
                        break;
                    }
                }
                '}' => depth -= 1,
                _ if depth == 0 => name.push(letter),
                _ => {}
            }
        }
    }
    found.retain(|name| !name.is_empty());
    found
}

/// The longest chain of `super::` on this line.
fn supers(line: &str) -> usize {
    (0..).find(|n| !line.contains(&"super::".repeat(n + 1))).unwrap_or(0)
}

#[test]
fn the_house_is_built_as_the_design_says() {
    let complaints = complaints(&repository());
    let mut text = String::new();
    for complaint in &complaints {
        writeln!(text, "  {complaint}").expect("a string takes text");
    }
    assert!(complaints.is_empty(), "{} rules are broken:\n{text}", complaints.len());
}

/// A file, a text in it that breaks a rule, and what is said of it.
const PLANTED: &[(&str, &str, &str)] = &[
    (
        "gateway/src/api/a.rs",
        "use crate::hub::Hub;",
        "api/a.rs:1: api imports hub, but may import only domain, auth",
    ),
    ("gateway/src/wire/a.rs", "\n\nfn f() { crate::store::open() }", "wire/a.rs:3: wire imports store"),
    ("gateway/src/hub/a.rs", "use crate::{wire, api::Api};", "hub/a.rs:1: hub imports api"),
    (
        "gateway/src/hub/mod.rs",
        "mod tests {\n    use crate::sensing;\n}",
        "hub/mod.rs:2: hub imports sensing",
    ),
    (
        "gateway/src/domain/a.rs",
        "use crate::ledger::Clock;",
        "domain/a.rs:1: domain imports ledger, but may import only nothing",
    ),
    ("gateway/src/store/a.rs", "use crate::config::StoreConfig;", "store/a.rs:1: store imports config"),
    ("gateway/src/config/a.rs", "use crate::app::run;", "config/a.rs:1: config imports app"),
    ("gateway/src/auth/a.rs", "use super::super::hub;", "auth/a.rs:1: super leads out of auth"),
    ("gateway/src/telemetry/mod.rs", "use super::hub;", "telemetry/mod.rs:1: super leads out of telemetry"),
    ("gateway/src/attic/mod.rs", "", "attic/mod.rs: \"attic\" has no row"),
    ("gateway/src/ledger/a.rs", "use sled::Db;", "ledger/a.rs:1: ledger names sled:: but only store"),
    ("gateway/src/app.rs", "fn f(db: sled::Db) {}", "app.rs:1: app names sled:: but only store"),
    ("gateway/src/hub/b.rs", "use vision::Camera;", "hub/b.rs:1: hub names vision:: but only sensing"),
    ("gateway/src/domain/b.rs", "use tokio::time;", "domain/b.rs:1: domain names tokio::"),
    ("gateway/src/domain/c.rs", "use std::time::{Duration, Instant};", "domain/c.rs:1: domain names Instant"),
    ("gateway/src/domain/d.rs", "use std::time::SystemTime;", "domain/d.rs:1: domain names SystemTime"),
    ("gateway/src/domain/e.rs", "fn f() { std::fs::read(p) }", "domain/e.rs:1: domain names std::fs"),
    ("gateway/src/domain/f.rs", "use rand::random;", "domain/f.rs:1: domain names rand::"),
    ("gateway/src/domain/g.rs", "use std::net::IpAddr;", "domain/g.rs:1: domain names std::net"),
    (
        "vision/src/a.rs",
        "use caresync_gateway::domain;",
        "vision/src/a.rs:1: vision knows nothing of the gateway",
    ),
    ("gateway/src/domain/x/a.rs", "", "gateway/src/domain/x: a module that is a folder has a mod.rs"),
];

#[test]
fn each_broken_rule_is_named_with_file_and_line() {
    let long = "\n".repeat(LINES_MAX + 1);
    let too_long = ("tests/stories/a.rs", long.as_str(), "tests/stories/a.rs: 501 lines are more than 500");
    for (file, text, expected) in PLANTED.iter().copied().chain([too_long]) {
        let root = tempfile::tempdir().expect("a temporary folder can be made");
        let path = root.path().join(file);
        let folder = path.parent().expect("a file is in a folder");
        fs::create_dir_all(folder).expect("a folder can be made");
        if !folder.ends_with("src") && !expected.contains("has a mod.rs") {
            fs::write(folder.join("mod.rs"), "").expect("a file can be written");
        }
        fs::write(&path, text).expect("a file can be written");
        let complaints = complaints(root.path());
        assert!(
            complaints.iter().any(|it| it.contains(expected)),
            "{file}: \"{expected}\" is not in {complaints:#?}"
        );
    }
}

#[test]
fn what_only_looks_like_a_broken_rule_is_none() {
    let innocent = [
        "//! sled's page cache, in MiB: crate::hub",
        "let text = \"crate::hub and sled:: and vision::\";",
        "let told = \"a long text \\\n    crate::hub that goes on\";",
        "use crate::domain::{id::RoomId, time::Timestamp};",
        "let revision = config.vision.enter;",
        "mod tests {\n    use super::*;\n}",
        "macro_rules! m { () => { $crate::hub } }",
        "let quote = '\"'; // crate::hub",
    ];
    for text in innocent {
        let root = tempfile::tempdir().expect("a temporary folder can be made");
        let folder = root.path().join("gateway/src/api");
        fs::create_dir_all(&folder).expect("a folder can be made");
        fs::write(folder.join("mod.rs"), text).expect("a file can be written");
        assert_eq!(complaints(root.path()), Vec::<String>::new(), "{text}");
    }
}
