//! Brings what stands in a channel to what should stand there, with as few writes as possible.
//!
//! One write in flight, the latest state wins, identical content is not sent, the final state
//! always arrives. What must never happen: two cards after a crash, a write repeated that Discord
//! refused, a ping that stays when the turn is over.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use super::memory::{Beside, Memory, Posting, Remembered};
use super::pace::Paces;
use super::wanted::{Note, Wanted};
use crate::clock;
use crate::discord::api::Api;
use crate::discord::custom_id::digest;
use crate::discord::render::{card, parts};
use crate::discord::transport::{Reaction, TransportError};

/// How long the first change waits for others of the same moment.
pub const GATHER: Duration = Duration::from_millis(100);
/// After this a card is posted anew: edits of messages older than an hour are throttled hard.
pub const ROTATE_AFTER: Duration = Duration::from_mins(50);
/// How long writing pauses where a permission is missing or a thread is archived.
const PAUSE: Duration = Duration::from_mins(5);
/// The first wait when Discord is unwell; it doubles.
const RETRY_FIRST: Duration = Duration::from_secs(1);
/// The longest such wait.
const RETRY_MAX: Duration = Duration::from_mins(1);

/// How the work on a fight's card ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Finished {
    /// The fight is over and its last state is delivered.
    Delivered,
    /// The channel is gone, or the token is refused: nothing will ever be delivered.
    Impossible,
    /// The process is stopping; another will go on.
    Stopped,
}

/// Writes for one fight.
#[derive(Debug)]
pub struct Desk {
    pub fight: String,
    pub api: Api,
    pub memory: Arc<dyn Memory>,
    pub paces: Paces,
    pub held: Remembered,
    /// Tells where writing is refused; the sentence is said once to whoever acts there next.
    pub missing: watch::Sender<Option<&'static str>>,
    pub stop: CancellationToken,
}

impl Desk {
    /// Works until the fight is over and told, or the process stops.
    pub async fn run(mut self, mut wanted: watch::Receiver<Wanted>) -> Finished {
        let mut wait = RETRY_FIRST;
        wanted.mark_changed();
        loop {
            let more = tokio::select! {
                more = wanted.changed() => more.is_ok(),
                () = self.stop.cancelled() => return Finished::Stopped,
            };
            if !more {
                return Finished::Stopped;
            }
            self.rest(GATHER).await;
            loop {
                self.paces.turn(self.held.channel).await;
                let now = wanted.borrow_and_update().clone();
                let again = match self.bring(&now).await {
                    Ok(()) if now.is_over => return self.finish().await,
                    Ok(()) => {
                        wait = RETRY_FIRST;
                        self.missing.send_replace(None);
                        break;
                    }
                    Err(error) => self.after(&error, &mut wait),
                };
                match again {
                    Next::Never => return Finished::Impossible,
                    Next::WhenNew if now.is_over => return self.finish().await,
                    Next::WhenNew => break,
                    Next::After(pause) => self.rest(pause).await,
                }
                if self.stop.is_cancelled() {
                    return Finished::Stopped;
                }
            }
        }
    }

    async fn rest(&self, time: Duration) {
        tokio::select! {
            () = tokio::time::sleep(time) => {}
            () = self.stop.cancelled() => {}
        }
    }

    async fn finish(&self) -> Finished {
        self.remember(true).await;
        Finished::Delivered
    }

    /// What there is to do about a refusal.
    fn after(&self, error: &TransportError, wait: &mut Duration) -> Next {
        match error.reaction() {
            Reaction::ForgetChannel | Reaction::TokenRefused => {
                tracing::info!(fight = self.fight, %error, "a card has no channel any more");
                Next::Never
            }
            Reaction::MissingPermission => {
                let words = "I may not write here: give me View Channel, Send Messages and Embed \
                             Links in this channel, and the card will follow.";
                if self.missing.send_replace(Some(words)).is_none() {
                    tracing::warn!(fight = self.fight, %error, "a card may not be written");
                }
                Next::After(PAUSE)
            }
            Reaction::ThreadArchived => Next::After(PAUSE),
            Reaction::TryLater | Reaction::PostAnew => {
                let pause = error.retry_after().unwrap_or(*wait);
                *wait = wait.saturating_mul(2).min(RETRY_MAX);
                Next::After(pause)
            }
            Reaction::InteractionOver
            | Reaction::AlreadyAnswered
            | Reaction::UseExistingThread
            | Reaction::OurFault => {
                let incident = clock::fresh_uuid().simple().to_string();
                tracing::error!(fight = self.fight, incident, %error, "Discord refused a card");
                Next::WhenNew
            }
        }
    }

    /// Brings the channel to `wanted`.
    async fn bring(&mut self, wanted: &Wanted) -> Result<(), TransportError> {
        self.clear_notes(&wanted.notes).await?;
        self.bring_card(wanted).await?;
        for note in &wanted.notes {
            self.bring_note(note).await?;
        }
        Ok(())
    }

    async fn bring_card(&mut self, wanted: &Wanted) -> Result<(), TransportError> {
        let digest = digest(&wanted.card.to_string());
        let (message, posted_at_ms) = match &self.held.card {
            Some(Posting { message: Some(message), posted_at_ms, .. }) => (*message, *posted_at_ms),
            Some(Posting { message: None, .. }) | None => {
                return self.post_card(wanted, digest, None).await;
            }
        };
        let age = Duration::from_millis(clock::now().0.saturating_sub(posted_at_ms));
        if self.held.delivered == digest {
            self.held.cursor = wanted.as_of;
            return Ok(());
        }
        if age > ROTATE_AFTER {
            self.held.card = None;
            return self.post_card(wanted, digest, Some(message)).await;
        }
        match self.api.edit(self.held.channel, message, &wanted.card).await {
            Ok(()) => {
                self.told(wanted, digest).await;
                Ok(())
            }
            Err(error) if error.reaction() == Reaction::PostAnew => {
                let gone = error.code() == Some(10_008);
                self.held.card = None;
                self.post_card(wanted, digest, (!gone).then_some(message)).await
            }
            Err(error) => Err(error),
        }
    }

    /// Posts the card: the intent, the message, its id. The old one shrinks to a link.
    async fn post_card(
        &mut self,
        wanted: &Wanted,
        digest: String,
        old: Option<u64>,
    ) -> Result<(), TransportError> {
        let posting = self.held.card.get_or_insert_with(intent).clone();
        self.remember(false).await;
        let channel = self.held.channel;
        let id = self.api.post(channel, &wanted.card, &posting.nonce, &[]).await?;
        let posted_at_ms = clock::now().0;
        self.held.card = Some(Posting { message: Some(id), posted_at_ms, ..posting });
        self.told(wanted, digest).await;
        if let Some(old) = old {
            let url = format!("https://discord.com/channels/{}/{channel}/{id}", self.held.guild);
            if self.api.edit(channel, old, &card::moved(&url)).await.is_err() {
                // an old message that hardly takes edits is taken away instead
                let gone = self.api.delete(channel, old).await;
                tracing::debug!(fight = self.fight, gone = gone.is_ok(), "an old card was removed");
            }
        }
        Ok(())
    }

    async fn told(&mut self, wanted: &Wanted, digest: String) {
        self.held.cursor = wanted.as_of;
        self.held.delivered = digest;
        self.remember(false).await;
    }

    async fn bring_note(&mut self, note: &Note) -> Result<(), TransportError> {
        let there = self.held.beside.iter().position(|one| one.key == note.key);
        let place = if let Some(place) = there {
            place
        } else {
            self.held.beside.push(Beside { key: note.key.clone(), posting: intent() });
            self.remember(false).await;
            self.held.beside.len().saturating_sub(1)
        };
        let Some(beside) = self.held.beside.get(place) else { return Ok(()) };
        if beside.posting.message.is_some() {
            return Ok(());
        }
        let nonce = beside.posting.nonce.clone();
        let id = self.api.post(self.held.channel, &note.body, &nonce, &note.pings).await?;
        if let Some(beside) = self.held.beside.get_mut(place) {
            beside.posting.message = Some(id);
        }
        self.remember(false).await;
        Ok(())
    }

    /// Takes away the notes that are not wanted any more.
    async fn clear_notes(&mut self, wanted: &[Note]) -> Result<(), TransportError> {
        let (keep, drop): (Vec<Beside>, Vec<Beside>) = self
            .held
            .beside
            .drain(..)
            .partition(|one| wanted.iter().any(|note| note.key == one.key));
        self.held.beside = keep;
        let mut left = drop.into_iter();
        while let Some(one) = left.next() {
            if let Err(error) = self.take_away(&one).await
                && error.reaction() != Reaction::PostAnew
            {
                self.held.beside.push(one);
                self.held.beside.extend(left);
                return Err(error);
            }
        }
        Ok(())
    }

    /// Takes a note away. One whose id is not known may stand there all the same: the process was
    /// killed between posting it and writing that down. Posting it again under the same nonce gives
    /// the id of the one that is there, and otherwise something that calls nobody.
    async fn take_away(&self, note: &Beside) -> Result<(), TransportError> {
        let channel = self.held.channel;
        let message = match note.posting.message {
            Some(message) => message,
            None => self.api.post(channel, &parts::passing(), &note.posting.nonce, &[]).await?,
        };
        self.api.delete(channel, message).await
    }

    async fn remember(&self, done: bool) {
        let held = (!done).then_some(&self.held);
        if let Err(error) = self.memory.save(&self.fight, held).await {
            // the card goes on; after a crash now it may be posted a second time
            tracing::warn!(fight = self.fight, %error, "a card's place was not saved");
        }
    }
}

/// What to do after a refusal.
enum Next {
    /// Give up for good.
    Never,
    /// Go on with the next change.
    WhenNew,
    /// Try again with the newest state.
    After(Duration),
}

fn intent() -> Posting {
    // Discord takes 25 characters
    let nonce = clock::fresh_uuid().simple().to_string().chars().rev().take(25).collect();
    Posting { nonce, message: None, posted_at_ms: clock::now().0 }
}
