//! The live card: it fits for any fight and any name, pings nobody, and is edited with measure.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use proptest::prelude::*;
use serde_json::{Value, json};
use skirmish::discord::api::Api;
use skirmish::discord::custom_id::CustomId;
use skirmish::discord::editor::desk::{Desk, Finished};
use skirmish::discord::editor::memory::{Memory, Remembered, Saving};
use skirmish::discord::editor::pace::{BURST, Paces};
use skirmish::discord::editor::wanted::{Wanted, wanted};
use skirmish::discord::lint::{Kind, lint_message, lint_message_pinging};
use skirmish::discord::render::parts;
use skirmish::discord::transport::{Response, Sending, Transport, TransportError};
use skirmish::protocol::pb;
use skirmish::rules::id::CombatId;
use skirmish::view::scene::Scene;
use tokio::sync::watch;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use twilight_http::request::Request;

/// The player whose turn it is in [`scene`].
const PLAYER: u64 = 42;

fn creature(index: usize, name: &str) -> pb::CreatureState {
    pb::CreatureState {
        id: format!("c{index}"),
        name: name.to_owned(),
        side: if index == 0 { "party" } else { "foes" }.to_owned(),
        owner_id: if index == 0 { PLAYER.to_string() } else { String::new() },
        autopilot: index != 0,
        life: pb::Life::Up.into(),
        health: pb::Health::Bloodied.into(),
        hit_points: (index == 0).then_some(13),
        hit_points_max: (index == 0).then_some(24),
        initiative: Some(20 - i32::try_from(index).unwrap()),
        position: Some(pb::Position { x: u32::try_from(index).unwrap(), y: 3 }),
        conditions: vec![pb::ActiveCondition {
            condition: pb::Condition::Prone.into(),
            level: 1,
            ..pb::ActiveCondition::default()
        }],
        ..pb::CreatureState::default()
    }
}

fn scene(title: &str, names: &[String]) -> Scene {
    let creatures: Vec<_> =
        names.iter().enumerate().map(|(index, name)| creature(index, name)).collect();
    Scene::of_snapshot(&pb::Snapshot {
        session_id: CombatId(99).to_string(),
        as_of: 7,
        phase: pb::Phase::Running.into(),
        name: title.to_owned(),
        round: 2,
        turn: 5,
        current_id: "c0".to_owned(),
        order: creatures.iter().map(|one| one.id.clone()).collect(),
        creatures,
        prompts: vec![pb::OpenPrompt {
            prompt_id: 3,
            creature_id: "c0".to_owned(),
            ..pb::OpenPrompt::default()
        }],
        map: Some(pb::GridMap { width: 20, height: 12, squares: Vec::new() }),
        ..pb::Snapshot::default()
    })
}

/// Everything a reader sees of a body.
fn texts(body: &Value, found: &mut Vec<String>) {
    match body {
        Value::Array(list) => list.iter().for_each(|one| texts(one, found)),
        Value::Object(fields) => {
            for (name, value) in fields {
                match value {
                    Value::String(text) if name == "content" => found.push(text.clone()),
                    other => texts(other, found),
                }
            }
        }
        _ => {}
    }
}

#[track_caller]
fn assert_fit(wanted: &Wanted) {
    assert_eq!(lint_message(&wanted.card, Kind::Create), [], "{:#}", wanted.card);
    assert_eq!(lint_message(&wanted.card, Kind::Edit), []);
    for note in &wanted.notes {
        assert_eq!(lint_message_pinging(&note.body, Kind::Create, &note.pings), []);
        assert!(note.pings.iter().all(|user| *user == PLAYER));
    }
}

#[test]
fn a_card_reads_as_it_should() {
    let scene = scene("Ambush", &["Mira".to_owned(), "Goblin 1".to_owned()]);
    let log = VecDeque::from(["Mira's turn.".to_owned()]);
    let wanted = wanted(&scene, &log);
    assert_fit(&wanted);
    let mut seen = Vec::new();
    texts(&wanted.card, &mut seen);
    assert_eq!(seen[0], "## Ambush\nRound 2 · Mira's turn");
    assert_eq!(
        seen[1],
        "▶ `1` **Mira** · Bloodied, 13/24 HP ████░░░░ · prone · initiative 20 · at A4\n\
         `2` **Goblin 1** · Bloodied · prone · initiative 19 · at B4"
    );
    assert!(seen[2].contains("\n 4 12··"), "{}", seen[2]);
    assert_eq!(seen[3], "-# Mira's turn.");
    assert_eq!(seen[4], "Mira has a decision to make.");
    let labels: Vec<&str> = wanted.card["components"][0]["components"]
        .as_array()
        .unwrap()
        .last()
        .unwrap()["components"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["label"].as_str().unwrap())
        .collect();
    assert_eq!(labels, ["My actions", "Join", "Log", "GM"]);
    let keys: Vec<&str> = wanted.notes.iter().map(|note| note.key.as_str()).collect();
    assert_eq!(keys, ["turn:5", "ask:3"]);
    assert_eq!(wanted.notes[0].body["content"], format!("<@{PLAYER}> it is the turn of Mira."));
}

fn hostile() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("@everyone".to_owned()),
        Just("@here".to_owned()),
        Just("<@42>".to_owned()),
        Just("<@&7>".to_owned()),
        Just("<#9>".to_owned()),
        Just("**".to_owned()),
        Just("```".to_owned()),
        Just("||".to_owned()),
        Just("[x](https://evil.example)".to_owned()),
        Just("\u{202e}\u{200b}\u{feff}".to_owned()),
        Just("# \n> - 1. ".to_owned()),
        Just("🐉".to_owned()),
        Just("\\".to_owned()),
        "\\PC{0,12}",
        any::<char>().prop_map(String::from),
    ];
    prop_oneof![
        4 => prop::collection::vec(piece, 0..12).prop_map(|all| all.concat()),
        1 => Just("x".repeat(2_000)),
        1 => Just("*_".repeat(1_000)),
        1 => Just("@everyone ".repeat(200)),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_name_breaks_a_card_or_pings(
        title in hostile(),
        names in prop::collection::vec(hostile(), 1..45),
        lines in prop::collection::vec(hostile(), 0..12),
        phase in 1_i32..5,
    ) {
        let mut scene = scene(&title, &names);
        scene.phase = pb::Phase::try_from(phase).unwrap();
        if scene.phase == pb::Phase::Ended {
            scene.summary = Some(pb::Summary {
                creatures: scene.joined.iter().map(|id| pb::CreatureTally {
                    creature_id: id.clone(), ..pb::CreatureTally::default()
                }).collect(),
                ..pb::Summary::default()
            });
        }
        let wanted = wanted(&scene, &lines.into_iter().collect());
        assert_fit(&wanted);
        let mut seen = Vec::new();
        texts(&wanted.card, &mut seen);
        for note in &wanted.notes {
            let mut beside = Vec::new();
            texts(&note.body, &mut beside);
            seen.extend(beside.iter().map(|text| text.replacen(&format!("<@{PLAYER}>"), "", 1)));
        }
        for text in seen {
            prop_assert!(!text.contains("@everyone") && !text.contains("@here"), "{text}");
            // what is left of a mention is escaped and broken up
            let rest = text.replace("\\<@\u{200b}", "").replace("\\<#", "");
            prop_assert!(!rest.contains("<@") && !rest.contains("<#"), "{text}");
            prop_assert!(!text.contains("://"), "{text}");
            prop_assert!(!text.contains('\u{202e}'), "{text}");
        }
    }
}

#[test]
fn a_hundred_thousand_malformed_ids_are_refused_without_panic() {
    use proptest::strategy::ValueTree;
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let good = CustomId::new(CombatId(7), skirmish::discord::custom_id::Verb::Panel)
        .arg("goblin-1.0")
        .turn(3)
        .to_string();
    let piece = prop_oneof![
        Just("v1".to_owned()),
        Just("|".to_owned()),
        Just("mine".to_owned()),
        Just("4294967296".to_owned()),
        Just(CombatId(7).to_string()),
        "\\PC{0,30}",
        any::<String>(),
    ];
    let any_id = prop::collection::vec(piece, 0..8).prop_map(|all| all.concat());
    let mut refused = 0;
    for round in 0..100_000_usize {
        let text = if round % 2 == 0 {
            any_id.new_tree(&mut runner).unwrap().current()
        } else {
            // one byte of a good id replaced
            let mut bytes = good.clone().into_bytes();
            let place = round % bytes.len();
            bytes[place] = u8::try_from(round * 31 % 256).unwrap();
            String::from_utf8_lossy(&bytes).into_owned()
        };
        match text.parse::<CustomId>() {
            Ok(id) => assert_eq!(id.to_string(), text, "what is taken is written the same"),
            Err(_) => refused += 1,
        }
    }
    assert!(refused > 50_000, "{refused}");
}

/// Takes everything, notes when, and answers after a moment.
#[derive(Debug, Default)]
struct Recorder {
    requests: Mutex<Vec<(Instant, String, Value)>>,
    refusals: Mutex<VecDeque<TransportError>>,
}

/// How long the recorder takes for an answer.
const LATENCY: Duration = Duration::from_millis(80);

impl Transport for Recorder {
    fn send_within(&self, request: Request, _within: Duration) -> Sending<'_> {
        Box::pin(async move {
            let body =
                request.body().map_or(Value::Null, |bytes| serde_json::from_slice(bytes).unwrap());
            let what = format!("{} {}", request.method().name(), request.path());
            self.requests.lock().unwrap().push((Instant::now(), what, body));
            tokio::time::sleep(LATENCY).await;
            if let Some(refusal) = self.refusals.lock().unwrap().pop_front() {
                return Err(refusal);
            }
            let number = self.requests.lock().unwrap().len();
            Ok(Response {
                status: http::StatusCode::OK,
                headers: http::HeaderMap::new(),
                body: json!({ "id": number.to_string() }).to_string().into(),
            })
        })
    }
}

impl Recorder {
    fn all(&self) -> Vec<(Instant, String, Value)> {
        self.requests.lock().unwrap().clone()
    }

    fn starting(&self, method: &str) -> Vec<(Instant, String, Value)> {
        self.all().into_iter().filter(|(_, what, _)| what.starts_with(method)).collect()
    }

    fn refuse(&self, status: u16, code: u64) {
        self.refusals.lock().unwrap().push_back(TransportError::Refused {
            route: "test".to_owned(),
            status,
            code,
            explanation: String::new(),
        });
    }
}

/// Remembers in memory what was saved last, and how often.
#[derive(Debug, Default)]
struct Notebook(Mutex<Vec<Option<Remembered>>>);

impl Memory for Notebook {
    fn save<'a>(&'a self, _fight: &'a str, what: Option<&'a Remembered>) -> Saving<'a> {
        self.0.lock().unwrap().push(what.cloned());
        Box::pin(async { Ok(()) })
    }
}

struct Table {
    discord: Arc<Recorder>,
    notebook: Arc<Notebook>,
    wanted: watch::Sender<Wanted>,
    work: tokio::task::JoinHandle<Finished>,
    missing: watch::Receiver<Option<&'static str>>,
}

fn open(held: Remembered, first: Wanted) -> Table {
    let discord = Arc::new(Recorder::default());
    let notebook = Arc::new(Notebook::default());
    let (wanted, reader) = watch::channel(first);
    let missing = watch::Sender::new(None);
    let desk = Desk {
        fight: "fight".to_owned(),
        api: Api::new(discord.clone()),
        memory: notebook.clone(),
        paces: Paces::default(),
        held,
        missing: missing.clone(),
        stop: CancellationToken::new(),
    };
    let missing = missing.subscribe();
    Table { discord, notebook, wanted, work: tokio::spawn(desk.run(reader)), missing }
}

fn saying(number: u64, is_over: bool) -> Wanted {
    Wanted {
        as_of: number,
        card: parts::message(vec![parts::text(&format!("state {number}"))]),
        notes: Vec::new(),
        is_over,
    }
}

#[tokio::test(start_paused = true)]
async fn a_burst_is_told_in_few_edits_and_ends_right() {
    let table = open(Remembered::new(1, 2), saying(0, false));
    for number in 1..=200 {
        tokio::time::sleep(Duration::from_millis(37)).await;
        table.wanted.send_replace(saying(number, number == 200));
    }
    assert_eq!(table.work.await.unwrap(), Finished::Delivered);
    let writes = table.discord.all();
    assert!(writes.len() > 5, "it was told meanwhile: {}", writes.len());
    for (at, ..) in &writes {
        let window = writes
            .iter()
            .filter(|(other, ..)| *other >= *at && *other < *at + Duration::from_secs(5))
            .count();
        assert!(window <= BURST, "{window} writes within five seconds");
    }
    for pair in writes.windows(2) {
        assert!(pair[1].0 >= pair[0].0 + LATENCY, "one in flight");
    }
    assert_eq!(table.discord.starting("POST").len(), 1);
    assert_eq!(writes.last().unwrap().2["components"][0]["content"], "state 200");
    assert_eq!(table.notebook.0.lock().unwrap().last(), Some(&None), "nothing is left to remember");
}

#[tokio::test(start_paused = true)]
async fn the_same_content_is_not_sent_again() {
    let table = open(Remembered::new(1, 2), saying(1, false));
    tokio::time::sleep(Duration::from_mins(1)).await;
    let mut again = saying(1, false);
    again.as_of = 9;
    table.wanted.send_replace(again.clone());
    tokio::time::sleep(Duration::from_mins(1)).await;
    again.is_over = true;
    table.wanted.send_replace(again);
    assert_eq!(table.work.await.unwrap(), Finished::Delivered);
    assert_eq!(table.discord.all().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn the_intent_is_written_before_the_card_and_its_nonce_kept() {
    let table = open(Remembered::new(1, 2), saying(1, false));
    table.discord.refuse(500, 0);
    tokio::time::sleep(Duration::from_mins(1)).await;
    let saved = table.notebook.0.lock().unwrap().clone();
    let first = saved[0].as_ref().unwrap().card.as_ref().unwrap();
    assert_eq!(first.message, None, "the intent comes first");
    let posts = table.discord.starting("POST");
    assert_eq!(posts.len(), 2, "tried again after a fault of Discord's");
    for (.., body) in &posts {
        assert_eq!(body["nonce"], json!(first.nonce));
        assert_eq!(body["enforce_nonce"], true);
        assert!(first.nonce.len() <= 25);
    }
    let last = saved.last().unwrap().as_ref().unwrap();
    assert!(last.card.as_ref().unwrap().message.is_some());
    assert_eq!(last.cursor, 1);
}

/// A card that was posted before, for the reactions to what Discord says about it.
async fn with_posted_card(status: u16, code: u64) -> Table {
    let table = open(Remembered::new(1, 2), saying(1, false));
    tokio::time::sleep(Duration::from_secs(20)).await;
    assert_eq!(table.discord.all().len(), 1);
    table.discord.refuse(status, code);
    table.wanted.send_replace(saying(2, false));
    tokio::time::sleep(Duration::from_secs(20)).await;
    table
}

#[tokio::test(start_paused = true)]
async fn a_deleted_card_is_posted_anew() {
    let table = with_posted_card(404, 10_008).await;
    let whats: Vec<String> = table.discord.all().into_iter().map(|(_, what, _)| what).collect();
    assert_eq!(
        whats,
        ["POST channels/2/messages", "PATCH channels/2/messages/1", "POST channels/2/messages"]
    );
}

#[tokio::test(start_paused = true)]
async fn a_card_too_old_to_edit_is_posted_anew_and_the_old_one_shrinks() {
    let table = with_posted_card(429, 30_046).await;
    let all = table.discord.all();
    assert_eq!(all.len(), 4);
    assert_eq!(all[2].2["components"][0]["content"], "state 2");
    assert_eq!(all[3].1, "PATCH channels/2/messages/1");
    assert!(all[3].2.to_string().contains("https://discord.com/channels/1/2/3"));
}

#[tokio::test(start_paused = true)]
async fn a_missing_permission_pauses_and_is_said_once() {
    for code in [50_001, 50_013] {
        let table = with_posted_card(403, code).await;
        assert_eq!(table.discord.all().len(), 2, "no hammering");
        assert!(table.missing.borrow().is_some());
        tokio::time::sleep(Duration::from_mins(6)).await;
        assert_eq!(table.discord.all().len(), 3, "tried again later");
        assert!(table.missing.borrow().is_none());
    }
}

#[tokio::test(start_paused = true)]
async fn an_archived_thread_waits() {
    let table = with_posted_card(400, 50_083).await;
    assert_eq!(table.discord.all().len(), 2);
    tokio::time::sleep(Duration::from_mins(6)).await;
    assert_eq!(table.discord.all().last().unwrap().2["components"][0]["content"], "state 2");
}

#[tokio::test(start_paused = true)]
async fn a_channel_that_is_gone_ends_the_work() {
    let table = with_posted_card(404, 10_003).await;
    assert_eq!(table.work.await.unwrap(), Finished::Impossible);
}

#[tokio::test(start_paused = true)]
async fn a_body_that_discord_refuses_is_not_repeated() {
    let table = with_posted_card(400, 50_035).await;
    tokio::time::sleep(Duration::from_mins(20)).await;
    assert_eq!(table.discord.all().len(), 2);
    table.wanted.send_replace(saying(3, false));
    tokio::time::sleep(Duration::from_secs(20)).await;
    assert_eq!(table.discord.all().last().unwrap().2["components"][0]["content"], "state 3");
}

#[tokio::test(start_paused = true)]
async fn a_turn_is_pinged_once_and_the_ping_goes_with_it() {
    let mut now = scene("Ambush", &["Mira".to_owned(), "Goblin".to_owned()]);
    now.prompts.clear();
    let show = |scene: &Scene| wanted(scene, &VecDeque::new());
    let table = open(Remembered::new(1, 2), show(&now));
    tokio::time::sleep(Duration::from_secs(20)).await;
    let pings: Vec<_> = table.discord.starting("POST").into_iter().skip(1).collect();
    assert_eq!(pings.len(), 1);
    assert_eq!(pings[0].2["allowed_mentions"]["users"], json!([PLAYER.to_string()]));
    // more of the same turn pings nobody again
    now.round += 1;
    table.wanted.send_replace(show(&now));
    tokio::time::sleep(Duration::from_secs(20)).await;
    assert_eq!(table.discord.starting("POST").len(), 2);
    // the turn ends, and with it the ping
    now.current = "c1".to_owned();
    now.turn += 1;
    table.wanted.send_replace(show(&now));
    tokio::time::sleep(Duration::from_secs(20)).await;
    let deleted = table.discord.starting("DELETE");
    assert_eq!(deleted.len(), 1);
    assert_eq!(deleted[0].1, "DELETE channels/2/messages/2");
    assert_eq!(table.discord.starting("POST").len(), 2, "nobody plays the goblin by hand");
}

#[tokio::test(start_paused = true)]
async fn after_a_restart_the_old_card_and_ping_are_taken_up() {
    let now = scene("Ambush", &["Mira".to_owned()]);
    let show = wanted(&now, &VecDeque::new());
    let before = open(Remembered::new(1, 2), show.clone());
    tokio::time::sleep(Duration::from_secs(20)).await;
    let held = before.notebook.0.lock().unwrap().last().unwrap().clone().unwrap();
    before.work.abort();
    let text = serde_json::to_string(&held).unwrap();
    let table = open(serde_json::from_str(&text).unwrap(), show);
    tokio::time::sleep(Duration::from_secs(20)).await;
    assert_eq!(table.discord.all().len(), 0, "everything is there already");
}

/// The program was killed after Discord had taken a ping and before its id was written down. When
/// the turn was over nobody knew the message any more, and it called its player for ever.
#[tokio::test(start_paused = true)]
async fn a_ping_whose_id_was_lost_goes_with_its_turn() {
    let mut now = scene("Ambush", &["Mira".to_owned(), "Goblin".to_owned()]);
    now.prompts.clear();
    let show = |scene: &Scene| wanted(scene, &VecDeque::new());
    let before = open(Remembered::new(1, 2), show(&now));
    tokio::time::sleep(Duration::from_secs(20)).await;
    let saved = before.notebook.0.lock().unwrap().clone();
    before.work.abort();
    let intent = |held: &&Remembered| held.beside.iter().any(|one| one.posting.message.is_none());
    let held = saved.iter().flatten().find(intent).expect("the intent comes first").clone();
    let nonce = held.beside[0].posting.nonce.clone();
    now.current = "c1".to_owned();
    now.turn += 1;
    let table = open(held, show(&now));
    tokio::time::sleep(Duration::from_secs(20)).await;
    let all = table.discord.all();
    let (.., body) = all.iter().find(|(.., body)| body["nonce"] == json!(nonce)).expect("asked");
    assert_eq!(
        (&body["enforce_nonce"], &body["allowed_mentions"]["parse"]),
        (&json!(true), &json!([]))
    );
    assert!(body["allowed_mentions"].get("users").is_none(), "{body}");
    assert_eq!(table.discord.starting("DELETE").len(), 1, "{all:?}");
}
