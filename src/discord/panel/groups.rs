//! Kinds of action that there are many of, such as one search for each skill, as one entry of the
//! list: a further list asks which.
//!
//! What belongs together is what its name says, `Search: perception`; nothing is left out.

use super::{Panel, act, choice, is_move, ready};
use crate::discord::call::{Call, Said};
use crate::discord::custom_id::Verb;
use crate::discord::lint::OPTIONS_MAX;
use crate::discord::render::parts::{self, Choice};
use crate::discord::render::text;
use crate::discord::replies::Reply;
use crate::protocol::pb;
use crate::rules::id::{CombatId, CreatureId};

/// What the value of an entry for a whole group begins with. No digest reads like this.
const GROUP: &str = "group.";

/// The group that an option's name puts it into, and what it is called there.
fn of_group(name: &str) -> Option<(&str, &str)> {
    name.split_once(": ")
}

fn listed(options: &pb::Options) -> impl Iterator<Item = &pb::AvailableAction> {
    let enabled = options.available_actions.iter().filter(|one| one.enabled);
    enabled.filter(|one| !is_move(one) && !ready::is_ready(one))
}

fn members<'a>(options: &'a pb::Options, group: &str) -> Vec<&'a pb::AvailableAction> {
    let is_member =
        |one: &&pb::AvailableAction| of_group(&one.name).is_some_and(|(of, _)| of == group);
    listed(options).filter(is_member).collect()
}

/// Everything that can be done now, moving apart: a group of several is one entry, in the place of
/// its first, and so is what can be readied.
pub(super) fn choices(options: &pb::Options) -> Vec<Choice> {
    let mut all: Vec<Choice> = Vec::new();
    for option in listed(options) {
        let group = of_group(&option.name).map(|(group, _)| (group, members(options, group)));
        let Some((group, members)) = group.filter(|(_, members)| members.len() > 1) else {
            all.push(choice(option));
            continue;
        };
        let value = format!("{GROUP}{group}");
        if all.iter().all(|known| known.value != value) {
            let label = format!("{group} …");
            let names = members.iter().filter_map(|one| of_group(&one.name));
            let names: Vec<&str> = names.map(|(_, name)| name).collect();
            all.push(Choice { label, value, description: names.join(", ") });
        }
    }
    all.extend(ready::choice(options));
    all
}

/// The group that a value of [`choices`] stands for.
pub(super) fn chosen(value: &str) -> Option<&str> {
    value.strip_prefix(GROUP)
}

/// Asks which of a group.
///
/// # Errors
/// A sentence for the caller.
pub(super) async fn show(
    call: &Call,
    combat: CombatId,
    creature: CreatureId,
    turn: u32,
    group: &str,
) -> Result<Reply, Said> {
    let options = call.options(combat, creature).await?;
    act::still(&options, turn)?;
    let members = members(&options, group);
    let choices: Vec<Choice> = members
        .into_iter()
        .map(|one| {
            let name = of_group(&one.name).map_or(one.name.as_str(), |(_, name)| name);
            Choice { label: capitalised(name), ..choice(one) }
        })
        .collect();
    if choices.is_empty() {
        return Err(Said::words(act::GONE));
    }
    let panel = Panel::of(combat, creature, turn);
    let heading = format!("## {}\nWhich?", text::name(group));
    let rows = choices.chunks(OPTIONS_MAX).enumerate().map(|(row, some)| {
        // further rows rather than pages; the ids of rows must differ
        let id = panel.id(Verb::Act, format!("{creature}.{row}"));
        parts::select(&id, "Choose", some, 1, 1)
    });
    Ok(panel.asked(call, &heading, rows.collect()))
}

fn capitalised(word: &str) -> String {
    let mut letters = word.chars();
    let first = letters.next().into_iter().flat_map(char::to_uppercase);
    first.chain(letters).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn option(name: &str) -> pb::AvailableAction {
        pb::AvailableAction {
            id: name.to_lowercase(),
            name: name.to_owned(),
            enabled: true,
            ..pb::AvailableAction::default()
        }
    }

    #[test]
    fn a_group_of_several_is_one_entry_and_a_single_one_is_itself() {
        let names = ["Dagger", "Search: insight", "Aid: bless", "Search: perception", "Dodge"];
        let options =
            pb::Options { available_actions: names.map(option).to_vec(), ..pb::Options::default() };
        let choices = choices(&options);
        let labels: Vec<&str> = choices.iter().map(|one| one.label.as_str()).collect();
        assert_eq!(labels, ["Dagger", "Search …", "Aid: bless", "Dodge"]);
        assert_eq!(choices[1].description, "insight, perception");
        assert_eq!(chosen(&choices[1].value), Some("Search"));
        assert!(choices.iter().filter(|one| chosen(&one.value).is_some()).count() == 1);
        assert_eq!(members(&options, "Search").len(), 2);
    }
}
