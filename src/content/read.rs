//! Turns JSON text into the shapes of the schema, saying where a text stops making sense.

use serde::de::DeserializeOwned;

use crate::rules::creature::Problem;

/// Reads a text, or says where it is broken: line, column and what was expected.
pub(super) fn json<T: DeserializeOwned>(text: &str) -> Result<T, Problem> {
    serde_json::from_str(text)
        .map_err(|error| Problem { path: String::new(), message: error.to_string() })
}

/// Collects problems under a path that grows and shrinks with the place in the text.
#[derive(Debug, Default)]
pub(super) struct Faults {
    found: Vec<Problem>,
}

impl Faults {
    /// Notes a problem, unless there are too many already or this place was complained about.
    pub(super) fn add(&mut self, path: &str, message: impl Into<String>) {
        if self.found.len() < super::PROBLEMS_MAX && !self.has(path) {
            self.found.push(Problem { path: path.to_owned(), message: message.into() });
        }
    }

    /// The value, or what stands for it while the rest is still being checked.
    pub(super) fn take<T>(&mut self, path: &str, value: Result<T, String>, instead: T) -> T {
        value.unwrap_or_else(|message| {
            self.add(path, message);
            instead
        })
    }

    pub(super) fn has(&self, path: &str) -> bool {
        self.found.iter().any(|problem| problem.path == path)
    }

    pub(super) fn into_problems(self) -> Vec<Problem> {
        self.found
    }
}
