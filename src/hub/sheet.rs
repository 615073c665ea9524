//! A character's sheet in lines of text, for people.

use crate::protocol::pb;
use crate::rules::ability::{Ability, modifier};
use crate::rules::creature::Definition;

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
    let attacks = it.attacks.iter().map(|attack| {
        let damage: Vec<String> = attack
            .damage
            .iter()
            .map(|part| format!("{} {}", part.dice, part.kind.name()))
            .collect();
        format!("{}: {:+} to hit, {}", attack.name, attack.to_hit, damage.join(" + "))
    });
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
