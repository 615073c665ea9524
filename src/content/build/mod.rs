//! Makes a creature of a stat block that was read, or says everything that is wrong with it.
//!
//! What may be left out is derived here and nowhere else. Nothing is guessed: a word that is not
//! known is a problem, never a default.

mod deeds;
mod riders;
mod spells;

use crate::rules::ability::{Ability, ByAbility, Skill, modifier};
use crate::rules::creature::Size;
use crate::rules::creature::{Definition, Draft, Kind, NAME_MAX_CHARS, Problem, Senses, Speeds};

use super::read::Faults;
use super::schema::{BonusesText, ScoresText, StatBlock};
use super::words;

/// Highest ability score.
const SCORE_MAX: u8 = 30;
/// Highest level.
const LEVEL_MAX: u8 = 20;
/// Every creature has at least this proficiency bonus.
const PROFICIENCY_MIN: u8 = 2;

/// The creature that the block describes.
///
/// # Errors
/// Everything that is wrong with it, in the order of the fields.
pub fn definition(block: &StatBlock) -> Result<Definition, Vec<Problem>> {
    let mut faults = Faults::default();
    let draft = draft(block, &mut faults);
    match Definition::try_from(draft) {
        Ok(definition) => {
            let problems = faults.into_problems();
            if problems.is_empty() { Ok(definition) } else { Err(problems) }
        }
        Err(more) => {
            for problem in more {
                faults.add(&problem.path, problem.message);
            }
            Err(faults.into_problems())
        }
    }
}

fn draft(block: &StatBlock, faults: &mut Faults) -> Draft {
    check_name("name", &block.name, faults);
    if block.creature_type.is_empty() || block.creature_type.chars().count() > NAME_MAX_CHARS {
        faults.add("type", format!("must be 1 to {NAME_MAX_CHARS} characters"));
    }
    let kind = kind(block, faults);
    let abilities = scores(&block.abilities, faults);
    let skills = skills(block, faults);
    let saves = saves(&block.saves, abilities);
    Draft {
        name: block.name.clone(),
        size: faults.take("size", words::size(&block.size), Size::Medium),
        creature_type: block.creature_type.clone(),
        armor_class: block.armor_class,
        hit_points: block.hit_points,
        hit_dice: block.hit_dice.as_ref().and_then(|text| {
            words::dice(text).map_err(|message| faults.add("hit_dice", message)).ok()
        }),
        speeds: speeds(block),
        proficiency_bonus: proficiency_bonus(block, &kind),
        initiative_bonus: block.initiative.unwrap_or_else(|| modifier(abilities.dexterity)),
        senses: senses(block, abilities, &skills),
        resistances: damage_set("resistances", &block.resistances, faults),
        immunities: damage_set("immunities", &block.immunities, faults),
        vulnerabilities: damage_set("vulnerabilities", &block.vulnerabilities, faults),
        condition_immunities: block
            .condition_immunities
            .iter()
            .enumerate()
            .filter_map(|(at, text)| {
                words::condition(text)
                    .map_err(|message| {
                        faults.add(&format!("condition_immunities[{at}]"), message);
                    })
                    .ok()
            })
            .collect(),
        attacks: deeds::attacks(block, faults),
        multiattack: deeds::multiattack(block, faults),
        specials: deeds::specials(block, faults),
        traits: deeds::traits(block, faults),
        legendary_actions: block.legendary_actions,
        spell_lists: spells::spell_lists(block, faults),
        lair_experience: block.lair_experience,
        experience: block.experience.unwrap_or_else(|| experience(&kind)),
        kind,
        abilities,
        saves,
        skills,
    }
}

/// A name is a line of text that fits where names are shown.
fn check_name(path: &str, name: &str, faults: &mut Faults) {
    if name.trim().is_empty() || name.chars().count() > NAME_MAX_CHARS {
        faults.add(path, format!("must be 1 to {NAME_MAX_CHARS} characters"));
    } else if name.chars().any(char::is_control) {
        faults.add(path, "must be one line without control characters");
    }
}

fn kind(block: &StatBlock, faults: &mut Faults) -> Kind {
    match (&block.challenge, &block.class) {
        (Some(text), None) => {
            Kind::Monster { rating_eighths: faults.take("challenge", words::rating(text), 0) }
        }
        (None, Some(class)) => {
            check_name("class.name", &class.name, faults);
            if !(1..=LEVEL_MAX).contains(&class.level) {
                faults.add("class.level", format!("must be 1 to {LEVEL_MAX}"));
            }
            Kind::Hero { class: class.name.clone(), level: class.level }
        }
        (None, None) => {
            faults.add("challenge", "say \"challenge\" for a monster or \"class\" for a hero");
            Kind::Monster { rating_eighths: 0 }
        }
        (Some(_), Some(_)) => {
            faults.add("challenge", "a creature has a challenge or a class, not both");
            Kind::Monster { rating_eighths: 0 }
        }
    }
}

fn proficiency_bonus(block: &StatBlock, kind: &Kind) -> u8 {
    block.proficiency_bonus.unwrap_or_else(|| match kind {
        Kind::Hero { level, .. } => PROFICIENCY_MIN + level.saturating_sub(1) / 4,
        Kind::Monster { rating_eighths } => words::proficiency_of_rating(*rating_eighths),
    })
}

fn experience(kind: &Kind) -> u32 {
    match kind {
        Kind::Hero { .. } => 0,
        Kind::Monster { rating_eighths } => words::experience_of_rating(*rating_eighths),
    }
}

fn scores(text: &ScoresText, faults: &mut Faults) -> ByAbility<u8> {
    let all = ByAbility {
        strength: text.strength,
        dexterity: text.dexterity,
        constitution: text.constitution,
        intelligence: text.intelligence,
        wisdom: text.wisdom,
        charisma: text.charisma,
    };
    for ability in Ability::ALL {
        if !(1..=SCORE_MAX).contains(&all.get(ability)) {
            let path = format!("abilities.{}", ability.name());
            faults.add(&path, format!("must be 1 to {SCORE_MAX}"));
        }
    }
    all
}

fn saves(text: &BonusesText, abilities: ByAbility<u8>) -> ByAbility<i8> {
    ByAbility::from_fn(|ability| {
        let given = match ability {
            Ability::Strength => text.strength,
            Ability::Dexterity => text.dexterity,
            Ability::Constitution => text.constitution,
            Ability::Intelligence => text.intelligence,
            Ability::Wisdom => text.wisdom,
            Ability::Charisma => text.charisma,
        };
        given.unwrap_or_else(|| modifier(abilities.get(ability)))
    })
}

fn skills(block: &StatBlock, faults: &mut Faults) -> Vec<(Skill, i8)> {
    let mut listed: Vec<(Skill, i8)> = block
        .skills
        .iter()
        .filter_map(|(name, bonus)| {
            words::skill(name)
                .map_err(|message| faults.add(&format!("skills.{name}"), message))
                .ok()
                .map(|skill| (skill, *bonus))
        })
        .collect();
    listed.sort_unstable();
    listed
}

fn speeds(block: &StatBlock) -> Speeds {
    let text = &block.speed;
    Speeds {
        walk: text.walk,
        fly: text.fly,
        swim: text.swim,
        climb: text.climb,
        burrow: text.burrow,
        hover: text.hover,
    }
}

fn senses(block: &StatBlock, abilities: ByAbility<u8>, skills: &[(Skill, i8)]) -> Senses {
    let text = &block.senses;
    let perception = skills
        .iter()
        .find(|(skill, _)| *skill == Skill::Perception)
        .map_or_else(|| modifier(abilities.wisdom), |(_, bonus)| *bonus);
    let derived = u8::try_from(10_i16 + i16::from(perception)).unwrap_or_default();
    Senses {
        darkvision: text.darkvision,
        blindsight: text.blindsight,
        tremorsense: text.tremorsense,
        truesight: text.truesight,
        passive_perception: text.passive_perception.unwrap_or(derived),
    }
}

fn damage_set(
    path: &str,
    texts: &[String],
    faults: &mut Faults,
) -> crate::rules::damage::DamageSet {
    texts
        .iter()
        .enumerate()
        .filter_map(|(at, text)| {
            words::damage_type(text)
                .map_err(|message| faults.add(&format!("{path}[{at}]"), message))
                .ok()
        })
        .collect()
}
