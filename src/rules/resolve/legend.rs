//! Legendary actions between turns, and specials that take their user somewhere before it strikes
//! (SRD 5.2.1, Monsters > Legendary Actions).
//!
//! The next turn does not begin before everybody who has such actions was asked, in the order of
//! turns. Whatever interrupts a walk is dealt with before the blow at its end.

use crate::rules::creature::{Cost, Special, SpecialEffect};
use crate::rules::event::{Deed, Fact, MoveKind};
use crate::rules::grid::Position;
use crate::rules::id::{CreatureId, Slug};
use crate::rules::illegal::Phase;
use crate::rules::legal::{Course, has_legendary_left};
use crate::rules::pending::{Answer, Happened, Question, Suspended};

use super::Resolution;

impl Resolution<'_> {
    /// A turn is over: whoever has legendary actions is asked, then the next turn begins.
    pub(super) fn between_turns(&mut self, after: CreatureId, asked: Vec<CreatureId>) {
        if !self.ask_a_legend(after, asked) {
            self.go_on(Some(after));
        }
    }

    /// Asks the first in the order of turns who may take a legendary action now, if anybody may.
    pub(super) fn ask_a_legend(&mut self, after: CreatureId, mut asked: Vec<CreatureId>) -> bool {
        self.end_if_decided();
        if self.scratch.phase != Phase::Running || !self.can_ask() {
            return false;
        }
        let may = |id: &CreatureId| {
            *id != after
                && !asked.contains(id)
                && self.creature(*id).is_some_and(has_legendary_left)
        };
        let Some(legend) = self.scratch.order.iter().copied().find(may) else { return false };
        asked.push(legend);
        self.ask(legend, Question::Legendary, Suspended::NextTurn { after, asked });
        true
    }

    /// A legendary action answers the question that was open for it.
    pub(super) fn act_as_legend(
        &mut self,
        who: CreatureId,
        special: Slug,
        targets: Vec<CreatureId>,
        aim: Option<Position>,
    ) {
        let Some(open) = self.scratch.pending.last().cloned() else { return };
        let (prompt, attack) = (open.prompt.id, Some(special));
        let answer = Answer::Accept { attack };
        self.rest = open.suspended;
        self.rest.push(Suspended::Watched {
            by: who,
            happened: Happened::Acted,
            asked: Vec::new(),
        });
        self.emit(Fact::PromptAnswered { prompt, creature: who, answer, timed_out: false });
        self.use_special(who, special, targets, aim);
        self.go_on_with_the_rest();
    }

    /// Goes where a special takes its user; the blow at the end waits until it has arrived.
    pub(super) fn go_and_strike(
        &mut self,
        who: CreatureId,
        special: &Special,
        cost: Cost,
        targets: Vec<CreatureId>,
        aim: Option<Position>,
    ) {
        let Some(it) = self.creature(who) else { return };
        let Ok(course) = self.scratch.plan_going(it, special, &targets, aim) else { return };
        let target = targets.first().copied();
        let deed = Deed::Special {
            special: special.id,
            name: special.name.clone(),
            targets,
            aim,
            rolled: Vec::new(),
        };
        self.emit(Fact::Action { creature: who, cost, deed });
        self.spend_use(who, special.id, special.uses);
        if let Some(target) = target {
            let special = special.id;
            self.rest.push(Suspended::Strike { creature: who, special, target });
        }
        match course {
            Course::Stay => {}
            Course::Appear { at } => {
                let (kind, path) = (MoveKind::Teleported, vec![at]);
                self.emit(Fact::Moved { creature: who, kind, path, cost: 0 });
                self.loosen(who);
            }
            Course::Walk { path, unprovoking: true } => {
                let kind = MoveKind::Willing;
                self.emit(Fact::Moved { creature: who, kind, path, cost: 0 });
                self.drag(who);
            }
            Course::Walk { path, unprovoking: false } => {
                self.walk(who, Cost::Legendary, &path, Vec::new());
            }
        }
    }

    /// The blow at the end of such a special, if it can still be struck from there.
    pub(super) fn strike_at_last(&mut self, who: CreatureId, special: Slug, target: CreatureId) {
        let then =
            self.creature(who).and_then(|it| match &it.definition.special(special)?.effect {
                SpecialEffect::Go { going: _, then } => Some(then.clone()),
                SpecialEffect::Save { .. }
                | SpecialEffect::Heal { .. }
                | SpecialEffect::TemporaryHitPoints { .. }
                | SpecialEffect::Effect { .. }
                | SpecialEffect::AutoDamage { .. }
                | SpecialEffect::Maneuvers { .. }
                | SpecialEffect::ExtraAction => None,
            });
        let planned = then.unwrap_or_default().into_iter().find_map(|attack| {
            let it = self.creature(who)?;
            Some((attack, self.scratch.plan_strike_at_last(it, attack, target).ok()?))
        });
        if let Some((attack, plan)) = planned {
            self.strike(who, attack, target, plan);
        }
    }
}
