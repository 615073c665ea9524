//! Does what was chosen: an action, at whom, or the end of the turn.
//!
//! What is sent back is what the hub offered, with the targets filled in.

use super::{Panel, groups, places, ready, targets};
use crate::discord::call::{Call, Said};
use crate::discord::custom_id::digest;
use crate::discord::replies::Reply;
use crate::protocol::pb;
use crate::rules::id::{CombatId, CreatureId};
use crate::view::scene::Scene;
use pb::combat_action::Action;
use pb::combat_request::Request;

/// Said when what was chosen is not offered any more.
pub(super) const GONE: &str = "That is not possible any more; this is what is.";

/// The option whose id has this digest.
pub(super) fn find<'a>(
    options: &'a pb::Options,
    wanted: &str,
) -> Result<&'a pb::AvailableAction, Said> {
    let found = options.available_actions.iter().find(|one| digest(&one.id) == wanted);
    let found = found.ok_or_else(|| Said::words(GONE))?;
    if found.enabled { Ok(found) } else { Err(Said::words(found.disabled_reason.clone())) }
}

/// An action was chosen: does it, or asks at whom.
///
/// # Errors
/// A sentence for the caller.
pub async fn choose(
    call: &Call,
    combat: CombatId,
    creature: CreatureId,
    turn: u32,
    wanted: &str,
) -> Result<Reply, Said> {
    if wanted == ready::CHOICE {
        return ready::responses(call, combat, creature, turn).await;
    }
    if let Some(group) = groups::chosen(wanted) {
        return groups::show(call, combat, creature, turn, group).await;
    }
    let options = call.options(combat, creature).await?;
    still(&options, turn)?;
    let option = find(&options, wanted)?;
    if option.needs_aim || (option.targets_max > 0 && !option.targets.is_empty()) {
        return targets::show(call, combat, creature, turn, wanted, 0).await;
    }
    let template = template_of(option)?;
    let receipt = perform(call, combat, creature, turn, template).await?;
    after(call, combat, creature, &receipt).await
}

/// The targets were chosen.
///
/// # Errors
/// A sentence for the caller.
pub async fn aimed(
    call: &Call,
    combat: CombatId,
    creature: CreatureId,
    turn: u32,
    wanted: &str,
    chosen: &[String],
) -> Result<Reply, Said> {
    let options = call.options(combat, creature).await?;
    still(&options, turn)?;
    let option = find(&options, wanted)?;
    let receipt = act_on(call, combat, creature, turn, option, chosen).await?;
    after(call, combat, creature, &receipt).await
}

/// Performs an option on the creatures that were chosen, walking up first where that is offered.
pub async fn act_on(
    call: &Call,
    combat: CombatId,
    creature: CreatureId,
    turn: u32,
    option: &pb::AvailableAction,
    chosen: &[String],
) -> Result<pb::Receipt, Said> {
    let mut template = template_of(option)?;
    if option.needs_aim {
        let snapshot = call.snapshot(combat).await?;
        let at = places::square_or_creature(&snapshot, chosen.first().map(String::as_str));
        let at = at.ok_or_else(|| Said::words("Choose a square such as C4, or a creature."))?;
        if let Some(Action::Special(special)) = &mut template.action {
            special.aim = Some(at);
        }
    } else {
        let step = option
            .targets
            .iter()
            .find(|target| chosen.first() == Some(&target.creature_id))
            .and_then(|target| target.move_to);
        if let Some(to) = step {
            let walk = Action::Move(pb::MoveAction { to: Some(to), path: Vec::new() });
            let walk = pb::CombatAction { action: Some(walk), ..pb::CombatAction::default() };
            let walked = perform(call, combat, creature, turn, walk).await?;
            if walked.prompt_id.is_some() && !call.snapshot(combat).await?.prompts.is_empty() {
                // somebody decides about a reaction to the walk: the rest is chosen after that
                return Ok(walked);
            }
        }
        fill(&mut template, chosen);
    }
    perform(call, combat, creature, turn, template).await
}

pub(super) fn template_of(option: &pb::AvailableAction) -> Result<pb::CombatAction, Said> {
    option.template.clone().ok_or_else(|| Said::words(GONE))
}

/// Writes the targets where the kind of action has them.
fn fill(template: &mut pb::CombatAction, chosen: &[String]) {
    let first = chosen.first().cloned().unwrap_or_default();
    match &mut template.action {
        Some(Action::Attack(attack)) => attack.target_id = first,
        Some(Action::Special(special)) => special.target_ids = chosen.to_vec(),
        Some(Action::Help(help)) => help.target_id = first,
        Some(Action::Stabilize(stabilize)) => stabilize.target_id = first,
        Some(Action::Grapple(grapple)) => grapple.target_id = first,
        Some(Action::Shove(shove)) => shove.target_id = first,
        Some(Action::LetGo(held)) => held.target_id = first,
        Some(Action::Assist(aid)) => aid.target_id = first,
        Some(Action::ReleaseReadied(release)) => release.target_id = first,
        Some(
            Action::Move(_)
            | Action::Dash(_)
            | Action::Disengage(_)
            | Action::Dodge(_)
            | Action::Hide(_)
            | Action::Ready(_)
            | Action::StandUp(_)
            | Action::DropProne(_)
            | Action::Inquire(_)
            | Action::UseObject(_)
            | Action::StopConcentrating(_)
            | Action::Escape(_),
        )
        | None => {}
    }
}

/// Sends an action to the hub.
pub async fn perform(
    call: &Call,
    combat: CombatId,
    creature: CreatureId,
    turn: u32,
    mut action: pb::CombatAction,
) -> Result<pb::Receipt, Said> {
    action.session_id = combat.to_string();
    action.actor_id = creature.to_string();
    call.submit(Some(combat), Some(turn), Request::ExecuteAction(action)).await
}

/// Ends the turn of a creature.
///
/// # Errors
/// A sentence for the caller.
pub async fn end_turn(
    call: &Call,
    combat: CombatId,
    creature: CreatureId,
    turn: u32,
) -> Result<Reply, Said> {
    let request = Request::EndTurn(pb::EndTurn { creature_id: creature.to_string() });
    let receipt = call.submit(Some(combat), Some(turn), request).await?;
    after(call, combat, creature, &receipt).await
}

/// The panel anew, with what came of it.
pub async fn after(
    call: &Call,
    combat: CombatId,
    creature: CreatureId,
    receipt: &pb::Receipt,
) -> Result<Reply, Said> {
    let snapshot = call.snapshot(combat).await?;
    let scene = Scene::of_snapshot(&snapshot);
    let told = match (receipt.first_seq, receipt.prompt_id) {
        // what followed on the answer to a question belongs to it as well
        (Some(first), Some(_)) => {
            call.told_between(combat, &scene, first.saturating_sub(1), snapshot.as_of).await
        }
        (_, _) => call.told(combat, &scene, receipt).await,
    };
    super::show_of(call, combat, &snapshot, creature, 0, &told).await
}

/// Refuses a button of an earlier turn.
pub(super) fn still(options: &pb::Options, turn: u32) -> Result<(), Said> {
    if options.turn != 0 && turn != 0 && options.turn != turn {
        return Err(Said::words("That turn is over; this is what can be done now."));
    }
    Ok(())
}

impl Panel {
    /// The panel of a creature in a turn.
    pub fn of(combat: CombatId, creature: CreatureId, turn: u32) -> Self {
        Self { combat, creature, turn }
    }
}
