//! The connection to the gateway, against a Discord that closes, cuts, ignores and repeats.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::json;
use skirmish::discord::gateway::{
    Acks, Counters, Gateway, GatewayError, GatewayEvent, GatewayOptions, Mark, Session,
    SessionStore, SessionStoreError,
};
use skirmish::discord::transport::{Http, HttpOptions};
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;
use twilight_model::application::interaction::{Interaction, InteractionData};

use crate::support::discord::{
    APPLICATION, FakeDiscord, OnConnect, OnIdentify, OnResume, PATIENCE, TOKEN,
};

const CHANNEL: u64 = 77;

/// Keeps the session in memory, over restarts of the gateway in one test.
#[derive(Debug, Clone, Default)]
struct Memory(Arc<Kept>);

#[derive(Debug, Default)]
struct Kept {
    session: Mutex<Option<Session>>,
    broken: AtomicBool,
}

impl Memory {
    fn session(&self) -> Option<Session> {
        self.0.session.lock().unwrap().clone()
    }

    fn sequence(&self) -> u64 {
        self.session().map_or(0, |session| session.sequence)
    }
}

impl SessionStore for Memory {
    async fn load(&self) -> Result<Option<Session>, SessionStoreError> {
        Ok(self.session())
    }

    async fn save(&self, session: &Session) -> Result<(), SessionStoreError> {
        if self.0.broken.load(Ordering::Relaxed) {
            return Err("read-only".into());
        }
        *self.0.session.lock().unwrap() = Some(session.clone());
        Ok(())
    }
}

/// A gateway that runs in a task, as it does in the program.
struct Bot {
    events: mpsc::Receiver<GatewayEvent>,
    acks: Acks,
    counters: Arc<Counters>,
    stop: Option<oneshot::Sender<()>>,
    task: JoinHandle<Option<GatewayError>>,
}

fn options(fake: &FakeDiscord) -> GatewayOptions {
    GatewayOptions {
        url: Some(fake.gateway_url()),
        backoff_first: Duration::from_millis(10),
        backoff_max: Duration::from_millis(40),
        watchdog: Duration::from_millis(400),
        identify_every: Duration::from_millis(1),
        save_every: Duration::from_millis(1),
        ..GatewayOptions::new(TOKEN)
    }
}

fn transport(fake: &FakeDiscord, token: &str) -> Arc<Http> {
    let proxy = Some(fake.api_proxy());
    Arc::new(Http::new(&HttpOptions { proxy, ..HttpOptions::new(token) }).unwrap())
}

impl Bot {
    fn start(fake: &FakeDiscord, memory: &Memory) -> Self {
        Self::start_with(fake, memory, options(fake))
    }

    fn start_with(fake: &FakeDiscord, memory: &Memory, options: GatewayOptions) -> Self {
        let transport = transport(fake, &options.token);
        let mut gateway = Gateway::new(options, transport, memory.clone()).unwrap();
        let (sender, events) = mpsc::channel(100);
        let (stop, mut stopped) = oneshot::channel();
        let (acks, counters) = (gateway.acks(), gateway.counters());
        let task = tokio::spawn(async move {
            loop {
                tokio::select! {
                    _ = &mut stopped => {
                        gateway.close().await;
                        return None;
                    }
                    event = gateway.next() => match event {
                        Ok(event) => sender.send(event).await.unwrap(),
                        Err(error) => return Some(error),
                    },
                }
            }
        });
        Self { events, acks, counters, stop: Some(stop), task }
    }

    async fn event(&mut self) -> GatewayEvent {
        let event = tokio::time::timeout(PATIENCE, self.events.recv()).await;
        event.expect("an event in time").expect("a running gateway")
    }

    async fn interaction(&mut self) -> (Box<Interaction>, Mark) {
        loop {
            if let GatewayEvent::Interaction(interaction, mark) = self.event().await {
                return (interaction, mark);
            }
        }
    }

    async fn ready(&mut self) {
        assert!(matches!(self.event().await, GatewayEvent::Ready(_)));
    }

    async fn resumed(&mut self) {
        assert!(matches!(self.event().await, GatewayEvent::Resumed));
    }

    /// Stops in an orderly way.
    async fn stop(mut self) {
        self.stop.take().unwrap().send(()).unwrap();
        assert!(self.task.await.unwrap().is_none());
    }

    /// What `kill -9` leaves: nothing is said, nothing is saved any more.
    async fn kill(self) {
        self.task.abort();
        assert!(self.task.await.unwrap_err().is_cancelled());
    }

    async fn error(self) -> GatewayError {
        tokio::time::timeout(PATIENCE, self.task).await.unwrap().unwrap().expect("an error")
    }
}

fn type_command(fake: &FakeDiscord) -> u64 {
    fake.user(7).slash_and_leave(CHANNEL, "combat", "status", &[("name", json!("duel"))])
}

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

/// The connection was cut while somebody clicked: the click comes with the RESUME, once.
#[tokio::test]
async fn a_cut_connection_is_resumed_and_nothing_is_lost_or_told_twice() {
    let fake = FakeDiscord::start().await;
    let mut bot = Bot::start(&fake, &Memory::default());
    bot.ready().await;
    let first = type_command(&fake);
    assert_eq!(bot.interaction().await.0.id.get(), first);
    fake.gateway().cut();
    fake.wait_for("the cut", |world| (!world.gateway.is_up()).then_some(())).await;
    let missed = type_command(&fake);
    assert_eq!(bot.interaction().await.0.id.get(), missed);
    bot.resumed().await;
    let next = type_command(&fake);
    assert_eq!(bot.interaction().await.0.id.get(), next);
    fake.see(|world| {
        assert_eq!(world.gateway.identifies.len(), 1);
        assert_eq!(world.gateway.resumes, [("session-1".to_owned(), 2)]);
    });
}

/// Over a restart: what was acknowledged does not come again, what was not does.
#[tokio::test]
async fn a_restart_resumes_after_the_last_durable_event() {
    let fake = FakeDiscord::start().await;
    let memory = Memory::default();
    let mut bot = Bot::start(&fake, &memory);
    bot.ready().await;
    type_command(&fake);
    let unfinished = type_command(&fake);
    let (_, done) = bot.interaction().await;
    let _left_open = bot.interaction().await;
    bot.acks.ack(done);
    bot.stop().await;
    assert_eq!(memory.sequence(), 2);
    fake.see(|world| assert_eq!(world.gateway.closed_by_bot, [4000], "1000 would end the session"));
    let while_down = type_command(&fake);
    let mut bot = Bot::start(&fake, &memory);
    assert_eq!(bot.interaction().await.0.id.get(), unfinished);
    assert_eq!(bot.interaction().await.0.id.get(), while_down);
    bot.resumed().await;
    fake.see(|world| {
        assert_eq!(world.gateway.identifies.len(), 1);
        assert_eq!(world.gateway.resumes, [("session-1".to_owned(), 2)]);
    });
}

/// A restart within the second after `kill -9`: the interaction whose effects were not durable
/// comes again.
#[tokio::test]
async fn a_killed_process_loses_no_interaction() {
    let fake = FakeDiscord::start().await;
    let memory = Memory::default();
    let mut bot = Bot::start(&fake, &memory);
    bot.ready().await;
    let clicked = type_command(&fake);
    bot.interaction().await;
    bot.kill().await;
    assert!(memory.sequence() <= 1);
    let mut bot = Bot::start(&fake, &memory);
    assert_eq!(bot.interaction().await.0.id.get(), clicked);
}

/// The number on disk stays before the first event whose effects are not durable, whatever comes
/// after it.
#[tokio::test]
async fn the_sequence_never_runs_ahead() {
    let fake = FakeDiscord::start().await;
    let memory = Memory::default();
    let mut bot = Bot::start(&fake, &memory);
    bot.ready().await;
    for _ in 0..3 {
        type_command(&fake);
    }
    let (_, first) = bot.interaction().await;
    let (_, second) = bot.interaction().await;
    let (_, third) = bot.interaction().await;
    bot.acks.ack(second);
    bot.acks.ack(third);
    bot.stop().await;
    assert_eq!(memory.sequence(), first.sequence() - 1);
}

/// A server that accepts and closes was connected to a thousand times a second.
#[tokio::test]
async fn a_server_that_closes_at_once_is_not_hammered() {
    let fake = FakeDiscord::start().await;
    fake.change(|world| world.gateway.on_connect.always = OnConnect::Close(1000));
    let backoff_first = Duration::from_millis(40);
    let options =
        GatewayOptions { backoff_first, backoff_max: Duration::from_millis(160), ..options(&fake) };
    let _bot = Bot::start_with(&fake, &Memory::default(), options);
    let at = fake
        .wait_for("six connections", |world| {
            let at = &world.gateway.connections;
            (at.len() >= 6).then(|| at.clone())
        })
        .await;
    // Each wait is in the upper half of its doubled limit: 20, 40, 80, 80, 80 ms at least.
    for (n, least) in [20, 40, 80, 80, 80].into_iter().enumerate() {
        let gap = at[n + 1] - at[n];
        assert!(gap >= Duration::from_millis(least), "wait {n} was {gap:?}");
    }
}

/// A server that hangs up without a close frame: the shard would connect again without a word,
/// and without a wait.
#[tokio::test]
async fn a_server_that_hangs_up_is_not_hammered() {
    let fake = FakeDiscord::start().await;
    fake.change(|world| {
        world.gateway.on_connect.always = OnConnect::HangUp;
    });
    let options = GatewayOptions {
        backoff_first: Duration::from_millis(200),
        backoff_max: Duration::from_millis(200),
        ..options(&fake)
    };
    let bot = Bot::start_with(&fake, &Memory::default(), options);
    let at = fake
        .wait_for("a hundred connections", |world| {
            let at = &world.gateway.connections;
            (at.len() >= 100).then(|| at.clone())
        })
        .await;
    // Without a guard a hundred take 40 ms. The shard is stopped after a few dozen, and then there
    // is a wait of 100 to 200 ms: here at least two of them, in the program up to a minute each.
    assert!(at[99] - at[0] >= Duration::from_millis(200), "{:?}", at[99] - at[0]);
    assert!(bot.counters.now().losses > 0);
}

/// The same with a server that lets us in first: a short success is none.
#[tokio::test]
async fn ready_and_close_in_a_loop_is_slowed_down_too() {
    let fake = FakeDiscord::start().await;
    fake.change(|world| {
        world.gateway.on_identify.always = OnIdentify::ReadyThenClose(4000);
        world.gateway.on_resume.always = OnResume::Close(4000);
    });
    let mut bot = Bot::start(&fake, &Memory::default());
    bot.ready().await;
    let at = fake
        .wait_for("five connections", |world| {
            let at = &world.gateway.connections;
            (at.len() >= 5).then(|| at.clone())
        })
        .await;
    assert!(at[4] - at[3] >= Duration::from_millis(20), "{:?}", at[4] - at[3]);
    fake.see(|world| assert_eq!(world.gateway.identifies.len(), 1, "the rest were RESUMEs"));
}

/// A server that ignored RESUME, but answered heartbeats, left the shard waiting for ever.
#[tokio::test]
async fn an_ignored_resume_ends_in_a_fresh_session() {
    let fake = FakeDiscord::start().await;
    fake.change(|world| {
        world.gateway.heartbeat_interval_ms = 50;
        world.gateway.on_resume.always = OnResume::Ignore;
    });
    let mut bot = Bot::start(&fake, &Memory::default());
    bot.ready().await;
    fake.gateway().cut();
    bot.ready().await;
    assert_eq!(bot.counters.now().silences, 1);
    fake.see(|world| {
        assert_eq!(world.gateway.resumes.len(), 1);
        assert_eq!(world.gateway.identifies.len(), 2);
    });
    let id = type_command(&fake);
    assert_eq!(bot.interaction().await.0.id.get(), id);
}

#[tokio::test]
async fn silence_instead_of_hello_or_ready_is_not_waited_out_for_ever() {
    let fake = FakeDiscord::start().await;
    fake.change(|world| {
        world.gateway.on_connect.once.push_back(OnConnect::Silence);
        world.gateway.on_connect.once.push_back(OnConnect::Drop);
        world.gateway.on_identify.once.push_back(OnIdentify::Ignore);
    });
    let mut bot = Bot::start(&fake, &Memory::default());
    bot.ready().await;
    assert_eq!(bot.counters.now().silences, 2);
    fake.see(|world| assert_eq!(world.gateway.connections.len(), 4));
}

/// A thousand IDENTIFYs a day and Discord resets the token.
#[tokio::test]
async fn the_last_session_starts_of_the_day_are_left_alone() {
    let fake = FakeDiscord::start().await;
    fake.change(|world| {
        world.gateway.starts_remaining = 50;
        world.gateway.starts_reset_after_ms = 300;
    });
    let mut bot = Bot::start(&fake, &Memory::default());
    fake.wait_for("the question", |world| {
        world
            .requests
            .iter()
            .any(|one| one.path == "gateway/bot" && one.status == 200)
            .then_some(())
    })
    .await;
    fake.change(|world| {
        assert!(world.gateway.connections.is_empty());
        world.gateway.starts_remaining = 1_000;
    });
    bot.ready().await;
    assert_eq!(fake.count("GET gateway/bot"), 2);
    fake.see(|world| assert_eq!(world.gateway.identifies.len(), 1));
}

/// A resumed session costs no start, so it is not held back by the limit.
#[tokio::test]
async fn a_session_is_resumed_even_without_starts() {
    let fake = FakeDiscord::start().await;
    let memory = Memory::default();
    let mut bot = Bot::start(&fake, &memory);
    bot.ready().await;
    bot.stop().await;
    fake.change(|world| world.gateway.starts_remaining = 0);
    let mut bot = Bot::start(&fake, &memory);
    bot.resumed().await;
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

#[tokio::test]
async fn fatal_close_codes_end_with_advice() {
    for code in [4004, 4010, 4011, 4012, 4013, 4014] {
        let fake = FakeDiscord::start().await;
        fake.change(|world| world.gateway.on_identify.always = OnIdentify::Close(code));
        let error = Bot::start(&fake, &Memory::default()).error().await;
        let GatewayError::Refused { code: said, advice } = &error else { panic!("{error:?}") };
        assert_eq!(*said, code);
        assert!(error.to_string().contains(&code.to_string()) && !advice.is_empty());
        assert!(!error.to_string().contains("canary"));
        fake.see(|world| assert_eq!(world.gateway.connections.len(), 1));
    }
}

#[tokio::test]
async fn a_wrong_token_is_noticed_before_a_session_start_is_spent() {
    let fake = FakeDiscord::start().await;
    let options = GatewayOptions { token: "wrong-canary".into(), ..options(&fake) };
    let error = Bot::start_with(&fake, &Memory::default(), options).error().await;
    let text = error.to_string();
    assert!(text.contains("DISCORD_TOKEN") && !text.contains("canary"), "{text}");
    fake.see(|world| assert!(world.gateway.connections.is_empty()));
}

#[tokio::test]
async fn other_close_codes_are_resumed_or_begun_anew() {
    for (code, anew) in [(4000, false), (4008, false), (1001, false), (4007, true), (4009, true)] {
        let fake = FakeDiscord::start().await;
        let mut bot = Bot::start(&fake, &Memory::default());
        bot.ready().await;
        fake.gateway().close(code);
        if anew {
            bot.ready().await;
        } else {
            bot.resumed().await;
        }
        let sessions = bot.counters.now().sessions;
        assert_eq!(sessions, if anew { 2 } else { 1 }, "after {code}");
    }
}

#[tokio::test]
async fn requests_to_reconnect_are_followed() {
    let fake = FakeDiscord::start().await;
    let mut bot = Bot::start(&fake, &Memory::default());
    bot.ready().await;
    fake.gateway().ask_to_reconnect();
    bot.resumed().await;
    fake.gateway().invalidate(true);
    bot.resumed().await;
    fake.gateway().invalidate(false);
    bot.ready().await;
    fake.see(|world| {
        assert_eq!((world.gateway.identifies.len(), world.gateway.resumes.len()), (2, 2));
    });
}

#[tokio::test]
async fn a_session_that_discord_forgot_is_begun_anew() {
    let fake = FakeDiscord::start().await;
    let memory = Memory::default();
    let forgotten =
        Session { id: "long ago".into(), sequence: 99, resume_url: "this is no address".into() };
    *memory.0.session.lock().unwrap() = Some(forgotten);
    let mut bot = Bot::start(&fake, &memory);
    bot.ready().await;
    fake.see(|world| assert_eq!(world.gateway.resumes, [("long ago".to_owned(), 99)]));
    type_command(&fake);
    let (_, mark) = bot.interaction().await;
    bot.acks.ack(mark);
    bot.stop().await;
    assert_eq!(memory.session().unwrap().id, "session-1");
    assert_eq!(memory.sequence(), mark.sequence());
}

#[tokio::test]
async fn a_resume_address_that_is_gone_does_not_end_the_session() {
    let fake = FakeDiscord::start().await;
    let memory = Memory::default();
    let mut bot = Bot::start(&fake, &memory);
    bot.ready().await;
    bot.stop().await;
    let mut session = memory.session().unwrap();
    session.resume_url = "ws://127.0.0.1:1".into();
    *memory.0.session.lock().unwrap() = Some(session);
    let mut bot = Bot::start(&fake, &memory);
    bot.resumed().await;
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
