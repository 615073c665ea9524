//! Properties of weapons, and their mastery (SRD 5.2.1, Equipment > Properties, Mastery Properties;
//! SRD 5.1, Weapons > Weapon Properties, Combat > Two-Weapon Fighting).

use super::*;
use crate::rules::ability::Ability;
use crate::rules::creature::{EffectKind, Mastery, Multiattack, MultiattackStep, Range};
use crate::rules::event::{AttackOutcome, Reason, Role};

/// Strength 18, proficiency 2: +6 to hit, 1d6+4.
fn weapon(name: &str, mastery: Option<Mastery>) -> Attack {
    Attack {
        to_hit: 6,
        damage: vec![part(dice(1, 6, 4), DamageType::Slashing)],
        weapon: Weapon { ability: Some(Ability::Strength), mastery, ..Weapon::default() },
        ..blade(name)
    }
}

fn master_of(mastery: Mastery) -> Draft {
    let mut master = hero("Ann");
    master.abilities.strength = 18;
    master.attacks = vec![weapon("Blade", Some(mastery))];
    master
}

fn tough() -> Draft {
    let mut tough = draft("Orc");
    tough.hit_points = 60;
    tough
}

fn role(facts: &[Fact]) -> Role {
    match blow(facts) {
        Deed::Attack { role, .. } => *role,
        _ => unreachable!(),
    }
}

fn lean(facts: &[Fact]) -> (Vec<Reason>, Vec<Reason>) {
    match blow(facts) {
        Deed::Attack { roll, .. } => (roll.advantages.clone(), roll.disadvantages.clone()),
        _ => unreachable!(),
    }
}

fn twice(of: &[&str]) -> Vec<Multiattack> {
    let any_of = of.iter().map(|name| slug(name)).collect();
    vec![Multiattack { steps: vec![MultiattackStep { count: 2, any_of }] }]
}

#[test]
fn a_graze_deals_the_modifier_on_a_miss_even_with_a_1() {
    let mut fight = Try::duel(master_of(Mastery::Graze), tough());
    fight.attack("a", "blade", "b", [2]);
    assert_eq!(fight.the("b").hit_points(), 56);
    fight.end_turn("a", []);
    fight.end_turn("b", []);
    let facts = fight.attack("a", "blade", "b", [1]);
    assert!(matches!(blow(&facts), Deed::Attack { outcome: AttackOutcome::CriticalMiss, .. }));
    assert_eq!(fight.the("b").hit_points(), 52);
    let mut hard = tough();
    hard.resistances = hard.resistances.with(DamageType::Slashing);
    let mut fight = Try::duel(master_of(Mastery::Graze), hard);
    fight.attack("a", "blade", "b", [2]);
    assert_eq!(fight.the("b").hit_points(), 58, "half of 4");
}

#[test]
fn sap_spoils_one_attack_roll_before_the_next_turn() {
    let mut fight = Try::duel(master_of(Mastery::Sap), tough());
    fight.attack("a", "blade", "b", [15, 1]);
    fight.end_turn("a", []);
    let facts = fight.attack("b", "blade", "a", [2, 3]);
    assert_eq!(lean(&facts).1, [Reason::AttackerRattled]);
    assert!(!fight.the("b").affected(EffectKind::Rattled));
}

#[test]
fn slow_takes_ten_feet_however_often_until_the_next_turn() {
    let mut master = master_of(Mastery::Slow);
    master.multiattack = twice(&["blade"]);
    let mut fight = field_of(master, tough(), (6, 5));
    fight.attack("a", "blade", "b", [15, 1]);
    fight.attack("a", "blade", "b", [15, 1]);
    fight.end_turn("a", []);
    assert_eq!(fight.combat.movement_left(id("b")), 20);
    fight.end_turn("b", []);
    assert!(!fight.the("b").affected(EffectKind::Slowed));
}

#[test]
fn topple_asks_for_a_save_and_push_for_none() {
    let mut fight = Try::duel(master_of(Mastery::Topple), tough());
    let facts = fight.attack("a", "blade", "b", [15, 1, 13]);
    let dc = facts.iter().find_map(|fact| match fact {
        Fact::SavingThrow { ability: Ability::Constitution, dc, .. } => Some(*dc),
        _ => None,
    });
    assert_eq!(dc, Some(14), "8, Strength 4, proficiency 2");
    assert!(fight.the("b").has(Condition::Prone));
    for (size, at_x) in [(Size::Large, 8), (Size::Huge, 6)] {
        let mut big = tough();
        big.size = size;
        let mut fight = field_of(master_of(Mastery::Push), big, (6, 5));
        fight.attack("a", "blade", "b", [15, 1]);
        assert_eq!(at(&fight, "b"), (at_x, 5), "{size:?}");
    }
}

#[test]
fn vex_helps_its_wielder_once_against_whom_it_hit() {
    let mut master = master_of(Mastery::Vex);
    master.multiattack = twice(&["blade"]);
    let crew = vec![
        entrant("a", "party", master, None),
        entrant("d", "party", hero("Dan"), None),
        entrant("b", "foes", tough(), None),
    ];
    let mut fight = Try::of(None, crew);
    fight.attack("a", "blade", "b", [15, 1]);
    let facts = fight.attack("a", "blade", "b", [2, 3]);
    assert_eq!(lean(&facts).0, [Reason::TargetVexed]);
    assert!(!fight.the("b").affected(EffectKind::Vexed), "missed, and used up");
    for creature in ["a", "d", "b"] {
        fight.end_turn(creature, []);
    }
    fight.attack("a", "blade", "b", [15, 1]);
    fight.end_turn("a", []);
    assert_eq!(lean(&fight.attack("d", "blade", "b", [2])).0, [], "only for its wielder");
    fight.end_turn("d", []);
    fight.end_turn("b", []);
    assert!(fight.the("b").affected(EffectKind::Vexed));
    fight.end_turn("a", []);
    assert!(!fight.the("b").affected(EffectKind::Vexed), "until the end of the next turn");
}

#[test]
fn cleave_goes_on_to_a_second_creature_once_and_without_the_modifier() {
    let crew = || {
        vec![
            entrant("a", "party", master_of(Mastery::Cleave), Some((5, 5))),
            entrant("b", "foes", tough(), Some((6, 5))),
            entrant("c", "foes", tough(), Some((6, 6))),
            entrant("d", "foes", tough(), Some((4, 5))),
        ]
    };
    let mut fight = Try::of(Some(Map::open(12, 12)), crew());
    fight.attack("a", "blade", "b", [15, 1]);
    assert_eq!(fight.refuses("a", attack("blade", "d")).code(), "cost_spent");
    assert_eq!(fight.refuses("a", attack("blade", "b")).code(), "cost_spent");
    let facts = fight.attack("a", "blade", "c", [15, 3]);
    assert_eq!((role(&facts), fight.the("c").hit_points()), (Role::Cleave, 57));
    assert_eq!(fight.refuses("a", attack("blade", "b")).code(), "cost_spent");
    let mut fight = Try::of(Some(Map::open(12, 12)), crew());
    fight.attack("a", "blade", "b", [2]);
    assert_eq!(fight.refuses("a", attack("blade", "c")).code(), "cost_spent");
}

#[test]
fn nobody_masters_anything_by_the_older_book() {
    let crew = vec![
        entrant("a", "party", master_of(Mastery::Graze), None),
        entrant("b", "foes", tough(), None),
    ];
    let mut fight = Try::by(Edition::Srd51, None, crew);
    fight.attack("a", "blade", "b", [2]);
    assert_eq!(fight.the("b").hit_points(), 60);
}

/// A scimitar, and a dagger that can be thrown, both light.
fn duelist(nick: bool) -> Draft {
    let mut duelist = hero("Ann");
    duelist.abilities.strength = 18;
    let nick = nick.then_some(Mastery::Nick);
    duelist.attacks = vec![
        Attack { light: true, ..weapon("Scimitar", None) },
        Attack {
            light: true,
            range: Some(Range { normal: 20, long: 60 }),
            ..weapon("Dagger", nick)
        },
        Attack {
            light: true,
            reach: None,
            range: Some(Range { normal: 30, long: 120 }),
            ..weapon("Hand Crossbow", None)
        },
    ];
    duelist
}

#[test]
fn nick_strikes_with_the_other_hand_within_the_action_and_only_once() {
    let mut fight = Try::duel(duelist(true), tough());
    fight.attack("a", "scimitar", "b", [15, 1]);
    let facts = fight.attack("a", "dagger", "b", [15, 3]);
    assert_eq!((role(&facts), fight.the("b").hit_points()), (Role::Nick, 52));
    assert!(!fight.the("a").economy().bonus_action_spent);
    assert_eq!(fight.refuses("a", attack("dagger", "b")).code(), "cost_spent");
    assert_eq!(fight.refuses("a", attack("hand-crossbow", "b")).code(), "cost_spent");
    let mut fight = Try::duel(duelist(false), tough());
    fight.attack("a", "scimitar", "b", [15, 1]);
    assert_eq!(role(&fight.attack("a", "dagger", "b", [15, 3])), Role::OffHand);
    assert!(fight.the("a").economy().bonus_action_spent);
}

#[test]
fn what_is_shot_is_one_of_a_pair_by_the_newer_book_alone() {
    for (edition, allowed) in [(Edition::Srd521, true), (Edition::Srd51, false)] {
        let crew =
            vec![entrant("a", "party", duelist(false), None), entrant("b", "foes", tough(), None)];
        let mut fight = Try::by(edition, None, crew);
        fight.attack("a", "scimitar", "b", [15, 1]);
        let wish = Intent::Act { creature: id("a"), action: attack("hand-crossbow", "b") };
        assert_eq!(fight.combat.check(wish).is_ok(), allowed, "{edition:?}");
    }
}

#[test]
fn a_negative_modifier_counts_for_the_other_hand_too() {
    let mut weak = duelist(false);
    weak.abilities.strength = 8;
    for attack in &mut weak.attacks {
        attack.damage[0].dice.bonus = -1;
    }
    let mut fight = Try::duel(weak, tough());
    fight.attack("a", "scimitar", "b", [15, 3]);
    fight.attack("a", "dagger", "b", [15, 3]);
    assert_eq!(fight.the("b").hit_points(), 56);
}

#[test]
fn the_other_hand_follows_an_attack_with_the_action_and_nothing_else() {
    let mut fight = Try::duel(duelist(true), tough());
    fight.act("a", Action::Dodge, []);
    assert_eq!(fight.refuses("a", attack("dagger", "b")).code(), "cost_spent");
}

#[test]
fn a_heavy_weapon_is_too_heavy_for_the_weak_or_for_the_small() {
    let heavy = |strength: u8, size: Size| {
        let mut wielder = hero("Ann");
        (wielder.abilities.strength, wielder.size) = (strength, size);
        wielder.attacks[0].weapon.heavy = true;
        wielder
    };
    for (edition, strength, size, hindered) in [
        (Edition::Srd521, 12, Size::Medium, true),
        (Edition::Srd521, 13, Size::Small, false),
        (Edition::Srd51, 18, Size::Small, true),
        (Edition::Srd51, 8, Size::Medium, false),
    ] {
        let crew = vec![
            entrant("a", "party", heavy(strength, size), None),
            entrant("b", "foes", tough(), None),
        ];
        let mut fight = Try::by(edition, None, crew);
        let faces: &[u16] = if hindered { &[2, 3] } else { &[2] };
        let facts = fight.attack("a", "blade", "b", faces.iter().copied());
        assert_eq!(lean(&facts).1.contains(&Reason::HeavyWeapon), hindered);
    }
}

#[test]
fn a_crossbow_shoots_once_with_each_action() {
    let mut archer = hero("Ann");
    archer.attacks[1].weapon.loading = true;
    archer.multiattack = twice(&["blade", "bow"]);
    let mut fight = Try::duel(archer, tough());
    fight.attack("a", "bow", "b", [2]);
    assert_eq!(fight.refuses("a", attack("bow", "b")), Illegal::NotLoaded);
    fight.attack("a", "blade", "b", [2]);
}
