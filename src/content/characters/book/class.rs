//! A class as its table in the book: what it gives at which level.
//!
//! Only figures and names; a feature says whether a fight plays it, and nothing is left out.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::{LEVEL_MAX, Package, abilities, ability, skills};
use crate::content::armory::ArmorCategory;
use crate::content::characters::sheet::Scores;
use crate::rules::ability::{Ability, Skill};

/// The primary abilities: all of them, or any one.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Primary {
    #[serde(deserialize_with = "abilities")]
    All(Vec<Ability>),
    #[serde(deserialize_with = "abilities")]
    Any(Vec<Ability>),
}

impl Primary {
    /// The abilities, in the order of the book.
    pub fn abilities(&self) -> &[Ability] {
        match self {
            Self::All(list) | Self::Any(list) => list,
        }
    }
}

/// So many skills out of a list; an empty list is any.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SkillGrant {
    /// From which level of the class.
    #[serde(default = "first_level")]
    pub level: u8,
    pub count: u8,
    #[serde(deserialize_with = "skills")]
    pub from: Vec<Skill>,
}

fn first_level() -> u8 {
    1
}

/// Which martial weapons a class is trained with; simple ones they all are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Martial {
    None,
    Light,
    FinesseOrLight,
    All,
}

/// Which weapons a class may use the mastery of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MasteryOf {
    Melee,
    Any,
    Proficient,
}

/// The skill that a class gives to whoever takes it up later.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MulticlassSkills {
    /// One of the class's own list.
    Class,
    /// Any one.
    Any,
}

/// What a class gives to whoever takes it up after another.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Multiclass {
    pub skills: Option<MulticlassSkills>,
    pub martial: bool,
    pub armor: Vec<ArmorCategory>,
    pub tools: Vec<String>,
}

/// How the levels of a class count toward spell slots.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CastingKind {
    Full,
    Half,
    Pact,
}

/// The ability behind the spells of a class.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Casting {
    #[serde(deserialize_with = "ability")]
    pub ability: Ability,
    pub kind: CastingKind,
}

/// A cantrip that deals damage: with a save, or with an attack roll.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cantrip {
    pub name: String,
    pub feet: u16,
    /// What it deals at level 1; at 5, 11 and 17 it is once more each.
    pub dice: String,
    #[serde(rename = "type")]
    pub kind: String,
    pub save: Option<String>,
    /// A failed save spoils the target's next attack roll.
    #[serde(default)]
    pub rattles: bool,
    /// More rolls in place of more dice.
    #[serde(default)]
    pub beams: bool,
}

/// What becomes of a feature in a fight.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// It is in the figures or among the actions.
    Played,
    /// It matters in a fight and is named only: the GM applies it.
    Later,
    /// It is for the table, not for a fight.
    Table,
    /// It is a choice that the sheet makes.
    Choice,
}

/// A feature of a class.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Feature {
    pub level: u8,
    pub name: String,
    #[serde(rename = "is")]
    pub standing: Standing,
}

/// A choice within a feature.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OptionGroup {
    pub level: u8,
    pub name: String,
    pub of: Vec<String>,
}

/// The subclass of the SRD.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Subclass {
    pub name: String,
    pub features: Vec<Feature>,
}

/// A class.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Class {
    pub name: String,
    pub primary: Primary,
    /// How the book suggests to lay out the standard array.
    pub standard_array: Scores,
    pub hit_die: u8,
    #[serde(deserialize_with = "abilities")]
    pub saves: Vec<Ability>,
    pub skills: SkillGrant,
    pub martial: Martial,
    pub armor: Vec<ArmorCategory>,
    #[serde(default)]
    pub tools: Vec<String>,
    pub multiclass: Multiclass,
    pub starting: Vec<Package>,
    /// Kinds of weapons whose mastery it uses, by level.
    #[serde(default)]
    pub masteries: Vec<u8>,
    pub mastery_of: Option<MasteryOf>,
    #[serde(default)]
    pub cantrips: Vec<u8>,
    #[serde(default)]
    pub prepared: Vec<u8>,
    pub casting: Option<Casting>,
    /// By level: slots of spell level 1, 2 and so on.
    #[serde(default)]
    pub slots: Vec<Vec<u8>>,
    /// The other columns of its table, by level; empty where it has nothing yet.
    #[serde(default)]
    pub columns: BTreeMap<String, Vec<String>>,
    pub features: Vec<Feature>,
    pub subclass: Subclass,
    #[serde(default)]
    pub more_skills: Vec<SkillGrant>,
    #[serde(default)]
    /// Skills with twice the proficiency bonus.
    pub expertise: Vec<SkillGrant>,
    /// Levels at which it gives a fighting style.
    #[serde(default)]
    pub style_levels: Vec<u8>,
    /// What may be taken instead of a fighting style.
    pub other_style: Option<String>,
    #[serde(default)]
    pub options: Vec<OptionGroup>,
    /// The cantrip that a fight plays for it.
    pub cantrip: Option<Cantrip>,
    /// The epic boon that the book recommends.
    pub boon: String,
}

/// The level at which the subclasses of SRD 5.2.1 begin.
pub const SUBCLASS_LEVEL: u8 = 3;

impl Class {
    /// Whether each column has an entry for each level.
    pub(super) fn is_whole(&self) -> bool {
        let whole = |count: usize| count == 0 || count == usize::from(LEVEL_MAX);
        let columns = self.columns.values().all(|column| whole(column.len()));
        let numbers = [&self.masteries, &self.cantrips, &self.prepared];
        columns && numbers.iter().all(|column| whole(column.len())) && whole(self.slots.len())
    }

    /// A row of a column, for a level from 1.
    pub(crate) fn at<T>(column: &[T], level: u8) -> Option<&T> {
        column.get(usize::from(level).checked_sub(1)?)
    }

    /// What a named column says at a level, unless it says nothing.
    pub fn column(&self, name: &str, level: u8) -> Option<&str> {
        let text = Self::at(self.columns.get(name)?, level)?;
        Some(text.as_str()).filter(|text| !text.is_empty())
    }

    /// Its features up to a level, those of its subclass among them, by level.
    pub fn features_to(&self, level: u8) -> Vec<(&Feature, &str)> {
        let own = self.features.iter().map(|one| (one, self.name.as_str()));
        let sub = self.subclass.features.iter().map(|one| (one, self.subclass.name.as_str()));
        let mut all: Vec<_> = own.chain(sub).filter(|(one, _)| one.level <= level).collect();
        all.sort_by_key(|(one, _)| one.level);
        all
    }

    /// How many features of that name it has at a level.
    pub fn count(&self, name: &str, level: u8) -> usize {
        self.features_to(level).iter().filter(|(one, _)| one.name == name).count()
    }

    /// Fighting styles it has at a level.
    pub fn styles(&self, level: u8) -> usize {
        self.style_levels.iter().filter(|at| **at <= level).count()
    }
}
