//! Reads what people write in JSON, field by field, and remembers everything that is wrong.
//!
//! A field that is not known is a problem and never skipped; nothing is complained about twice.

use serde_json::{Map, Value};

use crate::rules::creature::Problem;

/// Most problems that are told of one scenario.
pub const PROBLEMS_MAX: usize = 100;

/// What is wrong so far.
#[derive(Debug, Default)]
pub(super) struct Problems(Vec<Problem>);

impl Problems {
    /// Remembers a problem, unless its place was complained about or there are too many.
    pub(super) fn add(&mut self, path: &str, message: impl Into<String>) {
        let known = self.0.iter().any(|problem| problem.path == path);
        if !known && self.0.len() < PROBLEMS_MAX {
            self.0.push(Problem { path: path.to_owned(), message: message.into() });
        }
    }

    pub(super) fn count(&self) -> usize {
        self.0.len()
    }

    pub(super) fn into_list(self) -> Vec<Problem> {
        self.0
    }
}

/// A field: its name, and what else it may be called.
pub(super) type Field = (&'static str, &'static [&'static str]);

/// A value and where it stands.
#[derive(Debug, Clone)]
pub(super) struct At<'v> {
    pub(super) path: String,
    pub(super) value: &'v Value,
}

/// The fields of one object.
#[derive(Debug)]
pub(super) struct Fields<'v> {
    path: String,
    found: Vec<(&'static str, &'v str, &'v Value)>,
}

/// Lower case with underscores, however it was written: `hitPoints` and `hit-points` too.
pub(super) fn snake(text: &str) -> String {
    let mut snake = String::with_capacity(text.len());
    let mut after_lower = false;
    for c in text.chars() {
        match c {
            ' ' | '-' | '_' => snake.push('_'),
            'A'..='Z' if after_lower => {
                snake.push('_');
                snake.push(c.to_ascii_lowercase());
            }
            other => snake.push(other.to_ascii_lowercase()),
        }
        after_lower = c.is_ascii_lowercase() || c.is_ascii_digit();
    }
    snake
}

/// A path with one more name.
pub(super) fn inside(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") }
}

/// The object, or a problem.
pub(super) fn object<'v>(
    path: &str,
    value: &'v Value,
    problems: &mut Problems,
) -> Option<&'v Map<String, Value>> {
    let object = value.as_object();
    if object.is_none() {
        problems.add(path, format!("is {} and must be an object", kind_of(value)));
    }
    object
}

/// The fields of an object by the names of the table; `more` are further names without another.
pub(super) fn fields<'v>(
    path: &str,
    object: &'v Map<String, Value>,
    tables: &[&'static [Field]],
    more: &'static [&'static str],
    problems: &mut Problems,
) -> Fields<'v> {
    let listed = || tables.iter().flat_map(|table| table.iter());
    let mut found: Vec<(&'static str, &'v str, &'v Value)> = Vec::new();
    for (key, value) in object {
        let plain = snake(key);
        let named = listed()
            .find(|(name, others)| *name == plain || others.contains(&plain.as_str()))
            .map(|(name, _)| *name)
            .or_else(|| more.iter().copied().find(|name| *name == plain));
        let here = inside(path, key);
        let Some(name) = named else {
            let mut names: Vec<&str> = listed().map(|(name, _)| *name).collect();
            names.extend(
                more.iter().filter(|name| !names.contains(name)).copied().collect::<Vec<_>>(),
            );
            problems.add(&here, format!("is not known here; known are {}", names.join(", ")));
            continue;
        };
        if let Some((_, other, _)) = found.iter().find(|(known, _, _)| *known == name) {
            problems.add(&here, format!("says the same as {other}; leave one of them out"));
            continue;
        }
        if !value.is_null() {
            found.push((name, key, value));
        }
    }
    Fields { path: path.to_owned(), found }
}

impl<'v> Fields<'v> {
    /// The value of a field that was given.
    pub(super) fn get(&self, name: &str) -> Option<At<'v>> {
        let (_, written, value) = self.found.iter().find(|(known, _, _)| *known == name)?;
        Some(At { path: inside(&self.path, written), value })
    }

    /// The field as its writer called it.
    pub(super) fn written(&self, name: &str) -> Option<&'v str> {
        self.found.iter().find(|(known, _, _)| *known == name).map(|(_, written, _)| *written)
    }

    /// All that was given: name and value.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&'static str, At<'v>)> {
        self.found
            .iter()
            .map(|(name, written, value)| (*name, At { path: inside(&self.path, written), value }))
    }

    pub(super) fn text(&self, name: &str, problems: &mut Problems) -> Option<String> {
        self.get(name)?.text(problems).map(str::to_owned)
    }

    pub(super) fn flag(&self, name: &str, problems: &mut Problems) -> Option<bool> {
        let at = self.get(name)?;
        let flag = at.value.as_bool();
        if flag.is_none() {
            problems.add(&at.path, format!("is {} and must be true or false", kind_of(at.value)));
        }
        flag
    }

    pub(super) fn number<T: TryFrom<i64>>(
        &self,
        name: &str,
        low: i64,
        high: i64,
        problems: &mut Problems,
    ) -> Option<T> {
        self.get(name)?.number(low, high, problems)
    }
}

impl<'v> At<'v> {
    pub(super) fn text(&self, problems: &mut Problems) -> Option<&'v str> {
        let text = self.value.as_str();
        if text.is_none() {
            problems.add(&self.path, format!("is {} and must be a text", kind_of(self.value)));
        }
        text
    }

    pub(super) fn number<T: TryFrom<i64>>(
        &self,
        low: i64,
        high: i64,
        problems: &mut Problems,
    ) -> Option<T> {
        let number = self.value.as_i64().filter(|number| (low..=high).contains(number));
        let number = number.and_then(|number| T::try_from(number).ok());
        if number.is_none() {
            problems.add(&self.path, format!("must be a whole number, {low} to {high}"));
        }
        number
    }

    /// The entries of a list; a single value counts as a list of one where `single` says so.
    pub(super) fn list(&self, single: Single, problems: &mut Problems) -> Vec<At<'v>> {
        match (self.value.as_array(), single) {
            (Some(values), _) => values
                .iter()
                .enumerate()
                .map(|(at, value)| At { path: format!("{}[{at}]", self.path), value })
                .collect(),
            (None, Single::Allowed) => vec![self.clone()],
            (None, Single::Refused) => {
                problems.add(&self.path, format!("is {} and must be a list", kind_of(self.value)));
                Vec::new()
            }
        }
    }
}

/// Whether one value may stand for a list of one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Single {
    Allowed,
    Refused,
}

/// What a value is, in words.
pub(super) fn kind_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const TABLE: &[Field] = &[("hit_points", &["hp"]), ("name", &[])];

    fn read(value: &Value) -> (Vec<String>, Vec<String>) {
        let mut problems = Problems::default();
        let map = value.as_object().unwrap();
        let read = fields("it", map, &[TABLE], &["speed"], &mut problems);
        let found = read.iter().map(|(name, at)| format!("{name}@{}", at.path)).collect();
        (
            found,
            problems
                .into_list()
                .into_iter()
                .map(|p| format!("{}: {}", p.path, p.message))
                .collect(),
        )
    }

    #[test]
    fn fields_are_known_by_every_name_and_any_case() {
        for key in ["hp", "hit_points", "hitPoints", "Hit-Points", "HP"] {
            let (found, problems) = read(&json!({ key: 3 }));
            assert_eq!(found, [format!("hit_points@it.{key}")]);
            assert_eq!(problems, [""; 0]);
        }
    }

    #[test]
    fn what_is_not_known_or_said_twice_is_a_problem() {
        let (_, problems) = read(&json!({"hpp": 1, "hp": 1, "hit_points": 2, "speed": 1}));
        assert_eq!(
            problems,
            [
                "it.hp: says the same as hit_points; leave one of them out",
                "it.hpp: is not known here; known are hit_points, name, speed",
            ]
        );
    }
}
