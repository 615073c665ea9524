//! People at their keyboards: they type commands, click buttons, choose from lists.
//!
//! They can only do what Discord's client lets them do: commands must be registered with the
//! options used, buttons must be there and enabled. To do what the client forbids, forge
//! ([`User::forge_component`]).

use std::time::Duration;

use serde_json::{Value, json};

use super::see::MessageView;
use super::world::{Ack, Interaction, World, channel_json};
use super::{APPLICATION, FakeDiscord, GUILD};

/// How long a person waits for an answer before the test fails. Longer than Discord's three
/// seconds: whether the answer came in time is checked apart.
const ANSWER_PATIENCE: Duration = Duration::from_secs(10);

/// What a member may do unless a test says otherwise: send messages, use commands.
const MEMBER_PERMISSIONS: u64 = 2_248_473_465_835_073;

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
}

/// A channel, to look at.
#[derive(Clone)]
pub(crate) struct Channel {
    fake: FakeDiscord,
    pub(crate) id: u64,
}

/// What became of something that a person did.
#[derive(Clone)]
pub(crate) struct InteractionResult {
    fake: FakeDiscord,
    pub(crate) id: u64,
    pub(crate) ack: Ack,
    pub(crate) latency: Duration,
}

impl User {
    pub(super) fn new(fake: FakeDiscord, id: u64) -> Self {
        Self { fake, id, locale: "en-US".to_owned(), permissions: MEMBER_PERMISSIONS }
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

fn member_json(world: &World, user: u64, permissions: u64) -> Value {
    json!({
        "user": world.user_json(user), "roles": [], "joined_at": "2026-01-01T00:00:00.000000+00:00",
        "deaf": false, "mute": false, "flags": 0, "nick": null, "avatar": null, "pending": false,
        "premium_since": null, "communication_disabled_until": null,
        "permissions": permissions.to_string(),
    })
}

fn resolved(world: &World, users: &[String]) -> Value {
    let mut found = json!({ "users": {}, "members": {} });
    for user in users {
        let id = user.parse().unwrap_or(0);
        found["users"][user] = world.user_json(id);
        let mut member = member_json(world, id, MEMBER_PERMISSIONS);
        member.as_object_mut().unwrap().remove("user");
        found["members"][user] = member;
    }
    found
}

/// The `data` of a command, checked against the registered commands if there are any.
fn command_data(
    world: &World,
    command: &str,
    sub: &str,
    options: &[(&str, Value)],
    focused: Option<&str>,
) -> Value {
    let registered = world.commands.iter().find(|one| one["name"] == command);
    assert!(
        registered.is_some() || world.commands.is_empty(),
        "/{command} is not registered: {:?}",
        world.commands.iter().map(|one| one["name"].clone()).collect::<Vec<_>>()
    );
    let mut spec = registered.cloned();
    let path: Vec<&str> = sub.split_whitespace().collect();
    for part in &path {
        spec = spec.map(|spec| {
            let list = spec["options"].as_array().into_iter().flatten();
            let found = list.clone().find(|one| one["name"] == *part).cloned();
            found.unwrap_or_else(|| panic!("/{command} has no {part:?}: {}", spec["options"]))
        });
    }
    if let (Some(spec), None) = (&spec, focused) {
        for wanted in spec["options"].as_array().into_iter().flatten() {
            let given = options.iter().any(|(name, _)| wanted["name"] == *name);
            assert!(
                given || wanted["required"] != true,
                "/{command} {sub} needs {}",
                wanted["name"]
            );
        }
    }
    let mut users = Vec::new();
    let mut written: Vec<Value> = options
        .iter()
        .map(|(name, value)| {
            let option = spec.as_ref().map(|spec| {
                let list = spec["options"].as_array().into_iter().flatten();
                let found = list.clone().find(|one| one["name"] == *name).cloned();
                found.unwrap_or_else(|| panic!("/{command} {sub} has no option {name:?}"))
            });
            let kind = option.and_then(|one| one["type"].as_u64()).unwrap_or(match value {
                Value::Bool(_) => 5,
                Value::Number(number) if number.is_f64() => 10,
                Value::Number(_) => 4,
                _ => 3,
            });
            if kind == 6 {
                users.extend(value.as_str().map(str::to_owned));
            }
            let mut one = json!({ "name": name, "type": kind, "value": value });
            if focused == Some(*name) {
                one["focused"] = json!(true);
            }
            one
        })
        .collect();
    for (depth, part) in path.iter().enumerate().rev() {
        let kind = if depth + 1 == path.len() { 1 } else { 2 };
        written = vec![json!({ "name": part, "type": kind, "options": written })];
    }
    let id = registered.map_or(json!("1"), |one| one["id"].clone());
    let mut data = json!({ "id": id, "name": command, "type": 1, "options": written });
    if !users.is_empty() {
        data["resolved"] = resolved(world, &users);
    }
    data
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
