//! A hub in memory, a port in front of it, and somebody who plays heroes from what is offered.

use prost::Message;
use skirmish::grpc::{self, GrpcOptions};
use skirmish::hub::reader::StartFrom;
use skirmish::hub::{Hub, HubOptions, Principal, Refusal, Scope};
use skirmish::protocol::pb;
use skirmish::rules::id::{CombatId, GuildId, UserId};
use skirmish::store::Store;
use skirmish::telemetry::Metrics;
use tokio_util::sync::CancellationToken;
use tonic::transport::Channel;

pub(crate) use pb::combat_event::Event;
pub(crate) use pb::combat_request::Request as Wish;

/// The guild of every fight here, unless a test says otherwise.
pub(crate) const GUILD: GuildId = GuildId(1);

pub(crate) fn options() -> HubOptions {
    HubOptions { seed: Some(7), ..HubOptions::default() }
}

pub(crate) fn hub() -> Hub {
    Hub::new(Store::open_in_memory().unwrap(), options(), Metrics::new())
}

/// The game master: may open fights in the guild.
pub(crate) fn master() -> Principal {
    Principal { user: UserId(1), scope: Scope::Start { guild: GUILD } }
}

pub(crate) fn player(user: u64) -> Principal {
    Principal { user: UserId(user), scope: Scope::Act { guild: GUILD } }
}

pub(crate) fn watcher(combat: CombatId) -> Principal {
    Principal { user: UserId(0), scope: Scope::Observe { combat } }
}

pub(crate) fn request(id: &str, session: &str, wish: Wish) -> pb::CombatRequest {
    pb::CombatRequest {
        request_id: id.to_owned(),
        session_id: session.to_owned(),
        request: Some(wish),
        ..pb::CombatRequest::default()
    }
}

pub(crate) fn goblins(count: u32, autopilot: bool) -> pb::CreatureSpec {
    pb::CreatureSpec {
        from: "srd:goblin-warrior".to_owned(),
        count,
        autopilot: Some(autopilot),
        ..pb::CreatureSpec::default()
    }
}

pub(crate) fn initiate(guild: GuildId, creatures: Vec<pb::CreatureSpec>) -> Wish {
    Wish::Initiate(pb::Initiate {
        guild_id: guild.0.to_string(),
        name: "Trial".to_owned(),
        creatures,
        ..pb::Initiate::default()
    })
}

pub(crate) fn join_hero(hero: &str) -> Wish {
    Wish::Join(pb::Join {
        who: Some(pb::join::Who::Hero(hero.to_owned())),
        side: "party".to_owned(),
        ..pb::Join::default()
    })
}

pub(crate) async fn send(
    hub: &Hub,
    who: Principal,
    id: &str,
    combat: CombatId,
    wish: Wish,
) -> Result<pb::Receipt, Refusal> {
    hub.submit(&who, request(id, &combat.to_string(), wish)).await
}

/// A fight of two goblins against a fighter of user 11 and a cleric of user 12, not yet begun.
pub(crate) async fn gathered(hub: &Hub, name: &str, autopilot: bool) -> CombatId {
    let open = request(&format!("{name}-open"), "", initiate(GUILD, vec![goblins(2, autopilot)]));
    let combat = hub.submit(&master(), open).await.unwrap().session_id.parse().unwrap();
    for (user, hero) in [(11, "hero:fighter"), (12, "hero:cleric")] {
        let id = format!("{name}-join-{user}");
        send(hub, player(user), &id, combat, join_hero(hero)).await.unwrap();
    }
    combat
}

pub(crate) async fn begun(hub: &Hub, name: &str, autopilot: bool) -> CombatId {
    let combat = gathered(hub, name, autopilot).await;
    let id = format!("{name}-begin");
    send(hub, master(), &id, combat, Wish::Begin(pb::Begin {})).await.unwrap();
    combat
}

/// The first attack that can be made on somebody, as it is to be sent.
pub(crate) fn first_attack(options: &pb::Options) -> Option<pb::CombatAction> {
    options.available_actions.iter().filter(|entry| entry.enabled).find_map(|entry| {
        let mut action = entry.template.clone()?;
        let target = entry.targets.iter().find(|target| target.enabled)?;
        let Some(pb::combat_action::Action::Attack(attack)) = &mut action.action else {
            return None;
        };
        attack.target_id.clone_from(&target.creature_id);
        Some(action)
    })
}

/// What comes next for whoever plays this snapshot's current creature or open question.
pub(crate) fn question(snapshot: &pb::Snapshot) -> Option<Wish> {
    snapshot.prompts.last().map(|prompt| {
        let prompt_id = prompt.prompt_id;
        Wish::Respond(pb::Respond { prompt_id, ..pb::Respond::default() })
    })
}

/// Plays everybody, as the game master, until the fight is over or so many requests were made.
pub(crate) async fn play(hub: &Hub, combat: CombatId, most: usize) -> usize {
    for done in 0..most {
        let snapshot = hub.snapshot(&master(), combat).await.unwrap();
        if snapshot.phase() == pb::Phase::Ended {
            return done;
        }
        let wish = match question(&snapshot) {
            Some(wish) => wish,
            None => {
                let creature = snapshot.current_id.parse().unwrap();
                let options = hub.options(&master(), combat, creature).await.unwrap();
                first_attack(&options).map_or(
                    Wish::EndTurn(pb::EndTurn { creature_id: snapshot.current_id.clone() }),
                    Wish::ExecuteAction,
                )
            }
        };
        let id = format!("play-{combat}-{}", snapshot.as_of);
        send(hub, master(), &id, combat, wish).await.unwrap();
    }
    most
}

pub(crate) async fn tail(hub: &Hub, combat: CombatId) -> u64 {
    hub.snapshot(&master(), combat).await.unwrap().as_of
}

/// The logged frames from somewhere up to a number, each as the bytes on the wire.
pub(crate) async fn read_to(
    hub: &Hub,
    who: Principal,
    combat: CombatId,
    from: StartFrom,
    last: u64,
) -> Vec<(u64, Vec<u8>)> {
    let mut reader = hub.follow(&who, combat, from).await.unwrap();
    let mut seen = Vec::new();
    while reader.position() < last {
        let page = reader.next().await.unwrap();
        seen.extend(page.iter().filter_map(|frame| Some((frame.seq?, frame.encode_to_vec()))));
    }
    seen
}

/// The hub served on a free port, until this is dropped.
pub(crate) struct Port {
    pub(crate) hub: Hub,
    pub(crate) address: std::net::SocketAddr,
    shutdown: CancellationToken,
}

impl Drop for Port {
    fn drop(&mut self) {
        self.shutdown.cancel();
    }
}

impl Port {
    pub(crate) async fn open(hub: Hub) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let shutdown = CancellationToken::new();
        let served = grpc::serve(hub.clone(), listener, GrpcOptions::default(), shutdown.clone());
        tokio::spawn(served);
        Self { hub, address, shutdown }
    }

    pub(crate) async fn channel(&self) -> Channel {
        Channel::from_shared(format!("http://{}", self.address)).unwrap().connect().await.unwrap()
    }

    pub(crate) async fn token(&self, who: Principal) -> String {
        self.hub.tokens().issue(who.user, who.scope, None).await.unwrap().secret
    }
}

/// A call with a token; an empty one is left out.
pub(crate) fn call<T>(token: &str, message: T) -> tonic::Request<T> {
    let mut call = tonic::Request::new(message);
    if !token.is_empty() {
        call.metadata_mut().insert("authorization", format!("Bearer {token}").parse().unwrap());
    }
    call
}
