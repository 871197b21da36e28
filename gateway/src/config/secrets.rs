//! Secrets: from files, systemd credentials first. Never printed.

use std::path::{Path, PathBuf};

use crate::auth::{KEY_BYTES_MIN, KeyConfig, Secret};

/// The secret of `key`, or the field that is wrong and the remedy.
pub(super) fn read(key: &KeyConfig, is_loopback: bool) -> Result<Secret, (&'static str, String)> {
    match (&key.key_file, &key.demo_key) {
        (Some(file), None) => read_file(file),
        (None, Some(secret)) if is_loopback => Ok(secret.clone()),
        (None, Some(_)) => Err((
            "demo_key",
            "is for a listener on loopback only; put the key into a file and name it as key_file".into(),
        )),
        (Some(_), Some(_)) => Err(("demo_key", "stands beside key_file; use one of them".into())),
        (None, None) => Err(("key_file", "is missing; name the file that holds the key".into())),
    }
}

fn read_file(file: &Path) -> Result<Secret, (&'static str, String)> {
    let path = found(file);
    let problem = |what: String| ("key_file", format!("{} {what}", path.display()));
    let text = std::fs::read_to_string(&path).map_err(|error| problem(format!("cannot be read: {error}")))?;
    let key = text.trim();
    if key.len() < KEY_BYTES_MIN {
        return Err(problem(format!(
            "holds a key of less than {KEY_BYTES_MIN} letters; make one with: openssl rand -hex 32"
        )));
    }
    Ok(Secret::new(key.to_owned()))
}

/// The password in `file`, without the line's end.
pub(super) fn read_text(file: &Path) -> Result<Secret, String> {
    let path = found(file);
    let text = std::fs::read_to_string(&path)
        .map_err(|error| format!("{} cannot be read: {error}", path.display()))?;
    Ok(Secret::new(text.trim_end_matches(['\n', '\r']).to_owned()))
}

/// Where `file` is: a plain file name is looked for among the systemd credentials first.
pub(super) fn found(file: &Path) -> PathBuf {
    credential(file).unwrap_or_else(|| file.to_owned())
}

/// A plain file name among the credentials that systemd gave this service.
fn credential(file: &Path) -> Option<PathBuf> {
    let folder = std::env::var_os("CREDENTIALS_DIRECTORY")?;
    let path = Path::new(&folder).join(file);
    (file.components().count() == 1 && path.is_file()).then_some(path)
}
