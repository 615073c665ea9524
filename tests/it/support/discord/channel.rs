//! A channel as everybody sees it.

use super::FakeDiscord;
use super::see::MessageView;
use super::world::World;

/// A channel, to look at.
#[derive(Clone)]
pub(crate) struct Channel {
    fake: FakeDiscord,
    pub(crate) id: u64,
}

impl Channel {
    pub(super) fn new(fake: FakeDiscord, id: u64) -> Self {
        Self { fake, id }
    }

    /// What everybody sees, oldest first.
    pub(crate) fn messages(&self) -> Vec<MessageView> {
        self.fake.see(|world| public(world, self.id))
    }

    /// The newest public message.
    #[track_caller]
    pub(crate) fn last(&self) -> MessageView {
        self.messages().pop().unwrap_or_else(|| panic!("nothing in channel {}", self.id))
    }

    /// Waits for a public message that fits.
    pub(crate) async fn wait_for(
        &self,
        what: &str,
        mut fits: impl FnMut(&MessageView) -> bool,
    ) -> MessageView {
        let id = self.id;
        self.fake
            .wait_for(what, move |world| public(world, id).into_iter().rev().find(|one| fits(one)))
            .await
    }

    /// Somebody deletes a message behind the bot's back.
    pub(crate) fn delete(&self, message: u64) {
        self.fake
            .change(|world| world.messages.get_mut(&message).expect("a message").deleted = true);
    }
}

fn public(world: &World, channel: u64) -> Vec<MessageView> {
    let held = world.messages.values();
    held.filter(|one| one.channel == channel && !one.deleted && one.only_for.is_none())
        .map(|one| MessageView::of(world, one))
        .collect()
}
