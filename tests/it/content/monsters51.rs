//! Every monster of SRD 5.1 against the reference: figures, attacks, saves, spells, and that
//! nothing of a block is left out.
//!
//! The reference has faults that its own notes name; each is argued in a table here.

use serde_json::Value;
use skirmish::content::Bestiary;
use skirmish::rules::ability::Ability;
use skirmish::rules::condition::Condition;
use skirmish::rules::creature::{Definition, Kind, SpecialEffect, Trait};
use skirmish::rules::damage::{DamageSet, DamageType};

use super::reference;

/// Figures in which the reference is wrong: whose, which, what it says, and what is right.
const ARGUED: [(&str, &str, &str, &str); 3] = [
    // Its notes: AC 15, natural armor.
    ("Basilisk", "AC", "12", "15"),
    // Its notes: 6d8 + 6, which is 33.
    ("Cult Fanatic", "HP", "22", "33"),
    ("Cult Fanatic", "hit dice", "6d8-5", "6d8+6"),
];

/// Collects what differs, so that one run shows everything.
struct Differences(Vec<String>);

impl Differences {
    fn compare(&mut self, whose: &str, what: &str, ours: impl ToString, srd: impl ToString) {
        let (ours, mut srd) = (ours.to_string(), srd.to_string());
        if let Some(row) = ARGUED.iter().find(|row| row.0 == whose && row.1 == what) {
            assert_eq!(srd, row.2, "{whose}: {what} has changed, so must the argument");
            row.3.clone_into(&mut srd);
        }
        if ours != srd {
            self.0.push(format!("{whose}: {what} is {ours}, the reference says {srd}"));
        }
    }
}

/// `"30 ft."` in feet.
fn feet(value: &Value) -> i64 {
    let text = value.as_str().unwrap_or("0");
    let digits: String = text.chars().take_while(char::is_ascii_digit).collect();
    digits.parse().unwrap_or(0)
}

fn each(check: impl Fn(&mut Differences, &Definition, &Value)) {
    let Some(file) = reference::open("5e-database-2014/5e-SRD-Monsters.json") else { return };
    let blocks = file.as_array().unwrap();
    assert_eq!(Bestiary::srd51().iter().count(), blocks.len());
    let mut found = Differences(Vec::new());
    for block in blocks {
        let name = block["name"].as_str().unwrap();
        let ours = Bestiary::srd51().find(name).unwrap_or_else(|| panic!("{name} is missing"));
        check(&mut found, &ours.definition, block);
    }
    assert!(found.0.is_empty(), "{}", found.0.join("\n"));
}

/// The Armor Class: what it is born with, and the armor or shield it wears if that is better.
fn armor_class(block: &Value) -> i64 {
    let all = block["armor_class"].as_array().unwrap();
    let worn = all.iter().filter(|one| one["type"] == "armor");
    let best = all.iter().take(1).chain(worn).filter_map(|one| one["value"].as_i64()).max();
    best.unwrap()
}

#[test]
fn every_figure_of_srd_5_1_is_ours() {
    each(|found, ours, block| {
        let name = ours.name.as_str();
        found.compare(
            name,
            "size",
            ours.size.name(),
            block["size"].as_str().unwrap().to_lowercase(),
        );
        let kind = block["type"].as_str().unwrap().to_lowercase();
        found.compare(name, "type", &ours.creature_type, kind);
        found.compare(name, "AC", ours.armor_class, armor_class(block));
        found.compare(name, "HP", ours.hit_points, &block["hit_points"]);
        let dice = ours.hit_dice.unwrap();
        found.compare(name, "hit dice", dice, block["hit_points_roll"].as_str().unwrap());
        found.compare(name, "HP of its dice", dice.average(), ours.hit_points);
        for ability in Ability::ALL {
            let score = ours.abilities.get(ability);
            found.compare(name, ability.name(), score, &block[ability.name()]);
        }
        let speeds = ours.speeds;
        for (key, ours) in [
            ("walk", speeds.walk),
            ("fly", speeds.fly),
            ("swim", speeds.swim),
            ("climb", speeds.climb),
            ("burrow", speeds.burrow),
        ] {
            found.compare(name, key, ours, feet(&block["speed"][key]));
        }
        found.compare(name, "hover", speeds.hover, block["speed"]["hover"] == true);
        let senses = ours.senses;
        for (key, ours) in [
            ("blindsight", senses.blindsight),
            ("darkvision", senses.darkvision),
            ("tremorsense", senses.tremorsense),
            ("truesight", senses.truesight),
        ] {
            found.compare(name, key, ours, feet(&block["senses"][key]));
        }
        let passive = &block["senses"]["passive_perception"];
        found.compare(name, "passive Perception", senses.passive_perception, passive);
        let Kind::Monster { rating_eighths } = ours.kind else { panic!("{name} is no monster") };
        let rating = block["challenge_rating"].as_f64().unwrap();
        found.compare(name, "CR", f64::from(rating_eighths) / 8.0, rating);
        found.compare(name, "experience", ours.experience, &block["xp"]);
        found.compare(name, "PB", ours.proficiency_bonus, &block["proficiency_bonus"]);
    });
}

#[test]
fn saves_and_skills_of_srd_5_1_are_ours() {
    each(|found, ours, block| {
        let name = ours.name.as_str();
        let mut skills = 0;
        for one in block["proficiencies"].as_array().unwrap() {
            let index = one["proficiency"]["index"].as_str().unwrap();
            let value = &one["value"];
            if let Some(short) = index.strip_prefix("saving-throw-") {
                let ability = Ability::ALL.into_iter().find(|it| it.name().starts_with(short));
                found.compare(name, index, ours.saves.get(ability.unwrap()), value);
            } else if let Some(skill) = index.strip_prefix("skill-") {
                skills += 1;
                let skill = skill.replace('-', " ");
                let known = ours.skills.iter().find(|(known, _)| known.name() == skill);
                found.compare(name, index, known.map_or(0, |(_, bonus)| *bonus), value);
            }
        }
        found.compare(name, "number of skills", ours.skills.len(), skills);
    });
}

fn kinds_of(set: DamageSet) -> String {
    let names: Vec<&str> = set.iter().map(DamageType::name).collect();
    names.join(", ")
}

/// The kinds that a list of defences names. Two lines have terms on which no kind can be hung: they
/// are named in the block.
fn kinds_in(lines: &Value) -> String {
    let on_terms = ["from magic", "good creatures", "stoneskin"];
    let lines: Vec<String> = lines
        .as_array()
        .unwrap()
        .iter()
        .map(|line| line.as_str().unwrap().to_lowercase())
        .collect();
    let plain: Vec<&String> =
        lines.iter().filter(|line| !on_terms.iter().any(|terms| line.contains(terms))).collect();
    let named = DamageType::ALL
        .into_iter()
        .filter(|kind| plain.iter().any(|line| line.contains(kind.name())));
    kinds_of(named.collect())
}

#[test]
fn defences_of_srd_5_1_are_ours() {
    each(|found, ours, block| {
        let name = ours.name.as_str();
        for (key, set) in [
            ("damage_resistances", ours.resistances),
            ("damage_immunities", ours.immunities),
            ("damage_vulnerabilities", ours.vulnerabilities),
        ] {
            found.compare(name, key, kinds_of(set), kinds_in(&block[key]));
        }
        let mut theirs: Vec<&str> = block["condition_immunities"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| one["index"].as_str().unwrap())
            .collect();
        theirs.sort_unstable();
        theirs.dedup(); // some are listed twice
        let mut names: Vec<&str> = ours.condition_immunities.iter().map(Condition::name).collect();
        names.sort_unstable();
        found.compare(name, "condition immunities", names.join(", "), theirs.join(", "));
    });
}

/// The name of an entry without what stands in brackets.
fn title(entry: &Value) -> &str {
    entry["name"].as_str().unwrap().split(" (").next().unwrap().trim()
}

fn entries<'a>(block: &'a Value, section: &str) -> impl Iterator<Item = &'a Value> {
    block[section].as_array().into_iter().flatten()
}

/// Every attack rolls what the reference rolls, and every save of an action that is played has the
/// DC of the reference.
#[test]
fn attacks_and_saves_of_srd_5_1_are_ours() {
    each(|found, ours, block| {
        let name = ours.name.as_str();
        for entry in entries(block, "actions") {
            let title = title(entry);
            let attack = ours.attacks.iter().find(|attack| attack.name == title);
            if let (Some(attack), Some(bonus)) = (attack, entry["attack_bonus"].as_i64()) {
                found.compare(name, &format!("{title} to hit"), attack.to_hit, bonus);
                let dice: Vec<String> =
                    attack.damage.iter().map(|part| part.dice.to_string()).collect();
                let lines = entry["damage"].as_array().into_iter().flatten();
                // A choice between one hand and two, or between kinds, is left out: ours has the first.
                for line in lines.filter_map(|line| line["damage_dice"].as_str()) {
                    let line = line.replace(' ', "");
                    let saved = format!("{:?}", attack.riders);
                    let known = dice.contains(&line)
                        || saved.contains(&in_debug(&line))
                        || NAMED_DICE.contains(&(name, title, &line));
                    found.compare(name, &format!("{title} rolls {line}"), known, true);
                }
            }
            let special = ours.specials.iter().find(|special| special.name == title);
            if let Some(SpecialEffect::Save { save, half_on_success, .. }) =
                special.map(|it| &it.effect)
                && let Some(dc) = entry["dc"]["dc_value"].as_i64()
            {
                found.compare(name, &format!("{title} DC"), save.dc, dc);
                let ability = entry["dc"]["dc_type"]["index"].as_str().unwrap();
                found.compare(name, &format!("{title} save"), &save.ability.name()[..3], ability);
                // The words are right where the field is not (four breaths).
                let text = entry["desc"].as_str().unwrap();
                let half = text.contains("half as much damage") || text.contains("takes half the");
                found.compare(name, &format!("{title} half"), *half_on_success, half);
            }
        }
    });
}

/// Attacks of which dice are named and not rolled: what a disease does later.
const NAMED_DICE: [(&str, &str, &str); 1] = [("Aboleth", "Tentacle", "1d12")];

/// Dice as they print inside a rider.
fn in_debug(dice: &str) -> String {
    let (count, rest) = dice.split_once('d').unwrap_or(("0", dice));
    let sides = rest.split(['+', '-']).next().unwrap();
    format!("count: {count}, sides: {sides}")
}

/// Every trait, action, reaction and legendary action of every block is played or named.
#[test]
fn nothing_of_a_block_of_srd_5_1_is_left_out() {
    each(|found, ours, block| {
        let mut shown: Vec<String> = ours.attacks.iter().map(|one| one.name.clone()).collect();
        shown.extend(ours.specials.iter().map(|one| one.name.clone()));
        shown.extend(ours.traits.iter().flat_map(super::monsters::names_of));
        if !ours.multiattack.is_empty() {
            shown.push("Multiattack".to_owned());
        }
        for section in ["special_abilities", "actions", "reactions", "legendary_actions"] {
            for entry in entries(block, section) {
                let title = title(entry);
                let within = |one: &String| one == title || one.starts_with(&format!("{title} "));
                let options = entry["options"]["from"]["options"].as_array().into_iter().flatten();
                let by_parts = options.clone().count() > 0
                    && options.clone().any(|one| shown.iter().any(|it| one["name"] == it.as_str()));
                // What another trait does to attacks stands in the attacks.
                let in_attacks =
                    ["Charge", "Pounce", "Trampling Charge", "Sneak Attack", "Grappler"];
                let known = shown.iter().any(within) || by_parts || in_attacks.contains(&title);
                found.compare(&ours.name, title, known, true);
            }
        }
        for one in &ours.traits {
            if let Trait::Named { name, why_not_played } = one {
                let says = why_not_played.split_whitespace().count() >= 4;
                found.compare(&ours.name, &format!("{name} says why"), says, true);
            }
        }
    });
}
