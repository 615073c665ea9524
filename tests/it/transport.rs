//! The transport against a Discord that misbehaves: late, never, rude and repeated answers.

use std::fmt::Write as _;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;
use skirmish::discord::lint::IS_COMPONENTS_V2;
use skirmish::discord::transport::{
    Http, HttpOptions, Reaction, Response, Scope, Transport, TransportError, requests,
};
use twilight_http::request::{Form, Method, Request, RequestBuilder, TryIntoRequest};
use twilight_model::http::interaction::{InteractionResponse, InteractionResponseType};
use twilight_model::id::Id;

use crate::support::discord::{APPLICATION, FakeDiscord, Fault, Kind429, TOKEN};

const CHANNEL: u64 = 77;
const PATCH: &str = "PATCH channels/*/messages/*";

async fn fake_and_http() -> (FakeDiscord, Arc<Http>) {
    let fake = FakeDiscord::start().await;
    let http = http(&fake, TOKEN);
    (fake, http)
}

fn http(fake: &FakeDiscord, token: &str) -> Arc<Http> {
    let options = HttpOptions {
        proxy: Some(fake.api_proxy()),
        backoff_first: Duration::from_millis(10),
        ..HttpOptions::new(token)
    };
    Arc::new(Http::new(&options).unwrap())
}

fn body(text: &str) -> Vec<u8> {
    let card = serde_json::json!({
        "flags": IS_COMPONENTS_V2,
        "components": [{ "type": 10, "content": text }],
        "allowed_mentions": { "parse": [] },
    });
    card.to_string().into_bytes()
}

fn raw(method: Method, path: String, body: Vec<u8>) -> Request {
    RequestBuilder::raw(method, path).body(body).build().unwrap()
}

fn create() -> Request {
    raw(Method::Post, format!("channels/{CHANNEL}/messages"), body("round 1"))
}

fn edit(message: u64, text: &str) -> Request {
    raw(Method::Patch, format!("channels/{CHANNEL}/messages/{message}"), body(text))
}

fn id_of(response: &Response) -> u64 {
    let json: serde_json::Value = response.json().unwrap();
    json["id"].as_str().unwrap().parse().unwrap()
}

async fn posted(http: &Http) -> u64 {
    id_of(&http.send(create()).await.unwrap())
}

/// An interaction that waits for its answer.
fn interaction(fake: &FakeDiscord) -> (u64, String) {
    let id = fake.user(7).slash_and_leave(CHANNEL, "combat", "status", &[]);
    (id, fake.see(|world| world.interactions[&id].token.clone()))
}

fn callback(id: u64, token: &str) -> Request {
    let deferral = InteractionResponse {
        kind: InteractionResponseType::DeferredChannelMessageWithSource,
        data: None,
    };
    requests()
        .interaction(Id::new(APPLICATION))
        .create_response(Id::new(id), token, &deferral)
        .try_into_request()
        .unwrap()
}

/// F1. Five players clicked at the same moment; Discord took a second for each answer; the stock
/// client sent one after the other, and the last three players read "This interaction failed".
#[tokio::test]
async fn f1_callbacks_do_not_queue_behind_each_other() {
    let (fake, http) = fake_and_http().await;
    let slow = fake.hold("POST interactions/**", 5);
    let answers: Vec<_> = (0..5)
        .map(|_| {
            let (id, token) = interaction(&fake);
            let http = Arc::clone(&http);
            tokio::spawn(async move { http.send(callback(id, &token)).await })
        })
        .collect();
    // None of the five has been answered, and yet all five have been sent.
    fake.wait_for("five callbacks at once", |world| (world.requests.len() == 5).then_some(()))
        .await;
    slow.release(5);
    for answer in join_all(answers).await {
        assert_eq!(answer.unwrap().unwrap().status.as_u16(), 204);
    }
    assert_eq!(http.counters().now().callbacks, 5);
    fake.assert_clean();
}

/// F1, the other half: a queue of edits that waits for its bucket must not hold a callback up.
#[tokio::test]
async fn f1_callbacks_do_not_queue_behind_edits() {
    let (fake, http) = fake_and_http().await;
    let message = posted(&http).await;
    let stuck = fake.hold(PATCH, 1);
    let edits: Vec<_> = (0..10)
        .map(|n| {
            let http = Arc::clone(&http);
            tokio::spawn(async move { http.send(edit(message, &format!("round {n}"))).await })
        })
        .collect();
    fake.wait_for("the first edit", |world| (world.requests.len() == 2).then_some(())).await;
    let (id, token) = interaction(&fake);
    assert!(http.send(callback(id, &token)).await.is_ok());
    stuck.release_all();
    for edit in join_all(edits).await {
        edit.unwrap().unwrap();
    }
    fake.assert_clean();
}

/// F2. Discord sends `X-RateLimit-Scope` only with a 429. The stock client wants it on every
/// answer, so it never learned a bucket from a 200 and ran into the limit again and again.
#[tokio::test]
async fn f2_buckets_are_learned_from_answers_without_a_scope() {
    let (fake, http) = fake_and_http().await;
    let message = posted(&http).await;
    fake.limit(PATCH, 3, Duration::from_millis(400));
    for n in 0..10 {
        http.send(edit(message, &format!("round {n}"))).await.unwrap();
    }
    assert_eq!(http.counters().now().rate_limited, 0, "{}", fake.report());
    assert_eq!(fake.count(PATCH), 10);
    fake.assert_clean();
}

/// F3. One edit met a global 429 and was sent 150 times in three seconds. Ten thousand such
/// requests in ten minutes ban the address.
#[tokio::test]
async fn f3_a_global_429_stops_everything_but_callbacks() {
    let (fake, http) = fake_and_http().await;
    let message = posted(&http).await;
    fake.fail(PATCH, 1, Fault::TooMany { retry_after: 0.5, kind: Kind429::Global });
    let refused = tokio::spawn({
        let http = Arc::clone(&http);
        async move { http.send(edit(message, "round 2")).await }
    });
    fake.wait_for("the refused edit", |world| {
        world.requests.iter().any(|one| one.status == 429).then_some(())
    })
    .await;
    let other = http.send(raw(Method::Get, "users/@me".into(), vec![]));
    let (id, token) = interaction(&fake);
    let (other, answered) = tokio::join!(other, http.send(callback(id, &token)));
    other.unwrap();
    answered.unwrap();
    refused.await.unwrap().unwrap();
    let at = |method: &str, path: &str, nth: usize| {
        fake.see(|world| {
            let fits = |one: &&_| {
                let one: &crate::support::discord::Recorded = one;
                one.method == method && one.path.starts_with(path)
            };
            world.requests.iter().filter(fits).nth(nth).map(|one| one.at).unwrap()
        })
    };
    let refused_at = at("PATCH", "channels", 0);
    let quiet = Duration::from_millis(490);
    assert!(at("PATCH", "channels", 1) - refused_at >= quiet);
    assert!(at("GET", "users", 0) - refused_at >= quiet);
    assert!(at("POST", "interactions", 0) - refused_at < quiet);
    assert_eq!(fake.count(PATCH), 2);
    assert_eq!(http.counters().now().rate_limited_globally, 1);
    fake.assert_clean();
}

/// F3, from the network in front of Discord: HTML instead of JSON, and no word of how long.
#[tokio::test]
async fn f3_a_page_of_cloudflare_is_believed_at_once() {
    let (fake, http) = fake_and_http().await;
    let message = posted(&http).await;
    fake.fail("* **", usize::MAX, Fault::Cloudflare { retry_after: None });
    let error = http.send(edit(message, "round 2")).await.unwrap_err();
    let TransportError::RateLimited { scope: Scope::Address, retry_after, .. } = &error else {
        panic!("{error:?}");
    };
    assert!(*retry_after >= Duration::from_secs(59), "{retry_after:?}");
    assert_eq!(error.reaction(), Reaction::TryLater);
    let sent = http.counters().now().sent;
    assert!(http.send(edit(message, "round 3")).await.is_err());
    assert!(http.send(create()).await.is_err());
    assert_eq!(http.counters().now().sent, sent, "not a single request more");
}

/// F3, fractions of a second: "0.65" was read as no wait at all.
#[tokio::test]
async fn f3_fractional_waits_are_waited() {
    for kind in [Kind429::User, Kind429::BodyOnly, Kind429::Shared] {
        let (fake, http) = fake_and_http().await;
        let message = posted(&http).await;
        fake.fail(PATCH, 1, Fault::TooMany { retry_after: 0.65, kind });
        http.send(edit(message, "round 2")).await.unwrap();
        let at: Vec<_> = fake.see(|world| {
            world.requests.iter().filter(|one| one.method == "PATCH").map(|one| one.at).collect()
        });
        assert_eq!(at.len(), 2, "{kind:?}");
        assert!(at[1] - at[0] >= Duration::from_millis(640), "{kind:?} {:?}", at[1] - at[0]);
        fake.assert_clean();
    }
}

/// A 429 on one route is no reason to be silent on another, nor to send more on the first.
#[tokio::test]
async fn a_429_without_a_bucket_blocks_its_route_only() {
    let (fake, http) = fake_and_http().await;
    let message = posted(&http).await;
    fake.fail(PATCH, usize::MAX, Fault::TooMany { retry_after: 60.0, kind: Kind429::BodyOnly });
    let error = http.send(edit(message, "round 2")).await.unwrap_err();
    assert!(matches!(error, TransportError::RateLimited { scope: Scope::Route, .. }), "{error:?}");
    assert!(http.send(edit(message, "round 3")).await.is_err());
    assert_eq!(fake.count(PATCH), 1);
    posted(&http).await;
}

/// F4. A 429 on a callback was answered with 3,940 requests in three seconds.
#[tokio::test]
async fn f4_a_429_on_a_callback_is_not_hammered() {
    let (fake, http) = fake_and_http().await;
    let (id, token) = interaction(&fake);
    let pattern = "POST interactions/**";
    fake.fail(pattern, usize::MAX, Fault::TooMany { retry_after: 0.05, kind: Kind429::User });
    let error = http.send(callback(id, &token)).await.unwrap_err();
    assert!(matches!(error, TransportError::RateLimited { .. }), "{error:?}");
    assert!(fake.count(pattern) <= 2, "{}", fake.count(pattern));
}

/// F4, when once is enough: the second try is the one that counts.
#[tokio::test]
async fn f4_a_short_429_on_a_callback_is_waited_for() {
    let (fake, http) = fake_and_http().await;
    let (id, token) = interaction(&fake);
    let once = Fault::TooMany { retry_after: 0.05, kind: Kind429::User };
    fake.fail("POST interactions/**", 1, once);
    http.send(callback(id, &token)).await.unwrap();
    fake.assert_clean();
}

/// F5. Edits to a message older than an hour are refused with 30046; the stock client took it
/// for a rate limit like any other and retried for ever.
#[tokio::test]
async fn f5_an_old_message_is_not_retried_but_posted_anew() {
    let (fake, http) = fake_and_http().await;
    let (old, new) = (posted(&http).await, posted(&http).await);
    let fault = Fault::TooMany { retry_after: 3600.0, kind: Kind429::OldMessage };
    fake.fail(&format!("PATCH channels/*/messages/{old}"), usize::MAX, fault);
    let error = http.send(edit(old, "round 2")).await.unwrap_err();
    assert_eq!((error.code(), error.reaction()), (Some(30_046), Reaction::PostAnew));
    assert_eq!(fake.count(PATCH), 1);
    http.send(edit(new, "round 2")).await.unwrap();
    fake.assert_clean();
}

#[tokio::test]
async fn a_refusal_is_final() {
    let (fake, http) = fake_and_http().await;
    let error = http.send(edit(1, "to nobody")).await.unwrap_err();
    assert_eq!((error.code(), error.reaction()), (Some(10_008), Reaction::PostAnew));
    fake.fail(PATCH, usize::MAX, Fault::Api { status: 403, code: 50_013 });
    let error = http.send(edit(1, "not here")).await.unwrap_err();
    assert_eq!(error.reaction(), Reaction::MissingPermission);
    assert_eq!(fake.count(PATCH), 2);
}

#[tokio::test]
async fn a_second_or_late_answer_is_named() {
    let (fake, http) = fake_and_http().await;
    let (id, token) = interaction(&fake);
    http.send(callback(id, &token)).await.unwrap();
    let error = http.send(callback(id, &token)).await.unwrap_err();
    assert_eq!((error.code(), error.reaction()), (Some(40_060), Reaction::AlreadyAnswered));
    assert_eq!(fake.take_violations().len(), 1, "the fake saw it too");
    fake.expire(id);
    let path = format!("webhooks/{APPLICATION}/{token}/messages/@original");
    let error = http.send(raw(Method::Patch, path, body("late"))).await.unwrap_err();
    assert_eq!((error.code(), error.reaction()), (Some(50_027), Reaction::InteractionOver));
    let (id, token) = interaction(&fake);
    fake.expire(id);
    let error = http.send(callback(id, &token)).await.unwrap_err();
    assert_eq!((error.code(), error.reaction()), (Some(10_062), Reaction::InteractionOver));
}

#[tokio::test]
async fn faults_of_discord_are_retried_a_few_times() {
    let (fake, http) = fake_and_http().await;
    let message = posted(&http).await;
    fake.fail(PATCH, 2, Fault::Status(502));
    http.send(edit(message, "round 2")).await.unwrap();
    assert_eq!(fake.count(PATCH), 3);
    fake.fail(PATCH, usize::MAX, Fault::Status(503));
    let error = http.send(edit(message, "round 3")).await.unwrap_err();
    assert!(matches!(error, TransportError::Server { status: 503, .. }), "{error:?}");
    assert_eq!(fake.count(PATCH), 3 + 4);
    fake.assert_clean();
}

#[tokio::test]
async fn a_lost_connection_is_made_again_for_what_can_be_repeated() {
    let (fake, http) = fake_and_http().await;
    let message = posted(&http).await;
    fake.fail(PATCH, 1, Fault::DropBefore);
    http.send(edit(message, "round 2")).await.unwrap();
    fake.fail("POST channels/**", 1, Fault::DropAfter);
    let error = http.send(create()).await.unwrap_err();
    assert!(matches!(error, TransportError::Unreachable { .. }), "{error:?}");
    assert_eq!(fake.channel(CHANNEL).messages().len(), 2, "it was not sent a second time");
    fake.assert_clean();
}

/// A card is posted once: the answer was lost, the message was not.
#[tokio::test]
async fn a_message_with_an_enforced_nonce_is_repeated_and_posted_once() {
    let (fake, http) = fake_and_http().await;
    fake.fail("POST channels/**", 1, Fault::DropAfter);
    let mut card: serde_json::Value = serde_json::from_slice(&body("round 1")).unwrap();
    card["nonce"] = "card-1".into();
    card["enforce_nonce"] = true.into();
    let path = format!("channels/{CHANNEL}/messages");
    http.send(raw(Method::Post, path, card.to_string().into_bytes())).await.unwrap();
    assert_eq!(fake.count("POST channels/**"), 2);
    assert_eq!(fake.channel(CHANNEL).messages().len(), 1);
    fake.assert_clean();
}

#[tokio::test]
async fn a_deadline_is_kept() {
    let (fake, http) = fake_and_http().await;
    let message = posted(&http).await;
    let _never = fake.hold(PATCH, 1);
    let within = Duration::from_millis(100);
    let error = http.send_within(edit(message, "round 2"), within).await.unwrap_err();
    assert!(matches!(error, TransportError::Deadline { .. }), "{error:?}");
    assert_eq!(http.counters().now().deadline_missed, 1);
    // The permit was given back: the next edit is not stuck behind the one that was given up.
    http.send(edit(message, "round 3")).await.unwrap();
}

/// P17: with the permissions gone, every edit is a 403; the bot stops before Discord bans it.
#[tokio::test]
async fn invalid_requests_are_stopped_well_before_a_hundred() {
    let (fake, http) = fake_and_http().await;
    let message = posted(&http).await;
    fake.fail(PATCH, usize::MAX, Fault::Api { status: 403, code: 50_013 });
    let mut withheld = 0;
    for n in 0..150 {
        let error = http.send(edit(message, &format!("round {n}"))).await.unwrap_err();
        withheld += usize::from(matches!(error, TransportError::Withheld { .. }));
    }
    assert_eq!(fake.count(PATCH), 80);
    assert_eq!(withheld, 70);
    let (id, token) = interaction(&fake);
    http.send(callback(id, &token)).await.expect("players are answered all the same");
}

/// P24: the token is in no error, whatever goes wrong.
#[tokio::test]
async fn tokens_are_in_no_error() {
    let fake = FakeDiscord::start().await;
    let wrong = "wrong-canary-token";
    let http = http(&fake, wrong);
    let unauthorized = http.send(create()).await.unwrap_err();
    assert_eq!(unauthorized.reaction(), Reaction::TokenRefused);
    let (id, token) = interaction(&fake);
    fake.expire(id);
    let late = http.send(callback(id, &token)).await.unwrap_err();
    let nowhere = HttpOptions {
        proxy: Some("127.0.0.1:1".into()),
        backoff_first: Duration::from_millis(1),
        ..HttpOptions::new(wrong)
    };
    let unreachable = Http::new(&nowhere).unwrap().send(callback(id, &token)).await.unwrap_err();
    for error in [unauthorized, late, unreachable] {
        let mut text = format!("{error} {error:?}");
        let mut source = std::error::Error::source(&error);
        while let Some(deeper) = source {
            write!(text, " {deeper} {deeper:?}").unwrap();
            source = deeper.source();
        }
        assert!(!text.contains("canary") && !text.contains(&token), "{text}");
    }
}

#[tokio::test]
async fn pictures_are_uploaded_and_kept_over_edits() {
    let (fake, http) = fake_and_http().await;
    let card = serde_json::json!({
        "flags": IS_COMPONENTS_V2,
        "components": [{ "type": 12, "items": [
            { "media": { "url": "attachment://map.png" }, "description": "A map" }
        ] }],
        "attachments": [{ "id": 0, "filename": "map.png" }],
        "allowed_mentions": { "parse": [] },
    });
    let form = Form::new().json_part(b"payload_json", card.to_string().as_bytes()).file_part(
        b"files[0]",
        b"map.png",
        b"not really a picture\r\n--",
    );
    let path = format!("channels/{CHANNEL}/messages");
    let upload = RequestBuilder::raw(Method::Post, path).form(form).build().unwrap();
    let message = id_of(&http.send(upload).await.unwrap());
    let files = fake.see(|world| world.messages[&message].files.clone());
    assert_eq!(files["map.png"], b"not really a picture\r\n--");
    http.send(edit(message, "the map is gone from the text")).await.unwrap();
    let view = fake.channel(CHANNEL).last();
    assert_eq!(view.json["attachments"][0]["filename"], "map.png");
    fake.assert_clean();
}

/// The fake itself: what breaks Discord's description, our lint or the peace is written down.
#[tokio::test]
async fn the_fake_is_not_gentler_than_discord() {
    let (fake, http) = fake_and_http().await;
    let path = || format!("channels/{CHANNEL}/messages");
    let bad = |body: &str| raw(Method::Post, path(), body.as_bytes().to_vec());
    http.send(bad(r#"{"content":"hello"}"#)).await.unwrap();
    assert_eq!(fake.take_violations().len(), 1, "no allowed_mentions");
    let ping = r#"{"content":"<@7>","allowed_mentions":{"parse":[],"users":["7"]}}"#;
    http.send(bad(ping)).await.unwrap();
    assert_eq!(fake.take_violations().len(), 1, "a ping nobody allowed");
    fake.allow_ping(7);
    http.send(bad(ping)).await.unwrap();
    assert_eq!(fake.take_violations(), Vec::<String>::new());
    let missing = http.send(raw(Method::Get, "guilds/1/nonsense".into(), vec![])).await;
    assert!(missing.is_err());
    assert!(!fake.take_violations().is_empty(), "no such path");
    if crate::support::discord::contract_is_available() {
        let wrong = r#"{"content":7,"allowed_mentions":{"parse":[]}}"#;
        let error = http.send(bad(wrong)).await.unwrap_err();
        assert_eq!(error.code(), Some(50_035));
        assert_eq!(fake.take_violations().len(), 1, "content is not a number");
    }
}
