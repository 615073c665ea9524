//! How an interaction is answered: at once if possible, otherwise with "thinking" in good time.
//!
//! Every interaction gets exactly one first answer, within Discord's three seconds, whatever
//! happens to the work behind it; what comes later edits that answer or follows it.

use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::time::Duration;

use futures_util::FutureExt;
use serde_json::{Value, json};

use super::api::{Answerable, Api, without_privacy};
use super::render::{parts, text};
use super::transport::{Reaction, TransportError};

/// After this the interaction is deferred. Discord gives 3 s from its own clock; what is left is
/// for the way there and back.
pub const DEFER_AFTER: Duration = Duration::from_millis(1_200);
/// Completion cannot be deferred: what is late is empty.
pub const COMPLETE_WITHIN: Duration = Duration::from_millis(1_500);
/// A token dies after 15 minutes; work that takes this long is told to be lost.
pub const WORK_WITHIN: Duration = Duration::from_mins(10);
/// Characters of a sentence that says what is wrong.
const SENTENCE_MAX_CHARS: usize = 600;

/// What an interaction is answered with.
#[derive(Debug, Clone, PartialEq)]
pub enum Reply {
    /// A message that only the asker sees, or everybody.
    New(Value),
    /// The message with the component changes.
    Update(Value),
    /// A form. Cannot follow a deferral.
    Modal(Value),
    /// Completions.
    Choices(Vec<(String, String)>),
}

/// How an interaction is deferred, if its work takes too long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deferral {
    /// "Thinking…", for the asker alone.
    Private,
    /// "Thinking…", for everybody.
    Public,
    /// The message stays as it is until it changes.
    Update,
    /// Completions: late is empty.
    Empty,
}

impl Deferral {
    fn body(self) -> Value {
        match self {
            Self::Private => json!({ "type": 5, "data": { "flags": parts::EPHEMERAL } }),
            Self::Public => json!({ "type": 5 }),
            Self::Update => json!({ "type": 6 }),
            Self::Empty => json!({ "type": 8, "data": { "choices": [] } }),
        }
    }
}

/// One private sentence.
pub fn sentence(words: &str) -> Reply {
    Reply::New(parts::private(vec![parts::text(&text::sentence(words, SENTENCE_MAX_CHARS))]))
}

impl Reply {
    fn callback(&self) -> Value {
        match self {
            Self::New(body) => json!({ "type": 4, "data": body }),
            Self::Update(body) => json!({ "type": 7, "data": without_privacy(body) }),
            Self::Modal(body) => json!({ "type": 9, "data": body }),
            Self::Choices(choices) => {
                let choices: Vec<Value> = choices
                    .iter()
                    .map(|(name, value)| json!({ "name": text::plain(name, 100), "value": value }))
                    .collect();
                json!({ "type": 8, "data": { "choices": choices } })
            }
        }
    }

    fn is_private(&self) -> bool {
        let Self::New(body) = self else { return false };
        let flags = body.get("flags").and_then(Value::as_u64).unwrap_or_default();
        flags & parts::EPHEMERAL != 0
    }
}

/// Does `work` and answers with what comes of it.
pub async fn answer(
    api: &Api,
    to: &Answerable,
    deferral: Deferral,
    work: impl Future<Output = Reply> + Send,
) {
    let work = AssertUnwindSafe(work).catch_unwind().map(|done| done.unwrap_or_else(|_| broken()));
    tokio::pin!(work);
    let patience = if deferral == Deferral::Empty { COMPLETE_WITHIN } else { DEFER_AFTER };
    if let Ok(reply) = tokio::time::timeout(patience, &mut work).await {
        if let Err(error) = api.callback(to, &reply.callback()).await {
            late(api, to, &reply, &error).await;
        }
        return;
    }
    if let Err(error) = api.callback(to, &deferral.body()).await
        && error.reaction() != Reaction::AlreadyAnswered
    {
        log(&error);
        // the work goes on: it may have changed the fight, and its effects are seen on the card
    }
    if deferral == Deferral::Empty {
        return;
    }
    let reply = tokio::time::timeout(WORK_WITHIN, work).await.unwrap_or_else(|_| {
        sentence("That took too long and nothing more will come of it: look at the card.")
    });
    if let Err(error) = settle(api, to, deferral, &reply).await {
        log(&error);
    }
}

/// Says after a deferral what there is to say.
async fn settle(
    api: &Api,
    to: &Answerable,
    deferral: Deferral,
    reply: &Reply,
) -> Result<(), TransportError> {
    match (deferral, reply) {
        (Deferral::Public, Reply::New(body)) if reply.is_private() => {
            // who sees a deferred answer is settled; what is private comes beside it
            api.follow_up(to, body).await?;
            api.delete_answer(to).await
        }
        (Deferral::Update, Reply::New(body)) => api.follow_up(to, body).await,
        (_, Reply::New(body) | Reply::Update(body)) => api.edit_answer(to, body).await,
        (_, Reply::Modal(_) | Reply::Choices(_)) => {
            let Reply::New(body) = sentence("That took too long: please try again.") else {
                return Ok(());
            };
            api.follow_up(to, &body).await
        }
    }
}

/// The first answer was not taken.
async fn late(api: &Api, to: &Answerable, reply: &Reply, error: &TransportError) {
    if error.reaction() == Reaction::AlreadyAnswered
        && let Reply::New(body) | Reply::Update(body) = reply
    {
        if let Err(error) = api.edit_answer(to, body).await {
            log(&error);
        }
        return;
    }
    if error.reaction() == Reaction::OurFault
        && let Err(error) = api.callback(to, &broken().callback()).await
    {
        log(&error);
    }
    log(error);
}

fn log(error: &TransportError) {
    match error.reaction() {
        Reaction::InteractionOver => {
            tracing::info!(%error, "an interaction was over before its answer");
        }
        // a list of proposals for somebody who types on: the earlier answer stands
        Reaction::AlreadyAnswered => {
            tracing::debug!(%error, "an interaction had been answered already");
        }
        Reaction::ForgetChannel
        | Reaction::TokenRefused
        | Reaction::MissingPermission
        | Reaction::ThreadArchived
        | Reaction::TryLater
        | Reaction::PostAnew
        | Reaction::UseExistingThread
        | Reaction::OurFault => {
            tracing::warn!(%error, "an interaction could not be answered");
        }
    }
}

/// The answer to a fault of ours.
fn broken() -> Reply {
    let incident = crate::clock::fresh_uuid().simple().to_string();
    tracing::error!(incident, "an interaction failed through a fault of ours");
    sentence(&format!(
        "Something went wrong on our side; the fight is as the card shows it. Incident {incident}."
    ))
}
