//! What a creature is asked to do, read into the terms of the rules and back.
//!
//! The sender claims nothing: advantage is the game master's word alone, and that the sender is
//! the game master is checked where access is.

use super::{PATH_MAX, TARGETS_MAX, at_most, needed_position};
use crate::protocol::malformed::{Inside, Malformed};
use crate::protocol::pb;
use crate::protocol::values::{
    id, id_or_none, ids, needed, path_of, path_to, position_of, position_to, response_of,
    response_to, trigger_of, trigger_to,
};
use crate::protocol::words::{Word, word, word_or_none};
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
        Wire::Attack(wire) if wire.knock_out => Action::KnockOut {
            attack: id(&wire.attack, "attack.attack")?,
            target: id(&wire.target_id, "attack.target_id")?,
            mode: word_or_none(wire.mode, "attack.mode")?,
        },
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
        Wire::Grapple(wire) => {
            Action::Grapple { target: id(&wire.target_id, "grapple.target_id")? }
        }
        Wire::Shove(wire) => {
            Action::Shove { target: id(&wire.target_id, "shove.target_id")?, prone: wire.prone }
        }
        Wire::Inquire(wire) => Action::Inquire {
            inquiry: word(wire.inquiry, "inquire.inquiry")?,
            skill: word(wire.skill, "inquire.skill")?,
        },
        Wire::Assist(wire) => Action::Assist {
            target: id(&wire.target_id, "assist.target_id")?,
            skill: word(wire.skill, "assist.skill")?,
        },
        Wire::UseObject(pb::UseObjectAction {}) => Action::UseObject,
        Wire::StopConcentrating(pb::StopConcentratingAction {}) => Action::StopConcentrating,
        Wire::LetGo(wire) => Action::LetGo { target: id(&wire.target_id, "let_go.target_id")? },
    })
}

/// Unless something else is said, it takes the action.
fn cost_of(cost: i32, field: &str) -> Result<Cost, Malformed> {
    Ok(word_or_none(cost, field)?.unwrap_or(Cost::Action))
}

/// The wire form of an action, its target written by `target`.
pub(crate) fn action_to(
    action: &Action,
    target: fn(CreatureId) -> String,
) -> pb::combat_action::Action {
    use pb::combat_action::Action as Wire;
    match action {
        Action::Attack { attack, target: at, mode } => Wire::Attack(pb::AttackAction {
            attack: attack.to_string(),
            target_id: target(*at),
            mode: mode.map_or(0, Word::to_wire),
            knock_out: false,
        }),
        Action::KnockOut { attack, target: at, mode } => Wire::Attack(pb::AttackAction {
            attack: attack.to_string(),
            target_id: target(*at),
            mode: mode.map_or(0, Word::to_wire),
            knock_out: true,
        }),
        Action::Special { special, targets, aim } => Wire::Special(pb::SpecialAction {
            special: special.to_string(),
            target_ids: targets.iter().map(|at| target(*at)).filter(|at| !at.is_empty()).collect(),
            aim: aim.map(position_to),
        }),
        Action::Move { to, path } => {
            Wire::Move(pb::MoveAction { to: Some(position_to(*to)), path: path_to(path) })
        }
        Action::Dash { cost } => Wire::Dash(pb::DashAction { cost: cost.to_wire() }),
        Action::Disengage { cost } => Wire::Disengage(pb::DisengageAction { cost: cost.to_wire() }),
        Action::Hide { cost } => Wire::Hide(pb::HideAction { cost: cost.to_wire() }),
        Action::Dodge => Wire::Dodge(pb::DodgeAction {}),
        Action::Help { target: at } => Wire::Help(pb::HelpAction { target_id: target(*at) }),
        Action::Ready { trigger, response } => Wire::Ready(pb::ReadyAction {
            trigger: Some(trigger_to(*trigger)),
            response: Some(response_to(*response)),
        }),
        Action::ReleaseReadied { target: at } => Wire::ReleaseReadied(pb::ReleaseReadiedAction {
            target_id: at.map(target).unwrap_or_default(),
        }),
        Action::StandUp => Wire::StandUp(pb::StandUpAction {}),
        Action::DropProne => Wire::DropProne(pb::DropProneAction {}),
        Action::Stabilize { target: at } => {
            Wire::Stabilize(pb::StabilizeAction { target_id: target(*at) })
        }
        Action::Escape => Wire::Escape(pb::EscapeAction {}),
        Action::Grapple { target: at } => {
            Wire::Grapple(pb::GrappleAction { target_id: target(*at) })
        }
        Action::Shove { target: at, prone } => {
            Wire::Shove(pb::ShoveAction { target_id: target(*at), prone: *prone })
        }
        Action::Inquire { inquiry, skill } => {
            Wire::Inquire(pb::InquireAction { inquiry: inquiry.to_wire(), skill: skill.to_wire() })
        }
        Action::Assist { target: at, skill } => {
            Wire::Assist(pb::AssistAction { target_id: target(*at), skill: skill.to_wire() })
        }
        Action::UseObject => Wire::UseObject(pb::UseObjectAction {}),
        Action::StopConcentrating => Wire::StopConcentrating(pb::StopConcentratingAction {}),
        Action::LetGo { target: at } => Wire::LetGo(pb::LetGoAction { target_id: target(*at) }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_action_reads_back_as_itself() {
        let goblin: CreatureId = "c-goblin".parse().unwrap();
        let at = crate::rules::grid::Position { x: 3, y: 9 };
        let trigger = crate::rules::event::Trigger::CreatureActs { creature: goblin };
        let response = crate::rules::event::ReadiedResponse::Retreat;
        let slug = "bite".parse().unwrap();
        let mode = Some(crate::rules::event::RollMode::Advantage);
        for action in [
            Action::Attack { attack: slug, target: goblin, mode },
            Action::KnockOut { attack: slug, target: goblin, mode: None },
            Action::Special { special: slug, targets: vec![goblin], aim: Some(at) },
            Action::Move { to: at, path: vec![at, at] },
            Action::Dash { cost: Cost::BonusAction },
            Action::Disengage { cost: Cost::Action },
            Action::Hide { cost: Cost::Action },
            Action::Dodge,
            Action::Help { target: goblin },
            Action::Ready { trigger, response },
            Action::ReleaseReadied { target: None },
            Action::ReleaseReadied { target: Some(goblin) },
            Action::StandUp,
            Action::DropProne,
            Action::Stabilize { target: goblin },
            Action::Escape,
            Action::Grapple { target: goblin },
            Action::Shove { target: goblin, prone: true },
            Action::Shove { target: goblin, prone: false },
            Action::LetGo { target: goblin },
            Action::Inquire {
                inquiry: crate::rules::event::Inquiry::Search,
                skill: crate::rules::ability::Skill::Perception,
            },
            Action::Assist { target: goblin, skill: crate::rules::ability::Skill::Stealth },
            Action::UseObject,
            Action::StopConcentrating,
        ] {
            let wire = action_to(&action, |target| target.to_string());
            assert_eq!(deed_of(&wire), Ok(action));
        }
    }
}
