//! What each viewer may see of an event: the one function that decides it, for ever the same.
//!
//! Frames are built from nothing: a new fact or a new field does not compile until somebody has
//! decided who sees it. Whatever is kept from a viewer still delivers its number, so that a gap
//! always means loss. Nothing here may look at anything but the event and the roster before it.

mod deed;
mod facts;

use super::pb;
use super::pb::combat_event::Event as Wire;
use super::roster::Roster;
use super::values::{timestamp, user_to};
use super::visibility::{Cast, Eyes, Standing, Viewer};
use super::words::Word;
use crate::rules::event::{Audience, Event, Fact, Summary};
use crate::rules::id::{CombatId, CreatureId, UserId};

/// What surrounds an event in the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FrameMeta<'a> {
    pub session_id: CombatId,
    pub seq: u64,
    /// Milliseconds since 1970.
    pub occurred_at_ms: i64,
    pub request_id: &'a str,
    /// Who asked; nobody where the program itself did.
    pub principal: Option<UserId>,
    pub last_in_commit: bool,
    /// For a question: when its default takes effect, in milliseconds since 1970.
    pub deadline_ms: Option<i64>,
}

/// Builds the snapshot that an undone or redone frame carries, for one viewer.
///
/// The seam: a frame cannot know the state after an undo, because that needs the log, and only the
/// hub has it. The hub hands in how to build it; it is called for those two facts alone.
pub type SnapshotAfter<'a> = &'a dyn Fn(&Viewer) -> pb::Snapshot;

/// What a frame needs beyond its event.
#[derive(Clone, Copy)]
pub struct FrameContext<'a> {
    /// The creatures as they were just before the event.
    pub roster: &'a Roster,
    pub snapshot_after: Option<SnapshotAfter<'a>>,
}

impl std::fmt::Debug for FrameContext<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("FrameContext").field("roster", self.roster).finish_non_exhaustive()
    }
}

/// Frames the events of one fight in the order of their numbers, for any number of viewers: first
/// [`Framer::frame`] for each of them, then [`Framer::advance`]. Live delivery, history and resume
/// all do it so.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Framer {
    roster: Roster,
}

impl Framer {
    /// Before the first event.
    pub fn new() -> Self {
        Self::default()
    }

    /// The creatures as the events so far left them.
    pub fn roster(&self) -> &Roster {
        &self.roster
    }

    /// The next event for a viewer.
    pub fn frame(
        &self,
        event: &Event,
        meta: &FrameMeta<'_>,
        viewer: &Viewer,
        snapshot_after: Option<SnapshotAfter<'_>>,
    ) -> pb::CombatEvent {
        frame(event, meta, FrameContext { roster: &self.roster, snapshot_after }, viewer)
    }

    /// Goes past the event.
    pub fn advance(&mut self, event: &Event, meta: &FrameMeta<'_>) {
        self.roster.apply(meta.seq, meta.occurred_at_ms, event);
    }
}

/// What a viewer may see of an event.
pub fn frame(
    event: &Event,
    meta: &FrameMeta<'_>,
    context: FrameContext<'_>,
    viewer: &Viewer,
) -> pb::CombatEvent {
    let Event { drawn, audience, fact } = event;
    let FrameMeta {
        session_id,
        seq,
        occurred_at_ms,
        request_id,
        principal,
        last_in_commit,
        deadline_ms: _,
    } = meta;
    let cast = Newcomer::beside(context.roster, fact);
    let eyes = Eyes { viewer: *viewer, cast: &cast };
    let scene = Scene { eyes, meta, context };
    let shown = if let Fact::VisibilityChanged { creature, hidden } = fact {
        scene.visibility_changed(*creature, *hidden)
    } else if eyes.admitted(*audience, fact) {
        scene.fact(fact)
    } else {
        None
    };
    let whole = viewer.all_seeing();
    let own_request = whole || viewer.is(*principal);
    pb::CombatEvent {
        session_id: session_id.to_string(),
        seq: Some(*seq),
        as_of: None,
        occurred_at: Some(timestamp(*occurred_at_ms)),
        request_id: if own_request { (*request_id).to_owned() } else { String::new() },
        last_in_commit: *last_in_commit,
        audience: if whole { audience.to_wire() } else { 0 },
        drawn: whole.then_some(pb::DrawIndex { public: drawn.public, hidden: drawn.hidden }),
        event: Some(shown.unwrap_or(Wire::Hidden(pb::Hidden {}))),
    }
}

impl Eyes<'_> {
    /// Whether the viewer may know that the fact happened at all.
    fn admitted(self, audience: Audience, fact: &Fact) -> bool {
        let about = fact.about();
        let invited = match audience {
            Audience::Everyone => true,
            Audience::OwnerAndGm => about.is_some_and(|creature| self.owns(creature)),
            Audience::Gm => false,
        };
        self.viewer.all_seeing() || (invited && about.is_none_or(|creature| self.sees(creature)))
    }
}

/// The figures of a finished fight, without creatures that the viewer may not know of.
pub(crate) fn summary_to(
    summary: &Summary,
    eyes: Eyes<'_>,
    started_at_ms: Option<i64>,
    ended_at_ms: Option<i64>,
) -> pb::Summary {
    let Summary { rounds, turns, by_creature, experience } = summary;
    let seen = by_creature.iter().filter(|(creature, _)| eyes.sees(*creature));
    pb::Summary {
        rounds: *rounds,
        turns: *turns,
        creatures: seen
            .map(|(creature, tally)| pb::CreatureTally {
                creature_id: creature.to_string(),
                damage_dealt: tally.damage_dealt,
                damage_taken: tally.damage_taken,
                healing_done: tally.healing_done,
                kills: tally.kills.into(),
                attacks: tally.attacks.into(),
                hits: tally.hits.into(),
                critical_hits: tally.critical_hits.into(),
            })
            .collect(),
        experience: *experience,
        started_at: started_at_ms.map(timestamp),
        ended_at: ended_at_ms.map(timestamp),
    }
}

/// One event before one viewer.
#[derive(Clone, Copy)]
struct Scene<'a> {
    eyes: Eyes<'a>,
    meta: &'a FrameMeta<'a>,
    context: FrameContext<'a>,
}

/// The roster, and the creature that joins by the very event that is framed.
struct Newcomer<'a> {
    roster: &'a Roster,
    newcomer: Option<(CreatureId, Standing)>,
}

impl<'a> Newcomer<'a> {
    fn beside(roster: &'a Roster, fact: &Fact) -> Self {
        let newcomer = if let Fact::Joined(joined) = fact {
            let standing = Standing {
                owner: joined.owner,
                hero: joined.definition.is_hero(),
                hidden: joined.hidden,
            };
            Some((joined.id, standing))
        } else {
            None
        };
        Self { roster, newcomer }
    }
}

impl Cast for Newcomer<'_> {
    fn standing(&self, creature: CreatureId) -> Option<Standing> {
        match self.newcomer {
            Some((id, standing)) if id == creature => Some(standing),
            Some(_) | None => self.roster.standing(creature),
        }
    }
}

/// A person's id on the wire.
fn person(user: UserId) -> String {
    user_to(user)
}
