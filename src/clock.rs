//! The only place where the program learns what time it is, and where fresh ids and dice seeds come from.
//!
//! Nothing else may read a clock or ask the operating system for randomness: everything that
//! depends on time or chance receives it as an argument, so that a fight can be replayed.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// A point in time: milliseconds since 1970-01-01T00:00:00Z.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct UtcMillis(pub u64);

impl UtcMillis {
    /// This point in time, `by` later (saturating).
    #[must_use]
    pub fn plus(self, by: Duration) -> Self {
        Self(self.0.saturating_add(u64::try_from(by.as_millis()).unwrap_or(u64::MAX)))
    }
}

/// Now, in UTC.
#[allow(clippy::disallowed_methods, reason = "this is the one place that reads the clock")]
pub fn now() -> UtcMillis {
    let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    UtcMillis(u64::try_from(since_epoch.as_millis()).unwrap_or(u64::MAX))
}

/// A monotonic stopwatch, for latencies and deadlines within this process.
#[derive(Debug, Clone, Copy)]
pub struct Stopwatch(Instant);

impl Stopwatch {
    /// Starts now.
    #[allow(clippy::disallowed_methods, reason = "this is the one place that reads the clock")]
    pub fn start() -> Self {
        Self(Instant::now())
    }

    /// Time since the start.
    pub fn elapsed(&self) -> Duration {
        self.0.elapsed()
    }
}

/// Fresh random bytes from the operating system: seeds, tokens, ids.
///
/// # Errors
/// When the operating system has no randomness to give.
pub fn random_bytes<const N: usize>() -> Result<[u8; N], getrandom::Error> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes)?;
    Ok(bytes)
}

/// A fresh identifier that sorts by time of creation (UUID version 7).
pub fn fresh_uuid() -> uuid::Uuid {
    uuid::Uuid::now_v7()
}

/// This moment on the monotonic clock, for those who must name one to a library or a timer.
#[allow(clippy::disallowed_methods, reason = "this is the one place that reads the clock")]
pub fn monotonic() -> Instant {
    Instant::now()
}
