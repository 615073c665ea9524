//! The course of a fight: entering, initiative, turns, leaving, pausing, the end (SRD 5.2.1,
//! Playing the Game > The Order of Combat).

use super::*;
use crate::rules::event::{Audience, EndReason};
use crate::rules::illegal::Phase;

fn begin() -> Intent {
    Intent::Begin { public_commitment: [1; 32], hidden_commitment: [2; 32] }
}

fn three() -> Vec<Entrant> {
    vec![
        entrant("a", "party", hero("Ann"), None),
        entrant("b", "foes", draft("Orc"), None),
        entrant("c", "foes", draft("Orc"), None),
    ]
}

fn ids(names: &[&str]) -> Vec<CreatureId> {
    names.iter().map(|name| id(name)).collect()
}

fn refusal(fight: &Try, intent: Intent) -> Illegal {
    fight.combat.check(intent).map(|_| ()).unwrap_err()
}

#[test]
fn nothing_can_be_done_before_it_is_opened_and_it_is_opened_once() {
    let fight = Try { combat: Combat::default() };
    assert_eq!(refusal(&fight, begin()), Illegal::WrongPhase { phase: Phase::Unopened });
    let fight = Try::gathering(None);
    let again = Intent::Initiate {
        name: "Again".into(),
        game_master: UserId(1),
        edition: Edition::Srd521,
        map: None,
    };
    assert_eq!(refusal(&fight, again), Illegal::AlreadyInitiated);
    assert_eq!(refusal(&fight, begin()), Illegal::NobodyToFight);
}

#[test]
fn a_map_must_be_as_large_as_it_says() {
    let fight = Try { combat: Combat::default() };
    let mut map = Map::open(4, 4);
    map.terrain.pop();
    let open = |map| Intent::Initiate {
        name: "Mill".into(),
        game_master: UserId(1),
        edition: Edition::Srd521,
        map: Some(map),
    };
    assert_eq!(refusal(&fight, open(map)).code(), "bad_map");
    assert_eq!(refusal(&fight, open(Map::open(0, 4))).code(), "bad_map");
    assert_eq!(refusal(&fight, open(Map::open(101, 4))).code(), "bad_map");
}

#[test]
fn names_ids_and_hit_points_are_checked_at_the_door() {
    let mut fight = Try::gathering(None);
    let enter = |entrant| Intent::Enter { entrants: vec![entrant] };
    let one = || entrant("a", "party", hero("Ann"), None);
    let named = |name: &str| Entrant { name: name.into(), ..one() };
    assert_eq!(refusal(&fight, enter(named("  "))), Illegal::NameEmpty);
    assert_eq!(refusal(&fight, enter(named(&"x".repeat(61)))).code(), "name_too_long");
    let over = Entrant { hit_points: Some(21), ..one() };
    assert_eq!(refusal(&fight, enter(over)), Illegal::HitPointsOverMaximum { maximum: 20 });
    fight.does(enter(one()), []);
    assert_eq!(refusal(&fight, enter(one())).code(), "duplicate_creature");
}

#[test]
fn the_highest_acts_first_and_a_tie_is_rolled_off_in_the_open() {
    let mut fight = Try::gathering(None);
    fight.does(Intent::Enter { entrants: three() }, []);
    let facts = fight.does(begin(), [10, 15, 15, 3, 9]);
    assert_eq!(fight.combat.order(), ids(&["c", "b", "a"]));
    let rolled_off = facts.iter().filter_map(|fact| match fact {
        Fact::Initiative { creature, tie_break, .. } => Some((*creature, tie_break.clone())),
        _ => None,
    });
    let rolled_off: Vec<_> = rolled_off.collect();
    assert_eq!(rolled_off, [(id("a"), vec![]), (id("b"), vec![3]), (id("c"), vec![9])]);
    assert_eq!((fight.combat.round(), fight.combat.turn()), (1, 1));
}

#[test]
fn whoever_rolled_before_keeps_its_roll() {
    let mut fight = Try::gathering(None);
    fight.does(Intent::Enter { entrants: three() }, []);
    fight.does(Intent::RollInitiative { creature: id("a") }, [12]);
    let again = Intent::RollInitiative { creature: id("a") };
    assert_eq!(refusal(&fight, again), Illegal::InitiativeAlreadyRolled);
    fight.does(begin(), [13, 11]);
    assert_eq!(fight.combat.order(), ids(&["b", "a", "c"]));
}

#[test]
fn the_invisible_have_advantage_and_the_incapacitated_disadvantage_on_initiative() {
    let mut fight = Try::gathering(None);
    fight.does(Intent::Enter { entrants: three() }, []);
    fight.condition("a", Condition::Invisible);
    fight.condition("b", Condition::Incapacitated);
    fight.does(begin(), [3, 17, 16, 2, 10]);
    assert_eq!(fight.combat.order(), ids(&["a", "c", "b"]));
}

#[test]
fn turns_go_round_and_skip_the_dead() {
    let mut fight = Try::of(None, three());
    fight.hit_points("b", 0);
    fight.end_turn("a", []);
    assert_eq!(fight.combat.current(), Some(id("c")));
    fight.end_turn("c", []);
    assert_eq!((fight.combat.current(), fight.combat.round()), (Some(id("a")), 2));
    assert_eq!(fight.combat.turn(), 3);
}

#[test]
fn a_late_joiner_rolls_and_waits_for_its_place() {
    let mut fight = Try::of(None, three()); // 20, 19, 18
    let late = vec![entrant("d", "party", hero("Dot"), None)];
    fight.does(Intent::Enter { entrants: late }, [19]);
    assert_eq!(fight.combat.order(), ids(&["a", "b", "d", "c"]), "after whoever has as much");
    assert_eq!(fight.combat.current(), Some(id("a")));
}

#[test]
fn the_gm_orders_turns_until_somebody_has_acted() {
    let mut fight = Try::of(None, three());
    let wanted = Intent::SetOrder { order: ids(&["c", "a", "b"]) };
    let short = Intent::SetOrder { order: ids(&["c", "a"]) };
    assert_eq!(refusal(&fight, short), Illegal::BadOrder);
    fight.does(wanted, []);
    assert_eq!(fight.combat.current(), Some(id("c")), "the first of the new order begins");
    fight.act("c", Action::Dodge, []);
    let late = Intent::SetOrder { order: ids(&["a", "b", "c"]) };
    assert_eq!(refusal(&fight, late).code(), "wrong_phase");
}

#[test]
fn whoever_leaves_in_its_turn_hands_it_on() {
    let mut fight = Try::of(None, three());
    fight.does(Intent::Enter { entrants: vec![entrant("d", "party", hero("Dot"), None)] }, [1]);
    fight.does(Intent::Leave { creature: id("a") }, []);
    assert_eq!((fight.combat.current(), fight.combat.round()), (Some(id("b")), 1));
    assert_eq!(refusal(&fight, Intent::Leave { creature: id("a") }).code(), "has_left");
    let facts = fight.does(Intent::Leave { creature: id("d") }, []);
    assert!(matches!(facts.last(), Some(Fact::Ended { .. })), "nobody is left on that side");
}

#[test]
fn the_last_in_the_order_leaving_begins_the_next_round() {
    let mut fight = Try::of(None, three());
    fight.end_turn("a", []);
    fight.end_turn("b", []);
    fight.does(Intent::Leave { creature: id("c") }, []);
    assert_eq!((fight.combat.current(), fight.combat.round()), (Some(id("a")), 2));
}

#[test]
fn a_paused_fight_waits() {
    let mut fight = Try::of(None, three());
    assert_eq!(refusal(&fight, Intent::Resume), Illegal::NotPaused);
    fight.does(Intent::Pause, []);
    assert_eq!(refusal(&fight, Intent::Pause), Illegal::AlreadyPaused);
    assert_eq!(fight.refuses("a", Action::Dodge).code(), "wrong_phase");
    fight.does(Intent::Resume, []);
    fight.act("a", Action::Dodge, []);
}

#[test]
fn the_gm_calls_it_off() {
    let mut fight = Try::of(None, three());
    let facts = fight.does(Intent::End, []);
    let ended = |fact: &Fact| matches!(fact, Fact::Ended { reason: EndReason::Called, .. });
    assert!(facts.iter().any(ended));
    assert_eq!(refusal(&fight, Intent::Pause).code(), "wrong_phase");
}

#[test]
fn what_somebody_hidden_does_is_the_gms_and_its_dice_are_hidden() {
    let mut crew = three();
    crew[2].hidden = true;
    let mut fight = Try::gathering(None);
    let entered = Intent::Enter { entrants: crew };
    let legal = fight.combat.check(entered).unwrap();
    let events = legal.resolve(&mut Scripted::new([]));
    let seen: Vec<Audience> = events.iter().map(|event| event.audience).collect();
    assert_eq!(seen, [Audience::Everyone, Audience::Everyone, Audience::Gm]);
    for event in &events {
        fight.combat.apply(event);
    }
    fight.does(begin(), [20, 10, 5]);
    assert_eq!((fight.combat.drawn().public, fight.combat.drawn().hidden), (2, 1));
}

#[test]
fn the_gms_hand_can_do_most_things() {
    let mut fight = Try::of(None, three());
    let nothing = Intent::Adjust { creature: id("b"), adjustments: Adjustments::default() };
    assert_eq!(refusal(&fight, nothing), Illegal::NothingToDo);
    fight.hit_points("b", 0);
    fight.hit_points("b", 7);
    assert!(fight.the("b").present(), "even back from the dead");
    let hidden = Adjustments { hidden: Some(true), ..Adjustments::default() };
    fight.adjust("b", hidden);
    assert!(fight.the("b").hidden());
    let same = Intent::Transfer { game_master: UserId(1) };
    assert_eq!(refusal(&fight, same), Illegal::NothingToDo);
    fight.does(Intent::Transfer { game_master: UserId(2) }, []);
    assert_eq!(fight.combat.game_master(), Some(UserId(2)));
}

#[test]
fn the_fingerprint_tells_states_apart_but_not_who_leads() {
    let mut fight = Try::of(None, three());
    let before = fight.combat.fingerprint();
    fight.does(Intent::Transfer { game_master: UserId(2) }, []);
    assert_eq!(fight.combat.fingerprint(), before);
    fight.hit_points("b", 7);
    assert_ne!(fight.combat.fingerprint(), before);
    fight.hit_points("b", 20);
    assert_eq!(fight.combat.fingerprint(), before);
}

#[test]
fn whatever_is_listed_as_possible_passes_and_the_rest_is_refused_for_the_same_reason() {
    let mut archer = hero("Ann");
    archer.attacks.push(Attack { uses: Uses::PerDay(1), ..blade("Axe") });
    let mut fight = Try::of(
        Some(Map::open(12, 12)),
        vec![
            entrant("a", "party", archer, Some((0, 0))),
            entrant("b", "foes", draft("Orc"), Some((1, 0))),
            entrant("c", "foes", draft("Orc"), Some((8, 8))),
        ],
    );
    for step in 0..3 {
        let listed = fight.combat.legal_actions(id("a"));
        assert!(!listed.is_empty());
        for entry in listed.iter().filter(|entry| entry.id.starts_with("attack:")) {
            for target in &entry.targets {
                let slug = slug(entry.id.trim_start_matches("attack:"));
                let action = Action::Attack { attack: slug, target: target.creature, mode: None };
                let intent = Intent::Act { creature: id("a"), action };
                let checked = fight.combat.check(intent).map(|_| ());
                assert_eq!(checked, target.status, "step {step}: {}", entry.id);
            }
        }
        match step {
            0 => drop(fight.attack("a", "axe", "b", [2])),
            _ => drop(fight.act("a", Action::DropProne, [])),
        }
        if step == 1 {
            fight.act("a", Action::StandUp, []);
        }
    }
}
