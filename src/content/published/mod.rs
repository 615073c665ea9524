//! The JSON Schemas that we publish, made of the very lists that the readers know.
//!
//! A schema says which words and figures can be right at all; whether they go together is for the
//! reader. What a reader takes, its schema takes: a test holds the two together.

mod creature;
mod sheet;

use serde_json::{Map, Value, json};

pub use creature::creature;
pub use sheet::sheet;

use crate::rules::creature::NAME_MAX_CHARS;

/// The dialect.
const DIALECT: &str = "https://json-schema.org/draft/2020-12/schema";

/// An object with these members and no others.
fn object(members: &[(&str, Value)], needed: &[&str]) -> Value {
    let members: Map<String, Value> =
        members.iter().map(|(name, schema)| ((*name).to_owned(), schema.clone())).collect();
    json!({
        "type": "object",
        "properties": members,
        "required": needed,
        "additionalProperties": false,
    })
}

fn whole(least: i64, most: i64) -> Value {
    json!({"type": "integer", "minimum": least, "maximum": most})
}

fn list(of: &Value) -> Value {
    json!({"type": "array", "items": of})
}

fn text() -> Value {
    json!({"type": "string"})
}

fn flag() -> Value {
    json!({"type": "boolean"})
}

/// One line that has something to show.
fn line() -> Value {
    json!({
        "type": "string",
        "minLength": 1,
        "maxLength": NAME_MAX_CHARS,
        "pattern": "^[^\\u0000-\\u001f\\u007f-\\u009f]*$",
    })
}

fn one_of<T: AsRef<str>>(words: impl IntoIterator<Item = T>) -> Value {
    let words: Vec<String> = words.into_iter().map(|word| word.as_ref().to_owned()).collect();
    json!({"enum": words})
}

/// What may be left out may also be `null`.
fn maybe(schema: &Value) -> Value {
    json!({"anyOf": [schema, {"type": "null"}]})
}

/// A choice: a word, or an object with one key.
fn choice(words: &[&str], keyed: &[(&str, Value)]) -> Value {
    let mut ways = vec![one_of(words)];
    // A word may also be written as a key with nothing behind it.
    ways.extend(words.iter().map(|word| object(&[(word, json!({"type": "null"}))], &[word])));
    ways.extend(keyed.iter().map(|(key, schema)| object(&[(key, schema.clone())], &[key])));
    json!({"anyOf": ways})
}

fn reference(name: &str) -> Value {
    json!({"$ref": format!("#/$defs/{name}")})
}

/// A whole schema.
fn schema(title: &str, root: Value, definitions: &[(&str, Value)]) -> Value {
    let mut whole = json!({"$schema": DIALECT, "title": title});
    let definitions: Map<String, Value> =
        definitions.iter().map(|(name, it)| ((*name).to_owned(), it.clone())).collect();
    if let (Some(into), Value::Object(root)) = (whole.as_object_mut(), root) {
        into.extend(root);
        if !definitions.is_empty() {
            into.insert("$defs".to_owned(), Value::Object(definitions));
        }
    }
    whole
}
