//! Every figure of the classes, species, backgrounds, feats and gear against the text of the SRD.

use serde_json::Value;
use skirmish::content::characters::Book;
use skirmish::content::characters::book::{CastingKind, Class, FeatCategory, Martial, Primary};
use skirmish::rules::ability::Ability;

use crate::content::reference;

/// The text of one class, up to the next.
fn chapter<'a>(text: &'a str, class: &str) -> &'a str {
    let from = text.split(&format!("\n## {class}\n")).nth(1).unwrap();
    from.split("\n## ").next().unwrap()
}

/// The rows of the table that follows a mark, without headings.
fn table(text: &str, mark: &str) -> Vec<Vec<String>> {
    reference::rows(text, mark).into_iter().map(|(_, cells)| cells).collect()
}

fn names(abilities: &[Ability]) -> Vec<&str> {
    abilities.iter().map(|ability| ability.name()).collect()
}

#[test]
fn the_book_is_whole() {
    let book = Book::srd();
    assert_eq!(book.problems(), []);
    assert_eq!(book.classes().len(), 12);
    assert_eq!(book.species().len(), 9);
    assert_eq!(book.backgrounds().len(), 4);
    assert_eq!(book.feats().len(), 17);
    assert_eq!(book.gear().len(), 82);
}

#[test]
fn each_class_has_the_traits_of_its_table() {
    let Some(text) = reference::text("classes.md") else { return };
    for class in Book::srd().classes() {
        let rows = table(chapter(&text, &class.name), &format!("**Core {} Traits**", class.name));
        let cell =
            |name: &str| rows.iter().find(|row| row[0] == name).map(|row| row[1].to_lowercase());
        let primary = cell("Primary Ability").unwrap();
        let (join, list) = match &class.primary {
            Primary::All(list) => (" and ", list),
            Primary::Any(list) => (" or ", list),
        };
        assert_eq!(primary, names(list).join(join), "{}", class.name);
        let die = format!("d{} per {} level", class.hit_die, class.name.to_lowercase());
        assert_eq!(cell("Hit Point Die").unwrap(), die);
        let saves = cell("Saving Throw Proficiencies").unwrap();
        assert_eq!(saves, names(&class.saves).join(" and "), "{}", class.name);
        let skills = cell("Skill Proficiencies").unwrap();
        let listed: Vec<&str> = class.skills.from.iter().map(|skill| skill.name()).collect();
        if listed.is_empty() {
            assert!(skills.starts_with(&format!("choose any {} skills", class.skills.count)));
        } else {
            let (last, rest) = listed.split_last().unwrap();
            let wanted = format!("choose {}: {}, or {last}", class.skills.count, rest.join(", "));
            assert_eq!(skills, wanted, "{}", class.name);
        }
        let weapons = match class.martial {
            Martial::All => "simple and martial weapons",
            Martial::None => "simple weapons",
            Martial::Light => "simple weapons and martial weapons that have the light property",
            Martial::FinesseOrLight => {
                "simple weapons and martial weapons that have the finesse or light property"
            }
        };
        assert_eq!(cell("Weapon Proficiencies").unwrap(), weapons, "{}", class.name);
        let armor = cell("Armor Training").unwrap();
        for word in ["light", "medium", "heavy", "shield"] {
            let has = class.armor.iter().any(|it| format!("{it:?}").to_lowercase() == word);
            assert_eq!(has, armor.contains(word), "{}: {word}", class.name);
        }
    }
}

/// The numbers of a cell; a dash is none.
fn number(cell: &str) -> Option<u8> {
    cell.parse().ok()
}

#[test]
fn each_level_of_each_class_is_the_row_of_its_table() {
    let Some(text) = reference::text("classes.md") else { return };
    for class in Book::srd().classes() {
        let chapter = chapter(&text, &class.name);
        let rows = table(chapter, &format!("**{} Features**", class.name));
        let rows: Vec<&Vec<String>> = rows.iter().filter(|row| number(&row[0]).is_some()).collect();
        assert_eq!(rows.len(), 20, "{}", class.name);
        for row in rows {
            level(class, row);
        }
    }
}

/// One row: features by name, and every number in whatever column it stands.
fn level(class: &Class, row: &[String]) {
    let at = number(&row[0]).unwrap();
    let whose = format!("{} {at}", class.name);
    let bonus = skirmish::content::characters::proficiency_bonus(at);
    assert_eq!(row[1], format!("+{bonus}"), "{whose}");
    let text = row[2].replace('’', "'");
    let mut expected: Vec<String> = text
        .split(", ")
        .filter(|name| !["-", "—", "Subclass feature"].contains(name))
        .map(|name| name.split(" (").next().unwrap().to_owned())
        .collect();
    expected.sort_unstable();
    let own = class.features.iter().filter(|feature| feature.level == at);
    let mut listed: Vec<String> =
        own.map(|feature| feature.name.split(" (").next().unwrap().to_owned()).collect();
    listed.sort_unstable();
    assert_eq!(listed, expected, "{whose}");

    // What our columns say at this level, each number once, against the cells of the row.
    let index = usize::from(at) - 1;
    let mut ours: Vec<String> =
        class.columns.values().map(|column| column[index].clone()).collect();
    let number_columns = [&class.cantrips, &class.prepared];
    ours.extend(number_columns.iter().filter_map(|it| it.get(index)).map(ToString::to_string));
    if class.name == "Barbarian" || class.name == "Fighter" {
        ours.push(class.masteries[index].to_string());
    } else if !class.masteries.is_empty() {
        assert_eq!(class.masteries[index], 2, "{whose}: the text says two kinds");
    }
    if let Some(casting) = class.casting {
        let slots = &class.slots[index];
        if casting.kind == CastingKind::Pact {
            ours.extend([slots.last().unwrap().to_string(), slots.len().to_string()]);
        } else {
            ours.extend(slots.iter().map(ToString::to_string));
        }
    }
    let mut ours: Vec<String> = ours.into_iter().filter(|it| !it.is_empty()).collect();
    let theirs = row[3..].iter().map(|cell| cell.to_lowercase());
    let mut theirs: Vec<String> =
        theirs.filter(|cell| !cell.is_empty() && cell != "-" && cell != "—").collect();
    ours.sort_unstable();
    theirs.sort_unstable();
    assert_eq!(ours, theirs, "{whose}");
}

#[test]
fn each_cantrip_is_the_one_of_the_text() {
    let Some(text) = reference::text("spells.md") else { return };
    let mut seen = 0;
    for class in Book::srd().classes() {
        let Some(cantrip) = &class.cantrip else { continue };
        let part = text.split(&format!("\n#### {}\n", cantrip.name)).nth(1).unwrap();
        let part = part.split("\n#### ").next().unwrap();
        let kind = part.lines().find(|line| line.starts_with('_')).unwrap();
        assert!(kind.contains("Cantrip") && kind.contains(&class.name), "{}", cantrip.name);
        assert!(part.contains(&format!("**Range:** {} feet", cantrip.feet)), "{}", cantrip.name);
        let harm = format!("{} {} damage", cantrip.dice, cantrip.kind);
        assert!(part.to_lowercase().contains(&harm), "{}", cantrip.name);
        let save = cantrip.save.as_ref().map(|save| format!("{save} saving throw"));
        let roll = save.unwrap_or_else(|| "ranged spell attack".to_owned());
        assert!(part.to_lowercase().contains(&roll), "{}", cantrip.name);
        assert_eq!(part.contains("beams"), cantrip.beams, "{}", cantrip.name);
        seen += 1;
    }
    assert_eq!(seen, 6);
}

#[test]
fn each_subclass_has_the_features_of_its_headings() {
    let Some(text) = reference::text("classes.md") else { return };
    for class in Book::srd().classes() {
        let heading = format!("### {} Subclass: {}\n", class.name, class.subclass.name);
        let part = chapter(&text, &class.name).split(&heading).nth(1).unwrap();
        let headings = part.lines().filter_map(|line| line.strip_prefix("#### Level "));
        let expected: Vec<String> = headings.map(|it| it.replace('’', "'")).collect();
        let features = class.subclass.features.iter();
        let ours: Vec<String> = features.map(|it| format!("{}: {}", it.level, it.name)).collect();
        assert_eq!(ours, expected, "{}", class.name);
    }
}

/// Where the second reference differs from the text, which has the last word: the rows that the text
/// is compared with above.
const TEXT_WINS: [(&str, u64, &str); 9] = [
    ("Druid", 7, "cantrips"),
    ("Druid", 16, "cantrips"),
    ("Wizard", 14, "prepared"),
    ("Wizard", 15, "prepared"),
    ("Wizard", 16, "prepared"),
    ("Wizard", 17, "prepared"),
    ("Wizard", 18, "prepared"),
    ("Wizard", 19, "prepared"),
    ("Wizard", 20, "prepared"),
];

#[test]
fn levels_agree_with_the_second_reference_too() {
    let Some(all) = reference::open("5e-database-2024/5e-SRD-Levels.json") else { return };
    let mut compared = 0;
    for row in all.as_array().unwrap() {
        let class = row["class"]["name"].as_str().and_then(|name| Book::srd().class(name));
        let (Some(class), Some(level)) = (class, row["level"].as_u64()) else { continue };
        if row.get("subclass").is_some() {
            continue;
        }
        let index = usize::try_from(level).unwrap() - 1;
        let casting = &row["spellcasting"];
        let same = |ours: Option<u8>, theirs: &Value, what: &str| {
            if let Some(theirs) = theirs.as_u64() {
                let ours = u64::from(ours.unwrap_or_default());
                let argued = TEXT_WINS.contains(&(class.name.as_str(), level, what));
                assert_eq!(
                    ours != theirs,
                    argued,
                    "{} {level}: {what} {ours} {theirs}",
                    class.name
                );
            }
        };
        same(class.cantrips.get(index).copied(), &casting["cantrips_known"], "cantrips");
        same(class.prepared.get(index).copied(), &casting["prepared_spells"], "prepared");
        for spell in 1..=9_usize {
            let slots = class.slots.get(index).and_then(|row| row.get(spell - 1)).copied();
            let key = format!("spell_slots_level_{spell}");
            same(slots, &casting[key.as_str()], "slots");
        }
        let mastery = &row["class_specific"]["weapon_mastery"];
        same(class.masteries.get(index).copied(), mastery, "masteries");
        compared += 1;
    }
    assert!(compared >= 240, "{compared} rows");
}

#[test]
fn species_are_those_of_the_text() {
    let Some(text) = reference::text("character-origins.md") else { return };
    for species in Book::srd().species() {
        let part = text.split(&format!("\n#### {}\n", species.name)).nth(1).unwrap();
        let part = part.split("\n#### ").next().unwrap().replace('’', "'");
        assert!(part.contains(&format!("**Speed:** {} feet", species.speed)), "{}", species.name);
        let size = part.lines().find(|line| line.starts_with("**Size:**")).unwrap().to_lowercase();
        for word in ["small", "medium"] {
            let has = species.sizes.iter().any(|it| it == word);
            assert_eq!(has, size.contains(word), "{}", species.name);
        }
        let sight = format!("Darkvision with a range of {} feet", species.darkvision);
        assert_eq!(part.contains(&sight), species.darkvision > 0, "{}", species.name);
        let headings: Vec<String> = part
            .lines()
            .filter_map(|line| line.strip_prefix('_')?.split_once("._").map(|it| it.0.to_owned()))
            .filter(|name| *name != "Draconic Ancestry")
            .collect();
        let mut ours: Vec<&str> = species.traits.iter().map(|it| it.name.as_str()).collect();
        let mut theirs: Vec<&str> = headings.iter().map(String::as_str).collect();
        ours.sort_unstable();
        theirs.sort_unstable();
        assert_eq!(ours, theirs, "{}", species.name);
        for option in species.lineage.iter().flat_map(|group| &group.options) {
            assert!(part.contains(&option.name), "{}: {}", species.name, option.name);
            for spell in option.cantrips.iter().chain(&option.spells) {
                assert!(part.contains(spell.as_str()), "{}: {spell}", option.name);
            }
        }
    }
}

#[test]
fn ancestries_bring_the_damage_types_of_the_table() {
    let Some(text) = reference::text("character-origins.md") else { return };
    let rows = table(&text, "**Draconic Ancestors**");
    let dragonborn = Book::srd().species_named("Dragonborn").unwrap();
    let options = &dragonborn.lineage.as_ref().unwrap().options;
    let mut pairs = 0;
    for row in rows {
        for pair in row.chunks(2) {
            let option = options.iter().find(|it| it.name == pair[0]).unwrap();
            assert_eq!(option.resistance.unwrap().name(), pair[1].to_lowercase());
            pairs += 1;
        }
    }
    assert_eq!(pairs, 10);
}

#[test]
fn backgrounds_are_those_of_the_text() {
    let Some(text) = reference::text("character-origins.md") else { return };
    for background in Book::srd().backgrounds() {
        let part = text.split(&format!("\n#### {}\n", background.name)).nth(1).unwrap();
        let part = part.split("\n#### ").next().unwrap().replace('’', "'");
        let line = |name: &str| {
            let found = part.lines().find_map(|line| line.strip_prefix(&format!("**{name}:** ")));
            found.unwrap().to_owned()
        };
        assert_eq!(
            line("Ability Scores").to_lowercase(),
            names(&background.abilities).join(", "),
            "{}",
            background.name
        );
        let skills: Vec<&str> = background.skills.iter().map(|it| it.name()).collect();
        assert_eq!(line("Skill Proficiencies").to_lowercase(), skills.join(" and "));
        assert!(line("Feat").starts_with(&background.feat), "{}", background.name);
        if let Some(list) = &background.feat_list {
            assert!(line("Feat").to_lowercase().contains(&format!("({list})")));
        }
        let gold = format!("{} GP; or (B) 50 GP", background.starting[0].gold);
        assert!(line("Equipment").contains(&gold), "{}", background.name);
        for item in background.starting[0].weapons.iter().chain(&background.starting[0].gear) {
            let name = item.item.trim_end_matches('s');
            assert!(line("Equipment").contains(name), "{}: {}", background.name, item.item);
        }
    }
}

#[test]
fn feats_are_those_of_the_text() {
    let Some(text) = reference::text("feats.md") else { return };
    let headings = text.lines().filter_map(|line| line.strip_prefix("#### "));
    let expected: Vec<&str> = headings.filter(|it| Book::srd().feat(it).is_some()).collect();
    let ours: Vec<&str> = Book::srd().feats().iter().map(|it| it.name.as_str()).collect();
    assert_eq!(ours, expected);
    let all = text.lines().filter(|line| line.contains(" Feat") && line.starts_with('_')).count();
    assert_eq!(all, ours.len(), "feats in the text");
    for feat in Book::srd().feats() {
        let part = text.split(&format!("\n#### {}\n", feat.name)).nth(1).unwrap();
        let part = part.split("\n#### ").next().unwrap();
        let head = part.lines().find(|line| line.starts_with('_')).unwrap();
        let category = match feat.category {
            FeatCategory::Origin => "Origin Feat",
            FeatCategory::General => "General Feat",
            FeatCategory::FightingStyle => "Fighting Style Feat",
            FeatCategory::EpicBoon => "Epic Boon Feat",
        };
        assert!(head.contains(category), "{}", feat.name);
        assert_eq!(head.contains(&format!("Level {}+", feat.level)), feat.level > 1);
        assert_eq!(part.contains("_Repeatable._"), feat.repeatable, "{}", feat.name);
        if let Some(increase) = &feat.increase {
            assert!(part.contains(&increase.up_to.to_string()), "{}", feat.name);
            let each = increase.of.len() < 6;
            for ability in increase.of.iter().filter(|_| each) {
                let word = ability.name();
                assert!(part.to_lowercase().contains(word), "{}: {word}", feat.name);
            }
        }
    }
}

/// `58½ lb.` and `5 lb. (full)` in quarter pounds.
fn weight(text: &str) -> u16 {
    let text = text.trim_end_matches(" (full)").trim_end_matches(" lb.");
    match text.strip_suffix('½') {
        Some(whole) if !whole.is_empty() => whole.parse::<u16>().unwrap() * 4 + 2,
        _ => super::super::gear::quarters(text),
    }
}

#[test]
fn gear_costs_and_weighs_what_the_table_says() {
    let Some(text) = reference::text("equipment.md") else { return };
    let rows = table(&text, "**Adventuring Gear**");
    let known: Vec<String> = Book::srd().gear().iter().map(|it| it.name.clone()).collect();
    let named: Vec<String> = rows.iter().map(|row| row[0].replace('’', "'")).collect();
    assert_eq!(known, named);
    for (gear, row) in Book::srd().gear().iter().zip(&rows) {
        let weight = (row[1] != "Varies").then(|| weight(&row[1]));
        assert_eq!(gear.weight_quarter_lb, weight, "{}", gear.name);
        let cost = (row[2] != "Varies").then(|| super::super::gear::copper(&row[2]));
        assert_eq!(gear.cost_cp, cost, "{}", gear.name);
    }
    for gear in Book::srd().gear() {
        let Some(fight) = &gear.fight else { continue };
        let part = text.split(&format!("\n#### {} (", gear.name)).nth(1).unwrap();
        let part = part.split("\n#### ").next().unwrap().replace(" + ", "+");
        if let Some(dice) = &fight.dice {
            assert!(part.contains(dice.as_str()), "{}: {dice}", gear.name);
        }
        if let Some(dc) = fight.dc {
            assert!(part.contains(&format!("DC {dc}")), "{}", gear.name);
        }
        if let Some(feet) = fight.range.filter(|_| gear.name != "Torch") {
            assert!(part.contains(&format!("{feet} feet")), "{}", gear.name);
        }
    }
}
