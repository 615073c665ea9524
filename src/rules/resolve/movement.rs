//! Moving square by square, and the questions that a step or a deed puts to others: opportunity
//! attacks and readied actions (SRD 5.2.1, Playing the Game > Opportunity Attacks; Ready).
//!
//! A reaction does not itself set off readied actions (docs/rulings.md), so questions do not nest
//! without end.

use crate::rules::condition::Condition;
use crate::rules::creature::{Cost, EffectKind, Trait};
use crate::rules::event::{Deed, Fact, MoveKind, ReadiedResponse, Trigger};
use crate::rules::geometry::{distance_feet, path_cost_feet, provoked_by, reachable, space_of};
use crate::rules::grid::{Position, SQUARE_FEET};
use crate::rules::id::{CreatureId, PromptId};
use crate::rules::illegal::Phase;
use crate::rules::legal::speed;
use crate::rules::pending::{Answer, Happened, PENDING_MAX, Prompt, Question, Suspended};
use crate::rules::state::Life;

use super::Resolution;

impl Resolution<'_> {
    /// Walks along the squares until it arrives, somebody must be asked, or it cannot go on.
    /// `asked` were already asked about the first step.
    pub(super) fn walk(&mut self, who: CreatureId, rest: Vec<Position>, asked: Vec<CreatureId>) {
        let mut asked = asked;
        let mut rest = rest.into_iter();
        while let Some(to) = rest.next() {
            let Some(it) = self.creature(who) else { return };
            let Some(from) = it.position else { return };
            if it.life != Life::Up || speed(it, self.scratch.edition) == 0 {
                return;
            }
            let left: Vec<Position> = core::iter::once(to).chain(rest.clone()).collect();
            if let Some(striker) = self.striker(who, from, to, &asked) {
                asked.push(striker);
                let question = Question::OpportunityAttack { target: who };
                let kind = MoveKind::Willing;
                let suspended = Suspended::Move { creature: who, kind, rest: left, asked };
                self.ask(striker, question, suspended);
                return;
            }
            self.step(who, to);
            asked.clear();
            let after: Vec<Position> = rest.clone().collect();
            if self.ask_watchers(who, Happened::Stepped { from }, Vec::new(), after) {
                return;
            }
        }
    }

    fn step(&mut self, who: CreatureId, to: Position) {
        let crawl = self.creature(who).is_some_and(|it| it.has(Condition::Prone));
        let extra = if crawl { SQUARE_FEET } else { 0 };
        let cost = self
            .creature(who)
            .and_then(|it| step_cost(&self.scratch, it, to, extra))
            .unwrap_or(SQUARE_FEET.saturating_add(extra));
        // Steps of one walk without interruption are one fact.
        if let Some(last) = self.events.last_mut()
            && let Fact::Moved { creature, kind: MoveKind::Willing, path, cost: so_far } =
                &mut last.fact
            && *creature == who
        {
            path.push(to);
            *so_far = so_far.saturating_add(cost);
            let own_turn = self.scratch.current == Some(who);
            if let Some(it) = self.scratch.creature_mut(who) {
                it.position = Some(to);
                if own_turn {
                    it.economy.moved_feet = it.economy.moved_feet.saturating_add(cost);
                    it.economy.path.push(to);
                }
            }
            return;
        }
        let (kind, path) = (MoveKind::Willing, vec![to]);
        self.emit(Fact::Moved { creature: who, kind, path, cost });
    }

    /// The first in the order of turns who may strike at somebody leaving its reach.
    fn striker(
        &self,
        mover: CreatureId,
        from: Position,
        to: Position,
        asked: &[CreatureId],
    ) -> Option<CreatureId> {
        let it = self.creature(mover)?;
        let safe = it.affected(EffectKind::Disengaged) || it.definition.has(&Trait::Flyby);
        if safe || self.scratch.pending.len() >= PENDING_MAX {
            return None;
        }
        let provoked = provoked_by(&self.scratch, it, from, to);
        let may = |id: &CreatureId| {
            provoked.contains(id)
                && !asked.contains(id)
                && self.creature(*id).is_some_and(|enemy| {
                    self.scratch.sees(enemy, it)
                        && self.scratch.plan_opportunity(enemy, mover, None).is_ok()
                })
        };
        self.scratch.order.iter().copied().find(may)
    }

    /// Puts a question to a creature's controller; what was going on waits for the answer.
    fn ask(&mut self, creature: CreatureId, question: Question, suspended: Suspended) {
        let id = PromptId(self.scratch.next_prompt);
        let prompt = Prompt { id, creature, question };
        self.emit(Fact::PromptOpened { prompt, suspended });
    }

    /// Asks the first readied creature whose trigger this is; true if somebody was asked.
    pub(super) fn ask_watchers(
        &mut self,
        by: CreatureId,
        happened: Happened,
        mut asked: Vec<CreatureId>,
        rest: Vec<Position>,
    ) -> bool {
        if self.scratch.phase != Phase::Running || self.scratch.pending.len() >= PENDING_MAX {
            return false;
        }
        let waits = |id: &CreatureId| !asked.contains(id) && self.is_triggered(*id, by, happened);
        let Some(watcher) = self.scratch.order.iter().copied().find(waits) else { return false };
        let Some((_, response)) = self.creature(watcher).and_then(|it| it.readied) else {
            return false;
        };
        asked.push(watcher);
        let question = Question::Readied { trigger_by: by, response };
        self.ask(watcher, question, Suspended::Watched { by, happened, asked, rest });
        true
    }

    fn is_triggered(&self, watcher: CreatureId, by: CreatureId, happened: Happened) -> bool {
        let (Some(it), Some(other)) = (self.creature(watcher), self.creature(by)) else {
            return false;
        };
        let Some((trigger, response)) = it.readied else { return false };
        if watcher == by || !self.scratch.sees(it, other) {
            return false;
        }
        let enemy = it.side != other.side;
        let comes = match (trigger, happened) {
            (Trigger::EnemyWithin { feet }, Happened::Stepped { from }) => {
                let near = distance_feet(&self.scratch, it, other).is_some_and(|now| now <= feet);
                let was = match (space_of(other), space_of(it)) {
                    (Some(space), Some(own)) => space.at(from).feet_to(own) <= feet,
                    _ => true,
                };
                enemy && near && !was
            }
            (Trigger::EnemyAttacks, Happened::Attacked { target }) => {
                enemy && self.creature(target).is_some_and(|target| target.side == it.side)
            }
            (Trigger::CreatureActs { creature }, Happened::Attacked { .. } | Happened::Acted) => {
                creature == by
            }
            (
                Trigger::EnemyWithin { .. }
                | Trigger::EnemyAttacks
                | Trigger::CreatureActs { .. }
                | Trigger::OnCall,
                Happened::Stepped { .. } | Happened::Attacked { .. } | Happened::Acted,
            ) => false,
        };
        comes && self.scratch.could_respond(it, response, by)
    }

    /// An answer: what was asked is done or not, and what waited goes on.
    pub(super) fn respond(&mut self, prompt: PromptId, answer: Answer, timed_out: bool) {
        let Some(open) = self.scratch.pending.iter().find(|it| it.prompt.id == prompt).cloned()
        else {
            return;
        };
        let creature = open.prompt.creature;
        self.emit(Fact::PromptAnswered { prompt, creature, answer, timed_out });
        if let Answer::Accept { attack } = answer {
            match open.prompt.question {
                Question::OpportunityAttack { target } => {
                    let planned = self
                        .creature(creature)
                        .and_then(|it| self.scratch.plan_opportunity(it, target, attack).ok());
                    if let Some((attack, plan)) = planned {
                        self.strike(creature, attack, target, plan);
                    }
                }
                Question::Readied { trigger_by, response } => {
                    self.take_readied(creature, response, Some(trigger_by));
                }
            }
        }
        self.end_if_decided();
        if self.scratch.phase == Phase::Running {
            self.resume(open.suspended);
        }
    }

    /// Goes on with what was suspended.
    pub(super) fn resume(&mut self, suspended: Suspended) {
        match suspended {
            Suspended::Move { creature, kind: _, rest, asked } => self.walk(creature, rest, asked),
            Suspended::Attack { creature, attack, target, cost: _, asked: _ } => {
                let planned = self
                    .creature(creature)
                    .and_then(|it| self.scratch.plan_attack(it, attack, target, None).ok());
                if let Some(plan) = planned {
                    self.strike(creature, attack, target, plan);
                }
            }
            Suspended::Watched { by, happened, asked, rest } => {
                if !self.ask_watchers(by, happened, asked, rest.clone()) {
                    self.walk(by, rest, Vec::new());
                }
            }
            Suspended::Chain(parts) => {
                for part in parts.into_iter().rev() {
                    self.resume(part);
                }
            }
            Suspended::Nothing => {}
        }
    }

    /// Takes the readied action.
    pub(super) fn take_readied(
        &mut self,
        who: CreatureId,
        response: ReadiedResponse,
        at: Option<CreatureId>,
    ) {
        let cost = Cost::Reaction;
        match response {
            ReadiedResponse::Attack { attack } => {
                let planned = at.and_then(|target| {
                    let it = self.creature(who)?;
                    let plan = self.scratch.plan_reaction_attack(it, attack, target).ok()?;
                    Some((target, plan))
                });
                if let Some((target, plan)) = planned {
                    self.strike(who, attack, target, plan);
                }
            }
            ReadiedResponse::Dodge => {
                self.emit(Fact::Action { creature: who, cost, deed: Deed::Dodge });
                self.dodge(who);
            }
            ReadiedResponse::Retreat => {
                self.emit(Fact::Action { creature: who, cost, deed: Deed::Retreat });
                let path = at.and_then(|from| self.way_from(who, from)).unwrap_or_default();
                if !path.is_empty() {
                    let (kind, cost) = (MoveKind::Willing, 0);
                    self.emit(Fact::Moved { creature: who, kind, path, cost });
                }
            }
        }
    }

    /// The way to the square within reach that is farthest from somebody.
    fn way_from(&self, who: CreatureId, from: CreatureId) -> Option<Vec<Position>> {
        let it = self.creature(who)?;
        let (own, other) = (space_of(it)?, space_of(self.creature(from)?)?);
        let all = reachable(&self.scratch, it, speed(it, self.scratch.edition), 0)?;
        let (stop, _) = all.stops().max_by_key(|(stop, cost)| {
            (own.at(*stop).feet_to(other), core::cmp::Reverse(*cost), core::cmp::Reverse(*stop))
        })?;
        all.way_to(stop).map(|way| way.path)
    }
}

/// What one step costs; a step through somebody's space cannot be a stop and is priced by its
/// ground alone.
fn step_cost(
    combat: &crate::rules::state::Combat,
    it: &crate::rules::state::Creature,
    to: Position,
    extra: u16,
) -> Option<u16> {
    path_cost_feet(combat, it, &[to], extra)?.ok()
}
