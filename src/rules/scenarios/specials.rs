//! Special actions: saves, areas, recharge, limited uses, bursts of speed (SRD 5.2.1, Playing the
//! Game > Saving Throws; Monsters > Stat Block Overview).

use super::*;
use crate::rules::ability::Ability;
use crate::rules::creature::{
    AreaShape, EffectKind, Lasts, Reach, Rider, SaveSpec, Special, SpecialEffect, Terms, Trait,
};

fn special(name: &str, reach: Reach, effect: SpecialEffect) -> Special {
    Special {
        id: Slug::of_name(name).unwrap(),
        name: name.into(),
        cost: Cost::Action,
        uses: Uses::AtWill,
        reach,
        effect,
        spell: false,
        terms: Terms::default(),
    }
}

/// A cone of fire: 2d6, Dexterity DC 12 for half.
fn breath(riders: Vec<Rider>) -> Special {
    let effect = SpecialEffect::Save {
        save: SaveSpec { ability: Ability::Dexterity, dc: 12 },
        damage: vec![part(dice(2, 6, 0), DamageType::Fire)],
        half_on_success: true,
        riders,
    };
    let shape = AreaShape::Cone { length: 15 };
    let uses = Uses::Recharge { at_least: 5 };
    Special { uses, ..special("Breath", Reach::Area { shape, range: 0 }, effect) }
}

fn dragon(riders: Vec<Rider>) -> Draft {
    let mut dragon = draft("Dragon");
    dragon.specials.push(breath(riders));
    dragon
}

fn at_targets(name: &str, targets: &[&str]) -> Action {
    let targets = targets.iter().map(|target| id(target)).collect();
    Action::Special { special: slug(name), targets, aim: None }
}

fn at_square(name: &str, (x, y): (u8, u8)) -> Action {
    Action::Special { special: slug(name), targets: Vec::new(), aim: Some(Position { x, y }) }
}

#[test]
fn damage_is_rolled_once_and_halved_for_whoever_saves() {
    let mut fight = Try::of(
        None,
        vec![
            entrant("a", "foes", dragon(Vec::new()), None),
            entrant("b", "party", hero("Ann"), None),
            entrant("c", "party", hero("Cid"), None),
        ],
    );
    fight.act("a", at_targets("breath", &["c", "b"]), [4, 5, 12, 11]);
    assert_eq!(fight.the("b").hit_points(), 16, "9 halved is 4; Ann saves first, by initiative");
    assert_eq!(fight.the("c").hit_points(), 11);
}

#[test]
fn a_breath_comes_back_on_a_5_or_6_at_the_start_of_the_turn() {
    let mut fight = Try::duel(dragon(Vec::new()), draft("Orc"));
    fight.act("a", at_targets("breath", &["b"]), [1, 1, 15]);
    fight.end_turn("a", []);
    fight.end_turn("b", [4]);
    assert_eq!(fight.refuses("a", at_targets("breath", &["b"])), Illegal::NotRecharged);
    fight.end_turn("a", []);
    fight.end_turn("b", [5]);
    fight.act("a", at_targets("breath", &["b"]), [1, 1, 15]);
}

#[test]
fn an_area_finds_its_own_targets_on_a_map_friends_included() {
    let mut fight = Try::of(
        Some(Map::open(12, 12)),
        vec![
            entrant("a", "foes", dragon(Vec::new()), Some((5, 5))),
            entrant("b", "party", hero("Ann"), Some((7, 5))),
            entrant("c", "foes", draft("Orc"), Some((6, 5))),
            entrant("d", "party", hero("Dot"), Some((2, 5))),
        ],
    );
    let unaimed = at_targets("breath", &[]);
    assert_eq!(fight.refuses("a", unaimed), Illegal::AimNeeded);
    fight.act("a", at_square("breath", (8, 5)), [3, 3, 1, 1]);
    assert_eq!(fight.the("b").hit_points(), 14);
    assert_eq!(fight.the("c").hit_points(), 14);
    assert_eq!(fight.the("d").hit_points(), 20, "behind it");
    assert_eq!(fight.the("a").hit_points(), 20);
}

#[test]
fn evasion_takes_nothing_or_half() {
    let mut rogue = hero("Ann");
    rogue.traits.push(Trait::Evasion);
    let mut fight = Try::duel(dragon(Vec::new()), rogue.clone());
    fight.act("a", at_targets("breath", &["b"]), [4, 5, 12]);
    assert_eq!(fight.the("b").hit_points(), 20);
    let mut fight = Try::duel(dragon(Vec::new()), rogue);
    fight.act("a", at_targets("breath", &["b"]), [4, 5, 2]);
    assert_eq!(fight.the("b").hit_points(), 16);
}

#[test]
fn the_paralyzed_fail_a_dexterity_save_without_a_roll() {
    let mut fight = Try::duel(dragon(Vec::new()), draft("Orc"));
    fight.condition("b", Condition::Paralyzed);
    let facts = fight.act("a", at_targets("breath", &["b"]), [4, 5]);
    let failed = facts.iter().any(|fact| match fact {
        Fact::SavingThrow { roll, success, .. } => roll.faces.is_empty() && !success,
        _ => false,
    });
    assert!(failed);
    assert_eq!(fight.the("b").hit_points(), 11);
}

#[test]
fn dodging_helps_dexterity_saves_and_being_restrained_does_not() {
    let mut fight = Try::of(
        None,
        vec![
            entrant("b", "party", hero("Ann"), None),
            entrant("a", "foes", dragon(Vec::new()), None),
        ],
    );
    fight.act("b", Action::Dodge, []);
    fight.end_turn("b", []);
    fight.act("a", at_targets("breath", &["b"]), [4, 5, 3, 12]);
    assert_eq!(fight.the("b").hit_points(), 16);
    let mut fight = Try::duel(dragon(Vec::new()), draft("Orc"));
    fight.condition("b", Condition::Restrained);
    fight.act("a", at_targets("breath", &["b"]), [4, 5, 12, 3]);
    assert_eq!(fight.the("b").hit_points(), 11);
}

#[test]
fn a_failed_save_brings_its_rider_and_the_same_save_ends_it() {
    let knocked = Rider::Condition {
        condition: Condition::Stunned,
        save: None,
        lasts: Lasts::SaveEnds,
        max_size: None,
        when: When::Always,
    };
    let mut fight = Try::duel(dragon(vec![knocked]), draft("Orc"));
    fight.act("a", at_targets("breath", &["b"]), [1, 1, 11]);
    let until = fight.the("b").conditions()[0].until;
    assert_eq!(until, Until::SaveEnds { ability: Ability::Dexterity, dc: 12 });
}

#[test]
fn a_push_leads_straight_away_and_provokes_nothing() {
    let mut fight = Try::of(
        Some(Map::open(12, 12)),
        vec![
            entrant(
                "a",
                "foes",
                dragon(vec![Rider::Push { feet: 10, max_size: None }]),
                Some((5, 5)),
            ),
            entrant("b", "party", hero("Ann"), Some((6, 5))),
            entrant("c", "foes", draft("Orc"), Some((7, 9))),
        ],
    );
    fight.act("a", at_square("breath", (8, 5)), [1, 1, 1]);
    assert_eq!(fight.the("b").position(), Some(Position { x: 8, y: 5 }));
    assert!(fight.combat.pending().is_empty());
}

#[test]
fn darts_may_all_fly_at_one_target_and_never_miss() {
    let mut mage = hero("Ann");
    let damage = vec![part(dice(1, 4, 1), DamageType::Force)];
    let reach = Reach::Creatures { count: 3, feet: 120 };
    mage.specials.push(special("Darts", reach, SpecialEffect::AutoDamage { damage }));
    let mut fight = Try::duel(mage, draft("Orc"));
    let four = at_targets("darts", &["b", "b", "b", "b"]);
    assert_eq!(fight.refuses("a", four), Illegal::WrongTargetCount { min: 1, max: 3 });
    fight.act("a", at_targets("darts", &["b", "b", "b"]), [1, 2, 3]);
    assert_eq!(fight.the("b").hit_points(), 11);
}

#[test]
fn temporary_hit_points_do_not_add_up() {
    let mut bard = hero("Ann");
    let effect = SpecialEffect::TemporaryHitPoints { dice: dice(1, 8, 0) };
    bard.specials.push(Special {
        cost: Cost::BonusAction,
        ..special("Cheer", Reach::Creatures { count: 1, feet: 30 }, effect)
    });
    let mut fight = Try::duel(bard, draft("Orc"));
    fight.act("a", at_targets("cheer", &["a"]), [6]);
    fight.end_turn("a", []);
    fight.end_turn("b", []);
    fight.act("a", at_targets("cheer", &["a"]), [3]);
    assert_eq!(fight.the("a").temporary_hit_points(), 6);
}

#[test]
fn a_surge_gives_one_more_action() {
    let mut fighter = hero("Ann");
    fighter.specials.push(Special {
        cost: Cost::Free,
        uses: Uses::PerRest(1),
        ..special("Surge", Reach::Own, SpecialEffect::ExtraAction)
    });
    let mut fight = Try::duel(fighter, draft("Orc"));
    fight.attack("a", "blade", "b", [2]);
    fight.act("a", at_targets("surge", &[]), []);
    fight.attack("a", "blade", "b", [2]);
    assert_eq!(fight.refuses("a", attack("blade", "b")).code(), "cost_spent");
    assert_eq!(fight.refuses("a", at_targets("surge", &[])), Illegal::NoUsesLeft);
}

#[test]
fn cunning_maneuvers_take_a_bonus_action() {
    let mut rogue = hero("Ann");
    let effect = SpecialEffect::Maneuvers { dash: true, disengage: true, hide: false };
    rogue
        .specials
        .push(Special { cost: Cost::BonusAction, ..special("Cunning", Reach::Own, effect) });
    let mut fight = Try::duel(rogue, draft("Orc"));
    let bonus = Cost::BonusAction;
    assert!(
        fight
            .combat
            .check(Intent::Act { creature: id("a"), action: Action::Hide { cost: bonus } })
            .is_err()
    );
    fight.act("a", Action::Disengage { cost: bonus }, []);
    assert!(fight.the("a").affected(EffectKind::Disengaged));
    assert_eq!(fight.refuses("a", Action::Dash { cost: bonus }).code(), "cost_spent");
    fight.attack("a", "blade", "b", [2]);
}

#[test]
fn magic_resistance_helps_against_spells_alone() {
    let mut golem = draft("Golem");
    golem.traits.push(Trait::MagicResistance);
    let mut caster = dragon(Vec::new());
    caster.specials[0].spell = true;
    let mut fight = Try::duel(caster, golem.clone());
    fight.act("a", at_targets("breath", &["b"]), [4, 5, 3, 12]);
    assert_eq!(fight.the("b").hit_points(), 16);
    let mut fight = Try::duel(dragon(Vec::new()), golem);
    fight.act("a", at_targets("breath", &["b"]), [4, 5, 3]);
    assert_eq!(fight.the("b").hit_points(), 11);
}

#[test]
fn a_charge_counts_only_after_a_straight_run() {
    let mut boar = draft("Boar");
    boar.attacks[0].damage.push(DamagePart {
        when: When::Charged { feet: 20 },
        ..part(dice(1, 6, 0), DamageType::Piercing)
    });
    let crew = |x| {
        vec![
            entrant("a", "foes", boar.clone(), Some((x, 5))),
            entrant("b", "party", hero("Ann"), Some((10, 5))),
        ]
    };
    let mut fight = Try::of(Some(Map::open(12, 12)), crew(5));
    fight.walk("a", (9, 5));
    fight.attack("a", "blade", "b", [15, 1, 4]);
    assert_eq!(fight.the("b").hit_points(), 13);
    let mut fight = Try::of(Some(Map::open(12, 12)), crew(7));
    fight.walk("a", (9, 5));
    fight.attack("a", "blade", "b", [15, 1]);
    assert_eq!(fight.the("b").hit_points(), 17);
}

/// What keeps hit points from coming back keeps a troll's from coming back by themselves, too.
#[test]
fn a_chill_stops_regeneration() {
    let mut chiller = hero("Ann");
    chiller.attacks[0].riders = vec![Rider::NoHealing];
    let mut troll = draft("Troll");
    let stopped_by = crate::rules::damage::DamageSet::default();
    troll.traits.push(Trait::Regeneration { amount: 5, stopped_by });
    let mut fight = Try::duel(chiller, troll);
    fight.attack("a", "blade", "b", [15, 3]);
    fight.end_turn("a", []);
    assert_eq!(fight.the("b").hit_points(), 15);
    fight.end_turn("b", []);
    fight.end_turn("a", []);
    assert_eq!(fight.the("b").hit_points(), 20, "the chill is gone with Ann's next turn");
}
