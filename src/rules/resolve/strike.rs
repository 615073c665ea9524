//! An attack roll and what a hit does (SRD 5.2.1, Playing the Game > Making an Attack, Damage).

use std::sync::Arc;

use crate::rules::condition::Condition;
use crate::rules::creature::{Attack, Cost, DamagePart, EffectKind, SetOff, Trait, When};
use crate::rules::damage::DamageType;
use crate::rules::edition::Edition;
use crate::rules::event::{
    Adjustment, AttackOutcome, Cover, D20Roll, DamageDealt, Deed, DiceRolled, Fact, Role, RollMode,
    SaveCause,
};
use crate::rules::id::{CreatureId, Slug};
use crate::rules::legal::AttackPlan;
use crate::rules::state::{Creature, Life};

use super::Resolution;

/// The face that hits whatever the Armor Class.
const NATURAL_HIT: u8 = 20;
/// The name of the reaction that turns a hit into a miss.
const PARRY: &str = "Parry";
/// Added to the Armor Class by Shield of Faith and the like.
const SHIELDED_BONUS: u8 = 2;

/// How damage that was rolled arrives: save first, then resistance, then vulnerability; each
/// halving rounds down.
pub(super) fn adjust(
    edition: Edition,
    target: &Creature,
    kind: DamageType,
    rolled: u16,
    saved: bool,
) -> (Adjustment, u16) {
    let it = &target.definition;
    let stone = kind == DamageType::Poison
        && edition.petrified_take_no_poison()
        && target.has(Condition::Petrified);
    if it.absorbs(kind) {
        return (Adjustment::Absorbed, 0);
    }
    if stone || it.immunities.contains(kind) {
        return (Adjustment::Immune, 0);
    }
    let weapon =
        matches!(kind, DamageType::Bludgeoning | DamageType::Piercing | DamageType::Slashing);
    let raging = weapon && target.affected(EffectKind::Raging) && it.has(&Trait::RageResistance);
    let resists = it.resistances.contains(kind) || raging || target.has(Condition::Petrified);
    let vulnerable = it.vulnerabilities.contains(kind);
    let after_save = if saved { rolled / 2 } else { rolled };
    match (saved, resists, vulnerable) {
        (false, false, false) => (Adjustment::None, rolled),
        (false, true, false) => (Adjustment::Resisted, rolled / 2),
        (false, false, true) => (Adjustment::Vulnerable, rolled.saturating_mul(2)),
        (false, true, true) => (Adjustment::ResistedAndVulnerable, (rolled / 2).saturating_mul(2)),
        (true, false, false) => (Adjustment::Saved, after_save),
        (true, true, false) => (Adjustment::SavedAndResisted, after_save / 2),
        (true, false, true) => (Adjustment::SavedAndVulnerable, after_save.saturating_mul(2)),
        (true, true, true) => (Adjustment::SavedAndResisted, (after_save / 2).saturating_mul(2)),
    }
}

/// What of an attack is known once it was rolled, or of a special once somebody failed to save.
#[derive(Debug, Clone, Copy)]
pub(super) struct Blow {
    pub(super) attacker: CreatureId,
    pub(super) target: CreatureId,
    pub(super) had_advantage: bool,
    pub(super) had_disadvantage: bool,
    pub(super) critical: bool,
    pub(super) role: Role,
    /// Points by which the save was missed, if there was one.
    pub(super) failed_by: u8,
}

impl Blow {
    /// Something that befalls the target without an attack roll.
    pub(super) fn unrolled(attacker: CreatureId, target: CreatureId, failed_by: u8) -> Self {
        Self {
            attacker,
            target,
            had_advantage: false,
            had_disadvantage: false,
            critical: false,
            role: Role::Plain,
            failed_by,
        }
    }
}

impl Resolution<'_> {
    /// Rolls an attack that was planned, and lets everything follow that follows from it.
    pub(super) fn strike(
        &mut self,
        by: CreatureId,
        attack: Slug,
        target: CreatureId,
        plan: AttackPlan,
    ) {
        // The figures are shared, so that nothing of them is copied for a blow.
        let Some(figures) = self.creature(by).map(|it| Arc::clone(&it.definition)) else { return };
        let Some(attack) = figures.attack(attack) else { return };
        self.reveal(by);
        let blessed = self.blessed(by);
        let mode = plan.mode;
        let roll = self.d20(by, attack.to_hit, mode, plan.advantages, plan.disadvantages, blessed);
        let armor_class = self.armor_class(target, plan.cover);
        let outcome = self.outcome(by, target, roll.kept, roll.total, armor_class, plan.is_near);
        // A parry comes after the roll and before the damage.
        let parry = self.parry(target, &roll, outcome, armor_class).filter(|_| plan.is_melee);
        let armor_class = armor_class.saturating_add(parry.unwrap_or_default());
        let outcome = if parry.is_some() { AttackOutcome::Miss } else { outcome };
        let blow = Blow {
            attacker: by,
            target,
            had_advantage: mode == RollMode::Advantage,
            had_disadvantage: mode == RollMode::Disadvantage,
            critical: outcome == AttackOutcome::CriticalHit,
            role: plan.role,
            failed_by: 0,
        };
        let (damage, sneak_attack) =
            if outcome.is_hit() { self.roll_damage(attack, &blow) } else { (Vec::new(), false) };
        let fortitude = !blow.critical
            && damage.iter().all(|part| part.kind != DamageType::Radiant || part.dealt == 0);
        self.emit(Fact::Action {
            creature: by,
            cost: plan.cost,
            deed: Deed::Attack {
                attack: attack.id,
                name: attack.name.clone(),
                target,
                roll,
                armor_class,
                cover: plan.cover,
                outcome,
                damage: damage.clone(),
                opportunity: plan.is_opportunity,
                sneak_attack,
                role: plan.role,
            },
        });
        if parry.is_some() {
            self.write_parry(target, by);
        }
        self.spend_use(by, attack.id, attack.uses);
        self.remove_effects(by, EffectKind::Hidden);
        self.remove_effects(by, EffectKind::Rattled);
        if let Some(source) = self.distractor(by, target) {
            let effect = EffectKind::Distracted;
            self.emit(Fact::EffectRemoved { creature: target, effect, source });
        }
        self.remove_effects(target, EffectKind::Marked);
        self.steady(by, target);
        if outcome.is_hit() {
            self.hurt(target, &damage, Some(by), [blow.critical, fortitude, false]);
            self.attack_riders(attack, &blow, &damage);
            if plan.is_melee {
                self.set_off_at(target, SetOff::StruckInMelee, by);
            }
        }
        let dealt: u16 = damage.iter().map(|part| part.dealt).fold(0, u16::saturating_add);
        self.master(by, target, attack, outcome.is_hit(), dealt);
    }

    /// What the target adds to its Armor Class against this hit, if that turns it into a miss. Who
    /// can parry does, as long as it has its reaction (docs/rulings.md).
    fn parry(
        &self,
        target: CreatureId,
        roll: &D20Roll,
        outcome: AttackOutcome,
        armor_class: u8,
    ) -> Option<u8> {
        let it = self.creature(target).filter(|it| it.life == Life::Up)?;
        let bonus = it.definition.parry()?;
        let free = it.incapacitated().is_none()
            && !it.economy.reaction_spent
            && !it.affected(EffectKind::NoReactions);
        let turned = outcome.is_hit()
            && roll.kept < NATURAL_HIT
            && roll.total < i16::from(armor_class.saturating_add(bonus));
        (free && turned).then_some(bonus)
    }

    fn write_parry(&mut self, who: CreatureId, against: CreatureId) {
        let Ok(special) = Slug::of_name(PARRY) else { return };
        let deed = Deed::Special {
            special,
            name: PARRY.to_owned(),
            targets: vec![against],
            aim: None,
            rolled: Vec::new(),
        };
        self.emit(Fact::Action { creature: who, cost: Cost::Reaction, deed });
    }

    fn distractor(&self, by: CreatureId, target: CreatureId) -> Option<CreatureId> {
        let (by, target) = (self.creature(by)?, self.creature(target)?);
        self.scratch.distractor(by, target)
    }

    /// Who attacks gives itself away (SRD 5.2.1, Playing the Game > Unseen Attackers and Targets).
    pub(super) fn reveal(&mut self, who: CreatureId) {
        if self.creature(who).is_some_and(|it| it.hidden) {
            self.emit(Fact::VisibilityChanged { creature: who, hidden: false });
        }
    }

    fn armor_class(&self, target: CreatureId, cover: Cover) -> u8 {
        let Some(target) = self.creature(target) else { return 0 };
        let cover = match cover {
            Cover::None => 0,
            Cover::Half => 2,
            Cover::ThreeQuarters => 5,
        };
        let shielded = if target.affected(EffectKind::Shielded) { SHIELDED_BONUS } else { 0 };
        let exposed = u8::try_from(target.magnitude(EffectKind::Exposed)).unwrap_or(u8::MAX);
        let whole = target.definition.armor_class.saturating_add(cover).saturating_add(shielded);
        whole.saturating_sub(exposed)
    }

    fn outcome(
        &self,
        by: CreatureId,
        target: CreatureId,
        natural: u8,
        total: i16,
        armor_class: u8,
        is_near: bool,
    ) -> AttackOutcome {
        let critical_from = self.creature(by).map_or(20, |it| it.definition.critical_from());
        let helpless = is_near
            && self
                .creature(target)
                .is_some_and(|it| it.has(Condition::Paralyzed) || it.has(Condition::Unconscious));
        if natural == 1 {
            AttackOutcome::CriticalMiss
        } else if natural < 20 && total < i16::from(armor_class) {
            // Only a 20 hits whatever the Armor Class; who scores a critical hit below it must hit.
            AttackOutcome::Miss
        } else if natural >= critical_from || helpless {
            AttackOutcome::CriticalHit
        } else {
            AttackOutcome::Hit
        }
    }

    /// Rolls every part that counts, and says whether a Sneak Attack was among them.
    fn roll_damage(&mut self, attack: &Attack, blow: &Blow) -> (Vec<DamageDealt>, bool) {
        let mut dealt = Vec::new();
        let mut sneak = false;
        for (index, part) in attack.damage.iter().enumerate() {
            if !self.counts(part.when, blow) {
                continue;
            }
            sneak |= part.when == When::SneakAttack;
            let mut part = *part;
            if blow.role.is_extra() && index == 0 {
                part.dice.bonus = self.without_modifier(blow.attacker, attack, part.dice.bonus);
            }
            let rolled = self.roll_part(blow.attacker, &part, blow.critical);
            let Some(target) = self.creature(blow.target) else { continue };
            let (adjustment, amount) =
                adjust(self.scratch.edition, target, part.kind, rolled.total, false);
            dealt.push(DamageDealt { kind: part.kind, rolled, adjustment, dealt: amount });
        }
        (dealt, sneak)
    }

    /// The flat part of an extra attack's damage, without the ability modifier unless that is
    /// negative (SRD 5.2.1, Equipment > Light).
    fn without_modifier(&self, by: CreatureId, attack: &Attack, bonus: i16) -> i16 {
        let modifier = self.creature(by).map_or(0, |it| attack.modifier(&it.definition));
        match attack.weapon.ability {
            Some(_) => bonus.saturating_sub(i16::from(modifier.max(0))),
            None => bonus.min(0),
        }
    }

    /// Rolls one line of damage: a critical hit rolls every die twice.
    pub(super) fn roll_part(
        &mut self,
        by: CreatureId,
        part: &DamagePart,
        critical: bool,
    ) -> DiceRolled {
        let hidden = self.creature(by).is_some_and(|it| it.hidden);
        let count = if critical { part.dice.count.saturating_mul(2) } else { part.dice.count };
        self.roll_dice(count, part.dice.sides, part.dice.bonus, hidden)
    }

    /// Whether what has this term counts now.
    pub(super) fn counts(&self, when: When, blow: &Blow) -> bool {
        let (Some(by), Some(target)) = (self.creature(blow.attacker), self.creature(blow.target))
        else {
            return false;
        };
        match when {
            When::Always => true,
            When::AttackHadAdvantage => blow.had_advantage,
            When::Charged { .. } => self.scratch.holds(when, by, target),
            When::FailedBy(margin) => blow.failed_by >= margin,
            When::Uncharged { .. }
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
            | When::TargetBears(_) => self.scratch.holds(when, by, target),
            When::SneakAttack => {
                let own_turn_unused = !by.economy.sneak_attack_spent;
                let ally = !blow.had_disadvantage && self.scratch.ally_near(by, target);
                own_turn_unused && (blow.had_advantage || ally)
            }
        }
    }

    /// What else a hit does, as long as the target is still there to suffer it.
    fn attack_riders(&mut self, attack: &Attack, blow: &Blow, damage: &[DamageDealt]) {
        let cause = SaveCause::AttackRider { source: blow.attacker, attack: attack.id };
        for rider in &attack.riders {
            self.ride(rider, blow, cause, damage);
        }
    }
}
