//! Every legal combination is a sheet, and every single broken choice is refused with its path.

use proptest::prelude::*;

use skirmish::content::characters::sheet::{ClassLevel, FeatChoice, Item, Method, Points, Sheet};
use skirmish::content::characters::{
    Book, EXPERIENCE, Wishes, derive, point_cost, quick, read_sheet, write_sheet,
};
use skirmish::rules::creature::Problem;

use super::made;

fn lineages() -> Vec<(String, Option<String>)> {
    let mut all = Vec::new();
    for species in Book::srd().species() {
        match &species.lineage {
            None => all.push((species.name.clone(), None)),
            Some(group) => all.extend(
                group.options.iter().map(|it| (species.name.clone(), Some(it.name.clone()))),
            ),
        }
    }
    all
}

#[test]
fn every_class_level_species_and_background_derives() {
    let lineages = lineages();
    assert_eq!(lineages.len(), 4 + 10 + 3 + 2 + 6 + 3);
    let mut derived = 0;
    for class in Book::srd().classes() {
        for level in 1..=20 {
            for background in Book::srd().backgrounds() {
                for (at, (species, lineage)) in lineages.iter().enumerate() {
                    // All lineages at the levels where something changes for them, else in turn.
                    let whole = [1, 3, 5, 20].contains(&level);
                    if !whole && at % 7 != usize::from(level) % 7 {
                        continue;
                    }
                    let mut sheet = quick(&Wishes {
                        name: "Ada".into(),
                        class: class.name.clone(),
                        level: Some(level),
                        species: Some(species.clone()),
                        background: Some(background.name.clone()),
                        scores: None,
                    });
                    sheet.lineage.clone_from(lineage);
                    let whose = format!("{} {level} {species} {}", class.name, background.name);
                    let found = derive(&sheet).unwrap_or_else(|it| panic!("{whose}: {it:?}"));
                    assert_eq!(found.level, level, "{whose}");
                    assert!(found.definition.is_hero(), "{whose}");
                    derived += 1;
                }
            }
        }
    }
    assert!(derived > 8_000, "{derived}");
}

fn problems(sheet: &Sheet) -> Vec<Problem> {
    derive(sheet).err().unwrap_or_default()
}

/// Breaks one thing of a good sheet and expects one path to be named, and no other.
fn broken(class: &str, level: u8, path: &str, with: impl Fn(&mut Sheet)) {
    let mut sheet = made(class, level);
    assert_eq!(problems(&sheet), [], "{class} {level}");
    with(&mut sheet);
    let found = problems(&sheet);
    let paths: Vec<&str> = found.iter().map(|it| it.path.as_str()).collect();
    assert_eq!(paths, [path], "{class} {level}: {found:?}");
    assert!(found[0].message.len() > 10, "{found:?}");
}

fn text(text: &str) -> String {
    text.to_owned()
}

#[test]
fn who_one_is() {
    broken("Fighter", 1, "name", |sheet| sheet.name = " ".into());
    broken("Fighter", 1, "name", |sheet| sheet.name = "x".repeat(61));
    broken("Fighter", 1, "name", |sheet| sheet.name = "a\nb".into());
    broken("Fighter", 1, "species", |sheet| sheet.species = "Pixie".into());
    broken("Fighter", 1, "lineage", |sheet| sheet.lineage = Some("Drow".into()));
    broken("Fighter", 1, "size", |sheet| sheet.size = Some("large".into()));
    broken("Fighter", 1, "background", |sheet| sheet.background = "Pirate".into());
    broken("Fighter", 1, "classes[0].class", |sheet| sheet.classes[0].class = "Plumber".into());
    broken("Fighter", 3, "classes[0].subclass", |sheet| {
        sheet.classes[0].subclass = Some("Battle Master".into());
    });
    broken("Fighter", 2, "classes[0].subclass", |sheet| {
        sheet.classes[0].subclass = Some("Champion".into());
    });
    broken("Barbarian", 3, "classes", |sheet| sheet.classes.clear());
    let mut elf = made("Rogue", 1);
    elf.species = "Elf".into();
    assert!(problems(&elf).iter().any(|it| it.path == "lineage"));
}

#[test]
fn levels_and_what_goes_with_them() {
    for level in [0, 21, 255] {
        let mut sheet = made("Fighter", 20);
        sheet.classes[0].level = level;
        let found = problems(&sheet);
        assert!(found.iter().any(|it| it.path == "classes[0].level"), "{level}: {found:?}");
    }
    let mut sheet = made("Fighter", 15);
    sheet.classes.push(ClassLevel { class: "Barbarian".into(), level: 6, subclass: None });
    assert!(problems(&sheet).iter().any(|it| it.path == "classes"));
    sheet.classes[1] = ClassLevel { class: "fighter".into(), level: 1, subclass: None };
    assert!(problems(&sheet).iter().any(|it| it.path == "classes[1].class"));
    broken("Fighter", 4, "experience", |sheet| sheet.experience = Some(2_699));
    broken("Fighter", 4, "experience", |sheet| sheet.experience = Some(6_500));
    for (at, needed) in EXPERIENCE.iter().enumerate() {
        let mut sheet = made("Fighter", u8::try_from(at + 1).unwrap());
        sheet.experience = Some(*needed);
        assert_eq!(problems(&sheet), []);
        if *needed > 0 {
            sheet.experience = Some(needed - 1);
            assert_eq!(problems(&sheet)[0].path, "experience");
        }
    }
    broken("Bard", 3, "rolled_hit_points", |sheet| sheet.rolled_hit_points = vec![8]);
    broken("Bard", 3, "rolled_hit_points[1]", |sheet| sheet.rolled_hit_points = vec![8, 9]);
    broken("Bard", 3, "rolled_hit_points[0]", |sheet| sheet.rolled_hit_points = vec![0, 1]);
}

#[test]
fn scores() {
    broken("Wizard", 1, "abilities.scores", |sheet| sheet.abilities.scores.strength = 9);
    broken("Wizard", 1, "abilities.scores.strength", |sheet| {
        sheet.abilities.method = Method::PointBuy;
        sheet.abilities.scores.strength = 7;
    });
    broken("Wizard", 1, "abilities.scores.wisdom", |sheet| {
        sheet.abilities.method = Method::PointBuy;
        sheet.abilities.scores.wisdom = 16;
    });
    broken("Wizard", 1, "abilities.scores", |sheet| {
        sheet.abilities.method = Method::PointBuy;
        sheet.abilities.scores.strength = 9;
    });
    broken("Wizard", 1, "abilities.scores.charisma", |sheet| {
        sheet.abilities.method = Method::Rolled;
        sheet.abilities.scores.charisma = 19;
    });
    broken("Wizard", 1, "increases", |sheet| sheet.increases = Points::default());
    broken("Wizard", 1, "increases", |sheet| sheet.increases.constitution = 2);
    broken("Wizard", 1, "increases.strength", |sheet| {
        sheet.increases = Points { intelligence: 2, strength: 1, ..Points::default() };
    });
}

#[test]
fn feats_and_styles() {
    broken("Fighter", 4, "feats[0].feat", |sheet| sheet.feats[0].feat = "Lucky".into());
    broken("Fighter", 4, "feats", |sheet| {
        sheet.feats.pop();
    });
    broken("Fighter", 4, "feats[2].feat", |sheet| {
        sheet.feats.push(FeatChoice {
            feat: text("Ability Score Improvement"),
            increases: Points { wisdom: 2, ..Points::default() },
            ..FeatChoice::default()
        });
    });
    // An epic boon waits for level 19, and a human's own feat is an origin feat.
    broken("Fighter", 4, "feats[1].feat", |sheet| {
        sheet.feats[1].feat = "Boon of Fate".into();
        sheet.feats[1].increases = Points { strength: 1, ..Points::default() };
    });
    broken("Fighter", 1, "feats[0].feat", |sheet| {
        sheet.feats[0] = FeatChoice {
            feat: text("Grappler"),
            increases: Points { strength: 1, ..Points::default() },
            ..FeatChoice::default()
        };
    });
    broken("Fighter", 4, "feats[1].increases", |sheet| sheet.feats[1].increases.strength = 1);
    broken("Fighter", 4, "feats[0].increases", |sheet| sheet.feats[0].increases.strength = 1);
    broken("Fighter", 8, "feats[3].increases.strength", |sheet| {
        sheet.feats[3].increases = Points { strength: 2, ..Points::default() };
    });
    broken("Fighter", 4, "feats[1].increases.wisdom", |sheet| {
        sheet.feats[1].feat = "Grappler".into();
        sheet.feats[1].increases = Points { wisdom: 1, ..Points::default() };
    });
    broken("Fighter", 1, "feats[0].feat", |sheet| sheet.feats[0].feat = "Savage Attacker".into());
    broken("Fighter", 1, "feats[0].list", |sheet| sheet.feats[0].feat = "Magic Initiate".into());
    broken("Wizard", 1, "feats[0].list", |sheet| {
        sheet.feats[0].feat = "Magic Initiate".into();
        sheet.feats[0].list = Some("wizard".into());
    });
    broken("Wizard", 1, "feats[0].list", |sheet| sheet.feats[0].list = Some("wizard".into()));
    broken("Wizard", 1, "feats[0].tools", |sheet| sheet.feats[0].tools = vec!["Dice".into()]);
    broken("Fighter", 19, "feats[6].feat", |sheet| {
        sheet.feats.pop();
        sheet.feats.pop();
        sheet.feats.push(FeatChoice {
            feat: text("Boon of Spell Recall"),
            increases: Points { wisdom: 1, ..Points::default() },
            ..FeatChoice::default()
        });
        sheet.feats.push(FeatChoice {
            feat: text("Ability Score Improvement"),
            increases: Points { wisdom: 2, ..Points::default() },
            ..FeatChoice::default()
        });
    });
    broken("Wizard", 4, "feats[1].feat", |sheet| {
        sheet.feats[1] = FeatChoice { feat: text("Archery"), ..FeatChoice::default() };
    });
    broken("Wizard", 4, "feats[1].feat", |sheet| {
        sheet.feats[1] = FeatChoice {
            feat: text("Grappler"),
            increases: Points { dexterity: 1, ..Points::default() },
            ..FeatChoice::default()
        };
    });
    broken("Fighter", 1, "fighting_styles", |sheet| sheet.fighting_styles.clear());
    broken("Fighter", 1, "fighting_styles[0]", |sheet| sheet.fighting_styles[0] = "Dueling".into());
    broken("Fighter", 7, "fighting_styles[1]", |sheet| sheet.fighting_styles[1] = "Defense".into());
    broken("Wizard", 1, "fighting_styles", |sheet| sheet.fighting_styles.push("Defense".into()));
}

#[test]
fn skills_and_choices_within_features() {
    broken("Fighter", 1, "skills[0]", |sheet| sheet.skills[0] = "juggling".into());
    broken("Fighter", 1, "skills", |sheet| {
        sheet.skills.pop();
    });
    // Three of a kind that only a human's one skill may be.
    broken("Barbarian", 1, "skills[1]", |sheet| {
        sheet.skills = ["arcana", "history", "nature"].map(text).to_vec();
    });
    let mut sheet = made("Fighter", 1);
    sheet.skills[0] = "athletics".into();
    assert_eq!(problems(&sheet)[0].path, "skills[0]", "the soldier knows it already");
    let mut sheet = made("Fighter", 1);
    sheet.skills[1] = sheet.skills[0].clone();
    assert_eq!(problems(&sheet)[0].path, "skills[1]");
    let mut sheet = made("Fighter", 1);
    sheet.skills.push("stealth".into());
    assert!(problems(&sheet).iter().any(|it| it.path.starts_with("skills[")));
    broken("Rogue", 1, "expertise", |sheet| {
        sheet.expertise.pop();
    });
    broken("Wizard", 2, "expertise[0]", |sheet| sheet.expertise[0] = "stealth".into());
    broken("Fighter", 1, "expertise[0]", |sheet| sheet.expertise.push("athletics".into()));
    broken("Cleric", 1, "options.Divine Order", |sheet| sheet.options.clear());
    broken("Cleric", 1, "options.Divine Order", |sheet| {
        sheet.options.insert("Divine Order".into(), "Heretic".into());
    });
    broken("Fighter", 1, "options.Divine Order", |sheet| {
        sheet.options.insert("Divine Order".into(), "Protector".into());
    });
}

#[test]
fn arms_and_armor() {
    broken("Wizard", 1, "armor", |sheet| sheet.armor = Some("Plate Armor".into()));
    broken("Wizard", 1, "shield", |sheet| sheet.shield = true);
    broken("Fighter", 1, "armor", |sheet| sheet.armor = Some("Bathrobe".into()));
    broken("Fighter", 1, "armor", |sheet| sheet.armor = Some("Shield".into()));
    broken("Fighter", 1, "weapons[0].item", |sheet| sheet.weapons[0].item = "Spoon".into());
    broken("Fighter", 1, "weapons[0].count", |sheet| sheet.weapons[0].count = 0);
    broken("Fighter", 1, "weapons[4]", |sheet| {
        sheet.weapons.truncate(4);
        sheet.weapons.push(Item { item: "Greatsword".into(), count: 1 });
    });
    broken("Fighter", 1, "gear[0].item", |sheet| sheet.gear[0].item = String::new());
    broken("Fighter", 1, "gold", |sheet| sheet.gold = u32::MAX);
    broken("Fighter", 1, "masteries", |sheet| {
        sheet.masteries.pop();
    });
    broken("Fighter", 1, "masteries[0]", |sheet| sheet.masteries[0] = "Spoon".into());
    broken("Barbarian", 1, "masteries[0]", |sheet| sheet.masteries[0] = "Longbow".into());
    broken("Rogue", 1, "masteries[0]", |sheet| sheet.masteries[0] = "Maul".into());
    broken("Wizard", 1, "masteries[0]", |sheet| sheet.masteries.push("Dagger".into()));
    let mut sheet = made("Wizard", 1);
    sheet.armor = Some("Plate Armor".into());
    sheet.untrained_armor = true;
    let derived = derive(&sheet).unwrap();
    assert_eq!(derived.armor_class, 18);
    assert!(derived.notes.iter().any(|it| it.contains("No training with Plate Armor")));
}

#[test]
fn a_second_class_asks_for_thirteen_in_what_it_lives_by() {
    broken("Fighter", 1, "classes[1].class", |sheet| {
        sheet.classes.push(ClassLevel { class: "Wizard".into(), level: 1, subclass: None });
    });
}

#[test]
fn all_that_is_wrong_comes_at_once() {
    let mut sheet = made("Fighter", 1);
    sheet.name = String::new();
    sheet.abilities.scores.strength = 1;
    sheet.increases.wisdom = 3;
    sheet.skills[0] = "juggling".into();
    sheet.weapons[0].item = "Spoon".into();
    sheet.gold = u32::MAX;
    let found = problems(&sheet);
    let paths: Vec<&str> = found.iter().map(|it| it.path.as_str()).collect();
    for path in ["name", "abilities.scores", "increases", "skills[0]", "weapons[0].item", "gold"] {
        assert!(paths.contains(&path), "{path} is missing from {paths:?}");
    }
}

proptest! {
    /// Points buy a score or they do not, and the table of the book says which.
    #[test]
    fn twenty_seven_points_and_not_one_more(scores in prop::array::uniform6(6_u8..=17)) {
        let mut sheet = made("Fighter", 1);
        let mut all = scores.into_iter();
        sheet.abilities.method = Method::PointBuy;
        sheet.abilities.scores = skirmish::rules::ability::ByAbility::from_fn(|_| all.next().unwrap()).into();
        let cost: Option<u32> = scores.iter().map(|score| point_cost(*score)).sum();
        let fits = cost.is_some_and(|cost| cost <= 27);
        let found = problems(&sheet);
        prop_assert_eq!(fits, found.is_empty(), "{:?}", found);
        prop_assert!(found.iter().all(|it| it.path.starts_with("abilities.scores")));
    }

    /// A sheet survives being written and read, whatever is on it.
    #[test]
    fn a_sheet_reads_as_it_was_written(
        class in 0_usize..12, level in 1_u8..=20, name in "\\PC{1,40}", gold in 0_u32..1_000,
    ) {
        let class = &Book::srd().classes()[class].name;
        let mut sheet = made(class, level);
        sheet.name = name;
        sheet.gold = gold;
        prop_assert_eq!(read_sheet(&write_sheet(&sheet)).unwrap(), sheet);
    }
}
