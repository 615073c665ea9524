//! What a creature does with its turn: the standard actions.

use crate::rules::ability::Skill;
use crate::rules::condition::{Condition, Until};
use crate::rules::creature::{Cost, EffectKind};
use crate::rules::event::{Deed, Fact};
use crate::rules::id::CreatureId;
use crate::rules::intent::Action;
use crate::rules::legal::speed;
use crate::rules::pending::{Happened, Suspended};
use crate::rules::state::Creature;
use crate::rules::unarmed::Hold;

use super::Resolution;

/// The DC of the Medicine check that stabilizes somebody (SRD 5.2.1, Playing the Game).
const STABILIZE_DC: i16 = 10;

impl Resolution<'_> {
    #[expect(clippy::too_many_lines, reason = "one arm an action, so that none can be forgotten")]
    pub(super) fn act(&mut self, who: CreatureId, action: Action) {
        let mut happened = Happened::Acted;
        match action {
            Action::Attack { attack, target, mode } => {
                let planned = self
                    .creature(who)
                    .and_then(|it| self.scratch.plan_attack(it, attack, target, mode).ok());
                if let Some(plan) = planned {
                    self.strike(who, attack, target, plan);
                }
                happened = Happened::Attacked { target };
            }
            Action::KnockOut { attack, target, mode } => {
                self.sparing = true;
                let planned = self
                    .creature(who)
                    .and_then(|it| self.scratch.plan_attack(it, attack, target, mode).ok());
                if let Some(plan) = planned {
                    self.strike(who, attack, target, plan);
                }
                self.sparing = false;
                happened = Happened::Attacked { target };
            }
            Action::Special { special, targets, aim }
                if self.scratch.is_legendary(who, special) =>
            {
                self.act_as_legend(who, special, targets, aim);
                return;
            }
            Action::Special { special, targets, aim } => {
                // It may be interrupted on its way: then the others wait until it is over.
                self.rest.push(Suspended::Watched { by: who, happened, asked: Vec::new() });
                self.use_special(who, special, targets, aim);
                self.go_on_with_the_rest();
                return;
            }
            Action::Move { to, path } => {
                let way =
                    self.creature(who).and_then(|it| self.scratch.plan_move(it, to, &path).ok());
                if let Some(way) = way {
                    self.walk(who, Cost::Free, &way.path, Vec::new());
                }
                return;
            }
            Action::Dash { cost } => {
                let extra_feet = self.creature(who).map_or(0, |it| speed(it, self.scratch.edition));
                self.deed(who, cost, Deed::Dash { extra_feet });
            }
            Action::Disengage { cost } => {
                self.deed(who, cost, Deed::Disengage);
                let until = Until::EndOfTurn { of: who, turns: 0 };
                self.add_effect(who, EffectKind::Disengaged, who, until, 0);
            }
            Action::Hide { cost } => self.hide(who, cost),
            Action::Dodge => {
                self.deed(who, Cost::Action, Deed::Dodge);
                self.dodge(who);
            }
            Action::Help { target } => {
                self.deed(who, Cost::Action, Deed::Help { target });
                let until = Until::StartOfTurn { of: who, turns: 0 };
                self.add_effect(target, EffectKind::Distracted, who, until, 0);
            }
            Action::Ready { trigger, response } => {
                self.deed(who, Cost::Action, Deed::Ready { trigger, response });
            }
            Action::ReleaseReadied { target } => {
                if let Some((_, response)) = self.creature(who).and_then(|it| it.readied) {
                    self.take_readied(who, response, target);
                }
                self.go_on_with_the_rest();
                return;
            }
            Action::StandUp => {
                let feet = self.creature(who).map_or(0, |it| speed(it, self.scratch.edition)) / 2;
                self.deed(who, Cost::Free, Deed::StandUp { feet });
                let condition = Condition::Prone;
                self.emit(Fact::ConditionRemoved { creature: who, condition, source: None });
                return;
            }
            Action::DropProne => {
                self.deed(who, Cost::Free, Deed::DropProne);
                self.add_condition(who, Condition::Prone, None, Until::Removed);
                return;
            }
            Action::Stabilize { target } => self.stabilize(who, target),
            Action::Escape => self.escape(who),
            Action::Grapple { target } => self.hold_as_planned(who, Hold::Grapple, target),
            Action::Shove { target, prone } => {
                self.hold_as_planned(who, Hold::shove(prone), target);
            }
            Action::LetGo { target } => {
                self.let_go(who, target);
                return;
            }
            Action::Inquire { inquiry, skill } => self.inquire(who, inquiry, skill),
            Action::Assist { target, skill } => self.assist(who, target, skill),
            Action::UseObject => {
                if self.use_object(who) == Cost::Free {
                    return;
                }
            }
            Action::StopConcentrating => {
                self.deed(who, Cost::Free, Deed::StopConcentrating);
                self.stop_concentrating(who);
                return;
            }
        }
        self.end_if_decided();
        self.ask_watchers(who, happened, Vec::new());
    }

    fn hold_as_planned(&mut self, who: CreatureId, hold: Hold, target: CreatureId) {
        let planned =
            self.creature(who).and_then(|it| self.scratch.plan_hold(it, hold, target).ok());
        if let Some(cost) = planned {
            self.hold(who, hold, target, cost);
        }
    }

    fn deed(&mut self, who: CreatureId, cost: Cost, deed: Deed) {
        self.emit(Fact::Action { creature: who, cost, deed });
    }

    pub(super) fn dodge(&mut self, who: CreatureId) {
        let until = Until::StartOfTurn { of: who, turns: 0 };
        self.add_effect(who, EffectKind::Dodging, who, until, 0);
    }

    fn stabilize(&mut self, who: CreatureId, target: CreatureId) {
        let roll = self.skill_check(who, Skill::Medicine);
        let success = roll.total >= STABILIZE_DC;
        self.deed(who, Cost::Action, Deed::Stabilize { target, roll, success });
        if success && self.creature(target).is_some_and(Creature::knocked_out) {
            self.come_to(target);
        } else if success {
            self.emit(Fact::Stabilized { creature: target });
        }
    }
}
