//! What monsters have that heroes have not: auras, bursts, gazes that turn to stone, swarms (SRD
//! 5.2.1, Monsters > Parts of a Stat Block; Monsters A-Z, by the names in each test).

use super::*;
use crate::rules::ability::Ability;
use crate::rules::creature::{
    AreaShape, Beat, CreatureType, EffectKind, Lasts, Reach, Rider, SaveSpec, SetOff, Special,
    SpecialEffect, Suffering, Terms, Trait, Whom, Worse,
};
use crate::rules::event::Reason;

/// Constitution, DC 12.
const SAVE: SaveSpec = SaveSpec { ability: Ability::Constitution, dc: 12 };

fn around(feet: u16) -> Reach {
    Reach::Area { shape: AreaShape::Emanation { radius: feet }, range: 0 }
}

fn special(name: &str, reach: Reach, effect: SpecialEffect, set_off: SetOff) -> Special {
    Special {
        id: slug(name),
        name: name.into(),
        cost: Cost::Action,
        uses: Uses::AtWill,
        reach,
        effect,
        spell: false,
        terms: Terms { set_off, ..Terms::default() },
    }
}

fn burning() -> SpecialEffect {
    SpecialEffect::AutoDamage { damage: vec![part(dice(1, 10, 0), DamageType::Fire)] }
}

/// A save against riders alone.
fn gaze(riders: Vec<Rider>) -> SpecialEffect {
    SpecialEffect::Save { save: SAVE, damage: Vec::new(), half_on_success: false, riders }
}

fn gets(condition: Condition, lasts: Lasts, when: When) -> Rider {
    Rider::Condition { condition, save: None, lasts, max_size: None, when }
}

fn at(name: &str, target: &str) -> Action {
    Action::Special { special: slug(name), targets: vec![id(target)], aim: None }
}

/// A monster `a` with these specials against a hero `b`, without a map.
fn with(specials: Vec<Special>) -> Try {
    let mut monster = draft("Monster");
    monster.specials = specials;
    Try::of(
        None,
        vec![entrant("a", "foes", monster, None), entrant("b", "party", hero("Ann"), None)],
    )
}

fn one() -> Reach {
    Reach::Creatures { count: 1, feet: 30 }
}

/// Azer Sentinel > Fire Aura.
#[test]
fn an_aura_burns_at_the_end_of_its_owners_turn_unless_it_is_incapacitated() {
    let mut aura = special("aura", around(5), burning(), SetOff::OwnTurnEnd);
    aura.terms.while_able = true;
    aura.terms.whom.enemies_only = true;
    let mut azer = draft("Azer");
    azer.specials.push(aura);
    let mut fight = Try::of(
        Some(Map::open(12, 12)),
        vec![
            entrant("a", "foes", azer, Some((5, 5))),
            entrant("b", "party", hero("Ann"), Some((6, 5))),
            entrant("c", "party", hero("Cid"), Some((8, 5))),
            entrant("d", "foes", draft("Orc"), Some((4, 5))),
        ],
    );
    fight.end_turn("a", [7]);
    assert_eq!(fight.the("b").hit_points(), 13);
    assert_eq!((fight.the("c").hit_points(), fight.the("d").hit_points()), (20, 20));
    fight.condition("a", Condition::Stunned);
    for who in ["b", "c", "d"] {
        fight.end_turn(who, []);
    }
    fight.end_turn("a", []);
    assert_eq!(fight.the("b").hit_points(), 13, "stunned, it does not burn");
    assert_eq!(fight.refuses("a", at("aura", "b")).code(), "not_your_turn");
}

/// Ghast > Stench.
#[test]
fn who_withstood_a_stench_once_is_safe_from_it() {
    let riders = vec![gets(Condition::Poisoned, Lasts::TargetNextTurnStart, When::Always)];
    let mut stench = special("stench", around(5), gaze(riders), SetOff::TheirTurnStart);
    stench.terms.immune_after_success = true;
    let mut fight = with(vec![stench]);
    let facts = fight.end_turn("a", [4]);
    assert!(fight.the("b").has(Condition::Poisoned), "{facts:?}");
    fight.end_turn("b", []);
    fight.end_turn("a", [15]);
    assert!(!fight.the("b").has(Condition::Poisoned), "over with the start of her turn");
    assert!(fight.the("b").withstands(id("a"), slug("stench")));
    fight.end_turn("b", []);
    fight.end_turn("a", []);
    assert_eq!(fight.refuses("b", at("stench", "b")).code(), "no_such_special");
}

/// Magmin > Death Burst: one that dies of another's burst bursts too.
#[test]
fn a_burst_at_death_sets_off_the_next() {
    let effect = SpecialEffect::Save {
        save: SAVE,
        damage: vec![part(dice(2, 6, 0), DamageType::Fire)],
        half_on_success: true,
        riders: Vec::new(),
    };
    let mut magmin = draft("Magmin");
    magmin.hit_points = 5;
    magmin.specials.push(special("burst", around(10), effect, SetOff::Death));
    let mut fight = Try::of(
        Some(Map::open(12, 12)),
        vec![
            entrant("a", "party", hero("Ann"), Some((5, 5))),
            entrant("b", "foes", magmin.clone(), Some((6, 5))),
            entrant("c", "foes", magmin, Some((7, 5))),
        ],
    );
    // Ann kills the first; it bursts: 2d6 for 7, she saves, its friend does not and bursts itself.
    fight.attack("a", "blade", "b", [15, 4, 3, 4, 15, 2, 1, 2, 15]);
    assert_eq!(fight.the("c").life(), Life::Dead);
    assert_eq!(fight.the("a").hit_points(), 20 - 3 - 1);
}

/// Black Pudding > Corrosive Form.
#[test]
fn a_hide_that_burns_hurts_who_strikes_it_in_melee_alone() {
    let mut pudding = draft("Pudding");
    pudding.specials.push(special("hide", Reach::Own, burning(), SetOff::StruckInMelee));
    let mut fight = Try::duel(hero("Ann"), pudding);
    fight.attack("a", "blade", "b", [15, 1, 6]);
    assert_eq!(fight.the("a").hit_points(), 14);
    fight.end_turn("a", []);
    fight.end_turn("b", []);
    fight.attack("a", "bow", "b", [15, 1]);
    assert_eq!(fight.the("a").hit_points(), 14);
}

/// Basilisk > Petrifying Gaze.
#[test]
fn a_second_failure_turns_to_stone() {
    let worsens = Lasts::Worsens { into: Condition::Petrified, then: Worse::Removed };
    let riders = vec![gets(Condition::Restrained, worsens, When::Always)];
    let stare = special("gaze", one(), gaze(riders), SetOff::Chosen);
    let mut fight = with(vec![stare.clone()]);
    fight.act("a", at("gaze", "b"), [5]);
    assert!(fight.the("b").has(Condition::Restrained));
    fight.end_turn("a", []);
    fight.end_turn("b", [5]);
    assert!(fight.the("b").has(Condition::Petrified) && !fight.the("b").has(Condition::Restrained));
    let mut fight = with(vec![stare]);
    fight.act("a", at("gaze", "b"), [5]);
    fight.end_turn("a", []);
    fight.end_turn("b", [18]);
    assert_eq!(fight.the("b").conditions(), []);
}

/// Brass Dragon Wyrmling > Sleep Breath.
#[test]
fn a_sleeper_wakes_of_a_wound() {
    let then = Worse::TurnsUnlessHarmed(10);
    let worsens = Lasts::Worsens { into: Condition::Unconscious, then };
    let riders = vec![gets(Condition::Incapacitated, worsens, When::Always)];
    let mut fight = with(vec![special("breath", one(), gaze(riders), SetOff::Chosen)]);
    fight.act("a", at("breath", "b"), [5]);
    fight.end_turn("a", []);
    fight.end_turn("b", [5]);
    assert!(fight.the("b").has(Condition::Unconscious));
    fight.attack("a", "blade", "b", [2, 15, 1, 1]);
    assert!(!fight.the("b").has(Condition::Unconscious), "the wound woke her");
}

/// Chuul > Paralyzing Tentacles: paralyzed while poisoned, one save against both.
#[test]
fn one_save_ends_all_that_one_special_brought() {
    let riders = vec![
        gets(Condition::Poisoned, Lasts::SaveEnds, When::Always),
        gets(Condition::Paralyzed, Lasts::SaveEnds, When::TargetHas(Condition::Poisoned)),
    ];
    let mut tentacles = special("tentacles", one(), gaze(riders), SetOff::Chosen);
    tentacles.terms.whom = Whom {
        having: [Condition::Grappled].into_iter().collect(),
        from_user: true,
        ..Whom::default()
    };
    let mut fight = with(vec![tentacles]);
    assert_eq!(fight.refuses("a", at("tentacles", "b")), Illegal::NotConcerned);
    fight.condition("b", Condition::Grappled);
    assert_eq!(fight.refuses("a", at("tentacles", "b")), Illegal::NotConcerned, "not its grip");
    let mut chuul = draft("Chuul");
    chuul.attacks[0].riders =
        vec![gets(Condition::Grappled, Lasts::Escape { dc: 14 }, When::Always)];
    chuul.specials = fight.the("a").definition().specials.clone();
    chuul.specials[0].cost = Cost::BonusAction;
    let mut fight = Try::of(
        None,
        vec![entrant("a", "foes", chuul, None), entrant("b", "party", hero("Ann"), None)],
    );
    fight.attack("a", "blade", "b", [15, 1]);
    fight.act("a", at("tentacles", "b"), [5]);
    assert!(fight.the("b").has(Condition::Paralyzed) && fight.the("b").has(Condition::Poisoned));
    fight.end_turn("a", []);
    fight.end_turn("b", [18]);
    assert!(!fight.the("b").has(Condition::Paralyzed) && !fight.the("b").has(Condition::Poisoned));
}

/// Vrock > Spores: poison that comes again until a save ends it.
#[test]
fn damage_comes_again_at_the_start_of_each_turn_until_a_save() {
    let what =
        Suffering { dice: dice(1, 10, 0), kind: DamageType::Poison, each: Beat::TargetTurnStart };
    let riders = vec![
        gets(Condition::Poisoned, Lasts::SaveEnds, When::Always),
        Rider::Ongoing { what, lasts: Lasts::SaveEnds, when: When::TargetHas(Condition::Poisoned) },
    ];
    let mut fight = with(vec![special("spores", one(), gaze(riders), SetOff::Chosen)]);
    fight.act("a", at("spores", "b"), [5]);
    fight.end_turn("a", [7]);
    assert_eq!(fight.the("b").hit_points(), 13);
    fight.end_turn("b", [18]);
    assert!(!fight.the("b").affected(EffectKind::Suffering));
    fight.end_turn("a", []);
    assert_eq!(fight.the("b").hit_points(), 13);
}

/// Animated Rug of Smothering > Smother: what hangs on a grip goes with it.
#[test]
fn who_escapes_a_grip_suffers_no_more() {
    let what = Suffering {
        dice: dice(1, 10, 0),
        kind: DamageType::Bludgeoning,
        each: Beat::SourceTurnStart,
    };
    let mut rug = draft("Rug");
    rug.attacks[0].riders = vec![
        gets(Condition::Grappled, Lasts::Escape { dc: 13 }, When::Always),
        gets(Condition::Blinded, Lasts::Escape { dc: 13 }, When::Always),
        Rider::Ongoing { what, lasts: Lasts::Escape { dc: 13 }, when: When::TargetHeld },
    ];
    let mut fight = Try::of(
        None,
        vec![entrant("a", "foes", rug, None), entrant("b", "party", hero("Ann"), None)],
    );
    fight.attack("a", "blade", "b", [15, 1]);
    fight.end_turn("a", []);
    fight.end_turn("b", [6]);
    assert_eq!(fight.the("b").hit_points(), 17 - 6, "at the start of the rug's turn");
    fight.end_turn("a", []);
    fight.act("b", Action::Escape, [15]);
    assert_eq!((fight.the("b").conditions(), fight.the("b").effects()), (&[][..], &[][..]));
    fight.end_turn("b", []);
    assert_eq!(fight.the("b").hit_points(), 11);
}

/// Specter > Life Drain.
#[test]
fn a_maximum_that_fell_caps_healing() {
    let mut specter = draft("Specter");
    specter.attacks[0].damage = vec![part(dice(1, 6, 2), DamageType::Necrotic)];
    specter.attacks[0].riders = vec![Rider::ReduceMaximum { kind: Some(DamageType::Necrotic) }];
    let mut healer = hero("Ann");
    let heals = SpecialEffect::Heal { dice: dice(2, 8, 0) };
    healer.specials.push(special("heal", one(), heals, SetOff::Chosen));
    let mut fight = Try::of(
        None,
        vec![entrant("a", "foes", specter, None), entrant("b", "party", healer, None)],
    );
    fight.attack("a", "blade", "b", [15, 4]);
    assert_eq!((fight.the("b").hit_points(), fight.the("b").maximum()), (14, 14));
    assert_eq!(fight.combat.creature(id("b")).unwrap().definition().hit_points, 20);
    fight.end_turn("a", []);
    assert_eq!(fight.refuses("b", at("heal", "b")), Illegal::NothingToHeal);
}

/// Swarm of Bats > Swarm, Bites.
#[test]
fn a_swarm_shares_a_space_bites_less_when_bloodied_and_never_heals() {
    let mut swarm = draft("Swarm");
    swarm.traits.push(Trait::Swarm);
    let bites = |dice, when| DamagePart { dice, kind: DamageType::Piercing, when };
    swarm.attacks[0].damage = vec![
        bites(dice(2, 4, 0), When::AttackerUnbloodied),
        bites(dice(1, 4, 0), When::AttackerBloodied),
    ];
    let heals = SpecialEffect::Heal { dice: dice(2, 8, 0) };
    swarm.specials.push(special("heal", Reach::Own, heals, SetOff::Chosen));
    let mut fight = Try::of(
        Some(Map::open(12, 12)),
        vec![
            entrant("a", "foes", swarm, Some((5, 5))),
            entrant("b", "party", hero("Ann"), Some((7, 5))),
        ],
    );
    fight.walk("a", (7, 5));
    fight.attack("a", "blade", "b", [15, 3, 3]);
    assert_eq!(fight.the("b").hit_points(), 14);
    fight.hit_points("a", 10);
    fight.end_turn("a", []);
    fight.end_turn("b", []);
    fight.attack("a", "blade", "b", [15, 3]);
    assert_eq!(fight.the("b").hit_points(), 11);
    fight.end_turn("a", []);
    assert!(!fight.the("a").has(Condition::Prone) && !fight.the("b").has(Condition::Prone));
    fight.end_turn("b", []);
    let heal = Action::Special { special: slug("heal"), targets: Vec::new(), aim: None };
    assert_eq!(fight.refuses("a", heal), Illegal::HealingPrevented);
}

/// Flesh Golem > Lightning Absorption, Aversion to Fire.
#[test]
fn a_golem_drinks_lightning_and_shrinks_from_fire() {
    let mut golem = draft("Golem");
    golem.traits.push(Trait::Absorption(DamageType::Lightning));
    golem.traits.push(Trait::HurtBy {
        kind: DamageType::Fire,
        effect: EffectKind::Hampered,
        amount: 0,
    });
    let mut mage = hero("Ann");
    mage.attacks[0].damage = vec![part(dice(1, 6, 2), DamageType::Lightning)];
    mage.attacks[1].damage = vec![part(dice(1, 6, 2), DamageType::Fire)];
    let mut fight = Try::duel(mage, golem);
    fight.hit_points("b", 10);
    fight.attack("a", "blade", "b", [15, 4]);
    assert_eq!(fight.the("b").hit_points(), 16, "six points of lightning");
    fight.end_turn("a", []);
    fight.end_turn("b", []);
    fight.attack("a", "bow", "b", [15, 4]);
    assert!(fight.the("b").affected(EffectKind::Hampered));
    fight.end_turn("a", []);
    fight.attack("b", "blade", "a", [15, 3]);
    fight.end_turn("b", []);
    assert!(!fight.the("b").affected(EffectKind::Hampered), "until the end of its next turn");
}

/// Adult Black Dragon > Legendary Resistance: against what is grave, as often as it has uses.
#[test]
fn a_legend_makes_a_success_of_a_failure() {
    let riders = vec![gets(Condition::Paralyzed, Lasts::TargetTurns(10), When::Always)];
    let hold = special("hold", one(), gaze(riders), SetOff::Chosen);
    let mild = vec![gets(Condition::Deafened, Lasts::TargetTurns(10), When::Always)];
    let shout = special("shout", one(), gaze(mild), SetOff::Chosen);
    let mut mage = hero("Ann");
    mage.specials = vec![hold, shout];
    let mut dragon = draft("Dragon");
    dragon.traits.push(Trait::LegendaryResistance(1));
    let mut fight = Try::duel(mage, dragon);
    fight.act("a", at("shout", "b"), [2]);
    assert!(fight.the("b").has(Condition::Deafened), "not worth it");
    for face in [2, 2] {
        fight.end_turn("a", []);
        fight.end_turn("b", []);
        let facts = fight.act("a", at("hold", "b"), [face]);
        let resisted = facts.iter().any(|fact| matches!(fact, Fact::Resisted { spent: 1, .. }));
        assert_eq!(resisted, !fight.the("b").has(Condition::Paralyzed));
    }
    assert!(fight.the("b").has(Condition::Paralyzed), "the second time nothing is left");
}

/// Ghoul > Claw spares the undead; Homunculus > Bite is worse if the save fails by 5.
#[test]
fn what_the_target_is_and_how_far_it_failed_decides() {
    let undead = [CreatureType::Undead].into_iter().collect();
    let riders = vec![
        gets(Condition::Poisoned, Lasts::Removed, When::TargetIsNot(undead)),
        gets(Condition::Unconscious, Lasts::Removed, When::FailedBy(5)),
    ];
    let spit = special("spit", one(), gaze(riders), SetOff::Chosen);
    let mut fight = with(vec![spit.clone()]);
    fight.act("a", at("spit", "b"), [8]);
    assert!(fight.the("b").has(Condition::Poisoned) && !fight.the("b").has(Condition::Unconscious));
    let mut zombie = draft("Zombie");
    zombie.creature_type = "undead".into();
    let mut monster = draft("Monster");
    monster.specials = vec![spit];
    let mut fight = Try::of(
        None,
        vec![entrant("a", "foes", monster, None), entrant("b", "party", zombie, None)],
    );
    fight.act("a", at("spit", "b"), [7]);
    assert!(!fight.the("b").has(Condition::Poisoned) && fight.the("b").has(Condition::Unconscious));
}

/// Hobgoblin Captain > Aura of Authority; Steam Mephit > Blurred Form; Giant Shark > Bite.
#[test]
fn allies_take_heart_and_a_blur_is_hard_to_hit() {
    let mut captain = draft("Captain");
    captain.traits.push(Trait::RallyingAura { feet: 10 });
    let mut blur = hero("Ann");
    blur.traits.push(Trait::BlurredForm);
    let mut fight = Try::of(
        Some(Map::open(12, 12)),
        vec![
            entrant("c", "foes", draft("Orc"), Some((5, 5))),
            entrant("a", "foes", captain, Some((7, 5))),
            entrant("b", "party", blur, Some((6, 5))),
        ],
    );
    let facts = fight.attack("c", "blade", "b", [2]);
    let Deed::Attack { roll, .. } = blow(&facts) else { panic!() };
    assert_eq!(roll.advantages, [Reason::Rallied]);
    assert_eq!(roll.disadvantages, [Reason::TargetBlurred]);
    fight.condition("a", Condition::Stunned);
    fight.condition("b", Condition::Incapacitated);
    fight.end_turn("c", []);
    fight.end_turn("a", []);
    fight.end_turn("b", []);
    let facts = fight.attack("c", "blade", "b", [2]);
    let Deed::Attack { roll, .. } = blow(&facts) else { panic!() };
    assert_eq!((&roll.advantages[..], &roll.disadvantages[..]), (&[][..], &[][..]));
    let mut shark = draft("Shark");
    shark.attacks[0].advantage = Some(When::TargetInjured);
    let mut fight = Try::of(
        None,
        vec![entrant("a", "foes", shark, None), entrant("b", "party", hero("Ann"), None)],
    );
    fight.attack("a", "blade", "b", [15, 3]);
    fight.end_turn("a", []);
    fight.end_turn("b", []);
    fight.attack("a", "blade", "b", [2, 15, 3]);
}

/// Copper Dragon Wyrmling > Slowing Breath.
#[test]
fn the_dazed_take_an_action_or_a_bonus_action() {
    let effect = |kind| Rider::Effect { kind, lasts: Lasts::TargetNextTurnEnd, amount: 0 };
    let riders = vec![effect(EffectKind::Dazed), effect(EffectKind::Halved)];
    let mut fight = with(vec![special("breath", one(), gaze(riders), SetOff::Chosen)]);
    let mut rogue = hero("Ann");
    let maneuvers = SpecialEffect::Maneuvers { dash: true, disengage: false, hide: false };
    rogue.specials.push(Special {
        cost: Cost::BonusAction,
        ..special("cunning", Reach::Own, maneuvers, SetOff::Chosen)
    });
    let dragon = fight.the("a").definition().as_ref().clone().into_draft();
    fight =
        Try::of(None, vec![entrant("a", "foes", dragon, None), entrant("b", "party", rogue, None)]);
    fight.act("a", at("breath", "b"), [5]);
    fight.end_turn("a", []);
    assert_eq!(fight.combat.movement_left(id("b")), 15);
    fight.attack("b", "blade", "a", [2]);
    let dash = Action::Dash { cost: Cost::BonusAction };
    assert_eq!(fight.refuses("b", dash).code(), "cost_spent");
    fight.end_turn("b", []);
    assert_eq!(fight.the("b").effects(), []);
}

/// Ghost > Incorporeal Movement; Deer > Agile; Invisible Stalker > Invisibility.
#[test]
fn ghosts_walk_through_walls_and_never_stop_there() {
    let mut map = Map::open(12, 1);
    map.terrain[5] = crate::rules::grid::Terrain::Wall;
    let mut ghost = draft("Ghost");
    ghost.traits = vec![Trait::IncorporealMovement, Trait::Unseen, Trait::Agile];
    let entrants = vec![
        entrant("a", "foes", ghost, Some((3, 0))),
        entrant("b", "party", hero("Ann"), Some((2, 0))),
    ];
    let mut fight = Try::gathering(Some(map));
    fight.does(Intent::Enter { entrants }, []);
    let begin = Intent::Begin { public_commitment: [1; 32], hidden_commitment: [2; 32] };
    fight.does(begin, [1, 20, 19]); // the invisible roll initiative with advantage
    assert!(fight.the("a").has(Condition::Invisible));
    assert_eq!(fight.refuses("a", walk((5, 0))).code(), "no_way");
    fight.walk("a", (6, 0));
    assert_eq!(super::at(&fight, "a"), (6, 0));
    assert_eq!(fight.combat.movement_left(id("a")), 10, "the wall cost double");
    assert!(fight.combat.pending().is_empty(), "and nobody strikes at the agile");
}

/// Knight > Parry: one hit in melee a round that it can turn into a miss.
#[test]
fn a_parry_turns_one_hit_in_melee_into_a_miss() {
    let mut knight = draft("Knight");
    knight.traits.push(Trait::Parry { bonus: 2 });
    let mut fight = Try::of(
        None,
        vec![
            entrant("a", "party", hero("Ann"), None),
            entrant("c", "party", hero("Cid"), None),
            entrant("e", "party", hero("Eve"), None),
            entrant("b", "foes", knight, None),
        ],
    );
    // 8 + 4 hits an Armor Class of 12 from afar, and there is no parrying that.
    fight.attack("a", "bow", "b", [8, 1]);
    assert_eq!(fight.the("b").hit_points(), 17);
    fight.end_turn("a", []);
    let facts = fight.attack("c", "blade", "b", [9]);
    let Deed::Attack { outcome, armor_class, .. } = blow(&facts) else { panic!() };
    assert_eq!((*outcome, *armor_class), (crate::rules::event::AttackOutcome::Miss, 14));
    assert_eq!(fight.the("b").hit_points(), 17);
    assert!(fight.the("b").economy().reaction_spent);
    fight.end_turn("c", []);
    fight.attack("e", "blade", "b", [9, 1]);
    assert_eq!(fight.the("b").hit_points(), 14, "its reaction is gone");
    fight.end_turn("e", []);
    fight.end_turn("b", []);
    fight.attack("a", "blade", "b", [10, 1]);
    assert_eq!(fight.the("b").hit_points(), 11, "14 hits in spite of it");
    assert!(!fight.the("b").economy().reaction_spent, "and it keeps its reaction");
}
