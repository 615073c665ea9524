//! Weapons and armour: the two tables of SRD 5.2.1, in feet, quarter pounds and copper pieces.
//!
//! Only what the tables say; what a property means in a fight is for the rules. A row that does
//! not make sense is not in the table; a test sees to it that none is missing.

use std::sync::OnceLock;

use serde::Deserialize;

use crate::rules::creature::Problem;
use crate::rules::damage::{DamageType, DiceExpr};

use super::{read, words};

const WEAPONS: &str = include_str!("../../assets/srd/weapons.json");
const ARMOR: &str = include_str!("../../assets/srd/armor.json");

/// What training a weapon takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WeaponCategory {
    Simple,
    Martial,
}

/// How a weapon is meant to be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WeaponKind {
    Melee,
    Ranged,
}

/// The nine properties (SRD 5.2.1, Equipment > Properties).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Property {
    Ammunition,
    Finesse,
    Heavy,
    Light,
    Loading,
    Reach,
    Thrown,
    TwoHanded,
    Versatile,
}

/// The eight masteries (SRD 5.2.1, Equipment > Mastery Properties).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mastery {
    Cleave,
    Graze,
    Nick,
    Push,
    Sap,
    Slow,
    Topple,
    Vex,
}

/// Feet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WeaponRange {
    pub normal: u16,
    pub long: u16,
}

/// A row of the file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct WeaponText {
    name: String,
    category: WeaponCategory,
    kind: WeaponKind,
    damage: String,
    #[serde(rename = "type")]
    damage_type: String,
    versatile: Option<String>,
    range: Option<WeaponRange>,
    ammunition: Option<String>,
    #[serde(default)]
    properties: Vec<Property>,
    mastery: Mastery,
    weight_quarter_lb: u16,
    cost_cp: u32,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct WeaponFile {
    weapons: Vec<WeaponText>,
}

/// A weapon.
#[derive(Debug, Clone)]
pub struct Weapon {
    pub name: String,
    pub category: WeaponCategory,
    pub kind: WeaponKind,
    pub damage: DiceExpr,
    pub damage_type: DamageType,
    /// What it deals in two hands, where that is a choice.
    pub versatile: Option<DiceExpr>,
    /// Thrown or shot.
    pub range: Option<WeaponRange>,
    pub ammunition: Option<String>,
    pub properties: Vec<Property>,
    pub mastery: Mastery,
    pub weight_quarter_lb: u16,
    pub cost_cp: u32,
}

impl Weapon {
    /// Whether it has the property.
    pub fn is(&self, property: Property) -> bool {
        self.properties.contains(&property)
    }
}

/// What training a suit of armour takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ArmorCategory {
    Light,
    Medium,
    Heavy,
    Shield,
}

/// How much of the Dexterity modifier counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DexterityPart {
    #[default]
    None,
    All,
    UpTo(i8),
}

/// A suit of armour, or the shield.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Armor {
    pub name: String,
    pub category: ArmorCategory,
    /// Armor Class before Dexterity; 0 for the shield.
    #[serde(default)]
    pub base: u8,
    /// What a shield adds.
    #[serde(default)]
    pub bonus: u8,
    #[serde(default)]
    pub dexterity: DexterityPart,
    /// Strength below which it slows by 10 feet.
    pub strength: Option<u8>,
    /// Disadvantage on Stealth.
    #[serde(default)]
    pub loud: bool,
    pub weight_lb: u16,
    pub cost_cp: u32,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ArmorFile {
    armor: Vec<Armor>,
}

/// All weapons and armour.
#[derive(Debug, Default)]
pub struct Armory {
    weapons: Vec<Weapon>,
    armor: Vec<Armor>,
    problems: Vec<Problem>,
}

impl Armory {
    /// The tables of the SRD.
    pub fn srd() -> &'static Self {
        static TABLES: OnceLock<Armory> = OnceLock::new();
        TABLES.get_or_init(|| Self::from_texts(WEAPONS, ARMOR))
    }

    fn from_texts(weapons: &str, armor: &str) -> Self {
        let mut all = Self::default();
        match read::json::<WeaponFile>(weapons) {
            Ok(file) => file.weapons.into_iter().for_each(|text| all.add(text)),
            Err(problem) => all.problems.push(problem),
        }
        match read::json::<ArmorFile>(armor) {
            Ok(file) => all.armor = file.armor,
            Err(problem) => all.problems.push(problem),
        }
        all
    }

    fn add(&mut self, text: WeaponText) {
        let versatile = text.versatile.as_deref().map(words::dice).transpose();
        let figures = (words::dice(&text.damage), words::damage_type(&text.damage_type), versatile);
        match figures {
            (Ok(damage), Ok(damage_type), Ok(versatile)) => self.weapons.push(Weapon {
                name: text.name,
                category: text.category,
                kind: text.kind,
                damage,
                damage_type,
                versatile,
                range: text.range,
                ammunition: text.ammunition,
                properties: text.properties,
                mastery: text.mastery,
                weight_quarter_lb: text.weight_quarter_lb,
                cost_cp: text.cost_cp,
            }),
            (damage, damage_type, versatile) => {
                let messages = [damage.err(), damage_type.err(), versatile.err()];
                let problems = messages.into_iter().flatten();
                let path = text.name;
                self.problems
                    .extend(problems.map(|message| Problem { path: path.clone(), message }));
            }
        }
    }

    /// All weapons, in the order of the table.
    pub fn weapons(&self) -> &[Weapon] {
        &self.weapons
    }

    /// All armour, the shield last.
    pub fn armor(&self) -> &[Armor] {
        &self.armor
    }

    /// The weapon of that name, in whatever case.
    pub fn weapon(&self, name: &str) -> Option<&Weapon> {
        self.weapons.iter().find(|weapon| weapon.name.eq_ignore_ascii_case(name))
    }

    /// The armour of that name, in whatever case.
    pub fn armor_named(&self, name: &str) -> Option<&Armor> {
        self.armor.iter().find(|armor| armor.name.eq_ignore_ascii_case(name))
    }

    /// What is wrong with the tables: nothing, as a test makes sure.
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_that_makes_no_sense_is_a_problem() {
        let weapons = r#"{"weapons": [{"name": "Spoon", "category": "simple", "kind": "melee",
            "damage": "lots", "type": "sharp", "mastery": "sap", "weight_quarter_lb": 1,
            "cost_cp": 1}]}"#;
        let tables = Armory::from_texts(weapons, "[]");
        assert_eq!(tables.problems().len(), 3, "{:?}", tables.problems());
        assert!(tables.weapons().is_empty() && tables.armor().is_empty());
    }
}
