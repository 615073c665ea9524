//! A list that only grows at its end and whose copies cost nothing: they share what they have in
//! common.
//!
//! Readers of one fight stand at hundreds of numbers at once; each keeps its way back, and none may
//! pay for the length of the fight.

use std::fmt;
use std::sync::Arc;

/// What happened, newest at hand.
pub struct Trail<T> {
    newest: Option<Arc<Step<T>>>,
}

struct Step<T> {
    item: T,
    before: Option<Arc<Step<T>>>,
}

impl<T> Trail<T> {
    /// Puts one at the end.
    pub fn push(&mut self, item: T) {
        let before = self.newest.take();
        self.newest = Some(Arc::new(Step { item, before }));
    }

    /// All of them, the last one first.
    pub fn newest_first(&self) -> impl Iterator<Item = &T> {
        let steps = std::iter::successors(self.newest.as_deref(), |step| step.before.as_deref());
        steps.map(|step| &step.item)
    }
}

impl<T> Clone for Trail<T> {
    fn clone(&self) -> Self {
        Self { newest: self.newest.clone() }
    }
}

impl<T> Default for Trail<T> {
    fn default() -> Self {
        Self { newest: None }
    }
}

impl<T: PartialEq> PartialEq for Trail<T> {
    fn eq(&self, other: &Self) -> bool {
        self.newest_first().eq(other.newest_first())
    }
}

impl<T: Eq> Eq for Trail<T> {}

impl<T: fmt::Debug> fmt::Debug for Trail<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.newest_first()).finish()
    }
}

impl<T> Drop for Trail<T> {
    /// One step after the other: left to itself, each step would drop the one before it from within
    /// its own drop, and a long fight would overflow the stack.
    fn drop(&mut self) {
        let mut next = self.newest.take();
        while let Some(step) = next {
            next = Arc::into_inner(step).and_then(|mut step| step.before.take());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn copies_share_their_past_and_go_their_own_ways() {
        let mut one = Trail::default();
        one.push(1);
        let mut other = one.clone();
        one.push(2);
        other.push(3);
        assert_eq!(one.newest_first().copied().collect::<Vec<_>>(), [2, 1]);
        assert_eq!(other.newest_first().copied().collect::<Vec<_>>(), [3, 1]);
        assert_ne!(one, other);
        drop(one);
        assert_eq!(format!("{other:?}"), "[3, 1]");
    }

    #[test]
    fn a_very_long_trail_goes_away_quietly() {
        let mut trail = Trail::default();
        for step in 0..1_000_000 {
            trail.push(step);
        }
        let copy = trail.clone();
        assert!(trail == copy);
        drop(trail);
        assert_eq!(copy.newest_first().count(), 1_000_000);
    }
}
