//! Whether an attack may be made, and under which circumstances it is rolled.
//!
//! Advantage, disadvantage and cover are computed from the state and never claimed by anybody but
//! the GM (SRD 5.2.1, Playing the Game > Making an Attack).

use super::{able, cost_left};
use crate::rules::ability::Ability;
use crate::rules::condition::Condition;
use crate::rules::creature::{Attack, Cost, Definition, EffectKind, Mastery, Trait, Uses};
use crate::rules::edition::{Edition, Test};
use crate::rules::event::{Cover, Reason, Role, RollMode};
use crate::rules::geometry::{cover_between, distance_feet, sight_between};
use crate::rules::id::{CreatureId, Slug};
use crate::rules::illegal::Illegal;
use crate::rules::state::{ActiveEffect, Combat, Creature, Life};
use crate::rules::unarmed::UNARMED_REACH_FEET;

/// Feet within which a shooter is disturbed, and a fallen target is easy to hit.
const NEAR_FEET: u16 = 5;

/// An attack as it will be rolled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::rules) struct AttackPlan {
    /// What it takes: `Free` for a further attack of a multiattack.
    pub(in crate::rules) cost: Cost,
    pub(in crate::rules) cover: Cover,
    pub(in crate::rules) mode: RollMode,
    pub(in crate::rules) advantages: Vec<Reason>,
    pub(in crate::rules) disadvantages: Vec<Reason>,
    /// Within 5 feet of the target, or without a map in melee: a hit on somebody helpless is
    /// critical.
    pub(in crate::rules) is_near: bool,
    /// Within reach, not from afar.
    pub(in crate::rules) is_melee: bool,
    /// An extra attack has no ability modifier in its damage.
    pub(in crate::rules) role: Role,
    pub(in crate::rules) is_opportunity: bool,
}

/// How a d20 is rolled with these reasons for and against: they cancel, however many there are.
pub(in crate::rules) fn d20_modes(advantages: &[Reason], disadvantages: &[Reason]) -> RollMode {
    match (advantages.is_empty(), disadvantages.is_empty()) {
        (false, true) => RollMode::Advantage,
        (true, false) => RollMode::Disadvantage,
        (true, true) | (false, false) => RollMode::Normal,
    }
}

/// Whether an entry with limited uses can be used once more.
pub(super) fn uses_left(creature: &Creature, entry: Slug, uses: Uses) -> Result<(), Illegal> {
    let spent = creature.spent.iter().find(|(known, _)| *known == entry).map_or(0, |(_, n)| *n);
    match uses {
        Uses::AtWill => Ok(()),
        Uses::OncePerRound if spent > 0 => Err(Illegal::NoUsesLeft),
        Uses::PerDay(most) | Uses::PerRest(most) if spent >= most => Err(Illegal::NoUsesLeft),
        Uses::Recharge { .. } if spent > 0 => Err(Illegal::NotRecharged),
        Uses::PerDay(_) | Uses::PerRest(_) | Uses::OncePerRound | Uses::Recharge { .. } => Ok(()),
    }
}

/// Whether `done` and one more can be parts of one multiattack. A hero's further attacks may be
/// unarmed strikes too; a monster's are what its stat block says.
pub(super) fn fits_multiattack(definition: &Definition, done: &[Slug], more: Slug) -> bool {
    let wanted: Vec<Slug> = done.iter().copied().chain([more]).collect();
    let fits = |slot: &[Slug], entry: Slug| {
        let bare = definition.is_hero() && definition.is_unarmed(entry);
        slot.contains(&entry) || (bare && slot.iter().any(|it| definition.attack(*it).is_some()))
    };
    definition.multiattack.iter().any(|option| {
        let slots: Vec<&[Slug]> = option
            .steps
            .iter()
            .flat_map(|step| (0..step.count).map(|_| step.any_of.as_slice()))
            .collect();
        wanted.len() <= slots.len() && assign(&wanted, &slots, &mut vec![false; slots.len()], &fits)
    })
}

/// Whether every entry finds a slot of its own; at most as deep as a multiattack is long.
fn assign(
    wanted: &[Slug],
    slots: &[&[Slug]],
    used: &mut Vec<bool>,
    fits: &impl Fn(&[Slug], Slug) -> bool,
) -> bool {
    let Some((first, rest)) = wanted.split_first() else { return true };
    for index in 0..slots.len() {
        let free = used.get(index).is_some_and(|taken| !taken);
        if free && slots.get(index).is_some_and(|slot| fits(slot, *first)) {
            mark(used, index, true);
            if assign(rest, slots, used, fits) {
                return true;
            }
            mark(used, index, false);
        }
    }
    false
}

fn mark(used: &mut [bool], index: usize, to: bool) {
    if let Some(slot) = used.get_mut(index) {
        *slot = to;
    }
}

/// Whether a weapon can be one of a pair.
fn is_paired(edition: Edition, attack: &Attack) -> bool {
    attack.light && (edition.light_includes_ranged() || attack.reach.is_some())
}

/// The other hand's attack with a light weapon, if one struck already (SRD 5.2.1, Equipment >
/// Light, Nick; SRD 5.1, Combat > Two-Weapon Fighting): what it takes.
fn other_hand(edition: Edition, actor: &Creature, attack: &Attack) -> Option<(Cost, Role)> {
    let economy = &actor.economy;
    let first = economy.light_attack.filter(|first| *first != attack.id);
    let first = first.and_then(|first| actor.definition.attack(first))?;
    let pair = is_paired(edition, first) && is_paired(edition, attack);
    if !pair || economy.light_extra_spent {
        return None;
    }
    if edition.has_masteries() && attack.weapon.mastery == Some(Mastery::Nick) {
        return Some((Cost::Free, Role::Nick));
    }
    (!economy.bonus_action_spent).then_some((Cost::BonusAction, Role::OffHand))
}

impl Combat {
    /// A creature that can be the target of something hostile.
    pub(super) fn check_enemy(
        &self,
        actor: &Creature,
        id: CreatureId,
    ) -> Result<&Creature, Illegal> {
        let target = self.check_target(actor, id)?;
        if target.id == actor.id {
            return Err(Illegal::TargetSelf);
        }
        if target.side == actor.side {
            return Err(Illegal::TargetIsAlly);
        }
        let charmed = actor.conditions.iter().any(|active| {
            active.condition == Condition::Charmed && active.source == Some(target.id)
        });
        if charmed { Err(Illegal::CharmedByTarget) } else { Ok(target) }
    }

    /// A creature that can be the target of anything. One that the other sides do not know of is
    /// not there for them.
    pub(super) fn check_target(
        &self,
        actor: &Creature,
        id: CreatureId,
    ) -> Result<&Creature, Illegal> {
        let target = self.creature(id).ok_or(Illegal::NoSuchCreature { creature: id })?;
        if target.hidden && target.side != actor.side {
            return Err(Illegal::NoSuchCreature { creature: id });
        }
        if target.left {
            return Err(Illegal::TargetLeft);
        }
        if target.life == Life::Dead { Err(Illegal::TargetDead) } else { Ok(target) }
    }

    /// What this attack takes of the turn now, and what it is within it.
    pub(super) fn attack_cost(
        &self,
        actor: &Creature,
        attack: Slug,
        target: CreatureId,
    ) -> Result<(Cost, Role), Illegal> {
        let attack = actor.definition.attack(attack).ok_or(Illegal::NoSuchAttack)?;
        match attack.cost {
            Cost::BonusAction | Cost::Reaction | Cost::Free | Cost::Legendary => {
                if attack.cost == Cost::Reaction {
                    return Err(Illegal::CostSpent { cost: Cost::Reaction });
                }
                cost_left(actor, attack.cost)?;
                return Ok((attack.cost, Role::Plain));
            }
            Cost::Action => {}
        }
        if self.cleaves(actor, attack, target) {
            return Ok((Cost::Free, Role::Cleave));
        }
        let economy = &actor.economy;
        let going_on = !economy.multiattack.is_empty();
        let unloaded = attack.weapon.loading && economy.multiattack.contains(&attack.id);
        let fits = going_on && fits_multiattack(&actor.definition, &economy.multiattack, attack.id);
        if fits && !unloaded {
            return Ok((Cost::Free, Role::Plain));
        }
        if let Some(extra) = other_hand(self.edition, actor, attack) {
            return Ok(extra);
        }
        if cost_left(actor, Cost::Action).is_ok() {
            return Ok((Cost::Action, Role::Plain));
        }
        if fits {
            return Err(Illegal::NotLoaded);
        }
        if going_on && !actor.definition.multiattack.is_empty() {
            return Err(Illegal::NotInMultiattack);
        }
        Err(Illegal::CostSpent { cost: Cost::Action })
    }

    /// Whether a blow goes on from somebody it hit to somebody beside them, once a turn (SRD 5.2.1,
    /// Equipment > Mastery Properties, Cleave).
    fn cleaves(&self, actor: &Creature, attack: &Attack, target: CreatureId) -> bool {
        let mastered =
            self.edition.has_masteries() && attack.weapon.mastery == Some(Mastery::Cleave);
        let armed = actor.economy.cleave.filter(|(with, _)| mastered && *with == attack.id);
        let Some((_, first)) = armed.filter(|_| !actor.economy.cleave_spent) else { return false };
        let (Some(first), Some(second)) = (self.creature(first), self.creature(target)) else {
            return false;
        };
        let beside = distance_feet(self, first, second).is_none_or(|feet| feet <= NEAR_FEET);
        let in_reach = distance_feet(self, actor, second)
            .is_none_or(|feet| attack.reach.is_some_and(|reach| feet <= reach));
        first.id != second.id && beside && in_reach
    }

    /// An attack on one's own turn.
    pub(in crate::rules) fn plan_attack(
        &self,
        actor: &Creature,
        attack: Slug,
        target: CreatureId,
        mode: Option<RollMode>,
    ) -> Result<AttackPlan, Illegal> {
        let attack = actor.definition.attack(attack).ok_or(Illegal::NoSuchAttack)?;
        let (cost, role) = self.attack_cost(actor, attack.id, target)?;
        uses_left(actor, attack.id, attack.uses)?;
        let target = self.check_enemy(actor, target)?;
        let mut plan = self.circumstances(actor, attack, target, mode)?;
        plan.cost = cost;
        plan.role = role;
        Ok(plan)
    }

    /// The attack with which a special ends: it takes nothing more.
    pub(in crate::rules) fn plan_strike_at_last(
        &self,
        actor: &Creature,
        attack: Slug,
        target: CreatureId,
    ) -> Result<AttackPlan, Illegal> {
        able(actor)?;
        let attack = actor.definition.attack(attack).ok_or(Illegal::NoSuchAttack)?;
        let target = self.check_enemy(actor, target)?;
        let mut plan = self.circumstances(actor, attack, target, None)?;
        plan.cost = Cost::Free;
        Ok(plan)
    }

    /// An attack as a reaction, whenever it comes.
    pub(in crate::rules) fn plan_reaction_attack(
        &self,
        actor: &Creature,
        attack: Slug,
        target: CreatureId,
    ) -> Result<AttackPlan, Illegal> {
        cost_left(actor, Cost::Reaction)?;
        let attack = actor.definition.attack(attack).ok_or(Illegal::NoSuchAttack)?;
        uses_left(actor, attack.id, attack.uses)?;
        let target = self.check_enemy(actor, target)?;
        let mut plan = self.circumstances(actor, attack, target, None)?;
        plan.cost = Cost::Reaction;
        Ok(plan)
    }

    /// An opportunity attack: with the named melee attack, or the best one there is.
    pub(in crate::rules) fn plan_opportunity(
        &self,
        actor: &Creature,
        target: CreatureId,
        attack: Option<Slug>,
    ) -> Result<(Slug, AttackPlan), Illegal> {
        able(actor)?;
        let chosen = match attack {
            Some(attack) => attack,
            None => self.best_melee(actor, target).ok_or(Illegal::NoSuchAttack)?,
        };
        let known = actor.definition.attack(chosen).ok_or(Illegal::NoSuchAttack)?;
        if known.reach.is_none() || known.cost == Cost::BonusAction {
            return Err(Illegal::NoSuchAttack);
        }
        let passer = self.here(target)?;
        if let Some(distance_feet) = distance_feet(self, actor, passer)
            && let Some(reach_feet) = known.reach.filter(|reach| distance_feet > *reach)
        {
            return Err(Illegal::OutOfReach { distance_feet, reach_feet });
        }
        let mut plan = self.plan_reaction_attack(actor, chosen, target)?;
        plan.is_opportunity = true;
        Ok((chosen, plan))
    }

    /// The attack that promises most among those that reach the target in melee.
    fn best_melee(&self, actor: &Creature, target: CreatureId) -> Option<Slug> {
        let feet = self.creature(target).and_then(|target| distance_feet(self, actor, target));
        actor
            .definition
            .attacks
            .iter()
            .filter(|attack| attack.reach.is_some_and(|reach| feet.is_none_or(|f| f <= reach)))
            .filter(|attack| attack.cost != Cost::BonusAction)
            .filter(|attack| uses_left(actor, attack.id, attack.uses).is_ok())
            .max_by_key(|attack| attack.damage.iter().map(|part| part.dice.average()).sum::<i32>())
            .or_else(|| {
                let near = feet.is_none_or(|feet| feet <= UNARMED_REACH_FEET);
                actor.definition.unarmed().filter(|_| near)
            })
            .map(|attack| attack.id)
    }

    /// Reach, range, sight and cover, and every reason for advantage and disadvantage.
    fn circumstances(
        &self,
        actor: &Creature,
        attack: &Attack,
        target: &Creature,
        mode: Option<RollMode>,
    ) -> Result<AttackPlan, Illegal> {
        let distance = distance_feet(self, actor, target);
        let in_reach = match (attack.reach, distance) {
            (Some(reach), Some(feet)) => feet <= reach,
            (Some(_), None) => true,
            (None, _) => false,
        };
        let mut disadvantages = Vec::new();
        if !in_reach {
            check_range(attack, distance, &mut disadvantages)?;
        }
        if sight_between(self, actor, target) == Some(false) {
            return Err(Illegal::NoLineOfSight);
        }
        let cover = match cover_between(self, actor, target) {
            Some(None) => return Err(Illegal::TotalCover),
            Some(Some(cover)) => cover,
            None => Cover::None,
        };
        let is_near = distance.map_or(in_reach, |feet| feet <= NEAR_FEET);
        let mut advantages = Vec::new();
        self.reasons_of_actor(actor, target, in_reach, &mut advantages, &mut disadvantages);
        if attack.advantage.is_some_and(|when| self.holds(when, actor, target)) {
            advantages.push(Reason::EasyPrey);
        }
        reasons_of_target(target, is_near, &mut advantages, &mut disadvantages);
        if self.distractor(actor, target).is_some() {
            advantages.push(Reason::TargetDistracted);
        }
        let dodges = target.affected(EffectKind::Dodging)
            && target.incapacitated().is_none()
            && super::speed(target, self.edition) > 0
            && self.sees(target, actor);
        if dodges {
            disadvantages.push(Reason::TargetDodging);
        }
        if self.hidden_from(target, actor) {
            disadvantages.push(Reason::TargetHidden);
        } else if target.has(Condition::Invisible) && !self.sees(actor, target) {
            disadvantages.push(Reason::TargetInvisible);
        }
        let vexed = |it: &ActiveEffect| it.kind == EffectKind::Vexed && it.source == actor.id;
        if target.effects.iter().any(vexed) {
            advantages.push(Reason::TargetVexed);
        }
        let ability = if attack.reach.is_some() { Ability::Strength } else { Ability::Dexterity };
        let score = actor.definition.abilities.get(ability);
        if attack.weapon.heavy && self.edition.heavy_hinders(actor.definition.size, score) {
            disadvantages.push(Reason::HeavyWeapon);
        }
        let computed = d20_modes(&advantages, &disadvantages);
        match mode {
            Some(RollMode::Advantage) => advantages.push(Reason::GameMaster),
            Some(RollMode::Disadvantage) => disadvantages.push(Reason::GameMaster),
            Some(RollMode::Normal) | None => {}
        }
        Ok(AttackPlan {
            cost: attack.cost,
            cover,
            mode: mode.unwrap_or(computed),
            advantages,
            disadvantages,
            is_near,
            is_melee: in_reach,
            role: Role::Plain,
            is_opportunity: false,
        })
    }

    fn reasons_of_actor(
        &self,
        actor: &Creature,
        target: &Creature,
        in_melee: bool,
        advantages: &mut Vec<Reason>,
        disadvantages: &mut Vec<Reason>,
    ) {
        for active in &actor.conditions {
            match active.condition {
                Condition::Blinded => disadvantages.push(Reason::AttackerBlinded),
                Condition::Frightened if self.fears(actor, active.source) => {
                    disadvantages.push(Reason::AttackerFrightened);
                }
                Condition::Poisoned => disadvantages.push(Reason::AttackerPoisoned),
                Condition::Prone => disadvantages.push(Reason::AttackerProne),
                Condition::Restrained => disadvantages.push(Reason::AttackerRestrained),
                Condition::Invisible
                    if !self.sees(target, actor) && !self.hidden_from(actor, target) =>
                {
                    advantages.push(Reason::AttackerInvisible);
                }
                Condition::Grappled
                    if self.edition.grappled_strike_badly()
                        && active.source.is_some_and(|by| by != target.id) =>
                {
                    disadvantages.push(Reason::AttackerGrappled);
                }
                Condition::Exhaustion
                    if self.edition.exhaustion_hinders(active.level, Test::Attack) =>
                {
                    disadvantages.push(Reason::AttackerExhausted);
                }
                Condition::Grappled
                | Condition::Frightened
                | Condition::Invisible
                | Condition::Charmed
                | Condition::Deafened
                | Condition::Exhaustion
                | Condition::Incapacitated
                | Condition::Paralyzed
                | Condition::Petrified
                | Condition::Stunned
                | Condition::Unconscious => {}
            }
        }
        if self.hidden_from(actor, target) || (actor.hidden && actor.side != target.side) {
            advantages.push(Reason::AttackerHidden);
        }
        if actor.affected(EffectKind::Reckless) && in_melee {
            advantages.push(Reason::AttackerReckless);
        }
        if actor.affected(EffectKind::Rattled) {
            disadvantages.push(Reason::AttackerRattled);
        }
        let bloodied = actor.bloodied();
        let fury = actor.definition.has(&Trait::BloodiedFury)
            || actor.definition.has(&Trait::BloodiedFrenzy);
        if bloodied && fury {
            advantages.push(Reason::Bloodied);
        }
        if actor.definition.has(&Trait::PackTactics) && self.ally_near(actor, target) {
            advantages.push(Reason::PackTactics);
        }
        if actor.definition.has(&Trait::BloodFrenzy) && target.hit_points < target.maximum() {
            advantages.push(Reason::EasyPrey);
        }
        if actor.affected(EffectKind::Emboldened) {
            advantages.push(Reason::Emboldened);
        }
        if self.is_rallied(actor) {
            advantages.push(Reason::Rallied);
        }
        if actor.affected(EffectKind::Hampered) {
            disadvantages.push(Reason::Hampered);
        }
        if target.definition.has(&Trait::BlurredForm) && target.incapacitated().is_none() {
            disadvantages.push(Reason::TargetBlurred);
        }
        if !in_melee && self.enemy_near(actor) {
            disadvantages.push(Reason::EnemyNearby);
        }
    }

    /// Whether an able ally of the attacker stands within 5 feet of the target. Without a map
    /// everybody stands beside everybody.
    pub(in crate::rules) fn ally_near(&self, actor: &Creature, target: &Creature) -> bool {
        self.creatures.iter().any(|ally| {
            ally.id != actor.id
                && ally.side == actor.side
                && ally.present()
                && able(ally).is_ok()
                && distance_feet(self, ally, target).is_none_or(|feet| feet <= NEAR_FEET)
        })
    }

    /// Whether somebody of its side, or it itself, gives it heart. Without a map everybody stands
    /// beside everybody.
    pub(in crate::rules) fn is_rallied(&self, actor: &Creature) -> bool {
        self.creatures.iter().any(|ally| {
            ally.side == actor.side
                && ally.present()
                && able(ally).is_ok()
                && ally.definition.rallying_feet().is_some_and(|reach| {
                    ally.id == actor.id
                        || distance_feet(self, ally, actor).is_none_or(|feet| feet <= reach)
                })
        })
    }

    /// The ally of the attacker who distracts the target, if one does.
    pub(in crate::rules) fn distractor(
        &self,
        actor: &Creature,
        target: &Creature,
    ) -> Option<CreatureId> {
        let helped = target.effects.iter().filter(|it| it.kind == EffectKind::Distracted);
        helped.map(|effect| effect.source).find(|source| {
            *source != actor.id
                && self.creature(*source).is_some_and(|helper| helper.side == actor.side)
        })
    }

    /// Whether the source of a fear is there to be seen.
    pub(in crate::rules) fn fears(&self, who: &Creature, source: Option<CreatureId>) -> bool {
        source
            .and_then(|id| self.creature(id))
            .is_none_or(|source| source.present() && self.sees(who, source))
    }

    /// Whether one creature sees another.
    pub fn sees(&self, viewer: &Creature, seen: &Creature) -> bool {
        if viewer.id == seen.id {
            return true;
        }
        let enemies = viewer.side != seen.side;
        if enemies && (seen.hidden || self.hidden_from(seen, viewer)) {
            return false;
        }
        if sight_between(self, viewer, seen) == Some(false) {
            return false;
        }
        let feet = distance_feet(self, viewer, seen).unwrap_or_default();
        let senses = &viewer.definition.senses;
        if senses.blindsight > 0 && feet <= senses.blindsight {
            return true;
        }
        let pierces = senses.truesight > 0 && feet <= senses.truesight;
        !viewer.has(Condition::Blinded)
            && !viewer.has(Condition::Unconscious)
            && (!seen.has(Condition::Invisible) || pierces)
    }

    /// Whether an able enemy that can see stands within 5 feet. Without a map positions do not
    /// apply, so nobody does.
    fn enemy_near(&self, actor: &Creature) -> bool {
        self.creatures.iter().any(|enemy| {
            enemy.side != actor.side
                && enemy.present()
                && able(enemy).is_ok()
                && self.sees(enemy, actor)
                && distance_feet(self, enemy, actor).is_some_and(|feet| feet <= NEAR_FEET)
        })
    }
}

fn check_range(
    attack: &Attack,
    distance: Option<u16>,
    disadvantages: &mut Vec<Reason>,
) -> Result<(), Illegal> {
    let Some(distance_feet) = distance else { return Ok(()) };
    match (attack.range, attack.reach) {
        (Some(range), _) => {
            let range_feet = range.long.max(range.normal);
            if distance_feet > range_feet {
                return Err(Illegal::OutOfRange { distance_feet, range_feet });
            }
            if distance_feet > range.normal {
                disadvantages.push(Reason::LongRange);
            }
            Ok(())
        }
        (None, reach) => {
            Err(Illegal::OutOfReach { distance_feet, reach_feet: reach.unwrap_or_default() })
        }
    }
}

fn reasons_of_target(
    target: &Creature,
    is_near: bool,
    advantages: &mut Vec<Reason>,
    disadvantages: &mut Vec<Reason>,
) {
    for active in &target.conditions {
        match active.condition {
            Condition::Blinded => advantages.push(Reason::TargetBlinded),
            Condition::Paralyzed => advantages.push(Reason::TargetParalyzed),
            Condition::Petrified => advantages.push(Reason::TargetPetrified),
            Condition::Restrained => advantages.push(Reason::TargetRestrained),
            Condition::Stunned => advantages.push(Reason::TargetStunned),
            Condition::Unconscious => advantages.push(Reason::TargetUnconscious),
            Condition::Prone if is_near => advantages.push(Reason::TargetProneNear),
            Condition::Prone => disadvantages.push(Reason::TargetProneFar),
            Condition::Charmed
            | Condition::Deafened
            | Condition::Exhaustion
            | Condition::Frightened
            | Condition::Grappled
            | Condition::Incapacitated
            | Condition::Invisible
            | Condition::Poisoned => {}
        }
    }
    for effect in &target.effects {
        match effect.kind {
            EffectKind::Marked => advantages.push(Reason::TargetMarked),
            EffectKind::Reckless => advantages.push(Reason::TargetReckless),
            EffectKind::Dodging
            | EffectKind::Hidden
            | EffectKind::Assisted
            | EffectKind::Distracted
            | EffectKind::Disengaged
            | EffectKind::Raging
            | EffectKind::NoHealing
            | EffectKind::Slowed
            | EffectKind::Blessed
            | EffectKind::Shielded
            | EffectKind::NoReactions
            | EffectKind::Quarry
            | EffectKind::Halved
            | EffectKind::Dazed
            | EffectKind::Exposed
            | EffectKind::Hampered
            | EffectKind::Emboldened
            | EffectKind::Suffering
            | EffectKind::Vexed
            | EffectKind::Surprised
            | EffectKind::Rattled => {}
        }
    }
}
