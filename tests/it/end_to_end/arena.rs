//! A guild with one fight in it: the fake Discord, the program over a folder, and what is known of
//! the fight from outside.
//!
//! What is waited for is a condition that an observer's events bring about; nobody sleeps.

use std::net::SocketAddr;

use serde_json::{Value, json};
use skirmish::discord::render::card::card;
use skirmish::protocol::pb;
use skirmish::view;
use skirmish::view::scene::Scene;
use tempfile::TempDir;
use tokio::sync::watch;
use tonic::transport::Channel;

use super::observers::Observer;
use super::process::{Server, token};
use crate::support::discord::{FakeDiscord, GUILD, InteractionResult, MessageView, User};
use crate::support::fight::call;
use pb::combat_service_client::CombatServiceClient;

pub(super) const CHANNEL: u64 = 777;
pub(super) const GM: u64 = 10;
pub(super) const MIRA: u64 = 11;
pub(super) const BORIN: u64 = 12;
pub(super) const TESS: u64 = 13;
/// Nobody of the fight.
pub(super) const STRANGER: u64 = 99;

/// One fight, and everything around it.
pub(super) struct Arena {
    pub(super) fake: FakeDiscord,
    folder: TempDir,
    /// None while the program is down.
    server: Option<Server>,
    address: watch::Sender<SocketAddr>,
    calls: CombatServiceClient<Channel>,
    pub(super) combat: String,
    master_token: String,
    spectator_token: String,
    /// Watches from the start.
    pub(super) first: Observer,
}

/// How long the waits of one test may add up to is bounded by those of the fake; how often a state
/// is asked for, by this.
const ASKED_MAX: usize = 5_000;

impl Arena {
    /// The game master starts a fight named Ambush; one observer watches from then on.
    pub(super) async fn open(monsters: &str, map: Option<&str>) -> Self {
        let fake = FakeDiscord::start().await;
        for user in [GM, MIRA, BORIN, TESS] {
            fake.allow_ping(user);
        }
        let folder = tempfile::tempdir().expect("a folder");
        let server = Server::start(folder.path(), &fake).await;
        let gm = fake.user(GM).named("Gisela");
        let mut options = vec![("name", json!("Ambush")), ("monsters", json!(monsters))];
        options.extend(map.map(|map| ("map", json!(map))));
        let started = gm.slash(CHANNEL, "combat", "start", &options).await;
        assert!(started.text().contains("Ambush is open"), "{}", started.text());
        let (user, guild) = (GM.to_string(), GUILD.to_string());
        let arguments = ["start", "--user", &user, "--guild", &guild];
        let master_token = token(folder.path(), &arguments).await;
        let address = watch::Sender::new(server.grpc);
        let mut calls = calls(server.grpc).await;
        let request = pb::ListCombatsRequest::default();
        let list = calls.list_combats(call(&master_token, request)).await.expect("listed");
        let combat = list.into_inner().combats.remove(0).session_id;
        let spectator_token = token(folder.path(), &["observe", "--combat", &combat]).await;
        let first = Observer::begin(address.subscribe(), spectator_token.clone(), combat.clone());
        let server = Some(server);
        Self { fake, folder, server, address, calls, combat, master_token, spectator_token, first }
    }

    /// Mira joins by the button, Borin and Tess by typing; then the game master begins by the
    /// button.
    pub(super) async fn begin(&self, heroes: [&str; 3]) {
        let card = self.card("Gathering").await;
        let [mira, borin, tess] = [(MIRA, "Mira"), (BORIN, "Borin"), (TESS, "Tess")]
            .map(|(id, name)| self.fake.user(id).named(name));
        let asked = mira.click(&card, "Join").await;
        let joined = mira.choose(&asked.message(), "ready-made hero", &[heroes[0]]).await;
        assert!(said(&joined).contains("has joined"), "{}", said(&joined));
        for (user, hero) in [(borin, heroes[1]), (tess, heroes[2])] {
            let offered = user
                .autocomplete(CHANNEL, "combat", "join", &[("character", json!(hero))], "character")
                .await;
            let choice = offered.first().unwrap_or_else(|| panic!("no {hero}")).1.clone();
            let joined = user.slash(CHANNEL, "combat", "join", &[("character", choice)]).await;
            assert!(joined.text().contains("has joined"), "{}", joined.text());
        }
        let begun = self.gm().click(&self.card("Gathering").await, "Begin").await;
        assert!(begun.text().contains("has begun"), "{}", begun.text());
    }

    pub(super) fn gm(&self) -> User {
        self.fake.user(GM)
    }

    /// `kill -9`.
    pub(super) async fn kill(&mut self) {
        self.server.take().expect("the program runs").kill(&self.fake).await;
    }

    /// SIGTERM; the program ends by itself and well, and never had anything to complain of.
    pub(super) async fn terminate(&mut self) {
        let server = self.server.take().expect("the program runs");
        let (status, complaints) = server.terminate(&self.fake).await;
        assert_eq!(status.code(), Some(0), "an end that was asked for is no failure");
        assert_eq!(complaints, Vec::<String>::new());
    }

    /// Starts the program again over the same folder.
    pub(super) async fn start_again(&mut self) {
        let server = Server::start(self.folder.path(), &self.fake).await;
        self.calls = calls(server.grpc).await;
        self.address.send_replace(server.grpc);
        self.server = Some(server);
    }

    /// Somebody who watches from now on, with the whole history.
    pub(super) fn observe(&self) -> Observer {
        let token = self.spectator_token.clone();
        Observer::begin(self.address.subscribe(), token, self.combat.clone())
    }

    pub(super) fn calls(&self) -> CombatServiceClient<Channel> {
        self.calls.clone()
    }

    pub(super) fn master_token(&self) -> &str {
        &self.master_token
    }

    async fn look(&self, token: &str) -> pb::Snapshot {
        let request = pb::GetCombatRequest { session_id: self.combat.clone() };
        let found = self.calls().get_combat(call(token, request)).await;
        found.expect("the fight is there").into_inner()
    }

    /// The state as the game master sees it.
    pub(super) async fn state(&self) -> pb::Snapshot {
        self.look(&self.master_token).await
    }

    /// The state as everybody sees it.
    pub(super) async fn public_state(&self) -> pb::Snapshot {
        self.look(&self.spectator_token).await
    }

    /// Waits until the state is as wanted: looks again whenever something has happened.
    pub(super) async fn until(
        &mut self,
        what: &str,
        wanted: impl Fn(&pb::Snapshot) -> bool,
    ) -> pb::Snapshot {
        for _ in 0..ASKED_MAX {
            let state = self.state().await;
            if wanted(&state) {
                return state;
            }
            assert_ne!(state.phase(), pb::Phase::Ended, "it ended before {what}");
            self.first.until(state.as_of + 1).await;
        }
        panic!("{what} does not come: {}", self.fake.report());
    }

    /// The fight's card, once it shows this.
    pub(super) async fn card(&self, what: &str) -> MessageView {
        let channel = self.fake.channel(CHANNEL);
        channel.wait_for(what, |message| message.text().contains(what) && is_card(message)).await
    }

    /// Every card in the channel.
    pub(super) fn cards(&self) -> Vec<MessageView> {
        self.fake.channel(CHANNEL).messages().into_iter().filter(is_card).collect()
    }

    /// The card as it has to be for the state that everybody sees now.
    pub(super) async fn right_card(&mut self) -> Value {
        let state = self.public_state().await;
        self.first.until(state.as_of).await;
        let mut told = Scene::default();
        let mut log = Vec::new();
        for frame in self.first.frames() {
            told.apply(&frame);
            log.extend(view::log::line(&told, &frame));
        }
        let scene = Scene::of_snapshot(&state);
        let contents = view::card::card(&scene, log.iter().map(String::as_str));
        card(&scene, &contents)
    }

    /// Waits until the one card is right, to the letter; gives it.
    pub(super) async fn settled_card(&mut self) -> MessageView {
        let right = self.right_card().await;
        let channel = self.fake.channel(CHANNEL);
        let what = format!("the card to show: {}", right["components"]);
        let is_right = |message: &MessageView| message.json["components"] == right["components"];
        let card = channel.wait_for(&what, is_right).await;
        assert_eq!(self.cards().len(), 1, "one card and no other");
        card
    }
}

async fn calls(address: SocketAddr) -> CombatServiceClient<Channel> {
    CombatServiceClient::connect(format!("http://{address}")).await.expect("the port answers")
}

fn is_card(message: &MessageView) -> bool {
    message.has_button("Log")
}

/// What a person reads in an answer, be it a new message or a changed one.
pub(super) fn said(result: &InteractionResult) -> String {
    let mut text = result.try_message().map(|message| message.text()).unwrap_or_default();
    for more in result.follow_ups() {
        text.push('\n');
        text.push_str(&more.text());
    }
    text
}
