//! Sound interactions of every kind: each command with its options, each button, list and form.

use serde_json::{Value, json};
use skirmish::discord::commands::{Command, Takes};
use skirmish::discord::custom_id::{CustomId, Verb, digest};
use skirmish::rules::id::CombatId;

use super::json::Json;
use super::noise::Noise;
use crate::support::discord::{APPLICATION, GUILD};

pub(super) const CHANNEL: u64 = 777;
pub(super) const GM: u64 = 10;
pub(super) const MIRA: u64 = 11;
pub(super) const BORIN: u64 = 12;
const OUTSIDER: u64 = 99;

/// The fight that is spoken of.
#[derive(Debug, Clone)]
pub(super) struct Setting {
    pub(super) combat: CombatId,
    pub(super) turn: u32,
    pub(super) creatures: Vec<String>,
    /// Ids of what can be done in it.
    pub(super) actions: Vec<String>,
}

/// Sound interactions, made once and broken many times.
pub(super) struct Templates(Vec<Template>);

struct Template {
    whole: Json,
    data: Json,
    /// Everything but the id, the token and the data, as it is written.
    rest: String,
}

impl Templates {
    pub(super) fn new(
        count: usize,
        noise: &mut Noise,
        table: &[Command],
        setting: &Setting,
    ) -> Self {
        let one = |_| {
            let mut whole = interaction(1, noise, table, setting);
            let tree = Json::from(&whole);
            let fields = whole.as_object_mut().unwrap();
            let data = Json::from(&fields.remove("data").unwrap());
            fields.retain(|name, _| name != "id" && name != "token");
            let rest = whole.to_string().trim_start_matches('{').to_owned();
            Template { whole: tree, data, rest }
        };
        Self((0..count).map(one).collect())
    }

    /// One of them with an id of its own, as it is.
    pub(super) fn whole(&self, id: u64, noise: &mut Noise) -> Json {
        let mut tree = noise.pick(&self.0).whole.clone();
        tree.set("id", id.to_string());
        tree.set("token", format!("token-{id}"));
        tree
    }

    /// One of them with its data changed by `change`.
    pub(super) fn with_data(
        &self,
        id: u64,
        noise: &mut Noise,
        change: impl FnOnce(&mut Json, &mut Noise),
    ) -> String {
        let one = noise.pick(&self.0);
        let mut data = one.data.clone();
        change(&mut data, noise);
        let (data, rest) = (data.write(), &one.rest);
        format!(r#"{{"id":"{id}","token":"token-{id}","data":{data},{rest}"#)
    }
}

/// Somebody's interaction, in Discord's words.
fn interaction(id: u64, noise: &mut Noise, table: &[Command], setting: &Setting) -> Value {
    let user = *noise.pick(&[GM, GM, MIRA, BORIN, OUTSIDER]);
    match noise.below(20) {
        0..=7 => envelope(id, 2, user, &command(noise, table, setting, false), None),
        8..=10 => envelope(id, 4, user, &command(noise, table, setting, true), None),
        11..=17 => {
            // it is only looked at whether it is private, and long to read
            let message = noise.once_in(4).then(|| message(true));
            envelope(id, 3, user, &component(noise, setting), message)
        }
        _ => envelope(id, 5, user, &form(noise, setting), None),
    }
}

pub(super) fn envelope(
    id: u64,
    kind: u8,
    user: u64,
    data: &Value,
    message: Option<Value>,
) -> Value {
    let mut event = json!({
        "id": id.to_string(), "application_id": APPLICATION.to_string(), "type": kind,
        "data": data, "guild_id": GUILD.to_string(),
        "channel": { "id": CHANNEL.to_string(), "type": 0 },
        "member": {
            "user": user_json(user), "roles": [], "deaf": false, "mute": false, "flags": 0,
            "joined_at": "2026-01-01T00:00:00.000000+00:00", "permissions": "2248473465835073",
        },
        "token": format!("token-{id}"), "version": 1, "app_permissions": "2252349569499136",
        "locale": "en-US", "entitlements": [], "context": 0, "attachment_size_limit": 10_485_760,
        "authorizing_integration_owners": { "0": GUILD.to_string() },
    });
    if let Some(message) = message {
        event["message"] = message;
    }
    event
}

fn user_json(id: u64) -> Value {
    json!({
        "id": id.to_string(), "username": format!("player{id}"), "discriminator": "0",
        "avatar": null, "bot": false,
    })
}

/// The message whose button was used: the card, or one that only one person sees.
fn message(is_private: bool) -> Value {
    json!({
        "id": "5", "channel_id": CHANNEL.to_string(), "author": user_json(APPLICATION),
        "content": "", "timestamp": "2026-07-18T12:00:00.000000+00:00", "edited_timestamp": null,
        "tts": false, "mention_everyone": false, "mentions": [], "mention_roles": [],
        "attachments": [], "embeds": [], "components": [], "pinned": false, "type": 0,
        "flags": if is_private { 64 } else { 0 },
    })
}

fn command(noise: &mut Noise, table: &[Command], setting: &Setting, completes: bool) -> Value {
    let command = noise.pick(table);
    let mut focused = completes;
    let options: Vec<Value> = command
        .options
        .iter()
        .filter_map(|option| {
            let is_required = option.need == skirmish::discord::commands::Need::Required;
            if !is_required && !focused && noise.once_in(2) {
                return None;
            }
            let (kind, value) = match option.takes {
                Takes::Flag => (5, json!(noise.once_in(2))),
                Takes::OneOf(values) => (3, json!(noise.pick(values).0)),
                Takes::Text { .. } => (3, json!(text_for(option.name, noise, setting))),
            };
            let mut one = json!({ "name": option.name, "type": kind, "value": value });
            if option.completes && std::mem::take(&mut focused) {
                one["focused"] = json!(true);
            }
            Some(one)
        })
        .collect();
    let (name, sub) = command.name.split_once(' ').unwrap_or((command.name, ""));
    let options = if sub.is_empty() {
        options
    } else {
        vec![json!({ "name": sub, "type": 1, "options": options })]
    };
    json!({ "id": "1", "name": name, "type": 1, "options": options })
}

fn text_for(option: &str, noise: &mut Noise, setting: &Setting) -> String {
    let all: &[&str] = match option {
        "monsters" => &["goblin-warrior", "3 goblin-warrior, wolf", "2x srd:bugbear"],
        "dice" => &["2d6+3", "4d6kh3 for strength", "1d20+5 to climb", "(1d8+2)*2"],
        "character" => &["hero:fighter", "hero:wizard", "Bob"],
        "class" => &["fighter", "cleric", "rogue"],
        "name" => &["Ambush", "Bob", "@everyone"],
        "type" => &["attack", "move", "dodge", "end-turn", "dash", "ready", "hide"],
        "with" => &["longsword", "bow", "fire-bolt"],
        "command" => &["combat start", "/roll", "help"],
        "target" => &["C4", "Goblin Warrior 1", "goblin", "A1"],
        _ => &["Ambush"],
    };
    match option {
        "fight" if noise.once_in(2) => setting.combat.to_string(),
        "target" if noise.once_in(2) => noise.pick(&setting.creatures).clone(),
        "type" if noise.once_in(3) => noise.pick::<String>(&setting.actions).clone(),
        _ => (*noise.pick(all)).to_owned(),
    }
}

/// An argument such as this verb takes.
fn arg(verb: Verb, noise: &mut Noise, setting: &Setting) -> String {
    let creature = noise.pick(&setting.creatures).clone();
    let chosen = digest(noise.pick::<String>(&setting.actions));
    match verb {
        Verb::Do | Verb::Aim | Verb::ReadyWhen => format!("{creature}.{chosen}"),
        Verb::Targets | Verb::ReadyAs => format!("{creature}.{chosen}.{}", noise.below(3)),
        Verb::Panel => format!("{creature}.{}", noise.below(3)),
        Verb::Autopilot | Verb::Hide => format!("{creature}.off"),
        Verb::Log | Verb::Gm | Verb::Prompt | Verb::Accept | Verb::AcceptWith | Verb::Decline => {
            noise.below(40).to_string()
        }
        Verb::Act | Verb::Move | Verb::EndTurn | Verb::HitPoints | Verb::SetHitPoints => creature,
        _ => String::new(),
    }
}

fn component(noise: &mut Noise, setting: &Setting) -> Value {
    // what ends the fight would leave nothing to play with
    let verbs: Vec<Verb> =
        Verb::ALL.iter().copied().filter(|verb| !matches!(verb, Verb::EndSure)).collect();
    let verb = *noise.pick(&verbs);
    let id = CustomId::new(setting.combat, verb)
        .arg(arg(verb, noise, setting))
        .turn(if noise.once_in(4) { setting.turn + 1 } else { setting.turn })
        .to_string();
    let values = match verb {
        Verb::Act | Verb::ReadyAs => vec![digest(noise.pick::<String>(&setting.actions))],
        Verb::ReadyWhen => vec![(*noise.pick(&["call", "attack", "near.5", "acts."])).to_owned()],
        Verb::Aim | Verb::GmAct | Verb::GmChange => vec![noise.pick(&setting.creatures).clone()],
        Verb::Move => vec!["C4".to_owned()],
        Verb::JoinAs => vec!["hero:fighter".to_owned()],
        Verb::AcceptWith => vec!["longsword".to_owned()],
        _ => Vec::new(),
    };
    let kind = if values.is_empty() { 2 } else { 3 };
    json!({ "id": 1, "component_type": kind, "custom_id": id, "values": values })
}

fn form(noise: &mut Noise, setting: &Setting) -> Value {
    let creature = noise.pick(&setting.creatures).clone();
    let id = CustomId::new(setting.combat, Verb::SetHitPoints).arg(creature).turn(setting.turn);
    let field = |name: &str, value: &str| {
        json!({ "type": 18, "id": 1, "component":
            { "type": 4, "id": 2, "custom_id": name, "value": value } })
    };
    let points = *noise.pick(&["7", "+3", "-5", ""]);
    json!({
        "custom_id": id.to_string(),
        "components": [field("hit_points", points), field("temporary", "2")],
    })
}
