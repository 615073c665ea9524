//! How a creature stands as the fight begins: what is on it, what it has used, whether it is up.
//!
//! What cannot be so together, such as standing with no hit points, is a problem and never put right.

use serde_json::{Map, Value, json};

use super::creature::{Placed, Policy};
use super::reading::{At, Field, Fields, Problems, Single, fields, inside, kind_of, object, snake};
use super::wire;
use crate::protocol::{condition_of, effect_of, pb};
use crate::rules::condition::{ActiveCondition, Condition, EXHAUSTION_MAX, Until};
use crate::rules::creature::Definition;
use crate::rules::event::RollMode;
use crate::rules::id::{CreatureId, Slug};
use crate::rules::state::{ActiveEffect, Life};

/// Most attack rolls of a policy in one turn.
const POLICY_TIMES_MAX: i64 = 20;

const DEATH_SAVES: &[Field] = &[("successes", &["success"]), ("failures", &["failure"])];
const POLICY: &[Field] = &[("attack", &[]), ("times", &[]), ("mode", &[])];

/// Conditions as words, or as the contract writes them with their source and end.
pub(super) fn conditions(given: &Fields<'_>, problems: &mut Problems) -> Vec<ActiveCondition> {
    let mut conditions = Vec::new();
    let contract = wire::contract();
    if let (Some(at), Some(contract)) = (given.get("conditions"), contract) {
        for entry in at.list(Single::Refused, problems) {
            let before = problems.count();
            let value = with_names(
                entry.value,
                &[("source", "source_id"), ("name", "condition"), ("type", "condition")],
            );
            let mut tidied = wire::tidy(&contract.condition, &entry.path, &value, problems);
            if let Value::Object(object) = &mut tidied {
                object.entry("until").or_insert_with(|| json!({"removed": true}));
                object.entry("level").or_insert_with(|| json!(1));
            }
            if problems.count() > before {
                continue;
            }
            let read = wire::message::<pb::ActiveCondition>(&contract.condition, &tidied)
                .and_then(|wire| condition_of(&wire).map_err(|fault| fault.to_string()));
            conditions.extend(read.map_err(|message| problems.add(&entry.path, message)).ok());
        }
    }
    if let Some(level) = given.number("exhaustion", 0, i64::from(EXHAUSTION_MAX), problems)
        && level > 0
    {
        let condition = Condition::Exhaustion;
        conditions.push(ActiveCondition { condition, source: None, until: Until::Removed, level });
    }
    for (index, active) in conditions.iter().enumerate() {
        let same =
            |it: &&ActiveCondition| it.condition == active.condition && it.source == active.source;
        if conditions.iter().take(index).any(|it| same(&it)) {
            let path = given.get("conditions").map(|at| at.path).unwrap_or_default();
            problems.add(&path, format!("lists {} twice", active.condition.name()));
        }
    }
    conditions
}

/// Effects as words, or as the contract writes them; their source is the creature itself unless
/// somebody else is named.
pub(super) fn effects(
    given: &Fields<'_>,
    own: CreatureId,
    problems: &mut Problems,
) -> Vec<ActiveEffect> {
    let (Some(at), Some(contract)) = (given.get("effects"), wire::contract()) else {
        return Vec::new();
    };
    let mut effects = Vec::new();
    for entry in at.list(Single::Refused, problems) {
        let before = problems.count();
        let value = with_names(entry.value, &[("source", "source_id"), ("effect", "kind")]);
        let mut tidied = wire::tidy(&contract.effect, &entry.path, &value, problems);
        if let Value::Object(object) = &mut tidied {
            object.entry("until").or_insert_with(|| json!({"removed": true}));
            object.entry("source_id").or_insert_with(|| own.to_string().into());
        }
        if problems.count() > before {
            continue;
        }
        let read = wire::message::<pb::ActiveEffect>(&contract.effect, &tidied)
            .and_then(|wire| effect_of(&wire).map_err(|fault| fault.to_string()));
        effects.extend(read.map_err(|message| problems.add(&entry.path, message)).ok());
    }
    effects
}

/// The same object under the names of the contract.
fn with_names(value: &Value, names: &[(&str, &str)]) -> Value {
    let Some(object) = value.as_object() else { return value.clone() };
    let renamed = object.iter().map(|(key, value)| {
        let name = names.iter().find(|(short, _)| short == key).map_or(key.as_str(), |(_, n)| *n);
        (name.to_owned(), value.clone())
    });
    Value::Object(renamed.collect::<Map<String, Value>>())
}

/// Uses spent, by the name of the attack or special.
pub(super) fn spent(
    given: &Fields<'_>,
    definition: &Definition,
    problems: &mut Problems,
) -> Vec<(Slug, u8)> {
    let Some(at) = given.get("spent") else { return Vec::new() };
    let listed: Vec<(String, At<'_>)> = match at.value {
        Value::Object(object) => object
            .iter()
            .map(|(key, value)| (key.clone(), At { path: inside(&at.path, key), value }))
            .collect(),
        _ => {
            problems
                .add(&at.path, format!("is {}; write {{\"Fire Breath\": 1}}", kind_of(at.value)));
            return Vec::new();
        }
    };
    let mut spent = Vec::new();
    for (name, uses) in listed {
        let slug = Slug::of_name(&name).ok().filter(|slug| {
            definition.attack(*slug).is_some() || definition.special(*slug).is_some()
        });
        let uses_spent: Option<u8> = uses.number(0, 100, problems);
        match slug {
            Some(slug) => spent.extend(uses_spent.map(|spent| (slug, spent))),
            None => problems.add(&uses.path, "is no attack or special of this creature"),
        }
    }
    spent
}

pub(super) fn policy(
    given: &Fields<'_>,
    definition: &Definition,
    problems: &mut Problems,
) -> Option<Policy> {
    let at = given.get("policy")?;
    let written = object(&at.path, at.value, problems)?;
    let policy = fields(&at.path, written, &[POLICY], &[], problems);
    let attack = policy.get("attack").or_else(|| {
        problems.add(&inside(&at.path, "attack"), "must name an attack of the creature");
        None
    })?;
    let name = attack.text(problems)?;
    let known = Slug::of_name(name).ok().filter(|slug| definition.attack(*slug).is_some());
    if known.is_none() {
        problems.add(&attack.path, format!("'{name}' is no attack of this creature"));
    }
    let mode = policy.get("mode").and_then(|at| match at.text(problems).map(snake).as_deref() {
        Some("normal") => Some(RollMode::Normal),
        Some("advantage") => Some(RollMode::Advantage),
        Some("disadvantage") => Some(RollMode::Disadvantage),
        Some(_) => {
            problems.add(&at.path, "must be normal, advantage or disadvantage");
            None
        }
        None => None,
    });
    let times = policy.number("times", 1, POLICY_TIMES_MAX, problems).unwrap_or(1);
    Some(Policy { attack: known?, times, mode: mode.unwrap_or_default() })
}

/// Whether it stands, and what comes with not standing.
pub(super) fn life(placed: &mut Placed, given: &Fields<'_>, problems: &mut Problems) -> Life {
    let (mut successes, mut failures) = (0, 0);
    let saves = given.get("death_saves");
    if let Some(at) = &saves
        && let Some(written) = object(&at.path, at.value, problems)
    {
        let saves = fields(&at.path, written, &[DEATH_SAVES], &[], problems);
        successes = saves.number("successes", 0, 2, problems).unwrap_or_default();
        failures = saves.number("failures", 0, 2, problems).unwrap_or_default();
    }
    let down = placed.hit_points == 0;
    let makes_saves = placed.definition.is_hero() || saves.is_some();
    let told = given.get("life");
    let flagged = |name: &'static str, problems: &mut Problems| {
        given.flag(name, problems).filter(|flag| *flag).map(|_| name.to_owned())
    };
    let word = told.as_ref().and_then(|at| at.text(problems)).map(snake);
    let word = word.or(flagged("dead", problems)).or(flagged("stable", problems));
    let life = match word.as_deref().map(|word| word.strip_prefix("life_").unwrap_or(word)) {
        None if down && makes_saves => Life::Dying { successes, failures },
        None if down => Life::Dead,
        None | Some("up") => Life::Up,
        Some("dying") => Life::Dying { successes, failures },
        Some("stable") => Life::Stable,
        Some("dead") => Life::Dead,
        Some(_) => {
            let path = told.map(|at| at.path).unwrap_or_default();
            problems.add(&path, "must be up, dying, stable or dead");
            Life::Up
        }
    };
    if life == Life::Dead {
        placed.hit_points = 0;
    }
    if (life == Life::Up) == (placed.hit_points == 0) {
        let path = given.get("life").or(saves).or_else(|| given.get("hit_points"));
        let path = path.map(|at| at.path).unwrap_or_default();
        problems.add(&path, "does not go with the hit points: only who has 0 is down");
    }
    if matches!(life, Life::Dying { .. } | Life::Stable) {
        add(placed, Condition::Unconscious);
    }
    if placed.conditions.iter().any(|it| it.condition == Condition::Unconscious) {
        add(placed, Condition::Prone);
    }
    life
}

fn add(placed: &mut Placed, condition: Condition) {
    if placed.conditions.iter().all(|known| known.condition != condition) {
        let until = Until::Removed;
        placed.conditions.push(ActiveCondition { condition, source: None, until, level: 1 });
    }
}
