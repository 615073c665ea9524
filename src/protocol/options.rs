//! What a creature could do now, as its owner and the game master are shown it.
//!
//! The list is the rules' own, the same on every surface; nothing is added here, and nobody is
//! named whom the viewer may not know of.

use super::decode::action_to;
use super::errors::refusal;
use super::pb;
use super::values::position_to;
use super::visibility::{Eyes, Viewer};
use super::words::Word;
use crate::rules::id::{CombatId, CreatureId};
use crate::rules::illegal::Illegal;
use crate::rules::legal::{Listed, ListedTarget};
use crate::rules::state::Combat;

/// What the creature could do now; nothing for a viewer who neither plays it nor is the game
/// master.
pub fn options(
    combat: &Combat,
    session_id: CombatId,
    creature: CreatureId,
    viewer: &Viewer,
) -> Option<pb::Options> {
    let eyes = Eyes { viewer: *viewer, cast: combat };
    let listed = eyes.owns(creature).then(|| combat.legal_actions(creature))?;
    Some(pb::Options {
        creature_id: creature.to_string(),
        turn: combat.turn(),
        available_actions: listed
            .iter()
            .map(|entry| available(combat, session_id, creature, entry, eyes))
            .collect(),
        movement_left: combat.movement_left(creature).into(),
    })
}

fn available(
    combat: &Combat,
    session_id: CombatId,
    creature: CreatureId,
    listed: &Listed,
    eyes: Eyes<'_>,
) -> pb::AvailableAction {
    let Listed {
        id,
        name,
        description,
        cost,
        action,
        status,
        targets,
        targets_min,
        targets_max,
        needs_aim,
        uses_left,
    } = listed;
    let (enabled, disabled_code, disabled_reason) = told(status.as_ref().err());
    let open = *targets_max > 0 || !targets.is_empty();
    let action = action_to(action, if open { to_be_chosen } else { as_named });
    let count = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
    pb::AvailableAction {
        id: id.clone(),
        name: name.clone(),
        description: description.clone(),
        enabled,
        disabled_reason,
        disabled_code,
        cost: cost.to_wire(),
        template: Some(pb::CombatAction {
            session_id: session_id.to_string(),
            actor_id: creature.to_string(),
            request_id: String::new(),
            turn: Some(combat.turn()),
            expected_seq: None,
            action: Some(action),
        }),
        targets: targets
            .iter()
            .filter(|target| eyes.sees(target.creature))
            .map(|target| available_target(combat, target))
            .collect(),
        targets_min: count(*targets_min),
        targets_max: count(*targets_max),
        needs_aim: *needs_aim,
        uses_left: uses_left.map(u32::from),
    }
}

fn available_target(combat: &Combat, target: &ListedTarget) -> pb::AvailableTarget {
    let ListedTarget { creature, status, distance_feet, move_to } = target;
    let (enabled, disabled_code, disabled_reason) = told(status.as_ref().err());
    let name = combat.creature(*creature).map(|known| known.name().to_owned());
    pb::AvailableTarget {
        creature_id: creature.to_string(),
        name: name.unwrap_or_default(),
        enabled,
        disabled_reason,
        disabled_code,
        distance_feet: distance_feet.map(u32::from),
        move_to: move_to.map(position_to),
    }
}

/// Whether it can be done, and if not, why: as a code and in words.
fn told(why: Option<&Illegal>) -> (bool, String, String) {
    why.map_or_else(
        || (true, String::new(), String::new()),
        |why| {
            let code = why.code();
            let words = refusal(code).map_or(code, |refusal| refusal.meaning);
            (false, code.to_owned(), words.to_owned())
        },
    )
}

/// A target that is still to be chosen is left empty in the template.
fn to_be_chosen(_: CreatureId) -> String {
    String::new()
}

/// A target that the action itself names.
fn as_named(target: CreatureId) -> String {
    target.to_string()
}
