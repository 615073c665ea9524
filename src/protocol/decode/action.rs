//! What a creature is asked to do, read into the terms of the rules and back.
//!
//! The sender claims nothing: advantage is the game master's word alone, and that the sender is
//! the game master is checked where access is.

use super::{PATH_MAX, TARGETS_MAX, at_most, needed_position};
use crate::protocol::malformed::{Inside, Malformed};
use crate::protocol::pb;
use crate::protocol::values::{
    id, id_or_none, ids, needed, path_of, position_of, response_of, trigger_of,
};
use crate::protocol::words::word_or_none;
use crate::rules::creature::Cost;
use crate::rules::id::CreatureId;
use crate::rules::intent::Action;

/// Who acts, and how.
///
/// # Errors
/// The first field that is not of its form.
pub fn action_of(wire: &pb::CombatAction) -> Result<(CreatureId, Action), Malformed> {
    let actor = id(&wire.actor_id, "actor_id")?;
    let action = wire.action.as_ref().ok_or_else(|| Malformed::no_choice("action"))?;
    Ok((actor, deed_of(action)?))
}

fn deed_of(action: &pb::combat_action::Action) -> Result<Action, Malformed> {
    use pb::combat_action::Action as Wire;
    Ok(match action {
        Wire::Attack(wire) => Action::Attack {
            attack: id(&wire.attack, "attack.attack")?,
            target: id(&wire.target_id, "attack.target_id")?,
            mode: word_or_none(wire.mode, "attack.mode")?,
        },
        Wire::Special(wire) => {
            at_most(wire.target_ids.len(), TARGETS_MAX, "special.target_ids")?;
            Action::Special {
                special: id(&wire.special, "special.special")?,
                targets: ids(&wire.target_ids, "target_ids").inside("special")?,
                aim: wire.aim.map(position_of).transpose().inside("special.aim")?,
            }
        }
        Wire::Move(wire) => {
            at_most(wire.path.len(), PATH_MAX, "move.path")?;
            Action::Move {
                to: needed_position(wire.to, "to").inside("move")?,
                path: path_of(&wire.path, "path").inside("move")?,
            }
        }
        Wire::Dash(wire) => Action::Dash { cost: cost_of(wire.cost, "dash.cost")? },
        Wire::Disengage(wire) => Action::Disengage { cost: cost_of(wire.cost, "disengage.cost")? },
        Wire::Hide(wire) => Action::Hide { cost: cost_of(wire.cost, "hide.cost")? },
        Wire::Dodge(pb::DodgeAction {}) => Action::Dodge,
        Wire::Help(wire) => Action::Help { target: id(&wire.target_id, "help.target_id")? },
        Wire::Ready(wire) => Action::Ready {
            trigger: trigger_of(needed(wire.trigger.as_ref(), "ready.trigger")?)
                .inside("ready.trigger")?,
            response: response_of(needed(wire.response.as_ref(), "ready.response")?)
                .inside("ready.response")?,
        },
        Wire::ReleaseReadied(wire) => Action::ReleaseReadied {
            target: id_or_none(&wire.target_id, "release_readied.target_id")?,
        },
        Wire::StandUp(pb::StandUpAction {}) => Action::StandUp,
        Wire::DropProne(pb::DropProneAction {}) => Action::DropProne,
        Wire::Stabilize(wire) => {
            Action::Stabilize { target: id(&wire.target_id, "stabilize.target_id")? }
        }
        Wire::Escape(pb::EscapeAction {}) => Action::Escape,
    })
}

/// Unless something else is said, it takes the action.
fn cost_of(cost: i32, field: &str) -> Result<Cost, Malformed> {
    Ok(word_or_none(cost, field)?.unwrap_or(Cost::Action))
}
