//! Everything the fake Discord knows: messages, interactions, commands, and what was asked of it.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use serde_json::{Value, json};
use tokio::time::Instant;

use super::gateway::GatewayWorld;
use super::http::{Bucket, Limit, Scripted};
use super::{APPLICATION, GUILD};

/// Milliseconds between 1970 and the first second of 2015, where Discord's ids begin.
const DISCORD_EPOCH_MS: u64 = 1_420_070_400_000;

/// The flag of a message that only one user sees.
pub(crate) const EPHEMERAL: u64 = 64;

/// The state of the fake Discord.
#[derive(Default)]
pub(crate) struct World {
    pub(crate) requests: Vec<Recorded>,
    pub(crate) messages: BTreeMap<u64, Message>,
    pub(crate) interactions: BTreeMap<u64, Interaction>,
    /// The application's commands as last written, with ids.
    pub(crate) commands: Vec<Value>,
    /// How often they were written.
    pub(crate) command_writes: usize,
    pub(crate) threads: BTreeMap<u64, Value>,
    pub(crate) violations: Vec<String>,
    pub(crate) allowed_pings: BTreeSet<u64>,
    pub(crate) faults: Vec<Scripted>,
    pub(crate) limits: Vec<Limit>,
    pub(crate) buckets: BTreeMap<String, Bucket>,
    pub(crate) gateway: GatewayWorld,
    /// Names by user id, where a test gave one.
    pub(crate) names: BTreeMap<u64, String>,
    counter: u64,
}

/// A request as it came in and how it was answered.
#[derive(Debug, Clone)]
pub(crate) struct Recorded {
    pub(crate) method: String,
    /// Without `/api/v10/` and without the query.
    pub(crate) path: String,
    pub(crate) query: String,
    /// The JSON body, or the `payload_json` of a form.
    pub(crate) body: Value,
    pub(crate) files: Vec<String>,
    /// 0 when the connection was dropped instead of an answer.
    pub(crate) status: u16,
    pub(crate) at: Instant,
}

/// A message as it stands.
#[derive(Debug, Clone)]
pub(crate) struct Message {
    pub(crate) id: u64,
    pub(crate) channel: u64,
    /// `content`, `components`, `flags`, `embeds`, `attachments`, `allowed_mentions` as last set.
    pub(crate) body: Value,
    pub(crate) nonce: Option<Value>,
    pub(crate) edits: usize,
    pub(crate) edited_at: Vec<Instant>,
    pub(crate) deleted: bool,
    /// The one user who sees it, if it is ephemeral.
    pub(crate) only_for: Option<u64>,
    /// Deferred and not yet written.
    pub(crate) loading: bool,
    /// The files uploaded with it, by name.
    pub(crate) files: BTreeMap<String, Vec<u8>>,
}

/// An interaction and what became of it.
#[derive(Debug, Clone)]
pub(crate) struct Interaction {
    pub(crate) id: u64,
    pub(crate) token: String,
    /// For people: `/combat start`, `button v1|…`.
    pub(crate) what: String,
    pub(crate) user: u64,
    pub(crate) channel: u64,
    /// The message whose component was used.
    pub(crate) source: Option<u64>,
    /// When it went over the gateway.
    pub(crate) dispatched: Option<Instant>,
    pub(crate) acks: Vec<Ack>,
    /// The message that `@original` names.
    pub(crate) original: Option<u64>,
    pub(crate) follow_ups: Vec<u64>,
    /// The token is no longer accepted.
    pub(crate) expired: bool,
    /// A test knows that this one is not answered once, and why.
    pub(crate) forgiven: bool,
    /// Edits of `@original` after the first answer.
    pub(crate) edits: usize,
}

/// A first answer (or a forbidden second one).
#[derive(Debug, Clone)]
pub(crate) struct Ack {
    pub(crate) at: Instant,
    /// Discord's number of the kind of answer.
    pub(crate) kind: u64,
    pub(crate) body: Value,
}

impl Interaction {
    /// From the gateway to the first answer.
    pub(crate) fn latency(&self) -> Option<Duration> {
        Some(self.acks.first()?.at.duration_since(self.dispatched?))
    }
}

impl World {
    /// A fresh id that, like Discord's, carries the time.
    pub(crate) fn fresh_id(&mut self) -> u64 {
        self.counter += 1;
        let since = skirmish::clock::now().0.saturating_sub(DISCORD_EPOCH_MS);
        (since << 22) | (self.counter & 0x3F_FFFF)
    }

    pub(crate) fn violate(&mut self, what: impl Into<String>) {
        self.violations.push(what.into());
    }

    /// The interaction with this token.
    pub(crate) fn by_token(&self, token: &str) -> Option<&Interaction> {
        self.interactions.values().find(|one| one.token == token)
    }

    /// The message as the API shows it.
    pub(crate) fn message_json(&self, id: u64) -> Value {
        let message = &self.messages[&id];
        let mut shown = json!({
            "id": id.to_string(),
            "channel_id": message.channel.to_string(),
            "author": bot_json(),
            "application_id": APPLICATION.to_string(),
            "content": "",
            "timestamp": "2026-07-18T12:00:00.000000+00:00",
            "edited_timestamp": null,
            "tts": false,
            "mention_everyone": false,
            "mentions": [],
            "mention_roles": [],
            "attachments": [],
            "embeds": [],
            "components": [],
            "pinned": false,
            "type": 0,
            "flags": 0,
        });
        if message.edits > 0 {
            shown["edited_timestamp"] = json!("2026-07-18T12:01:00.000000+00:00");
        }
        for name in ["content", "components", "flags", "embeds", "attachments"] {
            if let Some(value) = message.body.get(name).filter(|value| !value.is_null()) {
                shown[name] = value.clone();
            }
        }
        if let Some(nonce) = &message.nonce {
            shown["nonce"] = nonce.clone();
        }
        if message.loading {
            shown["flags"] = json!(shown["flags"].as_u64().unwrap_or(0) | 128);
        }
        shown
    }

    /// A user as the API shows it.
    pub(crate) fn user_json(&self, id: u64) -> Value {
        let name = self.names.get(&id).cloned().unwrap_or_else(|| format!("player{id}"));
        json!({
            "id": id.to_string(), "username": format!("player{id}"), "global_name": name,
            "discriminator": "0", "avatar": null, "bot": false, "public_flags": 0,
        })
    }

    /// What happened, for the message of a failed test.
    pub(crate) fn report(&self) -> String {
        use std::fmt::Write as _;
        let mut text = format!("gateway: {}\nlast requests:\n", self.gateway.summary());
        for one in self.requests.iter().rev().take(15).rev() {
            let body: String = one.body.to_string().chars().take(300).collect();
            writeln!(text, "  {} {} -> {} {body}", one.method, one.path, one.status).unwrap();
        }
        for one in self.interactions.values().rev().take(5) {
            writeln!(text, "  interaction {} {}: {} answers", one.id, one.what, one.acks.len())
                .unwrap();
        }
        for wrong in &self.violations {
            writeln!(text, "  violation: {wrong}").unwrap();
        }
        text
    }
}

/// The bot's own user.
pub(crate) fn bot_json() -> Value {
    json!({
        "id": APPLICATION.to_string(), "username": "skirmish", "global_name": null,
        "discriminator": "0001", "avatar": null, "bot": true, "public_flags": 0,
        "mfa_enabled": true, "verified": true, "flags": 0,
    })
}

/// A channel or thread of the guild.
pub(crate) fn channel_json(id: u64) -> Value {
    json!({
        "id": id.to_string(), "type": 0, "guild_id": GUILD.to_string(),
        "name": format!("channel-{id}"), "position": 0, "permission_overwrites": [],
    })
}
