//! What an attack or a special is likely to bring, in hundredths of a point of damage.
//!
//! Rough on purpose, and in whole numbers, so that every machine decides alike. It uses what can be
//! seen: armor, conditions, who looks badly hurt. It never looks at resistances, exact hit points
//! or anything else that the other side keeps to itself. Immunities it takes as seen: one blow that
//! does nothing shows them, and it has no memory of that blow.

use crate::rules::condition::Condition;
use crate::rules::creature::{
    Attack, DamagePart, EffectKind, Rider, SaveSpec, Special, SpecialEffect, Trait, When,
};
use crate::rules::damage::DiceExpr;
use crate::rules::geometry::{distance_feet, space_of};
use crate::rules::grid::{Position, SQUARE_FEET};
use crate::rules::state::{Combat, Creature, Life};

/// Hundredths of a point in one point.
const POINT: i32 = 100;
/// Sides of the die that decides nearly everything.
const D20: i32 = 20;

/// How a d20 would be rolled: below 0 disadvantage, above 0 advantage.
pub(super) type Lean = i32;

/// Whether `creature` looks to have half its hit points or fewer.
pub(super) fn bloodied(creature: &Creature) -> bool {
    u32::from(creature.hit_points()) * 2 <= u32::from(creature.maximum())
}

/// Whether `creature` looks about to fall.
pub(super) fn failing(creature: &Creature) -> bool {
    u32::from(creature.hit_points()) * 4 <= u32::from(creature.maximum())
}

/// Where an attacker would strike from, which need not be where it stands.
#[derive(Debug, Clone, Copy)]
pub(super) struct Stance<'a> {
    pub(super) combat: &'a Combat,
    pub(super) me: &'a Creature,
    /// Where it would stand; `None` in the theatre of the mind.
    pub(super) at: Option<Position>,
    /// An enemy that can act would stand within 5 feet.
    pub(super) crowded: bool,
}

impl<'a> Stance<'a> {
    /// Where the creature stands now.
    pub(super) fn here(combat: &'a Combat, me: &'a Creature, enemies: &[&Creature]) -> Self {
        let at = combat.map().and_then(|_| me.position());
        Self::at(combat, me, enemies, at)
    }

    /// Somewhere else.
    pub(super) fn at(
        combat: &'a Combat,
        me: &'a Creature,
        enemies: &[&Creature],
        at: Option<Position>,
    ) -> Self {
        let mut stance = Self { combat, me, at, crowded: false };
        stance.crowded = at.is_some()
            && enemies.iter().any(|enemy| {
                enemy.incapacitated().is_none()
                    && stance.feet_to(enemy).is_some_and(|feet| feet <= SQUARE_FEET)
            });
        stance
    }

    /// Feet from there to another creature; `None` in the theatre of the mind.
    pub(super) fn feet_to(&self, other: &Creature) -> Option<u16> {
        Some(space_of(self.me)?.at(self.at?).feet_to(space_of(other)?))
    }

    /// Whether the attack reaches the target from there, walls aside, and whether in melee.
    pub(super) fn reaches(&self, attack: &Attack, target: &Creature) -> Option<bool> {
        let Some(feet) = self.feet_to(target) else {
            return Some(attack.reach.is_some());
        };
        if attack.reach.is_some_and(|reach| feet <= reach) {
            return Some(true);
        }
        attack.range.filter(|range| feet <= range.long.max(range.normal)).map(|_| false)
    }

    /// What the attack is worth against the target from there; `None` if it does not reach.
    pub(super) fn value(&self, attack: &Attack, target: &Creature) -> Option<i32> {
        let melee = self.reaches(attack, target)?;
        let lean = self.lean(attack, target, melee);
        let shield = if target.affected(EffectKind::Shielded) { 2 } else { 0 }
            - i32::from(target.magnitude(EffectKind::Exposed));
        let blessing = if self.me.affected(EffectKind::Blessed) { 2 } else { 0 };
        let needed = i32::from(target.definition().armor_class) + shield
            - i32::from(attack.to_hit)
            - blessing;
        let hits = (D20 + 1 - needed).clamp(1, D20 - 1);
        let chance = match lean.signum() {
            1 => D20 * D20 - (D20 - hits) * (D20 - hits),
            -1 => hits * hits,
            _ => D20 * hits,
        };
        let damage: i32 = attack
            .damage
            .iter()
            .filter(|part| self.counts(part.when, target, lean))
            .map(|part| felt(part, target))
            .sum();
        let riders: i32 = attack.riders.iter().map(|rider| rider_value(rider, target)).sum();
        Some((damage + riders).max(1) * chance / (D20 * D20) * focus(target) / 100)
    }

    /// Whether a line of damage would count.
    fn counts(&self, when: When, target: &Creature, lean: Lean) -> bool {
        match when {
            When::AttackHadAdvantage => lean > 0,
            When::FailedBy(_) => false,
            When::Always
            | When::Charged { .. }
            | When::Uncharged { .. }
            | When::TargetInjured
            | When::TargetBloodied
            | When::AttackerBloodied
            | When::AttackerUnbloodied
            | When::TargetHeld
            | When::TargetHas(_)
            | When::TargetIs(_)
            | When::TargetIsNot(_)
            | When::FirstRound
            | When::WhileEffect(_)
            | When::TargetBears(_) => self.combat.holds(when, self.me, target),
            When::SneakAttack => {
                !self.me.economy().sneak_attack_spent
                    && lean >= 0
                    && (lean > 0 || self.ally_beside(target))
            }
        }
    }

    /// Whether an able ally stands within 5 feet of the target; without a map, whether there is one.
    fn ally_beside(&self, target: &Creature) -> bool {
        self.combat.creatures().iter().any(|ally| {
            ally.id() != self.me.id()
                && ally.side() == self.me.side()
                && ally.present()
                && ally.life() == Life::Up
                && ally.incapacitated().is_none()
                && distance_feet(self.combat, ally, target).is_none_or(|feet| feet <= SQUARE_FEET)
        })
    }

    /// Which way the roll would lean.
    fn lean(&self, attack: &Attack, target: &Creature, melee: bool) -> Lean {
        let near = self.feet_to(target).is_none_or(|feet| feet <= SQUARE_FEET);
        let prone = target.has(Condition::Prone);
        let mine = |effect| self.me.affected(effect);
        let theirs = |effect| target.affected(effect);
        let helped = [
            Condition::Blinded,
            Condition::Paralyzed,
            Condition::Petrified,
            Condition::Restrained,
            Condition::Stunned,
            Condition::Unconscious,
        ]
        .into_iter()
        .any(|condition| target.has(condition))
            || (prone && near)
            || theirs(EffectKind::Distracted)
            || theirs(EffectKind::Marked)
            || theirs(EffectKind::Reckless)
            || mine(EffectKind::Hidden)
            || (mine(EffectKind::Reckless) && melee)
            || mine(EffectKind::Emboldened)
            || attack.advantage.is_some_and(|when| self.combat.holds(when, self.me, target))
            || (self.me.definition().has(&Trait::BloodFrenzy)
                && target.hit_points() < target.maximum())
            || self.me.has(Condition::Invisible)
            || (self.me.definition().has(&Trait::PackTactics) && self.ally_beside(target));
        let far = attack
            .range
            .zip(self.feet_to(target))
            .is_some_and(|(range, feet)| !melee && feet > range.normal);
        let hindered = [
            Condition::Blinded,
            Condition::Frightened,
            Condition::Poisoned,
            Condition::Prone,
            Condition::Restrained,
        ]
        .into_iter()
        .any(|condition| self.me.has(condition))
            || (prone && !near)
            || theirs(EffectKind::Dodging)
            || theirs(EffectKind::Hidden)
            || mine(EffectKind::Rattled)
            || mine(EffectKind::Hampered)
            || target.definition().has(&Trait::BlurredForm)
            || target.has(Condition::Invisible)
            || far
            || (!melee && self.crowded);
        i32::from(helped) - i32::from(hindered)
    }
}

/// How much more a target is worth, in percent, for looking weak.
fn focus(target: &Creature) -> i32 {
    if failing(target) {
        140
    } else if bloodied(target) {
        120
    } else {
        100
    }
}

/// The average of some dice in hundredths.
pub(super) fn points(dice: DiceExpr) -> i32 {
    let twice = i32::from(dice.count) * (i32::from(dice.sides) + 1) + 2 * i32::from(dice.bonus);
    twice.max(0) * POINT / 2
}

/// The average of a line of damage in hundredths, nothing of it against the immune.
fn felt(part: &DamagePart, target: &Creature) -> i32 {
    if target.definition().immunities.contains(part.kind) { 0 } else { points(part.dice) }
}

fn total(damage: &[DamagePart], target: &Creature) -> i32 {
    damage.iter().map(|part| felt(part, target)).sum()
}

/// Faces of the d20 with which the target fails the save.
fn failures(save: SaveSpec, target: &Creature) -> i32 {
    let bonus = i32::from(target.definition().saves.get(save.ability));
    (i32::from(save.dc) - bonus - 1).clamp(0, D20)
}

fn rider_value(rider: &Rider, target: &Creature) -> i32 {
    match rider {
        Rider::Condition { condition, save, max_size, .. } => {
            if target.has(*condition)
                || target.definition().condition_immunities.contains(*condition)
                || max_size.is_some_and(|largest| target.definition().size > largest)
            {
                return 0;
            }
            condition_points(*condition) * POINT * save.map_or(D20, |save| failures(save, target))
                / D20
        }
        Rider::SaveDamage { damage, save, half_on_success } => {
            saved(felt(damage, target), *half_on_success, failures(*save, target))
        }
        Rider::Push { .. }
        | Rider::Pull { .. }
        | Rider::Slow { .. }
        | Rider::NoHealing
        | Rider::Effect { .. } => POINT,
        Rider::Ongoing { what, .. } => 2 * points(what.dice),
        Rider::ReduceMaximum { .. } => 2 * POINT,
        Rider::DrainHeal { .. } => 2 * POINT,
    }
}

/// What putting a condition on somebody is worth, in points of damage.
const fn condition_points(condition: Condition) -> i32 {
    match condition {
        Condition::Paralyzed
        | Condition::Petrified
        | Condition::Stunned
        | Condition::Unconscious => 12,
        Condition::Incapacitated => 8,
        Condition::Blinded | Condition::Restrained => 6,
        Condition::Exhaustion => 4,
        Condition::Charmed
        | Condition::Frightened
        | Condition::Grappled
        | Condition::Poisoned
        | Condition::Prone => 3,
        Condition::Deafened | Condition::Invisible => 1,
    }
}

/// Damage of which a success leaves half or nothing.
fn saved(damage: i32, half_on_success: bool, failures: i32) -> i32 {
    let successes = if half_on_success { (D20 - failures) / 2 } else { 0 };
    damage * (failures + successes) / D20
}

/// What a harmful special is worth against one target; `None` if it harms nobody.
pub(super) fn harm(special: &Special, me: &Creature, target: &Creature) -> Option<i32> {
    if target.withstands(me.id(), special.id) {
        return None;
    }
    match &special.effect {
        SpecialEffect::Save { save, damage, half_on_success, riders } => {
            let failures = failures(*save, target);
            let riders: i32 = riders.iter().map(|rider| rider_value(rider, target)).sum();
            let value =
                saved(total(damage, target), *half_on_success, failures) + riders * failures / D20;
            Some(value * focus(target) / 100)
        }
        SpecialEffect::AutoDamage { damage } => Some(total(damage, target) * focus(target) / 100),
        SpecialEffect::Effect { kind, .. } if !helps(*kind) => {
            Some(if target.affected(*kind) { 0 } else { 3 * POINT })
        }
        SpecialEffect::Effect { .. }
        | SpecialEffect::Heal { .. }
        | SpecialEffect::TemporaryHitPoints { .. }
        | SpecialEffect::Maneuvers { .. }
        | SpecialEffect::Go { .. }
        | SpecialEffect::ExtraAction => None,
    }
}

/// Whether an effect is something one wishes for a friend.
pub(super) const fn helps(kind: EffectKind) -> bool {
    match kind {
        EffectKind::Dodging
        | EffectKind::Disengaged
        | EffectKind::Hidden
        | EffectKind::Raging
        | EffectKind::Reckless
        | EffectKind::Blessed
        | EffectKind::Emboldened
        | EffectKind::Shielded => true,
        EffectKind::Distracted
        | EffectKind::Marked
        | EffectKind::NoHealing
        | EffectKind::Slowed
        | EffectKind::NoReactions
        | EffectKind::Quarry
        | EffectKind::Assisted
        | EffectKind::Halved
        | EffectKind::Dazed
        | EffectKind::Exposed
        | EffectKind::Hampered
        | EffectKind::Suffering
        | EffectKind::Vexed
        | EffectKind::Surprised
        | EffectKind::Rattled => false,
    }
}
