//! The terms on which a special action works: whom it can concern, and what sets it off.
//!
//! Only figures live here. A creature's type is read out of the words of its stat block, never
//! guessed: one without a known word has none.

use super::{Rider, Size};
use crate::rules::condition::ConditionSet;

/// What kind of being something is (SRD 5.2.1, Monsters > Parts of a Stat Block).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CreatureType {
    Aberration,
    Beast,
    Celestial,
    Construct,
    Dragon,
    Elemental,
    Fey,
    Fiend,
    Giant,
    Humanoid,
    Monstrosity,
    Ooze,
    Plant,
    Undead,
}

impl CreatureType {
    /// All fourteen, by name.
    pub const ALL: [Self; 14] = [
        Self::Aberration,
        Self::Beast,
        Self::Celestial,
        Self::Construct,
        Self::Dragon,
        Self::Elemental,
        Self::Fey,
        Self::Fiend,
        Self::Giant,
        Self::Humanoid,
        Self::Monstrosity,
        Self::Ooze,
        Self::Plant,
        Self::Undead,
    ];

    /// The lower-case English word.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Aberration => "aberration",
            Self::Beast => "beast",
            Self::Celestial => "celestial",
            Self::Construct => "construct",
            Self::Dragon => "dragon",
            Self::Elemental => "elemental",
            Self::Fey => "fey",
            Self::Fiend => "fiend",
            Self::Giant => "giant",
            Self::Humanoid => "humanoid",
            Self::Monstrosity => "monstrosity",
            Self::Ooze => "ooze",
            Self::Plant => "plant",
            Self::Undead => "undead",
        }
    }

    /// The type that the words of a stat block name, such as "swarm of tiny beasts".
    pub fn of_words(words: &str) -> Option<Self> {
        let each = || words.split(|letter: char| !letter.is_alphanumeric());
        Self::ALL.into_iter().find(|kind| {
            each().any(|word| {
                let word = word.to_ascii_lowercase();
                word == kind.name() || word.strip_suffix('s') == Some(kind.name())
            })
        })
    }

    const fn bit(self) -> u16 {
        match self {
            Self::Aberration => 1,
            Self::Beast => 1 << 1,
            Self::Celestial => 1 << 2,
            Self::Construct => 1 << 3,
            Self::Dragon => 1 << 4,
            Self::Elemental => 1 << 5,
            Self::Fey => 1 << 6,
            Self::Fiend => 1 << 7,
            Self::Giant => 1 << 8,
            Self::Humanoid => 1 << 9,
            Self::Monstrosity => 1 << 10,
            Self::Ooze => 1 << 11,
            Self::Plant => 1 << 12,
            Self::Undead => 1 << 13,
        }
    }
}

/// A set of creature types.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub struct TypeSet(u16);

impl TypeSet {
    /// Whether the type is in the set.
    pub const fn contains(self, kind: CreatureType) -> bool {
        self.0 & kind.bit() != 0
    }

    /// The set with one more type.
    #[must_use]
    pub const fn with(self, kind: CreatureType) -> Self {
        Self(self.0 | kind.bit())
    }

    /// The types in it, by name.
    pub fn iter(self) -> impl Iterator<Item = CreatureType> {
        CreatureType::ALL.into_iter().filter(move |kind| self.contains(*kind))
    }

    /// Whether nothing is in it.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }
}

impl FromIterator<CreatureType> for TypeSet {
    fn from_iter<I: IntoIterator<Item = CreatureType>>(kinds: I) -> Self {
        kinds.into_iter().fold(Self::default(), Self::with)
    }
}

/// Whom a special concerns, of those whom it reaches. The default is everybody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Whom {
    /// Only the user's enemies.
    pub enemies_only: bool,
    /// Only creatures of this size or smaller.
    pub max_size: Option<Size>,
    /// Only these types; any if empty.
    pub only: TypeSet,
    /// Not these types.
    pub spared: TypeSet,
    /// Only who has one of these conditions; any state if empty.
    pub having: ConditionSet,
    /// The condition must come from the user itself, as its own grip does.
    pub from_user: bool,
}

/// What makes a special happen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash, PartialOrd, Ord)]
pub enum SetOff {
    /// Its user chooses to.
    #[default]
    Chosen,
    /// By itself, at the start of its owner's turn.
    OwnTurnStart,
    /// By itself, at the end of its owner's turn.
    OwnTurnEnd,
    /// By itself, on whoever starts a turn within reach of it.
    TheirTurnStart,
    /// By itself, when its owner dies.
    Death,
    /// By itself, on whoever hits its owner in melee.
    StruckInMelee,
}

/// The terms of one special beyond its cost and its reach.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Terms {
    pub whom: Whom,
    pub set_off: SetOff,
    /// What happens to a creature whose save succeeds.
    pub on_success: Vec<Rider>,
    /// Only while its owner is not incapacitated.
    pub while_able: bool,
    /// Whoever saved once is safe from it for the rest of the fight (24 hours).
    pub immune_after_success: bool,
    /// What it does lasts only as long as its user concentrates on it.
    pub concentration: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_type_is_found_among_other_words() {
        assert_eq!(CreatureType::of_words("humanoid (elf)"), Some(CreatureType::Humanoid));
        assert_eq!(CreatureType::of_words("Swarm of Tiny Beasts"), Some(CreatureType::Beast));
        assert_eq!(CreatureType::of_words("undead"), Some(CreatureType::Undead));
        assert_eq!(CreatureType::of_words("something else"), None);
    }
}
