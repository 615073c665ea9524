//! A reader of one fight: a position in the log, and what one viewer may see from there on.
//!
//! History, live delivery and resuming are this one loop: read what follows the position, else wait
//! for the tail to move. A slow reader loses nothing and delays nobody; it falls back to the log.

use std::collections::VecDeque;
use std::sync::Arc;

use tokio::sync::watch;

use super::Hub;
use super::access::Principal;
use super::feed::Feed;
use super::fight::FightKey;
use super::fold::Marks;
use super::landed::{Landed, Sight};
use super::refusal::Refusal;
use super::table::snapshot_of;
use crate::protocol::{Viewer, pb};
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
    /// Frames that were read and are still to be handed over: the snapshot of the start, and what a
    /// caller that stopped waiting has left.
    ready: VecDeque<pb::CombatEvent>,
    /// Numbers up to this one are passed over (history that begins later).
    skip_to: u64,
    with_options: bool,
    /// Its place among the figures, if it is one that stays.
    counted: Option<CountedReader>,
    /// The fight where this reader had to fold it.
    past: Marks,
    /// Where it was when the reader was told that the hub drains.
    farewell: Option<u64>,
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
            ready: VecDeque::new(),
            skip_to: 0,
            with_options: false,
            counted: None,
            past: Marks::default(),
            farewell: None,
        }
    }

    pub(super) fn beginning_with(mut self, frame: pb::CombatEvent) -> Self {
        self.ready.push_back(frame);
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
        let next = self.ready.iter().find_map(|frame| frame.seq);
        next.map_or(self.position, |seq| seq.saturating_sub(1))
    }

    /// The next frames, at least one, whole commits only. When nothing happens for a while, a
    /// bookmark that says up to where everything was delivered.
    ///
    /// Whoever stops waiting loses nothing: the next call begins with what was read.
    ///
    /// # Errors
    /// [`Refusal::Draining`] at a shutdown, after a bookmark; what the store says if it cannot be
    /// read.
    pub async fn next(&mut self) -> Result<Vec<pb::CombatEvent>, Refusal> {
        loop {
            if !self.ready.is_empty() {
                return Ok(self.ready.drain(..).collect());
            }
            if self.feed.tail() > self.position {
                match self.read_page().await {
                    Ok(()) => continue,
                    Err(Refusal::Draining) => return self.say_farewell(),
                    Err(refusal) => return Err(refusal),
                }
            }
            let idle = self.hub.settings().bookmark_after;
            let draining = self.hub.draining();
            tokio::select! {
                biased;
                changed = self.tail.changed() => if changed.is_err() {
                    return self.say_farewell();
                },
                () = draining.cancelled() => return self.say_farewell(),
                () = tokio::time::sleep(idle) => return Ok(vec![self.bookmark()]),
            }
        }
    }

    /// At a shutdown: first where to resume, then that it is over.
    fn say_farewell(&mut self) -> Result<Vec<pb::CombatEvent>, Refusal> {
        if self.farewell.replace(self.position) == Some(self.position) {
            return Err(Refusal::Draining);
        }
        Ok(vec![self.bookmark()])
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

    /// Makes the next page ready. What is read is kept before anything is waited for: the position
    /// has passed it, so that nobody would read it again.
    async fn read_page(&mut self) -> Result<(), Refusal> {
        let commits = match self.feed.after(self.position, PAGE_COMMITS) {
            Some(commits) => commits,
            None => self.hub.commits_after(self.key, self.position, &self.sight)?,
        };
        let mut page = Vec::new();
        for landed in &commits {
            self.take(landed, &mut page)?;
        }
        self.ready.extend(page);
        if self.with_options && !self.ready.is_empty() {
            let options = self.options().await;
            self.ready.extend(options);
        }
        Ok(())
    }

    /// Takes one commit, through the eyes the viewer has once it has happened: a handover of the
    /// fight takes effect with it.
    fn take(&mut self, landed: &Landed, page: &mut Vec<pb::CombatEvent>) -> Result<(), Refusal> {
        if landed.last_seq > self.skip_to {
            let viewer = landed.after.viewer(&self.who);
            let now = |viewer: &Viewer| self.snapshot_at(landed.last_seq, *viewer);
            let frames = landed.frames(viewer, &now)?;
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

    /// The state at a number, folded from the log: for what an undo leaves behind. The next one is
    /// folded on from there.
    fn snapshot_at(&self, seq: u64, viewer: Viewer) -> Result<pb::Snapshot, Refusal> {
        if let Some(near) = self.feed.marks().before(seq) {
            self.past.put(near);
        }
        let fold = Arc::new(self.hub.fold_to(self.key, &self.past, seq)?);
        self.past.put(Arc::clone(&fold));
        let header = self.hub.header(self.key)?;
        Ok(snapshot_of(self.key, &header, &fold, fold.deadline().as_slice(), &viewer))
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
