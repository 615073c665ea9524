//! Entering, rolling initiative, beginning, leaving, and what the GM sets.

use crate::rules::condition::{Condition, Until};
use crate::rules::creature::{EffectKind, Trait};
use crate::rules::edition::Surprise;
use crate::rules::event::{D20Roll, DrawnAt, Fact, HitPointCause, Joined, MoveKind, Reason};
use crate::rules::id::CreatureId;
use crate::rules::illegal::Phase;
use crate::rules::intent::{Adjustments, Entrant};
use crate::rules::legal::{adds, d20_modes};
use crate::rules::pending::Answer;
use crate::rules::state::{Creature, Life};

use super::Resolution;

/// Rounds of roll-offs before the order of joining decides.
const ROLL_OFFS_MAX: usize = 20;

/// A creature's initiative: its roll, and the faces of its roll-offs.
type Rolled = (CreatureId, D20Roll, Vec<u8>);

impl Resolution<'_> {
    pub(super) fn enter(&mut self, entrants: Vec<Entrant>) {
        let mut places = self.scratch.places_for(&entrants).unwrap_or_default().into_iter();
        for entrant in entrants {
            let position = places.next().flatten();
            let hit_points = entrant.hit_points.unwrap_or(entrant.definition.hit_points);
            let id = entrant.id;
            self.emit(Fact::Joined(Box::new(Joined {
                id,
                name: entrant.name,
                side: entrant.side,
                owner: entrant.owner,
                character: entrant.character,
                definition: entrant.definition,
                hit_points,
                temporary_hit_points: entrant.temporary_hit_points,
                spent: entrant.spent,
                position,
                hidden: entrant.hidden,
                autopilot: entrant.autopilot,
            })));
            if self.creature(id).is_some_and(|it| it.definition.has(&Trait::Unseen)) {
                self.add_condition(id, Condition::Invisible, Some(id), Until::Removed);
            }
            if self.scratch.round > 0 {
                self.roll_one_initiative(id);
                self.slot_in(id);
            }
        }
    }

    fn initiative_roll(&mut self, who: CreatureId) -> D20Roll {
        let (mut advantages, mut disadvantages) = (Vec::new(), Vec::new());
        let mut bonus = 0;
        if let Some(it) = self.creature(who) {
            bonus = it.definition.initiative_bonus;
            let heeded = self.scratch.edition.initiative_heeds_conditions();
            if heeded && it.has(Condition::Invisible) {
                advantages.push(Reason::Invisible);
            }
            if heeded && it.incapacitated().is_some() {
                disadvantages.push(Reason::Incapacitated);
            }
            if self.scratch.edition.surprise() == Surprise::SlowStart
                && it.affected(EffectKind::Surprised)
            {
                disadvantages.push(Reason::Surprised);
            }
            // It is a Dexterity check, with all that tells against one.
            disadvantages.extend(self.check_reasons(who));
        }
        let mode = d20_modes(&advantages, &disadvantages);
        self.d20(who, bonus, mode, advantages, disadvantages, false)
    }

    pub(super) fn roll_one_initiative(&mut self, who: CreatureId) {
        let roll = self.initiative_roll(who);
        let (tie_break, tie_break_drawn_at) = (Vec::new(), Vec::new());
        self.emit(Fact::Initiative { creature: who, roll, tie_break, tie_break_drawn_at });
        self.recover(who);
    }

    /// By SRD 5.2.1 surprise is over once initiative is rolled.
    fn recover(&mut self, who: CreatureId) {
        if self.scratch.edition.surprise() == Surprise::SlowStart {
            self.remove_effects(who, EffectKind::Surprised);
        }
    }

    /// A late joiner comes after everybody whose initiative is as high or higher.
    fn slot_in(&mut self, who: CreatureId) {
        let total = |id: &CreatureId| {
            self.creature(*id).and_then(Creature::initiative).map_or(0, |(roll, _)| roll.total)
        };
        let own = total(&who);
        let mut order: Vec<CreatureId> =
            self.scratch.order.iter().copied().filter(|id| *id != who).collect();
        let at = order.iter().position(|id| total(id) < own).unwrap_or(order.len());
        order.insert(at, who);
        self.emit(Fact::OrderSet { order });
    }

    /// A new order. If the first turn is open already, it goes to whoever is first now.
    pub(super) fn set_order(&mut self, order: Vec<CreatureId>) {
        let first = order.first().copied();
        self.emit(Fact::OrderSet { order });
        let Some(current) = self.scratch.current.filter(|current| first != Some(*current)) else {
            return;
        };
        let turn = self.scratch.turn;
        self.emit(Fact::TurnEnded { creature: current, turn });
        self.go_on(None);
    }

    pub(super) fn begin(&mut self, public: [u8; 32], hidden: [u8; 32]) {
        self.emit(Fact::DiceCommitted { public, hidden });
        let present: Vec<CreatureId> =
            self.scratch.creatures.iter().filter(|it| it.present()).map(|it| it.id).collect();
        let mut rolled: Vec<Rolled> = Vec::new();
        let mut fresh: Vec<CreatureId> = Vec::new();
        for id in present {
            let known = self.creature(id).and_then(|it| it.initiative().cloned());
            if let Some((roll, tie_break)) = known {
                rolled.push((id, roll, tie_break));
            } else {
                fresh.push(id);
                let roll = self.initiative_roll(id);
                rolled.push((id, roll, Vec::new()));
            }
        }
        let mut ordered: Vec<CreatureId> = self.scratch.order.clone();
        ordered.sort_unstable();
        let mut everybody: Vec<CreatureId> = rolled.iter().map(|(id, _, _)| *id).collect();
        everybody.sort_unstable();
        if fresh.is_empty() && ordered == everybody {
            // The GM has set the order of those who rolled; it stands.
            self.emit(Fact::RoundStarted { round: 1 });
            self.go_on(None);
            return;
        }
        let draws = self.roll_off(&mut rolled);
        for (creature, roll, tie_break) in &rolled {
            if fresh.contains(creature) || !tie_break.is_empty() {
                let (roll, tie_break) = (roll.clone(), tie_break.clone());
                let own = draws.iter().filter(|(whose, _)| whose == creature);
                let tie_break_drawn_at = own.map(|(_, at)| *at).collect();
                let creature = *creature;
                self.emit(Fact::Initiative { creature, roll, tie_break, tie_break_drawn_at });
                self.recover(creature);
            }
        }
        // A stable sort: whoever joined first comes first where even the roll-offs tied.
        rolled.sort_by(|one, other| (other.1.total, &other.2).cmp(&(one.1.total, &one.2)));
        let order = rolled.into_iter().map(|(id, _, _)| id).collect();
        self.emit(Fact::OrderSet { order });
        self.emit(Fact::RoundStarted { round: 1 });
        self.go_on(None);
    }

    /// Those who tied roll a d20 each until nobody ties; every face is kept, and whose it is and
    /// where it was drawn is handed back.
    fn roll_off(&mut self, rolled: &mut [Rolled]) -> Vec<(CreatureId, DrawnAt)> {
        let mut draws = Vec::new();
        for _ in 0..ROLL_OFFS_MAX {
            let ties = |it: &Rolled| {
                rolled
                    .iter()
                    .any(|other| other.0 != it.0 && other.1.total == it.1.total && other.2 == it.2)
            };
            let tied: Vec<usize> = rolled
                .iter()
                .enumerate()
                .filter(|(_, it)| ties(it))
                .map(|(index, _)| index)
                .collect();
            if tied.is_empty() {
                return draws;
            }
            for index in tied {
                let Some((id, _, _)) = rolled.get(index) else { continue };
                let hidden = self.creature(*id).is_some_and(|it| it.hidden);
                draws.push((*id, self.next_draw(hidden)));
                let face = self.face(20, hidden);
                if let Some((_, _, faces)) = rolled.get_mut(index) {
                    faces.push(face);
                }
            }
        }
        draws
    }

    pub(super) fn leave(&mut self, who: CreatureId) {
        self.settle_prompts_of(who);
        let running = self.scratch.phase == Phase::Running;
        let had_turn = running && self.scratch.current == Some(who);
        let before = self.scratch.order.iter().position(|id| *id == who);
        let before = before.and_then(|index| index.checked_sub(1));
        let before = before.and_then(|index| self.scratch.order.get(index)).copied();
        if had_turn {
            let turn = self.scratch.turn;
            self.emit(Fact::TurnEnded { creature: who, turn });
        }
        self.stop_concentrating(who);
        self.emit(Fact::Left { creature: who });
        self.release_grip_of(who);
        self.forget_turns_of(who);
        if had_turn {
            self.go_on(before);
        }
    }

    /// Declines what the creature is asked, and drops what it was in the middle of. A question
    /// further down is answered when it comes up: nothing goes on beneath one that is open.
    fn settle_prompts_of(&mut self, who: CreatureId) {
        while self.scratch.phase == Phase::Running {
            let Some(open) = self.scratch.pending.last().cloned() else { return };
            let asked = open.prompt.creature == who;
            let own = open.suspended.last().is_some_and(|last| last.creature() == Some(who));
            if !asked && !own {
                return;
            }
            self.emit(Fact::PromptAnswered {
                prompt: open.prompt.id,
                creature: open.prompt.creature,
                answer: Answer::Decline,
                timed_out: false,
            });
            self.rest = open.suspended;
            self.rest.retain(|waiting| waiting.creature() != Some(who));
            self.go_on_with_the_rest();
        }
    }

    pub(super) fn adjust(&mut self, who: CreatureId, wish: &Adjustments) {
        let Some(it) = self.creature(who) else { return };
        let (was_hidden, was_autopilot, was_at) = (it.hidden, it.autopilot, it.position);
        if let Some(hidden) = wish.hidden.filter(|hidden| *hidden != was_hidden) {
            self.emit(Fact::VisibilityChanged { creature: who, hidden });
        }
        if let Some(autopilot) = wish.autopilot.filter(|wanted| *wanted != was_autopilot) {
            self.emit(Fact::AutopilotSet { creature: who, autopilot });
        }
        if let Some(at) = wish.position.filter(|at| Some(*at) != was_at) {
            let (kind, path) = (MoveKind::Placed, vec![at]);
            self.emit(Fact::Moved { creature: who, kind, path, cost: 0 });
        }
        let was_surprised = self.creature(who).is_some_and(|it| it.affected(EffectKind::Surprised));
        match wish.surprised.filter(|wanted| *wanted != was_surprised) {
            Some(true) => {
                let until = Until::EndOfTurn { of: who, turns: 0 };
                self.add_effect(who, EffectKind::Surprised, who, until, 0);
            }
            Some(false) => self.remove_effects(who, EffectKind::Surprised),
            None => {}
        }
        for condition in &wish.remove_conditions {
            if self.creature(who).is_some_and(|it| it.has(*condition)) {
                let condition = *condition;
                self.emit(Fact::ConditionRemoved { creature: who, condition, source: None });
            }
        }
        for (condition, until) in &wish.add_conditions {
            if self.creature(who).is_some_and(|it| adds(it, *condition, *until)) {
                self.add_condition(who, *condition, None, *until);
            }
        }
        if wish.hit_points.is_some() || wish.temporary_hit_points.is_some() {
            self.set_hit_points(who, wish);
        }
    }

    fn set_hit_points(&mut self, who: CreatureId, wish: &Adjustments) {
        let Some(it) = self.creature(who) else { return };
        let hit_points = wish.hit_points.unwrap_or(it.hit_points);
        let temporary = wish.temporary_hit_points.unwrap_or(it.temporary_hit_points);
        let amount = it.hit_points.abs_diff(hit_points);
        let (life, is_hero) = (it.life, it.definition.is_hero());
        if amount == 0 && temporary == it.temporary_hit_points {
            return;
        }
        let cause = HitPointCause::Adjusted;
        self.emit(Fact::HitPointsChanged { creature: who, cause, amount, hit_points, temporary });
        match (life, hit_points) {
            (Life::Up, 0) if is_hero => self.fall(who),
            (Life::Up, 0) => self.die(who, None),
            (Life::Dying { .. } | Life::Stable | Life::Dead, 1..) => self.revive(who),
            (Life::Up, 1..) | (Life::Dying { .. } | Life::Stable | Life::Dead, 0) => {}
        }
    }
}
