//! A character sheet as a player fills it in: the choices, and none of the figures that follow.
//!
//! Only shapes live here; whether the choices are allowed is checked elsewhere. A field that is not
//! known is an error, so that a misspelt one is never silently ignored.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::rules::ability::{Ability, ByAbility};

/// The choices of a character.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sheet {
    pub name: String,
    pub species: String,
    /// Where the species has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lineage: Option<String>,
    /// Where the species leaves a choice.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size: Option<String>,
    /// In the order in which they were taken up.
    pub classes: Vec<ClassLevel>,
    pub background: String,
    pub abilities: Abilities,
    /// What the background adds.
    pub increases: Points,
    /// Those that were chosen; the background's come by themselves.
    #[serde(default)]
    pub skills: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub expertise: Vec<String>,
    /// In the order in which they were taken; the background's comes by itself.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub feats: Vec<FeatChoice>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fighting_styles: Vec<String>,
    /// Weapons whose mastery is used.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub masteries: Vec<String>,
    /// Choices within features, by the feature's name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub options: BTreeMap<String, String>,
    /// The suit that is worn.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub armor: Option<String>,
    /// A shield is carried.
    #[serde(default, skip_serializing_if = "is_not")]
    pub shield: bool,
    /// Armour or a shield without training is meant, with all its drawbacks.
    #[serde(default, skip_serializing_if = "is_not")]
    pub untrained_armor: bool,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub weapons: Vec<Item>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub gear: Vec<Item>,
    /// Gold pieces.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub gold: u32,
    /// What the hit dice showed from level 2 on; nothing: the fixed value of each level.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rolled_hit_points: Vec<u8>,
    /// Experience points; left out: as many as the level needs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub experience: Option<u32>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands over a reference")]
fn is_not(value: &bool) -> bool {
    !value
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands over a reference")]
fn is_zero(value: &u32) -> bool {
    *value == 0
}

/// Levels in one class.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClassLevel {
    pub class: String,
    pub level: u8,
    /// From level 3; left out, it is the one of the SRD.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subclass: Option<String>,
}

/// How the scores came about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// 15, 14, 13, 12, 10, 8, each once.
    StandardArray,
    /// 27 points for scores of 8 to 15.
    PointBuy,
    /// Three of four dice, six times: 3 to 18.
    Rolled,
}

/// The scores before anything is added.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Abilities {
    pub method: Method,
    pub scores: Scores,
}

/// The six scores.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scores {
    pub strength: u8,
    pub dexterity: u8,
    pub constitution: u8,
    pub intelligence: u8,
    pub wisdom: u8,
    pub charisma: u8,
}

impl Scores {
    /// The same, by ability.
    pub fn by_ability(self) -> ByAbility<u8> {
        let Self { strength, dexterity, constitution, intelligence, wisdom, charisma } = self;
        ByAbility { strength, dexterity, constitution, intelligence, wisdom, charisma }
    }
}

impl From<ByAbility<u8>> for Scores {
    fn from(all: ByAbility<u8>) -> Self {
        let ByAbility { strength, dexterity, constitution, intelligence, wisdom, charisma } = all;
        Self { strength, dexterity, constitution, intelligence, wisdom, charisma }
    }
}

/// Points added to some scores.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Points {
    #[serde(skip_serializing_if = "no_points")]
    pub strength: u8,
    #[serde(skip_serializing_if = "no_points")]
    pub dexterity: u8,
    #[serde(skip_serializing_if = "no_points")]
    pub constitution: u8,
    #[serde(skip_serializing_if = "no_points")]
    pub intelligence: u8,
    #[serde(skip_serializing_if = "no_points")]
    pub wisdom: u8,
    #[serde(skip_serializing_if = "no_points")]
    pub charisma: u8,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands over a reference")]
fn no_points(points: &u8) -> bool {
    *points == 0
}

impl Points {
    /// The same, by ability.
    pub fn by_ability(self) -> ByAbility<u8> {
        let Self { strength, dexterity, constitution, intelligence, wisdom, charisma } = self;
        ByAbility { strength, dexterity, constitution, intelligence, wisdom, charisma }
    }

    /// Those that are not 0.
    pub fn raised(self) -> Vec<(Ability, u8)> {
        let all = self.by_ability();
        let each = Ability::ALL.into_iter().map(|ability| (ability, all.get(ability)));
        each.filter(|(_, points)| *points > 0).collect()
    }
}

impl From<ByAbility<u8>> for Points {
    fn from(all: ByAbility<u8>) -> Self {
        let ByAbility { strength, dexterity, constitution, intelligence, wisdom, charisma } = all;
        Self { strength, dexterity, constitution, intelligence, wisdom, charisma }
    }
}

/// A feat that was taken.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FeatChoice {
    pub feat: String,
    /// What it adds to scores, where it does.
    #[serde(default, skip_serializing_if = "nothing")]
    pub increases: Points,
    /// The list of spells, where there is a choice.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub list: Option<String>,
    /// Tools that were taken in place of skills.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tools: Vec<String>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands over a reference")]
fn nothing(points: &Points) -> bool {
    *points == Points::default()
}

/// Something that is carried.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Item {
    pub item: String,
    #[serde(default = "one", skip_serializing_if = "is_one")]
    pub count: u16,
}

fn one() -> u16 {
    1
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands over a reference")]
fn is_one(count: &u16) -> bool {
    *count == 1
}
