//! Protobuf JSON as people write it: field names in either spelling, words short or in full.
//!
//! A field or a word that the contract does not know is a problem, with its path and what there is.

use std::sync::OnceLock;

use prost::Message;
use prost_reflect::{
    DescriptorPool, DynamicMessage, EnumDescriptor, FieldDescriptor, Kind, MessageDescriptor,
    SerializeOptions,
};
use serde_json::{Map, Value, json};

use super::reading::{Problems, inside, kind_of, snake};
use crate::protocol::pb;
use crate::rules::id::Slug;

/// Fields that name an entry of a stat block: its shown name is as good as its id.
const ENTRY_FIELDS: [&str; 3] = ["attack", "special", "entry"];

/// The messages that scenarios speak of.
#[derive(Debug)]
pub(super) struct Contract {
    pub(super) request: MessageDescriptor,
    pub(super) event: MessageDescriptor,
    pub(super) snapshot: MessageDescriptor,
    pub(super) creature: MessageDescriptor,
    pub(super) condition: MessageDescriptor,
    pub(super) effect: MessageDescriptor,
}

/// The contract; nothing if its descriptors cannot be read, which a test rules out.
pub(super) fn contract() -> Option<&'static Contract> {
    static CONTRACT: OnceLock<Option<Contract>> = OnceLock::new();
    let read = || {
        let pool = DescriptorPool::decode(pb::DESCRIPTORS).ok()?;
        let message = |name: &str| pool.get_message_by_name(&format!("skirmish.v1.{name}"));
        Some(Contract {
            request: message("CombatRequest")?,
            event: message("CombatEvent")?,
            snapshot: message("Snapshot")?,
            creature: message("CreatureState")?,
            condition: message("ActiveCondition")?,
            effect: message("ActiveEffect")?,
        })
    };
    CONTRACT.get_or_init(read).as_ref()
}

/// The value in the one spelling of the contract: names with underscores, words in full.
pub(super) fn tidy(
    shape: &MessageDescriptor,
    path: &str,
    value: &Value,
    problems: &mut Problems,
) -> Value {
    let value = &spelled_out(shape.name(), value);
    let Some(object) = value.as_object() else {
        problems.add(path, format!("is {} and must be an object", kind_of(value)));
        return Value::Null;
    };
    let mut tidied = Map::new();
    for (key, value) in object {
        let here = inside(path, key);
        let plain = snake(key);
        let field = shape.get_field_by_json_name(key).or_else(|| shape.get_field_by_name(&plain));
        let Some(field) = field else {
            let names: Vec<String> = shape.fields().map(|field| field.name().to_owned()).collect();
            problems.add(&here, format!("is not known here; known are {}", names.join(", ")));
            continue;
        };
        let value =
            if value.is_null() { Value::Null } else { list(&field, &here, value, problems) };
        if tidied.insert(field.name().to_owned(), value).is_some() {
            problems.add(&here, "is said twice, in two spellings");
        }
    }
    Value::Object(tidied)
}

/// Short forms of small messages: `[3, 4]` is a square, `"prone"` a condition.
fn spelled_out(message: &str, value: &Value) -> Value {
    match (message, value) {
        ("Position", Value::Array(pair)) => match pair.as_slice() {
            [x, y] => json!({"x": x, "y": y}),
            _ => value.clone(),
        },
        ("ActiveCondition", Value::String(_)) => json!({ "condition": value }),
        ("ActiveEffect", Value::String(_)) => json!({ "kind": value }),
        ("Until", Value::String(_)) => json!({ "removed": value.as_str() == Some("removed") }),
        (_, Value::Bool(true)) => json!({}),
        _ => value.clone(),
    }
}

fn list(field: &FieldDescriptor, path: &str, value: &Value, problems: &mut Problems) -> Value {
    if !field.is_list() {
        return one(field, path, value, problems);
    }
    let Some(values) = value.as_array() else {
        problems.add(path, format!("is {} and must be a list", kind_of(value)));
        return Value::Null;
    };
    let entries = values.iter().enumerate();
    entries.map(|(at, value)| one(field, &format!("{path}[{at}]"), value, problems)).collect()
}

fn one(field: &FieldDescriptor, path: &str, value: &Value, problems: &mut Problems) -> Value {
    match (field.kind(), value) {
        (Kind::Message(shape), _) if shape.full_name().starts_with("google.") => value.clone(),
        (Kind::Message(shape), _) => tidy(&shape, path, value, problems),
        (Kind::Enum(words), _) => word(&words, path, value, problems),
        (Kind::String, Value::String(text)) if ENTRY_FIELDS.contains(&field.name()) => {
            let slug = Slug::of_name(text);
            slug.map_or_else(|_| value.clone(), |slug| Value::String(slug.to_string()))
        }
        // Ids of people and fights are texts on the wire, and easily written as numbers.
        (Kind::String, Value::Number(number)) => Value::String(number.to_string()),
        _ => value.clone(),
    }
}

/// The full word of the contract.
fn word(words: &EnumDescriptor, path: &str, value: &Value, problems: &mut Problems) -> Value {
    let prefix = words
        .get_value(0)
        .and_then(|zero| zero.name().strip_suffix("UNSPECIFIED").map(str::to_owned))
        .unwrap_or_default();
    let found = match value {
        Value::String(text) => {
            let short = format!("{prefix}{}", snake(text).to_ascii_uppercase().replace('.', "_"));
            words.get_value_by_name(text).or_else(|| words.get_value_by_name(&short))
        }
        Value::Number(number) => {
            number.as_i64().and_then(|n| i32::try_from(n).ok()).and_then(|n| words.get_value(n))
        }
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    };
    if let Some(found) = found {
        return Value::String(found.name().to_owned());
    }
    let names: Vec<String> = words
        .values()
        .filter_map(|value| value.name().strip_prefix(&prefix).map(str::to_ascii_lowercase))
        .collect();
    problems.add(path, format!("must be one of {}", names.join(", ")));
    Value::Null
}

/// The message that a tidied value describes.
///
/// # Errors
/// What in it is not of its type.
pub(super) fn message<M: Message + Default>(
    shape: &MessageDescriptor,
    value: &Value,
) -> Result<M, String> {
    let read =
        DynamicMessage::deserialize(shape.clone(), value).map_err(|error| error.to_string())?;
    read.transcode_to().map_err(|error| error.to_string())
}

/// A message as a value in the spelling of [`tidy`], with every figure that has a value.
pub(super) fn shown(shape: &MessageDescriptor, message: &impl Message) -> Value {
    let bytes = message.encode_to_vec();
    let Ok(read) = DynamicMessage::decode(shape.clone(), bytes.as_slice()) else {
        return Value::Null;
    };
    let options = SerializeOptions::new()
        .use_proto_field_name(true)
        .skip_default_fields(false)
        .stringify_64_bit_integers(false);
    read.serialize_with_options(serde_json::value::Serializer, &options).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(value: &Value) -> (Value, Vec<String>) {
        let mut problems = Problems::default();
        let tidied = tidy(&contract().unwrap().request, "request", value, &mut problems);
        let told = problems.into_list().into_iter().map(|p| format!("{}: {}", p.path, p.message));
        (tidied, told.collect())
    }

    #[test]
    fn every_spelling_is_the_same_request() {
        let full = json!({"execute_action": {"actor_id": "a",
            "attack": {"attack": "heavy-crossbow", "target_id": "b", "mode": "ROLL_MODE_ADVANTAGE"}}});
        let camel = json!({"executeAction": {"actorId": "a",
            "attack": {"attack": "Heavy Crossbow", "targetId": "b", "mode": "advantage"}}});
        assert_eq!(request(&full), (full.clone(), vec![]));
        assert_eq!(request(&camel), (full.clone(), vec![]));
        let read: pb::CombatRequest = message(&contract().unwrap().request, &full).unwrap();
        let again = shown(&contract().unwrap().request, &read);
        let said = full["execute_action"]["attack"].as_object().unwrap();
        for (field, value) in said {
            assert_eq!(&again["execute_action"]["attack"][field], value, "{field}");
        }
    }

    #[test]
    fn squares_and_conditions_have_short_forms() {
        let (tidied, problems) = request(&json!({"adjust": {"creatureId": "a", "position": [3, 4],
            "addConditions": ["prone", {"condition": "POISONED"}]}}));
        assert_eq!(problems, [""; 0]);
        assert_eq!(
            tidied,
            json!({"adjust": {"creature_id": "a", "position": {"x": 3, "y": 4},
                "add_conditions": [{"condition": "CONDITION_PRONE"}, {"condition": "CONDITION_POISONED"}]}})
        );
    }

    #[test]
    fn what_the_contract_does_not_know_is_told_with_its_path() {
        let (_, problems) = request(&json!({"executeAction": {"actor": "a",
            "dash": {"cost": "gold"}}}));
        assert_eq!(problems.len(), 2, "{problems:?}");
        assert!(
            problems[0].starts_with("request.executeAction.actor: is not known here; known are")
        );
        assert_eq!(
            problems[1],
            "request.executeAction.dash.cost: must be one of unspecified, action, bonus_action, reaction, free, legendary"
        );
    }
}
