//! Attacks as the book plays them (SRD 5.2.1, Playing the Game > Making an Attack).

use super::*;
use crate::rules::creature::{EffectKind, Multiattack, MultiattackStep, Trait};
use crate::rules::event::{AttackOutcome, Cover, Reason, RollMode};
use crate::rules::grid::Terrain;
use crate::rules::illegal::Illegal;

fn outcome(facts: &[Fact]) -> AttackOutcome {
    match blow(facts) {
        Deed::Attack { outcome, .. } => *outcome,
        _ => unreachable!(),
    }
}

fn reasons(facts: &[Fact]) -> (RollMode, Vec<Reason>, Vec<Reason>) {
    match blow(facts) {
        Deed::Attack { roll, .. } => {
            (roll.mode, roll.advantages.clone(), roll.disadvantages.clone())
        }
        _ => unreachable!(),
    }
}

fn cover(facts: &[Fact]) -> (Cover, u8) {
    match blow(facts) {
        Deed::Attack { cover, armor_class, .. } => (*cover, *armor_class),
        _ => unreachable!(),
    }
}

#[test]
fn a_roll_that_reaches_the_armor_class_hits() {
    let mut fight = Try::duel(hero("Ann"), draft("Orc"));
    let facts = fight.attack("a", "blade", "b", [8, 3]); // 8 + 4 = 12 against 12
    assert_eq!(outcome(&facts), AttackOutcome::Hit);
    assert_eq!(fight.the("b").hit_points(), 15);
    assert_eq!(fight.refuses("a", attack("blade", "b")).code(), "cost_spent");
}

#[test]
fn one_less_misses_and_rolls_no_damage() {
    let mut fight = Try::duel(hero("Ann"), draft("Orc"));
    assert_eq!(outcome(&fight.attack("a", "blade", "b", [7])), AttackOutcome::Miss);
    assert_eq!(fight.the("b").hit_points(), 20);
}

#[test]
fn a_natural_1_misses_and_a_natural_20_doubles_every_die() {
    let mut nimble = draft("Orc");
    nimble.armor_class = 1;
    let mut fight = Try::duel(hero("Ann"), nimble);
    assert_eq!(outcome(&fight.attack("a", "blade", "b", [1])), AttackOutcome::CriticalMiss);
    let mut armored = draft("Orc");
    armored.armor_class = 40;
    let mut fight = Try::duel(hero("Ann"), armored);
    let facts = fight.attack("a", "blade", "b", [20, 3, 4]); // 2d6 + 2, the bonus once
    assert_eq!(outcome(&facts), AttackOutcome::CriticalHit);
    assert_eq!(fight.the("b").hit_points(), 11);
}

#[test]
fn a_wider_critical_range_counts_only_for_whoever_has_it() {
    let mut champion = hero("Ann");
    champion.traits.push(Trait::CriticalFrom(19));
    let mut fight = Try::duel(champion, draft("Orc"));
    assert_eq!(outcome(&fight.attack("a", "blade", "b", [19, 1, 1])), AttackOutcome::CriticalHit);
    let mut fight = Try::duel(hero("Ann"), draft("Orc"));
    assert_eq!(outcome(&fight.attack("a", "blade", "b", [19, 1])), AttackOutcome::Hit);
}

#[test]
fn advantage_and_disadvantage_cancel_and_every_reason_is_told() {
    let mut fight = Try::duel(hero("Ann"), draft("Orc"));
    fight.condition("b", Condition::Restrained);
    let (mode, for_it, against) = reasons(&fight.attack("a", "blade", "b", [4, 15, 1]));
    assert_eq!((mode, for_it), (RollMode::Advantage, vec![Reason::TargetRestrained]));
    assert!(against.is_empty());
    let mut fight = Try::duel(hero("Ann"), draft("Orc"));
    fight.condition("b", Condition::Restrained);
    fight.condition("b", Condition::Blinded);
    fight.condition("a", Condition::Poisoned);
    let (mode, for_it, against) = reasons(&fight.attack("a", "blade", "b", [4]));
    assert_eq!(mode, RollMode::Normal, "two against one still cancel");
    assert_eq!(for_it.len(), 2);
    assert_eq!(against, [Reason::AttackerPoisoned]);
}

#[test]
fn the_lower_die_counts_with_disadvantage() {
    let mut fight = Try::duel(hero("Ann"), draft("Orc"));
    fight.condition("a", Condition::Poisoned);
    assert_eq!(outcome(&fight.attack("a", "blade", "b", [20, 2])), AttackOutcome::Miss);
}

#[test]
fn the_gm_can_dictate_the_mode() {
    let mut fight = Try::duel(hero("Ann"), draft("Orc"));
    let wish =
        Action::Attack { attack: slug("blade"), target: id("b"), mode: Some(RollMode::Advantage) };
    let facts = fight.act("a", wish, [2, 9, 1]);
    assert_eq!(reasons(&facts).0, RollMode::Advantage);
    assert!(reasons(&facts).1.contains(&Reason::GameMaster));
}

#[test]
fn a_hit_on_somebody_unconscious_is_critical_only_from_close_by() {
    let map = Some(Map::open(20, 5));
    let crew = |at| {
        vec![
            entrant("a", "party", hero("Ann"), Some((0, 0))),
            entrant("b", "foes", draft("Orc"), Some(at)),
            entrant("c", "foes", draft("Orc"), Some((19, 4))),
        ]
    };
    let mut fight = Try::of(map.clone(), crew((1, 0)));
    fight.condition("b", Condition::Paralyzed);
    let facts = fight.attack("a", "blade", "b", [9, 8, 1, 1]);
    assert_eq!(outcome(&facts), AttackOutcome::CriticalHit);
    let mut fight = Try::of(map, crew((6, 0)));
    fight.condition("b", Condition::Paralyzed);
    let facts = fight.attack("a", "bow", "b", [9, 8, 1]);
    assert_eq!(outcome(&facts), AttackOutcome::Hit);
}

#[test]
fn lying_down_helps_against_arrows_and_not_against_swords() {
    let map = || Some(Map::open(20, 5));
    let crew = |at| {
        vec![
            entrant("a", "party", hero("Ann"), Some((0, 0))),
            entrant("b", "foes", draft("Orc"), Some(at)),
        ]
    };
    let mut fight = Try::of(map(), crew((1, 0)));
    fight.condition("b", Condition::Prone);
    let (_, for_it, _) = reasons(&fight.attack("a", "blade", "b", [2, 3]));
    assert_eq!(for_it, [Reason::TargetProneNear]);
    let mut fight = Try::of(map(), crew((8, 0)));
    fight.condition("b", Condition::Prone);
    let (_, _, against) = reasons(&fight.attack("a", "bow", "b", [2, 3]));
    assert_eq!(against, [Reason::TargetProneFar]);
}

#[test]
fn reach_and_range_hold_on_a_map_and_mean_nothing_without_one() {
    let crew = |at| {
        vec![
            entrant("a", "party", hero("Ann"), Some((0, 0))),
            entrant("b", "foes", draft("Orc"), Some(at)),
        ]
    };
    let fight = Try::of(Some(Map::open(80, 5)), crew((2, 0)));
    let far = Illegal::OutOfReach { distance_feet: 10, reach_feet: 5 };
    assert_eq!(fight.refuses("a", attack("blade", "b")), far);
    let fight = Try::of(Some(Map::open(80, 5)), crew((70, 0)));
    let far = Illegal::OutOfRange { distance_feet: 350, range_feet: 320 };
    assert_eq!(fight.refuses("a", attack("bow", "b")), far);
    let mut fight = Try::of(Some(Map::open(80, 5)), crew((40, 0)));
    let (_, _, against) = reasons(&fight.attack("a", "bow", "b", [2, 3]));
    assert_eq!(against, [Reason::LongRange]);
    let mut fight = Try::duel(hero("Ann"), draft("Orc"));
    fight.attack("a", "blade", "b", [2]);
}

#[test]
fn an_enemy_at_the_elbow_spoils_a_shot_unless_it_is_helpless() {
    let crew = || {
        vec![
            entrant("a", "party", hero("Ann"), Some((0, 0))),
            entrant("b", "foes", draft("Orc"), Some((1, 0))),
            entrant("c", "foes", draft("Orc"), Some((6, 0))),
        ]
    };
    let mut fight = Try::of(Some(Map::open(20, 5)), crew());
    let (_, _, against) = reasons(&fight.attack("a", "bow", "c", [2, 3]));
    assert!(against.contains(&Reason::EnemyNearby));
    let mut fight = Try::of(Some(Map::open(20, 5)), crew());
    fight.condition("b", Condition::Stunned);
    let (_, _, against) = reasons(&fight.attack("a", "bow", "c", [2]));
    assert!(!against.contains(&Reason::EnemyNearby));
}

#[test]
fn somebody_in_between_is_half_cover_and_a_wall_is_total() {
    let crew = || {
        vec![
            entrant("a", "party", hero("Ann"), Some((0, 2))),
            entrant("b", "foes", draft("Orc"), Some((6, 2))),
            entrant("c", "foes", draft("Orc"), Some((3, 2))),
        ]
    };
    let mut fight = Try::of(Some(Map::open(20, 5)), crew());
    assert_eq!(cover(&fight.attack("a", "bow", "b", [2])), (Cover::Half, 14));
    let mut walled = Map::open(20, 5);
    for y in 0..5 {
        walled.terrain[y * 20 + 4] = Terrain::Wall;
    }
    let fight = Try::of(Some(walled), crew());
    assert_eq!(fight.refuses("a", attack("bow", "b")), Illegal::NoLineOfSight);
}

#[test]
fn who_cannot_be_a_target_is_refused_with_the_reason() {
    let mut fight = Try::of(
        None,
        vec![
            entrant("a", "party", hero("Ann"), None),
            entrant("b", "foes", draft("Orc"), None),
            entrant("c", "party", hero("Cid"), None),
            entrant("d", "foes", draft("Orc"), None),
            Entrant { hidden: true, ..entrant("e", "foes", draft("Orc"), None) },
        ],
    );
    fight.hit_points("d", 0);
    assert_eq!(fight.refuses("a", attack("blade", "a")), Illegal::TargetSelf);
    assert_eq!(fight.refuses("a", attack("blade", "c")), Illegal::TargetIsAlly);
    assert_eq!(fight.refuses("a", attack("blade", "d")), Illegal::TargetDead);
    assert_eq!(fight.refuses("a", attack("blade", "e")).code(), "no_such_creature");
    assert_eq!(fight.refuses("a", attack("blade", "x")).code(), "no_such_creature");
    assert_eq!(fight.refuses("a", attack("claw", "b")), Illegal::NoSuchAttack);
    assert_eq!(fight.refuses("b", attack("blade", "a")).code(), "not_your_turn");
}

#[test]
fn a_hidden_attacker_has_advantage_and_gives_itself_away() {
    let mut fight = Try::of(
        None,
        vec![
            Entrant { hidden: true, ..entrant("a", "foes", draft("Orc"), None) },
            entrant("b", "party", hero("Ann"), None),
        ],
    );
    let facts = fight.attack("a", "blade", "b", [2, 9, 1]);
    assert_eq!(reasons(&facts).0, RollMode::Advantage);
    assert!(!fight.the("a").hidden());
}

#[test]
fn pack_tactics_needs_an_ally_that_can_act() {
    let mut wolf = draft("Wolf");
    wolf.traits.push(Trait::PackTactics);
    let crew = || {
        vec![
            entrant("a", "foes", wolf.clone(), None),
            entrant("b", "party", hero("Ann"), None),
            entrant("c", "foes", draft("Orc"), None),
        ]
    };
    let mut fight = Try::of(None, crew());
    let (_, for_it, _) = reasons(&fight.attack("a", "blade", "b", [2, 3]));
    assert_eq!(for_it, [Reason::PackTactics]);
    let mut fight = Try::of(None, crew());
    fight.condition("c", Condition::Incapacitated);
    let (_, for_it, _) = reasons(&fight.attack("a", "blade", "b", [2]));
    assert!(for_it.is_empty());
}

/// One attack or bite twice, or a bite and a claw.
fn beast() -> Draft {
    let step = |count, names: &[&str]| MultiattackStep {
        count,
        any_of: names.iter().map(|name| slug(name)).collect(),
    };
    let mut beast = draft("Beast");
    beast.attacks = vec![blade("Bite"), blade("Claw"), bow()];
    beast.multiattack =
        vec![Multiattack { steps: vec![step(1, &["bite"]), step(2, &["claw", "bite"])] }];
    beast
}

#[test]
fn a_multiattack_allows_just_its_own_attacks() {
    let mut fight = Try::duel(beast(), draft("Orc"));
    fight.attack("a", "claw", "b", [2]);
    assert_eq!(fight.refuses("a", attack("bow", "b")), Illegal::NotInMultiattack);
    fight.attack("a", "bite", "b", [2]);
    fight.attack("a", "claw", "b", [2]);
    assert_eq!(fight.refuses("a", attack("bite", "b")), Illegal::NotInMultiattack);
}

#[test]
fn three_claws_are_no_multiattack_of_a_bite_and_two_claws() {
    let mut fight = Try::duel(beast(), draft("Orc"));
    fight.attack("a", "claw", "b", [2]);
    fight.attack("a", "claw", "b", [2]);
    assert_eq!(fight.refuses("a", attack("claw", "b")), Illegal::NotInMultiattack);
    fight.attack("a", "bite", "b", [2]);
}

#[test]
fn an_action_spent_otherwise_leaves_no_multiattack() {
    let mut fight = Try::duel(beast(), draft("Orc"));
    fight.act("a", Action::Dodge, []);
    assert_eq!(fight.refuses("a", attack("bite", "b")).code(), "cost_spent");
}

#[test]
fn the_other_hand_strikes_as_a_bonus_action_without_the_modifier() {
    let mut duelist = hero("Ann");
    duelist.attacks = vec![
        Attack { light: true, ..blade("Scimitar") },
        Attack { light: true, ..blade("Dagger") },
    ];
    let mut fight = Try::duel(duelist, draft("Orc"));
    fight.attack("a", "scimitar", "b", [10, 3]);
    assert_eq!(fight.the("b").hit_points(), 15);
    assert!(fight.refuses("a", attack("scimitar", "b")).code() == "cost_spent");
    fight.attack("a", "dagger", "b", [10, 3]);
    assert_eq!(fight.the("b").hit_points(), 12, "3 and no +2");
    assert!(fight.the("a").economy().bonus_action_spent);
}

#[test]
fn sneak_attack_comes_once_a_turn_on_anybodys_turn() {
    let mut rogue = hero("Ann");
    rogue.attacks[0]
        .damage
        .push(DamagePart { when: When::SneakAttack, ..part(dice(2, 6, 0), DamageType::Slashing) });
    rogue.multiattack = vec![Multiattack {
        steps: vec![MultiattackStep { count: 2, any_of: vec![slug("blade")] }],
    }];
    let mut tough = draft("Orc");
    tough.hit_points = 60;
    let mut fight = Try::of(
        Some(Map::open(9, 9)),
        vec![
            entrant("a", "party", rogue, Some((1, 1))),
            entrant("b", "foes", tough, Some((2, 1))),
            entrant("c", "party", hero("Cid"), Some((3, 1))),
        ],
    );
    fight.attack("a", "blade", "b", [10, 1, 1, 1]);
    assert_eq!(fight.the("b").hit_points(), 55);
    fight.attack("a", "blade", "b", [10, 1]);
    assert_eq!(fight.the("b").hit_points(), 52, "not twice in a turn");
    fight.end_turn("a", []);
    fight.walk("b", (2, 5));
    let facts = fight.answers(Answer::Accept { attack: None }, [10, 1, 1, 1]);
    assert!(matches!(blow(&facts), Deed::Attack { sneak_attack: true, opportunity: true, .. }));
}

#[test]
fn help_gives_the_next_ally_advantage_once() {
    let mut fight = Try::of(
        None,
        vec![
            entrant("a", "party", hero("Ann"), None),
            entrant("c", "party", hero("Cid"), None),
            entrant("b", "foes", draft("Orc"), None),
        ],
    );
    fight.act("a", Action::Help { target: id("b") }, []);
    fight.end_turn("a", []);
    let (_, for_it, _) = reasons(&fight.attack("c", "blade", "b", [2, 3]));
    assert_eq!(for_it, [Reason::TargetDistracted]);
    assert!(!fight.the("b").affected(EffectKind::Distracted));
}

#[test]
fn help_lapses_when_the_helpers_next_turn_begins() {
    let mut fight = Try::duel(hero("Ann"), draft("Orc"));
    fight.act("a", Action::Help { target: id("b") }, []);
    fight.end_turn("a", []);
    assert!(fight.the("b").affected(EffectKind::Distracted));
    fight.end_turn("b", []);
    assert!(!fight.the("b").affected(EffectKind::Distracted));
}

#[test]
fn who_dodges_is_hard_to_hit_until_its_next_turn() {
    let mut fight = Try::duel(hero("Ann"), draft("Orc"));
    fight.act("a", Action::Dodge, []);
    fight.end_turn("a", []);
    let (mode, _, against) = reasons(&fight.attack("b", "blade", "a", [2, 3]));
    assert_eq!((mode, against), (RollMode::Disadvantage, vec![Reason::TargetDodging]));
    fight.end_turn("b", []);
    assert!(!fight.the("a").affected(EffectKind::Dodging));
}

#[test]
fn who_hides_strikes_from_hiding_once() {
    let mut fight = Try::duel(hero("Ann"), draft("Orc"));
    let action = Cost::Action;
    fight.act("a", Action::Hide { cost: action }, [15]);
    assert!(fight.the("a").affected(EffectKind::Hidden));
    fight.end_turn("a", []);
    let (_, _, against) = reasons(&fight.attack("b", "blade", "a", [2, 3]));
    assert_eq!(against, [Reason::TargetHidden]);
    fight.end_turn("b", []);
    let (_, for_it, _) = reasons(&fight.attack("a", "blade", "b", [2, 3]));
    assert_eq!(for_it, [Reason::AttackerHidden]);
    assert!(!fight.the("a").affected(EffectKind::Hidden));
}

#[test]
fn nobody_hides_in_plain_sight() {
    let crew = vec![
        entrant("a", "party", hero("Ann"), Some((0, 0))),
        entrant("b", "foes", draft("Orc"), Some((5, 0))),
    ];
    let fight = Try::of(Some(Map::open(9, 9)), crew);
    let hide = Action::Hide { cost: Cost::Action };
    assert_eq!(fight.refuses("a", hide), Illegal::CannotHideHere);
}
