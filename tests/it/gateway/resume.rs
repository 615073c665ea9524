//! Sessions over cuts and restarts: nothing is lost, nothing is told twice.

use skirmish::discord::gateway::{GatewayOptions, Session};

use super::{Bot, Memory, options, type_command};
use crate::support::discord::FakeDiscord;

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

/// An address for resuming at which connections are taken and nothing is ever said: it was tried
/// again for ever.
#[tokio::test]
async fn a_resume_address_that_is_silent_is_given_up() {
    let fake = FakeDiscord::start().await;
    let memory = Memory::default();
    let mut bot = Bot::start(&fake, &memory);
    bot.ready().await;
    bot.stop().await;
    let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let mut session = memory.session().unwrap();
    session.resume_url = format!("ws://{}", silent.local_addr().unwrap());
    *memory.0.session.lock().unwrap() = Some(session);
    let save_every = std::time::Duration::from_secs(10);
    let mut bot = Bot::start_with(&fake, &memory, GatewayOptions { save_every, ..options(&fake) });
    bot.resumed().await;
    assert_eq!(bot.counters.now().silences, 1);
}
