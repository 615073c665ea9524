//! Sees to it that every open fight with a channel has somebody who keeps its card.
//!
//! After a restart it takes up every card that was not told to its end, finished fights included.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use super::desk::Finished;
use super::memory::{Memory, MemoryFull, Remembered, Saving};
use super::watcher;
use crate::discord::bot::Shared;
use crate::hub::{Hub, Notes};
use crate::rules::id::CombatId;

/// How often all open fights are looked at, should a word of them have been missed.
const LOOK_AGAIN: Duration = Duration::from_secs(30);
/// Cards that are taken up after a restart.
const TAKEN_UP_MAX: usize = 1_000;

/// Cards remembered among the notes of the hub.
#[derive(Debug, Clone)]
struct CardNotes(Hub);

impl Memory for CardNotes {
    fn save<'a>(&'a self, fight: &'a str, what: Option<&'a Remembered>) -> Saving<'a> {
        Box::pin(async move {
            let value = what.map(serde_json::to_vec).transpose().map_err(|_| MemoryFull)?;
            let kept = self.0.remember(Notes::Cards, fight.as_bytes(), value.map(Bytes::from));
            kept.await.map_err(|refusal| {
                tracing::debug!(%refusal, "a card's place was refused");
                MemoryFull
            })
        })
    }
}

/// The cards in work.
struct Cards {
    shared: Arc<Shared>,
    memory: Arc<dyn Memory>,
    stop: CancellationToken,
    in_work: BTreeSet<CombatId>,
    /// Fights whose channel is gone.
    given_up: BTreeSet<CombatId>,
    work: JoinSet<(CombatId, Finished)>,
}

/// Keeps all cards until the process stops.
pub async fn run(shared: Arc<Shared>, stop: CancellationToken) {
    let memory = Arc::new(CardNotes(shared.hub.clone()));
    let mut opened = shared.hub.opened();
    let mut cards = Cards {
        shared,
        memory,
        stop: stop.clone(),
        in_work: BTreeSet::new(),
        given_up: BTreeSet::new(),
        work: JoinSet::new(),
    };
    cards.take_up();
    loop {
        opened.mark_unchanged();
        cards.look();
        tokio::select! {
            more = opened.changed() => if more.is_err() { break },
            Some(done) = cards.work.join_next() => cards.note(done),
            () = tokio::time::sleep(LOOK_AGAIN) => {}
            () = stop.cancelled() => break,
        }
    }
    stop.cancel();
    while let Some(done) = cards.work.join_next().await {
        cards.note(done);
    }
}

impl Cards {
    /// Takes up the cards of an earlier process.
    fn take_up(&mut self) {
        let held = self.shared.hub.recall_all(Notes::Cards, b"", TAKEN_UP_MAX);
        for (key, value) in held.unwrap_or_default() {
            let combat = core::str::from_utf8(&key).ok().and_then(|key| key.parse().ok());
            if let (Some(combat), Ok(held)) = (combat, serde_json::from_slice(&value)) {
                self.begin(combat, held);
            } else {
                tracing::warn!("a card's place could not be read and is passed over");
            }
        }
    }

    /// Begins a card for every open fight that has none in work.
    fn look(&mut self) {
        let open = match self.shared.hub.all_open_fights() {
            Ok(open) => open,
            Err(refusal) => {
                tracing::warn!(%refusal, "the open fights could not be listed");
                return;
            }
        };
        for header in open {
            let guild = header.guild_id.parse().unwrap_or(0);
            let channel = header.channel_id.parse().unwrap_or(0);
            if let Ok(combat) = header.session_id.parse()
                && channel != 0
            {
                let held = self.shared.hub.recall(Notes::Cards, header.session_id.as_bytes());
                let held = held.ok().flatten();
                let held = held.and_then(|bytes| serde_json::from_slice(&bytes).ok());
                self.begin(combat, held.unwrap_or_else(|| Remembered::new(guild, channel)));
            }
        }
    }

    fn begin(&mut self, combat: CombatId, held: Remembered) {
        if self.given_up.contains(&combat) || !self.in_work.insert(combat) {
            return;
        }
        let shared = Arc::clone(&self.shared);
        let memory = Arc::clone(&self.memory);
        let stop = self.stop.child_token();
        self.work.spawn(async move {
            let finished = watcher::keep_card(shared, memory, combat, held, stop).await;
            (combat, finished)
        });
    }

    fn note(&mut self, done: Result<(CombatId, Finished), tokio::task::JoinError>) {
        match done {
            Ok((combat, finished)) => {
                self.in_work.remove(&combat);
                self.shared.panels.forget(combat);
                if finished == Finished::Impossible {
                    self.given_up.insert(combat);
                }
            }
            Err(error) => {
                // which one it was is not told: all that are not in work are begun again
                tracing::error!(%error, "a card's work failed");
                self.in_work.clear();
                self.work.abort_all();
            }
        }
    }
}
