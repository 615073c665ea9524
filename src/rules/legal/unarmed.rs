//! Whether somebody may be seized, shoved or let go (SRD 5.2.1, Rules Glossary > Unarmed Strike,
//! Grappling; SRD 5.1, Combat > Grappling, Shoving a Creature).
//!
//! Each takes the place of one attack. Who holds whom is read off the conditions; nothing else is
//! kept about it.

use super::{able, cost_left};
use crate::rules::condition::{ActiveCondition, Condition, Until};
use crate::rules::creature::{Cost, Lasts, Reach, Rider, Size, SpecialEffect};
use crate::rules::geometry::{cover_between, distance_feet, sight_between};
use crate::rules::id::{CreatureId, Slug};
use crate::rules::illegal::Illegal;
use crate::rules::state::{Combat, Creature};
use crate::rules::unarmed::{HANDS, Hold, UNARMED_REACH_FEET};

/// Everybody whom a creature holds, with the condition it holds them by.
pub(in crate::rules) fn held_by(
    combat: &Combat,
    holder: CreatureId,
) -> impl Iterator<Item = (&Creature, &ActiveCondition)> {
    combat.creatures.iter().filter(|it| it.present()).flat_map(move |it| {
        let grips = it.conditions.iter();
        let own = move |active: &&ActiveCondition| {
            active.source == Some(holder) && active.until.is_grip()
        };
        grips.filter(own).map(move |active| (it, active))
    })
}

/// Feet within which a grip holds: the reach of whatever in the holder's stat block seizes like
/// that, and that of a hand for everything else.
pub(in crate::rules) fn grip_reach_feet(holder: &Creature, grip: &ActiveCondition) -> u16 {
    let Until::Escaped { dc } = grip.until else { return UNARMED_REACH_FEET };
    let seizes = |riders: &[Rider]| {
        riders.iter().any(|rider| match rider {
            Rider::Condition { condition, lasts, .. } => {
                *condition == grip.condition && *lasts == Lasts::Escape { dc }
            }
            Rider::SaveDamage { .. }
            | Rider::Push { .. }
            | Rider::Pull { .. }
            | Rider::ReduceMaximum { .. }
            | Rider::Ongoing { .. }
            | Rider::DrainHeal { .. }
            | Rider::NoHealing
            | Rider::Slow { .. }
            | Rider::Effect { .. } => false,
        })
    };
    let attacks = holder.definition.attacks.iter().filter(|attack| seizes(&attack.riders));
    let specials = holder.definition.specials.iter().filter_map(|special| {
        let SpecialEffect::Save { riders, .. } = &special.effect else { return None };
        let Reach::Creatures { feet, .. } = special.reach else { return None };
        seizes(riders).then_some(feet)
    });
    let reach = attacks.filter_map(|attack| attack.reach.or(attack.range.map(|it| it.normal)));
    reach.chain(specials).max().unwrap_or(UNARMED_REACH_FEET)
}

/// Steps between two sizes, above 0 if the second is larger.
fn larger_by(mine: Size, theirs: Size) -> i8 {
    theirs.rank().saturating_sub(mine.rank())
}

impl Combat {
    /// A grapple or shove on one's own turn: what it costs.
    pub(in crate::rules) fn plan_hold(
        &self,
        actor: &Creature,
        hold: Hold,
        target: CreatureId,
    ) -> Result<Cost, Illegal> {
        let (cost, _) = self.attack_cost(actor, Slug::unarmed_strike(), target)?;
        self.check_hold(actor, hold, target)?;
        Ok(cost)
    }

    /// Whether a creature could seize or shove somebody with its reaction now.
    pub fn could_hold(&self, creature: &Creature, hold: Hold, target: CreatureId) -> bool {
        self.plan_reaction_hold(creature, hold, target).is_ok()
    }

    /// A grapple or shove as a reaction, in place of an unarmed strike.
    pub(in crate::rules) fn plan_reaction_hold(
        &self,
        actor: &Creature,
        hold: Hold,
        target: CreatureId,
    ) -> Result<(), Illegal> {
        able(actor)?;
        cost_left(actor, Cost::Reaction)?;
        self.check_hold(actor, hold, target)
    }

    fn check_hold(&self, actor: &Creature, hold: Hold, id: CreatureId) -> Result<(), Illegal> {
        let target = self.check_enemy(actor, id)?;
        if larger_by(actor.definition.size, target.definition.size) > 1 {
            return Err(Illegal::TargetTooLarge);
        }
        let condition = match hold {
            Hold::Grapple => {
                let held = held_by(self, actor.id).filter(|(_, grip)| is_grappled(grip));
                let by_hand =
                    held.filter(|(_, grip)| grip_reach_feet(actor, grip) == UNARMED_REACH_FEET);
                if by_hand.count() >= HANDS {
                    return Err(Illegal::HandsFull { max: HANDS });
                }
                let again =
                    |grip: &ActiveCondition| is_grappled(grip) && grip.source == Some(actor.id);
                if target.conditions.iter().any(again) {
                    return Err(Illegal::NothingToDo);
                }
                Some(Condition::Grappled)
            }
            Hold::ShoveAway if self.map.is_none() => return Err(Illegal::NoMap),
            Hold::ShoveAway => None,
            Hold::ShoveProne if target.has(Condition::Prone) => return Err(Illegal::NothingToDo),
            Hold::ShoveProne => Some(Condition::Prone),
        };
        if let Some(condition) = condition.filter(|condition| target.immune_to(*condition)) {
            return Err(Illegal::ConditionImmune { condition });
        }
        if let Some(distance_feet) = distance_feet(self, actor, target)
            && distance_feet > UNARMED_REACH_FEET
        {
            return Err(Illegal::OutOfReach { distance_feet, reach_feet: UNARMED_REACH_FEET });
        }
        if sight_between(self, actor, target) == Some(false) {
            return Err(Illegal::NoLineOfSight);
        }
        match cover_between(self, actor, target) {
            Some(None) => Err(Illegal::TotalCover),
            Some(Some(_)) | None => Ok(()),
        }
    }

    /// Whoever holds somebody lets go in its own turn, able to act or not.
    pub(super) fn check_let_go(&self, id: CreatureId, target: CreatureId) -> Result<(), Illegal> {
        self.check_running()?;
        let creature = self.here(id)?;
        if self.current != Some(id) {
            return Err(Illegal::NotYourTurn { current: self.current });
        }
        self.check_target(creature, target)?;
        let holds = held_by(self, id).any(|(held, _)| held.id == target);
        if holds { Ok(()) } else { Err(Illegal::NotHeld) }
    }
}

fn is_grappled(grip: &ActiveCondition) -> bool {
    grip.condition == Condition::Grappled
}
