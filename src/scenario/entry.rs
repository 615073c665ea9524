//! Attacks as people shorten them: `"damage": "1d8+3 slashing"`, `"range": "80/320"`.
//!
//! Dice and words are not judged here; a text that does not fall into dice and a type is left as it
//! is, for the stat block's own reader to complain about.

use serde_json::{Map, Value, json};

use super::block::{Block, ability_of, modifier_of, proficiency_of};
use super::reading::{At, Problems, kind_of, snake};
use crate::rules::ability::Ability;

/// Reach of an attack that names neither reach nor range, in feet.
const REACH_FEET: u16 = 5;

/// One attack in the words of the schema.
pub(super) fn attack(at: &At<'_>, block: &Block, problems: &mut Problems) -> Value {
    let Some(written) = at.value.as_object() else {
        problems.add(&at.path, format!("is {} and must be an object", kind_of(at.value)));
        return json!({});
    };
    let mut attack = Map::new();
    let (mut ability, mut kind) = (None, None);
    for (key, value) in written {
        match snake(key).as_str() {
            "to_hit" | "attack_bonus" | "hit_bonus" | "bonus" => {
                attack.insert("to_hit".into(), signed(value));
            }
            "range" => {
                attack.insert("range".into(), range(value));
            }
            "damage" | "damage_dice" | "dice" => {
                attack.insert("damage".into(), value.clone());
            }
            "damage_type" | "type" => kind = Some(value.clone()),
            "ability" => {
                ability = value.as_str().and_then(ability_of);
                attack.insert("ability".into(), value.clone());
            }
            other => {
                attack.insert(other.to_owned(), value.clone());
            }
        }
    }
    let ranged = attack.contains_key("range");
    if !ranged && !attack.contains_key("reach") {
        attack.insert("reach".into(), REACH_FEET.into());
    }
    if !attack.contains_key("to_hit") {
        let melee = attack.contains_key("reach");
        let own = if melee { Ability::Strength } else { Ability::Dexterity };
        let bonus = modifier_of(block, ability.unwrap_or(own)) + proficiency_of(block);
        attack.insert("to_hit".into(), bonus.into());
    }
    if let (Some(Value::String(dice)), Some(kind)) = (attack.get("damage"), kind) {
        let damage = json!([{"dice": dice, "type": kind}]);
        attack.insert("damage".into(), damage);
    }
    attack.entry("damage").or_insert_with(|| json!([]));
    spelled(&Value::Object(attack))
}

/// `+5` is five.
fn signed(value: &Value) -> Value {
    let number = value.as_str().and_then(|text| text.trim_start_matches('+').parse::<i64>().ok());
    number.map_or_else(|| value.clone(), Value::from)
}

/// `80`, `[80, 320]` and `"80/320"` are ranges too.
fn range(value: &Value) -> Value {
    let of = |normal: Option<u64>, long: Option<u64>| match (normal, long) {
        (Some(normal), Some(long)) => json!({"normal": normal, "long": long}),
        (Some(normal), None) => json!({ "normal": normal }),
        (None, _) => value.clone(),
    };
    match value {
        Value::Number(_) => of(value.as_u64(), None),
        Value::Array(pair) => {
            of(pair.first().and_then(Value::as_u64), pair.get(1).and_then(Value::as_u64))
        }
        Value::String(text) => {
            let mut feet = text.split('/').map(|part| part.trim().parse().ok());
            of(feet.next().flatten(), feet.next().flatten())
        }
        Value::Null | Value::Bool(_) | Value::Object(_) => value.clone(),
    }
}

/// The same value with short abilities and damage in one text spelled out, however deep.
pub(super) fn spelled(value: &Value) -> Value {
    match value {
        Value::Object(object) => {
            let entries = object.iter().map(|(key, value)| {
                let spelled = match (key.as_str(), value) {
                    ("ability", Value::String(text)) => ability_of(text)
                        .map_or_else(|| value.clone(), |ability| ability.name().into()),
                    // A save's own damage is one line; everywhere else damage is a list.
                    ("damage", Value::String(text)) if object.contains_key("save") => {
                        lines(text).into_iter().next().unwrap_or_else(|| value.clone())
                    }
                    ("damage" | "auto_damage", _) if !object.contains_key("save") => damage(value),
                    ("damage", Value::Array(_)) => damage(value),
                    _ => spelled(value),
                };
                (key.clone(), spelled)
            });
            Value::Object(entries.collect())
        }
        Value::Array(list) => list.iter().map(spelled).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => value.clone(),
    }
}

/// Lines of damage out of a text, one line or a list of either.
fn damage(value: &Value) -> Value {
    let mut all = Vec::new();
    match value {
        Value::Array(list) => list.iter().for_each(|line| add_lines(line, &mut all)),
        other => add_lines(other, &mut all),
    }
    Value::Array(all)
}

fn add_lines(value: &Value, all: &mut Vec<Value>) {
    match value {
        Value::String(text) => all.extend(lines(text)),
        Value::Object(line) => {
            let entries = line.iter().map(|(key, value)| {
                let name = match snake(key).as_str() {
                    "damage_type" | "kind" => "type".to_owned(),
                    "damage" | "amount" => "dice".to_owned(),
                    other => other.to_owned(),
                };
                let value = match name.as_str() {
                    "dice" => dice_text(value),
                    "type" => short_type(value),
                    _ => value.clone(),
                };
                (name, value)
            });
            all.push(Value::Object(entries.collect()));
        }
        other => all.push(other.clone()),
    }
}

/// Dice as a text, also where they are a number or `{"count": 2, "sides": 6, "bonus": 3}`.
fn dice_text(value: &Value) -> Value {
    let part = |name: &str| value.get(name).and_then(Value::as_i64);
    match (value, part("count"), part("sides"), part("bonus").unwrap_or_default()) {
        (Value::Number(_), ..) => Value::String(value.to_string()),
        (Value::Object(_), Some(count), Some(sides), 0) => format!("{count}d{sides}").into(),
        (Value::Object(_), Some(count), Some(sides), bonus) => {
            format!("{count}d{sides}{bonus:+}").into()
        }
        (Value::Object(_), None, None, bonus) => bonus.to_string().into(),
        _ => value.clone(),
    }
}

/// A damage type in lower case, also where it is the contract's word.
fn short_type(value: &Value) -> Value {
    let text = value.as_str().map(str::to_ascii_lowercase);
    let short = text.map(|text| text.trim_start_matches("damage_type_").to_owned());
    short.map_or_else(|| value.clone(), Value::String)
}

/// `2d6+3 slashing + 1d8 radiant`: dice and a type, again and again.
fn lines(text: &str) -> Vec<Value> {
    let mut lines = Vec::new();
    let mut dice = String::new();
    for word in text.split([' ', ',', '(', ')']).filter(|word| !word.is_empty()) {
        let figure = word.chars().any(|c| c.is_ascii_digit());
        match word {
            "damage" => {}
            "plus" | "and" | "+" if dice.is_empty() => {}
            "+" | "-" => dice.push_str(word),
            _ if figure => dice.push_str(word),
            kind => {
                let kind = kind.to_ascii_lowercase();
                lines.push(json!({"dice": core::mem::take(&mut dice), "type": kind}));
            }
        }
    }
    if !dice.is_empty() {
        lines.push(json!({ "dice": dice }));
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(value: &Value) -> Value {
        let mut block = Block::new();
        block.insert("abilities".into(), json!({"strength": 16, "dexterity": 14}));
        attack(&At { path: "attacks[0]".into(), value }, &block, &mut Problems::default())
    }

    #[test]
    fn damage_in_one_text_falls_into_lines() {
        for (text, wanted) in [
            ("1d8+3 slashing", json!([{"dice": "1d8+3", "type": "slashing"}])),
            ("1d8 + 3 Slashing", json!([{"dice": "1d8+3", "type": "slashing"}])),
            ("7 fire", json!([{"dice": "7", "type": "fire"}])),
            (
                "2d6+3 slashing damage plus 1d8 radiant damage",
                json!([{"dice": "2d6+3", "type": "slashing"}, {"dice": "1d8", "type": "radiant"}]),
            ),
            (
                "2d6 slashing + 1d8 radiant",
                json!([{"dice": "2d6", "type": "slashing"}, {"dice": "1d8", "type": "radiant"}]),
            ),
            ("1d8+3", json!([{"dice": "1d8+3"}])),
        ] {
            assert_eq!(Value::Array(lines(text)), wanted, "{text}");
        }
    }

    #[test]
    fn what_an_attack_leaves_out_is_what_its_reader_expects() {
        let sword = read(&json!({"name": "Sword", "damage": "1d8+3", "damage_type": "slashing"}));
        assert_eq!(sword["to_hit"], 5, "Strength and proficiency");
        assert_eq!(sword["reach"], 5);
        let bow = read(&json!({"name": "Bow", "bonus": "+7", "range": "80/320",
            "damage": {"dice": "1d6", "kind": "piercing"}}));
        assert_eq!(
            bow,
            json!({"name": "Bow", "to_hit": 7, "range": {"normal": 80, "long": 320},
                "damage": [{"dice": "1d6", "type": "piercing"}]})
        );
        assert_eq!(read(&json!({"name": "Sling", "range": 30}))["to_hit"], 4, "Dexterity");
        let wire = json!({"name": "Bite", "toHit": 3, "reach": 5, "damage": [
            {"dice": {"count": 2, "sides": 6, "bonus": -1}, "kind": "DAMAGE_TYPE_FIRE"}]});
        assert_eq!(read(&wire)["damage"], json!([{"dice": "2d6-1", "type": "fire"}]));
    }

    #[test]
    fn saves_inside_an_attack_may_be_short() {
        let bite = read(&json!({"name": "Bite", "riders": [
            {"condition": {"condition": "prone", "lasts": "removed", "save": {"ability": "con", "dc": 11}}},
            {"save_damage": {"damage": "2d8 poison", "save": {"ability": "CON", "dc": 11}}}]}));
        assert_eq!(bite["riders"][0]["condition"]["save"]["ability"], "constitution");
        assert_eq!(
            bite["riders"][1]["save_damage"]["damage"],
            json!({"dice": "2d8", "type": "poison"})
        );
    }
}
