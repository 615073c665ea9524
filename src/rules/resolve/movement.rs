//! Moving square by square, asking whoever may strike at a step or waits for one (SRD 5.2.1,
//! Playing the Game > Movement and Position, Opportunity Attacks).
//!
//! A walk never leaves the ground that is there when a step is taken: what was planned before
//! somebody was asked may have been overtaken by the answer.

use crate::rules::creature::{Cost, EffectKind, Trait};
use crate::rules::event::{Fact, MoveKind};
use crate::rules::geometry::{Way, provoked_by, reachable, space_of, step_to};
use crate::rules::grid::Position;
use crate::rules::id::CreatureId;
use crate::rules::legal::{extra_feet, held_by, movement_left, speed};
use crate::rules::pending::{Happened, Question, Suspended};
use crate::rules::state::Life;

use super::Resolution;

impl Resolution<'_> {
    /// Walks along the squares until it arrives, somebody must be asked, or it cannot go on.
    /// `asked` were already asked about the first step; `cost` as in [`Suspended::Move`].
    pub(super) fn walk(
        &mut self,
        who: CreatureId,
        cost: Cost,
        rest: &[Position],
        mut asked: Vec<CreatureId>,
    ) {
        let mut ahead = rest;
        while let Some((to, after)) = ahead.split_first() {
            let Some((from, feet)) = self.next_step(who, cost, *to, after) else { return };
            if let Some(striker) = self.striker(who, from, *to, &asked) {
                asked.push(striker);
                let rest = ahead.to_vec();
                let suspended = Suspended::Move { creature: who, cost, from, rest, asked };
                self.ask(striker, Question::OpportunityAttack { target: who }, suspended);
                return;
            }
            self.step(who, *to, feet);
            self.drag(who);
            asked.clear();
            let happened = Happened::Stepped { from };
            if let Some(watcher) = self.watcher(who, happened, &[]) {
                if !after.is_empty() {
                    let (from, rest, asked) = (*to, after.to_vec(), Vec::new());
                    self.rest.push(Suspended::Move { creature: who, cost, from, rest, asked });
                }
                self.ask_watcher(watcher, who, happened, Vec::new());
                return;
            }
            ahead = after;
        }
    }

    /// Whence the next step is taken and the feet of movement it spends; nothing if it cannot be
    /// taken any more. It need not be so since the walk was planned: the mover may have been struck
    /// down, seized, tripped or pushed away, or somebody may have stepped in its way.
    fn next_step(
        &self,
        who: CreatureId,
        cost: Cost,
        to: Position,
        after: &[Position],
    ) -> Option<(Position, u16)> {
        let it = self.creature(who).filter(|it| it.present() && it.life == Life::Up)?;
        let from = it.position.filter(|from| from.squares_to(to) == 1)?;
        let edition = self.scratch.edition;
        let step = step_to(&self.scratch, it, to, extra_feet(&self.scratch, it))?;
        if speed(it, edition) == 0 || (after.is_empty() && !step.is_free) {
            return None;
        }
        match cost {
            Cost::Reaction | Cost::Legendary => Some((from, 0)),
            Cost::Action | Cost::BonusAction | Cost::Free => {
                (step.feet <= movement_left(it, edition)).then_some((from, step.feet))
            }
        }
    }

    fn step(&mut self, who: CreatureId, to: Position, feet: u16) {
        // Steps of one walk without interruption are one fact.
        if let Some(last) = self.events.last_mut()
            && let Fact::Moved { creature, kind: MoveKind::Willing, path, cost: so_far } =
                &mut last.fact
            && *creature == who
        {
            path.push(to);
            *so_far = so_far.saturating_add(feet);
            let own_turn = self.scratch.current == Some(who);
            if let Some(it) = self.scratch.creature_mut(who) {
                it.position = Some(to);
                if own_turn {
                    it.economy.moved_feet = it.economy.moved_feet.saturating_add(feet);
                    it.economy.path.push(to);
                }
            }
            return;
        }
        let (kind, path) = (MoveKind::Willing, vec![to]);
        self.emit(Fact::Moved { creature: who, kind, path, cost: feet });
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
        let safe = it.affected(EffectKind::Disengaged)
            || it.definition.has(&Trait::Flyby)
            || it.definition.has(&Trait::Agile);
        if safe || !self.can_ask() {
            return None;
        }
        let mut provoked = provoked_by(&self.scratch, it, from, to);
        // Whom it drags along stays beside it (docs/rulings.md).
        provoked.retain(|id| held_by(&self.scratch, mover).all(|(held, _)| held.id != *id));
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

    /// The way to the square within reach that is farthest from somebody, and never nearer to what
    /// the creature fears.
    pub(super) fn way_from(&self, who: CreatureId, from: CreatureId) -> Option<Vec<Position>> {
        let it = self.creature(who)?;
        let (own, other) = (space_of(it)?, space_of(self.creature(from)?)?);
        let feet = speed(it, self.scratch.edition);
        let all = reachable(&self.scratch, it, feet, extra_feet(&self.scratch, it))?;
        let bold = |way: &Way| !self.scratch.nears_what_it_fears(it, way);
        let mut stops: Vec<(Position, u16)> = all.stops().collect();
        stops.sort_by_key(|(stop, cost)| {
            (core::cmp::Reverse(own.at(*stop).feet_to(other)), *cost, *stop)
        });
        let ways = stops.into_iter().filter_map(|(stop, _)| all.way_to(stop));
        ways.filter(bold).map(|way| way.path).next()
    }
}
