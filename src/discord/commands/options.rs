//! What was typed behind a command, by the names of its options.
//!
//! Discord promises types and ranges; nothing here relies on it.

use std::collections::BTreeMap;

use twilight_model::application::interaction::application_command::{
    CommandData, CommandDataOption, CommandOptionValue,
};

/// Options taken from one command; more are not read.
const OPTIONS_MAX: usize = 25;

/// A value as it was typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Arg {
    Text(String),
    Whole(i64),
    Flag(bool),
}

/// The options of one command.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Args {
    values: BTreeMap<String, Arg>,
    /// The option being typed, for completion.
    focused: Option<String>,
}

impl Args {
    /// The path of the command, such as `combat start`, and its options.
    pub fn of(data: &CommandData) -> (String, Self) {
        let mut path = data.name.clone();
        let mut options: &[CommandDataOption] = &data.options;
        while let [
            CommandDataOption {
                name,
                value:
                    CommandOptionValue::SubCommand(inner) | CommandOptionValue::SubCommandGroup(inner),
            },
        ] = options
        {
            path.push(' ');
            path.push_str(name);
            options = inner;
        }
        let mut args = Self::default();
        for option in options.iter().take(OPTIONS_MAX) {
            let value = match &option.value {
                CommandOptionValue::String(text) => Arg::Text(text.clone()),
                CommandOptionValue::Integer(number) => Arg::Whole(*number),
                CommandOptionValue::Boolean(flag) => Arg::Flag(*flag),
                CommandOptionValue::Focused(text, _) => {
                    args.focused = Some(option.name.clone());
                    Arg::Text(text.clone())
                }
                CommandOptionValue::User(user) => Arg::Text(user.get().to_string()),
                _ => continue,
            };
            args.values.insert(option.name.clone(), value);
        }
        (path, args)
    }

    /// The text of an option, if it was given and is not blank.
    pub fn text(&self, name: &str) -> Option<&str> {
        match self.values.get(name)? {
            Arg::Text(text) => Some(text.trim()).filter(|text| !text.is_empty()),
            Arg::Whole(_) | Arg::Flag(_) => None,
        }
    }

    /// Whether a yes-or-no option was given as yes.
    pub fn flag(&self, name: &str) -> bool {
        self.values.get(name) == Some(&Arg::Flag(true))
    }

    /// The option being typed and what is there so far.
    pub fn focused(&self) -> Option<(&str, &str)> {
        let name = self.focused.as_deref()?;
        match self.values.get(name)? {
            Arg::Text(text) => Some((name, text)),
            Arg::Whole(_) | Arg::Flag(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn data(options: &serde_json::Value) -> CommandData {
        serde_json::from_value(json!({
            "id": "1", "name": "combat", "type": 1, "options": options,
        }))
        .unwrap()
    }

    #[test]
    fn options_are_read_through_subcommands() {
        let (path, args) = Args::of(&data(&json!([{ "name": "add", "type": 1, "options": [
            { "name": "monsters", "type": 3, "value": " 3 goblin " },
            { "name": "hidden", "type": 5, "value": true },
        ] }])));
        assert_eq!(path, "combat add");
        assert_eq!(args.text("monsters"), Some("3 goblin"));
        assert!(args.flag("hidden"));
        assert_eq!(args.text("hidden"), None);
        assert_eq!(args.focused(), None);
    }

    #[test]
    fn what_is_being_typed_is_known() {
        let (_, args) = Args::of(&data(&json!([{ "name": "add", "type": 1, "options": [
            { "name": "monsters", "type": 3, "value": "gob", "focused": true },
        ] }])));
        assert_eq!(args.focused(), Some(("monsters", "gob")));
    }
}
