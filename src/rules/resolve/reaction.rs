//! Questions to those who may react, their answers, and what goes on afterwards (SRD 5.2.1, Rules
//! Glossary > Reaction, Ready, Opportunity Attacks).
//!
//! A reaction may itself be what a readied action waits for, or provoke one on its way: what was
//! interrupted then waits below what interrupted it. It comes to an end because each reaction is
//! taken once a round and nobody is asked twice about the same thing.

use crate::rules::creature::Cost;
use crate::rules::event::{Deed, Fact, ReadiedResponse, Trigger};
use crate::rules::geometry::{distance_feet, space_of};
use crate::rules::id::{CreatureId, PromptId};
use crate::rules::illegal::Phase;
use crate::rules::intent::Action;
use crate::rules::pending::{
    Answer, Happened, PENDING_MAX, Prompt, Question, SUSPENDED_MAX, Suspended,
};
use crate::rules::unarmed::Hold;

use super::Resolution;

/// Most that one question adds to what waits: what is asked about, and the walk it interrupts.
const SUSPENDED_AT_ONCE: usize = 2;

impl Resolution<'_> {
    /// Whether one more question may be put: beyond the limits nobody is asked.
    pub(super) fn can_ask(&self) -> bool {
        self.scratch.phase == Phase::Running
            && self.scratch.pending.len() < PENDING_MAX
            && self.rest.len().saturating_add(SUSPENDED_AT_ONCE) <= SUSPENDED_MAX
    }

    /// Puts a question to a creature's controller; what was going on waits for the answer, and so
    /// does whatever that had interrupted.
    pub(super) fn ask(&mut self, creature: CreatureId, question: Question, what: Suspended) {
        let id = PromptId(self.scratch.next_prompt);
        let prompt = Prompt { id, creature, question };
        let mut suspended = core::mem::take(&mut self.rest);
        suspended.push(what);
        self.emit(Fact::PromptOpened { prompt, suspended });
    }

    /// The first readied creature in the order of turns whose trigger this is.
    pub(super) fn watcher(
        &self,
        by: CreatureId,
        happened: Happened,
        asked: &[CreatureId],
    ) -> Option<CreatureId> {
        let readied = self.scratch.creatures.iter().any(|it| it.readied.is_some());
        if !readied || !self.can_ask() {
            return None;
        }
        let waits = |id: &CreatureId| !asked.contains(id) && self.is_triggered(*id, by, happened);
        self.scratch.order.iter().copied().find(waits)
    }

    /// Asks a readied creature whose trigger came.
    pub(super) fn ask_watcher(
        &mut self,
        watcher: CreatureId,
        by: CreatureId,
        happened: Happened,
        mut asked: Vec<CreatureId>,
    ) {
        let readied = self.creature(watcher).and_then(|it| it.readied);
        let Some((_, response)) = readied else { return };
        asked.push(watcher);
        let question = Question::Readied { trigger_by: by, response };
        self.ask(watcher, question, Suspended::Watched { by, happened, asked });
    }

    /// Asks the first who waits for this, if anybody does.
    pub(super) fn ask_watchers(
        &mut self,
        by: CreatureId,
        happened: Happened,
        asked: Vec<CreatureId>,
    ) {
        if let Some(watcher) = self.watcher(by, happened, &asked) {
            self.ask_watcher(watcher, by, happened, asked);
        }
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
                let was = space_of(other)
                    .zip(space_of(it))
                    .is_none_or(|(space, own)| space.at(from).feet_to(own) <= feet);
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
        // What a legendary action is aimed at by itself, as long as the question still allows it.
        let legendary = match (answer, open.prompt.question) {
            (Answer::Accept { attack }, Question::Legendary) => {
                crate::rules::tactics::legendary_wish(&self.scratch, creature, attack)
            }
            (Answer::Accept { .. } | Answer::Decline, _) => None,
        };
        self.emit(Fact::PromptAnswered { prompt, creature, answer, timed_out });
        self.rest = open.suspended;
        if let Answer::Accept { attack } = answer {
            match open.prompt.question {
                Question::OpportunityAttack { target } if attack.and_then(Hold::of).is_some() => {
                    self.reaction_hold(creature, attack.and_then(Hold::of), target);
                }
                Question::OpportunityAttack { target } => {
                    let planned = self
                        .creature(creature)
                        .and_then(|it| self.scratch.plan_opportunity(it, target, attack).ok());
                    if let Some((attack, plan)) = planned {
                        self.reacts(creature, Happened::Attacked { target });
                        self.strike(creature, attack, target, plan);
                    }
                }
                Question::Legendary => {
                    if let Some(Action::Special { special, targets, aim }) = legendary {
                        self.reacts(creature, Happened::Acted);
                        self.use_special(creature, special, targets, aim);
                    }
                }
                Question::Readied { trigger_by, response } => {
                    self.take_readied(creature, response, Some(trigger_by));
                }
            }
        }
        self.go_on_with_the_rest();
    }

    /// A grapple or shove in place of an attack as a reaction.
    fn reaction_hold(&mut self, who: CreatureId, hold: Option<Hold>, target: CreatureId) {
        let planned = hold.filter(|hold| {
            let it = self.creature(who);
            it.is_some_and(|it| self.scratch.plan_reaction_hold(it, *hold, target).is_ok())
        });
        if let Some(hold) = planned {
            self.reacts(who, Happened::Acted);
            self.hold(who, hold, target, Cost::Reaction);
        }
    }

    /// A reaction is something others may wait for, once it is over.
    fn reacts(&mut self, by: CreatureId, happened: Happened) {
        self.rest.push(Suspended::Watched { by, happened, asked: Vec::new() });
    }

    /// Goes on with what was suspended, the last first, until it is all done or somebody is asked.
    pub(super) fn go_on_with_the_rest(&mut self) {
        self.end_if_decided();
        while self.scratch.phase == Phase::Running {
            match self.rest.pop() {
                Some(Suspended::Move { creature, cost, from, rest, asked }) => {
                    // Whoever was pushed or put elsewhere meanwhile stays there.
                    if self.creature(creature).and_then(|it| it.position) == Some(from) {
                        self.walk(creature, cost, &rest, asked);
                    }
                }
                Some(Suspended::Watched { by, happened, asked }) => {
                    self.ask_watchers(by, happened, asked);
                }
                Some(Suspended::Strike { creature, special, target }) => {
                    self.strike_at_last(creature, special, target);
                }
                Some(Suspended::NextTurn { after, asked }) => self.between_turns(after, asked),
                None => return,
            }
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
            ReadiedResponse::Attack { attack } if Hold::of(attack).is_some() => {
                if let Some(target) = at {
                    self.reaction_hold(who, Hold::of(attack), target);
                }
            }
            ReadiedResponse::Attack { attack } => {
                let planned = at.and_then(|target| {
                    let it = self.creature(who)?;
                    let plan = self.scratch.plan_reaction_attack(it, attack, target).ok()?;
                    Some((target, plan))
                });
                if let Some((target, plan)) = planned {
                    self.reacts(who, Happened::Attacked { target });
                    self.strike(who, attack, target, plan);
                }
            }
            ReadiedResponse::Dodge => {
                self.reacts(who, Happened::Acted);
                self.emit(Fact::Action { creature: who, cost, deed: Deed::Dodge });
                self.dodge(who);
            }
            ReadiedResponse::Retreat => {
                self.reacts(who, Happened::Acted);
                self.emit(Fact::Action { creature: who, cost, deed: Deed::Retreat });
                let path = at.and_then(|from| self.way_from(who, from)).unwrap_or_default();
                self.walk(who, cost, &path, Vec::new());
            }
        }
    }
}
