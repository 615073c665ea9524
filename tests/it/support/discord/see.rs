//! What a person sees of a message: its text, its buttons, its selects.

use serde_json::Value;

use super::world::{Message, World};

/// A message as it was when somebody looked.
#[derive(Debug, Clone)]
pub(crate) struct MessageView {
    pub(crate) id: u64,
    pub(crate) channel: u64,
    /// The one user who sees it, if it is ephemeral.
    pub(crate) only_for: Option<u64>,
    /// As the API shows it.
    pub(crate) json: Value,
    pub(crate) edits: usize,
}

/// A button on a message.
#[derive(Debug, Clone)]
pub(crate) struct Button {
    pub(crate) label: String,
    /// Empty for a link.
    pub(crate) custom_id: String,
    pub(crate) url: String,
    pub(crate) disabled: bool,
}

/// A select on a message.
#[derive(Debug, Clone)]
pub(crate) struct Select {
    pub(crate) kind: u64,
    pub(crate) custom_id: String,
    pub(crate) placeholder: String,
    pub(crate) disabled: bool,
    /// Label, value, description of each option.
    pub(crate) options: Vec<(String, String, String)>,
    pub(crate) min_values: u64,
    pub(crate) max_values: u64,
}

impl MessageView {
    pub(crate) fn of(world: &World, message: &Message) -> Self {
        Self {
            id: message.id,
            channel: message.channel,
            only_for: message.only_for,
            json: world.message_json(message.id),
            edits: message.edits,
        }
    }

    pub(crate) fn is_private(&self) -> bool {
        self.only_for.is_some()
    }

    /// Everything there is to read: content, texts, alt texts, line by line.
    pub(crate) fn text(&self) -> String {
        let mut lines = Vec::new();
        if let Some(content) = self.json["content"].as_str().filter(|text| !text.is_empty()) {
            lines.push(content.to_owned());
        }
        walk(&self.json["components"], &mut |component| match component["type"].as_u64() {
            Some(10) => lines.push(string(&component["content"])),
            Some(12) => {
                let items = component["items"].as_array().into_iter().flatten();
                lines.extend(items.map(|item| string(&item["description"])));
            }
            _ => {}
        });
        lines.join("\n")
    }

    pub(crate) fn buttons(&self) -> Vec<Button> {
        let mut found = Vec::new();
        walk(&self.json["components"], &mut |component| {
            if component["type"] == 2 {
                found.push(Button {
                    label: string(&component["label"]),
                    custom_id: string(&component["custom_id"]),
                    url: string(&component["url"]),
                    disabled: component["disabled"] == true,
                });
            }
        });
        found
    }

    pub(crate) fn selects(&self) -> Vec<Select> {
        let mut found = Vec::new();
        walk(&self.json["components"], &mut |component| {
            let kind = component["type"].as_u64().unwrap_or(0);
            if matches!(kind, 3 | 5..=8) {
                let options = component["options"].as_array().into_iter().flatten();
                found.push(Select {
                    kind,
                    custom_id: string(&component["custom_id"]),
                    placeholder: string(&component["placeholder"]),
                    disabled: component["disabled"] == true,
                    options: options
                        .map(|one| {
                            (
                                string(&one["label"]),
                                string(&one["value"]),
                                string(&one["description"]),
                            )
                        })
                        .collect(),
                    min_values: component["min_values"].as_u64().unwrap_or(1),
                    max_values: component["max_values"].as_u64().unwrap_or(1),
                });
            }
        });
        found
    }

    /// The button with this custom id or label; a part of the label will do when it is the only
    /// one that fits.
    #[track_caller]
    pub(crate) fn button(&self, which: &str) -> Button {
        let all = self.buttons();
        let exact = all.iter().find(|one| one.custom_id == which || one.label == which);
        let mut partly = all.iter().filter(|one| one.label.contains(which));
        let found = exact.or_else(|| match (partly.next(), partly.next()) {
            (Some(one), None) => Some(one),
            _ => None,
        });
        found
            .cloned()
            .unwrap_or_else(|| panic!("no button {which:?} among {all:#?}\n{}", self.text()))
    }

    /// Whether there is a button whose label contains `which`.
    pub(crate) fn has_button(&self, which: &str) -> bool {
        self.buttons().iter().any(|one| one.label.contains(which) || one.custom_id == which)
    }

    /// The select with this custom id, or whose custom id or placeholder contains `which`.
    #[track_caller]
    pub(crate) fn select(&self, which: &str) -> Select {
        let all = self.selects();
        let exact = all.iter().find(|one| one.custom_id == which);
        let found = exact.or_else(|| {
            all.iter().find(|one| one.placeholder.contains(which) || one.custom_id.contains(which))
        });
        found
            .cloned()
            .unwrap_or_else(|| panic!("no select {which:?} among {all:#?}\n{}", self.text()))
    }
}

fn string(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// Visits every component, wherever it is.
fn walk(components: &Value, visit: &mut impl FnMut(&Value)) {
    for component in components.as_array().into_iter().flatten() {
        visit(component);
        walk(&component["components"], visit);
        if component["accessory"].is_object() {
            visit(&component["accessory"]);
        }
    }
}
