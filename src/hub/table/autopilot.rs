//! What a fight does without being asked: it plays creatures for the program and ends questions
//! that nobody answered in time.
//!
//! It goes through the same checks as a person's request and never decides for a creature that
//! somebody plays.

use std::time::Duration;

use super::commit::Request;
use super::{Table, now_ms};
use crate::hub::calm::STALEMATE_ROUNDS;
use crate::rules::id::UserId;
use crate::rules::illegal::Phase;
use crate::rules::intent::Intent;
use crate::rules::pending::Answer;
use crate::rules::state::Creature;
use crate::rules::tactics;

/// The person behind what the program does by itself.
pub(in crate::hub) const PROGRAM: UserId = UserId(0);

impl Table {
    /// Whether it is for the program to do something.
    pub(super) fn autopilot_due(&self) -> bool {
        let combat = self.combat();
        if self.autopilot_held || self.autopilot_stuck || combat.phase() != Phase::Running {
            return false;
        }
        let acts = match combat.pending().last() {
            Some(open) => Some(open.prompt.creature),
            None => combat.current(),
        };
        acts.and_then(|id| combat.creature(id)).is_some_and(Creature::autopilot)
    }

    /// How long the program waits before it acts: people read what a creature does before the next
    /// acts, but a question to the program keeps somebody in the middle of their own action.
    pub(super) fn autopilot_pause(&self) -> Duration {
        if self.combat().pending().is_empty() {
            self.hub.settings().autopilot_pause
        } else {
            Duration::ZERO
        }
    }

    /// Answers what is asked of creatures that the program plays, until a person is asked or nobody
    /// is. It ends: each creature has one reaction a round.
    pub(super) async fn answer_own_questions(&mut self) {
        while !self.combat().pending().is_empty() && self.autopilot_due() {
            self.autopilot_step().await;
        }
    }

    /// One step of a creature that the program plays; or none any more, where that leads nowhere.
    pub(super) async fn autopilot_step(&mut self) {
        let combat = self.combat();
        let rounds = self.fold.calm.rounds(combat);
        if rounds >= STALEMATE_ROUNDS {
            return self.by_itself("stalemate", Intent::Stalemate { rounds }, true).await;
        }
        let (intent, starts_unit) = match (combat.pending().last(), combat.current()) {
            (Some(open), _) => {
                let answer = tactics::answer(combat, &open.prompt);
                let prompt = open.prompt.id;
                (Intent::Respond { prompt, answer, timed_out: false }, false)
            }
            (None, Some(current)) => (tactics::next_intent(combat, current), true),
            (None, None) => return,
        };
        self.by_itself("autopilot", intent, starts_unit).await;
    }

    /// Something the program does without being asked; if it cannot, it waits for a change.
    async fn by_itself(&mut self, what: &str, intent: Intent, starts_unit: bool) {
        let request_id = format!("{what}-{}", self.fold.seq.saturating_add(1));
        let outcome = match self.resolve(intent) {
            Ok(events) => {
                let principal = Some(PROGRAM);
                let request = Request {
                    request_id: &request_id,
                    principal,
                    hash: None,
                    starts_unit,
                    seeds: None,
                };
                self.commit(request, events).await.map(|_| ())
            }
            Err(refusal) => Err(refusal),
        };
        if let Err(refusal) = outcome {
            tracing::warn!(combat = %self.key.combat, code = refusal.code(), what, "refused");
            self.autopilot_stuck = true;
        }
    }

    /// Time until the next question is declined for want of an answer.
    pub(super) fn next_deadline(&self) -> Option<Duration> {
        if self.combat().phase() != Phase::Running || !self.hub.store().writes_ok() {
            return None;
        }
        let open = self.combat().pending().last()?;
        let (_, at) = self.deadline.filter(|(id, _)| *id == open.prompt.id)?;
        let left = u64::try_from(at.saturating_sub(now_ms())).unwrap_or_default();
        Some(Duration::from_millis(left))
    }

    pub(super) async fn time_out(&mut self) {
        let Some(open) = self.combat().pending().last() else { return };
        let prompt = open.prompt.id;
        let intent = Intent::Respond { prompt, answer: Answer::Decline, timed_out: true };
        self.deadline = None;
        self.by_itself("timeout", intent, false).await;
    }
}
