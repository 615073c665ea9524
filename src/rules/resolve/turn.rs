//! Turns and rounds: what begins and ends with them, and whose turn is next.

use crate::rules::condition::{ActiveCondition, Condition, Until};
use crate::rules::creature::{EffectKind, SaveSpec, SetOff, Size, Trait, Uses, Worse};
use crate::rules::damage::DamageSet;
use crate::rules::event::{Fact, HitPointCause, SaveCause};
use crate::rules::geometry::space_of;
use crate::rules::id::{CreatureId, Slug};
use crate::rules::illegal::Phase;
use crate::rules::state::{Creature, Life};

use super::Resolution;

impl Resolution<'_> {
    /// Ends the turn of a creature and opens the next one that somebody can take.
    pub(super) fn end_turn_and_go_on(&mut self, who: CreatureId) {
        self.end_turn(who);
        self.between_turns(who, Vec::new());
    }

    /// The turn of somebody who fell in the middle of it is over.
    pub(super) fn pass_turn_of_the_fallen(&mut self) {
        self.end_if_decided();
        let Some(current) = self.scratch.current else {
            // Whoever's turn it was left while the fight was paused.
            if self.scratch.round > 0 && self.scratch.pending.is_empty() {
                self.go_on(None);
            }
            return;
        };
        let fallen = self.creature(current).is_none_or(|it| it.life != Life::Up);
        if fallen && self.scratch.phase == Phase::Running && self.scratch.pending.is_empty() {
            self.end_turn_and_go_on(current);
        }
    }

    /// Opens the turn after that of `after`, or the first. Those who are down make their death
    /// save and are passed over; the fight may end with one of those.
    pub(super) fn go_on(&mut self, mut after: Option<CreatureId>) {
        // Somebody on each of two sides stands, or the fight ends: so this ends within a round
        // and a half, and the limit only guards against a fault of ours.
        for _ in 0..self.scratch.order.len().saturating_mul(2).saturating_add(1) {
            self.end_if_decided();
            if self.scratch.phase != Phase::Running {
                return;
            }
            let Some(next) = self.next_after(after) else { return };
            self.start_turn(next);
            match self.creature(next).map(|it| it.life) {
                Some(Life::Up) => return,
                Some(Life::Dying { .. } | Life::Stable) => self.end_turn(next),
                Some(Life::Dead) | None => {
                    let turn = self.scratch.turn;
                    self.emit(Fact::TurnEnded { creature: next, turn });
                }
            }
            if self.ask_a_legend(next, Vec::new()) {
                return;
            }
            after = Some(next);
        }
    }

    /// Who is next in the order; a new round opens when it begins anew.
    fn next_after(&mut self, after: Option<CreatureId>) -> Option<CreatureId> {
        let order = &self.scratch.order;
        let start = after
            .and_then(|id| order.iter().position(|listed| *listed == id))
            .map_or(0, |index| index.saturating_add(1));
        let takes_turns = |id: &CreatureId| self.creature(*id).is_some_and(Creature::present);
        if let Some(next) = order.iter().skip(start).copied().find(takes_turns) {
            return Some(next);
        }
        let first = order.iter().copied().find(takes_turns)?;
        let round = self.scratch.round.saturating_add(1);
        self.emit(Fact::RoundStarted { round });
        Some(first)
    }

    fn start_turn(&mut self, who: CreatureId) {
        let ends =
            |until: &Until| matches!(until, Until::StartOfTurn { of, turns: 0 } if *of == who);
        let (conditions, effects) = self.lasting(ends);
        let regeneration = self.regeneration(who);
        let round = self.scratch.round;
        let turn = self.scratch.last_turn.saturating_add(1);
        self.emit(Fact::TurnStarted { creature: who, round, turn });
        self.remove_lasting(conditions, effects);
        self.suffer_again(who);
        self.set_off(who, SetOff::OwnTurnStart);
        self.auras_at(who);
        if let Some(amount) = regeneration {
            self.heal(who, amount, HitPointCause::Regeneration);
        }
        self.recharge(who);
        self.death_save(who);
    }

    fn end_turn(&mut self, who: CreatureId) {
        self.save_to_end(who);
        if self.creature(who).is_some_and(|it| it.life == Life::Up) {
            self.set_off(who, SetOff::OwnTurnEnd);
        }
        self.stumble(who);
        let ends = |until: &Until| {
            matches!(
                until,
                Until::EndOfTurn { of, turns: 0 } | Until::TurnsUnlessHarmed { of, turns: 0 }
                if *of == who
            )
        };
        let (conditions, effects) = self.lasting(ends);
        let turn = self.scratch.turn;
        self.emit(Fact::TurnEnded { creature: who, turn });
        self.remove_lasting(conditions, effects);
    }

    /// Whoever ends its turn in a space with somebody else falls, unless it is tiny or larger than
    /// the other (SRD 5.2.1, Playing the Game > Moving around Other Creatures). Nobody stops there
    /// willingly: it was held on its way through.
    fn stumble(&mut self, who: CreatureId) {
        let Some(it) = self.creature(who).filter(|it| it.life == Life::Up) else { return };
        let size = it.definition.size;
        let alone = size != Size::Tiny && !it.definition.shares_space();
        let stands = alone && !it.has(Condition::Prone);
        let Some(own) = space_of(it).filter(|_| stands) else { return };
        if !self.scratch.edition.stumbles() || self.scratch.map.is_none() {
            return;
        }
        let in_the_way = |other: &Creature| {
            let here = other.id != who && other.present() && other.definition.size >= size;
            here && !other.definition.has(&Trait::Swarm)
                && space_of(other).is_some_and(|space| space.overlaps(own))
        };
        if self.scratch.creatures.iter().any(in_the_way) {
            self.add_condition(who, Condition::Prone, None, Until::Removed);
        }
    }

    /// The saving throws with which a creature shakes something off at the end of its turn: one
    /// for everything that the same source brought with the same save.
    fn save_to_end(&mut self, who: CreatureId) {
        let Some(it) = self.creature(who).filter(|it| it.life == Life::Up) else { return };
        let mut saves: Vec<(Option<CreatureId>, SaveSpec, SaveCause)> = Vec::new();
        let conditions = it
            .conditions
            .iter()
            .map(|on| (on.until, on.source, SaveCause::EndCondition { condition: on.condition }));
        let effects = it
            .effects
            .iter()
            .map(|on| (on.until, Some(on.source), SaveCause::EndEffect { effect: on.kind }));
        for (until, source, cause) in conditions.chain(effects) {
            let Until::SaveEnds { ability, dc } = until else { continue };
            let save = SaveSpec { ability, dc };
            if !saves.iter().any(|(from, known, _)| *from == source && *known == save) {
                saves.push((source, save, cause));
            }
        }
        for (source, save, cause) in saves {
            if self.save(who, save, cause) {
                self.shake_off(who, source, save);
            }
        }
        self.worsen(who);
    }

    /// Everything of one source that this save ends.
    fn shake_off(&mut self, who: CreatureId, from: Option<CreatureId>, save: SaveSpec) {
        let SaveSpec { ability, dc } = save;
        let (conditions, effects) = self.lasting(|until| *until == Until::SaveEnds { ability, dc });
        let conditions = conditions.into_iter().filter(|it| it.0 == who && it.2 == from).collect();
        let effects = effects.into_iter().filter(|it| it.0 == who && Some(it.2) == from).collect();
        self.remove_lasting(conditions, effects);
    }

    /// The second save against what gives way to something worse.
    fn worsen(&mut self, who: CreatureId) {
        let Some(it) = self.creature(who).filter(|it| it.life == Life::Up) else { return };
        let due: Vec<ActiveCondition> = it
            .conditions
            .iter()
            .filter(|on| matches!(on.until, Until::Worsens { of, turns: 0, .. } if of == who))
            .cloned()
            .collect();
        for active in due {
            let ActiveCondition { condition, source, until, level: _ } = active;
            let Until::Worsens { save, into, then, .. } = until else { continue };
            let failed = !self.save(who, save, SaveCause::EndCondition { condition });
            self.emit(Fact::ConditionRemoved { creature: who, condition, source });
            if failed {
                let SaveSpec { ability, dc } = save;
                let until = match then {
                    Worse::Removed => Until::Removed,
                    Worse::TurnsUnlessHarmed(turns) => Until::TurnsUnlessHarmed { of: who, turns },
                    Worse::SaveEnds => Until::SaveEnds { ability, dc },
                };
                self.add_condition(who, into, source, until);
            }
        }
    }

    #[allow(clippy::type_complexity, reason = "two short lists of keys, used on the next line")]
    pub(super) fn lasting(
        &self,
        ends: impl Fn(&Until) -> bool,
    ) -> (Vec<(CreatureId, Condition, Option<CreatureId>)>, Vec<(CreatureId, EffectKind, CreatureId)>)
    {
        let (mut conditions, mut effects) = (Vec::new(), Vec::new());
        for it in &self.scratch.creatures {
            for active in it.conditions.iter().filter(|active| ends(&active.until)) {
                conditions.push((it.id, active.condition, active.source));
            }
            for effect in it.effects.iter().filter(|effect| ends(&effect.until)) {
                effects.push((it.id, effect.kind, effect.source));
            }
        }
        (conditions, effects)
    }

    pub(super) fn remove_lasting(
        &mut self,
        conditions: Vec<(CreatureId, Condition, Option<CreatureId>)>,
        effects: Vec<(CreatureId, EffectKind, CreatureId)>,
    ) {
        for (creature, condition, source) in conditions {
            self.emit(Fact::ConditionRemoved { creature, condition, source });
        }
        for (creature, effect, source) in effects {
            self.emit(Fact::EffectRemoved { creature, effect, source });
        }
    }

    /// What the creature regenerates at the start of this turn, if nothing stopped it.
    fn regeneration(&self, who: CreatureId) -> Option<u16> {
        let it = self.creature(who).filter(|it| it.life == Life::Up)?;
        let (amount, stopped_by) = it.definition.regeneration()?;
        let taken: DamageSet = it.damage_since_turn;
        let stopped = stopped_by.iter().any(|kind| taken.contains(kind));
        (!stopped).then_some(amount)
    }

    fn recharge(&mut self, who: CreatureId) {
        let Some(it) = self.creature(who).filter(|it| it.life == Life::Up) else { return };
        let hidden = it.hidden;
        let entries = it
            .definition
            .attacks
            .iter()
            .map(|attack| (attack.id, attack.uses))
            .chain(it.definition.specials.iter().map(|special| (special.id, special.uses)));
        let spent: Vec<(Slug, u8)> = entries
            .filter_map(|(id, uses)| match uses {
                Uses::Recharge { at_least } => it
                    .spent
                    .iter()
                    .any(|(known, n)| *known == id && *n > 0)
                    .then_some((id, at_least)),
                Uses::AtWill | Uses::PerDay(_) | Uses::PerRest(_) | Uses::OncePerRound => None,
            })
            .collect();
        for (entry, at_least) in spent {
            let drawn_at = Some(self.next_draw(hidden));
            let face = self.face(6, hidden);
            let ready = face >= at_least;
            self.emit(Fact::RechargeRolled { creature: who, entry, face, ready, drawn_at });
        }
    }
}
