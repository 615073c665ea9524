//! What Discord does with each request, and what it answers.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::time::Duration;

use serde_json::{Value, json};
use skirmish::discord::lint::{IS_COMPONENTS_V2, Kind, lint_message_pinging};
use tokio::time::Instant;

use super::contract;
use super::world::{Ack, EPHEMERAL, Message, World, bot_json, channel_json};
use super::{APPLICATION, GUILD};

/// After this a first answer is refused.
const ANSWER_WITHIN: Duration = Duration::from_secs(3);

/// A request, taken apart.
#[derive(Debug)]
pub(super) struct Asked {
    pub(super) method: String,
    pub(super) path: String,
    pub(super) query: String,
    pub(super) body: Value,
    pub(super) files: BTreeMap<u64, (String, Vec<u8>)>,
    pub(super) at: Instant,
}

impl Asked {
    /// Whether the path holds a secret that stands for the authorization.
    pub(super) fn carries_its_own_token(&self) -> bool {
        self.path.starts_with("interactions/") || self.path.starts_with("webhooks/")
    }
}

type Answer = (u16, Value);

fn refuse(status: u16, code: u64, message: &str) -> Answer {
    (status, json!({ "code": code, "message": message }))
}

pub(super) fn answer(world: &mut World, gateway: SocketAddr, asked: &Asked) -> Answer {
    for complaint in contract::complaints(&asked.method, &asked.path, &asked.body) {
        world.violate(complaint.clone());
        if !complaint.starts_with("Discord has no") {
            return refuse(400, 50_035, &complaint);
        }
    }
    let parts: Vec<&str> = asked.path.split('/').collect();
    match (asked.method.as_str(), parts.as_slice()) {
        ("GET", ["gateway", "bot"]) => (200, world.gateway.bot_json(gateway)),
        ("GET", ["applications" | "oauth2", .., "@me"]) => (200, application_json()),
        ("GET", ["users", "@me"]) => (200, bot_json()),
        ("GET", ["channels", channel]) => (200, channel_json(number(channel))),
        ("GET", ["applications", _, .., "commands"]) => (200, json!(world.commands)),
        ("PUT", ["applications", _, .., "commands"]) => put_commands(world, &asked.body),
        ("POST", ["interactions", id, token, "callback"]) => {
            callback(world, asked, number(id), token)
        }
        ("POST", ["webhooks", _, token]) => follow_up(world, asked, token),
        (_, ["webhooks", _, token, "messages", which]) => {
            of_interaction(world, asked, token, which)
        }
        ("POST", ["channels", channel, "messages"]) => post(world, asked, number(channel), None)
            .map_or_else(|refused| refused, |id| shown(world, id)),
        ("GET", ["channels", channel, "messages"]) => {
            let channel = number(channel);
            let held = world
                .messages
                .values()
                .filter(|one| one.channel == channel && !one.deleted && one.only_for.is_none());
            let ids: Vec<u64> = held.map(|one| one.id).collect();
            (200, ids.into_iter().rev().take(50).map(|id| world.message_json(id)).collect())
        }
        (_, ["channels", channel, "messages", id]) => {
            of_channel(world, asked, number(channel), number(id))
        }
        ("POST", ["channels", channel, "messages", id, "threads"]) => {
            thread(world, asked, number(channel), number(id))
        }
        ("POST", ["channels", channel, "threads"]) => {
            let id = world.fresh_id();
            thread(world, asked, number(channel), id)
        }
        _ => {
            world.violate(format!("the fake has no {} {}", asked.method, asked.path));
            refuse(404, 0, "404: Not Found")
        }
    }
}

fn number(text: &str) -> u64 {
    text.parse().unwrap_or(0)
}

fn shown(world: &World, id: u64) -> Answer {
    (200, world.message_json(id))
}

fn application_json() -> Value {
    json!({
        "id": APPLICATION.to_string(), "name": "skirmish", "icon": null, "description": "",
        "bot_public": true, "bot_require_code_grant": false, "verify_key": "00", "flags": 0,
        "summary": "", "team": null, "bot": bot_json(), "hook": true, "redirect_uris": [],
    })
}

fn put_commands(world: &mut World, body: &Value) -> Answer {
    world.command_writes += 1;
    let mut written = Vec::new();
    for command in body.as_array().into_iter().flatten() {
        let mut command = command.clone();
        command["id"] = json!(world.fresh_id().to_string());
        command["application_id"] = json!(APPLICATION.to_string());
        command["version"] = json!(world.fresh_id().to_string());
        if command.get("default_member_permissions").is_none() {
            command["default_member_permissions"] = Value::Null;
        }
        written.push(command);
    }
    world.commands.clone_from(&written);
    (200, json!(written))
}

/// Checks a body that makes or changes a message.
fn examine(world: &mut World, asked: &Asked, body: &Value, kind: Kind) {
    let pings: Vec<u64> = world.allowed_pings.iter().copied().collect();
    for problem in lint_message_pinging(body, kind, &pings) {
        world.violate(format!("{} {}: {problem}", asked.method, asked.path));
    }
}

/// Every `attachment://name` must be uploaded now or held by the message already.
fn examine_pictures(world: &mut World, asked: &Asked, body: &Value, held: &Value) {
    let text = body["components"].to_string();
    for name in text.split("attachment://").skip(1) {
        let name: String = name.chars().take_while(|c| *c != '"').collect();
        let has = |list: &Value| {
            list.as_array().into_iter().flatten().any(|one| one["filename"] == json!(name))
        };
        if !has(&body["attachments"]) && !has(held) {
            world.violate(format!("{} {}: no attachment {name:?}", asked.method, asked.path));
        }
    }
}

/// Attachments as the API shows them: new ones by their number in the form, old ones by their id.
fn attachments(world: &mut World, asked: &Asked, body: &Value, held: &Value) -> Option<Value> {
    let listed = body.get("attachments").filter(|list| !list.is_null())?.as_array()?.clone();
    let mut result = Vec::new();
    for one in listed {
        let id = one["id"].as_u64().unwrap_or_else(|| number(one["id"].as_str().unwrap_or("")));
        if let Some((name, content)) = asked.files.get(&id) {
            let fresh = world.fresh_id().to_string();
            let url = format!("https://cdn.invalid/{fresh}/{name}");
            let mut shown = json!({
                "id": fresh, "filename": name, "size": content.len(),
                "url": url, "proxy_url": url, "content_type": "image/png",
            });
            if let Some(description) = one.get("description").filter(|text| !text.is_null()) {
                shown["description"] = description.clone();
            }
            result.push(shown);
        } else if let Some(old) =
            held.as_array().into_iter().flatten().find(|old| old["id"] == json!(id.to_string()))
        {
            result.push(old.clone());
        } else {
            world.violate(format!("{} {}: attachment {id} is not there", asked.method, asked.path));
        }
    }
    Some(json!(result))
}

/// Makes a message of the request's body. `only_for` makes it ephemeral.
fn post(
    world: &mut World,
    asked: &Asked,
    channel: u64,
    only_for: Option<u64>,
) -> Result<u64, Answer> {
    let body = asked.body.clone();
    examine(world, asked, &body, Kind::Create);
    let nonce = body.get("nonce").filter(|nonce| !nonce.is_null()).cloned();
    if body["enforce_nonce"] == json!(true) {
        let same = world.messages.values().find(|one| one.channel == channel && one.nonce == nonce);
        if let Some(same) = same {
            return Ok(same.id);
        }
    }
    let is_empty = |name: &str| match body.get(name) {
        None | Some(Value::Null) => true,
        Some(Value::String(text)) => text.is_empty(),
        Some(Value::Array(list)) => list.is_empty(),
        Some(_) => false,
    };
    if ["content", "components", "embeds"].into_iter().all(is_empty) && asked.files.is_empty() {
        return Err(refuse(400, 50_006, "Cannot send an empty message"));
    }
    Ok(write(world, asked, &body, channel, only_for, nonce))
}

fn write(
    world: &mut World,
    asked: &Asked,
    body: &Value,
    channel: u64,
    only_for: Option<u64>,
    nonce: Option<Value>,
) -> u64 {
    examine_pictures(world, asked, body, &Value::Null);
    let listed = attachments(world, asked, body, &Value::Null);
    let mut body = body.clone();
    body["attachments"] = listed.unwrap_or_else(|| json!([]));
    let id = world.fresh_id();
    let files = asked.files.values().cloned().collect();
    world.messages.insert(
        id,
        Message {
            id,
            channel,
            body,
            nonce,
            edits: 0,
            edited_at: Vec::new(),
            deleted: false,
            only_for,
            loading: false,
            files,
        },
    );
    id
}

/// Changes a message as an edit does: what is named is replaced, the rest stays.
fn edit(world: &mut World, asked: &Asked, body: &Value, id: u64) {
    let held = world.messages[&id].body["attachments"].clone();
    examine_pictures(world, asked, body, &held);
    let listed = attachments(world, asked, body, &held);
    let message = world.messages.get_mut(&id).unwrap();
    for name in ["content", "components", "embeds", "allowed_mentions"] {
        if let Some(value) = body.get(name) {
            message.body[name] = value.clone();
        }
    }
    let v2 = body["flags"].as_u64().unwrap_or(0) & IS_COMPONENTS_V2;
    message.body["flags"] = json!(message.body["flags"].as_u64().unwrap_or(0) | v2);
    if let Some(listed) = listed {
        message.body["attachments"] = listed;
    }
    message.files.extend(asked.files.values().cloned());
    message.loading = false;
    message.edits += 1;
    message.edited_at.push(asked.at);
}

fn of_channel(world: &mut World, asked: &Asked, channel: u64, id: u64) -> Answer {
    let known = world
        .messages
        .get(&id)
        .is_some_and(|one| one.channel == channel && !one.deleted && one.only_for.is_none());
    if !known {
        return refuse(404, 10_008, "Unknown Message");
    }
    match asked.method.as_str() {
        "GET" => shown(world, id),
        "PATCH" => {
            examine(world, asked, &asked.body, Kind::Edit);
            edit(world, asked, &asked.body, id);
            shown(world, id)
        }
        "DELETE" => {
            world.messages.get_mut(&id).unwrap().deleted = true;
            (204, Value::Null)
        }
        _ => refuse(405, 0, "405: Method Not Allowed"),
    }
}

fn callback(world: &mut World, asked: &Asked, id: u64, token: &str) -> Answer {
    let kind = asked.body["type"].as_u64().unwrap_or(0);
    let Some(one) = world.interactions.get(&id).filter(|one| one.token == token).cloned() else {
        world.violate(format!("an answer to interaction {id}, which does not exist"));
        return refuse(404, 10_062, "Unknown interaction");
    };
    if !one.acks.is_empty() {
        if !one.forgiven {
            world.violate(format!("interaction {id} ({}) was answered twice", one.what));
        }
        return refuse(400, 40_060, "Interaction has already been acknowledged.");
    }
    let age = one.dispatched.map_or(Duration::ZERO, |at| asked.at.duration_since(at));
    if age > ANSWER_WITHIN || one.expired {
        return refuse(404, 10_062, "Unknown interaction");
    }
    examine(world, asked, &asked.body, Kind::Callback);
    let data = asked.body.get("data").cloned().unwrap_or_default();
    let ephemeral = data["flags"].as_u64().unwrap_or(0) & EPHEMERAL != 0;
    let only_for = ephemeral.then_some(one.user);
    let original = match kind {
        4 => Some(write(world, asked, &data, one.channel, only_for, None)),
        5 => {
            let mut empty = json!({ "content": "" });
            empty["flags"] = json!(data["flags"].as_u64().unwrap_or(0));
            let id = write(world, asked, &empty, one.channel, only_for, None);
            world.messages.get_mut(&id).unwrap().loading = true;
            Some(id)
        }
        6 | 7 => {
            let Some(source) = one.source else {
                world.violate(format!("interaction {id} has no message to update"));
                return refuse(400, 50_035, "Invalid Form Body");
            };
            if kind == 7 {
                edit(world, asked, &data, source);
            }
            Some(source)
        }
        _ => None,
    };
    let held = world.interactions.get_mut(&id).unwrap();
    held.acks.push(Ack { at: asked.at, kind, body: asked.body.clone() });
    held.original = original;
    if !asked.query.contains("with_response=true") {
        return (204, Value::Null);
    }
    let mut reply = json!({
        "interaction": { "id": id.to_string(), "type": 2, "response_message_loading": kind == 5 },
        "resource": { "type": kind },
    });
    if let Some(message) = original {
        reply["interaction"]["response_message_id"] = json!(message.to_string());
        reply["resource"]["message"] = world.message_json(message);
    }
    (200, reply)
}

/// The interaction whose token this is, if it is still good for something.
fn living(world: &World, token: &str) -> Result<u64, Answer> {
    let Some(one) = world.by_token(token) else {
        return Err(refuse(401, 50_027, "Invalid Webhook Token"));
    };
    if one.expired {
        return Err(refuse(401, 50_027, "Invalid Webhook Token"));
    }
    if one.acks.is_empty() {
        return Err(refuse(404, 10_015, "Unknown Webhook"));
    }
    Ok(one.id)
}

fn follow_up(world: &mut World, asked: &Asked, token: &str) -> Answer {
    let id = match living(world, token) {
        Ok(id) => id,
        Err(refused) => return refused,
    };
    let (channel, user) = (world.interactions[&id].channel, world.interactions[&id].user);
    let ephemeral = asked.body["flags"].as_u64().unwrap_or(0) & EPHEMERAL != 0;
    match post(world, asked, channel, ephemeral.then_some(user)) {
        Ok(message) => {
            world.interactions.get_mut(&id).unwrap().follow_ups.push(message);
            shown(world, message)
        }
        Err(refused) => refused,
    }
}

fn of_interaction(world: &mut World, asked: &Asked, token: &str, which: &str) -> Answer {
    let id = match living(world, token) {
        Ok(id) => id,
        Err(refused) => return refused,
    };
    let one = &world.interactions[&id];
    let message = if which == "@original" {
        one.original
    } else {
        one.follow_ups.iter().copied().chain(one.original).find(|id| *id == number(which))
    };
    let Some(message) = message.filter(|id| !world.messages[id].deleted) else {
        return refuse(404, 10_008, "Unknown Message");
    };
    match asked.method.as_str() {
        "GET" => shown(world, message),
        "PATCH" => {
            examine(world, asked, &asked.body, Kind::Edit);
            edit(world, asked, &asked.body, message);
            world.interactions.get_mut(&id).unwrap().edits += 1;
            shown(world, message)
        }
        "DELETE" => {
            world.messages.get_mut(&message).unwrap().deleted = true;
            (204, Value::Null)
        }
        _ => refuse(405, 0, "405: Method Not Allowed"),
    }
}

fn thread(world: &mut World, asked: &Asked, channel: u64, id: u64) -> Answer {
    if world.threads.contains_key(&id) {
        return refuse(400, 160_004, "A thread has already been created for this message");
    }
    let thread = json!({
        "id": id.to_string(), "type": 11, "guild_id": GUILD.to_string(),
        "parent_id": channel.to_string(), "name": asked.body["name"],
        "owner_id": APPLICATION.to_string(), "message_count": 0, "member_count": 1,
        "thread_metadata": {
            "archived": false, "auto_archive_duration": 1440, "locked": false,
            "archive_timestamp": "2026-07-18T12:00:00.000000+00:00",
        },
    });
    world.threads.insert(id, thread.clone());
    (201, thread)
}
