//! What a character's body gives: Armor Class, hit points, speed, senses, what it withstands.
//!
//! SRD 5.2.1, Equipment > Armor; Classes > Unarmored Defense. Only one way to reckon an Armor Class
//! counts at a time: the best one there is.

use crate::content::armory::{ArmorCategory, DexterityPart};
use crate::content::characters::book::Class;
use crate::content::characters::check::Legal;
use crate::content::schema::{SensesText, SpeedText};
use crate::rules::ability::{Ability, Skill};

/// What a shield adds for those trained with it.
const SHIELD: u8 = 2;
/// By how much armour slows whoever is too weak for it; feet.
const TOO_HEAVY_FEET: u16 = 10;

/// Whether the character wears no armour; a shield is another matter.
pub(super) fn unarmored(legal: &Legal<'_>) -> bool {
    legal.worn.armor.is_none()
}

fn heavy(legal: &Legal<'_>) -> bool {
    legal.worn.armor.is_some_and(|armor| armor.category == ArmorCategory::Heavy)
}

/// The Armor Class, and what it is made of.
pub(super) fn armor_class(legal: &Legal<'_>) -> (u8, Vec<String>) {
    let dexterity = legal.modifier(Ability::Dexterity);
    let mut parts = Vec::new();
    let base = match legal.worn.armor {
        Some(armor) => {
            let part = match armor.dexterity {
                DexterityPart::None => 0,
                DexterityPart::All => dexterity,
                DexterityPart::UpTo(most) => dexterity.min(most),
            };
            parts.push(format!("{} {}", armor.name, armor.base));
            if armor.dexterity != DexterityPart::None {
                parts.push(format!("Dexterity {part:+}"));
            }
            add(armor.base, part)
        }
        None => {
            let (total, how) = bare(legal);
            parts.extend(how);
            total
        }
    };
    let mut total = base;
    if legal.worn.shield {
        if legal.worn.training.contains(&ArmorCategory::Shield) {
            parts.push(format!("Shield +{SHIELD}"));
            total = total.saturating_add(SHIELD);
        } else {
            parts.push("Shield +0 (no training)".to_owned());
        }
    }
    if legal.worn.armor.is_some() && legal.has_style("Defense") {
        parts.push("Defense +1".to_owned());
        total = total.saturating_add(1);
    }
    (total, parts)
}

fn add(base: u8, part: i8) -> u8 {
    base.saturating_add_signed(part)
}

/// Without armour: the best of all ways to reckon it.
fn bare(legal: &Legal<'_>) -> (u8, Vec<String>) {
    let dexterity = legal.modifier(Ability::Dexterity);
    let mut ways = vec![(None, "no armor")];
    if legal.has("Barbarian", "Unarmored Defense") {
        ways.push((Some(Ability::Constitution), "Unarmored Defense"));
    }
    if legal.has("Monk", "Unarmored Defense") && !legal.worn.shield {
        ways.push((Some(Ability::Wisdom), "Unarmored Defense"));
    }
    if legal.has("Sorcerer", "Draconic Resilience") {
        ways.push((Some(Ability::Charisma), "Draconic Resilience"));
    }
    let worth = |second: Option<Ability>| second.map_or(0, |one| legal.modifier(one));
    let best = ways.into_iter().max_by_key(|(second, _)| worth(*second));
    let (second, name) = best.unwrap_or((None, "no armor"));
    let mut parts = vec![format!("10 ({name})"), format!("Dexterity {dexterity:+}")];
    if let Some(ability) = second {
        parts.push(format!("{} {:+}", capital(ability.name()), legal.modifier(ability)));
    }
    (add(add(10, dexterity), worth(second)), parts)
}

/// With a capital at the beginning.
pub(super) fn capital(word: &str) -> String {
    let mut chars = word.chars();
    let first = chars.next().into_iter().flat_map(char::to_uppercase);
    first.chain(chars).collect()
}

/// The hit point maximum, and what it is made of.
pub(super) fn hit_points(legal: &Legal<'_>) -> (u16, Vec<String>) {
    let constitution = i16::from(legal.modifier(Ability::Constitution));
    let first = legal.classes.first().map_or(0, |(class, _)| class.hit_die);
    let dice = crate::content::characters::check::dice_after_first(legal.classes.iter().copied());
    let rolled = &legal.sheet.rolled_hit_points;
    let mut sum = (i16::from(first) + constitution).max(1);
    for (at, die) in dice.iter().enumerate() {
        let shown = rolled.get(at).copied().unwrap_or(die / 2 + 1);
        sum += (i16::from(shown) + constitution).max(1);
    }
    let how = if rolled.is_empty() { "fixed values" } else { "rolled" };
    let mut parts = vec![format!("{sum} from hit dice and Constitution ({how})")];
    let tough = i16::from(legal.species.hit_points_per_level) * i16::from(legal.level);
    if tough > 0 {
        parts.push(format!("{tough} from {} Toughness", dwarven(&legal.species.name)));
    }
    let mut draconic = 0;
    if legal.has("Sorcerer", "Draconic Resilience") {
        draconic = i16::from(legal.level_in("Sorcerer"));
        parts.push(format!("{draconic} from Draconic Resilience"));
    }
    (u16::try_from(sum + tough + draconic).unwrap_or(1), parts)
}

fn dwarven(species: &str) -> String {
    if species == "Dwarf" { "Dwarven".to_owned() } else { species.to_owned() }
}

/// Hit dice by size, largest first.
pub(super) fn hit_dice(legal: &Legal<'_>) -> Vec<(u8, u8)> {
    let mut all: Vec<(u8, u8)> = Vec::new();
    for (class, level) in &legal.classes {
        match all.iter_mut().find(|(_, sides)| *sides == class.hit_die) {
            Some((count, _)) => *count = count.saturating_add(*level),
            None => all.push((*level, class.hit_die)),
        }
    }
    all.sort_by_key(|(_, sides)| core::cmp::Reverse(*sides));
    all
}

/// `3d8+6`.
pub(super) fn dice_text(count: u8, sides: u8, bonus: i16) -> String {
    match bonus {
        0 => format!("{count}d{sides}"),
        bonus => format!("{count}d{sides}{bonus:+}"),
    }
}

/// Speeds in feet.
pub(super) fn speed(legal: &Legal<'_>) -> SpeedText {
    let own = legal.lineage.and_then(|lineage| lineage.speed).unwrap_or(legal.species.speed);
    let mut walk = own;
    if legal.has("Barbarian", "Fast Movement") && !heavy(legal) {
        walk += 10;
    }
    if unarmored(legal) && !legal.worn.shield {
        walk += monk_speed(legal);
    }
    let roving = legal.has("Ranger", "Roving");
    if roving && !heavy(legal) {
        walk += 10;
    }
    let strength = legal.scores.strength;
    let needs = legal.worn.armor.and_then(|armor| armor.strength);
    if needs.is_some_and(|least| strength < least) {
        walk = walk.saturating_sub(TOO_HEAVY_FEET);
    }
    let climbs = roving || legal.has("Rogue", "Second-Story Work");
    SpeedText {
        walk,
        climb: if climbs { walk } else { 0 },
        swim: if roving { walk } else { 0 },
        ..SpeedText::default()
    }
}

/// What Unarmored Movement adds, from the column of its table.
fn monk_speed(legal: &Legal<'_>) -> u16 {
    let monk = legal.classes.iter().find(|(class, _)| class.name == "Monk");
    let text = monk.and_then(|(class, level)| class.column("Unarmored Movement", *level));
    let digits = text.map(|text| text.trim_start_matches('+').trim_end_matches(" ft."));
    digits.and_then(|digits| digits.parse().ok()).unwrap_or_default()
}

/// The initiative bonus.
pub(super) fn initiative(legal: &Legal<'_>) -> i8 {
    let alert = if legal.has_feat("Alert") { legal.proficiency_bonus() } else { 0 };
    legal.modifier(Ability::Dexterity).saturating_add_unsigned(alert)
}

/// Senses in feet, and passive Perception.
pub(super) fn senses(legal: &Legal<'_>) -> SensesText {
    let darkvision = legal.lineage.and_then(|lineage| lineage.darkvision);
    let perception = super::skills::bonus(legal, Skill::Perception).0;
    SensesText {
        darkvision: darkvision.unwrap_or(legal.species.darkvision),
        blindsight: if legal.has("Ranger", "Feral Senses") { 30 } else { 0 },
        tremorsense: 0,
        truesight: if legal.has_feat("Boon of Truesight") { 60 } else { 0 },
        passive_perception: Some(add(10, perception)),
    }
}

/// Damage types that are halved.
pub(super) fn resistances(legal: &Legal<'_>) -> Vec<String> {
    let mut all: Vec<String> =
        legal.species.resistances.iter().map(|kind| kind.name().to_owned()).collect();
    let lineage = legal.lineage.and_then(|lineage| lineage.resistance);
    all.extend(lineage.map(|kind| kind.name().to_owned()));
    all.extend(legal.option("Elemental Affinity").map(str::to_lowercase));
    if legal.has("Druid", "Nature's Ward") {
        let kind = match legal.option("Circle of the Land Spells") {
            Some("Arid") => Some("fire"),
            Some("Polar") => Some("cold"),
            Some("Temperate") => Some("lightning"),
            Some("Tropical") => Some("poison"),
            _ => None,
        };
        all.extend(kind.map(str::to_owned));
    }
    all.sort_unstable();
    all.dedup();
    all
}

/// Conditions that the character cannot have.
pub(super) fn condition_immunities(legal: &Legal<'_>) -> Vec<String> {
    let each = [
        ("Paladin", "Aura of Devotion", "charmed"),
        ("Paladin", "Aura of Courage", "frightened"),
        ("Druid", "Nature's Ward", "poisoned"),
    ];
    let had = each.into_iter().filter(|(class, feature, _)| legal.has(class, feature));
    had.map(|(_, _, condition)| condition.to_owned()).collect()
}

/// What a named column of a class says at the character's level in it.
pub(super) fn column<'a>(legal: &Legal<'a>, class: &str, name: &str) -> Option<&'a str> {
    let found: Option<(&'static Class, u8)> =
        legal.classes.iter().find(|(one, _)| one.name == class).copied();
    found.and_then(|(one, level)| one.column(name, level))
}
