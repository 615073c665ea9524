//! The shape of a scenario as JSON Schema, for editors and for programs that write scenarios.
//!
//! Made of the same tables by which scenarios are read, so that it can name no field that is not.

use serde_json::{Map, Value, json};

use super::creature::{FIGURES, PLACED};
use super::file::{SCENARIO, STEP};
use super::reading::Field;
use super::setting::SETTING;
use crate::content::schema::FIELDS;
use crate::protocol::REFUSALS;

/// The schema, of the 2020-12 draft.
pub fn json_schema() -> Value {
    let mut creature = object(&[PLACED, FIGURES]);
    if let Some(known) = creature.get_mut("properties").and_then(Value::as_object_mut) {
        for name in FIELDS {
            known.entry(*name).or_insert_with(|| json!({}));
        }
    }
    let mut scenario = object(&[SETTING, SCENARIO]);
    if let Some(scenario) = scenario.as_object_mut() {
        scenario.insert("required".into(), json!(["creatures"]));
    }
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A scenario of Skirmish: docs/scenarios.md says what each field means",
        "$ref": "#/$defs/scenario",
        "$defs": {
            "scenario": scenario,
            "creature": creature,
            "step": object(&[STEP]),
            "map": {
                "type": "object",
                "additionalProperties": false,
                "properties": {
                    "width": {"type": "integer", "minimum": 1, "maximum": 100},
                    "height": {"type": "integer", "minimum": 1, "maximum": 100},
                    "terrain": {"type": "array", "items": {"type": ["string", "object"]}},
                    "squares": {"type": "array", "items": {"type": "object"}}
                }
            },
            "position": {
                "oneOf": [
                    {"type": "array", "items": {"$ref": "#/$defs/side"}, "minItems": 2, "maxItems": 2},
                    {"type": "object", "required": ["x", "y"], "additionalProperties": false,
                     "properties": {"x": {"$ref": "#/$defs/side"}, "y": {"$ref": "#/$defs/side"}}}
                ]
            },
            "side": {"type": "integer", "minimum": 0, "maximum": 99}
        }
    })
}

/// An object with the fields of the tables, by every name they have.
fn object(tables: &[&[Field]]) -> Value {
    let mut properties = Map::new();
    for (name, others) in tables.iter().flat_map(|table| table.iter()) {
        let shape = shape(name);
        for name in core::iter::once(name).chain(others.iter()) {
            properties.insert((*name).to_owned(), shape.clone());
        }
    }
    json!({"type": "object", "additionalProperties": false, "properties": properties})
}

/// What may stand in a field, as far as one word says it; the rest is told when it is read.
fn shape(name: &str) -> Value {
    let list = |items: Value| json!({"type": "array", "items": items});
    match name {
        "creatures" => list(json!({"$ref": "#/$defs/creature"})),
        "steps" => list(json!({"$ref": "#/$defs/step"})),
        "map" => json!({"oneOf": [{"type": "null"}, {"$ref": "#/$defs/map"}]}),
        "position" => json!({"$ref": "#/$defs/position"}),
        "edition" => json!({"enum": ["5.2.1", "5.1"]}),
        "dice" => list(json!({"type": "integer", "minimum": 1})),
        "initiative" => json!({"type": ["array", "object", "integer"]}),
        "case" => json!({"type": ["string", "array"], "items": {"type": "string"}}),
        "id" => json!({"type": "string"}),
        "from" => json!({"type": ["string", "null"]}),
        "refused" => {
            let codes: Vec<&str> = REFUSALS.iter().map(|refusal| refusal.code).collect();
            json!({ "enum": codes })
        }
        "life" => json!({"enum": ["up", "dying", "stable", "dead"]}),
        "events" | "conditions" | "effects" => list(json!({"type": ["object", "string"]})),
        "request" | "state" | "fight" | "policy" | "spent" | "death_saves" => {
            json!({"type": "object"})
        }
        "only" | "hidden" | "surprised" | "autopilot" | "pc" | "stable" | "dead" => {
            json!({"type": "boolean"})
        }
        "hit_points" | "hit_points_max" | "temporary_hit_points" => {
            json!({"type": "integer", "minimum": 0, "maximum": 9_999})
        }
        "count" | "exhaustion" | "level" | "armor_class" | "proficiency_bonus" | "strength"
        | "dexterity" | "constitution" | "intelligence" | "wisdom" | "charisma" => {
            json!({"type": "integer", "minimum": 0})
        }
        "name" | "source" | "note" | "side" | "owner" | "as" | "size" | "type" | "kind" => {
            json!({"type": "string"})
        }
        _ => json!({}),
    }
}
