//! Concentration: how it begins, what tries it, what ends it (SRD 5.2.1, Rules Glossary >
//! Concentration; SRD 5.1, Spellcasting > Concentration).

use super::*;
use crate::rules::ability::Ability;
use crate::rules::creature::{
    EffectKind, Lasts, Reach, Rider, SaveSpec, Special, SpecialEffect, Terms,
};
use crate::rules::event::SaveCause;

fn special(name: &str, cost: Cost, effect: SpecialEffect) -> Special {
    Special {
        id: Slug::of_name(name).unwrap(),
        name: name.into(),
        cost,
        uses: Uses::AtWill,
        reach: Reach::Creatures { count: 3, feet: 60 },
        effect,
        spell: true,
        terms: Terms { concentration: true, ..Terms::default() },
    }
}

/// Blesses, or holds somebody as long as it keeps its mind on it.
fn priest() -> Draft {
    let mut priest = hero("Ann");
    priest.hit_points = 90;
    let held = Rider::Condition {
        condition: Condition::Paralyzed,
        save: None,
        lasts: Lasts::SaveEnds,
        max_size: None,
        when: When::Always,
    };
    let save = SaveSpec { ability: Ability::Wisdom, dc: 15 };
    priest.specials = vec![
        special(
            "Bless",
            Cost::Action,
            SpecialEffect::Effect { kind: EffectKind::Blessed, turns: 10 },
        ),
        special(
            "Hold",
            Cost::BonusAction,
            SpecialEffect::Save {
                save,
                damage: Vec::new(),
                half_on_success: false,
                riders: vec![held],
            },
        ),
        Special {
            reach: Reach::Own,
            terms: Terms::default(),
            ..special(
                "Rage",
                Cost::BonusAction,
                SpecialEffect::Effect { kind: EffectKind::Raging, turns: 10 },
            )
        },
    ];
    priest
}

/// An orc that hits as hard as it is told.
fn brute(damage: i16) -> Draft {
    let mut brute = draft("Orc");
    brute.attacks[0].damage = vec![part(dice(0, 0, damage), DamageType::Bludgeoning)];
    brute
}

fn cast(name: &str, target: &str) -> Action {
    Action::Special { special: slug(name), targets: vec![id(target)], aim: None }
}

/// Ann has blessed herself and the orc's turn is open.
fn blessed(edition: Edition, damage: i16) -> Try {
    let crew =
        vec![entrant("a", "party", priest(), None), entrant("b", "foes", brute(damage), None)];
    let mut fight = Try::by(edition, None, crew);
    fight.act("a", cast("bless", "a"), []);
    assert_eq!(fight.the("a").concentration(), Some(slug("bless")));
    fight.end_turn("a", []);
    fight
}

fn dc(facts: &[Fact]) -> Option<u8> {
    facts.iter().find_map(|fact| match fact {
        Fact::SavingThrow { dc, cause: SaveCause::Concentration, .. } => Some(*dc),
        _ => None,
    })
}

#[test]
fn damage_tries_it_with_half_of_itself_and_never_less_than_10() {
    for (edition, damage, expected) in [
        (Edition::Srd521, 7, 10),
        (Edition::Srd521, 21, 10),
        (Edition::Srd521, 22, 11),
        (Edition::Srd521, 77, 30),
        (Edition::Srd51, 77, 38),
    ] {
        let mut fight = blessed(edition, damage);
        let facts = fight.attack("b", "blade", "a", [15, 20, 4]);
        assert_eq!(dc(&facts), Some(expected), "{damage}");
    }
}

#[test]
fn a_failed_save_ends_it_and_what_it_kept_up() {
    let mut fight = blessed(Edition::Srd521, 7);
    fight.attack("b", "blade", "a", [15, 6, 4]);
    assert!(fight.the("a").affected(EffectKind::Blessed), "6 and 4 are 10");
    fight.end_turn("b", []);
    fight.end_turn("a", []);
    fight.attack("b", "blade", "a", [15, 5, 4]);
    assert_eq!(fight.the("a").concentration(), None);
    assert!(!fight.the("a").affected(EffectKind::Blessed));
}

#[test]
fn damage_that_temporary_hit_points_swallow_tries_it_and_damage_of_none_does_not() {
    let mut fight = blessed(Edition::Srd521, 7);
    let some = Adjustments { temporary_hit_points: Some(10), ..Adjustments::default() };
    fight.adjust("a", some);
    let facts = fight.attack("b", "blade", "a", [15, 20, 4]);
    assert_eq!((dc(&facts), fight.the("a").hit_points()), (Some(10), 90));
    let mut fight = blessed(Edition::Srd521, 0);
    assert_eq!(dc(&fight.attack("b", "blade", "a", [15])), None);
}

#[test]
fn a_second_one_ends_the_first() {
    let mut fight = Try::duel(priest(), draft("Orc"));
    fight.act("a", cast("bless", "a"), []);
    fight.act("a", cast("hold", "b"), [1]);
    assert_eq!(fight.the("a").concentration(), Some(slug("hold")));
    assert!(!fight.the("a").affected(EffectKind::Blessed));
    assert!(fight.the("b").has(Condition::Paralyzed));
    fight.act("a", Action::StopConcentrating, []);
    assert!(!fight.the("b").has(Condition::Paralyzed));
    assert_eq!(fight.refuses("a", Action::StopConcentrating), Illegal::NotConcentrating);
}

#[test]
fn it_can_be_given_up_in_anybodys_turn() {
    let mut fight = blessed(Edition::Srd521, 7);
    assert_eq!(fight.combat.current(), Some(id("b")));
    fight.act("a", Action::StopConcentrating, []);
    assert!(!fight.the("a").affected(EffectKind::Blessed));
}

#[test]
fn whoever_is_incapacitated_falls_or_rages_loses_it_without_a_save() {
    let mut fight = blessed(Edition::Srd521, 7);
    fight.condition("a", Condition::Stunned);
    assert_eq!(fight.the("a").concentration(), None);
    let mut fight = blessed(Edition::Srd521, 100);
    let facts = fight.attack("b", "blade", "a", [15]);
    assert_eq!(
        (dc(&facts), fight.the("a").life()),
        (None, Life::Dying { successes: 0, failures: 0 })
    );
    assert_eq!(fight.the("a").concentration(), None);
    let mut fight = Try::duel(priest(), draft("Orc"));
    fight.act("a", cast("bless", "a"), []);
    fight.act("a", Action::Special { special: slug("rage"), targets: vec![], aim: None }, []);
    assert_eq!(fight.the("a").concentration(), None);
}
