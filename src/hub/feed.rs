//! What wakes the readers of a fight, and the last commits kept at hand for them.
//!
//! A wake-up carries a number, never an event. The ring is a cache of what is already durable: a
//! reader that finds its place no longer in it goes to the log. Nothing may be published here
//! before it is on disk.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::watch;

use super::fold::Marks;
use super::landed::Landed;

/// Commits kept at hand for each fight that is in memory.
const RING_COMMITS: usize = 256;

/// The tail of one fight and its latest commits.
#[derive(Debug)]
pub(super) struct Feed {
    tail: watch::Sender<u64>,
    ring: Mutex<VecDeque<Arc<Landed>>>,
    marks: Marks,
}

impl Feed {
    /// A feed whose last durable number is `tail`.
    pub(super) fn new(tail: u64) -> Self {
        Self {
            tail: watch::Sender::new(tail),
            ring: Mutex::new(VecDeque::new()),
            marks: Marks::default(),
        }
    }

    /// The fight at some of its numbers, to fold on from.
    pub(super) fn marks(&self) -> &Marks {
        &self.marks
    }

    /// Announces a commit that is durable.
    pub(super) fn publish(&self, landed: Arc<Landed>) {
        let tail = landed.last_seq;
        {
            let mut ring = self.ring.lock().unwrap_or_else(PoisonError::into_inner);
            // After an eviction another table continues the feed: a gap would break `after`.
            if ring.back().is_some_and(|last| last.last_seq.saturating_add(1) != landed.first_seq) {
                ring.clear();
            }
            if ring.len() >= RING_COMMITS {
                ring.pop_front();
            }
            ring.push_back(landed);
        }
        self.tail.send_replace(tail);
    }

    /// The last durable number.
    pub(super) fn tail(&self) -> u64 {
        *self.tail.borrow()
    }

    /// Something to wait on for the tail to move.
    pub(super) fn watch(&self) -> watch::Receiver<u64> {
        self.tail.subscribe()
    }

    /// Up to `limit` commits that follow `seq` without a gap, or nothing if the ring does not
    /// reach back so far.
    pub(super) fn after(&self, seq: u64, limit: usize) -> Option<Vec<Arc<Landed>>> {
        let ring = self.ring.lock().unwrap_or_else(PoisonError::into_inner);
        let start = ring.partition_point(|landed| landed.last_seq <= seq);
        let first = ring.get(start)?;
        if first.first_seq > seq.saturating_add(1) {
            return None;
        }
        Some(ring.iter().skip(start).take(limit).map(Arc::clone).collect())
    }

    /// How many readers wait on this feed now.
    pub(super) fn readers(&self) -> usize {
        self.tail.receiver_count()
    }
}
