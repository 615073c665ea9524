//! Tells Discord which commands there are, but only when they have changed.
//!
//! What Discord says and what was written last both have to agree before nothing is written.

use bytes::Bytes;
use serde_json::Value;

use super::{registration, table};
use crate::discord::api::Api;
use crate::discord::transport::TransportError;
use crate::hub::{Hub, Notes};

/// Under which name the digest of what was written last is remembered.
const KEY: &[u8] = b"commands";

/// Writes the commands if Discord does not have them as they are now.
///
/// # Errors
/// What Discord says.
pub async fn register(hub: &Hub, api: &Api) -> Result<(), TransportError> {
    let wanted = registration(&table());
    let digest = blake3::hash(wanted.to_string().as_bytes()).to_hex().to_string();
    let application = api.application().await?;
    let key = [KEY, b":", application.to_string().as_bytes()].concat();
    let known = hub.recall(Notes::Settings, &key).ok().flatten();
    if known.as_deref() == Some(digest.as_bytes()) {
        let there = api.commands(application).await?;
        if covers(&there, &wanted) {
            tracing::info!("the commands are registered as they are");
            return Ok(());
        }
    }
    api.set_commands(application, &wanted).await?;
    tracing::info!("the commands were registered");
    if let Err(error) = hub.remember(Notes::Settings, &key, Some(Bytes::from(digest))).await {
        tracing::warn!(%error, "that the commands are registered was not remembered");
    }
    Ok(())
}

/// Whether `there` says everything that `wanted` says, and lists are as long.
fn covers(there: &Value, wanted: &Value) -> bool {
    match (there, wanted) {
        (Value::Array(there), Value::Array(wanted)) => {
            there.len() == wanted.len()
                && wanted.iter().all(|one| there.iter().any(|other| covers(other, one)))
        }
        (Value::Object(there), Value::Object(wanted)) => wanted.iter().all(|(name, value)| {
            there.get(name).map_or_else(|| is_nothing(value), |held| covers(held, value))
        }),
        (there, wanted) => there == wanted,
    }
}

/// Discord leaves out what is empty.
fn is_nothing(value: &Value) -> bool {
    value.is_null() || value == &Value::Bool(false) || value.as_array().is_some_and(Vec::is_empty)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_discord_adds_or_leaves_out_is_no_change() {
        let wanted = json!([{ "name": "roll", "options": [], "contexts": [0] }]);
        let there = json!([{ "name": "roll", "id": "1", "version": "2", "contexts": [0] }]);
        assert!(covers(&there, &wanted));
        assert!(!covers(&json!([]), &wanted));
        assert!(!covers(&json!([{ "name": "rolls", "contexts": [0] }]), &wanted));
        assert!(!covers(&json!([there[0], there[0]]), &wanted));
    }
}
