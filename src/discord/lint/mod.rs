//! Checks a message before it leaves, so that Discord never has to refuse a card in mid-fight.
//!
//! twilight-validate looks at messages that are created, but not at edits and callbacks, and it
//! misses several of Discord's limits; this looks at everything. It never changes a message, and
//! what it reports never repeats what a user wrote.

mod component;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::fmt;

use serde_json::Value;

use component::Walk;

/// Components in a message, counted recursively, rows and containers included.
pub const COMPONENTS_MAX: usize = 40;
/// Characters in all text displays of a message together.
pub const TEXT_MAX_CHARS: usize = 4_000;
/// Characters in the content of a message without components of the second kind.
pub const CONTENT_MAX_CHARS: usize = 2_000;
/// Characters in a custom id.
pub const CUSTOM_ID_MAX_CHARS: usize = 100;
/// Options of a select, and choices of an autocompletion.
pub const OPTIONS_MAX: usize = 25;
/// Characters in the label, the value or the description of an option.
pub const OPTION_TEXT_MAX_CHARS: usize = 100;
/// Characters in the placeholder of a select.
pub const PLACEHOLDER_MAX_CHARS: usize = 150;
/// Characters of a button's label that Discord takes.
pub const BUTTON_LABEL_MAX_CHARS: usize = 80;
/// Characters of a button's label that a phone shows; our own limit.
pub const BUTTON_LABEL_SHOWN_CHARS: usize = 34;
/// Buttons in a row.
pub const ROW_BUTTONS_MAX: usize = 5;
/// Rows in a message without components of the second kind.
pub const ROWS_MAX: usize = 5;
/// Texts in a section.
pub const SECTION_TEXTS_MAX: usize = 3;
/// Pictures in a gallery.
pub const GALLERY_ITEMS_MAX: usize = 10;
/// Characters of a picture's alt text.
pub const ALT_TEXT_MAX_CHARS: usize = 1_024;
/// Characters in the title of a modal, and in the label of one of its fields.
pub const MODAL_TITLE_MAX_CHARS: usize = 45;
/// Fields of a modal.
pub const MODAL_FIELDS_MAX: usize = 5;

/// The message flag without which components of the second kind are refused.
pub const IS_COMPONENTS_V2: u64 = 1 << 15;

/// What kind of body is being checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A new message: `POST channels/…/messages` or a follow-up.
    Create,
    /// An edit of any message.
    Edit,
    /// The answer to an interaction, `{ "type": …, "data": … }`.
    Callback,
}

/// What is wrong with a message. The words in [`Rule::says`] are for whoever wrote the renderer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Rule {
    /// Not a JSON object of the expected shape.
    Shape,
    /// More than [`COMPONENTS_MAX`] components.
    TooManyComponents,
    /// More text than Discord takes.
    TooMuchText,
    /// A text without a visible character.
    EmptyText,
    /// A custom id used twice.
    CustomIdTwice,
    /// A custom id missing, empty or too long.
    CustomIdLength,
    /// No option, or more than [`OPTIONS_MAX`].
    OptionCount,
    /// Two options of a select with the same value.
    OptionTwice,
    /// Label, value, description or placeholder empty or too long.
    OptionText,
    /// `min_values`, `max_values`, defaults and options do not agree.
    OptionRange,
    /// A label that is empty or longer than Discord takes.
    LabelLength,
    /// A button's label longer than a phone shows: our own limit.
    LabelNotShown,
    /// A row without children or with too many, a section or gallery likewise.
    ChildCount,
    /// A component where none of its kind may be.
    Misplaced,
    /// A link without an address, or a button that is both a link and not.
    ButtonTarget,
    /// A picture without alt text: our own rule; or with too long a one.
    AltText,
    /// Components of the second kind without the flag.
    FlagMissing,
    /// Content, embeds, stickers or a poll beside components of the second kind.
    MixedKinds,
    /// `allowed_mentions` is missing: our own rule, the default pings.
    MentionsMissing,
    /// `allowed_mentions` allows more than the players it may ping.
    MentionsUnsafe,
}

impl Rule {
    /// Whether the limit is our own; Discord would take the message.
    pub fn is_ours(self) -> bool {
        matches!(
            self,
            Self::LabelNotShown | Self::AltText | Self::MentionsMissing | Self::MentionsUnsafe
        )
    }

    /// The rule in words.
    pub fn says(self) -> &'static str {
        match self {
            Self::Shape => "a message is an object of the documented shape",
            Self::TooManyComponents => "at most 40 components, counted recursively",
            Self::TooMuchText => "at most 4,000 characters of text, 2,000 of content",
            Self::EmptyText => "a text has something to read",
            Self::CustomIdTwice => "custom ids are unique in a message",
            Self::CustomIdLength => "custom ids have 1 to 100 characters",
            Self::OptionCount => "1 to 25 options",
            Self::OptionTwice => "option values are unique in a select",
            Self::OptionText => "option texts have 1 to 100 characters, placeholders up to 150",
            Self::OptionRange => "min_values, max_values, defaults and options agree",
            Self::LabelLength => "labels are not empty and not longer than Discord takes",
            Self::LabelNotShown => "button labels have at most 34 characters",
            Self::ChildCount => {
                "rows, sections, galleries and containers are neither empty nor full"
            }
            Self::Misplaced => "components stand where their kind may stand",
            Self::ButtonTarget => "a button has a custom id or an address, not both",
            Self::AltText => "every picture has an alt text of at most 1,024 characters",
            Self::FlagMissing => "components of the second kind need the IS_COMPONENTS_V2 flag",
            Self::MixedKinds => "no content, embeds, stickers or poll beside such components",
            Self::MentionsMissing => "every body says whom it may ping",
            Self::MentionsUnsafe => "nobody is pinged but the player whose turn it is",
        }
    }
}

/// One thing that is wrong, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The rule that is broken.
    pub rule: Rule,
    /// The place, as a path into the body.
    pub at: String,
    /// The measure that is too much or too little, where there is one.
    pub found: Option<usize>,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.at, self.rule.says())?;
        match self.found {
            Some(found) => write!(f, " (found {found})"),
            None => Ok(()),
        }
    }
}

/// Every problem of `body`, which may ping nobody.
pub fn lint_message(body: &Value, kind: Kind) -> Vec<Problem> {
    lint_message_pinging(body, kind, &[])
}

/// Every problem of `body`, which may ping the users `pings` and nobody else.
pub fn lint_message_pinging(body: &Value, kind: Kind, pings: &[u64]) -> Vec<Problem> {
    let mut walk = Walk::default();
    match kind {
        Kind::Create => message(body, "", false, pings, &mut walk),
        Kind::Edit => message(body, "", true, pings, &mut walk),
        Kind::Callback => callback(body, pings, &mut walk),
    }
    walk.problems
}

/// [`lint_message_pinging`] for bytes as they go over the wire.
pub fn lint_bytes(body: &[u8], kind: Kind, pings: &[u64]) -> Vec<Problem> {
    match serde_json::from_slice(body) {
        Ok(body) => lint_message_pinging(&body, kind, pings),
        Err(_) => vec![Problem { rule: Rule::Shape, at: "/".to_owned(), found: None }],
    }
}

fn callback(body: &Value, pings: &[u64], walk: &mut Walk) {
    let nothing = Value::Null;
    let data = body.get("data").unwrap_or(&nothing);
    match body.get("type").and_then(Value::as_u64) {
        // pong, and the two deferrals: there is nothing to read in them yet
        Some(1 | 5 | 6) => {}
        Some(4) => message(data, "/data", false, pings, walk),
        Some(7) => message(data, "/data", true, pings, walk),
        Some(8) => choices(data, walk),
        Some(9) => modal(data, walk),
        _ => walk.report(Rule::Shape, "/type", None),
    }
}

fn message(body: &Value, at: &str, edit: bool, pings: &[u64], walk: &mut Walk) {
    let Some(fields) = body.as_object() else {
        return walk.report(Rule::Shape, at, None);
    };
    let held = |name: &str| fields.get(name).filter(|value| !value.is_null());
    let content = held("content").and_then(Value::as_str).unwrap_or_default();
    walk.limit(Rule::TooMuchText, &format!("{at}/content"), chars(content), CONTENT_MAX_CHARS);
    let components = held("components").and_then(Value::as_array);
    for (index, child) in components.into_iter().flatten().enumerate() {
        walk.top_level(child, &format!("{at}/components/{index}"));
    }
    let flagged = held("flags").and_then(Value::as_u64).unwrap_or(0) & IS_COMPONENTS_V2 != 0;
    if walk.second_kind && !flagged {
        walk.report(Rule::FlagMissing, &format!("{at}/flags"), None);
    }
    if walk.second_kind || flagged {
        for name in ["content", "embeds", "sticker_ids", "poll"] {
            if held(name).is_some_and(|value| !is_empty(value)) {
                walk.report(Rule::MixedKinds, &format!("{at}/{name}"), None);
            }
        }
        if flagged && !edit && components.is_none_or(Vec::is_empty) {
            walk.report(Rule::ChildCount, &format!("{at}/components"), Some(0));
        }
    } else {
        let rows = components.map_or(0, Vec::len);
        walk.limit(Rule::ChildCount, &format!("{at}/components"), rows, ROWS_MAX);
    }
    walk.finish(&format!("{at}/components"));
    mentions(held("allowed_mentions"), &format!("{at}/allowed_mentions"), pings, walk);
}

fn mentions(allowed: Option<&Value>, at: &str, pings: &[u64], walk: &mut Walk) {
    let Some(allowed) = allowed else {
        return walk.report(Rule::MentionsMissing, at, None);
    };
    // An absent `parse` means none only as long as another field is there; we always write it.
    let none = |name: &str| allowed.get(name).and_then(Value::as_array).is_some_and(Vec::is_empty);
    if !none("parse") {
        walk.report(Rule::MentionsUnsafe, &format!("{at}/parse"), None);
    }
    if allowed.get("roles").is_some_and(|roles| !is_empty(roles)) {
        walk.report(Rule::MentionsUnsafe, &format!("{at}/roles"), None);
    }
    if allowed.get("replied_user").and_then(Value::as_bool) == Some(true) {
        walk.report(Rule::MentionsUnsafe, &format!("{at}/replied_user"), None);
    }
    let users = allowed.get("users").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let expected = |user: &Value| {
        user.as_str().and_then(|id| id.parse().ok()).is_some_and(|id: u64| pings.contains(&id))
    };
    if !users.iter().all(expected) {
        walk.report(Rule::MentionsUnsafe, &format!("{at}/users"), Some(users.len()));
    }
}

fn choices(data: &Value, walk: &mut Walk) {
    let Some(choices) = data.get("choices").and_then(Value::as_array) else {
        return walk.report(Rule::Shape, "/data/choices", None);
    };
    walk.limit(Rule::OptionCount, "/data/choices", choices.len(), OPTIONS_MAX);
    for (index, choice) in choices.iter().enumerate() {
        let at = format!("/data/choices/{index}");
        let name = choice.get("name").and_then(Value::as_str).unwrap_or_default();
        walk.range(Rule::OptionText, &format!("{at}/name"), chars(name), OPTION_TEXT_MAX_CHARS);
        match choice.get("value") {
            Some(Value::String(value)) => {
                let at = format!("{at}/value");
                walk.limit(Rule::OptionText, &at, chars(value), OPTION_TEXT_MAX_CHARS);
            }
            Some(Value::Number(_)) => {}
            _ => walk.report(Rule::Shape, &format!("{at}/value"), None),
        }
    }
}

fn modal(data: &Value, walk: &mut Walk) {
    let title = data.get("title").and_then(Value::as_str).unwrap_or_default();
    walk.range(Rule::LabelLength, "/data/title", chars(title), MODAL_TITLE_MAX_CHARS);
    walk.custom_id(data, "/data");
    let fields = data.get("components").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    walk.range(Rule::ChildCount, "/data/components", fields.len(), MODAL_FIELDS_MAX);
    for (index, field) in fields.iter().enumerate() {
        walk.modal_field(field, &format!("/data/components/{index}"));
    }
    walk.finish("/data/components");
}

/// Length as Discord counts it: UTF-16 units, which is never less than what a person counts.
fn chars(text: &str) -> usize {
    text.encode_utf16().count()
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(list) => list.is_empty(),
        _ => false,
    }
}

/// The values that occur more than once.
fn has_twice<'a>(values: impl Iterator<Item = &'a str>) -> bool {
    let mut seen = BTreeSet::new();
    let mut twice = false;
    for value in values {
        twice |= !seen.insert(value);
    }
    twice
}
