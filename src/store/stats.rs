//! Counters that tell the operator how the disk is doing.
//!
//! They are counted without locks and never decide anything.

use std::sync::atomic::{AtomicU64, Ordering};

/// What the store has done since it was opened.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct StoreStats {
    /// Commits made durable.
    pub commits: u64,
    /// Commits refused for what they contained (conflicts, repeated requests, limits).
    pub refused: u64,
    /// Groups made durable: each is one sync of the disk.
    pub groups: u64,
    /// Commits in the last group.
    pub last_group_commits: u64,
    /// Commits in the largest group.
    pub largest_group_commits: u64,
    /// Bytes of values made durable.
    pub bytes: u64,
    /// How long the last group took to become durable, in microseconds; 0 until a stopwatch is
    /// set with `Store::measure_with`.
    pub last_commit_micros: u64,
    /// Commits read back from the logs of fights.
    pub commits_read: u64,
    /// How often the disk refused a write or a read.
    pub failures: u64,
    /// How often writing resumed after a failure.
    pub heals: u64,
}

#[derive(Debug, Default)]
pub(super) struct Counters {
    pub(super) commits: AtomicU64,
    pub(super) refused: AtomicU64,
    pub(super) groups: AtomicU64,
    pub(super) last_group_commits: AtomicU64,
    pub(super) largest_group_commits: AtomicU64,
    pub(super) bytes: AtomicU64,
    pub(super) last_commit_micros: AtomicU64,
    pub(super) commits_read: AtomicU64,
    pub(super) failures: AtomicU64,
    pub(super) heals: AtomicU64,
}

impl Counters {
    pub(super) fn add(counter: &AtomicU64, by: usize) {
        counter.fetch_add(u64::try_from(by).unwrap_or(u64::MAX), Ordering::Relaxed);
    }

    pub(super) fn read(&self) -> StoreStats {
        let of = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        StoreStats {
            commits: of(&self.commits),
            refused: of(&self.refused),
            groups: of(&self.groups),
            last_group_commits: of(&self.last_group_commits),
            largest_group_commits: of(&self.largest_group_commits),
            bytes: of(&self.bytes),
            last_commit_micros: of(&self.last_commit_micros),
            commits_read: of(&self.commits_read),
            failures: of(&self.failures),
            heals: of(&self.heals),
        }
    }
}
