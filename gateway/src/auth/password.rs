//! Passwords: Argon2id, off the runtime, so many at a time.

use std::sync::{Arc, LazyLock};

use argon2::password_hash::phc::PasswordHash as Parsed;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use tokio::sync::Semaphore;

use super::Secret;
use crate::domain::access::PasswordHash;

/// The shortest password, in letters (NIST SP 800-63B-4 asks for 15 where it is the only proof, 8 at least; a
/// shared clinic tablet makes long ones be written down).
pub const PASSWORD_CHARS_MIN: usize = 10;
/// The longest password, in bytes.
pub const PASSWORD_BYTES_MAX: usize = 256;
/// Passwords that are checked at a time: each takes 19 MiB and one core.
const AT_ONCE: usize = 2;

static PLACES: Semaphore = Semaphore::const_new(AT_ONCE);

/// A hash that no password has, so that an unknown name takes as long as a known one.
static NOBODY: LazyLock<PasswordHash> = LazyLock::new(|| hash_now(&Secret::random("")));

/// A password that cannot be taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a password has {PASSWORD_CHARS_MIN} letters at least, and {PASSWORD_BYTES_MAX} bytes at most")]
pub struct WeakPassword;

/// Hashes a new password.
///
/// Cancel safe.
///
/// # Errors
///
/// [`WeakPassword`] when it is too short or too long.
pub async fn hash(password: Secret) -> Result<PasswordHash, WeakPassword> {
    let text = password.expose();
    if text.chars().count() < PASSWORD_CHARS_MIN || text.len() > PASSWORD_BYTES_MAX {
        return Err(WeakPassword);
    }
    let _place = PLACES.acquire().await.expect("nobody closes it");
    let hashed = tokio::task::spawn_blocking(move || hash_now(&password)).await;
    Ok(hashed.expect("hashing does not panic"))
}

/// True when `password` is that of `hash`. Takes as long for nobody's (`None`).
///
/// Cancel safe.
pub async fn is_right(password: Secret, hash: Option<PasswordHash>) -> bool {
    if password.expose().len() > PASSWORD_BYTES_MAX {
        return false;
    }
    let _place = PLACES.acquire().await.expect("nobody closes it");
    let checked = tokio::task::spawn_blocking(move || match hash {
        Some(hash) => verify_now(&password, &hash),
        None => {
            std::hint::black_box(verify_now(&password, &NOBODY));
            false
        }
    });
    checked.await.unwrap_or(false)
}

/// OWASP's second choice of parameters for Argon2id (19 MiB, 2 passes, 1 lane), the crate's default too.
fn argon2() -> Argon2<'static> {
    let params = Params::new(19 * 1024, 2, 1, None).expect("the numbers are in range");
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

fn hash_now(password: &Secret) -> PasswordHash {
    let salt: [u8; 16] = rand::random();
    let hash: Parsed = argon2()
        .hash_password_with_salt(password.expose().as_bytes(), &salt)
        .expect("the salt and the parameters are in range");
    PasswordHash(Arc::from(hash.to_string()))
}

fn verify_now(password: &Secret, hash: &PasswordHash) -> bool {
    Parsed::new(&hash.0)
        .is_ok_and(|hash| argon2().verify_password(password.expose().as_bytes(), &hash).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secret(text: &str) -> Secret {
        Secret::new(text.into())
    }

    #[tokio::test]
    async fn only_the_right_password_is_right() {
        let hashed = hash(secret("demo-caresync")).await.unwrap();
        assert!(hashed.0.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
        assert!(is_right(secret("demo-caresync"), Some(hashed.clone())).await);
        assert!(!is_right(secret("demo-caresynC"), Some(hashed)).await);
        assert!(!is_right(secret("demo-caresync"), None).await);
    }

    #[tokio::test]
    async fn what_is_too_short_or_too_long_is_refused() {
        assert_eq!(hash(secret("123456789")).await, Err(WeakPassword));
        assert_eq!(hash(secret(&"x".repeat(257))).await, Err(WeakPassword));
        assert!(hash(secret("ååååååååååå")).await.is_ok());
    }
}
