//! Hiding from some and not from others, searching, helping with a check, using an object (SRD
//! 5.2.1, Rules Glossary > Hide, Search, Help, Utilize; SRD 5.1, Using Each Ability > Hiding).

use super::*;
use crate::rules::ability::Skill;
use crate::rules::creature::EffectKind;
use crate::rules::event::{D20Roll, Inquiry, Reason};

fn hide() -> Action {
    Action::Hide { cost: Cost::Action }
}

fn search() -> Action {
    Action::Inquire { inquiry: Inquiry::Search, skill: Skill::Perception }
}

fn watcher(name: &str, passive: u8) -> Draft {
    let mut watcher = draft(name);
    watcher.senses.passive_perception = passive;
    watcher
}

/// Ann, a friend, a dull orc and a sharp one.
fn crew() -> Vec<Entrant> {
    let mut friend = hero("Dan");
    friend.skills = vec![(Skill::Stealth, 2), (Skill::Arcana, 0)];
    vec![
        entrant("a", "party", hero("Ann"), None),
        entrant("d", "party", friend, None),
        entrant("b", "foes", watcher("Dull", 13), None),
        entrant("c", "foes", watcher("Sharp", 15), None),
    ]
}

fn check(facts: &[Fact]) -> &D20Roll {
    let found = facts.iter().find_map(|fact| match fact {
        Fact::Action { deed: Deed::Inquire { roll, .. } | Deed::Hide { roll, .. }, .. } => {
            Some(roll)
        }
        _ => None,
    });
    found.expect("a check")
}

#[test]
fn by_the_older_book_one_hides_from_the_dull_and_not_from_the_sharp() {
    let mut fight = Try::by(Edition::Srd51, None, crew());
    fight.act("a", hide(), [14]);
    assert!(!fight.combat.sees(fight.the("b"), fight.the("a")));
    assert!(fight.combat.sees(fight.the("c"), fight.the("a")));
    assert!(!fight.the("a").has(Condition::Invisible));
    let mut fight = Try::by(Edition::Srd51, None, crew());
    fight.act("a", hide(), [12]);
    assert!(!fight.the("a").affected(EffectKind::Hidden));
}

#[test]
fn by_the_newer_book_one_is_invisible_as_long_as_one_hides() {
    let mut fight = Try::of(None, crew());
    fight.act("a", hide(), [14]);
    assert!(!fight.the("a").affected(EffectKind::Hidden), "DC 15");
    for creature in ["a", "d", "b", "c"] {
        fight.end_turn(creature, []);
    }
    fight.act("a", hide(), [15]);
    assert!(fight.the("a").has(Condition::Invisible));
    for creature in ["a", "d", "b", "c"] {
        fight.end_turn(creature, []);
    }
    let facts = fight.attack("a", "blade", "b", [15, 2, 1]);
    let Deed::Attack { roll, .. } = blow(&facts) else { unreachable!() };
    assert_eq!(roll.advantages, [Reason::AttackerHidden]);
    let ann = fight.the("a");
    assert!(!ann.has(Condition::Invisible) && !ann.affected(EffectKind::Hidden));
}

#[test]
fn a_search_finds_whoever_hid_no_better() {
    for (face, found) in [(16, false), (17, true)] {
        let mut fight = Try::of(None, crew());
        fight.act("a", hide(), [17]);
        fight.end_turn("a", []);
        fight.end_turn("d", []);
        fight.act("b", search(), [face]);
        assert_eq!(!fight.the("a").affected(EffectKind::Hidden), found);
        assert_eq!(!fight.the("a").has(Condition::Invisible), found);
    }
}

#[test]
fn whoever_cannot_see_finds_nobody_by_looking() {
    let mut fight = Try::of(None, crew());
    fight.act("a", hide(), [17]);
    fight.end_turn("a", []);
    fight.end_turn("d", []);
    fight.condition("b", Condition::Blinded);
    let facts = fight.act("b", search(), []);
    assert_eq!(check(&facts).disadvantages, [Reason::Unseen]);
    assert!(fight.the("a").affected(EffectKind::Hidden));
}

#[test]
fn help_with_a_check_takes_proficiency_and_is_used_up() {
    let assist = |skill| Action::Assist { target: id("a"), skill };
    let mut fight = Try::of(None, crew());
    fight.end_turn("a", []);
    assert_eq!(fight.refuses("d", assist(Skill::Perception)), Illegal::NotProficient);
    assert_eq!(fight.refuses("d", assist(Skill::Arcana)), Illegal::NotProficient);
    fight.act("d", assist(Skill::Stealth), []);
    for creature in ["d", "b", "c"] {
        fight.end_turn(creature, []);
    }
    let facts = fight.act("a", hide(), [3, 16]);
    assert_eq!(
        (check(&facts).total, check(&facts).advantages.as_slice()),
        (16, [Reason::HelpedBy].as_slice())
    );
    assert!(!fight.the("a").affected(EffectKind::Assisted));
}

#[test]
fn each_check_has_its_skills_and_the_older_book_only_knows_searching() {
    let studies = Action::Inquire { inquiry: Inquiry::Study, skill: Skill::Arcana };
    let mut fight = Try::of(None, crew());
    let wrong = Action::Inquire { inquiry: Inquiry::Study, skill: Skill::Perception };
    assert_eq!(fight.refuses("a", wrong), Illegal::SkillDoesNotFit);
    fight.act("a", studies.clone(), [10]);
    assert_eq!(fight.refuses("a", search()).code(), "cost_spent");
    let fight = Try::by(Edition::Srd51, None, crew());
    assert_eq!(fight.refuses("a", studies), Illegal::SkillDoesNotFit);
}

#[test]
fn one_object_a_turn_is_free_and_the_next_takes_the_action() {
    let mut fight = Try::of(None, crew());
    fight.act("a", Action::UseObject, []);
    fight.attack("a", "blade", "b", [2]);
    assert_eq!(fight.refuses("a", Action::UseObject).code(), "cost_spent");
    fight.end_turn("a", []);
    fight.act("d", Action::UseObject, []);
    fight.act("d", Action::UseObject, []);
    assert!(fight.the("d").economy().action_spent);
}
