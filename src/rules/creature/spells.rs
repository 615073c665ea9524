//! Spells that a stat block lists: by name, how often, and with what figures they are cast.
//!
//! Only figures live here, and nothing is cast from them: a spell that is played stands among the
//! special actions or the attacks as well.

use super::{Cost, Uses};
use crate::rules::ability::Ability;

/// Most spells in one list.
pub const SPELLS_MAX: usize = 60;
/// Highest level of a spell.
pub const SPELL_LEVEL_MAX: u8 = 9;

/// One entry of a stat block that casts spells: "Spellcasting", "Divine Aid" and so on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SpellList {
    pub name: String,
    pub cost: Cost,
    /// How often the entry can be used, whichever spell is chosen.
    pub uses: Uses,
    pub ability: Option<Ability>,
    pub save_dc: Option<u8>,
    /// The bonus of spell attacks.
    pub to_hit: Option<i8>,
    pub spells: Vec<ListedSpell>,
}

/// One spell of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedSpell {
    pub name: String,
    /// The level at which it is cast, where that is not its own.
    pub level: Option<u8>,
    /// How often this spell can be cast.
    pub uses: Uses,
}
