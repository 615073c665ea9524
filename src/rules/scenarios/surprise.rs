//! Being caught unawares (SRD 5.2.1, Playing the Game > Initiative; SRD 5.1, Combat > Surprise).

use super::*;
use crate::rules::creature::EffectKind;
use crate::rules::event::{D20Roll, Reason};
use crate::rules::illegal::Phase;

fn unawares() -> Adjustments {
    Adjustments { surprised: Some(true), ..Adjustments::default() }
}

/// Ann and an orc who has not seen her coming, before initiative.
fn ambush(edition: Edition) -> Try {
    let mut fight = Try::gathering_by(edition, Some(Map::open(20, 20)));
    let entrants = vec![
        entrant("a", "party", hero("Ann"), Some((5, 5))),
        entrant("b", "foes", draft("Orc"), Some((6, 5))),
    ];
    fight.does(Intent::Enter { entrants }, []);
    fight.adjust("b", unawares());
    fight
}

fn begin(fight: &mut Try, faces: &[u16]) -> Vec<Fact> {
    let begin = Intent::Begin { public_commitment: [1; 32], hidden_commitment: [2; 32] };
    fight.does(begin, faces.iter().copied())
}

fn initiative<'a>(facts: &'a [Fact], who: &str) -> &'a D20Roll {
    let found = facts.iter().find_map(|fact| match fact {
        Fact::Initiative { creature, roll, .. } if *creature == id(who) => Some(roll),
        _ => None,
    });
    found.expect("initiative was rolled")
}

#[test]
fn by_the_newer_book_it_costs_the_better_of_two_initiative_rolls() {
    let mut fight = ambush(Edition::Srd521);
    let facts = begin(&mut fight, &[10, 16, 5]);
    let roll = initiative(&facts, "b");
    assert_eq!((roll.total, roll.disadvantages.as_slice()), (5, [Reason::Surprised].as_slice()));
    assert!(!fight.the("b").affected(EffectKind::Surprised));
    fight.end_turn("a", []);
    fight.attack("b", "blade", "a", [2]);
}

#[test]
fn by_the_older_book_it_costs_the_first_turn_and_every_reaction_before_its_end() {
    let mut fight = ambush(Edition::Srd51);
    let facts = begin(&mut fight, &[10, 20]);
    assert_eq!(initiative(&facts, "b").disadvantages, []);
    assert_eq!(fight.combat.current(), Some(id("b")));
    for action in [attack("blade", "a"), walk((7, 5)), Action::Dodge, Action::DropProne] {
        assert_eq!(fight.refuses("b", action), Illegal::Surprised);
    }
    fight.end_turn("b", []);
    assert!(!fight.the("b").affected(EffectKind::Surprised));
    let facts = fight.walk("a", (1, 5));
    assert!(facts.iter().any(|fact| matches!(fact, Fact::PromptOpened { .. })), "it reacts again");
}

#[test]
fn who_is_surprised_lets_others_go() {
    let mut fight = ambush(Edition::Srd51);
    begin(&mut fight, &[20, 10]);
    let facts = fight.walk("a", (1, 5));
    assert!(!facts.iter().any(|fact| matches!(fact, Fact::PromptOpened { .. })));
    assert_eq!(at(&fight, "a"), (1, 5));
}

#[test]
fn nobody_is_surprised_once_it_is_too_late() {
    let adjust = |fight: &Try| {
        let (creature, adjustments) = (id("b"), unawares());
        fight.combat.check(Intent::Adjust { creature, adjustments }).map(|_| ())
    };
    let mut fight = Try::duel(hero("Ann"), draft("Orc"));
    assert_eq!(adjust(&fight), Err(Illegal::InitiativeAlreadyRolled));
    fight = ambush(Edition::Srd51);
    assert_eq!(adjust(&fight), Err(Illegal::NothingToDo));
    begin(&mut fight, &[20, 10]);
    fight.end_turn("a", []);
    fight.end_turn("b", []);
    assert_eq!(adjust(&fight), Err(Illegal::WrongPhase { phase: Phase::Running }));
}

#[test]
fn whoever_is_poisoned_or_tired_is_slow_to_start() {
    for (edition, condition, total) in [
        (Edition::Srd521, Condition::Poisoned, 3),
        (Edition::Srd51, Condition::Exhaustion, 3),
        (Edition::Srd521, Condition::Exhaustion, 10),
    ] {
        let mut fight = ambush(edition);
        fight.adjust("b", Adjustments { surprised: Some(false), ..Adjustments::default() });
        fight.condition("b", condition);
        let dice: &[u16] = if total == 3 { &[15, 12, 3] } else { &[15, 12] };
        let facts = begin(&mut fight, dice);
        assert_eq!(initiative(&facts, "b").total, total, "{edition:?} {condition:?}");
    }
}
