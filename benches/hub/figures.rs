//! Durations gathered, and what is said of them.

use std::time::Duration;

/// Durations of one kind.
#[derive(Default)]
pub(crate) struct Durations(Vec<Duration>);

impl Durations {
    pub(crate) fn push(&mut self, took: Duration) {
        self.0.push(took);
    }

    pub(crate) fn extend(&mut self, others: Self) {
        self.0.extend(others.0);
    }

    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// The duration that this share of all does not exceed, in microseconds.
    pub(crate) fn percentile_us(&mut self, share: f64) -> u128 {
        self.0.sort_unstable();
        let last = self.0.len().saturating_sub(1);
        let index = (share * last as f64).round() as usize;
        self.0.get(index).map_or(0, Duration::as_micros)
    }
}

/// So many in so long, by the second.
pub(crate) fn per_second(count: usize, took: Duration) -> u64 {
    (count as f64 / took.as_secs_f64()) as u64
}
