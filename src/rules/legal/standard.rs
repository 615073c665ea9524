//! The actions that everybody has: dash, disengage, hide, help, ready, stabilize, escape.

use super::{action_left, cost_left};
use crate::rules::ability::Skill;
use crate::rules::condition::{ActiveCondition, Condition};
use crate::rules::creature::{Cost, SpecialEffect, Trait};
use crate::rules::edition::Hiding;
use crate::rules::event::{ReadiedResponse, Trigger};
use crate::rules::geometry::{distance_feet, sight_between};
use crate::rules::id::CreatureId;
use crate::rules::illegal::Illegal;
use crate::rules::state::{Combat, Creature, Life};
use crate::rules::unarmed::Hold;

/// Feet within which one can help or tend to somebody.
const TOUCH_FEET: u16 = 5;

/// Which standard actions a feature allows at another cost.
#[derive(Debug, Clone, Copy)]
pub(super) struct Maneuvers {
    pub(super) dash: bool,
    pub(super) disengage: bool,
    pub(super) hide: bool,
}

/// Whether a standard action can be taken at this cost.
pub(super) fn maneuver(
    actor: &Creature,
    cost: Cost,
    which: impl Fn(&Maneuvers) -> bool,
) -> Result<(), Illegal> {
    match cost {
        Cost::Action => action_left(actor),
        Cost::BonusAction | Cost::Reaction | Cost::Free | Cost::Legendary => {
            let allowed = actor.definition.specials.iter().any(|special| match special.effect {
                SpecialEffect::Maneuvers { dash, disengage, hide } => {
                    special.cost == cost && which(&Maneuvers { dash, disengage, hide })
                }
                SpecialEffect::Save { .. }
                | SpecialEffect::Heal { .. }
                | SpecialEffect::TemporaryHitPoints { .. }
                | SpecialEffect::Effect { .. }
                | SpecialEffect::AutoDamage { .. }
                | SpecialEffect::Go { .. }
                | SpecialEffect::ExtraAction => false,
            });
            if !allowed {
                return Err(Illegal::NoSuchSpecial);
            }
            cost_left(actor, cost)
        }
    }
}

/// The DC a hiding creature must reach: fixed, or the dullest eyes among its enemies (SRD 5.1); from
/// the others it does not hide.
pub(in crate::rules) fn hide_dc(combat: &Combat, actor: &Creature) -> u8 {
    match combat.edition.hiding() {
        Hiding::Dc(dc) => dc,
        Hiding::PassivePerception => combat
            .creatures
            .iter()
            .filter(|enemy| enemy.side != actor.side && enemy.present())
            .map(|enemy| enemy.definition.senses.passive_perception)
            .min()
            .unwrap_or_default(),
    }
}

/// The skill with which a creature breaks free or resists: the better of Athletics and Acrobatics.
pub(in crate::rules) fn skill_to_resist(creature: &Creature) -> Skill {
    let bonus = |skill| creature.definition.skill(skill);
    if bonus(Skill::Acrobatics) > bonus(Skill::Athletics) {
        Skill::Acrobatics
    } else {
        Skill::Athletics
    }
}

/// What holds the creature and can be escaped by a check.
pub(in crate::rules) fn grip_on(creature: &Creature) -> Option<&ActiveCondition> {
    creature.conditions.iter().find(|active| active.until.is_grip())
}

pub(super) fn check_escape(actor: &Creature) -> Result<(), Illegal> {
    action_left(actor)?;
    if grip_on(actor).is_some() { Ok(()) } else { Err(Illegal::NothingToEscape) }
}

impl Combat {
    /// Whether Aggressive lets the creature dash as a bonus action: there is an enemy to run at.
    pub(super) fn is_aggressive(&self, actor: &Creature) -> bool {
        actor.definition.has(&Trait::Aggressive)
            && self.creatures.iter().any(|it| it.side != actor.side && it.present())
    }

    /// On a map, where no enemy that can see has line of sight. Without a map there is always
    /// something to hide behind (docs/rulings.md).
    pub(super) fn check_can_hide(&self, actor: &Creature) -> Result<(), Illegal> {
        let seen = self.creatures.iter().any(|enemy| {
            enemy.side != actor.side
                && enemy.present()
                && super::able(enemy).is_ok()
                && !enemy.has(Condition::Blinded)
                && sight_between(self, enemy, actor) == Some(true)
        });
        if seen { Err(Illegal::CannotHideHere) } else { Ok(()) }
    }

    fn check_touch(&self, actor: &Creature, target: &Creature) -> Result<(), Illegal> {
        match distance_feet(self, actor, target) {
            Some(distance_feet) if distance_feet > TOUCH_FEET => {
                Err(Illegal::OutOfReach { distance_feet, reach_feet: TOUCH_FEET })
            }
            Some(_) | None => Ok(()),
        }
    }

    pub(super) fn check_help(&self, actor: &Creature, id: CreatureId) -> Result<(), Illegal> {
        action_left(actor)?;
        let target = self.check_enemy(actor, id)?;
        self.check_touch(actor, target)
    }

    pub(super) fn check_stabilize(&self, actor: &Creature, id: CreatureId) -> Result<(), Illegal> {
        action_left(actor)?;
        let target = self.check_target(actor, id)?;
        if target.id == actor.id {
            return Err(Illegal::TargetSelf);
        }
        match target.life {
            Life::Dying { .. } => self.check_touch(actor, target),
            Life::Up if target.knocked_out() => self.check_touch(actor, target),
            Life::Up | Life::Stable | Life::Dead => Err(Illegal::NotDying),
        }
    }

    pub(super) fn check_ready(
        &self,
        actor: &Creature,
        trigger: Trigger,
        response: ReadiedResponse,
    ) -> Result<(), Illegal> {
        action_left(actor)?;
        cost_left(actor, Cost::Reaction)?;
        if let Trigger::CreatureActs { creature } = trigger {
            self.check_target(actor, creature)?;
        }
        match response {
            ReadiedResponse::Attack { attack } if Hold::of(attack).is_some() => Ok(()),
            ReadiedResponse::Attack { attack } => {
                let known = actor.definition.attack(attack).ok_or(Illegal::NoSuchAttack)?;
                super::attack::uses_left(actor, known.id, known.uses)
            }
            ReadiedResponse::Retreat => self.map().map(|_| ()).ok_or(Illegal::NoMap),
            ReadiedResponse::Dodge => Ok(()),
        }
    }

    /// Whether a readied response can be taken now, at whoever set it off.
    pub(super) fn check_readied_response(
        &self,
        creature: &Creature,
        response: ReadiedResponse,
        at: Option<CreatureId>,
    ) -> Result<(), Illegal> {
        cost_left(creature, Cost::Reaction)?;
        match response {
            ReadiedResponse::Attack { attack } => {
                let target = at.ok_or(Illegal::WrongTargetCount { min: 1, max: 1 })?;
                match Hold::of(attack) {
                    Some(hold) => self.plan_reaction_hold(creature, hold, target),
                    None => self.plan_reaction_attack(creature, attack, target).map(|_| ()),
                }
            }
            ReadiedResponse::Retreat => {
                let from = at.ok_or(Illegal::WrongTargetCount { min: 1, max: 1 })?;
                let from = self.check_target(creature, from)?;
                if from.id == creature.id { Err(Illegal::TargetSelf) } else { Ok(()) }
            }
            ReadiedResponse::Dodge => Ok(()),
        }
    }

    /// Whether a readied creature could respond to somebody now.
    pub(in crate::rules) fn could_respond(
        &self,
        creature: &Creature,
        response: ReadiedResponse,
        at: CreatureId,
    ) -> bool {
        super::able(creature).is_ok()
            && self.check_readied_response(creature, response, Some(at)).is_ok()
    }

    /// Taking a readied action on call: in anybody's turn, and even while somebody is being asked,
    /// for the moment it was kept for may be over with the answer (docs/rulings.md).
    pub(super) fn check_release(
        &self,
        id: CreatureId,
        target: Option<CreatureId>,
    ) -> Result<(), Illegal> {
        let (creature, response) = self.check_on_call(id)?;
        self.check_readied_response(creature, response, target)
    }

    /// What a creature could release now, whatever it is released at.
    pub(super) fn check_on_call(
        &self,
        id: CreatureId,
    ) -> Result<(&Creature, ReadiedResponse), Illegal> {
        self.check_phase_running()?;
        let creature = self.here(id)?;
        super::able(creature)?;
        let Some((Trigger::OnCall, response)) = creature.readied else {
            return Err(Illegal::NothingReadied);
        };
        cost_left(creature, Cost::Reaction)?;
        Ok((creature, response))
    }
}
