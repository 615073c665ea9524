//! Knocking somebody out instead of killing (SRD 5.2.1, Rules Glossary > Knocking Out a Creature;
//! SRD 5.1, Combat > Knocking a Creature Out).

use super::*;
use crate::rules::event::EndReason;
use crate::rules::illegal::Phase;

fn spare(with: &str, target: &str) -> Action {
    Action::KnockOut { attack: slug(with), target: id(target), mode: None }
}

/// Ann, an orc with 5 hit points, and another.
fn crew() -> Vec<Entrant> {
    let mut weak = draft("Orc");
    weak.hit_points = 5;
    vec![
        entrant("a", "party", hero("Ann"), None),
        entrant("b", "foes", weak, None),
        entrant("c", "foes", draft("Other"), None),
    ]
}

#[test]
fn by_the_newer_book_it_lies_at_one_hit_point_until_healed_or_tended() {
    let mut fight = Try::of(None, crew());
    fight.act("a", spare("blade", "b"), [15, 6]);
    let orc = fight.the("b");
    assert_eq!((orc.hit_points(), orc.life()), (1, Life::Up));
    assert!(orc.has(Condition::Unconscious) && orc.has(Condition::Prone) && orc.knocked_out());
    fight.end_turn("a", []);
    fight.end_turn("b", []);
    fight.act("c", Action::Stabilize { target: id("b") }, [9]);
    assert!(fight.the("b").knocked_out(), "a Medicine check of DC 10");
    for creature in ["c", "a", "b"] {
        fight.end_turn(creature, []);
    }
    fight.act("c", Action::Stabilize { target: id("b") }, [10]);
    assert!(!fight.the("b").has(Condition::Unconscious) && fight.the("b").has(Condition::Prone));
}

#[test]
fn by_the_older_book_it_is_stable_at_none() {
    let mut fight = Try::by(Edition::Srd51, None, crew());
    fight.act("a", spare("blade", "b"), [15, 6]);
    let orc = fight.the("b");
    assert_eq!((orc.hit_points(), orc.life()), (0, Life::Stable));
    assert!(orc.has(Condition::Unconscious));
}

#[test]
fn what_would_not_kill_hurts_as_ever_and_a_plain_attack_kills() {
    let mut fight = Try::of(None, crew());
    fight.act("a", spare("blade", "c"), [15, 1]);
    assert_eq!((fight.the("c").hit_points(), fight.the("c").knocked_out()), (17, false));
    fight.end_turn("a", []);
    fight.end_turn("b", []);
    fight.end_turn("c", []);
    fight.attack("a", "blade", "b", [15, 6]);
    assert_eq!(fight.the("b").life(), Life::Dead);
}

#[test]
fn nobody_is_knocked_out_from_afar() {
    let fight = Try::of(None, crew());
    assert_eq!(fight.refuses("a", spare("bow", "b")), Illegal::NotMelee);
}

#[test]
fn a_fight_ends_when_all_of_a_side_are_knocked_out() {
    let mut weak = draft("Orc");
    weak.hit_points = 5;
    let mut fight = Try::duel(hero("Ann"), weak);
    let facts = fight.act("a", spare("blade", "b"), [15, 6]);
    assert_eq!(fight.combat.phase(), Phase::Ended);
    let Some(Fact::Ended { reason, summary }) = facts.last() else { panic!("{facts:?}") };
    assert_eq!(*reason, EndReason::Victory { side: party() });
    assert_eq!(summary.experience, 50, "beaten is beaten");
}
