//! Hit points: losing them, dying, coming back (SRD 5.2.1, Playing the Game > Damage and Healing).

use crate::rules::ability::Ability;
use crate::rules::condition::{Condition, Until};
use crate::rules::creature::{EffectKind, SaveSpec, SetOff, Trait};
use crate::rules::edition::{KnockOut, Test};
use crate::rules::event::{
    Adjustment, DamageDealt, EndReason, Fact, HitPointCause, Reason, SaveCause, Summary,
};
use crate::rules::id::CreatureId;
use crate::rules::illegal::Phase;
use crate::rules::legal::d20_modes;
use crate::rules::state::{Creature, Life};

use super::Resolution;

/// Successes or failures that decide between life and death.
const DEATH_SAVES: u8 = 3;
/// The DC of a death saving throw.
const DEATH_SAVE_DC: i16 = 10;

impl Resolution<'_> {
    /// Damage that has arrived: hit points go, and whatever else damage does to this creature.
    /// The three words say whether it came of a critical hit, whether Undead Fortitude may help,
    /// and whether a save halved it.
    pub(super) fn hurt(
        &mut self,
        who: CreatureId,
        damage: &[DamageDealt],
        by: Option<CreatureId>,
        [critical, fortitude, saved]: [bool; 3],
    ) {
        let total = damage.iter().map(|part| part.dealt).fold(0, u16::saturating_add);
        self.harm(who, total, by, critical, fortitude);
        if total > 0 {
            self.wake(who);
        }
        let absorbed = damage.iter().filter(|part| part.adjustment == Adjustment::Absorbed);
        let halves = if saved { 2 } else { 1 };
        let healed = absorbed.map(|part| part.rolled.total / halves).fold(0, u16::saturating_add);
        if healed > 0 && self.creature(who).is_some_and(|it| it.life == Life::Up) {
            self.heal(who, healed, HitPointCause::Healing { by: Some(who) });
        }
        self.shrink_from(who, damage);
    }

    /// What lasts only until damage comes is over.
    fn wake(&mut self, who: CreatureId) {
        let (conditions, effects) =
            self.lasting(|until| matches!(until, Until::TurnsUnlessHarmed { .. }));
        let conditions = conditions.into_iter().filter(|(of, _, _)| *of == who).collect();
        let effects = effects.into_iter().filter(|(of, _, _)| *of == who).collect();
        self.remove_lasting(conditions, effects);
    }

    /// The effects that a type of damage has on a creature that fears it, until the end of its
    /// next turn.
    fn shrink_from(&mut self, who: CreatureId, damage: &[DamageDealt]) {
        let Some(it) = self.creature(who).filter(|it| it.present()) else { return };
        let taken = |kind| damage.iter().any(|part| part.kind == kind && part.dealt > 0);
        let hurts = it.definition.traits.iter().filter_map(|known| {
            let Trait::HurtBy { kind, effect, amount } = known else { return None };
            taken(*kind).then_some((*effect, *amount))
        });
        let hurts: Vec<(EffectKind, u16)> = hurts.collect();
        let turns = u8::from(self.scratch.current == Some(who));
        for (effect, amount) in hurts {
            self.add_effect(who, effect, who, Until::EndOfTurn { of: who, turns }, amount);
        }
    }

    /// Takes hit points, temporary ones first, and lets fall who has none left. `fortitude` says
    /// whether Undead Fortitude may help: not against radiant damage or a critical hit.
    pub(super) fn harm(
        &mut self,
        who: CreatureId,
        amount: u16,
        by: Option<CreatureId>,
        critical: bool,
        fortitude: bool,
    ) {
        let Some(it) = self.creature(who) else { return };
        if amount == 0 || it.life == Life::Dead {
            return;
        }
        let absorbed = it.temporary_hit_points.min(amount);
        let rest = amount.saturating_sub(absorbed);
        let (before, maximum, life) = (it.hit_points, it.maximum(), it.life);
        let falls = rest >= before && rest > 0 && life == Life::Up;
        let spared = (falls && self.sparing).then(|| self.scratch.edition.knock_out());
        let hit_points = match spared {
            Some(KnockOut::OneHitPoint) => 1,
            Some(KnockOut::Stable) | None => before.saturating_sub(rest),
        };
        let temporary = it.temporary_hit_points.saturating_sub(absorbed);
        let is_hero = it.definition.is_hero();
        let cause = HitPointCause::Damage { by, critical };
        self.emit(Fact::HitPointsChanged { creature: who, cause, amount, hit_points, temporary });
        if let Some(spared) = spared {
            self.knock_out(who, by, spared);
            return;
        }
        // Damage that temporary hit points swallow is damage taken, also by somebody who is down.
        let down = matches!(life, Life::Dying { .. } | Life::Stable);
        if hit_points > 0 || (rest == 0 && !down) {
            self.try_concentration(who, amount);
            return;
        }
        let beyond = rest.saturating_sub(before);
        match life {
            Life::Dead => {}
            Life::Dying { .. } | Life::Stable if beyond >= maximum => self.die(who, by),
            Life::Dying { .. } | Life::Stable => self.fail_death_saves(who, critical, by),
            Life::Up if !is_hero => {
                if !(fortitude && self.undead_fortitude(who, amount)) {
                    self.die(who, by);
                }
            }
            Life::Up if beyond >= maximum => self.die(who, by),
            Life::Up => self.fall(who),
        }
    }

    /// Lays low whom a melee attack would have killed (SRD 5.2.1, Rules Glossary > Knocking Out a
    /// Creature; SRD 5.1, Combat > Knocking a Creature Out).
    fn knock_out(&mut self, who: CreatureId, by: Option<CreatureId>, how: KnockOut) {
        match how {
            KnockOut::OneHitPoint => {
                self.add_condition(who, Condition::Unconscious, by, Until::Healed);
            }
            KnockOut::Stable => {
                self.fall(who);
                self.emit(Fact::Stabilized { creature: who });
            }
        }
    }

    /// Wakes somebody who was knocked out.
    pub(super) fn come_to(&mut self, who: CreatureId) {
        let sources: Vec<Option<CreatureId>> = self.creature(who).map_or_else(Vec::new, |it| {
            let out = it.conditions.iter().filter(|active| active.until == Until::Healed);
            out.map(|active| active.source).collect()
        });
        for source in sources {
            let condition = Condition::Unconscious;
            self.emit(Fact::ConditionRemoved { creature: who, condition, source });
        }
    }

    fn undead_fortitude(&mut self, who: CreatureId, damage: u16) -> bool {
        if !self.creature(who).is_some_and(|it| it.definition.has(&Trait::UndeadFortitude)) {
            return false;
        }
        let dc = u8::try_from(damage.saturating_add(5)).unwrap_or(u8::MAX);
        let save = SaveSpec { ability: Ability::Constitution, dc };
        let stands = self.save(who, save, SaveCause::UndeadFortitude);
        if stands {
            let temporary = self.creature(who).map_or(0, |it| it.temporary_hit_points);
            self.emit(Fact::HitPointsChanged {
                creature: who,
                cause: HitPointCause::Fortitude,
                amount: 1,
                hit_points: 1,
                temporary,
            });
        }
        stands
    }

    pub(super) fn fall(&mut self, who: CreatureId) {
        self.emit(Fact::Down { creature: who });
        self.add_condition(who, Condition::Unconscious, None, Until::Removed);
        self.release_grip_of(who);
    }

    pub(super) fn die(&mut self, who: CreatureId, by: Option<CreatureId>) {
        self.emit(Fact::Died { creature: who, by });
        self.stop_concentrating(who);
        self.release_grip_of(who);
        self.forget_turns_of(who);
        self.set_off(who, SetOff::Death);
    }

    /// What would last until a turn of somebody who takes no more turns is over now.
    pub(super) fn forget_turns_of(&mut self, gone: CreatureId) {
        let (conditions, effects) = self.lasting(|until| match until {
            Until::StartOfTurn { of, .. }
            | Until::EndOfTurn { of, .. }
            | Until::TurnsUnlessHarmed { of, .. }
            | Until::Worsens { of, .. } => *of == gone,
            Until::Removed
            | Until::SaveEnds { .. }
            | Until::Escaped { .. }
            | Until::Healed
            | Until::Contested => false,
        });
        self.remove_lasting(conditions, effects);
    }

    fn fail_death_saves(&mut self, who: CreatureId, critical: bool, by: Option<CreatureId>) {
        let (successes, failures) = match self.creature(who).map(|it| it.life) {
            Some(Life::Dying { successes, failures }) => (successes, failures),
            Some(Life::Stable) => (0, 0),
            Some(Life::Up | Life::Dead) | None => return,
        };
        let failures = failures.saturating_add(if critical { 2 } else { 1 }).min(DEATH_SAVES);
        self.emit(Fact::DeathSaveFailed { creature: who, successes, failures });
        if failures >= DEATH_SAVES {
            self.die(who, by);
        }
    }

    /// The death saving throw at the start of a dying hero's turn.
    pub(super) fn death_save(&mut self, who: CreatureId) {
        let Some(Life::Dying { successes, failures }) = self.creature(who).map(|it| it.life) else {
            return;
        };
        let blessed = self.blessed(who);
        let tired = self.creature(who).map_or(0, Creature::exhaustion);
        let disadvantages = if self.scratch.edition.exhaustion_hinders(tired, Test::Save) {
            vec![Reason::Exhaustion]
        } else {
            Vec::new()
        };
        let mode = d20_modes(&[], &disadvantages);
        let roll = self.d20(who, 0, mode, Vec::new(), disadvantages, blessed);
        let (natural, total) = (roll.kept, roll.total);
        let (made, missed) = match natural {
            1 => (0, 2),
            20 => (0, 0),
            _ if total >= DEATH_SAVE_DC => (1, 0),
            _ => (0, 1),
        };
        let successes = successes.saturating_add(made).min(DEATH_SAVES);
        let failures = failures.saturating_add(missed).min(DEATH_SAVES);
        self.emit(Fact::DeathSave { creature: who, roll, successes, failures });
        if natural == 20 {
            self.heal(who, 1, HitPointCause::DeathSave);
        } else if failures >= DEATH_SAVES {
            self.die(who, None);
        } else if successes >= DEATH_SAVES {
            self.emit(Fact::Stabilized { creature: who });
        }
    }

    /// Gives hit points back, up to the maximum; who was down comes to.
    pub(super) fn heal(&mut self, who: CreatureId, amount: u16, cause: HitPointCause) {
        let Some(it) = self.creature(who) else { return };
        if it.life == Life::Dead
            || it.affected(EffectKind::NoHealing)
            || it.definition.has(&Trait::Swarm)
        {
            return;
        }
        let hit_points = it.hit_points.saturating_add(amount).min(it.maximum());
        let (gained, temporary) =
            (hit_points.saturating_sub(it.hit_points), it.temporary_hit_points);
        let was_down = it.life != Life::Up;
        if gained == 0 {
            return;
        }
        let amount = gained;
        self.emit(Fact::HitPointsChanged { creature: who, cause, amount, hit_points, temporary });
        if was_down {
            self.revive(who);
        }
        self.come_to(who);
    }

    pub(super) fn revive(&mut self, who: CreatureId) {
        self.emit(Fact::Revived { creature: who });
        if self.creature(who).is_some_and(|it| it.has(Condition::Unconscious)) {
            let condition = Condition::Unconscious;
            self.emit(Fact::ConditionRemoved { creature: who, condition, source: None });
        }
    }

    /// Frees everybody whom a creature holds once it can hold nobody any more.
    pub(super) fn release_grip_of(&mut self, holder: CreatureId) {
        let holds = self
            .creature(holder)
            .is_some_and(|it| it.present() && it.life == Life::Up && it.incapacitated().is_none());
        if holds {
            return;
        }
        let held: Vec<(CreatureId, Condition)> = self
            .scratch
            .creatures
            .iter()
            .flat_map(|it| it.conditions.iter().map(move |active| (it.id, active)))
            .filter(|(_, active)| active.source == Some(holder) && active.until.is_grip())
            .map(|(id, active)| (id, active.condition))
            .collect();
        for (creature, condition) in held {
            self.emit(Fact::ConditionRemoved { creature, condition, source: Some(holder) });
        }
        self.free_from(holder, None);
    }

    /// What hung on a grip that is gone goes with it: from everybody, or from one creature.
    pub(super) fn free_from(&mut self, holder: CreatureId, held: Option<CreatureId>) {
        let (_, effects) = self.lasting(|until| until.is_grip());
        let freed = effects
            .into_iter()
            .filter(|(of, _, source)| *source == holder && held.is_none_or(|held| held == *of));
        let freed = freed.collect();
        self.remove_lasting(Vec::new(), freed);
    }

    /// Ends the fight once at most one side has somebody standing.
    pub(super) fn end_if_decided(&mut self) {
        if self.scratch.phase != Phase::Running || !self.scratch.pending.is_empty() {
            return;
        }
        let standing = || self.scratch.creatures.iter().filter(|it| it.stands());
        let reason = match standing().next().map(|it| it.side) {
            None => EndReason::NobodyLeft,
            Some(side) if standing().all(|it| it.side == side) => EndReason::Victory { side },
            Some(_) => return,
        };
        self.end(reason);
    }

    pub(super) fn end(&mut self, reason: EndReason) {
        let experience = match reason {
            EndReason::Victory { side } => self
                .scratch
                .creatures
                .iter()
                .filter(|it| it.side != side && (it.life == Life::Dead || it.knocked_out()))
                .map(|it| it.definition.experience)
                .fold(0, u32::saturating_add),
            EndReason::NobodyLeft | EndReason::Called => 0,
        };
        let summary = Summary {
            rounds: self.scratch.round,
            turns: self.scratch.turn,
            by_creature: self.scratch.creatures.iter().map(|it| (it.id, it.tally)).collect(),
            experience,
        };
        self.emit(Fact::Ended { reason, summary });
    }
}
