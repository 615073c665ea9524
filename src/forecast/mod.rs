//! How a fight would go: it is played many times, and somebody counts.
//!
//! Every one of those fights goes the way of a real one: checked, resolved and folded by the same
//! rules. There is no second engine here, no clock and no chance but what a seed gives: the same seed
//! gives the same answer, however many threads share the work.

mod chance;
mod figures;
mod play;
mod policy;

use std::sync::atomic::{AtomicU32, Ordering};

use crate::rules::id::{CreatureId, SideId};
use crate::rules::state::Combat;

pub use figures::{Forecast, Interval, Rounds};
pub use policy::{POLICY_TIMES_MAX, Policy, only_attack};

use chance::Chance;
use figures::Sums;

/// Most fights of one forecast.
pub const RUNS_MAX: u32 = 10_000_000;
/// A fight that goes on for more rounds than this is a draw.
pub const ROUNDS_MAX: u32 = 1_000;
/// So is one in which nobody has come to harm for so many rounds.
pub const CALM_ROUNDS_MAX: u32 = 200;
/// Fights that a thread takes at once.
const RUNS_AT_ONCE: u32 = 8;

/// A fight to be played on from where it stands, and who in it does the same thing every turn.
#[derive(Debug, Clone)]
pub struct Encounter {
    start: Combat,
    policies: Vec<(CreatureId, Policy)>,
    sides: Vec<SideId>,
}

/// Why there is nothing to forecast.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoForecast {
    #[error("the fight is over")]
    Over,
    #[error("it takes two sides with somebody standing on each")]
    OneSided,
}

impl Encounter {
    /// A fight that is gathering or goes on.
    ///
    /// # Errors
    /// [`NoForecast`].
    pub fn new(start: Combat, policies: Vec<(CreatureId, Policy)>) -> Result<Self, NoForecast> {
        if start.ended().is_some() {
            return Err(NoForecast::Over);
        }
        let mut sides: Vec<SideId> = Vec::new();
        for creature in start.creatures().iter().filter(|it| play::stands(it)) {
            if !sides.contains(&creature.side()) {
                sides.push(creature.side());
            }
        }
        if sides.len() < 2 {
            return Err(NoForecast::OneSided);
        }
        Ok(Self { start, policies, sides })
    }

    /// The sides, as they first appear among the creatures.
    pub fn sides(&self) -> &[SideId] {
        &self.sides
    }
}

/// How often, from which seed, and on how many threads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wanted {
    /// 1 to [`RUNS_MAX`]; what lies beyond is cut off.
    pub runs: u32,
    pub seed: u64,
    pub threads: usize,
}

/// Plays it as often as wanted; `done` counts the fights that are over, for whoever watches.
pub fn forecast(encounter: &Encounter, wanted: Wanted, done: &AtomicU32) -> Forecast {
    let Wanted { runs, seed, threads } = wanted;
    let runs = runs.clamp(1, RUNS_MAX);
    let next = AtomicU32::new(0);
    let work = || {
        let mut sums = Sums::new(encounter);
        loop {
            let first = next.fetch_add(RUNS_AT_ONCE, Ordering::Relaxed);
            if first >= runs {
                return sums;
            }
            let last = first.saturating_add(RUNS_AT_ONCE).min(runs);
            for run in first..last {
                let mut chance = Chance::of_run(seed, run);
                let outcome = play::play(&encounter.start, &encounter.policies, &mut chance);
                sums.add(encounter, &outcome);
            }
            done.fetch_add(last.saturating_sub(first), Ordering::Relaxed);
        }
    };
    let sums = std::thread::scope(|scope| {
        let workers: Vec<_> = (1..threads.max(1)).map(|_| scope.spawn(work)).collect();
        let mut sums = work();
        for worker in workers {
            match worker.join() {
                Ok(more) => sums.merge(&more),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        sums
    });
    sums.forecast(encounter, runs, seed)
}
