//! A Discord that closes, hangs up, refuses or is silent is neither hammered nor waited for.

use std::time::Duration;

use skirmish::discord::gateway::{GatewayError, GatewayOptions};

use super::{Bot, Memory, options, type_command};
use crate::support::discord::{FakeDiscord, OnConnect, OnIdentify, OnResume, PATIENCE};

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

/// A HELLO whose heartbeat interval is 0 makes the library panic: it costs the connection and
/// nothing else.
#[tokio::test]
async fn a_hello_that_breaks_the_library_costs_one_connection() {
    let fake = FakeDiscord::start().await;
    fake.change(|world| world.gateway.heartbeat_interval_ms = 0);
    let mut bot = Bot::start(&fake, &Memory::default());
    let broken = async {
        while bot.counters.now().broken == 0 {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(PATIENCE, broken).await.expect("the library to break");
    fake.change(|world| world.gateway.heartbeat_interval_ms = 41_250);
    bot.ready().await;
    let id = type_command(&fake);
    assert_eq!(bot.interaction().await.0.id.get(), id);
}
