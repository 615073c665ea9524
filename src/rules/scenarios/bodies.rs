//! Hit points, dying and coming back (SRD 5.2.1, Playing the Game > Damage and Healing).

use super::*;
use crate::rules::creature::{EffectKind, Reach, Rider, Special, SpecialEffect, Terms, Trait};
use crate::rules::event::Adjustment;
use crate::rules::state::Life;

fn adjustments(facts: &[Fact]) -> Vec<(Adjustment, u16)> {
    match blow(facts) {
        Deed::Attack { damage, .. } => damage.iter().map(|d| (d.adjustment, d.dealt)).collect(),
        _ => unreachable!(),
    }
}

fn dying(successes: u8, failures: u8) -> Life {
    Life::Dying { successes, failures }
}

#[test]
fn resistance_halves_rounding_down_and_vulnerability_doubles_after_it() {
    let slashing = || [DamageType::Slashing].into_iter().collect();
    let mut orc = draft("Orc");
    orc.resistances = slashing();
    let mut fight = Try::duel(hero("Ann"), orc.clone());
    let facts = fight.attack("a", "blade", "b", [15, 3]);
    assert_eq!(adjustments(&facts), [(Adjustment::Resisted, 2)]);
    orc.vulnerabilities = slashing();
    let mut fight = Try::duel(hero("Ann"), orc.clone());
    let facts = fight.attack("a", "blade", "b", [15, 3]);
    assert_eq!(adjustments(&facts), [(Adjustment::ResistedAndVulnerable, 4)]);
    orc.resistances = crate::rules::damage::DamageSet::default();
    let mut fight = Try::duel(hero("Ann"), orc.clone());
    let facts = fight.attack("a", "blade", "b", [15, 3]);
    assert_eq!(adjustments(&facts), [(Adjustment::Vulnerable, 10)]);
    orc.immunities = slashing();
    let mut fight = Try::duel(hero("Ann"), orc);
    let facts = fight.attack("a", "blade", "b", [15, 3]);
    assert_eq!(adjustments(&facts), [(Adjustment::Immune, 0)]);
    assert_eq!(fight.the("b").hit_points(), 20);
}

#[test]
fn rage_halves_what_weapons_do() {
    let mut barbarian = hero("Ann");
    barbarian.traits.push(Trait::RageResistance);
    barbarian.specials.push(Special {
        id: slug("rage"),
        name: "Rage".into(),
        cost: Cost::BonusAction,
        uses: Uses::PerRest(3),
        reach: Reach::Own,
        effect: SpecialEffect::Effect { kind: EffectKind::Raging, turns: 10 },
        spell: false,
        terms: Terms::default(),
    });
    let mut fight = Try::duel(barbarian, draft("Orc"));
    let rage = Action::Special { special: slug("rage"), targets: Vec::new(), aim: None };
    fight.act("a", rage, []);
    assert!(fight.the("a").affected(EffectKind::Raging));
    fight.end_turn("a", []);
    let facts = fight.attack("b", "blade", "a", [15, 3]);
    assert_eq!(adjustments(&facts), [(Adjustment::Resisted, 2)]);
}

#[test]
fn temporary_hit_points_go_first() {
    let mut fight = Try::duel(hero("Ann"), draft("Orc"));
    let five = Adjustments { temporary_hit_points: Some(3), ..Adjustments::default() };
    fight.adjust("b", five);
    fight.attack("a", "blade", "b", [15, 3]);
    let orc = fight.the("b");
    assert_eq!((orc.hit_points(), orc.temporary_hit_points()), (18, 0));
}

#[test]
fn a_monster_dies_at_0_and_the_fight_is_won() {
    let mut fight = Try::duel(hero("Ann"), draft("Orc"));
    fight.hit_points("b", 5);
    let facts = fight.attack("a", "blade", "b", [15, 3]);
    assert_eq!(fight.the("b").life(), Life::Dead);
    let Some(Fact::Ended { reason, summary }) = facts.last() else { panic!("{facts:#?}") };
    assert_eq!(*reason, crate::rules::event::EndReason::Victory { side: party() });
    assert_eq!(summary.experience, 50);
    let ann = summary.by_creature[0].1;
    assert_eq!((ann.damage_dealt, ann.kills, ann.attacks, ann.hits), (5, 1, 1, 1));
}

/// A hero with 20 hit points about to be hit by an enemy, with a friend still standing.
fn ambush() -> Try {
    Try::of(
        None,
        vec![
            entrant("b", "foes", draft("Orc"), None),
            entrant("a", "party", hero("Ann"), None),
            entrant("c", "party", hero("Cid"), None),
        ],
    )
}

#[test]
fn a_hero_falls_and_makes_death_saves_at_the_start_of_its_turn() {
    let mut fight = ambush();
    fight.hit_points("a", 3);
    fight.attack("b", "blade", "a", [15, 3]);
    let ann = fight.the("a");
    assert_eq!(ann.life(), dying(0, 0));
    assert!(ann.has(Condition::Unconscious) && ann.has(Condition::Prone));
    fight.end_turn("b", [12]); // Ann's death save; then it is Cid's turn
    assert_eq!(fight.the("a").life(), dying(1, 0));
    assert_eq!(fight.combat.current(), Some(id("c")));
    fight.end_turn("c", []);
    fight.end_turn("b", [9]);
    assert_eq!(fight.the("a").life(), dying(1, 1));
}

#[test]
fn a_natural_20_wakes_and_a_natural_1_counts_twice() {
    let mut fight = ambush();
    fight.hit_points("a", 0);
    fight.end_turn("b", [1]);
    assert_eq!(fight.the("a").life(), dying(0, 2));
    fight.end_turn("c", []);
    fight.end_turn("b", [20]);
    let ann = fight.the("a");
    assert_eq!((ann.life(), ann.hit_points()), (Life::Up, 1));
    assert!(!ann.has(Condition::Unconscious) && ann.has(Condition::Prone));
    assert_eq!(fight.combat.current(), Some(id("a")), "and it is her turn");
}

#[test]
fn three_successes_are_stable_and_three_failures_dead() {
    let mut fight = ambush();
    fight.hit_points("a", 0);
    for _ in 0..2 {
        fight.end_turn("b", [10]);
        fight.end_turn("c", []);
    }
    fight.end_turn("b", [10]);
    assert_eq!(fight.the("a").life(), Life::Stable);
    let mut fight = ambush();
    fight.hit_points("a", 0);
    fight.end_turn("b", [1]);
    fight.end_turn("c", []);
    fight.end_turn("b", [2]);
    assert_eq!(fight.the("a").life(), Life::Dead);
    fight.end_turn("c", []);
    fight.end_turn("b", []); // the dead make no saves
}

#[test]
fn a_blow_at_0_is_a_failure_and_a_critical_one_two() {
    let mut fight = ambush();
    fight.hit_points("a", 0);
    // From close by every hit on the unconscious is critical: both dice doubled, two failures.
    fight.attack("b", "blade", "a", [10, 9, 1, 1]);
    assert_eq!(fight.the("a").life(), dying(0, 2));
    fight.end_turn("b", [10]);
    fight.end_turn("c", []);
    // From afar being unconscious helps and lying down hinders: a plain roll, no critical hit.
    fight.attack("b", "bow", "a", [10, 1]);
    assert_eq!(fight.the("a").life(), Life::Dead);
}

#[test]
fn damage_of_a_whole_maximum_beyond_0_kills_outright() {
    let mut ogre = draft("Ogre");
    ogre.attacks[0].damage[0].dice = dice(1, 6, 30);
    let crew = vec![
        entrant("b", "foes", ogre, None),
        entrant("a", "party", hero("Ann"), None),
        entrant("c", "party", hero("Cid"), None),
    ];
    let mut fight = Try::of(None, crew.clone());
    fight.hit_points("a", 11);
    fight.attack("b", "blade", "a", [15, 1]); // 31: exactly 20 beyond
    assert_eq!(fight.the("a").life(), Life::Dead);
    let mut fight = Try::of(None, crew);
    fight.hit_points("a", 12);
    fight.attack("b", "blade", "a", [15, 1]);
    assert_eq!(fight.the("a").life(), dying(0, 0));
}

#[test]
fn undead_fortitude_keeps_a_zombie_up_but_not_against_a_critical_hit() {
    let mut zombie = draft("Zombie");
    zombie.traits.push(Trait::UndeadFortitude);
    let crew = || {
        vec![
            entrant("a", "party", hero("Ann"), None),
            entrant("b", "foes", zombie.clone(), None),
            entrant("c", "foes", draft("Orc"), None),
        ]
    };
    let mut fight = Try::of(None, crew());
    fight.hit_points("b", 4);
    fight.attack("a", "blade", "b", [15, 3, 10]); // DC 5 + 5 damage
    assert_eq!((fight.the("b").life(), fight.the("b").hit_points()), (Life::Up, 1));
    let mut fight = Try::of(None, crew());
    fight.hit_points("b", 4);
    fight.attack("a", "blade", "b", [20, 3, 3]);
    assert_eq!(fight.the("b").life(), Life::Dead);
}

#[test]
fn stabilizing_takes_a_medicine_check_of_10() {
    let crew = vec![
        entrant("c", "party", hero("Cid"), None),
        entrant("a", "party", hero("Ann"), None),
        entrant("b", "foes", draft("Orc"), None),
    ];
    let mut fight = Try::of(None, crew);
    assert_eq!(fight.refuses("c", Action::Stabilize { target: id("a") }), Illegal::NotDying);
    fight.hit_points("a", 0);
    fight.act("c", Action::Stabilize { target: id("a") }, [10]);
    assert_eq!(fight.the("a").life(), Life::Stable);
    fight.end_turn("c", []); // a stable hero makes no saves and has no turn to take
    assert_eq!(fight.combat.current(), Some(id("b")));
    fight.attack("b", "bow", "a", [10, 1]);
    assert_eq!(fight.the("a").life(), dying(0, 1), "and a blow makes it dying again");
}

fn healer() -> Draft {
    let mut healer = hero("Cid");
    healer.specials.push(Special {
        id: slug("mend"),
        name: "Mend".into(),
        cost: Cost::Action,
        uses: Uses::PerDay(1),
        reach: Reach::Creatures { count: 1, feet: 30 },
        effect: SpecialEffect::Heal { dice: dice(1, 8, 3) },
        spell: true,

        terms: Terms::default(),
    });
    healer
}

fn mend(target: &str) -> Action {
    Action::Special { special: slug("mend"), targets: vec![id(target)], aim: None }
}

#[test]
fn healing_stops_at_the_maximum_wakes_and_has_its_uses() {
    let crew = vec![
        entrant("c", "party", healer(), None),
        entrant("a", "party", hero("Ann"), None),
        entrant("b", "foes", draft("Orc"), None),
    ];
    let mut fight = Try::of(None, crew);
    assert_eq!(fight.refuses("c", mend("a")), Illegal::NothingToHeal);
    fight.hit_points("a", 0);
    fight.act("c", mend("a"), [5]);
    assert_eq!((fight.the("a").hit_points(), fight.the("a").life()), (8, Life::Up));
    fight.end_turn("c", []);
    fight.end_turn("a", []);
    fight.end_turn("b", []);
    assert_eq!(fight.refuses("c", mend("a")), Illegal::NoUsesLeft);
}

#[test]
fn a_chill_keeps_hit_points_from_coming_back() {
    let mut wraith = draft("Wraith");
    wraith.attacks[0].riders.push(Rider::NoHealing);
    let crew = vec![
        entrant("b", "foes", wraith, None),
        entrant("c", "party", healer(), None),
        entrant("a", "party", hero("Ann"), None),
    ];
    let mut fight = Try::of(None, crew);
    fight.attack("b", "blade", "a", [15, 3]);
    fight.end_turn("b", []);
    assert_eq!(fight.refuses("c", mend("a")), Illegal::HealingPrevented);
    fight.end_turn("c", []);
    fight.end_turn("a", []);
    assert!(!fight.the("a").affected(EffectKind::NoHealing), "over when the wraith's turn begins");
}

#[test]
fn a_drain_heals_whoever_drains() {
    let mut vampire = draft("Vampire");
    vampire.attacks[0].damage[0].kind = DamageType::Necrotic;
    vampire.attacks[0].riders.push(Rider::DrainHeal { kind: DamageType::Necrotic });
    let mut fight = Try::duel(vampire, draft("Orc"));
    fight.hit_points("a", 10);
    fight.attack("a", "blade", "b", [15, 3]);
    assert_eq!(fight.the("a").hit_points(), 15);
}

#[test]
fn regeneration_stops_for_a_turn_after_acid_or_fire() {
    let mut troll = draft("Troll");
    let stopped_by = [DamageType::Slashing].into_iter().collect();
    troll.traits.push(Trait::Regeneration { amount: 10, stopped_by });
    let mut fight = Try::duel(hero("Ann"), troll);
    fight.hit_points("b", 5);
    fight.end_turn("a", []);
    assert_eq!(fight.the("b").hit_points(), 15);
    fight.end_turn("b", []);
    fight.attack("a", "blade", "b", [15, 3]);
    fight.end_turn("a", []);
    assert_eq!(fight.the("b").hit_points(), 10, "slashed since its last turn");
    fight.end_turn("b", []);
    fight.end_turn("a", []);
    assert_eq!(fight.the("b").hit_points(), 20);
}

#[test]
fn heroes_who_are_all_down_have_lost() {
    let mut fight = Try::of(
        None,
        vec![entrant("b", "foes", draft("Orc"), None), entrant("a", "party", hero("Ann"), None)],
    );
    fight.hit_points("a", 3);
    let facts = fight.attack("b", "blade", "a", [15, 3]);
    let Some(Fact::Ended { reason, .. }) = facts.last() else { panic!("{facts:#?}") };
    assert_eq!(*reason, crate::rules::event::EndReason::Victory { side: SideId::foes() });
    assert_eq!(fight.combat.phase(), crate::rules::illegal::Phase::Ended);
}

#[test]
fn a_blow_of_a_whole_maximum_kills_whoever_lies_at_0() {
    let mut orc = draft("Orc");
    orc.attacks[0].damage = vec![part(dice(1, 6, 14), DamageType::Slashing)];
    let crew = vec![
        entrant("b", "foes", orc, None),
        entrant("a", "party", hero("Ann"), None),
        entrant("c", "party", hero("Cid"), None),
    ];
    let mut fight = Try::of(None, crew);
    fight.hit_points("a", 0);
    fight.attack("b", "blade", "a", [15, 2, 6, 6]); // critical: 12 + 14 of 20
    assert_eq!(fight.the("a").life(), Life::Dead);
}

/// Nobody who lies at 0 hit points does anything, whatever is left of its turn and its reaction.
#[test]
fn the_dying_neither_act_nor_move_nor_react() {
    let mut fight = Try::of(
        Some(Map::open(20, 20)),
        vec![
            entrant("a", "party", hero("Ann"), Some((5, 5))),
            entrant("c", "party", hero("Cid"), Some((9, 9))),
            entrant("b", "foes", draft("Orc"), Some((6, 5))),
        ],
    );
    let blow = crate::rules::event::ReadiedResponse::Attack { attack: slug("blade") };
    let trigger = crate::rules::event::Trigger::OnCall;
    fight.act("a", Action::Ready { trigger, response: blow }, []);
    fight.end_turn("a", []);
    for life in [Life::Dying { successes: 0, failures: 0 }, Life::Stable, Life::Dead] {
        let mut combat = fight.combat.clone();
        let it = combat.creature_mut(id("a")).unwrap();
        (it.life, it.hit_points) = (life, 0);
        let why = if life == Life::Dead { Illegal::Dead } else { Illegal::Unconscious };
        let mut lying = Try { combat };
        let release = Action::ReleaseReadied { target: Some(id("b")) };
        assert_eq!(lying.refuses("a", release), why, "{life:?}");
        lying.combat.current = Some(id("a"));
        for action in [Action::Dodge, attack("blade", "b"), walk((5, 6)), Action::DropProne] {
            assert_eq!(lying.refuses("a", action), why, "{life:?}");
        }
    }
    // Put to sleep with hit points left is unconscious all the same.
    fight.combat.current = Some(id("a"));
    fight.condition("a", Condition::Unconscious);
    assert_eq!(fight.refuses("a", walk((5, 6))), Illegal::Unconscious);
    assert_eq!(fight.refuses("a", Action::StandUp), Illegal::Unconscious);
}
