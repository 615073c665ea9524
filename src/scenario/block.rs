//! Stat blocks as people shorten them, spelled out in the schema of docs/content.md.
//!
//! Only the spelling changes here: what a figure means and whether it will do is decided where every
//! stat block is built. What is left out of a creature of one's own is filled in plainly.

use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

use super::entry;
use super::reading::{At, Fields, Problems, Single, inside, kind_of, snake};
use crate::content::schema;
use crate::rules::ability::{Ability, Skill, modifier};

/// A stat block, or the part of one that is written down.
pub(super) type Block = Map<String, Value>;

/// What abilities and bonuses are called besides their names.
pub(super) fn ability_of(text: &str) -> Option<Ability> {
    let text = snake(text);
    Ability::ALL
        .into_iter()
        .find(|ability| ability.name() == text || ability.name().get(..3) == Some(text.as_str()))
}

/// Writes every field that was given into the block, in the words of the schema.
pub(super) fn write(block: &mut Block, given: &Fields<'_>, problems: &mut Problems) {
    abilities(block, given, problems);
    kind(block, given, problems);
    if let Some(at) = given.get("proficiency_bonus") {
        block.insert("proficiency_bonus".into(), at.value.clone());
    }
    for (name, at) in given.iter() {
        match name {
            "saves" => saves(block, &at, problems),
            "skills" => skills(block, &at, problems),
            "speed" => merge(block, "speed", &at, "walk", problems),
            "senses" => merge(block, "senses", &at, "darkvision", problems),
            "passive_perception" => {
                put(block, "senses", name, at.value.clone());
            }
            "resistances" | "immunities" | "vulnerabilities" | "condition_immunities" => {
                let words = at.list(Single::Allowed, problems);
                let words = words.iter().map(|word| lower(word.value));
                block.insert(name.into(), words.collect());
            }
            "attacks" => {
                let listed = at.list(Single::Allowed, problems);
                let attacks: Vec<Value> =
                    listed.iter().map(|at| entry::attack(at, block, problems)).collect();
                block.insert("attacks".into(), attacks.into());
                if given.get("multiattack").is_none() {
                    block.remove("multiattack");
                }
            }
            "multiattack" => {
                block.insert(name.into(), multiattack(at.value));
            }
            "size" | "type" => {
                block.insert(name.into(), lower(at.value));
            }
            "challenge" => {
                let text = at.value.as_number().map_or_else(|| at.value.clone(), rating);
                block.insert(name.into(), text);
            }
            "strength" | "dexterity" | "constitution" | "intelligence" | "wisdom" | "charisma"
            | "abilities" | "class" | "level" | "kind" | "proficiency_bonus" | "hit_points"
            | "hit_points_max" | "pc" => {}
            _ if schema::FIELDS.contains(&name) => {
                block.insert(name.into(), entry::spelled(at.value));
            }
            _ => {}
        }
    }
}

/// What a creature of one's own has unless its writer says otherwise.
pub(super) fn plain(id: &str, is_party: bool) -> Block {
    let mut block = Block::new();
    block.insert("name".into(), id.into());
    block.insert("size".into(), "medium".into());
    block.insert("type".into(), "humanoid".into());
    block.insert("speed".into(), json!({"walk": 30}));
    if is_party {
        block.insert("class".into(), json!({"name": "Adventurer", "level": 1}));
    } else {
        block.insert("challenge".into(), "0".into());
    }
    let scores = Ability::ALL.into_iter().map(|ability| (ability.name().to_owned(), json!(10)));
    block.insert("abilities".into(), Value::Object(scores.collect()));
    block
}

/// Puts a figure into the object under a name, which is made if it is not there.
fn put(block: &mut Block, name: &str, key: &str, figure: Value) {
    match block.entry(name).or_insert_with(|| json!({})) {
        Value::Object(object) => {
            object.insert(key.to_owned(), figure);
        }
        other => *other = json!({ key: figure }),
    }
}

/// An object over the one that is there; a number alone is its `main` figure.
fn merge(block: &mut Block, name: &str, at: &At<'_>, main: &str, problems: &mut Problems) {
    match at.value {
        Value::Number(_) => put(block, name, main, at.value.clone()),
        Value::Object(object) => {
            for (key, value) in object {
                put(block, name, &snake(key), value.clone());
            }
        }
        other => problems.add(&at.path, format!("is {} and must be an object", kind_of(other))),
    }
}

fn abilities(block: &mut Block, given: &Fields<'_>, problems: &mut Problems) {
    let mut scores: Vec<(Ability, Value)> = Vec::new();
    if let Some(at) = given.get("abilities") {
        match at.value {
            Value::Object(object) => {
                for (key, value) in object {
                    match ability_of(key) {
                        Some(ability) => scores.push((ability, value.clone())),
                        None => problems.add(&inside(&at.path, key), "is no ability: str to cha"),
                    }
                }
            }
            Value::Array(six) if six.len() == Ability::ALL.len() => {
                scores.extend(Ability::ALL.into_iter().zip(six.iter().cloned()));
            }
            _ => problems.add(&at.path, "must be an object of scores, or six numbers"),
        }
    }
    for ability in Ability::ALL {
        scores.extend(given.get(ability.name()).map(|at| (ability, at.value.clone())));
    }
    for (ability, score) in scores {
        put(block, "abilities", ability.name(), score);
    }
}

/// The modifier of an ability as the block has it now.
pub(super) fn modifier_of(block: &Block, ability: Ability) -> i64 {
    let score = block.get("abilities").and_then(|scores| scores.get(ability.name()));
    let score = score.and_then(Value::as_u64).and_then(|score| u8::try_from(score).ok());
    score.map_or(0, |score| i64::from(modifier(score.min(30))))
}

/// The proficiency bonus that the block names, or that comes with its level.
pub(super) fn proficiency_of(block: &Block) -> i64 {
    let given = block.get("proficiency_bonus").and_then(Value::as_i64);
    let level = block.get("class").and_then(|class| class.get("level")).and_then(Value::as_i64);
    let rating = block.get("challenge").and_then(Value::as_str).and_then(|text| text.parse().ok());
    given.unwrap_or_else(|| 2 + level.or(rating).unwrap_or(1).max(1).saturating_sub(1) / 4)
}

/// Whole bonuses by ability, or a list of the saves it is proficient in.
fn saves(block: &mut Block, at: &At<'_>, problems: &mut Problems) {
    let proficient = |ability| json!(modifier_of(block, ability) + proficiency_of(block));
    let mut bonuses: Vec<(Ability, Value)> = Vec::new();
    let wrong = "is no ability: str to cha";
    match at.value {
        Value::Object(object) => {
            for (key, value) in object {
                match (ability_of(key), value) {
                    (Some(ability), Value::Bool(true)) => {
                        bonuses.push((ability, proficient(ability)));
                    }
                    (Some(ability), _) => bonuses.push((ability, value.clone())),
                    (None, _) => problems.add(&inside(&at.path, key), wrong),
                }
            }
        }
        _ => {
            for name in at.list(Single::Allowed, problems) {
                match name.value.as_str().and_then(ability_of) {
                    Some(ability) => bonuses.push((ability, proficient(ability))),
                    None => problems.add(&name.path, wrong),
                }
            }
        }
    }
    for (ability, bonus) in bonuses {
        put(block, "saves", ability.name(), bonus);
    }
}

/// Whole bonuses by skill, or a list of the skills it is proficient in.
fn skills(block: &mut Block, at: &At<'_>, problems: &mut Problems) {
    let proficient = |name: &str| {
        let skill = Skill::ALL.into_iter().find(|skill| skill.name() == name);
        skill.map(|skill| json!(modifier_of(block, skill.ability()) + proficiency_of(block)))
    };
    let mut bonuses: Vec<(String, Value)> = Vec::new();
    match at.value {
        Value::Object(object) => {
            bonuses.extend(object.iter().map(|(key, value)| {
                let whole =
                    if value == &Value::Bool(true) { proficient(&snake(key)) } else { None };
                (snake(key), whole.unwrap_or_else(|| value.clone()))
            }));
        }
        _ => {
            for name in at.list(Single::Allowed, problems) {
                let skill = snake(name.text(problems).unwrap_or_default());
                match proficient(&skill) {
                    Some(bonus) => bonuses.push((skill, bonus)),
                    None => problems.add(&name.path, "is no skill"),
                }
            }
        }
    }
    for (skill, bonus) in bonuses {
        put(block, "skills", &skill, bonus);
    }
}

/// One combination may be written without the list of combinations around it.
fn multiattack(value: &Value) -> Value {
    let steps = value.as_array().is_some_and(|list| list.iter().any(Value::is_object));
    if steps { json!([value]) } else { value.clone() }
}

fn lower(value: &Value) -> Value {
    value.as_str().map_or_else(|| value.clone(), |text| Value::String(text.to_ascii_lowercase()))
}

/// A challenge rating written as a number.
fn rating(number: &serde_json::Number) -> Value {
    let text = match number.to_string().as_str() {
        "0.125" => "1/8".to_owned(),
        "0.25" => "1/4".to_owned(),
        "0.5" => "1/2".to_owned(),
        whole => whole.to_owned(),
    };
    Value::String(text)
}

/// Whether it is a hero or a monster: by class, level, challenge, or the word itself.
fn kind(block: &mut Block, given: &Fields<'_>, problems: &mut Problems) {
    let level = given.get("level").map(|at| at.value.clone());
    if let Some(at) = given.get("class") {
        let class = match at.value {
            Value::String(name) => json!({"name": name, "level": level.unwrap_or(json!(1))}),
            other => other.clone(),
        };
        block.insert("class".into(), class);
        block.remove("challenge");
    } else if let Some(level) = level {
        let name = block.get("class").and_then(|class| class.get("name")).cloned();
        let name = name.unwrap_or_else(|| "Adventurer".into());
        block.insert("class".into(), json!({"name": name, "level": level}));
        block.remove("challenge");
    } else if given.get("challenge").is_some() {
        block.remove("class");
    }
    let told = match (given.flag("pc", problems), given.get("kind")) {
        (Some(true), _) => Some("hero".to_owned()),
        (Some(false), _) => Some("monster".to_owned()),
        (None, at) => at.and_then(|at| at.text(problems).map(snake)),
    };
    match told.as_deref() {
        Some("hero" | "character" | "player_character" | "player" | "pc") => {
            block.remove("challenge");
            let class = json!({"name": "Adventurer", "level": 1});
            block.entry("class").or_insert(class);
        }
        Some("monster" | "npc") => {
            block.remove("class");
            block.entry("challenge").or_insert_with(|| "0".into());
        }
        Some(_) => {
            let path = given.get("kind").map(|at| at.path).unwrap_or_default();
            problems.add(&path, "must be hero or monster");
        }
        None => {}
    }
}

/// Complains about every part of the block that is not of its shape, each with its path: those
/// written by `given` alone, for the others are the book's.
pub(super) fn check_shapes(block: &Block, given: &Fields<'_>, problems: &mut Problems) {
    for (name, at) in given.iter() {
        let Some(value) = block.get(name) else { continue };
        match name {
            "attacks" => each::<schema::AttackText>(value, &at.path, problems),
            "specials" => each::<schema::SpecialText>(value, &at.path, problems),
            "traits" => each::<schema::TraitText>(value, &at.path, problems),
            "multiattack" => each::<Vec<schema::StepText>>(value, &at.path, problems),
            "speed" => whole::<schema::SpeedText>(value, &at.path, problems),
            "abilities" => whole::<schema::ScoresText>(value, &at.path, problems),
            "saves" => whole::<schema::BonusesText>(value, &at.path, problems),
            "senses" => whole::<schema::SensesText>(value, &at.path, problems),
            "class" => whole::<schema::ClassText>(value, &at.path, problems),
            "armor_class" | "proficiency_bonus" | "legendary_actions" => {
                whole::<u8>(value, &at.path, problems);
            }
            "initiative" => whole::<i8>(value, &at.path, problems),
            "experience" => whole::<u32>(value, &at.path, problems),
            "size" | "type" | "challenge" | "hit_dice" => {
                whole::<String>(value, &at.path, problems);
            }
            "resistances" | "immunities" | "vulnerabilities" | "condition_immunities" => {
                each::<String>(value, &at.path, problems);
            }
            _ => {}
        }
    }
}

fn each<T: DeserializeOwned>(list: &Value, path: &str, problems: &mut Problems) {
    let Some(values) = list.as_array() else {
        problems.add(path, format!("is {} and must be a list", kind_of(list)));
        return;
    };
    for (at, value) in values.iter().enumerate() {
        whole::<T>(value, &format!("{path}[{at}]"), problems);
    }
}

fn whole<T: DeserializeOwned>(value: &Value, path: &str, problems: &mut Problems) {
    if let Err(error) = serde_json::from_value::<T>(value.clone()) {
        problems.add(path, error.to_string());
    }
}
