//! `/combat join`: brings one's character, or a ready-made hero, into the fight.

use super::{Choice, Command, Completing, FIGHT, Need, Who, fight_names, offered};
use crate::discord::call::{Call, Said, Work};
use crate::discord::custom_id::{CustomId, Verb};
use crate::discord::render::parts::{self, Choice as Shown};
use crate::discord::replies::{Deferral, Reply, sentence};
use crate::protocol::pb;
use crate::rules::id::CombatId;
use pb::combat_request::Request;
use pb::join::Who as Joins;

pub const NAME: &str = "combat join";
/// What the id of a ready-made hero begins with.
const HERO: &str = "hero:";
/// Characters that are offered beside the ready-made heroes.
const CHARACTERS_OFFERED: u32 = 15;

const OPTIONS: &[Choice] = &[
    Choice::text("character", "One of your characters, or a ready-made hero", Need::Optional)
        .completed(),
    FIGHT,
];

pub fn command() -> Command {
    Command {
        name: NAME,
        description: "Join the fight with your character or a ready-made hero",
        options: OPTIONS,
        who: Who::Everybody,
        deferral: Deferral::Private,
        run,
        autocomplete,
    }
}

pub fn run(call: Call) -> Work {
    Box::pin(async move {
        let combat = call.fight()?;
        let typed = call.args.text("character").map(str::to_owned);
        join(&call, combat, typed.as_deref()).await
    })
}

/// Joins with who was named, or with the active character, or asks who it shall be.
pub async fn join(call: &Call, combat: CombatId, typed: Option<&str>) -> Result<Reply, Said> {
    let found = match typed {
        Some(typed) => {
            let typed = typed.to_lowercase();
            let all = everybody(call)?;
            let is = |one: &&Offered| one.value == typed || one.name.to_lowercase() == typed;
            all.iter().find(is).cloned().ok_or_else(|| {
                Said::words("You have no such character: choose one of those offered.")
            })?
        }
        None => match call.shared.hub.active_character(call.guild, call.who().user)? {
            Some(active) => {
                Offered { name: active.name, value: active.character_id, note: String::new() }
            }
            None => return ask(call, combat),
        },
    };
    let (who, name) = match found.value.strip_prefix(HERO) {
        Some(_) => (Joins::Hero(found.value.clone()), String::new()),
        None => (Joins::CharacterId(found.value.clone()), String::new()),
    };
    let request = pb::Join { who: Some(who), name, side: String::new(), position: None };
    call.submit(Some(combat), None, Request::Join(request)).await?;
    let name = joined_as(call, combat).await.unwrap_or(found.name);
    Ok(sentence(&format!(
        "{name} has joined the fight. You are called when it is your turn; My actions on the card \
         shows what you can do."
    )))
}

/// The name of the caller's newest creature: ready-made heroes have names of their own.
async fn joined_as(call: &Call, combat: CombatId) -> Option<String> {
    let snapshot = call.snapshot(combat).await.ok()?;
    let mine = call.user.to_string();
    let newest = snapshot.creatures.into_iter().rfind(|one| one.owner_id == mine && !one.left);
    newest.map(|one| one.name)
}

/// Somebody to join with.
#[derive(Debug, Clone)]
struct Offered {
    name: String,
    value: String,
    note: String,
}

/// The caller's characters, then the ready-made heroes.
fn everybody(call: &Call) -> Result<Vec<Offered>, Said> {
    let request = pb::ListCharactersRequest {
        guild_id: call.guild.0.to_string(),
        page_size: CHARACTERS_OFFERED,
        ..pb::ListCharactersRequest::default()
    };
    let own = call.shared.hub.list_characters(&call.who(), &request)?;
    let own = own.characters.into_iter().map(|one| Offered {
        note: format!("{} {}", one.class, one.level),
        name: one.name,
        value: one.character_id,
    });
    let ready = call.shared.hub.hero_classes().into_iter().map(|hero| Offered {
        name: hero.name,
        value: hero_id(&hero.id),
        note: format!("ready-made · {}", hero.note),
    });
    Ok(own.chain(ready).collect())
}

fn hero_id(id: &str) -> String {
    if id.starts_with(HERO) { id.to_owned() } else { format!("{HERO}{id}") }
}

fn ask(call: &Call, combat: CombatId) -> Result<Reply, Said> {
    let choices: Vec<Shown> = everybody(call)?
        .into_iter()
        .map(|one| Shown { label: one.name, value: one.value, description: one.note })
        .collect();
    if choices.is_empty() {
        return Err(Said::words("You have no character yet: make one with `/character create`."));
    }
    let id = CustomId::new(combat, Verb::JoinAs).to_string();
    Ok(Reply::New(parts::private(vec![
        parts::text("With whom do you join?"),
        parts::select(&id, "Your character, or a ready-made hero", &choices, 1, 1),
    ])))
}

pub fn autocomplete(call: Call) -> Completing {
    Box::pin(async move {
        match call.args.focused() {
            Some(("character", typed)) => {
                let all = everybody(&call).unwrap_or_default();
                offered(
                    all.into_iter().map(|one| (format!("{} ({})", one.name, one.note), one.value)),
                    typed,
                )
            }
            Some(("fight", _)) => fight_names(&call),
            _ => Vec::new(),
        }
    })
}
