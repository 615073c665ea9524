//! The figures that follow from a sheet: what is written on it, and what a fight needs.
//!
//! SRD 5.2.1, Character Creation; Classes. Nothing is chosen here, and nothing is refused: that was
//! done before.

mod arms;
mod body;
mod deeds;
mod magic;
mod skills;

use super::book::Standing;
use super::check::{Legal, legal};
use super::sheet::Sheet;
use crate::content::armory::ArmorCategory;
use crate::content::build;
use crate::content::schema::{ClassText, ScoresText, StatBlock};
use crate::rules::ability::{Ability, ByAbility};
use crate::rules::creature::{Definition, Problem};

pub use magic::{Casting, Slots};
pub use skills::{SaveLine, SkillLine};

/// Times the proficiency bonus counts: not, half, once or twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Proficiency {
    None,
    Half,
    Full,
    Expert,
}

/// A feature on the sheet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeatureLine {
    /// The level of its class, or of the character.
    pub level: u8,
    /// The class, subclass, species or background.
    pub from: String,
    pub name: String,
    pub standing: Standing,
}

/// A whole character sheet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Derived {
    /// What a fight uses.
    pub definition: Definition,
    pub level: u8,
    /// `Fighter 5 / Wizard 3`.
    pub classes: String,
    pub proficiency_bonus: u8,
    pub scores: ByAbility<u8>,
    pub saves: Vec<SaveLine>,
    pub skills: Vec<SkillLine>,
    pub armor_class: u8,
    /// What the Armor Class is made of, in words.
    pub armor_class_from: Vec<String>,
    /// What the hit point maximum is made of, in words.
    pub hit_points_from: Vec<String>,
    /// Count and sides, largest first.
    pub hit_dice: Vec<(u8, u8)>,
    pub castings: Vec<Casting>,
    pub slots: Slots,
    pub features: Vec<FeatureLine>,
    /// Numbers that go with features: uses, dice, points.
    pub numbers: Vec<(String, String)>,
    pub armor_training: Vec<ArmorCategory>,
    pub tools: Vec<String>,
    /// Drawbacks and hints in sentences.
    pub notes: Vec<String>,
    pub experience: u32,
}

/// Works a sheet out.
///
/// # Errors
/// Everything that is wrong with it at once, each with its path.
pub fn derive(sheet: &Sheet) -> Result<Derived, Vec<Problem>> {
    let legal = legal(sheet)?;
    let block = block(&legal);
    let definition = build::definition(&block)?;
    let (armor_class, armor_class_from) = body::armor_class(&legal);
    let experience = usize::from(legal.level.saturating_sub(1));
    Ok(Derived {
        definition,
        level: legal.level,
        classes: classes(&legal),
        proficiency_bonus: legal.proficiency_bonus(),
        scores: legal.scores,
        saves: skills::saves(&legal),
        skills: skills::skills(&legal),
        armor_class,
        armor_class_from,
        hit_points_from: body::hit_points(&legal).1,
        hit_dice: body::hit_dice(&legal),
        castings: magic::castings(&legal),
        slots: magic::slots(&legal),
        features: deeds::features(&legal),
        numbers: deeds::numbers(&legal),
        armor_training: legal.worn.training.clone(),
        tools: deeds::tools(&legal),
        notes: deeds::notes(&legal),
        experience: sheet.experience.unwrap_or_else(|| {
            super::check::EXPERIENCE.get(experience).copied().unwrap_or_default()
        }),
    })
}

fn classes(legal: &Legal<'_>) -> String {
    let each = legal.classes.iter().map(|(class, level)| format!("{} {level}", class.name));
    each.collect::<Vec<_>>().join(" / ")
}

/// The stat block that a fight uses.
fn block(legal: &Legal<'_>) -> StatBlock {
    let names: Vec<&str> = legal.classes.iter().map(|(class, _)| class.name.as_str()).collect();
    let dice = body::hit_dice(legal);
    let attacks = arms::attacks(legal);
    let specials = deeds::specials(legal);
    StatBlock {
        name: legal.sheet.name.trim().to_owned(),
        size: legal.size.name().to_owned(),
        creature_type: "humanoid".to_owned(),
        class: Some(ClassText { name: names.join("/"), level: legal.level }),
        armor_class: body::armor_class(legal).0,
        hit_points: body::hit_points(legal).0,
        hit_dice: match dice.as_slice() {
            [(count, sides)] => Some(body::dice_text(
                *count,
                *sides,
                i16::from(legal.modifier(Ability::Constitution)) * i16::from(legal.level),
            )),
            _ => None,
        },
        speed: body::speed(legal),
        abilities: scores(legal.scores),
        saves: skills::save_bonuses(legal),
        skills: skills::skill_bonuses(legal),
        initiative: Some(body::initiative(legal)),
        senses: body::senses(legal),
        resistances: body::resistances(legal),
        condition_immunities: body::condition_immunities(legal),
        multiattack: arms::multiattack(legal, &attacks, &specials),
        attacks,
        specials,
        traits: deeds::traits(legal),
        ..StatBlock::default()
    }
}

fn scores(all: ByAbility<u8>) -> ScoresText {
    let ByAbility { strength, dexterity, constitution, intelligence, wisdom, charisma } = all;
    ScoresText { strength, dexterity, constitution, intelligence, wisdom, charisma }
}
