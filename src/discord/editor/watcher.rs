//! Follows one fight as a spectator and says what its channel should show.
//!
//! It reads at the fight's pace and never waits for Discord: only the newest state is handed on.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use super::desk::{Desk, Finished};
use super::memory::{Memory, Remembered};
use super::wanted::{Wanted, wanted};
use crate::discord::bot::{Shared, carry_missing};
use crate::discord::panel::opened::Moment;
use crate::hub::reader::StartFrom;
use crate::hub::refusal::Refusal;
use crate::hub::{Principal, Scope};
use crate::protocol::pb;
use crate::rules::id::{CombatId, UserId};
use crate::telemetry::ReaderKind;
use crate::view;
use crate::view::card::LOG_LINES;
use crate::view::scene::Scene;

/// The wait before a reader that failed begins anew.
const FOLLOW_AGAIN: Duration = Duration::from_secs(2);
/// Events before the present one that are read for the last lines of the log.
const EVENTS_BACK: u64 = 60;

/// Keeps the card of one fight until it is told to its end.
pub(super) async fn keep_card(
    shared: Arc<Shared>,
    memory: Arc<dyn Memory>,
    combat: CombatId,
    held: Remembered,
    stop: CancellationToken,
) -> Finished {
    let mut follower = Follower { shared, combat, scene: Scene::default(), log: VecDeque::new() };
    let (mut reader, first) = loop {
        match follower.begin().await {
            Ok(begun) => break begun,
            Err(Refusal::NoSuchCombat) => return Finished::Impossible,
            Err(Refusal::Draining) => return Finished::Stopped,
            Err(refusal) => tracing::warn!(%combat, %refusal, "a card cannot follow its fight"),
        }
        tokio::select! {
            () = tokio::time::sleep(FOLLOW_AGAIN) => {}
            () = stop.cancelled() => return Finished::Stopped,
        }
    };
    let missing = watch::Sender::new(None);
    let channel = held.channel;
    let desk = Desk {
        fight: combat.to_string(),
        api: follower.shared.api.clone(),
        memory,
        paces: follower.shared.paces.clone(),
        held,
        missing: missing.clone(),
        stop: stop.clone(),
    };
    let carrying = carry_missing(Arc::clone(&follower.shared), channel, missing.subscribe());
    let (say, hear) = watch::channel(first);
    let writing = desk.run(hear);
    tokio::pin!(writing, carrying);
    loop {
        tokio::select! {
            finished = &mut writing => return finished,
            () = &mut carrying => return writing.await,
            page = reader.next() => match page {
                Ok(page) => {
                    if let Some(now) = follower.take(&page) {
                        say.send_replace(now);
                    }
                }
                Err(Refusal::Draining) => {
                    stop.cancel();
                    return writing.await;
                }
                Err(refusal) => {
                    tracing::warn!(%combat, %refusal, "a card lost its fight and begins anew");
                    tokio::time::sleep(FOLLOW_AGAIN).await;
                    if let Ok((again, now)) = follower.begin().await {
                        reader = again;
                        say.send_replace(now);
                    }
                }
            },
        }
    }
}

/// What is known of the fight.
struct Follower {
    shared: Arc<Shared>,
    combat: CombatId,
    scene: Scene,
    log: VecDeque<String>,
}

impl Follower {
    fn spectator(&self) -> Principal {
        Principal { user: UserId(0), scope: Scope::Observe { combat: self.combat } }
    }

    /// Begins to read at the present state.
    async fn begin(&mut self) -> Result<(crate::hub::reader::Reader, Wanted), Refusal> {
        let who = self.spectator();
        let hub = self.shared.hub.clone();
        let reader = hub.follow(&who, self.combat, StartFrom::Snapshot).await?;
        let mut reader = reader.counted_as(ReaderKind::Card);
        let first = reader.next().await?;
        self.scene = Scene::default();
        for frame in &first {
            self.scene.apply(frame);
        }
        let as_of = self.scene.as_of;
        let request = pb::GetHistoryRequest {
            session_id: self.combat.to_string(),
            after_seq: as_of.saturating_sub(EVENTS_BACK),
            limit: 100,
        };
        self.log.clear();
        let history = hub.history(&who, &request).await?;
        for frame in &history.events {
            if frame.seq.is_some_and(|seq| seq <= as_of) {
                self.tell(frame);
            }
        }
        Ok((reader, self.wanted()))
    }

    /// Takes in what happened; nothing if it shows nowhere.
    fn take(&mut self, page: &[pb::CombatEvent]) -> Option<Wanted> {
        let mut logged = false;
        for frame in page {
            self.scene.apply(frame);
            self.tell(frame);
            logged |= frame.seq.is_some();
        }
        logged.then(|| self.wanted())
    }

    fn tell(&mut self, frame: &pb::CombatEvent) {
        if let Some(line) = view::log::line(&self.scene, frame) {
            self.log.push_back(line);
            if self.log.len() > LOG_LINES {
                self.log.pop_front();
            }
        }
    }

    fn wanted(&self) -> Wanted {
        self.shared.panels.moved(self.combat, Moment::of_scene(&self.scene));
        wanted(&self.scene, &self.log)
    }
}
