//! Whole sheets against figures that were worked out by hand from the book's tables.
//!
//! Each is a human of the class with the standard array as the book lays it out for that class.

use skirmish::content::characters::sheet::{Abilities, ClassLevel, Item, Method, Points, Scores};
use skirmish::content::characters::{Derived, Proficiency, Wishes, derive, quick};
use skirmish::rules::ability::{Ability, Skill};
use skirmish::rules::creature::{Cost, Mastery, SpecialEffect, Trait, Uses, When};

use super::made;

/// Levels 1, 5, 11 and 20 of the twelve classes.
const SHEETS: [&str; 48] = [
    "Barbarian 1: AC 13, HP 14, initiative +3, speed 30, saves +5 +1 +4 +0 +1 -1, +5 1d12+3 x1, DC 0, slots -",
    "Barbarian 5: AC 13, HP 50, initiative +4, speed 40, saves +7 +1 +5 +0 +1 -1, +7 1d12+4 x2, DC 0, slots -",
    "Barbarian 11: AC 14, HP 115, initiative +5, speed 40, saves +9 +1 +7 +0 +1 -1, +9 1d12+5 x2, DC 0, slots -",
    "Barbarian 20: AC 18, HP 285, initiative +7, speed 40, saves +13 +1 +13 +0 +1 -1, +13 1d12+7 x2, DC 0, slots -",
    "Bard 1: AC 13, HP 9, initiative +4, speed 30, saves -1 +4 +1 +2 +0 +5, +4 1d4+2 x1, DC 13, slots 2",
    "Bard 5: AC 13, HP 33, initiative +5, speed 30, saves -1 +5 +1 +2 +0 +7, +5 1d4+2 x1, DC 15, slots 4 3 2",
    "Bard 11: AC 13, HP 69, initiative +6, speed 30, saves -1 +6 +1 +2 +0 +9, +6 1d4+2 x1, DC 17, slots 4 3 3 3 2 1",
    "Bard 20: AC 13, HP 163, initiative +8, speed 30, saves -1 +8 +3 +2 +0 +11, +8 1d4+2 x1, DC 19, slots 4 3 3 3 3 2 2 1 1",
    "Cleric 1: AC 14, HP 10, initiative +1, speed 30, saves +2 -1 +2 +0 +5 +3, +4 1d6+2 x1, DC 13, slots 2",
    "Cleric 5: AC 14, HP 38, initiative +2, speed 30, saves +2 -1 +2 +0 +7 +4, +5 1d6+2 x1, DC 15, slots 4 3 2",
    "Cleric 11: AC 14, HP 80, initiative +3, speed 30, saves +2 -1 +2 +0 +9 +5, +6 1d6+2 x1, DC 17, slots 4 3 3 3 2 1",
    "Cleric 20: AC 14, HP 183, initiative +5, speed 30, saves +2 -1 +4 +0 +11 +7, +8 1d6+2 x1, DC 19, slots 4 3 3 3 3 2 2 1 1",
    "Druid 1: AC 14, HP 10, initiative +3, speed 30, saves -1 +1 +2 +3 +5 +0, +1 1d4-1 x1, DC 13, slots 2",
    "Druid 5: AC 14, HP 38, initiative +4, speed 30, saves -1 +1 +2 +4 +7 +0, +2 1d4-1 x1, DC 15, slots 4 3 2",
    "Druid 11: AC 14, HP 91, initiative +5, speed 30, saves -1 +1 +3 +5 +9 +0, +3 1d4-1 x1, DC 17, slots 4 3 3 3 2 1",
    "Druid 20: AC 14, HP 203, initiative +7, speed 30, saves -1 +1 +5 +7 +11 +0, +5 1d4-1 x1, DC 19, slots 4 3 3 3 3 2 2 1 1",
    "Fighter 1: AC 17, HP 12, initiative +4, speed 30, saves +5 +2 +4 -1 +0 +1, +5 2d6+3 x1, DC 0, slots -",
    "Fighter 5: AC 17, HP 44, initiative +5, speed 30, saves +7 +2 +5 -1 +0 +1, +7 2d6+4 x2, DC 0, slots -",
    "Fighter 11: AC 17, HP 103, initiative +6, speed 30, saves +9 +2 +7 -1 +0 +1, +9 2d6+5 x3, DC 0, slots -",
    "Fighter 20: AC 17, HP 224, initiative +9, speed 30, saves +11 +3 +11 -1 +0 +1, +11 2d6+5 x4, DC 0, slots -",
    "Monk 1: AC 15, HP 10, initiative +5, speed 30, saves +3 +5 +2 +0 +2 -1, +5 1d6+3 x1, DC 0, slots -",
    "Monk 5: AC 16, HP 38, initiative +7, speed 40, saves +4 +7 +2 +0 +2 -1, +7 1d8+4 x2, DC 0, slots -",
    "Monk 11: AC 17, HP 80, initiative +9, speed 50, saves +5 +9 +2 +0 +2 -1, +9 1d10+5 x2, DC 0, slots -",
    "Monk 20: AC 23, HP 143, initiative +13, speed 60, saves +7 +13 +8 +6 +12 +5, +13 1d12+7 x2, DC 0, slots -",
    "Paladin 1: AC 18, HP 12, initiative +2, speed 30, saves +3 +0 +2 -1 +3 +4, +5 1d8+3 x1, DC 12, slots 2",
    "Paladin 5: AC 19, HP 44, initiative +3, speed 30, saves +4 +0 +2 -1 +4 +5, +7 1d8+4 x2, DC 13, slots 4 2",
    "Paladin 11: AC 19, HP 92, initiative +4, speed 30, saves +7 +2 +4 +1 +7 +8, +9 1d8+5 x2, DC 14, slots 4 3 3",
    "Paladin 20: AC 19, HP 164, initiative +6, speed 30, saves +9 +4 +6 +3 +11 +14, +11 1d8+5 x2, DC 18, slots 4 3 3 3 2",
    "Ranger 1: AC 15, HP 12, initiative +5, speed 30, saves +3 +5 +2 -1 +2 +0, +5 1d6+3 x1, DC 12, slots 2",
    "Ranger 5: AC 16, HP 44, initiative +7, speed 30, saves +4 +7 +2 -1 +2 +0, +7 1d6+4 x2, DC 13, slots 4 2",
    "Ranger 11: AC 17, HP 92, initiative +9, speed 40, saves +5 +9 +2 -1 +2 +0, +9 1d6+5 x2, DC 14, slots 4 3 3",
    "Ranger 20: AC 17, HP 164, initiative +11, speed 40, saves +7 +11 +2 -1 +4 +0, +11 1d6+5 x2, DC 18, slots 4 3 3 3 2",
    "Rogue 1: AC 14, HP 10, initiative +5, speed 30, saves +1 +5 +2 +4 +0 -1, +5 1d4+3 x1, DC 0, slots -",
    "Rogue 5: AC 15, HP 38, initiative +7, speed 30, saves +1 +7 +2 +5 +0 -1, +7 1d4+4 x1, DC 0, slots -",
    "Rogue 11: AC 16, HP 91, initiative +9, speed 30, saves +1 +9 +3 +6 +0 -1, +9 1d4+5 x1, DC 0, slots -",
    "Rogue 20: AC 16, HP 203, initiative +11, speed 30, saves +1 +11 +5 +8 +6 +5, +11 1d4+5 x1, DC 0, slots -",
    "Sorcerer 1: AC 11, HP 8, initiative +3, speed 30, saves +0 +1 +4 -1 +1 +5, +2 1d6 x1, DC 13, slots 2",
    "Sorcerer 5: AC 15, HP 37, initiative +4, speed 30, saves +0 +1 +5 -1 +1 +7, +3 1d6 x1, DC 15, slots 4 3 2",
    "Sorcerer 11: AC 16, HP 79, initiative +5, speed 30, saves +0 +1 +6 -1 +1 +9, +4 1d6 x1, DC 17, slots 4 3 3 3 2 1",
    "Sorcerer 20: AC 16, HP 182, initiative +7, speed 30, saves +0 +1 +10 -1 +1 +11, +6 1d6 x1, DC 19, slots 4 3 3 3 3 2 2 1 1",
    "Warlock 1: AC 13, HP 9, initiative +4, speed 30, saves -1 +2 +1 +1 +2 +5, +1 1d4-1 x1, DC 13, slots 1x1",
    "Warlock 5: AC 13, HP 33, initiative +5, speed 30, saves -1 +2 +1 +1 +3 +7, +2 1d4-1 x1, DC 15, slots 2x3",
    "Warlock 11: AC 13, HP 80, initiative +6, speed 30, saves -1 +2 +2 +1 +4 +9, +3 1d4-1 x1, DC 17, slots 3x5",
    "Warlock 20: AC 13, HP 183, initiative +8, speed 30, saves -1 +2 +4 +1 +6 +11, +5 1d4-1 x1, DC 19, slots 4x5",
    "Wizard 1: AC 11, HP 8, initiative +3, speed 30, saves -1 +1 +2 +5 +4 +0, +3 1d4+1 x1, DC 13, slots 2",
    "Wizard 5: AC 11, HP 32, initiative +4, speed 30, saves -1 +1 +2 +7 +5 +0, +4 1d4+1 x1, DC 15, slots 4 3 2",
    "Wizard 11: AC 11, HP 68, initiative +5, speed 30, saves -1 +1 +2 +9 +6 +0, +5 1d4+1 x1, DC 17, slots 4 3 3 3 2 1",
    "Wizard 20: AC 11, HP 162, initiative +7, speed 30, saves -1 +1 +4 +11 +8 +0, +7 1d4+1 x1, DC 19, slots 4 3 3 3 3 2 2 1 1",
];

fn line(class: &str, level: u8) -> String {
    let sheet = derive(&made(class, level)).unwrap();
    let it = &sheet.definition;
    let saves: Vec<String> = sheet.saves.iter().map(|save| format!("{:+}", save.bonus)).collect();
    let attack = &it.attacks[0];
    let first = it.multiattack.iter().map(|choice| &choice.steps[0]);
    let mut first = first.filter(|step| step.any_of.contains(&attack.id));
    let count = first.next().map_or(1, |step| step.count);
    let slots: Vec<String> = match sheet.slots.pact {
        Some((count, level)) => vec![format!("{count}x{level}")],
        None => sheet.slots.by_level.iter().filter(|it| **it > 0).map(u8::to_string).collect(),
    };
    format!(
        "{class} {level}: AC {}, HP {}, initiative {:+}, speed {}, saves {}, {:+} {} x{count}, \
         DC {}, slots {}",
        it.armor_class,
        it.hit_points,
        it.initiative_bonus,
        it.speeds.walk,
        saves.join(" "),
        attack.to_hit,
        attack.damage[0].dice,
        sheet.castings.first().map_or(0, |casting| casting.dc),
        if slots.is_empty() { "-".to_owned() } else { slots.join(" ") },
    )
}

#[test]
fn twelve_classes_at_four_levels_are_what_a_pencil_makes_of_them() {
    for expected in SHEETS {
        let (class, level) = expected.split(':').next().unwrap().split_once(' ').unwrap();
        assert_eq!(line(class, level.parse().unwrap()), expected);
    }
}

fn special<'a>(sheet: &'a Derived, name: &str) -> &'a skirmish::rules::creature::Special {
    sheet.definition.specials.iter().find(|it| it.name == name).unwrap()
}

#[test]
fn what_a_fight_plays_of_a_class_has_the_numbers_of_its_level() {
    let barbarian = derive(&made("Barbarian", 9)).unwrap();
    assert_eq!(special(&barbarian, "Rage").uses, Uses::PerDay(4));
    let raging = barbarian.definition.attacks[0].damage[1];
    assert!(matches!(raging.when, When::WhileEffect(_)), "{raging:?}");
    assert_eq!(raging.dice.to_string(), "3");
    let fighter = derive(&made("Fighter", 17)).unwrap();
    assert_eq!(special(&fighter, "Second Wind").uses, Uses::PerDay(4));
    let SpecialEffect::Heal { dice } = special(&fighter, "Second Wind").effect else { panic!() };
    assert_eq!(dice.to_string(), "1d10+17");
    assert_eq!(special(&fighter, "Action Surge").uses, Uses::PerRest(2));
    assert!(fighter.definition.has(&Trait::CriticalFrom(18)));
    let rogue = derive(&made("Rogue", 7)).unwrap();
    let sneak = rogue.definition.attacks[0].damage[1];
    assert_eq!((sneak.dice.to_string().as_str(), sneak.when), ("4d6", When::SneakAttack));
    assert!(rogue.definition.has(&Trait::Evasion));
    let paladin = derive(&made("Paladin", 11)).unwrap();
    assert_eq!(special(&paladin, "Lay on Hands").uses, Uses::PerDay(11));
    assert_eq!(paladin.definition.attacks[0].damage[1].dice.to_string(), "1d8");
    let monk = derive(&made("Monk", 5)).unwrap();
    let blow = monk.definition.attacks.iter().find(|it| it.cost == Cost::BonusAction).unwrap();
    assert_eq!((blow.to_hit, blow.damage[0].dice.to_string().as_str()), (7, "1d8+4"));
}

#[test]
fn the_cantrip_of_a_class_grows_with_the_level() {
    let of = |class: &str, level: u8, name: &str| {
        let sheet = derive(&made(class, level)).unwrap();
        let attack = sheet.definition.attacks.iter().find(|it| it.name == name).unwrap();
        (attack.to_hit, attack.damage[0].dice.to_string(), sheet.definition.multiattack.clone())
    };
    // Intelligence 17, 19, 20, 21 of the table above; dice at levels 5, 11 and 17.
    assert_eq!(of("Wizard", 1, "Fire Bolt").0, 5);
    for (level, dice) in [(1, "1d10"), (4, "1d10"), (5, "2d10"), (11, "3d10"), (17, "4d10")] {
        assert_eq!(of("Wizard", level, "Fire Bolt").1, dice);
    }
    let (to_hit, dice, combos) = of("Warlock", 11, "Eldritch Blast");
    assert_eq!((to_hit, dice.as_str()), (9, "1d10"));
    assert_eq!(combos[0].steps[0].count, 3);
    let cleric = derive(&made("Cleric", 5)).unwrap();
    let SpecialEffect::Save { save, damage, .. } = &special(&cleric, "Sacred Flame").effect else {
        panic!()
    };
    assert_eq!((save.dc, damage[0].dice.to_string().as_str()), (15, "2d8"));
}

#[test]
fn two_classes_share_slots_hit_dice_and_proficiencies() {
    // SRD 5.2.1, Multiclassing: ranger 4 and sorcerer 3 count as level 5 for slots.
    let mut sheet = made("Ranger", 4);
    sheet.abilities = Abilities {
        method: Method::PointBuy,
        scores: Scores {
            strength: 8,
            dexterity: 15,
            constitution: 12,
            intelligence: 8,
            wisdom: 13,
            charisma: 14,
        },
    };
    sheet.increases = Points { dexterity: 2, constitution: 1, ..Points::default() };
    sheet.classes.push(ClassLevel { class: "Sorcerer".into(), level: 3, subclass: None });
    let derived = derive(&sheet).unwrap();
    assert_eq!(derived.slots.by_level, [4, 3, 2, 0, 0, 0, 0, 0, 0]);
    assert_eq!(derived.castings[0].prepared, 5);
    assert_eq!((derived.castings[1].prepared, derived.castings[1].cantrips), (6, 4));
    assert_eq!(derived.hit_dice, [(4, 10), (3, 6)]);
    // 10+1, three times 6+1, three times 4+1, and 3 of Draconic Resilience.
    assert_eq!(derived.definition.hit_points, 11 + 21 + 15 + 3);
    assert_eq!(derived.proficiency_bonus, 3);
    let save = |ability| derived.saves.iter().find(|it| it.ability == ability).unwrap().proficient;
    assert!(save(Ability::Strength) && save(Ability::Dexterity) && !save(Ability::Charisma));
    assert_eq!(derived.classes, "Ranger 4 / Sorcerer 3");
}

#[test]
fn extra_attacks_of_two_classes_do_not_add_up() {
    let mut sheet = made("Fighter", 5);
    sheet.classes.push(ClassLevel { class: "Barbarian".into(), level: 5, subclass: None });
    sheet.feats.push(sheet.feats[1].clone());
    sheet.feats[2].increases = Points { constitution: 2, ..Points::default() };
    sheet.masteries = ["Greatsword", "Flail", "Javelin", "Spear", "Maul", "Club", "Mace"]
        .map(str::to_owned)
        .to_vec();
    sheet.skills.push("nature".into());
    let derived = derive(&sheet).unwrap();
    assert_eq!(derived.definition.multiattack[0].steps[0].count, 2);
}

#[test]
fn a_shield_a_suit_and_a_style_add_up_and_say_so() {
    let sheet = derive(&made("Paladin", 2)).unwrap();
    assert_eq!(sheet.armor_class_from, ["Chain Mail 16", "Shield +2", "Defense +1"]);
    let monk = derive(&made("Monk", 1)).unwrap();
    assert_eq!(monk.armor_class_from, ["10 (Unarmored Defense)", "Dexterity +3", "Wisdom +2"]);
    // With a shield in hand a monk's defence counts no more (Level 1: Unarmored Defense).
    let mut shielded = made("Monk", 1);
    shielded.shield = true;
    shielded.untrained_armor = true;
    let shielded = derive(&shielded).unwrap();
    assert_eq!(shielded.armor_class, 13);
    assert_eq!(shielded.armor_class_from[2], "Shield +0 (no training)");
}

#[test]
fn armor_too_heavy_slows_and_a_weapon_too_heavy_is_told() {
    let mut sheet = made("Fighter", 1);
    sheet.abilities.scores = Scores {
        strength: 8,
        dexterity: 15,
        constitution: 14,
        intelligence: 13,
        wisdom: 12,
        charisma: 10,
    };
    sheet.increases = Points { dexterity: 2, constitution: 1, ..Points::default() };
    let derived = derive(&sheet).unwrap();
    assert_eq!(derived.definition.speeds.walk, 20);
    assert!(derived.notes.iter().any(|it| it.contains("Greatsword is too heavy")));
    // Armour that is loud is told among the traits: a fight does not count it.
    let drawback = |it: &Trait| matches!(it, Trait::Named { name, .. } if name == "Drawback");
    assert!(derived.definition.traits.iter().any(drawback));
}

#[test]
fn expertise_jack_of_all_trades_and_a_thaumaturge_count_in_skills() {
    let bard = derive(&made("Bard", 5)).unwrap();
    let of = |skill| bard.skills.iter().find(|line| line.skill == skill).unwrap();
    let expert = bard.skills.iter().filter(|it| it.proficiency == Proficiency::Expert);
    assert_eq!(expert.count(), 2);
    // Half of 3, rounded down, on Strength 8.
    let athletics = of(Skill::Athletics);
    assert_eq!((athletics.bonus, athletics.proficiency), (0, Proficiency::Half));
    let mut cleric = made("Cleric", 1);
    cleric.options.insert("Divine Order".into(), "Thaumaturge".into());
    let derived = derive(&cleric).unwrap();
    let religion = derived.skills.iter().find(|it| it.skill == Skill::Religion).unwrap();
    let plain = derived.scores.intelligence;
    assert!(religion.bonus >= skirmish::rules::ability::modifier(plain) + 3);
    assert_eq!(derived.castings[0].cantrips, 4);
}

#[test]
fn weapons_carry_their_properties_and_a_breath_takes_the_place_of_one_attack() {
    let mut sheet = quick(&Wishes {
        name: "Ada".into(),
        class: "Fighter".into(),
        level: Some(5),
        species: Some("Gold".into()),
        ..Wishes::default()
    });
    sheet.weapons.push(Item { item: "Light Crossbow".into(), count: 1 });
    let derived = derive(&sheet).unwrap();
    let attack =
        |name: &str| derived.definition.attacks.iter().find(|attack| attack.name == name).unwrap();
    assert!(attack("Light Crossbow").weapon.loading && attack("Greatsword").weapon.heavy);
    assert_eq!(attack("Greatsword").weapon.mastery, Some(Mastery::Graze));
    assert_eq!(attack("Light Crossbow").weapon.mastery, None);
    assert_eq!(attack("Light Crossbow").weapon.ability, Some(Ability::Dexterity));
    let two = attack("Spear (two hands)");
    assert_eq!((two.damage[0].dice.to_string().as_str(), two.range), ("1d8+4", None));
    let combos = &derived.definition.multiattack;
    assert_eq!(combos.len(), 2);
    assert_eq!((combos[0].steps[0].count, combos[0].steps[0].any_of.len()), (2, 7));
    assert_eq!(combos[1].steps[0].any_of[0].to_string(), "breath-weapon");
    assert_eq!((combos[1].steps[0].count, combos[1].steps[1].count), (1, 1));
}

#[test]
fn rolled_hit_points_count_as_rolled_and_never_less_than_one_a_level() {
    let mut sheet = made("Wizard", 4);
    sheet.rolled_hit_points = vec![1, 6, 2];
    // 6+2, then 1+2, 6+2, 2+2.
    assert_eq!(derive(&sheet).unwrap().definition.hit_points, 8 + 3 + 8 + 4);
    sheet.abilities.method = Method::Rolled;
    sheet.abilities.scores.constitution = 3;
    // Constitution 3 and 1 of the background: 4, a modifier of -3.
    assert_eq!(derive(&sheet).unwrap().definition.hit_points, 3 + 1 + 3 + 1);
}
