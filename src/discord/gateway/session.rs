//! Remembers how far we have read in Discord's stream of events, so that a restart misses nothing.
//!
//! The number that goes to disk is that of the last event before the first one whose effects are
//! not durable yet. It must never run ahead: what is not replayed after a crash is lost.

use std::collections::{BTreeSet, VecDeque};
use std::future::Future;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde::{Deserialize, Serialize};

/// Events handed out and not yet acknowledged that are told apart. Beyond this the number on disk
/// stays where it is until the next session: more is replayed after a crash, nothing is lost.
const WAITING_MAX: usize = 10_000;

/// Interactions whose repetition is recognised. Discord replays a few minutes at most.
pub(super) const SEEN_MAX: usize = 4_096;

/// What it takes to go on where we were, after a restart too.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    /// Discord's id of the session.
    pub id: String,
    /// The last event whose effects, and those of all before it, are durable.
    pub sequence: u64,
    /// Where Discord wants this session to be resumed.
    pub resume_url: String,
}

/// What a store says when it cannot load or save.
pub type SessionStoreError = Box<dyn std::error::Error + Send + Sync>;

/// Keeps the [`Session`] over restarts. Saving happens about once a second at most.
pub trait SessionStore: Send + Sync {
    /// The session saved last.
    fn load(&self) -> impl Future<Output = Result<Option<Session>, SessionStoreError>> + Send;

    /// Saves `session` durably.
    fn save(&self, session: &Session)
    -> impl Future<Output = Result<(), SessionStoreError>> + Send;
}

/// Names an event for [`Acks::ack`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Mark {
    epoch: u64,
    sequence: u64,
}

impl Mark {
    /// The event's number in its session.
    pub fn sequence(self) -> u64 {
        self.sequence
    }
}

/// Acknowledges events from wherever their effects became durable. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct Acks(Arc<Mutex<Progress>>);

#[derive(Debug, Default)]
struct Progress {
    /// Counts sessions of this process, so that a late acknowledgement of an event of an earlier
    /// session is not taken for one of this.
    epoch: u64,
    session: Option<(String, String)>,
    /// The last event received.
    received: u64,
    /// Events handed out and not acknowledged.
    waiting: BTreeSet<u64>,
    /// The first event that was not noted because too many were waiting.
    overflow: Option<u64>,
}

impl Acks {
    fn lock(&self) -> MutexGuard<'_, Progress> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The effects of the event are durable (or it has none).
    pub fn ack(&self, mark: Mark) {
        let mut progress = self.lock();
        if progress.epoch == mark.epoch {
            progress.waiting.remove(&mark.sequence);
        }
    }

    /// A session begins, fresh or loaded, with everything up to `sequence` behind it.
    pub(super) fn begin(&self, id: &str, resume_url: &str, sequence: u64) {
        let mut progress = self.lock();
        progress.epoch += 1;
        progress.session = Some((id.to_owned(), resume_url.to_owned()));
        progress.received = sequence;
        progress.waiting.clear();
        progress.overflow = None;
    }

    /// An event came that nobody needs to act on.
    pub(super) fn pass_over(&self, sequence: u64) {
        let mut progress = self.lock();
        progress.received = progress.received.max(sequence);
    }

    /// An event came and is handed out.
    pub(super) fn hand_out(&self, sequence: u64) -> Mark {
        let mut progress = self.lock();
        progress.received = progress.received.max(sequence);
        if progress.waiting.len() < WAITING_MAX {
            progress.waiting.insert(sequence);
        } else {
            progress.overflow.get_or_insert(sequence);
        }
        Mark { epoch: progress.epoch, sequence }
    }

    /// What may be saved now.
    pub(super) fn durable(&self) -> Option<Session> {
        let progress = self.lock();
        let (id, resume_url) = progress.session.clone()?;
        let open = progress.waiting.first().copied().into_iter().chain(progress.overflow).min();
        let sequence = open.map_or(progress.received, |open| open.saturating_sub(1));
        Some(Session { id, sequence, resume_url })
    }
}

/// The interactions handed out lately; each is handed out once.
#[derive(Debug, Default)]
pub(super) struct Seen {
    ids: BTreeSet<u64>,
    order: VecDeque<u64>,
}

impl Seen {
    /// Notes `id`; false when it was there already.
    pub(super) fn first_time(&mut self, id: u64) -> bool {
        if !self.ids.insert(id) {
            return false;
        }
        self.order.push_back(id);
        if self.order.len() > SEEN_MAX
            && let Some(oldest) = self.order.pop_front()
        {
            self.ids.remove(&oldest);
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn acks() -> Acks {
        let acks = Acks::default();
        acks.begin("s", "ws://x", 1);
        acks
    }

    #[test]
    fn the_number_stops_before_the_first_event_that_is_not_durable() {
        let acks = acks();
        let two = acks.hand_out(2);
        let three = acks.hand_out(3);
        acks.pass_over(4);
        assert_eq!(acks.durable().unwrap().sequence, 1);
        acks.ack(three);
        assert_eq!(acks.durable().unwrap().sequence, 1);
        acks.ack(two);
        assert_eq!(acks.durable().unwrap().sequence, 4);
    }

    #[test]
    fn late_acknowledgements_of_another_session_count_for_nothing() {
        let acks = acks();
        let old = acks.hand_out(2);
        acks.begin("t", "ws://x", 1);
        acks.hand_out(2);
        acks.ack(old);
        assert_eq!(acks.durable().unwrap().sequence, 1);
    }

    #[test]
    fn too_many_waiting_events_hold_the_number_back() {
        let acks = acks();
        let limit = u64::try_from(WAITING_MAX).unwrap();
        let marks: Vec<_> = (0..limit + 5).map(|n| acks.hand_out(n + 2)).collect();
        for mark in marks {
            acks.ack(mark);
        }
        assert_eq!(acks.durable().unwrap().sequence, limit + 1);
    }

    #[test]
    fn interactions_are_seen_once_and_forgotten_in_order() {
        let mut seen = Seen::default();
        assert!(seen.first_time(0));
        assert!(!seen.first_time(0));
        for id in 1..=u64::try_from(SEEN_MAX).unwrap() {
            assert!(seen.first_time(id));
        }
        assert_eq!(seen.ids.len(), SEEN_MAX);
        assert!(seen.first_time(0), "the oldest is forgotten first");
        assert!(!seen.first_time(2), "and only that one");
    }
}
