//! Bare hands: striking, seizing, shoving, dragging along (SRD 5.2.1, Rules Glossary > Unarmed
//! Strike, Grappling, Grappled; SRD 5.1, Combat > Grappling, Shoving a Creature).

use super::*;
use crate::rules::ability::{Ability, Skill};
use crate::rules::creature::{Lasts, Multiattack, MultiattackStep, Rider};
use crate::rules::event::{Contest, Reason, SaveCause};

const BOTH: [Edition; 2] = [Edition::Srd521, Edition::Srd51];

/// Strength 16, proficiency 2: +5 to hit, DC 13.
fn wrestler() -> Draft {
    let mut wrestler = hero("Ann");
    wrestler.abilities.strength = 16;
    wrestler.skills = vec![(Skill::Athletics, 5)];
    wrestler
}

/// Ann at (5, 5), an orc beside her.
fn ring(edition: Edition, hero: Draft, orc: Draft) -> Try {
    let crew = vec![
        entrant("a", "party", hero, Some((5, 5))),
        entrant("b", "foes", orc, Some((6, 5))),
        entrant("c", "foes", draft("Other"), Some((15, 15))),
    ];
    Try::by(edition, Some(Map::open(20, 20)), crew)
}

fn grapple(target: &str) -> Action {
    Action::Grapple { target: id(target) }
}

fn shove(target: &str, prone: bool) -> Action {
    Action::Shove { target: id(target), prone }
}

fn saves(facts: &[Fact]) -> Vec<(Ability, u8, bool)> {
    facts
        .iter()
        .filter_map(|fact| match fact {
            Fact::SavingThrow {
                ability, dc, success, cause: SaveCause::Unarmed { .. }, ..
            } => Some((*ability, *dc, *success)),
            _ => None,
        })
        .collect()
}

fn contest_of(facts: &[Fact]) -> Contest {
    let found = facts.iter().find_map(|fact| match fact {
        Fact::Action {
            deed: Deed::Grapple { contest, .. } | Deed::Shove { contest, .. }, ..
        } => contest.as_deref().cloned(),
        _ => None,
    });
    found.expect("a contest")
}

#[test]
fn a_bare_hand_strikes_with_strength_and_proficiency_for_one_and_strength() {
    for edition in BOTH {
        let mut fight = ring(edition, wrestler(), draft("Orc"));
        let facts = fight.attack("a", "unarmed-strike", "b", [7]);
        let Deed::Attack { roll, damage, .. } = blow(&facts) else { unreachable!() };
        assert_eq!((roll.total, damage[0].dealt, damage[0].kind), (12, 4, DamageType::Bludgeoning));
        assert_eq!(fight.the("b").hit_points(), 16);
    }
}

#[test]
fn a_weak_hand_deals_nothing_and_a_critical_hit_has_no_dice_to_double() {
    let mut weak = hero("Ann");
    weak.abilities.strength = 6;
    let mut fight = ring(Edition::Srd521, weak, draft("Orc"));
    fight.attack("a", "unarmed-strike", "b", [19]);
    assert_eq!(fight.the("b").hit_points(), 20);
    let mut fight = ring(Edition::Srd521, wrestler(), draft("Orc"));
    fight.attack("a", "unarmed-strike", "b", [20]);
    assert_eq!(fight.the("b").hit_points(), 16);
}

#[test]
fn a_grapple_is_resisted_with_the_better_of_two_saves() {
    let mut nimble = draft("Orc");
    nimble.saves.dexterity = 2;
    let mut fight = ring(Edition::Srd521, wrestler(), nimble.clone());
    let facts = fight.act("a", grapple("b"), [11]);
    assert_eq!(saves(&facts), [(Ability::Dexterity, 13, true)]);
    assert!(!fight.the("b").has(Condition::Grappled));
    let mut fight = ring(Edition::Srd521, wrestler(), nimble);
    let facts = fight.act("a", grapple("b"), [10]);
    assert_eq!(saves(&facts), [(Ability::Dexterity, 13, false)]);
    let grip = fight.the("b").conditions().to_vec();
    assert_eq!((grip[0].condition, grip[0].source), (Condition::Grappled, Some(id("a"))));
    assert_eq!(grip[0].until, Until::Escaped { dc: 13 });
}

#[test]
fn who_is_incapacitated_still_saves_and_who_is_paralyzed_does_not() {
    let mut fight = ring(Edition::Srd521, wrestler(), draft("Orc"));
    fight.condition("b", Condition::Incapacitated);
    assert_eq!(saves(&fight.act("a", grapple("b"), [13])), [(Ability::Strength, 13, true)]);
    let mut fight = ring(Edition::Srd521, wrestler(), draft("Orc"));
    fight.condition("b", Condition::Paralyzed);
    assert_eq!(saves(&fight.act("a", grapple("b"), [])), [(Ability::Strength, 13, false)]);
}

#[test]
fn by_the_older_book_it_is_a_contest_and_a_tie_changes_nothing() {
    for (faces, seized) in [([10, 15], false), ([11, 15], true)] {
        let mut fight = ring(Edition::Srd51, wrestler(), draft("Orc"));
        let facts = fight.act("a", grapple("b"), faces);
        assert_eq!(contest_of(&facts).success, seized);
        assert_eq!(fight.the("b").has(Condition::Grappled), seized);
    }
    let mut fight = ring(Edition::Srd51, wrestler(), draft("Orc"));
    fight.condition("b", Condition::Incapacitated);
    let facts = fight.act("a", grapple("b"), []);
    assert_eq!(contest_of(&facts), Contest { rolls: None, success: true });
    assert!(fight.the("b").has(Condition::Grappled));
}

#[test]
fn a_grapple_takes_the_place_of_one_attack_of_a_hero_and_of_none_of_a_monster() {
    let twice = |mut draft: Draft| {
        let any_of = vec![slug("blade"), slug("bow")];
        draft.multiattack = vec![Multiattack { steps: vec![MultiattackStep { count: 2, any_of }] }];
        draft
    };
    let mut fight = ring(Edition::Srd521, twice(wrestler()), twice(draft("Orc")));
    fight.act("a", grapple("b"), [1]);
    fight.attack("a", "blade", "b", [15, 1]);
    assert_eq!(fight.refuses("a", attack("blade", "b")), Illegal::NotInMultiattack);
    fight.end_turn("a", []);
    fight.act("b", shove("a", true), [1]);
    assert_eq!(fight.refuses("b", attack("blade", "a")), Illegal::NotInMultiattack);
}

#[test]
fn nobody_seizes_or_shoves_what_is_two_sizes_larger_or_beyond_its_arm() {
    for (size, refusal) in [(Size::Large, None), (Size::Huge, Some(Illegal::TargetTooLarge))] {
        let mut big = draft("Ogre");
        big.size = size;
        for action in [grapple("b"), shove("b", true), shove("b", false)] {
            let fight = ring(Edition::Srd521, wrestler(), big.clone());
            let intent = Intent::Act { creature: id("a"), action };
            assert_eq!(fight.combat.check(intent).err(), refusal);
        }
    }
    let fight = field_of(wrestler(), draft("Orc"), (7, 5));
    let far = Illegal::OutOfReach { distance_feet: 10, reach_feet: 5 };
    assert_eq!(fight.refuses("a", grapple("b")), far);
    let fight = Try::duel(wrestler(), draft("Orc"));
    assert_eq!(fight.refuses("a", shove("b", false)), Illegal::NoMap);
}

#[test]
fn two_hands_hold_two_and_no_more() {
    let crew = vec![
        entrant("a", "party", wrestler(), Some((5, 5))),
        entrant("b", "foes", draft("Orc"), Some((6, 5))),
        entrant("c", "foes", draft("Orc"), Some((4, 5))),
        entrant("d", "foes", draft("Orc"), Some((5, 4))),
    ];
    let mut fight = Try::of(Some(Map::open(20, 20)), crew);
    for (turn, prey) in ["b", "c"].into_iter().enumerate() {
        fight.act("a", grapple(prey), [1]);
        assert_eq!(fight.refuses("a", Action::LetGo { target: id("d") }), Illegal::NotHeld);
        let round = if turn == 0 { ["a", "b", "c", "d"].as_slice() } else { &[] };
        for creature in round {
            fight.end_turn(creature, []);
        }
    }
    for creature in ["a", "b", "c", "d"] {
        fight.end_turn(creature, []);
    }
    assert_eq!(fight.refuses("a", grapple("d")), Illegal::HandsFull { max: 2 });
    assert_eq!(fight.refuses("a", grapple("b")), Illegal::HandsFull { max: 2 });
    fight.act("a", Action::LetGo { target: id("b") }, []);
    assert!(!fight.the("b").has(Condition::Grappled) && fight.the("c").has(Condition::Grappled));
    fight.act("a", grapple("d"), [1]);
}

#[test]
fn a_shove_pushes_five_feet_or_trips() {
    let mut fight = ring(Edition::Srd521, wrestler(), draft("Orc"));
    let facts = fight.act("a", shove("b", false), [1]);
    assert_eq!(at(&fight, "b"), (7, 5));
    assert!(!facts.iter().any(|fact| matches!(fact, Fact::PromptOpened { .. })), "pushed: no blow");
    let mut fight = ring(Edition::Srd521, wrestler(), draft("Orc"));
    fight.act("a", shove("b", true), [1]);
    assert!(fight.the("b").has(Condition::Prone));
    let mut fight = ring(Edition::Srd51, wrestler(), draft("Orc"));
    let facts = fight.act("a", shove("b", true), [10, 14]);
    assert!(contest_of(&facts).success && fight.the("b").has(Condition::Prone));
}

#[test]
fn escaping_is_against_the_dc_or_against_the_holder() {
    let mut fight = ring(Edition::Srd521, wrestler(), draft("Orc"));
    fight.act("a", grapple("b"), [1]);
    fight.end_turn("a", []);
    fight.act("b", Action::Escape, [12]);
    assert!(fight.the("b").has(Condition::Grappled));
    for creature in ["b", "c", "a"] {
        fight.end_turn(creature, []);
    }
    fight.act("b", Action::Escape, [13]);
    assert!(!fight.the("b").has(Condition::Grappled));
    for (own, free) in [(15, false), (16, true)] {
        let mut fight = ring(Edition::Srd51, wrestler(), draft("Orc"));
        fight.act("a", grapple("b"), [20, 1]);
        fight.end_turn("a", []);
        fight.act("b", Action::Escape, [own, 10]);
        assert_eq!(!fight.the("b").has(Condition::Grappled), free, "{own} against 15");
    }
}

#[test]
fn the_grappled_strike_badly_at_anybody_but_their_holder_by_the_newer_book_alone() {
    for (edition, hindered) in [(Edition::Srd521, true), (Edition::Srd51, false)] {
        let crew = vec![
            entrant("a", "party", wrestler(), Some((5, 5))),
            entrant("d", "party", hero("Dan"), Some((6, 4))),
            entrant("b", "foes", draft("Orc"), Some((6, 5))),
        ];
        let mut fight = Try::by(edition, Some(Map::open(20, 20)), crew);
        let faces: &[u16] = if edition == Edition::Srd521 { &[1] } else { &[20, 1] };
        fight.act("a", grapple("b"), faces.iter().copied());
        fight.end_turn("a", []);
        fight.end_turn("d", []);
        let dice: &[u16] = if hindered { &[2, 3] } else { &[3] };
        let facts = fight.attack("b", "blade", "d", dice.iter().copied());
        let Deed::Attack { roll, .. } = blow(&facts) else { unreachable!() };
        assert_eq!(roll.disadvantages.contains(&Reason::AttackerGrappled), hindered);
        for creature in ["b", "a", "d"] {
            fight.end_turn(creature, []);
        }
        fight.attack("b", "blade", "a", [3]);
    }
}

#[test]
fn a_dragged_creature_comes_along_at_twice_the_cost() {
    for edition in BOTH {
        let mut fight = ring(edition, wrestler(), draft("Orc"));
        let faces: &[u16] = if edition == Edition::Srd521 { &[1] } else { &[20, 1] };
        fight.act("a", grapple("b"), faces.iter().copied());
        let far = Illegal::NotEnoughMovement { needed_feet: 40, left_feet: 30 };
        assert_eq!(fight.refuses("a", walk((1, 5))), far);
        let facts = fight.walk("a", (2, 5));
        assert_eq!((at(&fight, "a"), at(&fight, "b")), ((2, 5), (3, 5)));
        assert_eq!(fight.combat.movement_left(id("a")), 0);
        assert!(fight.the("b").has(Condition::Grappled));
        assert!(!facts.iter().any(|fact| matches!(fact, Fact::PromptOpened { .. })));
    }
}

#[test]
fn what_is_tiny_or_two_sizes_smaller_is_carried_for_nothing() {
    for (mine, theirs) in [(Size::Medium, Size::Tiny), (Size::Large, Size::Small)] {
        let (mut big, mut small) = (wrestler(), draft("Imp"));
        (big.size, small.size) = (mine, theirs);
        let b = (5 + mine.squares(), 5);
        let mut fight = field_of(big, small, b);
        fight.act("a", grapple("b"), [1]);
        fight.walk("a", (0, 5));
        assert_eq!(fight.combat.movement_left(id("a")), 5);
        assert!(fight.the("b").has(Condition::Grappled));
    }
}

#[test]
fn a_grip_ends_when_the_two_are_pushed_apart_or_the_holder_cannot_hold() {
    let mut fight = ring(Edition::Srd521, wrestler(), draft("Orc"));
    fight.act("a", grapple("b"), [1]);
    let away = Adjustments { position: Some(Position { x: 9, y: 9 }), ..Adjustments::default() };
    fight.adjust("b", away);
    assert!(!fight.the("b").has(Condition::Grappled));
    let mut fight = ring(Edition::Srd521, wrestler(), draft("Orc"));
    fight.act("a", grapple("b"), [1]);
    fight.condition("a", Condition::Stunned);
    assert!(!fight.the("b").has(Condition::Grappled));
}

#[test]
fn a_long_arm_holds_as_far_as_it_reaches() {
    let mut kraken = draft("Kraken");
    kraken.attacks[0].reach = Some(15);
    kraken.attacks[0].riders.push(Rider::Condition {
        condition: Condition::Grappled,
        save: None,
        lasts: Lasts::Escape { dc: 15 },
        max_size: None,
        when: When::Always,
    });
    let mut fight = field_of(hero("Ann"), kraken, (8, 5));
    fight.end_turn("a", []);
    fight.attack("b", "blade", "a", [15, 1]);
    fight.walk("b", (9, 6));
    assert_eq!((at(&fight, "a"), fight.the("a").has(Condition::Grappled)), ((6, 5), true));
}

#[test]
fn whoever_leaves_may_be_seized_instead_of_struck() {
    let mut fight = ring(Edition::Srd521, wrestler(), draft("Orc"));
    fight.end_turn("a", []);
    fight.walk("b", (9, 5));
    let facts = fight.answers(Answer::Accept { attack: Some(slug("grapple")) }, [1]);
    assert_eq!(saves(&facts), [(Ability::Strength, 13, false)]);
    assert!(fight.the("b").has(Condition::Grappled) && at(&fight, "b") == (6, 5));
    assert!(fight.the("a").economy().reaction_spent);
}

#[test]
fn an_archer_strikes_whoever_leaves_with_the_bare_hand() {
    let mut archer = hero("Ann");
    archer.attacks = vec![bow()];
    let mut fight = ring(Edition::Srd521, archer, draft("Orc"));
    fight.end_turn("a", []);
    fight.walk("b", (9, 5));
    let facts = fight.answers(Answer::Accept { attack: None }, [15]);
    let Deed::Attack { attack, opportunity, .. } = blow(&facts) else { unreachable!() };
    assert!(*attack == slug("unarmed-strike") && *opportunity);
}
