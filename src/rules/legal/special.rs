//! Whether a special action may be used, and whom it reaches.

use super::attack::{fits_multiattack, uses_left};
use super::cost_left;
use super::terms::{concerns, is_spared};
use crate::rules::creature::{Cost, EffectKind, Reach, SetOff, Special, SpecialEffect, Trait};
use crate::rules::geometry::{
    Space, area_squares, distance_feet, line_of_sight, sees_square, space_of,
};
use crate::rules::grid::Position;
use crate::rules::id::{CreatureId, Slug};
use crate::rules::illegal::Illegal;
use crate::rules::state::{Combat, Creature, Life};

/// Whether the special is meant for enemies.
fn is_hostile(effect: &SpecialEffect) -> bool {
    match effect {
        SpecialEffect::Save { .. } | SpecialEffect::AutoDamage { .. } => true,
        SpecialEffect::Effect { kind, .. } => matches!(
            kind,
            EffectKind::Distracted
                | EffectKind::Marked
                | EffectKind::NoHealing
                | EffectKind::Slowed
                | EffectKind::NoReactions
                | EffectKind::Quarry
                | EffectKind::Vexed
                | EffectKind::Rattled
                | EffectKind::Halved
                | EffectKind::Dazed
                | EffectKind::Exposed
                | EffectKind::Hampered
                | EffectKind::Suffering
        ),
        SpecialEffect::Heal { .. }
        | SpecialEffect::TemporaryHitPoints { .. }
        | SpecialEffect::Maneuvers { .. }
        | SpecialEffect::ExtraAction
        | SpecialEffect::Go { .. } => false,
    }
}

/// What is wrong with naming somebody where nobody can be named.
pub(super) const NO_TARGETS: Illegal = Illegal::WrongTargetCount { min: 0, max: 0 };

/// What a special takes of the turn now: `Free` as part of a multiattack that was begun.
fn special_cost(actor: &Creature, special: &Special) -> Result<Cost, Illegal> {
    let done = &actor.economy.multiattack;
    let part = special.cost == Cost::Action
        && !done.is_empty()
        && fits_multiattack(&actor.definition, done, special.id);
    if part {
        return Ok(Cost::Free);
    }
    if special.cost == Cost::Reaction {
        return Err(Illegal::CostSpent { cost: Cost::Reaction });
    }
    cost_left(actor, special.cost)?;
    Ok(special.cost)
}

/// Everybody whom an area reaches, in the order they joined; whoever makes it only where it
/// does not begin at itself.
pub(in crate::rules) fn affected(
    combat: &Combat,
    actor: &Creature,
    special: &Special,
    aim: Option<Position>,
) -> Vec<CreatureId> {
    let Reach::Area { shape, range } = special.reach else { return Vec::new() };
    let (Some(map), Some(own)) = (combat.map(), space_of(actor)) else { return Vec::new() };
    let aim = aim.unwrap_or(own.corner);
    let squares = area_squares(map, own, shape, range, aim);
    let origin = if range == 0 { own } else { Space::square(aim) };
    combat
        .creatures
        .iter()
        .filter(|other| other.present() && (range > 0 || other.id != actor.id))
        .filter(|other| !is_spared(actor, special, other))
        .filter(|other| {
            space_of(other).is_some_and(|space| {
                squares.iter().any(|square| space.contains(*square))
                    && line_of_sight(map, origin, space)
            })
        })
        .map(|other| other.id)
        .collect()
}

impl Combat {
    /// A special action on one's own turn: what it costs.
    pub(in crate::rules) fn check_special(
        &self,
        actor: &Creature,
        special: Slug,
        targets: &[CreatureId],
        aim: Option<Position>,
    ) -> Result<Cost, Illegal> {
        let special = actor.definition.special(special).ok_or(Illegal::NoSuchSpecial)?;
        let cost = special_cost(actor, special)?;
        uses_left(actor, special.id, special.uses)?;
        if special.terms.set_off != SetOff::Chosen {
            // It happens by itself or not at all.
            return Err(Illegal::NoSuchSpecial);
        }
        if matches!(special.effect, SpecialEffect::Maneuvers { .. }) {
            // Dash, Disengage and Hide name this entry's cost; by itself it is nothing to use.
            return Err(Illegal::NoSuchSpecial);
        }
        if matches!(special.effect, SpecialEffect::Go { .. }) {
            self.plan_going(actor, special, targets, aim)?;
            return Ok(cost);
        }
        match special.reach {
            Reach::Own => Self::check_own(actor, special, targets)?,
            Reach::Creatures { count, feet } => {
                self.check_chosen(actor, special, targets, count, feet)?;
            }
            Reach::Area { range, .. } => self.check_area(actor, special, targets, aim, range)?,
        }
        Ok(cost)
    }

    fn check_own(
        actor: &Creature,
        special: &Special,
        targets: &[CreatureId],
    ) -> Result<(), Illegal> {
        if targets.iter().any(|target| *target != actor.id) || targets.len() > 1 {
            return Err(Illegal::WrongTargetCount { min: 0, max: 0 });
        }
        check_use_on(special, actor)
    }

    fn check_chosen(
        &self,
        actor: &Creature,
        special: &Special,
        targets: &[CreatureId],
        count: u8,
        feet: u16,
    ) -> Result<(), Illegal> {
        let max = usize::from(count);
        if targets.is_empty() || targets.len() > max {
            return Err(Illegal::WrongTargetCount { min: 1, max });
        }
        // Darts may all fly at one target; everything else takes each creature once.
        let repeats = matches!(special.effect, SpecialEffect::AutoDamage { .. });
        for (index, id) in targets.iter().enumerate() {
            if !repeats && targets.iter().take(index).any(|other| other == id) {
                return Err(Illegal::WrongTargetCount { min: 1, max });
            }
            let target = if is_hostile(&special.effect) {
                self.check_enemy(actor, *id)?
            } else {
                self.check_target(actor, *id)?
            };
            if !concerns(actor, special, target) {
                return Err(Illegal::NotConcerned);
            }
            check_use_on(special, target)?;
            if let Some(distance_feet) = distance_feet(self, actor, target)
                && target.id != actor.id
                && distance_feet > feet
            {
                return Err(Illegal::OutOfRange { distance_feet, range_feet: feet });
            }
            if target.id != actor.id
                && crate::rules::geometry::sight_between(self, actor, target) == Some(false)
            {
                return Err(Illegal::NoLineOfSight);
            }
        }
        Ok(())
    }

    /// On a map an area is aimed at a square; without one its targets are named.
    fn check_area(
        &self,
        actor: &Creature,
        special: &Special,
        targets: &[CreatureId],
        aim: Option<Position>,
        range: u16,
    ) -> Result<(), Illegal> {
        let Some((map, own)) = self.map().zip(space_of(actor)) else {
            if targets.is_empty() {
                let max = self.creatures.len();
                return Err(Illegal::WrongTargetCount { min: 1, max });
            }
            for id in targets {
                let target = self.check_target(actor, *id)?;
                if !concerns(actor, special, target) {
                    return Err(Illegal::NotConcerned);
                }
                check_use_on(special, target)?;
            }
            return Ok(());
        };
        let at = aim.ok_or(Illegal::AimNeeded)?;
        if at.x >= map.width || at.y >= map.height {
            return Err(Illegal::OffTheMap);
        }
        let distance_feet = own.feet_to(Space::square(at));
        if range > 0 && distance_feet > range {
            return Err(Illegal::OutOfRange { distance_feet, range_feet: range });
        }
        if range > 0 && sees_square(self, actor, at) == Some(false) {
            return Err(Illegal::NoLineOfSight);
        }
        Ok(())
    }
}

/// Whether using it on this creature would do anything.
fn check_use_on(special: &Special, target: &Creature) -> Result<(), Illegal> {
    match special.effect {
        SpecialEffect::Heal { .. } => {
            if target.affected(EffectKind::NoHealing) || target.definition.has(&Trait::Swarm) {
                return Err(Illegal::HealingPrevented);
            }
            if target.life == Life::Dead {
                return Err(Illegal::TargetDead);
            }
            if target.hit_points >= target.maximum() {
                return Err(Illegal::NothingToHeal);
            }
            Ok(())
        }
        SpecialEffect::Save { .. }
        | SpecialEffect::AutoDamage { .. }
        | SpecialEffect::Effect { .. }
        | SpecialEffect::TemporaryHitPoints { .. }
        | SpecialEffect::Maneuvers { .. }
        | SpecialEffect::Go { .. }
        | SpecialEffect::ExtraAction => Ok(()),
    }
}
