//! Legendary actions between turns, and specials that take their user somewhere (SRD 5.2.1, Monsters
//! > Legendary Actions; Monsters A-Z, by the names in each test).

use super::*;
use crate::rules::ability::Ability;
use crate::rules::creature::{Going, Reach, SaveSpec, Special, SpecialEffect, Terms, Trait};
use crate::rules::pending::Question;

fn legendary(name: &str, reach: Reach, effect: SpecialEffect, uses: Uses) -> Special {
    Special {
        id: slug(name),
        name: name.into(),
        cost: Cost::Legendary,
        uses,
        reach,
        effect,
        spell: false,
        terms: Terms::default(),
    }
}

/// Two legendary actions: a pounce, and a gaze that it may use once a round.
fn dragon() -> Draft {
    let mut dragon = draft("Dragon");
    dragon.legendary_actions = 2;
    let going = Going::Walk { half: true, unprovoking: false };
    let pounce = SpecialEffect::Go { going, then: vec![slug("blade")] };
    let gaze = SpecialEffect::Save {
        save: SaveSpec { ability: Ability::Wisdom, dc: 12 },
        damage: vec![part(dice(1, 6, 0), DamageType::Psychic)],
        half_on_success: false,
        riders: Vec::new(),
    };
    dragon.specials = vec![
        legendary("pounce", Reach::Own, pounce, Uses::AtWill),
        legendary("gaze", Reach::Creatures { count: 1, feet: 60 }, gaze, Uses::OncePerRound),
    ];
    dragon
}

fn at(name: &str, target: &str) -> Action {
    Action::Special { special: slug(name), targets: vec![id(target)], aim: None }
}

/// Ann, the dragon, and Cid, in that order, on an open field.
fn field_with(dragon: Draft) -> Try {
    Try::of(
        Some(Map::open(20, 20)),
        vec![
            entrant("a", "party", hero("Ann"), Some((5, 5))),
            entrant("d", "foes", dragon, Some((8, 5))),
            entrant("c", "party", hero("Cid"), Some((12, 5))),
        ],
    )
}

fn question(fight: &Try) -> Option<(CreatureId, Question)> {
    fight.combat.pending().last().map(|open| (open.prompt.creature, open.prompt.question))
}

/// Adult Black Dragon > Pounce: moves up to half its speed, and makes one attack.
#[test]
fn a_legend_is_asked_after_the_turn_of_another_and_pounces() {
    let mut fight = field_with(dragon());
    assert_eq!(fight.refuses("d", at("pounce", "a")), Illegal::NotItsMoment);
    fight.end_turn("a", []);
    assert_eq!(question(&fight), Some((id("d"), Question::Legendary)));
    assert_eq!(fight.combat.current(), None, "between two turns");
    assert_eq!(fight.refuses("d", at("pounce", "d")).code(), "target_self");
    fight.act("d", at("pounce", "a"), [15, 4]);
    assert_eq!((fight.the("a").hit_points(), super::at(&fight, "d")), (14, (6, 4)));
    assert_eq!(question(&fight), None);
    assert_eq!(fight.combat.current(), Some(id("d")), "the next turn is its own");
    assert_eq!(fight.the("d").economy().legendary_spent, 0, "and gives its uses back");
    fight.end_turn("d", []);
    assert_eq!(question(&fight), None, "nobody is asked after its own turn");
    fight.end_turn("c", []);
    let prompt = fight.combat.pending()[0].prompt.id;
    let answer = Answer::Decline;
    fight.does(Intent::Respond { prompt, answer, timed_out: true }, []);
    assert_eq!(fight.combat.current(), Some(id("a")));
}

/// The uses are counted from its turn to the next, and some entries are for once in between.
#[test]
fn its_uses_come_back_at_the_start_of_its_turn() {
    let mut fight = Try::of(
        None,
        vec![
            entrant("d", "foes", dragon(), None),
            entrant("a", "party", hero("Ann"), None),
            entrant("b", "party", hero("Bea"), None),
            entrant("c", "party", hero("Cid"), None),
        ],
    );
    fight.end_turn("d", []);
    fight.end_turn("a", []);
    fight.act("d", at("gaze", "a"), [3, 2]);
    assert_eq!(fight.the("a").hit_points(), 17);
    fight.end_turn("b", []);
    assert_eq!(fight.refuses("d", at("gaze", "a")), Illegal::NoUsesLeft);
    fight.act("d", at("pounce", "b"), [2]);
    fight.end_turn("c", []);
    assert_eq!(question(&fight), None, "both uses are spent");
    fight.end_turn("d", []);
    fight.end_turn("a", []);
    fight.act("d", at("gaze", "a"), [3, 15]);
}

/// "It can't take them if it has the Incapacitated condition": nobody asks it then.
#[test]
fn who_cannot_act_is_not_asked() {
    let mut fight = field_with(dragon());
    fight.condition("d", Condition::Stunned);
    fight.end_turn("a", []);
    assert_eq!((question(&fight), fight.combat.current()), (None, Some(id("d"))));
}

/// A yes without a word of where chooses the target by itself, as the program would.
#[test]
fn a_yes_alone_is_aimed_by_itself() {
    let mut fight = field_with(dragon());
    fight.end_turn("a", []);
    let prompt = fight.combat.pending()[0].prompt;
    let wish = crate::rules::tactics::answer(&fight.combat, &prompt);
    assert!(matches!(wish, Answer::Accept { attack: Some(_) }), "{wish:?}");
    fight.answers(Answer::Accept { attack: Some(slug("gaze")) }, [6, 2]);
    assert_eq!(fight.the("a").hit_points(), 14);
    assert_eq!(fight.combat.current(), Some(id("d")));
}

/// Its way may provoke like any other, and the blow at its end waits for the answer.
#[test]
fn a_pounce_out_of_reach_is_struck_at_first() {
    let mut fight = Try::of(
        Some(Map::open(20, 20)),
        vec![
            entrant("a", "party", hero("Ann"), Some((5, 5))),
            entrant("d", "foes", dragon(), Some((6, 5))),
            entrant("c", "party", hero("Cid"), Some((9, 5))),
        ],
    );
    fight.end_turn("a", []);
    fight.act("d", at("pounce", "c"), []);
    assert_eq!(question(&fight), Some((id("a"), Question::OpportunityAttack { target: id("d") })));
    fight.answers(Answer::Accept { attack: None }, [15, 3, 15, 4]);
    assert_eq!((fight.the("d").hit_points(), fight.the("c").hit_points()), (15, 14));
    assert_eq!(fight.combat.current(), Some(id("d")));
}

/// Two legends are asked one after the other, and the next turn waits for both.
#[test]
fn every_legend_is_asked_in_the_order_of_turns() {
    let mut fight = Try::of(
        None,
        vec![
            entrant("a", "party", hero("Ann"), None),
            entrant("d", "foes", dragon(), None),
            entrant("e", "foes", dragon(), None),
        ],
    );
    fight.end_turn("a", []);
    assert_eq!(question(&fight), Some((id("d"), Question::Legendary)));
    fight.answers(Answer::Decline, []);
    assert_eq!(question(&fight), Some((id("e"), Question::Legendary)));
    fight.act("e", at("pounce", "a"), [2]);
    assert_eq!((question(&fight), fight.combat.current()), (None, Some(id("d"))));
}

/// Balor > Teleport; Unicorn > Charging Horn provokes nobody.
#[test]
fn a_teleport_provokes_nobody_and_needs_a_free_place_in_sight() {
    let mut blink = draft("Blink Dog");
    let teleport = SpecialEffect::Go { going: Going::Teleport { feet: 40 }, then: Vec::new() };
    blink.specials = vec![Special {
        cost: Cost::BonusAction,
        ..legendary("teleport", Reach::Own, teleport, Uses::AtWill)
    }];
    blink.traits = vec![Trait::PackTactics];
    let mut fight = Try::of(
        Some(Map::open(20, 20)),
        vec![
            entrant("d", "foes", blink, Some((6, 5))),
            entrant("a", "party", hero("Ann"), Some((5, 5))),
        ],
    );
    let to = |x, y| Action::Special {
        special: slug("teleport"),
        targets: Vec::new(),
        aim: Some(Position { x, y }),
    };
    assert_eq!(fight.refuses("d", to(5, 5)), Illegal::Blocked);
    assert_eq!(fight.refuses("d", to(15, 5)).code(), "out_of_range");
    fight.act("d", to(14, 5), []);
    assert_eq!(super::at(&fight, "d"), (14, 5));
    assert_eq!(question(&fight), None);
    assert_eq!(fight.combat.movement_left(id("d")), 30, "its movement is untouched");
}
