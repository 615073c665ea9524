//! A reader of one fight: a position in the log, and what one viewer may see from there on.
//!
//! History, live delivery and resuming are this one loop: read what follows the position, else wait
//! for the tail to move. A slow reader loses nothing and delays nobody; it falls back to the log.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::sync::Arc;

use tokio::sync::watch;

use super::Hub;
use super::access::Principal;
use super::feed::Feed;
use super::fight::{self, FightKey};
use super::landed::{Landed, Sight};
use super::refusal::Refusal;
use crate::protocol::{Viewer, pb, snapshot};
use crate::telemetry::{CountedReader, ReaderKind};

/// Commits handed over at once.
const PAGE_COMMITS: usize = 64;

/// Where a reader begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StartFrom {
    /// The state as it is, then everything after it.
    Snapshot,
    /// Every event from this number on; 0 and 1 are all.
    History { from_seq: u64 },
    /// Everything after this number.
    After(u64),
}

/// A reader. Dropping it is all it takes to stop.
#[derive(Debug)]
pub struct Reader {
    hub: Hub,
    who: Principal,
    key: FightKey,
    feed: Arc<Feed>,
    tail: watch::Receiver<u64>,
    /// The number of the last event that was read.
    position: u64,
    /// What framing knows of the fight at the position.
    sight: Sight,
    /// Frames to hand over before anything is read: the snapshot of the start.
    first: VecDeque<pb::CombatEvent>,
    /// Numbers up to this one are passed over (history that begins later).
    skip_to: u64,
    with_options: bool,
    /// Its place among the figures, if it is one that stays.
    counted: Option<CountedReader>,
}

impl Reader {
    pub(super) fn new(
        hub: Hub,
        who: Principal,
        key: FightKey,
        feed: Arc<Feed>,
        position: u64,
        sight: Sight,
    ) -> Self {
        let mut tail = feed.watch();
        tail.mark_changed();
        Self {
            hub,
            who,
            key,
            feed,
            tail,
            position,
            sight,
            first: VecDeque::new(),
            skip_to: 0,
            with_options: false,
            counted: None,
        }
    }

    pub(super) fn beginning_with(mut self, frame: pb::CombatEvent) -> Self {
        self.first.push_back(frame);
        self
    }

    pub(super) fn skipping_to(mut self, seq: u64) -> Self {
        self.skip_to = seq;
        self
    }

    /// Also delivers what the viewer's creatures can do, when a turn starts and after each change.
    #[must_use]
    pub fn with_options(mut self) -> Self {
        self.with_options = true;
        self
    }

    /// Shows this reader and how far it is behind among the figures, until it is dropped.
    #[must_use]
    pub fn counted_as(mut self, kind: ReaderKind) -> Self {
        let feed = Arc::clone(&self.feed);
        let position = self.position.max(self.skip_to);
        self.counted = Some(self.hub.metrics().reader(kind, position, move || feed.tail()));
        self
    }

    /// The number of the last event that was handed over; where to resume.
    pub fn position(&self) -> u64 {
        self.position
    }

    /// The next frames, at least one, whole commits only. When nothing happens for a while, a
    /// bookmark that says up to where everything was delivered.
    ///
    /// # Errors
    /// [`Refusal::Draining`] at a shutdown, after a bookmark; what the store says if it cannot be
    /// read.
    pub async fn next(&mut self) -> Result<Vec<pb::CombatEvent>, Refusal> {
        if !self.first.is_empty() {
            return Ok(self.first.drain(..).collect());
        }
        loop {
            if self.feed.tail() > self.position {
                let page = self.read_page().await?;
                if !page.is_empty() {
                    return Ok(page);
                }
                continue;
            }
            let idle = self.hub.settings().bookmark_after;
            let draining = self.hub.draining();
            tokio::select! {
                biased;
                changed = self.tail.changed() => if changed.is_err() {
                    return Err(Refusal::Draining);
                },
                () = draining.cancelled() => return Err(Refusal::Draining),
                () = tokio::time::sleep(idle) => return Ok(vec![self.bookmark()]),
            }
        }
    }

    /// Says that everything up to the position was delivered.
    pub fn bookmark(&self) -> pb::CombatEvent {
        pb::CombatEvent {
            session_id: self.key.combat.to_string(),
            as_of: Some(self.position),
            event: Some(pb::combat_event::Event::Bookmark(pb::Bookmark {})),
            ..pb::CombatEvent::default()
        }
    }

    async fn read_page(&mut self) -> Result<Vec<pb::CombatEvent>, Refusal> {
        let commits = match self.feed.after(self.position, PAGE_COMMITS) {
            Some(commits) => commits,
            None => self.hub.commits_after(self.key, self.position, &self.sight)?,
        };
        let mut page = Vec::new();
        for landed in &commits {
            self.take(landed, &mut page)?;
        }
        if self.with_options && !page.is_empty() {
            page.extend(self.options().await);
        }
        Ok(page)
    }

    /// Takes one commit, through the eyes the viewer has once it has happened: a handover of the
    /// fight takes effect with it.
    fn take(&mut self, landed: &Landed, page: &mut Vec<pb::CombatEvent>) -> Result<(), Refusal> {
        if landed.last_seq > self.skip_to {
            let viewer = landed.after.viewer(&self.who);
            let fault = RefCell::new(None);
            let frames = landed.frames(viewer, &|viewer| {
                self.snapshot_at(landed.last_seq, *viewer).unwrap_or_else(|refusal| {
                    fault.replace(Some(refusal));
                    pb::Snapshot::default()
                })
            });
            if let Some(refusal) = fault.into_inner() {
                return Err(refusal);
            }
            let wanted = frames.iter().filter(|frame| frame.seq.unwrap_or(0) > self.skip_to);
            page.extend(wanted.cloned());
        }
        self.position = landed.last_seq;
        if let Some(counted) = &self.counted {
            counted.at(self.position.max(self.skip_to));
        }
        self.sight = landed.after.clone();
        Ok(())
    }

    /// The state at a number, folded from the log: for what an undo leaves behind.
    fn snapshot_at(&self, seq: u64, viewer: Viewer) -> Result<pb::Snapshot, Refusal> {
        let commits = fight::read_all(self.hub.store(), self.key, seq)?;
        let timeline = fight::fold(&commits);
        let header = self.hub.header(self.key)?;
        let deadlines = super::table::deadlines_of(&commits, timeline.combat());
        let meta = super::table::snapshot_meta(self.key, &header, seq, &timeline, &deadlines);
        Ok(snapshot(timeline.combat(), &meta, &viewer))
    }

    /// What the creature whose turn it is can do, if the viewer plays it.
    async fn options(&self) -> Option<pb::CombatEvent> {
        if self.sight.viewer(&self.who) == Viewer::Spectator {
            return None;
        }
        let options = self.hub.current_options(&self.who, self.key).await?;
        Some(pb::CombatEvent {
            session_id: self.key.combat.to_string(),
            as_of: Some(self.position),
            event: Some(pb::combat_event::Event::Options(options)),
            ..pb::CombatEvent::default()
        })
    }
}
