//! What a creature did, as a viewer may see it.
//!
//! A deed aimed at a creature that the viewer may not know of is not shown at all; what somebody
//! readied is its own business.

use super::super::pb;
use super::super::pb::action::Deed as Wire;
use super::super::values::{
    contest_to, d20_to, damage_to, dice_rolled_to, position_to, response_to, role_to, trigger_to,
};
use super::super::visibility::Eyes;
use super::super::words::Word;
use super::Scene;
use crate::rules::event::{Deed, Trigger};
use crate::rules::id::CreatureId;

impl Scene<'_> {
    #[expect(clippy::too_many_lines, reason = "one arm a deed, so that none can be forgotten")]
    pub(super) fn deed(&self, by: CreatureId, deed: &Deed) -> Option<Wire> {
        let eyes = self.eyes;
        Some(match deed {
            Deed::Attack {
                attack,
                name,
                target,
                roll,
                armor_class,
                cover,
                outcome,
                damage,
                opportunity,
                sneak_attack,
                role,
            } if eyes.sees(*target) => Wire::Attack(pb::AttackDeed {
                attack: attack.to_string(),
                name: name.clone(),
                target_id: target.to_string(),
                roll: Some(d20_to(roll, eyes.viewer)),
                armor_class: eyes.knows_figures(*target).then_some(u32::from(*armor_class)),
                cover: cover.to_wire(),
                outcome: outcome.to_wire(),
                damage: damage_to(damage, eyes.viewer),
                opportunity: *opportunity,
                sneak_attack: *sneak_attack,
                role: role_to(*role).into(),
            }),
            Deed::Special { special, name, targets, aim, rolled } => {
                let rolled = rolled.iter().map(|dice| dice_rolled_to(dice, eyes.viewer));
                Wire::Special(pb::SpecialDeed {
                    special: special.to_string(),
                    name: name.clone(),
                    target_ids: eyes.only_seen(targets),
                    aim: aim.map(position_to),
                    rolled: rolled.collect(),
                })
            }
            Deed::Dash { extra_feet } => {
                Wire::Dash(pb::DashDeed { extra_feet: u32::from(*extra_feet) })
            }
            Deed::Disengage => Wire::Disengage(pb::DisengageDeed {}),
            Deed::Dodge => Wire::Dodge(pb::DodgeDeed {}),
            Deed::Help { target } if eyes.sees(*target) => {
                Wire::Help(pb::HelpDeed { target_id: target.to_string() })
            }
            Deed::Hide { roll, dc, success } => Wire::Hide(pb::HideDeed {
                roll: Some(d20_to(roll, eyes.viewer)),
                dc: u32::from(*dc),
                success: *success,
            }),
            Deed::Ready { trigger, response } => {
                let own = eyes.owns(by);
                Wire::Ready(pb::ReadyDeed {
                    trigger: (own && names_only_seen(eyes, *trigger)).then(|| trigger_to(*trigger)),
                    response: own.then(|| response_to(*response)),
                })
            }
            Deed::StandUp { feet } => Wire::StandUp(pb::StandUpDeed { feet: u32::from(*feet) }),
            Deed::Retreat => Wire::Retreat(pb::RetreatDeed {}),
            Deed::DropProne => Wire::DropProne(pb::DropProneDeed {}),
            Deed::Stabilize { target, roll, success } if eyes.sees(*target) => {
                Wire::Stabilize(pb::StabilizeDeed {
                    target_id: target.to_string(),
                    roll: Some(d20_to(roll, eyes.viewer)),
                    success: *success,
                })
            }
            Deed::Escape { roll, dc, success, holder } => Wire::Escape(pb::EscapeDeed {
                roll: Some(d20_to(roll, eyes.viewer)),
                dc: u32::from(*dc),
                success: *success,
                holder_roll: holder.as_ref().map(|roll| d20_to(roll, eyes.viewer)),
            }),
            Deed::Grapple { target, dc, contest } if eyes.sees(*target) => {
                Wire::Grapple(pb::GrappleDeed {
                    target_id: target.to_string(),
                    dc: u32::from(*dc),
                    contest: contest.as_deref().map(|it| contest_to(it, eyes.viewer)),
                })
            }
            Deed::Shove { target, prone, dc, contest } if eyes.sees(*target) => {
                Wire::Shove(pb::ShoveDeed {
                    target_id: target.to_string(),
                    prone: *prone,
                    dc: u32::from(*dc),
                    contest: contest.as_deref().map(|it| contest_to(it, eyes.viewer)),
                })
            }
            Deed::Inquire { inquiry, skill, roll } => Wire::Inquire(pb::InquireDeed {
                inquiry: inquiry.to_wire(),
                skill: skill.to_wire(),
                roll: Some(d20_to(roll, eyes.viewer)),
            }),
            Deed::Assist { target, skill } if eyes.sees(*target) => Wire::Assist(pb::AssistDeed {
                target_id: target.to_string(),
                skill: skill.to_wire(),
            }),
            Deed::UseObject => Wire::UseObject(pb::UseObjectDeed {}),
            Deed::StopConcentrating => Wire::StopConcentrating(pb::StopConcentratingDeed {}),
            Deed::LetGo { target } if eyes.sees(*target) => {
                Wire::LetGo(pb::LetGoDeed { target_id: target.to_string() })
            }
            Deed::Attack {
                attack: _,
                name: _,
                target: _,
                roll: _,
                armor_class: _,
                cover: _,
                outcome: _,
                damage: _,
                opportunity: _,
                sneak_attack: _,
                role: _,
            }
            | Deed::Help { target: _ }
            | Deed::Stabilize { target: _, roll: _, success: _ }
            | Deed::Grapple { target: _, dc: _, contest: _ }
            | Deed::Shove { target: _, prone: _, dc: _, contest: _ }
            | Deed::Assist { target: _, skill: _ }
            | Deed::LetGo { target: _ } => return None,
        })
    }
}

/// Whether the trigger waits for nobody who has hidden since.
fn names_only_seen(eyes: Eyes<'_>, trigger: Trigger) -> bool {
    match trigger {
        Trigger::CreatureActs { creature } => eyes.sees(creature),
        Trigger::EnemyWithin { feet: _ } | Trigger::EnemyAttacks | Trigger::OnCall => true,
    }
}
