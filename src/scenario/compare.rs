//! Whether what was there is what was expected: expectations name a part, and only that is looked at.
//!
//! A list of figures must be the same; in a list of things each expected one must be there, in this
//! order, or in any order where order says nothing. An empty list expects that there is nothing.

use serde_json::Value;

/// Lists whose order says nothing.
const UNORDERED: [&str; 4] = ["conditions", "effects", "spent", "creatures"];

/// One way in which something was not as expected.
#[derive(Debug, Clone, PartialEq)]
pub struct Difference {
    /// Where, such as `state.a.hit_points`.
    pub path: String,
    pub expected: Value,
    /// Null if there was nothing.
    pub found: Value,
}

/// Everything that is not as expected, in the order of the expectation.
pub(super) fn differences(path: &str, expected: &Value, found: &Value) -> Vec<Difference> {
    let mut all = Vec::new();
    compare(path, expected, found, &mut all);
    all
}

/// Whether everything is as expected.
pub(super) fn fits(expected: &Value, found: &Value) -> bool {
    differences("", expected, found).is_empty()
}

fn compare(path: &str, expected: &Value, found: &Value, all: &mut Vec<Difference>) {
    match (expected, found) {
        (Value::Object(expected), Value::Object(found)) => {
            for (key, value) in expected {
                let there = found.get(key).unwrap_or(&Value::Null);
                compare(&format!("{path}.{key}"), value, there, all);
            }
        }
        (Value::Array(wanted), Value::Array(there)) if holds_all(path, wanted, there) => {}
        (one, other) if same(one, other) => {}
        // What has its default value may be left out of a message.
        (one, Value::Null) if is_default(one) => {}
        _ => all.push(Difference {
            path: path.to_owned(),
            expected: expected.clone(),
            found: found.clone(),
        }),
    }
}

fn is_default(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => true,
        Value::Number(number) => number.as_f64() == Some(0.0),
        Value::String(text) => text.is_empty(),
        Value::Array(list) => list.is_empty(),
        Value::Bool(true) | Value::Object(_) => false,
    }
}

/// The same value; numbers too long for JSON are texts.
fn same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::String(text), Value::Number(number))
        | (Value::Number(number), Value::String(text)) => *text == number.to_string(),
        _ => one == other,
    }
}

fn holds_all(path: &str, wanted: &[Value], there: &[Value]) -> bool {
    if wanted.is_empty() {
        return there.is_empty();
    }
    if !wanted.iter().any(Value::is_object) && !wanted.iter().any(Value::is_string) {
        return wanted.len() == there.len() && wanted.iter().zip(there).all(|(a, b)| same(a, b));
    }
    let name = path.rsplit('.').next().unwrap_or_default();
    let unordered = UNORDERED.contains(&name) || wanted.iter().all(Value::is_string);
    let mut left: Vec<&Value> = there.iter().collect();
    for one in wanted {
        let Some(at) = left.iter().position(|other| fits(one, other)) else { return false };
        left = if unordered {
            left.into_iter()
                .enumerate()
                .filter(|(index, _)| *index != at)
                .map(|(_, it)| it)
                .collect()
        } else {
            left.into_iter().skip(at.saturating_add(1)).collect()
        };
    }
    true
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_what_is_named_is_looked_at() {
        let found = json!({"hit_points": 7, "life": "LIFE_UP", "economy": {"action": true}});
        assert!(fits(&json!({"hit_points": 7, "economy": {}}), &found));
        let told = differences("state.a", &json!({"hit_points": 8, "armor_class": 3}), &found);
        let paths: Vec<&str> = told.iter().map(|it| it.path.as_str()).collect();
        assert_eq!(paths, ["state.a.armor_class", "state.a.hit_points"]);
        assert_eq!((&told[1].expected, &told[1].found), (&json!(8), &json!(7)));
    }

    #[test]
    fn figures_must_be_the_same_and_things_must_be_there() {
        assert!(fits(&json!([3, 4]), &json!([3, 4])) && !fits(&json!([3]), &json!([3, 4])));
        let things = json!({"damage": [{"kind": "A", "dealt": 1}, {"kind": "B", "dealt": 2}]});
        assert!(fits(&json!({"damage": [{"dealt": 2}]}), &things));
        assert!(fits(&json!({"damage": [{"dealt": 1}, {"dealt": 2}]}), &things));
        assert!(!fits(&json!({"damage": [{"dealt": 2}, {"dealt": 1}]}), &things), "in this order");
        assert!(!fits(&json!({"damage": []}), &things), "nothing is expected");
        let state = json!({"conditions": [{"condition": "X"}, {"condition": "Y"}]});
        assert!(fits(&json!({"conditions": [{"condition": "Y"}, {"condition": "X"}]}), &state));
        assert!(!fits(&json!({"conditions": [{"condition": "X"}, {"condition": "X"}]}), &state));
    }

    #[test]
    fn null_is_nothing_and_long_numbers_are_texts() {
        assert!(fits(&json!({"mode": null}), &json!({})));
        assert!(!fits(&json!({"mode": null}), &json!({"mode": 1})));
        assert!(fits(&json!({"seq": "12"}), &json!({"seq": 12})));
        assert!(fits(&json!({"spent": 0, "hidden": false}), &json!({})));
        assert!(
            !fits(&json!({"spent": 1}), &json!({}))
                && !fits(&json!({"spent": 0}), &json!({"spent": 1}))
        );
    }
}
