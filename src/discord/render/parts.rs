//! The parts a message is put together from, as Discord writes them.
//!
//! Every body made here says that nobody is to be pinged; only [`ping`] names one person.

use serde_json::{Value, json};

use super::text;
use crate::discord::lint::{BUTTON_LABEL_SHOWN_CHARS, IS_COMPONENTS_V2, OPTION_TEXT_MAX_CHARS};

/// The flag of a message that only one person sees.
pub const EPHEMERAL: u64 = 1 << 6;
/// The colour beside a fight's container.
const ACCENT: u32 = 0x8E_2A_2A;

/// How a button looks; the label alone carries the meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    Primary,
    Secondary,
    Success,
    Danger,
}

impl Style {
    const fn number(self) -> u8 {
        match self {
            Self::Primary => 1,
            Self::Secondary => 2,
            Self::Success => 3,
            Self::Danger => 4,
        }
    }
}

/// A text that may hold markup of ours. Whatever people chose in it went through [`text`].
pub fn text(content: &str) -> Value {
    json!({ "type": 10, "content": content })
}

/// A button.
pub fn button(style: Style, label: &str, custom_id: &str) -> Value {
    json!({
        "type": 2, "style": style.number(), "custom_id": custom_id,
        "label": text::plain(label, BUTTON_LABEL_SHOWN_CHARS),
    })
}

/// A button that cannot be used now.
pub fn disabled(mut button: Value) -> Value {
    if let Some(fields) = button.as_object_mut() {
        fields.insert("disabled".to_owned(), Value::Bool(true));
    }
    button
}

fn with_components(mut body: Value, components: Vec<Value>) -> Value {
    if let Some(fields) = body.as_object_mut() {
        fields.insert("components".to_owned(), Value::Array(components));
    }
    body
}

/// Buttons, or one select, side by side.
pub fn row(children: Vec<Value>) -> Value {
    with_components(json!({ "type": 1 }), children)
}

/// One choice of a select.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    pub label: String,
    pub value: String,
    pub description: String,
}

/// A select in a row of its own. At most 25 choices are taken; paging is the caller's.
pub fn select(
    custom_id: &str,
    placeholder: &str,
    choices: &[Choice],
    least: usize,
    most: usize,
) -> Value {
    let options: Vec<Value> = choices
        .iter()
        .take(crate::discord::lint::OPTIONS_MAX)
        .map(|choice| {
            let mut option = json!({
                "label": text::plain(&choice.label, OPTION_TEXT_MAX_CHARS),
                "value": choice.value,
            });
            if let Some(fields) = option.as_object_mut().filter(|_| !choice.description.is_empty())
            {
                let description = text::plain(&choice.description, OPTION_TEXT_MAX_CHARS);
                fields.insert("description".to_owned(), Value::String(description));
            }
            option
        })
        .collect();
    let most = most.clamp(1, options.len().max(1));
    let least = least.min(most);
    row(vec![json!({
        "type": 3, "custom_id": custom_id, "placeholder": text::plain(placeholder, 100),
        "min_values": least, "max_values": most, "options": options,
    })])
}

/// A thin line.
pub fn separator() -> Value {
    json!({ "type": 14, "divider": true, "spacing": 1 })
}

/// A frame around texts and rows.
pub fn container(children: Vec<Value>) -> Value {
    with_components(json!({ "type": 17, "accent_color": ACCENT }), children)
}

/// Nobody is pinged.
pub fn no_mentions() -> Value {
    json!({ "parse": [] })
}

/// A message everybody sees.
pub fn message(components: Vec<Value>) -> Value {
    let flags = IS_COMPONENTS_V2;
    with_components(json!({ "flags": flags, "allowed_mentions": no_mentions() }), components)
}

/// A message only the one who asked sees.
pub fn private(components: Vec<Value>) -> Value {
    let flags = IS_COMPONENTS_V2 | EPHEMERAL;
    with_components(json!({ "flags": flags, "allowed_mentions": no_mentions() }), components)
}

/// A new message that pings one person, with one row of buttons.
pub fn ping(user: u64, words: &str, buttons: Vec<Value>) -> Value {
    json!({
        "content": format!("<@{user}> {words}"), "components": [row(buttons)],
        "allowed_mentions": { "parse": [], "users": [user.to_string()] },
    })
}

/// A new message that is about to be taken away; it pings nobody.
pub fn passing() -> Value {
    json!({ "content": "-# This turn is over.", "allowed_mentions": no_mentions() })
}

/// A form with one short field for each `(custom id, label, value so far)`.
pub fn modal(custom_id: &str, title: &str, fields: &[(&str, &str, String)]) -> Value {
    let fields: Vec<Value> = fields
        .iter()
        .map(|(id, label, value)| {
            json!({ "type": 18, "label": label, "component": {
                "type": 4, "custom_id": id, "style": 1, "required": false, "max_length": 40,
                "value": text::cut(value, 40),
            } })
        })
        .collect();
    json!({ "custom_id": custom_id, "title": text::plain(title, 45), "components": fields })
}
