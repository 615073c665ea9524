//! The port as a stranger meets it: a whole fight over one stream, who may what, and what answers
//! besides.

use pb::character_service_client::CharacterServiceClient;
use pb::combat_service_client::CombatServiceClient;
use pb::combat_streaming_service_client::CombatStreamingServiceClient;
use skirmish::hub::{Principal, Scope};
use skirmish::protocol::pb;
use skirmish::rules::id::{CombatId, GuildId, UserId};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio_stream::wrappers::ReceiverStream;
use tonic::transport::Channel;

use crate::support::fight::{
    Event, GUILD, Port, Wish, begun, call, first_attack, gathered, goblins, hub, initiate,
    join_hero, master, player, question, request, watcher,
};

/// The stream of one participant, read frame by frame.
struct Participant {
    requests: tokio::sync::mpsc::Sender<pb::CombatRequest>,
    frames: tonic::Streaming<pb::CombatEvent>,
    sent: usize,
    last: u64,
}

impl Participant {
    async fn send(&mut self, wish: Wish) {
        self.sent += 1;
        let request = request(&format!("r{}", self.sent), "", wish);
        self.requests.send(request).await.unwrap();
    }

    /// The next frame; logged ones must follow each other without a gap.
    async fn next(&mut self) -> Event {
        let frame = self.frames.message().await.unwrap().expect("the stream lives");
        if let Some(seq) = frame.seq {
            assert_eq!(seq, self.last + 1, "a gap or a repetition");
            self.last = seq;
        }
        frame.event.expect("every frame says something")
    }

    async fn until(&mut self, wanted: impl Fn(&Event) -> bool) -> Event {
        loop {
            let event = self.next().await;
            if wanted(&event) {
                return event;
            }
        }
    }
}

/// Everything Discord can do, one stream can: open, join, roll, begin, act, err, leave and end.
#[tokio::test]
async fn a_whole_fight_over_one_stream() {
    let port = Port::open(hub()).await;
    let token = port.token(master()).await;
    let channel = port.channel().await;
    let (requests, outgoing) = tokio::sync::mpsc::channel(8);
    let frames = CombatStreamingServiceClient::new(channel.clone())
        .combat_stream(call(&token, ReceiverStream::new(outgoing)))
        .await
        .unwrap()
        .into_inner();
    let mut stream = Participant { requests, frames, sent: 0, last: 0 };
    stream.send(initiate(GUILD, vec![goblins(2, true)])).await;
    stream.until(|event| matches!(event, Event::Initiated(_))).await;
    let mut heroes = Vec::new();
    for hero in ["hero:fighter", "hero:cleric"] {
        stream.send(join_hero(hero)).await;
        let joined = |event: &Event| matches!(event, Event::Joined(j) if !j.creature.as_ref().unwrap().owner_id.is_empty());
        let Event::Joined(joined) = stream.until(joined).await else { unreachable!() };
        heroes.push(joined.creature.unwrap().id);
    }
    stream.send(Wish::RollInitiative(pb::RollInitiative { creature_id: heroes[0].clone() })).await;
    stream.until(|event| matches!(event, Event::Initiative(_))).await;
    stream.send(Wish::EndTurn(pb::EndTurn { creature_id: "?".to_owned() })).await;
    let Event::Error(error) = stream.until(|event| matches!(event, Event::Error(_))).await else {
        unreachable!()
    };
    assert_eq!((error.code.as_str(), error.grpc_code), ("malformed", 3));
    assert_eq!(error.request_id, format!("r{}", stream.sent));
    stream.send(Wish::Begin(pb::Begin {})).await;
    stream.until(|event| matches!(event, Event::TurnStarted(_))).await;
    let mut calls = CombatServiceClient::new(channel);
    let list = calls.list_combats(call(&token, pb::ListCombatsRequest::default())).await.unwrap();
    let session_id = list.into_inner().combats.remove(0).session_id;
    let mut acted = 0;
    while acted < 2 {
        let get = pb::GetCombatRequest { session_id: session_id.clone() };
        let seen = calls.get_combat(call(&token, get)).await.unwrap().into_inner();
        assert_ne!(seen.phase(), pb::Phase::Ended, "over before two attacks were made");
        let mine = |id: &String| heroes.contains(id);
        let asked = seen.prompts.last().map(|prompt| &prompt.creature_id);
        if !mine(asked.unwrap_or(&seen.current_id)) {
            stream.next().await;
            continue;
        }
        let creature_id = seen.current_id.clone();
        let get = pb::GetOptionsRequest { session_id: session_id.clone(), creature_id };
        let offered = calls.get_options(call(&token, get)).await.unwrap().into_inner();
        let end = Wish::EndTurn(pb::EndTurn { creature_id: seen.current_id.clone() });
        let wish = question(&seen)
            .or_else(|| first_attack(&offered).map(Wish::ExecuteAction))
            .unwrap_or(end);
        acted += usize::from(matches!(wish, Wish::ExecuteAction(_)));
        let wish = request(&format!("a{}", seen.as_of), &session_id, wish);
        stream.requests.send(wish).await.unwrap();
        while stream.last <= seen.as_of {
            let event = stream.next().await;
            assert!(!matches!(event, Event::Error(_)), "what was offered is refused: {event:?}");
        }
    }
    let leave = Wish::Leave(pb::Leave { creature_id: heroes[1].clone() });
    stream.send(leave).await;
    let left = stream.until(|event| matches!(event, Event::Left(_) | Event::Error(_))).await;
    assert!(matches!(left, Event::Left(_)), "{left:?}");
    stream.send(Wish::EndCombat(pb::EndCombat {})).await;
    stream.until(|event| matches!(event, Event::DiceRevealed(_))).await;
}

/// Naming a fight that is not there does not make a stream forget the one it follows.
#[tokio::test]
async fn a_wrong_session_does_not_move_the_stream() {
    let port = Port::open(hub()).await;
    let token = port.token(master()).await;
    let (requests, outgoing) = tokio::sync::mpsc::channel(8);
    let frames = CombatStreamingServiceClient::new(port.channel().await)
        .combat_stream(call(&token, ReceiverStream::new(outgoing)))
        .await
        .unwrap()
        .into_inner();
    let mut stream = Participant { requests, frames, sent: 0, last: 0 };
    stream.send(initiate(GUILD, Vec::new())).await;
    stream.until(|event| matches!(event, Event::Initiated(_))).await;
    let wrong = request("wrong", &"0".repeat(26), Wish::Undo(pb::Undo {}));
    stream.requests.send(wrong).await.unwrap();
    stream
        .until(|event| matches!(event, Event::Error(error) if error.code == "no_such_combat"))
        .await;
    stream.send(join_hero("hero:fighter")).await;
    let next = |event: &Event| matches!(event, Event::Joined(_) | Event::Error(_));
    let event = stream.until(next).await;
    assert!(matches!(event, Event::Joined(_)), "{event:?}");
}

/// What a caller is answered: let through, or turned away with this code. Whoever may join has
/// joined by the time it answers a question that nobody asked: that this is so, the rules say.
const THROUGH: &str = "";
const NO_TOKEN: &str = "not_authenticated";
const NARROW: &str = "not_allowed";
const NOT_GM: &str = "not_game_master";
const NOT_YOURS: &str = "not_your_creature";
const NO_FIGHT: &str = "no_such_combat";

/// The columns of the table below.
#[derive(Clone, Copy)]
enum Column {
    Initiate,
    Watch,
    Join,
    Play,
    Answer,
    Run,
    Keep,
}

/// Who calls; what each of the columns answers, in their order.
const MATRIX: &[(&str, [&str; 7])] = &[
    ("no token", [NO_TOKEN; 7]),
    ("garbage", [NO_TOKEN; 7]),
    ("revoked", [NO_TOKEN; 7]),
    ("expired", [NO_TOKEN; 7]),
    ("observer", [NARROW, THROUGH, NARROW, NOT_YOURS, NOT_YOURS, NOT_GM, NARROW]),
    ("other guild", [NARROW, NO_FIGHT, NO_FIGHT, NO_FIGHT, NO_FIGHT, NO_FIGHT, NARROW]),
    ("GM of another fight", [NARROW, NO_FIGHT, NO_FIGHT, NO_FIGHT, NO_FIGHT, NO_FIGHT, NARROW]),
    ("spectator", [NARROW, THROUGH, THROUGH, NOT_YOURS, THROUGH, NOT_GM, THROUGH]),
    ("other player", [NARROW, THROUGH, THROUGH, NOT_YOURS, THROUGH, NOT_GM, THROUGH]),
    ("player", [NARROW, THROUGH, THROUGH, THROUGH, THROUGH, NOT_GM, THROUGH]),
    ("GM token of a player", [NARROW, THROUGH, NARROW, THROUGH, THROUGH, NOT_GM, NARROW]),
    ("GM token of the GM", [NARROW, THROUGH, NARROW, THROUGH, THROUGH, THROUGH, NARROW]),
    ("GM", [THROUGH; 7]),
    ("owner of the bot", [THROUGH; 7]),
];

async fn caller(port: &Port, name: &str, fight: CombatId, other: CombatId) -> String {
    let who = |user, scope| Principal { user: UserId(user), scope };
    let tokens = port.hub.tokens();
    match name {
        "no token" => String::new(),
        "garbage" => format!("skm1_{}", "0".repeat(64)),
        "revoked" => {
            let made = tokens.issue(UserId(1), Scope::Admin, None).await.unwrap();
            tokens.revoke(&made.id).await.unwrap();
            made.secret
        }
        "expired" => {
            let made = tokens.issue(UserId(1), Scope::Admin, Some(Duration::ZERO)).await.unwrap();
            made.secret
        }
        "observer" => port.token(watcher(fight)).await,
        "other guild" => port.token(who(11, Scope::Act { guild: GuildId(2) })).await,
        "GM of another fight" => port.token(who(1, Scope::GameMaster { combat: other })).await,
        "spectator" => port.token(player(99)).await,
        "other player" => port.token(player(12)).await,
        "player" => port.token(player(11)).await,
        "GM token of a player" => port.token(who(11, Scope::GameMaster { combat: fight })).await,
        "GM token of the GM" => port.token(who(1, Scope::GameMaster { combat: fight })).await,
        "GM" => port.token(master()).await,
        "owner of the bot" => port.token(who(5, Scope::Admin)).await,
        other => panic!("nobody is called {other}"),
    }
}

/// Every kind of request, about this fight and this creature.
fn requests(session: &str, creature: &str) -> Vec<(Column, Wish)> {
    let creature_id = creature.to_owned();
    let session_id = session.to_owned();
    let dodge = pb::CombatAction {
        session_id: session.to_owned(),
        actor_id: creature.to_owned(),
        action: Some(pb::combat_action::Action::Dodge(pb::DodgeAction {})),
        ..pb::CombatAction::default()
    };
    let adjust = pb::Adjust {
        creature_id: creature.to_owned(),
        hidden: Some(false),
        ..pb::Adjust::default()
    };
    vec![
        (Column::Initiate, initiate(GUILD, Vec::new())),
        (Column::Watch, Wish::Attach(pb::Attach { session_id, resume_after: None })),
        (Column::Join, join_hero("hero:rogue")),
        (
            Column::Play,
            Wish::RollInitiative(pb::RollInitiative { creature_id: creature_id.clone() }),
        ),
        (Column::Play, Wish::ExecuteAction(dodge)),
        (Column::Play, Wish::EndTurn(pb::EndTurn { creature_id: creature_id.clone() })),
        (Column::Play, Wish::Leave(pb::Leave { creature_id: creature_id.clone() })),
        (Column::Answer, Wish::Respond(pb::Respond { prompt_id: 1, ..pb::Respond::default() })),
        (Column::Run, Wish::AddCreatures(pb::AddCreatures { creatures: vec![goblins(1, false)] })),
        (Column::Run, Wish::Begin(pb::Begin {})),
        (Column::Run, Wish::Pause(pb::Pause {})),
        (Column::Run, Wish::Resume(pb::Resume {})),
        (Column::Run, Wish::Undo(pb::Undo {})),
        (Column::Run, Wish::Redo(pb::Redo {})),
        (Column::Run, Wish::Adjust(adjust)),
        (Column::Run, Wish::SetOrder(pb::SetOrder { creature_ids: vec![creature_id] })),
        (Column::Run, Wish::EndCombat(pb::EndCombat {})),
        (Column::Run, Wish::Transfer(pb::Transfer { user_id: "1".to_owned() })),
    ]
}

/// The stable code of an answer, as far as it is about who asks.
fn turned_away<T>(answer: Result<T, tonic::Status>) -> String {
    let Err(status) = answer else { return String::new() };
    let code = status.metadata().get("skirmish-code").map(|code| code.to_str().unwrap());
    let code = code.unwrap_or_else(|| panic!("a refusal without a code: {status:?}")).to_owned();
    let about_who = [NO_TOKEN, NARROW, NOT_GM, NOT_YOURS, NO_FIGHT].contains(&code.as_str());
    if about_who { code } else { String::new() }
}

/// The other calls, by column, each with the code it is turned away with.
async fn calls(
    channel: &Channel,
    token: &str,
    session: &str,
    creature: &str,
) -> Vec<(&'static str, Column, String)> {
    let session_id = session.to_owned();
    let mut fights = CombatServiceClient::new(channel.clone());
    let mut streams = CombatStreamingServiceClient::new(channel.clone());
    let mut people = CharacterServiceClient::new(channel.clone());
    let get = pb::GetCombatRequest { session_id: session_id.clone() };
    let offered =
        pb::GetOptionsRequest { session_id: session_id.clone(), creature_id: creature.to_owned() };
    let history = pb::GetHistoryRequest {
        session_id: session_id.clone(),
        ..pb::GetHistoryRequest::default()
    };
    let observe = pb::ObserveCombatRequest {
        session_id: session_id.clone(),
        ..pb::ObserveCombatRequest::default()
    };
    let one = pb::GetCharacterRequest { guild_id: "1".to_owned(), character_id: "0".repeat(26) };
    let (guild_id, character_id) = (one.guild_id.clone(), one.character_id.clone());
    let make = pb::CreateCharacterRequest { guild_id: guild_id.clone(), ..Default::default() };
    let change = pb::UpdateCharacterRequest {
        guild_id: guild_id.clone(),
        character_id: character_id.clone(),
        ..Default::default()
    };
    let delete = pb::DeleteCharacterRequest {
        guild_id: guild_id.clone(),
        character_id,
        expected_version: 1,
    };
    let bring = pb::ImportCharacterRequest { guild_id: guild_id.clone(), ..Default::default() };
    let list = pb::ListCharactersRequest { guild_id, ..Default::default() };
    vec![
        ("GetCombat", Column::Watch, turned_away(fights.get_combat(call(token, get)).await)),
        ("GetOptions", Column::Play, turned_away(fights.get_options(call(token, offered)).await)),
        ("GetHistory", Column::Watch, turned_away(fights.get_history(call(token, history)).await)),
        (
            "ObserveCombat",
            Column::Watch,
            turned_away(streams.observe_combat(call(token, observe)).await),
        ),
        (
            "CreateCharacter",
            Column::Keep,
            turned_away(people.create_character(call(token, make)).await),
        ),
        (
            "GetCharacter",
            Column::Keep,
            turned_away(people.get_character(call(token, one.clone())).await),
        ),
        (
            "GetCharacterSheet",
            Column::Keep,
            turned_away(people.get_character_sheet(call(token, one.clone())).await),
        ),
        (
            "ImportCharacter",
            Column::Keep,
            turned_away(people.import_character(call(token, bring)).await),
        ),
        (
            "ExportCharacter",
            Column::Keep,
            turned_away(people.export_character(call(token, one)).await),
        ),
        (
            "UpdateCharacter",
            Column::Keep,
            turned_away(people.update_character(call(token, change)).await),
        ),
        (
            "DeleteCharacter",
            Column::Keep,
            turned_away(people.delete_character(call(token, delete)).await),
        ),
        (
            "ListCharacters",
            Column::Keep,
            turned_away(people.list_characters(call(token, list)).await),
        ),
    ]
}

/// The access matrix: every caller, every kind of request, every call.
#[tokio::test]
async fn everybody_may_what_the_matrix_says_and_no_more() {
    let hub = hub();
    let port = Port::open(hub.clone()).await;
    let channel = port.channel().await;
    let other = gathered(&hub, "other", false).await;
    for (name, answers) in MATRIX {
        // Reads first: the requests after them end and hand over the fight.
        let fight = begun(&hub, &format!("fight-{name}").replace(' ', "-"), false).await;
        let session = fight.to_string();
        let seen = hub.snapshot(&master(), fight).await.unwrap();
        let hero = seen.creatures.iter().find(|one| one.owner_id == "11").unwrap().id.clone();
        let token = caller(&port, name, fight, other).await;
        for (what, column, code) in calls(&channel, &token, &session, &hero).await {
            assert_eq!(code, answers[column as usize], "{name}: {what}");
        }
        let mut fights = CombatServiceClient::new(channel.clone());
        for (index, (column, wish)) in requests(&session, &hero).into_iter().enumerate() {
            let what = format!("{name}: {wish:?}");
            let session = if matches!(column, Column::Initiate) { "" } else { &session };
            let id = format!("{name}-{index}");
            let answer = fights.submit(call(&token, request(&id, session, wish))).await;
            assert_eq!(turned_away(answer), answers[column as usize], "{what}");
        }
    }
}

/// A batch over the wire names the action that stopped it; another id for it is an argument error.
#[tokio::test]
async fn a_batch_over_the_wire_is_all_or_nothing() {
    let hub = hub();
    let port = Port::open(hub.clone()).await;
    let fight = begun(&hub, "wire", false).await;
    let token = port.token(master()).await;
    let seen = hub.snapshot(&master(), fight).await.unwrap();
    let offered = hub.options(&master(), fight, seen.current_id.parse().unwrap()).await.unwrap();
    let attack = pb::CombatAction { request_id: "b".to_owned(), ..first_attack(&offered).unwrap() };
    let twice = vec![attack.clone(), attack.clone(), attack.clone(), attack];
    let mut streams = CombatStreamingServiceClient::new(port.channel().await);
    let sent = call(&token, tokio_stream::iter(twice));
    let result = streams.execute_batch_actions(sent).await.unwrap().into_inner();
    assert!(result.failing_index.is_some_and(|index| (1..4).contains(&index)), "{result:?}");
    assert!(result.receipt.unwrap().refusal.is_some());
    assert_eq!(hub.snapshot(&master(), fight).await.unwrap(), seen);
}

/// An HTTP/1 answer to a POST, whole.
async fn post(port: &Port, path: &str, token: &str, message: &[u8]) -> Vec<u8> {
    let mut socket = tokio::net::TcpStream::connect(port.address).await.unwrap();
    let length = message.len() + 5;
    let head = format!(
        "POST {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\
         content-type: application/grpc-web+proto\r\nx-grpc-web: 1\r\n\
         authorization: Bearer {token}\r\ncontent-length: {length}\r\n\r\n"
    );
    let mut bytes = head.into_bytes();
    bytes.push(0);
    bytes.extend(u32::try_from(message.len()).unwrap().to_be_bytes());
    bytes.extend(message);
    socket.write_all(&bytes).await.unwrap();
    let mut answer = Vec::new();
    socket.read_to_end(&mut answer).await.unwrap();
    answer
}

/// A browser speaks grpc-web over HTTP/1 to the same port; health and reflection answer there too.
#[tokio::test]
async fn browsers_health_and_reflection_are_answered() {
    let port = Port::open(hub()).await;
    let token = port.token(master()).await;
    let holds =
        |bytes: &[u8], text: &str| bytes.windows(text.len()).any(|at| at == text.as_bytes());
    let answer = post(&port, "/skirmish.v1.CombatService/ListCombats", &token, &[]).await;
    assert!(answer.starts_with(b"HTTP/1.1 200"), "{}", String::from_utf8_lossy(&answer));
    assert!(holds(&answer, "application/grpc-web+proto") && holds(&answer, "grpc-status:0"));
    let refused = post(&port, "/skirmish.v1.CombatService/ListCombats", "nonsense", &[]).await;
    assert!(holds(&refused, "16"), "{}", String::from_utf8_lossy(&refused));
    // Serving is the value 1 of field 1.
    let health = post(&port, "/grpc.health.v1.Health/Check", "", &[]).await;
    assert!(holds(&health, "\u{8}\u{1}"), "{}", String::from_utf8_lossy(&health));
    // Field 7 of the request asks for the list of services.
    let path = "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo";
    let reflected = post(&port, path, "", &[0x3a, 0]).await;
    for service in ["CombatService", "CombatStreamingService", "CharacterService"] {
        assert!(holds(&reflected, &format!("skirmish.v1.{service}")), "{service} is missing");
    }
}
