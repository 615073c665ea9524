//! Everything that can be typed, in one table: registration, dispatch, completion and help.
//!
//! A command that is not in the table does not exist; what the table says is what Discord shows.

pub mod action;
pub mod add;
pub mod begin;
pub mod character;
pub mod end_turn;
pub mod help;
pub mod join;
pub mod monsters;
pub mod options;
pub mod register;
pub mod roll;
pub mod start;
pub mod status;
pub mod steer;

use serde_json::{Value, json};

use super::call::{Call, Work};
use super::replies::Deferral;

/// What kind of value an option takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Takes {
    /// Up to this many characters.
    Text { max_chars: u16 },
    /// Yes or no.
    Flag,
    /// One of these values; each is shown by its second text.
    OneOf(&'static [(&'static str, &'static str)]),
}

/// Whether an option has to be given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    Required,
    Optional,
}

/// One option of a command.
#[derive(Debug, Clone, Copy)]
pub struct Choice {
    pub name: &'static str,
    pub description: &'static str,
    pub takes: Takes,
    pub need: Need,
    /// Whether completions are offered while typing.
    pub completes: bool,
}

impl Choice {
    const fn text(name: &'static str, description: &'static str, need: Need) -> Self {
        Self { name, description, takes: Takes::Text { max_chars: 100 }, need, completes: false }
    }

    const fn completed(mut self) -> Self {
        self.completes = true;
        self
    }

    const fn up_to(mut self, max_chars: u16) -> Self {
        self.takes = Takes::Text { max_chars };
        self
    }
}

/// Who may use a command, for the help; the hub decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who {
    Everybody,
    Players,
    GameMaster,
}

impl Who {
    const fn words(self) -> &'static str {
        match self {
            Self::Everybody => "everybody",
            Self::Players => "whoever plays the creature, and the GM",
            Self::GameMaster => "the GM",
        }
    }
}

/// The completions for what is being typed.
pub type Completing = core::pin::Pin<Box<dyn Future<Output = Vec<(String, String)>> + Send>>;

/// One command.
#[derive(Debug, Clone, Copy)]
pub struct Command {
    /// Such as `combat start`.
    pub name: &'static str,
    pub description: &'static str,
    pub options: &'static [Choice],
    pub who: Who,
    /// Who sees the answer.
    pub deferral: Deferral,
    pub run: fn(Call) -> Work,
    pub autocomplete: fn(Call) -> Completing,
}

/// Which fight is meant, where there are several in a channel.
pub const FIGHT: Choice =
    Choice::text("fight", "Which fight, if there are several here", Need::Optional).completed();

/// Nothing to offer but the names of fights.
pub fn fights_only(call: Call) -> Completing {
    Box::pin(async move { call.args.focused().map_or_else(Vec::new, |_| fight_names(&call)) })
}

/// The open fights of the channel, for the option [`FIGHT`].
pub fn fight_names(call: &Call) -> Vec<(String, String)> {
    let typed = call.args.focused().map(|(_, typed)| typed).unwrap_or_default();
    let fights = call.fights().unwrap_or_default();
    let named = fights.into_iter().map(|one| (one.name, one.session_id));
    offered(named, typed)
}

/// Those whose name contains what was typed, as many as Discord shows.
pub fn offered(
    all: impl IntoIterator<Item = (String, String)>,
    typed: &str,
) -> Vec<(String, String)> {
    let typed = typed.to_lowercase();
    all.into_iter()
        .filter(|(name, value)| {
            name.to_lowercase().contains(&typed) || value.to_lowercase().contains(&typed)
        })
        .filter(|(_, value)| !value.is_empty() && value.encode_utf16().count() <= 100)
        .take(super::lint::OPTIONS_MAX)
        .collect()
}

/// Every command, in the order of the help.
pub fn table() -> Vec<Command> {
    let mut all = vec![
        start::command(),
        join::command(),
        add::command(),
        begin::command(),
        action::command(),
        end_turn::command(),
        status::command(),
    ];
    all.extend(steer::commands());
    all.extend(character::commands());
    all.push(roll::command());
    all.push(help::command());
    all
}

/// The descriptions of the groups of commands.
const GROUPS: [(&str, &str); 2] =
    [("combat", "Fights in this channel"), ("character", "Your characters")];

/// The table as Discord takes it.
pub fn registration(table: &[Command]) -> Value {
    let mut all: Vec<Value> = Vec::new();
    for (group, description) in GROUPS {
        let subs: Vec<Value> = table
            .iter()
            .filter_map(|command| Some((command, command.name.strip_prefix(group)?)))
            .filter_map(|(command, rest)| Some((command, rest.strip_prefix(' ')?)))
            .map(|(command, name)| {
                json!({
                    "type": 1, "name": name, "description": command.description,
                    "options": options_json(command.options),
                })
            })
            .collect();
        all.push(json!({
            "type": 1, "name": group, "description": description, "options": subs,
            "contexts": [0], "integration_types": [0],
        }));
    }
    let alone = table.iter().filter(|command| !command.name.contains(' '));
    all.extend(alone.map(|command| {
        json!({
            "type": 1, "name": command.name, "description": command.description,
            "options": options_json(command.options), "contexts": [0], "integration_types": [0],
        })
    }));
    Value::Array(all)
}

fn options_json(options: &[Choice]) -> Vec<Value> {
    options
        .iter()
        .map(|option| {
            let mut json = json!({ "name": option.name, "description": option.description });
            let Some(fields) = json.as_object_mut() else { return json };
            match option.takes {
                Takes::Text { max_chars } => {
                    fields.insert("type".to_owned(), json!(3));
                    fields.insert("max_length".to_owned(), json!(max_chars));
                }
                Takes::Flag => {
                    fields.insert("type".to_owned(), json!(5));
                }
                Takes::OneOf(values) => {
                    let choices: Vec<Value> = values
                        .iter()
                        .map(|(value, shown)| json!({ "name": shown, "value": value }))
                        .collect();
                    fields.insert("type".to_owned(), json!(3));
                    fields.insert("choices".to_owned(), json!(choices));
                }
            }
            if option.need == Need::Required {
                fields.insert("required".to_owned(), json!(true));
            }
            if option.completes {
                fields.insert("autocomplete".to_owned(), json!(true));
            }
            json
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_what_discord_takes() {
        let table = table();
        let mut names: Vec<_> = table.iter().map(|command| command.name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), table.len(), "no command twice");
        for command in &table {
            assert!((1..=100).contains(&command.description.chars().count()), "{}", command.name);
            assert!(command.options.len() <= 25);
            let needs: Vec<_> = command.options.iter().map(|one| one.need).collect();
            let first_optional = needs.iter().position(|need| *need == Need::Optional);
            let last_required = needs.iter().rposition(|need| *need == Need::Required);
            assert!(
                last_required.is_none() || first_optional.is_none_or(|at| Some(at) > last_required),
                "{}: required options come first",
                command.name
            );
            for option in command.options {
                assert!((1..=100).contains(&option.description.chars().count()), "{}", option.name);
            }
        }
        let groups = registration(&table);
        for group in groups.as_array().unwrap() {
            assert!(group["options"].as_array().unwrap().len() <= 25);
        }
        let count = |value: &Value| match value["options"][0]["type"].as_u64() {
            Some(1) => value["options"].as_array().unwrap().len(),
            _ => 1,
        };
        let registered: usize = groups.as_array().unwrap().iter().map(count).sum();
        assert_eq!(registered, table.len(), "every command is registered");
    }
}
