//! What is typed, as Discord would hand it on: held to the commands that are registered.

use serde_json::{Value, json};

use super::world::World;

/// What a member may do unless a test says otherwise: send messages, use commands.
pub(super) const MEMBER_PERMISSIONS: u64 = 2_248_473_465_835_073;

/// A member as Discord shows them in an interaction.
pub(super) fn member_json(world: &World, user: u64, permissions: u64) -> Value {
    json!({
        "user": world.user_json(user), "roles": [], "joined_at": "2026-01-01T00:00:00.000000+00:00",
        "deaf": false, "mute": false, "flags": 0, "nick": null, "avatar": null, "pending": false,
        "premium_since": null, "communication_disabled_until": null,
        "permissions": permissions.to_string(),
    })
}

/// What Discord knows of users that were chosen.
pub(super) fn resolved(world: &World, users: &[String]) -> Value {
    let mut found = json!({ "users": {}, "members": {} });
    for user in users {
        let id = user.parse().unwrap_or(0);
        found["users"][user] = world.user_json(id);
        let mut member = member_json(world, id, MEMBER_PERMISSIONS);
        member.as_object_mut().unwrap().remove("user");
        found["members"][user] = member;
    }
    found
}

/// The `data` of a command, checked against the registered commands if there are any.
pub(super) fn command_data(
    world: &World,
    command: &str,
    sub: &str,
    options: &[(&str, Value)],
    focused: Option<&str>,
) -> Value {
    let registered = world.commands.iter().find(|one| one["name"] == command);
    assert!(
        registered.is_some() || world.commands.is_empty(),
        "/{command} is not registered: {:?}",
        world.commands.iter().map(|one| one["name"].clone()).collect::<Vec<_>>()
    );
    let mut spec = registered.cloned();
    let path: Vec<&str> = sub.split_whitespace().collect();
    for part in &path {
        spec = spec.map(|spec| {
            let list = spec["options"].as_array().into_iter().flatten();
            let found = list.clone().find(|one| one["name"] == *part).cloned();
            found.unwrap_or_else(|| panic!("/{command} has no {part:?}: {}", spec["options"]))
        });
    }
    if let (Some(spec), None) = (&spec, focused) {
        for wanted in spec["options"].as_array().into_iter().flatten() {
            let given = options.iter().any(|(name, _)| wanted["name"] == *name);
            assert!(
                given || wanted["required"] != true,
                "/{command} {sub} needs {}",
                wanted["name"]
            );
        }
    }
    let mut users = Vec::new();
    let mut written: Vec<Value> = options
        .iter()
        .map(|(name, value)| {
            let option = spec.as_ref().map(|spec| {
                let list = spec["options"].as_array().into_iter().flatten();
                let found = list.clone().find(|one| one["name"] == *name).cloned();
                found.unwrap_or_else(|| panic!("/{command} {sub} has no option {name:?}"))
            });
            let kind = option.and_then(|one| one["type"].as_u64()).unwrap_or(match value {
                Value::Bool(_) => 5,
                Value::Number(number) if number.is_f64() => 10,
                Value::Number(_) => 4,
                _ => 3,
            });
            if kind == 6 {
                users.extend(value.as_str().map(str::to_owned));
            }
            let mut one = json!({ "name": name, "type": kind, "value": value });
            if focused == Some(*name) {
                one["focused"] = json!(true);
            }
            one
        })
        .collect();
    for (depth, part) in path.iter().enumerate().rev() {
        let kind = if depth + 1 == path.len() { 1 } else { 2 };
        written = vec![json!({ "name": part, "type": kind, "options": written })];
    }
    let id = registered.map_or(json!("1"), |one| one["id"].clone());
    let mut data = json!({ "id": id, "name": command, "type": 1, "options": written });
    if !users.is_empty() {
        data["resolved"] = resolved(world, &users);
    }
    data
}
