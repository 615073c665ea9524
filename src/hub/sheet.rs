//! A character's sheet in lines of text, for people.

use crate::content::characters::book::Standing;
use crate::content::characters::{Derived, Proficiency};
use crate::protocol::pb;
use crate::rules::ability::{Ability, modifier};
use crate::rules::creature::{Attack, Definition};

/// The sections of a sheet.
pub(super) fn sections(
    it: &Definition,
    character: &pb::Character,
) -> Vec<pb::character_sheet::SheetSection> {
    let section = |heading: &str, lines: Vec<String>| pb::character_sheet::SheetSection {
        heading: heading.to_owned(),
        lines,
    };
    let speed = it.speeds.walk;
    let basics = vec![
        format!("Armor Class {}", it.armor_class),
        format!("Hit Points {} of {}", character.hit_points, it.hit_points),
        format!("Speed {speed} ft · Initiative {:+}", it.initiative_bonus),
        format!("Passive Perception {}", it.senses.passive_perception),
    ];
    let abilities = Ability::ALL
        .iter()
        .map(|ability| {
            let score = it.abilities.get(*ability);
            let (bonus, save) = (modifier(score), it.saves.get(*ability));
            format!("{} {score} ({bonus:+}), save {save:+}", ability.name())
        })
        .collect();
    let skills = it.skills.iter().map(|(skill, bonus)| format!("{} {bonus:+}", skill.name()));
    let attacks = it.attacks.iter().map(attack);
    let features = it.specials.iter().map(|special| special.name.clone());
    let sections = [
        section("Basics", basics),
        section("Abilities", abilities),
        section("Skills", skills.collect()),
        section("Attacks", attacks.collect()),
        section("Features", features.collect()),
    ];
    sections.into_iter().filter(|section| !section.lines.is_empty()).collect()
}

fn attack(it: &Attack) -> String {
    let parts = it.damage.iter().map(|part| format!("{} {}", part.dice, part.kind.name()));
    let damage = parts.collect::<Vec<_>>().join(" + ");
    let reach = it.reach.map(|feet| format!("reach {feet} ft"));
    let range = it.range.map(|range| format!("range {}/{} ft", range.normal, range.long));
    let far: Vec<String> = reach.into_iter().chain(range).collect();
    format!("{}: {:+} to hit, {damage}, {}", it.name, it.to_hit, far.join(" or "))
}

/// The sections of a sheet that was worked out of its choices: where each figure comes from, too.
pub(super) fn derived_sections(
    it: &Derived,
    character: &pb::Character,
) -> Vec<pb::character_sheet::SheetSection> {
    let section = |heading: &str, lines: Vec<String>| pb::character_sheet::SheetSection {
        heading: heading.to_owned(),
        lines,
    };
    let attacks = it.definition.attacks.iter().map(attack).collect();
    let mut actions: Vec<String> =
        it.definition.specials.iter().map(|special| special.name.clone()).collect();
    if let Some(most) = it.definition.multiattack.first().and_then(|one| one.steps.first()) {
        actions.push(format!("{} attacks in one Attack action", most.count));
    }
    let sections = [
        section("Basics", basics(it, character)),
        section("Abilities", abilities(it)),
        section("Skills", skills(it)),
        section("Attacks", attacks),
        section("Actions", actions),
        section("Spells", spells(it)),
        section("Features", features(it)),
        section("Training", training(it)),
        section("Notes", it.notes.clone()),
    ];
    sections.into_iter().filter(|section| !section.lines.is_empty()).collect()
}

fn basics(it: &Derived, character: &pb::Character) -> Vec<String> {
    let definition = &it.definition;
    let dice: Vec<String> =
        it.hit_dice.iter().map(|(count, sides)| format!("{count}d{sides}")).collect();
    let sight = match definition.senses.darkvision {
        0 => String::new(),
        feet => format!(" · Darkvision {feet} ft"),
    };
    let (speed, initiative) = (definition.speeds.walk, definition.initiative_bonus);
    let passive = definition.senses.passive_perception;
    vec![
        format!("Armor Class {}: {}", it.armor_class, it.armor_class_from.join(", ")),
        format!("Hit Points {} of {}", character.hit_points, definition.hit_points),
        format!("Hit dice {} · Proficiency +{}", dice.join(" and "), it.proficiency_bonus),
        format!("Speed {speed} ft · Initiative {initiative:+}"),
        format!("Passive Perception {passive}{sight}"),
        format!("Experience {}", it.experience),
    ]
}

fn abilities(it: &Derived) -> Vec<String> {
    let each = it.saves.iter().map(|save| {
        let score = it.scores.get(save.ability);
        let trained = if save.proficient { " (proficient)" } else { "" };
        let name = save.ability.name();
        format!("{name} {score} ({:+}), save {:+}{trained}", modifier(score), save.bonus)
    });
    each.collect()
}

fn skills(it: &Derived) -> Vec<String> {
    let lines = it.skills.iter();
    let listed =
        lines.filter(|line| matches!(line.proficiency, Proficiency::Full | Proficiency::Expert));
    let texts: Vec<String> = listed
        .map(|line| {
            let expert = line.proficiency == Proficiency::Expert;
            let twice = if expert { " (expertise)" } else { "" };
            format!("{} {:+}{twice}", line.skill.name(), line.bonus)
        })
        .collect();
    if texts.is_empty() { Vec::new() } else { vec![texts.join(", ")] }
}

fn spells(it: &Derived) -> Vec<String> {
    let mut lines: Vec<String> = it
        .castings
        .iter()
        .map(|casting| {
            let cantrips = match casting.cantrips {
                0 => String::new(),
                count => format!(", {count} cantrips"),
            };
            format!(
                "{} ({}): DC {}, {:+} to hit{cantrips}, {} prepared",
                casting.class,
                casting.ability.name(),
                casting.dc,
                casting.attack,
                casting.prepared
            )
        })
        .collect();
    let slots = it.slots.by_level.iter().enumerate().filter(|(_, count)| **count > 0);
    let slots: Vec<String> =
        slots.map(|(at, count)| format!("{count} of level {}", at.saturating_add(1))).collect();
    if !slots.is_empty() {
        lines.push(format!("Slots: {}", slots.join(", ")));
    }
    if let Some((count, level)) = it.slots.pact {
        lines.push(format!("Pact Magic: {count} of level {level}"));
    }
    lines
}

/// One line for each place that features come from, and the numbers that go with them.
fn features(it: &Derived) -> Vec<String> {
    let mut lines: Vec<(String, Vec<String>)> = Vec::new();
    for feature in it.features.iter().filter(|one| one.standing != Standing::Choice) {
        match lines.iter_mut().find(|(from, _)| *from == feature.from) {
            Some((_, names)) if names.contains(&feature.name) => {}
            Some((_, names)) => names.push(feature.name.clone()),
            None => lines.push((feature.from.clone(), vec![feature.name.clone()])),
        }
    }
    let mut texts: Vec<String> =
        lines.into_iter().map(|(from, names)| format!("{from}: {}", names.join(", "))).collect();
    let numbers: Vec<String> =
        it.numbers.iter().map(|(name, text)| format!("{name} {text}")).collect();
    if !numbers.is_empty() {
        texts.push(format!("Numbers: {}", numbers.join(", ")));
    }
    texts
}

fn training(it: &Derived) -> Vec<String> {
    use crate::content::armory::ArmorCategory;
    let armor: Vec<&str> = it
        .armor_training
        .iter()
        .map(|category| match category {
            ArmorCategory::Light => "light armor",
            ArmorCategory::Medium => "medium armor",
            ArmorCategory::Heavy => "heavy armor",
            ArmorCategory::Shield => "shields",
        })
        .collect();
    let mut lines = Vec::new();
    if !armor.is_empty() {
        lines.push(format!("Armor: {}", armor.join(", ")));
    }
    lines.push(format!("Tools: {}", it.tools.join(", ")));
    lines
}
