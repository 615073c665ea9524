//! Whether a sheet may be as it is: every rule of making a character, and all that breaks one.
//!
//! Nothing is derived here but what the rules themselves ask about, and nothing is put right
//! silently. Each problem has the path of the choice, what is wrong and what would be right.

mod identity;
mod kit;
mod scores;
mod taught;

use super::book::{Background, Class, LineageOption, Martial, MasteryOf, Species};
use super::sheet::Sheet;
use crate::content::read::Faults;
use crate::rules::ability::{Ability, ByAbility, Skill, modifier};
use crate::rules::creature::{Problem, Size};

pub use identity::EXPERIENCE;
pub(super) use identity::dice_after_first;
pub(super) use kit::{Worn, may_master, trained_with};
pub use scores::{POINTS, STANDARD_ARRAY, point_cost};

/// A sheet whose choices are all allowed.
#[derive(Debug)]
pub(super) struct Legal<'a> {
    pub(super) sheet: &'a Sheet,
    pub(super) species: &'static Species,
    pub(super) lineage: Option<&'static LineageOption>,
    pub(super) size: Size,
    pub(super) background: &'static Background,
    /// In the order in which they were taken up.
    pub(super) classes: Vec<(&'static Class, u8)>,
    /// Of the character.
    pub(super) level: u8,
    pub(super) scores: ByAbility<u8>,
    pub(super) proficient: Vec<Skill>,
    pub(super) expert: Vec<Skill>,
    pub(super) worn: Worn,
}

impl Legal<'_> {
    /// The level in a class, 0 without it.
    pub(super) fn level_in(&self, class: &str) -> u8 {
        self.classes.iter().find(|(one, _)| one.name == class).map_or(0, |(_, level)| *level)
    }

    /// Whether a class has given a feature of that name.
    pub(super) fn has(&self, class: &str, feature: &str) -> bool {
        let found = self.classes.iter().find(|(one, _)| one.name == class);
        found.is_some_and(|(one, level)| one.count(feature, *level) > 0)
    }

    /// The modifier of an ability.
    pub(super) fn modifier(&self, ability: Ability) -> i8 {
        modifier(self.scores.get(ability))
    }

    /// The proficiency bonus (SRD 5.2.1, Playing the Game > Proficiency).
    pub(super) fn proficiency_bonus(&self) -> u8 {
        proficiency_bonus(self.level)
    }

    /// Whether a feat was taken or came with the background.
    pub(super) fn has_feat(&self, name: &str) -> bool {
        self.background.feat == name || self.sheet.feats.iter().any(|one| one.feat == name)
    }

    /// Whether a fighting style was chosen, by a class or as a feat.
    pub(super) fn has_style(&self, name: &str) -> bool {
        let listed = self.sheet.fighting_styles.iter().any(|one| one == name);
        listed || self.has_feat(name)
    }

    /// What was chosen within a feature.
    pub(super) fn option(&self, feature: &str) -> Option<&str> {
        self.sheet.options.get(feature).map(String::as_str)
    }
}

/// The proficiency bonus of a level.
pub fn proficiency_bonus(level: u8) -> u8 {
    2_u8.saturating_add(level.saturating_sub(1) / 4)
}

/// What is known of a sheet while it is still being checked.
struct Known<'a> {
    sheet: &'a Sheet,
    species: Option<&'static Species>,
    lineage: Option<&'static LineageOption>,
    size: Size,
    background: Option<&'static Background>,
    /// With the position on the sheet.
    classes: Vec<(usize, &'static Class, u8)>,
    level: u8,
    /// Everything that decides what is on offer was understood.
    whole: bool,
}

impl Known<'_> {
    /// Whether any class gives spell slots.
    fn casts(&self) -> bool {
        self.classes.iter().any(|(_, class, _)| class.casting.is_some())
    }

    /// Fighting styles on offer.
    fn styles(&self) -> usize {
        self.classes.iter().map(|(_, class, level)| class.styles(*level)).sum()
    }
}

/// Checks all choices of a sheet.
///
/// # Errors
/// Everything that is wrong with it, in the order of the fields.
pub(super) fn legal(sheet: &Sheet) -> Result<Legal<'_>, Vec<Problem>> {
    let mut faults = Faults::default();
    let known = identity::known(sheet, &mut faults);
    let scores = scores::check(&known, &mut faults);
    let (proficient, expert) = taught::check(&known, &mut faults);
    let worn = kit::check(&known, &mut faults);
    identity::figures(&known, &mut faults);
    let problems = faults.into_problems();
    match (known.species, known.background) {
        (Some(species), Some(background)) if problems.is_empty() => Ok(Legal {
            sheet,
            species,
            lineage: known.lineage,
            size: known.size,
            background,
            classes: known.classes.iter().map(|(_, class, level)| (*class, *level)).collect(),
            level: known.level,
            scores,
            proficient,
            expert,
            worn,
        }),
        _ => Err(problems),
    }
}

/// What a sheet may choose from, as far as it has been filled in.
pub(super) struct Offers {
    /// One entry for each skill; an empty list is any.
    pub(super) skills: Vec<Vec<Skill>>,
    pub(super) expertise: Vec<Vec<Skill>>,
    pub(super) styles: usize,
    pub(super) masteries: Vec<MasteryOf>,
    pub(super) martial: Vec<Martial>,
    /// Whether the feat must be an origin feat, and whether it may be an epic boon.
    pub(super) feats: Vec<(bool, bool)>,
}

/// What is on offer, whatever else is wrong with the sheet.
pub(super) fn offers(sheet: &Sheet) -> Offers {
    let known = identity::known(sheet, &mut Faults::default());
    Offers {
        skills: taught::skill_offers(&known).into_iter().map(|offer| offer.from).collect(),
        expertise: taught::expert_offers(&known).into_iter().map(|offer| offer.from).collect(),
        styles: known.styles(),
        masteries: kit::mastery_places(&known),
        martial: kit::training(&known).1,
        feats: scores::feat_offers(&known),
    }
}

/// A list for people: `one, two or three`.
fn listing<T: AsRef<str>>(names: &[T]) -> String {
    match names.split_last() {
        None => String::new(),
        Some((last, [])) => last.as_ref().to_owned(),
        Some((last, rest)) => {
            let rest: Vec<&str> = rest.iter().map(AsRef::as_ref).collect();
            format!("{} or {}", rest.join(", "), last.as_ref())
        }
    }
}

/// Notes entries that stand in a list twice.
fn twice(list: &str, names: &[String], faults: &mut Faults) {
    for (at, name) in names.iter().enumerate() {
        let before = names.iter().take(at);
        if before.into_iter().any(|other| other == name) {
            faults.add(&format!("{list}[{at}]"), format!("'{name}' is listed twice"));
        }
    }
}
