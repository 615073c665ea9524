//! People at their keyboards: they type commands, click buttons, choose from lists.
//!
//! They can only do what Discord's client lets them do: commands must be registered with the
//! options used, buttons must be there and enabled. To do what the client forbids, forge
//! ([`User::forge_component`]).

use serde_json::{Value, json};

use super::outcome::InteractionResult;
use super::see::MessageView;
use super::typed::{MEMBER_PERMISSIONS, command_data, member_json, resolved};
use super::world::{Interaction, channel_json};
use super::{APPLICATION, FakeDiscord, GUILD};

/// Discord's numbers for the kinds of interaction.
mod kind {
    pub(super) const COMMAND: u64 = 2;
    pub(super) const COMPONENT: u64 = 3;
    pub(super) const AUTOCOMPLETE: u64 = 4;
    pub(super) const MODAL: u64 = 5;
}

/// Somebody in the guild.
#[derive(Clone)]
pub(crate) struct User {
    fake: FakeDiscord,
    pub(crate) id: u64,
    locale: String,
    permissions: u64,
    place: Place,
}

/// Where somebody speaks to the bot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Guild,
    DirectMessage,
}

impl User {
    pub(super) fn new(fake: FakeDiscord, id: u64) -> Self {
        let locale = "en-US".to_owned();
        Self { fake, id, locale, permissions: MEMBER_PERMISSIONS, place: Place::Guild }
    }

    /// Gives the user a name to be shown.
    pub(crate) fn named(self, name: &str) -> Self {
        self.fake.change(|world| world.names.insert(self.id, name.to_owned()));
        self
    }

    pub(crate) fn speaking(mut self, locale: &str) -> Self {
        locale.clone_into(&mut self.locale);
        self
    }

    pub(crate) fn with_permissions(mut self, permissions: u64) -> Self {
        self.permissions = permissions;
        self
    }

    /// From now on the user speaks to the bot in private messages.
    pub(crate) fn in_private(mut self) -> Self {
        self.place = Place::DirectMessage;
        self
    }

    /// Types `/command sub` with options and waits for the answer, the deferred one included.
    ///
    /// `sub` is empty, a subcommand, or a group and a subcommand with a space between.
    pub(crate) async fn slash(
        &self,
        channel: u64,
        command: &str,
        sub: &str,
        options: &[(&str, Value)],
    ) -> InteractionResult {
        let id = self.slash_and_leave(channel, command, sub, options);
        InteractionResult::of(&self.fake, id).await
    }

    /// [`Self::slash`] without waiting; [`InteractionResult::of`] waits later.
    pub(crate) fn slash_and_leave(
        &self,
        channel: u64,
        command: &str,
        sub: &str,
        options: &[(&str, Value)],
    ) -> u64 {
        let data = self.fake.see(|world| command_data(world, command, sub, options, None));
        let what = format!("/{command} {sub}");
        self.dispatch(kind::COMMAND, channel, &what, &data, None)
    }

    /// Types into `focused`, whose value so far is among the options, and sees what is offered.
    pub(crate) async fn autocomplete(
        &self,
        channel: u64,
        command: &str,
        sub: &str,
        options: &[(&str, Value)],
        focused: &str,
    ) -> Vec<(String, Value)> {
        let data = self.fake.see(|world| command_data(world, command, sub, options, Some(focused)));
        let what = format!("autocomplete /{command} {sub} {focused}");
        let id = self.dispatch(kind::AUTOCOMPLETE, channel, &what, &data, None);
        InteractionResult::of(&self.fake, id).await.choices()
    }

    /// Clicks the button with this label or custom id.
    ///
    /// The message may be an old view of one that has changed since: that is how a person clicks
    /// a button that is about to go away.
    pub(crate) async fn click(&self, message: &MessageView, which: &str) -> InteractionResult {
        let id = self.click_and_leave(message, which);
        InteractionResult::of(&self.fake, id).await
    }

    /// [`Self::click`] without waiting.
    #[track_caller]
    pub(crate) fn click_and_leave(&self, message: &MessageView, which: &str) -> u64 {
        let button = message.button(which);
        assert!(!button.disabled, "the button {which:?} is disabled");
        assert!(!button.custom_id.is_empty(), "the button {which:?} is a link");
        self.may_see(message);
        self.component(message, 2, &button.custom_id, &[])
    }

    /// Chooses from the select with this custom id or placeholder, by label or value.
    pub(crate) async fn choose(
        &self,
        message: &MessageView,
        which: &str,
        wanted: &[&str],
    ) -> InteractionResult {
        let select = message.select(which);
        assert!(!select.disabled, "the select {which:?} is disabled");
        let count = u64::try_from(wanted.len()).unwrap();
        assert!((select.min_values..=select.max_values).contains(&count), "{count} of {select:?}");
        let values: Vec<String> = wanted
            .iter()
            .map(|want| {
                let found = select
                    .options
                    .iter()
                    .find(|(label, value, _)| value == want || label == want)
                    .or_else(|| select.options.iter().find(|(label, ..)| label.contains(want)));
                match found {
                    Some((_, value, _)) => value.clone(),
                    None if select.kind != 3 => (*want).to_owned(),
                    None => panic!("no option {want:?} in {select:#?}"),
                }
            })
            .collect();
        self.may_see(message);
        let id = self.component(message, select.kind, &select.custom_id, &values);
        InteractionResult::of(&self.fake, id).await
    }

    /// Uses a component that may not exist, as no client would.
    pub(crate) async fn forge_component(
        &self,
        message: &MessageView,
        component_type: u64,
        custom_id: &str,
        values: &[String],
    ) -> InteractionResult {
        let id = self.component(message, component_type, custom_id, values);
        InteractionResult::of(&self.fake, id).await
    }

    /// Fills in the modal that `result` opened.
    pub(crate) async fn submit_modal(
        &self,
        result: &InteractionResult,
        fields: &[(&str, &str)],
    ) -> InteractionResult {
        let modal = result.modal();
        let value_of = |id: &Value| {
            let given = fields.iter().find(|(name, _)| id == name);
            given.map_or(String::new(), |(_, value)| (*value).to_owned())
        };
        let components: Vec<Value> = modal["components"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|field| {
                let fill = |input: &Value| {
                    let id = &input["custom_id"];
                    match input["type"].as_u64() {
                        Some(4) => json!({ "type": 4, "id": 2, "custom_id": id, "value": value_of(id) }),
                        other => json!({ "type": other, "id": 2, "custom_id": id, "values": [value_of(id)] }),
                    }
                };
                if field["type"] == 18 {
                    json!({ "type": 18, "id": 1, "component": fill(&field["component"]) })
                } else {
                    json!({ "type": 1, "id": 1, "components": [fill(&field["components"][0])] })
                }
            })
            .collect();
        for (name, _) in fields {
            let text = modal["components"].to_string();
            assert!(
                text.contains(&json!(name).to_string()),
                "the modal has no field {name:?}: {text}"
            );
        }
        let data = json!({ "custom_id": modal["custom_id"], "components": components });
        let (channel, source) = self.fake.see(|world| {
            let one = &world.interactions[&result.id];
            (one.channel, one.source)
        });
        let id = self.dispatch(kind::MODAL, channel, "modal", &data, source);
        InteractionResult::of(&self.fake, id).await
    }

    #[track_caller]
    fn may_see(&self, message: &MessageView) {
        assert!(
            message.only_for.is_none_or(|user| user == self.id),
            "user {} does not see the private message {}",
            self.id,
            message.id
        );
    }

    fn component(
        &self,
        message: &MessageView,
        component_type: u64,
        custom_id: &str,
        values: &[String],
    ) -> u64 {
        let mut data = json!({
            "id": 1, "component_type": component_type, "custom_id": custom_id, "values": values,
        });
        if matches!(component_type, 5 | 7) {
            data["resolved"] = self.fake.see(|world| resolved(world, values));
        }
        let what = format!("component {custom_id}");
        self.dispatch(kind::COMPONENT, message.channel, &what, &data, Some(message.id))
    }

    fn dispatch(
        &self,
        kind: u64,
        channel: u64,
        what: &str,
        data: &Value,
        source: Option<u64>,
    ) -> u64 {
        self.fake.change(|world| {
            let id = world.fresh_id();
            let token = format!("token-of-interaction-{id}");
            let mut event = json!({
                "id": id.to_string(),
                "application_id": APPLICATION.to_string(),
                "type": kind,
                "data": data,
                "guild": { "id": GUILD.to_string(), "locale": "en-US", "features": [] },
                "guild_id": GUILD.to_string(),
                "guild_locale": "en-US",
                "channel": channel_json(channel),
                "channel_id": channel.to_string(),
                "member": member_json(world, self.id, self.permissions),
                "token": token,
                "version": 1,
                "app_permissions": "2252349569499136",
                "locale": self.locale,
                "entitlements": [],
                "authorizing_integration_owners": { "0": GUILD.to_string() },
                "context": 0,
                "attachment_size_limit": 10_485_760,
            });
            if self.place == Place::DirectMessage {
                // there is a user, and neither a member nor a guild
                let fields = event.as_object_mut().unwrap();
                for name in ["guild", "guild_id", "guild_locale", "member"] {
                    fields.remove(name);
                }
                event["user"] = world.user_json(self.id);
                event["channel"] = json!({ "id": channel.to_string(), "type": 1 });
                event["context"] = json!(1);
                event["authorizing_integration_owners"] = json!({ "0": "0" });
            }
            if let Some(source) = source.filter(|id| world.messages.contains_key(id)) {
                event["message"] = world.message_json(source);
            }
            world.interactions.insert(
                id,
                Interaction {
                    id,
                    token,
                    what: what.to_owned(),
                    user: self.id,
                    channel,
                    source,
                    dispatched: None,
                    acks: Vec::new(),
                    original: None,
                    follow_ups: Vec::new(),
                    expired: false,
                    forgiven: false,
                    edits: 0,
                },
            );
            world.gateway.dispatch("INTERACTION_CREATE", &event);
            id
        })
    }
}
