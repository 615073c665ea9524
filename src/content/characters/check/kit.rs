//! What a character wears and carries, and what it was trained with.
//!
//! SRD 5.2.1, Equipment > Weapon Proficiency, Armor Training. Armour without training is a problem
//! unless the sheet says that it is meant.

use super::{Known, listing, twice};
use crate::content::armory::{
    Armor, ArmorCategory, Armory, Property, Weapon, WeaponCategory, WeaponKind,
};
use crate::content::characters::assign::assign;
use crate::content::characters::book::{Class, Martial, MasteryOf};
use crate::content::characters::sheet::Item;
use crate::content::read::Faults;
use crate::rules::creature::{ENTRIES_MAX, NAME_MAX_CHARS};

/// Most of one thing that is carried.
const COUNT_MAX: u16 = 1_000;
/// Most gold pieces on a sheet.
const GOLD_MAX: u32 = 10_000_000;

/// What is worn and carried, looked up.
#[derive(Debug, Default)]
pub(crate) struct Worn {
    pub(crate) armor: Option<&'static Armor>,
    pub(crate) shield: bool,
    /// Categories with training, the shield among them.
    pub(crate) training: Vec<ArmorCategory>,
    pub(crate) weapons: Vec<&'static Weapon>,
    pub(crate) masteries: Vec<&'static Weapon>,
    /// Which martial weapons the character was trained with.
    pub(crate) martial: Vec<Martial>,
}

/// Whether somebody trained so far can use a weapon with proficiency.
pub(crate) fn trained_with(martial: &[Martial], weapon: &Weapon) -> bool {
    weapon.category == WeaponCategory::Simple
        || martial.iter().any(|part| match part {
            Martial::None => false,
            Martial::Light => weapon.is(Property::Light),
            Martial::FinesseOrLight => weapon.is(Property::Finesse) || weapon.is(Property::Light),
            Martial::All => true,
        })
}

/// Checks armour, weapons, masteries and the rest of what is carried.
pub(super) fn check(known: &Known<'_>, faults: &mut Faults) -> Worn {
    let sheet = known.sheet;
    let mut worn = Worn { shield: sheet.shield, ..Worn::default() };
    (worn.training, worn.martial) = training(known);
    armor(known, &mut worn, faults);
    for (at, item) in sheet.weapons.iter().enumerate() {
        let path = format!("weapons[{at}]");
        match Armory::srd().weapon(&item.item).filter(|one| one.name == item.item) {
            Some(weapon) => worn.weapons.push(weapon),
            None => faults.add(&format!("{path}.item"), no_weapon(&item.item)),
        }
        count(&path, item, faults);
    }
    let names: Vec<String> = sheet.weapons.iter().map(|item| item.item.clone()).collect();
    twice("weapons", &names, faults);
    if sheet.weapons.len() > ENTRIES_MAX / 2 {
        faults.add("weapons", format!("at most {} kinds of weapons", ENTRIES_MAX / 2));
    }
    for (at, item) in sheet.gear.iter().enumerate() {
        let path = format!("gear[{at}]");
        let shown = !item.item.trim().is_empty()
            && item.item.chars().count() <= NAME_MAX_CHARS
            && !item.item.chars().any(char::is_control);
        if !shown {
            let message = format!("must be one line of 1 to {NAME_MAX_CHARS} characters");
            faults.add(&format!("{path}.item"), message);
        }
        count(&path, item, faults);
    }
    if sheet.gold > GOLD_MAX {
        faults.add("gold", format!("must be at most {GOLD_MAX}"));
    }
    masteries(known, &mut worn, faults);
    worn
}

fn no_weapon(name: &str) -> String {
    format!("'{name}' is no weapon of the SRD, such as Longsword, Dagger or Light Crossbow")
}

fn count(path: &str, item: &Item, faults: &mut Faults) {
    if !(1..=COUNT_MAX).contains(&item.count) {
        faults.add(&format!("{path}.count"), format!("must be 1 to {COUNT_MAX}"));
    }
}

/// The armour and the martial weapons that the classes taught.
pub(super) fn training(known: &Known<'_>) -> (Vec<ArmorCategory>, Vec<Martial>) {
    let mut armor: Vec<ArmorCategory> = Vec::new();
    let mut martial = Vec::new();
    for (order, (_, class, _)) in known.classes.iter().enumerate() {
        if order == 0 {
            armor.extend(&class.armor);
            martial.push(class.martial);
        } else {
            armor.extend(&class.multiclass.armor);
            martial.extend(class.multiclass.martial.then_some(Martial::All));
        }
    }
    let options = &known.sheet.options;
    let chose = |feature: &str, wanted: &str| options.get(feature).is_some_and(|it| it == wanted);
    let is = |class: &str| known.classes.iter().any(|(_, one, _)| one.name == class);
    if is("Cleric") && chose("Divine Order", "Protector") {
        armor.push(ArmorCategory::Heavy);
        martial.push(Martial::All);
    }
    if is("Druid") && chose("Primal Order", "Warden") {
        armor.push(ArmorCategory::Medium);
        martial.push(Martial::All);
    }
    (armor, martial)
}

fn armor(known: &Known<'_>, worn: &mut Worn, faults: &mut Faults) {
    let sheet = known.sheet;
    let meant = sheet.untrained_armor;
    if let Some(name) = &sheet.armor {
        let found = Armory::srd().armor_named(name).filter(|one| one.name == *name);
        let suit = found.filter(|one| one.category != ArmorCategory::Shield);
        if suit.is_none() {
            let suits = Armory::srd().armor().iter();
            let suits = suits.filter(|one| one.category != ArmorCategory::Shield);
            let names: Vec<&str> = suits.map(|one| one.name.as_str()).collect();
            let message = match found {
                Some(_) => "a shield goes into the field \"shield\"".to_owned(),
                None => format!("'{name}' is no armor of the SRD: {}", listing(&names)),
            };
            faults.add("armor", message);
        }
        if let Some(suit) = suit
            && known.whole
            && !meant
            && !worn.training.contains(&suit.category)
        {
            faults.add("armor", untrained(known, category(suit.category)));
        }
        worn.armor = suit;
    }
    let shield = worn.training.contains(&ArmorCategory::Shield);
    if sheet.shield && known.whole && !meant && !shield {
        faults.add("shield", untrained(known, "shields"));
    }
}

fn untrained(known: &Known<'_>, what: &str) -> String {
    let classes: Vec<&str> = known.classes.iter().map(|(_, one, _)| one.name.as_str()).collect();
    format!(
        "{} has no training with {what}: leave it out, or say \"untrained_armor\": true",
        classes.join(" and ")
    )
}

/// A category in words.
fn category(category: ArmorCategory) -> &'static str {
    match category {
        ArmorCategory::Light => "light armor",
        ArmorCategory::Medium => "medium armor",
        ArmorCategory::Heavy => "heavy armor",
        ArmorCategory::Shield => "shields",
    }
}

/// One place for each kind of weapon whose mastery may be used.
pub(super) fn mastery_places(known: &Known<'_>) -> Vec<MasteryOf> {
    let mut places: Vec<MasteryOf> = Vec::new();
    for (_, class, level) in &known.classes {
        let count = Class::at(&class.masteries, *level).copied().unwrap_or_default();
        let kind = class.mastery_of.unwrap_or(MasteryOf::Proficient);
        places.extend(std::iter::repeat_n(kind, usize::from(count)));
    }
    places
}

/// Whether a weapon may take such a place.
pub(crate) fn may_master(place: MasteryOf, martial: &[Martial], weapon: &Weapon) -> bool {
    match place {
        MasteryOf::Melee => weapon.kind == WeaponKind::Melee,
        MasteryOf::Any => true,
        MasteryOf::Proficient => trained_with(martial, weapon),
    }
}

fn masteries(known: &Known<'_>, worn: &mut Worn, faults: &mut Faults) {
    let names = &known.sheet.masteries;
    twice("masteries", names, faults);
    let mut found = Vec::new();
    for (at, name) in names.iter().enumerate() {
        match Armory::srd().weapon(name).filter(|one| one.name == *name) {
            Some(weapon) => found.push((at, weapon)),
            None => faults.add(&format!("masteries[{at}]"), no_weapon(name)),
        }
    }
    if known.whole && found.len() == names.len() {
        let places = mastery_places(known);
        let fits = |choice: usize, at: usize| match (found.get(choice), places.get(at)) {
            (Some((_, weapon)), Some(place)) => may_master(*place, &worn.martial, weapon),
            _ => false,
        };
        let outcome = assign(found.len(), places.len(), &fits);
        let misplaced = outcome.unplaced.len();
        for at in outcome.unplaced {
            let Some((position, weapon)) = found.get(at) else { continue };
            let message = format!(
                "there is no place for {}: the classes allow {} kinds of weapons{}",
                weapon.name,
                places.len(),
                if places.contains(&MasteryOf::Melee) { ", melee ones" } else { "" },
            );
            faults.add(&format!("masteries[{position}]"), message);
        }
        if outcome.open.len() > misplaced {
            let message = format!("lacks {} of {}", outcome.open.len(), places.len());
            faults.add("masteries", message);
        }
    }
    worn.masteries = found.into_iter().map(|(_, weapon)| weapon).collect();
}
