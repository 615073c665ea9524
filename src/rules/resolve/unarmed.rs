//! Seizing, shoving, dragging along and letting go (SRD 5.2.1, Rules Glossary > Unarmed Strike,
//! Grappling, Grappled; SRD 5.1, Combat > Grappling, Shoving a Creature).
//!
//! A grip lasts while its holder can hold and the held is near enough: whenever somebody was moved,
//! that is looked at anew here, and nowhere else.

use crate::rules::ability::{Ability, Skill};
use crate::rules::condition::{Condition, Until};
use crate::rules::creature::{Cost, SaveSpec};
use crate::rules::edition::Seizing;
use crate::rules::event::{Contest, Deed, Fact, MoveKind, RollMode, SaveCause};
use crate::rules::geometry::{distance_feet, drawn_to, space_of};
use crate::rules::id::CreatureId;
use crate::rules::legal::{d20_modes, grip_on, grip_reach_feet, held_by, skill_to_resist};
use crate::rules::unarmed::{Hold, hold_dc};

use super::Resolution;

/// Feet of a shove.
const SHOVE_FEET: u16 = 5;
/// What advantage is worth in points when somebody chooses between two saves.
const LEAN_POINTS: i16 = 4;

impl Resolution<'_> {
    /// Tries to seize or shove somebody, as planned.
    pub(super) fn hold(&mut self, who: CreatureId, hold: Hold, target: CreatureId, cost: Cost) {
        self.reveal(who);
        let dc = self.creature(who).map_or(0, |it| hold_dc(&it.definition));
        let (dc, contest) = match self.scratch.edition.seizing() {
            Seizing::Save => (dc, None),
            Seizing::Contest => (0, Some(Box::new(self.contest(who, target)))),
        };
        let won = contest.as_ref().map(|contest| contest.success);
        let deed = match hold {
            Hold::Grapple => Deed::Grapple { target, dc, contest },
            Hold::ShoveAway => Deed::Shove { target, prone: false, dc, contest },
            Hold::ShoveProne => Deed::Shove { target, prone: true, dc, contest },
        };
        self.emit(Fact::Action { creature: who, cost, deed });
        let succeeds = won.unwrap_or_else(|| {
            let ability = self.save_of_choice(target, who);
            !self.save(target, SaveSpec { ability, dc }, SaveCause::Unarmed { source: who })
        });
        if !succeeds {
            return;
        }
        match hold {
            Hold::Grapple => {
                let until = if won.is_some() { Until::Contested } else { Until::Escaped { dc } };
                self.add_condition(target, Condition::Grappled, Some(who), until);
            }
            Hold::ShoveAway => self.push(who, target, SHOVE_FEET, None),
            Hold::ShoveProne => {
                self.add_condition(target, Condition::Prone, Some(who), Until::Removed);
            }
        }
    }

    /// Athletics against the better of Athletics and Acrobatics; who is incapacitated cannot resist.
    fn contest(&mut self, who: CreatureId, target: CreatureId) -> Contest {
        if self.creature(target).is_some_and(|it| it.incapacitated().is_some()) {
            return Contest { rolls: None, success: true };
        }
        let own = self.skill_check(who, Skill::Athletics);
        let skill = self.creature(target).map_or(Skill::Athletics, skill_to_resist);
        let other = self.skill_check(target, skill);
        let success = own.total > other.total;
        Contest { rolls: Some((own, other)), success }
    }

    /// The save that a target chooses, where Strength and Dexterity will both do: the likelier one.
    fn save_of_choice(&self, target: CreatureId, source: CreatureId) -> Ability {
        let Some(it) = self.creature(target) else { return Ability::Strength };
        let worth = |ability| {
            let cause = SaveCause::Unarmed { source };
            let (advantages, disadvantages) = self.save_reasons(target, ability, cause);
            let lean = match d20_modes(&advantages, &disadvantages) {
                RollMode::Normal => 0,
                RollMode::Advantage => LEAN_POINTS,
                RollMode::Disadvantage => -LEAN_POINTS,
            };
            i16::from(it.definition.saves.get(ability)).saturating_add(lean)
        };
        if worth(Ability::Dexterity) > worth(Ability::Strength) {
            Ability::Dexterity
        } else {
            Ability::Strength
        }
    }

    /// Breaks free of what holds it, or not.
    pub(super) fn escape(&mut self, who: CreatureId) {
        let Some(grip) = self.creature(who).and_then(grip_on).cloned() else { return };
        let skill = self.creature(who).map_or(Skill::Athletics, skill_to_resist);
        let roll = self.skill_check(who, skill);
        let holder = grip.source.filter(|_| grip.until == Until::Contested);
        let holder = holder.map(|holder| self.skill_check(holder, Skill::Athletics));
        let dc = match (&holder, grip.until) {
            (Some(holder), _) => u8::try_from(holder.total.max(0)).unwrap_or(u8::MAX),
            (None, Until::Escaped { dc }) => dc,
            (
                None,
                Until::Contested
                | Until::Healed
                | Until::Removed
                | Until::StartOfTurn { .. }
                | Until::EndOfTurn { .. }
                | Until::TurnsUnlessHarmed { .. }
                | Until::Worsens { .. }
                | Until::SaveEnds { .. },
            ) => 0,
        };
        let success = match &holder {
            // A tie leaves everything as it is.
            Some(holder) => roll.total > holder.total,
            None => roll.total >= i16::from(dc),
        };
        let deed = Deed::Escape { roll, dc, success, holder };
        self.emit(Fact::Action { creature: who, cost: Cost::Action, deed });
        if success {
            self.free(who, grip.source);
        }
    }

    /// Whoever held it loses the grip, and everything that hung on it.
    fn free(&mut self, who: CreatureId, source: Option<CreatureId>) {
        let freed: Vec<Condition> = self.creature(who).map_or_else(Vec::new, |it| {
            let held = it.conditions.iter().filter(|it| it.source == source && it.until.is_grip());
            held.map(|active| active.condition).collect()
        });
        for condition in freed {
            self.emit(Fact::ConditionRemoved { creature: who, condition, source });
        }
        if let Some(holder) = source {
            self.free_from(holder, Some(who));
        }
    }

    pub(super) fn let_go(&mut self, who: CreatureId, target: CreatureId) {
        let (cost, deed) = (Cost::Free, Deed::LetGo { target });
        self.emit(Fact::Action { creature: who, cost, deed });
        self.free(target, Some(who));
    }

    /// Ends every grip that somebody's being elsewhere has torn loose.
    pub(super) fn loosen(&mut self, moved: CreatureId) {
        let mut torn: Vec<(CreatureId, CreatureId)> = Vec::new();
        for it in self.scratch.creatures.iter().filter(|it| it.present()) {
            for grip in it.conditions.iter().filter(|grip| grip.until.is_grip()) {
                let Some(holder) = grip.source.and_then(|source| self.creature(source)) else {
                    continue;
                };
                let concerned = holder.id == moved || it.id == moved;
                let feet = distance_feet(&self.scratch, holder, it);
                if concerned && feet.is_some_and(|feet| feet > grip_reach_feet(holder, grip)) {
                    torn.push((it.id, holder.id));
                }
            }
        }
        for (held, holder) in torn {
            self.free(held, Some(holder));
        }
    }

    /// Draws along whom a walker holds; whoever cannot follow slips out of the grip.
    pub(super) fn drag(&mut self, who: CreatureId) {
        let Some(near) = self.creature(who).and_then(space_of) else { return };
        let mut followers: Vec<(CreatureId, u16)> = held_by(&self.scratch, who)
            .filter(|(_, grip)| grip.condition == Condition::Grappled)
            .filter_map(|(held, grip)| {
                let reach = grip_reach_feet(self.creature(who)?, grip);
                Some((held.id, reach))
            })
            .collect();
        followers.dedup_by_key(|(held, _)| *held);
        for (held, reach_feet) in followers {
            let Some(it) = self.creature(held) else { continue };
            let left = space_of(it).is_some_and(|space| space.feet_to(near) > reach_feet);
            if !left {
                continue;
            }
            if let Some(to) = drawn_to(&self.scratch, it, near, reach_feet) {
                let (kind, path) = (MoveKind::Forced, vec![to]);
                self.emit(Fact::Moved { creature: held, kind, path, cost: 0 });
            }
        }
        self.loosen(who);
    }
}
