//! What became of something that a person did: the answer, what followed it, what it offers.

use std::time::Duration;

use serde_json::Value;

use super::FakeDiscord;
use super::see::MessageView;
use super::world::Ack;

/// How long a person waits for an answer before the test fails. Longer than Discord's three
/// seconds: whether the answer came in time is checked apart.
const ANSWER_PATIENCE: Duration = Duration::from_secs(10);

/// What became of something that a person did.
#[derive(Clone)]
pub(crate) struct InteractionResult {
    fake: FakeDiscord,
    pub(crate) id: u64,
    pub(crate) ack: Ack,
    pub(crate) latency: Duration,
}

impl InteractionResult {
    /// Waits for the first answer, and for the message when that was put off.
    pub(crate) async fn of(fake: &FakeDiscord, id: u64) -> Self {
        let what = fake.see(|world| world.interactions[&id].what.clone());
        let what = format!("the answer to {what}");
        let (ack, latency) = fake
            .wait_within(ANSWER_PATIENCE, &what, |world| {
                let one = &world.interactions[&id];
                let ack = one.acks.first()?.clone();
                let loading = one.original.is_some_and(|message| {
                    let message = &world.messages[&message];
                    message.loading && !message.deleted
                });
                let settled = ack.kind != 5 || !loading || !one.follow_ups.is_empty();
                settled.then(|| (ack, one.latency().unwrap_or_default()))
            })
            .await;
        Self { fake: fake.clone(), id, ack, latency }
    }

    /// Discord's number of the kind of the first answer: 4 a message, 5 put off, 6 silently put
    /// off, 7 the message was changed, 8 choices, 9 a modal.
    pub(crate) fn kind(&self) -> u64 {
        self.ack.kind
    }

    /// The answer, or the message it changed, as it stands now.
    pub(crate) fn try_message(&self) -> Option<MessageView> {
        self.fake.see(|world| {
            let id = world.interactions[&self.id].original?;
            Some(MessageView::of(world, &world.messages[&id]))
                .filter(|_| !world.messages[&id].deleted)
        })
    }

    /// [`Self::try_message`], which must be there.
    #[track_caller]
    pub(crate) fn message(&self) -> MessageView {
        self.try_message().unwrap_or_else(|| panic!("no message in answer {:?}", self.ack))
    }

    /// Everything there is to read in the answer.
    #[track_caller]
    pub(crate) fn text(&self) -> String {
        self.message().text()
    }

    /// The follow-ups as they stand now.
    pub(crate) fn follow_ups(&self) -> Vec<MessageView> {
        self.fake.see(|world| {
            let ids = world.interactions[&self.id].follow_ups.iter();
            ids.map(|id| &world.messages[id])
                .filter(|message| !message.deleted)
                .map(|message| MessageView::of(world, message))
                .collect()
        })
    }

    /// Waits until `@original` was edited `times` times in all after the first answer.
    pub(crate) async fn edited(&self, times: usize) -> MessageView {
        let id = self.id;
        self.fake
            .wait_for("an edit of the answer", move |world| {
                (world.interactions[&id].edits >= times).then_some(())
            })
            .await;
        self.message()
    }

    /// Waits for the first follow-up.
    pub(crate) async fn follow_up(&self) -> MessageView {
        let id = self.id;
        self.fake
            .wait_for("a follow-up", move |world| {
                let first = world.interactions[&id].follow_ups.first()?;
                Some(MessageView::of(world, &world.messages[first]))
            })
            .await
    }

    /// What was offered for completion.
    #[track_caller]
    pub(crate) fn choices(&self) -> Vec<(String, Value)> {
        assert_eq!(self.ack.kind, 8, "not choices: {:?}", self.ack);
        let list = self.ack.body["data"]["choices"].as_array().cloned().unwrap_or_default();
        list.iter()
            .map(|one| (one["name"].as_str().unwrap_or_default().to_owned(), one["value"].clone()))
            .collect()
    }

    /// The modal that was opened.
    #[track_caller]
    pub(crate) fn modal(&self) -> Value {
        assert_eq!(self.ack.kind, 9, "not a modal: {:?}", self.ack);
        self.ack.body["data"].clone()
    }
}
