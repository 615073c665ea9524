//! The weapons and armour against the tables of the text.

use skirmish::content::Armory;
use skirmish::content::armory::{
    ArmorCategory, DexterityPart, Property, WeaponCategory, WeaponKind,
};

use super::reference;

/// "1,500 GP" in copper pieces.
pub(super) fn copper(text: &str) -> u32 {
    let text = text.replace(',', "");
    let (number, coin) = text.split_once(' ').unwrap();
    let worth = match coin {
        "CP" => 1,
        "SP" => 10,
        "GP" => 100,
        other => panic!("{other} is no coin of the table"),
    };
    number.parse::<u32>().unwrap() * worth
}

/// "1/4 lb." in quarter pounds.
pub(super) fn quarters(text: &str) -> u16 {
    match text.trim_end_matches(" lb.") {
        "—" => 0,
        "1/4" | "¼" => 1,
        "1/2" | "½" => 2,
        whole => whole.parse::<u16>().unwrap() * 4,
    }
}

/// The properties as the table writes them.
fn properties(weapon: &skirmish::content::armory::Weapon) -> String {
    let range = weapon.range.map(|range| format!("{}/{}", range.normal, range.long));
    let words = weapon.properties.iter().map(|property| match property {
        Property::Ammunition => {
            let ammunition = weapon.ammunition.clone().unwrap();
            format!("ammunition (range {}; {ammunition})", range.as_ref().unwrap())
        }
        Property::Finesse => "finesse".to_owned(),
        Property::Heavy => "heavy".to_owned(),
        Property::Light => "light".to_owned(),
        Property::Loading => "loading".to_owned(),
        Property::Reach => "reach".to_owned(),
        Property::Thrown => format!("thrown (range {})", range.as_ref().unwrap()),
        Property::TwoHanded => "two-handed".to_owned(),
        Property::Versatile => format!("versatile ({})", weapon.versatile.unwrap()),
    });
    words.collect::<Vec<_>>().join(", ")
}

#[test]
fn all_38_weapons_are_those_of_the_table() {
    assert_eq!(Armory::srd().weapons().len(), 38);
    let Some(text) = reference::text("equipment.md") else { return };
    let rows = reference::rows(&text, "**Weapons**");
    assert_eq!(rows.len(), 38);
    for (heading, cells) in rows {
        let weapon = Armory::srd().weapon(&cells[0]).unwrap_or_else(|| panic!("{}", cells[0]));
        let category = match weapon.category {
            WeaponCategory::Simple => "Simple",
            WeaponCategory::Martial => "Martial",
        };
        let kind = match weapon.kind {
            WeaponKind::Melee => "Melee",
            WeaponKind::Ranged => "Ranged",
        };
        assert!(heading.starts_with(&format!("{category} {kind}")), "{}", weapon.name);
        let damage = format!("{} {}", weapon.damage, weapon.damage_type.name());
        assert_eq!(damage, cells[1].to_lowercase(), "{}", weapon.name);
        let expected = cells[2].to_lowercase().replace(" (unless mounted)", "").replace('—', "");
        assert_eq!(properties(weapon), expected, "{}", weapon.name);
        assert_eq!(format!("{:?}", weapon.mastery), cells[3], "{}", weapon.name);
        assert_eq!(weapon.weight_quarter_lb, quarters(&cells[4]), "{}", weapon.name);
        assert_eq!(weapon.cost_cp, copper(&cells[5]), "{}", weapon.name);
    }
}

#[test]
fn all_13_suits_are_those_of_the_table() {
    assert_eq!(Armory::srd().armor().len(), 13);
    let Some(text) = reference::text("equipment.md") else { return };
    let rows = reference::rows(&text, "**Armor**\n");
    assert_eq!(rows.len(), 13);
    for (heading, cells) in rows {
        let armor = Armory::srd().armor_named(&cells[0]).unwrap_or_else(|| panic!("{}", cells[0]));
        let category = match armor.category {
            ArmorCategory::Light => "Light",
            ArmorCategory::Medium => "Medium",
            ArmorCategory::Heavy => "Heavy",
            ArmorCategory::Shield => "Shield",
        };
        assert!(heading.starts_with(category), "{}", armor.name);
        let class = match (armor.category, armor.dexterity) {
            (ArmorCategory::Shield, _) => format!("+{}", armor.bonus),
            (_, DexterityPart::None) => armor.base.to_string(),
            (_, DexterityPart::All) => format!("{} + Dex modifier", armor.base),
            (_, DexterityPart::UpTo(most)) => format!("{} + Dex modifier (max {most})", armor.base),
        };
        assert_eq!(class, cells[1], "{}", armor.name);
        let strength = armor.strength.map_or("—".to_owned(), |score| format!("Str {score}"));
        assert_eq!(strength, cells[2], "{}", armor.name);
        assert_eq!(armor.loud, cells[3] == "Disadvantage", "{}", armor.name);
        assert_eq!(armor.weight_lb * 4, quarters(&cells[4]), "{}", armor.name);
        assert_eq!(armor.cost_cp, copper(&cells[5]), "{}", armor.name);
    }
}
