//! Holds back who clicks faster than a person can, so that one cannot slow the others.
//!
//! Everybody has a budget of their own that comes back with time. Never here: memory that grows
//! with the number of people, or a budget that somebody else can use up.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Interactions that one person may make at once, completions while typing included.
pub const BURST: u32 = 100;
/// The time in which one more comes back: five a second, which no hand keeps up for long.
pub const REFILL_EVERY: Duration = Duration::from_millis(200);
/// People whose budgets are remembered at the same time. Only those who used theirs lately are,
/// so that this many would have to hammer at once before somebody goes uncounted.
pub const PEOPLE_MAX: usize = 10_000;

/// How much one person may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Allowance {
    /// Interactions at once.
    pub burst: u32,
    /// The time in which one more comes back.
    pub refill_every: Duration,
}

impl Default for Allowance {
    fn default() -> Self {
        Self { burst: BURST, refill_every: REFILL_EVERY }
    }
}

/// The budgets of everybody.
#[derive(Debug, Default)]
pub struct Flood {
    allowance: Allowance,
    /// When the budget of each person will be whole again.
    whole_at: Mutex<BTreeMap<u64, Instant>>,
}

impl Flood {
    pub fn new(allowance: Allowance) -> Self {
        Self { allowance, whole_at: Mutex::default() }
    }

    /// Takes one interaction from the budget of `user`.
    ///
    /// # Errors
    /// How long to wait when the budget is used up; nothing is taken then.
    pub fn pass(&self, user: u64, now: Instant) -> Result<(), Duration> {
        let Allowance { burst, refill_every } = self.allowance;
        let mut people = self.whole_at.lock().unwrap_or_else(PoisonError::into_inner);
        let whole_at = people.get(&user).copied().unwrap_or(now).max(now);
        let spent = whole_at.saturating_duration_since(now);
        let most = refill_every.saturating_mul(burst.saturating_sub(1));
        if spent > most {
            return Err(spent.saturating_sub(most));
        }
        if people.len() >= PEOPLE_MAX && !people.contains_key(&user) {
            people.retain(|_, whole_at| *whole_at > now);
        }
        if people.len() < PEOPLE_MAX || people.contains_key(&user) {
            people.insert(user, whole_at.checked_add(refill_every).unwrap_or(whole_at));
        }
        Ok(())
    }
}

/// What somebody is told who has to wait.
pub fn words(wait: Duration) -> String {
    let seconds = wait.as_secs().saturating_add(u64::from(wait.subsec_nanos() > 0));
    let unit = if seconds == 1 { "second" } else { "seconds" };
    format!("You are faster than I can follow: wait {seconds} {unit}. Nothing was done just now.")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flood(burst: u32) -> (Flood, Instant) {
        let allowance = Allowance { burst, refill_every: Duration::from_secs(1) };
        (Flood::new(allowance), crate::clock::monotonic())
    }

    #[test]
    fn a_budget_is_used_up_and_comes_back() {
        let (flood, now) = flood(3);
        for _ in 0..3 {
            assert_eq!(flood.pass(7, now), Ok(()));
        }
        assert_eq!(flood.pass(7, now), Err(Duration::from_secs(1)));
        assert_eq!(flood.pass(7, now), Err(Duration::from_secs(1)), "waiting costs nothing");
        assert_eq!(flood.pass(8, now), Ok(()), "another's budget is another");
        let later = now + Duration::from_secs(1);
        assert_eq!(flood.pass(7, later), Ok(()));
        assert!(flood.pass(7, later).is_err());
        let much_later = now + Duration::from_mins(1);
        for _ in 0..3 {
            assert_eq!(flood.pass(7, much_later), Ok(()));
        }
        assert!(flood.pass(7, much_later).is_err(), "and it does not grow beyond its size");
    }

    #[test]
    fn people_are_forgotten_when_their_budget_is_whole() {
        let (flood, now) = flood(2);
        for user in 0..u64::try_from(PEOPLE_MAX).unwrap() + 10 {
            assert_eq!(flood.pass(user, now), Ok(()));
        }
        assert_eq!(flood.whole_at.lock().unwrap().len(), PEOPLE_MAX);
        let later = now + Duration::from_secs(5);
        assert_eq!(flood.pass(u64::MAX, later), Ok(()));
        assert_eq!(flood.whole_at.lock().unwrap().len(), 1);
    }

    #[test]
    fn the_wait_is_told_in_whole_seconds() {
        assert!(words(Duration::from_millis(200)).contains("wait 1 second."));
        assert!(words(Duration::from_millis(1_200)).contains("wait 2 seconds."));
    }
}
