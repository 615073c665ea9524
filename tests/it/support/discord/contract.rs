//! Holds every body that comes in to Discord's own description of its API.
//!
//! The description is not part of the project; where it is missing the check says that it did not
//! run, and fails in CI.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use jsonschema::Validator;
use serde_json::{Value, json};

/// Where the description lies, relative to the package.
const REFERENCE: &str = "../shared/reference/discord/openapi.json";

/// Complaints kept for one body.
const COMPLAINTS_MAX: usize = 3;

struct Contract {
    document: Value,
    compiled: Mutex<BTreeMap<String, Arc<Validator>>>,
}

/// What Discord's description says against this body; empty when it agrees.
pub(crate) fn complaints(method: &str, path: &str, body: &Value) -> Vec<String> {
    static CONTRACT: OnceLock<Option<Contract>> = OnceLock::new();
    match CONTRACT.get_or_init(load) {
        Some(contract) => contract.complaints(method, path, body),
        None => Vec::new(),
    }
}

/// Whether the description is there.
pub(crate) fn is_available() -> bool {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(REFERENCE).is_file()
}

#[allow(clippy::disallowed_methods, reason = "CI is told apart by its environment, only here")]
fn load() -> Option<Contract> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(REFERENCE);
    let Ok(bytes) = std::fs::read(&path) else {
        assert!(std::env::var_os("CI").is_none(), "reference missing: {}", path.display());
        eprintln!("not run: reference missing (Discord's description of its API)");
        return None;
    };
    let document = serde_json::from_slice(&bytes).expect("the reference is JSON");
    Some(Contract { document, compiled: Mutex::default() })
}

impl Contract {
    fn complaints(&self, method: &str, path: &str, body: &Value) -> Vec<String> {
        let Some((template, operation)) = self.operation(method, path) else {
            return vec![format!("Discord has no {method} {path}")];
        };
        let Some(content) = operation.pointer("/requestBody/content") else {
            return if body.is_null() {
                Vec::new()
            } else {
                vec![format!("{method} {template} takes no body")]
            };
        };
        let schema = if template.ends_with("/callback") {
            callback_schema(body)
        } else {
            content.pointer("/application~1json/schema").cloned()
        };
        let Some(schema) = schema else {
            return vec![format!("{method} {template}: no such kind of answer")];
        };
        let validator = self.validator(&schema);
        let body = without_known_falsehoods(body);
        validator
            .iter_errors(&body)
            .take(COMPLAINTS_MAX)
            .map(|error| {
                let text: String = error.to_string().chars().take(300).collect();
                format!("{method} {template}: {}: {text}", error.instance_path())
            })
            .collect()
    }

    /// The operation whose path fits, the most literal one if several do.
    fn operation(&self, method: &str, path: &str) -> Option<(String, &Value)> {
        let parts: Vec<&str> = path.split('/').collect();
        let paths = self.document["paths"].as_object()?;
        let mut fitting: Vec<(usize, &String, &Value)> = paths
            .iter()
            .filter_map(|(template, item)| {
                let wanted: Vec<&str> = template.trim_start_matches('/').split('/').collect();
                let operation = item.get(method.to_lowercase())?;
                let fits = wanted.len() == parts.len()
                    && wanted
                        .iter()
                        .zip(&parts)
                        .all(|(want, have)| want.starts_with('{') || want == have);
                let literal = wanted.iter().filter(|want| !want.starts_with('{')).count();
                fits.then_some((literal, template, operation))
            })
            .collect();
        fitting.sort_by_key(|(literal, ..)| *literal);
        fitting.last().map(|(_, template, operation)| ((*template).clone(), *operation))
    }

    fn validator(&self, schema: &Value) -> Arc<Validator> {
        let mut compiled = self.compiled.lock().unwrap_or_else(PoisonError::into_inner);
        let validator = compiled.entry(schema.to_string()).or_insert_with(|| {
            let mut whole = schema.clone();
            whole["components"] = self.document["components"].clone();
            Arc::new(
                jsonschema::draft202012::options().build(&whole).expect("the reference compiles"),
            )
        });
        Arc::clone(validator)
    }
}

/// The one schema that fits the kind of answer, so that a complaint names the fault and not the
/// six other kinds it is not.
fn callback_schema(body: &Value) -> Option<Value> {
    let name = match body.get("type")?.as_u64()? {
        1 => "PongInteractionCallbackRequest",
        4 | 5 => "CreateMessageInteractionCallbackRequest",
        6 | 7 => "UpdateMessageInteractionCallbackRequest",
        8 => "ApplicationCommandAutocompleteCallbackRequest",
        9 => "ModalInteractionCallbackRequest",
        _ => return None,
    };
    Some(json!({ "$ref": format!("#/components/schemas/{name}") }))
}

/// Two places where the description is stricter than Discord: it wants
/// `default_member_permissions` as a number, where Discord sends and takes a string, and the ids
/// of new attachments as strings, where Discord's own examples (and twilight) write numbers.
fn without_known_falsehoods(body: &Value) -> Value {
    let mut body = body.clone();
    for command in body.as_array_mut().into_iter().flatten() {
        if let Some(command) = command.as_object_mut() {
            command.remove("default_member_permissions");
        }
    }
    for place in ["/attachments", "/data/attachments"] {
        let list = body.pointer_mut(place).and_then(Value::as_array_mut);
        for attachment in list.into_iter().flatten() {
            if let Some(id) = attachment["id"].as_u64() {
                attachment["id"] = json!(id.to_string());
            }
        }
    }
    body
}
