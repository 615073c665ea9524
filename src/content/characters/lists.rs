//! Finds lists where a sheet has objects: the reader would take `[15, 14, …]` for six scores.
//!
//! A score without its name is a mistake waiting to happen, and no schema allows it.

use serde_json::Value;

use crate::content::PROBLEMS_MAX;
use crate::rules::creature::Problem;

/// The members that are lists.
const LISTS: [&str; 10] = [
    "classes",
    "skills",
    "expertise",
    "feats",
    "tools",
    "fighting_styles",
    "masteries",
    "weapons",
    "gear",
    "rolled_hit_points",
];

/// Every list that stands where an object belongs.
pub(super) fn misplaced(text: &str) -> Vec<Problem> {
    let mut found = Vec::new();
    if let Ok(value) = serde_json::from_str(text) {
        look("", Allowed::Object, &value, &mut found);
    }
    found
}

/// What may stand in a place besides words and numbers.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Allowed {
    Object,
    List,
}

fn look(path: &str, allowed: Allowed, value: &Value, found: &mut Vec<Problem>) {
    match value {
        Value::Array(entries) => {
            if allowed == Allowed::Object && found.len() < PROBLEMS_MAX {
                let message = "must be an object with names, not a list".to_owned();
                found.push(Problem { path: path.to_owned(), message });
            }
            for (at, entry) in entries.iter().enumerate() {
                look(&format!("{path}[{at}]"), Allowed::Object, entry, found);
            }
        }
        Value::Object(members) => {
            for (name, member) in members {
                let inner = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                let list = LISTS.contains(&name.as_str());
                let allowed = if list { Allowed::List } else { Allowed::Object };
                look(&inner, allowed, member, found);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}
