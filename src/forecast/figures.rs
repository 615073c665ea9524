//! What is counted over many fights, and what it says.
//!
//! Only whole numbers are added up while fights are played, so that the order in which threads hand
//! in what they have cannot change a digit.

use super::play::{Outcome, stands};
use super::{Encounter, ROUNDS_MAX};
use crate::rules::id::{CreatureId, SideId};
use crate::rules::state::Life;

/// Half the width of a normal distribution that holds 95 % of it, in standard deviations.
const Z_95: f64 = 1.959_963_984_540_054;
/// The rounds within which one fight in ten, and nine in ten, are over.
const TENTH_PERCENT: u64 = 10;
const NINE_TENTHS_PERCENT: u64 = 90;

/// Between these two the true rate lies, 95 times of 100 (Wilson 1927).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Interval {
    pub low: f64,
    pub high: f64,
}

/// How long the fights took.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rounds {
    pub mean: f64,
    /// One fight in ten was over within so many.
    pub p10: u32,
    /// Nine in ten were.
    pub p90: u32,
}

/// How a fight would go.
#[derive(Debug, Clone, PartialEq)]
pub struct Forecast {
    pub runs: u32,
    pub seed: u64,
    /// For each side: how often it won, between 0 and 1, and how sure that is.
    pub win_rate: Vec<(SideId, f64, Interval)>,
    /// Fights that nobody won.
    pub draws: u32,
    pub rounds: Rounds,
    /// For each side: how many were left of it, on average.
    pub survivors: Vec<(SideId, f64)>,
    /// For each creature: the points of damage it dealt, on average.
    pub damage: Vec<(CreatureId, f64)>,
}

/// Sums over the fights that one thread has played.
#[derive(Debug, Clone)]
pub(super) struct Sums {
    wins: Vec<u64>,
    survivors: Vec<u64>,
    damage: Vec<u64>,
    /// How many fights took so many rounds.
    rounds: Vec<u64>,
}

impl Sums {
    pub(super) fn new(encounter: &Encounter) -> Self {
        let most = usize::try_from(ROUNDS_MAX).unwrap_or_default().saturating_add(2);
        Self {
            wins: vec![0; encounter.sides.len()],
            survivors: vec![0; encounter.sides.len()],
            damage: vec![0; encounter.start.creatures().len()],
            rounds: vec![0; most],
        }
    }

    pub(super) fn add(&mut self, encounter: &Encounter, outcome: &Outcome) {
        for (side, (wins, survivors)) in
            encounter.sides.iter().zip(self.wins.iter_mut().zip(&mut self.survivors))
        {
            let won = outcome.winner == Some(*side);
            *wins = wins.saturating_add(u64::from(won));
            // Who lies there with the others fled or dead is lost; with one's own it is found.
            let left = outcome.end.creatures().iter().filter(|it| {
                it.side() == *side
                    && it.present()
                    && (stands(it) || (won && it.life() != Life::Dead))
            });
            *survivors = survivors.saturating_add(u64::try_from(left.count()).unwrap_or(u64::MAX));
        }
        // Whoever joined later comes after them.
        for (sum, (now, before)) in self
            .damage
            .iter_mut()
            .zip(outcome.end.creatures().iter().zip(encounter.start.creatures()))
        {
            let dealt = now.tally().damage_dealt.saturating_sub(before.tally().damage_dealt);
            *sum = sum.saturating_add(u64::from(dealt));
        }
        let rounds = outcome.end.round().saturating_sub(encounter.start.round().saturating_sub(1));
        let most = self.rounds.len().saturating_sub(1);
        let place = usize::try_from(rounds).unwrap_or(most).min(most);
        if let Some(count) = self.rounds.get_mut(place) {
            *count = count.saturating_add(1);
        }
    }

    pub(super) fn merge(&mut self, other: &Self) {
        let add = |ours: &mut Vec<u64>, theirs: &Vec<u64>| {
            for (sum, more) in ours.iter_mut().zip(theirs) {
                *sum = sum.saturating_add(*more);
            }
        };
        add(&mut self.wins, &other.wins);
        add(&mut self.survivors, &other.survivors);
        add(&mut self.damage, &other.damage);
        add(&mut self.rounds, &other.rounds);
    }

    pub(super) fn forecast(&self, encounter: &Encounter, runs: u32, seed: u64) -> Forecast {
        let all = f64::from(runs);
        let mean = |sum: &u64| float(*sum) / all;
        let won = self.wins.iter().fold(0_u64, |sum, wins| sum.saturating_add(*wins));
        let draws = u64::from(runs).saturating_sub(won);
        let sides = || encounter.sides.iter().copied();
        let rates = sides().zip(&self.wins);
        let ids = encounter.start.creatures().iter().map(crate::rules::state::Creature::id);
        Forecast {
            runs,
            seed,
            win_rate: rates.map(|(side, wins)| (side, mean(wins), wilson(*wins, runs))).collect(),
            draws: u32::try_from(draws).unwrap_or(u32::MAX),
            rounds: self.rounds_of(runs),
            survivors: sides().zip(self.survivors.iter().map(mean)).collect(),
            damage: ids.zip(self.damage.iter().map(mean)).collect(),
        }
    }

    fn rounds_of(&self, runs: u32) -> Rounds {
        let numbered = || (0_u32..).zip(&self.rounds);
        let sum = numbered().fold(0_u64, |sum, (rounds, count)| {
            sum.saturating_add(u64::from(rounds).saturating_mul(*count))
        });
        let within = |percent: u64| {
            let wanted = u64::from(runs).saturating_mul(percent).div_ceil(100);
            let mut so_far = 0_u64;
            let found = numbered().find(|(_, count)| {
                so_far = so_far.saturating_add(**count);
                so_far >= wanted
            });
            found.map_or(0, |(rounds, _)| rounds)
        };
        let (p10, p90) = (within(TENTH_PERCENT), within(NINE_TENTHS_PERCENT));
        Rounds { mean: float(sum) / f64::from(runs), p10, p90 }
    }
}

/// Exact up to 2^53.
fn float(number: u64) -> f64 {
    let high = u32::try_from(number >> 32).unwrap_or(u32::MAX);
    let low = u32::try_from(number & u64::from(u32::MAX)).unwrap_or(u32::MAX);
    f64::from(high).mul_add(f64::from(u32::MAX) + 1.0, f64::from(low))
}

/// Wilson's interval: honest also where a side always or never wins.
fn wilson(wins: u64, runs: u32) -> Interval {
    let (all, rate) = (f64::from(runs), float(wins) / f64::from(runs));
    let square = Z_95 * Z_95;
    let middle = (rate + square / (2.0 * all)) / (1.0 + square / all);
    let spread = (rate * (1.0 - rate) / all + square / (4.0 * all * all)).sqrt();
    let half = Z_95 * spread / (1.0 + square / all);
    Interval { low: (middle - half).max(0.0), high: (middle + half).min(1.0) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_interval_is_that_of_the_tables() {
        // Newcombe 1998, table I: 81 of 263 is 0.2553 to 0.3662, 0 of 20 is 0 to 0.1611.
        let told = wilson(81, 263);
        assert!((told.low - 0.2553).abs() < 5e-5 && (told.high - 0.3662).abs() < 5e-5, "{told:?}");
        let never = wilson(0, 20);
        assert!(never.low.abs() < 1e-12 && (never.high - 0.1611).abs() < 5e-5, "{never:?}");
    }

    #[test]
    fn large_sums_stay_exact() {
        assert_eq!(float(0).to_bits(), 0.0_f64.to_bits());
        assert_eq!(float((1 << 53) - 1).to_bits(), 9_007_199_254_740_991.0_f64.to_bits());
    }
}
