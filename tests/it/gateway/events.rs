//! What is heard is handed out once, in order, and nothing that is not asked for.

use std::sync::atomic::Ordering;

use serde_json::json;
use skirmish::discord::gateway::{Gateway, GatewayEvent, GatewayOptions};
use twilight_model::application::interaction::InteractionData;

use super::{Bot, Memory, options, transport, type_command};
use crate::support::discord::{APPLICATION, FakeDiscord, TOKEN};

#[tokio::test]
async fn interactions_arrive_as_they_were_typed() {
    let fake = FakeDiscord::start().await;
    let mut bot = Bot::start(&fake, &Memory::default());
    let GatewayEvent::Ready(ready) = bot.event().await else { panic!("READY comes first") };
    assert_eq!(ready.application.id.get(), APPLICATION);
    let id = type_command(&fake);
    let (interaction, _) = bot.interaction().await;
    assert_eq!(interaction.id.get(), id);
    assert_eq!(interaction.author_id().unwrap().get(), 7);
    let Some(InteractionData::ApplicationCommand(data)) = &interaction.data else {
        panic!("{:?}", interaction.data);
    };
    assert_eq!((data.name.as_str(), data.options[0].name.as_str()), ("combat", "status"));
    fake.see(|world| assert_eq!(world.gateway.identifies.len(), 1));
    assert!(fake.take_violations().is_empty());
}

/// P25: nothing is asked for that the bot does not need.
#[tokio::test]
async fn no_intent_is_asked_for() {
    let fake = FakeDiscord::start().await;
    let mut bot = Bot::start(&fake, &Memory::default());
    bot.ready().await;
    fake.see(|world| assert_eq!(world.gateway.identifies[0]["intents"], 0));
}

#[tokio::test]
async fn heartbeats_are_sent() {
    let fake = FakeDiscord::start().await;
    fake.change(|world| world.gateway.heartbeat_interval_ms = 30);
    let mut bot = Bot::start(&fake, &Memory::default());
    bot.ready().await;
    fake.wait_for("three heartbeats", |world| (world.gateway.heartbeats >= 3).then_some(())).await;
    fake.see(|world| assert_eq!(world.gateway.connections.len(), 1));
}

#[tokio::test]
async fn what_cannot_be_read_is_skipped_and_counted() {
    let fake = FakeDiscord::start().await;
    let memory = Memory::default();
    let mut bot = Bot::start(&fake, &memory);
    bot.ready().await;
    fake.gateway().raw("{ this is no JSON");
    fake.gateway().dispatch("INTERACTION_CREATE", &json!({ "id": "not a number" }));
    fake.gateway().dispatch("INTERACTION_CREATE", &json!({ "id": "5", "type": 99, "token": "t" }));
    fake.gateway().dispatch("SOMETHING_NEW", &json!({ "x": [1, 2, 3] }));
    fake.gateway().raw(r#"{"op":77,"d":null}"#);
    let id = type_command(&fake);
    let (interaction, mark) = bot.interaction().await;
    assert_eq!(interaction.id.get(), id);
    assert_eq!(bot.counters.now().undecodable, 3);
    fake.see(|world| assert_eq!(world.gateway.connections.len(), 1));
    bot.acks.ack(mark);
    bot.stop().await;
    assert_eq!(memory.sequence(), mark.sequence(), "skipped events are done with");
}

/// Discord replays a few events after a RESUME; a click must not count twice.
#[tokio::test]
async fn the_same_interaction_is_handed_out_once() {
    let fake = FakeDiscord::start().await;
    let memory = Memory::default();
    let mut bot = Bot::start(&fake, &memory);
    bot.ready().await;
    type_command(&fake);
    let (interaction, mark) = bot.interaction().await;
    bot.acks.ack(mark);
    let again = serde_json::to_value(&*interaction).unwrap();
    fake.gateway().dispatch("INTERACTION_CREATE", &again);
    let next = type_command(&fake);
    let (interaction, mark) = bot.interaction().await;
    assert_eq!(interaction.id.get(), next);
    assert_eq!(bot.counters.now().duplicates, 1);
    bot.acks.ack(mark);
    bot.stop().await;
    assert_eq!(memory.sequence(), mark.sequence());
}

/// A store that is read-only must not silence the bot; the number on disk just stays where it is.
#[tokio::test]
async fn a_store_that_refuses_does_not_stop_events() {
    let fake = FakeDiscord::start().await;
    let memory = Memory::default();
    memory.0.broken.store(true, Ordering::Relaxed);
    let mut bot = Bot::start(&fake, &memory);
    bot.ready().await;
    type_command(&fake);
    let (_, mark) = bot.interaction().await;
    bot.acks.ack(mark);
    assert!(bot.counters.now().unsaved > 0);
    memory.0.broken.store(false, Ordering::Relaxed);
    bot.stop().await;
    assert_eq!(memory.sequence(), mark.sequence());
}

#[tokio::test]
async fn an_address_that_is_none_is_refused_at_once() {
    let fake = FakeDiscord::start().await;
    let options = GatewayOptions { url: Some("http://example.org".into()), ..options(&fake) };
    let made = Gateway::new(options, transport(&fake, TOKEN), Memory::default());
    let text = made.expect_err("an error").to_string();
    assert!(text.contains("DISCORD_GATEWAY_URL"), "{text}");
}
