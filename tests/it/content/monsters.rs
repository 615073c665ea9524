//! Every monster against the voted figures, and what those lack against the text.
//!
//! Where the two disagree the text wins; each such place is argued in a table here.

use serde_json::Value;
use skirmish::content::Bestiary;
use skirmish::rules::ability::Ability;
use skirmish::rules::creature::{
    Attack, DamagePart, Definition, Kind, ListedSpell, SpecialEffect, Trait, Uses,
};
use skirmish::rules::damage::{DamageSet, DamageType};

use super::reference;

/// Figures in which the vote is wrong: whose, which, what it says, and what the text says, with the
/// place (all in Monsters A-Z).
const ARGUED: [(&str, &str, &str, &str); 5] = [
    // Will-o'-Wisp: it is called tiny, and its hit dice are the d4 of the tiny.
    ("Will-o'-Wisp", "size", "small", "tiny"),
    // Awakened Tree > Slam: 14 (3d6 + 4).
    ("Awakened Tree, Slam", "dice", "2d8+4", "3d6+4"),
    ("Awakened Tree, Slam", "average", "13", "14"),
    // Axe Beak > Beak: 6 (1d8 + 2).
    ("Axe Beak, Beak", "dice", "1d6+2", "1d8+2"),
    ("Axe Beak, Beak", "average", "5", "6"),
];

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

/// What the vote says, or what the text says where the vote is wrong.
fn argued<'a>(whose: &str, what: &str, voted: &'a str) -> &'a str {
    let of_this = |row: &&(&str, &str, &str, &'static str)| row.0 == whose && row.1 == what;
    ARGUED.iter().find(of_this).map_or(voted, |(_, _, wrong, right)| {
        assert_eq!(voted, *wrong, "{whose}: the vote on {what} has changed, so must the argument");
        right
    })
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
    assert_eq!(blocks.len(), 330);
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
    let size = argued(name, "size", srd["size"].as_str().unwrap());
    found.compare(name, "size", ours.size.name(), size);
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
        let title = theirs["name"].as_str().unwrap().trim();
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
    // Two blocks write a range in a way that the vote could not read.
    if let Some(range) = ours.range.filter(|_| srd["range"].is_number()) {
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
        let average = number(&line["avg"]).to_string();
        let average = argued(whose, "average", &average);
        found.compare(whose, "average", part.dice.average().to_string().as_str(), average);
        // A line without dice is its average.
        if let Some(dice) = line["dice"].as_str().filter(|dice| !dice.is_empty()) {
            let dice = compact(dice);
            found.compare(
                whose,
                "dice",
                part.dice.to_string().as_str(),
                argued(whose, "dice", &dice),
            );
        }
    }
}

/// What recharges or is limited by the day must be so with us, or be named as not played. What has
/// parts (the three roars of a sphinx) is used as often as all of them together.
fn compare_limited(found: &mut Differences, ours: &Definition, srd: &Value) {
    let name = ours.name.as_str();
    for limited in srd["limited"].as_array().unwrap() {
        let title = limited["name"].as_str().unwrap().split(" (").next().unwrap().trim();
        let figure = limited["param"].as_u64().map(|figure| u8::try_from(figure).unwrap());
        let expected = match (limited["type"].as_str().unwrap(), figure) {
            ("PER_DAY", Some(times)) => Uses::PerDay(times),
            (_, Some(at_least)) => Uses::Recharge { at_least },
            (_, None) => Uses::PerRest(1),
        };
        let attacks = ours.attacks.iter().filter(|one| one.name == title).map(|one| one.uses);
        let part = format!("{title}:");
        let specials = ours.specials.iter();
        let specials = specials
            .filter(|one| one.name == title || one.name.starts_with(&part))
            .map(|one| one.uses);
        let together = attacks.chain(specials).reduce(|one, other| match (one, other) {
            (Uses::PerDay(one), Uses::PerDay(other)) => Uses::PerDay(one + other),
            _ => one,
        });
        let named =
            ours.traits.iter().any(|one| matches!(one, Trait::Named { name, .. } if name == title));
        match together {
            Some(uses) => found.compare(name, title, uses, expected),
            None if named => {}
            None => found.0.push(format!("{name}: {title} is neither played nor named")),
        }
    }
    let shown = shown(ours);
    for title in srd["traits"].as_array().unwrap() {
        let title = title.as_str().unwrap().split(" (").next().unwrap();
        if !shown.iter().any(|one| one == title) {
            found.0.push(format!("{name}: the trait {title} is neither played nor named"));
        }
    }
}

/// The headings inside a stat block.
const SECTIONS: [&str; 5] =
    ["Traits", "Actions", "Bonus Actions", "Reactions", "Legendary Actions"];

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
                !SECTIONS.contains(&line)
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
        .map_or("", |line| line.trim_end().trim_end_matches("<br>").trim())
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
        // That magical darkness does not blind a devil is named; it is no figure.
        let theirs = line(block, "Senses").replace(" (unimpeded by magical Darkness)", "");
        found.compare(name, "senses", senses(ours), theirs.to_lowercase());
        let rating = line(block, "CR").replace(',', "");
        let xp = [
            format!("(XP {};", ours.experience),
            format!("(XP {} or ", ours.experience),
            format!("({} XP;", ours.experience),
        ];
        if !xp.iter().any(|xp| rating.contains(xp.as_str())) {
            found.0.push(format!("{name}: {} experience, the SRD says {rating}", ours.experience));
        }
        let lair = rating.split(" or ").nth(1).and_then(|rest| rest.split(' ').next());
        let theirs = lair.map(|figure| figure.parse::<u32>().unwrap());
        found.compare(name, "experience in its lair", ours.lair_experience, theirs);
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

/// Damage that the text says in other words: whose, what we have, and what the text has.
const REWORDED: [(&str, &str, &str); 4] = [
    // Two strengths of one bite: the text gives the sum, we give what is added.
    (
        "Chimera",
        "7 (2d6) Piercing damage",
        "18 (4d6+4) Piercing damage if the chimera had Advantage",
    ),
    ("Mimic", "4 (1d8) Piercing damage", "12 (2d8+3) Piercing damage if the target is Grappled"),
    // The GM chooses the type; ours is fire.
    ("Half-Dragon", "7 (2d6) Fire damage", "7 (2d6) damage of the type chosen"),
    ("Half-Dragon", "28 (8d6) Fire damage", "28 (8d6) damage of the type chosen"),
];

/// A line of damage as the text prints it.
fn in_print(part: &DamagePart) -> String {
    let DamagePart { dice, kind, .. } = part;
    if dice.count == 0 {
        format!("{dice} {}", title(*kind))
    } else {
        format!("{} ({dice}) {}", dice.average(), title(*kind))
    }
}

/// Every line of damage and every DC of ours must stand in the block it came from.
#[test]
fn saves_and_dice_of_attacks_and_special_actions_stand_in_the_text() {
    let texts = ["monsters-A-Z.md", "animals.md"].map(reference::text);
    let [Some(monsters), Some(animals)] = texts else { return };
    let (mut checked, mut wrong) = (0, Vec::new());
    for entry in Bestiary::srd().iter() {
        let name = entry.name();
        let block = block(&monsters, name).or_else(|| block(&animals, name)).unwrap();
        let text = block.replace(" + ", "+").replace(" - ", "-").replace('\n', " ");
        let ours = &entry.definition;
        let debug = format!("{:?} {:?} {:?}", ours.attacks, ours.specials, ours.traits);
        for dc in debug.split("dc: ").skip(1) {
            let dc: String = dc.chars().take_while(char::is_ascii_digit).collect();
            checked += 1;
            if !text.contains(&format!("DC {dc}")) {
                wrong.push(format!("{name}: DC {dc}"));
            }
        }
        let saves = ours.specials.iter().filter_map(|special| match &special.effect {
            SpecialEffect::Save { damage, .. } if !special.spell => Some(damage),
            _ => None,
        });
        let own = ours.attacks.iter().filter(|attack| !attack.spell);
        for part in own.map(|attack| &attack.damage).chain(saves).flatten() {
            checked += 1;
            let line = in_print(part);
            let reworded = REWORDED.iter().find(|row| row.0 == name && row.1 == line);
            let printed = reworded.map_or(line.as_str(), |row| row.2);
            if !text.contains(printed) {
                wrong.push(format!("{name}: {printed}"));
            }
        }
    }
    assert!(wrong.is_empty(), "not in the text:\n{}", wrong.join("\n"));
    assert!(checked > 800, "only {checked} figures were looked at");
}

fn title(kind: DamageType) -> String {
    let name = kind.name();
    format!("{}{} damage", name[..1].to_uppercase(), &name[1..])
}

/// The legendary actions of a block: how many, and which.
#[test]
fn legendary_actions_are_as_many_as_the_text_gives() {
    let Some(monsters) = reference::text("monsters-A-Z.md") else { return };
    let mut found = Differences(Vec::new());
    let mut legends = 0;
    for entry in Bestiary::srd().iter() {
        let name = entry.name();
        let text = block(&monsters, name).unwrap_or_default();
        let uses = text.split("Legendary Action Uses: ").nth(1);
        let theirs = uses.map_or(0, |rest| rest[..1].parse::<u8>().unwrap());
        found.compare(name, "legendary actions", entry.definition.legendary_actions, theirs);
        legends += usize::from(theirs > 0);
    }
    assert!(found.0.is_empty(), "{}", found.0.join("\n"));
    assert_eq!(legends, 30);
}

/// What is printed as an entry of its own and is part of the one before it.
const PARTS: [&str; 4] = ["Forbiddance", "Running Water", "Stake to the Heart", "Sunlight"];

/// Every trait, action, bonus action, reaction and legendary action of every block of the text is
/// played, or named with a reason: nothing is silently left out.
#[test]
fn every_entry_of_every_block_is_played_or_named() {
    let texts = ["monsters-A-Z.md", "animals.md"].map(reference::text);
    let [Some(monsters), Some(animals)] = texts else { return };
    let mut missing = Vec::new();
    let mut seen = 0;
    for entry in Bestiary::srd().iter() {
        let name = entry.name();
        let block = block(&monsters, name).or_else(|| block(&animals, name)).unwrap();
        let ours = shown(&entry.definition);
        for title in titles(block).filter(|title| !PARTS.contains(&title.as_str())) {
            seen += 1;
            let known =
                ours.iter().any(|one| *one == title || one.starts_with(&format!("{title}:")));
            let in_parts = title == "Roar" && ours.iter().any(|one| one.starts_with("Roar: "));
            let roar = ours.contains(&format!("Roar: {title}"));
            if !(known || in_parts || roar) {
                missing.push(format!("{name}: {title}"));
            }
        }
    }
    assert!(missing.is_empty(), "neither played nor named:\n{}", missing.join("\n"));
    assert!(seen > 1_200, "only {seen} entries were looked at");
}

/// The bold names that begin the entries of a block, without what stands in brackets.
fn titles(block: &str) -> impl Iterator<Item = String> + '_ {
    block.lines().filter_map(|line| {
        let title = line.strip_prefix("**_")?.split("._**").next()?;
        Some(title.split(" (").next()?.replace('’', "'"))
    })
}

/// The names of all that a creature is given, played or named.
fn shown(ours: &Definition) -> Vec<String> {
    let mut names: Vec<String> = ours.attacks.iter().map(|one| one.name.clone()).collect();
    names.extend(ours.specials.iter().map(|one| one.name.clone()));
    if !ours.multiattack.is_empty() {
        names.push("Multiattack".to_owned());
    }
    names.extend(ours.traits.iter().flat_map(names_of));
    names
}

/// The names under which a trait stands in a block, played or named.
pub(super) fn names_of(one: &Trait) -> Vec<String> {
    let names: &[&str] = match one {
        Trait::Named { name, .. } => return vec![name.clone()],
        Trait::Absorption(kind) => return vec![title(*kind).replace("damage", "Absorption")],
        Trait::HurtBy { kind: DamageType::Cold, .. } => &["Freeze"],
        Trait::HurtBy { kind: DamageType::Fire, .. } => &["Aversion to Fire", "Aversion of Fire"],
        Trait::RallyingAura { .. } => &["Aura of Authority"],
        Trait::Unseen => &["Invisibility"],
        Trait::SharesSpace => &["Air Form", "Water Form", "Fire Form"],
        played => return vec![in_words(&format!("{played:?}"))],
    };
    names.iter().map(ToString::to_string).collect()
}

/// `PackTactics` as `Pack Tactics`, without what comes after the name.
fn in_words(debug: &str) -> String {
    let name = debug.split([' ', '(', '{']).next().unwrap();
    let mut words = String::new();
    for c in name.chars() {
        if c.is_uppercase() && !words.is_empty() {
            words.push(' ');
        }
        words.push(c);
    }
    words
}

#[test]
fn what_is_named_only_says_why_in_words() {
    let mut named = 0;
    for entry in Bestiary::srd().iter() {
        for one in &entry.definition.traits {
            if let Trait::Named { name, why_not_played } = one {
                let words = why_not_played.split_whitespace().count();
                assert!(words >= 4, "{}: {name}: {why_not_played:?}", entry.name());
                named += 1;
            }
        }
    }
    assert!(named > 0);
}

/// Every spell that a block lists is in a list of ours, at its level, as often as the block says,
/// with the block's DC and bonus; and nothing else is.
#[test]
fn spells_are_those_of_the_text() {
    let Some(monsters) = reference::text("monsters-A-Z.md") else { return };
    let Some(animals) = reference::text("animals.md") else { return };
    let mut found = Differences(Vec::new());
    let mut seen = 0;
    for entry in Bestiary::srd().iter() {
        let name = entry.name();
        let block = block(&monsters, name).or_else(|| block(&animals, name)).unwrap();
        let ours = entry.definition.spell_lists.iter().find(|list| list.name == "Spellcasting");
        let theirs = block.split("**_Spellcasting._**").nth(1);
        found.compare(name, "whether it casts spells", ours.is_some(), theirs.is_some());
        let Some((ours, theirs)) = ours.zip(theirs) else { continue };
        let theirs = theirs.split("\n**_").next().unwrap().split("\n####").next().unwrap();
        let figure = |mark: &str| {
            let digits = theirs.split(mark).nth(1)?.chars().take_while(char::is_ascii_digit);
            digits.collect::<String>().parse::<u8>().ok()
        };
        found.compare(name, "spell save DC", ours.save_dc, figure("spell save DC "));
        let to_hit = ours.to_hit.map(|bonus| u8::try_from(bonus).unwrap());
        found.compare(
            name,
            "spell attacks",
            to_hit,
            figure(&format!("DC {}, +", figure("spell save DC ").unwrap_or(0))),
        );
        let ability = theirs.split(" as ").next().unwrap().rsplit(' ').next().unwrap();
        found.compare(name, "ability", ours.ability.unwrap().name(), &ability.to_lowercase());
        let mut listed: Vec<String> = ours.spells.iter().map(spell_in_words).collect();
        let mut printed = printed_spells(theirs);
        seen += printed.len();
        listed.sort();
        printed.sort();
        found.compare(name, "spells", listed, printed);
    }
    assert!(found.0.is_empty(), "{}", found.0.join("\n"));
    assert!(seen > 250, "only {seen} spells were looked at");
}

fn spell_in_words(spell: &ListedSpell) -> String {
    let level = spell.level.map_or(String::new(), |level| format!(" {level}"));
    let uses = match spell.uses {
        Uses::AtWill => "at will".to_owned(),
        Uses::PerDay(times) => format!("{times}/day"),
        other => panic!("{other:?} of one spell"),
    };
    format!("{}{level} {uses}", spell.name)
}

/// The spells of a block: `**At Will:** _Light_, _Fireball_ (level 4 version)` and so on.
fn printed_spells(text: &str) -> Vec<String> {
    let text = text.replace('_', "").replace("<br>", "").replace("Long-strider", "Longstrider");
    let text = text.replace('’', "'");
    let mut spells = Vec::new();
    for group in text.split("**").collect::<Vec<_>>()[1..].chunks(2) {
        let uses = group[0].trim_end_matches(':').trim_end_matches(" Each").to_lowercase();
        let mut depth = 0;
        let parts = group[1].split(|c| {
            depth += i32::from(c == '(') - i32::from(c == ')');
            c == ',' && depth == 0
        });
        for part in parts {
            let (spell, note) = part.trim().split_once(" (").unwrap_or((part.trim(), ""));
            let level = note.strip_prefix("level ").and_then(|rest| rest.split(' ').next());
            let level = level.map_or(String::new(), |level| format!(" {level}"));
            let spell = spell.split_once('&').map_or(spell, |(spell, _)| spell).trim();
            spells.push(format!("{spell}{level} {uses}"));
        }
    }
    spells
}
