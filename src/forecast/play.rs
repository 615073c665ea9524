//! One fight, from where it stands to its end.
//!
//! Whoever is not told what to do does what a sensible creature would. A fight that leads nowhere is
//! a draw; none goes on for ever.

use super::chance::Chance;
use super::policy::{self, Policy};
use super::{CALM_ROUNDS_MAX, ROUNDS_MAX};
use crate::rules::event::{EndReason, Fact, HitPointCause};
use crate::rules::id::{CreatureId, SideId};
use crate::rules::illegal::Phase;
use crate::rules::intent::Intent;
use crate::rules::pending::Answer;
use crate::rules::state::{Combat, Creature, Life};
use crate::rules::tactics;

/// How a fight went.
pub(super) struct Outcome {
    /// The side that won; a draw if none did.
    pub(super) winner: Option<SideId>,
    pub(super) end: Combat,
}

/// Whether somebody is there and on its feet.
pub(super) fn stands(creature: &Creature) -> bool {
    creature.present() && creature.life() == Life::Up
}

pub(super) fn play(
    start: &Combat,
    policies: &[(CreatureId, Policy)],
    chance: &mut Chance,
) -> Outcome {
    let mut fight = Fight { combat: start.clone(), harmed_in: start.round() };
    match start.phase() {
        Phase::Gathering => {
            let (public_commitment, hidden_commitment) = ([0; 32], [0; 32]);
            fight.carry_out(Intent::Begin { public_commitment, hidden_commitment }, chance);
        }
        Phase::Paused => {
            fight.carry_out(Intent::Resume, chance);
        }
        Phase::Unopened | Phase::Running | Phase::Ended => {}
    }
    while fight.goes_on() {
        let wish = next(&fight.combat, policies);
        let done = wish.is_some_and(|wish| fight.carry_out(wish, chance));
        // A wish that is refused would be a fault of ours; the turn passes, and the fight goes on.
        if !done && !fallback(&fight.combat).is_some_and(|wish| fight.carry_out(wish, chance)) {
            break;
        }
    }
    let winner = fight.combat.ended().and_then(|(reason, _)| match reason {
        EndReason::Victory { side } => Some(*side),
        EndReason::NobodyLeft | EndReason::Called => None,
    });
    Outcome { winner, end: fight.combat }
}

struct Fight {
    combat: Combat,
    /// The last round in which somebody came to harm.
    harmed_in: u32,
}

impl Fight {
    fn goes_on(&self) -> bool {
        let round = self.combat.round();
        self.combat.phase() == Phase::Running
            && round <= ROUNDS_MAX
            && round.saturating_sub(self.harmed_in) <= CALM_ROUNDS_MAX
    }

    /// The way of every wish; false if it is not allowed.
    fn carry_out(&mut self, intent: Intent, chance: &mut Chance) -> bool {
        let Ok(legal) = self.combat.check(intent) else { return false };
        let events = legal.resolve(chance);
        for event in &events {
            self.combat.apply(event);
            if let Fact::HitPointsChanged {
                cause: HitPointCause::Damage { .. }, amount: 1.., ..
            } = event.fact
            {
                self.harmed_in = self.combat.round();
            }
        }
        !events.is_empty()
    }
}

/// What happens next: an answer to the open question, or the next step of whoever's turn it is.
fn next(combat: &Combat, policies: &[(CreatureId, Policy)]) -> Option<Intent> {
    let policy_of =
        |id: CreatureId| policies.iter().find(|(whose, _)| *whose == id).map(|(_, policy)| policy);
    if let Some(open) = combat.pending().last() {
        let answer = match policy_of(open.prompt.creature) {
            Some(_) => Answer::Decline,
            None => tactics::answer(combat, &open.prompt),
        };
        return Some(Intent::Respond { prompt: open.prompt.id, answer, timed_out: false });
    }
    let current = combat.current()?;
    Some(match policy_of(current) {
        Some(policy) => policy::next(combat, current, policy),
        None => tactics::next_intent(combat, current),
    })
}

/// What is always allowed.
fn fallback(combat: &Combat) -> Option<Intent> {
    if let Some(open) = combat.pending().last() {
        let prompt = open.prompt.id;
        return Some(Intent::Respond { prompt, answer: Answer::Decline, timed_out: true });
    }
    combat.current().map(|creature| Intent::EndTurn { creature })
}
