//! Every ready-made hero is made again from its choices, the armoury and the rules of the book.

use skirmish::content::armory::{Armory, DexterityPart, Property, WeaponKind};
use skirmish::content::heroes::{Entry, Heroes};
use skirmish::rules::ability::{Ability, modifier};
use skirmish::rules::creature::{Attack, SpecialEffect, When};
use skirmish::rules::damage::DiceExpr;

/// Proficiency bonus at level 3.
const PROFICIENCY: i8 = 2;
const STANDARD_ARRAY: [u8; 6] = [8, 10, 12, 13, 14, 15];
/// The abilities that each background of the SRD raises.
const BACKGROUNDS: [(&str, [&str; 3]); 4] = [
    ("Acolyte", ["intelligence", "wisdom", "charisma"]),
    ("Criminal", ["dexterity", "constitution", "intelligence"]),
    ("Sage", ["constitution", "intelligence", "wisdom"]),
    ("Soldier", ["strength", "dexterity", "constitution"]),
];
/// Class, hit die and saves (SRD 5.2.1, Classes).
const CLASSES: [(&str, u8, [&str; 2]); 8] = [
    ("Barbarian", 12, ["strength", "constitution"]),
    ("Bard", 8, ["dexterity", "charisma"]),
    ("Cleric", 8, ["wisdom", "charisma"]),
    ("Fighter", 10, ["strength", "constitution"]),
    ("Paladin", 10, ["wisdom", "charisma"]),
    ("Ranger", 10, ["strength", "dexterity"]),
    ("Rogue", 8, ["dexterity", "intelligence"]),
    ("Wizard", 6, ["intelligence", "wisdom"]),
];

fn of(entry: &Entry, ability: Ability) -> i8 {
    modifier(entry.definition.abilities.get(ability))
}

fn each(check: impl Fn(&Entry)) {
    assert_eq!(Heroes::srd().iter().count(), CLASSES.len());
    Heroes::srd().iter().for_each(check);
}

#[test]
fn scores_come_from_the_standard_array_and_the_background() {
    each(|hero| {
        let base = &hero.making.standard_array;
        let bonus = &hero.making.background_bonus;
        let rows = [
            (Ability::Strength, base.strength, bonus.strength),
            (Ability::Dexterity, base.dexterity, bonus.dexterity),
            (Ability::Constitution, base.constitution, bonus.constitution),
            (Ability::Intelligence, base.intelligence, bonus.intelligence),
            (Ability::Wisdom, base.wisdom, bonus.wisdom),
            (Ability::Charisma, base.charisma, bonus.charisma),
        ];
        let mut array: Vec<u8> = rows.iter().map(|row| row.1).collect();
        array.sort_unstable();
        assert_eq!(array, STANDARD_ARRAY, "{}", hero.class);
        let background = &hero.making.background;
        let (_, raised) = BACKGROUNDS.iter().find(|(name, _)| name == background).unwrap();
        let mut bonuses = Vec::new();
        for (ability, base, bonus) in rows {
            if let Some(bonus) = bonus {
                assert!(raised.contains(&ability.name()), "{}: {}", hero.class, ability.name());
                bonuses.push(bonus);
            }
            let score = i16::from(base) + i16::from(bonus.unwrap_or_default());
            assert_eq!(i16::from(hero.definition.abilities.get(ability)), score, "{}", hero.class);
        }
        bonuses.sort_unstable();
        assert!(bonuses == [1, 2] || bonuses == [1, 1, 1], "{}: {bonuses:?}", hero.class);
    });
}

#[test]
fn hit_points_armor_class_and_initiative_follow() {
    each(|hero| {
        let (_, die, _) = CLASSES.iter().find(|(class, ..)| *class == hero.class).unwrap();
        assert_eq!(hero.making.hit_die, *die, "{}", hero.class);
        let constitution = i16::from(of(hero, Ability::Constitution));
        let die = i16::from(*die);
        let toughness = if hero.making.dwarven_toughness { 3 } else { 0 };
        let points = die + 2 * (die / 2 + 1) + 3 * constitution + toughness;
        assert_eq!(i16::try_from(hero.definition.hit_points).unwrap(), points, "{}", hero.class);

        let dexterity = of(hero, Ability::Dexterity);
        let worn = hero.making.armor.as_ref().map(|name| {
            let armor = Armory::srd().armor_named(name).unwrap();
            let strength = hero.definition.abilities.strength;
            assert!(armor.strength.is_none_or(|least| least <= strength), "{}", hero.class);
            let part = match armor.dexterity {
                DexterityPart::None => 0,
                DexterityPart::All => dexterity,
                DexterityPart::UpTo(most) => dexterity.min(most),
            };
            i8::try_from(armor.base).unwrap() + part
        });
        let bare = if hero.making.mage_armor { 13 } else { 10 } + dexterity;
        let shield = if hero.making.shield { 2 } else { 0 };
        let style = i8::from(hero.making.fighting_style.as_deref() == Some("Defense"));
        let class = worn.unwrap_or(bare) + shield + style;
        assert_eq!(i8::try_from(hero.definition.armor_class).unwrap(), class, "{}", hero.class);

        let alert = if hero.making.alert { PROFICIENCY } else { 0 };
        assert_eq!(hero.definition.initiative_bonus, dexterity + alert, "{}", hero.class);
    });
}

#[test]
fn saves_and_skills_follow() {
    each(|hero| {
        let (_, _, saves) = CLASSES.iter().find(|(class, ..)| *class == hero.class).unwrap();
        assert_eq!(hero.making.proficient_saves, *saves, "{}", hero.class);
        for ability in Ability::ALL {
            let proficient = if saves.contains(&ability.name()) { PROFICIENCY } else { 0 };
            let expected = of(hero, ability) + proficient;
            assert_eq!(hero.definition.saves.get(ability), expected, "{}", hero.class);
        }
        for (skill, bonus) in &hero.definition.skills {
            let expert = hero.making.expertise.iter().any(|name| name == skill.name());
            let times = if expert { 2 } else { 1 };
            let expected = of(hero, skill.ability()) + times * PROFICIENCY;
            assert_eq!(*bonus, expected, "{}: {}", hero.class, skill.name());
        }
        let perception = hero.definition.skill(skirmish::rules::ability::Skill::Perception);
        let passive = hero.definition.senses.passive_perception;
        assert_eq!(i8::try_from(passive).unwrap(), 10 + perception, "{}", hero.class);
    });
}

fn spell_ability(hero: &Entry) -> Option<Ability> {
    let name = hero.making.spellcasting.as_deref()?;
    Ability::ALL.into_iter().find(|ability| ability.name() == name)
}

#[test]
fn attacks_follow_from_weapons_and_abilities() {
    each(|hero| {
        for attack in &hero.definition.attacks {
            if attack.spell {
                let ability = spell_ability(hero).unwrap();
                assert_eq!(attack.to_hit, of(hero, ability) + PROFICIENCY, "{}", attack.name);
            } else {
                weapon_attack(hero, attack);
            }
        }
    });
}

fn weapon_attack(hero: &Entry, attack: &Attack) {
    let whose = format!("{}: {}", hero.class, attack.name);
    let weapon = Armory::srd().weapon(&attack.name).unwrap();
    let (strength, dexterity) = (of(hero, Ability::Strength), of(hero, Ability::Dexterity));
    let ability = if weapon.is(Property::Finesse) {
        strength.max(dexterity)
    } else if weapon.kind == WeaponKind::Ranged {
        dexterity
    } else {
        strength
    };
    let archery = hero.making.fighting_style.as_deref() == Some("Archery")
        && weapon.kind == WeaponKind::Ranged;
    let to_hit = ability + PROFICIENCY + if archery { 2 } else { 0 };
    assert_eq!(attack.to_hit, to_hit, "{whose}");
    let first = attack.damage[0];
    assert_eq!(first.dice, DiceExpr { bonus: i16::from(ability), ..weapon.damage }, "{whose}");
    assert_eq!((first.kind, first.when), (weapon.damage_type, When::Always), "{whose}");
    let reach = if weapon.is(Property::Reach) { 10 } else { 5 };
    let melee = weapon.kind == WeaponKind::Melee;
    assert_eq!(attack.reach, melee.then_some(reach), "{whose}");
    let range = attack.range.map(|range| (range.normal, range.long));
    assert_eq!(range, weapon.range.map(|range| (range.normal, range.long)), "{whose}");
    assert_eq!(attack.light, weapon.is(Property::Light), "{whose}");
    if weapon.is(Property::TwoHanded) && melee {
        assert!(!hero.making.shield, "{whose} takes two hands");
    }
    let mastered = hero.making.weapon_mastery.contains(&weapon.name);
    let mastery = mastered.then(|| format!("{:?}", weapon.mastery));
    assert_eq!(attack.weapon.mastery.map(|it| format!("{it:?}")), mastery, "{whose}");
    let wielded = attack.weapon.ability.map(|it| of(hero, it));
    assert_eq!(wielded, Some(ability), "{whose}");
    assert_eq!(attack.weapon.heavy, weapon.is(Property::Heavy), "{whose}");
    assert_eq!(attack.weapon.loading, weapon.is(Property::Loading), "{whose}");
    assert!(attack.riders.is_empty(), "{whose}");
}

#[test]
fn the_dc_of_every_spell_follows() {
    let mut seen = 0;
    each(|hero| {
        for special in hero.definition.specials.iter().filter(|special| special.spell) {
            if let SpecialEffect::Save { save, .. } = &special.effect {
                let ability = spell_ability(hero).unwrap();
                let dc = 8 + PROFICIENCY + of(hero, ability);
                assert_eq!(i8::try_from(save.dc).unwrap(), dc, "{}: {}", hero.class, special.name);
            }
        }
    });
    for hero in Heroes::srd().iter() {
        seen += hero.definition.specials.iter().filter(|special| special.spell).count();
    }
    assert!(seen >= 12, "only {seen} spells");
}
