//! `user`, `token` and `key`: who may come in, from the machine's own console.

use std::process::ExitCode;

use clap::{Args, Subcommand};
use serde_json::{Map, Value, json};

use super::console::{self, ConsoleArgs, Failure};
use super::password::PasswordArgs;
use super::table::table;
use super::{EXIT_SOFTWARE, complain, say};
use crate::domain::access::Scope;
use crate::domain::role::Role;

#[derive(Args)]
pub(super) struct UserArgs {
    #[command(flatten)]
    console: ConsoleArgs,
    #[command(subcommand)]
    verb: UserVerb,
}

#[derive(Subcommand)]
enum UserVerb {
    /// Make an account.
    Add {
        /// How the person logs in.
        #[arg(long)]
        email: String,
        /// The name that colleagues use.
        #[arg(long)]
        name: String,
        /// admin, head_doctor, doctor, nurse, medical_assistant, operator or viewer.
        #[arg(long)]
        role: Role,
        /// The doctor that the account is.
        #[arg(long, value_name = "ID")]
        doctor: Option<String>,
        /// A doctor that the account works for; can be given again.
        #[arg(long, value_name = "ID")]
        manages: Vec<String>,
        #[command(flatten)]
        password: PasswordArgs,
    },
    /// List the accounts.
    List,
    /// Change an account.
    Edit {
        /// The account's address or id.
        user: String,
        /// Another address.
        #[arg(long)]
        email: Option<String>,
        /// Another name.
        #[arg(long)]
        name: Option<String>,
        /// Another role; live connections obey it at once.
        #[arg(long)]
        role: Option<Role>,
        /// Another doctor; an empty one for none.
        #[arg(long, value_name = "ID")]
        doctor: Option<String>,
        /// A doctor that the account works for, instead of those so far; an empty one for none.
        #[arg(long, value_name = "ID")]
        manages: Option<Vec<String>>,
    },
    /// Close an account, for somebody who leaves: tokens and live connections end at once.
    Disable {
        /// The account's address or id.
        user: String,
    },
    /// Open a closed account again.
    Enable {
        /// The account's address or id.
        user: String,
    },
    /// Give an account another password; its tokens end.
    Passwd {
        /// The account's address or id.
        user: String,
        #[command(flatten)]
        password: PasswordArgs,
    },
}

#[derive(Args)]
pub(super) struct TokenArgs {
    #[command(flatten)]
    console: ConsoleArgs,
    #[command(subcommand)]
    verb: TokenVerb,
}

#[derive(Subcommand)]
enum TokenVerb {
    /// List the live tokens.
    List {
        /// Only those of this account: its address or id.
        #[arg(long)]
        user: Option<String>,
    },
    /// Make a token for a wall screen, and print it once. It does not expire.
    AddKiosk {
        /// What it is for, such as where the screen hangs.
        #[arg(long)]
        label: String,
    },
    /// End a token; its live connections end at once.
    Revoke {
        /// The token's id, as `token list` shows it.
        id: String,
    },
}

#[derive(Args)]
pub(super) struct KeyArgs {
    #[command(flatten)]
    console: ConsoleArgs,
    #[command(subcommand)]
    verb: KeyVerb,
}

#[derive(Subcommand)]
enum KeyVerb {
    /// Make a machine's key, and print it once.
    Add {
        /// The machine's name, as it will appear in the journal and in logs.
        id: String,
        /// device, agent or peer.
        #[arg(long)]
        role: Role,
        /// observe, work, read or metrics; can be given again. Without it what is usual for the role.
        #[arg(long, value_parser = scope)]
        scope: Vec<Scope>,
    },
    /// List the keys, those of the configuration too.
    List,
    /// Give a machine a new key, and print it once. The old one goes on for a while.
    Rotate {
        /// The machine's name.
        id: String,
        /// How long the old key goes on, 0 to 720.
        #[arg(long, default_value_t = 24)]
        overlap_hours: u32,
    },
    /// End a machine's key at once.
    Revoke {
        /// The machine's name.
        id: String,
    },
}

fn scope(text: &str) -> Result<Scope, String> {
    let found = Scope::EVERY.into_iter().find(|scope| scope.as_str() == text);
    found.ok_or_else(|| format!("the scopes are {}", Scope::EVERY.map(Scope::as_str).join(", ")))
}

/// What to ask, and what of the answer to print.
struct Errand {
    request: Value,
    print: Box<dyn FnOnce(&Value) -> String>,
}

impl Errand {
    fn new(ask: &str, with: Option<Value>, print: impl FnOnce(&Value) -> String + 'static) -> Self {
        let mut request = json!({ "ask": ask });
        if let Some(with) = with {
            request["with"] = with;
        }
        Self { request, print: Box::new(print) }
    }
}

pub(super) fn user(args: UserArgs) -> ExitCode {
    run(&args.console, user_errand(args.verb))
}

pub(super) fn token(args: TokenArgs) -> ExitCode {
    let errand = match args.verb {
        TokenVerb::List { user } => {
            Errand::new("list_tokens", Some(json!({ "user": user })), |answer| tokens(&answer["tokens"]))
        }
        TokenVerb::AddKiosk { label } => {
            Errand::new("open_kiosk", Some(json!({ "label": label })), |answer| {
                told_once(&answer["secret"], "token", &text(&answer["token"]["id"]))
            })
        }
        TokenVerb::Revoke { id } => {
            let said = format!("token {id} has ended");
            Errand::new("revoke_token", Some(json!({ "token_id": id })), |_| said)
        }
    };
    run(&args.console, Ok(errand))
}

pub(super) fn key(args: KeyArgs) -> ExitCode {
    let errand = match args.verb {
        KeyVerb::Add { id, role, scope } => {
            let with = json!({ "id": id, "role": role, "scopes": scope });
            Errand::new("create_key", Some(with), move |answer| told_once(&answer["secret"], "key", &id))
        }
        KeyVerb::List => Errand::new("list_keys", None, |answer| keys(&answer["keys"])),
        KeyVerb::Rotate { id, overlap_hours } => {
            let with = json!({ "key_id": id, "overlap_s": u64::from(overlap_hours) * 3_600 });
            Errand::new("rotate_key", Some(with), move |answer| {
                let ends = text(&answer["key"]["old_secrets_end_at"]);
                let old =
                    if ends.is_empty() { String::new() } else { format!("\nthe old key ends at {ends}") };
                told_once(&answer["secret"], "key", &id) + &old
            })
        }
        KeyVerb::Revoke { id } => {
            let said = format!("key {id} has ended");
            Errand::new("revoke_key", Some(json!({ "key_id": id })), |_| said)
        }
    };
    run(&args.console, Ok(errand))
}

fn user_errand(verb: UserVerb) -> Result<Errand, Failure> {
    Ok(match verb {
        UserVerb::Add { email, name, role, doctor, manages, password } => {
            let chosen = password.choose()?;
            let with = json!({
                "email": email, "name": name, "role": role, "doctor_id": doctor, "manages": manages,
                "password": chosen.password.expose(),
            });
            Errand::new("create_user", Some(with), move |answer| {
                let made = format!(
                    "account {} ({}) is made",
                    text(&answer["user"]["id"]),
                    text(&answer["user"]["email"])
                );
                if !chosen.is_generated {
                    return made;
                }
                format!("{made}\npassword: {}", chosen.password.expose())
            })
        }
        UserVerb::List => Errand::new("list_users", None, |answer| users(&answer["users"])),
        UserVerb::Edit { user, email, name, role, doctor, manages } => {
            let mut edit = Map::new();
            let mut set = |key: &str, value: Option<Value>| {
                value.map(|value| edit.insert(key.into(), value));
            };
            set("email", email.map(Value::from));
            set("name", name.map(Value::from));
            set("role", role.map(|role| role.as_str().into()));
            set("doctor_id", doctor.map(|id| if id.is_empty() { Value::Null } else { id.into() }));
            let named = |ids: Vec<String>| ids.into_iter().filter(|id| !id.is_empty()).collect::<Vec<_>>();
            set("manages", manages.map(|ids| named(ids).into()));
            edited(user, edit.into(), "changed")
        }
        UserVerb::Disable { user } => Errand::new("disable_user", Some(json!({ "user": user })), |answer| {
            format!("account {} is closed", text(&answer["user"]["id"]))
        }),
        UserVerb::Enable { user } => edited(user, json!({ "disabled": false }), "open"),
        UserVerb::Passwd { user, password } => {
            let chosen = password.choose()?;
            let with = json!({ "user": user, "password": chosen.password.expose() });
            Errand::new("set_password", Some(with), move |_| {
                let changed = "the password is changed; its tokens have ended";
                if chosen.is_generated {
                    format!("{changed}\npassword: {}", chosen.password.expose())
                } else {
                    changed.into()
                }
            })
        }
    })
}

fn edited(user: String, edit: Value, is: &'static str) -> Errand {
    Errand::new("edit_user", Some(json!({ "user": user, "edit": edit })), move |answer| {
        format!("account {} is {is}", text(&answer["user"]["id"]))
    })
}

fn run(console: &ConsoleArgs, errand: Result<Errand, Failure>) -> ExitCode {
    let done = errand.and_then(|errand| {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
        let runtime = runtime.map_err(|error| Failure::new(EXIT_SOFTWARE, error.to_string()))?;
        let answer = runtime.block_on(console::ask(console, &errand.request))?;
        Ok((errand.print)(&answer))
    });
    match done {
        Ok(text) => {
            say(&text);
            ExitCode::SUCCESS
        }
        Err(Failure { code, text }) => {
            complain(&text);
            ExitCode::from(code)
        }
    }
}

fn told_once(secret: &Value, what: &str, id: &str) -> String {
    format!("{what} {id} is made; this is shown only now:\n{}", text(secret))
}

fn users(users: &Value) -> String {
    let row = |user: &Value| {
        let is = if user["disabled_at"].is_null() { "open" } else { "closed" };
        let cells = ["id", "email", "name", "role", "doctor_id", "manages"].map(|key| text(&user[key]));
        let [id, email, name, role, doctor, manages] = cells;
        [id, email, name, role, doctor, manages, is.into()]
    };
    table(["id", "email", "name", "role", "doctor", "manages", "account"], list(users).iter().map(row))
}

fn tokens(tokens: &Value) -> String {
    let row = |token: &Value| {
        ["id", "kind", "user_id", "label", "created_at", "expires_at"].map(|key| text(&token[key]))
    };
    table(["id", "kind", "user", "label", "created_at", "expires_at"], list(tokens).iter().map(row))
}

fn keys(keys: &Value) -> String {
    let row = |key: &Value| {
        ["id", "role", "scopes", "kept_in", "created_at", "old_secrets_end_at"].map(|name| text(&key[name]))
    };
    table(["id", "role", "scopes", "kept_in", "created_at", "old_keys_end_at"], list(keys).iter().map(row))
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

/// A value as a cell: lists with commas, nothing for null.
fn text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(values) => values.iter().map(text).collect::<Vec<_>>().join(","),
        other => other.to_string(),
    }
}
