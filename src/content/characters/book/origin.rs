//! Where a character comes from and what it learnt on the way: species, backgrounds, feats, gear.
//!
//! Only figures and names; nothing here knows any character.

use serde::Deserialize;

use super::{Standing, abilities, damage, damages, skill_choice, skills};
use crate::rules::ability::{Ability, Skill};
use crate::rules::damage::DamageType;

/// So many of a thing.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Counted {
    pub item: String,
    pub count: u16,
}

/// A package of starting equipment.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Package {
    /// Gold pieces.
    pub gold: u32,
    pub armor: Option<String>,
    pub shield: bool,
    pub weapons: Vec<Counted>,
    pub gear: Vec<Counted>,
}

/// A trait of a species.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SpeciesTrait {
    pub name: String,
    /// The level of the character from which it counts.
    #[serde(default = "first_level")]
    pub level: u8,
    #[serde(rename = "is")]
    pub standing: Standing,
}

fn first_level() -> u8 {
    1
}

/// One of the lineages of a species.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LineageOption {
    pub name: String,
    pub speed: Option<u16>,
    pub darkvision: Option<u16>,
    #[serde(default, deserialize_with = "damage")]
    pub resistance: Option<DamageType>,
    /// What it gives that has a name of its own.
    pub feature: Option<String>,
    #[serde(default)]
    pub cantrips: Vec<String>,
    /// At levels 3 and 5, or the one spell from level 1.
    #[serde(default)]
    pub spells: Vec<String>,
}

/// The choice of a lineage.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lineage {
    pub name: String,
    pub options: Vec<LineageOption>,
}

/// A species.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Species {
    pub name: String,
    /// The sizes there are to choose from.
    pub sizes: Vec<String>,
    pub speed: u16,
    #[serde(default)]
    pub darkvision: u16,
    #[serde(default, deserialize_with = "damages")]
    pub resistances: Vec<DamageType>,
    #[serde(default)]
    pub hit_points_per_level: u8,
    /// One skill out of this list, if there is one; an empty list is any.
    #[serde(default, deserialize_with = "skill_choice")]
    pub skill: Option<Vec<Skill>>,
    /// An origin feat of one's choice.
    #[serde(default)]
    pub origin_feat: bool,
    pub lineage: Option<Lineage>,
    pub traits: Vec<SpeciesTrait>,
}

/// A background.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Background {
    pub name: String,
    /// The three that it may raise.
    #[serde(deserialize_with = "abilities")]
    pub abilities: Vec<Ability>,
    pub feat: String,
    /// The list of spells of that feat.
    pub feat_list: Option<String>,
    #[serde(deserialize_with = "skills")]
    pub skills: Vec<Skill>,
    pub tool: String,
    pub starting: Vec<Package>,
}

/// The kinds of feats.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FeatCategory {
    Origin,
    General,
    FightingStyle,
    EpicBoon,
}

/// Points that a feat adds to ability scores.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Increase {
    pub points: u8,
    #[serde(deserialize_with = "abilities")]
    pub of: Vec<Ability>,
    pub up_to: u8,
}

/// A feat.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Feat {
    pub name: String,
    pub category: FeatCategory,
    /// The level of the character from which it can be taken.
    #[serde(default = "first_level")]
    pub level: u8,
    #[serde(default)]
    pub repeatable: bool,
    /// Spell lists to choose from, a different one each time.
    #[serde(default)]
    pub lists: Vec<String>,
    /// Skills or tools to choose.
    #[serde(default)]
    pub proficiencies: u8,
    /// One of these must be 13.
    #[serde(default, deserialize_with = "abilities")]
    pub needs_13: Vec<Ability>,
    #[serde(default)]
    pub needs_spellcasting: bool,
    pub increase: Option<Increase>,
    #[serde(rename = "is")]
    pub standing: Standing,
}

/// What a piece of gear does in a fight, in figures.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FightFigures {
    /// Feet.
    pub range: Option<u16>,
    pub save: Option<String>,
    /// Left out: 8, the Dexterity modifier and the proficiency bonus.
    pub dc: Option<u8>,
    pub dice: Option<String>,
    #[serde(rename = "type")]
    pub kind: Option<String>,
    pub cost: Option<String>,
    pub uses: Option<u8>,
}

/// A piece of adventuring gear. A figure that varies is left out.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Gear {
    pub name: String,
    pub weight_quarter_lb: Option<u16>,
    pub cost_cp: Option<u32>,
    pub fight: Option<FightFigures>,
}
