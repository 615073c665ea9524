//! Special actions: saves against them, damage that cannot miss, healing, and what lasts.

use std::sync::Arc;

use crate::rules::ability::Ability;
use crate::rules::condition::Until;
use crate::rules::creature::{DamagePart, Reach, Rider, SaveSpec, Special, SpecialEffect, Trait};
use crate::rules::damage::DiceExpr;
use crate::rules::event::{
    Adjustment, DamageDealt, Deed, DiceRolled, Fact, HitPointCause, SaveCause,
};
use crate::rules::grid::Position;
use crate::rules::id::{CreatureId, Slug};
use crate::rules::legal::{affected, is_spared};
use crate::rules::state::Creature;

use super::Resolution;
use super::strike::{Blow, adjust};

impl Resolution<'_> {
    pub(super) fn use_special(
        &mut self,
        who: CreatureId,
        special: Slug,
        targets: Vec<CreatureId>,
        aim: Option<Position>,
    ) {
        let Some(it) = self.creature(who) else { return };
        let figures = Arc::clone(&it.definition);
        let Some(special) = figures.special(special) else { return };
        let Ok(cost) = self.scratch.check_special(it, special.id, &targets, aim) else { return };
        if matches!(special.effect, SpecialEffect::Go { .. }) {
            return self.go_and_strike(who, special, cost, targets, aim);
        }
        let targets = match special.reach {
            Reach::Own => vec![who],
            Reach::Area { .. } if aim.is_some() => affected(&self.scratch, it, special, aim),
            Reach::Creatures { .. } | Reach::Area { .. } => {
                let spared = |id: &CreatureId| {
                    let target = self.creature(*id);
                    target.is_some_and(|target| is_spared(it, special, target))
                };
                targets.into_iter().filter(|id| !spared(id)).collect()
            }
        };
        let mut targets = targets;
        let place = |id: &CreatureId| {
            let order = &self.scratch.order;
            order.iter().position(|listed| listed == id).unwrap_or(usize::MAX)
        };
        targets.sort_by_key(place);
        if targets.iter().any(|target| *target != who) {
            self.reveal(who);
        }
        // Whom nobody knows of is not named in the deed; what happens to it is told apart.
        let unknown = |id: &CreatureId| self.creature(*id).is_some_and(|it| it.hidden);
        let named: Vec<CreatureId> =
            targets.iter().copied().filter(|id| unknown(&who) || !unknown(id)).collect();
        let shared = self.roll_shared(who, special);
        self.emit(Fact::Action {
            creature: who,
            cost,
            deed: Deed::Special {
                special: special.id,
                name: special.name.clone(),
                targets: named,
                aim,
                rolled: shared.iter().map(|(_, rolled)| rolled.clone()).collect(),
            },
        });
        self.spend_use(who, special.id, special.uses);
        self.concentrate(who, special);
        self.burst = match special.reach {
            Reach::Area { range: 1.., .. } => aim,
            Reach::Own | Reach::Creatures { .. } | Reach::Area { .. } => None,
        };
        self.special_effect(who, special, &targets, &shared);
        self.burst = None;
    }

    /// One roll of the dice for everybody whom it catches.
    pub(super) fn roll_shared(
        &mut self,
        who: CreatureId,
        special: &Special,
    ) -> Vec<(DamagePart, DiceRolled)> {
        match &special.effect {
            SpecialEffect::Save { damage, .. } => {
                damage.iter().map(|part| (*part, self.roll_part(who, part, false))).collect()
            }
            // Everybody whom an area catches at once takes what was rolled once.
            SpecialEffect::AutoDamage { damage } if matches!(special.reach, Reach::Area { .. }) => {
                damage.iter().map(|part| (*part, self.roll_part(who, part, false))).collect()
            }
            SpecialEffect::AutoDamage { damage } if self.scratch.edition.rolls_damage_once() => {
                damage.iter().map(|part| (*part, self.roll_part(who, part, false))).collect()
            }
            SpecialEffect::AutoDamage { .. }
            | SpecialEffect::Heal { .. }
            | SpecialEffect::TemporaryHitPoints { .. }
            | SpecialEffect::Effect { .. }
            | SpecialEffect::Maneuvers { .. }
            | SpecialEffect::Go { .. }
            | SpecialEffect::ExtraAction => Vec::new(),
        }
    }

    pub(super) fn special_effect(
        &mut self,
        who: CreatureId,
        special: &Special,
        targets: &[CreatureId],
        shared: &[(DamagePart, DiceRolled)],
    ) {
        match &special.effect {
            SpecialEffect::Save { save, damage: _, half_on_success, riders } => {
                for target in targets {
                    self.suffer(who, *target, *save, shared, *half_on_success, riders, special);
                }
            }
            SpecialEffect::AutoDamage { .. } if matches!(special.reach, Reach::Area { .. }) => {
                for target in targets {
                    self.take(who, *target, shared, false, true);
                }
            }
            SpecialEffect::AutoDamage { damage } => {
                for target in targets {
                    // A dart at somebody whom an earlier one killed is lost, and so not rolled for.
                    if !self.creature(*target).is_some_and(Creature::present) {
                        continue;
                    }
                    let mut rolled = shared.to_vec();
                    if rolled.is_empty() {
                        let own =
                            damage.iter().map(|part| (*part, self.roll_part(who, part, false)));
                        rolled = own.collect();
                    }
                    self.take(who, *target, &rolled, false, false);
                }
            }
            SpecialEffect::Heal { dice } => {
                for target in targets {
                    let amount = self.roll_healing(who, *target, *dice);
                    self.heal(*target, amount, HitPointCause::Healing { by: Some(who) });
                }
            }
            SpecialEffect::TemporaryHitPoints { dice } => {
                for target in targets {
                    let amount = self.roll_healing(who, *target, *dice);
                    self.give_temporary(*target, amount);
                }
            }
            SpecialEffect::Effect { kind, turns } => {
                let until = Until::StartOfTurn { of: who, turns: turns.saturating_sub(1) };
                for target in targets {
                    self.add_effect(*target, *kind, who, until, 0);
                }
            }
            // What these do is written in the deed itself.
            SpecialEffect::Maneuvers { .. }
            | SpecialEffect::ExtraAction
            // Going and striking may be interrupted, and have their own way of going on.
            | SpecialEffect::Go { .. } => {}
        }
    }

    fn roll_healing(&mut self, who: CreatureId, target: CreatureId, dice: DiceExpr) -> u16 {
        let hidden = self.creature(who).is_some_and(|it| it.hidden);
        let rolled = self.roll_dice(dice.count, dice.sides, dice.bonus, hidden);
        let amount = rolled.total;
        self.emit(Fact::Healed { creature: target, source: who, rolled });
        amount
    }

    /// Temporary hit points do not add up: the higher number stays.
    fn give_temporary(&mut self, target: CreatureId, amount: u16) {
        let Some(it) = self.creature(target) else { return };
        if it.definition.has(&Trait::Swarm) {
            return;
        }
        let hit_points = it.hit_points;
        let temporary = it.temporary_hit_points.max(amount);
        let cause = HitPointCause::TemporaryHitPoints;
        self.emit(Fact::HitPointsChanged {
            creature: target,
            cause,
            amount,
            hit_points,
            temporary,
        });
    }

    #[allow(clippy::too_many_arguments, reason = "the fields of one effect, taken apart once")]
    fn suffer(
        &mut self,
        by: CreatureId,
        target: CreatureId,
        save: SaveSpec,
        rolled: &[(DamagePart, DiceRolled)],
        half_on_success: bool,
        riders: &[Rider],
        special: &Special,
    ) {
        let cause = SaveCause::Special { source: by, special: special.id };
        let missed = self.missed(target, save, cause);
        let saved = missed.is_none();
        let evades = save.ability == Ability::Dexterity
            && half_on_success
            && self.creature(target).is_some_and(|it| {
                it.definition.has(&Trait::Evasion) && it.incapacitated().is_none()
            });
        let damage = match (saved, half_on_success, evades) {
            (true, false, _) | (true, true, true) => Vec::new(),
            (true, true, false) | (false, true, true) => self.take(by, target, rolled, true, true),
            (false, _, _) => self.take(by, target, rolled, false, true),
        };
        let blow = Blow::unrolled(by, target, missed.unwrap_or_default());
        for rider in if saved { &special.terms.on_success } else { riders } {
            self.ride(rider, &blow, cause, &damage);
        }
        let safe = self.creature(target).is_none_or(|it| it.withstands(by, special.id));
        if saved && special.terms.immune_after_success && !safe {
            let (creature, source, special) = (target, by, special.id);
            self.emit(Fact::Withstood { creature, source, special });
        }
    }

    /// Damage outside an attack roll.
    pub(super) fn take(
        &mut self,
        by: CreatureId,
        target: CreatureId,
        rolled: &[(DamagePart, DiceRolled)],
        saved: bool,
        fortitude: bool,
    ) -> Vec<DamageDealt> {
        let Some(it) = self.creature(target).filter(|it| it.present()) else { return Vec::new() };
        let damage: Vec<DamageDealt> = rolled
            .iter()
            .map(|(part, rolled)| {
                let (adjustment, dealt): (Adjustment, u16) =
                    adjust(self.scratch.edition, it, part.kind, rolled.total, saved);
                DamageDealt { kind: part.kind, rolled: rolled.clone(), adjustment, dealt }
            })
            .collect();
        if damage.is_empty() {
            return damage;
        }
        let radiant = damage
            .iter()
            .any(|part| part.kind == crate::rules::damage::DamageType::Radiant && part.dealt > 0);
        let source = Some(by);
        self.emit(Fact::DamageTaken { creature: target, source, damage: damage.clone() });
        self.hurt(target, &damage, source, [false, fortitude && !radiant, saved]);
        damage
    }
}
