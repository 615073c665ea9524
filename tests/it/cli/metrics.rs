//! The figures for Prometheus, read from the real endpoint while a real process plays: each counts
//! what it says it counts.

use serde_json::json;
use skirmish::clock::Stopwatch;
use skirmish::protocol::pb;
use tonic::transport::Channel;

use pb::combat_service_client::CombatServiceClient;
use pb::combat_streaming_service_client::CombatStreamingServiceClient;

use super::server::{self, PATIENCE, Server, make_token};
use crate::support::discord::{FakeDiscord, Fault, GUILD, Kind429};
use crate::support::fight::{Event, Wish, call, goblins, join_hero, request};

const CHANNEL: u64 = 777;
const GM: u64 = 10;

/// One figure; 0 if the page does not have it yet.
fn figure(server: &Server, name: &str) -> u64 {
    let page = server.figures();
    assert!(page.ends_with("# EOF\n"), "{page}");
    let value = page.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
    value.map_or(0, |value| value.parse().expect("a number"))
}

/// Reads the page again and again until the figure is as wanted.
#[track_caller]
fn figure_becomes(server: &Server, name: &str, wanted: impl Fn(u64) -> bool) -> u64 {
    let begun = Stopwatch::start();
    loop {
        let value = figure(server, name);
        if wanted(value) {
            return value;
        }
        assert!(begun.elapsed() < PATIENCE, "{name} stays at {value}:\n{}", server.figures());
    }
}

const EDITS: &str = "skirmish_discord_http_total{what=\"edits\"}";
const RATE_LIMITED: &str = "skirmish_discord_http_total{what=\"rate_limited\"}";
const CARDS: &str = "skirmish_readers{kind=\"card\"}";
const OBSERVERS: &str = "skirmish_readers{kind=\"observer\"}";
const PARTICIPANTS: &str = "skirmish_readers{kind=\"participant\"}";
const OBSERVER_LAG: &str = "skirmish_reader_lag_events{kind=\"observer\"}";
const COMMITS: &str = "skirmish_commits_total";
const EVENTS: &str = "skirmish_events_total";

#[tokio::test(flavor = "multi_thread")]
async fn every_figure_counts_what_it_says() {
    let fake = FakeDiscord::start().await;
    fake.allow_ping(GM);
    let folder = tempfile::tempdir().expect("a folder");
    let mut command = server::serve(folder.path());
    let mut server = Server::start(command.envs(fake.env()));
    fake.ready().await;
    fake.commands_registered().await;
    assert_eq!(
        [COMMITS, EVENTS, CARDS, EDITS, RATE_LIMITED].map(|name| figure(&server, name)),
        [0; 5]
    );
    figure_becomes(&server, "skirmish_discord_gateway_total{what=\"sessions\"}", |n| n == 1);

    // Discord: a request that opens a fight, its card, and edits of it, one of them held up.
    let gm = fake.user(GM).named("Gisela");
    let options = [("name", json!("Ambush")), ("monsters", json!("2 goblin warrior"))];
    let started = gm.slash(CHANNEL, "combat", "start", &options).await;
    assert!(started.text().contains("Ambush is open"), "{}", started.text());
    assert_eq!(figure(&server, "skirmish_requests_total{surface=\"hub\",kind=\"initiate\"}"), 1);
    figure_becomes(&server, "skirmish_combats", |combats| combats == 1);
    assert_eq!(figure_becomes(&server, COMMITS, |commits| commits > 0), 1);
    figure_becomes(&server, CARDS, |cards| cards == 1);
    let channel = fake.channel(CHANNEL);
    channel.wait_for("the card", |message| message.has_button("Log")).await;
    let before = (figure(&server, EDITS), figure(&server, EVENTS));
    let fault = Fault::TooMany { retry_after: 0.05, kind: Kind429::User };
    fake.fail("PATCH channels/*/messages/*", 1, fault);
    let session = fake_fight(&server, folder.path()).await;
    let (start, _) =
        make_token(folder.path(), &["start", "--guild", &GUILD.to_string(), "--user", "10"]);
    let mut calls = server.calls().await;
    let join = join_hero("hero:fighter");
    submit(&mut calls, &start, "join", &session, join).await.expect("joined");
    assert_eq!(figure_becomes(&server, RATE_LIMITED, |limited| limited > 0), 1);
    figure_becomes(&server, EDITS, |edits| edits > before.0);
    assert_eq!(figure(&server, COMMITS), 2);
    assert!(figure(&server, EVENTS) > before.1);

    // Refusals: by the fight, and at the door.
    let wrong = Wish::EndTurn(pb::EndTurn { creature_id: "?".to_owned() });
    submit(&mut calls, &start, "wrong", &session, wrong).await.expect_err("refused");
    assert_eq!(figure(&server, "skirmish_refusals_total{surface=\"hub\",code=\"malformed\"}"), 1);
    let list = call("skm1_nobody", pb::ListCombatsRequest::default());
    calls.list_combats(list).await.expect_err("refused");
    let turned_away = "skirmish_refusals_total{surface=\"grpc\",code=\"not_authenticated\"}";
    assert_eq!(figure(&server, turned_away), 1);
    assert_eq!(figure(&server, COMMITS), 2, "a refusal commits nothing");

    lag(&server, &start, &session).await;
    assert_eq!(server.terminate().code(), Some(0), "{}", server.log);
    fake.assert_clean();
}

async fn submit(
    calls: &mut CombatServiceClient<Channel>,
    token: &str,
    id: &str,
    session: &str,
    wish: Wish,
) -> Result<pb::Receipt, tonic::Status> {
    let receipt = calls.submit(call(token, request(id, session, wish))).await;
    receipt.map(tonic::Response::into_inner)
}

/// The fight that was opened in Discord.
async fn fake_fight(server: &Server, folder: &std::path::Path) -> String {
    let (admin, _) = make_token(folder, &["admin"]);
    let list = call(&admin, pb::ListCombatsRequest::default());
    let found = server.calls().await.list_combats(list).await.expect("listed").into_inner();
    assert_eq!(found.combats.len(), 1);
    found.combats[0].session_id.clone()
}

/// An observer that takes nothing is behind, one that reads is not, and both are gone once they
/// let go.
async fn lag(server: &Server, token: &str, session: &str) {
    let address = format!("http://{}", server.address());
    let narrow = Channel::from_shared(address).expect("an address").initial_stream_window_size(1);
    let stalled = narrow.connect().await.expect("connected");
    let mut stalled = CombatStreamingServiceClient::new(stalled);
    let mut reading = CombatStreamingServiceClient::new(server.channel().await);
    let watch = || pb::ObserveCombatRequest {
        session_id: session.to_owned(),
        include_history: true,
        ..pb::ObserveCombatRequest::default()
    };
    let stalled = stalled.observe_combat(call(token, watch())).await.expect("watching");
    let mut frames = reading.observe_combat(call(token, watch())).await.expect("watching");
    figure_becomes(server, OBSERVERS, |observers| observers == 2);
    figure_becomes(server, OBSERVER_LAG, |lag| lag == 0);

    // More monsters than the stalled one has room for, one commit each.
    let mut calls = server.calls().await;
    for one in 0..MORE {
        let add = pb::AddCreatures { creatures: vec![goblins(1, false)] };
        let id = format!("more-{one}");
        let added = submit(&mut calls, token, &id, session, Wish::AddCreatures(add)).await;
        added.expect("added");
    }
    let last = figure(server, EVENTS);
    let behind = figure_becomes(server, OBSERVER_LAG, |lag| lag > 0);
    assert!(behind < last, "{behind} of {last}");

    let frames = frames.get_mut();
    let mut joined = 0;
    while joined < MORE {
        let frame = frames.message().await.expect("a frame").expect("the stream lives");
        joined += usize::from(matches!(frame.event, Some(Event::Joined(_))));
    }
    drop(stalled);
    figure_becomes(server, OBSERVERS, |observers| observers == 1);
    figure_becomes(server, OBSERVER_LAG, |lag| lag == 0);

    // Somebody who takes part is another kind of reader.
    let (requests, outgoing) = tokio::sync::mpsc::channel(1);
    let outgoing = tokio_stream::wrappers::ReceiverStream::new(outgoing);
    let mut taking_part = CombatStreamingServiceClient::new(server.channel().await);
    let attach = pb::Attach { session_id: session.to_owned(), ..pb::Attach::default() };
    requests.send(request("attach", session, Wish::Attach(attach))).await.expect("sent");
    let part = taking_part.combat_stream(call(token, outgoing)).await.expect("a stream");
    figure_becomes(server, PARTICIPANTS, |participants| participants == 1);
    drop((part, requests));
    figure_becomes(server, PARTICIPANTS, |participants| participants == 0);
}

/// One commit each. The stalled stream has room for 64 frames and what is on the way.
const MORE: usize = 90;
