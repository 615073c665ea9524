//! Who a character is: name, species, classes, background, and the figures that go with a level.
//!
//! Nothing here looks at scores or equipment.

use super::{Known, listing};
use crate::content::characters::book::{
    Book, Class, LEVEL_MAX, LineageOption, SUBCLASS_LEVEL, Species,
};
use crate::content::characters::sheet::{ClassLevel, Sheet};
use crate::content::read::Faults;
use crate::content::words;
use crate::rules::creature::{NAME_MAX_CHARS, Size};

/// Experience points that each level needs (SRD 5.2.1, Character Creation > Level Advancement).
pub const EXPERIENCE: [u32; 20] = [
    0, 300, 900, 2_700, 6_500, 14_000, 23_000, 34_000, 48_000, 64_000, 85_000, 100_000, 120_000,
    140_000, 165_000, 195_000, 225_000, 265_000, 305_000, 355_000,
];

/// Reads the words that decide what everything else is checked against.
pub(super) fn known<'a>(sheet: &'a Sheet, faults: &mut Faults) -> Known<'a> {
    let book = Book::srd();
    check_name(&sheet.name, faults);
    let species = book.species_named(&sheet.species).filter(|one| one.name == sheet.species);
    if species.is_none() {
        let names: Vec<&str> = book.species().iter().map(|one| one.name.as_str()).collect();
        faults.add("species", unknown(&sheet.species, "species", &names));
    }
    let lineage = species.and_then(|species| lineage(sheet, species, faults));
    let size = species.map_or(Size::Medium, |species| size(sheet, species, faults));
    let background = book.background(&sheet.background).filter(|one| one.name == sheet.background);
    if background.is_none() {
        let names: Vec<&str> = book.backgrounds().iter().map(|one| one.name.as_str()).collect();
        faults.add("background", unknown(&sheet.background, "background", &names));
    }
    let classes = classes(sheet, faults);
    let total = classes.iter().fold(0_u8, |sum, (_, _, level)| sum.saturating_add(*level));
    if total > LEVEL_MAX {
        let message = format!("have {total} levels together; a character has at most {LEVEL_MAX}");
        faults.add("classes", message);
    }
    let all_classes = !sheet.classes.is_empty() && classes.len() == sheet.classes.len();
    let lineage_known = species.is_none_or(|one| one.lineage.is_none() || lineage.is_some());
    Known {
        sheet,
        species,
        lineage,
        size,
        background,
        level: total.min(LEVEL_MAX),
        whole: all_classes && species.is_some() && background.is_some() && lineage_known,
        classes,
    }
}

fn unknown(text: &str, what: &str, names: &[&str]) -> String {
    format!("'{text}' is no {what} of the SRD: choose {}", listing(names))
}

fn check_name(name: &str, faults: &mut Faults) {
    if name.trim().is_empty() || name.chars().count() > NAME_MAX_CHARS {
        faults.add("name", format!("must be 1 to {NAME_MAX_CHARS} characters"));
    } else if name.chars().any(char::is_control) {
        faults.add("name", "must be one line without control characters");
    }
}

fn lineage(
    sheet: &Sheet,
    species: &'static Species,
    faults: &mut Faults,
) -> Option<&'static LineageOption> {
    let Some(group) = &species.lineage else {
        if sheet.lineage.is_some() {
            faults.add("lineage", format!("{} has none: leave it out", species.name));
        }
        return None;
    };
    let wanted = sheet.lineage.as_deref().unwrap_or_default();
    let found = group.options.iter().find(|one| one.name == wanted);
    if found.is_none() {
        let names: Vec<&str> = group.options.iter().map(|one| one.name.as_str()).collect();
        faults.add("lineage", format!("{}: choose {}", group.name, listing(&names)));
    }
    found
}

fn size(sheet: &Sheet, species: &Species, faults: &mut Faults) -> Size {
    let first = species.sizes.first().map_or("medium", String::as_str);
    let wanted = sheet.size.as_deref().unwrap_or(first);
    if !species.sizes.iter().any(|one| one == wanted) {
        let message = format!("{} is {}", species.name, listing(&species.sizes));
        faults.add("size", message);
    }
    words::size(wanted).unwrap_or(Size::Medium)
}

fn classes(sheet: &Sheet, faults: &mut Faults) -> Vec<(usize, &'static Class, u8)> {
    if sheet.classes.is_empty() {
        faults.add("classes", "name at least one class with its level");
    }
    let mut found: Vec<(usize, &'static Class, u8)> = Vec::new();
    // Beyond the twelve there is nothing that would not be a repetition.
    for (at, entry) in sheet.classes.iter().enumerate().take(LEVEL_MAX.into()) {
        let path = format!("classes[{at}]");
        if !(1..=LEVEL_MAX).contains(&entry.level) {
            faults.add(&format!("{path}.level"), format!("must be 1 to {LEVEL_MAX}"));
        }
        let class = Book::srd().class(&entry.class).filter(|one| one.name == entry.class);
        let Some(class) = class else {
            let names: Vec<&str> =
                Book::srd().classes().iter().map(|one| one.name.as_str()).collect();
            faults.add(&format!("{path}.class"), unknown(&entry.class, "class", &names));
            continue;
        };
        if found.iter().any(|(_, other, _)| other.name == class.name) {
            let message = format!("{} is listed twice: add its levels up", class.name);
            faults.add(&format!("{path}.class"), message);
            continue;
        }
        subclass(&path, entry, class, faults);
        found.push((at, class, entry.level.clamp(1, LEVEL_MAX)));
    }
    found
}

fn subclass(path: &str, entry: &ClassLevel, class: &Class, faults: &mut Faults) {
    let Some(wanted) = &entry.subclass else { return };
    if entry.level < SUBCLASS_LEVEL {
        let message = format!("comes at level {SUBCLASS_LEVEL}: leave it out until then");
        faults.add(&format!("{path}.subclass"), message);
    } else if *wanted != class.subclass.name {
        let message = format!("the SRD has {} for a {}", class.subclass.name, class.name);
        faults.add(&format!("{path}.subclass"), message);
    }
}

/// The figures that go with the level: hit points that were rolled, experience.
pub(super) fn figures(known: &Known<'_>, faults: &mut Faults) {
    let sheet = known.sheet;
    if !known.whole {
        return;
    }
    rolled_hit_points(known, faults);
    if let Some(points) = sheet.experience {
        let at = usize::from(known.level);
        let least = at.checked_sub(1).and_then(|at| EXPERIENCE.get(at)).copied();
        let next = EXPERIENCE.get(at).copied();
        let fits = least.is_none_or(|least| points >= least);
        if !fits || next.is_some_and(|next| points >= next) {
            let upper = next.map_or_else(String::new, |next| format!(" to {}", next - 1));
            let least = least.unwrap_or_default();
            let message = format!("level {} is {least}{upper} experience points", known.level);
            faults.add("experience", message);
        }
    }
}

fn rolled_hit_points(known: &Known<'_>, faults: &mut Faults) {
    let rolled = &known.sheet.rolled_hit_points;
    if rolled.is_empty() {
        return;
    }
    let dice = dice_after_first(known.classes.iter().map(|(_, class, level)| (*class, *level)));
    if rolled.len() != dice.len() {
        let message = format!(
            "has {} rolls; one for each of the {} levels after the first, or none at all",
            rolled.len(),
            dice.len()
        );
        faults.add("rolled_hit_points", message);
    }
    for (at, (roll, die)) in rolled.iter().zip(&dice).enumerate() {
        if !(1..=*die).contains(roll) {
            faults.add(&format!("rolled_hit_points[{at}]"), format!("a d{die} shows 1 to {die}"));
        }
    }
}

/// The hit dice of the levels after the first, in the order of the classes.
pub(crate) fn dice_after_first<'a>(classes: impl Iterator<Item = (&'a Class, u8)>) -> Vec<u8> {
    let each =
        classes.flat_map(|(class, level)| std::iter::repeat_n(class.hit_die, usize::from(level)));
    each.skip(1).collect()
}
