//! Ready-made heroes of level 3, one of each of eight classes, to sit down and play at once.
//!
//! Their sheets say how they were made, so that a test can make them again from the rules of the
//! book and compare. Nobody's own character is kept here.

use std::sync::{Arc, OnceLock};

use serde::Deserialize;

use crate::rules::creature::{Definition, NAME_MAX_CHARS, Problem};

use super::characters::Sheet;
use super::schema::{BonusesText, ScoresText, StatBlock};
use super::{build, read};

/// What an id of a ready-made hero begins with; the class in lower case follows.
pub const PREFIX: &str = "hero:";

pub(super) const FILES: [(&str, &str); 8] = [
    ("barbarian.json", include_str!("../../assets/srd/heroes/barbarian.json")),
    ("bard.json", include_str!("../../assets/srd/heroes/bard.json")),
    ("cleric.json", include_str!("../../assets/srd/heroes/cleric.json")),
    ("fighter.json", include_str!("../../assets/srd/heroes/fighter.json")),
    ("paladin.json", include_str!("../../assets/srd/heroes/paladin.json")),
    ("ranger.json", include_str!("../../assets/srd/heroes/ranger.json")),
    ("rogue.json", include_str!("../../assets/srd/heroes/rogue.json")),
    ("wizard.json", include_str!("../../assets/srd/heroes/wizard.json")),
];

/// How a sheet came to its figures.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Making {
    /// One line for a list to choose from.
    pub summary: String,
    pub species: String,
    pub background: String,
    /// The standard array as it was laid out.
    pub standard_array: ScoresText,
    /// What the background adds.
    pub background_bonus: BonusesText,
    pub hit_die: u8,
    pub proficient_saves: Vec<String>,
    #[serde(default)]
    pub expertise: Vec<String>,
    pub armor: Option<String>,
    #[serde(default)]
    pub shield: bool,
    /// Mage Armor was cast before the fight.
    #[serde(default)]
    pub mage_armor: bool,
    pub fighting_style: Option<String>,
    /// One more hit point a level.
    #[serde(default)]
    pub dwarven_toughness: bool,
    /// The proficiency bonus on initiative.
    #[serde(default)]
    pub alert: bool,
    /// Weapons whose mastery the hero uses.
    #[serde(default)]
    pub weapon_mastery: Vec<String>,
    /// The ability behind spells.
    pub spellcasting: Option<String>,
    /// The choices behind the figures: a sheet as anybody may write one.
    pub choices: Sheet,
    pub sheet: StatBlock,
}

/// One ready-made hero.
#[derive(Debug, Clone)]
pub struct Entry {
    /// `hero:` and the class in lower case.
    pub id: String,
    /// The class as the book writes it.
    pub class: String,
    pub definition: Arc<Definition>,
    pub making: Making,
}

impl Entry {
    /// The name on the sheet.
    pub fn name(&self) -> &str {
        &self.definition.name
    }

    /// One line for a list to choose from.
    pub fn summary(&self) -> &str {
        &self.making.summary
    }
}

/// All ready-made heroes, by class.
#[derive(Debug, Default)]
pub struct Heroes {
    entries: Vec<Entry>,
    problems: Vec<Problem>,
}

impl Heroes {
    /// The built-in heroes.
    pub fn srd() -> &'static Self {
        static HEROES: OnceLock<Heroes> = OnceLock::new();
        HEROES.get_or_init(|| Self::from_files(&FILES))
    }

    fn from_files(files: &[(&str, &str)]) -> Self {
        let mut all = Self::default();
        for (file, text) in files {
            match entry(text) {
                Ok(entry) => all.entries.push(entry),
                Err(problems) => all.problems.extend(problems.into_iter().map(|problem| Problem {
                    path: format!("{file}: {}", problem.path),
                    message: problem.message,
                })),
            }
        }
        all
    }

    /// The hero with that id (`hero:fighter`), class or name, in whatever case.
    pub fn find(&self, wanted: &str) -> Option<&Entry> {
        let wanted = wanted.trim();
        self.entries.iter().find(|entry| {
            entry.id.eq_ignore_ascii_case(wanted)
                || entry.class.eq_ignore_ascii_case(wanted)
                || entry.name().eq_ignore_ascii_case(wanted)
        })
    }

    /// All of them, by class.
    pub fn iter(&self) -> impl Iterator<Item = &Entry> {
        self.entries.iter()
    }

    /// What is wrong with the built-in files: nothing, as a test makes sure.
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }
}

fn entry(text: &str) -> Result<Entry, Vec<Problem>> {
    let making: Making = read::json(text).map_err(|problem| vec![problem])?;
    let definition = build::definition(&making.sheet)?;
    let class = making.sheet.class.as_ref().map(|class| class.name.clone()).unwrap_or_default();
    let id = format!("{PREFIX}{}", class.to_lowercase());
    Ok(Entry { id, class, definition: Arc::new(definition), making })
}

/// The ready-made hero of a class under a name of one's own: a legal sheet of level 3.
///
/// # Errors
/// The class is none of [`Heroes::iter`], or the name does not fit.
pub fn quick(class: &str, name: &str) -> Result<Definition, Vec<Problem>> {
    let name = name.trim();
    let heroes = Heroes::srd();
    let mut problems = Vec::new();
    let unfit = name.is_empty()
        || name.chars().count() > NAME_MAX_CHARS
        || name.chars().any(char::is_control);
    if unfit {
        let message = format!("must be one line of 1 to {NAME_MAX_CHARS} characters");
        problems.push(Problem { path: "name".into(), message });
    }
    let found = heroes.find(class);
    if found.is_none() {
        let classes: Vec<&str> = heroes.iter().map(|entry| entry.class.as_str()).collect();
        let message = format!("must be one of {}", classes.join(", "));
        problems.push(Problem { path: "class".into(), message });
    }
    match found {
        Some(entry) if problems.is_empty() => {
            let mut draft = Definition::clone(&entry.definition).into_draft();
            name.clone_into(&mut draft.name);
            Definition::try_from(draft)
        }
        Some(_) | None => Err(problems),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hero_is_ready_under_any_fitting_name() {
        let hero = quick("wizard", "  Mira of the Marsh ").unwrap();
        assert_eq!(hero.name, "Mira of the Marsh");
        assert!(hero.is_hero());
    }

    #[test]
    fn a_wrong_class_and_a_wrong_name_are_both_reported() {
        let problems = quick("plumber", "").unwrap_err();
        let paths: Vec<&str> = problems.iter().map(|p| p.path.as_str()).collect();
        assert_eq!(paths, ["name", "class"]);
        assert!(problems[1].message.contains("Barbarian"));
        assert!(quick("bard", "a\nb").is_err() && quick("bard", &"x".repeat(61)).is_err());
    }
}
