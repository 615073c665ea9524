//! A guild with the bot in it, over the real hub and the fake Discord, for the tests of the bot.

use std::sync::Arc;
use std::time::Duration;

use serde_json::json;
use skirmish::discord::bot::{Bot, BotOptions, SessionNotes};
use skirmish::discord::flood::Allowance;
use skirmish::discord::gateway::{Gateway, GatewayError, GatewayOptions};
use skirmish::discord::transport::{Http, HttpOptions};
use skirmish::hub::{Hub, HubOptions, Principal, Scope};
use skirmish::protocol::pb;
use skirmish::rules::id::{CombatId, GuildId, UserId};
use skirmish::store::Store;
use skirmish::telemetry::Metrics;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::discord::{FakeDiscord, GUILD, InteractionResult, MessageView, TOKEN, User};

pub(crate) const CHANNEL: u64 = 777;
pub(crate) const GM: u64 = 10;
pub(crate) const MIRA: u64 = 11;
pub(crate) const BORIN: u64 = 12;
/// A running bot in its guild.
pub(crate) struct Guild {
    pub(crate) fake: FakeDiscord,
    pub(crate) hub: Hub,
    pub(crate) store: Store,
    stop: CancellationToken,
    bot: JoinHandle<Result<(), GatewayError>>,
}

/// The bot over a store, as a process that starts would have it.
pub(crate) async fn serve(fake: &FakeDiscord, store: &Store) -> Guild {
    serve_with(fake, store, HubOptions::default(), unhurried()).await
}

/// Tests click faster than people do.
fn unhurried() -> BotOptions {
    let allowance = Allowance { burst: u32::MAX, refill_every: Duration::from_nanos(1) };
    BotOptions { allowance }
}

async fn serve_with(fake: &FakeDiscord, store: &Store, hub: HubOptions, bot: BotOptions) -> Guild {
    let options = HubOptions { seed: Some(20), ..hub };
    let hub = Hub::new(store.clone(), options, Metrics::new());
    let options = HttpOptions { proxy: Some(fake.api_proxy()), ..HttpOptions::new(TOKEN) };
    let transport = Arc::new(Http::new(&options).unwrap());
    let options = GatewayOptions { url: Some(fake.gateway_url()), ..GatewayOptions::new(TOKEN) };
    let gateway = Gateway::new(options, transport.clone(), SessionNotes(hub.clone())).unwrap();
    let stop = CancellationToken::new();
    let bot = tokio::spawn(Bot::run(hub.clone(), transport, gateway, bot, stop.clone()));
    fake.ready().await;
    fake.commands_registered().await;
    Guild { fake: fake.clone(), hub, store: store.clone(), stop, bot }
}

pub(crate) async fn guild() -> Guild {
    guild_with(HubOptions::default(), unhurried()).await
}

/// A guild whose bot has these options.
pub(crate) async fn guild_with(hub: HubOptions, bot: BotOptions) -> Guild {
    let fake = FakeDiscord::start().await;
    for user in [GM, MIRA, BORIN] {
        fake.allow_ping(user);
    }
    serve_with(&fake, &Store::open_in_memory().unwrap(), hub, bot).await
}

impl Guild {
    pub(crate) async fn close(self) {
        self.hub.drain();
        self.stop.cancel();
        self.bot.await.unwrap().unwrap();
    }

    pub(crate) fn combat(&self) -> CombatId {
        let open = self.hub.all_open_fights().unwrap();
        open[0].session_id.parse().unwrap()
    }

    pub(crate) async fn snapshot(&self, combat: CombatId) -> pb::Snapshot {
        let who = Principal { user: UserId(GM), scope: Scope::Start { guild: GuildId(GUILD) } };
        self.hub.snapshot(&who, combat).await.unwrap()
    }

    pub(crate) async fn card(&self, what: &str) -> MessageView {
        let channel = self.fake.channel(CHANNEL);
        channel
            .wait_for(what, |message| message.text().contains(what) && message.has_button("Log"))
            .await
    }

    /// A fight with two goblins that Mira and Borin have joined and the game master began.
    pub(crate) async fn begun(&self, monsters: &str, map: Option<&str>) -> CombatId {
        let gm = self.fake.user(GM).named("Gisela");
        let mut options = vec![("name", json!("Ambush")), ("monsters", json!(monsters))];
        options.extend(map.map(|map| ("map", json!(map))));
        let started = gm.slash(CHANNEL, "combat", "start", &options).await;
        assert!(started.text().contains("Ambush is open"), "{}", started.text());
        let card = self.card("Gathering").await;
        let combat = self.combat();
        // one joins by the button, the other by typing
        let mira = self.fake.user(MIRA).named("Mira");
        let asked = mira.click(&card, "Join").await;
        assert!(asked.message().is_private());
        let select = asked.message().select("ready-made hero");
        let hero = select.options[0].1.clone();
        let joined = mira.choose(&asked.message(), "ready-made hero", &[&hero]).await;
        assert!(said(&joined).contains("has joined"), "{}", said(&joined));
        let borin = self.fake.user(BORIN);
        let offered = borin
            .autocomplete(CHANNEL, "combat", "join", &[("character", json!(""))], "character")
            .await;
        let other = offered[1].1.clone();
        let joined = borin.slash(CHANNEL, "combat", "join", &[("character", other)]).await;
        assert!(joined.text().contains("has joined"), "{}", joined.text());
        // only the game master begins
        let refused = mira.click(&card, "Begin").await;
        assert!(refused.text().contains("game master"), "{}", refused.text());
        let begun = gm.click(&self.card("Gathering").await, "Begin").await;
        assert!(begun.text().contains("has begun"), "{}", begun.text());
        combat
    }

    /// Whose turn it is, as a person, once the program's creatures have acted.
    pub(crate) async fn player_to_act(&self, combat: CombatId) -> Option<(User, pb::Snapshot)> {
        for _ in 0..2_000 {
            let snapshot = self.snapshot(combat).await;
            if snapshot.phase() == pb::Phase::Ended {
                return None;
            }
            let current = snapshot.creatures.iter().find(|one| one.id == snapshot.current_id);
            if let Some(current) = current.filter(|one| !one.autopilot) {
                let user = current.owner_id.parse().unwrap();
                return Some((self.fake.user(user), snapshot));
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        panic!("nobody's turn comes: {}", self.fake.report());
    }
}

/// What a person reads in an answer, be it a new message or a changed one.
pub(crate) fn said(result: &InteractionResult) -> String {
    let mut text = result.try_message().map(|message| message.text()).unwrap_or_default();
    for more in result.follow_ups() {
        text.push('\n');
        text.push_str(&more.text());
    }
    text
}
