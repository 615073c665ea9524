//! Spells as people list them in a stat block: who casts what, how often, with which figures.

use serde::Deserialize;

use super::{Cost, Uses};

/// One entry that casts spells.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SpellListText {
    pub name: String,
    #[serde(default)]
    pub cost: Cost,
    /// How often the entry can be used, whichever spell is chosen.
    #[serde(default)]
    pub uses: Uses,
    /// The spellcasting ability.
    pub ability: Option<String>,
    pub save_dc: Option<u8>,
    pub to_hit: Option<i8>,
    pub spells: Vec<ListedSpellText>,
}

/// One spell of a list.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListedSpellText {
    pub name: String,
    /// The level at which it is cast; left out, its own.
    pub level: Option<u8>,
    /// How often this spell can be cast.
    #[serde(default)]
    pub uses: Uses,
}
