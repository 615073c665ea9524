//! Readying: first what is kept for later, then the moment it is kept for.
//!
//! What can be kept is the hub's list; the moments are every trigger that the rules know. Nothing
//! is decided here, and nobody is named who is not on the fight's card.

use super::{Panel, act};
use crate::discord::call::{Call, Said};
use crate::discord::custom_id::{Verb, digest};
use crate::discord::lint::OPTIONS_MAX;
use crate::discord::render::parts::{self, Choice};
use crate::discord::render::text;
use crate::discord::replies::Reply;
use crate::protocol::pb;
use crate::rules::id::{CombatId, CreatureId};
use pb::combat_action::Action;
use pb::trigger::Trigger;

/// The one choice that stands for all of it in the list of actions. No digest reads like this.
pub(super) const CHOICE: &str = "ready";
/// Distances at which somebody coming near may be what is waited for, in feet.
const NEAR_FEET: [u32; 4] = [5, 10, 30, 60];

/// Whether an option is to ready something.
pub(super) fn is_ready(option: &pb::AvailableAction) -> bool {
    let action = option.template.as_ref().and_then(|it| it.action.as_ref());
    matches!(action, Some(Action::Ready(_)))
}

/// The name of what is kept, without what all of them are called.
fn kept(option: &pb::AvailableAction) -> &str {
    option.name.strip_prefix("Ready: ").unwrap_or(&option.name)
}

/// The one choice that stands for every option to ready something; nothing where none is open.
pub(super) fn choice(options: &pb::Options) -> Option<Choice> {
    let mut open = options.available_actions.iter().filter(|one| one.enabled && is_ready(one));
    open.next().map(|_| Choice {
        label: "Ready …".to_owned(),
        value: CHOICE.to_owned(),
        description: "Keep something for a moment outside your turn".to_owned(),
    })
}

/// Asks what is to be kept.
///
/// # Errors
/// A sentence for the caller.
pub(super) async fn responses(
    call: &Call,
    combat: CombatId,
    creature: CreatureId,
    turn: u32,
) -> Result<Reply, Said> {
    let options = call.options(combat, creature).await?;
    act::still(&options, turn)?;
    let choices = options.available_actions.iter().filter(|one| one.enabled && is_ready(one));
    let choices: Vec<Choice> = choices
        .map(|one| Choice {
            label: kept(one).to_owned(),
            value: digest(&one.id),
            description: String::new(),
        })
        .collect();
    let panel = Panel::of(combat, creature, turn);
    let heading = "## Ready\nWhat do you keep for later? It takes your action now, and your reaction \
                   when the moment comes.";
    if choices.is_empty() {
        let nothing = parts::text("There is nothing that could be kept now.");
        return Ok(panel.asked(call, heading, vec![nothing]));
    }
    let rows = choices.chunks(OPTIONS_MAX).enumerate().map(|(row, some)| {
        // a creature has at most 40 attacks: further rows rather than pages
        let id = panel.id(Verb::ReadyAs, format!("{creature}..0.{row}"));
        parts::select(&id, "Keep", some, 1, 1)
    });
    Ok(panel.asked(call, heading, rows.collect()))
}

/// Asks for which moment.
///
/// # Errors
/// A sentence for the caller.
pub(crate) async fn moments(
    call: &Call,
    combat: CombatId,
    creature: CreatureId,
    turn: u32,
    wanted: &str,
    page: usize,
) -> Result<Reply, Said> {
    let options = call.options(combat, creature).await?;
    act::still(&options, turn)?;
    let option = act::find(&options, wanted)?;
    let choices = triggers(&call.snapshot(combat).await?, creature);
    let pages = choices.len().div_ceil(OPTIONS_MAX).max(1);
    let page = page.min(pages - 1);
    let shown: Vec<Choice> =
        choices.into_iter().skip(page * OPTIONS_MAX).take(OPTIONS_MAX).collect();
    let panel = Panel::of(combat, creature, turn);
    let heading = format!("## Ready: {}\nWhen?", text::name(kept(option)));
    let id = panel.id(Verb::ReadyWhen, format!("{creature}.{wanted}"));
    let mut rows = vec![parts::select(&id, "The moment", &shown, 1, 1)];
    if pages > 1 {
        rows.push(panel.pager(page, pages, |page| {
            panel.id(Verb::ReadyAs, format!("{creature}.{wanted}.{page}"))
        }));
    }
    Ok(panel.asked(call, &heading, rows))
}

/// Every moment that can be waited for. Without a map nobody comes nearer.
fn triggers(snapshot: &pb::Snapshot, creature: CreatureId) -> Vec<Choice> {
    let choice = |label: String, value: String, description: &str| Choice {
        label,
        value,
        description: description.to_owned(),
    };
    let mut all = vec![
        choice("When I say so".to_owned(), "call".to_owned(), "A button on your panel then"),
        choice(
            "When an enemy attacks one of us".to_owned(),
            "attack".to_owned(),
            "You are asked then",
        ),
    ];
    if snapshot.map.is_some() {
        all.extend(NEAR_FEET.iter().map(|feet| {
            let label = format!("When an enemy comes within {feet} ft");
            choice(label, format!("near.{feet}"), "You are asked then")
        }));
    }
    let others = snapshot
        .creatures
        .iter()
        .filter(|one| one.id != creature.as_str() && !one.left && one.life() != pb::Life::Dead);
    all.extend(others.map(|one| {
        choice(format!("When {} acts", one.name), format!("acts.{}", one.id), "You are asked then")
    }));
    all
}

/// The moment that a choice of [`triggers`] stands for.
fn trigger(value: &str) -> Option<Trigger> {
    match value.split_once('.') {
        None if value == "call" => Some(Trigger::OnCall(true)),
        None if value == "attack" => Some(Trigger::EnemyAttacks(true)),
        Some(("near", feet)) => feet.parse().ok().map(Trigger::EnemyWithinFeet),
        Some(("acts", creature)) => Some(Trigger::CreatureActs(creature.to_owned())),
        None | Some(_) => None,
    }
}

/// The moment was chosen: readies it.
///
/// # Errors
/// A sentence for the caller.
pub(crate) async fn keep(
    call: &Call,
    combat: CombatId,
    creature: CreatureId,
    turn: u32,
    wanted: &str,
    moment: &str,
) -> Result<Reply, Said> {
    let options = call.options(combat, creature).await?;
    act::still(&options, turn)?;
    let mut template = act::template_of(act::find(&options, wanted)?)?;
    let moment = trigger(moment).ok_or_else(|| Said::words("That is no moment to wait for."))?;
    if let Some(Action::Ready(ready)) = &mut template.action {
        ready.trigger = Some(pb::Trigger { trigger: Some(moment) });
    }
    let receipt = act::perform(call, combat, creature, turn, template).await?;
    act::after(call, combat, creature, &receipt).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_moment_that_is_offered_can_be_waited_for() {
        let creature = |id: &str, life: pb::Life| pb::CreatureState {
            id: id.to_owned(),
            name: id.to_uppercase(),
            life: life.into(),
            ..pb::CreatureState::default()
        };
        let mut snapshot = pb::Snapshot {
            creatures: vec![
                creature("ann", pb::Life::Up),
                creature("ben", pb::Life::Up),
                creature("cid", pb::Life::Dead),
            ],
            ..pb::Snapshot::default()
        };
        let offered = |snapshot: &pb::Snapshot| triggers(snapshot, "ann".parse().unwrap());
        let values: Vec<String> = offered(&snapshot).into_iter().map(|one| one.value).collect();
        assert_eq!(values, ["call", "attack", "acts.ben"]);
        snapshot.map = Some(pb::GridMap { width: 9, height: 9, squares: Vec::new() });
        let all = offered(&snapshot);
        assert_eq!(all.len(), values.len() + NEAR_FEET.len());
        assert!(all.iter().all(|one| trigger(&one.value).is_some()), "{all:?}");
        for forged in ["", "near", "near.", "near.-1", "near.x", "acts", "hexes.ben"] {
            assert_eq!(trigger(forged), None, "{forged}");
        }
    }
}
