//! Saving throws, and what happens to a creature that was hit or failed one.

use crate::rules::ability::Ability;
use crate::rules::condition::{ActiveCondition, Condition, EXHAUSTION_MAX, Until};
use crate::rules::creature::{
    EffectKind, Lasts, Rider, SaveSpec, Size, SpecialEffect, Suffering, Trait,
};
use crate::rules::edition::Test;
use crate::rules::event::{
    Cover, D20Roll, DamageDealt, Fact, HitPointCause, MoveKind, Reason, RollMode, SaveCause,
};
use crate::rules::geometry::{cover_between, cover_from_square, pull_path, push_path, space_of};
use crate::rules::id::CreatureId;
use crate::rules::legal::d20_modes;
use crate::rules::state::Creature;

use super::Resolution;
use super::strike::{Blow, adjust};

impl Resolution<'_> {
    /// A saving throw; true for a success.
    pub(super) fn save(&mut self, who: CreatureId, save: SaveSpec, cause: SaveCause) -> bool {
        self.missed(who, save, cause).is_none()
    }

    /// A saving throw: nothing for a success, else the points by which it was missed.
    pub(super) fn missed(
        &mut self,
        who: CreatureId,
        save: SaveSpec,
        cause: SaveCause,
    ) -> Option<u8> {
        let failed_by = self.roll_save(who, save, cause)?;
        (!self.resists(who, cause)).then_some(failed_by)
    }

    fn roll_save(&mut self, who: CreatureId, save: SaveSpec, cause: SaveCause) -> Option<u8> {
        let SaveSpec { ability, dc } = save;
        let creature = self.creature(who)?;
        let physical = matches!(ability, Ability::Strength | Ability::Dexterity);
        let helpless = creature.conditions.iter().any(|active| {
            matches!(
                active.condition,
                Condition::Paralyzed
                    | Condition::Petrified
                    | Condition::Stunned
                    | Condition::Unconscious
            )
        });
        if physical && helpless {
            let roll = D20Roll {
                faces: Vec::new(),
                mode: RollMode::Normal,
                kept: 0,
                bonus: 0,
                total: 0,
                advantages: Vec::new(),
                disadvantages: vec![Reason::Incapacitated],
                extra_dice: Vec::new(),
                drawn_at: None,
            };
            self.emit(Fact::SavingThrow {
                creature: who,
                ability,
                dc,
                roll,
                success: false,
                cause,
            });
            return Some(u8::MAX);
        }
        let cover = self.cover_against(creature, ability, cause);
        let bonus = creature.definition.saves.get(ability).saturating_add(cover);
        let (advantages, disadvantages) = self.save_reasons(who, ability, cause);
        let mode = d20_modes(&advantages, &disadvantages);
        let blessed = self.blessed(who);
        let roll = self.d20(who, bonus, mode, advantages, disadvantages, blessed);
        let short = i16::from(dc).saturating_sub(roll.total);
        let success = short <= 0;
        self.emit(Fact::SavingThrow { creature: who, ability, dc, roll, success, cause });
        (!success).then(|| u8::try_from(short).unwrap_or(u8::MAX))
    }

    /// Whether a failed save becomes a success by Legendary Resistance: as long as uses are left,
    /// against whatever takes a creature's actions or a tenth of its hit points (docs/rulings.md).
    fn resists(&mut self, who: CreatureId, cause: SaveCause) -> bool {
        let Some(it) = self.creature(who).filter(|it| it.present()) else { return false };
        let (most, spent) = (it.definition.legendary_resistance(), it.resistances_spent);
        if spent >= most || !self.is_grave(it, cause) {
            return false;
        }
        self.emit(Fact::Resisted { creature: who, spent: spent.saturating_add(1) });
        true
    }

    /// Whether failing this save is worth a use of Legendary Resistance.
    fn is_grave(&self, who: &Creature, cause: SaveCause) -> bool {
        let grave = |rider: &Rider| match rider {
            Rider::Condition { condition, .. } => is_grave(*condition),
            Rider::SaveDamage { .. }
            | Rider::Push { .. }
            | Rider::Pull { .. }
            | Rider::ReduceMaximum { .. }
            | Rider::Ongoing { .. }
            | Rider::DrainHeal { .. }
            | Rider::NoHealing
            | Rider::Slow { .. }
            | Rider::Effect { .. } => false,
        };
        match cause {
            SaveCause::EndCondition { condition } => is_grave(condition),
            SaveCause::Special { source, special } => {
                let Some(special) =
                    self.creature(source).and_then(|it| it.definition.special(special))
                else {
                    return false;
                };
                let SpecialEffect::Save { damage, riders, .. } = &special.effect else {
                    return false;
                };
                let points: i32 = damage.iter().map(|part| part.dice.average()).sum();
                riders.iter().any(grave) || points >= i32::from(who.maximum()) / 10
            }
            SaveCause::AttackRider { source, attack } => self
                .creature(source)
                .and_then(|it| it.definition.attack(attack))
                .is_some_and(|attack| attack.riders.iter().any(grave)),
            SaveCause::EndEffect { .. }
            | SaveCause::UndeadFortitude
            | SaveCause::Concentration
            | SaveCause::Unarmed { .. } => false,
        }
    }

    /// What cover adds to a Dexterity save: from where the area begins, or from whoever forces it.
    fn cover_against(&self, who: &Creature, ability: Ability, cause: SaveCause) -> i8 {
        let SaveCause::Special { source, .. } = cause else { return 0 };
        if ability != Ability::Dexterity {
            return 0;
        }
        let cover = match self.burst {
            Some(at) => cover_from_square(&self.scratch, at, who),
            None => self.creature(source).and_then(|from| cover_between(&self.scratch, from, who)),
        };
        match cover.flatten() {
            Some(Cover::Half) => 2,
            Some(Cover::ThreeQuarters) => 5,
            Some(Cover::None) | None => 0,
        }
    }

    pub(super) fn save_reasons(
        &self,
        who: CreatureId,
        ability: Ability,
        cause: SaveCause,
    ) -> (Vec<Reason>, Vec<Reason>) {
        let (mut advantages, mut disadvantages) = (Vec::new(), Vec::new());
        let Some(creature) = self.creature(who) else { return (advantages, disadvantages) };
        let dexterity = ability == Ability::Dexterity;
        if dexterity && creature.has(Condition::Restrained) {
            disadvantages.push(Reason::Restrained);
        }
        if dexterity && creature.affected(EffectKind::Dodging) && creature.incapacitated().is_none()
        {
            advantages.push(Reason::Dodging);
        }
        if ability == Ability::Strength && creature.affected(EffectKind::Raging) {
            advantages.push(Reason::Raging);
        }
        if self.scratch.edition.exhaustion_hinders(creature.exhaustion(), Test::Save) {
            disadvantages.push(Reason::Exhaustion);
        }
        if self.scratch.is_rallied(creature) {
            advantages.push(Reason::Rallied);
        }
        if creature.bloodied() && creature.definition.has(&Trait::BloodiedFrenzy) {
            advantages.push(Reason::Bloodied);
        }
        let magical = match cause {
            SaveCause::Special { source, special } => self
                .creature(source)
                .and_then(|it| it.definition.special(special))
                .is_some_and(|special| special.spell),
            SaveCause::AttackRider { source, attack } => self
                .creature(source)
                .and_then(|it| it.definition.attack(attack))
                .is_some_and(|attack| attack.spell),
            SaveCause::EndCondition { .. }
            | SaveCause::EndEffect { .. }
            | SaveCause::UndeadFortitude
            | SaveCause::Concentration
            | SaveCause::Unarmed { .. } => false,
        };
        if magical && creature.definition.has(&Trait::MagicResistance) {
            advantages.push(Reason::MagicResistance);
        }
        (advantages, disadvantages)
    }

    /// One consequence of a hit or of a save.
    pub(super) fn ride(
        &mut self,
        rider: &Rider,
        blow: &Blow,
        cause: SaveCause,
        damage: &[DamageDealt],
    ) {
        let (source, target) = (blow.attacker, blow.target);
        if !self.creature(target).is_some_and(crate::rules::state::Creature::present) {
            if let Rider::DrainHeal { kind } = rider {
                self.drain(source, *kind, damage);
            }
            return;
        }
        match rider {
            Rider::Condition { when, .. } | Rider::Ongoing { when, .. }
                if !self.counts(*when, blow) => {}
            Rider::Condition { condition, save, lasts, max_size, when: _ } => {
                self.ride_condition(source, target, *condition, *save, *lasts, *max_size, cause);
            }
            Rider::SaveDamage { damage: part, save, half_on_success } => {
                let saved = self.save(target, *save, cause);
                if saved && !half_on_success {
                    return;
                }
                let rolled = self.roll_part(source, part, false);
                let Some(creature) = self.creature(target) else { return };
                let (adjustment, dealt) =
                    adjust(self.scratch.edition, creature, part.kind, rolled.total, saved);
                let damage = vec![DamageDealt { kind: part.kind, rolled, adjustment, dealt }];
                let taken = damage.clone();
                self.emit(Fact::DamageTaken { creature: target, source: Some(source), damage });
                self.hurt(target, &taken, Some(source), [false, true, saved]);
            }
            Rider::Push { feet, max_size } => self.push(source, target, *feet, *max_size),
            Rider::Pull { feet, max_size } => self.pull(source, target, *feet, *max_size),
            Rider::ReduceMaximum { kind } => {
                let counted = damage.iter().filter(|part| kind.is_none_or(|it| it == part.kind));
                let amount = counted.map(|part| part.dealt).fold(0, u16::saturating_add);
                self.reduce_maximum(target, source, amount);
            }
            Rider::Ongoing { what, lasts, when: _ } => {
                let until = self.until_of(*lasts, source, target, self.save_behind(cause));
                self.make_suffer(target, source, *what, until);
            }
            Rider::DrainHeal { kind } => self.drain(source, *kind, damage),
            Rider::NoHealing => {
                let until = Until::StartOfTurn { of: source, turns: 0 };
                self.add_effect(target, EffectKind::NoHealing, source, until, 0);
            }
            Rider::Slow { feet } => {
                let until = Until::StartOfTurn { of: source, turns: 0 };
                self.add_effect(target, EffectKind::Slowed, source, until, *feet);
            }
            Rider::Effect { kind, lasts, amount } => {
                let until = self.until_of(*lasts, source, target, self.save_behind(cause));
                self.add_effect(target, *kind, source, until, *amount);
            }
        }
    }

    #[allow(clippy::too_many_arguments, reason = "the fields of one rider, taken apart once")]
    fn ride_condition(
        &mut self,
        source: CreatureId,
        target: CreatureId,
        condition: Condition,
        save: Option<SaveSpec>,
        lasts: Lasts,
        max_size: Option<Size>,
        cause: SaveCause,
    ) {
        let Some(creature) = self.creature(target) else { return };
        let too_large = max_size.is_some_and(|max| creature.definition.size > max);
        let immune = creature.immune_to(condition);
        if too_large || immune {
            return;
        }
        if let Some(save) = save
            && self.save(target, save, cause)
        {
            return;
        }
        let again = save.or_else(|| self.save_behind(cause));
        let until = self.until_of(lasts, source, target, again);
        self.add_condition(target, condition, Some(source), until);
    }

    /// The save of the special whose failure brought this: the one that is repeated to end it.
    fn save_behind(&self, cause: SaveCause) -> Option<SaveSpec> {
        let SaveCause::Special { source, special } = cause else { return None };
        match self.creature(source)?.definition.special(special)?.effect {
            SpecialEffect::Save { save, .. } => Some(save),
            SpecialEffect::Heal { .. }
            | SpecialEffect::TemporaryHitPoints { .. }
            | SpecialEffect::Effect { .. }
            | SpecialEffect::AutoDamage { .. }
            | SpecialEffect::Maneuvers { .. }
            | SpecialEffect::Go { .. }
            | SpecialEffect::ExtraAction => None,
        }
    }

    /// Puts a condition on a creature, unless it has it from the same source already.
    pub(super) fn add_condition(
        &mut self,
        to: CreatureId,
        condition: Condition,
        source: Option<CreatureId>,
        until: Until,
    ) {
        let Some(creature) = self.creature(to) else { return };
        if creature.immune_to(condition) {
            return;
        }
        let tired = creature.exhaustion();
        let is_exhaustion = condition == Condition::Exhaustion;
        let level = if is_exhaustion { tired.saturating_add(1).min(EXHAUSTION_MAX) } else { 1 };
        let added = ActiveCondition { condition, source, until, level };
        self.emit(Fact::ConditionAdded { creature: to, condition: added });
        if condition == Condition::Unconscious
            && self.creature(to).is_some_and(|it| !it.has(Condition::Prone))
        {
            self.add_condition(to, Condition::Prone, None, Until::Removed);
        }
        if condition.incapacitates() {
            for effort in [EffectKind::Raging, EffectKind::Dodging, EffectKind::Hidden] {
                self.remove_effects(to, effort);
            }
            self.stop_concentrating(to);
            self.release_grip_of(to);
        }
        if condition == Condition::Exhaustion && level >= EXHAUSTION_MAX {
            self.die(to, None);
        }
    }

    pub(super) fn add_effect(
        &mut self,
        to: CreatureId,
        effect: EffectKind,
        source: CreatureId,
        until: Until,
        magnitude: u16,
    ) {
        if effect == EffectKind::Raging {
            // Nobody keeps its mind on anything in a rage (SRD 5.2.1, Barbarian > Rage).
            self.stop_concentrating(to);
        }
        let suffering = None;
        self.emit(Fact::EffectAdded { creature: to, effect, source, until, magnitude, suffering });
    }

    /// Damage that will come again and again.
    fn make_suffer(&mut self, to: CreatureId, source: CreatureId, what: Suffering, until: Until) {
        let (effect, suffering) = (EffectKind::Suffering, Some(what));
        self.emit(Fact::EffectAdded {
            creature: to,
            effect,
            source,
            until,
            magnitude: 0,
            suffering,
        });
    }

    /// Lowers a hit point maximum; at 0 it kills.
    fn reduce_maximum(&mut self, who: CreatureId, by: CreatureId, amount: u16) {
        let Some(it) = self.creature(who) else { return };
        let whole = it.definition.hit_points;
        let lost = it.maximum_lost.saturating_add(amount).min(whole);
        let maximum = whole.saturating_sub(lost);
        if amount == 0 {
            return;
        }
        self.emit(Fact::MaximumReduced { creature: who, source: Some(by), lost, maximum });
        if maximum == 0 {
            self.die(who, Some(by));
        }
    }

    fn pull(&mut self, source: CreatureId, target: CreatureId, feet: u16, max_size: Option<Size>) {
        let (Some(by), Some(it)) = (self.creature(source), self.creature(target)) else { return };
        if max_size.is_some_and(|max| it.definition.size > max) {
            return;
        }
        let Some(to) = space_of(by) else { return };
        let path = pull_path(&self.scratch, it, to, feet);
        if !path.is_empty() {
            self.emit(Fact::Moved { creature: target, kind: MoveKind::Forced, path, cost: 0 });
        }
    }

    pub(super) fn push(
        &mut self,
        source: CreatureId,
        target: CreatureId,
        feet: u16,
        max_size: Option<Size>,
    ) {
        let (Some(by), Some(it)) = (self.creature(source), self.creature(target)) else { return };
        if max_size.is_some_and(|max| it.definition.size > max) {
            return;
        }
        let Some(from) = space_of(by) else { return };
        let path = push_path(&self.scratch, it, from, feet);
        if !path.is_empty() {
            self.emit(Fact::Moved { creature: target, kind: MoveKind::Forced, path, cost: 0 });
        }
    }

    fn drain(
        &mut self,
        source: CreatureId,
        kind: crate::rules::damage::DamageType,
        damage: &[DamageDealt],
    ) {
        let amount = damage.iter().filter(|part| part.kind == kind).map(|part| part.dealt).sum();
        if amount > 0 {
            self.heal(source, amount, HitPointCause::Healing { by: Some(source) });
        }
    }

    /// The moment when something ends, from the terms of a stat block. A turn that is under way is
    /// not the next one.
    fn until_of(
        &self,
        lasts: Lasts,
        source: CreatureId,
        target: CreatureId,
        save: Option<SaveSpec>,
    ) -> Until {
        let under_way = |of: CreatureId| u8::from(self.scratch.current == Some(of));
        match lasts {
            Lasts::Removed => Until::Removed,
            Lasts::SourceNextTurnStart => Until::StartOfTurn { of: source, turns: 0 },
            Lasts::SourceNextTurnEnd => Until::EndOfTurn { of: source, turns: under_way(source) },
            Lasts::TargetNextTurnStart => Until::StartOfTurn { of: target, turns: 0 },
            Lasts::TargetNextTurnEnd => Until::EndOfTurn { of: target, turns: under_way(target) },
            Lasts::TargetTurns(turns) => {
                let more = turns.saturating_sub(1).saturating_add(under_way(target));
                Until::EndOfTurn { of: target, turns: more }
            }
            Lasts::TurnsUnlessHarmed(turns) => {
                let more = turns.saturating_sub(1).saturating_add(under_way(target));
                Until::TurnsUnlessHarmed { of: target, turns: more }
            }
            Lasts::Worsens { into, then } => match save {
                Some(save) => {
                    Until::Worsens { of: target, turns: under_way(target), save, into, then }
                }
                None => Until::Removed,
            },
            Lasts::SaveEnds => match save {
                Some(SaveSpec { ability, dc }) => Until::SaveEnds { ability, dc },
                None => Until::Removed,
            },
            Lasts::Escape { dc } => Until::Escaped { dc },
        }
    }
}

/// Whether a condition takes more from a creature than it can spare.
const fn is_grave(condition: Condition) -> bool {
    match condition {
        Condition::Blinded
        | Condition::Charmed
        | Condition::Frightened
        | Condition::Incapacitated
        | Condition::Paralyzed
        | Condition::Petrified
        | Condition::Restrained
        | Condition::Stunned
        | Condition::Unconscious => true,
        Condition::Deafened
        | Condition::Exhaustion
        | Condition::Grappled
        | Condition::Invisible
        | Condition::Poisoned
        | Condition::Prone => false,
    }
}
