//! Forecasts: held to exactly computed odds, the same for the same seed, and said in the agreed form.

mod command;
mod exact;
mod odds;

use std::sync::Arc;
use std::sync::atomic::AtomicU32;

use skirmish::forecast::{Encounter, Forecast, Policy, Wanted, forecast, only_attack};
use skirmish::rules::creature::Definition;
use skirmish::rules::dice::Scripted;
use skirmish::rules::event::Edition;
use skirmish::rules::id::{CreatureId, SideId, UserId};
use skirmish::rules::intent::{Entrant, Intent};
use skirmish::rules::state::Combat;

/// Somebody in a fight, with or without something to do every turn.
struct Seat {
    id: &'static str,
    side: SideId,
    definition: Arc<Definition>,
    policy: Option<Policy>,
}

fn encounter(seats: &[Seat]) -> Encounter {
    let mut combat = Combat::default();
    let mut carry_out = |intent| {
        for event in combat.check(intent).unwrap().resolve(&mut Scripted::default()) {
            combat.apply(&event);
        }
    };
    let (name, game_master, edition) = ("Duel".to_owned(), UserId(1), Edition::Srd521);
    carry_out(Intent::Initiate { name, game_master, edition, map: None });
    let entrants = seats.iter().map(|seat| Entrant {
        id: seat.id.parse().unwrap(),
        name: seat.id.to_owned(),
        side: seat.side,
        owner: None,
        character: None,
        definition: match &seat.policy {
            Some(policy) => Arc::new(only_attack(&seat.definition, policy).unwrap()),
            None => Arc::clone(&seat.definition),
        },
        hit_points: None,
        temporary_hit_points: 0,
        spent: Vec::new(),
        position: None,
        hidden: false,
        autopilot: true,
    });
    carry_out(Intent::Enter { entrants: entrants.collect() });
    let policies: Vec<(CreatureId, Policy)> =
        seats.iter().filter_map(|seat| Some((seat.id.parse().unwrap(), seat.policy?))).collect();
    Encounter::new(combat, policies).unwrap()
}

fn run(encounter: &Encounter, runs: u32, seed: u64, threads: usize) -> Forecast {
    let done = AtomicU32::new(0);
    let told = forecast(encounter, Wanted { runs, seed, threads }, &done);
    assert_eq!(done.into_inner(), runs, "every fight is counted once");
    told
}
