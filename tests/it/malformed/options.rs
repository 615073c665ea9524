//! What people type, click and fill in, broken: each interaction is answered once, in words, and
//! what reaches the hub of it is a request that the hub can read or refuse.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use skirmish::clock::Stopwatch;
use skirmish::discord::bot::{BotOptions, Reception, Shared};
use skirmish::discord::commands;
use skirmish::discord::flood::Allowance;
use skirmish::discord::transport::{Response, Sending, Transport};
use skirmish::hub::{Hub, HubOptions, Principal, Scope};
use skirmish::protocol::pb;
use skirmish::rules::id::{GuildId, UserId};
use skirmish::store::Store;
use skirmish::telemetry::Metrics;
use tokio::sync::Semaphore;
use twilight_gateway::EventTypeFlags;
use twilight_http::request::Request;
use twilight_model::gateway::event::{DispatchEvent, GatewayEvent};

use super::interactions::{BORIN, CHANNEL, GM, MIRA, Setting, Templates};
use super::noise::Noise;
use super::{INPUTS, TIME_MAX};
use crate::support::discord::GUILD;

/// Inputs after which the fight begins anew, because by then it is in tatters.
const EPOCH: usize = 2_500;
/// Inputs after which the sound interactions follow the fight again.
const LOOK_AGAIN: usize = 1_250;
/// Sound interactions from which the inputs in between are made.
const TEMPLATES: usize = 150;
/// Interactions handled at the same time.
const AT_ONCE: usize = 16;

/// Takes what the bot says, and counts.
#[derive(Debug, Default)]
struct Listener {
    tally: Mutex<Tally>,
}

#[derive(Debug, Default, Clone)]
struct Tally {
    /// First answers, by Discord's number of their kind.
    kinds: [usize; 16],
    unknown_command: usize,
    not_mine: usize,
    faults: Vec<String>,
}

impl Transport for Listener {
    fn send_within(&self, request: Request, _: std::time::Duration) -> Sending<'_> {
        let text = std::str::from_utf8(request.body().unwrap_or_default()).unwrap();
        let mut tally = self.tally.lock().unwrap();
        if request.path().starts_with("interactions/") {
            // keys are written in order, so this one comes last
            let (_, kind) = text.rsplit_once("\"type\":").expect("an answer has a kind");
            let kind: usize = kind.trim_end_matches('}').parse().unwrap();
            tally.kinds[kind] += 1;
            tally.unknown_command += usize::from(text.contains("I do not know this command"));
            tally.not_mine += usize::from(text.contains("not one of mine"));
        }
        if text.contains("ncident") {
            tally.faults.push(text.to_owned());
        }
        Box::pin(async {
            Ok(Response {
                status: http::StatusCode::NO_CONTENT,
                headers: http::HeaderMap::new(),
                body: bytes::Bytes::new(),
            })
        })
    }
}

/// A fight in a guild, and a bot that is spoken to.
struct Epoch {
    hub: Hub,
    shared: Arc<Shared>,
    reception: Arc<Reception>,
    setting: Setting,
}

impl Epoch {
    async fn begin(number: usize, listener: &Arc<Listener>) -> Self {
        let options = HubOptions { seed: Some(number.try_into().unwrap()), ..Default::default() };
        let hub = Hub::new(Store::open_in_memory().unwrap(), options, Metrics::new());
        let initiate = pb::Initiate {
            guild_id: GUILD.to_string(),
            channel_id: CHANNEL.to_string(),
            name: "Ambush".into(),
            edition: pb::Edition::Srd521.into(),
            map: (number % 10 == 3).then(|| pb::GridMap { width: 9, height: 9, squares: vec![] }),
            creatures: vec![pb::CreatureSpec {
                from: "srd:goblin-warrior".into(),
                count: 2,
                ..pb::CreatureSpec::default()
            }],
        };
        let hero = |hero: &str| {
            pb::combat_request::Request::Join(pb::Join {
                who: Some(pb::join::Who::Hero(format!("hero:{hero}"))),
                ..pb::Join::default()
            })
        };
        submit(&hub, GM, "", pb::combat_request::Request::Initiate(initiate)).await;
        let open = hub.all_open_fights().unwrap();
        let session = open[0].session_id.clone();
        submit(&hub, MIRA, &session, hero("fighter")).await;
        submit(&hub, BORIN, &session, hero("wizard")).await;
        if !number.is_multiple_of(8) {
            submit(&hub, GM, &session, pb::combat_request::Request::Begin(pb::Begin {})).await;
        }
        // what one person may do is tested elsewhere
        let allowance = Allowance { burst: u32::MAX, ..Allowance::default() };
        let options = BotOptions { allowance };
        let listener: Arc<dyn Transport> = Arc::clone(listener) as _;
        let shared = Arc::new(Shared::new(hub.clone(), listener, options));
        let reception = Arc::new(Reception::new(Arc::clone(&shared)));
        let setting = Setting {
            combat: session.parse().unwrap(),
            turn: 0,
            creatures: Vec::new(),
            actions: Vec::new(),
        };
        let mut epoch = Self { hub, shared, reception, setting };
        epoch.look().await;
        epoch
    }

    /// Brings the setting up to the fight as it is now.
    async fn look(&mut self) {
        let who = person(GM);
        let snapshot = self.hub.snapshot(&who, self.setting.combat).await.unwrap();
        self.setting.turn = snapshot.turn;
        self.setting.creatures = snapshot.creatures.iter().map(|one| one.id.clone()).collect();
        self.setting.actions = vec!["dodge".to_owned()];
        if let Ok(current) = snapshot.current_id.parse()
            && let Ok(options) = self.hub.options(&who, self.setting.combat, current).await
        {
            let offered = options.available_actions.into_iter().map(|one| one.id);
            self.setting.actions.extend(offered);
        }
    }

    /// How many requests came to the hub, and how many of them were refused through our fault.
    fn asked(&self) -> (usize, usize) {
        let page = self.hub.metrics().render().unwrap();
        let sum = |name: &str, label: &str| {
            page.lines()
                .filter(|line| line.starts_with(name) && line.contains(label))
                .filter_map(|line| line.rsplit(' ').next()?.parse::<usize>().ok())
                .sum::<usize>()
        };
        (sum("skirmish_requests_total", "hub"), sum("skirmish_refusals_total", "\"internal\""))
    }
}

fn person(user: u64) -> Principal {
    Principal { user: UserId(user), scope: Scope::Start { guild: GuildId(GUILD) } }
}

async fn submit(hub: &Hub, user: u64, session: &str, request: pb::combat_request::Request) {
    let request = pb::CombatRequest {
        request_id: format!("test-{user}-{}", skirmish::clock::fresh_uuid()),
        session_id: session.to_owned(),
        turn: None,
        expected_seq: None,
        request: Some(request),
    };
    hub.submit(&person(user), request).await.unwrap();
}

/// A frame of the gateway with an interaction that is not quite right.
fn frame(id: u64, noise: &mut Noise, templates: &Templates) -> String {
    let mut text = if noise.once_in(10) {
        let mut tree = templates.whole(id, noise);
        tree.change(noise);
        tree.write()
    } else {
        templates.with_data(id, noise, |data, noise| {
            for _ in 0..=noise.below(2) {
                if noise.once_in(3) { data.change_text(noise) } else { data.change(noise) }
            }
        })
    };
    if noise.once_in(16) {
        text = noise.spoil_text(&text);
    }
    format!(r#"{{"op":0,"s":{id},"t":"INTERACTION_CREATE","d":{text}}}"#)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hundred_thousand_broken_interactions_are_answered_in_words() {
    let table = commands::table();
    let mut noise = Noise::new(0x5eed_c0de_0bad_0002);
    let listener = Arc::new(Listener::default());
    let at_once = Arc::new(Semaphore::new(AT_ONCE));
    let finished = Arc::new(AtomicUsize::new(0));
    let undecodable = Arc::new(AtomicUsize::new(0));
    let started = Stopwatch::start();
    let (mut inputs, mut asked) = (0, 0);
    for number in 0..INPUTS / EPOCH {
        let mut epoch = Epoch::begin(number, &listener).await;
        let before = epoch.asked().0;
        let mut templates = None;
        for n in 0..EPOCH {
            if n % LOOK_AGAIN == 0 {
                epoch.look().await;
                templates = None;
            }
            let templates = templates.get_or_insert_with(|| {
                Templates::new(TEMPLATES, &mut noise, &table, &epoch.setting)
            });
            inputs += 1;
            let id = u64::try_from(inputs).unwrap();
            let text = frame(id, &mut noise, templates);
            let permit = Arc::clone(&at_once).acquire_owned().await.unwrap();
            let (finished, undecodable) = (Arc::clone(&finished), Arc::clone(&undecodable));
            let reception = Arc::clone(&epoch.reception);
            tokio::spawn(async move {
                let read = twilight_gateway::parse(text, EventTypeFlags::INTERACTION_CREATE);
                let Ok(Some(GatewayEvent::Dispatch(_, DispatchEvent::InteractionCreate(one)))) =
                    read
                else {
                    undecodable.fetch_add(1, Ordering::Relaxed);
                    return drop(permit);
                };
                reception.receive(one.0, move || {
                    finished.fetch_add(1, Ordering::Relaxed);
                    drop(permit);
                });
            });
        }
        let all = u32::try_from(AT_ONCE).unwrap();
        drop(at_once.acquire_many(all).await.unwrap());
        assert_eq!(epoch.shared.api.broken_bodies(), 0, "an answer breaks Discord's limits");
        let (requests, bugs) = epoch.asked();
        assert_eq!(bugs, 0, "a request failed through a fault of ours");
        asked += requests - before;
        epoch.hub.drain();
    }
    let tally = listener.tally.lock().unwrap().clone();
    let answered: usize = tally.kinds.iter().sum();
    let undecodable = undecodable.load(Ordering::Relaxed);
    let decoded = finished.load(Ordering::Relaxed);
    println!(
        "{inputs} inputs in {:?}: {undecodable} undecodable, {decoded} decoded, {asked} asked of \
         the hub; answers by kind {:?}, {} unknown commands, {} foreign buttons",
        started.elapsed(),
        tally.kinds,
        tally.unknown_command,
        tally.not_mine,
    );
    assert_eq!(tally.faults, Vec::<String>::new(), "an answer that blames ourselves");
    assert_eq!(inputs, INPUTS);
    assert_eq!(undecodable + decoded, INPUTS, "the handling of each came to its end");
    assert_eq!(answered, decoded, "each was answered exactly once");
    assert!(undecodable > 5_000, "{undecodable}");
    assert!(decoded > 25_000, "{decoded}");
    assert!(tally.unknown_command > 1_000, "{}", tally.unknown_command);
    assert!(tally.not_mine > 1_000, "{}", tally.not_mine);
    assert!(asked > 2_000, "{asked} requests reached the hub");
    for (kind, least) in [(4, 15_000), (7, 500), (8, 2_000), (9, 100)] {
        assert!(tally.kinds[kind] > least, "answers of kind {kind}: {}", tally.kinds[kind]);
    }
    assert!(started.elapsed() < TIME_MAX, "took {:?}", started.elapsed());
}
