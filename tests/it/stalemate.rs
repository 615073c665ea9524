//! A fight that the program plays alone and that nobody can win comes to rest, and says so.

use skirmish::content::Bestiary;
use skirmish::hub::Hub;
use skirmish::hub::reader::{Reader, StartFrom};
use skirmish::protocol::{definition_to, pb};
use skirmish::rules::id::CombatId;
use skirmish::view::log;
use skirmish::view::scene::Scene;

use crate::support::fight::{Event, GUILD, Wish, hub, initiate, master, request, send, watcher};

/// As the hub has it.
const STALEMATE_ROUNDS: u32 = 20;
/// Frames within which such a fight must come to rest.
const FRAMES_MAX: usize = 5_000;

/// Two spirits, who have nothing but fire, which does not harm them.
async fn fire_against_fire(hub: &Hub) -> CombatId {
    let mut spirit = definition_to(&Bestiary::srd().find("srd:goblin-warrior").unwrap().definition);
    let parts = spirit.attacks.iter_mut().flat_map(|attack| &mut attack.damage);
    parts.for_each(|part| part.kind = pb::DamageType::Fire.into());
    spirit.immunities.push(pb::DamageType::Fire.into());
    let of_side = |side: &str| pb::CreatureSpec {
        definition: Some(spirit.clone()),
        name: format!("Fire Spirit of the {side}"),
        side: side.to_owned(),
        autopilot: Some(true),
        ..pb::CreatureSpec::default()
    };
    let creatures = vec![of_side("party"), of_side("foes")];
    let open = request("open", "", initiate(GUILD, creatures));
    let combat = hub.submit(&master(), open).await.unwrap().session_id.parse().unwrap();
    send(hub, master(), "begin", combat, Wish::Begin(pb::Begin {})).await.unwrap();
    combat
}

/// Reads until the fight is paused: the round, and what was said of it.
async fn rests(reader: &mut Reader) -> (u32, pb::Paused) {
    let (mut round, mut seen) = (0, 0);
    loop {
        for frame in reader.next().await.unwrap() {
            seen += 1;
            match frame.event {
                Some(Event::RoundStarted(started)) => round = started.round,
                Some(Event::Paused(paused)) => return (round, paused),
                _ => assert!(seen < FRAMES_MAX, "it goes on for ever: round {round}"),
            }
        }
    }
}

/// Fire alone against the fire-immune once wrote turns into the log until the disk was full.
#[tokio::test]
async fn two_sides_that_cannot_harm_each_other_are_paused_and_everybody_is_told() {
    let hub = hub();
    let combat = fire_against_fire(&hub).await;
    let from = StartFrom::History { from_seq: 0 };
    let mut reader = hub.follow(&watcher(combat), combat, from).await.unwrap();
    let (round, paused) = rests(&mut reader).await;
    assert_eq!(paused.quiet_rounds, Some(STALEMATE_ROUNDS));
    assert_eq!(round, 1 + STALEMATE_ROUNDS + 1, "it began in round 1, and whole rounds count");
    let frame = pb::CombatEvent { event: Some(Event::Paused(paused)), ..Default::default() };
    let said = log::line(&Scene::default(), &frame).unwrap();
    assert!(said.contains("nobody came to harm in 20 rounds"), "{said}");
    let snapshot = hub.snapshot(&master(), combat).await.unwrap();
    assert_eq!(snapshot.phase(), pb::Phase::Paused);

    // Resumed, it counts anew; and then the game master has seen enough.
    send(&hub, master(), "on", combat, Wish::Resume(pb::Resume {})).await.unwrap();
    let (again, paused) = rests(&mut reader).await;
    assert_eq!((again, paused.quiet_rounds), (round + STALEMATE_ROUNDS + 1, Some(20)));
    send(&hub, master(), "end", combat, Wish::EndCombat(pb::EndCombat {})).await.unwrap();
    let over = hub.snapshot(&master(), combat).await.unwrap();
    assert_eq!(over.phase(), pb::Phase::Ended);
}
