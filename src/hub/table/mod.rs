//! The one task that owns a running fight: it takes requests one after the other, writes what they
//! become, and only then tells anybody.
//!
//! It holds nothing that the log does not: it can vanish at any moment, and the next request loads
//! the fight again. No event may be published here before it is durable.

mod autopilot;
mod commit;
mod request;

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{mpsc, oneshot};

use super::access::{Deed, Principal, Role};
use super::feed::Feed;
use super::fight::FightKey;
use super::fold::Fold;
use super::landed::Sight;
use super::refusal::Refusal;
use super::secrets::Secrets;
use super::{Hub, read_refusal};
use crate::clock;
use crate::protocol::{BatchHead, Decoded, SnapshotMeta, Viewer, options, pb, snapshot};
use crate::rules::id::{CreatureId, PromptId};
use crate::rules::illegal::Phase;
use crate::rules::intent::Action;
use crate::rules::state::Combat;

pub(super) use autopilot::PROGRAM;
pub(super) use commit::{stored_receipt, update_header};

/// After a restart, or opened again by an undo, a question still waits at least so long.
const DEADLINE_AFTER_RESTART: Duration = Duration::from_mins(1);

/// Refuses everybody who asks a fight that cannot be loaded.
async fn turn_away(mut asks: mpsc::Receiver<Ask>, refusal: &Refusal) {
    asks.close();
    while let Some(ask) = asks.recv().await {
        // A caller that is gone does not want the answer.
        match ask {
            Ask::Submit { reply, .. } => drop(reply.send(Err(refusal.clone()))),
            Ask::Batch { reply, .. } => drop(reply.send(Err((None, refusal.clone())))),
            Ask::Look { reply, .. } => drop(reply.send(Err(refusal.clone()))),
            Ask::Options { reply, .. } => drop(reply.send(Err(refusal.clone()))),
        }
    }
}

/// What a table is asked.
#[derive(Debug)]
pub(super) enum Ask {
    Submit {
        who: Principal,
        decoded: Box<Decoded>,
        hash: [u8; 32],
        reply: oneshot::Sender<Result<pb::Receipt, Refusal>>,
    },
    Batch {
        who: Principal,
        head: Box<BatchHead>,
        actions: Vec<(CreatureId, Action)>,
        hash: [u8; 32],
        reply: oneshot::Sender<Result<pb::Receipt, (Option<usize>, Refusal)>>,
    },
    Look {
        who: Principal,
        reply: oneshot::Sender<Result<Look, Refusal>>,
    },
    Options {
        who: Principal,
        /// The creature whose turn it is, if absent.
        creature: Option<CreatureId>,
        reply: oneshot::Sender<Result<Option<pb::Options>, Refusal>>,
    },
}

/// The state at its number, with what a reader needs to go on from there.
#[derive(Debug)]
pub(super) struct Look {
    pub(super) snapshot: pb::Snapshot,
    pub(super) sight: Sight,
}

/// A fight in memory.
#[derive(Debug)]
pub(super) struct Table {
    hub: Hub,
    key: FightKey,
    feed: Arc<Feed>,
    /// The fight as everything durable tells it.
    fold: Fold,
    secrets: Secrets,
    header: pb::CombatHeader,
    /// When the default of the question that can be answered takes effect.
    deadline: Option<(PromptId, i64)>,
    /// The last thing done was to take something back: the program waits for people to go on.
    autopilot_held: bool,
    /// A creature that the program plays was refused: it waits for something to change.
    autopilot_stuck: bool,
}

/// A fight for one viewer; `deadlines` are those that it shows.
pub(super) fn snapshot_of(
    key: FightKey,
    header: &pb::CombatHeader,
    fold: &Fold,
    deadlines: &[(PromptId, i64)],
    viewer: &Viewer,
) -> pb::Snapshot {
    let ended = fold.combat().phase() == Phase::Ended;
    let meta = SnapshotMeta {
        session_id: key.combat,
        as_of: fold.seq,
        guild: key.guild,
        channel: header.channel_id.parse().ok(),
        started_at_ms: header.created_at.as_ref().map(crate::protocol::millis),
        ended_at_ms: header.updated_at.as_ref().filter(|_| ended).map(crate::protocol::millis),
        can_undo: fold.timeline.undo_target().is_some(),
        can_redo: fold.timeline.redo_target().is_some(),
        deadlines,
    };
    snapshot(fold.combat(), &meta, viewer)
}

fn now_ms() -> i64 {
    i64::try_from(clock::now().0).unwrap_or(i64::MAX)
}

pub(super) fn millis(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}

/// A deadline of the log, for those who could not answer in the meantime.
fn not_at_once((prompt, at): (PromptId, i64)) -> (PromptId, i64) {
    (prompt, at.max(now_ms().saturating_add(millis(DEADLINE_AFTER_RESTART))))
}

impl Table {
    /// Loads a fight from the log and takes requests for as long as somebody asks.
    pub(super) async fn open(hub: Hub, key: FightKey, feed: Arc<Feed>, asks: mpsc::Receiver<Ask>) {
        // A long log takes a while: no other fight waits for it.
        let loading = tokio::task::spawn_blocking(move || Self::load(hub, key, feed));
        let loaded = loading.await.unwrap_or_else(|panic| Err(Refusal::bug(&panic)));
        match loaded {
            Ok(table) => table.run(asks).await,
            Err(refusal) => turn_away(asks, &refusal).await,
        }
    }

    fn load(hub: Hub, key: FightKey, feed: Arc<Feed>) -> Result<Self, Refusal> {
        let tail = hub.store().tail(key.store()).map_err(|fault| read_refusal(&fault))?;
        let fold = hub.fold_to(key, feed.marks(), tail.unwrap_or_default())?;
        let header = hub.header(key)?;
        let secrets = hub.secrets(key)?;
        let deadline = fold.deadline().map(not_at_once);
        let autopilot_held = fold.rewound;
        Ok(Self {
            hub,
            key,
            feed,
            fold,
            secrets,
            header,
            deadline,
            autopilot_held,
            autopilot_stuck: false,
        })
    }

    fn combat(&self) -> &Combat {
        self.fold.combat()
    }

    /// Takes requests until nobody has asked for a while, or the hub drains.
    pub(super) async fn run(mut self, mut asks: mpsc::Receiver<Ask>) {
        let hub = self.hub.clone();
        loop {
            let autopilot = self.autopilot_due();
            let pause = self.autopilot_pause();
            let deadline = self.next_deadline();
            tokio::select! {
                biased;
                ask = asks.recv() => match ask {
                    Some(ask) => Box::pin(self.answer(ask)).await,
                    None => return,
                },
                () = hub.draining().cancelled() => return self.leave(asks).await,
                () = tokio::time::sleep(pause), if autopilot => {
                    Box::pin(self.autopilot_step()).await;
                }
                () = tokio::time::sleep(deadline.unwrap_or_default()), if deadline.is_some() => {
                    Box::pin(self.time_out()).await;
                }
                () = tokio::time::sleep(hub.settings().idle_evict),
                    if !autopilot && deadline.is_none() && self.feed.readers() == 0 =>
                {
                    return self.leave(asks).await;
                }
            }
        }
    }

    /// Leaves memory: takes no more, but answers what is already waiting.
    async fn leave(mut self, mut asks: mpsc::Receiver<Ask>) {
        asks.close();
        while let Some(ask) = asks.recv().await {
            Box::pin(self.answer(ask)).await;
        }
    }

    async fn answer(&mut self, ask: Ask) {
        // A caller that is gone does not want the answer; what was done is done all the same.
        match ask {
            Ask::Submit { who, decoded, hash, reply } => {
                let outcome = self.submit(&who, *decoded, hash).await;
                // whoever walks past a goblin sees its answer with their own, not a panel that waits
                self.answer_own_questions().await;
                drop(reply.send(outcome));
            }
            Ask::Batch { who, head, actions, hash, reply } => {
                let outcome = self.batch(&who, &head, actions, hash).await;
                drop(reply.send(outcome));
            }
            Ask::Look { who, reply } => drop(reply.send(Ok(self.look(&who)))),
            Ask::Options { who, creature, reply } => {
                drop(reply.send(Ok(self.options(&who, creature))));
            }
        }
    }

    fn viewer(&self, who: &Principal) -> Viewer {
        match who.role(self.combat()) {
            Role::GameMaster => Viewer::Gm,
            Role::Player => Viewer::Player { user: who.user },
            Role::Spectator => Viewer::Spectator,
        }
    }

    fn look(&self, who: &Principal) -> Look {
        let viewer = self.viewer(who);
        let snapshot =
            snapshot_of(self.key, &self.header, &self.fold, self.deadline.as_slice(), &viewer);
        Look { snapshot, sight: self.fold.sight.clone() }
    }

    fn options(&self, who: &Principal, creature: Option<CreatureId>) -> Option<pb::Options> {
        let combat = self.combat();
        let id = creature.or(combat.current())?;
        if who.may(Deed::PlayCreature, combat, Some(id)).is_err() {
            return None;
        }
        options(combat, self.key.combat, id, &self.viewer(who))
    }
}
