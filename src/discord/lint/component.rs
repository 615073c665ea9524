//! Walks through the buttons, selects, texts and pictures of a message and measures each.
//!
//! Every component is counted, wherever it hides: in rows, sections, containers, labels, and as
//! the accessory of a section.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{
    ALT_TEXT_MAX_CHARS, BUTTON_LABEL_MAX_CHARS, BUTTON_LABEL_SHOWN_CHARS, COMPONENTS_MAX,
    CUSTOM_ID_MAX_CHARS, GALLERY_ITEMS_MAX, MODAL_TITLE_MAX_CHARS, OPTION_TEXT_MAX_CHARS,
    OPTIONS_MAX, PLACEHOLDER_MAX_CHARS, Problem, ROW_BUTTONS_MAX, Rule, SECTION_TEXTS_MAX,
    TEXT_MAX_CHARS, chars, has_twice,
};

/// Discord's numbers for the kinds of component.
mod kind {
    pub(super) const ROW: u64 = 1;
    pub(super) const BUTTON: u64 = 2;
    pub(super) const STRING_SELECT: u64 = 3;
    pub(super) const TEXT_INPUT: u64 = 4;
    pub(super) const CHANNEL_SELECT: u64 = 8;
    pub(super) const SECTION: u64 = 9;
    pub(super) const TEXT: u64 = 10;
    pub(super) const THUMBNAIL: u64 = 11;
    pub(super) const GALLERY: u64 = 12;
    pub(super) const FILE: u64 = 13;
    pub(super) const SEPARATOR: u64 = 14;
    pub(super) const CONTAINER: u64 = 17;
    pub(super) const LABEL: u64 = 18;
}

/// The style of a button that leads to an address.
const LINK_STYLE: u64 = 5;

/// The longest address of a link button, in characters.
const URL_MAX_CHARS: usize = 512;

/// What the walk has seen so far.
#[derive(Debug, Default)]
pub(super) struct Walk {
    pub(super) problems: Vec<Problem>,
    /// Whether a component of the second kind (text displays, containers, galleries…) occurred.
    pub(super) second_kind: bool,
    count: usize,
    text_chars: usize,
    custom_ids: BTreeSet<String>,
}

impl Walk {
    pub(super) fn report(&mut self, rule: Rule, at: &str, found: Option<usize>) {
        let at = if at.is_empty() { "/".to_owned() } else { at.to_owned() };
        self.problems.push(Problem { rule, at, found });
    }

    /// Reports when `found` is more than `most`.
    pub(super) fn limit(&mut self, rule: Rule, at: &str, found: usize, most: usize) {
        if found > most {
            self.report(rule, at, Some(found));
        }
    }

    /// Reports when `found` is nothing or more than `most`.
    pub(super) fn range(&mut self, rule: Rule, at: &str, found: usize, most: usize) {
        if found == 0 || found > most {
            self.report(rule, at, Some(found));
        }
    }

    /// The sums over the whole message, after everything was visited.
    pub(super) fn finish(&mut self, at: &str) {
        self.limit(Rule::TooManyComponents, at, self.count, COMPONENTS_MAX);
        self.limit(Rule::TooMuchText, at, self.text_chars, TEXT_MAX_CHARS);
    }

    /// A component directly in a message.
    pub(super) fn top_level(&mut self, component: &Value, at: &str) {
        self.child(
            component,
            at,
            &[
                kind::ROW,
                kind::SECTION,
                kind::TEXT,
                kind::GALLERY,
                kind::FILE,
                kind::SEPARATOR,
                kind::CONTAINER,
            ],
        );
    }

    /// A component directly in a modal: a label with its field, a text, or the older row.
    pub(super) fn modal_field(&mut self, component: &Value, at: &str) {
        self.count += 1;
        match kind_of(component) {
            Some(kind::TEXT) => self.text(component, at),
            Some(kind::LABEL) => {
                let label = text_of(component, "label");
                let label_at = format!("{at}/label");
                self.range(Rule::LabelLength, &label_at, chars(label), MODAL_TITLE_MAX_CHARS);
                let description = chars(text_of(component, "description"));
                let most = OPTION_TEXT_MAX_CHARS;
                self.limit(Rule::OptionText, &format!("{at}/description"), description, most);
                match component.get("component") {
                    Some(field) => self.field(field, &format!("{at}/component")),
                    None => self.report(Rule::ChildCount, at, Some(0)),
                }
            }
            Some(kind::ROW) => {
                let fields = children(component);
                if fields.len() != 1 {
                    self.report(Rule::ChildCount, at, Some(fields.len()));
                }
                for field in fields {
                    let label = text_of(field, "label");
                    let at = format!("{at}/components/0");
                    self.range(Rule::LabelLength, &at, chars(label), MODAL_TITLE_MAX_CHARS);
                    self.field(field, &at);
                }
            }
            _ => self.report(Rule::Misplaced, at, None),
        }
    }

    fn field(&mut self, field: &Value, at: &str) {
        self.count += 1;
        match kind_of(field) {
            Some(kind::TEXT_INPUT) => {
                self.custom_id(field, at);
                let placeholder = chars(text_of(field, "placeholder"));
                self.limit(Rule::OptionText, at, placeholder, OPTION_TEXT_MAX_CHARS);
            }
            Some(kind::STRING_SELECT..=kind::CHANNEL_SELECT) => self.select(field, at),
            _ => self.report(Rule::Misplaced, at, None),
        }
    }

    fn child(&mut self, component: &Value, at: &str, allowed: &[u64]) {
        self.count += 1;
        let Some(kind) = kind_of(component) else {
            return self.report(Rule::Shape, &format!("{at}/type"), None);
        };
        if !allowed.contains(&kind) {
            return self.report(Rule::Misplaced, at, None);
        }
        if matches!(kind, kind::SECTION..=kind::SEPARATOR | kind::CONTAINER) {
            self.second_kind = true;
        }
        match kind {
            kind::ROW => self.row(component, at),
            kind::BUTTON => self.button(component, at),
            kind::STRING_SELECT..=kind::CHANNEL_SELECT => self.select(component, at),
            kind::SECTION => self.section(component, at),
            kind::TEXT => self.text(component, at),
            kind::THUMBNAIL => self.alt_text(component, at),
            kind::GALLERY => self.gallery(component, at),
            kind::CONTAINER => self.container(component, at),
            _ => {}
        }
    }

    fn row(&mut self, row: &Value, at: &str) {
        const SELECTS: [u64; 5] = [3, 5, 6, 7, 8];
        let held = children(row);
        let selects =
            held.iter().filter(|child| kind_of(child).is_some_and(|kind| SELECTS.contains(&kind)));
        let most = if selects.count() > 0 { 1 } else { ROW_BUTTONS_MAX };
        self.range(Rule::ChildCount, at, held.len(), most);
        for (index, child) in held.iter().enumerate() {
            self.child(child, &format!("{at}/components/{index}"), &[kind::BUTTON, 3, 5, 6, 7, 8]);
        }
    }

    fn section(&mut self, section: &Value, at: &str) {
        let texts = children(section);
        self.range(Rule::ChildCount, at, texts.len(), SECTION_TEXTS_MAX);
        for (index, child) in texts.iter().enumerate() {
            self.child(child, &format!("{at}/components/{index}"), &[kind::TEXT]);
        }
        match section.get("accessory") {
            Some(accessory) => {
                let allowed = [kind::BUTTON, kind::THUMBNAIL];
                self.child(accessory, &format!("{at}/accessory"), &allowed);
            }
            None => self.report(Rule::ChildCount, &format!("{at}/accessory"), Some(0)),
        }
    }

    fn container(&mut self, container: &Value, at: &str) {
        let held = children(container);
        self.range(Rule::ChildCount, at, held.len(), COMPONENTS_MAX);
        for (index, child) in held.iter().enumerate() {
            self.child(
                child,
                &format!("{at}/components/{index}"),
                &[kind::ROW, kind::SECTION, kind::TEXT, kind::GALLERY, kind::FILE, kind::SEPARATOR],
            );
        }
    }

    fn gallery(&mut self, gallery: &Value, at: &str) {
        let items = gallery.get("items").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
        self.range(Rule::ChildCount, at, items.len(), GALLERY_ITEMS_MAX);
        for (index, item) in items.iter().enumerate() {
            self.alt_text(item, &format!("{at}/items/{index}"));
        }
    }

    fn alt_text(&mut self, picture: &Value, at: &str) {
        let found = chars(text_of(picture, "description").trim());
        self.range(Rule::AltText, &format!("{at}/description"), found, ALT_TEXT_MAX_CHARS);
    }

    fn text(&mut self, text: &Value, at: &str) {
        let content = text_of(text, "content");
        self.text_chars += chars(content);
        if content.trim().is_empty() {
            self.report(Rule::EmptyText, &format!("{at}/content"), Some(0));
        }
    }

    fn button(&mut self, button: &Value, at: &str) {
        let label = chars(text_of(button, "label"));
        let label_at = format!("{at}/label");
        if label > BUTTON_LABEL_MAX_CHARS || (label == 0 && button.get("emoji").is_none()) {
            self.report(Rule::LabelLength, &label_at, Some(label));
        }
        self.limit(Rule::LabelNotShown, &label_at, label, BUTTON_LABEL_SHOWN_CHARS);
        let url = text_of(button, "url");
        if button.get("style").and_then(Value::as_u64) == Some(LINK_STYLE) {
            if url.is_empty() || chars(url) > URL_MAX_CHARS || button.get("custom_id").is_some() {
                self.report(Rule::ButtonTarget, at, None);
            }
        } else {
            if !url.is_empty() {
                self.report(Rule::ButtonTarget, at, None);
            }
            self.custom_id(button, at);
        }
    }

    fn select(&mut self, select: &Value, at: &str) {
        self.custom_id(select, at);
        let placeholder = chars(text_of(select, "placeholder"));
        let placeholder_at = format!("{at}/placeholder");
        self.limit(Rule::OptionText, &placeholder_at, placeholder, PLACEHOLDER_MAX_CHARS);
        let number = |name: &str, otherwise| {
            let held = select.get(name).and_then(Value::as_u64);
            held.map_or(otherwise, |held| usize::try_from(held).unwrap_or(usize::MAX))
        };
        let (least, most) = (number("min_values", 1), number("max_values", 1));
        if least > most || most == 0 || most > OPTIONS_MAX {
            self.report(Rule::OptionRange, at, Some(most));
        }
        if kind_of(select) != Some(kind::STRING_SELECT) {
            return;
        }
        let options =
            select.get("options").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
        self.range(Rule::OptionCount, &format!("{at}/options"), options.len(), OPTIONS_MAX);
        let defaults = options
            .iter()
            .filter(|option| option.get("default").and_then(Value::as_bool) == Some(true))
            .count();
        if most > options.len() || defaults > most {
            self.report(Rule::OptionRange, &format!("{at}/max_values"), Some(most));
        }
        if has_twice(options.iter().map(|option| text_of(option, "value"))) {
            self.report(Rule::OptionTwice, &format!("{at}/options"), None);
        }
        for (index, option) in options.iter().enumerate() {
            let at = format!("{at}/options/{index}");
            let shown = OPTION_TEXT_MAX_CHARS;
            for name in ["label", "value"] {
                let found = chars(text_of(option, name));
                self.range(Rule::OptionText, &format!("{at}/{name}"), found, shown);
            }
            let found = chars(text_of(option, "description"));
            self.limit(Rule::OptionText, &format!("{at}/description"), found, shown);
        }
    }

    /// Measures the custom id of `component` and remembers it.
    pub(super) fn custom_id(&mut self, component: &Value, at: &str) {
        let id = text_of(component, "custom_id");
        let at = format!("{at}/custom_id");
        self.range(Rule::CustomIdLength, &at, chars(id), CUSTOM_ID_MAX_CHARS);
        if !id.is_empty() && !self.custom_ids.insert(id.to_owned()) {
            self.report(Rule::CustomIdTwice, &at, None);
        }
    }
}

fn kind_of(component: &Value) -> Option<u64> {
    component.get("type").and_then(Value::as_u64)
}

fn text_of<'a>(component: &'a Value, name: &str) -> &'a str {
    component.get(name).and_then(Value::as_str).unwrap_or_default()
}

fn children(component: &Value) -> &[Value] {
    component.get("components").and_then(Value::as_array).map_or(&[], Vec::as_slice)
}
