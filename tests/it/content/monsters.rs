//! Every monster against the voted figures, and what those lack against the text.

use serde_json::Value;
use skirmish::content::Bestiary;
use skirmish::rules::ability::Ability;
use skirmish::rules::creature::{Attack, Definition, Kind, Uses};
use skirmish::rules::damage::{DamageSet, DamageType};

use super::reference;

/// Collects what differs, so that one run shows everything.
struct Differences(Vec<String>);

impl Differences {
    #[allow(clippy::needless_pass_by_value, reason = "reads as a table at the call")]
    fn compare<T: PartialEq + std::fmt::Debug>(
        &mut self,
        whose: &str,
        what: &str,
        ours: T,
        srd: T,
    ) {
        if ours != srd {
            self.0.push(format!("{whose}: {what} is {ours:?}, the SRD says {srd:?}"));
        }
    }
}

fn words(value: &Value) -> Vec<String> {
    let mut all: Vec<String> =
        value.as_array().unwrap().iter().map(|v| v.as_str().unwrap().to_lowercase()).collect();
    all.sort();
    all
}

fn names(set: DamageSet) -> Vec<String> {
    let mut all: Vec<String> = set.iter().map(|kind| kind.name().to_owned()).collect();
    all.sort();
    all
}

fn number(value: &Value) -> i64 {
    value.as_i64().unwrap_or_default()
}

fn compact(text: &str) -> String {
    text.replace(' ', "")
}

#[test]
fn every_voted_figure_is_ours() {
    let Some(file) = reference::open("5.2.1/monsters.json") else { return };
    let blocks = file["monsters"].as_array().unwrap();
    let mut found = Differences(Vec::new());
    for entry in Bestiary::srd().iter() {
        let name = entry.name();
        let srd = blocks.iter().find(|block| block["name"] == name).unwrap();
        let ours = &entry.definition;
        compare_figures(&mut found, ours, srd);
        compare_defences(&mut found, ours, srd);
        compare_attacks(&mut found, ours, srd);
        compare_limited(&mut found, ours, srd);
    }
    assert!(found.0.is_empty(), "{}", found.0.join("\n"));
}

fn compare_figures(found: &mut Differences, ours: &Definition, srd: &Value) {
    const KEYS: [(&str, Ability); 6] = [
        ("str", Ability::Strength),
        ("dex", Ability::Dexterity),
        ("con", Ability::Constitution),
        ("int", Ability::Intelligence),
        ("wis", Ability::Wisdom),
        ("cha", Ability::Charisma),
    ];
    let name = ours.name.as_str();
    found.compare(name, "size", ours.size.name(), srd["size"].as_str().unwrap());
    found.compare(name, "type", ours.creature_type.as_str(), srd["type"].as_str().unwrap());
    found.compare(name, "AC", i64::from(ours.armor_class), number(&srd["ac"]));
    found.compare(name, "HP", i64::from(ours.hit_points), number(&srd["hp"]));
    let dice = ours.hit_dice.unwrap();
    found.compare(name, "hit dice", dice.to_string(), compact(srd["hit_dice"].as_str().unwrap()));
    found.compare(name, "HP of its dice", dice.average(), i32::from(ours.hit_points));
    found.compare(name, "initiative", i64::from(ours.initiative_bonus), number(&srd["initiative"]));
    let Kind::Monster { rating_eighths } = ours.kind else { panic!("{name} is no monster") };
    found.compare(name, "CR", f64::from(rating_eighths) / 8.0, srd["cr"].as_f64().unwrap());
    for (key, ability) in KEYS {
        let score = i64::from(ours.abilities.get(ability));
        found.compare(name, key, score, number(&srd["abilities"][key]));
        let save = i64::from(ours.saves.get(ability));
        found.compare(name, &format!("{key} save"), save, number(&srd["saves"][key]));
    }
    let speeds = ours.speeds;
    for (key, feet) in [
        ("walk", speeds.walk),
        ("fly", speeds.fly),
        ("swim", speeds.swim),
        ("climb", speeds.climb),
        ("burrow", speeds.burrow),
    ] {
        found.compare(name, key, i64::from(feet), number(&srd["speed"][key]));
    }
    found.compare(name, "hover", speeds.hover, srd["speed"]["hover"] == true);
}

fn compare_defences(found: &mut Differences, ours: &Definition, srd: &Value) {
    let name = ours.name.as_str();
    let sets = [
        ("damage_resistances", ours.resistances),
        ("damage_immunities", ours.immunities),
        ("damage_vulnerabilities", ours.vulnerabilities),
    ];
    for (key, set) in sets {
        found.compare(name, key, names(set), words(&srd[key]));
    }
    let mut conditions: Vec<String> =
        ours.condition_immunities.iter().map(|c| c.name().to_owned()).collect();
    conditions.sort();
    found.compare(name, "condition immunities", conditions, words(&srd["condition_immunities"]));
}

fn compare_attacks(found: &mut Differences, ours: &Definition, srd: &Value) {
    let name = ours.name.as_str();
    let attacks = srd["attacks"].as_array().unwrap();
    found.compare(name, "number of attacks", ours.attacks.len(), attacks.len());
    for theirs in attacks {
        let title = theirs["name"].as_str().unwrap();
        match ours.attacks.iter().find(|attack| attack.name == title) {
            None => found.0.push(format!("{name}: {title} is missing")),
            Some(attack) => compare_attack(found, &format!("{name}, {title}"), attack, theirs),
        }
    }
}

fn compare_attack(found: &mut Differences, whose: &str, ours: &Attack, srd: &Value) {
    found.compare(whose, "to hit", i64::from(ours.to_hit), number(&srd["to_hit"]));
    let kind = srd["kind"].as_str().unwrap();
    found.compare(whose, "melee", ours.reach.is_some(), kind.contains("melee"));
    found.compare(whose, "ranged", ours.range.is_some(), kind.contains("ranged"));
    // One block writes "feet" in full, and the vote has no reach for it.
    if let (Some(reach), Some(theirs)) = (ours.reach, srd["reach"].as_i64()) {
        found.compare(whose, "reach", i64::from(reach), theirs);
    }
    if let Some(range) = ours.range {
        let long = srd["long_range"].as_i64().unwrap_or_else(|| number(&srd["range"]));
        found.compare(whose, "range", i64::from(range.normal), number(&srd["range"]));
        found.compare(whose, "long range", i64::from(range.long), long);
    }
    let lines = [Some(srd), srd.get("extra")].into_iter().flatten();
    for (at, line) in lines.filter(|line| line["type"].is_string()).enumerate() {
        let Some(part) = ours.damage.get(at) else {
            found.0.push(format!("{whose}: damage line {at} is missing"));
            continue;
        };
        found.compare(whose, "damage type", part.kind.name(), line["type"].as_str().unwrap());
        found.compare(whose, "average", i64::from(part.dice.average()), number(&line["avg"]));
        if let Some(dice) = line["dice"].as_str() {
            found.compare(whose, "dice", part.dice.to_string(), compact(dice));
        }
    }
}

/// What recharges or is limited by the day must be so with us, or be named as not played.
fn compare_limited(found: &mut Differences, ours: &Definition, srd: &Value) {
    let name = ours.name.as_str();
    for limited in srd["limited"].as_array().unwrap() {
        let title = limited["name"].as_str().unwrap();
        let figure = u8::try_from(number(&limited["param"])).unwrap();
        let expected = match limited["type"].as_str().unwrap() {
            "PER_DAY" => Uses::PerDay(figure),
            _ => Uses::Recharge { at_least: figure },
        };
        let attack = ours.attacks.iter().find(|attack| attack.name == title).map(|a| a.uses);
        let special = ours.specials.iter().find(|s| s.name.starts_with(title)).map(|s| s.uses);
        let named = ours.traits.iter().any(|one| {
            matches!(one, skirmish::rules::creature::Trait::Named { name, .. } if name == title)
        });
        match attack.or(special) {
            Some(uses) => found.compare(name, title, uses, expected),
            None if named => {}
            None => found.0.push(format!("{name}: {title} is neither played nor named")),
        }
    }
    for title in srd["traits"].as_array().unwrap() {
        let title = title.as_str().unwrap().split(" (").next().unwrap();
        let debug = title.replace(' ', "");
        let known = ours.traits.iter().any(|one| {
            let text = format!("{one:?}");
            text.starts_with(&debug) || text.contains(&format!("name: \"{title}\""))
        });
        if !known {
            found.0.push(format!("{name}: the trait {title} is neither played nor named"));
        }
    }
}

/// The stat block of a monster in the text.
fn block<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    ["### ", "## "].iter().find_map(|level| {
        let heading = format!("\n{level}{name}\n\n_");
        let start = text.find(&heading)? + heading.len();
        let rest = &text[start..];
        let end = rest
            .match_indices("\n#")
            .find(|(at, _)| {
                let line = rest[at + 1..].lines().next().unwrap().trim_start_matches('#').trim();
                !["Traits", "Actions", "Bonus Actions", "Reactions"].contains(&line)
            })
            .map_or(rest.len(), |(at, _)| at);
        Some(&rest[..end])
    })
}

/// The line of a block that begins with the bold word.
fn line<'a>(block: &'a str, word: &str) -> &'a str {
    let start = format!("**{word}** ");
    block
        .lines()
        .find_map(|line| line.strip_prefix(&start))
        .map_or("", |line| line.trim_end_matches("<br>").trim())
}

#[test]
fn skills_senses_and_experience_are_those_of_the_text() {
    let texts = ["monsters-A-Z.md", "animals.md"].map(reference::text);
    let [Some(monsters), Some(animals)] = texts else { return };
    let mut found = Differences(Vec::new());
    for entry in Bestiary::srd().iter() {
        let name = entry.name();
        let block = block(&monsters, name).or_else(|| block(&animals, name)).unwrap();
        let ours = &entry.definition;
        let mut skills: Vec<String> = ours
            .skills
            .iter()
            .map(|(skill, bonus)| format!("{} {bonus:+}", skill.name()))
            .collect();
        skills.sort();
        found.compare(name, "skills", skills.join(", "), line(block, "Skills").to_lowercase());
        found.compare(name, "senses", senses(ours), line(block, "Senses").to_lowercase());
        let rating = line(block, "CR").replace(',', "");
        let xp = [format!("XP {};", ours.experience), format!("{} XP;", ours.experience)];
        if !xp.iter().any(|xp| rating.contains(xp.as_str())) {
            found.0.push(format!("{name}: {} experience, the SRD says {rating}", ours.experience));
        }
        let bonus = format!("PB +{})", ours.proficiency_bonus);
        found.compare(name, "proficiency", rating.contains(&bonus), true);
        found.compare(name, "CR", rating.split(' ').next().unwrap(), entry.challenge().as_str());
    }
    assert!(found.0.is_empty(), "{}", found.0.join("\n"));
}

/// Senses as the text writes them, in lower case.
fn senses(ours: &Definition) -> String {
    let senses = ours.senses;
    let listed: Vec<String> = [
        ("blindsight", senses.blindsight),
        ("darkvision", senses.darkvision),
        ("tremorsense", senses.tremorsense),
        ("truesight", senses.truesight),
    ]
    .into_iter()
    .filter(|(_, feet)| *feet > 0)
    .map(|(name, feet)| format!("{name} {feet} ft."))
    .collect();
    let passive = format!("passive perception {}", senses.passive_perception);
    if listed.is_empty() { passive } else { format!("{}; {passive}", listed.join(", ")) }
}

/// Every damage figure and every DC of ours must stand in the block it came from.
#[test]
fn saves_and_dice_of_special_actions_and_riders_stand_in_the_text() {
    let texts = ["monsters-A-Z.md", "animals.md"].map(reference::text);
    let [Some(monsters), Some(animals)] = texts else { return };
    let mut checked = 0;
    for entry in Bestiary::srd().iter() {
        let name = entry.name();
        let block = block(&monsters, name).or_else(|| block(&animals, name)).unwrap();
        let text = block.replace(" + ", "+").replace(" - ", "-");
        let json = format!("{:?} {:?}", entry.definition.attacks, entry.definition.specials);
        for dc in json.split("dc: ").skip(1) {
            let dc: String = dc.chars().take_while(char::is_ascii_digit).collect();
            assert!(text.contains(&format!("DC {dc}")), "{name}: DC {dc}");
            checked += 1;
        }
        for attack in &entry.definition.attacks {
            for part in &attack.damage {
                let line = if part.dice.count == 0 {
                    format!("{} {}", part.dice, title(part.kind))
                } else {
                    format!("{} ({}) {}", part.dice.average(), part.dice, title(part.kind))
                };
                assert!(text.contains(&line), "{name}, {}: {line}", attack.name);
                checked += 1;
            }
        }
    }
    assert!(checked > 100, "only {checked} figures were looked at");
}

fn title(kind: DamageType) -> String {
    let name = kind.name();
    format!("{}{} damage", name[..1].to_uppercase(), &name[1..])
}
