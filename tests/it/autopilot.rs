//! The program plays what nobody else does, and keeps nobody waiting who is in the middle of
//! something.

use std::time::Duration;

use skirmish::hub::{Hub, HubOptions};
use skirmish::protocol::pb;
use skirmish::store::Store;
use skirmish::telemetry::Metrics;

use crate::support::fight::{
    GUILD, Wish, goblins, initiate, join_hero, master, options, player, request, send,
};

/// Longer than any test takes: what the program does after this pause it does not do here.
const NEVER: Duration = Duration::from_hours(1);

fn at(x: u32, y: u32) -> pb::Position {
    pb::Position { x, y }
}

/// A hero beside a goblin that nobody plays, on the hero's turn; their ids.
async fn beside_a_goblin(hub: &Hub) -> (skirmish::rules::id::CombatId, String, String) {
    let goblin = pb::CreatureSpec { position: Some(at(5, 5)), ..goblins(1, false) };
    let Wish::Initiate(open) = initiate(GUILD, vec![goblin]) else { unreachable!() };
    let map = pb::GridMap { width: 12, height: 12, squares: Vec::new() };
    let open = Wish::Initiate(pb::Initiate { map: Some(map), ..open });
    let opened = hub.submit(&master(), request("open", "", open)).await.unwrap();
    let combat = opened.session_id.parse().unwrap();
    let Wish::Join(join) = join_hero("hero:fighter") else { unreachable!() };
    let join = Wish::Join(pb::Join { position: Some(at(5, 6)), ..join });
    send(hub, player(11), "join", combat, join).await.unwrap();
    send(hub, master(), "begin", combat, Wish::Begin(pb::Begin {})).await.unwrap();
    let seen = hub.snapshot(&master(), combat).await.unwrap();
    let id_of = |hero: bool| {
        seen.creatures.iter().find(|one| one.owner_id.is_empty() != hero).unwrap().id.clone()
    };
    let (hero, goblin) = (id_of(true), id_of(false));
    if seen.current_id == goblin {
        let end = Wish::EndTurn(pb::EndTurn { creature_id: goblin.clone() });
        send(hub, master(), "pass", combat, end).await.unwrap();
    }
    let adjust =
        pb::Adjust { creature_id: goblin.clone(), autopilot: Some(true), ..pb::Adjust::default() };
    send(hub, master(), "autopilot", combat, Wish::Adjust(adjust)).await.unwrap();
    (combat, hero, goblin)
}

/// Somebody walked up to an enemy and struck, past a goblin that the program plays. Now and then
/// the blow was refused, and the panel had no button to end the turn: the goblin was being asked
/// about its opportunity attack, for the moment that the program took to notice. Whoever gets a
/// receipt sees the answer of the program with it.
#[tokio::test]
async fn what_the_program_is_asked_is_answered_with_the_receipt() {
    let options = HubOptions { autopilot_pause: NEVER, ..options() };
    let hub = Hub::new(Store::open_in_memory().unwrap(), options, Metrics::new());
    let (combat, hero, goblin) = beside_a_goblin(&hub).await;
    let away = pb::MoveAction { to: Some(at(5, 9)), path: Vec::new() };
    let away = pb::CombatAction {
        session_id: combat.to_string(),
        actor_id: hero.clone(),
        action: Some(pb::combat_action::Action::Move(away)),
        ..pb::CombatAction::default()
    };
    let walked = send(&hub, player(11), "away", combat, Wish::ExecuteAction(away)).await.unwrap();
    assert!(walked.prompt_id.is_some(), "the goblin was asked");
    let after = hub.snapshot(&player(11), combat).await.unwrap();
    assert!(after.prompts.is_empty(), "and is still being asked: {:?}", after.prompts);
    let of = |id: &str| after.creatures.iter().find(|one| one.id == id).unwrap().clone();
    let has_struck = !of(&goblin).economy.is_some_and(|economy| economy.reaction);
    assert!(has_struck, "the goblin let the hero go");
    let stands = of(&hero).life() == pb::Life::Up;
    assert!(!stands || of(&hero).position == Some(at(5, 9)), "the walk went on: {:?}", of(&hero));
}
