//! Accounts: what was proved of a password holds only while it is the account's.

use super::*;
use crate::domain::access::{AccessAsk, Holder, NewUser, Token};

fn hash(text: &str) -> PasswordHash {
    PasswordHash(text.into())
}

/// A clinic where `ada`, who is no admin, has the password "first".
fn clinic() -> (Clinic, Actor) {
    let mut clinic = Clinic::new().open();
    let new = NewUser {
        id: Some("ada".parse().unwrap()),
        email: "ada@clinic.lan".parse().unwrap(),
        name: "Ada".into(),
        role: Role::Nurse,
        doctor_id: None,
        manages: Vec::new(),
        password: hash("first"),
    };
    clinic.ask(Ask::Access(AccessAsk::CreateUser(new))).unwrap();
    (clinic, Actor::User("ada".parse().unwrap()))
}

fn set(password: &str, proved: Option<&str>) -> Ask {
    let (password, proved) = (hash(password), proved.map(hash));
    Ask::Access(AccessAsk::SetPassword { user_id: "ada".parse().unwrap(), password, proved, keep: None })
}

fn password(clinic: &Clinic) -> &str {
    let ada: crate::domain::id::UserId = "ada".parse().unwrap();
    &clinic.state.access.users[&ada].password.0
}

#[test]
fn a_password_proved_before_an_admins_reset_changes_nothing_after_it() {
    let (mut clinic, ada) = clinic();
    clinic.ask(set("reset", None)).unwrap();
    let late = clinic.ask_as(ada.clone(), set("hers", Some("first"))).unwrap_err();
    assert!(matches!(&late, Rejection::Conflict(why) if why.contains("changed meanwhile")), "{late}");
    let token = Token {
        id: "token".parse().unwrap(),
        holder: Holder::User("ada".parse().unwrap()),
        digest: crate::domain::access::Digest([0; 32]),
        label: None,
        created_at: clinic.now,
        expires_at: None,
    };
    let login = Ask::Access(AccessAsk::OpenToken { token, proved: Some(hash("first")) });
    assert!(matches!(clinic.ask_as(ada.clone(), login), Err(Rejection::Conflict(_))));
    assert_eq!(password(&clinic), "reset");
    clinic.ask_as(ada, set("hers", Some("reset"))).unwrap();
    assert_eq!(password(&clinic), "hers");
}

#[test]
fn who_is_no_admin_proves_the_password_of_before() {
    let (mut clinic, ada) = clinic();
    let refused = clinic.ask_as(ada, set("hers", None)).unwrap_err();
    assert!(matches!(refused, Rejection::Forbidden { .. }), "{refused}");
    assert_eq!(password(&clinic), "first");
}
