//! Standard Webhooks signatures: HMAC-SHA256 over `id.timestamp.body`, for senders who do not send their key.

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::domain::time::Timestamp;

/// How far a signature's time may be from ours (Standard Webhooks 1.0.0, "tolerance").
pub const SIGNATURE_AGE_MAX: Duration = Duration::from_secs(5 * 60);
/// Signatures that one header may carry: a sender that rotates its secret sends two.
const SIGNATURES_MAX: usize = 8;

/// A body with its signature's headers.
#[derive(Clone, Copy, Debug)]
pub struct SignedBody<'a> {
    /// `webhook-id`.
    pub id: &'a str,
    /// `webhook-timestamp`: seconds since 1970.
    pub timestamp: &'a str,
    /// `webhook-signature`: `v1,<base64>`, several with spaces between.
    pub signatures: &'a str,
    /// The body as it came.
    pub body: &'a [u8],
}

/// Why a signature proves nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unsigned {
    /// The header is not one.
    #[error("webhook-timestamp is a number of seconds, webhook-signature is written v1,<base64>")]
    Malformed,
    /// The time is too far from ours.
    #[error("webhook-timestamp is more than 5 minutes from the gateway's clock")]
    Untimely,
    /// No secret made it.
    #[error("webhook-signature does not fit the body and the secret")]
    Wrong,
}

impl SignedBody<'_> {
    /// Checks the time against `now`, then every signature against `secret`: raw bytes, or `whsec_` and base64.
    ///
    /// # Errors
    ///
    /// [`Unsigned`].
    pub fn check(&self, secret: &str, now: Timestamp) -> Result<(), Unsigned> {
        let seconds: i64 = self.timestamp.parse().map_err(|_| Unsigned::Malformed)?;
        let at = Timestamp::from_unix_ms(seconds.saturating_mul(1_000));
        if now.since(at).max(at.since(now)) > SIGNATURE_AGE_MAX {
            return Err(Unsigned::Untimely);
        }
        let mac = mac(secret, self.id, self.timestamp, self.body).ok_or(Unsigned::Wrong)?;
        let mut seen = false;
        for signature in self.signatures.split(' ').take(SIGNATURES_MAX) {
            let Some(encoded) = signature.strip_prefix("v1,") else { continue };
            let Ok(given) = STANDARD.decode(encoded) else { continue };
            seen = true;
            if mac.clone().verify_slice(&given).is_ok() {
                return Ok(());
            }
        }
        Err(if seen { Unsigned::Wrong } else { Unsigned::Malformed })
    }
}

/// The signature of `body`, `v1,<base64>`, as [`SignedBody::check`] takes it; `None` for a `whsec_` that is no base64.
pub fn sign(secret: &str, id: &str, timestamp: &str, body: &[u8]) -> Option<String> {
    let mac = mac(secret, id, timestamp, body)?;
    Some(format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes())))
}

/// True for a secret that is as long as Standard Webhooks 1.0.0 wants it: `whsec_` and the base64 of 24 to 64 bytes, or as
/// many plain letters.
pub fn is_signing_secret(secret: &str) -> bool {
    let bytes = match secret.strip_prefix("whsec_") {
        Some(encoded) => STANDARD.decode(encoded).map_or(0, |key| key.len()),
        None => secret.len(),
    };
    (24..=64).contains(&bytes)
}

fn mac(secret: &str, id: &str, timestamp: &str, body: &[u8]) -> Option<Hmac<Sha256>> {
    let key = match secret.strip_prefix("whsec_") {
        Some(encoded) => STANDARD.decode(encoded).ok()?,
        None => secret.as_bytes().to_vec(),
    };
    let mut mac = Hmac::<Sha256>::new_from_slice(&key).ok()?;
    for part in [id.as_bytes(), b".", timestamp.as_bytes(), b".", body] {
        mac.update(part);
    }
    Some(mac)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &str = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";

    fn check(signatures: &str, body: &[u8], off_s: i64) -> Result<(), Unsigned> {
        let signed =
            SignedBody { id: "msg_27UH4WbU6Z5A5EzD8u03UvzRbpk", timestamp: "1649367553", signatures, body };
        signed.check(SECRET, Timestamp::from_unix_ms((1_649_367_553 + off_s) * 1_000))
    }

    #[test]
    fn the_standards_own_vector_is_right_and_every_change_is_wrong() {
        let body = br#"{"email":"test@example.com","username":"test_user"}"#;
        let right = "v1,tZ1I4/hDygAJgO5TYxiSd6Sd0kDW6hPenDe+bTa3Kkw=";
        assert_eq!(check(right, body, 0), Ok(()));
        let signed = sign(SECRET, "msg_27UH4WbU6Z5A5EzD8u03UvzRbpk", "1649367553", body);
        assert_eq!(signed.as_deref(), Some(right));
        assert_eq!(sign("whsec_*", "id", "0", body), None);
        assert_eq!(check(&format!("v1a,xx v1,AAAA {right}"), body, 299), Ok(()));
        assert_eq!(check(right, b"{}", 0), Err(Unsigned::Wrong));
        assert_eq!(check(right, body, 301), Err(Unsigned::Untimely));
        assert_eq!(check(right, body, -301), Err(Unsigned::Untimely));
        assert_eq!(check("v1,AAAA", body, 0), Err(Unsigned::Wrong));
        assert_eq!(check("", body, 0), Err(Unsigned::Malformed));
        assert_eq!(check("tZ1I4", body, 0), Err(Unsigned::Malformed));
    }
}
