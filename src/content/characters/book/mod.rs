//! What a player chooses from: classes, species, backgrounds, feats and gear of SRD 5.2.1.
//!
//! Figures and names alone. What a choice is worth is worked out elsewhere, and a row that makes no
//! sense is a problem, never a guess.

mod class;
mod origin;

use std::sync::OnceLock;

use serde::Deserialize;
use serde::de::{self, Deserializer};

use crate::content::{read, words};
use crate::rules::ability::{Ability, Skill};
use crate::rules::creature::Problem;
use crate::rules::damage::DamageType;

pub use class::{
    Cantrip, Casting, CastingKind, Class, Feature, Martial, MasteryOf, Multiclass,
    MulticlassSkills, OptionGroup, Primary, SUBCLASS_LEVEL, SkillGrant, Standing, Subclass,
};
pub use origin::{
    Background, Counted, Feat, FeatCategory, FightFigures, Gear, Increase, Lineage, LineageOption,
    Package, Species, SpeciesTrait,
};

/// Levels of a class, and of a character.
pub const LEVEL_MAX: u8 = 20;

const CLASSES: [(&str, &str); 12] = [
    ("barbarian.json", include_str!("../../../../assets/srd/classes/barbarian.json")),
    ("bard.json", include_str!("../../../../assets/srd/classes/bard.json")),
    ("cleric.json", include_str!("../../../../assets/srd/classes/cleric.json")),
    ("druid.json", include_str!("../../../../assets/srd/classes/druid.json")),
    ("fighter.json", include_str!("../../../../assets/srd/classes/fighter.json")),
    ("monk.json", include_str!("../../../../assets/srd/classes/monk.json")),
    ("paladin.json", include_str!("../../../../assets/srd/classes/paladin.json")),
    ("ranger.json", include_str!("../../../../assets/srd/classes/ranger.json")),
    ("rogue.json", include_str!("../../../../assets/srd/classes/rogue.json")),
    ("sorcerer.json", include_str!("../../../../assets/srd/classes/sorcerer.json")),
    ("warlock.json", include_str!("../../../../assets/srd/classes/warlock.json")),
    ("wizard.json", include_str!("../../../../assets/srd/classes/wizard.json")),
];
const SPECIES: &str = include_str!("../../../../assets/srd/species.json");
const BACKGROUNDS: &str = include_str!("../../../../assets/srd/backgrounds.json");
const FEATS: &str = include_str!("../../../../assets/srd/feats.json");
const GEAR: &str = include_str!("../../../../assets/srd/gear.json");

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct SpeciesFile {
    species: Vec<Species>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct BackgroundFile {
    backgrounds: Vec<Background>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct FeatFile {
    feats: Vec<Feat>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct GearFile {
    gear: Vec<Gear>,
}

/// All that a character is made of.
#[derive(Debug, Default)]
pub struct Book {
    classes: Vec<Class>,
    species: Vec<Species>,
    backgrounds: Vec<Background>,
    feats: Vec<Feat>,
    gear: Vec<Gear>,
    problems: Vec<Problem>,
}

impl Book {
    /// The book that comes with the program.
    pub fn srd() -> &'static Self {
        static BOOK: OnceLock<Book> = OnceLock::new();
        BOOK.get_or_init(Self::read)
    }

    fn read() -> Self {
        let mut all = Self::default();
        for (file, text) in CLASSES {
            if let Some(class) = all.file::<Class>(file, text) {
                if !class.is_whole() {
                    let message = "a column has not one entry for each level".to_owned();
                    all.problems.push(Problem { path: file.to_owned(), message });
                }
                all.classes.push(class);
            }
        }
        all.species = all.file("species.json", SPECIES).unwrap_or(SpeciesFile::default()).species;
        let backgrounds = all.file("backgrounds.json", BACKGROUNDS);
        all.backgrounds = backgrounds.unwrap_or(BackgroundFile::default()).backgrounds;
        all.feats = all.file("feats.json", FEATS).unwrap_or(FeatFile::default()).feats;
        all.gear = all.file("gear.json", GEAR).unwrap_or(GearFile::default()).gear;
        all
    }

    fn file<T: de::DeserializeOwned>(&mut self, file: &str, text: &str) -> Option<T> {
        read::json(text)
            .map_err(|problem| {
                let path = file.to_owned();
                self.problems.push(Problem { path, message: problem.message });
            })
            .ok()
    }

    /// The twelve classes, by name.
    pub fn classes(&self) -> &[Class] {
        &self.classes
    }

    /// The nine species, by name.
    pub fn species(&self) -> &[Species] {
        &self.species
    }

    /// The four backgrounds, by name.
    pub fn backgrounds(&self) -> &[Background] {
        &self.backgrounds
    }

    /// The feats, by category.
    pub fn feats(&self) -> &[Feat] {
        &self.feats
    }

    /// Adventuring gear, by name.
    pub fn gear(&self) -> &[Gear] {
        &self.gear
    }

    /// The class of that name, in whatever case.
    pub fn class(&self, name: &str) -> Option<&Class> {
        self.classes.iter().find(|one| one.name.eq_ignore_ascii_case(name.trim()))
    }

    /// The species of that name, in whatever case.
    pub fn species_named(&self, name: &str) -> Option<&Species> {
        self.species.iter().find(|one| one.name.eq_ignore_ascii_case(name.trim()))
    }

    /// The background of that name, in whatever case.
    pub fn background(&self, name: &str) -> Option<&Background> {
        self.backgrounds.iter().find(|one| one.name.eq_ignore_ascii_case(name.trim()))
    }

    /// The feat of that name, in whatever case.
    pub fn feat(&self, name: &str) -> Option<&Feat> {
        self.feats.iter().find(|one| one.name.eq_ignore_ascii_case(name.trim()))
    }

    /// What is wrong with the built-in files: nothing, as a test makes sure.
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }
}

/// A text in a file of ours that is one of a fixed list of words.
fn word<'de, D, T>(from: D, read: fn(&str) -> Result<T, String>) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
{
    let text = String::deserialize(from)?;
    read(&text).map_err(de::Error::custom)
}

fn all_words<'de, D, T>(from: D, read: fn(&str) -> Result<T, String>) -> Result<Vec<T>, D::Error>
where
    D: Deserializer<'de>,
{
    let texts = Vec::<String>::deserialize(from)?;
    texts.iter().map(|text| read(text).map_err(de::Error::custom)).collect()
}

fn ability<'de, D: Deserializer<'de>>(from: D) -> Result<Ability, D::Error> {
    word(from, words::ability)
}

fn abilities<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<Ability>, D::Error> {
    all_words(from, words::ability)
}

fn skills<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<Skill>, D::Error> {
    all_words(from, words::skill)
}

fn skill_choice<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Vec<Skill>>, D::Error> {
    skills(from).map(Some)
}

fn damage<'de, D: Deserializer<'de>>(from: D) -> Result<Option<DamageType>, D::Error> {
    word(from, words::damage_type).map(Some)
}

fn damages<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<DamageType>, D::Error> {
    all_words(from, words::damage_type)
}
