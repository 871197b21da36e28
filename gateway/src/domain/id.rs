//! Typed ids. A configured id (`room-1`) is the clinic's own word; a new one is a UUIDv7.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The longest id, in bytes. Ids become store keys, topics and URL segments: short and plain.
pub const ID_BYTES_MAX: usize = 96;

/// Why a text is not an id.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an id is 1 to {ID_BYTES_MAX} letters, digits, `.`, `_`, `:` or `-`")]
pub struct IdError;

fn is_id(text: &str) -> bool {
    (1..=ID_BYTES_MAX).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b':' | b'-'))
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(Arc<str>);

        impl $name {
            /// The id as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = IdError;

            fn from_str(text: &str) -> Result<Self, IdError> {
                if is_id(text) { Ok(Self(text.into())) } else { Err(IdError) }
            }
        }

        impl TryFrom<String> for $name {
            type Error = IdError;

            fn try_from(text: String) -> Result<Self, IdError> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> String {
                id.0.as_ref().into()
            }
        }

        impl From<Uuid> for $name {
            fn from(id: Uuid) -> Self {
                Self(id.to_string().into())
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    )*};
}

ids! {
    /// Names a room.
    RoomId;
    /// Names a piece of equipment.
    EquipmentId;
    /// Names a doctor.
    DoctorId;
    /// Names a patient; never the patient's name.
    PatientId;
    /// Names an action item.
    ActionId;
    /// Names a task.
    TaskId;
    /// Names an alarm: its cause and subject, so that one cause has one voice.
    AlarmId;
    /// Names a camera.
    CameraId;
    /// Names a user.
    UserId;
    /// Names a bearer token; never the secret itself.
    TokenId;
    /// Names a device or agent by the key it proved itself with.
    KeyId;
    /// Names where evidence comes from: `camera:cam-1`, `webhook:opencv:cam-1`.
    SourceId;
    /// Names a hospital that several clinics belong to.
    HospitalId;
    /// Names a device by the binding that is configured for it.
    DeviceId;
    /// Names a fridge, a freezer, the air of a store room.
    EnvironmentId;
    /// Names one setting of automation: its revision, so that ids sort by age.
    AutomationId;
    /// Names a webhook endpoint.
    EndpointId;
    /// Names one opinion of staff on the agent's work.
    FeedbackId;
}

impl SourceId {
    /// The source that one of the gateway's own cameras is.
    pub fn of_camera(camera: &CameraId) -> Self {
        Self(format!("camera:{camera}").into())
    }
}

impl SourceId {
    /// The source that a bound device is.
    pub fn of_device(device: &DeviceId) -> Self {
        Self(format!("device:{device}").into())
    }

    /// The bound device that this source is, if it is one.
    pub fn device(&self) -> Option<DeviceId> {
        self.0.strip_prefix("device:").and_then(|id| id.parse().ok())
    }
}

impl AutomationId {
    /// The id of the setting with this revision.
    pub fn of_revision(revision: u64) -> Self {
        Self(format!("{revision:020}").into())
    }
}

/// Names one command. A UUIDv7, minted where the command enters; a repeat is a new command.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct CommandId(pub Uuid);

impl CommandId {
    /// Returns the id of the `n`-th thing that this command creates.
    ///
    /// Same command, same `n`: same id, so that deciding needs no randomness. The version, variant and time
    /// bits of the UUIDv7 stay; only its low random bits move.
    pub fn derive(self, n: u32) -> Uuid {
        const LOW_BITS: u128 = (1 << 62) - 1;
        let value = self.0.as_u128();
        let low = (value & LOW_BITS).wrapping_add(u128::from(n) + 1) & LOW_BITS;
        Uuid::from_u128((value & !LOW_BITS) | low)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_plain_and_short() {
        assert!("room-1".parse::<RoomId>().is_ok());
        for bad in ["", "a/b", "a b", "å", "a\0", &"x".repeat(ID_BYTES_MAX + 1)] {
            assert_eq!(bad.parse::<RoomId>(), Err(IdError), "{bad:?}");
        }
    }

    #[test]
    fn derived_ids_differ_and_remain_uuid_v7() {
        let command = CommandId(Uuid::from_u128(0x0190_0000_0000_7abc_bfff_ffff_ffff_ffff));
        let ids: std::collections::BTreeSet<_> = (0..100).map(|n| command.derive(n)).collect();
        assert_eq!(ids.len(), 100);
        assert!(ids.iter().all(|id| id.get_version_num() == 7 && *id != command.0));
    }
}
