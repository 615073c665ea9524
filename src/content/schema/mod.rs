//! The shape of a stat block as people write it: plain JSON, every word in lower case.
//!
//! Only shapes live here; whether a word or a figure means anything is decided in `build`. A field
//! that is not known is an error, so that a misspelt one is never silently ignored.

mod parts;
mod spells;

use std::collections::BTreeMap;

use serde::Deserialize;

pub use parts::{
    AreaShape, AttackText, BeatText, Cost, DamageText, EffectRiderText, GoingText, Lasts,
    ManeuversText, NamedText, RangeText, Reach, RiderText, SaveText, SetOffText, SpecialEffect,
    SpecialText, StepText, TraitText, Uses, WhenText, WhomText, WorseText,
};
pub use spells::{ListedSpellText, SpellListText};

/// One creature: a monster's stat block or a hero's sheet. `challenge` makes it a monster, `class`
/// a hero; exactly one of them must be there.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StatBlock {
    pub name: String,
    pub size: String,
    #[serde(rename = "type")]
    pub creature_type: String,
    /// "1/4", "2" and so on.
    pub challenge: Option<String>,
    pub class: Option<ClassText>,
    pub armor_class: u8,
    pub hit_points: u16,
    pub hit_dice: Option<String>,
    pub speed: SpeedText,
    pub abilities: ScoresText,
    /// Whole bonuses of the saves that differ from the ability's modifier.
    #[serde(default)]
    pub saves: BonusesText,
    /// Whole bonuses by the name of the skill.
    #[serde(default)]
    pub skills: BTreeMap<String, i8>,
    /// From the challenge rating or the level if left out.
    pub proficiency_bonus: Option<u8>,
    /// The Dexterity modifier if left out.
    pub initiative: Option<i8>,
    #[serde(default)]
    pub senses: SensesText,
    #[serde(default)]
    pub resistances: Vec<String>,
    #[serde(default)]
    pub immunities: Vec<String>,
    #[serde(default)]
    pub vulnerabilities: Vec<String>,
    #[serde(default)]
    pub condition_immunities: Vec<String>,
    #[serde(default)]
    pub attacks: Vec<AttackText>,
    /// Each inner list is one combination of attacks and specials, by name.
    #[serde(default)]
    pub multiattack: Vec<Vec<StepText>>,
    #[serde(default)]
    pub specials: Vec<SpecialText>,
    #[serde(default)]
    pub traits: Vec<TraitText>,
    /// Legendary actions between its turns; which they are stands among the specials.
    #[serde(default)]
    pub legendary_actions: u8,
    #[serde(default)]
    pub spell_lists: Vec<SpellListText>,
    /// From the challenge rating if left out.
    pub experience: Option<u32>,
    /// What it is worth in its lair, if that is more.
    pub lair_experience: Option<u32>,
}

/// The names of a stat block's fields; a test holds them to it.
pub const FIELDS: &[&str] = &[
    "name",
    "size",
    "type",
    "challenge",
    "class",
    "armor_class",
    "hit_points",
    "hit_dice",
    "speed",
    "abilities",
    "saves",
    "skills",
    "proficiency_bonus",
    "initiative",
    "senses",
    "resistances",
    "immunities",
    "vulnerabilities",
    "condition_immunities",
    "attacks",
    "multiattack",
    "specials",
    "traits",
    "legendary_actions",
    "spell_lists",
    "experience",
    "lair_experience",
];

/// A hero's class and level.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClassText {
    pub name: String,
    pub level: u8,
}

/// Speeds in feet.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SpeedText {
    pub walk: u16,
    pub fly: u16,
    pub swim: u16,
    pub climb: u16,
    pub burrow: u16,
    pub hover: bool,
}

/// The six scores.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScoresText {
    pub strength: u8,
    pub dexterity: u8,
    pub constitution: u8,
    pub intelligence: u8,
    pub wisdom: u8,
    pub charisma: u8,
}

/// Bonuses of some abilities.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct BonusesText {
    pub strength: Option<i8>,
    pub dexterity: Option<i8>,
    pub constitution: Option<i8>,
    pub intelligence: Option<i8>,
    pub wisdom: Option<i8>,
    pub charisma: Option<i8>,
}

/// Senses in feet.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SensesText {
    pub darkvision: u16,
    pub blindsight: u16,
    pub tremorsense: u16,
    pub truesight: u16,
    /// 10 and the bonus of perception if left out.
    pub passive_perception: Option<u8>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_listed_fields_are_those_that_are_read() {
        let refused = serde_json::from_str::<StatBlock>("{\"?\": 0}").unwrap_err().to_string();
        let known: Vec<&str> = refused.split('`').skip(3).step_by(2).collect();
        assert_eq!(known, FIELDS);
    }
}
