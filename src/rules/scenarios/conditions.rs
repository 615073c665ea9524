//! Conditions, how long they last and what ends them (SRD 5.2.1, Rules Glossary).

use super::*;
use crate::rules::ability::{Ability, Skill};
use crate::rules::creature::{EffectKind, Lasts, Rider, SaveSpec};
use crate::rules::event::Reason;

fn rider(condition: Condition, save: Option<u8>, lasts: Lasts) -> Rider {
    let save = save.map(|dc| SaveSpec { ability: Ability::Constitution, dc });
    Rider::Condition { condition, save, lasts, max_size: None, when: When::Always }
}

fn biter(rider: Rider) -> Draft {
    let mut biter = draft("Biter");
    biter.attacks[0].riders.push(rider);
    biter
}

fn disadvantages(facts: &[Fact]) -> Vec<Reason> {
    match blow(facts) {
        Deed::Attack { roll, .. } => roll.disadvantages.clone(),
        _ => unreachable!(),
    }
}

#[test]
fn whoever_cannot_act_can_still_end_its_turn() {
    for condition in [Condition::Incapacitated, Condition::Paralyzed, Condition::Stunned] {
        let mut fight = Try::duel(hero("Ann"), draft("Orc"));
        fight.condition("a", condition);
        assert_eq!(fight.refuses("a", attack("blade", "b")).code(), "incapacitated");
        assert_eq!(fight.refuses("a", Action::Dodge).code(), "incapacitated");
        fight.end_turn("a", []);
        assert_eq!(fight.combat.current(), Some(id("b")));
    }
}

#[test]
fn some_conditions_pin_a_creature_to_its_place() {
    let crew = || {
        vec![
            entrant("a", "party", hero("Ann"), Some((0, 0))),
            entrant("b", "foes", draft("Orc"), Some((9, 9))),
        ]
    };
    for condition in [Condition::Grappled, Condition::Restrained] {
        let mut fight = Try::of(Some(Map::open(10, 10)), crew());
        fight.condition("a", condition);
        let refusal = Illegal::SpeedZero { by: Some(condition) };
        assert_eq!(fight.refuses("a", walk((1, 1))), refusal);
    }
}

#[test]
fn nobody_comes_closer_to_what_frightens_it() {
    let mut fear = biter(rider(Condition::Frightened, None, Lasts::TargetTurns(10)));
    fear.attacks[0].reach = Some(30);
    let mut fight = Try::of(
        Some(Map::open(10, 10)),
        vec![
            entrant("b", "foes", fear, Some((0, 0))),
            entrant("a", "party", hero("Ann"), Some((5, 0))),
        ],
    );
    fight.attack("b", "blade", "a", [15, 1]);
    fight.end_turn("b", []);
    assert_eq!(fight.refuses("a", walk((3, 0))), Illegal::FrightenedOfTarget);
    let facts = fight.attack("a", "bow", "b", [2, 3]);
    assert_eq!(disadvantages(&facts), [Reason::AttackerFrightened]);
    fight.walk("a", (7, 0));
}

#[test]
fn nobody_attacks_its_charmer() {
    let mut fight = Try::duel(biter(rider(Condition::Charmed, None, Lasts::Removed)), draft("Orc"));
    fight.attack("a", "blade", "b", [15, 1]);
    fight.end_turn("a", []);
    assert_eq!(fight.refuses("b", attack("blade", "a")), Illegal::CharmedByTarget);
}

#[test]
fn a_save_is_repeated_at_the_end_of_each_turn_until_it_is_made() {
    let sleepy = biter(rider(Condition::Poisoned, Some(12), Lasts::SaveEnds));
    let mut fight = Try::duel(sleepy, draft("Orc"));
    fight.attack("a", "blade", "b", [15, 1, 11]);
    assert!(fight.the("b").has(Condition::Poisoned));
    fight.end_turn("a", []);
    fight.end_turn("b", [11]);
    assert!(fight.the("b").has(Condition::Poisoned));
    fight.end_turn("a", []);
    fight.end_turn("b", [12]);
    assert!(!fight.the("b").has(Condition::Poisoned));
}

#[test]
fn a_save_that_is_made_leaves_nothing_behind_and_immunity_needs_none() {
    let biting = || biter(rider(Condition::Poisoned, Some(12), Lasts::SaveEnds));
    let mut fight = Try::duel(biting(), draft("Orc"));
    fight.attack("a", "blade", "b", [15, 1, 12]);
    assert!(!fight.the("b").has(Condition::Poisoned));
    let mut immune = draft("Golem");
    immune.condition_immunities = [Condition::Poisoned].into_iter().collect();
    let mut fight = Try::duel(biting(), immune);
    fight.attack("a", "blade", "b", [15, 1]);
    assert!(!fight.the("b").has(Condition::Poisoned));
}

#[test]
fn the_next_turn_is_not_the_one_that_is_going_on() {
    let until_end = biter(rider(Condition::Blinded, None, Lasts::SourceNextTurnEnd));
    let mut fight = Try::duel(until_end, draft("Orc"));
    fight.attack("a", "blade", "b", [15, 1]);
    fight.end_turn("a", []);
    assert!(fight.the("b").has(Condition::Blinded));
    fight.end_turn("b", []);
    assert!(fight.the("b").has(Condition::Blinded), "through the source's next turn");
    fight.end_turn("a", []);
    assert!(!fight.the("b").has(Condition::Blinded));
}

#[test]
fn turns_of_the_target_are_counted() {
    let two = biter(rider(Condition::Blinded, None, Lasts::TargetTurns(2)));
    let mut fight = Try::duel(two, draft("Orc"));
    fight.attack("a", "blade", "b", [15, 1]);
    for turns in 0..2 {
        assert!(fight.the("b").has(Condition::Blinded), "after {turns} turns");
        fight.end_turn("a", []);
        fight.end_turn("b", []);
    }
    assert!(!fight.the("b").has(Condition::Blinded));
}

#[test]
fn a_grip_is_escaped_by_a_check_or_ends_with_its_holder() {
    let grip = || biter(rider(Condition::Grappled, None, Lasts::Escape { dc: 13 }));
    let mut nimble = draft("Orc");
    nimble.skills.push((Skill::Acrobatics, 3));
    let mut fight = Try::duel(grip(), nimble.clone());
    fight.attack("a", "blade", "b", [15, 1]);
    fight.end_turn("a", []);
    fight.act("b", Action::Escape, [9]);
    assert!(fight.the("b").has(Condition::Grappled));
    fight.end_turn("b", []);
    fight.end_turn("a", []);
    fight.act("b", Action::Escape, [10]);
    assert!(!fight.the("b").has(Condition::Grappled));
    assert_eq!(fight.refuses("b", Action::Escape).code(), "cost_spent");

    let mut fight = Try::duel(grip(), nimble);
    fight.attack("a", "blade", "b", [15, 1]);
    fight.condition("a", Condition::Stunned);
    assert!(!fight.the("b").has(Condition::Grappled), "the stunned hold nobody");
}

#[test]
fn a_large_creature_shrugs_off_what_is_made_for_smaller_ones() {
    let mut shove = biter(Rider::Condition {
        condition: Condition::Prone,
        save: None,
        lasts: Lasts::Removed,
        max_size: Some(Size::Medium),
        when: When::Always,
    });
    shove.multiattack = Vec::new();
    let mut ogre = draft("Ogre");
    ogre.size = Size::Large;
    let mut fight = Try::duel(shove.clone(), ogre);
    fight.attack("a", "blade", "b", [15, 1]);
    assert!(!fight.the("b").has(Condition::Prone));
    let mut fight = Try::duel(shove, draft("Orc"));
    fight.attack("a", "blade", "b", [15, 1]);
    assert!(fight.the("b").has(Condition::Prone));
}

#[test]
fn standing_up_takes_half_the_speed_and_dropping_nothing() {
    let crew = vec![
        entrant("a", "party", hero("Ann"), Some((0, 0))),
        entrant("b", "foes", draft("Orc"), Some((9, 9))),
    ];
    let mut fight = Try::of(Some(Map::open(10, 10)), crew);
    assert_eq!(fight.refuses("a", Action::StandUp), Illegal::NotProne);
    fight.act("a", Action::DropProne, []);
    assert_eq!(fight.refuses("a", Action::DropProne), Illegal::AlreadyProne);
    fight.walk("a", (2, 0)); // crawling: 20 feet for two squares
    let short = Illegal::NotEnoughMovement { needed_feet: 15, left_feet: 10 };
    assert_eq!(fight.refuses("a", Action::StandUp), short);
    fight.end_turn("a", []);
    fight.end_turn("b", []);
    fight.act("a", Action::StandUp, []);
    assert_eq!(fight.the("a").economy().moved_feet, 15);
    assert!(!fight.the("a").has(Condition::Prone));
}

#[test]
fn exhaustion_takes_two_from_every_d20_and_five_feet() {
    let mut fight = Try::duel(hero("Ann"), draft("Orc"));
    fight.condition("a", Condition::Exhaustion);
    let facts = fight.attack("a", "blade", "b", [9]); // 9 + 4 - 2 = 11
    let Deed::Attack { roll, .. } = blow(&facts) else { unreachable!() };
    assert_eq!((roll.bonus, roll.total), (2, 11));
    assert_eq!(fight.combat.movement_left(id("a")), 25);
}

#[test]
fn the_petrified_resist_everything() {
    let mut fight = Try::duel(hero("Ann"), draft("Orc"));
    fight.condition("b", Condition::Petrified);
    fight.attack("a", "blade", "b", [15, 2, 4]);
    assert_eq!(fight.the("b").hit_points(), 17);
}

#[test]
fn a_slow_lasts_until_the_sources_next_turn() {
    let mut fight = Try::duel(biter(Rider::Slow { feet: 10 }), draft("Orc"));
    fight.attack("a", "blade", "b", [15, 1]);
    fight.end_turn("a", []);
    assert_eq!(fight.combat.movement_left(id("b")), 20);
    fight.end_turn("b", []);
    assert!(!fight.the("b").affected(EffectKind::Slowed));
}

#[test]
fn what_ends_with_a_dead_creatures_turn_ends_with_it() {
    let blinder = biter(rider(Condition::Blinded, None, Lasts::SourceNextTurnEnd));
    let mut fight = Try::of(
        None,
        vec![
            entrant("a", "foes", blinder, None),
            entrant("b", "party", hero("Ann"), None),
            entrant("c", "foes", draft("Orc"), None),
        ],
    );
    fight.attack("a", "blade", "b", [15, 1]);
    fight.hit_points("a", 0);
    assert!(!fight.the("b").has(Condition::Blinded), "no turn of the dead will end it");
}

/// A condition that the creature already had from the GM, for as long, was once written down as if
/// it were news.
#[test]
fn what_the_gm_gave_already_is_not_given_again() {
    let mut fight = Try::duel(hero("Ann"), draft("Orc"));
    let give = |condition, until| Adjustments {
        add_conditions: vec![(condition, until)],
        ..Adjustments::default()
    };
    let wish = |adjustments| Intent::Adjust { creature: id("a"), adjustments };
    let poisoned = give(Condition::Poisoned, Until::Removed);
    assert_eq!(fight.adjust("a", poisoned.clone()).len(), 1);
    let again = fight.combat.check(wish(poisoned.clone())).map(|_| ());
    assert_eq!(again.unwrap_err(), Illegal::NothingToDo);
    let hurt = Adjustments { hit_points: Some(9), ..poisoned };
    let facts = fight.adjust("a", hurt);
    assert!(matches!(facts.as_slice(), [Fact::HitPointsChanged { .. }]), "{facts:?}");
    let shorter = give(Condition::Poisoned, Until::EndOfTurn { of: id("a"), turns: 0 });
    assert_eq!(fight.adjust("a", shorter).len(), 1, "for another time it is news");
    for level in 1..=5 {
        fight.adjust("a", give(Condition::Exhaustion, Until::Removed));
        assert_eq!(fight.the("a").conditions().last().unwrap().level, level);
    }
}

#[test]
fn an_order_that_stands_is_not_set_again() {
    let fight = Try::duel(hero("Ann"), draft("Orc"));
    let order = Intent::SetOrder { order: vec![id("a"), id("b")] };
    assert_eq!(fight.combat.check(order).map(|_| ()).unwrap_err(), Illegal::NothingToDo);
}

/// Two hold one: who lets go frees it of its own grip, not of the other's.
#[test]
fn a_grip_ends_with_whoever_held_and_no_other() {
    let grip = Rider::Condition {
        condition: Condition::Grappled,
        save: None,
        lasts: Lasts::Escape { dc: 12 },
        max_size: None,
        when: When::Always,
    };
    let mut ogre = draft("Ogre");
    ogre.attacks = vec![Attack { riders: vec![grip], ..blade("Hand") }];
    let crew = vec![
        entrant("b", "foes", ogre.clone(), None),
        entrant("d", "foes", ogre, None),
        entrant("a", "party", hero("Ann"), None),
    ];
    let mut fight = Try::of(None, crew);
    fight.attack("b", "hand", "a", [15, 1]);
    fight.end_turn("b", []);
    fight.attack("d", "hand", "a", [15, 1]);
    let holders = |fight: &Try| -> Vec<Option<CreatureId>> {
        fight.the("a").conditions().iter().map(|held| held.source).collect()
    };
    assert_eq!(holders(&fight), [Some(id("b")), Some(id("d"))]);
    fight.hit_points("b", 0);
    assert_eq!(holders(&fight), [Some(id("d"))]);
}

/// Who cannot move does not dodge (SRD 5.2.1, Rules Glossary > Dodge).
#[test]
fn dodging_is_lost_with_the_speed() {
    let mut fight = Try::duel(hero("Ann"), draft("Orc"));
    fight.act("a", Action::Dodge, []);
    fight.end_turn("a", []);
    let dodged = |fight: &mut Try, faces: &[u16]| {
        let facts = fight.attack("b", "blade", "a", faces.iter().copied());
        let Deed::Attack { roll, .. } = blow(&facts) else { panic!("no attack") };
        roll.disadvantages.contains(&Reason::TargetDodging)
    };
    let mut free = Try { combat: fight.combat.clone() };
    assert!(dodged(&mut free, &[2, 3]));
    fight.condition("a", Condition::Grappled);
    assert!(!dodged(&mut fight, &[2]));
}
