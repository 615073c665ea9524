//! One commit of a fight that is on disk, as readers take it: framed once for each kind of viewer.
//!
//! Live delivery and history make the same value and frame it with the same function, so nobody can
//! see in one what the other would not show.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use super::access::Principal;
use super::refusal::Refusal;
use crate::protocol::{Commit, Framer, Viewer, pb};
use crate::rules::event::Fact;
use crate::rules::id::{CreatureId, UserId};

/// Kinds of viewers whose frames of one commit are kept; further ones are framed each time.
const KEPT_VIEWERS: usize = 8;

/// What readers must know of a fight at a number: how to frame what follows, and for whose eyes.
#[derive(Debug, Clone, Default)]
pub(super) struct Sight {
    framer: Framer,
    game_master: Option<UserId>,
    owners: Arc<BTreeMap<CreatureId, UserId>>,
}

impl Sight {
    /// Whose eyes a caller has at this number.
    pub(super) fn viewer(&self, who: &Principal) -> Viewer {
        let plays = self.owners.values().any(|owner| *owner == who.user);
        who.viewer(self.game_master, plays)
    }

    /// Goes past a commit.
    pub(super) fn pass(&mut self, commit: &Commit) {
        for (event, meta) in commit.frames() {
            if let Fact::Initiated { game_master, .. } | Fact::Transferred { game_master } =
                &event.fact
            {
                self.game_master = Some(*game_master);
            }
            if let Fact::Joined(joined) = &event.fact
                && let Some(owner) = joined.owner
            {
                Arc::make_mut(&mut self.owners).insert(joined.id, owner);
            }
            self.framer.advance(event, &meta);
        }
    }
}

/// The frames of one commit for one kind of viewer.
type Frames = Arc<[pb::CombatEvent]>;

/// A durable commit.
#[derive(Debug)]
pub(super) struct Landed {
    pub(super) first_seq: u64,
    pub(super) last_seq: u64,
    pub(super) commit: Commit,
    before: Sight,
    pub(super) after: Sight,
    framed: Mutex<Vec<(Viewer, Frames)>>,
}

impl Landed {
    /// A commit that follows what `before` has seen.
    pub(super) fn new(commit: Commit, before: Sight) -> Self {
        let mut after = before.clone();
        after.pass(&commit);
        Self::between(commit, before, after)
    }

    /// A commit of which it is known already what comes after it.
    pub(super) fn between(commit: Commit, before: Sight, after: Sight) -> Self {
        Self {
            first_seq: commit.events.first().map_or(0, |logged| logged.seq),
            last_seq: commit.events.last().map_or(0, |logged| logged.seq),
            commit,
            before,
            after,
            framed: Mutex::new(Vec::new()),
        }
    }

    /// The frames for one viewer. `now` makes the viewer's snapshot where something was undone or
    /// redone in this commit, and is not asked otherwise.
    ///
    /// # Errors
    /// What `now` was refused with; nothing is kept then, so that the next who asks is not shown
    /// the frame that could not be made.
    pub(super) fn frames(
        &self,
        viewer: Viewer,
        now: &dyn Fn(&Viewer) -> Result<pb::Snapshot, Refusal>,
    ) -> Result<Frames, Refusal> {
        let mut framed = self.framed.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, frames)) = framed.iter().find(|(known, _)| *known == viewer) {
            return Ok(Arc::clone(frames));
        }
        let fault = Cell::new(None);
        let now = |viewer: &Viewer| {
            now(viewer).unwrap_or_else(|refusal| {
                fault.set(Some(refusal));
                pb::Snapshot::default()
            })
        };
        let mut framer = self.before.framer.clone();
        let frames: Frames = self
            .commit
            .frames()
            .map(|(event, meta)| {
                let frame = framer.frame(event, &meta, &viewer, Some(&now));
                framer.advance(event, &meta);
                frame
            })
            .collect();
        if let Some(refusal) = fault.into_inner() {
            return Err(refusal);
        }
        if framed.len() < KEPT_VIEWERS {
            framed.push((viewer, Arc::clone(&frames)));
        }
        Ok(frames)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::Logged;
    use crate::rules::event::{Audience, Event};
    use crate::rules::id::CombatId;
    use crate::rules::state::DrawIndex;

    /// A reader came to an undo while the disk could not be read: it was refused, but the frame it
    /// was not given was kept, and everybody after it was shown an empty fight.
    #[test]
    fn a_snapshot_that_could_not_be_made_is_made_for_the_next_who_asks() {
        let event = Event {
            drawn: DrawIndex::default(),
            audience: Audience::default(),
            fact: Fact::Undone { from: 1, to: 2 },
        };
        let commit = Commit {
            session_id: CombatId(1),
            events: vec![Logged { seq: 3, occurred_at_ms: 0, deadline_ms: None, event }],
            principal: None,
            request_id: "r".to_owned(),
            starts_unit: false,
            committed_at_ms: 0,
        };
        let landed = Landed::new(commit, Sight::default());
        let refused = landed.frames(Viewer::Spectator, &|_| Err(Refusal::ReadOnly));
        assert_eq!(refused, Err(Refusal::ReadOnly));
        let made = pb::Snapshot { name: "Ambush".to_owned(), ..pb::Snapshot::default() };
        let frames = landed.frames(Viewer::Spectator, &|_| Ok(made.clone())).unwrap();
        let Some(pb::combat_event::Event::Undone(undone)) = &frames[0].event else {
            panic!("{frames:?}")
        };
        assert_eq!(undone.now.as_ref().map(|it| it.name.as_str()), Some("Ambush"));
    }
}
