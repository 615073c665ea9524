//! Why a message could not be read: where in it, and what to write instead.
//!
//! A message is read whole or refused; nothing here may repeat what the sender wrote, because a
//! refusal travels to logs and screens that the sender does not own.

use std::fmt;

/// Longest list of faults that one refusal spells out.
pub(crate) const FAULTS_SHOWN_MAX: usize = 20;

/// What kind of fault it is. The log cares: an unknown value there was written by a newer version.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Fault {
    /// A value that is needed is not there.
    Absent,
    /// A value, or a choice of a oneof, that this version does not know.
    Unknown,
    /// A value that is not of the documented form.
    Wrong,
}

/// A field that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct Malformed {
    pub fault: Fault,
    /// Where, such as `initiate.creatures[2].count`; empty for the message itself.
    pub path: String,
    /// What to change, as the end of a sentence that begins with the path.
    pub message: String,
}

impl Malformed {
    /// The stable code of this refusal, on every surface.
    pub const CODE: &'static str = "malformed";

    pub(crate) fn absent(field: &str) -> Self {
        Self { fault: Fault::Absent, path: field.to_owned(), message: "must be given".to_owned() }
    }

    /// No choice of a oneof is set, or one that this version does not know.
    pub(crate) fn no_choice(field: &str) -> Self {
        let message = "must be one of the choices this version knows".to_owned();
        Self { fault: Fault::Unknown, path: field.to_owned(), message }
    }

    pub(crate) fn wrong(field: &str, message: impl Into<String>) -> Self {
        Self { fault: Fault::Wrong, path: field.to_owned(), message: message.into() }
    }

    /// The same fault, seen from the message that holds `field`.
    #[must_use]
    pub(crate) fn inside(mut self, field: &str) -> Self {
        let joint = if self.path.is_empty() || self.path.starts_with('[') { "" } else { "." };
        self.path = format!("{field}{joint}{}", self.path);
        self
    }

    /// Several faults as one, so that a whole stat block can be put right at once.
    pub(crate) fn all(field: &str, faults: &[Self]) -> Self {
        let fault =
            faults.iter().find(|f| f.fault == Fault::Unknown).map_or(Fault::Wrong, |f| f.fault);
        let shown: Vec<String> =
            faults.iter().take(FAULTS_SHOWN_MAX).map(ToString::to_string).collect();
        let more = faults.len().saturating_sub(FAULTS_SHOWN_MAX);
        let tail = if more == 0 { String::new() } else { format!("; and {more} more") };
        let message = format!("has {} to put right: {}{tail}", faults.len(), shown.join("; "));
        Self { fault, path: field.to_owned(), message }
    }
}

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.path.is_empty() {
            write!(f, "the message {}", self.message)
        } else {
            write!(f, "{} {}", self.path, self.message)
        }
    }
}

/// Says in which field a fault was found; costs nothing while there is none.
pub(crate) trait Inside<T> {
    fn inside(self, field: &str) -> Result<T, Malformed>;
    fn inside_nth(self, field: &str, index: usize) -> Result<T, Malformed>;
}

impl<T> Inside<T> for Result<T, Malformed> {
    fn inside(self, field: &str) -> Self {
        self.map_err(|malformed| malformed.inside(field))
    }

    fn inside_nth(self, field: &str, index: usize) -> Self {
        self.map_err(|malformed| malformed.inside(&format!("{field}[{index}]")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_leads_from_the_outside_in() {
        let fault: Result<(), _> = Err(Malformed::wrong("count", "must be 1 to 50"));
        let fault = fault.inside_nth("creatures", 2).inside("initiate").unwrap_err();
        assert_eq!(fault.to_string(), "initiate.creatures[2].count must be 1 to 50");
    }

    #[test]
    fn many_faults_are_told_at_once_but_not_without_end() {
        let faults = vec![Malformed::wrong("name", "is too long"); 25];
        let text = Malformed::all("definition", &faults).to_string();
        assert!(text.starts_with("definition has 25 to put right: name is too long; name"));
        assert!(text.ends_with("; and 5 more"));
    }
}
