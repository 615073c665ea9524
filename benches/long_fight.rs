//! What the length of a fight costs: opening it, taking back, and readers who come late.
//!
//! `cargo bench --bench long_fight -- --events 100000` plays one fight in a folder until its log
//! holds so many events, and measures at 500, 2,000, 10,000, 100,000 on the way. The fighters are
//! healed whenever they are low, so that it does not end.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::as_conversions,
    clippy::cast_precision_loss,
    clippy::print_stdout,
    reason = "a measurement that meets the unexpected should stop right there, and it prints"
)]

use pb::combat_request::Request as Wish;
use skirmish::{
    clock::Stopwatch,
    hub::{Hub, HubOptions, Principal, Scope, reader::StartFrom},
    protocol::pb,
    rules::id::{CombatId, GuildId, UserId},
    store::{Store, StoreOptions},
    telemetry::Metrics,
};

/// Where the measurements are made, in events.
const SIZES: [u64; 4] = [500, 2_000, 10_000, 100_000];
/// Events when none are asked for: enough to see that it runs.
const DEFAULT_EVENTS: u64 = 2_000;
/// How often each figure is taken; the median counts.
const ROUNDS: usize = 9;
/// How many requests are taken back in a row.
const UNDONE: u64 = 20;

fn hub_on(store: &Store) -> Hub {
    let options = HubOptions { seed: Some(7), ..HubOptions::default() };
    Hub::new(store.clone(), options, Metrics::new())
}

fn master() -> Principal {
    Principal { user: UserId(1), scope: Scope::Start { guild: GuildId(1) } }
}

async fn send(hub: &Hub, id: String, session: &str, wish: Wish) -> pb::Receipt {
    let request = pb::CombatRequest {
        request_id: id,
        session_id: session.to_owned(),
        request: Some(wish),
        ..pb::CombatRequest::default()
    };
    hub.submit(&master(), request).await.unwrap()
}

/// Four goblins against four heroes.
async fn begin(hub: &Hub) -> CombatId {
    let goblins = pb::CreatureSpec {
        from: "srd:goblin-warrior".to_owned(),
        count: 4,
        autopilot: Some(false),
        ..pb::CreatureSpec::default()
    };
    let open = Wish::Initiate(pb::Initiate {
        guild_id: "1".to_owned(),
        name: "Long".to_owned(),
        creatures: vec![goblins],
        ..pb::Initiate::default()
    });
    let session = send(hub, "open".to_owned(), "", open).await.session_id;
    for hero in ["fighter", "cleric", "rogue", "wizard"] {
        let join = Wish::Join(pb::Join {
            who: Some(pb::join::Who::Hero(format!("hero:{hero}"))),
            side: "party".to_owned(),
            ..pb::Join::default()
        });
        send(hub, format!("join-{hero}"), &session, join).await;
    }
    send(hub, "begin".to_owned(), &session, Wish::Begin(pb::Begin {})).await;
    session.parse().unwrap()
}

/// What is done next: an answer, a cure, an attack, or the end of the turn.
async fn next_wish(hub: &Hub, combat: CombatId, now: &pb::Snapshot) -> Wish {
    if let Some(open) = now.prompts.last() {
        return Wish::Respond(pb::Respond { prompt_id: open.prompt_id, ..Default::default() });
    }
    let low = now.creatures.iter().find_map(|one| {
        let (now, most) = one.hit_points.zip(one.hit_points_max)?;
        (now * 2 < most).then(|| (one.id.clone(), most))
    });
    if let Some((creature_id, most)) = low {
        return Wish::Adjust(pb::Adjust {
            creature_id,
            hit_points: Some(most),
            ..Default::default()
        });
    }
    let options = hub.options(&master(), combat, now.current_id.parse().unwrap()).await.unwrap();
    let attack = options.available_actions.iter().filter(|entry| entry.enabled).find_map(|entry| {
        let mut action = entry.template.clone()?;
        let target = entry.targets.iter().find(|target| target.enabled)?;
        let Some(pb::combat_action::Action::Attack(attack)) = &mut action.action else {
            return None;
        };
        attack.target_id.clone_from(&target.creature_id);
        Some(action)
    });
    let end = pb::EndTurn { creature_id: now.current_id.clone() };
    attack.map_or(Wish::EndTurn(end), Wish::ExecuteAction)
}

async fn play_to(hub: &Hub, combat: CombatId, events: u64) {
    loop {
        let now = hub.snapshot(&master(), combat).await.unwrap();
        if now.as_of >= events {
            return;
        }
        assert_eq!(now.phase(), pb::Phase::Running, "the fight ended at {}", now.as_of);
        let wish = next_wish(hub, combat, &now).await;
        send(hub, format!("play-{}", now.as_of), &combat.to_string(), wish).await;
    }
}

/// The median of some milliseconds.
fn median(mut millis: Vec<f64>) -> f64 {
    millis.sort_by(f64::total_cmp);
    millis.get(millis.len() / 2).copied().unwrap_or_default()
}

fn since(watch: &Stopwatch) -> f64 {
    watch.elapsed().as_secs_f64() * 1_000.0
}

async fn measure(store: &Store, hub: &Hub, combat: CombatId, size: u64) {
    let session = combat.to_string();
    let mut opened = vec![];
    for _ in 0..ROUNDS {
        let cold = hub_on(store);
        let watch = Stopwatch::start();
        cold.snapshot(&master(), combat).await.unwrap();
        opened.push(since(&watch));
    }
    let (mut undone, mut redone) = (vec![], vec![]);
    for n in 0..UNDONE {
        let watch = Stopwatch::start();
        send(hub, format!("undo-{size}-{n}"), &session, Wish::Undo(pb::Undo {})).await;
        undone.push(since(&watch));
    }
    for n in 0..UNDONE {
        let watch = Stopwatch::start();
        send(hub, format!("redo-{size}-{n}"), &session, Wish::Redo(pb::Redo {})).await;
        redone.push(since(&watch));
    }
    let mut plain = vec![];
    for n in 0..UNDONE {
        let wish = if n % 2 == 0 { Wish::Pause(pb::Pause {}) } else { Wish::Resume(pb::Resume {}) };
        let watch = Stopwatch::start();
        send(hub, format!("plain-{size}-{n}"), &session, wish).await;
        plain.push(since(&watch));
    }
    let mut late = vec![];
    for part in [size / 2, size - 10] {
        let mut each = vec![];
        for _ in 0..ROUNDS {
            let watch = Stopwatch::start();
            let mut reader = hub.follow(&master(), combat, StartFrom::After(part)).await.unwrap();
            reader.next().await.unwrap();
            each.push(since(&watch));
        }
        late.push(median(each));
    }
    let last = hub.snapshot(&master(), combat).await.unwrap().as_of;
    let watch = Stopwatch::start();
    let mut reader =
        hub.follow(&master(), combat, StartFrom::History { from_seq: 0 }).await.unwrap();
    while reader.position() < last {
        reader.next().await.unwrap();
    }
    println!(
        "| {size} | {:.2} | {:.2} | {:.2} | {:.2} | {:.2} | {:.2} | {:.0} |",
        median(opened),
        median(plain),
        median(undone),
        median(redone),
        late.first().unwrap(),
        late.get(1).unwrap(),
        since(&watch)
    );
}

fn main() {
    let mut args = std::env::args().skip_while(|arg| arg != "--events");
    let events = args.nth(1).map_or(DEFAULT_EVENTS, |n| n.parse().expect("a number of events"));
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(dir.path(), &StoreOptions::default()).unwrap();
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    println!(
        "| events | open, ms | a request, ms | undo, ms | redo, ms | reader from the middle, ms \
         | reader ten back, ms | whole history, ms |\n|---|---|---|---|---|---|---|---|"
    );
    runtime.block_on(async {
        let hub = hub_on(&store);
        let combat = begin(&hub).await;
        for size in SIZES.into_iter().filter(|size| *size <= events) {
            play_to(&hub, combat, size).await;
            measure(&store, &hub, combat, size).await;
        }
    });
}
